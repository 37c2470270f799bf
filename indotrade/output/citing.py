"""What every format of citations is written from: a source, the claim in it, who made it, and the key."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from indotrade.dataset.records import Claim, Dataset, Source
from indotrade.dataset.vocabulary import Entry
from indotrade.engine.protocol import Engine
from indotrade.query import names, records
from indotrade.text.dates import parts
from indotrade.text.escape import visible
from indotrade.wording import references


class Citation(Struct, frozen=True, kw_only=True):
    """What one entry of a bibliography is written from."""

    key: str
    """The id of the source or, where each claim has an entry of its own, of the claim."""
    source: Source
    dataset: Dataset
    """The means of access."""
    claim: Claim | None = None
    """The claim whose entry it is; None for the entry of a source."""
    speaker: Entry | None = None
    """Who made that claim; None for the article's own narration."""
    raters: Mapping[str, Source] = {}
    """The sources that give that claim a rating, by their ids."""
    places: Sequence[Claim] = ()
    """The claims that are cited by the entry of a source, each at its place."""


def of_claim(claim: Claim, engine: Engine) -> Citation:
    """Return the citation of a claim, by its id."""
    return Citation(
        key=claim.id,
        source=records.source(engine, claim.source),
        dataset=engine.dataset,
        claim=claim,
        speaker=names.entry(engine, "people", claim.speaker) if claim.speaker else None,
        raters={it.source: records.source(engine, it.source) for it in claim.evidence if it.rating},
    )


def keyed(items: Sequence[Citation]) -> list[tuple[str, Citation]]:
    """Return the citations with their keys as every format can hold them, each once."""
    return list(zip(_unique(item.key for item in items), items, strict=True))


def outlet(source: Source) -> str:
    """Return the outlet of a source; "" where it is the author, and would be printed twice."""
    return "" if references.is_its_own_author(source) else references.outlet(source)


def title(source: Source) -> str:
    """Return the title of a source; of one that is not known it says so, by an id that no other source has.

    A page without an author is put under its title, and styles print a dash for an author like the last one.
    """
    if references.known([source.title, source.title_from_url]):
        return references.title(source, "en")
    return f"[No title seen; {source.id}]"


def locator(claim: Claim) -> tuple[str, str] | None:
    """Return the CSL label and the value of a claim's place in its source, or None."""
    if claim.locator:
        return claim.locator.label, claim.locator.value
    return ("paragraph", str(claim.paragraph)) if claim.paragraph else None


_SHORT = {
    "article-locator": "art.", "chapter": "chap.", "column": "col.", "elocation": "loc.", "figure": "fig.",
    "folio": "fol.", "issue": "no.", "note": "n.", "page": "p.", "paragraph": "para.", "part": "pt.",
    "section": "sec.", "sub-verbo": "s.v.", "timestamp": "at", "title-locator": "title", "volume": "vol.",
}  # fmt: skip
"""The labels of locators as citation processors read them in a text; others are written out, a line and a verse
because biblatex takes `l.` and `v.` for Roman numbers of pages."""


def placed(claim: Claim) -> str:
    """Return a claim's place as it is written into a citation: `para. 3`; "" where it is not known."""
    found = locator(claim)
    return visible(f"{_SHORT.get(found[0], found[0])} {found[1]}") if found else ""


def escaped(text: str) -> str:
    """Return `text` for Markdown and for Typst, in which a backslash takes its meaning from any sign."""
    return re.sub(r"[!-+/;-@\[-`{-~]", r"\\\g<0>", text)


def note(item: Citation, *, remarks: bool = True) -> str:
    """Return what the formats for programs have no field for, in English; without remarks, what a bibliography prints."""
    source = item.source
    inferred = bool(parts(source.published)) and source.basis == "inferred"
    return references.sentences(
        [
            *references.place(source, "en", item.claim, item.speaker),
            *editors(source),
            "Publication date inferred" if inferred else None,
            source.access_note if remarks else None,
            references.means(item.dataset, "en"),
        ]
    )


def editors(source: Source) -> list[str]:
    """Return who edited a source, as a sentence: where a web page has a field for editors, it makes them authors."""
    return [f"Edited by {name}" for name in references.known([source.editor])]


def iso(date: str | None, separator: str) -> str:
    """Return a date, whole or partial, with a separator between its parts; "" for none.

    >>> iso("0812-03", "/")
    '0812/03'
    """
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
