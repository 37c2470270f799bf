"""A claim in full: what it says, who said it, where it is printed, and all that speaks for and against it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.console import RenderableType
from rich.text import Text

from indotrade.dataset.records import RELATIONS, Claim, Evidence, Figure
from indotrade.engine.protocol import Engine
from indotrade.query.names import entry, label
from indotrade.screen.chart import chart
from indotrade.screen.claims import Numbering, source_lines, status_text
from indotrade.screen.layout import Grid, linked, pairs, text, unbroken
from indotrade.screen.look import Look
from indotrade.wording import references
from indotrade.wording.figures import figure_text, likely
from indotrade.wording.labels import RELATION, STATUS_MEANS, spoken, term
from indotrade.wording.sentences import word


def claim_card(claim: Claim, engine: Engine, look: Look) -> Iterator[RenderableType]:
    """Yield a claim in full: statement, figure, voice, place, status and its reason, evidence, notes, citation."""
    language = look.language
    numbering = Numbering()
    numbering.mark(claim.source)
    yield Text(claim.id, style="bold")
    yield text(spoken(claim.statement, language))
    statement = spoken(claim.statement, language)
    yield from (
        text(other, "italic") for other in dict.fromkeys(claim.statement.values()) if other != statement
    )
    yield Text("")
    yield from pairs(_facts(claim, engine, numbering, look), look)
    yield Text("")
    yield from _evidence(claim, numbering, look)
    yield from chart(claim, numbering, look)
    yield Text(word("Sources", language), style="bold")
    yield from source_lines(engine, numbering, look)
    yield Text("")
    yield from _citation(claim, engine, look)


def _facts(claim: Claim, engine: Engine, numbering: Numbering, look: Look) -> Iterator[tuple[str, Text]]:
    language = look.language

    def tags(kind: str, ids: Iterable[str]) -> Text:
        return text("; ".join(label(engine, kind, name, language) for name in ids))

    if claim.kind:
        yield word("Kind", language), Text(term(claim.kind, language))
    if claim.figure:
        yield from _figure_facts(claim.figure, engine, language)
    yield word("Speaker", language), text(_speaker(claim, engine, language))
    if claim.said and claim.said.date:
        told = (word(claim.said.basis or "", language), spoken(claim.said.why, language))
        basis = ": ".join(filter(None, told))
        yield word("Date", language), text(claim.said.date + (f" ({basis})" if basis else ""))
    if claim.said and claim.said.at:
        yield word("Made at", language), tags("programs", [claim.said.at])
    where = references.located(claim, language)
    where = where[:1].lower() + where[1:]
    yield word("Printed in", language), text(f"{numbering.mark(claim.source)} {where}".rstrip())
    for kind in ("sectors", "countries", "programs", "organizations"):
        if ids := getattr(claim, kind):
            yield word(kind.capitalize(), language), tags(kind, ids)
    if claim.flow:
        ends = [label(engine, "countries", end, language) for end in (claim.flow.from_, claim.flow.to)]
        yield word("Trade flow", language), text(" → ".join(ends))
    reason = Text(": ").append(word(STATUS_MEANS[claim.status or "single"], language))
    yield word("Status", language), status_text(claim, language).append(reason)
    if claim.note:
        yield word("Note", language), text(spoken(claim.note, language))
    if claim.anchors:
        yield word("Anchors", language), text(" ".join(claim.anchors))


def _figure_facts(figure: Figure, engine: Engine, language: str) -> Iterator[tuple[str, Text]]:
    yield word("Figure", language), text(figure_text(figure, language, period=False))
    if figure.as_printed:
        yield word("As printed", language), text(f"“{figure.as_printed}”")
    if figure.reading:
        told = (likely(figure, figure.reading, language), spoken(figure.reading.why, language))
        yield word("Likely reading", language), text(": ".join(filter(None, told)))
    if figure.measure:
        yield word("Measure", language), text(label(engine, "measures", figure.measure, language))
    yield word("Period", language), text(figure.period or word("unstated", language))


def _speaker(claim: Claim, engine: Engine, language: str) -> str:
    if claim.speaker is None:
        return word("the article's own narration", language)
    role = spoken(getattr(entry(engine, "people", claim.speaker), "role", None), language)
    return ", ".join(filter(None, (label(engine, "people", claim.speaker, language), role)))


def _evidence(claim: Claim, numbering: Numbering, look: Look) -> Iterator[RenderableType]:
    """Yield the evidence, grouped by how it bears on the claim, each item with its source, figure and strength."""
    language = look.language
    if not claim.evidence:
        yield Text(word("Evidence: none was found for or against.", language))
        yield Text("")
    for relation in RELATIONS:
        group = [evidence for evidence in claim.evidence if evidence.relation == relation]
        if not group:
            continue
        yield Text(f"{word(RELATION[relation], language)} ({len(group)})", style="bold")
        table = Grid(look, gap=1)
        for evidence in group:
            table.add(text(numbering.mark(evidence.source)), _says(evidence, language))
        yield table
        yield Text("")


def _says(evidence: Evidence, language: str) -> Text:
    line = text(spoken(evidence.says, language))
    details = [term(evidence.strength, language)] if evidence.strength else []
    if evidence.rating:
        details.insert(0, f"{word('rating', language)}: {evidence.rating}")
    if evidence.figure:
        period = evidence.figure.period or word("unstated", language)
        details = [
            figure_text(evidence.figure, language, period=False),
            f"{word('Period', language).lower()} {period}",
            *details,
        ]
    if details:
        line.append(" " if line else "").append(text(f"({'; '.join(details)})", "dim"))
    return line


def _citation(claim: Claim, engine: Engine, look: Look) -> Iterator[RenderableType]:
    source = engine.source(claim.source)
    if source is None:
        return
    speaker = entry(engine, "people", claim.speaker) if claim.speaker else None
    yield Text(word("Citation", look.language), style="bold")
    full = references.full(
        source,
        look.language,
        claim=claim,
        speaker=speaker,
        dataset=engine.dataset,
    )
    cell = linked(full, source.url, look)
    yield unbroken(cell, look.width) if look.terminal else cell
