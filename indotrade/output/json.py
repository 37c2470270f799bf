"""One JSON object, indented, for programs: the dataset, the query, and the records with their sources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from indotrade.output.formats import Card, How, Listing, dataset_of
from indotrade.query.answer import Answer
from indotrade.text.escape import encodable, json_safe

SCHEMA_VERSION = 2
"""Raised when a key of an answer changes its meaning or its type."""


class _Evidence(msgspec.Struct):
    source: str


class _Cites(msgspec.Struct):
    source: str
    evidence: list[_Evidence]


_decode_cites = msgspec.json.Decoder(_Cites).decode


def cited(record: str) -> dict[str, None]:
    """Return the ids of the sources that a claim's record cites, the article first, each once."""
    cites = _decode_cites(record)
    return dict.fromkeys((cites.source, *(evidence.source for evidence in cites.evidence)))


def claims(answer: Answer, how: How) -> Iterator[str]:
    """Yield the answer as one object, claim by claim."""
    engine = answer.engine
    head = {
        "schema_version": SCHEMA_VERSION,
        "dataset": dataset_of(engine),
        "query": answer.query,
        "count": answer.count,
        "total": answer.total,
    }
    yield _pretty(encoded(head))[:-2] + ',\n  "claims": ['
    sources: dict[str, None] = {}
    separator = "\n    "
    for record in answer.records():
        sources |= cited(record)
        yield separator + _pretty(only(record, how.columns), 2)
        separator = ",\n    "
    yield ("\n  ]" if answer.count else "]") + ',\n  "sources": {'
    separator = "\n    "
    for source in sources:
        yield f"{separator}{quoted(source)}: {_pretty(engine.source_record(source) or 'null', 2)}"
        separator = ",\n    "
    yield ("\n  }" if sources else "}") + "\n}\n"


def records(listing: Listing, how: How) -> Iterator[str]:
    """Yield records of another noun as one object."""
    listed = picked(listing.records(), how.columns)
    count = len(listed)
    total = count if listing.total is None else listing.total
    yield from _envelope(
        listing.dataset, {"query": listing.query, "count": count, "total": total, listing.noun: listed}
    )


def card(card: Card, _how: How) -> Iterator[str]:
    """Yield one record as an object."""
    yield from _envelope(card.dataset, card.content)


def _envelope(dataset: Mapping[str, Any] | None, content: Mapping[str, Any]) -> Iterator[str]:
    """Yield one object: the schema version, the dataset if the answer is from one, and `content`."""
    head: dict[str, Any] = {"schema_version": SCHEMA_VERSION}
    if dataset is not None:
        head["dataset"] = dataset
    yield _pretty(encoded(head | dict(content))) + "\n"


def picked(records: Sequence[Mapping[str, Any]], chosen: Sequence[str] | None) -> Sequence[Mapping[str, Any]]:
    """Return records with only the keys chosen, if any are, in that order."""
    return [{name: record[name] for name in chosen} for record in records] if chosen else records


def _pretty(record: str, depth: int = 0) -> str:
    """Return a JSON text indented by two spaces, as it stands `depth` levels deep."""
    text = json_safe(msgspec.json.format(record, indent=2))
    return text.replace("\n", "\n" + "  " * depth) if depth else text


def only(record: str, chosen: Sequence[str] | None) -> str:
    """Return a record with only the keys named, in the order of `chosen`."""
    if not chosen:
        return record
    values = msgspec.json.decode(record, type=dict[str, msgspec.Raw])
    return msgspec.json.encode({name: values[name] for name in chosen}).decode()


def encoded(value: Any) -> str:
    """Return a value as JSON; what of a text no encoding has is a visible escape in it."""
    try:
        return msgspec.json.encode(value).decode()
    except UnicodeEncodeError:
        return msgspec.json.encode(_encodable(msgspec.to_builtins(value))).decode()


def _encodable(value: Any) -> Any:
    if isinstance(value, dict):
        return {encodable(key): _encodable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return list(map(_encodable, value))
    return encodable(value) if isinstance(value, str) else value


def quoted(text: str) -> str:
    """Return a text as a JSON string."""
    return msgspec.json.encode(text).decode()
