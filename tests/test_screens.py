"""What a user sees, pinned as text files that a reviewer can read: `pytest --update-screens` writes them anew.

They are drawn from made-up data, so that a correction of the bundled data leaves them as they are.
"""

from __future__ import annotations

import difflib
import json
import re
from pathlib import Path

import detailed
import picture
import pytest
import samples
from anchoring import reading
from conftest import Ended
from inside import inside
from rich.cells import cell_len

import indotrade
from indotrade.screen.lines import CODES
from indotrade.text.fold import fold
from indotrade.verify.match import text_anchors

SCREENS = Path(__file__).parent / "screens"
DRAWN = {
    "claims-wide": "list --width 100",
    "claims-narrow": "country japan --width 50",
    "claims-in-a-pipe": "list",
    "claims-indonesian": "country japan --lang id --width 100",
    "claims-in-an-order": "list --sort -value --width 80",
    "claims-coloured": "sector spices --color always --width 80",
    "claims-found": "search clove --color always --width 60",
    "claim-with-a-chart": "show crates-sent --width 100",
    "claim-with-a-chart-narrow": "show crates-sent --width 50",
    "claim-in-full": "show crates-sent --full --width 80",
    "claim-in-a-pipe": "show crates-sent",
    "claim-disputed": "show only-clove-port --width 80",
    "claim-misprinted-indonesian": "show wages-paid --lang id --width 80",
    "program": "program harbour-fair --width 80",
    "sectors": "sector --width 80",
    "speakers": "speaker --width 80",
    "measure": "measure clove-crates --width 80",
    "measure-in-a-pipe": "measure wages --lang id",
    "sources": "source --width 80",
    "source": "source harbour-news --width 80",
    "source-of-evidence": "source customs-table --width 80",
    "source-by-publisher": "source harbour --width 60",
    "info-indonesian": "info --lang id --width 80",
    "check-faulty": "check ../faulty --width 60",
    "verify": "verify - --width 60",
    "no-arguments": "",
    "help": "--help",
}
"""Each layout once: what differs only in its words is the business of the tests of what it says."""

ARTICLE = """\
The harbour of Sukamaju sent 640 crates of dried clove buds to Nagahama in March, said its master on Thursday.
Two cooperatives share the pier; the older one counts 38 weavers among its members, and hopes for more looms.
"""
ALTERED = ARTICLE.replace("38 weavers", "83 weavers")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A made-up dataset whose anchors are of a made-up article; beside it a faulty one."""
    directory = tmp_path_factory.mktemp("screens")
    windows = list(text_anchors(reading(ARTICLE.splitlines())))
    near = {number: [window.anchor for window in windows if window.paragraph == number] for number in (1, 2)}
    records = detailed.records()
    for claim, anchors in zip(
        records["claims"],
        ([near[1][1], near[1][9]], [near[2][0], near[2][6]], [near[2][5]], []),
        strict=False,
    ):
        claim["anchors"] = anchors
    samples.write(
        directory / "faulty",
        samples.changed(
            {
                "claims.0.sectors": ["cloves"],
                "claims.2.paragraph": 0,
                "claims.4.said.date": "2999",
                "sources.0.basis": None,
                "dataset.languages": [],
            }
        ),
    )
    return samples.write(directory / "harbour", records)


def drawn(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return a screen: the command line, what it prints with each escape shown, and its status where that is not 0."""
    monkeypatch.chdir(folder)
    line = DRAWN[name]
    ended = inside(*line.split(), stdin=ALTERED if "-" in line.split() else "", INDOTRADE_DATA=".")
    told = f"[{ended.status}]\n" if ended.status else ""
    printed = f"{ended.out}{ended.err}{told}".replace("\x1b", "␛").replace(indotrade.VERSION, "VERSION")
    return f"$ indotrade {line}".rstrip() + f"\n{printed}"


