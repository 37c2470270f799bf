"""Puts the claims that a search has found in their order, in any engine: the nearest to the words first."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from heapq import merge

from indotrade.engine import sets
from indotrade.text.sought import FARTHEST, distance

NAMED = ", ".join(
    f"('{kind}', '{facet}')"
    for kind, facets in {
        "sectors": ("sectors",),
        "countries": ("countries",),
        "programs": ("programs", "at"),
        "organizations": ("organizations", "speaker"),
        "people": ("speaker",),
        "sources": ("source", "evidence"),
        "titles": ("evidence",),
    }.items()
    for facet in facets
)
"""The facets in which an entry of each list is told of a claim."""
DIVIDER = "\x1f"
"""Stands in the texts of a claim between its statements and all others; it is in none of them, being white space."""
NAME, WITHIN_NAME = 1, FARTHEST
"""How far a claim is from a word that begins in a name of what it has, or stands within one: a name is no statement."""
_WITHIN = bytes([0, WITHIN_NAME]) + bytes(254)


def nearest(
    words: Sequence[str],
    candidates: Callable[[int], Iterable[int]],
    measured: Callable[[Iterable[int]], Iterable[tuple[int, int]]],
) -> Iterator[int]:
    """Yield the numbers of claims, the nearest to the words first, and equally near ones in the order of answers.

    The `candidates` for each distance, counted from 0, come in order, each claim once: it may be farther, and not
    nearer. `measured` yields each of them with its distance, and is asked for no more of them than are yielded.
    """
    later: dict[int, array[int]] = defaultdict(lambda: array("Q"))

    def at(level: int) -> Iterator[int]:
        for number, far in measured(candidates(level)):
            if far == level:
                yield number
            else:
                later[far].append(number)

    for level in range(len(words) * FARTHEST + 1):
        yield from merge(sorted(later.pop(level, ())), at(level))


def from_words(words: Sequence[str], text: str, names: Mapping[str, int]) -> int:
    """Return how far a claim is from folded words, of which those that stand in its names are given with their distances."""
    statement, _, rest = text.partition(DIVIDER)
    return sum(min(distance(statement, rest, word), names.get(word, FARTHEST)) for word in words)


def in_names(begun: int, within: int, room: int) -> bytes:
    """Return how far claims are from a word of which the sets are given that have it in names: a byte for each, 0 for all others.

    First the claims of which it begins a word in a name, then those of which it stands within one.
    """
    begins_in = sets.spread(begun, room)
    if only_within := within & ~begun:
        return sets.either(begins_in, sets.spread(only_within, room).translate(_WITHIN))
    return begins_in
