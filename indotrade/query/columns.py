"""The columns of a claim: what each holds, as a typed value; a format turns it into text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from msgspec import Struct

from indotrade.dataset.words import NARRATION
from indotrade.engine.protocol import Engine
from indotrade.errors import Argument, Message, Misused
from indotrade.query.answer import Answer
from indotrade.query.names import label
from indotrade.text.choices import nearest, suggesting
from indotrade.wording.labels import spoken

if TYPE_CHECKING:
    from decimal import Decimal

    from indotrade.dataset.records import Claim, Source

Value: TypeAlias = "str | int | Decimal | list[Any] | tuple[Any, ...] | dict[str, Any] | None"
"""What stands in a cell: a text, a number, several of them, a text by language, or nothing."""


class Row(Struct, frozen=True):
    """What a row is read off."""

    claim: Claim
    source: Source
    """The article in which the claim stands."""
    language: str
    """Of its texts and names."""
    engine: Engine
    """What knows the names."""


Read = Callable[[Row], Value]


def _decimal(number: str | None) -> Decimal | None:
    from decimal import Decimal  # a third of a millisecond that most answers do without

    return None if number is None else Decimal(number)


def _figure(field: str) -> Read:
    return lambda row: getattr(row.claim.figure, field) if row.claim.figure else None


def _names(kind: str) -> Read:
    return lambda row: [label(row.engine, kind, name, row.language) for name in getattr(row.claim, kind)]


def _place(row: Row) -> str | None:
    where = row.claim.locator
    return f"{where.label} {where.value}" if where else None


COLUMNS: dict[str, Read] = {
    "id": lambda row: row.claim.id,
    "kind": lambda row: row.claim.kind,
    "status": lambda row: row.claim.status,
    "statement": lambda row: spoken(row.claim.statement, row.language),
    "value": lambda row: _decimal(row.claim.figure.value if row.claim.figure else None),
    "unit": _figure("unit"),
    "bound": _figure("bound"),
    "as_printed": _figure("as_printed"),
    "period": _figure("period"),
    "sectors": lambda row: row.claim.sectors,
    "countries": lambda row: row.claim.countries,
    "programs": lambda row: row.claim.programs,
    "organizations": lambda row: row.claim.organizations,
    "speaker": lambda row: row.claim.speaker or NARRATION,
    "said": lambda row: row.claim.date,
    "publisher": lambda row: row.source.publisher.name,
    "published": lambda row: row.source.published,
    "paragraph": lambda row: row.claim.paragraph,
    "url": lambda row: row.source.url,
    "statement_en": lambda row: row.claim.statement.get("en"),
    "statement_id": lambda row: row.claim.statement.get("id"),
    "note": lambda row: spoken(row.claim.note, row.language),
    "flow_from": lambda row: row.claim.flow.from_ if row.claim.flow else None,
    "flow_to": lambda row: row.claim.flow.to if row.claim.flow else None,
    "source": lambda row: row.claim.source,
    "measure": _figure("measure"),
    "reading": lambda row: _decimal(
        row.claim.figure.reading.value if row.claim.figure and row.claim.figure.reading else None
    ),
    "supports": lambda row: row.claim.supports,
    "conflicts": lambda row: row.claim.conflicts,
    "context": lambda row: row.claim.context,
    "anchors": lambda row: row.claim.anchors,
    "said_basis": lambda row: row.claim.said.basis if row.claim.said else None,
    "said_at": lambda row: row.claim.said.at if row.claim.said else None,
    "locator": _place,
    "title": lambda row: row.source.title,
    "speaker_name": lambda row: label(row.engine, "people", row.claim.speaker, row.language),
    "sector_names": _names("sectors"),
    "country_names": _names("countries"),
    "program_names": _names("programs"),
    "organization_names": _names("organizations"),
}
"""What each column holds; the names do not depend on a language."""

DEFAULT = (
    "id", "kind", "status", "statement", "value", "unit", "bound", "as_printed", "period", "sectors", "countries",
    "programs", "organizations", "speaker", "said", "publisher", "published", "paragraph", "url",
)  # fmt: skip
"""The columns of a table for programs, where none is chosen."""
BRIEF = ("id", "statement", "value", "unit", "status", "speaker", "said", "publisher", "paragraph", "url")
"""The columns of a table that people read in a text."""


def keys() -> tuple[str, ...]:
    """Return the keys of a claim's record."""
    from indotrade.dataset.records import Claim

    return tuple(name for name in Claim.__struct_encode_fields__ if name != "sources")


def rows(answer: Answer, columns: Sequence[str], language: str) -> Iterator[list[Value]]:
    """Yield each claim as the values of `columns`."""
    readers = [COLUMNS[column] for column in columns]
    for claim in answer.claims():
        source = answer.engine.source(claim.source)
        assert source is not None  # held by the checks of the dataset
        row = Row(claim, source, language, answer.engine)
        yield [read(row) for read in readers]


def text(value: Value) -> str:
    """Return a value as the text of one cell: several joined with `;`, a label in English, nothing as ""."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, (list, tuple)):
        return ";".join(map(text, value))
    if isinstance(value, dict):
        return text(value.get("name") or spoken(value, "en"))
    return str(value) if isinstance(value, int) else f"{value:f}"


def chosen(asked: str, known: Sequence[str]) -> list[str]:
    """Return the columns of a list `a,b,c`. Raises Misused for one that is not known, and for none."""
    columns = [name.strip() for name in asked.split(",") if name.strip()]
    if not columns:
        raise Misused(Message("{argument} names no field", argument=Argument("fields")))
    for name in columns:
        if name not in known:
            told = Message('no field is called "{name}"', name=name[:80])
            told = suggesting(told, nearest(name, known, 1))
            raise Misused(told, Message("the fields here are {fields}", fields=", ".join(known)))
    return columns
