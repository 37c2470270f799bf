"""Gives a TSV and a CSV of odd cells to the programs that read tables, with their defaults: `tables.py INDOTRADE`.

pandas, polars, DuckDB, sqlite-utils and csvkit are Python packages of this environment, Miller (mlr) and LibreOffice (soffice)
programs of the system. What is not there is said, and is a failure if CI is "true"; but LibreOffice is large, and not
everywhere to be had.
"""

from __future__ import annotations

import csv
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import closing
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

CELLS = {
    "batik": "batik",
    "Jepang 日本": "Jepang 日本",
    '"Quoted" at the start': '"Quoted" at the start',
    '"': '"',
    '""': '""',
    'the "middle" of it': 'the "middle" of it',
    '5" pipes': '5" pipes',
    "'Quoted' once": "'Quoted' once",
    "a\ttab, a\nline": "a tab, a line",
    "=1+1": "'=1+1",
    "'=1+1": "''=1+1",
    "+62 812": "'+62 812",
    "@SUM(A1)": "'@SUM(A1)",
    "0901": "'0901",
    "~~struck~~": "~~struck~~",
    "back\\slash": "back\\slash",
    "a;b,c|d": "a;b,c|d",
    "# no comment": "# no comment",
    "NULL": "NULL",
    "NA": "NA",
    "true": "true",
    "-": "'-",
    "1e5": "1e5",
    "7": "7",
    "  kept  ": "  kept  ",
    "\x1b[2J": "\\x1b[2J",
}
"""Texts of a dataset, each as it should be read from a table."""
WORDS = {"NULL", "NA"}
"""What pandas and csvkit take for nothing in any table, quoted or not, unless they are told otherwise."""
READERS: dict[str, Callable[[Path, Path], Sequence[object]]] = {}
EXPECTED: dict[str, Callable[[str], object]] = {}


def reads(
    program: str, expected: Callable[[str], object] = str
) -> Callable[[Callable[[Path, Path], Sequence[object]]], None]:
    """Register what reads the cells of a file with a program, and what that makes of a cell where it is another."""

    def registered(read: Callable[[Path, Path], Sequence[object]]) -> None:
        READERS[program] = read
        EXPECTED[program] = expected

    return registered


def output(*command: str | Path) -> str:
    """Return what a command prints. Raises CalledProcessError where it fails."""
    return subprocess.run([*map(str, command)], capture_output=True, check=True).stdout.decode()


def separator(file: Path) -> str:
    return "\t" if file.suffix == ".tsv" else ","


@reads("pandas", lambda cell: None if cell in WORDS else cell)
def by_pandas(file: Path, _room: Path) -> Sequence[object]:
    cells = import_module("pandas").read_csv(file, sep=separator(file))["statement"]
    return [cell if isinstance(cell, str) else None for cell in cells]


@reads("polars")
def by_polars(file: Path, _room: Path) -> Sequence[object]:
    cells: Sequence[object] = import_module("polars").read_csv(file, separator=separator(file))["statement"]
    return list(cells)


@reads("duckdb")
def by_duckdb(file: Path, _room: Path) -> Sequence[object]:
    rows = import_module("duckdb").read_csv(str(file)).project("statement").fetchall()
    return [cell for (cell,) in rows]


@reads("sqlite_utils")
def by_sqlite_utils(file: Path, room: Path) -> Sequence[object]:
    base = room / f"{file.name}.sqlite"
    program = Path(sys.executable).with_name("sqlite-utils")
    output(program, "insert", base, "claims", file, f"--{file.suffix[1:]}")
    with closing(sqlite3.connect(base)) as opened:
        return [cell for (cell,) in opened.execute("SELECT statement FROM claims")]


@reads("csvkit", lambda cell: None if cell in WORDS else cell)
def by_csvkit(file: Path, _room: Path) -> Sequence[object]:
    program = Path(sys.executable).with_name("csvjson")
    rows = json.loads(output(program, *(["--tabs"] if file.suffix == ".tsv" else []), file))
    return [row["statement"] for row in rows]


def miller_leaves(cell: str) -> str:
    """Return a cell of TSV as Miller reads it, which takes quotes for letters: only those that others must have quoted."""
    if cell.startswith('"') or cell.count('"') % 2:
        return '"' + cell.replace('"', '""') + '"'
    return cell


@reads("mlr")
def by_miller(file: Path, _room: Path) -> Sequence[object]:
    read = output(
        "mlr", f"--i{file.suffix[1:]}", "--ojson", "put", "-S", "$statement = string($statement)", file
    )
    return [row["statement"] for row in json.loads(read)]


@reads("soffice", lambda cell: {"true": "TRUE", "1e5": "100000"}.get(cell, cell))
def by_libreoffice(file: Path, room: Path) -> Sequence[object]:
    made = room / "office"
    form = f"{'9' if file.suffix == '.tsv' else '44'},34,76"
    output(
        "soffice", f"-env:UserInstallation=file://{room}/profile", "--headless", f"--infilter=CSV:{form}",
        "--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false", "--outdir", made, file,
    )  # fmt: skip
    with (made / f"{file.stem}.csv").open(encoding="utf-8", newline="") as lines:
        return [row["statement"] for row in csv.DictReader(lines)]


def dataset(room: Path, indotrade: str) -> Path:
    """Write a dataset with a claim for each of the texts; return its folder."""
    folder = room / "own"
    output(indotrade, "init", folder)
    claims = json.loads((folder / "claims.json").read_bytes())
    source = claims[0]["source"]
    made = [
        {"id": f"text-{number:03}", "statement": {"en": text}, "source": source, "paragraph": number}
        for number, text in enumerate(CELLS, 1)
    ]
    (folder / "claims.json").write_text(json.dumps(made), encoding="utf-8")
    return folder


def main(indotrade: str) -> None:
    """Have each program read the cells of both files."""
    missing = []
    with tempfile.TemporaryDirectory() as name:
        room = Path(name)
        own = dataset(room, indotrade)
        files = [room / "claims.tsv", room / "claims.csv"]
        for file in files:
            listed = output(
                indotrade, "list", "-f", file.suffix[1:], "--data", own, "--fields", "id,statement,source"
            )
            file.write_text(listed, encoding="utf-8", newline="")
        for program, read in READERS.items():
            if not (shutil.which(program) if program in ("mlr", "soffice") else find_spec(program)):
                missing.append(program)
                print(f"{program}: not here, so no table was given to it", flush=True)
                continue
            for file in files:
                expected = [EXPECTED[program](cell) for cell in CELLS.values()]
                if file.suffix == ".csv":
                    expected = [
                        cell.replace("a tab, a line", "a\\ttab, a\nline") if isinstance(cell, str) else cell
                        for cell in expected
                    ]
                elif program == "mlr":
                    expected = [miller_leaves(str(cell)) for cell in expected]
                found = list(read(file, room))
                differing = [pair for pair in zip(expected, found, strict=True) if pair[0] != pair[1]]
                assert not differing, (program, file.name, differing)
                print(f"{program}: {len(found)} cells of {file.name} as they are", flush=True)
    missing = [program for program in missing if program != "soffice"]
    if missing and os.environ.get("CI") == "true":
        sys.exit(f"not here: {', '.join(missing)}")


if __name__ == "__main__":
    main(*sys.argv[1:])
