"""The bundled data, held to the rules of data/README.md: whatever is added or corrected must follow them.

No number, date or wording of today's records stands here; a correction that follows the rules changes no test.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations, groupby, permutations
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jsonschema  # type: ignore[import-untyped]
import msgspec
import pytest
from anchoring import reading, tokens, windows
from conftest import ROOT, SHARED

from indotrade import open_dataset
from indotrade.dataset import schema
from indotrade.dataset.folder import Folder, locate
from indotrade.dataset.reader import Reader
from indotrade.dataset.records import (
    Claim,
    Dataset,
    Evidence,
    Figure,
    Flow,
    Locator,
    Publisher,
    Reading,
    Said,
    Source,
)
from indotrade.dataset.vocabulary import LISTS, Country, Measure, Organization, Person, Program, Sector
from indotrade.engine.open import open_engine
from indotrade.engine.protocol import Engine
from indotrade.library import OpenDataset
from indotrade.verify.anchors import WIDTH
from indotrade.verify.files import readings
from indotrade.verify.match import attest
from indotrade.wording.labels import STATUS_MEANS

DATA = ROOT / "data"
ARTICLES = {
    "halojapin-2022": SHARED / "articles" / "000_26cbed783af4d5d1.txt",
    "antara-2018": SHARED / "articles" / "003_23b4c86179a579bf.txt",
}
INVENTORY = SHARED / "CLAIMS.md"
"""What the articles claim, by paragraph and by who says it."""
PLURAL = {"sector": "sectors", "country": "countries", "program": "programs", "organization": "organizations"}
RUN = 8
"""No run of this many words of an article or of an evidence page may stand in the project."""

with_articles = pytest.mark.skipif(
    not ARTICLES["antara-2018"].is_file(),
    reason=f"the articles are not at {SHARED}: they are no part of a clone",
)
with_inventory = pytest.mark.skipif(
    not INVENTORY.is_file(), reason=f"the inventory is not at {SHARED}: it is no part of a clone"
)
with_evidence = pytest.mark.skipif(
    not (SHARED / "evidence").is_dir(), reason=f"the evidence is not at {SHARED}: it is no part of a clone"
)

PUBLISHED = """
    agro-exports-to-japan agro-firms-need-technology agro-imports-from-japan agro-trade-surplus
    about-14-indonesian-firms-followed asia-business-delegation-purpose auto-components-matchmaking
    auto-exports-80-countries auto-growth-opens-cooperation batik-exports-by-300-percent
    batik-exports-to-300-percent bni-tokyo-access-to-finance cooperation-aims-at-both-markets
    cooperation-open-along-the-chain delegation-visits-factories diaspora-80-thousand-forecast
    diaspora-as-trade-agents diaspora-as-way-in diaspora-grows-from-worker-need diaspora-over-70-thousand
    food-field-for-indonesia food-products-many-orders fukuoka-delegation-dates fukuoka-firms-seek-cooperation
    hope-component-cooperation hope-for-more-exports japan-food-self-sufficiency-low japan-has-no-chocolate
    japan-has-no-coffee japan-has-no-seaweed japan-needs-indonesian-commodities japanese-interest-in-foodstuffs
    jewellery-and-pearls-over-45-million matching-follows-ministers-visit medium-firms-have-room
    meeting-under-asia-business-delegation micro-firms-find-japan-hard one-to-one-meetings orders-due-to-diaspora
    other-products-liked-in-japan raw-material-opportunity remarks-at-diaspora-week sectors-of-cooperation-agreed
    seven-fukuoka-firms-presented sme-center-formed sme-center-links-home workers-needed-1-3-million
