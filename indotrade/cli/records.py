"""The commands on single records: a claim or a source in full, and how it is cited."""

# No postponed annotations here: Typer evaluates those of every command at each start.

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Annotated, Any, TypeVar

import msgspec
import typer
from msgspec.structs import replace

from indotrade import stream
from indotrade.cli import completion
from indotrade.cli.failures import say, tell
from indotrade.cli.options import OUTPUT, Data, Output, Speech, completed, language, limit
from indotrade.dataset.records import Claim, Source, decode_claim
from indotrade.engine.protocol import Engine, Wanted
from indotrade.errors import Argument, Message, Misused, NotFound
from indotrade.output import formats
from indotrade.output.formats import FORMATS, Listing
from indotrade.query import names
from indotrade.query.answer import Answer, of_ids
from indotrade.text.cells import unguarded
from indotrade.text.choices import is_text
from indotrade.wording import references
from indotrade.wording.sentences import one_of

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
    found, unknown = _known(_given(ids, output.language), engine.claim)
    answer = of_ids(engine, [claim.id for claim in found], most)
    if found or not unknown:
        formats.put_claims(answer, replace(how, draw=lambda look: _cards(answer, look, full=full)))
    tell(names.no_such_ids(engine, "claims", unknown), output.language)


def source(
    ids: Annotated[
        list[str] | None,
        _ids(
            "[ID]...",
            "Ids, addresses or publishers of sources; - reads them from standard input.",
            completion.sources,
        ),
    ] = None,
    *,
    most: Annotated[int | None, limit("At most this many sources.")] = None,
    output: Output,
) -> None:
    """Articles and evidence sources, and the claims that rest on each."""
    how = output.how("records")
    if formats.put_field_names(how, SOURCE):
        return
    engine = output.engine()
    given = _given(ids or [], output.language)
    if given:
        found, unknown = _known(given, lambda name: names.sources_of(engine, name))
        whole = all(len(several) == 1 for several in found)
        every = list({it.id: it for several in found for it in several}.values())
    else:
        whole, unknown = False, []
        every = [names.source(engine, name) for name in engine.source_ids()]
    if every or not unknown:
        listed, total = every[:most], len(every)
        resting = [_Resting(engine, it) for it in listed]
        listing = Listing(
            "sources",
            lambda: [it.record() for it in resting],
            SOURCE,
            lambda look: (
                _draw_cards(resting, total, look)
                if whole
                else _draw_sources(engine, listed, total, given, look)
            ),
            {"id": [it.id for it in every]} if given else {},
            formats.dataset_of(engine),
            total,
        )
        formats.put_records(listing, how)
    tell(names.no_such_ids(engine, "sources", unknown), output.language)


def open_(
    name: Annotated[
        str,
        _ids("ID", "A source's id, address or publisher, or a claim's id.", completion.claims_and_sources),
    ],
    *,
    address: Annotated[bool, typer.Option("--print", help="Print its address, and open nothing.")] = False,
    data: Data = None,
    lang: Annotated[str | None, language(Message("the message"))] = None,
    speech: Speech,
) -> None:
    """Open a source in the browser, or the article of a claim."""
    url = _address(Output(data=data, lang=lang, speech=speech).engine(), name)
    if address:
        stream.deliver([f"{url}\n"])
        return
    import webbrowser

    if not webbrowser.open(url):
        raise NotFound(
            Message("no browser could be opened"), Message("its address is {address}", address=url)
        )


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
    lang: Annotated[str | None, language(Message("text citations"))] = None,
    data: Data = None,
    speech: Speech,
) -> None:
    """Citations of claims and sources: text, BibTeX, biblatex, CSL-JSON, RIS, ClaimReview.

    Claims cite their source: it has one entry, which tells with which key and locator to cite each of them.
    """
    chosen = FORMATS[formats.named(format, "citations")]
    engine = Output(data=data, lang=lang, speech=speech).engine()
    items, unknown = _known(_given(ids, speech.language), lambda name: _citation(engine, name))
    if items:
        cited = items if each or chosen.of_claims else _by_source(items)
        formats.put_citations(cited, chosen, speech.language)
    tell(names.no_such_ids(engine, "claims and sources", unknown), speech.language)


# --- what they share -------------------------------------------------------------------------------


def _given(ids: Sequence[str], language: str) -> list[str]:
    """Return the ids of the command line, each once, `-` replaced by the lines of standard input.

    Raises NotFound where those were asked for and there is none: no id is not every id.
    """
    given: dict[str, None] = {}
    for name in ids:
        if name == "-":
            if stream.is_terminal(sys.stdin):
                say(Message("reading ids from the keyboard, one a line, to the end (Ctrl-D)"), language)
            text = stream.standard_input().decode("utf-8", "surrogateescape").removeprefix("\ufeff")
            listed = [unguarded(line.strip()) for line in text.split("\n") if line.strip()]
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


def _cards(answer: Answer, look: Any, *, full: bool) -> Iterator[Any]:
    from indotrade.screen.card import claim_card
    from indotrade.screen.claims import some

    for place, claim in enumerate(answer.claims()):
        if place:
            yield from ("", "")
        yield from claim_card(claim, answer.engine, look, full=full)
    yield from some(answer.count, answer.total, look)


def _address(engine: Engine, name: str) -> str:
    """Return the address of the source, or of the article of the claim, that a name means.

    Raises NotFound where it has none, and where the name means no source or several.
    """
    claim = engine.claim(name) if is_text(name) and not engine.source(name) else None
    if not claim and not names.sources_of(engine, name):
        raise names.no_such_ids(engine, "claims and sources", [name])[0]
    found = names.source(engine, claim.source) if claim else names.one_source(engine, name)
    url = references.web_address(found.url)
    if not url.startswith(("https://", "http://")):
        raise NotFound(Message("{source} has no address", source=found.id))
    return url


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


class _Resting:
    """A source with the claims that stand in it, and those on which it bears as evidence."""

    def __init__(self, engine: Engine, source: Source) -> None:
        self.source = source
        self.engine = engine
        self._found = [engine.find(Wanted(facets={facet: (source.id,)})) for facet in ("source", "evidence")]

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


def _draw_sources(
    engine: Engine, listed: Sequence[Source], total: int, given: Sequence[str], look: Any
) -> Iterator[Any]:
    """Draw all sources by publisher, or one by one those of the publishers that were asked for."""
    from indotrade.screen.claims import ending
    from indotrade.screen.sources import by_publisher, one_by_one

    counts = engine.counts("evidence") | engine.counts("source")
    if not given or not look.terminal:
        bearing = lambda ids: engine.find(Wanted(facets={"evidence": ids})).total  # noqa: E731
        yield from by_publisher(listed, total, counts, bearing, engine, look)
    else:
        yield from one_by_one(listed, counts, look)
        yield ""
        yield from ending(len(listed), total, engine, look)


def _draw_cards(listed: Sequence[_Resting], total: int, look: Any) -> Iterator[Any]:
    from indotrade.screen.claims import some
    from indotrade.screen.sources import source_card

    for place, resting in enumerate(listed):
        if place:
            yield ""
        yield from source_card(resting.source, *resting.claims(), resting.engine, look)
    yield from some(len(listed), total, look)
