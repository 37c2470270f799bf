"""Where a dataset lies, and its files as somebody else wrote them: read whole, or refused with the reason."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import NamedTuple

from indotrade.errors import Message, Refused, reason

CLAIM_FILES = ("claims.json", "claims.ndjson", "claims.ndjson.gz")
HEAD_FILES = ("dataset.json", "sources.json", "vocabulary.json")
VARIABLE = "INDOTRADE_DATA"

LARGEST = 1 << 30
"""The largest file that is read at once, in bytes: 1 GiB."""

Stamp = tuple[int, int, int, int]
"""What tells two states of a file apart: size, mtime_ns, ctime_ns, inode."""


class Folder(NamedTuple):
    """A dataset's directory, and the name of the file that holds its claims."""

    path: Path
    claims: str

    def names(self) -> list[str]:
        """Return the names of the four files, sorted."""
        return sorted((self.claims, *HEAD_FILES))


def bundled() -> Path:
    """Return the folder of the data that come with the program: in the package (wheel) or beside it (checkout)."""
    package = Path(__file__).resolve().parent.parent
    for folder in (package / "data", package.parent / "data"):
        if (folder / "dataset.json").is_file():
            return folder
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
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise _unreadable(path, Message("it is not a regular file"))
    return descriptor


def stamp(file: int | os.PathLike[str]) -> Stamp:
    """Return the stamp of a file, or of an open descriptor. Raises OSError."""
    status = os.stat(file)
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
                    Message(
                        "it has {size:,} bytes, and {largest:,} are the limit",
                        size=before[0],
                        largest=largest,
                    ),
                )
            try:
                data = file.read(largest + 1)
            except (OSError, MemoryError) as error:
                raise _unreadable(path, reason(error)) from None
            if stamp(file.fileno()) == before and len(data) == before[0]:
                return data
    raise Refused(
        Message("cannot read {path}: it changed while it was read", path=path),
        Message("try again when it is at rest"),
    )


def _unreadable(path: Path, why: Message | str) -> Refused:
    """Return the error for a file that cannot be read; a reason of the system stands in its own language."""
    return Refused(Message("cannot read {path}: {why}", path=path, why=why))
