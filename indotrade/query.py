"""Turns filters into SQL, and SQL into an answer: the claims, in order, and how many there are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from indotrade import lookup, names
from indotrade.errors import Message, Misused, NotFound
from indotrade.models import Claim
from indotrade.rules import NARRATION, WORLD, days
from indotrade.store import Store

SORTS = ("said", "value", "id", "paragraph")
KINDS = ("figure", "forecast", "event", "plan", "need", "opinion", "description")
STATUSES = ("single", "corroborated", "disputed", "superseded", "misprint")
MOST_WORDS = 64
MOST_LETTERS = 4096


class Filters(msgspec.Struct, frozen=True, kw_only=True):
    """What claims are asked for. Values of one filter are alternatives; different filters all hold."""

    sector: Sequence[str] = ()
    country: Sequence[str] = ()
    program: Sequence[str] = ()
    organization: Sequence[str] = ()
    speaker: Sequence[str] = ()
    """Names of people, or `narration` for the articles' own voice."""
    source: Sequence[str] = ()
    """Ids of articles."""
    kind: Sequence[str] = ()
    status: Sequence[str] = ()
    at: Sequence[str] = ()
    """Names of programs at which a claim was made."""
    from_: Sequence[str] = ()
    to: Sequence[str] = ()
    has_figure: bool = False
    since: str | None = None
    until: str | None = None
    words: Sequence[str] = ()
    """Words or phrases that a claim must all have, as substrings."""
    id: Sequence[str] = ()
    sort: str | None = None
    """One of SORTS, with `-` in front for descending; None for the order of answers."""
    limit: int | None = None


class Answer(msgspec.Struct, frozen=True):
    """The claims that were asked for."""

    store: Store
    query: dict[str, list[str]]
    """The filters that were given, names resolved to ids."""
    total: int
    """How many claims match."""
    count: int
    """How many of them are here, after the limit."""
    select: str
    parameters: list[Any]

    def numbers(self) -> Iterator[int]:
        """Yield the number of each claim, in order; the list itself is never held."""
        return (row[0] for row in self.store.rows(self.select, *self.parameters))

    def claims(self) -> Iterator[Claim]:
        """Yield each claim, typed."""
        return (self.store.claim(number) for number in self.numbers())

    def records(self) -> Iterator[str]:
        """Yield each claim as one line of JSON."""
        return (self.store.record(number) for number in self.numbers())


def find(store: Store, filters: Filters) -> Answer:
    """Return the claims that pass all filters.

    Raises NotFound for a name that is unknown or ambiguous, Misused for a date, kind, status or order that
    is none, and for dates the wrong way round.
    """
    query, conditions = _resolve(store, filters)
    where = _where(store, conditions, filters)
    order = _order(filters.sort)
    needs_fact = "fact." in where.sql or "fact." in order
    needs_id = "claim.id" in where.sql or "claim.id" in order
    source = where.driver + (" JOIN fact ON fact.claim = c" if needs_fact else "")
    source += " JOIN claim ON claim.number = c" if needs_id else ""
    body = f"FROM {source} WHERE {where.sql}"
    total = where.total
    if total is None:
        total = int(store.value(f"SELECT count(*) {body}", *where.parameters))
    count = total if filters.limit is None else min(total, filters.limit)
    limit = "" if filters.limit is None else f" LIMIT {int(filters.limit)}"
    return Answer(store, query, total, count, f"SELECT c {body} ORDER BY {order}{limit}", where.parameters)


def of(store: Store, numbers: Sequence[int]) -> Answer:
    """Return the claims with these numbers, in this order."""
    listed = msgspec.json.encode(numbers).decode()
    query = {"id": [store.claim(number).id for number in numbers]}
    return Answer(
        store, query, len(numbers), len(numbers), "SELECT value FROM json_each(?) ORDER BY key", [listed]
    )


