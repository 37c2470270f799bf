"""Tells which claims' anchors stand in a text."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import compress, count, repeat
from operator import rshift
from sys import byteorder
from typing import Literal, NamedTuple

from msgspec import Struct

from indotrade.anchors import WIDTH, digests, is_anchor, spelled, token_lists

Result = Literal["attested", "partly", "not found"]

BATCH = 1 << 14
"""About how many words are hashed at a time."""


class ClaimAnchors(Struct, frozen=True, gc=False):
    """What of a claim is needed to look for it: a claim's JSON record can be decoded as one."""

    id: str
    source: str
    paragraph: int
    """The paragraph of the article, as the dataset has it."""
    anchors: tuple[str, ...]


class Finding(Struct, frozen=True):
    """What became of one claim's anchors."""

    claim: str
    source: str
    result: Result
    found: int
    """How many of its anchors stand in the text."""
    of: int
    """How many anchors it has."""
    paragraph: int | None
    """The paragraph of the text in which the first of them that was found begins, from 1; None for none."""
    missing: tuple[str, ...]
    """The anchors that do not stand in the text."""


class Report(Struct, frozen=True):
    """What a text attests."""

    words: int
    """The length of the text; fewer than eight hold no anchor."""
    sources: tuple[str, ...]
    """The articles that the text is: those with an anchor in it. Empty if it is none of the dataset's."""
    findings: tuple[Finding, ...]
    """One for each claim of these articles, by source, paragraph and id."""

    @property
    def all_attested(self) -> bool:
        """Whether the text is an article of the dataset, and every claim of it stands there in full."""
        return bool(self.findings) and all(finding.result == "attested" for finding in self.findings)


class TextAnchor(NamedTuple):
    """A window of a text."""

    anchor: str
    paragraph: int
    """The paragraph in which the window begins, from 1."""
    position: int
    """Which word of that paragraph it begins with, from 1."""


def verify(paragraphs: Iterable[str], claims: Iterable[ClaimAnchors]) -> Report:
    """Return which of the `claims` stand in the text, for the articles that the text is found to be.

    It attests words, never that a claim is true, and nothing is matched nearly. The `claims` are gone through
    three times and only those of the found articles are kept, so a million can be read from a file each time;
    an iterator, which can be gone through once, is put into a tuple.
    """
    if isinstance(claims, Iterator):
        claims = tuple(claims)
    text = _Text(paragraphs)
    places = _places(text, _sieve(claims))
    sources = {claim.source for claim in claims if any(anchor in places for anchor in claim.anchors)}
    kept = sorted(
        (claim for claim in claims if claim.source in sources),
        key=lambda claim: (claim.source, claim.paragraph, claim.id),
    )
    return Report(len(text), tuple(sorted(sources)), tuple(_finding(claim, places) for claim in kept))


def text_anchors(paragraphs: Iterable[str]) -> Iterator[TextAnchor]:
    """Yield each window of the text in order, for the author of a dataset to choose from."""
    text = _Text(paragraphs)
    for first, words in text.batches():
        for index, digest in enumerate(digests(words), first):
            yield TextAnchor(spelled(digest), *text.place(index))


class _Text:
    """The words of some paragraphs in order, without holding them, and the place of each."""

    def __init__(self, paragraphs: Iterable[str]) -> None:
        self._paragraphs = paragraphs
        self._starts = array("q")
        self._length = 0

    def __len__(self) -> int:
        """Return how many words have been read."""
        return self._length

    def batches(self) -> Iterator[tuple[int, list[str]]]:
        """Yield words and the index of the first, from 0; a batch begins with the last seven of the one before."""
        words: list[str] = []
        for paragraph in self._paragraphs:
            self._starts.append(self._length)
            for more in token_lists(paragraph):
                words += more
                self._length += len(more)
                if len(words) >= BATCH:
                    yield self._length - len(words), words
                    words = words[1 - WIDTH :]
        yield self._length - len(words), words

    def place(self, index: int) -> tuple[int, int]:
        """Return the paragraph of a word that has been read, and its position there, both from 1."""
        paragraph = bisect_right(self._starts, index)
        return paragraph, index - self._starts[paragraph - 1] + 1


def _sieve(claims: Iterable[ClaimAnchors]) -> bytearray:
    """Return, for each 24 bits of a digest that `_places` looks at, whether some claim's anchor has them.

    16 MiB however many claims there are: a set of three million anchors takes 280.
    """
    sieve = bytearray(1 << 24)
    for claim in claims:
        for anchor in claim.anchors:
            if is_anchor(anchor):
                sieve[int.from_bytes(bytes.fromhex(anchor[3:11]), byteorder) >> 8] = 1
    return sieve


def _places(text: _Text, sieve: bytearray) -> dict[str, int]:
    """Return the anchors of the text that pass the sieve, with the paragraph in which each first begins.

    A digest is eight machine words, of which the first, less its lowest byte, is sieved: a loop in C.
    """
    places: dict[str, int] = {}
    for first, words in text.batches():
        joined = b"".join(digests(words))
        heads = map(rshift, array("I", joined)[::8], repeat(8))
        for index in compress(count(), map(sieve.__getitem__, heads)):
            anchor = spelled(joined[32 * index : 32 * index + 32])
            places.setdefault(anchor, text.place(first + index)[0])
    return places


def _finding(claim: ClaimAnchors, places: dict[str, int]) -> Finding:
    """Return what became of one claim. A claim without anchors is not found: nothing attests it."""
    found = [anchor for anchor in claim.anchors if anchor in places]
    missing = tuple(anchor for anchor in claim.anchors if anchor not in places)
    result: Result = "not found" if not found else "partly" if missing else "attested"
    paragraph = places[found[0]] if found else None
    return Finding(claim.id, claim.source, result, len(found), len(claim.anchors), paragraph, missing)
