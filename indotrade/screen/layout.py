"""How cells are laid out, whatever stands in them: every cell is a `Text`, so that no data is ever markup."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from rich import box
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.padding import Padding
from rich.style import Style
from rich.table import Table
from rich.text import Text

from indotrade.screen.look import Look
from indotrade.text.escape import visible
from indotrade.wording.references import web_address

NARROW = 60
"""Below this many columns a record is a block of lines, for a table would cut its words."""

GAP = 2
"""The columns between two columns of a table."""

ALIGNED = 400
"""In a pipe, a cell wider than this does not widen its column: no megabytes of padding for one long text."""

LONGEST_WORD = 24
"""A column has room for its words up to this length; a longer one may be broken."""


def text(content: str, style: str = "") -> Text:
    """Return data as a cell: hidden characters shown, nothing of it markup."""
    return Text(visible(content), style=style, overflow="fold")


def link(url: str | None, look: Look) -> Text:
    """Return an address, which a terminal may follow where it can."""
    return linked(web_address(url), url, look)


def linked(content: str, url: str | None, look: Look) -> Text:
    """Return data as a cell in which the address `url`, if it stands there, can be followed by a terminal."""
    cell, address = text(content), web_address(url)
    start = cell.plain.find(address)
    if look.links and start >= 0 and address.startswith(("https://", "http://")):
        target = "".join(c if c.isascii() else "".join(f"%{b:02X}" for b in c.encode()) for c in address)
        cell.stylize(Style(link=target), start, start + len(address))
    return cell


class Grid:
    """Rows of cells, drawn as `look` asks.

    On a terminal they are folded into columns, or are a block of lines each where it is too narrow for
    columns; elsewhere each row is one line with all that is in it.
    """

    def __init__(
        self,
        look: Look,
        heads: Sequence[str] = (),
        widths: Sequence[int] | None = None,
        *,
        gap: int = GAP,
        blocks: bool = True,
        leading: int = 0,
    ) -> None:
        self._look = look
        self._heads = [Text(head, style="bold") for head in heads]
        self._widths = widths
        self._gap = gap
        self._blocks = blocks
        self._leading = leading
        self._rows: list[list[Text]] = []
        self._indents: list[int] = []

    def add(self, *cells: Text, indent: int = 0) -> None:
        """Add a row; its first cell stands `indent` columns to the right, on each of its lines."""
        self._rows.append(list(cells))
        self._indents.append(indent)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the rows as Rich draws them."""
        if not self._rows:
            return
        if not self._look.terminal:
            yield from self._lines()
            return
        widths = self._widths or self._shares()
        if widths is None or (self._blocks and self._heads and self._look.width < NARROW):
            yield from self._records()
        else:
            yield self._table(widths)

    def _lines(self) -> Iterator[Text]:
        rows = [
            [Text(" " * indent).append(row[0]), *row[1:]]
            for indent, row in zip(self._indents, self._rows, strict=True)
        ]
        cells = [self._heads, *rows] if self._heads else rows
        lengths = [[cell_len(cell.plain) for cell in row] for row in cells]
        widths = [
            max((n for n in column if n <= ALIGNED), default=0) for column in zip(*lengths, strict=True)
        ]
        for place, (row, taken) in enumerate(zip(cells, lengths, strict=True)):
            line = Text()
            for cell, length, width in zip(row, taken, widths, strict=True):
                line.append(cell).append(" " * (max(width - length, 0) + self._gap))
            line.rstrip()
            yield line
            if self._heads and place == 0:
                yield Text("─" * (sum(widths) + self._gap * (len(widths) - 1)))

    def _records(self) -> Iterator[Text]:
        names = [head.plain for head in self._heads]
        for row in self._rows:
            yield from fields(
                ((name, cell) for name, cell in zip(names, row, strict=True) if cell.plain), self._look
            )
            yield Text("")

    def _table(self, widths: Sequence[int]) -> Table:
        table = Table(
            box=box.SIMPLE_HEAD if self._heads else None,
            show_header=bool(self._heads),
            show_edge=False,
            pad_edge=False,
            padding=(0, self._gap - 1 if self._heads else self._gap, 0, 0),
            leading=self._leading,
        )
        for place, width in enumerate(widths):
            head = self._heads[place] if self._heads else ""
            table.add_column(head, overflow="fold", width=width)
        for indent, row in zip(self._indents, self._rows, strict=True):
            first, *rest = (
                unbroken(cell, width - (0 if place else indent))
                for place, (cell, width) in enumerate(zip(row, widths, strict=True))
            )
            table.add_row(Padding(first, (0, 0, 0, indent)) if indent else first, *rest)
        return table

    def _shares(self) -> list[int] | None:
        """Return the widths of the columns: what they need, the lack shared out; None where words do not fit."""
        room = self._look.width - self._gap * (len(self._rows[0]) - 1)
        rows = [self._heads, *self._rows] if self._heads else self._rows
        columns = list(zip(*rows, strict=True))
        whole = [max(_longest(cell.plain.split("\n")) for cell in column) for column in columns]
        whole[0] += max(self._indents)
        if sum(whole) <= room:
            return whole
        least = [
            min(max(_longest(cell.plain.split()) for cell in column), LONGEST_WORD) for column in columns
        ]
        least[0] += max(self._indents)
        if not self._heads:  # names, or numbers in brackets
            least[0] = min(whole[0], room // 3)
        spare = room - sum(least)
        if spare < 0:
            if self._blocks and self._heads:
                return None
            widest = least.index(max(least))
            least[widest] = max(1, least[widest] + spare)
            return least
        wanted = [most - few for most, few in zip(whole, least, strict=True)]
        return [few + spare * want // (sum(wanted) or 1) for few, want in zip(least, wanted, strict=True)]


def _longest(parts: Iterable[str]) -> int:
    return max(map(cell_len, parts), default=0)


def unbroken(cell: Text, width: int) -> Text:
    """Return a cell whose words are broken only where they fit no line of `width`: at a hyphen or slash, if any."""
    places = []
    for run in re.finditer(r"\S+", cell.plain):
        start, end = run.span()
        while end - start > width > 0:
            near = max(cell.plain.rfind(mark, start, start + width) for mark in "-/._&=?,")
            start = near + 1 if near > start + width // 3 else start + width
            places.append(start)
    return Text("\n", overflow="fold").join(cell.divide(places)) if places else cell


def fields(rows: Iterable[tuple[str, Text]], look: Look) -> Iterator[Text]:
    """Yield `name: value`, a line each, the value folded under itself by the terminal."""
    for name, cell in rows:
        line = Text(overflow="fold").append(f"{name}: ", style="dim").append(cell)
        yield unbroken(line, look.width) if look.terminal else line


def pairs(rows: Iterable[tuple[str, Text]], look: Look) -> Iterator[RenderableType]:
    """Yield names and values side by side; on a narrow terminal in lines."""
    if look.terminal and look.width < NARROW:
        yield from fields(rows, look)
        return
    table = Grid(look)
    for name, cell in rows:
        table.add(Text(name, style="dim"), cell)
    yield table


def rows(heads: Sequence[str], cells: Iterable[Sequence[str]], look: Look) -> Iterator[RenderableType]:
    """Yield a plain table of text; where a terminal is too narrow for it, a block of lines for each row."""
    table = Grid(look, heads)
    for row in cells:
        table.add(*map(text, row))
    yield table
