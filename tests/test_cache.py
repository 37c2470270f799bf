"""Whatever befalls the index, the answer is right; each fault is brought about for real."""

from __future__ import annotations

import errno
import fcntl
import gzip
import json
import os
import random
import shlex
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule
from inside import inside
from making import dataset, in_order, many
from msgspec.structs import replace

import indotrade
from indotrade.dataset import folder as files
from indotrade.dataset.folder import Folder, locate, stamp
from indotrade.dataset.reader import Reader
from indotrade.engine import cache as cache_module
from indotrade.engine import schema, seal
from indotrade.engine.open import open_engine, open_names
from indotrade.engine.protocol import Progress, Wanted
from indotrade.engine.sqlite import SqliteEngine
from indotrade.errors import Refused
from indotrade.verify.anchors import WIDTH, digests, spelled, words_of

COUNT = 60
IDS = in_order(many(COUNT))
TEXT = " ".join(f"word{number}" for number in range(COUNT + WIDTH - 1))
"""A text in which one anchor of each claim stands."""
BUILD = 2000
"""How many claims take long enough to index that a build can be met half-way."""

PACKAGE = Path(indotrade.__file__).parent

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else, or mount")


class Opened:
    """What an engine answered, and what was told on the way."""

    def __init__(self, folder: Path | str, progress: Progress | None = None) -> None:
        self.told: list[str] = []
        self.progress: list[tuple[int, int]] = []

        def note(done: int, total: int) -> None:
            self.progress.append((done, total))
            if progress:
                progress(done, total)

        engine = open_engine(str(folder), progress=note, warn=lambda message: self.told.append(str(message)))
        assert isinstance(engine, SqliteEngine)
        self.engine = engine
        self.records = list(engine.find(Wanted()).records())
        self.ids = [json.loads(record)["id"] for record in self.records]
        self.origin = engine.origin

    @property
    def built(self) -> bool:
        """Whether the index was built for this answer."""
        return bool(self.progress)

    @property
    def index(self) -> Path | None:
        """The file that answers."""
        return Path(self.origin.index) if self.origin.index else None


