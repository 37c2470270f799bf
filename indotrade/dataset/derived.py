"""What follows from a record, and is therefore never written by hand: a claim's status, its voices, the order of texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import UNSET
from msgspec.structs import force_setattr

from indotrade.dataset.records import Claim, Source
from indotrade.dataset.vocabulary import Entry
from indotrade.dataset.words import Status


def status(claim: Claim) -> Status:
    """Return the status that a claim has by its figure and its evidence.

    Whether a forecast is superseded is a judgement, which somebody has to write down.
    """
    if claim.figure and claim.figure.reading:
        return "misprint"
    relations = {evidence.relation for evidence in claim.evidence}
    return "disputed" if "conflicts" in relations else "corroborated" if "supports" in relations else "single"


def settle(claim: Claim, sources: Mapping[str, Source], languages: Sequence[str]) -> None:
    """Put what follows from a claim that was just read into it, in place: nobody else knows it yet."""
    if claim.status is None:
        force_setattr(claim, "status", status(claim))
    if claim.evidence or claim.supports or claim.conflicts or claim.context:
        for relation, voices in _voices(claim, sources).items():
            force_setattr(claim, relation, len(voices))
    if claim.sources is not UNSET:
        force_setattr(claim, "sources", UNSET)
    for texts in texts_of(claim):
        arrange(texts, languages)


def _voices(claim: Claim, sources: Mapping[str, Source]) -> dict[str, set[str]]:
    """Return the independent voices of each relation: sources of one vantage are one, and the claim's own is none."""
    found: dict[str, set[str]] = {"supports": set(), "conflicts": set(), "context": set()}
    own = _voice(claim.source, sources)
    for evidence in claim.evidence:
        if evidence.relation in found:
            found[evidence.relation].add(_voice(evidence.source, sources))
    for voices in found.values():
        voices.discard(own)
    return found


def _voice(name: str, sources: Mapping[str, Source]) -> str:
    source = sources.get(name)
    return source.vantage or name if source else name


def texts_of(record: Claim | Entry) -> list[dict[str, str]]:
    """Return each text by language in a record."""
    found: list[Any]
    if isinstance(record, Claim):
        found = [record.statement, record.note, record.said and record.said.why]
        figures = [record.figure]
        for evidence in record.evidence:
            found.append(evidence.says)
            figures.append(evidence.figure)
        found += [figure.reading.why for figure in figures if figure and figure.reading]
    else:
        found = [record.label, record.about, getattr(record, "role", None)]
    return [texts for texts in found if isinstance(texts, dict)]


def arrange(texts: dict[str, str], languages: Sequence[str]) -> None:
    """Put the texts into the order of the dataset's languages: the first is shown where another is not there."""
    if len(texts) > 1 and languages and next(iter(texts)) != languages[0]:
        ordered = {code: texts[code] for code in (*languages, *texts) if code in texts}
        texts.clear()
        texts.update(ordered)
