"""The database of a dataset in a folder: filled in memory, or kept on disk as an index where the dataset is large."""

from __future__ import annotations

import os
import sqlite3
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any, NamedTuple

from msgspec.structs import replace

from indotrade.dataset import folder as files
from indotrade.dataset import reader, records
from indotrade.dataset.faults import Fault
from indotrade.dataset.folder import Folder, Stamp, stamp
from indotrade.dataset.records import Claim
from indotrade.engine import fill, protocol, seal
from indotrade.engine.protocol import Origin, Progress, Warn
from indotrade.engine.seal import Seal
from indotrade.engine.sqlite import SqliteEngine, unanswered
from indotrade.errors import Message, Refused, reason
from indotrade.text import dates, escape, fold

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
META = "SELECT name, value, crc FROM meta"
_STALE_AFTER = 3600.0
"""After so many seconds no build is at work any more: it counts where files cannot be locked."""


def described() -> str:
    """Return what tells the indexes of this program from those of any other version of it.

    It is a digest of all that decides what stands in one: the types of the records, the schema, the Unicode
    data, and the code that fills the tables and folds the texts. None of it is a number kept by hand.
    """
    import hashlib
    import unicodedata

    digest = hashlib.sha256(unicodedata.unidata_version.encode())
    for module in (records, fill, protocol, dates, fold, escape):
        loader: Any = module.__loader__  # of a file, or of a zip
        digest.update(loader.get_data(module.__file__))
    return digest.hexdigest()


class _Found(NamedTuple):
    """A database that is open for reading, and what it says of itself."""

    connection: sqlite3.Connection
    sha256: str
    built: str
    whole: bool
    """Whether it was read through, or written, a moment ago, so that its rows need no check."""


