"""Names: English, Indonesian, Japanese, codes and aliases land; parents find their children; near misses are named.

The names are those by which readers of the two articles may ask for the bundled data: none of them may be lost.
"""

from __future__ import annotations

import json

import pytest
from conftest import ROOT
from inside import inside

from indotrade import lookup
from indotrade.errors import Misused, NotFound
from indotrade.index import open_store
from indotrade.store import Store

SECTORS = {
    "batik": "batik",
    "BATIK": "batik",
    "ｂａｔｉｋ": "batik",
    "Perhiasan": "jewellery",
    "jewelry": "jewellery",
    "宝飾品": "jewellery",
    "mutiara": "pearls",
    "真珠": "pearls",
    "kakao": "cocoa",
    "cokelat": "chocolate",
    "coklat": "chocolate",
    "コーヒー": "coffee",
    "ｺｰﾋｰ": "coffee",
    "珈琲": "coffee",
    "kopi": "coffee",
    "rumput laut": "seaweed",
    "rumput-laut": "seaweed",
    "海藻": "seaweed",
    "自動車": "automotive",
    "otomotif": "automotive",
    "suku cadang": "automotive-components",
    "自動車部品": "automotive-components",
    "tekstil": "textiles-and-crafts",
    "makanan": "food",
    "pangan": "food",
    "makanan instan": "instant-food",
    "elektronik": "electronics",
    "UMKM": "small-and-medium-firms",
    "IKM": "small-and-medium-firms",
    "MSME": "small-and-medium-firms",
    "中小企業": "small-and-medium-firms",
    "diaspora": "labour-and-diaspora",
}
COUNTRIES = {
    "JP": "japan",
    "JPN": "japan",
    "jpn": "japan",
    "Jepang": "japan",
    "日本": "japan",
    "ジャパン": "japan",
    "ｼﾞｬﾊﾟﾝ": "japan",
    "Nippon": "japan",
    "RI": "indonesia",
    "ID": "indonesia",
    "IDN": "indonesia",
    "インドネシア": "indonesia",
    "fukuoka": "fukuoka",
    "福岡": "fukuoka",
    "福岡県": "fukuoka",
    "JP-40": "fukuoka",
    "Prefektur Fukuoka": "fukuoka",
    "東京": "tokyo",
    "ID-JK": "jakarta",
    "80 negara": "eighty-countries",
}
PROGRAMS = {
    "sme center": "sme-center",
    "SMECenter": "sme-center",
    "SME Centre": "sme-center",
    "UKM Center": "sme-center",
    "global diaspora week": "bni-global-diaspora-week",
    "business matching": "agro-business-matching-2018",
    "akses keuangan": "bni-tokyo-access-to-finance",
    "asia business delegation": "asia-business-delegation-program",
    "kunjungan menteri": "ministers-visit",
}
ORGANIZATIONS = {
    "kemenperin": "ministry-of-industry",
    "KBRI": "indonesian-embassy-tokyo",
    "BNI": "bank-negara-indonesia",
    "BBNI": "bank-negara-indonesia",
    "BNI cabang Tokyo": "bni-tokyo",
    "CNBC": "cnbc-indonesia",
}
PEOPLE = {"panggah": "panggah-susanto", "heri": "heri-akhmadi", "ヘリ・アフマディ": "heri-akhmadi"}
TABLE = [
    (kind, name, entry)
    for kind, named in (
        ("sectors", SECTORS),
        ("countries", COUNTRIES),
        ("programs", PROGRAMS),
        ("organizations", ORGANIZATIONS),
        ("people", PEOPLE),
    )
    for name, entry in named.items()
]
OPTIONS = {
    "sectors": "sector",
    "countries": "country",
    "programs": "program",
    "organizations": "organization",
    "people": "speaker",
}


@pytest.fixture(scope="module")
def store() -> Store:
    return open_store(str(ROOT / "data"))


