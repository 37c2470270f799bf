"""Reads the cells of an Excel workbook as they were last shown: nothing is run, and one row at a time is in memory.

A reader of our own, though openpyxl writes the workbooks: opened for one row at a time, openpyxl knows no merged cells,
gives a formula without its value as a blank cell, takes document types, and needs 37 seconds for a million rows of ten
blank cells (here 3.5), and 870 MB for a million styles; opened whole, it holds every cell. calamine lays out each sheet
in full, so that one cell in the last corner asks for gigabytes.
"""

from __future__ import annotations

import datetime
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import NamedTuple
from xml.parsers import expat

from indotrade.dataset import folder
from indotrade.errors import Message, Refused, reason
from indotrade.exchange.spreadsheets.sheets import (
    LONGEST_CELL,
    MOST_COLUMNS,
    Number,
    Row,
    Sheet,
    Unread,
    letters,
)

LARGEST = 1 << 29
"""The most bytes that a workbook is unpacked to: 512 MiB."""
LARGEST_TEXTS = 1 << 27
"""The most bytes of its list of texts, the one part that is held in memory: 128 MiB."""
MOST_PARTS = 10_000
MOST_PACKED = 300
"""How many times smaller a part may be packed: tables give 5 to 50."""
SMALL = 1 << 20
"""Parts up to this size, in bytes, may be packed as tightly as they like."""
MOST_MERGED = 100_000
_CHUNK = 1 << 16
_DAYS = 2_958_466
"""How many days Excel counts: to the end of the year 9999."""
_FAILED = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    expat.ExpatError,
)
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3})([0-9]{1,7}):[A-Z]{1,3}([0-9]{1,7})"')
_BLANK_CELL = re.compile(rb'<(?:\w+:)?c\s[^<>]*?\br="[^<>]*/>')
_BLANK_ROW = re.compile(rb'<(?:\w+:)?row\s[^<>]*?\br="[^<>]*(?:/>|(?<!/)>\s*</(?:\w+:)?row>)')
"""Cells and rows with nothing in them, which programs write by the million; each says where it stands, so that none is missed."""
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")

Attributes = Mapping[str, str]


class Styles(NamedTuple):
    """How numbers are shown, by the number of a cell's style."""

    days: frozenset[int]
    shares: frozenset[int]


def sheets(path: Path, *, exact: bool = False) -> list[Sheet]:
    """Return the sheets of a workbook, in its order. Raises Refused where it is none, or is a trap."""
    with _archive(path) as archive:
        parts = _parts(archive)
    if not parts:
        raise _unreadable(path, Message("it is no Excel workbook"))
    return [
        Sheet(path.name if len(parts) == 1 else f"{path.name}, {name}", _rows(path, part, exact))
        for name, part in parts
    ]


@contextmanager
def _archive(path: Path) -> Iterator[zipfile.ZipFile]:
    """Give a workbook as the archive that it is, once its directory says that it can be unpacked.

    What fails while it is read is told as Refused.
    """
    if next(folder.chunks(path), b"").startswith(b"\xd0\xcf\x11\xe0"):
        old = Message("it is an old Excel workbook, or has a password")
        raise _unreadable(path, old, Message("save it as .xlsx without a password, or as .csv"))
    with open(folder.open_regular(path), "rb") as file:
        try:
            with zipfile.ZipFile(file) as archive:
                if why := _trap(archive.infolist()):
                    raise _unreadable(path, why)
                yield archive
        except _FAILED as error:
            raise _unreadable(path, Message("it is damaged: {why}", why=reason(error))) from None


def _unreadable(path: Path, why: Message, hint: Message | None = None) -> Refused:
    return Refused(
        Message("cannot read {path}: {why}", path=path, why=why),
        hint or Message("save it as .xlsx or .csv anew"),
    )


def _trap(parts: Sequence[zipfile.ZipInfo]) -> Message | None:
    """Return why an archive is not unpacked; its reader never gives more of a part than the directory says."""
    size = sum(part.file_size for part in parts)
    if size > LARGEST or len(parts) > MOST_PARTS:
        return Message(
            "unpacked it would have {size:,} bytes in {parts:,} parts; {largest:,} and {most:,} are the most",
            size=size,
            parts=len(parts),
            largest=LARGEST,
            most=MOST_PARTS,
        )
    for part in parts:
        if part.file_size > max(SMALL, MOST_PACKED * part.compress_size):
            return Message("its part {name} is packed too tightly to be a table", name=part.filename)
        if part.filename.endswith("sharedStrings.xml") and part.file_size > LARGEST_TEXTS:
            return Message(
                "its texts have {size:,} bytes, and {largest:,} are the most",
                size=part.file_size,
                largest=LARGEST_TEXTS,
            )
    return None


