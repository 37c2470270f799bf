"""The SQLite engine: turns what is wanted into SQL, and rows into records."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property, reduce
from heapq import nlargest, nsmallest
from itertools import chain, islice, takewhile
from operator import and_
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import finalize
from zlib import crc32

import msgspec

from indotrade.dataset.batches import batches
from indotrade.dataset.folder import changed
from indotrade.engine import bundles, sets
from indotrade.engine.protocol import ORDERS, Contents, Facet, Matches, Noun, Order, Origin, Wanted
from indotrade.engine.schema import COLUMNS, TRIGRAMS, check, inserter, names_of, terms_of
from indotrade.errors import Message, Refused

if TYPE_CHECKING:
    from indotrade.dataset.records import Claim, Dataset, Entry, Source
    from indotrade.engine.leaves import Known
    from indotrade.engine.search import Search

AT_ONCE = 1 << 14
"""How many anchors are looked for at a time."""

FETCHED = 256
"""How many claims are fetched by one statement."""
NUMBERED = "(SELECT value FROM json_each(?)) LEFT JOIN claim ON number = value"
"""The claims of some numbers; one that is missing is a row that no check passes."""

TABLES: dict[Noun, str] = {"claims": "claim", "sources": "source"}
TERMS = "SELECT number, facet, value, claims, crc FROM term"


def _damaged(text: str | None, crc: int | None) -> bool:
    """Raise ValueError, which ends the statement, for a text that its check does not fit; return True where none is kept."""
    if text is None or crc is not None:
        raise ValueError
    return True


FAILURES = (sqlite3.Error, UnicodeDecodeError)
"""How a database fails; the second where SQLite quotes what it cannot read."""
_MISTAKEN = frozenset(
    {sqlite3.SQLITE_ERROR, sqlite3.SQLITE_MISMATCH, sqlite3.SQLITE_RANGE, sqlite3.SQLITE_TOOBIG}
)
"""What SQLite says of a statement that it cannot run, on whatever database."""
_UNHARMED = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY})
"""What it says where no other index would help: there is no room to sort in."""


def unanswered(error: Exception) -> Exception:
    """Return the error for a database that fails; of a mistake in a statement it is the error itself, and a bug."""
    if getattr(error, "sqlite_errorcode", None) in _MISTAKEN:
        return error
    return Refused(Message("the claims cannot be looked through: {why}", why=error))


class SqliteEngine:
    """A filled database, asked: an `Engine`.

    One in memory, which is not `kept` on disk, holds no names and no texts to search before it is asked for them: most
    commands are not. With `checked` each record is checked when it is read, for a disk may damage it.
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
        self.origin = origin
        self._sha256 = sha256
        self.connection = connection
        self._renew = renew
        """Returns the engine on an index that takes the place of a damaged one; None where nothing does."""
        self._renewed: SqliteEngine | None = None
        """That engine, which holds its database open."""
        self.checked = checked
        self.kept = kept
        """Whether it holds names and texts from the beginning."""
        self._texts = kept
        self._named: set[str] = set()
        self._known: Known | None = None
        self._entries: dict[tuple[str, str], Entry | None] = {}
        self._sources: dict[str, Source | None] = {}
        connection.create_function("crc32", 1, crc32)
        connection.create_function("damaged", 2, _damaged)
        # Nobody else has to close it, and Python 3.13 warns of one that is left; `__del__` is late where frames of a
        # traceback hold the engine.
        finalize(self, connection.close)

    def rows(
        self, statement: str, *parameters: Any, checked: bool = False, needed: int = 0
    ) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a SELECT; where they are `checked` the last column is the check of the others.

        An index that is damaged, or has fewer rows than are `needed`, is built anew meanwhile, which gives the
        same rows in the same order. What is needed is yielded once all of it is there, for it may be the first row that
        is missing. Raises Refused for a database that fails all the same.
        """
        told = 0
        while True:
            connection = self.connection
            try:
                rows = self._sound(
                    connection.execute(statement, parameters), checked=checked and self.checked
                )
                if needed:
                    every = list(rows)
                    if len(every) < needed:
                        raise sqlite3.DatabaseError("a row is missing")
                    rows = iter(every)
                for row in islice(rows, told, None):
                    yield row
                    told += 1
            except FAILURES as error:
                self._mend(connection, error)
            else:
                return

    def _sound(self, rows: Iterable[tuple[Any, ...]], *, checked: bool) -> Iterator[tuple[Any, ...]]:
        """Yield rows, each of which is as it was written. Raises sqlite3.DatabaseError."""
        for row in rows:
            if checked and row[-1] != check(*row[:-1]):
                raise sqlite3.DatabaseError("a row is not as it was written")
            yield row

    def _mend(self, broken: sqlite3.Connection, error: Exception) -> None:
        """Ask another database from now on. Raises Refused where there is none, or the dataset is not the same."""
        if self.connection is not broken:
            return  # it was mended for another question
        if self._renew is None or getattr(error, "sqlite_errorcode", None) in _UNHARMED:
            raise unanswered(error) from error
        from indotrade.dataset.records import LISTS

        renew, self._renew = self._renew, None
        new = self._renewed = renew()
        if new.sha256 != self.sha256:
            raise changed(Path(self.origin.address))
        new.searchable()  # one in memory, where there is no room for another: a search may be in its midst
        self.connection, self.origin = new.connection, new.origin
        self.checked, self.kept, self._texts, self._known = new.checked, new.kept, True, None
        self._named.update(LISTS)

    def matching(self, query: str) -> str:
        """Return a query for the trigram index, when all that an answer to it rests on is as it was written."""
        while self.checked:
            connection = self.connection
            try:
                if not self._known:
                    from indotrade.engine.leaves import Known

                    self._known = Known(connection, self._about("trigrams"))
                self._known.read(query)
            except FAILURES as error:
                self._mend(connection, error)
            else:
                break
        return query

    def value(self, statement: str, *parameters: Any, needed: int = 0) -> Any:
        """Return the first column of the first row, or None."""
        return next(self.rows(statement, *parameters, needed=needed), (None,))[0]

    def records(self, where: str, *parameters: Any, needed: int = 0) -> Iterator[str]:
        """Yield the records of some rows: `where` begins with the table, `claim WHERE number = ?`."""
        select = f"SELECT number, id, record, crc FROM {where}"
        return (row[2] for row in self.rows(select, *parameters, checked=True, needed=needed))

    def _record(self, kind: str, table: str, name: str) -> Any:
        """Return the record of the row with this id in a table, or None; of entries, in the list of that `kind`."""
        select = f"SELECT number, ?, record, crc FROM {table} WHERE id"  # it is checked to be that of this id
        only = "AND kind = ?" if table == "entry" else ""
        parameters = [name, name, *([kind] if only else [])]
        rows = self.rows(f"{select} = ? {only}", *parameters, checked=True)
        found = next((record for _, _, record, _ in rows), None)
        if found is None and self.there(kind, name):
            rows = self.rows(f"{select} = ? {only}", *parameters, checked=True, needed=1)
            found = next((record for _, _, record, _ in rows), None)
        return found

    def _about(self, name: str) -> Any:
        """Return what the database says of itself under a name."""
        rows = self.rows("SELECT name, value, crc FROM meta WHERE name = ?", name, checked=True, needed=1)
        return next(rows)[1]

    @property
    def sha256(self) -> str:
        """Of the four data files; of a small dataset it is computed when it is asked for."""
        return self._sha256()

    @property
    def dataset(self) -> Dataset:
        """What the dataset says of itself."""
        from indotrade.dataset.records import Dataset, decoder

        described: Dataset = decoder(Dataset).decode(self.dataset_record)
        return described

    @property
    def dataset_record(self) -> str:
        """The same as one line of JSON."""
        return str(self._about("dataset"))

    @property
    def size(self) -> int:
        """How many claims there are."""
        return int(self._about("claims"))

    def contents(self) -> Contents:
        """Return what the dataset holds, counted."""
        from collections import Counter

        from indotrade.dataset.records import decode_source

        types = Counter(
            decode_source(record).type for record in self.records("source", needed=self._count("sources"))
        )
        days = [[day for _, day, _ in self.terms(facet) if len(day) == 10] for facet in ("first", "last")]
        first, last = (days[0][0], days[1][-1]) if days[0] else (None, None)
        return Contents(dict(sorted(types.items())), first, last)

    # --- claims and sources ------------------------------------------------------------------------

    def find(self, wanted: Wanted) -> Matches:
        """Return the claims that are wanted."""
        return _Matches(self, wanted)

    def claim(self, name: str) -> Claim | None:
        """Return the claim with this id, or None."""
        from indotrade.dataset.records import decode_claim

        text = self._record("claims", "claim", name)
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
        text: str | None = self._record("sources", "source", name)
        return text

    def source_ids(self) -> list[str]:
        """Return the ids of all sources, in the order of the file."""
        select = "SELECT number, id, record, crc FROM source ORDER BY number"
        return [name for _, name, *_ in self.rows(select, checked=True, needed=self._count("sources"))]

    def beginning(self, noun: Noun, prefix: str, most: int) -> list[tuple[str, str]]:
        """Return up to `most` ids that begin with `prefix`, sorted, each with its record."""
        select = f"SELECT number, id, record, crc FROM {TABLES[noun]}"
        where = "WHERE id >= ? AND substr(id, 1, ?) = ? ORDER BY id LIMIT ?"
        there = takewhile(lambda name: name.startswith(prefix), self._names_from(noun, prefix))
        needed = sum(1 for _ in islice(there, most)) if self.checked else 0
        found = self.rows(f"{select} {where}", prefix, len(prefix), prefix, most, checked=True, needed=needed)
        return [(name, record) for _, name, record, _ in found]

    def attested(self, digests: Iterable[int]) -> dict[int, set[str]]:
        """Return those of the anchors that some claim has, each with the sources in which those claims stand."""
        found: dict[int, set[int]] = {}
        room = bundles.room(self.size)
        for asked in batches(digests, AT_ONCE):
            wanted = set(asked)
            for kept in self.blobs("anchors", sorted({digest % room for digest in wanted})):
                for digest, source in bundles.among(kept, wanted):
                    found.setdefault(digest, set()).add(source)
        names = self._source_names({number for numbers in found.values() for number in numbers})
        return {digest: {names[number] for number in numbers} for digest, numbers in found.items()}

    def _source_names(self, numbers: Iterable[int]) -> dict[int, str]:
        """Return the ids of sources by their numbers."""
        listed = sorted(numbers)
        select = "SELECT number, id, record, crc FROM source WHERE number IN (SELECT value FROM json_each(?))"
        rows = self.rows(select, _json(listed), checked=True, needed=len(listed))
        return {number: name for number, name, *_ in rows}

    # --- vocabulary --------------------------------------------------------------------------------

    def entry(self, kind: str, name: str) -> Entry | None:
        """Return the entry of a list (`sectors` … `measures`) with this id, or None."""
        if (kind, name) not in self._entries:
            from indotrade.dataset.records import LISTS, decoder

            text = self._record(kind, "entry", name)
            self._entries[kind, name] = decoder(LISTS[kind]).decode(text) if text else None
        return self._entries[kind, name]

    def entries(self, kind: str) -> list[Entry]:
        """Return all entries of a list, in the order of the file."""
        from indotrade.dataset.records import LISTS, decoder

        decode = decoder(LISTS[kind]).decode
        where = "entry WHERE kind = ? ORDER BY number"
        return [decode(text) for text in self.records(where, kind, needed=self._count(kind))]

    def counts(self, facet: Facet) -> dict[str, int]:
        """Return how many claims have each value of a facet."""
        return {value: claims for _, value, claims in self.terms(facet) if claims}

    # --- sets of claims ----------------------------------------------------------------------------

    def terms(self, facet: str) -> Iterator[tuple[int, str, int]]:
        """Yield the terms of a facet: number, value, how many claims have it."""
        where = f"{TERMS} WHERE facet = ? ORDER BY value"
        rows = self.rows(where, facet, checked=True, needed=self._count(terms_of(facet)))
        return ((number, value, claims) for number, _, value, claims, _ in rows)

    def having(self, facet: Facet, values: Sequence[str]) -> int:
        """Return the set of the claims that have one of some values of a facet."""
        where = f"{TERMS} WHERE facet = ? AND value IN (SELECT value FROM json_each(?)) ORDER BY number"
        needed = len(set(values)) if self.kept else 0  # an index knows all that can be asked for
        rows = self.rows(where, facet, _json(list(values)), checked=True, needed=needed)
        return self.united([number for number, *_ in rows])

    def dated(self, facet: str, *, since: str = "0000-01-01", until: str = "9999-12-31") -> int:
        """Return the set of the claims of which a day (`first`, `last`, `begins`, `ends`) is among those from one on, or up to one."""
        ends = {since[:4], until[:4]}  # the years of which some days may be beyond

        def within(value: str) -> bool:
            if len(value) == 4:
                return since <= f"{value}-01-01" and f"{value}-12-31" <= until
            return value[:4] in ends and since <= value <= until

        return self.united([number for number, value, _ in self.terms(facet) if within(value)])

    def united(self, terms: Sequence[int]) -> int:
        """Return the set of the claims that have one of some terms."""
        return sets.unpacked((kept for _, kept in self.postings(terms)), self.size + 1)

    def postings(self, terms: Iterable[int]) -> Iterator[tuple[int, bytes]]:
        """Yield the set of the claims of each term, as it is kept."""
        listed = list(terms)
        return zip(listed, self.blobs("posting", listed), strict=True)

    def blobs(self, table: str, numbers: Sequence[int]) -> Iterator[bytes]:
        """Yield what a table of numbered bytes has at some numbers; where a row is missing no check passes."""
        number, kept, crc = COLUMNS[table]
        joined = f"json_each(?) LEFT JOIN {table} ON {number} = value ORDER BY json_each.key"
        rows = self.rows(f"SELECT value, {kept}, {crc} FROM {joined}", _json(numbers), checked=True)
        return (data for _, data, _ in rows)

    def sort_keys(self, order: Order) -> list[str]:
        """Return by what each claim is sorted, at its number; "" for what it does not have."""
        while True:
            connection = self.connection
            select = "SELECT number, keys, crc FROM sortkey WHERE number % ? = ? ORDER BY number"
            rows = self.rows(select, len(ORDERS), ORDERS.index(order), checked=True)
            keys = ["", *chain.from_iterable(kept.decode().split("\n") for _, kept, _ in rows)]
            if len(keys) == self.size + 1:
                return keys
            self._mend(connection, sqlite3.DatabaseError("a row is missing"))

    def called(self, kind: str, key: str) -> list[str]:
        """Return the ids of the entries one of whose names has this key."""
        self._name(kind)
        where = "name WHERE kind = ? AND key = ? ORDER BY entry"
        needed = self.there(names_of(kind), key)
        select = f"SELECT kind, key, entry, words, crc FROM {where}"
        rows = self.rows(select, kind, key, checked=True, needed=needed)
        return list(dict.fromkeys(entry for _, _, entry, *_ in rows))

    def containing(self, kind: str, words: Sequence[str]) -> list[str]:
        """Return the ids of the entries whose names have all of these folded words."""
        found: dict[str, set[str]] = {}
        for key, entry, spelled in self._names(kind):
            has = {word for word in words if f" {word} " in spelled or (not word.isascii() and word in key)}
            if has:
                found.setdefault(entry, set()).update(has)
        return sorted(entry for entry, has in found.items() if has.issuperset(words))

    def keys(self, kind: str) -> dict[str, str]:
        """Return the key of each name of a list, with the id of its entry."""
        return {key: entry for key, entry, _ in self._names(kind)}

    def _names(self, kind: str) -> Iterator[tuple[str, str, str]]:
        """Yield the names of a list: key, id of the entry, words."""
        self._name(kind)
        where = "name WHERE kind = ? ORDER BY key, entry"
        rows = self.rows(
            f"SELECT kind, key, entry, words, crc FROM {where}",
            kind,
            checked=True,
            needed=self._count(names_of(kind)),
        )
        return ((key, entry, words) for _, key, entry, words, _ in rows)

    # --- what is not there -------------------------------------------------------------------------

    def _count(self, kind: str) -> int:
        """Return how many of a kind there must be in an index that a disk may have damaged; 0 in any other."""
        if not self.checked:
            return 0
        counts: dict[str, int] = msgspec.json.decode(self._about("counts"))
        return counts.get(kind, 0)

    def there(self, kind: str, name: str) -> int:
        """Return how many of a kind must have an id or a name in an index that a disk may have damaged; 0 in any other."""
        if not self.checked:
            return 0
        return sum(1 for _ in takewhile(name.__eq__, self._names_from(kind, name)))

    def _names_from(self, kind: str, name: str) -> Iterator[str]:
        """Yield the ids or names of a kind from one on, in order, as an index has listed them."""
        at = name or "\0"  # the first row begins with the empty name
        where = "first < ? ORDER BY first DESC LIMIT 1"
        while at:
            connection = self.connection
            select = f"SELECT kind, first, names, crc FROM list WHERE kind = ? AND {where}"
            ((_, _, names, _),) = self.rows(select, kind, at, checked=True, needed=1)
            *some, after = names.split("\n")
            if after and after < name:
                self._mend(connection, sqlite3.DatabaseError("a row is missing"))
                continue
            yield from (it for it in some if it >= name)
            where, at = "first = ?", after

    # --- what a small dataset has only when it is asked for ----------------------------------------------

    def _name(self, kind: str) -> None:
        """Make the table of names answer for a list."""
        if not self.kept and kind not in self._named:
            from indotrade.engine import fill

            self._named.add(kind)
            names = fill.names_of(kind, self.entries(kind))
            inserter(self.connection)("name", [(*name, None) for name in names])

    def searchable(self) -> None:
        """Make the tables answer a search."""
        if self._texts:
            return
        from indotrade.dataset.records import LISTS, decode_claim, decode_source
        from indotrade.engine import named
        from indotrade.engine.fill import texts_of, titles_of, unchecked

        self._texts = True
        self.connection.execute(TRIGRAMS)
        insert = inserter(self.connection)
        claims = self.rows("SELECT number, record FROM claim")
        numbered = [(number, decode_claim(text)) for number, text in claims]
        for table, rows in texts_of(numbered, unchecked).items():
            insert(table, rows)
        titles = titles_of(decode_source(text) for text in self.records("source"))
        insert("name", [(*title, None) for title in titles])
        for kind in LISTS:
            self._name(kind)
        insert("named", [(*row, None) for row in named.listed(self.connection)])


class _Matches:
    """The claims that are wanted."""

    def __init__(self, engine: SqliteEngine, wanted: Wanted) -> None:
        self._engine = engine
        self._wanted = wanted
        self._filter = None if wanted.ids is not None else self._filtered()
        searched = bool(wanted.words) and wanted.ids is None
        self._search = _search(engine, wanted.words, self._filter) if searched else None
        if self._search:
            self.total: int = self._search.total
        elif self._filter is not None:
            self.total = self._filter.bit_count()
        elif wanted.ids is None:
            self.total = engine.size
        else:
            self.total = sum(1 for _ in self._listed())

    def records(self) -> Iterator[str]:
        """Yield each claim as one line of JSON, in order; the list itself is never held."""
        most = self.total if self._wanted.limit is None else min(self._wanted.limit, self.total)
        for numbers in batches(islice(self._numbers(), most), FETCHED):
            yield from self._engine.records(NUMBERED, _json(numbers))

    def counts(self, facet: Facet) -> dict[str, int]:
        """Return how many of the claims have each value of a facet."""
        if self._claims is None and self._wanted.ids is None:
            return self._engine.counts(facet)
        claims = self._claims if self._claims is not None else sets.of(self._listed(), self._engine.size + 1)
        digits = f"{claims:b}"
        values = {number: value for number, value, many in self._engine.terms(facet) if many}
        shared = {
            values[term]: sets.shared(kept, claims, digits) for term, kept in self._engine.postings(values)
        }
        return {value: count for value, count in shared.items() if count}

    def _numbers(self) -> Iterator[int]:
        """Yield the numbers of the claims, in order."""
        order = self._wanted.order
        if order is not None:
            return self._sorted(order)
        if self._wanted.ids is not None:
            return self._listed()
        if self._search:
            return self._search.nearest()
        return iter(range(1, self.total + 1)) if self._claims is None else sets.members(self._claims)

    def _listed(self) -> Iterator[int]:
        """Yield the numbers of the claims of some ids, in the order of those."""
        names = self._wanted.ids or ()
        joined = "json_each(?) CROSS JOIN claim ON claim.id = value ORDER BY key"
        select = f"SELECT number, claim.id, record, crc FROM {joined}"
        needed = sum(self._engine.there("claims", name) for name in names)
        rows = self._engine.rows(select, _json(names), checked=True, needed=needed)
        return (number for number, *_ in rows)

    def _sorted(self, order: Order) -> Iterator[int]:
        """Yield the numbers of the claims by something: those without it last either way, ties in the order of answers."""
        keys = self._engine.sort_keys(order)
        numbers: Sequence[int] = range(1, self.total + 1)
        if self._wanted.ids is not None:
            numbers = sorted(set(self._listed()))
        elif self._claims is not None:
            numbers = list(sets.members(self._claims))
        most = self.total if self._wanted.limit is None else min(self._wanted.limit, self.total)
        first = nlargest if self._wanted.descending else nsmallest  # both leave ties as they were
        yield from first(most, (number for number in numbers if keys[number]), key=keys.__getitem__)
        yield from (number for number in numbers if not keys[number])

    @cached_property
    def _claims(self) -> int | None:
        """The set of them; None for all claims, and for those of some ids."""
        return self._search.claims if self._search else self._filter

    def _filtered(self) -> int | None:
        """Return the set of the claims that fit all but the words; None where nothing else is asked for."""
        wanted, engine = self._wanted, self._engine
        found = [engine.having(facet, values) for facet, values in wanted.facets.items()]
        if wanted.since:
            found.append(engine.dated("last", since=wanted.since))
        if wanted.until:
            found.append(engine.dated("first", until=wanted.until))
        if wanted.period:
            first, last = wanted.period
            found += [engine.dated("ends", since=first), engine.dated("begins", until=last)]
        return reduce(and_, found) if found else None


def _search(engine: SqliteEngine, words: Sequence[str], among: int | None) -> Search:
    from indotrade.engine.search import Search  # a millisecond that other questions do without

    return Search(engine, words, among)


def _json(values: object) -> str:
    return msgspec.json.encode(values).decode()
