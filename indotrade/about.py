"""What the program and its data are: versions, counts, the meaning of each status, where the data were read from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import msgspec

from indotrade import VERSION, console, dataset, export, files, present
from indotrade.errors import Message, Misused, Refused
from indotrade.models import Dataset
from indotrade.options import Output
from indotrade.query import KINDS
from indotrade.rules import NARRATION
from indotrade.store import Store
from indotrade.wording import KIND, STATUS, STATUS_MEANS, word

if TYPE_CHECKING:
    from rich.console import RenderableType

    from indotrade.console import Look


def versions() -> str:
    """Return the versions of the program and of the data, in one line; the claims themselves are not read."""
    try:
        data = files.read(dataset.locate().path / "dataset.json")
        described = msgspec.json.decode(data, type=Dataset)
    except (Refused, msgspec.MsgspecError, UnicodeDecodeError):
        return f"indotrade {VERSION} (its data cannot be read: `indotrade check` says why)\n"
    return f"indotrade {VERSION} ({described.name} data {described.version}, as of {described.as_of})\n"


def info(store: Store, output: Output) -> None:
    """Print what the dataset is, what is in it, and from where it was read."""
    format = present.only(output, "table", "json", "ndjson")
    if output.columns is not None:
        raise Misused(
            Message("info is one record, and has no --fields", "info adalah satu rekaman, tanpa --fields")
        )
    content = _content(store)
    if format == "json":
        console.deliver(export.envelope(export.dataset_of(store), content), json=True)
    elif format == "ndjson":
        console.deliver(export.ndjson([{"dataset": export.dataset_of(store)} | content]), json=True)
    else:
        look = output.look()
        console.draw(_card(store, content, look), look)


def _content(store: Store) -> dict[str, Any]:
    described, statuses = store.dataset, store.counts("status")
    first, last = store.rows("SELECT min(first), max(last) FROM fact").fetchone()
    origin = store.origin
    return {
        "program": VERSION,
        "title": described.title,
        "licence": described.licence,
        "languages": described.languages,
        "claims": store.size,
        "sources": store.counts_of_sources(),
        "kinds": {kind: store.counts("kind").get(kind, 0) for kind in KINDS},
        "statuses": [
            {"status": name, "claims": statuses.get(name, 0), "definition": {"en": means.en, "id": means.id}}
            for name, means in STATUS_MEANS.items()
        ],
        "speakers": store.counts("speaker"),
        "said": {"first": first, "last": last},
        "read_from": str(origin.folder),
        "index": None
        if origin.index is None
        else {"path": str(origin.index), "bytes": origin.bytes, "built": origin.built},
    }


def _card(store: Store, content: dict[str, Any], look: Look) -> Iterator[RenderableType]:
    from rich.text import Text

    from indotrade import cards, tables

    language = look.language

    def counted(counts: dict[str, int], labels: Any) -> Text:
        return tables.text(", ".join(f"{labels(name)} {count}" for name, count in counts.items()))

    described, index = store.dataset, content["index"]
    sources = content["sources"]
    yield tables.text(described.title, "bold")
    rows = [
        ("indotrade", tables.text(VERSION)),
        (
            word("dataset", language),
            tables.text(f"{described.name} {described.version}, {word('as_of', language)} {described.as_of}"),
        ),
        (word("licence", language), tables.text(described.licence)),
        (word("languages", language), tables.text(", ".join(described.languages))),
        (word("claims", language), tables.text(f"{content['claims']:,}")),
        (word("kind", language), counted(content["kinds"], lambda name: KIND[name].text(language))),
        (
            word("speaker", language),
            counted(
                content["speakers"],
                lambda name: tables.speaker_text(store, None if name == NARRATION else name, language),
            ),
        ),
        (word("sources", language), counted(sources, lambda name: word(name, language).lower())),
        (word("date", language), tables.text(f"{content['said']['first']} – {content['said']['last']}")),
        (word("read_from", language), tables.text(content["read_from"])),
        (
            word("index", language),
            tables.text(
                f"{index['path']}, {index['bytes']:,} bytes, {index['built']}"
                if index
                else word("no_index", language)
            ),
        ),
        ("sha256", tables.text(store.sha256)),
    ]
    yield from cards.pairs(rows, look)
    yield Text("")
    statuses = [
        (Text(STATUS[entry["status"]].text(language), style=tables.STYLES[entry["status"]]), entry)
        for entry in content["statuses"]
    ]
    yield Text(word("status", language), style="bold")
    yield from cards.pairs(
        (
            (f"{name.plain} ({entry['claims']})", tables.text(entry["definition"][language]))
            for name, entry in statuses
        ),
        look,
    )
