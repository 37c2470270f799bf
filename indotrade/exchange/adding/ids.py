"""Ids of records that somebody else wrote without any: made of their words, short, and the same each time."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable

from indotrade.text import fold

LONGEST = 48
MOST_WORDS = 7
_SMALL = frozenset(
    "a an the of in on at to for and or is are was were be been has have had will would by with from as"
    " that this it its di ke dari dan atau yang untuk pada dengan oleh ini itu adalah telah sudah akan"
    " juga para sebagai dalam".split()
)
"""Words without which a statement is still known."""


def of_statement(text: str) -> str:
    """Return an id for a statement: its first words that say something.

    >>> of_statement("Exports of tempe to Japan rose to US$13 thousand a year.")
    'exports-tempe-japan-rose-us-13-thousand'
    """
    words = fold.words(text)
    return _joined([word for word in words if word not in _SMALL][:MOST_WORDS] or words, text)


def of_name(text: str) -> str:
    """Return an id for a name: all of its words, as far as they fit."""
    return _joined(fold.words(text), text)


def _joined(words: list[str], text: str) -> str:
    """Return words as an id; for what is written in no Latin letters, a digest of the text."""
    slug = ""
    for word in words:
        latin = re.sub("[^a-z0-9]", "", word)
        if latin != word and not latin:
            return "x-" + hashlib.sha256(text.encode()).hexdigest()[:10]
        longer = f"{slug}-{latin}" if slug else latin[:LONGEST]
        if len(longer) > LONGEST:
            break
        slug = longer
    return slug or "x-" + hashlib.sha256(text.encode()).hexdigest()[:10]


class Free:
    """Gives ids that are not taken yet: the one that is asked for, else with a number behind it."""

    def __init__(self, is_taken: Callable[[str], bool]) -> None:
        self._is_taken = is_taken
        self._last: dict[str, int] = {}
        """The number that each id was given last, so that the thousandth of a name does not try all before it."""

    def __call__(self, asked: str) -> str:
        """Return `asked`, or `asked-2` and so on where that is taken."""
        number, name = self._last.get(asked, 1), asked
        while number > 1 or self._is_taken(name):
            number += 1
            name = f"{asked}-{number}"
            if not self._is_taken(name):
                self._last[asked] = number
                break
        return name
