"""A claim as a card: whether it holds and why, what it says, where it is printed, and what speaks for and against it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from indotrade.dataset.records import Claim, Evidence, Figure
from indotrade.dataset.words import RELATIONS
from indotrade.engine.protocol import Engine
from indotrade.query.names import entry, label
from indotrade.screen.chart import chart
from indotrade.screen.claims import STYLES, Numbering, dataset_line, source_lines, status_text
from indotrade.screen.lines import ADDRESS, Fact, address, cell_len, facts, paragraph, styled
from indotrade.screen.look import Look
from indotrade.screen.strongest import strongest
from indotrade.wording import references
from indotrade.wording.figures import counted, figure_text, likely, said_text
from indotrade.wording.labels import RELATION, STATUS_MEANS, STATUS_REASON, spoken, term
from indotrade.wording.sentences import word

ROOM, WIDTH = 40, 80
"""What a short card has to fit into, in lines and columns, wherever it is shown: what it says is the same everywhere."""
BARS = 6
"""How many figures the chart of a short card has at most."""


def claim_card(claim: Claim, engine: Engine, look: Look, *, full: bool = False) -> Iterator[str]:
    """Yield a claim on one screen, the finding first; with `full` all that is known of it."""
    yield from _full(claim, engine, look) if full else _short(claim, engine, look)


# --- on one screen ----------------------------------------------------------------------------------


def _short(claim: Claim, engine: Engine, look: Look) -> Iterator[str]:
    """Yield a card with as much of the evidence as `ROOM` lines of `WIDTH` columns have room for."""
    page = replace(look, terminal=True, width=WIDTH, colour=False, links=False)
    ranked = {relation: strongest(claim, relation, engine) for relation in RELATIONS}
    groups = [relation for relation in RELATIONS if ranked[relation]]
    taken = dict.fromkeys(groups, 1)
    bars = BARS if claim.figure else 0

    def drawn(look: Look) -> Iterator[str]:
        yield from _finding(claim, engine, look)
        yield from _evidence(claim, engine, look, {group: ranked[group][: taken[group]] for group in groups})
        yield from chart(claim, None, look, most=bars)
        yield from _more(claim, engine, look, shown=sum(taken.values()))

    def too_high() -> bool:
        return _height(drawn(page)) > ROOM

    while bars and too_high():
        bars -= 1
    for group in ("same-report", "context"):  # of which the number alone is told where nothing else helps
        if group in taken and too_high():
            taken[group] = 0
    growing = [group for group in groups if taken[group]]
    while growing:
        for group in tuple(growing):
            taken[group] += 1
            if taken[group] > len(ranked[group]) or too_high():
                taken[group] -= 1
                growing.remove(group)
    yield from drawn(look)


def _height(lines: Iterable[str]) -> int:
    """Return how many lines of a terminal of `WIDTH` columns these take: an address may need more than one."""
    return sum(max(1, -(-cell_len(line) // WIDTH)) for line in lines)


def _finding(claim: Claim, engine: Engine, look: Look) -> Iterator[str]:
    """Yield the id, the status with its reason, the statement, and what is known of figure, speaker, date and place."""
    language = look.language
    yield styled(claim.id, "bold", look)
    told = f"{status_text(claim, language)}: {reason(claim, language)}"
    yield from paragraph(told, look, STYLES.get(claim.status or "", "bold"))
    yield from paragraph(spoken(claim.statement, language), look)
    yield ""
    source = engine.source(claim.source)
    said = (_speaker(claim, engine, language), said_text(claim, language))
    printed = (
        references.mark(claim, language),
        references.short(source, language) if source else claim.source,
    )
    at = claim.said and claim.said.at
    yield from facts(
        [
            Fact(word("Figure", language), _printed_figure(claim.figure, language), "bold"),
            Fact(word("Said", language), ", ".join(filter(None, said))),
            Fact(word("Made at", language), label(engine, "programs", at, language) if at else ""),
            Fact(word("Printed in", language), " ".join(filter(None, printed))),
            Fact("", (source and source.url) or "", ADDRESS),
            Fact(word("Note", language), spoken(claim.note, language)),
        ],
        look,
    )


def reason(claim: Claim, language: str) -> str:
    """Return why a claim has its status, in a sentence."""
    reading = claim.figure and claim.figure.reading
    why = spoken(reading.why, language) if claim.status == "misprint" and reading else ""
    return why or word(STATUS_REASON[claim.status or "single"], language)


def _printed_figure(figure: Figure | None, language: str) -> str:
    if figure is None:
        return ""
    printed = figure.as_printed and word("printed “{}”", language).format(figure.as_printed)
    return ", ".join(filter(None, (figure_text(figure, language), printed)))


def _evidence(claim: Claim, engine: Engine, look: Look, chosen: dict[str, list[Evidence]]) -> Iterator[str]:
    """Yield the evidence that was chosen, under its relation: how many voices and statements there are of it."""
    language = look.language
    if not claim.evidence:
        yield ""
        yield from paragraph(word("Evidence: none was found for or against.", language), look)
    if claim.evidence:
        yield ""
    for relation, items in chosen.items():
        statements = sum(evidence.relation == relation for evidence in claim.evidence)
        told = [counted(statements, "statement", language)]
        if relation != "same-report":
            told.insert(0, counted(getattr(claim, relation), "voice", language))
        head = f"{word(RELATION[relation], language)} ({', '.join(told)})"
        yield from paragraph(head, look, "bold")
        for evidence in items:
            yield from _strong(evidence, engine, look)


def _strong(evidence: Evidence, engine: Engine, look: Look) -> Iterator[str]:
    """Yield a piece of evidence: who says it and when, how near that is to the fact, what it says, its address."""
    language = look.language
    source = engine.source(evidence.source)
    who = [references.outlet(source), references.published(source, language)] if source else [evidence.source]
    about = [term(evidence.strength, language)] if evidence.strength else []
    if evidence.rating:
        about.append(f"{word('rating', language)}: {evidence.rating}")
    if evidence.figure and evidence.figure.period:
        about.append(f"{word('Period', language).lower()} {evidence.figure.period}")
    says = spoken(evidence.says, language) or figure_text(evidence.figure, language, period=False)
    voice = " ".join(filter(None, (", ".join(who), f"({'; '.join(about)})" if about else "")))
    yield from paragraph(": ".join(filter(None, (voice, says))), look, indent=2, first="•")
    if source and source.url:
        yield f"  {address(source.url, look)}"


def _more(claim: Claim, engine: Engine, look: Look, shown: int) -> Iterator[str]:
    """Yield what else there is to be seen, with the command that shows it, and the dataset."""
    language = look.language
    yield ""
    left = len(claim.evidence) - shown
    what = (counted(left, "more statement", language),) if left > 0 else ()
    told = (*what, word("all sources, tags, anchors and the citation", language))
    yield from paragraph(f"`indotrade show {claim.id} --full`: {', '.join(told)}", look)
    yield from dataset_line(engine, look)


# --- in full ----------------------------------------------------------------------------------------


def _full(claim: Claim, engine: Engine, look: Look) -> Iterator[str]:
    language = look.language
    numbering = Numbering()
    numbering.mark(claim.source)
    statement = spoken(claim.statement, language)
    yield styled(claim.id, "bold", look)
    yield from paragraph(status_text(claim, language), look, STYLES.get(claim.status or "", "bold"))
    yield from paragraph(statement, look)
    for other in dict.fromkeys(claim.statement.values()):
        if other != statement:
            yield from paragraph(other, look, "italic")
    yield ""
    anchors = Fact(word("Anchors", language), " ".join(claim.anchors))
    yield from facts([*claim_facts(claim, engine, numbering, language), anchors], look)
    yield ""
    yield from _all_evidence(claim, numbering, look)
    yield from chart(claim, numbering, look)
    yield styled(word("Sources", language), "bold", look)
    yield from source_lines(engine, numbering, look)
    yield ""
    yield from _citation(claim, engine, look)


def claim_facts(claim: Claim, engine: Engine, numbering: Numbering, language: str) -> Iterator[Fact]:
    """Yield what is known of a claim beside its statement and its evidence, each thing under its name."""

    def tags(kind: str, ids: Iterable[str]) -> str:
        return "; ".join(label(engine, kind, name, language) for name in ids)

    yield Fact(word("Status", language), word(STATUS_MEANS[claim.status or "single"], language))
    if claim.kind:
        yield Fact(word("Kind", language), term(claim.kind, language))
    if claim.figure:
        yield from _figure_facts(claim.figure, engine, language)
    yield Fact(word("Speaker", language), _speaker(claim, engine, language))
    if claim.said and claim.said.date:
        told = (word(claim.said.basis or "", language), spoken(claim.said.why, language))
        basis = ": ".join(filter(None, told))
        yield Fact(word("Date", language), claim.said.date + (f" ({basis})" if basis else ""))
    if claim.said and claim.said.at:
        yield Fact(word("Made at", language), tags("programs", [claim.said.at]))
    where = references.located(claim, language)
    where = where[:1].lower() + where[1:]
    yield Fact(word("Printed in", language), f"{numbering.mark(claim.source)} {where}".rstrip())
    for kind in ("sectors", "countries", "programs", "organizations"):
        yield Fact(word(kind.capitalize(), language), tags(kind, getattr(claim, kind)))
    if claim.flow:
        ends = [label(engine, "countries", end, language) for end in (claim.flow.from_, claim.flow.to)]
        yield Fact(word("Trade flow", language), " → ".join(ends))
    yield Fact(word("Note", language), spoken(claim.note, language))


def _figure_facts(figure: Figure, engine: Engine, language: str) -> Iterator[Fact]:
    yield Fact(word("Figure", language), figure_text(figure, language, period=False), "bold")
    if figure.as_printed:
        yield Fact(word("As printed", language), f"“{figure.as_printed}”")
    if figure.reading:
        told = (likely(figure, figure.reading, language), spoken(figure.reading.why, language))
        yield Fact(word("Likely reading", language), ": ".join(filter(None, told)))
    if figure.measure:
        yield Fact(word("Measure", language), label(engine, "measures", figure.measure, language))
    yield Fact(word("Period", language), figure.period or word("unstated", language))


def _speaker(claim: Claim, engine: Engine, language: str) -> str:
    if claim.speaker is None:
        return word("the article's own narration", language)
    role = spoken(getattr(entry(engine, "people", claim.speaker), "role", None), language)
    return ", ".join(filter(None, (label(engine, "people", claim.speaker, language), role)))


def _all_evidence(claim: Claim, numbering: Numbering, look: Look) -> Iterator[str]:
    """Yield the evidence, grouped by how it bears on the claim, each item with its source, figure and strength."""
    language = look.language
    if not claim.evidence:
        yield from paragraph(word("Evidence: none was found for or against.", language), look)
        yield ""
    ordered = sorted(claim.evidence, key=lambda evidence: RELATIONS.index(evidence.relation))
    marks = [numbering.mark(evidence.source) for evidence in ordered]
    indent = max(map(len, marks), default=0) + 1
    for relation in RELATIONS:
        group = [evidence for evidence in claim.evidence if evidence.relation == relation]
        if not group:
            continue
        yield from paragraph(f"{word(RELATION[relation], language)} ({len(group)})", look, "bold")
        for evidence in group:
            mark = numbering.mark(evidence.source)
            yield from paragraph(_says(evidence, language), look, indent=indent, first=mark)
        yield ""


def _says(evidence: Evidence, language: str) -> str:
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
    told = (spoken(evidence.says, language), f"({'; '.join(details)})" if details else "")
    return " ".join(filter(None, told))


def _citation(claim: Claim, engine: Engine, look: Look) -> Iterator[str]:
    source = engine.source(claim.source)
    if source is None:
        return
    speaker = entry(engine, "people", claim.speaker) if claim.speaker else None
    yield styled(word("Citation", look.language), "bold", look)
    told = references.full(source, look.language, claim=claim, speaker=speaker, dataset=engine.dataset)
    yield from paragraph(told, look)
