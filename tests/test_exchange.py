"""Whole datasets out and back: what each carrier holds, that it comes back as it was, and that nothing is half written."""

from __future__ import annotations

import csv
import json
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import detailed
import generated
import msgspec
import openpyxl
import pytest
import samples
from conftest import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st
from inside import inside
from msgspec import inspect

from indotrade.dataset.folder import locate
from indotrade.dataset.ordered import in_order
from indotrade.dataset.reader import Reader
from indotrade.dataset.records import Claim, Dataset, Evidence, Source
from indotrade.dataset.vocabulary import LISTS as ENTRIES
from indotrade.errors import Message, Refused
from indotrade.exchange import tables
from indotrade.exchange.adding import others
from indotrade.exchange.export import carriers, dataset_files, sqlite
from indotrade.exchange.numbers import number, plain
from indotrade.exchange.spreadsheets.sheets import LONGEST_CELL, Row, Sheet, Unread
from indotrade.text.cells import guarded, unguarded

WHOLE = {"csv": "tables", "xlsx": "book.xlsx", "sqlite": "base.sqlite"}
"""The carriers of tables that hold a whole dataset, with a target for each."""
VOCABULARY = ("sectors", "countries", "programs", "organizations", "people", "measures")


# --- datasets --------------------------------------------------------------------------------------------

OTHERS = st.dictionaries(st.sampled_from(["en", "ja", "en-GB", "zh-Hant"]), generated.TEXTS)
LISTS = st.lists(generated.TEXTS | st.sampled_from(["a;b", "[1]", " edge ", '["x"]']), max_size=3)


@st.composite
def wholes(draw: st.DrawFn) -> dict[str, Any]:
    """Make the records of a valid dataset, with texts in more languages and lists that are odd as well."""
    records: dict[str, Any] = draw(generated.datasets(4))
    records["dataset"] |= {"format": 2, "title": draw(st.none() | generated.TEXTS)}
    for claim in records["claims"]:
        claim["statement"] = claim["statement"] | draw(OTHERS)
    for number_, source in enumerate(records["sources"]):
        source |= {"authors": draw(LISTS), "publisher": {"name": draw(generated.TEXTS)}}
        source["url"] = draw(st.sampled_from([None, f"https://example.org/{number_}?a=1&b='<x>%20#é"]))
    odd = samples.entry("odd", {"en": "Odd"}, about=draw(st.none() | generated.STATEMENTS), hs=draw(st.sampled_from([[], ["0904", "09"]])))  # fmt: skip
    odd["aliases"] = [f"odd {place} {alias}" for place, alias in enumerate(draw(LISTS))]
    records["vocabulary"]["sectors"].append(odd)
    return records


def told(record: Any, first: str) -> Any:
    """Return a record with what says nothing left out, and each reason by language."""
    if isinstance(record, list):
        return [told(item, first) for item in record]
    if not isinstance(record, dict):
        return record
    known = {name: told(value, first) for name, value in record.items()}
    if isinstance(known.get("why"), str):
        known["why"] = {first: known["why"]}
    return {name: value for name, value in known.items() if value not in (None, [], {})}


def content(folder: Path) -> dict[str, Any]:
    """Return all that a dataset says, in the order of answers; it must be valid."""
    assert [fault for fault in samples.faults(folder) if fault.startswith("error")] == []
    reader = Reader(locate(folder))
    dataset, vocabulary, sources = reader.head()
    with in_order(reader) as (_, claims):
        listed = list(claims(slice(None)))
    assert dataset
    said = {"dataset": dataset, "vocabulary": vocabulary, "sources": sources, "claims": listed}
    plain_: dict[str, Any] = told(msgspec.to_builtins(said), dataset.languages[0])
    for claim in plain_.get("claims", ()):
        claim.pop("sources", None)  # which a line of JSON carries along
    return plain_


def records_of(path: Path) -> tables.Records | None:
    """Return the records of a dataset that stand in tables; None where these are no tables of a whole one."""
    found = others.tables_of(path)
    return None if found is None else tables.read(found)


