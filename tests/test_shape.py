"""A record of the wrong shape is told field by field; a text that is no JSON, with its line and column."""

from __future__ import annotations

import ast
import json
import json.scanner
from pathlib import Path
from typing import Any

import msgspec
import pytest
import samples
from hypothesis import given
from hypothesis import strategies as st
from samples import GONE, changed, faults

from indotrade.dataset import shape, strict
from indotrade.dataset.records import Claim, Source

CLAIM, SOURCE = "error: claims.json: crates-sent: ", "error: sources.json: harbour-news: "
VOCABULARY, DATASET = "error: vocabulary.json: ", "error: dataset.json: "
FIELDS = ", ".join([*samples.sample()["claims"][0], "sources"])

MISSHAPEN: dict[str, tuple[dict[str, Any], list[str]]] = {
    # --- fields
    "an unknown field": (
        {"claims.0.sector": "clove"},
        [CLAIM + f"sector: unknown field; the fields here are {FIELDS}"],
    ),
    "an unknown field inside": (
        {"claims.0.said.by": "x"},
        [CLAIM + "said.by: unknown field; the fields here are date, basis, why, at"],
    ),
    "an unknown field of evidence": (
        {"claims.0.evidence.1.weight": 1},
        [
            CLAIM + "evidence[1].weight: unknown field; the fields here are source, relation, says,"
            " strength, figure, rating"
        ],
    ),
    "a missing field": ({"claims.0.statement": GONE}, [CLAIM + "statement: missing field"]),
    "a missing field inside": ({"claims.0.figure.unit": GONE}, [CLAIM + "figure.unit: missing field"]),
    "a missing field of evidence": (
        {"claims.0.evidence.0.relation": GONE},
        [CLAIM + "evidence[0].relation: missing field"],
    ),
    "a missing label": (
        {"vocabulary.sectors.1.label": GONE},
        [VOCABULARY + "clove: sectors.label: missing field"],
    ),
    "a missing id": ({"claims.0.id": GONE}, ["error: claims.json: [0]: id: missing field"]),
    "fields that may be left out": (
        {
            "claims.0.said.why": GONE,
            "claims.0.figure.reading": GONE,
            "claims.0.paragraph": GONE,
            "claims.0.status": GONE,
            "claims.1.said": GONE,
            "claims.1.kind": GONE,
            "claims.1.evidence.0.says": GONE,
            "sources.0.editor": GONE,
            "sources.0.url": GONE,
            "vocabulary.sectors.0.aliases": GONE,
            "dataset.title": GONE,
            "dataset.licence": GONE,
        },
        [],
    ),
    "fields that may be null": (
        {
            "claims.0.sectors": None,
            "claims.0.anchors": None,
            "claims.0.said": None,
            "claims.0.status": None,
            "claims.0.figure.bound": None,
            "claims.0.evidence.0.strength": None,
            "claims.4.evidence": None,
            "sources.0.authors": None,
            "sources.0.accessed": None,
            "vocabulary.sectors.0.aliases": None,
            "vocabulary.programs.0.organizers": None,
        },
        [],
    ),
    "a paragraph that no article has": (
        {"claims.0.paragraph": 1 << 60},
        [CLAIM + "paragraph: 1152921504606846976 is more than 9007199254740991"],
    ),
    "a wrong item beside others": (
        {"claims.0.sectors": ["a b", "cloves", "a b"], "claims.0.evidence.1": 7, "claims.0.evidence.0.figure.unit": 5},
        [
            CLAIM + "evidence[0].figure.unit: expected a string, not 5",
            CLAIM + "evidence[1]: expected an object, not 7",
            CLAIM + 'sectors[0]: "a b" is not among the sectors',
            CLAIM + 'sectors[1]: "cloves" is not among the sectors',
            CLAIM + 'sectors[2]: "a b" stands twice',
        ],
    ),
    "an id of a source that is none": (
        {"claims.0.sources": {"a b": samples.sample()["sources"][0]}},
        [CLAIM + 'sources: "a b" is not an id: letters and digits, joined by - . or _'],
    ),
    "an entry without its id, to which others refer": (
        {"vocabulary.sectors.1.id": GONE, "claims.0.countries": ["nowhere"]},
        [
            VOCABULARY + "[1]: sectors.id: missing field",
            CLAIM + 'countries[0]: "nowhere" is not among the countries',
        ],
    ),
    "a source without its id, on which claims rest": (
        {"sources.0.id": GONE},
        ["error: sources.json: [0]: id: missing field"],
    ),
    "languages that are none": (
        {"dataset.languages": ["English", "id"]},
        [DATASET + 'languages[0]: "English" is not a BCP 47 language code: id, en, ja'],
    ),
    "several at once": (
        {"claims.0.statement": GONE, "claims.0.source": 7, "claims.0.paragraph": 0, "claims.0.extra": None},
        [
            CLAIM + "source: expected a string, not 7",
            CLAIM + "paragraph: 0 is less than 1",
            CLAIM + f"extra: unknown field; the fields here are {FIELDS}",
            CLAIM + "statement: missing field",
        ],
    ),
    # --- types
    "a number for a text": (
        {"claims.0.statement.en": 5},
        [CLAIM + "statement.en: expected a string, not 5"],
    ),
    "a text for a number": (
        {"claims.0.paragraph": "1"},
        [CLAIM + 'paragraph: expected a whole number, not "1"'],
    ),
    "a fraction for a whole number": (
        {"claims.0.paragraph": 1.5},
        [CLAIM + "paragraph: expected a whole number, not 1.5"],
    ),
    "true for a whole number": (
        {"claims.0.paragraph": True},
        [CLAIM + "paragraph: expected a whole number, not true"],
    ),
    "null for a text": ({"claims.0.source": None}, [CLAIM + "source: expected a string, not null"]),
    "null for a statement": (
        {"claims.0.statement": None},
        [CLAIM + 'statement: expected a text by language, as in {"en": "…"}, not null'],
    ),
    "a statement that is a string": (
        {"claims.0.statement": "The harbour sent crates."},
        [
            CLAIM + 'statement: expected a text by language, as in {"en": "…"}, not "The harbour sent crates."',
        ],
    ),
    "a reason that is a number": (
        {"claims.2.said.why": 7},
        [
            ("error: claims.json: weavers-count: said.why: expected a text by language, as in"
            ' {"en": "…"}, not 7')
        ],
    ),
    "a text for a list": (
        {"claims.0.sectors": "clove"},
        [CLAIM + 'sectors: expected a list, not "clove"'],
    ),
    "a list for a text": ({"claims.0.speaker": ["a"]}, [CLAIM + "speaker: expected a string, not a list of 1"]),
    "null in a list": ({"claims.0.sectors": [None]}, [CLAIM + "sectors[0]: expected a string, not null"]),
    "a text for an object": (
        {"claims.0.said": "2024"},
        [CLAIM + 'said: expected an object, not "2024"'],
    ),
    "an object for a text": (
        {"sources.0.title": {"en": "x"}},
        [SOURCE + "title: expected a string, not an object"],
    ),
    "a claim that is a text": (
        {"claims.0": "crates-sent"},
        ['error: claims.json: [0]: expected an object, not "crates-sent"'],
    ),
    "a claim that is null": ({"claims.0": None}, ["error: claims.json: [0]: expected an object, not null"]),
    "a figure that is a number": (
        {"claims.0.figure.value": 640},
        [CLAIM + "figure.value: expected a string, not 640"],
    ),
    "an id that is a number": ({"claims.0.id": 5}, ["error: claims.json: [0]: id: expected a string, not 5"]),
    "a format that is a text": (
        {"dataset.format": "1"},
        [DATASET + 'format: expected a whole number, not "1"'],
    ),
    # --- choices
    "a kind that is none": (
        {"claims.0.kind": "Figure"},
        [
            CLAIM + 'kind: "Figure" is not one of description, event, figure, forecast, need, opinion, plan',
        ],
    ),
    "a status that is none": (
        {"claims.0.status": "Single"},
        [CLAIM + 'status: "Single" is not one of corroborated, disputed, misprint, single, superseded'],
    ),
    "a bound that is none": (
        {"claims.0.figure.bound": "over"},
        [CLAIM + 'figure.bound: "over" is not one of about, at-least, exact, more-than, up-to'],
    ),
    "a basis that is none": (
        {"claims.0.said.basis": "guessed"},
        [CLAIM + 'said.basis: "guessed" is not one of inferred, printed'],
    ),
    "a relation that is none": (
        {"claims.0.evidence.0.relation": "agrees"},
        [CLAIM + 'evidence[0].relation: "agrees" is not one of conflicts, context, same-report, supports'],
    ),
    "a strength that is none": (
        {"claims.0.evidence.0.strength": 3},
        [CLAIM + "evidence[0].strength: 3 is not one of official, press, primary, secondary-copy"],
    ),
    "a type of source that is none": (
        {"sources.0.type": "book"},
        [SOURCE + 'type: "book" is not one of article, evidence'],
    ),
    "a language that is none": (
        {"dataset.languages": ["en", "French"]},
        [DATASET + 'languages[1]: "French" is not a BCP 47 language code: id, en, ja'],
    ),
    "no language": ({"dataset.languages": []}, [DATASET + "languages: the list is empty"]),
    "a locator of another name": (
        {"claims.0.paragraph": None, "claims.0.locator": {"label": "slide", "value": "3"}},
        [
            CLAIM + 'locator.label: "slide" is not one of act, appendix, article-locator, book, canon, chapter, column,'
            " elocation, equation, figure, folio, issue, line, note, opus, page, paragraph, part, rule, scene, section,"
            " sub-verbo, supplement, table, timestamp, title-locator, verse, version, volume",
        ],
    ),
    # --- formats
    "no text at all": ({"claims.0.statement": {}}, [CLAIM + "statement: the text is empty"]),
    "an empty text": ({"claims.0.statement.en": ""}, [CLAIM + "statement.en: the text is empty"]),
    "an empty id": ({"claims.0.id": ""}, ['error: claims.json: [0]: id: "" is not an id: letters and digits, joined by - . or _']),
    "an id that is a path": (
        {"claims.0.id": "../../x"},
        ['error: claims.json: [0]: id: "../../x" is not an id: letters and digits, joined by - . or _'],
    ),
    "an id with a line feed": (
        {"claims.0.sectors": ["clove\n"]},
        [CLAIM + 'sectors[0]: "clove\\n" is not among the sectors'],
    ),
    "an id of 121 characters": (
        {"claims.0.sectors": ["a" * 121]},
        [CLAIM + "sectors[0]: 121 characters, and 120 are the most that fit here"],
    ),
    "a date that is none": (
        {"claims.0.said.date": "2 May 2024"},
        [CLAIM + 'said.date: "2 May 2024" is not a date: YYYY, YYYY-MM or YYYY-MM-DD'],
    ),
    "an interval for a date": (
        {"claims.0.said.date": "2024/2025"},
        [CLAIM + 'said.date: "2024/2025" is not a date: YYYY, YYYY-MM or YYYY-MM-DD'],
    ),
    "a date with a line feed": (
        {"claims.0.said.date": "2024\n"},
        [CLAIM + 'said.date: "2024\\n" is not a date: YYYY, YYYY-MM or YYYY-MM-DD'],
    ),
    "a date in Arabic digits": (
        {"claims.0.said.date": "٢٠٢٤"},
        [CLAIM + 'said.date: "٢٠٢٤" is not a date: YYYY, YYYY-MM or YYYY-MM-DD'],
    ),
    "a period that is none": (
        {"claims.0.figure.period": "2024-"},
        [
            CLAIM + 'figure.period: "2024-" is not an ISO 8601 date, or an interval of two: 2022, 2022-04-22,'
            " 2018-02-20/2018-02-22",
        ],
    ),
    **{
        f"a value of {value!r}": (
            {"claims.0.figure.value": value},
            [
                CLAIM + f'figure.value: "{value}" is not a decimal number as a string, without separators:'
                " 45000000"
            ],
        )
        for value in ("1,000", "1e6", "+5", "007", ".5", "5.", "NaN", "", " 5", "١", "0x10", "--1")
    },
    **{
        f"a good value of {value!r}": (
            {"claims.0.figure.value": value, "claims.0.figure.as_printed": None},
            [],
        )
        for value in ("0", "-5", "0.50", "-0.5", "9" * 40)
    },
    "a value of 41 digits": (
        {"claims.0.figure.value": "9" * 41},
        [CLAIM + "figure.value: 41 characters, and 40 are the most that fit here"],
    ),
    "an anchor that is none": (
        {"claims.0.anchors": ["v1:0123456789ABCDEF"]},
        [CLAIM + 'anchors[0]: "v1:0123456789ABCDEF" is not an anchor: v1: and 16 hex digits'],
    ),
    "an anchor of another version": (
        {"claims.0.anchors": ["v2:0123456789abcdef"]},
        [CLAIM + 'anchors[0]: "v2:0123456789abcdef" is not an anchor: v1: and 16 hex digits'],
    ),
    **{
        f"an address of {url[:12]!r}": (
            {"sources.0.url": url},
            [SOURCE + f"url: {json.dumps(url)} is not an http or https address"],
        )
        for url in ("javascript:x", "ftp://a.example", "https://", "http://a b", "https://a\n", "//a.example")
    },
    "a language code that is none": (
        {"sources.0.language": "English"},
        [SOURCE + 'language: "English" is not a BCP 47 language code: id, en, ja'],
    ),
    "an HS code that is none": (
        {"vocabulary.sectors.0.hs": ["090"]},
        [VOCABULARY + 'spices: sectors.hs[0]: "090" is not an HS code: 2 to 10 digits'],
    ),
    "a country code that is none": (
        {"vocabulary.countries.0.iso2": "id"},
        [VOCABULARY + 'indonesia: countries.iso2: "id" is not an ISO 3166-1 alpha-2 code'],
    ),
    "a region code that is none": (
        {"vocabulary.countries.3.iso3166_2": "JP25"},
        [VOCABULARY + 'nagahama: countries.iso3166_2: "JP25" is not an ISO 3166-2 code: JP-40'],
    ),
    "an empty label": (
        {"vocabulary.sectors.0.label.ja": ""},
        [VOCABULARY + "spices: sectors.label.ja: the text is empty"],
    ),
    "a list of the vocabulary that is none": (
        {"vocabulary.measures": "wages"},
        [VOCABULARY + 'measures: expected a list of records, not "wages"'],
    ),
    "a list of the vocabulary that there is not": (
        {"vocabulary.topics": []},
        [
            VOCABULARY + "topics: unknown field; the fields here are sectors, countries, programs, organizations,"
            " people, measures",
        ],
    ),
    "lists of the vocabulary that may be left out": (
        {
            "vocabulary.measures": GONE,
            "vocabulary.programs": None,
            **{f"claims.{number}.programs": [] for number in (0, 6, 7)},
            **{f"claims.{number}.said.at": None for number in (0, 3)},
            "claims.0.figure.measure": None,
            "claims.0.evidence.0.figure.measure": None,
            "claims.3.figure.measure": None,
        },
        [],
    ),
    # --- texts
    "a NUL in a text": (
        {"claims.0.statement.en": "a\0b"},
        [CLAIM + "statement.en: the text holds a NUL character"],
    ),
    "a NUL in an alias": (
        {"vocabulary.sectors.0.aliases": ["a\0"]},
        [VOCABULARY + "spices: sectors.aliases[0]: the text holds a NUL character"],
    ),
    "a long wrong value, cut": (
        {"claims.0.kind": "x" * 100_000},
        [
            CLAIM + f'kind: "{"x" * 59}… is not one of description, event, figure, forecast, need, opinion, plan'
        ],
    ),
    "a text that only looks escaped": ({"claims.0.statement.en": "\\u0000 and \\ud800"}, []),
}  # fmt: skip


