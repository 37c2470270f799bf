"""The registry of formats: what each can hold, which options it honours, and the one way out of the program."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from importlib import import_module
from itertools import chain
from typing import TYPE_CHECKING, Any, Literal

from msgspec import Struct, json
from msgspec.structs import replace

from indotrade import stream
from indotrade.engine.protocol import Engine
from indotrade.errors import Argument, Meant, Message, Misused
from indotrade.query import columns
from indotrade.query.answer import Answer
from indotrade.screen.look import Draw, Look
from indotrade.text.choices import choice, either

if TYPE_CHECKING:
    from indotrade.output.citing import Citation
    from indotrade.screen.chart import Bar

Holds = Literal["claims", "records", "card", "citations"]
"""What a format can hold: claims, records of another noun, one record that is no list, citations."""
Option = Literal["width", "color", "full", "no_header", "bom"]
"""What can be asked of some formats only; all other options are taken with every format."""
ANSWERS: tuple[Holds, ...] = ("claims", "records", "card")
CARD = ("field", "value")
"""The columns of a record that is no list."""


class Format(Struct, frozen=True):
    """One format, which a module of this package writes: with a function for each thing that it holds.

    `claims(answer, how)`, `records(listing, how)`, `card(card, how)` and `citations(items, language)` each
    yield text or bytes. A format of rows has `lines(header, rows, how)` in place of the first three.
    """

    name: str
    holds: Sequence[Holds]
    honours: Sequence[Option] = ()
    columns: Sequence[str] | None = None
    """The columns of claims where none is chosen; None for a format that is not made of rows."""
    keys: bool = False
    """Whether `--fields` names the keys of a record, and not columns."""
    json: bool = False
    """Whether what the output's encoding does not have can be escaped as in JSON."""
    of_claims: bool = False
    """Whether its citations are of claims; else they are of sources, unless an entry for each claim is asked for."""
    paged: bool = False
    """Whether a terminal may show it in a pager."""

    @property
    def writer(self) -> Any:
        """The module that writes it."""
        return import_module(f"indotrade.output.{self.name.replace('-', '_')}")


FORMATS = {
    format.name: format
    for format in (
        Format("table", ANSWERS, honours=("width", "color", "full"), paged=True),
        Format("json", ANSWERS, keys=True, json=True),
        Format("ndjson", ANSWERS, keys=True, json=True),
        Format("csv", ANSWERS, honours=("no_header", "bom"), columns=columns.DEFAULT),
        Format("tsv", ANSWERS, honours=("no_header",), columns=columns.DEFAULT),
        Format("markdown", ANSWERS, columns=columns.BRIEF),
        Format(
            "html", ANSWERS, honours=("full",)
        ),  # a page has all that is known of a claim, asked for or not
        Format("text", ("citations",), of_claims=True),
        Format("bibtex", ("citations",)),
        Format("biblatex", ("citations",)),
        Format("csl-json", ("citations",), json=True),
        Format("ris", ("citations",)),
        Format("claimreview", ("citations",), json=True, of_claims=True),
    )
}


ALIASES = {"md": "markdown", "jsonl": "ndjson", "bib": "bibtex", "csl": "csl-json"}
"""What people type for a format."""


class Listing(Struct, frozen=True):
    """Records of another noun than claims."""

    noun: str
    """Its plural, which is its key in JSON."""
    records: Callable[[], Sequence[Mapping[str, Any]]]
    """Reads them: what is drawn does not need them all."""
    columns: Sequence[str]
    """The keys of a record, which are the columns of a table for programs."""
    draw: Draw
    query: Mapping[str, Sequence[str]] = {}
    dataset: Mapping[str, Any] | None = None
    """What an envelope says of the dataset; None where the answer is from none."""
    total: int | None = None
    """How many there were before a limit; None for as many as there are records."""
    charts: Callable[[str], Iterable[tuple[str, Sequence[Bar]]]] = lambda _language: ()
    """Returns, in a language, the charts that are drawn of them, each with its title."""


class Card(Struct, frozen=True):
    """One record that is no list."""

    content: Mapping[str, Any]
    draw: Draw
    dataset: Mapping[str, Any]

    def rows(self) -> Iterator[tuple[str, Any]]:
        """Yield each thing that it says under the path of its keys: `sources.article`, 2."""
        for name, value in {"dataset": self.dataset, **self.content}.items():
            yield from _told(name, value)


class How(Struct, frozen=True):
    """How an answer is put out."""

    format: Format
    fields: str | None
    """What `--fields` names, as it was typed; None without it."""
    language: str
    """Of the texts for programs, which do not depend on the environment."""
    look: Look
    header: bool = True
    bom: bool = False
    draw: Draw | None = None
    """Draws claims, where that is not as a table of claims."""
    columns: Sequence[str] | None = None
    """What `--fields` names, understood; None for the usual ones."""

    def choosing(self, known: Sequence[str]) -> How:
        """Return the same with `columns` from `fields`, if there are any. Raises Misused for one that is not known."""
        return self if self.fields is None else replace(self, columns=columns.chosen(self.fields, known))


