"""The command on a text that the user has: which claims stand in it."""

# No postponed annotations here: Typer evaluates those of every command at each start.

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from indotrade import stream
from indotrade.cli.options import Output
from indotrade.dataset import folder
from indotrade.errors import Message, NotFound, Refused
from indotrade.output import formats
from indotrade.output.formats import Listing

COLUMNS = ("claim", "source", "result", "found", "of", "paragraph")


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
    from indotrade.verify.match import attest

    how = output.how("records")
    if formats.put_field_names(how, COLUMNS):
        return
    engine = output.engine()
    report = attest(paragraphs_of(file), engine)

    def draw(look: Any) -> Iterable[Any]:
        from indotrade.screen.tables import findings

        return findings(report.findings, engine, look) if report.findings else ()

    found = [msgspec.to_builtins(finding) for finding in report.findings]
    dataset = formats.dataset_of(engine)
    formats.put_records(
        Listing("anchors", lambda: found, COLUMNS, draw, {"source": report.sources}, dataset), how
    )
    if not report.findings:
        raise NotFound(
            Message("the text is none of the dataset's articles: no anchor of any claim stands in it")
        )
    if not report.all_attested:
        raise typer.Exit(NotFound.exit_code)


def paragraphs_of(file: str) -> list[str]:
    """Return the paragraphs of a text: of a file, or of standard input for `-`.

    Raises Refused, naming it, where it cannot be read as text.
    """
    from indotrade.verify.paragraphs import paragraphs

    data = stream.standard_input() if file == "-" else folder.read(Path(file))
    try:
        return paragraphs(data)
    except Refused as error:
        name = Message("standard input") if file == "-" else file
        raise Refused(
            Message("cannot read {name}: {why}", name=name, why=error.message), error.hint
        ) from None
