"""Reads one row as a claim: each cell by what its column holds; what is not written down is not made up."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar, cast, get_args

import msgspec
from msgspec.structs import replace

from indotrade.dataset.records import (
    Claim,
    Evidence,
    Figure,
    Flow,
    Id,
    Locator,
    LocatorLabel,
    Reading,
    Said,
    is_language,
)
from indotrade.dataset.words import KINDS, Bound, SourceType, Strength
from indotrade.errors import Message, Misused, NotFound, shown
from indotrade.exchange.adding.holding import is_body
from indotrade.exchange.rows import dates, figures, ratings
from indotrade.exchange.rows.drafts import Draft, Unreadable
from indotrade.exchange.rows.headings import Heading
from indotrade.exchange.rows.made import Shared
from indotrade.exchange.rows.sources import Described, Sources
from indotrade.exchange.spreadsheets.sheets import Number
from indotrade.text import fold
from indotrade.text.choices import either, nearest
from indotrade.wording import labels

_T = TypeVar("_T")
_BETWEEN_NAMES = re.compile(r"\s*[;\n、；]\s*")
STATEMENT = Heading("statement")


class Row:
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
        self.place = draft.place
        self.faults = [draft.place.told(why, heading) for heading, why in draft.unread]
        self._sources, self._shared, self._is_kept = sources, shared, is_kept
        self._holding, self._made = sources.holding, sources.made
        self._cells = draft.cells
        self._texts_of = {(heading.field, heading.evidence): text for heading, text in draft.cells.items()}
        self._language = language
        self._day_first = day_first
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
        name = self._try("id", _id) or ""
        source = self._source()
        if source and self._is_kept(name, source, next(iter(statement.values()))):
            return None
        fields: dict[str, Any] = {
            "statement": statement,
            "kind": self._try("kind", lambda text: _choice(text, KINDS)),
            "flow": self._flow(),
            "figure": self._figure(None),
            "said": self._said(),
            "speaker": self._try("speaker", self._speaker),
            "note": self._texts("note"),
            "paragraph": self._try("paragraph", _paragraph),
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

    # --- cells

    def _get(self, field: str, evidence: int | None = None) -> str:
        return self._texts_of.get((field, evidence), "")

    def _fail(self, why: Message, heading: Heading | None = None) -> None:
        self.faults.append(self.place.told(why, heading))

    def _try(self, field: str, read: Callable[[str], _T], evidence: int | None = None) -> _T | None:
        """Return what the text of a cell says; None where it is blank, or is told to be unreadable."""
        text = self._get(field, evidence)
        if not text:
            return None
        try:
            return read(text)
        except Unreadable as error:
            why = error.why
        except (NotFound, Misused) as error:
            why = error.message
        self._fail(why, Heading(field, evidence))
        return None

    def _texts(self, field: str, evidence: int | None = None) -> dict[str, str] | None:
        """Return a text by language."""
        return {
            heading.language or self._language: text
            for heading, text in self._cells.items()
            if heading.field == field and heading.evidence == evidence
        } or None

    def _several(self, field: str, evidence: int | None = None) -> list[str]:
        return [part for part in _BETWEEN_NAMES.split(self._get(field, evidence)) if part]

    # --- fields

    def _tags(self, kind: str) -> list[str]:
        return self._try(kind, lambda text: list(dict.fromkeys(self._named_all(kind, text)))) or []

    def _named_all(self, kind: str, text: str) -> Iterable[str]:
        """Yield the ids of the entries that a cell names: one name, or several between `;`, or else commas."""
        if found := self._known(kind, text):
            yield found
            return
        parts = [part for part in _BETWEEN_NAMES.split(text) if part]
        for part in parts if len(parts) > 1 else [part for part in map(str.strip, text.split(",")) if part]:
            yield self._named(kind, part)

    def _known(self, kind: str, text: str) -> str | None:
        return self._holding.named(kind, text) if fold.key(text) else None

    def _named(self, kind: str, text: str) -> str:
        """Return the id of the entry with a name; one that is not known yet becomes one."""
        if not fold.key(text):
            raise Unreadable(Message('"{text}" is no name', text=text[:60]))
        return self._holding.named(kind, text) or self._holding.make_entry(kind, text, self._language)

    def _speaker(self, text: str) -> str | None:
        found = self._known("people", text)
        if not found:
            if not fold.key(text):
                raise Unreadable(Message('"{text}" is no name', text=text[:60]))
            is_organization = self._get("speaker_type") == "organization" or is_body(text)
            kind = "organizations" if is_organization else "people"
            role = self._get("role")
            more = {"role": {self._language: role}} if role and kind == "people" else {}
            found = self._holding.make_entry(kind, text, self._language, **more)
        return None if found == "narration" else found

    def _flow(self) -> Flow | None:
        ends = [
            self._try(field, lambda text: self._named("countries", text))
            for field in ("flow_from", "flow_to")
        ]
        if all(ends):
            return Flow(*map(str, ends))
        if any(ends):
            self._fail(Message("a flow has two ends, and the row names one"), Heading("flow_from"))
        return None

    def _said(self) -> Said | None:
        date = self._try("said", self._date) or (self._shared.said if not self._get("said") else None)
        at = self._try("at", lambda text: self._named("programs", text))
        return Said(date=date, at=at) if date or at else None

    def _date(self, text: str) -> str:
        return self._dated(text, dates.read)

    def _dated(self, text: str, read: Callable[[str, bool | None], str]) -> str:
        try:
            found = read(text, None)
        except dates.Ambiguous:
            if self._day_first is None:
                raise Unreadable(
                    Message(
                        "{date} is one day if the day stands first, and another if the month does: write 2021-06-17",
                        date=text[:40],
                    )
                ) from None
            found = read(text, self._day_first)
            self._made.decided("days" if self._day_first else "months", self.place.row)
        except ValueError:
            raise Unreadable(
                Message('"{text}" is no date that can be read: write 2021-06-17', text=text[:60])
            ) from None
        return found

    def _figure(self, evidence: int | None) -> Figure | None:
        words, value = self._get("as_printed", evidence), self._get("value", evidence)
        if not words and not value:
            return None
        is_told = value and self._get("unit", evidence)
        read = None if is_told else self._try("as_printed", self._words_read, evidence)
        value = (
            (self._try("value", lambda text: figures.number(text, self._language), evidence) or "")
            if value
            else ""
        )
        unit = self._try("unit", figures.unit, evidence) or (read.unit if read else None)
        if value.endswith("%") and not unit:
            unit = "percent"
        if not value and read is None:
            return None
        if not unit:
            field = "as_printed" if words else "value"
            self._fail(Message("the figure has no unit: a column unit says it"), Heading(field, evidence))
            return None
        bound = self._try("bound", lambda text: _choice(text, get_args(Bound)), evidence)
        reading = self._try("reading", lambda text: figures.number(text, self._language), evidence)
        printed = words if words and not isinstance(words, Number) else None
        return Figure(
            value=value or (read.value if read else ""),
            unit=unit,
            bound=cast(Bound | None, bound or (read.bound if read else None)),
            measure=self._try("measure", lambda text: self._named("measures", text), evidence),
            period=self._try("period", lambda text: self._dated(text, dates.period), evidence),
            as_printed=printed,
            reading=Reading(reading) if reading else None,
        )

    def _words_read(self, words: str) -> figures.Read:
        read = figures.read(words, self._language)
        if read.other and not self._get("value"):
            self._made.decided("figures", self.place.row, f"{words} → {read.value}")
        self._made.counts["figures read"] += 1
        return read

    def _locator(self) -> Locator | None:
        for heading, text in self._cells.items():
            if heading.field != "locator":
                continue
            label, value = (
                heading.label or text.partition(" ")[0],
                text if heading.label else text.partition(" ")[2],
            )
            if label in get_args(LocatorLabel) and value:
                return Locator(cast(LocatorLabel, label), value)
            self._fail(Message("a place is a label and a value: page 12"), heading)
        return None

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
        language = self._get("language", evidence).strip().lower()
        return Described(
            kind,
            self._get("source", evidence),
            self._get("url", evidence),
            self._get("publisher", evidence),
            self._get("title", evidence),
            self._several("authors", evidence),
            self._try("published", self._date, evidence),
            language if is_language(language) else None,
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
        word_for_it = self._try("relation", _relation, number)
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
                Strength | None, self._try("strength", lambda text: _choice(text, get_args(Strength)), number)
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


def _id(text: str) -> str:
    try:
        return msgspec.convert(text, Id)
    except msgspec.ValidationError:
        raise Unreadable(
            Message(
                "{found} is not {wanted}",
                found=shown(text),
                wanted=Message("an id: letters and digits, joined by - . or _"),
            )
        ) from None


def _choice(text: str, choices: Sequence[str]) -> str:
    """Return which of some words a text is, in any language of the screens. Raises Unreadable."""
    if found := labels.meant(text, choices):
        return found
    near = nearest(text, choices, 1)
    if near:
        raise Unreadable(
            Message(
                '"{text}" is not one of {choices}; did you mean {near}?',
                text=text[:60],
                choices=", ".join(choices),
                near=either(near),
            )
        )
    raise Unreadable(Message('"{text}" is not one of {choices}', text=text[:60], choices=", ".join(choices)))


def _relation(text: str) -> Any:
    if found := ratings.relation(text):
        return found
    return _choice(text, ("supports", "conflicts", "context", "same-report"))


def _paragraph(text: str) -> int:
    digits = re.sub(r"^\D*?(?=\d)", "", text).removesuffix(".0")
    if not re.fullmatch("[1-9][0-9]{0,8}", digits):
        raise Unreadable(Message('"{text}" is no number of a paragraph', text=text[:60]))
    return int(digits)
