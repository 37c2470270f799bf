"""Searches datasets for words and compares with a plain reading of every text: in memory, and through an index.

`cd tests && python -m campaigns.questions --rounds 2000`
"""

from __future__ import annotations

import random
import tempfile
from pathlib import Path
from typing import Any
from unittest import mock

import generated
import samples
from test_engine import indexed
from test_query import scanned

import campaigns
from indotrade.engine import search
from indotrade.engine.open import open_engine
from indotrade.engine.protocol import Engine
from indotrade.errors import NotFound
from indotrade.query import answer as answers

LETTERS = generated.ODD.replace("\0", "") + "ISPANAK ıspanak İzmir Straße ﬁn ½ ǅ Ω μ"
ASKED = 20
"""How many questions each dataset is asked."""


def once(chance: random.Random) -> str:
    """Make a dataset of odd texts, and ask for words that stand in it and for others."""
    records = samples.sample()
    for claim in records["claims"]:
        claim["statement"] = samples.text(_text(chance), _text(chance))
        claim["note"] = samples.text(_text(chance), _text(chance)) if chance.random() < 0.5 else None
    with tempfile.TemporaryDirectory() as folder:
        path = samples.write(Path(folder), records)
        memory = open_engine(folder)
        with indexed(path):
            index = open_engine(str(path))  # again: what was built a moment ago is not checked
            for _ in range(ASKED):
                words = [_word(records, chance) for _ in range(chance.choice([1, 1, 1, 2, 3]))]
                right = scanned(records, words) if all(map(generated.plain, words)) else []
                few = chance.choice([-1, search.FEW])
                for engine in (memory, index):
                    with mock.patch.object(search, "FEW", few):
                        assert _found(engine, words) == right, (words, few, records)
    return "datasets that agree"


def _text(chance: random.Random) -> str:
    return "".join(chance.choices(LETTERS, k=chance.randint(1, 30))) + "x"  # a text has a letter


def _word(records: Any, chance: random.Random) -> str:
    text: str = chance.choice(records["claims"])["statement"][chance.choice(["en", "id"])]
    start = chance.randrange(len(text))
    word = text[start : start + chance.randint(1, 6)]
    return chance.choice([word, word.upper(), word.lower(), "".join(chance.choices(LETTERS, k=2))])


def _found(engine: Engine, words: list[str]) -> list[str]:
    try:
        return [claim.id for claim in answers.find(engine, {"words": words}).claims()]
    except NotFound:  # nothing of a word is left
        return []


if __name__ == "__main__":
    campaigns.main(once, __doc__)
