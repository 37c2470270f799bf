"""Makes records of a dataset's files: quickly where they are right; where not, keeps what is right and tells the rest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

import msgspec

from indotrade.dataset import folder as files
from indotrade.dataset import strict
from indotrade.dataset.faults import Broken, Fault, of_themselves
from indotrade.dataset.fields import decoder
from indotrade.dataset.folder import Folder
from indotrade.errors import Message, Refused, shown

_T = TypeVar("_T")
_BOM = b"\xef\xbb\xbf"
RIGHT: Sequence[Broken] = ()
"""What is wrong with the shape of a record that the fast decoder took."""
Read = tuple[_T | None, Sequence[Broken]]
"""A record, and what is wrong with its shape; None where its text is no JSON that this program takes."""


class Parser:
    """Reads files, makes records of their texts, and collects in `faults` what is wrong with either.

    A `trusted` text is taken as the fast decoder takes it.
    """

    def __init__(self, folder: Folder, *, trusted: bool) -> None:
        self.folder = folder
        self.trusted = trusted
        self.faults: list[Fault] = []
        self.lost: set[str] = set()
        """The files, and the lists of the vocabulary, of which not all could be read: nobody knows what else they hold."""
        self.bytes: dict[str, bytes] = {}
        """Those of each file that was read whole."""

    def read(self, name: str) -> bytes | None:
        """Return a file's bytes without a byte order mark, or None with a fault."""
        try:
            data = files.read(self.folder.path / name)
        except Refused as error:
            self.unread(name, error.message)
            return None
        self.bytes[name] = data
        data = data.removeprefix(_BOM)
        if not data or data.isspace():
            self.unread(name, Message("the file is empty"))
            return None
        return data

    def unread(self, name: str, message: Message) -> None:
        """Add the fault of a file that cannot be read to its end."""
        self.lose(Fault(name, None, None, Broken("", "file", message)))

    def malformed(self, name: str, error: strict.Malformed) -> None:
        """Add the fault of a file that is no JSON."""
        self.lose(Fault(name, None, None, Broken("", "syntax", error.message)))

    def lose(self, fault: Fault) -> None:
        """Add a fault for which a file, or a list of the vocabulary, is not known whole."""
        self.faults.append(fault)
        self.lost.add(fault.field or fault.file)

    def broken(
        self,
        name: str,
        record: str | None,
        found: Iterable[Broken],
        misshapen: Sequence[Broken] = RIGHT,
        line: int | None = None,
    ) -> None:
        """Add the rules that a record breaks of itself."""
        for broken in of_themselves(found, misshapen) if misshapen else found:
            self.faults.append(Fault(name, line, record, broken))

    def record(
        self, name: str, data: bytes, record: type[_T], place: str, line: int | None = None
    ) -> Read[_T]:
        """Return the record of a text; what is wrong with its shape is among the faults."""
        found, value = self.quickly(data, record)
        return self._salvaged(name, value, record, place, line) if found is None else (found, RIGHT)

    def quickly(self, data: bytes, record: Any) -> tuple[Any, Any]:
        """Return what the fast decoder makes of a text; None where it refuses it, or may have taken it too lightly.

        Beside it stands what is to be looked at then: the value of the text, or the text itself where that is not certain.
        """
        value: Any = data
        try:
            if self.trusted:
                return decoder(record).decode(data), value
            found = strict.decode(data)
            if strict.doubtful(data, found):
                return None, value
            value = found
            return msgspec.convert(value, record), value
        except strict.UNDECODABLE:
            return None, value

    def array(self, name: str, data: bytes, record: type[_T]) -> Iterator[Read[_T]]:
        """Yield the records of a file that holds a list, fast while they are right."""
        found = self._all_quickly(data, record)
        if found is not None:
            yield from ((value, RIGHT) for value in found)
            return
        try:
            parts = strict.parts(data)
        except strict.Malformed as error:
            self.malformed(name, error)
            return
        if isinstance(parts, list):
            yield from self.records(name, parts, record)
        else:
            self.no_list(name, parts)

    def _all_quickly(self, data: bytes, record: type[_T]) -> list[_T] | None:
        """Return the records of a list, each decoded by itself, which takes less memory; None where one is not right."""
        try:
            if self.trusted:
                found: list[_T] = decoder(list[record]).decode(data)  # type: ignore[valid-type]
                return found
            parts = msgspec.json.decode(data, type=list[msgspec.Raw])
        except strict.UNDECODABLE:
            return None
        every: list[_T] = []
        for part in parts:
            value, _ = self.quickly(bytes(part), record)
            if value is None:
                return None
            every.append(value)
        return every

    def records(self, name: str, parts: Sequence[Any], record: type[_T], of: str = "") -> Iterator[Read[_T]]:
        """Yield the records of values, none of which is known to be right; `of` is the list of the vocabulary."""
        return (self._salvaged(name, part, record, f"[{at}]", of=of) for at, part in enumerate(parts))

    def no_list(self, name: str, found: Any, field: str = "") -> None:
        """Add the fault of a value that should be a list of records."""
        wanted = Message("a list of records")
        told = Message("expected {wanted}, not {found}", wanted=wanted, found=shown(found))
        self.lose(Fault(name, None, None, Broken(field, "type", told)))

    def _salvaged(
        self, name: str, part: Any, record: type[_T], place: str, line: int | None = None, of: str = ""
    ) -> Read[_T]:
        """Return a record that is wrong, or not known to be right; what is wrong with its shape is among the faults.

        `part` is its value, or its text where a key may stand twice in it. `of` is the list of the vocabulary.
        """
        from indotrade.dataset import shape

        try:
            value = strict.value(bytes(part)) if isinstance(part, (bytes, msgspec.Raw)) else part
        except strict.Malformed as error:
            told = error.message if line is None else error.within_line
            label = None if line else place
            self.lose(Fault(name, line, label or None, Broken(of, "syntax", told)))
            return None, RIGHT
        found, wrong = shape.salvaged(value, record)
        nameless = any(it.field in ("", "id") and it.rule in ("missing field", "type") for it in wrong)
        if nameless and name != self.folder.claims:
            self.lost.add(of or name)
        label = getattr(found, "id", "") or place or None
        self.faults += [Fault(name, line, label, broken.within(of) if of else broken) for broken in wrong]
        return found, wrong
