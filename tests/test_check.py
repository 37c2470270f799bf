"""`check` says everything that is wrong with a dataset in one run; a look-up refuses it with the first."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
from pathlib import Path

import counting
import making
import pytest
import samples
from conftest import Ended
from inside import inside
from samples import changed

from indotrade.dataset.faults import grouped
from indotrade.dataset.folder import locate
from indotrade.dataset.reader import Reader

NDJSON = b"".join(json.dumps(record, ensure_ascii=False).encode() + b"\n" for record in samples.sample()["claims"])  # fmt: skip
ARRAY = json.dumps(samples.sample()["claims"], ensure_ascii=False, indent=2).encode()
LINES = NDJSON.splitlines(keepends=True)
DEEP = b"[" * 100_000


def refused(path: Path, *lines: str) -> None:
    """Assert that `check` and a look-up both refuse a dataset that cannot be read at all."""
    for ended in (inside("check", path), inside("list", "--data", path), inside("info", "--data", path)):
        assert (ended.status, ended.out, ended.err.splitlines()) == (3, "", list(lines))


def first_error(ended: Ended, fault: str, more: int, path: Path) -> None:
    """Assert that a look-up answered nothing, named the first fault and counted the rest."""
    counted = f" (and {more} more)" if more else ""
    assert (ended.status, ended.out) == (3, "")
    assert ended.err.splitlines() == [
        f"indotrade: error: the dataset {path} is faulty: {fault}{counted}",
        f"hint: `indotrade check {path}` lists them all",
    ]


# --- a dataset without a fault ------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["claims.json", "claims.ndjson", "claims.ndjson.gz"])
def test_a_valid_dataset_passes_and_is_answered_from(tmp_path: Path, name: str) -> None:
    samples.write(tmp_path, samples.sample(), name)
    assert inside("check", tmp_path) == Ended(0, "9 claims, 5 sources: 0 faults, 0 warnings\n", "")
    ended = inside("list", "--json", "--data", tmp_path)
    answer = json.loads(ended.out)
    records = samples.sample()
    assert ended.status == 0
    assert answer["claims"] == [samples.complete(records, claim) for claim in records["claims"]]
    assert answer["sources"] == {record["id"]: record for record in samples.sample()["sources"]}


def test_the_bundled_dataset_passes() -> None:
    ended = inside("check")
    assert ended.status == 0
    assert ended.out.endswith(": 0 faults, 0 warnings\n")


def test_the_path_may_be_an_argument_an_option_or_a_variable(tmp_path: Path) -> None:
    samples.write(tmp_path, samples.sample())
    for ended in (
        inside("check", tmp_path),
        inside("check", "--data", tmp_path),
        inside("check", INDOTRADE_DATA=str(tmp_path)),
    ):
        assert ended == Ended(0, "9 claims, 5 sources: 0 faults, 0 warnings\n", "")


FINE = {
    "a BOM in front of each file": {name: b"\xef\xbb\xbf" + json.dumps(samples.sample()[name]).encode() for name in ("dataset", "sources", "vocabulary", "claims")},
    "no indentation": {"claims": json.dumps(samples.sample()["claims"]).encode()},
}  # fmt: skip


@pytest.mark.parametrize("case", FINE)
def test_what_is_no_fault_in_a_file_passes(tmp_path: Path, case: str) -> None:
    samples.write(tmp_path, samples.sample() | FINE[case])
    assert inside("check", tmp_path).out == "9 claims, 5 sources: 0 faults, 0 warnings\n"


FINE_LINES = {
    "no final newline": NDJSON.rstrip(b"\n"),
    "CRLF": NDJSON.replace(b"\n", b"\r\n"),
    "blank lines": b"\n  \n" + NDJSON.replace(b"\n", b"\n\n"),
    "a BOM": b"\xef\xbb\xbf" + NDJSON,
    "line separators in a text": NDJSON.replace(b"needs a ferry", "needs\u2028a\u2029ferry\x85".encode()),
}


@pytest.mark.parametrize("name", ["claims.ndjson", "claims.ndjson.gz"])
@pytest.mark.parametrize("case", FINE_LINES)
def test_what_is_no_fault_in_lines_passes(tmp_path: Path, case: str, name: str) -> None:
    data = FINE_LINES[case]
    records = samples.sample() | {"claims": gzip.compress(data) if name.endswith(".gz") else data}
    samples.write(tmp_path, records, name)
    assert inside("check", tmp_path) == Ended(0, "9 claims, 5 sources: 0 faults, 0 warnings\n", "")
    assert json.loads(inside("list", "--json", "--data", tmp_path).out)["count"] == 9


# --- a folder that is no dataset ----------------------------------------------------------------------


def test_a_folder_that_is_missing_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "nowhere"
    refused(path, f"indotrade: error: cannot read the dataset {path}: No such file or directory")


def test_a_file_is_refused_as_a_folder(tmp_path: Path) -> None:
    path = tmp_path / "claims.json"
    path.write_bytes(ARRAY)
    refused(
        path,
        f"indotrade: error: {path} is not a directory",
        "hint: a dataset is the folder that holds dataset.json",
    )


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    refused(
        tmp_path,
        f"indotrade: error: {tmp_path} holds no dataset: no dataset.json",
        "hint: `indotrade init DIR` writes a small one",
    )


@pytest.mark.parametrize("second", ["claims.ndjson", "claims.ndjson.gz"])
def test_two_files_of_claims_are_refused(tmp_path: Path, second: str) -> None:
    samples.write(tmp_path, samples.sample())
    samples.write(tmp_path, samples.sample(), second)
    refused(
        tmp_path,
        f"indotrade: error: {tmp_path} has its claims twice: claims.json and {second}",
        "hint: keep one of them",
    )


def test_a_path_with_a_nul_or_too_long_a_name_is_refused(tmp_path: Path) -> None:
    refused(
        tmp_path / ("x" * 300),
        f"indotrade: error: cannot read the dataset {tmp_path / ('x' * 300)}: File name too long",
    )


def test_a_loop_of_links_is_refused(tmp_path: Path) -> None:
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    refused(loop, f"indotrade: error: cannot read the dataset {loop}: Too many levels of symbolic links")


# --- files that cannot be read ------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["dataset.json", "sources.json", "vocabulary.json", "claims.json"])
def test_a_missing_file_is_a_fault(tmp_path: Path, name: str) -> None:
    samples.write(tmp_path, samples.sample())
    (tmp_path / name).unlink()
    fault = f"{name}: cannot read {tmp_path / name}: No such file or directory"
    ended = inside("check", tmp_path)
    assert (ended.status, ended.err) == (1, "")
    assert f"error: {fault}\n" in ended.out
    first_error(inside("list", "--data", tmp_path), fault, 0, tmp_path)


@pytest.mark.parametrize("name", ["dataset.json", "sources.json", "vocabulary.json", "claims.json", "claims.ndjson"])  # fmt: skip
@pytest.mark.parametrize("kind", ["directory", "fifo", "dangling link", "device", "socket"])
def test_what_is_no_regular_file_is_a_fault_and_never_waits(tmp_path: Path, name: str, kind: str) -> None:
    samples.write(tmp_path, samples.sample(), name if name.startswith("claims") else "claims.json")
    path = tmp_path / name
    path.unlink()
    reason = "it is not a regular file"
    if kind == "directory":
        path.mkdir()
    elif kind == "fifo":
        os.mkfifo(path)
    elif kind == "dangling link":
        path.symlink_to(tmp_path / "nowhere")
        reason = "No such file or directory"
    elif kind == "device":
        path.symlink_to("/dev/zero")
    else:
        import socket

        here = os.getcwd()
        os.chdir(tmp_path)  # the path of a socket may be short only
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(name)
        os.chdir(here)
        reason = "No such device or address"
    fault = f"{name}: cannot read {path}: {reason}"
    ended = inside("check", tmp_path)
    assert (ended.status, ended.err) == (1, "")
    assert f"error: {fault}\n" in ended.out
    first_error(inside("list", "--data", tmp_path), fault, 0, tmp_path)


# --- files that are no JSON ---------------------------------------------------------------------------

NO_JSON = {
    "empty": (b"", "the file is empty"),
    "blank": (b" \n\t\r\n", "the file is empty"),
    "only a BOM": (b"\xef\xbb\xbf", "the file is empty"),
    "truncated": (ARRAY[: len(ARRAY) // 2], None),
    "UTF-16": (ARRAY.decode().encode("utf-16"), "line 1: byte 0xff is not UTF-8 (it looks like UTF-16)"),
    "Latin-1": (
        ARRAY.replace(b"needs a ferry", b"needs a f\xe9rry"),
        f"line {ARRAY[: ARRAY.index(b'needs a ferry')].count(10) + 1}: byte 0xe9 is not UTF-8",
    ),
    "gzip": (gzip.compress(ARRAY), "line 1: byte 0x8b is not UTF-8 (it looks like gzip)"),
    "HTML": (
        b"<!DOCTYPE html>\n<title>Log in</title>",
        "line 1, column 1: a value belongs here (it looks like HTML or XML)",
    ),
    "a pointer": (
        b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n",
        "line 1, column 1: a value belongs here (it looks like a Git LFS pointer)",
    ),
    "SQLite": (
        b"SQLite format 3\0rest",
        "line 1, column 1: a value belongs here (it looks like an SQLite database)",
    ),
    "two values": (b"[] []", "line 1, column 4: more follows here, after the end of the value"),
    "a NUL behind": (b"[]\0", "line 1, column 3: more follows here, after the end of the value"),
    "a raw NUL in a text": (
        ARRAY.replace(b"needs a ferry", b"needs\0a ferry"),
        None,
    ),
    "a key twice": (
        ARRAY.replace(b'"paragraph": 4', b'"paragraph": 3, "paragraph": 4'),
        '[4]: the key "paragraph" stands twice in one object',
    ),
    "a key twice, once escaped": (
        ARRAY.replace(b'"paragraph": 4', b'"p\\u0061ragraph": 3, "paragraph": 4'),
        '[4]: the key "paragraph" stands twice in one object',
    ),
    "NaN": (ARRAY.replace(b'"paragraph": 4', b'"paragraph": NaN'), "NaN is no JSON number"),
    "5,000 digits": (
        ARRAY.replace(b'"paragraph": 4', b'"paragraph": ' + b"4" * 5000),
        "a number of 5000 digits is too long",
    ),
    "100,000 levels": (DEEP, "it is nested too deep"),
    "100,000 closed levels": (DEEP + b"]" * 100_000, "it is nested too deep"),
    "a comment": (b"// claims\n[]", "line 1, column 1: a value belongs here"),
    "an object": (b"{}", "expected a list of records, not an object"),
    "null": (b"null", "expected a list of records, not null"),
}  # fmt: skip


@pytest.mark.parametrize("case", NO_JSON)
def test_a_file_that_is_no_list_of_claims_is_one_fault(tmp_path: Path, case: str) -> None:
    data, message = NO_JSON[case]
    samples.write(tmp_path, samples.sample() | {"claims": data})
    ended = inside("check", tmp_path)
    assert (ended.status, ended.err) == (1, "")
    errors = [line for line in ended.out.splitlines() if line.startswith("error: ")]
    assert len(errors) == 1
    assert errors[0].startswith(f"error: claims.json: {message or 'line '}")
    if message:
        assert errors == [f"error: claims.json: {message}"]
    read = 8 if case.startswith("a key twice") else 0
    assert ended.out.splitlines()[-1].startswith(f"{read} claims, 5 sources: 1 fault, ")
    first_error(inside("list", "--data", tmp_path), errors[0].removeprefix("error: "), 0, tmp_path)


@pytest.mark.parametrize("name", ["dataset", "sources", "vocabulary"])
@pytest.mark.parametrize("case", ["empty", "UTF-16", "gzip", "HTML", "100,000 levels", "two values", "null"])
def test_the_other_files_are_held_to_the_same(tmp_path: Path, name: str, case: str) -> None:
    data, message = NO_JSON[case]
    samples.write(tmp_path, samples.sample() | {name: data})
    ended = inside("check", tmp_path)
    errors = [line for line in ended.out.splitlines() if line.startswith(f"error: {name}.json: ")]
    assert (ended.status, ended.err, len(errors)) == (1, "", 1)
    wanted = "an object, not" if name != "sources" else "a list of records, not"
    assert errors == [f"error: {name}.json: {(message or '').replace('a list of records, not', wanted)}"]
    assert inside("list", "--data", tmp_path).status == 3


BAD_LINES = {
    "a line that is cut": (
        b"".join(LINES[:8]) + LINES[8][:40],
        "line 9: column 37: the string that begins here has no end",
    ),
    "a comma behind": (b"".join(LINES[:3]) + LINES[3].rstrip() + b",\n" + b"".join(LINES[4:]), None),
    "a list of claims": (ARRAY, None),
    "a line of Latin-1": (NDJSON.replace(b"needs a ferry", b"needs a f\xe9rry"), "line 5: byte 0xe9 is not UTF-8"),
    "NaN": (NDJSON.replace(b'"paragraph": 4', b'"paragraph": NaN'), "line 5: NaN is no JSON number"),
    "a key twice": (
        NDJSON.replace(b'"paragraph": 4', b'"paragraph": 3, "paragraph": 4'),
        'line 5: the key "paragraph" stands twice in one object',
    ),
    "nesting": (NDJSON.replace(LINES[4], DEEP + b"\n"), "line 5: it is nested too deep"),
    "a NUL": (NDJSON.replace(b"needs a ferry", b"needs\\u0000ferry"), "line 5: needs-ferry: statement.en: the text holds a NUL character"),
    "half a pair": (NDJSON.replace(b"needs a ferry", b"needs\\ud83dferry"), "line 5: needs-ferry: statement.en: the text holds half of a surrogate pair"),
    "the other half": (NDJSON.replace(b"needs a ferry", b"needs\\udC00ferry"), "line 5: needs-ferry: statement.en: the text holds half of a surrogate pair"),
    "no claim": (b"\n\n", None),
    "a number": (NDJSON.replace(LINES[4], b"5\n"), "line 5: [4]: expected an object, not 5"),
}  # fmt: skip


@pytest.mark.parametrize("name", ["claims.ndjson", "claims.ndjson.gz"])
@pytest.mark.parametrize("case", BAD_LINES)
def test_a_bad_line_is_named(tmp_path: Path, case: str, name: str) -> None:
    data, message = BAD_LINES[case]
    samples.write(
        tmp_path,
        samples.sample() | {"claims": gzip.compress(data) if name.endswith(".gz") else data},
        name,
    )
    ended = inside("check", tmp_path)
    errors = [line for line in ended.out.splitlines() if line.startswith("error: ")]
    assert ended.err == ""
    if case == "no claim":
        assert (ended.status, errors) == (0, [])
        return
    assert ended.status == 1
    if message:
        assert errors == [f"error: {name}: {message}"]
    faults = json.loads(inside("check", tmp_path, "--json").out)["faults"]
    assert all(fault["file"] == name and fault["line"] for fault in faults)
    refused = inside("list", "--data", tmp_path)
    assert (refused.status, refused.out) == (3, "")
    assert refused.err.startswith(f"indotrade: error: the dataset {tmp_path} is faulty: {name}: line ")
    assert (f"(and {len(faults) - 1} more)" in refused.err) == (len(faults) > 1)


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ('"needs\\u0000ferry"', "needs-ferry: statement.en: the text holds a NUL character"),
        ('"needs\\ud800ferry"', "needs-ferry: statement.en: the text holds half of a surrogate pair"),
        ('"needs\\uDFFFferry"', "needs-ferry: statement.en: the text holds half of a surrogate pair"),
    ],
)
def test_an_escape_that_is_no_text_is_a_fault_of_its_claim(
    tmp_path: Path, written: str, message: str
) -> None:
    data = ARRAY.replace(b'"The harbour needs a ferry."', written.encode())
    samples.write(tmp_path, samples.sample() | {"claims": data})
    ended = inside("check", tmp_path)
    assert (ended.status, ended.err) == (1, "")
    assert ended.out == f"error: claims.json: {message}\n9 claims, 5 sources: 1 fault, 0 warnings\n"


def test_a_whole_surrogate_pair_is_a_character(tmp_path: Path) -> None:
    data = ARRAY.replace(b"needs a ferry", b"needs a \\ud83d\\ude00")
    samples.write(tmp_path, samples.sample() | {"claims": data})
    assert inside("check", tmp_path).status == 0
    assert "\U0001f600" in inside("list", "--kind", "need", "--data", tmp_path).out


@pytest.mark.parametrize("twice", ["measures", "sectors"])
def test_a_list_that_stands_twice_in_the_vocabulary_is_a_fault(tmp_path: Path, twice: str) -> None:
    vocabulary = json.dumps(samples.sample()["vocabulary"])[:-1] + f', "{twice}": []}}'
    samples.write(tmp_path, samples.sample() | {"vocabulary": vocabulary.encode()})
    ended = inside("check", tmp_path)
    told = f'error: vocabulary.json: the key "{twice}" stands twice in one object'
    assert (ended.status, ended.out.splitlines()[0]) == (1, told)


def work(folder: Path) -> int:
    """Return how many functions are called to find and to group all faults of a dataset."""

    def found() -> None:
        reader = Reader(locate(folder), thorough=True)
        reader.head()
        reader.judged()
        grouped(reader.faults)

    return counting.calls(found)


EIGHT = {
    "kind": "fact",
    "sectors": "clove",
    "paragraph": "three",
    "said": "2021",
    "figure": {"value": 13, "unit": 7},
    "anchors": ["x"],
    "colour": "red",
}


@pytest.mark.parametrize("file", ["claims.json", "claims.ndjson"])
def test_eight_faults_in_every_record_are_found_with_little_more_work(tmp_path: Path, file: str) -> None:
    claims = making.many(400)
    clean = making.dataset(tmp_path / "clean", file=file, claims=claims)
    faulty = making.dataset(tmp_path / "faulty", file=file, claims=[claim | EIGHT for claim in claims])
    assert work(faulty) - work(clean) < 400 * 8 * 30


GZ = gzip.compress(NDJSON)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (GZ[: len(GZ) // 2], "after line "),
        (GZ[:-4], "after line 9: "),
        (GZ[:-8] + bytes(4) + GZ[-4:], "after line 9: CRC check failed"),
        (GZ + b"trailing garbage", "after line 9: "),
        (NDJSON, "after line 0: Not a gzipped file"),
    ],
    ids=["half", "without its length", "another checksum", "garbage behind", "not compressed"],
)
def test_a_damaged_gz_is_a_fault(tmp_path: Path, data: bytes, message: str) -> None:
    samples.write(tmp_path, samples.sample() | {"claims": data}, "claims.ndjson.gz")
    ended = inside("check", tmp_path)
    errors = [line for line in ended.out.splitlines() if line.startswith("error: ")]
    assert (ended.status, ended.err) == (1, "")
    assert any(line.startswith(f"error: claims.ndjson.gz: {message}") for line in errors)
    assert inside("list", "--data", tmp_path).status == 3


# --- what check prints --------------------------------------------------------------------------------

FAULTY = changed(
    {
        "claims.0.sectors": ["cloves"],
        "claims.2.paragraph": 0,
        "claims.4.said.date": "2999",
        "sources.1.basis": "printed",
        "dataset.as_of": "2024-06-31",
    }
)
EXPECTED = [
    ("claims.json", None, "crates-sent", "sectors[0]", "reference", '"cloves" is not among the sectors', "error"),
    ("claims.json", None, "weavers-count", "paragraph", "range", "0 is less than 1", "error"),
    ("dataset.json", None, None, "as_of", "date", '"2024-06-31" is not in the calendar', "error"),
    ("sources.json", None, "orchard-paper", "basis", "basis", "there is no date of which it could be said", "error"),
    ("claims.json", None, "needs-ferry", "said.date", "future", '"2999" is in the future', "warning"),
]  # fmt: skip
KEYS = ["file", "line", "record", "field", "rule", "message", "level"]


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return samples.write(tmp_path_factory.mktemp("faulty"), FAULTY)


def test_all_faults_are_printed_errors_before_warnings_then_their_number(faulty: Path) -> None:
    ended = inside("check", faulty)
    assert (ended.status, ended.err) == (1, "")
    told = [
        f"{level}: {': '.join(part for part in (file, record, field, message) if part)}"
        for file, _, record, field, _, message, level in EXPECTED
    ]
    told[0] += "; did you mean clove?"
    assert ended.out.splitlines() == [*told, "9 claims, 5 sources: 4 faults, 1 warning"]


def test_the_verdict_is_in_indonesian_where_that_is_asked_for(faulty: Path) -> None:
    ended = inside("check", faulty, "--lang", "id")
    assert ended.out.splitlines()[-1] == "9 klaim, 5 sumber: 4 kesalahan, 1 peringatan"


def test_json_has_the_faults_under_their_name(faulty: Path) -> None:
    ended = inside("check", faulty, "--json")
    answer = json.loads(ended.out)
    assert (ended.status, ended.err) == (1, "")
    assert answer["schema_version"] == 2
    assert list(answer["dataset"]) == ["name", "version", "as_of", "sha256"]
    assert answer["dataset"]["name"] == "harbour"
    assert len(answer["dataset"]["sha256"]) == 64
    assert answer["count"] == 5
    assert [list(fault) for fault in answer["faults"]] == [KEYS] * 5
    assert [tuple(fault.values()) for fault in answer["faults"]] == EXPECTED


def test_json_of_a_valid_dataset_has_an_empty_list(tmp_path: Path) -> None:
    samples.write(tmp_path, samples.sample())
    ended = inside("check", tmp_path, "--json")
    assert (ended.status, json.loads(ended.out)["faults"], json.loads(ended.out)["count"]) == (0, [], 0)


def test_each_format_has_the_same_faults(faulty: Path) -> None:
    cells = [["" if value is None else value for value in fault] for fault in EXPECTED]
    lines = inside("check", faulty, "-f", "ndjson").out.splitlines()
    assert [tuple(json.loads(line).values()) for line in lines] == EXPECTED
    assert list(csv.reader(io.StringIO(inside("check", faulty, "-f", "csv").out))) == [KEYS, *cells]
    tsv = inside("check", faulty, "-f", "tsv", "--no-header")
    assert list(csv.reader(tsv.out.splitlines(), "excel-tab")) == cells
    assert tsv.status == 1


def test_a_dataset_whose_head_cannot_be_read_has_null_for_what_is_unknown(tmp_path: Path) -> None:
    samples.write(tmp_path, samples.sample() | {"dataset": b"{"})
    ended = inside("check", tmp_path, "--json")
    named = json.loads(ended.out)["dataset"]
    assert (ended.status, named["name"], named["version"], named["as_of"]) == (1, None, None, None)


def test_warnings_alone_are_no_fault(tmp_path: Path) -> None:
    samples.write(tmp_path, changed({"claims.4.said.date": "2999"}))
    ended = inside("check", tmp_path)
    assert ended == Ended(
        0,
        'warning: claims.json: needs-ferry: said.date: "2999" is in the future\n'
        "9 claims, 5 sources: 0 faults, 1 warning\n",
        "",
    )
    assert inside("list", "--data", tmp_path).status == 0


@pytest.mark.parametrize(
    "line",
    ["list", "list --json", "sector", "sector clove", "search ferry", "show needs-ferry", "cite needs-ferry", "source", "info", "info --json"],
)  # fmt: skip
def test_no_command_answers_from_a_faulty_dataset(faulty: Path, line: str) -> None:
    ended = inside(*line.split(), "--data", faulty)
    first_error(ended, 'dataset.json: as_of: "2024-06-31" is not in the calendar', 3, faulty)


def test_control_characters_of_a_dataset_reach_no_terminal(tmp_path: Path) -> None:
    samples.write(tmp_path, changed({"claims.0.sectors": ["\x1b[2J\u202e"], "claims.1.\x1b]0;x\x07": 1}))
    for ended in (
        inside("check", tmp_path),
        inside("check", tmp_path, "-f", "csv"),
        inside("check", tmp_path, "--json"),
        inside("list", "--data", tmp_path),
    ):
        assert all(letter.isprintable() or letter == "\n" for letter in ended.out + ended.err)
    assert r"\u001b[2J\u202e" in inside("check", tmp_path).out
