"""Writes claims in the words of schema.org, as search engines and fact-checkers' exchanges read them.

What schema.org has no word for stays behind: figures, anchors, statuses, evidence without a rating. A `ClaimReview`
is another's verdict in its own word, under its own name; a status of this dataset is none, and never becomes one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from indotrade.dataset.records import LISTS
from indotrade.exchange.chosen import Chosen
from indotrade.exchange.dataset_files import known
from indotrade.exchange.tables import Record
from indotrade.text.escape import json_safe
from indotrade.wording.labels import spoken

CONTEXT = "https://schema.org"
_ABOUT = ("sectors", "countries", "programs", "organizations")
_TYPES = {
    "sectors": "DefinedTerm",
    "countries": "Place",
    "programs": "Thing",
    "organizations": "Organization",
    "people": "Person",
}
"""What the entries of a list are called; a program may be a scheme, an event or a body."""


def write(chosen: Chosen, file: Path) -> None:
    """Write one document, with all things as its graph."""
    separator = f'{{\n"@context": "{CONTEXT}",\n"@graph": [\n'
    with file.open("w", encoding="utf-8", newline="\n") as stream:
        for node in _graph(chosen):
            stream.write(separator + json_safe(msgspec.json.encode(known(node)).decode()))
            separator = ",\n"
        stream.write("\n]\n}\n")


def _graph(chosen: Chosen) -> Iterator[Record]:
    """Yield the dataset, its sources, what claims are about and who makes them, the claims, and the reviews of them."""
    about = chosen.dataset()
    yield {
        "@type": "Dataset",
        "@id": "#dataset",
        "name": about["title"] or about["name"],
        "identifier": about["name"],
        "version": about["version"],
        "dateModified": about["as_of"],
        "license": about["licence"],
        "inLanguage": about["languages"],
    }
    yield from map(_work, chosen.sources())
    own: dict[str, set[str]] = {}
    for kind in LISTS:
        if kind in _TYPES:
            entries = chosen.named(kind)
            own[kind] = {entry["id"] for entry in entries}
            yield from (_thing(kind, entry) for entry in entries)
    for claim in chosen.claims():
        yield _claim(claim, own)
        for number, evidence in enumerate(claim["evidence"], 1):
            if evidence["rating"]:
                yield _review(claim, evidence, number, chosen.source, chosen.languages[0])


def _work(source: Record) -> Record:
    return {
        "@type": "CreativeWork",
        "@id": _node("source", source["id"]),
        "identifier": source["id"],
        "name": source["title"] or source["title_from_url"],
        "url": source["url"],
        "publisher": _publisher(source),
        "author": [{"@type": "Person", "name": name} for name in source["authors"]],
        "editor": {"@type": "Person", "name": source["editor"]} if source["editor"] else None,
        "datePublished": source["published"],
        "inLanguage": source["language"],
    }


def _publisher(source: Record) -> Record:
    return {
        "@type": "Organization",
        "name": source["publisher"]["name"],
        "alternateName": source["publisher"]["original"],
    }


def _thing(kind: str, entry: Record) -> Record:
    parent = entry.get("parent")
    node = {
        "@type": _TYPES[kind],
        "@id": _node(kind, entry["id"]),
        "identifier": entry["id"],
        "name": _texts(entry["label"]),
        "alternateName": entry.get("aliases"),
        "description": _texts(entry.get("about")),
    }
    if kind == "people":
        node["jobTitle"] = _texts(entry["role"])
        node["affiliation"] = _refer("organizations", entry["organization"])
    elif kind == "organizations":
        node["parentOrganization"] = _refer(kind, parent)
    elif kind == "countries":
        node["containedInPlace"] = _refer(kind, parent)
    elif kind == "sectors":
        node["termCode"] = entry["hs"]
    return node


def _claim(claim: Record, own: dict[str, set[str]]) -> Record:
    speaker = claim["speaker"]
    said = claim["said"] or {}
    return {
        "@type": "Claim",
        "@id": _node("claim", claim["id"]),
        "identifier": claim["id"],
        "text": _texts(claim["statement"]),
        "author": _refer("people" if speaker in own["people"] else "organizations", speaker),
        "datePublished": said.get("date"),
        "appearance": _refer("source", claim["source"]),
        "about": [_refer(kind, name) for kind in _ABOUT for name in claim[kind]],
        "isPartOf": {"@id": "#dataset"},
    }


def _review(
    claim: Record, evidence: Record, number: int, source: Callable[[str], Record], language: str
) -> Record:
    """Return the verdict of a source on a claim: all that readers require stands in it, not only a reference."""
    page, article = source(evidence["source"]), source(claim["source"])
    stated = spoken(claim["statement"], page["language"] or language)
    return {
        "@type": "ClaimReview",
        "@id": _node("review", f"{claim['id']}/{number}"),
        "url": page["url"],
        "claimReviewed": stated,
        "author": _publisher(page),
        "datePublished": page["published"],
        "inLanguage": page["language"],
        "reviewRating": {"@type": "Rating", "alternateName": evidence["rating"]},
        "itemReviewed": {
            "@type": "Claim",
            "@id": _node("claim", claim["id"]),
            "appearance": {
                "@type": "CreativeWork",
                "@id": _node("source", article["id"]),
                "url": article["url"],
            },
        },
        "reviewBody": _texts(evidence["says"]),
    }


def _node(kind: str, name: str) -> str:
    """Return the id of a node of this document."""
    return f"#{kind}/{name}"


def _refer(kind: str, name: str | None) -> Any:
    return {"@id": _node(kind, name)} if name else None


def _texts(texts: Record | None) -> list[Record]:
    """Return a text by language as values with their languages."""
    return [{"@language": code, "@value": text} for code, text in (texts or {}).items()]
