"""Writes a large dataset that is valid and, for one seed, always the same: `make.py DIR --claims 1000000`."""

from __future__ import annotations

import argparse
import itertools
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SECTORS, COUNTRIES, PROGRAMS, PEOPLE, MEASURES = 400, 240, 5000, 2000, 50
CLAIMS_PER_SOURCE = 20
ARTICLES = 0.8
"""The part of the sources that are articles; the others are evidence."""
RARE = 5
"""How many claims bear each of the rare tags: as many as a typical answer from the bundled data has."""
JAPANESE = (
    "バティック 輸出 コーヒー 海藻 中小企業 真珠 家具 日本 東京 福岡 展示会 貿易 協定 食品 水産物 きのこ カカオ"
    " さとう えび まぐろ 市場 商談会 大使館 産業 投資 技術 支援 関税 検疫 ハラル"
).split()
ENGLISH = """
    the of to in port trade firm ing er tion small al ment pa ri co de lu mar ket con ex is as re un pro dis ly est
    ough wor ld ship food growth sell buy cof fee sea weed yen rate tar iff vis it quo ta fair show chan ge high low
"""
INDONESIAN = """
    ba tik eks por usa ha me nga lam kan pe da gang an ke nai per di ja pang yang dan un tuk dari pa la in do ne sia
    je ko pi rum put laut mu ti ara pro duk ka wan ber ter se mi kro me neng ah ta hun le bih se ri bu juta bu ah
"""
KINDS = ("figure", "forecast", "event", "plan", "need", "opinion", "description")


def words(rng: random.Random, count: int, syllables: str) -> list[str]:
    """Return `count` different words, the short ones first, each made of a few of the syllables."""
    parts = syllables.split()
    made: dict[str, None] = {}
    while len(made) < count:
        made["".join(rng.choices(parts, k=rng.choice((1, 2, 2, 3, 3, 4))))] = None
    return sorted(made, key=len)


class Text:
    """Draws sentences of about twenty words, the frequent words often and the rare ones seldom."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.english = words(rng, 6000, ENGLISH)
        self.indonesian = words(rng, 6000, INDONESIAN)
        self.weights = list(itertools.accumulate(1 / (rank + 8) for rank in range(6000)))

    def sentence(self, of: list[str]) -> str:
        """Return about twenty words, in one sentence of three with a Japanese word among them."""
        drawn = self.rng.choices(of, cum_weights=self.weights, k=self.rng.randint(14, 26))
        if self.rng.random() < 1 / 3:
            drawn[self.rng.randrange(len(drawn))] = self.rng.choice(JAPANESE)
        return " ".join(drawn).capitalize() + "."

    def both(self) -> dict[str, str]:
        """Return a sentence in each of the two languages."""
        return {"en": self.sentence(self.english), "id": self.sentence(self.indonesian)}


def label(name: str) -> dict[str, str]:
    """Return the name of an entry in three languages."""
    return {"en": name, "id": f"{name} (id)", "ja": f"{name}号"}


def vocabulary() -> dict[str, list[dict[str, Any]]]:
    """Return the vocabulary: sectors in a tree of three levels, countries in groups, the rest flat."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    codes = ["".join(pair) for pair in itertools.product(letters, letters)]
    sectors: list[dict[str, Any]] = []
    for number in range(SECTORS):
        parent = None if number < 10 else number % 10 if number < 60 else 10 + number % 50
        up = {} if parent is None else {"parent": f"sector-{parent}"}
        sectors.append({"id": f"sector-{number}", "label": label(f"Sector {number}")} | up)
    countries: list[dict[str, Any]] = []
    for number in range(COUNTRIES):
        extra = {} if number < 6 else {"parent": f"country-{number % 6}", "iso2": codes[number]}
        countries.append({"id": f"country-{number}", "label": label(f"Country {number}")} | extra)

    def flat(word: str, count: int) -> list[dict[str, Any]]:
        return [{"id": f"{word}-{n}", "label": label(f"{word.capitalize()} {n}")} for n in range(count)]

    return {
        "sectors": sectors,
        "countries": countries,
        "programs": flat("program", PROGRAMS),
        "organizations": flat("office", 500),
        "people": flat("person", PEOPLE),
        "measures": flat("measure", MEASURES),
    }


def sources(count: int) -> Iterator[dict[str, Any]]:
    """Yield the sources, articles first."""
    for number in range(count):
        article = number < count * ARTICLES
        yield {
            "id": f"{'article' if article else 'evidence'}-{number}",
            "type": "article" if article else "evidence",
            "publisher": {"name": f"Outlet {number % 300}"},
            "title": f"Report {number} on the trade of small firms",
            "url": f"https://example.org/{number}/report",
            "language": ("id", "en", "ja")[number % 3],
            "accessed": "2026-11-22",
            "published": f"{2000 + number % 26}-{number % 12 + 1:02}-{number % 28 + 1:02}",
            "basis": "printed",
        }


