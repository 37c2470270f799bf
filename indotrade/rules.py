"""What must hold in a dataset beyond the shape of each record: references, dates, names, statuses.

Pure functions over typed records. Each yields what is wrong as `Broken`; where the record stands is added
by `dataset.py`, which knows the files.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from indotrade import names
from indotrade.models import (
    FORMAT,
    Claim,
    Dataset,
    Entry,
    Evidence,
    Figure,
    Source,
    Vocabulary,
)
from indotrade.shape import shown

WORLD = "world"
"""The one flow end that is no entry of the vocabulary."""
NARRATION = "narration"
"""What stands for a speaker where an article itself speaks; no person may have this id."""
MOST_ANCHORS = 3


class Broken(NamedTuple):
    """A rule that a record breaks: the field, the rule's name, a sentence; a warning does not make it invalid."""

    field: str
    rule: str
    message: str
    warning: bool = False


@lru_cache(maxsize=4096)
def days(date: str) -> tuple[str, str]:
    """Return the first and the last day of a partial date.

    >>> days("2022-02")
    ('2022-02-01', '2022-02-28')

    Raises ValueError where there is no such date.
    """
    first = datetime.date.fromisoformat((date + "-01-01")[:10])
    if len(date) == 10:
        return date, date
    if len(date) == 4:
        return f"{date}-01-01", f"{date}-12-31"
    if first.month == 12:  # after the last one there is no other in the calendar
        return first.isoformat(), f"{date}-31"
    last = first.replace(month=first.month + 1) - datetime.timedelta(days=1)
    return first.isoformat(), last.isoformat()


@lru_cache(maxsize=4096)
def _dated(field: str, date: str | None, today: str | None = None) -> tuple[Broken, ...]:
    """Return a fault for a date or an interval that no calendar has; a warning if it is after `today`."""
    if date is None:
        return ()
    try:
        ends = [days(end) for end in date.split("/")]
    except ValueError:
        return (Broken(field, "date", f"{shown(date)} is not in the calendar"),)
    found = []
    if len(ends) == 2 and ends[0][0] > ends[1][1]:
        found.append(Broken(field, "date", f"{shown(date)} ends before it begins"))
    if today and ends[0][0] > today:
        found.append(Broken(field, "future", f"{shown(date)} is in the future", warning=True))
    return tuple(found)


class Context:
    """What claims refer to, and the rules that need it.

    `vocabulary` and `sources` are the records that could be read. `sources_known` is False where the file
    could not be: then no reference to a source is called dangling; the same for `vocabulary_known`.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        sources: Iterable[Source],
        today: str,
        known_ids: dict[str, set[str]],
    ) -> None:
        self.today = today
        self.known = known_ids
        """Ids by list (`sectors` … `measures`, `sources`); a list that could not be read is not in it."""
        self.sources = {source.id: source for source in sources}
        self.cited: set[str] = set()

    def _refer(self, field: str, kind: str, ids: Sequence[str]) -> Iterator[Broken]:
        known = self.known.get(kind)
        if known is None or (known.issuperset(ids) and len(set(ids)) == len(ids)):
            return
        for number, asked in enumerate(ids):
            if asked not in known:
                place = field if field[-1] != "s" else f"{field}[{number}]"
                yield Broken(place, "reference", f"{shown(asked)} is not among the {kind}")
            elif ids.index(asked) != number:
                yield Broken(f"{field}[{number}]", "duplicate", f"{shown(asked)} stands twice")

    def claim(self, claim: Claim) -> Iterator[Broken]:
        """Yield what is wrong with a claim."""
        for kind in ("sectors", "countries", "programs", "organizations"):
            if ids := getattr(claim, kind):
                yield from self._refer(kind, kind, ids)
        if claim.flow:
            for end, place in (("from", claim.flow.from_), ("to", claim.flow.to)):
                if place != WORLD:
                    yield from self._refer(f"flow.{end}", "countries", (place,))
        if claim.speaker:
            yield from self._refer("speaker", "people", (claim.speaker,))
        if claim.said.at:
            yield from self._refer("said.at", "programs", (claim.said.at,))
        yield from _dated("said.date", claim.said.date, self.today)
        if (claim.said.basis == "inferred") != bool(claim.said.why):
            yield Broken("said.why", "basis", "an inferred date needs its reason, a printed one has none")
        if claim.figure:
            yield from self._figure("figure", claim.figure)
        yield from self._source(claim)
        if claim.anchors:
            yield from _anchors(claim.anchors)
        if claim.evidence:
            yield from self._evidence(claim)
        yield from status(claim)

    def _figure(self, field: str, figure: Figure) -> Iterator[Broken]:
        if figure.measure:
            yield from self._refer(f"{field}.measure", "measures", (figure.measure,))
        if figure.period:
            yield from _dated(f"{field}.period", figure.period)

    def _source(self, claim: Claim) -> Iterator[Broken]:
        self.cited.add(claim.source)
        source = self.sources.get(claim.source)
        if source is None:
            yield from self._refer("source", "sources", (claim.source,))
        elif source.type != "article":
            yield Broken(
                "source", "reference", f"{shown(claim.source)} is evidence; a claim stands in an article"
            )

    def _evidence(self, claim: Claim) -> Iterator[Broken]:
        article = self.sources.get(claim.source)
        for number, evidence in enumerate(claim.evidence):
            place = f"evidence[{number}]"
            self.cited.add(evidence.source)
            yield from self._refer(f"{place}.source", "sources", (evidence.source,))
            if evidence.figure:
                yield from self._figure(f"{place}.figure", evidence.figure)
            yield from _independent(place, evidence, article, self.sources.get(evidence.source))

    def source(self, source: Source) -> Iterator[Broken]:
        """Yield what is wrong with a source."""
        yield from _dated("published", source.published, self.today)
        yield from _dated("accessed", source.accessed, self.today)
        if (source.published is None) != (source.basis is None):
            yield Broken("basis", "basis", "stands where `published` does, and only there")

    def unused(self) -> Iterator[str]:
        """Yield the id of each source on which no claim rests, once all claims have been looked at."""
        yield from (name for name in self.sources if name not in self.cited)


def _independent(
    place: str, evidence: Evidence, article: Source | None, source: Source | None
) -> Iterator[Broken]:
    if evidence.relation not in ("supports", "conflicts") or not article or not source:
        return
    if source.id == article.id or (source.vantage and source.vantage == article.vantage):
        yield Broken(
            f"{place}.relation",
            "vantage",
            f"{shown(source.id)} is one voice with the article, so it cannot be {shown(evidence.relation)};"
            " expected same-report or context",
        )


def _anchors(anchors: Sequence[str]) -> Iterator[Broken]:
    if len(anchors) > MOST_ANCHORS:
        yield Broken("anchors", "anchors", f"{len(anchors)} anchors, and {MOST_ANCHORS} are the most")
    if len(set(anchors)) < len(anchors):
        yield Broken("anchors", "duplicate", "an anchor stands twice")


def status(claim: Claim) -> Iterator[Broken]:
    """Yield where a claim's status is not borne out by its figure and its evidence."""
    relations = {evidence.relation for evidence in claim.evidence}
    reading = claim.figure.reading if claim.figure else None
    if claim.kind == "figure" and not claim.figure:
        yield Broken("figure", "kind", 'a claim of kind "figure" needs its figure')
    if (claim.status == "misprint") != bool(reading):
        yield Broken("status", "status", "a misprint has a figure with a reading, and only a misprint has")
    if claim.status == "superseded" and (claim.kind != "forecast" or not relations):
        yield Broken("status", "status", "superseded is a forecast whose outcome stands in its evidence")
    if claim.status == "disputed" and "conflicts" not in relations:
        yield Broken("status", "status", "disputed needs evidence that conflicts")
    if claim.status == "corroborated" and ("supports" not in relations or "conflicts" in relations):
        yield Broken("status", "status", "corroborated needs evidence that supports, and none that conflicts")
    if claim.status == "single" and relations & {"supports", "conflicts"}:
        yield Broken("status", "status", "single has no evidence that supports or conflicts")


