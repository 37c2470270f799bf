"""Writes the JSON Schemas of answers from what they hold: `python -m indotrade.output.schema`, or `--check` to compare.

There are two for each noun, of the object that `--format json` prints and of a line of `--format ndjson`. They are of
whole answers, where every key is there; with `--fields`, only those named are. Keys may be added to what they describe.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any, get_type_hints

import msgspec

from indotrade.dataset.faults import TOLD
from indotrade.dataset.fields import Id, LanguageCode, Texts
from indotrade.dataset.folder import bundled
from indotrade.dataset.records import Claim, Figure, Source
from indotrade.dataset.schema import DIALECT, put
from indotrade.dataset.vocabulary import Country, Entry, Measure, Organization, Person, Program, Sector
from indotrade.dataset.words import Kind, Relation, SourceType, Status, Strength
from indotrade.engine.protocol import Published
from indotrade.output.json import SCHEMA_VERSION
from indotrade.verify.match import Finding, TextAnchor

Schema = dict[str, Any]


def _record(
    name: str, fields: Mapping[str, Any], base: type[msgspec.Struct] | None = None
) -> type[msgspec.Struct]:
    """Return a type of records with some keys, after those of `base`."""
    return msgspec.defstruct(name, [*fields.items()], bases=(base,) if base else None, kw_only=True)


_Count = msgspec.json.schema(int) | {"minimum": 0}
_ABOUT = {"name": str, "version": str, "as_of": str, "sha256": str}
_Dataset = _record("Dataset", _ABOUT)
_Broken = _record("Dataset", {name: kind | None for name, kind in _ABOUT.items()})
_FIGURE = get_type_hints(Figure, include_extras=True)
_Measured = _record(
    "MeasuredFigure",
    {"claim": Id, "source": Id}
    | {name: _FIGURE[name] for name in ("measure", "value", "unit", "bound", "period", "as_printed")}
    | {
        "reading": str | None,
        "relation": Relation | None,
        "strength": Strength | None,
        "status": Status | None,
    },
)
_Info = _record(
    "Info",
    {
        "program": str,
        "title": str | None,
        "licence": str | None,
        "languages": list[LanguageCode],
        "claims": int,
        "sources": dict[SourceType, int],
        "kinds": dict[Kind, int],
        "statuses": list[_record("Counted", {"status": Status, "claims": int, "definition": Texts})],  # type: ignore[misc]
        "speakers": dict[str, int],
        "said": _record("Span", {"first": str | None, "last": str | None}),
        "read_from": str,
        "index": _record("Index", {"path": str, "bytes": int, "built": str | None}) | None,
        "published": Published | None,
    },
)


def _counted(entry: type[Entry], *more: str) -> type[msgspec.Struct]:
    """Return the type of an entry of the vocabulary with how many claims have it."""
    return _record(entry.__name__, dict.fromkeys(("claims", *more), int), entry)


RECORDS: dict[str, tuple[str, type[msgspec.Struct]]] = {
    "claims": ("claims", Claim),
    "sectors": ("sectors", _counted(Sector)),
    "countries": ("countries", _counted(Country)),
    "programs": ("programs", _counted(Program)),
    "organizations": ("organizations", _counted(Organization)),
    "speakers": ("speakers", _counted(Person)),
    "measures": ("measures", _counted(Measure, "bears_on")),
    "figures": ("figures", _Measured),
    "sources": ("sources", _record("Source", {"claims": int, "claim_ids": list[Id]}, Source)),
    "anchors": ("anchors", Finding),
    "faults": (
        "faults",
        _record("Fault", TOLD),
    ),
    "text-anchors": ("anchors", _record("TextAnchor", get_type_hints(TextAnchor))),
}
"""What an answer holds, by the name of its schema: under which noun, and records of which type."""
_TITLES = {
    "claims": "claims, of list, search, show and the commands that are given a name",
    "anchors": "what became of each claim's anchors, of verify",
    "text-anchors": "the anchors of a text, of check --anchors",
    "faults": "what is wrong with a dataset, of check",
    "info": "what the dataset is, of info",
}


def schemas() -> dict[str, Schema]:
    """Return each JSON Schema (draft 2020-12) by the name of its file in `data/schema/output/`."""
    made = {}
    for name, (noun, record) in RECORDS.items():
        title = _TITLES.get(name, f"{name}, as the command lists them")
        made[f"{name}.schema.json"] = _envelope(name, noun, record, title)
        made[f"{name}.line.schema.json"] = _line(f"{name}.line", record, title)
    info = _described(_Info)
    for name, head in ("info", ("schema_version", "dataset")), ("info.line", ("dataset",)):
        whole = _object({key: _head(_Dataset)[key] for key in head} | info["$defs"]["Info"]["properties"])
        rest = {key: value for key, value in info["$defs"].items() if key != "Info"}
        made[f"{name}.schema.json"] = _titled(name, _TITLES["info"]) | whole | {"$defs": rest}
    return made


def _envelope(name: str, noun: str, record: type[msgspec.Struct], title: str) -> Schema:
    """Return the schema of the object that holds records of a type."""
    described = _described(record)
    properties = _head({"faults": _Broken, "text-anchors": None}.get(name, _Dataset))
    properties |= {
        "query": {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}},
        "count": _Count,
        "total": _Count,
        noun: {"type": "array", "items": {"$ref": described["$ref"]}},
    }
    if record is Claim:
        properties["sources"] = described["$defs"]["Claim"]["properties"].pop("sources")
        described["$defs"]["Claim"]["required"].remove("sources")
    return _titled(name, title) | _object(properties) | {"$defs": described["$defs"]}


def _line(name: str, record: type[msgspec.Struct], title: str) -> Schema:
    """Return the schema of one record in a line of its own."""
    return _titled(name, f"a line of {title}") | _described(record)


def _titled(name: str, title: str) -> Schema:
    return {"$schema": DIALECT, "$id": f"{name}.schema.json", "title": title}


def _head(dataset: type[msgspec.Struct] | None) -> Schema:
    """Return what every object begins with."""
    version: Schema = {"schema_version": {"const": SCHEMA_VERSION}}
    return version | ({"dataset": _described(dataset)["$defs"]["Dataset"]} if dataset else {})


def _described(record: type[msgspec.Struct]) -> Schema:
    """Return the schema of a record in an answer: every key is there, and one that is not known yet is no fault."""
    described: Schema = msgspec.json.schema(record)
    for name, made in described["$defs"].items():
        described["$defs"][name] = made | _object(made["properties"])
        described["$defs"][name].pop("additionalProperties", None)
    return described


def _object(properties: Schema) -> Schema:
    """Return the schema of an object that has all these keys."""
    whole = {
        key: {name: value for name, value in made.items() if name != "default"}
        for key, made in properties.items()
    }
    return {"type": "object", "properties": whole, "required": list(whole)}


def main(arguments: list[str]) -> None:
    """Write the schemas beside the bundled data; with `--check`, exit with 1 where a file differs."""
    put(schemas(), bundled() / "schema" / "output", arguments, "indotrade.output.schema")


if __name__ == "__main__":
    main(sys.argv[1:])
