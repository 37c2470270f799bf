"""What the four files of a dataset hold once records were added: what was there before stands as it was written."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from indotrade.dataset.folder import read
from indotrade.dataset.records import Claim
from indotrade.dataset.vocabulary import LISTS
from indotrade.exchange.adding.holding import Holding, bare

_BOM = b"\xef\xbb\xbf"
_LISTS_OF_TEXT = dict[str, list[msgspec.Raw]]


def contents(holding: Holding) -> dict[str, bytes]:
    """Return the files of a dataset that its additions change, or all four of a new one, by name."""
    added = holding.added
    found = {}
    if holding.is_new or holding.languages != holding.described["languages"]:
        described = holding.described | {"languages": holding.languages}
        found["dataset.json"] = _pretty(described, b"") + b"\n"
    if holding.is_empty or any(added[kind] for kind in LISTS):
        found["vocabulary.json"] = _vocabulary(holding)
    if holding.is_empty or added["sources"]:
        found["sources.json"] = _array(_old(holding, "sources.json"), added["sources"])
    if holding.is_empty or added["claims"]:
        found[holding.folder.claims] = _claims(
            holding, {name: bare(claim) for name, claim in added["claims"].items()}
        )
    return found


def _old(holding: Holding, name: str) -> bytes:
    return b"[]" if holding.is_empty else read(holding.folder.path / name).removeprefix(_BOM)


def _claims(holding: Holding, added: Mapping[str, Claim]) -> bytes:
    name = holding.folder.claims
    data = _old(holding, name)
    if name.endswith(".json"):
        return _array(data, added)
    lines = (gzip.decompress(data) if name.endswith(".gz") else data).splitlines()
    old = [line for line in lines if line.strip()]
    text = b"".join(line + b"\n" for line in _merged(old, added, _line))
    return gzip.compress(text, mtime=0) if name.endswith(".gz") else text


def _array(data: bytes, added: Mapping[str, Any]) -> bytes:
    """Return a file that holds an array with some records put in the place of those with their ids, or behind them."""
    old = msgspec.json.decode(data, type=list[msgspec.Raw])
    return _listed(_merged(map(bytes, old), added, _pretty), "") + b"\n"


def _vocabulary(holding: Holding) -> bytes:
    old = (
        {} if holding.is_empty else msgspec.json.decode(_old(holding, "vocabulary.json"), type=_LISTS_OF_TEXT)
    )
    lists = []
    for kind in LISTS:
        if kind not in old and not holding.added[kind]:
            continue
        records = _merged(map(bytes, old.get(kind, ())), holding.added[kind], lambda it: _pretty(it, b"    "))
        lists.append(b'  "%s": ' % kind.encode() + _listed(records, "  "))
    return b"{\n" + b",\n".join(lists) + b"\n}\n" if lists else b"{}\n"


def _listed(records: Iterable[bytes], indent: str) -> bytes:
    """Return JSON texts as an array, each at a line of its own."""
    before = b"\n  " + indent.encode()
    inside = b",".join(before + record for record in records)
    return b"[" + inside + b"\n" + indent.encode() + b"]" if inside else b"[]"


def _merged(old: Iterable[bytes], added: Mapping[str, Any], written: Any) -> Iterator[bytes]:
    """Yield the old records as they stand, those that were replaced or added anew."""
    seen = set()
    for text in old:
        name = _decode_id(text).id
        seen.add(name)
        yield written(_plain(added[name])) if name in added else text
    for name, record in added.items():
        if name not in seen:
            yield written(_plain(record))


class _Named(msgspec.Struct):
    """The one field by which a record is known."""

    id: str


_decode_id = msgspec.json.Decoder(_Named).decode


def _pretty(value: Any, indent: bytes = b"  ") -> bytes:
    """Return a JSON value as people read it, for a place that is indented."""
    return msgspec.json.format(msgspec.json.encode(value), indent=2).replace(b"\n", b"\n" + indent)


def _line(value: Any) -> bytes:
    return msgspec.json.encode(value)


def _plain(record: Any) -> Any:
    """Return a record as a JSON value without what says nothing: null, an empty list, no voices."""
    return _without_blanks(msgspec.to_builtins(record))


def _without_blanks(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_blanks(item) for key, item in value.items() if item not in (None, [], {}, 0)}
    return list(map(_without_blanks, value)) if isinstance(value, list) else value
