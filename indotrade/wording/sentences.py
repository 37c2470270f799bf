"""Says a message in the language of the screen: the sentence of its catalogue, else the English one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import import_module
from typing import Any

from indotrade.errors import Argument, Message, Shown

LANGUAGES: dict[str, str | None] = {"en": None, "id": "indonesian"}
"""The languages of the screens, each with the module that is its catalogue; English is in the code."""


ENGLISH = {"said": ("date",), "value": ("figure",)}
"""What English speakers type for a word of the records that it is not."""


@cache
def _catalogue(language: str) -> Any:
    """Return the catalogue of a language; None for English."""
    name = LANGUAGES[language]
    return import_module(f"indotrade.wording.{name}") if name else None


def synonyms() -> list[dict[str, tuple[str, ...]]]:
    """Return, of each language, what people type for words of the records that a screen calls otherwise."""
    return [ENGLISH, *(_catalogue(language).SYNONYMS for language, name in LANGUAGES.items() if name)]


def word(english: str, language: str) -> str:
    """Return a word or sentence in a language; in English where the catalogue does not have it.

    >>> word("Claims", "id"), word("Claims", "en"), word("Harbour News", "id")
    ('Klaim', 'Claims', 'Harbour News')
    """
    catalogue = _catalogue(language)
    if catalogue is None:
        return english
    return told(FILLED[english], language) if english in FILLED else catalogue.SENTENCES.get(english, english)


def told(message: Message, language: str) -> str:
    """Return a message as the command line says it: in a language, arguments spelled as options.

    >>> told(Message("{argument} takes {choices}", argument=Argument("from_"), choices="a, b"), "en")
    '--from takes a, b'
    """
    values = {name: _value(value, language) for name, value in message.values.items()}
    return word(message.template, language).format(**values)


FILLED: dict[str, Message] = {}
"""The messages that `filled` took, by their English."""


def filled(message: Message) -> str:
    """Return a message in English, of which `word` knows how it is said in other languages.

    It is for what takes texts before the language is known, as Typer takes the help of an option.
    """
    english = str(message)
    FILLED[english] = message
    return english


def one_of(choices: Sequence[str]) -> str:
    """Return what help says of an option that takes one of some words."""
    return filled(Message("One of {choices}.", choices=", ".join(choices)))


def number_of(number: int, one: str) -> Message:
    """Return a number of things: `1 claim`, `47 claims`."""
    return Message("{number:,} " + (one if number == 1 else f"{one}s"), number=number)


def _value(value: object, language: str) -> object:
    if isinstance(value, Shown):
        value = value.text
    if isinstance(value, Message):
        return told(value, language)
    if isinstance(value, Argument):
        return f"--{value.rstrip('_').replace('_', '-')}"
    return _Number(value, language) if isinstance(value, int) else value


class _Number:
    """A whole number in a sentence: with `:,` its thousands are grouped as the language does."""

    def __init__(self, number: int, language: str) -> None:
        self._number, self._language = number, language

    def __format__(self, spec: str) -> str:
        return format(self._number, spec).replace(",", grouping(self._language)[0])


def grouping(language: str) -> tuple[str, str]:
    """Return the sign between thousands, and the decimal mark: `,` and `.` in English."""
    catalogue = _catalogue(language)
    return (catalogue.GROUP, catalogue.POINT) if catalogue else (",", ".")
