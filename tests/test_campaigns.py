"""A short run of each campaign; a long one is made by hand, as the first lines of each say."""

from __future__ import annotations

import campaigns
import pytest
from campaigns import argv, calls, damage, imports, kill, mutations, questions

SHORT: dict[str, tuple[campaigns.Round, int]] = {
    "argv": (argv.once, 30),
    "calls": (calls.once, 15),
    "damage": (damage.once, 12),
    "imports": (imports.once, 3),
    "kill": (kill.once, 1),
    "mutations": (mutations.once, 25),
    "questions": (questions.once, 3),
}
"""By name what does one round, and how many rounds take a second or two."""


@pytest.mark.parametrize("name", SHORT)
def test_short_run_of_a_campaign(name: str) -> None:
    once, rounds = SHORT[name]
    assert campaigns.run(once, rounds, seed=0).total() == rounds
