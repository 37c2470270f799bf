"""Finds the claims and sources that are meant: by an id, and a source by its address or publisher as well."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from indotrade.engine.protocol import Engine, Noun
from indotrade.errors import Message, Misused, NotFound
from indotrade.query import names
from indotrade.text import fold
from indotrade.text.choices import NEAR_AMONG, is_text, nearest
from indotrade.text.command_line import command_line

if TYPE_CHECKING:
    from indotrade.dataset.records import Claim, Source

KEPT: tuple[Noun, ...] = ("claims", "sources")
_MOST_SOUGHT = 10
"""For so many unknown ids what they may mean is sought, 60 ms each among 10,000: more were typed by no person."""


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


def publishes(engine: Engine, asked: str) -> bool:
    """Return whether all words of a name stand in that of a publisher."""
    words = set(fold.words(asked)) if is_text(asked) else set()
    every = (source(engine, name).publisher for name in engine.source_ids())
    return bool(words) and any(
        words <= {*fold.words(it.name), *fold.words(it.original or "")} for it in every
    )


def one_source(engine: Engine, asked: str) -> Source:
    """Return the only source that `asked` means. Raises NotFound where there are several, or as `sources` does."""
    found = sources(engine, asked)
    if len(found) > 1:
        raise names.ambiguous("sources", asked, [it.id for it in found])
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


def no_such_ids(engine: Engine, noun: str, asked: Sequence[str]) -> list[NotFound]:
    """Return the error for each of some ids that are not there, the first of them with the nearest that are.

    `noun` is one of `claims`, `sources`, or both: `claims and sources`.
    """
    known: dict[str, str] = {}
    if asked and engine.size <= NEAR_AMONG:
        kept = [kept for kept in KEPT if kept in noun]
        known = {fold.key(name): name for each in kept for name, _ in engine.beginning(each, "", NEAR_AMONG)}
    errors = []
    for place, name in enumerate(asked):
        sought = place < _MOST_SOUGHT and is_text(name)
        near = [known[key] for key in nearest(name, known)] if sought else []
        error = names.unknown(noun, name, near)
        if place == 0 and sought and not near:
            error.hint = _elsewhere(engine, name) or error.hint
        errors.append(error)
    return errors


def _elsewhere(engine: Engine, asked: str) -> Message | None:
    """Return the hint where something else than was asked for has this name; None where nothing has."""
    if not fold.key(asked):
        return None
    line: list[str] = []
    if engine.source(asked):
        line = ["source", asked]
    elif engine.claim(asked):
        line = ["show", asked]
    elif len(found := names.meanings(engine, [asked])) == 1 and found[0].clear:
        line = found[0].typed
    elif names.stands(engine, [asked]):
        line = ["search", asked]
    return Message("`{command}` finds it", command=command_line(line)) if line else None
