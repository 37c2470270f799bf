"""The tables of an SQLite database that answers questions: their columns, their keys, what checks their rows.

One in memory and one on disk have the same, so the same queries answer both.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any
from zlib import crc32

COLUMNS: dict[str, tuple[str, ...]] = {
    "meta": ("name", "value", "crc"),
    "claim": ("number", "id", "record", "crc"),
    "fact": ("claim", "paragraph", "first", "last", "value", "begins", "ends", "crc"),
    "body": ("claim", "text"),
    "trigram": ("rowid", "text"),
    "source": ("number", "id", "record", "crc"),
    "entry": ("kind", "number", "id", "record", "crc"),
    "name": ("kind", "key", "entry", "words", "crc"),
    "term": ("number", "facet", "value", "claims", "crc"),
    "tag": ("term", "claim"),
    "posting": ("term", "claims", "crc"),
    "anchor": ("digest", "source"),
}
SCHEMA = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value, crc INTEGER) WITHOUT ROWID;
CREATE TABLE claim (number INTEGER PRIMARY KEY, id TEXT NOT NULL, record TEXT NOT NULL, crc INTEGER);
CREATE TABLE fact (
    claim INTEGER PRIMARY KEY, paragraph INTEGER, first TEXT, last TEXT, value TEXT, begins TEXT, ends TEXT, crc INTEGER
);
CREATE TABLE body (claim INTEGER PRIMARY KEY, text TEXT NOT NULL);
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
CREATE TABLE anchor (digest INTEGER NOT NULL, source INTEGER NOT NULL);
"""
TRIGRAMS = """
CREATE VIRTUAL TABLE trigram USING fts5 (
    text, content='', columnsize=0, detail=none, tokenize='trigram case_sensitive 1'
);
"""
KEYS = (
    "CREATE UNIQUE INDEX claim_id ON claim (id)",
    "CREATE INDEX anchor_digest ON anchor (digest, source)",
)
"""Made once all claims are in, which is faster; the first fails where an id stands twice."""

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


def check(*values: Any) -> int:
    """Return the CRC-32 of a row of a database that is kept; one that ends in bytes has but a number before them."""
    if type(values[-1]) is bytes:
        return crc32(values[-1], values[0])
    return crc32("\0".join(map(str, values)).encode())


SPOTS = 0
"""The number under which it is kept, as if it were a set of claims, which ids and names there are."""


def spot(kind: str, name: str) -> int:
    """Return which bit of that set tells of an id or a name, before it is cut down to the size of the set."""
    return crc32(f"{kind}\0{name}".encode())


def names_of(kind: str) -> str:
    """Return the kind of thing that the names of a list are, as they are counted and marked."""
    return f"names of {kind}"


def terms_of(facet: str) -> str:
    """Return the kind of thing that the terms of a facet are, as they are counted."""
    return f"terms of {facet}"
