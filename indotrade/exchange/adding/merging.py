"""Puts one dataset into another: what is known there under the same name or address is one thing with it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec
from msgspec.structs import replace

from indotrade.dataset.folder import Folder, read
from indotrade.dataset.reader import Reader
from indotrade.dataset.records import Claim, Evidence, Figure, Flow, Source
from indotrade.dataset.vocabulary import LISTS, REFERENCES, Entry, Vocabulary
from indotrade.errors import Message
from indotrade.exchange.adding.holding import Holding, bare


class Conflicts(NamedTuple):
    """What becomes of a claim that is there already; where neither is asked for, the import is refused."""

    update: bool = False
    keep: bool = False


class Merging:
    """Takes the records of a whole dataset into another one."""

    def __init__(self, holding: Holding, conflicts: Conflicts) -> None:
        self.holding = holding
        self.conflicts = conflicts
        self.faults: list[Message] = []
        self.counts: Counter[str] = Counter()
        self.other: dict[str, list[str]] = defaultdict(list)
        """The records that are something else here, and stay so, by list."""
        self._ids: dict[str, dict[str, str]] = defaultdict(dict)
        """Which ids are others here, by list."""

    def take(self, folder: Folder, name: str, *, described: bool) -> None:
        """Add all records of the dataset in a folder, which is called `name`; `described` if it says what it is.

        Raises Refused where it is not valid.
        """
        reader = Reader(folder)
        _, vocabulary, sources = reader.head()
        claims = [numbered.claim for numbered in reader.claims()]
        if errors := reader.errors():
            self.faults += [replace(fault, file=_named(fault.file, folder, name)).told for fault in errors]
            return
        if described and self.holding.is_new:
            self.holding.described = msgspec.json.decode(read(folder.path / "dataset.json"))
            self.holding.speak(self.holding.described["languages"])
        self._take_entries(vocabulary)
        for source in sources:
            self._take_source(source)
        for claim in claims:
            self._take_claim(claim, name)

    # --- entries -----------------------------------------------------------------------------------

    def _take_entries(self, vocabulary: Vocabulary) -> None:
        for kind in LISTS:  # first what each is here, for entries refer to others
            for entry in getattr(vocabulary, kind):
                known = self.holding.same_as(kind, entry)
                if known and known != entry.id:
                    self._ids[kind][entry.id] = known
        for kind in LISTS:
            for entry in getattr(vocabulary, kind):
                if entry.id not in self._ids[kind]:
                    self._take_entry(kind, self._referring(kind, entry))

    def _take_entry(self, kind: str, entry: Entry) -> None:
        entry = self.holding.without_clashes(kind, entry)
        there = self.holding.names.lists[kind].get(entry.id)
        if there is None or (there != entry and self.conflicts.update):
            self.holding.put_entry(kind, entry)
        elif there != entry:
            self.other[kind].append(entry.id)

    def _referring(self, kind: str, entry: Entry) -> Entry:
        """Return an entry with the ids that what it refers to has here."""
        changed: dict[str, Any] = {}
        for field, listed in {"parent": kind, **REFERENCES}.items():
            value = getattr(entry, field, None)
            if value:
                changed[field] = (
                    self._all(listed, value) if isinstance(value, list) else self._one(listed, value)
                )
        return replace(entry, **changed)

    def _one(self, kind: str, name: str) -> str:
        return self._ids[kind].get(name, name)

    def _all(self, kind: str, names: Sequence[str]) -> list[str]:
        return list(dict.fromkeys(self._one(kind, name) for name in names))

    # --- sources and claims ------------------------------------------------------------------------

    def _take_source(self, source: Source) -> None:
        there = self.holding.sources.get(source.id)
        if there is None and source.url in self.holding.by_url:
            self._ids["sources"][source.id] = self.holding.by_url[source.url]
        elif there is None or (there != source and self.conflicts.update):
            self.holding.put_source(source)
            self.counts["sources"] += 1
        elif there != source:
            self.other["sources"].append(source.id)

    def _take_claim(self, claim: Claim, name: str) -> None:
        claim = self._claim_here(bare(claim))
        if claim.id not in self.holding.places:
            self.counts["claims"] += 1
            self.holding.put_claim(claim)
        elif self.conflicts.update:
            self.counts["updated"] += 1
            self.holding.put_claim(claim)
        elif self.conflicts.keep:
            self.counts["kept"] += 1
        else:
            place, file = self.holding.places[claim.id], self.holding.folder.claims
            told = Message("{id} is in {file} already ({place})", id=claim.id, file=file, place=place)
            self.faults.append(Message("{place}: {told}", place=name, told=told))
            self.counts["there already"] += 1

    def _claim_here(self, claim: Claim) -> Claim:
        """Return a claim with the ids that what it refers to has here."""
        if not any(self._ids.values()):
            return claim
        people, one = self._ids["people"] | self._ids["organizations"], self._one
        tags = ("sectors", "countries", "programs", "organizations")
        return replace(
            claim,
            **{kind: self._all(kind, getattr(claim, kind)) for kind in tags},
            flow=claim.flow and Flow(one("countries", claim.flow.from_), one("countries", claim.flow.to)),
            figure=self._figure(claim.figure),
            speaker=claim.speaker and people.get(claim.speaker, claim.speaker),
            said=claim.said and replace(claim.said, at=claim.said.at and one("programs", claim.said.at)),
            source=one("sources", claim.source),
            evidence=[self._evidence(it) for it in claim.evidence],
        )

    def _evidence(self, evidence: Evidence) -> Evidence:
        return replace(
            evidence, source=self._one("sources", evidence.source), figure=self._figure(evidence.figure)
        )

    def _figure(self, figure: Figure | None) -> Figure | None:
        return figure and replace(figure, measure=figure.measure and self._one("measures", figure.measure))


def _named(file: str, folder: Folder, name: str) -> str:
    """Return how a file of a dataset is called for a person: where it stands for one file, as that is."""
    return f"{name}, {file}" if file != folder.claims else name
