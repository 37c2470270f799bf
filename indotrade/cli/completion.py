"""Offers names, ids and field names to the shell: never an error, and nothing that a shell might act on."""

# No postponed annotations here: an option is made with one of these functions, at each start.

import inspect
import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import redirect_stderr
from itertools import chain
from typing import Any

Named = tuple[str, str]
"""What can be typed, and what it means."""
Complete = Callable[[Any, str], Iterable[Named]]
"""Yields what can stand in an option or argument, by the context of the command and what is typed of it."""

_SAFE = re.compile(r"\w[\w./,-]*( [\w.,-]+)*")
"""What is offered: letters, digits and a few signs, in which no shell sees more than itself."""
_LONGEST = 120
_MOST = 200
_VARIABLE = "_INDOTRADE_COMPLETE"
_FILES = ("FILE", "PATH", "DIR", "TEXT", "SOURCE", "TARGET")
"""The names of what is a file or a directory, as help shows them."""


def asked() -> bool:
    """Return whether a shell asks for completions, and not a person for an answer."""
    return os.environ.get(_VARIABLE, "").startswith("complete_")


def silently(group: Any, spoken: Callable[[list[str]], tuple[list[str], Any]]) -> int:
    """Answer a shell; return the exit code. Nothing is said on the user's prompt, whatever goes wrong."""
    from indotrade.cli import shells

    def ask(line: Any) -> list[Named] | None:
        args, speech = spoken(line.args)
        return _found(group, speech, args, line.incomplete)

    with open(os.devnull, "w", encoding="utf-8") as nowhere, redirect_stderr(nowhere):
        try:
            return shells.tell(ask, _VARIABLE)
        except Exception:  # a person is in the middle of a line
            return 1


def _found(group: Any, speech: Any, args: list[str], incomplete: str) -> list[Named] | None:
    """Return what can stand behind some words of a command line; None where that is a file."""
    from indotrade.cli.line import meant, needs_value

    option, joined, value = incomplete.partition("=")
    if joined and option.startswith("--"):
        args, incomplete = [*args, option], value
    commands = group.list_commands(None)
    if args and args[0] not in commands:
        alone = all(arg.startswith("-") for arg in args) and not needs_value(args[-1], group.options)
        args = [] if alone else meant(args, commands, group.options)
    settings: dict[str, Any] = {"resilient_parsing": True, "obj": speech}
    if args and not args[0].startswith("-"):
        context = group.commands[args[0]].make_context(args[0], args[1:], **settings)
    else:
        context = group.make_context("indotrade", [], **settings)
    param = _param(context, args[1:], incomplete)
    if param is None:
        return _words_of(group, context, incomplete)
    if complete := context.command.callback.completions.get(param.name):
        return _offered(lambda: complete(context, incomplete))
    return None if any(name in (param.metavar or "") for name in _FILES) else []


def _param(context: Any, args: Sequence[str], incomplete: str) -> Any:
    """Return the option or argument to which the word at the cursor belongs; None where it is an option or a command."""
    options = [param for param in context.command.params if param.param_type_name == "option"]
    if args and (valued := [it for it in options if args[-1] in it.opts and not it.is_flag]):
        return valued[0]
    if incomplete.startswith("-") and "--" not in args:
        return None
    arguments = (param for param in context.command.params if param.param_type_name == "argument")
    return next((it for it in arguments if it.nargs == -1 or not context.params.get(it.name)), None)


def _words_of(group: Any, context: Any, incomplete: str) -> list[Named]:
    """Return the options that begin like a word, and where there is no command yet, the commands and what a name alone can be."""
    from indotrade.wording.sentences import word

    language = context.obj.language
    found: list[Named] = []
    if context.command is group:
        for name in group.list_commands(context):
            if name.startswith(incomplete):
                help = inspect.cleandoc(group.commands[name].help)
                found.append((name, word(help, language).partition("\n\n")[0]))
    for param in context.command.get_params(context):
        if incomplete.startswith("-") and param.param_type_name == "option":
            means = word(param.help or "", language)
            found += [(name, means) for name in param.opts if name.startswith(incomplete)]
    said = [(name, _one_line(means)) for name, means in found]
    if context.command is group and incomplete and not incomplete.startswith("-"):
        taken = {name for name, _ in said}
        said += [it for it in _offered(lambda: names(context, incomplete)) if it[0] not in taken]
    return said


# --- what can be offered -----------------------------------------------------------------------------


def words(choices: Sequence[str]) -> Complete:
    """Return a completion of fixed words."""
    return lambda _ctx, incomplete: ((word, "") for word in choices if word.startswith(incomplete))


def terms(choices: Sequence[str], means: Callable[[], Any] = dict) -> Complete:
    """Return a completion of words of the records, by what any language calls them; a `-` before it stays."""

    def complete(_ctx: Any, incomplete: str) -> Iterator[Named]:
        from indotrade.wording.labels import called

        explained = means()
        sign = "-" if incomplete.startswith("-") and "-" + choices[0] not in choices else ""
        for word in choices:
            if name := _first_like(called(word), incomplete):
                yield sign + name, explained.get(word, "")

    return complete


