"""A card shows the finding first, on one screen; with `--full` all that bears on a claim, each number with its address."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
import samples
from inside import inside
from rich.cells import cell_len
from samples import changed, evidence, figure, text

from indotrade.dataset.records import Claim
from indotrade.screen.chart import Bar, comparable
from indotrade.screen.claims import Numbering
from indotrade.wording.labels import RELATION, STATUS_MEANS
from indotrade.wording.sentences import word


def card(folder: Path, name: str, *options: str, **changes: Any) -> str:
    """Return what `show` prints of a claim of the sample, with changes to the claim."""
    records = samples.sample()
    record = next(claim for claim in records["claims"] if claim["id"] == name)
    record |= changes
    ended = inside("show", name, *options, "--data", samples.write(folder, records))
    assert (ended.status, ended.err) == (0, "")
    return ended.out


def full(folder: Path, name: str, *options: str, **changes: Any) -> str:
    """Return what `show --full` prints of it."""
    return card(folder, name, "--full", *options, **changes)


def facts(shown: str) -> dict[str, str]:
    """Return the names and values of a card that is not folded."""
    head = shown.split("\n\n")[1]
    return {name: value.strip() for line in head.splitlines() for name, _, value in [line.partition("  ")]}


def parts(shown: str) -> dict[str, list[str]]:
    """Return the lines of each part of a card under its head."""
    return {
        lines[0]: lines[1:] for part in shown.split("\n\n")[2:] if (lines := part.strip("\n").splitlines())
    }


# --- on one screen -------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "id"])
def test_every_bundled_claim_fits_on_a_screen_of_40_lines_and_80_columns(language: str) -> None:
    names = inside("list", "-f", "csv", "--fields", "id", "--no-header").out.split()
    assert len(names) > 40
    for name in names:
        shown = inside("show", name, "--width", "80", "--lang", language).out
        height = sum(max(1, math.ceil(cell_len(line) / 80)) for line in shown.splitlines())
        assert height <= 40, (name, height)


def test_a_card_begins_with_the_status_and_its_reason_and_then_the_statement(tmp_path: Path) -> None:
    for name, told in (
        ("crates-sent", "corroborated · 1 voice for: an independent source asserts the same"),
        ("only-clove-port", "disputed · 1 voice against: an independent source asserts the contrary"),
        ("wages-paid", "misprint: a million is missing"),
        ("needs-ferry", "single: no independent source was found that asserts or denies it"),
        ("cold-store-forecast", "superseded · 1 voice in context: the outcome of this forecast is known"),
    ):
        claim = next(claim for claim in samples.sample()["claims"] if claim["id"] == name)
        assert card(tmp_path, name).splitlines()[:3] == [name, told, claim["statement"]["en"]]


def test_a_card_says_figure_speaker_date_and_place(tmp_path: Path) -> None:
    assert list(facts(card(tmp_path, "crates-sent")).values()) == [
        "640 crates (2024-03), printed “640 crates”",
        "The Harbour Master, harbour master, 2024-05-02",
        "Harbour Fair",
        '¶1 Harbour News, "Title of harbour-news", 2 May 2024',
        "https://harbour-news.example/page",
    ]


def test_a_card_has_no_anchor_and_its_source_once(tmp_path: Path) -> None:
    shown = card(tmp_path, "crates-sent")
    assert "v1:" not in shown
    assert shown.count("https://harbour-news.example/page") == 1
    assert "`indotrade show crates-sent --full`" in shown


ITEMS = [
    evidence("rival-gazette", "supports", says=text("From the press."), strength="press"),
    evidence("customs-table", "supports", says=text("Of long ago."), strength="primary", figure=figure("640", "crates", period="1990")),
    evidence("customs-table", "supports", says=text("Of the month."), strength="primary", figure=figure("640", "crates", period="2024-03")),
    evidence("customs-table", "supports", says=text("Of an office."), strength="official"),
    evidence("rival-gazette", "supports", says=text("A copy."), strength="secondary-copy"),
    evidence("rival-gazette", "conflicts", says=text("There were fewer."), strength=None),
]  # fmt: skip


def test_the_strongest_evidence_of_a_relation_comes_first_and_of_one_strength_the_nearest_in_time(
    tmp_path: Path,
) -> None:
    shown = card(tmp_path, "crates-sent", status="disputed", evidence=ITEMS)
    said = re.findall(r"^• .*: (.*)$", shown, re.MULTILINE)
    assert said == ["Of the month.", "Of long ago.", "Of an office.", "From the press.", "A copy.", "There were fewer."]  # fmt: skip
    assert f"{RELATION['supports']} (2 voices, 5 statements)" in shown
    assert f"{RELATION['conflicts']} (1 voice, 1 statement)" in shown
    assert "• Customs House, 2024 (primary; period 2024-03): Of the month.\n  https://customs-table.example/page\n" in shown  # fmt: skip


def test_of_evidence_equally_near_in_time_the_newest_comes_first(tmp_path: Path) -> None:
    days = ("2024-02-20", "2024-04-10")  # each ten days from the claim's month
    items = [evidence("customs-table", "context", says=text(day), figure=figure("1", "crates", period=day)) for day in days]  # fmt: skip
    shown = card(tmp_path, "crates-sent", status="single", evidence=items)
    assert re.findall(r"^• .*: (.*)$", shown, re.MULTILINE) == ["2024-04-10", "2024-02-20"]


def test_where_not_all_evidence_fits_each_relation_has_its_strongest_and_the_rest_is_counted(
    tmp_path: Path,
) -> None:
    many = [evidence("rival-gazette", "context", says=text(f"Context {place}. " + "It is long. " * 20), strength="press") for place in range(30)]  # fmt: skip
    shown = card(tmp_path, "crates-sent", "--width", "80", status="disputed", evidence=[*many, *ITEMS])
    assert len(shown.splitlines()) <= 40
    assert "Of the month." in shown
    assert "There were fewer." in shown
    assert f"{RELATION['context']} (1 voice, 30 statements)" in shown
    shown_items = len(re.findall("^• ", shown, re.MULTILINE))
    assert f"{36 - shown_items} more statements" in shown


def test_what_a_card_shows_is_the_same_at_each_width(tmp_path: Path) -> None:
    many = [evidence("rival-gazette", "context", says=text("It is long. " * 30)) for _ in range(30)]
    cards = {card(tmp_path, "crates-sent", *options, status="single", evidence=many) for options in ((), ("--width", "50"), ("--width", "200"))}  # fmt: skip
    assert len({re.sub(r"[\s:]", "", shown) for shown in cards}) == 1


def test_full_is_an_option_of_cards_alone(tmp_path: Path) -> None:
    samples.write(tmp_path, samples.sample())
    for options in (["--json"], ["-f", "csv"], ["--fields", "id"]):
        ended = inside("show", "crates-sent", "--full", *options, "--data", tmp_path)
        assert (ended.status, ended.out) == (2, "")
        assert ended.err.startswith("indotrade: error: --full goes with ")
    assert inside("list", "--full", "--data", tmp_path).status == 2


# --- in full -------------------------------------------------------------------------------------------


def test_a_card_in_full_has_everything_of_a_claim(tmp_path: Path) -> None:
    shown = full(tmp_path, "crates-sent")
    assert shown.splitlines()[:4] == [
        "crates-sent",
        "corroborated · 1 voice for",
        "The harbour sent 640 crates of cloves.",
        "Pelabuhan mengirim 640 peti cengkih.",
    ]
    assert list(facts(shown).values()) == [
        STATUS_MEANS["corroborated"],
        "figure",
        "640 crates",
        "“640 crates”",
        "Crates of cloves",
        "2024-03",
        "The Harbour Master, harbour master",
        "2024-05-02 (printed)",
        "Harbour Fair",
        "[1] paragraph 1",
        "Cloves",
        "Sukamaju; Japan",
        "Harbour Fair",
        "Younger Cooperative",
        "Sukamaju → Japan",
        "v1:0123456789abcdef",
    ]


def test_a_source_that_says_two_things_for_a_claim_counts_once(tmp_path: Path) -> None:
    twice = [evidence("customs-table", "supports"), evidence("customs-table", "supports")]
    shown = card(tmp_path, "crates-sent", evidence=[*twice, evidence("rival-gazette", "supports")])
    assert shown.splitlines()[1].startswith("corroborated · 2 voices for: ")


def test_a_card_in_indonesian_has_the_indonesian_statement_first_and_no_english_label(tmp_path: Path) -> None:
    shown = full(tmp_path, "crates-sent", "--lang", "id")
    assert shown.splitlines()[2:4] == [
        "Pelabuhan mengirim 640 peti cengkih.",
        "The harbour sent 640 crates of cloves.",
    ]
    assert facts(shown)["Pembicara"] == "Kepala Pelabuhan, kepala pelabuhan"
    assert facts(shown)["Status"] == word(STATUS_MEANS["corroborated"], "id")
    english = set(facts(full(tmp_path, "crates-sent"))) - {"Status", "Program"}
    assert not english & set(facts(shown))


def test_a_misprint_is_marked_with_its_reading_and_the_reason(tmp_path: Path) -> None:
    values = list(facts(full(tmp_path, "wages-paid")).values())
    assert values[0] == STATUS_MEANS["misprint"]
    assert values[2].startswith("US$2.5 [sic], ")
    assert values[2].endswith(" US$2,500,000")
    assert values[3] == "“2.5 dollars”"
    assert values[4].endswith(": a million is missing")
    assert "A word is missing." in values


def test_reasons_in_two_languages_are_read_in_the_language_of_the_card(tmp_path: Path) -> None:
    reading = {"value": "2500000", "why": text("a million is missing", "sejuta kurang")}
    said = samples.said("2024-05") | {
        "basis": "inferred",
        "why": text("the month is printed", "bulannya tercetak"),
    }
    changes = {"said": said, "figure": figure("2.5", "USD", reading=reading)}
    for language, others, reasons in (
        (
            "en",
            ("sejuta kurang", "bulannya tercetak"),
            ("a million is missing", "(inferred: the month is printed)"),
        ),
        (
            "id",
            ("million is missing", "month is printed"),
            ("sejuta kurang", "(disimpulkan: bulannya tercetak)"),
        ),
    ):
        shown = full(tmp_path, "wages-paid", "--lang", language, **changes)
        assert all(reason in shown for reason in reasons)
        assert not any(other in shown for other in others)


def test_a_reason_that_is_a_plain_text_is_shown_in_either_language(tmp_path: Path) -> None:
    for language in ("en", "id"):
        assert "a million is missing" in card(tmp_path, "wages-paid", "--lang", language)
        assert "the month alone is printed" in full(tmp_path, "weavers-count", "--lang", language)


def test_what_is_inferred_or_unstated_says_so(tmp_path: Path) -> None:
    values = list(facts(full(tmp_path, "weavers-count")).values())
    assert "2024-05 (inferred: the month alone is printed)" in values
    assert "unstated" in values
    assert "at least 38 people" in values
    assert "the article's own narration" in values


@pytest.mark.parametrize("status", STATUS_MEANS)
def test_each_status_has_its_definition_on_the_card(tmp_path: Path, status: str) -> None:
    name = next(claim["id"] for claim in samples.sample()["claims"] if claim["status"] == status)
    assert STATUS_MEANS[status] in full(tmp_path, name)
    assert word(STATUS_MEANS[status], "id") in full(tmp_path, name, "--lang", "id")


def test_evidence_is_grouped_with_its_source_figure_period_and_strength(tmp_path: Path) -> None:
    items = [
        evidence("office-note", "same-report", says=text("The office repeats it.")),
        evidence("customs-table", "context", says=text("For two ports."), strength="official"),
        evidence("rival-gazette", "conflicts", says=text("There were fewer."), figure=figure("90", "crates")),
        evidence("customs-table", "supports", says=text("As counted."), strength="primary", figure=figure("641", "crates", bound="about", period="2024-03")),
        evidence("rival-gazette", "supports", says=text("So we heard."), strength="secondary-copy"),
    ]  # fmt: skip
    shown = parts(full(tmp_path, "crates-sent", status="disputed", evidence=items))
    heads = [f"{RELATION[name]} ({count})" for name, count in (("supports", 2), ("conflicts", 1), ("context", 1), ("same-report", 1))]  # fmt: skip
    assert list(shown)[:4] == heads
    assert shown[heads[0]] == [
        "[2] As counted. (about 641 crates; period 2024-03; primary)",
        "[3] So we heard. (secondary copy)",
    ]
    assert shown[heads[1]] == ["[3] There were fewer. (90 crates; period unstated; press)"]
    assert shown[heads[2]] == ["[2] For two ports. (official)"]
    assert shown[heads[3]] == ["[4] The office repeats it. (press)"]


def test_a_card_without_evidence_says_that_none_was_found(tmp_path: Path) -> None:
    assert "Evidence: none was found for or against." in card(tmp_path, "needs-ferry")
    assert "Evidence: none" not in card(tmp_path, "crates-sent")


@pytest.mark.parametrize("name", samples.IDS)
@pytest.mark.parametrize("options", [(), ("--width", "60"), ("--width", "40"), ("--lang", "id")])
def test_every_number_on_a_card_leads_to_an_address(
    tmp_path: Path, name: str, options: tuple[str, ...]
) -> None:
    shown = full(tmp_path, name, *options)
    before, sources = re.split(r"^(?:Sources|Sumber)\n", shown, maxsplit=1, flags=re.MULTILINE)
    used = set(re.findall(r"\[(\d+)\]", before))
    listed = re.findall(r"^\[(\d+)\]((?:.|\n(?!\[|\n))*)", sources, re.MULTILINE)
    assert {number for number, _ in listed} == used != set()
    for _, lines in listed:
        assert re.search(r"\s*https://\S+$", lines)
    assert [number for number, _ in listed] == [str(place + 1) for place in range(len(listed))]


def test_two_cards_are_set_apart_and_each_counts_its_own_sources(tmp_path: Path) -> None:
    samples.write(tmp_path, samples.sample())
    asked = ("--full", "--data", tmp_path)
    shown = inside("show", "needs-ferry", "nutmeg-plan", *asked).out
    first, second = inside("show", "needs-ferry", *asked).out, inside("show", "nutmeg-plan", *asked).out
    assert shown.startswith(first)
    assert shown.endswith("\n\n" + second)


@pytest.mark.parametrize(
    "hostile", ["[b]x[/b] [/", "[link=http://evil.example]x[/link]", ":skull: x", "[sic]"]
)
def test_markup_in_data_is_shown_as_it_stands(tmp_path: Path, hostile: str) -> None:
    shown = full(tmp_path, "needs-ferry", statement=text(hostile), note=text(hostile))
    assert shown.count(hostile) == 3


# --- the chart -----------------------------------------------------------------------------------------


def bars(own: dict[str, Any], *others: dict[str, Any], said: str = "2024-05-02") -> list[Bar]:
    """Return the bars of a claim with a figure, and evidence with others."""
    items = [evidence(f"source-{place}", "context", figure=other) for place, other in enumerate(others)]
    claim = samples.claim("x", kind="figure", figure=own, said=samples.said(said), evidence=items)
    numbering = Numbering()
    numbering.mark("article")
    return comparable(msgspec.convert(claim, Claim), numbering, "en")


def crates(value: str, period: str | None = None, **more: Any) -> dict[str, Any]:
    return figure(value, "crates", measure="clove-crates", period=period, **more)


def test_figures_of_one_measure_and_unit_stand_side_by_side_in_time() -> None:
    shown = bars(
        crates("640", "2024-05"), crates("700", "2025"), crates("500", "2023/2024-01"), crates("600")
    )
    assert [(bar.name, bar.value, bar.quantity, bar.own) for bar in shown] == [
        ("2023/2024-01 [3]", 500, "500", False),
        ("2024-05 this claim", 640, "640", True),
        ("2025 [2]", 700, "700", False),
        ("no period given [4]", 600, "600", False),
    ]


def test_a_figure_without_a_period_stands_below_those_with_one_and_not_at_the_day_it_was_said() -> None:
    shown = bars(crates("640"), crates("700", "2025"), crates("500", "2023"), said="2024-05-02")
    assert [(bar.name, bar.own) for bar in shown] == [
        ("2023 [3]", False),
        ("2025 [2]", False),
        ("no period given this claim", True),
    ]


@pytest.mark.parametrize(
    "other",
    [
        figure("5", "crates", measure="wages"),
        figure("5", "tonnes", measure="clove-crates"),
        figure("5", "crates"),
        None,
    ],
)
def test_a_figure_of_another_measure_or_unit_is_not_beside_it(other: dict[str, Any]) -> None:
    assert bars(crates("640"), other) == []
    assert len(bars(crates("640"), other, crates("641"))) == 2


def test_a_figure_without_a_measure_has_no_chart() -> None:
    assert bars(figure("640", "crates"), figure("640", "crates")) == []


def test_figures_with_and_without_a_period_are_set_apart_on_the_card(tmp_path: Path) -> None:
    items = [
        evidence("customs-table", "context", figure=crates("320", "2023")),
        evidence("rival-gazette", "context", figure=crates("160")),
    ]
    shown = full(tmp_path, "crates-sent", status="single", evidence=items)
    drawn = re.search(r"Comparable figures \(crates\)\n(.*\n.*\n)\n(.*\n)\n", shown)
    assert drawn
    assert [line.split("  ")[0] for line in drawn[1].splitlines()] == ["2023 [2]", "2024-03 this claim"]
    assert drawn[2].startswith("no period given [3]")


def test_one_figure_of_several_sources_is_one_bar_with_all_their_numbers() -> None:
    shown = bars(
        crates("640", "2024"),
        crates("641", "2023"),
        crates("641", "2023"),
        crates("641", "2023", bound="about"),
    )
    assert [bar.name for bar in shown] == ["2023 [2] [3]", "2023 [4]", "2024 this claim"]


def test_a_misprint_stands_in_the_chart_by_its_reading() -> None:
    reading = {"value": "640", "why": "a digit is missing"}
    (_, own) = bars(crates("64", reading=reading), crates("641", "2024"))
    assert (own.value, own.own) == (640, True)


def test_bars_are_as_long_as_their_values_and_in_a_pipe_as_text(tmp_path: Path) -> None:
    items = [
        evidence("customs-table", "context", figure=crates("320", "2023")),
        evidence("rival-gazette", "context", figure=crates("0", "2022")),
    ]
    shown = parts(full(tmp_path, "crates-sent", status="single", evidence=items))[
        "Comparable figures (crates)"
    ]
    assert [line.count("█") for line in shown] == [0, 25, 50]
    assert all(re.search(r"\d  [█▏]", line) for line in shown)


def test_a_short_chart_has_the_figures_of_the_times_next_to_the_claims_own(tmp_path: Path) -> None:
    items = [
        evidence("customs-table", "context", figure=crates(str(year), str(year)))
        for year in range(1990, 2030)
    ]
    drawn = card(tmp_path, "crates-sent", status="single", evidence=items).split("Comparable figures ")[1]
    assert drawn.startswith("(crates) · 6 of 41\n")
    names = [line.split("  ")[0] for line in drawn.splitlines()[1:7]]
    assert names == ["2021", "2022", "2023", "2024", "2024-03 this claim", "2025"]


# --- programs and sources ------------------------------------------------------------------------------


def test_a_program_says_who_when_and_where_or_that_it_is_unknown(tmp_path: Path) -> None:
    samples.write(tmp_path, samples.sample())
    fair = inside("program", "fair", "--data", tmp_path).out.split("\n\n")[0]
    assert fair.splitlines()[:2] == ["Harbour Fair", "A fair at the pier."]
    assert [line.split("  ")[-1].strip() for line in fair.splitlines()[2:]] == [
        "Cooperative",
        "2024-05-01/2024-05-03",
        "Sukamaju",
    ]
    loom = inside("program", "loom", "--data", tmp_path).out.split("\n\n")[0]
    assert loom.count("unknown") == 3


def test_a_source_lists_the_claims_that_stand_in_it_and_those_on_which_it_bears(tmp_path: Path) -> None:
    samples.write(tmp_path, samples.sample())
    article = inside("source", "orchard-paper", "--data", tmp_path).out
    assert "Claims that stand in it (4)" in article
    assert "¶2   Nutmeg will be bought next. [nutmeg-plan, single]" in article.splitlines()
    table = inside("source", "customs-table", "--data", tmp_path).out
    assert "Claims on which it bears (2)" in table
    assert "stand in it" not in table


def test_a_source_says_how_it_bears_on_each_claim_with_its_words_and_its_figure(tmp_path: Path) -> None:
    records = changed({"claims.0.evidence.2": evidence("customs-table", "context")})
    samples.write(tmp_path, records)
    shown = inside("source", "customs-table", "--data", tmp_path).out
    assert [line.strip() for line in shown.split("\n\n")[1].splitlines()] == [
        "Claims on which it bears (2)",
        "crates-sent · corroborated · 1 voice for, 1 in context",
        "The harbour sent 640 crates of cloves.",
        "→ supports: Counts 641 crates. (641 crates (2024-03); primary)",
        "→ context: customs-table context it (press)",
        "cold-store-forecast · superseded · 1 voice in context",
        "A cold store will hold 900 tonnes.",
        "→ context: customs-table context it (official)",
    ]
