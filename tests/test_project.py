"""The project around the program: its files, its versions, its map, and the wheel that is made of it."""

from __future__ import annotations

import ast
import doctest
import json
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from importlib import import_module
from pathlib import Path

import pytest
from conftest import ROOT
from inside import inside

import indotrade

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
PACKAGE = ROOT / "indotrade"
MODULES = sorted(PACKAGE.rglob("*.py"))
TOP_LEVEL = {
    "indotrade",
    "data",
    "tests",
    "pyproject.toml",
    "README.md",
    "LICENSE",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "CITATION.cff",
}


def tracked() -> list[str]:
    """Return the paths of all files under version control, or skip where there is none."""
    if not (ROOT / ".git").exists():
        pytest.skip("this is no clone")
    listed = subprocess.run(["git", "ls-files", "-z"], capture_output=True, cwd=ROOT, check=False)
    if listed.returncode:
        pytest.skip(f"git does not answer: {listed.stderr.decode().strip()}")
    return listed.stdout.decode().rstrip("\0").split("\0")


def docstring(module: Path) -> str:
    """Return what opens a module."""
    return ast.get_docstring(ast.parse(module.read_text("utf-8"))) or ""


def layers() -> list[list[str]]:
    """Return the modules by the rows of the import contract, from the top."""
    contract = PYPROJECT["tool"]["importlinter"]["contracts"][0]
    return [row.split(" | ") for row in contract["layers"]]


def opening(module: Path) -> str:
    """Return the sentence that opens a module."""
    return docstring(module).split("\n")[0]


