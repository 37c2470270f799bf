"""Publishes a dataset in a shared database: beside what is there, and in one step in its place when all of it is in.

It is sent in parts, each of which is in or is not. Where the connection is cut, the parts that are in stay, and
are not sent again: neither by this program, once it is connected again, nor by the next that publishes the same.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

from indotrade.dataset.fields import record
from indotrade.dataset.records import Claim, decode_claim
from indotrade.dataset.vocabulary import LISTS, Vocabulary
from indotrade.engine import server
from indotrade.engine.driver import psycopg
from indotrade.engine.fill import Head, Maker, fill
from indotrade.engine.held import PAUSES, Held, connected, error_of
from indotrade.engine.protocol import Engine, Progress, Wanted
from indotrade.engine.publications import INDEXES, LAYOUT, SCHEMA, TABLES, foreign, placed
from indotrade.engine.schema import COLUMNS
from indotrade.errors import Message, Misused, NotDelivered

PART = 50_000
"""How many rows are sent at a time, at least."""


class Done(NamedTuple):
    """What became of a publication."""

    address: str
    """Where it is asked."""
    kept: int
    """How many publications before it are kept."""


def publish(engine: Engine, at: str, *, program: str, keep: int, progress: Progress | None = None) -> Done:
    """Publish the whole dataset of an engine in the shared database at an address, and keep up to `keep` before it.

    `program` is the version of this program.

    Raises Refused where the server cannot be reached, NotDelivered where the dataset could not be published: which
    version answers then is said.
    """
    address = server.read(at)
    if address.version is not None:
        raise Misused(
            Message(
                "a version is what a dataset says of itself: leave it out of the address at which one is published"
            )
        )
    return _Publisher(address, engine, program, keep).publish(progress or (lambda _done, _total: None))


class _LostError(Exception):
    """The server has not all that it was sent."""


class _Publisher:
    """The work of one publication."""

    def __init__(self, address: server.Address, engine: Engine, program: str, keep: int) -> None:
        self._address = address
        self._engine = engine
        self._program = program
        self._keep = keep
        self._about = engine.dataset
        self._held = Held(address, address.dataset or self._about.name)
        self._number: int | None = None
        """Of the publication, once it has one."""
        self._parts = 0
        """How many parts are made."""
        self._there = 0
        """How many of them were in before this program began."""
        self._rows: list[tuple[str, Sequence[tuple[Any, ...]]]] = []
        """Those of the next part, by table."""

    def publish(self, progress: Progress) -> Done:
        """Publish."""
        try:
            if not any(self._is_in(progress) for _ in PAUSES):
                raise AssertionError  # no server breaks down as often as that, and comes back
            kept = self._remove_old()
        except psycopg.Error as error:
            if not self._held.reached:
                raise server.unreached(error_of(error), self._address) from None
            raise self._failed(error) from error
        except BaseException:
            self._clear()
            raise
        finally:
            self._held.close()
        return Done(self._address.shown(self._held.name), kept)

    def _is_in(self, progress: Progress) -> bool:
        """Send what is not in yet; return whether all of it is, for a server that breaks down may lose what it had."""
        self._parts, self._rows = 0, []
        try:
            self._begin()
            maker = Maker(head(self._engine), kept=True)
            fill(self._insert, maker, maker.parts(self._claims(progress)))
            self._send()
            self._finish()
        except _LostError:
            return False
        return True

    # --- parts -------------------------------------------------------------------------------------

    def _begin(self) -> None:
        """Have a number: that of a publication of the same that was cut, else a new one; what else was cut is removed."""
        made = self._made()

        def begin(connection: psycopg.Connection[Any]) -> None:
            left = connection.execute(
                f"SELECT number, made, parts FROM {SCHEMA}.publication"
                " WHERE dataset = %s AND published IS NULL ORDER BY number DESC",
                [self._held.name],
            ).fetchall()
            self._number, self._there = next(
                ((number, parts) for number, of, parts in left if of == made), (None, 0)
            )
            for number, _, _ in left:
                if number != self._number:
                    _remove(connection, number)
            if self._number is None:
                values = self._row(connection) | {"made": made, "parts": 0}
                row = connection.execute(
                    f"INSERT INTO {SCHEMA}.publication ({', '.join(values)})"
                    f" VALUES ({', '.join(['%s'] * len(values))}) RETURNING number",
                    list(values.values()),
                ).fetchone()
                assert row is not None
                self._number = row[0]
            for table, columns in TABLES.items():
                declared = ", ".join(f"{name} {kind}" for name, kind in columns.items())
                connection.execute(self._placed(f"CREATE TABLE IF NOT EXISTS @{table} ({declared})"))

        self._held.steadily(begin)

    def _row(self, connection: psycopg.Connection[Any]) -> dict[str, Any]:
        """Return what the list says of this publication from its beginning."""
        engine = self._engine
        return {
            "dataset": self._held.name,
            "version": self._about.version,
            "layout": LAYOUT,
            "program": self._program,
            "about": record(self._about),
            "contents": record(engine.contents()),
            "sha256": engine.sha256,
            "claims": engine.size,
            "publisher": connection.info.user,
            "begun": _now(),
        }

    def _made(self) -> str:
        """Return what two publications have in common whose parts are the same: the data, and the code that makes the parts."""
        from hashlib import sha256

        from indotrade.engine.cache import described

        return sha256(f"{self._engine.sha256} {described()} {LAYOUT} {PART}".encode()).hexdigest()

    def _claims(self, progress: Progress) -> Iterator[Claim]:
        try:
            for done, text in enumerate(self._engine.find(Wanted()).records()):
                if done % 1000 == 0:
                    progress(done, self._engine.size)
                yield decode_claim(text)
        finally:
            progress(self._engine.size, self._engine.size)

    def _insert(self, table: str, rows: Sequence[tuple[Any, ...]]) -> None:
        """Insert rows with the next part: an `Insert`."""
        if table in TABLES and rows:
            self._rows.append((table, rows))
            if sum(len(rows) for _, rows in self._rows) >= PART:
                self._send()

    def _send(self) -> None:
        """Have the next part be in."""
        self._parts += 1
        rows, self._rows = self._rows, []
        if self._parts > self._there:
            self._held.steadily(lambda connection: self._put(connection, rows))

    def _put(self, connection: psycopg.Connection[Any], rows: Sequence[tuple[str, Sequence[Any]]]) -> None:
        with connection.transaction():
            counted = connection.execute(
                f"UPDATE {SCHEMA}.publication SET parts = %s WHERE number = %s AND parts = %s",
                [self._parts, self._number, self._parts - 1],
            )
            if not counted.rowcount:  # it went in as the connection was cut
                self._own(connection)
                return
            for table, part in rows:
                self._copy(connection, table, part)

    def _own(self, connection: psycopg.Connection[Any]) -> None:
        """Raise _LostError where the server has other parts than it was sent: it lost some, or all is somebody else's."""
        row = connection.execute(
            f"SELECT parts FROM {SCHEMA}.publication WHERE number = %s", [self._number]
        ).fetchone()
        if row != (self._parts,):
            raise _LostError

    def _copy(self, connection: psycopg.Connection[Any], table: str, rows: Sequence[tuple[Any, ...]]) -> None:
        names = [name for name in TABLES[table] if name in COLUMNS[table]]
        places = [COLUMNS[table].index(name) for name in names]
        with connection.cursor().copy(self._placed(f"COPY @{table} ({', '.join(names)}) FROM STDIN")) as copy:
            for row in rows:
                copy.write_row([row[place] for place in places])

    # --- the end -----------------------------------------------------------------------------------

    def _finish(self) -> None:
        """Make the indexes, and have the publication answer."""
        for table, (kind, columns) in INDEXES.items():
            self._run(f"CREATE {kind} INDEX IF NOT EXISTS {table}_{self._number}_key ON @{table} {columns}")
        for table in TABLES:
            self._run(f"ANALYZE @{table}")

        def swap(connection: psycopg.Connection[Any]) -> None:
            done = connection.execute(
                f"UPDATE {SCHEMA}.publication SET published = %s WHERE number = %s AND parts = %s",
                [_now(), self._number, self._parts],
            )
            if not done.rowcount:
                self._own(connection)

        self._held.steadily(swap)
        self._number = None  # from now on it is not taken back

    def _remove_old(self) -> int:
        """Remove the publications that are not to be kept; return how many are."""

        def remove(connection: psycopg.Connection[Any]) -> int:
            rows = connection.execute(
                f"SELECT number FROM {SCHEMA}.publication WHERE dataset = %s AND published IS NOT NULL"
                " ORDER BY number DESC",
                [self._held.name],
            ).fetchall()
            for (number,) in rows[self._keep + 1 :]:
                _remove(connection, number)
            return min(self._keep, len(rows) - 1)

        return self._held.steadily(remove)

    def _failed(self, error: psycopg.Error) -> Exception:
        """Return the error for a publication that failed, what was in of it removed where the server still hears us."""
        if not server.is_gone(error_of(error)):
            self._clear()
        state = error.sqlstate or ""
        if state.startswith("42") and state not in ("42501", "42704"):
            return foreign(self._address) if state in ("42P01", "42703") else error
        hint = {
            "42501": Message(
                "the role needs CREATE on the schema indotrade, and on the database where there is none"
            ),
            "42704": Message("an administrator runs `CREATE EXTENSION pg_trgm` in that database"),
            "53100": Message("make room on the server, and publish again"),
        }.get(state)
        if server.is_gone(error_of(error)):
            hint = Message("the same command goes on where it was cut")
        return NotDelivered(
            Message(
                "cannot publish in the shared database {address}: {why}; {state}",
                address=self._address.shown(),
                why=server.why(error_of(error), self._address),
                state=self._held.state(),
            ),
            hint,
        )

    def _clear(self) -> None:
        """Remove what is in of a publication that cannot be read yet, where that can be done."""
        self._held.close()  # whatever was under way there ends
        if self._number is not None:
            with suppress(psycopg.Error), connected(self._address) as connection:
                _remove(connection, self._number)

    def _run(self, statement: str) -> None:
        self._held.steadily(lambda connection: connection.execute(self._placed(statement)))

    def _placed(self, statement: str) -> str:
        assert self._number is not None
        return placed(statement, self._number)


def head(engine: Engine) -> Head:
    """Return all of an engine's dataset but its claims."""
    sources = map(engine.source, engine.source_ids())
    lists: dict[str, Any] = {kind: list(engine.entries(kind)) for kind in LISTS}
    return Head(engine.dataset, Vocabulary(**lists), [source for source in sources if source])


def _remove(connection: psycopg.Connection[Any], number: int) -> None:
    """Remove a publication: from now on it cannot be read, and whatever is left if this is cut the next one removes."""
    number_of = f"WHERE number = {number:d}"
    connection.execute(f"UPDATE {SCHEMA}.publication SET published = NULL, made = '' {number_of}")
    connection.execute(placed(f"DROP TABLE IF EXISTS {', '.join(f'@{table}' for table in TABLES)}", number))
    connection.execute(f"DELETE FROM {SCHEMA}.publication {number_of}")


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
