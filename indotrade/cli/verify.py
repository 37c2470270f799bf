"""The command on a text that the user has: which claims stand in it."""

# No postponed annotations here: Typer evaluates those of every command at each start.

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer

from indotrade import stream
from indotrade.cli.options import Output, limit
from indotrade.dataset import folder
from indotrade.errors import Message, NotFound, Refused
from indotrade.output import formats
from indotrade.output.formats import Listing

if TYPE_CHECKING:
    from indotrade.verify.match import Report
    from indotrade.verify.reading import Reading

COLUMNS = ("claim", "source", "result", "found", "of", "paragraph")


def verify(
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE|-",
            show_default=False,
            help="The text of an article: plain, HTML or an e-mail; - is standard input.",
        ),
    ],
    *,
    most: Annotated[int | None, limit("At most this many claims.")] = None,
    output: Output,
) -> None:
    """Tell which claims stand, by their anchors, in a given text.

    It attests that an article has the words on which a claim rests, not that the claim is true.
    """
    from indotrade.verify.match import attest

    how = output.how("records")
    if formats.put_field_names(how, COLUMNS):
        return
    engine = output.engine()
    report = attest(readings_of(file), engine)

    def draw(look: Any) -> Iterable[Any]:
        from indotrade.screen.tables import findings

        return findings(listed, total, engine, look) if total else ()

    listed, total = report.findings[:most], len(report.findings)
    found = [msgspec.to_builtins(finding) for finding in listed]
    dataset = formats.dataset_of(engine)
    formats.put_records(
        Listing("anchors", lambda: found, COLUMNS, draw, {"source": report.sources}, dataset, total), how
    )
    if not report.findings:
        raise NotFound(
            Message(
                "the text is none of the dataset's articles: no anchor of any claim stands in it; {read}",
                read=_read(report),
            )
        )
    if not report.all_attested:
        attested = sum(finding.result == "attested" for finding in report.findings)
        raise NotFound(
            Message(
                "only {attested} of {claims} claims are attested in full; {read}",
                attested=attested,
                claims=len(report.findings),
                read=_read(report),
            )
        )


def _read(report: "Report") -> Message:
    """Return how much of a text could be read: where that is little, the article may stand in it as no text."""
    if report.words == 1:
        return Message("1 word could be read, as {form}", form=report.form)
    return Message("{words:,} words could be read, as {form}", words=report.words, form=report.form)


def readings_of(file: str) -> "list[Reading]":
    """Return the readings of a text: of a file, or of standard input for `-`.

    Raises Refused, naming it, where it cannot be read as text.
    """
    from indotrade.verify.files import readings

    data = stream.standard_input() if file == "-" else folder.read(Path(file))
    try:
        return readings(data)
    except Refused as error:
        name = Message("standard input") if file == "-" else file
        raise Refused(
            Message("cannot read {name}: {why}", name=name, why=error.message), error.hint
        ) from None
