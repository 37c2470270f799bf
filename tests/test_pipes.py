"""What scripts rely on: pipes, full disks, closed descriptors, signals, encodings; over made-up data."""

from __future__ import annotations

import contextlib
import csv
import fcntl
import io
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import astuple
from functools import cache, partial
from pathlib import Path
from typing import Any

import detailed
import making
import pytest
from conftest import ROOT, Ended, ended
from forked import ended_on
from inside import inside
from terminal import INDOTRADE, in_terminal, needs, plain
from typer.testing import CliRunner

from indotrade import stream
from indotrade.cli.app import app
from indotrade.errors import NotDelivered

ANSWERS: tuple[list[str], ...] = (
    ["sector", "clove"],
    ["list", "-f", "json"],
    ["list", "-f", "csv"],
    ["show", "crates-sent"],
    ["cite", "harbour-news", "-f", "bibtex"],
    ["info"],
    ["check"],
    ["list", "--fields", "help"],
    [],
    ["--help"],
    ["list", "--help"],
    ["--version"],
    ["--show-completion"],
)
FULL = Path("/dev/full")
full = pytest.mark.skipif(not FULL.exists(), reason="there is no /dev/full here")


Ask = Callable[..., Ended]


@pytest.fixture(scope="module")
def ask(detailed_data: Path) -> Ask:
    """Run a command line within this process: `ask("list", "-n", "1", LANG="id")`."""
    return partial(inside, INDOTRADE_DATA=str(detailed_data))


@pytest.fixture(scope="module")
def usual(ask: Ask) -> Ask:
    """Return what a command line leaves behind in the usual environment, run once for all that compare with it."""
    return cache(ask)


def shell(command: str, environment: Mapping[str, str], *arguments: str) -> Ended:
    """Return what a bash command leaves behind, in which `"$@"` is `indotrade` with arguments."""
    done = subprocess.run(
        [needs("bash"), "-c", command, "bash", *INDOTRADE, *arguments],
        capture_output=True,
        env={**environment, "SHELL": "/bin/bash"},
        cwd=ROOT,
        timeout=60,
        check=False,
    )
    return Ended(done.returncode, done.stdout.decode(), done.stderr.decode())


# --- delivery ---------------------------------------------------------------------------------------------


UNWRITABLE = [
    pytest.param("/dev/full", "No space left on device", marks=full, id="full"),
    pytest.param(None, "Bad file descriptor", id="closed"),
]


@pytest.mark.parametrize(("output", "why"), UNWRITABLE)
@pytest.mark.parametrize("arguments", ANSWERS, ids=lambda words: " ".join(words) or "alone")
def test_output_that_cannot_be_written_ends_with_4_and_a_sentence(
    arguments: list[str], output: str | None, why: str, made_up: dict[str, str]
) -> None:
    if arguments == ["--show-completion"]:  # which looks for the shell that it was called from
        done = shell(f'"$@" {f"> {output}" if output else ">&-"}; exit $?', made_up, *arguments)
    else:
        done = ended_on(tuple(arguments), made_up | {"SHELL": "/bin/bash"}, {1: output})
    assert done == Ended(4, "", f"indotrade: error: cannot write the output: {why}\n")


@pytest.mark.parametrize(("output", "why"), UNWRITABLE)
def test_a_process_of_its_own_ends_so_too(output: str | None, why: str, made_up: dict[str, str]) -> None:
    to = f"> {output}" if output else ">&-"
    for arguments in (["list", "-f", "csv"], ["--help"]):
        done = shell(f'"$@" {to}', made_up, *arguments)
        assert done == Ended(4, "", f"indotrade: error: cannot write the output: {why}\n")


@full
def test_full_disk_is_told_in_indonesian(made_up: dict[str, str]) -> None:
    done = ended_on(("sector", "clove"), made_up | {"LANG": "id_ID.UTF-8"}, {1: "/dev/full"})
    assert done.err == "indotrade: error: keluaran tidak dapat ditulis: tidak ada ruang tersisa\n"


def test_closed_standard_error_takes_nothing_from_the_answer(ask: Ask, made_up: dict[str, str]) -> None:
    whole = ask("show", "crates-sent", "nope")
    done = shell('"$@" 2>&-', made_up, "show", "crates-sent", "nope")
    assert whole.err
    assert (done.status, done.out, done.err) == (1, whole.out, "")


@full
def test_full_disk_behind_standard_error_changes_no_status(made_up: dict[str, str]) -> None:
    done = ended_on(("show", "nope"), made_up, {2: "/dev/full"})
    assert (done.status, done.out, done.err) == (1, "", "")


