"""In which encoding a text is that does not say: UTF-8 first, then what decodes and looks like writing."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from indotrade.dataset import folder
from indotrade.errors import Argument, Message, Misused, Refused
from indotrade.verify.decoding import BYTE_ORDER_MARKS, CHARSETS, LARGER

_NEIGHBOURS = re.compile("[\u3001-\u30ff\u3400-\u9fff\uff01-\uff5e]{2,}")
"""Japanese as it is written: characters of it stand together, where Western bytes read so give single ones."""
_WESTERN = re.compile("[À-ÖØ-öø-ÿŠšŽžŒœŸ‘’“”–—…•€£°«»©®™§\u00a0]")
_FOREIGN_LETTER = re.compile("[^\x00-\x7f]")
_LOOKS = {"cp932": (_NEIGHBOURS, 0.6), "cp1252": (_WESTERN, 0.9)}
"""What is tried where a text is not UTF-8, in this order: what it looks like, and how much of it must look so."""
NAMES = {"cp932": "Shift_JIS (cp932)", "cp1252": "Western (cp1252)"}


def named(encoding: str) -> str:
    """Return Python's name of an encoding that somebody asks for. Raises Misused for one that is not known."""
    try:
        name = codecs.lookup(encoding.strip()).name
    except (LookupError, ValueError):
        name = ""
    name = LARGER.get(name, name)
    if name not in CHARSETS | {"utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"}:
        raise Misused(
            Message('{argument} cannot be "{asked}"', argument=Argument("encoding"), asked=encoding[:80]),
            Message("it takes names such as utf-8, cp1252 or shift_jis"),
        )
    return "utf-8-sig" if name == "utf-8" else name


def found(path: Path) -> str:
    """Return the encoding of a file. Raises Refused where it is in none that can be told, or cannot be read."""
    head = next(folder.chunks(path), b"")
    for mark, name in BYTE_ORDER_MARKS:
        if head.startswith(mark):
            return "utf-8-sig" if name == "utf-8" else name
    if _share(path, "utf-8", None) is not None:
        return "utf-8"
    for name, (looks, least) in _LOOKS.items():
        share = _share(path, name, looks)
        if share is not None and share >= least:
            return name
    raise Refused(
        Message(
            "cannot read {path}: {why}",
            path=path,
            why=Message("it is not in UTF-8, and in no other encoding that can be told"),
        ),
        Message("`--encoding NAME` says which it is, or save it as UTF-8"),
    )


def _share(path: Path, encoding: str, looks: re.Pattern[str] | None) -> float | None:
    """Return which part of the letters beyond ASCII looks as it should; None where a file is not in the encoding."""
    decoder = codecs.getincrementaldecoder(encoding)()
    foreign = alike = 0
    try:
        for chunk in folder.chunks(path):
            text = decoder.decode(chunk)
            if looks is not None:
                foreign += len(_FOREIGN_LETTER.findall(text))
                alike += sum(map(len, looks.findall(text)))
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return None
    return alike / foreign if foreign else 1.0
