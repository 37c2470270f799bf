"""Puts an answer out in the format that was asked for: claims, or the records of another noun."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from indotrade import console, export, fields, query
from indotrade.errors import Message, Misused, NotFound
from indotrade.models import Program
from indotrade.options import Filtering, Output
from indotrade.query import Answer
from indotrade.store import Counted

if TYPE_CHECKING:
    from rich.console import RenderableType

    from indotrade.console import Look

Draw = Callable[["Look"], "Iterable[RenderableType]"]
"""Draws an answer as a table."""
JSON = ("json", "ndjson")


def claims(answer: Answer, filtering: Filtering, output: Output, draw: Draw | None = None) -> None:
    """Print an answer. Raises NotFound, once that is done, if it is empty and may not be."""
    format = output.chosen()
    columns = _claim_columns(output, format)
    if format == "json":
        console.deliver(export.json_claims(answer, columns), json=True)
    elif format == "ndjson":
        console.deliver(export.ndjson_claims(answer, columns), json=True)
    elif format != "table":
        chosen = columns or list(fields.MARKDOWN if format == "markdown" else fields.DEFAULT)
        console.deliver(lines(chosen, export.claim_rows(answer, chosen, output.exported()), output, format))
    elif answer.total and columns:
        _table(columns, export.claim_rows(answer, columns, output.language()), output)
    elif answer.total:
        look = output.look()
        console.draw(draw(look) if draw else _claim_table(answer, look), look)
    if not answer.total and not filtering.allow_empty:
        raise nothing(answer)


def _claim_table(answer: Answer, look: Look) -> Iterator[RenderableType]:
    from indotrade import tables

    return tables.claims(answer, look)


def _claim_columns(output: Output, format: str) -> list[str] | None:
    """Return the fields that --fields names, None without it."""
    if output.columns is None:
        return None
    return fields.chosen(output.columns, fields.RECORD if format in JSON else list(fields.FIELDS))


def nothing(answer: Answer) -> NotFound:
    """Return what is said where no claim is found: not found is no evidence that there is none."""
    looked = f"{answer.store.size:,}"
    if not answer.query:
        return NotFound(Message("the dataset holds no claim", "dataset ini tidak memuat klaim"))
    return NotFound(
        Message(
            f"none of the {looked} claims looked through matches {_asked(answer, 'or')}",
            f"dari {looked.replace(',', '.')} klaim yang diperiksa tidak ada yang cocok dengan {_asked(answer, 'atau')}",
        ),
        Message(
            "that a claim is absent here is no evidence that it was never made",
            "tidak adanya klaim di sini bukan bukti bahwa hal itu tidak pernah dinyatakan",
        ),
    )


def _asked(answer: Answer, either: str) -> str:
    """Return the filters of an answer as they are typed: `--kind plan --since 2022`, words in quotes."""
    told = []
    for name, values in answer.query.items():
        if name == "words":
            told += [f'"{word}"' for word in values]
        else:
            option = f"--{name.replace('_', '-')}"
            told.append(option if name == "has_figure" else f"{option} {f' {either} '.join(values)}")
    return ", ".join(told)


def entries(kind: str, answer: Answer, output: Output) -> None:
    """Print the entries of a list of the vocabulary, each with how many claims of the answer it has."""
    store = answer.store
    found = query.counts(answer, kind)
    listed = [Counted(entry, found.get(entry.id, 0)) for entry, _ in store.entries(kind)]

    def draw(look: Look) -> Iterable[RenderableType]:
        from indotrade import tables

        return tables.tree(kind, listed, store, look)

    plain = [msgspec.to_builtins(entry) | {"claims": claims} for entry, claims in listed]
    columns = tuple(plain[0]) if plain else ("id", "label", "claims")
    records(kind, plain, output, export.dataset_of(store), draw, columns, answer.query)


def program_draw(answer: Answer, programs: Sequence[str]) -> Draw | None:
    """Return what draws one program before its claims, and after them how many more were made at it."""
    if len(programs) != 1:
        return None
    store = answer.store
    program = store.entry("programs", programs[0])
    assert isinstance(program, Program)
    about = {claim.id for claim in answer.claims()} if answer.count < 1000 else set()
    made = query.find(store, query.Filters(at=programs))
    more = sum(claim.id not in about for claim in made.claims()) if made.count < 1000 else made.count

    def draw(look: Look) -> Iterator[RenderableType]:
        from rich.text import Text

        from indotrade import cards, tables
        from indotrade.wording import word

        yield from cards.program_card(program, store, look)
        if answer.total:
            yield from tables.claims(answer, look)
        if more:
            yield Text(word("more_at", look.language).format(more, program.id))

    return draw


def records(
    noun: str,
    listed: Sequence[dict[str, Any]],
    output: Output,
    dataset: Mapping[str, Any] | None,
    draw: Draw,
    columns: Sequence[str],
    query: Mapping[str, Sequence[str]],
) -> None:
    """Print records of another noun than claims: under its name in JSON, as `columns` in rows, else drawn."""
    format = output.chosen()
    if output.columns == "help":
        console.deliver(f"{name}\n" for name in columns)
        return
    chosen = fields.chosen(output.columns, columns) if output.columns is not None else None
    if chosen:
        listed = [{column: record[column] for column in chosen} for record in listed]
    if format == "json":
        content = {"query": query, "count": len(listed), "total": len(listed), noun: listed}
        console.deliver(export.envelope(dataset, content), json=True)
    elif format == "ndjson":
        console.deliver(export.ndjson(listed), json=True)
    elif format == "table" and not chosen:
        look = output.look()
        console.draw(draw(look), look)
    else:
        header = chosen or list(columns)
        cells = ([cell(record[column]) for column in header] for record in listed)
        if format == "table":
            _table(header, cells, output)
        else:
            console.deliver(lines(header, cells, output, format))


def cell(value: Any) -> str:
    """Return a value of a record as the text of one cell: a list joined with `;`, a label in English."""
    if value is None:
        return ""
    if isinstance(value, (list, tuple)):
        return ";".join(map(cell, value))
    if isinstance(value, dict):
        return cell(value.get("en", value.get("name")))
    return str(value)


def lines(
    header: Sequence[str], cells: Iterable[Sequence[str]], output: Output, format: str
) -> Iterator[str]:
    """Return the lines of a table of text in csv, tsv or markdown."""
    if format == "markdown":
        return export.markdown_rows(header, cells)
    if format == "tsv":
        return export.tsv_rows(header, cells, with_header=not output.no_header)
    return export.csv_rows(header, cells, with_header=not output.no_header, bom=output.bom)


def _table(header: Sequence[str], cells: Iterable[Sequence[str]], output: Output) -> None:
    from indotrade import tables

    look = output.look()
    console.draw(tables.rows(header, cells, look), look)


def field_names(output: Output) -> bool:
    """Print the names that --fields takes if it was asked for `help`; return whether it was."""
    if output.columns != "help":
        return False
    names = fields.RECORD if output.chosen() in JSON else tuple(fields.FIELDS)
    console.deliver(f"{name}\n" for name in names)
    return True


def only(output: Output, *formats: str) -> str:
    """Return the format that was chosen. Raises Misused where a command has no such format."""
    format = output.chosen()
    if format not in formats:
        listed = ", ".join(formats)
        raise Misused(
            Message(
                f"this command has no format {format}; it has {listed}",
                f"perintah ini tidak punya format {format}; ada {listed}",
            )
        )
    return format
