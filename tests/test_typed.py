"""What people type works, or is answered with the command line that does."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest
import samples
from conftest import Ended
from inside import inside
from terminal import in_terminal, plain

from indotrade.dataset.words import KINDS, STATUSES
from indotrade.query.question import ORDERS
from indotrade.wording.labels import called

Ask = Callable[..., Ended]


@pytest.fixture(scope="module")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample, in which the cooperative speaks, too: it is the name of two things."""
    folder = tmp_path_factory.mktemp("typed")
    return samples.write(folder, samples.changed({"claims.5.speaker": "cooperative"}))


@pytest.fixture(scope="module")
def ask(harbour: Path) -> Ask:
    def ask(line: str, **more: str) -> Ended:
        return inside(*shlex.split(line), **{"INDOTRADE_DATA": str(harbour)} | more)

    return ask


# --- what works -------------------------------------------------------------------------------------

WORKS = {
    "clove": "sector clove",
    "Cengkih": "sector clove",
    "hand weaving": "sector hand weaving",
    "clove nutmeg": "sector clove nutmeg",
    "jepang --kind need --allow-empty": "country jepang --kind need --allow-empty",
    "JP": "country japan",
    "harbour fair": "program harbour-fair",
    "younger": "organization younger-cooperative",
    "buyer": "speaker buyer",
    "narasi": "speaker narration",
    "--json clove": "sector clove --json",
    "--json sector clove": "sector clove --json",
    "-f csv -n 1 sector clove": "sector clove -f csv -n 1",
    "-fcsv sector clove": "sector clove -f csv",
    "-fcsv --fields=id,kind list": "list -f csv --fields id,kind",
    "--full show needs-ferry": "show needs-ferry --full",
    "--sector clove": "list --sector clove",
    "--sector clove --json": "list --sector clove --json",
    "--json": "list --json",
    "-- clove": "sector clove",
    "sectors": "sector",
    "countries --json": "country --json",
    "programs": "program",
    "speakers": "speaker",
    "people": "speaker",
    "organizations": "organization",
    "measures": "measure",
    "sources": "source",
    "claims --status disputed": "list --status disputed",
    "-h": "--help",
    "help": "--help",
    "help sector": "sector --help",
    "help sectors --lang id": "sector --help --lang id",
    "sector -h": "sector --help",
    "list -h --json": "list --help",
    "--json --help": "--help",
    "help clove": "sector clove",
    "list --csv": "list -f csv",
    "--csv": "list -f csv",
    "--csv clove": "sector clove -f csv",
    "list --md": "list -f markdown",
    "list -f md": "list -f markdown",
    "clove --ndjson": "sector clove -f ndjson",
    "cite needs-ferry --bibtex": "cite needs-ferry -f bibtex",
    "list --sort date": "list --sort said",
    "list --sort -Tanggal": "list --sort -said",
    "list --status Tunggal": "list --status single",
    "list --kind ramalan": "list --kind forecast",
}


@pytest.mark.parametrize("line", WORKS)
def test_what_people_type_is_what_they_mean(ask: Ask, line: str) -> None:
    assert ask(line) == ask(WORKS[line])


@pytest.mark.parametrize(
    ("option", "words"),
    [("kind", KINDS), ("status", STATUSES), ("sort", ORDERS)],
    ids=["kind", "status", "sort"],
)
def test_a_word_is_taken_as_any_language_shows_it_and_stays_its_id_in_json(
    ask: Ask, option: str, words: tuple[str, ...]
) -> None:
    for word in words:
        answers = [ask(f"list --{option} {shlex.quote(said)} --json --allow-empty") for said in called(word)]
        assert len(called(word)) > 1 or word == "id"
        assert {answer.out for answer in answers} == {answers[0].out}
        assert answers[0].status == 0
        if option != "sort":
            assert json.loads(answers[0].out)["query"][option] == [word]


def test_a_command_wins_over_a_name(tmp_path: Path) -> None:
    sector = {"id": "list", "label": samples.label("List", "Daftar", "表")}
    folder = samples.write(tmp_path, samples.changed({"vocabulary.sectors.0": sector | {"parent": None}, "claims.0.sectors": [],
        "vocabulary.sectors.1.parent": None, "vocabulary.sectors.2.parent": None}))  # fmt: skip
    assert inside("check", folder).status == 0
    assert len(json.loads(inside("list", "--json", "--data", folder).out)["claims"]) == 9


# --- what is answered with a command line -------------------------------------------------------------

