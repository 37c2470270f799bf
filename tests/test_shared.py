"""A shared database answers as the dataset that was published in it, and is whole whatever happens meanwhile."""

from __future__ import annotations

import hashlib
import json
import random
import re
import shlex
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock
from urllib.parse import quote

import detailed
import generated
import pytest
import samples
import serving
from conftest import ROOT, Ended
from hypothesis import given, settings
from hypothesis import strategies as st
from inside import inside
from serving import Server
from test_engine import answer, indexed
from test_export import HIDDEN
from test_query import CHOICES, VALUES

from indotrade import VERSION
from indotrade.dataset.records import decode_claim
from indotrade.dataset.vocabulary import LISTS
from indotrade.engine import driver, fill, libpq, publications, publishing, schema
from indotrade.engine import server as connecting
from indotrade.engine.open import open_engine
from indotrade.engine.protocol import Engine, Noun, Wanted, bits
from indotrade.engine.publishing import head, publish
from indotrade.errors import Refused
from indotrade.query import answer as answers
from indotrade.query.question import ORDERS
from indotrade.text import fold

NOUNS: tuple[Noun, ...] = ("claims", "sources")
NAMES = (
    "clove",
    "CENGKIH",
    "cengkeh",
    "クローブ",
    "ナツ",
    "日本",
    "jepang",
    "JP",
    "hill",
    "e",
    "zz",
    "ferry crates",
    "Ｃlove",
)


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A server for all tests of this process."""
    serving.need()
    with serving.served() as running:
        yield running


@pytest.fixture
def database(server: Server) -> str:
    """The address of a database in which nothing is yet."""
    return server.address(server.database())


def published(address: str, folder: Path, keep: int = 1) -> str:
    """Publish a dataset; return the address at which it is asked."""
    return publish(open_engine(str(folder)), address, program=VERSION, keep=keep).address


# --- the same answers ----------------------------------------------------------------------------------

DATASETS, QUESTIONS = 4, 110
"""How many datasets there are, and how many questions each is asked."""
MIXED: dict[str, list[Any]] = {
    **CHOICES,
    "sector": [*CHOICES["sector"], "CENGKIH", "クローブ", "spice", "nowhere"],
    "country": [*CHOICES["country"], "Jepang", "日本", "JP", "jpn", "prancis"],
    "has_figure": [True],
    "period": ["2023", "2023/2024-02", "1990/2023-11-20"],
    "since": ["2023", "2023-11-20", "2024-02"],
    "until": ["2023", "2024-02-29", "1999"],
}


def question(records: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """Return filters of any kind, alone and mixed, among them words that stand in the dataset, in any order."""
    asked: dict[str, Any] = {}
    for name in chance.sample([*MIXED], chance.choice([0, 1, 1, 1, 2, 2, 3])):
        one = chance.choice(MIXED[name])
        several = name in CHOICES and chance.random() < 0.4
        asked[name] = list({one, chance.choice(MIXED[name])}) if several else one
    if chance.random() < 0.4:
        asked["words"] = [word(records, chance) for _ in range(chance.choice([1, 1, 2, 3]))]
    if chance.random() < 0.5:
        asked["sort"] = chance.choice(["", "-"]) + chance.choice(ORDERS)
    if chance.random() < 0.3:
        asked["limit"] = chance.randrange(6)
    return asked


def word(records: dict[str, Any], chance: random.Random) -> str:
    """Return a part of a text of some record, in any case, or a word that stands in names."""
    if chance.random() < 0.4:
        return chance.choice(
            ["clov", "クロ", "クローブ", "日本", "jepang", "harbour news", "e", "(id)", "%", "_", "hill"]
        )
    texts = [*chance.choice(records["claims"])["statement"].values()] if records["claims"] else ["clove"]
    text = chance.choice(texts)
    start = chance.randrange(len(text))
    part: str = text[start : start + chance.randint(1, 6)]
    return chance.choice([part, part.upper(), part.lower()])


@settings(max_examples=DATASETS)
@given(generated.datasets(40), st.integers(0, 2**32))
def test_a_shared_database_answers_as_memory_does_and_as_an_index(
    server: Server, records: dict[str, Any], seed: int
) -> None:
    chance = random.Random(seed)
    with ExitStack() as stack:
        path = samples.write(Path(stack.enter_context(tempfile.TemporaryDirectory())), records)
        memory, index = open_engine(str(path)), stack.enter_context(indexed(path))
        shared = open_engine(published(server.address(server.database()), path))
        for _ in range(QUESTIONS):
            asked, facets = question(records, chance), chance.sample([*VALUES], 3)
            right = answer(memory, asked, facets)
            assert answer(shared, asked, facets) == right, asked
            assert answer(index, asked, facets) == right, asked
        for engine in (shared, index):
            assert everything(engine, records) == everything(memory, records)


def everything(engine: Engine, records: dict[str, Any]) -> Any:
    """Return what an engine says without a question."""
    ids = [claim["id"] for claim in records["claims"]]
    anchors = [bits(anchor) for claim in records["claims"] for anchor in claim.get("anchors", ())]
    begun = [name[:length] for name in [*ids[:3], "c%", "_"] for length in range(3)]
    lists = [
        (
            kind,
            engine.entries(kind),
            list(engine.keys(kind).items()),
            [engine.entry(kind, name) for name in NAMES],
        )
        for kind in LISTS
    ]
    named = [
        (engine.called(kind, fold.key(name)), engine.containing(kind, fold.words(name)))
        for kind in LISTS
        for name in NAMES
        if fold.words(name)
    ]
    sources = [
        (name, engine.source(name), engine.source_record(name)) for name in (*engine.source_ids(), "none")
    ]
    return (
        (engine.sha256, engine.dataset, engine.size, engine.contents()),
        [(facet, list(engine.counts(facet).items())) for facet in VALUES],
        [engine.claim(name) for name in (*ids, "none")],
        list(answers.of_ids(engine, [*ids[:5], "none", *ids[:2]]).records()),
        [(noun, start, engine.beginning(noun, start, 4)) for noun in NOUNS for start in begun],
        engine.attested([1, -1, *anchors]),
        (lists, named, sources),
    )


LINES = (
    """
