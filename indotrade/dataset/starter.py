"""Writes a small valid dataset for a person to edit: one article, one piece of evidence, two claims."""

from __future__ import annotations

import datetime
import os
from pathlib import Path

from indotrade.dataset.folder import CLAIM_FILES
from indotrade.errors import Message, Misused, NotDelivered, reason

TEMPLATE = Path(__file__).with_name("template")
"""The four files, with TODAY where the day of writing belongs."""


def write(path: str) -> None:
    """Write the four files of a dataset into the directory `path`, which is made if it is not there.

    Raises Misused where one of the files is there already (nothing is written over), NotDelivered where
    they cannot be written.
    """
    if not path:
        raise Misused(Message("DIR names no directory"))
    directory = Path(path)
    try:
        contents = _contents()
        directory.mkdir(parents=True, exist_ok=True)
        taken = [name for name in (*contents, *CLAIM_FILES) if os.path.lexists(directory / name)]
        if taken:
            raise Misused(
                Message(
                    "{directory} holds a {file} already, and nothing is written over",
                    directory=directory,
                    file=taken[0],
                ),
                Message("name another directory"),
            )
        _write(directory, contents)
    except OSError as error:
        raise NotDelivered(Message("cannot write {path}: {why}", path=directory, why=reason(error))) from None


def _contents() -> dict[str, bytes]:
    """Return what each file of the new dataset holds, by its name."""
    today = datetime.date.today().isoformat().encode()
    names = ("dataset.json", "sources.json", "vocabulary.json", "claims.json")
    return {name: (TEMPLATE / name).read_bytes().replace(b"TODAY", today) for name in names}


def _write(directory: Path, contents: dict[str, bytes]) -> None:
    """Write all files, or none: half a dataset would stand in the way of the next try."""
    written = []
    try:
        for name, content in contents.items():
            with open(directory / name, "xb") as file:
                written.append(directory / name)
                file.write(content)
    except OSError:
        for path in written:
            path.unlink(missing_ok=True)
        raise
