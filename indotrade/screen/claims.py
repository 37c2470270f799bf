"""Claims as a table, with their numbered sources beneath and the dataset that they are from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.cells import cell_len
from rich.console import RenderableType
from rich.text import Text

from indotrade.dataset.records import Claim
from indotrade.engine.protocol import Engine
from indotrade.query.answer import Answer
from indotrade.query.names import label
from indotrade.screen.layout import GAP, NARROW, Grid, fields, link, text
from indotrade.screen.look import Look
from indotrade.text.escape import visible
from indotrade.wording import references
from indotrade.wording.figures import figure_text, number, said_text
from indotrade.wording.labels import spoken, term
from indotrade.wording.sentences import word

STATEMENT = 20
"""A table of claims leaves at least this many columns to the claim; else claims are blocks."""

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


def status_text(claim: Claim, language: str, separator: str = " ") -> Text:
    """Return a claim's status in a word, and how many independent voices stand for and against it, and in context."""
    voices = ((claim.supports, "for"), (claim.conflicts, "against"), (claim.context, "in context"))
    counts = [f"{number(str(count), language)} {word(name, language)}" for count, name in voices if count]
    cell = Text(term(claim.status, language), style=STYLES.get(claim.status or "", ""))
    return cell.append(f"{separator}({', '.join(counts)})", style="not bold") if counts else cell


def claims(answer: Answer, look: Look) -> Iterator[RenderableType]:
    """Yield the table of an answer, its numbered sources beneath, and the dataset that it is from."""
    numbering = Numbering()
    voices: dict[str, dict[str, None]] = {}
    listed = list(answer.claims())
    for claim in listed:
        numbering.mark(claim.source)
        voice = voices.setdefault(claim.source, {})
        if claim.speaker:
            voice[_voice(answer.engine, claim, look.language)] = None
    yield from _claim_table(answer.engine, listed, numbering, look)
    yield from source_lines(answer.engine, numbering, look, voices)
    if answer.count < answer.total:
        yield Text(word("{} of {} claims", look.language).format(answer.count, answer.total))
    yield dataset_line(answer.engine, look)


def _claim_table(
    engine: Engine, listed: Sequence[Claim], numbering: Numbering, look: Look
) -> Iterator[RenderableType]:
    """Yield the claims as a table, as blocks where a terminal is too narrow for one, and an empty line."""
    language = look.language
    rows = [
        [
            text(figure_text(claim.figure, language)),
            text(_voice(engine, claim, language)),
            status_text(claim, language, "\n" if look.terminal else " "),
            text(f"{numbering.mark(claim.source)} {references.mark(claim, language)}".rstrip()),
        ]
        for claim in listed
    ]
    heads = [word(head, language) for head in ("Figure", "Speaker, date", "Status", "Source")]
    if not look.terminal:
        table = Grid(look, [word("ID", language), word("Claim", language), *heads])
        for claim, cells in zip(listed, rows, strict=True):
            table.add(text(claim.id), text(spoken(claim.statement, language)), *cells)
        yield from (table, Text(""))
        return
    widths = _widths(heads, rows, look.width)
    room = look.width - sum(widths) - GAP * len(widths)
    if look.width < NARROW or room < STATEMENT:
        yield from _claim_blocks(engine, listed, numbering, look)
        return
    table = Grid(look, [word("Claim", language), *heads], [room, *widths], leading=1)
    for claim, cells in zip(listed, rows, strict=True):
        statement = text(spoken(claim.statement, language))
        table.add(statement.append("\n").append(text(claim.id, "dim")), *cells)
    yield from (table, Text(""))


def _voice(engine: Engine, claim: Claim, language: str) -> str:
    voice = (label(engine, "people", claim.speaker, language), said_text(claim, language))
    return ", ".join(filter(None, voice))


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


def _claim_blocks(
    engine: Engine, listed: Sequence[Claim], numbering: Numbering, look: Look
) -> Iterator[Text]:
    for claim in listed:
        yield text(spoken(claim.statement, look.language), "bold")
        rows: list[tuple[str, Text]] = [
            ("ID", text(claim.id)),
            ("Figure", text(figure_text(claim.figure, look.language))),
            ("Speaker, date", text(_voice(engine, claim, look.language))),
            ("Status", status_text(claim, look.language)),
            (
                "Source",
                text(f"{numbering.mark(claim.source)} {references.mark(claim, look.language)}".rstrip()),
            ),
        ]
        yield from fields(((word(name, look.language), cell) for name, cell in rows if cell.plain), look)
        yield Text("")


def source_lines(
    engine: Engine, numbering: Numbering, look: Look, voices: dict[str, dict[str, None]] | None = None
) -> Iterator[RenderableType]:
    """Yield each numbered source: outlet, title, date, who is quoted, address."""
    table = Grid(look, gap=1)
    for name, place in numbering.numbers.items():
        source = engine.source(name)
        if source is None:
            continue
        told = [references.short(source, look.language), *map(visible, (voices or {}).get(name, ()))]
        line = Text(" ".join(part if part.endswith(".") else f"{part}." for part in told), overflow="fold")
        line.append("\n" if look.terminal else " ")
        table.add(Text(f"[{place}]"), line.append(link(source.url, look)))
    yield table


def dataset_line(engine: Engine, look: Look) -> Text:
    """Return what every answer ends with: the dataset, its version and its date."""
    dataset = engine.dataset
    return text(f"{dataset.name} {dataset.version}, {word('as of', look.language)} {dataset.as_of}", "dim")