sector|sector clove|sector クローブ -f csv|sector CENGKIH --lang id|sector clov|sector nowhere|sector --json
country jepang -f tsv|country "papua" |country world -f markdown|country XX|program|program harbour
organization|speaker|speaker narration --json|measure|measure nowhere|list|list --json|list -f ndjson --sort -value
list -f csv --sort said -n 3|list --since 2024-02 --until 2024|list --status bogus|list --has-figure --kind plan
search clov|search クロ|search 日本|search "harbour news" ferry|search zzzz|search % --lang id|search e -n 2
show nutmeg-plan|show nutmeg-plan --full|show nutmeg-plon|show crates-sent looms-visited --json|source
source harbour-news|source customs-table --json|source nowhere|cite crates-sent -f bibtex|cite crates-sent harbour-news
cite nowhere|list --fields id,sector_names,speaker_name,title -f csv|verify /etc/hostname|open crates-sent --print
list --source harbour-news --json --fields claims|check --json
""".replace("\n", "|")
    .strip("|")
    .split("|")
)


def test_every_command_prints_the_same_from_a_shared_database(database: str, tmp_path: Path) -> None:
    folder = samples.write(tmp_path / "data", detailed.records())
    ended = inside("export", database, "--data", folder)
    assert (ended.status, ended.out) == (0, "")
    assert ended.err.startswith("wrote ")
    for line in LINES:
        arguments = shlex.split(line)
        right, ended = (
            inside(*arguments, INDOTRADE_DATA=str(where), COLUMNS="90") for where in (folder, database)
        )
        if arguments[0] == "check":  # of files that were written anew, with all that is derived left out
            right, ended = (replace(it, out=json.loads(it.out)["faults"]) for it in (right, ended))
        assert ended == right, line


def test_info_says_from_where_a_shared_dataset_comes_and_who_published_it(
    database: str, tmp_path: Path
) -> None:
    folder = samples.write(tmp_path, samples.sample())
    inside("export", database, "--data", folder)
    right, shared = (json.loads(inside("info", "--json", "--data", it).out) for it in (folder, database))
    own = ("read_from", "index", "published")
    assert {name: shared[name] for name in shared if name not in own} == {
        name: right[name] for name in right if name not in own
    }
    assert right["published"] is shared["index"] is None
    assert shared["published"]["by"] == "root"
    assert (
        inside("info", "--json", "--data", shared["read_from"]).out
        == inside("info", "--json", "--data", database).out
    )
    table = inside("info", "--data", database).out
    assert re.search(r"Published +\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00, root\n", table)
    assert "Index" not in table


def test_the_address_may_stand_in_the_environment(database: str, tmp_path: Path) -> None:
    folder = samples.write(tmp_path, samples.sample())
    inside("export", database, INDOTRADE_DATA=str(folder))
    for line in ("list --json", "check", "sector clove"):
        right, ended = (inside(*line.split(), INDOTRADE_DATA=str(it)) for it in (folder, database))
        assert ended == right
    described = samples.sample()["dataset"]
    assert (
        f"({described['name']} data {described['version']},"
        in inside("--version", INDOTRADE_DATA=database).out
    )


def test_names_and_ids_are_completed_from_a_shared_database(database: str, tmp_path: Path) -> None:
    folder = samples.write(tmp_path, samples.sample())
    inside("export", database, "--data", folder)
    for words, number in (
        ("indotrade sector cl", 2),
        ("indotrade show c", 2),
        ("indotrade list --source ", 3),
        ("indotrade clo", 1),
    ):
        asked = {"_INDOTRADE_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": str(number)}
        right, ended = (inside(**asked, INDOTRADE_DATA=str(it)) for it in (folder, database))
        assert ended == right
        assert ended.out
    with mock.patch.object(connecting, "connect", wraps=connecting.connect) as connect:
        inside(**asked, INDOTRADE_DATA=database)
    assert connect.call_count == 1  # whatever a name alone can be stands in six lists
    gone = database.replace("/db", "/none")
    assert inside(**asked, INDOTRADE_DATA=gone) == Ended(0, "", "")


def test_what_was_published_is_taken_back_whole(database: str, tmp_path: Path) -> None:
    folder = samples.write(tmp_path / "data", samples.sample())
    inside("export", database, "--data", folder)
    assert inside("export", tmp_path / "right", "--data", folder).status == 0
    assert inside("export", tmp_path / "exported", "--data", database).status == 0
    assert inside("import", database, tmp_path / "imported").status == 0
    right = open_engine(str(tmp_path / "right"))
    for place in ("exported", "imported"):
        engine = open_engine(str(tmp_path / place))
        assert list(engine.find(Wanted()).records()) == list(right.find(Wanted()).records())
        assert [engine.source(name) for name in engine.source_ids()] == [
            right.source(name) for name in right.source_ids()
        ]
        assert [engine.entries(kind) for kind in LISTS] == [right.entries(kind) for kind in LISTS]


def test_what_filters_leave_is_published_as_an_export_writes_it(database: str, tmp_path: Path) -> None:
    folder = samples.write(tmp_path / "data", samples.sample())
    chosen = ["--sector", "spices", "--sort", "-id", "-n", "2"]
    ended = inside("export", database, *chosen, "--data", folder)
    assert ended.status == 0
    inside("export", tmp_path / "part", *chosen, "--data", folder)
    for line in ("list --json", "source --json", "sector --json"):
        assert inside(*line.split(), "--data", database) == inside(*line.split(), "--data", tmp_path / "part")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--as", "csv"], "--as is for files"),
        (["--force"], "--force is for files"),
        (["--keep", "-1"], "--keep takes a number from 0 on"),
    ],
)
def test_an_option_that_a_shared_database_cannot_honour_is_misuse(arguments: list[str], told: str) -> None:
    ended = inside("export", "postgresql://nowhere.invalid/db", *arguments)
    assert (ended.status, ended.out) == (2, "")
    assert ended.err.startswith(f"indotrade: error: {told}")
    assert inside("export", "somewhere.csv", "--keep", "1").status == 2


def test_nothing_is_imported_for_a_shared_database_before_one_is_asked() -> None:
    program = "import sys\nfrom indotrade import open_dataset\nopen_dataset().find()\nassert 'psycopg' not in sys.modules"
    subprocess.run([sys.executable, "-c", program], check=True)


def test_where_psycopg_is_missing_it_is_said_how_it_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("psycopg")]:
        monkeypatch.delitem(sys.modules, name)
    for name in ("libpq", "driver", "server", "publications", "postgres", "held", "publishing"):
        monkeypatch.delitem(sys.modules, f"indotrade.engine.{name}", raising=False)
    monkeypatch.delitem(sys.modules, "indotrade.exchange.export.shared", raising=False)
    monkeypatch.delattr("indotrade.exchange.export.shared", raising=False)
    monkeypatch.setitem(sys.modules, "psycopg", None)
    for line in ("list --data postgresql://db", "export postgresql://db"):
        ended = inside(*line.split())
        assert (ended.status, ended.out) == (3, "")
        assert ended.err == (
            "indotrade: error: a shared database is reached through psycopg, which is not installed\n"
            "hint: `pip install 'indotrade[postgres]'` installs it\n"
        )


def test_the_number_of_the_layout_is_raised_with_what_stands_in_the_tables(tmp_path: Path) -> None:
    """Who asks may have another version of the program than who published: it knows by this number what it can read.

    Where this fails because rows are made in another way, raise `publications.LAYOUT`, and write down its digest;
    where only the made-up dataset is another, write down its digest alone.
    """
    engine = open_engine(str(samples.write(tmp_path, detailed.records())))
    digest = hashlib.sha256(repr((publications.TABLES, publications.INDEXES, publications.LISTED)).encode())

    def insert(table: str, rows: Sequence[tuple[Any, ...]]) -> None:
        if table in publications.TABLES:
            places = [
                schema.COLUMNS[table].index(name) for name in publications.TABLES[table] if name.islower()
            ]
            for row in rows:
                digest.update(repr((table, *(row[place] for place in places))).encode())

    claims = map(decode_claim, engine.find(Wanted()).records())
    maker = fill.Maker(head(engine), kept=True)
    fill.fill(insert, maker, maker.parts(claims))
    assert (publications.LAYOUT, digest.hexdigest()[:16]) == (3, "00eb4da750020892")


# --- asking, and what goes wrong -------------------------------------------------------------------------

SECRET = "hemlig/lösen?ord"  # noqa: S105 - of a role that only the tests have
"""A password as hostile to an address as one may be."""


@pytest.fixture(scope="module")
def asked(server: Server, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a database with the made-up dataset, and with roles; read only."""
    name = server.database()
    published(server.address(name), samples.write(tmp_path_factory.mktemp("asked"), samples.sample()))
    server.sql(
        f"CREATE ROLE guarded LOGIN PASSWORD '{SECRET}'; CREATE ROLE reader LOGIN; CREATE ROLE nobody LOGIN;"
        " GRANT USAGE ON SCHEMA indotrade TO reader, guarded;"
        " GRANT SELECT ON ALL TABLES IN SCHEMA indotrade TO reader, guarded;",
        name,
    )
    return name


