"""Asks other programs what `bench.py` asks of this one, on the same claims: `peers.py --size 1000000`.

Each may have the claims in its best form: DuckDB as Parquet, sqlite-utils as a database with its indexes. jq and rg
read the file as it is.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from bench import FIVE, Bench, Cost, in_sqlite_utils, machine, table


class Question(NamedTuple):
    """A question, in the language of each program. All print how many claims there are; the others look in statements alone."""

    name: str
    ours: list[str]
    jq: str
    duckdb: str
    sqlite: str
    rg: str


QUESTIONS = [
    Question(
        "id",
        ["show", "claim-77", "--json"],
        '.id == "claim-77"',
        "id = 'claim-77'",
        "id = 'claim-77'",
        '"id":"claim-77"',
    ),
    Question(
        "sector",
        ["sector", "sector-399", *FIVE],
        '.sectors | index("sector-399")',
        "list_contains(sectors, 'sector-399')",
        "exists (select 1 from json_each(sectors) where value = 'sector-399')",
        r'"sectors":\[[^\]]*"sector-399"',
    ),
    Question(
        "two filters, frequent",
        ["list", "--kind", "figure", "--status", "disputed", *FIVE],
        '.kind == "figure" and .status == "disputed"',
        "kind = 'figure' and status = 'disputed'",
        "kind = 'figure' and status = 'disputed'",
        '"kind":"figure".*"status":"disputed"',
    ),
    Question(
        "search, three letters",
        ["search", "fee", *FIVE],
        '.statement.en + .statement.id | test("fee"; "i")',
        "statement.en || statement.id ilike '%fee%'",
        "statement like '%fee%'",
        r'(?i)"statement":\{[^}]*fee',
    ),
    Question(
        "search, two kanji",
        ["search", "輸出", *FIVE],
        '.statement.en + .statement.id | contains("輸出")',
        "statement.en || statement.id like '%輸出%'",
        "statement like '%輸出%'",
        r'"statement":\{[^}]*輸出',
    ),
]


NAMES = ("jq", "duckdb", "sqlite-utils", "rg")
HEADS = ("jq", "DuckDB, NDJSON", "DuckDB, Parquet", "sqlite-utils", "ripgrep")

Command = list[str] | None
"""A command line; None where a program is not installed."""


class Peers:
    """The other programs that are installed, and the claims in the form that each wants."""

    def __init__(self, bench: Bench, claims: str) -> None:
        self.bench = bench
        self.claims = claims
        self.database = str(bench.folder / "peer.db")
        self.parquet = str(bench.folder / "peer.parquet")
        self.lines = f"read_json('{claims}', format = 'newline_delimited')"
        self.jq, self.duckdb, self.sqlite, self.rg = (
            shutil.which(name, path=f"{Path(sys.executable).parent}:{os.environ['PATH']}") for name in NAMES
        )

    def prepared(self) -> Iterator[list[str]]:
        """Make each program's own form of the claims; yield what that took."""
        costs: dict[str, Cost | None] = {}
        if self.duckdb:
            Path(self.parquet).unlink(missing_ok=True)
            copy = f"COPY (SELECT * FROM {self.lines}) TO '{self.parquet}'"  # noqa: S608 - words of this file
            costs["DuckDB, Parquet"] = self.bench.cost([self.duckdb, "-c", copy])
        costs["sqlite-utils"] = in_sqlite_utils(self.bench, self.claims, self.database)
        for name, cost in costs.items():
            if cost:
                yield [name, f"{cost.seconds:.1f} s", f"{cost.megabytes:,.0f} MB"]

    def commands(self, asked: Question) -> list[Command]:
        """Return the command with which each program is asked, in the order of `HEADS`."""
        select = "SELECT *, count(*) OVER () AS total FROM {} WHERE {} LIMIT 5"
        return [
            [self.jq, "-c", f"select({asked.jq})", self.claims] if self.jq else None,
            [self.duckdb, "-json", "-c", select.format(self.lines, asked.duckdb)] if self.duckdb else None,
            [self.duckdb, "-json", "-c", select.format(f"'{self.parquet}'", asked.duckdb)]
            if self.duckdb
            else None,
            [self.sqlite, self.database, select.format("claims", asked.sqlite)] if self.sqlite else None,
            [self.rg, asked.rg, self.claims] if self.rg else None,
        ]

    def starts(self) -> list[Command]:
        """Return the command with which each program does next to nothing, in the order of `HEADS`."""
        duckdb = [self.duckdb, "-c", "SELECT 1"] if self.duckdb else None
        return [
            [self.jq, "-n", "1"] if self.jq else None,
            duckdb,
            duckdb,
            [self.sqlite, "memory", "select 1"] if self.sqlite else None,
            [self.rg, "--version"] if self.rg else None,
        ]


def rows(bench: Bench, peers: Peers, data: Path) -> Iterator[list[str]]:
    """Yield a row for each question, and one for starting: this program first."""
    asked = [("start", bench.asked(["--version"]), peers.starts())]
    asked += [(it.name, bench.asked(it.ours, data), peers.commands(it)) for it in QUESTIONS]
    for name, ours, others in asked:
        costs = [bench.typical(command) if command else None for command in (ours, *others)]
        yield [name, *(_told(cost.seconds) if cost else "-" for cost in costs)]


def _told(seconds: float) -> str:
    return f"{seconds * 1000:,.0f} ms" if seconds < 1 else f"{seconds:.1f} s"


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir(), "indotrade-bench"))
    arguments = parser.parse_args()
    bench = Bench(arguments.folder)
    data = bench.dataset(arguments.size)
    peers = Peers(bench, str(data / "claims.ndjson"))
    print(machine())
    table(("form", "made in", "peak"), peers.prepared())
    bench.cost(bench.asked(["sector", "sector-399", "--json"], data))  # builds the index, if it is not there
    table(("question", "indotrade", *HEADS), rows(bench, peers, data))


if __name__ == "__main__":
    main()
