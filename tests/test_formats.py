"""The registry of formats is what the command line, its help, its refusals and its completion go by."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, get_args

import pytest
import samples
from conftest import Ended
from inside import inside

from indotrade.cli import completion
from indotrade.errors import Misused
from indotrade.output import formats
from indotrade.output.formats import ANSWERS, FORMATS, Format, Option, holding, honouring, refuse_idle
from indotrade.query import columns

SPELLED: dict[str, list[str]] = {
    "width": ["--width", "80"],
    "color": ["--color", "always"],
    "full": ["--full"],
    "no_header": ["--no-header"],
    "bom": ["--bom"],
}
OF_CLAIMS = holding("claims")


@pytest.fixture(scope="module")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return samples.write(tmp_path_factory.mktemp("harbour"), samples.sample())


def asked(harbour: Path, line: str, *more: str) -> Ended:
    return inside(*line.split(), *more, "--data", harbour)


# --- what a format cannot honour ---------------------------------------------------------------------


def test_every_option_that_some_formats_honour_is_tried_here() -> None:
    assert list(SPELLED) == list(get_args(Option))
    assert all(honouring(option) for option in get_args(Option))


@pytest.mark.parametrize(
    "line", ["list", "sector", "sector clove", "search ferry", "show needs-ferry", "source"]
)
@pytest.mark.parametrize("option", SPELLED)
def test_an_option_is_honoured_or_refused_with_a_sentence(harbour: Path, line: str, option: Any) -> None:
    known = " or ".join(honouring(option))
    for name in OF_CLAIMS:
        ended = asked(harbour, line, "-f", name, *SPELLED[option])
        if option == "full" and not line.startswith("show"):  # no option of that command
            assert (ended.status, ended.out) == (2, ""), name
        elif name in honouring(option):
            assert (ended.status, ended.err) == (0, ""), name
        else:
            assert (ended.status, ended.out) == (2, ""), name
            told = f"{SPELLED[option][0]} goes with --format {known}, and not with {name}"
            assert ended.err == f"indotrade: error: {told}\n"


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ("--bom -f tsv", "--bom goes with --format csv, and not with tsv"),
        ("--no-header -f json", "--no-header goes with --format csv or tsv, and not with json"),
        ("--no-header --json", "--no-header goes with --format csv or tsv, and not with json"),
        ("--width 80 -f csv", "--width goes with --format table, and not with csv"),
        ("--color always --json", "--color goes with --format table, and not with json"),
        ("--bom", "--bom goes with --format csv, and not with table"),
    ],
)
def test_the_sentence_says_with_which_formats_an_option_goes(harbour: Path, options: str, told: str) -> None:
    ended = asked(harbour, f"list {options}")
    assert (ended.status, ended.out, ended.err) == (2, "", f"indotrade: error: {told}\n")


def test_the_sentence_is_in_indonesian_where_that_is_asked_for(harbour: Path) -> None:
    assert asked(harbour, "list --no-header --json --lang id").err == (
        "indotrade: error: --no-header berlaku untuk --format csv atau tsv, bukan json\n"
    )


@pytest.mark.parametrize("line", ["check", "verify -", "info"])
def test_the_commands_on_datasets_and_texts_refuse_the_same(harbour: Path, line: str) -> None:
    ended = asked(harbour, line, "--json", "--color", "always")
    assert (ended.status, ended.out) == (2, "")
    assert ended.err.startswith("indotrade: error: --color goes with --format table")


@pytest.mark.parametrize("name", OF_CLAIMS)
@pytest.mark.parametrize(
    "options", ["--no-pager", "--color never", "--color auto", "--no-pager --color never"]
)
def test_no_pager_and_no_colour_are_honoured_by_all(harbour: Path, name: str, options: str) -> None:
    plain = asked(harbour, f"list -f {name}")
    assert asked(harbour, f"list -f {name} {options}") == plain
    assert plain.status == 0


# --- the registry ------------------------------------------------------------------------------------


@pytest.fixture
def made_up(monkeypatch: pytest.MonkeyPatch) -> str:
    """A format of bytes that is made up, added to the registry; its name."""
    module = ModuleType("indotrade.output.made_up")

    def of_claims(answer: Any, _how: Any) -> Iterator[bytes | str]:
        yield b"\x89MADE\r\n\x00\xff"
        yield from (record.encode() for record in answer.records())
        yield "é"

    module.claims = of_claims  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setitem(FORMATS, "made-up", Format("made-up", ("claims",), honours=("bom",), keys=True))
    return "made-up"


def test_a_format_that_is_added_is_held_by_what_asks_the_registry(made_up: str) -> None:
    assert holding("claims") == [*OF_CLAIMS, made_up]
    assert made_up not in holding("records")
    assert honouring("bom") == ["csv", made_up]
    assert formats.field_names(FORMATS[made_up]) == columns.keys()


def test_refusals_say_a_format_that_is_added(harbour: Path, made_up: str) -> None:
    assert made_up in asked(harbour, "list -f xyzzy").err
    assert asked(harbour, "list -f mde-up").err.startswith(
        'indotrade: error: --format cannot be "mde-up"; did you mean made-up?\n'
    )
    assert (
        f"--bom goes with --format csv or {made_up}, and not with tsv"
        in asked(harbour, "list --bom -f tsv").err
    )
    with pytest.raises(Misused, match="and not with made-up"):
        refuse_idle(FORMATS[made_up], ["width"])


def test_a_command_that_lists_records_refuses_a_format_of_claims_alone(harbour: Path, made_up: str) -> None:
    for line in ("source", "check", "info", "sector"):
        ended = asked(harbour, f"{line} -f {made_up}")
        assert (line, ended.status, ended.out) == (line, 2, "")
        assert f"this command has no format {made_up}; it has table, json, ndjson" in ended.err


PROBE = """
import os, sys
from indotrade.output.formats import FORMATS, Format
FORMATS["made-up"] = Format("made-up", ("claims", "citations"), honours=("bom", "no_header"))
from indotrade.__main__ import main
main()
"""


def with_made_up(*arguments: str, **environment: str) -> str:
    """Return what a process of its own prints whose registry had another format from the beginning."""
    import subprocess

    from conftest import ROOT
    from inside import ENVIRONMENT

    done = subprocess.run(
        [sys.executable, "-c", PROBE, *arguments],
        env=ENVIRONMENT | {"COLUMNS": "200"} | environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def squeezed(text: str) -> str:
    """Return a text without the blanks that folding changes, also behind a hyphen."""
    return "".join(text.split())


def test_help_says_a_format_that_is_added() -> None:
    shown = squeezed(with_made_up("list", "--help"))
    for sentence in (
        f"One of {', '.join(OF_CLAIMS)}, made-up.",
        "csv, tsv and made-up without the line of names.",
        "csv and made-up with a byte order mark",
    ):
        assert squeezed(sentence) in shown
    assert squeezed("One of text, bibtex, biblatex, csl-json, ris, claimreview, made-up.") in squeezed(
        with_made_up("cite", "--help")
    )


def test_completion_offers_a_format_that_is_added() -> None:
    for command, line in (("list", "indotrade list -f "), ("cite", "indotrade cite -f ")):
        offered = with_made_up(
            _INDOTRADE_COMPLETE="complete_bash", COMP_WORDS=line, COMP_CWORD="3", SHELL="/bin/bash"
        )
        expected = OF_CLAIMS if command == "list" else holding("citations")
        assert offered.split() == [*expected, "made-up"]


def test_completion_offers_the_names_of_the_registry_and_no_other() -> None:
    offered = completion.words(holding("claims"))(None, "")
    assert [name for name, _ in offered] == OF_CLAIMS


@pytest.mark.parametrize("format", FORMATS.values(), ids=FORMATS)
def test_every_format_has_a_function_for_each_thing_that_it_holds(format: Format) -> None:
    for kind in format.holds:
        assert callable(getattr(format.writer, kind if format.columns is None else "lines"))
    assert set(format.holds) <= {*ANSWERS, "citations"}


def test_one_record_is_rows_of_what_it_says_and_fields_choose_among_its_keys(harbour: Path) -> None:
    content = json.loads(asked(harbour, "info --json").out)
    rows = dict(csv.reader(asked(harbour, "info -f csv --no-header").out.splitlines()))
    assert rows["claims"] == str(content["claims"])
    assert rows["dataset.sha256"] == content["dataset"]["sha256"]
    for status in content["statuses"]:
        assert rows[f"statuses.{status['status']}.claims"] == str(status["claims"])
        assert rows[f"statuses.{status['status']}.definition.id"] == status["definition"]["id"]
    assert rows["languages"] == ";".join(content["languages"])
    few = json.loads(asked(harbour, "info --json --fields said,claims").out)
    assert list(few) == ["schema_version", "dataset", "said", "claims"]
    assert asked(harbour, "info --fields claims").out.splitlines()[-1].split() == ["claims", rows["claims"]]
    assert asked(harbour, "info --fields help").out.split() == list(content)[2:]
    assert asked(harbour, "info --fields xyz").status == 2


@pytest.mark.parametrize("name", OF_CLAIMS)
def test_a_command_writes_what_the_registry_says_that_it_holds(harbour: Path, name: str) -> None:
    for line, kind in (("list", "claims"), ("source", "records"), ("info", "card")):
        ended = asked(harbour, f"{line} -f {name}")
        assert (ended.status == 0) == (kind in FORMATS[name].holds)
        assert bool(ended.out) == (ended.status == 0)


# --- bytes -------------------------------------------------------------------------------------------


def test_bytes_and_text_of_a_format_leave_in_their_order_and_as_they_are(harbour: Path, made_up: str) -> None:
    ended = inside("list", "-f", made_up, "-n", "1", "--data", harbour, encoding="latin-1")
    assert (ended.status, ended.err) == (0, "")
    assert ended.out.startswith("\x89MADE\r\n\x00\xff")
    assert ended.out.endswith("é")
    record = ended.out.removeprefix("\x89MADE\r\n\x00\xff").removesuffix("é").encode("latin-1")
    assert json.loads(record) == samples.complete(samples.sample(), samples.sample()["claims"][0])


def test_bytes_that_are_no_text_of_the_output_are_not_changed(
    harbour: Path, made_up: str, tmp_path: Path
) -> None:
    ended = inside("list", "-f", made_up, "-n", "1", "--data", harbour, encoding="cp1252")
    assert ended.out.encode("cp1252", "surrogateescape").count(b"\xff") == 1
