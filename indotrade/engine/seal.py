"""What is written down beside an index: by it an index is known to be whole, and to be of a dataset as it is now."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec

from indotrade.dataset.folder import Folder, Stamp, stamp

TEMPORARY = ".new-"
"""What the names of files begin with that are not finished."""
SETTLED = 60 * 10**9
"""So many nanoseconds after a file was changed, each later change gives it another stamp.

Clocks of file systems tick every 4 ms to 2 s, that of a server may go ahead, and a page that is written through a
mapping has its file's stamp changed once, and again when it has been written back: after 35 s by Linux's usual settings.
"""
DAY = 86400.0


class Seal(msgspec.Struct, frozen=True):
    """What is written down beside an index."""

    program: str
    """The digest of the code that filled it."""
    folder: str
    """The real path of the dataset, in hexadecimal digits: it may be any bytes."""
    stamps: dict[str, Stamp | None]
    """Of the dataset's four files, while they were those that are indexed."""
    settled: bool
    """Whether those stamps were old enough by then to tell every later change; else the digest of the files does."""
    index: Stamp
    """Of the index itself."""

    def holds(self, index: Path) -> bool:
        """Return whether the file `index` is the one that was sealed, and ours. Raises OSError."""
        descriptor = os.open(index, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
        with open(descriptor, "rb", buffering=0):
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode) or status.st_uid != os.geteuid():
                return False
            return stamp(descriptor) == self.index


def is_settled(stamps: dict[str, Stamp | None], now: int) -> bool:
    """Return whether files that had these stamps at the time `now`, in nanoseconds, have others after any change."""
    return all(found is not None and now - found[2] > SETTLED for found in stamps.values())


def beside(index: Path) -> Path:
    """Return where the seal of an index is."""
    return index.with_name(index.name + ".seal")


def read(index: Path) -> Seal | None:
    """Return the seal of an index; None if there is none, or not one of this program."""
    flags = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
    try:
        with open(os.open(beside(index), flags), "rb", buffering=0) as file:
            return msgspec.json.decode(file.read(1 << 16) or b"", type=Seal)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return None


def write(index: Path, seal: Seal) -> None:
    """Put a seal beside an index, in place of what is there. Raises OSError."""
    from tempfile import mkstemp

    descriptor, name = mkstemp(prefix=TEMPORARY, dir=index.parent)
    try:
        with open(descriptor, "wb") as file:
            os.fchmod(descriptor, 0o600)
            file.write(msgspec.json.encode(seal))
        os.replace(name, beside(index))
    except OSError:
        with suppress(OSError):
            os.unlink(name)
        raise


def used(index: Path) -> None:
    """Let the age of a seal tell when its index was last used, to the day."""
    path = beside(index)
    with suppress(OSError):
        if time.time() - os.stat(path).st_mtime > DAY:
            os.utime(path)


def is_left_behind(path: Path) -> bool:
    """Return whether a seal has not been used for a month, and is of a dataset that is gone or of no use to anyone."""
    try:
        unused = time.time() - os.stat(path).st_mtime > 30 * DAY
        found = read(path.with_suffix(""))
        return unused and (found is None or not os.path.lexists(bytes.fromhex(found.folder)))
    except (OSError, ValueError):
        return False


def of(folder: Folder) -> str:
    """Return how a seal names the dataset in a folder."""
    return os.fsencode(os.path.realpath(folder.path)).hex()


@contextmanager
def alone_in(cache: Path) -> Iterator[None]:
    """Let no other build publish meanwhile, so that an index and its seal are of one; where nothing locks, as it is."""
    import fcntl

    descriptor = os.open(cache, os.O_RDONLY | os.O_CLOEXEC)
    try:
        with suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
