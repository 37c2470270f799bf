"""Claims as somebody wrote them down: cells by what they mean, each with its place in the file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import NamedTuple

from indotrade.errors import Message, Refused
from indotrade.exchange.rows import headings
from indotrade.exchange.rows.headings import Heading
from indotrade.exchange.spreadsheets.sheets import Row, Sheet, Unread, letters

FIRST_ROWS = 20
"""Among how many rows that of the names of columns is looked for: a title may stand above it."""


class Unreadable(ValueError):
    """A cell whose text is not what its column holds; `why` says what is wrong with it."""

    def __init__(self, why: Message) -> None:
        super().__init__(why)
        self.why = why


class Place(NamedTuple):
    """Where a draft stands."""

    file: str
    row: int
    columns: Mapping[Heading, str]
    """How the file calls each column: `D (angka)`."""
    is_item: bool = False
    """Whether the file has no rows, and this is the number of an item."""

    def told(self, why: Message, heading: Heading | None = None) -> Message:
        """Return what is wrong with a draft, or with one of its cells, in one line."""
        column = self.columns.get(heading) if heading else None
        values = {"sheet": self.file, "row": str(self.row), "column": column, "why": why}
        if self.is_item:
            of = Message("{place}: {told}", place=column, told=why) if column else why
            return Message("{sheet}, item {row}: {why}", **values | {"why": of})
        if column:
            return Message("{sheet}, row {row}, column {column}: {why}", **values)
        return Message("{sheet}, row {row}: {why}", **values)


class Draft(NamedTuple):
    """One claim as it was written down, or a piece of evidence on one."""

    place: Place
    cells: Mapping[Heading, str]
    """Those that are not blank."""
    unread: Sequence[tuple[Heading, Message]] = ()
    """The cells that cannot be read, and why."""


class Table(NamedTuple):
    """The drafts of a sheet, and what is known of all of them."""

    name: str
    drafts: Iterator[Draft]
    left_out: Sequence[str] = ()
    """The names of the columns that mean nothing to this program."""
    language: str | None = None
    """In which the columns are named."""


def table(sheet: Sheet) -> Table | None:
    """Return a sheet as a table of drafts; None where no column is that of the statements.

    Raises Refused where two columns mean the same.
    """
    rows = iter(sheet.rows)
    for row in islice(rows, FIRST_ROWS):
        if headings.is_header(row.cells):
            return _table(sheet, row, rows)
    return None


def _table(sheet: Sheet, header: Row, rows: Iterator[Row]) -> Table:
    meant: dict[int, Heading] = {}
    columns: dict[Heading, str] = {}
    left_out = []
    for column, name in enumerate(header.cells, 1):
        heading = headings.meaning(name) if name else None
        if heading is None:
            left_out += [name] if name else []
            continue
        called = f"{letters(column)} ({name})"
        if heading in columns:
            why = Message("columns {first} and {second} mean the same", first=columns[heading], second=called)
            place = Place(sheet.name, header.number, {})
            raise Refused(place.told(why), Message("name one of them otherwise, or take it out"))
        meant[column], columns[heading] = heading, called
    names = [header.cells[column - 1] for column in meant]
    drafts = _drafts(sheet.name, meant, columns, rows, len(header.cells))
    return Table(sheet.name, drafts, left_out, headings.language_of(names))


def _drafts(
    name: str, meant: Mapping[int, Heading], columns: Mapping[Heading, str], rows: Iterator[Row], width: int
) -> Iterator[Draft]:
    for row in rows:
        place = Place(name, row.number, columns)
        cells = {heading: cell for column, heading in meant.items() if (cell := _cell(row, column))}
        unread = [
            (meant.get(it.column) or Heading(letters(it.column)), it.why)
            for it in _unread(row, width)
            if it.column in meant or it.column > width or not row.cells
        ]
        if cells or unread:
            called = {heading: heading.field for heading, _ in unread if heading not in columns}
            yield Draft(place._replace(columns={**columns, **called}) if called else place, cells, unread)


def _cell(row: Row, column: int) -> str:
    return row.cells[column - 1] if column <= len(row.cells) else ""


def _unread(row: Row, width: int) -> Iterator[Unread]:
    """Yield what of a row cannot be read: also what stands beyond the last column that has a name."""
    beyond = [column for column in range(width + 1, len(row.cells) + 1) if row.cells[column - 1]]
    told = Message("the cell stands beyond the last column that has a name")
    return chain(row.unread, (Unread(column, told) for column in beyond[:1]))
