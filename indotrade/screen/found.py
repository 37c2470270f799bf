"""Where a claim has what was searched for, if its table shows nothing of it: in another language, a note, evidence, a name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from indotrade.dataset.records import Claim
from indotrade.dataset.vocabulary import spellings
from indotrade.engine.protocol import Engine
from indotrade.query.names import entry, label
from indotrade.screen.lines import LEAST, fold, marked
from indotrade.screen.look import Look
from indotrade.text.escape import visible
from indotrade.text.sought import spans
from indotrade.wording import references
from indotrade.wording.sentences import word

AROUND = 36
"""About so many letters are shown on either side of a word that was found."""


def elsewhere(claim: Claim, engine: Engine, shown: Sequence[str], indent: int, look: Look) -> Iterator[str]:
    """Yield, for the words that stand in nothing that is shown, the first text that has them, with what it is."""
    missing = [it for it in look.sought if not any(spans(text, [it]) for text in shown)]
    told: dict[str, None] = {}
    for sought in missing:
        for head, text in _texts(claim, engine, look.language):
            if found := spans(text, [sought]):
                told[f"{head}: {_around(text, *found[0])}"] = None
                break
    for line in told:
        lines = fold(line, max(look.width - indent, LEAST))
        yield from (" " * indent + shown for shown in marked(lines, line, "", look))


def _around(text: str, start: int, end: int) -> str:
    """Return a stretch of a text around a place, from a word's start to a word's end."""
    first = text.rfind(" ", 0, max(start - AROUND, 0)) + 1 if start > AROUND else 0
    last = text.find(" ", end + AROUND)
    cut = text[first : last if last >= 0 else None]
    return f"{'… ' if first else ''}{cut}{' …' if last >= 0 else ''}"


def _texts(claim: Claim, engine: Engine, language: str) -> Iterator[tuple[str, str]]:
    """Yield the texts that are looked through beside what a table shows, each with what it is."""
    for code, text in claim.statement.items():
        yield code, visible(text)
    for text in (claim.note or {}).values():
        yield word("Note", language), visible(text)
    if claim.figure and claim.figure.as_printed:
        yield word("As printed", language), visible(claim.figure.as_printed)
    for evidence in claim.evidence:
        source = engine.source(evidence.source)
        outlet = references.outlet(source) if source else evidence.source
        head = f"{word('Evidence', language)}, {visible(outlet)}"
        for text in (evidence.says or {}).values():
            yield head, visible(text)
        yield word("Evidence", language), visible(outlet)
        yield head, visible((source and source.title) or "")
        if evidence.figure and evidence.figure.as_printed:
            yield head, visible(evidence.figure.as_printed)
    yield from _names(claim, engine, language)


def _names(claim: Claim, engine: Engine, language: str) -> Iterator[tuple[str, str]]:
    """Yield the names of what a claim is tagged with and of what that is a part of, each with how it is called here."""
    at = claim.said.at if claim.said else None
    tags = [
        (word("Sectors", language), "sectors", claim.sectors),
        (word("Countries", language), "countries", claim.countries),
        (word("Programs", language), "programs", [*claim.programs, *([at] if at else [])]),
        (word("Organizations", language), "organizations", claim.organizations),
        (word("Speaker", language), "people", [claim.speaker] if claim.speaker else []),
    ]
    for head, kind, ids in tags:
        for name in ids:
            tag: str | None = name
            while tag and (found := entry(engine, kind, tag)):
                called = visible(label(engine, kind, tag, language))
                yield head, called
                for _, spelling in spellings(found):
                    yield head, f"{called} ({visible(spelling)})"
                tag = getattr(found, "parent", None)
