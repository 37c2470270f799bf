"""The records of a dataset, typed: what a claim, a source and a vocabulary entry hold.

The fields stand in the order in which they are written out. A field without a default must be in
the file; one with a default may be left out there, and is written out all the same. `data/README.md`
says the same to a person who edits the data, and `data/schema/` to a program.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal, get_args

from msgspec import Meta, Struct, field
from msgspec.json import Decoder

Kind = Literal["figure", "forecast", "event", "plan", "need", "opinion", "description"]
Status = Literal["single", "corroborated", "disputed", "superseded", "misprint"]
Relation = Literal["supports", "conflicts", "context", "same-report"]
Strength = Literal["primary", "official", "press", "secondary-copy"]
Bound = Literal["exact", "about", "at-least", "more-than", "up-to"]
Basis = Literal["printed", "inferred"]
SourceType = Literal["article", "evidence"]
Language = Literal["en", "id"]

KINDS: tuple[Kind, ...] = get_args(Kind)
STATUSES: tuple[Status, ...] = get_args(Status)
RELATIONS: tuple[Relation, ...] = get_args(Relation)
WORLD = "world"
"""The one end of a flow that is no entry of the vocabulary."""
NARRATION = "narration"
"""What stands for a speaker where an article itself speaks; no person may have this id."""

Text = Annotated[str, Meta(min_length=1)]
Id = Annotated[
    str,
    Meta(
        pattern=r"^[A-Za-z0-9]+([._-][A-Za-z0-9]+)*$(?!\n)",
        max_length=120,
        description="an id: letters and digits, joined by - . or _",
    ),
]
Date = Annotated[
    str, Meta(pattern=r"^[0-9]{4}(-[0-9]{2}){0,2}$(?!\n)", description="a date: YYYY, YYYY-MM or YYYY-MM-DD")
]
Period = Annotated[
    str,
    Meta(
        pattern=r"^[0-9]{4}(-[0-9]{2}){0,2}(/[0-9]{4}(-[0-9]{2}){0,2})?$(?!\n)",
        description="an ISO 8601 date, or an interval of two: 2022, 2022-04-22, 2018-02-20/2018-02-22",
    ),
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
LanguageCode = Annotated[
    str, Meta(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]+)*$(?!\n)", description="a BCP 47 language code: id, en, ja")
]
HsCode = Annotated[str, Meta(pattern=r"^([0-9]{2}){1,5}$(?!\n)", description="an HS code: 2 to 10 digits")]
Iso2 = Annotated[str, Meta(pattern=r"^[A-Z]{2}$(?!\n)", description="an ISO 3166-1 alpha-2 code")]
Iso3 = Annotated[str, Meta(pattern=r"^[A-Z]{3}$(?!\n)", description="an ISO 3166-1 alpha-3 code")]
IsoRegion = Annotated[
    str, Meta(pattern=r"^[A-Z]{2}-[A-Z0-9]{1,3}$(?!\n)", description="an ISO 3166-2 code: JP-40")
]

FORMAT_VERSIONS = (1, 2)
"""The versions of the dataset format that are read, `format` in `dataset.json`; 2 has reasons in two languages."""


class Record(Struct, frozen=True, forbid_unknown_fields=True):
    """A record that refuses fields which it does not know."""


class Bilingual(Record, frozen=True):
    """A text in the two languages of the answers."""

    en: Text
    id: Text


class Label(Record, frozen=True):
    """A name in the three languages in which it is looked up."""

    en: Text
    id: Text
    ja: Text


class Flow(Record, frozen=True, rename={"from_": "from"}):
    """The direction of a trade: ids of countries, regions or groups, or `world`."""

    from_: Id
    to: Id


class Reading(Record, frozen=True):
    """What a misprinted figure was probably meant to say."""

    value: Decimal
    """A decimal number in whole units, as in `Figure.value`."""
    why: Text | Bilingual
    """The reason for this reading; a plain string, as in format 1, is in English."""


class Figure(Record, frozen=True):
    """A number with all that is needed to compare it with another."""

    value: Decimal
    """A decimal number in whole units, as a string: `45000000`, never `45` with a scale."""
    unit: Text
    """An ISO 4217 code (`USD`), or a plural noun: `percent`, `people`, `firms`, `countries`."""
    bound: Bound
    """How the number is to be read: `more-than` for "over 45 million"."""
    measure: Id | None
    """The id of the measure; figures of one measure and unit can be set side by side."""
    period: Period | None
    """An ISO 8601 date or interval, or None where it is unstated."""
    as_printed: Text | None
    """The figure's own few words in the source; None where they were not seen."""
    reading: Reading | None = None
    """For a misprint: what was probably meant. `value` stays as printed."""


