"""Data and arguments that mean harm: shown safely or refused, in every format, and on standard error too."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import sqlite3
import sys
import time
from pathlib import Path
from typing import Any

import generated
import pytest
import samples
from conftest import Run
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from inside import inside
from terminal import in_terminal, plain

from indotrade import stream
from indotrade.engine.open import open_engine
from indotrade.engine.sqlite import SqliteEngine
from indotrade.text.escape import json_ascii, json_safe, visible

EVERY = settings(
    derandomize=True,
    deadline=None,
    max_examples=30,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
FORMATS = ("table", "json", "ndjson", "csv", "tsv", "markdown", "html")
POISON = (
    "\x1b[2J\x1b[31mred\x1b]0;title\x07\x1b]52;c;ZXZpbA==\x07\x1b]8;;http://evil.example\x1b\\link\x1b]8;;\x1b\\"
    "\x9b31m\x90q\x9c\x85 \x7f\x08\r\n\t\x0b\x0c\u2028\u2029\u202e\u2066\u200f\u061c\ufeff\u200b\xad\U000e0041\uffff"
    " [bold]x[/b] [/] [link=http://evil.example]y[/link] \\[ :smile: {0} %s $(id) `id` '; DROP TABLE claim; --"
    ' "quoted" <script> | a|b *b* _u_ #1 日本語 ｺｰﾋｰ é e\u0301 👨‍👩‍👧 =cmd()|/c'
)
"""What a terminal, Rich, a shell, SQL, a spreadsheet, Markdown and HTML might each act on."""
FREE = {"en", "id", "ja", "name", "original", "title", "title_from_url", "editor", "via", "access_note",
        "licence_note", "why", "as_printed", "unit", "licence"}  # fmt: skip
HIDDEN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff0-\ufffb\ufffe\uffff"
    "\U000e0000-\U000e0fff\ud800-\udfff]"
)
"""What no output may hold but for the line feed and our own colours and links."""


def poisoned(value: Any, key: str = "", poison: str = POISON, count: list[int] | None = None) -> Any:
    """Return records in which every text that is free to be anything is poison, each with a number in front."""
    count = count if count is not None else [0]
    if isinstance(value, dict):
        bilingual = "en" in value
        return {
            name: poisoned(item, name if name != "id" or bilingual else "", poison, count)
            for name, item in value.items()
        }
    if isinstance(value, list):
        return [
            poisoned(item, "name" if key in ("authors", "aliases") else "", poison, count) for item in value
        ]
    if isinstance(value, str) and key in FREE:
        count[0] += 1
        return f"={count[0]} {poison}"
    return value


@pytest.fixture(scope="module")
def poisonous(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A valid dataset in which every free text is poison."""
    folder = samples.write(tmp_path_factory.mktemp("poisonous"), poisoned(samples.sample()))
    assert not [fault for fault in samples.faults(folder) if fault.startswith("error")]
    return folder


COMMANDS = (
    ["sector"],
    ["sector", "spices"],
    ["country", "japan"],
    ["program"],
    ["program", "harbour-fair"],
    ["list"],
    ["list", "--fields", "id,statement,note,statement_id"],
    ["search", "DROP TABLE"],
    ["search", "[bold]x[/b]"],
    ["show", "crates-sent", "wages-paid", "only-clove-port"],
    ["source"],
    ["source", "harbour-news", "customs-table"],
    ["check"],
)


def safe(text: str) -> None:
    """Fail if text for a terminal holds anything that one might act on."""
    assert not HIDDEN.findall(text), repr(text[max(0, HIDDEN.search(text).start() - 60) :][:120])  # type: ignore[union-attr]


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_poisonous_data_are_shown_and_nothing_of_them_is_acted_on(
    poisonous: Path, command: list[str], format: str
) -> None:
    fields = format in ("json", "ndjson") and "--fields" in command
    done = inside(*(command[:1] if fields else command), "-f", format, data_option(poisonous))
    assert (done.status, done.err) == (0, "")
    safe(done.out.replace("\t", " ") if format == "tsv" else done.out)
    if command[0] not in ("check", "sector", "program"):
        assert "DROP TABLE" in done.out


def data_option(folder: Path) -> str:
    return f"--data={folder}"


