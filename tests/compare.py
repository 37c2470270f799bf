"""Compares what two installed versions of the program answer: `compare.py OLD NEW --data DIR`.

OLD and NEW are `indotrade` executables, or Pythons that are called with `-m indotrade`. Both are asked the same
command lines over the same datasets, in an environment without anything of the caller's. Standard output, standard
error and exit status must be equal to the byte, except where DECLARED says how they may differ. Exit 1 if anything
else does.

`--tty` adds command lines in a terminal of several widths, `--skip-bundled` leaves out those on the data that each
version brings along, and `--only PATTERN` asks only the command lines in which the pattern is found.
"""

# ruff: noqa: T201 - scripts print their tables

from __future__ import annotations

import argparse
import fcntl
import gzip
import json
import os
import re
import select
import shlex
import shutil
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from difflib import unified_diff
from pathlib import Path
from typing import Any, Literal, NamedTuple

AT_A_TIME = 2
LONGEST = 60.0
"""After so many seconds without an end, a command line has the answer that it has none."""
SHOWN = 20
"""So many lines of each difference are printed."""


class Case(NamedTuple):
    """A command line, with all else that decides what is answered."""

    arguments: tuple[str, ...]
    data: str = "given"
    """The name of the dataset that INDOTRADE_DATA names; `bundled` for none."""
    stdin: bytes = b""
    environment: tuple[tuple[str, str], ...] = ()
    columns: int | None = None
    """The width of the terminal; None where the answer goes into a pipe."""
    writes: str | None = None
    """The directory whose files are part of the answer."""

    def __str__(self) -> str:
        """Return the case in one line: dataset, variables, command line, standard input, terminal."""
        variables = [f"{name}={shlex.quote(value)}" for name, value in self.environment]
        given = [f"<<< {shlex.quote(shown(self.stdin[:60].decode(errors='replace')))}"] if self.stdin else []
        terminal = [f"({self.columns} columns)"] if self.columns else []
        words = [*variables, "indotrade", *map(shlex.quote, self.arguments), *given, *terminal]
        return shown(f"[{self.data}] " + " ".join(words))


class Answer(NamedTuple):
    """What a command line left behind; bytes that are not UTF-8 are lone surrogates."""

    status: int
    out: str
    err: str
    files: str = ""


Normalise = Callable[[Answer], Answer]


def without(pattern: str, instead: str = "…") -> Normalise:
    """Return what puts `instead` for each match of a pattern, wherever it stands in an answer."""
    compiled = re.compile(pattern)
    return lambda answer: answer._replace(
        out=compiled.sub(instead, answer.out), err=compiled.sub(instead, answer.err)
    )


class Declared(NamedTuple):
    """A difference that is meant."""

    pattern: str
    """On which command lines: found anywhere in one as it is printed, `[given] indotrade info --lang id`."""
    reason: str
    normalise: Normalise | Literal["whatever"]
    """What takes the difference out of both answers, which must then be equal; `whatever` looks at nothing."""


COUNTED_ANEW = ("schema_version", "supports", "conflicts", "context", "bears_on")
"""Keys of JSON that were not there, or counted something else: pages, where it is voices now."""


def bare(value: Any) -> Any:
    """Return a value of JSON without what is counted anew and what holds nothing, each list in an order of its own."""
    if isinstance(value, list):
        return sorted(map(bare, value), key=lambda item: json.dumps(item, sort_keys=True))
    if not isinstance(value, dict):
        return value
    return {name: bare(of) for name, of in value.items() if name not in COUNTED_ANEW and of not in (None, [])}


def in_any_order(answer: Answer) -> Answer:
    """Return an answer of records as what it says, in whatever order the records and what they list are."""
    lines = [answer.out] if answer.out.startswith("{\n") else answer.out.splitlines()
    with suppress(ValueError):
        lines = [json.dumps(bare(json.loads(line)), sort_keys=True) for line in lines if line]
    several = re.compile(r"[\w-]+(?:;[\w-]+)+")
    lines = [several.sub(lambda ids: ";".join(sorted(ids[0].split(";"))), line) for line in lines]
    return answer._replace(out="\n".join(sorted(lines)))


def undrawn(answer: Answer) -> Answer:
    """Return an answer without what is on standard output: its exit status, and what is said beside it."""
    return answer._replace(out="")


def status(answer: Answer) -> Answer:
    """Return the exit status alone."""
    return Answer(answer.status, "", "")


