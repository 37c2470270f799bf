"""Fills an SQLite database with a dataset: the rows that each record becomes.

Claims are numbered in the order of answers (source, paragraph, place in the file), so that a list of numbers is a sorted
answer.
"""

from __future__ import annotations

import sqlite3
from array import array
from collections import Counter, deque
from collections.abc import Iterable, Sequence
from itertools import chain
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from indotrade.dataset.countries import lent
from indotrade.dataset.records import (
    LISTS,
    Claim,
    Country,
    Dataset,
    Entry,
    Source,
    Vocabulary,
    record,
    spellings,
)
from indotrade.dataset.words import WORLD
from indotrade.engine import schema, sets
from indotrade.engine.nearest import DIVIDER
from indotrade.engine.protocol import bits
from indotrade.engine.schema import SPOTS, Check, Insert, batches, check, spot, statement
from indotrade.engine.terms import Tagger
from indotrade.engine.trigrams import indexed
from indotrade.text import fold
from indotrade.text.dates import days, spanned

if TYPE_CHECKING:
    from concurrent.futures import Future

BATCH = 5000
"""How many claims become rows at a time: few enough to hold in memory."""

_FROM_NINE = str.maketrans("0123456789", "9876543210")


class Head(NamedTuple):
    """All of a dataset but its claims."""

    dataset: Dataset
    vocabulary: Vocabulary
    sources: list[Source]


def fill(insert: Insert, head: Head, claims: Iterable[Claim], *, kept: bool, packed: bool = False) -> None:
    """Fill the tables of an empty database with a dataset whose claims come in the order of answers.

    One that is `kept` on disk holds what a search looks through as well, the names of all entries, and what
    tells a row that is damaged; of one in memory `SqliteEngine` fills names and texts in when they are first
    asked for. With `packed` the claims of each term are one set, and the days on which claims were made are terms, too.
    """
    checked = check if kept else _unchecked
    insert("meta", checked_meta("dataset", record(head.dataset), checked))
    rows = [(number, source.id, record(source)) for number, source in enumerate(head.sources, 1)]
    insert("source", checked_rows(rows, checked))
    there = _There()
    there.add("sources", (source.id for source in head.sources))
    for kind in LISTS:
        _insert_entries(insert, kind, getattr(head.vocabulary, kind), 1, there if kept else None)
    if kept:
        insert("name", checked_rows(titles_of(head.sources), checked))
    sources = {source.id: number for number, source in enumerate(head.sources, 1)}
    tagger = Tagger(head.vocabulary, dated=packed)
    if packed and kept:
        tagger.know(head.vocabulary, head.sources)
    total = 0
    for batch in batches(claims, BATCH):
        numbered = list(enumerate(batch, total + 1))
        total += len(batch)
        rows = [(number, claim.id, record(claim)) for number, claim in numbered]
        insert("claim", checked_rows(rows, checked))
        insert("fact", checked_rows((_fact(number, claim) for number, claim in numbered), checked))
        insert("anchor", [(bits(it), sources[claim.source]) for claim in batch for it in claim.anchors])
        if kept:
            insert_texts(insert, numbered)
            there.add("claims", (claim.id for claim in batch))
        for number, claim in numbered:
            tagger.add(number, claim)
    places = {
        value
        for (facet, value), tagged in tagger.tagged.items()
        if tagged and facet in ("countries", "from", "to")
    }
    _borrow(insert, head.vocabulary.countries, places, there if kept else None)
    every = sorted(tagger.tagged.items(), key=itemgetter(0))  # else two builds of the same differ
    terms = [(number, *term, len(tagged)) for number, (term, tagged) in enumerate(every, 1)]
    insert("term", checked_rows(terms, checked))
    tagged = [(number, claims) for number, (_, claims) in enumerate(every, 1)]
    if packed:
        for some in batches(tagged, BATCH):
            postings = [(term, sets.packed(claims, total + 1)) for term, claims in some]
            insert("posting", checked_rows(postings, checked))
    else:
        for pairs in batches(((term, number) for term, claims in tagged for number in claims), 10 * BATCH):
            insert("tag", pairs)
    if packed and kept:
        there.counts |= Counter(schema.terms_of(facet) for facet, _ in tagger.tagged)
        insert("posting", checked_rows([(SPOTS, there.packed())], checked))
        insert("meta", checked_meta("counts", record(there.counts), checked))
    insert("meta", checked_meta("claims", total, checked))


def _unchecked(*_values: object) -> None:
    return None


