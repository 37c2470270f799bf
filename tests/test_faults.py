"""What the operating system refuses at any one call: the answer is the same, or a sentence, and the cache is clean."""

from __future__ import annotations

import errno
import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

import inside as runner
import making
import pytest
import samples
from conftest import Ended
from inside import inside

from indotrade import index
from indotrade.cli import app

ERRORS = (errno.ENOSPC, errno.EACCES, errno.EIO, errno.EINTR)
CALLS: dict[str, tuple[Any, str]] = {
    "os.open": (os, "open"),
    "os.write": (os, "write"),
    "os.replace": (os, "replace"),
    "os.fsync": (os, "fsync"),
    "os.stat": (os, "stat"),
    "os.fstat": (os, "fstat"),
    "os.listdir": (os, "listdir"),
    "os.mkdir": (os, "mkdir"),
    "os.pread": (os, "pread"),
    "os.unlink": (os, "unlink"),
    "sqlite3.connect": (sqlite3, "connect"),
    "tempfile.mkstemp": (tempfile, "mkstemp"),
}
MOST = 60
"""A call that is made more often than this fails at its first, second ... so-many-eth time only."""


@contextmanager
def failing(name: str, nth: int, number: int) -> Iterator[Callable[[], bool]]:
    """Make the n-th call of a function fail while the program runs; yield what tells whether it did."""
    module, attribute = CALLS[name]
    real = getattr(module, attribute)
    calls = 0

    def call(*arguments: Any, **more: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == nth:
            if module is sqlite3:
                raise sqlite3.OperationalError("unable to open database file")
            raise OSError(number, os.strerror(number))
        return real(*arguments, **more)

    def run(*arguments: Any, **more: Any) -> Any:
        with mock.patch.object(module, attribute, call):
            return app(*arguments, **more)

    with mock.patch.object(runner, "app", run):
        yield lambda: calls >= nth


@pytest.fixture
def lines(tmp_path: Path) -> Path:
    """A dataset of lines, to be indexed."""
    return making.dataset(tmp_path / "data", 30)


@pytest.mark.parametrize("number", ERRORS, ids=lambda number: errno.errorcode[number])
@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("warm", [False, True], ids=["first", "again"])
def test_call_that_fails_costs_the_answer_nothing_or_is_told(
    name: str, number: int, lines: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, warm: bool
) -> None:
    monkeypatch.setattr(index, "SMALL", 0)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    arguments = ("search", "kapal", "-f", "csv", f"--data={lines}")
    expected = inside(*arguments, XDG_CACHE_HOME=str(tmp_path / "expected"))
    assert (expected.status, expected.err) == (0, "")
    fired = True
    nth = 0
    while fired and nth < MOST:
        nth += 1
        cache = tmp_path / f"cache-{nth}"
        if warm:
            assert inside(*arguments, XDG_CACHE_HOME=str(cache)) == expected
        with failing(name, nth, number) as has_fired:
            done = inside(*arguments, XDG_CACHE_HOME=str(cache))
            fired = has_fired()
        told(done, expected, f"{name} {nth}")
        left = {path.name for path in cache.glob("**/*") if path.is_file()}
        assert not [kept for kept in left if kept.startswith(".new-")] or name == "os.unlink", f"{name} {nth}"
        assert inside(*arguments, XDG_CACHE_HOME=str(cache)) == expected, f"{name} {nth}"
    assert nth < MOST


def told(done: Ended, expected: Ended, where: str) -> None:
    """Fail unless the answer is the expected one, or a status and a sentence say why not."""
    assert done.status in (0, 3, 4), (where, done.err)
    if done.status == 0:
        assert done.out == expected.out, where
        assert done.err.count("\n") <= 1, (where, done.err)
    else:
        assert "error: " in done.err or not done.err, where
        assert "Traceback" not in done.err
    assert "bug:" not in done.err


@pytest.mark.parametrize("number", ERRORS, ids=lambda number: errno.errorcode[number])
@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize(
    "arguments",
    [["show", "crates-sent"], ["list", "-f", "json"], ["check"], ["info", "--json"], ["--help"], ["--version"],
     ["cite", "crates-sent"], ["verify", "-"]],
    ids=" ".join,
)  # fmt: skip
def test_call_that_fails_in_any_command_is_told(
    arguments: list[str], name: str, number: int, tmp_path: Path
) -> None:
    folder = samples.write(tmp_path / "data", samples.sample())
    environment = {"INDOTRADE_DATA": str(folder)}
    expected = inside(*arguments, **environment)
    fired = True
    nth = 0
    while fired and nth < MOST:
        nth += 1
        with failing(name, nth, number) as has_fired:
            done = inside(*arguments, **environment)
            fired = has_fired()
        assert "bug:" not in done.err, f"{name} {nth}"
        assert "Traceback" not in done.err
        if done.status != expected.status or done.out != expected.out:
            # `check` tells an unreadable file as a fault, `--version` prints what it knows
            assert done.status in ((1, 3, 4) if arguments == ["check"] else (0, 3, 4)), (
                f"{name} {nth}: {done.err}"
            )
            assert done.status or arguments == ["--version"], f"{name} {nth}"
            assert done.out or done.err.startswith("indotrade: error: ") or name == "os.write"
    assert nth < MOST


@pytest.mark.parametrize("name", ["os.open", "os.write", "os.mkdir", "os.listdir", "os.replace"])
def test_call_that_fails_while_a_dataset_is_started_is_told(name: str, tmp_path: Path) -> None:
    fired = True
    nth = 0
    while fired and nth < MOST:
        nth += 1
        with failing(name, nth, errno.ENOSPC) as has_fired:
            done = inside("init", tmp_path / f"new-{nth}")
            fired = has_fired()
        assert done.status in (0, 3, 4), done.err
        assert "bug:" not in done.err
    assert nth < MOST