def _ids(*arguments: str) -> set[str]:
    """Return the ids of the claims that a command finds."""
    ended = inside(*arguments, "-f", "tsv", "--fields", "id", "--no-header")
    assert (ended.status, ended.err) == (0, "")
    return set(ended.out.split())


# --- names land ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "name", "entry"), TABLE)
def test_name_lands_on_its_entry(kind: str, name: str, entry: str, store: Store) -> None:
    assert lookup.resolve(store, kind, name) == entry


@pytest.mark.parametrize(("kind", "name", "entry"), {row[0]: row for row in reversed(TABLE)}.values())
def test_name_of_a_filter_is_its_id_in_the_query_of_the_answer(kind: str, name: str, entry: str) -> None:
    ended = inside("list", f"--{OPTIONS[kind]}", name, "--json", "--allow-empty")
    assert (ended.status, ended.err) == (0, "")
    assert json.loads(ended.out)["query"] == {OPTIONS[kind]: [entry]}


@pytest.mark.parametrize(
    ("command", "name", "entry"),
    [
        ("sector", "Perhiasan", "jewellery"),
        ("sector", "コーヒー", "coffee"),
        ("country", "日本", "japan"),
        ("country", "RI", "indonesia"),
        ("program", "SMECenter", "sme-center"),
        ("program", "global diaspora week", "bni-global-diaspora-week"),
    ],
)
def test_command_of_a_name_answers_as_the_filter_by_id_does(command: str, name: str, entry: str) -> None:
    found = _ids(command, name)
    assert found
    assert found == _ids("list", f"--{command}", entry)


@pytest.mark.parametrize("kind", OPTIONS)
def test_every_label_alias_and_id_lands_on_its_own_entry(kind: str, store: Store) -> None:
    for entry in json.loads((ROOT / "data" / "vocabulary.json").read_text("utf-8"))[kind]:
        for name in (entry["id"], *entry["label"].values(), *entry["aliases"]):
            assert lookup.resolve(store, kind, name) == entry["id"], name


# --- parents ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "parent", "children"),
    [
        ("sector", "agro-industry", ["cocoa", "chocolate", "coffee", "seaweed"]),
        ("sector", "cocoa", ["chocolate"]),
        ("sector", "textiles-and-crafts", ["batik"]),
        ("sector", "jewellery-and-pearls", ["jewellery", "pearls"]),
        ("sector", "food", ["instant-food"]),
        ("sector", "automotive", ["automotive-components"]),
        ("country", "japan", ["fukuoka", "tokyo"]),
        ("country", "indonesia", ["jakarta"]),
    ],
)
def test_parent_finds_the_claims_of_its_children(command: str, parent: str, children: list[str]) -> None:
    found = _ids(command, parent)
    for child in children:
        below = _ids(command, child)
        assert below
        assert below <= found, child


def test_parent_organization_finds_the_claims_of_its_branch() -> None:
    branch = _ids("list", "--organization", "bni-tokyo")
    assert branch
    assert branch <= _ids("list", "--organization", "BNI")


@pytest.mark.parametrize(
    ("command", "parent", "child"), [("country", "japan", "fukuoka"), ("sector", "food", "instant-food")]
)
def test_child_does_not_find_the_claims_that_name_its_parent_alone(
    command: str, parent: str, child: str
) -> None:
    plural = {"country": "countries", "sector": "sectors"}[command]
    answer = json.loads(inside(command, parent, "--json").out)
    of_parent_alone = {claim["id"] for claim in answer["claims"] if child not in claim[plural]}
    assert of_parent_alone
    assert _ids(command, child) & of_parent_alone == set()


