"""Keeps the database of a large dataset on disk, and opens it."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from indotrade import dataset, store
from indotrade.errors import Message, Refused
from indotrade.files import Stamp, reason
from indotrade.models import Claim

VERSION = 1
"""Of what stands in an index; raised with every change of the schema or of the normalisation."""
SMALL = 2 << 20
"""The largest file of claims that is read at each start, in bytes: a few thousand claims."""
SMALL_COMPRESSED = 256 << 10
SETTINGS = """
PRAGMA page_size = 8192; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
PRAGMA locking_mode = EXCLUSIVE; PRAGMA cache_size = -32768; PRAGMA temp_store = FILE;
"""
"""While an index is built: nobody else sees the file, and one that is cut short is thrown away."""
TRIGRAM_SETTINGS = """
INSERT INTO trigram (trigram, rank) VALUES ('automerge', 0);
INSERT INTO trigram (trigram, rank) VALUES ('hashsize', 33554432);
"""
"""More is sorted in memory, in 32 MiB, and nothing is merged twice: a fifth faster."""
READING = """
PRAGMA trusted_schema = OFF; PRAGMA query_only = ON; PRAGMA cell_size_check = ON;
"""
_TEMPORARY = ".new-"
_STALE_AFTER = 3600.0
_SURELY_LOCKED_AFTER = 60.0

Progress = Callable[[int, int], None]
"""Told how many claims are in, and how many there are."""
Warn = Callable[[str], None]
"""Told once, in one line, why an answer was slow."""


def open_store(
    path: str | None = None,
    *,
    searchable: bool = False,
    progress: Progress | None = None,
    warn: Warn | None = None,
) -> store.Store:
    """Return the store of the dataset at `path`, else at INDOTRADE_DATA, else of the bundled one.

    With `searchable` it holds what `search` looks through; that of a large dataset always does. Raises
    Refused where the dataset cannot be read, or any record of it is faulty: nothing half-loaded is
    answered from.
    """
    folder = dataset.locate(path)
    return _if_small(folder, path, searchable=searchable) or _Index(folder).open(progress, warn)


def open_ready(path: str | None = None) -> store.Store | None:
    """Return the store that `open_store` would, if that takes no build; None if it does.

    For what must answer while the user is typing. Raises Refused as `open_store` does.
    """
    folder = dataset.locate(path)
    return _if_small(folder, path, searchable=False) or _Index(folder).kept()


def _if_small(folder: dataset.Folder, path: str | None, *, searchable: bool) -> store.Store | None:
    """Return the store of a dataset that is read at each start; None for a large one."""
    bundled = path is None and not os.environ.get(dataset.VARIABLE)
    try:
        size = os.stat(folder.path / folder.claims).st_size
    except OSError:
        size = 0  # the reader says what is wrong with it
    if bundled or size <= (SMALL_COMPRESSED if folder.claims.endswith(".gz") else SMALL):
        return _in_memory(folder, trusted=bundled, searchable=searchable)
    return None


def _in_memory(folder: dataset.Folder, *, trusted: bool, searchable: bool) -> store.Store:
    """Return a store that is filled now and gone with the process."""
    reader = dataset.Reader(folder, trusted=trusted)
    described, vocabulary, sources = reader.head()
    claims = sorted((numbered.claim for numbered in reader.claims()), key=dataset.in_answer_order)
    _refuse(folder, reader.errors())
    assert described is not None  # None comes with a fault
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.executescript("BEGIN;" + store.SCHEMA + (store.TRIGRAMS if searchable else ""))
    head = store.Head(described, vocabulary, sources)
    store.build(store.inserter(connection), head, claims, searchable=searchable)
    connection.execute(store.KEYS)
    connection.execute("COMMIT")
    return store.Store(connection, reader.sha256, searchable, store.Origin(folder.path))


def _refuse(folder: dataset.Folder, errors: list[dataset.Fault]) -> None:
    """Raise Refused with the first of the errors, and how many more there are; return where there is none."""
    if errors:
        from shlex import quote

        more = f" (and {len(errors) - 1:,} more)" if len(errors) > 1 else ""
        lagi = f" (dan {len(errors) - 1} lagi)" if len(errors) > 1 else ""
        raise Refused(
            Message(
                f"the dataset {folder.path} is faulty: {errors[0]}{more}",
                f"dataset {folder.path} bermasalah: {errors[0]}{lagi}",
            ),
            Message(
                f"`indotrade check {quote(str(folder.path))}` lists them all",
                f"`indotrade check {quote(str(folder.path))}` menampilkan semuanya",
            ),
        )


class _Found(NamedTuple):
    """A database that is open for reading, and what it says of itself."""

    connection: sqlite3.Connection
    sha256: str
    built: str


class _Index:
    """The database of one large dataset: where it is kept, whether it is good, how it is made."""

    def __init__(self, folder: dataset.Folder) -> None:
        import hashlib

        self.folder = folder
        self.name = hashlib.sha256(os.fsencode(os.path.realpath(folder.path))).hexdigest()
        self.trouble = ""
        """Why the index could not be kept, or not be built where it should be; "" while all is well."""
        self.cache = self._cache()
        """The directory of all indexes, or None if it is not there and ours alone."""

    def open(self, progress: Progress | None, warn: Warn | None) -> store.Store:
        """Return the store of the index that is kept, else of one that is built now."""
        if kept := self.kept():
            return kept
        answer = self._built(progress or (lambda done, total: None))
        if self.trouble and warn:
            warn(
                f"note: {self.trouble}, so {self.folder.path} was indexed for this answer alone: that is slow"
            )
        return answer

    def kept(self) -> store.Store | None:
        """Return the store of the index that is kept; None if there is none that can be answered from."""
        path = self.cache / self.name if self.cache else None
        found = self._found(path) if path else None
        return self._store(found, path) if found else None

    def _store(self, found: _Found, path: Path | None) -> store.Store:
        if path is None:
            origin = store.Origin(self.folder.path)
        else:
            ((size,),) = found.connection.execute(
                "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
            )
            origin = store.Origin(self.folder.path, path, size, found.built)
        return store.Store(found.connection, found.sha256, True, origin)

    def _cache(self) -> Path | None:
        try:
            return _private(_cache_path())
        except OSError as error:
            self.trouble = f"no index can be kept in the cache ({reason(error)})"
            return None

    def _state(self) -> str | None:
        """Return what tells the dataset, and what an index of it holds, from any other; None if a file is missing."""
        import unicodedata

        try:
            stamps = {name: _stamp(os.stat(self.folder.path / name)) for name in self.folder.names()}
        except OSError:
            return None
        return store.record({"index": VERSION, "unicode": unicodedata.unidata_version, "files": stamps})

    # --- an index that is kept -----------------------------------------------------------------------

    def _found(self, path: Path) -> _Found | None:
        """Return the index at `path` if it is whole, untouched, and of the dataset as it is now; else None."""
        try:
            if _seal(path) != _seal_of(path):
                return None
            connection = sqlite3.connect(_uri(path, "mode=ro&immutable=1"), uri=True, isolation_level=None)
        except (OSError, sqlite3.Error):
            return None
        try:
            connection.executescript(READING)
            meta = dict(connection.execute("SELECT name, value FROM meta"))
            if meta["state"] == self._state():
                return _Found(connection, meta["sha256"], meta["built"])
        except (KeyError, sqlite3.Error):
            pass
        connection.close()
        return None

    # --- an index that is built ----------------------------------------------------------------------

    def _built(self, progress: Progress) -> store.Store:
        """Return the store of an index that is built now, in the first place where there is room.

        Raises Refused for a faulty dataset, and for one that never is at rest.
        """
        for _ in range(2):
            try:
                return self._built_in_first(progress)
            except dataset.Faulty:
                _refuse(self.folder, _errors(self.folder))
        raise Refused(
            f"cannot read the dataset {self.folder.path}: it changed while it was read",
            hint="try again when it is at rest",
        )

    def _built_in_first(self, progress: Progress) -> store.Store:
        if self.cache:
            try:
                _sweep(self.cache)
                return self._built_in(self.cache, self.cache / self.name, progress)
            except (OSError, sqlite3.Error) as error:
                self.trouble = f"no index can be built in {self.cache} ({reason(error)})"
        with suppress(OSError, sqlite3.Error):
            from tempfile import gettempdir

            return self._built_in(Path(gettempdir()), None, progress)
        return _in_memory(self.folder, trusted=False, searchable=True)

    def _built_in(self, directory: Path, final: Path | None, progress: Progress) -> store.Store:
        """Return the store of an index that is built in a directory, and kept as `final`; None: in a nameless file.

        Raises Faulty, and OSError or sqlite3.Error where there is no room; then no file is left.
        """
        from tempfile import mkstemp

        descriptor, name = mkstemp(prefix=_TEMPORARY, dir=directory)
        temporary, connection = Path(name), None
        try:
            os.fchmod(descriptor, 0o600)
            _lock(descriptor)
            # The thread that writes is not the one that reads.
            connection = sqlite3.connect(
                _uri(temporary, "mode=rw"), uri=True, isolation_level=None, check_same_thread=False
            )
            if final is None:
                temporary.unlink()
            found = self._filled(connection, str(directory), progress)
            if final and not self._published(descriptor, temporary, final):
                final = None
            return self._store(found, final)
        except BaseException:
            if connection:
                connection.close()
            raise
        finally:
            with suppress(OSError):
                temporary.unlink()  # gone already if it was published
            os.close(descriptor)

    def _filled(self, connection: sqlite3.Connection, room: str, progress: Progress) -> _Found:
        """Fill an empty database with the dataset; return it, ready for reading. Raises Faulty."""
        import datetime

        from indotrade.writer import Writer

        if (state := self._state()) is None:
            raise dataset.Faulty
        built = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
        connection.executescript(SETTINGS + "BEGIN;" + store.SCHEMA + store.TRIGRAMS + TRIGRAM_SETTINGS)
        with _no_collection(), Writer(connection) as writer:
            sha256 = self._write(writer.insert, room, progress)
            writer.insert("meta", [("state", state), ("sha256", sha256), ("built", built)])
        try:
            connection.execute(store.KEYS)
        except sqlite3.IntegrityError:
            raise dataset.Faulty from None  # an id stands twice
        connection.execute("COMMIT")
        if self._state() != state:
            raise dataset.Faulty
        connection.executescript(READING)
        return _Found(connection, sha256, built)

    def _write(self, insert: store.Insert, room: str, progress: Progress) -> str:
        """Write the dataset; return its sha256."""
        reader = dataset.Reader(self.folder)
        described, vocabulary, sources = reader.head()
        with reader.in_order(room) as (total, claims):
            assert described is not None  # None comes with a fault
            head = store.Head(described, vocabulary, sources)
            store.build(insert, head, _told(claims, total, progress), searchable=True)
        return reader.sha256

    def _published(self, descriptor: int, temporary: Path, final: Path) -> bool:
        """Return whether the index now stands under its final name, sealed; if not, `trouble` says why."""
        try:
            os.fsync(descriptor)
            os.replace(temporary, final)
            if os.stat(final).st_ino == os.fstat(descriptor).st_ino:  # else another build was a moment later
                _write_seal(final, descriptor)
        except OSError as error:
            self.trouble = f"the index cannot be kept as {final} ({reason(error)})"
            return False
        return True


def _told(claims: Iterator[Claim], total: int, progress: Progress) -> Iterator[Claim]:
    """Yield the claims, and tell at every thousandth how far it is; in the end, good or bad, that it is over."""
    try:
        for done, claim in enumerate(claims):
            if done % 1000 == 0:
                progress(done, total)
            yield claim
    finally:
        progress(total, total)


def _errors(folder: dataset.Folder) -> list[dataset.Fault]:
    """Return all errors of a dataset."""
    reader = dataset.Reader(folder)
    reader.head()
    for _ in reader.claims():
        pass
    return reader.errors()


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


# --- files ---------------------------------------------------------------------------------------------


def _cache_path() -> Path:
    """Return the directory that the XDG rules name. Raises OSError where they name none."""
    base = os.environ.get("XDG_CACHE_HOME", "")
    if os.path.isabs(base):
        return Path(base, "indotrade")
    home = os.environ.get("HOME", "")
    if os.path.isabs(home):
        return Path(home, ".cache", "indotrade")
    raise OSError("neither XDG_CACHE_HOME nor HOME names a directory")


def _private(directory: Path) -> Path:
    """Return `directory`, made if it is missing. Raises OSError where others could write to it."""
    missing = [path for path in (directory, *directory.parents) if not os.path.lexists(path)]
    for path in reversed(missing):
        with suppress(FileExistsError):
            os.mkdir(path, 0o700)
    status = os.lstat(directory)
    if not stat.S_ISDIR(status.st_mode):
        raise OSError(f"{directory} is not a directory")
    if status.st_uid != os.geteuid() or status.st_mode & 0o022:
        raise OSError(f"others can write to {directory}")
    if status.st_mode & 0o777 != 0o700:
        os.chmod(directory, 0o700)
    return directory


def _stamp(status: os.stat_result) -> Stamp:
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino


def _uri(path: Path, options: str) -> str:
    from urllib.parse import quote

    return f"file:{quote(os.fsencode(path))}?{options}"


def _seal_path(path: Path) -> Path:
    return path.with_name(path.name + ".seal")


def _seal_of(path: Path) -> bytes:
    """Return what the seal of the file at `path` should say: the stamp of the file itself. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        status = os.fstat(descriptor)
    finally:
        os.close(descriptor)
    if not stat.S_ISREG(status.st_mode) or status.st_uid != os.geteuid():
        raise OSError("it is not a file of ours")
    return repr(_stamp(status)).encode()


