"""Every answer of the engine is compared with a plain scan of the records by another hand."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import Any, cast, get_args
from unittest import mock

import generated
import msgspec
import pytest
import samples
from generated import plain
from hypothesis import example, given, settings
from hypothesis import strategies as st

from indotrade.dataset.packed import resource
from indotrade.dataset.words import KINDS, STATUSES
from indotrade.engine import named, nearest, search
from indotrade.engine.open import open_engine
from indotrade.engine.protocol import Engine, Facet, Wanted
from indotrade.errors import Misused, NotFound
from indotrade.query import answer as answers
from indotrade.query.names import MOST_WORDS
from indotrade.query.question import FILTERS as ALL_FILTERS
from indotrade.query.question import MOST_LETTERS, ORDERS, Filters, capped, understood
from indotrade.query.records import claim as claim_of

Records = dict[str, Any]


def opened(records: Records) -> Engine:
    """Return the engine of a dataset."""
    with tempfile.TemporaryDirectory() as folder:
        return open_engine(str(samples.write(Path(folder), records)))


def find(engine: Engine, **filters: Any) -> answers.Answer:
    return answers.find(engine, cast(Filters, filters))


def found(engine: Engine, **filters: Any) -> list[str]:
    """Return the ids of the claims that are found."""
    answer = find(engine, **filters)
    ids = [claim.id for claim in answer.claims()]
    assert len(ids) == answer.count
    return ids


def ordered(claims: Iterable[samples.Record]) -> list[str]:
    """Return the ids of claims in the order of answers."""
    return [claim["id"] for claim in samples.in_order(claims)]


SAMPLE = samples.sample()
ENGINE = opened(SAMPLE)
COUNTRIES = json.loads(resource("dataset/countries.json"))
"""Those of ISO 3166, which no dataset has to list."""


def completed(records: Records) -> Records:
    """Return a dataset with its claims as answers have them."""
    return {**records, "claims": [samples.complete(records, claim) for claim in records["claims"]]}


# --- search --------------------------------------------------------------------------------------------


def texts(claim: samples.Record) -> list[str]:
    """Return the texts of a claim, its evidence's among them."""
    figures = [claim["figure"], *(item["figure"] for item in claim["evidence"])]
    both = [claim["statement"], claim["note"], *(item["says"] for item in claim["evidence"])]
    return [
        claim["id"],
        *(said for text in both if text for said in text.values()),
        *(figure["as_printed"] for figure in figures if figure and figure["as_printed"]),
    ]


def tagged(records: Records, claim: samples.Record) -> list[samples.Record]:
    """Return the vocabulary entries that a claim is tagged with, and their ancestors."""
    at = (claim["said"] or {}).get("at")
    tags = {kind: set(claim[kind]) for kind in ("sectors", "countries", "programs", "organizations")}
    tags["programs"] |= {at} if at else set()
    tags["people"] = {claim["speaker"]}
    known = dict(records["vocabulary"])
    known["people"] = known["people"] + known["organizations"]
    known["countries"] = [*COUNTRIES, *known["countries"]]
    entries = []
    for kind, ids in tags.items():
        by_id = {entry["id"]: entry for entry in known[kind]}
        for name in ids - {None}:
            entry = by_id[name]
            while entry:
                entries.append(entry)
                entry = by_id.get(entry.get("parent"))
    return entries


def names(records: Records, claim: samples.Record) -> list[str]:
    """Return every name of what a claim is tagged with, and of the sources that it cites."""
    listed = []
    for entry in tagged(records, claim):
        codes = [entry[code] for code in ("iso2", "iso3", "iso3166_2") if entry.get(code)] + entry.get(
            "hs", []
        )
        listed += [entry["id"], *entry["label"].values(), *entry["aliases"], *codes]
    evidence = {item["source"] for item in claim["evidence"]}
    for source in records["sources"]:
        if source["id"] in {claim["source"], *evidence}:
            listed += [source["publisher"]["name"], source["via"] or ""]
        if source["id"] in evidence:
            listed.append(source["title"] or "")
    return listed


def letters(text: str) -> str:
    return "".join(letter for letter in plain(text) if letter.isalnum())