class _There:
    """What there is in a database by its id or name, counted, and marked in a set of hashes: what is not there is known."""

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}
        self._spots = array("I")

    def add(self, kind: str, names: Iterable[str]) -> None:
        """Add what has these ids or names among those of its kind."""
        before = len(self._spots)
        self._spots.extend(spot(kind, name) for name in names)
        self.counts[kind] = self.counts.get(kind, 0) + len(self._spots) - before

    def packed(self) -> bytes:
        """Return the set, in which one of eight bits is set, as it is kept."""
        room = 8 * len(self._spots)
        return sets.packed(array("I", (it % room for it in self._spots)), room)


def checked_rows(rows: Iterable[tuple[Any, ...]], checked: Check) -> list[tuple[Any, ...]]:
    """Return rows, each with what checks it."""
    return [(*row, checked(*row)) for row in rows]


def checked_meta(name: str, value: object, checked: Check) -> list[tuple[Any, ...]]:
    """Return the row of what a database says of itself under a name."""
    return [(name, value, checked(value))]


def _borrow(insert: Insert, own: Sequence[Country], places: set[str | None], there: _There | None) -> None:
    """Insert the countries that claims are tagged with and the dataset does not list: every dataset knows them."""
    missing = places - {entry.id for entry in own} - {WORLD}
    borrowed = [entry for name, entry in lent(own).items() if name in missing] if missing else []
    _insert_entries(insert, "countries", borrowed, len(own) + 1, there)


def _insert_entries(
    insert: Insert, kind: str, entries: Sequence[Entry], number: int, there: _There | None
) -> None:
    """Insert entries of a list, numbered from `number` on, and their names where the database is kept."""
    checked = _unchecked if there is None else check
    rows = [(place, entry.id, record(entry)) for place, entry in enumerate(entries, number)]
    insert("entry", [(kind, place, name, text, checked(place, name, text)) for place, name, text in rows])
    if there is not None:
        names = names_of(kind, entries)
        insert("name", checked_rows(names, checked))
        there.add(kind, (entry.id for entry in entries))
        there.add(schema.names_of(kind), (key for _, key, _, _ in names))


def _fact(number: int, claim: Claim) -> tuple[Any, ...]:
    first, last = days(claim.date) if claim.date else (None, None)
    figure = claim.figure
    begins, ends = spanned(figure.period) if figure and figure.period else (None, None)
    return number, claim.paragraph, first, last, sortable(figure.value) if figure else None, begins, ends


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


def insert_texts(insert: Insert, numbered: Iterable[tuple[int, Claim]]) -> None:
    """Insert the texts of numbered claims, as they are looked through."""
    texts = [(number, _searched(claim)) for number, claim in numbered]
    insert("body", texts)
    insert("trigram", [(number, indexed(text)) for number, text in texts])


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


def titles_of(sources: Iterable[Source]) -> list[tuple[str, str, str, str]]:
    """Return the rows of the table of names for sources."""
    return [_name(kind, source.id, name) for source in sources for kind, name in _titled(source)]


def _titled(source: Source) -> list[tuple[str, str]]:
    """Return the names by which `search` finds what rests on a source: `sources` for both kinds of resting.

    A `titles` one finds claims on which the source bears as evidence, and not all that stand in an article.
    """
    publisher = source.publisher
    names = [("sources", name) for name in (publisher.name, publisher.original, source.via) if name]
    return [*names, ("titles", source.title)] if source.title else names


# --- in a thread of its own ----------------------------------------------------------------------------

ROWS = 1000
"""How many rows one statement inserts; SQLite takes 32,766 parameters."""
WAITING = 12
"""How many batches may wait for the thread."""


class Writer:
    """Inserts rows while the caller goes on; an exception comes out of a later call, or of the `with`.

    A statement of many rows runs without the interpreter's lock; `executemany` takes and drops it for each
    row, and with a second thread at work waits for it each time, which is 15 times slower. Where there is no
    thread to be had the caller waits.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        from concurrent.futures import ThreadPoolExecutor  # 10 ms that a small dataset does not need

        self._connection = connection
        self._thread: ThreadPoolExecutor | None = ThreadPoolExecutor(1)
        self._waiting: deque[Future[None]] = deque()
        try:
            self._thread.submit(lambda: None).result()
        except RuntimeError:  # the user may not start another
            self._thread = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        try:
            while kind is None and self._waiting:
                self._waiting.popleft().result()
        finally:
            if self._thread:
                self._thread.shutdown(cancel_futures=True)

    def insert(self, table: str, rows: Sequence[tuple[Any, ...]]) -> None:
        """Insert rows into a table: an `Insert`."""
        if self._thread is None:
            self._write(table, rows)
            return
        self._waiting.append(self._thread.submit(self._write, table, rows))
        while len(self._waiting) > WAITING:
            self._waiting.popleft().result()

    def _write(self, table: str, rows: Sequence[tuple[Any, ...]]) -> None:
        for start in range(0, len(rows), ROWS):
            part = rows[start : start + ROWS]
            self._connection.execute(statement(table, len(part)), list(chain.from_iterable(part)))
