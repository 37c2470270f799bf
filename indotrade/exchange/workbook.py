"""Writes all tables into one Excel workbook, a sheet each: text that is never run, addresses that can be clicked.

A writer of our own, as the reader is: openpyxl takes 30 times as long for what is a few lines of XML.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO
from xml.sax.saxutils import escape, quoteattr

from indotrade.errors import Message, NotDelivered
from indotrade.exchange.chosen import Chosen
from indotrade.exchange.csv_files import too_long
from indotrade.exchange.numbers import number
from indotrade.exchange.sheets import LONGEST_CELL, letters
from indotrade.exchange.tables import TABLES, Column, Kind, Table, Value, cell
from indotrade.wording.references import web_address

MOST_ROWS = 1 << 20
MOST_LINKS = 65_530
LONGEST_LINK = 2079
"""What Excel takes: of rows and links in a sheet, of characters in an address. More links are plain text."""
_SPECIAL = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
"""What no XML holds, or is read as another character: it is written as `_x001B_`."""
_BOLD, _TEXT, _LINK = 1, 2, 3
_WIDTHS: dict[Kind, int] = {"integer": 10, "decimal": 14, "date": 12, "flag": 8, "list": 24, "text": 18}
"""How wide the columns are, in characters; that of a text in some language is wider."""
_WIDE = 60

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KINDS = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_STYLES = (
    f'{_HEAD}<styleSheet xmlns="{_MAIN}">'
    '<fonts count="3"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font>'
    '<font><u/><sz val="11"/><color rgb="FF0563C1"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="49" fontId="2" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
"""The styles of cells: as it comes, bold, text, link. What has the format of text (49) stays text when it is edited."""


def write(chosen: Chosen, file: Path) -> None:
    """Write a workbook into an empty file."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as archive:
        for number_, table in enumerate(TABLES.values(), 1):
            place = f"xl/worksheets/sheet{number_}.xml"
            with archive.open(place, "w", force_zip64=table.name in ("claims", "evidence")) as part:
                links = _sheet(part, table, chosen, first=number_ == 1)
            if links:
                archive.writestr(f"xl/worksheets/_rels/sheet{number_}.xml.rels", _related("hyperlink", links))
        sheets = [f"worksheets/sheet{number_}.xml" for number_ in range(1, len(TABLES) + 1)]
        archive.writestr("xl/workbook.xml", _book())
        archive.writestr(
            "xl/_rels/workbook.xml.rels", _related("worksheet", sheets, ("styles", "styles.xml"))
        )
        archive.writestr("xl/styles.xml", _STYLES)
        archive.writestr("_rels/.rels", _related("officeDocument", ["xl/workbook.xml"]))
        archive.writestr("[Content_Types].xml", _types(sheets))


def _sheet(part: IO[bytes], table: Table, chosen: Chosen, *, first: bool) -> list[str]:
    """Write a sheet; return the addresses to which its cells lead."""
    columns = chosen.columns(table)
    names = [letters(place) for place in range(1, len(columns) + 1)]
    part.write(_beginning(columns, selected=first).encode())
    header = "".join(_inline(f"{name}1", _BOLD, it.name) for name, it in zip(names, columns, strict=True))
    part.write(f'<row r="1">{header}</row>'.encode())
    links: dict[str, str] = {}
    writers = [_writer(column, name, links) for name, column in zip(names, columns, strict=True)]
    last = 1
    for last, row in enumerate(chosen.rows(table), 2):
        if last > MOST_ROWS:
            raise _too_many(table)
        cells = [
            written(last, value) for written, value in zip(writers, row, strict=True) if value is not None
        ]
        if max(map(len, cells)) > LONGEST_CELL:  # with its tags; only then is it worth a look
            _refuse_long(columns, row)
        part.write(f'<row r="{last}">{"".join(cells)}</row>'.encode())
    part.write(f'</sheetData><autoFilter ref="A1:{names[-1]}{last}"/>'.encode())
    if links:
        places = "".join(f'<hyperlink ref="{place}" r:id="rId{at}"/>' for at, place in enumerate(links, 1))
        part.write(f"<hyperlinks>{places}</hyperlinks>".encode())
    part.write(b"</worksheet>")
    return list(links.values())


