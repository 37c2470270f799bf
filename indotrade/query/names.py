"""Finds what a name means: an id, a code, a label in any language, an alias, or the only entry with its words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from indotrade.dataset.words import NARRATION, WORLD
from indotrade.engine.protocol import Engine
from indotrade.engine.protocol import Noun as Kept
from indotrade.errors import Message, Misused, NotFound
from indotrade.text import fold
from indotrade.text.choices import NEAR_AMONG, is_text, nearest, suggesting
from indotrade.wording.labels import spoken
from indotrade.wording.sentences import word

if TYPE_CHECKING:
    from indotrade.dataset.records import Claim, Entry, Source


class Noun(NamedTuple):
    """What can be asked for by a name: how one of it is called, and the command that lists them."""

    one: str
    listed_by: str | None = None


NOUNS: dict[str, Noun] = {
    "sectors": Noun("sector", "indotrade sector"),
    "countries": Noun("country", "indotrade country"),
    "programs": Noun("program", "indotrade program"),
    "organizations": Noun("organization", "indotrade organization"),
    "people": Noun("speaker", "indotrade speaker"),
    "measures": Noun("measure", "indotrade measure"),
    "sources": Noun("source", "indotrade source"),
    "claims": Noun("claim", "indotrade list --fields id,statement"),
}
"""By the plural word: the name of its list in the vocabulary, and of the noun in JSON."""
RESERVED: dict[str, tuple[str, tuple[str, ...]]] = {
    "people": (NARRATION, (NARRATION, "narasi")),
    "countries": (WORLD, (WORLD, "dunia", "世界")),
}
"""What can be asked for though it is no entry: its id, and the keys of its names."""
LISTS = {"people": ("people", "organizations")}
"""The lists of the vocabulary in which a name is looked for, where it is not the one of that name: who speaks."""
_LONGEST = 80
_MOST_NAMED = 10
_MOST_SOUGHT = 10
"""For so many unknown ids what they may mean is sought, 60 ms each among 10,000: more were typed by no person."""
_MOST_WORDS = 64
"""A name with more words than this is that of no entry."""


def resolve(engine: Engine, kind: str, asked: str) -> str:
    """Return the id of the entry of a list (`sectors`, `people` …) that `asked` names.

    Raises NotFound with the candidates where several have its words, with the nearest names where none
    has; Misused where `asked` is blank.
    """
    found = _candidates(engine, kind, asked)
    if len(found) == 1:
        return found[0]
    if found:
        raise ambiguous(kind, asked, found)
    raise unknown(kind, asked, _near_misses(engine, kind, asked))


def resolve_words(engine: Engine, kind: str, asked: Sequence[str]) -> list[str]:
    """Return the ids that the words of a command line name.

    Words that together are one name are that name (`rumput laut`); else each is a name, by all of its
    words at once if none is one alone. Raises as `resolve` does.
    """
    if len(asked) > 1 and all(map(str.strip, asked)):
        together = _candidates(engine, kind, " ".join(asked), exact=True)
        if not together and not all(_candidates(engine, kind, name) for name in asked):
            together = _candidates(engine, kind, " ".join(asked))
        if len(together) == 1:
            return together
    return list(dict.fromkeys(resolve(engine, kind, name) for name in asked))


class Listed(Protocol):
    """Lists of the vocabulary in which names are looked up: an engine's, or some that are just being put together."""

    def called(self, kind: str, key: str) -> list[str]:
        """Return the ids of the entries one of whose names has this key."""

    def containing(self, kind: str, words: Sequence[str]) -> list[str]:
        """Return the ids of the entries whose names have all of these folded words."""

    def entries(self, kind: str) -> Sequence[Entry]:
        """Return the entries of a list."""


def exactly(listed: Listed, kind: str, asked: str) -> list[str]:
    """Return the ids of the entries of a list whose name is `asked`, in whole: where nothing may be guessed.

    Raises Misused where `asked` is blank.
    """
    return _candidates(listed, kind, asked, exact=True)


def source(engine: Engine, asked: str) -> Source:
    """Return the source with this id. Raises NotFound with the nearest ids."""
    found = engine.source(asked) if is_text(asked) else None
    if found is None:
        raise no_such_ids(engine, "sources", [asked])[0]
    return found


def sources(engine: Engine, asked: str) -> list[Source]:
    """Return the sources that an id, an address or a publisher means. Raises NotFound with the nearest ids."""
    found = sources_of(engine, asked)
    if not found:
        (error,) = no_such_ids(engine, "sources", [asked])
        raise error
    return found


def sources_of(engine: Engine, asked: str) -> list[Source] | None:
    """Return the one source of an id or address, or all of a publisher; None where there is none.

    A publisher is found by its name, else by a part of it; an address with or without its scheme and the slash at its
    end, and a host by itself. Raises Misused where `asked` is blank.
    """
    if not asked.strip():
        raise Misused(Message("a name is empty"))
    if not is_text(asked):
        return None
    if found := engine.source(asked):
        return [found]
    every = [source(engine, name) for name in engine.source_ids()]
    place, spelling = _place(asked), fold.key(asked)
    tests: tuple[Callable[[Source], bool], ...] = (
        lambda it: _place(it.url or "") == place,
        lambda it: spelling in (fold.key(it.publisher.name), fold.key(it.publisher.original or "")),
        lambda it: _place(it.url or "").partition("/")[0] == place,
        lambda it: (
            spelling in fold.key(it.publisher.name) or spelling in fold.key(it.publisher.original or "")
        ),
    )
    for fits in tests if spelling else ():
        if several := [it for it in every if fits(it)]:
            return several
    return None


