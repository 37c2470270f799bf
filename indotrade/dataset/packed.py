"""Files that come with the program: read from beside it, also where it lies in a zip file, or unpacked from there."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

LOADER: Any = __loader__  # type: ignore[name-defined]  # of files, or of a zip
PACKAGE = Path(__file__).parent.parent


def resource(name: str) -> bytes:
    """Return what a file of the package holds, by its path within it. Raises OSError where it is not there."""
    content: bytes = LOADER.get_data(os.path.join(PACKAGE, *name.split("/")))
    return content


def unpacked(name: str) -> Path | None:
    """Return a folder with the files of a folder of the package, where the package lies in a zip file; else None.

    They are kept for the next time, by their sums, in the cache or, without one, in a directory that is left behind.
    """
    archive = getattr(LOADER, "archive", None)
    if archive is None:
        return None
    from tempfile import mkdtemp
    from zipfile import ZipFile
    from zlib import crc32

    from indotrade.dataset.room import room

    within = os.path.join(os.path.relpath(PACKAGE, archive), name, "").replace(os.sep, "/")
    with ZipFile(archive) as packed:
        members = [it for it in packed.infolist() if it.filename.startswith(within) and not it.is_dir()]
        digest = crc32(repr([(it.filename, it.CRC, it.file_size) for it in members]).encode())
        try:
            kept = room(made=True) / f"{name}-{digest:08x}"
            if kept.is_dir():
                return kept
            made = Path(mkdtemp(dir=kept.parent))
        except OSError:
            kept = made = Path(mkdtemp(prefix="indotrade-"))
        for member in members:
            file = made / member.filename.removeprefix(within)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(packed.read(member))
    try:
        made.replace(kept)
    except OSError:  # another process was first, and left as much
        return made
    return kept
