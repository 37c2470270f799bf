"""What is exported: the claims of an answer, and all of the dataset that they need."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec

from indotrade.dataset import countries
from indotrade.dataset.records import FORMAT_VERSIONS
from indotrade.dataset.vocabulary import LISTS
from indotrade.dataset.words import WORLD
from indotrade.exchange.tables import TABLES, Column, Record, Table, Value, reader, rows, spelled
from indotrade.query.answer import Answer
from indotrade.wording.sentences import LANGUAGES, word

_decode = msgspec.json.Decoder(dict[str, Any]).decode


class Chosen:
    """The claims of an answer with what they need, of which only the vocabulary is held in memory.

    All claims of a dataset need all of it. Some need the sources that they and their evidence cite, and the entries
    that they refer to, with what those refer to: parents, organizers, places, the organization of a person.
    """

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        engine = answer.engine
        self.languages: Sequence[str] = engine.dataset.languages
        """Of the dataset, the first the one that is shown where another is not there."""
        self._survey = _Survey()
        for claim in self.claims():
            self._survey.take("claims", claim)
            for evidence in claim["evidence"]:
                self._survey.take("evidence", evidence)
        whole = answer.count == engine.size
        known = countries.listed()  # an engine has those that are used; to a dataset they are no news
        entries = {
            kind: [_plain(it) for it in engine.entries(kind) if kind != "countries" or known.get(it.id) != it]
            for kind in LISTS
        }
        self._entries = self._survey.all_of(entries) if whole else self._survey.needed_of(entries)
        self._lent = list(self._lent_countries())
        self._sources = [
            name for name in engine.source_ids() if whole or name in self._survey.needed["sources"]
        ]

    @property
    def source_count(self) -> int:
        """How many sources there are."""
        return len(self._sources)

    # --- records -----------------------------------------------------------------------------------

    def claims(self) -> Iterator[Record]:
        """Yield each claim, in order, every key present; every reason is a text by language."""
        for record in map(_decode, self.answer.records()):
            for holder in _reasoned(record):
                if isinstance(holder["why"], str):
                    holder["why"] = {self.languages[0]: holder["why"]}
            yield record

    def sources(self) -> Iterator[Record]:
        """Yield each source, in the order of the dataset."""
        return map(self.source, self._sources)

    def source(self, name: str) -> Record:
        """Return the source with an id."""
        return _decode(self.answer.engine.source_record(name) or "{}")

    def entries(self, kind: str) -> Sequence[Record]:
        """Return the entries of a list of the vocabulary, in the order of the dataset."""
        return self._entries[kind]

    def named(self, kind: str) -> Sequence[Record]:
        """Return the same, with the countries that are referred to and are no entries of the dataset: `lent`."""
        return [*self._entries[kind], *(self._lent if kind == "countries" else ())]

    def dataset(self) -> Record:
        """Return what the dataset says of itself; what is written is of the newest format."""
        return _plain(self.answer.engine.dataset) | {"format": FORMAT_VERSIONS[-1]}

    def _lent_countries(self) -> Iterator[Record]:
        """Yield the countries that are referred to and are no entries of the dataset, named in its languages."""
        own = {entry["id"] for entry in self._entries["countries"]}
        world: Record = {"id": WORLD, "label": {code: word("world", code) for code in LANGUAGES}}
        for name in sorted(self._survey.needed["countries"] - own):
            entry = world if name == WORLD else _plain(countries.listed()[name])
            label = {code: text for code, text in entry["label"].items() if code in self.languages}
            yield entry | {"label": label or entry["label"], "lent": True}

    # --- tables ------------------------------------------------------------------------------------

    def columns(self, table: Table) -> list[Column]:
        """Return the columns of a table: for a text one in each language of the dataset, and in any other that it has."""
        found = self._survey.languages
        codes = {
            column.name: list(dict.fromkeys((*self.languages, *found.get((table.name, column.name), ()))))
            for column in table.columns
            if column.by_language
        }
        return spelled(table.columns, codes)

    def rows(self, table: Table) -> Iterator[list[Value]]:
        """Yield the rows of a table."""
        return rows(self._records(table.name), self.columns(table))

    def _records(self, name: str) -> Iterable[Record]:
        if name in LISTS:
            return self.named(name)
        if name == "dataset":
            return [self.dataset()]
        return {"claims": self.claims, "evidence": self._evidence, "sources": self.sources}[name]()

    def _evidence(self) -> Iterator[Record]:
        for claim in self.claims():
            for number, evidence in enumerate(claim["evidence"], 1):
                yield {"claim": claim["id"], "number": number} | evidence


class _Survey:
    """What has to be known of records before the first row is written: the languages of their texts, what they need."""

    def __init__(self) -> None:
        self.languages: dict[tuple[str, str], dict[str, None]] = {}
        """By table and column."""
        self.needed: dict[str, set[str]] = {name: set() for name in TABLES}
        """The ids to which records refer, by table: some may be of another one that the same column may refer to."""
        self._columns = {
            name: [
                (column, reader(column.path))
                for column in table.columns
                if column.by_language or column.refers
            ]
            for name, table in TABLES.items()
        }

    def take(self, table: str, record: Record) -> None:
        """Take a record into account."""
        for column, read in self._columns[table]:
            if not (value := read(record)):
                continue
            if column.by_language:
                self.languages.setdefault((table, column.name), {}).update(dict.fromkeys(value))
            for kind in column.refers:
                self.needed[kind].update(value if column.kind == "list" else (value,))

    def all_of(self, entries: dict[str, list[Record]]) -> dict[str, list[Record]]:
        """Return all entries, taken into account."""
        for kind, listed in entries.items():
            for entry in listed:
                self.take(kind, entry)
        return entries

    def needed_of(self, entries: dict[str, list[Record]]) -> dict[str, list[Record]]:
        """Return the entries that are needed, taken into account, with what they need themselves."""
        left = {(kind, entry["id"]): entry for kind, listed in entries.items() for entry in listed}
        while pending := [place for place in left if place[1] in self.needed[place[0]]]:
            for place in pending:
                self.take(place[0], left.pop(place))
        return {
            kind: [entry for entry in listed if (kind, entry["id"]) not in left]
            for kind, listed in entries.items()
        }


def _plain(record: Any) -> Record:
    """Return a typed record as JSON has it."""
    plain: Record = msgspec.to_builtins(record)
    return plain


def _reasoned(claim: Record) -> Iterator[Record]:
    """Yield each part of a claim that may have a reason."""
    if claim["said"]:
        yield claim["said"]
    for holder in (claim, *claim["evidence"]):
        if holder["figure"] and holder["figure"]["reading"]:
            yield holder["figure"]["reading"]