def _beginning(columns: Sequence[Column], *, selected: bool) -> str:
    """Return what stands before the rows: the first row and the first column stay in sight."""
    stems = ("statement_", "says_", "note_", "about_")
    widths = "".join(
        f'<col min="{place}" max="{place}" customWidth="1"'
        f' width="{_WIDE if column.name.startswith(stems) else _WIDTHS[column.kind]}"/>'
        for place, column in enumerate(columns, 1)
    )
    shown = ' tabSelected="1"' if selected else ""
    return (
        f'{_HEAD}<worksheet xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheetViews>'
        f'<sheetView workbookViewId="0"{shown}><pane xSplit="1" ySplit="1"'
        ' topLeftCell="B2" activePane="bottomRight" state="frozen"/></sheetView></sheetViews>'
        f"<cols>{widths}</cols><sheetData>"
    )


def _writer(column: Column, name: str, links: dict[str, str]) -> Callable[[int, Value], str]:
    """Return what writes the cells of a column, by row and value."""

    def text(row: int, value: Value) -> str:
        return _inline(f"{name}{row}", _TEXT, cell(value))

    def whole(row: int, value: Value) -> str:
        return f'<c r="{name}{row}"><v>{value}</v></c>'

    def decimal(row: int, value: Value) -> str:
        exact = number(str(value))
        return text(row, value) if exact is None else f'<c r="{name}{row}"><v>{value}</v></c>'

    def flag(row: int, value: Value) -> str:
        return f'<c r="{name}{row}" t="b"><v>{int(bool(value))}</v></c>'

    def link(row: int, value: Value) -> str:
        address = web_address(str(value))
        if len(links) >= MOST_LINKS or len(address) > LONGEST_LINK:
            return text(row, value)
        links[f"{name}{row}"] = address
        return _inline(f"{name}{row}", _LINK, str(value))

    kinds = {"integer": whole, "decimal": decimal, "flag": flag}
    return link if column.name == "url" else kinds.get(column.kind, text)


def _inline(place: str, style: int, text: str) -> str:
    return f'<c r="{place}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{_xml(text)}</t></is></c>'


def _xml(text: str) -> str:
    """Return a text as XML: what XML cannot hold as Excel writes it, `_x001B_`."""
    if not text.isprintable() or "_x" in text:
        text = _SPECIAL.sub(lambda match: f"_x{ord(match[0]):04X}_", text)
    return escape(text)


def _refuse_long(columns: Sequence[Column], row: Sequence[Value]) -> None:
    cells = [cell(value) for value in row]
    if max(map(len, cells)) > LONGEST_CELL:
        raise too_long(columns, cells)


def _too_many(table: Table) -> NotDelivered:
    told = Message(
        "a sheet has {most:,} rows, and the table {table} has more", most=MOST_ROWS, table=table.name
    )
    return NotDelivered(told, Message("`--as sqlite` and `--as dataset` hold it"))


# --- the parts around the sheets -----------------------------------------------------------------------


def _related(kind: str, targets: Sequence[str], *more: tuple[str, str]) -> str:
    """Return what a part refers to: parts of one kind, or addresses, and more."""
    outward = ' TargetMode="External"' if kind == "hyperlink" else ""
    listed = [*((kind, target) for target in targets), *more]
    relations = "".join(
        f'<Relationship Id="rId{place}" Type="{_RELATIONS}/{what}" Target={quoteattr(target)}{outward}/>'
        for place, (what, target) in enumerate(listed, 1)
    )
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{relations}</Relationships>'


def _book() -> str:
    sheets = "".join(
        f'<sheet name="{name}" sheetId="{place}" r:id="rId{place}"/>' for place, name in enumerate(TABLES, 1)
    )
    return f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>{sheets}</sheets></workbook>'


def _types(sheets: Sequence[str]) -> str:
    parts = [
        ("workbook.xml", "sheet.main"),
        ("styles.xml", "styles"),
        *((sheet, "worksheet") for sheet in sheets),
    ]
    overrides = "".join(
        f'<Override PartName="/xl/{part}" ContentType="{_KINDS}.{kind}+xml"/>' for part, kind in parts
    )
    return (
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )
