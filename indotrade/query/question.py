"""The filters of claims, each stated once: what it asks for, how it is called, and what it becomes for an engine."""

# No postponed annotations here: the command line makes an option of each filter by its annotation, at each start.

from collections.abc import Sequence
from typing import Annotated, Any, TypedDict, cast, get_args

from msgspec import Struct

from indotrade.dataset.words import KINDS, STATUSES
from indotrade.engine.protocol import Engine, Facet, Order, Wanted
from indotrade.errors import Argument, Message, Misused, NotFound
from indotrade.query import names
from indotrade.text import fold
from indotrade.text.choices import choice, is_text
from indotrade.text.dates import days, spanned
from indotrade.wording.labels import meant
from indotrade.wording.sentences import one_of

ORDERS: tuple[Order, ...] = get_args(Order)
MOST_LETTERS = 4096


class By(Struct, frozen=True):
    """How a filter narrows claims down: by which facet, and what its values are."""

    help: str
    facet: Facet | None = None
    names: str | None = None
    """The list of the vocabulary whose names it takes (`sectors`), or `sources`, whose ids; None for no names."""
    choices: Sequence[str] = ()
    metavar: str = "NAME"


Several = str | Sequence[str]
"""One value of a filter, or several that are alternatives."""


class Filters(TypedDict, total=False):
    """What claims are asked for. Values of one filter are alternatives; different filters all hold."""

    sector: Annotated[Several, By("In this sector or a part of it.", "sectors", "sectors")]
    country: Annotated[Several, By("About this country or a region of it.", "countries", "countries")]
    program: Annotated[Several, By("About this program.", "programs", "programs")]
    organization: Annotated[Several, By("About this organization.", "organizations", "organizations")]
    speaker: Annotated[
        Several, By("Said by this person or organization, or by the article: narration.", "speaker", "people")
    ]
    at: Annotated[Several, By("Made at this program.", "at", "programs")]
    from_: Annotated[Several, By("On trade from this country.", "from", "countries")]
    to: Annotated[Several, By("On trade to this country.", "to", "countries")]
    kind: Annotated[Several, By(one_of(KINDS), "kind", choices=KINDS, metavar="KIND")]
    status: Annotated[Several, By(one_of(STATUSES), "status", choices=STATUSES, metavar="STATUS")]
    source: Annotated[
        Several,
        By("Printed in this article: an id, an address or a publisher.", "source", "sources", metavar="ID"),
    ]
    measure: Annotated[Several, By("With a figure of this measure.", "measures", "measures")]
    period: Annotated[
        str | None,
        By("With a figure whose period has a day in this one: a date, or two joined by /.", metavar="PERIOD"),
    ]
    has_figure: Annotated[bool, By("With a figure.", "figure")]
    since: Annotated[str | None, By("Said on this date or after: YYYY[-MM[-DD]].", metavar="DATE")]
    until: Annotated[str | None, By("Said on this date or before.", metavar="DATE")]
    words: Annotated[Several, By("Words or phrases that must all occur.", metavar="WORDS")]
    sort: Annotated[
        str | None,
        By(f"By {', '.join(ORDERS[:-1])} or {ORDERS[-1]}; -value for descending.", metavar="[-]FIELD"),
    ]
    limit: Annotated[int | None, By("At most this many claims.")]


FILTERS: dict[str, By] = {name: get_args(hint)[1] for name, hint in Filters.__annotations__.items()}
"""Each filter, by its argument's name."""


class Question(Struct, frozen=True):
    """Filters, understood."""

    query: dict[str, list[str]]
    """The filters that were given, names resolved to ids: what an answer repeats."""
    wanted: Wanted


def understood(engine: Engine, filters: Filters) -> Question:
    """Return what filters ask a dataset for.

    Raises NotFound for a name that is unknown or ambiguous, Misused for a date, kind, status or order that
    is none, and for dates the wrong way round.
    """
    if unknown := filters.keys() - FILTERS.keys():
        raise TypeError(f"there is no filter {min(unknown)!r}")
    given: dict[str, Any] = {name: value for name, value in filters.items() if _says_something(value)}
    query: dict[str, list[str]] = {}
    facets: dict[Facet, list[str]] = {}
    for name, by in FILTERS.items():
        if by.facet and name in given:
            asked = ["yes"] if given[name] is True else _several(given[name])
            facets[by.facet] = _values(engine, name, by, asked)
            query[name.rstrip("_")] = ["true"] if given[name] is True else facets[by.facet]
    words = tuple(_folded(word) for word in _several(given.get("words", ())))
    if (limit := given.get("limit")) is not None and limit < 0:
        raise Misused(
            Message(
                "{argument} takes a number from {least} on, not {value}",
                argument=Argument("limit"),
                least=0,
                value=limit,
            )
        )
    if len(words) > names.MOST_WORDS:
        raise Misused(
            Message(
                "{argument} takes at most {most} words", argument=Argument("words"), most=names.MOST_WORDS
            )
        )
    since, until = _span(given)
    period = _period(given.get("period"))
    query |= {name: _several(given[name]) for name in ("period", "since", "until", "words") if name in given}
    sort = given.get("sort", "")
    wanted = Wanted(
        facets=facets,
        words=words,
        since=since,
        until=until,
        period=period,
        order=_order(sort) if "sort" in given else None,
        descending=sort.startswith("-"),
        limit=limit,
    )
    return Question(query, wanted)