def brought_back(path: Path, folder: Path) -> Path:
    """Return the folder with the dataset that an export holds."""
    records = records_of(path)
    assert records
    return samples.write(folder, records._asdict())


@settings(max_examples=15)  # each is written and read five times
@given(wholes())
def test_every_carrier_of_a_whole_dataset_gives_back_the_same_records(records: dict[str, Any]) -> None:
    with tempfile.TemporaryDirectory() as name:
        room = Path(name)
        own = samples.write(room / "own", records)
        expected = content(own)
        for form, target in WHOLE.items():
            ended = inside("export", room / target, "--as", form, "--data", own, "--allow-empty")
            assert ended.status == 0, ended.err
            assert content(brought_back(room / target, room / f"from-{form}")) == expected, form
        inside("export", room / "folder", "--data", own, "--allow-empty")
        assert content(room / "folder") == expected


def paths(kind: inspect.Type, path: str = "") -> Iterator[str]:
    """Yield where the values of a record stand that are no records themselves: `figure.reading.value`."""
    if isinstance(kind, inspect.UnionType):
        for one in kind.types:
            yield from paths(one, path)
    elif isinstance(kind, inspect.StructType):
        for field in kind.fields:
            yield from paths(field.type, f"{path}.{field.encode_name}")
    elif not isinstance(kind, inspect.NoneType):
        yield path.removeprefix(".")


@pytest.mark.parametrize("table", tables.TABLES)
def test_every_field_of_a_record_has_a_column_so_that_no_export_drops_it(table: str) -> None:
    records = {"claims": Claim, "evidence": Evidence, "sources": Source, "dataset": Dataset, **ENTRIES}
    apart = {"claims": {"evidence", "sources"}}  # which have tables of their own
    fields = set(paths(inspect.type_info(records[table])))
    assert fields - apart.get(table, set()) <= {column.path for column in tables.TABLES[table].columns}


def test_the_bundled_data_come_back_from_every_carrier(tmp_path: Path) -> None:
    expected = content(ROOT / "data")
    for form, target in WHOLE.items():
        assert inside("export", tmp_path / target, "--as", form).status == 0
        assert content(brought_back(tmp_path / target, tmp_path / f"from-{form}")) == expected, form
    assert inside("export", tmp_path / "folder").status == 0
    assert content(tmp_path / "folder") == expected


@given(generated.VALUES)
def test_a_decimal_becomes_a_number_only_where_that_gives_it_back(value: str) -> None:
    exact = number(value)
    assert exact is None or plain(exact) == value


@given(generated.TEXTS | st.from_regex(r"\A'{0,3}[=+@-]?[0-9]{0,2}\w?\Z"))
def test_a_guarded_cell_is_no_formula_and_comes_back(text: str) -> None:
    cell = guarded(text)
    assert unguarded(cell) == text
    assert not cell.startswith(("=", "@", "\t", "\r", "＝", "＋", "－", "＠"))
    assert not cell.startswith(("+", "-")) or cell[1:2].isdigit()


# --- one made-up dataset, which other programs read ------------------------------------------------------


