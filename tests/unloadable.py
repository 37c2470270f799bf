"""Runs the command line in a process in which one module cannot be imported: `unloadable.py MODULE ERROR ARGUMENTS...`.

ERROR is `missing`, `unreadable`, `broken`, or `none`; `list` prints the modules that a run imports, of the program and
of what it rests on.
"""

from __future__ import annotations

import errno
import importlib.abc
import os
import sys
from collections.abc import Callable
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

ERRORS: dict[str, Callable[[str], Exception]] = {
    "missing": lambda name: ModuleNotFoundError(f"No module named {name!r}", name=name),
    "unreadable": lambda name: OSError(errno.EIO, os.strerror(errno.EIO), f"/lib/{name}.py"),
    "broken": lambda name: SyntaxError(f"source code of {name} cannot contain null bytes"),
}


class Refusing(importlib.abc.MetaPathFinder):
    """A finder that fails for one module."""

    def __init__(self, name: str, error: str) -> None:
        self.name, self.error = name, error

    def find_spec(self, name: str, *_rest: Any) -> ModuleSpec | None:
        """Raise the error, or leave the search to others."""
        if name == self.name:
            raise ERRORS[self.error](name)
        return None


def _list(_code: int) -> None:
    print("\n", *sys.modules, sep="\n")  # noqa: T201 - it is what was asked for


def run(name: str, error: str, arguments: list[str]) -> None:
    """Become the program."""
    if error == "list":
        os._exit = _list  # type: ignore[assignment]
    elif error != "none":
        sys.meta_path.insert(0, Refusing(name, error))
    sys.argv = ["indotrade", *arguments]
    main: ModuleType = __import__("indotrade.__main__", fromlist=["main"])
    main.main()


if __name__ == "__main__":
    run(sys.argv[1], sys.argv[2], sys.argv[3:])
