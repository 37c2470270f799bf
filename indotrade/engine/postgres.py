"""The PostgreSQL engine: asks a shared database, as the SQLite engine asks its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from typing import Any, TypeVar
from weakref import finalize

import msgspec

from indotrade.dataset.fields import record
from indotrade.dataset.records import Claim, Dataset, Source
from indotrade.dataset.vocabulary import LISTS, Entry
from indotrade.engine import bundles, server, sets
from indotrade.engine.libpq import Connection, ServerError
from indotrade.engine.matches import Hits, SetMatches
from indotrade.engine.protocol import (
    ORDERS,
    Contents,
    Facet,
    Matches,
    Noun,
    Order,
    Origin,
    Progress,
    Published,
    Wanted,
    Warn,
)
from indotrade.engine.publications import LIST, Publication, chosen, foreign, nothing, placed, publication
from indotrade.engine.shared_search import SharedSearch, escaped
from indotrade.errors import Message, Refused

_T = TypeVar("_T")

BEGIN = "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY; SET search_path = pg_catalog; SET bytea_output = 'hex'; "
"""Nothing is written by asking, and no function that somebody made there is taken for one of the server's."""

ALTERED = ("42703", "42804", "42883")
"""What a server says of a statement whose tables have not our columns, or have others of their names: no column, types, operator."""


def open_engine(address: str, _progress: Progress | None, _warn: Warn | None) -> PostgresEngine:
    """Return the engine that asks the shared database at an address. Raises Refused."""
    return PostgresEngine(server.read(address))


def open_names(address: str) -> PostgresEngine:
    """Return what completes names: the same, which takes no build."""
    return PostgresEngine(server.read(address))


