"""A bar chart of a claim's figure beside the figures of its evidence that can be compared with it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from indotrade.dataset.records import Claim
from indotrade.screen.claims import Numbering
from indotrade.screen.lines import GAP, LEAST, cell_len, paragraph, styled
from indotrade.screen.look import Look
from indotrade.text.dates import days
from indotrade.text.escape import visible
from indotrade.wording.figures import bounded, number, unit_word
from indotrade.wording.sentences import word

MOST = 50
"""The columns of the longest bar."""


class Bar(NamedTuple):
    """One figure of a chart."""

    until: str
    """The end of its period; "" where none is given."""
    name: str
    value: float
    quantity: str
    own: bool


def chart(claim: Claim, numbering: Numbering | None, look: Look, *, most: int | None = None) -> Iterator[str]:
    """Yield a bar chart of the claim's figure beside those of its evidence with the same measure and unit.

    Figures without a period stand apart, below: that a number was said on a day does not make it that day's. Of more
    than `most`, those are left out that are the furthest from the claim in time. Without a numbering the sources are
    not named.
    """
    every = comparable(claim, numbering, look.language)
    shown = _nearest(every, most, claim.date)
    if len(shown) < 2 or claim.figure is None:
        return
    reading = claim.figure.reading
    unit = visible(unit_word((reading and reading.unit) or claim.figure.unit, look.language))
    told = f" · {word('{} of {}', look.language).format(len(shown), len(every))}"
    if numbering is None:
        yield ""
    yield styled(
        f"{word('Comparable figures', look.language)} ({unit}){told if len(shown) < len(every) else ''}",
        "bold",
        look,
    )
    yield from bars(shown, look)
    if numbering:
        yield ""


def bars(shown: Sequence[Bar], look: Look) -> Iterator[str]:
    """Yield figures as bars, those without a period apart."""
    names = max(cell_len(bar.name) for bar in shown)
    digits = max(cell_len(bar.quantity) for bar in shown)
    width = look.width if look.terminal else 100
    narrow = width - names - digits - 2 * GAP < LEAST  # then a bar stands below its name
    room = min(MOST, width - digits - 2 * GAP - (0 if narrow else names))
    largest = max(abs(bar.value) for bar in shown) or 1.0
    for place, bar in enumerate(shown):
        if place and not bar.until and shown[place - 1].until:
            yield ""
        filled = round(abs(bar.value) / largest * room)
        name = bar.name + " " * (names - cell_len(bar.name))
        amount = " " * (digits - cell_len(bar.quantity)) + bar.quantity
        style = "bold" if bar.own else ""
        if narrow:
            yield from paragraph(bar.name, look, style)
            name = ""
        yield styled(f"{name}{' ' * GAP}{amount}{' ' * GAP}{'█' * filled or '▏'}", style, look)


def _nearest(every: Sequence[Bar], most: int | None, said: str | None) -> Sequence[Bar]:
    """Return up to `most` bars, in their order: the claim's own, and those of the times next to its period, or to its date."""
    if most is None or len(every) <= most:
        return every
    own = next(bar for bar in every if bar.own)
    at = _day(own.until or said or "")
    near = sorted(every, key=lambda bar: (not bar.own, not bar.until, abs(_day(bar.until) - at)))[:most]
    return [bar for bar in every if bar in near]


def _day(until: str) -> int:
    """Return the last day of a date as a number; 0 for none."""
    return datetime.date.fromisoformat(days(until)[1]).toordinal() if until else 0


def comparable(claim: Claim, numbering: Numbering | None, language: str) -> list[Bar]:
    """Return the claim's figure and those of its evidence that share measure and unit; [] if it stands alone.

    They are in the order of time, those without a period last. One figure for one period that several
    sources repeat is one bar with all their numbers.
    """
    own = claim.figure
    if own is None or own.measure is None:
        return []
    unit = (own.reading and own.reading.unit) or own.unit
    found: dict[tuple[str, str, str | None], list[str]] = {}
    for evidence in claim.evidence:
        figure = evidence.figure
        if figure and figure.measure == own.measure and figure.unit == unit:
            marks = found.setdefault((figure.period or "", figure.value, figure.bound), [])
            if numbering and (mark := numbering.mark(evidence.source)) not in marks:
                marks.append(mark)
    if not found:
        return []

    def bar(period: str, value: str, bound: str | None, marks: Sequence[str], *, own: bool) -> Bar:
        name = visible(f"{period or word('no period given', language)} {' '.join(marks)}".rstrip())
        amount = bounded(number(value, language), bound, language)
        return Bar(period.rsplit("/", maxsplit=1)[-1], name, float(value), amount, own)

    bars = [bar(*figure, marks, own=False) for figure, marks in found.items()]
    shown = own.reading.value if own.reading else own.value
    bars.append(bar(own.period or "", shown, own.bound, [word("this claim", language)], own=True))
    return sorted(bars, key=lambda bar: (not bar.until, bar.until))