def test_all_descriptors_closed_harm_neither_dataset_nor_index(
    tmp_path: Path, large_data: Path, made_up: dict[str, str]
) -> None:
    before = {path.name: path.read_bytes() for path in large_data.iterdir()}
    environment = made_up | {"XDG_CACHE_HOME": str(tmp_path / "cache")}
    arguments = ("list", "--sector", "clove", "-f", "csv", "--data", str(large_data))
    for _ in range(2):
        done = shell('"$@" <&- >&- 2>&-', environment, *arguments)
        assert (done.status, done.out, done.err) == (4, "", "")
    assert {path.name: path.read_bytes() for path in large_data.iterdir()} == before
    after = shell('"$@"', environment, *arguments)
    assert (after.status, after.err) == (0, "")
    assert len(after.out.splitlines()) == 1 + 1667


@pytest.fixture(scope="module")
def long_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a dataset whose answers are longer than a pipe holds."""
    return making.dataset(tmp_path_factory.mktemp("long"), 1000)


@pytest.mark.parametrize("format", ["table", "json", "ndjson", "csv", "tsv", "markdown", "html"])
def test_head_ends_a_long_answer_in_silence(format: str, long_data: Path, made_up: dict[str, str]) -> None:
    environment = made_up | {"INDOTRADE_DATA": str(long_data)}
    done = shell('"$@" | head -1; echo "${PIPESTATUS[0]}" >&2', environment, "list", "-f", format)
    assert len(done.out.splitlines()) == 1
    assert done.err == "141\n"


def test_reader_that_is_gone_kills_by_sigpipe(made_up: dict[str, str]) -> None:
    ours, theirs = os.pipe()
    os.close(ours)
    done = subprocess.run([*INDOTRADE, "list"], stdout=theirs, stderr=subprocess.PIPE, env=made_up, cwd=ROOT, check=False)  # fmt: skip
    os.close(theirs)
    assert (done.returncode, done.stderr) == (-signal.SIGPIPE, b"")


def test_pipe_that_does_not_block_loses_nothing(ask: Ask, made_up: dict[str, str]) -> None:
    ours, theirs = os.pipe()
    fcntl.fcntl(theirs, fcntl.F_SETFL, os.O_NONBLOCK)
    with contextlib.suppress(OSError, AttributeError):
        fcntl.fcntl(theirs, 1031, 4096)  # F_SETPIPE_SZ
    process = subprocess.Popen([*INDOTRADE, "list", "-f", "json"], stdout=theirs, env=made_up, cwd=ROOT)
    os.close(theirs)
    time.sleep(0.5)
    with open(ours, "rb") as pipe:
        written = pipe.read().decode()
    assert process.wait() == 0
    assert written == ask("list", "-f", "json").out
    assert len(written) > 3 * 4096


def test_standard_input_is_left_alone(made_up: dict[str, str]) -> None:
    done = shell("while read -r line; do \"$@\" | wc -l; done <<< $'1\\n2\\n3'", made_up, "sector", "clove")
    assert (done.status, len(done.out.split())) == (0, 3)


def test_standard_input_is_read_for_a_dash_alone(made_up: dict[str, str]) -> None:
    listed = ended(("list", "--fields", "id", "-f", "tsv", "--no-header"), made_up, stdin="nope\n")
    assert (listed.status, listed.err) == (0, "")
    done = ended(("show", "-", "-f", "ndjson"), made_up, stdin="id\n\n crates-sent \r\nwages-paid")
    assert (done.status, done.err) == (0, "")
    assert [json.loads(line)["id"] for line in done.out.splitlines()] == ["crates-sent", "wages-paid"]


def test_closed_standard_input_is_said_for_a_dash(made_up: dict[str, str]) -> None:
    done = shell('"$@" <&-', made_up, "show", "-")
    assert (done.status, done.out) == (3, "")
    assert done.err == "indotrade: error: cannot read standard input: Bad file descriptor\n"
    assert ended_on(("sector", "clove"), made_up, {0: None}).status == 0


def test_standard_input_that_does_not_block_is_read_to_its_end(made_up: dict[str, str]) -> None:
    ours, theirs = os.pipe()
    fcntl.fcntl(ours, fcntl.F_SETFL, os.O_NONBLOCK)
    process = subprocess.Popen([*INDOTRADE, "show", "-", "-f", "ndjson"], stdin=ours, stdout=subprocess.PIPE, env=made_up, cwd=ROOT)  # fmt: skip
    os.close(ours)
    for part in (b"crates-sent\n", b"wages-paid\n"):
        time.sleep(0.4)
        os.write(theirs, part)
    os.close(theirs)
    out, _ = process.communicate(timeout=30)
    assert (process.returncode, out.count(b"\n")) == (0, 2)


# --- signals ----------------------------------------------------------------------------------------------


def imported(process: subprocess.Popen[bytes], name: str) -> None:
    """Wait until a process has loaded a library whose path holds `name`: then it is past the interpreter's start."""
    while process.poll() is None and name not in Path(f"/proc/{process.pid}/maps").read_text():
        time.sleep(0.001)


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="there is no /proc here")
@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGINT, -2), (signal.SIGTERM, -15)], ids=["SIGINT", "SIGTERM"]
)
def test_signal_ends_it_at_any_moment_in_silence(
    number: int, status: int, tmp_path: Path, large_data: Path, made_up: dict[str, str]
) -> None:
    drawn = random.Random(number)
    killed = 0
    for attempt in range(5):  # each builds the index anew, which takes longer than most of the waits
        environment = made_up | {"XDG_CACHE_HOME": str(tmp_path / f"cache-{attempt}")}
        process = subprocess.Popen(
            [*INDOTRADE, "search", "kapal", "-f", "csv", "--data", str(large_data)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, cwd=ROOT,
        )  # fmt: skip
        imported(process, "msgspec")
        time.sleep(drawn.random() * 0.3)
        process.send_signal(number)
        sent = time.monotonic()
        _, err = process.communicate(timeout=30)
        assert err == b""
        assert process.returncode in (0, status)
        assert time.monotonic() - sent < 2
        killed += process.returncode == status
    assert killed
    done = shell('"$@"', environment, "search", "kapal", "-f", "csv", "--data", str(large_data))
    assert (done.status, done.err) == (0, "")
    assert len(done.out.splitlines()) == 1 + 5_000


def test_signal_during_the_imports_ends_it_in_silence(tmp_path: Path, made_up: dict[str, str]) -> None:
    slow = tmp_path / "msgspec.py"  # in front of the real one: the import never ends
    slow.write_text("import sys, time\nsys.stdout.write('here')\nsys.stdout.flush()\ntime.sleep(60)\n")
    environment = made_up | {"PYTHONPATH": str(tmp_path)}
    process = subprocess.Popen(
        [*INDOTRADE, "info"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, cwd=ROOT
    )
    assert process.stdout
    assert process.stdout.read(4) == b"here"
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=10)
    assert (process.returncode, err) == (-signal.SIGINT, b"")


def test_signal_that_the_caller_ignores_stays_ignored(made_up: dict[str, str]) -> None:
    done = shell(
        "trap '' INT; \"$@\" & pid=$!; sleep 0.03; kill -INT $pid; wait $pid",
        made_up,
        "sector",
        "clove",
    )
    assert (done.status, done.err) == (0, "")


# --- form -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "odd",
    [{"GITHUB_ACTIONS": "true"}, {"TERM": "dumb"}, {"TERM": ""}, {"COLUMNS": "20"}, {"COLUMNS": "0"}, {"COLUMNS": "x"},
     {"NO_COLOR": "1", "FORCE_COLOR": "1"}, {"PAGER": "false"}, {"LANG": "C"}, {"LC_ALL": "POSIX"}, {"CI": "1"},
     {"TTY_COMPATIBLE": "1"}, {"TTY_INTERACTIVE": "1"}],
    ids=str,
)  # fmt: skip
def test_environment_leaves_what_a_pipe_gets_alone(ask: Ask, usual: Ask, odd: dict[str, str]) -> None:
    for arguments in (
        ["sector", "clove"],
        ["show", "only-clove-port"],
        ["--help"],
        ["list", "--help"],
        ["list", "-f", "csv"],
    ):
        if "--help" in arguments and "COLUMNS" in odd:
            continue
        done = ask(*arguments, **odd)
        assert done == usual(*arguments)
        assert "\x1b" not in done.out


