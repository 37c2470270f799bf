"""The sources that rows describe: found by their id or address, or made of what is said of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from msgspec.structs import replace

from indotrade.dataset.records import Publisher, Source
from indotrade.dataset.words import SourceType
from indotrade.errors import Message
from indotrade.exchange.adding import ids
from indotrade.exchange.adding.holding import Holding
from indotrade.exchange.rows.drafts import Unreadable
from indotrade.exchange.rows.made import Made
from indotrade.text import fold

_URL = re.compile(r"https?://\S+")


class Described(NamedTuple):
    """A source as a row describes it; nothing of it may be given."""

    type: SourceType
    named: str = ""
    """An id, an address or a name."""
    url: str = ""
    publisher: str = ""
    title: str = ""
    authors: Sequence[str] = ()
    published: str | None = None
    language: str | None = None
    via: str = ""
    vantage: str = ""

    @property
    def is_named(self) -> bool:
        """Whether anything says which source it is."""
        return bool(self.named or self.url or self.publisher)


class Sources:
    """Finds the sources that rows describe, and makes those that are not there."""

    def __init__(self, holding: Holding, made: Made) -> None:
        self.holding = holding
        self.made = made
        self._known = {
            _without_address(it.publisher.name, it.title, it.published): it.id
            for it in holding.sources.values()
            if not it.url
        }

    def found(self, described: Described) -> str:
        """Return the id of a source: the one of that id or address, else one made of what is said of it.

        Raises Unreadable where nothing says whose it is, or something else than another row.
        """
        named, url = described.named, described.url
        if _URL.fullmatch(named) and not url:
            named, url = "", named
        for text, is_wrong in ((url, True), (named, named.startswith(("http:", "https:", "www.")))):
            if text and is_wrong and not _URL.fullmatch(text):
                raise Unreadable(Message('"{text}" is no http or https address', text=text[:80]))
        if named in self.holding.sources:
            return self._agreed(named, described, url)
        if url in self.holding.by_url:
            return self._agreed(self.holding.by_url[url], described, url)
        if named in self.holding.bundled.sources and not (described.publisher or url):
            self.holding.put_source(self.holding.bundled.sources[named])
            return named
        publisher = described.publisher or named or _host(url)
        if not publisher:
            raise Unreadable(
                Message("nothing says whose the source is: a column source, url or publisher does")
            )
        slug = ids.of_name(named or publisher)
        alike = self.holding.sources.get(slug) if named else None
        if alike and fold.key(alike.publisher.name) == fold.key(publisher) and not (url and alike.url):
            return self._agreed(slug, described, url)
        key = _without_address(publisher, described.title, described.published)
        if not named and not url and key in self._known:
            return self._agreed(self._known[key], described, url)
        if described.published and not named:
            slug += f"-{described.published}"
        if not described.publisher and not named:
            self.made.counts["hosts"] += 1
        name = self._put(self.holding.free["sources"](slug), described, publisher, url)
        if not named and not url:
            self._known[key] = name
        return name

    def _put(self, name: str, described: Described, publisher: str, url: str) -> str:
        source = Source(
            id=name,
            type=described.type,
            publisher=Publisher(publisher),
            title=described.title or None,
            url=url or None,
            language=described.language,
            authors=list(described.authors),
            published=described.published,
            via=described.via or None,
            vantage=described.vantage or None,
        )
        self.holding.put_source(source)
        self.made.counts["sources"] += 1
        return name

    def _agreed(self, name: str, described: Described, url: str) -> str:
        """Return the id of a source that is there, once it is known to be what this row says, too.

        What a source of this import did not say yet, it says now.
        """
        source = self.holding.sources[name]
        if name not in self.holding.added["sources"]:
            return name
        given: dict[str, Any] = {
            "url": url or None,
            "title": described.title or None,
            "published": described.published,
            "language": described.language,
            "authors": list(described.authors),
            "via": described.via or None,
            "vantage": described.vantage or None,
        }
        if described.publisher and fold.key(described.publisher) != fold.key(source.publisher.name):
            if url and source.publisher.name == _host(url):
                given["publisher"] = Publisher(described.publisher)
            else:
                raise Unreadable(Message(
                    "{id} is of {first} in another row, and of {second} here",
                    id=name, first=source.publisher.name, second=described.publisher,
                ))  # fmt: skip
        more = {}
        for field, value in given.items():
            known = getattr(source, field)
            if value and value != known:
                if known and field not in ("publisher", "language"):
                    raise Unreadable(Message(
                        "{field} of {id} is {first} in another row, and {second} here",
                        field=field, id=name, first=_shown(known), second=_shown(value),
                    ))  # fmt: skip
                more[field] = value
        if described.type == "article" and source.type != "article":
            more["type"] = "article"
        if more:
            self.holding.put_source(replace(source, **more))
        return name


def _without_address(publisher: str, title: str | None, published: str | None) -> tuple[str, ...]:
    """Return by what two sources that have no address are known to be one."""
    return fold.key(publisher), fold.key(title or ""), published or ""


def _shown(value: Any) -> str:
    return "; ".join(value) if isinstance(value, list) else str(value)[:80]


def _host(url: str) -> str:
    match = re.match(r"https?://(?:www\.)?([^/:?#\s]+)", url)
    return match[1] if match else ""
