"""Reads a dataset record by record, and says everything that is wrong with it at once."""

from __future__ import annotations

import datetime
import io
import os
import struct
from array import array
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from operator import attrgetter
from typing import IO, TYPE_CHECKING, Any, Literal, NamedTuple

import msgspec

from indotrade.dataset import folder as files
from indotrade.dataset import rules
from indotrade.dataset.folder import Folder
from indotrade.dataset.records import Claim, Dataset, Source, Vocabulary, decode_claim
from indotrade.errors import Message, Refused, reason, shown

if TYPE_CHECKING:
    import hashlib

LONGEST_LINE = 1 << 24
"""The longest line of `claims.ndjson`, in bytes: 16 MiB."""

_BOM = b"\xef\xbb\xbf"
_decode_claims = msgspec.json.Decoder(list[Claim]).decode
_decode_any = msgspec.json.Decoder().decode
_encode = msgspec.json.Encoder().encode
in_answer_order = attrgetter("source", "paragraph", "id")
_UNDECODABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)

_FAULTY = object()
"""What stands for a value that could not be read; None is null."""

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

    @property
    def told(self) -> Message:
        """The fault in one line: where, then what."""
        line = Message("line {number}", number=self.line) if self.line else None
        told = self.message
        for place in (self.field, self.record, line, self.file):
            if place:
                told = Message("{place}: {told}", place=place, told=told)
        return told


class Faulty(Exception):
    """A dataset that is read in the order of answers has an error; `Reader.claims` finds which."""


class Numbered(NamedTuple):
    """A claim that was read, with its place in the file, for messages."""

    claim: Claim
    line: int | None
    position: int


