"""Runs the command line in a fork of the tests' own process, where all of it is imported: a quarter of the time of a new one.

It begins where a new process does, in `main`, and ends as one: signals and descriptors are its own.
"""

from __future__ import annotations

import os
import pkgutil
import sys
import tempfile
import warnings
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from conftest import ROOT, Ended

import indotrade
from indotrade.__main__ import main

for module in pkgutil.walk_packages(indotrade.__path__, "indotrade."):
    import_module(module.name)  # now, and not in each fork


def forked(
    prepare: Callable[[], None], arguments: tuple[str, ...], environment: Mapping[str, str], cwd: Path = ROOT
) -> int:
    """Return the process id of a fork that runs a command line, after `prepare` has set its descriptors."""
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", DeprecationWarning
        )  # no thread of the tests holds what the child needs
        child = os.fork()
    if child:
        return child
    try:
        prepare()
        os.chdir(cwd)
        os.environ.clear()
        os.environ.update(environment)
        sys.argv = ["indotrade", *arguments]
        sys.stdin, sys.stdout, sys.stderr = (stream(number, mode) for number, mode in enumerate("rww"))
        main()
    finally:
        os._exit(99)  # whatever happens, this is not the process of the tests


def stream(descriptor: int, mode: str) -> Any:
    """Return what Python makes of a standard descriptor as it starts; None where that is closed."""
    try:
        return open(descriptor, mode, encoding="utf-8", closefd=False)
    except OSError:
        return None


def ended_on(
    arguments: tuple[str, ...], environment: Mapping[str, str], ends: Mapping[int, str | int | None]
) -> Ended:
    """Return what a command line leaves behind with standard descriptors of one's own; what is not captured is "".

    `ends` has, by number, the path of a file that stands for one, an open descriptor, or None for a closed one.
    """
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        captured = {1: out, 2: err}

        def prepare() -> None:
            for number in range(3):
                end = ends.get(number, captured[number].fileno() if number else os.devnull)
                if isinstance(end, str):
                    end = os.open(end, os.O_RDWR)
                if end is None:
                    os.close(number)
                else:
                    os.dup2(end, number)

        child = forked(prepare, arguments, environment)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        texts = []
        for number, file in captured.items():
            file.seek(0)
            texts.append("" if number in ends else file.read().decode())
    return Ended(status, *texts)