def test_a_role_that_may_only_read_asks_everything(server: Server, asked: str) -> None:
    for line in ("list --json", "sector clove", "search clov", "show nutmeg-plan", "info", "check"):
        right, ended = (
            inside(*line.split(), "--data", server.address(asked, user)) for user in ("root", "reader")
        )
        assert ended.status == 0
        assert ended.out.replace("reader@", "root@") == right.out


def refused(address: str, *arguments: str, **environment: str) -> str:
    """Return what is said where a shared database cannot be asked: one sentence, and at most a hint."""
    ended = inside(*(arguments or ["list"]), "--data", address, **environment)
    assert (ended.status, ended.out) == (3, "")
    first, *hint = ended.err.splitlines()
    assert first.startswith("indotrade: error: ")
    assert len(hint) < 2
    return ended.err.removeprefix("indotrade: error: ")


def test_each_way_in_which_a_database_does_not_answer_has_its_sentence(server: Server, asked: str) -> None:
    here = f"postgresql://{{}}@{quote(str(server.folder), safe='')}/{{}}"
    shown = here.format("root", asked)
    empty = server.database()
    address = server.address
    assert refused(address("none")) == (
        f"cannot reach the shared database {here.format('root', 'none')}: connection to server on socket"
        f' "{server.folder}/.s.PGSQL.5432" failed: FATAL:  database "none" does not exist\n'
    )
    assert refused(address(empty)) == (
        f"the shared database {here.format('root', empty)} holds no dataset\n"
        f"hint: `indotrade export {here.format('root', empty)}` publishes one\n"
    )
    assert refused(address(asked, dataset="other")) == (
        f"the shared database holds no dataset of this name: {shown}?dataset=other\nhint: it holds harbour\n"
    )
    assert refused(address(asked, version="9")) == (
        f"the shared database holds no such version: {shown}?version=9\nhint: it holds 0.3.0\n"
    )
    assert refused(address(asked, "nobody")) == (
        f"this role may not read the shared database {here.format('nobody', asked)}: permission denied for schema"
        " indotrade\nhint: it needs USAGE of the schema indotrade, and SELECT on its tables\n"
    )
    assert "No such file or directory" in refused(f"postgresql://x@/db?host={server.folder}/nowhere")
    assert refused(address(asked, port="1")).endswith("failed: No such file or directory\n")


