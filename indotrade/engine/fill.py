"""Fills an SQLite database with a dataset: the rows that each record becomes.

Claims are numbered in the order of answers (source, paragraph, place in the file), so that a list of numbers is a sorted
answer.
"""

from __future__ import annotations

import sqlite3
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

from indotrade.dataset.batches import batches
from indotrade.dataset.countries import lent
from indotrade.dataset.fields import record
from indotrade.dataset.records import Claim, Dataset, Source
from indotrade.dataset.vocabulary import LISTS, Entry, Vocabulary, spellings
from indotrade.dataset.words import WORLD
from indotrade.engine import bundles, named, schema, sets
from indotrade.engine.leaves import leaves, structure
from indotrade.engine.nearest import DIVIDER
from indotrade.engine.protocol import ORDERS, bits
from indotrade.engine.schema import Check, Insert, check
from indotrade.engine.terms import Tagged, Term, Terms, known, numbers
from indotrade.engine.trigrams import indexed
from indotrade.text import fold
from indotrade.text.dates import days

BATCH = 1000
"""How many claims become rows at a time: few enough to hold in memory."""
FEW = 100
"""How many sets of claims do."""

_FROM_NINE = str.maketrans("0123456789", "9876543210")


class Head(NamedTuple):
    """All of a dataset but its claims."""

    dataset: Dataset
    vocabulary: Vocabulary
    sources: list[Source]


class Part(NamedTuple):
    """What some claims that follow each other become."""

    rows: dict[str, list[tuple[Any, ...]]]
    """By table."""
    tagged: dict[Term, bytes]
    """The numbers of those that have each term, as the bytes of an array."""
    anchors: tuple[bytes, bytes]
    """Their digests and the numbers of their sources, as the bytes of two arrays."""


class Maker:
    """Makes rows of the claims of a dataset."""

    def __init__(self, head: Head, *, kept: bool, checked: Check | None = None) -> None:
        """With `kept` for a database that is kept, and with what checks its rows where a disk may damage it."""
        self.head, self.kept, self.checked = head, kept, checked or unchecked
        self._sources = {source.id: number for number, source in enumerate(head.sources, 1)}
        self._terms = Terms(head.vocabulary)

    def part(self, first: int, claims: Iterable[Claim]) -> Part:
        """Return what claims become that are numbered from `first` on."""
        numbered = list(enumerate(claims, first))
        checked = self.checked
        rows = {
            "claim": checked_rows(
                "claim", [(number, claim.id, record(claim)) for number, claim in numbered], checked
            ),
            "sortkey": checked_rows("sortkey", _sort_keys(numbered), checked),
        }
        if self.kept:
            rows |= texts_of(numbered, checked)
        digests = array("q", (bits(it) for _, claim in numbered for it in claim.anchors))
        sources = array("I", (self._sources[claim.source] for _, claim in numbered for _ in claim.anchors))
        return Part(rows, self._terms.tagged(numbered), (digests.tobytes(), sources.tobytes()))

    def parts(self, claims: Iterable[Claim]) -> Iterator[Part]:
        """Yield what the claims of a whole dataset become."""
        first = 1
        for some in batches(claims, BATCH):
            yield self.part(first, some)
            first += len(some)


def fill(insert: Insert, maker: Maker, parts: Iterable[Part]) -> None:
    """Fill the tables of an empty database with what the claims of a dataset become, in the order of answers, and all else.

    One that is kept on disk holds what a search looks through as well, the names of all entries, and what
    tells a row that is damaged; of one in memory `SqliteEngine` fills names and texts in when they are first
    asked for. The claims of each term are one set; the days on which claims were made are terms, too.
    """
    filling = _Filling(insert, maker)
    filling.head()
    for part in parts:
        filling.claims(part)
    filling.terms()


