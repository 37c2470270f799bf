"""A bar chart of a claim's figure beside the figures of its evidence that can be compared with it."""

from __future__ import annotations

from collections.abc import Iterator
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

    when: str
    name: str
    value: float
    quantity: str
    own: bool


def chart(claim: Claim, numbering: Numbering, look: Look) -> Iterator[RenderableType]:
    """Yield a bar chart of the claim's figure beside those of its evidence with the same measure and unit."""
    bars = comparable(claim, numbering, look.language)
    if not bars or claim.figure is None:
        return
    language = look.language
    unit = visible(unit_word(claim.figure.unit, language))
    yield Text(f"{word('Comparable figures', language)} ({unit})", style="bold")
    names = max(cell_len(bar.name) for bar in bars)
    digits = max(cell_len(bar.quantity) for bar in bars)
    width = look.width if look.terminal else 100
    room = max(8, min(50, width - names - digits - 4))
    largest = max(abs(bar.value) for bar in bars) or 1.0
    for bar in bars:
        filled = round(abs(bar.value) / largest * room)
        line = Text(f"{bar.name}{' ' * (names - cell_len(bar.name))}  ")
        line.append(f"{' ' * (digits - cell_len(bar.quantity))}{bar.quantity}  ")
        yield line.append("█" * filled or "▏", style="bold" if bar.own else "")
    yield Text("")


def comparable(claim: Claim, numbering: Numbering, language: str) -> list[Bar]:
    """Return the claim's figure and those of its evidence that share measure and unit, by time; [] if it stands alone.

    One figure for one period that several sources repeat is one bar with all their numbers.
    """
    own = claim.figure
    if own is None or own.measure is None:
        return []
    found: dict[tuple[str, str, str], list[str]] = {}
    for evidence in claim.evidence:
        figure = evidence.figure
        if figure and figure.measure == own.measure and figure.unit == own.unit:
            marks = found.setdefault((figure.period or "", figure.value, figure.bound), [])
            if (mark := numbering.mark(evidence.source)) not in marks:
                marks.append(mark)
    if not found:
        return []
    bars = [
        Bar(
            period.split("/")[-1],
            f"{period or word('unstated', language)} {' '.join(marks)}",
            float(value),
            bounded(number(value, language), bound, language),
            own=False,
        )
        for (period, value, bound), marks in found.items()
    ]
    when = own.period or claim.said.date
    shown = own.reading.value if own.reading else own.value
    name = f"{when} {word('this claim', language)}"
    amount = bounded(number(shown, language), own.bound, language)
    bars.append(Bar(when.split("/")[-1], name, float(shown), amount, own=True))
    return sorted(bars, key=lambda bar: (not bar.when, bar.when))
