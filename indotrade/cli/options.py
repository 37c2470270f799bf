"""The options that commands share, each made once: the filters of claims, and how an answer is put out."""

# No postponed annotations here: Typer evaluates those of every command at each start.

import os
import re
from collections.abc import Callable, Sequence
from typing import Annotated, Any, cast, get_args

import typer
from msgspec import Struct

from indotrade import stream
from indotrade.cli import completion
from indotrade.cli.failures import say
from indotrade.engine.open import open_engine
from indotrade.engine.protocol import Engine, Progress
from indotrade.errors import Argument, Meant, Message, Misused
from indotrade.output import formats
from indotrade.output.formats import FORMATS, How
from indotrade.query.question import Filters
from indotrade.screen.look import look
from indotrade.text.choices import choice, either, together
from indotrade.wording.sentences import LANGUAGES, filled, one_of, told

COLORS = ("auto", "always", "never")
FIND, ORDER, OUTPUT, DATA = "Find", "Order", "Output", "Data"
"""The groups in which help shows the shared options."""


# --- the language ----------------------------------------------------------------------------------


class Speech(Struct, frozen=True):
    """In which language the program speaks."""

    language: str
    """Of tables, help and messages."""
    given: str | None = None
    """What `--lang` says; None where the environment decides."""


def listen(arguments: Sequence[str]) -> tuple[list[str], Speech]:
    """Return a command line without `--lang`, and the language that it asks for: the last one given.

    It is taken out before Typer looks, so that help and misuse are told in it, wherever it stands; but behind
    `import`, other than in its help, it is the language of what comes in. Raises Misused for a language that there is not.
    """
    rest: list[str] = []
    given: str | None = None
    left = iter(arguments)
    for argument in left:
        if argument == "--" or (argument == "import" and not rest and "--help" not in arguments):
            return [*rest, argument, *left], speech(given)
        name, joined, value = argument.partition("=")
        following = value if joined else next(left, None) if name == "--lang" else None
        if name != "--lang" or following is None:  # without a value it is Typer's to refuse
            rest.append(argument)
        else:
            given = following
    return rest, speech(given)


def speech(given: str | None = None) -> Speech:
    """Return the language of the screen: what is given, else by the environment. Raises Misused."""
    if given is not None:
        return Speech(choice(given, tuple(LANGUAGES), "lang"), given)
    asked = os.environ.get("INDOTRADE_LANG", "")
    if asked in LANGUAGES:
        return Speech(asked)
    locale = next(
        (value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := os.environ.get(name))), ""
    )
    return Speech(next((language for language in LANGUAGES if locale.startswith(language)), "en"))


# --- options ---------------------------------------------------------------------------------------


def completed(parameter: Any, complete: completion.Complete) -> Any:
    """Return an option or argument that completes where a shell asks."""
    parameter.complete = complete
    return parameter


def option(
    *names: str, help: str, metavar: str, complete: completion.Complete | None = None, **more: Any
) -> Any:
    """Return an option with a value."""
    made = typer.Option(*names, help=help, metavar=metavar, show_default=False, **more)
    return completed(made, complete) if complete else made


def language(of: Message) -> Any:
    """Return the option `--lang`, there to be shown and completed: `listen` takes it before Typer looks.

    It stands beside the `Speech` that a command takes.
    """
    told = Message("Language of {what}: {languages}.", what=of, languages=either([*LANGUAGES]))
    return option(
        "--lang",
        help=filled(told),
        metavar="LANG",
        complete=completion.words([*LANGUAGES]),
        rich_help_panel=OUTPUT,
    )


Data = Annotated[
    str | None,
    option(
        "--data",
        help="Another dataset: its directory, or the address of a shared database.",
        metavar="PATH",
        rich_help_panel=DATA,
    ),
]
"""From which dataset the answer comes."""


def number(argument: str, least: int) -> Callable[[str], int]:
    """Return what reads a whole number from `least` on off a command line."""

    def read(value: str) -> int:
        told = {"argument": Argument(argument), "value": value[:80]}
        if not re.fullmatch("[+-]?[0-9]{1,100}", value):
            raise Misused(Message("{argument} takes a whole number, not {value}", **told))
        if int(value) < least:
            raise Misused(
                Message("{argument} takes a number from {least} on, not {value}", **told, least=least)
            )
        return int(value)

    return read


