"""The tables that a dataset is, each thing a row of typed columns, and the records that rows are read back into.

One declaration serves both ways: where in a record the value of each column stands. Nothing is lost: what is null
or absent is an empty cell, and an empty cell is absent. What is derived is written for readers alone.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple, TypeAlias

from indotrade.dataset.vocabulary import LISTS
from indotrade.dataset.words import NARRATION
from indotrade.errors import Message, Refused, shown
from indotrade.exchange.spreadsheets.sheets import Row, Sheet, letters

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


def _texts(name: str, path: str | None = None) -> Column:
    return Column(name, path or name, by_language=True)


_FIGURE = (
    Column("value", "figure.value", "decimal"),
    Column("unit", "figure.unit"),
    Column("bound", "figure.bound"),
    Column("as_printed", "figure.as_printed"),
    Column("period", "figure.period", "date"),
    Column("measure", "figure.measure", refers=("measures",)),
    Column("reading", "figure.reading.value", "decimal"),
    Column("reading_unit", "figure.reading.unit"),
    _texts("reading_why", "figure.reading.why"),
)
_CLAIM = (
    Column("id", "id"),
    Column("kind", "kind"),
    Column("status", "status"),
    _texts("statement"),
    *_FIGURE,
    *(Column(kind, kind, "list", (kind,)) for kind in ("sectors", "countries", "programs", "organizations")),
    Column("flow_from", "flow.from", refers=("countries",)),
    Column("flow_to", "flow.to", refers=("countries",)),
    Column("speaker", "speaker", refers=("people", "organizations"), nothing=NARRATION),
    Column("said", "said.date", "date"),
    Column("said_basis", "said.basis"),
    _texts("said_why", "said.why"),
    Column("said_at", "said.at", refers=("programs",)),
    Column("source", "source", refers=("sources",)),
    Column("paragraph", "paragraph", "integer"),
    Column("locator_label", "locator.label"),
    Column("locator", "locator.value"),
    Column("anchors", "anchors", "list"),
    _texts("note"),
    *(
        Column(name, name, "integer", derived=True, nothing=0)
        for name in ("supports", "conflicts", "context")
    ),
)
_EVIDENCE = (
    Column("claim", "claim", refers=("claims",)),
    Column("number", "number", "integer"),
    Column("source", "source", refers=("sources",)),
    Column("relation", "relation"),
    _texts("says"),
    *_FIGURE,
    Column("strength", "strength"),
    Column("rating", "rating"),
)
_SOURCE = (
    Column("id", "id"),
    Column("type", "type"),
    Column("publisher", "publisher.name"),
    Column("publisher_original", "publisher.original"),
    Column("title", "title"),
    Column("title_from_url", "title_from_url"),
    Column("authors", "authors", "list"),
    Column("editor", "editor"),
    Column("published", "published", "date"),
    Column("basis", "basis"),
    Column("language", "language"),
    Column("url", "url"),
    Column("via", "via"),
    Column("vantage", "vantage"),
    Column("accessed", "accessed", "date"),
    Column("access_note", "access_note"),
    Column("licence_note", "licence_note"),
)
_ENTRY = (Column("id", "id"), _texts("label"), Column("aliases", "aliases", "list"), _texts("about"))
_DATASET = (
    Column("name", "name"),
    Column("format", "format", "integer"),
    Column("title", "title"),
    Column("version", "version"),
    Column("as_of", "as_of", "date"),
    Column("licence", "licence"),
    Column("languages", "languages", "list"),
)


def _entries(name: str, one: str, *more: Column) -> Table:
    return Table(name, one, (*_ENTRY, *more))


TABLES = {
    table.name: table
    for table in (
        Table("claims", "claim", _CLAIM),
        Table("evidence", "evidence", _EVIDENCE, ("claim", "number")),
        Table("sources", "source", _SOURCE),
        _entries(
            "sectors", "sector", Column("parent", "parent", refers=("sectors",)), Column("hs", "hs", "list")
        ),
        _entries(
            "countries",
            "country",
            Column("parent", "parent", refers=("countries",)),
            Column("iso2", "iso2"),
            Column("iso3", "iso3"),
            Column("iso3166_2", "iso3166_2"),
            Column("lent", "lent", "flag"),
        ),
        _entries(
            "programs",
            "program",
            Column("organizers", "organizers", "list", ("organizations",)),
            Column("when", "when", "date"),
            Column("where", "where", "list", ("countries",)),
        ),
        _entries("organizations", "organization", Column("parent", "parent", refers=("organizations",))),
        _entries(
            "people",
            "person",
            _texts("role"),
            Column("organization", "organization", refers=("organizations",)),
        ),
        _entries("measures", "measure"),
        Table("dataset", "dataset", _DATASET, ("name",)),
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
