"""One normalisation of text, for building and for asking, and what follows from it: keys, words, near misses."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

from indotrade.errors import Argument, Message, Misused


def fold(text: str) -> str:
    """Return `text` without the differences that do not count when words are compared.

    Case, accents and width are gone (NFKC, casefold, no combining accents; the voicing marks of kana
    are no accents and stay), and each run of white space is one space.

    >>> fold("  Café\\tＢＡＴＩＫ ")
    'cafe batik'
    """
    if text.isascii():
        return " ".join(text.lower().split())
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    text = unicodedata.normalize("NFKC", re.sub("[\u0300-\u036f]+", "", text))
    return " ".join(text.split())


@lru_cache(maxsize=1 << 16)
def key(name: str) -> str:
    """Return what two spellings of one name have in common: the letters and digits of its folded form.

    >>> key("SME Center") == key("sme-center") == key("SMECenter")
    True
    """
    return "".join(words(name))


def words(name: str) -> list[str]:
    """Return the words of a name, folded: runs of letters and digits.

    >>> words("BNI Global Diaspora Week (2022)")
    ['bni', 'global', 'diaspora', 'week', '2022']
    """
    return split(fold(name))


def split(folded: str) -> list[str]:
    """Return the words of a name that is folded already."""
    return re.findall(r"[^\W_]+", folded)


def nearest(asked: str, known: Iterable[str], most: int = 3) -> list[str]:
    """Return up to `most` of the `known` keys that look like a misspelling of `asked`, the likeliest first."""
    from difflib import get_close_matches

    return get_close_matches(key(asked)[:100], known, n=most, cutoff=0.7)


def is_text(asked: str) -> bool:
    """Return whether an argument is text: bytes that are not UTF-8 arrive as lone surrogates."""
    return asked.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in asked)


def choice(asked: str, choices: Sequence[str], argument: str) -> str:
    """Return `asked` if it is one of the choices of an argument. Raises Misused with the choices."""
    if asked in choices:
        return asked
    values = {"argument": Argument(argument), "asked": asked[:80], "choices": ", ".join(choices)}
    if near := nearest(asked, choices, 1):
        raise Misused(
            Message('{argument} cannot be "{asked}"; did you mean {near}?', **values, near=near[0]),
            Message("{argument} takes {choices}", **values),
        )
    raise Misused(Message('{argument} cannot be "{asked}"; it takes {choices}', **values))
