"""Finds the long strings of JSON, in which a page without any text has its article."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from indotrade.verify.decoding import unescaped

# The strings are found by their quotation marks, and not by a JSON reader: that refuses broken JSON whole, and its
# depth is bounded. Each match ends at the end of the text at the latest, so that none is looked for twice.
STRING = re.compile(r'"((?:[^"\\]++|\\(?:.|\Z))*+)(?:"|\Z)', re.DOTALL)

LINES = re.compile(r'\\n",\s*+"')
"""Between two lines of a text that is kept as a list of them, as in a notebook."""

PIECE = re.compile(r'"(?:text|value|insert|c)"\s*+:\s*+"((?:[^"\\]++|\\(?:.|\Z))*+)(?:"|\Z)', re.DOTALL)
"""A piece of a text, by the names that the editors of rich texts have for it."""

SHORTEST = 40
"""Below how many characters a string is a name, an address or a word of the page's own, and no text."""

HALF_PAIRS = re.compile("[\ud800-\udfff]")


def long_strings(data: str) -> Iterator[str]:
    r"""Yield the strings of JSON that may be texts, in order; of broken JSON, those that can be read.

    >>> list(long_strings('{"a": "short", "b": ["Forty characters and more, \\u201cor so\\u201d, make a text", }'))
    ['Forty characters and more, “or so”, make a text']
    """
    for match in STRING.finditer(LINES.sub(r"\\n", _markup(data))):
        if len(match[1]) >= SHORTEST:
            yield from _strings([match[1]])


def pieces(data: str) -> str:
    """Return the strings of JSON in which an editor keeps a text piece by piece, as one text; "" for none."""
    return " ".join(_strings(match[1] for match in PIECE.finditer(_markup(data))))


def _markup(data: str) -> str:
    """Return JSON as it was before it was escaped as markup, if it was."""
    return data if '"' in data else unescaped(data)


def _strings(literals: Iterable[str]) -> Iterator[str]:
    """Yield the strings that literals of JSON stand for, without those that cannot be read."""
    import json

    for literal in literals:
        try:
            string = json.loads(f'"{literal}"', strict=False)
        except ValueError:
            continue
        yield HALF_PAIRS.sub("\ufffd", string)
