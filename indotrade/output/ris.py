"""Citations as RIS: a record each, for reference managers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from indotrade.output.citing import Citation, iso, keyed, language_tag, note, outlet, placed, title
from indotrade.text.dates import parts
from indotrade.text.escape import visible
from indotrade.wording import references


def citations(items: Sequence[Citation], _language: str) -> Iterator[str]:
    """Yield the citations in their order; they do not depend on the language of the screen."""
    yield "\n\n".join(_record(key, item) for key, item in keyed(items)) + "\n"


def _record(key: str, item: Citation) -> str:
    """Return a RIS record of a web page (`ELEC`), or of a report where there is no address, one line a field.

    The outlet stands in `PB`, its place in the specification, and in no second one, since Zotero, citation-js and pandoc
    would print both. The day of access of a page is `M1`, and elsewhere `Y2`; some readers know neither, so the note has it as well.
    A semicolon parts two addresses in `UR`, so one inside an address is encoded.
    """
    source = item.source
    published = parts(source.published)
    fields = [
        ("TY", "ELEC" if source.url else "RPRT"),
        ("ID", key),
        *(("AU", name) for name in references.known(source.authors)),
        ("TI", title(source)),
        ("PB", outlet(source)),
        ("PY", f"{published[0]:04}" if published else ""),
        ("DA", iso(source.published, "/")),
        ("UR", references.web_address(source.url).replace(";", "%3B")),
        ("Y2", iso(source.accessed, "/")),
        ("M1", iso(source.accessed, "/") if source.url else ""),
        ("LA", language_tag(source)),
        ("N1", references.sentences([note(item), _capital(references.access(source, "en"))])),
        *(("N1", f"{claim.id}: {placed(claim)}") for claim in item.places if placed(claim)),
    ]
    return "\n".join([*(f"{tag}  - {visible(value)}" for tag, value in fields if value.strip()), "ER  - "])


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
