"""Takes an e-mail apart into the texts that it holds, in whatever parts and encodings they were sent."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from email.message import Message as Part

# The standard library's parser of whole messages takes time that grows with their depth as well as their length, and
# recurses. So a message is cut up here, and the library reads the two fields of a part that matter, and decodes it.
FIELD = rb"[!-9;-~]++:[^\n]*+\n(?:[ \t][^\n]*+\n)*+"
HEADER = re.compile(rb"(?:From [^\n]*+\n)?((?:" + FIELD + rb")*+)\r?\n")
CONTENT = re.compile(
    rb"^content-(?:type|transfer-encoding):[^\n]{0,4096}(?:\n[ \t][^\n]{0,1024}){0,16}",
    re.IGNORECASE | re.MULTILINE,
)
"""The fields of a part that say what it is; a longer one is cut, for its parameters are read in quadratic time."""

NAMED = re.compile(
    rb"^(from|to|subject|date|message-id|mime-version|content-type|received|return-path)[ \t]*:",
    re.IGNORECASE | re.MULTILINE,
)
"""Fields by which a message is known, if it has two of them."""

MOST_PARTS = 1000
"""How many parts of a message, and of a part of it, are looked at."""

DEEPEST = 8
"""How many parts within parts are looked at."""


class Sent(NamedTuple):
    """A text as it was sent."""

    data: bytes
    charset: str
    """The charset that the message names for it; "" for none."""


def is_message(data: bytes) -> bool:
    """Return whether a file is an e-mail: whether it begins with the fields of one."""
    header = HEADER.match(data)
    return header is not None and len({name.lower() for name in NAMED.findall(header[1])}) > 1


def texts(data: bytes, depth: int = 0) -> Iterator[Sent]:
    """Yield the texts of a message, or of a part of one, in order: plain ones, pages, and those of messages in it."""
    header = HEADER.match(data)
    part = _described(header[1] if header else b"")
    body = data[header.end() if header else 0 :]
    boundary = part.get_boundary()
    if boundary:
        for piece in _pieces(body, boundary) if depth < DEEPEST else ():
            yield from texts(piece, depth + 1)
        return
    kind = part.get_content_type()
    if part.get_content_maintype() == "text" or kind in ("message/rfc822", "application/xhtml+xml"):
        part.set_payload(body.decode("ascii", "surrogateescape"))
        decoded = part.get_payload(decode=True)
        assert isinstance(decoded, bytes)
        if kind != "message/rfc822":
            yield Sent(decoded, part.get_content_charset(""))
        elif depth < DEEPEST:
            yield from texts(decoded, depth + 1)


def _described(header: bytes) -> Part:
    """Return a part without its content: what its fields say of that."""
    from email.parser import BytesHeaderParser  # slow to import, and needed for messages alone

    fields = [match[0] for match in islice(CONTENT.finditer(header), 2)]
    return BytesHeaderParser().parsebytes(b"\n".join(fields) + b"\n\n")


def _pieces(body: bytes, boundary: str) -> Iterator[bytes]:
    """Yield what stands between the boundaries of a body."""
    escaped = re.escape(boundary.encode("utf-8", "surrogateescape"))
    lines = re.finditer(rb"^--" + escaped + rb"(--)?[ \t]*\r?$", body, re.MULTILINE)
    start = None
    for line in islice(lines, MOST_PARTS):
        if start is not None:
            yield body[start : line.start()]
        if line[1]:
            return
        start = line.end() + 1
    if start is not None:
        yield body[start:]
