"""Puts the number of a figure together: from digits with points and commas, and from addends and factors in words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Context, Decimal

MOST_DIGITS = 40
"""A longer run of digits is no figure; the records take no longer one either."""
EXACT = Context(prec=4 * MOST_DIGITS)
"""Multiplies and adds without rounding: the factors after a number only grow, and end at 10 to the 12th."""
_GROUPS_BY = {"id": ".", "en": ",", "ja": ","}
_MARKS = ".,' "


def readings(digits: str, language: str | None, *, scaled: bool) -> tuple[Decimal, ...]:
    """Return the numbers that digits with points, commas, spaces and quotes can be; none for what is no number.

    One point or comma before three digits is between thousands, or a decimal mark. Where it is the language's
    own sign between thousands it is no decimal mark, but before a factor or a percent sign, where papers mix
    the two customs.
    """
    *groups, last = re.split(f"[{_MARKS}]", digits)
    marks = [sign for sign in digits if sign in _MARKS]
    joined = "".join(groups)
    if len(joined + last) > MOST_DIGITS:
        return ()
    whole, decimal = Decimal(joined + last), Decimal(f"{joined or 0}.{last}")
    grouped = bool(groups) and 1 <= len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])
    thousands = grouped and len(last) == 3 and not joined.startswith("0")
    if not marks:
        return (whole,)
    if len(set(marks)) > 1:
        return (decimal,) if grouped and len(set(marks[:-1])) == 1 and marks[-1] in ".," else ()
    between = len(marks) > 1 or marks[0] in "' "  # then they are no decimal mark
    if not thousands:
        return () if between else (decimal,)
    own = _GROUPS_BY.get(language or "")
    if between or (marks[0] == own and not scaled):
        return (whole,)
    return (whole, decimal) if own in (None, marks[0]) else (decimal, whole)


def room_of(number: Decimal) -> int:
    """Return below what a number may be that is added to a number word: 10 after twenty, 100 after three hundred."""
    text = f"{number:f}"
    return 10 ** (len(text) - len(text.rstrip("0"))) if number > 10 else 1


class Sum:
    """A number as it is put together from left to right: addends, each with its room for a smaller one."""

    def __init__(self) -> None:
        self.addends: list[tuple[tuple[Decimal, ...], int]] = []
        self.factors: tuple[Decimal, ...] = ()
        """The last factor, or what it can be; empty where there was none."""

    @property
    def room(self) -> int:
        """How small a further number must be."""
        return self.addends[-1][1] if self.addends else 0

    def add(self, values: tuple[Decimal, ...], room: int) -> bool:
        """Add a number behind the others; False where it does not fit."""
        if self.addends and max(values) >= self.room:
            return False
        self.addends.append((values, room))
        return True

    def multiply(self, factors: tuple[Decimal, ...]) -> bool:
        """Multiply what came since the last greater factor; False where nothing did."""
        room = int(factors[0])
        parts = []
        while self.addends and self.room < room:
            parts.append(self.addends.pop()[0])
        if not parts or self.room == room:  # "dua juta lima juta" is no number
            self.addends += [((), 0)] * len(parts)
            return False
        products = [EXACT.multiply(value, factor) for factor in factors for value in _total(parts)]
        self.addends.append((tuple(products), room))
        self.factors = factors
        return True

    def make_teen(self) -> bool:
        """Add ten to a number below ten; False where it is none."""
        if self.room != 1 or len(self.addends[-1][0]) != 1:
            return False
        ((value,), _) = self.addends.pop()
        self.addends.append(((value + 10,), 0))
        return True

    def total(self) -> tuple[Decimal, ...]:
        """Return the values of the whole; none where it is no number."""
        return _total([values for values, _ in self.addends])


def _total(parts: Sequence[tuple[Decimal, ...]]) -> tuple[Decimal, ...]:
    """Return the sum of numbers; of more than one, the likeliest value of each counts."""
    if len(parts) == 1 or not all(parts):
        return parts[0] if len(parts) == 1 else ()
    total = Decimal(0)
    for part in parts:
        total = EXACT.add(total, part[0])
    return (total,)
