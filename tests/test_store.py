"""A dataset answers the same from memory, from an index, and from any of its three forms on disk."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

import generated
import msgspec
import pytest
import samples
from hypothesis import given, settings
from hypothesis import strategies as st
from inside import inside
from test_query import FILTERS, MORE, ordered

from indotrade import index, query
from indotrade.errors import Misused, NotFound
from indotrade.index import open_store
from indotrade.models import Claim
from indotrade.query import Filters
from indotrade.store import KINDS, Store

CLAIM_FILES = ("claims.json", "claims.ndjson", "claims.ndjson.gz")


@contextmanager
def indexed(folder: Path) -> Iterator[Store]:
    """Open a dataset through an index, however small it is."""
    with (
        tempfile.TemporaryDirectory() as cache,
        mock.patch.dict(os.environ, XDG_CACHE_HOME=cache),
        mock.patch.multiple(index, SMALL=-1, SMALL_COMPRESSED=-1),
    ):
        store = open_store(str(folder))
        assert store.origin.index is not None
        yield store
        store.connection.close()


def answer(store: Store, filters: dict[str, Any]) -> Any:
    """Return all that an answer says, or the sentence that refuses it."""
    try:
        found = query.find(store, Filters(**filters))
    except (Misused, NotFound) as error:
        return str(error)
    return found.query, found.total, list(found.records()), query.counts(found, "sectors")


@settings(max_examples=25)
@given(generated.datasets(), FILTERS, MORE, generated.WORDS, st.sampled_from(CLAIM_FILES))
def test_an_index_answers_as_memory_does(
    records: dict[str, Any], filters: dict[str, Any], more: dict[str, Any], word: str, file: str
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = samples.write(Path(folder), records, file)
        memory = open_store(folder, searchable=True)
        with indexed(path) as store:
            assert store.sha256 == memory.sha256
            assert store.size == memory.size == len(records["claims"])
            for asked in (filters | more, more, filters, {"words": [word]}, filters | {"words": [word]}):
                assert answer(store, asked) == answer(memory, asked)
            for kind in KINDS:
                assert store.entries(kind) == memory.entries(kind)
            for facet in ("kind", "status", "speaker", "source"):
                assert store.counts(facet) == memory.counts(facet)


@settings(max_examples=25)
@given(generated.datasets())
def test_every_record_comes_back_as_it_was_written(records: dict[str, Any]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(str(samples.write(Path(folder), records)))
    by_id = {claim["id"]: claim for claim in records["claims"]}
    ids = ordered(records["claims"])
    assert [json.loads(store.record(number)) for number in range(1, len(ids) + 1)] == [
        by_id[name] for name in ids
    ]
    for name in ids:
        number = store.claim_number(name)
        assert number is not None
        assert store.claim(number) == msgspec.convert(by_id[name], Claim)
    for source in records["sources"]:
        assert json.loads(store.source_record(source["id"]) or "") == source


@pytest.mark.parametrize("file", CLAIM_FILES)
def test_the_digest_is_over_the_four_files_in_the_order_of_their_names(tmp_path: Path, file: str) -> None:
    samples.write(tmp_path, samples.sample(), file)
    digest = hashlib.sha256()
    for name in sorted([file, "dataset.json", "sources.json", "vocabulary.json"]):
        data = (tmp_path / name).read_bytes()
        digest.update(name.encode() + b"\0" + str(len(data)).encode() + b"\0" + data)
    assert open_store(str(tmp_path)).sha256 == digest.hexdigest()
    with indexed(tmp_path) as store:
        assert store.sha256 == digest.hexdigest()


@pytest.mark.parametrize("searchable", [False, True])
def test_names_are_known_in_a_store_that_is_searchable_and_in_one_that_is_not(
    tmp_path: Path, searchable: bool
) -> None:
    store = open_store(str(samples.write(tmp_path, samples.sample())), searchable=searchable)
    for name in ("clove", "CENGKIH", "クローブ"):
        assert query.find(store, Filters(sector=[name])).query == {"sector": ["clove"]}


def test_counts_of_a_parent_take_each_claim_once(tmp_path: Path) -> None:
    records = samples.changed({"claims.0.sectors": ["spices", "clove", "nutmeg"]})
    store = open_store(str(samples.write(tmp_path, records)))
    counts = {counted.entry.id: counted.claims for counted in store.entries("sectors")}
    assert counts == {"spices": 3, "clove": 2, "nutmeg": 2, "weaving": 2, "hand-pottery": 0}


def test_what_is_not_there_is_none(tmp_path: Path) -> None:
    store = open_store(str(samples.write(tmp_path, samples.sample())))
    assert store.claim_number("nowhere") is None
    assert store.source("nowhere") is None
    assert store.source_record("nowhere") is None
    assert store.entry("sectors", "nowhere") is None
    assert store.entry("sectors", "japan") is None


def test_a_dataset_without_a_claim_is_answered_from(tmp_path: Path) -> None:
    for file in CLAIM_FILES:
        samples.write(tmp_path / file, samples.sample() | {"claims": []}, file)
        ended = inside("list", "--json", "--data", tmp_path / file)
        assert (ended.status, json.loads(ended.out)["claims"]) == (1, [])
        assert ended.err == "indotrade: error: the dataset holds no claim\n"
        with indexed(tmp_path / file) as store:
            assert store.size == 0


@settings(max_examples=100)
@given(st.binary(max_size=60), st.sampled_from(["dataset", "sources", "vocabulary", "claims"]), st.integers(0, 4000), st.integers(0, 60))  # fmt: skip
def test_any_bytes_are_a_dataset_or_refused_with_a_sentence(
    data: bytes, name: str, at: int, cut: int
) -> None:
    """Bytes are spliced into a valid file: a look-up ends with an answer or with status 3, never in a bug."""
    whole = json.dumps(samples.sample()[name]).encode()
    spoilt = whole[:at] + data + whole[at + cut :]
    with tempfile.TemporaryDirectory() as folder:
        samples.write(Path(folder), samples.sample() | {name: spoilt})
        ended = inside("list", "--data", folder)
        checked = inside("check", folder)
    assert ended.status in (0, 3)
    assert (ended.status == 0) == (ended.out != "") == (checked.status == 0)
    assert checked.status in (0, 1)
    assert ended.err.startswith("indotrade: error: ") is (ended.status == 3)
    assert checked.err == ""


@settings(max_examples=100)
@given(st.data())
def test_any_change_to_a_record_is_a_dataset_or_refused_with_a_sentence(data: st.DataObject) -> None:
    records = samples.sample()
    holders: list[Any] = []
    pending: list[Any] = [records]
    while pending:
        value = pending.pop()
        if isinstance(value, (dict, list)) and value:
            holders.append(value)
            pending += value.values() if isinstance(value, dict) else value
    holder = data.draw(st.sampled_from(holders[1:]))
    key = data.draw(st.sampled_from(sorted(holder) if isinstance(holder, dict) else range(len(holder))))
    change = data.draw(st.sampled_from(["drop", "null", "number", "text", "list", "object", "twice"]))
    if change == "drop":
        del holder[key]
    elif change == "twice" and isinstance(holder, list):
        holder.append(holder[key])
    else:
        values: dict[str, Any] = {"null": None, "number": 2**70, "text": "x", "list": [], "object": {}}
        holder[key] = values.get(change, ["x"])
    with tempfile.TemporaryDirectory() as folder:
        samples.write(Path(folder), records)
        ended = inside("list", "--json", "--data", folder)
        assert ended.status in (0, 3)
        assert (ended.status == 3) == (inside("check", folder).status == 1)
