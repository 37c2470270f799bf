"""Reads a file that somebody else wrote: a regular one, of bounded size, whole or refused with the reason."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from indotrade.errors import Message, Refused

LARGEST = 1 << 30
"""The largest file that is read at once, in bytes: 1 GiB."""

Stamp = tuple[int, int, int, int]
"""What tells two states of a file apart: size, mtime_ns, ctime_ns, inode."""


def open_regular(path: Path) -> int:
    """Return a file descriptor on the regular file `path`.

    Raises Refused for a missing or unreadable file, and for a directory, pipe or device: opened without
    blocking, since a plain open of a pipe waits for ever.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | getattr(os, "O_BINARY", 0))
    except (OSError, ValueError) as error:
        raise _unreadable(path, reason(error)) from None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise _unreadable(path, "it is not a regular file", "bukan berkas biasa")
    return descriptor


def stamp(descriptor: int) -> Stamp:
    """Return the stamp of an open file."""
    status = os.fstat(descriptor)
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino


def read(path: Path, largest: int = LARGEST) -> bytes:
    """Return the bytes of the regular file `path`.

    Raises Refused if it cannot be read, is larger than `largest` bytes, or changes while it is read.
    """
    for _ in range(2):
        with open(open_regular(path), "rb") as file:
            before = stamp(file.fileno())
            if before[0] > largest:
                raise _unreadable(
                    path,
                    f"it has {before[0]:,} bytes, and {largest:,} are the limit",
                    f"ukurannya {before[0]} bita, batasnya {largest}",
                )
            try:
                data = file.read(largest + 1)
            except (OSError, MemoryError) as error:
                raise _unreadable(path, reason(error)) from None
            if stamp(file.fileno()) == before and len(data) == before[0]:
                return data
    raise Refused(
        Message(
            f"cannot read {path}: it changed while it was read",
            f"{path} tidak dapat dibaca: isinya berubah selagi dibaca",
        ),
        Message("try again when it is at rest", "coba lagi setelah tidak ada yang mengubahnya"),
    )


def _unreadable(path: Path, en: str, id: str | None = None) -> Refused:
    """Return the error for a file that cannot be read; a reason of the system stands in its own language."""
    return Refused(Message(f"cannot read {path}: {en}", f"{path} tidak dapat dibaca: {id or en}"))


def reason(error: BaseException) -> str:
    """Return the reason of an operating system's error in words: `No such file or directory`."""
    return (error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__
