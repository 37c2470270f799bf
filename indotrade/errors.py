"""The ways in which a command can end without an answer, each with its exit code."""

from __future__ import annotations

from msgspec import Struct


class Message(Struct, frozen=True):
    """A sentence to the user, in the two languages of the screens."""

    en: str
    id: str

    def text(self, language: str) -> str:
        """Return the sentence in `language`, `en` or `id`."""
        return self.id if language == "id" else self.en


class IndotradeError(Exception):
    """A failure that is told to the user in one sentence, and at most one hint.

    `message` says what was wrong and where; `hint` what to do next.
    """

    exit_code = 70

    def __init__(self, message: Message | str, hint: Message | str | None = None) -> None:
        super().__init__(message if isinstance(message, str) else message.en)
        self.message = message
        self.hint = hint


class NotFound(IndotradeError):
    """It ran well and the answer is no: no claim, an unknown name, an unknown id."""

    exit_code = 1


class Misused(IndotradeError):
    """The command line asks for something that cannot be meant."""

    exit_code = 2


class Refused(IndotradeError):
    """An input is missing, unreadable or malformed: a dataset, a text to verify."""

    exit_code = 3


class NotDelivered(IndotradeError):
    """The answer was there, and could not be written in full."""

    exit_code = 4
