"""Gives exports to the programs that they are for: `exports.py INDOTRADE`, in an environment that has those programs.

frictionless, Datasette, DuckDB, PyLD and pySHACL are Python packages of that environment; LibreOffice is a program of the
system. What is not there is said, and is a failure if CI is "true".
"""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

SCHEMA_ORG = {"@context": {"@vocab": "https://schema.org/", "url": {"@type": "@id"}}}
"""What schema.org's own context says of the terms that are used, so that no test opens a socket."""
CHECKS: dict[str, Callable[[Path], str]] = {}


def needs(program: str) -> Callable[[Callable[[Path], str]], Callable[[Path], str]]:
    """Register a check under the program that it needs; it returns what was seen."""

    def registered(check: Callable[[Path], str]) -> Callable[[Path], str]:
        CHECKS[program] = check
        return check

    return registered


def output(*command: str | Path) -> str:
    """Return what a command prints. Raises CalledProcessError where it fails."""
    return subprocess.run([*map(str, command)], capture_output=True, check=True).stdout.decode()


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@needs("frictionless")
def tables(folder: Path) -> str:
    frictionless = import_module("frictionless")
    package = folder / "tables" / "datapackage.json"
    report = frictionless.validate(str(package))
    assert report.valid, report.flatten(["resourceName", "rowNumber", "fieldName", "note"])[:10]
    return f"{len(frictionless.Package(str(package)).resources)} tables are valid"


@needs("datasette")
def database(folder: Path) -> str:
    datasette = Path(sys.executable).with_name("datasette")
    base = folder / "base.sqlite"

    def got(address: str) -> dict[str, object]:
        answer: dict[str, object] = json.loads(output(datasette, base, "--get", address))
        return answer

    claims = rows(folder / "tables" / "claims.csv")
    inspected = json.loads(output(datasette, "inspect", base))["base"]["tables"]
    assert inspected["claims"]["count"] == len(claims)
    sector = next(claim["sectors"].split(";")[0] for claim in claims if claim["sectors"])
    found = got(f"/base/claims.json?_search={sector.replace('-', '+')}&_facet_array=sectors&_facet=status")
    assert found["filtered_table_rows_count"]
    facets = found["facet_results"]
    assert isinstance(facets, dict)
    assert facets.keys() >= {"sectors", "status"}
    expandable = json.dumps(got("/base/claim_sector.json?_size=1")["expandable_columns"])
    assert '"other_table": "claims"' in expandable
    assert '"other_table": "sectors"' in expandable
    return f"{len(claims)} claims, searched and by facets"


@needs("duckdb")
def cells(folder: Path) -> str:
    duckdb = import_module("duckdb")
    every = duckdb.read_csv(str(folder / "claims.csv")).project("id, value").fetchall()
    read = [(name, value) for name, value in every if value is not None]
    figures = {row["id"]: row["value"] for row in rows(folder / "claims.csv") if row["value"]}
    assert {name: float(value) for name, value in read} == {
        name: float(value) for name, value in figures.items()
    }
    return f"{len(read)} figures are numbers"


@needs("pyld")
def graph(folder: Path) -> str:
    jsonld = import_module("pyld.jsonld")
    document = json.loads((folder / "claims.jsonld").read_bytes())
    assert document.pop("@context") == "https://schema.org"
    expanded = jsonld.expand(document | SCHEMA_ORG, {"base": "https://example.org/claims.jsonld"})
    claims = [node for node in expanded if "https://schema.org/Claim" in node["@type"]]
    assert len(claims) == len(rows(folder / "claims.csv"))
    for claim in claims:
        assert claim["https://schema.org/appearance"]
        assert claim["https://schema.org/text"]
    reviews = [node for node in expanded if "https://schema.org/ClaimReview" in node["@type"]]
    for review in reviews:
        for name in ("claimReviewed", "reviewRating", "author", "itemReviewed"):
            assert review[f"https://schema.org/{name}"]
    return f"{len(claims)} claims, {len(reviews)} reviews"


