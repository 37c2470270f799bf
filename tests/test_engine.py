"""A dataset answers the same from memory, from an index, and from any of its three forms on disk."""

from __future__ import annotations

import hashlib
import json
import os
import sys
import tempfile
from array import array
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from unittest import mock

import generated
import msgspec
import pytest
import samples
from hypothesis import given, settings
from hypothesis import strategies as st
from inside import inside
from making import many
from test_query import FILTERS, MORE, VALUES, ordered

from indotrade.dataset.records import Claim
from indotrade.dataset.vocabulary import LISTS
from indotrade.engine import open as opening
from indotrade.engine import sets
from indotrade.engine.open import open_engine
from indotrade.engine.protocol import Engine, Facet, Names, Noun, Progress, Wanted, Warn, bits
from indotrade.engine.sqlite import SqliteEngine
from indotrade.errors import Misused, NotFound
from indotrade.query import answer as answers
from indotrade.query.question import Filters

CLAIM_FILES = ("claims.json", "claims.ndjson", "claims.ndjson.gz")


def _sample() -> Engine:
    with tempfile.TemporaryDirectory() as folder:
        return open_engine(str(samples.write(Path(folder), samples.sample())))


SAMPLE = _sample()


@contextmanager
def indexed(folder: Path) -> Iterator[Engine]:
    """Open a dataset through an index, however small it is."""
    with (
        tempfile.TemporaryDirectory() as cache,
        mock.patch.dict(os.environ, XDG_CACHE_HOME=cache),
        mock.patch.multiple("indotrade.engine.folder", SMALL=-1, SMALL_COMPRESSED=-1),
    ):
        engine = open_engine(str(folder))
        assert engine.origin.index is not None
        yield engine


def answer(engine: Engine, filters: dict[str, Any], counted: Iterable[Facet] = VALUES) -> Any:
    """Return all that an answer says, with the counts of some facets, or the sentence that refuses it."""
    try:
        found = answers.find(engine, cast(Filters, filters))
    except (Misused, NotFound) as error:
        return str(error)
    counts = {facet: found.matches.counts(facet) for facet in counted}
    return found.query, found.total, list(found.records()), counts


