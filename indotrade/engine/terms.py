"""The terms of claims: all that each can be asked for, as a facet and a value, with the claims that have it."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from indotrade.dataset.countries import listed
from indotrade.dataset.records import Claim, Source
from indotrade.dataset.vocabulary import LISTS, Vocabulary
from indotrade.dataset.words import KINDS, NARRATION, STATUSES, WORLD
from indotrade.text.dates import spanned

Term = tuple[str, str | None]
"""Something that claims can be asked for: a facet (`sectors`, `kind`, `from` …) and one of its values."""
Tagged = dict[Term, "array[int]"]
"""The numbers of claims, each term's in order."""
ASKED: dict[str, tuple[str, ...]] = {
    "sectors": ("sectors",),
    "countries": ("countries", "from", "to"),
    "programs": ("programs", "at", "occasion"),
    "organizations": ("organizations",),
    "people": ("speaker",),
    "measures": ("measures", "measured"),
    "sources": ("source", "evidence"),
}
"""The facets in which claims can be asked for by the entries of each list, and by sources."""
_NOTHING: set[Term] = {("kind", None), ("measures", None), ("measured", None)}
"""What is left out of a record is nothing that it could be asked for by."""


def numbers() -> array[int]:
    """Return no numbers yet."""
    return array("I")


def known(vocabulary: Vocabulary, sources: Sequence[Source]) -> Iterator[Term]:
    """Yield all that can be asked for, of whatever few claims: a term that is missing was damaged then."""
    ids = {kind: [entry.id for entry in getattr(vocabulary, kind)] for kind in LISTS}
    ids["sources"] = [source.id for source in sources]
    ids["countries"] = [*ids["countries"], *listed(), WORLD]
    ids["people"] = [*ids["people"], *ids["organizations"], NARRATION]
    for kind, facets in ASKED.items():
        yield from ((facet, name) for facet in facets for name in ids[kind])
    yield "figure", "yes"
    yield from (("kind", it) for it in KINDS)
    yield from (("status", it) for it in STATUSES)


class Terms:
    """Knows the terms of claims."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._lines = {
            kind: _lineage(kind, getattr(vocabulary, kind))
            for kind in ("sectors", "countries", "organizations")
        }

    def tagged(self, numbered: Iterable[tuple[int, Claim]]) -> dict[Term, bytes]:
        """Return the numbers of claims under each of their terms, and under the ancestors of each, as the bytes of an array."""
        tagged: Tagged = defaultdict(numbers)
        for number, claim in numbered:
            for term in self._terms(claim):
                tagged[term].append(number)
            for term in _days(claim.date, "first", "last"):
                tagged[term].append(number)
            for term in _days(claim.figure.period if claim.figure else None, "begins", "ends"):
                tagged[term].append(number)
        return {term: claims.tobytes() for term, claims in tagged.items()}

    def _terms(self, claim: Claim) -> set[Term]:
        terms = {
            ("kind", claim.kind),
            ("status", claim.status),
            ("source", claim.source),
            ("speaker", claim.speaker or NARRATION),
        }
        for kind, lines in self._lines.items():
            for tag in getattr(claim, kind):
                terms.update(lines.get(tag) or [(kind, tag)])
        for tag in claim.programs:
            terms.update((("programs", tag), ("occasion", tag)))
        for evidence in claim.evidence:
            terms.add(("evidence", evidence.source))
            if evidence.figure:
                terms.add(("measured", evidence.figure.measure))
        if claim.said and claim.said.at:
            terms.update((("at", claim.said.at), ("occasion", claim.said.at)))
        if claim.figure:
            measure = claim.figure.measure
            terms.update((("figure", "yes"), ("measures", measure), ("measured", measure)))
        if claim.flow:
            for facet, end in (("from", claim.flow.from_), ("to", claim.flow.to)):
                terms.update((facet, up) for _, up in self._lines["countries"].get(end, [(facet, end)]))
        terms -= _NOTHING
        return terms


@lru_cache(maxsize=1 << 14)
def _days(dates: str | None, *ends: str) -> Sequence[Term]:
    """Return the first and the last day of a date or an interval as terms, of each the year, too; nothing for None."""
    days = zip(ends, spanned(dates), strict=True) if dates else ()
    return [(end, part) for end, day in days for part in (day, day[:4])]


def _lineage(facet: str, entries: Sequence[Any]) -> dict[str, list[Term]]:
    """Return, for each id, the terms of the entry and of its ancestors."""
    parents = {entry.id: entry.parent for entry in entries}
    terms = {name: (facet, name) for name in parents}
    lineage: dict[str, list[Term]] = {}
    for name in parents:
        line = [terms[name]]
        while (up := parents.get(line[-1][1])) is not None:
            line.append(terms.get(up, (facet, up)))
        lineage[name] = line
    return lineage
