"""What programs read: JSON to the letter of the contract, rows that come back as they were, nothing a shell acts on."""

from __future__ import annotations

import csv
import io
import json
import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import generated
import pytest
import samples
from conftest import Ended
from hypothesis import example, given, settings
from hypothesis import strategies as st
from inside import inside
from test_query import ordered

from indotrade.output.formats import FORMATS, How
from indotrade.query import columns
from indotrade.screen.look import Look
from indotrade.text.cells import guarded, unguarded
from indotrade.text.escape import json_ascii, json_safe, visible

CLAIM = list(samples.sample()["claims"][0])
SOURCE = list(samples.sample()["sources"][0])
COLUMNS = [
    "id", "kind", "status", "statement", "value", "unit", "bound", "as_printed", "period", "sectors", "countries",
    "programs", "organizations", "speaker", "said", "publisher", "published", "paragraph", "url",
]  # fmt: skip
MORE = [
    "statement_en", "statement_id", "note", "flow_from", "flow_to", "source", "measure", "reading", "supports",
    "conflicts", "context", "anchors", "said_basis", "said_at", "locator", "title", "speaker_name", "sector_names",
    "country_names", "program_names", "organization_names",
]  # fmt: skip
HIDDEN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]"
)


LOOK = Look("en", terminal=False, width=80, height=24, colour=False, links=False, pager=False)


def lines(name: str, header: list[str], rows: list[list[str]], *, with_header: bool = True) -> list[str]:
    """Return what the format of that name yields of a table."""
    how = How(FORMATS[name], None, language="en", look=LOOK, header=with_header)
    return list(FORMATS[name].writer.lines(header, rows, how))


@pytest.fixture(scope="module")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return samples.write(tmp_path_factory.mktemp("harbour"), samples.sample())


@pytest.fixture(scope="module")
def ask(harbour: Path) -> Callable[[str], Ended]:
    return lambda line: inside(*line.split(), "--data", harbour)


