"""Cited facts: what has been claimed about Indonesia-Japan trade by small firms, and does it hold?"""

from __future__ import annotations

TYPE_CHECKING = False  # as `typing` has it, which is not imported: nobody would say that it cannot be
if TYPE_CHECKING:
    from typing import Any

VERSION = "1.0.0"
"""The version of the program; the data have their own, in `dataset.json`."""
LICENCE = "MIT"
"""Of the program; the data have their own."""
__all__ = ["LICENCE", "VERSION", "open_dataset"]


def __getattr__(name: str) -> Any:
    """Import the library when it is first asked for, so that the command line does not pay for it."""
    if name == "open_dataset":
        from indotrade.library import open_dataset

        return open_dataset
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
