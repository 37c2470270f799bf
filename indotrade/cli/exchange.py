"""The commands that take whole datasets in and out: files for other programs, and files of other programs."""

# No postponed annotations here: Typer evaluates those of every command at each start.

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from indotrade import VERSION
from indotrade.cli import completion
from indotrade.cli.failures import say
from indotrade.cli.options import Data, Finding, Output, Speech, language, number, option
from indotrade.cli.verify import readings_of
from indotrade.engine.open import is_shared
from indotrade.errors import Argument, Message, Misused, Refused
from indotrade.exchange.export import carriers
from indotrade.query.answer import Answer, find, nothing
from indotrade.wording.sentences import number_of

if TYPE_CHECKING:
    from indotrade.exchange.incoming import Report

MOST_TOLD = 30
"""How many rows are named that cannot be read: a page. The others are counted."""
KEPT = 1
"""How many versions are kept in a shared database before the one that is published: whoever reads it reads on."""


def import_(
    file: Annotated[
        str,
        typer.Argument(
            metavar="SOURCE",
            show_default=False,
            help="A spreadsheet, fact-checks in JSON-LD, lines of claims, an export, or another dataset.",
        ),
    ],
    directory: Annotated[
        str,
        typer.Argument(
            metavar="DIR", show_default=False, help="The dataset that takes them; a new one is made."
        ),
    ],
    *,
    article: Annotated[
        str | None,
        option(
            "--article", metavar="TEXT", help="The article: a column quote is found there, and anchors it."
        ),
    ] = None,
    said: Annotated[
        str | None, option("--said", metavar="DATE", help="When it was said, where no column says it.")
    ] = None,
    source: Annotated[
        str | None,
        option(
            "--source", metavar="ID", help="Where it stands, where no column says it: an id, address or name."
        ),
    ] = None,
    rated_by: Annotated[
        str | None,
        option("--rated-by", metavar="NAME", help="Who gave the ratings, where no column says it."),
    ] = None,
    lang: Annotated[
        str | None, option("--lang", metavar="CODE", help="Language of the claims, where no column says it.")
    ] = None,
    encoding: Annotated[
        str | None, option("--encoding", metavar="NAME", help="Of csv and tsv, where it cannot be told.")
    ] = None,
    update: Annotated[
        bool, typer.Option("--update", help="Claims that are there already take what comes in.")
    ] = False,
    keep: Annotated[
        bool, typer.Option("--keep", help="Claims that are there already stay as they are.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be done, and write nothing.")
    ] = False,
    speech: Speech,
) -> None:
    """Put claims from a spreadsheet, or from what others publish, into a dataset.

    One column holds the statements; what the others hold is told by their names, in English, Indonesian or Japanese.
    All rows come in or none: those that cannot be read are named by file, row and column.
    """
    from indotrade.exchange.adding.merging import Conflicts
    from indotrade.exchange.incoming import take_in
    from indotrade.exchange.rows.made import Shared
    from indotrade.exchange.rows.quotes import Article

    if update and keep:
        raise Misused(Message("--update and --keep cannot both be"))
    shared = Shared(
        said=_date(said),
        source=source,
        language=_code(lang),
        rated_by=rated_by,
        article=None if article is None else Article(readings_of(article)),
        file=None if article in (None, "-") else Path(str(article)).name,
    )
    with _fetched(file) as incoming:
        report = take_in(
            incoming, directory, shared, Conflicts(update, keep), encoding=encoding, dry_run=dry_run
        )
    _put(report, directory, speech.language, dry_run=dry_run)


def _fetched(file: str) -> AbstractContextManager[Path]:
    """Give the path of what comes in, which of a shared database is the folder that it is taken into."""
    if not is_shared(file):
        return nullcontext(Path(file))
    from indotrade.exchange.export.shared import fetched

    return fetched(file)


