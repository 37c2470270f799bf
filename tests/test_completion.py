"""What bash, zsh and fish offer, in the shells themselves, and that nothing else ever reaches the prompt."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
import time
import warnings
from pathlib import Path
from typing import Any

import pytest
import samples
from conftest import ROOT, Ended
from inside import inside
from terminal import INDOTRADE, needs

from indotrade.cli import completion, install_completion, shells
from indotrade.text.fold import key

POISON = "$(touch planted) `touch planted`; touch planted | x & \"q\" 'r' \\ [b]bold[/b] :smile: 日本 \x1b[2J\u202e\n\t!! %d *"
Environment = dict[str, str]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with `indotrade` on its path, and the completion of each shell."""
    folder = tmp_path_factory.mktemp("shells")
    program = folder / "bin" / "indotrade"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nPYTHONPATH={shlex.quote(str(ROOT))} exec {shlex.join(INDOTRADE)} "$@"\n')
    program.chmod(0o755)
    for shell in ("bash", "zsh", "fish"):
        script = inside("--show-completion", shell, _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1").out
        assert "_INDOTRADE_COMPLETE" in script
        (folder / f"completion.{shell}").write_text(script)
    return folder


def environment_of(home: Path, environment: Environment) -> Environment:
    return environment | {"PATH": f"{home / 'bin'}:{environment['PATH']}", "HOME": str(home)}


BASH = r"""
compopt() { echo "compopt $*"; }
source "$1"
read -ra COMP_WORDS <<< "$2"
[[ $2 == *" " ]] && COMP_WORDS+=("")
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
_indotrade_completion indotrade "${COMP_WORDS[COMP_CWORD]}"
printf '%s\n' "${COMPREPLY[@]}"
"""
FISH = r"source $argv[1]; complete -C $argv[2]"


def offered(shell: str, line: str, home: Path, environment: Environment, cwd: Path | None = None) -> Ended:
    """Return what a shell offers for a line: a value a line, in fish with a tab and its description."""
    script = str(home / f"completion.{shell}")
    if shell == "bash":
        command = [needs("bash"), "--norc", "-c", BASH, "bash", script, line]
    else:
        command = [needs("fish"), "--no-config", "-c", FISH, script, line]
    done = subprocess.run(
        command, env=environment_of(home, environment), capture_output=True, text=True, cwd=cwd or home, timeout=60, check=False
    )  # fmt: skip
    return Ended(done.returncode, done.stdout, done.stderr)


START = {
    "bash": "PS1='> '; bind 'set bell-style none'; bind 'set show-all-if-ambiguous on'; source {script}\n",
    "zsh": "PS1='> '; autoload -Uz compinit && compinit -u -d $HOME/.zcompdump; source {script}\n"
    "setopt no_beep no_auto_menu list_ambiguous\nLISTMAX=1000\n",
}
"""What an interactive shell does first."""


def in_shell(shell: str, line: str, home: Path, environment: Environment, until: str = "") -> str:
    """Return the screen of an interactive shell in which a line was typed and Tab pressed twice.

    It is read until a text stands on it, or for as long as a completion may take.
    """
    import fcntl
    import pty
    import select
    import struct
    import termios

    program = needs(shell)
    start = home / f".{shell}rc"
    start.write_text(START[shell].format(script=home / f"completion.{shell}"))
    command = [program, "-i"] if shell == "zsh" else [program, "--noprofile", "--rcfile", str(start), "-i"]
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", DeprecationWarning
        )  # the child becomes a shell at once, whatever other threads hold
        child, terminal = pty.fork()
    if child == 0:
        os.chdir(home)
        more = {"TERM": "xterm", "ZDOTDIR": str(home)}
        os.execve(program, command, environment_of(home, environment) | more)  # noqa: S606 - it is the shell
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 400, 200, 0, 0))
    written = ""
    try:
        for keys, awaited in ((b"", "> "), (line.encode() + b"\t", until), (b"\t", until), (b"", until)):
            os.write(terminal, keys)
            end = time.monotonic() + (10 if awaited == "> " else 1.0)
            while not (awaited and awaited in written):
                if not select.select([terminal], [], [], max(0.0, end - time.monotonic()))[0]:
                    break
                written += os.read(terminal, 1 << 16).decode(errors="replace")
    finally:
        os.close(terminal)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|[\x00-\x08\x0b-\x1f]", "", written)


def in_zsh(line: str, home: Path, environment: Environment, until: str = "") -> str:
    """Return the screen of zsh in which a line was typed and Tab pressed twice."""
    return in_shell("zsh", line, home, environment, until)


