"""The claims of a dataset as an SQLite database: its schema, how it is filled, and how it is read.

The bundled data fill one in memory at each start, a large dataset one on disk (`index.py`): the same
schema, so the same queries answer both. Claims are numbered in the order of answers (source, paragraph,
id), so that a list of numbers is a sorted answer.
"""

from __future__ import annotations

import sqlite3
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple, TypeVar
from weakref import finalize

import msgspec

from indotrade import names
from indotrade.escape import json_safe
from indotrade.models import (
    Claim,
    Country,
    Dataset,
    Entry,
    Measure,
    Organization,
    Person,
    Program,
    Sector,
    Source,
    Vocabulary,
)
from indotrade.rules import NARRATION, days

COLUMNS: dict[str, tuple[str, ...]] = {
    "meta": ("name", "value"),
    "claim": ("number", "id", "record"),
    "fact": ("claim", "paragraph", "first", "last", "value"),
    "body": ("claim", "text"),
    "trigram": ("rowid", "text"),
    "source": ("number", "id", "record"),
    "entry": ("kind", "number", "id", "record"),
    "name": ("kind", "key", "entry", "words"),
    "term": ("number", "facet", "value", "claims"),
    "tag": ("term", "claim"),
}
SCHEMA = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE claim (number INTEGER PRIMARY KEY, id TEXT NOT NULL, record TEXT NOT NULL);
CREATE TABLE fact (claim INTEGER PRIMARY KEY, paragraph INTEGER, first TEXT, last TEXT, value REAL);
CREATE TABLE body (claim INTEGER PRIMARY KEY, text TEXT NOT NULL);
CREATE TABLE source (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, record TEXT NOT NULL);
CREATE TABLE entry (kind TEXT, number INTEGER, id TEXT, record TEXT NOT NULL, PRIMARY KEY (kind, id)) WITHOUT ROWID;
CREATE TABLE name (kind TEXT, key TEXT, entry TEXT, words TEXT NOT NULL);
CREATE INDEX name_key ON name (kind, key);
CREATE TABLE term (
    number INTEGER PRIMARY KEY, facet TEXT NOT NULL, value TEXT NOT NULL, claims INTEGER NOT NULL,
    UNIQUE (facet, value)
);
CREATE TABLE tag (term INTEGER, claim INTEGER, PRIMARY KEY (term, claim)) WITHOUT ROWID;
"""
TRIGRAMS = """
CREATE VIRTUAL TABLE trigram USING fts5 (
    text, content='', columnsize=0, detail=none, tokenize='trigram case_sensitive 1'
);
"""
KEYS = "CREATE UNIQUE INDEX claim_id ON claim (id)"
"""Made once all claims are in, which is faster; it fails where an id stands twice."""

KINDS: dict[str, type[Entry]] = {
    "sectors": Sector,
    "countries": Country,
    "programs": Program,
    "organizations": Organization,
    "people": Person,
    "measures": Measure,
}
BATCH = 5000
"""How many claims one statement inserts: enough that SQLite works undisturbed, few enough to hold in memory."""

_encode = msgspec.json.Encoder().encode
_decode_claim = msgspec.json.Decoder(Claim).decode
_decode_source = msgspec.json.Decoder(Source).decode
_T = TypeVar("_T")


class Head(NamedTuple):
    """All of a dataset but its claims."""

    dataset: Dataset
    vocabulary: Vocabulary
    sources: list[Source]


class Counted(NamedTuple):
    """A vocabulary entry with the number of claims that are tagged with it or with a descendant."""

    entry: Entry
    claims: int


Insert = Callable[[str, Sequence[tuple[Any, ...]]], object]
"""Inserts rows into a table: its name, and the rows, all columns of it."""


def inserter(connection: sqlite3.Connection) -> Insert:
    """Return an `Insert` that works at once."""
    return lambda table, rows: connection.executemany(statement(table), rows)


def statement(table: str, rows: str | None = None) -> str:
    """Return the SQL that fills all columns of a table: one row from parameters, or from a SELECT `rows`."""
    columns = COLUMNS[table]
    return f"INSERT INTO {table} ({', '.join(columns)}) " + (
        rows or f"VALUES ({', '.join('?' * len(columns))})"
    )


def build(insert: Insert, head: Head, claims: Iterable[Claim], *, searchable: bool) -> None:
    """Fill the tables of an empty database with a dataset whose claims come in the order of answers.

    With `searchable` they hold what `search` looks through as well, and the names of all entries; without,
    the names of a list are filled in when the first is asked for (`Store.names`).
    """
    insert("meta", [("dataset", record(head.dataset))])
    insert("source", [(number, source.id, record(source)) for number, source in enumerate(head.sources, 1)])
    if searchable:
        insert(
            "name",
            [_name(kind, source.id, name) for source in head.sources for kind, name in _titled(source)],
        )
    for kind in KINDS:
        entries: list[Entry] = getattr(head.vocabulary, kind)
        insert("entry", [(kind, number, entry.id, record(entry)) for number, entry in enumerate(entries, 1)])
        if searchable:
            insert("name", names_of(kind, entries))
    tagger = _Tagger(head.vocabulary)
    number = 0
    for batch in _batches(claims, BATCH):
        numbered = list(enumerate(batch, number + 1))
        number += len(batch)
        insert("claim", [(place, claim.id, record(claim)) for place, claim in numbered])
        insert("fact", [_fact(place, claim) for place, claim in numbered])
        if searchable:
            texts = [(place, searched(claim)) for place, claim in numbered]
            insert("body", texts)
            insert("trigram", texts)
        for place, claim in numbered:
            tagger.add(place, claim)
    terms = enumerate(tagger.tagged.items(), 1)
    insert("term", [(term, *of, len(tagged)) for term, (of, tagged) in terms])
    tags = ((term, place) for term, tagged in enumerate(tagger.tagged.values(), 1) for place in tagged)
    for pairs in _batches(tags, 10 * BATCH):
        insert("tag", pairs)
    insert("meta", [("claims", number)])


def _fact(number: int, claim: Claim) -> tuple[Any, ...]:
    first, last = days(claim.said.date)
    return number, claim.paragraph, first, last, float(claim.figure.value) if claim.figure else None


def record(value: Any) -> str:
    """Return a record as one line of JSON that is safe to show."""
    text: str = _encode(value).decode()
    return json_safe(text)


def searched(claim: Claim) -> str:
    """Return what `search` looks through in a claim itself: its texts, folded, a line each."""
    texts = [claim.id, claim.statement.en, claim.statement.id]
    if claim.note:
        texts += (claim.note.en, claim.note.id)
    figures = [claim.figure]
    for evidence in claim.evidence:
        texts += (evidence.says.en, evidence.says.id)
        figures.append(evidence.figure)
    texts += (figure.as_printed for figure in figures if figure and figure.as_printed)
    return names.fold("\0".join(texts)).replace("\0", "\n")


def _batches(items: Iterable[_T], size: int) -> Iterator[list[_T]]:
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


def names_of(kind: str, entries: Iterable[Entry]) -> list[tuple[str, str, str, str]]:
    """Return the rows of the table of names: each spelling's key and words, a space around each word.

    A spelling with more than words and spaces in it follows them, as it is: `search` finds the hyphen too.
    """
    return [_name(kind, entry.id, name) for entry in entries for name in spellings(entry)]


def _name(kind: str, owner: str, name: str) -> tuple[str, str, str, str]:
    folded = names.fold(name)
    parts = names.split(folded)
    words = " ".join(parts)
    return kind, "".join(parts), owner, f" {words} " + (f"\n{folded}" if folded != words else "")


def _titled(source: Source) -> list[tuple[str, str]]:
    """Return the names by which `search` finds what rests on a source: `sources` for both kinds of resting.

    A `titles` one finds claims on which the source bears as evidence, and not all that stand in an article.
    """
    publisher = source.publisher
    names = [("sources", name) for name in (publisher.name, publisher.original, source.via) if name]
    return [*names, ("titles", source.title)] if source.title else names


def spellings(entry: Entry) -> list[str]:
    """Return every name under which an entry is found: id, codes, labels, aliases."""
    codes = [getattr(entry, code, None) for code in ("iso2", "iso3", "iso3166_2")]
    label = entry.label
    return [entry.id, *filter(None, codes), label.en, label.id, label.ja, *entry.aliases]


_Term = tuple[str, str]
"""Something that claims can be asked for: a facet (`sectors`, `kind`, `from` …) and one of its values."""


class _Tagger:
    """Collects, for each thing that claims can be asked for, the numbers of the claims that have it."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.tagged: dict[_Term, array[int]] = defaultdict(lambda: array("I"))
        self._sectors = _lineage("sectors", vocabulary.sectors)
        self._countries = _lineage("countries", vocabulary.countries)
        self._organizations = _lineage("organizations", vocabulary.organizations)

    def add(self, number: int, claim: Claim) -> None:
        """Add a claim under each of its terms, and under the ancestors of each."""
        tagged = self.tagged
        for term in self._terms(claim):
            tagged[term].append(number)

    def _terms(self, claim: Claim) -> set[_Term]:
        terms = {
            ("kind", claim.kind),
            ("status", claim.status),
            ("source", claim.source),
            ("speaker", claim.speaker or NARRATION),
        }
        for tag in claim.sectors:
            terms.update(self._sectors[tag])
        for tag in claim.countries:
            terms.update(self._countries[tag])
        for tag in claim.organizations:
            terms.update(self._organizations[tag])
        for tag in claim.programs:
            terms.add(("programs", tag))
        for evidence in claim.evidence:
            terms.add(("evidence", evidence.source))
        if claim.said.at:
            terms.add(("at", claim.said.at))
        if claim.figure:
            terms.add(("figure", "yes"))
        if claim.flow:
            for facet, end in (("from", claim.flow.from_), ("to", claim.flow.to)):
                terms.update((facet, up) for _, up in self._countries.get(end, [(facet, end)]))
        return terms


