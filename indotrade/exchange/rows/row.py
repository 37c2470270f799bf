"""Reads one row as a claim: its source, its evidence, its place in the article; what is not written down is not made up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast, get_args

from msgspec.structs import replace

from indotrade.dataset.records import Claim, Evidence
from indotrade.dataset.words import KINDS, SourceType, Strength
from indotrade.errors import Message
from indotrade.exchange.rows import ratings
from indotrade.exchange.rows.cells import Cells, choice, language_code, named_relation, paragraph, record_id
from indotrade.exchange.rows.drafts import Draft, Unreadable
from indotrade.exchange.rows.headings import Heading
from indotrade.exchange.rows.made import Shared
from indotrade.exchange.rows.sources import Described, Sources

STATEMENT = Heading("statement")


class Row(Cells):
    """A row, as it becomes a claim."""

    def __init__(
        self,
        draft: Draft,
        sources: Sources,
        shared: Shared,
        is_kept: Callable[[str, str, str], bool],
        language: str,
        day_first: bool | None,
    ) -> None:
        super().__init__(draft, sources.holding, sources.made, language, day_first)
        self._sources, self._shared, self._is_kept = sources, shared, is_kept
        self.given: list[str] = []
        """The fields of the claim of which the row says something."""

    def claim(self) -> Claim | None:
        """Return the claim that the row holds, without an id where it names none.

        None where it cannot be one, or is to be left as it is there already.
        """
        statement = self._texts("statement")
        if not statement:
            if not self.faults:
                self._fail(Message("the row has no statement"), STATEMENT)
            return None
        name = self._try("id", record_id) or ""
        source = self._source()
        if source and self._is_kept(name, source, next(iter(statement.values()))):
            return None
        fields: dict[str, Any] = {
            "statement": statement,
            "kind": self._try("kind", lambda text: choice(text, KINDS)),
            "flow": self._flow(),
            "figure": self._figure(None),
            "said": self._said(self._shared.said),
            "speaker": self._try("speaker", self._speaker),
            "note": self._texts("note"),
            "paragraph": self._try("paragraph", paragraph),
            "locator": self._locator(),
            "anchors": self._several("anchors"),
            "evidence": [self._weighed(it, source) for it in self._evidence()],
        }
        fields |= {kind: self._tags(kind) for kind in ("sectors", "countries", "programs", "organizations")}
        fields |= self._anchored(fields, source)
        if source is None:
            return None
        self.given = ["source", *(field for field, value in fields.items() if value)]
        return Claim(id=name, source=source, **fields)

    # --- sources and evidence

    def _source(self) -> str | None:
        """Return the id of the source in which the claim stands."""
        described = self._described("article", None)
        if not described.is_named and self._shared.source:
            described = described._replace(named=self._shared.source)
        if not described.is_named:
            if self._shared.file:
                self._made.counts["called after the file"] += 1
                return self._found(described._replace(publisher=self._shared.file), None)
            checked = any(heading.evidence for heading in self._cells)
            if not (checked and self._get("speaker")) or self._shared.article:
                told = Message(
                    "the row has no source: a column source, url or publisher names it, or --source for all rows"
                )
                self._fail(told)
                return None
            # A statement that was checked, and of which nobody says where it was made, is its speaker's own.
            described = described._replace(publisher=self._get("speaker"))
            self._made.counts["speakers"] += 1
        return self._found(described, None)

    def _found(self, described: Described, evidence: int | None) -> str | None:
        try:
            return self._sources.found(described)
        except Unreadable as error:
            field = "url" if described.url else "source" if described.named else "publisher"
            self._fail(error.why, Heading(field, evidence))
            return None

    def _described(self, kind: SourceType, evidence: int | None) -> Described:
        return Described(
            kind,
            self._get("source", evidence),
            self._get("url", evidence),
            self._get("publisher", evidence),
            self._get("title", evidence),
            self._several("authors", evidence),
            self._try("published", self._date, evidence),
            self._try("language", language_code, evidence),
            self._get("via", evidence),
            self._get("vantage", evidence),
        )

    def _evidence(self) -> list[Evidence]:
        numbers = sorted({it.evidence for it in self._cells if it.evidence is not None})
        return [it for number in numbers if (it := self._piece(number))]

    def _piece(self, number: int) -> Evidence | None:
        """Return a piece of evidence that the row holds."""
        described = self._described("evidence", number)
        says, rating = self._texts("says", number), self._get("rating", number)
        figure = self._figure(number)
        word_for_it = self._try("relation", named_relation, number)
        if not described.is_named:
            if not (says or rating or figure):
                return None
            if not self._shared.rated_by:
                told = Message(
                    "evidence needs its source: a column evidence_publisher or evidence_url, or --rated-by for all rows"
                )
                self._fail(told, Heading("rating" if rating else "says", number))
                return None
            described = described._replace(publisher=self._shared.rated_by)
        source = self._found(described, number)
        if source is None:
            return None
        scale = self._get("scale", number)
        relation = word_for_it or ratings.said(rating, cast(Any, scale) or None)
        return Evidence(
            source=source,
            relation=relation,
            says=says,
            strength=cast(
                Strength | None, self._try("strength", lambda text: choice(text, get_args(Strength)), number)
            ),
            figure=figure,
            rating=rating or None,
        )

    def _weighed(self, evidence: Evidence, source: str | None) -> Evidence:
        """Return evidence whose relation follows from its rating as context where it is of the claim's own source."""
        if evidence.source == source and evidence.rating and evidence.relation != "same-report":
            return replace(evidence, relation="context")
        return evidence

    # --- the article

    def _anchored(self, fields: Mapping[str, Any], source: str | None) -> dict[str, Any]:
        """Return the paragraph and the anchors that the article gives for the row's quotation, or its figure's words."""
        article, quote = self._shared.article, self._get("quote")
        figure = (fields["figure"].as_printed if fields["figure"] else None) or ""
        if article is None or not (quote or figure):
            self._made.counts["quotes unused"] += bool(quote)
            return {}
        found = article.find(quote or figure, figure, fields["paragraph"])
        if found is None and quote:
            why = Message("the quotation does not stand in the article")
            if article.find(quote, figure):
                why = Message(
                    "the quotation stands in another paragraph than {number}", number=fields["paragraph"]
                )
            self._made.unfound.append((source, self.place.told(why, Heading("quote"))))
        if found is None or (found.several and not quote):
            return {}
        if found.several:
            self._made.decided("quotes", self.place.row)
        self._made.attested.add(source)
        self._made.counts["anchored"] += 1
        place = {} if fields["locator"] else {"paragraph": found.paragraph}
        return {"anchors": found.anchors, **place}