@pytest.mark.parametrize("format", ["text", "bibtex", "biblatex", "csl-json", "ris"])
def test_poisonous_data_are_cited_and_nothing_of_them_is_acted_on(poisonous: Path, format: str) -> None:
    done = inside("cite", "crates-sent", "harbour-news", "-f", format, data_option(poisonous))
    assert (done.status, done.err) == (0, "")
    safe(done.out)
    assert "DROP TABLE" in done.out or "DROP\\ TABLE" in done.out


def test_poisonous_data_come_back_the_same_in_json(poisonous: Path) -> None:
    records = poisoned(samples.sample())
    whole = json.loads(inside("list", "-f", "json", data_option(poisonous)).out)
    lines = [
        json.loads(line) for line in inside("list", "-f", "ndjson", data_option(poisonous)).out.splitlines()
    ]
    by_id = {claim["id"]: samples.complete(records, claim) for claim in records["claims"]}
    assert {claim["id"]: claim for claim in whole["claims"]} == by_id
    assert len(lines) == len(by_id)
    for line in lines:
        sources = line.pop("sources")
        assert line == by_id[line["id"]]
        assert sources.items() <= {source["id"]: source for source in records["sources"]}.items()


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("columns", [40, 100])
def test_terminal_gets_no_escape_of_poisonous_data(
    poisonous: Path, command: list[str], columns: int, clean_environment: dict[str, str]
) -> None:
    done = in_terminal(
        *command, "--no-pager", data_option(poisonous), columns=columns, environment=clean_environment
    )
    assert done.status == 0
    safe(plain(done.out))
    assert "evil.example\x1b" not in done.out.replace(r"evil.example\x1b", "")


def test_markup_and_emoji_codes_stand_in_a_table_as_they_were_written(poisonous: Path) -> None:
    out = inside("list", data_option(poisonous)).out
    for kept in (
        "[bold]x[/b] [/] [link=http://evil.example]y[/link]",
        ":smile:",
        r"\x1b[2J",
        r"\u202e",
        r"\x9b31m",
    ):
        assert kept in out


def test_csv_of_poisonous_data_is_rectangular_and_no_formula(poisonous: Path) -> None:
    rows = list(csv.reader(io.StringIO(inside("list", "-f", "csv", data_option(poisonous)).out)))
    assert {len(row) for row in rows} == {19}
    assert len(rows) == 10
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "@"))]


def test_tsv_of_poisonous_data_is_rectangular(poisonous: Path) -> None:
    lines = inside("list", "-f", "tsv", data_option(poisonous)).out.split("\n")
    assert {line.count("\t") for line in lines[:-1]} == {18}
    assert len(lines) == 11


def test_markdown_of_poisonous_data_has_as_many_bars_in_each_row(poisonous: Path) -> None:
    lines = inside("list", "-f", "markdown", data_option(poisonous)).out.splitlines()
    assert len({len(re.findall(r"(?<!\\)(?:\\\\)*\|", line)) for line in lines}) == 1
    assert "<script>" not in "".join(lines)


# --- large texts ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "letter", ["a", "日", "e\u0301", "w ", "7"], ids=["a", "kanji", "accent", "words", "digits"]
)
def test_very_long_text_is_printed_whole_and_in_time(tmp_path: Path, letter: str) -> None:
    long = letter * (200_000 // len(letter))
    folder = samples.write(tmp_path, samples.changed({"claims.0.statement.en": long.strip() + "."}))
    started = time.monotonic()
    for format in FORMATS:
        done = inside("show", "crates-sent", "-f", format, data_option(folder))
        assert (done.status, done.err) == (0, "")
        assert long.strip() in done.out
    assert time.monotonic() - started < 10
    assert (
        len(inside("list", data_option(folder)).out) < len(long) + 10_000
    )  # no other row is filled up to it


def test_very_long_text_on_a_terminal_loses_nothing(
    tmp_path: Path, clean_environment: dict[str, str]
) -> None:
    long = "ŧ" * 300_000
    folder = samples.write(tmp_path, samples.changed({"claims.0.statement.en": long}))
    done = in_terminal("list", "--no-pager", data_option(folder), environment=clean_environment)
    assert done.status == 0
    assert plain(done.out).count("ŧ") == 300_000


# --- ids and addresses ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["../../x", "..", "a/b", "/etc/passwd", "a b", "-x", "a\nb", "a;b", "$(id)", "~root", ""]
)
def test_claim_with_an_id_that_is_no_id_is_refused(tmp_path: Path, name: str) -> None:
    folder = samples.write(tmp_path, samples.changed({"claims.0.id": name}))
    done = inside("list", data_option(folder))
    assert (done.status, done.out) == (3, "")
    assert "claims.json" in done.err
    safe(done.err)


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "http://a b", " http://a"]
)
def test_source_with_an_address_that_is_none_is_refused(tmp_path: Path, url: str) -> None:
    folder = samples.write(tmp_path, samples.changed({"sources.0.url": url}))
    done = inside("source", data_option(folder))
    assert (done.status, done.out) == (3, "")
    assert "url" in done.err


