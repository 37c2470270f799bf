"""What all campaigns share: rounds of something random, each with its own seed, so that one that fails can be repeated."""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter
from collections.abc import Callable

Round = Callable[[random.Random], str]
"""Does one round; returns in a word how it ended, and raises AssertionError where it must not end so."""


def run(once: Round, rounds: int, seed: int) -> Counter[str]:
    """Return how the rounds ended. Raises AssertionError at the first that fails, with its seed in a note."""
    ended: Counter[str] = Counter()
    for number in range(seed, seed + rounds):
        try:
            ended[once(random.Random(number))] += 1
        except Exception as error:
            error.add_note(f"repeat it with --seed {number} --rounds 1")
            raise
    return ended


def main(once: Round, description: str) -> None:
    """Run a campaign from the command line, and print how its rounds ended."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--rounds", type=int, default=1000)
    asked = parser.parse_args()
    began = time.monotonic()
    ended = run(once, asked.rounds, asked.seed)
    counted = ", ".join(f"{count:,} {how}" for how, count in ended.most_common())
    print(f"{asked.rounds:,} rounds in {time.monotonic() - began:.0f} s: {counted}")  # noqa: T201 - scripts print
