"""The SQLite engine: turns what is wanted into SQL, and rows into records."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import finalize

import msgspec

from indotrade.dataset.folder import changed
from indotrade.engine.protocol import Contents, Facet, Matches, Noun, Origin, Wanted
from indotrade.engine.schema import TRIGRAMS, batches, checker, inserter
from indotrade.engine.search import Search
from indotrade.errors import Message, Refused

if TYPE_CHECKING:
    from indotrade.dataset.records import Claim, Dataset, Entry, Source

AT_ONCE = 1 << 14
"""How many anchors are looked up by one statement."""

FETCHED = 256
"""How many claims are fetched by one statement."""
NUMBERED = "(SELECT value FROM json_each(?)) LEFT JOIN claim ON number = value"
"""The claims of some numbers; one that is missing is a row that no check passes."""

TABLES: dict[Noun, str] = {"claims": "claim", "sources": "source"}
TERMS = "SELECT number, facet, value, claims, crc FROM term"
COLUMN = {"said": "fact.first", "value": "fact.value", "id": "claim.id", "paragraph": "fact.paragraph"}
"""What each order goes by."""


_MISTAKEN = frozenset(
    {sqlite3.SQLITE_ERROR, sqlite3.SQLITE_MISMATCH, sqlite3.SQLITE_RANGE, sqlite3.SQLITE_TOOBIG}
)
"""What SQLite says of a statement that it cannot run, on whatever database."""
_UNHARMED = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY})
"""What it says where no other index would help: there is no room to sort in."""


def unanswered(error: sqlite3.Error) -> Exception:
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
        self._checked = checked
        self._kept = kept
        """Whether it holds names and texts from the beginning."""
        self._texts = kept
        self._named: set[str] = set()
        self._entries: dict[tuple[str, str], Entry | None] = {}
        self._sources: dict[str, Source | None] = {}
        # Nobody else has to close it, and Python 3.13 warns of one that is left; `__del__` is late where frames of a
        # traceback hold the engine.
        finalize(self, connection.close)

    def rows(
        self, statement: str, *parameters: Any, checked: bool = False, needed: bool = False
    ) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a SELECT; where they are `checked` the last column is the check of the others.

        An index that is damaged, or has no row where one is `needed`, is built anew meanwhile, which gives the
        same rows in the same order. Raises Refused for a database that fails all the same.
        """
        check, told = checker() if checked and self._checked else None, 0
        while True:
            connection = self.connection
            try:
                for row in islice(connection.execute(statement, parameters), told, None):
                    if check and row[-1] != check(*row[:-1]):
                        raise sqlite3.DatabaseError("a row is not as it was written")
                    yield row
                    told += 1
                if needed and not told:
                    raise sqlite3.DatabaseError("a row is missing")
            except sqlite3.Error as error:
                self._mend(connection, error)
            else:
                return

    def _mend(self, broken: sqlite3.Connection, error: sqlite3.Error) -> None:
        """Ask another database from now on. Raises Refused where there is none, or the dataset is not the same."""
        if self.connection is not broken:
            return  # it was mended for another question
        if self._renew is None or getattr(error, "sqlite_errorcode", None) in _UNHARMED:
            raise unanswered(error) from error
        renew, self._renew = self._renew, None
        new = self._renewed = renew()
        if new.sha256 != self.sha256:
            raise changed(Path(self.origin.address))
        self.connection, self.origin = new.connection, new.origin

    def value(self, statement: str, *parameters: Any) -> Any:
        """Return the first column of the first row, or None."""
        return next(self.rows(statement, *parameters), (None,))[0]

    def records(self, where: str, *parameters: Any) -> Iterator[str]:
        """Yield the records of some rows: `where` begins with the table, `claim WHERE number = ?`."""
        select = f"SELECT number, id, record, crc FROM {where}"
        return (row[2] for row in self.rows(select, *parameters, checked=True))

    def _record(self, where: str, name: str, *parameters: Any) -> Any:
        """Return the record of the row with this id, or None: `where` begins with the table, `claim WHERE id = ?`."""
        select = f"SELECT number, ?, record, crc FROM {where}"  # it is checked to be that of this id
        rows = self.rows(select, name, *parameters, checked=True)
        return next((record for _, _, record, _ in rows), None)

    def _about(self, name: str) -> Any:
        """Return what the database says of itself under a name."""
        rows = self.rows("SELECT value, crc FROM meta WHERE name = ?", name, checked=True, needed=True)
        return next(rows)[0]

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

        types = Counter(decode_source(record).type for record in self.records("source"))
        first, last = next(self.rows("SELECT min(first), max(last) FROM fact"))
        return Contents(dict(sorted(types.items())), first, last)

    # --- claims and sources ------------------------------------------------------------------------

    def find(self, wanted: Wanted) -> Matches:
        """Return the claims that are wanted."""
        return _Matches(self, wanted)

    def claim(self, name: str) -> Claim | None:
        """Return the claim with this id, or None."""
        from indotrade.dataset.records import decode_claim

        text = self._record("claim WHERE id = ?", name, name)
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
        text: str | None = self._record("source WHERE id = ?", name, name)
        return text

    def source_ids(self) -> list[str]:
        """Return the ids of all sources, in the order of the file."""
        return [name for (name,) in self.rows("SELECT id FROM source ORDER BY number")]

    def beginning(self, noun: Noun, prefix: str, most: int) -> list[tuple[str, str]]:
        """Return up to `most` ids that begin with `prefix`, sorted, each with its record."""
        select = f"SELECT number, id, record, crc FROM {TABLES[noun]}"
        where = "WHERE id >= ? AND substr(id, 1, ?) = ? ORDER BY id LIMIT ?"
        found = self.rows(f"{select} {where}", prefix, len(prefix), prefix, most, checked=True)
        return [(name, record) for _, name, record, _ in found]

    def attested(self, digests: Iterable[int]) -> dict[int, set[str]]:
        """Return those of the anchors that some claim has, each with the sources in which those claims stand."""
        found: dict[int, set[str]] = {}
        for asked in batches(digests, AT_ONCE):
            rows = self.rows(
                "SELECT digest, source.id FROM json_each(?) CROSS JOIN anchor ON digest = value"
                " JOIN source ON source.number = anchor.source",
                msgspec.json.encode(asked).decode(),
            )
            for digest, source in rows:
                found.setdefault(digest, set()).add(source)
        return found

    # --- vocabulary --------------------------------------------------------------------------------

    def entry(self, kind: str, name: str) -> Entry | None:
        """Return the entry of a list (`sectors` … `measures`) with this id, or None."""
        if (kind, name) not in self._entries:
            from indotrade.dataset.records import LISTS, decoder

            text = self._record("entry WHERE kind = ? AND id = ?", name, kind, name)
            self._entries[kind, name] = decoder(LISTS[kind]).decode(text) if text else None
        return self._entries[kind, name]

    def entries(self, kind: str) -> list[Entry]:
        """Return all entries of a list, in the order of the file."""
        from indotrade.dataset.records import LISTS, decoder

        decode = decoder(LISTS[kind]).decode
        return [decode(text) for text in self.records("entry WHERE kind = ? ORDER BY number", kind)]

    def counts(self, facet: Facet) -> dict[str, int]:
        """Return how many claims have each value of a facet."""
        where = f"{TERMS} WHERE facet = ? ORDER BY value"
        return {value: claims for _, _, value, claims, _ in self.rows(where, facet, checked=True)}

    def called(self, kind: str, key: str) -> list[str]:
        """Return the ids of the entries one of whose names has this key."""
        self._name(kind)
        rows = self.rows(
            "SELECT DISTINCT entry FROM name WHERE kind = ? AND key = ? ORDER BY entry", kind, key
        )
        return [entry for (entry,) in rows]

    def containing(self, kind: str, words: Sequence[str]) -> list[str]:
        """Return the ids of the entries whose names have all of these folded words."""
        self._name(kind)
        has = " INTERSECT ".join(
            "SELECT DISTINCT entry FROM name WHERE kind = ? AND (instr(words, ?) OR (? AND instr(key, ?)))"
            for _ in words
        )
        values = [value for word in words for value in (kind, f" {word} ", not word.isascii(), word)]
        return [entry for (entry,) in self.rows(f"{has} ORDER BY entry", *values)]

    def keys(self, kind: str) -> dict[str, str]:
        """Return the key of each name of a list, with the id of its entry."""
        self._name(kind)
        return dict(self.rows("SELECT key, entry FROM name WHERE kind = ? ORDER BY key, entry", kind))

    # --- what a small dataset has only when it is asked for ----------------------------------------------

    def _name(self, kind: str) -> None:
        """Make the table of names answer for a list."""
        if not self._kept and kind not in self._named:
            from indotrade.engine.fill import names_of

            self._named.add(kind)
            inserter(self.connection)("name", names_of(kind, self.entries(kind)))

    def searchable(self) -> None:
        """Make the tables answer a search."""
        if self._texts:
            return
        from indotrade.dataset.records import LISTS, decode_claim, decode_source
        from indotrade.engine.fill import insert_texts, titles_of

        self._texts = True
        self.connection.execute(TRIGRAMS)
        insert = inserter(self.connection)
        claims = self.rows("SELECT number, record FROM claim")
        insert_texts(insert, [(number, decode_claim(text)) for number, text in claims])
        insert("name", titles_of(decode_source(text) for text in self.records("source")))
        for kind in LISTS:
            self._name(kind)


