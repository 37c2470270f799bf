"""A dataset in a shared database that is held while it is published: against others, and over connections that are cut."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

from indotrade.engine import server
from indotrade.engine.driver import psycopg
from indotrade.engine.libpq import ServerError
from indotrade.engine.publications import LISTED, SCHEMA
from indotrade.errors import Message, NotDelivered, Refused

PAUSES = (0.0, 0.5, 1, 2, 4, 8, 16)
"""How many seconds are waited before each further try, once the connection is cut."""

_T = TypeVar("_T")


class Held:
    """A dataset that only one publishes at a time, and the connections by which it does."""

    def __init__(self, address: server.Address, name: str) -> None:
        self._address = address
        self.name = name
        """Of the dataset."""
        self.reached = False
        """Whether the server has answered once: from then on it is waited for."""
        self._connection: psycopg.Connection[Any] | None = None
        """The one that does the work; None once it is lost."""
        self._lock: psycopg.Connection[Any] | None = None
        """One that holds the row of the dataset in a transaction that lasts: it is free as soon as we are gone."""

    def _connect(self) -> None:
        """Connect, and hold the dataset. Raises psycopg.Error, and NotDelivered where another publisher holds it."""
        address = self._address
        if "," in str(address.parameters.get("host", "")):  # one of them takes what is written
            writable = {**address.parameters, "target_session_attrs": "read-write"}
            address = address._replace(parameters=writable)
        self._connection = connection = connected(address)
        self.reached = True
        if (encoding := connection.info.parameter_status("server_encoding")) != "UTF8":
            raise Refused(
                Message(
                    "the shared database {address} is encoded in {encoding}, which does not have every letter",
                    address=address.shown(),
                    encoding=encoding,
                ),
                Message("make one with ENCODING 'UTF8'"),
            )
        _make_list(connection)
        connection.execute(
            f"INSERT INTO {SCHEMA}.dataset (name) VALUES (%s) ON CONFLICT (name) DO NOTHING", [self.name]
        )
        self._lock = lock = connected(address)
        try:
            lock.execute("BEGIN")
            lock.execute(f"SELECT name FROM {SCHEMA}.dataset WHERE name = %s FOR UPDATE NOWAIT", [self.name])
        except psycopg.errors.LockNotAvailable:
            raise NotDelivered(
                Message(
                    "{name} is being published in the shared database {address} by somebody else; {state}",
                    name=self.name,
                    address=address.shown(),
                    state=self.state(),
                ),
                Message("try again when that is done"),
            ) from None

    def close(self) -> None:
        """Let it go."""
        for connection in (self._connection, self._lock):
            if connection:
                connection.close()
        self._connection = self._lock = None

    def steadily(self, step: Callable[[psycopg.Connection[Any]], _T]) -> _T:
        """Return what a step returns, which is taken again as often as the connection is lost in the middle of it."""
        for pause in PAUSES:
            try:
                if self._lock is None:
                    self._connect()
                assert self._connection is not None
                return step(self._connection)
            except psycopg.Error as error:
                if pause == PAUSES[-1] or not (self.reached and server.is_gone(error_of(error))):
                    raise
                self.close()
                time.sleep(pause)
        raise AssertionError  # the last pause is not waited for

    def state(self) -> Message:
        """Return which version answers."""
        try:
            with connected(self._address) as connection:
                row = connection.execute(
                    f"SELECT version, published FROM {SCHEMA}.publication"
                    " WHERE dataset = %s AND published IS NOT NULL ORDER BY number DESC LIMIT 1",
                    [self.name],
                ).fetchone()
        except (
            psycopg.errors.UndefinedTable,
            psycopg.errors.InvalidSchemaName,
            psycopg.errors.InsufficientPrivilege,
        ):
            row = None
        except psycopg.Error:
            return Message("the version that was there before answers")
        if row is None:
            return Message("nothing is published there")
        return Message("version {version}, published at {at}, answers as before", version=row[0], at=row[1])


def connected(address: server.Address) -> psycopg.Connection[Any]:
    """Return a connection on which each statement is a transaction of its own. Raises psycopg.Error."""
    given: dict[str, Any] = dict(server.given(address))
    connection: psycopg.Connection[Any] = psycopg.connect(**given, autocommit=True, prepare_threshold=None)
    return connection


def error_of(error: psycopg.Error) -> ServerError:
    """Return an error as that of a server; one that only this program can make is of none of its classes."""
    lost = isinstance(error, (psycopg.OperationalError, psycopg.InterfaceError))
    return ServerError(error.diag.message_primary or str(error), error.sqlstate or ("" if lost else "XX000"))


def _make_list(connection: psycopg.Connection[Any]) -> None:
    """Make what holds the publications, where it is not there. Raises psycopg.Error."""
    errors = psycopg.errors
    made = errors.UniqueViolation, errors.DuplicateTable, errors.DuplicateSchema, errors.DuplicateObject
    for _ in range(3):
        with suppress(*made):  # by another
            there = "SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = %s"
            if not connection.execute(there, [SCHEMA]).fetchone():  # else it takes a right that is not needed
                connection.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
            connection.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            connection.execute(LISTED)
            return
