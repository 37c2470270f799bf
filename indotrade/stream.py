"""The only module that writes to standard output and standard error: an answer leaves whole, or it is said that it could not."""

from __future__ import annotations

import codecs
import errno
import io
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Any

from indotrade.errors import Message, NotDelivered, Refused, reason
from indotrade.text.escape import json_ascii, unsecret, visible

_CHUNK = 1 << 15
LONGEST_MESSAGE = 2000

_PLAIN = str.maketrans(
    {
        "─": "-", "━": "=", "█": "#", "▏": "|", "…": "...", "¶": "par. ", "–": "-", "—": "-", "−": "-",
        "’": "'", "‘": "'", "“": '"', "”": '"', "→": "->", "•": "*", "·": "-", "¥": "JPY ",
    }
)  # fmt: skip
"""What stands for a character of our own where the output's encoding does not have it."""
DUMB = ("", "dumb", "unknown")
"""Values of TERM that name a terminal which takes no escape codes."""


def _alike(error: UnicodeError) -> tuple[str, int]:
    """Handle, for a codec, what it cannot encode: a likeness of ours, else a backslash escape."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    likeness = error.object[error.start : error.end].translate(_PLAIN)
    return likeness.encode("ascii", "backslashreplace").decode("ascii"), error.end


codecs.register_error("indotrade", _alike)


def is_terminal(stream: Any) -> bool:
    """Return whether a person watches a stream."""
    try:
        return bool(stream is not None and stream.isatty())
    except ValueError:  # it is closed
        return False


def columns() -> int:
    """Return how many columns the terminal has on which standard error is watched; 0 where it is not, or nobody knows."""
    if not is_terminal(sys.stderr):
        return 0
    stated = os.environ.get("COLUMNS", "")
    with suppress(OSError, ValueError):
        measured = os.get_terminal_size(sys.stderr.fileno()).columns
        return int(stated) if stated.isascii() and stated.isdigit() and len(stated) < 6 else measured
    return 0


def interactive() -> bool:
    """Return whether somebody watches standard error: then a long build shows its progress there."""
    return is_terminal(sys.stderr) and os.environ.get("TERM", "") not in DUMB


# --- the answer ------------------------------------------------------------------------------------


def deliver(chunks: Iterable[str | bytes], *, json: bool = False) -> None:
    """Write text or bytes to standard output, all of it.

    Of text, with `json`, what standard output cannot encode is a JSON escape, otherwise a likeness of ours or a
    backslash escape. Raises NotDelivered where it cannot be written.
    """
    encode = _encoder(json)
    buffer = bytearray()
    for chunk in chunks:
        buffer += chunk if isinstance(chunk, bytes) else encode(chunk)
        if len(buffer) >= _CHUNK:
            _write(buffer)
            buffer.clear()
    _write(buffer)


def _encoder(json: bool) -> Callable[[str], bytes]:
    name = _encoding(sys.stdout)
    if name == "utf-8":
        return lambda text: text.encode("utf-8", "backslashreplace")
    encode = codecs.getincrementalencoder(name)("indotrade").encode
    return (lambda text: encode(json_ascii(text))) if json else encode


def _encoding(stream: Any) -> str:
    """Return the codec of a stream, by the name that Python has for it."""
    try:
        return codecs.lookup(getattr(stream, "encoding", None) or "utf-8").name
    except LookupError:
        return "utf-8"


def _write(data: bytes | bytearray) -> None:
    """Write bytes to standard output. Raises NotDelivered."""
    try:
        _send(sys.stdout, data)
    except (OSError, ValueError) as error:
        raise undelivered(error) from None


def _send(stream: Any, data: bytes | bytearray) -> None:
    """Write bytes to a stream, over short writes and pipes that do not block.

    Raises OSError or ValueError where they cannot be written.
    """
    if stream is None:
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))
    stream.flush()
    try:
        descriptor = stream.fileno()
    except (AttributeError, io.UnsupportedOperation):  # a stream in memory, as in tests
        if hasattr(stream, "buffer"):
            stream.buffer.write(data)
        else:
            stream.write(data.decode(_encoding(stream)))
        return
    view = memoryview(data)
    while view:
        try:
            view = view[os.write(descriptor, view) :]
        except BlockingIOError:
            import select

            select.select([], [descriptor], [])


def undelivered(error: Exception) -> NotDelivered:
    """Return the error for an answer that could not be written."""
    return NotDelivered(Message("cannot write the output: {why}", why=reason(error)))


def page(chunks: Iterable[str]) -> bool:
    """Show text in the pager, which is fed while the text is made; return False where there is none, or it failed."""
    import shlex
    import signal
    import subprocess

    try:
        command = shlex.split(os.environ.get("PAGER", "")) or ["less", "-FRX"]
        environment = {"LESS": "FRX", "LESSCHARSET": "utf-8"} | os.environ
        process = subprocess.Popen(command, stdin=subprocess.PIPE, env=environment)
    except (OSError, ValueError):  # no such program, a quotation mark too few
        return False
    # The pager has the terminal now: Ctrl-C is for it, and it may be left before all is read.
    before = {name: signal.signal(name, signal.SIG_IGN) for name in (signal.SIGINT, signal.SIGPIPE)}
    try:
        _feed(process, chunks)
    finally:
        process.wait()
        for name, action in before.items():
            signal.signal(name, action)
    return process.returncode <= 0


def _feed(process: Any, chunks: Iterable[str]) -> None:
    """Write text to the standard input of a process, until it takes no more."""
    encode = _encoder(json=False)
    try:
        for chunk in chunks:
            try:
                process.stdin.write(encode(chunk))
            except OSError:  # it is left already
                return
    finally:
        with suppress(OSError):
            process.stdin.close()


# --- to a person -----------------------------------------------------------------------------------


def say(text: str) -> None:
    """Write one line to standard error, safe to show and without a password; where that is closed, nothing."""
    line = visible(unsecret(text[: LONGEST_MESSAGE + 1]))
    line = line if len(line) <= LONGEST_MESSAGE else line[: LONGEST_MESSAGE - 1] + "…"
    with suppress(OSError, ValueError):
        _send(sys.stderr, f"{line}\n".encode(_encoding(sys.stderr), "indotrade"))


def standard_input() -> bytes:
    """Return all of standard input, for an argument `-`. Raises Refused where it cannot be read."""
    stream = sys.stdin
    try:
        if stream is None:
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))
        try:
            descriptor = stream.fileno()
        except (AttributeError, io.UnsupportedOperation):  # a stream in memory, as in tests
            return bytes(stream.buffer.read())
        return b"".join(_received(descriptor))
    except (OSError, ValueError) as error:
        raise Refused(Message("cannot read standard input: {why}", why=reason(error))) from None


def _received(descriptor: int) -> Iterator[bytes]:
    while True:
        try:
            data = os.read(descriptor, _CHUNK)
        except BlockingIOError:
            import select

            select.select([descriptor], [], [])
            continue
        if not data:
            return
        yield data


class Progress:
    """A line on standard error that is told how much of how much is done, and is gone at the end.

    It hides no cursor and starts no thread: the program can be stopped at any moment, and the terminal is
    as it was.
    """

    _BAR = 30
    _PAUSE = 0.1

    def __init__(self, label: str) -> None:
        self._label = label
        self._next = 0.0

    def __call__(self, done: int, total: int) -> None:
        """Draw `done` of `total`, at most ten times a second."""
        import time

        now = time.monotonic()
        with suppress(OSError, ValueError):
            if done >= total:
                _send(sys.stderr, b"\r\x1b[K")
            elif now >= self._next:
                self._next = now + self._PAUSE
                filled = "#" * (self._BAR * done // total)
                line = f"\r{self._label} [{filled:{self._BAR}}] {100 * done // total:3}%"
                _send(sys.stderr, line.encode(_encoding(sys.stderr), "indotrade"))
