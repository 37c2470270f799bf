"""The directory in which the program keeps what it can make again at any time: the user's own, and nobody else's."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path

from indotrade.errors import Message


def room(*, made: bool) -> Path:
    """Return the directory; where it is missing it is `made`. Raises OSError if it is not ours alone."""
    directory = _directory()
    if made:
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


def _directory() -> Path:
    """Return the directory that the XDG rules name. Raises OSError where they name none, or a home that is not there."""
    base = os.environ.get("XDG_CACHE_HOME", "")
    if os.path.isabs(base):
        return Path(base, "indotrade")
    home = os.environ.get("HOME", "")
    if os.path.isabs(home) and os.path.isdir(home):
        return Path(home, ".cache", "indotrade")
    raise OSError(Message("neither XDG_CACHE_HOME nor HOME names a directory"))
