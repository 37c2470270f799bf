"""What every format of citations is written from: a source, the claim in it, who made it, and the key."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from msgspec import Struct

from indotrade.dataset.records import Claim, Dataset, Entry, Source
from indotrade.text.dates import parts
from indotrade.wording import references


class Citation(Struct, frozen=True):
    """What one entry of a bibliography is written from."""

    key: str
    """The id of the claim or, where a source is cited, of the source."""
    source: Source
    claim: Claim | None
    """None where the source itself is cited."""
    speaker: Entry | None
    """Who made the claim; None for the article's own narration."""
    dataset: Dataset
    """The means of access."""


def keyed(items: Sequence[Citation]) -> list[tuple[str, Citation]]:
    """Return the citations with their keys as every format can hold them, each once."""
    return list(zip(_unique(item.key for item in items), items, strict=True))


def note(item: Citation) -> str:
    """Return what the formats for programs have no field for, in English."""
    source = item.source
    inferred = bool(parts(source.published)) and source.basis == "inferred"
    return references.sentences(
        [
            *references.place(source, "en", item.claim, item.speaker),
            "Publication date inferred" if inferred else None,
            source.access_note,
            references.means(item.dataset, "en"),
        ]
    )


def iso(date: str | None, separator: str) -> str:
    """Return a date, whole or partial, with a separator between its parts; "" for none."""
    return separator.join(
        f"{part:04}" if place == 0 else f"{part:02}" for place, part in enumerate(parts(date))
    )


def language_tag(source: Source) -> str:
    """Return the language of a source if it is a well-formed tag, else ""."""
    language = source.language or ""
    return language if re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", language) else ""


def _unique(keys: Iterable[str]) -> list[str]:
    """Return keys of letters, digits and `.-_`, each once: BibTeX takes `A` and `a` for the same."""
    taken: set[str] = set()
    unique = []
    for key in keys:
        plain = re.sub(r"[^A-Za-z0-9._-]", "-", key) or "citation"
        candidate, number = plain, 1
        while candidate.lower() in taken:
            number += 1
            candidate = f"{plain}-{number}"
        taken.add(candidate.lower())
        unique.append(candidate)
    return unique