@pytest.fixture(scope="module")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a dataset with a rating, an unlisted country, a formula for a title, and a decimal with a zero."""
    records = detailed.records()
    records["dataset"]["format"] = 2
    first, *_, last = records["claims"]
    first["evidence"][0]["rating"] = "Mostly true"
    first["countries"] = ["kenya", "japan"]
    last["figure"] = samples.figure("12.50", "percent")
    records["sources"][2]["title"] = '=HYPERLINK("http://evil.example")'
    return samples.write(tmp_path_factory.mktemp("harbour"), records)


def exported(harbour: Path, target: Path, *arguments: str) -> Path:
    ended = inside("export", target, "--data", harbour, *arguments)
    assert (ended.status, ended.out) == (0, ""), ended.err
    return target


def rows_of(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_claims_alone_are_one_csv_with_their_articles(harbour: Path, tmp_path: Path) -> None:
    rows = rows_of(exported(harbour, tmp_path / "claims.csv"))
    claims = {claim["id"]: claim for claim in json.loads((harbour / "claims.json").read_bytes())}
    assert {row["id"] for row in rows} == claims.keys()
    for row in rows:
        claim = claims[row["id"]]
        assert row["statement_en"] == claim["statement"]["en"]
        assert row["sectors"] == ";".join(claim["sectors"])
        assert row["speaker"] == (claim["speaker"] or "narration")
        assert row["value"] == (claim["figure"] or {"value": ""})["value"]
        assert row["publisher"]
        assert row["url"].startswith("https://")


def test_a_folder_of_tables_describes_itself_and_every_reference_has_its_row(
    harbour: Path, tmp_path: Path
) -> None:
    folder = exported(harbour, tmp_path / "tables", "--as", "csv")
    package = json.loads((folder / "datapackage.json").read_bytes())
    files = {resource["name"]: resource for resource in package["resources"]}
    assert {path.name for path in folder.iterdir()} == {f"{name}.csv" for name in files} | {
        "datapackage.json"
    }
    rows = {name: rows_of(folder / resource["path"]) for name, resource in files.items()}
    referred = 0
    for name, resource in files.items():
        schema = resource["schema"]
        header = (folder / resource["path"]).read_text("utf-8").partition("\n")[0]
        assert [field["name"] for field in schema["fields"]] == header.split(",")
        keys = [tuple(row[key] for key in schema["primaryKey"]) for row in rows[name]]
        assert len(set(keys)) == len(keys)
        for foreign in schema.get("foreignKeys", ()):
            there = {row["id"] for row in rows[foreign["reference"]["resource"]]}
            values = {row[foreign["fields"][0]] for row in rows[name]} - {""}
            assert values <= there, foreign
            referred += len(values)
    assert referred
    assert {row["id"] for row in rows["countries"] if row["lent"] == "true"} == {"kenya", "world"}


def test_no_cell_of_a_csv_is_a_formula(harbour: Path, tmp_path: Path) -> None:
    folder = exported(harbour, tmp_path / "tables", "--as", "csv")
    cells = [cell for file in folder.glob("*.csv") for row in rows_of(file) for cell in row.values()]
    assert [cell for cell in cells if cell.startswith("=")] == []
    assert any(cell.startswith("'=") for cell in cells)


def test_a_workbook_has_a_sheet_a_table_its_header_in_sight_and_no_formula(
    harbour: Path, tmp_path: Path
) -> None:
    book = openpyxl.load_workbook(exported(harbour, tmp_path / "book.xlsx"))
    assert book.sheetnames == list(tables.TABLES)
    for sheet in book:
        assert sheet.freeze_panes == "B2"
        cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
        assert {cell.data_type for cell in cells} <= {"s", "n", "b"}
    sources = list(book["sources"].iter_rows())
    place = [cell.value for cell in sources[0]].index("url")
    for row in sources[1:]:
        link = row[place].hyperlink
        assert (link.target if link else None) == row[place].value
    values = {type(row[5].value) for row in book["claims"].iter_rows(min_row=2)}
    assert values == {type(None), int, float, str}  # 12.50 alone is text: no number has its zero


def test_where_openpyxl_is_missing_it_is_said_how_it_is_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    for code, told in (
        ("en", "error: an Excel workbook is written by openpyxl, which is not installed"),
        ("id", "error: buku kerja Excel ditulis oleh openpyxl, yang belum terpasang"),
    ):
        ended = inside("export", tmp_path / "book.xlsx", "--lang", code)
        assert (ended.status, ended.out) == (3, "")
        assert told in ended.err
        assert "`pip install 'indotrade[xlsx]'`" in ended.err
        assert "claims.csv" in ended.err
    assert list(tmp_path.iterdir()) == []


def test_a_workbook_that_cannot_be_written_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = tmp_path / "room"
    room.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(room))
    monkeypatch.setattr("indotrade.exchange.export.workbook.MOST_ROWS", 10)
    ended = inside("export", tmp_path / "book.xlsx")
    assert ended.status == 4
    assert "a sheet has 10 rows" in ended.err
    assert [path.name for path in tmp_path.rglob("*")] == ["room"]


def test_a_database_holds_its_keys_and_finds_words(harbour: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(exported(harbour, tmp_path / "base.sqlite"))) as base:

        def ask(statement: str, *values: str) -> list[Any]:
            return base.execute(statement, values).fetchall()

        assert ask("PRAGMA integrity_check") == [("ok",)]
        assert ask("PRAGMA foreign_key_check") == []
        claims = json.loads((harbour / "claims.json").read_bytes())
        assert ask("SELECT count(*) FROM claims") == [(len(claims),)]
        pairs = {(claim["id"], sector) for claim in claims for sector in claim["sectors"]}
        assert set(ask("SELECT claim, sector FROM claim_sector")) == pairs
        assert set(ask("SELECT claims.id, tag.value FROM claims, json_each(sectors) AS tag")) == pairs
        word = claims[0]["statement"]["en"].split()[1]
        found = ask("SELECT id FROM claims WHERE rowid IN (SELECT rowid FROM claims_fts WHERE claims_fts MATCH ?)", word)  # fmt: skip
        assert (claims[0]["id"],) in found
        assert ask("SELECT typeof(value), value_exact FROM claims WHERE value = 12.5") == [("real", "12.50")]
        assert ask("SELECT * FROM claims WHERE value_exact IS NOT NULL AND value <> 12.5") == []
        assert ask("PRAGMA foreign_key_list(claim_sector)")


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        ("9007199254740993", (9007199254740993, None)),
        ("9223372036854775808", (float(2**63), "9223372036854775808")),
    ],
)
def test_a_database_holds_each_whole_number_that_has_room_in_it(
    tmp_path: Path, value: str, stored: object
) -> None:
    records = samples.sample()
    claim = records["claims"][0]
    claim["figure"] = samples.figure(value, "people")
    own = samples.write(tmp_path / "own", records)
    with closing(sqlite3.connect(exported(own, tmp_path / "base.sqlite"))) as base:
        assert (
            base.execute("SELECT value, value_exact FROM claims WHERE id = ?", [claim["id"]]).fetchone()
            == stored
        )


def test_no_voice_is_a_zero_and_not_an_empty_cell(harbour: Path, tmp_path: Path) -> None:
    found = {row["id"]: row["conflicts"] for row in rows_of(exported(harbour, tmp_path / "claims.csv"))}
    with closing(sqlite3.connect(exported(harbour, tmp_path / "base.sqlite"))) as base:
        stored = dict(base.execute("SELECT id, conflicts FROM claims"))
    assert "0" in found.values()
    assert found == {name: str(count) for name, count in stored.items()}


def test_a_database_of_a_language_without_spaces_finds_parts_of_words(tmp_path: Path) -> None:
    records = samples.sample()
    records["dataset"] |= {"format": 2, "languages": ["ja", "en"]}
    records["claims"][0]["statement"] = {"ja": "港はクローブを六百四十箱送った。"}
    own = samples.write(tmp_path / "own", records)
    with closing(sqlite3.connect(exported(own, tmp_path / "base.sqlite"))) as base:
        found = "SELECT claims.id FROM claims_fts('クローブ') JOIN claims ON claims.rowid = claims_fts.rowid"
        assert base.execute(found).fetchall() == [(records["claims"][0]["id"],)]


# --- schema.org ------------------------------------------------------------------------------------------


def graph(file: Path) -> list[dict[str, Any]]:
    document = json.loads(file.read_bytes())
    assert document["@context"] == "https://schema.org"
    nodes: list[dict[str, Any]] = document["@graph"]
    return nodes


def test_a_claim_in_the_words_of_schema_org_has_its_text_its_speaker_and_where_it_stands(
    harbour: Path, tmp_path: Path
) -> None:
    nodes = graph(exported(harbour, tmp_path / "claims.jsonld"))
    by_id = {node["@id"]: node for node in nodes}
    assert len(by_id) == len(nodes)
    claims = {claim["id"]: claim for claim in json.loads((harbour / "claims.json").read_bytes())}
    made = [node for node in nodes if node["@type"] == "Claim"]
    assert {node["identifier"] for node in made} == claims.keys()
    for node in made:
        claim = claims[node["identifier"]]
        others = {other["inLanguage"]: other["text"] for other in node.get("workTranslation", ())}
        assert {node["inLanguage"]: node["text"]} | others == claim["statement"]
        work = by_id[node["appearance"]["@id"]]
        assert work["identifier"] == claim["source"]
        assert work["publisher"]["name"]
        assert ("author" in node) == bool(claim["speaker"])
        if claim["speaker"]:
            author = by_id[node["author"]["@id"]]
            assert author["@type"] in ("Person", "Organization")
            assert author["name"]
        assert all(part["@id"] in by_id for part in node.get("about", ()))


def test_only_a_rating_in_its_sources_own_word_is_a_review(harbour: Path, tmp_path: Path) -> None:
    (review,) = [n for n in graph(exported(harbour, tmp_path / "c.jsonld")) if n["@type"] == "ClaimReview"]
    first = json.loads((harbour / "claims.json").read_bytes())[0]
    sources = {source["id"]: source for source in json.loads((harbour / "sources.json").read_bytes())}
    source = sources[first["evidence"][0]["source"]]
    assert review["reviewRating"] == {"@type": "Rating", "alternateName": "Mostly true"}
    assert review["url"] == source["url"]
    assert review["author"]["name"] == source["publisher"]["name"]
    assert review["claimReviewed"] in first["statement"].values()
    assert review["itemReviewed"]["@id"] == f"#claim/{first['id']}"
    assert review["itemReviewed"]["appearance"]["url"] == sources[first["source"]]["url"]
    assert review.get("datePublished") == source["published"]


def test_a_claim_is_cited_as_it_is_exported_and_stands_alone(harbour: Path, tmp_path: Path) -> None:
    exported_ = {node["@id"]: node for node in graph(exported(harbour, tmp_path / "claims.jsonld"))}
    claims = [claim["id"] for claim in json.loads((harbour / "claims.json").read_bytes())]
    ended = inside("cite", *claims, "-f", "claimreview", "--data", harbour)
    assert (ended.status, ended.err) == (0, "")
    (tmp_path / "cited.jsonld").write_text(ended.out, encoding="utf-8")
    review, *cited = graph(tmp_path / "cited.jsonld")
    first = review["itemReviewed"]
    assert [node["identifier"] for node in (first, *cited)] == claims
    assert [node["@type"] for node in (review, *cited)] == ["ClaimReview", *["Claim"] * len(cited)]
    assert review == exported_[review["@id"]] | {"itemReviewed": first}
    for node in (first, *cited):
        own = exported_[node["@id"]]
        assert node["appearance"] == exported_[own["appearance"]["@id"]]
        assert node["isPartOf"] == exported_["#dataset"]
        if "author" in own:
            author = exported_[own["author"]["@id"]]
            assert node["author"].items() <= author.items()
            assert node["author"]["name"]
        told = {"appearance", "isPartOf", "author", "about"}
        assert {key: value for key, value in node.items() if key not in told} == {
            key: value for key, value in own.items() if key not in told
        }


def test_a_source_is_cited_as_the_work_that_it_is(harbour: Path, tmp_path: Path) -> None:
    source = json.loads((harbour / "sources.json").read_bytes())[0]["id"]
    (tmp_path / "cited.jsonld").write_text(
        inside("cite", source, "-f", "claimreview", "--data", harbour).out, encoding="utf-8"
    )
    (work,) = graph(tmp_path / "cited.jsonld")
    assert work in graph(exported(harbour, tmp_path / "claims.jsonld"))


# --- what filters leave ------------------------------------------------------------------------------------


def test_claims_take_along_what_they_need_and_no_more(harbour: Path, tmp_path: Path) -> None:
    exported(harbour, tmp_path / "part", "--sector", "clove")
    part = content(tmp_path / "part")
    assert samples.faults(tmp_path / "part") == []  # no source on which nothing rests
    whole = content(harbour)
    assert part["claims"] == [claim for claim in whole["claims"] if "clove" in claim.get("sectors", ())]
    listed = {kind: {entry["id"] for entry in part["vocabulary"].get(kind, ())} for kind in VOCABULARY}
    assert listed["sectors"] == {"clove", "spices"}  # with its parent
    assert {"sukamaju", "indonesia"} <= listed["countries"]  # with the country of the region
    assert "cooperative" in listed["organizations"]  # the parent of one, and the organizer of the program
    assert "kenya" not in listed["countries"]  # known to every dataset
    assert "weaving" not in listed["sectors"]


def test_all_claims_take_all_of_the_dataset(harbour: Path, tmp_path: Path) -> None:
    exported(harbour, tmp_path / "whole")
    assert content(tmp_path / "whole") == content(harbour)


def test_many_claims_are_lines(tmp_path: Path, large_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dataset_files, "MANY", 4_999)
    exported(large_data, tmp_path / "many")
    lines = (tmp_path / "many" / "claims.ndjson").read_text("utf-8").splitlines()
    assert len(lines) == 5_000
    assert not (tmp_path / "many" / "claims.json").exists()


def test_lines_of_json_stand_beside_the_other_files_of_the_dataset(harbour: Path, tmp_path: Path) -> None:
    exported(harbour, tmp_path / "whole")
    (tmp_path / "whole" / "claims.json").unlink()
    exported(harbour, tmp_path / "whole" / "claims.ndjson")
    assert content(tmp_path / "whole") == content(harbour)


def test_nothing_found_is_nothing_written(harbour: Path, tmp_path: Path) -> None:
    target = tmp_path / "none.csv"
    ended = inside("export", target, "--data", harbour, "--since", "2090")
    assert ended.status == 1
    assert not target.exists()
    exported(harbour, target, "--since", "2090", "--allow-empty")
    assert len(target.read_text("utf-8").splitlines()) == 1


# --- the target ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("target", "told_"),
    [
        ("claims.parquet", '".parquet"'),
        ("-", "not -"),
        ("", 'not ""'),
        ("..", "not .."),
    ],
)
def test_a_target_that_is_none_is_misuse(harbour: Path, tmp_path: Path, target: str, told_: str) -> None:
    before = sorted(tmp_path.iterdir())
    ended = inside("export", target, "--data", harbour)
    assert ended.status == 2
    assert told_ in ended.err
    assert sorted(tmp_path.iterdir()) == before


def test_what_is_written_is_told_by_the_ending_else_by_as(harbour: Path, tmp_path: Path) -> None:
    assert exported(harbour, tmp_path / "folder").is_dir()
    assert exported(harbour, tmp_path / "one.csv", "--as", "csv").is_file()
    assert exported(harbour, tmp_path / "v1.2", "--as", "dataset").is_dir()
    assert exported(harbour, tmp_path / "book", "--as", "xlsx").read_bytes().startswith(b"PK")
    assert exported(harbour, tmp_path / "base.db").read_bytes().startswith(b"SQLite format 3\0")


@pytest.mark.parametrize("target", ["there.csv", "folder"])
def test_what_is_there_stays_unless_forced(harbour: Path, tmp_path: Path, target: str) -> None:
    place = tmp_path / target
    exported(harbour, place, "--limit", "1")
    before = sorted((path.name, path.read_bytes()) for path in tmp_path.rglob("*") if path.is_file())
    ended = inside("export", place, "--data", harbour)
    assert ended.status == 2
    assert "--force" in ended.err
    assert sorted((path.name, path.read_bytes()) for path in tmp_path.rglob("*") if path.is_file()) == before
    exported(harbour, place, "--force")
    assert sorted((path.name, path.read_bytes()) for path in tmp_path.rglob("*") if path.is_file()) != before
    assert [path.name for path in tmp_path.iterdir()] == [target]


def test_force_replaces_no_folder_with_anything_else_in_it(harbour: Path, tmp_path: Path) -> None:
    exported(harbour, tmp_path / "home")
    (tmp_path / "home" / "thesis.txt").write_text("years of work")
    ended = inside("export", tmp_path / "home", "--data", harbour, "--force")
    assert ended.status == 2
    assert "thesis.txt" in ended.err
    assert (tmp_path / "home" / "thesis.txt").read_text() == "years of work"
    assert inside("export", tmp_path / "home.csv", "--data", harbour).status == 0
    assert inside("export", f"{tmp_path}/home.csv/", "--data", harbour, "--force").status == 2
    assert inside("export", "/dev/null", "--as", "xlsx", "--data", harbour, "--force").status == 2


def test_a_link_goes_on_pointing_to_what_was_replaced(harbour: Path, tmp_path: Path) -> None:
    exported(harbour, tmp_path / "real.csv", "--limit", "1")
    (tmp_path / "link.csv").symlink_to("real.csv")
    exported(harbour, tmp_path / "link.csv", "--force")
    assert (tmp_path / "link.csv").is_symlink()
    assert len(rows_of(tmp_path / "real.csv")) > 1


@pytest.mark.parametrize("form", carriers.CARRIERS)
def test_what_cannot_be_written_leaves_nothing_behind(harbour: Path, tmp_path: Path, form: str) -> None:
    ended = inside("export", tmp_path / "absent" / "out", "--as", form, "--data", harbour)
    assert (ended.status, ended.out) == (4, "")
    code = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000));"
        "from indotrade.__main__ import main; main()"
    )
    arguments = ["export", str(tmp_path / "out"), "--as", form, "--data", str(harbour)]
    done = subprocess.run(  # -B: else what Python compiles on the way would be cut off, and stay so for all others
        [sys.executable, "-B", "-c", code, *arguments], capture_output=True, cwd=ROOT, check=False
    )
    assert done.returncode == 4, done.stderr.decode()
    assert done.stderr.decode().startswith("indotrade: error: cannot write ")
    assert list(tmp_path.iterdir()) == []


def test_an_interrupt_leaves_nothing_behind_and_ends_by_its_signal(tmp_path: Path) -> None:
    code = (
        "import os, signal, sys; from indotrade.exchange.export.place import placed\n"
        "signal.signal(signal.SIGINT, signal.SIG_DFL)\n"
        "with placed(sys.argv[1], folder=True) as path:\n"
        "    (path / 'half').write_text('half')\n"
        "    os.kill(os.getpid(), signal.SIGINT)\n"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "out")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (-signal.SIGINT, b"")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_text_that_no_spreadsheet_holds_is_refused_with_what_holds_it(tmp_path: Path, form: str) -> None:
    records = samples.sample()
    records["claims"][3]["statement"]["en"] = "x" * (LONGEST_CELL + 1)
    records["dataset"]["format"] = 2
    own = samples.write(tmp_path / "own", records)
    ended = inside("export", tmp_path / f"out.{form}", "--data", own)
    assert ended.status == 4
    assert records["claims"][3]["id"] in ended.err
    assert "--as sqlite" in ended.err
    assert [path.name for path in tmp_path.iterdir()] == ["own"]
    assert content(brought_back(exported(own, tmp_path / "out.sqlite"), tmp_path / "back")) == content(own)


def test_what_was_written_is_said_in_one_sentence(harbour: Path, tmp_path: Path) -> None:
    claims = len(json.loads((harbour / "claims.json").read_bytes()))
    ended = inside("export", tmp_path / "claims.csv", "--data", harbour)
    assert ended.err == f"wrote {claims} claims to {tmp_path}/claims.csv\n"
    ended = inside("export", tmp_path / "book.xlsx", "--data", harbour, "--limit", "1", "--lang", "id")
    assert ended.err.startswith("menulis 1 klaim, ")
    assert ended.err.endswith(f"{tmp_path}/book.xlsx\n")


def test_an_export_has_the_rights_that_a_new_file_has(harbour: Path, tmp_path: Path) -> None:
    (tmp_path / "new").touch()
    assert exported(harbour, tmp_path / "one.csv").stat().st_mode == (tmp_path / "new").stat().st_mode


# --- tables that somebody has changed ----------------------------------------------------------------------


def sheet(name: str, *rows: list[str]) -> Sheet:
    return Sheet(f"{name}.csv", [Row(place, row) for place, row in enumerate(rows, 1)])


def changed(**sheets: Sheet) -> dict[str, Sheet]:
    return {
        "claims": sheet("claims", ["id", "statement_en", "source"], ["a", "Ships sail.", "s"]),
        "sources": sheet("sources", ["id", "type", "publisher"], ["s", "article", "Harbour News"]),
        "dataset": sheet("dataset", ["name", "languages"], ["harbour", "en"]),
    } | sheets


def test_tables_with_no_more_than_is_known_are_read() -> None:
    records = tables.read(changed())
    assert records.claims == [{"id": "a", "statement": {"en": "Ships sail."}, "source": "s"}]
    assert records.sources == [{"id": "s", "type": "article", "publisher": {"name": "Harbour News"}}]
    assert records.dataset == {"name": "harbour", "languages": ["en"]}


@pytest.mark.parametrize(
    ("table", "rows", "message"),
    [
        ("claims", [["id", "statment_en"]], 'claims.csv, row 1, column B: the table claims has no column "statment_en"'),
        ("claims", [["id", "paragraph"], ["a", "three"]], 'claims.csv, row 2, column B: expected a whole number, not "three"'),
        ("claims", [["id", "paragraph"], ["a", "3.5"]], 'claims.csv, row 2, column B: expected a whole number, not "3.5"'),
        ("countries", [["id", "lent"], ["a", "maybe"]], 'countries.csv, row 2, column B: expected true or false, not "maybe"'),
        ("evidence", [["claim", "source"], ["z", "s"]], 'evidence.csv: no claim has the id "z"'),
    ],
)  # fmt: skip
def test_a_cell_that_cannot_be_read_is_named_by_table_row_and_column(
    table: str, rows: list[list[str]], message: str
) -> None:
    with pytest.raises(Refused) as refused:
        tables.read(changed(**{table: sheet(table, *rows)}))
    assert str(refused.value.message) == message


def test_a_cell_that_the_file_does_not_give_is_refused() -> None:
    row = Row(7, ["a"], [Unread(2, Message("the cell is damaged"))])
    broken = Sheet("claims.csv", [Row(1, ["id", "note_en"]), row])
    with pytest.raises(Refused, match=r"claims\.csv, row 7, column B: the cell is damaged"):
        tables.read(changed(claims=broken))


def test_evidence_comes_back_in_the_order_of_its_numbers() -> None:
    rows = [
        ["claim", "number", "source", "relation"],
        ["a", "2", "s", "context"],
        ["a", "1", "s", "supports"],
    ]
    (claim,) = tables.read(changed(evidence=sheet("evidence", *rows))).claims
    assert [evidence["relation"] for evidence in claim["evidence"]] == ["supports", "context"]


def test_what_follows_from_the_rest_is_not_read_back() -> None:
    rows = [["id", "supports", "title", "status"], ["a", "99", "Title", "single"]]
    (claim,) = tables.read(changed(claims=sheet("claims", *rows))).claims
    assert claim == {"id": "a", "status": "single"}


def test_other_tables_are_no_whole_dataset(tmp_path: Path) -> None:
    (tmp_path / "claims.csv").write_text("id,statement\na,Ships sail.\n")
    assert records_of(tmp_path / "claims.csv") is None
    assert records_of(tmp_path) is None
    assert records_of(tmp_path / "claims.jsonld") is None


@pytest.mark.parametrize("data", [b"", b"no database", b"SQLite format 3\0" + bytes(200)])
def test_a_file_that_is_no_database_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "base.sqlite").write_bytes(data)
    if not data:
        assert records_of(tmp_path / "base.sqlite") is None
        return
    with pytest.raises(Refused):
        records_of(tmp_path / "base.sqlite")


def test_a_view_in_the_place_of_a_table_is_not_asked(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "base.sqlite")) as base:
        endless = "WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n) SELECT id FROM n"
        base.execute(f"CREATE VIEW claims AS {endless}")
    assert sqlite.sheets(tmp_path / "base.sqlite") == []
    assert os.listdir(tmp_path) == ["base.sqlite"]
