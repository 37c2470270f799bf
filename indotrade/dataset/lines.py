"""The lines of `claims.ndjson` and `claims.ndjson.gz`, one at a time in memory."""

from __future__ import annotations

import errno
import gzip
import hashlib
import io
import math
import os
import zlib
from collections.abc import Iterator
from typing import Any, NamedTuple

from indotrade.dataset import folder
from indotrade.dataset.folder import Folder
from indotrade.errors import Message, Refused, reason

LONGEST = 1 << 24
"""The longest line, in bytes: 16 MiB."""
MOST_UNPACKED = 8 << 30
"""The most bytes that a compressed file may unpack to: 8 GiB."""
MOST_TIMES = 100
"""How many times its own size it may unpack to, if that is more than `UNPACKED_FREELY`: claims come to 5 to 40."""
UNPACKED_FREELY = 4 << 20
MANY_BLANK = 1000
"""After so many blank lines in a row those that follow are passed over together: millions of them take no time."""
BOM = b"\xef\xbb\xbf"


class Line(NamedTuple):
    """A line that is not blank."""

    number: int
    """Counted from 1."""
    offset: int
    """In bytes, of the file as it is unpacked."""
    data: bytes


class Lines:
    """The lines of a dataset's claims that are not blank.

    Iterating raises Refused where the file cannot be read, or not to its end; afterwards `digest` is that of all of it.
    """

    def __init__(self, of: Folder) -> None:
        self._path = of.path / of.claims
        self._name = of.claims
        self._number = 0
        self.digest = hashlib.sha256()
        """Of name, size and content, as far as it was read."""

    def __iter__(self) -> Iterator[Line]:
        try:
            with open(folder.open_regular(self._path), "rb", buffering=0) as raw:
                before = folder.stamp(raw.fileno())
                self.digest = hashlib.sha256(b"%s\0%d\0" % (self._name.encode(), before[0]))
                yield from self._lines(raw, before[0])
                if folder.stamp(raw.fileno()) != before:
                    raise Refused(Message("the file changed while it was read"))
        except (OSError, EOFError, zlib.error) as error:
            told = Message("after line {number}: {why}", number=self._number, why=reason(error))
            raise Refused(told) from None

    def _lines(self, raw: io.FileIO, size: int) -> Iterator[Line]:
        stream: Any = io.BufferedReader(_Hashing(raw, self.digest), 1 << 18)
        most: float = math.inf
        if self._name.endswith(".gz"):
            stream = gzip.GzipFile(fileobj=stream)
            most = min(MOST_UNPACKED, max(UNPACKED_FREELY, MOST_TIMES * size))
        end = blank = 0
        for data in iter(lambda: stream.readline(LONGEST + 1), b""):
            self._number += 1
            end += len(data)
            if len(data) > LONGEST:
                raise Refused(
                    Message("line {number} is longer than {most:,} bytes", number=self._number, most=LONGEST)
                )
            if end > most:
                raise Refused(
                    Message(
                        "it unpacks to more than {most:,} bytes, the limit for a file of {size:,}",
                        most=most,
                        size=size,
                    )
                )
            text = data.removeprefix(BOM) if self._number == 1 else data
            if text.strip():
                blank = 0
                yield Line(self._number, end - len(text), text)
                continue
            blank += 1
            if blank % MANY_BLANK == 0:
                while end <= most and (skipped := _blank(stream)):
                    self._number += skipped.count(b"\n")
                    end += len(skipped)


def _blank(stream: Any) -> bytes:
    """Read the blank lines that stand next in the buffer of a file, all at once, and return them."""
    ahead: bytes = stream.peek(1 << 16)
    blank = ahead[: len(ahead) - len(ahead.lstrip())]
    return bytes(stream.read(blank.rfind(b"\n") + 1))


class _Hashing(io.RawIOBase):
    """A file that digests the bytes read from it."""

    def __init__(self, raw: io.FileIO, digest: hashlib._Hash) -> None:
        self._raw = raw
        self._digest = digest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        size = self._raw.readinto(buffer)
        if size is None:  # a file of the system that waits for what is to come, as /proc/kmsg
            raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))
        self._digest.update(buffer[:size])
        return size