class Index:
    """The database of one large dataset: where it is kept, whether it is good, how it is made."""

    def __init__(self, folder: Folder) -> None:
        import hashlib

        self.folder = folder
        self.name = hashlib.sha256(os.fsencode(os.path.realpath(folder.path))).hexdigest()
        self.trouble: Message | None = None
        """Why the index could not be kept, or not be built where it should be; None while all is well."""
        self.cache = self._cache()
        """The directory of all indexes, or None if it is not there and ours alone."""

    def open(self, progress: Progress | None, warn: Warn | None) -> SqliteEngine:
        """Return the engine on the index that is kept, else on one that is built now.

        One that is kept and turns out to be damaged is built anew while it answers, once and in silence.
        """
        progress = progress or (lambda _done, _total: None)
        if kept := self.kept(lambda: self._built(progress)):
            return kept
        answer = self._built(progress)
        if self.trouble and warn:
            warn(
                Message(
                    "note: {trouble}, so {folder} was indexed for this answer alone: that is slow",
                    trouble=self.trouble,
                    folder=self.folder.path,
                )
            )
        return answer

    def kept(self, renew: Callable[[], SqliteEngine] | None = None) -> SqliteEngine | None:
        """Return the engine on the index that is kept; None if there is none that can be answered from.

        `renew` builds it anew where a row of it turns out to be damaged.
        """
        path = self.cache / self.name if self.cache else None
        found = self._found(path) if path else None
        return self._engine(found, path, renew) if found else None

    def _engine(
        self, found: _Found, path: Path | None, renew: Callable[[], SqliteEngine] | None = None
    ) -> SqliteEngine:
        address = str(self.folder.path)
        if path is None:
            origin = Origin(address)
        else:
            ((size,),) = found.connection.execute(
                "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
            )
            origin = Origin(address, str(path), size, found.built)
        return SqliteEngine(
            found.connection,
            lambda: found.sha256,
            origin,
            kept=True,
            checked=not found.whole,
            renew=renew,
        )

    def _cache(self) -> Path | None:
        try:
            return _private(_cache_path())
        except OSError as error:
            self.trouble = Message("no index can be kept in the cache ({why})", why=reason(error))
            return None

    # --- an index that is kept -----------------------------------------------------------------------

    def _found(self, path: Path) -> _Found | None:
        """Return the index at `path` if it is whole, untouched, and of the dataset as it is now; else None."""
        sealed = seal.read(path)
        if sealed is None or sealed.program != described():
            return None
        now, stamps = time.time_ns(), self.folder.stamps()
        if sealed.stamps != stamps or None in stamps.values():
            return None
        try:
            if not sealed.holds(path):
                return None
            connection = sqlite3.connect(_uri(path, "mode=ro&immutable=1"), uri=True, isolation_level=None)
        except (OSError, sqlite3.Error):
            return None
        try:
            connection.executescript(READING)
            check = fill.checker()
            meta = {name: value for name, value, crc in connection.execute(META) if check(value) == crc}
            found = _Found(connection, meta["sha256"], meta["built"], sealed.crc is not None)
            whole = {"dataset", "claims"} <= meta.keys()
            if whole and (sealed.settled or self._still(found, path, sealed, now)):
                seal.used(path)
                return found
        except (KeyError, sqlite3.Error):
            pass
        connection.close()
        return None

    def _still(self, found: _Found, path: Path, sealed: Seal, now: int) -> bool:
        """Return whether the dataset is byte for byte the one that is indexed; if so, the stamps tell it from now on."""
        try:
            if files.sha256(self.folder) != found.sha256 or self.folder.stamps() != sealed.stamps:
                return False
        except (OSError, Refused):
            return False
        if seal.is_settled(sealed.stamps, now):
            with suppress(OSError), _alone_in(path.parent):
                if stamp(path) == sealed.index:
                    seal.write(path, replace(sealed, settled=True))
        return True

    # --- an index that is built ----------------------------------------------------------------------

    def _built(self, progress: Progress) -> SqliteEngine:
        """Return the engine on an index that is built now, in the first place where there is room.

        Raises Refused for a faulty dataset, and for one that never is at rest.
        """
        for _ in range(2):
            try:
                return self._built_in_first(progress)
            except reader.Faulty:
                refuse(self.folder, _errors(self.folder))
        raise files.changed(self.folder.path)

    def _built_in_first(self, progress: Progress) -> SqliteEngine:
        if self.cache:
            try:
                return self._built_in(self.cache, self.cache / self.name, progress)
            except (OSError, sqlite3.Error) as error:
                self.trouble = Message(
                    "no index can be built in {cache} ({why})", cache=self.cache, why=reason(error)
                )
        with suppress(OSError, sqlite3.Error):
            from tempfile import gettempdir

            return self._built_in(Path(gettempdir()), None, progress)
        return in_memory(self.folder)

    def _built_in(self, directory: Path, final: Path | None, progress: Progress) -> SqliteEngine:
        """Return the engine on an index that is built in a directory, and kept as `final`; None: in a nameless file.

        Raises reader.Faulty, and OSError or sqlite3.Error where there is no room; then no file is left.
        """
        descriptor, temporary = _temporary(directory, swept=final is not None)
        connection = None
        try:
            os.fchmod(descriptor, 0o600)
            # The thread that writes is not the one that reads.
            connection = sqlite3.connect(
                _uri(temporary, "mode=rw"), uri=True, isolation_level=None, check_same_thread=False
            )
            if final is None:
                temporary.unlink()
            now, stamps = time.time_ns(), self.folder.stamps()
            found = self._filled(connection, stamps, str(directory), progress)
            if final:
                sealed = Seal(
                    described(),
                    seal.of(self.folder),
                    stamps,
                    seal.is_settled(stamps, now),
                    stamp(descriptor),
                    seal.crc(descriptor),
                )
                if not self._published(descriptor, temporary, final, sealed):
                    final = None
            return self._engine(found, final)
        except BaseException:
            if connection:
                connection.close()
            raise
        finally:
            with suppress(OSError):
                temporary.unlink()  # gone already if it was published
            os.close(descriptor)

    def _filled(
        self, connection: sqlite3.Connection, stamps: dict[str, Stamp | None], room: str, progress: Progress
    ) -> _Found:
        """Fill an empty database with the dataset that has these stamps; return it, ready for reading. Raises reader.Faulty."""
        import datetime

        if None in stamps.values():
            raise reader.Faulty
        built = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
        connection.executescript(SETTINGS + "BEGIN;" + fill.SCHEMA + fill.TRIGRAMS + TRIGRAM_SETTINGS)
        with _no_collection(), fill.Writer(connection) as writer:
            sha256 = self._write(writer.insert, room, progress)
            meta = {"sha256": sha256, "built": built}
            writer.insert("meta", [(name, value, fill.checker()(value)) for name, value in meta.items()])
        try:
            for key in fill.KEYS:
                connection.execute(key)
        except sqlite3.IntegrityError:
            raise reader.Faulty from None  # an id stands twice
        connection.execute("COMMIT")
        if self.folder.stamps() != stamps:
            raise reader.Faulty
        connection.executescript(READING)
        return _Found(connection, sha256, built, whole=True)

    def _write(self, insert: fill.Insert, room: str, progress: Progress) -> str:
        """Write the dataset; return its sha256."""
        read = reader.Reader(self.folder)
        described, vocabulary, sources = read.head()
        with read.in_order(room) as (total, claims):
            assert described is not None  # None comes with a fault
            head = fill.Head(described, vocabulary, sources)
            fill.fill(insert, head, _told(claims, total, progress), kept=True)
        return read.sha256()

    def _published(self, descriptor: int, temporary: Path, final: Path, sealed: Seal) -> bool:
        """Return whether the index now stands under its final name, sealed; if not, `trouble` says why."""
        try:
            os.fsync(descriptor)
            with _alone_in(final.parent):
                os.replace(temporary, final)
                try:
                    seal.write(final, replace(sealed, index=stamp(descriptor)))
                except OSError:
                    final.unlink()  # without a seal it is of no use to anyone
                    raise
        except OSError as error:
            self.trouble = Message(
                "the index cannot be kept as {path} ({why})", path=final, why=reason(error)
            )
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


