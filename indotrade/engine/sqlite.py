"""The SQLite engine: turns what is wanted into SQL, and rows into records."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING

from indotrade.engine.checked import CheckedDatabase, json
from indotrade.engine.matches import Hits, SetMatches, united
from indotrade.engine.protocol import ORDERS, Contents, Facet, Matches, Noun, Order, Origin, Wanted
from indotrade.engine.schema import TRIGRAMS, inserter, names_of, terms_of

if TYPE_CHECKING:
    from indotrade.dataset.records import Claim, Dataset, Source
    from indotrade.dataset.vocabulary import Entry

NUMBERED = "(SELECT value FROM json_each(?)) LEFT JOIN claim ON number = value"
"""The claims of some numbers; one that is missing is a row that no check passes."""
TABLES: dict[Noun, str] = {"claims": "claim", "sources": "source"}


class SqliteEngine(CheckedDatabase):
    """A filled database, asked: an `Engine`.

    One in memory, which is not `kept` on disk, holds no names and no texts to search before it is asked for them: most
    commands are not.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        sha256: Callable[[], str],
        origin: Origin,
        *,
        kept: bool,
        checked: bool = False,
        renew: Callable[[], SqliteEngine] | None = None,
    ) -> None:
        super().__init__(connection, sha256, origin, checked=checked, renew=renew)
        self._searchable = kept
        """Whether it holds the names and texts that a search looks through."""
        self._named: set[str] = set()
        """The lists of which it holds the names before that."""
        self._names: dict[str, list[tuple[str, str, str]]] = {}
        """The names of lists, once they were read: each of many words is looked for among all of them."""
        self._entries: dict[tuple[str, str], Entry | None] = {}
        self._sources: dict[str, Source | None] = {}

    @property
    def dataset(self) -> Dataset:
        """What the dataset says of itself."""
        from indotrade.dataset.fields import decoder
        from indotrade.dataset.records import Dataset

        described: Dataset = decoder(Dataset).decode(self.dataset_record)
        return described

    @property
    def dataset_record(self) -> str:
        """The same as one line of JSON."""
        return str(self.about("dataset"))

    def contents(self) -> Contents:
        """Return what the dataset holds, counted."""
        from collections import Counter

        from indotrade.dataset.records import decode_source

        types = Counter(decode_source(record).type for _, record in self.sources())
        days = [[day for _, day, _ in self.terms(facet) if len(day) == 10] for facet in ("first", "last")]
        first, last = (days[0][0], days[1][-1]) if days[0] else (None, None)
        return Contents(dict(sorted(types.items())), first, last)

    # --- claims and sources ------------------------------------------------------------------------

    def find(self, wanted: Wanted) -> Matches:
        """Return the claims that are wanted."""
        return SetMatches(self, wanted)

    def claim(self, name: str) -> Claim | None:
        """Return the claim with this id, or None."""
        from indotrade.dataset.records import decode_claim

        text = self.record("claims", "claim", name)
        return decode_claim(text) if text else None

    def source(self, name: str) -> Source | None:
        """Return the source with this id, or None."""
        if name not in self._sources:
            from indotrade.dataset.records import decode_source

            text = self.source_record(name)
            self._sources[name] = decode_source(text) if text else None
        return self._sources[name]

    def source_record(self, name: str) -> str | None:
        """Return the source with this id as one line of JSON, or None."""
        text: str | None = self.record("sources", "source", name)
        return text

    def source_ids(self) -> list[str]:
        """Return the ids of all sources, in the order of the file."""
        return [name for name, _ in self.sources()]

    def beginning(self, noun: Noun, prefix: str, most: int) -> list[tuple[str, str]]:
        """Return up to `most` ids that begin with `prefix`, sorted, each with its record."""
        select = f"SELECT number, id, record, crc FROM {TABLES[noun]}"
        where = "WHERE id >= ? AND substr(id, 1, ?) = ? ORDER BY id LIMIT ?"
        needed = self.beginning_there(noun, prefix, most)
        asked = prefix, len(prefix), prefix, most
        found = self.rows(f"{select} {where}", *asked, checked=TABLES[noun], needed=needed, rising=1)
        return [(name, record) for _, name, record, _ in found]

    def attested(self, digests: Iterable[int]) -> dict[int, set[str]]:
        """Return those of the anchors that some claim has, each with the sources in which those claims stand."""
        from indotrade.engine import bundles

        found = bundles.attested(digests, self.size, lambda numbers: self.blobs("anchors", numbers))
        names = self._source_names({number for numbers in found.values() for number in numbers})
        return {digest: {names[number] for number in numbers} for digest, numbers in found.items()}

    def _source_names(self, numbers: Iterable[int]) -> dict[int, str]:
        """Return the ids of sources by their numbers."""
        listed = sorted(numbers)
        select = "SELECT number, id, record, crc FROM source WHERE number IN (SELECT value FROM json_each(?))"
        rows = self.rows(select, json(listed), checked="source", needed=len(listed))
        return {number: name for number, name, *_ in rows}

    def numbers(self, ids: Sequence[str]) -> Iterator[int]:
        """Yield the numbers of the claims of some ids, in the order of those."""
        joined = "json_each(?) CROSS JOIN claim ON claim.id = value GROUP BY key ORDER BY key"
        select = f"SELECT number, value, record, crc FROM {joined}"
        needed = sum(self.there("claims", name) for name in ids)
        return (number for number, *_ in self.rows(select, json(ids), checked="claim", needed=needed))

    def numbered(self, numbers: Sequence[int]) -> Iterator[str]:
        """Yield the claims of some numbers, in their order, each as one line of JSON."""
        select = f"SELECT number, id, record, crc FROM {NUMBERED}"
        return (record for _, _, record, _ in self.rows(select, json(numbers), checked="claim"))

    def search(self, words: Sequence[str], among: int | None) -> Hits:
        """Return the claims, among some or all, that have each of some folded words."""
        from indotrade.engine.search import Search  # a millisecond that other questions do without

        return Search(self, words, among)

    # --- vocabulary --------------------------------------------------------------------------------

    def entry(self, kind: str, name: str) -> Entry | None:
        """Return the entry of a list (`sectors` … `measures`) with this id, or None."""
        if (kind, name) not in self._entries:
            from indotrade.dataset.fields import decoder
            from indotrade.dataset.vocabulary import LISTS

            text = self.record(kind, "entry", name)
            self._entries[kind, name] = decoder(LISTS[kind]).decode(text) if text else None
        return self._entries[kind, name]

    def entries(self, kind: str) -> list[Entry]:
        """Return all entries of a list, in the order of the file."""
        from indotrade.dataset.fields import decoder
        from indotrade.dataset.vocabulary import LISTS

        decode = decoder(LISTS[kind]).decode
        select = "SELECT ?, number, id, record, crc FROM entry WHERE kind = ? ORDER BY number"
        rows = self.rows(select, kind, kind, checked="entry", needed=self.count(kind), rising=1)
        return [decode(text) for _, _, _, text, _ in rows]

    def counts(self, facet: Facet) -> dict[str, int]:
        """Return how many claims have each value of a facet."""
        return {value: claims for _, value, claims in self.terms(facet) if claims}

    # --- sets of claims ----------------------------------------------------------------------------

    def terms(self, facet: str) -> Iterator[tuple[int, str, int]]:
        """Yield the terms of a facet: number, value, how many claims have it."""
        select = "SELECT number, ?, value, claims, crc FROM term WHERE facet = ? ORDER BY value"
        rows = self.rows(select, facet, facet, checked="term", needed=self.count(terms_of(facet)), rising=0)
        return ((number, value, claims) for number, _, value, claims, _ in rows)

    def having(self, facet: Facet, values: Sequence[str]) -> int:
        """Return the set of the claims that have one of some values of a facet."""
        joined = "json_each(?) AS asked LEFT JOIN term ON facet = ? AND term.value = asked.value"
        select = f"SELECT number, ?, asked.value, claims, crc FROM {joined}"  # an index knows all that can be asked for
        rows = self.rows(select, facet, json(list(values)), facet, checked="term")
        return united(self, [number for number, *_ in rows if number])

    def postings(self, terms: Iterable[int]) -> Iterator[tuple[int, bytes]]:
        """Yield the set of the claims of each term, as it is kept."""
        listed = list(terms)
        return zip(listed, self.blobs("posting", listed), strict=True)

    def sort_keys(self, order: Order) -> list[str]:
        """Return by what each claim is sorted, at its number; "" for what it does not have."""
        while True:
            connection = self.connection
            select = "SELECT number, keys, crc FROM sortkey WHERE number % ? = ? ORDER BY number"
            rows = self.rows(select, len(ORDERS), ORDERS.index(order), checked="sortkey", rising=0)
            keys = ["", *chain.from_iterable(kept.decode().split("\n") for _, kept, _ in rows)]
            if len(keys) == self.size + 1:
                return keys
            self.mend(connection, sqlite3.DatabaseError("a row is missing"))

    def called(self, kind: str, key: str) -> list[str]:
        """Return the ids of the entries one of whose names has this key."""
        self._name(kind)
        where = "name WHERE kind = ? AND key = ? GROUP BY rowid ORDER BY entry"
        needed = self.there(names_of(kind), key)
        select = f"SELECT ?, ?, entry, words, crc FROM {where}"
        rows = self.rows(select, kind, key, kind, key, checked="name", needed=needed)
        return list(dict.fromkeys(entry for _, _, entry, *_ in rows))

    def containing(self, kind: str, words: Sequence[str]) -> list[str]:
        """Return the ids of the entries whose names have all of these folded words."""
        found: dict[str, set[str]] = {}
        for key, entry, spelled in self._names_of(kind):
            has = {word for word in words if f" {word} " in spelled or (not word.isascii() and word in key)}
            if has:
                found.setdefault(entry, set()).update(has)
        return sorted(entry for entry, has in found.items() if has.issuperset(words))

    def keys(self, kind: str) -> dict[str, str]:
        """Return the key of each name of a list, with the id of its entry."""
        return {key: entry for key, entry, _ in self._names_of(kind)}

    def _names_of(self, kind: str) -> list[tuple[str, str, str]]:
        """Return the names of a list: key, id of the entry, words."""
        if kind not in self._names:
            self._name(kind)
            where = "name WHERE kind = ? GROUP BY rowid ORDER BY key, entry"
            select, needed = f"SELECT ?, key, entry, words, crc FROM {where}", self.count(names_of(kind))
            rows = self.rows(select, kind, kind, checked="name", needed=needed)
            self._names[kind] = [(key, entry, words) for _, key, entry, words, _ in rows]
        return self._names[kind]

    # --- what a small dataset has only when it is asked for ----------------------------------------------

    def _name(self, kind: str) -> None:
        """Make the table of names answer for a list."""
        if not self._searchable and kind not in self._named:
            from indotrade.engine import fill

            self._named.add(kind)
            names = fill.names_of(kind, self.entries(kind))
            inserter(self.connection)("name", [(*name, None) for name in names])

    def searchable(self) -> None:
        """Make the tables answer a search."""
        if self._searchable:
            return
        from indotrade.dataset.records import decode_claim, decode_source
        from indotrade.dataset.vocabulary import LISTS
        from indotrade.engine import named
        from indotrade.engine.fill import texts_of, titles_of, unchecked

        self.connection.execute(TRIGRAMS)
        insert = inserter(self.connection)
        claims = self.rows("SELECT number, record FROM claim")
        numbered = [(number, decode_claim(text)) for number, text in claims]
        for table, rows in texts_of(numbered, unchecked).items():
            insert(table, rows)
        titles = titles_of(decode_source(text) for _, text in self.sources())
        insert("name", [(*title, None) for title in titles])
        for kind in LISTS:
            self._name(kind)
        insert("named", [(*row, None) for row in named.listed(self.connection)])
        self._searchable = True
