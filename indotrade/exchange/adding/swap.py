"""Puts a dataset's files in place: all of them or none, whatever happens in between."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from indotrade.errors import Message, NotDelivered, Refused, reason

BESIDE = ".indotrade-import"
"""The directory in which the new files wait, and the old ones until all new ones are in place."""
OLD = "old"
_ORDER = ("vocabulary.json", "sources.json", "dataset.json")
"""What may be there before it is needed goes first, the claims last: in between the dataset is a valid one, too."""


def recover(directory: Path) -> None:
    """Undo what an import that was killed left half done in a dataset, before it is read.

    Raises Refused where that import is still going on, NotDelivered where it cannot be undone.
    """
    room = directory / BESIDE
    if room.is_dir():
        with _telling(directory), _alone(directory):
            _undo(directory, room)


@contextmanager
def prepared(directory: Path, *, is_new: bool) -> Iterator[Path]:
    """Give a directory beside a dataset's files in which new ones are put together; it is gone in the end.

    Nobody else adds to the dataset meanwhile. Raises Refused where somebody else is at it, NotDelivered where
    nothing can be written there.
    """
    home = directory.parent if is_new else directory
    room = home / (f"{BESIDE}-{directory.name}" if is_new else BESIDE)
    with _telling(directory):
        home.mkdir(parents=True, exist_ok=True)
        with _alone(home):
            _undo(directory, room)
            room.mkdir()
            try:
                yield room
            finally:
                shutil.rmtree(room, ignore_errors=True)


@contextmanager
def _telling(directory: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise NotDelivered(Message("cannot write {path}: {why}", path=directory, why=reason(error))) from None


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """Hold a directory locked: the lock is gone with the process."""
    descriptor = os.open(home, os.O_RDONLY | os.O_CLOEXEC)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused(Message("another import into {directory} is going on", directory=home)) from None
        yield
    finally:
        os.close(descriptor)


def _undo(directory: Path, room: Path) -> None:
    """Put back the old files of an import that did not come to its end: of one that did, no new file waits any more."""
    old = room / OLD
    names = sorted(os.listdir(old), key=_last_first) if old.is_dir() else []
    if any((room / name).exists() for name in names):
        for name in names:
            if not (room / name).exists():
                os.replace(old / name, directory / name)
    if room.is_dir():
        shutil.rmtree(room)


def _last_first(name: str) -> int:
    return -_ORDER.index(name) if name in _ORDER else -len(_ORDER)


def place(contents: Mapping[str, bytes], room: Path, directory: Path, *, is_new: bool) -> None:
    """Put files (their contents, by name), which were written into `room`, into their directory.

    A new dataset appears with one renaming. Else each file takes its old one's place, the claims last; the old ones
    are kept until then, and put back where one cannot be placed. Raises OSError.
    """
    if is_new:
        _settle(room)
        os.rename(room, directory)  # an empty directory gives way
        with suppress(OSError):  # it is all there; only how soon the disk knows is in doubt
            _settle(directory.parent)
        return
    names = sorted(contents, key=_last_first, reverse=True)
    kept = room / f"{OLD}.part"
    kept.mkdir()
    for name in names:
        shutil.copy2(directory / name, kept / name)
        shutil.copymode(directory / name, room / name)
    _settle(kept)
    os.rename(kept, room / OLD)  # from here on `_undo` knows what to put back
    try:
        for name in names:
            os.replace(room / name, directory / name)
    except BaseException:
        with suppress(OSError):
            _undo(directory, room)
        raise
    with suppress(OSError):
        _settle(directory)


def write(contents: Mapping[str, bytes], room: Path) -> None:
    """Write files, and have them on the disk. Raises OSError."""
    for name, content in contents.items():
        with open(room / name, "xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())


def _settle(directory: Path) -> None:
    """Have the names in a directory on the disk."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