""".split()
"""Ids that others may have cited: of version 1.0.0. They stay, or CHANGELOG.md says that they were withdrawn."""

# What is altered in an article, and the claim that hinges on these words.
HINGES = [
    ("halojapin-2022", "300 persen", "200 persen", "batik-exports-to-300-percent"),
    ("halojapin-2022", "300%", "200%", "batik-exports-by-300-percent"),
    ("halojapin-2022", "45 juta", "54 juta", "jewellery-and-pearls-over-45-million"),
    ("halojapin-2022", "70 ribu", "90 ribu", "diaspora-over-70-thousand"),
    ("halojapin-2022", "80.000", "90.000", "diaspora-80-thousand-forecast"),
    ("halojapin-2022", "1,3 juta", "1,8 juta", "workers-needed-1-3-million"),
    ("halojapin-2022", "80 negara", "30 negara", "auto-exports-80-countries"),
    ("halojapin-2022", "22/4/2022", "22/4/2021", "remarks-at-diaspora-week"),
    ("halojapin-2022", "agak susah", "agak mudah", "micro-firms-find-japan-hard"),
    (
        "halojapin-2022",
        "pangan Jepang yang rendah",
        "pangan Jepang yang tinggi",
        "japan-food-self-sufficiency-low",
    ),
    ("antara-2018", "tujuh", "enam", "seven-fukuoka-firms-presented"),
    ("antara-2018", "sekitar 14", "sekitar 41", "about-14-indonesian-firms-followed"),
    ("antara-2018", "800 juta", "80 juta", "agro-exports-to-japan"),
    ("antara-2018", "senilai 41", "senilai 41 juta", "agro-imports-from-japan"),
    ("antara-2018", "kondisi surplus", "kondisi defisit", "agro-trade-surplus"),
    ("antara-2018", "20-22 Februari", "20-23 Februari", "fukuoka-delegation-dates"),
    ("antara-2018", "terbuka luas", "terbatas", "cooperation-open-along-the-chain"),
    ("antara-2018", "Airlangga", "Saleh", "matching-follows-ministers-visit"),
]


@pytest.fixture(scope="module")
def opened() -> OpenDataset:
    dataset: OpenDataset = open_dataset(DATA)
    return dataset


@pytest.fixture(scope="module")
def engine() -> Engine:
    return open_engine(str(DATA))


@pytest.fixture(scope="module")
def claims(opened: OpenDataset) -> dict[str, Claim]:
    return {cited.claim.id: cited.claim for cited in opened.find()}


def _plain(name: str) -> Any:
    return json.loads((DATA / name).read_text("utf-8"))


SOURCES: dict[str, Any] = {source["id"]: source for source in _plain("sources.json")}
VOCABULARY: dict[str, list[Any]] = _plain("vocabulary.json")


# --- the dataset as a whole ------------------------------------------------------------------------


def test_bundled_data_have_no_fault_and_no_warning() -> None:
    reader = Reader(locate(DATA), thorough=True)
    reader.head()
    read = list(reader.claims())
    assert reader.faults == []
    assert read


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
        found.append(reader.sha256())
    assert found == [open_dataset(DATA).sha256] * 2


@pytest.mark.parametrize("name", sorted(schema.FILES))
def test_schema_file_is_what_the_records_say(name: str) -> None:
    assert (DATA / "schema" / name).read_bytes() == schema.written(schema.schemas()[name])


def test_schema_folder_holds_no_other_file() -> None:
    assert {file.name for file in (DATA / "schema").iterdir()} == {*schema.FILES, "output"}


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
    monkeypatch.setattr("indotrade.dataset.schema.bundled", lambda: tmp_path)
    schema.main([])
    schema.main(["--check"])
    (tmp_path / "schema" / "claims.schema.json").write_text("{}")
    with pytest.raises(SystemExit, match="is not what the records say"):
        schema.main(["--check"])


@pytest.mark.parametrize(
    ("heading", "records"),
    [
        ("### dataset.json", [Dataset]),
        ("### claims.json", [Claim, Flow, Figure, Reading, Said, Locator, Evidence]),
        ("### sources.json", [Source, Publisher]),
        ("### vocabulary.json", [Sector, Country, Program, Organization, Person, Measure]),
    ],
)
def test_field_dictionary_names_every_field_and_in_bold_those_that_must_be_there(
    heading: str, records: list[Any]
) -> None:
    section = (DATA / "README.md").read_text("utf-8").split(heading, 1)[1].split("\n#", 1)[0]
    fields = [field for record in records for field in msgspec.structs.fields(record)]
    required = {field.encode_name for field in fields if field.required}
    names = {field.encode_name for field in fields}
    assert names <= set(re.findall(r"`([\w]+)`", section))
    assert required == set(re.findall(r"\*\*`(\w+)`\*\*", section))


def test_definitions_of_statuses_are_those_of_the_screens_word_for_word() -> None:
    section = (DATA / "README.md").read_text("utf-8")
    told = re.findall(r"^\d\. `(\w+)`: (.+)\.$", section, re.MULTILINE)
    assert told == list(STATUS_MEANS.items())


# --- the stricter bar, which no other dataset is held to -------------------------------------------


def bilingual(text: Any) -> bool:
    """Return whether a text is there in both languages of the dataset."""
    return bool(text) and all(text.get(language) for language in ("en", "id"))


def test_every_claim_has_all_that_can_be_known_of_it() -> None:
    for claim in _plain("claims.json"):
        name, said = claim["id"], claim["said"]
        assert claim["kind"], name
        assert claim["status"], name
        assert claim["paragraph"], name
        assert claim["anchors"], name
        assert bilingual(claim["statement"]), name
        assert claim["note"] is None or bilingual(claim["note"]), name
        assert said["date"], name
        assert said["basis"] in ("printed", "inferred"), name
        assert bool(said["why"]) == (said["basis"] == "inferred"), name


def test_every_piece_of_evidence_says_what_it_says_in_both_languages_and_how_strong_it_is() -> None:
    for claim in _plain("claims.json"):
        for evidence in claim["evidence"]:
            assert bilingual(evidence["says"]), (claim["id"], evidence["source"])
            assert evidence["strength"], (claim["id"], evidence["source"])


def test_every_figure_says_how_it_is_bounded_and_a_reading_why_it_is_likely() -> None:
    for claim in _plain("claims.json"):
        for figure in (claim["figure"], *(evidence["figure"] for evidence in claim["evidence"])):
            assert figure is None or figure["bound"], claim["id"]
            assert not (figure and figure["reading"]) or figure["reading"]["why"], claim["id"]


def test_every_source_has_an_address_a_language_and_a_title_or_says_why_not() -> None:
    for name, source in SOURCES.items():
        assert source["url"], name
        assert source["accessed"], name
        assert source["language"], name
        assert source["title"] or source["title_from_url"] or source["access_note"], name
        assert bool(source["basis"]) == bool(source["published"]), name


def test_every_entry_of_the_vocabulary_is_called_in_three_languages() -> None:
    for kind, entries in VOCABULARY.items():
        for entry in entries:
            assert all(entry["label"].get(language) for language in ("en", "id", "ja")), (kind, entry["id"])


# --- the claims ------------------------------------------------------------------------------------


def test_published_id_stays_or_is_told_as_withdrawn(claims: dict[str, Claim]) -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    withdrawn = set(re.findall(r"`([\w.-]+)`", "".join(re.findall(r"^Withdrawn.*?(?=^[A-Z#]|\Z)", changelog, re.MULTILINE | re.DOTALL))))  # fmt: skip
    assert set(PUBLISHED) - set(claims) - withdrawn == set()


def test_claims_stand_in_the_file_in_the_order_of_their_articles() -> None:
    records = _plain("claims.json")
    articles = [source for source, _ in groupby(record["source"] for record in records)]
    assert len(articles) == len(set(articles))
    for article in articles:
        paragraphs = [record["paragraph"] for record in records if record["source"] == article]
        assert paragraphs == sorted(paragraphs), article


@with_inventory
@pytest.mark.parametrize("article", ARTICLES)
def test_each_paragraph_has_at_least_the_claims_of_the_inventory(
    article: str, claims: dict[str, Claim]
) -> None:
    section = INVENTORY.read_text("utf-8").split(f"id `{article}`", 1)[1].split("\n## ", 1)[0]
    listed = re.findall(r"^\| (\d+) \| ([NS]) \|", section, re.MULTILINE)
    assert listed
    wanted = Counter(int(paragraph) for paragraph, _ in listed)
    of_speech = Counter(int(paragraph) for paragraph, who in listed if who == "S")
    found = [claim for claim in claims.values() if claim.source == article]
    assert wanted <= Counter(claim.paragraph for claim in found)
    assert of_speech <= Counter(claim.paragraph for claim in found if claim.speaker)


def test_every_claim_is_found_by_each_of_its_tags_and_their_parents(opened: OpenDataset) -> None:
    claims = [cited.claim for cited in opened.find()]
    found: dict[tuple[str, str], set[str]] = {}
    for kind in ("sector", "country", "program", "organization"):
        for entry in VOCABULARY[PLURAL[kind]]:
            found[kind, entry["id"]] = {cited.claim.id for cited in opened.find(**{kind: entry["id"]})}
    for claim in claims:
        assert claim.sectors, claim.id
        assert claim.countries, claim.id
        for kind, plural in PLURAL.items():
            parents = {entry["id"]: entry.get("parent") for entry in VOCABULARY[plural]}
            for tag in getattr(claim, plural):
                name: str | None = tag
                while name:
                    assert claim.id in found[kind, name], (claim.id, name)
                    name = parents[name]


def test_what_is_said_in_an_article_was_said_on_one_day(claims: dict[str, Claim]) -> None:
    for article in ARTICLES:
        assert len({claim.date for claim in claims.values() if claim.source == article}) == 1


# --- figures ---------------------------------------------------------------------------------------

WORDS = dict(
    zip("satu dua tiga empat lima enam tujuh delapan sembilan sepuluh".split(), range(1, 11), strict=True)
)
SCALES = {"ribu": 3, "juta": 6, "miliar": 9, "triliun": 12}
BOUNDS = {
    "sekitar": "about",
    "lebih dari": "more-than",
    "di atas": "more-than",
    "minimal": "at-least",
    "hingga": "up-to",
}


def in_whole_units(printed: str) -> Decimal | None:
    """Return the number that Indonesian words print: `1,3 juta` is 1300000, `80.000` is 80000, `tujuh` is 7."""
    number = re.search(rf"\d+(?:\.\d{{3}})*(?:,\d+)?|\b(?:{'|'.join(WORDS)})\b", printed)
    if not number:
        return None
    word = number[0]
    value = Decimal(WORDS[word]) if word in WORDS else Decimal(word.replace(".", "").replace(",", "."))
    scale = re.match(rf"\s*({'|'.join(SCALES)})\b", printed[number.end() :])
    return value.scaleb(SCALES[scale[1]]) if scale else value


@pytest.mark.parametrize(
    ("printed", "value"),
    [("1,3 juta orang", 1_300_000), ("Rp 1 triliun", 10**12), ("80.000", 80_000), ("US$ 45 juta", 45_000_000),
     ("tujuh perusahaan", 7), ("2,5%", Decimal("2.5")), ("banyak", None)],
)  # fmt: skip
def test_printed_number_is_read_in_whole_units(printed: str, value: Decimal | int | None) -> None:
    assert in_whole_units(printed) == value


def _figures(claim: Claim) -> Iterator[tuple[Figure, str]]:
    """Yield each figure of a claim and of its evidence, with the source that prints it."""
    if claim.figure:
        yield claim.figure, claim.source
    for evidence in claim.evidence:
        if evidence.figure:
            yield evidence.figure, evidence.source


def test_figure_of_a_claim_has_its_printed_words(claims: dict[str, Claim]) -> None:
    assert [claim.id for claim in claims.values() if claim.figure and not claim.figure.as_printed] == []


def test_value_and_bound_are_those_of_the_printed_words(claims: dict[str, Claim]) -> None:
    for claim in claims.values():
        for figure, source in _figures(claim):
            if figure.as_printed and SOURCES[source]["language"] == "id":
                assert in_whole_units(figure.as_printed) == Decimal(figure.value), claim.id
                for word, bound in BOUNDS.items():
                    assert word not in figure.as_printed or figure.bound == bound, claim.id


def test_two_figures_of_one_value_but_two_measures_are_told_apart_in_the_notes(
    claims: dict[str, Claim],
) -> None:
    figures = [(claim, claim.figure) for claim in claims.values() if claim.figure]
    for (one, its), (other, others) in combinations(figures, 2):
        alike = (one.source, its.value, its.unit) == (other.source, others.value, others.unit)
        if alike and its.measure != others.measure:
            assert one.note, one.id
            assert other.note, other.id


def test_figure_that_conflicts_is_another_one(claims: dict[str, Claim]) -> None:
    for claim in claims.values():
        for evidence in claim.evidence:
            one, other = claim.figure, evidence.figure
            if evidence.relation == "conflicts" and one and other and one.measure == other.measure:
                assert (one.value, one.unit, one.bound) != (other.value, other.unit, other.bound), claim.id


# --- notes and texts -------------------------------------------------------------------------------


def test_notes_are_in_both_languages_and_short_enough_for_a_card(claims: dict[str, Claim]) -> None:
    for claim in claims.values():
        if claim.note:
            assert len(claim.note["en"]) <= 360, claim.id
            assert len(claim.note["id"]) <= 400, claim.id


def _bilingual(claim: Claim) -> Iterator[dict[str, str]]:
    yield claim.statement
    if claim.note:
        yield claim.note
    yield from (evidence.says for evidence in claim.evidence if evidence.says)


def test_texts_end_like_sentences_and_differ_between_the_languages(claims: dict[str, Claim]) -> None:
    for claim in claims.values():
        for text in _bilingual(claim):
            assert text["en"] != text["id"], claim.id
            for said in text.values():
                assert re.search(r'[.!?]["”]?$', said), (claim.id, said)
                assert said == said.strip()
                assert "  " not in said


# --- evidence and status ---------------------------------------------------------------------------


def _status(claim: Claim) -> str:
    """Return the status that data/README.md gives a claim: the first that applies."""
    relations = {evidence.relation for evidence in claim.evidence}
    if claim.figure and claim.figure.reading:
        return "misprint"
    if claim.kind == "forecast" and relations & {"supports", "conflicts"}:
        return "superseded"
    if "conflicts" in relations:
        return "disputed"
    return "corroborated" if "supports" in relations else "single"


def test_statuses_follow_from_the_evidence(claims: dict[str, Claim]) -> None:
    assert {claim.id: claim.status for claim in claims.values()} == {
        claim.id: _status(claim) for claim in claims.values()
    }


def test_one_voice_with_the_article_is_never_for_or_against(claims: dict[str, Claim]) -> None:
    for claim in claims.values():
        vantage = SOURCES[claim.source]["vantage"]
        for evidence in claim.evidence:
            if SOURCES[evidence.source]["vantage"] == vantage:
                assert evidence.relation in ("same-report", "context"), claim.id


def test_a_reading_is_another_number_than_the_printed_one(claims: dict[str, Claim]) -> None:
    for claim in claims.values():
        for figure in (claim.figure, *(evidence.figure for evidence in claim.evidence)):
            if figure and figure.reading:
                assert figure.reading.value != figure.value, claim.id


def test_every_source_says_how_it_was_read_and_when() -> None:
    as_of = _plain("dataset.json")["as_of"]
    for source in SOURCES.values():
        assert source["accessed"] <= as_of, f"{source['id']}: raise as_of in dataset.json"
        assert (source["published"] or "") <= source["accessed"], source["id"]
        assert re.match(r"Read as an? .*\bcopy\b|Read (on|at|in) ", source["access_note"]), source["id"]


def test_all_pages_of_a_site_have_one_publisher() -> None:
    named: dict[str, set[tuple[str, str | None]]] = {}
    for source in SOURCES.values():
        site = re.sub(r"^(www|m|amp)\.", "", urlsplit(source["url"]).netloc)
        named.setdefault(site, set()).add((source["publisher"]["name"], source["publisher"]["original"]))
    assert {site: names for site, names in named.items() if len(names) > 1} == {}


def test_words_of_an_address_stand_only_where_no_title_was_seen() -> None:
    for source in SOURCES.values():
        assert not (source["title"] and source["title_from_url"]), source["id"]


def test_claims_stand_in_articles_and_an_article_has_claims(claims: dict[str, Claim]) -> None:
    articles = {source["id"] for source in SOURCES.values() if source["type"] == "article"}
    assert articles == {claim.source for claim in claims.values()}


@with_evidence
def test_every_evidence_source_is_a_page_that_was_read_with_the_title_and_the_date_that_were_seen() -> None:
    pages: dict[str, list[dict[str, Any]]] = {}
    for page in _evidence_pages():
        pages.setdefault(page["url"], []).append(page)
    for source in SOURCES.values():
        if source["type"] == "evidence":
            seen = pages[source["url"]]
            assert source["title"] in [page["title"] for page in seen], source["id"]
            if source["basis"] == "printed":
                # a day is taken from a time, and a year or a month from a fuller or a verbal date
                dates = [page["published"] or str(page) for page in seen]
                assert any(source["published"] in date for date in dates), source["id"]


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
    for file in sorted((SHARED / "evidence").glob("*.json")):
        for group in json.loads(file.read_text("utf-8")):
            yield from group["sources"]


# --- the vocabulary --------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", VOCABULARY)
def test_entries_have_a_label_in_three_languages_and_a_sentence_about_them(kind: str) -> None:
    for entry in VOCABULARY[kind]:
        assert all(entry["label"][language].strip() for language in ("en", "id", "ja")), entry["id"]
        assert entry["about"], entry["id"]
        if kind not in {"organizations", "programs"}:
            assert re.search(r"[぀-ヿ㐀-鿿]", entry["label"]["ja"]), entry["id"]


def test_hs_codes_are_chapters_headings_or_subheadings_of_one_sector_each() -> None:
    codes = [code for entry in VOCABULARY["sectors"] for code in entry["hs"]]
    assert [code for code in codes if not re.fullmatch(r"\d{2}|\d{4}|\d{6}", code)] == []
    assert [pair for pair in permutations(codes, 2) if pair[0].startswith(pair[1])] == []


def test_countries_and_their_regions_have_their_iso_codes() -> None:
    by_id = {entry["id"]: entry for entry in VOCABULARY["countries"]}
    for entry in by_id.values():
        assert bool(entry["iso2"]) == bool(entry["iso3"]), entry["id"]
        assert re.fullmatch(r"[A-Z]{2}", entry["iso2"] or "XX"), entry["id"]
        assert re.fullmatch(r"[A-Z]{3}", entry["iso3"] or "XXX"), entry["id"]
        if entry["parent"] and by_id[entry["parent"]]["iso2"]:
            assert entry["iso3166_2"].startswith(by_id[entry["parent"]]["iso2"] + "-"), entry["id"]
        else:
            assert not entry["iso3166_2"], entry["id"]


def test_every_entry_is_used_or_is_a_parent_of_one_that_is_or_is_named(claims: dict[str, Claim]) -> None:
    used: dict[str, set[str]] = {kind: set() for kind in LISTS}
    for claim in claims.values():
        for kind in ("sectors", "countries", "programs", "organizations"):
            used[kind].update(getattr(claim, kind))
        used["people"].add(claim.speaker or "")
        for figure, _ in _figures(claim):
            used["measures"].add(figure.measure or "")
    statements = " ".join(claim.statement["en"] for claim in claims.values())
    for kind, entries in VOCABULARY.items():
        parents = {entry.get("parent") for entry in entries}
        named = {entry["id"] for entry in entries if kind == "people" and entry["label"]["en"] in statements}
        assert {entry["id"] for entry in entries} - used[kind] - parents - named == set(), kind


# --- anchors ---------------------------------------------------------------------------------------


def test_every_claim_has_one_to_three_anchors_and_shares_none(claims: dict[str, Claim]) -> None:
    assert all(1 <= len(claim.anchors) <= 3 for claim in claims.values())
    every = [anchor for claim in claims.values() for anchor in claim.anchors]
    assert len(set(every)) == len(every)


def _of_paragraphs(article: str) -> list[str]:
    return readings(ARTICLES[article].read_bytes())[0].paragraphs


@with_articles
@pytest.mark.parametrize("article", ARTICLES)
def test_article_attests_each_of_its_claims_in_its_paragraph(
    article: str, claims: dict[str, Claim], engine: Engine
) -> None:
    report = attest(reading(_of_paragraphs(article)), engine)
    assert report.sources == (article,)
    assert report.all_attested
    for finding in report.findings:
        assert finding.paragraph == claims[finding.claim].paragraph, finding.claim


def _with_own_words(claims: dict[str, Claim]) -> Iterator[tuple[Claim, list[str]]]:
    """Yield each claim of the articles that are here, with the words of its paragraph."""
    for claim in claims.values():
        if claim.source in ARTICLES:
            yield claim, tokens(_of_paragraphs(claim.source)[(claim.paragraph or 1) - 1])


@with_articles
def test_anchors_are_made_of_words_of_the_own_paragraph(claims: dict[str, Claim]) -> None:
    for claim, own in _with_own_words(claims):
        assert set(claim.anchors) <= set(windows(own)), claim.id


@with_articles
def test_figure_stands_in_its_paragraph_and_one_anchor_covers_the_whole_of_it(
    claims: dict[str, Claim],
) -> None:
    for claim, words in _with_own_words(claims):
        if claim.figure:
            wanted = tokens(claim.figure.as_printed or "")
            places = {anchor: place for place, anchor in enumerate(windows(words))}
            assert any(
                words[start : start + len(wanted)] == wanted
                for anchor in claim.anchors
                for start in range(places[anchor], places[anchor] + WIDTH - len(wanted) + 1)
            ), claim.id


@with_articles
@pytest.mark.parametrize(
    ("article", "printed", "instead", "claim"), HINGES, ids=lambda value: str(value)[:40]
)
def test_altered_words_tell_against_the_claim_that_hinges_on_them(
    article: str, printed: str, instead: str, claim: str, claims: dict[str, Claim], engine: Engine
) -> None:
    if claim not in claims:
        pytest.skip("the claim was withdrawn")
    text = "\n".join(_of_paragraphs(article))
    assert text.count(printed) == 1
    report = attest(reading(text.replace(printed, instead).splitlines()), engine)
    altered = {finding.claim for finding in report.findings if finding.result != "attested"}
    assert claim in altered
    assert {claims[name].paragraph for name in altered} == {claims[claim].paragraph}


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
    printed: str, claim: str, claims: dict[str, Claim], engine: Engine
) -> None:
    text = "\n".join(_of_paragraphs("antara-2018"))
    report = attest(reading(text.replace(printed, "teh").splitlines()), engine)
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
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("this is no git checkout: which files are tracked is not known")
    names = [name for name in listed.stdout.decode().split("\0") if name]
    tool = [sys.executable, str(SHARED / "tools" / "copied_words.py")]
    done = subprocess.run([*tool, *names], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    own = subprocess.run([*tool, *map(str, ARTICLES.values())], capture_output=True, text=True, check=False)
    assert own.returncode == 1, "a tool that finds no words of an article in the article finds none anywhere"


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