def test_environment_of_a_process_leaves_what_a_pipe_gets_alone(ask: Ask, made_up: dict[str, str]) -> None:
    odd = {
        "PYTHONIOENCODING": "utf-8",
        "GITHUB_ACTIONS": "true",
        "TERM": "dumb",
        "COLUMNS": "20",
        "LC_ALL": "POSIX",
    }
    assert ended(("list",), made_up | odd) == ask("list")


@pytest.mark.parametrize(
    ("more", "arguments"),
    [({"FORCE_COLOR": "1"}, []), ({}, ["--color", "always"])],
    ids=["FORCE_COLOR", "--color"],
)
def test_forced_colour_colours_a_table_and_changes_no_word(
    ask: Ask, more: dict[str, str], arguments: list[str]
) -> None:
    done = ask("country", "jepang", *arguments, **more)
    assert "\x1b[1m" in done.out
    assert "\x1b]8" not in done.out
    assert plain(done.out) == ask("country", "jepang").out
    for format in ("json", "ndjson", "csv", "tsv", "markdown", "html"):
        coloured = ask("country", "jepang", "-f", format, *arguments, **more)
        if arguments:
            assert (coloured.status, coloured.out) == (2, "")
        else:
            assert coloured == ask("country", "jepang", "-f", format)


def test_pipe_has_a_line_for_each_claim_and_cuts_nothing(ask: Ask) -> None:
    lines = ask("list").out.split("\n")
    cells = list(csv.DictReader(io.StringIO(ask("list", "-f", "csv").out)))
    assert len(cells) == len(detailed.records()["claims"])
    rows = lines[2 : lines.index("")]
    assert len(rows) == len(cells)
    for row, cell in zip(rows, cells, strict=True):
        assert row.startswith(f"{cell['id']} ")
        assert cell["statement"] in row
    for url in {cell["url"] for cell in cells}:
        assert url in "\n".join(lines)


