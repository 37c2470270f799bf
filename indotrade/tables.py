"""Answers as tables for people: Rich renderables, every cell a `Text`, so that no data is ever markup."""

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

from indotrade import citations
from indotrade.console import Look
from indotrade.escape import visible
from indotrade.models import Claim, Figure, Said, Source
from indotrade.query import Answer
from indotrade.rules import WORLD
from indotrade.store import Counted, Store
from indotrade.verify import Finding
from indotrade.wording import BOUND, STATUS, number, quantity, word

NARROW = 60
"""Below this many columns a record is a block of lines, for a table would cut its words."""

STATEMENT = 20
"""A table of claims leaves at least this many columns to the claim; else claims are blocks as well."""

GAP = 2
"""The columns between two columns of a table."""

ALIGNED = 400
"""In a pipe, a cell wider than this does not widen its column: no megabytes of padding for one long text."""

LONGEST_WORD = 24
"""A column has room for its words up to this length; a longer one may be broken."""

STYLES = {
    "single": "",
    "corroborated": "green",
    "disputed": "bold red",
    "superseded": "magenta",
    "misprint": "magenta",
}


class Numbering:
    """Gives each source that is cited its number, in the order of first mention."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}

    def mark(self, source: str) -> str:
        """Return `[n]` for a source."""
        return f"[{self.numbers.setdefault(source, len(self.numbers) + 1)}]"


# --- cells -----------------------------------------------------------------------------------------


def text(content: str, style: str = "") -> Text:
    """Return data as a cell: hidden characters shown, nothing of it markup."""
    return Text(visible(content), style=style, overflow="fold")


def figure_text(figure: Figure | None, language: str, *, period: bool = True) -> str:
    """Return a figure with its bound, unit and period; a misprint marked, with its likely reading."""
    if figure is None:
        return ""
    printed = BOUND[figure.bound].text(language).format(quantity(figure.value, figure.unit, language))
    if figure.reading:
        reading = quantity(figure.reading.value, figure.unit, language)
        printed += f" [{word('sic', language)}], {word('probably', language)} {reading}"
    return f"{printed} ({figure.period})" if period and figure.period else printed


def said_text(said: Said, language: str) -> str:
    """Return the date of a remark, marked where it is inferred."""
    return said.date if said.basis == "printed" else f"{said.date} ({word('inferred', language)})"


def speaker_text(store: Store, speaker: str | None, language: str) -> str:
    """Return a speaker's name, or what stands for an article's own voice."""
    return word("narration", language) if speaker is None else label(store, "people", speaker, language)


def label(store: Store, kind: str, name: str, language: str) -> str:
    """Return the label of a vocabulary entry, or its id where there is no such entry."""
    if name == WORLD and kind == "countries":
        return word("world", language)
    entry = store.entry(kind, name)
    return name if entry is None else str(getattr(entry.label, language))


def status_text(claim: Claim, language: str, separator: str = " ") -> Text:
    """Return a claim's status in a word, and how many sources stand for and against it."""
    counts = []
    for relation, name in (("supports", "for"), ("conflicts", "against")):
        sources = {evidence.source for evidence in claim.evidence if evidence.relation == relation}
        if sources:
            counts.append(f"{len(sources)} {word(name, language)}")
    cell = Text(STATUS[claim.status].text(language), style=STYLES[claim.status])
    return cell.append(f"{separator}({', '.join(counts)})", style="not bold") if counts else cell


def link(url: str, look: Look) -> Text:
    """Return an address, which a terminal may follow where it can."""
    return linked(citations.web_address(url), url, look)


def linked(content: str, url: str, look: Look) -> Text:
    """Return data as a cell in which the address `url`, if it stands there, can be followed by a terminal."""
    cell, address = text(content), citations.web_address(url)
    start = cell.plain.find(address)
    if look.links and start >= 0 and address.startswith(("https://", "http://")):
        target = "".join(c if c.isascii() else "".join(f"%{b:02X}" for b in c.encode()) for c in address)
        cell.stylize(Style(link=target), start, start + len(address))
    return cell


