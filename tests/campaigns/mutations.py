"""Changes a dataset at random: it is valid and answered from, or refused with a sentence by `check` and every look-up.

`cd tests && python -m campaigns.mutations --rounds 20000`
"""

from __future__ import annotations

import copy
import gzip
import json
import random
import tempfile
from pathlib import Path
from typing import Any

import samples
from inside import inside

import campaigns

ODD: tuple[Any, ...] = (
    None, True, 0, -1, 2**63, 1e400, "", " ", "\0", "\ud800", "\udc80x", "é" * 300, "2024-02-30", "9999", "world",
    "narration", "v1:0123456789abcdef", "-0.00", "1" * 41, [], [[]], {}, {"en": ""}, {"id": None}, "\x1b[2J\u202e",
)  # fmt: skip
"""What may stand in place of a value."""
BYTES = (
    b"",
    b"\0",
    b"\xff",
    b'"',
    b"{",
    b"]",
    b",",
    b"\\ud800",
    b"\\u0000",
    b"\n",
    b"\xef\xbb\xbf",
    b"1e999",
    b"NaN",
)
"""What may stand in place of some bytes."""


def once(chance: random.Random) -> str:
    """Change a dataset in one to three places, as records or as bytes, and ask it."""
    records = copy.deepcopy(samples.sample())
    name = chance.choice(["claims.json", "claims.ndjson", "claims.ndjson.gz"])
    for _ in range(chance.randint(1, 3)):
        _change(records, chance)
    with tempfile.TemporaryDirectory() as room:
        try:
            folder = samples.write(Path(room, "data"), records, name)
        except (
            UnicodeEncodeError,
            ValueError,
        ):  # `samples` writes UTF-8: half a character goes in as an escape
            folder = samples.write(
                Path(room, "data"), {file: _escaped(it, file, name) for file, it in records.items()}, name
            )
        if chance.random() < 0.4:
            _splice(chance.choice(sorted(folder.iterdir())), chance)
        checked = inside("check", folder, "-f", chance.choice(["table", "json", "ndjson", "csv"]))
        asked = inside(*chance.choice(ASKED), "--data", folder)
    for done in (checked, asked):
        assert "bug:" not in done.err, (done.err, records)
        assert "Traceback" not in done.err, (done.err, records)
        assert done.status in (0, 1, 3), (done, records)
    assert (asked.status == 3) == (checked.status != 0), (checked, asked)
    return "refused" if checked.status else "valid"


ASKED = (
    ["list", "-f", "json"],
    ["list", "-f", "csv"],
    ["sector"],
    ["country", "japan"],
    ["source"],
    ["search", "e"],
    ["info"],
)


def _change(records: Any, chance: random.Random) -> None:
    """Put something odd in place of a value, take one away, or let one stand twice."""
    place: Any = records[chance.choice(sorted(records))]
    while True:
        keys: list[Any] = sorted(place) if isinstance(place, dict) else list(range(len(place)))
        if not keys:
            return
        key = chance.choice(keys)
        if isinstance(place[key], dict | list) and place[key] and chance.random() < 0.8:
            place = place[key]
            continue
        act = chance.random()
        if act < 0.6:
            place[key] = copy.deepcopy(chance.choice(ODD))
        elif act < 0.75:
            del place[key]
        elif isinstance(place, list):
            place.append(copy.deepcopy(place[key]))
        else:
            place[chance.choice(["id", "kind", "parent", "nothing", "\ud800"])] = copy.deepcopy(place[key])
        return


def _escaped(value: Any, file: str, claims: str) -> bytes:
    if file == "claims" and not claims.endswith(".json") and isinstance(value, list):
        data = b"".join(json.dumps(record).encode() + b"\n" for record in value)
        return gzip.compress(data) if claims.endswith(".gz") else data
    return json.dumps(value).encode()


def _splice(path: Path, chance: random.Random) -> None:
    data = bytearray(path.read_bytes())
    start = chance.randrange(len(data) + 1)
    data[start : start + chance.choice([0, 0, 1, 5, 100])] = chance.choice(BYTES)
    path.write_bytes(data)


if __name__ == "__main__":
    campaigns.main(once, __doc__)
