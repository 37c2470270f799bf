"""Kills a build at any moment: the next answer is right, one index is kept, and nothing else is left.

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


def once(chance: random.Random) -> str:
    """Kill one or two builds, and ask."""
    with tempfile.TemporaryDirectory() as room:
        folder = dataset(Path(room, "data"), COUNT)
        environment = {"XDG_CACHE_HOME": room, "TMPDIR": room}
        killed = [start(folder, **environment) for _ in range(chance.choice([1, 1, 2]))]
        time.sleep(chance.uniform(0, LONGEST))
        for process in killed:
            process.send_signal(chance.choice([signal.SIGKILL, signal.SIGTERM, signal.SIGINT]))
        for process in killed:
            process.communicate(timeout=60)
        got = answer(start(folder, **environment))
        assert got["ids"] == in_order(many(COUNT))
        assert got["told"] == []
        assert not got["built"] or names(Path(room, "indotrade")) == ["index", "seal"]
        assert sorted(path.name for path in Path(room).iterdir()) == ["data", "indotrade"]
        return "answered after a build" if got["built"] else "answered from an index"


if __name__ == "__main__":
    campaigns.main(once, __doc__)
