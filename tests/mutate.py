"""Plants a bug in thirty places, one at a time, and tells which of them the tests find: `mutate.py CHECKOUT`.

Each is planted in a copy of the checkout, in which the tests run until the first one fails; what follows CHECKOUT goes
to pytest, `mutate.py . -- tests/test_query.py`. A place is found by the text that stands there, in whichever module.
First the tests run on the copy as it is, for a bug is found by tests that pass without it.

`--list` only shows where each place is, `--only PATTERN` takes the bugs whose names it is found in. Exit 1 if a bug
survives or a place is not found.
"""

# ruff: noqa: T201 - scripts print their tables

from __future__ import annotations

import argparse
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

LATE = ("pipes", "index", "completion", "terminal", "hostile", "store", "data", "readme", "project")
"""What the names of slow test files have in them: they come last, so that a bug which others find is found soon."""
LONGEST = 1800.0
"""After so many seconds a bug that keeps the tests from ending counts as found."""
NO_END = "no end"
"""What stands for the test that fails, where the tests do not end."""
LEFT_OUT = (".git", ".venv", "__pycache__", ".*_cache", ".hypothesis", "dist", "build")


class Bug(NamedTuple):
    """A small plausible mistake."""

    name: str
    """The part of the program, and what goes wrong there."""
    changes: tuple[tuple[str, str], ...]
    """What stands in the code, and what stands there with the bug: the first that is found, for code changes."""


class Place(NamedTuple):
    """Where a bug is planted."""

    path: Path
    line: int
    old: str
    new: str


def _bug(name: str, *changes: tuple[str, str]) -> Bug:
    return Bug(name, changes)


BUGS = (
    _bug("query: the first of two filters stands for both", ("reduce(and_, found) if found", "found[0] if found")),
    _bug("query: --since leaves out the day itself", ("and since <= value <= until", "and since < value <= until")),
    _bug("query: a word that just fills the room is followed by an empty one", ("if room <= 0:", "if room < 0:")),
    _bug("store: first and last day of a remark swapped", ('_days(claim.date, "first", "last")', '_days(claim.date, "last", "first")')),
    _bug("store: a name is searched by its words alone", (r'(f"\n{folded}" if folded != words else "")', '""')),
    _bug("search: a part of a word is taken for its start", ("return not (_is_spaced_letter(before) and", "return not (False and")),
    _bug("search: a claim that is nearer than the index knows comes late", ("bound[number] = far", "bound[number] = 3")),
    _bug("html: a text can end the element in which the data stand", ('.replace("<", "\\\\u003c")', "")),
    _bug("index: another than the one that was sealed is answered from", ("return stamp(descriptor) == self.index", "return True")),
    _bug("index: kept where the group can write", ("status.st_mode & 0o022", "status.st_mode & 0o002")),
    _bug("dataset: an escaped NUL passes", (r'b"\\u0000" in data or repeats(data, found)', "repeats(data, found)")),
    _bug(
        "dataset: lines ordered by the sources as a set gives them",
        ("enumerate(sorted(read.source_ids))", "enumerate(read.source_ids)"),
    ),
    _bug("rules: an interval of one day ends before it begins", ("ends[0][0] > ends[1][1]", "ends[0][0] >= ends[1][1]")),
    _bug("rules: what is corroborated may be denied as well", ('"disputed" if "conflicts" in relations else', '"disputed" if {"conflicts"} == relations else')),
    _bug("shape: true is a whole number", ("not isinstance(value, int) or isinstance(value, bool)", "not isinstance(value, int)")),
    _bug("citations: a brace that closes before one opens is in balance", ("if depth < 0:", "if depth < -1:")),
    _bug("citations: two keys differ by case alone", ("while candidate.lower() in taken", "while candidate in taken")),
    _bug("verify: a batch begins with six words of the one before", ("words[1 - WIDTH :]", "words[2 - WIDTH :]")),
    _bug(
        "anchors: case is folded before width",
        ('normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())', 'normalize("NFKC", text.casefold())'),
    ),
    _bug("markup: lines of which half are full are wrapped", ("full > most * len(pairs)", "full >= most * len(pairs)")),
    _bug(
        "markup: a template that was never opened hides the page",
        ("max(0, self._templates + (-1 if closing else 1))", "self._templates + (-1 if closing else 1)"),
    ),
    _bug(
        "escape: a letter without a shape is plain",
        ('not ("\\u115f" in text or "\\u1160" in text or "\\u3164" in text or "\\uffa0" in text)', "True"),
    ),
    _bug(
        "console: what a short write left is dropped",
        ("view[os.write(descriptor, view) :]", "view[max(os.write(descriptor, view), len(view)) :]"),
    ),
    _bug("voices: pages of one vantage are two voices", ("return source.vantage or name if source else name", "return name")),
    _bug("tables: one long cell widens its column in a pipe", ("if most is None or size <= most:", "if size:")),
    _bug(
        "cards: figures of two units in one chart",
        ("figure.measure == own.measure and figure.unit == unit", "figure.measure == own.measure"),
        ("figure.measure == own.measure and figure.unit == own.unit", "figure.measure == own.measure"),
    ),
    _bug("options: LANG beats LC_ALL", ('("LC_ALL", "LC_MESSAGES", "LANG")', '("LANG", "LC_MESSAGES", "LC_ALL")')),
    _bug("completion: names that a shell might act on", (' and _SAFE.fullmatch(it[0].removeprefix("-"))', "")),
    _bug("lookup: words of one name are taken for another's", ("if found or exact or not 0 <", "if found or not 0 <"), ("([] if exact or not 0 <", "([] if not 0 <"), ("if not found and not exact and (", "if not found and (")),
    _bug("names: an underscore is a letter", (r'r"[^\W_]+"', r'r"\w+"')),
    _bug("fields: the last default column is left out", ('"paragraph", "url",\n)', '"paragraph",\n)'), ("tuple(FIELDS)[:19]", "tuple(FIELDS)[:18]")),
    _bug(
        "export: a formula that begins like a number",
        ("cell[1:2].isdigit() and _NUMERAL.issuperset(cell[1:])", "cell[1:2].isdigit()"),
    ),
    _bug("check: faults as they were met", ("return sorted(faults, key=_order)", "return list(faults)")),
)  # fmt: skip


