"""What an argument may have meant: the choices it is one of, the nearest of them, and the sentence that asks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from indotrade.errors import Argument, Meant, Message, Misused
from indotrade.text.fold import key

NEAR_AMONG = 10_000
"""Among how many ids a near miss is looked for."""


def is_text(asked: str) -> bool:
    """Return whether an argument is text: bytes that are not UTF-8 arrive as lone surrogates."""
    return asked.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in asked)


def nearest(
    asked: str, known: Iterable[str], most: int = 3, *, cutoff: float = 0.7, alike: bool = False
) -> list[str]:
    """Return up to `most` of the `known` keys that look like a misspelling of `asked`, the likeliest first.

    With `alike`, only those that are about as likely as the first.
    """
    from difflib import SequenceMatcher, get_close_matches

    spelling = key(asked)[:100]
    near = get_close_matches(spelling, known, n=most, cutoff=cutoff)
    if alike and near:
        ratios = [SequenceMatcher(None, spelling, other).ratio() for other in near]
        near = [other for other, ratio in zip(near, ratios, strict=True) if ratio > ratios[0] - 0.1]
    return near


def either(items: Sequence[str]) -> str | Message:
    """Return words as alternatives: `a, b or c`."""
    *rest, last = items
    return Message("{rest} or {last}", rest=", ".join(rest), last=last) if rest else last


def together(items: Sequence[str]) -> str | Message:
    """Return words as one list: `a, b and c`."""
    *rest, last = items
    return Message("{rest} and {last}", rest=", ".join(rest), last=last) if rest else last


def suggesting(message: Message, near: Sequence[str]) -> Message:
    """Return a message on what is unknown, with what may have been meant: nothing more where nothing is near."""
    return Message("{unknown}; did you mean {near}?", unknown=message, near=either(near)) if near else message


def choice(asked: str, choices: Sequence[str], argument: str) -> str:
    """Return `asked` if it is one of the choices of an argument. Raises Misused with the choices."""
    if asked in choices:
        return asked
    values = {"argument": Argument(argument), "asked": asked[:80], "choices": ", ".join(choices)}
    if near := nearest(asked, choices, 1):
        refused = Message('{argument} cannot be "{asked}"', **values)
        takes = Message("{argument} takes {choices}", **values)
        raise Misused(suggesting(refused, near), takes, Meant(asked, [near], takes))
    raise Misused(Message('{argument} cannot be "{asked}"; it takes {choices}', **values))
