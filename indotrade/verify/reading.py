"""One reading of a text: its paragraphs, and the form in which they stood in the file."""

from __future__ import annotations

from typing import NamedTuple

from indotrade.errors import Message


class Reading(NamedTuple):
    """A text as it can be read off a file; a file can have several, such as a page and the data of its scripts."""

    form: Message
    """What it was read as: `HTML`, `plain text`."""
    paragraphs: list[str]
    """None of them blank, each on one line, but for the line ends that broke a word: these stay, behind the hyphen."""