def dotted(module: Path) -> str:
    """Return the name of a module within the package: `cli.app`; of a package's face, `cli`."""
    return ".".join(module.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__")


def _member(module: Path) -> str:
    """Return the line of a module within a package; that of the face of a package within it is bold."""
    bold = "**" if module.stem == "__init__" else ""
    return f"| | {bold}`{dotted(module)}`{bold} | {bold}{opening(module)}{bold} |"


def map_of_modules() -> str:
    """Return the table of CONTRIBUTING.md: by rows of the contract each package or module with its opening sentence.

    A package's own sentence is its face's; its modules follow it, in the order of their names.
    """
    lines = ["| row | module | |", "|---|---|---|"]
    for number, row in enumerate(layers(), start=1):
        for name in row:
            folder = PACKAGE / name
            if folder.is_dir():
                lines.append(f"| {number} | **`{name}`** | **{opening(folder / '__init__.py')}** |")
                members = sorted(set(folder.rglob("*.py")) - {folder / "__init__.py"})
                lines += [_member(module) for module in members]
            else:
                lines.append(f"| {number} | `{name}` | {opening(PACKAGE / f'{name}.py')} |")
    return "\n".join(lines) + "\n"


def test_top_level_holds_only_the_agreed_names() -> None:
    names = {path.partition("/")[0] for path in tracked()}
    assert {name for name in names if not name.startswith(".")} == TOP_LEVEL


def test_nothing_that_is_made_is_under_version_control() -> None:
    made = re.compile(r"(^|/)(__pycache__|\.venv|dist|build|\.[a-z_]*cache)(/|$)|\.(pyc|sqlite|whl|gz)$")
    assert [path for path in tracked() if made.search(path)] == []


def test_versions_of_package_and_project_are_one_and_stand_in_the_changelog() -> None:
    assert PYPROJECT["project"]["version"] == indotrade.VERSION
    newest = re.search(
        r"^## (\S+) - (\d{4}-\d{2}-\d{2})$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE
    )
    assert newest
    assert newest[1] == indotrade.VERSION


def test_each_version_in_the_changelog_opens_with_the_data() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    versions = re.split(r"^## ", changelog, flags=re.MULTILINE)[1:]
    assert versions
    for version in versions:
        assert re.match(r"Data( \d+\.\d+\.\d+)?\n", version.split("\n### ")[1])


def test_changelog_goes_from_the_newest_version_to_the_oldest() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    dates = re.findall(r"^## \S+ - (\d{4}-\d{2}-\d{2})$", changelog, re.MULTILINE)
    assert dates
    assert dates == sorted(dates, reverse=True)


def test_each_module_opens_with_one_sentence() -> None:
    assert MODULES
    for module in MODULES:
        first = docstring(module).split("\n")[0]
        assert re.fullmatch(r"[A-Z].+[.?]", first), module
        assert not re.search(r"[.?!] [A-Z]", first), module


SHOWING = [module for module in MODULES if ">>> " in module.read_text("utf-8")]


@pytest.mark.parametrize("module", SHOWING, ids=map(dotted, SHOWING))
def test_what_the_docstrings_of_a_module_show_is_true(module: Path) -> None:
    failed, tried = doctest.testmod(import_module(f"indotrade.{dotted(module)}"))
    assert tried
    assert not failed


def test_map_of_modules_is_true(request: pytest.FixtureRequest) -> None:
    file = ROOT / "CONTRIBUTING.md"
    before, bar, _ = (contributing := file.read_text("utf-8")).partition("| row |")
    assert bar
    if request.config.getoption("--update-screens"):
        file.write_text(before + map_of_modules(), "utf-8")
        return
    assert contributing == before + map_of_modules()


def test_map_names_every_module_once() -> None:
    named = re.findall(r"^\|[^|]*\| (?:\*\*)?`([\w.]+)`", map_of_modules(), re.MULTILINE)
    assert sorted(named) == sorted(dotted(module) for module in MODULES if module != PACKAGE / "__init__.py")


def test_no_sentence_on_a_module_breaks_its_row_of_the_map() -> None:
    assert [dotted(module) for module in MODULES if "|" in re.sub(r"`[^`]*`", "", opening(module))] == []


def test_import_contract_names_every_package_and_every_module_beside_them() -> None:
    named = [name for row in layers() for name in row]
    packages = [face.parent.name for face in PACKAGE.glob("*/__init__.py")]
    modules = [module.stem for module in PACKAGE.glob("*.py") if module.stem != "__init__"]
    assert sorted(named) == sorted(packages + modules)


def test_every_folder_with_modules_is_a_package_with_a_face_of_one_sentence() -> None:
    folders = {module.parent for module in MODULES}
    assert all((folder / "__init__.py").is_file() for folder in folders)
    for folder in folders - {PACKAGE}:
        face = folder / "__init__.py"
        assert face.read_text("utf-8") == f'"""{opening(face)}"""\n', folder.name


@pytest.mark.parametrize(
    "name", ["README.md", "CONTRIBUTING.md", "data/README.md", ".ci/run", "pyproject.toml"]
)
def test_every_module_that_a_text_calls_is_there(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    files = {"indotrade/" + module.relative_to(PACKAGE).as_posix() for module in MODULES}
    called = re.findall(r"-m indotrade\.([\w.]*\w)", text)
    assert [module for module in called if f"indotrade/{module.replace('.', '/')}.py" not in files] == []
    assert [path for path in re.findall(r"indotrade/[\w/]+\.py", text) if path not in files] == []


def test_package_imports_neither_typer_nor_rich_as_a_library() -> None:
    code = (
        "import sys; from indotrade import open_dataset; len(open_dataset().find(sector='batik'));"
        " print(sorted({name.partition('.')[0] for name in sys.modules} & {'typer', 'rich', 'click'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, cwd=ROOT, check=False)
    assert (done.returncode, done.stdout.decode(), done.stderr.decode()) == (0, "[]\n", "")


def test_actions_are_pinned_by_commit() -> None:
    used = [
        line.split("uses:")[1].strip()
        for workflow in (ROOT / ".github" / "workflows").glob("*.yml")
        for line in workflow.read_text("utf-8").split("\n")
        if "uses:" in line
    ]
    assert used
    assert [
        action for action in used if not re.fullmatch(r"[\w.-]+/[\w./-]+@[0-9a-f]{40} # v\S+", action)
    ] == []


def test_wheel_holds_the_package_and_all_of_the_data(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    inside = set(zipfile.ZipFile(wheel).namelist())
    data = {
        f"indotrade/data/{path.relative_to(ROOT / 'data')}"
        for path in (ROOT / "data").rglob("*")
        if path.is_file()
    }
    assert data - inside == set()
    files = [path for path in PACKAGE.rglob("*") if path.is_file() and path.parent.name != "__pycache__"]
    package_files = {f"indotrade/{path.relative_to(PACKAGE).as_posix()}" for path in files}
    assert {"indotrade/cli/app.py", "indotrade/dataset/template/claims.json"} <= package_files
    assert package_files - inside == set()
    assert "indotrade/py.typed" in inside  # or type checkers take the library for untyped
    package = re.compile(r"indotrade/|indotrade-[0-9.]+\.dist-info/")
    assert [name for name in inside if not package.match(name)] == []


def test_the_citation_file_names_program_and_dataset_as_they_are(request: pytest.FixtureRequest) -> None:
    """It is read by its lines, for nothing here reads YAML; `.ci/run` has cffconvert read it."""
    file = ROOT / "CITATION.cff"
    program, references, dataset = file.read_text("utf-8").partition("\nreferences:\n")
    described = json.loads((ROOT / "data" / "dataset.json").read_bytes())
    known = {name: described[name] for name in ("title", "version")}
    known |= {"license": described["licence"], "date-released": described["as_of"]}
    if request.config.getoption("--update-screens"):
        for name, value in known.items():
            dataset = re.sub(rf"(?m)^( +{name}): .*$", rf"\1: {value}", dataset)
        file.write_text(program + references + dataset, "utf-8")
    of_program = dict(re.findall(r"^([\w-]+): (.*)$", program, re.MULTILINE))
    of_dataset = dict(re.findall(r"^ +(?:- )?([\w-]+): (.*)$", dataset, re.MULTILINE))
    project = PYPROJECT["project"]
    assert (of_program["title"], of_program["version"]) == (project["name"], project["version"])
    assert f"{of_program['license']} AND {of_dataset['license']}" == project["license"]
    assert of_program["license"] == indotrade.LICENCE
    released = f"\n## {project['version']} - {of_program.get('date-released')}\n"
    assert released in (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert f"- name: {project['authors'][0]['name']}\n" in program
    assert {name: of_dataset[name] for name in known} == known


def test_the_program_runs_from_a_zip_file(tmp_path: Path) -> None:
    package = tmp_path / "indotrade.whl"
    with zipfile.ZipFile(package, "w") as packed:
        for file in [*PACKAGE.rglob("*"), *(ROOT / "data").rglob("*")]:
            if file.is_file() and "__pycache__" not in file.parts:
                within = file.relative_to(ROOT)
                packed.write(file, within if within.parts[0] == "indotrade" else Path("indotrade", within))
    environment = {"PYTHONPATH": str(package), "HOME": str(tmp_path), "PATH": os.environ["PATH"]}

    def run(*words: str) -> str:
        command = [sys.executable, "-P", "-m", "indotrade", *words]
        return subprocess.run(
            command, env=environment, cwd=tmp_path, capture_output=True, check=True, text=True
        ).stdout

    assert json.loads(run("sector", "batik", "--json")) == json.loads(inside("sector", "batik", "--json").out)
    assert json.loads(run("info", "--json"))["read_from"].startswith(str(tmp_path))
    run("init", "own")
    assert (tmp_path / "own" / ".vscode" / "claims.schema.json").is_file()