DECLARED = (
    Declared(
        r" indotrade (--version|info)\b",
        "each version of the program has its own number; `--version` names the licences",
        without(
            r'(?m)^(\S*indotrade\b\S* +\S*?)\d+\.\d+\.\d+(?=\r?$| \()|"program": ?"[^"]*"|^licence: MIT; .*\n',
            r"\1",
        ),
    ),
    Declared(r"^\[bundled\]", "the data are of another version", status),
    # --- what there was not
    Declared(r" -f html\b", "there was no page", "whatever"),
    Declared(r" info -f (csv|tsv|markdown)| info .*--fields", "`info` has every format, and fields", "whatever"),
    Declared(r" (show|verify|list) .*--fields help", "there are more fields, and they are told whatever is asked", "whatever"),
    Declared(r" --fields .*supports", "voices are counted, not pages", "whatever"),
    Declared(r" sector 0901| source antara$", "names are HS codes, publishers and addresses too", "whatever"),
    Declared(r" country world", "`country world` is `--country world`", "whatever"),
    Declared(r" list --source (''|antara$)", "a source has the same names in a filter", "whatever"),
    Declared(r" country --sort |--bom|--no-header|--sort --id", "what cannot be honoured is refused", "whatever"),
    Declared(r"^\[faulty: basis\]", "nobody has to say why a date was inferred", "whatever"),
    # --- what is drawn, or written for readers
    Declared(r"\(\d+ columns\)$", "in a terminal everything is drawn anew", status),
    Declared(r"--help| indotrade$", "help has groups and examples", undrawn),
    Declared(r" cite ", "a source has one entry, and each format is as its readers take it", undrawn),
    Declared(r" info\b", "a status has one definition, with its reason", status),
    Declared(r" init ", "a new dataset has the name of its directory, and the schemas beside it", status),
    Declared(r" check --anchors ", "the words of each window are there too", "whatever"),
    Declared(
        r" (verify|--anchors) \S*(latin|nul)",
        "a text whose charset is not known gets other advice",
        status,
    ),
    Declared(
        r"^\[[^\]]*faulty\b| check\b",
        "every fault is found in one run, and told in groups; there are more warnings",
        status,
    ),
    # --- what is said
    Declared(
        r" verify ",
        "it is told how many words could be read, and as what",
        without(
            r"; [\d.,]+ (?:words? could be read, as|kata dapat dibaca, sebagai) [^\n]*"
            r"|indotrade: (?:error|galat): (?:only|hanya) \d+ [^\n]*\n",
            "",
        ),
    ),
    Declared(
        r"",
        "what may be meant is nearer, and offered as a command line",
        without(
            r"(?m)^(hint|petunjuk): .*\n|; (did you mean|maksud Anda) .*\?$|; (there are|yang ada) .*$", ""
        ),
    ),
    Declared(r" (-f|--format)\b", "there are more formats", without(r"(?m)(it takes|pilihannya) [a-z, -]+$")),
    Declared(
        r" program bni$| cite .*(nope|japn)| -n (-1|x|1\.5)$| --data ''$",
        "what is looked for, or refused, is named more exactly",
        status,
    ),
    # --- records
    Declared(
        r" (country|sector) .*-n \d| --sort -said -n 4",
        "`-n` holds wherever rows are listed; claims of one paragraph are in the order of the file",
        status,
    ),
    Declared(r" -f markdown\b", "a sign that means something in Markdown is escaped", without(r"\\(?=[~^$@])", "")),
    Declared(
        r"",
        "narration is `narration`, and a code keeps its zero in a spreadsheet",
        without(r"(?m)([,\t]|\| )(?:narration|'(?=0\d))(?=[\d,\t\r\n]| \||$)", r"\1"),
    ),
    Declared(
        r"",
        "claims of one paragraph are in the order of the file, and what is searched for in the statement comes first",
        in_any_order,
    ),
    Declared(
        r" (sector|country|program|list|search|show|source|verify)\b(?!.*(--json| -f (json|ndjson|csv|tsv|markdown)))",
        "tables and cards are laid out anew",
        undrawn,
    ),
)  # fmt: skip
"""How this version may differ from 1.0.0. Each takes out what it is about and no more, so that the rest is still compared."""

