"""Names: English, Indonesian, Japanese, codes and aliases land; parents find their children; near misses are named.

The names are those by which readers of the two articles may ask for the bundled data: none of them may be lost.
"""

from __future__ import annotations

import json
import re
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import counting
import pytest
import samples
from conftest import ROOT
from inside import inside

from indotrade import open_dataset
from indotrade.engine.open import open_engine
from indotrade.engine.protocol import Engine
from indotrade.engine.sqlite import SqliteEngine
from indotrade.errors import Misused, NotFound
from indotrade.query import names
from indotrade.wording.sentences import told

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
def engine() -> Engine:
    return open_engine(str(ROOT / "data"))


@pytest.fixture(scope="module")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the sample, two of whose sectors have HS codes; read only."""
    records = samples.changed({"vocabulary.sectors.3.hs": ["58", "500720"]})
    return samples.write(tmp_path_factory.mktemp("harbour"), records)


@pytest.fixture(scope="module")
def small(harbour: Path) -> Engine:
    return open_engine(str(harbour))


def _ids(*arguments: object) -> set[str]:
    """Return the ids of the claims that a command finds."""
    ended = inside(*arguments, "-f", "tsv", "--fields", "id", "--no-header")
    assert (ended.status, ended.err) == (0, "")
    return set(ended.out.split())


# --- names land ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "name", "entry"), TABLE)
def test_name_lands_on_its_entry(kind: str, name: str, entry: str, engine: Engine) -> None:
    assert names.resolve(engine, kind, name) == entry


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
        ("organization", "BNI Tokyo branch", "bni-tokyo"),
        ("speaker", "heri", "heri-akhmadi"),
    ],
)
def test_command_of_a_name_answers_as_the_filter_by_id_does(command: str, name: str, entry: str) -> None:
    found = _ids(command, name)
    assert found
    assert found == _ids("list", f"--{command}", entry)


@pytest.mark.parametrize("kind", OPTIONS)
def test_every_label_alias_and_id_lands_on_its_own_entry(kind: str, engine: Engine) -> None:
    for entry in json.loads((ROOT / "data" / "vocabulary.json").read_text("utf-8"))[kind]:
        for name in (entry["id"], *entry["label"].values(), *entry["aliases"]):
            assert names.resolve(engine, kind, name) == entry["id"], name


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
        ("speaker", ("heri", "akhmadi"), "heri-akhmadi"),
        ("country", ("Prefektur", "Fukuoka"), "fukuoka"),
    ],
)
def test_unquoted_words_that_are_one_name_together_are_that_name(
    command: str, words: tuple[str, ...], name: str
) -> None:
    assert _ids(command, *words) == _ids("list", f"--{command}", name)


def test_unquoted_words_that_are_names_each_are_alternatives() -> None:
    assert _ids("sector", "batik", "kopi") == _ids("sector", "batik") | _ids("sector", "coffee")


def test_unquoted_words_that_are_names_each_are_not_taken_for_part_of_another(tmp_path: Path) -> None:
    labels = (("clove", "Cloves"), ("nutmeg", "Nutmeg"), ("weaving", "Cloves and nutmeg in bags"))
    records = samples.sample()
    for sector in records["vocabulary"]["sectors"]:
        label = dict(labels).get(sector["id"])
        sector["label"] = {"en": label, "id": label, "ja": label} if label else sector["label"]
    engine = open_engine(str(samples.write(tmp_path, records)))
    assert names.resolve_words(engine, "sectors", ["cloves", "nutmeg"]) == ["clove", "nutmeg"]


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
    kind: str, asked: str, candidates: set[str], engine: Engine
) -> None:
    assert set(engine.containing(kind, [asked])) >= candidates
    if len(candidates) == 1:
        assert names.resolve(engine, kind, asked) == candidates.pop()
        return
    with pytest.raises(NotFound) as raised:
        names.resolve(engine, kind, asked)
    for candidate in candidates:
        assert candidate in str(raised.value)


def test_several_words_of_a_name_are_those_of_the_entry_that_has_them_all(small: Engine) -> None:
    assert sorted(small.containing("sectors", ["hand"])) == ["hand-pottery", "weaving"]
    assert small.containing("sectors", ["weaving", "hand"]) == ["weaving"]
    assert small.containing("sectors", ["hand", "nowhere"]) == []
    assert names.resolve(small, "sectors", "weaving hand") == "weaving"


def test_ambiguous_name_lists_its_candidates_and_finds_nothing() -> None:
    ended = inside("list", "--organization", "tokyo")
    assert (ended.status, ended.out) == (1, "")
    assert '"tokyo" may be more than one organization' in ended.err
    for candidate in ("bni-tokyo", "indonesian-embassy-tokyo"):
        assert candidate in ended.err


@pytest.mark.parametrize("line", ["country islands", "list --country islands", "islands"])
def test_what_an_ambiguous_name_may_mean_is_offered_as_far_as_it_is_named(line: str) -> None:
    told, hint = inside(*line.split()).err.splitlines()
    named = told.rpartition(": ")[2]
    listed, _, more = named.partition(" (+")
    offered = re.findall("`indotrade ([^`]+)`", hint)
    asked = line.replace("islands", "") if " " in line else "country "
    assert offered == [f"{asked}{name}" for name in listed.split(", ")]
    assert int(more.removesuffix(")")) > 0
    assert "or give more of the name: " in hint


def test_exact_name_is_never_ambiguous(engine: Engine) -> None:
    assert names.resolve(engine, "sectors", "Perhiasan") == "jewellery"
    assert names.resolve(engine, "organizations", "BNI") == "bank-negara-indonesia"


@pytest.mark.parametrize("blank", ["", " ", "　"])
def test_blank_name_is_a_misuse(blank: str, engine: Engine) -> None:
    with pytest.raises(Misused):
        names.resolve(engine, "sectors", blank)


def test_name_of_another_list_is_unknown_here(engine: Engine) -> None:
    with pytest.raises(NotFound):
        names.resolve(engine, "countries", "batik")


# --- codes and names that every dataset has --------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "entry"), [("0904", "spices"), ("０９０４", "spices"), ("58", "weaving"), ("500720", "weaving")]
)
def test_a_sector_is_found_by_any_hs_code_that_the_dataset_gives_it(
    code: str, entry: str, harbour: Path, small: Engine
) -> None:
    assert names.resolve(small, "sectors", code) == entry
    expected = _ids("list", "--sector", entry, "--data", harbour)
    assert expected
    assert _ids("sector", code, "--data", harbour) == expected
    assert _ids("list", "--sector", code, "--data", harbour) == expected


@pytest.mark.parametrize("code", ["0901", "904", "09040"])
def test_an_hs_code_that_no_sector_has_is_unknown(code: str, small: Engine) -> None:
    with pytest.raises(NotFound):
        names.resolve(small, "sectors", code)


def test_every_hs_code_of_the_bundled_data_lands_on_a_sector_that_has_it(engine: Engine) -> None:
    sectors = json.loads((ROOT / "data" / "vocabulary.json").read_text("utf-8"))["sectors"]
    having: dict[str, list[str]] = {}
    for entry in sectors:
        for code in entry["hs"]:
            having.setdefault(code, []).append(entry["id"])
    assert having
    for code, entries in having.items():
        if len(entries) == 1:
            assert names.resolve(engine, "sectors", code) == entries[0]


@pytest.mark.parametrize(
    ("kind", "name", "id"),
    [
        *(
            ("people", name, "narration")
            for name in ("narration", "Narration", "narasi", "NARASI", "ｎａｒａｓｉ")
        ),
        *(
            ("countries", name, "world")
            for name in ("world", "World", "dunia", "DUNIA", "世界", "ｗｏｒｌｄ")
        ),
    ],
)
def test_narration_and_the_world_have_names_though_they_are_no_entries(
    kind: str, name: str, id: str, small: Engine
) -> None:
    assert names.resolve(small, kind, name) == id
    assert names.resolve_words(small, kind, [name]) == [id]


@pytest.mark.parametrize("name", ["world", "World", "dunia", "世界"])
@pytest.mark.parametrize("flags", [(), ("--json",), ("--allow-empty", "-f", "csv"), ("--lang", "id")])
def test_the_world_as_a_command_and_as_a_filter_is_one_thing(
    name: str, flags: tuple[str, ...], harbour: Path
) -> None:
    plain = inside("list", "--country", "world", *flags, "--data", harbour)
    assert inside("country", name, *flags, "--data", harbour) == plain
    assert inside("list", "--country", name, *flags, "--data", harbour) == plain
    assert plain.status == (0 if "--allow-empty" in flags else 1)


@pytest.mark.parametrize(
    ("option", "names", "count"),
    [("--speaker", ("narration", "narasi", "NARASI"), 4), ("--from", ("world", "dunia", "世界"), 1)],
)
def test_other_names_of_narration_and_the_world_answer_as_their_ids_do(
    option: str, names: tuple[str, ...], count: int, harbour: Path
) -> None:
    first, *others = (inside("list", option, name, "--json", "--data", harbour) for name in names)
    assert json.loads(first.out)["count"] == count
    assert [other == first for other in others] == [True, True]


@pytest.mark.parametrize("words", [65, 600, 5000])
@pytest.mark.parametrize("unquoted", [False, True])
def test_a_name_of_hundreds_of_words_is_that_of_no_entry(words: int, unquoted: bool, harbour: Path) -> None:
    long = [f"word{number}" for number in range(words)]
    ended = inside("sector", *(long if unquoted else [" ".join(long)]), "--data", harbour)
    assert (ended.status, ended.out) == (1, "")
    assert ended.err.startswith('indotrade: error: no sector is called "word0')
    assert len(ended.err) < 400


@pytest.mark.parametrize("word", ["hand", "a"])
def test_a_name_of_one_word_many_times_is_answered(word: str, harbour: Path) -> None:
    ended = inside("sector", " ".join([word] * 600), "--data", harbour)
    assert (ended.status, ended.out) == (1, "")


def test_names_are_read_once_however_many_words_are_looked_for_among_them(harbour: Path) -> None:
    engine = open_engine(str(harbour))
    assert isinstance(engine, SqliteEngine)
    read: list[str] = []
    engine.connection.set_trace_callback(read.append)
    for word in ("clove", "spices", "clove"):
        assert engine.containing("sectors", [word])
    assert sum("FROM name" in statement for statement in read) == 1


def test_of_many_words_none_is_looked_for_after_one_that_names_nothing(small: Engine) -> None:
    few, many = (
        counting.calls(partial(names.meanings, small, ["clove", *map(str, range(count))]))
        for count in (10, 400)
    )
    assert many < 2 * few


# --- how many are listed ---------------------------------------------------------------------------


@pytest.mark.parametrize("limit", [0, 1, 3, 4, 100, 2**63 - 1, 2**64])
def test_a_list_of_names_honours_its_limit_and_counts_over_all_claims(limit: int, harbour: Path) -> None:
    whole = json.loads(inside("country", "--json", "--data", harbour).out)
    assert [(entry["id"], entry["claims"]) for entry in whole["countries"]] == [
        ("indonesia", 4),
        ("sukamaju", 2),
        ("japan", 4),
        ("nagahama", 1),
    ]
    assert (whole["count"], whole["total"]) == (4, 4)
    ended = inside("country", "-n", limit, "--json", "--data", harbour)
    cut = json.loads(ended.out)
    assert (ended.status, ended.err) == (0, "")
    assert cut["countries"] == whole["countries"][:limit]
    assert (cut["count"], cut["total"]) == (min(limit, 4), 4)
    rows = inside("country", "-n", limit, "-f", "tsv", "--no-header", "--data", harbour)
    assert (rows.status, len(rows.out.splitlines())) == (0, min(limit, 4))


def test_a_list_of_names_that_is_cut_says_so_on_a_screen(harbour: Path) -> None:
    def shown(*more: str) -> str:
        ended = inside("country", *more, "--data", harbour)
        assert (ended.status, ended.err) == (0, "")
        return ended.out

    cut = shown("-n", "3")
    assert "3 of 4" in cut
    assert "nagahama" not in cut
    assert " of 4" not in shown()
    assert " of 4" not in shown("-n", "4")


def test_a_list_of_names_counts_the_claims_that_pass_the_filters_whatever_its_limit(harbour: Path) -> None:
    answer = json.loads(inside("country", "-n", "3", "--sector", "clove", "--json", "--data", harbour).out)
    counts = {entry["id"]: entry["claims"] for entry in answer["countries"]}
    assert counts == {"indonesia": 2, "sukamaju": 1, "japan": 1}
    assert answer["total"] == 4


@pytest.mark.parametrize(
    "line", ["list", "search e", "sector spices", "program harbour-fair", "sector", "program"]
)
def test_the_largest_limit_is_answered_as_none_is(line: str, harbour: Path) -> None:
    for flags in (("--json",), ()):
        without = inside(*line.split(), *flags, "--data", harbour)
        assert (without.status, without.err) == (0, "")
        assert inside(*line.split(), *flags, "-n", 2**63 - 1, "--data", harbour) == without


# --- the library and the command line --------------------------------------------------------------


@pytest.mark.parametrize(
    ("filters", "library", "line"),
    [
        ({"kind": "plann"}, 'kind cannot be "plann"', '--kind cannot be "plann"'),
        ({"status": ["x"]}, 'status cannot be "x"; it takes', '--status cannot be "x"; it takes'),
        ({"sort": "xyz"}, 'sort cannot be "xyz"; it takes', '--sort cannot be "xyz"; it takes'),
        ({"since": "today"}, 'since "today" is no date', '--since "today" is no date'),
        (
            {"since": "2024", "until": "2023"},
            "since 2024 is after until 2023",
            "--since 2024 is after --until 2023",
        ),
    ],
)
def test_the_library_says_arguments_and_the_command_line_options(
    filters: dict[str, Any], library: str, line: str, harbour: Path
) -> None:
    with pytest.raises(Misused) as raised:
        open_dataset(harbour).find(**filters)
    error = raised.value
    assert str(error).startswith(library)
    assert "--" not in f"{error} {error.hint}"
    assert told(error.message, "en").startswith(line)
    options = [f"--{name}={value if isinstance(value, str) else value[0]}" for name, value in filters.items()]
    ended = inside("list", *options, "--data", harbour)
    assert (ended.status, ended.out) == (2, "")
    assert ended.err.startswith(f"indotrade: error: {line}")
    assert f"\n{library}" not in ended.err


def test_a_keyword_that_is_no_filter_is_a_type_error_as_python_has_it(harbour: Path) -> None:
    dataset: Any = open_dataset(harbour)
    for name in ("sektor", "from", "kinds"):
        with pytest.raises(TypeError, match=name):
            dataset.find(**{name: "clove"})
    assert len(dataset.find(from_="world")) == 1


def test_the_library_knows_the_names_that_the_command_line_knows(harbour: Path) -> None:
    dataset = open_dataset(harbour)
    assert [cited.claim.id for cited in dataset.find(sector="0904", limit=2**63)] == [
        "crates-sent",
        "only-clove-port",
        "nutmeg-plan",
    ]
    assert len(dataset.find(speaker="narasi")) == 4
    assert len(dataset.find(country="dunia")) == 0


def test_a_column_of_rows_has_one_type_and_a_date_that_is_known_in_part_stands_beside_it(
    tmp_path: Path,
) -> None:
    records = samples.sample()
    dates = ["2024", "2024-05", "2024-05-02", None]
    records["claims"] = [
        samples.claim(f"claim-{number}", said=samples.said(said) if said else None)
        for number, said in enumerate(dates)
    ]
    rows = [cited.row() for cited in open_dataset(samples.write(tmp_path / "own", records)).find()]
    assert [row["said"] for row in rows] == [None, None, date(2024, 5, 2), None]
    assert [row["said_text"] for row in rows] == dates
    for name in rows[0]:
        assert len({type(row[name]) for row in rows if row[name] is not None}) <= 1, name
