"""A copy of an article is told from an altered one, claim by claim; the articles here are made up."""

from __future__ import annotations

import tempfile
import textwrap
from pathlib import Path
from typing import Any

import msgspec
import pytest
import samples
from anchoring import anchor, reading, tokens, windows
from hypothesis import given
from hypothesis import strategies as st

from indotrade.dataset.folder import locate
from indotrade.engine import build
from indotrade.engine.build import in_memory
from indotrade.engine.cache import Index
from indotrade.engine.protocol import Engine
from indotrade.errors import Refused
from indotrade.verify.files import readings
from indotrade.verify.match import ClaimAnchors, Report, TextAnchor, attest, text_anchors

HARBOUR = [
    (
        "The harbour of Sukamaju sent 640 crates of dried clove buds to Nagahama in March, its \u201clargest\u201d shipment"
        " since the pier was rebuilt, said the harbour master, who has kept the books for eleven years."
    ),
    (
        "Two cooperatives share the pier. The older one counts 38 weavers among its members, and it hopes that a buyer"
        " from Nagahama will visit the looms before the rains begin in October."
    ),
    (
        "No fee is charged for the use of the scales. The younger cooperative pays US$ 2.5 million a year in wages,"
        " more than any other employer along that stretch of the coast."
    ),
]
ORCHARD = [
    (
        "Pear growers in the hills above Nagahama plan to open a cold store next spring, in which nine hundred tonnes"
        " of fruit can wait for the ferry."
    ),
]
JAPANESE = [
    "\u8336\u3092\u58f2\u308b\u4eba\u306f12\u30c8\u30f3\u306e\u30b3\u30fc\u30d2\u30fc\u3092\u8cb7\u3063\u305f\u3002"
]


Record = dict[str, Any]


def with_anchors(name: str, source: str, paragraph: int, *anchors: str) -> Record:
    return samples.claim(name, source=source, paragraph=paragraph, anchors=list(anchors))


def claim(name: str, source: str, paragraph: int, *phrases: str) -> Record:
    return with_anchors(name, source, paragraph, *(anchor(tokens(phrase)) for phrase in phrases))


CLAIMS = (
    claim(
        "wages",
        "harbour",
        3,
        "cooperative pays US$ 2.5 million a year",
        "wages more than any other employer along that",
    ),
    claim(
        "clove-crates",
        "harbour",
        1,
        "sent 640 crates of dried clove buds to",
        "Nagahama in March its largest shipment since the",
        "the pier was rebuilt said the harbour master",
    ),
    claim(
        "books", "harbour", 1, "has kept the books for eleven years Two"
    ),  # runs on into the next paragraph
    claim("weavers", "harbour", 2, "counts 38 weavers among its members and it"),
    claim("cold-store", "orchard", 1, "in which nine hundred tonnes of fruit can"),
    claim("coffee", "japanese", 1, "\u308b\u4eba\u306f12\u30c8\u30f3\u306e\u30b3"),
)


def dataset(folder: Path, claims: tuple[Record, ...]) -> Path:
    """Write a dataset of these claims, and of an article for each source that they name."""
    named = dict.fromkeys(str(claim["source"]) for claim in claims)
    sources = [samples.source(name, "article", f"{name} news") for name in named]
    return samples.write(folder, samples.sample() | {"sources": sources, "claims": list(claims)})


def verify(text: list[str], claims: tuple[Record, ...]) -> Report:
    """Return what a text attests of claims in a dataset of their own."""
    with tempfile.TemporaryDirectory() as folder:
        return attest(reading(text), in_memory(locate(dataset(Path(folder), claims)), trusted=False))


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return in_memory(locate(dataset(tmp_path_factory.mktemp("articles"), CLAIMS)), trusted=False)


def results(report: Report) -> dict[str, str]:
    return {
        finding.claim: finding.result
        + (f" {finding.found}/{finding.of}" if finding.result == "partly" else "")
        for finding in report.findings
    }


ALL_OF_HARBOUR = {"books": "attested", "clove-crates": "attested", "weavers": "attested", "wages": "attested"}


def test_a_faithful_copy_attests_all_claims_in_their_paragraphs(engine: Engine) -> None:
    report = attest(reading(HARBOUR), engine)
    assert report.sources == ("harbour",)
    assert [(finding.claim, finding.paragraph, finding.missing) for finding in report.findings] == [
        ("clove-crates", 1, ()),
        ("books", 1, ()),
        ("weavers", 2, ()),
        ("wages", 3, ()),
    ]
    assert results(report) == ALL_OF_HARBOUR
    assert report.all_attested


@pytest.mark.parametrize("width", [32, 40, 72])
def test_a_reflowed_copy_attests_all_claims_in_the_same_paragraphs(width: int, engine: Engine) -> None:
    text = "\n\n".join(textwrap.fill(paragraph, width) for paragraph in HARBOUR)
    report = attest(readings(text.encode()), engine)
    assert report.all_attested
    assert [finding.paragraph for finding in report.findings] == [1, 1, 2, 3]


