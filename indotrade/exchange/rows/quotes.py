"""Finds the words of a quotation in an article, and makes of them the anchors by which the claim is known there."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import NamedTuple

from indotrade.dataset.rules import MOST_ANCHORS
from indotrade.verify.anchors import WIDTH, digests, spelled, token_lists
from indotrade.verify.match import whole
from indotrade.verify.reading import Reading

_LEFT_OUT = re.compile(r"\s*[\[(]?\s*(?:\.{3,}|…)\s*[\])]?\s*")
"""How a quotation says that words are left out."""


class Found(NamedTuple):
    """Where a quotation stands in an article."""

    paragraph: int
    """From 1."""
    anchors: list[str]
    """One to three, one of them over the figure where it is quoted."""
    several: bool
    """Whether it stands there more than once; the first place is taken."""


class Article:
    """An article in each form in which its file can be read, for finding quotations in it."""

    def __init__(self, readings: Sequence[Reading]) -> None:
        texts = [_Text(reading.paragraphs) for reading in readings]
        self._texts = sorted(texts, key=lambda text: text.size, reverse=True)

    def find(self, quote: str, figure: str | None = None, paragraph: int | None = None) -> Found | None:
        """Return where a quotation stands, looked for in one paragraph where that is given; None where it does not.

        Words left out (`…`) divide it into pieces that stand in this order. `figure` holds the words of the figure.
        It is looked for in the fullest reading first.
        """
        found = (text.find(quote, figure, paragraph) for text in self._texts)
        return next(filter(None, found), None)


class _Text:
    """The words of one reading."""

    def __init__(self, paragraphs: Sequence[str]) -> None:
        self._words: list[str] = []
        self._starts: list[int] = []
        for paragraph in paragraphs:
            self._starts.append(len(self._words))
            self._words += _words(whole(paragraph))
        self._places: dict[str, list[int]] = defaultdict(list)
        for place, word in enumerate(self._words):
            self._places[word].append(place)

    @property
    def size(self) -> int:
        """How many words there are."""
        return len(self._words)

    def find(self, quote: str, figure: str | None, paragraph: int | None) -> Found | None:
        """Return where a quotation stands, as `Article.find` does."""
        pieces = [words for piece in _LEFT_OUT.split(quote) if (words := _words(piece))]
        spans: list[range] = []
        several = False
        for piece in pieces:
            places = self._all(piece, spans[-1].stop if spans else 0)
            if paragraph is not None and not spans:
                places = [place for place in places if self._paragraph(place) == paragraph]
            if not places:
                return None
            several = several or (len(places) > 1 and not spans)
            spans.append(range(places[0], places[0] + len(piece)))
        if not spans or self.size < WIDTH:
            return None
        starts = list(dict.fromkeys(self._windows(spans, _words(figure or ""))))[:MOST_ANCHORS]
        anchors = [spelled(next(digests(self._words[start : start + WIDTH]))) for start in starts]
        return Found(self._paragraph(spans[0].start), list(dict.fromkeys(anchors)), several)

    def _all(self, words: Sequence[str], least: int) -> list[int]:
        """Return every place from `least` on at which words stand one after another."""
        count = len(words)
        rarest = min(range(count), key=lambda index: len(self._places.get(words[index], ())))
        found = (place - rarest for place in self._places.get(words[rarest], ()))
        return [
            place for place in found if place >= least and self._words[place : place + count] == list(words)
        ]

    def _paragraph(self, place: int) -> int:
        return bisect_right(self._starts, place)

    def _windows(self, spans: Sequence[range], figure: Sequence[str]) -> Iterable[int]:
        """Yield where windows of eight words begin: the one over the figure, then the first, the last and others."""
        for span in spans:
            for place in range(span.start, span.stop - len(figure) + 1 if figure else span.start):
                if self._words[place : place + len(figure)] == figure:
                    yield self._around(range(place, place + len(figure)), span)
                    break
        for span in (spans[0], spans[-1], *spans[1:-1]):
            yield self._around(range(span.start, min(span.start + WIDTH, span.stop)), span)
            if len(span) >= 2 * WIDTH:
                yield span.stop - WIDTH

    def _around(self, words: range, span: range) -> int:
        """Return where the window begins that has some words in its middle.

        It lies within the quotation where that has room, else within the paragraph, else anywhere.
        """
        start = words.start - max(0, WIDTH - len(words)) // 2
        number = self._paragraph(words.start)
        ends = [*self._starts[1:], len(self._words)]
        for room in (span, range(self._starts[number - 1], ends[number - 1]), range(len(self._words))):
            if len(room) >= WIDTH:
                return max(room.start, min(start, room.stop - WIDTH))
        return 0


def _words(text: str) -> list[str]:
    return list(chain.from_iterable(token_lists(text)))
