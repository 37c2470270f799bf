"""Opens a dataset in a folder: a small one is read at each start, a large one is indexed once."""

from __future__ import annotations

import os
from collections.abc import Sequence

import msgspec

from indotrade.dataset import folder
from indotrade.dataset.folder import Folder, locate
from indotrade.dataset.records import Entry, Vocabulary
from indotrade.engine.protocol import Engine, Names, Noun, Progress, Warn

SMALL = 2 << 20
"""The largest file of claims that is read at each start, in bytes: a few thousand claims."""
SMALL_COMPRESSED = 256 << 10


def open_engine(path: str | None, progress: Progress | None, warn: Warn | None) -> Engine:
    """Return the engine for the dataset in the folder `path`; None is the bundled one. Raises Refused."""
    from indotrade.engine.cache import Index, in_memory

    found = locate(path)
    if path is None or _is_small(found):
        return in_memory(found, trusted=path is None)
    return Index(found).open(progress, warn)


def open_names(path: str | None) -> Names:
    """Return what completes names: the file of the vocabulary, and of the rest what needs no build."""
    return _Files(locate(path), bundled=path is None)


def _is_small(found: Folder) -> bool:
    try:
        size = os.stat(found.path / found.claims).st_size
    except OSError:
        return True  # the reader says what is wrong with it
    return size <= (SMALL_COMPRESSED if found.claims.endswith(".gz") else SMALL)


class _Files:
    """The names of a dataset in a folder: a `Names`, which reads one file and no other while it can."""

    def __init__(self, found: Folder, *, bundled: bool) -> None:
        self._folder = found
        self._bundled = bundled

    def entries(self, kind: str) -> Sequence[Entry]:
        data = folder.read(self._folder.path / "vocabulary.json")
        entries: list[Entry] = getattr(msgspec.json.decode(data, type=Vocabulary), kind)
        return entries

    def beginning(self, noun: Noun, prefix: str, most: int) -> list[tuple[str, str]]:
        from indotrade.engine.cache import Index, in_memory

        small = self._bundled or _is_small(self._folder)
        engine = in_memory(self._folder, trusted=self._bundled) if small else Index(self._folder).kept()
        return engine.beginning(noun, prefix, most) if engine else []
