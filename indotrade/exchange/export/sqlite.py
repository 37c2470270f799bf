"""Writes a database for other programs, with keys, indexes and search, and reads one back.

SQL beside the engines: this database is made to be given away, its names are those of the tables for people, and
no question of ours is ever asked of it.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

from indotrade.errors import Message, NotDelivered, Refused
from indotrade.exchange.export.chosen import Chosen
from indotrade.exchange.numbers import number, plain
from indotrade.exchange.spreadsheets.sheets import Row, Sheet
from indotrade.exchange.tables import TABLES, Column, Kind, Table, Value, cell

_TYPES: dict[Kind, str] = {
    "text": "TEXT",
    "integer": "INTEGER",
    "decimal": "NUMERIC",
    "date": "TEXT",
    "flag": "INTEGER",
    "list": "TEXT",
}
"""The types of columns; a list is an array of JSON, as Datasette's facets take it."""
_EXACT = "_exact"
"""Ends the name of the column with the digits of a decimal, filled only where the number would not give them back."""
_WHOLE = 2**63
"""What whole numbers of a database stay below: more than the 15 digits that a spreadsheet keeps."""
_INDEXED = ("kind", "status", "measure", "speaker", "said", "said_at", "source", "flow_from", "flow_to")
_SEARCHED = {
    "claims": ("statement", "as_printed", "note"),
    "evidence": ("says", "rating"),
    "sources": ("title", "publisher", "title_from_url"),
}
"""The columns of which a full-text index is made, by table."""
_UNSPACED = ("ja", "zh", "yue", "th", "lo", "km", "my")
"""Languages that are written without spaces between words: of those, any three letters are looked for."""


def write(chosen: Chosen, file: Path) -> None:
    """Write a database into an empty file."""
    try:
        with closing(sqlite3.connect(file, isolation_level=None)) as connection:
            run = connection.execute
            for setting in ("journal_mode = OFF", "synchronous = OFF", "foreign_keys = OFF"):
                run(f"PRAGMA {setting}")  # a file that is moved into its place when all is in it
            run("BEGIN")
            for table in TABLES.values():
                _fill(connection, table, chosen)
            for table in TABLES.values():
                _link(run, table)
                _index(run, table, chosen)
            run("COMMIT")
            run("PRAGMA optimize")
    except sqlite3.Error as error:
        raise NotDelivered(Message("cannot write the database: {why}", why=error)) from None


def _fill(connection: sqlite3.Connection, table: Table, chosen: Chosen) -> None:
    """Make a table, with its rows."""
    columns = chosen.columns(table)
    declared = [line for column in columns for line in _declared(table, column)]
    declared.append(f"PRIMARY KEY ({_listed(table.key)})")
    lines = ",\n  ".join(declared)
    connection.execute(f"CREATE TABLE {_name(table.name)} (\n  {lines}\n)")
    stores = [_STORED.get(column.kind, _as_it_is) for column in columns]
    width = sum(1 + (column.kind == "decimal") for column in columns)
    connection.executemany(
        f"INSERT INTO {_name(table.name)} VALUES ({', '.join('?' * width)})",
        (
            [stored for store, value in zip(stores, row, strict=True) for stored in store(value)]
            for row in chosen.rows(table)
        ),
    )


def _declared(table: Table, column: Column) -> Iterator[str]:
    needed = " NOT NULL" if column.name in table.key else ""
    single = len(column.refers) == 1 and column.kind != "list"
    refers = f" REFERENCES {_name(column.refers[0])} (id)" if single else ""
    yield f"{_name(column.name)} {_TYPES[column.kind]}{needed}{refers}"
    if column.kind == "decimal":
        yield f"{_name(column.name + _EXACT)} TEXT"


def _as_it_is(value: Value) -> tuple[Value]:
    return (value,)


def _decimal(text: Value) -> tuple[float | None, str | None]:
    if text is None:
        return None, None
    digits = str(text)
    if digits.lstrip("-").isdigit() and -_WHOLE <= (whole := int(digits)) < _WHOLE and str(whole) == digits:
        return whole, None
    exact = number(digits)
    return (float(digits), digits) if exact is None else (exact, None)


def _list(items: Value) -> tuple[str | None]:
    return (None if items is None else json.dumps(items, ensure_ascii=False),)


_STORED: dict[Kind, Callable[[Value], Sequence[Any]]] = {"decimal": _decimal, "list": _list}
"""How values are stored that are not stored as they are, some in two columns."""