def spaced(name: str) -> str:
    """Return the words of a name, which are found with a space between them whatever stands there: `customs-table`."""
    return " ".join(re.findall(r"[^\W_]+", name))


LETTER = r"[^\W_\u2e80-\U0010ffff]"
"""A letter of a script that puts spaces between words."""


def scanned(records: Records, words: Iterable[str]) -> list[str]:
    """Return the ids of the claims that have all words, in a text, in a name or as a name: the nearest to them first."""

    def distance(claim: samples.Record, word: str) -> int | None:
        sought = plain(word)
        start = f"(?<!{LETTER})" if re.match(LETTER, sought) else ""
        statements = list(map(plain, claim["statement"].values()))
        named = list(map(plain, names(records, claim)))
        others = [*map(plain, texts(claim)), *named, *map(spaced, named)]
        if any(re.search(start + re.escape(sought), text) for text in statements):
            return 0
        if any(re.search(start + re.escape(sought), text) for text in others):
            return 1
        if any(letters(word) == letters(name) != "" for name in names(records, claim)):
            return 1
        return (
            2
            if any(sought in text for text in statements)
            else 3
            if any(sought in text for text in others)
            else None
        )

    far = {
        claim["id"]: [distance(claim, word) for word in {plain(word): word for word in words}.values()]
        for claim in records["claims"]
    }
    found = ordered(claim for claim in records["claims"] if None not in far[claim["id"]])
    return sorted(found, key=lambda name: sum(filter(None, far[name])))


def searched(engine: Engine, words: list[str], **filters: Any) -> list[str]:
    try:
        return found(engine, words=words, **filters)
    except NotFound:
        assert not all(map(plain, words))
        return []


@settings(max_examples=60)
@given(st.lists(generated.WORDS, min_size=1, max_size=3))
@example(["crates AND sent"])
@example(['"'])
@example(["harbour-news"])
@example(["of customs table"])
@example(["U.S."])
@example(["CAFÉ"])
def test_search_finds_what_a_plain_scan_finds_in_the_sample(words: list[str]) -> None:
    assert searched(ENGINE, words) == (scanned(SAMPLE, words) if all(map(plain, words)) else [])


@settings(max_examples=15)
@given(generated.datasets(4), st.data())
def test_search_finds_what_a_plain_scan_finds_in_any_dataset(records: Records, data: st.DataObject) -> None:
    engine, records = opened(records), completed(records)
    parts = [text for claim in records["claims"] for text in texts(claim)] + ["crates"]
    called = [name for claim in records["claims"] for name in names(records, claim) if name] + ["crates"]

    def cut(of: list[str]) -> str:
        text = data.draw(st.sampled_from(of))
        start = data.draw(st.integers(0, len(text) - 1))
        return text[start : start + data.draw(st.integers(1, 6))]

    with mock.patch.object(named, "FEW", data.draw(st.sampled_from([0, named.FEW]))):
        searched(engine, ["crates"])  # it is made searchable now
    for _ in range(5):
        word, name = cut(parts), cut(called)
        for words in ([word], [word.upper()], [name], [word, data.draw(generated.WORDS)], [word, name]):
            expected = scanned(records, words) if all(map(plain, words)) else []
            with mock.patch.object(search, "FEW", data.draw(st.sampled_from([-1, search.FEW]))):
                assert searched(engine, words) == expected
                assert searched(engine, words, source=["harbour-news"]) == [
                    claim
                    for claim in expected
                    if any(it["id"] == claim and it["source"] == "harbour-news" for it in records["claims"])
                ]