def _put(report: "Report", directory: str, language: str, *, dry_run: bool) -> None:
    """Tell what was made of what came in, and that it was written. Raises Refused for rows that cannot be taken."""
    for message in report.said:
        say(message, language)
    if report.faults:
        raise _refused(report.faults, directory, report.hint, language)
    wrote = Message("all of it is in {directory}, and valid", directory=directory)
    say(Message("nothing was written: --dry-run") if dry_run else wrote, language)


def _refused(faults: Sequence[Message], directory: str, hint: Message | None, language: str) -> Refused:
    """Return the error for rows that cannot be taken, once a page of them is told."""
    for fault in faults[:MOST_TOLD]:
        say(fault, language)
    if len(faults) > MOST_TOLD:
        say(Message("and {more:,} more", more=len(faults) - MOST_TOLD), language)
    message = Message(
        "nothing was written into {directory}: {faults} in what comes in",
        directory=directory,
        faults=number_of(len(faults), "fault"),
    )
    return Refused(message, hint)


def _date(text: str | None) -> str | None:
    """Return the date that `--said` gives. Raises Misused for what is none, or can be two."""
    from indotrade.exchange.rows import dates

    try:
        return None if text is None else dates.read(text)
    except ValueError:
        raise Misused(
            Message(
                "{argument} takes a date such as 2021-06-17, not {value}",
                argument=Argument("said"),
                value=text,
            )
        ) from None


def _code(code: str | None) -> str | None:
    """Return the language that `--lang` gives. Raises Misused for what is no code of one."""
    from indotrade.dataset.fields import is_language

    if code is not None and not is_language(code):
        raise Misused(
            Message(
                "{argument} takes a code such as id, en or ja, not {value}",
                argument=Argument("lang"),
                value=code,
            )
        )
    return code


def export(
    target: Annotated[
        str,
        typer.Argument(
            metavar="TARGET",
            show_default=False,
            help="A file that ends in .csv, .xlsx, .sqlite, .jsonld or .ndjson; the address of a shared database;"
            " else the directory of a dataset.",
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
    keep: Annotated[
        int | None,
        option(
            "--keep",
            metavar="N",
            help="In a shared database, keep so many versions before this one: 1 unless given.",
            parser=number("keep", 0),
        ),
    ] = None,
    finding: Finding,
    data: Data = None,
    speech: Annotated[Speech, language(Message("the message"))],
) -> None:
    """The dataset, or what filters leave of it, for other programs.

    A dataset, a directory of tables (csv), a workbook (xlsx) and a database (sqlite) hold all of it, and can be imported
    again. One csv holds the claims alone; jsonld what schema.org has words for; ndjson claims with their sources.
    """
    way = carriers.way(target, as_)
    if way.is_shared and force:
        raise Misused(Message("--force is for files: a shared database keeps what was there, by --keep"))
    if keep is not None and not way.is_shared:
        raise Misused(Message("--keep is for a shared database: TARGET is none"))
    output = Output(data=data, speech=speech)
    answer = find(output.engine(), finding.filters)
    if not answer.count and not finding.allow_empty:
        raise nothing(answer)
    if way.is_shared:
        say(_published(answer, target, KEPT if keep is None else keep, output), speech.language)
    else:
        sources = carriers.write(answer, target, way, force=force)
        say(_wrote(answer, sources if way.holds_sources else None, target), speech.language)


def _published(answer: Answer, target: str, keep: int, output: Output) -> Message:
    """Publish an answer in a shared database; return what is said of it."""
    from indotrade.exchange.export import shared

    progress = output.progress(Message("publishing"))
    done, sources = shared.write(answer, target, program=VERSION, keep=keep, progress=progress)
    wrote = _wrote(answer, sources, done.address)
    if not done.kept:
        return wrote
    return Message("{wrote}; versions kept before it: {kept}", wrote=wrote, kept=done.kept)


def _wrote(answer: Answer, sources: int | None, target: str) -> Message:
    """Return what is said of an answer that was written; without `sources` the target has none of their own."""
    wrote = number_of(answer.count, "claim")
    if sources is not None:
        wrote = Message("{claims}, {sources}", claims=wrote, sources=number_of(sources, "source"))
    return Message("wrote {what} to {target}", what=wrote, target=target)
