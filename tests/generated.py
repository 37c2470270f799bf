"""Datasets made by hypothesis: valid, and otherwise as odd as the rules allow."""

from __future__ import annotations

import unicodedata
from typing import Any

import samples
from hypothesis import strategies as st

ODD = "aAbk éÉßİı１Ａゴコー茶々한😀\u0301\u200b\u202e\x1b\x9b\x85\u2028\ufeff\t\n\r\"'`|<&*_%\\=+-@;,.:()[]{}^$#~!?/0７"
LETTERS = st.sampled_from(ODD) | st.characters(exclude_categories=["Cs"], exclude_characters="\0")
TEXTS = st.text(LETTERS, min_size=1, max_size=20)
WORDS = st.text(LETTERS, min_size=1, max_size=6) | st.sampled_from(
    ["crates", "CLOV", "ナツ", "日本", "ferry", "50%", "e", "er", "a s", "harbour news", "hi", "640", "(id)", "Hill  wire"]
)  # fmt: skip
BILINGUAL = st.builds(samples.text, TEXTS, TEXTS)
STATEMENTS = (
    BILINGUAL | st.fixed_dictionaries({"id": TEXTS}) | st.fixed_dictionaries({"en": TEXTS, "ja": TEXTS})
)
DATES = st.sampled_from(["2023", "2023-11", "2023-11-20", "2024-02", "2024-02-29", "2024", "1999-12-31"])
VALUES = st.from_regex(r"-?(0|[1-9][0-9]{0,8})([.][0-9]{1,3})?", fullmatch=True) | st.sampled_from(
    [
        "12345678901234567",
        "12345678901234568",
        "-0.30000000000000001",
        "-0.3",
        "-0.30",
        "-0",
        "0.00",
        "9",
        "10",
    ]
)
UNITS = st.sampled_from(["USD", "people", "crates"]) | TEXTS


_VOCABULARY = samples.sample()["vocabulary"]


def _id(kind: str) -> Any:
    return st.sampled_from([entry["id"] for entry in _VOCABULARY[kind]])


def _ids(kind: str) -> Any:
    return st.lists(_id(kind), unique=True)


FIGURES = st.builds(
    samples.figure,
    VALUES,
    UNITS,
    bound=st.sampled_from(["exact", "about", "at-least", "more-than", "up-to"]),
    measure=st.none() | _id("measures"),
    period=st.none() | DATES | st.just("2023/2024-05"),
    as_printed=st.none() | TEXTS,
    reading=st.none()
    | st.fixed_dictionaries({"value": VALUES}, optional={"why": TEXTS | BILINGUAL, "unit": UNITS}),
) | st.fixed_dictionaries({"value": VALUES, "unit": UNITS})
EVIDENCE = st.builds(
    samples.evidence,
    st.sampled_from(["customs-table", "rival-gazette"]),
    st.sampled_from(["supports", "conflicts", "context", "same-report"]),
    says=st.none() | STATEMENTS,
    strength=st.none() | st.sampled_from(["primary", "official", "press", "secondary-copy"]),
    figure=st.none() | FIGURES,
    rating=st.none() | TEXTS,
)
SAID = (
    st.none()
    | st.builds(samples.said, DATES, st.none() | TEXTS, st.none() | _id("programs"))
    | st.fixed_dictionaries({}, optional={"date": DATES, "at": _id("programs")})
)
COUNTRIES = _id("countries") | st.sampled_from(["france", "vietnam"])
ENDS = COUNTRIES | st.just("world")
LOCATORS = st.builds(
    lambda label, value: {"label": label, "value": value},
    st.sampled_from(["page", "table", "timestamp"]),
    TEXTS,
)
REQUIRED = ("id", "statement", "source")


# Made once, and not in each of the thousands of draws.
PARTS = st.fixed_dictionaries(
    {
        "kind": st.none()
        | st.sampled_from(["event", "plan", "need", "opinion", "description", "figure", "forecast"]),
        "statement": STATEMENTS,
        "sectors": _ids("sectors"),
        "countries": st.lists(COUNTRIES, unique=True),
        "programs": _ids("programs"),
        "organizations": _ids("organizations"),
        "flow": st.none() | st.fixed_dictionaries({"from": ENDS, "to": ENDS}),
        "figure": st.none() | FIGURES,
        "speaker": st.none() | _id("people") | _id("organizations"),
        "said": SAID,
        "source": st.sampled_from(["harbour-news", "orchard-paper"]),
        "paragraph": st.none() | st.integers(1, 4) | st.just(2**40),
        "anchors": st.lists(st.from_regex(r"v1:[0-9a-f]{16}", fullmatch=True), max_size=3, unique=True),
        "note": st.none() | STATEMENTS,
        "evidence": st.lists(EVIDENCE, max_size=3),
    }
)
NAMES = st.from_regex(r"[A-Za-z0-9]{1,3}([._-][A-Za-z0-9]{1,3}){0,2}", fullmatch=True)
VANTAGES = st.sampled_from([None, "hill-wire", "pier-wire"])


def _claim(
    name: str, parts: samples.Record, locator: samples.Record | None, derived: bool, unsaid: set[str]
) -> samples.Record:
    """Return a claim; without its status where that is `derived`, and without the keys `unsaid` that say nothing."""
    record = samples.claim(name, **parts)
    if record["kind"] == "figure" and not record["figure"]:
        record["kind"] = "event"
    if record["paragraph"] is None:
        record["locator"] = locator
    record["status"] = None if derived else _status(record)
    return {key: value for key, value in record.items() if value or key not in unsaid}


CLAIMS = st.builds(
    _claim,
    NAMES,
    PARTS,
    st.none() | LOCATORS,
    st.booleans(),
    st.sets(st.sampled_from([key for key in samples.claim("any") if key not in REQUIRED])),
)


def _status(record: samples.Record) -> str:
    """Return a status that the claim's figure and evidence bear out."""
    relations = {item["relation"] for item in record["evidence"]}
    if record["figure"] and record["figure"].get("reading"):
        return "misprint"
    if record["kind"] == "forecast" and relations:
        return "superseded"
    if "conflicts" in relations:
        return "disputed"
    return "corroborated" if "supports" in relations else "single"


def datasets(most: int = 5) -> Any:
    """Make the records of a valid dataset: the sample's vocabulary and sources, and any claims, in any order.

    What need not be known may be null or absent; `samples.complete` says what a claim is once it is read.
    """
    claims = st.lists(CLAIMS, max_size=most, unique_by=lambda claim: claim["id"])
    return st.builds(_dataset, claims, st.tuples(VANTAGES, VANTAGES))


def _dataset(claims: list[samples.Record], vantages: tuple[str | None, str | None]) -> dict[str, Any]:
    records = samples.sample()
    for source, vantage in zip(records["sources"][2:4], vantages, strict=True):
        source["vantage"] = vantage  # two that may be one voice, and never one with an article
    return records | {"claims": claims}


def plain(text: str) -> str:
    """Return a text as it is compared: without case, accents and width, one space for each run of white space."""
    once = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold().replace("ı", "i"))
    bare = "".join(
        letter for letter in unicodedata.normalize("NFKD", once) if not "\u0300" <= letter <= "\u036f"
    )
    return " ".join(unicodedata.normalize("NFKC", bare).split())
