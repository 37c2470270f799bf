"""Rows of cells in columns: as wide as they need, folded where a terminal has less room, or a block of lines each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import zip_longest

from indotrade.screen.lines import GAP, NARROW, cell_len, fold, is_address, paragraph, styled
from indotrade.screen.look import Look
from indotrade.text.escape import visible

ALIGNED = 400
"""In a pipe, a cell wider than this does not widen its column: no megabytes of padding for one long text."""
LONGEST_WORD = 24
"""A column has room for its words up to this length; a longer one may be broken."""

Rows = Callable[[], Iterable[Sequence[str]]]
"""Reads the rows of a table. It is done twice, once for the widths, and no row is kept."""


def table(heads: Sequence[str], read: Rows, look: Look, *, blocks: bool = True) -> Iterator[str]:
    """Yield rows in columns under their heads, hidden characters shown; nothing where there is no row.

    Where a terminal is too narrow for the words of all columns, each row is a block of `name: value` lines, unless no
    `blocks` are wanted. Elsewhere than on a terminal each row is one line with all that is in it. A first cell that
    begins with blanks stands so far to the right on each of its lines.
    """
    whole, words = _sizes(heads, read, ALIGNED if not look.terminal else None)
    if not whole:
        return
    widths = _shares(whole, words, look, blocks=blocks) if look.terminal else whole
    if widths is None:
        yield from _records(heads, read, look)
        return
    for line in zip(
        *_level([fold(head, width) for head, width in zip(heads, widths, strict=True)]), strict=True
    ):
        yield from _lines([styled(head, "bold", look) for head in line], line, widths)
    yield "─" * (sum(widths) + GAP * (len(widths) - 1))
    for row in read():
        cells = [visible(cell) for cell in row]
        if look.terminal:
            yield from _folded(cells, widths)
        else:
            yield from _lines(cells, cells, widths)


def _level(heads: Sequence[list[str]]) -> list[list[str]]:
    """Return heads of as many lines each: those with fewer stand at the bottom."""
    most = max(map(len, heads))
    return [[""] * (most - len(head)) + head for head in heads]


def _sizes(heads: Sequence[str], read: Rows, most: int | None) -> tuple[list[int], list[int]]:
    """Return for each column the widest cell up to `most`, and the least that its words need; nothing for no row."""
    whole = [cell_len(head) for head in heads]
    words = [max(map(cell_len, head.split()), default=0) for head in heads]
    some = False
    for row in read():
        some = True
        for place, cell in enumerate(map(visible, row)):
            size = cell_len(cell)
            if most is None or size <= most:
                whole[place] = max(whole[place], size)
            if most is None:
                indent = len(cell) - len(cell.lstrip(" "))
                words[place] = max(words[place], max(map(_least, cell.split()), default=0) + indent)
    return (whole, words) if some else ([], [])


def _least(word: str) -> int:
    """Return how many columns a word needs at least: an address all of it, any other may be broken."""
    return cell_len(word) if is_address(word) else min(cell_len(word), LONGEST_WORD)


def _shares(whole: Sequence[int], words: Sequence[int], look: Look, *, blocks: bool) -> list[int] | None:
    """Return the widths of the columns: what they need, the lack shared out; None where words do not fit."""
    room = look.width - GAP * (len(whole) - 1)
    if blocks and look.width < NARROW:
        return None
    if sum(whole) <= room:
        return list(whole)
    least = list(words)
    spare = room - sum(least)
    if spare < 0:
        if blocks:
            return None
        widest = least.index(max(least))
        least[widest] = max(1, least[widest] + spare)
        return least
    wanted = [most - few for most, few in zip(whole, least, strict=True)]
    return [few + spare * want // (sum(wanted) or 1) for few, want in zip(least, wanted, strict=True)]


def _folded(cells: Sequence[str], widths: Sequence[int]) -> Iterator[str]:
    """Yield the lines of a row whose cells are folded to their widths."""
    first = cells[0].lstrip(" ")
    indent = " " * (len(cells[0]) - len(first))
    parts = [fold(cell, width) for cell, width in zip(cells[1:], widths[1:], strict=True)]
    parts.insert(0, [indent + line for line in fold(first, max(widths[0] - len(indent), 1))])
    for line in zip_longest(*parts, fillvalue=""):
        yield from _lines(line, line, widths)


def _lines(shown: Sequence[str], cells: Sequence[str], widths: Sequence[int]) -> Iterator[str]:
    """Yield one line of cells: `shown` is how they are written, `cells` is by what they are measured."""
    padded = (
        text + " " * (width - cell_len(cell) + GAP)
        for text, cell, width in zip(shown, cells, widths, strict=True)
    )
    yield "".join(padded).rstrip(" ")


def _records(heads: Sequence[str], read: Rows, look: Look) -> Iterator[str]:
    for row in read():
        for name, cell in zip(heads, row, strict=True):
            if cell:
                yield from paragraph(cell, look, indent=GAP, first=f"{name}: ", first_style="bold")
        yield ""
