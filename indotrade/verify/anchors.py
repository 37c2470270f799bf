"""The anchor `v1`: a fingerprint of eight consecutive words, by which a text is known without being shown."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from hashlib import sha256
from itertools import accumulate, islice
from operator import methodcaller

WIDTH = 8
"""The words of a window."""

SCHEME = "v1"
"""What an anchor begins with. Another way to cut or to hash words is another version."""

# Scripts by range, since `re` knows none: letters of these scripts, and the marks of script Common that
# Script_Extensions gives to kana and Han alone (the long vowel mark, repeat marks, U+3006). The dash and the dot
# between, U+30A0 and U+30FB, are punctuation; halfwidth kana and compatibility forms are gone after NFKC.
KANA = "\u3031-\u3035\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\U0001aff0-\U0001b16f"
# As of Unicode 17, so that a character newer than the running Python is a word there, too.
HAN = (
    "\u3005-\u3007\u3021-\u3029\u303b\u303c\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00016fe3\U00020000-\U0002a6df\U0002a700-\U0002ee5f\U0002f800-\U0002fa1f\U00030000-\U0003347f"
)
WORD = re.compile(f"[{KANA}{HAN}]|[^\\W_{KANA}{HAN}]+")
BORDER = re.compile(f"[\\W_{KANA}{HAN}]")
"""A character before which no word can be running on."""

INVISIBLE = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")

# Canonical ordering takes time that grows with the square of a run of combining marks: 3.6 s for 80,000. They are
# all \W, and the two halfwidth voicing marks become such. A zero-width space ends a run, and is dropped later.
MARKS = re.compile("(?<![\\W\uff9e\uff9f])[\\W\uff9e\uff9f]{64,}")

RUN = 1 << 16
"""About how many characters of text are cut into words at a time."""


def normalise(text: str) -> str:
    r"""Return `text` as it is cut into words: without case, width, ligatures and invisible characters.

    >>> normalise("\uff34\uff2f\uff2b\uff39\uff2f, Stra\u00dfe, e\u00adxport")
    'tokyo, strasse, export'
    """
    if text.isascii():
        return text.lower()
    text = MARKS.sub(_interrupted, text)
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return INVISIBLE.sub("", text)


def _interrupted(marks: re.Match[str]) -> str:
    """Return a long run of marks with a zero-width space after each 64."""
    return "\u200b".join(marks[0][start : start + 64] for start in range(0, len(marks[0]), 64))


def token_lists(text: str) -> Iterator[list[str]]:
    """Yield the words of `text` in order, some ten thousand at a time: a long text is never all in words."""
    text = normalise(text)
    start = 0
    while start < len(text):
        border = BORDER.search(text, start + RUN)
        end = border.start() if border else len(text)
        yield WORD.findall(text, start, end)
        start = end


def words_of(text: str) -> list[str]:
    """Return the words of a short text, all at once."""
    return WORD.findall(normalise(text))


def spelled(digest: bytes) -> str:
    """Return the anchor that a window's SHA-256 is written as: `v1:` and its first 16 hexadecimal digits."""
    return f"{SCHEME}:{digest[:8].hex()}"


def digests(words: Sequence[str]) -> Iterator[bytes]:
    """Yield the SHA-256 (32 bytes) of each eight consecutive words joined with one space, in order.

    The words are joined once, and the windows are slices of that: a loop in C over all of them.
    """
    encoded = list(map(str.encode, words))
    joined = b" ".join(encoded)
    lengths = [len(word) + 1 for word in encoded]
    starts = accumulate(lengths, initial=0)
    ends = islice(accumulate(lengths, initial=-1), WIDTH, None)
    return map(methodcaller("digest"), map(sha256, map(joined.__getitem__, map(slice, starts, ends))))
