"""The options that commands share, each written once: filters of claims, and how an answer is put out."""

# No postponed annotations here: Typer evaluates those of every command at each start.

import functools
import inspect
import os
from collections.abc import Callable, Sequence
from typing import Annotated, Any, get_type_hints

import typer
from msgspec import Struct

from indotrade import completion
from indotrade.console import Look, look
from indotrade.errors import Message, Misused
from indotrade.query import KINDS, SORTS, STATUSES, Filters, choice

FORMATS = ("table", "json", "ndjson", "csv", "tsv", "markdown")
CITATION_FORMATS = ("text", "bibtex", "csl-json", "ris")
COLORS = ("auto", "always", "never")
LANGUAGES = ("en", "id")

_Words = list[str] | None


def _option(
    *names: str, help: str, complete: Callable[..., Any] | None = None, metavar: str = "NAME", **more: Any
) -> Any:
    option = typer.Option(*names, help=help, metavar=metavar, show_default=False, **more)
    return completed(option, complete) if complete else option


_COMPLETED: list[tuple[Any, Callable[..., Any]]] = []


def completed(parameter: Any, complete: Callable[..., Any]) -> Any:
    """Return an option or argument that completes where a shell asks: Typer takes long to look at how."""
    _COMPLETED.append((parameter, complete))
    return parameter


class Filtering(Struct, frozen=True):
    """Which claims are asked for."""

    sector: Annotated[
        _Words,
        _option("--sector", help="In this sector or a part of it.", complete=completion.entries("sectors")),
    ] = None
    country: Annotated[
        _Words,
        _option(
            "--country",
            help="About this country or a region of it.",
            complete=completion.entries("countries"),
        ),
    ] = None
    program: Annotated[
        _Words, _option("--program", help="About this program.", complete=completion.entries("programs"))
    ] = None
    organization: Annotated[
        _Words,
        _option(
            "--organization", help="About this organization.", complete=completion.entries("organizations")
        ),
    ] = None
    speaker: Annotated[
        _Words,
        _option(
            "--speaker",
            help="Said by this person, or by the article: narration.",
            complete=completion.speakers,
        ),
    ] = None
    source: Annotated[
        _Words,
        _option("--source", help="Printed in this article.", complete=completion.sources, metavar="ID"),
    ] = None
    kind: Annotated[
        _Words,
        _option(
            "--kind",
            help="One of " + ", ".join(KINDS) + ".",
            complete=completion.words(KINDS),
            metavar="KIND",
        ),
    ] = None
    status: Annotated[
        _Words,
        _option(
            "--status",
            help="One of " + ", ".join(STATUSES) + ".",
            complete=completion.statuses,
            metavar="STATUS",
        ),
    ] = None
    at: Annotated[
        _Words, _option("--at", help="Made at this program.", complete=completion.entries("programs"))
    ] = None
    from_: Annotated[
        _Words,
        _option("--from", help="On trade from this country.", complete=completion.entries("countries")),
    ] = None
    to: Annotated[
        _Words, _option("--to", help="On trade to this country.", complete=completion.entries("countries"))
    ] = None
    has_figure: Annotated[bool, typer.Option("--has-figure", help="With a figure.")] = False
    since: Annotated[
        str | None, _option("--since", help="Said on this date or after: YYYY[-MM[-DD]].", metavar="DATE")
    ] = None
    until: Annotated[str | None, _option("--until", help="Said on this date or before.", metavar="DATE")] = (
        None
    )
    sort: Annotated[
        str | None,
        _option(
            "--sort",
            help="By said, value, id or paragraph; -value for descending.",
            complete=completion.words([*SORTS, *("-" + name for name in SORTS)]),
            metavar="[-]FIELD",
        ),
    ] = None
    limit: Annotated[
        int | None, _option("--limit", "-n", help="At most this many claims.", metavar="N", min=0)
    ] = None
    allow_empty: Annotated[
        bool, typer.Option("--allow-empty", help="Exit 0, not 1, where no claim is found.")
    ] = False

    def filters(self, **asked: Sequence[str]) -> Filters:
        """Return the filters, those of a command's arguments (`sector=[...]`) added to the option of that name."""
        given = {name: getattr(self, name) for name in self.__struct_fields__ if name != "allow_empty"}
        for name, values in asked.items():
            given[name] = [*(given.get(name) or ()), *values]
        return Filters(**{name: value for name, value in given.items() if value is not None})

    def given(self) -> bool:
        """Return whether any option narrows the claims down."""
        own = ("sort", "limit", "allow_empty")
        return any(getattr(self, name) for name in self.__struct_fields__ if name not in own)


