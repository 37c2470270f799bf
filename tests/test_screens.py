"""What a user sees, pinned as text files that a reviewer can read: `pytest --update-screens` writes them anew."""

from __future__ import annotations

import difflib
import json
import re
from pathlib import Path

import pytest
import samples
from conftest import ROOT
from inside import inside
from rich.cells import cell_len

from indotrade.verify import text_anchors

SCREENS = Path(__file__).parent / "screens"
BUNDLED = {
    "sector-batik": ["sector", "batik"],
    "sector-tree": ["sector"],
    "country-jepang": ["country", "jepang", "--kind", "figure"],
    "program-business-matching": ["program", "business matching"],
    "show-diaspora": ["show", "diaspora-over-70-thousand"],
    "show-misprint": ["show", "agro-imports-from-japan"],
    "show-disputed": ["show", "japan-has-no-seaweed"],
    "source-one": ["source", "antara-2018"],
    "info": ["info", "--data", "data"],
}
MADE_UP = {
    "source-list": ["source", "--data", "harbour"],
    "check-faulty": ["check", "faulty"],
    "verify": ["verify", "-", "--data", "harbour"],
}
VARIANTS = {
    "100.en": ["--width", "100"],
    "100.id": ["--width", "100", "--lang", "id"],
    "60.en": ["--width", "60"],
    "60.id": ["--width", "60", "--lang", "id"],
    "pipe.en": [],
}
FIXED = {"no-arguments": [], "help": ["--help"]}
"""What has one form alone."""
ALL = {
    f"{name}.{variant}": [*arguments, *options]
    for name, arguments in (BUNDLED | MADE_UP).items()
    for variant, options in VARIANTS.items()
} | FIXED

ARTICLE = """\
The harbour of Sukamaju sent 640 crates of dried clove buds to Nagahama in March, said its master on Thursday.
Two cooperatives share the pier; the older one counts 38 weavers among its members, and hopes for more looms.
"""
ALTERED = ARTICLE.replace("38 weavers", "83 weavers")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with a made-up dataset whose anchors are of a made-up article, and a faulty one."""
    directory = tmp_path_factory.mktemp("screens")
    windows = list(text_anchors(ARTICLE.splitlines()))
    near = {number: [window.anchor for window in windows if window.paragraph == number] for number in (1, 2)}
    samples.write(
        directory / "harbour",
        samples.changed(
            {
                "claims.0.anchors": [near[1][1], near[1][9]],
                "claims.1.anchors": [near[2][0], near[2][6]],
                "claims.2.anchors": [near[2][5]],
                "claims.3.anchors": [],
            }
        ),
    )
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
    return directory


def drawn(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return a screen: the command line, what it prints, and its status where that is not 0."""
    monkeypatch.chdir(folder if name.split(".", maxsplit=1)[0] in MADE_UP else ROOT)
    arguments = ALL[name]
    ended = inside(*arguments, stdin=ALTERED if "-" in arguments else "")
    shown = " ".join(f"'{argument}'" if " " in argument else argument for argument in arguments)
    told = f"[{ended.status}]\n" if ended.status else ""
    return _without_digest(f"$ indotrade {shown}".rstrip() + f"\n{ended.out}{ended.err}{told}")


def _without_digest(screen: str) -> str:
    """Return a screen with the digest of the bundled data as zeros, wherever it is folded: it changes with each edit."""
    digest = json.loads(inside("info", "--json").out)["dataset"]["sha256"]
    return re.sub(r"\s*".join(digest), lambda match: re.sub(r"\w", "0", match[0]), screen)


@pytest.mark.parametrize("name", ALL)
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


FOLDED = [name for name in ALL if re.search(r"\.(60|100)\.", name) and not name.startswith("check-faulty")]
"""Each fault is one line however long, for grep."""


@pytest.mark.parametrize("name", FOLDED)
def test_no_line_of_a_screen_is_wider_than_was_asked_for(
    name: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    width = int(name.split(".")[1])
    lines = drawn(name, folder, monkeypatch).splitlines()[1:]
    assert [line for line in lines if cell_len(line) > width and not line.startswith("indotrade: ")] == []


def test_no_screen_is_left_over() -> None:
    assert {path.name for path in SCREENS.iterdir()} == {f"{name}.txt" for name in ALL}
