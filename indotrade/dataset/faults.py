"""What is wrong with a dataset: one fault, and many of them in groups that a person can read."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal, NamedTuple

from indotrade.errors import Message

Level = Literal["error", "warning"]


class Fault(NamedTuple):
    """One thing that is wrong with a dataset."""

    file: str
    line: int | None
    """Counted from 1; None where the fault is of no one line."""
    record: str | None
    """The record's id, or its place in the file (`[3]`, counted from 0) where it has none."""
    field: str | None
    rule: str
    message: Message
    level: Level = "error"
    unknown: tuple[str, str] | None = None
    """Of a reference to nothing: the list, and the id that is not in it."""

    @property
    def told(self) -> Message:
        """The fault in one line: where, then what."""
        line = Message("line {number}", number=self.line) if self.line else None
        told = self.message
        for place in (self.field, self.record, line, self.file):
            if place:
                told = Message("{place}: {told}", place=place, told=told)
        return told


FIELDS = tuple(name for name in Fault._fields if name != "unknown")
"""What of a fault a program is told."""


class Group(NamedTuple):
    """Faults of one rule in one field."""

    level: Level
    rule: str
    field: str
    """The field, of whichever item of a list: `evidence[].source`."""
    faults: list[Fault]


def grouped(faults: Iterable[Fault]) -> list[Group]:
    """Return faults by rule and field: errors first, then in the order of the first fault of each group."""
    groups: dict[tuple[str, str, str, str], Group] = {}
    for fault in faults:
        field = re.sub(r"\[[0-9]+\]", "[]", fault.field or "")
        key = (fault.level, fault.file, fault.rule, field)
        groups.setdefault(key, Group(fault.level, fault.rule, field, [])).faults.append(fault)
    return sorted(groups.values(), key=lambda group: group.level)