# --- layout ----------------------------------------------------------------------------------------


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


# --- claims ----------------------------------------------------------------------------------------


def claims(answer: Answer, look: Look, title: str | None = None) -> Iterator[RenderableType]:
    """Yield the table of an answer, its numbered sources beneath, and the dataset that it is from."""
    numbering = Numbering()
    voices: dict[str, dict[str, None]] = {}
    listed = list(answer.claims())
    for claim in listed:
        numbering.mark(claim.source)
        voice = voices.setdefault(claim.source, {})
        if claim.speaker:
            voice[_voice(answer.store, claim, look.language)] = None
    if title:
        yield Text(title, style="bold")
    yield from _claim_table(answer.store, listed, numbering, look)
    yield from source_lines(answer.store, numbering, look, voices)
    if answer.count < answer.total:
        yield Text(word("shown_of", look.language).format(answer.count, answer.total))
    yield dataset_line(answer.store, look)


def _claim_table(
    store: Store, listed: Sequence[Claim], numbering: Numbering, look: Look
) -> Iterator[RenderableType]:
    """Yield the claims as a table, as blocks where a terminal is too narrow for one, and an empty line."""
    language = look.language
    rows = [
        [
            text(figure_text(claim.figure, language)),
            text(_voice(store, claim, language)),
            status_text(claim, language, "\n" if look.terminal else " "),
            text(f"{numbering.mark(claim.source)} ¶{claim.paragraph}"),
        ]
        for claim in listed
    ]
    heads = [word(head, language) for head in ("figure", "said", "status", "source")]
    if not look.terminal:
        table = Grid(look, [word("id", language), word("claim", language), *heads])
        for claim, cells in zip(listed, rows, strict=True):
            table.add(text(claim.id), text(getattr(claim.statement, language)), *cells)
        yield from (table, Text(""))
        return
    widths = _widths(heads, rows, look.width)
    room = look.width - sum(widths) - GAP * len(widths)
    if look.width < NARROW or room < STATEMENT:
        yield from _claim_blocks(store, listed, numbering, look)
        return
    table = Grid(look, [word("claim", language), *heads], [room, *widths], leading=1)
    for claim, cells in zip(listed, rows, strict=True):
        statement = text(getattr(claim.statement, language))
        table.add(statement.append("\n").append(text(claim.id, "dim")), *cells)
    yield from (table, Text(""))


def _voice(store: Store, claim: Claim, language: str) -> str:
    return f"{speaker_text(store, claim.speaker, language)}, {said_text(claim.said, language)}"