# --- encodings --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "cp437", "shift_jis", "utf-16-le"])
@pytest.mark.parametrize(
    "arguments",
    [["country", "jepang"], ["show", "crates-sent"], ["source"], ["list", "-f", "csv"], ["--help"],
     ["list", "-f", "markdown"], ["cite", "customs-table", "-f", "bibtex"], ["program"], []],
    ids=lambda words: " ".join(words) or "alone",
)  # fmt: skip
def test_output_in_another_encoding_loses_nothing(
    ask: Ask, usual: Ask, arguments: list[str], encoding: str
) -> None:
    status, text, err = astuple(ask(*arguments, encoding=encoding))
    whole = usual(*arguments).out
    assert (status, err) == (0, "")
    assert "?" * 3 not in text
    assert "─" not in text or encoding in ("cp437", "shift_jis", "utf-16-le")
    ours = {"─": "-", "█": "#", "▏": "|", "¶": "par. ", "–": "-", "—": "-", "’": "'", "‘": "'", "“": '"', "”": '"',
            "…": "...", "→": "->", "•": "*", "·": "-", "¥": "JPY "}  # fmt: skip
    expected = ""
    for letter in whole:
        try:
            letter.encode(encoding)
            expected += letter
        except UnicodeEncodeError:
            expected += ours.get(letter, letter.encode("ascii", "backslashreplace").decode())
    assert text == expected


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
@pytest.mark.parametrize(
    "arguments",
    [["list", "-f", "json"], ["list", "-f", "ndjson"], ["cite", "customs-table", "-f", "csl-json"], ["source", "--json"],
     ["sector", "-f", "ndjson"], ["info", "--json"], ["check", "--json"]],
    ids=" ".join,
)  # fmt: skip
def test_json_in_another_encoding_has_the_same_value_in_ascii(
    ask: Ask, usual: Ask, arguments: list[str], encoding: str
) -> None:
    status, out, err = astuple(ask(*arguments, encoding=encoding))
    assert (status, err) == (0, "")
    assert out.isascii()
    whole = usual(*arguments).out
    one_a_line = "ndjson" in arguments
    assert [json.loads(line) for line in (out.split("\n")[:-1] if one_a_line else [out])] == [
        json.loads(line) for line in (whole.split("\n")[:-1] if one_a_line else [whole])
    ]


def test_message_in_another_encoding_is_readable(ask: Ask) -> None:
    done = ask("sector", "日本é", encoding="ascii")
    assert (done.status, done.out) == (1, "")
    assert r'"\u65e5\u672c\xe9"' in done.err


@pytest.mark.parametrize("arguments", [("show", "crates-sent"), ("list", "-f", "json"), ("sector", "日本é")])
def test_encoding_of_a_process_is_that_of_its_variable(
    ask: Ask, made_up: dict[str, str], arguments: tuple[str, ...]
) -> None:
    assert ended(arguments, made_up | {"PYTHONIOENCODING": "ascii"}) == ask(*arguments, encoding="ascii")


