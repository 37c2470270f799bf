"""What the words of the records are called on a screen: statuses, kinds, relations, strengths."""

from __future__ import annotations

from typing import Any

from indotrade.dataset.records import Bilingual, Label
from indotrade.wording.sentences import word

STATUS_MEANS = {
    "misprint": (
        "the printed figure cannot be what was meant; it is kept as printed, with the likely reading and why"
    ),
    "superseded": "a forecast whose outcome is known",
    "disputed": (
        "an independent source asserts the contrary (for a figure: the same measure and unit, a scope and date not"
        " known to differ, a value that the bound does not allow); also where others support it"
    ),
    "corroborated": "an independent source asserts the same, and none the contrary",
    "single": "the article alone says so; no independent source was found that asserts or denies it",
}
"""What each status says of a claim, in the order in which they are decided; `data/README.md` has the same."""

RELATION = {
    "supports": "Supports it",
    "conflicts": "Speaks against it",
    "context": "Context: another scope, date or definition",
    "same-report": "Same report: one voice with the article",
}
"""What evidence does to a claim, as a heading."""


def term(value: str, language: str) -> str:
    """Return a word of the records as a screen shows it.

    >>> term("secondary-copy", "en"), term("disputed", "id")
    ('secondary copy', 'dibantah')
    """
    return word(value.replace("-", " "), language)


def spoken(text: Bilingual | Label | str | None, language: str) -> str:
    """Return what a text says in a language, in English where it does not have it; "" for none."""
    if text is None or isinstance(text, str):
        return text or ""
    said: Any = getattr(text, language, None) or text.en
    return str(said)
