"""Datasets in other forms, made into a folder that can be read as one: tables of an export, lines of claims."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import chain
from pathlib import Path
from typing import Any

import msgspec

from indotrade.dataset import countries
from indotrade.dataset.folder import Folder, chunks, locate
from indotrade.dataset.lines import Lines
from indotrade.dataset.vocabulary import LISTS
from indotrade.dataset.words import WORLD
from indotrade.errors import Message, Refused
from indotrade.exchange import tables
from indotrade.exchange.adding.holding import Holding
from indotrade.exchange.spreadsheets import sheets
from indotrade.exchange.spreadsheets.sheets import Sheet

Record = dict[str, Any]
DATABASES = (".sqlite", ".sqlite3", ".db")
LINES = (".ndjson", ".jsonl", ".ndjson.gz", ".jsonl.gz")


def dataset(path: Path) -> Folder | None:
    """Return the folder of a dataset, where that is what lies there; else None."""
    return locate(path) if path.is_dir() and (path / "dataset.json").is_file() else None


def exported(path: Path, room: Path) -> Folder | None:
    """Return the dataset that an export wrote as tables, as a folder made in `room`; None where it is none.

    Raises Refused where a table cannot be read.
    """
    found = tables_of(path)
    if found is None and path.suffix.lower() in DATABASES:
        raise Refused(
            Message("{path} holds no dataset: no tables of claims, sources and dataset", path=path),
            Message("`indotrade export NAME.sqlite` writes them"),
        )
    return None if found is None else _made(room, *tables.read(found))


def tables_of(path: Path) -> Mapping[str, Sheet] | None:
    """Return by name the tables of a folder of CSV, a workbook or a database; None where it has no whole dataset's."""
    if path.suffix.lower() in DATABASES:
        from indotrade.exchange.export import sqlite

        return tables.tables_in(sqlite.sheets(path))
    if sheets.is_spreadsheet(path):
        return tables.tables_in(sheets.sheets(path, None, lambda _: None, exact=True))
    return None


def _made(
    room: Path, described: Record, vocabulary: Mapping[str, Any], sources: Any, claims: Iterable[Record]
) -> Folder:
    contents = {
        "dataset.json": described,
        "vocabulary.json": vocabulary,
        "sources.json": sources,
        "claims.json": claims,
    }
    for name, content in contents.items():
        (room / name).write_bytes(msgspec.json.encode(content))
    return Folder(room, "claims.json")


def lines(path: Path, room: Path, holding: Holding, language: str) -> Folder:
    """Return the claims of a file, each with the sources that it cites, as a dataset made in `room`.

    What they refer to beyond that is the dataset's to which they are added, or the bundled one's; an id that is
    neither's becomes an entry, with itself as its label. Raises Refused where a line cannot be read.
    """
    records = list(_of_lines(path))
    return claims(records, room, holding, language, lambda: _copied(path, room))


def claims(records: Iterable[Any], room: Path, holding: Holding, language: str, write: Any = None) -> Folder:
    """Return claims as JSON has them as a dataset made in `room`; `write` writes their file, and names it."""
    records = [record for record in records if isinstance(record, dict)]
    cited: Record = {}
    for record in records:
        for kind, name in _references(record):
            _know(holding, kind, name, language)
        carried = record.get("sources")
        for name, source in carried.items() if isinstance(carried, dict) else ():
            cited.setdefault(name, source)
        for name in _cited(record):
            if name not in cited and (
                known := holding.sources.get(name) or holding.bundled.sources.get(name)
            ):
                cited[name] = msgspec.to_builtins(known)
    spoken = chain.from_iterable(it["statement"] for it in records if isinstance(it.get("statement"), dict))
    described = holding.described | {
        "languages": list(dict.fromkeys((*holding.languages, *spoken))) or ["en"]
    }
    vocabulary = {kind: list(holding.names.lists[kind].values()) for kind in LISTS}
    made = _made(room, described, vocabulary, list(cited.values()), [] if write else records)
    return made if write is None else Folder(room, write())


def records_in(value: Any) -> list[Any] | None:
    """Return the claims in a JSON value that are records of ours: a list of them, or what `--format json` prints."""
    sources: Record = {}
    if isinstance(value, dict) and isinstance(value.get("claims"), list):
        sources, value = value.get("sources") or {}, value["claims"]
    if not isinstance(value, list) or not all(isinstance(it, dict) and "statement" in it for it in value):
        return None
    return [
        it | {"sources": {name: sources[name] for name in _cited(it) if name in sources}} if sources else it
        for it in value
    ]


def _copied(path: Path, room: Path) -> str:
    (room / "claims.json").unlink()
    name = "claims.ndjson.gz" if path.suffix == ".gz" else "claims.ndjson"
    with open(room / name, "wb") as target:
        target.writelines(chunks(path))
    return name


def _of_lines(path: Path) -> Iterator[Any]:
    """Yield what each line holds that is JSON; what is wrong with the others is for the reader to say."""
    try:
        for line in Lines(Folder(path.parent, path.name)):
            with suppress(ValueError, RecursionError):
                yield json.loads(line.data)
    except Refused as error:
        raise Refused(Message("cannot read {path}: {why}", path=path, why=error.message)) from None


def _references(record: Record) -> Iterator[tuple[str, str]]:
    """Yield each id of an entry to which a claim refers, with its list."""
    found: list[tuple[str, Any]] = []
    for kind in ("sectors", "countries", "programs", "organizations"):
        found += [(kind, name) for name in record.get(kind) or () if isinstance(record.get(kind), list)]
    found += [("countries", end) for end in _values(record.get("flow"), "from", "to") if end != WORLD]
    found += [
        ("people", record.get("speaker")),
        *(("programs", it) for it in _values(record.get("said"), "at")),
    ]
    pieces = record.get("evidence")
    for holder in (record, *(pieces if isinstance(pieces, list) else ())):
        figure = holder.get("figure") if isinstance(holder, dict) else None
        found += [("measures", name) for name in _values(figure, "measure")]
    return ((kind, name) for kind, name in found if name and isinstance(name, str))


def _cited(record: Record) -> Iterator[str]:
    pieces = record.get("evidence")
    holders = (record, *(pieces if isinstance(pieces, list) else ()))
    return (name for holder in holders for name in _values(holder, "source") if isinstance(name, str))


def _values(holder: Any, *names: str) -> list[Any]:
    return [holder[name] for name in names if holder.get(name)] if isinstance(holder, dict) else []


def _know(holding: Holding, kind: str, name: str, language: str) -> None:
    """Have an id be that of an entry."""
    lists = ("people", "organizations") if kind == "people" else (kind,)
    if any(name in holding.names.lists[listed] for listed in lists):
        return
    for listed in lists:
        if entry := holding.bundled.names.lists[listed].get(name):
            holding.bring(listed, entry)
            return
    if kind != "countries" or name not in countries.listed():
        holding.put_entry(kind, LISTS[kind](name, {language: name}))
