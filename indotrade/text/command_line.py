"""A command line as a person types it: each word quoted for the shell where it must be."""

from __future__ import annotations

import re
from collections.abc import Iterable

from indotrade.text.escape import visible


def quoted(argument: str) -> str:
    """Return an argument as a person types it in a shell.

    >>> quoted("batik"), quoted("rumput laut"), quoted("日本")
    ('batik', "'rumput laut'", '日本')
    """
    if re.fullmatch(r"[\w@%+:,./-][\w@%+=:,./-]*", argument) and visible(argument) == argument:
        return argument
    if visible(argument) == argument:
        return "'" + argument.replace("'", "'\"'\"'") + "'"
    return "$'" + visible(argument.replace("\\", "\\\\").replace("'", "\\'")) + "'"


def path(argument: str) -> str:
    """Return a path as a person types it in a shell: never taken for an option.

    >>> path("-f"), path("two words")
    ('./-f', "'two words'")
    """
    return quoted(f"./{argument}" if argument.startswith("-") else argument)


def command_line(arguments: Iterable[str]) -> str:
    """Return a call of this program.

    >>> command_line(["sector", "rumput laut"])
    "indotrade sector 'rumput laut'"
    """
    return " ".join(["indotrade", *map(quoted, arguments)])