def test_link_goes_only_where_its_text_says(tmp_path: Path, clean_environment: dict[str, str]) -> None:
    url = "https://harbour.example/\x1b]8;;http://evil.example\x1b\\日本?q=;a\u202e"
    folder = samples.write(tmp_path, samples.changed({"sources.0.url": url}))
    done = in_terminal(
        "source", "--no-pager", data_option(folder), environment=clean_environment, columns=200
    )
    assert done.status == 0
    targets = set(re.findall(r"\x1b\]8;id=[0-9a-f]{8};([^\x1b]*)\x1b\\", done.out))
    assert [target for target in targets if target.startswith("https://harbour.example/%1B")]
    assert all(target.isascii() and target.startswith("https://") for target in targets)
    safe(plain(done.out))


# --- arguments --------------------------------------------------------------------------------------------

BAD = (POISON.replace("\n", " "), "caf\udce9", "0" * 16_000, "a" * 100_000, " " * 10_000, "../../etc/passwd", "@file", '"', "")  # fmt: skip
BAD_IDS = ("poison", "latin-1", "digits", "letters", "blanks", "path", "at", "quote", "empty")
WITH_ARGUMENT = (
    ["sector"], ["country"], ["program"], ["search"], ["show"], ["cite"], ["source"], ["verify"], ["check"],
    *[["list", option] for option in (
        "--sector", "--country", "--program", "--organization", "--speaker", "--source", "--kind", "--status",
        "--at", "--from", "--to", "--since", "--until", "--sort", "--limit", "--format", "--fields", "--lang",
        "--width", "--color", "--data",
    )],
    ["cite", "x", "--format"], ["check", "--anchors"], ["list", "--"], [],
)  # fmt: skip


@pytest.mark.parametrize("word", BAD, ids=BAD_IDS)
@pytest.mark.parametrize("command", WITH_ARGUMENT, ids=lambda words: " ".join(words) or "command")
def test_hostile_argument_gets_a_short_safe_answer(
    command: list[str], word: str, detailed_data: Path
) -> None:
    started = time.monotonic()
    # Each command and each word meets both languages, though not each other in both.
    language = ("en", "id")[(WITH_ARGUMENT.index(command) + BAD.index(word)) % 2]
    done = inside(*command, word, INDOTRADE_LANG=language, INDOTRADE_DATA=str(detailed_data))
    assert done.status in (0, 1, 2, 3)
    assert done.status != 0 or not done.err
    safe(done.out)
    safe(done.err)
    assert "Traceback" not in done.err
    assert "bug" not in done.err
    assert max(map(len, done.err.split("\n"))) <= 2000
    assert len(done.err) < 8200
    assert time.monotonic() - started < 5


def test_byte_that_is_not_utf8_is_shown_as_the_byte(run: Run) -> None:
    done = run("sector", "caf\udce9")
    assert (done.status, done.out) == (1, "")
    assert r'"caf\xe9"' in done.err


def test_eight_thousand_words_are_searched_in_bounded_time_and_the_cut_is_told(detailed_data: Path) -> None:
    done = inside("search", *(["cengkih"] * 8000), data_option(detailed_data))
    assert done.status == 0
    assert "64" in done.err
    many = inside("show", *(f"nope-{number}" for number in range(3000)), data_option(detailed_data))
    assert (many.status, many.out) == (1, "")


