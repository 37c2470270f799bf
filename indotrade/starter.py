"""Writes a small valid dataset for a person to edit: one article, one piece of evidence, two claims."""

from __future__ import annotations

import datetime
import os
from pathlib import Path
from typing import Any

import msgspec

from indotrade import files
from indotrade.errors import Message, Misused, NotDelivered
from indotrade.models import (
    Bilingual,
    Claim,
    Country,
    Dataset,
    Evidence,
    Figure,
    Flow,
    Label,
    Measure,
    Organization,
    Person,
    Publisher,
    Said,
    Sector,
    Source,
    Vocabulary,
)


def write(path: str) -> None:
    """Write the four files of a dataset into the directory `path`, which is made if it is not there.

    Raises Misused where one of the files is there already (nothing is written over), NotDelivered where
    they cannot be written.
    """
    if not path:
        raise Misused(Message("DIR names no directory", "DIR tidak menyebut direktori"))
    directory = Path(path)
    contents = {name: _pretty(value) for name, value in _dataset().items()}
    try:
        directory.mkdir(parents=True, exist_ok=True)
        taken = [
            name
            for name in (*contents, "claims.ndjson", "claims.ndjson.gz")
            if os.path.lexists(directory / name)
        ]
        if taken:
            raise Misused(
                Message(
                    f"{directory} holds a {taken[0]} already, and nothing is written over",
                    f"{directory} sudah berisi {taken[0]}; tidak ada yang ditimpa",
                ),
                Message("name another directory", "sebutkan direktori lain"),
            )
        _write(directory, contents)
    except OSError as error:
        reason = files.reason(error)
        raise NotDelivered(
            Message(f"cannot write {directory}: {reason}", f"{directory} tidak dapat ditulis: {reason}")
        ) from None


def _write(directory: Path, contents: dict[str, bytes]) -> None:
    """Write all files, or none: half a dataset would stand in the way of the next try."""
    written = []
    try:
        for name, content in contents.items():
            with open(directory / name, "xb") as file:
                written.append(directory / name)
                file.write(content)
    except OSError:
        for path in written:
            path.unlink(missing_ok=True)
        raise


def _pretty(value: Any) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value), indent=2) + b"\n"


def _dataset() -> dict[str, Any]:
    today = datetime.date.today().isoformat()
    return {
        "dataset.json": Dataset(1, "my-claims", "My claims", "0.1.0", today, "CC-BY-4.0", ["en", "id"]),
        "sources.json": _sources(today),
        "vocabulary.json": _vocabulary(),
        "claims.json": _claims(),
    }


def _sources(today: str) -> list[Source]:
    return [
        Source(
            id="example-article",
            type="article",
            publisher=Publisher("Example News"),
            title="An example article",
            url="https://news.example/tea-exports",
            language="en",
            accessed=today,
            authors=["A. Reporter"],
            published="2024-05-02",
            basis="printed",
        ),
        Source(
            id="example-statistics",
            type="evidence",
            publisher=Publisher("Example Statistics Office"),
            title="Tea exports by destination, 2023",
            url="https://statistics.example/tea-2023",
            language="en",
            accessed=today,
            published="2024",
            basis="printed",
        ),
    ]


def _vocabulary() -> Vocabulary:
    return Vocabulary(
        sectors=[Sector("tea", Label("Tea", "Teh", "茶"), hs=["0902"])],
        countries=[
            Country(
                "indonesia", Label("Indonesia", "Indonesia", "インドネシア"), ["RI"], iso2="ID", iso3="IDN"
            ),
            Country("japan", Label("Japan", "Jepang", "日本"), ["Nippon"], iso2="JP", iso3="JPN"),
        ],
        programs=[],
        organizations=[Organization("tea-association", Label("Tea Association", "Asosiasi Teh", "茶業協会"))],
        people=[
            Person(
                "a-speaker",
                Label("A. Speaker", "A. Speaker", "A. Speaker"),
                role=Bilingual("chair of the Tea Association", "ketua Asosiasi Teh"),
                organization="tea-association",
            )
        ],
        measures=[
            Measure("tea-export-value", Label("Tea exports to Japan", "Ekspor teh ke Jepang", "対日茶輸出額"))
        ],
    )


def _claims() -> list[Claim]:
    figure = Figure("12000000", "USD", "about", "tea-export-value", "2023", "about US$12 million")
    said = Said("2024-05-02", "printed")
    common: dict[str, Any] = {
        "sectors": ["tea"],
        "countries": ["indonesia", "japan"],
        "programs": [],
        "organizations": ["tea-association"],
        "speaker": "a-speaker",
        "said": said,
        "source": "example-article",
        "anchors": [],
        "note": None,
    }
    supports = Evidence(
        "example-statistics",
        "supports",
        Bilingual(
            "Puts the exports of 2023 at US$11.9 million.", "Mencatat ekspor 2023 sebesar US$11,9 juta."
        ),
        "primary",
        Figure("11900000", "USD", "exact", "tea-export-value", "2023", None),
    )
    return [
        Claim(
            id="tea-exports-2023",
            kind="figure",
            statement=Bilingual(
                "Indonesia's tea exports to Japan were about US$12 million in 2023.",
                "Ekspor teh Indonesia ke Jepang sekitar US$12 juta pada 2023.",
            ),
            flow=Flow("indonesia", "japan"),
            figure=figure,
            paragraph=1,
            status="corroborated",
            evidence=[supports],
            **common,
        ),
        Claim(
            id="tea-needs-promotion",
            kind="opinion",
            statement=Bilingual(
                "Indonesian tea needs more promotion in Japan.",
                "Teh Indonesia perlu lebih banyak promosi di Jepang.",
            ),
            flow=None,
            figure=None,
            paragraph=2,
            status="single",
            evidence=[],
            **common,
        ),
    ]
