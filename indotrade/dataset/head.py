"""Reads what a dataset has beside its claims: what it says of itself, its vocabulary, its sources."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

import msgspec

from indotrade.dataset import derived, strict
from indotrade.dataset.faults import Broken, Fault, of_themselves
from indotrade.dataset.parser import RIGHT, Parser
from indotrade.dataset.records import Dataset, Source
from indotrade.dataset.vocabulary import LISTS, Entry, Vocabulary
from indotrade.errors import Message, shown


class HeadReader:
    """Reads the three small files, in this order, and keeps what claims are judged by."""

    def __init__(self, parser: Parser, today: str) -> None:
        self._parser = parser
        self.today = today
        self.known: dict[str, set[str]] = {}
        """The ids of each list that was read whole: of the vocabulary, and of `sources`."""
        self.languages: Sequence[str] = ()

    def described(self) -> Dataset | None:
        """Return what the dataset says of itself; None where that is not all right."""
        name = "dataset.json"
        data = self._parser.read(name)
        if data is None:
            return None
        described, wrong = self._parser.record(name, data, Dataset, "")
        if described is None:
            return None
        if not self._parser.trusted:
            from indotrade.dataset import rules

            self._parser.broken(name, None, rules.head(described, self.today), wrong)
        if not any(it.field.startswith("languages") for it in wrong):
            self.languages = described.languages
        return None if wrong else described

    def vocabulary(self) -> Vocabulary:
        """Return the vocabulary, or what can be read of it."""
        name = "vocabulary.json"
        data = self._parser.read(name)
        if data is None:
            return Vocabulary()
        wrong: Mapping[int, Sequence[Broken]] = {}
        vocabulary: Vocabulary | None
        vocabulary, _ = self._parser.quickly(data, Vocabulary)
        if vocabulary is None:
            vocabulary, wrong = self._salvaged_vocabulary(name, data)
        if name in self._parser.lost:
            return vocabulary
        lists: dict[str, list[Any]] = {kind: getattr(vocabulary, kind) for kind in LISTS}
        for kind, listed in lists.items():
            self._know(kind, listed)
        if not self._parser.trusted:
            for kind, listed in lists.items():
                self._judge(name, kind, listed, wrong)
        return vocabulary

    def _salvaged_vocabulary(
        self, name: str, data: bytes
    ) -> tuple[Vocabulary, Mapping[int, Sequence[Broken]]]:
        """Return what can be read of a vocabulary, and what is wrong with the shape of each entry."""
        lists: dict[str, list[Any]] = {}
        wrong: dict[int, Sequence[Broken]] = {}
        before = len(self._parser.faults)
        try:
            members = strict.parts(data)
            if not isinstance(members, dict):
                told = Message(
                    "expected {wanted}, not {found}", wanted=Message("an object"), found=shown(members)
                )
                self._parser.lose(Fault(name, None, None, Broken("", "type", told)))
                return Vocabulary(), wrong
            for kind, member in members.items():
                parts = strict.parts(bytes(member)) if isinstance(member, msgspec.Raw) else member
                if kind not in LISTS:
                    told = Message("unknown field; the fields here are {fields}", fields=", ".join(LISTS))
                    self._parser.faults.append(Fault(name, None, None, Broken(kind, "unknown field", told)))
                elif isinstance(parts, list):
                    read = self._parser.records(name, parts, LISTS[kind], of=kind)
                    found = [(entry, faults) for entry, faults in read if entry is not None]
                    lists[kind] = [entry for entry, _ in found]
                    wrong |= {id(entry): faults for entry, faults in found}
                elif parts is not None:
                    self._parser.no_list(name, parts, kind)
            if len(self._parser.faults) == before:
                strict.value(data)  # where no entry has a key twice, the vocabulary may have one
        except strict.Malformed as error:
            self._parser.malformed(name, error)
        return Vocabulary(**lists), wrong

    def _judge(
        self, name: str, kind: str, listed: Sequence[Entry], wrong: Mapping[int, Sequence[Broken]]
    ) -> None:
        """Look at the rules of a list of the vocabulary, and bring the texts of its entries into their order."""
        from indotrade.dataset import entries

        for entry, found in entries.judged(kind, listed, self.known):
            broken = of_themselves(found, wrong.get(id(entry), RIGHT))
            self._parser.broken(name, entry.id, (it.within(kind) for it in broken))
        for texts in chain.from_iterable(map(derived.texts_of, listed)):
            derived.arrange(texts, self.languages)
        self._repeated(name, listed, f"{kind}.id")

    def sources(self) -> list[Source]:
        """Return the sources, or what can be read of them."""
        name = "sources.json"
        data = self._parser.read(name)
        if data is None:
            return []
        sources: list[Source] = []
        for source, wrong in self._parser.array(name, data, Source):
            if source is None:
                continue
            sources.append(source)
            if not self._parser.trusted:
                from indotrade.dataset import rules

                self._parser.broken(name, source.id, rules.source(source, self.today), wrong)
        if name not in self._parser.lost:
            self._know("sources", sources)
        self._repeated(name, sources, "id")
        return sources

    def _know(self, kind: str, records: Sequence[Entry | Source]) -> None:
        """Have the ids of a list be known, if all of it is: else a reference to nothing may be to what was lost."""
        if kind not in self._parser.lost:
            self.known[kind] = {record.id for record in records if record.id}

    def _repeated(self, name: str, records: Sequence[Entry | Source], field: str) -> None:
        """Add the ids that stand more than once in a list."""
        for record, times in Counter(record.id for record in records).items():
            if record and times > 1:
                told = Message("the id stands twice")
                self._parser.faults.append(Fault(name, None, record, Broken(field, "duplicate", told)))