def limit(help: str) -> Any:
    """Return the option `--limit`."""
    read = number("limit", 0)
    return option("--limit", "-n", help=help, metavar="N", parser=read, rich_help_panel=ORDER)


class Output(Struct, frozen=True):
    """How an answer is put out, and from which dataset it comes."""

    format: Annotated[
        str | None,
        option(
            "--format",
            "-f",
            help=one_of(formats.holding("claims")),
            complete=completion.words(formats.holding("claims")),
            metavar="FORMAT",
        ),
    ] = None
    json: Annotated[bool, typer.Option("--json", help="The same as --format json.")] = False
    fields: Annotated[
        str | None,
        option(
            "--fields",
            help="Only these, in this order: a,b,c; 'help' lists them.",
            complete=completion.columns,
            metavar="FIELDS",
        ),
    ] = None
    no_header: Annotated[
        bool,
        typer.Option(
            "--no-header",
            help=filled(
                Message(
                    "{formats} without the line of names.", formats=together(formats.honouring("no_header"))
                )
            ),
        ),
    ] = False
    bom: Annotated[
        bool,
        typer.Option(
            "--bom",
            help=filled(
                Message(
                    "{formats} with a byte order mark, for Excel.", formats=together(formats.honouring("bom"))
                )
            ),
        ),
    ] = False
    speech: Annotated[Speech, language(Message("the answer"))] = Speech("en")
    width: Annotated[
        int | None,
        option("--width", help="Fold tables to this many columns.", metavar="N", parser=number("width", 1)),
    ] = None
    color: Annotated[
        str,
        option(
            "--color",
            help="Colour tables: auto, always or never.",
            complete=completion.words(COLORS),
            metavar="WHEN",
        ),
    ] = "auto"
    no_pager: Annotated[bool, typer.Option("--no-pager", help="Never page a long answer.")] = False
    data: Data = None

    @property
    def language(self) -> str:
        """The language of tables and messages."""
        return self.speech.language

    def how(self, kind: formats.Holds = "claims") -> How:
        """Return how an answer is put out.

        Raises Misused for a format that is none or cannot hold such an answer, for `--json` with another,
        and for an option that the format cannot honour.
        """
        format = FORMATS[self._format(kind)]
        color = choice(self.color, COLORS, "color")
        given = {
            "width": self.width is not None,
            "color": color == "always",
            "no_header": self.no_header,
            "bom": self.bom,
        }
        formats.refuse_idle(format, [option for option in get_args(formats.Option) if given.get(option)])
        return How(
            format,
            self.fields,
            language=self.speech.given or "en",
            look=look(self.language, self.width, color, not self.no_pager),
            header=not self.no_header,
            bom=self.bom,
        )

    def _format(self, kind: formats.Holds) -> str:
        if self.json and self.format not in (None, "json"):
            told = Message("--json and --format {format} cannot both be", format=(self.format or "")[:80])
            raise Misused(told, None, Meant("--json", [[]], Message("leave one out")))
        asked = "json" if self.json else "table" if self.format is None else self.format
        name = formats.named(asked, "claims")
        if kind not in FORMATS[name].holds:
            known = ", ".join(formats.holding(kind))
            raise Misused(
                Message("this command has no format {format}; it has {known}", format=name, known=known)
            )
        return name

    def engine(self) -> Engine:
        """Return the engine of the dataset that is asked. Raises Misused, and Refused where it cannot be read."""
        if self.data == "":
            raise Misused(Message("--data names no dataset"))
        return open_engine(
            self.data,
            progress=self.progress(Message("indexing")),
            warn=lambda message: say(message, self.language),
        )

    def progress(self, label: Message) -> Progress | None:
        """Return what shows how far a long work is, where somebody watches."""
        return stream.Progress(told(label, self.language)) if stream.interactive() else None


class Finding(Struct, frozen=True):
    """Which claims are asked for."""

    filters: Filters
    allow_empty: bool
    """Whether no claim is an answer, too."""

    def also(self, name: str, values: Sequence[str]) -> Filters:
        """Return the filters with the values of a command's argument added to the option of that name."""
        given: dict[str, Any] = dict(self.filters)
        return cast(Filters, given | {name: [*(given.get(name) or ()), *values]})
