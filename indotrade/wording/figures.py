"""Figures and dates as people read them: `US$45,000,000`, `more than 70,000 people (2022-04)`, `2018-02-22 (inferred)`."""

from __future__ import annotations

from indotrade.dataset.records import Figure, Said
from indotrade.wording.sentences import grouping, word

BOUND = {
    "exact": "{}",
    "about": "about {}",
    "at-least": "at least {}",
    "more-than": "more than {}",
    "up-to": "up to {}",
}
"""How a number is to be read."""
CURRENCY = {"USD": "US$", "IDR": "Rp", "JPY": "¥"}
"""The sign that stands before a number of a currency."""


def number(value: str, language: str) -> str:
    """Return a decimal string with separators: `45,000,000.5`, in Indonesian `45.000.000,5`."""
    group, point = grouping(language)
    sign = "-" if value.startswith("-") else ""
    whole, _, fraction = value.lstrip("-").partition(".")
    return sign + f"{int(whole):,}".replace(",", group) + (point + fraction if fraction else "")


def unit_word(unit: str, language: str) -> str:
    """Return a unit in a language: `people`, `orang`; a currency's sign, or what is not known as it is."""
    return CURRENCY.get(unit) or word(unit, language)


def quantity(value: str, unit: str, language: str) -> str:
    """Return a number with its unit: `US$45,000,000`, `300 percent`."""
    parts = number(value, language), unit_word(unit, language)
    return "".join(reversed(parts)) if unit in CURRENCY else " ".join(parts)


def bounded(amount: str, bound: str, language: str) -> str:
    """Return an amount as it is to be read: `more than 70,000`."""
    return word(BOUND[bound], language).format(amount)


def figure_text(figure: Figure | None, language: str, *, period: bool = True) -> str:
    """Return a figure with its bound, unit and period; a misprint marked, with its likely reading."""
    if figure is None:
        return ""
    printed = bounded(quantity(figure.value, figure.unit, language), figure.bound, language)
    if figure.reading:
        reading = quantity(figure.reading.value, figure.unit, language)
        printed += f" [{word('sic', language)}], {word('probably', language)} {reading}"
    return f"{printed} ({figure.period})" if period and figure.period else printed


def said_text(said: Said, language: str) -> str:
    """Return the date of a remark, marked where it is inferred."""
    return said.date if said.basis == "printed" else f"{said.date} ({word('inferred', language)})"
