"""Work that is spread over processes gives what it would give in one, whatever becomes of them."""

from __future__ import annotations

import errno
import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from making import dataset, many
from test_cache import Opened, count_as_small

from indotrade.dataset import processes, reader
from indotrade.dataset.folder import locate
from indotrade.dataset.processes import FEW, spread
from indotrade.engine import fill


@pytest.fixture(autouse=True)
def three(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Have three processors, whatever there is and however many threads the tests run in; and leave no process."""
    monkeypatch.setattr(processes, "_processors", lambda: 3)
    monkeypatch.setattr(reader, "BATCH", 7)
    monkeypatch.setattr(fill, "BATCH", 7)
    yield
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


@pytest.fixture
def large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have every dataset count as large, and none indexed yet."""
    count_as_small(monkeypatch, 0)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


HERE = os.getpid()


def square(number: int) -> tuple[int, str]:
    return number * number, "x" * 200_000  # more than a pipe holds


def killed(number: int) -> tuple[int, str]:
    """Do the work, but in one copy not: that is killed in the middle of it."""
    if number == 5 and os.getpid() != HERE:
        os.kill(os.getpid(), signal.SIGKILL)
    return square(number)


@pytest.mark.parametrize("work", [square, killed])
@pytest.mark.parametrize("count", [0, 1, FEW, FEW + 1, FEW + 2, 11])
def test_each_batch_gives_its_result_in_order(work: Callable[[int], Any], count: int) -> None:
    assert list(spread(work, lambda: range(count))) == list(map(square, range(count)))


def test_all_but_the_first_few_are_done_by_others() -> None:
    workers = list(spread(lambda _batch: os.getpid(), lambda: range(FEW + 6)))
    assert workers[:FEW] == [os.getpid()] * FEW
    assert workers[FEW:] == workers[FEW : FEW + 3] * 2
    assert len({*workers}) == 4


@pytest.mark.parametrize("broken", ["fork", "pipe"])
def test_where_no_process_can_be_had_the_work_is_done_all_the_same(
    monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    def fail(*_: object) -> Any:
        raise OSError(errno.EAGAIN, os.strerror(errno.EAGAIN))

    monkeypatch.setattr(os, broken, fail)
    assert list(spread(square, lambda: range(9))) == list(map(square, range(9)))


def test_what_the_work_raises_is_raised_here() -> None:
    found = spread(lambda number: 1 // (number - 5), lambda: range(9))
    for _ in range(5):
        next(found)
    with pytest.raises(ZeroDivisionError):
        next(found)


def test_whoever_has_enough_leaves_no_process_behind() -> None:
    found = spread(square, lambda: range(50))
    assert [next(found)[0] for _ in range(5)] == [0, 1, 4, 9, 16]
    del found


def test_the_copies_end_with_the_process_that_wants_their_work() -> None:
    program = (
        "import os, signal\n"
        "from indotrade.dataset import processes\n"
        "processes._processors = lambda: 3\n"
        "for number, _ in enumerate(processes.spread(lambda number: 'x' * 200_000, lambda: range(1000))):\n"
        "    if number == 10:\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    with subprocess.Popen([sys.executable, "-P", "-c", program], stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdout.read() == b""  # it ends once the last of them has gone
        assert process.wait() == -signal.SIGKILL


def test_the_faults_of_a_dataset_are_the_same_by_one_process_and_by_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(3)
    claims = many(60)
    for claim in claims:
        fault = chance.randrange(6)
        if fault == 0:
            claim["source"] = "nowhere"
        elif fault == 1:
            claim["id"] = "claim-00003"
        elif fault == 2:
            claim["paragraph"] = "two"
        elif fault == 3:
            claim["kind"] = "rumour"
    folder = dataset(tmp_path / "data", claims=claims)
    with open(folder / "claims.ndjson", "a") as file:
        file.write("{]\n")

    def told() -> tuple[int, list[str], str]:
        read = reader.Reader(locate(folder), thorough=True)
        read.head()
        return read.judged(), [str(fault.told) for fault in read.faults], read.sha256()

    many_processes = told()
    monkeypatch.setattr(processes, "_processors", lambda: 1)
    assert told() == many_processes
    read = reader.Reader(locate(folder), thorough=True)
    read.head()
    assert sum(1 for _ in read.claims()) == many_processes[0]
    assert sorted(str(fault.told) for fault in read.faults) == sorted(many_processes[1])
    assert len(many_processes[1]) > 20


@pytest.mark.usefixtures("large")
@pytest.mark.parametrize("name", ["claims.ndjson", "claims.ndjson.gz", "claims.json"])
def test_an_index_is_the_same_by_one_process_and_by_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    folder = dataset(tmp_path / "data", 60, name)
    built = Opened(folder)
    assert built.index
    rows = dump(built)
    built.index.unlink()
    monkeypatch.setattr(processes, "_processors", lambda: 1)
    assert dump(Opened(folder)) == rows


def dump(opened: Opened) -> dict[str, list[tuple[Any, ...]]]:
    """Return the rows of an index, but for when it was built."""
    ask = opened.engine.connection.execute
    tables = ask("SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'trigram'").fetchall()
    rows = {table: ask(f"SELECT * FROM {table}").fetchall() for (table,) in tables}  # noqa: S608 - of our own schema
    return rows | {"meta": [row for row in rows["meta"] if row[0] != "built"]}
