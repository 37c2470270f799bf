"""Brings data that others made into datasets by `indotrade import`, asks them, and lists what was lost on the way.

    convert.py politicians train.tsv            the LIAR table: 14 columns without a header, tab-separated
    convert.py climate climate-fever.jsonl      CLIMATE-FEVER: claims with evidence sentences and verdicts
    convert.py statistics gdp.csv               a table `Country Name, Country Code, Year, Value`

Nothing is invented: a column that `import` has no place for is left out and named. None of the data is kept here; README.md
says where each is published and under which terms.
"""

# ruff: noqa: T201 - scripts print their tables

from __future__ import annotations

import argparse
import csv
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

Row = dict[str, str]
PROGRAM = (sys.executable, "-m", "indotrade")


def politicians(path: Path) -> Iterator[Row]:
    """Yield the rows of the LIAR table: what was said, by whom, where, and how it was rated."""
    with open(path, encoding="utf-8", newline="") as file:
        for cells in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            name, rating, statement, subjects, speaker, role = cells[:6]
            yield {
                "id": name.removesuffix(".json"),
                "statement": statement,
                "subjects": subjects.replace(",", ";"),
                "speaker": speaker,
                "job_title": role,
                "note": cells[13] if len(cells) > 13 else "",
                "rating": rating,
                "rated_by": "PolitiFact",
            }


STANCE = {"SUPPORTS": "supports", "REFUTES": "conflicts"}


def climate(path: Path) -> Iterator[Row]:
    """Yield the claims of CLIMATE-FEVER with up to five evidence sentences each."""
    with open(path, encoding="utf-8") as file:
        for line in file:
            claim = json.loads(line)
            row = {
                "id": f"claim-{claim['claim_id']}",
                "statement": claim["claim"],
                "publisher": "CLIMATE-FEVER",
            }
            for number, evidence in enumerate(claim["evidences"][:5], 1):
                page = evidence["article"].strip('"')
                row |= {
                    f"evidence_{number}_text": evidence["evidence"],
                    f"evidence_{number}_relation": STANCE.get(evidence["evidence_label"], "context"),
                    f"evidence_{number}_publisher": "Wikipedia",
                    f"evidence_{number}_title": page,
                    f"evidence_{number}_url": "https://en.wikipedia.org/wiki/"
                    + page.replace(" ", "_").replace('"', "%22"),
                }
            yield row


def statistics(path: Path) -> Iterator[Row]:
    """Yield a claim for each figure of a table by country and year."""
    with open(path, encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield {
                "statement": f"The gross domestic product of {row['Country Name']} in {row['Year']} was {row['Value']} US dollars.",
                "country": row["Country Code"] if len(row["Country Code"]) == 3 else row["Country Name"],
                "value": row["Value"],
                "unit": "USD",
                "measure": "Gross domestic product",
                "period": row["Year"],
                "publisher": "World Bank",
            }


SETS: dict[str, Callable[[Path], Iterator[Row]]] = {
    "politicians": politicians,
    "climate": climate,
    "statistics": statistics,
}
QUESTIONS = (
    "info",
    "list -n 3",
    "list --status disputed -n 2 -f json",
    "search the -n 2",
    "speaker -n 3",
    "measure -n 3",
    "source -n 3",
    "list -f csv",
)


def written(rows: Iterator[Row], path: Path) -> int:
    """Write rows as CSV; return how many."""
    listed = list(rows)
    columns = list(dict.fromkeys(name for row in listed for name in row))
    with open(path, "w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, columns, restval="")
        table.writeheader()
        table.writerows(listed)
    return len(listed)


def main() -> None:
    """Convert one set, and print how long each step took and what it said."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("set", choices=SETS)
    parser.add_argument("file", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        table, folder = Path(made, f"{asked.set}.csv"), Path(made, asked.set)
        print(f"{written(SETS[asked.set](asked.file), table):,} rows")
        for line in (
            f"import {table} {folder} --lang en",
            f"check {folder}",
            *(f"{it} --data {folder}" for it in QUESTIONS),
        ):
            began = time.monotonic()
            done = subprocess.run([*PROGRAM, *line.split()], capture_output=True, text=True, check=False)
            print(
                f"\n$ indotrade {line}\nexit {done.returncode}, {time.monotonic() - began:.1f} s, {len(done.stdout):,} characters"
            )
            print("\n".join((done.stderr + done.stdout).splitlines()[:25])[:3000])


if __name__ == "__main__":
    main()