@pytest.mark.parametrize("case", MISSHAPEN)
def test_each_wrong_shape_has_its_message(tmp_path: Path, case: str) -> None:
    changes, expected = MISSHAPEN[case]
    assert faults(samples.write(tmp_path, changed(changes))) == expected


CASES_OF_CLAIMS = [case for case, (changes, _) in MISSHAPEN.items() if all(path.startswith("claims.0") for path in changes)]  # fmt: skip


@pytest.mark.parametrize("case", CASES_OF_CLAIMS)
def test_a_wrong_shape_in_a_line_has_the_number_of_the_line(tmp_path: Path, case: str) -> None:
    changes, expected = MISSHAPEN[case]
    records = changed(changes)
    records["claims"] = [records["claims"][1], records["claims"][0], *records["claims"][2:]]
    found = faults(samples.write(tmp_path, records, "claims.ndjson"))
    told = [line.replace("claims.json: ", "claims.ndjson: line 2: ").replace(" [0]: ", " [1]: ") for line in expected]  # fmt: skip
    assert [line for line in found if "claims" in line] == [line for line in told if "claims" in line]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"a": 1, "b": {"c": 1, "c": 2}}', 'the key "c" stands twice in one object'),
        ('{"\\u0061": 1, "a": 1}', 'the key "a" stands twice in one object'),
        ("[NaN]", "NaN is no JSON number"),
        ("[Infinity]", "Infinity is no JSON number"),
        ("[-Infinity]", "-Infinity is no JSON number"),
        ("[" + "9" * 5000 + "]", "a number of 5000 digits is too long"),
        ("[-" + "9" * 20 + "]", "a number of 21 digits is too long"),
        ("[1] [2]", "line 1, column 5: more follows here, after the end of the value"),
        ("[1\n 2]", "line 2, column 2: a comma, or the end of the list or object, belongs here"),
        ("['a']", "line 1, column 2: a value belongs here"),
        ("[1 // one\n]", "line 1, column 4: a comma, or the end of the list or object, belongs here"),
        ('["a', "line 1, column 2: the string that begins here has no end"),
        ('["a\tb"]', "line 1, column 4: a string holds a line end or another control character"),
        ('["\\x"]', "line 1, column 3: a string holds a backslash that escapes nothing"),
        ("[" * 100_000, "it is nested too deep"),
        ('{"a":' * 100_000 + "1" + "}" * 100_000, "it is nested too deep"),
        ("", "line 1, column 1: a value belongs here"),
    ],
)
def test_a_text_that_is_no_json_is_malformed_and_says_where(text: str, message: str) -> None:
    with pytest.raises(strict.Malformed) as caught:
        strict.parse(text)
    assert str(caught.value.message) == message


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [("[1,]", 1, 3), ('{"a": 1,}', 1, 8), ('[\n  {"a": 1},\n]', 2, 11), ("[1 ,\n\n ]", 1, 4)],
)
def test_a_trailing_comma_is_called_that_where_it_stands(text: str, line: int, column: int) -> None:
    with pytest.raises(strict.Malformed) as caught:
        strict.parse(text)
    told = f"column {column}: a comma stands before the end of the list or object"
    assert str(caught.value.message) == f"line {line}, {told}"
    assert str(caught.value.within_line) == told


