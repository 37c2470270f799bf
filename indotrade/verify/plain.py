"""Finds the paragraphs of a plain text: among its lines, across its pages, and in its columns."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import accumulate, groupby, pairwise

VISIBLE = re.compile("[^\\s\u00ad\u200b-\u200d\u2060\ufeff]")

QUOTED = re.compile(r"^\s*+>[\s>]*+")
"""What a line of another's message begins with."""

LINE_ENDS = re.compile("\r\n?")

BROKEN = re.compile("(?<=\\w[-\u2010\u00ad])[^\\S\n]*\n\\s*(?=\\w)")
"""A line's end behind a hyphen, plain or soft: within a word, or within a compound such as `masing-masing`."""

NARROWEST = 30
"""Below how many characters the lines of a text are taken for short ones, not for wrapped ones."""

NARROWEST_COLUMN = 18
"""The same of a text that was laid out in pages or columns, whose lines were wrapped, but for the shortest."""

LONGEST_WORD = 24
"""What a line is taken to begin with at most, in characters: Japanese has no spaces between words."""

UNFINISHED = re.compile("[^.!?:;\u2026\u3002\"'\u201d\u2019\u00bb)\\]*\\s]\\s*$")
"""How a line ends in the midst of a sentence."""

# --- pages
EDGE = 3
"""How many lines at the top and at the foot of a page can be a running head or foot."""

DIGITS = re.compile("[0-9]+")

# --- columns
GAP = re.compile("(?<=\\S) {2,}(?=\\S)")
"""What lies between two columns, and within a line of one hardly ever."""

FEWEST = 3
"""How many lines must have something in common for it to be no chance: a gap between two columns, a width."""

LONGEST_LINE = 500
"""Lines longer than this, in characters, are not laid out in columns."""

DEEPEST = 3
"""How many times columns are looked for within columns."""


def one_line(text: str) -> str:
    r"""Return `text` on one line, but for the line ends that break a word: these stay, behind their hyphen.

    >>> one_line("Mereka masing-\n  masing di kemen-\nterian\n itu.")
    'Mereka masing-\nmasing di kemen-\nterian itu.'
    """
    return "\n".join(" ".join(part.split()) for part in BROKEN.split(text))


def is_visible(text: str) -> bool:
    """Return whether there is anything to be seen in `text`."""
    return VISIBLE.search(text) is not None


def plain(text: str, narrowest: int = NARROWEST) -> list[str]:
    """Return the paragraphs of a plain text: its lines, or its blocks where their lines are wrapped.

    A line that ends within a word goes on in the next.
    """
    lines = [" ".join(QUOTED.sub("", line).split()) for line in text.splitlines()]
    blocks = [list(block) for visible, block in groupby(lines, is_visible) if visible]
    width = _width(blocks, narrowest)
    paragraphs = (paragraph for block in blocks for paragraph in _paragraphs(block, width))
    return [one_line("\n".join(paragraph)) for paragraph in paragraphs]


def _paragraphs(block: list[str], width: int | None) -> Iterator[list[str]]:
    """Yield the lines of each paragraph of a block: of lines that were wrapped at a width, or not for None."""
    paragraph: list[str] = []
    for line in block:
        if paragraph and not _goes_on(paragraph[-1], line, width):
            yield paragraph
            paragraph = []
        paragraph.append(line)
    yield paragraph


def _goes_on(line: str, following: str, width: int | None) -> bool:
    """Return whether a paragraph goes on in the next line: within a word, or, where lines are wrapped, in most cases.

    Not where a line ends a sentence and has room for the next word.
    """
    if BROKEN.search(f"{line[-2:]}\n{following[:1]}"):
        return True
    if width is None:
        return False
    return UNFINISHED.search(line) is not None or _is_full(line, following, width)


