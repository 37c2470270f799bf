"""Reads JSON with no liberty taken, and says of a text that is none what is wrong with it, and where.

The fast decoder says little of a text that it refuses, and takes a key that stands twice: what it refuses, or may
have taken too lightly, is read here once more.
"""

from __future__ import annotations

from typing import Any

import msgspec

from indotrade.errors import Message, shown

UNDECODABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
"""What the fast decoder raises."""
decode = msgspec.json.Decoder().decode
_encode = msgspec.json.Encoder().encode


class Malformed(ValueError):
    """A text is no JSON that this program takes: why, and where."""

    def __init__(self, why: Message, *, line: int | None = None, column: int | None = None) -> None:
        super().__init__(why)
        self.why, self.line, self.column = why, line, column

    @property
    def message(self) -> Message:
        """The fault with its place in the text."""
        if self.line is None:
            return self.why
        if self.column is None:
            return Message("line {line}: {why}", line=self.line, why=self.why)
        return Message(
            "line {line}, column {column}: {why}", line=self.line, column=self.column, why=self.why
        )

    @property
    def within_line(self) -> Message:
        """The fault with its place in a text of one line."""
        if self.column is None:
            return self.why
        return Message("column {column}: {why}", column=self.column, why=self.why)


def doubtful(data: bytes, found: Any) -> bool:
    """Return whether a text, of which the fast decoder makes this value, may hold a key twice or a NUL.

    Half a surrogate pair the decoder refuses.
    """
    return b"\\u0000" in data or repeats(data, found)


def repeats(data: bytes, found: Any) -> bool:
    """Return whether a key may stand twice in one object of a text: encoded anew, its value has fewer quotation marks."""
    return _quotes(data) != _quotes(_encode(found))


def _quotes(data: bytes) -> int:
    """Return how many quotation marks a JSON text has that are no part of a string."""
    return data.count(b'"') - (data.count(b'\\"') if b"\\" in data else 0)


def value(data: bytes) -> Any:
    """Return the value of a JSON text. Raises Malformed as `read` does."""
    try:
        found = decode(data)
    except UNDECODABLE:  # which may be for half a surrogate pair, or a number beyond all bounds
        return read(data)
    return read(data) if repeats(data, found) else found


def parts(data: bytes) -> Any:
    """Return the value of a JSON text, of which a list or an object is one of texts where a key may stand twice.

    Each of those is read by itself, so that it is known in which the key does. Raises Malformed as `read` does.
    """
    try:
        found = decode(data)
    except UNDECODABLE:
        return read(data)
    if not isinstance(found, (list, dict)) or not repeats(data, found):
        return found
    texts: Any = list[msgspec.Raw] if isinstance(found, list) else dict[str, msgspec.Raw]
    return msgspec.json.decode(data, type=texts)


def read(data: bytes) -> Any:
    """Return the value of a JSON document, read slowly. Raises Malformed as `parse` does, and for bytes that are not UTF-8."""
    try:
        return parse(_decoded(data))
    except Malformed as error:
        error.why = _with_kind(error.why, data)
        raise


def parse(text: str) -> Any:
    """Return the value of the JSON document `text`, with no liberty taken.

    Raises Malformed for broken syntax, a key that stands twice in one object, NaN or Infinity, a number
    too long to be one, and nesting too deep to read.
    """
    import json  # here, for only data that the fast decoder refuses comes this way

    try:
        value = json.loads(text, object_pairs_hook=_pairs, parse_constant=_constant, parse_int=_integer)
    except json.JSONDecodeError as error:
        raise malformed(error) from None
    except RecursionError:
        raise Malformed(Message("it is nested too deep")) from None
    return value


_SYNTAX = {
    "Expecting property name": Message("a key in quotation marks belongs here"),
    "Expecting ':'": Message("a colon belongs here, between a key and its value"),
    "Expecting ','": Message("a comma, or the end of the list or object, belongs here"),
    "Expecting value": Message("a value belongs here"),
    "Unterminated string": Message("the string that begins here has no end"),
    "Invalid control character": Message("a string holds a line end or another control character"),
    "Invalid \\": Message("a string holds a backslash that escapes nothing"),
    "Extra data": Message("more follows here, after the end of the value"),
}
"""What is said where the parser of the standard library says what the key begins."""


def malformed(error: Any) -> Malformed:
    """Return the fault of a text that is no JSON: in our words, which no version of Python words anew."""
    place = error.pos
    comma = error.doc[:place].rstrip()
    if error.msg.startswith("Illegal trailing comma"):  # Python 3.13 points at the comma
        comma = error.doc[: place + 1]
    if comma.endswith(",") and error.doc[len(comma) :].lstrip()[:1] in ("]", "}"):
        line, column = comma.count("\n") + 1, len(comma) - comma.rfind("\n") - 1
        return Malformed(
            Message("a comma stands before the end of the list or object"), line=line, column=column
        )
    why = next(
        (told for start, told in _SYNTAX.items() if error.msg.startswith(start)), Message("it is no JSON")
    )
    return Malformed(why, line=error.lineno, column=error.colno)


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) < len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise Malformed(Message("the key {key} stands twice in one object", key=shown(twice)))
    return result


def _constant(word: str) -> Any:
    raise Malformed(Message("{word} is no JSON number", word=word))


def _integer(digits: str) -> int:
    if len(digits) > 20:
        raise Malformed(Message("a number of {digits} digits is too long", digits=len(digits)))
    return int(digits)


def _decoded(data: bytes) -> str:
    """Return JSON bytes as text. Raises Malformed where they are not UTF-8."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        byte = Message("byte 0x{byte:02x} is not UTF-8", byte=data[error.start])
        raise Malformed(byte, line=data.count(b"\n", 0, error.start) + 1) from None


def _with_kind(message: Message, data: bytes) -> Message:
    """Return a message on a file that is no JSON with what the file probably is, where that is known."""
    start = data.lstrip()[:200].lower()
    for mark, what in (
        (b"\x1f\x8b", "gzip"),
        (b"<", "HTML or XML"),
        (b"version https://git-lfs", "a Git LFS pointer"),
        (b"sqlite format 3", "an SQLite database"),
        (b"pk\x03\x04", "a ZIP archive"),
        (b"\xff\xfe", "UTF-16"),
        (b"\xfe\xff", "UTF-16"),
    ):
        if start.startswith(mark):
            return Message("{message} (it looks like {kind})", message=message, kind=Message(what))
    return message
