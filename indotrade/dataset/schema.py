"""Writes the JSON Schemas of the data from the records: `python -m indotrade.dataset.schema`, or `--check` to compare."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from indotrade.dataset.folder import bundled
from indotrade.dataset.records import Claim, Dataset, Source
from indotrade.dataset.vocabulary import Vocabulary

DIALECT = "https://json-schema.org/draft/2020-12/schema"
FILES: dict[str, tuple[Any, str]] = {
    "dataset.schema.json": (Dataset, "dataset.json: what the dataset is called, how old it is, its licence"),
    "claims.schema.json": (list[Claim], "claims.json: the claims; of claims.ndjson, each line is one item"),
    "sources.schema.json": (list[Source], "sources.json: the articles, and the pages that are evidence"),
    "vocabulary.schema.json": (Vocabulary, "vocabulary.json: what a claim can be tagged with"),
}
"""The file of each schema: the type of what it describes, and its title."""


def schemas() -> dict[str, dict[str, Any]]:
    """Return each JSON Schema (draft 2020-12) by the name of its file in `data/schema/`."""
    return {
        name: {"$schema": DIALECT, "$id": name, "title": title} | msgspec.json.schema(described)
        for name, (described, title) in FILES.items()
    }


def written(schema: dict[str, Any]) -> bytes:
    """Return a schema as it stands in its file."""
    return msgspec.json.format(msgspec.json.encode(schema), indent=2) + b"\n"


def main(arguments: list[str]) -> None:
    """Write the schemas beside the bundled data; with `--check`, exit with 1 where a file differs."""
    put(schemas(), bundled() / "schema", arguments, "indotrade.dataset.schema")


def put(schemas: Mapping[str, Any], folder: Path, arguments: list[str], module: str) -> None:
    """Write schemas into a folder; with `--check`, exit with 1 where a file differs from what `module` writes."""
    command = f"python -m {module}"
    if arguments not in ([], ["--check"]):
        sys.exit(f"usage: {command} [--check]")
    if not arguments:
        folder.mkdir(exist_ok=True)
    for name, schema in schemas.items():
        file, content = folder / name, written(schema)
        if not arguments:
            file.write_bytes(content)
        elif not file.is_file() or file.read_bytes() != content:
            sys.exit(f"{file} is not what the records say: run `{command}`")


if __name__ == "__main__":
    main(sys.argv[1:])
