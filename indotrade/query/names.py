"""Finds what a name means: an id, a code, a label in any language, an alias, or the only entry with its words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any, Protocol

from msgspec import Struct

from indotrade.dataset.words import NARRATION, WORLD
from indotrade.engine.protocol import Engine, Facet, Wanted
from indotrade.errors import Meant, Message, Misused, NotFound
from indotrade.text import fold
from indotrade.text.choices import is_text, nearest, suggesting
from indotrade.wording.labels import spoken
from indotrade.wording.sentences import word

if TYPE_CHECKING:
    from indotrade.dataset.vocabulary import Entry


class Noun(Struct, frozen=True):
    """What can be asked for by a name: how one of it is called, as is the command that asks for it, and what lists them."""

    one: str
    listed_by: str


NOUNS: dict[str, Noun] = {
    "sectors": Noun("sector", "indotrade sector"),
    "countries": Noun("country", "indotrade country"),
    "programs": Noun("program", "indotrade program"),
    "organizations": Noun("organization", "indotrade organization"),
    "people": Noun("speaker", "indotrade speaker"),
    "measures": Noun("measure", "indotrade measure"),
    "sources": Noun("source", "indotrade source"),
    "claims": Noun("claim", "indotrade list --fields id,statement"),
    "claims and sources": Noun("claim or source", "indotrade list --fields id,source,statement"),
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
"""So many of the entries that a name may mean are named."""
_SHORTEST = 2
_FEW = 5
"""So many entries of a list are named where none of them is what was asked for."""
MOST_WORDS = 64
"""With more words than this a name is that of no entry, and none that a search takes."""


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
    raise unknown(kind, asked, _near_misses(engine, kind, asked), _named_here(engine, kind))


class Meaning(Struct, frozen=True):
    """What words name: entries of one list."""

    kind: str
    ids: list[str]
    whole: bool
    """Whether the words are names in whole, together or each by itself; else they are a part of one or more names."""

    @property
    def clear(self) -> bool:
        """Whether it is known which entry is meant."""
        return self.whole or len(self.ids) == 1

    @property
    def typed(self) -> list[str]:
        """The command that asks for it."""
        return [NOUNS[self.kind].one, *self.ids]


ASKED_OF: dict[str, Facet] = {
    "sectors": "sectors",
    "countries": "countries",
    "programs": "occasion",
    "organizations": "organizations",
    "people": "speaker",
    "measures": "measured",
}
"""The lists in which a name alone is looked for, each with the facet by which claims have its entries."""


def meanings(engine: Engine, asked: Sequence[str]) -> list[Meaning]:
    """Return what words may name, by the list in which they do: all together if they can, else each by itself.

    A whole name comes before a part of one. Of several meanings those are left of which there are claims, if any has one.
    """
    if not all(map(str.strip, asked)):
        raise Misused(Message("a name is empty"))
    together = " ".join(asked)
    found = [
        Meaning(kind, ids, whole=True)
        for kind in ASKED_OF
        if (ids := _voices(engine, kind, together, exact=True))
    ]
    if not found and len(asked) > 1:
        same: dict[str, list[str]] = {kind: [] for kind in ASKED_OF}
        for name in asked:
            clear = {it.kind: it.ids for it in meanings(engine, [name]) if it.clear}
            same = {kind: [*ids, *clear[kind]] for kind, ids in same.items() if kind in clear}
            if not same:
                break
        found = [Meaning(kind, _union([ids]), whole=True) for kind, ids in same.items()]
    if not found:
        found = [
            Meaning(kind, ids, whole=False) for kind in ASKED_OF if (ids := _voices(engine, kind, together))
        ]
    if len(found) > 1:
        counts = {meaning.kind: engine.counts(ASKED_OF[meaning.kind]) for meaning in found}
        found = [it for it in found if any(counts[it.kind].get(name) for name in it.ids)] or found
    return found


def _voices(engine: Engine, kind: str, asked: str, *, exact: bool = False) -> list[str]:
    """Return the ids that `asked` may mean; among those who speak, an organization only if it does."""
    found = _candidates(engine, kind, asked, exact=exact)
    if kind != "people" or not found:
        return found
    speaking = engine.counts("speaker")
    return [name for name in found if name in speaking or engine.entry("people", name) or name == NARRATION]


def like(engine: Engine, asked: str, commands: Sequence[str]) -> list[list[str]]:
    """Return up to three command lines that look like a misspelt one: a command, or a name with the command for it."""
    if not is_text(asked):
        return []
    known: dict[str, list[str]] = {}
    for kind in ASKED_OF:
        for spelling, name in _spellings(engine, kind).items():
            known.setdefault(spelling, [NOUNS[kind].one, name])
    known |= {fold.key(name): [name] for name in commands}
    near = [known[spelling] for spelling in nearest(asked, known, alike=True)]
    return [line for place, line in enumerate(near) if line not in near[:place]]


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
    try:
        return list(dict.fromkeys(resolve(engine, kind, name) for name in asked))
    except NotFound:
        near = _near_misses(engine, kind, " ".join(asked), cutoff=0.85) if len(asked) > 1 else []
        if not near:
            raise
        raise unknown(kind, " ".join(asked), near) from None


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


def unknown(kind: str, asked: str, near: Sequence[str], few: Sequence[str] = ()) -> NotFound:
    """Return the error for a name or an id that is not there, with what may have been meant.

    Where nothing is near, the `few` that there are of the kind are named.
    """
    noun = NOUNS[kind]
    hint = None if near else Message("`{command}` lists what there is", command=noun.listed_by)
    told = Message("no {kind} is called {name}", kind=Message(noun.one), name=quoted(asked))
    if few and not near:
        told = Message("{unknown}; there are {few}", unknown=told, few=", ".join(few))
    return NotFound(suggesting(told, near), hint, Meant(asked, [[name] for name in near]))


def _named_here(engine: Engine, kind: str) -> list[str]:
    """Return the ids of a list that is short enough to be named in a sentence."""
    if kind == "countries":
        return []  # there are all of ISO 3166
    names = [entry.id for entry in engine.entries(kind)] + ([NARRATION] if kind == "people" else [])
    return names if len(names) <= _FEW else []


def stands(engine: Engine, words: Sequence[str]) -> bool:
    """Return whether words, of which one is longer than a syllable, stand in some claim."""
    folded = [fold.fold(word) for word in words if is_text(word)]
    long = any(len(word) > _SHORTEST or not word.isascii() for word in folded)
    return (
        0 < len(folded) <= MOST_WORDS and all(folded) and long and engine.find(Wanted(words=folded)).total > 0
    )


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
    if found or exact or not 0 < len(words) <= MOST_WORDS:
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
    from indotrade.dataset.vocabulary import spellings

    own: Any = engine.entries(kind)
    return [it.id for it in countries.lent(own).values() if any(fits(name) for _, name in spellings(it))]


def _near_misses(engine: Engine, kind: str, asked: str, cutoff: float = 0.7) -> list[str]:
    """Return the ids of up to three entries whose names look like `asked`."""
    if not is_text(asked):
        return []
    known = _spellings(engine, kind)
    return list(dict.fromkeys(known[key] for key in nearest(asked, known, cutoff=cutoff)))


def _spellings(engine: Engine, kind: str) -> dict[str, str]:
    """Return the key of each name that can be asked for, with the id of its entry."""
    known = {key: name for listed in reversed(_lists(kind)) for key, name in engine.keys(listed).items()}
    if kind == "countries":
        from indotrade.dataset import countries
        from indotrade.dataset.vocabulary import spellings

        lent = ((fold.key(name), it.id) for it in countries.listed().values() for _, name in spellings(it))
        known = dict(lent) | known
    return known


def ambiguous(kind: str, asked: str, found: Sequence[str]) -> NotFound:
    """Return the error for a name that several entries have: those that are named are offered, and no others."""
    named, more = found[:_MOST_NAMED], len(found[_MOST_NAMED:])
    message = Message(
        "{name} may be more than one {kind}: {entries}",
        name=quoted(asked),
        kind=Message(NOUNS[kind].one),
        entries=", ".join(named) + (f" (+{more})" if more else ""),
    )
    hint = Message("name one of them, or give more of the name") if more else Message("name one of them")
    return NotFound(message, hint, Meant(asked, [[name] for name in named], hint))


def quoted(asked: str) -> str:
    """Return a name as a message has it: in quotation marks, a long one cut."""
    return f'"{asked if len(asked) <= _LONGEST else asked[:_LONGEST] + "…"}"'
