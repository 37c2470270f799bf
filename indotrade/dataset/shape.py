"""Tells everything that is wrong with the shape of a record, where the fast decoder stops at the first fault."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from msgspec import inspect

from indotrade.errors import Message, shown


class Misshapen(NamedTuple):
    """One fault of shape: the field's path (`said.date`), the rule that it breaks, and a sentence on it."""

    field: str
    rule: str
    message: Message


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


_NOUNS = {
    inspect.StrType: Message("a string"),
    inspect.IntType: Message("a whole number"),
    inspect.ListType: Message("a list"),
    inspect.StructType: Message("an object"),
}


def read(data: bytes) -> Any:
    """Return the value of a JSON document. Raises Malformed as `parse` does, and for bytes that are not UTF-8."""
    try:
        return parse(_decoded(data))
    except Malformed as error:
        error.why = _with_kind(error.why, data)
        raise


def parse(text: str) -> Any:
    """Return the value of the JSON document `text`, with no liberty taken.

    Raises Malformed for broken syntax, a key that stands twice in one object, NaN or Infinity, a number
    too long to be one, a NUL or a lone surrogate in a string, and nesting too deep to read.
    """
    import json  # here, for only data that the fast decoder refuses comes this way

    try:
        value = json.loads(text, object_pairs_hook=_pairs, parse_constant=_constant, parse_int=_integer)
    except json.JSONDecodeError as error:
        why = Message(error.msg.replace("{", "{{").replace("}", "}}"))
        raise Malformed(why, line=error.lineno, column=error.colno) from None
    except RecursionError:
        raise Malformed(Message("it is nested too deep")) from None
    return value


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


def misshapen(value: Any, record: type) -> Iterator[Misshapen]:
    """Yield every fault in the shape of `value`, a parsed JSON value that should be a `record`."""
    yield from _walk(value, inspect.type_info(record), "")


def _walk(value: Any, expected: inspect.Type, path: str) -> Iterator[Misshapen]:
    if isinstance(expected, inspect.UnionType):
        if value is None and any(isinstance(kind, inspect.NoneType) for kind in expected.types):
            return
        expected = _meant(value, expected)
    meta = expected.extra_json_schema or {} if isinstance(expected, inspect.Metadata) else {}
    if isinstance(expected, inspect.Metadata):
        expected = expected.type
    if isinstance(expected, inspect.StructType):
        yield from _object(value, expected, path)
    elif isinstance(expected, inspect.ListType):
        if not isinstance(value, list):
            yield _wrong_type(value, expected, path)
            return
        for number, item in enumerate(value):
            yield from _walk(item, expected.item_type, f"{path}[{number}]")
    elif isinstance(expected, inspect.LiteralType):
        if value not in expected.values if isinstance(value, str) else True:
            words = ", ".join(str(word) for word in expected.values)
            yield Misshapen(
                path, "choice", Message("{found} is not one of {words}", found=shown(value), words=words)
            )
    elif isinstance(expected, inspect.StrType):
        yield from _string(value, expected, path, str(meta.get("description", "")))
    elif isinstance(expected, inspect.IntType):
        yield from _integer_at(value, expected, path)


def _meant(value: Any, expected: inspect.UnionType) -> inspect.Type:
    """Return which type of a union a value should be: an object where it is one, else the first."""
    kinds = [kind for kind in expected.types if not isinstance(kind, inspect.NoneType)]
    if isinstance(value, dict):
        return next((kind for kind in kinds if isinstance(kind, inspect.StructType)), kinds[0])
    return kinds[0]


def _integer_at(value: Any, expected: inspect.IntType, path: str) -> Iterator[Misshapen]:
    if not isinstance(value, int) or isinstance(value, bool):
        yield _wrong_type(value, expected, path)
    elif expected.ge is not None and value < expected.ge:
        yield Misshapen(
            path, "range", Message("{found} is less than {least}", found=shown(value), least=expected.ge)
        )
    elif expected.le is not None and value > expected.le:
        yield Misshapen(
            path, "range", Message("{found} is more than {most}", found=shown(value), most=expected.le)
        )


def _object(value: Any, expected: inspect.StructType, path: str) -> Iterator[Misshapen]:
    if not isinstance(value, dict):
        yield _wrong_type(value, expected, path)
        return
    known = {field.encode_name: field for field in expected.fields}
    prefix = f"{path}." if path else ""
    for name in value:
        if name not in known:
            message = Message("unknown field; the fields here are {fields}", fields=", ".join(known))
            yield Misshapen(prefix + name, "unknown field", message)
    for name, field in known.items():
        if name in value:
            yield from _walk(value[name], field.type, prefix + name)
        elif field.required:
            yield Misshapen(prefix + name, "missing field", Message("missing field"))


def _string(value: Any, expected: inspect.StrType, path: str, description: str) -> Iterator[Misshapen]:
    if not isinstance(value, str):
        yield _wrong_type(value, expected, path)
    elif "\0" in value:
        yield Misshapen(path, "text", Message("the text holds a NUL character"))
    elif not value.isascii() and any("\ud800" <= letter <= "\udfff" for letter in value):
        yield Misshapen(path, "text", Message("the text holds half of a surrogate pair"))
    elif expected.min_length and not value:
        yield Misshapen(path, "text", Message("the text is empty"))
    elif expected.pattern and not re.search(expected.pattern, value):
        yield Misshapen(
            path,
            "format",
            Message("{found} is not {wanted}", found=shown(value), wanted=Message(description)),
        )
    elif expected.max_length and len(value) > expected.max_length:
        message = Message(
            "{length} characters, and {most} are the most that fit here",
            length=len(value),
            most=expected.max_length,
        )
        yield Misshapen(path, "format", message)


def _wrong_type(value: Any, expected: inspect.Type, path: str) -> Misshapen:
    message = Message("expected {wanted}, not {found}", wanted=_NOUNS[type(expected)], found=shown(value))
    return Misshapen(path, "type", message)


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
