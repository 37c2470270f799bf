"""Search in the SQLite engine: which claims have some words, and those first to which the words are nearest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec

from indotrade.dataset.batches import batches
from indotrade.engine import named, sets, trigrams
from indotrade.engine.checked import json
from indotrade.engine.nearest import NAME, from_words, in_names, nearest

if TYPE_CHECKING:
    from indotrade.engine.sqlite import SqliteEngine

READ = 64
"""The texts of so many claims are read by one statement."""
FEW = 5000
"""Of up to so many claims all texts are read; of more, those that the index cannot tell, and as many as are asked for."""
START = 2
"""How far a claim is at least from a word that begins nowhere in it."""

SOUND = "(crc32(CAST('body' || char(0) || {} || char(0) || body.text AS BLOB), {}) = body.crc OR damaged(body.text, body.crc))"
"""Of a text which is as it was written, by the number of its claim and the salt: what `schema.check` tells, in a third of the time."""

_decode = msgspec.json.Decoder(list[int]).decode
_ONE = bytes([0]) + bytes([1]) * 255
_NAMED = bytes(NAME if far == NAME else START for far in range(256))
_NOT = bytes([1]) + bytes(255)
_ALL_BITS = bytes([0]) + bytes([255]) * 255

_Set = bytes | bytearray
"""A byte for each claim, at its number: 0 where it is not in the set."""


class Search:
    """The claims, among some or all, that have each of some folded words: in their texts, or in a name of what they have."""

    def __init__(self, engine: SqliteEngine, words: Sequence[str], among: int | None) -> None:
        engine.searchable()
        self._engine = engine
        self._room = engine.size + 1
        self._words = list(dict.fromkeys(words))
        self._names = {word: names for word in self._words if (names := self._named(word))}
        """By word the claims that have it in a name, each with its distance."""
        self._unnamed = [word for word in self._words if word not in self._names]
        self._found = self._all_of(among)
        self.total: int = int.from_bytes(self._found, "little").bit_count()

    @property
    def claims(self) -> int:
        """The set of the claims."""
        return sets.gathered(self._found)

    def _all_of(self, among: int | None) -> _Set:
        """Return the claims, among some or all, that have each of the words."""
        found: _Set | None = None if among is None else sets.spread(among, self._room)
        few = among is not None and among.bit_count() <= FEW
        asked = [([word], names.translate(_ONE)) for word, names in self._names.items()]
        if self._unnamed:
            asked.insert(0, (self._unnamed, b""))
        if not few:
            for words, names in asked:
                found = self._with(found, names, partial(self._by_index, words, len(asked) == 1))
        if few or len(asked) > 1:
            for words, names in asked:
                unsure = words if few else _unsure(words)
                if unsure:
                    found = self._with(found, names, partial(self._by_texts, unsure, not few))
        return found or b""

    def _with(self, among: _Set | None, names: _Set, texts: Callable[[_Set | None], Iterable[int]]) -> _Set:
        """Return the claims, among some or all, that have words in a name or, where they do not, in their texts."""
        found, rest = bytearray(self._room), among
        if names:
            found = bytearray(names if among is None else sets.both(among, names))
            unnamed = names[:1] + names[1:].translate(_NOT)  # no claim has the number 0
            rest = unnamed if among is None else sets.both(among, unnamed)
        for number in texts(rest):
            found[number] = 1
        return found

    def _by_index(self, words: Sequence[str], read: bool, among: _Set | None) -> Iterable[int]:
        """Return the claims, among some or all, that may have words in their texts; with `read` those that have them.

        Those of words that stand in names are told only of claims that may have all other words: these are fewer.
        """
        match = self._engine.matching(trigrams.having(list(dict.fromkeys([*words, *self._unnamed]))))
        if not match and not read:
            return range(1, self._room) if among is None else _members(among, 1)
        unsure = _unsure(words) if read else []
        number = "trigram.rowid" if match else "claim"
        conditions: list[str] = []
        parameters: list[str | _Set] = []
        if match:
            conditions.append("trigram MATCH ?")
            parameters.append(match)
        if among is not None:
            conditions.append(f"substr(?, {number} + 1, 1) = x'01'")
            parameters.append(among)
        if unsure:
            conditions.append(self._has(unsure, number, likely=bool(match)))
            parameters += unsure
        source = "trigram" if match else "body"
        if match and unsure:
            source += " LEFT JOIN body ON body.claim = trigram.rowid"
        if not match:
            if self._engine.checked:  # each text of them, and not only those that seem to lack the words
                conditions.insert(0, SOUND.format("claim", self._engine.salt))
            every = "SELECT count(*) AS texts, coalesce(sum(claim), 0) AS numbers FROM body"
            texts = f"SELECT 1 FROM ({every}) WHERE texts = ? AND numbers = ?"  # none is missing, and none there twice
            size = self._engine.size
            self._engine.value(texts, size, size * (size + 1) // 2, needed=1)
        where = " AND ".join(conditions)
        return self._numbers(f"SELECT {number} AS c FROM {source} WHERE {where}", *parameters)

    def _by_texts(self, words: Sequence[str], likely: bool, among: _Set | None) -> Iterable[int]:
        """Return those of some claims that have words in their texts, which are read; with `likely` all may by the index."""
        joined = "json_each(?) LEFT JOIN body ON claim = value"
        select = f"SELECT value AS c FROM {joined} WHERE {self._has(words, 'value', likely=likely)}"
        return self._numbers(select, json(list(_members(among or b"", 1))), *words)

    def _has(self, words: Sequence[str], number: str, *, likely: bool) -> str:
        """Return the condition that the text of a claim has all of some words, each of them a parameter.

        Of an index that a disk may have damaged a text is checked that seems to lack them where it is likely to have
        them, and each where nothing else tells.
        """
        has = " AND ".join("instr(body.text, ?)" for _ in words)
        if not self._engine.checked:
            return f"({has})"
        sound = SOUND.format(number, self._engine.salt)
        return f"({has} OR NOT {sound})" if likely else f"({sound} AND {has})"

    def nearest(self) -> Iterator[int]:
        """Yield the numbers of the claims, the nearest first, and equally near ones in the order of answers.

        The texts of a claim are read once, when it may be the next one by all that the index knows.
        """
        left = bytearray(self._found)
        bounds: _Set = b""

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
        if not match or self.total <= FEW:
            return _members(self._found, 1)
        select = "SELECT rowid FROM trigram WHERE trigram MATCH ? ORDER BY rowid"
        rows = self._engine.rows(select, self._engine.matching(match))
        return (number for (number,) in rows if self._found[number])

    def _bounds(self, left: _Set) -> _Set:
        """Return for each claim that is left one more than its least distance by all that the index knows."""
        bounds = [int.from_bytes(bytes([1]) * self._room, "little")]
        bounds += (int.from_bytes(self._bound(word), "little") for word in self._words)
        known = sum(bounds).to_bytes(self._room, "little")
        return sets.both(known, left.translate(_ALL_BITS))

    def _bound(self, word: str) -> _Set:
        """Return for each claim the least distance from a word by all that the index knows."""
        bound = bytearray(self._names.get(word, bytes(self._room)).translate(_NAMED))
        for part, far in ((trigrams.REST, 1), (trigrams.STATEMENT, 0)):
            match = trigrams.begun([word], part)
            if not match:
                return bytes(self._room)
            matching = self._engine.matching(match)
            for number in self._numbers("SELECT rowid AS c FROM trigram WHERE trigram MATCH ?", matching):
                bound[number] = far
        return bound

    def _measured(self, numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
        """Yield claims with their distance, which their texts and names tell."""
        select = "SELECT value, text, crc FROM json_each(?) LEFT JOIN body ON claim = value ORDER BY key"
        for batch in batches(numbers, READ):
            listed = json(batch)
            for number, text, _ in self._engine.rows(select, listed, checked="body"):
                names = {word: far for word, of in self._names.items() if (far := of[number])}
                yield number, from_words(self._words, text or "", names)

    # --- sets --------------------------------------------------------------------------------------

    def _named(self, word: str) -> _Set:
        """Return the claims that have something in a name of which a word stands, each with its distance; b"" for none."""
        begun, within = named.having(self._engine, word)
        return in_names(begun, within, self._room) if begun or within else b""

    def _numbers(self, select: str, *parameters: Any) -> list[int]:
        """Return the numbers that a query selects as `c`, fetched as one text: a third of the time of a row for each."""
        numbers = self._engine.value(f"SELECT group_concat(c) FROM ({select})", *parameters)
        return _decode(f"[{numbers or ''}]")


def _members(of: _Set, value: int) -> Iterator[int]:
    """Yield where a value stands."""
    place = of.find(value)
    while place >= 0:
        yield place
        place = of.find(value, place + 1)


def _unsure(words: Sequence[str]) -> list[str]:
    return [word for word in words if not trigrams.is_exact(word)]
