"""Reads the claims of a dataset in the order of answers, of which one at a time is in memory."""

from __future__ import annotations

import os
from array import array
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import IO

import msgspec

from indotrade.dataset import folder as files
from indotrade.dataset import strict
from indotrade.dataset.folder import Folder
from indotrade.dataset.reader import Faulty, Reader
from indotrade.dataset.records import Claim

_NO_PARAGRAPH = 1 << 63
"""What sorts after each paragraph."""


def in_answer_order(claim: Claim) -> tuple[str, int]:
    """Return what claims are sorted by: source and paragraph, those without one last; ties as in the file."""
    return claim.source, claim.paragraph or _NO_PARAGRAPH


@contextmanager
def in_order(
    read: Reader, room: str | None = None
) -> Iterator[tuple[int, Callable[[slice], Iterator[Claim]]]]:
    """Give how many claims there are, and what yields those of a slice, by source and paragraph; call `read.head()` first.

    Only the places of lines are sorted, so that one claim at a time is in memory; a compressed file is
    unpacked into a nameless file in the directory `room`. `read.sha256()` can be asked from the beginning.

    Raises Faulty at the first error, at the latest from the iterator; an id that stands twice passes, and
    so may a change of the files meanwhile.
    Raises OSError where there is no room.
    """
    _stop_at_errors(read)
    if read.folder.claims.endswith(".json"):
        claims = sorted((numbered.claim for numbered in read.claims()), key=in_answer_order)
        _stop_at_errors(read)
        yield len(claims), lambda some: iter(claims[some])
        return
    with _spool(read.folder, room) as spool:
        offsets, lengths = _places(read, spool)
        _stop_at_errors(read)
        with _opened(read.folder, spool) as file:

            def some_of(some: slice) -> Iterator[Claim]:
                for offset, length in zip(offsets[some], lengths[some], strict=True):
                    yield read.right(os.pread(file.fileno(), length, offset))

            yield len(offsets), some_of


def _stop_at_errors(read: Reader) -> None:
    if read.errors():
        raise Faulty


def _spool(folder: Folder, room: str | None) -> AbstractContextManager[IO[bytes] | None]:
    """Return a file for the lines of a compressed file; None stands for one that can be read at any place."""
    if not folder.claims.endswith(".gz"):
        return nullcontext()
    from tempfile import TemporaryFile

    return TemporaryFile(dir=room)


def _opened(folder: Folder, spool: IO[bytes] | None) -> AbstractContextManager[IO[bytes]]:
    """Return the file in which lines are read at their places."""
    if spool:
        spool.flush()
        return nullcontext(spool)
    return open(files.open_regular(folder.path / folder.claims), "rb")


class _Key(msgspec.Struct):
    """What decides where a claim stands in the order of answers."""

    source: str
    paragraph: int | None = None


_decode_key = msgspec.json.Decoder(_Key).decode


def _places(read: Reader, spool: IO[bytes] | None) -> tuple[array[int], array[int]]:
    """Return offset and length of each claim's line, in the order of answers; `spool` receives the lines."""
    rank = {source: number for number, source in enumerate(sorted(read.source_ids))}
    offsets, lengths = array("Q"), array("I")
    ranks, paragraphs = array("I"), array("Q")
    for line in read.lines():
        try:
            key = _decode_key(line.data)
            ranks.append(rank[key.source])
            paragraphs.append(key.paragraph or _NO_PARAGRAPH)
        except (*strict.UNDECODABLE, UnicodeEncodeError, KeyError, OverflowError):
            raise Faulty from None
        offsets.append(spool.tell() if spool else line.offset)
        lengths.append(spool.write(line.data) if spool else len(line.data))
    order = sorted(range(len(ranks)), key=paragraphs.__getitem__)
    order.sort(key=ranks.__getitem__)  # each sort leaves ties as they were
    return array("Q", map(offsets.__getitem__, order)), array("I", map(lengths.__getitem__, order))
