"""The records of a dataset, typed: what a claim, a source and the dataset itself hold; `vocabulary` has the entries.

The fields stand in the order in which they are written out. A field without a default must be in
the file; any other may be left out there, or be null, and is written out all the same: what is not
known is nobody's to invent. `data/README.md` says the same to a person who edits the data, and
`data/schema/` to a program.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from indotrade.dataset.fields import Id, LanguageCode, Period, Record, Reference, Text, Texts, decoder
from indotrade.dataset.words import Basis, Bound, Kind, Relation, SourceType, Status, Strength

LocatorLabel = Literal[
    "act", "appendix", "article-locator", "book", "canon", "chapter", "column", "elocation", "equation", "figure",
    "folio", "issue", "line", "note", "opus", "page", "paragraph", "part", "rule", "scene", "section", "sub-verbo",
    "supplement", "table", "timestamp", "title-locator", "verse", "version", "volume",
]  # fmt: skip
"""The labels of a locator in CSL 1.0.2."""

Date = Annotated[
    str, Meta(pattern=r"^[0-9]{4}(-[0-9]{2}){0,2}$(?!\n)", description="a date: YYYY, YYYY-MM or YYYY-MM-DD")
]
Decimal = Annotated[
    str,
    Meta(
        pattern=r"^-?(0|[1-9][0-9]*)([.][0-9]+)?$(?!\n)",
        max_length=40,
        description="a decimal number as a string, without separators: 45000000",
    ),
]
Anchor = Annotated[
    str, Meta(pattern=r"^v1:[0-9a-f]{16}$(?!\n)", description="an anchor: v1: and 16 hex digits")
]
Url = Annotated[
    str, Meta(pattern=r"^https?://[^\s]+$(?!\n)", max_length=4000, description="an http or https address")
]

FORMAT_VERSIONS = (1, 2)
"""The versions of the dataset format that are read, `format` in `dataset.json`; what is valid in 1 is valid in 2."""


class Flow(Record, frozen=True, rename={"from_": "from"}):
    """The direction of a trade: ids of countries, regions or groups, or `world`."""

    from_: Reference
    to: Reference


class Reading(Record, frozen=True):
    """What a misprinted figure was probably meant to say."""

    value: Decimal
    """A decimal number in whole units, as in `Figure.value`."""
    why: Texts | Text | None = None
    """The reason for this reading; a plain string, as in format 1, is in the dataset's first language."""
    unit: Text | None = None
    """The unit that was probably meant, where it is another than the printed one."""


class Figure(Record, frozen=True):
    """A number with all that is needed to compare it with another."""

    value: Decimal
    """A decimal number in whole units, as a string: `45000000`, never `45` with a scale."""
    unit: Text
    """An ISO 4217 code (`USD`), or a plural noun: `percent`, `people`, `firms`, `countries`."""
    bound: Bound | None = None
    """How the number is to be read: `more-than` for "over 45 million"."""
    measure: Reference | None = None
    """The id of the measure; figures of one measure and unit can be set side by side."""
    period: Period | None = None
    """An ISO 8601 date or interval, or None where it is unstated."""
    as_printed: Text | None = None
    """The figure's own few words in the source; None where they were not seen."""
    reading: Reading | None = None
    """For a misprint: what was probably meant. `value` stays as printed."""


class Said(Record, frozen=True):
    """When and where a claim was made."""

    date: Date | None = None
    """`YYYY`, `YYYY-MM` or `YYYY-MM-DD`."""
    basis: Basis | None = None
    why: Texts | Text | None = None
    """Why the date was inferred. A plain string, as in format 1, is in the dataset's first language."""
    at: Reference | None = None
    """The id of the program at which it was said, or None."""


class Locator(Record, frozen=True):
    """The place of a claim in a source that has no paragraphs to count: `page` 12, `table` 3, `timestamp` 00:12:30."""

    label: LocatorLabel
    value: Text


class Evidence(Record, frozen=True):
    """What another source says about a claim."""

    source: Reference
    relation: Relation
    says: Texts | None = None
    strength: Strength | None = None
    figure: Figure | None = None
    rating: Text | None = None
    """That source's own verdict on the claim, in its own word: `Pants on Fire`."""


class Claim(Record, frozen=True, kw_only=True):
    """One assertion of one source, with its place, its speaker and what speaks for and against it."""

    id: Id
    kind: Kind | None = None
    statement: Texts
    sectors: list[Reference] = []
    countries: list[Reference] = []
    programs: list[Reference] = []
    organizations: list[Reference] = []
    flow: Flow | None = None
    figure: Figure | None = None
    speaker: Reference | None = None
    """The id of a person or of an organization; None for the source's own narration."""
    said: Said | None = None
    source: Reference
    paragraph: Annotated[int, Meta(ge=1, le=2**53 - 1)] | None = None
    """Counted from 1 over the non-empty lines of the article's body."""
    locator: Locator | None = None
    """The place, where it is not told by a paragraph."""
    anchors: list[Anchor] = []
    """Fingerprints of eight words each, by which the claim is found in its article: `verify/anchors.py`."""
    status: Status | None = None
    """Where it is left out, what follows from the evidence: a claim that was read has one."""
    note: Texts | None = None
    evidence: list[Evidence] = []
    supports: int = 0
    """How many independent voices support it: counted when it is read, not written by hand."""
    conflicts: int = 0
    context: int = 0
    sources: dict[Id, Source] | UnsetType = UNSET
    """In a line that `--format ndjson` wrote, the sources that it cites; never there once it is read."""

    @property
    def date(self) -> str | None:
        """When it was said, or None."""
        return self.said.date if self.said else None


class Publisher(Record, frozen=True):
    """The outlet of a source."""

    name: Text
    original: Text | None = None
    """The name in its own script, where that is not Latin."""


class Source(Record, frozen=True, kw_only=True):
    """A page that was read: one of the articles, or evidence on their claims."""

    id: Id
    type: SourceType
    publisher: Publisher
    title: Text | None = None
    """None where no title was ever seen; `title_from_url` stands in for it, in square brackets."""
    url: Url | None = None
    """None for what has no address: a mailer, a book, an interview."""
    language: LanguageCode | None = None
    """A BCP 47 code: `id`, `en`, `ja`."""
    accessed: Date | None = None
    """`YYYY-MM-DD`."""
    title_from_url: Text | None = None
    authors: list[Text] = []
    editor: Text | None = None
    published: Date | None = None
    """`YYYY`, `YYYY-MM` or `YYYY-MM-DD`; None where no date was seen."""
    basis: Basis | None = None
    """How `published` is known; None where it is not."""
    via: Text | None = None
    """The outlet that a repost credits."""
    vantage: Id | None = None
    """An id shared by the sources that are one voice (one briefing, wire or office)."""
    access_note: Text | None = None
    licence_note: Text | None = None


class Dataset(Record, frozen=True, kw_only=True):
    """`dataset.json`: what the whole is called, how old it is, and under which licence it stands."""

    format: int
    name: Text
    title: Text | None = None
    version: Text
    as_of: Date
    licence: Text | None = None
    languages: Annotated[list[LanguageCode], Meta(min_length=1)]
    """The languages of its texts, the first the one that is shown where another is not there."""


def decode_claim(text: bytes | str) -> Claim:
    """Return a claim from its JSON. Raises msgspec.MsgspecError."""
    claim: Claim = decoder(Claim).decode(text)
    return claim


def decode_source(text: bytes | str) -> Source:
    """Return a source from its JSON. Raises msgspec.MsgspecError."""
    source: Source = decoder(Source).decode(text)
    return source
