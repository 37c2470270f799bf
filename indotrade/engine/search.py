"""Search in the SQLite engine: which claims have some words, and those first to which the words are nearest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from typing import TYPE_CHECKING, Any

import msgspec

from indotrade.dataset.batches import batches
from indotrade.engine import sets, trigrams
from indotrade.engine.nearest import NAME, NAMED, WITHIN_NAME, from_words, nearest, terms
from indotrade.text import fold

if TYPE_CHECKING:
    from indotrade.engine.sqlite import SqliteEngine

READ = 256
"""The texts of so many claims are read by one statement."""
FEW = 5000
"""Of up to so many claims all texts are read to put them in order; of more, as many as are asked for."""
START = 2
"""How far a claim is at least from a word that begins nowhere in it."""

SOUND = "(crc32(CAST({} || char(0) || body.text AS BLOB)) = body.crc OR damaged(body.text, body.crc))"
"""Of a text which is as it was written, by the number of its claim: what `schema.check` tells, in a third of the time."""

_decode = msgspec.json.Decoder(list[int]).decode
_ONE = bytes([0]) + bytes([1]) * 255
_WITHIN = bytes([0, WITHIN_NAME]) + bytes(254)
_ALL_BITS = bytes([0]) + bytes([255]) * 255

_Set = bytes
"""A byte for each claim, at its number: 0 where it is not in the set."""
_Query = tuple[str, Sequence[Any]]
"""A SELECT of the numbers of claims, as its column `c`, and its parameters."""


class Search:
    """The claims that have each of some folded words: in their texts, or in a name of what they have."""

    def __init__(self, engine: SqliteEngine, words: Sequence[str]) -> None:
        engine.searchable()
        self._engine = engine
        self._room = engine.size + 1
        self._words = list(dict.fromkeys(words))
        self._names = {word: names for word in self._words if (names := self._named(word))}
        """By word the claims that have it in a name, each with its distance."""
        unnamed = [word for word in self._words if word not in self._names]
        found = [self._set(self._in_texts(unnamed))] if unnamed else []
        found += (_either(self._set(self._in_texts([word])), names) for word, names in self._names.items())
        self._found = reduce(_both, found)

    def keep(self, claims: int) -> None:
        """Drop the claims that are not in a set."""
        self._found = _both(self._found, sets.spread(claims, self._room))

    @property
    def claims(self) -> int:
        """The set of the claims."""
        return sets.gathered(self._found)

    def nearest(self) -> Iterator[int]:
        """Yield the numbers of the claims, the nearest first, and equally near ones in the order of answers.

        The texts of a claim are read once, when it may be the next one by all that the index knows.
        """
        left = bytearray(self._found)
        bounds = b""

        def candidates(distance: int) -> Iterator[int]:
            nonlocal bounds
            if not distance:
                return self._likely()
            if not any(left):
                return iter(())
            bounds = bounds or self._bounds(left)
            return _members(bounds, distance + 1)

        def measured(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
            for number, distance in self._measured(numbers):
                left[number] = 0
                yield number, distance

        return nearest(self._words, candidates, measured)

    def _likely(self) -> Iterator[int]:
        """Yield, in order, all claims that may have every word in the statement where a word begins."""
        match = trigrams.begun(self._words, trigrams.STATEMENT)
        if not match or len(self._found) - self._found.count(0) <= FEW:
            return _members(self._found, 1)
        select = "SELECT rowid FROM trigram WHERE trigram MATCH ? ORDER BY rowid"
        rows = self._engine.rows(select, self._engine.matching(match))
        return (number for (number,) in rows if self._found[number])

    def _bounds(self, left: bytes | bytearray) -> _Set:
        """Return for each claim that is left one more than its least distance by all that the index knows."""
        bounds = [int.from_bytes(bytes([1]) * self._room, "little")]
        bounds += (int.from_bytes(self._bound(word), "little") for word in self._words)
        known = sum(bounds).to_bytes(self._room, "little")
        return _both(known, left.translate(_ALL_BITS))

    def _bound(self, word: str) -> bytes | bytearray:
        """Return for each claim the least distance from a word by all that the index knows."""
        bound = bytearray([START]) * self._room
        for number in _members(self._names.get(word, b""), NAME):
            bound[number] = NAME
        for part, far in ((trigrams.REST, 1), (trigrams.STATEMENT, 0)):
            match = trigrams.begun([word], part)
            if not match:
                return bytes(self._room)
            matching = self._engine.matching(match)
            for number in self._numbers(("SELECT rowid AS c FROM trigram WHERE trigram MATCH ?", [matching])):
                bound[number] = far
        return bound

    def _measured(self, numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
        """Yield claims with their distance, which their texts and names tell."""
        select = "SELECT value, text, crc FROM json_each(?) LEFT JOIN body ON claim = value ORDER BY key"
        for batch in batches(numbers, READ):
            listed = msgspec.json.encode(batch).decode()
            for number, text, _ in self._engine.rows(select, listed, checked=True):
                names = {word: far for word, of in self._names.items() if (far := of[number])}
                yield number, from_words(self._words, text or "", names)

    def _in_texts(self, words: Sequence[str]) -> _Query:
        """Return the query for the claims whose texts have all of the folded words.

        Of an index that a disk may have damaged a text that seems to lack them is checked, and each where all are read.
        """
        match = self._engine.matching(trigrams.having(words))
        inexact = [word for word in words if not trigrams.is_exact(word)]
        has = " AND ".join("instr(body.text, ?)" for _ in inexact)
        sound = SOUND if self._engine.checked else ""
        if not match:
            self._engine.value(
                "SELECT 1 FROM (SELECT count(*) AS texts FROM body) WHERE texts = ?",
                self._engine.size,
                needed=1,
            )
            conditions = [sound.format("claim"), has] if sound else [has]
            return f"SELECT claim AS c FROM body WHERE {' AND '.join(conditions)}", inexact
        if not inexact:
            return "SELECT rowid AS c FROM trigram WHERE trigram MATCH ?", [match]
        found = f"({has} OR NOT {sound.format('trigram.rowid')})" if sound else has
        joined = "trigram LEFT JOIN body ON body.claim = trigram.rowid"
        return f"SELECT trigram.rowid AS c FROM {joined} WHERE trigram MATCH ? AND {found}", [match, *inexact]

    # --- sets --------------------------------------------------------------------------------------

    def _named(self, word: str) -> _Set:
        """Return the claims that have something in a name of which a word stands, each with its distance; "" for none."""
        spelling = fold.key(word)
        rows = self._engine.rows(
            f"WITH named (kind, facet) AS (VALUES {NAMED}) SELECT term.number, name.words, name.key FROM name"
            " CROSS JOIN named USING (kind) CROSS JOIN term ON term.facet = named.facet AND term.value = name.entry"
            " WHERE instr(name.words, ?) OR (? <> '' AND name.key = ?)",
            word,
            spelling,
            spelling,
        )
        found = terms(word, rows)
        if not found:
            return b""
        begun, within = (
            self._engine.united([term for term, of in found.items() if of == far])
            for far in (NAME, WITHIN_NAME)
        )
        only_within = sets.spread(within & ~begun, self._room).translate(_WITHIN)
        both = int.from_bytes(sets.spread(begun, self._room), "little") | int.from_bytes(
            only_within, "little"
        )
        return both.to_bytes(self._room, "little")

    def _numbers(self, query: _Query) -> list[int]:
        """Return the numbers that a query selects, fetched as one text: a third of the time of a row for each."""
        select, parameters = query
        return _decode(
            f"[{self._engine.value(f'SELECT group_concat(c) FROM ({select})', *parameters) or ''}]"
        )

    def _set(self, query: _Query) -> _Set:
        """Return the claims that a query selects."""
        found = bytearray(self._room)
        for number in self._numbers(query):
            found[number] = 1
        return bytes(found)


def _members(of: bytes | bytearray, value: int) -> Iterator[int]:
    """Yield where a value stands."""
    place = of.find(value)
    while place >= 0:
        yield place
        place = of.find(value, place + 1)


def _both(one: bytes | bytearray, other: bytes | bytearray) -> _Set:
    return (int.from_bytes(one, "little") & int.from_bytes(other, "little")).to_bytes(len(one), "little")


def _either(one: _Set, other: _Set) -> _Set:
    united = int.from_bytes(one, "little") | int.from_bytes(other, "little")
    return united.to_bytes(len(one), "little").translate(_ONE)
