"""The commands on single records: a claim or a source in full, and how it is cited."""

# No postponed annotations here: Typer evaluates those of every command at each start.

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Annotated, Any, TypeVar

import msgspec
import typer
from msgspec.structs import replace

from indotrade import stream
from indotrade.cli import completion
from indotrade.cli.failures import tell
from indotrade.cli.options import Output, Speech, completed, language, option
from indotrade.dataset.records import Claim, Source, decode_claim
from indotrade.engine.protocol import Engine, Wanted
from indotrade.errors import Message, NotFound
from indotrade.output import formats
from indotrade.output.formats import FORMATS, Listing
from indotrade.query import names
from indotrade.query.answer import Answer, of_ids
from indotrade.text.choices import choice, is_text

T = TypeVar("T")
SOURCE = (*Source.__struct_encode_fields__, "claims", "claim_ids")
"""The keys of a source's record, with its claims."""


def _ids(metavar: str, help: str, complete: completion.Complete) -> Any:
    return completed(typer.Argument(metavar=metavar, show_default=False, help=help), complete)


def show(
    ids: Annotated[
        list[str],
        _ids("ID...|-", "Ids of claims; - reads them from standard input, one a line.", completion.claims),
    ],
    *,
    output: Output,
) -> None:
    """One claim in full, with the evidence for and against it."""
    how = output.how()
    if formats.put_field_names(how):
        return
    engine = output.engine()
    found, unknown = _known(_given(ids), engine.claim)
    answer = of_ids(engine, [claim.id for claim in found])
    if found or not unknown:
        formats.put_claims(answer, replace(how, draw=lambda look: _cards(answer, look)))
    tell(names.no_such_ids(engine, "claims", unknown), output.language)


def source(
    ids: Annotated[
        list[str] | None,
        _ids("[ID]...", "Ids of sources; - reads them from standard input.", completion.sources),
    ] = None,
    *,
    output: Output,
) -> None:
    """Articles and evidence sources, and the claims that rest on each."""
    how = output.how("records")
    if formats.put_field_names(how, SOURCE):
        return
    engine = output.engine()
    given = _given(ids or [])
    asked = given or engine.source_ids()
    found, unknown = _known(asked, engine.source)
    listed = [_Resting(engine, source) for source in found]
    if listed or not unknown:
        listing = Listing(
            "sources",
            lambda: [resting.record() for resting in listed],
            SOURCE,
            lambda look: _draw_sources(engine, listed, look, whole=bool(given)),
            {"id": [it.source.id for it in listed]} if given else {},
            formats.dataset_of(engine),
        )
        formats.put_records(listing, how)
    tell(names.no_such_ids(engine, "sources", unknown), output.language)


def cite(
    ids: Annotated[
        list[str],
        _ids(
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
                help=f"One of {', '.join(formats.holding('citations'))}.",
            ),
            completion.words(formats.holding("citations")),
        ),
    ] = "text",
    each: Annotated[
        bool, typer.Option("--each", help="An entry for each claim, and not one for each source, as in text.")
    ] = False,
    lang: Annotated[str | None, language("text citations")] = None,
    data: Annotated[
        str | None, option("--data", metavar="PATH", help="The directory of another dataset.")
    ] = None,
    speech: Speech,
) -> None:
    """Citations of claims and sources: text, BibTeX, biblatex, CSL-JSON, RIS.

    Claims cite their source: it has one entry, which tells with which key and locator to cite each of them.
    """
    chosen = FORMATS[choice(format, formats.holding("citations"), "format")]
    engine = Output(data=data, lang=lang, speech=speech).engine()
    items, unknown = _known(_given(ids), lambda name: _citation(engine, name))
    if items:
        whole = each or chosen.name == "text"
        formats.put_citations(items if whole else _by_source(items), chosen, speech.language)
    tell(names.no_such_ids(engine, "claims", unknown), speech.language)


# --- what they share -------------------------------------------------------------------------------


def _given(ids: Sequence[str]) -> list[str]:
    """Return the ids of the command line, each once, `-` replaced by the lines of standard input.

    Raises NotFound where those were asked for and there is none: no id is not every id.
    """
    given: dict[str, None] = {}
    for name in ids:
        if name == "-":
            text = stream.standard_input().decode("utf-8", "surrogateescape").removeprefix("\ufeff")
            listed = [line.strip() for line in text.split("\n") if line.strip()]
            given |= dict.fromkeys(listed[1:] if listed[:1] == ["id"] else listed)
        else:
            given[name] = None
    if ids and not given:
        raise NotFound(Message("standard input holds no id"))
    return list(given)


def _known(ids: Iterable[str], find: Callable[[str], T | None]) -> tuple[list[T], list[str]]:
    """Return what is found for the ids, and those that are nobody's: what they may mean is sought in the end."""
    found: list[T] = []
    unknown: list[str] = []
    for name in ids:
        item = find(name) if is_text(name) else None
        if item is None:
            unknown.append(name)
        else:
            found.append(item)
    return found, unknown


def _cards(answer: Answer, look: Any) -> Iterator[Any]:
    from indotrade.screen.card import claim_card
    from indotrade.screen.layout import text

    for place, claim in enumerate(answer.claims()):
        if place:
            yield from (text(""), text(""))
        yield from claim_card(claim, answer.engine, look)


def _citation(engine: Engine, name: str) -> Any:
    """Return the citation of a source or a claim, or None where there is neither."""
    from indotrade.output.citing import Citation

    if source := engine.source(name):
        return Citation(key=name, source=source, dataset=engine.dataset)
    claim = engine.claim(name)
    if claim is None:
        return None
    article = names.source(engine, claim.source)
    speaker = names.entry(engine, "people", claim.speaker) if claim.speaker else None
    return Citation(key=name, source=article, dataset=engine.dataset, claim=claim, speaker=speaker)


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


class _Resting:
    """A source with the claims that stand in it, and those on which it bears as evidence."""

    def __init__(self, engine: Engine, source: Source) -> None:
        self.source = source
        self._found = [engine.find(Wanted(facets={facet: (source.id,)})) for facet in ("source", "evidence")]

    def counts(self) -> tuple[int, int]:
        """Return how many claims stand in it, and on how many it bears."""
        stand, bear = self._found
        return stand.total, bear.total

    def claims(self) -> tuple[list[Claim], list[Claim]]:
        """Return those that stand in it, and those on which it bears."""
        stand, bear = ([decode_claim(text) for text in it.records()] for it in self._found)
        return stand, bear

    def record(self) -> dict[str, Any]:
        """Return the source's record with the ids of all its claims, each once."""
        ids = list(dict.fromkeys(_decode_id(text).id for it in self._found for text in it.records()))
        record: dict[str, Any] = msgspec.to_builtins(self.source)
        return record | {"claims": len(ids), "claim_ids": ids}


class _Id(msgspec.Struct):
    id: str


_decode_id = msgspec.json.Decoder(_Id).decode


def _draw_sources(engine: Engine, listed: Sequence[_Resting], look: Any, *, whole: bool) -> Iterator[Any]:
    from indotrade.screen.layout import text
    from indotrade.screen.tables import source_card, source_table

    if not whole:
        yield from source_table([(it.source, *it.counts()) for it in listed], engine, look)
        return
    for place, resting in enumerate(listed):
        if place:
            yield text("")
        yield from source_card(resting.source, *resting.claims(), engine, look)
