"""What an import made of what, in sentences: a line a kind, with a few examples."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from indotrade.dataset.vocabulary import LISTS
from indotrade.errors import Message
from indotrade.exchange.adding.holding import Holding
from indotrade.exchange.adding.merging import Merging
from indotrade.exchange.rows.claims import Rows

_NAMED = 5
"""How many of what was made are named."""


class Taken(NamedTuple):
    """What was taken in, whichever way."""

    rows: Rows
    merging: Merging

    @property
    def faults(self) -> list[Message]:
        """Why nothing can be kept."""
        return [*self.rows.faults, *self.merging.faults]

    @property
    def counts(self) -> Any:
        """How many of what there are."""
        return self.rows.made.counts + self.merging.counts


def of_sheets(taken: Taken) -> Iterator[Message]:
    """Yield what had to be found out of the sheets, and what of them was left out."""
    made = taken.rows.made
    for sheet, code in made.languages.items():
        yield Message(
            "{sheet}: statements taken to be in {language}; --lang says otherwise", sheet=sheet, language=code
        )
    for sheet, names in made.left_out.items():
        yield Message("{sheet}: columns left out: {names}", sheet=sheet, names=some(names, 20))


def of_records(taken: Taken, holding: Holding) -> Iterator[Message]:
    """Yield what became of the records, and of the words in the cells."""
    counts = taken.counts
    if holding.is_example:
        yield Message("the example of `indotrade init` gives way to what comes in")
    yield from _where_any(
        Message("claims added: {number:,}", number=counts["claims"]),
        Message("claims replaced: {number:,}", number=counts["updated"]),
        Message("claims left as they are: {number:,}", number=counts["kept"]),
        Message("rows left out, since they repeat another: {number:,}", number=counts["repeated"]),
    )
    if sources := holding.added["sources"]:
        yield Message("sources added: {number:,} ({names})", number=len(sources), names=some(sources))
    yield from _where_any(
        Message("sources named by the host of their address: {number:,}", number=counts["hosts"]),
        Message(
            "claims whose source is their speaker's own word, for none is named: {number:,}",
            number=counts["speakers"],
        ),
    )
    for kind in LISTS:
        brought = dict.fromkeys(holding.brought[kind])
        new = [name for name in holding.added[kind] if name not in brought]
        yield from _where_any(
            Message(
                "{list}, new: {number:,} ({names})", list=Message(kind), number=len(new), names=some(new)
            ),
            Message(
                "{list}, of the program's own: {number:,} ({names})",
                list=Message(kind),
                number=len(brought),
                names=some(brought),
            ),
        )
    for kind, names in taken.merging.other.items():
        yield Message(
            "{list}, left as they are here: {number:,} ({names}); --update takes what comes in",
            list=Message(kind),
            number=len(names),
            names=some(names),
        )
    more = [code for code in holding.languages if code not in holding.described.get("languages", ())]
    if more and not holding.is_new:
        yield Message("languages added to the dataset: {names}", names=", ".join(more))
    yield from _of_words(taken)


def _of_words(taken: Taken) -> Iterator[Message]:
    made, counts = taken.rows.made, taken.rows.made.counts

    def read(kind: str) -> dict[str, object]:
        rows = ", ".join(made.rows[kind]) + (", …" if counts[kind] > len(made.rows[kind]) else "")
        return {"number": counts[kind], "rows": rows, "example": made.examples.get(kind, "")}

    yield from _where_any(
        Message("figures read from their words: {number:,}", number=counts["figures read"]),
        Message(
            "figures that can be read in two ways: {number:,} ({example}; rows {rows})",
            **read("figures"),
        ),
        Message(
            "figures that are ranges, kept by their lower end: {number:,} ({example}; rows {rows})",
            **read("ranges"),
        ),
        Message(
            "dates read with the day first: {number:,} (rows {rows})",
            **read("days"),
        ),
        Message(
            "dates read with the month first: {number:,} (rows {rows})",
            **read("months"),
        ),
        Message("claims found in the article, with anchors: {number:,}", number=counts["anchored"]),
        Message(
            "claims whose source no row names: {number:,}; it is called after the article's file, and sources.json can say more",
            number=counts["called after the file"],
        ),
        Message(
            "quotations that stand in the article more than once, the first place taken: {number:,} (rows {rows})",
            **read("quotes"),
        ),
        Message("quotations of other articles, left out: {number:,}", number=counts["other articles"]),
        Message(
            "quotations left out: {number:,}; --article TEXT makes anchors of them",
            number=counts["quotes unused"],
        ),
    )


def _where_any(*said: Message) -> Iterator[Message]:
    """Yield the sentences whose number is not zero."""
    return (message for message in said if message.values["number"])


def some(names: Iterable[str], most: int = _NAMED) -> str:
    """Return the first of some names, with a mark where there are more."""
    listed = list(names)
    return ", ".join(listed[:most]) + (", …" if len(listed) > most else "")