def one_source(engine: Engine, asked: str) -> Source:
    """Return the only source that `asked` means. Raises NotFound where there are several, or as `sources` does."""
    found = sources(engine, asked)
    if len(found) > 1:
        raise ambiguous("sources", asked, [it.id for it in found])
    return found[0]


def _place(address: str) -> str:
    """Return an address without what does not tell it from another: scheme, `www.`, the slash at its end."""
    bare = address.strip().partition("#")[0].rstrip("/")
    bare = bare.partition("://")[2] or bare
    host, slash, path = bare.partition("/")
    return host.casefold().removeprefix("www.") + slash + path


def claim(engine: Engine, asked: str) -> Claim:
    """Return the claim with this id. Raises NotFound with the nearest ids."""
    found = engine.claim(asked) if is_text(asked) else None
    if found is None:
        raise no_such_ids(engine, "claims", [asked])[0]
    return found


def label(engine: Engine, kind: str, name: str | None, language: str) -> str:
    """Return how the entry with an id is called in a language; the id itself where there is no such entry."""
    if kind == "people" and name in (None, NARRATION):
        return word("narration", language)
    if kind == "countries" and name == WORLD:
        return word("world", language)
    assert name is not None  # only narration has none
    found = entry(engine, kind, name)
    return name if found is None else spoken(found.label, language)


def entry(engine: Engine, kind: str, name: str) -> Entry | None:
    """Return the entry with an id: of `people`, also an organization that speaks; of `countries`, any of ISO 3166."""
    for listed in _lists(kind):
        if found := engine.entry(listed, name):
            return found
    if kind != "countries":
        return None
    from indotrade.dataset import countries

    return countries.listed().get(name)


def unknown(kind: str, asked: str, near: Sequence[str]) -> NotFound:
    """Return the error for a name or an id that is not there, with what may have been meant."""
    one, listed_by = NOUNS[kind]
    hint = Message("`{command}` lists what there is", command=listed_by) if listed_by else None
    told = Message("no {kind} is called {name}", kind=Message(one), name=_quoted(asked))
    return NotFound(suggesting(told, near), hint)


def no_such_ids(engine: Engine, noun: Kept, asked: Sequence[str]) -> list[NotFound]:
    """Return the error for each of some ids that are not there, the first of them with the nearest that are."""
    known: dict[str, str] = {}
    if asked and engine.size <= NEAR_AMONG:
        known = {fold.key(name): name for name, _ in engine.beginning(noun, "", NEAR_AMONG)}
    errors = []
    for place, name in enumerate(asked):
        sought = place < _MOST_SOUGHT and is_text(name)
        errors.append(unknown(noun, name, [known[key] for key in nearest(name, known)] if sought else []))
    return errors


def _candidates(engine: Listed, kind: str, asked: str, *, exact: bool = False) -> list[str]:
    """Return the ids of the entries that `asked` may mean: the one of that name, else all that have its words."""
    if not asked.strip():
        raise Misused(Message("a name is empty"))
    if not is_text(asked):
        return []
    spelling, words = fold.key(asked), fold.words(asked)
    if kind in RESERVED and spelling in RESERVED[kind][1]:
        return [RESERVED[kind][0]]
    found = _union(engine.called(listed, spelling) for listed in _lists(kind))
    found = found or _lent(engine, kind, lambda name: fold.key(name) == spelling)
    if found or exact or not 0 < len(words) <= _MOST_WORDS:
        return found
    found = _union(engine.containing(listed, words) for listed in _lists(kind))
    return found or _lent(engine, kind, lambda name: set(words) <= set(fold.words(name)))


def _lists(kind: str) -> Sequence[str]:
    return LISTS.get(kind, (kind,))


def _union(found: Iterable[Iterable[str]]) -> list[str]:
    return list(dict.fromkeys(chain.from_iterable(found)))


def _lent(engine: Listed, kind: str, fits: Callable[[str], bool]) -> list[str]:
    """Return the ids of countries of ISO 3166 that the dataset does not list, and one of whose names fits."""
    if kind != "countries":
        return []
    from indotrade.dataset import countries
    from indotrade.dataset.records import spellings

    own: Any = engine.entries(kind)
    return [it.id for it in countries.lent(own).values() if any(fits(name) for _, name in spellings(it))]


def _near_misses(engine: Engine, kind: str, asked: str) -> list[str]:
    """Return the ids of up to three entries whose names look like `asked`."""
    if not is_text(asked):
        return []
    known = {key: name for listed in reversed(_lists(kind)) for key, name in engine.keys(listed).items()}
    if kind == "countries":
        from indotrade.dataset import countries
        from indotrade.dataset.records import spellings

        lent = ((fold.key(name), it.id) for it in countries.listed().values() for _, name in spellings(it))
        known = dict(lent) | known
    return list(dict.fromkeys(known[key] for key in nearest(asked, known)))


def ambiguous(kind: str, asked: str, found: Sequence[str]) -> NotFound:
    """Return the error for a name that several entries have."""
    listed = ", ".join(found[:_MOST_NAMED])
    more = f" (+{len(found) - _MOST_NAMED})" if len(found) > _MOST_NAMED else ""
    return NotFound(
        Message(
            "{name} may be more than one {kind}: {entries}",
            name=_quoted(asked),
            kind=Message(NOUNS[kind].one),
            entries=listed + more,
        ),
        Message("name one of them"),
    )


def _quoted(asked: str) -> str:
    return f'"{asked if len(asked) <= _LONGEST else asked[:_LONGEST] + "…"}"'
