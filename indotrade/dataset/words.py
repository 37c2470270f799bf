"""The words that records are made of: kinds, statuses, relations, and the ids that stand for no entry.

They are apart from `records`, for a look-up needs them, and not the types of the records.
"""

from __future__ import annotations

from typing import Literal, get_args

Kind = Literal["figure", "forecast", "event", "plan", "need", "opinion", "description"]
Status = Literal["single", "corroborated", "disputed", "superseded", "misprint"]
Relation = Literal["supports", "conflicts", "context", "same-report"]
Strength = Literal["primary", "official", "press", "secondary-copy"]
Bound = Literal["exact", "about", "at-least", "more-than", "up-to"]
Basis = Literal["printed", "inferred"]
SourceType = Literal["article", "evidence"]

KINDS: tuple[Kind, ...] = get_args(Kind)
STATUSES: tuple[Status, ...] = get_args(Status)
RELATIONS: tuple[Relation, ...] = get_args(Relation)
WORLD = "world"
"""The one end of a flow that is no entry of the vocabulary."""
NARRATION = "narration"
"""What stands for a speaker where an article itself speaks; no person or organization may have this id."""
