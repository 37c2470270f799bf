"""Holds the answers of every command against their JSON Schemas: `schemas.py INDOTRADE`, by check-jsonschema and ajv.

check-jsonschema is a Python package of this environment, ajv one of npm, in the folder `node_modules` above the
working directory. What is not there is said, and is a failure if CI is "true".
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ANSWERS = {
    "list": "claims",
    "list --has-figure": "claims",
    "list --allow-empty --since 2999": "claims",
    "sector": "sectors",
    "sector batik": "claims",
    "country": "countries",
    "country japan": "claims",
    "program": "programs",
    "program sme-center": "claims",
    "speaker": "speakers",
    "speaker narration": "claims",
    "organization": "organizations",
    "organization indonesian-embassy-tokyo": "claims",
    "measure": "measures",
    "measure agro-export-value-to-japan": "figures",
    "search seaweed": "claims",
    "show agro-imports-from-japan": "claims",
    "source": "sources",
    "source antara-2018": "sources",
    "verify TEXT": "anchors",
    "check": "faults",
    "check FAULTY": "faults",
    "check --anchors TEXT": "text-anchors",
    "info": "info",
}
"""Command lines over the bundled data, each with the name of its schema; all schemas have one."""
SCHEMAS = Path(__file__).resolve().parents[2] / "data" / "schema" / "output"
AJV = """
const Ajv = require("ajv/dist/2020"), fs = require("fs"), [schema, ...files] = process.argv.slice(1);
const validate = new Ajv({allErrors: true}).compile(JSON.parse(fs.readFileSync(schema)));
for (const file of files)
  if (!validate(JSON.parse(fs.readFileSync(file)))) { console.error(file, validate.errors); process.exit(1); }
"""


def answers(indotrade: str, room: Path) -> dict[str, list[Path]]:
    """Write what the commands answer into files; return these by the file of their schema."""
    text = room / "text"
    text.write_text(
        "A text that is none of the articles, with more than eight words in it.\n", encoding="utf-8"
    )
    faulty = room / "faulty"
    subprocess.run([indotrade, "init", faulty], check=True, capture_output=True)
    (faulty / "sources.json").write_text("[]", encoding="utf-8")
    made: dict[str, list[Path]] = {}
    for number, (line, schema) in enumerate(ANSWERS.items()):
        words = line.replace("TEXT", str(text)).replace("FAULTY", str(faulty)).split()
        for form, name in ("json", schema), ("ndjson", f"{schema}.line"):
            done = subprocess.run([indotrade, *words, "-f", form], check=False, capture_output=True)
            assert done.returncode in (0, 1), done
            said = done.stdout.decode()
            for place, answer in enumerate(said.splitlines()[:5] if form == "ndjson" else [said]):
                file = room / f"{number}-{place}.{form}.json"
                file.write_text(answer, encoding="utf-8")
                made.setdefault(f"{name}.schema.json", []).append(file)
    return made


def main(indotrade: str) -> None:
    """Have both programs compare the answers with their schemas."""
    checker = Path(sys.executable).with_name("check-jsonschema")
    node = shutil.which("node") if Path("node_modules/ajv").is_dir() else None
    with tempfile.TemporaryDirectory() as room:
        made = answers(indotrade, Path(room))
        count = sum(map(len, made.values()))
        if checker.is_file():
            subprocess.run([checker, "--check-metaschema", *SCHEMAS.glob("*.json")], check=True)
            for schema, files in made.items():
                subprocess.run(
                    [checker, "--schemafile", SCHEMAS / schema, *files], check=True, stdout=subprocess.DEVNULL
                )
            print(f"check-jsonschema: {count} answers are as {len(made)} schemas say", flush=True)
        if node:
            for schema, files in made.items():
                subprocess.run([node, "-e", AJV, SCHEMAS / schema, *files], check=True)
            print(f"ajv: {count} answers are as {len(made)} schemas say", flush=True)
    missing = [name for name, there in (("check-jsonschema", checker.is_file()), ("ajv", node)) if not there]
    for name in missing:
        print(f"{name}: not here, so it compared nothing")
    if missing and os.environ.get("CI") == "true":
        sys.exit(f"not here: {', '.join(missing)}")


if __name__ == "__main__":
    main(*sys.argv[1:])
