"""What the operating system refuses at any one call: the answer is the same, or a sentence, and the cache is clean.

Each command is run once to record which calls it makes. Then it is run again for each of them, and that call fails.
"""

from __future__ import annotations

import ast
import builtins
import errno
import fcntl
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

import inside as runner
import making
import pytest
import samples
from conftest import ROOT, Ended
from inside import inside

from indotrade.engine import folder as engines

ERRORS = (errno.ENOSPC, errno.EACCES, errno.EIO, errno.EINTR)
CALLS: dict[str, tuple[Any, str]] = {
    "open": (builtins, "open"),
    "os.open": (os, "open"),
    "os.write": (os, "write"),
    "os.replace": (os, "replace"),
    "os.fsync": (os, "fsync"),
    "os.stat": (os, "stat"),
    "os.fstat": (os, "fstat"),
    "os.listdir": (os, "listdir"),
    "os.mkdir": (os, "mkdir"),
    "os.lstat": (os, "lstat"),
    "os.fchmod": (os, "fchmod"),
    "os.pread": (os, "pread"),
    "os.unlink": (os, "unlink"),
    "sqlite3.connect": (sqlite3, "connect"),
    "tempfile.mkstemp": (tempfile, "mkstemp"),
    "fcntl.flock": (fcntl, "flock"),
}
Ask = Callable[[], Ended]


class Fault(NamedTuple):
    """The n-th call of a function that fails, and with which error."""

    name: str
    nth: int
    number: int

    def __str__(self) -> str:
        """Return `os.open 3 ENOSPC`."""
        return f"{self.name} {self.nth} {errno.errorcode[self.number]}"


def run_with(ask: Ask, fault: Fault | None = None) -> tuple[Ended, Counter[str]]:
    """Return what a command leaves behind while one call fails, and how often it called each function."""
    made: Counter[str] = Counter()

    def counted(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **more: Any) -> Any:
            made[name] += 1
            if fault and (fault.name, fault.nth) == (name, made[name]):
                if name == "sqlite3.connect":
                    raise sqlite3.OperationalError("unable to open database file")
                raise OSError(fault.number, os.strerror(fault.number))
            return real(*arguments, **more)

        return call

    answering = runner.app

    def run(*arguments: Any, **more: Any) -> Any:
        with ExitStack() as patched:  # while the program runs, not while the test prepares it
            for name, (module, attribute) in CALLS.items():
                real = getattr(module, attribute)
                patched.enter_context(mock.patch.object(module, attribute, counted(name, real)))
            return answering(*arguments, **more)

    with mock.patch.object(runner, "app", run):
        return ask(), made


def faults_of(recorded: Counter[str]) -> Iterator[Fault]:
    """Yield a fault for each call of a recorded run, the first of a function with each error, the others in turn."""
    assert recorded
    for name, times in recorded.items():
        for nth in range(1, times + 1):
            errors = ERRORS if nth == 1 else (ERRORS[nth % len(ERRORS)],)
            yield from (Fault(name, nth, number) for number in errors[: 1 if "sqlite3" in name else None])


@pytest.mark.parametrize("warm", [False, True], ids=["first", "again"])
def test_call_that_fails_costs_the_answer_nothing_or_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, warm: bool
) -> None:
    monkeypatch.setattr(engines, "SMALL", 0)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    arguments = ("search", "kapal", "-f", "csv", f"--data={making.dataset(tmp_path / 'data', 6)}")

    def prepared(name: str) -> tuple[Path, Ask]:
        """Return a cache directory in which the index stands, or one of that name, and what asks with it."""
        cache = tmp_path / ("expected" if warm else name)
        return cache, partial(inside, *arguments, XDG_CACHE_HOME=str(cache))

    expected = inside(*arguments, XDG_CACHE_HOME=str(tmp_path / "expected"))
    assert (expected.status, expected.err) == (0, "")
    _, recorded = run_with(prepared("recorded")[1])
    for fault in faults_of(recorded):
        cache, ask = prepared(str(fault))  # each fault leaves the index standing
        done, made = run_with(ask, fault)
        assert made[fault.name] >= fault.nth, f"{fault} never happened"
        told(done, expected, fault)
        assert "temporary" not in kept(cache) or fault.name == "os.unlink", fault
        assert ask() == expected, fault  # in silence: the index is there again
        assert [kind for kind in kept(cache) if kind != "temporary"] == ["index", "seal"], fault
    if not warm:
        assert set(recorded) == set(CALLS), "a function that is never called proves nothing"