class Claims:
    """Draws claims that keep every rule of the dataset."""

    def __init__(self, rng: random.Random, count: int, source_count: int) -> None:
        self.rng = rng
        self.text = Text(rng)
        self.articles = int(source_count * ARTICLES)
        self.sources = source_count
        self.rare = set(rng.sample(range(count), RARE))
        self.zipf = {
            n: list(itertools.accumulate(1 / (r + 5) for r in range(n))) for n in (SECTORS - 1, COUNTRIES - 1)
        }

    def tags(self, word: str, count: int, most: int) -> list[str]:
        """Return up to `most` ids, the low numbers often; never the last one, which is the rare one's."""
        chosen = self.rng.choices(
            range(count - 1), cum_weights=self.zipf[count - 1], k=self.rng.randint(1, most)
        )
        return [f"{word}-{number}" for number in dict.fromkeys(chosen)]

    def figure(self) -> dict[str, Any]:
        """Return a figure."""
        value = self.rng.randint(1, 90_000_000)
        return {
            "value": str(value),
            "unit": self.rng.choice(("USD", "percent", "people", "firms")),
            "bound": self.rng.choice(("exact", "about", "at-least", "more-than", "up-to")),
            "measure": f"measure-{self.rng.randrange(MEASURES)}",
            "period": str(self.rng.randint(2000, 2025)),
            "as_printed": f"{value:,}",
        }

    def evidence(self) -> tuple[str, list[dict[str, Any]]]:
        """Return a status and the evidence that bears it out."""
        if self.rng.random() < 0.9:
            return "single", []
        status, relation = self.rng.choice((("corroborated", "supports"), ("disputed", "conflicts")))
        source = f"evidence-{self.rng.randrange(self.articles, self.sources)}"
        return status, [
            {"source": source, "relation": relation, "says": self.text.both(), "strength": "press"}
        ]

    def claim(self, number: int) -> dict[str, Any]:
        """Return the claim of this number, the same for the same draw."""
        rng, rare = self.rng, number in self.rare
        kind = rng.choice(KINDS)
        status, evidence = self.evidence()
        sectors = self.tags("sector", SECTORS, 2)
        countries = self.tags("country", COUNTRIES, 2)
        programs = [f"program-{rng.randrange(PROGRAMS - 1)}"] if rng.random() < 0.5 else []
        if rare:
            sectors, countries = [f"sector-{SECTORS - 1}"], [f"country-{COUNTRIES - 1}"]
            programs = [f"program-{PROGRAMS - 1}"]
        return {
            "id": f"claim-{number}",
            "kind": kind,
            "statement": self.text.both(),
            "sectors": sectors,
            "countries": countries,
            "programs": programs,
            "organizations": [f"office-{rng.randrange(500)}"] if rng.random() < 0.3 else [],
            "flow": {"from": countries[0], "to": "world"} if rng.random() < 0.2 else None,
            "figure": self.figure() if kind == "figure" else None,
            "speaker": f"person-{rng.randrange(PEOPLE)}" if rng.random() < 0.7 else None,
            "said": {"date": f"{rng.randint(2000, 2025)}-{rng.randint(1, 12):02}", "basis": "printed"},
            "source": f"article-{rng.randrange(self.articles)}",
            "paragraph": rng.randint(1, 40),
            "anchors": [f"v1:{rng.getrandbits(64):016x}"],
            "status": status,
            "note": None,
            "evidence": evidence,
        }


def make(folder: Path, claims: int, seed: int = 4) -> None:
    """Write a dataset of so many claims into `folder`: the claims in no order, as NDJSON."""
    rng = random.Random(seed)
    folder.mkdir(parents=True, exist_ok=True)
    source_count = max(claims // CLAIMS_PER_SOURCE, 100)
    described = {
        "format": 1,
        "name": f"bench-{claims}",
        "title": f"{claims:,} made claims",
        "version": "1",
        "as_of": "2026-11-22",
        "licence": "CC0-1.0",
        "languages": ["en", "id"],
    }
    for name, value in (
        ("dataset", described),
        ("vocabulary", vocabulary()),
        ("sources", list(sources(source_count))),
    ):
        (folder / f"{name}.json").write_text(
            json.dumps(value, ensure_ascii=False, indent=1), encoding="utf-8"
        )
    drawn = Claims(rng, claims, source_count)
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    numbers = list(range(claims))
    rng.shuffle(numbers)
    with open(folder / "claims.ndjson", "w", encoding="utf-8") as file:
        file.writelines(encode(drawn.claim(number)) + "\n" for number in numbers)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--claims", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=4)
    arguments = parser.parse_args()
    make(arguments.folder, arguments.claims, arguments.seed)
