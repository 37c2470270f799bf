"""Reads a dataset record by record, and says everything that is wrong with it at once."""

from __future__ import annotations

import datetime
import errno
import io
import math
import os
import struct
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from itertools import chain
from typing import IO, TYPE_CHECKING, Any, NamedTuple, TypeAlias, TypeVar

import msgspec

from indotrade.dataset import derived, rules
from indotrade.dataset import folder as files
from indotrade.dataset.faults import Fault, Level
from indotrade.dataset.folder import Folder
from indotrade.dataset.records import LISTS, Claim, Dataset, Source, Vocabulary, decode_claim
from indotrade.errors import Message, Refused, reason, shown
from indotrade.text import fold
from indotrade.text.choices import NEAR_AMONG, nearest

if TYPE_CHECKING:
    import hashlib

    from indotrade.dataset.shape import Misshapen

_T = TypeVar("_T")
Text: TypeAlias = bytes | msgspec.Raw
"""The JSON text of a record."""
LONGEST_LINE = 1 << 24
"""The longest line of `claims.ndjson`, in bytes: 16 MiB."""

MOST_UNPACKED = 8 << 30
"""The most bytes that `claims.ndjson.gz` may unpack to: 8 GiB."""
MOST_TIMES = 100
"""How many times its own size it may unpack to, if that is more than `UNPACKED_FREELY`: claims come to 5 to 40."""
UNPACKED_FREELY = 4 << 20
MANY_BLANK = 1000
"""After so many blank lines in a row those that follow are passed over together: millions of them take no time."""

_BOM = b"\xef\xbb\xbf"
_decode_claims = msgspec.json.Decoder(list[Claim]).decode
_decode_any = msgspec.json.Decoder().decode
_encode = msgspec.json.Encoder().encode
_HOLDERS: dict[type, Any] = {list: list[msgspec.Raw], dict: dict[str, msgspec.Raw]}
_UNDECODABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
_NO_PARAGRAPH = 1 << 63
"""What sorts after each paragraph."""


class Faulty(Exception):
    """A dataset that is read in the order of answers has an error; `Reader.claims` finds which."""


class Place(NamedTuple):
    """Where a record stands: its id or its number, its line, the list of the vocabulary."""

    label: str | None = None
    line: int | None = None
    list: str = ""
    sound: bool = False
    """Whether the text around it is known to have no key twice, no NUL and no half of a surrogate pair."""


_NOWHERE = Place()


class Numbered(NamedTuple):
    """A claim that was read, with its place in the file, for messages."""

    claim: Claim
    line: int | None
    position: int
    wrong: Sequence[str] = ()
    """The fields (their paths) whose shape is wrong."""


def in_answer_order(claim: Claim) -> tuple[str, int]:
    """Return what claims are sorted by: source and paragraph, those without one last; ties as in the file."""
    return claim.source, claim.paragraph or _NO_PARAGRAPH


