"""The commands on single records and on texts: show, cite, source, verify, check."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from indotrade import console, dataset, export, files, lookup, markup, present, query
from indotrade import verify as verification
from indotrade.citations import FORMATS, Citation
from indotrade.citations import cite as written
from indotrade.errors import Message, NotFound, Refused
from indotrade.models import Person, Source
from indotrade.options import Filtering, Output
from indotrade.store import Store

if TYPE_CHECKING:
    from rich.console import RenderableType

    from indotrade.console import Look

FINDING = ("claim", "source", "result", "found", "of", "paragraph")
FAULT = dataset.Fault.__struct_fields__
ANCHOR = ("anchor", "paragraph", "position")


# --- show ------------------------------------------------------------------------------------------


def show(store: Store, ids: Sequence[str], output: Output) -> list[NotFound]:
    """Print claims in full; return an error for each id that no claim has."""
    numbers, unknown = _known(ids, lambda name: query.claim_number(store, name))
    if numbers or not unknown:
        answer = query.of(store, numbers)
        present.claims(answer, Filtering(allow_empty=True), output, lambda look: _cards(answer, look))
    return unknown


def _cards(answer: query.Answer, look: Look) -> Iterator[RenderableType]:
    from rich.text import Text

    from indotrade import cards

    for place, claim in enumerate(answer.claims()):
        if place:
            yield Text("\n")
        yield from cards.claim_card(claim, answer.store, look)


def _known(ids: Iterable[str], find: Any) -> tuple[list[Any], list[NotFound]]:
    found, unknown = [], []
    for name in ids:
        try:
            found.append(find(name))
        except NotFound as error:
            unknown.append(error)
    return found, unknown


# --- cite ------------------------------------------------------------------------------------------


def cite(store: Store, ids: Sequence[str], format: str, language: str) -> list[NotFound]:
    """Print the citations of claims and sources; return an error for each id that is neither's."""
    chosen: Any = query.choice(format, FORMATS, "--format")
    items, unknown = _known(ids, lambda name: _citation(store, name))
    if items:
        console.deliver([written(items, chosen, language) + "\n"], json=chosen == "csl-json")
    return unknown


def _citation(store: Store, name: str) -> Citation:
    source = store.source(name) if lookup.is_text(name) else None
    if source:
        return Citation(name, source, None, None, store.dataset)
    claim = store.claim(query.claim_number(store, name))
    article = store.source(claim.source)
    speaker = store.entry("people", claim.speaker) if claim.speaker else None
    assert article is not None  # held by the checks of the dataset
    return Citation(name, article, claim, speaker if isinstance(speaker, Person) else None, store.dataset)


# --- source ----------------------------------------------------------------------------------------


def sources(store: Store, ids: Sequence[str], output: Output) -> list[NotFound]:
    """Print sources with the claims that rest on each, all of them without ids; return the unknown ids."""
    found, unknown = _known(ids, lambda name: query.source_id(store, name))
    names = found if ids else [name for (name,) in store.rows("SELECT id FROM source ORDER BY number")]
    if names or not unknown:
        resting = [(_source(store, name), *query.resting_on(store, name)) for name in names]
        records = [_source_record(store, *rest) for rest in resting]
        columns = (*Source.__struct_encode_fields__, "claims", "claim_ids")

        def draw(look: Look) -> Iterator[RenderableType]:
            return _draw_sources(store, resting, ids, look)

        query_of = {"id": found} if ids else {}
        present.records("sources", records, output, export.dataset_of(store), draw, columns, query_of)
    return unknown


def _source(store: Store, name: str) -> Source:
    source = store.source(name)
    assert source is not None  # its id was just read
    return source


def _source_record(store: Store, source: Source, stand: list[int], bear: list[int]) -> dict[str, Any]:
    ids = [store.claim(number).id for number in stand + bear]
    record: dict[str, Any] = msgspec.to_builtins(source)
    return record | {"claims": len(ids), "claim_ids": ids}


