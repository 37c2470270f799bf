"""The tables of an SQLite database that answers questions: their columns, their keys, what checks their rows.

One in memory and one on disk have the same, so the same queries answer both.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from typing import Any
from zlib import crc32

COLUMNS: dict[str, tuple[str, ...]] = {
    "meta": ("name", "value", "crc"),
    "claim": ("number", "id", "record", "crc"),
    "sortkey": ("number", "keys", "crc"),
    "body": ("claim", "text", "crc"),
    "trigram": ("rowid", "text"),
    "source": ("number", "id", "record", "crc"),
    "entry": ("kind", "number", "id", "record", "crc"),
    "name": ("kind", "key", "entry", "words", "crc"),
    "term": ("number", "facet", "value", "claims", "crc"),
    "posting": ("term", "claims", "crc"),
    "named": ("number", "claims", "crc"),
    "anchors": ("number", "digests", "crc"),
    "list": ("kind", "first", "names", "crc"),
    "leaf": ("segment", "first", "page", "last", "after", "blocks", "crc"),
}
"""What `fill` fills."""
SCHEMA = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value, crc INTEGER) WITHOUT ROWID;
CREATE TABLE claim (number INTEGER PRIMARY KEY, id TEXT NOT NULL, record TEXT NOT NULL, crc INTEGER);
CREATE TABLE sortkey (number INTEGER PRIMARY KEY, keys BLOB NOT NULL, crc INTEGER);
CREATE TABLE body (claim INTEGER PRIMARY KEY, text TEXT NOT NULL, crc INTEGER);
CREATE TABLE source (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, record TEXT NOT NULL, crc INTEGER
);
CREATE TABLE entry (
    kind TEXT, number INTEGER, id TEXT, record TEXT NOT NULL, crc INTEGER, PRIMARY KEY (kind, id)
) WITHOUT ROWID;
CREATE TABLE name (kind TEXT, key TEXT, entry TEXT, words TEXT NOT NULL, crc INTEGER);
CREATE INDEX name_key ON name (kind, key);
CREATE TABLE term (
    number INTEGER PRIMARY KEY, facet TEXT NOT NULL, value TEXT NOT NULL, claims INTEGER NOT NULL, crc INTEGER,
    UNIQUE (facet, value)
);
CREATE TABLE posting (term INTEGER PRIMARY KEY, claims BLOB NOT NULL, crc INTEGER);
CREATE TABLE named (number INTEGER PRIMARY KEY, claims BLOB NOT NULL, crc INTEGER);
CREATE TABLE anchors (number INTEGER PRIMARY KEY, digests BLOB NOT NULL, crc INTEGER);
CREATE TABLE leaf (
    segment INTEGER, first BLOB, page INTEGER, last INTEGER, after BLOB, blocks INTEGER, crc INTEGER,
    PRIMARY KEY (segment, first)
) WITHOUT ROWID;
CREATE TABLE list (kind TEXT, first TEXT, names TEXT NOT NULL, crc INTEGER, PRIMARY KEY (kind, first)) WITHOUT ROWID;
"""
TRIGRAMS = """
CREATE VIRTUAL TABLE trigram USING fts5 (
    text, content='', columnsize=0, detail=none, tokenize='trigram case_sensitive 1'
);
"""
KEY = "CREATE UNIQUE INDEX claim_id ON claim (id)"
"""Made once all claims are in, which is faster; it fails where an id stands twice."""

Insert = Callable[[str, Sequence[tuple[Any, ...]]], object]
"""Inserts rows into a table: its name, and the rows, all columns of it."""


def inserter(connection: sqlite3.Connection) -> Insert:
    """Return an `Insert` that works at once."""
    return lambda table, rows: connection.executemany(statement(table), rows)


@lru_cache(maxsize=64)
def statement(table: str, rows: int = 1) -> str:
    """Return the SQL that inserts so many rows, all columns of them, from parameters."""
    columns = COLUMNS[table]
    row = f"({', '.join('?' * len(columns))})"
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES {', '.join([row] * rows)}"


Check = Callable[..., int | None]
"""Returns what tells values that came back from a disk as they were written from others; None where none is kept."""


def check(table: str, *values: Any, salt: int = 0) -> int:
    """Return the CRC-32 of a row of a table of a database that is kept; one that ends in bytes has but a number before them.

    The table tells a row from one of another table with the same columns, and the salt one of another dataset's index from
    those of this one: a disk may exchange pages.
    """
    if type(values[-1]) is bytes:
        return crc32(values[-1], crc32(f"{table}\0{values[0]}".encode(), salt))
    return crc32("\0".join(map(str, (table, *values))).encode(), salt)


def salt_of(sha256: str) -> int:
    """Return the salt of the checks in the index of the data that have this digest, but for those of what it says of itself."""
    return crc32(sha256.encode())


def salted(sha256: str) -> Check:
    """Return what checks the rows of that index."""
    return partial(check, salt=salt_of(sha256))


def names_of(kind: str) -> str:
    """Return the kind of thing that the names of a list are, as they are counted and marked."""
    return f"names of {kind}"


def terms_of(facet: str) -> str:
    """Return the kind of thing that the terms of a facet are, as they are counted."""
    return f"terms of {facet}"