class _Filling:
    """A database that is being filled."""

    def __init__(self, insert: Insert, maker: Maker) -> None:
        self._insert, self._maker, self._head = insert, maker, maker.head
        self._there = _There()
        self._tagged: Tagged = defaultdict(numbers)
        self._anchors = array("q"), array("I")
        """The digest of each, and the number of its source."""
        self._total = 0

    def head(self) -> None:
        """Fill in all but the claims."""
        sources = self._head.sources
        self._say("dataset", record(self._head.dataset))
        self._put("source", ((number, it.id, record(it)) for number, it in enumerate(sources, 1)))
        self._there.add("sources", (source.id for source in sources))
        for kind in LISTS:
            self._entries(kind, getattr(self._head.vocabulary, kind), 1)
        if self._maker.kept:
            self._put("name", titles_of(sources))
        if self._maker.kept:
            for term in known(self._head.vocabulary, sources):
                self._tagged[term]

    def claims(self, part: Part) -> None:
        """Fill in what claims have become."""
        for table, rows in part.rows.items():
            self._insert(table, rows)
        for term, claims in part.tagged.items():
            self._tagged[term].frombytes(claims)
        for numbers_of, more in zip(self._anchors, part.anchors, strict=True):
            numbers_of.frombytes(more)
        self._total += len(part.rows["claim"])

    def terms(self) -> None:
        """Fill in by what all claims are found."""
        self._borrow()
        every = sorted(self._tagged.items(), key=itemgetter(0))  # else two builds of the same differ
        self._put("term", ((number, *term, len(claims)) for number, (term, claims) in enumerate(every, 1)))
        room = self._total + 1
        postings = ((number, sets.packed(claims, room)) for number, (_, claims) in enumerate(every, 1))
        self._put("posting", postings, FEW)
        self._put("anchors", bundles.anchors(*self._anchors, self._total))
        if self._maker.kept:
            self._there.counts |= Counter(schema.terms_of(facet) for (facet, _), _ in every)
            self._put("list", self._there.rows())
            self._say("counts", record(self._there.counts))
        self._say("claims", self._total)

    def _put(self, table: str, rows: Iterable[tuple[Any, ...]], size: int = BATCH) -> None:
        """Insert rows into a table, each with what checks it."""
        for some in batches(rows, size):
            self._insert(table, checked_rows(table, some, self._maker.checked))

    def _say(self, name: str, value: object) -> None:
        """Have the database say a value of itself."""
        self._insert("meta", checked_meta(name, value))

    def _borrow(self) -> None:
        """Fill in the countries that claims are tagged with and the dataset does not list: every dataset knows them."""
        own = self._head.vocabulary.countries
        places = {
            name
            for (facet, name), claims in self._tagged.items()
            if claims and facet in ("countries", "from", "to")
        }
        missing = places - {entry.id for entry in own} - {WORLD}
        borrowed = [entry for name, entry in lent(own).items() if name in missing] if missing else []
        self._entries("countries", borrowed, len(own) + 1)

    def _entries(self, kind: str, entries: Sequence[Entry], first: int) -> None:
        """Fill in entries of a list, numbered from `first` on, and their names where the database is kept."""
        self._put("entry", ((kind, number, it.id, record(it)) for number, it in enumerate(entries, first)))
        if self._maker.kept:
            names = names_of(kind, entries)
            self._put("name", names)
            self._there.add(kind, (entry.id for entry in entries))
            self._there.add(schema.names_of(kind), (key for _, key, _, _ in names))


def unchecked(*_values: object) -> None:
    """Return that nothing checks a row: a `Check` for what is kept in memory alone."""
    return


class _There:
    """What there is in a database by its id or name, counted and listed: what is missing is noticed by it."""

    def __init__(self) -> None:
        self._names: dict[str, list[str]] = defaultdict(list)
        self.counts: dict[str, int] = {}

    def add(self, kind: str, names: Iterable[str]) -> None:
        """Add what has these ids or names among those of its kind."""
        self._names[kind] += names
        self.counts[kind] = len(self._names[kind])

    def rows(self) -> Iterator[tuple[str, str, str]]:
        """Yield the rows of the list."""
        for kind, names in self._names.items():
            yield from bundles.listed(kind, sorted(names))


def index(connection: sqlite3.Connection, checked: Check | None) -> None:
    """Make what a filled database is looked up by, with what checks the rows of one that is kept.

    Raises sqlite3.IntegrityError where an id stands twice.
    """
    connection.execute(schema.KEY)
    if checked:
        insert = schema.inserter(connection)
        ids = (name for (name,) in connection.execute("SELECT id FROM claim ORDER BY id"))
        insert("list", checked_rows("list", bundles.listed("claims", ids), checked))
        insert("named", checked_rows("named", named.listed(connection), checked))
        insert("leaf", checked_rows("leaf", leaves(connection), checked))
        insert("meta", checked_meta("trigrams", structure(connection)))