def count_as_small(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    """Let datasets of up to so many bytes be read at each start."""
    monkeypatch.setattr("indotrade.engine.folder.SMALL", size)
    monkeypatch.setattr("indotrade.engine.folder.SMALL_COMPRESSED", size)


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the directory of the indexes; every dataset counts as large."""
    count_as_small(monkeypatch, 0)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("INDOTRADE_DATA", raising=False)
    return tmp_path / "cache" / "indotrade"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    anchors = [[spelled(digest)] for digest in digests(words_of(TEXT))]
    claims = [claim | {"anchors": found} for claim, found in zip(many(COUNT), anchors, strict=True)]
    return dataset(tmp_path / "data", claims=claims)


@pytest.fixture
def kept(cache: Path, folder: Path) -> Path:
    """Return the file of an index that is built and kept."""
    path = Opened(folder).index
    assert path is not None
    assert path.parent == cache
    return path


ALL_LARGE = """
import sys
from indotrade.engine import folder
folder.SMALL = folder.SMALL_COMPRESSED = 0
"""
CHILD = (
    ALL_LARGE
    + """
import json
from indotrade.engine.open import open_engine
from indotrade.engine.protocol import Wanted
told = []
def progress(done, total):
    if not done:
        print("building", flush=True)
opened = open_engine(sys.argv[1], progress=progress, warn=lambda message: told.append(str(message)))
found = [json.loads(record)["id"] for record in opened.find(Wanted()).records()]
print(json.dumps({"ids": found, "told": told, "index": opened.origin.index, "modules": list(sys.modules)}))
"""
)


def start(folder: Path, before: str = "", **environment: str) -> subprocess.Popen[str]:
    """Start a process of its own that opens a dataset, having done what stands in `before`."""
    plain = {"PATH": os.environ["PATH"], "PYTHONPATH": str(PACKAGE.parent)}
    return subprocess.Popen(
        [sys.executable, "-P", "-c", before + CHILD, str(folder)],
        env=plain | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def answer(process: subprocess.Popen[str], seconds: float = 60) -> dict[str, Any]:
    """Return what a process answered, with `built`: whether it built an index."""
    out, err = process.communicate(timeout=seconds)
    assert (process.returncode, err) == (0, "")
    *before, last = out.splitlines()
    result: dict[str, Any] = json.loads(last)
    return result | {"built": before == ["building"]}


def names(cache: Path) -> list[str]:
    """Return the kinds of files in the cache: `index`, `seal`, `temporary`."""
    return sorted(
        "temporary" if path.name.startswith(".new-") else "seal" if path.suffix == ".seal" else "index"
        for path in cache.iterdir()
    )


# --- what an index answers -------------------------------------------------------------------------------


@pytest.mark.usefixtures("cache")
@pytest.mark.parametrize("file", ["claims.ndjson", "claims.ndjson.gz", "claims.json"])
def test_an_index_holds_what_a_database_in_memory_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str
) -> None:
    folder = dataset(tmp_path / "data", COUNT, file)
    built = Opened(folder)
    count_as_small(monkeypatch, 1 << 30)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "none"))
    read = Opened(folder)
    assert (built.index is None, read.index is None) == (False, True)
    assert built.ids == read.ids == IDS
    assert built.records == read.records
    assert built.engine.sha256 == read.engine.sha256
    read.engine.searchable()
    for table in ("claim", "sortkey", "body", "source", "entry", "name", "anchors"):
        columns = ", ".join(column for column in schema.COLUMNS[table] if column != "crc")
        statement = f"SELECT {columns} FROM {table} ORDER BY {columns}"  # noqa: S608 - words of the program
        assert list(built.engine.rows(statement)) == list(read.engine.rows(statement))
    tagged = (
        "SELECT facet, value, term.claims, posting.claims FROM posting JOIN term ON number = term"
        " WHERE term.claims > 0 ORDER BY 1, 2"
    )
    assert list(built.engine.rows(tagged)) == list(read.engine.rows(tagged))
    found = "SELECT rowid FROM trigram WHERE trigram MATCH '\"p 7\"' ORDER BY 1"
    assert list(built.engine.rows(found)) == list(read.engine.rows(found)) != []


@pytest.mark.usefixtures("cache")
def test_the_digest_of_an_index_is_that_of_a_full_reading(folder: Path) -> None:
    reader = Reader(locate(folder))
    reader.head()
    assert len(list(reader.claims())) == COUNT
    assert Opened(folder).engine.sha256 == reader.sha256()


@pytest.mark.usefixtures("cache")
def test_an_index_is_built_once_and_says_where_it_is(folder: Path) -> None:
    first, second = Opened(folder), Opened(folder)
    assert (first.built, second.built) == (True, False)
    assert first.origin == second.origin
    assert second.origin.address == str(folder)
    assert second.index is not None
    assert second.origin.bytes == second.index.stat().st_size
    assert second.origin.built is not None
    assert second.ids == IDS
    assert first.told == second.told == []


@pytest.mark.usefixtures("cache")
def test_progress_is_told_from_nothing_to_all(tmp_path: Path) -> None:
    told = Opened(dataset(tmp_path / "data", 2500)).progress
    assert (told[0], told[-1]) == ((0, 2500), (2500, 2500))
    assert len(told) > 2
    assert told == sorted(told)


@pytest.mark.usefixtures("cache")
def test_a_byte_order_mark_blank_lines_and_crlf_do_not_count(folder: Path) -> None:
    path = folder / "claims.ndjson"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n\n"))
    assert Opened(folder).ids == IDS


@pytest.fixture
def small(cache: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of a dataset that counts as small, of which nothing is kept yet."""
    assert not cache.exists()
    count_as_small(monkeypatch, 1 << 30)
    return folder


def rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a minute pass in which nothing is changed."""
    later = time.time_ns() + seal.SETTLED + 10**9
    monkeypatch.setattr(time, "time_ns", lambda: later)


def test_a_small_dataset_that_was_just_changed_is_read_and_leaves_the_cache_alone(
    cache: Path, small: Path
) -> None:
    for _ in range(2):
        opened = Opened(small)
        assert (opened.ids, opened.index, opened.told, opened.progress) == (IDS, None, [], [])
    assert not cache.exists()


def test_a_small_dataset_at_rest_is_read_once_and_then_answered_from_its_index(
    cache: Path, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = Opened(small)
    rest(monkeypatch)
    kept_now = Opened(small)
    monkeypatch.setattr(Reader, "head", lambda _: pytest.fail("it is read again"))
    again = Opened(small)
    assert again.index == cache / again.index.name if again.index else False
    assert read.records == kept_now.records == again.records
    assert read.engine.sha256 == kept_now.engine.sha256 == again.engine.sha256
    assert read.told == kept_now.told == again.told == []
    assert names(cache) == ["index", "seal"]


@pytest.mark.usefixtures("cache")
def test_the_bundled_data_are_answered_from_an_index_once_they_were_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rest(monkeypatch)
    engines = [open_engine(), open_engine()]
    assert engines[0].origin == engines[1].origin
    assert engines[1].origin.index
    read, kept = (list(engine.find(Wanted()).records()) for engine in engines)
    assert read == kept


def test_a_small_dataset_that_is_changed_is_answered_as_it_is_now(
    small: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rest(monkeypatch)
    for count in (COUNT, 7, 9):
        dataset(small, count)
        for _ in range(2):
            assert Opened(small).ids == in_order(many(count))
    assert names(cache) == ["index", "seal"]


@pytest.mark.parametrize("place", ["a file", "of others", "no home"])
def test_where_no_index_can_be_kept_a_small_dataset_is_read_in_silence(
    small: Path, cache: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    rest(monkeypatch)
    cache.parent.mkdir()
    if place == "a file":
        cache.write_text("mine")
    elif place == "of others":
        cache.mkdir()
        cache.chmod(0o777)
    else:
        monkeypatch.delenv("XDG_CACHE_HOME")
        monkeypatch.setenv("HOME", str(cache.parent / "nobody"))
    for _ in range(2):
        opened = Opened(small)
        assert (opened.ids, opened.index, opened.told) == (IDS, None, [])
    assert not (cache.parent / "nobody").exists()


@pytest.mark.usefixtures("cache")
@pytest.mark.parametrize("bundled", [True, False])
def test_a_small_dataset_that_changes_while_it_is_read_is_not_kept(
    small: Path, monkeypatch: pytest.MonkeyPatch, bundled: bool
) -> None:
    rest(monkeypatch)
    if bundled:
        monkeypatch.setattr(files, "bundled", lambda: small)
    real = Reader.head

    def meanwhile(reader: Reader) -> Any:
        monkeypatch.setattr(Reader, "head", real)
        dataset(small, 7)
        return real(reader)

    monkeypatch.setattr(Reader, "head", meanwhile)
    for kept in (False, True):
        engine = open_engine(None if bundled else str(small))
        assert [json.loads(it)["id"] for it in engine.find(Wanted()).records()] == in_order(many(7))
        assert bool(engine.origin.index) == kept


def test_a_small_index_that_was_damaged_is_not_answered_from_and_is_kept_anew(
    small: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rest(monkeypatch)
    for damage in DAMAGES.values():
        Opened(small)
        path = Opened(small).index
        assert path
        damage(path)
        if path.exists():
            reseal(path)
        opened = Opened(small)
        assert (opened.ids, opened.told, opened.index) == (IDS, [], path)
        assert Opened(small).index == path
    assert names(cache) == ["index", "seal"]


def test_an_index_is_of_all_the_code_that_fills_it() -> None:
    loaded = """
import sys
import indotrade.engine.fill, indotrade.dataset.derived
print(*(name for name in sys.modules if name.startswith("indotrade.")))
"""
    done = subprocess.run([sys.executable, "-P", "-c", loaded], capture_output=True, text=True, check=True)
    modules = {name.removeprefix("indotrade.").replace(".", "/") + ".py" for name in done.stdout.split()}
    packages = {"dataset.py", "engine.py", "text.py"}
    assert modules - packages - {"errors.py"} <= set(cache_module.CODE)


# --- what is refused -------------------------------------------------------------------------------------


def lines(folder: Path) -> list[str]:
    return (folder / "claims.ndjson").read_text(encoding="utf-8").splitlines(keepends=True)


def rewrite(folder: Path, changed: list[str]) -> None:
    (folder / "claims.ndjson").write_text("".join(changed), encoding="utf-8")


@pytest.mark.parametrize(
    ("line", "change", "message"),
    [
        (3, lambda text: text[:-9] + "\n", "line 4: column"),
        (59, lambda text: text[:-9], "line 60: column"),
        (
            3,
            lambda text: text.replace("harbour-news", "nowhere").replace("orchard-paper", "nowhere"),
            "line 4:",
        ),
        (3, lambda text: text.replace('"kind"', '"kinds"'), "line 4:"),
        (3, lambda text: text.replace('"paragraph"', '"note": null, "paragraph"'), "line 4:"),
        (3, lambda text: text.replace("2024-05-02", "2024-05-32"), "line 4:"),
        (3, lambda text: text.replace("Ship", "\\u0000"), "line 4:"),
        (3, lambda text: text + text, "line 5:"),
    ],
    ids=["cut", "last", "dangling", "unknown", "twice", "date", "nul", "duplicate"],
)
def test_a_fault_in_a_line_is_named_and_nothing_is_kept(
    cache: Path, folder: Path, line: int, change: Callable[[str], str], message: str
) -> None:
    changed = lines(folder)
    changed[line] = change(changed[line])
    rewrite(folder, changed)
    with pytest.raises(Refused) as refused:
        Opened(folder)
    assert message in str(refused.value)
    assert "indotrade check" in str(refused.value.hint)
    assert names(cache) == []


@pytest.mark.usefixtures("cache")
def test_the_first_fault_of_the_file_is_named_and_the_others_counted(folder: Path) -> None:
    rewrite(folder, [line.replace("2024-05-02", "2024-13-02") for line in lines(folder)])
    with pytest.raises(Refused, match=r"line 1: .* \(and 59 more\)"):
        Opened(folder)


@pytest.mark.parametrize("cut", [slice(-20), slice(40)], ids=["end", "most"])
def test_a_truncated_gzip_file_is_refused(cache: Path, tmp_path: Path, cut: slice) -> None:
    folder = dataset(tmp_path / "data", COUNT, "claims.ndjson.gz")
    path = folder / "claims.ndjson.gz"
    path.write_bytes(path.read_bytes()[cut])
    with pytest.raises(Refused, match=r"claims\.ndjson\.gz"):
        Opened(folder)
    assert names(cache) == []


@pytest.mark.usefixtures("cache")
def test_what_follows_a_gzip_stream_is_refused(tmp_path: Path) -> None:
    folder = dataset(tmp_path / "data", COUNT, "claims.ndjson.gz")
    with open(folder / "claims.ndjson.gz", "ab") as file:
        file.write(b"rubbish")
    with pytest.raises(Refused, match=r"claims\.ndjson\.gz"):
        Opened(folder)


@pytest.mark.usefixtures("cache")
def test_a_missing_file_is_refused(folder: Path) -> None:
    (folder / "sources.json").unlink()
    with pytest.raises(Refused, match=r"sources\.json"):
        Opened(folder)


# --- G1, G2: no place for the index ----------------------------------------------------------------------


def assert_answered_without_cache(opened: Opened) -> None:
    assert opened.ids == IDS
    assert opened.built
    assert opened.index is None
    assert len(opened.told) == 1
    assert "\n" not in opened.told[0]


@pytest.mark.usefixtures("cache")
def test_without_home_the_answer_comes_and_says_why_it_was_slow(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.delenv("HOME")
    assert_answered_without_cache(Opened(folder))


@pytest.mark.usefixtures("cache")
@pytest.mark.parametrize("value", ["", "relative/cache"])
def test_an_empty_or_relative_cache_variable_counts_as_unset(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", value)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    path = Opened(folder).index
    assert path is not None
    assert path.parent == tmp_path / "home/.cache/indotrade"
    assert not (tmp_path / "relative").exists()


@pytest.mark.parametrize("place", [".", ".."], ids=["cache", "parent"])
def test_a_file_in_place_of_the_directory_is_left_alone(cache: Path, folder: Path, place: str) -> None:
    path = Path(os.path.normpath(cache / place))
    path.parent.mkdir(exist_ok=True)
    path.write_text("mine")
    assert_answered_without_cache(Opened(folder))
    assert path.read_text() == "mine"


AS_NOBODY = (
    """
import json, os, sys, tempfile
with tempfile.TemporaryDirectory() as warm:  # all modules are imported now: nobody may not read root's Python
    os.environ["XDG_CACHE_HOME"], final = warm, os.environ["XDG_CACHE_HOME"]
"""
    + ALL_LARGE.replace("\n", "\n    ")
    + """
    from indotrade.engine.open import open_engine
    open_engine(sys.argv[1])
os.environ["XDG_CACHE_HOME"] = final
os.setgroups([]), os.setgid(65534), os.setuid(65534)
"""
)


def reachable(path: Path) -> None:
    """Let everybody come to `path`, which pytest keeps to its user."""
    for part in (path, *path.parents):
        if part.stat().st_uid == os.geteuid() and part.stat().st_mode & 0o055 != 0o055:
            part.chmod(part.stat().st_mode | 0o055)


@as_root
def test_a_cache_that_cannot_be_written_is_done_without(folder: Path, tmp_path: Path) -> None:
    reachable(folder)
    (tmp_path / "cache").mkdir(mode=0o755)
    got = answer(start(folder, AS_NOBODY, XDG_CACHE_HOME=str(tmp_path / "cache")))
    assert (got["ids"], got["index"], len(got["told"])) == (IDS, None, 1)
    assert "Permission denied" in got["told"][0]
    assert list((tmp_path / "cache").iterdir()) == []


@as_root
def test_a_cache_of_somebody_else_is_not_trusted(folder: Path, tmp_path: Path) -> None:
    reachable(folder)
    (tmp_path / "cache/indotrade").mkdir(parents=True)
    (tmp_path / "cache/indotrade").chmod(0o777)
    got = answer(start(folder, AS_NOBODY, XDG_CACHE_HOME=str(tmp_path / "cache")))
    assert (got["ids"], got["index"], len(got["told"])) == (IDS, None, 1)
    assert list((tmp_path / "cache/indotrade").iterdir()) == []


@contextmanager
def tiny_disk(path: Path) -> Iterator[None]:
    path.mkdir(parents=True)
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k,mode=700", "tmpfs", str(path)],
        capture_output=True,
        check=False,
    )
    if done.returncode:
        pytest.skip("nothing can be mounted here")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(path)], check=True)


@as_root
@pytest.mark.parametrize("file", ["claims.ndjson", "claims.ndjson.gz"])
def test_on_a_full_disk_the_answer_comes_from_elsewhere_and_nothing_stays(
    cache: Path, tmp_path: Path, file: str
) -> None:
    folder = dataset(tmp_path / "data", COUNT, file)
    with tiny_disk(cache):
        assert_answered_without_cache(Opened(folder))
        assert names(cache) == []


def test_with_no_room_anywhere_the_answer_comes_from_memory(tmp_path: Path) -> None:
    small_files = "import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))\n"
    folder = dataset(tmp_path / "data", COUNT)
    rooms = {"XDG_CACHE_HOME": str(tmp_path / "cache"), "TMPDIR": str(tmp_path)}
    got = answer(start(folder, small_files, **rooms, PYTHONDONTWRITEBYTECODE="1"))  # or it would be cut off
    assert (got["ids"], got["index"], len(got["told"])) == (IDS, None, 1)
    assert names(tmp_path / "cache/indotrade") == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cache", "data"]


# --- G3, G4: something else under the name ---------------------------------------------------------------


def foreign(path: Path) -> None:
    path.unlink()
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE meta (name TEXT, value)")
    connection.close()


def directory(path: Path) -> None:
    path.unlink()
    path.mkdir()


def half(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


DAMAGES: dict[str, Callable[[Path], object]] = {
    "garbage": lambda path: path.write_bytes(bytes(range(256)) * 80),
    "empty": lambda path: os.truncate(path, 0),
    "half": half,
    "foreign": foreign,
    "missing": lambda path: path.unlink(),
}


@pytest.mark.parametrize("sealed", [False, True], ids=["seal-as-it-was", "sealed-anew"])
@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_index_is_built_again(kept: Path, folder: Path, damage: str, sealed: bool) -> None:
    DAMAGES[damage](kept)
    if sealed and kept.exists():
        reseal(kept)
    opened = Opened(folder)
    assert opened.built
    assert (opened.ids, opened.told, opened.index) == (IDS, [], kept)
    assert not Opened(folder).built


def reseal(path: Path) -> None:
    """Let an index that was altered have the stamp that it had: as where a disk loses what was written to it."""
    sealed = seal.read(path)
    assert sealed
    seal.write(path, replace(sealed, index=stamp(path)))


def altered(path: Path, statement: str) -> None:
    """Alter an index in a way that its stamp does not tell."""
    with sqlite3.connect(path, isolation_level=None) as connection:
        connection.executescript(statement)
    connection.close()
    reseal(path)


ALTERED = {
    "claim": "UPDATE claim SET record = replace(record, 'sailed', 'burned') WHERE number = 40",
    "no JSON": "UPDATE claim SET record = substr(record, 2) WHERE number = 40",
    "not UTF-8": "UPDATE claim SET record = CAST(x'ff' || record AS TEXT) WHERE number = 40",
    "missing": "DELETE FROM claim WHERE number = 40",
    "of another claim": "UPDATE claim SET record = (SELECT record FROM claim WHERE number = 41) WHERE number = 40",
    "dataset": "UPDATE meta SET value = replace(value, '0.3.0', '0.4.0') WHERE name = 'dataset'",
    "no dataset": "DELETE FROM meta WHERE name = 'dataset'",
    "how many": "UPDATE meta SET value = 50 WHERE name = 'claims'",
    "source": "UPDATE source SET record = replace(record, 'Harbour', 'Harvest')",
    "entry": "UPDATE entry SET record = replace(record, 'Clove', 'Glove')",
    "term": "UPDATE term SET claims = 7 WHERE claims > 0",
    "no term": "DELETE FROM term WHERE facet = 'sectors'",
    "set": "UPDATE posting SET claims = substr(claims, 1, 1) || zeroblob(length(claims) - 1)",
    "day": "UPDATE term SET value = replace(value, '2024', '2004') WHERE facet = 'last'",
    "name": "UPDATE name SET key = 'x' || key, words = ' x'",
    "no name": "DELETE FROM name",
}
"""How an index may be damaged where its rows are read: the claims beyond the first thousand letters of an answer too."""


@pytest.mark.parametrize("damage", ALTERED)
def test_a_row_that_was_damaged_is_never_answered_from_and_the_index_is_built_anew_in_silence(
    folder: Path, monkeypatch: pytest.MonkeyPatch, kept: Path, damage: str
) -> None:
    asked = [
        ["list", "-f", "ndjson"],
        ["sector", "-f", "json"],
        ["sector", "clove", "-f", "csv"],
        ["list", "--since", "2024-05", "-f", "csv"],
        ["info", "--json"],
    ]
    with_index = {"INDOTRADE_DATA": str(folder), "XDG_CACHE_HOME": str(kept.parent.parent)}
    Opened(folder)
    expected = [inside(*line, **with_index) for line in asked]
    for line, right in zip(asked, expected, strict=True):
        altered(kept, ALTERED[damage])
        got = inside(*line, **with_index)
        assert got.err == ""
        built = [json.loads(it.out)["index"].pop("built") for it in (got, right) if line[0] == "info"]
        assert got.out.replace(*built[:2] or ("", "")) == right.out, line
        os.utime(folder / "claims.ndjson")  # so that the next question meets an index which is whole
        assert Opened(folder).built
    altered(kept, ALTERED[damage])
    opened = Opened(folder)
    assert (opened.ids, opened.told) == (IDS, [])
    for name in IDS[38:41]:
        claim = opened.engine.claim(name)
        assert claim
        assert claim.id == name
    assert "burned" not in "".join(opened.records)


MISSED = [
    ("claim", "SET id = 'claim-99998' WHERE id = 'claim-00040'", "show claim-00040"),
    ("entry", "SET id = 'glove' WHERE id = 'clove'", "sector"),
    ("source", "SET id = 'orchid-paper' WHERE id = 'orchard-paper'", "source"),
    (
        "meta",
        "SET (value, crc) = (SELECT value, crc FROM meta WHERE name = 'sha256') WHERE name = 'claims'",
        "list",
    ),
    ("list", "SET names = 'a' WHERE kind = 'claims'", "show claim-99999"),
    ("anchors", "SET digests = zeroblob(length(digests)) WHERE length(digests) > 0", "verify -"),
    ("sortkey", "SET keys = CAST(replace(keys, '2024', '2034') AS BLOB)", "list --sort -said -n 3"),
    ("body", "SET text = replace(text, 'kapal 7 ', 'kapak 7 ')", 'search "kapal 7"'),
    ("body", "SET text = replace(text, 'kapal 7 ', 'akapl 7 ')", "search kap"),
    ("body", "SET text = replace(text, 'kapal 7 ', 'kapal x ')", "search x -n 0 --allow-empty"),
    ("trigram_data", "SET block = zeroblob(length(block)) WHERE id = 10", "search kapal"),
    ("trigram_idx", "SET pgno = pgno + 2", "search kapal"),
    ("leaf", "SET after = 'a'", "search kapal"),
    ("named", "SET claims = CAST(replace(CAST(claims AS TEXT), 'clov', 'glov') AS BLOB)", "search clov"),
    ("body", "SET text = replace(text, 'kapal 7 ', 'kapak 7 ')", 'search "kapal 7" --source harbour-news'),
]
"""How a table may be damaged so that less is found, or more, or in another order, and by what."""


@pytest.mark.parametrize("gone", [False, True], ids=["changed", "gone"])
@pytest.mark.parametrize(("table", "change", "line"), MISSED)
def test_what_is_missing_in_an_index_is_missed(
    kept: Path, folder: Path, table: str, change: str, line: str, *, gone: bool
) -> None:
    asked = {"stdin": TEXT, "INDOTRADE_DATA": str(folder), "XDG_CACHE_HOME": str(kept.parent.parent)}
    right = inside(*shlex.split(line), "-f", "json", **asked)
    assert right.status == ("99999" in line)
    where = change.rpartition("WHERE ")[2] if "WHERE" in change else "true"
    altered(kept, f"DELETE FROM {table} WHERE {where}" if gone else f"UPDATE {table} {change}")  # noqa: S608
    before = kept.stat().st_ino
    assert inside(*shlex.split(line), "-f", "json", **asked) == right
    assert kept.stat().st_ino != before


REPEATED = [
    ("source", "number", "source"),
    ("entry", "id", "sector"),
    ("term", "number", "list --since 2024 --until 2024-06-30 --sort said"),
    ("term", "number", "sector"),
    ("sortkey", "number", "list --sort id"),
    ("body", "claim", "search k -n 0"),
    ("claim", "number", "show claim-00039 claim-00040"),
]
"""Tables, what tells their rows, and what is asked that needs each row of them."""


@pytest.mark.parametrize(("table", "key", "line"), REPEATED)
def test_a_row_that_is_found_twice_does_not_stand_for_the_other(
    kept: Path, folder: Path, table: str, key: str, line: str
) -> None:
    """Copy each row over the one after it, as a page does of which two pointers are the same by now."""
    asked = {"INDOTRADE_DATA": str(folder), "XDG_CACHE_HOME": str(kept.parent.parent)}
    right = inside(*shlex.split(line), "-f", "json", **asked)
    assert right.status == 0
    altered(
        kept,
        f"CREATE TABLE every AS SELECT * FROM {table} ORDER BY {key}; DROP TABLE {table};"  # noqa: S608
        f"CREATE TABLE {table} AS SELECT one.* FROM every JOIN every AS one"
        " ON one.rowid = (every.rowid + 1) / 2 * 2 - 1 ORDER BY every.rowid; DROP TABLE every;",
    )
    before = kept.stat().st_ino
    assert inside(*shlex.split(line), "-f", "json", **asked) == right
    assert kept.stat().st_ino != before


@pytest.mark.parametrize("table", ["claim", "body", "entry", "source"])
def test_rows_of_the_index_of_another_dataset_are_never_answered_from(
    folder: Path, kept: Path, tmp_path: Path, table: str
) -> None:
    asked = [
        ["list", "-f", "ndjson"],
        ["sector", "-f", "json"],
        ["source", "-f", "json"],
        ["search", "ship", "-f", "csv"],
    ]
    with_index = {"INDOTRADE_DATA": str(folder), "XDG_CACHE_HOME": str(kept.parent.parent)}
    expected = [inside(*line, **with_index) for line in asked]
    assert {it.status for it in expected} == {0}
    other = tmp_path / "other"
    shutil.copytree(folder, other)
    for file in other.iterdir():  # as long, and in other words
        text = file.read_text("utf-8")
        file.write_text(
            text.replace("Ship", "Boat").replace("Harbour", "Harvest").replace("Clove", "Glove"), "utf-8"
        )
    index = Opened(other).index
    assert index
    assert index != kept
    for line, right in zip(asked, expected, strict=True):
        rows = f"DELETE FROM {table}; INSERT INTO {table} SELECT * FROM other.{table}"  # noqa: S608
        altered(kept, f"ATTACH '{index}' AS other; {rows}")
        assert inside(*line, **with_index) == right, line


def test_a_row_of_one_table_is_none_of_another() -> None:
    for row in ((1, "a", "{}"), (1, b"a"), (1 + (1 << 32), b"a")):
        checks = {schema.check(table, *row) for table in schema.COLUMNS}
        assert len(checks) == len(schema.COLUMNS)
    assert schema.check("named", 1, b"a") != schema.check("named", 1 + (1 << 32), b"a")


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize(
    "words", ["clove", "kapal clove", "ar lo", "ar", "harbour kapal 7", "news clove berlayar"]
)
def test_a_search_in_an_index_whose_texts_are_checked_finds_what_is_found_in_memory(
    folder: Path, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ("search", *words.split(), "-f", "json", "--data", folder)
    checked = inside(*asked, XDG_CACHE_HOME=os.environ["XDG_CACHE_HOME"])
    count_as_small(monkeypatch, 1 << 30)
    assert inside(*asked) == checked
    assert checked.status == 0


@pytest.mark.parametrize(
    ("damage", "line"), [("term", "sector clove"), ("no dataset", "list"), ("leaf", "search kapal 7")]
)
def test_an_index_that_is_damaged_where_there_is_no_room_for_another_costs_the_answer_nothing(
    kept: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, damage: str, line: str
) -> None:
    asked = [*line.split(), "-f", "csv", f"--data={folder}"]
    cache = str(kept.parent.parent)
    right = inside(*asked, XDG_CACHE_HOME=cache)
    altered(kept, ALTERED.get(damage, "DELETE FROM leaf"))
    monkeypatch.setattr(
        "indotrade.engine.build._temporary", mock.Mock(side_effect=OSError(errno.ENOSPC, "no room"))
    )
    done = inside(*asked, XDG_CACHE_HOME=cache)
    assert (done.status, done.out) == (0, right.out)
    assert done.err.count("\n") == 1


def test_an_index_of_which_sqlite_cannot_say_what_is_wrong_is_built_anew(folder: Path, kept: Path) -> None:
    for name in (b"sqlite_autoindex_term_1", b"CREATE TABLE posting"):
        kept.write_bytes(kept.read_bytes().replace(name, b"\x9f" + name[1:]))
        reseal(kept)
        opened = Opened(folder)
        assert (opened.ids, opened.told) == (IDS, [])
        assert opened.engine.counts("sectors")


def test_an_index_whose_pages_are_lost_in_the_midst_of_an_answer_is_built_anew_and_the_answer_goes_on(
    folder: Path, kept: Path
) -> None:
    data = bytearray(kept.read_bytes())
    page = int.from_bytes(data[16:18], "big")
    place = data.index(b'"en":"Ship 31 ') // page * page
    data[place : place + page] = bytes(page)
    kept.write_bytes(data)
    reseal(kept)
    opened = Opened(folder)
    assert (opened.ids, opened.told) == (IDS, [])
    assert opened.built
    assert not Opened(folder).built


def test_an_answer_does_not_go_on_from_another_version_of_the_dataset(folder: Path, kept: Path) -> None:
    altered(kept, ALTERED["claim"])
    engine = open_engine(str(folder))
    answered = engine.find(Wanted()).records()
    next(answered)
    rewrite(folder, [line.replace("sailed", "rowed") for line in lines(folder)])
    with pytest.raises(Refused, match="changed while it was read"):
        list(answered)


def test_any_byte_that_is_damaged_costs_the_answer_nothing(folder: Path, kept: Path) -> None:
    good, chance = kept.read_bytes(), random.Random(13)
    true = set(Opened(folder).records)
    sealed = seal.read(kept)
    assert sealed
    for _ in range(40):
        data = bytearray(good)
        place = chance.randrange(len(data))
        data[place] ^= 1 << chance.randrange(8)
        kept.write_bytes(data)
        seal.write(kept, replace(sealed, index=stamp(kept)))
        opened = Opened(folder)
        assert opened.told == []
        assert (set(opened.records), opened.ids) == (true, IDS), place


def test_a_whole_index_of_other_claims_in_the_place_of_the_one_that_was_sealed_is_not_answered_from(
    kept: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        seal, "SETTLED", -1
    )  # as of files that are a minute old: their digest is not asked for
    other = kept.read_bytes()
    path = folder / "claims.ndjson"
    path.write_text(path.read_text("utf-8").replace("sailed", "burned"), "utf-8")
    right = Opened(folder).records
    kept.write_bytes(other)
    opened = Opened(folder)
    assert opened.built
    assert opened.records == right


@pytest.mark.parametrize(
    "seal", [b"", b"(1, 2, 3, 4)", b"\xff" * 5000, None], ids=["empty", "other", "long", "none"]
)
def test_an_index_without_its_seal_is_built_again(kept: Path, folder: Path, seal: bytes | None) -> None:
    path = kept.with_name(kept.name + ".seal")
    if seal is None:
        path.unlink()
    else:
        path.write_bytes(seal)
    assert Opened(folder).built
    assert not Opened(folder).built


def test_a_directory_in_place_of_the_index_stays_and_the_answer_comes(kept: Path, folder: Path) -> None:
    directory(kept)
    opened = Opened(folder)
    assert_answered_without_cache(opened)
    assert "directory" in opened.told[0]
    assert opened.progress.count((0, COUNT)) == 1
    assert kept.is_dir()
    assert "temporary" not in names(kept.parent)


def test_a_row_that_was_altered_is_never_answered(kept: Path, folder: Path) -> None:
    before = kept.stat()
    with sqlite3.connect(kept) as connection:
        connection.execute("UPDATE claim SET record = replace(record, 'sailed', 'burned')")
    connection.close()
    os.utime(kept, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert kept.stat().st_size == before.st_size
    opened = Opened(folder)
    assert opened.built
    assert "sailed" in opened.records[0]


def test_a_byte_that_was_altered_is_never_answered(kept: Path, folder: Path) -> None:
    before, data = kept.stat(), kept.read_bytes()
    with open(kept, "r+b") as file:
        file.seek(data.index(b"sailed"))
        file.write(b"burned")
    os.utime(kept, ns=(before.st_atime_ns, before.st_mtime_ns))
    opened = Opened(folder)
    assert opened.built
    assert "burned" not in "".join(opened.records)


# --- G5, G6: several at once, and killed -----------------------------------------------------------------


def test_builds_at_once_all_answer_and_leave_one_index(tmp_path: Path) -> None:
    folder = dataset(tmp_path / "data", BUILD)
    expected = in_order(many(BUILD))
    processes = [start(folder, XDG_CACHE_HOME=str(tmp_path / "cache")) for _ in range(4)]
    answers = [answer(process) for process in processes]
    assert [got["ids"] == expected for got in answers] == [True] * 4
    assert [got["told"] for got in answers] == [[]] * 4
    assert any(got["built"] for got in answers)
    assert names(tmp_path / "cache/indotrade") == ["index", "seal"]
    assert not answer(start(folder, XDG_CACHE_HOME=str(tmp_path / "cache")))["built"]


def test_a_build_killed_at_any_moment_harms_nothing(tmp_path: Path) -> None:
    folder = dataset(tmp_path / "data", BUILD)
    cache = tmp_path / "cache/indotrade"
    for moment in range(6):
        process = start(folder, XDG_CACHE_HOME=str(tmp_path / "cache"))
        assert process.stdout
        process.stdout.readline()
        time.sleep(moment * 0.05)
        process.kill()
        process.communicate()
        for path in cache.glob("*.seal"):
            path.unlink()  # so that the next one builds as well
    assert answer(start(folder, XDG_CACHE_HOME=str(tmp_path / "cache")))["ids"] == in_order(many(BUILD))
    assert {"index", "seal"} <= set(names(cache))


@pytest.mark.parametrize("deadly", [signal.SIGINT, signal.SIGTERM], ids=["int", "term"])
def test_an_interrupted_build_dies_of_the_signal_and_leaves_no_index(tmp_path: Path, deadly: int) -> None:
    folder = dataset(tmp_path / "data", BUILD)
    default = "import signal\nsignal.signal(signal.SIGINT, signal.SIG_DFL)\n"
    process = start(folder, default, XDG_CACHE_HOME=str(tmp_path / "cache"))
    assert process.stdout
    assert process.stdout.readline() == "building\n"
    process.send_signal(deadly)
    began = time.monotonic()
    out, err = process.communicate(timeout=20)
    assert (process.returncode, out, err) == (-deadly, "", "")
    assert time.monotonic() - began < 1
    assert set(names(tmp_path / "cache/indotrade")) <= {"temporary"}


def test_an_interrupt_that_python_catches_leaves_nothing(cache: Path, folder: Path) -> None:
    def interrupt(*_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Opened(folder, interrupt)
    assert names(cache) == []


def test_what_killed_builds_left_goes_at_the_next_build_and_what_lives_stays(
    kept: Path, folder: Path
) -> None:
    dead, alive = (kept.with_name(f".new-{name}") for name in ("dead", "alive"))
    for path in (dead, alive):
        path.write_bytes(b"")
    with open(alive, "rb") as locked:
        fcntl.flock(locked, fcntl.LOCK_EX)
        kept.unlink()
        assert Opened(folder).built
    assert [path.exists() for path in (dead, alive)] == [False, True]


def test_where_nothing_locks_what_is_left_goes_after_an_hour(
    kept: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, young = (kept.with_name(f".new-{name}") for name in ("old", "young"))
    for path, age in ((old, 4000), (young, 100)):
        path.write_bytes(b"")
        os.utime(path, (time.time() - age,) * 2)

    def refuse(*_: object) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(fcntl, "flock", refuse)
    kept.unlink()
    assert Opened(folder).built
    assert [path.exists() for path in (old, young)] == [False, True]


def test_a_pipe_among_what_is_left_keeps_nobody_waiting(kept: Path, folder: Path, tmp_path: Path) -> None:
    os.mkfifo(kept.with_name(".new-pipe"))
    kept.unlink()
    assert answer(start(folder, XDG_CACHE_HOME=str(tmp_path / "cache")), seconds=20)["built"]


@pytest.mark.parametrize(
    ("days", "gone", "swept"),
    [(31, True, True), (29, True, False), (31, False, False)],
    ids=["gone", "young", "there"],
)
def test_an_index_of_a_dataset_that_is_gone_goes_after_a_month_unused(
    kept: Path, folder: Path, tmp_path: Path, days: int, gone: bool, swept: bool
) -> None:
    if gone:
        folder.rename(tmp_path / "moved")
    os.utime(seal.beside(kept), (time.time() - days * 86400,) * 2)
    assert Opened(dataset(tmp_path / "other", 3)).built
    assert [path.exists() for path in (kept, seal.beside(kept))] == [not swept, not swept]


def test_an_index_that_is_used_is_not_old(kept: Path, folder: Path) -> None:
    before = time.time() - 40 * 86400
    os.utime(seal.beside(kept), (before, before))
    assert not Opened(folder).built
    assert seal.beside(kept).stat().st_mtime > before + 39 * 86400


# --- G7, G8: who else may write there --------------------------------------------------------------------


def test_a_link_planted_under_the_name_is_replaced_and_not_followed(
    kept: Path, folder: Path, tmp_path: Path
) -> None:
    for planted in (kept, kept.with_name(kept.name + ".seal")):
        victim = tmp_path / "victim"
        victim.write_bytes(planted.read_bytes())
        before = victim.read_bytes()
        planted.unlink()
        planted.symlink_to(victim)
        opened = Opened(folder)
        assert opened.built
        assert opened.ids == IDS
        assert not planted.is_symlink()
        assert victim.read_bytes() == before


def test_a_link_in_place_of_the_directory_is_not_followed(cache: Path, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    cache.parent.mkdir()
    cache.symlink_to(tmp_path / "elsewhere")
    assert_answered_without_cache(Opened(folder))
    assert list((tmp_path / "elsewhere").iterdir()) == []


@pytest.mark.parametrize("mode", [0o777, 0o720, 0o1777])
def test_a_directory_that_others_can_write_to_is_not_used(cache: Path, folder: Path, mode: int) -> None:
    cache.mkdir(parents=True)
    cache.chmod(mode)
    assert_answered_without_cache(Opened(folder))
    assert names(cache) == []


def test_a_directory_that_others_can_read_is_closed_to_them(cache: Path, folder: Path) -> None:
    cache.mkdir(parents=True)
    cache.chmod(0o755)
    assert Opened(folder).origin.index
    assert cache.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o277])
def test_the_index_is_private_whatever_the_mask(cache: Path, folder: Path, mask: int) -> None:
    before = os.umask(mask)
    try:
        opened = Opened(folder)
    finally:
        os.umask(before)
    assert opened.index
    seal = opened.index.with_name(opened.index.name + ".seal")
    assert [path.stat().st_mode & 0o777 for path in (cache, opened.index, seal)] == [
        0o700,
        0o600,
        0o600,
    ]
    if mask == 0:
        assert cache.parent.stat().st_mode & 0o777 == 0o700


def test_why_there_is_no_index_is_told_in_the_language_of_the_screen(cache: Path, folder: Path) -> None:
    def told(place: Path | str) -> str:
        arguments = ("list", "--allow-empty", "-n", "0", "--lang", "id", "--data", folder)
        return inside(*arguments, XDG_CACHE_HOME=str(place), HOME="").err

    assert "(XDG_CACHE_HOME dan HOME tidak menyebut direktori)" in told("")
    cache.mkdir(parents=True, mode=0o777)
    cache.chmod(0o777)
    assert f"({cache} dapat ditulisi orang lain)" in told(cache.parent)
    cache.rmdir()
    cache.write_text("mine")
    assert f"({cache} bukan direktori)" in told(cache.parent)


# --- G9, G10, G11 ----------------------------------------------------------------------------------------


@pytest.mark.usefixtures("kept")
def test_nothing_in_the_cache_is_unpickled(folder: Path, tmp_path: Path) -> None:
    got = answer(start(folder, XDG_CACHE_HOME=str(tmp_path / "cache")))
    assert not got["built"]
    assert not {"pickle", "shelve"} & set(got["modules"])


@pytest.mark.usefixtures("cache")
@pytest.mark.parametrize("first", [True, False], ids=["built", "kept"])
def test_an_open_index_can_neither_be_written_nor_run_what_it_holds(folder: Path, first: bool) -> None:
    opened = Opened(folder) if first else (Opened(folder), Opened(folder))[1]
    settings = {
        name: opened.engine.value(f"PRAGMA {name}")
        for name in ("trusted_schema", "query_only", "cell_size_check")
    }
    assert settings == {"trusted_schema": 0, "query_only": 1, "cell_size_check": 1}
    with pytest.raises(Refused, match="readonly"):
        list(opened.engine.rows("DELETE FROM claim"))
    assert opened.engine.size == len(Opened(folder).ids) == COUNT


def test_two_ways_to_one_dataset_share_an_index(kept: Path, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(folder)
    for way in (tmp_path / "link", folder / ".." / folder.name):
        opened = Opened(way)
        assert (opened.built, opened.index, opened.ids) == (False, kept, IDS)


@pytest.mark.parametrize("name", [b"..%2f..", b"a\nb ?mode=rwc#", b"\xff\xfe", "日本".encode(), b"-" * 200])
def test_a_dataset_may_have_any_name(cache: Path, tmp_path: Path, name: bytes) -> None:
    folder = dataset(tmp_path / os.fsdecode(name), COUNT)
    opened, again = Opened(folder), Opened(folder)
    assert opened.ids == again.ids == IDS
    assert (opened.built, again.built) == (True, False)
    assert opened.index
    assert len(opened.index.name) == 64
    assert names(cache) == ["index", "seal"]


@pytest.mark.usefixtures("cache")
def test_a_cache_may_have_any_name(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / os.fsdecode(b"\xff?mode=rwc&#%20\n")
    monkeypatch.setenv("XDG_CACHE_HOME", str(place))
    assert Opened(folder).built
    opened = Opened(folder)
    assert not opened.built
    assert opened.index
    assert opened.index.parent.parent == place
    assert opened.index.stat().st_size == opened.origin.bytes


# --- G12, G13, G14: out of date --------------------------------------------------------------------------


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize("file", ["claims.ndjson", "sources.json", "vocabulary.json", "dataset.json"])
def test_an_edit_in_place_to_the_same_size_and_time_is_noticed(folder: Path, file: str) -> None:
    path = folder / file
    before = path.stat()
    with open(path, "r+b") as edited:
        data = edited.read()
        edited.seek(data.index(b"a"))
        edited.write(data[data.index(b"a") :].replace(b"sailed", b"burned").replace(b"Harbour", b"Harvest"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert (path.stat().st_size, path.stat().st_mtime_ns) == (before.st_size, before.st_mtime_ns)
    opened = Opened(folder)
    assert opened.built
    if file == "claims.ndjson":
        assert "burned" in opened.records[0]


def same_stamps(monkeypatch: pytest.MonkeyPatch, age: float) -> None:
    """Let every file have the same stamp whatever is done to it, from so many seconds ago."""
    at = time.time_ns() - int(age * 10**9)
    monkeypatch.setattr(Folder, "stamps", lambda folder: dict.fromkeys(folder.names(), (1, at, at, 1)))


@pytest.mark.usefixtures("cache")
@pytest.mark.parametrize("file", ["claims.ndjson", "claims.ndjson.gz"])
def test_a_change_that_the_stamps_do_not_tell_yet_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str
) -> None:
    same_stamps(monkeypatch, age=1)
    folder = dataset(tmp_path / "data", COUNT, file)
    assert Opened(folder).built
    assert not Opened(folder).built
    dataset(folder, 7, file)
    opened = Opened(folder)
    assert (opened.built, opened.ids) == (True, in_order(many(7)))


@pytest.mark.usefixtures("cache")
def test_the_digest_of_the_files_is_asked_for_until_the_stamps_are_old_enough(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Folder] = []
    real = files.sha256

    def counted(folder: Folder) -> str:
        asked.append(folder)
        return real(folder)

    monkeypatch.setattr(files, "sha256", counted)
    now = time.time_ns()
    for later, times in ((0, 0), (1, 1), (59, 2), (120, 3), (121, 3), (9999, 3)):
        monkeypatch.setattr(time, "time_ns", lambda later=later: now + later * 10**9)
        assert Opened(folder).built == (later == 0)
        assert len(asked) == times, later


@pytest.mark.usefixtures("cache")
def test_a_change_while_it_is_read_is_noticed_and_all_is_read_again(folder: Path) -> None:
    changed = [line.replace("sailed", "burned") for line in lines(folder)]

    def change(done: int, total: int) -> None:
        if done == total and changed:
            rewrite(folder, changed)
            changed.clear()

    opened = Opened(folder, change)
    assert opened.ids == IDS
    assert "burned" in opened.records[0]
    assert not Opened(folder).built


def test_a_dataset_that_never_is_at_rest_is_refused(cache: Path, folder: Path) -> None:
    with pytest.raises(Refused, match="changed while it was read"):
        Opened(folder, lambda *_: os.utime(folder / "claims.ndjson"))
    assert names(cache) == []


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize(
    ("what", "other"),
    [("sys.hexversion", 1), ("indotrade.engine.cache.CODE", ("text/fold.py",))],
    ids=["python", "code"],
)
def test_an_index_of_another_version_is_built_again_in_silence(
    folder: Path, monkeypatch: pytest.MonkeyPatch, what: str, other: object
) -> None:
    monkeypatch.setattr(what, other)
    opened = Opened(folder)
    assert (opened.built, opened.ids, opened.told) == (True, IDS, [])
    assert not Opened(folder).built


COMMAND = ALL_LARGE + "from indotrade.__main__ import main\nmain()\n"


def command(package: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Return what the command line of a copy of the program leaves behind, to which every dataset is large."""
    return subprocess.run(
        [sys.executable, "-P", "-c", COMMAND, *arguments],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(package.parent), "LANG": "C.UTF-8"} | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def edited(tmp_path: Path) -> Path:
    """Return a copy of the program that a test may edit."""
    copy = tmp_path / "edited/indotrade"
    # With the byte code of all that stays as it is, but for what another process is just writing.
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("*.pyc.*"))
    return copy


