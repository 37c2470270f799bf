"""Writes all tables into one Excel workbook, a sheet each: text that is never run, addresses that can be clicked."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from indotrade.errors import Message, NotDelivered, Refused
from indotrade.exchange.export.chosen import Chosen
from indotrade.exchange.export.csv_files import too_long
from indotrade.exchange.numbers import number
from indotrade.exchange.spreadsheets.sheets import LONGEST_CELL, letters
from indotrade.exchange.tables import TABLES, Column, Kind, Table, Value, cell
from indotrade.wording.references import web_address

MOST_ROWS = 1 << 20
MOST_LINKS = 65_530
LONGEST_LINK = 2079
"""What Excel takes: of rows and links in a sheet, of characters in an address. More links are plain text."""
_SPECIAL = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
"""What no XML holds, or is read as another character: it is written as `_x001B_`."""
_WIDTHS: dict[Kind, int] = {"integer": 10, "decimal": 14, "date": 12, "flag": 8, "list": 24, "text": 18}
"""How wide the columns are, in characters; that of a text in some language is wider."""
_WIDE = 60
_AS_TEXT = "@"
"""The format of cells that hold text: what is edited in one stays text."""


def write(chosen: Chosen, file: Path) -> None:
    """Write a workbook into an empty file. Raises Refused where the package that writes it is not installed."""
    try:
        from openpyxl import Workbook
    except ModuleNotFoundError:
        raise Refused(
            Message("an Excel workbook is written by openpyxl, which is not installed"),
            Message("`pip install 'indotrade[xlsx]'` installs it; spreadsheets open claims.csv as well"),
        ) from None
    book = Workbook(write_only=True)
    with _room():
        try:
            for table in TABLES.values():
                _fill(book.create_sheet(table.name), table, chosen)
            book.save(file)
        except BaseException:
            for sheet in book.worksheets:
                with suppress(Exception):
                    sheet.close()  # left open, it complains when it is forgotten
            raise


@contextmanager
def _room() -> Iterator[None]:
    """Have openpyxl keep its sheets, until they are packed, where they are gone with all that goes wrong."""
    with TemporaryDirectory(prefix="indotrade-") as room:
        before, tempfile.tempdir = tempfile.tempdir, room
        try:
            yield
        finally:
            tempfile.tempdir = before


def _fill(sheet: Any, table: Table, chosen: Chosen) -> None:
    """Write the rows of a table: the names of the columns and the first column stay in sight."""
    from openpyxl.styles import Font

    columns = chosen.columns(table)
    sheet.freeze_panes = "B2"
    for place, column in enumerate(columns, 1):
        wide = column.name.startswith(("statement_", "says_", "note_", "about_"))
        sheet.column_dimensions[letters(place)].width = _WIDE if wide else _WIDTHS[column.kind]
    sheet.append([_text(sheet, Font(b=True))(None, column.name) for column in columns])
    puts = [_put(sheet, column) for column in columns]
    count = 1
    for count, row in enumerate(chosen.rows(table), 2):
        texts = [_written(cell(value)) for value in row]
        if count > MOST_ROWS:
            raise _too_many(table)
        if max(map(len, texts)) > LONGEST_CELL:
            raise too_long(columns, texts)
        cells = zip(puts, row, texts, strict=True)
        sheet.append([None if value is None else put(value, text) for put, value, text in cells])
    sheet.auto_filter.ref = f"A1:{letters(len(columns))}{count}"


def _written(text: str) -> str:
    """Return a text with what no XML holds as Excel writes it: `_x001B_`."""
    if text.isprintable() and "_x" not in text:
        return text
    return _SPECIAL.sub(lambda match: f"_x{ord(match[0]):04X}_", text)


Put = Callable[[Value, str], Any]
"""Returns what stands in a cell, by its value and its text: a number, or the cell of its column, which is filled anew."""


def _text(sheet: Any, font: Any = None) -> Put:
    """Return what fills the cell of a column with text, whatever that looks like."""
    from openpyxl.cell import WriteOnlyCell

    filled = WriteOnlyCell(sheet)
    filled.number_format = _AS_TEXT
    if font:
        filled.font = font

    def put(_: Value, text: str) -> Any:
        filled.value = text
        filled.data_type = "s"  # else what begins as a formula would be one
        return filled

    return put


def _link(sheet: Any) -> Put:
    """Return what fills the cell of a column with an address that can be clicked, as many of them as Excel takes."""
    from openpyxl.styles import Font

    plain, linked = _text(sheet), _text(sheet, Font(u="single", color="FF0563C1"))
    links = 0

    def put(value: Value, text: str) -> Any:
        nonlocal links
        address = web_address(str(value))
        if links >= MOST_LINKS or len(address) > LONGEST_LINK:
            return plain(value, text)
        links += 1
        filled = linked(value, text)
        filled.hyperlink = address
        return filled

    return put


def _put(sheet: Any, column: Column) -> Put:
    """Return what fills the cells of a column."""
    text = _link(sheet) if column.name == "url" else _text(sheet)

    def decimal(value: Value, written: str) -> Any:
        exact = number(written)
        return text(value, written) if exact is None else exact

    return {"integer": lambda value, _: value, "flag": lambda value, _: bool(value), "decimal": decimal}.get(
        column.kind, text
    )


def _too_many(table: Table) -> NotDelivered:
    told = Message(
        "a sheet has {most:,} rows, and the table {table} has more", most=MOST_ROWS, table=table.name
    )
    return NotDelivered(told, Message("`--as sqlite` and `--as dataset` hold it"))
