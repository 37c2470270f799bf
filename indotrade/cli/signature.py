"""The signature of a command, off which Typer reads its options: what commands share is spelled out in it."""

# No postponed annotations here: Typer evaluates those of every command at each start.

import functools
import inspect
from collections.abc import Callable
from typing import Annotated, Any, cast, get_args, get_type_hints

import typer

from indotrade.cli import completion
from indotrade.cli.options import FIND, ORDER, OUTPUT, Finding, Output, Speech, limit, option
from indotrade.query.question import FILTERS, ORDERS, By, Filters


def with_options(command: Callable[..., None]) -> Callable[..., None]:
    """Return a command whose parameters of type Finding, Output and Speech are spelled out as single options.

    Typer reads options off a signature; this one is put together here, so that every option is written
    once and a command body has what was asked for in one piece.
    """
    hints = get_type_hints(command, include_extras=True)
    kinds = {name: getattr(hint, "__origin__", hint) for name, hint in hints.items()}
    grouped = {kind: name for name, kind in kinds.items() if kind in (Finding, Output, Speech)}
    own = {
        name: parameter.replace(annotation=hints[name])
        for name, parameter in inspect.signature(command).parameters.items()
        if name not in grouped.values()
    }
    parameters = [*own.values()]
    if Finding in grouped:
        parameters += _filter_parameters()
    if Output in grouped:
        parameters += _output_parameters()
    if Speech in grouped:
        parameters += [_lang(made) for made in getattr(hints[grouped[Speech]], "__metadata__", ())]
    completions = {
        parameter.name: complete
        for parameter in parameters
        if (complete := getattr(get_args(parameter.annotation)[1], "complete", None))
    }
    parameters.append(inspect.Parameter("context", inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context))

    @functools.wraps(command)
    def called(context: typer.Context, **values: Any) -> None:
        spoken: Speech = context.obj
        if Finding in grouped:
            given = {name: values.pop(name) for name in FILTERS if name != "words"}
            values[grouped[Finding]] = Finding(cast(Filters, given), values.pop("allow_empty"))
        if "lang" not in own:
            values.pop("lang", None)  # `listen` has heard it
        if Output in grouped:
            fields = {name: values.pop(name) for name in Output.__struct_fields__ if name != "speech"}
            values[grouped[Output]] = Output(**fields, speech=spoken)
        if Speech in grouped:
            values[grouped[Speech]] = spoken
        command(**values)

    called.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    called.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    del called.__wrapped__
    called.completions = completions  # type: ignore[attr-defined]
    return called


def _filter_parameters() -> list[inspect.Parameter]:
    """Return an option for each filter, and one that excuses an empty answer."""
    parameters = []
    for name, by in FILTERS.items():
        if name == "words":
            continue
        kind = get_args(Filters.__annotations__[name])[0]
        spelled = f"--{name.rstrip('_').replace('_', '-')}"
        shown: dict[str, Any] = {"help": by.help, "rich_help_panel": ORDER if name == "sort" else FIND}
        made: Any
        if name == "limit":
            made = limit(by.help)
        elif kind is bool:
            made = typer.Option(spelled, **shown)
        else:
            made = option(spelled, metavar=by.metavar, complete=_completion(name, by), **shown)
            kind = kind if kind == str | None else list[str] | None
        parameters.append(_parameter(name, kind, made, False if kind is bool else None))
    excuse = typer.Option(
        "--allow-empty", help="Exit 0, not 1, where no claim is found.", rich_help_panel=OUTPUT
    )
    return [*parameters, _parameter("allow_empty", bool, excuse, default=False)]


def _parameter(name: str, kind: Any, made: Any, default: Any = None) -> inspect.Parameter:
    return inspect.Parameter(
        name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=Annotated[kind, made]
    )


def _completion(name: str, by: By) -> completion.Complete | None:
    if name == "speaker":
        return completion.speakers
    if name == "status":
        return completion.statuses
    if name == "sort" or by.choices:
        return completion.terms(by.choices or ORDERS)
    if by.names:
        return completion.sources if by.names == "sources" else completion.entries(by.names)
    return None


def _output_parameters() -> list[inspect.Parameter]:
    """Return an option for each field of `Output` that is one."""
    parameters = []
    for name, default in zip(Output.__struct_fields__, Output.__struct_defaults__, strict=True):
        kind, made = get_args(Output.__annotations__[name])
        made.rich_help_panel = made.rich_help_panel or OUTPUT
        parameters.append(_lang(made) if kind is Speech else _parameter(name, kind, made, default))
    return parameters


def _lang(made: Any) -> inspect.Parameter:
    return _parameter("lang", str | None, made)