class Said(Record, frozen=True):
    """When and where a claim was made."""

    date: Date
    """`YYYY`, `YYYY-MM` or `YYYY-MM-DD`."""
    basis: Basis
    why: Text | Bilingual | None = None
    """Why the date was inferred; None where it is printed. A plain string, as in format 1, is in English."""
    at: Id | None = None
    """The id of the program at which it was said, or None."""


class Evidence(Record, frozen=True):
    """What another source says about a claim."""

    source: Id
    relation: Relation
    says: Bilingual
    strength: Strength
    figure: Figure | None = None


class Claim(Record, frozen=True):
    """One assertion of one article, with its place, its speaker and what speaks for and against it."""

    id: Id
    kind: Kind
    statement: Bilingual
    sectors: list[Id]
    countries: list[Id]
    programs: list[Id]
    organizations: list[Id]
    flow: Flow | None
    figure: Figure | None
    speaker: Id | None
    """The id of a person; None for the article's own narration."""
    said: Said
    source: Id
    paragraph: Annotated[int, Meta(ge=1, le=2**53 - 1)]
    """Counted from 1 over the non-empty lines of the article's body."""
    anchors: list[Anchor]
    """Fingerprints of eight words each, by which the claim is found in its article: `verify/anchors.py`."""
    status: Status
    note: Bilingual | None
    evidence: list[Evidence]


class Publisher(Record, frozen=True):
    """The outlet of a source."""

    name: Text
    original: Text | None = None
    """The name in its own script, where that is not Latin."""


class Source(Record, frozen=True):
    """A page that was read: one of the articles, or evidence on their claims."""

    id: Id
    type: SourceType
    publisher: Publisher
    title: Text | None
    """None where no title was ever seen; `title_from_url` stands in for it, in square brackets."""
    url: Url
    language: LanguageCode
    """A BCP 47 code: `id`, `en`, `ja`."""
    accessed: Date
    """`YYYY-MM-DD`."""
    title_from_url: Text | None = None
    authors: list[Text] = field(default_factory=list)
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


class Entry(Record, frozen=True):
    """What each entry of the vocabulary has."""

    id: Id
    label: Label
    aliases: list[Text] = field(default_factory=list)
    about: Bilingual | None = None


class Sector(Entry, frozen=True):
    """A branch of trade, or a topic of it."""

    parent: Id | None = None
    hs: list[HsCode] = field(default_factory=list)
    """Harmonized System headings, only where they cover exactly this sector."""


class Country(Entry, frozen=True):
    """A country, a region of one, or a group of them."""

    parent: Id | None = None
    iso2: Iso2 | None = None
    iso3: Iso3 | None = None
    iso3166_2: IsoRegion | None = None
    """The code of a region: `JP-40`."""


class Program(Entry, frozen=True):
    """A scheme, an event or a body that a claim is about, or at which it was made."""

    organizers: list[Id] = field(default_factory=list)
    when: Period | None = None
    """An ISO 8601 date or interval, or None where it is unknown."""
    where: list[Id] = field(default_factory=list)
    """Ids of countries or regions."""


class Organization(Entry, frozen=True):
    """A body that a claim is about."""

    parent: Id | None = None


class Person(Entry, frozen=True):
    """Somebody who is quoted."""

    role: Bilingual | None = None
    """The office held when the claims were made."""
    organization: Id | None = None


class Measure(Entry, frozen=True):
    """What a figure measures; figures of one measure can be compared."""


class Vocabulary(Record, frozen=True):
    """Everything that a claim can be tagged with."""

    sectors: list[Sector]
    countries: list[Country]
    programs: list[Program]
    organizations: list[Organization]
    people: list[Person]
    measures: list[Measure]


class Dataset(Record, frozen=True):
    """`dataset.json`: what the whole is called, how old it is, and under which licence it stands."""

    format: int
    name: Text
    title: Text
    version: Text
    as_of: Date
    licence: Text
    languages: list[Language]


decode_claim = Decoder(Claim).decode
"""Returns a claim from its JSON. Raises msgspec.MsgspecError."""
decode_source = Decoder(Source).decode

LISTS: dict[str, type[Entry]] = {
    "sectors": Sector,
    "countries": Country,
    "programs": Program,
    "organizations": Organization,
    "people": Person,
    "measures": Measure,
}
"""The lists of the vocabulary, each with the type of its entries."""


def spellings(entry: Entry) -> Iterator[tuple[str, str]]:
    """Yield each name under which an entry is found, with its field: id, codes, labels, aliases."""
    yield "id", entry.id
    for code in ("iso2", "iso3", "iso3166_2"):
        if name := getattr(entry, code, None):
            yield code, name
    for language in entry.label.__struct_fields__:
        yield f"label.{language}", getattr(entry.label, language)
    for several in ("aliases", "hs"):
        for number, name in enumerate(getattr(entry, several, ())):
            yield f"{several}[{number}]", name
