"""What must hold in a dataset beyond the shape of each record: references, dates, names, statuses.

Pure functions over typed records. Each yields what is wrong as `Broken`; where the record stands is added
by `reader.py`, which knows the files.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from indotrade.dataset.records import (
    FORMAT_VERSIONS,
    NARRATION,
    WORLD,
    Claim,
    Dataset,
    Entry,
    Evidence,
    Figure,
    Source,
    spellings,
)
from indotrade.errors import Message, shown
from indotrade.text import fold
from indotrade.text.dates import days

MOST_ANCHORS = 3


class Broken(NamedTuple):
    """A rule that a record breaks: the field, the rule's name, a sentence; a warning does not make it invalid."""

    field: str
    rule: str
    message: Message
    warning: bool = False


@lru_cache(maxsize=4096)
def _dated(field: str, date: str | None, today: str | None = None) -> tuple[Broken, ...]:
    """Return a fault for a date or an interval that no calendar has; a warning if it is after `today`."""
    if date is None:
        return ()
    try:
        ends = [days(end) for end in date.split("/")]
    except ValueError:
        return (Broken(field, "date", Message("{date} is not in the calendar", date=shown(date))),)
    found = []
    if len(ends) == 2 and ends[0][0] > ends[1][1]:
        found.append(Broken(field, "date", Message("{date} ends before it begins", date=shown(date))))
    if today and ends[0][0] > today:
        found.append(
            Broken(field, "future", Message("{date} is in the future", date=shown(date)), warning=True)
        )
    return tuple(found)


class Context:
    """What claims refer to, and the rules that need it.

    `sources` are the records that could be read; `known` holds the ids by list (`sectors` … `measures`,
    `sources`). A list that could not be read is not in it: then no reference to it is called dangling.
    """

    def __init__(self, sources: Iterable[Source], today: str, known: dict[str, set[str]]) -> None:
        self.today = today
        self.known = known
        self.sources = {source.id: source for source in sources}
        self.cited: set[str] = set()

    def _refer(self, field: str, kind: str, ids: Sequence[str]) -> Iterator[Broken]:
        known = self.known.get(kind)
        if known is None or (known.issuperset(ids) and len(set(ids)) == len(ids)):
            return
        for number, asked in enumerate(ids):
            if asked not in known:
                place = field if field[-1] != "s" else f"{field}[{number}]"
                yield Broken(place, "reference", _absent(asked, kind))
            elif ids.index(asked) != number:
                yield Broken(f"{field}[{number}]", "duplicate", Message("{id} stands twice", id=shown(asked)))

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
            yield Broken(
                "said.why", "basis", Message("an inferred date needs its reason, a printed one has none")
            )
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
            message = Message("{id} is evidence; a claim stands in an article", id=shown(claim.source))
            yield Broken("source", "reference", message)

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
            yield Broken("basis", "basis", Message("stands where `published` does, and only there"))

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
            Message(
                "{id} is one voice with the article, so it cannot be {relation};"
                " expected same-report or context",
                id=shown(source.id),
                relation=shown(evidence.relation),
            ),
        )


def _anchors(anchors: Sequence[str]) -> Iterator[Broken]:
    if len(anchors) > MOST_ANCHORS:
        yield Broken(
            "anchors",
            "anchors",
            Message("{count} anchors, and {most} are the most", count=len(anchors), most=MOST_ANCHORS),
        )
    if len(set(anchors)) < len(anchors):
        yield Broken("anchors", "duplicate", Message("an anchor stands twice"))


