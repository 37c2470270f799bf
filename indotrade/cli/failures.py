"""How a failure is told: one line on standard error, its hint in a second, its exit code."""

from __future__ import annotations

from collections.abc import Sequence

from indotrade import stream
from indotrade.errors import IndotradeError, Message, NotFound
from indotrade.wording.sentences import told


def failed(error: IndotradeError, language: str) -> int:
    """Tell an error; return its exit code."""
    stream.say(told(Message("indotrade: error: {message}", message=error.message), language))
    if error.hint:
        stream.say(told(Message("hint: {hint}", hint=error.hint), language))
    return error.exit_code


def tell(unknown: Sequence[NotFound], language: str) -> None:
    """Tell every id that is not there; then raise NotFound if any is not."""
    for error in unknown[:-1]:
        failed(error, language)
    if unknown:
        raise unknown[-1]
