"""How a table looks: width, colour, links and pager, from the options, the environment and the terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from msgspec import Struct

from indotrade.stream import DUMB, is_terminal

if TYPE_CHECKING:
    from rich.console import RenderableType

NARROWEST, WIDEST = 20, 500


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


Draw = Callable[[Look], "Iterable[RenderableType]"]
"""Draws an answer for people."""


def look(language: str, width: int | None, color: str, pager: bool) -> Look:
    """Return how tables look, from the options, the environment and what standard output is."""
    terminal = is_terminal(sys.stdout)
    dumb = os.environ.get("TERM", "") in DUMB
    colour = color == "always" or (
        color == "auto"
        and not os.environ.get("NO_COLOR")
        and (bool(os.environ.get("FORCE_COLOR")) or (terminal and not dumb))
    )
    columns, lines = _size() if terminal else (80, 0)
    return Look(
        language=language,
        terminal=terminal or width is not None,
        width=min(max(width or columns or 80, NARROWEST), WIDEST),
        height=lines,
        colour=colour,
        links=terminal and colour and not dumb,
        pager=pager and terminal and not dumb and lines > 0,
    )


def _size() -> tuple[int, int]:
    """Return the columns and lines of the terminal: COLUMNS and LINES if they are sizes, else its own, else 0.

    Where nobody knows how high it is there may be nobody to leaf through it: a container, a build on a server.
    """
    try:
        real = os.get_terminal_size(sys.stdout.fileno())
    except (OSError, ValueError, AttributeError):
        real = os.terminal_size((0, 0))
    sizes = []
    for variable, measured in (("COLUMNS", real.columns), ("LINES", real.lines)):
        stated = os.environ.get(variable, "")
        given = int(stated) if stated.isascii() and stated.isdigit() and len(stated) < 6 else 0
        sizes.append(given or measured)
    return sizes[0], sizes[1]


def drawn(renderables: Iterable[RenderableType], look: Look) -> str:
    """Return Rich renderables as the text that `look` asks for."""
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
    return _with_fixed_ids(text) if look.links else text


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
    """Return drawn text with an id in each link that follows from its address; Rich's own is another at each run."""
    import re
    from zlib import crc32

    def fixed(match: re.Match[str]) -> str:
        return f"\x1b]8;id={crc32(match[1].encode()):08x};{match[1]}\x1b\\"

    return re.sub(r"\x1b\]8;id=[^;]*;([^\x1b]*)\x1b\\", fixed, text)