def head(dataset: Dataset, today: str) -> Iterator[Broken]:
    """Yield what is wrong with `dataset.json`."""
    if dataset.format != FORMAT:
        yield Broken(
            "format", "format", f"{dataset.format} is not a format of this program, which reads {FORMAT}"
        )
    yield from _dated("as_of", dataset.as_of, today)
    if not dataset.languages:
        yield Broken("languages", "languages", "expected en, id or both")


def entries(kind: str, listed: Sequence[Entry], known: dict[str, set[str]]) -> Iterator[tuple[Entry, Broken]]:
    """Yield what is wrong with each entry of one list of the vocabulary.

    `known` holds the ids of every list, for the references between them.
    """
    owners: dict[str, str] = {}
    by_id = {entry.id: entry for entry in listed}
    for entry in listed:
        for field, name in _named(entry):
            spelling = names.key(name)
            if not spelling:
                yield entry, Broken(field, "name", f"{shown(name)} has no letter or digit")
            elif (owner := owners.setdefault(spelling, entry.id)) != entry.id:
                yield entry, Broken(field, "name", f"{shown(name)} is a name of {shown(owner)} already")
        for field, target in (
            ("parent", kind),
            ("organizers", "organizations"),
            ("where", "countries"),
            ("organization", "organizations"),
        ):
            value = getattr(entry, field, None) or ()
            for asked in (value,) if isinstance(value, str) else value:
                if asked not in known.get(target, {asked}):
                    yield entry, Broken(field, "reference", f"{shown(asked)} is not among the {target}")
        if _circular(entry, by_id):
            yield entry, Broken("parent", "circle", f"{shown(entry.id)} is its own ancestor")
        yield from ((entry, broken) for broken in _dated("when", getattr(entry, "when", None)))
        if kind == "people" and entry.id == NARRATION:
            yield entry, Broken("id", "reserved", f"{shown(NARRATION)} stands for the articles' own voice")
        if kind == "countries" and entry.id == WORLD:
            yield entry, Broken("id", "reserved", f"{shown(WORLD)} stands for all countries")


def _named(entry: Entry) -> Iterator[tuple[str, str]]:
    """Yield each name under which an entry is found, with its field."""
    yield "id", entry.id
    for field in ("iso2", "iso3", "iso3166_2"):
        if code := getattr(entry, field, None):
            yield field, code
    for field in ("en", "id", "ja"):
        yield f"label.{field}", getattr(entry.label, field)
    for number, alias in enumerate(entry.aliases):
        yield f"aliases[{number}]", alias


def _circular(entry: Entry, by_id: dict[str, Entry]) -> bool:
    parent, seen = getattr(entry, "parent", None), set[str]()
    while parent and parent != entry.id and parent not in seen:
        seen.add(parent)
        parent = getattr(by_id.get(parent), "parent", None)
    return bool(parent) and parent == entry.id


def repeated(ids: Iterable[str]) -> list[str]:
    """Return the ids that stand more than once."""
    return [name for name, times in Counter(ids).items() if times > 1]
