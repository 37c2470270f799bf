"""Offers names, ids and field names to the shell: never an error, and nothing that a shell might act on."""

# No postponed annotations here: Typer reads a completion's parameters by their names, and has none to evaluate.

import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import redirect_stderr
from itertools import chain
from typing import Any

Complete = Callable[..., Any]

_SAFE = re.compile(r"[A-Za-z0-9._-]{1,120}")
_MOST = 200
_VARIABLE = "_INDOTRADE_COMPLETE"


def asked() -> bool:
    """Return whether a shell asks for completions, and not a person for an answer."""
    return os.environ.get(_VARIABLE, "").startswith("complete_")


def silently(run: Callable[[], Any]) -> int:
    """Return the exit code of `run`, which answers a shell: nothing is said on the user's prompt."""
    import typer._completion_classes as classes

    # Typer imports Rich to take markup out of descriptions, in which there is none: a third of the time.
    classes._sanitize_help_text = lambda text: text  # noqa: SLF001 - there is no option for it
    with open(os.devnull, "w", encoding="utf-8") as nowhere, redirect_stderr(nowhere):
        try:
            return run() or 0
        except Exception:  # whatever it is, a person is in the middle of a line
            return 1


def words(choices: Sequence[str]) -> Complete:
    """Return a completion of fixed words."""
    return lambda: list(choices)


def entries(kind: str) -> Complete:
    """Return a completion of the entries of a list of the vocabulary, by id and by any name of one word."""
    return lambda ctx, incomplete: _offered(lambda: _entries(kind, ctx, incomplete), incomplete)


def speakers(ctx: Any, incomplete: Any) -> Any:
    """Offer the people who are quoted, and `narration`."""
    lists = ("people", "organizations")
    found = _offered(
        lambda: chain.from_iterable(_entries(kind, ctx, incomplete) for kind in lists), incomplete
    )
    return [*found, ("narration", "the articles' own voice")]


def names(ctx: Any, incomplete: Any) -> Any:
    """Offer whatever a name alone can be."""
    kinds = ("sectors", "countries", "programs", "organizations", "people", "measures")
    return _offered(
        lambda: chain.from_iterable(_entries(kind, ctx, incomplete) for kind in kinds), incomplete
    )


def sources(ctx: Any, incomplete: Any) -> Any:
    """Offer the ids of sources."""
    return _offered(lambda: _records("sources", ctx, incomplete), incomplete)


def claims(ctx: Any, incomplete: Any) -> Any:
    """Offer the ids of claims."""
    return _offered(lambda: _records("claims", ctx, incomplete), incomplete)


def claims_and_sources(ctx: Any, incomplete: Any) -> Any:
    """Offer the ids of claims and sources."""
    return claims(ctx, incomplete) + sources(ctx, incomplete)


def columns(ctx: Any, incomplete: Any) -> Any:
    """Offer the names of fields after the last comma of a list, less those that stand in it."""
    from indotrade.output.formats import FORMATS, field_names

    head, comma, _ = incomplete.rpartition(",")
    asked = "json" if ctx.params.get("json") else ctx.params.get("format")
    known = field_names(FORMATS.get(asked, FORMATS["table"]))
    names = [name for name in known if name not in head.split(",")]
    return [f"{head}{comma}{name}" for name in ([] if comma else ["help"]) + names]


def statuses() -> Any:
    """Offer the statuses, each with what it means."""
    from indotrade.wording.labels import STATUS_MEANS

    return [(status, _one_line(means)) for status, means in STATUS_MEANS.items()]


def _offered(read: Callable[[], Iterable[tuple[str, str]]], incomplete: str) -> list[tuple[str, str]]:
    """Return what begins with `incomplete` and is safe on a command line; nothing where anything goes wrong."""
    try:
        safe = (
            (value, help) for value, help in read() if _SAFE.fullmatch(value) and value.startswith(incomplete)
        )
        return [(value, _one_line(help)) for _, (value, help) in zip(range(_MOST), safe, strict=False)]
    except Exception:  # a broken dataset must not write on the user's prompt
        return []


def _one_line(help: str) -> str:
    from indotrade.text.escape import visible

    text = visible(help).translate(str.maketrans("[]`$\\\"'", "()     "))
    return text if len(text) <= 80 else text[:79] + "…"


def _names_of(ctx: Any) -> Any:
    """Return the names of the dataset that is named on the command line, which the shell has not expanded yet."""
    from indotrade.engine.open import open_names

    path = ctx.params.get("data")
    return open_names(os.path.expanduser(path) if path else None)


def _entries(kind: str, ctx: Any, incomplete: str) -> Iterator[tuple[str, str]]:
    from indotrade.dataset.records import spellings
    from indotrade.wording.labels import spoken

    for entry in _names_of(ctx).entries(kind):
        label = spoken(entry.label, "en")
        yield entry.id, label
        if incomplete:
            names = dict.fromkeys(name for _, name in spellings(entry))
            yield from ((name, label) for name in names if name != entry.id)


def _records(noun: str, ctx: Any, incomplete: str) -> Iterator[tuple[str, str]]:
    import msgspec

    from indotrade.dataset.records import Source
    from indotrade.wording.references import short

    for name, text in _names_of(ctx).beginning(noun, incomplete, _MOST):
        if noun == "sources":
            yield name, short(msgspec.json.decode(text, type=Source), "en")
        else:
            yield name, msgspec.json.decode(text)["statement"]["en"]