def _link(run: Callable[[str], Any], table: Table) -> None:
    """Make a table of pairs for each column that lists rows of another: what a join and a foreign key need."""
    for column in table.columns:
        if column.kind == "list" and column.refers:
            other = TABLES[column.refers[0]]
            pairs = _name(f"{table.one}_{other.one}")
            run(
                f"CREATE TABLE {pairs} ({_name(table.one)} TEXT NOT NULL REFERENCES {_name(table.name)} (id),"
                f" {_name(other.one)} TEXT NOT NULL REFERENCES {_name(other.name)} (id),"
                f" PRIMARY KEY ({_name(table.one)}, {_name(other.one)})) WITHOUT ROWID"
            )
            run(
                f"INSERT INTO {pairs} SELECT DISTINCT row.id, item.value"
                f" FROM {_name(table.name)} AS row, json_each(row.{_name(column.name)}) AS item"
            )
            run(f"CREATE INDEX {_name(f'{table.one}_by_{other.one}')} ON {pairs} ({_name(other.one)})")


def _index(run: Callable[[str], Any], table: Table, chosen: Chosen) -> None:
    """Make the indexes of a table: of what is asked for, and of words."""
    columns = chosen.columns(table)
    if table.name in ("claims", "evidence"):
        for column in columns:
            if column.name in _INDEXED:
                run(
                    f"CREATE INDEX {_name(f'{table.name}_by_{column.name}')}"
                    f" ON {_name(table.name)} ({_name(column.name)})"
                )
    if searched := [_name(it.name) for it in columns if _stem(it, table) in _SEARCHED.get(table.name, ())]:
        spaced = not any(code.partition("-")[0] in _UNSPACED for code in chosen.languages)
        tokenize = "unicode61 remove_diacritics 2" if spaced else "trigram"
        index = _name(f"{table.name}_fts")
        run(
            f"CREATE VIRTUAL TABLE {index} USING fts5"
            f"({', '.join(searched)}, content={_name(table.name)}, tokenize='{tokenize}')"
        )
        run(f"INSERT INTO {index} ({index}) VALUES ('rebuild')")


def _stem(column: Column, table: Table) -> str:
    """Return the name of a column without that of its language."""
    texts = (it.name for it in table.columns if it.by_language)
    return next((name for name in texts if column.name.startswith(f"{name}_")), column.name)


def _name(name: str) -> str:
    """Return a name as SQL takes any: of a column of texts it may have a hyphen, `statement_en-GB`."""
    return '"' + name.replace('"', '""') + '"'


def _listed(names: Iterable[str]) -> str:
    return ", ".join(map(_name, names))


# --- read back -----------------------------------------------------------------------------------------


def sheets(path: Path) -> list[Sheet]:
    """Return the tables of a database that have the name of one of ours, as sheets.

    Raises Refused where it cannot be read; also while rows are read. Nothing of it is run: no view, no trigger.
    """
    address = f"file:{quote(os.fspath(path.absolute()))}?mode=ro"
    try:
        connection = sqlite3.connect(address, uri=True, isolation_level=None)
        connection.execute("PRAGMA trusted_schema = OFF")
        there = {
            name
            for (name,) in connection.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
            )
        }
    except sqlite3.Error as error:
        raise _unreadable(path, error) from None
    return [Sheet(f"{path.name}, {name}", _rows(connection, path, name)) for name in TABLES if name in there]


def _rows(connection: sqlite3.Connection, path: Path, table: str) -> Iterator[Row]:
    """Yield the names of the columns, then the rows."""
    try:
        cursor = connection.execute(f"SELECT * FROM {_name(table)} ORDER BY rowid")
        names = [name for name, *_ in cursor.description]
        exact = {
            name.removesuffix(_EXACT): place for place, name in enumerate(names) if name.endswith(_EXACT)
        }
        kept = [
            (place, exact.get(name, place)) for place, name in enumerate(names) if not name.endswith(_EXACT)
        ]
        yield Row(1, [names[place] for place, _ in kept])
        for count, row in enumerate(cursor, 2):
            yield Row(
                count, [_text(row[place] if row[digits] is None else row[digits]) for place, digits in kept]
            )
    except sqlite3.Error as error:
        raise _unreadable(path, error) from None


def _text(value: Any) -> str:
    if isinstance(value, (int, float)):
        return plain(value)
    return cell(value if isinstance(value, str) else None)


def _unreadable(path: Path, why: object) -> Refused:
    return Refused(Message("cannot read {path}: {why}", path=path, why=why))
