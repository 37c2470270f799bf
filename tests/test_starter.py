"""`init` writes a dataset that passes, and writes over nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema  # type: ignore[import-untyped]
import pytest
from conftest import ROOT, Run
from inside import inside

FILES = ("claims.json", "dataset.json", "sources.json", "vocabulary.json")


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_what_init_writes_passes_check_without_a_warning(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    ended = inside("init", folder)
    assert (ended.status, ended.out) == (0, "")
    assert ended.err == f"wrote a dataset; check it with `indotrade check {folder}`\n"
    assert sorted(contents(folder)) == list(FILES)
    checked = inside("check", folder)
    assert (checked.status, checked.err) == (0, "")
    assert checked.out == "2 claims, 2 sources: 0 faults, 0 warnings\n"


def test_it_holds_one_article_one_piece_of_evidence_and_two_claims(tmp_path: Path) -> None:
    inside("init", tmp_path)
    answer = json.loads(inside("list", "--json", "--data", tmp_path).out)
    assert answer["total"] == 2
    assert [source["type"] for source in answer["sources"].values()] == ["article", "evidence"]
    assert sorted(len(claim["evidence"]) for claim in answer["claims"]) == [0, 1]
    for line in (
        "sector tea",
        "country jepang",
        "search 茶",
        "show tea-exports-2023",
        "cite tea-needs-promotion",
        "info",
        "source",
    ):
        ended = inside(*line.split(), "--data", tmp_path)
        assert (ended.status, ended.err) == (0, "")


def test_its_files_fit_a_screen_so_that_a_person_can_edit_them(tmp_path: Path) -> None:
    inside("init", tmp_path)
    for name, data in contents(tmp_path).items():
        lines = data.decode().splitlines()
        assert len(lines) < 60, name
        assert max(map(len, lines)) <= 110, name
        assert "null" not in data.decode(), name


def test_a_dataset_has_the_name_of_its_directory(tmp_path: Path) -> None:
    for name in ("tempe", "kopi gayo", 'a"b\\c', "日本"):
        inside("init", tmp_path / name)
        assert json.loads((tmp_path / name / "dataset.json").read_bytes())["name"] == name
        assert inside("check", tmp_path / name).status == 0


def test_an_editor_finds_the_schema_of_each_file(tmp_path: Path) -> None:
    inside("init", tmp_path)
    settings = json.loads((tmp_path / ".vscode" / "settings.json").read_bytes())
    schemas = {name: entry["url"] for entry in settings["json.schemas"] for name in entry["fileMatch"]}
    assert sorted(schemas) == [f"/{name}" for name in FILES]
    for name, address in schemas.items():
        schema = json.loads((tmp_path / address).read_bytes())
        jsonschema.validate(json.loads((tmp_path / name[1:]).read_bytes()), schema)
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate([{"no such": "record"}], schema)


def test_the_message_is_in_indonesian_where_that_is_asked_for(tmp_path: Path) -> None:
    assert inside("init", tmp_path / "a", "--lang", "id").err.startswith("dataset ditulis; ")
    assert inside("init", tmp_path / "b", LANG="id_ID.UTF-8").err.startswith("dataset ditulis; ")


def test_parents_are_made_and_an_empty_directory_is_taken(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    assert inside("init", tmp_path / "a").status == 0
    assert inside("init", tmp_path / "c" / "d" / "e").status == 0


@pytest.mark.parametrize("name", ["claims.json", "claims.ndjson", "notes.txt", ".vscode"])
@pytest.mark.parametrize("kind", ["file", "directory", "dangling link"])
def test_nothing_is_written_over_and_nothing_beside_it(tmp_path: Path, name: str, kind: str) -> None:
    path = tmp_path / name
    if kind == "file":
        path.write_text("mine")
    elif kind == "directory":
        path.mkdir()
    else:
        path.symlink_to(tmp_path / "nowhere")
    ended = inside("init", tmp_path)
    assert (ended.status, ended.out) == (2, "")
    assert ended.err.splitlines() == [
        f"indotrade: error: {tmp_path} is not empty: it holds {name}",
        "hint: name a directory that is new or empty: nothing is written over",
    ]
    assert os.listdir(tmp_path) == [name]
    assert kind != "file" or path.read_text() == "mine"


def test_a_second_time_is_refused_and_leaves_the_first_as_it_is(tmp_path: Path) -> None:
    inside("init", tmp_path)
    before = contents(tmp_path)
    assert inside("init", tmp_path).status == 2
    assert contents(tmp_path) == before


@pytest.mark.parametrize(
    ("under", "reason"),
    [
        ("", "File exists"),
        ("below", "Not a directory"),
    ],
)
def test_a_file_in_the_way_is_refused_with_status_4(tmp_path: Path, under: str, reason: str) -> None:
    (tmp_path / "file").write_text("mine")
    folder = tmp_path / "file" / under
    ended = inside("init", folder)
    assert (ended.status, ended.out) == (4, "")
    assert ended.err == f"indotrade: error: cannot write {folder}: {reason}\n"
    assert (tmp_path / "file").read_text() == "mine"


def test_where_nothing_can_be_written_the_status_is_4(tmp_path: Path) -> None:
    ended = inside("init", "/proc/nowhere")
    assert (ended.status, ended.out) == (4, "")
    assert ended.err.startswith("indotrade: error: cannot write /proc/nowhere: ")
    assert ended.err.count("\n") == 1
    long = tmp_path / ("x" * 300)
    assert inside("init", long).err == f"indotrade: error: cannot write {long}: File name too long\n"


def test_where_the_room_ends_nothing_is_left_behind(
    tmp_path: Path, clean_environment: dict[str, str]
) -> None:
    folder = tmp_path / "mine"
    command = f"ulimit -f 1; exec {sys.executable} -m indotrade init {folder}"
    ended = subprocess.run(
        ["sh", "-c", command],
        env=clean_environment | {"PYTHONDONTWRITEBYTECODE": "1"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.returncode, ended.stdout) == (4, "")
    assert ended.stderr == f"indotrade: error: cannot write {folder}: File too large\n"
    assert os.listdir(folder) == []
    assert inside("init", folder).status == 0


def test_a_file_that_comes_in_between_is_not_written_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "claims.json").write_text("mine")
    monkeypatch.setattr(os, "listdir", lambda _: [])
    ended = inside("init", tmp_path)
    assert (ended.status, ended.out) == (4, "")
    assert ended.err == f"indotrade: error: cannot write {tmp_path}: File exists\n"
    monkeypatch.undo()
    assert contents(tmp_path) == {"claims.json": b"mine"}


def test_no_directory_is_no_dataset_of_the_current_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for arguments in ([""], []):
        ended = inside("init", *arguments)
        assert (ended.status, ended.out) == (2, "")
    assert os.listdir(tmp_path) == []


def test_a_process_of_its_own_writes_where_it_is_told(run: Run, tmp_path: Path) -> None:
    ended = run("init", ".", cwd=tmp_path)
    assert (ended.status, ended.out) == (0, "")
    assert sorted(os.listdir(tmp_path)) == [".vscode", *FILES]
    assert run("check", ".", cwd=tmp_path).status == 0


def test_a_hostile_name_reaches_no_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for _ in range(2):
        ended = inside("init", "a\x1b[2Jb")
        assert "\x1b" not in ended.err
        assert r"a\x1b[2Jb" in ended.err
