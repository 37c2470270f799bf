"""The carriers of a dataset: what each is called, how the name of a target tells it, and the one way out."""

from __future__ import annotations

import os
from collections.abc import Sequence
from importlib import import_module
from typing import NamedTuple

from indotrade.dataset.folder import CLAIM_FILES, HEAD_FILES
from indotrade.engine.open import is_shared
from indotrade.errors import Argument, Message, Misused
from indotrade.exchange.export.chosen import Chosen
from indotrade.exchange.export.place import placed
from indotrade.exchange.tables import TABLES
from indotrade.query.answer import Answer
from indotrade.text.choices import choice, either


class Carrier(NamedTuple):
    """One way to hold a dataset, which a module of this package writes: `write(chosen, path)`."""

    name: str
    module: str
    endings: Sequence[str]
    """How the names of its files end; none for a folder."""
    files: Sequence[str] = ()
    """The files that its folder holds; none for a file."""


CARRIERS = {
    carrier.name: carrier
    for carrier in (
        Carrier("csv", "csv_files", (".csv",), ("datapackage.json", *(f"{name}.csv" for name in TABLES))),
        Carrier("xlsx", "workbook", (".xlsx",)),
        Carrier("sqlite", "sqlite", (".sqlite", ".sqlite3", ".db")),
        Carrier("jsonld", "jsonld", (".jsonld",)),
        Carrier("dataset", "dataset_files", (), (*CLAIM_FILES, *HEAD_FILES)),
        Carrier("ndjson", "lines", (".ndjson",)),
    )
}


SHARED = Carrier("postgresql", "shared", ())
"""The one that is known by the beginning of its address, and that no option asks for."""


class Way(NamedTuple):
    """How a target is written."""

    carrier: Carrier
    folder: bool

    @property
    def is_shared(self) -> bool:
        """Whether it is published in a shared database, and not written."""
        return self.carrier is SHARED

    @property
    def holds_sources(self) -> bool:
        """Whether it has more than the claims alone."""
        return self.folder or self.carrier.name != "csv"


def way(target: str, asked: str | None) -> Way:
    """Return how a target is written: as it is asked for, else as its name says.

    Raises Misused where nothing tells it, and for a target that is none.
    """
    if is_shared(target):
        if asked is not None:
            raise Misused(
                Message(
                    "{argument} is for files: a shared database has a form of its own",
                    argument=Argument("as_"),
                )
            )
        return Way(SHARED, folder=False)
    name = os.path.basename(target.rstrip("/"))
    if name in ("", "-", ".", ".."):
        raise Misused(
            Message(
                "TARGET is the name of a file or a folder that is made, not {target}", target=target or '""'
            ),
            Message("`indotrade list --format csv` prints what a pipe takes"),
        )
    ending = "" if target.endswith("/") else os.path.splitext(name)[1].lower()
    if asked is not None:
        carrier = CARRIERS[choice(asked, tuple(CARRIERS), "as_")]
        return Way(carrier, folder=bool(carrier.files) and not (ending and ending in carrier.endings))
    if not ending:
        return Way(CARRIERS["dataset"], folder=True)
    for carrier in CARRIERS.values():
        if ending in carrier.endings:
            return Way(carrier, folder=False)
    endings = either([carrier.endings[0] for carrier in CARRIERS.values() if carrier.endings])
    raise Misused(
        Message(
            'nothing is written that ends in "{ending}"; it is {endings}', ending=ending[:40], endings=endings
        ),
        Message("{argument} says what to write under any name", argument=Argument("as_")),
    )


def write(answer: Answer, target: str, how: Way, *, force: bool) -> int:
    """Write the claims of an answer, all or nothing; return how many sources were written with them.

    Raises Misused and NotDelivered as `placed` does.
    """
    files = how.carrier.files
    with placed(target, folder=how.folder, ours=files.__contains__ if force else None) as path:
        chosen = Chosen(answer)
        import_module(f"indotrade.exchange.export.{how.carrier.module}").write(chosen, path)
    return chosen.source_count