def checked_rows(table: str, rows: Iterable[tuple[Any, ...]], checked: Check) -> list[tuple[Any, ...]]:
    """Return rows of a table, each with what checks it."""
    return [(*row, checked(table, *row)) for row in rows]


def checked_meta(name: str, value: object) -> list[tuple[Any, ...]]:
    """Return the row of what a database says of itself under a name."""
    return checked_rows("meta", [(name, value)], check)


def _sort_keys(numbered: Sequence[tuple[int, Claim]]) -> Iterator[tuple[int, bytes]]:
    """Yield by what some claims are sorted, for each order a row: a line for each claim, empty for what it does not have."""
    keys = [
        (
            days(claim.date)[0] if claim.date else None,
            sortable(claim.figure.value) if claim.figure else None,
            claim.id,
            f"{claim.paragraph:020}" if claim.paragraph else None,
        )
        for _, claim in numbered
    ]
    for place in range(len(ORDERS)):
        number = numbered[0][0] * len(ORDERS) + place
        yield number, "\n".join(key[place] or "" for key in keys).encode()


def sortable(decimal: str) -> str:
    """Return a decimal number as a text: the texts of any two sort as the numbers do, and equal numbers have one.

    First the sign, then how many digits stand before the point, then all digits. Those of a negative number are
    each taken from nine, so that the greater comes first, and a mark that follows every digit ends it.

    >>> sorted(["-1.55", "-1.5", "0.50", "10", "9"], key=sortable)
    ['-1.55', '-1.5', '0.50', '9', '10']
    """
    whole, _, part = decimal.removeprefix("-").partition(".")
    digits = f"{len(whole):03}{whole}{part.rstrip('0')}"
    if decimal.startswith("-") and decimal.strip("-0."):  # -0 is no less than 0
        return "-" + digits.translate(_FROM_NINE) + "~"
    return "0" + digits


# --- what a search looks through -----------------------------------------------------------------------


def texts_of(numbered: Iterable[tuple[int, Claim]], checked: Check) -> dict[str, list[tuple[Any, ...]]]:
    """Return the rows of the texts of numbered claims, as they are looked through, by table."""
    texts = [(number, _searched(claim)) for number, claim in numbered]
    return {
        "body": checked_rows("body", texts, checked),
        "trigram": [(number, indexed(text)) for number, text in texts],
    }


def _searched(claim: Claim) -> str:
    """Return what is looked through in a claim itself, folded, a line each: its statements, and beyond `DIVIDER` all else."""
    texts = [claim.id, *(claim.note or {}).values()]
    figures = [claim.figure]
    for evidence in claim.evidence:
        texts += (evidence.says or {}).values()
        figures.append(evidence.figure)
    texts += (figure.as_printed for figure in figures if figure and figure.as_printed)
    return _lines(claim.statement.values()) + DIVIDER + _lines(texts)


def _lines(texts: Iterable[str]) -> str:
    return fold.fold("\0".join(texts)).replace("\0", "\n")


def names_of(kind: str, entries: Iterable[Entry]) -> list[tuple[str, str, str, str]]:
    """Return the rows of the table of names: each spelling's key and words, a space around each word.

    A spelling with more than words and spaces in it follows them, as it is: `search` finds the hyphen too.
    """
    return [_name(kind, entry.id, name) for entry in entries for _, name in spellings(entry)]


def _name(kind: str, owner: str, name: str) -> tuple[str, str, str, str]:
    folded = fold.fold(name)
    parts = fold.split(folded)
    words = " ".join(parts)
    return kind, "".join(parts), owner, f" {words} " + (f"\n{folded}" if folded != words else "")


def titles_of(sources: Iterable[Source]) -> Iterator[tuple[str, str, str, str]]:
    """Yield the rows of the table of names for sources."""
    return (_name(kind, source.id, name) for source in sources for kind, name in _titled(source))


def _titled(source: Source) -> list[tuple[str, str]]:
    """Return the names by which `search` finds what rests on a source: `sources` for both kinds of resting.

    A `titles` one finds claims on which the source bears as evidence, and not all that stand in an article.
    """
    publisher = source.publisher
    names = [("sources", name) for name in (publisher.name, publisher.original, source.via) if name]
    return [*names, ("titles", source.title)] if source.title else names
