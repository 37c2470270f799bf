"""The library that speaks to servers: psycopg, or the word that it is not installed."""

import logging

from indotrade.errors import Message, Refused

try:
    import psycopg
    from psycopg.conninfo import conninfo_to_dict
    from psycopg.pq import Conninfo, TransactionStatus
except ImportError as error:
    if error.name not in ("psycopg", None):  # None: it is there, and finds no library of PostgreSQL
        raise
    raise Refused(
        Message("a shared database is reached through psycopg, which is not installed"),
        Message("`pip install 'indotrade[postgres]'` installs it"),
    ) from None

logging.getLogger("psycopg").addHandler(
    logging.NullHandler()
)  # else its warnings go to standard error as they are

__all__ = ["Conninfo", "TransactionStatus", "conninfo_to_dict", "psycopg"]