def test_a_word_in_a_statement_comes_before_one_elsewhere_and_its_start_before_its_inside() -> None:
    statements = {
        "within-statement": "A need of fisheries.",
        "elsewhere-within": "A need of boats.",
        "elsewhere": "A need of ships.",
        "in-a-name": "A need of nets.",
        "statement": "What Heri needs.",
        "after-a-sign": "What is needed (heri).",
        "without-spaces": "網はheri.",
    }
    records = samples.sample()
    kept = records["claims"][0]
    records["claims"] = [
        samples.claim(name, statement=samples.text(said, said), source=kept["source"], paragraph=1)
        for name, said in statements.items()
    ]
    by_id = {claim["id"]: claim for claim in records["claims"]}
    by_id["elsewhere-within"]["note"] = samples.text("On fisheries.", "Tentang ikan.")
    by_id["elsewhere"]["note"] = samples.text("On Heri.", "Tentang Heri.")
    records["vocabulary"]["people"].append(
        samples.entry(
            "heri-akhmadi",
            samples.label("Heri Akhmadi", "Heri Akhmadi", "ヘリ"),
            role=None,
            organization=None,
        )
    )
    by_id["in-a-name"]["speaker"] = "heri-akhmadi"
    engine = opened(records)
    first, last = ["statement", "after-a-sign", "without-spaces"], ["within-statement", "elsewhere-within"]
    for few in (search.FEW, -1):
        with mock.patch.multiple(search, FEW=few, READ=1):
            assert searched(engine, ["heri"]) == [*first, "elsewhere", "in-a-name", *last]
            assert searched(engine, ["heri", "need"]) == [*first[:2], "elsewhere", "in-a-name", *last]


@settings(max_examples=15)
@given(generated.datasets(8), st.lists(generated.WORDS, min_size=1, max_size=3), st.booleans())
def test_what_is_read_as_it_is_asked_for_is_in_the_order_of_what_is_read_at_once(
    records: Records, words: list[str], figure: bool
) -> None:
    engine = opened(records)
    filters: dict[str, Any] = {"words": words, "has_figure": figure}
    try:
        at_once = found(engine, **filters)
    except NotFound:
        return
    with mock.patch.multiple(search, FEW=-1, READ=2):
        assert found(engine, **filters) == at_once
        assert found(engine, **filters, limit=2) == at_once[:2]


def test_of_many_claims_no_more_texts_are_read_than_are_asked_for() -> None:
    records = samples.sample()
    records["claims"] = [
        samples.claim(
            f"claim-{number}",
            statement=samples.text("A crate.", "Satu peti."),
            source="harbour-news",
            paragraph=1,
        )
        for number in range(50)
    ]
    engine = opened(records)
    with (
        mock.patch.multiple(search, FEW=10, READ=2),
        mock.patch.object(search, "from_words", wraps=nearest.from_words) as read,
    ):
        assert found(engine, words=["crate"], limit=3) == ["claim-0", "claim-1", "claim-2"]
    assert read.call_count <= 4


@pytest.mark.parametrize("word", ["a", "e ", "é", "ナ", "日", "er", "本", "640", "crat", "Harbour  News", "tenun", "JP-25", "customs-ta", "s-t", "and weav", "l wire", "of  cust"])  # fmt: skip
def test_words_of_every_length_and_script_are_found(word: str) -> None:
    assert searched(ENGINE, [word]) == scanned(SAMPLE, [word]) != []


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (["a"] * 70, 64),
        (["x" * 5000], 1),
        (["x" * 4000, "y" * 4000, "z"], 2),
    ],
)
def test_too_long_a_search_is_cut_and_says_so(given: list[str], kept: int) -> None:
    words, cut = capped(given)
    assert cut
    assert len(words) == kept
    assert len(words) <= MOST_WORDS
    assert sum(map(len, words)) <= MOST_LETTERS
    assert capped(words) == (words, False)


@pytest.mark.parametrize("word", ["0" * 4000, "a" * 4000, " " * 4000, "(" * 4000, '"' * 4000, "%_" * 2000])
def test_a_long_word_is_answered(word: str) -> None:
    assert searched(ENGINE, [word]) == []


def test_bytes_that_are_no_text_are_not_found() -> None:
    for name in ("words", "sector", "source", "speaker", "from_"):
        with pytest.raises(NotFound):
            find(ENGINE, **{name: ["caf\udce9"]})
    with pytest.raises(NotFound):
        claim_of(ENGINE, "caf\udce9")


# --- filters -------------------------------------------------------------------------------------------


def lineage(records: Records, kind: str, name: str) -> set[str]:
    """Return an id and those of its ancestors."""
    parents = {entry["id"]: entry.get("parent") for entry in records["vocabulary"][kind]}
    line = {name}
    while name := parents.get(name) or "":
        line.add(name)
    return line


