"""Search in the PostgreSQL engine: which claims have some words, and those first to which the words are nearest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol

from indotrade.dataset.batches import batches
from indotrade.engine import sets
from indotrade.engine.matches import FETCHED, Kept, united
from indotrade.engine.nearest import NAMED, from_words, in_names, nearest
from indotrade.text import fold
from indotrade.text.sought import begins

FEW = 5000
"""Of up to so many claims only the texts are looked through; of more, those of all."""


class Asked(Kept, Protocol):
    """The publication that is asked; a table of it stands in a statement as its name behind an `@`."""

    def rows(self, statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """Return the rows of a SELECT."""

    def told(self, listed: str) -> int:
        """Return the set of the claims of which the server lists the numbers in an array."""


class SharedSearch:
    """The claims, among some or all, that have each of some folded words: in their texts, or in a name of what they have."""

    def __init__(self, engine: Asked, words: Sequence[str], among: int | None) -> None:
        self._engine = engine
        self._words = list(dict.fromkeys(words))
        self._names = {word: self._named(word) for word in self._words}
        """By word the claims of which it begins a word in a name, and those of which it stands within one."""
        unnamed = [word for word in self._words if self._names[word] == (0, 0)]
        found = self._texts(unnamed, among) if unnamed else among
        for word, (begun, within) in self._names.items():
            if named := begun | within:
                rest = None if found is None else found & ~named
                found = (named if found is None else found & named) | self._texts([word], rest)
        self.claims = found or 0
        self.total: int = self.claims.bit_count()

    def _texts(self, words: Sequence[str], among: int | None) -> int:
        """Return the claims, among some or all, whose texts have all of some words."""
        if not among and among is not None:
            return 0
        has = " AND ".join("text LIKE %s" for _ in words)
        parameters: list[Any] = [f"%{escaped(word)}%" for word in words]
        if among is not None and among.bit_count() <= FEW:
            has += " AND claim = ANY(%s)"
            parameters.append(list(sets.members(among)))
        ((listed,),) = self._engine.rows(
            f"SELECT coalesce(array_agg(claim), '{{}}') FROM @body WHERE {has}", *parameters
        )
        found = self._engine.told(listed)
        return found if among is None else found & among

    def _named(self, word: str) -> tuple[int, int]:
        """Return the claims in a name of which a folded word begins one, or which is spelled as it is; and where it stands within one."""
        spelling = fold.key(word)
        rows = self._engine.rows(
            "SELECT term.number, name.words, name.key"
            f" FROM @name AS name JOIN (VALUES {NAMED}) AS named (kind, facet)"
            " ON named.kind = name.kind JOIN @term AS term"
            " ON term.facet = named.facet AND term.value = name.entry"
            " WHERE term.claims > 0 AND (strpos(name.words, %s) > 0 OR (%s <> '' AND name.key = %s))",
            word,
            spelling,
            spelling,
        )
        begun = {number for number, words, key in rows if key == spelling or begins(words, word)}
        within = {number for number, *_ in rows} - begun
        return united(self._engine, begun), united(self._engine, within)

    def nearest(self) -> Iterator[int]:
        """Yield the numbers of the claims, the nearest first, and equally near ones in the order of answers.

        How far each is only its texts tell, so all of them may be at the least distance.
        """
        return nearest(self._words, lambda far: () if far else sets.members(self.claims), self._measured)

    def _measured(self, numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
        """Yield claims with their distance, which their texts and names tell."""
        room = self._engine.size + 1
        names = {
            word: in_names(begun, within, room)
            for word, (begun, within) in self._names.items()
            if begun or within
        }
        for batch in batches(numbers, FETCHED):
            texts = dict(self._engine.rows("SELECT claim, text FROM @body WHERE claim = ANY(%s)", batch))
            for number in batch:
                far = {word: of[number] for word, of in names.items() if of[number]}
                yield number, from_words(self._words, texts.get(number, ""), far)


def escaped(text: str) -> str:
    """Return a text as LIKE finds it, and nothing else."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
