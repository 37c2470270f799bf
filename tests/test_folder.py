"""The files of a dataset as the system gives them: while they are written to, in little memory, and where it refuses."""

from __future__ import annotations

import gzip
import json
import os
import resource
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any
from unittest import mock

import counting
import pytest
import samples
from inside import inside

from indotrade.dataset import folder as files
from indotrade.dataset import reader
from indotrade.engine.open import open_engine
from indotrade.engine.protocol import Wanted
from indotrade.errors import Refused


def version(number: int) -> dict[str, Any]:
    """Return a dataset whose files say alike of which version they are, and are of one size in each."""
    records = samples.sample()
    records["dataset"]["version"] = f"0.{number}.0"
    for source in records["sources"]:
        source["publisher"]["name"] = f"Publisher {number}"
    for sector in records["vocabulary"]["sectors"]:
        sector["about"] = samples.text(f"Of version {number}.")
    for claim in records["claims"]:
        claim["note"] = samples.text(f"Of version {number}.")
    return records


def replaced(folder: Path, number: int) -> None:
    """Put another version of a dataset in place of the one that is there, file by file, each at once."""
    new = samples.write(folder.with_name("new"), version(number))
    for path in new.iterdir():
        path.replace(folder / path.name)


def whole(folder: Path) -> int:
    """Return the version of which an answer is; fail where it is of several."""
    engine = open_engine(str(folder))
    claims = [json.loads(record) for record in engine.find(Wanted()).records()]
    told = {engine.dataset.version[2]}
    told |= {claim["note"]["en"][-2] for claim in claims}
    told |= {sector.about["en"][-2] for sector in engine.entries("sectors") if sector.about}
    told |= {
        json.loads(engine.source_record(name) or "")["publisher"]["name"][-1] for name in engine.source_ids()
    }
    (number,) = told
    return int(number)


@pytest.mark.parametrize("file", ["dataset.json", "vocabulary.json", "sources.json", "claims.json"])
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_an_answer_is_of_one_version_though_the_files_are_replaced_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str, after: bool
) -> None:
    folder = samples.write(tmp_path / "data", version(1))
    waiting = [partial(replaced, folder, 2)]
    meanwhile(monkeypatch, file, lambda: waiting.pop()() if waiting else None, after=after)
    assert whole(folder) == 2


def meanwhile(monkeypatch: pytest.MonkeyPatch, file: str, do: Callable[[], object], *, after: bool) -> None:
    """Let something happen before or after a file is read."""
    real = files.read

    def read(path: Path, *limit: int) -> bytes:
        if path.name == file and not after:
            do()
        data = real(path, *limit)
        if path.name == file and after:
            do()
        return data

    monkeypatch.setattr(files, "read", read)


def test_a_dataset_that_is_never_at_rest_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = samples.write(tmp_path / "data", version(1))
    meanwhile(monkeypatch, "sources.json", lambda: replaced(folder, 2), after=True)
    with pytest.raises(Refused, match="it changed while it was read"):
        open_engine(str(folder))


def test_a_fault_that_comes_of_two_versions_is_not_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = samples.changed({"sources.0.id": "harbour-times"})
    other["claims"] = [
        claim | {"source": claim["source"].replace("news", "times")} for claim in other["claims"]
    ]
    folder = samples.write(tmp_path / "data", samples.sample())
    waiting = [partial(samples.write, folder, other)]
    meanwhile(monkeypatch, "sources.json", lambda: waiting.pop()() if waiting else None, after=True)
    assert open_engine(str(folder)).source_ids()[0] == "harbour-times"


@pytest.mark.parametrize("name", ["claims.json", "claims.ndjson", "claims.ndjson.gz"])
def test_a_file_that_changes_while_it_is_read_is_a_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    folder = samples.write(tmp_path / "data", samples.sample(), name)
    times = count()
    monkeypatch.setattr(files, "stamp", lambda file: (os.stat(file).st_size, 0, next(times), 0))
    done = inside("check", folder)
    assert done.status == 1
    assert f"{name}: " in done.out
    assert "changed while it was read" in done.out.partition("claims.")[2].partition("\n")[0]


def with_little_memory(folder: Path, *arguments: str) -> tuple[int, str, str]:
    """Return what a command leaves behind that may have 500 MiB."""
    done = subprocess.run(
        [sys.executable, "-m", "indotrade", *arguments],
        env={"PATH": os.environ["PATH"], "INDOTRADE_DATA": str(folder)},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (500 << 20, 500 << 20)),
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def test_a_file_is_read_with_room_for_what_it_has(tmp_path: Path) -> None:
    folder = samples.write(tmp_path / "data", samples.sample())
    for arguments in (["sector", "clove"], ["check"]):
        status, _, err = with_little_memory(folder, *arguments)
        assert (status, err) == (0, "")


def test_a_file_that_is_larger_than_the_memory_is_told(tmp_path: Path) -> None:
    folder = samples.write(tmp_path / "data", samples.sample())
    os.truncate(folder / "sources.json", 600 << 20)
    status, out, err = with_little_memory(folder, "check")
    assert (status, err) == (1, "")
    assert f"cannot read {folder}/sources.json: Cannot allocate memory" in out


