"""Writes a valid dataset with as many claims as a test wants, in an order that is not that of answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from zlib import crc32

import samples
from samples import claim, sample, text, write


def many(count: int) -> list[dict[str, Any]]:
    """Return `count` claims, shuffled, the same each time."""
    claims = [
        claim(
            f"claim-{number:05}",
            statement=text(f"Ship {number} sailed for 日本.", f"Kapal {number} berlayar ke 日本."),
            sectors=[("clove", "nutmeg", "weaving")[number % 3]],
            source=("orchard-paper", "harbour-news")[number % 2],
            paragraph=1 + number % 7,
        )
        for number in range(count)
    ]
    return sorted(claims, key=lambda record: crc32(record["id"].encode()))


def dataset(folder: Path, count: int = 60, file: str = "claims.ndjson", **changes: Any) -> Path:
    """Write a valid dataset of `count` claims into `folder`, and return the folder; `changes` replace files."""
    return write(folder, sample() | {"claims": many(count)} | changes, file)


def in_order(claims: list[dict[str, Any]]) -> list[str]:
    """Return the ids of claims in the order of answers."""
    return [record["id"] for record in samples.in_order(claims)]
