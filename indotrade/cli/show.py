"""The command that shows a claim: `show`."""

# No postponed annotations here: Typer evaluates those of every command at each start.

from collections.abc import Iterator
from typing import Annotated, Any

import typer
from msgspec.structs import replace

from indotrade.cli import completion
from indotrade.cli.failures import tell
from indotrade.cli.ids import given, id_argument, known
from indotrade.cli.options import Output, limit
from indotrade.errors import Argument, Message, Misused
from indotrade.output import formats
from indotrade.query import records
from indotrade.query.answer import Answer, of_ids


def show(
    ids: Annotated[
        list[str],
        id_argument(
            "ID...|-", "Ids of claims; - reads them from standard input, one a line.", completion.claims
        ),
    ],
    *,
    full: Annotated[
        bool, typer.Option("--full", help="All that is known of it: every piece of evidence, all sources.")
    ] = False,
    most: Annotated[int | None, limit("At most this many claims.")] = None,
    output: Output,
) -> None:
    """One claim on one screen: whether it holds, who said it, where, and what speaks for and against it."""
    how = output.how()
    if full:
        formats.refuse_idle(how.format, ["full"])
        if how.fields is not None:
            raise Misused(
                Message(
                    "{option} goes with a card, and not with {fields}",
                    option=Argument("full"),
                    fields=Argument("fields"),
                )
            )
    if formats.put_field_names(how):
        return
    engine = output.engine()
    found, unknown = known(given(ids, output.language), engine.claim)
    answer = of_ids(engine, [claim.id for claim in found], most)
    if found or not unknown:
        formats.put_claims(answer, replace(how, draw=lambda look: _cards(answer, look, full=full)))
    tell(records.no_such_ids(engine, "claims", unknown), output.language)


def _cards(answer: Answer, look: Any, *, full: bool) -> Iterator[Any]:
    from indotrade.screen.card import claim_card
    from indotrade.screen.claims import some

    for place, claim in enumerate(answer.claims()):
        if place:
            yield from ("", "")
        yield from claim_card(claim, answer.engine, look, full=full)
    yield from some(answer.count, answer.total, look)