def test_an_index_from_before_a_claim_had_another_field_is_built_again_in_silence(
    folder: Path, tmp_path: Path, edited: Path
) -> None:
    records = edited / "dataset/records.py"
    code = records.read_text("utf-8")
    before, last, after = code.partition("    evidence: list[Evidence] = []\n")
    assert last
    records.write_text(f"{before}{last}    region: str | None = None\n{after}", "utf-8")
    cache = str(tmp_path / "cache")
    old = command(PACKAGE, "list", "--json", "--data", str(folder), XDG_CACHE_HOME=cache)
    assert (old.returncode, old.stderr) == (0, "")
    asked = ["list", "--json", "--fields", "id,region", "--data", str(folder)]
    for _ in range(2):
        new = command(edited, *asked, XDG_CACHE_HOME=cache)
        assert (new.returncode, new.stderr) == (0, "")
        assert json.loads(new.stdout)["claims"] == [{"id": name, "region": None} for name in IDS]
    assert names(tmp_path / "cache/indotrade") == ["index", "seal"]


@pytest.mark.parametrize(
    "file", ["dataset/records.py", "engine/fill.py", "text/fold.py", "text/escape.py", "wording/figures.py"]
)
def test_an_index_is_built_again_by_a_program_whose_code_would_fill_it_in_another_way(
    folder: Path, tmp_path: Path, edited: Path, file: str
) -> None:
    with open(edited / file, "a", encoding="utf-8") as code:
        code.write("\n# edited\n")
    cache = str(tmp_path / "cache")
    assert answer(start(folder, XDG_CACHE_HOME=cache))["built"]
    got = [answer(start(folder, XDG_CACHE_HOME=cache, PYTHONPATH=str(edited.parent))) for _ in range(2)]
    fills = file != "wording/figures.py"
    assert [(it["built"], it["ids"], it["told"]) for it in got] == [(fills, IDS, []), (False, IDS, [])]


