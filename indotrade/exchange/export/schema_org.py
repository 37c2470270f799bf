"""Says a dataset's records in the words of schema.org: works, claims, those who make them, reviews of them.

What schema.org has no word for stays behind: figures, anchors, statuses, evidence without a rating. A `ClaimReview`
is another's verdict in its own word, under its own name; a status of this dataset is none, and never becomes one.
A text of schema.org has one language, so a claim in a second language is a translation of the first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from indotrade.exchange.export.dataset_files import known
from indotrade.exchange.tables import Record
from indotrade.text.bodies import is_body
from indotrade.text.escape import json_safe
from indotrade.wording import references
from indotrade.wording.labels import spoken

CONTEXT = "https://schema.org"
TYPES = {
    "sectors": "DefinedTerm",
    "countries": "Place",
    "programs": "Thing",
    "organizations": "Organization",
    "people": "Person",
}
"""What the entries of a list are called; a program may be a scheme, an event or a body."""


def dataset(about: Record) -> Record:
    """Return a dataset, with its licence as its name, which may be no address."""
    return {
        "@type": "Dataset",
        "@id": "#dataset",
        "name": about["title"] or about["name"],
        "identifier": about["name"],
        "version": about["version"],
        "dateModified": about["as_of"],
        "license": {"@type": "CreativeWork", "name": about["licence"]} if about["licence"] else None,
        "inLanguage": about["languages"],
    }


def work(source: Record) -> Record:
    """Return a source; in square brackets what stands in for a title that was never seen."""
    stand_in = _told(source["title_from_url"])
    return {
        "@type": "CreativeWork",
        "@id": node("source", source["id"]),
        "identifier": source["id"],
        "name": _told(source["title"]) or (stand_in and f"[{stand_in}]"),
        "url": _told(source["url"]),
        "publisher": publisher(source),
        "author": [_author(name, source["publisher"]) for name in references.known(source["authors"])],
        "editor": {"@type": "Person", "name": editor} if (editor := _told(source["editor"])) else None,
        "datePublished": source["published"],
        "inLanguage": source["language"],
    }


def _author(name: str, outlet: Record) -> Record:
    """Return an author: a person, but for a publisher that is the author, and for what is called like a body."""
    body = references.is_publisher(name, outlet["name"], outlet["original"]) or is_body(name)
    return {"@type": "Organization" if body else "Person", "name": name}


def publisher(source: Record) -> Record:
    """Return the outlet of a source."""
    outlet = source["publisher"]
    return {"@type": "Organization", "name": outlet["name"], "alternateName": _told(outlet["original"])}


def thing(kind: str, entry: Record) -> Record:
    """Return an entry of the vocabulary: its name in the dataset's first language, all others beside it."""
    name, *others = dict.fromkeys([*entry["label"].values(), *(entry.get("aliases") or ())])
    return {
        "@type": TYPES[kind],
        "@id": node(kind, entry["id"]),
        "identifier": entry["id"],
        "name": name,
        "alternateName": others,
        "description": _first(entry.get("about")),
        "jobTitle": _first(entry.get("role")),
        "termCode": entry.get("hs"),
    }


def relations(kind: str, entry: Record) -> Record:
    """Return to which other entries an entry refers."""
    parent = refer(kind, entry.get("parent"))
    if kind == "people":
        return {"affiliation": refer("organizations", entry["organization"])}
    if kind == "organizations":
        return {"parentOrganization": parent}
    return {"containedInPlace": parent} if kind == "countries" else {}


def claim(
    record: Record,
    *,
    author: Record | None,
    appearance: Record,
    about: list[Record | None] | None = None,
    part_of: Record | None = None,
) -> Record:
    """Return a claim, in the first language that it has, with the things that it refers to as they are given."""
    return {
        "@type": "Claim",
        "@id": node("claim", record["id"]),
        "identifier": record["id"],
        **_said("Claim", "text", record["statement"], next(iter(record["statement"]))),
        "author": author,
        "datePublished": (record["said"] or {}).get("date"),
        "appearance": appearance,
        "about": about,
        "isPartOf": part_of,
    }


def reviews(record: Record, reviewed: Record, pages: Mapping[str, Record]) -> Iterator[Record]:
    """Yield the verdict of each source that rates a claim: all that readers require stands in it.

    `reviewed` is the claim as the verdicts refer to it; `pages` has the sources that rate it, by their ids.
    """
    for number, evidence in enumerate(record["evidence"], 1):
        if not evidence["rating"]:
            continue
        page = pages[evidence["source"]]
        language = page["language"] or ""
        yield {
            "@type": "ClaimReview",
            "@id": node("review", f"{record['id']}/{number}"),
            "url": page["url"],
            "claimReviewed": spoken(record["statement"], language),
            "author": publisher(page),
            "datePublished": page["published"],
            "reviewRating": {"@type": "Rating", "alternateName": evidence["rating"]},
            "itemReviewed": reviewed,
            **_said("Review", "reviewBody", evidence["says"] or {}, language),
        }


def raters(record: Record) -> list[str]:
    """Return the ids of the sources that rate a claim, each once."""
    return list(dict.fromkeys(evidence["source"] for evidence in record["evidence"] if evidence["rating"]))


def node(kind: str, name: str) -> str:
    """Return the id of a node of a document."""
    return f"#{kind}/{name}"


def refer(kind: str, name: str | None) -> Record | None:
    """Return a reference to a node, or None."""
    return {"@id": node(kind, name)} if name else None


def encoded(node: Record) -> str:
    """Return a node as JSON, without what is not known."""
    return json_safe(msgspec.json.encode(known(node)).decode())


def _said(kind: str, name: str, texts: Mapping[str, str], language: str) -> Record:
    """Return a text in a language, if it is there, and its translations as works of their own."""
    return {
        name: texts.get(language),
        "inLanguage": language or None,
        "workTranslation": [
            {"@type": kind, name: text, "inLanguage": code}
            for code, text in texts.items()
            if code != language
        ],
    }


def _told(text: str | None) -> str | None:
    """Return a text that says something, or None."""
    return next(iter(references.known([text])), None)


def _first(texts: Mapping[str, str] | None) -> str | None:
    """Return a text in the first of the dataset's languages that it has."""
    return next(iter((texts or {}).values()), None)
