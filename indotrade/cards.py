"""One record in full, as a card for people: a claim with all that speaks for and against it, a program, a source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple, get_args

from rich.cells import cell_len
from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from indotrade import citations
from indotrade.console import Look
from indotrade.escape import visible
from indotrade.models import Claim, Evidence, Figure, Person, Program, Relation, Source
from indotrade.store import Store
from indotrade.tables import (
    NARROW,
    STYLES,
    Grid,
    Numbering,
    dataset_line,
    fields,
    figure_text,
    label,
    linked,
    source_lines,
    speaker_text,
    status_text,
    text,
    unbroken,
)
from indotrade.wording import (
    BEARS,
    BOUND,
    KIND,
    RELATION,
    STATUS,
    STATUS_MEANS,
    STRENGTH,
    number,
    unit_word,
    word,
)

RELATIONS: tuple[Relation, ...] = get_args(Relation)


def claim_card(claim: Claim, store: Store, look: Look) -> Iterator[RenderableType]:
    """Yield a claim in full: statement, figure, voice, place, status and its reason, evidence, notes, citation."""
    language = look.language
    numbering = Numbering()
    numbering.mark(claim.source)
    yield Text(claim.id, style="bold")
    yield text(getattr(claim.statement, language))
    yield text(claim.statement.id if language == "en" else claim.statement.en, "italic")
    yield Text("")
    yield from pairs(_facts(claim, store, numbering, look), look)
    yield Text("")
    yield from _evidence(claim, numbering, look)
    yield from chart(claim, numbering, look)
    yield Text(word("sources", language), style="bold")
    yield from source_lines(store, numbering, look)
    yield Text("")
    yield from _citation(claim, store, look)


def pairs(rows: Iterable[tuple[str, Text]], look: Look) -> Iterator[RenderableType]:
    """Yield names and values side by side; on a narrow terminal in lines."""
    if look.terminal and look.width < NARROW:
        yield from fields(rows, look)
        return
    table = Grid(look)
    for name, cell in rows:
        table.add(Text(name, style="dim"), cell)
    yield table


def _facts(claim: Claim, store: Store, numbering: Numbering, look: Look) -> Iterator[tuple[str, Text]]:
    language = look.language

    def tags(kind: str, ids: Iterable[str]) -> Text:
        return text("; ".join(label(store, kind, name, language) for name in ids))

    yield word("kind", language), Text(KIND[claim.kind].text(language))
    if claim.figure:
        yield from _figure_facts(claim.figure, store, language)
    yield word("speaker", language), text(_speaker(claim, store, language))
    basis = word(claim.said.basis, language) + (f": {claim.said.why}" if claim.said.why else "")
    yield word("date", language), text(f"{claim.said.date} ({basis})")
    if claim.said.at:
        yield word("at", language), tags("programs", [claim.said.at])
    place = f"{numbering.mark(claim.source)} {word('paragraph', language)} {claim.paragraph}"
    yield word("place", language), text(place)
    for kind in ("sectors", "countries", "programs", "organizations"):
        if ids := getattr(claim, kind):
            yield word(kind, language), tags(kind, ids)
    if claim.flow:
        ends = [label(store, "countries", end, language) for end in (claim.flow.from_, claim.flow.to)]
        yield word("flow", language), text(" → ".join(ends))
    reason = Text(": ").append(STATUS_MEANS[claim.status].text(language))
    yield word("status", language), status_text(claim, language).append(reason)
    if claim.note:
        yield word("note", language), text(getattr(claim.note, language))
    if claim.anchors:
        yield word("anchors", language), text(" ".join(claim.anchors))


def _figure_facts(figure: Figure, store: Store, language: str) -> Iterator[tuple[str, Text]]:
    yield word("figure", language), text(figure_text(figure, language, period=False))
    if figure.as_printed:
        yield word("as_printed", language), text(f"“{figure.as_printed}”")
    if figure.reading:
        yield (
            word("reading", language),
            text(f"{number(figure.reading.value, language)} {figure.unit}: {figure.reading.why}"),
        )
    if figure.measure:
        yield word("measure", language), text(label(store, "measures", figure.measure, language))
    yield word("period", language), text(figure.period or word("unstated", language))


def _speaker(claim: Claim, store: Store, language: str) -> str:
    if claim.speaker is None:
        return word("narrator", language)
    person = store.entry("people", claim.speaker)
    name = speaker_text(store, claim.speaker, language)
    return f"{name}, {getattr(person.role, language)}" if isinstance(person, Person) and person.role else name


def _evidence(claim: Claim, numbering: Numbering, look: Look) -> Iterator[RenderableType]:
    """Yield the evidence, grouped by how it bears on the claim, each item with its source, figure and strength."""
    language = look.language
    if not claim.evidence:
        yield Text(word("no_evidence", language))
        yield Text("")
    for relation in RELATIONS:
        group = [evidence for evidence in claim.evidence if evidence.relation == relation]
        if not group:
            continue
        yield Text(f"{RELATION[relation].text(language)} ({len(group)})", style="bold")
        table = Grid(look, gap=1)
        for evidence in group:
            table.add(text(numbering.mark(evidence.source)), _says(evidence, language))
        yield table
        yield Text("")


def _says(evidence: Evidence, language: str) -> Text:
    line = text(getattr(evidence.says, language))
    details = [STRENGTH[evidence.strength].text(language)]
    if evidence.figure:
        period = evidence.figure.period or word("unstated", language)
        details = [
            figure_text(evidence.figure, language, period=False),
            f"{word('period', language).lower()} {period}",
            *details,
        ]
    return line.append(" ").append(text(f"({'; '.join(details)})", "dim"))


# --- the chart -------------------------------------------------------------------------------------


class Bar(NamedTuple):
    """One figure of a chart."""

    when: str
    name: str
    value: float
    quantity: str
    own: bool


def chart(claim: Claim, numbering: Numbering, look: Look) -> Iterator[RenderableType]:
    """Yield a bar chart of the claim's figure beside those of its evidence with the same measure and unit."""
    bars = comparable(claim, numbering, look.language)
    if not bars or claim.figure is None:
        return
    language = look.language
    unit = visible(unit_word(claim.figure.unit, language))
    yield Text(f"{word('chart', language)} ({unit})", style="bold")
    names = max(cell_len(bar.name) for bar in bars)
    digits = max(cell_len(bar.quantity) for bar in bars)
    width = look.width if look.terminal else 100
    room = max(8, min(50, width - names - digits - 4))
    largest = max(abs(bar.value) for bar in bars) or 1.0
    for bar in bars:
        filled = round(abs(bar.value) / largest * room)
        line = Text(f"{bar.name}{' ' * (names - cell_len(bar.name))}  ")
        line.append(f"{' ' * (digits - cell_len(bar.quantity))}{bar.quantity}  ")
        yield line.append("█" * filled or "▏", style="bold" if bar.own else "")
    yield Text("")


