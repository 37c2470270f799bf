"""Answers as tables for people: Rich renderables, every cell a `Text`, so that no data is ever markup."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich import box
from rich.cells import cell_len
from rich.console import RenderableType
from rich.style import Style
from rich.table import Table
from rich.text import Text

from indotrade import citations
from indotrade.console import Look
from indotrade.escape import visible
from indotrade.models import Claim, Figure, Said, Source
from indotrade.query import Answer
from indotrade.store import Counted, Store
from indotrade.verify import Finding
from indotrade.wording import BOUND, STATUS, number, quantity, word

NARROW = 60
"""Below this many columns a record is a block of lines, for a table would cut its words."""

GAP = 2
"""The columns between two columns of a table."""

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
    address = citations.web_address(url)
    return Text(address, style=Style(link=address) if look.links else "", overflow="fold")


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
    if look.terminal and look.width < NARROW:
        yield from _claim_blocks(answer.store, listed, numbering, look)
    else:
        yield _claim_table(answer.store, listed, numbering, look)
    yield Text("")
    yield from source_lines(answer.store, numbering, look, voices)
    if answer.count < answer.total:
        yield Text(word("shown_of", look.language).format(answer.count, answer.total))
    yield dataset_line(answer.store, look)


def _claim_table(store: Store, listed: Sequence[Claim], numbering: Numbering, look: Look) -> Table:
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
        table = grid([word("id", language), word("claim", language), *heads], look)
        for claim, cells in zip(listed, rows, strict=True):
            table.add_row(text(claim.id), text(getattr(claim.statement, language)), *cells)
        return table
    widths = _widths(heads, rows, look.width)
    room = look.width - sum(widths) - GAP * len(widths)
    table = grid([word("claim", language), *heads], look, [room, *widths])
    for claim, cells in zip(listed, rows, strict=True):
        statement = text(getattr(claim.statement, language))
        table.add_row(statement.append("\n").append(Text(broken(claim.id, room), style="dim")), *cells)
    return table


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


def broken(name: str, width: int) -> str:
    """Return an id in lines of at most `width` columns, each but the last ending at a hyphen where it can."""
    lines = [""]
    for part in visible(name).replace("-", "-\0").split("\0"):
        if lines[-1] and len(lines[-1]) + len(part) > width:
            lines.append("")
        lines[-1] += part
    return "\n".join(lines)


def grid(heads: Sequence[str], look: Look, widths: Sequence[int] | None = None) -> Table:
    """Return an empty table with a head: folded on a terminal, a line a record elsewhere."""
    table = Table(
        box=box.SIMPLE_HEAD,
        show_edge=False,
        pad_edge=False,
        padding=(0, GAP - 1, 0, 0),
        header_style="bold",
        leading=1 if widths else 0,
    )
    for place, head in enumerate(heads):
        width = widths[place] if widths else None
        table.add_column(Text(head), overflow="fold", no_wrap=not look.terminal, width=width)
    return table


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


def fields(rows: Iterable[tuple[str, Text]], look: Look) -> Iterator[Text]:
    """Yield `name: value`, a line each, the value folded under itself by the terminal."""
    for name, cell in rows:
        yield Text(f"{name}: ", style="dim", overflow="fold").append(cell)


# --- sources ---------------------------------------------------------------------------------------


def source_lines(
    store: Store, numbering: Numbering, look: Look, voices: dict[str, dict[str, None]] | None = None
) -> Iterator[RenderableType]:
    """Yield each numbered source: outlet, title, date, who is quoted, address."""
    table = Table.grid(padding=(0, 1, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold", no_wrap=not look.terminal)
    for name, place in numbering.numbers.items():
        source = store.source(name)
        if source is None:
            continue
        told = [citations.short(source, look.language), *map(visible, (voices or {}).get(name, ()))]
        line = Text(" ".join(part if part.endswith(".") else f"{part}." for part in told), overflow="fold")
        line.append("\n" if look.terminal else " ")
        table.add_row(Text(f"[{place}]"), line.append(link(source.url, look)))
    yield table


def dataset_line(store: Store, look: Look) -> Text:
    """Return what every answer ends with: the dataset, its version and its date."""
    dataset = store.dataset
    return text(f"{dataset.name} {dataset.version}, {word('as_of', look.language)} {dataset.as_of}", "dim")


def source_table(
    listed: Sequence[tuple[Source, int, int]], store: Store, look: Look
) -> Iterator[RenderableType]:
    """Yield the table of sources, each with how many claims stand in it and on how many it bears."""
    language = look.language
    if look.terminal and look.width < NARROW:
        for source, stand, bear in listed:
            yield text(citations.short(source, language), "bold")
            counts = f"{stand or bear} {word('claims', language).lower()}"
            yield from fields([("ID", text(source.id)), (word("claims", language), text(counts))], look)
            yield link(source.url, look)
            yield Text("")
    else:
        heads = ["ID", word("source", language), word("type", language), word("claims", language), "URL"]
        table = grid(heads, look)
        for source, stand, bear in listed:
            kind = (
                word("article", language) if source.type == "article" else word("evidence", language).lower()
            )
            table.add_row(
                text(source.id),
                text(citations.short(source, language)),
                text(kind),
                text(number(str(stand or bear), language)),
                link(source.url, look),
            )
        yield table
    yield dataset_line(store, look)


# --- vocabulary ------------------------------------------------------------------------------------


def tree(kind: str, entries: Sequence[Counted], store: Store, look: Look) -> Iterator[RenderableType]:
    """Yield the entries of a list with their counts, children under their parents."""
    language = look.language
    table = grid([word(kind, language), "ID", word("claims", language)], look)
    children: dict[str | None, list[Counted]] = {}
    known = {counted.entry.id for counted in entries}
    for counted in entries:
        parent = getattr(counted.entry, "parent", None)
        children.setdefault(parent if parent in known else None, []).append(counted)

    def add(parent: str | None, depth: int) -> None:
        for counted in children.get(parent, []):
            name = getattr(counted.entry.label, language)
            table.add_row(
                Text("  " * depth).append(text(name)),
                text(counted.entry.id, "dim"),
                text(number(str(counted.claims), language)),
            )
            add(counted.entry.id, depth + 1)

    add(None, 0)
    yield table
    yield Text("")
    yield dataset_line(store, look)


def rows(heads: Sequence[str], cells: Iterable[Sequence[str]], look: Look) -> Iterator[RenderableType]:
    """Yield a plain table of text; on a narrow terminal a block of lines for each row."""
    if look.terminal and look.width < NARROW:
        for row in cells:
            yield from fields(
                ((head, text(cell)) for head, cell in zip(heads, row, strict=True) if cell), look
            )
            yield Text("")
        return
    table = grid(heads, look)
    for row in cells:
        table.add_row(*(text(cell) for cell in row))
    yield table


def counted_claims(count: int, language: str) -> str:
    """Return `1 claim`, `23 claims`."""
    return (
        word("one_claim", language)
        if count == 1
        else word("n_claims", language).format(number(str(count), language))
    )


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