def kept(cache: Path) -> list[str]:
    """Return the kinds of files in a cache."""
    return sorted(
        "temporary" if path.name.startswith(".new-") else "seal" if path.suffix == ".seal" else "index"
        for path in cache.glob("**/*")
        if path.is_file()
    )


def told(done: Ended, expected: Ended, fault: Fault) -> None:
    """Fail unless the answer is the expected one, or a status and a sentence say why not."""
    assert done.status in (0, 3, 4), (fault, done.err)
    if done.status == 0:
        assert done.out == expected.out, fault
        assert done.err.count("\n") <= 1, (fault, done.err)
    else:
        assert "error: " in done.err or not done.err, fault
        assert "Traceback" not in done.err, fault
    assert "bug:" not in done.err, fault
    only_what_is_written_is_undelivered(done, fault)


def only_what_is_written_is_undelivered(done: Ended, fault: Fault) -> None:
    """Fail where an input that cannot be read is told as an output that cannot be written."""
    assert fault.name == "os.write" or (done.status != 4 and "cannot write" not in done.err), (
        fault,
        done.err,
    )


@pytest.mark.parametrize(
    "line",
    ["show crates-sent", "list -f json", "check", "info --json", "--help", "--version", "cite crates-sent", "verify -"],
)  # fmt: skip
def test_call_that_fails_in_any_command_is_told(line: str, tmp_path: Path) -> None:
    folder = samples.write(tmp_path / "data", samples.sample())
    ask = partial(inside, *line.split(), INDOTRADE_DATA=str(folder))
    expected = ask()
    _, recorded = run_with(ask)
    for fault in faults_of(recorded):
        done, made = run_with(ask, fault)
        assert made[fault.name] >= fault.nth, f"{fault} never happened"
        assert "bug:" not in done.err, fault
        assert "Traceback" not in done.err, fault
        only_what_is_written_is_undelivered(done, fault)
        if done.status != expected.status or done.out != expected.out:
            # `check` tells an unreadable file as a fault, `--version` prints what it knows
            assert done.status in ((1, 3, 4) if line == "check" else (0, 3, 4)), (fault, done.err)
            assert done.status or line == "--version", fault
            assert done.out or done.err.startswith("indotrade: error: ") or fault.name == "os.write", fault


def test_call_that_fails_while_a_dataset_is_started_is_told(tmp_path: Path) -> None:
    _, recorded = run_with(partial(inside, "init", tmp_path / "recorded"))
    assert {"open", "os.mkdir", "os.write"} <= set(recorded)
    for fault in faults_of(recorded):
        done, made = run_with(partial(inside, "init", tmp_path / str(fault)), fault)
        assert made[fault.name] >= fault.nth, f"{fault} never happened"
        if done.status == 0:  # what failed only looked around, or told where it stands
            assert inside("check", tmp_path / str(fault)).status == 0, fault
        else:
            assert done.status == 4, (fault, done.err)
            assert done.err.startswith("indotrade: error: "), fault


def test_nothing_is_imported_before_a_failing_import_is_told() -> None:
    show = "import sys; before = {*sys.modules}; import indotrade.__main__; print({*sys.modules} - before)"
    done = subprocess.run([sys.executable, "-c", show], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ast.literal_eval(done.stdout) <= {"__future__", "indotrade", "indotrade.__main__"}


@pytest.mark.parametrize(
    ("module", "error"),
    [
        ("signal", "unreadable"),
        ("indotrade.cli.app", "missing"),
        ("indotrade.engine.sqlite", "broken"),
        ("indotrade.screen.claims", "missing"),
        ("rich.cells", "unreadable"),
    ],
)
def test_part_of_the_program_that_cannot_be_imported_is_told_and_is_no_answer(
    module: str, error: str
) -> None:
    done = subprocess.run(
        [sys.executable, Path(__file__).with_name("unloadable.py"), module, error, "list"],
        env={"LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (70, "")
    told, hint = done.stderr.splitlines()
    assert told.startswith("indotrade: error: the program cannot be loaded: ")
    assert hint == "hint: install indotrade again"
