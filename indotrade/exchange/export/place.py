"""Puts a file or a folder into its place, whole or not at all: written beside, and moved there when it is done."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from indotrade.errors import Message, Misused, NotDelivered, reason


@contextmanager
def placed(target: str, *, folder: bool, ours: Callable[[str], bool] | None = None) -> Iterator[Path]:
    """Give a path to write to, an empty file or folder, that takes the place of `target` when all went well.

    `ours` says of a name whether a file of that name may be replaced within a folder; None replaces nothing.

    Raises Misused where something is there that may not be replaced, NotDelivered where it cannot be written.
    """
    place = Path(os.path.realpath(target))  # of a link, what it points to is replaced
    _refuse_taken(place, folder, ours)
    beside = place.with_name(f".{place.name[:100]}.{os.getpid()}.part")
    try:
        with stoppable():
            try:
                _make(beside, folder)
                yield beside
                _settle(beside)
                _move(beside, place, replacing=ours is not None)
            finally:
                _remove(beside)
    except OSError as error:
        raise NotDelivered(Message("cannot write {path}: {why}", path=target, why=reason(error))) from None


def _refuse_taken(place: Path, folder: bool, ours: Callable[[str], bool] | None) -> None:
    if not os.path.lexists(place):
        return
    if ours is None:
        raise _taken(place)
    hint = Message("name another target")
    if not folder:
        if not place.is_file():
            raise Misused(Message("{path} is not a regular file", path=place), hint)
        return
    if not place.is_dir():
        raise Misused(Message("{path} is not a directory", path=place), hint)
    try:
        foreign = next((name for name in sorted(os.listdir(place)) if not ours(name)), None)
    except OSError as error:
        raise NotDelivered(Message("cannot write {path}: {why}", path=place, why=reason(error))) from None
    if foreign is not None:
        told = Message(
            "{path} holds {file}, which this export does not write, and would be lost",
            path=place,
            file=foreign,
        )
        raise Misused(told, hint)


def _taken(place: Path) -> Misused:
    return Misused(
        Message("{path} is there already, and nothing is written over", path=place),
        Message("name another target, or add --force"),
    )


@contextmanager
def stoppable() -> Iterator[None]:
    """Let an interrupt end what is under way as an error would, so that nothing is left behind; then die of it."""
    caught: list[int] = []

    def stop(number: int, _frame: object) -> None:
        caught.append(number)
        raise KeyboardInterrupt

    before = {}
    with suppress(ValueError):  # only the main thread may
        for number in (signal.SIGINT, signal.SIGTERM):
            if signal.getsignal(number) is not signal.SIG_IGN:
                before[number] = signal.signal(number, stop)
    try:
        yield
    except KeyboardInterrupt:
        if not caught:
            raise
    finally:
        for number, action in before.items():
            signal.signal(number, action)
        if caught:
            os.kill(os.getpid(), caught[0])


def _make(path: Path, folder: bool) -> None:
    if folder:
        path.mkdir()
    else:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666))


def _settle(path: Path) -> None:
    """Have the system write down what it holds: a full disk may only be told of now."""
    for file in sorted(path.iterdir()) if path.is_dir() else [path]:
        descriptor = os.open(file, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _move(beside: Path, place: Path, *, replacing: bool) -> None:
    if not replacing and os.path.lexists(place):  # somebody was faster
        raise _taken(place)
    if not place.is_dir():
        beside.replace(place)
        return
    aside = beside.with_suffix(".old")
    place.rename(aside)
    try:
        beside.rename(place)
    except BaseException:
        aside.rename(place)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def _remove(path: Path) -> None:
    with suppress(FileNotFoundError):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
