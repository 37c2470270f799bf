"""Reads the figure of a cell: its number, its unit and its bound, from the words in which it was printed."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from indotrade.errors import Message
from indotrade.exchange.rows.drafts import Unreadable
from indotrade.exchange.spreadsheets.sheets import Number
from indotrade.text import numerals

_PLAIN = re.compile(r"-?(0|[1-9][0-9]{0,30})([.][0-9]{1,30})?")
_LONGEST_UNIT = 40


class Read(NamedTuple):
    """What the words of a figure say."""

    value: str
    """A decimal number in whole units."""
    unit: str | None
    bound: str | None
    other: str | None = None
    """Another number that the words can mean: `13.000` is thirteen thousand, or thirteen."""
    is_range: bool = False
    """Whether it is the lower end of a range."""


def read(words: str, language: str | None) -> Read:
    """Return what the words of a figure say. Raises Unreadable where they are no one figure."""
    if isinstance(words, Number):
        share = words.endswith("%")
        return Read(words.rstrip("%"), "percent" if share else None, None)
    found = numerals.read(words, language)
    if not found:
        raise Unreadable(Message('"{text}" is no figure that can be read', text=words[:60]))
    first = found[0]
    is_range = len(found) == 2 and (first.bound, found[1].bound) == ("at-least", "up-to")
    if is_range:
        found = [first]
    if len(found) > 1:
        told = Message(
            '"{text}" holds {count} figures: name one, with the columns value and unit',
            text=words[:60],
            count=len(found),
        )
        raise Unreadable(told)
    values = [numerals.written(value) for value in first.values]
    unit = first.unit or _counted(words, first.values, language)
    return Read(values[0], unit, first.bound, values[1] if len(values) > 1 else None, is_range)


def _counted(words: str, values: tuple[Decimal, ...], language: str | None) -> str | None:
    """Return what is counted: the words behind the number, without which the number is the same."""
    pieces = words.split()
    for end in range(1, len(pieces)):
        figures = numerals.read(" ".join(pieces[:end]), language)
        if len(figures) == 1 and figures[0].values == values:
            counted = " ".join(pieces[end:]).strip(" .,;:()")
            return counted if counted and len(counted) <= _LONGEST_UNIT else None
    return None


def number(text: str, language: str | None) -> str:
    """Return a number that somebody wrote for programs or for people as a decimal string. Raises Unreadable."""
    if _PLAIN.fullmatch(text):
        return text
    return read(text, language).value


def unit(text: str) -> str:
    """Return a unit as the records have it, where its word is known: `USD` for `US$`, `people` for `orang`."""
    found = numerals.read(f"2 {text}")
    return (found[0].unit or text) if len(found) == 1 else text
