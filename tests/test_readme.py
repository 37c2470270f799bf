"""README.md is true: every command in it is run, and prints what is shown.

`pytest --update-screens tests/test_readme.py` writes into it what its blocks print now.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

import picture
import pytest
from conftest import ROOT, SHARED
from inside import inside

from indotrade.cli.app import COMMANDS

README = (ROOT / "README.md").read_text("utf-8")
ARTICLE = SHARED / "articles" / "003_23b4c86179a579bf.txt"
FIRST_COMMAND = "python3 -m venv .venv && .venv/bin/pip install -q . && .venv/bin/indotrade sector batik"
TEST_COMMAND = "python3 -m venv .venv && .venv/bin/pip install -q -e '.[dev]' && .venv/bin/pytest"


def fenced(text: str, language: str) -> list[str]:
    """Return the contents of the fenced blocks of a language, each with its last line break."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def commands(block: str) -> list[tuple[str, str]]:
    """Return the commands of a console block, those that `$ ` opens, each with the output below it."""
    pieces = re.split(r"^\$ (.*)\n", block, flags=re.MULTILINE)
    assert not pieces[0], f"output without a command: {pieces[0]}"
    return list(zip(pieces[1::2], pieces[2::2], strict=True))


def shell(command: str, folder: Path, environment: Mapping[str, str]) -> str:
    """Return what a command prints on both streams, in a pipe, without standard input."""
    done = subprocess.run(
        ["sh", "-c", command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd=folder,
        env=dict(environment),
        timeout=120,
        check=False,
    )
    return done.stdout.decode("utf-8")


def folder_for(folder: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """Prepare a folder in which a block is run; return an environment in which `indotrade` is this program."""
    programs = folder / "bin"
    programs.mkdir()
    program = programs / "indotrade"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -P -m indotrade "$@"\n', "utf-8")
    program.chmod(0o755)
    if ARTICLE.exists():
        shutil.copy(ARTICLE, folder / "article.txt")
    return dict(environment) | {
        "PATH": f"{programs}{os.pathsep}{environment['PATH']}",
        "PYTHONPATH": str(ROOT),
    }


BLOCKS = fenced(README, "console")


@pytest.mark.parametrize("block", BLOCKS, ids=[commands(block)[0][0] for block in BLOCKS])
def test_console_block_prints_what_is_shown(
    block: str, tmp_path: Path, clean_environment: dict[str, str], pytestconfig: pytest.Config
) -> None:
    if "article.txt" in block and not ARTICLE.exists():
        pytest.skip("the articles are not here: README shows one being verified")
    for program in ("jq", "pandoc"):
        if f"{program} -" in block and not shutil.which(program):
            assert os.environ.get("CI") != "true", f"{program} is missing"
            pytest.skip(f"{program} is not installed: README pipes into it")
    environment = folder_for(tmp_path, clean_environment)
    printed = "".join(
        f"$ {command}\n{shell(command, tmp_path, environment)}" for command, _ in commands(block)
    )
    if pytestconfig.getoption("--update-screens"):
        rewrite(f"\n```console\n{block}```", f"\n```console\n{printed}```")
        return
    assert printed == block


def rewrite(shown: str, printed: str) -> None:
    """Put what is printed now in place of what README.md shows."""
    readme = ROOT / "README.md"
    text = readme.read_text("utf-8")
    assert shown in text
    readme.write_text(text.replace(shown, printed), "utf-8")


@pytest.mark.parametrize("number", range(len(fenced(README, "python"))))
def test_python_block_prints_what_the_text_block_after_it_shows(
    number: int, tmp_path: Path, clean_environment: dict[str, str], pytestconfig: pytest.Config
) -> None:
    code = fenced(README, "python")[number]
    shown = re.findall(r"^```python\n.*?^```\n\n```text\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)[
        number
    ]
    for name in ("pandas", "polars"):
        if f"import {name}" in code:
            pytest.importorskip(name, reason=f"{name} is not installed; .ci/run installs it")
    done = subprocess.run(
        [sys.executable, "-P", "-W", "error", "-c", code],
        capture_output=True,
        cwd=tmp_path,
        env=clean_environment | {"PYTHONPATH": str(ROOT)},
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stderr.decode()) == (0, "")
    printed = done.stdout.decode()
    if pytestconfig.getoption("--update-screens"):
        between = f"{code}```\n\n```text\n"
        rewrite(f"{between}{shown}```", f"{between}{printed}```")
        return
    assert printed == shown


@pytest.mark.parametrize("command", [FIRST_COMMAND, TEST_COMMAND])
def test_command_that_sets_up_stands_once_on_a_line_of_its_own(command: str) -> None:
    assert README.split("\n").count(command) == 1


ASKED = re.findall(r"`(indotrade [^`]+)`", "".join(re.findall(r"^\| .*\?.* \| .*$", README, re.MULTILINE)))
"""The commands that answer the questions of the table."""


@pytest.mark.parametrize("command", ASKED)
def test_a_question_has_its_answer(
    command: str, tmp_path: Path, clean_environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    if "article.txt" in command and not ARTICLE.exists():
        pytest.skip("the articles are not here")
    folder_for(tmp_path, clean_environment)
    monkeypatch.chdir(tmp_path)
    line, *_ = command.removeprefix("indotrade ").split(" > ")
    ended = inside(*shlex.split(line), *(["--print"] if line.startswith("open ") else []))
    assert (ended.status, ended.err) == (0, "")
    assert ended.out


def test_every_command_of_the_program_has_an_example() -> None:
    lines = [command for block in BLOCKS for command, _ in commands(block)]
    shown = {word for line in (*lines, *ASKED) for word in re.findall(r"indotrade (\w+)", line)}
    assert len(ASKED) > 12
    assert set(COMMANDS) - shown == set()


def test_the_picture_shows_what_its_commands_print(pytestconfig: pytest.Config) -> None:
    if pytestconfig.getoption("--update-screens"):
        picture.FILE.write_text(picture.drawn(), encoding="utf-8")
    assert picture.FILE.read_text(encoding="utf-8") == picture.drawn()
    assert f"]({picture.FILE.relative_to(ROOT).as_posix()})" in README


def test_no_line_of_an_example_is_wider_than_a_hundred_columns() -> None:
    shown = [output for block in BLOCKS for _, output in commands(block)]
    assert [
        line for output in shown for line in output.split("\n") if len(line) > 100 and "https:" not in line
    ] == []


def test_headings_go_down_one_level_at_a_time() -> None:
    levels = [
        len(marks)
        for marks in re.findall(r"^(#+) ", re.sub(r"```.*?```", "", README, flags=re.DOTALL), re.MULTILINE)
    ]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_links_within_the_repository_lead_somewhere() -> None:
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", README) if "://" not in link]
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []
