"""Kills a build at any moment: the next answer is right, one index is kept, and nothing else is left, nor any process.

`cd tests && python -m campaigns.kill --rounds 200`
"""

from __future__ import annotations

import random
import signal
import tempfile
import time
from pathlib import Path

from making import dataset, in_order, many
from test_cache import answer, names, start

import campaigns

COUNT = 1500
LONGEST = 0.8
"""After so many seconds a build has mostly ended."""
IN_PARTS = "from indotrade.engine import fill\nfill.BATCH = 50\n"
"""Lets each of the processes that make rows have many parts to make."""
PATIENCE = 5.0
"""After so many seconds a process that is still there has been left."""


def once(chance: random.Random) -> str:
    """Kill one or two builds, and ask."""
    with tempfile.TemporaryDirectory() as room:
        folder = dataset(Path(room, "data"), COUNT)
        environment = {"XDG_CACHE_HOME": room, "TMPDIR": room}
        killed = [start(folder, IN_PARTS, **environment) for _ in range(chance.choice([1, 1, 2]))]
        time.sleep(chance.uniform(0, LONGEST))
        for process in killed:
            process.send_signal(chance.choice([signal.SIGKILL, signal.SIGTERM, signal.SIGINT]))
        for process in killed:
            process.communicate(timeout=60)
        assert not left(room)
        got = answer(start(folder, **environment))
        assert got["ids"] == in_order(many(COUNT))
        assert got["told"] == []
        assert not got["built"] or names(Path(room, "indotrade")) == ["index", "seal"]
        assert sorted(path.name for path in Path(room).iterdir()) == ["data", "indotrade"]
        return "answered after a build" if got["built"] else "answered from an index"


def left(room: str) -> list[str]:
    """Return the processes that go on, though what started them in a room was killed; some need a moment to notice."""
    until = time.monotonic() + PATIENCE
    while found := [str(path) for path in Path("/proc").glob("[0-9]*") if _is_of(path, room)]:
        if time.monotonic() > until:
            return found
        time.sleep(0.02)
    return []


def _is_of(process: Path, room: str) -> bool:
    try:
        return room.encode() in (process / "environ").read_bytes()
    except OSError:  # it has ended
        return False


if __name__ == "__main__":
    campaigns.main(once, __doc__)
