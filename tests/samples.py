"""A made-up dataset small enough to be known by heart, and whatever else can be made of it."""

from __future__ import annotations

import copy
import gzip
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from msgspec import NODEFAULT, UNSET, Struct
from msgspec.structs import fields

from indotrade.dataset.folder import locate
from indotrade.dataset.reader import Reader
from indotrade.dataset.records import Claim, Evidence, Figure, Publisher, Reading, Said, Source

Record = dict[str, Any]


def text(en: str, id: str | None = None) -> Record:
    return {"en": en, "id": id or f"{en} (id)"}


def label(en: str, id: str, ja: str) -> Record:
    return {"en": en, "id": id, "ja": ja}


def nothing(kind: type[Struct]) -> Record:
    """Return a record with every key, in the order of the models, of which nothing is known."""
    empty: Record = {
        field.encode_name: field.default_factory()
        if field.default_factory is not NODEFAULT
        else field.default
        for field in fields(kind)
    }
    return {key: None if value is NODEFAULT else value for key, value in empty.items() if value is not UNSET}


def figure(value: str, unit: str, **more: Any) -> Record:
    return nothing(Figure) | {"value": value, "unit": unit, "bound": "exact"} | more


def evidence(source: str, relation: str, **more: Any) -> Record:
    known = {"source": source, "relation": relation, "says": text(f"{source} {relation} it")}
    return nothing(Evidence) | known | {"strength": "press"} | more


def claim(name: str, **more: Any) -> Record:
    """Return a claim with every key, in the order of the models."""
    record = nothing(Claim) | {
        "id": name,
        "kind": "description",
        "statement": text(f"Statement of {name}.", f"Pernyataan {name}."),
        "said": said("2024-05-02"),
        "source": "harbour-news",
        "paragraph": 1,
        "status": "single",
    }
    assert record.keys() >= more.keys()
    return record | more


def said(date: str, why: str | None = None, at: str | None = None) -> Record:
    return nothing(Said) | {"date": date, "basis": "inferred" if why else "printed", "why": why, "at": at}


def source(name: str, kind: str, publisher: str, **more: Any) -> Record:
    record = nothing(Source) | {
        "id": name,
        "type": kind,
        "publisher": nothing(Publisher) | {"name": publisher},
        "title": f"Title of {name}",
        "url": f"https://{name}.example/page",
        "language": "en",
        "accessed": "2024-06-01",
    }
    assert record.keys() >= more.keys()
    return record | more


def entry(name: str, names: Record, **more: Any) -> Record:
    return {"id": name, "label": names, "aliases": [], "about": None} | more


def sample() -> dict[str, Any]:
    """Return the records of a valid dataset, by file without its ending; the caller may change them.

    Nine claims stand in two articles, in the order of answers: harbour-news 1 to 4, orchard-paper 1 to 3.
    """
    records: dict[str, Any] = json.loads(_WRITTEN)  # many times faster than a deep copy
    return records


