"""What the trigram index is filled with, and asked for: it knows in which part of a claim a word may begin.

In it a mark stands before each word, one character in statements and another in all other texts: the trigram of a mark
and two letters tells where a word begins.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from indotrade.engine.nearest import DIVIDER
from indotrade.text.sought import UNSPACED

STATEMENT, REST = PARTS = " ", "\x02"
"""What stands in each part of a claim before a word, and for a space."""

_UNMARKED = re.compile(r"[^a-z0-9 ](?=\w)")
"""Behind this a word may begin without a space before it. A mark too many does no harm: it stands in a word that is
asked for as it stands in the text."""


def indexed(text: str) -> str:
    """Return what the index is filled with for the texts of a claim, as they are looked through."""
    statement, divider, rest = text.partition(DIVIDER)
    return f"{_marked(statement)}{divider}{_marked(rest).replace(STATEMENT, REST)}"


def _marked(folded: str) -> str:
    return _UNMARKED.sub(lambda found: f"{found[0]} ", f" {folded}")  # twice as fast as a template


def having(words: Sequence[str]) -> str:
    """Return the query for the claims that may have all of some folded words; "" where the index knows none of them."""
    queries = []
    for word in words:
        within = _marked(word)[1:]
        parts = dict.fromkeys(_all(within.replace(STATEMENT, part)) for part in PARTS)
        queries.append(" OR ".join(parts))
    return _joined(queries)


def begun(words: Sequence[str], part: str) -> str:
    """Return the query for the claims in a part of which all of some folded words may begin; "" where it is not known."""
    return _joined([_all(_beginning(word).replace(STATEMENT, part)) for word in words])


def _beginning(word: str) -> str:
    """Return a word with the mark before it, unless that is not certain to be there."""
    marked = _marked(word)
    return marked if word[0].isalnum() and word[0] < UNSPACED else marked[1:]


def is_exact(word: str) -> bool:
    """Return whether a claim that may have a word has it."""
    return len(word) == 3 and word.isascii() and word.isalnum()


def _all(marked: str) -> str:
    """Return the query for all trigrams of a text."""
    trigrams = dict.fromkeys(marked[start : start + 3] for start in range(len(marked) - 2))
    return " AND ".join('"' + trigram.replace('"', '""') + '"' for trigram in trigrams)


def _joined(queries: Sequence[str]) -> str:
    return " AND ".join(f"({query})" for query in queries if query)
