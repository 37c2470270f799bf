"""The server of a shared database: its address, the connection to it, and what is said where it fails."""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence
from contextlib import suppress
from typing import NamedTuple
from urllib.parse import quote, unquote

from indotrade.engine import libpq
from indotrade.engine.libpq import Connection, ServerError
from indotrade.errors import Message, Refused

UNSET = {
    "connect_timeout": "5",  # else a host that says nothing is waited for, for minutes
    "keepalives_idle": "10",  # and one that falls silent in the middle of an answer, for hours
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "application_name": "indotrade",
}
"""What holds where neither the address, nor a variable, nor the service file sets it."""
OURS = ("dataset", "version")
"""The parameters of an address that are not libpq's."""
SECRET = ("password", "sslpassword", "passfile", "sslkey")
_GONE = ("08", "57P", "40001")
"""Beginnings of the codes of errors after which the same may be asked again: cut, stopped, in conflict with a primary."""
_SCHEME = "postgresql://"


class Address(NamedTuple):
    """The address of a shared database, taken apart."""

    parameters: dict[str, str]
    """As libpq takes them; a password may be among them."""
    dataset: str | None
    """The name of the dataset that is meant; None for the only one."""
    version: str | None
    """The version of it that is meant; None for the newest."""

    def shown(self, dataset: str | None = None) -> str:
        """Return the address as it is shown: where the database is and for whom, and nothing that may be secret."""
        known = self.parameters
        hosts = known.get("host", known.get("hostaddr", "")).split(",")
        ports = known.get("port", "").split(",")
        ports *= len(hosts) if len(ports) == 1 else 1
        places = (
            quote(host, safe=":[]") + (f":{port}" if port else "")
            for host, port in zip(hosts, ports, strict=False)
        )
        user = quote(known["user"], safe="") + "@" if "user" in known else ""
        named = {"dataset": dataset or self.dataset, "version": self.version, "service": known.get("service")}
        query = "&".join(f"{name}={quote(value, safe='')}" for name, value in named.items() if value)
        database = quote(known.get("dbname", ""), safe="")
        return f"{_SCHEME}{user}{','.join(places)}/{database}{'?' if query else ''}{query}"


def read(address: str) -> Address:
    """Take an address apart. Raises Refused for one that is none; what is wrong in it may be a secret."""
    base, _, query = address.partition("?")
    theirs: list[str] = []
    ours: dict[str, str] = {}
    for pair in filter(None, query.split("&")):
        name, _, value = pair.partition("=")
        if name in OURS:
            ours[name] = unquote(value)
        else:
            theirs.append(pair)
    hint = Message("it is like postgresql://user@host/database?dataset=name")
    if "" in ours.values():
        raise Refused(Message("the address of the shared database names no dataset, or no version"), hint)
    try:
        parameters = libpq.parameters(base + ("?" + "&".join(theirs) if theirs else ""))
    except ServerError:
        raise Refused(Message("the address of the shared database cannot be understood"), hint) from None
    return Address(parameters, ours.get("dataset"), ours.get("version"))


_DIED = ("server closed the connection unexpectedly", "Connection reset by peer")
"""What the library says of a server that dies while it is connected to."""


def given(address: Address) -> dict[str, str]:
    """Return all parameters of a connection."""
    preset = libpq.preset()
    added = {name: value for name, value in UNSET.items() if name not in preset}
    return {**added, **address.parameters, "client_encoding": "UTF8"}


def connect(address: Address) -> Connection:
    """Return a connection. Raises ServerError.

    A server that dies while it is connected to keeps the library from trying the next of several hosts: it is asked
    once more, and then goes past the dead one.
    """
    try:
        return Connection(given(address))
    except ServerError as error:
        if "," in address.parameters.get("host", "") and any(died in str(error) for died in _DIED):
            return Connection(given(address))
        raise


def is_gone(error: ServerError) -> bool:
    """Return whether an error is the server's and not the question's, so that it may be asked again."""
    return not error.state or error.state.startswith(_GONE)


def why(error: ServerError, address: Address) -> str:
    """Return the reason of an error in one line, as the server or the library words it."""
    lines = [line for line in str(error).splitlines() if line and not line.startswith("\t")]  # what may help
    line = "; ".join(lines).removeprefix("connection failed: ")
    for name in SECRET:  # neither says any of them; what is not there cannot slip through either
        if secret := address.parameters.get(name):
            line = line.replace(secret, "***")
    return line


def unreached(error: ServerError, address: Address) -> Refused:
    """Return the error for a server that cannot be connected to."""
    told = Message(
        "cannot reach the shared database {address}: {why}", address=address.shown(), why=why(error, address)
    )
    hint = None
    if "password" in str(error):
        hint = Message(
            "a password is read from PGPASSWORD, from ~/.pgpass or from the service file, as by psql"
        )
    return Refused(told, hint)


def unanswered(error: ServerError, address: Address) -> Exception:
    """Return the error for a question that failed; of a mistake in a statement it is the error itself, and a bug."""
    told = {"address": address.shown(), "why": why(error, address)}
    if error.state == "42501":
        return Refused(
            Message("this role may not read the shared database {address}: {why}", **told),
            Message("it needs USAGE of the schema indotrade, and SELECT on its tables"),
        )
    if error.state.startswith("42") and error.state != "42P01":
        return error
    return Refused(Message("the shared database {address} does not answer: {why}", **told))


def heed_interrupts(connections: Sequence[Connection]) -> None:
    """Have what a server is doing for us end with us: where a signal ends the process, it first cancels that.

    In a program that has its own way with signals, as Python itself has, that way stays: an exception that
    interrupts a question cancels it as well.
    """
    if signal.getsignal(signal.SIGINT) is not signal.SIG_DFL:
        return

    def stop(number: int, _frame: object) -> None:
        signal.signal(number, signal.SIG_DFL)
        for connection in connections:
            with suppress(Exception):  # whatever it is, the process ends now
                connection.cancel()
        os.kill(os.getpid(), number)

    with suppress(ValueError):  # only the main thread may
        for number in (signal.SIGINT, signal.SIGTERM):
            if signal.getsignal(number) is signal.SIG_DFL:
                signal.signal(number, stop)
