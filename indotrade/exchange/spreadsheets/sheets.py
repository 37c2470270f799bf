"""Spreadsheets as sheets of rows: what people made in other programs, read right or named with its place."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from indotrade.errors import Message, Refused, reason

MOST_COLUMNS = 1000
LONGEST_CELL = 32_767
"""The most characters that a cell of a spreadsheet holds."""
ENDINGS = (".csv", ".tsv", ".tab", ".xlsx", ".xlsm")
FOREIGN = {
    ".xls": "an old Excel workbook",
    ".xlsb": "a binary Excel workbook",
    ".ods": "a LibreOffice workbook",
    ".numbers": "a Numbers workbook",
}
"""Spreadsheets that are not read, by how their names end."""

Tell = Callable[[Message], None]
"""Takes what a person should know of how a file was read."""


class Number(str):
    """The text of a cell that holds a number, not words: in plain decimal digits, a share with `%`, in no language."""

    __slots__ = ()


class Unread(NamedTuple):
    """A cell that cannot be read: its column, from 1, and why."""

    column: int
    why: Message


class Row(NamedTuple):
    """A row of a sheet."""

    number: int
    """As a spreadsheet counts them: from 1, blank ones too."""
    cells: Sequence[str]
    """The text of each cell, without blanks around it unless it was read exactly; a day is `YYYY-MM-DD`."""
    unread: Sequence[Unread] = ()


class Sheet(NamedTuple):
    """A table of a file, of which nothing is known but that it has rows."""

    name: str
    """For messages: the file, and which sheet of it where it can have several."""
    rows: Iterable[Row]
    """Those that are not blank, read as they are asked for, once."""


def letters(column: int) -> str:
    """Return how a spreadsheet calls a column, counted from 1.

    >>> letters(1), letters(28)
    ('A', 'AB')
    """
    name = ""
    while column:
        column, digit = divmod(column - 1, 26)
        name = chr(ord("A") + digit) + name
    return name


def is_spreadsheet(path: Path) -> bool:
    """Return whether a file or a folder is one that `sheets` reads, going by its name or the names in it."""
    if path.is_dir():
        return any(_ending(name) in (".csv", ".tsv", ".tab") for name in os.listdir(path))
    return _ending(path.name) in (*ENDINGS, *FOREIGN, ".txt")


def sheets(path: Path, encoding: str | None, tell: Tell, *, exact: bool = False) -> list[Sheet]:
    """Return the sheets of a file, or of the CSV and TSV files of a folder.

    `encoding` is that of CSV and TSV; None finds it. `exact` keeps the blanks around texts, as an export has
    written them. Raises Refused for what is no spreadsheet; also while rows
    are read, where what follows cannot be read at all.
    """
    if path.is_dir():
        try:
            names = sorted(os.listdir(path))
        except OSError as error:
            raise Refused(Message("cannot read {path}: {why}", path=path, why=reason(error))) from None
        files = [path / name for name in names if _ending(name) in (".csv", ".tsv", ".tab")]
        return [sheet for file in files for sheet in sheets(file, encoding, tell, exact=exact)]
    ending = _ending(path.name)
    if ending in FOREIGN:
        raise Refused(
            Message("cannot read {path}: {why}", path=path, why=Message(FOREIGN[ending])),
            Message("save it as .xlsx or .csv"),
        )
    if ending in (".xlsx", ".xlsm"):
        from indotrade.exchange.spreadsheets import workbook

        return workbook.sheets(path, exact=exact)
    from indotrade.exchange.spreadsheets import delimited

    return [delimited.sheet(path, encoding, tell, exact=exact)]


def _ending(name: str) -> str:
    return os.path.splitext(name)[1].lower()