def comparable(claim: Claim, numbering: Numbering, language: str) -> list[Bar]:
    """Return the claim's figure and those of its evidence that share measure and unit, by time; [] if it stands alone.

    One figure for one period that several sources repeat is one bar with all their numbers.
    """
    own = claim.figure
    if own is None or own.measure is None:
        return []
    found: dict[tuple[str, str, str], list[str]] = {}
    for evidence in claim.evidence:
        figure = evidence.figure
        if figure and figure.measure == own.measure and figure.unit == own.unit:
            marks = found.setdefault((figure.period or "", figure.value, figure.bound), [])
            if (mark := numbering.mark(evidence.source)) not in marks:
                marks.append(mark)
    if not found:
        return []
    bars = [
        Bar(
            period.split("/")[-1],
            f"{period or word('unstated', language)} {' '.join(marks)}",
            float(value),
            BOUND[bound].text(language).format(number(value, language)),
            own=False,
        )
        for (period, value, bound), marks in found.items()
    ]
    when = own.period or claim.said.date
    shown = own.reading.value if own.reading else own.value
    name = f"{when} {word('this_claim', language)}"
    amount = BOUND[own.bound].text(language).format(number(shown, language))
    bars.append(Bar(when.split("/")[-1], name, float(shown), amount, own=True))
    return sorted(bars, key=lambda bar: (not bar.when, bar.when))


# --- the rest --------------------------------------------------------------------------------------


def _citation(claim: Claim, store: Store, look: Look) -> Iterator[RenderableType]:
    source = store.source(claim.source)
    if source is None:
        return
    speaker = store.entry("people", claim.speaker) if claim.speaker else None
    yield Text(word("citation", look.language), style="bold")
    full = citations.full(
        source,
        look.language,
        claim=claim,
        speaker=speaker if isinstance(speaker, Person) else None,
        dataset=store.dataset,
    )
    cell = linked(full, source.url, look)
    yield unbroken(cell, look.width) if look.terminal else cell


def program_card(program: Program, store: Store, look: Look) -> Iterator[RenderableType]:
    """Yield what a program is: its name, its sentence, who organizes it, when and where."""
    language = look.language
    yield text(getattr(program.label, language), "bold")
    if program.about:
        yield text(getattr(program.about, language))
    rows = []
    for name, kind, ids in (
        ("organizers", "organizations", program.organizers),
        ("where", "countries", program.where),
    ):
        shown = "; ".join(label(store, kind, entry, language) for entry in ids)
        rows.append((word(name, language), text(shown or word("unknown", language))))
    rows.insert(1, (word("when", language), text(program.when or word("unknown", language))))
    yield from pairs(rows, look)
    yield Text("")


def source_card(
    source: Source, stand: list[Claim], bear: list[Claim], store: Store, look: Look
) -> Iterator[RenderableType]:
    """Yield a source in full, with the claims that stand in it and those on which it bears."""
    language = look.language
    yield Text(source.id, style="bold")
    cell = linked(citations.full(source, language), source.url, look)
    yield unbroken(cell, look.width) if look.terminal else cell
    for head, listed in (("rests", stand), ("rests_evidence", bear)):
        if not listed:
            continue
        yield Text("")
        yield Text(f"{word(head, language)} ({len(listed)})", style="bold")
        for claim in listed:
            line = text(claim.id).append(": ").append(text(getattr(claim.statement, language)))
            line.append(" ").append(
                Text(f"[{_bearing(claim, source, language)}]", style=STYLES[claim.status])
            )
            yield (
                Padding(unbroken(line, look.width - 2), (0, 0, 0, 2))
                if look.terminal
                else Text("  ").append(line)
            )
    yield Text("")
    yield dataset_line(store, look)


def _bearing(claim: Claim, source: Source, language: str) -> str:
    """Return a claim's status and, for evidence, how the source bears on it."""
    relations = {evidence.relation for evidence in claim.evidence if evidence.source == source.id}
    words = (BEARS[relation].text(language) for relation in RELATIONS if relation in relations)
    return ", ".join([STATUS[claim.status].text(language), *words])
