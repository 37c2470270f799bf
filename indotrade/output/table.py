"""A table or a card for people: folded on a terminal, one line a record elsewhere; `screen` has what is drawn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from indotrade.output.formats import Card, How, Listing
from indotrade.query import columns
from indotrade.query.answer import Answer
from indotrade.screen.look import drawn


def claims(answer: Answer, how: How) -> Iterator[str]:
    """Yield the answer as it is drawn; nothing where it is empty."""
    from indotrade.screen.claims import claims as table

    look = how.look
    if not answer.total and not how.draw:
        return
    if how.columns:
        yield from _plain(how.columns, columns.rows(answer, how.columns, look.language), how)
    else:
        yield drawn(how.draw(look) if how.draw else table(answer, look), look)


def records(listing: Listing, how: How) -> Iterator[str]:
    """Yield records of another noun as they are drawn."""
    if how.columns:
        rows = ([record[name] for name in how.columns] for record in listing.records())
        yield from _plain(how.columns, rows, how)
    else:
        yield drawn(listing.draw(how.look), how.look)


def card(card: Card, how: How) -> Iterator[str]:
    """Yield one record as it is drawn."""
    yield drawn(card.draw(how.look), how.look)


def _plain(header: Sequence[str], rows: Iterable[Sequence[columns.Value]], how: How) -> Iterator[str]:
    from indotrade.screen.layout import rows as table

    yield drawn(table(header, (list(map(columns.text, row)) for row in rows), how.look), how.look)