def _errors(folder: Folder) -> list[Fault]:
    """Return all errors of a dataset."""
    read = reader.Reader(folder)
    read.head()
    for _ in read.claims():
        pass
    return read.errors()


def refuse(folder: Folder, errors: list[Fault]) -> None:
    """Raise Refused with the first of the errors, and how many more there are; return where there is none."""
    if errors:
        told = errors[0].told
        if len(errors) > 1:
            told = Message("{fault} (and {more:,} more)", fault=told, more=len(errors) - 1)
        raise Refused(
            Message("the dataset {folder} is faulty: {fault}", folder=folder.path, fault=told),
            Message("`indotrade check {folder}` lists them all", folder=escape.typed(str(folder.path))),
        )


def in_memory(folder: Folder, *, trusted: bool = False) -> SqliteEngine:
    """Return an engine on a database that is filled now and gone with the process.

    Raises Refused, also where the four files were not at rest: they are of one version, or not answered from.
    A `trusted` dataset that turns out not to be as it came is read again, and its faults told.
    """
    for _ in range(2):
        before = folder.stamps()
        try:
            answer = _filled_now(folder, trusted=trusted)
        except (Refused, LookupError, ValueError, sqlite3.Error) as error:
            if folder.stamps() != before:
                continue
            if trusted:
                return in_memory(folder)
            if isinstance(error, sqlite3.Error):
                raise unanswered(error) from error
            raise
        if folder.stamps() == before:
            return answer
    raise files.changed(folder.path)


def _filled_now(folder: Folder, *, trusted: bool) -> SqliteEngine:
    read = reader.Reader(folder, trusted=trusted)
    described, vocabulary, sources = read.head()
    claims = sorted((numbered.claim for numbered in read.claims()), key=reader.in_answer_order)
    refuse(folder, read.errors())
    assert described is not None  # None comes with a fault
    head = fill.Head(described, vocabulary, sources)
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.executescript("BEGIN;" + fill.SCHEMA)
    fill.fill(fill.inserter(connection), head, claims, kept=False)
    for key in fill.KEYS:
        connection.execute(key)
    connection.execute("COMMIT")
    return SqliteEngine(connection, read.sha256, Origin(str(folder.path)), kept=False)


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
    raise OSError(Message("neither XDG_CACHE_HOME nor HOME names a directory"))


def _private(directory: Path) -> Path:
    """Return `directory`, made if it is missing. Raises OSError where others could write to it."""
    missing = [path for path in (directory, *directory.parents) if not os.path.lexists(path)]
    for path in reversed(missing):
        with suppress(FileExistsError):
            os.mkdir(path, 0o700)
    status = os.lstat(directory)
    if not stat.S_ISDIR(status.st_mode):
        raise OSError(Message("{directory} is not a directory", directory=directory))
    if status.st_uid != os.geteuid() or status.st_mode & 0o022:
        raise OSError(Message("others can write to {directory}", directory=directory))
    if status.st_mode & 0o777 != 0o700:
        os.chmod(directory, 0o700)
    return directory


def _uri(path: Path, options: str) -> str:
    from urllib.parse import quote

    return f"file:{quote(os.fsencode(path))}?{options}"


def _temporary(directory: Path, *, swept: bool) -> tuple[int, Path]:
    """Return a new file that is locked, open for writing; with `swept`, after what is left in the directory is gone.

    Raises OSError.
    """
    from tempfile import mkstemp

    with (
        _alone_in(directory) if swept else nullcontext()
    ):  # no file is met between its making and its locking
        if swept:
            _sweep(directory)
        descriptor, name = mkstemp(prefix=seal.TEMPORARY, dir=directory)
        _lock(descriptor)
    return descriptor, Path(name)


@contextmanager
def _alone_in(cache: Path) -> Iterator[None]:
    """Let no other build publish meanwhile, so that an index and its seal are of one; where nothing locks, as it is."""
    import fcntl

    descriptor = os.open(cache, os.O_RDONLY | os.O_CLOEXEC)
    try:
        with suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


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
