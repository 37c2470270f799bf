"""Writes rows to SQLite in a thread of its own, while the main thread reads on."""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import lru_cache
from itertools import chain
from typing import Any, Self

from indotrade import store

ROWS = 1000
"""How many rows one statement inserts; SQLite takes 32,766 parameters."""
WAITING = 12
"""How many batches may wait for the thread."""


class Writer:
    """Inserts rows behind the back of the caller; an exception comes out of a later call, or of the `with`.

    A statement of many rows runs without the interpreter's lock; `executemany` takes and drops it for each
    row, and with a second thread at work waits for it each time, which is 15 times slower.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._thread = ThreadPoolExecutor(1)
        self._waiting: deque[Future[None]] = deque()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        try:
            while kind is None and self._waiting:
                self._waiting.popleft().result()
        finally:
            self._thread.shutdown(cancel_futures=True)

    def insert(self, table: str, rows: Sequence[tuple[Any, ...]]) -> None:
        """Insert rows into a table: a `store.Insert`."""
        self._waiting.append(self._thread.submit(self._write, table, rows))
        while len(self._waiting) > WAITING:
            self._waiting.popleft().result()

    def _write(self, table: str, rows: Sequence[tuple[Any, ...]]) -> None:
        for start in range(0, len(rows), ROWS):
            part = rows[start : start + ROWS]
            self._connection.execute(_statement(table, len(part)), list(chain.from_iterable(part)))


@lru_cache(maxsize=64)
def _statement(table: str, rows: int) -> str:
    row = f"({', '.join('?' * len(store.COLUMNS[table]))})"
    return store.statement(table, "VALUES " + ", ".join([row] * rows))
