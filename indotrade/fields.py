"""The columns of a claim, as csv, tsv and markdown print them and `--fields` names them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from indotrade.errors import Message, Misused
from indotrade.models import Claim, Source
from indotrade.names import nearest


def _count(relation: str) -> Callable[[Claim, Source, str], str]:
    return lambda claim, source, language: str(sum(item.relation == relation for item in claim.evidence))


def _listed(field: str) -> Callable[[Claim, Source, str], str]:
    return lambda claim, source, language: ";".join(getattr(claim, field))


def _figure(field: str) -> Callable[[Claim, Source, str], str]:
    return lambda claim, source, language: (claim.figure and getattr(claim.figure, field)) or ""


FIELDS: dict[str, Callable[[Claim, Source, str], str]] = {
    "id": lambda claim, source, language: claim.id,
    "kind": lambda claim, source, language: claim.kind,
    "status": lambda claim, source, language: claim.status,
    "statement": lambda claim, source, language: getattr(claim.statement, language),
    "value": _figure("value"),
    "unit": _figure("unit"),
    "bound": _figure("bound"),
    "as_printed": _figure("as_printed"),
    "period": _figure("period"),
    "sectors": _listed("sectors"),
    "countries": _listed("countries"),
    "programs": _listed("programs"),
    "organizations": _listed("organizations"),
    "speaker": lambda claim, source, language: claim.speaker or "",
    "said": lambda claim, source, language: claim.said.date,
    "publisher": lambda claim, source, language: source.publisher.name,
    "published": lambda claim, source, language: source.published or "",
    "paragraph": lambda claim, source, language: str(claim.paragraph),
    "url": lambda claim, source, language: source.url,
    "statement_en": lambda claim, source, language: claim.statement.en,
    "statement_id": lambda claim, source, language: claim.statement.id,
    "note": lambda claim, source, language: getattr(claim.note, language) if claim.note else "",
    "flow_from": lambda claim, source, language: claim.flow.from_ if claim.flow else "",
    "flow_to": lambda claim, source, language: claim.flow.to if claim.flow else "",
    "source": lambda claim, source, language: claim.source,
    "measure": _figure("measure"),
    "reading": lambda claim, source, language: (
        claim.figure.reading.value if claim.figure and claim.figure.reading else ""
    ),
    "supports": _count("supports"),
    "conflicts": _count("conflicts"),
    "anchors": _listed("anchors"),
}
"""What each column holds, from a claim, its source and a language; the names do not depend on a language."""

DEFAULT = tuple(FIELDS)[:19]
MARKDOWN = ("id", "statement", "value", "unit", "status", "speaker", "said", "publisher", "paragraph", "url")
RECORD = Claim.__struct_encode_fields__
"""The keys of a claim's record, which `--fields` names with json and ndjson."""


def chosen(asked: str, known: Sequence[str]) -> list[str]:
    """Return the columns of a list `a,b,c`. Raises Misused for one that is not known, and for none."""
    columns = [name.strip() for name in asked.split(",") if name.strip()]
    if not columns:
        raise Misused(Message("--fields names no field", "--fields tidak menyebut satu kolom pun"))
    for name in columns:
        if name not in known:
            near = nearest(name, known, 1)
            raise Misused(
                Message(
                    f'no field is called "{name[:80]}"' + (f"; did you mean {near[0]}?" if near else ""),
                    f'tidak ada kolom bernama "{name[:80]}"' + (f"; maksud Anda {near[0]}?" if near else ""),
                ),
                Message(f"the fields here are {', '.join(known)}", f"kolom di sini: {', '.join(known)}"),
            )
    return columns
