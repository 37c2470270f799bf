"""The vocabulary of a dataset, typed: the entries that a claim can be tagged with, or can speak by."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from msgspec import Meta

from indotrade.dataset.fields import Id, Period, Record, Reference, Text, Texts

HsCode = Annotated[str, Meta(pattern=r"^([0-9]{2}){1,5}$(?!\n)", description="an HS code: 2 to 10 digits")]
Iso2 = Annotated[str, Meta(pattern=r"^[A-Z]{2}$(?!\n)", description="an ISO 3166-1 alpha-2 code")]
Iso3 = Annotated[str, Meta(pattern=r"^[A-Z]{3}$(?!\n)", description="an ISO 3166-1 alpha-3 code")]
IsoRegion = Annotated[
    str, Meta(pattern=r"^[A-Z]{2}-[A-Z0-9]{1,3}$(?!\n)", description="an ISO 3166-2 code: JP-40")
]


class Entry(Record, frozen=True):
    """What each entry of the vocabulary has."""

    id: Id
    label: Texts
    aliases: list[Text] = []
    about: Texts | None = None


class Sector(Entry, frozen=True):
    """A branch of trade, or a topic of it."""

    parent: Reference | None = None
    hs: list[HsCode] = []
    """Harmonized System headings, only where they cover exactly this sector."""


class Country(Entry, frozen=True):
    """A country, a region of one, or a group of them."""

    parent: Reference | None = None
    iso2: Iso2 | None = None
    iso3: Iso3 | None = None
    iso3166_2: IsoRegion | None = None
    """The code of a region: `JP-40`."""


class Program(Entry, frozen=True):
    """A scheme, an event or a body that a claim is about, or at which it was made."""

    organizers: list[Reference] = []
    when: Period | None = None
    """An ISO 8601 date or interval, or None where it is unknown."""
    where: list[Reference] = []
    """Ids of countries or regions."""


class Organization(Entry, frozen=True):
    """A body that a claim is about, or that makes one."""

    parent: Reference | None = None


class Person(Entry, frozen=True):
    """Somebody who is quoted."""

    role: Texts | None = None
    """The office held when the claims were made."""
    organization: Reference | None = None


class Measure(Entry, frozen=True):
    """What a figure measures; figures of one measure can be compared."""


class Vocabulary(Record, frozen=True):
    """Everything that a claim can be tagged with."""

    sectors: list[Sector] = []
    countries: list[Country] = []
    programs: list[Program] = []
    organizations: list[Organization] = []
    people: list[Person] = []
    measures: list[Measure] = []


LISTS: dict[str, type[Entry]] = {
    "sectors": Sector,
    "countries": Country,
    "programs": Program,
    "organizations": Organization,
    "people": Person,
    "measures": Measure,
}
"""The lists of the vocabulary, each with the type of its entries."""
REFERENCES = {"organizers": "organizations", "where": "countries", "organization": "organizations"}
"""The fields of entries that refer to another list; `parent` refers to their own."""


def spellings(entry: Entry) -> Iterator[tuple[str, str]]:
    """Yield each name under which an entry is found, with its field: id, codes, labels, aliases."""
    yield "id", entry.id
    for code in ("iso2", "iso3", "iso3166_2"):
        if name := getattr(entry, code, None):
            yield code, name
    for language, name in entry.label.items():
        yield f"label.{language}", name
    for several in ("aliases", "hs"):
        for number, name in enumerate(getattr(entry, several, ())):
            yield f"{several}[{number}]", name
