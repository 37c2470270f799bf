"""What is wrong with a dataset: one fault, and many of them in groups that a person can read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from indotrade.errors import Message

Level = Literal["error", "warning"]


class Broken(Struct, frozen=True, gc=False):
    """A rule that a record breaks: the field, the rule's name, a sentence; a warning does not make it invalid."""

    field: str
    """Its path: `said.date`, `evidence[0].source`; empty where it is the whole record."""
    rule: str
    message: Message
    warning: bool = False
    unknown: tuple[str, str] | None = None
    """Of a reference to nothing: the list, and the id that is not in it."""
    also: tuple[str, ...] = ()
    """Further fields that the rule looks at: where one of them is misshapen, nothing is known of the rule."""

    def within(self, outer: str) -> Broken:
        """Return the same of a record that is a part of another: `label` as `sectors.label`."""
        return replace(self, field=f"{outer}.{self.field}" if self.field else outer)


def of_themselves(found: Iterable[Broken], misshapen: Sequence[Broken]) -> Iterator[Broken]:
    """Yield the rules that a record breaks, without those that only follow from fields whose shape is wrong."""
    wrong, around = set[str](), set[str]()
    for broken in found:
        if not around:
            wrong.update(it.field for it in misshapen)
            around.update(path for field in wrong for path in _and_around(field))
        looked_at = filter(None, (broken.field, *broken.also))
        if not any(path in around or not wrong.isdisjoint(_and_around(path)) for path in looked_at):
            yield broken


@lru_cache(maxsize=4096)
def _and_around(path: str) -> tuple[str, ...]:
    """Return the path of a field, and those of all that it is a part of.

    >>> _and_around("evidence[0].source")
    ('evidence[0].source', 'evidence[0]', 'evidence', '')
    """
    ends = [match.start() for match in re.finditer(r"[.\[]", path)]
    return path, *(path[:end] for end in reversed(ends)), ""


class Fault(Struct, frozen=True, gc=False):
    """One thing that is wrong with a dataset, and where."""

    file: str
    line: int | None
    """Counted from 1; None where the fault is of no one line."""
    record: str | None
    """The record's id, or its place in the file (`[3]`, counted from 0) where it has none."""
    broken: Broken

    @property
    def field(self) -> str | None:
        """The field, where it is one."""
        return self.broken.field or None

    @property
    def rule(self) -> str:
        """The rule's name."""
        return self.broken.rule

    @property
    def message(self) -> Message:
        """What is wrong, without the place."""
        return self.broken.message

    @property
    def level(self) -> Level:
        """Whether it makes the dataset invalid."""
        return "warning" if self.broken.warning else "error"

    @property
    def told(self) -> Message:
        """The fault in one line: where, then what."""
        line = Message("line {number}", number=self.line) if self.line else None
        told = self.message
        for place in (self.field, self.record, line, self.file):
            if place:
                told = Message("{place}: {told}", place=place, told=told)
        return told


TOLD: dict[str, Any] = {
    "file": str,
    "line": int | None,
    "record": str | None,
    "field": str | None,
    "rule": str,
    "message": str,
    "level": Level,
}
"""What of a fault a program is told, with its type."""
FIELDS = tuple(TOLD)


class Group(NamedTuple):
    """Faults of one rule in one field."""

    level: Level
    rule: str
    field: str
    """The field, of whichever item of a list: `evidence[].source`."""
    faults: list[Fault]


def in_order(faults: Iterable[Fault]) -> list[Fault]:
    """Return faults in the order in which they are told: errors first, then by file and line."""
    return sorted(faults, key=_order)


def _order(fault: Fault) -> tuple[bool, str, int]:
    return fault.broken.warning, fault.file, fault.line or 0


def grouped(faults: Iterable[Fault]) -> list[Group]:
    """Return faults by rule and field, in the order of the first fault of each group."""
    groups: dict[tuple[str, bool, str, str], list[Fault]] = {}
    for fault in faults:
        broken = fault.broken
        key = fault.file, broken.warning, broken.rule, _of_any_item(broken.field)
        if key in groups:
            groups[key].append(fault)
        else:
            groups[key] = [fault]
    named = [Group(found[0].level, rule, field, found) for (_, _, rule, field), found in groups.items()]
    return sorted(named, key=lambda group: _order(group.faults[0]))


@lru_cache(maxsize=4096)
def _of_any_item(field: str) -> str:
    return re.sub(r"\[[0-9]+\]", "[]", field)