def test_dataset_path_with_escapes_is_shown_with_them(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "x\x1b]0;evil\x07\n\u202e"
    done = run("list", "--data", str(path))
    assert (done.status, done.out) == (3, "")
    safe(done.err.rstrip("\n"))
    assert r"x\x1b]0;evil\x07\n\u202e" in done.err


def test_message_is_cut_where_it_is_longer_than_a_screen(capfd: pytest.CaptureFixture[str]) -> None:
    for text in ("x" * 10_000, "\x1b" * 1_000, "x" * 2_000):
        stream.say(text)
        told = capfd.readouterr().err
        assert len(told) == 2001
        assert told.endswith("x\n" if text == "x" * 2_000 else "…\n")


# --- properties -------------------------------------------------------------------------------------------

ANYTHING = st.text(st.characters(codec=None, exclude_categories=()), max_size=50)


@EVERY
@given(ANYTHING)
def test_what_is_visible_stays_as_it_is(text: str) -> None:
    shown = visible(text)
    assert visible(shown) == shown
    assert not HIDDEN.search(shown)
    assert "\n" not in shown
    shown.encode()


@EVERY
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=50))
def test_json_that_is_safe_to_show_has_the_same_value(text: str) -> None:
    document = json.dumps({"text": text}, ensure_ascii=False)
    assert json.loads(json_safe(document)) == json.loads(json_ascii(document)) == {"text": text}
    assert not HIDDEN.search(json_safe(document))
    assert json_ascii(document).isascii()


WORDS = ["sector", "country", "program", "list", "search", "show", "cite", "source", "info", "check", "verify", "--json",
         "-f", "csv", "tsv", "table", "markdown", "-n", "1", "0", "--fields", "id", "--sort", "-value", "--since", "2022",
         "--lang", "id", "--width", "20", "--", "-", "clove", "japan", "--color", "always", "--help", "--version",
         "--no-header", "--bom", "--has-figure", "--allow-empty", "harbour-news", "nutmeg"]  # fmt: skip
ARGUMENT = st.sampled_from(WORDS) | st.text(st.characters(codec=None, exclude_characters="\0"), max_size=12)


@settings(EVERY, max_examples=100)
@given(arguments=st.lists(ARGUMENT, max_size=6))
def test_any_command_line_ends_with_a_status_of_its_own(detailed_data: Path, arguments: list[str]) -> None:
    done = inside(*arguments, INDOTRADE_DATA=str(detailed_data))
    assert done.status in (0, 1, 2, 3)
    assert "Traceback" not in done.err
    assert "bug:" not in done.err
    safe(done.err)
    if "always" not in arguments:
        safe(done.out.removeprefix("\ufeff").replace("\t", " "))


@settings(EVERY, max_examples=20)
@given(records=generated.datasets(most=4), width=st.sampled_from([(), ("--width", "40"), ("--width", "100")]))
def test_any_valid_dataset_shows_nothing_hidden(
    tmp_path_factory: pytest.TempPathFactory, records: dict[str, Any], width: tuple[str, ...]
) -> None:
    folder = samples.write(tmp_path_factory.mktemp("any"), records)
    names = [claim["id"] for claim in records["claims"]]
    commands = (["list", "--allow-empty"], ["sector"], ["source"], ["show", *names])
    for command in commands[: None if names else -1]:
        done = inside(*command, *width, data_option(folder))
        assert (done.status, done.err) == (0, "")
        safe(done.out)


def test_terminal_output_is_found_unsafe_where_it_is() -> None:
    with pytest.raises(AssertionError):
        safe("\x1b[2J")
    with pytest.raises(AssertionError):
        plain("\x1b]0;title\x07")
    assert plain("\x1b[1mbold\x1b[0m") == "bold"
    assert sys.version_info >= (3, 11)


@pytest.mark.parametrize("format", ["json", "ndjson", "csv", "tsv", "table", "markdown", "html"])
@pytest.mark.parametrize(
    "broken",
    [
        '{"id": "a\\ud800", "b\\udfff": 1, "kind": "\\ud801"}',
        '{"id": "a", "kind": "x\\ud801y"}',
        '{"id": "a\\udc80"}',
        '"\\ud800"',
    ],
)
def test_faults_that_name_half_a_character_are_told_in_every_format(
    tmp_path: Path, format: str, broken: str
) -> None:
    folder = samples.write(tmp_path / "data", samples.sample() | {"claims": f"[{broken}]".encode()})
    done = inside("check", folder, "-f", format)
    assert (done.status, done.err) == (1, "")
    safe(done.out.replace("\t", " "))
    if format in ("json", "ndjson"):
        for line in [done.out] if format == "json" else done.out.splitlines():
            json.loads(line)
            assert "\\ud" not in line.replace("\\\\", "")  # an escape of JSON for what is no character


