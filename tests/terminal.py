"""Runs the command line in a pseudo-terminal of a given size, and takes off what it may write to one.

The program runs in a fork of the tests' own process; `command` starts another.
"""

from __future__ import annotations

import fcntl
import os
import re
import select
import struct
import sys
import termios
import time
from collections.abc import Mapping
from pathlib import Path

import pytest
from conftest import ROOT, Ended
from forked import forked

INDOTRADE = (sys.executable, "-m", "indotrade")
OWN = re.compile(r"\x1b\[[0-9;]*m|\x1b\]8;(?:id=[0-9a-f]{8})?;[!-~]*\x1b\\")
"""The only escape sequences that the program writes: colours, and links."""


def in_terminal(
    *arguments: str,
    environment: Mapping[str, str],
    columns: int = 80,
    lines: int = 1000,
    keys: tuple[bytes, ...] = (),
    command: tuple[str, ...] = (),
    cwd: Path = ROOT,
    seconds: float = 60,
) -> Ended:
    """Return what a command writes to a terminal of `columns` by `lines` in which `keys` are pressed in turn.

    Standard output and standard error are one; a line ends with a line feed alone.
    """
    ours, theirs = os.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def prepare() -> None:
        os.close(ours)
        _login(theirs)
        if command:
            os.chdir(cwd)
            os.execvpe(command[0], [*command, *arguments], dict(environment))  # noqa: S606 - a shell is what it must not need

    child = forked(prepare, arguments, environment, cwd)
    os.close(theirs)
    try:
        written = _until_closed(ours, keys, time.monotonic() + seconds)
    finally:
        os.close(ours)  # which hangs up on a child that is still there
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return Ended(status, written.replace(b"\r\n", b"\n").decode(), "")


def _login(descriptor: int) -> None:
    os.setsid()
    fcntl.ioctl(descriptor, termios.TIOCSCTTY, 0)
    for standard in (0, 1, 2):
        os.dup2(descriptor, standard)
    os.close(descriptor)


def _until_closed(descriptor: int, keys: tuple[bytes, ...], end: float) -> bytes:
    """Return what is written until nobody holds the terminal any more; at each pause some keys are pressed."""
    written = b""
    while True:
        ready, _, _ = select.select([descriptor], [], [], 0.5)
        if not ready:
            assert time.monotonic() < end, f"still running; it wrote {written!r}"
            if written and keys:
                os.write(descriptor, keys[0])
                keys = keys[1:]
            continue
        try:
            data = os.read(descriptor, 1 << 16)
        except OSError:  # how Linux says that the other end is closed
            return written
        if not data:
            return written
        written += data


def plain(written: str) -> str:
    """Return terminal output without colours and links, failing on any other escape sequence."""
    text = OWN.sub("", written)
    assert "\x1b" not in text, repr(text)
    return text


def needs(program: str) -> str:
    """Return the path of a program; skip the test where it is not installed, but in CI fail it."""
    import shutil

    path = shutil.which(program)
    if path is None:
        if os.environ.get("CI"):
            pytest.fail(f"{program} is not installed, and CI tests with it")
        pytest.skip(f"{program} is not installed")
    return path
