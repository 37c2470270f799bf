"""Times a look-up in the bundled data against the smallest Typer programs, in turn: `startup.py --rounds 50`."""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

LINE = """
import typer
app = typer.Typer()
@app.command()
def main(name: str):
    print(name)
app(prog_name="bare")
"""
TABLE = """
import typer
app = typer.Typer()
@app.command()
def main(name: str):
    from rich.console import Console
    from rich.table import Table
    table = Table("Claim", "Figure", "Source")
    for number in range(5):
        table.add_row(f"{name} {number}", str(number), f"[{number}]")
    Console().print(table)
app(prog_name="bare")
"""


class Race(NamedTuple):
    """A command of this program, the smallest one of its kind, and how much longer it may take."""

    name: str
    ours: list[str]
    bare: list[str]
    bar: float
    environment: dict[str, str]


def races(folder: Path) -> list[Race]:
    """Return what is timed, having written the small programs into `folder`."""
    script = Path(sys.executable).with_name("indotrade")
    ours = [str(script)] if script.exists() else [sys.executable, "-m", "indotrade"]
    bare = {}
    for name, text in (("line", LINE), ("table", TABLE)):
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
        bare[name] = [sys.executable, str(folder / f"{name}.py")]
    completion = {"COMP_WORDS": "indotrade sector ba", "COMP_CWORD": "2"}
    completion |= {"_INDOTRADE_COMPLETE": "complete_bash", "_BARE_COMPLETE": "complete_bash"}
    return [
        Race("sector batik --json", [*ours, "sector", "batik", "--json"], [*bare["line"], "batik"], 1.2, {}),
        Race("sector batik", [*ours, "sector", "batik"], [*bare["table"], "batik"], 1.15, {}),
        Race("completion", ours, bare["line"], 1.1, completion),
    ]


def seconds(command: list[str], environment: dict[str, str]) -> float:
    """Return how long a command takes. Raises CalledProcessError if it fails."""
    start = time.perf_counter()
    subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


def main() -> None:
    """Print a line of the table for each race."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=50)
    rounds = parser.parse_args().rounds
    # Byte code is kept between starts, as it is for a user; no setting of this shell counts.
    plain = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    print("| command | median | bare Typer | ratio | bar |\n|---|--:|--:|--:|--:|")
    with tempfile.TemporaryDirectory() as folder:
        for race in races(Path(folder)):
            environment = plain | race.environment
            pairs = [
                (seconds(race.ours, environment), seconds(race.bare, environment)) for _ in range(rounds + 3)
            ][3:]
            ours, bare = (statistics.median(column) for column in zip(*pairs, strict=True))
            print(
                f"| {race.name} | {ours * 1000:.0f} ms | {bare * 1000:.0f} ms | {ours / bare:.2f} | {race.bar} |"
            )


if __name__ == "__main__":
    main()
