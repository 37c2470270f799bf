"""Answers are as their published schemas say, to the last key."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
import samples
from conftest import ROOT
from inside import inside

from indotrade.dataset.schema import written
from indotrade.output import schema

sys.path.insert(0, str(Path(__file__).parent / "interop"))
from schemas import ANSWERS

SCHEMAS = schema.schemas()


def strict(described: Any) -> Any:
    """Return a schema that allows no key which it does not name."""
    if isinstance(described, list):
        return [strict(item) for item in described]
    if not isinstance(described, dict):
        return described
    whole = {name: strict(item) for name, item in described.items()}
    return whole | (
        {"additionalProperties": False} if "properties" in described and "type" in described else {}
    )


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a text that the sample attests nothing of, and a dataset with faults."""
    folder = tmp_path_factory.mktemp("answers")
    (folder / "TEXT").write_text("A text that is none of the articles, with more than eight words in it.\n")
    records = samples.sample()
    samples.write(folder / "FAULTY", records | {"sources": []})
    return folder


@pytest.mark.parametrize("line", ANSWERS)
def test_an_answer_is_as_its_schemas_say(line: str, room: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(room)
    ended = inside(*line.split(), "--json")
    jsonschema.Draft202012Validator(strict(SCHEMAS[f"{ANSWERS[line]}.schema.json"])).validate(
        json.loads(ended.out)
    )
    of_line = jsonschema.Draft202012Validator(strict(SCHEMAS[f"{ANSWERS[line]}.line.schema.json"]))
    lines = inside(*line.split(), "-f", "ndjson").out.splitlines()
    for answer in lines[:5]:
        of_line.validate(json.loads(answer))


def test_every_schema_is_of_an_answer_and_every_one_is_a_schema() -> None:
    assert {name.split(".")[0] for name in SCHEMAS} == set(ANSWERS.values())
    for described in SCHEMAS.values():
        jsonschema.Draft202012Validator.check_schema(described)


def test_the_files_of_the_schemas_are_what_the_answers_hold() -> None:
    files = {file.name: file.read_bytes() for file in (ROOT / "data" / "schema" / "output").iterdir()}
    assert files == {name: written(described) for name, described in SCHEMAS.items()}
