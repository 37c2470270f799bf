"""A dataset that is being added to: its records by id, the names in them, and what has come in."""

from __future__ import annotations

import datetime
import os
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from msgspec.structs import replace

from indotrade.dataset import countries, derived
from indotrade.dataset.folder import CLAIM_FILES, Folder, Stamp, bundled, locate, read, stamp
from indotrade.dataset.reader import Reader
from indotrade.dataset.records import FORMAT_VERSIONS, Claim, Source
from indotrade.dataset.starter import is_example
from indotrade.dataset.vocabulary import LISTS, REFERENCES, Entry, Vocabulary, spellings
from indotrade.dataset.words import NARRATION, WORLD
from indotrade.errors import Message, Misused, Refused
from indotrade.exchange.adding import ids
from indotrade.query import names
from indotrade.text import command_line, fold


class Names:
    """The names of the entries of some lists."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.lists: dict[str, dict[str, Entry]] = {kind: {} for kind in LISTS}
        self._keys: dict[str, dict[str, list[str]]] = {kind: defaultdict(list) for kind in LISTS}
        for kind in LISTS:
            for entry in getattr(vocabulary, kind):
                self.add(kind, entry)

    def add(self, kind: str, entry: Entry) -> None:
        """Add an entry to a list."""
        self.lists[kind][entry.id] = entry
        for key in {fold.key(name) for _, name in spellings(entry)}:
            self._keys[kind][key].append(entry.id)

    def called(self, kind: str, key: str) -> list[str]:
        """Return the ids of the entries one of whose names has this key."""
        return self._keys[kind].get(key, [])

    def containing(self, kind: str, words: Sequence[str]) -> list[str]:  # noqa: ARG002 - nothing is guessed here
        """Return no ids: a part of a name is no name here."""
        return []

    def entries(self, kind: str) -> Sequence[Entry]:
        """Return the entries of a list."""
        return list(self.lists[kind].values())


class Bundled(NamedTuple):
    """What the data of the program lend to others."""

    names: Names
    sources: dict[str, Source]


class Holding:
    """A dataset in memory, and the records that were added to it or took another's place."""

    def __init__(self, directory: str) -> None:
        """Read the dataset in a directory; one that is not there or is empty is begun anew.

        Raises Refused where what is there is no valid dataset.
        """
        if not directory:
            raise Misused(Message("DIR names no directory"))
        self.path = Path(directory)
        self.is_new = not self.path.exists() or (self.path.is_dir() and not os.listdir(self.path))
        self.folder = Folder(self.path, CLAIM_FILES[0]) if self.is_new else locate(directory)
        self.is_example = not self.is_new and is_example(self.path)
        """Whether it holds only the example of `init`, which gives way to what comes in."""
        self.described: dict[str, Any] = {
            "format": FORMAT_VERSIONS[-1],
            "name": os.path.basename(os.path.abspath(directory)).encode("utf-8", "replace").decode()
            or "my-claims",
            "version": "0.1.0",
            "as_of": datetime.date.today().isoformat(),
        }
        """What it says of itself."""
        self.languages: list[str] = []
        self.claims: dict[str, Claim] = {}
        self.places: dict[str, str | Message] = {}
        """Where each claim stood that was there before."""
        self.sources: dict[str, Source] = {}
        self.names = Names(Vocabulary())
        self.added: dict[str, dict[str, Any]] = {kind: {} for kind in ("claims", "sources", *LISTS)}
        """The records that were added or replaced, by list and id."""
        self.brought: dict[str, list[str]] = defaultdict(list)
        """Which of them are of the bundled vocabulary."""
        self.by_url: dict[str, str] = {}
        self.stated: dict[tuple[str, str], list[str]] = defaultdict(list)
        """The claims by source and statement."""
        self._resolved: dict[tuple[str, str], str] = {}
        self.free = {kind: ids.Free(partial(self._is_taken, kind)) for kind in LISTS}
        self.free["claims"] = ids.Free(lambda name: name in self.claims)
        self.free["sources"] = ids.Free(lambda name: name in self.sources)
        self._stamps = {} if self.is_new else self._stamped()
        if not self.is_new:
            self._read()

    def _stamped(self) -> dict[str, Stamp]:
        """Return what tells whether a file has changed, by its name; a file that is not there is for the reader to tell."""
        paths = {name: self.path / name for name in self.folder.names()}
        return {name: stamp(path) for name, path in paths.items() if path.exists()}

    def is_as_read(self) -> bool:
        """Return whether nobody has changed the dataset since it was read."""
        return self.is_new or self._stamps == self._stamped()

    @property
    def is_empty(self) -> bool:
        """Whether no record is there that stays."""
        return self.is_new or self.is_example

    def _read(self) -> None:
        reader = Reader(self.folder)
        described, vocabulary, sources = reader.head()
        for claim, line, index in reader.claims():
            if self.is_example:
                continue
            self.claims[claim.id] = claim
            self.places[claim.id] = f"[{index}]" if line is None else Message("line {number}", number=line)
            self._state(claim)
        if errors := reader.errors():
            told = Message("the dataset {folder} is faulty: {fault}", folder=self.path, fault=errors[0].told)
            raise Refused(
                told,
                Message(
                    "`indotrade check {folder}` lists them all", folder=command_line.path(str(self.path))
                ),
            )
        assert described is not None  # else there were errors
        self.described = msgspec.json.decode(read(self.path / "dataset.json").removeprefix(b"\xef\xbb\xbf"))
        self.languages = list(described.languages)
        if self.is_example:
            return
        self.names = Names(vocabulary)
        self.sources = {source.id: source for source in sources}
        self.by_url = {source.url: source.id for source in reversed(sources) if source.url}

    @cached_property
    def bundled(self) -> Bundled:
        """The data that come with the program."""
        _, vocabulary, sources = Reader(Folder(bundled(), CLAIM_FILES[0]), trusted=True).head()
        return Bundled(Names(vocabulary), {source.id: source for source in sources})

    # --- claims and sources ------------------------------------------------------------------------

    def _state(self, claim: Claim) -> None:
        for text in dict.fromkeys(claim.statement.values()):
            self.stated[claim.source, text].append(claim.id)

    def put_claim(self, claim: Claim) -> None:
        """Add a claim, or put it in the place of the one with its id."""
        if claim.id not in self.added["claims"]:
            self._state(claim)
        self.claims[claim.id] = self.added["claims"][claim.id] = claim
        self.speak(claim.statement)

    def put_source(self, source: Source) -> None:
        """Add a source, or put it in the place of the one with its id."""
        self.sources[source.id] = self.added["sources"][source.id] = source
        if source.url:
            self.by_url.setdefault(source.url, source.id)

    def speak(self, languages: Iterable[str]) -> None:
        """Have languages be among those of the dataset."""
        self.languages += [code for code in dict.fromkeys(languages) if code not in self.languages]

    # --- names -------------------------------------------------------------------------------------

    def named(self, kind: str, asked: str) -> str | None:
        """Return the id of the entry with a name: its own, one of the bundled, which is brought, or of ISO 3166.

        None where there is none. Raises NotFound where several have the name.
        """
        if (known := self._resolved.get((kind, asked))) or (known := self._named(kind, asked)):
            self._resolved[kind, asked] = known
        return known

    def _named(self, kind: str, asked: str) -> str | None:
        found = names.exactly(self.names, kind, asked)
        if len(found) > 1:
            raise names.ambiguous(kind, asked, found)
        if found and (found[0] in (NARRATION, WORLD) or self._has(kind, found[0])):
            return found[0]
        lent = names.exactly(self.bundled.names, kind, asked)
        for listed in names.LISTS.get(kind, (kind,)):
            entry = self.bundled.names.lists[listed].get(lent[0]) if len(lent) == 1 else None
            if entry and (listed != "people" or _is_label(entry, asked)):
                return self.bring(listed, entry)
        return found[0] if found else None

    def _has(self, kind: str, name: str) -> bool:
        return any(name in self.names.lists[listed] for listed in names.LISTS.get(kind, (kind,)))

    def bring(self, kind: str, entry: Entry) -> str:
        """Add an entry of the bundled vocabulary with all that it refers to; return its id here.

        Where the dataset has one of the same name, that is meant.
        """
        known = {
            name for _, spelled in spellings(entry) for name in self.names.called(kind, fold.key(spelled))
        }
        if known:
            return min(known)
        referred: dict[str, Any] = {}
        for field, listed in {"parent": kind, **REFERENCES}.items():
            value = getattr(entry, field, None)
            if isinstance(value, list):
                referred[field] = [self._brought(listed, name) for name in value]
            elif value:
                referred[field] = self._brought(listed, value)
        self.put_entry(kind, self.without_clashes(kind, replace(entry, **referred)))
        self.brought[kind].append(entry.id)
        return entry.id

    def same_as(self, kind: str, entry: Entry) -> str | None:
        """Return the id of the entry that has the id of another, a code of it or a label; None where none has."""
        for field, spelled in spellings(entry):
            by_name = field == "id" or field.startswith(("iso", "label."))
            if by_name and (known := self.names.called(kind, fold.key(spelled))):
                return known[0]
        return None

    def without_clashes(self, kind: str, entry: Entry) -> Entry:
        """Return an entry without the aliases that are names of another one here."""
        own = {entry.id}
        free = [alias for alias in entry.aliases if own.issuperset(self.names.called(kind, fold.key(alias)))]
        return entry if free == entry.aliases else replace(entry, aliases=free)

    def _brought(self, kind: str, name: str) -> str:
        entry = self.bundled.names.lists[kind].get(name)
        return self.bring(kind, entry) if entry else name

    def put_entry(self, kind: str, entry: Entry) -> None:
        """Add an entry to a list of the vocabulary."""
        self.names.add(kind, entry)
        self.added[kind][entry.id] = entry

    def make_entry(self, kind: str, label: str, language: str, **more: Any) -> str:
        """Add an entry of which nothing is known but its label; return its id."""
        name = self.free[kind](ids.of_name(label))
        self.put_entry(kind, LISTS[kind](name, {language: label}, **more))
        return name

    def _is_taken(self, kind: str, name: str) -> bool:
        """Return whether an id is that of an entry, a name of one, or no id that an entry may have."""
        lists = names.LISTS["people"] if kind in names.LISTS["people"] else (kind,)
        return (
            name in (NARRATION, WORLD)
            or any(self.names.called(listed, fold.key(name)) for listed in lists)
            or (kind == "countries" and name in countries.listed())
        )


def _is_label(entry: Entry, asked: str) -> bool:
    """Return whether an entry has a name as its id or label: the nickname of one person may be another's name."""
    return fold.key(asked) in {fold.key(name) for name in (entry.id, *entry.label.values())}


def bare(claim: Claim) -> Claim:
    """Return a claim without what follows from it: its own status, and how many voices speak for and against it."""
    status = None if claim.status == derived.status(claim) else claim.status
    return replace(claim, status=status, supports=0, conflicts=0, context=0, sources=msgspec.UNSET)
