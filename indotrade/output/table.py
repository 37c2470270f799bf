"""A table or a card for people: folded on a terminal, one line a record elsewhere; `screen` has what is drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from indotrade.output.formats import CARD, Card, How, Listing
from indotrade.query import columns
from indotrade.query.answer import Answer


def claims(answer: Answer, how: How) -> Iterator[str]:
    """Yield the answer as it is drawn; nothing where it is empty."""
    from indotrade.screen.claims import claims as table

    look = how.look
    if not answer.total and not how.draw:
        return
    if how.columns:
        chosen = how.columns
        yield from _plain(chosen, lambda: columns.rows(answer, chosen, look.language), how)
    else:
        yield from _ended(how.draw(look) if how.draw else table(answer, look))


def records(listing: Listing, how: How) -> Iterator[str]:
    """Yield records of another noun as they are drawn."""
    if how.columns:
        chosen = how.columns
        yield from _plain(chosen, lambda: ([it[name] for name in chosen] for it in listing.records()), how)
    else:
        yield from _ended(listing.draw(how.look))


def card(card: Card, how: How) -> Iterator[str]:
    """Yield one record as it is drawn."""
    yield from _plain(CARD, card.rows, how) if how.columns else _ended(card.draw(how.look))


def _plain(
    header: Sequence[str], read: Callable[[], Iterable[Sequence[columns.Value]]], how: How
) -> Iterator[str]:
    from indotrade.screen.layout import table

    yield from _ended(table(header, lambda: (list(map(columns.text, row)) for row in read()), how.look))


def _ended(lines: Iterable[str]) -> Iterator[str]:
    return (line + "\n" for line in lines)
