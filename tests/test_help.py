"""Help shows each command with examples that work and its options in groups, and is styled on a terminal alone."""

from __future__ import annotations

import shlex
import shutil
from itertools import chain
from pathlib import Path

import pytest
from conftest import SHARED, Ended
from inside import inside
from terminal import OWN, in_terminal, plain

from indotrade.cli import help
from indotrade.cli.app import COMMANDS
from indotrade.screen.look import Look

ARTICLE = SHARED / "articles" / "003_23b4c86179a579bf.txt"
LINES = sorted({example.line for example in chain(help.FIRST, *help.EXAMPLES.values())})


def test_every_command_has_an_example_and_stands_in_one_group() -> None:
    assert {*help.EXAMPLES} == {*COMMANDS, "name"}
    grouped = [name for names in help.COMMANDS.values() for name in names]
    assert sorted(grouped) == sorted(COMMANDS)
    for name, examples in help.EXAMPLES.items():
        assert all(name in ("name", *example.line.split()) for example in examples)


@pytest.mark.parametrize("line", LINES)
def test_every_example_works(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    command = line.split(maxsplit=1)[0]
    if command in ("check", "import"):
        inside("init", "mine")
        inside("export", "claims.csv")
    if command == "verify":
        if not ARTICLE.exists():
            pytest.skip("the articles are not here: the example verifies one")
        shutil.copy(ARTICLE, "article.txt")
    ended = Ended(0, "", "")
    for part in line.split(" | "):
        ended = inside(*shlex.split(part.removeprefix("indotrade ")), stdin=ended.out)
        assert ended.status == 0, ended.err


@pytest.mark.parametrize(
    "environment", [{}, {"FORCE_COLOR": "1"}, {"GITHUB_ACTIONS": "true"}, {"NO_COLOR": "1"}]
)
@pytest.mark.parametrize("line", ["", "--help", "list --help", "clove --help"])
def test_help_is_styled_on_a_terminal_and_nowhere_else(
    line: str, environment: dict[str, str], clean_environment: dict[str, str]
) -> None:
    piped = inside(*line.split(), **environment).out
    assert "\x1b" not in piped
    shown = in_terminal(*line.split(), environment=clean_environment | environment).out
    assert plain(shown) == piped
    assert bool(OWN.search(shown)) is ("NO_COLOR" not in environment)


LONGEST = max(len(f"  indotrade {line}") for line in LINES)
"""A command line is not folded, however narrow the terminal."""


@pytest.mark.parametrize("columns", [40, 50, 60, 80, 200])
@pytest.mark.parametrize("language", ["en", "id"])
def test_help_fits_a_terminal_and_breaks_no_word(
    columns: int, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = ["", "--help", *(f"{name} --help" for name in COMMANDS)]
    piped = {line: inside(*line.split(), INDOTRADE_LANG=language).out for line in lines}
    terminal = Look(language, True, columns, 0, colour=False, links=False, pager=False)
    monkeypatch.setattr(help, "is_terminal", lambda _stream: True)
    monkeypatch.setattr(help, "look", lambda *_: terminal)
    for line in lines:
        shown = inside(*line.split(), INDOTRADE_LANG=language).out
        assert max(map(len, shown.splitlines())) <= max(min(columns, help.WIDEST), LONGEST), line
        assert sorted(shown.split()) == sorted(piped[line].split()), line
