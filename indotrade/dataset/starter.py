"""Writes a small valid dataset for a person to edit: one article, one piece of evidence, two claims."""

from __future__ import annotations

import datetime
import json
import os
import re
from pathlib import Path

from indotrade.dataset.folder import bundled
from indotrade.dataset.packed import resource
from indotrade.errors import Message, Misused, NotDelivered, reason

FILES = ("dataset.json", "sources.json", "vocabulary.json", "claims.json")
"""The four files; in their templates TODAY is the day of writing, and NAME the dataset's name."""
EDITOR = ".vscode"
"""Where an editor looks for its settings: they tell it the schema of each file."""


def write(path: str) -> None:
    """Write a dataset, and the settings of an editor, into the directory `path`: one that is new, or empty.

    Raises Misused where anything is in it (nothing is written over), NotDelivered where they cannot be written.
    """
    if not path:
        raise Misused(Message("DIR names no directory"))
    directory = Path(path)
    try:
        name = os.path.basename(os.path.abspath(directory)).encode("utf-8", "replace").decode()
        contents = _contents(name or "my-claims")
        directory.mkdir(parents=True, exist_ok=True)
        if found := sorted(os.listdir(directory)):
            raise Misused(
                Message("{directory} is not empty: it holds {file}", directory=directory, file=found[0]),
                Message("name a directory that is new or empty: nothing is written over"),
            )
        _write(directory, contents)
    except OSError as error:
        raise NotDelivered(Message("cannot write {path}: {why}", path=directory, why=reason(error))) from None


def is_example(directory: Path) -> bool:
    """Return whether the records of a dataset are those that `write` wrote, and nobody has changed them."""
    try:
        return all(_as_written(directory / file) for file in FILES if file != "dataset.json")
    except OSError:
        return False


def _as_written(file: Path) -> bool:
    pattern = re.escape(resource(f"dataset/template/{file.name}")).replace(
        b"TODAY", rb"[0-9]{4}-[0-9]{2}-[0-9]{2}"
    )
    return re.fullmatch(pattern, file.read_bytes()) is not None


def _contents(name: str) -> dict[str, bytes]:
    """Return what each file of the new dataset holds, by its path in the directory."""
    today = datetime.date.today().isoformat()
    schemas = {file: file.replace(".json", ".schema.json") for file in FILES}
    settings = [
        {"fileMatch": [f"/{file}"], "url": f"./{EDITOR}/{schema}"} for file, schema in schemas.items()
    ]
    written = {
        file: resource(f"dataset/template/{file}")
        .replace(b"TODAY", today.encode())
        .replace(b'"NAME"', json.dumps(name).encode())
        for file in FILES
    }
    written |= {
        f"{EDITOR}/{schema}": (bundled() / "schema" / schema).read_bytes() for schema in schemas.values()
    }
    written[f"{EDITOR}/settings.json"] = json.dumps({"json.schemas": settings}, indent=2).encode() + b"\n"
    return written


def _write(directory: Path, contents: dict[str, bytes]) -> None:
    """Write all files, or none: half a dataset would stand in the way of the next try."""
    made = [directory / EDITOR]
    made[0].mkdir()
    try:
        for name, content in contents.items():
            with open(directory / name, "xb") as file:
                made.append(directory / name)
                file.write(content)
    except OSError:
        for path in reversed(made[1:]):
            path.unlink(missing_ok=True)
        made[0].rmdir()
        raise
