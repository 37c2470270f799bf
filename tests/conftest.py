"""What all tests share: the command line, run for real, in an environment of which nothing leaks in."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import detailed
import making
import pytest
import samples
from hypothesis import settings

settings.register_profile("gate", derandomize=True, deadline=None, max_examples=40)
settings.load_profile("gate")  # the same examples in each run, however slow the machine

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # in the background of a script; the program heeds that
    signal.signal(signal.SIGINT, signal.default_int_handler)

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("INDOTRADE_SHARED", ROOT.parent / "shared"))
"""Where the articles and the evidence lie on the machines that have them; no part of a clone."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-screens",
        action="store_true",
        help="write tests/screens, the examples of README.md, CITATION.cff and the map of modules anew instead of comparing",
    )


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Return how many processes test: one more than there are processors, for some tests wait for shells and servers.

    It is 0, for no other process, where files are written anew: two would overwrite each other's README.md.
    """
    if config.getoption("--update-screens"):
        config.option.dist = "no"
        return 0
    return (os.cpu_count() or 1) + 1


def pytest_collection_finish() -> None:
    """Have garbage collection leave alone what lives to the end: thousands of tests, and the modules."""
    gc.collect()
    gc.freeze()


@dataclass(frozen=True)
class Ended:
    """What a command left behind."""

    status: int
    out: str
    err: str


Run = Callable[..., Ended]


@pytest.fixture(scope="session")
def clean_environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment without any variable that changes what the program prints."""
    home = tmp_path_factory.mktemp("home")
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "XDG_CACHE_HOME": str(home / "cache"),
        "LANG": "C.UTF-8",
        "TERM": "xterm-256color",
    }


@pytest.fixture(scope="session")
def detailed_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the made-up dataset with all details; read only."""
    return samples.write(tmp_path_factory.mktemp("detailed"), detailed.records())


@pytest.fixture(scope="session")
def made_up(clean_environment: dict[str, str], detailed_data: Path) -> dict[str, str]:
    """The clean environment in which that dataset is asked."""
    return clean_environment | {"INDOTRADE_DATA": str(detailed_data)}


@pytest.fixture(scope="session")
def large_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a dataset of 5,000 claims, just enough for an index; read only."""
    return making.dataset(tmp_path_factory.mktemp("large"), 5_000)


@pytest.fixture(scope="session")
def run(clean_environment: dict[str, str]) -> Run:
    """Run `indotrade` with arguments: `run("sector", "batik", LANG="id_ID.UTF-8", stdin="…")`."""

    def run(*arguments: str, stdin: str = "", cwd: Path | None = None, **environment: str) -> Ended:
        return ended(arguments, clean_environment | environment, stdin, cwd)

    return run


def ended(
    arguments: tuple[str, ...], environment: Mapping[str, str], stdin: str = "", cwd: Path | None = None
) -> Ended:
    """Return what `python -m indotrade` with these arguments leaves behind."""
    done = subprocess.run(
        [sys.executable, "-m", "indotrade", *arguments],
        input=stdin.encode(),
        capture_output=True,
        env=dict(environment),
        cwd=cwd or ROOT,
        timeout=120,
        check=False,
    )
    return Ended(done.returncode, done.stdout.decode(), done.stderr.decode())