def place_of(bug: Bug, package: Path) -> Place | str:
    """Return the place of a bug, or why there is none: its text stands nowhere, or more than once."""
    sources = {path: path.read_text("utf-8") for path in sorted(package.rglob("*.py"))}
    for old, new in bug.changes:
        found = [path for path, text in sources.items() for _ in range(text.count(old))]
        if len(found) > 1:
            return f"stands {len(found)} times: {old}"
        if found:
            before = sources[found[0]].partition(old)[0]
            return Place(found[0], before.count("\n") + 1, old, new)
    return f"stands nowhere: {bug.changes[0][0]}"


def copied(checkout: Path, to: Path, python: str) -> str:
    """Copy a checkout; return the Python of an environment in which the copy is what is imported.

    The tests start the program in many ways, and not in each would a variable reach it.
    """
    shutil.copytree(checkout, to, ignore=shutil.ignore_patterns(*LEFT_OUT), symlinks=True)
    subprocess.run([python, "-m", "venv", "--without-pip", str(to / ".venv")], check=True)
    site = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], capture_output=True, check=True
    ).stdout.decode().strip()  # fmt: skip
    (own,) = (to / ".venv" / "lib").glob("python*/site-packages")
    (own / "copy.pth").write_text(f"{to}\nimport site; site.addsitedir({site!r})\n", "utf-8")
    return str(to / ".venv" / "bin" / "python")


class Outcome(NamedTuple):
    """What became of a run of the tests."""

    failed: list[str]
    """What failed first; empty if nothing did."""
    unsteady: list[str]
    """What failed at first and passed when it ran again by itself: it was left out of another run."""
    seconds: float


def tested(python: str, copy: Path, arguments: Sequence[str], longest: float) -> Outcome:
    """Return whether the tests pass. Exits where they could not be run at all."""
    start = time.monotonic()
    unsteady: list[str] = []
    while True:
        left_out = [f"--deselect={name}" for name in unsteady]
        command = [python, "-m", "pytest", "-x", "-q", "--tb=no", *arguments, *left_out]
        failed = first_failed([*command, "-n2", "--cache-clear"], copy, longest)
        if failed in ([], [NO_END]) or first_failed([*command, "-n0", "--last-failed"], copy, longest):
            return Outcome(failed, unsteady, time.monotonic() - start)
        unsteady += failed


