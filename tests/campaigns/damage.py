"""Damages an index without its stamp telling: every answer is right, and the next one is answered from a whole index.

`cd tests && python -m campaigns.damage --rounds 5000`

The index is one of those that are too large to be read through at each start. What a command does not read may be
damaged all the same, so that each round asks several.
"""

from __future__ import annotations

import os
import random
import sqlite3
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple
from unittest import mock

import making
import samples
from conftest import Ended
from inside import inside
from msgspec.structs import replace

import campaigns
from indotrade.dataset.folder import stamp
from indotrade.engine import build, seal
from indotrade.verify.anchors import digests, spelled, words_of

COUNT = 600
"""Enough claims that every larger table takes several pages."""
TEXT = " ".join(f"word{number}" for number in range(4 * COUNT))
"""An article in which a part of the anchors stands."""
ASKED = (
    "list -f ndjson", "list -f json -n 7", "sector -f json", "sector clove -f ndjson", "list --since 2024-05 -f ndjson",
    "list --sector nutmeg --kind event -f ndjson", "list --period 2023 -f ndjson", "sector --country japan -f json",
    "list --sort value -n 3 -f ndjson", "list --sort -said -n 3 -f ndjson", "list --sort -id -n 3 -f ndjson",
    "list --kind event --sort -paragraph -f ndjson", "search kapal -f ndjson", "search ship -n 2 -f json",
    "search 日本 -n 3 -f ndjson", "search 本 -n 3 -f ndjson", "search ship 17 -f ndjson", "search spices -n 5 -f ndjson",
    "search orchard berlayar -n 2 -f json", "show claim-00007 claim-00412 -f ndjson", "show claim-99999 -f json",
    "source -f json", "source harbour-news -f json", "cite claim-00003 -f bibtex", "program harbour -f ndjson",
    "country japan -n 3 -f ndjson", "measure -f json", "speaker -f json", "verify - -f json", "info -f json",
    "COMPLETE show claim-001", "COMPLETE country ja",
)  # fmt: skip
TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'trigram' ORDER BY name"
"""Finds the tables in which rows are lost and exchanged: SQLite's own, of which the trigram index is made, too."""


class Prepared(NamedTuple):
    """A dataset, its index, and what it answers."""

    folder: Path
    file: Path
    content: bytes
    sealed: seal.Seal
    right: dict[str, Ended]


def once(chance: random.Random) -> str:
    """Damage an index once, and ask it twice; one that was built anew for that is whole."""
    with as_large():
        made = prepared()
        damaged(made, chance)
        before = stamp(made.file)
        for line in chance.sample(ASKED, 2):
            done = asked(made, line)
            if line.startswith("COMPLETE") and not done.out:  # it waits for no build, and offers nothing
                continue
            assert done == made.right[line], line
        if (built := stamp(made.file)) == before:
            return "right, and the damage not met"
        for line in chance.sample(ASKED, 2):
            assert asked(made, line) == made.right[line], line
        assert stamp(made.file) == built
        return "right after a build"


def as_large() -> ExitStack:
    """Let no index be so small that none is kept, or that its trigrams are in one piece."""
    stack = ExitStack()
    stack.enter_context(mock.patch.multiple("indotrade.engine.folder", SMALL=0, SMALL_COMPRESSED=0))
    stack.enter_context(mock.patch.object(build, "TRIGRAM_SETTINGS", IN_PIECES))
    return stack


IN_PIECES = """
INSERT INTO trigram (trigram, rank) VALUES ('automerge', 0);
INSERT INTO trigram (trigram, rank) VALUES ('hashsize', 30000);
INSERT INTO trigram (trigram, rank) VALUES ('pgsz', 32);
"""
"""Has SQLite write the trigrams as it writes those of a million claims: in segments, with lists by which it skips leaves."""
_ROOM = TemporaryDirectory()


@cache
def prepared() -> Prepared:
    """Return a dataset that is indexed, once for all rounds."""
    folder = making.dataset(Path(_ROOM.name, "data"), claims=claims())
    made = Prepared(folder, Path(), b"", seal.Seal("", "", {}, settled=False, index=(0, 0, 0, 0)), {})
    right = {
        line: asked(made, line) for line in ASKED for _ in range(2)
    }  # the second time, from the index that was built
    (index,) = (path for path in Path(_ROOM.name, "indotrade").iterdir() if path.suffix != ".seal")
    sealed = seal.read(index)
    assert sealed
    assert all(done.status in (0, 1) for done in right.values()), right
    return Prepared(folder, index, index.read_bytes(), sealed, right)


