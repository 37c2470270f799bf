"""Answers as JSON, NDJSON, CSV, TSV and Markdown: the formats that programs read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from indotrade.escape import json_safe, visible
from indotrade.fields import FIELDS
from indotrade.query import Answer
from indotrade.store import Store

SCHEMA_VERSION = 1

_NUMERAL = frozenset("0123456789.,%")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


class _Evidence(msgspec.Struct):
    source: str


class _Cites(msgspec.Struct):
    source: str
    evidence: list[_Evidence]


_decode_cites = msgspec.json.Decoder(_Cites).decode


def cited(record: str) -> dict[str, None]:
    """Return the ids of the sources that a claim's record cites, the article first, each once."""
    cites = _decode_cites(record)
    return dict.fromkeys((cites.source, *(evidence.source for evidence in cites.evidence)))


# --- JSON ------------------------------------------------------------------------------------------


def dataset_of(store: Store) -> dict[str, str]:
    """Return what an envelope says of the dataset."""
    dataset = store.dataset
    return {
        "name": dataset.name,
        "version": dataset.version,
        "as_of": dataset.as_of,
        "sha256": store.sha256,
    }


def envelope(dataset: Mapping[str, Any] | None, content: Mapping[str, Any]) -> Iterator[str]:
    """Yield one JSON object: the schema version, the dataset if the answer is from one, and `content`."""
    head: dict[str, Any] = {"schema_version": SCHEMA_VERSION}
    if dataset is not None:
        head["dataset"] = dataset
    yield pretty(msgspec.json.encode(head | dict(content)).decode()) + "\n"


def pretty(record: str, depth: int = 0) -> str:
    """Return a JSON text indented by two spaces, as it stands `depth` levels deep."""
    text = json_safe(msgspec.json.format(record, indent=2))
    return text.replace("\n", "\n" + "  " * depth) if depth else text


def json_claims(answer: Answer, columns: Sequence[str] | None = None) -> Iterator[str]:
    """Yield the answer as one JSON object, claim by claim."""
    store = answer.store
    head = {
        "schema_version": SCHEMA_VERSION,
        "dataset": dataset_of(store),
        "query": answer.query,
        "count": answer.count,
        "total": answer.total,
    }
    yield pretty(msgspec.json.encode(head).decode())[:-2] + ',\n  "claims": ['
    sources: dict[str, None] = {}
    separator = "\n    "
    for record in answer.records():
        sources |= cited(record)
        yield separator + pretty(_only(record, columns), 2)
        separator = ",\n    "
    yield ("\n  ]" if answer.count else "]") + ',\n  "sources": {'
    separator = "\n    "
    for source in sources:
        yield f"{separator}{_quoted(source)}: {pretty(store.source_record(source) or 'null', 2)}"
        separator = ",\n    "
    yield ("\n  }" if sources else "}") + "\n}\n"


def ndjson_claims(answer: Answer, columns: Sequence[str] | None = None) -> Iterator[str]:
    """Yield each claim as a line of JSON, with the records of the sources that it and its evidence cite."""
    for record in answer.records():
        if columns:
            yield _only(record, columns) + "\n"
            continue
        sources = ",".join(
            f"{_quoted(source)}:{answer.store.source_record(source) or 'null'}" for source in cited(record)
        )
        yield f'{record[:-1]},"sources":{{{sources}}}}}\n'


def ndjson(records: Iterable[Any]) -> Iterator[str]:
    """Yield each record as a line of JSON."""
    for record in records:
        yield json_safe(msgspec.json.encode(record).decode()) + "\n"


def _only(record: str, columns: Sequence[str] | None) -> str:
    """Return a record with only the keys named, in the order of `columns`."""
    if not columns:
        return record
    values = msgspec.json.decode(record, type=dict[str, msgspec.Raw])
    return json_safe(msgspec.json.encode({column: values[column] for column in columns}).decode())


def _quoted(text: str) -> str:
    return msgspec.json.encode(text).decode()


# --- rows ------------------------------------------------------------------------------------------


def claim_rows(answer: Answer, columns: Sequence[str], language: str) -> Iterator[list[str]]:
    """Yield each claim as the cells of `columns`."""
    readers = [FIELDS[column] for column in columns]
    for claim in answer.claims():
        source = answer.store.source(claim.source)
        assert source is not None  # held by the checks of the dataset
        yield [read(claim, source, language) for read in readers]


def csv_rows(
    header: Sequence[str], rows: Iterable[Sequence[str]], *, with_header: bool, bom: bool
) -> Iterator[str]:
    """Yield lines of CSV: LF, RFC 4180 quoting; cells that a spreadsheet would run are prefixed with `'`."""
    if bom:
        yield "\ufeff"
    import csv
    import io

    buffer = io.StringIO()
    write = csv.writer(buffer, lineterminator="\n").writerow
    for row in _with_header(header, rows, with_header):
        write([_csv_cell(cell) for cell in row])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def _csv_cell(cell: str) -> str:
    guarded = "'" + cell if cell.startswith(_FORMULA) and not _is_number(cell) else cell
    return guarded if guarded.isprintable() else "\n".join(visible(line) for line in guarded.split("\n"))


def _is_number(cell: str) -> bool:
    """Return whether a cell is a number with a sign, which no spreadsheet takes for a formula."""
    return cell[0] in "+-" and cell[1:2].isdigit() and _NUMERAL.issuperset(cell[1:])


def tsv_rows(header: Sequence[str], rows: Iterable[Sequence[str]], *, with_header: bool) -> Iterator[str]:
    """Yield lines of TSV: no quotes; tab and newline become spaces."""
    blank = str.maketrans("\t\n\r", "   ")
    for row in _with_header(header, rows, with_header):
        yield "\t".join(visible(cell.translate(blank)) for cell in row) + "\n"


def markdown_rows(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield lines of a Markdown table."""
    yield f"| {' | '.join(header)} |\n|{' --- |' * len(header)}\n"
    for row in rows:
        yield f"| {' | '.join(_markdown_cell(cell) for cell in row)} |\n"


_MARKDOWN = str.maketrans(
    {
        "\\": "\\\\",
        "|": "\\|",
        "`": "\\`",
        "*": "\\*",
        "_": "\\_",
        "[": "\\[",
        "]": "\\]",
        "<": "&lt;",
        "&": "&amp;",
    }
)


def _markdown_cell(cell: str) -> str:
    if cell.startswith(("https://", "http://")):
        return visible(cell).replace("|", "%7C").replace("<", "%3C").replace(" ", "%20")
    lines = cell.replace("\r\n", "\n").replace("\t", " ").split("\n")
    return "<br>".join(visible(line).translate(_MARKDOWN) for line in lines)


def _with_header(
    header: Sequence[str], rows: Iterable[Sequence[str]], with_header: bool
) -> Iterator[Sequence[str]]:
    if with_header:
        yield header
    yield from rows