@pytest.mark.parametrize(
    ("printed", "copied"),
    [
        ("\u201clargest\u201d", '"largest"'),
        ("\u201clargest\u201d", "\u00ablargest\u00bb"),
        ("shipment", "ship\u00adment"),
        ("ship", "SHIP"),
        ("weavers", "wea\u200bvers"),
        ("640", "\uff16\uff14\uff10"),
        (" ", "\u00a0\n\t"),
        ("2.5", "2,5"),
        ("US$", "US $"),
        ("crates", "c\u2060rates"),
        ("first", "\ufb01rst"),
    ],
)
def test_a_copy_in_other_dress_attests_all_claims(printed: str, copied: str, engine: Engine) -> None:
    assert attest(reading([paragraph.replace(printed, copied) for paragraph in HARBOUR]), engine).all_attested


def test_advertisements_between_paragraphs_leave_what_lies_within_them_attested(engine: Engine) -> None:
    advertised = [line for paragraph in HARBOUR for line in (paragraph, "Read also: ten ways to cook a pear")]
    report = attest(reading(advertised), engine)
    assert results(report) == {**ALL_OF_HARBOUR, "books": "not found"}
    assert [finding.paragraph for finding in report.findings] == [1, None, 3, 5]
    assert not report.all_attested


@pytest.mark.parametrize(
    ("printed", "altered", "changed"),
    [
        ("640", "460", {"clove-crates": "partly 2/3"}),
        ("2.5", "2.6", {"wages": "partly 1/2"}),
        ("2.5", "25", {"wages": "partly 1/2"}),
        ("38", "83", {"weavers": "not found"}),
        ("rebuilt", "repaired", {"clove-crates": "partly 2/3"}),
        ("eleven", "twelve", {"books": "not found"}),
        ("crates of", "crates", {"clove-crates": "partly 2/3"}),
        ("No fee", "A fee", {}),  # no claim is about it
    ],
)
def test_one_alteration_takes_from_the_claims_that_cover_it_alone(
    printed: str, altered: str, changed: dict[str, str], engine: Engine
) -> None:
    report = attest(reading([paragraph.replace(printed, altered) for paragraph in HARBOUR]), engine)
    assert results(report) == ALL_OF_HARBOUR | changed
    assert report.all_attested == (not changed)


def test_the_missing_anchors_of_an_altered_copy_are_named(engine: Engine) -> None:
    report = attest(reading([paragraph.replace("640", "460") for paragraph in HARBOUR]), engine)
    [crates] = [finding for finding in report.findings if finding.claim == "clove-crates"]
    assert crates.missing == (anchor(tokens("sent 640 crates of dried clove buds to")),)


def test_two_articles_in_one_text_are_both_found_with_their_claims_in_order(engine: Engine) -> None:
    report = attest(reading([*ORCHARD, *HARBOUR]), engine)
    assert report.sources == ("harbour", "orchard")
    assert [finding.claim for finding in report.findings] == [
        "clove-crates",
        "books",
        "weavers",
        "wages",
        "cold-store",
    ]
    assert report.findings[-1].paragraph == 1


@pytest.mark.parametrize(
    "text", [[], [""], ["sent 640 crates of dried clove buds"], ["Another story altogether."] * 9]
)
def test_a_text_that_is_no_article_finds_nothing(text: list[str], engine: Engine) -> None:
    report = attest(reading(text), engine)
    assert (report.sources, report.findings, report.all_attested) == ((), (), False)
    assert report.words == sum(len(tokens(paragraph)) for paragraph in text)


def test_an_article_in_japanese_is_attested_character_by_character(engine: Engine) -> None:
    assert results(attest(reading(JAPANESE), engine)) == {"coffee": "attested"}
    assert attest(reading([JAPANESE[0].replace("12", "13")]), engine).sources == ()


def test_an_article_as_a_page_is_attested_with_its_tags_and_clutter(engine: Engine) -> None:
    body = "".join(f"<p>{paragraph}</p>\n<script>'640' < 1</script>" for paragraph in HARBOUR)
    body = (
        body.replace("640", "<b>6</b>40")
        .replace("weavers", "wea&shy;vers")
        .replace("clove", "<a href='>'>clove</a>")
    )
    report = attest(readings(f"<nav>Home<br>News</nav><h1>A pier</h1>{body}".encode()), engine)
    assert report.all_attested
    assert [finding.paragraph for finding in report.findings] == [3, 3, 4, 5]


def test_a_claim_without_anchors_is_not_found_even_in_its_article() -> None:
    report = verify(HARBOUR, (*CLAIMS, with_anchors("bare", "harbour", 9)))
    assert (report.findings[-1].claim, report.findings[-1].result, report.all_attested) == (
        "bare",
        "not found",
        False,
    )


@pytest.mark.parametrize("other", ["", "v1:", "v1:zz", "v2:0123456789abcdef", "v1:0123456789ABCDEF"])
def test_nothing_is_attested_from_a_dataset_with_an_anchor_of_another_form(
    tmp_path: Path, other: str
) -> None:
    known = CLAIMS[3]["anchors"][0]
    with pytest.raises(Refused, match="is not an anchor"):
        in_memory(
            locate(dataset(tmp_path, (with_anchors("odd", "harbour", 1, known, other),))), trusted=False
        )


