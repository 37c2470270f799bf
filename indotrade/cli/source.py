"""The command that shows sources: `source`."""

# No postponed annotations here: Typer evaluates those of every command at each start.

from collections.abc import Iterator, Sequence
from typing import Annotated, Any

import msgspec

from indotrade.cli import completion
from indotrade.cli.failures import tell
from indotrade.cli.ids import given, id_argument, known
from indotrade.cli.options import Output, limit
from indotrade.dataset.records import Claim, Source, decode_claim
from indotrade.engine.protocol import Engine, Wanted
from indotrade.output import formats
from indotrade.output.formats import Listing
from indotrade.query import records

SOURCE = (*Source.__struct_encode_fields__, "claims", "claim_ids")
"""The keys of a source's record, with its claims."""


def source(
    ids: Annotated[
        list[str] | None,
        id_argument(
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
    asked = given(ids or [], output.language)
    if asked:
        found, unknown = known(asked, lambda name: records.sources_of(engine, name))
        whole = all(len(several) == 1 for several in found)
        every = list({it.id: it for several in found for it in several}.values())
    else:
        whole, unknown = False, []
        every = [records.source(engine, name) for name in engine.source_ids()]
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
                else _draw_sources(engine, listed, total, asked, look)
            ),
            {"id": [it.id for it in every]} if asked else {},
            formats.dataset_of(engine),
            total,
        )
        formats.put_records(listing, how)
    tell(records.no_such_ids(engine, "sources", unknown), output.language)


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
