"""Reads claims and reviews of them as fact-checkers publish them: schema.org's Claim, ClaimReview, feeds of them.

What the claim is, who made it, when and where, is the claim's; the verdict, who gave it, when and on which page, is
the review's, and becomes evidence.
"""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from indotrade.dataset.folder import read
from indotrade.errors import Message, Refused
from indotrade.exchange.rows import ratings
from indotrade.exchange.rows.drafts import Draft, Place, Table
from indotrade.exchange.rows.headings import Heading

Node = dict[str, Any]
LARGEST = 1 << 28
"""The largest file that is read, in bytes: 256 MiB."""
_ABOUT = {
    "DefinedTerm": "sectors",
    "Place": "countries",
    "Country": "countries",
    "Organization": "organizations",
}


def parsed(path: Path) -> Any:
    """Return the value of a JSON file. Raises Refused where it is none."""
    try:
        return json.loads(read(path, LARGEST).decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise Refused(Message("cannot read {path}: {why}", path=path, why=_why(error))) from None


def _why(error: Exception) -> Message:
    if isinstance(error, json.JSONDecodeError):
        told = Message("it is no JSON")
        return Message("line {line}, column {column}: {why}", line=error.lineno, column=error.colno, why=told)
    return Message("it is no JSON")


def table(value: Any, name: str) -> Table | None:
    """Return the claims and reviews in a JSON value as drafts; None where there are none."""
    graph = _Graph(value)
    drafts = [_draft(cells, name, number) for number, cells in enumerate(graph.claims(), 1)]
    return Table(name, iter(drafts)) if drafts else None


def _draft(cells: Mapping[Heading, str], name: str, number: int) -> Draft:
    kept = {heading: text for heading, text in cells.items() if text}
    return Draft(Place(name, number, {heading: _called(heading) for heading in kept}, is_item=True), kept)


def _called(heading: Heading) -> str:
    """Return how a property is called in a message, in schema.org's words."""
    name = {
        "statement": "claimReviewed", "speaker": "itemReviewed.author", "said": "itemReviewed.datePublished",
        "url": "itemReviewed.appearance.url", "title": "itemReviewed.appearance.name",
    }.get(heading.field, heading.field)  # fmt: skip
    of_review = {"url": "url", "published": "datePublished", "publisher": "author", "rating": "reviewRating"}
    return name if heading.evidence is None else of_review.get(heading.field, heading.field)


class _Graph:
    """The nodes of a document, with those by id to which others refer."""

    def __init__(self, value: Any) -> None:
        self._named: dict[str, Node] = {}
        self._found: list[Node] = []
        self._walk(value)

    def _walk(self, value: Any) -> None:
        """Find the nodes in a value, however they are wrapped; what is within a review or a claim is theirs."""
        left = [value]
        while left:
            value = left.pop()
            if isinstance(value, list):
                left += reversed(value)
            elif isinstance(value, dict):
                name = value.get("@id")
                if isinstance(name, str) and (len(value) > 1):
                    self._named.setdefault(name, value)
                if _is(value, "ClaimReview", "Claim"):
                    self._found.append(value)
                else:
                    left += reversed([it for it in value.values() if isinstance(it, (dict, list))])

    def claims(self) -> Iterator[Mapping[Heading, str]]:
        """Yield the cells of each claim, with its reviews as evidence, in the order of the document."""
        own = {str(it["@id"]) for it in self._found if it.get("@id") and not _is(it, "ClaimReview")}
        items: dict[Hashable, Node] = {}
        reviews: dict[Hashable, list[Node]] = {}
        for node in self._found:
            review = [node] if _is(node, "ClaimReview") else []
            item = self._one(node.get("itemReviewed")) if review else node
            name: Hashable = str(item["@id"]) if item.get("@id") else id(node)
            if name not in own:  # a name that means one claim on each of many pages is not one claim
                name = name, _text(item.get("text")) or _text(node.get("claimReviewed"))
            known = items.get(name, {})
            items[name] = {**item, **known} if review else {**known, **item}
            reviews.setdefault(name, []).extend(review)
        for name, item in items.items():
            of_claim = [it for it in self._several(item.get("review")) if _is(it, "ClaimReview", "Review")]
            yield self._claim(item, [*of_claim, *reviews[name]])

    # --- what nodes hold

    def _one(self, value: Any) -> Node:
        """Return the node that a value is, refers to, or begins with; an empty one where it is none."""
        if isinstance(value, list):
            value = next((it for it in value if isinstance(it, dict)), None)
        if not isinstance(value, dict):
            return {}
        name = value.get("@id")
        known = self._named.get(name, {}) if isinstance(name, str) else {}
        return {**known, **value}

    def _several(self, value: Any) -> list[Node]:
        return [
            self._one(it) for it in (value if isinstance(value, list) else [value]) if isinstance(it, dict)
        ]

    def _translated(self, node: Node, name: str) -> dict[str, str]:
        """Return a text by language, with those of the node's translations."""
        texts = _texts(node.get(name), _language(node))
        for other in self._several(node.get("workTranslation")):
            texts = texts | {
                code: text
                for code, text in _texts(other.get(name), _language(other)).items()
                if code not in texts
            }
        return texts

    def _claim(self, item: Node, given: Sequence[Node]) -> Mapping[Heading, str]:
        cells: dict[Heading, str] = {}
        statement = self._translated(item, "text")
        for review in given:
            statement = statement or _texts(review.get("claimReviewed"), _language(review))
        statement = (
            statement
            or _texts(item.get("name"))
            or _texts(item.get("headline"))
            or _texts(item.get("description"))
        )
        cells |= {Heading("statement", None, code or None): text for code, text in statement.items()}
        if isinstance(name := item.get("identifier"), str):
            cells[Heading("id")] = name
        author = self._one(item.get("author"))
        cells[Heading("speaker")] = _text(author.get("name")) or _plain(item.get("author"))
        cells[Heading("speaker_type")] = (
            "organization" if _is(author, "Organization", "NewsMediaOrganization") else ""
        )
        cells[Heading("role")] = _text(author.get("jobTitle"))
        cells[Heading("said")] = _text(item.get("datePublished"))
        cells |= self._appearance(item)
        for field in dict.fromkeys(_ABOUT.values()):
            about = [
                it
                for it in self._several(item.get("about"))
                if any(_is(it, kind) for kind in _ABOUT if _ABOUT[kind] == field)
            ]
            cells[Heading(field)] = ";".join(filter(None, (_text(it.get("name")) for it in about)))
        for number, review in enumerate(given, 1):
            cells |= self._review(review, number)
        return cells

    def _appearance(self, item: Node) -> Mapping[Heading, str]:
        """Return where a claim was made: its first appearance, or the work that the item itself is."""
        places = item.get("firstAppearance") or item.get("appearance")
        work = self._one(places)
        url = _address(work) or _plain(places) or _plain(item.get("url")) or _plain(item.get("sameAs"))
        publisher = (
            self._one(work.get("publisher"))
            or self._one(work.get("isPartOf"))
            or self._one(work.get("author"))
        )
        name = work.get("identifier")
        return {
            Heading("source"): name if isinstance(name, str) else "",
            Heading("url"): url if url.startswith("http") else "",
            Heading("title"): _text(work.get("headline")) or _text(work.get("name")),
            Heading("publisher"): _text(publisher.get("name")),
            Heading("published"): _text(work.get("datePublished")),
            Heading("language"): _language(work) or "",
        }

    def _review(self, review: Node, number: int) -> Mapping[Heading, str]:
        author, rating = self._one(review.get("author")), self._one(review.get("reviewRating"))
        publisher = self._one(review.get("publisher"))
        is_person = _is(author, "Person")
        of = _text((publisher if is_person and publisher else author).get("name")) or _plain(
            review.get("author")
        )
        language = _language(review)
        says = self._translated(review, "reviewBody")
        return {
            Heading("publisher", number): of or _text(publisher.get("name")),
            Heading("authors", number): _text(author.get("name")) if is_person and publisher else "",
            Heading("url", number): _plain(review.get("url"))
            or _address(self._one(review.get("mainEntityOfPage"))),
            Heading("title", number): _text(review.get("headline")) or _text(review.get("name")),
            Heading("published", number): _text(review.get("datePublished")),
            Heading("language", number): language or "",
            Heading("rating", number): _verdict(rating),
            Heading("scale", number): ratings.of_numbers(
                rating.get("ratingValue"), rating.get("bestRating"), rating.get("worstRating")
            )
            or "",
            **{Heading("says", number, code or None): text for code, text in says.items()},
        }


def _is(node: Node, *kinds: str) -> bool:
    """Return whether a node is of one of these types, however its name is written."""
    named = node.get("@type")
    for name in named if isinstance(named, list) else [named]:
        if isinstance(name, str) and name.replace("/", ":").rpartition(":")[2] in kinds:
            return True
    return False


def _plain(value: Any) -> str:
    """Return a text or a number that stands without a node around it, or the first of several."""
    if isinstance(value, list):
        value = next(iter(value), None)
    return str(value).strip() if isinstance(value, (str, int, float)) and not isinstance(value, bool) else ""


def _texts(value: Any, language: str | None = None) -> dict[str, str]:
    """Return a text by language; "" stands for one that is not named."""
    found = {}
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, dict) and _plain(one.get("@value")):
            found[_tag(one.get("@language")) or ""] = _plain(one["@value"])
        elif text := _plain(one):
            found.setdefault(language or "", text)
    return found


def _text(value: Any) -> str:
    """Return a text, in whichever language it comes first."""
    return next(iter(_texts(value).values()), "")


def _address(node: Node) -> str:
    return _plain(node.get("url")) or (
        _plain(node.get("@id")) if _plain(node.get("@id")).startswith("http") else ""
    )


def _language(node: Node) -> str | None:
    named = node.get("inLanguage")
    return _tag(named.get("alternateName") if isinstance(named, dict) else named)


def _tag(named: Any) -> str | None:
    """Return a language's code, as the records have it: `en` for `en-US`, `EN`."""
    code = _plain(named).replace("_", "-").partition("-")[0].lower()
    return code if 2 <= len(code) <= 3 and code.isascii() and code.isalpha() else None


def _verdict(rating: Node) -> str:
    """Return a verdict in its own word; where it has none, as its place on its scale."""
    if word := _text(rating.get("alternateName")) or _text(rating.get("name")):
        return word
    value, best = _plain(rating.get("ratingValue")), _plain(rating.get("bestRating"))
    return f"{value}/{best}" if value and best else value
