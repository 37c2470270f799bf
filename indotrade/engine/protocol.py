"""The one interface of all engines: what is wanted of a dataset, and what an engine gives."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Literal, Protocol

from msgspec import Struct

from indotrade.errors import Message

if TYPE_CHECKING:
    from indotrade.dataset.records import Claim, Dataset, Source
    from indotrade.dataset.vocabulary import Entry

Facet = Literal[
    "sectors", "countries", "programs", "organizations", "speaker", "source", "kind", "status", "at", "from", "to",
    "figure", "measures", "evidence", "measured", "occasion",
]  # fmt: skip
"""Something that claims can be asked for by its values; `figure` is `yes` where there is one, `evidence` a source's id.

`measures` is what the claim's own figure measures, `measured` also what those of its evidence do; `occasion` is a
program that a claim is about or at which it was made.
"""

Noun = Literal["claims", "sources"]
Order = Literal["said", "value", "id", "paragraph"]
ORDERS: tuple[Order, ...] = ("said", "value", "id", "paragraph")

Progress = Callable[[int, int], None]
"""Told how many claims are in, and how many there are."""
Warn = Callable[[Message], None]
"""Told once why an answer was slow."""


class Wanted(Struct, frozen=True, kw_only=True):
    """Which claims are wanted, in which order, and how many: every name is an id by now."""

    facets: Mapping[Facet, Sequence[str]] = {}
    """By facet the values of which a claim must have one; a claim must fit each facet."""
    words: Sequence[str] = ()
    """Folded words and phrases, all of which must stand in a claim or in a name of what it is tagged with.

    A claim is as far from them as the sum of its distances from each (`text.sought.distance`): a name that has the word
    is a text beside the statement.
    """
    since: str | None = None
    """A day (`YYYY-MM-DD`): said then or after, as far as the date is known."""
    until: str | None = None
    period: tuple[str, str] | None = None
    """The first and the last of some days, of which the period of the claim's figure must have one."""
    ids: Sequence[str] | None = None
    """These claims alone, in this order; None for all."""
    order: Order | None = None
    """None for the order of answers: source, paragraph, place in the dataset; with `words` the nearest to them first.

    Nulls last either way, ties in the order of answers.
    """
    descending: bool = False
    limit: int | None = None


class Matches(Protocol):
    """The claims that were wanted."""

    total: int
    """How many match, before the limit."""

    def records(self) -> Iterator[str]:
        """Yield each claim, after the limit, as one line of JSON that is safe to show, every key present."""

    def counts(self, facet: Facet) -> dict[str, int]:
        """Return how many of the matching claims have each value of a facet, ancestors of a value included."""


class Contents(Struct, frozen=True):
    """What a dataset holds, counted."""

    sources: dict[str, int]
    """How many sources of each type there are."""
    first: str | None
    """The first day on which a claim was, or may have been, made."""
    last: str | None


class Published(Struct, frozen=True):
    """How a dataset came into a shared database."""

    by: str
    """The role that published it."""
    at: str
    """When: an ISO 8601 time."""


class Origin(Struct, frozen=True):
    """From where the answers come."""

    address: str
    """The dataset's directory, or the address of a shared database, without a password."""
    index: str | None = None
    """The file that answers; None where there is none."""
    bytes: int = 0
    """The size of that file."""
    built: str | None = None
    """When that file was built: an ISO 8601 time."""
    published: Published | None = None
    """How it came into a shared database; None where it is in none."""


class Names(Protocol):
    """What completes a name while it is typed: it must be there at once, and never takes a build."""

    def entries(self, kind: str) -> Sequence[Entry]:
        """Return all entries of a list of the vocabulary (`sectors` … `measures`), in the order of the file."""

    def beginning(self, noun: Noun, prefix: str, most: int) -> list[tuple[str, str]]:
        """Return up to `most` ids that begin with `prefix`, sorted, each with its record as one line of JSON."""


class Engine(Names, Protocol):
    """A dataset that can be asked."""

    origin: Origin

    @property
    def sha256(self) -> str:
        """Of the four data files, as `info` prints it."""

    @property
    def dataset(self) -> Dataset:
        """What the dataset says of itself."""

    @property
    def dataset_record(self) -> str:
        """The same as one line of JSON."""

    @property
    def size(self) -> int:
        """How many claims there are."""

    def contents(self) -> Contents:
        """Return what the dataset holds, counted."""

    def find(self, wanted: Wanted) -> Matches:
        """Return the claims that are wanted."""

    def counts(self, facet: Facet) -> dict[str, int]:
        """Return how many of all claims have each value of a facet, ancestors of a value included."""

    def claim(self, name: str) -> Claim | None:
        """Return the claim with this id, or None."""

    def source(self, name: str) -> Source | None:
        """Return the source with this id, or None."""

    def source_record(self, name: str) -> str | None:
        """Return the source with this id as one line of JSON, or None."""

    def source_ids(self) -> list[str]:
        """Return the ids of all sources, in the order of the file."""

    def attested(self, digests: Iterable[int]) -> dict[int, set[str]]:
        """Return those of the anchors that some claim has, each with the sources in which those claims stand.

        An anchor is given by its `bits`.
        """

    def entry(self, kind: str, name: str) -> Entry | None:
        """Return the entry of a list with this id, or None."""

    def called(self, kind: str, key: str) -> list[str]:
        """Return the ids of the entries one of whose names has this key (`text.fold.key`), sorted."""

    def containing(self, kind: str, words: Sequence[str]) -> list[str]:
        """Return the ids of the entries whose names have all of these folded words, sorted.

        A word that is not ASCII may be a part of one: Japanese has no spaces between words.
        """

    def keys(self, kind: str) -> dict[str, str]:
        """Return the key of each name of a list, sorted, with the id of its entry, for near misses."""


def bits(anchor: str) -> int:
    """Return the 64 bits of an anchor as a signed number, which every database has.

    >>> bits("v1:ffffffffffffffff")
    -1
    """
    return int.from_bytes(bytes.fromhex(anchor[3:]), "big", signed=True)