class _Clause(NamedTuple):
    """A piece of SQL and its parameters."""

    sql: str
    parameters: Sequence[Any] = ()


class _Condition(NamedTuple):
    """A facet of which a claim must have one of some values: their terms, and how many claims those have."""

    terms: str
    """Their numbers, between commas; "" where no claim has any."""
    several: bool
    claims: int


class _Matches:
    """The claims that are wanted, as a query: `c` is the number of a claim."""

    def __init__(self, engine: SqliteEngine, wanted: Wanted) -> None:
        self._engine = engine
        self._wanted = wanted
        self._order = _order(wanted)
        self._all = wanted == Wanted(order=wanted.order, descending=wanted.descending, limit=wanted.limit)
        driver, conditions, total = self._conditions(wanted)
        self._search = Search(engine, wanted.words) if wanted.words else None
        if self._search:
            if driver is not _EVERY or conditions:
                self._search.keep(_claims(_body(driver, conditions)))
            total = self._search.total
        else:
            self._found = _body(driver, conditions, self._order)
            if total is None:
                total = int(engine.value(f"SELECT count(*) {self._found.sql}", *self._found.parameters))
        self.total: int = total
        self._count = total if wanted.limit is None else min(wanted.limit, total)

    def records(self) -> Iterator[str]:
        """Yield each claim as one line of JSON, in order; the list itself is never held."""
        for numbers in batches(islice(self._numbers(), self._count), FETCHED):
            listed = msgspec.json.encode(numbers).decode()
            yield from self._engine.records(NUMBERED, listed)

    def counts(self, facet: Facet) -> dict[str, int]:
        """Return how many of the claims have each value of a facet."""
        if self._all:
            return self._engine.counts(facet)
        claims = _claims(self._body())
        statement = (
            "SELECT value, count(*) FROM term JOIN tag ON tag.term = term.number"
            f" WHERE facet = ? AND claim IN ({claims.sql}) GROUP BY value ORDER BY value"
        )
        return dict(self._engine.rows(statement, facet, *claims.parameters))

    def _numbers(self) -> Iterator[int]:
        """Yield the numbers of the claims, in order."""
        if self._search and self._wanted.order is None:
            return self._search.nearest()
        claims = _claims(self._body())
        rows = self._engine.rows(
            f"{claims.sql} ORDER BY {self._order} LIMIT {self._count}", *claims.parameters
        )
        return (number for (number,) in rows)

    def _body(self) -> _Clause:
        """Return where the claims are found: what follows SELECT."""
        if not self._search:
            return self._found
        listed = msgspec.json.encode(list(self._search.numbers())).decode()
        return _body(_Clause("(SELECT value AS c FROM json_each(?))", [listed]), (), self._order)

    def _conditions(self, wanted: Wanted) -> tuple[_Clause, list[_Clause], int | None]:
        """Return what the claims are taken from, what each must fulfil, and how many they are if that is known.

        The words that they must have are no part of it.
        """
        if wanted.ids is not None:
            listed = msgspec.json.encode(list(wanted.ids)).decode()
            ids = "(SELECT number AS c, key AS place FROM json_each(?) CROSS JOIN claim ON claim.id = value)"
            return _Clause(ids, [listed]), [], None
        facets = sorted(
            (self._condition(facet, values) for facet, values in wanted.facets.items()),
            key=lambda condition: condition.claims,
        )
        total: int | None = None
        if facets:
            first, *facets = facets
            distinct = "DISTINCT " if first.several else ""
            driver = _Clause(f"(SELECT {distinct}claim AS c FROM tag WHERE term IN ({first.terms}))")
            if not facets and not first.several:
                total = first.claims
        else:
            driver, total = _EVERY, self._engine.size
        conditions = [
            _Clause(f"EXISTS (SELECT 1 FROM tag WHERE term IN ({condition.terms}) AND tag.claim = c)")
            for condition in facets
        ]
        if wanted.since:
            conditions.append(_Clause("fact.last >= ?", [wanted.since]))
        if wanted.until:
            conditions.append(_Clause("fact.first <= ?", [wanted.until]))
        if wanted.period:
            conditions.append(_Clause("fact.ends >= ? AND fact.begins <= ?", wanted.period))
        dated = wanted.since or wanted.until or wanted.period
        return driver, conditions, None if dated else total

    def _condition(self, facet: Facet, values: Sequence[str]) -> _Condition:
        listed = msgspec.json.encode(list(values)).decode()
        where = f"{TERMS} WHERE facet = ? AND value IN (SELECT value FROM json_each(?))"
        found = [row[0::3] for row in self._engine.rows(where, facet, listed, checked=True)]
        return _Condition(
            _listed(term for term, _ in found), len(found) > 1, sum(claims for _, claims in found)
        )


_EVERY = _Clause("(SELECT claim AS c FROM fact)")
"""What all claims are taken from."""


def _body(driver: _Clause, conditions: Sequence[_Clause], order: str = "") -> _Clause:
    """Return what follows SELECT for the claims of a driver that fulfil conditions, with what an order goes by."""
    where = " AND ".join(condition.sql for condition in conditions) or "1"
    source = driver.sql
    if "fact." in where or "fact." in order:
        source += " JOIN fact ON fact.claim = c"
    if "claim.id" in order:
        source += " JOIN claim ON claim.number = c"
    parameters = [value for clause in (driver, *conditions) for value in clause.parameters]
    return _Clause(f"FROM {source} WHERE {where}", parameters)


def _claims(body: _Clause) -> _Clause:
    return _Clause(f"SELECT c {body.sql}", body.parameters)


def _order(wanted: Wanted) -> str:
    """Return the ORDER BY of an answer: nulls last either way, ties in the order of answers."""
    if wanted.order is None:
        return "c" if wanted.ids is None else "place"
    column = COLUMN[wanted.order]
    return f"{column} IS NULL, {column}{' DESC' if wanted.descending else ''}, c"


def _listed(numbers: Iterable[int]) -> str:
    return ", ".join(map(str, numbers))
