"""Citations in the words of schema.org: a `Claim` each, or a `ClaimReview` for each verdict that a source gave on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from indotrade.dataset.vocabulary import Person
from indotrade.exchange.export import schema_org
from indotrade.exchange.tables import Record
from indotrade.output.citing import Citation


def citations(items: Sequence[Citation], _language: str) -> Iterator[str]:
    """Yield one document with the citations in their order; each stands alone, and can be put into a page as it is."""
    graph = ",".join(schema_org.encoded(node) for item in items for node in _nodes(item))
    document = f'{{"@context":"{schema_org.CONTEXT}","@graph":[{graph}]}}'
    yield msgspec.json.format(document, indent=2) + "\n"


def _nodes(item: Citation) -> Iterator[Record]:
    """Yield the work that a source is, the claim, or the verdicts on it with the claim in them."""
    article = schema_org.work(_plain(item.source))
    if item.claim is None:
        yield article
        return
    record = _plain(item.claim)
    kind = "people" if isinstance(item.speaker, Person) else "organizations"
    claim = schema_org.claim(
        record,
        author=schema_org.thing(kind, _plain(item.speaker)) if item.speaker else None,
        appearance=article,
        part_of=schema_org.dataset(_plain(item.dataset)),
    )
    pages = {name: _plain(page) for name, page in item.raters.items()}
    yield from list(schema_org.reviews(record, claim, pages)) or [claim]


def _plain(record: object) -> Record:
    """Return a typed record as JSON has it."""
    plain: Record = msgspec.to_builtins(record)
    return plain
