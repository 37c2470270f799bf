"""What comes in: anybody's spreadsheet read right or refused with its place, nothing made up, all of it or none."""

from __future__ import annotations

import datetime
import gzip
import hashlib
import json
import os
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import samples
from conftest import Ended
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from inside import inside

from indotrade.errors import Message
from indotrade.exchange.adding import swap
from indotrade.exchange.adding.ids import Free, of_name, of_statement
from indotrade.exchange.rows import dates, figures, headings, quotes, ratings
from indotrade.exchange.rows.drafts import Unreadable
from indotrade.exchange.spreadsheets import sheets
from indotrade.exchange.spreadsheets.sheets import Number
from indotrade.exchange.spreadsheets.workbook import day
from indotrade.verify.match import text_anchors
from indotrade.verify.reading import Reading

TEXT = [
    "Setiap pekan tempe dari Bogor dijual di tiga puluh toko di Osaka.",
    "Menurut Rini Hartati, ekspor tempe ke Jepang mencapai 13 ribu dolar AS per tahun sejak pabrik itu dibuka.",
    "Lebih dari 70 ribu orang Indonesia tinggal di negeri itu, dan mereka merindukan makanan rumah.",
    "Kementerian Perdagangan berharap pengiriman naik 300 persen pada tahun depan lewat pameran di Tokyo.",
    "Pabrik itu mempekerjakan 45 orang, sebagian besar ibu rumah tangga dari desa sekitar.",
]
"""A made-up article."""
READINGS = [Reading(Message("plain text"), TEXT)]
PAGE = "https://kabar.example/tempe"
HEADER = ["Klaim", "Pembicara", "Angka", "Sektor", "Negara", "Media", "Tautan", "Kutipan"]
ROWS: list[list[Any]] = [
    ["Tempe Bogor dijual di 30 toko di Osaka.", None, "tiga puluh toko", "Tempe", "Jepang", "Kabar Uji", PAGE, "dijual di tiga puluh toko di Osaka"],
    ["Ekspor tempe ke Jepang bernilai 13 ribu dolar AS setahun.", "Rini Hartati", "13 ribu dolar AS", "Tempe", "Jepang", "Kabar Uji", PAGE, "ekspor tempe ke Jepang mencapai 13 ribu dolar AS per tahun sejak pabrik itu dibuka"],
    ["Lebih dari 70 ribu orang Indonesia tinggal di Jepang.", "Rini Hartati", "Lebih dari 70 ribu orang", None, "Jepang", "Kabar Uji", PAGE, "70 ribu orang Indonesia … merindukan makanan rumah"],
    ["Kementerian berharap pengiriman tempe naik tiga kali lipat.", "Kementerian Perdagangan", "300 persen", "Tempe", "Jepang", "Kabar Uji", PAGE, "pengiriman naik 300 persen"],
    ["Pabrik tempe mempekerjakan 45 orang.", None, "45 orang", "Tempe", None, "Kabar Uji", PAGE, "mempekerjakan 45 orang"],
]  # fmt: skip


def workbook(path: Path, header: Sequence[Any], rows: Iterable[Sequence[Any]]) -> Path:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    for row in (header, *rows):
        sheet.append(list(row))
    book.save(path)
    return path


def written(path: Path, text: str | bytes) -> Path:
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def taken(*arguments: object, **environment: str) -> Ended:
    return inside("import", *arguments, **environment)


def claims(dataset: Path) -> dict[str, Any]:
    """Return the records of the claims of a dataset by id, as its file has them."""
    return {claim["id"]: claim for claim in json.loads((dataset / "claims.json").read_text("utf-8"))}


def sources(dataset: Path) -> dict[str, Any]:
    return {source["id"]: source for source in json.loads((dataset / "sources.json").read_text("utf-8"))}


def vocabulary(dataset: Path) -> dict[str, dict[str, Any]]:
    lists = json.loads((dataset / "vocabulary.json").read_text("utf-8"))
    return {kind: {entry["id"]: entry for entry in listed} for kind, listed in lists.items()}


def state(folder: Path) -> dict[str, str]:
    """Return what is in a folder: the digest of each file, by its path."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in found}


def one(tmp_path: Path, text: str, *options: object) -> dict[str, Any]:
    """Return the one claim that a CSV becomes in a new dataset, which is valid."""
    dataset = tmp_path / "new"
    ended = taken(written(tmp_path / "one.csv", text), dataset, *options)
    assert ended.status == 0, ended.err
    assert inside("check", dataset).status == 0
    (claim,) = claims(dataset).values()
    return dict(claim)


def refused(tmp_path: Path, text: str | bytes, *options: object) -> str:
    """Return what is said of a CSV that is refused, and of which nothing is left."""
    ended = taken(written(tmp_path / "bad.csv", text), tmp_path / "new", *options)
    assert (ended.status, ended.out) == (3, "")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad.csv"]
    return ended.err


# --- the whole path ------------------------------------------------------------------------------------


def test_a_spreadsheet_of_claims_is_valid_and_attested_the_first_time(tmp_path: Path) -> None:
    tempe, text = tmp_path / "tempe", written(tmp_path / "text.txt", "\n".join(TEXT))
    assert inside("init", tempe).status == 0
    table = workbook(tmp_path / "tempe.xlsx", HEADER, ROWS)
    ended = taken(table, tempe, "--article", text, "--said", "2021-06-17")
    assert (ended.status, ended.out) == (0, "")
    assert "claims added: 5" in ended.err
    assert inside("check", tempe).out.endswith("0 faults, 0 warnings\n")
    attested = inside("verify", text, "--data", tempe, "-f", "csv", "--fields", "result,paragraph")
    assert attested.status == 0
    assert attested.out.split() == ["result,paragraph", *(f"attested,{number}" for number in range(1, 6))]


def test_the_example_that_init_wrote_gives_way_unless_somebody_has_changed_it(tmp_path: Path) -> None:
    table = workbook(tmp_path / "tempe.xlsx", HEADER, ROWS[1:2])
    example, edited = tmp_path / "example", tmp_path / "edited"
    assert inside("init", example).status == inside("init", edited).status == 0
    (edited / "claims.json").write_bytes(
        (edited / "claims.json").read_bytes().replace(b"more promotion", b"much promotion")
    )
    others = len(claims(edited))
    assert "gives way" in taken(table, example).err
    assert (len(claims(example)), len(sources(example))) == (1, 1)
    assert json.loads((example / "dataset.json").read_text())["name"] == "example"
    assert "gives way" not in taken(table, edited).err
    assert len(claims(edited)) == others + 1
    for folder in (example, edited):
        assert ": 0 faults" in inside("check", folder).out


def test_what_the_rows_say_becomes_records_and_nothing_else_does(tmp_path: Path) -> None:
    text = written(tmp_path / "text.txt", "\n".join(TEXT))
    table = workbook(tmp_path / "tempe.xlsx", HEADER, ROWS[1:2])
    assert taken(table, tmp_path / "new", "--article", text, "--said", "17 Juni 2021").status == 0
    (claim,) = claims(tmp_path / "new").values()
    anchors = claim.pop("anchors")
    assert claim == {
        "id": "ekspor-tempe-jepang-bernilai-13-ribu-dolar",
        "statement": {"id": ROWS[1][0]},
        "sectors": ["tempe"],
        "countries": ["japan"],
        "figure": {"value": "13000", "unit": "USD", "as_printed": "13 ribu dolar AS"},
        "speaker": "rini-hartati",
        "said": {"date": "2021-06-17"},
        "source": "kabar-uji",
        "paragraph": 2,
    }
    assert set(anchors) <= {it.anchor for it in text_anchors(READINGS) if it.paragraph == 2}
    assert sources(tmp_path / "new") == {
        "kabar-uji": {"id": "kabar-uji", "type": "article", "publisher": {"name": "Kabar Uji"}, "url": PAGE}
    }
    lists = vocabulary(tmp_path / "new")
    assert lists["people"] == {"rini-hartati": {"id": "rini-hartati", "label": {"id": "Rini Hartati"}}}
    assert lists["countries"].keys() == {"japan"}
    described = json.loads((tmp_path / "new" / "dataset.json").read_text())
    assert (described["format"], described["name"], described["languages"]) == (2, "new", ["id"])


# --- sheets --------------------------------------------------------------------------------------------


def read(path: Path, encoding: str | None = None) -> list[list[str]]:
    """Return the cells of a file's first sheet; what cannot be read is told in their place."""
    (sheet, *_) = sheets.sheets(path, encoding, lambda _: None)
    return [[*row.cells, *(f"{it.column}: {it.why}" for it in row.unread)] for row in sheet.rows]


