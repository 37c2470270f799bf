"""The Typer app: which commands there are, and the one place where errors become exits."""

# No postponed annotations here: Typer evaluates those of every command at each start.

import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Annotated, Any

import typer
import typer.core
from typer.main import get_command_from_info
from typer.models import CommandInfo

from indotrade import stream
from indotrade.cli import completion, line
from indotrade.cli.failures import failed
from indotrade.cli.options import Speech, listen, speech
from indotrade.cli.signature import with_options
from indotrade.errors import IndotradeError, Meant, Message, Misused, Refused
from indotrade.output import formats
from indotrade.output.formats import FORMATS
from indotrade.wording.sentences import told

HELP_OPTIONS = ["--help", "-h"]
HELP = (
    "What has been claimed about Indonesia-Japan trade by small firms: who said it, when, where is it"
    " printed, and does it hold?"
)
FAMILIES = {
    "look_up": ("sector", "country", "program", "speaker", "organization", "measure", "list", "search"),
    "show": ("show",),
    "source": ("source",),
    "open": ("open",),
    "cite": ("cite",),
    "verify": ("verify",),
    "datasets": ("info", "check", "init"),
    "exchange": ("import", "export"),
}
"""The commands, by the module of this package in which each is a function of its name."""
COMMANDS = {name: family for family, names in FAMILIES.items() for name in names}


class Context(typer.Context):
    """A run of a command, in the language that was asked for."""

    def make_formatter(self) -> Any:
        """Return what takes the help."""
        from indotrade.cli.help import Page

        return Page(self.obj.language)


def _delivering(option: Any) -> Any:
    """Return the option `--help`, by which Typer prints without a look at whether it could."""

    def show(ctx: Any, _param: Any, value: bool) -> None:
        if value and not ctx.resilient_parsing:
            stream.deliver([f"{ctx.get_help()}\n"])
            raise typer.Exit

    option.callback = show
    return option


class Command(typer.core.TyperCommand):
    """A command whose misuse is told in our own words."""

    context_class = Context

    def get_help_option(self, ctx: Any) -> Any:
        """Return the option `--help`, which puts the help out as any answer."""
        return _delivering(super().get_help_option(ctx))

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help."""
        from indotrade.cli import help

        help.of_command(formatter, ctx)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse a command line. Raises Misused for more arguments than the command takes."""
        given = list(args)
        try:
            _parsed(super().parse_args, ctx, args)
        except typer.TyperException as error:
            from indotrade.cli.misuse import with_format

            if not (named := with_format(given, getattr(error, "option_name", ""))):
                raise
            _parsed(super().parse_args, ctx, named)
        if ctx.args and not ctx.resilient_parsing:
            from indotrade.cli.misuse import misused

            extra = " ".join(map(str, ctx.args))
            told = Message("got unexpected extra arguments: {arguments}", arguments=extra)
            raise misused(told, ctx, Meant("list", [[]]) if self.name == "list" else None)
        return []


class _Commands(dict[str, Any]):
    """The commands by name, each made when it is asked for: making them all takes longer than a look-up."""

    def __missing__(self, name: str) -> Any:
        family = import_module(f"indotrade.cli.{COMMANDS.get(name, 'name')}")
        function = getattr(family, name or "name", None) or getattr(family, f"{name}_")
        settings = {"allow_extra_args": True, "help_option_names": HELP_OPTIONS}
        info = CommandInfo(name, cls=Command, callback=with_options(function), context_settings=settings)
        self[name] = get_command_from_info(info, pretty_exceptions_short=False, rich_markup_mode=None)
        return self[name]

    def get(self, name: str, default: Any = None) -> Any:
        return self[name] if name in COMMANDS or name == line.NAME else default

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

    def get_help_option(self, ctx: Any) -> Any:
        """Return the option `--help`, which puts the help out as any answer."""
        return _delivering(super().get_help_option(ctx))

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help."""
        from indotrade.cli import help

        help.of_program(formatter, ctx, self.commands)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse what stands before the command."""
        asked = {"--install-completion", "--show-completion"} & {*args}
        if asked:
            from indotrade.cli import install_completion

            install_completion.prepare(self.params)
        if asked and len(args) > 1 and getattr(self.params[-1], "is_flag", False):
            from indotrade.cli.misuse import misused

            told = Message(
                "{option} is for the shell in which it is typed, and takes no other word", option=min(asked)
            )
            raise misused(told, ctx)
        return _parsed(super().parse_args, ctx, args)

    def main(self, args: Any = None, *rest: Any, **more: Any) -> Any:
        """Run a command line and exit: README.md has the exit codes."""
        typed = sys.argv[1:] if args is None else list(args)
        spoken = Speech("en")
        try:
            spoken = speech()
            arguments, spoken = listen(typed)
        except Misused as error:
            sys.exit(failed(error, spoken.language, typed))
        more |= {"standalone_mode": False, "obj": spoken}

        def run() -> Any:
            return super(Group, self).main(line.meant(arguments, COMMANDS, self.options), *rest, **more)

        if completion.asked():
            sys.exit(completion.silently(self, listen))
        sys.exit(outcome(run, spoken.language, typed))

    def options(self) -> dict[str, bool]:
        """Return every option of any command, and whether it takes a value; a format is one that takes none (`--csv`)."""
        params = [param for name in COMMANDS for param in self.commands[name].params]
        named = {f"--{name}": False for name in (*FORMATS, *formats.ALIASES)}
        return named | {name: not getattr(param, "is_flag", False) for param in params for name in param.opts}


def outcome(run: Callable[[], Any], language: str, typed: Sequence[str] = ()) -> int:
    """Return the exit code of the command line `typed`, having told on standard error what went wrong."""
    try:
        return run() or 0
    except IndotradeError as error:
        return failed(error, language, typed)
    except typer.TyperException as error:  # the command line cannot be parsed
        from indotrade.cli.misuse import understood

        return failed(understood(error, typed), language, typed)
    except (ImportError, SyntaxError):
        raise  # `__main__` tells it, with nothing that would have to be imported
    except OSError as error:
        if str(error.filename).endswith((".py", ".pyc", ".so")):
            raise
        return failed(_refused(error), language)
    except MemoryError:
        return failed(Refused(Message("there is not enough memory to answer from this dataset")), language)
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
        from indotrade.cli.misuse import misused

        raise misused(error.message, ctx) from None


app = typer.Typer(
    cls=Group,
    help=HELP,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    invoke_without_command=True,
    context_settings={"help_option_names": HELP_OPTIONS},
)


def _put_versions(asked: bool) -> None:
    if asked:
        from indotrade.cli.datasets import versions

        stream.deliver([versions()])
        raise typer.Exit


@app.callback()
def main(
    context: typer.Context,
    _version: Annotated[
        bool,
        typer.Option(
            "--version",
            help="Print the versions of the program and of the data.",
            callback=_put_versions,
            is_eager=True,
        ),
    ] = False,
) -> None:
    if context.invoked_subcommand is None:
        from indotrade.cli.help import greeting

        stream.deliver([greeting(HELP, context.obj.language)])