LINES: dict[str, tuple[str, ...]] = {
    "indotrade se": ("sector", "search"),
    "indotrade list --st": ("--status",),
    "indotrade sector clo": ("clove",),
    "indotrade country naga": ("nagahama",),
    "indotrade country Jepa": ("Jepang",),
    "indotrade program harb": ("harbour-fair",),
    "indotrade list --sector nut": ("nutmeg",),
    "indotrade list --speaker narr": ("narration",),
    "indotrade list --organization young": ("younger-cooperative",),
    "indotrade show crates-": ("crates-sent",),
    "indotrade cite harb": ("harbour-news",),
    "indotrade source orch": ("orchard-paper",),
    "indotrade list --fields stat": ("status", "statement", "statement_en", "statement_id"),
    "indotrade list --fields id,pub": ("id,publisher", "id,published"),
    "indotrade list --format nd": ("ndjson",),
    "indotrade list --kind fo": ("forecast",),
    "indotrade list --status disp": ("disputed",),
    "indotrade list --sort va": ("value",),
    "indotrade cite x --format bib": ("bibtex",),
}


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_names_ids_and_words_are_offered(shell: str, line: str, detailed_data: Path) -> None:
    done = inside(**asking(shell, line), INDOTRADE_DATA=str(detailed_data))
    assert done.err == ""
    values = [found.partition("\t")[0] for found in done.out.splitlines()]
    assert set(LINES[line]) <= set(values)
    word = line.rpartition(" ")[2]
    assert all(key(value).startswith(key(word)) for value in values)


@pytest.mark.parametrize(
    "line",
    ["indotrade se", "indotrade country Jepa", "indotrade show crates-", "indotrade list --fields id,pub"],
)
@pytest.mark.parametrize("shell", ["bash", "fish"])
def test_shell_offers_what_is_offered_to_it(shell: str, line: str, home: Path, made_up: Environment) -> None:
    done = offered(shell, line, home, made_up)
    assert done.err == ""
    values = [found.partition("\t")[0] for found in done.out.splitlines()]
    assert set(LINES[line]) <= set(values)
    word = line.rpartition(" ")[2]
    assert all(key(value).startswith(key(word)) for value in values)


def test_descriptions_are_offered(detailed_data: Path) -> None:
    for line, told in (
        ("indotrade sector clo", "clove\tCloves"),
        ("indotrade country naga", "nagahama\tNagahama"),
        ("indotrade show crates-", "crates-sent\tThe harbour sent 640 crates of cloves."),
        ("indotrade source harbour", "harbour-news\tHarbour News"),
        ("indotrade list --status supers", "superseded\ta forecast whose outcome is known"),
        ("indotrade ver", "verify\tTell which claims"),
    ):
        assert told in inside(**asking("fish", line), INDOTRADE_DATA=str(detailed_data)).out


def test_fish_shows_descriptions(home: Path, made_up: Environment) -> None:
    done = offered("fish", "indotrade show crates-", home, made_up)
    assert "crates-sent\tThe harbour sent 640 crates" in done.out


def test_zsh_completes_and_shows_descriptions(home: Path, made_up: Environment) -> None:
    screen = in_zsh("indotrade show w", home, made_up, until="Small and medium workshops")
    assert "wages-paid" in screen
    assert "Small and medium workshops, which until now sold at the fair" in screen
    assert "indotrade sector clove" in in_zsh("indotrade sector clov", home, made_up, until="sector clove")


def test_zsh_shows_nothing_of_a_broken_dataset(
    home: Path, tmp_path: Path, clean_environment: Environment
) -> None:
    screen = in_zsh(
        "indotrade sector bat", home, clean_environment | {"INDOTRADE_DATA": str(tmp_path / "nope")}
    )
    assert "error" not in screen
    assert "Traceback" not in screen


# --- names as people type them ---------------------------------------------------------------------------

