"""Figures and dates as people read them: `US$45,000,000`, `more than 70,000 people (2022-04)`, `2018-02-22 (inferred)`."""

from __future__ import annotations

from indotrade.dataset.records import Claim, Figure, Reading
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


def counted(count: int, noun: str, language: str) -> str:
    """Return how many there are of a noun: `1 voice`, `8 voices`, `8 suara`."""
    return f"{number(str(count), language)} {word(noun if count == 1 else f'{noun}s', language)}"


def unit_word(unit: str, language: str) -> str:
    """Return a unit in a language: `people`, `orang`; a currency's sign, or what is not known as it is."""
    return CURRENCY.get(unit) or word(unit, language)


def quantity(value: str, unit: str, language: str) -> str:
    """Return a number with its unit: `US$45,000,000`, `300 percent`."""
    parts = number(value, language), unit_word(unit, language)
    return "".join(reversed(parts)) if unit in CURRENCY else " ".join(parts)


def bounded(amount: str, bound: str | None, language: str) -> str:
    """Return an amount as it is to be read: `more than 70,000`; as it is where nothing is known of that."""
    return word(BOUND[bound or "exact"], language).format(amount)


def figure_text(figure: Figure | None, language: str, *, period: bool = True) -> str:
    """Return a figure with its bound, unit and period; a misprint marked, with its likely reading."""
    if figure is None:
        return ""
    printed = bounded(quantity(figure.value, figure.unit, language), figure.bound, language)
    if figure.reading:
        reading = likely(figure, figure.reading, language)
        printed += f" [{word('sic', language)}], {word('probably', language)} {reading}"
    return f"{printed} ({figure.period})" if period and figure.period else printed


def likely(figure: Figure, reading: Reading, language: str) -> str:
    """Return what a misprint was probably meant to say, with its unit."""
    return quantity(reading.value, reading.unit or figure.unit, language)


def said_text(claim: Claim, language: str) -> str:
    """Return the date of a claim, marked where it is inferred; "" where it is not known."""
    said = claim.said
    if said is None or said.date is None:
        return ""
    return f"{said.date} ({word('inferred', language)})" if said.basis == "inferred" else said.date