def has(records: Records, claim: samples.Record, field: str, value: str) -> bool:
    """Return whether a claim passes one value of one filter."""
    kinds = {
        "sector": "sectors",
        "country": "countries",
        "program": "programs",
        "organization": "organizations",
    }
    if field in kinds:
        return any(value in lineage(records, kinds[field], tag) for tag in claim[kinds[field]])
    if field in ("from_", "to"):
        end = claim["flow"] and claim["flow"][field.rstrip("_")]
        return bool(end) and value in lineage(records, "countries", end)
    if field == "measure":
        return bool(claim["figure"]) and claim["figure"]["measure"] == value
    if field == "speaker":
        return bool((claim["speaker"] or "narration") == value)
    return bool(((claim["said"] or {}).get("at") if field == "at" else claim[field]) == value)


def overlaps(date: str | None, since: str | None, until: str | None) -> bool:
    """Return whether a partial date can be a day between two others, by comparing what is written alone."""
    if date is None:
        return since is None is until
    early = since is None or date >= since[: len(date)]
    late = until is None or date[: len(until)] <= until
    return early and late


def of_period(claim: samples.Record, period: str | None) -> bool:
    """Return whether the period of a claim's figure has a day in common with another, by what is written alone."""
    if period is None:
        return True
    own = claim["figure"] and claim["figure"]["period"]
    if not own:
        return False
    begin, _, end = own.partition("/")
    asked, _, last = period.partition("/")
    return overlaps(begin, None, last or asked) and overlaps(end or begin, asked, None)


def said(claim: samples.Record) -> Any:
    """Return the date of a claim, or None."""
    return (claim["said"] or {}).get("date")


def listed(kind: str, *more: str) -> list[str]:
    return [*(entry["id"] for entry in SAMPLE["vocabulary"][kind]), *more]


CHOICES: dict[str, list[str]] = {
    "sector": listed("sectors"),
    "country": listed("countries", "france", "vietnam"),
    "program": listed("programs"),
    "organization": listed("organizations"),
    "speaker": [*listed("people", "narration"), *listed("organizations")],
    "at": listed("programs"),
    "from_": listed("countries", "world", "france", "vietnam"),
    "to": listed("countries", "world", "france", "vietnam"),
    "source": ["harbour-news", "orchard-paper", "customs-table"],
    "measure": listed("measures"),
    "kind": list(KINDS),
    "status": list(STATUSES),
}
FILTERS = st.fixed_dictionaries(
    {},
    optional={
        field: st.lists(st.sampled_from(values), min_size=1, max_size=3) for field, values in CHOICES.items()
    },
)
MORE = st.fixed_dictionaries(
    {},
    optional={
        "has_figure": st.booleans(),
        "period": generated.DATES | st.sampled_from(["2023/2024-02", "1990/2023-11-20"]),
        "since": generated.DATES,
        "until": generated.DATES,
        "limit": st.integers(0, 4),
        "sort": st.sampled_from([sign + name for sign in ("", "-") for name in ORDERS]),
    },
)


def expected(records: Records, filters: dict[str, Any], more: dict[str, Any]) -> list[str]:
    """Return the ids of all claims that pass the filters, in order, before the limit."""
    passing = [
        claim
        for claim in records["claims"]
        if all(
            any(has(records, claim, field, value) for value in values) for field, values in filters.items()
        )
        and (claim["figure"] or not more.get("has_figure"))
        and overlaps(said(claim), more.get("since"), more.get("until"))
        and of_period(claim, more.get("period"))
    ]
    passing = samples.in_order(passing)
    name = (more.get("sort") or "").lstrip("-")
    keys: dict[str, Callable[[samples.Record], Any]] = {
        "said": lambda claim: (date := said(claim)) and (date + "-01-01")[:10],
        "value": lambda claim: Decimal(claim["figure"]["value"]) if claim["figure"] else None,
        "id": lambda claim: claim["id"],
        "paragraph": lambda claim: claim["paragraph"],
    }
    if key := keys.get(name):
        known = [claim for claim in passing if key(claim) is not None]
        unknown = [claim for claim in passing if key(claim) is None]
        descending = more["sort"].startswith("-")
        passing = sorted(known, key=key, reverse=descending) + unknown  # ties stay in the order of answers
    return [claim["id"] for claim in passing]