class Reader:
    """Reads a dataset once, and collects in `faults` whatever is wrong with it.

    `head()` first, then `claims()` to the end; after that `faults` is complete and `sha256()` can be asked.
    With `trusted`, all is left out but the shape of the records: the rules cannot fail on the bundled data,
    which the tests hold to them. With `thorough` nothing is left out: `check` tells warnings, which no look-up does.
    """

    def __init__(self, folder: Folder, *, trusted: bool = False, thorough: bool = False) -> None:
        self.folder = folder
        self.thorough = thorough
        self.trusted = trusted
        self.faults: list[Fault] = []
        self._bytes: dict[str, bytes] = {}
        self._digest: hashlib._Hash | None = None
        """Of the claims, where they were read line by line."""
        self._today = datetime.date.today().isoformat()
        self._known: dict[str, set[str]] = {}
        self._context: rules.Context
        self._places: dict[str, int] = {}
        self._languages: Sequence[str] = ()
        self._whole = True
        """Whether every claim could be read: else nobody knows what rests on a source."""

    def head(self) -> tuple[Dataset | None, Vocabulary, list[Source]]:
        """Return the description (None if unreadable), the vocabulary and the sources (empty if unreadable)."""
        dataset = self._described()
        vocabulary = self._vocabulary()
        sources = list(self._sources())
        self._context = rules.Context(
            sources,
            self._today,
            self._known,
            self._languages,
            vocabulary.countries,
            parents=_parents(vocabulary) if self.thorough else None,
        )
        return dataset, vocabulary, sources

    def claims(self) -> Iterator[Numbered]:
        """Yield each claim; those that break a rule, or whose shape is wrong, are among `faults` as well."""
        name = self.folder.claims
        read = self._claims_of_array if name.endswith(".json") else self._claims_of_lines
        for numbered in read(name):
            claim, line, index, wrong = numbered
            if any(path.startswith(("source", "evidence")) or not path for path in wrong):
                self._whole = False
            if not self.trusted:
                self._first(name, claim, line, index)
                for broken in self._context.claim(claim):
                    if not (wrong and broken.follows(wrong)):
                        self._add(name, broken, claim.id or f"[{index}]", line)
            self._settle(claim)
            yield numbered
        if not self.trusted:
            self._finish()

    def _first(self, name: str, claim: Claim, line: int | None, index: int) -> None:
        """Add a fault where a claim's id stands at another place already."""
        here = index if line is None else line
        place = self._places.setdefault(claim.id, here)
        if place != here and claim.id:
            where = f"[{place}]" if line is None else Message("line {number}", number=place)
            told = Message("the id stands at {where} already", where=where)
            self._add(name, rules.Broken("id", "duplicate", told), claim.id, line)

    def _settle(self, claim: Claim) -> None:
        derived.settle(claim, self._context.sources, self._languages)

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

    def near(self, fault: Fault) -> list[str]:
        """Return the id that a reference to nothing probably means, where one looks like it."""
        if fault.unknown is None:
            return []
        kind, asked = fault.unknown
        known = {fold.key(name): name for name in sorted(self._known.get(kind, ()))}
        return [known[key] for key in nearest(asked, known, 1)] if len(known) <= NEAR_AMONG else []

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

    def _refused(self, name: str, data: bytes, at: Place = _NOWHERE) -> bool:
        """Return whether a text is no JSON that this program takes; why is a fault."""
        from indotrade.dataset import shape

        try:
            shape.read(data)
        except shape.Malformed as error:
            message = error.message if at.line is None else error.within_line
            self.faults.append(Fault(name, at.line, at.label, at.list or None, "syntax", message))
            return True
        return False

    def _salvaged(
        self, name: str, data: Text, record: type[_T], at: Place = _NOWHERE
    ) -> tuple[_T | None, list[str]]:
        """Return a record that the fast decoder refused or cannot judge, and its fields that are wrong: each is a fault.

        None where the text is no JSON that this program takes: a key stands twice in it.
        """
        from indotrade.dataset import shape

        doubtful = not at.sound and self._doubtful(bytes(data))
        if doubtful and self._refused(name, bytes(data), at):
            self._whole = False
            return None, []
        value, wrong = shape.salvaged(data, record)
        if doubtful:  # a NUL or half a surrogate pair, which the fast decoder takes in many a place
            wrong = shape.misshapen(shape.read(bytes(data)), record)
        self._misshapen(name, wrong, at._replace(label=getattr(value, "id", "") or at.label))
        return value, [fault.field for fault in wrong]

    def _misshapen(self, name: str, wrong: Iterable[Misshapen], at: Place) -> None:
        for fault in wrong:
            field = ".".join(filter(None, (at.list, fault.field)))
            self._add(name, rules.Broken(field, fault.rule, fault.message), at.label, at.line)

    def _doubtful(self, data: bytes) -> bool:
        """Return whether the slow path must look: a key that stands twice, a NUL, half a surrogate pair."""
        if self.trusted:
            return False
        if b"\\" in data and (b"\\u0000" in data or b"\\ud" in data or b"\\uD" in data):
            return True
        try:
            return _quotes(data) != _quotes(_encode(_decode_any(data)))
        except _UNDECODABLE:  # a number beyond all numbers, where another field is wrong as well
            return True

    # --- the three small files ---------------------------------------------------------------------

    def _described(self) -> Dataset | None:
        name = "dataset.json"
        data = self._read(name)
        if data is None:
            return None
        described, wrong = self._typed(name, data, Dataset)
        if described is None:
            return None
        for broken in rules.head(described, self._today):
            if not broken.follows(wrong):
                self._add(name, broken)
        self._languages = described.languages
        return None if wrong else described

    def _typed(self, name: str, data: bytes, record: type[_T]) -> tuple[_T | None, list[str]]:
        """Return a file's value as a record, or None, and the fields whose shape is wrong; each is a fault."""
        try:
            value = msgspec.json.decode(data, type=record)
            if not self._doubtful(data):
                return value, []
        except _UNDECODABLE:
            if self._refused(name, data):
                return None, []
        return self._salvaged(name, data, record)

    def _vocabulary(self) -> Vocabulary:
        name = "vocabulary.json"
        data = self._read(name)
        vocabulary = Vocabulary()
        if data is None:
            return vocabulary
        wrong: dict[str, Sequence[str]] = {}
        before = len(self.faults)
        try:
            vocabulary = msgspec.json.decode(data, type=Vocabulary)
            sound = not self._doubtful(data)
        except _UNDECODABLE:
            sound = False
        if not sound:
            members = self._texts(name, data, dict)
            if members is None:
                return vocabulary
            vocabulary, wrong = self._salvaged_lists(name, members)
        lists = {kind: getattr(vocabulary, kind) for kind in LISTS}
        lost = [it.field for it in self.faults[before:]]
        self._known |= {
            kind: {entry.id for entry in listed} for kind, listed in lists.items() if kind not in lost
        }
        if self.trusted:
            return vocabulary
        for kind, listed in lists.items():
            for entry, broken in rules.entries(kind, listed, self._known):
                if not broken.follows(wrong.get(entry.id, ())):
                    field = f"{kind}.{broken.field}" if broken.field else kind
                    self._add(name, broken._replace(field=field), entry.id)
            for texts in chain.from_iterable(map(derived.texts_of, listed)):
                derived.arrange(texts, self._languages)
            for twice in rules.repeated(entry.id for entry in listed):
                self._add(
                    name, rules.Broken(f"{kind}.id", "duplicate", Message("the id stands twice")), twice
                )
        return vocabulary

    def _salvaged_lists(
        self, name: str, members: Mapping[str, Text]
    ) -> tuple[Vocabulary, dict[str, Sequence[str]]]:
        """Return a vocabulary of which some entries are wrong, and the wrong fields of each of those by its id."""
        lists: dict[str, list[Any]] = {}
        wrong: dict[str, Sequence[str]] = {}
        for kind, text in members.items():
            if kind not in LISTS:
                told = Message("unknown field; the fields here are {fields}", fields=", ".join(LISTS))
                self._add(name, rules.Broken(kind, "unknown field", told))
                continue
            lists[kind] = []
            if bytes(text) == b"null":
                continue
            for entry, _, _, faults in self._each(name, bytes(text), LISTS[kind], kind):
                lists[kind].append(entry)
                wrong[entry.id] = (*wrong.get(entry.id, ()), *faults)
        return Vocabulary(**lists), wrong

    def _sources(self) -> Iterator[Source]:
        """Yield the sources, and have their ids known if they were all read."""
        name = "sources.json"
        data = self._read(name)
        ids: list[str] = []
        before = len(self.faults)
        for source, _, _, wrong in self._array(name, data, Source) if data is not None else ():
            ids.append(source.id)
            yield source
            if not self.trusted:
                for broken in rules.source(source, self._today):
                    if not broken.follows(wrong):
                        self._add(name, broken, record=source.id)
        if data is not None and not any(it.rule == "syntax" for it in self.faults[before:]):
            self._known["sources"] = set(ids)
        for twice in rules.repeated(filter(None, ids)):
            self._add(name, rules.Broken("id", "duplicate", Message("the id stands twice")), twice)

    def _array(
        self, name: str, data: bytes, record: Any
    ) -> Iterator[tuple[Any, int | None, int, Sequence[str]]]:
        """Yield the records of a file that holds an array, fast while they are right."""
        try:
            decode = _decode_claims if record is Claim else msgspec.json.Decoder(list[record]).decode
            records = decode(data)
            if not self._doubtful(data):
                yield from ((value, None, index, ()) for index, value in enumerate(records))
                return
        except _UNDECODABLE:
            pass
        yield from self._each(name, data, record)

    def _each(
        self, name: str, data: bytes, record: type[_T], of: str = ""
    ) -> Iterator[tuple[_T, int | None, int, Sequence[str]]]:
        """Yield the records of an array one by one, with the fields of each that are wrong."""
        texts = self._texts(name, data, list, of)
        if texts is None:
            self._whole = False
            return
        decode = msgspec.json.Decoder(record).decode
        sound = not self._doubtful(data)
        for index, text in enumerate(texts):
            read, wrong = self._one(name, text, record, decode, Place(f"[{index}]", None, of, sound))
            if read is not None:
                yield read, None, index, wrong

    def _one(
        self, name: str, data: Text, record: type[_T], decode: Callable[[Text], _T], at: Place
    ) -> tuple[_T | None, list[str]]:
        """Return one record, and its fields that are wrong; None where it cannot be looked at."""
        try:
            value = decode(data)
            if at.sound or not self._doubtful(bytes(data)):
                return value, []
        except _UNDECODABLE:
            pass
        return self._salvaged(name, data, record, at)

    def _texts(self, name: str, data: bytes, of: type, field: str = "") -> Any:
        """Return the texts of what an array or an object holds, or None where it is none of them; why is a fault."""
        from indotrade.dataset import shape

        try:
            _decode_any(data)  # for of the texts alone it checks no UTF-8
            return msgspec.json.decode(data, type=_HOLDERS[of])
        except _UNDECODABLE:
            if self._refused(name, data):
                return None
        value = shape.read(data)
        if not isinstance(value, of):
            wanted = Message("a list of records" if of is list else "an object")
            told = Message("expected {wanted}, not {found}", wanted=wanted, found=shown(value))
            self._add(name, rules.Broken(field, "type", told))
            return None
        return shape.apart(value)  # half a surrogate pair, of which the fast decoder takes none

    # --- the claims --------------------------------------------------------------------------------

    def _claims_of_array(self, name: str) -> Iterator[Numbered]:
        data = self._read(name)
        if data is None:
            self._whole = False
            return
        yield from map(Numbered._make, self._array(name, data, Claim))

    def _claims_of_lines(self, name: str) -> Iterator[Numbered]:
        for index, (line, _, data) in enumerate(self._lines(name)):
            claim, wrong = self._claim_of_line(name, data, line, index)
            if claim is not None:
                yield Numbered(claim, line, index, wrong)

    def _claim_of_line(self, name: str, data: bytes, line: int, index: int) -> tuple[Claim | None, list[str]]:
        try:
            claim = decode_claim(data)
            if not self._doubtful(data):
                return claim, []
        except _UNDECODABLE:
            if not _is_json(data) and self._refused(name, data, Place(line=line)):
                self._whole = False
                return None, []
        return self._salvaged(name, data, Claim, Place(f"[{index}]", line))

    def _lines(self, name: str) -> Iterator[tuple[int, int, bytes]]:
        """Yield number, offset and text of the lines of `claims.ndjson` or its `.gz` that are not blank."""
        import gzip  # not needed by the bundled data, whose start-up counts
        import hashlib
        import zlib

        number = end = blank = 0
        most: float = math.inf
        try:
            with open(files.open_regular(self.folder.path / name), "rb", buffering=0) as raw:
                before = files.stamp(raw.fileno())
                self._digest = hashlib.sha256(b"%s\0%d\0" % (name.encode(), before[0]))
                stream: Any = io.BufferedReader(_Hashing(raw, self._digest), 1 << 18)
                if name.endswith(".gz"):
                    stream = gzip.GzipFile(fileobj=stream)
                    most = min(MOST_UNPACKED, max(UNPACKED_FREELY, MOST_TIMES * before[0]))
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
                    if end > most:
                        self._fault(
                            name,
                            "file",
                            Message(
                                "it unpacks to more than {most:,} bytes, the limit for a file of {size:,}",
                                most=most,
                                size=before[0],
                            ),
                        )
                        return
                    if number == 1:
                        line = line.removeprefix(_BOM)
                    if line.strip():
                        blank = 0
                        yield number, end - len(line), line
                        continue
                    blank += 1
                    if blank % MANY_BLANK == 0:
                        skipped = _blank(stream)
                        number, end = number + skipped.count(b"\n"), end + len(skipped)
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
                keys.append(_pack(rank[key.source], key.paragraph or _NO_PARAGRAPH, len(keys)))
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
                claim, wrong = self._claim_of_line(name, os.pread(descriptor, length, offset), 0, 0)
                if claim is None or wrong or any(not it.warning for it in self._context.claim(claim)):
                    raise Faulty
                self._settle(claim)
                yield claim

    # --- faults ------------------------------------------------------------------------------------

    def _fault(self, name: str, rule: str, message: Message) -> None:
        self.faults.append(Fault(name, None, None, None, rule, message))
        self._whole &= rule != "file"

    def _add(
        self, name: str, broken: rules.Broken, record: str | None = None, line: int | None = None
    ) -> None:
        level: Level = "warning" if broken.warning else "error"
        self.faults.append(
            Fault(
                name, line, record, broken.field or None, broken.rule, broken.message, level, broken.unknown
            )
        )

    def _finish(self) -> None:
        """Add the sources on which nothing rests, where all that may rest on one could be read."""
        lost = not self._whole or any(
            fault.unknown and fault.unknown[0] == "sources" for fault in self.faults
        )
        for unused in () if lost else self._context.unused():
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

    source: str
    paragraph: int | None = None


