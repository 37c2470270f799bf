"""Writes the four files of a dataset, with what is not known left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from indotrade.dataset.vocabulary import LISTS
from indotrade.exchange.export.chosen import Chosen
from indotrade.exchange.tables import TABLES, Record
from indotrade.text.escape import json_safe

MANY = 5000
"""With more claims than this their file is one that programs read line by line, and nobody edits by hand."""
_DERIVED = frozenset(column.path for column in TABLES["claims"].columns if column.derived)


def write(chosen: Chosen, folder: Path) -> None:
    """Write a dataset into an empty folder."""
    vocabulary = {kind: [known(entry) for entry in chosen.entries(kind)] for kind in LISTS}
    _put(folder / "dataset.json", [_pretty(known(chosen.dataset())), "\n"])
    _put(
        folder / "vocabulary.json", [_pretty({kind: them for kind, them in vocabulary.items() if them}), "\n"]
    )
    _put(folder / "sources.json", _array(chosen.sources()))
    if chosen.answer.count > MANY:
        _put(folder / "claims.ndjson", (line(claim) for claim in chosen.claims()))
    else:
        _put(folder / "claims.json", _array(chosen.claims()))


def known(record: Record) -> Record:
    """Return a record without what is null or empty, and without what follows from the rest."""
    told = ((name, _known(value)) for name, value in record.items() if name not in _DERIVED)
    return {name: value for name, value in told if value not in (None, [], {})}


def _known(value: Any) -> Any:
    if isinstance(value, dict):
        return known(value)
    return [_known(item) for item in value] if isinstance(value, list) else value


def line(record: Record) -> str:
    """Return a record as a line of JSON."""
    return json_safe(msgspec.json.encode(known(record)).decode()) + "\n"


def _array(records: Iterable[Record]) -> Iterator[str]:
    """Yield an array of JSON, a record at a time."""
    separator = "["
    for record in records:
        yield separator + "\n  " + _pretty(known(record)).replace("\n", "\n  ")
        separator = ","
    yield "[]\n" if separator == "[" else "\n]\n"


def _pretty(value: Any) -> str:
    return json_safe(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())


def _put(path: Path, pieces: Iterable[str]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(pieces)
