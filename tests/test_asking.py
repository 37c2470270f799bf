"""What can be asked for by name: speakers, organizations, measures, programs, and sources by address or publisher."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import samples
from conftest import Ended
from inside import inside
from samples import changed, evidence, figure


@pytest.fixture(scope="module")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return samples.write(tmp_path_factory.mktemp("harbour"), samples.sample())


def asked(folder: Path, line: str) -> Ended:
    return inside(*line.split(), "--data", folder)


def answered(folder: Path, line: str) -> dict[str, Any]:
    """Return what a command line prints as JSON."""
    ended = asked(folder, f"{line} --json")
    assert (ended.status, ended.err) == (0, "")
    answer: dict[str, Any] = json.loads(ended.out)
    return answer


def ids(folder: Path, line: str) -> list[str]:
    return [claim["id"] for claim in answered(folder, line)["claims"]]


# --- speakers and organizations ------------------------------------------------------------------------


def test_speakers_are_people_organizations_that_speak_and_the_articles_each_counted(tmp_path: Path) -> None:
    samples.write(tmp_path, changed({"claims.4.speaker": "cooperative"}))
    listed = answered(tmp_path, "speaker")["speakers"]
    counts = {entry["id"]: entry["claims"] for entry in listed}
    assert counts == {"harbour-master": 1, "buyer": 3, "cooperative": 1, "narration": 4}
    assert sum(counts.values()) == len(samples.IDS)
    assert {tuple(entry) for entry in listed} == {("id", "label", "aliases", "about", "role", "organization", "claims")}  # fmt: skip


def test_a_speaker_has_the_claims_that_the_filter_finds(harbour: Path) -> None:
    for name in ("buyer", "harbour-master", "narration"):
        assert ids(harbour, f"speaker {name}") == ids(harbour, f"list --speaker {name}") != []


def test_an_organization_has_the_claims_about_it_and_its_parts(harbour: Path) -> None:
    assert ids(harbour, "organization cooperative") == ids(harbour, "list --organization cooperative")
    listed = answered(harbour, "organization")["organizations"]
    assert {entry["id"]: entry["claims"] for entry in listed} == {"cooperative": 3, "younger-cooperative": 2}


@pytest.mark.parametrize("command", ["speaker", "organization", "measure"])
def test_a_name_that_is_not_there_is_told_with_the_command_that_lists_them(
    harbour: Path, command: str
) -> None:
    ended = asked(harbour, f"{command} zzzzzz")
    assert (ended.status, ended.out) == (1, "")
    assert f"no {command} is called" in ended.err
    assert f"`indotrade {command}` lists what there is" in ended.err


# --- measures ------------------------------------------------------------------------------------------


def crates(value: str, period: str | None, **more: Any) -> dict[str, Any]:
    return figure(value, "crates", measure="clove-crates", period=period, **more)


@pytest.fixture
def measured(tmp_path: Path) -> Path:
    """A dataset with figures of one measure in claims and in evidence, in no order."""
    reading = {"value": "700", "why": "a digit is missing"}
    changes = {
        "claims.0.evidence": [
            evidence("customs-table", "supports", figure=crates("641", "2024-03")),
            evidence("rival-gazette", "context", figure=crates("300", None)),
            evidence("rival-gazette", "context", figure=figure("9", "tonnes", measure="clove-crates", period="2020")),
            evidence("rival-gazette", "context", figure=figure("5", "USD", measure="wages")),
            evidence("customs-table", "context", figure=crates("100", "2021/2022")),
        ],
        "claims.3.figure": crates("70", "2023", reading=reading),
    }  # fmt: skip
    return samples.write(tmp_path, changed(changes))


def test_a_measure_has_every_figure_of_claims_and_evidence_in_time_unit_by_unit(measured: Path) -> None:
    answer = answered(measured, "measure clove-crates")
    rows = [(row["unit"], row["period"], row["value"], row["relation"]) for row in answer["figures"]]
    assert rows == [
        ("crates", "2021/2022", "100", "context"),
        ("crates", "2023", "70", None),
        ("crates", "2024-03", "640", None),
        ("crates", "2024-03", "641", "supports"),
        ("crates", None, "300", "context"),
        ("tonnes", "2020", "9", "context"),
    ]
    assert answer["query"] == {"measure": ["clove-crates"]}
    assert {row["claim"] for row in answer["figures"]} == {"crates-sent", "wages-paid"}
    assert [row["reading"] for row in answer["figures"] if row["claim"] == "wages-paid"] == ["700"]


def test_a_misprint_stands_on_the_time_line_by_its_reading_and_marked(measured: Path) -> None:
    shown = asked(measured, "measure clove-crates --width 90").out
    line = next(line for line in shown.splitlines() if line.startswith("2023 "))
    assert "[sic] 700" in line
    assert line.count("█") == max(each.count("█") for each in shown.splitlines())


def test_units_stand_apart_and_so_does_what_has_no_period(measured: Path) -> None:
    parts = asked(measured, "measure clove-crates --width 90").out.split("\n\n")
    assert parts[1].startswith("crates\n2021/2022 ")
    assert parts[2].startswith("no period given ")
    assert parts[3].startswith("tonnes\n2020 ")


def test_a_claims_own_figure_is_marked_with_its_id_and_status(measured: Path) -> None:
    for options in ("", " --width 90"):
        shown = asked(measured, f"measure clove-crates{options}").out
        assert "claim wages-paid · ¶3 · misprint" in shown
        assert "claim crates-sent · ¶1 · corroborated · 1 voice for, 2 in context" in shown


def test_measures_are_listed_with_the_claims_that_have_one_and_those_on_which_one_bears(
    measured: Path,
) -> None:
    listed = answered(measured, "measure")["measures"]
    assert {entry["id"]: (entry["claims"], entry["bears_on"]) for entry in listed} == {
        "clove-crates": (2, 2),
        "wages": (0, 1),
    }


def test_the_fields_of_figures_are_those_that_help_lists(measured: Path) -> None:
    listed = asked(measured, "measure clove-crates --fields help").out.split()
    header = asked(measured, "measure clove-crates -f csv").out.splitlines()[0]
    assert header.split(",") == listed == list(answered(measured, "measure clove-crates")["figures"][0])


def test_a_limit_counts_figures_and_filters_choose_claims(measured: Path) -> None:
    answer = answered(measured, "measure clove-crates -n 2")
    assert (answer["count"], answer["total"]) == (2, 6)
    assert answered(measured, "measure clove-crates --status misprint")["total"] == 1
    assert asked(measured, "measure clove-crates --kind need").status == 1


def test_a_measure_is_no_list_of_claims_to_be_put_in_an_order(measured: Path) -> None:
    for line in ("measure --sort value", "measure clove-crates --sort value"):
        ended = asked(measured, line)
        assert (ended.status, ended.out) == (2, "")


# --- filters by measure and period -----------------------------------------------------------------------


def both(tmp_path: Path, records: dict[str, Any]) -> list[Path]:
    """Return a dataset that is read at each start, and the same among so many claims that it is indexed."""
    small = samples.write(tmp_path / "small", records)
    filler = [samples.claim(f"filler-{number:05}", said=samples.said("2024")) for number in range(6000)]
    large = samples.write(
        tmp_path / "large", records | {"claims": records["claims"] + filler}, "claims.ndjson"
    )
    return [small, large]


def test_claims_are_found_by_the_measure_and_by_the_period_of_their_own_figure(tmp_path: Path) -> None:
    changes = {
        "claims.2.figure": crates("1", "2023-12-30/2024-03-01"),
        "claims.3.figure": crates("70", None, reading={"value": "700"}),
        "claims.1.evidence.0.figure": crates("2", "2024-03"),
    }
    for folder in both(tmp_path, changed(changes)):
        cache = {"XDG_CACHE_HOME": str(tmp_path / "cache")}
        for options, found in (
            ("--measure clove-crates", ["crates-sent", "weavers-count", "wages-paid"]),
            ("--period 2024-03", ["crates-sent", "weavers-count", "cold-store-forecast"]),
            ("--period 2024-03-02", ["crates-sent", "cold-store-forecast"]),
            ("--period 2023", ["weavers-count"]),
            ("--period 2022/2023-12-29", []),
            ("--period 2025", ["cold-store-forecast"]),
            ("--period 2024-03 --measure wages", []),
        ):
            line = f"list {options} --allow-empty -f csv --fields id --no-header"
            ended = inside(*line.split(), "--data", folder, **cache)
            assert (options, ended.out.split(), ended.err) == (options, found, "")


@pytest.mark.parametrize(
    "period", ["x", "", "2022/", "/2022", "2022-13", "2024/2023", "2022/2023/2024", "２０２２"]
)
def test_a_period_that_is_none_is_misuse(harbour: Path, period: str) -> None:
    ended = inside("list", "--period", period, "--data", harbour)
    assert (ended.status, ended.out) == (2, "")
    assert ended.err.startswith("indotrade: error: --period ")


# --- programs ------------------------------------------------------------------------------------------


def test_a_program_has_the_claims_about_it_and_those_made_at_it_told_apart(harbour: Path) -> None:
    answer = answered(harbour, "program harbour-fair")
    assert answer["query"] == {"program": ["harbour-fair"]}
    assert {claim["id"]: (claim["programs"], claim["said"]["at"]) for claim in answer["claims"]} == {
        "crates-sent": (["harbour-fair"], "harbour-fair"),
        "wages-paid": ([], "harbour-fair"),
    }
    shown = asked(harbour, "program harbour-fair --width 80").out
    about, at = shown.split("Claims about it (1)")[1].split("Other claims made at it (1)")
    assert ("crates-sent" in about, "wages-paid" in about) == (True, False)
    assert ("crates-sent" in at, "wages-paid" in at) == (False, True)
    assert ids(harbour, "list --program harbour-fair") == ["crates-sent"]


# --- sources -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("customs-table", ["customs-table"]),
        ("https://customs-table.example/page", ["customs-table"]),
        ("http://www.customs-table.example/page/", ["customs-table"]),
        ("customs-table.example/page", ["customs-table"]),
        ("Customs-Table.EXAMPLE", ["customs-table"]),
        ("税関", ["customs-table"]),
        ("customs house", ["customs-table"]),
        ("customs", ["customs-table"]),
        ("harbour", ["harbour-news", "office-note"]),
        ("Harbour News", ["harbour-news"]),
    ],
)
def test_a_source_is_found_by_id_address_and_publisher_or_part_of_it(
    tmp_path: Path, name: str, found: list[str]
) -> None:
    samples.write(tmp_path, changed({"sources.2.publisher.original": "税関"}))
    ended = inside("source", name, "-f", "csv", "--fields", "id", "--no-header", "--data", tmp_path)
    assert (ended.status, ended.out.split(), ended.err) == (0, found, "")


def test_a_source_that_is_not_there_is_told_with_the_nearest(harbour: Path) -> None:
    for name in ("https://nowhere.example/", "customs-tabel", "—"):
        ended = inside("source", name, "--data", harbour)
        assert (ended.status, ended.out) == (1, "")
        assert "no source is called" in ended.err
    assert "did you mean customs-table?" in inside("source", "customs-tabel", "--data", harbour).err


def test_the_filter_by_source_takes_what_the_command_takes(harbour: Path) -> None:
    expected = ids(harbour, "list --source orchard-paper")
    for name in ("https://orchard-paper.example/page", "orchard"):
        assert ids(harbour, f"list --source {name}") == expected != []


def test_the_bundled_sources_take_at_most_150_lines_and_the_claims_230() -> None:
    for command, most in (("source", 150), ("list", 230)):
        shown = inside(command, "--width", "80").out
        assert 50 < len(shown.splitlines()) <= most


# --- open ----------------------------------------------------------------------------------------------


class Browser(SimpleNamespace):
    """Stands in for the module that opens a browser."""

    opened: list[str]
    works: bool

    def open(self, url: str) -> bool:
        """Note what is opened."""
        self.opened.append(url)
        return self.works


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Browser:
    stand_in = Browser(opened=[], works=True)
    monkeypatch.setitem(sys.modules, "webbrowser", stand_in)
    return stand_in


@pytest.mark.parametrize("name", ["customs-table", "customs", "customs-table.example"])
def test_open_opens_the_address_of_a_source(harbour: Path, browser: Browser, name: str) -> None:
    assert asked(harbour, f"open {name}") == Ended(0, "", "")
    assert browser.opened == ["https://customs-table.example/page"]


def test_open_opens_the_article_of_a_claim(harbour: Path, browser: Browser) -> None:
    assert asked(harbour, "open nutmeg-plan").status == 0
    assert browser.opened == ["https://orchard-paper.example/page"]


def test_print_prints_the_address_and_opens_nothing(harbour: Path, browser: Browser) -> None:
    assert asked(harbour, "open harbour-news --print").out == "https://harbour-news.example/page\n"
    assert browser.opened == []


def test_nothing_is_opened_that_is_no_web_address_or_not_there(tmp_path: Path, browser: Browser) -> None:
    samples.write(tmp_path, changed({"sources.2.url": None, "sources.2.accessed": None}))
    for name, told in (
        ("customs-table", "customs-table has no address"),
        ("harbour", '"harbour" may be more than one source: harbour-news, office-note'),
        ("nowhere", 'no claim or source is called "nowhere"'),
    ):
        ended = asked(tmp_path, f"open {name}")
        assert (ended.status, ended.out) == (1, "")
        assert told in ended.err
    assert browser.opened == []


def test_where_no_browser_can_be_opened_the_address_is_told(harbour: Path, browser: Browser) -> None:
    browser.works = False
    ended = asked(harbour, "open customs-table")
    assert (ended.status, ended.out) == (1, "")
    assert "https://customs-table.example/page" in ended.err


def test_no_other_command_knows_how_to_open_a_browser() -> None:
    package = Path(sys.modules["indotrade"].__file__ or "").parent
    found = [path.name for path in package.rglob("*.py") if "webbrowser" in path.read_text("utf-8")]
    assert found == ["open.py"]


# --- info ----------------------------------------------------------------------------------------------


def test_info_names_the_ten_who_say_most_and_how_many_more_there_are(tmp_path: Path) -> None:
    records = samples.sample()
    people = [samples.entry(f"person-{n:02}", samples.label(f"P{n:02}", f"P{n:02}", f"P{n:02}")) for n in range(30)]  # fmt: skip
    records["vocabulary"]["people"] += people
    records["claims"] += [samples.claim(f"said-{n:02}", speaker=f"person-{n:02}") for n in range(30)]
    folder = samples.write(tmp_path, records)
    line = next(line for line in asked(folder, "info").out.splitlines() if line.startswith("Speaker"))
    assert line.count(",") == 10
    assert line.endswith(", and 23 more")
    assert "A Buyer 3" in line
    assert len(answered(folder, "info")["speakers"]) == 33


def test_a_question_by_name_says_what_was_found_in_its_first_line(harbour: Path) -> None:
    shown = asked(harbour, "sector spices --width 80").out
    assert shown.startswith("Spices · 3 claims in 2 sources · 1 single, 1 corroborated, 1 disputed\n\n")
    shown = asked(harbour, "sector spices --kind plan --lang id --width 80").out
    assert shown.startswith("Rempah, --kind plan · 1 klaim dalam 1 sumber · 1 tunggal\n\n")
    assert not asked(harbour, "sector spices").out.startswith("Spices")
