"""Writes the claims as one CSV file, or all tables as a folder of them, described as a Data Package."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from indotrade.dataset.records import Dataset
from indotrade.errors import Message, NotDelivered
from indotrade.exchange.export.chosen import Chosen
from indotrade.exchange.spreadsheets.sheets import LONGEST_CELL
from indotrade.exchange.tables import ARTICLE, TABLES, Column, Kind, Table, Value, cell, rows
from indotrade.text.cells import guarded
from indotrade.wording.fields import means

DESCRIPTION = "datapackage.json"
_PROFILES = "https://datapackage.org/profiles/2.0/"
_QUOTED = re.compile('[",\r\n]')
_NAMED_LICENCE = re.compile("[A-Za-z0-9._-]+")
_DATE = "[0-9]{4}(-[0-9]{2}){0,2}(/[0-9]{4}(-[0-9]{2}){0,2})?"
_TYPES: dict[Kind, dict[str, Any]] = {
    "text": {"type": "string"},
    "integer": {"type": "integer"},
    "decimal": {"type": "number"},
    "date": {"type": "string", "constraints": {"pattern": _DATE}},
    "flag": {"type": "boolean", "trueValues": ["true"], "falseValues": ["false"]},
    "list": {"type": "string"},
}
"""What the kinds of columns are called in Table Schema, where a date has a day, and a list no item with its delimiter."""


def write(chosen: Chosen, place: Path) -> None:
    """Write all tables into an empty folder, or the claims alone, with their articles, into a file."""
    if not place.is_dir():
        table = TABLES["claims"]
        columns = [*chosen.columns(table), *ARTICLE]
        articles = _Articles(chosen)
        claims = (claim | {"article": articles[claim["source"]]} for claim in chosen.claims())
        _write(place, columns, rows(claims, columns))
        return
    for table in TABLES.values():
        _write(place / f"{table.name}.csv", chosen.columns(table), chosen.rows(table))
    described = json.dumps(_package(chosen), ensure_ascii=False, indent=2) + "\n"
    (place / DESCRIPTION).write_text(described, "utf-8", newline="\n")


class _Articles(dict[str, dict[str, Any]]):
    """The articles of claims by their ids, each read once."""

    def __init__(self, chosen: Chosen) -> None:
        super().__init__()
        self._chosen = chosen

    def __missing__(self, name: str) -> dict[str, Any]:
        self[name] = self._chosen.source(name)
        return self[name]


def _write(path: Path, columns: Sequence[Column], values: Iterable[Sequence[Value]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        # Python's own writer leaves a carriage return unquoted before 3.13, at which readers end the line.
        file.write(",".join(column.name for column in columns) + "\n")
        file.writelines(",".join(map(_quoted, row)) + "\n" for row in _cells(columns, values))


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text


def _cells(columns: Sequence[Column], values: Iterable[Sequence[Value]]) -> Iterator[list[str]]:
    """Yield rows as the texts of their cells. Raises NotDelivered for one that a spreadsheet would cut."""
    texts: list[Callable[[Value], str]] = [
        (lambda value: guarded(cell(value))) if column.kind in ("text", "list") else cell
        for column in columns
    ]
    for row in values:
        cells = [text(value) if value is not None else "" for text, value in zip(texts, row, strict=True)]
        if max(map(len, cells)) > LONGEST_CELL:
            raise too_long(columns, cells)
        yield cells


def too_long(columns: Sequence[Column], cells: Sequence[str]) -> NotDelivered:
    """Return the error for a row with a cell that no spreadsheet holds."""
    column, text = max(zip(columns, cells, strict=True), key=lambda it: len(it[1]))
    return NotDelivered(
        Message(
            "{column} of {id} has {length:,} characters, and a cell holds {most:,}",
            column=column.name,
            id=cells[0],
            length=len(text),
            most=LONGEST_CELL,
        ),
        Message("`--as sqlite` and `--as dataset` hold it"),
    )


# --- the description -----------------------------------------------------------------------------------


def _package(chosen: Chosen) -> dict[str, Any]:
    """Return what a Data Package (version 2) says of itself and of its tables."""
    about: Dataset = chosen.answer.engine.dataset
    described: dict[str, Any] = {
        "$schema": _PROFILES + "datapackage.json",
        "name": re.sub("[^a-z0-9._-]+", "-", about.name.lower()).strip("-") or "dataset",
        "title": about.title or about.name,
        "version": about.version,
    }
    if about.licence and _NAMED_LICENCE.fullmatch(about.licence):
        described["licenses"] = [{"name": about.licence}]
    described["resources"] = [_resource(table, chosen.columns(table)) for table in TABLES.values()]
    return described


def _field(column: Column) -> dict[str, Any]:
    meaning = means(column.name, "en")
    return {"name": column.name} | ({"description": meaning} if meaning else {}) | _TYPES[column.kind]


def _resource(table: Table, columns: Sequence[Column]) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "$schema": _PROFILES + "tableschema.json",
        "fields": [_field(column) for column in columns],
        "missingValues": [""],
        "primaryKey": list(table.key),
    }
    if keys := [
        {"fields": [column.name], "reference": {"resource": kind, "fields": list(TABLES[kind].key)}}
        for column, kind in references(columns)
    ]:
        schema["foreignKeys"] = keys
    return {
        "name": table.name,
        "path": f"{table.name}.csv",
        "type": "table",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": schema,
    }


def references(columns: Iterable[Column]) -> Iterator[tuple[Column, str]]:
    """Yield each column of which every value is the key of a row of one table, with that table's name."""
    for column in columns:
        if len(column.refers) == 1 and column.kind != "list":
            yield column, column.refers[0]
