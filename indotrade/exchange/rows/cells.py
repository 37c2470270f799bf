"""The cells of a row, each read by what its column holds: names, dates, figures, places."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar, cast, get_args

import msgspec

from indotrade.dataset.fields import Id, is_language
from indotrade.dataset.records import Figure, Flow, Locator, LocatorLabel, Reading, Said
from indotrade.dataset.words import Bound
from indotrade.errors import Message, Misused, NotFound, shown
from indotrade.exchange.adding.holding import Holding
from indotrade.exchange.rows import dates, figures, ratings
from indotrade.exchange.rows.drafts import Draft, Unreadable
from indotrade.exchange.rows.headings import LANGUAGE_NAMES, Heading
from indotrade.exchange.rows.made import Made
from indotrade.exchange.spreadsheets.sheets import Number
from indotrade.text import fold
from indotrade.text.bodies import is_body
from indotrade.text.choices import either, nearest
from indotrade.wording import labels

_T = TypeVar("_T")
_BETWEEN_NAMES = re.compile(r"\s*[;\n、；]\s*")


class Cells:
    """The cells of a row; what cannot be read is told in `faults`."""

    def __init__(
        self, draft: Draft, holding: Holding, made: Made, language: str, day_first: bool | None
    ) -> None:
        self.place = draft.place
        self.faults = [draft.place.told(why, heading) for heading, why in draft.unread]
        self._holding, self._made = holding, made
        self._cells = draft.cells
        self._texts_of = {(heading.field, heading.evidence): text for heading, text in draft.cells.items()}
        self._language = language
        self._day_first = day_first

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

    def _said(self, otherwise: str | None) -> Said | None:
        """Return when and where it was said; `otherwise` is when, where the row does not say it."""
        date = self._try("said", self._date) or (otherwise if not self._get("said") else None)
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
        bound = self._try("bound", lambda text: choice(text, get_args(Bound)), evidence)
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
        if read.is_range:
            self._made.decided("ranges", self.place.row, words)
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


def record_id(text: str) -> str:
    """Return a text as the id that it is. Raises Unreadable."""
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


def choice(text: str, choices: Sequence[str]) -> str:
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


def named_relation(text: str) -> Any:
    """Return the relation that a text names. Raises Unreadable."""
    if found := ratings.relation(text):
        return found
    return choice(text, ("supports", "conflicts", "context", "same-report"))


def paragraph(text: str) -> int:
    """Return the number of a paragraph. Raises Unreadable."""
    digits = re.sub(r"^\D*?(?=\d)", "", text).removesuffix(".0")
    if not re.fullmatch("[1-9][0-9]{0,8}", digits):
        raise Unreadable(Message('"{text}" is no number of a paragraph', text=text[:60]))
    return int(digits)


def language_code(text: str) -> str:
    """Return the code of a language that a text is, or names. Raises Unreadable."""
    code = LANGUAGE_NAMES.get(fold.key(text), text.strip().lower().replace("_", "-"))
    if is_language(code):
        return code
    wanted = Message("a BCP 47 language code: id, en, ja")
    raise Unreadable(Message("{found} is not {wanted}", found=shown(text), wanted=wanted))
