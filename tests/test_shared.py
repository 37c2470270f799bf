"""A shared database answers as the dataset that was published in it, and is whole whatever happens meanwhile."""

from __future__ import annotations

import hashlib
import json
import random
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import detailed
import generated
import pytest
import samples
import serving
from conftest import Ended
from hypothesis import given, settings
from hypothesis import strategies as st
from inside import inside
from serving import Server
from test_engine import answer, indexed
from test_query import CHOICES, VALUES

from indotrade import VERSION
from indotrade.dataset.records import LISTS, decode_claim
from indotrade.engine import fill, publications, schema
from indotrade.engine.open import open_engine
from indotrade.engine.protocol import Engine, Noun, Wanted, bits
from indotrade.engine.publishing import head, publish
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

DATASETS, QUESTIONS = 5, 90
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
            asked = question(records, chance)
            assert answer(shared, asked) == answer(index, asked) == answer(memory, asked), asked
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
    ):
        asked = {"_INDOTRADE_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": str(number)}
        right, ended = (inside(**asked, INDOTRADE_DATA=str(it)) for it in (folder, database))
        assert ended == right
        assert ended.out
    gone = database.replace("/db", "/none")
    assert inside(**asked, INDOTRADE_DATA=gone) == Ended(0, "\n", "")


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
    for name in ("driver", "server", "publications", "postgres", "publishing"):
        monkeypatch.delitem(sys.modules, f"indotrade.engine.{name}", raising=False)
    monkeypatch.delitem(sys.modules, "indotrade.exchange.shared", raising=False)
    monkeypatch.delattr("indotrade.exchange.shared", raising=False)
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
            digest.update(repr([(table, *(row[place] for place in places)) for row in rows]).encode())

    claims = map(decode_claim, engine.find(Wanted()).records())
    fill.fill(insert, head(engine), claims, kept=True)
    assert (publications.LAYOUT, digest.hexdigest()[:16]) == (1, "7e8dab2068170a27")
