"""One normalisation of text, for building and for asking, and what follows from it: keys and words."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Literal


def fold(text: str) -> str:
    """Return `text` without the differences that do not count when words are compared.

    Case, accents and width are gone (NFKC, casefold, no combining accents; the voicing marks of kana
    are no accents and stay), the i without a dot is one, as it is when it is written large, and each run
    of white space is one space.

    >>> fold("  Café\\tＢＡＴＩＫ ")
    'cafe batik'
    """
    if text.isascii():
        return " ".join(text.lower().split())
    normalize = _normalize()
    text = normalize("NFKD", normalize("NFKC", text).casefold()).replace("ı", "i")
    text = normalize("NFKC", _accents().sub("", text))
    return " ".join(text.split())


@cache
def _normalize() -> Callable[[Literal["NFKC", "NFKD"], str], str]:
    from unicodedata import normalize  # a quarter of a millisecond that ASCII does without

    return normalize


@cache
def _accents() -> re.Pattern[str]:
    return re.compile("[\u0300-\u036f]")


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