def _seal(path: Path) -> bytes:
    """Return what the seal of the file at `path` says. Raises OSError where there is none."""
    flags = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
    with open(os.open(_seal_path(path), flags), "rb") as file:
        return file.read(1000)


def _write_seal(path: Path, descriptor: int) -> None:
    """Write down the stamp of an index as it was published, so that a later change of it is noticed."""
    from tempfile import mkstemp

    seal, name = mkstemp(prefix=_TEMPORARY, dir=path.parent)
    try:
        with open(seal, "wb") as file:
            os.fchmod(seal, 0o600)
            file.write(repr(_stamp(os.fstat(descriptor))).encode())
        os.replace(name, _seal_path(path))
    except OSError:
        with suppress(OSError):
            os.unlink(name)
        raise


def _lock(descriptor: int) -> bool:
    """Return whether a file could be locked: not while the process that builds it lives."""
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _sweep(cache: Path) -> None:
    """Remove what builds left that were killed: files that nobody has locked, or that are an hour old."""
    import time

    for path in cache.glob(_TEMPORARY + "*"):
        with suppress(OSError), open(os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)) as file:
            age = time.time() - os.fstat(file.fileno()).st_mtime
            if age > _STALE_AFTER or (age > _SURELY_LOCKED_AFTER and _lock(file.fileno())):
                path.unlink()