class PostgresEngine:
    """A publication in a shared database, asked: an `Engine`.

    What comes from there others have written: each record is decoded, which tells what is none, and encoded anew.
    """

    def __init__(self, address: server.Address) -> None:
        self._address = address
        self._connections: list[Connection] = []
        """The one that answers, if there is one."""
        finalize(self, _close, self._connections)  # nobody else has to
        server.heed_interrupts(self._connections)
        self._found = self._connect(None)
        self._entries: dict[tuple[str, str], Entry | None] = {}
        self._sources: dict[str, str | None] = {}
        self._decoded: dict[str, Source] = {}
        by = Published(self._found.publisher, self._found.published)
        self.origin = Origin(address.shown(self._found.dataset), published=by)

    # --- the connection ----------------------------------------------------------------------------

    def _connect(self, before: Publication | None, *, again: bool = True) -> Publication:
        """Connect, and return the publication that is asked: the one `before` where there was one. Raises Refused."""
        try:
            connection = server.connect(self._address)
        except ServerError as error:
            raise server.unreached(error, self._address) from None
        _close(self._connections)
        self._connections.append(connection)
        try:
            listed = [publication(row) for row in connection.rows(BEGIN + LIST)]
        except msgspec.ValidationError:
            raise foreign(self._address) from None
        except ServerError as error:
            if again and server.is_gone(error):
                return self._connect(before, again=False)
            told = {"42P01": nothing, "3F000": nothing, "42703": foreign}.get(
                error.state
            )  # no table, schema, column
            raise told(self._address) if told else server.unanswered(error, self._address) from error
        return chosen(listed, self._address, before)

    def rows(self, statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """Return the rows of a SELECT; where the server goes away meanwhile, those of when it or another comes back.

        Raises Refused where it does not give them, and where it gives none of some value: no column of ours is without.
        """
        asked = placed(statement, self._found.number)
        for again in (True, False):
            try:
                rows = list(self._connections[0].rows(asked, parameters))
            except ServerError as error:
                removed = error.state == "42P01"  # the table: it is said so when the list is read again
                if error.state in ALTERED:
                    raise foreign(self._address) from None
                if not (again and (removed or server.is_gone(error))):
                    raise server.unanswered(error, self._address) from error
                self._connect(self._found)  # the same publication
            else:
                if any(None in row for row in rows):
                    raise self._damaged(statement.partition("@")[2].split()[0])
                return rows
        raise AssertionError  # the second time is the last

    def _damaged(self, name: str) -> Refused:
        return Refused(
            Message(
                "the dataset in the shared database {address} is faulty: {name} cannot be read",
                address=self.origin.address,
                name=name,
            ),
            Message("have it published again"),
        )

    @contextmanager
    def _sound(self, name: str) -> Iterator[None]:
        """Raise Refused where what is kept under a name is not what `fill` makes."""
        try:
            yield
        except (LookupError, ValueError, msgspec.MsgspecError):
            raise self._damaged(name) from None

    def _checked(self, kind: Any, name: str, text: str) -> Any:
        """Return a record, decoded. Raises Refused where it is none, or another than that of its id."""
        try:
            found = msgspec.json.decode(text, type=kind)
        except (msgspec.MsgspecError, ValueError, RecursionError):
            raise self._damaged(name) from None
        if found.id != name:
            raise self._damaged(name)
        return found

    # --- the dataset -------------------------------------------------------------------------------

    @property
    def sha256(self) -> str:
        """Of the four data files that were published."""
        return self._found.sha256

    @property
    def dataset(self) -> Dataset:
        """What the dataset says of itself."""
        return self._of_list(self._found.about, Dataset)

    @property
    def dataset_record(self) -> str:
        """The same as one line of JSON."""
        return record(self.dataset)

    @property
    def size(self) -> int:
        """How many claims there are."""
        return self._found.claims

    def contents(self) -> Contents:
        """Return what the dataset holds, counted."""
        return self._of_list(self._found.contents, Contents)

    def _of_list(self, text: str, kind: type[_T]) -> _T:
        try:
            return msgspec.json.decode(text, type=kind)
        except (msgspec.MsgspecError, ValueError, RecursionError):
            raise self._damaged(self._found.dataset) from None

    # --- claims and sources ------------------------------------------------------------------------

    def find(self, wanted: Wanted) -> Matches:
        """Return the claims that are wanted."""
        return SetMatches(self, wanted)

    def claim(self, name: str) -> Claim | None:
        """Return the claim with this id, or None."""
        for (text,) in self.rows("SELECT record FROM @claim WHERE id = %s", name):
            claim: Claim = self._checked(Claim, name, text)
            self._foresee([claim])
            return claim
        return None

    def numbers(self, ids: Sequence[str]) -> Iterator[int]:
        """Yield the numbers of the claims of some ids, in the order of those."""
        asked = "unnest(%s::text[]) WITH ORDINALITY AS asked (name, place)"
        joined = f"{asked} JOIN @claim AS claim ON claim.id = asked.name ORDER BY place"
        return (number for (number,) in self.rows(f"SELECT number FROM {joined}", list(ids)))

    def numbered(self, numbers: Sequence[int]) -> Iterator[str]:
        """Yield the claims of some numbers, in their order, as JSON, once all that is said of them is here as well."""
        found = self.rows("SELECT number, id, record FROM @claim WHERE number = ANY(%s)", list(numbers))
        claims: dict[int, Claim] = {number: self._checked(Claim, name, text) for number, name, text in found}
        self._foresee(claims.values())
        for number in numbers:
            if number not in claims:
                raise self._damaged(str(number))
            yield record(claims[number])

    def search(self, words: Sequence[str], among: int | None) -> Hits:
        """Return the claims, among some or all, that have each of some folded words."""
        return SharedSearch(self, words, among)

    def _foresee(self, claims: Iterable[Claim]) -> None:
        """Fetch the sources and the entries of claims, which are asked for next: one by one each takes the way to the server."""
        sources: dict[str, None] = {}
        entries: dict[tuple[str, str], None] = {}
        for claim in claims:
            sources.update(dict.fromkeys((claim.source, *(it.source for it in claim.evidence))))
            for kind in ("sectors", "countries", "programs", "organizations"):
                entries.update(dict.fromkeys((kind, name) for name in getattr(claim, kind)))
            if claim.speaker:
                entries.update(dict.fromkeys((kind, claim.speaker) for kind in ("people", "organizations")))
            if claim.said and claim.said.at:
                entries["programs", claim.said.at] = None
            if claim.flow:
                entries.update(dict.fromkeys(("countries", end) for end in (claim.flow.from_, claim.flow.to)))
        self._fetch_sources([name for name in sources if name not in self._sources])
        for name in sources:
            if self._sources[name] is None:  # every claim rests on one: no publisher of ours leaves it out
                raise self._damaged(name)
        self._fetch_entries([it for it in entries if it not in self._entries])

    def _fetch_sources(self, names: Sequence[str]) -> None:
        if names:
            self._sources.update(dict.fromkeys(names))
            for name, text in self.rows("SELECT id, record FROM @source WHERE id = ANY(%s)", list(names)):
                self._decoded[name] = self._checked(Source, name, text)
                self._sources[name] = record(self._decoded[name])

    def _fetch_entries(self, wanted: Sequence[tuple[str, str]]) -> None:
        if wanted:
            self._entries.update(dict.fromkeys(wanted))
            names = list(dict.fromkeys(name for _, name in wanted))
            for kind, name, text in self.rows(
                "SELECT kind, id, record FROM @entry WHERE id = ANY(%s)", names
            ):
                self._entries[kind, name] = self._checked(self._list(kind), name, text)

    def _list(self, kind: str) -> type[Entry]:
        if kind not in LISTS:
            raise self._damaged(kind)
        return LISTS[kind]

    def source(self, name: str) -> Source | None:
        """Return the source with this id, or None."""
        return self._decoded.get(name) if self.source_record(name) else None

    def source_record(self, name: str) -> str | None:
        """Return the source with this id as one line of JSON, or None."""
        if name not in self._sources:
            self._fetch_sources([name])
        return self._sources[name]

    def source_ids(self) -> list[str]:
        """Return the ids of all sources, in the order of the file."""
        return [name for (name,) in self.rows("SELECT id FROM @source ORDER BY number")]

    def beginning(self, noun: Noun, prefix: str, most: int) -> list[tuple[str, str]]:
        """Return up to `most` ids that begin with `prefix`, sorted, each with its record."""
        table, kind = {"claims": ("@claim", Claim), "sources": ("@source", Source)}[noun]
        statement = f"SELECT id, record FROM {table} WHERE id LIKE %s ORDER BY id LIMIT %s"
        found = self.rows(statement, escaped(prefix) + "%", most)
        return [(name, record(self._checked(kind, name, text))) for name, text in found]

    def attested(self, digests: Iterable[int]) -> dict[int, set[str]]:
        """Return those of the anchors that some claim has, each with the sources in which those claims stand."""
        listed = "SELECT digests FROM @anchors WHERE number = ANY(%s)"
        named = "SELECT number, id FROM @source WHERE number = ANY(%s)"
        with self._sound("anchors"):
            found = bundles.attested(
                digests, self.size, lambda numbers: (kept for (kept,) in self.rows(listed, numbers))
            )
            numbers = sorted({number for sources in found.values() for number in sources})
            names = dict(self.rows(named, numbers)) if numbers else {}
            return {digest: {names[number] for number in sources} for digest, sources in found.items()}

    # --- sets of claims ----------------------------------------------------------------------------

    def terms(self, facet: str) -> Iterator[tuple[int, str, int]]:
        """Yield the terms of a facet: number, value, how many claims have it."""
        select = "SELECT number, value, claims FROM @term WHERE facet = %s ORDER BY value"
        return ((number, value, claims) for number, value, claims in self.rows(select, facet))

    def having(self, facet: Facet, values: Sequence[str]) -> int:
        """Return the set of the claims that have one of some values of a facet."""
        joined = "@term AS term JOIN @posting AS posting ON posting.term = term.number"
        where = "facet = %s AND value = ANY(%s)"
        rows = self.rows(f"SELECT posting.claims FROM {joined} WHERE {where}", facet, list(values))
        return sets.unpacked((self._set(kept) for (kept,) in rows), self.size + 1)

    def postings(self, terms: Iterable[int]) -> Iterator[tuple[int, bytes]]:
        """Yield the set of the claims of each term, as it is kept."""
        listed = list(terms)
        select = "SELECT term, claims FROM @posting WHERE term = ANY(%s)"
        found = dict(self.rows(select, listed)) if listed else {}
        return ((term, self._set(found.get(term))) for term in listed)

    def _set(self, kept: bytes | None) -> bytes:
        """Return a set that is kept. Raises Refused where none is, or it is none of claims that there are."""
        if not (isinstance(kept, bytes) and sets.is_sound(kept, self.size + 1)):
            raise self._damaged("posting")
        return kept

    def sort_keys(self, order: Order) -> list[str]:
        """Return by what each claim is sorted, at its number; "" for what it does not have."""
        place = f"number % {len(ORDERS)} = {ORDERS.index(order)}"
        rows = self.rows(f"SELECT keys FROM @sortkey WHERE {place} ORDER BY number")
        with self._sound("sortkey"):
            keys = ["", *chain.from_iterable(kept.decode().split("\n") for (kept,) in rows)]
            if len(keys) != self.size + 1:
                raise LookupError
            return keys

    def told(self, listed: str) -> int:
        """Return the set of the claims of which the server lists the numbers in an array."""
        with self._sound("body"):
            numbers = msgspec.json.decode(f"[{listed[1:-1]}]", type=list[int])
            if min(numbers, default=1) < 1:
                raise LookupError
            return sets.of(numbers, self.size + 1)

    # --- vocabulary --------------------------------------------------------------------------------

    def entry(self, kind: str, name: str) -> Entry | None:
        """Return the entry of a list (`sectors` … `measures`) with this id, or None."""
        if (kind, name) not in self._entries:
            self._fetch_entries([(kind, name)])
        return self._entries[kind, name]

    def entries(self, kind: str) -> list[Entry]:
        """Return all entries of a list, in the order of the file."""
        found = self.rows("SELECT id, record FROM @entry WHERE kind = %s ORDER BY number", kind)
        return [self._checked(LISTS[kind], name, text) for name, text in found]

    def counts(self, facet: Facet) -> dict[str, int]:
        """Return how many claims have each value of a facet."""
        return {value: claims for _, value, claims in self.terms(facet) if claims}

    def called(self, kind: str, key: str) -> list[str]:
        """Return the ids of the entries one of whose names has this key."""
        where = "kind = %s AND substr(key, 1, 100) = substr(%s, 1, 100) AND key = %s"
        rows = self.rows(f"SELECT DISTINCT entry FROM @name WHERE {where} ORDER BY entry", kind, key, key)
        return [entry for (entry,) in rows]

    def containing(self, kind: str, words: Sequence[str]) -> list[str]:
        """Return the ids of the entries whose names have all of these folded words."""
        has = " INTERSECT ".join(
            "SELECT entry FROM @name WHERE kind = %s AND (strpos(words, %s) > 0 OR (%s AND strpos(key, %s) > 0))"
            for _ in words
        )
        values = [value for word in words for value in (kind, f" {word} ", not word.isascii(), word)]
        return [entry for (entry,) in self.rows(f"{has} ORDER BY entry", *values)]

    def keys(self, kind: str) -> dict[str, str]:
        """Return the key of each name of a list, with the id of its entry."""
        return dict(self.rows("SELECT key, entry FROM @name WHERE kind = %s ORDER BY key, entry", kind))


def _close(connections: list[Connection]) -> None:
    for connection in connections:
        connection.close()
    connections.clear()
