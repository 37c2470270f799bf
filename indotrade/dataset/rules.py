"""What must hold of claims and sources beyond their shape: references, dates, languages, statuses.

Pure functions over typed records. Each yields what is wrong as `Broken`; where the record stands is added
by `reader.py`, which knows the files.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property, lru_cache
from math import inf

from indotrade.dataset import derived
from indotrade.dataset.countries import lent
from indotrade.dataset.faults import Broken
from indotrade.dataset.fields import is_language
from indotrade.dataset.records import FORMAT_VERSIONS, Claim, Dataset, Evidence, Figure, Source
from indotrade.dataset.vocabulary import Country, Entry
from indotrade.dataset.words import WORLD
from indotrade.errors import Message, shown
from indotrade.text.dates import days

MOST_ANCHORS = 3
SAME_NEWS = 3
"""A press report printed within so many days of the article may be the same news."""


@lru_cache(maxsize=4096)
def dated(field: str, date: str | None, today: str | None = None) -> tuple[Broken, ...]:
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

    `sources` are the records that could be read, by id; `known` holds the ids by list (`sectors` … `measures`,
    `sources`). A list that could not be read is not in it: then no reference to it is called dangling.
    With `parents`, the parent of each entry by list, what only warns and takes long is looked at as well.
    """

    def __init__(
        self,
        sources: Mapping[str, Source],
        today: str,
        known: dict[str, set[str]],
        languages: Sequence[str] = (),
        countries: Sequence[Country] = (),
        *,
        parents: Mapping[str, Mapping[str, str | None]] | None = None,
    ) -> None:
        self.thorough = parents is not None
        self.parents = parents or {}
        self.today = today
        self.known = known
        self.languages = languages
        self.countries = countries
        self.sources = sources
        self.cited: set[str] = set()

    @cached_property
    def _lent(self) -> dict[str, Country]:
        return lent(self.countries)

    def _refer(self, field: str, kind: str, ids: Sequence[str], *others: str) -> Iterable[Broken]:
        """Return each id that is not in the list `kind` or in one of `others`, and each that stands twice."""
        known = self.known.get(kind)
        if known is None or (known.issuperset(ids) and (len(ids) == 1 or len(set(ids)) == len(ids))):
            return ()
        return self._amiss(field, kind, ids, known, others)

    def _amiss(
        self, field: str, kind: str, ids: Sequence[str], known: set[str], others: Sequence[str]
    ) -> Iterator[Broken]:
        for number, asked in enumerate(ids):
            if not asked:  # what stood there has no shape of an id
                continue
            place = field if field[-1] != "s" else f"{field}[{number}]"
            if ids.index(asked) != number:
                yield Broken(place, "duplicate", Message("{id} stands twice", id=shown(asked)))
            elif asked not in known and not self._elsewhere(kind, asked, others):
                yield Broken(place, "reference", absent(asked, kind), unknown=(kind, asked))

    def _elsewhere(self, kind: str, asked: str, others: Sequence[str]) -> bool:
        """Return whether an id that is not in a list is known all the same."""
        if kind == "countries":
            return asked in self._lent
        return any(asked in self.known.get(other, {asked}) for other in others)

    def claim(self, claim: Claim) -> Iterator[Broken]:
        """Yield what is wrong with a claim."""
        if self.languages and claim.statement.keys().isdisjoint(self.languages):
            told = Message(
                "it has no text in a language of the dataset: {languages}",
                languages=", ".join(self.languages),
            )
            yield Broken("statement", "languages", told)
        yield from tagged(claim)
        for kind in ("sectors", "countries", "programs", "organizations"):
            if ids := getattr(claim, kind):
                yield from self._refer(kind, kind, ids)
        if self.thorough:
            yield from self._beside_parents(claim)
        if claim.flow:
            for end, place in (("from", claim.flow.from_), ("to", claim.flow.to)):
                if place != WORLD:
                    yield from self._refer(f"flow.{end}", "countries", (place,))
        if claim.speaker:
            yield from self._refer("speaker", "people", (claim.speaker,), "organizations")
        if claim.said:
            yield from self._said(claim)
        if claim.figure:
            yield from self._figure("figure", claim.figure, claim.source)
        if claim.paragraph and claim.locator:
            yield Broken(
                "locator",
                "place",
                Message("stands instead of a paragraph, not beside one"),
                also=("paragraph",),
            )
        yield from self._source(claim)
        if claim.anchors:
            yield from _anchors(claim.anchors)
        if claim.evidence:
            yield from self._evidence(claim)
        yield from status(claim)

    def _beside_parents(self, claim: Claim) -> Iterator[Broken]:
        """Yield each tag whose ancestor stands beside it: of a parent and its child the child is enough."""
        for kind, parents in self.parents.items():
            tags = getattr(claim, kind)
            for number, tag in enumerate(tags if len(tags) > 1 else ()):
                above = parents.get(tag)
                seen = {tag}
                while above and above not in seen and above not in tags:
                    seen.add(above)
                    above = parents.get(above)
                if above and above in tags:
                    told = Message(
                        "{child} is a part of {parent}: the child is enough",
                        child=shown(tag),
                        parent=shown(above),
                    )
                    yield Broken(f"{kind}[{number}]", "parent", told, warning=True)

    def _said(self, claim: Claim) -> Iterator[Broken]:
        said = claim.said
        assert said is not None  # asked for only then
        if said.at:
            yield from self._refer("said.at", "programs", (said.at,))
        yield from dated("said.date", said.date, self.today)
        if said.why and said.basis != "inferred":
            told = Message("is the reason of an inferred date, and this one is not inferred")
            yield Broken("said.why", "basis", told, also=("said.basis",))
        if said.basis and not said.date:
            yield Broken(
                "said.basis",
                "basis",
                Message("there is no date of which it could be said"),
                also=("said.date",),
            )

    def _figure(self, field: str, figure: Figure, source: str) -> Iterator[Broken]:
        if figure.measure:
            yield from self._refer(f"{field}.measure", "measures", (figure.measure,))
        if figure.period:
            yield from dated(f"{field}.period", figure.period)
        if self.thorough and figure.as_printed:
            from indotrade.dataset.printed import misread

            cited = self.sources.get(source)
            if told := misread(figure, cited.language if cited else None):
                yield Broken(
                    f"{field}.value",
                    "printed",
                    told,
                    warning=True,
                    also=(f"{field}.as_printed", f"{field}.unit"),
                )

    def _source(self, claim: Claim) -> Iterator[Broken]:
        self.cited.add(claim.source)
        source = self.sources.get(claim.source)
        if source is None:
            yield from self._refer("source", "sources", (claim.source,))
        elif source.type != "article":
            message = Message("{id} is evidence; a claim stands in an article", id=shown(claim.source))
            yield Broken("source", "reference", message)
        if claim.sources:
            yield from self._carried(claim.sources)

    def _carried(self, sources: Mapping[str, Source]) -> Iterator[Broken]:
        """Yield where the sources that a line carries are not those of the dataset."""
        for name, source in sources.items():
            if name not in self.sources:
                yield Broken("sources", "reference", absent(name, "sources"), unknown=("sources", name))
            elif source != self.sources[name]:
                told = Message("it is not what sources.json says of {id}", id=shown(name))
                yield Broken("sources", "agreement", told)

    def _evidence(self, claim: Claim) -> Iterator[Broken]:
        article = self.sources.get(claim.source)
        for number, evidence in enumerate(claim.evidence):
            place = f"evidence[{number}]"
            self.cited.add(evidence.source)
            yield from self._refer(f"{place}.source", "sources", (evidence.source,))
            if evidence.figure:
                yield from self._figure(f"{place}.figure", evidence.figure, evidence.source)
            if evidence.relation in ("supports", "conflicts") and article:
                source = self.sources.get(evidence.source)
                if source:
                    yield from _independent(place, claim, evidence, article, source)

    def unused(self) -> Iterator[str]:
        """Yield the id of each source on which no claim rests, once all claims have been looked at."""
        yield from (name for name in self.sources if name not in self.cited)


