"""Tells everything that is wrong with the shape of a record, and keeps of it what is right.

The fast decoder stops at the first fault. Here each field is decoded by itself, and only those that fail are looked
at slowly: a dataset with a fault in every record takes little longer than one without.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, TypeVar

import msgspec
from msgspec import NODEFAULT, inspect

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


UNDECODABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
"""What the fast decoder raises."""

_NOUNS = {
    inspect.StrType: Message("a string"),
    inspect.IntType: Message("a whole number"),
    inspect.ListType: Message("a list"),
    inspect.StructType: Message("an object"),
    inspect.DictType: Message("an object"),
}
_T = TypeVar("_T")
_decode_object = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_decode_list = msgspec.json.Decoder(list[msgspec.Raw]).decode


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
        raise _malformed(error) from None
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


def _malformed(error: Any) -> Malformed:
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


class _Field(NamedTuple):
    """A field of a record."""

    name: str
    """As in the file; `attribute` as in the code."""
    attribute: str
    type: inspect.Type
    decode: Callable[[msgspec.Raw], Any]
    required: bool
    record: Any
    """The type of the records that it holds, one or a list of them; None where it holds none."""


_known_fields: dict[Any, dict[str, _Field]] = {}


def _fields(record: Any) -> dict[str, _Field]:
    """Return the fields of a type of records, by their names in a file."""
    if record in _known_fields:
        return _known_fields[record]
    fields = _known_fields[record] = {}
    for field in msgspec.structs.fields(record):
        kind = inspect.type_info(field.type)
        required = field.default is NODEFAULT and field.default_factory is NODEFAULT
        decode = msgspec.json.Decoder(field.type).decode
        fields[field.encode_name] = _Field(
            field.encode_name, field.name, kind, decode, required, _record_in(kind)
        )
    return fields


def _record_in(kind: inspect.Type) -> Any:
    """Return the type of the records that a field holds, one or a list of them, or None."""
    for one in kind.types if isinstance(kind, inspect.UnionType) else (kind,):
        if isinstance(one, inspect.ListType):
            return _record_in(one.item_type)
        if isinstance(one, inspect.StructType):
            return one.cls
    return None


def salvaged(data: bytes | msgspec.Raw, record: type[_T], path: str = "") -> tuple[_T, list[Misshapen]]:
    """Return the record that stands in a JSON text, and all that is wrong with its shape.

    A field that is wrong is left out, or is empty where there must be one; null is one that is left out. The
    text is one that `parse` has nothing against.
    """
    fields, prefix = _fields(record), f"{path}." if path else ""
    try:
        present = _decode_object(data)
    except UNDECODABLE:
        return _blank(record), [_wrong_type(_plain(data), inspect.type_info(record), path)]
    values: dict[str, Any] = {}
    wrong: list[Misshapen] = []
    for name, raw in present.items():
        field = fields.get(name)
        if field is None:
            told = Message("unknown field; the fields here are {fields}", fields=", ".join(fields))
            wrong.append(Misshapen(prefix + name, "unknown field", told))
        elif field.required or bytes(raw) != b"null":
            try:
                values[field.attribute] = field.decode(raw)
            except UNDECODABLE:
                found, faults = _salvaged(raw, field, prefix + name)
                wrong += faults
                if found is not None:
                    values[field.attribute] = found
    for name, field in fields.items():
        if field.required:
            if name not in present:
                wrong.append(Misshapen(prefix + name, "missing field", Message("missing field")))
            values.setdefault(field.attribute, _empty(field))
    return record(**values), wrong


def _salvaged(raw: msgspec.Raw, field: _Field, path: str) -> tuple[Any, list[Misshapen]]:
    """Return what can be kept of a field that is wrong, or None, and what is wrong with it."""
    value = _plain(raw)
    if field.record and isinstance(value, dict):
        return salvaged(raw, field.record, path)
    if field.record and isinstance(value, list):
        found, wrong = [], []
        for number, item in enumerate(_decode_list(raw)):
            kept, faults = salvaged(item, field.record, f"{path}[{number}]")
            found.append(kept)
            wrong += faults
        return found, wrong
    return None, list(_walk(value, field.type, path)) or [_wrong_type(value, field.type, path)]


def _plain(text: bytes | msgspec.Raw) -> Any:
    """Return the value of a JSON text that `parse` has nothing against."""
    try:
        return msgspec.json.decode(text)
    except UNDECODABLE:  # a number beyond all bounds
        return parse(bytes(text).decode())


def apart(value: Any) -> Any:
    """Return a list or an object with each of its items as a JSON text."""
    import json

    if isinstance(value, dict):
        return {name: json.dumps(item).encode() for name, item in value.items()}
    return [json.dumps(item).encode() for item in value]


def _blank(record: type[_T]) -> _T:
    return record(**{field.attribute: _empty(field) for field in _fields(record).values() if field.required})


def _empty(field: _Field) -> Any:
    """Return what stands for a field that must be there and is not, or is wrong."""
    if field.record:
        return _blank(field.record)
    if isinstance(field.type, inspect.LiteralType):
        return field.type.values[0]
    kind = field.type.type if isinstance(field.type, inspect.Metadata) else field.type
    return {inspect.DictType: {}, inspect.IntType: 0, inspect.ListType: []}.get(type(kind), "")


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
    elif isinstance(expected, inspect.DictType):
        yield from _texts(value, expected, path)
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
        objects = (inspect.StructType, inspect.DictType, inspect.Metadata)
        return next((kind for kind in kinds if isinstance(kind, objects)), kinds[0])
    return kinds[-1] if isinstance(value, str) else kinds[0]


def _texts(value: Any, expected: inspect.DictType, path: str) -> Iterator[Misshapen]:
    """Yield what is wrong with an object whose keys are not fields."""
    if not isinstance(value, dict):
        yield _wrong_type(value, expected, path)
    elif not value and expected.min_length:
        yield Misshapen(path, "text", Message("the text is empty"))
    else:
        for name, item in value.items():
            yield from _walk(item, expected.value_type, f"{path}.{name}")


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
    if isinstance(expected, inspect.UnionType):
        expected = _meant(value, expected)
    if isinstance(expected, inspect.Metadata):
        expected = expected.type
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
