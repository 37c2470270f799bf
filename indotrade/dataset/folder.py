"""Where a dataset lies, and its files as somebody else wrote them: read whole, or refused with the reason."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from indotrade.errors import Message, Refused, reason

CLAIM_FILES = ("claims.json", "claims.ndjson", "claims.ndjson.gz")
HEAD_FILES = ("dataset.json", "sources.json", "vocabulary.json")
VARIABLE = "INDOTRADE_DATA"

LARGEST = 1 << 30
"""The largest file that is read at once, in bytes: 1 GiB."""
_CHUNK = 1 << 18

Stamp = tuple[int, int, int, int]
"""What tells two states of a file apart: size, mtime_ns, ctime_ns, inode."""


class Folder(Struct, frozen=True):
    """A dataset's directory, and the name of the file that holds its claims."""

    path: Path
    claims: str

    def names(self) -> list[str]:
        """Return the names of the four files, sorted."""
        return sorted((self.claims, *HEAD_FILES))

    def stamps(self) -> dict[str, Stamp | None]:
        """Return the stamp of each of the four files; None for one that cannot be looked at."""
        return {name: _stamp_of(self.path / name) for name in self.names()}


def bundled() -> Path:
    """Return the folder of the data that come with the program: in the package (wheel) or beside it (checkout)."""
    package = Path(__file__).resolve().parent.parent
    for folder in (package / "data", package.parent / "data"):
        if (folder / "dataset.json").is_file():
            return folder
    from indotrade.dataset.packed import unpacked

    if found := unpacked("data"):
        return found
    raise Refused(
        Message("the bundled dataset is not there"),
        Message("install indotrade again, or name another dataset"),
    )


def locate(path: str | os.PathLike[str] | None = None) -> Folder:
    """Return the folder of the dataset at `path`, else at INDOTRADE_DATA, else of the bundled one.

    Raises Refused where it is no directory, or holds no claims or two files of them.
    """
    chosen = path if path is not None else os.environ.get(VARIABLE) or None
    folder = bundled() if chosen is None else Path(chosen)
    try:
        present = set(os.listdir(folder))
    except NotADirectoryError:
        raise Refused(
            Message("{folder} is not a directory", folder=folder),
            Message("a dataset is the folder that holds dataset.json"),
        ) from None
    except (OSError, ValueError) as error:
        raise Refused(
            Message("cannot read the dataset {folder}: {why}", folder=folder, why=reason(error))
        ) from None
    found = [name for name in CLAIM_FILES if name in present]
    if "dataset.json" not in present and not found:
        raise Refused(
            Message("{folder} holds no dataset: no dataset.json", folder=folder),
            Message("`indotrade init DIR` writes a small one"),
        )
    if len(found) > 1:
        raise Refused(
            Message(
                "{folder} has its claims twice: {first} and {second}",
                folder=folder,
                first=found[0],
                second=found[1],
            ),
            Message("keep one of them"),
        )
    return Folder(folder, found[0] if found else CLAIM_FILES[0])


def open_regular(path: Path) -> int:
    """Return a file descriptor on the regular file `path`.

    Raises Refused for a missing or unreadable file, and for a directory, pipe or device: opened without
    blocking, since a plain open of a pipe waits for ever.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except (OSError, ValueError) as error:
        raise _unreadable(path, reason(error)) from None
    try:
        regular = stat.S_ISREG(os.fstat(descriptor).st_mode)
    except OSError as error:
        os.close(descriptor)
        raise _unreadable(path, reason(error)) from None
    if not regular:
        os.close(descriptor)
        raise _unreadable(path, Message("it is not a regular file"))
    return descriptor


def chunks(path: Path) -> Iterator[bytes]:
    """Yield what is in the regular file `path`, some of it at a time. Raises Refused where it cannot be read."""
    with open(open_regular(path), "rb", buffering=0) as file:
        while True:
            try:
                data = file.read(_CHUNK)
            except OSError as error:
                raise _unreadable(path, reason(error)) from None
            if not data:
                return
            yield data


def stamp(file: int | os.PathLike[str]) -> Stamp:
    """Return the stamp of a file, or of an open descriptor. Raises OSError."""
    status = os.stat(file)
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino


def _stamp_of(path: Path) -> Stamp | None:
    try:
        return stamp(path)
    except (OSError, ValueError):
        return None


def read(path: Path, largest: int = LARGEST) -> bytes:
    """Return the bytes of the regular file `path`.

    Raises Refused if it cannot be read, is larger than `largest` bytes, or changes while it is read.
    """
    for _ in range(2):
        if (data := _read_at_rest(path, largest)) is not None:
            return data
    raise changed(path)


def _read_at_rest(path: Path, largest: int) -> bytes | None:
    """Return the bytes of a regular file; None if it changed meanwhile."""
    descriptor = open_regular(path)
    try:
        with open(descriptor, "rb") as file:
            before = stamp(descriptor)
            if before[0] > largest:
                size = Message(
                    "it has {size:,} bytes, and {largest:,} are the limit", size=before[0], largest=largest
                )
                raise _unreadable(path, size)
            data = file.read(before[0] + 1)  # a byte more tells that there is more
            if data is None:  # a file of the system that waits for what is to come, as /proc/kmsg
                raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))
            return data if stamp(descriptor) == before and len(data) == before[0] else None
    except (OSError, MemoryError) as error:
        raise _unreadable(path, reason(error)) from None


def sha256(folder: Folder) -> str:
    """Return the digest of the four files: of each, in the order of names, name, NUL, length, NUL and bytes.

    Raises Refused, or OSError, where one cannot be read.
    """
    import hashlib

    digest = hashlib.sha256()
    for name in folder.names():
        with open(open_regular(folder.path / name), "rb", buffering=0) as file:
            digest.update(b"%s\0%d\0" % (name.encode(), os.fstat(file.fileno()).st_size))
            while data := file.read(1 << 20):
                digest.update(data)
    return digest.hexdigest()


def changed(path: Path) -> Refused:
    """Return the error for a file or a dataset that is written to again and again."""
    return Refused(
        Message("cannot read {path}: it changed while it was read", path=path),
        Message("try again when it is at rest"),
    )


def _unreadable(path: Path, why: Message | str) -> Refused:
    """Return the error for a file that cannot be read; a reason of the system stands in its own language."""
    return Refused(Message("cannot read {path}: {why}", path=path, why=why))