def status(claim: Claim) -> Iterator[Broken]:
    """Yield where a claim's status is not borne out by its figure and its evidence."""
    relations = {evidence.relation for evidence in claim.evidence}
    reading = claim.figure.reading if claim.figure else None
    if claim.kind == "figure" and not claim.figure:
        yield Broken("figure", "kind", Message('a claim of kind "figure" needs its figure'))
    if (claim.status == "misprint") != bool(reading):
        yield Broken(
            "status", "status", Message("a misprint has a figure with a reading, and only a misprint has")
        )
    if claim.status == "superseded" and (claim.kind != "forecast" or not relations):
        yield Broken(
            "status", "status", Message("superseded is a forecast whose outcome stands in its evidence")
        )
    if claim.status == "disputed" and "conflicts" not in relations:
        yield Broken("status", "status", Message("disputed needs evidence that conflicts"))
    if claim.status == "corroborated" and ("supports" not in relations or "conflicts" in relations):
        yield Broken(
            "status", "status", Message("corroborated needs evidence that supports, and none that conflicts")
        )
    if claim.status == "single" and relations & {"supports", "conflicts"}:
        yield Broken("status", "status", Message("single has no evidence that supports or conflicts"))


def head(dataset: Dataset, today: str) -> Iterator[Broken]:
    """Yield what is wrong with `dataset.json`."""
    if dataset.format not in FORMAT_VERSIONS:
        message = Message(
            "{format} is not a format of this program, which reads {oldest} to {newest}",
            format=dataset.format,
            oldest=FORMAT_VERSIONS[0],
            newest=FORMAT_VERSIONS[-1],
        )
        yield Broken("format", "format", message)
    yield from _dated("as_of", dataset.as_of, today)
    if not dataset.languages:
        yield Broken("languages", "languages", Message("expected en, id or both"))


def entries(kind: str, listed: Sequence[Entry], known: dict[str, set[str]]) -> Iterator[tuple[Entry, Broken]]:
    """Yield what is wrong with each entry of one list of the vocabulary.

    `known` holds the ids of every list, for the references between them.
    """
    owners: dict[str, str] = {}
    by_id = {entry.id: entry for entry in listed}
    for entry in listed:
        for field, name in spellings(entry):
            if field.startswith("hs["):  # a heading may be that of two sectors: asked for, both are named
                continue
            spelling = fold.key(name)
            if not spelling:
                yield entry, Broken(field, "name", Message("{name} has no letter or digit", name=shown(name)))
            elif (owner := owners.setdefault(spelling, entry.id)) != entry.id:
                yield (
                    entry,
                    Broken(
                        field,
                        "name",
                        Message("{name} is a name of {owner} already", name=shown(name), owner=shown(owner)),
                    ),
                )
        for field, target in (
            ("parent", kind),
            ("organizers", "organizations"),
            ("where", "countries"),
            ("organization", "organizations"),
        ):
            value = getattr(entry, field, None) or ()
            for asked in (value,) if isinstance(value, str) else value:
                if asked not in known.get(target, {asked}):
                    yield entry, Broken(field, "reference", _absent(asked, target))
        if _circular(entry, by_id):
            yield entry, Broken("parent", "circle", Message("{id} is its own ancestor", id=shown(entry.id)))
        yield from ((entry, broken) for broken in _dated("when", getattr(entry, "when", None)))
        if kind == "people" and entry.id == NARRATION:
            yield (
                entry,
                Broken(
                    "id", "reserved", Message("{id} stands for the articles' own voice", id=shown(NARRATION))
                ),
            )
        if kind == "countries" and entry.id == WORLD:
            yield entry, Broken("id", "reserved", Message("{id} stands for all countries", id=shown(WORLD)))


def _absent(asked: str, kind: str) -> Message:
    return Message("{id} is not among the {list}", id=shown(asked), list=Message(kind))


def _circular(entry: Entry, by_id: dict[str, Entry]) -> bool:
    parent, seen = getattr(entry, "parent", None), set[str]()
    while parent and parent != entry.id and parent not in seen:
        seen.add(parent)
        parent = getattr(by_id.get(parent), "parent", None)
    return bool(parent) and parent == entry.id


def repeated(ids: Iterable[str]) -> list[str]:
    """Return the ids that stand more than once."""
    return [name for name, times in Counter(ids).items() if times > 1]
