"""Lets one call of the operating system fail in any command: the answer is the same, or a sentence, and the cache is clean.

`cd tests && python -m campaigns.calls --rounds 5000`
"""

from __future__ import annotations

import random
import tempfile
from functools import partial
from pathlib import Path
from unittest import mock

import making
from inside import inside
from test_faults import ERRORS, faults_of, kept, only_what_is_written_is_undelivered, run_with

import campaigns

COMMANDS = (
    "list -f json", "list", "search kapal -f csv", "sector", "sector clove -f ndjson", "show claim-00003", "source",
    "cite claim-00003 -f ris", "check", "info --json", "verify -", "--version", "sector --help",
)  # fmt: skip


def once(chance: random.Random) -> str:
    """Let a call fail under a command, on a dataset that is read or indexed, now or before."""
    line = chance.choice(COMMANDS).split()
    name = chance.choice(["claims.json", "claims.ndjson", "claims.ndjson.gz"])
    with (
        tempfile.TemporaryDirectory() as room,
        mock.patch("tempfile.tempdir", room),
        mock.patch.multiple("indotrade.engine.folder", SMALL=chance.choice([0, 1 << 30]), SMALL_COMPRESSED=0),
    ):
        folder = making.dataset(Path(room, "data"), 6, name)
        expected = inside(*line, INDOTRADE_DATA=str(folder), XDG_CACHE_HOME=f"{room}/warm")
        cache = Path(room, chance.choice(["warm", "cold"]))
        ask = partial(inside, *line, INDOTRADE_DATA=str(folder), XDG_CACHE_HOME=str(cache))
        _, made = run_with(
            partial(inside, *line, INDOTRADE_DATA=str(folder), XDG_CACHE_HOME=f"{room}/{cache.name}-too")
        )
        fault = chance.choice(list(faults_of(made)))._replace(number=chance.choice(ERRORS))
        done, _ = run_with(ask, fault)
        assert "bug:" not in done.err, (line, fault, done)
        assert "Traceback" not in done.err, (line, fault, done)
        only_what_is_written_is_undelivered(done, fault)
        assert "temporary" not in kept(cache) or fault.name == "os.unlink", (line, fault)
        if (done.status, done.out) == (expected.status, expected.out):
            return "same"
        if line[0] == "info" and not done.status:  # it says that there is no index
            return "same"
        allowed = (1, 3, 4) if line == ["check"] else (0, 3, 4) if line == ["--version"] else (3, 4)
        assert done.status in allowed, (line, fault, done)
        return f"told with {done.status}"


if __name__ == "__main__":
    campaigns.main(once, __doc__)