def test_a_database_of_another_version_of_the_program_is_refused(
    server: Server, database: str, tmp_path: Path
) -> None:
    published(database, samples.write(tmp_path, samples.sample()))
    name = f"db{server.made}"
    server.sql("UPDATE indotrade.publication SET layout = 99, program = '7.1'", name)
    assert re.fullmatch(
        "the dataset in the shared database [^ ]+ was published by indotrade 7.1, whose tables this one does not know\n"
        "hint: publish it with this version, or ask it with that one\n",
        refused(database),
    )
    server.sql("ALTER TABLE indotrade.publication DROP COLUMN layout", name)
    assert re.fullmatch(
        "the shared database [^ ]+ is of another version of this program\n", refused(database)
    )
    ended = inside("export", database)
    assert (ended.status, ended.out) == (3, "")


def test_of_several_datasets_one_is_named(database: str, tmp_path: Path) -> None:
    for name in ("harbour", "other one"):
        described = samples.sample()["dataset"] | {"name": name}
        published(database, samples.write(tmp_path / name, samples.sample() | {"dataset": described}))
    assert re.fullmatch(
        "the shared database [^ ]+ holds several datasets: harbour, other one\n"
        "hint: add \\?dataset=harbour to its address\n",
        refused(database),
    )
    for name in ("harbour", "other one"):
        ended = inside("list", "--json", "--data", f"{database}&dataset={quote(name)}")
        assert json.loads(ended.out)["dataset"]["name"] == name
    assert published(database + "&dataset=third", tmp_path / "harbour").endswith("?dataset=third")
    assert inside("list", "--data", f"{database}&dataset=third").status == 0


