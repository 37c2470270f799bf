"""Gives the program any command line: it answers, says no, or says what is wrong with it, and never fails.

`cd tests && python -m campaigns.argv --rounds 20000`
"""

from __future__ import annotations

import contextlib
import random
import tempfile
from pathlib import Path

import samples
from inside import inside

import campaigns
from indotrade.cli.app import COMMANDS

FITTING = {
    "--sector": "clove", "--country": "Jepang", "--program": "harbour-fair", "--organization": "cooperative",
    "--speaker": "buyer", "--at": "harbour-fair", "--from": "indonesia", "--to": "日本", "--kind": "plan",
    "--status": "single", "--source": "harbour-news", "--since": "2023", "--until": "2024-05", "--sort": "-value",
    "--limit": "3", "-n": "0", "--format": "csv", "-f": "ndjson", "--fields": "id", "--lang": "id", "--width": "60",
    "--color": "always",
}  # fmt: skip
LOOK_UPS = (
    "list",
    "sector clove",
    "country japan",
    "search ferry",
    "sector",
    "country",
    "program harbour-fair",
    "list",
    "list",
)
WRITING = {"init", "import", "export"}
"""The commands that write files, which may fail."""
FLAGS = "--json --has-figure --no-header --bom --no-pager --allow-empty --help --version -- - -x --nothing --sector= --json=1".split()
WORDS = [
    *(
        "clove japan Jepang 日本 spices harbour-fair crates-sent harbour-news plan need single 2023 2024-13 said -value id"
        " json ndjson csv tsv table markdown text bibtex help always never 80 0 -1 9223372036854775808 1e3 en"
    ).split(),
    "", " ", "\udce9", "\x1b[2J", "*", "%", '"', "a b", "x" * 300, "../../etc/passwd", "$(id)", "[bold]", "\u202e",
]  # fmt: skip


def once(chance: random.Random) -> str:
    """Ask with a command line of which most words are known, and most options have a fitting value."""
    line = chance.choice([*LOOK_UPS, *LOOK_UPS, *LOOK_UPS, *LOOK_UPS, *LOOK_UPS, *COMMANDS, *WORDS]).split(
        " "
    )
    for _ in range(chance.choice([0, 1, 1, 2, 2, 3, 6])):
        act = chance.random()
        if act < 0.75:
            line += chance.choice(list(FITTING.items()))
        elif act < 0.85:
            line += [chance.choice([*FITTING, "--data", "--anchors"]), chance.choice(WORDS)]
        else:
            line.append(chance.choice(chance.choice([FLAGS, WORDS, list(FITTING.values())])))
    with tempfile.TemporaryDirectory() as room:
        folder, here = samples.write(Path(room, "data"), samples.sample()), Path(room, "a/b/c")
        here.mkdir(parents=True)  # what is written goes into the room, also to `../..`
        with contextlib.chdir(here):
            done = inside(*line, INDOTRADE_DATA=str(folder))
    may_write = not WRITING.isdisjoint(line)
    assert done.status in ((0, 1, 2, 3, 4) if may_write else (0, 1, 2, 3)), (line, done)
    assert "bug:" not in done.err, (line, done.err)
    assert "Traceback" not in done.err, (line, done.err)
    if done.status == 2:
        assert (done.out, done.err[:18]) == ("", "indotrade: error: "), (line, done)
    return f"with {done.status}"


if __name__ == "__main__":
    campaigns.main(once, __doc__)
