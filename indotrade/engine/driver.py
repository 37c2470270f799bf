"""The library that publishes: all of psycopg, or the word that it is not installed."""

import logging
import sys

from indotrade.engine.libpq import missing

try:
    import psycopg
except ImportError as error:
    raise missing(error) from None
for name, module in [*sys.modules.items()]:  # what `libpq` imported without the package is not in it yet
    if name.rpartition(".")[0] == "psycopg" and not hasattr(psycopg, child := name.rpartition(".")[2]):
        setattr(psycopg, child, module)
logging.getLogger("psycopg").addHandler(
    logging.NullHandler()
)  # else its warnings go to standard error as they are

__all__ = ["psycopg"]
