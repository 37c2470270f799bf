"""Citations for biblatex and biber: the fields of its own data model, each fact once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from indotrade.dataset.records import Claim, Source
from indotrade.output.bibtex import braced, cited, file, latex, written
from indotrade.output.citing import Citation, escaped, iso, language_tag, note, outlet, placed, title
from indotrade.wording import references


def citations(items: Sequence[Citation], _language: str) -> Iterator[str]:
    """Yield the citations in their order; they do not depend on the language of the screen."""
    yield file(items, _entry, _cited)


def _cited(key: str, claim: Claim) -> str:
    """Return a claim's citation in LaTeX, and in Typst, which reads the same file."""
    where = escaped(placed(claim)).replace(r"\@", r"\u{40}")
    supplement = f", supplement: [{where}]" if where else ""
    return f"{cited('autocite', key, claim)}  #cite(<{key}>{supplement})"


def _entry(key: str, item: Citation) -> str:
    """Return an `@online` entry; a source without an address is `@misc`.

    biblatex takes the day of access for the year of a page without a date, so there it stands in `addendum`. Every
    style prints that at the end, and few `annotation`, where the remark on how a source was read stands.
    """
    source = item.source
    published = iso(source.published, "-")
    seen = references.access(source, "en")
    fields = {
        "author": " and ".join(map(braced, references.known(source.authors))),
        "title": braced(title(source)),
        "organization": braced(outlet(source)),
        "date": published,
        "url": references.web_address(source.url),
        "urldate": iso(source.accessed, "-") if published and source.url else "",
        "langid": _babel(source),
        "addendum": latex(
            references.sentences(
                [None if published or not seen else seen[:1].upper() + seen[1:], note(item, remarks=False)]
            )
        ),
        "annotation": latex(references.sentences([source.access_note])),
    }
    return written("online" if source.url else "misc", key, fields)


_BABEL = {
    "ar": "arabic", "de": "german", "en": "english", "es": "spanish", "fr": "french", "id": "id", "it": "italian",
    "ja": "japanese", "jv": "javanese", "ko": "korean", "ms": "malay", "nl": "dutch", "pt": "portuguese", "ru": "russian",
    "th": "thai", "vi": "vietnamese", "zh": "chinese",
}  # fmt: skip
"""What babel calls a language; a `langid` that it does not know is worse than none.

Indonesian stands by its tag, which biber takes too: pandoc sees no language in a name of more than eight letters, and
would write an Indonesian title in capitals, as an English one.
"""


def _babel(source: Source) -> str:
    """Return the language of a source by babel's name, or ""."""
    return _BABEL.get(language_tag(source).partition("-")[0], "")
