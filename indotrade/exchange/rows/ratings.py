"""What a fact-checker's verdict says of a claim: for it or against it only where its numbers or clear words say so."""

from __future__ import annotations

from indotrade.dataset.words import RELATIONS, Relation
from indotrade.text import fold

_FOR = (
    "true correct accurate verified confirmed supported proven benar fakta betul akurat tepat terbukti 正しい 正確"
    " 事実 真実"
).split()
_AGAINST = (
    "false incorrect inaccurate fake hoax untrue debunked wrong pantsonfire pantsfire salah hoaks hoax keliru"
    " bohong disinformasi palsu tidakbenar fabricated 誤り 虚偽 偽 誤情報 デマ フェイク"
).split()
_RELATIONS: dict[str, Relation] = {
    "supports": "supports", "support": "supports", "supported": "supports", "supporting": "supports",
    "entails": "supports", "agree": "supports", "for": "supports", "mendukung": "supports", "支持": "supports",
    "refutes": "conflicts", "refute": "conflicts", "refuted": "conflicts", "conflict": "conflicts",
    "conflicting": "conflicts", "contradicts": "conflicts", "contradict": "conflicts", "disputes": "conflicts",
    "against": "conflicts", "disagree": "conflicts", "bertentangan": "conflicts", "membantah": "conflicts", "否定": "conflicts",
    "neutral": "context", "notenoughinfo": "context", "notenoughevidence": "context", "nei": "context", "unrelated": "context",
    "disputed": "context", "discuss": "context", "konteks": "context", "文脈": "context", "laporansama": "same-report",
}  # fmt: skip


def relation(word: str) -> Relation | None:
    """Return the relation that a word names; None for another word.

    >>> relation("SUPPORTS"), relation("Not enough info"), relation("tea")
    ('supports', 'context', None)
    """
    spelling = fold.key(word)
    return next((it for it in RELATIONS if fold.key(it) == spelling), _RELATIONS.get(spelling))


def of_word(rating: str) -> Relation:
    """Return for what a verdict in words speaks: in context unless the whole of it is clear.

    >>> of_word("Pants on Fire!"), of_word("Half true"), of_word("HOAKS")
    ('conflicts', 'context', 'conflicts')
    """
    spelling = fold.key(rating)
    return "supports" if spelling in _FOR else "conflicts" if spelling in _AGAINST else "context"


def of_numbers(value: object, best: object, worst: object) -> Relation | None:
    """Return for what a verdict on a scale speaks: at its ends only; None where there is no scale."""
    try:
        number, highest, lowest = (float(str(it)) for it in (value, best, worst))
    except ValueError:
        return None
    if lowest == highest or not min(lowest, highest) <= number <= max(lowest, highest):
        return None
    return "supports" if number == highest else "conflicts" if number == lowest else "context"


def said(rating: str, on_scale: Relation | None = None) -> Relation:
    """Return for what a verdict speaks by its word and its place on a scale: in context where these do not agree."""
    by_word = of_word(rating)
    if on_scale in (None, by_word):
        return by_word
    return on_scale if by_word == "context" and on_scale else "context"
