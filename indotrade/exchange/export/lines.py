"""Writes claims as lines of JSON, each with the sources that it cites, which is what `--format ndjson` prints."""

from __future__ import annotations

from pathlib import Path

from indotrade.exchange.export.chosen import Chosen
from indotrade.exchange.export.dataset_files import line


def write(chosen: Chosen, file: Path) -> None:
    """Write a line for each claim."""
    with file.open("w", encoding="utf-8", newline="\n") as stream:
        for claim in chosen.claims():
            cited = dict.fromkeys((claim["source"], *(evidence["source"] for evidence in claim["evidence"])))
            stream.write(line(claim | {"sources": {name: chosen.source(name) for name in cited}}))
