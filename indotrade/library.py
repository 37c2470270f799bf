"""The core as a library: a dataset is opened, and asked for claims with their sources."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

import msgspec

from indotrade import query
from indotrade.fields import FIELDS
from indotrade.index import open_store
from indotrade.models import Claim, Dataset, Language, Source
from indotrade.store import Store

Asked = str | Sequence[str]
"""One value of a filter, or several that are alternatives."""


class Cited(msgspec.Struct, frozen=True):
    """A claim with all that it is cited from."""

    claim: Claim
    source: Source
    """The article in which it stands."""
    evidence: dict[str, Source]
    """The sources of its evidence, by id."""

    def row(self, language: Language = "en") -> dict[str, str]:
        """Return the claim as a flat row for a data frame: the columns of csv, every value text, "" for none.

        `statement` and `note` are in `language`; lists are joined with `;`.
        """
        return {name: read(self.claim, self.source, language) for name, read in FIELDS.items()}


class Found:
    """The claims that were found, in the order source, paragraph, id: read one by one as they are iterated over."""

    def __init__(self, answer: query.Answer) -> None:
        self._answer = answer
        self.total = answer.total
        """How many claims match, before the limit."""

    def __len__(self) -> int:
        """Return how many claims there are, after the limit."""
        return self._answer.count

    def __iter__(self) -> Iterator[Cited]:
        """Yield each claim with its sources."""
        return (_cited(self._answer.store, claim) for claim in self._answer.claims())


class OpenDataset:
    """A dataset that can be asked; `open_dataset` makes one."""

    def __init__(self, path: str | os.PathLike[str] | None) -> None:
        self._path = None if path is None else os.fspath(path)
        self._store = open_store(self._path)

    @property
    def about(self) -> Dataset:
        """What the dataset says of itself: name, version, date, licence."""
        return self._store.dataset

    @property
    def sha256(self) -> str:
        """The SHA-256 of the four data files, as in the JSON of the command line."""
        return self._store.sha256

    def find(
        self,
        *,
        sector: Asked = (),
        country: Asked = (),
        program: Asked = (),
        organization: Asked = (),
        speaker: Asked = (),
        source: Asked = (),
        kind: Asked = (),
        status: Asked = (),
        at: Asked = (),
        from_: Asked = (),
        to: Asked = (),
        words: Asked = (),
        has_figure: bool = False,
        since: str | None = None,
        until: str | None = None,
        sort: str | None = None,
        limit: int | None = None,
    ) -> Found:
        """Return the claims that pass all filters: none may, and then the result is empty.

        Names are ids, codes, labels in English, Indonesian or Japanese, or aliases; a parent finds its
        children. `speaker` also takes `narration`; `words` are substrings that must all occur; `since`
        and `until` are `YYYY[-MM[-DD]]`; `sort` is `said`, `value`, `id` or `paragraph`, with `-` in front
        for descending.

        Raises indotrade.errors.NotFound for a name that is unknown or ambiguous, and
        indotrade.errors.Misused for a kind, status, date or order that is none.

        >>> from indotrade import open_dataset
        >>> [cited.claim.figure.as_printed for cited in open_dataset().find(sector="batik", speaker="heri")]
        ['300%']
        """
        filters = query.Filters(
            sector=_several(sector),
            country=_several(country),
            program=_several(program),
            organization=_several(organization),
            speaker=_several(speaker),
            source=_several(source),
            kind=_several(kind),
            status=_several(status),
            at=_several(at),
            from_=_several(from_),
            to=_several(to),
            words=_several(words),
            has_figure=has_figure,
            since=since,
            until=until,
            sort=sort,
            limit=limit,
        )
        if filters.words and not self._store.searchable:
            self._store = open_store(self._path, searchable=True)
        return Found(query.find(self._store, filters))

    def claim(self, name: str) -> Cited:
        """Return the claim with this id. Raises indotrade.errors.NotFound where there is none."""
        return _cited(self._store, self._store.claim(query.claim_number(self._store, name)))

    def source(self, name: str) -> Source:
        """Return the source with this id. Raises indotrade.errors.NotFound where there is none."""
        return _source(self._store, query.source_id(self._store, name))


def open_dataset(path: str | os.PathLike[str] | None = None) -> OpenDataset:
    """Return the dataset in the directory `path`, else at INDOTRADE_DATA, else the bundled one.

    A large one is indexed on disk the first time, which takes about a minute a million claims. Raises
    indotrade.errors.Refused where it cannot be read or any record of it is faulty.
    """
    return OpenDataset(path)


def _several(asked: Asked) -> tuple[str, ...]:
    return (asked,) if isinstance(asked, str) else tuple(asked)


def _cited(store: Store, claim: Claim) -> Cited:
    evidence = {item.source: _source(store, item.source) for item in claim.evidence}
    return Cited(claim, _source(store, claim.source), evidence)


def _source(store: Store, name: str) -> Source:
    source = store.source(name)
    assert source is not None  # held by the checks of the dataset
    return source
