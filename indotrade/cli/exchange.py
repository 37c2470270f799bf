"""The commands that take whole datasets in and out: files for other programs, and files of other programs."""

# No postponed annotations here: Typer evaluates those of every command at each start.

from typing import Annotated

import typer

from indotrade import stream
from indotrade.cli import completion
from indotrade.cli.options import Finding, Output, Speech, language, option
from indotrade.errors import Message
from indotrade.exchange import carriers
from indotrade.query.answer import find, nothing
from indotrade.wording.sentences import counted, told


def export(
    target: Annotated[
        str,
        typer.Argument(
            metavar="TARGET",
            show_default=False,
            help="A file that ends in .csv, .xlsx, .sqlite, .jsonld or .ndjson; else the directory of a dataset.",
        ),
    ],
    *,
    as_: Annotated[
        str | None,
        option(
            "--as",
            help=f"What to write, however TARGET ends: {', '.join(carriers.CARRIERS)}; csv is a directory of"
            " tables unless it ends in .csv.",
            metavar="FORM",
            complete=completion.words([*carriers.CARRIERS]),
        ),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Replace what is there, unless it is of no export.")
    ] = False,
    finding: Finding,
    data: Annotated[
        str | None, option("--data", help="The directory of another dataset.", metavar="PATH")
    ] = None,
    lang: Annotated[str | None, language("messages")] = None,
    speech: Speech,
) -> None:
    """The dataset, or what filters leave of it, for other programs.

    A dataset, a directory of tables (csv), a workbook (xlsx) and a database (sqlite) hold all of it, and can be imported
    again. One csv holds the claims alone; jsonld what schema.org has words for; ndjson claims with their sources.
    """
    way = carriers.way(target, as_)
    answer = find(Output(data=data, speech=speech).engine(), finding.filters)
    if not answer.count and not finding.allow_empty:
        raise nothing(answer)
    chosen = carriers.write(answer, target, way, force=force)
    wrote = counted(answer.count, "claim")
    if way.holds_sources:
        wrote = Message("{claims}, {sources}", claims=wrote, sources=counted(chosen.source_count, "source"))
    stream.say(told(Message("wrote {what} to {target}", what=wrote, target=target), speech.language))
