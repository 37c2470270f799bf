"""The PostgreSQL engine: asks a shared database, as the SQLite engine asks its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple, TypeVar
from weakref import finalize

import msgspec

from indotrade.dataset.records import LISTS, Claim, Dataset, Entry, Source, record
from indotrade.engine import server
from indotrade.engine.libpq import Connection, ServerError
from indotrade.engine.nearest import NAMED, from_words, nearest, terms
from indotrade.engine.protocol import (
    Contents,
    Facet,
    Matches,
    Noun,
    Origin,
    Progress,
    Published,
    Wanted,
    Warn,
)
from indotrade.engine.publications import LIST, Publication, chosen, foreign, nothing, placed, publication
from indotrade.engine.schema import batches
from indotrade.errors import Message, Refused
from indotrade.text import fold

_T = TypeVar("_T")

FEW = 5000
"""Up to so many claims of a filter are gone through, and looked for among those with the words; else the reverse."""
FETCHED = 256
"""How many claims are fetched by one statement."""
MANY = 4096
"""More numbers than this are received while they are read, on a connection of their own."""
AT_ONCE = 1 << 14
"""How many anchors are looked up by one statement."""
BEGIN = "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY; SET search_path = pg_catalog; "
"""Nothing is written by asking, and no function that somebody made there is taken for one of the server's."""

COLUMN = {"said": "fact.first", "value": "fact.value", "id": "claim.id", "paragraph": "fact.paragraph"}
"""What each order goes by."""


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
        """Those that may be at work: the first answers, a second one streams."""
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
        """Return the rows of a SELECT. Raises Refused where the server does not give them."""
        asked = placed(statement, self._found.number)
        return list(self._answered(lambda: self._connections[0].rows(asked, parameters)))

    def stream(self, statement: str, *parameters: Any) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a SELECT as they come, while others are asked for. Raises Refused as `rows` does."""
        asked = placed(statement, self._found.number)

        def rows() -> Iterator[tuple[Any, ...]]:
            connection = server.connect(self._address)
            self._connections.append(connection)
            try:
                connection.rows(BEGIN)
                yield from connection.stream(asked, parameters)
            finally:
                connection.close()
                if connection in self._connections:
                    self._connections.remove(connection)

        return self._answered(rows)

    def _answered(self, ask: Callable[[], Iterable[tuple[Any, ...]]]) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of an answer; where the server goes away meanwhile, the rest from where it or another comes back."""
        told, again = 0, True
        while True:
            try:
                for row in islice(ask(), told, None):
                    yield row
                    told += 1
            except ServerError as error:
                if not (again and server.is_gone(error)):
                    raise server.unanswered(error, self._address) from error
                again = False
                self._connect(
                    self._found
                )  # the same publication, which gives the same rows in the same order
            else:
                return

    def _damaged(self, name: str) -> Refused:
        return Refused(
            Message(
                "the dataset in the shared database {address} is faulty: {name} cannot be read",
                address=self.origin.address,
                name=name,
            ),
            Message("have it published again"),
        )

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
        return _Matches(self, wanted)

    def claim(self, name: str) -> Claim | None:
        """Return the claim with this id, or None."""
        for (text,) in self.rows("SELECT record FROM @claim WHERE id = %s", name):
            claim: Claim = self._checked(Claim, name, text)
            self._foresee([claim])
            return claim
        return None

    def claims(self, numbers: Sequence[int]) -> Iterator[Claim]:
        """Yield the claims of some numbers, in their order, once all that is said of them is here as well."""
        found = self.rows("SELECT number, id, record FROM @claim WHERE number = ANY(%s)", list(numbers))
        claims: dict[int, Claim] = {number: self._checked(Claim, name, text) for number, name, text in found}
        self._foresee(claims.values())
        for number in numbers:
            if number not in claims:
                raise self._damaged(str(number))
            yield claims[number]

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
        found = self.rows(statement, _escaped(prefix) + "%", most)
        return [(name, record(self._checked(kind, name, text))) for name, text in found]

    def attested(self, digests: Iterable[int]) -> dict[int, set[str]]:
        """Return those of the anchors that some claim has, each with the sources in which those claims stand."""
        found: dict[int, set[str]] = {}
        for asked in batches(digests, AT_ONCE):
            rows = self.rows(
                "SELECT digest, source.id FROM @anchor AS anchor JOIN @source AS source"
                " ON source.number = anchor.source WHERE digest = ANY(%s)",
                asked,
            )
            for digest, source in rows:
                found.setdefault(digest, set()).add(source)
        return found

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
        return dict(self.rows("SELECT value, claims FROM @term WHERE facet = %s ORDER BY value", facet))

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