def check(engine: Engine, records: Records, filters: dict[str, Any], more: dict[str, Any]) -> None:
    wanted = expected(records, filters, more)
    since, until = more.get("since"), more.get("until")
    try:
        answer = find(engine, **filters | more)
    except Misused:
        assert not overlaps(since or "", None, until)
        return
    ids = [claim.id for claim in answer.claims()]
    limit = more.get("limit")
    assert ids == wanted[:limit]
    assert (answer.count, answer.total) == (len(ids), len(wanted))
    assert [msgspec.json.decode(record)["id"] for record in answer.records()] == ids


@settings(max_examples=60)
@given(FILTERS, MORE)
def test_filters_find_what_a_plain_scan_finds_in_the_sample(
    filters: dict[str, Any], more: dict[str, Any]
) -> None:
    check(ENGINE, SAMPLE, filters, more)


@settings(max_examples=15)
@given(generated.datasets(), st.lists(st.tuples(FILTERS, MORE), min_size=1, max_size=5))
def test_filters_find_what_a_plain_scan_finds_in_any_dataset(
    records: Records, asked: list[tuple[dict[str, Any], dict[str, Any]]]
) -> None:
    engine, records = opened(records), completed(records)
    for filters, more in asked:
        check(engine, records, filters, more)
        check(engine, records, {}, more)


@settings(max_examples=15)
@given(generated.datasets(), st.randoms(use_true_random=False), FILTERS, MORE, generated.WORDS)
def test_the_order_of_the_file_decides_only_among_the_claims_of_one_paragraph(
    records: Records, random: Any, filters: dict[str, Any], more: dict[str, Any], word: str
) -> None:
    other = {**records, "claims": random.sample(records["claims"], len(records["claims"]))}
    engine, whole = opened(other), completed(other)
    check(engine, whole, filters, more)
    assert searched(engine, [word]) == (scanned(whole, [word]) if plain(word) else [])
    more.pop("limit", None)
    with suppress(Misused):
        assert sorted(found(engine, **filters, **more)) == sorted(found(opened(records), **filters, **more))


@settings(max_examples=15)
@given(generated.datasets(), FILTERS, generated.WORDS)
def test_a_claim_more_takes_none_of_the_others_away(
    records: Records, filters: dict[str, Any], word: str
) -> None:
    fewer = {**records, "claims": records["claims"][1:]}
    gone = {claim["id"] for claim in records["claims"][:1]}
    more, less = opened(records), opened(fewer)
    assert [name for name in found(more, **filters) if name not in gone] == found(less, **filters)
    assert [name for name in searched(more, [word]) if name not in gone] == searched(less, [word])


FACETS: dict[str, Facet] = {name: by.facet for name, by in ALL_FILTERS.items() if by.facet}
"""The facet of each filter that has one."""


def passes(records: Records, claim: samples.Record, facet: Facet, value: str) -> bool:
    """Return whether a claim has a value of a facet."""
    if facet == "evidence":
        return any(item["source"] == value for item in claim["evidence"])
    if facet == "figure":
        return bool(claim["figure"]) and value == "yes"
    if facet == "measured":
        figures = [claim["figure"], *(item["figure"] for item in claim["evidence"])]
        return any(figure and figure["measure"] == value for figure in figures)
    if facet == "occasion":
        return any(has(records, claim, name, value) for name in ("program", "at"))
    return has(records, claim, next(name for name, of in FACETS.items() if of == facet), value)


VALUES: dict[Facet, list[str]] = {
    **{FACETS[name]: values for name, values in CHOICES.items()},
    "figure": ["yes"],
    "evidence": [source["id"] for source in SAMPLE["sources"]],
    "measured": CHOICES["measure"],
    "occasion": CHOICES["program"],
}