def test_a_version_that_is_kept_can_still_be_asked(server: Server, database: str, tmp_path: Path) -> None:
    for version in ("1", "2", "3"):
        described = samples.sample()["dataset"] | {"version": version}
        folder = samples.write(tmp_path / version, samples.sample() | {"dataset": described})
        ended = inside("export", database, "--data", folder, "--keep", "1")
        assert ended.status == 0
        assert ended.err.endswith(
            "?dataset=harbour\n" if version == "1" else "; versions kept before it: 1\n"
        )
    for added, answered in (("", "3"), ("&version=3", "3"), ("&version=2", "2")):
        ended = inside("list", "--json", "--data", database + added)
        assert json.loads(ended.out)["dataset"]["version"] == answered
    assert refused(f"{database}&version=1").endswith("hint: it holds 3, 2\n")
    assert tables(server) == 18
    inside("export", database, "--data", tmp_path / "3", "--keep", "0")
    assert tables(server) == 9


def test_what_is_removed_while_it_is_asked_is_told_so(database: str, tmp_path: Path) -> None:
    folder = samples.write(tmp_path, samples.sample())
    published(database, folder)
    engine = open_engine(database)
    assert engine.claim("crates-sent")
    published(database, folder, keep=0)
    with pytest.raises(Refused, match="what was asked is no longer in the shared database") as caught:
        list(engine.find(Wanted()).records())
    assert "ask again" in str(caught.value.hint)


def tables(server: Server) -> int:
    """Return how many tables of publications there are in the last database that was made."""
    counted = "SELECT count(*) FROM pg_tables WHERE schemaname = 'indotrade' AND tablename ~ '_[0-9]+$'"
    return int(server.sql(counted, f"db{server.made}"))


@pytest.mark.parametrize(
    "address",
    [
        f"postgresql://me:{SECRET}@127.0.0.1:1/db",
        f"postgresql://me:{quote(SECRET, safe='')}@127.0.0.1:1/db",
        f"postgresql://me@127.0.0.1:1/db?password={quote(SECRET, safe='')}&sslpassword={SECRET}",
        f"postgres://me:{quote(SECRET, safe='')}@127.0.0.1:1,127.0.0.1:2/db?nonsense=1&dataset=",
        f"postgresql://me:{quote(SECRET, safe='')}@[127.0.0.1/db",
        f"postgresql://:{quote(SECRET, safe='')}@/db?host=/nowhere&port=x",
    ],
)
@pytest.mark.parametrize("line", ["list", "export", "info --json", "import", "check", "list --nonsense", ""])
def test_a_password_is_said_nowhere(address: str, line: str) -> None:
    """Nor in the traceback that a developer asks for."""
    words = line.split()
    arguments = [*words, address] if line in ("export", "check", "") else [*words, address, "there"]
    if line.startswith(("list", "info")):
        arguments = [*words, "--data", address]
    for environment in ({}, {"INDOTRADE_DEBUG": "1", "PGPASSWORD": SECRET}):
        ended = inside(*arguments, **environment)
        assert ended.status in (1, 2, 3)
        for secret in (SECRET, quote(SECRET, safe=""), "hemlig"):
            assert secret not in ended.out + ended.err


def test_a_wrong_password_is_told_and_a_right_one_taken_from_where_libpq_takes_it(
    server: Server, asked: str, tmp_path: Path
) -> None:
    address = server.address(asked, "guarded")
    hint = "hint: a password is read from PGPASSWORD, from ~/.pgpass or from the service file, as by psql\n"
    assert refused(address, PGPASSWORD="wrong").endswith(
        f'password authentication failed for user "guarded"\n{hint}'
    )
    assert refused(address).endswith(f"no password supplied\n{hint}")
    (file := tmp_path / "pass").write_text(f"*:*:*:guarded:{SECRET}\n")
    file.chmod(0o600)
    (service := tmp_path / "services").write_text(
        f"[news]\nhost={server.folder}\ndbname={asked}\nuser=guarded\npassword={SECRET}\n"
    )
    right = inside("info", "--json", "--data", address, PGPASSWORD=SECRET)
    assert right.status == 0
    assert inside("info", "--json", "--data", address, PGPASSFILE=str(file)) == right
    named = inside("info", "--json", "--data", "postgresql:///?service=news", PGSERVICEFILE=str(service))
    assert json.loads(named.out)["read_from"] == "postgresql:///?dataset=harbour&service=news"
    assert named.out.replace("postgresql:///?dataset=harbour&service=news", "") == right.out.replace(
        json.loads(right.out)["read_from"], ""
    )


def test_a_server_that_is_silent_is_waited_for_no_longer_than_is_allowed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        began = time.monotonic()
        told = refused(f"postgresql://x@127.0.0.1:{silent.getsockname()[1]}/db?connect_timeout=2")
        assert 1 < time.monotonic() - began < 4
        assert told.endswith(" failed: timeout expired\n")


def test_five_seconds_are_allowed_where_nothing_else_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    for added, environment, timeout in (
        ("", {}, "5"),
        ("?connect_timeout=7", {}, "7"),
        ("", {"PGCONNECT_TIMEOUT": "9"}, None),
    ):
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        given_there = connecting.given(connecting.read(f"postgresql://h/db{added}"))
        assert given_there.get("connect_timeout") == timeout