def resting_on(store: Store, source: str) -> tuple[list[int], list[int]]:
    """Return the numbers of the claims that stand in a source, and of those on which it bears as evidence."""
    found = []
    for facet in ("source", "evidence"):
        terms = _list(list(store.terms(facet, [source])))
        rows = store.rows(f"SELECT claim FROM tag WHERE term IN ({terms}) ORDER BY claim")
        found.append([number for (number,) in rows])
    return found[0], found[1]


def counts(answer: Answer, facet: str) -> dict[str, int]:
    """Return how many claims of an answer have each value of a facet."""
    store = answer.store
    if not answer.query:
        return store.counts(facet)
    statement = (
        "SELECT value, count(*) FROM term JOIN tag ON tag.term = term.number"
        f" WHERE facet = ? AND claim IN ({answer.select}) GROUP BY value"
    )
    return dict(store.rows(statement, facet, *answer.parameters).fetchall())


def capped(words: Sequence[str]) -> tuple[list[str], bool]:
    """Return the words that are searched for, and whether some had to be cut."""
    kept: list[str] = []
    room = MOST_LETTERS
    for word in words[:MOST_WORDS]:
        kept.append(word[:room])
        room -= len(kept[-1])
        if room <= 0:
            break
    return kept, kept != list(words)


class _Condition(msgspec.Struct, frozen=True):
    """One filter, resolved: the terms of which a claim must have one."""

    terms: list[int]
    claims: int


class _Where(msgspec.Struct, frozen=True):
    driver: str
    sql: str
    parameters: list[Any]
    total: int | None


_FACETS = {
    "sector": ("sectors", "sectors"),
    "country": ("countries", "countries"),
    "program": ("programs", "programs"),
    "organization": ("organizations", "organizations"),
    "speaker": ("speaker", "people"),
    "at": ("at", "programs"),
    "from_": ("from", "countries"),
    "to": ("to", "countries"),
}


def _resolve(store: Store, filters: Filters) -> tuple[dict[str, list[str]], list[_Condition]]:
    query: dict[str, list[str]] = {}
    conditions = []
    for field, (facet, kind) in _FACETS.items():
        if asked := getattr(filters, field):
            resolved = list(dict.fromkeys(_entry(store, kind, word) for word in asked))
            query[field.rstrip("_")] = resolved
            conditions.append(_condition(store, facet, resolved))
    for field, choices in (("kind", KINDS), ("status", STATUSES)):
        if asked := getattr(filters, field):
            query[field] = [choice(word, choices, f"--{field}") for word in asked]
            conditions.append(_condition(store, field, query[field]))
    if filters.source:
        query["source"] = [source_id(store, name) for name in filters.source]
        conditions.append(_condition(store, "source", query["source"]))
    if filters.has_figure:
        query["has_figure"] = ["true"]
        conditions.append(_condition(store, "figure", ["yes"]))
    for field in ("since", "until"):
        if value := getattr(filters, field):
            query[field] = [value]
    if filters.words:
        query["words"] = list(filters.words)
    if filters.id:
        query["id"] = list(filters.id)
    return query, sorted(conditions, key=lambda condition: condition.claims)


def _entry(store: Store, kind: str, asked: str) -> str:
    if kind == "people" and names.key(asked) in (NARRATION, "narasi"):
        return NARRATION
    if kind == "countries" and names.key(asked) in (WORLD, "dunia", "世界"):
        return WORLD
    return lookup.resolve(store, kind, asked)


def source_id(store: Store, asked: str) -> str:
    """Return `asked` if a source has this id. Raises NotFound with the nearest ids."""
    if lookup.is_text(asked) and store.source_record(asked):
        return asked
    raise _no_such_id(store, "sources", asked)


def claim_number(store: Store, asked: str) -> int:
    """Return the number of the claim with the id `asked`. Raises NotFound with the nearest ids."""
    number = store.claim_number(asked) if lookup.is_text(asked) else None
    if number is None:
        raise _no_such_id(store, "claims", asked)
    return number


