"""Every figure of a measure, from claims and from their evidence, on one time line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from msgspec import Struct

from indotrade.dataset.records import Claim, Figure
from indotrade.dataset.words import Relation, Strength
from indotrade.text.dates import spanned


class Measured(Struct, frozen=True):
    """A figure, and who gives it."""

    figure: Figure
    claim: Claim
    """The claim that it is the figure of, or on which it bears."""
    source: str
    """The id of the source that gives it."""
    relation: Relation | None = None
    """How it bears on the claim; None for the claim's own."""
    strength: Strength | None = None

    @property
    def value(self) -> str:
        """The number that is compared: of a misprint the likely reading."""
        return self.figure.reading.value if self.figure.reading else self.figure.value

    @property
    def unit(self) -> str:
        """The unit of that number."""
        return (self.figure.reading and self.figure.reading.unit) or self.figure.unit

    def record(self) -> dict[str, Any]:
        """Return the figure as a record, by the names of `COLUMNS`."""
        figure = self.figure
        return {
            "claim": self.claim.id,
            "source": self.source,
            "measure": figure.measure,
            "value": figure.value,
            "unit": figure.unit,
            "bound": figure.bound,
            "period": figure.period,
            "as_printed": figure.as_printed,
            "reading": figure.reading.value if figure.reading else None,
            "relation": self.relation,
            "strength": self.strength,
            "status": self.claim.status,
        }


COLUMNS = (
    "claim", "source", "measure", "value", "unit", "bound", "period", "as_printed", "reading", "relation", "strength",
    "status",
)  # fmt: skip
"""The keys of a figure's record."""


def measured(claims: Iterable[Claim], measures: Sequence[str]) -> list[Measured]:
    """Return every figure of some measures in claims and their evidence, unit by unit, each in the order of time.

    The unit with most figures comes first, and of a unit what has no period last.
    """
    found = [
        item
        for claim in claims
        for item in _of(claim)
        if item.figure.measure and item.figure.measure in measures
    ]
    many = Counter(item.unit for item in found)

    def key(item: Measured) -> tuple[object, ...]:
        period = item.figure.period
        first, last = spanned(period) if period else ("", "")
        return -many[item.unit], item.unit, not period, last, first

    return sorted(found, key=key)


def _of(claim: Claim) -> list[Measured]:
    own = [Measured(claim.figure, claim, claim.source)] if claim.figure else []
    return own + [
        Measured(evidence.figure, claim, evidence.source, evidence.relation, evidence.strength)
        for evidence in claim.evidence
        if evidence.figure
    ]