def test_a_limit_on_the_time_of_a_statement_is_heeded(server: Server, asked: str) -> None:
    with driver.psycopg.connect(server.address(asked)) as holding:
        holding.execute("LOCK TABLE indotrade.claim_1 IN ACCESS EXCLUSIVE MODE")
        began = time.monotonic()
        told = refused(server.address(asked, options="-c statement_timeout=300"))
        assert time.monotonic() - began < 3
    assert told.endswith(" does not answer: canceling statement due to statement timeout\n")


def test_a_connection_that_is_closed_in_the_middle_is_made_again_once(
    server: Server, asked: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = inside("list", "--json", "--data", server.address(asked))
    for nth in range(1, 8):
        with cut_at(server, asked, nth) as cut:
            assert inside("list", "--json", "--data", server.address(asked)) == right
        if not cut:
            break
    assert 3 < nth < 8
    with cut_at(server, asked, 3, always=True):
        assert "does not answer: " in refused(server.address(asked))


@contextmanager
def cut_at(server: Server, database: str, nth: int, *, always: bool = False) -> Iterator[list[str]]:
    """Have the server close every connection before the nth statement; give the statements before which it was done."""
    cut: list[str] = []
    count = 0

    def cutting(run: Callable[..., Any]) -> Callable[..., Any]:
        def counted(self: Any, query: str, *rest: Any, **more: Any) -> Any:
            nonlocal count
            count += 1
            if count == nth or (always and count > nth):
                end(server, database)
                cut.append(query)
            return run(self, query, *rest, **more)

        return counted

    connection, cursor = driver.psycopg.Connection, driver.psycopg.Cursor
    with (
        mock.patch.object(libpq.Connection, "rows", cutting(libpq.Connection.rows)),
        mock.patch.object(connection, "execute", cutting(connection.execute)),
        mock.patch.object(cursor, "copy", cutting(cursor.copy)),
    ):
        yield cut


def end(server: Server, database: str) -> None:
    """End every connection of the program to a database."""
    ours = "FROM pg_stat_activity WHERE application_name = 'indotrade' AND datname = current_database()"
    server.sql(f"SELECT pg_terminate_backend(pid, 5000) {ours}", database)


def test_of_several_hosts_the_next_is_asked_where_one_dies_while_it_is_connected_to(
    server: Server, asked: str
) -> None:
    right = inside("list", "--json", "--data", server.address(asked))
    for hosts, status in ((f"{server.folder},{server.folder}", 0), (str(server.folder), 3)):
        died = libpq.ServerError("server closed the connection unexpectedly")
        with mock.patch.object(connecting, "Connection", side_effect=[died, libpq.Connection(connecting.given(connecting.read(server.address(asked))))]):  # fmt: skip
            ended = inside("list", "--json", "--data", server.address(asked, host=hosts))
        assert ended.status == status
        assert (status == 0) == (
            json.loads(ended.out or "{}").get("claims") == json.loads(right.out)["claims"]
        )


def test_an_interrupt_ends_the_question_on_the_server_too(server: Server, asked: str) -> None:
    active = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'indotrade' AND state = 'active'"
    for number in (signal.SIGINT, signal.SIGTERM):
        with driver.psycopg.connect(server.address(asked)) as holding:
            holding.execute("LOCK TABLE indotrade.term_1 IN ACCESS EXCLUSIVE MODE")
            command = [sys.executable, "-m", "indotrade", "sector", "clove", "--data", server.address(asked)]
            with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
                wait_until(lambda: server.sql(active) == "1")
                process.send_signal(number)
                assert process.communicate(timeout=10) == (b"", b"")
            assert process.returncode == -number
            wait_until(lambda: server.sql(active) == "0")


def wait_until(holds: Callable[[], bool]) -> None:
    """Wait until something holds, for ten seconds at most."""
    end = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)


# --- publishing, and what goes wrong ---------------------------------------------------------------------


class Twice(NamedTuple):
    """A database in which a dataset is published, and a second version of it that is not yet."""

    database: str
    address: str
    new: Path
    old_answer: str
    new_answer: str

    def answer(self) -> str:
        """Return what the database answers."""
        return inside("list", "--json", "--data", self.address).out


