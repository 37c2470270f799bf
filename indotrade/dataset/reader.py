"""Reads a dataset record by record, and says everything that is wrong with it at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from indotrade.dataset import derived
from indotrade.dataset.batches import batches
from indotrade.dataset.faults import Broken, Fault
from indotrade.dataset.folder import Folder
from indotrade.dataset.head import HeadReader
from indotrade.dataset.parser import Parser
from indotrade.dataset.processes import spread
from indotrade.dataset.records import Claim, Dataset, Source
from indotrade.dataset.vocabulary import Vocabulary
from indotrade.errors import Message, Refused
from indotrade.text import fold
from indotrade.text.choices import NEAR_AMONG, nearest

if TYPE_CHECKING:
    from indotrade.dataset.lines import Line, Lines
    from indotrade.dataset.rules import Context

BATCH = 5000
"""How many claims are worked on at a time."""
MOST_FAULTS = 1_000_000
"""After so many no more claims are looked at: a compressed file of half a megabyte has room for 60 million."""


class Faulty(Exception):
    """A dataset that is read in the order of answers has an error; `Reader.claims` finds which."""


class Numbered(NamedTuple):
    """A claim that was read, with its place in the file, for messages."""

    claim: Claim
    line: int | None
    position: int


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
        self._thorough = thorough
        self._parser = Parser(folder, trusted=trusted)
        self._sha256: str | None = None
        """None until it is asked for; then the bytes are of no more use."""
        self._lines: Lines | None = None
        """The claims, where they are read line by line."""
        self._head = HeadReader(self._parser, date.today().isoformat())
        self._sources: dict[str, Source] = {}
        self._context: Context | None = None
        """What the rules of claims need; None while no rule is looked at."""
        self._places: dict[str, int] = {}

    @property
    def faults(self) -> list[Fault]:
        """What is wrong with what was read so far."""
        return self._parser.faults

    @property
    def source_ids(self) -> set[str]:
        """The ids of the sources, if all of them could be read."""
        return self._head.known.get("sources", set())

    def head(self) -> tuple[Dataset | None, Vocabulary, list[Source]]:
        """Return the description (None if unreadable), the vocabulary and the sources (empty if unreadable)."""
        head = self._head
        dataset, vocabulary, sources = head.described(), head.vocabulary(), head.sources()
        self._sources = {source.id: source for source in sources}
        if not self._parser.trusted:
            from indotrade.dataset import rules

            self._context = rules.Context(
                self._sources,
                head.today,
                head.known,
                head.languages,
                vocabulary.countries,
                parents=_parents(vocabulary) if self._thorough else None,
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
            self._judge(name, numbered, wrong)
            self._settle(claim)
            yield numbered
            if self._enough():
                break
        if self._context:
            self._finish(self._context)

    def judged(self) -> int:
        """Return how many claims there are, once each has been looked at: `claims()` for whoever wants none of them."""
        if self.folder.claims.endswith(".json"):
            return sum(1 for _ in self.claims())
        assert self._context is not None  # who trusts a dataset has nothing to judge
        name, faults, count = self.folder.claims, self.faults, 0
        for part in spread(self._judged, self._batches):
            before = len(faults)
            for index, line, record in part.records:
                self._first(name, record, line, index)
            if part.faults:
                faults[before:] = sorted((*faults[before:], *part.faults), key=_line)
            self._parser.lost |= part.lost
            self._context.cited |= part.cited
            count += len(part.records)
            if self._enough():
                break
        self._finish(self._context)
        return count

    def _batches(self) -> Iterator[list[tuple[int, Line]]]:
        return batches(enumerate(self.lines()), BATCH)

    def _judged(self, lines: Sequence[tuple[int, Line]]) -> _Judged:
        """Return what is found in some lines, each with its place among them, and add nothing to what was found before."""
        assert self._context is not None
        name, records = self.folder.claims, []
        before = self._parser, self._context.cited
        parser = self._parser = Parser(self.folder, trusted=False)
        self._context.cited = set()
        try:
            for index, line in lines:
                claim, wrong = parser.record(name, line.data, Claim, f"[{index}]", line.number)
                if claim is not None:
                    self._judge(name, Numbered(claim, line.number, index), wrong)
                    records.append((index, line.number, claim.id))
            return _Judged(records, parser.faults, parser.lost, self._context.cited)
        finally:
            self._parser, self._context.cited = before

    def _judge(self, name: str, numbered: Numbered, wrong: Sequence[Broken]) -> None:
        """Add the rules that a claim breaks of itself."""
        claim, line, index = numbered
        if wrong and any(it.field.startswith(("source", "evidence")) or not it.field for it in wrong):
            self._parser.lost.add(name)
        if self._context:
            self._parser.broken(name, claim.id or f"[{index}]", self._context.claim(claim), wrong, line)

    def _first(self, name: str, record: str, line: int | None, index: int) -> None:
        """Add a fault where a claim's id stands at another place already."""
        here = index if line is None else line
        place = self._places.setdefault(record, here)
        if place != here and record:
            where = f"[{place}]" if line is None else Message("line {number}", number=place)
            told = Message("the id stands at {where} already", where=where)
            self.faults.append(Fault(name, line, record, Broken("id", "duplicate", told)))

    def _enough(self) -> bool:
        """Return whether there are so many faults that the rest of the claims is left; that it was is another fault."""
        if len(self.faults) < MOST_FAULTS:
            return False
        told = Message("after {most:,} faults the rest was not looked at", most=MOST_FAULTS)
        self._parser.unread(self.folder.claims, told)
        return True

    def _settle(self, claim: Claim) -> None:
        derived.settle(claim, self._sources, self._head.languages)

    def near(self, fault: Fault) -> list[str]:
        """Return the id that a reference to nothing probably means, where one looks like it."""
        if fault.broken.unknown is None:
            return []
        kind, asked = fault.broken.unknown
        known = {fold.key(name): name for name in sorted(self._head.known.get(kind, ()))}
        return [known[key] for key in nearest(asked, known, 1)] if len(known) <= NEAR_AMONG else []

    def errors(self) -> list[Fault]:
        """Return the faults that make the dataset invalid."""
        return [fault for fault in self.faults if not fault.broken.warning]

    # --- the claims --------------------------------------------------------------------------------

    def _claims_of_array(self, name: str) -> Iterator[tuple[Numbered, Sequence[Broken]]]:
        data = self._parser.read(name)
        if data is None:
            return
        for index, (claim, wrong) in enumerate(self._parser.array(name, data, Claim)):
            if claim is not None:
                yield Numbered(claim, None, index), wrong

    def _claims_of_lines(self, name: str) -> Iterator[tuple[Numbered, Sequence[Broken]]]:
        for index, line in enumerate(self.lines()):
            claim, wrong = self._parser.record(name, line.data, Claim, f"[{index}]", line.number)
            if claim is not None:
                yield Numbered(claim, line.number, index), wrong

    def lines(self) -> Iterator[Line]:
        """Yield the lines of claims; that they cannot be read to their end is among `faults`."""
        from indotrade.dataset.lines import Lines  # of which the bundled data have no need

        self._lines = Lines(self.folder)
        try:
            yield from self._lines
        except Refused as error:
            self._parser.unread(self.folder.claims, error.message)

    def right(self, data: bytes) -> Claim:
        """Return the claim of a line, by itself. Raises Faulty where it has an error."""
        assert self._context is not None  # who trusts a dataset reads it as it stands
        claim, wrong = self._parser.record(self.folder.claims, data, Claim, "", 0)
        if claim is None or wrong or any(not it.warning for it in self._context.claim(claim)):
            raise Faulty
        self._settle(claim)
        return claim

    def _finish(self, context: Context) -> None:
        """Add the sources on which nothing rests, where all that may rest on one could be read."""
        if self.folder.claims in self._parser.lost or "sources" not in self._head.known:
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
            for name in sorted(self._parser.bytes):
                data = self._parser.bytes.pop(name)
                digest.update(b"%s\0%d\0" % (name.encode(), len(data)) + data)
            self._sha256 = digest.hexdigest()
        return self._sha256


def _line(fault: Fault) -> int:
    return fault.line or 0


def _parents(vocabulary: Vocabulary) -> dict[str, dict[str, str | None]]:
    kinds = ("sectors", "countries", "organizations")
    return {kind: {entry.id: entry.parent for entry in getattr(vocabulary, kind)} for kind in kinds}
