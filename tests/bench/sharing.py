"""Measures a shared database beside the local index, in turn, and prints its tables: `sharing.py --claims 1000000`.

The server is one of its own, with the settings that PostgreSQL comes with. The dataset is the one of `bench.py`.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import serving
from bench import LOOK_UPS, Bench, Cost, machine, table

SECONDS = 10.0
"""For how long is asked."""
ASKERS = (1, 8)


def in_turn(bench: Bench, commands: Sequence[Sequence[str]], rounds: int) -> list[Cost]:
    """Return the medians of what some commands take, run one after the other, again and again."""
    for command in commands:
        bench.cost(command)
    costs = [[bench.cost(command) for command in commands] for _ in range(rounds)]
    return [
        Cost(statistics.median(it.seconds for it in of), max(it.megabytes for it in of))
        for of in zip(*costs, strict=True)
    ]


def per_second(bench: Bench, command: Sequence[str], askers: int) -> float:
    """Return how many times a command ends in a second, where so many ask at once."""
    end = time.monotonic() + SECONDS
    done = []

    def ask() -> None:
        while time.monotonic() < end:
            subprocess.run(command, env=bench.environment, stdout=subprocess.DEVNULL, check=True)
            done.append(command)

    threads = [threading.Thread(target=ask) for _ in range(askers)]
    begun = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(done) / (time.monotonic() - begun)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--claims", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir(), "indotrade-bench"))
    arguments = parser.parse_args()
    bench = Bench(arguments.folder)
    data = bench.dataset(arguments.claims)
    print(machine())
    with serving.served({}) as server:
        address = server.address("postgres")
        for file in bench.cache.glob("indotrade/*"):
            file.unlink()
        built = bench.cost(bench.asked(["sector", "sector-399", "--json"], data))
        published = bench.cost(bench.asked(["export", address], data))
        ratio = published.seconds / built.seconds
        built_in, published_in = (f"{it.seconds:.0f} s, {it.megabytes:.0f} MB" for it in (built, published))
        table(("claims", "local build", "publishing", "ratio", "bar"), [[f"{arguments.claims:,}", built_in, published_in, f"{ratio:.2f}", "3"]])  # fmt: skip
        rows = []
        for asked in LOOK_UPS:
            if any(word.endswith(".txt") for word in asked.made):
                continue
            commands = [bench.asked([*asked.made, "--data", str(it)]) for it in (data, address)]
            local, shared = in_turn(bench, commands, arguments.rounds)
            bar = "" if asked.name.startswith("search") else "2"
            rows.append([asked.name, f"{local.seconds * 1000:.0f} ms", f"{shared.seconds * 1000:.0f} ms", f"{shared.seconds / local.seconds:.2f}", bar])  # fmt: skip
        table(("look-up", "local index", "shared", "ratio", "bar"), rows)
        command = bench.asked([*LOOK_UPS[0].made, "--data", address])
        rows = [[str(askers), f"{per_second(bench, command, askers):.1f}"] for askers in ASKERS]
        table(("askers at once", "look-ups a second"), rows)


if __name__ == "__main__":
    main()
