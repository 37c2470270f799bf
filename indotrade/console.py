"""The only module that prints: it decides how an answer looks, and delivers it whole or says that it could not."""

from __future__ import annotations

import codecs
import errno
import io
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from indotrade.errors import IndotradeError, Message, NotDelivered, Refused
from indotrade.escape import json_ascii, visible

if TYPE_CHECKING:
    from rich.console import RenderableType

NARROWEST, WIDEST = 20, 500
_CHUNK = 1 << 15
_LONGEST_MESSAGE = 2000

_PLAIN = str.maketrans(
    {
        "─": "-", "━": "=", "█": "#", "▏": "|", "…": "...", "¶": "par. ", "–": "-", "—": "-", "−": "-",
        "’": "'", "‘": "'", "“": '"', "”": '"', "→": "->", "•": "*", "¥": "JPY ",
    }
)  # fmt: skip
"""What stands for a character of our own where the output's encoding does not have it."""
_DUMB = ("", "dumb", "unknown")
"""Values of TERM that name a terminal which takes no escape codes."""


def _alike(error: UnicodeError) -> tuple[str, int]:
    """Handle, for a codec, what it cannot encode: a likeness of ours, else a backslash escape."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    likeness = error.object[error.start : error.end].translate(_PLAIN)
    return likeness.encode("ascii", "backslashreplace").decode("ascii"), error.end


codecs.register_error("indotrade", _alike)


class Look(Struct, frozen=True):
    """How a table is drawn."""

    language: str
    """`en` or `id`."""
    terminal: bool
    """Whether it is folded to a width; else each record has one line, however long."""
    width: int
    """In columns; what `terminal` folds to."""
    height: int
    colour: bool
    links: bool
    """Whether addresses are links that a terminal can follow (OSC 8)."""
    pager: bool


def look(language: str, width: int | None, color: str, pager: bool) -> Look:
    """Return how tables look, from the options, the environment and what standard output is."""
    terminal = _is_terminal(sys.stdout)
    dumb = os.environ.get("TERM", "") in _DUMB
    colour = color == "always" or (
        color == "auto"
        and not os.environ.get("NO_COLOR")
        and (bool(os.environ.get("FORCE_COLOR")) or (terminal and not dumb))
    )
    columns, lines = _size() if terminal else (80, 24)
    return Look(
        language=language,
        terminal=terminal or width is not None,
        width=min(max(width or columns, NARROWEST), WIDEST),
        height=lines,
        colour=colour,
        links=terminal and colour and not dumb,
        pager=pager and terminal and not dumb,
    )


def _is_terminal(stream: Any) -> bool:
    try:
        return bool(stream is not None and stream.isatty())
    except ValueError:  # it is closed
        return False


def _size() -> tuple[int, int]:
    """Return the columns and lines of the terminal: COLUMNS and LINES if they are sizes, else its own, else 80 x 24."""
    try:
        real = os.get_terminal_size(sys.stdout.fileno())
    except (OSError, ValueError, AttributeError):
        real = os.terminal_size((0, 0))
    sizes = []
    for variable, measured, usual in (("COLUMNS", real.columns, 80), ("LINES", real.lines, 24)):
        stated = os.environ.get(variable, "")
        sizes.append(
            (int(stated) if stated.isascii() and stated.isdigit() and len(stated) < 6 else 0)
            or measured
            or usual
        )
    return sizes[0], sizes[1]


def interactive() -> bool:
    """Return whether somebody watches standard error: then a long build shows its progress there."""
    return _is_terminal(sys.stderr) and os.environ.get("TERM", "") not in _DUMB


# --- the answer ------------------------------------------------------------------------------------


def draw(renderables: Iterable[RenderableType], look: Look) -> None:
    """Print Rich renderables as `look` says: through a pager where they are longer than the screen."""
    from io import StringIO

    from rich.console import Console

    file = StringIO()
    console = Console(
        file=file,
        width=look.width if look.terminal else 100_000,
        color_system="standard" if look.colour else None,
        force_terminal=look.colour,
        legacy_windows=False,
        markup=False,
        emoji=False,
        highlight=False,
        _environ={},
    )
    for renderable in renderables:
        console.print(renderable, soft_wrap=not look.terminal, crop=False)
    text = "".join(f"{_trimmed(line)}\n" for line in file.getvalue().split("\n")[:-1])
    if look.links:
        text = _with_fixed_ids(text)
    if look.pager and text.count("\n") >= look.height and _page(text):
        return
    deliver([text])


def _trimmed(line: str) -> str:
    """Return a drawn line without the blanks at its end, coloured or not."""
    codes = ""
    while True:
        line = line.rstrip(" ")
        start = line.rfind("\x1b[")
        if start < 0 or line[-1] != "m" or not line[start + 2 : -1].replace(";", "").isdigit():
            return line + codes
        line, codes = line[:start], line[start:] + codes


def _with_fixed_ids(text: str) -> str:
    """Return drawn text with an id in each link that follows from its address; Rich draws lots for it."""
    import re
    from zlib import crc32

    def fixed(match: re.Match[str]) -> str:
        return f"\x1b]8;id={crc32(match[1].encode()):08x};{match[1]}\x1b\\"

    return re.sub(r"\x1b\]8;id=[^;]*;([^\x1b]*)\x1b\\", fixed, text)


def deliver(chunks: Iterable[str], *, json: bool = False) -> None:
    """Write text to standard output, all of it.

    With `json`, what standard output cannot encode is a JSON escape, otherwise a likeness of ours or a
    backslash escape. Raises NotDelivered where it cannot be written.
    """
    encode = _encoder(json)
    buffer = bytearray()
    for chunk in chunks:
        buffer += encode(chunk)
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
    reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
    return NotDelivered(
        Message(f"cannot write the output: {reason}", f"keluaran tidak dapat ditulis: {reason}")
    )


def _page(text: str) -> bool:
    """Show `text` in the pager; return False where there is none to be had, or it failed."""
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
        process.communicate(_encoder(json=False)(text))
    finally:
        for name, action in before.items():
            signal.signal(name, action)
    return process.returncode <= 0


# --- to a person -----------------------------------------------------------------------------------


def say(text: str) -> None:
    """Write one line to standard error, safe to show; where that is closed, nothing."""
    line = visible(text[: _LONGEST_MESSAGE + 1])
    line = line if len(line) <= _LONGEST_MESSAGE else line[: _LONGEST_MESSAGE - 1] + "…"
    with suppress(OSError, ValueError):
        _send(sys.stderr, f"{line}\n".encode(_encoding(sys.stderr), "indotrade"))


def complain(error: IndotradeError, language: str) -> None:
    """Tell a failure in one line, with its hint in a second."""
    say(f"indotrade: error: {_text(error.message, language)}")
    if error.hint:
        say(f"{'petunjuk' if language == 'id' else 'hint'}: {_text(error.hint, language)}")


def _text(message: Message | str, language: str) -> str:
    return message if isinstance(message, str) else message.text(language)


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
        why = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise Refused(
            Message(f"cannot read standard input: {why}", f"masukan standar tidak dapat dibaca: {why}")
        ) from None


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
