"""Cuts a text into what matters to the figures in it: digits, the words and signs of figures, and all else."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from indotrade.text.figure_words import SHORT, Word, words


class Token(NamedTuple):
    """A word as `figure_words` has it, `digits`, a letter that is `short` for a factor, or anything `other`."""

    kind: str
    value: Any
    language: str | None
    text: str
    start: int
    end: int


def tokens(text: str) -> list[Token]:
    """Return the tokens of a text, in order. `start` and `end` tell which of them touch."""
    found: list[Token] = []
    pieces = [(_base(piece[0]), piece) for piece in _pattern().finditer(_plain(text))]
    place = 0
    while place < len(pieces):
        longest = _longest_phrases().get(pieces[place][0], 1)
        for count in range(min(longest, len(pieces) - place), 1, -1):
            several = pieces[place : place + count]
            if phrase := words().get(" ".join(word for word, _ in several)):
                start, end = several[0][1].start(), several[-1][1].end()
                found.append(_token(phrase, " ".join(word for word, _ in several), start, end))
                place += count
                break
        else:
            found += _of_piece(*pieces[place])
            place += 1
    return found


def _token(word: Word, text: str, start: int, end: int) -> Token:
    return Token(word.kind, word.value, word.language, text, start, end)


_OTHER = Word("other")
_FRACTIONS = {"½": "5", "¼": "25", "¾": "75"}
_SAME = str.maketrans("−‐‑‒–—〜∼’ʼ`▲△\u200b\ufeff", "------~~'''--  ")
_KANJI_DIGITS = str.maketrans("〇零一二三四五六七八九・", "00123456789.")


def _plain(text: str) -> str:
    """Return a text without the differences that do not count: width, case, kinds of space, dash and quote.

    Raised and circled digits are notes and list marks, no part of a number: each becomes a comma.
    """
    if text.isascii():
        return text.lower()
    for sign, digits in _FRACTIONS.items():
        if sign in text:
            text = re.sub(rf"(?<=[0-9０-９]) ?{sign}", f".{digits}", text).replace(sign, f"0.{digits}")
    marks = {ord(sign): "," for sign in set(text) - {"〇"} if unicodedata.category(sign) in ("No", "Nl")}
    return unicodedata.normalize("NFKC", text.translate(marks)).casefold().translate(_SAME)


@cache
def _pattern() -> re.Pattern[str]:
    """Return what finds the pieces of a plain text; no part of it can match one text in two ways."""
    kanji = "[〇零一二三四五六七八九]"
    japanese = sorted((name for name in words() if not name.isascii()), key=len, reverse=True)
    return re.compile(
        rf"""
        (?P<date>(?:19|20)[0-9]{{2}}-(?:0[0-9]|1[0-2])(?:-[0-9]{{2}})?(?![0-9])|[0-9]+(?:[/:][0-9]+)+)
        |(?P<digits>[0-9]{{1,3}}(?:\ [0-9]{{3}}(?![0-9]))+(?:[.,][0-9]+)?|[.]?[0-9]+(?:[.,'・][0-9]+)*)
            (?P<tail>[a-z][a-z0-9]*)?
        |(?P<kanji>{kanji}+・{kanji}+|{kanji}{{2,}})
        |(?P<sign>u[.]?s[.]?\ ?[$]|(?:hk|nt|nz|au|a|sg|s|ca|c|r)?[$]|rp[.]?(?![a-z])|s/d(?![a-z])
            |-(?:an|odd|ish)(?![a-z])|%ポイント)
        |(?P<word>(?:[a-z][.]){{2,}}|[a-z\u00c0-\u024f]+(?:-[a-z\u00c0-\u024f]+)*)
        |(?P<japanese>{"|".join(map(re.escape, japanese))})
        |(?P<other>\S)
        """,
        re.VERBOSE,
    )


@cache
def _longest_phrases() -> dict[str, int]:
    """Return how many words the longest phrase has that begins with a word; 1 is left out."""
    longest: dict[str, int] = {}
    for name in words():
        first, *more = name.split(" ")
        if more:
            longest[first] = max(longest.get(first, 0), len(more) + 1)
    return longest


def _base(word: str) -> str:
    """Return an Indonesian word without `-nya` (of it), where it is known so: `separuhnya`, `seperempatnya`."""
    return word[:-3] if word.endswith("nya") and word[:-3] in words() else word


def _of_piece(text: str, piece: re.Match[str]) -> Iterator[Token]:
    """Yield the tokens of one piece of a text: one, but for digits with letters behind and hyphened words."""
    start, end = piece.span()
    match piece.lastgroup:
        case "digits" | "tail":
            yield from _of_digits(piece["digits"], piece["tail"] or "", start)
        case "kanji" if len(text) > 2 or "〇" in text:  # by place, as years and decimals are written
            yield Token("digits", text.translate(_KANJI_DIGITS), "ja", text, start, end)
        case "kanji":  # 二三人: two or three
            yield Token("other", None, "ja", text, start, end)
        case "sign":
            name = re.sub("[ .]", "", text)
            yield _token(words().get(name, _OTHER), name, start, end)
        case "word" if text not in words():
            yield from _of_word(text, start)
        case _:
            yield _token(words().get(text, _OTHER), text, start, end)


def _of_digits(digits: str, tail: str, start: int) -> Iterator[Token]:
    """Yield digits and the factor, unit or bound that touches them: `45m`, `5kg`; `5G` and `2nd` are no number."""
    middle = start + len(digits)
    end = middle + len(tail)
    word = words().get("-an" if tail == "an" else tail)
    if tail == "x":
        word = Word("unit", "times")
    elif tail in SHORT:
        word = Word("short", tail)
    if tail and (not word or word.kind not in ("times", "unit", "after", "short")):
        yield Token("other", None, None, digits + tail, start, end)
        return
    yield Token("digits", digits.replace("・", "."), None, digits, start, middle)
    if word:
        yield _token(word, tail, middle, end)


def _of_word(text: str, start: int) -> Iterator[Token]:
    """Yield the tokens of a word that is not known as it is: `twenty-five` and `threefold` are several."""
    parts = re.split("(-)", text)
    if text.endswith("fold"):
        parts = [text[:-4], "fold"]
    known = [words().get(part) for part in parts]
    if text in SHORT:
        yield Token("short", text, None, text, start, start + len(text))
    elif len(parts) > 1 and known[0] and known[0].kind in ("number", "times", "month") and all(known):
        for part, word in zip(parts, known, strict=True):
            yield _token(word or _OTHER, part, start, start + len(part))
            start += len(part)
    else:
        yield Token("other", None, None, text, start, start + len(text))
