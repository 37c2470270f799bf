"""The Typer app: which commands there are, and the one place where errors become exits."""

# No postponed annotations here: Typer evaluates those of every command at each start.

import inspect
import os
import sys
from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Annotated, Any

import typer
import typer.core
from typer.main import get_command_from_info
from typer.models import CommandInfo

from indotrade import stream
from indotrade.cli import completion
from indotrade.cli.failures import failed
from indotrade.cli.options import Speech, listen, speech, with_options
from indotrade.errors import IndotradeError, Message, Misused, Refused
from indotrade.text.choices import suggesting
from indotrade.wording.sentences import told, word

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
FAMILIES = {
    "look_up": ("sector", "country", "program", "speaker", "organization", "measure", "list", "search"),
    "records": ("show", "source", "open", "cite"),
    "verify": ("verify",),
    "datasets": ("info", "check", "init"),
    "exchange": ("import", "export"),
}
"""The commands, by the module of this package in which each is a function of its name."""
COMMANDS = {name: family for family, names in FAMILIES.items() for name in names}


_Formatter: Any = typer.Context.formatter_class


class Help(_Formatter):  # type: ignore[misc]
    """Help in the language of the screen: every sentence of it passes through here."""

    language = "en"

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write the line that shows how a command is called."""
        super().write_usage(prog, args, prefix or f"{word('Usage', self.language)}: ")

    def write_text(self, text: str) -> None:
        """Write a paragraph."""
        super().write_text(word(text, self.language))

    def section(self, name: str) -> Any:
        """Begin a part of the help, under its heading."""
        return super().section(word(name, self.language))

    def write_dl(self, rows: Iterable[tuple[str, str]], *more: Any, **named: Any) -> None:
        """Write names with what they mean; behind two blanks stands in brackets what Typer adds."""
        spoken = []
        for name, means in rows:
            sentence, gap, added = means.partition("  [")
            added, colon, default = added.rstrip("]").partition(": ")
            rest = f"{gap}{word(added, self.language)}{colon}{default}]" if gap else ""
            spoken.append((name, word(sentence, self.language) + rest))
        super().write_dl(spoken, *more, **named)


class Context(typer.Context):
    """A run of a command, in the language that was asked for."""

    def make_formatter(self) -> Any:
        """Return what formats the help."""
        formatter = Help(width=self.terminal_width, max_width=self.max_content_width)
        formatter.language = self.obj.language
        return formatter


class Command(typer.core.TyperCommand):
    """A command whose misuse is told in our own words."""

    context_class = Context

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse a command line. Raises Misused for more arguments than the command takes."""
        _parsed(super().parse_args, ctx, args)
        if ctx.args and not ctx.resilient_parsing:
            extra = " ".join(map(str, ctx.args))
            raise _misused(Message("got unexpected extra arguments: {arguments}", arguments=extra), ctx)
        return []


class _Commands(dict[str, Any]):
    """The commands by name, each made when it is asked for: making them all takes longer than a look-up."""

    def __missing__(self, name: str) -> Any:
        family = import_module(f"indotrade.cli.{COMMANDS[name]}")
        function = getattr(family, name, None) or getattr(family, f"{name}_")
        settings = {"allow_extra_args": True}
        info = CommandInfo(name, cls=Command, callback=with_options(function), context_settings=settings)
        self[name] = get_command_from_info(info, pretty_exceptions_short=False, rich_markup_mode=None)
        return self[name]

    def get(self, name: str, default: Any = None) -> Any:
        return self[name] if name in COMMANDS else default

    def keys(self) -> Any:
        return COMMANDS.keys()


