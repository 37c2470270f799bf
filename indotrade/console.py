"""The only module that prints: it decides how an answer looks, and delivers it whole or says that it could not."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from indotrade.errors import IndotradeError, Message, NotDelivered
from indotrade.escape import json_ascii, visible

if TYPE_CHECKING:
    from rich.console import RenderableType

NARROWEST, WIDEST = 20, 500
_CHUNK = 1 << 15
_LONGEST_MESSAGE = 2000

_PLAIN = str.maketrans(
    {
        "─": "-", "━": "=", "█": "#", "▏": "|", "…": "...", "¶": "par. ", "–": "-", "—": "-", "−": "-",
        "’": "'", "‘": "'", "“": '"', "”": '"', "→": "->", "•": "*", "¥": "JPY ", "├": "|", "└": "`", "│": "|",
    }
)  # fmt: skip
"""What stands for a character of our own where the output's encoding does not have it."""


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
    dumb = os.environ.get("TERM") == "dumb"
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
        links=terminal and colour,
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
    return _is_terminal(sys.stderr) and os.environ.get("TERM") != "dumb"


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
    text = "".join(f"{line.rstrip(' ')}\n" for line in file.getvalue().split("\n")[:-1])
    if look.pager and text.count("\n") >= look.height and _page(text):
        return
    deliver([text])


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


def _encoder(json: bool) -> Any:
    name = (getattr(sys.stdout, "encoding", None) or "utf-8").lower().replace("_", "-")
    if name in ("utf-8", "utf8"):
        return lambda text: text.encode("utf-8", "backslashreplace")
    if json:
        return lambda text: json_ascii(text).encode("ascii")

    def encode(text: str) -> bytes:
        try:
            return text.encode(name)
        except UnicodeEncodeError:
            likeness = "".join(_likeness(letter, name) for letter in text)
            return likeness.encode(name, "backslashreplace")

    return encode


def _likeness(letter: str, encoding: str) -> str:
    try:
        letter.encode(encoding)
    except UnicodeEncodeError:
        return letter.translate(_PLAIN)
    return letter


def _write(data: bytes | bytearray) -> None:
    """Write bytes to standard output, over short writes and pipes that do not block."""
    stream = sys.stdout
    if stream is None:
        raise NotDelivered(
            Message(
                "cannot write the output: standard output is closed",
                "keluaran tidak dapat ditulis: keluaran standar tertutup",
            )
        )
    try:
        stream.flush()
        descriptor = stream.fileno()
    except (AttributeError, ValueError, OSError) as error:
        if not hasattr(stream, "buffer") or (isinstance(error, OSError) and error.errno):
            raise undelivered(error) from None
        stream.buffer.write(data)  # a stream in memory, as in tests
        return
    view = memoryview(data)
    while view:
        try:
            view = view[os.write(descriptor, view) :]
        except BlockingIOError:
            import select

            select.select([], [descriptor], [])
        except OSError as error:
            raise undelivered(error) from None


def undelivered(error: Exception) -> NotDelivered:
    """Return the error for an answer that could not be written."""
    reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
    return NotDelivered(
        Message(f"cannot write the output: {reason}", f"keluaran tidak dapat ditulis: {reason}")
    )


def _page(text: str) -> bool:
    """Show `text` in the pager; return False where there is none to be had."""
    import shlex
    import subprocess

    command = shlex.split(os.environ.get("PAGER") or "less -FRX")
    try:
        process = subprocess.Popen(command, stdin=subprocess.PIPE)
    except (OSError, ValueError):
        return False
    try:
        process.communicate(_encoder(json=False)(text))
    except (BrokenPipeError, KeyboardInterrupt):
        process.wait()
    return process.returncode == 0 or process.returncode is None


# --- to a person -----------------------------------------------------------------------------------


def say(text: str) -> None:
    """Write one line to standard error, safe to show; where that is closed, nothing."""
    line = visible(text)[:_LONGEST_MESSAGE] + "\n"
    stream = sys.stderr
    if stream is None:
        return
    try:
        stream.write(
            line.encode(stream.encoding or "utf-8", "backslashreplace").decode(stream.encoding or "utf-8")
        )
        stream.flush()
    except (OSError, ValueError):
        pass


def complain(error: IndotradeError, language: str) -> None:
    """Tell a failure in one line, with its hint in a second."""
    say(f"indotrade: error: {_text(error.message, language)}")
    if error.hint:
        say(f"{'petunjuk' if language == 'id' else 'hint'}: {_text(error.hint, language)}")


def _text(message: Message | str, language: str) -> str:
    return message if isinstance(message, str) else message.text(language)


def standard_input() -> bytes:
    """Return all of standard input, for an argument `-`."""
    stream = sys.stdin
    return b"" if stream is None else stream.buffer.read()


class Progress:
    """A bar on standard error that is told how many bytes of how many are done; it is drawn at the first."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._bar: Any = None

    def __call__(self, done: int, total: int) -> None:
        """Draw `done` of `total`; at the end the bar is gone."""
        if self._bar is None:
            self._start(total)
        self._bar.update(self._bar.task_ids[0], completed=done)
        if done >= total:
            self._bar.stop()

    def _start(self, total: int) -> None:
        from rich import progress
        from rich.console import Console

        self._bar = progress.Progress(
            progress.TextColumn("{task.description}", markup=False),
            progress.BarColumn(),
            progress.TaskProgressColumn(),
            progress.TimeRemainingColumn(),
            console=Console(stderr=True, markup=False, emoji=False, highlight=False),
            transient=True,
        )
        self._bar.add_task(self._label, total=total)
        self._bar.start()