def write(folder: Path, records: dict[str, Any], claims: str = "claims.json") -> Path:
    """Write a dataset into `folder`, its claims into the file of that name; return the folder.

    A value that is bytes is written as it is; a file whose value is None is left out.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("dataset", "sources", "vocabulary"):
        _put(folder / f"{name}.json", records[name], _array)
    _put(folder / claims, records["claims"], _array if claims.endswith(".json") else _lines)
    return folder


def _put(path: Path, value: Any, encoded: Any) -> None:
    if value is not None:
        data = value if isinstance(value, bytes) else encoded(value)
        path.write_bytes(gzip.compress(data) if path.suffix == ".gz" and value is not data else data)


def _array(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=2).encode()


def _lines(records: list[Record]) -> bytes:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records).encode()


_SAMPLE: dict[str, Any] = {
    "dataset": {
        "format": 1,
        "name": "harbour",
        "title": "Claims about a harbour",
        "version": "0.3.0",
        "as_of": "2024-06-01",
        "licence": "CC0-1.0",
        "languages": ["en", "id"],
    },
    "sources": [
        source(
            "harbour-news",
            "article",
            "Harbour News",
            authors=["A. Reporter"],
            published="2024-05-02",
            basis="printed",
            vantage="harbour-office",
        ),
        source("orchard-paper", "article", "Orchard Paper", title=None, title_from_url="pears in the hills"),
        source("customs-table", "evidence", "Customs House", published="2024", basis="printed"),
        source("rival-gazette", "evidence", "Rival Gazette", via="Hill Wire"),
        source("office-note", "evidence", "Harbour Office", vantage="harbour-office"),
    ],
    "vocabulary": {
        "sectors": [
            entry("spices", label("Spices", "Rempah", "香辛料"), parent=None, hs=["0904"]),
            entry("clove", label("Cloves", "Cengkih", "クローブ"), parent="spices", hs=[]),
            entry("nutmeg", label("Nutmeg", "Pala", "ナツメグ"), parent="spices", hs=[]),
            entry("weaving", label("Hand weaving", "Tenun tangan", "手織り"), parent=None, hs=[]),
            entry("hand-pottery", label("Hand pottery", "Tembikar", "陶芸"), parent=None, hs=[]),
        ],
        "countries": [
            entry(
                "indonesia",
                label("Indonesia", "Indonesia", "インドネシア"),
                aliases=["RI"],
                iso2="ID",
                iso3="IDN",
            ),
            entry("sukamaju", label("Sukamaju", "Sukamaju", "スカマジュ"), parent="indonesia"),
            entry("japan", label("Japan", "Jepang", "日本"), aliases=["Nippon"], iso2="JP", iso3="JPN"),
            entry("nagahama", label("Nagahama", "Nagahama", "長浜"), parent="japan", iso3166_2="JP-25"),
        ],
        "programs": [
            entry(
                "harbour-fair",
                label("Harbour Fair", "Pekan Pelabuhan", "港まつり"),
                about=text("A fair at the pier.", "Pekan raya di dermaga."),
                organizers=["cooperative"],
                when="2024-05-01/2024-05-03",
                where=["sukamaju"],
            ),
            entry("loom-visit", label("Loom visit", "Kunjungan tenun", "織機見学")),
        ],
        "organizations": [
            entry("cooperative", label("Cooperative", "Koperasi", "協同組合")),
            entry(
                "younger-cooperative",
                label("Younger Cooperative", "Koperasi Muda", "若手組合"),
                parent="cooperative",
            ),
        ],
        "people": [
            entry(
                "harbour-master",
                label("The Harbour Master", "Kepala Pelabuhan", "港長"),
                role=text("harbour master", "kepala pelabuhan"),
                organization="cooperative",
            ),
            entry("buyer", label("A Buyer", "Seorang Pembeli", "買い手")),
        ],
        "measures": [
            entry("clove-crates", label("Crates of cloves", "Peti cengkih", "箱")),
            entry("wages", label("Wages paid", "Upah", "賃金")),
        ],
    },
    "claims": [
        claim(
            "crates-sent",
            kind="figure",
            statement=text("The harbour sent 640 crates of cloves.", "Pelabuhan mengirim 640 peti cengkih."),
            sectors=["clove"],
            countries=["sukamaju", "japan"],
            programs=["harbour-fair"],
            organizations=["younger-cooperative"],
            flow={"from": "sukamaju", "to": "japan"},
            figure=figure(
                "640", "crates", measure="clove-crates", period="2024-03", as_printed="640 crates"
            ),
            speaker="harbour-master",
            said=said("2024-05-02", at="harbour-fair"),
            anchors=["v1:0123456789abcdef"],
            status="corroborated",
            evidence=[
                evidence(
                    "customs-table",
                    "supports",
                    says=text("Counts 641 crates.", "Mencatat 641 peti."),
                    strength="primary",
                    figure=figure("641", "crates", measure="clove-crates", period="2024-03"),
                ),
                evidence("office-note", "same-report"),
            ],
        ),
        claim(
            "only-clove-port",
            statement=text("No other port ships cloves.", "Tidak ada pelabuhan lain yang mengirim cengkih."),
            sectors=["clove"],
            countries=["indonesia"],
            status="disputed",
            evidence=[
                evidence(
                    "rival-gazette",
                    "conflicts",
                    says=text("Two other ports do.", "Dua pelabuhan lain juga."),
                )
            ],
        ),
        claim(
            "weavers-count",
            kind="figure",
            statement=text("The cooperative has 38 weavers.", "Koperasi memiliki 38 penenun."),
            sectors=["weaving"],
            organizations=["cooperative"],
            figure=figure("38", "people", bound="at-least"),
            said=said("2024-05", why="the month alone is printed"),
            paragraph=2,
        ),
        claim(
            "wages-paid",
            kind="figure",
            statement=text('Wages are "2.5 dollars" a year.', 'Upah "2,5 dolar" setahun.'),
            organizations=["younger-cooperative"],
            figure=figure(
                "2.5",
                "USD",
                measure="wages",
                as_printed="2.5 dollars",
                reading={"value": "2500000", "why": "a million is missing"},
            ),
            speaker="buyer",
            said=said("2024-04-30", at="harbour-fair"),
            paragraph=3,
            status="misprint",
            note=text("A word is missing.", "Satu kata hilang."),
        ),
        claim(
            "needs-ferry",
            kind="need",
            statement=text("The harbour needs a ferry.", "Pelabuhan memerlukan feri."),
            countries=["sukamaju"],
            flow={"from": "world", "to": "sukamaju"},
            speaker="harbour-master",
            paragraph=4,
        ),
        claim(
            "cold-store-forecast",
            kind="forecast",
            statement=text(
                "A cold store will hold 900 tonnes.", "Gudang dingin akan menampung 900 ton."
            ),
            countries=["nagahama"],
            figure=figure("900", "tonnes", bound="up-to", period="2024/2025"),
            said=said("2023"),
            source="orchard-paper",
            status="superseded",
            evidence=[evidence("customs-table", "context", strength="official")],
        ),
        claim(
            "nutmeg-plan",
            kind="plan",
            statement=text("Nutmeg will be bought next.", "Pala akan dibeli berikutnya."),
            sectors=["nutmeg"],
            countries=["indonesia", "japan"],
            programs=["loom-visit"],
            flow={"from": "indonesia", "to": "japan"},
            speaker="buyer",
            said=said("2023-11"),
            source="orchard-paper",
            paragraph=2,
        ),
        claim(
            "looms-visited",
            kind="event",
            statement=text("A buyer visited the looms.", "Seorang pembeli mengunjungi alat tenun."),
            sectors=["weaving"],
            countries=["japan"],
            programs=["loom-visit"],
            said=said("2023-11-20"),
            source="orchard-paper",
            paragraph=3,
        ),
        claim(
            "more-buyers-hoped",
            kind="opinion",
            statement=text("More buyers should come.", "Lebih banyak pembeli sebaiknya datang."),
            speaker="buyer",
            said=said("2023-11-20"),
            source="orchard-paper",
            paragraph=3,
            note=text("A hope: 50% of |buyers|.", "Harapan."),
        ),
    ],
}  # fmt: skip
_WRITTEN = json.dumps(_SAMPLE)


def in_order(claims: Iterable[Record]) -> list[Record]:
    """Return claims in the order of answers: source, paragraph (none last), then as in the file."""
    return sorted(claims, key=lambda it: (it["source"], it.get("paragraph") or float("inf")))


IDS = [record["id"] for record in in_order(_SAMPLE["claims"])]
"""The ids of the sample's claims in the order of answers."""