def test_the_record_of_a_claim_has_what_is_looked_for() -> None:
    record = msgspec.json.encode(CLAIMS[1])
    assert msgspec.json.decode(record, type=ClaimAnchors) == ClaimAnchors(
        "clove-crates", "harbour", tuple(CLAIMS[1]["anchors"])
    )


def test_an_index_on_disk_attests_the_same_as_claims_in_memory(
    tmp_path: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    indexed = build.large(Index(locate(dataset(tmp_path / "data", CLAIMS))), None, None)
    assert indexed.origin.index
    for text in (HARBOUR, [*ORCHARD, *HARBOUR], JAPANESE, ["Another story."]):
        assert attest(reading(text), indexed) == attest(reading(text), engine)


def test_claims_that_share_an_anchor_are_each_attested_and_each_article_is_found() -> None:
    shared = CLAIMS[3]["anchors"][0]
    found = verify(
        HARBOUR, (with_anchors("one", "harbour", 2, shared), with_anchors("two", "copy", 7, shared))
    )
    assert found.sources == ("copy", "harbour")
    assert [(finding.claim, finding.paragraph) for finding in found.findings] == [("two", 2), ("one", 2)]


@pytest.mark.parametrize("first", ["masing masing", "masingmasing"])
@pytest.mark.parametrize("second", ["12 14", "1214"])
def test_two_words_broken_at_line_ends_are_tried_in_all_ways(first: str, second: str) -> None:
    words = tokens(f"satu {first} dua {second} tiga empat lima enam")
    text = readings(b"satu masing-\nmasing dua 12-\n14 tiga empat lima enam")
    with tempfile.TemporaryDirectory() as folder:
        claims = (with_anchors("it", "news", 1, anchor(words[:8])),)
        assert attest(text, in_memory(locate(dataset(Path(folder), claims)), trusted=False)).all_attested


@pytest.mark.parametrize(
    "text", ["satu masingmasing dua", "satu masing-\nmasing dua", "satu masing-masing dua"]
)
def test_a_doubled_word_that_lost_its_hyphen_is_two_words_too(text: str) -> None:
    words = tokens("satu masing masing dua tiga empat lima enam")
    with tempfile.TemporaryDirectory() as folder:
        claims = (with_anchors("it", "news", 1, anchor(words)),)
        found = attest(
            readings(f"{text} tiga empat lima enam".encode()),
            in_memory(locate(dataset(Path(folder), claims)), trusted=False),
        )
    assert found.all_attested


def test_the_first_place_of_repeated_words_is_given(engine: Engine) -> None:
    report = attest(reading(["Advertisement", HARBOUR[1], "", HARBOUR[1]]), engine)
    assert [finding.paragraph for finding in report.findings if finding.claim == "weavers"] == [2]


def window(words: str, paragraph: int, position: int) -> TextAnchor:
    return TextAnchor(anchor(words.split()), paragraph, position, words)


def test_windows_are_listed_with_paragraph_position_and_words() -> None:
    text = ["one two three", "...", "four five six seven", "eight nine ten"]
    assert list(text_anchors(reading(text))) == [
        window("one two three four five six seven eight", 1, 1),
        window("two three four five six seven eight nine", 1, 2),
        window("three four five six seven eight nine ten", 1, 3),
    ]
    assert list(text_anchors(reading(["one", "", *text[1:]]))) == [
        window("one four five six seven eight nine ten", 1, 1)
    ]


def test_a_long_text_has_each_window_once() -> None:
    words = [f"word{number}" for number in range(40_000)]
    text = [" ".join(words[start : start + 97]) for start in range(0, len(words), 97)]
    found = list(text_anchors(reading(text)))
    assert [window.anchor for window in found] == windows(words)
    assert found[20_000] == window(" ".join(words[20_000:20_008]), 20_000 // 97 + 1, 20_000 % 97 + 1)
    assert results(
        verify(text, (with_anchors("far", "long", 1, found[-1].anchor, found[16_380].anchor),))
    ) == {"far": "attested"}


@given(
    st.integers(0, 60),
    st.lists(st.integers(1, 12), min_size=1),
    st.text(st.characters(codec=None, exclude_categories=())),
)
def test_each_window_of_any_text_is_attested_by_it(start: int, lengths: list[int], odd: str) -> None:
    words = iter(HARBOUR[0].split() * 9)
    text = [odd, *(" ".join(next(words) for _ in range(length)) for length in lengths[:20]), odd]
    listed = list(text_anchors(reading(text)))
    assert [window.anchor for window in listed] == windows([word for part in text for word in tokens(part)])
    if listed:
        chosen = listed[start % len(listed)]
        report = verify(text, (with_anchors("it", "source", 1, chosen.anchor),))
        assert report.all_attested
        assert (report.findings[0].paragraph or 0) <= chosen.paragraph
