"""Runs a command line within this process, which takes a tenth of the time of a process of its own."""

from __future__ import annotations

import io
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from conftest import Ended
from typer.main import get_command

from indotrade.cli import app as program

DECIDING = ("_INDOTRADE_COMPLETE", "_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION")
"""The variables that decide how the command line is made, and not only what it answers."""


def app(**more: Any) -> Any:
    """Run the command line. It is made once: a process makes it for one command, in a third of the time that it takes."""
    return _made(*map(os.environ.get, DECIDING))(**more)


@cache
def _made(*_deciding: str | None) -> Any:
    return get_command(program.app)


ENVIRONMENT = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "LANG": "C.UTF-8", "TERM": "xterm"}


def inside(*arguments: object, stdin: str | bytes = "", encoding: str = "utf-8", **environment: str) -> Ended:
    """Return what `indotrade` with these arguments leaves behind, in an environment of these variables alone.

    The descriptors themselves are redirected, for the program writes to those. `encoding` is that of the two
    streams, as PYTHONIOENCODING sets it.
    """
    given = [str(argument) for argument in arguments]
    taken = io.TextIOWrapper(io.BytesIO(stdin.encode() if isinstance(stdin, str) else stdin))
    with (
        mock.patch.dict(os.environ, ENVIRONMENT | environment, clear=True),
        mock.patch.object(sys, "argv", ["indotrade", *given]),
        mock.patch.object(sys, "stdin", taken),
        _redirected(1, "stdout", encoding) as out,
        _redirected(2, "stderr", encoding) as err,
        pytest.raises(SystemExit) as ended,
    ):
        app(prog_name="indotrade")
    assert isinstance(ended.value.code, int)
    return Ended(ended.value.code, _rest(out, encoding), _rest(err, encoding))


@contextmanager
def _redirected(descriptor: int, name: str, encoding: str) -> Iterator[Path]:
    kept = os.dup(descriptor)
    file, path = tempfile.mkstemp()
    try:
        os.dup2(file, descriptor)
        os.close(file)
        with (
            open(descriptor, "w", encoding=encoding, newline="\n", closefd=False) as stream,
            mock.patch.object(sys, name, stream),
        ):
            yield Path(path)
    finally:
        os.dup2(kept, descriptor)
        os.close(kept)


def _rest(path: Path, encoding: str) -> str:
    """Return what a file holds, and remove it."""
    data = path.read_bytes()
    path.unlink()
    return data.decode(encoding)
