"""The answer to a question: the claims, in order, how many there are, and what is said where there is none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from indotrade.engine.protocol import Engine, Facet, Matches, Wanted
from indotrade.errors import Argument, Message, NotFound
from indotrade.query.question import Filters, Question, understood
from indotrade.text.choices import either
from indotrade.text.command_line import command_line

if TYPE_CHECKING:
    from indotrade.dataset.records import Claim

ASKED_AS: dict[Facet, str] = {"measured": "measure", "occasion": "program"}
"""The filter whose name a query has for a facet that is no filter of its own."""


class Answer:
    """The claims that were asked for: read one by one, and never all held."""

    def __init__(self, engine: Engine, question: Question) -> None:
        self.engine = engine
        self.query = question.query
        self.matches: Matches = engine.find(question.wanted)
        wanted = question.wanted
        self.words = wanted.words
        """The folded words that were searched for."""
        self.by_source = wanted.order is None and wanted.ids is None and not wanted.words
        """Whether the claims of a source follow each other, as they do in the order of answers."""
        self.total = self.matches.total
        """How many claims match."""
        limit = question.wanted.limit
        self.count = self.total if limit is None else min(self.total, limit)
        """How many of them are here, after the limit."""

    def records(self) -> Iterator[str]:
        """Yield each claim as one line of JSON, in order."""
        return self.matches.records()

    def claims(self) -> Iterator[Claim]:
        """Yield each claim, typed, in order."""
        from indotrade.dataset.records import decode_claim

        return map(decode_claim, self.matches.records())


def find(engine: Engine, filters: Filters, also: Mapping[Facet, Sequence[str]] | None = None) -> Answer:
    """Return the claims that pass all filters, and have one of the values of each facet in `also`.

    Raises as `question.understood` does.
    """
    asked = understood(engine, filters)
    if also:
        query = {ASKED_AS.get(facet, facet): list(values) for facet, values in also.items()}
        wanted = replace(asked.wanted, facets={**asked.wanted.facets, **also})
        asked = Question(asked.query | query, wanted)
    return Answer(engine, asked)


def of_ids(engine: Engine, ids: Sequence[str], limit: int | None = None) -> Answer:
    """Return the claims with these ids, in this order, the first `limit` of them."""
    return Answer(engine, Question({"id": list(ids)}, Wanted(ids=ids, limit=limit)))


def nothing(answer: Answer) -> NotFound:
    """Return what is said where no claim is found: not found is no evidence that there is none."""
    if not answer.query:
        return NotFound(Message("the dataset holds no claim"))
    return NotFound(
        Message(
            "none of the {count:,} claims looked through matches {asked}",
            count=answer.engine.size,
            asked=typed(answer.query),
        ),
        _evidence_asked(answer)
        or Message("that a claim is absent here is no evidence that it was never made"),
    )


def _evidence_asked(answer: Answer) -> Message | None:
    """Return the hint where claims were sought in a source in which none stand, for it is evidence; else None."""
    for name in answer.query.get("source", ()):
        source = answer.engine.source(name)
        if source and source.type == "evidence":
            return Message(
                "it is evidence: `{command}` shows on which claims it bears",
                command=command_line(["source", name]),
            )
    return None


def typed(query: Mapping[str, Sequence[str]]) -> Message:
    """Return the filters of an answer as they are typed: `--kind plan or need, --since 2022`, words in quotes."""
    told: list[Message] = []
    for name, values in query.items():
        if name == "words":
            told += [Message('"{word}"', word=value) for value in values]
        elif name == "has_figure":
            told.append(Message("{argument}", argument=Argument(name)))
        else:
            told.append(Message("{argument} {values}", argument=Argument(name), values=either(values)))
    asked, *others = told
    for other in others:
        asked = Message("{first}, {second}", first=asked, second=other)
    return asked
