"""Which evidence is shown first: the nearest to the fact, then what can be compared, then the nearest in time."""

from __future__ import annotations

import datetime
from typing import get_args

from indotrade.dataset.records import Claim, Evidence
from indotrade.dataset.words import Relation, Strength
from indotrade.engine.protocol import Engine
from indotrade.text.dates import spanned

ORDER: tuple[Strength | None, ...] = (*get_args(Strength), None)
"""From the strongest to the weakest."""


def strongest(claim: Claim, relation: Relation, engine: Engine) -> list[Evidence]:
    """Return a claim's evidence of one relation, the strongest first.

    Of one strength come first figures of the claim's own measure, then what is of a time near to the claim's, then
    figures of its unit, then what is newest.
    """
    own = claim.figure
    made = _days((own and own.period) or claim.date)

    def key(evidence: Evidence) -> tuple[object, ...]:
        figure = evidence.figure
        source = engine.source(evidence.source)
        period = figure.period if figure else None
        days = _days(period or (source.published if source else None))
        return (
            ORDER.index(evidence.strength),
            not (own and figure and own.measure and figure.measure == own.measure),
            _apart(made, days),
            not (own and figure and figure.unit == own.unit),
            -days[1] if days else 0,
        )

    return sorted((it for it in claim.evidence if it.relation == relation), key=key)


def _days(period: str | None) -> tuple[int, int] | None:
    """Return the first and the last day of a period as numbers; None for none."""
    if not period:
        return None
    first, last = (datetime.date.fromisoformat(day).toordinal() for day in spanned(period))
    return first, last


def _apart(one: tuple[int, int] | None, other: tuple[int, int] | None) -> int:
    """Return how many days lie between two periods; more than any where one of them is not known."""
    if one is None or other is None:
        return datetime.date.max.toordinal()
    return max(0, other[0] - one[1], one[0] - other[1])