@pytest.mark.parametrize("arguments", [["list", "-f", "csv"], ["list", "-f", "json"], ["sector", "-f", "tsv"], ["check", "--json"],
                                       ["cite", "harbour-news", "-f", "ris"], ["list", "-f", "ndjson"]], ids=" ".join)  # fmt: skip
def test_indonesian_locale_changes_no_machine_format(ask: Ask, arguments: list[str]) -> None:
    assert ask(*arguments, LANG="id_ID.UTF-8") == ask(*arguments)


def test_indonesian_locale_changes_tables_and_messages(ask: Ask) -> None:
    table = ask("sector", "clove", LANG="id_ID.UTF-8")
    assert (table.status, table.err) == (0, "")
    assert "Klaim" in table.out
    assert "Pembicara, tanggal" in table.out
    for arguments, told in (
        (["sector", "clve"], 'tidak ada sektor bernama "clve"; maksud Anda clove?'),
        (["list", "--sicne", "2022"], "tidak ada opsi --sicne"),
        (["lst"], "tidak ada perintah 'lst'; maksud Anda list?"),
        (["show"], "argumen 'ID...|-' belum diberikan"),
        (["list", "-n", "x"], "--limit harus bilangan bulat, bukan x"),
        (["list", "--data", "/nonexistent/x"], "dataset /nonexistent/x tidak dapat dibaca"),
        (["list", "--sector"], "opsi --sector memerlukan nilai"),
    ):
        done = ask(*arguments, LANG="id_ID.UTF-8")
        assert done.out == ""
        assert told in done.err, done.err
        assert "petunjuk: " in done.err or "/nonexistent" in done.err


# --- within a process -------------------------------------------------------------------------------------


def test_runner_of_typer_sees_answer_and_status(detailed_data: Path) -> None:
    runner = CliRunner(env={"INDOTRADE_DATA": str(detailed_data)})
    found = runner.invoke(app, ["sector", "clove"], catch_exceptions=False)
    assert found.exit_code == 0
    assert "crates-sent" in found.stdout
    missing = runner.invoke(app, ["sector", "clve"], catch_exceptions=False)
    assert (missing.exit_code, missing.stdout) == (1, "")
    assert "did you mean clove?" in missing.stderr
    given = runner.invoke(app, ["show", "-", "-f", "ndjson"], input="crates-sent\n", catch_exceptions=False)
    assert json.loads(given.stdout)["id"] == "crates-sent"


def test_answer_goes_to_whatever_stands_in_for_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    stream.deliver(["kopi コーヒー\n"])
    assert capsys.readouterr() == ("kopi コーヒー\n", "")
    text = io.StringIO()
    with contextlib.redirect_stdout(text):
        stream.deliver(["kopi ", "コーヒー\n"])
    assert text.getvalue() == "kopi コーヒー\n"


@pytest.mark.parametrize("output", [None, "closed"])
def test_standard_output_that_is_gone_within_a_process_is_told(
    monkeypatch: pytest.MonkeyPatch, output: Any
) -> None:
    if output == "closed":
        output = io.TextIOWrapper(io.BytesIO())
        output.close()
    monkeypatch.setattr(sys, "stdout", output)
    with pytest.raises(NotDelivered) as raised:
        stream.deliver(["kopi\n"])
    assert "cannot write the output" in str(raised.value)


def test_progress_is_a_line_that_is_gone_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    written = io.StringIO()
    monkeypatch.setattr(sys, "stderr", written)
    progress = stream.Progress("indexing")
    progress(0, 10)
    progress(10, 10)
    assert written.getvalue() == f"\rindexing [{' ' * 30}]   0%\r\x1b[K"


def test_building_an_index_shows_progress_on_a_terminal_only(
    tmp_path: Path, large_data: Path, made_up: dict[str, str]
) -> None:
    arguments = ("list", "-n", "1", "--no-pager", "--data", str(large_data))
    environment = made_up | {"XDG_CACHE_HOME": str(tmp_path / "a")}
    shown = in_terminal(*arguments, environment=environment)
    assert shown.status == 0
    assert "indexing [" in shown.out
    assert "\x1b[?25l" not in shown.out
    again = in_terminal(*arguments, environment=environment)
    assert "indexing" not in again.out
    silent = shell('"$@"', made_up | {"XDG_CACHE_HOME": str(tmp_path / "b")}, *arguments)
    assert (silent.status, silent.err) == (0, "")
