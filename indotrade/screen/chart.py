"""A bar chart of a claim's figure beside the figures of its evidence that can be compared with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rich.cells import cell_len
from rich.console import RenderableType
from rich.text import Text

from indotrade.dataset.records import Claim
from indotrade.screen.claims import Numbering
from indotrade.screen.look import Look
from indotrade.text.escape import visible
from indotrade.wording.figures import bounded, number, unit_word
from indotrade.wording.sentences import word


class Bar(NamedTuple):
    """One figure of a chart."""

    until: str
    """The end of its period; "" where none is given."""
    name: str
    value: float
    quantity: str
    own: bool


def chart(claim: Claim, numbering: Numbering, look: Look) -> Iterator[RenderableType]:
    """Yield a bar chart of the claim's figure beside those of its evidence with the same measure and unit.

    Figures without a period stand apart, below: that a number was said on a day does not make it that day's.
    """
    bars = comparable(claim, numbering, look.language)
    if not bars or claim.figure is None:
        return
    reading = claim.figure.reading
    unit = visible(unit_word((reading and reading.unit) or claim.figure.unit, look.language))
    yield Text(f"{word('Comparable figures', look.language)} ({unit})", style="bold")
    names = max(cell_len(bar.name) for bar in bars)
    digits = max(cell_len(bar.quantity) for bar in bars)
    width = look.width if look.terminal else 100
    room = max(8, min(50, width - names - digits - 4))
    largest = max(abs(bar.value) for bar in bars) or 1.0
    for place, bar in enumerate(bars):
        if place and not bar.until and bars[place - 1].until:
            yield Text("")
        filled = round(abs(bar.value) / largest * room)
        line = Text(f"{bar.name}{' ' * (names - cell_len(bar.name))}  ")
        line.append(f"{' ' * (digits - cell_len(bar.quantity))}{bar.quantity}  ")
        yield line.append("█" * filled or "▏", style="bold" if bar.own else "")
    yield Text("")


def comparable(claim: Claim, numbering: Numbering, language: str) -> list[Bar]:
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
            if (mark := numbering.mark(evidence.source)) not in marks:
                marks.append(mark)
    if not found:
        return []

    def bar(period: str, value: str, bound: str | None, marks: Sequence[str], *, own: bool) -> Bar:
        name = f"{period or word('no period given', language)} {' '.join(marks)}"
        amount = bounded(number(value, language), bound, language)
        return Bar(period.rsplit("/", maxsplit=1)[-1], name, float(value), amount, own)

    bars = [bar(*figure, marks, own=False) for figure, marks in found.items()]
    shown = own.reading.value if own.reading else own.value
    bars.append(bar(own.period or "", shown, own.bound, [word("this claim", language)], own=True))
    return sorted(bars, key=lambda bar: (not bar.until, bar.until))
