"""The commands that look claims up: by sector, country or program, by any mix of filters, by their words."""

# No postponed annotations here: Typer evaluates those of every command at each start.

from collections.abc import Iterator, Sequence
from typing import Annotated, Any, cast

import msgspec
import typer
from msgspec.structs import replace

from indotrade import stream
from indotrade.cli import completion
from indotrade.cli.options import Finding, Output, completed
from indotrade.dataset.records import LISTS, Program
from indotrade.engine.protocol import Engine, Facet
from indotrade.errors import Argument, Message, Misused
from indotrade.output import formats
from indotrade.output.formats import How, Listing
from indotrade.query import names as naming
from indotrade.query.answer import Answer, find, nothing
from indotrade.query.question import FILTERS, MOST_LETTERS, MOST_WORDS, Filters, capped
from indotrade.wording.sentences import told, word


def _names(kind: str) -> Any:
    help = "An id, a code, or a name in English, Indonesian or Japanese."
    argument = typer.Argument(metavar="[NAME]...", show_default=False, help=help)
    return completed(argument, completion.entries(kind))


def sector(
    names: Annotated[list[str] | None, _names("sectors")] = None, *, finding: Finding, output: Output
) -> None:
    """Claims of a sector; without a name, all sectors, counted."""
    _named("sector", names, finding, output)


def country(
    names: Annotated[list[str] | None, _names("countries")] = None, *, finding: Finding, output: Output
) -> None:
    """Claims about a country or region; without a name, all, counted."""
    _named("country", names, finding, output)


def program(
    names: Annotated[list[str] | None, _names("programs")] = None, *, finding: Finding, output: Output
) -> None:
    """Claims about a program, and what it is; without a name, all."""
    _named("program", names, finding, output)


def list_(*, finding: Finding, output: Output) -> None:
    """Claims by any mix of filters; without a filter, all."""
    how = output.how()
    if not formats.put_field_names(how):
        _put(find(output.engine(), finding.filters), finding, how)


def search(
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="WORDS...", show_default=False, help="All must occur; a quoted argument is one phrase."
        ),
    ],
    *,
    finding: Finding,
    output: Output,
) -> None:
    """Claims with all of these words: in texts, names or evidence."""
    how = output.how()
    kept, cut = capped(words)
    if cut:
        note = Message(
            "note: the search was cut to {words} words and {letters:,} letters",
            words=MOST_WORDS,
            letters=MOST_LETTERS,
        )
        stream.say(told(note, output.language))
    if not formats.put_field_names(how):
        _put(find(output.engine(), finding.also("words", kept)), finding, how)


# --- what they share -------------------------------------------------------------------------------


def _named(option: str, asked: Sequence[str] | None, finding: Finding, output: Output) -> None:
    """Put the claims out that a name finds; without a name, all that can be asked for."""
    kind = str(FILTERS[option].names)
    how = output.how("claims" if asked else "records")
    if formats.put_field_names(how, None if asked else _entry_columns(kind)):
        return
    engine = output.engine()
    if not asked:
        _put_entries(engine, kind, finding.filters, how)
        return
    found = naming.resolve_words(engine, kind, asked)
    answer = find(engine, finding.also(option, found))
    if kind == "programs" and len(found) == 1:
        how = replace(how, draw=lambda look: _draw_program(answer, found[0], look))
    _put(answer, finding, how)


def _put(answer: Answer, finding: Finding, how: How) -> None:
    """Put claims out. Raises NotFound, once that is done, if there are none and there must be."""
    formats.put_claims(answer, how)
    if not answer.total and not finding.allow_empty:
        raise nothing(answer)


def _put_entries(engine: Engine, kind: str, filters: Filters, how: How) -> None:
    """Put the entries of a list of the vocabulary out, each with how many of the claims asked for it has."""
    if filters.get("sort") is not None:
        one = Message(naming.NOUNS[kind].one)
        raise Misused(Message("{argument} orders claims: name a {kind}", argument=Argument("sort"), kind=one))
    rest = {name: value for name, value in filters.items() if name != "limit"}
    answer = find(engine, cast(Filters, rest))
    facet: Facet = next(by.facet for by in FILTERS.values() if by.facet and by.names == kind)
    counts = answer.matches.counts(facet)
    entries = engine.entries(kind)
    limit = filters.get("limit")
    listed = entries if limit is None else entries[:limit]

    def records() -> list[dict[str, Any]]:
        return [msgspec.to_builtins(entry) | {"claims": counts.get(entry.id, 0)} for entry in listed]

    def draw(look: Any) -> Iterator[Any]:
        from indotrade.screen.tables import tree

        return tree(kind, listed, counts, len(entries), engine, look)

    dataset = formats.dataset_of(engine)
    columns = _entry_columns(kind)
    formats.put_records(Listing(kind, records, columns, draw, answer.query, dataset, len(entries)), how)


def _entry_columns(kind: str) -> tuple[str, ...]:
    """Return the keys of the record of an entry of a list, with its count of claims."""
    return (*LISTS[kind].__struct_encode_fields__, "claims")


def _draw_program(answer: Answer, name: str, look: Any) -> Iterator[Any]:
    """Draw a program before its claims, and after them how many claims that are not about it were made at it."""
    from indotrade.screen.claims import claims
    from indotrade.screen.layout import text
    from indotrade.screen.tables import program_card

    engine = answer.engine
    entry = engine.entry("programs", name)
    assert isinstance(entry, Program)
    yield from program_card(entry, engine, look)
    if answer.total:
        yield from claims(answer, look)
    made = find(engine, Filters(at=[name])).total
    more = made - find(engine, Filters(at=[name], program=[name])).total
    if more:
        sentence = "1 more claim was made at it" if more == 1 else "{} more claims were made at it"
        command = f"`indotrade list --at {name}`"
        yield text(f"{word(sentence, look.language).format(more)}: {command}.")
