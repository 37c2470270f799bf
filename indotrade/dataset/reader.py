"""Reads a dataset record by record, and says everything that is wrong with it at once."""

from __future__ import annotations

import os
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import date
from itertools import chain
from typing import IO, TYPE_CHECKING, Any, NamedTuple, TypeVar

import msgspec

from indotrade.dataset import derived, strict
from indotrade.dataset import folder as files
from indotrade.dataset.batches import batches
from indotrade.dataset.faults import Broken, Fault, of_themselves
from indotrade.dataset.folder import Folder
from indotrade.dataset.processes import spread
from indotrade.dataset.records import LISTS, Claim, Dataset, Entry, Source, Vocabulary, decoder
from indotrade.errors import Message, Refused, shown
from indotrade.text import fold
from indotrade.text.choices import NEAR_AMONG, nearest

if TYPE_CHECKING:
    from indotrade.dataset.lines import Line, Lines
    from indotrade.dataset.rules import Context

_T = TypeVar("_T")
_BOM = b"\xef\xbb\xbf"
_NO_PARAGRAPH = 1 << 63
"""What sorts after each paragraph."""
BATCH = 5000
"""How many claims are worked on at a time."""
_RIGHT: Sequence[Broken] = ()
"""What is wrong with the shape of a record that the fast decoder took."""
Read = tuple[_T | None, Sequence[Broken]]
"""A record, and what is wrong with its shape; None where its text is no JSON that this program takes."""


class Faulty(Exception):
    """A dataset that is read in the order of answers has an error; `Reader.claims` finds which."""


class Numbered(NamedTuple):
    """A claim that was read, with its place in the file, for messages."""

    claim: Claim
    line: int | None
    position: int


def in_answer_order(claim: Claim) -> tuple[str, int]:
    """Return what claims are sorted by: source and paragraph, those without one last; ties as in the file."""
    return claim.source, claim.paragraph or _NO_PARAGRAPH


