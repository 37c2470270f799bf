"""What an import is told beforehand, and what it tells afterwards: what all rows share, and what was made of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from indotrade.errors import Message
from indotrade.exchange.rows.quotes import Article

_EXAMPLES = 5
"""How many rows are named of those in which something had to be decided."""


class Shared(NamedTuple):
    """What all rows share, where no column says it."""

    said: str | None = None
    source: str | None = None
    language: str | None = None
    rated_by: str | None = None
    article: Article | None = None
    file: str | None = None
    """The name of the article's file, after which the source is called where nothing names it."""


class Made:
    """What was made of rows, for a person to know."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.rows: dict[str, list[str]] = defaultdict(list)
        """The first rows in which something had to be decided, by what."""
        self.examples: dict[str, str] = {}
        """An example of each."""
        self.left_out: dict[str, Sequence[str]] = {}
        """The columns that were left out, by sheet."""
        self.languages: dict[str, str] = {}
        """In which language the statements of a sheet were taken to be."""
        self.unfound: list[tuple[str | None, Message]] = []
        """The quotations that do not stand in the article, by source."""
        self.attested: set[str | None] = set()
        """The sources of which words stand in it."""

    def decided(self, what: str, row: int, example: str = "") -> None:
        """Count what had to be decided in a row."""
        self.counts[what] += 1
        self.examples[what] = example
        if len(self.rows[what]) < _EXAMPLES:
            self.rows[what].append(str(row))
