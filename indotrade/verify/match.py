"""Tells which claims' anchors stand in a text."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from sys import byteorder
from typing import Literal, NamedTuple

import msgspec

from indotrade.engine.protocol import Engine, Wanted, bits
from indotrade.verify.anchors import WIDTH, digests, spelled, token_lists

Result = Literal["attested", "partly", "not found"]

BATCH = 1 << 14
"""About how many words are hashed at a time."""


class ClaimAnchors(msgspec.Struct, frozen=True, gc=False):
    """What of a claim is needed to look for it: a claim's JSON record can be decoded as one."""

    id: str
    source: str
    anchors: tuple[str, ...]


_decode = msgspec.json.Decoder(ClaimAnchors).decode


class Finding(msgspec.Struct, frozen=True):
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


class Report(msgspec.Struct, frozen=True):
    """What a text attests."""

    sources: tuple[str, ...]
    """The articles that the text is: those with an anchor in it. Empty if it is none of the dataset's."""
    findings: tuple[Finding, ...]
    """One for each claim of these articles, in the order of answers."""

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


def attest(paragraphs: Iterable[str], engine: Engine) -> Report:
    """Return which claims stand in the text, for the articles that the text is found to be.

    It attests words, never that a claim is true, and nothing is matched nearly. The window slides over the
    text once for all claims.
    """
    text = _Text(paragraphs)
    places: dict[int, int] = {}
    sources: set[str] = set()
    for first, words in text.batches():
        windows = _windows(words)
        attested = engine.attested(windows)
        for index, window in enumerate(windows, first) if attested else ():
            if window in attested:
                places.setdefault(window, text.place(index)[0])
        sources.update(*attested.values())
    found = tuple(sorted(sources))
    if not found:
        return Report((), ())
    records = engine.find(Wanted(facets={"source": found})).records()
    return Report(found, tuple(_finding(_decode(record), places) for record in records))


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


def _windows(words: list[str]) -> array[int]:
    """Return the `bits` of each window's anchor, by a loop in C over the first of a digest's four numbers."""
    windows = array("q", b"".join(digests(words)))[::4]
    if byteorder == "little":
        windows.byteswap()
    return windows


def _finding(claim: ClaimAnchors, places: dict[int, int]) -> Finding:
    """Return what became of one claim. A claim without anchors is not found: nothing attests it."""
    paragraphs = {anchor: places.get(bits(anchor)) for anchor in claim.anchors}
    found = [paragraph for paragraph in paragraphs.values() if paragraph is not None]
    missing = tuple(anchor for anchor, paragraph in paragraphs.items() if paragraph is None)
    result: Result = "not found" if not found else "partly" if missing else "attested"
    return Finding(
        claim.id, claim.source, result, len(found), len(claim.anchors), found[0] if found else None, missing
    )
