"""Each rule is broken once, and the message is compared to the letter."""

from __future__ import annotations

import datetime
import re
from pathlib import Path
from typing import Any

import pytest
import samples
from samples import changed, entry, evidence, faults, figure, label, source, text

from indotrade.dataset.faults import Broken, of_themselves
from indotrade.errors import Message
from indotrade.text.dates import days

UNBROKEN = "a dataset without a fault"
CLAIMS, SOURCES = "error: claims.json: ", "error: sources.json: "
VOCABULARY, DATASET = "error: vocabulary.json: ", "error: dataset.json: "

BROKEN: dict[str, tuple[dict[str, Any], list[str]]] = {
    UNBROKEN: ({}, []),
    # --- references
    "a sector that is not there": (
        {"claims.0.sectors": ["clove", "cloves"]},
        [CLAIMS + 'crates-sent: sectors[1]: "cloves" is not among the sectors'],
    ),
    "a country that is not there": (
        {"claims.1.countries": ["atlantis"]},
        [CLAIMS + 'only-clove-port: countries[0]: "atlantis" is not among the countries'],
    ),
    "a country by its code": (
        {"claims.1.countries": ["ID"]},
        [CLAIMS + 'only-clove-port: countries[0]: "ID" is not among the countries'],
    ),
    "a program that is not there": (
        {"claims.0.programs": ["fair"]},
        [CLAIMS + 'crates-sent: programs[0]: "fair" is not among the programs'],
    ),
    "an organization that is not there": (
        {"claims.2.organizations": ["union"]},
        [CLAIMS + 'weavers-count: organizations[0]: "union" is not among the organizations'],
    ),
    "a flow from nowhere": (
        {"claims.0.flow.from": "nowhere"},
        [CLAIMS + 'crates-sent: flow.from: "nowhere" is not among the countries'],
    ),
    "a flow to nowhere": (
        {"claims.0.flow.to": "nowhere"},
        [CLAIMS + 'crates-sent: flow.to: "nowhere" is not among the countries'],
    ),
    "a flow to the world": ({"claims.0.flow.to": "world"}, []),
    "the world as a country": (
        {"claims.0.countries": ["world"]},
        [CLAIMS + 'crates-sent: countries[0]: "world" is not among the countries'],
    ),
    "a speaker who is not there": (
        {"claims.3.speaker": "seller"},
        [CLAIMS + 'wages-paid: speaker: "seller" is not among the people'],
    ),
    "narration named as a speaker": (
        {"claims.3.speaker": "narration"},
        [CLAIMS + 'wages-paid: speaker: "narration" is not among the people'],
    ),
    "an occasion that is not there": (
        {"claims.3.said.at": "market"},
        [CLAIMS + 'wages-paid: said.at: "market" is not among the programs'],
    ),
    "a measure that is not there": (
        {"claims.0.figure.measure": "crates"},
        [CLAIMS + 'crates-sent: figure.measure: "crates" is not among the measures'],
    ),
    "a measure of evidence that is not there": (
        {"claims.0.evidence.0.figure.measure": "crates"},
        [CLAIMS + 'crates-sent: evidence[0].figure.measure: "crates" is not among the measures'],
    ),
    "an article that is not there": (
        {"claims.4.source": "harbour"},
        [CLAIMS + 'needs-ferry: source: "harbour" is not among the sources'],
    ),
    "a claim that stands in evidence": (
        {"claims.4.source": "customs-table"},
        [CLAIMS + 'needs-ferry: source: "customs-table" is evidence; a claim stands in an article'],
    ),
    "evidence that is not there": (
        {"claims.1.evidence.0.source": "gazette"},
        [
            CLAIMS + 'only-clove-port: evidence[0].source: "gazette" is not among the sources',
        ],
    ),
    "a parent that is not there": (
        {"vocabulary.sectors.1.parent": "herbs"},
        [VOCABULARY + 'clove: sectors.parent: "herbs" is not among the sectors'],
    ),
    "an organizer who is not there": (
        {"vocabulary.programs.0.organizers": ["cooperative", "union"]},
        [VOCABULARY + 'harbour-fair: programs.organizers: "union" is not among the organizations'],
    ),
    "a venue that is not there": (
        {"vocabulary.programs.0.where": ["world"]},
        [VOCABULARY + 'harbour-fair: programs.where: "world" is not among the countries'],
    ),
    "an employer who is not there": (
        {"vocabulary.people.0.organization": "union"},
        [VOCABULARY + 'harbour-master: people.organization: "union" is not among the organizations'],
    ),
    # --- twice
    "a sector twice": (
        {"claims.0.sectors": ["clove", "weaving", "clove"]},
        [CLAIMS + 'crates-sent: sectors[2]: "clove" stands twice'],
    ),
    "a claim's id twice": (
        {"claims.4.id": "crates-sent"},
        [CLAIMS + "crates-sent: id: the id stands at [0] already"],
    ),
    "a claim's id three times": (
        {"claims.4.id": "crates-sent", "claims.6.id": "crates-sent"},
        [CLAIMS + "crates-sent: id: the id stands at [0] already"] * 2,
    ),
    "a source's id twice": (
        {"sources.5": source("office-note", "evidence", "Another Office")},
        [SOURCES + "office-note: id: the id stands twice"],
    ),
    "a sector's id twice": (
        {"vocabulary.sectors.5": entry("clove", label("Clove buds", "Kuncup", "丁子"), parent=None, hs=[])},
        [VOCABULARY + "clove: sectors.id: the id stands twice"],
    ),
    "an anchor twice": (
        {"claims.0.anchors": ["v1:0123456789abcdef"] * 2},
        [CLAIMS + "crates-sent: anchors: an anchor stands twice"],
    ),
    "four anchors": (
        {"claims.0.anchors": [f"v1:{number:016x}" for number in range(4)]},
        [CLAIMS + "crates-sent: anchors: 4 anchors, and 3 are the most"],
    ),
    "three anchors": ({"claims.0.anchors": [f"v1:{number:016x}" for number in range(3)]}, []),
    # --- names
    "an alias that is another's label": (
        {"vocabulary.sectors.2.aliases": ["CENGKIH"]},
        [VOCABULARY + 'nutmeg: sectors.aliases[0]: "CENGKIH" is a name of "clove" already'],
    ),
    "a label that is another's id, but for the hyphen": (
        {"vocabulary.sectors.2.label.en": "Hand Pottery"},
        [VOCABULARY + 'hand-pottery: sectors.id: "hand-pottery" is a name of "nutmeg" already'],
    ),
    "a code that is another's alias": (
        {"vocabulary.countries.2.aliases": ["Nippon", "idn"]},
        [VOCABULARY + 'japan: countries.aliases[1]: "idn" is a name of "indonesia" already'],
    ),
    "one name in two lists": ({"vocabulary.sectors.2.aliases": ["Japan"]}, []),
    "one HS heading of two sectors": ({"vocabulary.sectors.2.hs": ["0904"]}, []),
    "its own name once more": ({"vocabulary.sectors.2.aliases": ["nutmeg", "NUTMEG"]}, []),
    "a name without a letter": (
        {"vocabulary.sectors.2.aliases": ["-"]},
        [VOCABULARY + 'nutmeg: sectors.aliases[0]: "-" has no letter or digit'],
    ),
    "two names without a letter": (
        {"vocabulary.sectors.1.aliases": ["-"], "vocabulary.sectors.2.aliases": ["!"]},
        [
            VOCABULARY + 'clove: sectors.aliases[0]: "-" has no letter or digit',
            VOCABULARY + 'nutmeg: sectors.aliases[0]: "!" has no letter or digit',
        ],
    ),
    "a person called narration": (
        {"vocabulary.people.2": entry("narration", label("N.", "N.", "N."))},
        [VOCABULARY + 'narration: people.id: "narration" stands for the articles\' own voice'],
    ),
    "a country called world": (
        {"vocabulary.countries.4": entry("world", label("W.", "W.", "W."))},
        [VOCABULARY + 'world: countries.id: "world" stands for all countries'],
    ),
    # --- parents
    "its own parent": (
        {"vocabulary.sectors.3.parent": "weaving"},
        [VOCABULARY + 'weaving: sectors.parent: "weaving" is its own ancestor'],
    ),
    "parents in a circle": (
        {"vocabulary.sectors.0.parent": "nutmeg"},
        [
            VOCABULARY + 'spices: sectors.parent: "spices" is its own ancestor',
            VOCABULARY + 'nutmeg: sectors.parent: "nutmeg" is its own ancestor',
        ],
    ),
    # --- dates
    "a day that no calendar has": (
        {"claims.0.said.date": "2024-02-30"},
        [CLAIMS + 'crates-sent: said.date: "2024-02-30" is not in the calendar'],
    ),
    "a month that no calendar has": (
        {"claims.0.said.date": "2024-13"},
        [CLAIMS + 'crates-sent: said.date: "2024-13" is not in the calendar'],
    ),
    "a year that no calendar has": (
        {"sources.0.published": "0000"},
        [SOURCES + 'harbour-news: published: "0000" is not in the calendar'],
    ),
    "a last month": ({"claims.0.said.date": "2023-12"}, []),
    "a leap day": ({"claims.0.said.date": "2024-02-29"}, []),
    "a day of access that is none": (
        {"sources.0.accessed": "2023-02-29"},
        [SOURCES + 'harbour-news: accessed: "2023-02-29" is not in the calendar'],
    ),
    "a period that is none": (
        {"claims.0.figure.period": "2024-00"},
        [CLAIMS + 'crates-sent: figure.period: "2024-00" is not in the calendar'],
    ),
    "an interval that ends before it begins": (
        {"claims.0.figure.period": "2024-05/2024-04-30"},
        [CLAIMS + 'crates-sent: figure.period: "2024-05/2024-04-30" ends before it begins'],
    ),
    "an interval within its end": ({"claims.0.figure.period": "2024-05-02/2024-05"}, []),
    "a period of evidence that is none": (
        {"claims.0.evidence.0.figure.period": "2024-04-31"},
        [CLAIMS + 'crates-sent: evidence[0].figure.period: "2024-04-31" is not in the calendar'],
    ),
    "a program's time that is none": (
        {"vocabulary.programs.0.when": "2024-05-03/2024-05-01"},
        [VOCABULARY + 'harbour-fair: programs.when: "2024-05-03/2024-05-01" ends before it begins'],
    ),
    "a date of the dataset that is none": (
        {"dataset.as_of": "2024-06-31"},
        [DATASET + 'as_of: "2024-06-31" is not in the calendar'],
    ),
    "a remark in the future": (
        {"claims.0.said.date": "2999"},
        ['warning: claims.json: crates-sent: said.date: "2999" is in the future'],
    ),
    "a page published in the future": (
        {"sources.0.published": "2999-01"},
        ['warning: sources.json: harbour-news: published: "2999-01" is in the future'],
    ),
    "a page read in the future": (
        {"sources.0.accessed": "2999-01-01"},
        ['warning: sources.json: harbour-news: accessed: "2999-01-01" is in the future'],
    ),
    "a dataset of the future": (
        {"dataset.as_of": "2999"},
        ['warning: dataset.json: as_of: "2999" is in the future'],
    ),
    "a forecast of the future": ({"claims.5.figure.period": "2999"}, []),
    "a program in the future": ({"vocabulary.programs.0.when": "2999"}, []),
    # --- basis
    "an inferred date without its reason": (
        {"claims.0.said": {"date": "2024", "basis": "inferred", "why": None, "at": None}},
        [],
    ),
    "a printed date with a reason": (
        {"claims.2.said.basis": "printed"},
        [CLAIMS + "weavers-count: said.why: is the reason of an inferred date, and this one is not inferred"],
    ),
    "a reason alone": (
        {"claims.2.said": {"why": text("the month alone is printed")}},
        [CLAIMS + "weavers-count: said.why: is the reason of an inferred date, and this one is not inferred"],
    ),
    "a basis of a remark without a date": (
        {"claims.0.said.date": None},
        [CLAIMS + "crates-sent: said.basis: there is no date of which it could be said"],
    ),
    "a date without its basis": ({"claims.0.said.basis": None}, []),
    "an occasion without a date": ({"claims.0.said": {"at": "harbour-fair"}}, []),
    "a page's date without its basis": ({"sources.0.basis": None}, []),
    "a basis without a date": (
        {"sources.1.basis": "inferred"},
        [SOURCES + "orchard-paper: basis: there is no date of which it could be said"],
    ),
    # --- places and languages
    "a locator instead of a paragraph": (
        {"claims.0.paragraph": None, "claims.0.locator": {"label": "table", "value": "2"}},
        [],
    ),
    "a locator beside a paragraph": (
        {"claims.0.locator": {"label": "table", "value": "2"}},
        [CLAIMS + "crates-sent: locator: stands instead of a paragraph, not beside one"],
    ),
    "a statement in one of the languages": ({"claims.0.statement": {"id": "Pelabuhan mengirim peti."}}, []),
    "a statement in another language beside them": ({"claims.0.statement.ja": "港は箱を送った。"}, []),
    "a statement in other languages alone": (
        {"claims.0.statement": {"ja": "港は箱を送った。", "jv": "Peti dikirim."}},
        [CLAIMS + "crates-sent: statement: it has no text in a language of the dataset: en, id"],
    ),
    "a language that is none": (
        {"claims.0.note": {"English": "A note."}},
        [CLAIMS + 'crates-sent: "English" is not a BCP 47 language code: id, en, ja'],
    ),
    "a language of a label that is none": (
        {"vocabulary.sectors.0.label": {"english": "Spices"}},
        [VOCABULARY + 'spices: sectors: "english" is not a BCP 47 language code: id, en, ja'],
    ),
    "variants of a language": ({"claims.0.note": {"pt-BR": "Uma nota.", "zh-Hant": "註"}}, []),
    # --- kind and status
    "a figure without a figure": (
        {"claims.2.figure": None},
        [CLAIMS + 'weavers-count: figure: a claim of kind "figure" needs its figure'],
    ),
    "an opinion with a figure": ({"claims.8.figure": figure("3", "firms")}, []),
    "a misprint without a reading": (
        {"claims.3.figure.reading": None},
        [CLAIMS + "wages-paid: status: a misprint has a figure with a reading, and only a misprint has"],
    ),
    "a misprint without a figure": (
        {"claims.4.status": "misprint"},
        [CLAIMS + "needs-ferry: status: a misprint has a figure with a reading, and only a misprint has"],
    ),
    "a reading without a misprint": (
        {"claims.3.status": "single"},
        [CLAIMS + "wages-paid: status: a misprint has a figure with a reading, and only a misprint has"],
    ),
    "superseded, and no forecast": (
        {"claims.5.kind": "plan"},
        [CLAIMS + "cold-store-forecast: status: superseded is a forecast whose outcome stands in its evidence"],
    ),
    "superseded without evidence": (
        {"claims.5.evidence": []},
        [CLAIMS + "cold-store-forecast: status: superseded is a forecast whose outcome stands in its evidence"],
    ),
    "disputed by nobody": (
        {"claims.1.evidence.0.relation": "supports"},
        [CLAIMS + 'only-clove-port: status: "disputed" does not follow from its evidence, by which it is "corroborated"'],
    ),
    "disputed, though supported as well": (
        {"claims.1.evidence.1": evidence("customs-table", "supports")},
        [],
    ),
    "corroborated by context alone": (
        {"claims.0.evidence.0.relation": "context"},
        [CLAIMS + 'crates-sent: status: "corroborated" does not follow from its evidence, by which it is "single"'],
    ),
    "corroborated, though somebody conflicts": (
        {"claims.0.evidence.2": evidence("rival-gazette", "conflicts")},
        [CLAIMS + 'crates-sent: status: "corroborated" does not follow from its evidence, by which it is "disputed"'],
    ),
    "single with support": (
        {"claims.0.status": "single"},
        [CLAIMS + 'crates-sent: status: "single" does not follow from its evidence, by which it is "corroborated"'],
    ),
    "single with a conflict": (
        {"claims.1.status": "single"},
        [CLAIMS + 'only-clove-port: status: "single" does not follow from its evidence, by which it is "disputed"'],
    ),
    "no status at all": ({f"claims.{number}.status": None for number in range(9)}, []),
    "no kind, and superseded": (
        {"claims.5.kind": None},
        [CLAIMS + "cold-store-forecast: status: superseded is a forecast whose outcome stands in its evidence"],
    ),
    "single with context": ({"claims.4.evidence": [evidence("customs-table", "context")]}, []),
    # --- one voice
    "support from the article's own vantage": (
        {"claims.0.evidence.1.relation": "supports"},
        [
            CLAIMS + 'crates-sent: evidence[1].relation: "office-note" is one voice with the article, so it cannot be'
            ' "supports"; expected same-report or context',
        ],
    ),
    "a conflict from the article itself": (
        {"claims.1.evidence.0.source": "harbour-news"},
        [
            CLAIMS + 'only-clove-port: evidence[0].relation: "harbour-news" is one voice with the article, so it'
            ' cannot be "conflicts"; expected same-report or context',
            "warning: sources.json: rival-gazette: id: no claim and no evidence rests on this source",
        ],
    ),
    "context from the article's own vantage": ({"claims.0.evidence.1.relation": "context"}, []),
    "two sources without a vantage": (
        {
            "claims.7.evidence": [evidence("customs-table", "supports")],
            "claims.7.status": "corroborated",
        },
        [],
    ),
    "a press report of the same days without a vantage": (
        {"sources.2.published": "2024-05-05", "claims.0.evidence.0.strength": "press"},
        [
            ('warning: claims.json: crates-sent: evidence[0].relation: "customs-table" is a press report of the same'
            " days, without a vantage: is it another voice than the article?"),
        ],
    ),
    "a press report of another week": (
        {"sources.2.published": "2024-05-06", "claims.0.evidence.0.strength": "press"},
        [],
    ),
    "a press report of the same month, to the day unknown": (
        {"sources.2.published": "2024-05", "claims.0.evidence.0.strength": "press"},
        [],
    ),
    "a press report of the same days with a vantage of its own": (
        {"sources.2.published": "2024-05-02", "sources.2.vantage": "customs", "claims.0.evidence.0.strength": "press"},
        [],
    ),
    "an official table of the same days": (
        {"sources.2.published": "2024-05-02", "claims.0.evidence.0.strength": "official"},
        [],
    ),
    "a press report of the same days that conflicts": (
        {"sources.3.published": "2024-05-02", "sources.3.basis": "printed"},
        [],
    ),
    # --- who speaks, and where
    "an organization that speaks": ({"claims.0.speaker": "cooperative"}, []),
    "a country of ISO 3166 that the dataset does not list": (
        {"claims.0.countries": ["france"], "claims.0.flow": {"from": "france", "to": "vietnam"}},
        [],
    ),
    "a venue abroad": ({"vocabulary.programs.0.where": ["france"]}, []),
    "a region of a country that is not listed": (
        {"vocabulary.countries.4": entry("lyon", label("Lyon", "Lyon", "リヨン"), parent="france")},
        [],
    ),
    # --- sources that a line carries
    "the sources of a claim beside it": (
        {"claims.4.sources": {"harbour-news": samples.sample()["sources"][0]}},
        [],
    ),
    "a source of a claim that the dataset has otherwise": (
        {"claims.4.sources": {"harbour-news": samples.sample()["sources"][0] | {"published": "2024-05-01"}}},
        [CLAIMS + 'needs-ferry: sources: it is not what sources.json says of "harbour-news"'],
    ),
    "a source of a claim that the dataset has not": (
        {"claims.4.sources": {"hill-news": source("hill-news", "article", "Hill News")}},
        [CLAIMS + 'needs-ferry: sources: "hill-news" is not among the sources'],
    ),
    # --- a figure, and what was printed
    "a figure that is not what was printed": (
        {"claims.0.figure.value": "640000"},
        ['warning: claims.json: crates-sent: figure.value: "640 crates" reads as 640, not 640000'],
    ),
    # --- the rest
    "format 2, with reasons in two languages": (
        {
            "dataset.format": 2,
            "claims.2.said.why": text("the month alone is printed", "hanya bulannya yang tercetak"),
            "claims.3.figure.reading.why": text("a million is missing", "sejuta kurang"),
        },
        [],
    ),
    "another format": ({"dataset.format": 3}, [DATASET + "format: 3 is not a format of this program, which reads 1 to 2"]),
    "languages of which only one is used": ({"dataset.languages": ["ja", "en", "jv"]}, []),
    "languages in which no claim is told": (
        {"dataset.languages": ["ja"]},
        [
            CLAIMS + f"{name}: statement: it has no text in a language of the dataset: ja" for name in samples.IDS
        ],
    ),
    "a source on which nothing rests": (
        {"sources.5": source("spare", "evidence", "Spare Press")},
        ["warning: sources.json: spare: id: no claim and no evidence rests on this source"],
    ),
    "no claim at all": (
        {"claims": []},
        [
            f"warning: sources.json: {name}: id: no claim and no evidence rests on this source"
            for name in ("harbour-news", "orchard-paper", "customs-table", "rival-gazette", "office-note")
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN)
def test_each_broken_rule_has_its_message(tmp_path: Path, case: str) -> None:
    changes, expected = BROKEN[case]
    assert faults(samples.write(tmp_path, changed(changes))) == expected


@pytest.mark.parametrize("name", ["claims.ndjson", "claims.ndjson.gz"])
@pytest.mark.parametrize("case", [case for case in BROKEN if case != "no claim at all"])
def test_claims_in_lines_have_the_same_faults_with_the_number_of_the_line(
    tmp_path: Path, name: str, case: str
) -> None:
    changes, expected = BROKEN[case]
    records = changed(changes)
    lines = {record["id"]: number for number, record in reversed(list(enumerate(records["claims"], 1)))}
    found = faults(samples.write(tmp_path, records, name))
    if "id: the id stands at [0] already" in "".join(expected):
        repeats = [
            number for number, record in enumerate(records["claims"], 1) if record["id"] == "crates-sent"
        ]
        assert found == [
            f"error: {name}: line {number}: crates-sent: id: the id stands at line 1 already"
            for number in repeats[1:]
        ]
        return
    place = re.compile("claims.json: ([^:]+)")
    assert found == [
        place.sub(lambda match: f"{name}: line {lines[match[1]]}: {match[1]}", fault) for fault in expected
    ]


def test_all_faults_are_found_in_one_run(tmp_path: Path) -> None:
    cases = (
        "a sector that is not there",
        "a flow from nowhere",
        "a day that no calendar has",
        "four anchors",
        "support from the article's own vantage",
        "a misprint without a reading",
        "a printed date with a reason",
        "a day of access that is none",
        "a basis without a date",
        "an organizer who is not there",
        "parents in a circle",
        "another format",
    )
    changes = {path: value for case in cases for path, value in BROKEN[case][0].items()}
    expected = [line for case in cases for line in BROKEN[case][1]]
    assert sorted(faults(samples.write(tmp_path, changed(changes)))) == sorted(expected)


def test_a_reference_to_a_record_of_the_wrong_shape_does_not_dangle(tmp_path: Path) -> None:
    records = changed({"sources.2.url": "ftp://customs.example"})
    assert [line for line in faults(samples.write(tmp_path, records)) if "among" in line] == []


def test_where_a_list_cannot_be_read_no_reference_to_it_dangles(tmp_path: Path) -> None:
    records = samples.sample() | {"sources": b"[", "vocabulary": b"{"}
    assert [line.split(": ")[1] for line in faults(samples.write(tmp_path, records))] == [
        "vocabulary.json",
        "sources.json",
    ]


def test_today_is_not_in_the_future_and_tomorrow_is(tmp_path: Path) -> None:
    today = datetime.date.today()
    for ahead, expected in ((0, 0), (1, 1)):
        date = (today + datetime.timedelta(days=ahead)).isoformat()
        records = changed({"claims.0.said.date": date})
        assert len(faults(samples.write(tmp_path / str(ahead), records))) == expected


@pytest.mark.parametrize(
    ("date", "first", "last"),
    [
        ("2024", "2024-01-01", "2024-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2023-02", "2023-02-01", "2023-02-28"),
        ("2024-12", "2024-12-01", "2024-12-31"),
        ("2024-05-02", "2024-05-02", "2024-05-02"),
        ("9999", "9999-01-01", "9999-12-31"),
        ("9999-12", "9999-12-01", "9999-12-31"),
    ],
)
def test_a_partial_date_lasts_from_its_first_day_to_its_last(date: str, first: str, last: str) -> None:
    assert days(date) == (first, last)


@pytest.mark.parametrize("date", ["0000", "2024-00", "2024-13", "2023-02-29", "2024-04-31"])
def test_a_date_of_no_calendar_has_no_days(date: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        days(date)


def test_texts_of_any_language_pass(tmp_path: Path) -> None:
    words = text("“¿Ça va?” – 日本 \t\n 👩‍👩‍👧", "سلام")
    assert faults(samples.write(tmp_path, changed({"claims.0.statement": words}))) == []


def test_an_interval_of_one_day_is_one(tmp_path: Path) -> None:
    day = samples.changed({"claims.0.figure.period": "2024-03-01/2024-03-01"})
    assert samples.faults(samples.write(tmp_path, day)) == []


@pytest.mark.parametrize(
    ("field", "misshapen", "follows"),
    [
        ("said.date", "said.date", True),
        ("said.date", "said", True),
        ("said", "said.date", True),
        ("evidence[1].source", "evidence[1]", True),
        ("evidence[1].source", "evidence[10]", False),
        ("sources", "source", False),
        ("source", "sources", False),
        ("said.at", "said.date", False),
        ("said.at", "", True),
    ],
)
def test_a_rule_follows_from_its_own_field_and_no_other_that_begins_alike(
    field: str, misshapen: str, follows: bool
) -> None:
    wrong = Broken(misshapen, "any", Message("any"))
    for broken in (
        Broken(field, "any", Message("any")),
        Broken("other", "any", Message("any"), also=(field,)),
    ):
        assert list(of_themselves([broken], [wrong])) == ([] if follows else [broken])
        assert list(of_themselves([broken], [])) == [broken]