@needs("pyshacl")
def shapes(folder: Path) -> str:
    """Hold documents against the shapes that pySHACL has of schema.org, which were made from the vocabulary itself.

    The vocabulary publishes shapes as well, but by those no text is a text.
    """
    pyshacl, rdflib = import_module("pyshacl"), import_module("rdflib")
    own = rdflib.Graph().parse(Path(str(pyshacl.__file__)).parent / "assets" / "schema.ttl")
    context = {"@vocab": "http://schema.org/", "url": {"@type": "@id"}}
    count = 0
    for file in sorted(folder.glob("*.jsonld")):
        document = dated(json.loads(file.read_bytes())) | {"@context": context}
        graph = rdflib.Graph().parse(data=json.dumps(document), format="json-ld", publicID=file.as_uri())
        valid, _, said = pyshacl.validate(graph, shacl_graph=own, ont_graph=own)
        assert valid, f"{file.name}: {said[:2000]}"
        count += len(list(graph.subjects(rdflib.RDF.type, None)))
    return f"{count} nodes are valid"


def dated(value: Any) -> Any:
    """Return a value with its dates typed; without a year or a month, which is a date in ISO 8601 alone."""
    if isinstance(value, list):
        return [dated(item) for item in value]
    if not isinstance(value, dict):
        return value
    made = {}
    for name, item in value.items():
        if not name.startswith("date"):
            made[name] = dated(item)
        elif len(item) == 10:
            made[name] = {"@value": item, "@type": "http://www.w3.org/2001/XMLSchema#date"}
        else:
            assert re.fullmatch(r"\d{4}(-\d{2})?", item), item
    return made


@needs("soffice")
def workbook(folder: Path) -> str:
    office = shutil.which("soffice") or ""
    made = folder / "office"
    made.mkdir()
    # Comma, quotation mark, UTF-8, from line 1; numbers as they are and not as they are shown; all sheets.
    form = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
    profile = f"-env:UserInstallation=file://{made}/profile"
    output(office, profile, "--headless", "--convert-to", form, "--outdir", made, folder / "book.xlsx")
    count = 0
    for file in (folder / "tables").glob("*.csv"):
        own, theirs = rows(file), rows(made / f"book-{file.name}")
        assert len(theirs) == len(own), file.name
        assert [next(iter(row.values())) for row in theirs] == [next(iter(row.values())) for row in own], (
            file.name
        )
        count += len(own)
    formulas = form.replace(",false,true,false,false,false,-1", ",false,true,true,false,false,-1")
    output(office, profile, "--headless", "--convert-to", formulas, "--outdir", made, folder / "book.xlsx")
    shown = [cell for file in made.glob("*.csv") for row in rows(file) for cell in row.values()]
    assert [cell for cell in shown if cell.startswith("=")] == []
    return f"{count} rows in as many sheets as tables, and no formula"


def rated(indotrade: str, folder: Path) -> None:
    """Write the claims as citations, and a dataset with a verdict in it as an export and as citations."""
    own = folder / "own"
    output(indotrade, "init", own)
    claims = json.loads((own / "claims.json").read_bytes())
    next(claim for claim in claims if claim.get("evidence"))["evidence"][0]["rating"] = "Mostly true"
    (own / "claims.json").write_text(json.dumps(claims), encoding="utf-8")
    output(indotrade, "export", folder / "rated.jsonld", "--data", own)
    for data, count in (folder / "dataset", 0), (own, 1):
        listed = output(
            indotrade, "list", "-f", "tsv", "--fields", "id", "--no-header", "--data", data
        ).split()
        cited = output(indotrade, "cite", *listed, "-f", "claimreview", "--data", data)
        assert cited.count('"ClaimReview"') == count
        (folder / f"{data.name}-cited.jsonld").write_text(cited, encoding="utf-8")


def is_there(program: str) -> bool:
    return bool(shutil.which(program)) if program == "soffice" else bool(find_spec(program))


def main(indotrade: str) -> None:
    """Make the exports, and have each program read its own."""
    missing = []
    with tempfile.TemporaryDirectory() as room:
        folder = Path(room)
        for target, *more in (
            ["dataset"], ["tables", "--as", "csv"], ["claims.csv"], ["book.xlsx"], ["base.sqlite"], ["claims.jsonld"]
        ):  # fmt: skip
            output(indotrade, "export", folder / target, *more)
        rated(indotrade, folder)
        for program, check in CHECKS.items():
            if is_there(program):
                print(f"{program}: {check(folder)}", flush=True)
            else:
                missing.append(program)
                print(f"{program}: not here, so what it reads was not given to it", flush=True)
    missing = [program for program in missing if program != "soffice"]  # large, and not everywhere to be had
    if missing and os.environ.get("CI") == "true":
        sys.exit(f"not here: {', '.join(missing)}")


if __name__ == "__main__":
    main(*sys.argv[1:])
