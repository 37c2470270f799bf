"""The bundled data: every claim of the two articles, each findable, anchored and with the status that the rules give."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import jsonschema  # type: ignore[import-untyped]
import pytest
from conftest import ROOT, SHARED

from indotrade import anchors, markup, open_dataset, schema, verify
from indotrade.dataset import Folder, Reader, locate
from indotrade.library import OpenDataset
from indotrade.models import (
    Bilingual,
    Claim,
    Country,
    Dataset,
    Evidence,
    Figure,
    Flow,
    Measure,
    Organization,
    Person,
    Program,
    Reading,
    Said,
    Sector,
    Source,
    Vocabulary,
)

DATA = ROOT / "data"
ARTICLES = {
    "halojapin-2022": SHARED / "articles" / "000_26cbed783af4d5d1.txt",
    "antara-2018": SHARED / "articles" / "003_23b4c86179a579bf.txt",
}
RUN = 8
"""No run of this many words of an article or of an evidence page may stand in the project."""

with_articles = pytest.mark.skipif(
    not ARTICLES["antara-2018"].is_file(),
    reason=f"the articles are not at {SHARED}: they are no part of a clone",
)
with_evidence = pytest.mark.skipif(
    not (SHARED / "evidence").is_dir(), reason=f"the evidence is not at {SHARED}: it is no part of a clone"
)

HERI, PANGGAH, NARRATION = "heri-akhmadi", "panggah-susanto", None
AGRO, FIRMS, DIASPORA = "agro-industry", "small-and-medium-firms", "labour-and-diaspora"
MATCHING, DELEGATION = "agro-business-matching-2018", "asia-business-delegation-program"


class Line(NamedTuple):
    """A claim as the inventory of the articles has it."""

    claim: str
    paragraph: int
    kind: str
    speaker: str | None
    sector: str
    country: str
    program: str | None = None


# One line for each claim of the articles, by paragraph, with a name by which it must be found in each list.
INVENTORY = {
    "halojapin-2022": [
        Line("batik-exports-to-300-percent", 1, "figure", NARRATION, "textiles-and-crafts", "japan"),
        Line("other-products-liked-in-japan", 1, "description", NARRATION, "jewellery", "japan"),
        Line("micro-firms-find-japan-hard", 2, "opinion", HERI, FIRMS, "japan"),
        Line("medium-firms-have-room", 2, "opinion", HERI, FIRMS, "japan"),
        Line("batik-exports-by-300-percent", 2, "figure", HERI, "batik", "indonesia"),
        Line("jewellery-and-pearls-over-45-million", 2, "figure", HERI, "pearls", "indonesia"),
        Line(
            "remarks-at-diaspora-week", 2, "event", NARRATION, DIASPORA, "japan", "bni-global-diaspora-week"
        ),
        Line("food-products-many-orders", 3, "description", HERI, "food", "indonesia"),
        Line("diaspora-over-70-thousand", 3, "figure", NARRATION, DIASPORA, "japan"),
        Line("orders-due-to-diaspora", 3, "description", NARRATION, "food", "japan"),
        Line("diaspora-80-thousand-forecast", 3, "forecast", NARRATION, DIASPORA, "japan"),
        Line("diaspora-as-way-in", 4, "opinion", NARRATION, FIRMS, "japan"),
        Line("workers-needed-1-3-million", 4, "figure", HERI, DIASPORA, "japan"),
        Line("diaspora-grows-from-worker-need", 4, "description", HERI, DIASPORA, "japan"),
        Line("diaspora-as-trade-agents", 4, "opinion", HERI, DIASPORA, "indonesia"),
        Line(
            "auto-components-matchmaking",
            5,
            "plan",
            NARRATION,
            FIRMS,
            "japan",
            "automotive-component-matchmaking",
        ),
        Line(
            "hope-component-cooperation",
            5,
            "opinion",
            NARRATION,
            "automotive-components",
            "japan",
            "automotive-component-matchmaking",
        ),
        Line("auto-exports-80-countries", 5, "figure", HERI, "automotive", "eighty-countries"),
        Line("auto-growth-opens-cooperation", 5, "opinion", HERI, "automotive-components", "japan"),
        Line("japanese-interest-in-foodstuffs", 6, "description", HERI, "food", "japan"),
        Line("japan-food-self-sufficiency-low", 6, "description", HERI, "food", "japan"),
        Line("food-field-for-indonesia", 6, "opinion", HERI, "food", "indonesia"),
        Line(
            "bni-tokyo-access-to-finance",
            7,
            "description",
            NARRATION,
            "finance",
            "tokyo",
            "bni-tokyo-access-to-finance",
        ),
        Line("sme-center-formed", 7, "event", NARRATION, FIRMS, "japan", "sme-center"),
        Line("sme-center-links-home", 7, "description", HERI, FIRMS, "indonesia", "sme-center"),
    ],
    "antara-2018": [
        Line("fukuoka-firms-seek-cooperation", 1, "event", NARRATION, FIRMS, "fukuoka", MATCHING),
        Line("matching-follows-ministers-visit", 2, "event", PANGGAH, AGRO, "indonesia", "ministers-visit"),
        Line("sectors-of-cooperation-agreed", 2, "event", PANGGAH, "electronics", "japan", "ministers-visit"),
        Line("seven-fukuoka-firms-presented", 3, "figure", NARRATION, FIRMS, "fukuoka", MATCHING),
        Line("about-14-indonesian-firms-followed", 3, "figure", NARRATION, FIRMS, "indonesia", MATCHING),
        Line("one-to-one-meetings", 4, "event", NARRATION, AGRO, "fukuoka", MATCHING),
        Line("cooperation-aims-at-both-markets", 5, "plan", PANGGAH, AGRO, "japan", MATCHING),
        Line("cooperation-open-along-the-chain", 6, "opinion", PANGGAH, AGRO, "fukuoka", MATCHING),
        Line("agro-firms-need-technology", 7, "need", PANGGAH, FIRMS, "japan"),
        Line("japan-needs-indonesian-commodities", 8, "need", PANGGAH, AGRO, "japan"),
        Line("japan-has-no-seaweed", 9, "description", PANGGAH, "seaweed", "japan"),
        Line("japan-has-no-chocolate", 9, "description", PANGGAH, "cocoa", "japan"),
        Line("japan-has-no-coffee", 9, "description", PANGGAH, "coffee", "japan"),
        Line("raw-material-opportunity", 9, "opinion", PANGGAH, "seaweed", "indonesia"),
        Line("agro-trade-surplus", 10, "description", NARRATION, AGRO, "japan"),
        Line("agro-exports-to-japan", 10, "figure", NARRATION, AGRO, "japan"),
        Line("agro-imports-from-japan", 10, "figure", NARRATION, AGRO, "japan"),
        Line("fukuoka-delegation-dates", 11, "event", NARRATION, AGRO, "fukuoka", MATCHING),
        Line("delegation-visits-factories", 11, "event", NARRATION, "instant-food", "jakarta", MATCHING),
        Line("meeting-under-asia-business-delegation", 12, "event", NARRATION, AGRO, "fukuoka", DELEGATION),
        Line("asia-business-delegation-purpose", 12, "description", NARRATION, AGRO, "asia", DELEGATION),
        Line("hope-for-more-exports", 13, "opinion", PANGGAH, AGRO, "japan", MATCHING),
    ],
}
LINES = [line for lines in INVENTORY.values() for line in lines]

FIGURES = {
    "batik-exports-to-300-percent": ("300", "percent", "exact", None, "300 persen"),
    "batik-exports-by-300-percent": ("300", "percent", "exact", None, "300%"),
    "jewellery-and-pearls-over-45-million": ("45000000", "USD", "more-than", None, "US$ 45 juta dolar"),
    "diaspora-over-70-thousand": ("70000", "people", "more-than", None, "70 ribu"),
    "diaspora-80-thousand-forecast": ("80000", "people", "up-to", "2022-12", "80.000"),
    "workers-needed-1-3-million": ("1300000", "people", "about", None, "1,3 juta tenaga kerja"),
    "auto-exports-80-countries": ("80", "countries", "exact", None, "80 negara"),
    "seven-fukuoka-firms-presented": ("7", "firms", "exact", None, "tujuh IKM agro"),
    "about-14-indonesian-firms-followed": ("14", "firms", "about", None, "14 IKM agro"),
    "agro-exports-to-japan": ("800000000", "USD", "exact", None, "800 juta dolar AS"),
    "agro-imports-from-japan": ("41", "USD", "exact", None, "41 dolar Amerika Serikat"),
}
STATUSES = {
    "diaspora-80-thousand-forecast": "superseded",
    "agro-imports-from-japan": "misprint",
    "japan-has-no-seaweed": "disputed",
    "japan-has-no-chocolate": "disputed",
    "japan-has-no-coffee": "corroborated",
    "auto-exports-80-countries": "corroborated",
    "japan-food-self-sufficiency-low": "corroborated",
    "sme-center-formed": "corroborated",
}
"""Of the claims that are not single."""

# What is altered in an article, and the one claim that then is no longer attested.
ALTERED = [
    ("halojapin-2022", "300 persen", "200 persen", {"batik-exports-to-300-percent"}),
    ("halojapin-2022", "300%", "200%", {"batik-exports-by-300-percent"}),
    ("halojapin-2022", "45 juta", "54 juta", {"jewellery-and-pearls-over-45-million"}),
    ("halojapin-2022", "70 ribu", "90 ribu", {"diaspora-over-70-thousand"}),
    ("halojapin-2022", "80.000", "90.000", {"diaspora-80-thousand-forecast"}),
    ("halojapin-2022", "1,3 juta", "1,8 juta", {"workers-needed-1-3-million"}),
    ("halojapin-2022", "80 negara", "30 negara", {"auto-exports-80-countries"}),
    ("halojapin-2022", "22/4/2022", "22/4/2021", {"remarks-at-diaspora-week"}),
    ("halojapin-2022", "agak susah", "agak mudah", {"micro-firms-find-japan-hard"}),
    (
        "halojapin-2022",
        "pangan Jepang yang rendah",
        "pangan Jepang yang tinggi",
        {"japan-food-self-sufficiency-low"},
    ),
    ("antara-2018", "tujuh", "enam", {"seven-fukuoka-firms-presented"}),
    ("antara-2018", "sekitar 14", "sekitar 41", {"about-14-indonesian-firms-followed"}),
    ("antara-2018", "800 juta", "80 juta", {"agro-exports-to-japan"}),
    ("antara-2018", "senilai 41", "senilai 41 juta", {"agro-imports-from-japan"}),
    ("antara-2018", "kondisi surplus", "kondisi defisit", {"agro-trade-surplus"}),
    ("antara-2018", "20-22 Februari", "20-23 Februari", {"fukuoka-delegation-dates"}),
    ("antara-2018", "terbuka luas", "terbatas", {"cooperation-open-along-the-chain"}),
    ("antara-2018", "Airlangga", "Saleh", {"matching-follows-ministers-visit"}),
]


@pytest.fixture(scope="module")
def opened() -> OpenDataset:
    dataset: OpenDataset = open_dataset(DATA)
    return dataset


@pytest.fixture(scope="module")
def claims(opened: OpenDataset) -> dict[str, Claim]:
    return {cited.claim.id: cited.claim for cited in opened.find()}


def _plain(name: str) -> Any:
    return json.loads((DATA / name).read_text("utf-8"))


SOURCES: dict[str, Any] = {source["id"]: source for source in _plain("sources.json")}
VOCABULARY: dict[str, list[Any]] = _plain("vocabulary.json")


# --- the dataset as a whole ------------------------------------------------------------------------


def test_bundled_data_have_no_fault_and_no_warning() -> None:
    reader = Reader(locate(DATA))
    reader.head()
    read = list(reader.claims())
    assert reader.faults == []
    assert len(read) == len(LINES)


def test_sha256_is_of_names_lengths_and_bytes_in_the_order_of_names() -> None:
    digest = hashlib.sha256()
    for name in ("claims.json", "dataset.json", "sources.json", "vocabulary.json"):
        data = (DATA / name).read_bytes()
        digest.update(b"%s\0%d\0%s" % (name.encode(), len(data), data))
    assert open_dataset(DATA).sha256 == digest.hexdigest()


def test_sha256_does_not_depend_on_the_order_in_which_files_are_made(tmp_path: Path) -> None:
    names = ["vocabulary.json", "sources.json", "dataset.json", "claims.json"]
    found = []
    for place, order in (("one", names), ("other", names[::-1])):
        folder = tmp_path / place
        folder.mkdir()
        for name in order:
            (folder / name).write_bytes((DATA / name).read_bytes())
        reader = Reader(Folder(folder, "claims.json"))
        reader.head()
        list(reader.claims())
        found.append(reader.sha256)
    assert found == [open_dataset(DATA).sha256] * 2


@pytest.mark.parametrize("name", sorted(schema.FILES))
def test_schema_file_is_what_the_models_say(name: str) -> None:
    assert (DATA / "schema" / name).read_bytes() == schema.written(schema.schemas()[name])


def test_schema_folder_holds_no_other_file() -> None:
    assert {file.name for file in (DATA / "schema").iterdir()} == set(schema.FILES)


@pytest.mark.parametrize("name", sorted(schema.FILES))
def test_data_follow_their_schema(name: str) -> None:
    described = schema.schemas()[name]
    jsonschema.Draft202012Validator.check_schema(described)
    jsonschema.Draft202012Validator(described).validate(_plain(name.replace(".schema", "")))


def test_schema_refuses_an_unknown_field() -> None:
    broken = [_plain("claims.json")[0] | {"colour": "blue"}]
    with pytest.raises(jsonschema.ValidationError, match="colour"):
        jsonschema.Draft202012Validator(schema.schemas()["claims.schema.json"]).validate(broken)


def test_schema_check_tells_a_stale_file_from_a_true_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indotrade.dataset.bundled", lambda: tmp_path)
    schema.main([])
    schema.main(["--check"])
    (tmp_path / "schema" / "claims.schema.json").write_text("{}")
    with pytest.raises(SystemExit, match="is not what the models say"):
        schema.main(["--check"])


@pytest.mark.parametrize(
    ("heading", "records"),
    [
        ("### dataset.json", [Dataset]),
        ("### claims.json", [Claim]),
        ("### Flow", [Flow]),
        ("### Figure", [Figure]),
        ("### Reading", [Reading]),
        ("### Said", [Said]),
        ("### Evidence", [Evidence]),
        ("### sources.json", [Source]),
        ("### vocabulary.json", [Sector, Country, Program, Organization, Person, Measure]),
    ],
)
def test_field_dictionary_names_every_field(heading: str, records: list[Any]) -> None:
    section = (DATA / "README.md").read_text("utf-8").split(heading, 1)[1].split("\n#", 1)[0]
    told = re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)
    fields = dict.fromkeys(name for record in records for name in record.__struct_encode_fields__)
    assert sorted(told) == sorted(fields)


def test_data_page_counts_what_there_is() -> None:
    told = (DATA / "README.md").read_text("utf-8")
    evidence = sum(source["type"] == "evidence" for source in SOURCES.values())
    assert told.split("\n\n")[1].startswith(f"{len(LINES)} claims")
    assert f"what {evidence} other pages say" in told


# --- the claims ------------------------------------------------------------------------------------


@pytest.mark.parametrize("article", INVENTORY)
def test_claims_are_those_of_the_article_in_its_order(article: str, claims: dict[str, Claim]) -> None:
    found = [(claim.id, claim.paragraph) for claim in claims.values() if claim.source == article]
    expected = [(line.claim, line.paragraph) for line in INVENTORY[article]]
    assert sorted(found) == sorted(expected)
    assert [paragraph for _, paragraph in found] == sorted(paragraph for _, paragraph in expected)


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.claim)
def test_claim_has_its_kind_and_its_speaker(line: Line, claims: dict[str, Claim]) -> None:
    claim = claims[line.claim]
    assert (claim.kind, claim.speaker) == (line.kind, line.speaker)


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.claim)
def test_claim_is_found_by_its_sector_its_country_and_its_program(line: Line, opened: OpenDataset) -> None:
    assert line.claim in {cited.claim.id for cited in opened.find(sector=line.sector)}
    assert line.claim in {cited.claim.id for cited in opened.find(country=line.country)}
    if line.program:
        assert line.claim in {cited.claim.id for cited in opened.find(program=line.program)}


def test_claim_without_a_program_in_the_inventory_has_none(claims: dict[str, Claim]) -> None:
    assert {line.claim for line in LINES if not line.program} == {
        claim.id for claim in claims.values() if not claim.programs
    }


def test_narration_and_speech_are_dated_by_what_is_printed(claims: dict[str, Claim]) -> None:
    for claim in claims.values():
        said = claim.said
        if claim.source == "antara-2018":
            assert (said.date, said.basis, said.at) == ("2018-02-22", "inferred", None)
        elif claim.speaker:
            assert (said.date, said.basis, said.at) == ("2022-04-22", "printed", "bni-global-diaspora-week")
        else:
            assert (said.date, said.basis, said.at) == ("2022-04-22", "inferred", None)


def test_figures_are_as_printed(claims: dict[str, Claim]) -> None:
    found = {
        name: (figure.value, figure.unit, figure.bound, figure.period, figure.as_printed)
        for name, claim in claims.items()
        if (figure := claim.figure)
    }
    assert found == FIGURES


def test_two_wordings_of_300_percent_are_two_measures_and_both_notes_tell_them_apart(
    claims: dict[str, Claim],
) -> None:
    to, by = claims["batik-exports-to-300-percent"], claims["batik-exports-by-300-percent"]
    assert to.figure
    assert by.figure
    assert to.note
    assert by.note
    assert to.figure.measure != by.figure.measure
    for note in (to.note.en, by.note.en):
        assert "threefold" in note
        assert "fourfold" in note
        assert "Base, period and value are not given" in note
    for note in (to.note.id, by.note.id):
        assert "tiga kali lipat" in note
        assert "empat kali lipat" in note


def test_misprint_keeps_what_is_printed_beside_the_likely_reading(claims: dict[str, Claim]) -> None:
    figure = claims["agro-imports-from-japan"].figure
    assert figure
    assert figure.reading
    assert (figure.value, figure.reading.value) == ("41", "41000000")


def test_notes_are_in_both_languages_and_short_enough_for_a_card(claims: dict[str, Claim]) -> None:
    for claim in claims.values():
        if claim.note:
            assert len(claim.note.en) <= 360, claim.id
            assert len(claim.note.id) <= 400, claim.id


def _bilingual(claim: Claim) -> Iterator[Bilingual]:
    yield claim.statement
    if claim.note:
        yield claim.note
    yield from (evidence.says for evidence in claim.evidence)


def test_texts_end_like_sentences_and_differ_between_the_languages(claims: dict[str, Claim]) -> None:
    for claim in claims.values():
        for text in _bilingual(claim):
            assert text.en != text.id, claim.id
            for said in (text.en, text.id):
                assert re.search(r'[.!?]["”]?$', said), (claim.id, said)
                assert said == said.strip()
                assert "  " not in said


# --- evidence and status ---------------------------------------------------------------------------


def test_statuses_are_those_that_the_rules_give(claims: dict[str, Claim]) -> None:
    found = {claim.id: claim.status for claim in claims.values() if claim.status != "single"}
    assert found == STATUSES


def test_both_for_and_against_is_disputed(claims: dict[str, Claim]) -> None:
    relations = {evidence.relation for evidence in claims["japan-has-no-chocolate"].evidence}
    assert {"supports", "conflicts"} <= relations


def test_800_million_is_not_corroborated_by_the_ministry_that_gave_it(claims: dict[str, Claim]) -> None:
    claim = claims["agro-exports-to-japan"]
    article = SOURCES[claim.source]
    same_voice = [
        evidence for evidence in claim.evidence if SOURCES[evidence.source]["vantage"] == article["vantage"]
    ]
    assert {evidence.source for evidence in same_voice} == {
        "katadata-agro-briefing-2018",
        "okezone-agro-briefing-2018",
    }
    assert {evidence.relation for evidence in same_voice} == {"same-report"}


def test_one_voice_with_the_article_is_never_for_or_against(claims: dict[str, Claim]) -> None:
    for claim in claims.values():
        vantage = SOURCES[claim.source]["vantage"]
        for evidence in claim.evidence:
            if SOURCES[evidence.source]["vantage"] == vantage:
                assert evidence.relation in ("same-report", "context"), claim.id


@pytest.mark.parametrize("place", ["diaspora-over-70-thousand", "diaspora-80-thousand-forecast"])
def test_official_counts_stand_beside_the_claimed_number_of_indonesians(
    place: str, claims: dict[str, Claim]
) -> None:
    claim = claims[place]
    assert claim.figure
    counts = {
        (evidence.figure.period, evidence.figure.value)
        for evidence in claim.evidence
        if evidence.figure
        and (evidence.figure.measure, evidence.figure.unit) == (claim.figure.measure, claim.figure.unit)
    }
    assert counts >= {("2021-12-31", "59820"), ("2022-06-30", "83169"), ("2022-12-31", "98865")}


def test_needed_workers_are_single_and_the_note_says_why(claims: dict[str, Claim]) -> None:
    claim = claims["workers-needed-1-3-million"]
    assert {evidence.relation for evidence in claim.evidence} == {"context"}
    assert claim.note
    for number in ("1.30", "1.35", "1,455,000"):
        assert number in claim.note.en


def test_a_reading_is_another_number_than_the_printed_one(claims: dict[str, Claim]) -> None:
    for claim in claims.values():
        for figure in (claim.figure, *(evidence.figure for evidence in claim.evidence)):
            if figure and figure.reading:
                assert figure.reading.value != figure.value, claim.id


def test_rupiah_of_okezone_stand_as_printed_and_dollars_are_named_as_probable(
    claims: dict[str, Claim],
) -> None:
    found = [
        evidence
        for claim in claims.values()
        for evidence in claim.evidence
        if evidence.source == "okezone-agro-briefing-2018" and evidence.figure
    ]
    assert {evidence.figure.unit for evidence in found if evidence.figure} == {"IDR"}
    assert len(found) == 3
    for evidence in found:
        assert "ollars are probably meant" in evidence.says.en
        assert "barangkali dolar" in evidence.says.id


def test_sources_were_read_as_archived_copies_and_say_so() -> None:
    for source in SOURCES.values():
        assert source["accessed"] == "2026-11-22", source["id"]
        assert source["access_note"].startswith("Read as an archived copy"), source["id"]


def test_a_title_that_was_not_seen_is_null_for_both_articles() -> None:
    for article in INVENTORY:
        assert SOURCES[article]["title"] is None
        assert SOURCES[article]["title_from_url"]
    assert SOURCES["halojapin-2022"]["published"] is None
    assert (SOURCES["antara-2018"]["published"], SOURCES["antara-2018"]["basis"]) == ("2018", "printed")
    assert SOURCES["halojapin-2022"]["via"] == "CNBC Indonesia"


@with_evidence
def test_every_page_of_the_evidence_is_a_source_with_the_date_and_title_that_were_seen() -> None:
    by_url = {source["url"]: source for source in SOURCES.values()}
    pages = [page for page in _evidence_pages() if by_url[page["url"]]["type"] == "evidence"]
    assert len({page["url"] for page in pages}) == len(SOURCES) - len(ARTICLES)
    for page in pages:
        source = by_url[page["url"]]
        assert source["title"] == page["title"], source["id"]
        if source["id"] != "antara-food-japan-2016":  # its year stands in the copyright line
            assert (source["published"] or "") == (page["published"] or "")[:10], source["id"]


@with_evidence
def test_every_number_of_the_evidence_that_is_cited_is_on_its_page() -> None:
    pages: dict[str, str] = {}
    for page in _evidence_pages():
        pages[page["url"]] = pages.get(page["url"], "") + json.dumps(page, ensure_ascii=False)
    for claim in _plain("claims.json"):
        for evidence in claim["evidence"]:
            if evidence["figure"]:
                value = evidence["figure"]["value"]
                printed = pages[SOURCES[evidence["source"]]["url"]]
                assert any(_stands(text, printed) for text in _scaled(value)), (claim["id"], value)


def _scaled(value: str) -> Iterator[str]:
    """Yield a number as a page may print it: in whole units, thousands, millions, billions or trillions."""
    for thousands in range(5):
        yield f"{Decimal(value).scaleb(-3 * thousands).normalize():f}"


def _stands(number: str, page: str) -> bool:
    return bool(re.search(rf"(?<![\d.]){re.escape(number)}(?:\.0)?(?![\d.]*\d)", page))


def _evidence_pages() -> Iterator[dict[str, Any]]:
    for year in ("2018", "2022"):
        for group in json.loads((SHARED / "evidence" / f"{year}.json").read_text("utf-8")):
            yield from group["sources"]


# --- the vocabulary --------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", VOCABULARY)
def test_entries_have_a_label_in_three_languages_and_a_sentence_about_them(kind: str) -> None:
    for entry in VOCABULARY[kind]:
        assert all(entry["label"][language].strip() for language in ("en", "id", "ja")), entry["id"]
        assert entry["about"], entry["id"]
        if kind not in {"organizations", "programs"}:
            assert re.search(r"[぀-ヿ㐀-鿿]", entry["label"]["ja"]), entry["id"]


def test_hs_codes_stand_only_where_they_cover_the_sector_exactly() -> None:
    assert {entry["id"]: entry["hs"] for entry in VOCABULARY["sectors"] if entry["hs"]} == {
        "pearls": ["7101"],
        "cocoa": ["18"],
        "coffee": ["0901"],
        "seaweed": ["121221", "121229"],
    }


def test_countries_and_regions_have_their_iso_codes() -> None:
    assert {
        entry["id"]: entry["iso2"] or entry["iso3166_2"]
        for entry in VOCABULARY["countries"]
        if entry["iso2"] or entry["iso3166_2"]
    } == {"indonesia": "ID", "jakarta": "ID-JK", "japan": "JP", "fukuoka": "JP-40", "tokyo": "JP-13"}


def test_every_entry_is_used_or_is_a_parent_of_one_that_is(claims: dict[str, Claim]) -> None:
    used: dict[str, set[str]] = {kind: set() for kind in Vocabulary.__struct_fields__}
    for claim in claims.values():
        for kind in ("sectors", "countries", "programs", "organizations"):
            used[kind].update(getattr(claim, kind))
        used["people"].add(claim.speaker or "")
        for figure in (claim.figure, *(evidence.figure for evidence in claim.evidence)):
            used["measures"].add((figure and figure.measure) or "")
    for kind, entries in VOCABULARY.items():
        parents = {entry.get("parent") for entry in entries}
        unused = {entry["id"] for entry in entries} - used[kind] - parents
        assert unused == ({"airlangga-hartarto"} if kind == "people" else set()), kind


def test_the_one_person_who_is_not_quoted_is_named_in_a_claim(claims: dict[str, Claim]) -> None:
    assert "Airlangga Hartarto" in claims["matching-follows-ministers-visit"].statement.en


# --- anchors ---------------------------------------------------------------------------------------


def test_every_claim_has_one_to_three_anchors_and_shares_none(claims: dict[str, Claim]) -> None:
    assert all(1 <= len(claim.anchors) <= 3 for claim in claims.values())
    every = [anchor for claim in claims.values() for anchor in claim.anchors]
    assert len(set(every)) == len(every)


def _of_paragraphs(article: str) -> list[str]:
    return markup.paragraphs(ARTICLES[article].read_bytes())


def _anchored(claims: dict[str, Claim]) -> list[verify.ClaimAnchors]:
    return [
        verify.ClaimAnchors(claim.id, claim.source, claim.paragraph, tuple(claim.anchors))
        for claim in claims.values()
    ]


@with_articles
@pytest.mark.parametrize("article", ARTICLES)
def test_article_attests_each_of_its_claims_in_its_paragraph(article: str, claims: dict[str, Claim]) -> None:
    report = verify.verify(_of_paragraphs(article), _anchored(claims))
    assert report.sources == (article,)
    assert report.all_attested
    for finding in report.findings:
        assert finding.paragraph == claims[finding.claim].paragraph, finding.claim


@with_articles
def test_anchors_are_made_of_words_of_the_own_paragraph(claims: dict[str, Claim]) -> None:
    for claim in claims.values():
        own = anchors.tokens(_of_paragraphs(claim.source)[claim.paragraph - 1])
        assert set(claim.anchors) <= set(anchors.windows(own)), claim.id


@with_articles
@pytest.mark.parametrize("name", FIGURES)
def test_one_anchor_covers_the_whole_figure(name: str, claims: dict[str, Claim]) -> None:
    claim = claims[name]
    words = anchors.tokens(_of_paragraphs(claim.source)[claim.paragraph - 1])
    wanted = anchors.tokens(FIGURES[name][4])
    places = {anchor: place for place, anchor in enumerate(anchors.windows(words))}
    assert any(
        words[start : start + len(wanted)] == wanted
        for anchor in claim.anchors
        for start in range(places[anchor], places[anchor] + anchors.WIDTH - len(wanted) + 1)
    )


@with_articles
@pytest.mark.parametrize(
    ("article", "printed", "instead", "claim"), ALTERED, ids=lambda value: str(value)[:40]
)
def test_altered_words_tell_against_the_claim_that_they_are_in(
    article: str, printed: str, instead: str, claim: set[str], claims: dict[str, Claim]
) -> None:
    text = "\n".join(_of_paragraphs(article))
    assert text.count(printed) == 1
    report = verify.verify(text.replace(printed, instead).splitlines(), _anchored(claims))
    assert {finding.claim for finding in report.findings if finding.result != "attested"} == claim


@with_articles
@pytest.mark.parametrize(
    ("printed", "claim"),
    [
        ("rumput", "japan-has-no-seaweed"),
        ("cokelat,", "japan-has-no-chocolate"),
        ("kopi", "japan-has-no-coffee"),
    ],
)
def test_altered_commodity_is_not_found_for_its_own_claim(
    printed: str, claim: str, claims: dict[str, Claim]
) -> None:
    text = "\n".join(_of_paragraphs("antara-2018"))
    report = verify.verify(text.replace(printed, "teh").splitlines(), _anchored(claims))
    results = {finding.claim: finding.result for finding in report.findings}
    assert results[claim] == "not found"


# --- no sentence of anybody else's -----------------------------------------------------------------


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", text).casefold())


def _runs(text: str) -> set[tuple[str, ...]]:
    words = _words(text)
    return {tuple(words[place : place + RUN]) for place in range(len(words) - RUN + 1)}


def _texts(value: Any, exempt: tuple[str, ...]) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item, exempt)
    elif isinstance(value, dict):
        for name, item in value.items():
            if name not in exempt:
                yield from _texts(item, exempt)


@with_articles
def test_no_tracked_file_holds_eight_words_in_a_row_of_an_article() -> None:
    copied = {run for path in ARTICLES.values() for run in _runs(path.read_text("utf-8"))}
    assert copied
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("this is no git checkout: which files are tracked is not known")
    found = []
    for name in listed.stdout.decode().split("\0"):
        if name and (ROOT / name).is_file():
            text = (ROOT / name).read_text("utf-8", errors="replace")
            found += [f"{name}: {' '.join(run)}" for run in _runs(text) & copied]
    assert found == []


@with_evidence
def test_no_data_file_holds_eight_words_in_a_row_of_the_evidence() -> None:
    seen: set[tuple[str, ...]] = set()
    for year in ("2018", "2022"):
        groups = json.loads((SHARED / "evidence" / f"{year}.json").read_text("utf-8"))
        for text in _texts(groups, ("title", "url", "also_at")):
            seen |= _runs(text)
    assert seen
    found = [
        f"{name}: {' '.join(run)}"
        for name in ("claims.json", "sources.json", "vocabulary.json")
        for text in _texts(_plain(name), ("title", "url", "title_from_url"))
        for run in _runs(text) & seen
    ]
    assert found == []