class Reader:
    """Reads a dataset once, and collects in `faults` whatever is wrong with it.

    `head()` first, then `claims()` to the end; after that `faults` is complete and `sha256()` can be asked.
    With `trusted`, all is left out but the shape of the records: the rules cannot fail on the bundled data,
    which the tests hold to them.
    """

    def __init__(self, folder: Folder, *, trusted: bool = False) -> None:
        self.folder = folder
        self.trusted = trusted
        self.faults: list[Fault] = []
        self._bytes: dict[str, bytes] = {}
        self._digest: hashlib._Hash | None = None
        """Of the claims, where they were read line by line."""
        self._today = datetime.date.today().isoformat()
        self._known: dict[str, set[str]] = {}
        self._context: rules.Context
        self._places: dict[str, int] = {}
        self._refused: set[str] = set()
        """Ids of records whose shape is wrong: they are there, so a reference to one does not dangle."""

    def head(self) -> tuple[Dataset | None, Vocabulary, list[Source]]:
        """Return the description (None if unreadable), the vocabulary and the sources (empty if unreadable)."""
        dataset = self._one("dataset.json", Dataset, rules.head)
        vocabulary = self._vocabulary()
        sources = self._sources()
        self._context = rules.Context(sources, self._today, self._known)
        for source in () if self.trusted else sources:
            for broken in self._context.source(source):
                self._add("sources.json", broken, record=source.id)
        return dataset, vocabulary, sources

    def claims(self) -> Iterator[Numbered]:
        """Yield each claim whose shape is right; those that break a rule are among `faults` as well."""
        name = self.folder.claims
        read = self._claims_of_array if name.endswith(".json") else self._claims_of_lines
        for numbered in read(name):
            if self.trusted:
                yield numbered
                continue
            claim, line, index = numbered
            here = index if line is None else line
            place = self._places.setdefault(claim.id, here)
            if place != here:
                where = f"[{place}]" if line is None else Message("line {number}", number=place)
                self._add(
                    name,
                    rules.Broken("id", "duplicate", Message("the id stands at {where} already", where=where)),
                    claim.id,
                    line,
                )
            for broken in self._context.claim(claim):
                self._add(name, broken, claim.id, line)
            yield numbered
        self._finish()

    @contextmanager
    def in_order(self, room: str | None = None) -> Iterator[tuple[int, Iterator[Claim]]]:
        """Give how many claims there are, and the claims by source, paragraph and id; call `head()` first.

        Only the places of lines are sorted, so that one claim at a time is in memory; a compressed file is
        unpacked into a nameless file in the directory `room`. `sha256()` can be asked from the beginning.

        Raises Faulty at the first error, at the latest from the iterator; an id that stands twice passes, and
        so may a change of the files meanwhile.
        Raises OSError where there is no room.
        """
        self._stop_at_errors()
        if self.folder.claims.endswith(".json"):
            claims = sorted((numbered.claim for numbered in self.claims()), key=in_answer_order)
            self._stop_at_errors()
            yield len(claims), iter(claims)
            return
        with self._spool(room) as spool:
            offsets, lengths = self._places_in_order(spool)
            self._stop_at_errors()
            yield len(offsets), self._claims_at(offsets, lengths, spool)

    def _spool(self, room: str | None) -> AbstractContextManager[IO[bytes] | None]:
        """Return a file for the lines of a compressed file; None stands for one that can be read at any place."""
        if not self.folder.claims.endswith(".gz"):
            return nullcontext()
        from tempfile import TemporaryFile

        return TemporaryFile(dir=room)

    def _stop_at_errors(self) -> None:
        if self.errors():
            raise Faulty

    def errors(self) -> list[Fault]:
        """Return the faults that make the dataset invalid."""
        return [fault for fault in self.faults if fault.level == "error"]

    # --- files -------------------------------------------------------------------------------------

    def _read(self, name: str) -> bytes | None:
        """Return a file's bytes without a byte order mark, or None with a fault."""
        try:
            data = files.read(self.folder.path / name)
        except Refused as error:
            self._fault(name, "file", error.message)
            return None
        self._bytes[name] = data
        data = data.removeprefix(_BOM)
        if not data or data.isspace():
            self._fault(name, "file", Message("the file is empty"))
            return None
        return data

    def _parse(self, name: str, data: bytes, line: int | None = None) -> Any:
        """Return the value of a file or line that the fast decoder refused, or FAULTY with a fault."""
        from indotrade.dataset import shape

        try:
            return shape.read(data)
        except shape.Malformed as error:
            message = error.message if line is None else error.within_line
            self.faults.append(Fault(name, line, None, None, "syntax", message))
            return _FAULTY

    def _misshapen(self, name: str, value: Any, record: Any, label: str | None, line: int | None) -> bool:
        """Return whether a parsed value has not the shape of `record`; each reason is a fault."""
        from indotrade.dataset import shape

        found = list(shape.misshapen(value, record))
        for wrong in found:
            self._add(name, rules.Broken(wrong.field, wrong.rule, wrong.message), label, line)
        return bool(found)

    def _doubtful(self, data: bytes) -> bool:
        """Return whether the slow path must look: a key that stands twice, a NUL, half a surrogate pair."""
        if self.trusted:
            return False
        if b"\\" in data and (b"\\u0000" in data or b"\\ud" in data or b"\\uD" in data):
            return True
        return _quotes(data) != _quotes(_encode(_decode_any(data)))

    # --- the three small files ---------------------------------------------------------------------

    def _one(self, name: str, record: type, check: Callable[[Any, str], Iterable[rules.Broken]]) -> Any:
        data = self._read(name)
        if data is None:
            return None
        value = self._typed(name, data, record)
        if value is not None:
            for broken in check(value, self._today):
                self._add(name, broken)
        return value

    def _typed(self, name: str, data: bytes, record: Any) -> Any:
        """Return a file's value as `record`, or None with the faults of its shape."""
        try:
            value = msgspec.json.decode(data, type=record)
            if not self._doubtful(data):
                return value
        except _UNDECODABLE:
            pass
        plain = self._plain(name, data)
        if plain is _FAULTY or self._misshapen(name, plain, record, None, None):
            return None
        return msgspec.convert(plain, record)

    def _plain(self, name: str, data: bytes) -> Any:
        """Return the value of a file that the fast decoder refused, or FAULTY with a fault; null is one."""
        plain = self._parse(name, data)
        if plain is not None:
            return plain
        self._fault(name, "type", Message("expected records, not null"))
        return _FAULTY

    def _vocabulary(self) -> Vocabulary:
        name = "vocabulary.json"
        data = self._read(name)
        empty = Vocabulary([], [], [], [], [], [])
        vocabulary: Vocabulary | None = self._typed(name, data, Vocabulary) if data is not None else None
        if vocabulary is None:
            return empty
        lists = {kind: getattr(vocabulary, kind) for kind in vocabulary.__struct_fields__}
        self._known |= {kind: {entry.id for entry in listed} for kind, listed in lists.items()}
        if self.trusted:
            return vocabulary
        for kind, listed in lists.items():
            for entry, broken in rules.entries(kind, listed, self._known):
                self._add(name, broken._replace(field=f"{kind}.{broken.field}"), entry.id)
            for twice in rules.repeated(entry.id for entry in listed):
                self._add(
                    name, rules.Broken(f"{kind}.id", "duplicate", Message("the id stands twice")), twice
                )
        return vocabulary

    def _sources(self) -> list[Source]:
        name = "sources.json"
        data = self._read(name)
        if data is None:
            return []
        sources = [source for source, _, _ in self._array(name, data, Source)]
        if not any(fault.file == name and fault.rule in ("syntax", "type") for fault in self.faults):
            self._known["sources"] = {source.id for source in sources} | self._refused
        for twice in rules.repeated(source.id for source in sources):
            self._add(name, rules.Broken("id", "duplicate", Message("the id stands twice")), twice)
        return sources

    def _array(self, name: str, data: bytes, record: Any) -> Iterator[tuple[Any, int | None, int]]:
        """Yield the records of a file that holds an array, fast while they are right."""
        try:
            decode = _decode_claims if record is Claim else msgspec.json.Decoder(list[record]).decode
            records = decode(data)
            if not self._doubtful(data):
                yield from ((value, None, index) for index, value in enumerate(records))
                return
        except _UNDECODABLE:
            pass
        plain = self._plain(name, data)
        if isinstance(plain, list):
            for index, value in enumerate(plain):
                if (typed := self._record(name, value, record, None, index)) is not None:
                    yield typed, None, index
        elif plain is not _FAULTY:
            self._fault(name, "type", Message("expected a list of records, not {found}", found=shown(plain)))

    def _record(self, name: str, value: Any, record: type, line: int | None, index: int) -> Any:
        """Return a parsed value as `record`, or None with the faults of its shape."""
        own = value.get("id") if isinstance(value, dict) else None
        label = own if isinstance(own, str) and own else f"[{index}]"
        if not self._misshapen(name, value, record, label, line):
            return msgspec.convert(value, record)
        if isinstance(own, str):
            self._refused.add(own)
        return None

    # --- the claims --------------------------------------------------------------------------------

    def _claims_of_array(self, name: str) -> Iterator[Numbered]:
        data = self._read(name)
        if data is not None:
            for claim, line, index in self._array(name, data, Claim):
                yield Numbered(claim, line, index)

    def _claims_of_lines(self, name: str) -> Iterator[Numbered]:
        for index, (line, _, data) in enumerate(self._lines(name)):
            if (claim := self._claim_of_line(name, data, line, index)) is not None:
                yield Numbered(claim, line, index)

    def _claim_of_line(self, name: str, data: bytes, line: int, index: int) -> Claim | None:
        try:
            claim = decode_claim(data)
            if not self._doubtful(data):
                return claim
        except _UNDECODABLE:
            pass
        value = self._parse(name, data, line)
        typed: Claim | None = None if value is _FAULTY else self._record(name, value, Claim, line, index)
        return typed

    def _lines(self, name: str) -> Iterator[tuple[int, int, bytes]]:
        """Yield number, offset and text of the lines of `claims.ndjson` or its `.gz` that are not blank."""
        import gzip  # not needed by the bundled data, whose start-up counts
        import hashlib
        import zlib

        number = end = 0
        try:
            with open(files.open_regular(self.folder.path / name), "rb", buffering=0) as raw:
                before = files.stamp(raw.fileno())
                self._digest = hashlib.sha256(b"%s\0%d\0" % (name.encode(), before[0]))
                stream: io.BufferedIOBase = io.BufferedReader(_Hashing(raw, self._digest), 1 << 18)
                if name.endswith(".gz"):
                    stream = gzip.GzipFile(fileobj=stream)
                for line in iter(lambda: stream.readline(LONGEST_LINE + 1), b""):
                    number += 1
                    if len(line) > LONGEST_LINE:
                        self._fault(
                            name,
                            "file",
                            Message(
                                "line {number} is longer than {most:,} bytes",
                                number=number,
                                most=LONGEST_LINE,
                            ),
                        )
                        return
                    end += len(line)
                    if number == 1:
                        line = line.removeprefix(_BOM)
                    if line.strip():
                        yield number, end - len(line), line
                if files.stamp(raw.fileno()) != before:
                    self._fault(name, "file", Message("the file changed while it was read"))
        except Refused as error:
            self._fault(name, "file", error.message)
        except (OSError, EOFError, zlib.error) as error:
            self._fault(name, "file", Message("after line {number}: {why}", number=number, why=reason(error)))

    def _places_in_order(self, spool: IO[bytes] | None) -> tuple[array[int], array[int]]:
        """Return offset and length of each claim's line, in the order of answers; `spool` receives the lines."""
        rank = {source: number for number, source in enumerate(sorted(self._known.get("sources", ())))}
        offsets, lengths, keys = array("Q"), array("I"), list[bytes]()
        for _, offset, line in self._lines(self.folder.claims):
            try:
                key = _decode_key(line)
                keys.append(_pack(rank[key.source], key.paragraph) + key.id.encode())
            except (*_UNDECODABLE, UnicodeEncodeError, KeyError, struct.error):
                raise Faulty from None
            offsets.append(spool.tell() if spool else offset)
            lengths.append(spool.write(line) if spool else len(line))
        order = sorted(range(len(keys)), key=keys.__getitem__)
        return array("Q", (offsets[place] for place in order)), array(
            "I", (lengths[place] for place in order)
        )

    def _claims_at(
        self, offsets: Iterable[int], lengths: Iterable[int], spool: IO[bytes] | None
    ) -> Iterator[Claim]:
        """Yield the claims whose lines begin at these offsets, and have these lengths."""
        name = self.folder.claims
        with nullcontext(spool) if spool else open(files.open_regular(self.folder.path / name), "rb") as file:
            file.flush()
            descriptor = file.fileno()
            for offset, length in zip(offsets, lengths, strict=True):
                claim = self._claim_of_line(name, os.pread(descriptor, length, offset), 0, 0)
                if claim is None or any(not broken.warning for broken in self._context.claim(claim)):
                    raise Faulty
                yield claim

    # --- faults ------------------------------------------------------------------------------------

    def _fault(self, name: str, rule: str, message: Message) -> None:
        self.faults.append(Fault(name, None, None, None, rule, message))

    def _add(
        self, name: str, broken: rules.Broken, record: str | None = None, line: int | None = None
    ) -> None:
        level: Level = "warning" if broken.warning else "error"
        self.faults.append(
            Fault(name, line, record, broken.field or None, broken.rule, broken.message, level)
        )

    def _finish(self) -> None:
        for unused in self._context.unused():
            broken = rules.Broken(
                "id", "unused", Message("no claim and no evidence rests on this source"), warning=True
            )
            self._add("sources.json", broken, unused)

    def sha256(self) -> str:
        """Return the digest of the four files: of each, in the order of names, name, NUL, length, NUL and bytes."""
        import hashlib  # the tables of the bundled data do without

        digest = self._digest.copy() if self._digest else hashlib.sha256()
        for name in sorted(self._bytes):
            digest.update(b"%s\0%d\0" % (name.encode(), len(self._bytes[name])) + self._bytes[name])
        return digest.hexdigest()


class _Key(msgspec.Struct):
    """What decides where a claim stands in the order of answers."""

    id: str
    source: str
    paragraph: int


_decode_key = msgspec.json.Decoder(_Key).decode
_pack = struct.Struct(">IQ").pack
"""Number of the source in their order, paragraph: bytes that sort as the numbers do."""


class _Hashing(io.RawIOBase):
    """A file that digests the bytes read from it."""

    def __init__(self, raw: io.FileIO, digest: hashlib._Hash) -> None:
        self._raw = raw
        self._digest = digest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        size = self._raw.readinto(buffer)
        self._digest.update(buffer[:size])
        return size


def _quotes(data: bytes) -> int:
    """Return how many unescaped quotation marks a JSON text has: encoded anew, one with a key twice has fewer."""
    return data.count(b'"') - (data.count(b'\\"') if b"\\" in data else 0)
