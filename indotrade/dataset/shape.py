"""Tells everything that is wrong with the shape of a record, and keeps of it what is right.

The fast decoder stops at the first fault. Here each field is decoded by itself, and only those that fail are looked
at slowly: a dataset with a fault in every record takes little longer than one without.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
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
    inspect.DictType: Message("a text by language, as in {example}", example='{"en": "…"}'),
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


Check = Callable[[Any, str], list[Misshapen]]
"""Tells what is wrong with a value that stands at a path."""


class _Field(NamedTuple):
    """A field of a record."""

    attribute: str
    """Its name in the code; in a file it may have another."""
    decode: Callable[[msgspec.Raw], Any]
    check: Check
    required: bool
    record: Any
    """The type of the records that it holds, one or a list of them; None where it holds none."""
    listed: bool
    """Whether it holds a list."""
    empty: Any
    """What stands for it where it must be there and is not, or is wrong."""


_known_fields: dict[Any, dict[str, _Field]] = {}


def _fields(record: Any) -> dict[str, _Field]:
    """Return the fields of a type of records, by their names in a file."""
    if record not in _known_fields:
        _known_fields[record] = {field.encode_name: _field(field) for field in msgspec.structs.fields(record)}
    return _known_fields[record]


def _field(field: msgspec.structs.FieldInfo) -> _Field:
    kind = inspect.type_info(field.type)
    required = field.default is NODEFAULT and field.default_factory is NODEFAULT
    of = _record_in(kind)
    decode = msgspec.json.Decoder(field.type).decode
    listed = any(isinstance(one, inspect.ListType) for one in _alternatives(kind))
    empty = _empty(kind, of) if required else None
    return _Field(field.name, decode, _check(kind), required, of, listed, empty)


def _alternatives(kind: inspect.Type) -> tuple[inspect.Type, ...]:
    return kind.types if isinstance(kind, inspect.UnionType) else (kind,)


def _record_in(kind: inspect.Type) -> Any:
    """Return the type of the records that a field holds, one or a list of them, or None."""
    for one in _alternatives(kind):
        if isinstance(one, inspect.ListType):
            return _record_in(one.item_type)
        if isinstance(one, inspect.StructType):
            return one.cls
    return None


def _empty(kind: inspect.Type, record: Any) -> Any:
    if record:
        return _blank(record)
    if isinstance(kind, inspect.LiteralType):
        return kind.values[0]
    plain = kind.type if isinstance(kind, inspect.Metadata) else kind
    return {inspect.DictType: {}, inspect.IntType: 0, inspect.ListType: []}.get(type(plain), "")


def _blank(record: type[_T]) -> _T:
    return record(**{field.attribute: field.empty for field in _fields(record).values() if field.required})


def salvaged(data: bytes | msgspec.Raw, record: type[_T], path: str = "") -> tuple[_T, list[Misshapen]]:
    """Return the record that stands in a JSON text, and all that is wrong with its shape.

    A field that is wrong is left out, or is empty where there must be one; null is one that is left out. The
    text is one that `parse` has nothing against.
    """
    fields, prefix = _fields(record), f"{path}." if path else ""
    try:
        present = _decode_object(data)
    except UNDECODABLE:
        value = _plain(data)
        if not isinstance(value, dict):
            return _blank(record), [_wrong_type(value, inspect.StructType, path)]
        present = apart(value)
    values: dict[str, Any] = {}
    wrong: list[Misshapen] = []
    for name, raw in present.items():
        field = fields.get(name)
        if field is None:
            wrong.append(_unknown(prefix + name, fields))
            continue
        try:
            values[field.attribute] = field.decode(raw)
        except UNDECODABLE:
            found, faults = _salvaged(raw, field, prefix + name)
            wrong += faults
            if found is not None:
                values[field.attribute] = found
    for name, field in fields.items():
        if field.required and field.attribute not in values:
            values[field.attribute] = field.empty
            if name not in present:
                wrong.append(Misshapen(prefix + name, "missing field", _MISSING))
    return record(**values), wrong


def _salvaged(raw: msgspec.Raw, field: _Field, path: str) -> tuple[Any, list[Misshapen]]:
    """Return what can be kept of a field that is wrong, or None, and what is wrong with it."""
    value = _plain(raw)
    if value is None and not field.required:
        return None, []
    if field.record and isinstance(value, dict) and not field.listed:
        return salvaged(raw, field.record, path)
    if field.record and isinstance(value, list) and field.listed:
        found, wrong = [], []
        for number, item in enumerate(_items(raw, value)):
            kept, faults = salvaged(item, field.record, f"{path}[{number}]")
            found.append(kept)
            wrong += faults
        return found, wrong
    return None, field.check(value, path)


def _items(raw: msgspec.Raw, value: list[Any]) -> list[Any]:
    """Return the items of a list, of which `value` is the plain one, each as a JSON text."""
    try:
        return _decode_list(raw)
    except UNDECODABLE:
        items: list[Any] = apart(value)
        return items


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


def misshapen(value: Any, record: type) -> list[Misshapen]:
    """Return every fault in the shape of `value`, a parsed JSON value that should be a `record`."""
    return _object(record)(value, "")


# --- a check for each type, made once -------------------------------------------------------------------


def _check(expected: inspect.Type) -> Check:
    """Return what checks the values of a type."""
    if isinstance(expected, inspect.UnionType):
        return _union(expected)
    told = ""
    if isinstance(expected, inspect.Metadata):
        told = str((expected.extra_json_schema or {}).get("description", ""))
        expected = expected.type
    if isinstance(expected, inspect.StructType):
        return _object(expected.cls)
    if isinstance(expected, inspect.ListType):
        return _list(expected)
    if isinstance(expected, inspect.DictType):
        return _texts(expected)
    if isinstance(expected, inspect.LiteralType):
        return _choice(expected)
    return _number(expected) if isinstance(expected, inspect.IntType) else _string(expected, told)


def _union(expected: inspect.UnionType) -> Check:
    """Return a check by what the value should be: an object or a text where it is one, else the first of the types."""
    kinds = [kind for kind in expected.types if not isinstance(kind, inspect.NoneType)]
    objects = [kind for kind in kinds if isinstance(_bare(kind), (inspect.StructType, inspect.DictType))]
    first = _check(kinds[0])
    of_object = _check(objects[0]) if objects else first
    of_text = _check(kinds[-1])
    nullable = len(kinds) < len(expected.types)

    def check(value: Any, path: str) -> list[Misshapen]:
        if value is None and nullable:
            return []
        return (of_object if isinstance(value, dict) else of_text if isinstance(value, str) else first)(
            value, path
        )

    return check


def _bare(kind: inspect.Type) -> inspect.Type:
    return kind.type if isinstance(kind, inspect.Metadata) else kind


def _object(record: Any) -> Check:
    def check(value: Any, path: str) -> list[Misshapen]:
        if not isinstance(value, dict):
            return [_wrong_type(value, inspect.StructType, path)]
        fields, prefix = _fields(record), f"{path}." if path else ""
        wrong = [_unknown(prefix + name, fields) for name in value if name not in fields]
        for name, field in fields.items():
            if name in value:
                if value[name] is not None or field.required:
                    wrong += field.check(value[name], prefix + name)
            elif field.required:
                wrong.append(Misshapen(prefix + name, "missing field", _MISSING))
        return wrong

    return check


def _list(expected: inspect.ListType) -> Check:
    item = _check(expected.item_type)

    def check(value: Any, path: str) -> list[Misshapen]:
        if not isinstance(value, list):
            return [_wrong_type(value, inspect.ListType, path)]
        if expected.min_length and not value:
            return [Misshapen(path, "text", Message("the list is empty"))]
        return [fault for number, part in enumerate(value) for fault in item(part, f"{path}[{number}]")]

    return check


def _texts(expected: inspect.DictType) -> Check:
    """Return a check of an object whose keys are no fields."""
    part = _check(expected.value_type)

    def check(value: Any, path: str) -> list[Misshapen]:
        if not isinstance(value, dict):
            return [_wrong_type(value, inspect.DictType, path)]
        if expected.min_length and not value:
            return [Misshapen(path, "text", Message("the text is empty"))]
        return [fault for name, item in value.items() for fault in part(item, f"{path}.{name}")]

    return check


def _choice(expected: inspect.LiteralType) -> Check:
    words = ", ".join(str(word) for word in expected.values)

    def check(value: Any, path: str) -> list[Misshapen]:
        if isinstance(value, str) and value in expected.values:
            return []
        told = Message("{found} is not one of {words}", found=shown(value), words=words)
        return [Misshapen(path, "choice", told)]

    return check


def _number(expected: inspect.IntType) -> Check:
    def check(value: Any, path: str) -> list[Misshapen]:
        if not isinstance(value, int) or isinstance(value, bool):
            return [_wrong_type(value, inspect.IntType, path)]
        if expected.ge is not None and value < expected.ge:
            told = Message("{found} is less than {least}", found=shown(value), least=expected.ge)
            return [Misshapen(path, "range", told)]
        if expected.le is not None and value > expected.le:
            told = Message("{found} is more than {most}", found=shown(value), most=expected.le)
            return [Misshapen(path, "range", told)]
        return []

    return check


def _string(expected: Any, description: str) -> Check:
    wanted = Message(description)
    fits = re.compile(expected.pattern or "").search

    def check(value: Any, path: str) -> list[Misshapen]:
        if not isinstance(value, str):
            return [_wrong_type(value, inspect.StrType, path)]
        rule, told = "text", None
        if "\0" in value:
            told = Message("the text holds a NUL character")
        elif not value.isascii() and any("\ud800" <= letter <= "\udfff" for letter in value):
            told = Message("the text holds half of a surrogate pair")
        elif expected.min_length and not value:
            told = Message("the text is empty")
        elif not fits(value):
            rule, told = "format", Message("{found} is not {wanted}", found=shown(value), wanted=wanted)
        elif expected.max_length and len(value) > expected.max_length:
            much = Message(
                "{length} characters, and {most} are the most that fit here",
                length=len(value),
                most=expected.max_length,
            )
            rule, told = "format", much
        return [Misshapen(path, rule, told)] if told else []

    return check


_MISSING = Message("missing field")


def _unknown(path: str, fields: Iterable[str]) -> Misshapen:
    return Misshapen(
        path, "unknown field", Message("unknown field; the fields here are {fields}", fields=_Names(fields))
    )


class _Names:
    """Names in a message, joined when it is told: most faults are only counted."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = names

    def __str__(self) -> str:
        return ", ".join(self._names)


def _wrong_type(value: Any, expected: type[inspect.Type], path: str) -> Misshapen:
    message = Message("expected {wanted}, not {found}", wanted=_NOUNS[expected], found=shown(value))
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