def _no_such_id(store: Store, kind: str, asked: str) -> NotFound:
    near: list[str] = []
    if lookup.is_text(asked) and store.size <= 10_000:
        table = {"sources": "source", "claims": "claim"}[kind]
        known = {names.key(name): name for (name,) in store.rows(f"SELECT id FROM {table}")}
        near = [known[key] for key in names.nearest(asked, known)]
    return lookup.unknown(kind, asked, near)


def _condition(store: Store, facet: str, values: Sequence[str]) -> _Condition:
    terms = store.terms(facet, values)
    return _Condition(list(terms), sum(terms.values()))


def choice(asked: str, choices: Sequence[str], option: str) -> str:
    """Return `asked` if it is one of the choices of an option. Raises Misused with the choices."""
    if asked in choices:
        return asked
    near = names.nearest(asked, choices, 1)
    listed = ", ".join(choices)
    en = f"; did you mean {near[0]}?" if near else f"; it takes {listed}"
    id = f"; maksud Anda {near[0]}?" if near else f"; pilihannya {listed}"
    shown = asked[:80]
    hint = Message(f"{option} takes {listed}", f"pilihan {option}: {listed}") if near else None
    raise Misused(
        Message(f'{option} cannot be "{shown}"{en}', f'{option} tidak bisa "{shown}"{id}'),
        hint,
    )


# --- SQL -------------------------------------------------------------------------------------------


FEW = 5000
"""Up to so many claims of a filter are gone through, and looked for among those with the words; else the reverse."""


def _where(store: Store, conditions: list[_Condition], filters: Filters) -> _Where:
    """Return the FROM and WHERE of a query; `c` is the number of a claim."""
    sql: list[str] = []
    parameters: list[Any] = []
    total: int | None = None
    search = _search(store, filters.words) if filters.words else None
    rest = conditions
    if search and not (conditions and conditions[0].claims <= FEW):
        driver = f"({search[0]})"
        parameters += search[1]
    elif conditions:
        first, *rest = conditions
        distinct = "DISTINCT " if len(first.terms) > 1 else ""
        driver = f"(SELECT {distinct}claim AS c FROM tag WHERE term IN ({_list(first.terms)}))"
        total = first.claims if not rest and not search and len(first.terms) <= 1 else None
        if search:
            sql.append(f"c IN ({search[0]})")
            parameters += search[1]
    else:
        driver, total = "(SELECT claim AS c FROM fact)", store.size
    sql.extend(
        f"EXISTS (SELECT 1 FROM tag WHERE term IN ({_list(condition.terms)}) AND tag.claim = c)"
        for condition in rest
    )
    for restrict in (_dates, _ids):
        clauses, values = restrict(filters)
        sql += clauses
        parameters += values
        if clauses:
            total = None
    return _Where(driver, " AND ".join(sql) or "1", parameters, total)


def _list(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers))


_Clauses = tuple[list[str], list[Any]]
_Query = tuple[str, list[Any]]
"""A SELECT of the numbers of claims, called `c`, and its parameters."""


def _dates(filters: Filters) -> _Clauses:
    since = _span("--since", filters.since)
    until = _span("--until", filters.until)
    if since and until and since[0] > until[1]:
        raise Misused(
            Message(
                f"--since {filters.since} is after --until {filters.until}",
                f"--since {filters.since} sesudah --until {filters.until}",
            )
        )
    sql, values = [], []
    if since:
        sql.append("fact.last >= ?")
        values.append(since[0])
    if until:
        sql.append("fact.first <= ?")
        values.append(until[1])
    return sql, values