TYPED = {
    # case, accents, width, hyphens and blanks do not count; the first name of an entry that begins so, as typed if it can be
    "country jepa": ["Jepang"],
    "country ＪＰ": ["JP"],
    "country 日": ["日本"],
    'country "south k': ["South Korea"],
    "country southkor": ["south-korea"],
    "country cote": ["cote-divoire"],
    "sector クロ": ["クローブ"],
    "sector handw": ["Hand weaving"],
    "sector HAND-W": ["Hand weaving"],
    "list --sector=clo": ["clove"],
    "list --status=tung": ["tunggal"],
    "list --kind rama": ["ramalan"],
    "list --sort -v": ["-value"],
    "list --sort -tang": ["-tanggal"],
    "show Crates": ["crates-sent"],
    # without its command, and behind options
    "clo": ["clove"],
    "--json list --kind nee": ["need"],
    "--sector clo": ["clove"],
    "sectors clo": ["clove"],
    "clove --status disp": ["disputed"],
    "clove --allow": ["--allow-empty"],
    # a date, a number, a word of one's own: nothing, and no file
    "list --since ": [],
    "list --period 20": [],
    "list -n ": [],
    "search clo": [],
    "list x": [],
}
FILES = ("verify ", "verify x", "check ", "check --anchors ", "list --data x", "list --data=x", "export ", "import ", "import a.csv ", "init ", "import --article ")  # fmt: skip


@pytest.mark.parametrize("line", TYPED)
def test_names_are_offered_as_people_type_them(line: str, detailed_data: Path) -> None:
    done = inside(**asking("fish", f"indotrade {line}"), INDOTRADE_DATA=str(detailed_data))
    values = [found.partition("\t")[0] for found in done.out.splitlines()]
    option = line.rpartition(" ")[2].rpartition("=")[0]
    expected = [f"{option}={value}" if option else value for value in TYPED[line]]
    assert (done.status, done.err) == (0, "")
    assert (values[:1] if values else []) == expected


@pytest.mark.parametrize("line", FILES)
@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_file_is_left_to_the_shell(shell: str, line: str) -> None:
    assert inside(**asking(shell, f"indotrade {line}")) == Ended(shells.FILES, "", "")


def test_descriptions_are_in_the_language_of_the_screen(detailed_data: Path) -> None:
    environment = {"INDOTRADE_DATA": str(detailed_data), "INDOTRADE_LANG": "id"}
    for line, told in (
        ("ver", "Periksa klaim"),
        ("list --status sing", "hanya artikel"),
        ("list --since", "Dikatakan"),
    ):
        assert told in inside(**asking("fish", f"indotrade {line}"), **environment).out


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["indotrade", "list", "--sector", "=", "clo"], "clove"),
        (["indotrade", "list", "--sector", "="], "spices"),
        (["indotrade", "list", "--sector=clo"], "--sector=clove"),
        (["indotrade", "country", "south\\ k"], "South\\ Korea"),
        (["indotrade", "country", "'south k"], "South Korea"),
        (["indotrade", "list", "--data", "'my data'", "--kind", "nee"], "need"),
    ],
)
def test_bash_is_answered_by_its_own_words(words: list[str], offered: str, detailed_data: Path) -> None:
    asked = {"COMP_WORDS": "\n".join(words), "COMP_CWORD": str(len(words) - 1)}
    done = inside(**asking("bash", "") | asked, INDOTRADE_DATA=str(detailed_data))
    assert done.out.splitlines()[0] == offered


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_a_shell_puts_a_name_in_the_place_of_what_was_typed(
    shell: str, home: Path, made_up: Environment
) -> None:
    (home / "a-file").touch()
    for line, completed in (
        ("country jep", "country Jepang"),
        ('country "south k', 'country "South Korea"'),
        ("list --sector=clo", "--sector=clove"),
        ("sector クロ", "sector クローブ"),
        ("verify a-f", "verify a-file"),
    ):
        assert completed in in_shell(shell, f"indotrade {line}", home, made_up, until=completed)


def test_a_shell_offers_no_file_for_a_date(home: Path, made_up: Environment) -> None:
    assert offered("bash", "indotrade list --since ", home, made_up).out.split() == []
    assert offered("fish", "indotrade list --since ", home, made_up).out == ""


