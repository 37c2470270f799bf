"""Guards the text of a cell, so that no spreadsheet runs it or drops its zeros, and takes the guard off again."""

from __future__ import annotations

import re

_CHANGED = re.compile("'*(?:[=+\\-@\t\r＝＋－＠]|0[0-9]+(?:[.:][0-9]+)*\\Z)")
"""What a spreadsheet would run, or as a number lose the zeros of, guarded already or not."""
_FIRST = frozenset("'=+-@\t\r＝＋－＠0")
"""What that begins with: most texts do not, which is known sooner than what a pattern finds."""
_NUMERAL = frozenset("0123456789.,%")


def guarded(text: str) -> str:
    """Return a text with `'` before what a spreadsheet would run or shorten; a number with a sign is none of that.

    >>> guarded("=1+1"), guarded("'=1+1"), guarded("0901.10"), guarded("-5"), guarded("batik")
    ("'=1+1", "''=1+1", "'0901.10", '-5', 'batik')
    """
    return "'" + text if text[:1] in _FIRST and _CHANGED.match(text) and not _is_number(text) else text


def unguarded(cell: str) -> str:
    """Return the text that was guarded.

    >>> unguarded("'=1+1"), unguarded("''=1+1"), unguarded("-5"), unguarded("'Pekan' di dermaga")
    ('=1+1', "'=1+1", '-5', "'Pekan' di dermaga")
    """
    return cell[1:] if cell.startswith("'") and _CHANGED.match(cell) else cell


def _is_number(cell: str) -> bool:
    return cell[0] in "+-" and cell[1:2].isdigit() and _NUMERAL.issuperset(cell[1:])