def _draw_sources(
    store: Store, resting: list[tuple[Source, list[int], list[int]]], ids: Sequence[str], look: Look
) -> Iterator[RenderableType]:
    from rich.text import Text

    from indotrade import cards, tables

    if not ids:
        listed = [(source, len(stand), len(bear)) for source, stand, bear in resting]
        yield from tables.source_table(listed, store, look)
        return
    for place, (source, stand, bear) in enumerate(resting):
        if place:
            yield Text("")
        claims = [[store.claim(number) for number in numbers] for numbers in (stand, bear)]
        yield from cards.source_card(source, claims[0], claims[1], store, look)


# --- verify ----------------------------------------------------------------------------------------


def paragraphs(given: bytes | Path) -> list[str]:
    """Return the paragraphs of a text to verify: a file's, or those of standard input.

    Raises Refused, naming it, where it cannot be read as text.
    """
    name = "standard input" if isinstance(given, bytes) else str(given)
    data = given if isinstance(given, bytes) else files.read(given)
    try:
        return markup.paragraphs(data)
    except Refused as error:
        raise Refused(f"cannot read {name}: {error}", error.hint) from None


def verify(store: Store, text: list[str], output: Output) -> bool:
    """Print which claims' anchors stand in a text; return whether all of its article's do."""
    report = verification.verify(text, _Anchored(store))
    findings = [msgspec.to_builtins(finding) for finding in report.findings]

    def draw(look: Look) -> Iterable[RenderableType]:
        from indotrade import tables

        return tables.findings(report.findings, store, look) if report.findings else ()

    named = export.dataset_of(store)
    present.records("anchors", findings, output, named, draw, FINDING, {"source": report.sources})
    if not report.findings:
        raise NotFound(
            Message(
                "the text is none of the dataset's articles: no anchor of any claim stands in it",
                "teks ini bukan salah satu artikel dataset: tidak satu pun jangkar klaim ada di dalamnya",
            )
        )
    return report.all_attested


class _Anchored:
    """The anchors of all claims, read anew each time they are gone through: a million are never held."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._decode = msgspec.json.Decoder(verification.ClaimAnchors).decode

    def __iter__(self) -> Iterator[verification.ClaimAnchors]:
        rows = self._store.rows("SELECT record FROM claim ORDER BY number")
        return (self._decode(record) for (record,) in rows)


def anchors(text: list[str], output: Output) -> None:
    """Print the anchor of each window of a text, with its paragraph and position: for authors."""
    found = [anchor._asdict() for anchor in verification.text_anchors(text)]

    def draw(look: Look) -> Iterable[RenderableType]:
        from indotrade import tables

        return tables.rows(ANCHOR, (list(map(str, anchor.values())) for anchor in found), look)

    present.records("anchors", found, output, None, draw, ANCHOR, {})


# --- check -----------------------------------------------------------------------------------------


def check(path: str | None, output: Output) -> bool:
    """Print all faults of a dataset; return whether it is valid. Raises Refused where it cannot be read at all."""
    output.chosen()
    reader = dataset.Reader(dataset.locate(path))
    described, _, sources = reader.head()
    claims = sum(1 for _ in reader.claims())
    faults = sorted(reader.faults, key=lambda fault: (fault.level, fault.file, fault.line or 0))
    errors = len(reader.errors())
    warnings = len(faults) - errors
    verdict = Message(
        f"{_counted(claims, 'claim')}, {_counted(len(sources), 'source')}:"
        f" {_counted(errors, 'fault')}, {_counted(warnings, 'warning')}",
        f"{claims:,} klaim, {len(sources):,} sumber: {errors:,} kesalahan, {warnings:,} peringatan",
    )

    def draw(look: Look) -> Iterator[RenderableType]:
        from indotrade import tables

        yield from (tables.text(f"{fault.level}: {fault}") for fault in faults)
        yield tables.text(verdict.text(look.language))

    known = {key: getattr(described, key, None) for key in ("name", "version", "as_of")}
    listed = [msgspec.to_builtins(fault) for fault in faults]
    present.records("faults", listed, output, known | {"sha256": reader.sha256}, draw, FAULT, {})
    return not errors


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