ALWAYS = without(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", "<when the index was built>")
"""What differs from one run of the same version to the next."""


# --- the datasets -----------------------------------------------------------------------------------

ARTICLE = """\
A made-up article on tea

Growers in the hills sold about twelve million dollars of tea to Japanese buyers during the last year on record.
The chair of the association said at the fair that the harvest needs better promotion abroad, and soon.

輸出額は昨年およそ千二百万ドルだった。
"""
PAGE = (
    "<!doctype html><meta charset=windows-1252><title>Tea</title><h1>Tea &amp; caf\xe9</h1>"
    + "".join(f"<p>{line}</p>" for line in ARTICLE.splitlines()[2:4]).replace("million", "<b>million</b>")
    + "<script>no words at all of this part are to be seen by any reader</script>"
)
TEXTS: dict[str, bytes] = {
    "article.txt": ARTICLE.encode(),
    "half.txt": ARTICLE.encode()[:130],
    "page.html": PAGE.encode("cp1252"),
    "utf-16.txt": ARTICLE.encode("utf-16"),
    "bom.txt": b"\xef\xbb\xbf" + ARTICLE.encode(),
    "latin.txt": "caf\xe9 is no UTF-8 here".encode("latin-1"),
    "other.txt": b"A text of more than eight words that is none of the articles of any dataset.\n",
    "short.txt": b"three words only\n",
    "empty.txt": b"",
    "a.pdf": b"%PDF-1.7\n...",
    "nul.bin": bytes(range(256)),
}

_Change = tuple[str, str, str | bytes | None]
"""A file of the dataset that `init` writes, text in it ("" for all of it), and what stands there instead."""
FAULTY: dict[str, tuple[_Change, ...]] = {
    "cut": (("claims.json", '"evidence": []\n  }\n]\n', '"evidence": ['),),
    "comma": (("sources.json", '"type": "article",', '"type": "article",,'),),
    "empty file": (("claims.json", "", ""),),
    "page": (("claims.json", "", "<!doctype html><p>Not found</p>"),),
    "not UTF-8": (("vocabulary.json", "", b'{"sectors": "caf\xe9"}'),),
    "no sources": (("sources.json", "", None),),
    "no dataset": (("dataset.json", "", None), ("claims.json", "", None)),
    "no claims": (("claims.json", "", None),),
    "two files of claims": (("claims.ndjson", "", "{}"),),
    "object": (("claims.json", "", "{}"),),
    "null": (("sources.json", "", "null"),),
    "unknown field": (("claims.json", '"kind": "figure"', '"sort": "figure"'),),
    "wrong types": (
        ("claims.json", '"paragraph": 1', '"paragraph": "1"'),
        ("claims.json", '"sectors": [\n      "tea"\n    ]', '"sectors": "tea"'),
        ("claims.json", '"flow": null', '"flow": 3'),
    ),
    "out of range": (("claims.json", '"paragraph": 1', '"paragraph": 0'),),
    "no word of the list": (
        ("claims.json", '"bound": "about"', '"bound": "roughly"'),
        ("claims.json", '"status": "single"', '"status": "likely"'),
    ),
    "no date": (
        ("claims.json", '"date": "2024-05-02"', '"date": "2024-02-30"'),
        ("claims.json", '"period": "2023"', '"period": "2024/2023"'),
        ("sources.json", '"published": "2024"', '"published": "May 2024"'),
    ),
    "future": (("claims.json", '"date": "2024-05-02"', '"date": "9999-12"'),),
    "same id": (("claims.json", '"id": "tea-needs-promotion"', '"id": "tea-exports-2023"'),),
    "no such reference": (
        ("claims.json", '"sectors": [\n      "tea"', '"sectors": [\n      "coffee", "tea", "tea"'),
        ("claims.json", '"to": "japan"', '"to": "world"'),
        ("claims.json", '"from": "indonesia"', '"from": "atlantis"'),
        ("claims.json", '"speaker": "a-speaker"', '"speaker": "nobody"'),
        ("claims.json", '"source": "example-statistics"', '"source": "example-gazette"'),
    ),
    "evidence for a source": (("claims.json", '"source": "example-article"', '"source": "example-statistics"'),),
    "statuses": (
        ("claims.json", '"status": "single"', '"status": "disputed"'),
        ("claims.json", '"relation": "supports"', '"relation": "context"'),
    ),
    "basis": (("claims.json", '"basis": "printed",\n      "why": null', '"basis": "inferred",\n      "why": null'),),
    "names": (
        ("vocabulary.json", '"RI"', '"RI", "JPN", "!?"'),
        ("vocabulary.json", '"id": "a-speaker"', '"id": "narration"'),
        ("vocabulary.json", '"parent": null', '"parent": "tea"'),
    ),
    "another format": (("dataset.json", '"format": 1', '"format": 7'),),
    "key twice": (("dataset.json", '"format": 1', '"format": 1, "format": 1'),),
    "NUL": (("claims.json", "Indonesian tea", "Indonesian \\u0000 tea"),),
    "half a surrogate pair": (("claims.json", "Indonesian tea", "Indonesian \\ud800 tea"),),
    "anchors": (("claims.json", '"v1:0123456789abcdef"', '"v1:0", "v2:0123456789abcdef"'),),
    "unused": (("sources.json", '"id": "example-statistics"', '"id": "example-almanac"'),),
    "escapes": (("claims.json", "Indonesian tea", "=Indonesian\\u001b[31m \\u202e |<b>tea\\ttoo\\r\\n"),),
    "lines": (
        ("claims.json", "", None),
        ("claims.ndjson", "", '{"id": "a"}\n\n{"id": }\n[]\nnull\n{"id": "b", "kind": "figure", "id": "c"}\n'),
    ),
    "no gzip": (("claims.json", "", None), ("claims.ndjson.gz", "", "{}")),
}  # fmt: skip


def texts(folder: Path) -> None:
    """Write the texts that are verified into a folder."""
    folder.mkdir()
    for name, content in TEXTS.items():
        (folder / name).write_bytes(content)


def made(root: Path, given: Path, old: Side) -> dict[str, Path]:
    """Return the datasets by name, those that are not given written into `root`."""
    _asked(old, root, "init", "init")
    folders = {"given": given, "init": root / "init"}
    _with_anchors(folders["init"], _asked(old, root, "check", "--anchors", "texts/article.txt", "-f", "tsv"))
    claims = json.loads((folders["init"] / "claims.json").read_text("utf-8"))
    lines = "".join(json.dumps(claim, ensure_ascii=False) + "\n" for claim in claims).encode()
    for name, file, content in (
        ("lines", "claims.ndjson", b"\xef\xbb\xbf" + lines),
        ("gzip", "claims.ndjson.gz", gzip.compress(lines, mtime=0)),
    ):
        folders[name] = _copy(folders["init"], root / name)
        (folders[name] / file).write_bytes(content)
    for number, (name, changes) in enumerate(FAULTY.items()):
        folders[f"faulty: {name}"] = folder = shutil.copytree(root / "init", root / f"faulty-{number:02}")
        for change in changes:
            _change(folder, *change)
    folders["large"] = _copy(given, root / "large")
    records = json.loads((given / "claims.json").read_text("utf-8"))
    _large(folders["large"], records)
    folders["large, faulty"] = _copy(given, root / "large-faulty")
    _large(folders["large, faulty"], [record | {"status": "misprint"} for record in records])
    folders["missing"] = root / "missing"
    folders["no directory"] = root / "texts" / "article.txt"
    return folders


def _asked(side: Side, cwd: Path, *arguments: str) -> str:
    """Return what a version answers while the datasets are made. Raises CalledProcessError if it fails."""
    done = subprocess.run(
        [*side.command, *arguments], env=side.environment, cwd=cwd, capture_output=True, check=True
    )
    return done.stdout.decode()


def _with_anchors(folder: Path, listed: str) -> None:
    """Anchor the two claims of a dataset in the article: the first in words that it has, the second in half of them."""
    first, *_, last = [line.split("\t")[0] for line in listed.splitlines()[1:]]
    path = folder / "claims.json"
    claims = json.loads(path.read_text("utf-8"))
    claims[0]["anchors"] = [first, last]
    claims[1]["anchors"] = [last, "v1:0123456789abcdef"]
    path.write_text(json.dumps(claims, ensure_ascii=False, indent=2) + "\n", "utf-8")


def _copy(folder: Path, to: Path) -> Path:
    """Return a copy of a dataset without its claims."""
    to.mkdir()
    for name in ("dataset.json", "sources.json", "vocabulary.json"):
        shutil.copy(folder / name, to)
    return to


def _change(folder: Path, name: str, text: str, instead: str | bytes | None) -> None:
    path = folder / name
    if instead is None:
        path.unlink()
    elif isinstance(instead, bytes) or not text:
        path.write_bytes(instead if isinstance(instead, bytes) else instead.encode())
    else:
        before = path.read_text("utf-8")
        if text not in before:
            sys.exit(f"compare: {name} of the dataset that `init` writes has no {text!r}")
        path.write_text(before.replace(text, instead, 1), "utf-8")


def _large(folder: Path, records: Sequence[dict[str, object]]) -> None:
    """Write the claims over and over, with new ids, until they are too many to be read at each start."""
    written = copy = 0
    with open(folder / "claims.ndjson", "wb") as file:
        while written < 2_500_000:
            for record in records:
                again = record | {"id": f"{record['id']}-{copy:02}"}
                written += file.write(json.dumps(again, ensure_ascii=False).encode() + b"\n")
            copy += 1


# --- the command lines ------------------------------------------------------------------------------

FORMATS = ("table", "json", "ndjson", "csv", "tsv", "markdown", "html")
CITED = ("text", "bibtex", "csl-json", "ris")
COMMANDS = ("sector", "country", "program", "list", "search", "show", "cite", "source", "verify", "info", "check", "init")  # fmt: skip
ANSWERS = (
    "sector",
    "sector batik",
    "country",
    "country jepang --kind figure",
    "program",
    "program 'sme center'",
    "list --status disputed --status misprint --status superseded",
    "search seaweed",
    "show diaspora-over-70-thousand agro-imports-from-japan",
    "source",
    "source antara-2018 kontan-plywood-japan-2018",
    "verify {texts}/article.txt",
    "info",
    "check",
    "check --anchors {texts}/article.txt",
)
FILTERS = """
--sector batik|--sector agro-industry|--sector food --sector coffee|--country fukuoka|--country ID
--program 'business matching'|--organization bni|--organization 'bank negara'|--speaker heri|--speaker narration
--speaker narasi|--speaker susanto --speaker narration|--source halojapin-2022
--source antara-2018 --source halojapin-2022|--kind figure|--kind plan --kind need|--status single
--status corroborated|--status superseded|--at 'diaspora week'|--at business-matching|--from indonesia|--from japan
--to japan|--to world|--to dunia|--to 世界|--has-figure|--since 2022|--since 2018-02-22|--since 2018-02|--until 2018
--until 2022-04-21|--until 2022-04-22|--sort said|--sort -said|--sort value|--sort -value|--sort id|--sort -id
--sort paragraph|--sort -paragraph|-n 0|-n 1|-n 5|--limit 1000|--kind event --since 2030
--kind event --since 2030 --allow-empty|--sector batik --kind plan|--sector food --country japan --kind description
--country japan --has-figure --sort -value -n 3|--speaker heri --kind opinion --until 2022-12 --sort id
--sector coffee --status disputed --source antara-2018|--from indonesia --to japan --kind figure --sort -value
--since 2018 --until 2018-12-31 --has-figure --sort value|--at matching --speaker panggah --sector food -n 2
--program sme --organization embassy --kind event|--country fukuoka --country tokyo --sort -said -n 4
--sector seaweed --sector seaweed --kind need|--status disputed --status single --kind forecast --allow-empty
"""
NAMES = """
sector コーヒー|sector 珈琲|sector kopi|sector BATIK|sector Ｂａｔｉｋ|sector rumput laut|sector 'rumput  laut'
sector batik kopi|sector auto|sector agro|sector batk|sector cofee|sector xyzzy|sector ''|sector ' '|sector -- -x
sector batik batik|sector umkm|sector food 'sea weed'|sector 0901|sector chocolat seawed|country japan|country JPN
country jp|country 日本|country Nippon|country RI|country dki|country tokio|country ID-JK|country JP-40|country jpan
country world|country an|country 80カ国|country indonesia japan --kind need|program sme center|program SMECenter
program matching|program diaspora|program 'akses keuangan'|program bni|program visit|program smee
program sme-center ministers-visit|list --speaker ambassador|list --speaker a|list --speaker herri
list --organization ministry|list --organization indonesia|list --source antara|list --source antara-2019
list --to jakarta|list --from atlantis|show agro-import|show nothing-like-it|show agro-imports-from-japan nope
show nope nada|source antara|source antara-2018 nope|source nope|cite agro-imports-from-japn -f ris
cite antara-2018 nope halojapin-2022|cite nope nada|sector batik --sector coffee|sector --kind figure -f tsv
sector --kind figure -n 1 -f tsv|sector -n 1 -f tsv|sector --kind figure --since 2030|program --speaker heri -f tsv
country --sort value -f tsv|country --sort x|country --lang id --speaker narration
"""
SEARCHES = """
search seaweed|search rumput laut|search 'rumput laut'|search 日本|search jp|search a|search 'of the'|search 41
search 300%|search ＳＥＡＷＥＥＤ|search café|search 'sea weed'|search sea-weed|search kompas|search 'okezone' mina
search batik --kind figure|search batik -n 1 --lang id|search zzzzzz|search zzzzzz --allow-empty|search ''
search '!?'|search . , -n 2|search '"quoted"'|search "it's"|search '%' -n 2|search _ -n 2|search - -n 2
search fao|search 'domestic output'|search heri akhmadi japan|search foodex|search 'toyota'|search x y z
"""
FIELDS = """
list -n 3 -f csv --fields id|list -n 3 -f tsv --fields id,statement,value,unit|list -n 3 --fields value,id,value
list -n 3 -f markdown --fields id,url,note|list -n 3 -f json --fields id,figure|list -n 3 -f ndjson --fields id,said
list -f tsv --fields flow_from,flow_to,measure,reading,supports,conflicts,anchors
list -f csv --fields sectors,countries,programs,organizations,published,publisher,period,bound,as_printed
list -f csv --fields statement_en,statement_id --lang id -n 2|list --fields help|list --fields help --json
list --fields help -f ndjson --lang id|list --fields ' id , kind,' -f tsv -n 2|list --fields ''|list --fields ,
list --fields nope|list --fields statment -f csv|list --fields flow -f csv|list --fields flow -f json -n 1
list --fields id --width 60 -n 2|list --fields id,statement --width 50 -n 2|sector --fields help
sector --fields id,claims -f tsv|sector --fields label,parent|country --fields iso3,claims,label -f csv
program --fields id,where,organizers,when -f markdown|source --fields help|source --fields id,url,claims -f tsv
source --fields publisher,claim_ids -f csv|verify {texts}/article.txt --fields help --data {init}
verify {texts}/article.txt --fields claim,result,missing --data {init}|check --fields rule,message|info --fields id
show japan-has-no-coffee --fields id,status|show japan-has-no-coffee --fields help|search tea --fields help
check --anchors {texts}/article.txt --fields anchor -f tsv|list -f csv --bom -n 2|list -f tsv --bom -n 2
list -f csv --no-header -n 2|list -f tsv --no-header -n 2|list -f markdown --no-header -n 2|list --json -n 2
list -f json --json -n 1|sector -f csv --bom --no-header|list -f csv --bom --no-header --fields id,speaker,status
"""
MISUSE = """
|--nope|nope|sectr|--version --nope|list --nope|list --sectr batik|list extra|search|show|cite|verify|init|list -f
list -f xml|list -f jsn|list --json -f csv|list -n|list -n -1|list -n x|list -n 1.5|list --since yesterday
list --since 2022-13|list --since 2022-02-30|list --since ''|list --until 22|list --since 2022 --until 2018
list --since 2022- |list --kind figur|list --kind x|list --status x|list --sort x|list --sort valu|list --sort --id
list --lang de|list --lang|list --lang=id --nope|list --lang id -f xml|list --width 0|list --width x
list --width 1 -n 1|list --width 100000 -n 1|list --color sometimes|list --has-figure=yes|list --data ''
list --data {root}/missing|list --data {texts}/article.txt|info -f csv|info -f markdown|cite antara-2018 -f json
cite antara-2018 -f bibtx|cite antara-2018 --lang fr|verify {texts}/missing.txt|verify {texts}|check {root}/missing
check {texts}|check --anchors {texts}/missing.txt|check a b|init {init}|init ''|init {texts}/article.txt|sector --kind x
country --since x|list --speaker ''|list --source ''|list --version|list --since 2022 --since 2018 -f tsv -n 2
list --data {init} --data {given} -n 1 -f tsv|search tea --data {init} -f xml|show -|cite -|source -|verify -
"""
VERIFIED = """
verify {texts}/article.txt|verify {texts}/half.txt|verify {texts}/page.html|verify {texts}/utf-16.txt
verify {texts}/bom.txt|verify {texts}/latin.txt|verify {texts}/other.txt|verify {texts}/short.txt
verify {texts}/empty.txt|verify {texts}/a.pdf|verify {texts}/nul.bin|verify {texts}/article.txt --lang id
verify {texts}/article.txt --width 60|verify {texts}/article.txt --width 40 --color always
check --anchors {texts}/page.html -f tsv|check --anchors {texts}/utf-16.txt -f csv|check --anchors {texts}/short.txt
check --anchors {texts}/a.pdf --lang id|check --anchors {texts}/half.txt --width 50
"""
SMALL = """
sector|sector teh|country 日本|program|list|list -f json|list -f csv|list -f ndjson|list --sort -value|search promotion
search 'tea association'|search 'statistics office'|show tea-exports-2023|show tea-needs-promotion --lang id
cite tea-exports-2023 -f bibtex|cite example-statistics tea-needs-promotion -f csl-json|source|source example-article
info|check|check --json|info --json|country id --lang id --width 60|list --at nothing|list --to japan --has-figure
"""
LARGE = """
sector|sector batik -n 3|sector seaweed -f tsv|country japan -n 2 -f json|country fukuoka -f ndjson -n 3|program
program 'sme center' -n 2|list -n 5|list -f csv|list --sort -value -n 7 -f tsv|list --sort id -n 7 -f tsv
list --sort -said -n 3|list --kind figure --speaker heri -f tsv --fields id|list --since 2022-04-22 --until 2022 -n 2
search seaweed -f tsv --fields id|search 'rumput laut' -n 3|search jp -n 2|search a -f tsv --fields id -n 4
search zzzz|search batik ekspor -f tsv --fields id,status|show agro-imports-from-japan-00 agro-imports-from-japan-03
show agro-imports-from-japan|cite japan-has-no-coffee-07 -f bibtex|source antara-2018 -f json|source -f tsv|info
info --json|check|check -f json|verify {texts}/other.txt|sector batk|sector|list --source antara-2018 --kind need
"""


def lines(table: str, data: str = "given", **more: str) -> Iterator[Case]:
    """Yield the command lines of a table, parted by bars and line ends; `more` are variables of the environment."""
    for line in re.split(r"[|\n]", table.strip("\n")):
        yield asked(line, data, **more)


def asked(line: str, data: str = "given", stdin: str | bytes = b"", **more: str) -> Case:
    """Return a command line written as one would type it."""
    given = stdin if isinstance(stdin, bytes) else stdin.encode()
    return Case(tuple(shlex.split(line)), data, given, tuple(more.items()))


def cases(folders: dict[str, Path], claims: list[str], sources: list[str]) -> Iterator[Case]:
    """Yield the command lines; `claims` and `sources` are the ids of the dataset that is given."""
    for line in ("--version", "--help", *(f"{command} --help" for command in COMMANDS)):
        yield asked(line)
    yield from (asked(f"{line} -f {format}") for line in ANSWERS for format in FORMATS)
    yield from lines("\n".join(f"list -f tsv --fields id,said,value,paragraph {line}" for line in re.split(r"[|\n]", FILTERS.strip())))  # fmt: skip
    for table in (NAMES, SEARCHES, FIELDS, MISUSE):
        yield from lines(table)
    for width in (120, 80, 60, 50):
        yield from (asked(f"{line} --width {width}") for line in ANSWERS[:-3])
    yield from (asked(f"{line} --lang id --width 80") for line in ANSWERS)
    yield from (asked(f"{line} --color always --width 100") for line in ANSWERS)
    yield from (asked(f"{line} --lang id") for line in ANSWERS[:-1])
    yield from _of_each(claims, sources)
    yield from _of_the_environment(claims)
    yield from _of_completion()
    for data in ("init", "lines", "gzip"):
        yield from lines(SMALL, data)
    yield from lines(VERIFIED, "init")
    yield asked("verify - -f tsv", "init", ARTICLE)
    yield asked("check --anchors - -f tsv", "init", PAGE.encode("cp1252"))
    yield from lines(LARGE, "large")
    for name in folders:
        if name.startswith("faulty: ") or name in ("large, faulty", "missing", "no directory"):
            yield from lines("check|check --lang id|list -f tsv" if "large" in name else "check|check --json|check --lang id --width 70|list -f tsv", name)  # fmt: skip
    yield Case(("init", "own"), writes="own")
    yield Case(("init", "--lang", "id", "new/of my own"), writes="new")


def _of_each(claims: list[str], sources: list[str]) -> Iterator[Case]:
    """Yield command lines on each claim, and on all of them at once."""
    for place, name in enumerate(claims):
        yield asked(f"show {name} --lang {('en', 'id')[place % 2]} --width {(100, 70, 50)[place % 3]}")
        yield asked(f"cite {name} -f {CITED[place % 4]} --lang {('id', 'en')[place % 2]}")
    both = "".join(f"{name}\n" for name in claims + sources)
    for format in CITED:
        yield asked(f"cite - -f {format}", stdin=both)
        yield asked(f"cite antara-2018 antara-2018 agro-imports-from-japan -f {format} --lang id")
    yield asked("show -", stdin="\n".join(claims))
    yield asked("show - -f ndjson", stdin="id\r\n" + "\r\n".join(claims))
    yield asked("show - -f csv --lang id", stdin="\ufeff" + "\n\n".join(claims))
    yield asked("source - -f json", stdin="\n".join(sources))
    yield asked("source -", stdin="\n".join(sources))
    yield asked("source - --lang id --width 80", stdin="\n".join(sources[:20]))
    yield asked("show japan-has-no-coffee - japan-has-no-coffee -f tsv", stdin="nope\njapan-has-no-seaweed\n")
    yield asked("show -", stdin=b"caf\xe9\n\0\n")
    yield Case(("show", "caf\udce9"))
    yield Case(("sector", "caf\udce9"))
    yield Case(("search", "caf\udce9", "x"))
    yield Case(("list", "--speaker", "\x1b[31mred\u202e"))
    yield Case(("sector", "x" * 5000))
    yield Case(("search", *(["the"] * 70)))
    yield Case(("search", "long " * 1000))


def _of_the_environment(claims: list[str]) -> Iterator[Case]:
    """Yield command lines whose answer depends on variables."""
    line = "sector batik"
    for variable, value in (
        ("INDOTRADE_LANG", "id"),
        ("INDOTRADE_LANG", "de"),
        ("LANG", "id_ID.UTF-8"),
        ("LC_ALL", "id_ID"),
        ("LC_MESSAGES", "id"),
        ("FORCE_COLOR", "1"),
        ("NO_COLOR", "1"),
        ("COLUMNS", "60"),
        ("TERM", "dumb"),
        ("INDOTRADE_DEBUG", "1"),
        ("PYTHONIOENCODING", "ascii"),
        ("PYTHONIOENCODING", "latin-1"),
        ("PYTHONIOENCODING", "shift_jis"),
        ("PYTHONIOENCODING", "utf-16"),
        ("INDOTRADE_DATA", ""),
    ):
        yield asked(line if value else "check -f tsv", **{variable: value})
    yield from lines("sector batk|list -f xml|list --nope|sector|list --kind x|country jepang -f csv|--help|nope", LANG="id_ID.UTF-8")  # fmt: skip
    for line in (
        "country -f json",
        f"show {claims[0]} --width 60",
        "sector xyzzy…",
        "cite antara-2018 -f csl-json",
    ):
        yield asked(line, PYTHONIOENCODING="ascii")
    yield asked("list --lang en -n 2", INDOTRADE_LANG="id")
    yield asked("list --color always -n 2", NO_COLOR="1")
    yield asked("list --color never -n 2", FORCE_COLOR="1")


def _of_completion() -> Iterator[Case]:
    """Yield what shells ask while a line is typed."""
    for typed in (
        "", "s", "sector ba", "sector コ", "country j", "program s", "show ag", "cite antara", "source ", "list --",
        "list --kind ", "list --status d", "list --sort -", "list --fields id,st", "list --json --fields s",
        "list --speaker n", "list --source ", "list -f ", "cite x -f ", "list --lang ", "nope x", "list --color a",
    ):  # fmt: skip
        words = ["indotrade", *typed.split(" ")]
        yield asked("", _INDOTRADE_COMPLETE="complete_bash", COMP_WORDS=" ".join(words), COMP_CWORD=str(len(words) - 1))  # fmt: skip
    for shell in ("zsh", "fish"):
        for typed in ("sector ba", "show ag", "list --status "):
            yield asked("", _INDOTRADE_COMPLETE=f"complete_{shell}", _TYPER_COMPLETE_ARGS=f"indotrade {typed}", _TYPER_COMPLETE_FISH_ACTION="get-args", _TYPER_COMPLETE_WORD_TO_COMPLETE=typed.split(" ")[-1])  # fmt: skip


def bundled() -> Iterator[Case]:
    """Yield command lines on the data that each version brings along."""
    yield from lines("--version|sector batik|list -f csv|show diaspora-over-70-thousand|search seaweed -f json|check|source -f tsv", "bundled")  # fmt: skip


def in_terminals() -> Iterator[Case]:
    """Yield command lines in terminals of several widths."""
    for columns in (120, 80, 50):
        for line in (*ANSWERS, "list", "--help", "list --help", "sector batk", "sector batik --lang id"):
            yield asked(line)._replace(columns=columns)
        yield asked("sector batik", TERM="dumb")._replace(columns=columns)
        yield asked("sector batik", NO_COLOR="1")._replace(columns=columns)
        yield asked("show diaspora-over-70-thousand --color never")._replace(columns=columns)
        yield asked("info", "init")._replace(columns=columns)
        yield asked("check", "faulty: names")._replace(columns=columns)


# --- asking -----------------------------------------------------------------------------------------


class Side(NamedTuple):
    """One of the two versions."""

    command: list[str]
    home: Path
    """Where it runs, and keeps its indexes."""

    @property
    def environment(self) -> dict[str, str]:
        """Variables that say the same to both versions: the directory that a process is in is its home."""
        here = "/proc/self/cwd"
        return {"PATH": os.environ["PATH"], "HOME": here, "XDG_CACHE_HOME": f"{here}/cache", "LANG": "C.UTF-8"}  # fmt: skip


def side(path: str, home: Path) -> Side:
    """Return a version by its path, or by that of the Python in which it is installed. Exits where there is none."""
    if not os.access(path, os.X_OK) or os.path.isdir(path):
        sys.exit(f"compare: {path} cannot be executed")
    home.mkdir()
    program = os.path.abspath(path)
    return Side([program, "-m", "indotrade"] if Path(path).name.startswith("python") else [program], home)


def answer(side: Side, case: Case, folders: dict[str, Path]) -> Answer:
    """Return what one version answers."""
    named = {"root": folders["init"].parent, "texts": folders["init"].parent / "texts", **folders}
    arguments = [re.sub(r"\{(\w+)\}", lambda match: str(named[match[1]]), word) for word in case.arguments]
    environment = side.environment
    if case.data != "bundled":
        environment["INDOTRADE_DATA"] = str(folders[case.data])
    environment |= dict(case.environment)
    found = (_piped if case.columns is None else _in_terminal)(side, arguments, environment, case)
    if case.writes:
        written = sorted(path for path in (side.home / case.writes).rglob("*") if path.is_file())
        found = found._replace(files="".join(f"{path.name}\n{path.read_text('utf-8')}" for path in written))
    return ALWAYS(found)


def _piped(side: Side, arguments: list[str], environment: dict[str, str], case: Case) -> Answer:
    command = [os.fsencode(word) for word in (*side.command, *arguments)]
    try:
        done = subprocess.run(
            command,
            input=case.stdin,
            capture_output=True,
            env=environment,
            cwd=side.home,
            timeout=LONGEST,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Answer(-1, "", f"no end after {LONGEST:.0f} seconds")
    return Answer(done.returncode, _text(done.stdout), _text(done.stderr))


def _in_terminal(side: Side, arguments: list[str], environment: dict[str, str], case: Case) -> Answer:
    ours, theirs = os.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 10_000, case.columns, 0, 0))
    child = subprocess.Popen(
        [os.fsencode(word) for word in (*side.command, *arguments)],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={"TERM": "xterm-256color"} | environment,
        cwd=side.home,
    )
    os.close(theirs)
    written = b""
    with suppress(OSError):  # how Linux says that the other end is closed
        while select.select([ours], [], [], LONGEST)[0]:
            written += os.read(ours, 1 << 16)
        child.kill()  # it has been silent for too long
    os.close(ours)
    return Answer(child.wait(LONGEST), _text(written), "")


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def shown(text: str) -> str:
    """Return text with what a terminal may act on as escapes, so that a difference can be read."""
    return re.sub(
        "[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\ud800-\udfff\ufeff]",
        lambda match: match[0].encode("unicode_escape").decode(),
        text,
    )


