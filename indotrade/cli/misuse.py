"""Says in our own words what is wrong with a command line that Typer refuses, and what may have been meant."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from indotrade.cli.line import OWN
from indotrade.errors import Meant, Message, Misused
from indotrade.output import formats
from indotrade.output.formats import FORMATS
from indotrade.text.choices import nearest, suggesting
from indotrade.text.command_line import command_line, path

REDIRECTING = ("-o", "--output", "--out", "--outfile", "--output-file")
"""What people type to name the file that an answer is written to, which the shell does."""


def misused(message: Message, ctx: Any, meant: Meant | None = None) -> Misused:
    """Return the error for a command line, which says of which command to read the help."""
    command = ctx.command_path.strip() if ctx else "indotrade"
    hint = None if meant else Message("`{command} --help` shows how it is called", command=command)
    return Misused(message, hint, meant)


def understood(error: Any, typed: Sequence[str]) -> Misused:
    """Return in our own words what Typer refuses, by what kind of refusal it is."""
    ctx: Any = getattr(error, "ctx", None)
    meant = None
    if hasattr(error, "possibilities"):  # no such option
        message = Message("no such option: {option}", option=error.option_name)
        if error.option_name in OWN:
            told = Message("option {option} goes with no command", option=error.option_name)
            return Misused(told, Message("for example {line}", line=f"`indotrade {error.option_name}`"))
        if error.option_name in REDIRECTING and (piped := _redirected(typed)):
            return Misused(message, Message("answers go to standard output: {line}", line=f"`{piped}`"))
        near = nearest(error.option_name, error.possibilities or (), 1) or list(error.possibilities or ())[:1]
        message = suggesting(message, near)
        meant = Meant(error.option_name, [[option] for option in near]) if near else None
    elif hasattr(error, "option_name"):  # a value too many or too few
        options = [param for param in ctx.command.params if error.option_name in param.opts]
        if options and not options[0].is_flag:
            message = Message("option {option} needs a value", option=error.option_name)
        else:
            message = Message("option {option} takes no value", option=error.option_name)
    elif hasattr(error, "param_type"):  # a parameter that is missing
        from indotrade.cli.help import EXAMPLES

        message = Message("missing argument {argument}", argument=error.param.get_error_hint(ctx))
        example = EXAMPLES[ctx.command.name][0].line
        return Misused(message, Message("for example {line}", line=f"`indotrade {example}`"))
    else:
        told = error.format_message().rstrip(".")
        message = Message("{told}", told=told[:1].lower() + told[1:])
    return misused(message, ctx, meant)


def _redirected(typed: Sequence[str]) -> str:
    """Return a command line that writes to the file that was named with `-o`; "" where none was."""
    for place, argument in enumerate(typed):
        option, joined, file = argument.partition("=")
        if option not in REDIRECTING:
            continue
        rest = [*typed[:place], *typed[place + (1 if joined else 2) :]]
        file = file if joined else "".join(typed[place + 1 : place + 2])
        ending = file.rpartition(".")[2]
        format = formats.ALIASES.get(ending, ending)
        chosen = {"--json", "-f", "--format"} & {other.partition("=")[0] for other in rest}
        rest += ["-f", format] if not chosen and format in FORMATS else []
        return f"{command_line(rest)} > {path(file)}" if file else ""
    return ""


def with_format(args: Sequence[str], option: str) -> list[str]:
    """Return arguments with `--format csv` in the place of an option `--csv` that there is not; none where it is no format."""
    format = formats.ALIASES.get(option[2:], option[2:])
    if format not in FORMATS or any(arg.partition("=")[0] in ("-f", "--format", "--json") for arg in args):
        return []
    return [arg if arg != option else f"--format={format}" for arg in args]
