"""Tells which claims' anchors stand in a text."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import cycle
from sys import byteorder
from typing import Literal, NamedTuple

import msgspec

from indotrade.engine.protocol import Engine, Wanted, bits
from indotrade.errors import Message
from indotrade.verify.anchors import WIDTH, digests, spelled, token_lists
from indotrade.verify.reading import Reading

Result = Literal["attested", "partly", "not found"]

BATCH = 1 << 14
"""About how many words are hashed at a time."""

BROKEN = re.compile("(?<=\\w)[-\u2010\u00ad]\n(?=\\w)")
"""Where a line's end broke a word, or a compound such as `masing-masing`: a text does not tell which."""

DOUBLED = re.compile(r"\b(\w{3,40})\1\b")
"""A doubled word such as `masing-masing` whose hyphen was taken for one of a line's end, and left out: `masingmasing`."""

JOINS = ((True,), (True, False), (False, True))
"""Which of the broken words are joined, in turn. With none and with the likely ones joined before, each window with
one or two of them is tried in all ways, and a window with more in the likeliest, without trying all of them."""

NEARLY_ALL = 0.8
"""How much of the fullest reading of a text another has that is the same text read otherwise."""

LONGEST_HALF = 40
"""How much of a broken word is looked at, in characters, to tell whether it is one."""


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
    words: int
    """How many words could be read."""
    form: Message
    """In what form most of them stood."""

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
    words: str
    """The words themselves, as they are hashed."""


def attest(readings: Sequence[Reading], engine: Engine) -> Report:
    """Return which claims stand in a text, for the articles that the text is found to be.

    It attests words, never that a claim is true, and nothing is matched nearly. The window slides over each
    reading once for all claims; a paragraph is that of the reading in which most of them were found.
    """
    searched = [_Searched(reading, engine) for reading in readings]
    places: dict[int, int] = {}
    for each in sorted(searched, key=lambda each: len(each.places), reverse=True):
        places = each.places | places
    fullest = max(searched, key=lambda each: each.words)
    sources = tuple(sorted({source for each in searched for source in each.sources}))
    records = engine.find(Wanted(facets={"source": sources})).records() if sources else ()
    findings = tuple(_finding(_decode(record), places) for record in records)
    return Report(sources, findings, fullest.words, fullest.reading.form)


def text_anchors(readings: Sequence[Reading], over: Sequence[str] = ()) -> Iterator[TextAnchor]:
    """Yield each window of a text in order, for the author of a dataset to choose from.

    With the words `over`, at most eight of them, those windows that cover them side by side: in the fullest of
    the readings in which there are such. Of those that are nearly as full the usual one counts, for one across
    columns has their running heads too. A word that was broken at a line's end is whole, unless it is doubled.
    """
    sizes = [sum(map(len, reading.paragraphs)) for reading in readings]
    full = max(sizes, default=0) * NEARLY_ALL
    ordered = sorted(zip(sizes, readings, strict=True), key=lambda pair: min(pair[0], full), reverse=True)
    for _, reading in ordered:
        windows = _windows_over(reading.paragraphs, tuple(over))
        first = next(windows, None)
        if first is not None:
            yield first
            yield from windows
            return


def _windows_over(paragraphs: Iterable[str], over: tuple[str, ...]) -> Iterator[TextAnchor]:
    """Yield the windows of some paragraphs that cover some words side by side: all of them for none."""
    text = _Text(map(whole, paragraphs))
    offsets = range(WIDTH - len(over) + 1)
    for first, words in text.batches():
        for start, digest in enumerate(digests(words)):
            window = words[start : start + WIDTH]
            if not over or any(tuple(window[at : at + len(over)]) == over for at in offsets):
                yield TextAnchor(spelled(digest), *text.place(first + start), " ".join(window))


def whole(paragraph: str) -> str:
    """Return a paragraph in which each word that a line's end broke is as it most likely was."""
    return BROKEN.sub(_likely, paragraph)


def _likely(broken: re.Match[str]) -> str:
    """Return what most likely stood where a word was broken: nothing, or the hyphen of a doubled word or a number."""
    start, end = broken.span()
    before = re.split(r"\W", broken.string[max(0, start - LONGEST_HALF) : start].casefold())[-1]
    after = re.split(r"\W", broken.string[end : end + LONGEST_HALF].casefold())[0]
    compound = after.startswith(before) or before[-1:].isdigit() or after[:1].isdigit()
    return broken[0] if compound and "\u00ad" not in broken[0] else ""


class _Searched:
    """What was found in a reading."""

    def __init__(self, reading: Reading, engine: Engine) -> None:
        self.reading = reading
        self.places: dict[int, int] = {}
        """The paragraph in which each anchor was found first, by its `bits`."""
        self.sources: set[str] = set()
        self.words = self._search(reading.paragraphs, engine)
        if any("\n" in paragraph for paragraph in reading.paragraphs):
            for join in (_likely, *map(_in_turn, JOINS)):
                self._search([BROKEN.sub(join, paragraph) for paragraph in reading.paragraphs], engine)
        if any(DOUBLED.search(paragraph) for paragraph in reading.paragraphs):
            self._search(
                [DOUBLED.sub(r"\1 \1", whole(paragraph)) for paragraph in reading.paragraphs], engine
            )

    def _search(self, paragraphs: Iterable[str], engine: Engine) -> int:
        """Look for anchors in some paragraphs; return how many words these have."""
        text = _Text(paragraphs)
        for first, words in text.batches():
            windows = _windows(words)
            attested = engine.attested(windows)
            for index, window in enumerate(windows, first) if attested else ():
                if window in attested:
                    self.places.setdefault(window, text.place(index)[0])
            self.sources.update(*attested.values())
        return text.length


def _in_turn(joins: Iterable[bool]) -> Callable[[re.Match[str]], str]:
    """Return what joins broken words or leaves them as they are, in turn."""
    turns = cycle(joins)
    return lambda broken: "" if next(turns) else broken[0]


class _Text:
    """The words of some paragraphs in order, without holding them, and the place of each."""

    def __init__(self, paragraphs: Iterable[str]) -> None:
        self._paragraphs = paragraphs
        self._starts = array("q")
        self.length = 0
        """How many words have been read."""

    def batches(self) -> Iterator[tuple[int, list[str]]]:
        """Yield words and the index of the first, from 0; a batch begins with the last seven of the one before."""
        words: list[str] = []
        for paragraph in self._paragraphs:
            self._starts.append(self.length)
            for more in token_lists(paragraph):
                words += more
                self.length += len(more)
                if len(words) >= BATCH:
                    yield self.length - len(words), words
                    words = words[1 - WIDTH :]
        yield self.length - len(words), words

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