def test_an_answer_for_which_there_is_no_memory_is_refused_and_no_bug(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = samples.write(tmp_path / "data", samples.sample())
    monkeypatch.setattr("indotrade.engine.fill.fill", mock.Mock(side_effect=MemoryError))
    done = inside("list", "--data", folder)
    told = "indotrade: error: there is not enough memory to answer from this dataset\n"
    assert (done.status, done.out, done.err) == (3, "", told)


@pytest.mark.parametrize("size", [0, 1 << 30], ids=["indexed", "read"])
@pytest.mark.parametrize(
    "what", [b"\n" * 1000, b" " * 999 + b"\n", b" " * 1000], ids=["blank", "spaces", "one line"]
)
def test_a_file_that_unpacks_to_many_times_its_size_is_refused_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: bytes, size: int
) -> None:
    monkeypatch.setattr("indotrade.engine.folder.SMALL_COMPRESSED", size)
    bomb = gzip.compress(what * 30_000, 9)
    folder = samples.write(tmp_path / "data", samples.sample() | {"claims": bomb}, "claims.ndjson.gz")
    done = inside("list", "--data", folder, XDG_CACHE_HOME=str(tmp_path))
    assert (done.status, done.out) == (3, "")
    limit = f"unpacks to more than {max(4 << 20, 100 * len(bomb)):,} bytes"
    assert (limit if b"\n" in what else "is longer than 16,777,216 bytes") in done.err


def test_no_more_of_a_line_is_read_than_one_may_have(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indotrade.dataset.lines.LONGEST", 1000)
    bomb = gzip.compress(b" " * (1 << 24), 1)
    folder = samples.write(tmp_path / "data", samples.sample() | {"claims": bomb}, "claims.ndjson.gz")
    samples.faults(folder)  # all is imported now
    tracemalloc.start()
    try:
        found = samples.faults(folder)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert "error: claims.ndjson.gz: line 1 is longer than 1,000 bytes" in found
    assert most < 1 << 22


def test_a_compressed_file_may_not_unpack_to_more_than_8_gigabytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = samples.write(tmp_path / "data", samples.sample(), "claims.ndjson.gz")
    assert samples.faults(folder) == []
    monkeypatch.setattr("indotrade.dataset.lines.MOST_UNPACKED", 1000)
    (fault,) = [fault for fault in samples.faults(folder) if fault.startswith("error")]
    assert "it unpacks to more than 1,000 bytes" in fault


@pytest.mark.parametrize("name", ["claims.json", "claims.ndjson", "claims.ndjson.gz"])
def test_after_very_many_faults_the_rest_is_not_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(reader, "MOST_FAULTS", 40)
    monkeypatch.setattr(reader, "BATCH", 10)
    wrong = {"claims": [{"id": f"wrong-{number}"} for number in range(1000)]}
    folder = samples.write(tmp_path / "data", samples.sample() | wrong, name)
    found = samples.faults(folder)
    assert 40 < len(found) < 100
    assert [fault for fault in found if "the rest" in fault] == [
        f"error: {name}: after 40 faults the rest was not looked at"
    ]
    assert "after 40 faults the rest was not looked at" in inside("check", folder).out
    done = inside("list", "--data", folder)
    assert (done.status, done.out) == (3, "")
    assert "wrong-0: statement: missing field (and " in done.err


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b" \n"])
@pytest.mark.parametrize("name", ["claims.ndjson", "claims.ndjson.gz"])
def test_millions_of_blank_lines_count_and_take_no_time(tmp_path: Path, name: str, end: bytes) -> None:
    folder = samples.write(tmp_path, samples.sample(), "claims.ndjson")
    first, second, *rest = (folder / "claims.ndjson").read_bytes().splitlines(keepends=True)
    wrong = second.replace(b"2024-05-02", b"2024-13-02")
    (folder / "claims.ndjson").unlink()
    data = b"".join([first, end * 1_000_001, wrong, end * 5000, *rest])
    (folder / name).write_bytes(gzip.compress(data) if name.endswith("gz") else data)
    began = time.process_time()
    (fault,) = samples.faults(folder)
    assert f"{name}: line 1000003: only-clove-port: said.date" in fault
    assert time.process_time() - began < 0.5


@pytest.mark.parametrize("name", ["claims.ndjson", "claims.ndjson.gz"])
def test_blank_lines_are_passed_over_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    folder = samples.write(tmp_path, samples.sample(), name)
    blank = b" \n" * 50_000
    with open(folder / name, "ab") as file:
        file.write(gzip.compress(blank) if name.endswith("gz") else blank)
    taken = []
    for most in (1 << 40, 1000):
        monkeypatch.setattr("indotrade.dataset.lines.MANY_BLANK", most)
        taken.append(counting.calls(lambda: samples.faults(folder)))
    assert samples.faults(folder) == []
    assert taken[1] < taken[0] / 10


@pytest.mark.parametrize("file", ["dataset.json", "claims.ndjson"])
def test_a_file_of_the_system_that_waits_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str
) -> None:
    """Stand a pipe in for /proc/kmsg: regular by its kind, and nothing to read as long as nothing is written."""
    folder = samples.write(tmp_path / "data", samples.sample(), "claims.ndjson")
    (folder / file).unlink()
    os.mkfifo(folder / file)
    writer = os.open(folder / file, os.O_RDWR)
    monkeypatch.setattr("stat.S_ISREG", lambda _mode: True)
    try:
        done = inside("list", "--data", folder)
    finally:
        os.close(writer)
    assert (done.status, done.out) == (3, "")
    assert "Resource temporarily unavailable" in done.err


@pytest.mark.skipif(
    os.geteuid() != 0 or not os.path.exists("/proc/kmsg"), reason="only root may open /proc/kmsg"
)
def test_claims_that_are_the_log_of_the_kernel_are_refused(tmp_path: Path) -> None:
    folder = samples.write(tmp_path / "data", samples.sample() | {"claims": None})
    (folder / "claims.json").symlink_to("/proc/kmsg")
    done = inside("list", "--data", folder)
    assert (done.status, done.out, done.err.count("\n")) == (3, "", 2)