def statuses(ctx: Any, incomplete: str) -> Iterable[Named]:
    """Offer the statuses, each with what it means."""
    from indotrade.dataset.words import STATUSES
    from indotrade.wording.labels import STATUS_MEANS
    from indotrade.wording.sentences import word

    explained = {status: word(means, ctx.obj.language) for status, means in STATUS_MEANS.items()}
    return terms(STATUSES, lambda: explained)(ctx, incomplete)


def entries(kind: str) -> Complete:
    """Return a completion of the entries of a list of the vocabulary, by the first of its names that begins so."""
    return lambda ctx, incomplete: _entries(kind, ctx, incomplete)


def speakers(ctx: Any, incomplete: str) -> Iterable[Named]:
    """Offer who speaks: people, organizations, and the articles themselves."""
    yield from _entries("people", ctx, incomplete)
    yield from _entries("organizations", ctx, incomplete)
    yield from terms(["narration"])(ctx, incomplete)


def names(ctx: Any, incomplete: str) -> Iterable[Named]:
    """Offer whatever a name alone can be, each spelling once."""
    kinds = ("sectors", "countries", "programs", "organizations", "people", "measures")
    found: dict[str, str] = {}
    for name, means in chain.from_iterable(_entries(kind, ctx, incomplete) for kind in kinds):
        found.setdefault(name, means)
    return found.items()


def sources(ctx: Any, incomplete: str) -> Iterable[Named]:
    """Offer the ids of sources."""
    return _records("sources", ctx, incomplete)


def claims(ctx: Any, incomplete: str) -> Iterable[Named]:
    """Offer the ids of claims."""
    return _records("claims", ctx, incomplete)


def claims_and_sources(ctx: Any, incomplete: str) -> Iterable[Named]:
    """Offer the ids of claims and sources."""
    return chain(claims(ctx, incomplete), sources(ctx, incomplete))


def columns(ctx: Any, incomplete: str) -> Iterable[Named]:
    """Offer the names of fields after the last comma of a list, less those that stand in it."""
    from indotrade.output.formats import FORMATS, field_names

    head, comma, begun = incomplete.rpartition(",")
    asked = "json" if ctx.params.get("json") else ctx.params.get("format")
    known = field_names(FORMATS.get(asked, FORMATS["table"]))
    names = [name for name in known if name not in head.split(",")]
    return [(f"{head}{comma}{it}", "") for it in ([] if comma else ["help"]) + names if it.startswith(begun)]


# --- what they share ---------------------------------------------------------------------------------


def _offered(read: Callable[[], Iterable[Named]]) -> list[Named]:
    """Return what is safe on a command line; nothing where anything goes wrong: a broken dataset is no matter of the prompt."""
    try:
        safe = (it for it in read() if len(it[0]) <= _LONGEST and _SAFE.fullmatch(it[0].removeprefix("-")))
        return [(value, _one_line(means)) for _, (value, means) in zip(range(_MOST), safe, strict=False)]
    except Exception:
        return []


def _one_line(help: str) -> str:
    from indotrade.text.escape import visible

    text = visible(help).translate(str.maketrans("[]`$\\\"'", "()     "))
    return text if len(text) <= 80 else text[:79] + "…"


def _first_like(names: Iterable[str], incomplete: str) -> str | None:
    """Return the first of some names that begins with what is typed, but for case, accents, width, hyphens and blanks."""
    from indotrade.text.fold import key

    typed, literal = key(incomplete), incomplete.casefold()
    alike = [name for name in names if key(name).startswith(typed) and _SAFE.fullmatch(name)]
    return next((name for name in alike if name.casefold().startswith(literal)), alike[0] if alike else None)


def _names_of(ctx: Any) -> Any:
    """Return the names of the dataset that is named on the command line, which the shell has not expanded yet."""
    if _VARIABLE not in ctx.meta:  # it is opened once for all lists
        from indotrade.engine.open import open_names

        path = ctx.params.get("data")
        ctx.meta[_VARIABLE] = open_names(os.path.expanduser(path) if path else None)
    return ctx.meta[_VARIABLE]


def _entries(kind: str, ctx: Any, incomplete: str) -> Iterator[Named]:
    from indotrade.dataset.vocabulary import spellings
    from indotrade.wording.labels import spoken

    listed = _names_of(ctx).entries(kind)
    if kind == "countries" and incomplete:
        from indotrade.dataset.countries import lent

        listed = [*listed, *lent(listed).values()]
    for entry in listed:
        every = [entry.id, *(name for _, name in spellings(entry))] if incomplete else [entry.id]
        if name := _first_like(every, incomplete):
            yield name, spoken(entry.label, ctx.obj.language)


def _records(noun: str, ctx: Any, incomplete: str) -> Iterator[Named]:
    import msgspec

    from indotrade.dataset.records import Source
    from indotrade.text.fold import words
    from indotrade.wording.labels import spoken
    from indotrade.wording.references import short

    engine, language = _names_of(ctx), ctx.obj.language
    found = engine.beginning(noun, incomplete, _MOST)
    for name, text in found or engine.beginning(noun, "-".join(words(incomplete)), _MOST):
        if noun == "sources":
            yield name, short(msgspec.json.decode(text, type=Source), language)
        else:
            yield name, spoken(msgspec.json.decode(text)["statement"], language)