# --- a record once it is read, worked out by another hand ----------------------------------------------


def voices(records: Record, claim: Record, relation: str) -> int:
    """Return how many independent voices stand in a relation to a claim."""
    vantage = {source["id"]: source.get("vantage") or source["id"] for source in records["sources"]}
    found = {vantage[item["source"]] for item in claim.get("evidence") or () if item["relation"] == relation}
    return len(found - {vantage[claim["source"]]})


def complete(records: Record, claim: Record) -> Record:
    """Return a claim as an answer has it: every key, what follows from the evidence, no text left to chance."""
    whole: Record = copy.deepcopy(_filled(claim, Claim))
    whole.pop("sources", None)
    whole["evidence"] = [_filled(item, Evidence) for item in whole["evidence"]]
    for holder in (whole, *whole["evidence"]):
        if holder["figure"]:
            holder["figure"] = _filled(holder["figure"], Figure)
            if holder["figure"]["reading"]:
                holder["figure"]["reading"] = _filled(holder["figure"]["reading"], Reading)
    if whole["said"] is not None:
        whole["said"] = _filled(whole["said"], Said)
    for relation in ("supports", "conflicts", "context"):
        whole[relation] = voices(records, claim, relation)
    relations = {item["relation"] for item in whole["evidence"]}
    whole["status"] = whole["status"] or (
        "misprint" if whole["figure"] and whole["figure"]["reading"]
        else "disputed" if "conflicts" in relations
        else "corroborated" if "supports" in relations
        else "single"
    )  # fmt: skip
    return whole


def completed_source(source: Record) -> Record:
    """Return a source as an answer has it."""
    whole = _filled(source, Source)
    return whole | {"publisher": _filled(whole["publisher"], Publisher)}


def _filled(record: Record, kind: type[Struct]) -> Record:
    """Return a record with every key of its kind; null is nothing."""
    return nothing(kind) | {name: value for name, value in record.items() if value is not None}


GONE: Any = object()
"""Put in place of a value, it takes the value away."""


def changed(changes: dict[str, Any]) -> dict[str, Any]:
    """Return the records of the sample with changes by path, `claims.0.said.date`; one past the end appends.

    The values are copied, so that whoever changes the records changes them for nobody else.
    """
    records = sample()
    for path, value in changes.items():
        *way, last = path.split(".")
        place: Any = records
        for step in way:
            place = place[int(step) if isinstance(place, list) else step]
        if value is GONE:
            del place[last]
        elif isinstance(place, list) and int(last) == len(place):
            place.append(copy.deepcopy(value))
        else:
            place[int(last) if isinstance(place, list) else last] = copy.deepcopy(value)
    return records


def faults(folder: Path) -> list[str]:
    """Return all that is wrong with a dataset, a line each."""
    reader = Reader(locate(folder), thorough=True)
    reader.head()
    for _ in reader.claims():
        pass
    return [f"{fault.level}: {fault.told}" for fault in reader.faults]
