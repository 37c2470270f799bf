"""Keeps the database of a large dataset on disk, and opens it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterable
from operator import attrgetter

from indotrade import dataset, store
from indotrade.errors import Refused
from indotrade.models import Claim

Progress = Callable[[int, int], None]
"""Told how many bytes of the claims are done, and how many there are."""
Warn = Callable[[str], None]
"""Told once, in one line, why an answer was slow."""

_in_order = attrgetter("source", "paragraph", "id")


def open_store(
    path: str | None = None,
    *,
    searchable: bool = False,
    progress: Progress | None = None,
    warn: Warn | None = None,
) -> store.Store:
    """Return the store of the dataset at `path`, else at INDOTRADE_DATA, else of the bundled one.

    With `searchable` it holds what `search` looks through. Raises Refused where the dataset cannot be
    read, or any record of it is faulty: nothing half-loaded is answered from.
    """
    folder = dataset.locate(path)
    bundled = path is None and not os.environ.get(dataset.VARIABLE)
    return _in_memory(folder, trusted=bundled, searchable=searchable)


def _in_memory(folder: dataset.Folder, *, trusted: bool, searchable: bool) -> store.Store:
    """Return a store that is filled now and gone with the process."""
    reader = dataset.Reader(folder, trusted=trusted)
    described, vocabulary, sources = reader.head()
    claims = sorted((numbered.claim for numbered in reader.claims()), key=_in_order)
    refuse(folder, reader.errors())
    assert described is not None  # None comes with a fault
    connection = sqlite3.connect(":memory:", isolation_level=None)
    _fill(connection, store.Head(described, vocabulary, sources), claims, searchable=searchable)
    return store.Store(connection, reader.sha256, searchable, store.Origin(folder.path))


def _fill(
    connection: sqlite3.Connection, head: store.Head, claims: Iterable[Claim], *, searchable: bool
) -> None:
    connection.executescript("BEGIN;" + store.SCHEMA + (store.TRIGRAMS if searchable else ""))
    store.build(store.inserter(connection), head, claims, searchable=searchable)
    connection.execute(store.KEYS)
    connection.execute("COMMIT")


def refuse(folder: dataset.Folder, errors: list[dataset.Fault]) -> None:
    """Raise Refused with the first of the errors, and how many more there are; return where there is none."""
    if errors:
        more = f" (and {len(errors) - 1:,} more)" if len(errors) > 1 else ""
        raise Refused(
            f"the dataset {folder.path} is faulty: {errors[0]}{more}",
            hint=f"`indotrade check {folder.path}` lists them all",
        )