# --- comparing --------------------------------------------------------------------------------------


def judged(case: Case, old: Answer, new: Answer) -> tuple[list[Declared], list[str]]:
    """Return the declared differences that two answers have, and the lines that show what differs beside those."""
    met: list[Declared] = []
    for declared in DECLARED:
        if old == new or not re.search(declared.pattern, str(case)):
            continue
        if declared.normalise == "whatever":
            return [*met, declared], []
        before, (old, new) = (old, new), (declared.normalise(old), declared.normalise(new))
        met += [declared] if (old, new) != before else []
    return met, [] if old == new else difference(old, new)


def difference(old: Answer, new: Answer) -> list[str]:
    """Return the lines that show how two answers differ."""
    told = [f"-exit {old.status}", f"+exit {new.status}"] if old.status != new.status else []
    for name in ("out", "err", "files"):
        before, after = (shown(getattr(answer, name)).split("\n") for answer in (old, new))
        told += list(unified_diff(before, after, f"old {name}", f"new {name}", lineterm="", n=1))
    return told if len(told) <= SHOWN else [*told[:SHOWN], f"… {len(told) - SHOWN} more lines"]


def main() -> None:
    """Print each difference, what was declared, and a count."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("old", metavar="OLD")
    parser.add_argument("new", metavar="NEW")
    parser.add_argument(
        "--data", type=Path, required=True, metavar="DIR", help="a dataset with a claims.json"
    )
    parser.add_argument("--tty", action="store_true", help="ask in terminals as well")
    parser.add_argument("--skip-bundled", action="store_true", help="ask nothing of the bundled data")
    parser.add_argument("--only", default="", metavar="PATTERN", help="ask only what this is found in")
    options = parser.parse_args()
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch).resolve()
        old, new = side(options.old, root / "old"), side(options.new, root / "new")
        texts(root / "texts")
        folders = made(root, options.data.resolve(), old)
        claims, sources = (
            _asked(old, root, command, "--data", str(folders["given"]), "-f", "tsv", "--fields", "id").split()[1:]
            for command in ("list", "source")
        )  # fmt: skip
        listed = [
            *cases(folders, claims, sources),
            *([] if options.skip_bundled else bundled()),
            *(in_terminals() if options.tty else ()),
        ]
        listed = [case for case in dict.fromkeys(listed) if re.search(options.only, str(case))]

        def both(case: Case) -> tuple[Answer, Answer]:
            return answer(old, case, folders), answer(new, case, folders)

        for name in ("large", "bundled"):  # an index is built once, and byte code compiled
            both(asked("info", name))
        with ThreadPoolExecutor(AT_A_TIME) as pool:
            answered = dict(zip(listed, pool.map(both, listed), strict=True))
    sys.exit(report(answered, time.monotonic() - start))


def report(answered: dict[Case, tuple[Answer, Answer]], seconds: float) -> int:
    """Print what differs, and return the exit status."""
    met: dict[Declared, int] = dict.fromkeys(DECLARED, 0)
    same = different = 0
    for case, (old, new) in answered.items():
        declared, told = judged(case, old, new)
        for one in declared:
            met[one] += 1
        same += not declared and not told
        different += bool(told)
        if told:
            print(f"{case}", *(f"    {line}" for line in told), "", sep="\n")
    for one, times in met.items():
        print(f"declared, {f'met {times} times' if times else 'never met'}: {one.reason} ({one.pattern})")
    declared_only = len(answered) - same - different
    print(f"{len(answered)} command lines: {same} the same, {declared_only} differ as declared, {different} differ otherwise; {seconds:.0f} s")  # fmt: skip
    return 1 if different else 0


if __name__ == "__main__":
    main()
