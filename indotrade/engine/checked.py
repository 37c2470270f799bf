"""An SQLite database as it is read: what a disk has damaged is noticed, and another is asked in its place."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import islice, takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import finalize
from zlib import crc32

import msgspec

from indotrade.dataset.folder import changed
from indotrade.engine.protocol import Origin
from indotrade.engine.schema import COLUMNS, Check, check, salt_of, salted
from indotrade.errors import Message, Refused

if TYPE_CHECKING:
    from indotrade.engine.leaves import Known

FAILURES = (sqlite3.Error, UnicodeDecodeError)
"""How a database fails; the second where SQLite quotes what it cannot read."""
_MISTAKEN = frozenset(
    {sqlite3.SQLITE_ERROR, sqlite3.SQLITE_MISMATCH, sqlite3.SQLITE_RANGE, sqlite3.SQLITE_TOOBIG}
)
"""What SQLite says of a statement that it cannot run, on whatever database."""
_UNHARMED = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY})
"""What it says where no other index would help: there is no room to sort in."""


def unanswered(error: Exception) -> Exception:
    """Return the error for a database that fails; of a mistake in a statement it is the error itself, and a bug."""
    if getattr(error, "sqlite_errorcode", None) in _MISTAKEN:
        return error
    return Refused(Message("the claims cannot be looked through: {why}", why=error))


class CheckedDatabase:
    """A filled database. With `checked` each row that is asked for is checked when it is read, for a disk may damage it."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        sha256: Callable[[], str],
        origin: Origin,
        *,
        checked: bool,
        renew: Callable[[], CheckedDatabase] | None,
    ) -> None:
        """Be told of which data it is, and from where; `renew` returns one that takes the place of a damaged one."""
        self.connection = connection
        self.origin = origin
        self.checked = checked
        self._sha256 = sha256
        self._renew = renew
        self._renewed: CheckedDatabase | None = None
        """The one that has taken its place, which holds its database open."""
        self._known: Known | None = None
        connection.create_function("crc32", 2, crc32)
        connection.create_function("damaged", 2, _damaged)
        # Nobody else has to close it, and Python 3.13 warns of one that is left; `__del__` is late where frames of a
        # traceback hold the engine.
        finalize(self, connection.close)

    @property
    def sha256(self) -> str:
        """Of the four data files; of a small dataset it is computed when it is asked for."""
        return self._sha256()

    @property
    def salt(self) -> int:
        """With which the checks of its rows begin."""
        return salt_of(self.sha256)

    @cached_property
    def _check(self) -> Check:
        """What checks its rows, but for those that say what it is."""
        return salted(self.sha256)

    @property
    def size(self) -> int:
        """How many claims there are."""
        return int(self.about("claims"))

    # --- rows --------------------------------------------------------------------------------------

    def rows(
        self, statement: str, *parameters: Any, checked: str = "", needed: int = 0, rising: int | None = None
    ) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a SELECT; where they are `checked`, as rows of that table, the last column is the check of the others.

        Where pages are damaged SQLite may find a row that is none of those asked for, so that a SELECT gives
        for what is asked not the column but the parameter, of which the check tells as well. It may find the same row twice
        in the place of another: where rows come in the order of a column, that one is `rising`.

        An index that is damaged, or has fewer rows than are `needed`, is built anew meanwhile, which gives the
        same rows in the same order. What is needed is yielded once all of it is there, for it may be the first row that
        is missing. Raises Refused for a database that fails all the same.
        """
        told = 0
        while True:
            connection = self.connection
            try:
                rows: Iterator[tuple[Any, ...]] = connection.execute(statement, parameters)
                if checked and self.checked:
                    rows = _sound(rows, checked, check if checked == "meta" else self._check, rising)
                if needed:
                    every = list(rows)
                    if len(every) < needed:
                        raise sqlite3.DatabaseError("a row is missing")
                    rows = iter(every)
                for row in islice(rows, told, None):
                    yield row
                    told += 1
            except FAILURES as error:
                self.mend(connection, error)
            else:
                return

    def value(self, statement: str, *parameters: Any, needed: int = 0) -> Any:
        """Return the first column of the first row, or None."""
        return next(self.rows(statement, *parameters, needed=needed), (None,))[0]

    def sources(self) -> Iterator[tuple[str, str]]:
        """Yield all sources in the order of the file: id and record."""
        select = "SELECT number, id, record, crc FROM source ORDER BY number"
        rows = self.rows(select, checked="source", needed=self.count("sources"), rising=0)
        return ((name, record) for _, name, record, _ in rows)

    def record(self, kind: str, table: str, name: str) -> Any:
        """Return the record of the row with this id in a table, or None; of entries, in the list of that `kind`."""
        if table == "entry":
            select = "SELECT ?, number, ?, record, crc FROM entry WHERE kind = ? AND id = ?"
            asked = [kind, name, kind, name]
        else:
            select, asked = f"SELECT number, ?, record, crc FROM {table} WHERE id = ?", [name, name]
        found = next(self.rows(select, *asked, checked=table), None)
        if found is None and self.there(kind, name):
            found = next(self.rows(select, *asked, checked=table, needed=1))
        return found and found[-2]

    def blobs(self, table: str, numbers: Sequence[int]) -> Iterator[bytes]:
        """Yield what a table of numbered bytes has at some numbers; where a row is missing no check passes."""
        number, kept, crc = COLUMNS[table]
        joined = f"json_each(?) LEFT JOIN {table} ON {number} = value ORDER BY json_each.key"
        rows = self.rows(f"SELECT value, {kept}, {crc} FROM {joined}", json(numbers), checked=table)
        return (data for _, data, _ in rows)

    def about(self, name: str) -> Any:
        """Return what the database says of itself under a name."""
        rows = self.rows(
            "SELECT ?, value, crc FROM meta WHERE name = ?", name, name, checked="meta", needed=1
        )
        return next(rows)[1]

    def matching(self, query: str) -> str:
        """Return a query for the trigram index, when all that an answer to it rests on is as it was written."""
        while self.checked:
            connection = self.connection
            try:
                if not self._known:
                    from indotrade.engine.leaves import Known

                    self._known = Known(connection, self.about("trigrams"), self._check)
                self._known.read(query)
            except FAILURES as error:
                self.mend(connection, error)
            else:
                break
        return query

    def mend(self, broken: sqlite3.Connection, error: Exception) -> None:
        """Ask another database from now on. Raises Refused where there is none, or the dataset is not the same."""
        if self.connection is not broken:
            return  # it was mended for another question
        if self._renew is None or getattr(error, "sqlite_errorcode", None) in _UNHARMED:
            raise unanswered(error) from error
        renew, self._renew = self._renew, None
        new = self._renewed = renew()
        if new.sha256 != self.sha256:
            raise changed(Path(self.origin.address))
        self.connection, self.origin = new.connection, new.origin
        self.checked, self._known = new.checked, None

    # --- what is not there -------------------------------------------------------------------------

    def count(self, kind: str) -> int:
        """Return how many of a kind there must be in an index that a disk may have damaged; 0 in any other."""
        if not self.checked:
            return 0
        counts: dict[str, int] = msgspec.json.decode(self.about("counts"))
        return counts.get(kind, 0)

    def there(self, kind: str, name: str) -> int:
        """Return how many of a kind must have an id or a name in an index that a disk may have damaged; 0 in any other."""
        if not self.checked:
            return 0
        return sum(1 for _ in takewhile(name.__eq__, self._names_from(kind, name)))

    def beginning_there(self, kind: str, prefix: str, most: int) -> int:
        """Return how many of a kind, up to `most`, must have an id that begins with `prefix` in such an index."""
        if not self.checked:
            return 0
        begun = takewhile(lambda name: name.startswith(prefix), self._names_from(kind, prefix))
        return sum(1 for _ in islice(begun, most))

    def _names_from(self, kind: str, name: str) -> Iterator[str]:
        """Yield the ids or names of a kind from one on, in order, as an index has listed them."""
        at = name or "\0"  # the first row begins with the empty name
        where = "first < ? ORDER BY first DESC LIMIT 1"
        while at:
            connection = self.connection
            select = f"SELECT ?, first, names, crc FROM list WHERE kind = ? AND {where}"
            ((_, first, names, _),) = self.rows(select, kind, kind, at, checked="list", needed=1)
            *some, after = names.split("\n")
            if first > at or (after and after < name):
                self.mend(connection, sqlite3.DatabaseError("a row is missing"))
                continue
            yield from (it for it in some if it >= name)
            where, at = "first = ?", after


def json(values: object) -> str:
    """Return values as SQLite takes a list of them: by `json_each`."""
    return msgspec.json.encode(values).decode()


def _sound(
    rows: Iterable[tuple[Any, ...]], table: str, check: Check, rising: int | None
) -> Iterator[tuple[Any, ...]]:
    """Yield rows of a table, each of which is as it was written, in order and once. Raises sqlite3.DatabaseError."""
    before = None
    for row in rows:
        if row[-1] != check(table, *row[:-1]):
            raise sqlite3.DatabaseError("a row is not as it was written")
        if rising is not None:
            if before is not None and not before < row[rising]:
                raise sqlite3.DatabaseError("a row stands in the place of another")
            before = row[rising]
        yield row


def _damaged(text: str | None, crc: int | None) -> bool:
    """Raise ValueError, which ends the statement, for a text that its check does not fit; return True where none is kept."""
    if text is None or crc is not None:
        raise ValueError
    return True