def over(records: dict[str, Any], *arguments: str) -> Ended:
    """Return what a command says of a dataset that is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        return inside(*arguments, "--data", samples.write(Path(folder), records))


def whole(records: dict[str, Any]) -> list[samples.Record]:
    """Return the claims of a dataset as an answer has them, in order."""
    return [samples.complete(records, claim) for claim in samples.in_order(records["claims"])]


# --- JSON ----------------------------------------------------------------------------------------------


def test_json_is_the_envelope_of_the_contract_to_the_letter(ask: Callable[[str], Ended]) -> None:
    ended = ask("list --kind need --json")
    digest = json.loads(ended.out)["dataset"]["sha256"]
    assert re.fullmatch("[0-9a-f]{64}", digest)
    needs = next(claim for claim in samples.sample()["claims"] if claim["kind"] == "need")
    envelope = {
        "schema_version": 2,
        "dataset": {"name": "harbour", "version": "0.3.0", "as_of": "2024-06-01", "sha256": digest},
        "query": {"kind": ["need"]},
        "count": 1,
        "total": 1,
        "claims": [needs],
        "sources": {"harbour-news": samples.sample()["sources"][0]},
    }
    assert ended.out == json.dumps(envelope, indent=2, ensure_ascii=False) + "\n"


def test_json_of_all_claims_is_indented_by_two_spaces_and_holds_every_record(
    ask: Callable[[str], Ended],
) -> None:
    ended = ask("list --json")
    answer = json.loads(ended.out)
    assert ended.out == json.dumps(answer, indent=2, ensure_ascii=False) + "\n"
    assert list(answer) == ["schema_version", "dataset", "query", "count", "total", "claims", "sources"]
    assert answer["claims"] == whole(samples.sample())
    assert answer["sources"] == {source["id"]: source for source in samples.sample()["sources"]}
    assert [list(claim) for claim in answer["claims"]] == [CLAIM] * 9
    assert [list(source) for source in answer["sources"].values()] == [SOURCE] * 5


def test_no_claim_is_an_object_with_empty_lists_to_the_letter(ask: Callable[[str], Ended]) -> None:
    ended = ask("list --kind plan --sector clove --json")
    answer = json.loads(ended.out)
    assert (ended.status, answer["claims"], answer["sources"]) == (1, [], {})
    assert ended.out == json.dumps(answer, indent=2) + "\n"


@pytest.mark.parametrize(
    ("line", "query"),
    [
        ("list", {}),
        ("sector cengkih", {"sector": ["clove"]}),
        ("country JP RI", {"country": ["japan", "indonesia"]}),
        ("list --speaker narasi --from dunia --to ri", {"speaker": ["narration"], "from": ["world"], "to": ["indonesia"]}),
        ("list --since 2024 --until 2025-01 --has-figure", {"has_figure": ["true"], "since": ["2024"], "until": ["2025-01"]}),
        ("list --kind plan --kind need", {"kind": ["plan", "need"]}),
        ("search Crates 640", {"words": ["Crates", "640"]}),
        ("list --sort value -n 2", {}),
        ("show needs-ferry", {"id": ["needs-ferry"]}),
    ],
)  # fmt: skip
def test_the_query_has_a_list_for_each_filter_that_was_given(
    ask: Callable[[str], Ended], line: str, query: dict[str, list[str]]
) -> None:
    assert (
        json.loads(ask(f"{line} --json --allow-empty" if "show" not in line else f"{line} --json").out)[
            "query"
        ]
        == query
    )


def test_total_counts_what_matched_before_the_limit(ask: Callable[[str], Ended]) -> None:
    answer = json.loads(ask("list -n 2 --json").out)
    assert (answer["count"], answer["total"], len(answer["claims"])) == (2, 9, 2)
    assert set(answer["sources"]) == {"harbour-news", "customs-table", "office-note", "rival-gazette"}


@pytest.mark.parametrize(
    ("line", "noun", "keys"),
    [
        ("sector", "sectors", ["id", "label", "aliases", "about", "parent", "hs", "claims"]),
        ("country", "countries", ["id", "label", "aliases", "about", "parent", "iso2", "iso3", "iso3166_2", "claims"]),
        ("program", "programs", ["id", "label", "aliases", "about", "organizers", "when", "where", "claims"]),
        ("source", "sources", [*SOURCE, "claims", "claim_ids"]),
        ("source harbour-news", "sources", [*SOURCE, "claims", "claim_ids"]),
    ],
)  # fmt: skip
def test_other_nouns_keep_the_envelope(
    ask: Callable[[str], Ended], line: str, noun: str, keys: list[str]
) -> None:
    ended = ask(f"{line} --json")
    answer = json.loads(ended.out)
    assert ended.out == json.dumps(answer, indent=2, ensure_ascii=False) + "\n"
    assert answer["schema_version"] == 2
    assert list(answer["dataset"]) == ["name", "version", "as_of", "sha256"]
    assert answer["count"] == len(answer[noun])
    assert all(list(entry) == keys for entry in answer[noun])


def test_ndjson_has_a_claim_a_line_with_the_sources_that_it_cites(ask: Callable[[str], Ended]) -> None:
    listed_lines = ask("list -f ndjson").out.splitlines()
    by_id = {source["id"]: source for source in samples.sample()["sources"]}
    for line, claim in zip(listed_lines, whole(samples.sample()), strict=True):
        record = json.loads(line)
        sources = record.pop("sources")
        cited = dict.fromkeys([claim["source"], *(item["source"] for item in claim["evidence"])])
        assert record == claim
        assert sources == {name: by_id[name] for name in cited}
        assert list(sources) == list(cited)


@settings(max_examples=15)
@given(generated.datasets())
def test_any_dataset_comes_back_from_json_and_from_ndjson(records: dict[str, Any]) -> None:
    wanted = whole(records)
    with tempfile.TemporaryDirectory() as folder:
        samples.write(Path(folder), records)
        one, lines = (
            inside("list", "-f", format, "--allow-empty", "--data", folder) for format in ("json", "ndjson")
        )
    for ended in (one, lines):
        assert (ended.status, ended.err) == (0, "")
        assert not HIDDEN.search(ended.out)
    answer = json.loads(one.out)
    assert answer["claims"] == wanted
    assert all(answer["sources"][claim["source"]]["url"] for claim in wanted)
    assert [
        {key: value for key, value in json.loads(line).items() if key != "sources"}
        for line in lines.out.splitlines()
    ] == wanted


@given(st.text(generated.LETTERS))
def test_json_made_safe_is_the_same_value_and_holds_nothing_hidden(text: str) -> None:
    document = json.dumps({text: text}, ensure_ascii=False)
    for safe in (json_safe(document), json_ascii(document)):
        assert json.loads(safe) == {text: text}
        assert not HIDDEN.search(safe)
    assert json_ascii(document).isascii()


@pytest.mark.parametrize("letter", ["\u115f", "\u1160", "\u3164", "\uffa0"])
def test_a_letter_without_a_shape_is_shown(letter: str) -> None:
    escaped = f"\\u{ord(letter):04x}"
    assert visible(f"kopi{letter}コーヒー") == f"kopi{escaped}コーヒー"
    assert json_safe(f'"kopi{letter}"') == f'"kopi{escaped}"'


@pytest.mark.parametrize("format", [name for name, format in FORMATS.items() if "claims" in format.holds])
def test_no_format_prints_a_letter_without_a_shape(tmp_path: Path, format: str) -> None:
    folder = samples.write(
        tmp_path, samples.changed({"claims.0.statement": samples.text("kopi\u3164コーヒー")})
    )
    ended = inside("list", "-f", format, "--data", folder)
    assert ended.status == 0
    assert "\u3164" not in ended.out
    assert "3164" in ended.out


@given(st.text(st.characters()))
@example("\ud800\udfff")
@example("\U000e0041\U0001fffe")
def test_a_visible_text_is_one_line_of_utf_8_and_stays_as_it_is(text: str) -> None:
    shown = visible(text)
    assert shown.encode().decode() == shown
    assert len(shown.splitlines()) <= 1
    assert not HIDDEN.search(shown)
    assert visible(shown) == shown
    if text.isprintable() and text.isascii():
        assert shown == text


# --- CSV -----------------------------------------------------------------------------------------------


def test_csv_has_the_columns_of_the_contract_and_lists_joined_with_semicolons(
    ask: Callable[[str], Ended],
) -> None:
    ended = ask("list -n 1 -f csv")
    assert ended.out == (
        ",".join(COLUMNS) + "\n"
        "crates-sent,figure,corroborated,The harbour sent 640 crates of cloves.,640,crates,exact,640 crates,2024-03,clove,"
        "sukamaju;japan,harbour-fair,younger-cooperative,harbour-master,2024-05-02,Harbour News,2024-05-02,1,"
        "https://harbour-news.example/page\n"
    )


def test_every_field_of_the_contract_can_be_asked_for(ask: Callable[[str], Ended]) -> None:
    assert ask("list --fields help").out.split() == COLUMNS + MORE
    ended = ask(f"list --source harbour-news -f tsv --fields id,{','.join(MORE)} --no-header")
    cells = [line.split("\t") for line in ended.out.splitlines()]
    assert cells[0] == [
        "crates-sent",
        "The harbour sent 640 crates of cloves.",
        "Pelabuhan mengirim 640 peti cengkih.",
        "",
        "sukamaju",
        "japan",
        "harbour-news",
        "clove-crates",
        "",
        "1",
        "0",
        "0",
        "v1:0123456789abcdef",
        "printed",
        "harbour-fair",
        "",
        "Title of harbour-news",
        "The Harbour Master",
        "Cloves",
        "Sukamaju;Japan",
        "Harbour Fair",
        "Younger Cooperative",
    ]
    assert cells[3][3] == "A word is missing."
    assert cells[3][8] == "2500000"
    assert cells[1][9:11] == ["0", "1"]


GUARDED = ["=1+1", "=5", "@5", "=cmd|' /C calc'!A0", "+x", "-x", "@SUM(A1)", "\tx", "\rx", "＝1", "＋1", "－1", "＠a", "-", "+", "-1+1", "=", "+1-2|x", "'=1", "0901", "00", "'01", "0901.10", "00:12:30"]  # fmt: skip
BARE = ["-5", "+3.2%", "-1,000.50", "x=1", " =1", "1-2", "", "'x", "0", "0.5", "01;02", "01 a", "2018-01"]


@pytest.mark.parametrize("cell", GUARDED)
def test_a_cell_that_a_spreadsheet_would_run_is_guarded(cell: str) -> None:
    line = "".join(lines("csv", ["a"], [[cell]], with_header=False))
    ((read,),) = csv.reader(io.StringIO(line))
    assert read == "'" + "".join(visible(letter) for letter in cell)


@pytest.mark.parametrize("cell", BARE)
def test_a_number_with_a_sign_and_a_harmless_cell_are_not_guarded(cell: str) -> None:
    line = "".join(lines("csv", ["a", "b"], [[cell, "x"]], with_header=False))
    assert next(csv.reader(io.StringIO(line))) == [cell, "x"]


CELLS = st.text(generated.LETTERS, max_size=20) | st.sampled_from(
    GUARDED + BARE + ['a"b', "a,b", "a\nb", '"', "'", "a\r\nb"]
)
TABLES = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), max_size=4)
)


@given(TABLES)
def test_csv_read_back_has_the_cells_less_the_guard(rows: list[list[str]]) -> None:
    header = [f"c{number}" for number in range(len(rows[0]) if rows else 1)]
    text = "".join(lines("csv", header, rows))
    read = list(csv.reader(io.StringIO(text, newline="")))
    assert read[0] == header
    assert len(read) == len(rows) + 1
    for cells, back in zip(rows, read[1:], strict=True):
        shown = ["\n".join(visible(line) for line in cell.split("\n")) for cell in cells]
        hidden = [cell.startswith(("\t", "\r")) for cell in cells]  # what is guarded is shown as an escape
        read_back = [cell[1:] if was else unguarded(cell) for cell, was in zip(back, hidden, strict=True)]
        assert read_back == shown
    assert not HIDDEN.search(text)
    assert text.endswith("\n")
    assert "\r" not in text


@given(TABLES)
def test_tsv_has_a_line_a_row_and_a_tab_between_cells(rows: list[list[str]]) -> None:
    header = [f"c{number}" for number in range(len(rows[0]) if rows else 1)]
    text = "".join(lines("tsv", header, rows))
    found = text.split("\n")
    assert found.pop() == ""
    blank = str.maketrans("\t\n\r", "   ")
    shown = [[visible(guarded(cell.translate(blank))) for cell in cells] for cells in [header, *rows]]
    assert list(csv.reader(found, "excel-tab")) == [cells if cells != [""] else [] for cells in shown]
    for cells, line in zip(shown, found, strict=True):
        for cell, written in zip(cells, line.split("\t"), strict=True):
            assert (written == cell) == (not cell.startswith('"') and cell.count('"') % 2 == 0)
    assert not HIDDEN.search(text.replace("\t", ""))


@given(TABLES)
def test_markdown_has_a_line_a_row_and_the_same_number_of_bars_in_each(rows: list[list[str]]) -> None:
    header = [f"c{number}" for number in range(len(rows[0]) if rows else 1)]
    text = "".join(lines("markdown", header, rows))
    found = text.split("\n")
    assert found.pop() == ""
    assert len(found) == len(rows) + 2
    for line in found:
        bare = line.replace("\\\\", "").replace("\\|", "")
        assert bare.count("|") == len(header) + 1
    assert not HIDDEN.search(text)
    assert "<script" not in text.lower()


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("a|b", "a\\|b"),
        ("a\\|b", "a\\\\\\|b"),
        ("a\nb", "a<br>b"),
        ("a\r\nb", "a<br>b"),
        ("<b>&amp;", "&lt;b>&amp;amp;"),
        ("*a* _b_ `c` [d](e)", "\\*a\\* \\_b\\_ \\`c\\` \\[d\\](e)"),
        ("https://a.example/x_y|z", "https://a.example/x_y%7Cz"),
        ("\x1b[1m", "\\\\x1b\\[1m"),
        ("~~a~~ ^b^ US$4 @c :d: e:f", "\\~\\~a\\~\\~ \\^b\\^ US\\$4 \\@c \\:d: e:f"),
        ("https://a.example/~~x~~*y*", "https://a.example/%7E%7Ex%7E%7E%2Ay%2A"),
    ],
)
def test_a_cell_of_markdown_is_shown_as_it_is(cell: str, written: str) -> None:
    assert lines("markdown", ["a"], [[cell]])[1] == f"| {written} |\n"


def test_no_header_leaves_out_the_line_of_names_alone(ask: Callable[[str], Ended]) -> None:
    for format in ("csv", "tsv"):
        whole, bare = ask(f"list -f {format}").out, ask(f"list -f {format} --no-header").out
        assert whole.split("\n", 1)[1] == bare


@pytest.mark.parametrize("line", ["sector", "country", "program", "source"])
def test_each_noun_has_rows_of_its_own_columns(ask: Callable[[str], Ended], line: str) -> None:
    records = next(
        value for value in json.loads(ask(f"{line} --json").out).values() if isinstance(value, list)
    )
    header, *rows = csv.reader(io.StringIO(ask(f"{line} -f csv").out))
    assert header == list(records[0])
    read = [[unguarded(cell) for cell in row] for row in rows]
    assert read == [[columns.text(value) for value in record.values()] for record in records]
    assert ask(f"{line} -f csv --fields claims,id").out.startswith("claims,id\n")


@settings(max_examples=15)
@given(generated.datasets(4), st.sampled_from(["table", "json", "ndjson", "csv", "tsv", "markdown", "html"]))
def test_every_claim_has_its_citation_in_every_format_and_nothing_hidden_gets_out(
    records: dict[str, Any], format: str
) -> None:
    ended = over(records, "list", "-f", format, "--allow-empty")
    assert (ended.status, ended.err) == (0, "")
    assert not HIDDEN.search(ended.out.replace("\t", "") if format == "tsv" else ended.out)
    for claim in records["claims"]:
        assert f"https://{claim['source']}.example/page" in ended.out


@settings(max_examples=15)
@given(generated.datasets(4))
def test_rows_of_csv_say_what_the_records_say(records: dict[str, Any]) -> None:
    ended = over(
        records,
        "list",
        "-f",
        "csv",
        "--allow-empty",
        "--fields",
        "id,value,paragraph,supports,sectors,source",
    )
    by_id = {claim["id"]: claim for claim in whole(records)}
    rows = list(csv.reader(io.StringIO(ended.out)))[1:]
    assert [row[0] for row in rows] == ordered(records["claims"])
    for name, value, paragraph, supports, sectors, source in rows:
        claim = by_id[name]
        assert value == (claim["figure"] or {"value": ""})["value"]
        assert paragraph == str(claim["paragraph"] or "")
        assert supports == str(claim["supports"])
        assert sectors == ";".join(claim["sectors"])
        assert source == claim["source"]
