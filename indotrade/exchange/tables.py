"""The tables that a dataset is, each thing a row of typed columns, and the records that rows are read back into.

The columns follow from the types of the records, and serve both ways: each says where in a record its value stands. Nothing is lost: what is null or absent is an empty cell, and an empty cell is absent. What is derived is
written for readers alone.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import NoneType
from typing import Any, Literal, NamedTuple, TypeAlias, get_args

from msgspec import Struct
from msgspec.structs import fields

from indotrade.dataset.fields import Period, Texts
from indotrade.dataset.records import Claim, Dataset, Date, Decimal, Evidence, Source
from indotrade.dataset.vocabulary import LISTS, REFERENCES
from indotrade.dataset.words import NARRATION
from indotrade.errors import Message, Refused, shown
from indotrade.exchange.spreadsheets.sheets import Row, Sheet, letters
from indotrade.query.columns import DEFAULT

Kind = Literal["text", "integer", "decimal", "date", "flag", "list"]
"""What stands in a column: a decimal is its digits, a date `YYYY[-MM[-DD]]` or an interval of two, a list is of texts."""
Value: TypeAlias = "str | int | list[str] | None"
Record = dict[str, Any]
"""A record as JSON has it."""


class Column(NamedTuple):
    """A column of a table."""

    name: str
    path: str
    """Where in the record its value stands: `figure.reading.value`."""
    kind: Kind = "text"
    refers: Sequence[str] = ()
    """The tables of which it holds the ids of rows: a row of one of them."""
    by_language: bool = False
    """Whether it stands for a column for each language: `statement_en`, `statement_id`."""
    derived: bool = False
    """Whether it follows from the others, is written for readers, and is not read back."""
    nothing: str | int | None = None
    """What stands in a cell where there is nothing."""

    def in_language(self, code: str) -> Column:
        """Return the column of one language."""
        return self._replace(name=f"{self.name}_{code}", path=f"{self.path}.{code}", by_language=False)


class Table(NamedTuple):
    """A table: the columns that each of its kind has, in whatever dataset."""

    name: str
    one: str
    """What a row of it is called."""
    columns: Sequence[Column]
    key: Sequence[str] = ("id",)
    """The columns by which a row is known."""


_KINDS: dict[Any, Kind] = {Decimal: "decimal", Date: "date", Period: "date", int: "integer", list: "list"}
"""What stands in the column of a field, by its type; of any other type it is a text."""
_CHIEF = {"said": "date", "locator": "value", "reading": "value", "publisher": "name"}
"""The field of a part that has the part's own name as a column: `said`, beside `said_basis`."""
_REFERS = {
    **{kind: (kind,) for kind in ("sectors", "countries", "programs", "organizations")},
    "measure": ("measures",),
    "flow_from": ("countries",),
    "flow_to": ("countries",),
    "speaker": ("people", "organizations"),
    "said_at": ("programs",),
    "source": ("sources",),
    **{name: (kind,) for name, kind in REFERENCES.items()},
}
"""The columns that hold ids, each with the tables of which; `parent` refers to its own."""
_COUNTED = ("supports", "conflicts", "context")
"""What follows from the evidence of a claim."""
_APART = ("evidence", "sources")
"""The fields of a claim that are tables of their own."""


def _columns(record: type[Struct], path: str = "", stem: str = "") -> Iterator[Column]:
    """Yield a column for each field of a record, and of its parts: `flow_from`, but those of a figure by their names alone."""
    for field in fields(record):
        place, name = f"{path}{field.encode_name}", f"{stem}{field.encode_name}"
        several = get_args(field.type)
        told = several[0] if NoneType in several else field.type
        plain = _plain(told)
        if issubclass(plain, Struct):
            chief = _CHIEF.get(name)
            for column in _columns(plain, f"{place}.", "" if name == "figure" else f"{name}_"):
                yield column._replace(name=name) if column.name == f"{name}_{chief}" else column
        elif told == Texts:
            yield Column(name, place, by_language=True)
        else:
            kind = _KINDS.get(told, _KINDS.get(plain, "text"))
            nothing = NARRATION if name == "speaker" else None
            yield Column(name, place, kind, _REFERS.get(name, ()), nothing=nothing)


