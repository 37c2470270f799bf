"""Writes claims in the words of schema.org, as one document whose nodes refer to each other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from indotrade.dataset.vocabulary import LISTS
from indotrade.exchange.export import schema_org
from indotrade.exchange.export.chosen import Chosen
from indotrade.exchange.export.schema_org import refer
from indotrade.exchange.tables import Record

_ABOUT = ("sectors", "countries", "programs", "organizations")


def write(chosen: Chosen, file: Path) -> None:
    """Write one document, with all things as its graph."""
    separator = f'{{\n"@context": "{schema_org.CONTEXT}",\n"@graph": [\n'
    with file.open("w", encoding="utf-8", newline="\n") as stream:
        for node in _graph(chosen):
            stream.write(separator + schema_org.encoded(node))
            separator = ",\n"
        stream.write("\n]\n}\n")


def _graph(chosen: Chosen) -> Iterator[Record]:
    """Yield the dataset, its sources, what claims are about and who makes them, the claims, and the reviews of them."""
    yield schema_org.dataset(chosen.dataset())
    yield from map(schema_org.work, chosen.sources())
    people: set[str] = set()
    for kind in LISTS:
        if kind in schema_org.TYPES:
            entries = chosen.named(kind)
            yield from (schema_org.thing(kind, it) | schema_org.relations(kind, it) for it in entries)
            if kind == "people":
                people = {entry["id"] for entry in entries}
    for record in chosen.claims():
        speaker, article = record["speaker"], schema_org.work(chosen.source(record["source"]))
        claim = schema_org.claim(
            record,
            author=refer("people" if speaker in people else "organizations", speaker),
            appearance={"@id": article["@id"]},
            about=[refer(kind, name) for kind in _ABOUT for name in record[kind]],
            part_of={"@id": "#dataset"},
        )
        yield claim
        reviewed = {name: claim[name] for name in ("@type", "@id")}
        reviewed["appearance"] = {name: article[name] for name in ("@type", "@id", "url")}
        pages = {name: chosen.source(name) for name in schema_org.raters(record)}
        yield from schema_org.reviews(record, reviewed, pages)
