"""The commands that look claims up: by sector, country, program, speaker or measure, by any filters, by their words."""

# No postponed annotations here: Typer evaluates those of every command at each start.

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, cast

import msgspec
import typer
from msgspec.structs import replace

from indotrade.cli import completion
from indotrade.cli.failures import say
from indotrade.cli.options import Finding, Output, completed
from indotrade.dataset.words import NARRATION
from indotrade.engine.protocol import Engine, Facet
from indotrade.errors import Argument, Meant, Message, Misused, NotFound
from indotrade.output import formats
from indotrade.output.formats import How, Listing
from indotrade.query import names as naming
from indotrade.query.answer import Answer, find, nothing, typed
from indotrade.query.question import FILTERS, MOST_LETTERS, Filters, capped
from indotrade.wording.sentences import LANGUAGES, number_of, told, word

if TYPE_CHECKING:
    from indotrade.dataset.vocabulary import Entry


def _names(kind: str) -> Any:
    help = "An id, a code, or a name in English, Indonesian or Japanese."
    argument = typer.Argument(metavar="[NAME]...", show_default=False, help=help)
    return completed(argument, completion.speakers if kind == "people" else completion.entries(kind))


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
    """What a program is, the claims about it and those made at it; without a name, all."""
    _named("program", names, finding, output)


def speaker(
    names: Annotated[list[str] | None, _names("people")] = None, *, finding: Finding, output: Output
) -> None:
    """Claims of a person or an organization, or of the articles themselves; without a name, all, counted."""
    _named("speaker", names, finding, output)


def organization(
    names: Annotated[list[str] | None, _names("organizations")] = None, *, finding: Finding, output: Output
) -> None:
    """Claims about an organization; without a name, all, counted."""
    _named("organization", names, finding, output)


def measure(
    names: Annotated[list[str] | None, _names("measures")] = None, *, finding: Finding, output: Output
) -> None:
    """Every figure of a measure on one time line, of claims and of evidence; without a name, all measures."""
    _named("measure", names, finding, output)


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
            words=naming.MOST_WORDS,
            letters=MOST_LETTERS,
        )
        say(note, output.language)
    if formats.put_field_names(how):
        return
    engine = output.engine()
    answer = find(engine, finding.also("words", kept))
    try:
        _put(answer, finding, how)
    except NotFound as error:
        raise _apart(engine, kept, finding, error) from None


def _apart(engine: Engine, words: Sequence[str], finding: Finding, error: NotFound) -> NotFound:
    """Return the error for words that are not found, with how to ask for those of the only phrase among them, if some are."""
    phrases = [word for word in words if len(word.split()) > 1]
    if len(phrases) != 1:
        return error
    [phrase] = phrases
    apart = [part for word in words for part in (phrase.split() if word == phrase else [word])]
    there = find(engine, finding.also("words", apart[: naming.MOST_WORDS])).total
    if not there:
        return error
    hint = Message("these words stand in {claims}, but not as one phrase", claims=number_of(there, "claim"))
    return NotFound(error.message, hint, Meant(phrase, [phrase.split()], hint))


# --- what they share -------------------------------------------------------------------------------


def _named(option: str, asked: Sequence[str] | None, finding: Finding, output: Output) -> None:
    """Put out what a name finds; without a name, all that can be asked for."""
    kind = str(FILTERS[option].names)
    how = output.how("claims" if asked and kind != "measures" else "records")
    if formats.put_field_names(how, field_names(kind) if asked else _entry_columns(kind)):
        return
    engine = output.engine()
    if asked:
        put_named(engine, kind, naming.resolve_words(engine, kind, asked), finding, how)
    else:
        _refuse_order(kind, finding.filters)
        _put_entries(engine, kind, finding.filters, how)


def field_names(kind: str) -> Sequence[str] | None:
    """Return what `--fields` can name of what the entries of a list find; None for what it can of claims."""
    if kind != "measures":
        return None
    from indotrade.query import figures

    return figures.COLUMNS


def put_named(engine: Engine, kind: str, found: Sequence[str], finding: Finding, how: How) -> None:
    """Put out what there is of some entries of a list: their claims, or the figures of measures."""
    option = naming.NOUNS[kind].one
    if kind == "measures":
        _refuse_order(kind, finding.filters)
        _put_figures(engine, found, finding, how)
        return
    if kind == "programs" and len(found) == 1:
        answer = find(engine, finding.filters, {"occasion": found})
        how = replace(how, draw=lambda look: _draw_program(answer, found[0], finding, look))
    else:
        answer = find(engine, finding.also(option, found))
        if answer.total:
            how = replace(how, draw=lambda look: _draw_named(answer, kind, found, option, look))
    _put(answer, finding, how)


def _put(answer: Answer, finding: Finding, how: How) -> None:
    """Put claims out. Raises NotFound, once that is done, if there are none and there must be."""
    formats.put_claims(answer, how)
    if not answer.total and not finding.allow_empty:
        raise nothing(answer)


def _refuse_order(kind: str, filters: Filters) -> None:
    """Raise Misused for an order of claims where none are listed."""
    if filters.get("sort") is not None:
        one = Message(naming.NOUNS[kind].one)
        raise Misused(Message("{argument} orders claims: name a {kind}", argument=Argument("sort"), kind=one))


