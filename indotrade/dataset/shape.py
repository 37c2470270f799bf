"""Tells everything that is wrong with the shape of a record, and keeps of it what is right.

The fast decoder stops at the first fault. What it refuses is looked at here, a field at a time, by a check for each
type that is made once: a dataset with a fault in every record takes little longer than one without.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from typing import Any, NamedTuple

from msgspec import NODEFAULT, Struct, inspect, structs

from indotrade.dataset.faults import Broken
from indotrade.errors import Message, shown

Check = Callable[[Any, str, list[Broken]], Any]
"""Takes a JSON value and its path, adds what is wrong with it to a list, and returns what can be kept of it.

That is None where nothing can; a list keeps its length, so that the places in it stay what they are.
"""
_NOUNS = {
    inspect.StrType: Message("a string"),
    inspect.IntType: Message("a whole number"),
    inspect.ListType: Message("a list"),
    inspect.StructType: Message("an object"),
    inspect.DictType: Message("a text by language, as in {example}", example='{"en": "…"}'),
}
_HALF = re.compile("[\ud800-\udfff]")
"""Half of a surrogate pair, which is no letter."""


def salvaged(value: Any, record: Any) -> tuple[Any, list[Broken]]:
    """Return the record that a JSON value is, and all that is wrong with its shape.

    A field that is wrong is left out, or is empty where there must be one; null is one that is left out.
    """
    wrong: list[Broken] = []
    kept = _object(record)(value, "", wrong)
    return _blank(record) if kept is None else kept, wrong


class _Field(NamedTuple):
    """A field of a record."""

    attribute: str
    """Its name in the code; in a file it may have another."""
    check: Check
    empty: Any
    """What stands for it where it must be there and is not, or is wrong; None where it need not be there."""


@cache
def _fields(record: Any) -> dict[str, _Field]:
    """Return the fields of a type of records, by their names in a file."""
    return {field.encode_name: _field(field) for field in structs.fields(record)}


def _field(field: structs.FieldInfo) -> _Field:
    kind = inspect.type_info(field.type)
    needed = field.default is NODEFAULT and field.default_factory is NODEFAULT
    return _Field(field.name, _check(kind), _empty(kind) if needed else None)


def _empty(kind: inspect.Type) -> Any:
    if isinstance(kind, inspect.StructType):
        return _blank(kind.cls)
    if isinstance(kind, inspect.LiteralType):
        return kind.values[0]
    return {inspect.DictType: {}, inspect.IntType: 0, inspect.ListType: []}.get(type(_plain(kind)), "")


def _blank(record: Any) -> Any:
    every = _fields(record).values()
    return record(**{field.attribute: field.empty for field in every if field.empty is not None})


def _plain(kind: inspect.Type) -> inspect.Type:
    return kind.type if isinstance(kind, inspect.Metadata) else kind


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
        return _dictionary(expected)
    if isinstance(expected, inspect.LiteralType):
        return _choice(expected)
    return _number(expected) if isinstance(expected, inspect.IntType) else _string(expected, told)


def _union(expected: inspect.UnionType) -> Check:
    """Return a check by what the value should be: an object or a text where it is one, else the first of the types."""
    kinds = [kind for kind in expected.types if not isinstance(kind, inspect.NoneType)]
    first, last = _check(kinds[0]), _check(kinds[-1])
    if len(kinds) == 1:
        return first

    def check(value: Any, path: str, wrong: list[Broken]) -> Any:
        return (last if isinstance(value, str) else first)(value, path, wrong)

    return check


@cache
def _object(record: Any) -> Check:
    fields = _fields(record)
    needed = [(name, field) for name, field in fields.items() if field.empty is not None]

    def check(value: Any, path: str, wrong: list[Broken]) -> Any:
        if not isinstance(value, dict):
            wrong.append(_wrong_type(value, inspect.StructType).at(path))
            return None
        prefix = f"{path}." if path else ""
        kept = {}
        for name, item in value.items():
            field = fields.get(name)
            if field is None:
                wrong.append(_unknown(prefix + name, record))
            elif item is not None or field.empty is not None:
                found = field.check(item, prefix + name, wrong)
                if found is not None:
                    kept[field.attribute] = found
        for name, field in needed:
            if field.attribute not in kept:
                kept[field.attribute] = field.empty
                if name not in value:
                    wrong.append(_missing(prefix + name))
        return record(**kept)

    return check


def _list(expected: inspect.ListType) -> Check:
    check_item = _check(expected.item_type)
    empty = _empty(expected.item_type)

    def check(value: Any, path: str, wrong: list[Broken]) -> Any:
        if not isinstance(value, list):
            wrong.append(_wrong_type(value, inspect.ListType).at(path))
            return None
        if expected.min_length and not value:
            wrong.append(Broken(path, "text", Message("the list is empty")))
        kept = [check_item(item, f"{path}[{number}]", wrong) for number, item in enumerate(value)]
        return kept if None not in kept else [empty if item is None else item for item in kept]

    return check


def _dictionary(expected: inspect.DictType) -> Check:
    """Return a check of an object whose keys are no fields: languages, or ids."""
    check_key, check_item = _check(expected.key_type), _check(expected.value_type)
    keyed = isinstance(expected.key_type, inspect.Metadata)  # which languages are none is a rule

    def check(value: Any, path: str, wrong: list[Broken]) -> Any:
        if not isinstance(value, dict):
            wrong.append(_wrong_type(value, inspect.DictType).at(path))
            return None
        if expected.min_length and not value:
            wrong.append(Broken(path, "text", Message("the text is empty")))
        before = len(wrong)
        kept = {}
        for name, item in value.items():
            if keyed:
                check_key(name, path, wrong)
            kept[name] = check_item(item, f"{path}.{name}", wrong)
        return kept if len(wrong) == before else None

    return check


class _Flaw(Struct, frozen=True, gc=False):
    """The rule that a value breaks, and a sentence on it."""

    rule: str
    message: Message

    def at(self, path: str) -> Broken:
        """Return it with where it stands."""
        return Broken(path, self.rule, self.message)


Judge = Callable[[Any], _Flaw | None]
"""Returns what is wrong with a value that has no parts; None where nothing is."""


def _single(judge: Judge, *, remember: bool = True) -> Check:
    """Return a check of values that have no parts; the words that stand in many records are judged once."""
    judge_text = lru_cache(maxsize=4096)(judge) if remember else judge

    def check(value: Any, path: str, wrong: list[Broken]) -> Any:
        flaw = judge_text(value) if isinstance(value, str) else judge(value)
        if flaw is None:
            return value
        wrong.append(flaw.at(path))
        return None

    return check


def _choice(expected: inspect.LiteralType) -> Check:
    values = frozenset(expected.values)
    words = ", ".join(map(str, expected.values))

    def judge(value: Any) -> _Flaw | None:
        if isinstance(value, str) and value in values:
            return None
        return _Flaw("choice", Message("{found} is not one of {words}", found=shown(value), words=words))

    return _single(judge)


def _number(expected: inspect.IntType) -> Check:
    least, most = expected.ge, expected.le

    def judge(value: Any) -> _Flaw | None:
        if not isinstance(value, int) or isinstance(value, bool):
            return _wrong_type(value, inspect.IntType)
        if least is not None and value < least:
            return _Flaw("range", Message("{found} is less than {least}", found=shown(value), least=least))
        if most is not None and value > most:
            return _Flaw("range", Message("{found} is more than {most}", found=shown(value), most=most))
        return None

    return _single(judge)


def _string(expected: Any, description: str) -> Check:
    wanted = Message(description)
    fits = re.compile(expected.pattern).search if expected.pattern else None
    least, most = expected.min_length or 0, expected.max_length or 1 << 40

    def judge(value: Any) -> _Flaw | None:
        if not isinstance(value, str):
            return _wrong_type(value, inspect.StrType)
        if "\0" in value:
            return _Flaw("text", Message("the text holds a NUL character"))
        if not value.isascii() and _HALF.search(value):
            return _Flaw("text", Message("the text holds half of a surrogate pair"))
        if len(value) < least:
            return _Flaw("text", Message("the text is empty"))
        if fits and not fits(value):
            return _Flaw("format", Message("{found} is not {wanted}", found=shown(value), wanted=wanted))
        if len(value) > most:
            told = Message(
                "{length} characters, and {most} are the most that fit here", length=len(value), most=most
            )
            return _Flaw("format", told)
        return None

    return _single(judge, remember=fits is not None)


@lru_cache(maxsize=4096)
def _missing(path: str) -> Broken:
    return Broken(path, "missing field", Message("missing field"))


@lru_cache(maxsize=4096)
def _unknown(path: str, record: Any) -> Broken:
    told = Message("unknown field; the fields here are {fields}", fields=_Names(_fields(record)))
    return Broken(path, "unknown field", told)


class _Names:
    """Names in a message, joined when it is told: most faults are only counted."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = names

    def __str__(self) -> str:
        return ", ".join(self._names)


def _wrong_type(value: Any, expected: type[inspect.Type]) -> _Flaw:
    told = Message("expected {wanted}, not {found}", wanted=_NOUNS[expected], found=shown(value))
    return _Flaw("type", told)