ANSWERED = {
    # a name of several things, a part of several names, names of several kinds
    "cooperative": (1, "organization cooperative", "speaker cooperative"),
    "cooperative --json": (1, "organization cooperative --json", "speaker cooperative --json"),
    "--json cooperative": (1, "--json organization cooperative", "--json speaker cooperative"),
    "hand": (1, "sector hand-pottery", "sector weaving"),
    "clove japan": (1, "list --sector clove --country japan", "search clove japan"),
    "buyer nutmeg --json": (1, "list --speaker buyer --sector nutmeg --json", "search buyer nutmeg --json"),
    # an id that is another's
    "needs-ferry": (1, "show needs-ferry"),
    "harbour-news": (1, "source harbour-news"),
    "gazette": (1, "source gazette"),
    "harbour-news.example": (1, "source harbour-news.example"),
    "show clove": (1, "sector clove"),
    "show harbour-news": (1, "source harbour-news"),
    "source needs-ferry": (1, "show needs-ferry"),
    "cite buyer": (1, "speaker buyer"),
    "open weaving": (1, "sector weaving"),
    "list --source customs-table": (1, "source customs-table"),
    # misspelt: a command is misuse, a name is not found
    "lst -f csv": (2, "list -f csv"),
    "sectr clove": (2, "sector clove"),
    "help sectr": (2, "help sector"),
    "clve": (1, "sector clove"),
    "--json clve": (1, "--json sector clove"),
    "sector 'hand weavng' --json": (1, "sector weaving --json"),
    "sector hand weavng": (1, "sector weaving"),
    "hand weavng --csv": (1, "sector weaving --csv"),
    "list --country=japn": (1, "list --country=japan"),
    "show crate-sent": (1, "show crates-sent"),
    "list --secter clove": (2, "list --sector clove"),
    "list --status dispute": (2, "list --status disputed"),
    "list --sort=-vale": (2, "list --sort=-value"),
    "list -fjsn": (2, "list -fjson"),
    # words
    "ferry": (1, "search ferry"),
    "show ferry": (1, "search ferry"),
    "search 'looms the visited' -n 5": (1, "search looms the visited -n 5"),
    # formats and files
    "list clove --json": (2, "clove --json"),
    "show needs-ferry -f bibtex": (2, "cite needs-ferry -f bibtex"),
    "list --json -f csv": (2, "list -f csv"),
    "list -o claims.csv": (2, "list -f csv > claims.csv"),
    "list --json -o 'my claims.json'": (2, "list --json > 'my claims.json'"),
    "list --output=x.md": (2, "list -f markdown > x.md"),
}


@pytest.mark.parametrize("line", ANSWERED)
def test_what_cannot_be_meant_is_answered_with_the_command_line_that_can_and_works(
    ask: Ask, line: str
) -> None:
    status, *lines = ANSWERED[line]
    ended = ask(line)
    error, hint = ended.err.splitlines()
    assert (ended.status, ended.out) == (status, "")
    assert error.startswith("indotrade: error: ")
    assert re.findall("`indotrade ([^`]+)`", hint) == lines
    for offered in lines:
        answer = ask(str(offered).partition(" > ")[0])
        assert answer.status == 0 or "claims looked through" in answer.err


def test_an_unknown_name_is_not_found_and_the_help_is_named(ask: Ask) -> None:
    assert ask("frobnicate") == Ended(
        1,
        "",
        'indotrade: error: nothing here is called "frobnicate"\nhint: `indotrade --help` lists what can be asked\n',
    )


@pytest.mark.parametrize("line", ["''", "' '", "clove ''"])
def test_a_blank_name_is_misuse(ask: Ask, line: str) -> None:
    assert ask(line).status == 2


def test_a_name_alone_needs_a_dataset_that_can_be_read(ask: Ask) -> None:
    assert ask("clove", INDOTRADE_DATA="/nowhere").status == 3


def test_fields_of_a_name_are_those_of_what_it_finds(ask: Ask) -> None:
    assert ask("clove --fields help") == ask("sector clove --fields help")


# --- how it is told on a terminal -----------------------------------------------------------------------


@pytest.mark.parametrize("columns", [80, 50])
@pytest.mark.parametrize(
    "line", ["list --kind plna", "list --organization koperas", "cite @claims.json", "list --status x"]
)
def test_no_message_breaks_a_word_or_a_command_line_that_fits(
    harbour: Path, clean_environment: dict[str, str], line: str, columns: int
) -> None:
    environment = clean_environment | {"INDOTRADE_DATA": str(harbour)}
    written = plain(in_terminal(*shlex.split(line), environment=environment, columns=columns).out)
    piped = inside(*shlex.split(line), INDOTRADE_DATA=str(harbour)).err
    assert " ".join(written.split()) == " ".join(piped.split())
    for told in written.splitlines():
        assert len(told) <= columns or told.startswith("`indotrade ")
    for command in re.findall("`[^`]+`", piped):
        assert command in written


def test_ids_from_the_keyboard_are_asked_for(harbour: Path, clean_environment: dict[str, str]) -> None:
    environment = clean_environment | {"INDOTRADE_DATA": str(harbour)}
    shown = in_terminal("cite", "-", environment=environment, keys=(b"needs-ferry\n\x04",))
    assert shown.out.startswith("reading ids from the keyboard, one a line, to the end (Ctrl-D)\n")
    assert shown.status == 0
