"""Where words that are searched for stand: in what counts most or elsewhere, at a word's start, and in a text as written."""

from __future__ import annotations

import re
from collections.abc import Sequence

from indotrade.text.fold import fold

UNSPACED = "\u2e80"
"""From here on scripts put no spaces between words: each letter of them begins a word."""
FARTHEST = 3
"""The greatest distance."""


def distance(statement: str, rest: str, word: str) -> int:
    """Return how far a folded word stands from being what a claim is about: 0 to 3, in folded texts one of which has it.

    0: in the statement, where a word begins. 1: elsewhere, where a word begins. 2: in the statement, within a word.
    3: elsewhere, within a word.

    >>> distance("boats for fisheries", "heri akhmadi", "heri"), distance("boats for fisheries", "", "heri")
    (1, 2)
    """
    if begins(statement, word):
        return 0
    if begins(rest, word):
        return 1
    return 2 if word in statement else FARTHEST


def begins(text: str, word: str) -> bool:
    """Return whether a folded word stands in a folded text where a word begins; what begins with a sign always does."""
    place = text.find(word)
    while place >= 0:
        if _is_start(text, place):
            return True
        place = text.find(word, place + 1)
    return False


def _is_start(text: str, place: int) -> bool:
    before, first = text[place - 1 : place], text[place]
    return not (_is_spaced_letter(before) and _is_spaced_letter(first))


def _is_spaced_letter(letter: str) -> bool:
    return letter.isalnum() and letter < UNSPACED


_LETTER = re.compile("(?s:.)[\u0300-\u036f\u3099\u309a\uff9e\uff9f]*")
"""A letter with the marks that are one with it."""


def spans(text: str, words: Sequence[str]) -> list[tuple[int, int]]:
    """Return where folded words stand in a text as it is written: first and last place of each stretch, in order.

    >>> spans("Kafé ıspanak", ["ispanak", "kafe"]), spans("ｶﾞﾗｽ", ["ガ"])
    ([(0, 4), (5, 12)], [(0, 2)])
    """
    folded = ""
    places: list[tuple[int, int]] = []
    for letter in _LETTER.finditer(text):
        alike = fold(letter[0]) if not letter[0].isspace() else " " if folded[-1:] != " " else ""
        folded += alike
        places += [letter.span()] * len(alike)
    found = []
    for word in words:
        start = folded.find(word)
        while start >= 0:
            found.append((places[start][0], places[start + len(word) - 1][1]))
            start = folded.find(word, start + len(word))
    joined: list[tuple[int, int]] = []
    for begin, end in sorted(found):
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((begin, end))
    return joined