def first_failed(command: Sequence[str], copy: Path, longest: float) -> list[str]:
    """Return the tests that fail before the run is given up."""
    tests = subprocess.Popen(
        command, cwd=copy, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True
    )
    try:
        output = tests.communicate(timeout=longest)[0].decode(errors="replace")
    except subprocess.TimeoutExpired:
        with suppress(ProcessLookupError):
            os.killpg(tests.pid, signal.SIGKILL)
        tests.communicate()
        return [NO_END]
    if tests.returncode == 0:
        return []
    noted = copy / ".pytest_cache" / "v" / "cache" / "lastfailed"
    failed = list(json.loads(noted.read_text("utf-8"))) if noted.exists() else []
    if not failed:
        sys.exit(f"mutate: the tests did not run: {shlex.join(command)}\n{output[-2000:]}")
    return failed


def in_turn(copy: Path) -> list[str]:
    """Return the test files, the slow ones last."""
    files = sorted(path.relative_to(copy) for path in (copy / "tests").rglob("test_*.py"))
    return [str(path) for path in sorted(files, key=lambda path: any(word in path.stem for word in LATE))]


def write(path: Path, text: str) -> None:
    """Write a module, and see to it that no byte code of before is taken for that of now."""
    path.write_text(text, "utf-8")
    shutil.rmtree(path.parent / "__pycache__", ignore_errors=True)


def main() -> None:
    """Print a line for each bug, then how many were found."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("checkout", type=Path, metavar="CHECKOUT")
    parser.add_argument("arguments", nargs="*", metavar="ARGUMENT", help="for pytest: all test files if none")
    parser.add_argument("--python", metavar="PATH", help="has what the tests need; that of CHECKOUT/.venv")
    parser.add_argument("--only", default="", metavar="PATTERN", help="the bugs with this in their names")
    parser.add_argument("--list", action="store_true", help="show the places, and run nothing")
    parser.add_argument("--longest", type=float, default=LONGEST, metavar="SECONDS", help="for each bug")
    options = parser.parse_intermixed_args()
    # What a shell runs in the background ignores interrupts, and so would the programs that the tests interrupt.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    checkout = options.checkout.resolve()
    bugs = [bug for bug in BUGS if re.search(options.only, bug.name)]
    if options.list:
        sys.exit(1 if listed(bugs, checkout / "indotrade") else 0)
    own = checkout / ".venv" / "bin" / "python"
    python = options.python or (str(own) if own.exists() else sys.executable)
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch).resolve() / "copy"
        sys.exit(run(bugs, copy, copied(checkout, copy, python), options.arguments, options.longest))


def listed(bugs: Sequence[Bug], package: Path) -> int:
    """Print where each bug would be planted; return how many have no place."""
    missing = 0
    for bug in bugs:
        place = place_of(bug, package)
        missing += isinstance(place, str)
        where = place if isinstance(place, str) else f"{place.path.relative_to(package.parent)}:{place.line}"
        print(f"{bug.name:72} {where}")
    return missing


def run(bugs: Sequence[Bug], copy: Path, python: str, arguments: Sequence[str], longest: float) -> int:
    """Plant each bug in the copy, and print what became of it; return the exit status."""
    arguments = arguments or in_turn(copy)
    print(f"pytest {shlex.join(arguments)}", flush=True)
    outcome = tested(python, copy, arguments, longest)
    told("(no bug)", "fails" if outcome.failed else "passes", outcome)
    if outcome.failed:
        sys.exit("mutate: a bug is found only by tests that pass without it")
    results: dict[str, list[str]] = {"found": [], "survives": [], "no place": []}
    for bug in bugs:
        place = place_of(bug, copy / "indotrade")
        if isinstance(place, str):
            results["no place"].append(f"{bug.name} ({place})")
            continue
        sound = place.path.read_text("utf-8")
        write(place.path, sound.replace(place.old, place.new))
        outcome = tested(python, copy, arguments, longest)
        write(place.path, sound)
        result = "found" if outcome.failed else "survives"
        results[result].append(bug.name)
        told(bug.name, result, outcome)
    print(f"{len(bugs)} bugs: " + ", ".join(f"{len(names)} {result}" for result, names in results.items()))
    for result in ("survives", "no place"):
        for name in results[result]:
            print(f"{result}: {name}")
    return 1 if results["survives"] or results["no place"] else 0


def told(name: str, result: str, outcome: Outcome) -> None:
    """Print what became of one run."""
    unsteady = [f"(unsteady, left out: {test})" for test in outcome.unsteady]
    print(f"{name:72} {result:9} {outcome.seconds:5.0f} s ", *outcome.failed, *unsteady, flush=True)


if __name__ == "__main__":
    main()
