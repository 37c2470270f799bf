"""The words of names: which there are, and by each the claims that are told of under a name that has it.

One word of a title may stand in the titles of a thousand sources, which are as many sets of claims: here they are one.
"""

from __future__ import annotations

import sqlite3
from array import array
from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from indotrade.engine import sets
from indotrade.engine.nearest import NAMED
from indotrade.text.sought import begins

if TYPE_CHECKING:
    from indotrade.engine.sqlite import SqliteEngine

FEW, SHORT = 1024, 1 << 19
"""A word of up to so many terms, whose sets of claims have up to so many bytes together, is kept as its terms."""
NAMES = (
    f"name CROSS JOIN (VALUES {NAMED}) AS named ON named.column1 = name.kind"
    " CROSS JOIN term ON term.facet = named.column2 AND term.value = name.entry AND term.claims > 0"
)
"""The names of all things of which there are claims, each with the terms of those."""

KINDS = f"SELECT column1 FROM (VALUES {NAMED})"
"""The lists of those things."""

_TERMS = b"\2"
"""What the terms of a word begin with; the claims of one begin as all sets do that are kept."""
_WORDS = 0
"""The number under which all words are kept: in their order, which numbers them from 1 on, a line each."""


def words(connection: sqlite3.Connection) -> Iterator[tuple[int, bytes]]:
    """Yield what is kept of the words of a database that has all names, terms and sets of claims: all words, then each."""
    ((claims,),) = connection.execute("SELECT value FROM meta WHERE name = 'claims'")
    terms: dict[str, array[int]] = defaultdict(lambda: array("I"))
    for spelled, term in connection.execute(f"SELECT name.words, term.number FROM {NAMES}"):
        for word in spelled.partition("\n")[0].split():
            terms[word].append(term)
    size = dict(connection.execute("SELECT term, length(claims) FROM posting"))
    listed = sorted(terms)
    yield _WORDS, "\n".join(["", *listed, ""]).encode()
    for number, word in enumerate(listed, 1):
        having = sorted(set(terms[word]))
        if len(having) <= FEW and sum(size[term] for term in having) <= SHORT:
            yield number, _TERMS + array("I", having).tobytes()
        else:
            select = "SELECT claims FROM posting WHERE term IN (SELECT value FROM json_each(?))"
            kept = connection.execute(select, [msgspec.json.encode(having).decode()])
            yield number, sets.joined((of for (of,) in kept), claims + 1)


def having(engine: SqliteEngine, part: str) -> tuple[int, int]:
    """Return the claims in a name of which a word begins with a folded run of letters and digits, and those where one has it."""
    (words,) = engine.blobs("word", [_WORDS])
    begun: list[int] = []
    within: list[int] = []
    for number, word in _lines(words.decode(), part):
        (begun if begins(word, part) else within).append(number)
    return _united(engine, begun), _united(engine, within)


def _lines(text: str, part: str) -> Iterator[tuple[int, str]]:
    """Yield the lines of a text that have a part, numbered from 1 on; each begins and ends with a line break."""
    number = end = 0
    place = text.find(part)
    while place >= 0:
        number += text.count("\n", end, place)
        start, end = text.rindex("\n", 0, place) + 1, text.index("\n", place)
        yield number, text[start:end]
        place = text.find(part, end)


def _united(engine: SqliteEngine, words: list[int]) -> int:
    claims: list[bytes] = []
    terms = array("I")
    for kept in engine.blobs("word", words):
        if kept[:1] == _TERMS:
            terms.frombytes(kept[1:])
        else:
            claims.append(kept)
    return sets.unpacked(claims, engine.size + 1) | engine.united(sorted(set(terms)))