def test_the_completion_of_the_shell_itself_is_installed_and_no_other(
    home: Path, tmp_path: Path, made_up: Environment
) -> None:
    environment = environment_of(home, made_up) | {"HOME": str(tmp_path)}
    for asked in (["fish"], ["--lang", "en", "x"]):
        refused = inside("--install-completion", *asked, HOME=str(tmp_path))
        assert (refused.status, refused.out) == (2, "")
    assert not list(tmp_path.iterdir())
    command = [needs("fish"), "--no-config", "-c", "indotrade --install-completion"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=60)
    files = [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*indotrade*")]
    assert files == [".config/fish/completions/indotrade.fish"]
    assert files[0] in done.stdout
    assert (tmp_path / files[0]).read_text().strip() == install_completion.FISH.strip()


# --- faults -----------------------------------------------------------------------------------------------


def broken(folder: Path, fault: str) -> Environment:
    """Return the variable that names a dataset with a fault."""
    if fault == "missing":
        return {"INDOTRADE_DATA": str(folder / "nope")}
    if fault == "empty":
        return {"INDOTRADE_DATA": str(folder)}
    if fault == "file":
        (folder / "file").write_text("x")
        return {"INDOTRADE_DATA": str(folder / "file")}
    if fault == "surrogate":
        return {"INDOTRADE_DATA": "caf\udce9"}
    records = samples.sample()
    for name in records:
        records[name] = {"garbage": b"\x00{{{", "deep": b"[" * 100_000, "null": b"null"}[fault]
    return {"INDOTRADE_DATA": str(samples.write(folder / "data", records))}


@pytest.mark.parametrize("fault", ["missing", "empty", "file", "surrogate", "garbage", "deep", "null"])
@pytest.mark.parametrize("words", ["sector b", "show d", "source h", "list --speaker h", "list --fields st"])
@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_faulty_dataset_writes_nothing_on_the_prompt(
    shell: str, words: str, fault: str, tmp_path: Path
) -> None:
    line = f"indotrade {words}"
    done = inside(**asking(shell, line), **broken(tmp_path, fault))
    assert done.err == ""
    values = set(re.findall(r"[a-z_-]+", done.out))
    assert values <= {
        "narration",
        "the",
        "articles",
        "own",
        "voice",
        "status",
        "statement",
        "statement_en",
        "statement_id",
    }


def asking(shell: str, line: str) -> Environment:
    """Return the variables with which a shell asks for completions of a line."""
    return {
        "_INDOTRADE_COMPLETE": f"complete_{shell}",
        "COMP_WORDS": line,
        "COMP_CWORD": str(len(line.split()) - 1 + line.endswith(" ")),
        "_TYPER_COMPLETE_ARGS": line,
        "_TYPER_COMPLETE_FISH_ACTION": "get-args",
    }


@pytest.mark.parametrize(
    "odd",
    [{"COMP_CWORD": "x"}, {"COMP_CWORD": "-7"}, {"COMP_CWORD": "99999999999"}, {"COMP_WORDS": "'"}, {"COMP_WORDS": '"$('},
     {"COMP_WORDS": "indotrade \udcff\udce9"}, {"COMP_WORDS": "x" * 100_000}, {"COMP_WORDS": ""},
     {"_INDOTRADE_COMPLETE": "complete_tcsh"}, {"_INDOTRADE_COMPLETE": "complete_"},
     {"COMP_WORDS": "indotrade list --data \x1b[2J --sector"}, {"COMP_WORDS": "indotrade sector \\"}],
    ids=lambda odd: str(odd)[:50],
)  # fmt: skip
@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_garbage_from_a_shell_writes_nothing_on_the_prompt(shell: str, odd: Environment) -> None:
    garbage = odd | ({"_TYPER_COMPLETE_ARGS": odd["COMP_WORDS"]} if "COMP_WORDS" in odd else {})
    done = inside(**asking(shell, "indotrade sector b") | garbage)
    assert done.err == ""
    assert "\x1b" not in done.out


def test_missing_variables_write_nothing_on_the_prompt() -> None:
    assert inside(_INDOTRADE_COMPLETE="complete_bash") == Ended(1, "", "")


def test_interrupt_while_completing_is_silent(tmp_path: Path, clean_environment: Environment) -> None:
    fifo = tmp_path / "msgspec.py"  # in front of the real one: the import never ends
    fifo.write_text("import sys, time\nsys.stdout.write('here')\nsys.stdout.flush()\ntime.sleep(60)\n")
    environment = clean_environment | asking("bash", "indotrade sector b") | {"PYTHONPATH": str(tmp_path)}
    process = subprocess.Popen(
        [*INDOTRADE], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, cwd=ROOT
    )
    assert process.stdout
    assert process.stdout.read(4) == b"here"
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=10)
    assert (process.returncode, err) == (-signal.SIGINT, b"")


# --- hostile names ----------------------------------------------------------------------------------------


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """A dataset in which each name and text means harm to a shell."""
    records = samples.sample()
    for number, sector in enumerate(records["vocabulary"]["sectors"]):
        sector["label"] = samples.label(*(f"n{number}{language} {POISON}" for language in ("en", "id", "ja")))
        sector["aliases"] = [
            f"n{number}$(touch planted)",
            f"n{number};touch",
            f"n{number}\x1b",
            f"n{number}-good",
        ]
    for claim in records["claims"]:
        claim["statement"] = samples.text(f"Says {POISON}", f"Kata {POISON}")
    for source in records["sources"]:
        source["title"] = POISON
        source["publisher"]["name"] = f"P {POISON}"
    return samples.write(tmp_path / "data", records)