@pytest.mark.parametrize("name", DRAWN)
def test_the_screen_is_as_pinned(
    name: str, folder: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    pinned = SCREENS / f"{name}.txt"
    screen = drawn(name, folder, monkeypatch)
    if request.config.getoption("--update-screens"):
        pinned.parent.mkdir(exist_ok=True)
        pinned.write_text(screen, encoding="utf-8")
        return
    expected = pinned.read_text(encoding="utf-8") if pinned.exists() else ""
    if screen != expected:
        difference = difflib.unified_diff(
            expected.splitlines(), screen.splitlines(), "pinned", "drawn", n=2, lineterm=""
        )
        told = "\n".join(difference)
        pytest.fail(f"{pinned.name} (pytest --update-screens writes it anew)\n{told}", pytrace=False)


FOLDED = dict.fromkeys(line.split(" --width")[0] for line in DRAWN.values() if "--width" in line)


@pytest.mark.parametrize("width", [40, 60, 100])
@pytest.mark.parametrize("line", FOLDED)
def test_no_line_of_a_screen_is_wider_than_was_asked_for(
    line: str, width: int, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    asked = [*line.split(), "--width", width, "--color", "never"]
    ended = inside(*asked, stdin=ALTERED, INDOTRADE_DATA=".")
    assert ended.out
    wide = [shown for shown in ended.out.splitlines() if cell_len(shown) > width]
    assert [
        shown for shown in wide if not re.fullmatch(r" *https?://\S+", shown)
    ] == []  # which is never broken


LISTING = (
    "list", "search clove", "sector", "measure", "measure clove-crates", "source", "source harbour", "source customs-table pier-almanac",
    "show crates-sent wages-paid only-clove-port", "verify -", "check ../faulty", "check --anchors -",
)  # fmt: skip


@pytest.mark.parametrize("line", LISTING)
def test_a_limit_holds_wherever_rows_are_listed_and_is_told(
    line: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)

    def asked(*more: str) -> Ended:
        return inside(*line.split(), *more, stdin=ALTERED, INDOTRADE_DATA=".")

    every, cut = (asked("-f", "ndjson", *limit) for limit in ([], ["-n", "1"]))
    total = len(every.out.splitlines())
    assert total > 1
    assert cut.out.splitlines() == every.out.splitlines()[:1]
    assert (cut.status, cut.err) == (every.status, every.err)
    answer = json.loads(asked("--json", "-n", "1").out)
    assert (answer["count"], answer["total"]) == (1, total)
    for more in ([], ["--width", "80"], ["-f", "html"]):
        assert f"1 of {total}" in asked("-n", "1", *more).out
        assert f" of {total}\n" not in asked("-n", str(total), *more).out


def test_who_changes_the_made_up_records_changes_them_for_nobody_else() -> None:
    before = json.dumps(detailed.records())
    for claim in detailed.records()["claims"]:
        claim["sectors"].append("changed")
        for evidence in claim["evidence"]:
            evidence["rating"] = "changed"
    assert json.dumps(detailed.records()) == before


def test_no_screen_is_left_over() -> None:
    assert {path.name for path in SCREENS.iterdir()} == {
        picture.FILE.name,
        *(f"{name}.txt" for name in DRAWN),
    }


def test_what_was_searched_for_is_marked_on_a_terminal_and_never_in_a_pipe(folder: Path) -> None:
    asked = ["search", "clove", "--color", "always", "--data", folder]
    assert f"\x1b[{CODES['sought']}mclove\x1b[0m" in inside(*asked, "--width", 60).out
    assert f"\x1b[{CODES['sought']}m" not in inside(*asked).out
    assert "\x1b" not in inside("search", "clove", "--width", 60, "--data", folder).out


def test_what_was_searched_for_looks_like_nothing_else() -> None:
    assert [style for style, code in CODES.items() if code == CODES["sought"]] == ["sought"]


@pytest.mark.parametrize(
    "word", ["clove", "PELABUHAN", "日本", "640", "customs", "needs-ferry", "spices", "jp"]
)
def test_each_claim_that_is_found_shows_the_word_by_which_it_is(word: str, folder: Path) -> None:
    printed = inside("search", word, "--color", "always", "--width", 70, "--data", folder).out
    *found, _sources, _dataset = re.split(r"\n\n", printed)
    assert found
    for claim in found:
        marked = re.findall(f"\x1b\\[{CODES['sought']}m(.*?)\x1b", claim)
        assert any(fold(word) in fold(text) for text in marked), claim
