"""Finds the long strings of JSON, in which a page without any text has its article."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from indotrade.verify.decoding import unescaped

# The strings are found by their quotation marks, and not by a JSON reader: that refuses broken JSON whole, and its
# depth is bounded. Each match ends at the end of the text at the latest, so that none is looked for twice.
STRING = re.compile(r'"((?:[^"\\]++|\\(?:.|\Z))*+)(?:"|\Z)', re.DOTALL)

SHORTEST = 40
"""Below how many characters a string is a name, an address or a word of the page's own, and no text."""

HALF_PAIRS = re.compile("[\ud800-\udfff]")


def long_strings(data: str) -> Iterator[str]:
    r"""Yield the strings of JSON that may be texts, in order; of broken JSON, those that can be read.

    >>> list(long_strings('{"a": "short", "b": ["Forty characters and more, \\u201cor so\\u201d, make a text", }'))
    ['Forty characters and more, “or so”, make a text']
    """
    if '"' not in data:  # it was escaped as markup
        data = unescaped(data)
    for match in STRING.finditer(data):
        if len(match[1]) >= SHORTEST:
            try:
                string = json.loads(f'"{match[1]}"', strict=False)
            except ValueError:
                continue
            yield HALF_PAIRS.sub("\ufffd", string)
