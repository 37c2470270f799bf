"""The Typer app: commands as glue, and the one place where errors become exits."""

# No postponed annotations here: Typer evaluates those of every command at each start.

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
import typer.core
from typer.main import get_command_from_info
from typer.models import CommandInfo

from indotrade import completion, console
from indotrade.errors import IndotradeError, Message, Misused, NotFound, Refused
from indotrade.options import CITATION_FORMATS, Filtering, Output, completed, spoken, with_options

HELP = (
    "What has been claimed about Indonesia-Japan trade by small firms: who said it, when, where is it"
    " printed, and does it hold?"
)
EXAMPLES = """\
Examples:
  indotrade sector batik                    claims about batik, with their sources
  indotrade country jepang --kind figure    names in English, Indonesian or Japanese
  indotrade show diaspora-over-70-thousand  one claim, and what speaks for and against it
  indotrade list --status disputed -f csv   for a spreadsheet or a script

`indotrade --help` lists all commands.
"""


COMMANDS: dict[str, Callable[..., None]] = {}


class _Commands(dict[str, Any]):
    """The commands by name, each made when it is asked for: making them all takes longer than a look-up."""

    def __missing__(self, name: str) -> Any:
        info = CommandInfo(name, callback=with_options(COMMANDS[name]))
        self[name] = get_command_from_info(info, pretty_exceptions_short=False, rich_markup_mode=None)
        return self[name]

    def get(self, name: str, default: Any = None) -> Any:
        return self[name] if name in COMMANDS else default

    def keys(self) -> Any:
        return COMMANDS.keys()