def _plain(told: Any) -> type:
    """Return a type as a class: a list is a list, of whatever, and what must hold of its values is left out.

    >>> _plain(Decimal), _plain(Period), _plain(list[Date])
    (<class 'str'>, <class 'str'>, <class 'list'>)
    """
    while origin := getattr(told, "__origin__", None):
        told = origin
    return told if isinstance(told, type) else str  # one of some words


def _of_claims() -> Iterator[Column]:
    """Yield the columns of claims: first those that a table for programs has, in its order; last what was counted."""
    every = [it for it in _columns(Claim) if it.name not in (*_COUNTED, *_APART)]
    yield from sorted(every, key=lambda it: DEFAULT.index(it.name) if it.name in DEFAULT else len(DEFAULT))
    yield from (Column(name, name, "integer", derived=True, nothing=0) for name in _COUNTED)


def _of_entries(name: str, entry: type[Struct]) -> Table:
    columns = [it._replace(refers=(name,)) if it.name == "parent" else it for it in _columns(entry)]
    lent = [Column("lent", "lent", "flag")] if name == "countries" else []
    return Table(name, entry.__name__.lower(), (*columns, *lent))


_SOURCE = tuple(_columns(Source))
_EVIDENCE = (
    Column("claim", "claim", refers=("claims",)),
    Column("number", "number", "integer"),
    *_columns(Evidence),
)
TABLES = {
    table.name: table
    for table in (
        Table("claims", "claim", tuple(_of_claims())),
        Table("evidence", "evidence", _EVIDENCE, ("claim", "number")),
        Table("sources", "source", _SOURCE),
        *(_of_entries(name, entry) for name, entry in LISTS.items()),
        Table("dataset", "dataset", tuple(_columns(Dataset)), ("name",)),
    )
}
"""The tables of every dataset, by name. A country that is `lent` is no entry of the dataset: it is one of ISO 3166,
or the world, and stands there so that each id that claims refer to has a row with its names."""
ARTICLE = tuple(
    Column(name, f"article.{path}", kind, derived=True)
    for name, path, kind, *_ in _SOURCE
    if name in ("title", "publisher", "published", "url")
)
"""What a row of claims says of its article where no table of sources stands beside it."""


# --- a record as a row ---------------------------------------------------------------------------------


def spelled(columns: Iterable[Column], languages: Mapping[str, Sequence[str]]) -> list[Column]:
    """Return columns with one for each language in place of those by language; `languages` are by column."""
    return [
        one
        for column in columns
        for one in (
            map(column.in_language, languages.get(column.name, ())) if column.by_language else (column,)
        )
    ]


def rows(records: Iterable[Record], columns: Sequence[Column]) -> Iterator[list[Value]]:
    """Yield each record as the values of columns; None where there is nothing."""
    readers = [(reader(column.path), column.nothing) for column in columns]
    for record in records:
        yield [
            read(record) or nothing for read, nothing in readers
        ]  # no text is empty, and no number is zero but a count of voices


def reader(path: str) -> Callable[[Record], Any]:
    """Return what reads the value at a path; None where there is none."""
    *way, last = path.split(".")

    def read(record: Any) -> Any:
        for step in way:
            record = record.get(step)
            if not record:
                return None
        return record.get(last)

    return read if way else lambda record: record.get(last)


def cell(value: Value) -> str:
    """Return a value as the text of a cell; a list is joined with `;`, or is JSON where that would not come back.

    >>> cell(["batik", "silk"]), cell(["A; B", "C"]), cell(None)
    ('batik;silk', '["A; B", "C"]', '')
    """
    if isinstance(value, list):
        joined = ";".join(value)
        plain = ";" not in "".join(value) and all(item == item.strip() for item in value)
        return joined if plain and not joined.startswith("[") else json.dumps(value, ensure_ascii=False)
    return "" if value is None else "true" if value is True else str(value)


# --- rows as records -----------------------------------------------------------------------------------


class Records(NamedTuple):
    """The records of a dataset as they would stand in its files: nothing of them has been checked."""

    dataset: Record
    vocabulary: dict[str, list[Record]]
    sources: list[Record]
    claims: list[Record]


def tables_in(sheets: Iterable[Sheet]) -> dict[str, Sheet] | None:
    """Return by name the tables that an export wrote, with the sheets that have others left out.

    None where these are no tables of a whole dataset: those have at least claims, sources and what the dataset is.
    """
    named = {sheet.name.rpartition(", ")[2].removesuffix(".csv"): sheet for sheet in sheets}
    found = {name: named[name] for name in TABLES if name in named}
    return found if {"claims", "sources", "dataset"} <= found.keys() else None


