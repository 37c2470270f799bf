"""The ids that a command is given: from the command line, or from standard input."""

# No postponed annotations here: Typer evaluates those of every command at each start.

import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

import typer

from indotrade import stream
from indotrade.cli import completion
from indotrade.cli.failures import say
from indotrade.cli.options import completed
from indotrade.errors import Message, NotFound
from indotrade.text.cells import unguarded
from indotrade.text.choices import is_text

T = TypeVar("T")


def id_argument(metavar: str, help: str, complete: completion.Complete) -> Any:
    """Return the argument of a command that takes ids."""
    return completed(typer.Argument(metavar=metavar, show_default=False, help=help), complete)


def given(ids: Sequence[str], language: str) -> list[str]:
    """Return the ids of the command line, each once, `-` replaced by the lines of standard input.

    Raises NotFound where those were asked for and there is none: no id is not every id.
    """
    listed: dict[str, None] = {}
    for name in ids:
        if name == "-":
            if stream.is_terminal(sys.stdin):
                say(Message("reading ids from the keyboard, one a line, to the end (Ctrl-D)"), language)
            text = stream.standard_input().decode("utf-8", "surrogateescape").removeprefix("\ufeff")
            lines = [unguarded(line.strip()) for line in text.split("\n") if line.strip()]
            listed |= dict.fromkeys(lines[1:] if lines[:1] == ["id"] else lines)
        else:
            listed[name] = None
    if ids and not listed:
        raise NotFound(Message("standard input holds no id"))
    return list(listed)


def known(ids: Iterable[str], find: Callable[[str], T | None]) -> tuple[list[T], list[str]]:
    """Return what is found for the ids, and those that are nobody's: what they may mean is sought in the end."""
    found: list[T] = []
    unknown: list[str] = []
    for name in ids:
        item = find(name) if is_text(name) else None
        if item is None:
            unknown.append(name)
        else:
            found.append(item)
    return found, unknown
