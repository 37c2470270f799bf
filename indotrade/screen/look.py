"""How a table looks: width, colour, links and pager, from the options, the environment and the terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Sequence

from msgspec import Struct

from indotrade.stream import DUMB, is_terminal

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
    sought: Sequence[str] = ()
    """Folded words that are marked where they stand in what was searched."""


Draw = Callable[[Look], Iterable[str]]
"""Draws an answer for people, line by line."""


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
