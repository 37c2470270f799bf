"""Rows of an index that hold many values each, so that one check tells of all of them: what there is, and anchors.

A value that is lost is noticed where it is asked for, without reading all of the index.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence

from indotrade.dataset.batches import batches

NAMES = 256
"""About how many ids or names stand in a row."""
CLAIMS = 8
"""There is a row of anchors for so many claims."""
AT_ONCE = 1 << 14
"""How many anchors are looked for at a time."""


def listed(kind: str, names: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """Yield the rows that list all ids or names of a kind, given in order: the first name of the row, and all of them.

    The first row begins before all names; the last line of each is the name with which the next one begins, or empty.
    The same names stand in one row.
    """
    first, some = "", list[str]()
    for name in names:
        if len(some) >= NAMES and name != some[-1]:
            yield kind, first, "\n".join([*some, name])
            first, some = name, []
        some.append(name)
    yield kind, first, "\n".join([*some, ""])


def room(size: int) -> int:
    """Return how many rows of anchors there are for so many claims: an anchor stands in the row of its remainder."""
    return size // CLAIMS + 1


def anchors(digests: Sequence[int], sources: Sequence[int], size: int) -> Iterator[tuple[int, bytes]]:
    """Yield the rows of the anchors of so many claims, which have these digests and stand in these sources."""
    rooms = room(size)
    last = array("q", [-1]) * rooms
    before = array("q")  # of each anchor the one before it in the same row
    for place, digest in enumerate(digests):
        before.append(last[digest % rooms])
        last[digest % rooms] = place
    for number in range(rooms):
        places, place = [], last[number]
        while place >= 0:
            places.append(place)
            place = before[place]
        yield number, array("q", [*(digests[it] for it in places), *(sources[it] for it in places)]).tobytes()


def attested(
    digests: Iterable[int], size: int, read: Callable[[Sequence[int]], Iterable[bytes]]
) -> dict[int, set[int]]:
    """Return those of the digests that anchors of so many claims have, each with the numbers of the sources of those.

    The rows at some numbers are `read`.
    """
    found: dict[int, set[int]] = {}
    rooms = room(size)
    for asked in batches(digests, AT_ONCE):
        wanted = set(asked)
        for kept in read(sorted({digest % rooms for digest in wanted})):
            numbers = array("q", kept)
            half = len(numbers) // 2
            for place, digest in enumerate(numbers[:half]):
                if digest in wanted:
                    found.setdefault(digest, set()).add(numbers[half + place])
    return found