def _widths(heads: Sequence[str], rows: Sequence[Sequence[Text]], width: int) -> list[int]:
    """Return the widths of the columns beside the claim: what they need, up to a share of the whole."""
    most = max(14, width // 6)
    widths = []
    for place, head in enumerate(heads):
        cells = [Text(head), *(row[place] for row in rows)]
        words = max((cell_len(part) for cell in cells for part in cell.plain.split()), default=0)
        whole = max((cell_len(line) for cell in cells for line in cell.plain.split("\n")), default=0)
        widths.append(min(max(words, min(whole, most)), width // 4))
    return widths


def _claim_blocks(store: Store, listed: Sequence[Claim], numbering: Numbering, look: Look) -> Iterator[Text]:
    for claim in listed:
        yield text(getattr(claim.statement, look.language), "bold")
        rows: list[tuple[str, Text]] = [
            ("id", text(claim.id)),
            ("figure", text(figure_text(claim.figure, look.language))),
            ("said", text(_voice(store, claim, look.language))),
            ("status", status_text(claim, look.language)),
            ("source", text(f"{numbering.mark(claim.source)} ¶{claim.paragraph}")),
        ]
        yield from fields(((word(name, look.language), cell) for name, cell in rows if cell.plain), look)
        yield Text("")


# --- sources ---------------------------------------------------------------------------------------


def source_lines(
    store: Store, numbering: Numbering, look: Look, voices: dict[str, dict[str, None]] | None = None
) -> Iterator[RenderableType]:
    """Yield each numbered source: outlet, title, date, who is quoted, address."""
    table = Grid(look, gap=1)
    for name, place in numbering.numbers.items():
        source = store.source(name)
        if source is None:
            continue
        told = [citations.short(source, look.language), *map(visible, (voices or {}).get(name, ()))]
        line = Text(" ".join(part if part.endswith(".") else f"{part}." for part in told), overflow="fold")
        line.append("\n" if look.terminal else " ")
        table.add(Text(f"[{place}]"), line.append(link(source.url, look)))
    yield table


def dataset_line(store: Store, look: Look) -> Text:
    """Return what every answer ends with: the dataset, its version and its date."""
    dataset = store.dataset
    return text(f"{dataset.name} {dataset.version}, {word('as_of', look.language)} {dataset.as_of}", "dim")


def source_table(
    listed: Sequence[tuple[Source, int, int]], store: Store, look: Look
) -> Iterator[RenderableType]:
    """Yield the table of sources, each with how many claims stand in it or on how many it bears."""
    language = look.language
    heads = [word(name, language) for name in ("source", "type", "claims")]
    if not look.terminal:
        heads = ["ID", *heads, "URL"]
    table = Grid(look, heads, leading=1 if look.terminal else 0, blocks=False)
    for source, stand, bear in listed:
        citation, address = text(citations.short(source, language)), link(source.url, look)
        kind = text(word(source.type, language).lower())
        counted = text(number(str(stand or bear), language))
        if look.terminal:
            citation.append("\n").append(address).append("\n").append(text(source.id, "dim"))
            table.add(citation, kind, counted)
        else:
            table.add(text(source.id), citation, kind, counted, address)
    yield table
    yield Text("")
    yield dataset_line(store, look)


# --- vocabulary ------------------------------------------------------------------------------------


def tree(kind: str, entries: Sequence[Counted], store: Store, look: Look) -> Iterator[RenderableType]:
    """Yield the entries of a list with their counts, children under their parents."""
    language = look.language
    narrow = look.terminal and look.width < NARROW
    heads = [word(kind, language), *(() if narrow else ("ID",)), word("claims", language)]
    table = Grid(look, heads, blocks=False)
    children: dict[str | None, list[Counted]] = {}
    known = {counted.entry.id for counted in entries}
    for counted in entries:
        parent = getattr(counted.entry, "parent", None)
        children.setdefault(parent if parent in known else None, []).append(counted)

    def add(parent: str | None, depth: int) -> None:
        for counted in children.get(parent, []):
            name, id = text(getattr(counted.entry.label, language)), text(counted.entry.id, "dim")
            claims = text(number(str(counted.claims), language))
            cells = (name.append("\n").append(id), claims) if narrow else (name, id, claims)
            table.add(*cells, indent=2 * depth)
            add(counted.entry.id, depth + 1)

    add(None, 0)
    yield table
    yield Text("")
    yield dataset_line(store, look)


def rows(heads: Sequence[str], cells: Iterable[Sequence[str]], look: Look) -> Iterator[RenderableType]:
    """Yield a plain table of text; where a terminal is too narrow for it, a block of lines for each row."""
    table = Grid(look, heads)
    for row in cells:
        table.add(*map(text, row))
    yield table


def findings(found: Sequence[Finding], store: Store, look: Look) -> Iterator[RenderableType]:
    """Yield what became of each claim's anchors in a text."""
    language = look.language
    heads = [word(head, language) for head in ("claim", "source", "results", "found_in")]
    cells = []
    for finding in found:
        result = word(finding.result, language) if finding.of else word("no_anchor", language)
        cells.append(
            [
                finding.claim,
                finding.source,
                result.format(finding.found, finding.of),
                "" if finding.paragraph is None else str(finding.paragraph),
            ]
        )
    yield from rows(heads, cells, look)
    yield Text("")
    yield dataset_line(store, look)
