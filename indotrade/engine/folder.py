"""Opens a dataset in a folder: by the index that is kept of it, else by reading it, and keeping one."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Raw, json

from indotrade.dataset import folder
from indotrade.dataset.folder import Folder, locate
from indotrade.engine.protocol import Engine, Names, Noun, Progress, Warn

if TYPE_CHECKING:
    from indotrade.dataset.vocabulary import Entry
    from indotrade.engine.sqlite import SqliteEngine

SMALL = 2 << 20
"""The largest file of claims that is small, in bytes, a few thousand claims: it is read at once, and nobody waits for that."""
SMALL_COMPRESSED = 256 << 10


def open_engine(path: str | None, progress: Progress | None, warn: Warn | None) -> Engine:
    """Return the engine for the dataset in the folder `path`; None is the bundled one. Raises Refused."""
    from indotrade.engine.cache import Index

    found = locate(path)
    index = Index(found)

    def built() -> SqliteEngine:
        from indotrade.engine import build

        if path is None or _is_small(found):
            return build.small(index, trusted=path is None)
        return build.large(index, progress, warn)

    def renewed() -> SqliteEngine:
        engine = built()
        engine.searchable()  # one in memory, where there is no room for another: a search may be in its midst
        return engine

    return index.kept(renewed) or built()


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
        from indotrade.dataset.vocabulary import LISTS

        listed: type[list[Entry]] = list[LISTS[kind]]  # type: ignore[valid-type]
        return json.decode(self._lists.get(kind, b"[]"), type=listed)

    @cached_property
    def _lists(self) -> dict[str, Raw]:
        """The lists of the vocabulary as they stand in the file: one alone is decoded, in a fifth of the time of all."""
        return json.decode(folder.read(self._folder.path / "vocabulary.json"), type=dict[str, Raw])

    def beginning(self, noun: Noun, prefix: str, most: int) -> list[tuple[str, str]]:
        from indotrade.engine.cache import Index

        engine = Index(self._folder).kept()
        if engine is None and (self._bundled or _is_small(self._folder)):
            from indotrade.engine.build import in_memory

            engine = in_memory(self._folder, trusted=self._bundled)
        return engine.beginning(noun, prefix, most) if engine else []