class _Clause(NamedTuple):
    """A piece of SQL and its parameters."""

    sql: str
    parameters: Sequence[Any] = ()


class _Condition(NamedTuple):
    """A facet of which a claim must have one of some values: their terms, and how many claims those have."""

    terms: list[int]
    claims: int


class _Matches:
    """The claims that are wanted, as a query: `c` is the number of a claim."""

    def __init__(self, engine: PostgresEngine, wanted: Wanted) -> None:
        self._engine = engine
        self._words = list(dict.fromkeys(wanted.words)) if wanted.order is None and wanted.ids is None else []
        """Those to which the nearest claims come first."""
        self._named: dict[str, dict[int, int]] = {}
        self._all = wanted == Wanted(order=wanted.order, descending=wanted.descending, limit=wanted.limit)
        driver, conditions, total = self._conditions(wanted)
        order = _order(wanted)
        where = " AND ".join(condition.sql for condition in conditions) or "TRUE"
        source = driver.sql
        if "fact." in where or "fact." in order:
            source += " JOIN @fact AS fact ON fact.claim = c"
        if "claim.id" in order:
            source += " JOIN @claim AS claim ON claim.number = c"
        self._body = f"FROM {source} WHERE {where}"
        self._parameters = [value for clause in (driver, *conditions) for value in clause.parameters]
        if total is None:
            ((total,),) = engine.rows(f"SELECT count(*) {self._body}", *self._parameters)
        self.total: int = total
        self._count = total if wanted.limit is None else min(wanted.limit, total)
        self._order = order

    def records(self) -> Iterator[str]:
        """Yield each claim as one line of JSON, in order; the list itself is never held."""
        if not self._count:
            return
        listed = (
            nearest(self._words, self._candidates, self._measured)
            if self._words
            else self._listed(self._count)
        )
        for numbers in batches(islice(listed, self._count), FETCHED):
            yield from map(record, self._engine.claims(numbers))

    def _listed(self, count: int) -> Iterator[int]:
        """Yield the numbers of the claims, up to so many of them, in their order."""
        ask = self._engine.rows if count <= MANY else self._engine.stream
        rows = ask(f"SELECT c {self._body} ORDER BY {self._order} LIMIT {count}", *self._parameters)
        return (number for (number,) in rows)

    def _candidates(self, distance: int) -> Iterator[int]:
        """Yield all claims for the least distance: how far each is only its texts tell."""
        return iter(()) if distance else self._listed(self.total)

    def _measured(self, numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
        """Yield claims with their distance from the words, which their texts and names tell."""
        named = sorted({term for found in self._named.values() for term in found})
        for batch in batches(numbers, FETCHED):
            texts = dict(self._engine.rows("SELECT claim, text FROM @body WHERE claim = ANY(%s)", batch))
            tags: dict[int, list[int]] = {}
            if named:
                where = f"{_is_one_of('term', named)} AND claim = ANY(%s)"
                for claim, term in self._engine.rows(f"SELECT claim, term FROM @tag WHERE {where}", batch):
                    tags.setdefault(claim, []).append(term)
            for number in batch:
                has = tags.get(number, ())
                names = {
                    word: min(found[term] for term in has if term in found)
                    for word, found in self._named.items()
                    if not found.keys().isdisjoint(has)
                }
                yield number, from_words(self._words, texts.get(number, ""), names)

    def counts(self, facet: Facet) -> dict[str, int]:
        """Return how many of the claims have each value of a facet."""
        if self._all:
            return self._engine.counts(facet)
        statement = (
            "SELECT value, count(*) FROM @term AS term JOIN @tag AS tag ON tag.term = term.number"
            f" WHERE facet = %s AND claim IN (SELECT c {self._body}) GROUP BY value ORDER BY value"
        )
        return dict(self._engine.rows(statement, facet, *self._parameters))

    def _conditions(self, wanted: Wanted) -> tuple[_Clause, list[_Clause], int | None]:
        """Return what the claims are taken from, what each must fulfil, and how many they are if that is known."""
        if wanted.ids is not None:
            ids = (
                "(SELECT number AS c, place FROM unnest(%s::text[]) WITH ORDINALITY AS asked (name, place)"
                " JOIN @claim AS claim ON claim.id = asked.name) AS driver"
            )
            return _Clause(ids, [list(wanted.ids)]), [], None
        facets = sorted(self._facets(wanted.facets), key=lambda condition: condition.claims)
        search = self._search(wanted.words) if wanted.words else None
        conditions: list[_Clause] = []
        total: int | None = None
        if search and not (facets and facets[0].claims <= FEW):
            driver = _Clause(f"({search.sql}) AS driver", search.parameters)
        elif facets:
            first, *facets = facets
            several = len(first.terms) > 1
            distinct = "DISTINCT " if several else ""
            driver = _Clause(
                f"(SELECT {distinct}claim AS c FROM @tag WHERE {_is_one_of('term', first.terms)}) AS driver"
            )
            if search:
                conditions.append(_Clause(f"c IN ({search.sql})", search.parameters))
            elif not facets and not several:
                total = first.claims
        else:
            driver, total = _Clause("(SELECT claim AS c FROM @fact) AS driver"), self._engine.size
        conditions += (
            _Clause(
                f"EXISTS (SELECT 1 FROM @tag AS tag WHERE {_is_one_of('term', condition.terms)} AND tag.claim = c)"
            )
            for condition in facets
        )
        if wanted.since:
            conditions.append(_Clause("fact.last >= %s", [wanted.since]))
        if wanted.until:
            conditions.append(_Clause("fact.first <= %s", [wanted.until]))
        if wanted.period:
            conditions.append(_Clause("fact.ends >= %s AND fact.begins <= %s", wanted.period))
        dated = wanted.since or wanted.until or wanted.period
        return driver, conditions, None if dated else total

    def _facets(self, asked: Mapping[Facet, Sequence[str]]) -> list[_Condition]:
        if not asked:
            return []
        where = " OR ".join("facet = %s AND value = ANY(%s)" for _ in asked)
        values = [value for facet, names in asked.items() for value in (facet, list(names))]
        found = self._engine.rows(f"SELECT facet, number, claims FROM @term WHERE {where}", *values)
        of_facet = ([row for row in found if row[0] == facet] for facet in asked)
        return [_Condition([row[1] for row in rows], sum(row[2] for row in rows)) for rows in of_facet]

    # --- search ------------------------------------------------------------------------------------

    def _search(self, words: Sequence[str]) -> _Clause:
        """Return the query for the claims that have each folded word: in their texts, or in a name of what they have."""
        unnamed: list[str] = []
        queries: list[_Clause] = []
        for word in words:
            if named := self._terms(word):
                self._named[word] = named
                texts = _in_texts([word])
                sql = f"{texts.sql} UNION SELECT claim FROM @tag WHERE {_is_one_of('term', sorted(named))}"
                queries.append(_Clause(sql, texts.parameters))
            else:
                unnamed.append(word)
        if unnamed:
            queries.insert(0, _in_texts(unnamed))
        found = " INTERSECT ".join(f"({query.sql})" for query in queries)
        return _Clause(found, [value for query in queries for value in query.parameters])

    def _terms(self, word: str) -> dict[int, int]:
        """Return the terms of the entries and sources in whose names a folded word stands, each with its distance."""
        spelling = fold.key(word)
        rows = self._engine.rows(
            "SELECT term.number, name.words, name.key"
            f" FROM @name AS name JOIN (VALUES {NAMED}) AS named (kind, facet)"
            " ON named.kind = name.kind JOIN @term AS term"
            " ON term.facet = named.facet AND term.value = name.entry"
            " WHERE strpos(name.words, %s) > 0 OR (%s <> '' AND name.key = %s)",
            word,
            spelling,
            spelling,
        )
        return terms(word, ((number, words, key) for number, words, key in rows))


def _in_texts(words: Sequence[str]) -> _Clause:
    """Return the query for the claims whose text has all of the folded `words`."""
    has = " AND ".join("text LIKE %s" for _ in words)
    return _Clause(f"SELECT claim AS c FROM @body WHERE {has}", [f"%{_escaped(word)}%" for word in words])


def _escaped(text: str) -> str:
    """Return a text as LIKE finds it, and nothing else."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _is_one_of(column: str, numbers: Sequence[int]) -> str:
    """Return the condition that a column has one of some numbers, of which there may be none."""
    return f"{column} IN ({', '.join(map(str, numbers))})" if numbers else "FALSE"


def _order(wanted: Wanted) -> str:
    """Return the ORDER BY of an answer: nulls last either way, ties in the order of answers."""
    if wanted.order is None:
        return "c" if wanted.ids is None else "place"
    column = COLUMN[wanted.order]
    return f"{column} IS NULL, {column}{' DESC' if wanted.descending else ''}, c"