def _lineage(facet: str, entries: Sequence[Any]) -> dict[str, list[_Term]]:
    """Return, for each id, the terms of the entry and of its ancestors."""
    parents = {entry.id: entry.parent for entry in entries}
    lineage: dict[str, list[_Term]] = {}
    for name in parents:
        line = [name]
        while (up := parents.get(line[-1])) is not None:
            line.append(up)
        lineage[name] = [(facet, ancestor) for ancestor in line]
    return lineage


class Origin(msgspec.Struct, frozen=True):
    """From where a store was filled."""

    folder: Path
    """The dataset's directory."""
    index: Path | None = None
    """The file that answers; None for a store in memory."""
    bytes: int = 0
    """The size of that file."""
    built: str | None = None
    """When that file was built: an ISO 8601 time."""


class Store:
    """A filled database, read."""

    def __init__(self, connection: sqlite3.Connection, sha256: str, searchable: bool, origin: Origin) -> None:
        self.origin = origin
        self.connection = connection
        self.sha256 = sha256
        self.searchable = searchable
        self._entries: dict[tuple[str, str], Entry | None] = {}
        self._sources: dict[str, Source | None] = {}
        self._named: set[str] = set()
        # Nobody else has to close it, and Python 3.13 warns of one that is left; `__del__` is late where frames of a
        # traceback hold the store.
        finalize(self, connection.close)

    def value(self, statement: str, *parameters: Any) -> Any:
        """Return the first column of the first row, or None."""
        row = self.connection.execute(statement, parameters).fetchone()
        return row[0] if row else None

    def rows(self, statement: str, *parameters: Any) -> sqlite3.Cursor:
        """Return a cursor over the rows."""
        return self.connection.execute(statement, parameters)

    @property
    def dataset(self) -> Dataset:
        """What the dataset says of itself."""
        return msgspec.json.decode(self.value("SELECT value FROM meta WHERE name = 'dataset'"), type=Dataset)

    @property
    def size(self) -> int:
        """How many claims there are."""
        return int(self.value("SELECT value FROM meta WHERE name = 'claims'"))

    # --- claims and sources ------------------------------------------------------------------------

    def claim_number(self, claim: str) -> int | None:
        """Return the number of the claim with this id, or None."""
        number: int | None = self.value("SELECT number FROM claim WHERE id = ?", claim)
        return number

    def record(self, number: int) -> str:
        """Return a claim as one line of JSON, every key present, in the order of the models."""
        return str(self.value("SELECT record FROM claim WHERE number = ?", number))

    def claim(self, number: int) -> Claim:
        """Return a claim, typed."""
        return _decode_claim(self.record(number))

    def source_record(self, source: str) -> str | None:
        """Return a source as one line of JSON, or None where there is none with this id."""
        text: str | None = self.value("SELECT record FROM source WHERE id = ?", source)
        return text

    def source(self, source: str) -> Source | None:
        """Return a source, typed, or None."""
        if source not in self._sources:
            text = self.source_record(source)
            self._sources[source] = _decode_source(text) if text else None
        return self._sources[source]

    def counts_of_sources(self) -> dict[str, int]:
        """Return how many sources of each type there are."""
        rows = self.rows("SELECT json_extract(record, '$.type'), count(*) FROM source GROUP BY 1")
        return dict(rows.fetchall())

    # --- vocabulary --------------------------------------------------------------------------------

    def entry(self, kind: str, name: str) -> Entry | None:
        """Return the entry of a list (`sectors` … `measures`) with this id, or None."""
        if (kind, name) not in self._entries:
            text = self.value("SELECT record FROM entry WHERE kind = ? AND id = ?", kind, name)
            self._entries[kind, name] = msgspec.json.decode(text, type=KINDS[kind]) if text else None
        return self._entries[kind, name]

    def entries(self, kind: str) -> list[Counted]:
        """Return all entries of a list, in the order of the file, with their counts."""
        rows = self.rows(
            "SELECT record, coalesce(claims, 0) FROM entry"
            " LEFT JOIN term ON facet = kind AND value = id WHERE kind = ? ORDER BY entry.number",
            kind,
        )
        return [Counted(msgspec.json.decode(text, type=KINDS[kind]), claims) for text, claims in rows]

    def names(self, kind: str) -> None:
        """Make the table of names answer for a list: it does in an index, and from the first use in memory."""
        if not self.searchable and kind not in self._named:
            self._named.add(kind)
            inserter(self.connection)("name", names_of(kind, (entry for entry, _ in self.entries(kind))))

    # --- terms -------------------------------------------------------------------------------------

    def terms(self, facet: str, values: Sequence[str]) -> dict[int, int]:
        """Return the numbers of those terms that any claim has, with how many have it."""
        marks = ", ".join("?" * len(values))
        statement = f"SELECT number, claims FROM term WHERE facet = ? AND value IN ({marks})"
        return dict(self.rows(statement, facet, *values).fetchall())

    def counts(self, facet: str) -> dict[str, int]:
        """Return how many claims have each value of a facet."""
        return dict(
            self.rows("SELECT value, claims FROM term WHERE facet = ? ORDER BY value", facet).fetchall()
        )
