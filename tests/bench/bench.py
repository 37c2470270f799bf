"""Measures how each cost grows with the number of claims, and prints the tables of README.md.

`bench.py --sizes 10000 100000 1000000 --folder DIR` makes the datasets in DIR if they are not there yet; in
the end it keeps them, so that a second run is quick. It compares with sqlite-utils and jq where they are.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import platform
import shlex
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from make import make

INDEXED = ("kind", "status", "source", "speaker", "sectors", "countries", "programs")
MOST_RUNS = 20
LONG = 2
"""What takes more seconds is run once."""
LOOKED_EVERY = 1.0
"""After so many seconds it is looked how much memory processes have."""
SETTLED = 60
"""After so many seconds without a change the stamps of files are believed: before, each look-up reads all that they hold."""


class Cost(NamedTuple):
    """What a command took."""

    seconds: float
    megabytes: float


class LookUp(NamedTuple):
    """The same question to a made dataset and to the bundled one, with an answer of equal size."""

    name: str
    made: list[str]
    bundled: list[str]
    bar: float
    """How many times as long as on the bundled data it may take."""
    jq: str
    """The same for jq; "" for what it cannot answer."""


FIVE = ["-n", "5", "--json"]
ARTICLE = "article.txt"
"""The name of a text in which no claim stands."""
LOOK_UPS = [
    LookUp(
        "sector",
        ["sector", "sector-399", *FIVE],
        ["sector", "automotive", *FIVE],
        1.3,
        'select(.sectors | index("sector-399"))',
    ),
    LookUp(
        "country",
        ["country", "country-239", *FIVE],
        ["country", "fukuoka", *FIVE],
        1.3,
        'select(.countries | index("country-239"))',
    ),
    LookUp(
        "program",
        ["program", "program-4999", *FIVE],
        ["program", "agro-business-matching-2018", *FIVE],
        1.3,
        'select(.programs | index("program-4999"))',
    ),
    LookUp(
        "id",
        ["show", "claim-77", "--json"],
        ["show", "diaspora-over-70-thousand", "--json"],
        1.3,
        'select(.id == "claim-77")',
    ),
    LookUp(
        "two filters, few claims",
        ["list", "--sector", "sector-399", "--country", "country-239", *FIVE],
        ["list", "--sector", "automotive", "--country", "japan", *FIVE],
        1.3,
        'select((.sectors | index("sector-399")) and (.countries | index("country-239")))',
    ),
    LookUp(
        "two filters, the most frequent",
        ["list", "--sector", "sector-0", "--country", "country-0", *FIVE],
        ["list", "--sector", "food", "--country", "japan", *FIVE],
        1.3,
        'select((.sectors | index("sector-0")) and (.countries | index("country-0")))',
    ),
    LookUp(
        "search, three letters",
        ["search", "fee", *FIVE],
        ["search", "the", *FIVE],
        3,
        'select(.statement.en + .statement.id | test("fee"; "i"))',
    ),
    LookUp(
        "search, three letters, in names too",
        ["search", "the", *FIVE],
        ["search", "the", *FIVE],
        3,
        'select(.statement.en + .statement.id | test("the"; "i"))',
    ),
    LookUp(
        "search, two words",
        ["search", "ship", "food", *FIVE],
        ["search", "indonesian", "food", *FIVE],
        3,
        'select(.statement.en + .statement.id | test("ship"; "i") and test("food"; "i"))',
    ),
    LookUp(
        "search, two kanji",
        ["search", "輸出", *FIVE],
        ["search", "日本", *FIVE],
        5,
        'select(.statement.en + .statement.id | contains("輸出"))',
    ),
    LookUp("verify, an article of 400 words", ["verify", ARTICLE], ["verify", ARTICLE], 2, ""),
]


class Bench:
    """Runs commands in an environment of its own, whose cache is in the folder of the bench."""

    def __init__(self, folder: Path) -> None:
        folder = folder.absolute()
        self.folder = folder
        self.cache = folder / "cache"
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        self.environment = kept | {"XDG_CACHE_HOME": str(self.cache)}
        script = Path(sys.executable).with_name("indotrade")
        self.program = [str(script)] if script.exists() else [sys.executable, "-m", "indotrade"]
        folder.mkdir(parents=True, exist_ok=True)
        (folder / ARTICLE).write_text(" ".join(f"word{number}" for number in range(400)), encoding="utf-8")

    def dataset(self, size: int) -> Path:
        """Return the folder of a dataset of so many claims, made if it is not there."""
        folder = self.folder / str(size)
        if not (folder / "done").exists():
            make(folder, size)
            (folder / "done").touch()
        return folder

    def cost(self, command: Sequence[str], *, several: bool = False) -> Cost:
        """Return what one run of a command took. Raises SystemExit where it failed.

        The memory is that of its largest process; with `several` of all its processes together, as seen now and then.
        """
        start = time.perf_counter()
        process = subprocess.Popen(
            command,
            env=self.environment,
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        most, looked = 0.0, start
        while several and os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
            if time.perf_counter() - looked > LOOKED_EVERY:  # seldom, for it takes time
                looked = time.perf_counter()
                most = max(most, together(process.pid))
            time.sleep(0.05)
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in (0, 1):  # 1: the answer is no
            sys.exit(f"exit {process.returncode}: {command}")
        return Cost(seconds, most or used.ru_maxrss / 1024)

    def typical(self, command: Sequence[str]) -> Cost:
        """Return the median time of a command, by hyperfine where it is installed, and its memory."""
        first = self.cost(command)
        if first.seconds > LONG:
            return first
        runs = max(3, min(MOST_RUNS, int(5 / first.seconds)))
        if not shutil.which("hyperfine"):
            return Cost(statistics.median(self.cost(command).seconds for _ in range(runs)), first.megabytes)
        with tempfile.NamedTemporaryFile("r", suffix=".json") as file:
            counted = ["--warmup", "1", "--runs", str(runs), "--export-json", file.name]
            subprocess.run(
                ["hyperfine", "-N", "-i", "--style", "none", *counted, shlex.join(command)],
                env=self.environment,
                cwd=self.folder,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                check=True,
            )
            return Cost(float(json.load(file)["results"][0]["median"]), first.megabytes)

    def asked(self, arguments: Iterable[str], data: Path | None = None) -> list[str]:
        """Return the command line of this program."""
        return [*self.program, *arguments, *(["--data", str(data)] if data else [])]


def together(process: int) -> float:
    """Return the megabytes that a process and its children have in memory; what several share counts once."""
    total = 0
    with suppress(OSError):  # one of them ended meanwhile
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
        for number in (process, *children):
            rolled = Path(f"/proc/{number}/smaps_rollup").read_text()
            total += next(int(line.split()[1]) for line in rolled.splitlines() if line.startswith("Pss:"))
    return total / 1024


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a Markdown table, figures to the right."""
    print(f"\n| {' | '.join(head)} |\n|---|{'--:|' * (len(head) - 1)}")
    for row in rows:
        print(f"| {' | '.join(row)} |", flush=True)