def claims() -> list[samples.Record]:
    """Return claims with figures, days, evidence and anchors."""
    windows = [spelled(digest) for digest in digests(words_of(TEXT))]
    return [
        claim
        | {
            "kind": ("event", "plan", "figure")[number % 3],
            "said": samples.said(f"20{20 + number % 5}-{1 + number % 12:02}-{1 + number % 28:02}"),
            "figure": samples.figure(str(number * 7919 % 1000), "USD", period=f"{2020 + number % 5}")
            if number % 3
            else None,
            "anchors": [windows[3 * number]],
            "countries": ["japan"] if number % 2 else [],
        }
        for number, claim in enumerate(making.many(COUNT))
    ]


def asked(made: Prepared, line: str) -> Ended:
    """Return what a command, or a shell that completes one, leaves behind."""
    environment = {"INDOTRADE_DATA": str(made.folder), "XDG_CACHE_HOME": _ROOM.name}
    command, *words = line.split()
    if command != "COMPLETE":
        done = inside(command, *words, stdin=TEXT, **environment)
        return Ended(done.status, "" if command == "info" else done.out, done.err)
    words = ["indotrade", *words]
    environment |= {"COMP_WORDS": "\n".join(words), "COMP_CWORD": str(len(words) - 1)}
    return inside(_INDOTRADE_COMPLETE="complete_bash", **environment)


def damaged(made: Prepared, chance: random.Random) -> None:
    """Damage the index in one way, and seal it as if it had always been so."""
    data = bytearray(made.content)
    act = chance.random()
    if act < 0.05:
        del data[chance.randrange(len(data)) :]
    elif act < 0.4:
        start = chance.randrange(len(data))
        data[start] ^= 1 << chance.randrange(8)
    elif act < 0.7:
        size = chance.choice([4, 512, 8192])
        start = chance.randrange(len(data)) // size * size
        end = min(start + size, len(data))
        data[start:end] = bytes(end - start) if chance.random() < 0.5 else chance.randbytes(end - start)
    elif act < 0.8:
        pages_changed(data, chance)
    made.file.unlink(missing_ok=True)
    with open(os.open(made.file, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as file:
        file.write(data)
    if act >= 0.8:
        rows_changed(made.file, chance)
    seal.write(made.file, replace(made.sealed, index=stamp(made.file)))


def pages_changed(data: bytearray, chance: random.Random) -> None:
    """Exchange two pages, or write one over the other, or have the pointers to two rows of a page exchanged or alike."""
    size = int.from_bytes(data[16:18], "big")
    starts = range(0, len(data), size)
    one, other = chance.sample(starts, 2)
    width = size
    if chance.random() < 0.5:
        one = chance.choice(starts[1:])
        rows = int.from_bytes(data[one + 3 : one + 5], "big")
        if data[one] not in (2, 5, 10, 13) or rows < 2:  # it has no pointers
            return
        pointers = one + (8 if data[one] > 5 else 12)
        one, other = (pointers + 2 * row for row in chance.sample(range(rows), 2))
        width = 2
    kept = data[one : one + width]
    data[one : one + width] = data[other : other + width]
    if chance.random() < 0.5:
        data[other : other + width] = kept


def rows_changed(index: Path, chance: random.Random) -> None:
    """Take a row of a table away, or exchange what two of them hold."""
    with sqlite3.connect(index, isolation_level=None) as connection:
        (table,) = chance.choice(connection.execute(TABLES).fetchall())
        described = connection.execute("SELECT name, pk FROM pragma_table_info(?)", [table]).fetchall()
        keys = [name for name, key in described if key] or ["rowid"]
        others = [name for name, key in described if not key]
        columns = [*keys, *others]
        marks = ", ".join("?" * len(columns))
        rows = connection.execute(f"SELECT {', '.join(columns)} FROM {table}").fetchall()  # noqa: S608
        some = chance.sample(sorted(rows, key=repr), min(2, len(rows)))
        if chance.random() < 0.5:
            del some[1:]
        where = " AND ".join(f"{key} = ?" for key in keys)
        for row in some:
            connection.execute(f"DELETE FROM {table} WHERE {where}", row[: len(keys)])  # noqa: S608
        for row, other in zip(some, reversed(some), strict=True):
            if row is not other:
                insert = f"INSERT OR IGNORE INTO {table} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608
                connection.execute(insert, (*row[: len(keys)], *other[len(keys) :]))
    connection.close()


if __name__ == "__main__":
    campaigns.main(once, __doc__)
