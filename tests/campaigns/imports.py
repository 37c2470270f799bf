"""Lets one module of those that a command imports fail: the answer is the same, or a sentence and status 70.

`cd tests && python -m campaigns.imports --rounds 300`
"""

from __future__ import annotations

import random
import subprocess
import sys
from functools import cache
from pathlib import Path

from conftest import Ended

import campaigns

COMMANDS = (
    "sector batik --json",
    "list -n 3",
    "search tekstil -f csv",
    "show no-such-claim",
    "cite antara-2018",
    "check",
)
OWN = 0.7
"""The share of rounds in which it is a module of the program itself."""
SCRIPT = Path(__file__).parent.parent / "unloadable.py"


def ended(module: str, error: str, command: str) -> Ended:
    """Return what a command leaves behind, in a process in which a module fails."""
    done = subprocess.run(
        [sys.executable, SCRIPT, module, error, *command.split()],
        env={"LANG": "C.UTF-8", "XDG_CACHE_HOME": "/nonexistent"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return Ended(done.returncode, done.stdout, done.stderr)


@cache
def imported(command: str) -> tuple[list[str], list[str]]:
    """Return the modules of the program that a command imports, and the others that do not come with Python's core."""
    names = ended("-", "list", command).out.split("\n\n")[-1].split()
    own = [name for name in names if name.startswith("indotrade.") and name != "indotrade.__main__"]
    return own, [
        name for name in names if name.partition(".")[0] in ("typer", "rich", "msgspec", "sqlite3", "signal")
    ]


@cache
def expected(command: str) -> Ended:
    """Return what a command leaves behind where nothing fails."""
    return ended("-", "none", command)


def once(chance: random.Random) -> str:
    """Let a module fail under a command."""
    command = chance.choice(COMMANDS)
    own, others = imported(command)
    module = chance.choice(own if chance.random() < OWN else others)
    error = chance.choice(["missing", "unreadable", "broken"])
    done = ended(module, error, command)
    assert "Traceback" not in done.err, (module, error, command, done.err)
    if done == expected(command):
        return "same"
    assert done.status == 70, (module, error, command, done)
    assert done.err.startswith("indotrade: "), (module, error, command, done.err)
    assert done.err.count("\n") == 2, (module, error, command, done.err)
    return "told"


if __name__ == "__main__":
    campaigns.main(once, __doc__)
