"""What must hold of the entries of a vocabulary beyond their shape: names that are one entry's, references, parents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from indotrade.dataset.countries import listed as iso
from indotrade.dataset.faults import Broken
from indotrade.dataset.rules import absent, dated, tagged
from indotrade.dataset.vocabulary import REFERENCES, Entry, spellings
from indotrade.dataset.words import NARRATION, WORLD
from indotrade.errors import Message, shown
from indotrade.text import fold

MOST_ANCESTORS = 64
"""How deep a list may go; the deepest of trade, that of ten digits, has five levels."""


def judged(
    kind: str, listed: Sequence[Entry], known: dict[str, set[str]]
) -> Iterator[tuple[Entry, Iterator[Broken]]]:
    """Yield each entry of one list of the vocabulary with what is wrong with it.

    `known` holds the ids of every list, for the references between them.
    """
    owners: dict[str, str] = {}
    by_id = {entry.id: entry for entry in listed}
    for entry in listed:
        yield entry, chain(_entry(kind, entry, known, by_id), _names(entry, owners))


def _names(entry: Entry, owners: dict[str, str]) -> Iterator[Broken]:
    """Yield each name of an entry that is none, or another's; `owners` are those of the names before it."""
    clashes = set[str]()
    for field, name in spellings(entry):
        if field.startswith("hs["):  # a heading may be that of two sectors: asked for, both are named
            continue
        spelling = fold.key(name)
        if not spelling:
            yield Broken(field, "name", Message("{name} has no letter or digit", name=shown(name)))
        elif (owner := owners.setdefault(spelling, entry.id)) not in (entry.id, *clashes):
            clashes.add(owner)  # two entries of one label have it in each language
            told = Message("{name} is a name of {owner} already", name=shown(name), owner=shown(owner))
            yield Broken(field, "name", told)


def _entry(
    kind: str, entry: Entry, known: dict[str, set[str]], by_id: Mapping[str, Entry]
) -> Iterator[Broken]:
    yield from tagged(entry)
    for field, target in {"parent": kind, **REFERENCES}.items():
        value = getattr(entry, field, None) or ()
        for asked in (value,) if isinstance(value, str) else value:
            if asked in known.get(target, {asked}) or (target == "countries" and asked in iso()):
                continue
            yield Broken(field, "reference", absent(asked, target), unknown=(target, asked))
    yield from _lineage(entry, by_id)
    yield from dated("when", getattr(entry, "when", None))
    if kind == "people" and entry.id == NARRATION:
        told = Message("{id} stands for the articles' own voice", id=shown(NARRATION))
        yield Broken("id", "reserved", told)
    if kind == "countries" and entry.id == WORLD:
        yield Broken("id", "reserved", Message("{id} stands for all countries", id=shown(WORLD)))


def _lineage(entry: Entry, by_id: Mapping[str, Entry]) -> Iterator[Broken]:
    """Yield what is wrong with the ancestors of an entry, of which no more are looked at than it may have."""
    parent, seen = getattr(entry, "parent", None), set[str]()
    while parent and parent != entry.id and parent not in seen and len(seen) <= MOST_ANCESTORS:
        seen.add(parent)
        parent = getattr(by_id.get(parent), "parent", None)
    if parent == entry.id:
        yield Broken("parent", "circle", Message("{id} is its own ancestor", id=shown(entry.id)))
    elif len(seen) > MOST_ANCESTORS:
        told = Message("{id} has more than {most} ancestors", id=shown(entry.id), most=MOST_ANCESTORS)
        yield Broken("parent", "depth", told)
