"""Tells where the value of a figure is not what its printed words say: `13.000` for "13 ribu", which is 13000."""

from __future__ import annotations

import re
from functools import lru_cache

from indotrade.dataset.records import Figure
from indotrade.errors import Message, shown
from indotrade.text.choices import either

_MOST_READINGS = 4
_ALL_ONES = str.maketrans("023456789", "111111111")
_but_digits = re.compile("[^0-9]+").sub


def misread(figure: Figure, language: str | None = None) -> Message | None:
    """Return what the printed words of a figure say where its value is not that; None where it is.

    The value of a misprint is as printed too, so it is held to the words as any other. `language` is that of
    the source, and decides what a point and a comma are where the words do not. Words in which there is no
    number say nothing.
    """
    words, value = figure.as_printed, figure.value
    if not words:
        return None
    digits = _but_digits("", words)
    if digits:  # a million figures have a few hundred shapes, and reading is dear
        for places in _places(words.translate(_ALL_ONES), figure.unit, language):
            if value == (digits + "0" * places if places >= 0 else f"{digits[:places]}.{digits[places:]}"):
                return None
    return _told(words, value, figure.unit, language)


@lru_cache(maxsize=4096)
def _places(shape: str, unit: str, language: str | None) -> tuple[int, ...]:
    """Return how many places behind the digits of words the point can stand: 3 in "11 ribu", -1 in "1,1%".

    A shape is words with a 1 for each digit. Nothing where it is not the digits alone that make the value.
    """
    from indotrade.text import numerals  # the bundled data are trusted, and look-ups in them do without

    ones = _but_digits("", shape)
    values = {numerals.written(value) for figure in numerals.read(shape, language) for value in figure.values}
    return tuple(
        len(value.partition(".")[0]) - len(ones)
        for value in values
        if value.replace(".", "").rstrip("0") == ones and numerals.says(shape, value, unit, language)
    )


@lru_cache(maxsize=4096)
def _told(words: str, value: str, unit: str, language: str | None) -> Message | None:
    """Return the sentence of `misread` after reading the very words."""
    from indotrade.text import numerals

    if numerals.says(words, value, unit, language) is not False:
        return None
    figures = numerals.read(words, language)
    readings = [
        f"{numerals.written(reading)} {figure.unit or ''}".rstrip()
        for figure in figures
        for reading in figure.values
    ]
    same = any(numerals.written(reading) == value for figure in figures for reading in figure.values)
    return Message(
        "{words} reads as {readings}, not {value}",
        words=shown(words),
        readings=either(list(dict.fromkeys(readings))[:_MOST_READINGS]),
        value=f"{value} {unit}" if same else value,  # then it is the unit that is wrong
    )
