"""Questions to a server, put through PostgreSQL's own library: importing all of psycopg takes longer than a look-up."""

from __future__ import annotations

import re
import select
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from importlib import import_module
from importlib.util import find_spec, module_from_spec
from itertools import count
from typing import TYPE_CHECKING, Any

from indotrade.errors import Message, Refused

if TYPE_CHECKING:
    from psycopg.pq.abc import PGconn, PGresult

TEXT, NUMBER, TRUTH = 25, 20, 16
"""The types of parameters, by the numbers that PostgreSQL gave them."""
ARRAY = {TEXT: 1009, NUMBER: 1016}
"""The types of arrays of them."""
READ: dict[int, Callable[[str], Any]] = {17: lambda told: bytes.fromhex(told[2:]), 20: int, 21: int, 23: int}
"""How values are read of types that are no texts."""


def missing(error: ImportError) -> Exception:
    """Return the error for a part of psycopg that cannot be imported."""
    if error.name not in (
        "psycopg",
        "psycopg.pq",
        None,
    ):  # None: it is there, and finds no library of PostgreSQL
        return error
    return Refused(
        Message("a shared database is reached through psycopg, which is not installed"),
        Message("`pip install 'indotrade[postgres]'` installs it"),
    )


def _imported() -> Any:
    """Return `psycopg.pq`, its wrapper of the library.

    The command line, in whose process nobody else uses psycopg, does without the rest of it, where that is possible, and
    without asyncio, of which it takes one error: the packages stand there for their parts, and are not run, which
    would take as long as all else. `driver` runs them after all, where something is published.
    """
    if "indotrade.cli" in sys.modules and not sys.modules.keys() & {"psycopg", "asyncio"}:
        if find_spec("psycopg") is None:
            raise ModuleNotFoundError(name="psycopg")
        packages = ("psycopg", "psycopg_binary", "asyncio")
        specs = [spec for name in packages if (spec := find_spec(name))]
        try:
            with suppress(ImportError, AttributeError):
                sys.modules.update({spec.name: module_from_spec(spec) for spec in specs})
                error = import_module("asyncio.exceptions").CancelledError
                vars(sys.modules["asyncio"])["CancelledError"] = error
                return import_module("psycopg.pq")
        finally:
            for name in (*packages, "asyncio.exceptions"):
                sys.modules.pop(name, None)
    return import_module("psycopg.pq")


try:
    _pq: Any = _imported()
except ImportError as error:
    raise missing(error) from None


class ServerError(Exception):
    """What a server, or the way to it, says against a question."""

    def __init__(self, text: str, state: str = "") -> None:
        super().__init__(text)
        self.state = state
        """The code that SQL has for it; "" where the connection is lost, or was never made."""


def parameters(address: str) -> dict[str, str]:
    """Return the parameters of an address. Raises ServerError where it is none; what it says may hold a secret."""
    try:
        options = _pq.Conninfo.parse(address.encode())
    except Exception as error:  # noqa: BLE001 - of its own kind, which only all of psycopg has a name for
        raise ServerError(str(error)) from None
    return {option.keyword.decode(): option.val.decode() for option in options if option.val is not None}


def preset() -> set[str]:
    """Return the names of the parameters that variables or the service file set."""
    return {option.keyword.decode() for option in _pq.Conninfo.get_defaults() if option.val is not None}


class Connection:
    """A connection to a server, on which each statement is a transaction of its own."""

    def __init__(self, parameters: Mapping[str, str]) -> None:
        """Connect. Raises ServerError."""
        told = " ".join(f"{name}='{_quoted(value)}'" for name, value in parameters.items())
        self._connection: PGconn = _pq.PGconn.connect(told.encode())
        if self._connection.status != _pq.ConnStatus.OK:
            text = self._connection.get_error_message()
            self.close()
            raise ServerError(text)

    def close(self) -> None:
        """Close it."""
        self._connection.finish()

    def rows(self, statement: str, parameters: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a statement, all of which are here when the first is. Raises ServerError."""
        self._send(statement, parameters)
        return iter([row for result in list(self._results()) for row in _rows(result)])

    def cancel(self) -> None:
        """Have the server end what it is doing for us, if it is."""
        if self._connection.transaction_status == _pq.TransactionStatus.ACTIVE:
            self._connection.cancel_conn().blocking()

    def _send(self, statement: str, parameters: Sequence[Any]) -> None:
        try:
            if parameters:
                numbers = count(1)
                numbered = re.sub("%s", lambda _: f"${next(numbers)}", statement)
                types, values = zip(*map(_bound, parameters), strict=True)
                self._connection.send_query_params(numbered.encode(), values, types)
            else:
                self._connection.send_query(statement.encode())
        except Exception as error:  # noqa: BLE001 - as above
            raise ServerError(str(error)) from None

    def _results(self) -> Iterator[PGresult]:
        """Yield the results of what was sent; while they are waited for, a signal is heard. Raises ServerError."""
        failed: ServerError | None = None
        while (result := self._next()) is not None:
            if result.status == _pq.ExecStatus.FATAL_ERROR:
                failed = failed or _error(result)
            elif failed is None:
                yield result
        if failed:
            raise failed

    def _next(self) -> PGresult | None:
        try:
            while self._connection.is_busy():
                select.select([self._connection.socket], [], [])
                self._connection.consume_input()
            return self._connection.get_result()
        except KeyboardInterrupt:  # in a program that has its own way with signals
            self.cancel()
            raise
        except Exception as error:  # noqa: BLE001 - as above
            raise ServerError(str(error)) from None


def _quoted(value: str) -> str:
    """Return the value of a parameter as it stands between quotes."""
    return value.replace("\\", r"\\").replace("'", r"\'")


def _error(result: PGresult) -> ServerError:
    field = _pq.DiagnosticField
    text, state = (result.error_field(it) for it in (field.MESSAGE_PRIMARY, field.SQLSTATE))
    if text is None:
        return ServerError(result.get_error_message())
    return ServerError(text.decode("utf-8", "replace"), (state or b"").decode())


def _bound(value: Any) -> tuple[int, bytes]:
    """Return the type of a parameter, and the text that it is sent as."""
    if isinstance(value, bool):
        return TRUTH, b"t" if value else b"f"
    if isinstance(value, int):
        return NUMBER, b"%d" % value
    if isinstance(value, str):
        return TEXT, value.encode()
    items = [_bound(item) for item in value]
    of = items[0][0] if items else TEXT
    quoted = (
        text if of == NUMBER else b'"' + re.sub(rb'(["\\])', rb"\\\1", text) + b'"' for _, text in items
    )
    return ARRAY[of], b"{" + b",".join(quoted) + b"}"


def _rows(result: PGresult) -> Iterator[tuple[Any, ...]]:
    readers = [READ.get(result.ftype(column), str) for column in range(result.nfields)]
    for row in range(result.ntuples):
        values = (result.get_value(row, column) for column in range(result.nfields))
        yield tuple(
            None if value is None else read(value.decode())
            for value, read in zip(values, readers, strict=True)
        )
