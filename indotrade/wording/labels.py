"""What the words of the records are called on a screen: statuses, kinds, relations, strengths."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from indotrade.text.fold import key
from indotrade.wording.sentences import LANGUAGES, synonyms, word

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

STATUS_REASON = {
    "misprint": "the printed figure cannot be what was meant",
    "superseded": "the outcome of this forecast is known",
    "disputed": "an independent source asserts the contrary",
    "corroborated": "an independent source asserts the same",
    "single": "no independent source was found that asserts or denies it",
}
"""Why a claim has its status, in short: `STATUS_MEANS` is what decides."""

RELATION = {
    "supports": "Supports it",
    "conflicts": "Speaks against it",
    "context": "Context: another scope, date or definition",
    "same-report": "Same report: one voice with the article",
}
"""What evidence does to a claim, as a heading."""


def term(value: str | None, language: str) -> str:
    """Return a word of the records as a screen shows it; "" for none.

    >>> term("secondary-copy", "en"), term("disputed", "id")
    ('secondary copy', 'dibantah')
    """
    return word(value.replace("-", " "), language) if value else ""


def meant(asked: str, choices: Sequence[str]) -> str | None:
    """Return which word of the records is meant by what any language calls it; None where none is.

    >>> meant("Salah cetak", ["single", "misprint"]), meant("tanggal", ["said"]), meant("x", ["said"])
    ('misprint', 'said', None)
    """
    spelling = key(asked)
    return next((choice for choice in choices if spelling in map(key, called(choice))), None)


def called(value: str) -> list[str]:
    """Return what a word of the records is called: itself, as each language shows it, and as people say it besides."""
    shown = [term(value, language) for language in LANGUAGES]
    return list(
        dict.fromkeys([value, *shown, *(name for said in synonyms() for name in said.get(value, ()))])
    )


def spoken(text: Mapping[str, str] | str | None, language: str) -> str:
    """Return what a text says in a language, else in the dataset's first language that it has; "" for none.

    >>> spoken({"en-GB": "Colour", "ja": "色"}, "en"), spoken({"ja": "色"}, "en")
    ('Colour', '色')
    """
    if text is None or isinstance(text, str):
        return text or ""
    if language in text:
        return text[language]
    variant = next((said for code, said in text.items() if code.partition("-")[0] == language), None)
    return variant or next(iter(text.values()), "")
