"""Tells whether the blocks of the trigram index in which some trigrams stand are as they were written.

SQLite keeps the index as segments in which the trigrams stand in order. A segment is cut into numbered leaves, and
`trigram_idx` says with which trigram each of them begins. Where a trigram has many claims its leaves follow each other.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from itertools import groupby, pairwise
from operator import itemgetter
from typing import NamedTuple
from zlib import crc32

from indotrade.engine.schema import Check

_TRIGRAM = re.compile('"((?:[^"]|"")*)"')
_SEGMENT, _HEIGHT, _SKIPS = 1 << 37, 1 << 31, 1 << 36
"""What the ids of blocks are made of: the segment, and for the lists by which leaves are skipped their height."""
_HEIGHTS = 4
_STRUCTURE = 10
"""The blocks up to this id say which segments there are."""
_BEGINNING = b"0"
"""What stands before a trigram in the index."""
_FOUND = (
    "SELECT segid, term, pgno >> 1 FROM trigram_idx WHERE segid = ? AND term <= ? ORDER BY term DESC LIMIT 1"
)
_WRITTEN = """
SELECT segment, first, page, last, after, blocks, crc FROM leaf WHERE segment = ? AND first <= ? ORDER BY first DESC LIMIT 1
"""
_DAMAGED = "the trigram index is not as it was written"


class _Leaf(NamedTuple):
    """The leaves in which the trigrams from one on stand, up to the one with which a later leaf begins."""

    segment: int
    first: bytes
    page: int
    last: int
    """The leaf in which they end; all others begin there or after it."""
    after: bytes
    """With what that one begins; empty in the end."""
    blocks: int
    """The CRC-32 of them."""


def leaves(connection: sqlite3.Connection) -> Iterator[_Leaf]:
    """Yield the leaves of an index that is filled."""
    begun = connection.execute(
        "SELECT segid, term, pgno >> 1 FROM trigram_idx ORDER BY segid, term"
    ).fetchall()
    for segment, rows in groupby(begun, key=itemgetter(0)):
        pages = [(first, page) for _, first, page in rows]
        ids = [segment * _SEGMENT, segment * _SEGMENT + _HEIGHT - 1]
        ((end,),) = connection.execute("SELECT max(id) FROM trigram_data WHERE id BETWEEN ? AND ?", ids)
        for (first, page), (after, last) in pairwise([*pages, (b"", end - ids[0])]):
            yield _Leaf(segment, first, page, last, after, _blocks(connection, segment, page, last))


def structure(connection: sqlite3.Connection) -> str:
    """Return which segments an index has, after what checks that it is found to have them."""
    segments = connection.execute("SELECT DISTINCT segid FROM trigram_idx ORDER BY segid")
    return " ".join(map(str, [_read(connection, 0, _STRUCTURE, 0), *(segment for (segment,) in segments)]))


class Known:
    """The trigrams of which the leaves have been read, and are as they were written."""

    def __init__(self, connection: sqlite3.Connection, written: str, check: Check) -> None:
        """Be told what `structure` returned, and what checks a row. Raises sqlite3.DatabaseError where another one is found."""
        self._connection, self._check = connection, check
        crc, *segments = map(int, written.split())
        self._segments = segments
        self._known: set[str] = set()
        if _read(connection, 0, _STRUCTURE, 0) != crc:
            raise sqlite3.DatabaseError(_DAMAGED)

    def read(self, query: str) -> None:
        """Look at all leaves that an answer to a query rests on. Raises sqlite3.DatabaseError where one is damaged."""
        for found in _TRIGRAM.findall(query):
            trigram = found.replace('""', '"')
            if trigram not in self._known:
                for segment in self._segments:
                    self._look(segment, _BEGINNING + trigram.encode())
                self._known.add(trigram)

    def _look(self, segment: int, trigram: bytes) -> None:
        """Look at the leaves of a segment in which a trigram stands, or would stand, as SQLite finds them."""
        found = self._connection.execute(_FOUND, [segment, trigram]).fetchone()
        row = self._connection.execute(_WRITTEN, [segment, trigram]).fetchone()
        if row and row[-1] == self._check("leaf", *row[:-1]):
            leaf = _Leaf(*row[:-1])
            blocks = _blocks(self._connection, segment, leaf.page, leaf.last)
            if found == leaf[:3] and blocks == leaf.blocks and (not leaf.after or trigram < leaf.after):
                return
        raise sqlite3.DatabaseError(_DAMAGED)


def _blocks(connection: sqlite3.Connection, segment: int, page: int, last: int) -> int:
    """Return the CRC-32 of the leaves of a segment from one to another, and of what skips some of them."""
    crc = 0
    for skips in (0, *(_SKIPS + height * _HEIGHT for height in range(_HEIGHTS))):
        base = segment * _SEGMENT + skips
        crc = _read(connection, base + page, base + last, crc)
    return crc


def _read(connection: sqlite3.Connection, first: int, last: int, crc: int) -> int:
    """Return the CRC-32 of some blocks, after those of which it is given. Raises sqlite3.DatabaseError."""
    select = "SELECT block FROM trigram_data WHERE id BETWEEN ? AND ?"
    for (block,) in connection.execute(select, [first, last]):
        if not isinstance(block, bytes):
            raise sqlite3.DatabaseError(_DAMAGED)
        crc = crc32(block, crc)
    return crc
