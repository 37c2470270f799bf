"""Opens the engine that answers for a dataset, by the dataset's address."""

from __future__ import annotations

import os
from importlib import import_module
from typing import Any

from indotrade.dataset.folder import VARIABLE
from indotrade.engine.protocol import Engine, Names, Progress, Warn

SHARED = ("postgresql://", "postgres://")
"""What the address of a shared database begins with."""
ENGINES = {
    **dict.fromkeys(SHARED, "indotrade.engine.postgres"),
    "": "indotrade.engine.folder",
}
"""What an address begins with, and the module whose `open_engine` and `open_names` take it; the first that fits."""


def open_engine(
    address: str | None = None, *, progress: Progress | None = None, warn: Warn | None = None
) -> Engine:
    """Return the engine for the dataset at `address`, else at INDOTRADE_DATA, else for the bundled one.

    Raises Refused where the dataset cannot be read, or any record of it is faulty: nothing half-loaded is
    answered from.
    """
    chosen = _chosen(address)
    engine: Engine = _module(chosen).open_engine(chosen, progress, warn)
    return engine


def open_names(address: str | None = None) -> Names:
    """Return what completes names while they are typed, without a build. Raises Refused as `open_engine` does."""
    chosen = _chosen(address)
    names: Names = _module(chosen).open_names(chosen)
    return names


def is_shared(address: str | None) -> bool:
    """Return whether the dataset at `address`, else the one at INDOTRADE_DATA, is in a shared database."""
    return (_chosen(address) or "").startswith(SHARED)


def _chosen(address: str | None) -> str | None:
    return address if address is not None else os.environ.get(VARIABLE) or None


def _module(address: str | None) -> Any:
    return import_module(next(name for start, name in ENGINES.items() if (address or "").startswith(start)))