@pytest.fixture
def twice(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Twice:
    """The made-up dataset, published, and one with another claim, to be published in many parts."""
    old = samples.write(tmp_path / "old", samples.sample())
    changes = {"claims.0.statement": samples.text("Another statement."), "dataset.version": "0.4.0"}
    new = samples.write(tmp_path / "new", samples.changed(changes))
    database = server.database()
    published(server.address(database), old)
    monkeypatch.setattr(publishing, "PART", 10)
    answers = (inside("list", "--json", "--data", folder).out for folder in (old, new))
    return Twice(database, server.address(database), new, *answers)


def test_a_publisher_whose_connection_is_cut_goes_on(server: Server, twice: Twice) -> None:
    for nth in (2, 5, 9, 17, 23, 31, 40, 52):
        with cut_at(server, twice.database, nth) as cut:
            ended = inside("export", twice.address, "--data", twice.new, "--keep", "0")
        assert cut
        assert (ended.status, ended.out) == (0, "")
        assert twice.answer() == twice.new_answer
        assert tables(server) == 9
    assert server.sql("SELECT parts > 4 FROM indotrade.publication", twice.database) == "t"


def test_what_a_publisher_left_who_was_killed_is_gone_on_with_or_removed(
    server: Server, twice: Twice, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[str] = []
    copy = driver.psycopg.Cursor.copy

    def killed(self: Any, query: str) -> Any:
        sent.append(query)
        if len(sent) == 6:
            end(server, twice.database)
            raise Killed
        return copy(self, query)

    monkeypatch.setattr(driver.psycopg.Cursor, "copy", killed)
    monkeypatch.setattr("indotrade.engine.publishing._Publisher._clear", lambda _: None)
    for other in (False, True):
        sent.clear()
        with pytest.raises(Killed):
            published(twice.address, twice.new)
        assert twice.answer() == (twice.new_answer if other else twice.old_answer)
        left = server.sql(
            "SELECT number, parts FROM indotrade.publication WHERE published IS NULL", twice.database
        )
        number, parts = map(int, left.split("\t"))
        assert parts > 1
        if other:  # another dataset under this name
            described = samples.sample()["dataset"] | {"version": "0.5.0"}
            samples.write(twice.new, samples.sample() | {"dataset": described})
        published(twice.address, twice.new)
        newest = server.sql("SELECT max(number) FROM indotrade.publication", twice.database)
        assert (int(newest) == number) is not other
        assert tables(server) == 18
    assert json.loads(twice.answer())["dataset"]["version"] == "0.5.0"


class Killed(BaseException):
    """Stands for the end of a process."""


def test_one_publishes_at_a_time_and_the_other_is_told_what_answers(server: Server, twice: Twice) -> None:
    with driver.psycopg.connect(twice.address) as other:
        other.execute("SELECT name FROM indotrade.dataset FOR UPDATE")
        ended = inside("export", twice.address, "--data", twice.new)
    assert (ended.status, ended.out) == (4, "")
    assert re.fullmatch(
        "indotrade: error: harbour is being published in the shared database [^ ]+ by somebody else; "
        "version 0.3.0, published at [^ ]+, answers as before\nhint: try again when that is done\n",
        ended.err,
    )
    assert twice.answer() == twice.old_answer
    assert tables(server) == 9


def test_a_role_without_rights_publishes_nothing(server: Server, twice: Twice) -> None:
    server.sql("DROP ROLE IF EXISTS weak; CREATE ROLE weak LOGIN", twice.database)
    empty = server.database()
    for database, state in (
        (empty, "nothing is published there"),
        (twice.database, "nothing is published there"),
    ):
        ended = inside("export", server.address(database, "weak"), "--data", twice.new)
        assert (ended.status, ended.out) == (4, "")
        assert re.fullmatch(
            f"indotrade: error: cannot publish in the shared database [^ ]+: permission denied for [^;]+; {state}\n"
            "hint: the role needs CREATE on the schema indotrade, and on the database where there is none\n",
            ended.err,
        )
    assert twice.answer() == twice.old_answer


# --- what somebody else has put there --------------------------------------------------------------------

EVIL = "\x1b]0;x\x07\x9b2J\u202e[bold]\\\n"
HARMS = {
    "claim": "UPDATE @claim SET record = {}",
    "claim, spaced": "UPDATE @claim SET record = E' \\n' || record",
    "claim, with a letter": "UPDATE @claim SET record = replace(record, 'The ', E'\u202e\\u009b')",
    "claim, of another id": "UPDATE @claim SET record = replace(record, 'crates-sent', 'crates-went')",
    "claim, with a field": "UPDATE @claim SET record = replace(record, '\"kind\"', '\"kin\"')",
    "claim, without source": "UPDATE @claim SET record = replace(record, '\"harbour-news\"', '\"nowhere\"')",
    "source": "UPDATE @source SET record = {}",
    "source, with a letter": "UPDATE @source SET record = replace(record, 'Title', E'\u202e\\u009b')",
    "source, gone": "DELETE FROM @source",
    "entry": "UPDATE @entry SET record = {}",
    "entry, with a letter": "UPDATE @entry SET record = replace(record, 'Clove', E'\u202e\\u009b')",
    "ids": "UPDATE @claim SET id = {} || id",
    "names": "UPDATE @name SET entry = {}",
    "terms": "UPDATE @term SET value = {} || value",
    "sets": "UPDATE @posting SET claims = '\\x02ff'",
    "sets, gone": "DELETE FROM @posting",
    "sets of other claims": "UPDATE @posting SET claims = '\\x00ffffff'",
    "sets of numbers": "UPDATE @posting SET claims = '\\x01ffff'",
    "sets of other numbers": "UPDATE @posting SET claims = '\\x01ffffff7f'",
    "texts of other claims": "UPDATE @body SET claim = claim + 1000",
    "texts of no claims": "UPDATE @body SET claim = -claim",
    "numbers": "UPDATE @claim SET number = number + 1000",
    "sort keys": "UPDATE @sortkey SET keys = '\\xff'",
    "sort keys, gone": "DELETE FROM @sortkey",
    "anchors": "UPDATE @anchors SET digests = '\\xff'",
    "claims without a record": "ALTER TABLE @claim ALTER record DROP NOT NULL; UPDATE @claim SET record = NULL",
    "sort keys without a value": "ALTER TABLE @sortkey ALTER keys DROP NOT NULL; UPDATE @sortkey SET keys = NULL",
    "texts without a value": "ALTER TABLE @body ALTER text DROP NOT NULL; UPDATE @body SET text = NULL WHERE claim = 4",
    "anchors without a value": "ALTER TABLE @anchors ALTER digests DROP NOT NULL; UPDATE @anchors SET digests = NULL",
    "fewer claims than none": "UPDATE indotrade.publication SET claims = -1",
    "more claims than there can be": "UPDATE indotrade.publication SET claims = 100000000000",
    "dataset": "UPDATE indotrade.publication SET dataset = {}",
    "version": "UPDATE indotrade.publication SET version = {}",
    "program": "UPDATE indotrade.publication SET layout = 9, program = {}",
    "about": "UPDATE indotrade.publication SET about = {}",
    "about, with letters": "UPDATE indotrade.publication SET about = replace(about, 'harbour', E'\u202e\\u009b')",
    "contents": "UPDATE indotrade.publication SET contents = {}",
    "digest": "UPDATE indotrade.publication SET sha256 = {}",
    "who and when": "UPDATE indotrade.publication SET publisher = {}, published = {}",
    "columns of another type": "ALTER TABLE @term ALTER number TYPE text",
    "columns of other names": "ALTER TABLE @posting RENAME claims TO sets",
    "a view": "ALTER TABLE @claim RENAME TO other; CREATE VIEW @claim AS SELECT number, {} AS id, {} AS record FROM indotrade.other",
    "functions": "CREATE FUNCTION public.substr(text, int, int) RETURNS text LANGUAGE sql AS $$SELECT (1 / 0)::text$$;"
    " CREATE FUNCTION public.strpos(text, text) RETURNS int LANGUAGE sql AS 'SELECT 1 / 0';"
    " ALTER DATABASE {database} SET search_path = public, pg_catalog",
}  # fmt: skip
LOOKED = (
    *(
        "list",
        "list -f ndjson",
        "list --sort said",
        "show crates-sent --full",
        "sector",
        "sector clove",
        "search clov",
        "search e",
    ),
    *("info", "source --json"),
)


@pytest.fixture(scope="module")
def harmed(server: Server, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a database that is copied before it is harmed."""
    name = server.database()
    published(server.address(name), samples.write(tmp_path_factory.mktemp("harmed"), samples.sample()))
    return name


@pytest.mark.parametrize("harm", HARMS)
def test_nothing_that_somebody_else_published_reaches_the_terminal(
    server: Server, harm: str, harmed: str
) -> None:
    plain = ("sector", "sector clove") if harm == "functions" else ()
    right = {line: inside(*line.split(), "--data", server.address(harmed)) for line in plain}
    address = server.address(database := server.database(harmed))
    server.sql(publications.placed(HARMS[harm].format(*[f"'{EVIL}'"] * 2, database=database), 1), database)
    for line in [line.split() for line in LOOKED] + [["verify", str(ROOT / "CITATION.cff")]]:
        ended = inside(*line, "--data", address)
        assert ended.status in (0, 1, 3), ended.err
        assert not HIDDEN.search(ended.out + ended.err)
        assert ended.err.count("\n") < 3
        assert ended.out or ended.status
        assert " ".join(line) not in right or ended == right[" ".join(line)]


# --- the page on it --------------------------------------------------------------------------------------


def test_the_rights_that_the_page_gives_are_those_that_are_needed(server: Server, tmp_path: Path) -> None:
    page = (ROOT / "data" / "SHARED.md").read_text("utf-8")
    (rights,) = re.findall(r"```sql\n(.*?)```", page, re.DOTALL)
    assert rights.count("\n") == 6
    database = server.database()
    server.sql(rights.replace("publisher", "writes").replace("reader", "reads"), database)
    folder = samples.write(tmp_path, samples.sample())
    assert inside("export", server.address(database, "reads"), "--data", folder).status == 4
    for _ in range(2):  # the second time there is a publication of which nobody spoke
        assert inside("export", server.address(database, "writes"), "--data", folder).status == 0
        assert inside("list", "--json", "--data", server.address(database, "reads")).status == 0