def _span(option: str, date: str | None) -> tuple[str, str] | None:
    """Return the first and last day of an option's date. Raises Misused where it is none."""
    if date is None:
        return None
    try:
        if len(date) not in (4, 7, 10) or not date.isascii() or not date.replace("-", "").isdigit():
            raise ValueError
        return days(date)
    except ValueError:
        raise Misused(
            Message(
                f'{option} "{date[:80]}" is no date; expected YYYY, YYYY-MM or YYYY-MM-DD',
                f'{option} "{date[:80]}" bukan tanggal; tulis YYYY, YYYY-MM atau YYYY-MM-DD',
            )
        ) from None


def _ids(filters: Filters) -> _Clauses:
    if not filters.id:
        return [], []
    return [f"claim.id IN ({', '.join('?' * len(filters.id))})"], list(filters.id)


def _search(store: Store, words: Sequence[str]) -> _Query:
    """Return the query for the claims that have each word: in their texts, or in a name that they are tagged with.

    Raises NotFound for a word of which nothing is left when it is folded.
    """
    unnamed: list[str] = []
    queries: list[_Query] = []
    for word in words:
        folded = _folded(word)
        if terms := _named(store, folded):
            sql, values = _in_texts([folded])
            queries.append((f"{sql} UNION SELECT claim FROM tag WHERE term IN ({_list(terms)})", values))
        else:
            unnamed.append(folded)
    if unnamed:
        queries.insert(0, _in_texts(unnamed))
    first, *others = (sql for sql, _ in queries)
    within = " AND ".join(f"c IN ({other})" for other in others)
    parameters = [value for _, values in queries for value in values]
    return f"SELECT c FROM ({first}) WHERE {within}" if others else first, parameters


def _folded(word: str) -> str:
    folded = names.fold(word) if lookup.is_text(word) else ""
    if not folded:
        raise NotFound(
            Message(
                f'nothing can be searched for with "{word[:80]}"',
                f'tidak ada yang dapat dicari dengan "{word[:80]}"',
            )
        )
    return folded


def _in_texts(words: Sequence[str]) -> _Query:
    """Return the query for the claims whose text has all of the folded `words`.

    Three letters and more go through the trigram index. It knows which trigrams a text has, not where
    (detail=none), so that words of other lengths than three are looked for in the text as well.
    """
    trigrams = dict.fromkeys(word[start : start + 3] for word in words for start in range(len(word) - 2))
    inexact = [word for word in words if len(word) != 3]
    found = " AND ".join("instr(body.text, ?)" for _ in inexact)
    if not trigrams:
        return f"SELECT body.claim AS c FROM body WHERE {found}", inexact
    match = " AND ".join('"' + trigram.replace('"', '""') + '"' for trigram in trigrams)
    if not inexact:
        return "SELECT rowid AS c FROM trigram WHERE trigram MATCH ?", [match]
    joined = "trigram CROSS JOIN body ON body.claim = trigram.rowid"
    return f"SELECT trigram.rowid AS c FROM {joined} WHERE trigram MATCH ? AND {found}", [match, *inexact]


_NAMED = ", ".join(
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


def _named(store: Store, folded: str) -> list[int]:
    """Return the terms of the vocabulary entries and sources in whose names `folded` stands."""
    spelling = names.key(folded)
    rows = store.rows(
        f"WITH named (kind, facet) AS (VALUES {_NAMED}) SELECT DISTINCT term.number FROM name"
        " CROSS JOIN named USING (kind) CROSS JOIN term ON term.facet = named.facet AND term.value = name.entry"
        " WHERE instr(name.words, ?) OR (? <> '' AND name.key = ?)",
        folded,
        spelling,
        spelling,
    )
    return [number for (number,) in rows]


def _order(sort: str | None) -> str:
    """Return the ORDER BY of an answer: nulls last either way, ties in the order of answers."""
    if sort is None:
        return "c"
    name, descending = sort.removeprefix("-"), sort.startswith("-")
    choice(name, SORTS, "--sort")
    column = {"said": "fact.first", "value": "fact.value", "id": "claim.id", "paragraph": "fact.paragraph"}[
        name
    ]
    return f"{column} IS NULL, {column}{' DESC' if descending else ''}, c"
