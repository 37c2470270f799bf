"""The SQLite engine: turns what is wanted into SQL, and rows into records."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple
from weakref import finalize

import msgspec

from indotrade.dataset.records import LISTS, Claim, Dataset, Entry, Source, decode_claim, decode_source
from indotrade.engine.fill import TRIGRAMS, batches, insert_texts, inserter, names_of, titles_of
from indotrade.engine.protocol import Contents, Facet, Matches, Noun, Origin, Wanted
from indotrade.errors import Message, Refused
from indotrade.text import fold

FEW = 5000
"""Up to so many claims of a filter are gone through, and looked for among those with the words; else the reverse."""
AT_ONCE = 1 << 14
"""How many anchors are looked up by one statement."""

TABLES: dict[Noun, str] = {"claims": "claim", "sources": "source"}
NAMED = ", ".join(
    f"('{kind}', '{facet}')"
    for kind, facets in {
        "sectors": ("sectors",),
        "countries": ("countries",),
        "programs": ("programs", "at"),
        "organizations": ("organizations",),
        "people": ("speaker",),
        "sources": ("source", "evidence"),
        "titles": ("evidence",),
    }.items()
    for facet in facets
)
"""The facets in which an entry of each list is told of a claim."""
COLUMN = {"said": "fact.first", "value": "fact.value", "id": "claim.id", "paragraph": "fact.paragraph"}
"""What each order goes by."""


def unanswered(error: sqlite3.Error) -> Refused:
    """Return the error for a database that fails."""
    return Refused(
        Message("the claims cannot be looked through: {why}", why=error),
        Message("try again: a damaged index is built anew"),
    )


class SqliteEngine:
    """A filled database, asked: an `Engine`.

    One in memory holds no names and no texts to search before it is asked for them: most commands are not.
    """

    def __init__(
        self, connection: sqlite3.Connection, sha256: Callable[[], str], origin: Origin, *, searchable: bool
    ) -> None:
        self.origin = origin
        self._sha256 = sha256
        self._connection = connection
        self._texts = searchable
        self._named = set(LISTS) if searchable else set[str]()
        self._entries: dict[tuple[str, str], Entry | None] = {}
        self._sources: dict[str, Source | None] = {}
        # Nobody else has to close it, and Python 3.13 warns of one that is left; `__del__` is late where frames of a
        # traceback hold the engine.
        finalize(self, connection.close)

    def rows(self, statement: str, *parameters: Any) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a SELECT. Raises Refused for a database that fails while it answers."""
        try:
            yield from self._connection.execute(statement, parameters)
        except sqlite3.Error as error:
            raise unanswered(error) from error

    def value(self, statement: str, *parameters: Any) -> Any:
        """Return the first column of the first row, or None."""
        return next(self.rows(statement, *parameters), (None,))[0]

    @property
    def sha256(self) -> str:
        """Of the four data files; of a small dataset it is computed when it is asked for."""
        return self._sha256()

    @property
    def dataset(self) -> Dataset:
        """What the dataset says of itself."""
        return msgspec.json.decode(self.value("SELECT value FROM meta WHERE name = 'dataset'"), type=Dataset)

    @property
    def size(self) -> int:
        """How many claims there are."""
        return int(self.value("SELECT value FROM meta WHERE name = 'claims'"))

    def contents(self) -> Contents:
        """Return what the dataset holds, counted."""
        types = self.rows("SELECT json_extract(record, '$.type'), count(*) FROM source GROUP BY 1")
        first, last = next(self.rows("SELECT min(first), max(last) FROM fact"))
        return Contents(dict(types), first, last)

    # --- claims and sources ------------------------------------------------------------------------

    def find(self, wanted: Wanted) -> Matches:
        """Return the claims that are wanted."""
        return _Matches(self, wanted)

    def claim(self, name: str) -> Claim | None:
        """Return the claim with this id, or None."""
        text = self.value("SELECT record FROM claim WHERE id = ?", name)
        return decode_claim(text) if text else None

    def source(self, name: str) -> Source | None:
        """Return the source with this id, or None."""
        if name not in self._sources:
            text = self.source_record(name)
            self._sources[name] = decode_source(text) if text else None
        return self._sources[name]

    def source_record(self, name: str) -> str | None:
        """Return the source with this id as one line of JSON, or None."""
        text: str | None = self.value("SELECT record FROM source WHERE id = ?", name)
        return text

    def source_ids(self) -> list[str]:
        """Return the ids of all sources, in the order of the file."""
        return [name for (name,) in self.rows("SELECT id FROM source ORDER BY number")]

    def beginning(self, noun: Noun, prefix: str, most: int) -> list[tuple[str, str]]:
        """Return up to `most` ids that begin with `prefix`, sorted, each with its record."""
        found = self.rows(
            f"SELECT id, record FROM {TABLES[noun]} WHERE id >= ? AND substr(id, 1, ?) = ? ORDER BY id LIMIT ?",
            prefix,
            len(prefix),
            prefix,
            most,
        )
        return [(name, record) for name, record in found]

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
            text = self.value("SELECT record FROM entry WHERE kind = ? AND id = ?", kind, name)
            self._entries[kind, name] = msgspec.json.decode(text, type=LISTS[kind]) if text else None
        return self._entries[kind, name]

    def entries(self, kind: str) -> list[Entry]:
        """Return all entries of a list, in the order of the file."""
        rows = self.rows("SELECT record FROM entry WHERE kind = ? ORDER BY number", kind)
        decode = msgspec.json.Decoder(LISTS[kind]).decode
        return [decode(text) for (text,) in rows]

    def counts(self, facet: Facet) -> dict[str, int]:
        """Return how many claims have each value of a facet."""
        rows = self.rows("SELECT value, claims FROM term WHERE facet = ? ORDER BY value", facet)
        return dict(rows)

    def called(self, kind: str, key: str) -> list[str]:
        """Return the ids of the entries one of whose names has this key."""
        self._name(kind)
        rows = self.rows("SELECT DISTINCT entry FROM name WHERE kind = ? AND key = ?", kind, key)
        return [entry for (entry,) in rows]

    def containing(self, kind: str, words: Sequence[str]) -> list[str]:
        """Return the ids of the entries whose names have all of these folded words."""
        self._name(kind)
        has = " INTERSECT ".join(
            "SELECT DISTINCT entry FROM name WHERE kind = ? AND (instr(words, ?) OR (? AND instr(key, ?)))"
            for _ in words
        )
        values = [value for word in words for value in (kind, f" {word} ", not word.isascii(), word)]
        return [entry for (entry,) in self.rows(has, *values)]

    def keys(self, kind: str) -> dict[str, str]:
        """Return the key of each name of a list, with the id of its entry."""
        self._name(kind)
        return dict(self.rows("SELECT key, entry FROM name WHERE kind = ?", kind))

    # --- what a small dataset has only when it is asked for ----------------------------------------------

    def _name(self, kind: str) -> None:
        """Make the table of names answer for a list."""
        if kind not in self._named:
            self._named.add(kind)
            inserter(self._connection)("name", names_of(kind, self.entries(kind)))

    def searchable(self) -> None:
        """Make the tables answer a search."""
        if self._texts:
            return
        self._texts = True
        self._connection.execute(TRIGRAMS)
        insert = inserter(self._connection)
        claims = self.rows("SELECT number, record FROM claim")
        insert_texts(insert, [(number, decode_claim(text)) for number, text in claims])
        sources = self.rows("SELECT record FROM source")
        insert("name", titles_of(decode_source(text) for (text,) in sources))
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
        self._all = wanted == Wanted(order=wanted.order, descending=wanted.descending, limit=wanted.limit)
        driver, conditions, total = self._conditions(wanted)
        order = _order(wanted)
        where = " AND ".join(condition.sql for condition in conditions) or "1"
        source = driver.sql
        if "fact." in where or "fact." in order:
            source += " JOIN fact ON fact.claim = c"
        if "claim.id" in order:
            source += " JOIN claim ON claim.number = c"
        self._body = f"FROM {source} WHERE {where}"
        self._parameters = [value for clause in (driver, *conditions) for value in clause.parameters]
        if total is None:
            total = int(engine.value(f"SELECT count(*) {self._body}", *self._parameters))
        self.total: int = total
        self._order = order + ("" if wanted.limit is None else f" LIMIT {min(wanted.limit, total)}")

    def records(self) -> Iterator[str]:
        """Yield each claim as one line of JSON, in order; the list itself is never held."""
        rows = self._engine.rows(f"SELECT c {self._body} ORDER BY {self._order}", *self._parameters)
        for (number,) in rows:
            yield self._engine.value("SELECT record FROM claim WHERE number = ?", number)

    def counts(self, facet: Facet) -> dict[str, int]:
        """Return how many of the claims have each value of a facet."""
        if self._all:
            return self._engine.counts(facet)
        statement = (
            "SELECT value, count(*) FROM term JOIN tag ON tag.term = term.number"
            f" WHERE facet = ? AND claim IN (SELECT c {self._body}) GROUP BY value"
        )
        return dict(self._engine.rows(statement, facet, *self._parameters))

    def _conditions(self, wanted: Wanted) -> tuple[_Clause, list[_Clause], int | None]:
        """Return what the claims are taken from, what each must fulfil, and how many they are if that is known."""
        if wanted.ids is not None:
            listed = msgspec.json.encode(list(wanted.ids)).decode()
            ids = "(SELECT number AS c, key AS place FROM json_each(?) CROSS JOIN claim ON claim.id = value)"
            return _Clause(ids, [listed]), [], None
        facets = sorted(
            (self._condition(facet, values) for facet, values in wanted.facets.items()),
            key=lambda condition: condition.claims,
        )
        search = self._search(wanted.words) if wanted.words else None
        conditions: list[_Clause] = []
        total: int | None = None
        if search and not (facets and facets[0].claims <= FEW):
            driver = _Clause(f"({search.sql})", search.parameters)
        elif facets:
            first, *facets = facets
            distinct = "DISTINCT " if first.several else ""
            driver = _Clause(f"(SELECT {distinct}claim AS c FROM tag WHERE term IN ({first.terms}))")
            if search:
                conditions.append(_Clause(f"c IN ({search.sql})", search.parameters))
            elif not facets and not first.several:
                total = first.claims
        else:
            driver, total = _Clause("(SELECT claim AS c FROM fact)"), self._engine.size
        conditions += (
            _Clause(f"EXISTS (SELECT 1 FROM tag WHERE term IN ({condition.terms}) AND tag.claim = c)")
            for condition in facets
        )
        if wanted.since:
            conditions.append(_Clause("fact.last >= ?", [wanted.since]))
        if wanted.until:
            conditions.append(_Clause("fact.first <= ?", [wanted.until]))
        return driver, conditions, None if wanted.since or wanted.until else total

    def _condition(self, facet: Facet, values: Sequence[str]) -> _Condition:
        listed = msgspec.json.encode(list(values)).decode()
        rows = self._engine.rows(
            "SELECT number, claims FROM term WHERE facet = ? AND value IN (SELECT value FROM json_each(?))",
            facet,
            listed,
        )
        found = list(rows)
        return _Condition(
            _listed(term for term, _ in found), len(found) > 1, sum(claims for _, claims in found)
        )

    # --- search ------------------------------------------------------------------------------------

    def _search(self, words: Sequence[str]) -> _Clause:
        """Return the query for the claims that have each folded word: in their texts, or in a name of what they have."""
        self._engine.searchable()
        unnamed: list[str] = []
        queries: list[_Clause] = []
        for word in words:
            if terms := self._named(word):
                texts = _in_texts([word])
                sql = f"{texts.sql} UNION SELECT claim FROM tag WHERE term IN ({terms})"
                queries.append(_Clause(sql, texts.parameters))
            else:
                unnamed.append(word)
        if unnamed:
            queries.insert(0, _in_texts(unnamed))
        first, *others = (query.sql for query in queries)
        within = " AND ".join(f"c IN ({other})" for other in others)
        parameters = [value for query in queries for value in query.parameters]
        return _Clause(f"SELECT c FROM ({first}) WHERE {within}" if others else first, parameters)

    def _named(self, word: str) -> str:
        """Return the terms of the vocabulary entries and sources in whose names a folded word stands."""
        spelling = fold.key(word)
        rows = self._engine.rows(
            f"WITH named (kind, facet) AS (VALUES {NAMED}) SELECT DISTINCT term.number FROM name"
            " CROSS JOIN named USING (kind) CROSS JOIN term ON term.facet = named.facet AND term.value = name.entry"
            " WHERE instr(name.words, ?) OR (? <> '' AND name.key = ?)",
            word,
            spelling,
            spelling,
        )
        return _listed(number for (number,) in rows)


