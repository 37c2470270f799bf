"""Tells everything that is wrong with the shape of a record, where the fast decoder stops at the first fault."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from msgspec import inspect


class Misshapen(NamedTuple):
    """One fault of shape: the field's path (`said.date`), the rule that it breaks, and a sentence on it."""

    field: str
    rule: str
    message: str


class Malformed(ValueError):
    """A text is no JSON that this program takes."""


_NOUNS = {
    inspect.StrType: "a string",
    inspect.IntType: "a whole number",
    inspect.ListType: "a list",
    inspect.StructType: "an object",
    inspect.LiteralType: "one of the words",
    inspect.NoneType: "null",
}
_LONGEST = 60


def parse(text: str) -> Any:
    """Return the value of the JSON document `text`, with no liberty taken.

    Raises Malformed for broken syntax, a key that stands twice in one object, NaN or Infinity, a number
    too long to be one, a NUL or a lone surrogate in a string, and nesting too deep to read.
    """
    import json  # here, for only data that the fast decoder refuses comes this way

    try:
        value = json.loads(text, object_pairs_hook=_pairs, parse_constant=_constant, parse_int=_integer)
    except json.JSONDecodeError as error:
        raise Malformed(f"line {error.lineno}, column {error.colno}: {error.msg}") from None
    except RecursionError:
        raise Malformed("it is nested too deep") from None
    return value


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) < len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise Malformed(f"the key {shown(twice)} stands twice in one object")
    return result


def _constant(word: str) -> Any:
    raise Malformed(f"{word} is no JSON number")


def _integer(digits: str) -> int:
    if len(digits) > 20:
        raise Malformed(f"a number of {len(digits)} digits is too long")
    return int(digits)


def misshapen(value: Any, record: type) -> Iterator[Misshapen]:
    """Yield every fault in the shape of `value`, a parsed JSON value that should be a `record`."""
    yield from _walk(value, inspect.type_info(record), "")


def _walk(value: Any, expected: inspect.Type, path: str) -> Iterator[Misshapen]:
    if isinstance(expected, inspect.UnionType):
        if value is None:
            return
        expected = next(kind for kind in expected.types if not isinstance(kind, inspect.NoneType))
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
            yield Misshapen(path, "choice", f"{shown(value)} is not one of {words}")
    elif isinstance(expected, inspect.StrType):
        yield from _string(value, expected, path, str(meta.get("description", "")))
    elif isinstance(expected, inspect.IntType):
        yield from _integer_at(value, expected, path)


def _integer_at(value: Any, expected: inspect.IntType, path: str) -> Iterator[Misshapen]:
    if not isinstance(value, int) or isinstance(value, bool):
        yield _wrong_type(value, expected, path)
    elif expected.ge is not None and value < expected.ge:
        yield Misshapen(path, "range", f"{shown(value)} is less than {expected.ge}")
    elif expected.le is not None and value > expected.le:
        yield Misshapen(path, "range", f"{shown(value)} is more than {expected.le}")


def _object(value: Any, expected: inspect.StructType, path: str) -> Iterator[Misshapen]:
    if not isinstance(value, dict):
        yield _wrong_type(value, expected, path)
        return
    known = {field.encode_name: field for field in expected.fields}
    prefix = f"{path}." if path else ""
    for name in value:
        if name not in known:
            yield Misshapen(
                prefix + name, "unknown field", f"unknown field; the fields here are {', '.join(known)}"
            )
    for name, field in known.items():
        if name in value:
            yield from _walk(value[name], field.type, prefix + name)
        elif field.required:
            yield Misshapen(prefix + name, "missing field", "missing field")


def _string(value: Any, expected: inspect.StrType, path: str, description: str) -> Iterator[Misshapen]:
    if not isinstance(value, str):
        yield _wrong_type(value, expected, path)
    elif "\0" in value:
        yield Misshapen(path, "text", "the text holds a NUL character")
    elif not value.isascii() and any("\ud800" <= letter <= "\udfff" for letter in value):
        yield Misshapen(path, "text", "the text holds half of a surrogate pair")
    elif expected.min_length and not value:
        yield Misshapen(path, "text", "the text is empty")
    elif expected.pattern and not re.search(expected.pattern, value):
        yield Misshapen(path, "format", f"{shown(value)} is not {description}")
    elif expected.max_length and len(value) > expected.max_length:
        yield Misshapen(
            path, "format", f"{len(value)} characters, and {expected.max_length} are the most that fit here"
        )


def _wrong_type(value: Any, expected: inspect.Type, path: str) -> Misshapen:
    return Misshapen(path, "type", f"expected {_NOUNS[type(expected)]}, not {shown(value)}")


def shown(value: Any) -> str:
    """Return a JSON value as a message names it: a long one cut, with an ellipsis."""
    import json

    text = json.dumps(value, ensure_ascii=False) if not isinstance(value, (dict, list)) else _noun(value)
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"


def _noun(value: dict[str, Any] | list[Any]) -> str:
    return "an object" if isinstance(value, dict) else f"a list of {len(value)}"