def counted(records: Records, ids: Iterable[str], facet: Facet) -> dict[str, int]:
    """Return how many of some claims have each value of a facet, those that none has left out."""
    among = set(ids)
    claims = [claim for claim in records["claims"] if claim["id"] in among]
    counts = {value: sum(passes(records, claim, facet, value) for claim in claims) for value in VALUES[facet]}
    return {value: count for value, count in counts.items() if count}


def test_every_facet_that_an_engine_has_is_counted_here() -> None:
    assert VALUES.keys() == set(get_args(Facet))


@settings(max_examples=60)
@given(FILTERS, MORE)
def test_counts_are_those_of_all_claims_that_match_whatever_the_limit(
    filters: dict[str, Any], more: dict[str, Any]
) -> None:
    try:
        answer = find(ENGINE, **filters | more)
    except Misused:
        return
    ids = expected(SAMPLE, filters, more)
    for facet in VALUES:
        assert answer.matches.counts(facet) == counted(SAMPLE, ids, facet)


@settings(max_examples=15)
@given(generated.datasets(), FILTERS, generated.WORDS)
def test_counts_are_those_of_the_claims_found_in_any_dataset(
    records: Records, filters: dict[str, Any], word: str
) -> None:
    engine, records = opened(records), completed(records)
    everything = [claim["id"] for claim in records["claims"]]
    for facet in VALUES:
        assert engine.counts(facet) == counted(records, everything, facet)
        assert find(engine, **filters).matches.counts(facet) == counted(
            records, expected(records, filters, {}), facet
        )
    if plain(word):
        matches = find(engine, words=[word]).matches
        assert matches.counts("sectors") == counted(records, scanned(records, [word]), "sectors")


def test_claims_that_are_wanted_by_their_ids_come_in_that_order_and_are_counted() -> None:
    ids = ["nutmeg-plan", "crates-sent", "looms-visited"]
    answer = answers.of_ids(ENGINE, ids)
    assert [claim.id for claim in answer.claims()] == ids
    assert (answer.count, answer.total, answer.query) == (3, 3, {"id": ids})
    assert answer.matches.counts("sectors") == counted(SAMPLE, ids, "sectors")


# --- what is asked for is understood --------------------------------------------------------------------


def test_a_question_has_the_ids_of_the_names_that_were_given() -> None:
    asked = Filters(
        sector="CENGKIH", country=["JP", "日本"], speaker="narasi", from_="dunia", has_figure=True,
        kind=["need", "plan"], since="2023-02", until="2024", words="Ｃrates", sort="-value", limit=3,
    )  # fmt: skip
    question = understood(ENGINE, asked)
    assert question.query == {
        "sector": ["clove"],
        "country": ["japan"],
        "speaker": ["narration"],
        "from": ["world"],
        "kind": ["need", "plan"],
        "has_figure": ["true"],
        "since": ["2023-02"],
        "until": ["2024"],
        "words": ["Ｃrates"],
    }
    assert question.wanted == Wanted(
        facets={
            "sectors": ["clove"],
            "countries": ["japan"],
            "speaker": ["narration"],
            "from": ["world"],
            "kind": ["need", "plan"],
            "figure": ["yes"],
        },
        words=("crates",),
        since="2023-02-01",
        until="2024-12-31",
        order="value",
        descending=True,
        limit=3,
    )


def test_filters_that_say_nothing_are_no_filters() -> None:
    asked = Filters(
        sector=[], kind=(), words=(), has_figure=False, since=None, until=None, sort=None, limit=None
    )
    question = understood(ENGINE, asked)
    assert (question.query, question.wanted) == ({}, Wanted(words=()))
    assert found(ENGINE, **asked) == samples.IDS


@pytest.mark.parametrize("name", ["since", "until", "sort"])
def test_an_empty_date_or_order_is_refused_and_never_everything(name: str) -> None:
    with pytest.raises(Misused):
        find(ENGINE, **{name: ""})


@pytest.mark.parametrize("name", ["sektor", "from", "kinds", "SECTOR", "word"])
def test_a_filter_that_there_is_not_is_a_type_error_that_names_it(name: str) -> None:
    with pytest.raises(TypeError, match=f"'{name}'"):
        find(ENGINE, **{name: ["clove"]})


