"""Finds what a name means: an id, a code, a label in any language, an alias, or the only entry with its words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from indotrade import names
from indotrade.errors import Message, Misused, NotFound
from indotrade.store import Store

NOUNS = {
    "sectors": Message("sector", "sektor"),
    "countries": Message("country", "negara"),
    "programs": Message("program", "program"),
    "organizations": Message("organization", "organisasi"),
    "people": Message("speaker", "pembicara"),
    "sources": Message("source", "sumber"),
    "claims": Message("claim", "klaim"),
}
LISTED_BY = {
    "sectors": "indotrade sector",
    "countries": "indotrade country",
    "programs": "indotrade program",
    "sources": "indotrade source",
    "claims": "indotrade list --fields id,statement",
}
_LONGEST = 80


def resolve(store: Store, kind: str, asked: str) -> str:
    """Return the id of the entry of a list (`sectors`, `people` …) that `asked` names.

    Raises NotFound with the candidates where several have its words, with the nearest names where none
    has; Misused where `asked` is blank.
    """
    found = candidates(store, kind, asked)
    if len(found) == 1:
        return found[0]
    if found:
        raise _ambiguous(store, kind, asked, found)
    raise unknown(kind, asked, near_misses(store, kind, asked))


def resolve_words(store: Store, kind: str, asked: Sequence[str]) -> list[str]:
    """Return the ids that the words of a command line name.

    Words that together are one name are that name (`rumput laut`); else each is a name, by all of its
    words at once if none is one alone. Raises as `resolve` does.
    """
    if len(asked) > 1 and all(map(str.strip, asked)):
        together = candidates(store, kind, " ".join(asked), exact=True)
        if not together and not all(candidates(store, kind, word) for word in asked):
            together = candidates(store, kind, " ".join(asked))
        if len(together) == 1:
            return together
    return list(dict.fromkeys(resolve(store, kind, word) for word in asked))


def candidates(store: Store, kind: str, asked: str, *, exact: bool = False) -> list[str]:
    """Return the ids of the entries that `asked` may mean: the one of that name, else all that have its words."""
    if not asked.strip():
        raise Misused(Message("a name is empty", "sebuah nama kosong"))
    if not is_text(asked):
        return []
    store.names(kind)
    spelling = names.key(asked)
    found = store.rows(
        "SELECT DISTINCT entry FROM name WHERE kind = ? AND key = ?", kind, spelling
    ).fetchall()
    if not found and not exact and (parts := names.words(asked)):
        has = " INTERSECT ".join(
            "SELECT DISTINCT entry FROM name WHERE kind = ? AND (instr(words, ?) OR (? AND instr(key, ?)))"
            for _ in parts
        )
        values = [value for part in parts for value in (kind, f" {part} ", not part.isascii(), part)]
        found = store.rows(has, *values).fetchall()
    return [entry for (entry,) in found]


def near_misses(store: Store, kind: str, asked: str) -> list[str]:
    """Return the ids of up to three entries whose names look like `asked`."""
    if not is_text(asked):
        return []
    known = dict(store.rows("SELECT key, entry FROM name WHERE kind = ?", kind).fetchall())
    return list(dict.fromkeys(known[key] for key in names.nearest(asked, known)))


def is_text(asked: str) -> bool:
    """Return whether an argument is text: bytes that are not UTF-8 arrive as lone surrogates."""
    return asked.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in asked)


def unknown(kind: str, asked: str, near: Sequence[str]) -> NotFound:
    """Return the error for a name or an id that is not there, with what may have been meant."""
    noun, shown = NOUNS[kind], _quoted(asked)
    listed = LISTED_BY.get(kind)
    hint = (
        Message(f"`{listed}` lists what there is", f"`{listed}` menampilkan semua yang ada")
        if listed
        else None
    )
    if near:
        en, id = _either(near, "or"), _either(near, "atau")
        return NotFound(
            Message(
                f"no {noun.en} is called {shown}; did you mean {en}?",
                f"tidak ada {noun.id} bernama {shown}; maksud Anda {id}?",
            ),
            hint,
        )
    return NotFound(
        Message(f"no {noun.en} is called {shown}", f"tidak ada {noun.id} bernama {shown}"),
        hint,
    )


def _ambiguous(store: Store, kind: str, asked: str, found: Sequence[str]) -> NotFound:
    most = 10
    listed = ", ".join(found[:most]) + (f" (+{len(found) - most})" if len(found) > most else "")
    noun, shown = NOUNS[kind], _quoted(asked)
    return NotFound(
        Message(
            f"{shown} may be more than one {noun.en}: {listed}",
            f"{shown} bisa berarti lebih dari satu {noun.id}: {listed}",
        ),
        Message("name one of them", "sebutkan salah satunya"),
    )


def _quoted(asked: str) -> str:
    return f'"{asked if len(asked) <= _LONGEST else asked[:_LONGEST] + "…"}"'


def _either(items: Iterable[str], word: str) -> str:
    *rest, last = items
    return f"{', '.join(rest)} {word} {last}" if rest else last
