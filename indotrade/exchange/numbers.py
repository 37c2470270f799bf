"""Decimals as numbers of programs that know no decimals, where nothing of them is lost."""

from __future__ import annotations

from decimal import Decimal

_DIGITS = 15
"""How many digits a spreadsheet keeps, and any double."""


def number(text: str) -> int | float | None:
    """Return a decimal as the number that is written as the same text; None where there is none.

    >>> number("45000000"), number("2.5"), number("2.50"), number("0.1234567890123456")
    (45000000, 2.5, None, None)
    """
    if sum(map(str.isdigit, text)) > _DIGITS:
        return None
    found = float(text)
    whole = int(found) if found.is_integer() else found
    return whole if plain(whole) == text else None


def plain(found: float) -> str:
    """Return a number in plain decimal digits.

    >>> plain(45000000), plain(2.5), plain(640.0), plain(1e-7)
    ('45000000', '2.5', '640', '0.0000001')
    """
    whole = int(found) if float(found).is_integer() else found
    return f"{Decimal(repr(whole)):f}"