def test_the_old_index_stays_until_the_new_one_takes_its_place(kept: Path, folder: Path) -> None:
    before = kept.stat().st_ino
    os.utime(folder / "claims.ndjson")
    there = []
    assert Opened(folder, lambda *_: there.append(kept.stat().st_ino)).built
    assert set(there) == {before}
    assert kept.stat().st_ino != before


# --- G15 -------------------------------------------------------------------------------------------------


def test_a_compressed_dataset_leaves_nothing_unpacked(
    cache: Path,
    tmp_path: Path,
) -> None:
    folder = dataset(tmp_path / "data", COUNT, "claims.ndjson.gz")
    seen: list[list[str]] = []
    assert Opened(folder, lambda *_: seen.append(names(cache))).ids == IDS
    assert seen[0] == ["temporary"]
    assert names(cache) == ["index", "seal"]


@pytest.mark.usefixtures("cache")
def test_gzip_streams_one_after_another_are_read_as_one(tmp_path: Path) -> None:
    folder = dataset(tmp_path / "data", COUNT)
    text = (folder / "claims.ndjson").read_bytes()
    cut = text.index(b"\n", 5000) + 1
    (folder / "claims.ndjson").unlink()
    (folder / "claims.ndjson.gz").write_bytes(gzip.compress(text[:cut]) + gzip.compress(text[cut:]))
    assert Opened(folder).ids == IDS


