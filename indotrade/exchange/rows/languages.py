"""In which language statements are, as far as their small words tell."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from indotrade.text import fold

_SMALL = {
    "en": "the of and to in is was for that has have had with on are were by it will would more than from as at be not",
    "id": "yang dan di untuk dari dengan ke pada dalam akan tidak ini itu adalah oleh sudah telah juga bisa lebih atau"
    " ada para sebagai karena hingga saat tahun ribu juta",
}
_WORDS = {word: language for language, words in _SMALL.items() for word in words.split()}
_KANA = re.compile("[\u3041-\u30ff]")


def of(text: str) -> str | None:
    """Return the language of a text: `en`, `id` or `ja`; None where its words do not tell."""
    if _KANA.search(text):
        return "ja"
    found = Counter(_WORDS[word] for word in fold.words(text) if word in _WORDS)
    (first, most), (_, second) = [*found.most_common(2), ("", 0), ("", 0)][:2]
    return first if most > second else None


def shared(texts: Iterable[str]) -> str | None:
    """Return the language in which most of some texts are; None where it does not show."""
    found = Counter(language for text in texts if (language := of(text)))
    return found.most_common(1)[0][0] if found else None