@pytest.mark.parametrize("filters", [{}, {"sector": ["spices"]}, {"words": ["clove"]}, {"sort": "-value"}])
@pytest.mark.parametrize("limit", [2**31, 2**63 - 1, 2**63, 2**200])
def test_any_limit_is_answered(filters: dict[str, Any], limit: int) -> None:
    assert found(ENGINE, **filters, limit=limit) == found(ENGINE, **filters) != []


@pytest.mark.parametrize(
    ("since", "until", "dates"),
    [
        ("2024", None, ["2024", "2024-02", "2024-02-29"]),
        (None, "2023", ["2023", "2023-11", "2023-11-20"]),
        ("2023-11-20", "2023-11-20", ["2023", "2023-11", "2023-11-20"]),
        ("2023-11-21", "2023-11-21", ["2023", "2023-11"]),
        ("2023-12", "2024-01", ["2023", "2024"]),
        ("2024-03", None, ["2024"]),
    ],
)
def test_a_partial_date_counts_by_overlap(since: str | None, until: str | None, dates: list[str]) -> None:
    said = ["2023", "2023-11", "2023-11-20", "2024", "2024-02", "2024-02-29"]
    claims = [samples.claim(f"said-{date}", said=samples.said(date)) for date in said]
    engine = opened(SAMPLE | {"claims": claims})
    assert found(engine, since=since, until=until) == [f"said-{date}" for date in dates]


@given(st.sampled_from(["sector", "kind", "status", "source", "since", "until", "sort", "words"]), st.text())
def test_any_word_in_any_filter_is_answered_or_refused_with_a_sentence(field: str, word: str) -> None:
    value: Any = word if field in ("since", "until", "sort") else [word]
    filters: dict[str, Any] = {field: value}
    with suppress(NotFound, Misused):
        find(ENGINE, **filters)


def test_no_filter_counts_what_the_dataset_counts_without_a_look_at_its_claims(tmp_path: Path) -> None:
    engine = open_engine(str(samples.write(tmp_path / "data", samples.sample())))
    with mock.patch.object(type(engine), "counts", autospec=True, return_value={"clove": 7}) as counted:
        assert find(engine).matches.counts("sectors") == {"clove": 7}
        assert find(engine, limit=1).matches.counts("sectors") == {"clove": 7}
        assert find(engine, kind="figure").matches.counts("sectors") != {"clove": 7}
    assert counted.call_count == 2


@pytest.mark.parametrize(
    ("filters", "told"),
    [
        ({"limit": -1}, "limit takes a number from 0 on, not -1"),
        ({"words": ["kapal"] * 65}, "words takes at most 64 words"),
    ],
    ids=["limit", "words"],
)
def test_a_filter_that_cannot_be_meant_is_refused_in_the_words_of_the_library(
    tmp_path: Path, filters: dict[str, Any], told: str
) -> None:
    engine = open_engine(str(samples.write(tmp_path / "data", samples.sample())))
    with pytest.raises(Misused, match=told):
        find(engine, **filters)


def test_sources_of_one_vantage_are_one_voice(tmp_path: Path) -> None:
    records = samples.changed({"sources.2.vantage": "customs", "sources.3.vantage": "customs"})
    claim = next(it for it in records["claims"] if it["source"] == "orchard-paper")
    pages = ("customs-table", "rival-gazette", "office-note")
    claim["evidence"] = [samples.evidence(page, "supports", says=samples.text("The same.")) for page in pages]
    claim["status"] = "corroborated"
    engine = open_engine(str(samples.write(tmp_path, records)))
    found = engine.claim(claim["id"])
    assert found
    assert (found.supports, found.conflicts, found.context) == (2, 0, 0)


def test_a_page_of_the_articles_own_vantage_is_no_voice(tmp_path: Path) -> None:
    records = samples.changed({"claims.0.evidence": [samples.evidence("office-note", "context")]})
    records["claims"][0]["status"] = "single"
    found = open_engine(str(samples.write(tmp_path, records))).claim("crates-sent")
    assert found
    assert (found.supports, found.conflicts, found.context) == (0, 0, 0)
