"""Reads the figures that stand in printed words: Indonesian, English and Japanese, in digits or written out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import NamedTuple

from indotrade.text.figure_span import END, HUNDREDS, Figure
from indotrade.text.figure_sums import EXACT
from indotrade.text.figure_tokens import Token, tokens


class Printed(NamedTuple):
    """A figure as its words give it."""

    values: tuple[Decimal, ...]
    """Every number that the words can mean, in whole units, the likeliest first: `13.000` is 13000 or 13."""
    unit: str | None
    """As the records have it: an ISO 4217 code, or `percent`, `people`, `times`...; None where it is unsaid."""
    bound: str | None
    """`exact`, `about`, `at-least`, `more-than` or `up-to`; None where it is unsaid."""


def read(text: str, language: str | None = None) -> list[Printed]:
    """Return the figures in a text, in order; dates, ordinals and what is no exact number (`ratusan`) are none.

    `language` (`id`, `en`, `ja`) decides what a point and a comma are where the words themselves do not.
    A range is two figures, its ends: bound `at-least` and `up-to`. Who is "nearly" there is `about` there,
    for `up-to` would hold for anything smaller as well; "less than" is `up-to`, the nearest that the records have.
    A bare dollar is that of the United States.

    >>> read("lebih dari 13 ribu dolar AS per tahun")
    [Printed(values=(Decimal('13000'),), unit='USD', bound='more-than')]
    """
    read_tokens = tokens(text)
    voices = {token.language for token in read_tokens if token.language}
    figures = list(_figures(read_tokens, voices.pop() if len(voices) == 1 else language))
    _join_ranges(figures, read_tokens)
    return [
        Printed(tuple(Decimal(written(value)) for value in figure.values), figure.unit, figure.bound)
        for figure in figures
        if not figure.dated
    ]


def says(as_printed: str, value: str, unit: str | None = None, language: str | None = None) -> bool | None:
    """Return whether a decimal string is a number that the printed words can mean; None where they have none.

    A value below zero is also that of words without a sign: a fall stands in its verb. Units count only where
    both are known to be different: a percentage is no amount of money, and a rupiah no dollar.

    >>> says("13 ribu", "13000"), says("13 ribu", "13.000"), says("banyak", "13000")
    (True, False, None)
    """
    figures = read(as_printed, language)
    try:
        wanted = Decimal(value)
    except InvalidOperation:
        return None
    if not figures or not wanted.is_finite():
        return None
    wanted_values = {wanted, wanted.copy_abs()} if wanted < 0 else {wanted}
    return any(
        not _different(figure.unit, unit) and not wanted_values.isdisjoint(figure.values)
        for figure in figures
    )


def written(value: Decimal) -> str:
    """Return a number as the records write it: `45000000`, `2.5`.

    >>> written(Decimal("4.50E+7")), written(Decimal("2.50"))
    ('45000000', '2.5')
    """
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


_MANY_CURRENCIES = {"USD": "AUD BND CAD HKD NZD SGD TWD", "JPY": "CNY"}
"""The currencies that share a sign or a word with the one that is read: `$`, `¥`."""


def _different(printed: str | None, unit: str | None) -> bool:
    """Return whether two units cannot be the same."""
    if not printed or not unit or printed == unit:
        return False
    kinds = [name == "percent" or re.fullmatch("[A-Z]{3}", name) for name in (printed, unit)]
    return all(kinds) and unit not in _MANY_CURRENCIES.get(printed, "")


# --- figures ---------------------------------------------------------------------------------------------

_STARTS = {"digits", "number", "share", "twice"}


def _figures(tokens: list[Token], language: str | None) -> Iterator[Figure]:
    """Yield the figures among the tokens, dates too."""
    place = floor = 0
    while place < len(tokens):
        token = tokens[place]
        if token.kind in _STARTS or (token.kind == "times" and token.text in HUNDREDS):
            figure = Figure(tokens, place, floor, language)
            if figure.values:
                yield figure
            place = floor = max(figure.last, place + 1)
        else:
            place += 1


def _join_ranges(figures: list[Figure], tokens: list[Token]) -> None:
    """Give the ends of each range what they share: the unit, the factor, being a date; and their bounds."""
    for low, high in pairwise(figures):
        if high.first != low.last + 1 or (low.unit and high.unit and low.unit != high.unit):
            continue
        joint = tokens[low.last]
        before = tokens[low.first - 1] if low.first else END
        if joint.kind not in ("join", "dash") and not (joint.kind == "and" and before.kind == "between"):
            continue
        if low.dated or high.dated or (low.is_year and high.is_year and not high.unit and not low.bound):
            low.dated = high.dated = True
            continue
        if high.number.factors and not low.number.factors:
            larger = tuple(
                EXACT.multiply(value, factor) for factor in high.number.factors for value in low.values
            )
            low.values = tuple(value for value in larger if value <= high.values[0]) + low.values
        low.unit = high.unit = low.unit or high.unit
        if low.bound or high.bound:
            low.bound = high.bound = low.bound or high.bound
        elif low.values[0] < high.values[0] and before.text not in ("from", "dari") and joint.text != "から":
            low.bound, high.bound = "at-least", "up-to"
