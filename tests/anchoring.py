"""Words, windows and anchors of a text, put together from what the program hashes with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain

from indotrade.verify.anchors import WIDTH, digests, spelled, token_lists
from indotrade.verify.files import PLAIN
from indotrade.verify.reading import Reading


def tokens(text: str) -> list[str]:
    """Return the words of a text."""
    return list(chain.from_iterable(token_lists(text)))


def windows(words: Sequence[str]) -> list[str]:
    """Return the anchor of each eight consecutive words, in order: none for fewer than eight."""
    return [spelled(digest) for digest in digests(words)]


def anchor(words: Sequence[str]) -> str:
    """Return the anchor of eight words."""
    assert len(words) == WIDTH
    return windows(words)[0]


def reading(paragraphs: Iterable[str]) -> list[Reading]:
    """Return paragraphs as the one reading of a text."""
    return [Reading(PLAIN, list(paragraphs))]