_decode_key = msgspec.json.Decoder(_Key).decode
_pack = struct.Struct(">IQQ").pack
"""Number of the source in their order, paragraph, place in the file: bytes that sort as the numbers do."""


def _blank(stream: Any) -> bytes:
    """Read the blank lines that stand next in the buffer of a file, all at once, and return them."""
    ahead: bytes = stream.peek(1 << 16)
    blank = ahead[: len(ahead) - len(ahead.lstrip())]
    return bytes(stream.read(blank.rfind(b"\n") + 1))


class _Hashing(io.RawIOBase):
    """A file that digests the bytes read from it."""

    def __init__(self, raw: io.FileIO, digest: hashlib._Hash) -> None:
        self._raw = raw
        self._digest = digest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        size = self._raw.readinto(buffer)
        if size is None:  # a file of the system that waits for what is to come, as /proc/kmsg
            raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))
        self._digest.update(buffer[:size])
        return size


def _parents(vocabulary: Vocabulary) -> dict[str, dict[str, str | None]]:
    kinds = ("sectors", "countries", "organizations")
    return {kind: {entry.id: entry.parent for entry in getattr(vocabulary, kind)} for kind in kinds}


def _is_json(data: bytes) -> bool:
    try:
        _decode_any(data)
    except _UNDECODABLE:
        return False
    return True


def _quotes(data: bytes) -> int:
    """Return how many unescaped quotation marks a JSON text has: encoded anew, one with a key twice has fewer."""
    return data.count(b'"') - (data.count(b'\\"') if b"\\" in data else 0)
