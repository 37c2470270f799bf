"""Lines of text: folded to a width, styled, with what stands in their margin; an address is never folded."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from rich.cells import cell_len as rich_cell_len

from indotrade.screen.look import Look
from indotrade.text.escape import visible
from indotrade.text.sought import spans
from indotrade.wording.references import web_address

NARROW = 60
"""Below this many columns a name stands above its value, and not beside it."""
LEAST = 8
"""A text has at least so many columns."""
GAP = 2
"""The columns between two things that stand side by side."""
CODES = {"bold": "1", "italic": "3", "heading": "1;4", "alarm": "1;4", "sought": "7"}
"""How a style is written. None is a colour, and none is faint: what is read on black must be read on white, and letters
of half the strength are not (some terminals blend them to a contrast of 3.9:1). Nothing is meant by a style alone.
What was searched for is reversed, as pagers show it: the same two colours, and no status looks so."""

_WIDE = "\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef"
_BOUND_TO_THE_LEFT = "),.;:、。，．・：；！？」』）】〉》〕ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ"
_BOUND_TO_THE_RIGHT = "([「『（【〈《〔"
_OPENING = f"[{re.escape(_BOUND_TO_THE_RIGHT)}]{{0,3}}[{_WIDE}]"
_UNIT = re.compile(f" *(?:{_OPENING}[{_BOUND_TO_THE_LEFT}]*|[^ {_WIDE}]+?(?={_OPENING}|[ ]|$))")
_BREAKS = "-/._&=?,"
"""Behind these a word is broken that is longer than a line."""


def cell_len(text: str) -> int:
    """Return how many columns a text takes."""
    return len(text) if text.isascii() else rich_cell_len(text)


def fold(text: str, width: int) -> list[str]:
    """Return a text as lines of up to `width` columns: at least one line, however short the text.

    Lines end between words, and in Japanese and Chinese between characters. A word that is longer than a line is broken
    behind a hyphen or the like if it has one there, unless it is an address, which is never broken.
    """
    if cell_len(text) <= width:
        return [text]
    measure = len if text.isascii() else cell_len
    lines: list[str] = []
    line, used = "", 0
    for unit in _units(text):
        size = measure(unit)
        if used and used + size <= width:
            line += unit
            used += size
            continue
        if used:
            lines.append(line)
        line = unit.lstrip(" ")
        if measure(line) > width and not is_address(line):
            *whole, line = _pieces(line, width)
            lines += whole
        used = measure(line)
    return [*lines, line] if line or not lines else lines


def _units(text: str) -> Iterable[str]:
    """Return what a line may end behind, each with the blanks before it."""
    if text.isascii() or max(text) < "\u1100":
        first, *words = text.split(" ")
        return [first, *(f" {word}" for word in words)]
    return _UNIT.findall(text)


def _pieces(word: str, width: int) -> Iterator[str]:
    """Yield a word in pieces of up to `width` columns, in time that grows with its length alone."""
    start = 0
    while len(word) - start > 4 * width or cell_len(word[start:]) > width:
        piece = word[start : start + width]
        while len(piece) > 1 and (beyond := cell_len(piece) - width) > 0:
            piece = piece[: -max(1, beyond // 2)]
        near = max(piece.rfind(mark) for mark in _BREAKS) + 1
        piece = piece[:near] if near > len(piece) // 3 else piece
        yield piece
        start += len(piece)
    yield word[start:]


def is_address(word: str) -> bool:
    """Return whether a word is a web address."""
    return word.startswith(("https://", "http://"))


def styled(text: str, style: str, look: Look) -> str:
    """Return a text as a terminal shows it in a style of `CODES`, "" for none; addresses in it can be followed there."""
    if look.links and "://" in text:
        text = " ".join(_followed(word) if is_address(word) else word for word in text.split(" "))
    return f"\x1b[{CODES[style]}m{text}\x1b[0m" if style and text and look.colour else text


def _followed(address: str) -> str:
    """Return an address as a terminal shows it that can follow it; its id follows from it, and is the same at each run."""
    from zlib import crc32

    target = "".join(c if c.isascii() else "".join(f"%{byte:02X}" for byte in c.encode()) for c in address)
    return f"\x1b]8;id={crc32(target.encode()):08x};{target}\x1b\\{address}\x1b]8;;\x1b\\"


def marked(lines: Sequence[str], text: str, style: str, look: Look) -> Iterator[str]:
    """Yield the lines of a text as a terminal shows them in a style, and what was searched for marked in it."""
    found = spans(text, look.sought) if look.sought and look.colour else []
    end = 0
    for line in lines:
        start = text.index(line, end)
        end = start + len(line)
        shown, place = "", start
        for begin, stop in found:
            if begin < end and stop > place:
                shown += styled(text[place:begin], style, look)
                place = max(begin, place)
                shown += styled(text[place : min(stop, end)], "sought", look)
                place = min(stop, end)
        yield shown + styled(text[place:end], style, look)


def address(url: str | None, look: Look) -> str:
    """Return an address, never folded, which a terminal may follow where it can."""
    return styled(visible(web_address(url)), "", look)


def paragraph(
    text: str, look: Look, style: str = "", *, indent: int = 0, first: str = "", first_style: str = ""
) -> Iterator[str]:
    """Yield data as lines, hidden characters shown, all but the first `indent` columns to the right.

    `first` stands before it, in the place of the first line's indent. Elsewhere than on a terminal it is one line.
    """
    text = visible(text)
    taken = max(cell_len(first), indent)
    if not look.terminal:
        lines = [text]
    elif taken == indent:
        lines = fold(text, max(look.width - indent, LEAST))
    else:
        lines = _after(text, taken, indent, look)
    head = styled(first if lines[0] else first.rstrip(" "), first_style, look)
    pad = " " * (taken - cell_len(first)) if lines[0] else ""
    yield f"{head}{pad}{styled(lines[0], style, look)}"
    for line in lines[1:]:
        yield f"{' ' * indent}{styled(line, style, look)}"


def _after(text: str, taken: int, indent: int, look: Look) -> list[str]:
    """Return a text as lines of which the first is shorter by what stands before it, or empty where it has no room."""
    room = look.width - taken
    head = fold(text, room)[0] if room >= LEAST else ""
    if cell_len(head) > room:
        head = ""
    rest = text[len(head) :].lstrip(" ")
    return [head, *(fold(rest, max(look.width - indent, LEAST)) if rest else ())]


ADDRESS = "address"
"""The style of a value that is an address, and never folded."""


class Fact(NamedTuple):
    """A name and what it stands for."""

    name: str
    value: str
    style: str = ""
    """One of `CODES`, or `ADDRESS`."""


def facts(rows: Sequence[Fact], look: Look) -> Iterator[str]:
    """Yield names and values side by side, a line each; folded on a terminal, and below each other on a narrow one."""
    rows = [row for row in rows if row.value]
    narrow = look.terminal and look.width < NARROW
    indent = GAP if narrow else max((cell_len(row.name) for row in rows), default=0) + GAP
    for name, value, style in rows:
        if style == ADDRESS:
            yield " " * indent + address(value, look)
        else:
            yield from paragraph(value, look, style, indent=indent, first=f"{name}: " if narrow else name)


class Cell(NamedTuple):
    """A text beside others."""

    text: str
    style: str = ""
    """One of `CODES`."""
    searched: bool = False
    """Whether what was searched for is marked in it."""


def joined(cells: Sequence[Cell], stops: Sequence[int], indent: int, look: Look) -> Iterator[str]:
    """Yield lines with cells: each at its stop, or `GAP` behind the last; folded where they are too wide."""
    line, used = "", 0
    for (text, style, searched), stop in zip(cells, stops, strict=True):
        if not text:
            continue
        size = cell_len(text)
        start = max(stop, used + GAP) if used else 0
        if used and start + size > look.width:
            start = used + GAP
        if used and start + size > look.width:
            yield line
            line, used, start = "", 0, indent
        if start + size <= look.width:
            (shown,) = marked([text], text, style, look) if searched else [styled(text, style, look)]
            line += " " * (start - used) + shown
            used = start + size
            continue
        parts = fold(text, max(look.width - start, LEAST))
        *full, last = (
            marked(parts, text, style, look) if searched else (styled(it, style, look) for it in parts)
        )
        for part in full:
            yield " " * start + part
        line, used = " " * start + last, start + cell_len(parts[-1])
    if used:
        yield line