@pytest.mark.parametrize("command", ["info", "check", "list", "sector", "source"])
@pytest.mark.parametrize("format", ["json", "ndjson"])
def test_path_that_is_not_utf8_stands_in_an_answer_as_visible_escape(
    tmp_path: Path, command: str, format: str
) -> None:
    folder = samples.write(tmp_path / os.fsdecode(b"caf\xe9"), samples.sample())
    done = inside(command, "-f", format, "--data", folder)
    assert (done.status, done.err) == (0, "")
    if command == "info":
        assert done.out.count(f'{tmp_path}/caf\\\\xe9"') == 1


def chained(length: int, kind: str = "sectors") -> samples.Record:
    """Return a dataset whose list has a chain of parents: each entry is the parent of the next."""
    records = samples.sample()
    names = [f"link-{number}" for number in range(length + 1)]
    records["vocabulary"][kind] += [
        samples.entry(name, samples.label(name, f"{name} id", f"{name} ja"), parent=parent)
        for name, parent in zip(names, [None, *names], strict=False)
    ]
    records["claims"][0][kind] = [names[-1]]
    return records


@pytest.mark.parametrize("kind", ["sectors", "countries", "organizations"])
def test_chain_of_parents_may_be_64_deep_and_no_deeper(tmp_path: Path, kind: str) -> None:
    folder = samples.write(tmp_path, chained(64, kind))
    assert not [fault for fault in samples.faults(folder) if fault.startswith("error")]
    command = {"sectors": "sector", "countries": "country"}.get(kind)
    if command:
        assert inside(command, "--data", folder).status == 0
        found = inside(command, "link-0", "--json", "--fields", "id", "--data", folder)
        assert json.loads(found.out)["claims"] == [{"id": "crates-sent"}]
    samples.write(tmp_path, chained(65, kind))
    for done in (inside("check", folder), inside("sector", "--data", folder)):
        assert done.status in (1, 3)
        assert f'link-65: {kind}.parent: "link-65" has more than 64 ancestors' in done.out + done.err


def test_long_chain_of_parents_is_refused_at_once(tmp_path: Path) -> None:
    folder = samples.write(tmp_path, chained(8000))
    began = time.process_time()
    done = inside("sector", "link-0", "--data", folder)
    assert (done.status, done.out) == (3, "")
    assert "has more than 64 ancestors (and 7,935 more)" in done.err
    assert time.process_time() - began < 3


@pytest.mark.parametrize("small", [0, 1 << 30], ids=["indexed", "read"])
@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["sector", *map(str, range(600))], 1),
        (["sector", " ".join(map(str, range(600)))], 1),
        (["sector", "spices", " ".join(["clove"] * 600)], 1),
        (["list", *(f"--sector=clove{number}" for number in range(600))], 1),
        (["list", *(["--sector=clove"] * 2000)], 0),
        (["list", *(["--kind=plan"] * 2000)], 0),
        (["clove", *map(str, range(2000))], 1),
        (["search", *map(str, range(600))], 1),
        (["search", "".join(map(chr, range(0x4E00, 0x4E00 + 4096)))], 1),
        (["list", "-n", "9223372036854775808"], 0),
        (["list", "-n", "9" * 100], 0),
        (["sector", "-n", "9" * 100], 0),
        (["list", "-n", "9" * 101], 2),
        (["list", "-n", "9" * 5000], 2),
        (["show", *map(str, range(2000))], 1),
    ],
    ids=lambda value: " ".join(value)[:30] if isinstance(value, list) else str(value),
)
def test_question_that_is_too_large_for_sql_is_no_fault_of_the_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], status: int, small: int
) -> None:
    monkeypatch.setattr("indotrade.engine.folder.SMALL", small)
    folder = samples.write(tmp_path / "data", samples.sample())
    done = inside(*arguments, "--data", folder, XDG_CACHE_HOME=str(tmp_path))
    assert done.status == status, done.err[-300:]
    assert bool(done.out) == (status == 0)


def test_statement_that_no_database_runs_is_no_fault_of_the_data(tmp_path: Path) -> None:
    engine = open_engine(str(samples.write(tmp_path, samples.sample())))
    assert isinstance(engine, SqliteEngine)
    for statement in ("SELECT 1 LIMIT 'x'", "SELECT nothing", " UNION ".join(["SELECT 1"] * 501)):
        with pytest.raises(sqlite3.Error):
            list(engine.rows(statement))
