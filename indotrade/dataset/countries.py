"""The countries of ISO 3166-1, which every dataset knows by their names and codes without listing them.

Names are those of the Unicode CLDR in English, Indonesian and Japanese, with the names that ISO prints as aliases.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import msgspec

from indotrade.dataset.packed import resource
from indotrade.dataset.vocabulary import Country


@cache
def listed() -> dict[str, Country]:
    """Return the countries of ISO 3166-1 by their ids."""
    entries = msgspec.json.decode(resource("dataset/countries.json"), type=list[Country])
    return {entry.id: entry for entry in entries}


def lent(own: Iterable[Country]) -> dict[str, Country]:
    """Return by id the countries that a dataset has no entry of its own for: none with the same id or code."""
    taken = {name for entry in own for name in (entry.id, entry.iso2, entry.iso3) if name}
    return {name: it for name, it in listed().items() if taken.isdisjoint((name, it.iso2, it.iso3))}