def builds(bench: Bench, sizes: Sequence[int]) -> Iterable[list[str]]:
    """Yield a row for each size: the index, a check, and the same file in sqlite-utils."""
    for size in sizes:
        data = bench.dataset(size)
        shutil.rmtree(bench.cache, ignore_errors=True)
        built = bench.cost(bench.asked(["sector", "sector-399", "--json"], data), several=True)
        index = max(path.stat().st_size for path in bench.cache.glob("indotrade/*"))
        checked = bench.cost(bench.asked(["check", str(data)]))
        database = bench.folder / "other.db"
        other = in_sqlite_utils(bench, str(data / "claims.ndjson"), str(database))
        database.unlink(missing_ok=True)
        yield [
            f"{size:,}",
            f"{(data / 'claims.ndjson').stat().st_size / 1e6:.0f} MB",
            f"{built.seconds:.1f} s",
            f"{built.megabytes:.0f} MB",
            f"{index / 1e6:.0f} MB",
            f"{other.seconds:.1f} s" if other else "-",
            f"{built.seconds / other.seconds:.2f}" if other else "-",
            f"{checked.seconds:.1f} s",
        ]


def in_sqlite_utils(bench: Bench, claims: str, database: str) -> Cost | None:
    """Return what sqlite-utils takes to insert, to index the text and to index the columns; None without it."""
    program = shutil.which("sqlite-utils", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    if not program:
        return None
    Path(database).unlink(missing_ok=True)
    steps = [
        ["insert", database, "claims", claims, "--nl", "--pk", "id", "--silent"],
        ["enable-fts", database, "claims", "statement", "note", "evidence"],
        *(["create-index", database, "claims", column] for column in INDEXED),
    ]
    costs = [bench.cost([program, *step]) for step in steps]
    return Cost(sum(cost.seconds for cost in costs), max(cost.megabytes for cost in costs))


def look_ups(bench: Bench, sizes: Sequence[int]) -> Iterable[list[str]]:
    """Yield a row for each question: on the bundled data, on each size, the ratios at the largest, and jq."""
    largest = bench.dataset(sizes[-1])
    for asked in LOOK_UPS:
        bundled = bench.typical(bench.asked(asked.bundled))
        made = [bench.typical(bench.asked(asked.made, bench.dataset(size))) for size in sizes]
        jq = shutil.which("jq")
        other = bench.cost([jq, "-c", asked.jq, str(largest / "claims.ndjson")]) if jq and asked.jq else None
        yield [
            asked.name,
            f"{bundled.seconds * 1000:.0f} ms",
            *(f"{cost.seconds * 1000:.0f} ms" for cost in made),
            f"{made[-1].seconds / bundled.seconds:.2f}",
            str(asked.bar),
            f"{made[-1].megabytes / bundled.megabytes:.2f}",
            f"{other.seconds:.1f} s" if other else "-",
        ]


def streams(bench: Bench, sizes: Sequence[int]) -> Iterable[list[str]]:
    """Yield a row for each way to print all claims: until the first line, until the last, and the memory."""
    for size in sizes:
        for form in ("ndjson", "csv"):
            command = bench.asked(["list", "-f", form], bench.dataset(size))
            start = time.perf_counter()
            with subprocess.Popen(command, env=bench.environment, stdout=subprocess.PIPE) as process:
                assert process.stdout is not None
                process.stdout.readline()
                first = time.perf_counter() - start
            whole = bench.cost(command)
            yield [
                f"{size:,}",
                form,
                f"{first * 1000:.0f} ms",
                f"{whole.seconds:.1f} s",
                f"{whole.megabytes:.0f} MB",
            ]


def settle(bench: Bench, sizes: Sequence[int]) -> None:
    """Have an index of each size whose stamps are believed: the builds swept them, and the files may be young."""
    folders = [bench.dataset(size) for size in sizes]
    changed = max(path.stat().st_ctime for folder in folders for path in folder.iterdir())
    time.sleep(max(0, changed + SETTLED + 1 - time.time()))
    for folder in folders:
        bench.cost(bench.asked(["sector", "sector-399", "--json"], folder))


def machine() -> str:
    """Return the date and the machine in one line."""
    model = platform.machine()
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        model = next((line.split(":")[1].strip() for line in file if line.startswith("model name")), model)
    return (
        f"{datetime.date.today()}, {os.cpu_count()} x {model}, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    )


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir(), "indotrade-bench"))
    arguments = parser.parse_args()
    sizes = sorted(arguments.sizes)
    bench = Bench(arguments.folder)
    print(machine())
    table(
        ("claims", "file", "build", "peak", "index", "sqlite-utils", "ratio", "check"), builds(bench, sizes)
    )
    settle(bench, sizes)
    numbers = [f"{size:,}" for size in sizes]
    table(("look-up", "bundled", *numbers, "ratio", "bar", "memory", "jq"), look_ups(bench, sizes))
    table(("claims", "format", "first line", "all", "peak"), streams(bench, sizes))


if __name__ == "__main__":
    main()