@settings(max_examples=15)
@given(generated.datasets(), FILTERS, MORE, generated.WORDS, st.sampled_from(CLAIM_FILES))
def test_an_index_answers_as_memory_does(
    records: dict[str, Any], filters: dict[str, Any], more: dict[str, Any], word: str, file: str
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = samples.write(Path(folder), records, file)
        memory = open_engine(folder)
        with indexed(path) as engine:
            assert engine.sha256 == memory.sha256
            assert engine.size == memory.size == len(records["claims"])
            for asked in (filters | more, more, filters, {"words": [word]}, filters | {"words": [word]}):
                assert answer(engine, asked) == answer(memory, asked)
            for kind in LISTS:
                assert engine.entries(kind) == memory.entries(kind)
                assert engine.keys(kind) == memory.keys(kind)
            for facet in VALUES:
                assert engine.counts(facet) == memory.counts(facet)
            assert (engine.dataset, engine.contents()) == (memory.dataset, memory.contents())
            assert engine.source_ids() == memory.source_ids()
            digests = [
                1,
                *(bits(anchor) for claim in records["claims"] for anchor in claim.get("anchors", ())),
            ]
            assert engine.attested(digests) == memory.attested(digests)


@settings(max_examples=15)
@given(generated.datasets())
def test_every_record_comes_back_with_what_was_written_and_what_follows_from_it(
    records: dict[str, Any],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(str(samples.write(Path(folder), records)))
    by_id = {claim["id"]: samples.complete(records, claim) for claim in records["claims"]}
    ids = ordered(records["claims"])
    assert [json.loads(record) for record in engine.find(Wanted()).records()] == [by_id[name] for name in ids]
    for name in ids:
        assert engine.claim(name) == msgspec.convert(by_id[name], Claim)
    assert engine.source_ids() == [source["id"] for source in records["sources"]]
    for source in records["sources"]:
        assert json.loads(engine.source_record(source["id"]) or "") == samples.completed_source(source)


@pytest.mark.parametrize("file", CLAIM_FILES)
def test_the_digest_is_over_the_four_files_in_the_order_of_their_names(tmp_path: Path, file: str) -> None:
    samples.write(tmp_path, samples.sample(), file)
    digest = hashlib.sha256()
    for name in sorted([file, "dataset.json", "sources.json", "vocabulary.json"]):
        data = (tmp_path / name).read_bytes()
        digest.update(name.encode() + b"\0" + str(len(data)).encode() + b"\0" + data)
    assert open_engine(str(tmp_path)).sha256 == digest.hexdigest()
    with indexed(tmp_path) as engine:
        assert engine.sha256 == digest.hexdigest()


@pytest.mark.parametrize("first", [["clove"], ["nowhere"], []], ids=["found", "not-found", "no-search"])
def test_names_are_known_before_a_search_and_after_one(tmp_path: Path, first: list[str]) -> None:
    engine = open_engine(str(samples.write(tmp_path, samples.sample())))
    for name in ("clove", "CENGKIH", "クローブ"):
        assert answers.find(engine, Filters(sector=[name])).query == {"sector": ["clove"]}
        list(answers.find(engine, Filters(words=first)).records())


def test_a_database_in_memory_is_made_searchable_at_the_first_search_and_once(tmp_path: Path) -> None:
    engine = open_engine(str(samples.write(tmp_path, samples.sample())))
    assert isinstance(engine, SqliteEngine)
    tables = "SELECT (SELECT count(*) FROM body), (SELECT count(*) FROM name)"
    assert next(engine.rows(tables)) == (0, 0)
    found = [list(answers.find(engine, Filters(words=["clov"])).records()) for _ in range(2)]
    filled = next(engine.rows(tables))
    assert filled[0] == engine.size
    assert len(found[0]) == 2
    assert found[0] == found[1]
    assert answers.find(engine, Filters(sector="clove", words=["clov"])).total == 2
    assert next(engine.rows(tables)) == filled


def test_counts_of_a_parent_take_each_claim_once(tmp_path: Path) -> None:
    records = samples.changed({"claims.0.sectors": ["spices", "clove", "nutmeg"]})
    engine = open_engine(str(samples.write(tmp_path, records)))
    assert engine.counts("sectors") == {"spices": 3, "clove": 2, "nutmeg": 2, "weaving": 2}


def test_what_is_not_there_is_none(tmp_path: Path) -> None:
    engine = open_engine(str(samples.write(tmp_path, samples.sample())))
    assert engine.claim("nowhere") is None
    assert engine.source("nowhere") is None
    assert engine.source_record("nowhere") is None
    assert engine.entry("sectors", "nowhere") is None
    assert engine.entry("sectors", "japan") is None
    assert engine.called("sectors", "japan") == engine.containing("sectors", ["japan"]) == []
    assert engine.beginning("claims", "nowhere", 5) == engine.beginning("sources", "crates", 5) == []
    assert engine.attested([1, -1]) == engine.attested([]) == {}
    wanted = [Wanted(facets={"sectors": ["nowhere"]}), Wanted(ids=["nowhere"]), Wanted(words=["nowhere"])]
    for matches in map(engine.find, wanted):
        assert (matches.total, list(matches.records()), matches.counts("kind")) == (0, [], {})


@given(
    st.sampled_from(["claims", "sources"]),
    st.text(st.sampled_from("cwhn-_%?*[r") | st.characters(exclude_categories=["Cs"]), max_size=2),
    st.integers(0, 4),
)
def test_ids_that_begin_with_a_prefix_come_sorted_with_their_records(
    noun: Noun, prefix: str, most: int
) -> None:
    ids = sorted(record["id"] for record in samples.sample()[noun] if record["id"].startswith(prefix))
    found = SAMPLE.beginning(noun, prefix, most)
    assert [name for name, _ in found] == ids[:most]
    by_id = {record["id"]: record for record in samples.sample()[noun]}
    whole = (
        (lambda it: samples.complete(samples.sample(), it)) if noun == "claims" else samples.completed_source
    )
    assert [json.loads(record) for _, record in found] == [whole(by_id[name]) for name, _ in found]


@pytest.mark.parametrize("kept", [False, True], ids=["memory", "index"])
def test_anchors_among_thousands_are_found_with_the_sources_in_which_they_stand(
    tmp_path: Path, kept: bool
) -> None:
    def anchor(number: int) -> str:
        return f"v1:{number * 0x9E3779B97F4A7C15 % 2**64:016x}"  # bits that are spread, negative numbers too

    claims = many(3000)
    for number, claim in enumerate(claims):
        claim["anchors"] = [anchor(number), anchor(30_000 + number // 2)]
    expected: dict[int, set[str]] = {}
    for claim in claims:
        for each in claim["anchors"]:
            expected.setdefault(bits(each), set()).add(claim["source"])
    folder = samples.write(tmp_path, samples.sample() | {"claims": claims}, "claims.ndjson")
    asked = [bits(anchor(number)) for number in range(40_000)]
    with indexed(folder) if kept else nullcontext(open_engine(str(folder))) as engine:
        assert engine.attested(asked) == expected
        assert engine.attested([*asked, *asked[:5]]) == expected
        assert engine.attested(iter(asked[:1])) == {asked[0]: expected[asked[0]]}
        assert engine.attested(asked[3000:10_000]) == {}
    assert len(expected) == 4500
    assert {len(sources) for sources in expected.values()} == {1, 2}


# --- other engines ---------------------------------------------------------------------------------------


def test_an_engine_is_what_the_interface_says(tmp_path: Path) -> None:
    opened = open_engine(str(samples.write(tmp_path, samples.sample())))
    assert isinstance(opened, SqliteEngine)
    engine: Engine = opened  # the type checker compares the class with the interface
    names: Names = engine
    methods = {name for of in (Engine, Names) for name in vars(of) if not name.startswith("_")}
    assert {name for name in methods if not hasattr(names, name)} == set()


def test_an_address_goes_to_the_engine_whose_beginning_it_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = str(samples.write(tmp_path, samples.sample()))
    asked: list[str | None] = []

    def open_other(path: str | None, progress: Progress | None, warn: Warn | None) -> Engine:
        asked.append(path)
        return SAMPLE

    def other_names(path: str | None) -> Names:
        asked.append(path)
        return SAMPLE

    other = SimpleNamespace(open_engine=open_other, open_names=other_names)
    monkeypatch.setitem(sys.modules, "another_engine", other)
    monkeypatch.setattr(opening, "ENGINES", {"other:": "another_engine", **opening.ENGINES})
    monkeypatch.delenv("INDOTRADE_DATA", raising=False)
    assert open_engine("other:harbour") is opening.open_names("other:names") is SAMPLE
    assert open_engine(folder) is not SAMPLE
    assert open_engine().dataset.name != SAMPLE.dataset.name
    monkeypatch.setenv("INDOTRADE_DATA", "other:variable")
    assert open_engine() is SAMPLE
    assert open_engine(folder) is not SAMPLE
    assert asked == ["other:harbour", "other:names", "other:variable"]
    ended = inside("list", "--json", "--data", "other:line")
    assert (ended.status, ended.err) == (0, "")
    assert [claim["id"] for claim in json.loads(ended.out)["claims"]] == samples.IDS


def test_a_dataset_without_a_claim_is_answered_from(tmp_path: Path) -> None:
    for file in CLAIM_FILES:
        samples.write(tmp_path / file, samples.sample() | {"claims": []}, file)
        ended = inside("list", "--json", "--data", tmp_path / file)
        assert (ended.status, json.loads(ended.out)["claims"]) == (1, [])
        assert ended.err == "indotrade: error: the dataset holds no claim\n"
        with indexed(tmp_path / file) as engine:
            assert engine.size == 0


@settings(max_examples=50)
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


@settings(max_examples=50)
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


# --- sets of claims --------------------------------------------------------------------------------------

ROOM = 300
CLAIMS = st.sets(st.integers(0, ROOM - 1))


@given(several=st.lists(CLAIMS, max_size=4), other=CLAIMS)
def test_a_set_is_the_same_once_it_was_kept_however_many_it_holds(
    several: list[set[int]], other: set[int]
) -> None:
    kept = [sets.packed(array("I", sorted(numbers)), ROOM) for numbers in several]
    united = set[int]().union(*several)
    assert sets.unpacked(kept, ROOM) == sets.of(united, ROOM)
    assert list(sets.members(sets.of(united, ROOM))) == sorted(united)
    claims = sets.of(other, ROOM)
    assert [sets.shared(it, claims, f"{claims:b}") for it in kept] == [len(it & other) for it in several]
    flags = sets.spread(claims, ROOM)
    assert {number for number in range(ROOM) if flags[number]} == other
    assert sets.gathered(flags) == claims
