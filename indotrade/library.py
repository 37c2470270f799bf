"""The core as a library: a dataset is opened, and asked for claims with their sources."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Unpack

import msgspec

from indotrade.dataset.records import Claim, Dataset, Source
from indotrade.engine.open import open_engine
from indotrade.engine.protocol import Engine
from indotrade.query import answer, columns, records
from indotrade.query.question import Filters


class Cited(msgspec.Struct, frozen=True):
    """A claim with all that it is cited from."""

    claim: Claim
    source: Source
    """The article in which it stands."""
    evidence: dict[str, Source]
    """The sources of its evidence, by id."""
    engine: Engine
    """The dataset, which knows the names of what it is tagged with."""

    def row(self, language: str = "en") -> dict[str, Cell]:
        """Return the claim as a flat row for a data frame: the columns of csv, typed, None for nothing.

        A column has one type, as data frames need it. A value is a Decimal, a count an int, a date a
        `datetime.date`; None where it is not known to the day, and `said_text` and `published_text` have what is
        known of it: `2024-05`. Texts and names are in `language`, and lists are joined with `;`.
        """
        row = columns.Row(self.claim, self.source, language, self.engine)
        cells = {name: _cell(read(row)) for name, read in columns.COLUMNS.items()}
        for name in ("said", "published"):
            known = cells[f"{name}_text"] = cells[name]
            cells[name] = date.fromisoformat(known) if isinstance(known, str) and len(known) == 10 else None
        return cells


Cell = str | int | Decimal | date | None


def _cell(value: columns.Value) -> Cell:
    return value if value is None or isinstance(value, (int, Decimal)) else columns.text(value) or None


class Found:
    """The claims that were found, in the order source, paragraph, place in the dataset: read one by one as they are iterated over."""

    def __init__(self, found: answer.Answer) -> None:
        self._found = found
        self.total = found.total
        """How many claims match, before the limit."""

    def __len__(self) -> int:
        """Return how many claims there are, after the limit."""
        return self._found.count

    def __iter__(self) -> Iterator[Cited]:
        """Yield each claim with its sources."""
        return (_cited(self._found.engine, claim) for claim in self._found.claims())


class OpenDataset:
    """A dataset that can be asked; `open_dataset` makes one."""

    def __init__(self, path: str | os.PathLike[str] | None) -> None:
        self._engine = open_engine(None if path is None else os.fspath(path))

    @property
    def about(self) -> Dataset:
        """What the dataset says of itself: name, version, date, licence."""
        return self._engine.dataset

    @property
    def sha256(self) -> str:
        """The SHA-256 of the four data files, as in the JSON of the command line."""
        return self._engine.sha256

    def find(self, **filters: Unpack[Filters]) -> Found:
        """Return the claims that pass all filters: none may, and then the result is empty.

        The filters are those of `indotrade list`: `sector`, `country`, `program`, `organization`, `speaker`,
        `at`, `from_`, `to`, `kind`, `status`, `source`, `measure`, each a value or several that are alternatives;
        `has_figure`; `period`, that of the figure, a date or two joined by `/`; `since` and `until`, each `YYYY[-MM[-DD]]`; `words`, substrings that must all occur;
        `sort`, which is `said`, `value`, `id` or `paragraph`, with `-` in front for descending; `limit`.
        Names are ids, codes, labels in English, Indonesian or Japanese, or aliases; a parent finds its
        children. `speaker` also takes `narration`.

        Raises indotrade.errors.NotFound for a name that is unknown or ambiguous, and
        indotrade.errors.Misused for a kind, status, date or order that is none.

        >>> from indotrade import open_dataset
        >>> len(open_dataset().find(sector="batik", has_figure=True, limit=1))
        1
        """
        return Found(answer.find(self._engine, filters))

    def claim(self, name: str) -> Cited:
        """Return the claim with this id. Raises indotrade.errors.NotFound where there is none."""
        return _cited(self._engine, records.claim(self._engine, name))

    def source(self, name: str) -> Source:
        """Return the source with this id. Raises indotrade.errors.NotFound where there is none."""
        return records.source(self._engine, name)


def open_dataset(path: str | os.PathLike[str] | None = None) -> OpenDataset:
    """Return the dataset in the directory `path`, else at INDOTRADE_DATA, else the bundled one.

    A large one is indexed on disk the first time, which takes about a minute a million claims. Raises
    indotrade.errors.Refused where it cannot be read or any record of it is faulty.
    """
    return OpenDataset(path)


def _cited(engine: Engine, claim: Claim) -> Cited:
    evidence = {item.source: _source(engine, item.source) for item in claim.evidence}
    return Cited(claim, _source(engine, claim.source), evidence, engine)


def _source(engine: Engine, name: str) -> Source:
    source = engine.source(name)
    assert source is not None  # held by the checks of the dataset
    return source