class Output(Struct, frozen=True):
    """How an answer is put out, and from which dataset it comes."""

    format: Annotated[
        str | None,
        _option(
            "--format",
            "-f",
            help="One of " + ", ".join(FORMATS) + ".",
            complete=completion.words(FORMATS),
            metavar="FORMAT",
        ),
    ] = None
    json: Annotated[bool, typer.Option("--json", help="The same as --format json.")] = False
    columns: Annotated[
        str | None,
        _option(
            "--fields",
            help="Only these, in this order: a,b,c; 'help' lists them.",
            complete=completion.columns,
            metavar="FIELDS",
        ),
    ] = None
    no_header: Annotated[bool, typer.Option("--no-header", help="csv and tsv without the line of names.")] = (
        False
    )
    bom: Annotated[bool, typer.Option("--bom", help="csv with a byte order mark, for Excel.")] = False
    lang: Annotated[
        str | None,
        _option(
            "--lang",
            help="Language of the answer: en or id.",
            complete=completion.words(LANGUAGES),
            metavar="LANG",
        ),
    ] = None
    width: Annotated[
        int | None, _option("--width", help="Fold tables to this many columns.", metavar="N", min=1)
    ] = None
    color: Annotated[
        str,
        _option(
            "--color",
            help="Colour tables: auto, always or never.",
            complete=completion.words(COLORS),
            metavar="WHEN",
        ),
    ] = "auto"
    no_pager: Annotated[bool, typer.Option("--no-pager", help="Never page a long answer.")] = False
    data: Annotated[
        str | None, _option("--data", help="The directory of another dataset.", metavar="PATH")
    ] = None

    def chosen(self) -> str:
        """Return the format. Raises Misused for one that is none, and for --json with another."""
        if self.json and self.format not in (None, "json"):
            raise Misused(
                Message(
                    f"--json and --format {self.format[:80]} cannot both be",
                    f"--json dan --format {self.format[:80]} tidak bisa bersamaan",
                )
            )
        if self.data == "":
            raise Misused(Message("--data names no directory", "--data tidak menyebut direktori"))
        asked = "json" if self.json else "table" if self.format is None else self.format
        return choice(asked, FORMATS, "--format")

    def language(self) -> str:
        """Return the language of tables and messages."""
        return spoken(self.lang)

    def exported(self) -> str:
        """Return the language of the formats for programs, which do not depend on the environment."""
        return "en" if self.lang is None else choice(self.lang, LANGUAGES, "--lang")

    def look(self) -> Look:
        """Return how tables look."""
        return look(self.language(), self.width, choice(self.color, COLORS, "--color"), not self.no_pager)


def spoken(asked: str | None = None) -> str:
    """Return the language of the screen: what is asked for, else by the environment. Raises Misused."""
    if asked is not None:
        return choice(asked, LANGUAGES, "--lang")
    if os.environ.get("INDOTRADE_LANG") in LANGUAGES:
        return os.environ["INDOTRADE_LANG"]
    locale = next(
        (value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := os.environ.get(name))), ""
    )
    return "id" if locale.startswith("id") else "en"


def with_options(command: Callable[..., None]) -> Callable[..., None]:
    """Return a command whose parameters of type Filtering and Output are spelled out as single options.

    Typer reads options off a signature; this one is put together from those of the classes, so that
    every option is written once and a command body has what was asked for in one piece.
    """
    if completion.asked():
        for parameter_info, complete in _COMPLETED:
            parameter_info.autocompletion = complete
    hints = get_type_hints(command, include_extras=True)
    grouped = {name: hint for name, hint in hints.items() if hint in (Filtering, Output)}
    parameters = [
        parameter.replace(annotation=hints[name])
        for name, parameter in inspect.signature(command).parameters.items()
        if name not in grouped
    ]
    for group in grouped.values():
        parameters += [
            inspect.Parameter(
                name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=group.__annotations__[name]
            )
            for name, default in zip(group.__struct_fields__, group.__struct_defaults__, strict=True)
        ]

    @functools.wraps(command)
    def called(**values: Any) -> None:
        for name, group in grouped.items():
            values[name] = group(**{field: values.pop(field) for field in group.__struct_fields__})
        command(**values)

    called.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    called.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    del called.__wrapped__
    return called
