"""A dataset that knows no more than it must: every command answers from it, and nothing is invented."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
import samples
from conftest import Ended
from inside import inside
from test_engine import indexed

MINIMAL: dict[str, Any] = {
    "dataset": {"format": 2, "name": "least", "version": "1", "as_of": "2024", "languages": ["ja", "jv"]},
    "sources": [
        {"id": "mailer", "type": "article", "publisher": {"name": "A mailer"}},
        {"id": "book", "type": "evidence", "publisher": {"name": "A book"}},
    ],
    "vocabulary": {"sectors": [{"id": "tea", "label": {"ja": "お茶", "jv": "teh"}, "hs": ["0902"]}]},
    "claims": [
        {"id": "second", "statement": {"jv": "Teh dikirim."}, "source": "mailer"},
        {"id": "first", "statement": {"jv": "Teh wangi.", "ja": "お茶は香る。"}, "source": "mailer", "sectors": ["tea"],
         "countries": ["france"], "evidence": [{"source": "book", "relation": "supports"}],
         "figure": {"value": "3", "unit": "tonnes"}},
    ],
}  # fmt: skip
LINES = [
    *(f"{line} -f {format}" for format in ("table", "json", "ndjson", "csv", "tsv", "markdown", "html") for line in ("list", "sector", "country", "source", "sector tea", "sector 0902", "country prancis", "show first second", "search teh")),
    *(f"cite first mailer -f {format}" for format in ("text", "bibtex", "biblatex", "csl-json", "ris")),
    "source mailer", "source book", "info", "info --json", "check",
]  # fmt: skip


@pytest.fixture(scope="module")
def least(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return samples.write(tmp_path_factory.mktemp("least"), MINIMAL)


def ask(folder: Path, line: str, *more: str, **environment: str) -> Ended:
    command, *rest = line.split()
    where = [str(folder)] if command == "check" else ["--data", str(folder)]
    return inside(command, *rest, *where, *more, **environment)


@pytest.mark.parametrize("language", ["en", "id"])
@pytest.mark.parametrize("line", LINES)
def test_every_command_answers_from_it_and_shows_nothing_for_what_is_not_known(
    least: Path, line: str, language: str
) -> None:
    ended = ask(least, line, "--lang", language)
    assert (ended.status, ended.err) == (0, "")
    assert "None" not in ended.out
    assert "1 kesalahan" not in ended.out


@pytest.mark.parametrize("line", [line for line in LINES if not line.startswith(("check", "info"))])
def test_an_index_gives_the_same_bytes(least: Path, line: str) -> None:
    memory = ask(least, line)
    with indexed(least):
        kept = os.environ["XDG_CACHE_HOME"]
        assert ask(least, line, XDG_CACHE_HOME=kept) == memory
        assert list(Path(kept, "indotrade").iterdir())


def test_no_text_is_shown_twice_and_the_first_language_stands_in_for_one_that_is_not_there(
    least: Path,
) -> None:
    assert ask(least, "show first --lang en").out.count("お茶は香る。") == 1
    shown = ask(least, "show first --full --lang en").out
    assert shown.index("お茶は香る。") < shown.index("Teh wangi.")
    assert shown.count("お茶は香る。") == shown.count("Teh wangi.") == 1
    assert ask(least, "show second --lang en").out.count("Teh dikirim.") == 1
    assert "お茶" in ask(least, "sector -f csv").out


def test_a_line_that_was_written_is_a_line_of_claims(least: Path, tmp_path: Path) -> None:
    lines = ask(least, "list -f ndjson").out
    again = samples.write(tmp_path, MINIMAL | {"claims": lines.encode()}, "claims.ndjson")
    assert samples.faults(again) == []
    assert ask(again, "list -f ndjson").out == lines
    first, *rest = map(json.loads, lines.splitlines())
    first["sources"]["mailer"]["url"] = "https://other.example/"
    samples.write(tmp_path, MINIMAL | {"claims": [first, *rest]}, "claims.ndjson")
    assert samples.faults(tmp_path) == [
        'error: claims.ndjson: line 1: second: sources: it is not what sources.json says of "mailer"'
    ]


def test_a_text_is_kept_that_only_looks_like_an_escape(tmp_path: Path) -> None:
    claims = [{"id": "odd", "statement": {"ja": r"\u0000 and \ud800"}, "source": "mailer"}]
    samples.write(tmp_path, MINIMAL | {"claims": claims})
    assert [claim["id"] for claim in json.loads(ask(tmp_path, "list --json").out)["claims"]] == ["odd"]
