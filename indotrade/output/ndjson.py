"""A line of JSON for each record, for programs that read line by line."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from indotrade.output.formats import Card, How, Listing
from indotrade.output.json import cited, encoded, only, picked, quoted
from indotrade.query.answer import Answer
from indotrade.text.escape import json_safe

LATEST = 256
"""So many sources that were just cited are known when they are cited again: claims of one stand together."""


def claims(answer: Answer, how: How) -> Iterator[str]:
    """Yield each claim, with the records of the sources that it and its evidence cite unless keys are chosen."""
    told = lru_cache(maxsize=LATEST)(answer.engine.source_record)
    for record in answer.records():
        if how.columns:
            yield only(record, how.columns) + "\n"
            continue
        sources = ",".join(f"{quoted(source)}:{told(source) or 'null'}" for source in cited(record))
        yield f'{record[:-1]},"sources":{{{sources}}}}}\n'


def records(listing: Listing, how: How) -> Iterator[str]:
    """Yield each record of another noun."""
    return map(_line, picked(listing.records(), how.columns))


def card(card: Card, _how: How) -> Iterator[str]:
    """Yield one record."""
    yield _line({"dataset": card.dataset} | dict(card.content))


def _line(record: Any) -> str:
    return json_safe(encoded(record)) + "\n"
