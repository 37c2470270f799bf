"""The claims that are wanted, in any engine that keeps the claims of each term as a set: which, how many, in which order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, reduce
from heapq import nlargest, nsmallest
from itertools import islice
from operator import and_
from typing import Protocol

from indotrade.dataset.batches import batches
from indotrade.engine import sets
from indotrade.engine.protocol import Facet, Order, Wanted

FETCHED = 256
"""How many claims are fetched by one statement."""


class Hits(Protocol):
    """The claims that a search has found."""

    total: int

    @property
    def claims(self) -> int:
        """The set of them."""

    def nearest(self) -> Iterator[int]:
        """Yield their numbers, the nearest to the words first, and equally near ones in the order of answers."""


class Kept(Protocol):
    """What is kept of a dataset, and asked by the numbers of claims, which are those of the order of answers."""

    @property
    def size(self) -> int:
        """How many claims there are."""

    def counts(self, facet: Facet) -> dict[str, int]:
        """Return how many of all claims have each value of a facet."""

    def terms(self, facet: str) -> Iterator[tuple[int, str, int]]:
        """Yield the terms of a facet in the order of their values: number, value, how many claims have it."""

    def having(self, facet: Facet, values: Sequence[str]) -> int:
        """Return the set of the claims that have one of some values of a facet."""

    def postings(self, terms: Iterable[int]) -> Iterator[tuple[int, bytes]]:
        """Yield the set of the claims of each term, as it is kept."""

    def sort_keys(self, order: Order) -> list[str]:
        """Return by what each claim is sorted, at its number; "" for what it does not have."""

    def numbers(self, ids: Sequence[str]) -> Iterator[int]:
        """Yield the numbers of the claims of some ids, in the order of those."""

    def numbered(self, numbers: Sequence[int]) -> Iterator[str]:
        """Yield the claims of some numbers, in their order, each as one line of JSON."""

    def search(self, words: Sequence[str], among: int | None) -> Hits:
        """Return the claims, among some or all, that have each of some folded words."""


class SetMatches:
    """The claims that are wanted: a `Matches`."""

    def __init__(self, kept: Kept, wanted: Wanted) -> None:
        self._kept = kept
        self._wanted = wanted
        self._filter = None if wanted.ids is not None else self._filtered()
        searched = bool(wanted.words) and wanted.ids is None
        self._search = kept.search(wanted.words, self._filter) if searched else None
        if self._search:
            self.total: int = self._search.total
        elif self._filter is not None:
            self.total = self._filter.bit_count()
        elif wanted.ids is None:
            self.total = kept.size
        else:
            self.total = sum(1 for _ in kept.numbers(wanted.ids))

    def records(self) -> Iterator[str]:
        """Yield each claim as one line of JSON, in order; the list itself is never held."""
        most = self.total if self._wanted.limit is None else min(self._wanted.limit, self.total)
        for numbers in batches(islice(self._numbers(), most), FETCHED):
            yield from self._kept.numbered(numbers)

    def counts(self, facet: Facet) -> dict[str, int]:
        """Return how many of the claims have each value of a facet."""
        ids = self._wanted.ids
        if self._claims is None and ids is None:
            return self._kept.counts(facet)
        claims = self._claims if ids is None else sets.of(self._kept.numbers(ids), self._kept.size + 1)
        assert claims is not None
        digits = f"{claims:b}"
        values = {number: value for number, value, many in self._kept.terms(facet) if many}
        shared = {values[term]: sets.shared(of, claims, digits) for term, of in self._kept.postings(values)}
        return {value: count for value, count in shared.items() if count}

    def _numbers(self) -> Iterator[int]:
        """Yield the numbers of the claims, in order."""
        order = self._wanted.order
        if order is not None:
            return self._sorted(order)
        if self._wanted.ids is not None:
            return self._kept.numbers(self._wanted.ids)
        if self._search:
            return self._search.nearest()
        return iter(range(1, self.total + 1)) if self._claims is None else sets.members(self._claims)

    def _sorted(self, order: Order) -> Iterator[int]:
        """Yield the numbers of the claims by something: those without it last either way, ties in the order of answers."""
        keys = self._kept.sort_keys(order)
        numbers: Sequence[int] = range(1, self.total + 1)
        if self._wanted.ids is not None:
            numbers = sorted(set(self._kept.numbers(self._wanted.ids)))
        elif self._claims is not None:
            numbers = list(sets.members(self._claims))
        most = self.total if self._wanted.limit is None else min(self._wanted.limit, self.total)
        first = nlargest if self._wanted.descending else nsmallest  # both leave ties as they were
        yield from first(most, (number for number in numbers if keys[number]), key=keys.__getitem__)
        yield from (number for number in numbers if not keys[number])

    @cached_property
    def _claims(self) -> int | None:
        """The set of them; None for all claims, and for those of some ids."""
        return self._search.claims if self._search else self._filter

    def _filtered(self) -> int | None:
        """Return the set of the claims that fit all but the words; None where nothing else is asked for."""
        wanted = self._wanted
        found = [self._kept.having(facet, values) for facet, values in wanted.facets.items()]
        if wanted.since:
            found.append(self._dated("last", since=wanted.since))
        if wanted.until:
            found.append(self._dated("first", until=wanted.until))
        if wanted.period:
            first, last = wanted.period
            found += [self._dated("ends", since=first), self._dated("begins", until=last)]
        return reduce(and_, found) if found else None

    def _dated(self, facet: str, *, since: str = "0000-01-01", until: str = "9999-12-31") -> int:
        """Return the set of the claims of which a day (`first`, `last`, `begins`, `ends`) is among those from one on, or up to one."""
        ends = {since[:4], until[:4]}  # the years of which some days may be beyond

        def within(value: str) -> bool:
            if len(value) == 4:
                return since <= f"{value}-01-01" and f"{value}-12-31" <= until
            return value[:4] in ends and since <= value <= until

        terms = [number for number, value, _ in self._kept.terms(facet) if within(value)]
        return united(self._kept, terms)


def united(kept: Kept, terms: Iterable[int]) -> int:
    """Return the set of the claims that have one of some terms."""
    return sets.unpacked((claims for _, claims in kept.postings(terms)), kept.size + 1)