def _without_limit(filters: Filters) -> Filters:
    return cast(Filters, {name: value for name, value in filters.items() if name != "limit"})


# --- what can be asked for ---------------------------------------------------------------------------


def _put_entries(engine: Engine, kind: str, filters: Filters, how: How) -> None:
    """Put the entries of a list of the vocabulary out, each with how many of the claims asked for it has."""
    answer = find(engine, _without_limit(filters))
    facets: dict[str, Facet] = {
        "claims": next(by.facet for by in FILTERS.values() if by.facet and by.names == kind)
    }
    if kind == "measures":
        facets["bears_on"] = "measured"
    counts = {name: answer.matches.counts(facet) for name, facet in facets.items()}
    entries = _entries(engine, kind, counts["claims"])
    listed = entries[: filters.get("limit")]

    def records() -> list[dict[str, Any]]:
        return [
            msgspec.to_builtins(entry) | {name: of.get(entry.id, 0) for name, of in counts.items()}
            for entry in listed
        ]

    def draw(look: Any) -> Iterator[Any]:
        from indotrade.screen.tables import tree

        return tree(noun, listed, counts, len(entries), engine, look)

    noun = "speakers" if kind == "people" else kind
    dataset = formats.dataset_of(engine)
    columns = _entry_columns(kind)
    formats.put_records(Listing(noun, records, columns, draw, answer.query, dataset, len(entries)), how)


def _entries(engine: Engine, kind: str, counts: Mapping[str, int]) -> Sequence["Entry"]:
    """Return the entries of a list; of `people` all that speak: organizations, too, and the articles themselves."""
    entries = engine.entries(kind)
    if kind != "people":
        return entries
    from indotrade.dataset.vocabulary import Person

    speaking = (entry for entry in engine.entries("organizations") if entry.id in counts)
    voice = Person(NARRATION, {language: word("narration", language) for language in LANGUAGES})
    return [*entries, *(Person(it.id, it.label, it.aliases, it.about) for it in speaking), voice]


def _entry_columns(kind: str) -> tuple[str, ...]:
    """Return the keys of the record of an entry of a list, with its counts."""
    from indotrade.dataset.vocabulary import LISTS

    counts = ("claims", "bears_on") if kind == "measures" else ("claims",)
    return (*LISTS[kind].__struct_encode_fields__, *counts)


def _put_figures(engine: Engine, measures: Sequence[str], finding: Finding, how: How) -> None:
    """Put every figure of some measures out. Raises NotFound, once that is done, if there is none and there must be."""
    from indotrade.query import figures

    answer = find(engine, _without_limit(finding.filters), {"measured": measures})
    every = figures.measured(answer.claims(), measures)
    listed = every[: finding.filters.get("limit")]

    def draw(look: Any) -> Iterator[Any]:
        from indotrade.screen.measure import time_line

        title = ", ".join(naming.label(engine, "measures", name, look.language) for name in measures)
        return time_line(listed, title, len(every), engine, look) if every else iter(())

    def charted(language: str) -> Iterator[Any]:
        from indotrade.screen.measure import charts

        return charts(listed, language)

    dataset = formats.dataset_of(engine)
    listing = Listing(
        "figures",
        lambda: [it.record() for it in listed],
        figures.COLUMNS,
        draw,
        answer.query,
        dataset,
        len(every),
        charted,
    )
    formats.put_records(listing, how)
    if not every and not finding.allow_empty:
        raise nothing(answer)


# --- how it is drawn ---------------------------------------------------------------------------------


def _draw_named(answer: Answer, kind: str, found: Sequence[str], option: str, look: Any) -> Iterator[Any]:
    """Draw claims under a line that says what was asked for, by its names, and what was found."""
    from indotrade.screen.claims import claims, summary

    title = [naming.label(answer.engine, kind, name, look.language) for name in found]
    rest = {name: values for name, values in answer.query.items() if name != option}
    if rest:
        title.append(told(typed(rest), look.language))
    return claims(answer, look, summary(answer, ", ".join(title), look.language))


def _draw_program(answer: Answer, name: str, finding: Finding, look: Any) -> Iterator[Any]:
    """Draw a program, the claims about it, and apart from them those that were only made at it."""
    from indotrade.dataset.vocabulary import Program
    from indotrade.screen.claims import parts
    from indotrade.screen.tables import program_card

    engine = answer.engine
    entry = engine.entry("programs", name)
    assert isinstance(entry, Program)
    yield from program_card(entry, engine, look)
    rest = _without_limit(finding.filters)
    if rest.get("program"):  # which asks for the same facet of another one
        about = sum(name in claim.programs for claim in find(engine, rest, {"occasion": [name]}).claims())
    else:
        about = find(engine, rest, {"occasion": [name], "programs": [name]}).total
    sections = {
        "Claims about it": (about, lambda claim: name in claim.programs),
        "Other claims made at it": (answer.total - about, lambda claim: name not in claim.programs),
    }
    if answer.total:
        yield from parts(answer, sections, look)