def test_whatever_python_says_of_a_text_that_is_no_json_is_said_in_our_words() -> None:
    said = set()
    for module in (json.decoder, json.scanner):
        for call in ast.walk(ast.parse(Path(module.__file__ or "").read_text("utf-8"))):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "JSONDecodeError":
                first = call.args[0]
                said |= {str(first.value)} if isinstance(first, ast.Constant) else set()
    assert said
    for sentence in said:
        told = strict.malformed(json.JSONDecodeError(sentence, "[1 2]", 3)).message
        assert "it is no JSON" not in str(told), sentence


def test_a_number_of_twenty_digits_is_read() -> None:
    assert strict.parse("[" + "9" * 20 + ", 1.5, -0, 1e3]") == [int("9" * 20), 1.5, 0, 1000.0]


def test_half_a_surrogate_pair_is_told() -> None:
    record = strict.parse(json.dumps(samples.sample()["claims"][0] | {"status": "\ud800"}))
    record["statement"]["en"] = "\udc00"
    found = list(shape.salvaged(record, Claim)[1])
    assert [(wrong.field, wrong.rule) for wrong in found] == [("statement.en", "text"), ("status", "choice")]
    assert str(found[0].message) == "the text holds half of a surrogate pair"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
REQUIRED = {"id", "statement", "source"}
SAMPLE_CLAIM, SAMPLE_SOURCE = samples.sample()["claims"][0], samples.sample()["sources"][0]