class _Judged(NamedTuple):
    """What was found in some claims."""

    records: list[tuple[int, int, str]]
    """Place among the claims, line and id of each."""
    faults: list[Fault]
    lost: set[str]
    cited: set[str]


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
        self._sha256: str | None = None
        """None until it is asked for; then the bytes are of no more use."""
        self._lines: Lines | None = None
        """The claims, where they are read line by line."""
        self._today = date.today().isoformat()
        self._known: dict[str, set[str]] = {}
        self._sources: dict[str, Source] = {}
        self._context: Context | None = None
        """What the rules of claims need; None while no rule is looked at."""
        self._places: dict[str, int] = {}
        self._languages: Sequence[str] = ()
        self._lost: set[str] = set()
        """The files, and the lists of the vocabulary, of which not all could be read: nobody knows what else they hold."""

    def head(self) -> tuple[Dataset | None, Vocabulary, list[Source]]:
        """Return the description (None if unreadable), the vocabulary and the sources (empty if unreadable)."""
        dataset = self._described()
        vocabulary = self._vocabulary()
        sources = list(self._read_sources())
        self._sources = {source.id: source for source in sources}
        if not self.trusted:
            from indotrade.dataset import rules

            parents = _parents(vocabulary) if self.thorough else None
            self._context = rules.Context(
                self._sources,
                self._today,
                self._known,
                self._languages,
                vocabulary.countries,
                parents=parents,
            )
        return dataset, vocabulary, sources

    def claims(self) -> Iterator[Numbered]:
        """Yield each claim; those that break a rule, or whose shape is wrong, are among `faults` as well."""
        name = self.folder.claims
        read = self._claims_of_array if name.endswith(".json") else self._claims_of_lines
        for numbered, wrong in read(name):
            claim, line, index = numbered
            if self._context:
                self._first(name, claim.id, line, index)
            self._judge_claim(name, numbered, wrong)
            self._settle(claim)
            yield numbered
        if self._context:
            self._finish(self._context)

    def judged(self) -> int:
        """Return how many claims there are, once each has been looked at: `claims()` for whoever wants none of them."""
        if self.folder.claims.endswith(".json"):
            return sum(1 for _ in self.claims())
        assert self._context is not None  # who trusts a dataset has nothing to judge
        name, count = self.folder.claims, 0
        for part in spread(self._judged, self._batches):
            before = len(self.faults)
            for index, line, record in part.records:
                self._first(name, record, line, index)
            if part.faults:
                self.faults[before:] = sorted((*self.faults[before:], *part.faults), key=_line)
            self._lost |= part.lost
            self._context.cited |= part.cited
            count += len(part.records)
        self._finish(self._context)
        return count

    def _batches(self) -> Iterator[list[tuple[int, Line]]]:
        return batches(enumerate(self._each_line()), BATCH)

    def _judged(self, lines: Sequence[tuple[int, Line]]) -> _Judged:
        """Return what is found in some lines, each with its place among them, and add nothing to what was found before."""
        assert self._context is not None
        name, records = self.folder.claims, []
        before = self.faults, self._lost, self._context.cited
        self.faults, self._lost, self._context.cited = [], set(), set()
        try:
            for index, line in lines:
                claim, wrong = self._claim(name, line.data, index, line.number)
                if claim is not None:
                    self._judge_claim(name, Numbered(claim, line.number, index), wrong)
                    records.append((index, line.number, claim.id))
            return _Judged(records, self.faults, self._lost, self._context.cited)
        finally:
            self.faults, self._lost, self._context.cited = before

    def _judge_claim(self, name: str, numbered: Numbered, wrong: Sequence[Broken]) -> None:
        """Add the rules that a claim breaks of itself."""
        claim, line, index = numbered
        if wrong and any(it.field.startswith(("source", "evidence")) or not it.field for it in wrong):
            self._lost.add(name)
        if self._context:
            self._broken(name, claim.id or f"[{index}]", self._context.claim(claim), wrong, line)

    def _first(self, name: str, record: str, line: int | None, index: int) -> None:
        """Add a fault where a claim's id stands at another place already."""
        here = index if line is None else line
        place = self._places.setdefault(record, here)
        if place != here and record:
            where = f"[{place}]" if line is None else Message("line {number}", number=place)
            told = Message("the id stands at {where} already", where=where)
            self.faults.append(Fault(name, line, record, Broken("id", "duplicate", told)))

    def _settle(self, claim: Claim) -> None:
        derived.settle(claim, self._sources, self._languages)

    @contextmanager
    def in_order(self, room: str | None = None) -> Iterator[tuple[int, Callable[[slice], Iterator[Claim]]]]:
        """Give how many claims there are, and what yields those of a slice, by source, paragraph and id; call `head()` first.

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
            yield len(claims), lambda some: iter(claims[some])
            return
        with self._spool(room) as spool:
            offsets, lengths = self._places_in_order(spool)
            self._stop_at_errors()
            with self._opened(spool) as file:
                yield len(offsets), lambda some: self._claims_at(offsets[some], lengths[some], file.fileno())

    def _opened(self, spool: IO[bytes] | None) -> AbstractContextManager[IO[bytes]]:
        """Return the file in which lines are read at their places."""
        if spool:
            spool.flush()
            return nullcontext(spool)
        return open(files.open_regular(self.folder.path / self.folder.claims), "rb")

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
        if fault.broken.unknown is None:
            return []
        kind, asked = fault.broken.unknown
        known = {fold.key(name): name for name in sorted(self._known.get(kind, ()))}
        return [known[key] for key in nearest(asked, known, 1)] if len(known) <= NEAR_AMONG else []

    def errors(self) -> list[Fault]:
        """Return the faults that make the dataset invalid."""
        return [fault for fault in self.faults if not fault.broken.warning]

    # --- records out of their texts ----------------------------------------------------------------

    def _read(self, name: str) -> bytes | None:
        """Return a file's bytes without a byte order mark, or None with a fault."""
        try:
            data = files.read(self.folder.path / name)
        except Refused as error:
            self._unread(name, error.message)
            return None
        self._bytes[name] = data
        data = data.removeprefix(_BOM)
        if not data or data.isspace():
            self._unread(name, Message("the file is empty"))
            return None
        return data

    def _unread(self, name: str, message: Message) -> None:
        """Add the fault of a file that cannot be read to its end."""
        self._lose(Fault(name, None, None, Broken("", "file", message)))

    def _malformed(self, name: str, error: strict.Malformed) -> None:
        """Add the fault of a file that is no JSON."""
        self._lose(Fault(name, None, None, Broken("", "syntax", error.message)))

    def _lose(self, fault: Fault) -> None:
        """Add a fault for which a file, or a list of the vocabulary, is not known whole."""
        self.faults.append(fault)
        self._lost.add(fault.field or fault.file)

    def _broken(
        self,
        name: str,
        record: str | None,
        found: Iterable[Broken],
        misshapen: Sequence[Broken] = _RIGHT,
        line: int | None = None,
    ) -> None:
        """Add the rules that a record breaks of itself."""
        for broken in of_themselves(found, misshapen) if misshapen else found:
            self.faults.append(Fault(name, line, record, broken))

    def _quickly(self, data: bytes, record: Any) -> tuple[Any, Any]:
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

    def _array(self, name: str, data: bytes, record: type[_T]) -> Iterator[Read[_T]]:
        """Yield the records of a file that holds a list, fast while they are right."""
        found, _ = self._quickly(data, list[record])  # type: ignore[valid-type]
        if found is not None:
            yield from ((value, _RIGHT) for value in found)
            return
        try:
            parts = strict.parts(data)
        except strict.Malformed as error:
            self._malformed(name, error)
            return
        if isinstance(parts, list):
            yield from self._records(name, parts, record)
        else:
            self._no_list(name, parts)

    def _records(self, name: str, parts: Sequence[Any], record: type[_T], of: str = "") -> Iterator[Read[_T]]:
        return (self._salvaged(name, part, record, f"[{at}]", of=of) for at, part in enumerate(parts))

    def _no_list(self, name: str, found: Any, field: str = "") -> None:
        """Add the fault of a value that should be a list of records."""
        wanted = Message("a list of records")
        told = Message("expected {wanted}, not {found}", wanted=wanted, found=shown(found))
        self._lose(Fault(name, None, None, Broken(field, "type", told)))

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
            self._lose(Fault(name, line, label or None, Broken(of, "syntax", told)))
            return None, _RIGHT
        found, wrong = shape.salvaged(value, record)
        nameless = any(it.field in ("", "id") and it.rule in ("missing field", "type") for it in wrong)
        if nameless and name != self.folder.claims:
            self._lost.add(of or name)
        label = getattr(found, "id", "") or place or None
        self.faults += [Fault(name, line, label, broken.within(of) if of else broken) for broken in wrong]
        return found, wrong

    # --- the three small files ---------------------------------------------------------------------

    def _described(self) -> Dataset | None:
        name = "dataset.json"
        data = self._read(name)
        if data is None:
            return None
        wrong = _RIGHT
        described, value = self._quickly(data, Dataset)
        if described is None:
            described, wrong = self._salvaged(name, value, Dataset, "")
        if described is None:
            return None
        if not self.trusted:
            from indotrade.dataset import rules

            self._broken(name, None, rules.head(described, self._today), wrong)
        if not any(it.field.startswith("languages") for it in wrong):
            self._languages = described.languages
        return None if wrong else described

    def _vocabulary(self) -> Vocabulary:
        name = "vocabulary.json"
        data = self._read(name)
        if data is None:
            return Vocabulary()
        wrong: Mapping[int, Sequence[Broken]] = {}
        vocabulary: Vocabulary | None
        vocabulary, _ = self._quickly(data, Vocabulary)
        if vocabulary is None:
            vocabulary, wrong = self._salvaged_vocabulary(name, data)
        if name in self._lost:
            return vocabulary
        lists: dict[str, list[Any]] = {kind: getattr(vocabulary, kind) for kind in LISTS}
        for kind, listed in lists.items():
            self._know(kind, listed)
        if not self.trusted:
            for kind, listed in lists.items():
                self._judge(name, kind, listed, wrong)
        return vocabulary

    def _salvaged_vocabulary(
        self, name: str, data: bytes
    ) -> tuple[Vocabulary, Mapping[int, Sequence[Broken]]]:
        """Return what can be read of a vocabulary, and what is wrong with the shape of each entry."""
        lists: dict[str, list[Any]] = {}
        wrong: dict[int, Sequence[Broken]] = {}
        before = len(self.faults)
        try:
            members = strict.parts(data)
            if not isinstance(members, dict):
                told = Message(
                    "expected {wanted}, not {found}", wanted=Message("an object"), found=shown(members)
                )
                self._lose(Fault(name, None, None, Broken("", "type", told)))
                return Vocabulary(), wrong
            for kind, member in members.items():
                parts = strict.parts(bytes(member)) if isinstance(member, msgspec.Raw) else member
                if kind not in LISTS:
                    told = Message("unknown field; the fields here are {fields}", fields=", ".join(LISTS))
                    self.faults.append(Fault(name, None, None, Broken(kind, "unknown field", told)))
                elif isinstance(parts, list):
                    read = self._records(name, parts, LISTS[kind], of=kind)
                    found = [(entry, faults) for entry, faults in read if entry is not None]
                    lists[kind] = [entry for entry, _ in found]
                    wrong |= {id(entry): faults for entry, faults in found}
                elif parts is not None:
                    self._no_list(name, parts, kind)
            if len(self.faults) == before:
                strict.value(data)  # where no entry has a key twice, the vocabulary may have one
        except strict.Malformed as error:
            self._malformed(name, error)
        return Vocabulary(**lists), wrong

    def _judge(
        self, name: str, kind: str, listed: Sequence[Entry], wrong: Mapping[int, Sequence[Broken]]
    ) -> None:
        """Look at the rules of a list of the vocabulary, and bring the texts of its entries into their order."""
        from indotrade.dataset import entries

        for entry, found in entries.judged(kind, listed, self._known):
            broken = of_themselves(found, wrong.get(id(entry), _RIGHT))
            self._broken(name, entry.id, (it.within(kind) for it in broken))
        for texts in chain.from_iterable(map(derived.texts_of, listed)):
            derived.arrange(texts, self._languages)
        self._repeated(name, listed, f"{kind}.id")

    def _read_sources(self) -> Iterator[Source]:
        """Yield the sources, and have their ids known if they were all read."""
        name = "sources.json"
        data = self._read(name)
        if data is None:
            return
        sources: list[Source] = []
        for source, wrong in self._array(name, data, Source):
            if source is None:
                continue
            sources.append(source)
            yield source
            if not self.trusted:
                from indotrade.dataset import rules

                self._broken(name, source.id, rules.source(source, self._today), wrong)
        if name not in self._lost:
            self._know("sources", sources)
        self._repeated(name, sources, "id")

    def _know(self, kind: str, records: Sequence[Entry | Source]) -> None:
        """Have the ids of a list be known, if all of it is: else a reference to nothing may be to what was lost."""
        if kind not in self._lost:
            self._known[kind] = {record.id for record in records if record.id}

    def _repeated(self, name: str, records: Sequence[Entry | Source], field: str) -> None:
        """Add the ids that stand more than once in a list."""
        for record, times in Counter(record.id for record in records).items():
            if record and times > 1:
                told = Message("the id stands twice")
                self.faults.append(Fault(name, None, record, Broken(field, "duplicate", told)))

    # --- the claims --------------------------------------------------------------------------------

    def _claims_of_array(self, name: str) -> Iterator[tuple[Numbered, Sequence[Broken]]]:
        data = self._read(name)
        if data is None:
            return
        for index, (claim, wrong) in enumerate(self._array(name, data, Claim)):
            if claim is not None:
                yield Numbered(claim, None, index), wrong

    def _claims_of_lines(self, name: str) -> Iterator[tuple[Numbered, Sequence[Broken]]]:
        for index, line in enumerate(self._each_line()):
            claim, wrong = self._claim(name, line.data, index, line.number)
            if claim is not None:
                yield Numbered(claim, line.number, index), wrong

    def _claim(self, name: str, data: bytes, index: int, line: int) -> Read[Claim]:
        claim, value = self._quickly(data, Claim)
        return self._salvaged(name, value, Claim, f"[{index}]", line) if claim is None else (claim, _RIGHT)

    def _each_line(self) -> Iterator[Line]:
        from indotrade.dataset.lines import Lines  # of which the bundled data have no need

        self._lines = Lines(self.folder)
        try:
            yield from self._lines
        except Refused as error:
            self._unread(self.folder.claims, error.message)

    def _places_in_order(self, spool: IO[bytes] | None) -> tuple[array[int], array[int]]:
        """Return offset and length of each claim's line, in the order of answers; `spool` receives the lines."""
        rank = {source: number for number, source in enumerate(sorted(self._known.get("sources", ())))}
        offsets, lengths = array("Q"), array("I")
        ranks, paragraphs = array("I"), array("Q")
        for line in self._each_line():
            try:
                key = _decode_key(line.data)
                ranks.append(rank[key.source])
                paragraphs.append(key.paragraph or _NO_PARAGRAPH)
            except (*strict.UNDECODABLE, UnicodeEncodeError, KeyError, OverflowError):
                raise Faulty from None
            offsets.append(spool.tell() if spool else line.offset)
            lengths.append(spool.write(line.data) if spool else len(line.data))
        order = sorted(range(len(ranks)), key=paragraphs.__getitem__)
        order.sort(key=ranks.__getitem__)  # each sort leaves ties as they were
        return array("Q", map(offsets.__getitem__, order)), array("I", map(lengths.__getitem__, order))

    def _claims_at(self, offsets: Iterable[int], lengths: Iterable[int], descriptor: int) -> Iterator[Claim]:
        """Yield the claims whose lines begin at these offsets, and have these lengths. Raises Faulty."""
        name = self.folder.claims
        assert self._context is not None  # who trusts a dataset reads it as it stands
        for offset, length in zip(offsets, lengths, strict=True):
            claim, wrong = self._claim(name, os.pread(descriptor, length, offset), 0, 0)
            if claim is None or wrong or any(not it.warning for it in self._context.claim(claim)):
                raise Faulty
            self._settle(claim)
            yield claim

    def _finish(self, context: Context) -> None:
        """Add the sources on which nothing rests, where all that may rest on one could be read."""
        if self.folder.claims in self._lost or "sources" not in self._known:
            return
        if any(fault.broken.unknown and fault.broken.unknown[0] == "sources" for fault in self.faults):
            return
        told = Message("no claim and no evidence rests on this source")
        for unused in context.unused():
            broken = Broken("id", "unused", told, warning=True)
            self.faults.append(Fault("sources.json", None, unused, broken))

    def sha256(self) -> str:
        """Return the digest of the four files: of each, in the order of names, name, NUL, length, NUL and bytes."""
        if self._sha256 is None:
            import hashlib  # the tables of the bundled data do without

            digest = self._lines.digest.copy() if self._lines else hashlib.sha256()
            for name in sorted(self._bytes):
                digest.update(b"%s\0%d\0" % (name.encode(), len(self._bytes[name])) + self._bytes.pop(name))
            self._sha256 = digest.hexdigest()
        return self._sha256


def _line(fault: Fault) -> int:
    return fault.line or 0


class _Key(msgspec.Struct):
    """What decides where a claim stands in the order of answers."""

    source: str
    paragraph: int | None = None


_decode_key = msgspec.json.Decoder(_Key).decode


def _parents(vocabulary: Vocabulary) -> dict[str, dict[str, str | None]]:
    kinds = ("sectors", "countries", "organizations")
    return {kind: {entry.id: entry.parent for entry in getattr(vocabulary, kind)} for kind in kinds}