def read(tables: Mapping[str, Sheet]) -> Records:
    """Return the records of a dataset from its tables: the first row of each has the names of its columns.

    Raises Refused with table, row and column for a column that the table does not have, and for a cell that
    cannot be read.
    """
    found = {name: list(_records(TABLES[name], sheet)) for name, sheet in tables.items()}
    claims = {claim.get("id"): claim for claim in found["claims"]}
    for evidence in sorted(found.get("evidence", ()), key=lambda it: it.pop("number", 0)):
        claim = claims.get(name := evidence.pop("claim", None))
        if claim is None:
            told = Message("{sheet}: no claim has the id {id}", sheet=tables["evidence"].name, id=shown(name))
            raise Refused(told)
        claim.setdefault("evidence", []).append(evidence)
    vocabulary = {kind: [it for it in found.get(kind, ()) if not it.pop("lent", False)] for kind in LISTS}
    dataset = found["dataset"][0] if found["dataset"] else {}
    return Records(dataset, vocabulary, found["sources"], found["claims"])


def _records(table: Table, sheet: Sheet) -> Iterator[Record]:
    """Yield the record that each row of a table is."""
    every = iter(sheet.rows)
    header = next(every, None)
    if header is None:
        return
    _refuse_unread(header, sheet)
    columns = [_column(table, name, header, place, sheet) for place, name in enumerate(header.cells, 1)]
    for row in every:
        _refuse_unread(row, sheet)
        record: Record = {}
        for place, (column, text) in enumerate(zip(columns, row.cells, strict=False), 1):
            if column and text and text != column.nothing:
                _put(record, column.path.split("."), _value(column, text, row, place, sheet))
        yield record


def _refuse_unread(row: Row, sheet: Sheet) -> None:
    for column, why in row.unread:
        raise _unread(row, column, sheet, why)


def _unread(row: Row, column: int, sheet: Sheet, why: Message) -> Refused:
    told = Message(
        "{sheet}, row {row}, column {column}: {why}",
        sheet=sheet.name,
        row=row.number,
        column=letters(column),
        why=why,
    )
    return Refused(told)


def _column(table: Table, name: str, header: Row, place: int, sheet: Sheet) -> Column | None:
    """Return the column of that name; None for one that is not read. Raises Refused where there is none."""
    for column in (*table.columns, *(ARTICLE if table.name == "claims" else ())):
        stem, separator, code = name.partition(f"{column.name}_")
        if column.by_language and separator and code and not stem:
            return column.in_language(code)
        if column.name == name and not column.by_language:
            return None if column.derived else column
    if not name:
        return None
    why = Message("the table {table} has no column {name}", table=table.name, name=shown(name))
    raise _unread(header, place, sheet, why)


def _value(column: Column, text: str, row: Row, place: int, sheet: Sheet) -> Any:
    """Return what a cell holds. Raises Refused where that is none of its column's kind."""
    try:
        if column.kind == "integer":
            whole, _, rest = text.partition(".")  # a program may have kept it as 3.0
            if rest.strip("0"):
                raise ValueError(text)
            return int(whole)
        if column.kind == "flag":
            return {"true": True, "1": True, "false": False, "0": False}[text.casefold()]
        return _items(text) if column.kind == "list" else str(text)
    except (ValueError, KeyError):
        why = Message("expected true or false, not {found}", found=shown(str(text)))
        if column.kind == "integer":
            why = Message("expected a whole number, not {found}", found=shown(str(text)))
        raise _unread(row, place, sheet, why) from None


def _items(text: str) -> list[str]:
    """Return the texts of a list.

    >>> _items("batik; silk"), _items('["A; B", "C"]'), _items("[sic]")
    (['batik', 'silk'], ['A; B', 'C'], ['[sic]'])
    """
    if text.startswith("["):
        try:
            items = json.loads(text)
        except ValueError:
            items = None
        if isinstance(items, list) and all(isinstance(item, str) for item in items):
            return items
    return [item for part in text.split(";") if (item := part.strip())]


def _put(record: Record, path: Sequence[str], value: Any) -> None:
    *way, last = path
    for step in way:
        record = record.setdefault(step, {})
    record[last] = value