class Group(typer.core.TyperGroup):
    """The commands, run so that each way to fail has its exit code and its sentence."""

    context_class = Context

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.commands = _Commands()

    def list_commands(self, _ctx: typer.Context) -> list[str]:  # type: ignore[override]
        """Return the names of the commands, in the order of `FAMILIES`."""
        return list(COMMANDS)

    def format_commands(self, _ctx: Any, formatter: Any) -> None:
        """Write the commands, each with the first paragraph of its help."""
        with formatter.section("Commands"):
            formatter.write_dl(
                [
                    (name, inspect.cleandoc(self.commands[name].help or "").split("\n\n")[0])
                    for name in COMMANDS
                ]
            )

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse what stands before the command."""
        return _parsed(super().parse_args, ctx, args)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return the command that is asked for. Raises Misused where there is none of that name."""
        if args[0] not in COMMANDS and not args[0].startswith("-") and not ctx.resilient_parsing:
            from difflib import get_close_matches

            unknown = Message("no such command '{name}'", name=args[0])
            raise _misused(suggesting(unknown, get_close_matches(args[0], COMMANDS)), ctx)
        return super().resolve_command(ctx, args)

    def main(self, args: Any = None, *rest: Any, **more: Any) -> Any:
        """Run a command line and exit: README.md has the exit codes."""
        spoken = Speech("en")
        try:
            spoken = speech()
            arguments, spoken = listen(sys.argv[1:] if args is None else args)
        except Misused as error:
            sys.exit(failed(error, spoken.language))
        more |= {"standalone_mode": False, "obj": spoken}

        def run() -> Any:
            return super(Group, self).main(arguments, *rest, **more)

        sys.exit(completion.silently(run) if completion.asked() else outcome(run, spoken.language))


def outcome(run: Callable[[], Any], language: str) -> int:
    """Return the exit code of a command, having told on standard error what went wrong."""
    try:
        return run() or 0
    except IndotradeError as error:
        return failed(error, language)
    except typer.TyperException as error:  # the command line cannot be parsed
        return failed(_understood(error), language)
    except (ImportError, SyntaxError):
        raise  # `__main__` tells it, with nothing that would have to be imported
    except OSError as error:
        if str(error.filename).endswith((".py", ".pyc", ".so")):
            raise
        return failed(_refused(error), language)
    except Exception as error:
        if os.environ.get("INDOTRADE_DEBUG"):
            import traceback

            traceback.print_exc()
        stream.say(f"indotrade: bug: {type(error).__name__}: {error}")
        hint = Message("hint: please report it with the command line; INDOTRADE_DEBUG=1 shows the traceback")
        stream.say(told(hint, language))
        return IndotradeError.exit_code


def _refused(error: OSError) -> IndotradeError:
    """Return the error for a refusal of the system: to read a file, or to write help, which Typer prints."""
    if error.filename is None:
        return stream.undelivered(error)
    return Refused(Message("cannot read {path}: {why}", path=error.filename, why=error.strerror))


def _parsed(parse: Callable[[Any, list[str]], list[str]], ctx: Any, args: list[str]) -> list[str]:
    """Return what is left of a command line; misuse knows of which command it is."""
    try:
        return parse(ctx, args)
    except typer.TyperException as error:
        error.ctx = getattr(error, "ctx", None) or ctx  # type: ignore[attr-defined]
        raise
    except Misused as error:
        raise _misused(error.message, ctx) from None


def _misused(message: Message, ctx: Any) -> Misused:
    command = ctx.command_path if ctx else "indotrade"
    return Misused(message, Message("`{command} --help` shows how it is called", command=command))


def _understood(error: Any) -> Misused:
    """Return in our own words what Typer refuses, by what kind of refusal it is."""
    ctx: Any = getattr(error, "ctx", None)
    if hasattr(error, "possibilities"):  # no such option
        message = Message("no such option: {option}", option=error.option_name)
        message = suggesting(message, sorted(error.possibilities or ()))
    elif hasattr(error, "option_name"):  # a value too many or too few
        options = [param for param in ctx.command.params if error.option_name in param.opts]
        if options and not options[0].is_flag:
            message = Message("option {option} needs a value", option=error.option_name)
        else:
            message = Message("option {option} takes no value", option=error.option_name)
    elif hasattr(error, "param_type"):  # a parameter that is missing
        message = Message("missing argument {argument}", argument=error.param.get_error_hint(ctx))
    else:
        told = error.format_message().rstrip(".")
        message = Message("{told}", told=told[:1].lower() + told[1:])
    return _misused(message, ctx)


app = typer.Typer(
    cls=Group, help=HELP, rich_markup_mode=None, pretty_exceptions_enable=False, invoke_without_command=True
)


def _version(asked: bool) -> None:
    if asked:
        from indotrade.cli.datasets import versions

        stream.deliver([versions()])
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
        language = context.obj.language
        stream.deliver([f"{word(HELP, language)}\n\n{word(EXAMPLES, language)}"])
