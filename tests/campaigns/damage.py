"""Damages an index without its stamp telling: the answer is right, and the next one is answered from a whole index.

`cd tests && python -m campaigns.damage --rounds 5000`

Half of the rounds are on an index that is read through at each start. Of one that is larger each row is checked; which
claims a search finds, and in which order one is put, rests on SQLite's own checks in part.
"""

from __future__ import annotations

import os
import random
import tempfile
from pathlib import Path
from unittest import mock

from inside import inside
from making import dataset
from msgspec.structs import replace

import campaigns
from indotrade.dataset.folder import stamp
from indotrade.engine import seal

COUNT = 40
ASKED = (
    "list -f ndjson", "list -f json", "sector clove -f ndjson", "search kapal -f ndjson", "sector -f json",
    "show claim-00007 -f ndjson", "source -f json", "cite claim-00003 -f bibtex", "program harbour -f ndjson",
    "list --since 2024-05 -f ndjson", "list --kind event --sort -said -n 3 -f ndjson", "show claim-99999 -f json",
    "country japan -f ndjson",
)  # fmt: skip


def once(chance: random.Random) -> str:
    """Damage an index once, and ask."""
    whole, line = chance.random() < 0.5, chance.choice(ASKED).split()
    with (
        tempfile.TemporaryDirectory() as room,
        mock.patch.multiple("indotrade.engine.folder", SMALL=0, SMALL_COMPRESSED=0),
        mock.patch.object(seal, "CHECKED_WHOLE", 1 << 30 if whole else 0),
    ):
        folder = dataset(Path(room, "data"), COUNT)
        asked = {"INDOTRADE_DATA": str(folder), "XDG_CACHE_HOME": room}
        right = inside(*line, **asked)
        (index,) = (path for path in Path(room, "indotrade").iterdir() if path.suffix != ".seal")
        _damage(index, chance)
        done = inside(*line, **asked)
        assert done.err in ("", right.err) or not whole, (line, done)
        assert "bug:" not in done.err, (line, done)
        assert done.status in (0, 1), (line, done)
        assert "Traceback" not in done.err, (line, done)
        if done == right:
            return "right"
        assert not whole, (line, done)
        assert "search" in line or "--sort" in line, (line, done)
        asked = asked | {"XDG_CACHE_HOME": f"{room}/other"}
        assert set(done.out.splitlines()) <= set(inside("list", "-f", "ndjson", **asked).out.splitlines())
        return "listed wrong"


def _damage(index: Path, chance: random.Random) -> None:
    """Change some bytes of an index, and seal it as if they had always stood there."""
    data = bytearray(index.read_bytes())
    start = chance.randrange(len(data))
    end = min(start + chance.choice([1, 1, 1, 4, 512, 8192]), len(data))
    if end - start == 1:
        data[start] ^= 1 << chance.randrange(8)
    else:
        data[start:end] = bytes(end - start) if chance.random() < 0.5 else chance.randbytes(end - start)
    with open(os.open(index, os.O_WRONLY), "wb") as file:
        file.write(data)
    sealed = seal.read(index)
    assert sealed
    seal.write(index, replace(sealed, index=stamp(index)))


if __name__ == "__main__":
    campaigns.main(once, __doc__)
