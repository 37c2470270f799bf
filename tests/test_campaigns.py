"""A short run of each campaign; a long one is made by hand, as the first lines of each say."""

from __future__ import annotations

import campaigns
import pytest
from campaigns import argv, calls, damage, imports, kill, mutations, questions

SHORT: dict[str, tuple[campaigns.Round, int]] = {
    "argv": (argv.once, 60),
    "calls": (calls.once, 40),
    "damage": (damage.once, 20),
    "imports": (imports.once, 10),
    "kill": (kill.once, 3),
    "mutations": (mutations.once, 60),
    "questions": (questions.once, 4),
}
"""By name what does one round, and how many rounds take a second or two."""


@pytest.mark.parametrize("name", SHORT)
def test_short_run_of_a_campaign(name: str) -> None:
    once, rounds = SHORT[name]
    assert campaigns.run(once, rounds, seed=0).total() == rounds
