"""What is wanted of a shared database as its SQL: which claims, how many, in which order, how near to words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple, Protocol

from indotrade.dataset.batches import batches
from indotrade.dataset.records import Claim, record
from indotrade.engine.nearest import NAMED, from_words, nearest, terms
from indotrade.engine.protocol import Facet, Wanted
from indotrade.text import fold

FEW = 5000
"""Up to so many claims of a filter are gone through, and looked for among those with the words; else the reverse."""
FETCHED = 256
"""How many claims are fetched by one statement."""
MANY = 4096
"""More numbers than this are received while they are read, on a connection of their own."""
COLUMN = {"said": "fact.first", "value": "fact.value", "id": "claim.id", "paragraph": "fact.paragraph"}
"""What each order goes by."""


class Asked(Protocol):
    """The publication that is asked; a table of it stands in a statement as its name behind an `@`."""

    @property
    def size(self) -> int:
        """How many claims there are."""

    def rows(self, statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """Return the rows of a SELECT."""

    def stream(self, statement: str, *parameters: Any) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a SELECT as they come."""

    def claims(self, numbers: Sequence[int]) -> Iterator[Claim]:
        """Yield the claims of some numbers, in their order."""

    def counts(self, facet: Facet) -> dict[str, int]:
        """Return how many of all claims have each value of a facet."""


class _Clause(NamedTuple):
    """A piece of SQL and its parameters."""

    sql: str
    parameters: Sequence[Any] = ()


class _Condition(NamedTuple):
    """A facet of which a claim must have one of some values: their terms, and how many claims those have."""

    terms: list[int]
    claims: int


class SharedMatches:
    """The claims that are wanted, as a query: `c` is the number of a claim."""

    def __init__(self, engine: Asked, wanted: Wanted) -> None:
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
    return _Clause(f"SELECT claim AS c FROM @body WHERE {has}", [f"%{escaped(word)}%" for word in words])


def escaped(text: str) -> str:
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
