"""Fills databases with datasets: in memory, or as an index that is built on disk and put in its place when it is whole."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path

from indotrade.dataset import folder as files
from indotrade.dataset import ordered, reader
from indotrade.dataset.faults import Fault
from indotrade.dataset.folder import Folder, Stamp, stamp
from indotrade.dataset.processes import spread
from indotrade.dataset.room import room
from indotrade.engine import fill, schema, seal
from indotrade.engine.cache import READING, Found, Index, described, uri
from indotrade.engine.checked import unanswered
from indotrade.engine.protocol import Origin, Progress, Warn
from indotrade.engine.seal import Seal
from indotrade.engine.sqlite import SqliteEngine
from indotrade.errors import Message, Refused, reason
from indotrade.text import command_line

SETTINGS = """
PRAGMA page_size = 32768; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
PRAGMA locking_mode = EXCLUSIVE; PRAGMA cache_size = -16384; PRAGMA temp_store = FILE;
"""
"""While an index is built: nobody else sees the file, and one that is cut short is thrown away.

Pages are large because a search for two words may read nearly all pages of texts, which takes a third less than in pages
of 8 KiB; the index is smaller, too.
"""
TRIGRAM_SETTINGS = """
INSERT INTO trigram (trigram, rank) VALUES ('automerge', 0);
INSERT INTO trigram (trigram, rank) VALUES ('crisismerge', 64);
INSERT INTO trigram (trigram, rank) VALUES ('hashsize', 8388608);
"""
"""More is sorted in memory, in 8 MiB, and nothing is merged twice, nor at all of a million claims: a fifth faster."""
_STALE_AFTER = 3600.0
"""After so many seconds no build is at work any more: it counts where files cannot be locked."""


# --- in memory -----------------------------------------------------------------------------------------


def small(index: Index, *, trusted: bool) -> SqliteEngine:
    """Return an engine on a small dataset, filled in memory, and keep it as an index for the next time.

    None is kept of files that were just changed: whoever edits a dataset asks for each state of it once. Where none
    can be kept nothing is lost but the time that it would save. Raises Refused as `in_memory` does.
    """
    folder = index.folder
    now, stamps = time.time_ns(), folder.stamps()
    directory = None
    if seal.is_settled(stamps, now):
        with suppress(OSError):
            directory = room(made=True)
    answer = in_memory(folder, trusted=trusted, kept=directory is not None)
    if directory and folder.stamps() == stamps:
        with suppress(OSError, sqlite3.Error):
            _keep(index, answer, directory, stamps)
    return answer


def _keep(index: Index, answer: SqliteEngine, directory: Path, stamps: dict[str, Stamp | None]) -> None:
    """Keep a database in memory as an index, and have it tell so. Raises OSError or sqlite3.Error where it cannot be."""
    descriptor, temporary = _temporary(directory, swept=True)
    try:
        os.fchmod(descriptor, 0o600)
        with open(os.dup(descriptor), "wb") as file:
            file.write(answer.connection.serialize())
        final = directory / index.name
        _publish(index, descriptor, temporary, final, stamps, settled=True)
        answer.origin = index.origin(answer.connection, final)
    finally:
        with suppress(OSError):
            temporary.unlink()  # gone already if it was published
        os.close(descriptor)


def in_memory(folder: Folder, *, trusted: bool = False, kept: bool = False) -> SqliteEngine:
    """Return an engine on a database that is filled now and gone with the process.

    Raises Refused, also where the four files were not at rest: they are of one version, or not answered from.
    A `trusted` dataset that turns out not to be as it came is read again, and its faults told. With `kept` it is
    filled as one on disk.
    """
    for _ in range(2):
        before = folder.stamps()
        try:
            answer = _filled_now(folder, trusted=trusted, kept=kept)
        except (Refused, LookupError, ValueError, sqlite3.Error) as error:
            if folder.stamps() != before:
                continue
            if trusted:
                return in_memory(folder, kept=kept)
            if isinstance(error, sqlite3.Error):
                raise unanswered(error) from error
            raise
        if folder.stamps() == before:
            return answer
    raise files.changed(folder.path)


def _filled_now(folder: Folder, *, trusted: bool, kept: bool) -> SqliteEngine:
    read = reader.Reader(folder, trusted=trusted)
    described, vocabulary, sources = read.head()
    claims = sorted((numbered.claim for numbered in read.claims()), key=ordered.in_answer_order)
    refuse(folder, read.errors())
    assert described is not None  # None comes with a fault
    head = fill.Head(described, vocabulary, sources)
    connection = sqlite3.connect(":memory:", isolation_level=None)
    insert = schema.inserter(connection)
    connection.executescript("BEGIN;" + schema.SCHEMA + (schema.TRIGRAMS if kept else ""))
    checked = schema.salted(read.sha256()) if kept else None
    maker = fill.Maker(head, kept=kept, checked=checked)
    fill.fill(insert, maker, maker.parts(claims))
    if kept:
        _sign(insert, read.sha256())
    fill.index(connection, checked)
    connection.execute("COMMIT")
    return SqliteEngine(connection, read.sha256, Origin(str(folder.path)), kept=kept)


def _sign(insert: schema.Insert, sha256: str) -> str:
    """Write into a database of which data it is, and when it was built; return when."""
    import datetime

    built = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    for name, value in (("sha256", sha256), ("built", built)):
        insert("meta", fill.checked_meta(name, value))
    return built


# --- on disk -------------------------------------------------------------------------------------------


def large(index: Index, progress: Progress | None, warn: Warn | None) -> SqliteEngine:
    """Return the engine on an index that is built now. Raises Refused for a faulty dataset, and one never at rest."""
    build = Build(index, progress or (lambda _done, _total: None))
    answer = build.engine()
    if build.trouble and warn:
        warn(
            Message(
                "note: {trouble}, so {folder} was indexed for this answer alone: that is slow",
                trouble=build.trouble,
                folder=index.folder.path,
            )
        )
    return answer


class Build:
    """The building of the index of one large dataset."""

    def __init__(self, index: Index, progress: Progress) -> None:
        self.index = index
        self.folder = index.folder
        self.progress = progress
        self.trouble: Message | None = None
        """Why the index could not be kept, or not be built where it should be; None while all is well."""

    def engine(self) -> SqliteEngine:
        """Return the engine on an index that is built now, in the first place where there is room.

        Raises Refused for a faulty dataset, and for one that never is at rest.
        """
        for _ in range(2):
            try:
                return self._built_in_first()
            except reader.Faulty:
                refuse(self.folder, _errors(self.folder))
        raise files.changed(self.folder.path)

    def _built_in_first(self) -> SqliteEngine:
        cache = None
        try:
            cache = room(made=True)
        except OSError as error:
            self.trouble = Message("no index can be kept in the cache ({why})", why=reason(error))
        if cache:
            try:
                return self._built_in(cache, cache / self.index.name)
            except (OSError, sqlite3.Error) as error:
                self.trouble = Message(
                    "no index can be built in {cache} ({why})", cache=cache, why=reason(error)
                )
        with suppress(OSError, sqlite3.Error):
            from tempfile import gettempdir

            return self._built_in(Path(gettempdir()), None)
        return in_memory(self.folder)

    def _built_in(self, directory: Path, final: Path | None) -> SqliteEngine:
        """Return the engine on an index that is built in a directory, and kept as `final`; None: in a nameless file.

        Raises reader.Faulty, and OSError or sqlite3.Error where there is no room; then no file is left.
        """
        descriptor, temporary = _temporary(directory, swept=final is not None)
        connection = None
        try:
            os.fchmod(descriptor, 0o600)
            connection = sqlite3.connect(uri(temporary, "mode=rw"), uri=True, isolation_level=None)
            if final is None:
                temporary.unlink()
            now, stamps = time.time_ns(), self.folder.stamps()
            found = self._filled(connection, stamps, str(directory))
            if final:
                try:
                    _publish(
                        self.index,
                        descriptor,
                        temporary,
                        final,
                        stamps,
                        settled=seal.is_settled(stamps, now),
                    )
                except OSError as error:
                    self.trouble = Message(
                        "the index cannot be kept as {path} ({why})", path=final, why=reason(error)
                    )
                    final = None
            return self.index.engine(found, final)
        except BaseException:
            if connection:
                connection.close()
            raise
        finally:
            with suppress(OSError):
                temporary.unlink()  # gone already if it was published
            os.close(descriptor)

    def _filled(self, connection: sqlite3.Connection, stamps: dict[str, Stamp | None], spool: str) -> Found:
        """Fill an empty database with the dataset that has these stamps; return it, ready for reading. Raises reader.Faulty."""
        if None in stamps.values():
            raise reader.Faulty
        connection.executescript(SETTINGS + "BEGIN;" + schema.SCHEMA + schema.TRIGRAMS + TRIGRAM_SETTINGS)
        insert = schema.inserter(connection)
        with _no_collection():
            sha256 = self._write(insert, spool)
            built = _sign(insert, sha256)
        try:
            fill.index(connection, schema.salted(sha256))
        except sqlite3.IntegrityError:
            raise reader.Faulty from None  # an id stands twice
        connection.execute("COMMIT")
        if self.folder.stamps() != stamps:
            raise reader.Faulty
        connection.executescript(READING)
        return Found(connection, sha256, built, fresh=True)

    def _write(self, insert: schema.Insert, spool: str) -> str:
        """Write the dataset; return its sha256."""
        read = reader.Reader(self.folder)
        described, vocabulary, sources = read.head()
        with ordered.in_order(read, spool) as (total, claims):
            assert described is not None  # None comes with a fault
            sha256 = read.sha256()
            maker = fill.Maker(
                fill.Head(described, vocabulary, sources), kept=True, checked=schema.salted(sha256)
            )
            parts = spread(lambda some: maker.part(some.start + 1, claims(some)), lambda: _slices(total))
            fill.fill(insert, maker, _told(parts, total, self.progress))
        return sha256


def _publish(
    index: Index,
    descriptor: int,
    temporary: Path,
    final: Path,
    stamps: dict[str, Stamp | None],
    *,
    settled: bool,
) -> None:
    """Put an index that is written to its final name, and its seal beside it. Raises OSError where it cannot be kept."""
    os.fsync(descriptor)
    with seal.alone_in(final.parent):
        os.replace(temporary, final)
        try:
            seal.write(final, Seal(described(), seal.of(index.folder), stamps, settled, stamp(descriptor)))
        except OSError:
            final.unlink()  # without a seal it is of no use to anyone
            raise


def _slices(total: int) -> Iterator[slice]:
    return (slice(start, start + fill.BATCH) for start in range(0, total, fill.BATCH))


def _told(parts: Iterable[fill.Part], total: int, progress: Progress) -> Iterator[fill.Part]:
    """Yield the parts, and tell before each how far it is; in the end, good or bad, that it is over."""
    done = 0
    try:
        progress(done, total)
        for part in parts:
            yield part
            done += len(part.rows["claim"])
            progress(done, total)
    finally:
        progress(total, total)


def _errors(folder: Folder) -> list[Fault]:
    """Return all errors of a dataset."""
    read = reader.Reader(folder)
    read.head()
    read.judged()
    return read.errors()


def refuse(folder: Folder, errors: list[Fault]) -> None:
    """Raise Refused with the first of the errors, and how many more there are; return where there is none."""
    if errors:
        told = errors[0].told
        if len(errors) > 1:
            told = Message("{fault} (and {more:,} more)", fault=told, more=len(errors) - 1)
        raise Refused(
            Message("the dataset {folder} is faulty: {fault}", folder=folder.path, fault=told),
            Message("`indotrade check {folder}` lists them all", folder=command_line.path(str(folder.path))),
        )


@contextmanager
def _no_collection() -> Iterator[None]:
    """Spare the search for cycles, of which there are none, among the millions of objects of a build: a sixth of it."""
    import gc

    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()


def _temporary(directory: Path, *, swept: bool) -> tuple[int, Path]:
    """Return a new file that is locked, open for writing; with `swept`, after what is left in the directory is gone.

    Raises OSError.
    """
    from tempfile import mkstemp

    with (
        seal.alone_in(directory) if swept else nullcontext()
    ):  # no file is met between its making and its locking
        if swept:
            _sweep(directory)
        descriptor, name = mkstemp(prefix=seal.TEMPORARY, dir=directory)
        _lock(descriptor)
    return descriptor, Path(name)


def _lock(descriptor: int) -> bool | None:
    """Return whether a file could be locked: not while the process that builds it lives; None where nothing locks."""
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return None
    return True


def _sweep(cache: Path) -> None:
    """Remove what builds left that were killed, and the indexes of datasets that are gone."""
    for path in cache.glob(seal.TEMPORARY + "*"):
        with suppress(OSError):
            descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
            try:
                age = time.time() - os.fstat(descriptor).st_mtime
                locked = _lock(descriptor)
                if locked or (locked is None and age > _STALE_AFTER):
                    path.unlink()
            finally:
                os.close(descriptor)
    for path in cache.glob("*.seal"):
        if seal.is_left_behind(path):
            for left in (path, path.with_suffix("")):
                with suppress(OSError):
                    left.unlink()