@given(JSON)
def test_any_value_is_judged_and_only_an_object_can_be_a_record(value: Any) -> None:
    assert list(shape.salvaged(value, Claim)[1])
    assert list(shape.salvaged(value, Source)[1])


@given(st.sampled_from(sorted(SAMPLE_CLAIM)), JSON)
def test_a_claim_with_any_value_in_any_field_is_judged_as_the_fast_decoder_does(
    field: str, value: Any
) -> None:
    record = SAMPLE_CLAIM | {field: value}
    try:
        msgspec.convert({key: it for key, it in record.items() if it is not None or key in REQUIRED}, Claim)
        refused = False
    except msgspec.ValidationError:
        refused = True
    slow = [
        wrong
        for wrong in shape.salvaged(record, Claim)[1]
        if wrong.rule != "text" or "empty" in str(wrong.message)
    ]
    assert bool(slow) == refused


def test_the_sample_has_no_fault(tmp_path: Path) -> None:
    assert faults(samples.write(tmp_path, samples.sample())) == []
    assert not list(shape.salvaged(SAMPLE_CLAIM, Claim)[1])
    assert not list(shape.salvaged(SAMPLE_SOURCE, Source)[1])


@pytest.mark.parametrize("value", [[], {}, [{}], "x", 1, [1], None], ids=str)
@pytest.mark.parametrize("field", ["flow", "evidence", "figure", "said", "note", "sectors", "anchors"])
def test_list_in_place_of_a_record_and_a_record_in_place_of_a_list_are_faults_and_nothing_fails(
    tmp_path: Path, field: str, value: object
) -> None:
    found = samples.faults(samples.write(tmp_path, samples.changed({f"claims.4.{field}": value})))
    assert all(f"needs-ferry: {field}" in fault for fault in found if fault.startswith("error"))