@pytest.mark.parametrize("words", ["sector n", "sector ", "show ", "source ", "list --sector n"])
@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_no_value_with_a_shell_character_is_offered(shell: str, words: str, hostile: Path) -> None:
    done = inside(**asking(shell, f"indotrade {words}"), INDOTRADE_DATA=str(hostile))
    assert (done.status, done.err) == (0, "")
    assert not re.search(
        "[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", done.out.replace("\t", "", done.out.count("\n") + 1)
    )
    lines = done.out.splitlines()
    assert all(re.fullmatch(r"[\w.-]+", line.split("\t")[0]) for line in lines)
    assert "good" in done.out or words[-1] != "n"


@pytest.mark.parametrize("shell", ["bash", "fish"])
def test_hostile_names_run_nothing_in_the_shell(
    shell: str, hostile: Path, home: Path, tmp_path: Path, clean_environment: Environment
) -> None:
    environment = clean_environment | {"INDOTRADE_DATA": str(hostile)}
    for words in ("sector ", "sector n", "show ", "source "):
        done = offered(shell, f"indotrade {words}", home, environment, cwd=tmp_path)
        assert done.err == ""
        assert done.out.strip()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data"]


def test_hostile_names_run_nothing_in_zsh(hostile: Path, home: Path, clean_environment: Environment) -> None:
    environment = clean_environment | {"INDOTRADE_DATA": str(hostile)}
    screen = in_zsh("indotrade show ", home, environment, until="crates-sent")
    assert "crates-sent" in screen
    assert not (home / "planted").exists()


# --- large datasets, and speed ----------------------------------------------------------------------------


def test_large_dataset_is_not_indexed_for_a_completion(
    tmp_path: Path, large_data: Path, clean_environment: Environment
) -> None:
    environment = clean_environment | {
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
        "INDOTRADE_DATA": str(large_data),
    }

    def ask(**more: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(INDOTRADE, env=environment | more, capture_output=True, cwd=ROOT, check=False)

    first = ask(**asking("bash", "indotrade show claim-0001"))
    assert (first.stdout.strip(), first.stderr) == (b"", b"")
    assert not list(tmp_path.glob("cache/**/*.*"))
    assert ask(**asking("bash", "indotrade sector clo")).stdout == b"clove\n"
    subprocess.run(
        [*INDOTRADE, "list", "-n", "1"], env=environment, capture_output=True, cwd=ROOT, check=True
    )
    again = ask(**asking("bash", "indotrade show claim-0001"))
    assert again.stdout.decode().split() == [f"claim-0001{digit}" for digit in range(10)]


def test_dataset_of_the_command_line_is_completed_from(hostile: Path, tmp_path: Path) -> None:
    for name, more in ((str(hostile), {}), ("~/data", {"HOME": str(tmp_path)})):
        done = inside(**asking("bash", f"indotrade show --data {name} crates") | more)
        assert done == Ended(0, "crates-sent\n", "")


def test_fields_of_json_are_its_keys() -> None:
    done = inside(**asking("bash", "indotrade list --json --fields id,s"))
    assert set(done.out.split()) == {
        "id,statement",
        "id,sectors",
        "id,speaker",
        "id,said",
        "id,source",
        "id,status",
        "id,supports",
    }


def test_rich_is_not_imported_to_complete(made_up: Environment) -> None:
    for shell in ("bash", "zsh", "fish"):
        done = subprocess.run(
            [sys.executable, "-X", "importtime", "-m", "indotrade"],
            env=made_up | asking(shell, "indotrade show crat"), capture_output=True, text=True, cwd=ROOT, check=False,
        )  # fmt: skip
        assert "crates-sent" in done.stdout
        assert "rich" not in done.stderr
        assert "typer" in done.stderr


def test_description_is_one_short_line_without_what_a_shell_expands() -> None:
    told: Any = completion._one_line(POISON * 3)  # noqa: SLF001 - what every description goes through
    assert not set("[]`$\\\"'\n\t\x1b") & set(told)
    assert len(told) == 80


def test_a_word_that_a_shell_might_act_on_is_never_offered() -> None:
    words = ["clove", "$(id)", "`id`", "a;b", "a b", "-value", "'q'", "x" * 1000]
    offered: Any = completion._offered(lambda: [(word, "") for word in words])  # noqa: SLF001 - what every word goes through
    assert [word for word, _ in offered] == ["clove", "a b", "-value"]