# --- any of it, at any moment ----------------------------------------------------------------------------


class Life(RuleBasedStateMachine):
    """An index through changes of its dataset and damage to itself, asked in between."""

    def __init__(self) -> None:
        super().__init__()
        self.room = tempfile.TemporaryDirectory()
        self.folder = Path(self.room.name, "data")
        self.count = 3
        dataset(self.folder, self.count)

    def teardown(self) -> None:
        """Leave nothing."""
        self.room.cleanup()

    @property
    def file(self) -> Path:
        """The index."""
        return next(path for path in Path(self.room.name).glob("cache/indotrade/*") if len(path.name) == 64)

    @rule(count=st.integers(1, 5))
    def change_the_dataset(self, count: int) -> None:
        """Write it anew, with another number of claims or the same."""
        self.count = count
        dataset(self.folder, count)

    @precondition(lambda self: any(Path(self.room.name).glob("cache/indotrade/*.seal")))
    @rule(damage=st.sampled_from(sorted(DAMAGES)), sealed=st.booleans())
    def damage_the_index(self, damage: str, sealed: bool) -> None:
        """Put something else under the name, or nothing; `sealed` as if the program had put it there."""
        path = self.file
        DAMAGES[damage](path)
        if sealed and path.exists():
            reseal(path)
        if not path.exists():
            path.with_name(path.name + ".seal").unlink()

    @rule()
    def ask(self) -> None:
        """The answer is that of the dataset as it is now."""
        with (
            mock.patch.dict(os.environ, {"XDG_CACHE_HOME": str(Path(self.room.name, "cache"))}),
            mock.patch("indotrade.engine.folder.SMALL", 0),
        ):
            assert Opened(self.folder).ids == in_order(many(self.count))


TestLife = Life.TestCase
TestLife.settings = settings(derandomize=True, deadline=None, max_examples=20, stateful_step_count=12)


# --- while the user is typing ----------------------------------------------------------------------------


def test_what_is_asked_for_while_typing_builds_nothing(cache: Path, folder: Path) -> None:
    typed = open_names(str(folder))
    assert typed.beginning("claims", "", 5) == []
    assert [entry.id for entry in typed.entries("programs")] == ["harbour-fair", "loom-visit"]
    assert not cache.exists()
    Opened(folder)
    records = {json.loads(line)["id"]: json.loads(line) for line in lines(folder)}
    beginning = typed.beginning("claims", "claim-0001", 100)
    assert [name for name, _ in beginning] == [f"claim-{number:05}" for number in range(10, 20)]
    assert [json.loads(record) for _, record in beginning] == [records[name] for name, _ in beginning]
    assert open_names().beginning("claims", "", 1) != []


def test_what_is_asked_for_while_typing_is_not_answered_from_an_index_that_is_out_of_date(
    kept: Path, folder: Path
) -> None:
    before = kept.stat()
    os.utime(folder / "claims.ndjson")
    assert open_names(str(folder)).beginning("claims", "", 5) == []
    assert kept.stat() == before