def _width(blocks: list[list[str]], narrowest: int) -> int | None:
    """Return the width to which the lines of these blocks were broken; None where they are paragraphs of their own.

    They were broken if most lines that go on within their block could not have taken the first word of the next
    line without growing longer than nearly all lines of the text; where there is one block alone, if this holds of
    nearly all that end in the midst of a sentence, and these are many. Long addresses are left out of account.
    """
    lengths = sorted(len(line) for block in blocks for line in block if "://" not in line)
    width = lengths[len(lengths) * 4 // 5] if lengths else 0
    if width < narrowest:
        return None
    pairs = [pair for block in blocks for pair in pairwise(block)]
    most = 1 / 2
    if len(blocks) < 2:
        going_on = [pair for pair in pairs if UNFINISHED.search(pair[0])]
        if len(going_on) < max(FEWEST, len(pairs) / 2):
            return None
        pairs, most = going_on, 3 / 4
    full = sum(_is_full(line, following, width) for line, following in pairs)
    return width if full > most * len(pairs) else None


def _is_full(line: str, following: str, width: int) -> bool:
    """Return whether a line has no room for the first word of the next."""
    return len(line) + 1 + min(len(following.split(" ", 1)[0]), LONGEST_WORD) > width


def laid_out(text: str) -> list[str] | None:
    """Return the paragraphs of a text that was laid out in pages or columns; None for a text of neither.

    Pages are parted by form feeds. What stands at the top or foot of several of them alike, but for its
    numbers, is left out; a paragraph goes on in the next page or column where a sentence does. Columns are
    parted by blanks that most lines of the page have in the same place. A blank line within a word is one of
    another column.
    """
    pages = [LINE_ENDS.sub("\n", page).split("\n") for page in text.split("\f") if is_visible(page)]
    parts = [part for page in _without_heads(pages) for part in _columns(page)]
    if len(parts) < 2:
        return None
    whole: list[str] = []
    for part in parts:
        begins, ends = _edges(part)
        if whole and not (UNFINISHED.search(whole[-1]) and begins[:1].islower()):
            whole.append("")
        whole += ends
    return plain(BROKEN.sub("\n", "\n".join(whole)), NARROWEST_COLUMN)


def _edges(lines: list[str]) -> tuple[str, list[str]]:
    """Return the first visible line, without its indent, and the lines from it to the last visible one."""
    seen = [place for place, line in enumerate(lines) if is_visible(line)]
    whole = lines[seen[0] : seen[-1] + 1]
    return whole[0].lstrip(), whole


def _without_heads(pages: list[list[str]]) -> list[list[str]]:
    """Return the pages without running heads and page numbers: lines at their edges that return on others."""
    places = [_at_edges(page) for page in pages]
    alike = Counter(
        key for page, at in zip(pages, places, strict=True) for key in {_alike(page[i]) for i in at}
    )
    often = max(2, len(pages) / 3)
    kept = [
        [line for i, line in enumerate(page) if i not in at or alike[_alike(line)] < often]
        for page, at in zip(pages, places, strict=True)
    ]
    return [page for page in kept if any(map(is_visible, page))]


def _at_edges(page: list[str]) -> set[int]:
    """Return where the first and the last visible lines of a page are."""
    seen = [place for place, line in enumerate(page) if is_visible(line)]
    return {*seen[:EDGE], *seen[-EDGE:]}


def _alike(line: str) -> str:
    """Return what a line has in common with its like on other pages."""
    return DIGITS.sub("#", " ".join(line.split()))


def _columns(lines: list[str], depth: int = 0) -> Iterator[list[str]]:
    """Yield the parts of a page in the order in which they are read, none of them blank.

    A line across the gutter, such as a heading, parts what is above it from what is below.
    """
    if all(len(line) <= LONGEST_LINE for line in lines):
        lines = [line.expandtabs().rstrip() for line in lines]
    gutter = _gutter(lines) if depth < DEEPEST else None
    if gutter is None:
        yield lines
        return
    cuts = [_cut(line, gutter) for line in lines]
    for across, band in groupby(zip(lines, cuts, strict=True), lambda pair: pair[1] is None):
        pairs = list(band)
        sides = [[line for line, _ in pairs]]
        if not across:
            sides = [[line[:cut] for line, cut in pairs], [line[cut:] for line, cut in pairs]]
        for side in sides:
            if any(map(is_visible, side)):
                yield from [side] if across else _columns(side, depth + 1)


def _gutter(lines: list[str]) -> int | None:
    """Return the last column of the blanks between two columns of text; None where there are no two."""
    if any(len(line) > LONGEST_LINE for line in lines):
        return None
    changes = [0] * (LONGEST_LINE + 2)
    for line in lines:
        for gap in GAP.finditer(line):
            changes[gap.start()] += 1
            changes[gap.end()] -= 1
    shared = list(accumulate(changes))
    most = max(shared)
    if most < FEWEST:
        return None
    gutter = len(shared) - 1 - shared[::-1].index(most)
    return gutter if most >= sum(_cut(line, gutter) is None for line in lines) else None


def _cut(line: str, gutter: int) -> int | None:
    """Return where a line is cut into its left and right part: in its gap at the gutter; None where it goes across."""
    if len(line) <= gutter or not line[: gutter + 1].strip():
        return gutter + 1
    for near in GAP.finditer(line):
        if near.start() <= gutter < near.end():
            return gutter + 1
        if near.start() <= gutter + 2 and near.end() > gutter - 2:  # the columns of a page are not quite even
            return near.end()
    return None
