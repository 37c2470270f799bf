"""The ways in which a command can end without an answer, each with its exit code, and what is said of it."""

from __future__ import annotations

import errno
import os
from collections.abc import Sequence
from typing import Any

from msgspec import Struct

_LONGEST_SHOWN = 60


class Argument(str):
    """The name of an argument of the library, which the command line spells as an option (`kind`, `--kind`)."""

    __slots__ = ()


class Message:
    """A sentence to a person: an English template, and the values that stand in it.

    `str` is the sentence in English, as the library says it; `wording.told` says it in any language and
    spells arguments as options. A value may be a message itself.
    """

    __slots__ = ("template", "values")

    def __init__(self, template: str, **values: object) -> None:
        self.template = template
        self.values = values

    def __str__(self) -> str:
        """Return the sentence in English."""
        return self.template.format(**self.values)

    __repr__ = __str__


class Meant(Struct, frozen=True):
    """What was asked for in vain, and what may have been meant by it."""

    asked: str
    near: Sequence[Sequence[str]]
    """Each as the words that would stand for `asked` on a command line, the likeliest first."""
    said: Message | None = None
    """What is said before the command lines; None where they say enough."""


class IndotradeError(Exception):
    """A failure that is told to the user in one sentence, and at most one hint.

    `message` says what was wrong and where; `meant` what would have been right, and `hint` what to do where that is not known.
    """

    exit_code = 70

    def __init__(self, message: Message, hint: Message | None = None, meant: Meant | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.meant = meant


class NotFound(IndotradeError):
    """It ran well and the answer is no: no claim, an unknown name, an unknown id."""

    exit_code = 1


class Misused(IndotradeError):
    """An argument asks for something that cannot be meant."""

    exit_code = 2


class Refused(IndotradeError):
    """An input is missing, unreadable or malformed: a dataset, a text to verify."""

    exit_code = 3


class NotDelivered(IndotradeError):
    """The answer was there, and could not be written in full."""

    exit_code = 4


def reason(error: BaseException) -> str | Message:
    """Return the reason of an operating system's error in words: `No such file or directory`; ours is a message."""
    if error.args and isinstance(error.args[0], Message):
        return error.args[0]
    if isinstance(error, MemoryError):
        return Message(os.strerror(errno.ENOMEM))
    if isinstance(error, OSError) and error.errno and error.strerror == os.strerror(error.errno):
        return Message(error.strerror)  # which a catalogue may have
    return (error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__


class Shown:
    """A JSON value as a message names it, spelled out when the message is told: most faults are only counted."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value

    @property
    def text(self) -> str | Message:
        """The value; a long one is cut, with an ellipsis."""
        if isinstance(self.value, dict):
            return Message("an object")
        if isinstance(self.value, list):
            return Message("a list of {count}", count=len(self.value))
        import json

        text = json.dumps(self.value, ensure_ascii=False)
        return text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + "…"

    def __str__(self) -> str:
        """Return it in English."""
        return str(self.text)


def shown(value: Any) -> Shown:
    """Return a JSON value as it stands in a message."""
    return Shown(value)