# --- XML ---------------------------------------------------------------------------------------------


class _Reading:
    """Reads a part of a workbook: `begin`, `text` and `end` take its tags by their local names, and its texts."""

    def __init__(self) -> None:
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartElementHandler = lambda name, attributes: self.begin(
            name.rpartition(" ")[2], attributes
        )
        self._parser.EndElementHandler = lambda name: self.end(name.rpartition(" ")[2])
        self._parser.CharacterDataHandler = self.text
        self._parser.StartDoctypeDeclHandler = _no_doctype

    def chunks(self, archive: zipfile.ZipFile, part: str) -> Iterator[None]:
        """Read a part; yield after each piece of it. A part that is not there is empty."""
        if part not in archive.NameToInfo:
            return
        with archive.open(part) as stream:
            for chunk in self.pieces(iter(partial(stream.read, _CHUNK), b"")):
                self._parser.Parse(chunk, False)
                yield
            self._parser.Parse(b"", True)
            yield

    def pieces(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        """Return what is parsed of the pieces of a part."""
        return chunks

    def read(self, archive: zipfile.ZipFile, part: str) -> None:
        """Read a whole part."""
        for _ in self.chunks(archive, part):
            pass

    def begin(self, name: str, attributes: Attributes) -> None:
        """Take the beginning of an element."""

    def text(self, data: str) -> None:
        """Take text."""

    def end(self, name: str) -> None:
        """Take the end of an element."""


def _no_doctype(*_: object) -> None:
    raise zipfile.BadZipFile("a document type, which no workbook has")


class _Elements(_Reading):
    """The elements of a part that have one of some names, with their attributes, as they come."""

    def __init__(self, *names: str) -> None:
        super().__init__()
        self._names = names
        self.found: list[tuple[str, Attributes]] = []

    def begin(self, name: str, attributes: Attributes) -> None:
        if name in self._names:
            self.found.append((name, attributes))


def _elements(archive: zipfile.ZipFile, part: str, *names: str) -> Iterator[tuple[str, Attributes]]:
    reading = _Elements(*names)
    for _ in reading.chunks(archive, part):
        yield from reading.found
        reading.found.clear()


# --- the parts of a workbook -------------------------------------------------------------------------


def _related(archive: zipfile.ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """Return the kind and the name of each part that a part refers to, by the reference's id."""
    place, name = posixpath.split(part)
    found = {}
    for _, it in _elements(archive, posixpath.join(place, "_rels", f"{name}.rels"), "Relationship"):
        target = posixpath.normpath(posixpath.join("/", place, it.get("Target", ""))).lstrip("/")
        found[it.get("Id", "")] = (it.get("Type", "").rpartition("/")[2], target)
    return found


def _main(archive: zipfile.ZipFile) -> str:
    return next((part for kind, part in _related(archive, "").values() if kind == "officeDocument"), "")


def _parts(archive: zipfile.ZipFile) -> list[tuple[str, str]]:
    """Return name and part of each sheet."""
    main = _main(archive)
    related = _related(archive, main)
    found = []
    for _, it in _elements(archive, main, "sheet"):
        link = next((value for name, value in it.items() if name.rpartition(" ")[2] == "id"), "")
        kind, part = related.get(link, ("", ""))
        if kind == "worksheet" and part in archive.NameToInfo:
            found.append((it.get("name", ""), part))
    return found


class _Texts(_Reading):
    """The texts that the cells of a workbook share."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._pieces: list[str] = []
        self._within: list[str] = []

    def begin(self, name: str, attributes: Attributes) -> None:  # noqa: ARG002 - as all of its kind
        self._within.append(name)
        if name == "si":
            self._pieces.clear()

    def text(self, data: str) -> None:
        if (
            self._within[-1] == "t" and "rPh" not in self._within
        ):  # how Japanese is spoken is no text of the cell
            self._pieces.append(data)

    def end(self, name: str) -> None:
        self._within.pop()
        if name == "si":
            self.found.append("".join(self._pieces))


def _styles(archive: zipfile.ZipFile, part: str) -> Styles:
    """Return which styles of cells show a number as a day or as a share."""
    codes: dict[str, str] = {}
    days, shares, number, within = set(), set(), 0, False
    for name, it in _elements(archive, part, "numFmt", "cellStyleXfs", "cellXfs", "xf", "cellStyles"):
        if name == "numFmt":
            codes[it.get("numFmtId", "")] = it.get("formatCode", "")
        elif name == "xf" and within:
            form = it.get("numFmtId", "0")
            if _is_day(form, codes.get(form)):
                days.add(number)
            elif _is_share(form, codes.get(form)):
                shares.add(number)
            number += 1
        else:
            within = name == "cellXfs"
    return Styles(frozenset(days), frozenset(shares))


_OF_DAYS = frozenset(str(form) for form in (*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
"""The built-in formats of days and times."""


def _bare(code: str) -> str:
    """Return a format without what is written as it stands: quoted, escaped, in brackets."""
    return re.sub(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]', "", code).split(";")[0].lower()


def _is_day(form: str, code: str | None) -> bool:
    if code is None:
        return form in _OF_DAYS
    bare = _bare(code)
    return "general" not in bare and bool(re.search("[ymdhsge]", re.sub("e[+-]", "", bare)))


def _is_share(form: str, code: str | None) -> bool:
    return form in ("9", "10") if code is None else "%" in _bare(code)


# --- rows --------------------------------------------------------------------------------------------


def _rows(path: Path, part: str, exact: bool) -> Iterator[Row]:
    """Yield the rows of a sheet that are not blank."""
    with _archive(path) as archive:
        main = _main(archive)
        related = dict(_related(archive, main).values())
        texts = _Texts()
        texts.read(archive, related.get("sharedStrings", ""))
        styles = _styles(archive, related.get("styles", ""))
        since_1904 = any(
            it.get("date1904") in ("1", "true") for _, it in _elements(archive, main, "workbookPr")
        )
        merged = _Merged(_merged(path, archive, part))
        cells = _Cells(texts.found, styles, datetime.date(1904, 1, 1) if since_1904 else None, exact)
        for _ in cells.chunks(archive, part):
            yield from map(merged.filled, cells.rows)
            cells.rows.clear()


class _Cells(_Reading):
    """The rows of a sheet, as they come."""

    def __init__(
        self, texts: Sequence[str], styles: Styles, first_day: datetime.date | None, exact: bool
    ) -> None:
        super().__init__()
        self._texts, self._styles, self._first_day, self._exact = texts, styles, first_day, exact
        self.rows: list[Row] = []
        self._number = 0
        self._column = 0
        self._cells: dict[int, str] = {}
        self._unread: list[Unread] = []
        self._kind, self._style = "n", 0
        self._value: list[str] = []
        self._length = 0
        self._formula = self._taking = self._spoken = False

    def pieces(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        """Yield the pieces without blank cells and rows: each up to the end of a tag, so that none is cut."""
        rest = b""
        for chunk in chunks:
            rest += chunk
            if end := rest.rfind(b">") + 1 or (len(rest) > SMALL and len(rest)):
                yield _BLANK_ROW.sub(b"", _BLANK_CELL.sub(b"", rest[:end]))
                rest = rest[end:]
        yield rest

    def begin(self, name: str, attributes: Attributes) -> None:
        if name == "c":
            self._begin_cell(attributes)
        elif name in ("v", "t"):
            self._taking = not self._spoken
        elif name == "f":
            self._formula = True
        elif name == "rPh":
            self._spoken = True
        elif name == "row":
            self._number = _whole(attributes.get("r")) or self._number + 1
            self._column = 0
            self._cells.clear()
            self._unread = []

    def _begin_cell(self, attributes: Attributes) -> None:
        place = re.match("[A-Z]{1,3}", attributes.get("r", ""))
        self._column = _column(place[0]) if place else self._column + 1
        self._kind, self._style = attributes.get("t", "n"), _whole(attributes.get("s"))
        self._value.clear()
        self._length = 0
        self._formula = self._spoken = False

    def text(self, data: str) -> None:
        if self._taking and self._length <= LONGEST_CELL:
            self._value.append(data)
            self._length += len(data)

    def end(self, name: str) -> None:
        if name in ("v", "t"):
            self._taking = False
        elif name == "rPh":
            self._spoken = False
        elif name == "c":
            self._end_cell("".join(self._value))
        elif name == "row" and (self._cells or self._unread):
            width = max(self._cells, default=0)
            cells = [self._cells.get(column, "") for column in range(1, width + 1)]
            self.rows.append(Row(self._number, cells, self._unread))

    def _end_cell(self, value: str) -> None:
        try:
            text = self._shown(value)
        except (ValueError, ArithmeticError, IndexError):
            self._unread.append(Unread(self._column, Message("the cell is damaged")))
            return
        if isinstance(text, Message):
            self._unread.append(Unread(self._column, text))
        elif text and self._column > MOST_COLUMNS:
            told = Message(
                "the cell is beyond column {last}, the last that is read", last=letters(MOST_COLUMNS)
            )
            if not self._unread or self._unread[-1].why.template != told.template:
                self._unread.append(Unread(self._column, told))
        elif text:
            self._cells[self._column] = text

    def _shown(self, value: str) -> str | Message:
        """Return the text of a cell, or why it cannot be read."""
        kind = self._kind
        if not value:
            if self._formula:
                return Message("the cell has a formula whose value was not kept: open the file, and save it")
            return ""
        if kind == "s":
            value = self._texts[int(value)]
        if kind == "e":
            return Message("the cell shows an error: {error}", error=value[:20])
        if kind in ("s", "str", "inlineStr"):
            value = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), value)
            value = value if self._exact else value.strip()
            if len(value) > LONGEST_CELL:
                return Message("the cell has more than {most:,} characters", most=LONGEST_CELL)
            return Message("the cell holds a NUL character") if "\0" in value else value
        if kind == "b":
            return "TRUE" if value == "1" else "FALSE"
        if kind == "d":
            return value.partition("T")[0]
        return self._number_shown(value)

    def _number_shown(self, value: str) -> str:
        if self._style in self._styles.days:
            return day(float(value), self._first_day)
        number = Decimal(value if re.fullmatch("-?[0-9]+", value) else f"{float(value):.15g}")
        if self._style in self._styles.shares:
            return Number(plain(number * 100) + "%")
        return Number(plain(number))


def plain(number: Decimal) -> str:
    """Return a number in plain decimal digits, without zeros that say nothing."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def day(count: float, first: datetime.date | None = None) -> str:
    """Return the day that Excel has a number for: `YYYY-MM-DD`; a part of a day alone is a time, `HH:MM`.

    It counts from 1900, with a 29 February in that year that never was; from `first` where that is given.

    Raises ValueError for a number of no day.
    """
    if not 0 <= count < _DAYS:
        raise ValueError(count)
    if count < 1 and first is None:
        minutes = round(count * 24 * 60)
        return f"{minutes // 60:02}:{minutes % 60:02}"
    begin = first or datetime.date(1899, 12, 30 if count >= 60 else 31)
    return (begin + datetime.timedelta(days=int(count))).isoformat()


def _whole(digits: str | None) -> int:
    """Return a number of at most seven digits; 0 for what is none."""
    return int(digits) if digits and re.fullmatch("[0-9]{1,7}", digits) else 0


def _column(name: str) -> int:
    number = 0
    for letter in name:
        number = 26 * number + ord(letter) - ord("A") + 1
    return number


class _Span(NamedTuple):
    """Cells of one column that were merged: the first and the last row."""

    first: int
    last: int
    column: int


def _merged(path: Path, archive: zipfile.ZipFile, part: str) -> list[_Span]:
    """Return which cells of a sheet were merged with those below them, from the top; they stand behind the rows."""
    found: list[_Span] = []
    rest = b""
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            rest += chunk
            last = rest.rfind(b">") + 1
            for match in _MERGED.finditer(rest, 0, last):
                span = _Span(int(match[2]), int(match[3]), _column(match[1].decode()))
                found += [span] if span.first < span.last else []
            rest = rest[last:][-4096:]
            if len(found) > MOST_MERGED:
                raise _unreadable(path, Message("more than {most:,} cells are merged", most=MOST_MERGED))
    return sorted(found, reverse=True)


class _Merged:
    """Gives each row what was merged down into it: the cell is shown beside all of them, and kept in the first."""

    def __init__(self, spans: list[_Span]) -> None:
        self._coming = spans
        self._open: dict[int, tuple[int, str]] = {}

    def filled(self, row: Row) -> Row:
        """Return a row with the values of the merged cells that it shares."""
        if not self._coming and not self._open:
            return row
        cells = list(row.cells)
        while self._coming and self._coming[-1].first <= row.number:
            first, last, column = self._coming.pop()
            if first == row.number and column <= len(cells):
                self._open[column] = (last, cells[column - 1])
        for column, (last, value) in list(self._open.items()):
            if last < row.number:
                del self._open[column]
            elif value:
                cells += [""] * (column - len(cells))
                cells[column - 1] = cells[column - 1] or value
        return row._replace(cells=cells)