def capped(words: Sequence[str]) -> tuple[list[str], bool]:
    """Return the words that are searched for, and whether some had to be cut."""
    kept: list[str] = []
    room = MOST_LETTERS
    for word in words[: names.MOST_WORDS]:
        kept.append(word[:room])
        room -= len(kept[-1])
        if room <= 0:
            break
    return kept, kept != list(words)


def _says_something(value: Any) -> bool:
    """Return whether a filter is given: `""` is, and is then no date and no order; `[]` is not."""
    return value is not None and value is not False and (isinstance(value, (str, int)) or len(value) > 0)


def _several(asked: Several) -> list[str]:
    return [asked] if isinstance(asked, str) else list(asked)


def _values(engine: Engine, name: str, by: By, asked: Sequence[str]) -> list[str]:
    """Return the values of a facet that the values of a filter mean."""
    if by.names == "sources":
        from indotrade.query import records

        return list(dict.fromkeys(it.id for value in asked for it in records.sources(engine, value)))
    if by.names:
        return list(dict.fromkeys(names.resolve(engine, by.names, value) for value in asked))
    return [_word(value, by.choices, name) for value in asked] if by.choices else list(asked)


def _word(asked: str, choices: Sequence[str], argument: str) -> str:
    """Return which word of the records is meant, in any language of the screens. Raises Misused."""
    if asked in choices:
        return asked
    return (is_text(asked) and meant(asked, choices)) or choice(asked, choices, argument)


def _order(sort: str) -> Order:
    return cast(Order, _word(sort.removeprefix("-"), ORDERS, "sort"))


def _span(given: dict[str, Any]) -> tuple[str | None, str | None]:
    """Return the first and the last day that are asked for. Raises Misused where they are the wrong way round."""
    since, until = (_days(name, given.get(name)) for name in ("since", "until"))
    if since and until and since[0] > until[1]:
        raise Misused(
            Message(
                "{since} {first} is after {until} {last}",
                since=Argument("since"),
                first=given["since"],
                until=Argument("until"),
                last=given["until"],
            )
        )
    return since and since[0], until and until[1]


def _days(argument: str, date: str | None) -> tuple[str, str] | None:
    """Return the first and last day of a date. Raises Misused where it is none."""
    if date is None:
        return None
    try:
        if not _is_date(date):
            raise ValueError
        return days(date)
    except ValueError:
        raise Misused(
            Message(
                '{argument} "{date}" is no date; expected YYYY, YYYY-MM or YYYY-MM-DD',
                argument=Argument(argument),
                date=date[:80],
            )
        ) from None


def _period(period: str | None) -> tuple[str, str] | None:
    """Return the first and the last day of a date or an interval. Raises Misused where it is none."""
    if period is None:
        return None
    begin, slash, end = period.partition("/")
    try:
        if not _is_date(begin) or (slash and not _is_date(end)):
            raise ValueError
        first, last = spanned(period)
    except ValueError:
        raise Misused(
            Message(
                '{argument} "{period}" is no period; expected a date (2022, 2022-04) or two (2021/2022)',
                argument=Argument("period"),
                period=period[:80],
            )
        ) from None
    if first > last:
        raise Misused(
            Message(
                "{argument} {period} ends before it begins", argument=Argument("period"), period=period[:80]
            )
        )
    return first, last


def _is_date(date: str) -> bool:
    return len(date) in (4, 7, 10) and date.isascii() and date.replace("-", "").isdigit()


def _folded(word: str) -> str:
    """Return a word as texts are searched for it. Raises NotFound where nothing of it is left."""
    folded = fold.fold(word) if is_text(word) else ""
    if not folded:
        raise NotFound(Message('nothing can be searched for with "{word}"', word=word[:80]))
    return folded