@pytest.mark.parametrize(
    "data",
    [
        b"a,b\nx,y\n",
        b"a;b\r\nx;y\r\n",
        b"a\tb\rx\ty",
        b"sep=;\na;b\nx;y\n",
        b"\xef\xbb\xbfa,b\n\n\n,\nx,y\n",
        b'"a","b"\n"x","y"\n',
        "a,b\nx,y\n".encode("utf-16"),
        b"a , b\n x,y \n",
    ],
)
def test_whatever_divides_and_ends_them_cells_are_read(tmp_path: Path, data: bytes) -> None:
    assert read(written(tmp_path / "t.csv", data)) == [["a", "b"], ["x", "y"]]


@pytest.mark.parametrize(
    ("encoding", "text", "told"),
    [
        ("cp932", "主張,話者\nお茶の輸出は増えた。,農林水産省\n", "Shift_JIS"),
        ("cp932", "主張,話者\n輸出額,省庁\n", "Shift_JIS"),
        ("cp1252", "claim,who\nCafé “Río” naïve,Señor Núñez\n", "Western"),
    ],
)
def test_the_encoding_is_found_and_told(tmp_path: Path, encoding: str, text: str, told: str) -> None:
    path, said = written(tmp_path / "t.csv", text.encode(encoding)), list[str]()
    (sheet,) = sheets.sheets(path, None, lambda message: said.append(str(message)))
    assert [list(row.cells) for row in sheet.rows] == [line.split(",") for line in text.splitlines()]
    assert len(said) == 1
    assert told in said[0]


def test_an_encoding_that_cannot_be_told_is_refused_and_can_be_named(tmp_path: Path) -> None:
    data = "pernyataan,media\nŁódź–Ќиш,Kabar\n".encode("cp1251", "replace") + b"\x98\xff"
    assert "no other encoding that can be told" in refused(tmp_path, data)
    assert read(written(tmp_path / "t.csv", "é,ß".encode("latin-1")), "latin-1") == [["é", "ß"]]
    ended = taken(tmp_path / "t.csv", tmp_path / "new", "--encoding", "unicode_escape")
    assert (ended.status, ended.err.count("--encoding")) == (2, 1)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('claim,media\n"one,two\nx,y\n', "row 2, column A (claim): a quotation mark begins the cell"),
        ('claim,media\nx,"a" b\ny,z\n', "row 2, column B (media): text stands behind the quotation mark"),
        ("claim,media\nx\0y,z\n", "row 2, column A (claim): the cell holds a NUL"),
        ("claim,media\nx,y,z\n", "row 2, column C: the cell stands beyond the last column"),
        (
            f"claim,media\n{'x' * 32_768},z\n",
            "row 2, column A (claim): the cell has more than 32,767 characters",
        ),
        ("claim,statement,media\nx,y,z\n", "row 1: columns A (claim) and B (statement) mean the same"),
        ("media,who\nx,y\n", "no column is one of statements"),
    ],
)
def test_what_cannot_be_read_is_named_by_file_row_and_column(tmp_path: Path, text: str, place: str) -> None:
    assert f"bad.csv, {place}" in refused(tmp_path, text).replace("bad.csv: no", "bad.csv, no")


def test_a_line_without_end_is_refused_before_it_is_held(tmp_path: Path) -> None:
    assert "longer than 1,048,576 characters" in refused(tmp_path, b"claim,media\n" + b"x" * (1 << 21))


