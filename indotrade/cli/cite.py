"""The command that cites claims and sources: `cite`."""

# No postponed annotations here: Typer evaluates those of every command at each start.

from collections.abc import Sequence
from typing import Annotated, Any

import typer
from msgspec.structs import replace

from indotrade.cli import completion
from indotrade.cli.failures import tell
from indotrade.cli.ids import given, id_argument, known
from indotrade.cli.options import OUTPUT, Data, Output, Speech, completed, language
from indotrade.engine.protocol import Engine
from indotrade.errors import Message
from indotrade.output import formats
from indotrade.output.formats import FORMATS
from indotrade.query import records
from indotrade.wording.sentences import one_of


def cite(
    ids: Annotated[
        list[str],
        id_argument(
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
                "--format",
                "-f",
                metavar="FORMAT",
                help=one_of(formats.holding("citations")),
                rich_help_panel=OUTPUT,
            ),
            completion.words(formats.holding("citations")),
        ),
    ] = "text",
    each: Annotated[
        bool,
        typer.Option(
            "--each", help="An entry for each claim, and not one for each source, as in text and claimreview."
        ),
    ] = False,
    data: Data = None,
    speech: Annotated[Speech, language(Message("text citations"))],
) -> None:
    """Citations of claims and sources: text, BibTeX, biblatex, CSL-JSON, RIS, ClaimReview.

    Claims cite their source: it has one entry, which tells with which key and locator to cite each of them.
    """
    chosen = FORMATS[formats.named(format, "citations")]
    engine = Output(data=data, speech=speech).engine()
    items, unknown = known(given(ids, speech.language), lambda name: _citation(engine, name))
    if items:
        cited = items if each or chosen.of_claims else _by_source(items)
        formats.put_citations(cited, chosen, speech.language)
    tell(records.no_such_ids(engine, "claims and sources", unknown), speech.language)


def _citation(engine: Engine, name: str) -> Any:
    """Return the citation of a source or a claim, or None where there is neither."""
    from indotrade.output.citing import Citation, of_claim

    if source := engine.source(name):
        return Citation(key=name, source=source, dataset=engine.dataset)
    claim = engine.claim(name)
    return of_claim(claim, engine) if claim else None


def _by_source(items: Sequence[Any]) -> list[Any]:
    """Return one citation for each source, with the claims that are cited by it."""
    sources: dict[str, list[Any]] = {}
    for item in items:
        sources.setdefault(item.source.id, []).append(item)
    return [
        replace(
            same[0], key=name, claim=None, speaker=None, places=[item.claim for item in same if item.claim]
        )
        for name, same in sources.items()
    ]