class Group(typer.core.TyperGroup):
    """The commands, run so that each way to fail has its exit code and its sentence."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.commands = _Commands()

    def list_commands(self, ctx: typer.Context) -> list[str]:  # type: ignore[override]
        """Return the names of the commands, in the order of this file."""
        return list(COMMANDS)

    def main(self, *args: Any, **more: Any) -> Any:
        """Run a command line and exit: README.md has the exit codes."""
        answer = completion.silently if completion.asked() else outcome
        sys.exit(answer(lambda: super(Group, self).main(*args, **more | {"standalone_mode": False})))


def outcome(run: Callable[[], Any]) -> int:
    """Return the exit code of a command, having told on standard error what went wrong."""
    try:
        return run() or 0
    except IndotradeError as error:
        return failed(error)
    except typer.TyperException as error:  # the command line cannot be parsed
        return failed(_misused(error))
    except OSError as error:
        return failed(_refused(error))
    except Exception as error:
        import sqlite3

        if isinstance(error, sqlite3.Error):
            return failed(_unanswered(error))
        if os.environ.get("INDOTRADE_DEBUG"):
            import traceback

            traceback.print_exc()
        console.say(f"indotrade: bug: {type(error).__name__}: {error}")
        console.say("hint: please report it with the command line; INDOTRADE_DEBUG=1 shows the traceback")
        return IndotradeError.exit_code


def failed(error: IndotradeError) -> int:
    """Tell an error; return its exit code."""
    console.complain(error, _language())
    return error.exit_code


def _refused(error: OSError) -> IndotradeError:
    """Return the error for a refusal of the system: to read a file, or to write help, which Typer prints."""
    if error.filename is None:
        return console.undelivered(error)
    what = f"{error.filename}: {error.strerror}"
    return Refused(Message(f"cannot read {what}", f"tidak dapat membaca {what}"))


def _unanswered(error: Exception) -> Refused:
    """Return the error for a database that fails while it answers."""
    return Refused(
        Message(f"the claims cannot be looked through: {error}", f"klaim tidak dapat diperiksa: {error}"),
        Message("try again: a damaged index is built anew", "coba lagi: indeks yang rusak dibangun ulang"),
    )


def _misused(error: typer.TyperException) -> Misused:
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "indotrade"
    from indotrade.wording import misuse

    return Misused(
        misuse(error.format_message()),
        Message(f"`{path} --help` shows how it is called", f"`{path} --help` menampilkan cara pakainya"),
    )


def _language() -> str:
    """Return the language of messages, also where the command line could not be parsed."""
    arguments = sys.argv[1:]
    for place, argument in enumerate(arguments):
        name, _, value = argument.partition("=")
        if name == "--lang":
            value = value or (arguments[place + 1] if place + 1 < len(arguments) else "")
            if value in ("en", "id"):
                return value
    return spoken()


app = typer.Typer(
    cls=Group, help=HELP, rich_markup_mode=None, pretty_exceptions_enable=False, invoke_without_command=True
)


def command(function: Callable[..., None]) -> Callable[..., None]:
    """Register a command under the name of its function."""
    COMMANDS[function.__name__.rstrip("_")] = function
    return function


def _version(asked: bool) -> None:
    if asked:
        from indotrade.about import versions

        console.deliver([versions()])
        raise typer.Exit


@app.callback()
def main(
    context: typer.Context,
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            help="Print the versions of the program and of the data.",
            callback=_version,
            is_eager=True,
        ),
    ] = False,
) -> None:
    if context.invoked_subcommand is None:
        console.deliver([f"{HELP}\n\n{EXAMPLES}"])


def _names(kind: str) -> Any:
    help = "An id, a code, or a name in English, Indonesian or Japanese."
    return _given_as("[NAME]...", help, completion.entries(kind))


def _given_as(metavar: str, help: str, complete: completion.Complete) -> Any:
    return completed(typer.Argument(metavar=metavar, show_default=False, help=help), complete)


@command
def sector(
    names: Annotated[list[str] | None, _names("sectors")] = None, *, filtering: Filtering, output: Output
) -> None:
    """Claims of a sector; without a name, all sectors, counted."""
    _vocabulary("sector", "sectors", names, filtering, output)


@command
def country(
    names: Annotated[list[str] | None, _names("countries")] = None, *, filtering: Filtering, output: Output
) -> None:
    """Claims about a country or region; without a name, all, counted."""
    _vocabulary("country", "countries", names, filtering, output)


@command
def program(
    names: Annotated[list[str] | None, _names("programs")] = None, *, filtering: Filtering, output: Output
) -> None:
    """Claims about a program, and what it is; without a name, all."""
    _vocabulary("program", "programs", names, filtering, output)


@command
def list_(*, filtering: Filtering, output: Output) -> None:
    """Claims by any mix of filters; without a filter, all."""
    _find(filtering, output)


@command
def search(
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="WORDS...", show_default=False, help="All must occur; a quoted argument is one phrase."
        ),
    ],
    *,
    filtering: Filtering,
    output: Output,
) -> None:
    """Claims with all of these words: in texts, names or evidence."""
    from indotrade.query import capped

    kept, cut = capped(words)
    if cut:
        console.say(
            Message(
                "note: the search was cut to 64 words and 4,096 letters",
                "catatan: pencarian dipotong menjadi 64 kata dan 4.096 huruf",
            ).text(output.language())
        )
    _find(filtering, output, words=kept)


@command
def show(
    ids: Annotated[
        list[str],
        _given_as(
            "ID...|-", "Ids of claims; - reads them from standard input, one a line.", completion.claims
        ),
    ],
    *,
    output: Output,
) -> None:
    """One claim in full, with the evidence for and against it."""
    from indotrade import details

    _with_unknown(details.show(_store(output), _given(ids), output))


@command
def cite(
    ids: Annotated[
        list[str],
        _given_as(
            "ID...|-",
            "Ids of claims or sources; - reads them from standard input.",
            completion.claims_and_sources,
        ),
    ],
    *,
    format: Annotated[
        str,
        completed(
            typer.Option(
                "--format", "-f", metavar="FORMAT", help="One of " + ", ".join(CITATION_FORMATS) + "."
            ),
            completion.words(CITATION_FORMATS),
        ),
    ] = "text",
    lang: Annotated[
        str | None, typer.Option("--lang", metavar="LANG", help="Language of text citations: en or id.")
    ] = None,
    data: Annotated[
        str | None, typer.Option("--data", metavar="PATH", help="The directory of another dataset.")
    ] = None,
) -> None:
    """Citations of claims and sources: text, BibTeX, CSL-JSON, RIS."""
    from indotrade import details

    output = Output(lang=lang, data=data)
    _with_unknown(details.cite(_store(output), _given(ids), format, output.language()))


@command
def source(
    ids: Annotated[
        list[str] | None,
        _given_as("[ID]...", "Ids of sources; - reads them from standard input.", completion.sources),
    ] = None,
    *,
    output: Output,
) -> None:
    """Articles and evidence sources, and the claims that rest on each."""
    from indotrade import details

    _with_unknown(details.sources(_store(output), _given(ids or []), output))


@command
def verify(
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE|-",
            show_default=False,
            help="The text of an article, plain or HTML; - is standard input.",
        ),
    ],
    *,
    output: Output,
) -> None:
    """Tell which claims stand, by their anchors, in a given text.

    It attests that an article has the words on which a claim rests, not that the claim is true.
    """
    from indotrade import details

    _exit_unless(details.verify(_store(output), _text_of(file), output))


@command
def info(*, output: Output) -> None:
    """Versions, counts, meaning of each status, licence, origin."""
    from indotrade import about

    about.info(_store(output), output)


@command
def check(
    path: Annotated[
        str | None, typer.Argument(metavar="[PATH]", show_default=False, help="The directory of a dataset.")
    ] = None,
    *,
    anchors: Annotated[
        str | None,
        typer.Option(
            "--anchors",
            metavar="FILE",
            help="Print the anchors of a text instead, for authors; - is standard input.",
        ),
    ] = None,
    output: Output,
) -> None:
    """Validate a dataset: every fault, with its place and rule."""
    from indotrade import details

    if anchors is not None:
        details.anchors(_text_of(anchors), output)
    else:
        _exit_unless(details.check(output.data if path is None else path, output))


@command
def init(
    directory: Annotated[
        str, typer.Argument(metavar="DIR", show_default=False, help="A directory that holds no dataset yet.")
    ],
    *,
    lang: Annotated[
        str | None, typer.Option("--lang", metavar="LANG", help="Language of the message: en or id.")
    ] = None,
) -> None:
    """Write a small valid dataset of one's own, to edit."""
    from indotrade import starter

    starter.write(directory)
    console.say(
        Message(
            f"wrote a dataset; check it with `indotrade check {directory}`",
            f"dataset ditulis; periksa dengan `indotrade check {directory}`",
        ).text(spoken(lang))
    )


