"""Reads CSV and TSV as spreadsheets write them: whatever divides the cells, whichever way the lines end."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal, TextIO

from indotrade.dataset import folder
from indotrade.errors import Message, Refused, reason
from indotrade.exchange.spreadsheets import encodings
from indotrade.exchange.spreadsheets.sheets import LONGEST_CELL, MOST_COLUMNS, Row, Sheet, Tell, Unread
from indotrade.text.cells import unguarded

DIVIDERS = (",", ";", "\t")
LONGEST_LINE = 1 << 20
"""The longest line that is read, in characters: beyond it a file is no table."""
_WORDS = {";": "semicolons", "\t": "tabs"}


def sheet(path: Path, encoding: str | None, tell: Tell, *, exact: bool = False) -> Sheet:
    """Return a file as the one sheet that it is; `tell` is told what had to be found out.

    Raises Refused where it cannot be read, or is in no encoding that can be told.
    """
    found = encodings.named(encoding) if encoding else encodings.found(path)
    if not encoding and found in encodings.NAMES:
        tell(Message("{file}: read as {encoding}", file=path.name, encoding=encodings.NAMES[found]))
    divider, skipped = _divider(path, found)
    if divider != "," and path.suffix.lower() == ".csv":
        tell(Message("{file}: cells are divided by {what}", file=path.name, what=Message(_WORDS[divider])))
    quoted = divider != "\t" or _is_quoted(path, found)
    return Sheet(path.name, _rows(path, found, divider, skipped, quoted=quoted, exact=exact))


def _divider(path: Path, encoding: str) -> tuple[str, int]:
    """Return what divides the cells of a file, and how many lines at its beginning only say so (`sep=;`)."""
    with _opened(path, encoding) as file:
        lines = _Lines(file, path)
        first = next((line for line in lines if line.strip()), "")
    head = first.strip()
    if head.lower().startswith("sep=") and head[4:] in DIVIDERS:
        return head[4:], lines.number
    if first.rstrip("\r\n").lower() == "sep=\t":
        return "\t", lines.number

    if path.suffix.lower() in (".tsv", ".tab"):
        return "\t", 0

    def cells(divider: str) -> int:
        return len(next(csv.reader([first], delimiter=divider), ()))

    return max(DIVIDERS, key=cells), 0


def _is_quoted(path: Path, encoding: str) -> bool:
    """Return whether the quotation marks of a TSV are there to hold cells together, and are no part of them.

    Many programs write none into TSV, and leave those of the text as they are: then the cells do not come out
    even, or hold what should have divided them.
    """
    with _opened(path, encoding) as file:
        reader = csv.reader(_Lines(file, path), delimiter="\t", strict=True)
        try:
            return not any("\t" in cell and "\n" in cell for cells in reader for cell in cells)
        except csv.Error:
            return False


def _opened(path: Path, encoding: str) -> TextIO:
    return open(folder.open_regular(path), encoding=encoding, newline="")


class _Lines:
    """The lines of a file, and those of the record at hand."""

    def __init__(self, file: TextIO, path: Path) -> None:
        self._file, self._path = file, path
        self.number = 0
        self.record: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        try:
            line = self._file.readline(LONGEST_LINE + 1)
        except (UnicodeDecodeError, OSError) as error:
            why = Message("after line {number}: {why}", number=self.number, why=reason(error))
            raise _unreadable(self._path, why) from None
        self.number += 1
        if len(line) > LONGEST_LINE:
            why = Message(
                "line {number} is longer than {most:,} characters", number=self.number, most=LONGEST_LINE
            )
            raise _unreadable(self._path, why)
        if not line:
            raise StopIteration
        self.record.append(line)
        return line


def _unreadable(path: Path, why: Message) -> Refused:
    return Refused(Message("cannot read {path}: {why}", path=path, why=why))


def _rows(
    path: Path, encoding: str, divider: str, skipped: int, *, quoted: bool, exact: bool
) -> Iterator[Row]:
    """Yield the rows of a file; the last one may be one that never ends."""
    quoting: Literal[0, 3] = csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE
    with _opened(path, encoding) as file:
        lines = _Lines(file, path)
        for _ in range(skipped):
            next(lines)
        reader = csv.reader(lines, delimiter=divider, strict=quoted, quoting=quoting)
        number = 0
        while True:
            number += 1
            lines.record.clear()
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                ends = "expected after" in str(error)
                yield Row(number, (), [_broken(lines.record, divider, goes_on=ends)])
                if not ends:
                    return
            else:
                if any(map(str.strip, cells)):
                    yield _row(number, cells if exact else [cell.strip() for cell in cells])


def _row(number: int, cells: Sequence[str]) -> Row:
    """Return a row, and what of it cannot be read."""
    unread = [
        Unread(column, Message("the cell holds a NUL character"))
        for column, cell in enumerate(cells, 1)
        if "\0" in cell
    ]
    unread += [
        Unread(
            column,
            Message("the cell has more than {most:,} characters", most=LONGEST_CELL),
        )
        for column, cell in enumerate(cells, 1)
        if len(cell) > LONGEST_CELL
    ]
    if len(cells) > MOST_COLUMNS:
        told = Message(
            "the row has {count:,} cells, and {most:,} are the most", count=len(cells), most=MOST_COLUMNS
        )
        unread.append(Unread(MOST_COLUMNS + 1, told))
    return Row(number, [unguarded(cell) for cell in cells[:MOST_COLUMNS]], unread)


def _broken(record: Sequence[str], divider: str, *, goes_on: bool) -> Unread:
    """Return which cell of a record has a quotation mark that does not end where the cell does."""
    text = "".join(record)[:LONGEST_LINE]
    cell = re.compile(rf'(?:"(?:[^"]|"")*+"|[^"{divider}\r\n][^{divider}\r\n]*+|)(?:{divider}|\r?\n|\r|\Z)')
    column, place = 1, 0
    while place < len(text) and (match := cell.match(text, place)):
        column, place = column + 1, match.end()
    if goes_on:
        return Unread(column, Message("text stands behind the quotation mark that ends the cell"))
    return Unread(column, Message("a quotation mark begins the cell, and none ends it"))
