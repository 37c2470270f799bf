"""The indexes that are kept on disk: where the one of a dataset is, and whether it can be answered from."""

from __future__ import annotations

import os
import sqlite3
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

from indotrade.dataset import folder as files
from indotrade.dataset.folder import Folder, stamp
from indotrade.dataset.room import room
from indotrade.engine import seal
from indotrade.engine.checked import FAILURES
from indotrade.engine.protocol import Origin
from indotrade.engine.schema import check
from indotrade.engine.seal import Seal
from indotrade.engine.sqlite import SqliteEngine
from indotrade.errors import Refused

CODE = (
    "__init__.py", "dataset/batches.py", "dataset/countries.json", "dataset/countries.py", "dataset/derived.py", "dataset/fields.py", "dataset/packed.py", "dataset/records.py", "dataset/vocabulary.py",
    "dataset/words.py",
    "engine/bundles.py", "engine/fill.py", "engine/leaves.py", "engine/named.py", "engine/nearest.py", "engine/protocol.py", "engine/schema.py", "engine/sets.py", "engine/terms.py",
    "engine/trigrams.py", "text/dates.py", "text/escape.py", "text/fold.py", "text/sought.py",
)  # fmt: skip
"""What decides what stands in an index, within the package: a test holds that nothing is missing."""
READING = """
PRAGMA trusted_schema = OFF; PRAGMA query_only = ON; PRAGMA cell_size_check = ON;
"""
META = "SELECT name, value, crc FROM meta"


def described() -> str:
    """Return what tells the indexes of this program from those of any other version of it.

    It is the version of Python, which has its own Unicode data, the order of bytes, and a digest of all that decides what stands in one: the
    types of the records, the schema, the code that fills the tables and folds the texts, and the version of the
    program, by which its rules are known. None of it is a number kept by hand.
    """
    from zlib import crc32

    loader: Any = __loader__  # type: ignore[name-defined]  # of files, or of a zip
    package = os.path.dirname(os.path.dirname(__file__))
    digest = 0
    for name in CODE:
        digest = crc32(loader.get_data(os.path.join(package, *name.split("/"))), digest)
    return f"{sys.hexversion:08x} {sys.byteorder} {digest:08x}"


class Found(NamedTuple):
    """A database that is open for reading, and what it says of itself."""

    connection: sqlite3.Connection
    sha256: str
    built: str
    fresh: bool
    """Whether it was written a moment ago, so that its rows need no check."""


class Index:
    """The index of one dataset: where it is kept, and whether it is good; `build` makes it."""

    def __init__(self, folder: Folder) -> None:
        self.folder = folder
        self.name: str = _sha256()(os.fsencode(os.path.realpath(folder.path))).hexdigest()

    def kept(self, renew: Callable[[], SqliteEngine] | None = None) -> SqliteEngine | None:
        """Return the engine on the index that is kept; None if there is none that can be answered from.

        `renew` builds it anew where a row of it turns out to be damaged.
        """
        try:
            path = room(made=False) / self.name
        except OSError:
            return None
        found = self._found(path)
        return self.engine(found, path, renew) if found else None

    def engine(
        self, found: Found, path: Path | None, renew: Callable[[], SqliteEngine] | None = None
    ) -> SqliteEngine:
        """Return the engine on a database of this dataset, which is the file `path`; None: it is gone afterwards."""
        return SqliteEngine(
            found.connection,
            lambda: found.sha256,
            self.origin(found.connection, path),
            kept=True,
            checked=not found.fresh,
            renew=renew,
        )

    def origin(self, connection: sqlite3.Connection, path: Path | None) -> Origin:
        """Return what is told of a database of this dataset: where it is kept, its size, when it was built."""
        if path is None:
            return Origin(str(self.folder.path))
        pages = "SELECT page_count * page_size, (SELECT value FROM meta WHERE name = 'built')"
        ((size, built),) = connection.execute(f"{pages} FROM pragma_page_count, pragma_page_size")
        return Origin(str(self.folder.path), str(path), size, built)

    def _found(self, path: Path) -> Found | None:
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
            connection = sqlite3.connect(uri(path, "mode=ro&immutable=1"), uri=True, isolation_level=None)
        except (OSError, sqlite3.Error):
            return None
        try:
            connection.executescript(READING)
            meta = {
                name: value
                for name, value, crc in connection.execute(META)
                if check("meta", name, value) == crc
            }
            found = Found(connection, meta["sha256"], meta["built"], fresh=False)
            whole = {"dataset", "claims"} <= meta.keys()
            if whole and (sealed.settled or self._still(found, path, sealed, now)):
                seal.used(path)
                return found
        except (KeyError, *FAILURES):
            pass
        connection.close()
        return None

    def _still(self, found: Found, path: Path, sealed: Seal, now: int) -> bool:
        """Return whether the dataset is byte for byte the one that is indexed; if so, the stamps tell it from now on."""
        try:
            if files.sha256(self.folder) != found.sha256 or self.folder.stamps() != sealed.stamps:
                return False
        except (OSError, Refused):
            return False
        if seal.is_settled(sealed.stamps, now):
            from msgspec.structs import replace

            with suppress(OSError), seal.alone_in(path.parent):
                if stamp(path) == sealed.index:
                    seal.write(path, replace(sealed, settled=True))
        return True


def uri(path: Path, options: str) -> str:
    """Return the address of a database for SQLite."""
    from urllib.parse import quote

    return f"file:{quote(os.fsencode(path))}?{options}"


def _sha256() -> Any:
    """Return SHA-256 as the interpreter has it of its own: `hashlib` loads OpenSSL first, which takes 3 ms."""
    for module in ("_sha2", "_sha256"):  # since Python 3.12, and before
        with suppress(ImportError):
            return import_module(module).sha256
    return import_module("hashlib").sha256