# --- several words ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "words", "name"),
    [
        ("sector", ("rumput", "laut"), "seaweed"),
        ("sector", ("small", "and", "medium", "firms"), "small-and-medium-firms"),
        ("program", ("sme", "center"), "sme-center"),
        ("program", ("global", "diaspora", "week"), "bni-global-diaspora-week"),
        ("country", ("Prefektur", "Fukuoka"), "fukuoka"),
    ],
)
def test_unquoted_words_that_are_one_name_together_are_that_name(
    command: str, words: tuple[str, ...], name: str
) -> None:
    assert _ids(command, *words) == _ids("list", f"--{command}", name)


def test_unquoted_words_that_are_names_each_are_alternatives() -> None:
    assert _ids("sector", "batik", "kopi") == _ids("sector", "batik") | _ids("sector", "coffee")


# --- near misses and doubt -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "asked", "meant"),
    [
        ("sector", "batk", "batik"),
        ("sector", "cofee", "coffee"),
        ("country", "japn", "japan"),
        ("country", "fukoka", "fukuoka"),
        ("program", "sme-centr", "sme-center"),
    ],
)
def test_misspelt_name_is_answered_with_the_nearest(command: str, asked: str, meant: str) -> None:
    ended = inside(command, asked)
    assert (ended.status, ended.out) == (1, "")
    assert f'no {command} is called "{asked}"; did you mean {meant}' in ended.err


@pytest.mark.parametrize(
    ("option", "asked", "meant"),
    [("--speaker", "pangah", "panggah-susanto"), ("--organization", "kemenprin", "ministry-of-industry")],
)
def test_misspelt_filter_is_answered_with_the_nearest(option: str, asked: str, meant: str) -> None:
    ended = inside("list", option, asked)
    assert (ended.status, ended.out) == (1, "")
    assert f"did you mean {meant}" in ended.err


def test_misspelt_name_in_indonesian() -> None:
    ended = inside("sector", "batk", "--lang", "id")
    assert (ended.status, ended.out) == (1, "")
    assert 'tidak ada sektor bernama "batk"; maksud Anda batik' in ended.err


def test_name_like_no_other_is_answered_without_a_guess() -> None:
    ended = inside("sector", "xylophone")
    assert (ended.status, ended.out) == (1, "")
    assert 'no sector is called "xylophone"' in ended.err
    assert "did you mean" not in ended.err


@pytest.mark.parametrize(
    ("kind", "asked", "candidates"),
    [
        ("sectors", "medium", {"small-and-medium-firms"}),
        ("sectors", "industri", {"agro-industry", "automotive", "electronics", "small-and-medium-firms"}),
        (
            "organizations",
            "indonesia",
            {"indonesian-embassy-tokyo", "bank-negara-indonesia", "cnbc-indonesia"},
        ),
        ("organizations", "tokyo", {"indonesian-embassy-tokyo", "bni-tokyo"}),
    ],
)
def test_word_of_several_entries_has_them_all_as_candidates(
    kind: str, asked: str, candidates: set[str], store: Store
) -> None:
    assert set(lookup.candidates(store, kind, asked)) >= candidates


def test_ambiguous_name_lists_its_candidates_and_finds_nothing() -> None:
    ended = inside("list", "--organization", "tokyo")
    assert (ended.status, ended.out) == (1, "")
    assert '"tokyo" may be more than one organization' in ended.err
    for candidate in ("bni-tokyo", "indonesian-embassy-tokyo"):
        assert candidate in ended.err


def test_exact_name_is_never_ambiguous(store: Store) -> None:
    assert lookup.resolve(store, "sectors", "Perhiasan") == "jewellery"
    assert lookup.resolve(store, "organizations", "BNI") == "bank-negara-indonesia"


@pytest.mark.parametrize("blank", ["", " ", "　"])
def test_blank_name_is_a_misuse(blank: str, store: Store) -> None:
    with pytest.raises(Misused):
        lookup.resolve(store, "sectors", blank)


def test_name_of_another_list_is_unknown_here(store: Store) -> None:
    with pytest.raises(NotFound):
        lookup.resolve(store, "countries", "batik")
