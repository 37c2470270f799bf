"""Reads the texts of a file, known by what is in it: a plain text, a page, an e-mail, JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator

from indotrade.errors import Message, Refused
from indotrade.verify import mail
from indotrade.verify.decoding import decoded, unescaped
from indotrade.verify.page import data_readings, is_page, page_readings
from indotrade.verify.plain import laid_out, plain
from indotrade.verify.reading import Reading

PLAIN = Message("plain text")
JSON = Message("JSON")

REFERENCE = re.compile("&(?:#[0-9]{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,8});", re.IGNORECASE)
"""A character reference, which stands for a sign of the text in some plain forms, too; in others it is the text."""


def readings(data: bytes) -> list[Reading]:
    r"""Return the texts of a file in each form in which they can be read, at least one; the usual form first.

    A page is known by its tags. Of a page, the paragraphs are what block tags and two line breaks (`<br>`)
    separate; inline tags join words. Of a plain text, they are its lines; or the blocks between blank lines,
    where the lines are wrapped; where it has pages or columns, it is read along them first, and then as it is.

    Raises Refused, with a message to go behind the file's name, for what is no text or in no known charset.

    >>> readings(b"<p>We ex<b>por</b>t coffee<br>&amp; tea.<p>To Japan.")
    [Reading(form=HTML, paragraphs=['We export coffee & tea.', 'To Japan.'])]
    """
    if mail.is_message(data):
        return _of_message(data)
    return list(_of_text(decoded(data)))


def _of_text(text: str) -> Iterator[Reading]:
    """Yield the readings of a text."""
    bare = text.strip()
    if bare[:1] in ("{", "[") and bare[-1:] in ("}", "]"):
        yield from data_readings(text, JSON)
    if is_page(text):
        yield from page_readings(text)
    else:
        along = laid_out(text)
        if along is not None:
            yield Reading(PLAIN, along)
        yield Reading(PLAIN, plain(text))
        if REFERENCE.search(text):
            meant = unescaped(text)
            yield from page_readings(meant) if is_page(meant) else [Reading(PLAIN, plain(meant))]


def _of_message(data: bytes) -> list[Reading]:
    """Return the readings of an e-mail: of each of its texts that can be read. Raises Refused for none."""
    found: list[Reading] = []
    refused = Refused(
        Message("it is an e-mail in which there is no text"),
        Message("open it, and save what is attached to it"),
    )
    for text in mail.texts(data):
        try:
            read = list(_of_text(decoded(text.data, text.charset)))
        except Refused as error:
            refused = error
        else:
            found += [Reading(Message("{form} in an e-mail", form=form), each) for form, each in read]
    if not found:
        raise refused
    return found
