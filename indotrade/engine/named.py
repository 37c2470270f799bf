"""What names are made of: their words, all that is in one, their keys, and by each the claims of what has it in a name.

One word of a title may stand in the titles of a thousand sources, which are as many sets of claims: here they are one.
"""

from __future__ import annotations

import sqlite3
from array import array
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import msgspec

from indotrade.engine import sets
from indotrade.engine.nearest import NAMED
from indotrade.text import fold
from indotrade.text.sought import begins

if TYPE_CHECKING:
    from indotrade.engine.sqlite import SqliteEngine

FEW, SHORT = 1024, 1 << 19
"""What names have of up to so many terms, whose sets of claims have up to so many bytes together, is kept as those terms."""

_WORDS, _TEXTS, _KEYS = _LISTS = (0, 1 << 32, 2 << 32)
"""The numbers of the lists, which are kept as lines in order: the number of a line is that of its list, and its place from 1 on."""
_TERMS = b"\2"
"""What the terms of a line begin with; the claims of one begin as all sets do that are kept."""
_NAMES = f"""
SELECT name.words, name.key, term.number FROM name CROSS JOIN (VALUES {NAMED}) AS named ON named.column1 = name.kind
CROSS JOIN term ON term.facet = named.column2 AND term.value = name.entry AND term.claims > 0
"""
"""The names of all things of which there are claims, each with the terms of those."""


def listed(connection: sqlite3.Connection) -> Iterator[tuple[int, bytes]]:
    """Yield what is kept of the names of a database that has all names, terms and sets of claims: each list, then its lines."""
    ((claims,),) = connection.execute("SELECT value FROM meta WHERE name = 'claims'")
    size = dict(connection.execute("SELECT term, length(claims) FROM posting"))
    for of in _LISTS:
        terms: dict[str, array[int]] = defaultdict(lambda: array("I"))
        for words, key, term in connection.execute(_NAMES):
            for line in _lines_of(of, words, key):
                terms[line].append(term)
        lines = sorted(terms)
        yield of, "\n".join(["", *lines, ""]).encode()
        for number, line in enumerate(lines, of + 1):
            having = terms[line]
            if len(having) > 1:
                having = array("I", sorted(set(having)))
            short = len(having) == 1 or sum(map(size.__getitem__, having)) <= SHORT
            if short and len(having) <= FEW:
                yield number, _TERMS + having.tobytes()
            else:
                select = "SELECT claims FROM posting WHERE term IN (SELECT value FROM json_each(?))"
                kept = connection.execute(select, [msgspec.json.encode(having.tolist()).decode()])
                yield number, sets.joined((each for (each,) in kept), claims + 1)


def _lines_of(of: int, words: str, key: str) -> Sequence[str]:
    """Return what a list has of a name, which is given as it stands in the table of names."""
    if of == _WORDS:
        return words.partition("\n")[0].split()
    if of == _TEXTS:
        return [words.replace("\n", "\t")] if words != f" {key} " else []  # a word alone is looked for as one
    return [key] if key else []


def having(engine: SqliteEngine, part: str) -> tuple[int, int]:
    """Return the claims in a name of which a folded text begins a word, or which is spelled as it is; and where it stands within one."""
    of = _WORDS if part.isalnum() else _TEXTS
    lists = dict(zip((of, _KEYS), engine.blobs("named", [of, _KEYS]), strict=True))
    begun: list[int] = []
    within: list[int] = []
    for place, line in _lines(lists[of].decode(), part):
        (begun if begins(line, part) else within).append(of + place)
    key = fold.key(part)
    start = lists[_KEYS].find(f"\n{key}\n".encode()) if key else -1
    if start >= 0:
        begun.append(_KEYS + lists[_KEYS].count(b"\n", 0, start + 1))
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


def _united(engine: SqliteEngine, numbers: list[int]) -> int:
    """Return the claims of some lines."""
    claims: list[bytes] = []
    terms = array("I")
    for kept in engine.blobs("named", numbers) if numbers else ():
        if kept[:1] == _TERMS:
            terms.frombytes(kept[1:])
        else:
            claims.append(kept)
    claims += (kept for _, kept in engine.postings(sorted(set(terms))))
    return sets.unpacked(claims, engine.size + 1)