# --- what the commands share -----------------------------------------------------------------------


def _store(output: Output, *, searchable: bool = False) -> Any:
    from indotrade.index import open_store

    output.chosen()
    label = Message("indexing", "mengindeks").text(output.language())
    progress = console.Progress(label) if console.interactive() else None
    return open_store(output.data, searchable=searchable, progress=progress, warn=console.say)


def _find(filtering: Filtering, output: Output, **asked: Sequence[str]) -> None:
    from indotrade import present, query

    if not present.field_names(output):
        filters = filtering.filters(**asked)
        store = _store(output, searchable=bool(filters.words))
        present.claims(query.find(store, filters), filtering, output)


def _vocabulary(
    field: str, kind: str, names: Sequence[str] | None, filtering: Filtering, output: Output
) -> None:
    from indotrade import lookup, present, query

    if present.field_names(output):
        return
    store = _store(output)
    if names:
        asked = lookup.resolve_words(store, kind, names)
        answer = query.find(store, filtering.filters(**{field: asked}))
        present.claims(
            answer, filtering, output, present.program_draw(answer, asked) if kind == "programs" else None
        )
    else:
        present.entries(kind, query.find(store, filtering.filters()), output)


def _given(ids: Sequence[str]) -> list[str]:
    """Return the ids of the command line, each once, `-` replaced by the lines of standard input.

    Raises NotFound where those were asked for and there is none: no id is not every id.
    """
    given: dict[str, None] = {}
    for name in ids:
        if name == "-":
            lines = (
                console.standard_input().decode("utf-8", "surrogateescape").removeprefix("\ufeff").split("\n")
            )
            listed = [line.strip() for line in lines if line.strip()]
            given |= dict.fromkeys(listed[1:] if listed[:1] == ["id"] else listed)
        else:
            given[name] = None
    if ids and not given:
        raise NotFound(Message("standard input holds no id", "masukan standar tidak memuat id"))
    return list(given)


def _text_of(file: str) -> list[str]:
    from indotrade.details import paragraphs

    return paragraphs(console.standard_input() if file == "-" else Path(file))


def _with_unknown(unknown: list[NotFound]) -> None:
    """Tell every id that is not there; then exit 1 if any is not."""
    for error in unknown[:-1]:
        failed(error)
    if unknown:
        raise unknown[-1]


def _exit_unless(good: bool) -> None:
    if not good:
        raise typer.Exit(NotFound.exit_code)