def holding(kind: Holds) -> list[str]:
    """Return the names of the formats that can hold something."""
    return [name for name, format in FORMATS.items() if kind in format.holds]


def named(asked: str, kind: Holds) -> str:
    """Return the name of the format that is asked for, among those that can hold something. Raises Misused."""
    format = ALIASES.get(asked, asked)
    if format in holding("citations") and kind != "citations":
        told = Message("{format} is a format of citations", format=format)
        hint = Message("`indotrade cite ID --format {format}` cites a claim or a source", format=format)
        raise Misused(told, None if format == "text" else hint, Meant("show", [["cite"]]))
    return choice(format, holding(kind), "format")


def honouring(option: Option) -> list[str]:
    """Return the names of the formats that honour an option."""
    return [name for name, format in FORMATS.items() if option in format.honours]


def refuse_idle(format: Format, given: Iterable[Option]) -> None:
    """Raise Misused for an option that a format cannot honour: it is never ignored."""
    for option in given:
        if option not in format.honours:
            raise Misused(
                Message(
                    "{option} goes with --format {formats}, and not with {format}",
                    option=Argument(option),
                    formats=either(honouring(option)),
                    format=format.name,
                )
            )


def field_names(format: Format) -> Sequence[str]:
    """Return what `--fields` can name of claims."""
    return columns.keys() if format.keys else tuple(columns.COLUMNS)


def put_field_names(how: How, known: Sequence[str] | None = None) -> bool:
    """Put the names out that `--fields` takes, of claims if none are given, where it is `help`; return whether it is.

    On a terminal with what each means; elsewhere a name a line, as a script wants them.
    """
    if how.fields == "help":
        names = known or field_names(how.format)
        stream.deliver(f"{line}\n" for line in (_explained(names, how.look) if how.look.terminal else names))
    return how.fields == "help"


def _explained(names: Sequence[str], look: Look) -> Iterable[str]:
    from indotrade.screen.lines import Fact, facts
    from indotrade.wording.fields import means

    return facts([Fact(name, means(name, look.language)) for name in names], look)


def dataset_of(engine: Engine) -> dict[str, str]:
    """Return what an envelope says of the dataset."""
    described = json.decode(engine.dataset_record)
    return {name: described[name] for name in ("name", "version", "as_of")} | {"sha256": engine.sha256}


def put_claims(answer: Answer, how: How) -> None:
    """Put claims out."""
    format = how.format
    if how.fields is not None:
        how = how.choosing(field_names(format))
    if format.columns is None:
        _put(lambda: format.writer.claims(answer, how), how)
    else:
        header = how.columns or format.columns
        _put(lambda: format.writer.lines(header, columns.rows(answer, header, how.language), how), how)


def put_records(listing: Listing, how: How) -> None:
    """Put records of another noun out."""
    how = how.choosing(listing.columns)
    if how.format.columns is None:
        _put(lambda: how.format.writer.records(listing, how), how)
    else:
        header = how.columns or listing.columns
        _put(lambda: how.format.writer.lines(header, _rows(listing, header), how), how)


def put_card(card: Card, how: How) -> None:
    """Put a record out that is no list; where rows are written, a row for each thing that it says."""
    how = how.choosing(tuple(card.content))
    if how.columns is not None:
        card = replace(card, content={name: card.content[name] for name in how.columns})
    if how.format.columns is None:
        _put(lambda: how.format.writer.card(card, how), how)
    else:
        _put(lambda: how.format.writer.lines(CARD, card.rows(), how), how)


def put_citations(items: Sequence[Citation], format: Format, language: str) -> None:
    """Put citations out."""
    stream.deliver(format.writer.citations(items, language), json=format.json)


def _told(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Yield what a value says by path; a record in a list goes by the first thing that it says."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _told(f"{name}.{key}", item)
    elif isinstance(value, list) and value and isinstance(value[0], Mapping):
        for item in value:
            first, *rest = item
            yield from _told(f"{name}.{item[first]}", {key: item[key] for key in rest})
    else:
        yield name, value


def _rows(listing: Listing, header: Sequence[str]) -> Iterator[list[Any]]:
    return ([record[column] for column in header] for record in listing.records())


def _put(write: Callable[[], Iterable[str | bytes]], how: How) -> None:
    """Put out what `write` yields: on a terminal through a pager, if it is longer than the screen."""
    if not (how.format.paged and how.look.pager):
        stream.deliver(write(), json=how.format.json)
        return
    chunks = map(str, write())
    begun, lines = [], 0
    for chunk in chunks:
        begun.append(chunk)
        lines += chunk.count("\n")
        if lines >= how.look.height:
            if not stream.page(chain(begun, chunks)):
                stream.deliver(write())  # what a broken pager was given is written anew
            return
    stream.deliver(begun)