@pytest.mark.skipif(
    not os.path.exists("/proc/self/mem"), reason="there is no file that opens and cannot be read"
)
@pytest.mark.parametrize(
    "name", ["t.csv", "t.tsv", "t.txt", "t.xlsx", "t.ndjson", "t.ndjson.gz", "t.json", "t.jsonld", "t.db"]
)
def test_a_file_whose_disk_fails_is_refused_and_no_output_is_blamed(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.symlink_to("/proc/self/mem")  # nothing is mapped where it begins: an error of the disk
    ended = taken(path, tmp_path / "new")
    assert (ended.status, ended.out) == (3, "")
    assert ended.err.startswith(f"indotrade: error: cannot read {path}: ")
    assert "I/O error" in ended.err.replace("Input/output", "I/O")


def test_compressed_lines_that_unpack_to_many_times_their_size_are_refused_at_once(tmp_path: Path) -> None:
    path = written(tmp_path / "t.ndjson.gz", gzip.compress(b"\n" * (20 << 20)))
    ended = taken(path, tmp_path / "new")
    assert (ended.status, ended.out) == (3, "")
    assert ended.err.startswith(
        f"indotrade: error: cannot read {path}: it unpacks to more than 4,194,304 bytes"
    )


def test_a_tsv_whose_quotation_marks_are_those_of_the_text_is_read(tmp_path: Path) -> None:
    path = written(tmp_path / "t.tsv", '"So be it," he said\tA\nfoot 5"\tB\n"well"\tC\n')
    assert read(path) == [['"So be it," he said', "A"], ['foot 5"', "B"], ['"well"', "C"]]
    assert read(written(path, '"So be\nit"\tA\n"1 ""2"" 3"\tB\n')) == [["So be\nit", "A"], ['1 "2" 3', "B"]]


def test_the_guard_before_what_a_spreadsheet_would_run_is_taken_off(tmp_path: Path) -> None:
    assert read(written(tmp_path / "t.csv", "'=1+1,'@x,'tis,-5\n")) == [["=1+1", "@x", "'tis", "-5"]]


def test_a_folder_of_csv_and_tsv_is_its_files(tmp_path: Path) -> None:
    written(tmp_path / "b.tsv", "x\ty\n")
    written(tmp_path / "a.csv", "p,q\n")
    written(tmp_path / "c.txt", "no")
    found = sheets.sheets(tmp_path, None, lambda _: None)
    assert [(sheet.name, [row.cells for row in sheet.rows]) for sheet in found] == [
        ("a.csv", [["p", "q"]]),
        ("b.tsv", [["x", "y"]]),
    ]


# --- workbooks -----------------------------------------------------------------------------------------


def test_days_shares_and_numbers_are_read_as_they_are_shown(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.append(
        [datetime.date(2021, 6, 17), 0.035, 1.1 + 2.2, 45_000_000, "0042", True, datetime.time(9, 30)]
    )
    sheet["B1"].number_format = "0.0%"
    sheet["D1"].number_format = '[$Rp-421]#,##0;[Red]"yd"0'
    book.save(tmp_path / "t.xlsx")
    assert read(tmp_path / "t.xlsx") == [["2021-06-17", "3.5%", "3.3", "45000000", "0042", "TRUE", "09:30"]]
    (row,) = sheets.sheets(tmp_path / "t.xlsx", None, lambda _: None)[0].rows
    assert [isinstance(cell, Number) for cell in row.cells] == [False, True, True, True, False, False, False]


def test_a_formula_is_never_run_and_one_without_its_value_is_named(tmp_path: Path) -> None:
    table = workbook(
        tmp_path / "t.xlsx", ["claim", "media", "note"], [["a", "b", None], ["x", "=1+1", "=2+2"]]
    )
    ended = taken(table, tmp_path / "new")
    assert ended.status == 3
    assert "t.xlsx, row 3, column B (media): the cell has a formula whose value was not kept" in ended.err
    assert "column C" in ended.err
    assert not (tmp_path / "new").exists()


def patched(path: Path, part: str, old: str, new: str) -> Path:
    """Change a part of a workbook."""
    with zipfile.ZipFile(path) as archive:
        parts = {info.filename: archive.read(info) for info in archive.infolist()}
    assert old.encode() in parts[part]
    parts[part] = parts[part].replace(old.encode(), new.encode())
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return path


SHEET = "xl/worksheets/sheet1.xml"


def test_the_value_that_a_formula_had_is_read(tmp_path: Path) -> None:
    table = workbook(tmp_path / "t.xlsx", ["n"], [["=1+1"]])
    patched(table, SHEET, "<v />", "<v>7</v>")
    assert read(table) == [["n"], ["7"]]


def test_a_cell_that_shows_an_error_is_named(tmp_path: Path) -> None:
    table = workbook(tmp_path / "t.xlsx", ["n", "m"], [[1, 2]])
    patched(table, SHEET, '<c r="B2" t="n"><v>2</v>', '<c r="B2" t="e"><v>#REF!</v>')
    assert read(table)[1] == ["1", "2: the cell shows an error: #REF!"]


def test_cells_merged_downwards_say_the_same_of_each_row(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    for row in (["claim", "media"], ["a", "Kabar"], ["b"], ["c"], [None], ["d", "Lain"]):
        sheet.append(row)
    sheet.merge_cells("B2:B5")
    book.save(tmp_path / "t.xlsx")
    assert read(tmp_path / "t.xlsx")[1:] == [["a", "Kabar"], ["b", "Kabar"], ["c", "Kabar"], ["d", "Lain"]]


def test_how_japanese_is_spoken_is_no_part_of_a_text(tmp_path: Path) -> None:
    table = workbook(tmp_path / "t.xlsx", ["claim"], [["東京"]])
    spoken = '<r><t>東</t></r><r><t>京</t></r><rPh sb="0" eb="2"><t>トウキョウ</t></rPh>'
    patched(table, SHEET, "<t>東京</t>", spoken)
    assert read(table) == [["claim"], ["東京"]]
    patched(table, SHEET, f't="inlineStr"><is>{spoken}</is>', 't="s"><v>1</v>')
    relation = '<Relationship Id="rId99" Type="x/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
    patched(table, "xl/_rels/workbook.xml.rels", "</Relationships>", relation)
    with zipfile.ZipFile(table, "a") as archive:
        archive.writestr("xl/sharedStrings.xml", f"<sst><si><t>no</t></si><si>{spoken}</si></sst>")
    assert read(table) == [["claim"], ["東京"]]


def test_half_a_million_empty_rows_cost_little(tmp_path: Path) -> None:
    table = workbook(tmp_path / "t.xlsx", ["claim"], [["a"]])
    empty = "".join(f'<row r="{number}"><c r="A{number}" s="0"/></row>' for number in range(3, 500_003))
    patched(
        table,
        SHEET,
        "</sheetData>",
        f'{empty}<row r="1048576"><c r="A1048576"><v>5</v></c></row></sheetData>',
    )
    assert read(table) == [["claim"], ["a"], ["5"]]


def test_a_text_without_end_costs_little(tmp_path: Path) -> None:
    table = workbook(tmp_path / "t.xlsx", ["claim"], [["a"]])
    endless = "".join(map(str, range(2_000_000)))  # 13 MB that are not packed too tightly
    patched(table, SHEET, "<t>a</t>", f"<t>{endless}</t>")
    assert read(table)[1][0].startswith("1: the cell has more than 32,767")


def test_a_cell_in_the_last_corner_takes_no_room(tmp_path: Path) -> None:
    table = workbook(tmp_path / "t.xlsx", ["claim"], [["a"]])
    patched(table, SHEET, "</sheetData>", '<row r="1048576"><c r="XFD1048576"><v>5</v></c></row></sheetData>')
    assert read(table)[2:] == [["16384: the cell is beyond column ALL, the last that is read"]]


def test_a_bomb_is_refused_by_the_directory_of_the_archive(tmp_path: Path) -> None:
    table = workbook(tmp_path / "t.xlsx", ["claim"], [["a"]])
    patched(table, SHEET, "</sheetData>", "</sheetData>" + " " * (50 << 20))
    assert "packed too tightly" in taken(table, tmp_path / "new").err


def test_a_directory_that_lies_gives_no_more_than_it_says(tmp_path: Path) -> None:
    table = workbook(tmp_path / "t.xlsx", ["claim"], [["a" * 1000]])
    with zipfile.ZipFile(table) as archive:
        size = archive.getinfo(SHEET).file_size
    data = table.read_bytes()
    written(table, data.replace(size.to_bytes(4, "little"), (size // 2).to_bytes(4, "little")))
    ended = taken(table, tmp_path / "new")
    assert ended.status == 3
    assert "it is damaged" in ended.err


@pytest.mark.parametrize(
    "data", [b"", b"PK\x03\x04", b"claim\nx\n", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)]
)
def test_what_is_no_workbook_is_refused(tmp_path: Path, data: bytes) -> None:
    ended = taken(written(tmp_path / "t.xlsx", data), tmp_path / "new")
    assert (ended.status, ended.out) == (3, "")
    assert "cannot read" in ended.err


def test_a_document_type_in_a_workbook_is_refused(tmp_path: Path) -> None:
    table = workbook(tmp_path / "t.xlsx", ["claim"], [["a"]])
    patched(table, SHEET, "<worksheet", '<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet')
    assert "document type" in taken(table, tmp_path / "new").err


@pytest.mark.parametrize("name", ["t.xls", "t.ods", "t.numbers", "t.docx"])
def test_other_files_are_refused_with_what_to_do(tmp_path: Path, name: str) -> None:
    ended = taken(written(tmp_path / name, b"PK\x03\x04"), tmp_path / "new")
    assert ended.status == 3
    assert "hint:" in ended.err


def test_the_days_of_excel() -> None:
    assert [day(count) for count in (1, 59, 61, 44364)] == [
        "1900-01-01", "1900-02-28", "1900-03-01", "2021-06-17",
    ]  # fmt: skip
    assert day(42902, datetime.date(1904, 1, 1)) == "2021-06-17"


# --- names of columns ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("names", "field"),
    [
        ("statement Claim klaim PERNYATAAN 主張", "statement"),
        ("who speaker Pembicara narasumber 話者 Who_said_it Dikatakan_oleh", "speaker"),
        ("date said Tanggal 日付", "said"),
        ("figure angka jumlah as_printed 数値", "as_printed"),
        ("sector sektor sectors 分野", "sectors"),
        ("country negara countries 国", "countries"),
        ("source sumber 出典", "source"),
        ("url link tautan リンク", "url"),
        ("publisher media penerbit 新聞", "publisher"),
        ("quote kutipan 引用 exact_words Kutipan_asli", "quote"),
        ("paragraph paragraf 段落", "paragraph"),
        ("note catatan 備考", "note"),
    ],
)
def test_columns_are_known_in_three_languages(names: str, field: str) -> None:
    for name in names.split():
        found = headings.meaning(name)
        assert found is not None, name
        assert (found.field, found.evidence) == (field, None), name


def test_columns_of_texts_and_of_evidence_say_which() -> None:
    def meant(name: str) -> tuple[Any, ...] | None:
        return headings.meaning(name)

    assert meant("statement_en") == ("statement", None, "en", None)
    assert meant("Claim (EN)") == ("statement", None, "en", None)
    assert meant("note english") == ("note", None, "en", None)
    assert meant("evidence_2_url") == ("url", 2, None, None)
    assert meant("Bukti") == ("says", 1, None, None)
    assert meant("verdict") == ("rating", 1, None, None)
    assert meant("Halaman") == ("locator", None, None, "page")
    assert meant("party affiliation") is None


def test_every_column_of_our_own_csv_is_known_or_follows_from_the_others(tmp_path: Path) -> None:
    listed = inside("list", "-f", "csv").out
    ended = taken(written(tmp_path / "list.csv", listed), tmp_path / "new")
    assert ended.status == 0, ended.err
    assert "list.csv: columns left out: status\n" in ended.err
    again = inside(
        "list", "-f", "csv", "--data", tmp_path / "new", "--fields", "id,value,unit,speaker,said,paragraph"
    )
    assert again.out == inside("list", "-f", "csv", "--fields", "id,value,unit,speaker,said,paragraph").out


# --- figures, dates, ids, ratings ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "language", "found"),
    [
        ("13 ribu dolar AS", "id", ("13000", "USD", None)),
        ("lebih dari 70 ribu diaspora", "id", ("70000", "diaspora", "more-than")),
        ("US$45 million", "en", ("45000000", "USD", None)),
        ("13.000 ton", "id", ("13000", "tonnes", None)),
        ("10-12 juta dolar", "id", ("10000000", "USD", "at-least")),
        (Number("1.234"), "id", ("1.234", None, None)),
        (Number("3.5%"), "id", ("3.5", "percent", None)),
    ],
)
def test_figures_are_read_from_their_words(words: str, language: str, found: tuple[Any, ...]) -> None:
    assert figures.read(words, language)[:3] == found


@pytest.mark.parametrize("words", ["banyak", "tujuh dari 12 orang", "lima ton dan 3 juta dolar"])
def test_what_is_no_one_figure_is_not_read(words: str) -> None:
    with pytest.raises(Unreadable):
        figures.read(words, "id")


def test_a_figure_that_can_be_two_is_told(tmp_path: Path) -> None:
    ended = taken(
        written(tmp_path / "t.csv", 'claim,figure,media\nTea it is,"1.300 tonnes",Paper\n'),
        tmp_path / "new",
        "--lang",
        "en",
    )
    assert "figures that can be read in two ways: 1" in ended.err
    assert "rows 2" in ended.err


def test_a_figure_without_unit_is_refused_and_a_column_says_it(tmp_path: Path) -> None:
    assert "column B (figure): the figure has no unit" in refused(
        tmp_path, "claim,figure,media\nx,13 ribu,P\n"
    )
    claim = one(tmp_path, "claim,figure,satuan,media\nx,13 ribu,US$,P\n")
    assert claim["figure"] == {"value": "13000", "unit": "USD", "as_printed": "13 ribu"}


@pytest.mark.parametrize(
    "written_so",
    ["2021-06-17", "17 Juni 2021 pukul 10.00 WIB", "June 17, 2021 at 10:00 am", "17/06/2021", "06/17/2021", "17.6.2021", "17 Juni 2021", "June 17, 2021", "17 Jun 2021", "Kamis (17/6/2021)",
     "Thu, 17 Jun 2021 10:00:00 GMT", "2021-06-17T09:30:00+07:00", "2021年6月17日", "令和3年6月17日", Number("44364")],
)  # fmt: skip
def test_dates_are_read_as_people_write_them(written_so: str) -> None:
    assert dates.read(written_so) == "2021-06-17"


@pytest.mark.parametrize(
    ("written_so", "found"),
    [
        ("2021", "2021"),
        ("Juni 2021", "2021-06"),
        ("6/2021", "2021-06"),
        (Number("2021"), "2021"),
        ("2021年6月", "2021-06"),
    ],
)
def test_what_is_not_known_of_a_date_is_not_added(written_so: str, found: str) -> None:
    assert dates.read(written_so) == found


@pytest.mark.parametrize(
    "text", ["17/06/21", "31/02/2021", "yesterday", "13/13/2021", "0", "2021-13", Number("7")]
)
def test_what_is_no_date_is_not_read(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - what it says is for the row to say
        dates.read(text)


def test_a_day_that_may_be_a_month_is_refused_or_told(tmp_path: Path) -> None:
    told = refused(tmp_path, "statement,date,media\nThe tea is of the best,03/04/2021,P\n")
    assert "row 2, column B (date): 03/04/2021 is one day if the day stands first" in told
    both = "statement,date,media\nThe tea is of the best,03/04/2021,P\nThe rice is not,{},P\n"
    for other, date in (("17/06/2021", "2021-04-03"), ("06/17/2021", "2021-03-04")):
        ended = taken(written(tmp_path / "bad.csv", both.format(other)), tmp_path / other[:2])
        assert ended.status == 0
        assert claims(tmp_path / other[:2])["tea-best"]["said"] == {"date": date}
        assert "first: 1 (rows 2)" in ended.err


def test_in_indonesian_the_day_stands_first_and_it_is_told(tmp_path: Path) -> None:
    ended = taken(
        written(tmp_path / "t.csv", "klaim,tanggal,media\nTeh ini yang terbaik,03/04/2021,P\n"),
        tmp_path / "new",
    )
    assert claims(tmp_path / "new")["teh-terbaik"]["said"] == {"date": "2021-04-03"}
    assert "dates read with the day first: 1 (rows 2)" in ended.err


def test_periods_are_intervals() -> None:
    assert dates.period("2018–2020") == "2018/2020"
    assert dates.period("Januari 2021 sampai Maret 2021") == "2021-01/2021-03"
    assert dates.period("2018-02-20/2018-02-22") == "2018-02-20/2018-02-22"


def test_ids_are_of_words_short_and_free() -> None:
    assert (
        of_statement("The exports of tempe to Japan rose to US$13 thousand.")
        == "exports-tempe-japan-rose-us-13-thousand"
    )
    assert len(of_statement("sesuatu " * 100)) <= 48
    assert of_name("農林水産省") == of_name("農林水産省") != of_name("経済産業省")
    taken_ids = {"tea", "tea-2"}
    free = Free(lambda name: name in taken_ids)
    for expected in ("tea-3", "tea-4"):
        assert free("tea") == expected
        taken_ids.add(expected)


@pytest.mark.parametrize(
    ("word", "numbers", "relation"),
    [
        ("False", None, "conflicts"), ("HOAKS", None, "conflicts"), ("Pants on Fire!", None, "conflicts"), ("Benar", None, "supports"),
        ("Half true", None, "context"), ("Mostly false", None, "context"), ("not true", None, "context"),
        ("Misleading", (1, 5, 1), "conflicts"), ("Mixture", (3, 5, 1), "context"), ("True", (1, 5, 1), "context"),
        ("True", (1, 1, 5), "supports"), ("False", (-1, -1, -1), "conflicts"), ("Unproven", (9, 5, 1), "context"),
    ],
)  # fmt: skip
def test_a_verdict_speaks_for_or_against_only_where_it_is_clear(
    word: str, numbers: Any, relation: str
) -> None:
    assert ratings.said(word, ratings.of_numbers(*numbers) if numbers else None) == relation


# --- names and sources ---------------------------------------------------------------------------------


def test_a_name_is_the_datasets_else_the_bundled_else_of_iso_else_new(tmp_path: Path) -> None:
    dataset = tmp_path / "new"
    table = "klaim,negara,sektor,media\nx,Fukuoka;Belanda;Atlantis,Kopi;Keris,P\n"
    ended = taken(written(tmp_path / "t.csv", table), dataset, "--lang", "id")
    assert claims(dataset)["x"]["countries"] == ["fukuoka", "netherlands", "atlantis"]
    lists = vocabulary(dataset)
    assert lists["countries"].keys() == {"japan", "fukuoka", "atlantis"}
    assert lists["countries"]["atlantis"] == {"id": "atlantis", "label": {"id": "Atlantis"}}
    assert lists["sectors"].keys() >= {"coffee", "keris"}
    assert "countries, of the program's own: 2 (japan, fukuoka)" in ended.err
    assert "countries, new: 1 (atlantis)" in ended.err
    own = samples.write(tmp_path / "own", samples.sample())
    known = json.loads((own / "vocabulary.json").read_text())["sectors"][0]
    name = known["label"]["id"]
    assert (
        taken(
            written(tmp_path / "u.csv", f"claim,sector,media\nOwn,{name.upper()},P\n"), own, "--lang", "en"
        ).status
        == 0
    )
    assert claims(own)["own"]["sectors"] == [known["id"]]


def test_the_nickname_of_a_bundled_person_is_nobody_elses_name(tmp_path: Path) -> None:
    one(tmp_path, "claim,who,media\nx,Heri,P\n", "--lang", "en")
    assert vocabulary(tmp_path / "new")["people"] == {"heri": {"id": "heri", "label": {"en": "Heri"}}}


def test_who_speaks_is_a_person_or_a_body_or_the_article(tmp_path: Path) -> None:
    table = "claim,who,media\na,Siti,P\nb,Kementerian Laut,P\nc,narasi,P\nd,農林水産省,P\n"
    assert taken(written(tmp_path / "t.csv", table), tmp_path / "new", "--lang", "id").status == 0
    lists = vocabulary(tmp_path / "new")
    assert lists["people"].keys() == {"siti"}
    assert {it["label"]["id"] for it in lists["organizations"].values()} == {"Kementerian Laut", "農林水産省"}
    assert "speaker" not in claims(tmp_path / "new")["c"]


def test_rows_with_one_address_share_a_source_and_what_they_say_of_it_is_joined(tmp_path: Path) -> None:
    table = (
        f"claim,url,publisher,title,published\na,{PAGE},,,\nb,{PAGE},Kabar,,17 Juni 2021\nc,{PAGE},,Tempe,\n"
        "d,,Kabar,,2021\ne,,Kabar,,2021\nf,,Kabar,,2022\n"
    )
    assert taken(written(tmp_path / "t.csv", table), tmp_path / "new", "--lang", "id").status == 0
    found = claims(tmp_path / "new")
    assert [found[name]["source"] for name in "abcdef"] == ["kabar-example"] * 3 + ["kabar-2021"] * 2 + [
        "kabar-2022"
    ]
    assert sources(tmp_path / "new")["kabar-example"] == {
        "id": "kabar-example", "type": "article", "publisher": {"name": "Kabar"}, "title": "Tempe", "url": PAGE,
        "published": "2021-06-17",
    }  # fmt: skip


def test_one_address_of_two_publishers_is_refused(tmp_path: Path) -> None:
    told = refused(tmp_path, f"claim,url,media\na,{PAGE},Kabar\nb,{PAGE},Lain\n", "--lang", "id")
    assert "row 3, column B (url): kabar is of Kabar in another row, and of Lain here" in told


def test_what_all_rows_share_stands_where_no_column_says_it(tmp_path: Path) -> None:
    claim = one(tmp_path, "claim\nTempe\n", "--source", "Kabar Uji", "--said", "2021", "--lang", "id")
    assert (claim["source"], claim["said"], claim["statement"]) == (
        "kabar-uji",
        {"date": "2021"},
        {"id": "Tempe"},
    )


def test_a_claim_without_any_source_is_refused(tmp_path: Path) -> None:
    assert "row 2: the row has no source" in refused(tmp_path, "claim,who\nx,Siti\n")


def test_a_fact_checkers_table_comes_in_with_nothing_made_up(tmp_path: Path) -> None:
    table = "statement,speaker,date,rating,justification\nThe moon is of cheese,Jane Roe,2015-03-01,Pants on Fire,It is of rock\n"
    assert "evidence needs its source" in refused(tmp_path, table)
    claim = one(tmp_path, table, "--rated-by", "PolitiCheck")
    assert claim == {
        "id": "moon-cheese",
        "statement": {"en": "The moon is of cheese"},
        "speaker": "jane-roe",
        "said": {"date": "2015-03-01"},
        "source": "jane-roe",
        "evidence": [
            {
                "source": "politicheck",
                "relation": "conflicts",
                "says": {"en": "It is of rock"},
                "rating": "Pants on Fire",
            }
        ],
    }


def test_rows_that_repeat_a_claim_are_further_evidence_on_it(tmp_path: Path) -> None:
    table = (
        "claim,media,evidence,evidence_label,evidence_source\n"
        "It warms,P,Seen,SUPPORTS,Atlas\nIt warms,P,Unseen,REFUTES,Bulletin\nIt warms,P,Seen,SUPPORTS,Atlas\n"
    )
    claim = one(tmp_path, table, "--lang", "en")
    assert [(it["source"], it["relation"]) for it in claim["evidence"]] == [
        ("atlas", "supports"),
        ("bulletin", "conflicts"),
    ]


# --- quotations ----------------------------------------------------------------------------------------


def windows(paragraph: int) -> dict[str, int]:
    return {it.anchor: it.position for it in text_anchors(READINGS) if it.paragraph == paragraph}


def test_a_quotation_gives_its_paragraph_and_anchors_one_over_the_figure() -> None:
    found = quotes.Article(READINGS).find(ROWS[1][7], "13 ribu dolar AS")
    assert found is not None
    assert (found.paragraph, found.several) == (2, False)
    positions = [windows(2)[anchor] for anchor in found.anchors]
    figure = TEXT[1].lower().replace(",", "").split().index("13") + 1
    assert any(place <= figure and figure + 4 <= place + 8 for place in positions)
    assert 1 <= len(positions) <= 3


@pytest.mark.parametrize(
    ("quote", "paragraph"), [("45 orang", 5), ("dijual di tiga puluh", 1), ("EKSPOR “tempe” ke Jepang", 2)]
)
def test_a_short_quotation_is_covered_by_a_window_of_its_paragraph(quote: str, paragraph: int) -> None:
    found = quotes.Article(READINGS).find(quote)
    assert found is not None
    assert found.paragraph == paragraph
    assert set(found.anchors) <= windows(paragraph).keys()


def test_a_quotation_that_does_not_stand_in_the_article_is_named(tmp_path: Path) -> None:
    text = written(tmp_path / "text.txt", "\n".join(TEXT))
    rows = [*ROWS, ["Lain.", None, None, None, None, "Kabar Uji", PAGE, "kata yang tidak ada"]]
    ended = taken(workbook(tmp_path / "t.xlsx", HEADER, rows), tmp_path / "new", "--article", text)
    assert ended.status == 3
    assert "t.xlsx, row 7, column H (Kutipan): the quotation does not stand in the article" in ended.err
    elsewhere = [
        *ROWS,
        ["Lain.", None, None, None, None, "Lain", "https://lain.example/", "kata yang tidak ada"],
    ]
    ended = taken(workbook(tmp_path / "t.xlsx", HEADER, elsewhere), tmp_path / "new", "--article", text)
    assert ended.status == 0
    assert "quotations of other articles, left out: 1" in ended.err


def test_an_article_that_no_row_names_is_called_after_its_file_and_that_is_told(tmp_path: Path) -> None:
    text = written(tmp_path / "kabar.txt", "\n".join(TEXT))
    table = written(tmp_path / "t.csv", "claim,publisher\na,\nb,Kabar Uji\n")
    ended = taken(table, tmp_path / "new", "--lang", "id", "--article", text)
    assert ended.status == 0
    found, made = claims(tmp_path / "new"), sources(tmp_path / "new")
    assert made[found["a"]["source"]]["publisher"] == {"name": "kabar.txt"}
    assert made[found["b"]["source"]]["publisher"] == {"name": "Kabar Uji"}
    assert "claims whose source no row names: 1; it is called after the article's file" in ended.err
    assert taken(table, tmp_path / "other", "--lang", "id").status == 3


def test_the_words_of_a_quotation_are_not_kept(tmp_path: Path) -> None:
    text = written(tmp_path / "text.txt", "\n".join(TEXT))
    assert taken(workbook(tmp_path / "t.xlsx", HEADER, ROWS), tmp_path / "new", "--article", text).status == 0
    kept = b"".join(path.read_bytes() for path in (tmp_path / "new").iterdir()).decode()
    assert "sejak pabrik itu dibuka" not in kept


# --- what is there already -----------------------------------------------------------------------------


@pytest.fixture
def tempe(tmp_path: Path) -> Path:
    """A dataset of the five claims."""
    table = workbook(tmp_path / "tempe.xlsx", HEADER, ROWS)
    assert taken(table, tmp_path / "tempe").status == 0
    return tmp_path / "tempe"


def test_a_claim_that_is_there_is_refused_with_its_place(tmp_path: Path, tempe: Path) -> None:
    before = state(tempe)
    ended = taken(tmp_path / "tempe.xlsx", tempe)
    assert ended.status == 3
    assert (
        "tempe.xlsx, row 3: ekspor-tempe-jepang-bernilai-13-ribu-dolar is in claims.json already ([1])"
        in ended.err
    )
    assert "--update" in ended.err.splitlines()[-1]
    assert state(tempe) == before


def test_the_same_rows_have_the_same_ids_again(tmp_path: Path, tempe: Path) -> None:
    before = state(tempe)
    for option in ("--keep", "--update"):
        ended = taken(tmp_path / "tempe.xlsx", tempe, option)
        assert ended.status == 0, ended.err
        assert state(tempe) == before, option


def test_statements_alike_have_ids_of_their_own_and_keep_them(tmp_path: Path) -> None:
    table = written(
        tmp_path / "t.csv",
        "claim,date,media\n" + "".join(f"Trade of tea,{year},P\n" for year in range(2001, 2006)),
    )
    assert taken(table, tmp_path / "new", "--lang", "en").status == 0
    ids = {claim["id"]: claim["said"]["date"] for claim in claims(tmp_path / "new").values()}
    assert list(ids) == ["trade-tea", *(f"trade-tea-{number}" for number in range(2, 6))]
    assert taken(table, tmp_path / "new", "--lang", "en", "--update").status == 0
    assert {claim["id"]: claim["said"]["date"] for claim in claims(tmp_path / "new").values()} == ids


def test_an_update_takes_what_comes_in_and_leaves_the_rest(tmp_path: Path, tempe: Path) -> None:
    name = "pabrik-tempe-mempekerjakan-45-orang"
    before = claims(tempe)[name]
    table = written(
        tmp_path / "t.csv", f"id,klaim,tautan,tanggal\n{name},Pabrik itu punya 45 pekerja.,{PAGE},2022\n"
    )
    assert taken(table, tempe, "--update").status == 0
    assert claims(tempe)[name] == before | {
        "statement": {"id": "Pabrik itu punya 45 pekerja."},
        "said": {"date": "2022"},
    }


def test_an_update_keeps_the_other_languages_and_what_still_holds(
    tmp_path: Path, detailed_data: Path
) -> None:
    dataset = Path(shutil.copytree(detailed_data, tmp_path / "copy"))
    before = claims(dataset)["weavers-count"]
    assert before["said"]["why"]
    table = "id,claim_id,source,date\nweavers-count,{},{},{}\n"
    same = before["said"]["date"]
    for date, said in (
        (same, {key: it for key, it in before["said"].items() if it}),
        ("2024-06", {"date": "2024-06"}),
    ):
        text = table.format("Penenun itu banyak.", before["source"], date).replace("claim_id", "klaim (id)")
        assert taken(written(tmp_path / "t.csv", text), dataset, "--update").status == 0
        after = claims(dataset)["weavers-count"]
        assert after["statement"] == before["statement"] | {"id": "Penenun itu banyak."}
        assert after["said"] == said
        assert after["figure"]["value"] == before["figure"]["value"]


def test_what_was_there_stands_as_it_was_written(tmp_path: Path) -> None:
    tempe = tmp_path / "tempe"
    inside("init", tempe)
    before = (tempe / "claims.json").read_text().replace("more promotion", "much promotion")
    (tempe / "claims.json").write_text(before)
    assert taken(written(tmp_path / "t.csv", "claim,media\nx,P\n"), tempe, "--lang", "en").status == 0
    after = (tempe / "claims.json").read_text()
    assert after.startswith(before.rstrip().removesuffix("]").rstrip())


@pytest.mark.parametrize("name", ["claims.ndjson", "claims.ndjson.gz"])
def test_claims_in_lines_stay_in_lines(tmp_path: Path, tempe: Path, name: str) -> None:
    lines = b"".join(json.dumps(claim).encode() + b"\n" for claim in claims(tempe).values())
    (tempe / name).write_bytes(gzip.compress(lines) if name.endswith("gz") else lines)
    (tempe / "claims.json").unlink()
    assert taken(written(tmp_path / "t.csv", "claim,media\nx,P\n"), tempe, "--lang", "id").status == 0
    after = (tempe / name).read_bytes()
    after = gzip.decompress(after) if name.endswith("gz") else after
    assert after.startswith(lines)
    assert json.loads(after.splitlines()[-1])["id"] == "x"
    assert inside("check", tempe).status == 0


def test_a_dry_run_says_it_and_writes_nothing(tmp_path: Path, tempe: Path) -> None:
    before = state(tmp_path)
    table = written(tmp_path / "t.csv", "claim,media\nx,P\n")
    ended = taken(table, tempe, "--lang", "en", "--dry-run")
    assert (ended.status, "claims added: 1" in ended.err) == (0, True)
    assert taken(table, tmp_path / "new", "--lang", "en", "--dry-run").status == 0
    table.unlink()
    assert state(tmp_path) == before


def test_update_and_keep_cannot_both_be(tmp_path: Path, tempe: Path) -> None:
    assert taken(tmp_path / "tempe.xlsx", tempe, "--update", "--keep").status == 2


def test_what_check_finds_is_told_by_row_and_nothing_is_written(tmp_path: Path, tempe: Path) -> None:
    before = state(tempe)
    ended = taken(
        written(tmp_path / "t.csv", "claim,kind,media,paragraph,page\nx,figure,P,,\ny,,P,1,2\n"),
        tempe,
        "--lang",
        "en",
    )
    assert ended.status == 3
    assert 't.csv, row 2: figure: a claim of kind "figure" needs its figure' in ended.err
    assert "t.csv, row 3: locator: stands instead of a paragraph" in ended.err
    assert state(tempe) == before


def test_a_faulty_dataset_takes_nothing(tmp_path: Path, tempe: Path) -> None:
    (tempe / "vocabulary.json").write_text("{]")
    ended = taken(tmp_path / "tempe.xlsx", tempe, "--update")
    assert ended.status == 3
    assert "indotrade check" in ended.err


def test_a_page_of_faults_is_told_and_the_rest_counted(tmp_path: Path) -> None:
    told = refused(tmp_path, "claim,date,media\n" + "The tea of x,soon,P\n" * 100)
    assert told.count("is no date that can be read") == 30
    assert "and 70 more\n" in told
    assert "100 faults in what comes in" in told


# --- all or nothing ------------------------------------------------------------------------------------


def failing(monkeypatch: pytest.MonkeyPatch, name: str, call: int, fail: Callable[[], Any]) -> list[str]:
    """Have the nth call of a function of the system fail while files are put in place; return the calls made."""
    real, made = getattr(os, name), list[str]()

    def called(*arguments: Any, **more: Any) -> Any:
        made.append(name)
        if len(made) == call:
            fail()
        return real(*arguments, **more)

    monkeypatch.setattr(os, name, called)
    return made


def no_space() -> None:
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize("name", ["fsync", "replace", "rename"])
@pytest.mark.parametrize("new", [False, True])
def test_whichever_write_fails_the_dataset_is_as_it_was_or_holds_all(
    tmp_path: Path, tempe: Path, monkeypatch: pytest.MonkeyPatch, name: str, new: bool
) -> None:
    table = written(tmp_path / "t.csv", "claim,sector,media\nTempe lain,Kecap,P\n")
    failed = 0
    for call in range(1, 20):
        room = tmp_path / str(call)
        target = room / "new" if new else Path(shutil.copytree(tempe, room / "tempe"))
        room.mkdir(exist_ok=True)
        before = state(room)
        with monkeypatch.context() as patch:
            made = failing(patch, name, call, no_space)
            ended = taken(table, target, "--lang", "id")
        assert not list(room.rglob(f"{swap.BESIDE}*"))
        if ended.status == 0:
            assert "tempe-lain" in claims(target)
            assert inside("check", target).status == 0
        else:
            failed += 1
            assert ended.status == 4
            assert "No space left" in ended.err
            assert state(room) == before
        if len(made) < call:
            break
    assert failed > 0 or (name == "replace" and new)


@pytest.mark.parametrize("call", [1, 2, 3])
def test_an_import_that_is_killed_is_undone_by_the_next(
    tmp_path: Path, tempe: Path, monkeypatch: pytest.MonkeyPatch, call: int
) -> None:
    table = written(tmp_path / "t.csv", "claim,sector,media\nTempe lain,Kecap,P\n")
    before = state(tempe)
    child = os.fork()
    if not child:  # pragma: no cover
        failing(monkeypatch, "replace", call, lambda: os._exit(9))
        taken(table, tempe, "--lang", "id")
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    assert inside("check", tempe).status == 0, "in between it is valid, too"
    swap.recover(tempe)
    assert state(tempe) == before
    assert taken(table, tempe, "--lang", "id").status == 0
    assert not list(tempe.rglob(f"{swap.BESIDE}*"))


def test_a_dataset_that_changes_meanwhile_is_left_alone(
    tmp_path: Path, tempe: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = written(tmp_path / "t.csv", "claim,media\nx,P\n")
    real = swap.write

    def write(*arguments: Any) -> None:
        real(*arguments)
        (tempe / "sources.json").write_text((tempe / "sources.json").read_text() + "\n")

    monkeypatch.setattr(swap, "write", write)
    ended = taken(table, tempe, "--lang", "en")
    assert ended.status == 3
    assert "was changed while it was added to" in ended.err
    assert len(claims(tempe)) == 5


def test_two_imports_at_once_do_not_lose_each_others_claims(tmp_path: Path, tempe: Path) -> None:
    table = written(tmp_path / "t.csv", "claim,media\nx,P\n")
    with swap.prepared(tempe, is_new=False):
        before = state(tempe)
        ended = taken(table, tempe, "--lang", "id")
        assert ended.status == 3
        assert "another import into" in ended.err
        assert state(tempe) == before
    assert taken(table, tempe, "--lang", "id").status == 0


def test_what_cannot_be_written_is_told(tmp_path: Path) -> None:
    table = written(tmp_path / "t.csv", "claim,media\nx,P\n")
    assert taken(table, "/proc/new", "--lang", "en").status == 4


# --- other carriers ------------------------------------------------------------------------------------

REVIEW: dict[str, Any] = {
    "@context": "https://schema.org",
    "@type": "ClaimReview",
    "url": "https://checker.example/moon",
    "claimReviewed": "The moon is of cheese.",
    "datePublished": "2020-05-02",
    "inLanguage": "en-US",
    "author": {"@type": "Organization", "name": "Checker"},
    "reviewRating": {
        "@type": "Rating",
        "ratingValue": "1",
        "bestRating": 5,
        "worstRating": 1,
        "alternateName": "Nonsense",
    },
    "itemReviewed": {
        "@type": "Claim",
        "author": {"@type": "Person", "name": "Jane Roe", "jobTitle": "mayor"},
        "datePublished": "2020-05-01",
        "appearance": {
            "@type": "CreativeWork",
            "url": "https://news.example/1",
            "publisher": {"name": "News"},
        },
    },
}


@pytest.mark.parametrize(
    "wrapped",
    [
        REVIEW,
        [REVIEW],
        {"@graph": [REVIEW]},
        {"@type": "DataFeed", "dataFeedElement": [{"@type": "DataFeedItem", "item": [REVIEW]}]},
        {"@type": "ItemList", "itemListElement": [{"item": REVIEW}]},
    ],
)
def test_a_review_is_evidence_on_the_claim_that_it_reviews(tmp_path: Path, wrapped: Any) -> None:
    feed = written(tmp_path / "feed.jsonld", json.dumps(wrapped))
    assert taken(feed, tmp_path / "new").status == 0
    assert inside("check", tmp_path / "new").status == 0
    assert list(claims(tmp_path / "new").values()) == [
        {
            "id": "moon-cheese",
            "statement": {"en": "The moon is of cheese."},
            "speaker": "jane-roe",
            "said": {"date": "2020-05-01"},
            "source": "news",
            "evidence": [{"source": "checker-2020-05-02", "relation": "conflicts", "rating": "Nonsense"}],
        }
    ]
    assert sources(tmp_path / "new")["checker-2020-05-02"] == {
        "id": "checker-2020-05-02", "type": "evidence", "publisher": {"name": "Checker"}, "url": "https://checker.example/moon",
        "language": "en", "published": "2020-05-02",
    }  # fmt: skip


def test_reviews_of_one_claim_are_its_evidence_and_a_name_used_for_several_is_none(tmp_path: Path) -> None:
    other = {"url": "https://second.example/moon", "author": {"@type": "Organization", "name": "Second"}}
    item = REVIEW["itemReviewed"] | {"@id": "#claim"}
    both = [REVIEW | {"itemReviewed": item}, REVIEW | other | {"itemReviewed": item}]
    third = REVIEW | {"itemReviewed": item, "claimReviewed": "The moon is flat."}
    feed = written(tmp_path / "feed.json", json.dumps([*both, third]))
    assert taken(feed, tmp_path / "new").status == 0
    assert {name: len(claim["evidence"]) for name, claim in claims(tmp_path / "new").items()} == {
        "moon-cheese": 2,
        "moon-flat": 1,
    }


def test_a_range_is_kept_by_its_lower_end_and_that_is_told(tmp_path: Path) -> None:
    ended = taken(
        written(tmp_path / "t.csv", "klaim,angka,media\nx,antara 5 dan 10 ton,M\n"), tmp_path / "new"
    )
    assert "figures that are ranges, kept by their lower end: 1 (antara 5 dan 10 ton; rows 2)" in ended.err
    figure = claims(tmp_path / "new")["x"]["figure"]
    assert (figure["bound"], figure["value"], figure["as_printed"]) == (
        "at-least",
        "5",
        "antara 5 dan 10 ton",
    )


def test_a_table_without_a_row_is_refused_as_that(tmp_path: Path) -> None:
    ended = taken(written(tmp_path / "t.csv", "claim,media\n"), tmp_path / "new")
    assert ended.status == 3
    assert "no row stands below the names of its columns" in ended.err
    assert not (tmp_path / "new").exists()


def test_a_language_is_a_code_or_a_name_and_no_other_word_is_lost_in_silence(tmp_path: Path) -> None:
    rows = "".join(
        f"c{number},Media {number},{code}\n"
        for number, code in enumerate(["Bahasa Indonesia", "en_US", "JA", ""])
    )
    assert taken(written(tmp_path / "t.csv", "claim,media,language\n" + rows), tmp_path / "new").status == 0
    assert [it.get("language") for it in sources(tmp_path / "new").values()] == ["id", "en-us", "ja", None]
    ended = taken(written(tmp_path / "t.csv", "claim,media,language\nc,M,Klingonese\n"), tmp_path / "other")
    assert ended.status == 3
    assert 'row 2, column C (language): "Klingonese" is not a BCP 47 language code' in ended.err


def test_a_text_and_its_translations_are_one_text_by_language(tmp_path: Path) -> None:
    translation = {"@type": "Claim", "text": "Bulan itu keju.", "inLanguage": "id"}
    item = REVIEW["itemReviewed"] | {"text": "The moon is of cheese.", "inLanguage": "en"}
    item["workTranslation"] = [translation]
    feed = written(tmp_path / "feed.json", json.dumps(REVIEW | {"itemReviewed": item}))
    assert taken(feed, tmp_path / "new").status == 0
    (claim,) = claims(tmp_path / "new").values()
    assert claim["statement"] == {"en": "The moon is of cheese.", "id": "Bulan itu keju."}


def test_a_review_without_appearance_is_of_the_speakers_own_words(tmp_path: Path) -> None:
    item = {"@type": "Claim", "author": {"@type": "Organization", "name": "Roe Inc"}}
    feed = written(tmp_path / "feed.json", json.dumps(REVIEW | {"itemReviewed": item}))
    ended = taken(feed, tmp_path / "new")
    assert ended.status == 0
    assert "speaker's own word, for none is named: 1" in ended.err
    assert claims(tmp_path / "new")["moon-cheese"]["source"] == "roe-inc"
    assert vocabulary(tmp_path / "new")["organizations"].keys() == {"roe-inc"}


def test_a_review_that_is_all_there_is_says_nothing_for_or_against(tmp_path: Path) -> None:
    feed = written(
        tmp_path / "feed.json", json.dumps({key: REVIEW[key] for key in REVIEW if key != "itemReviewed"})
    )
    ended = taken(feed, tmp_path / "new")
    assert ended.status == 3
    assert "feed.json, item 1: the row has no source" in ended.err
    assert taken(feed, tmp_path / "new", "--source", "https://checker.example/moon").status == 0
    assert claims(tmp_path / "new")["moon-cheese"]["evidence"][0]["relation"] == "context"


@pytest.mark.parametrize("text", ["", "{", "7", "[]", '{"@type": "Article"}', "[" * 100_000])
def test_json_without_claims_is_refused(tmp_path: Path, text: str) -> None:
    assert taken(written(tmp_path / "x.jsonld", text), tmp_path / "new").status == 3


def listed(dataset: Path) -> Any:
    """Return claims and sources as the program has them; a reason is a text by language, as exports write it."""
    answer = json.loads(inside("list", "--data", dataset, "--json").out)
    for claim in answer["claims"]:
        for holder in (claim["said"], (claim["figure"] or {}).get("reading")):
            if holder and isinstance(holder["why"], str):
                holder["why"] = {"en": holder["why"]}
    return answer["claims"], answer["sources"]


@pytest.mark.parametrize("name", ["out.ndjson", "out.xlsx", "out.sqlite", "out"])
def test_what_was_exported_comes_in_again(tmp_path: Path, detailed_data: Path, name: str) -> None:
    assert inside("export", tmp_path / name, "--data", detailed_data).status == 0
    ended = taken(tmp_path / name, tmp_path / "new")
    assert ended.status == 0, ended.err
    assert inside("check", tmp_path / "new").status == 0
    assert listed(tmp_path / "new") == listed(detailed_data)


def test_a_dataset_comes_in_as_it_is(tmp_path: Path, detailed_data: Path) -> None:
    assert taken(detailed_data, tmp_path / "new").status == 0
    assert listed(tmp_path / "new") == listed(detailed_data)
    described = [
        json.loads((folder / "dataset.json").read_text()) for folder in (detailed_data, tmp_path / "new")
    ]
    assert described[0] == described[1]


def test_a_dataset_is_put_into_another(tmp_path: Path, tempe: Path, detailed_data: Path) -> None:
    before = claims(tempe)
    ended = taken(detailed_data, tempe)
    assert ended.status == 0, ended.err
    assert inside("check", tempe).status == 0
    assert claims(tempe).items() >= before.items()
    assert len(claims(tempe)) == len(before) + len(claims(detailed_data))
    assert taken(detailed_data, tempe).status == 3
    assert "countries, left as they are here: 1 (japan); --update takes what comes in" in ended.err
    after = state(tempe)
    assert taken(detailed_data, tempe, "--keep").status == 0
    assert state(tempe) == after
    merged = claims(tempe)
    assert taken(detailed_data, tempe, "--update").status == 0
    assert claims(tempe) == merged
    assert (
        vocabulary(tempe)["countries"]["japan"]["label"]
        == vocabulary(detailed_data)["countries"]["japan"]["label"]
    )


def test_faults_of_what_is_put_in_are_told_of_its_own_file(tmp_path: Path) -> None:
    lines = written(
        tmp_path / "lines.ndjson", '{"id": "a", "statement": {"en": "x"}, "source": "s"}\n{"id": 7}\n{\n'
    )
    ended = taken(lines, tmp_path / "new")
    assert ended.status == 3
    assert "lines.ndjson: line 2" in ended.err
    assert "lines.ndjson: line 3" in ended.err
    assert not (tmp_path / "new").exists()


# --- whatever comes ------------------------------------------------------------------------------------

CELLS = st.one_of(
    st.sampled_from(["", "Tea", "13 ribu", "1.300", "2021", "03/04/2021", "True", "https://x.example/", "a;b", "100%", "=1", "\0", '"', "ア"]),
    st.text(max_size=6),
)  # fmt: skip
NAMES = st.sampled_from(
    "claim who date figure value unit sector country source url media quote paragraph page note rating evidence"
    " evidence_url evidence_2_source evidence_2_label id kind from to period measure anchors authors published lang x".split()
)


@given(
    st.lists(NAMES, max_size=8),
    st.lists(st.lists(CELLS, max_size=9), max_size=4),
    st.sampled_from([",", ";", "\t"]),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_stands_in_the_cells_it_comes_in_valid_or_is_refused(
    tmp_path: Path, names: list[str], rows: list[list[str]], divider: str
) -> None:
    text = "\n".join(divider.join(cells) for cells in (["claim", "media", *names], *rows))
    path = written(tmp_path / "t.csv", text.encode("utf-8", "surrogatepass"))
    dataset = Path(tempfile.mkdtemp(dir=tmp_path)) / "new"
    ended = taken(path, dataset, "--lang", "en", "--rated-by", "Checker")
    assert ended.status in (0, 3), ended.err
    assert dataset.exists() == (ended.status == 0 and "claims added" in ended.err)
    if dataset.exists():
        assert inside("check", dataset).status == 0


JSON: st.SearchStrategy[Any] = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=4), st.sampled_from(["Claim", "ClaimReview", "en"])),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(sorted([*REVIEW, "@id", "@value"])), inner, max_size=5)),
    max_leaves=12,
)  # fmt: skip


@given(st.dictionaries(st.sampled_from(sorted(set(REVIEW) - {"@type"})), JSON, max_size=4))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_stands_in_a_review_it_comes_in_valid_or_is_refused(
    tmp_path: Path, odd: dict[str, Any]
) -> None:
    path = written(tmp_path / "t.json", json.dumps(REVIEW | odd))
    dataset = Path(tempfile.mkdtemp(dir=tmp_path)) / "new"
    ended = taken(path, dataset)
    assert ended.status in (0, 3), ended.err
    assert dataset.exists() == (ended.status == 0)
    if dataset.exists():
        assert inside("check", dataset).status == 0