def _in_texts(words: Sequence[str]) -> _Clause:
    """Return the query for the claims whose text has all of the folded `words`.

    Three letters and more go through the trigram index. It knows which trigrams a text has, not where
    (detail=none), so that words of other lengths than three are looked for in the text as well.
    """
    trigrams = dict.fromkeys(word[start : start + 3] for word in words for start in range(len(word) - 2))
    inexact = [word for word in words if len(word) != 3]
    found = " AND ".join("instr(body.text, ?)" for _ in inexact)
    if not trigrams:
        return _Clause(f"SELECT body.claim AS c FROM body WHERE {found}", inexact)
    match = " AND ".join('"' + trigram.replace('"', '""') + '"' for trigram in trigrams)
    if not inexact:
        return _Clause("SELECT rowid AS c FROM trigram WHERE trigram MATCH ?", [match])
    joined = "trigram CROSS JOIN body ON body.claim = trigram.rowid"
    return _Clause(
        f"SELECT trigram.rowid AS c FROM {joined} WHERE trigram MATCH ? AND {found}", [match, *inexact]
    )


def _order(wanted: Wanted) -> str:
    """Return the ORDER BY of an answer: nulls last either way, ties in the order of answers."""
    if wanted.order is None:
        return "c" if wanted.ids is None else "place"
    column = COLUMN[wanted.order]
    return f"{column} IS NULL, {column}{' DESC' if wanted.descending else ''}, c"


def _listed(numbers: Iterable[int]) -> str:
    return ", ".join(map(str, numbers))