def source(source: Source, today: str) -> Iterator[Broken]:
    """Yield what is wrong with a source."""
    yield from dated("published", source.published, today)
    yield from dated("accessed", source.accessed, today)
    if source.basis and source.published is None:
        yield Broken(
            "basis", "basis", Message("there is no date of which it could be said"), also=("published",)
        )


def _independent(
    place: str, claim: Claim, evidence: Evidence, article: Source, source: Source
) -> Iterator[Broken]:
    """Yield where evidence for or against a claim is no voice of its own, or may be none."""
    also = (f"{place}.source", "source")
    if source.id == article.id or (source.vantage and source.vantage == article.vantage):
        told = Message(
            "{id} is one voice with the article, so it cannot be {relation}; expected same-report or context",
            id=shown(source.id),
            relation=shown(evidence.relation),
        )
        yield Broken(f"{place}.relation", "vantage", told, also=also)
    elif evidence.strength == "press" and evidence.relation == "supports" and not source.vantage:
        printed = article.published or claim.date
        if _apart(printed, source.published) <= SAME_NEWS:
            told = Message(
                "{id} is a press report of the same days, without a vantage: is it another voice than the article?",
                id=shown(source.id),
            )
            yield Broken(f"{place}.relation", "same news", told, warning=True, also=also)


@lru_cache(maxsize=4096)
def _apart(first: str | None, second: str | None) -> float:
    """Return how many days lie between two whole dates; infinitely many where one is not known to the day."""
    try:
        one, other = (date.fromisoformat(day or "") for day in (first, second))
    except ValueError:
        return inf
    return abs((one - other).days)


_tags: set[str] = set()
"""Language codes that were found well-formed."""


def tagged(record: Claim | Entry) -> list[Broken]:
    """Return the language codes of a record's texts that are none."""
    found = []
    for texts in derived.texts_of(record):
        if not _tags.issuperset(texts):
            for code in texts:
                if is_language(code):
                    _tags.add(code)
                else:
                    wanted = Message("a BCP 47 language code: id, en, ja")
                    told = Message("{code} is not {wanted}", code=shown(code), wanted=wanted)
                    found.append(Broken("", "languages", told))
    return found


def absent(asked: str, kind: str) -> Message:
    """Return the sentence on an id that is not in a list."""
    return Message("{id} is not among the {list}", id=shown(asked), list=Message(kind))


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
    if claim.kind == "figure" and not claim.figure:
        yield Broken("figure", "kind", Message('a claim of kind "figure" needs its figure'), also=("kind",))
    if claim.status is None or claim.status == (found := derived.status(claim)):
        return
    if "misprint" in (claim.status, found):
        told = Message("a misprint has a figure with a reading, and only a misprint has")
    elif claim.status == "superseded":
        if claim.kind == "forecast" and claim.evidence:
            return
        told = Message("superseded is a forecast whose outcome stands in its evidence")
    else:
        told = Message(
            "{status} does not follow from its evidence, by which it is {found}",
            status=shown(claim.status),
            found=shown(found),
        )
    yield Broken("status", "status", told, also=("kind", "figure", "evidence"))


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
    yield from dated("as_of", dataset.as_of, today)
