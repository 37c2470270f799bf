"""A dataset of format 1, that of version 1.0.0, stays valid and gives the same claims."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import samples
from inside import inside

FOLDER = Path(__file__).with_name("format1")
RECORDS: dict[str, Any] = {
    name: json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    for name in ("dataset", "sources", "vocabulary", "claims")
}


@pytest.fixture(scope="module")
def claims() -> list[samples.Record]:
    """The claims as an answer has them."""
    ended = inside("list", "--json", "--data", FOLDER)
    assert (ended.status, ended.err) == (0, "")
    found: list[samples.Record] = json.loads(ended.out)["claims"]
    return found


def test_it_has_no_error() -> None:
    assert RECORDS["dataset"]["format"] == 1
    assert [line for line in samples.faults(FOLDER) if line.startswith("error")] == []


def test_every_field_reads_the_same_and_what_is_new_is_empty_or_counted(claims: list[samples.Record]) -> None:
    assert claims == [samples.complete(RECORDS, claim) for claim in samples.in_order(RECORDS["claims"])]
    for claim, written in zip(claims, samples.in_order(RECORDS["claims"]), strict=True):
        known = {key: claim[key] for key in written if key not in ("evidence", "figure")}
        assert known == {key: value for key, value in written.items() if key not in ("evidence", "figure")}
        assert (claim["figure"] or {}).get("value") == (written["figure"] or {}).get("value")


def test_its_voices_are_no_more_than_its_pages(claims: list[samples.Record]) -> None:
    for claim in claims:
        for relation in ("supports", "conflicts", "context"):
            pages = {item["source"] for item in claim["evidence"] if item["relation"] == relation}
            assert claim[relation] == samples.voices(RECORDS, claim, relation) <= len(pages)
    assert any(claim["conflicts"] < len({e["source"] for e in claim["evidence"] if e["relation"] == "conflicts"}) for claim in claims)  # fmt: skip
