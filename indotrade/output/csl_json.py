"""Citations as CSL-JSON: an array of items, for citation processors such as pandoc's."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from indotrade.dataset.records import Claim
from indotrade.output.citing import (
    Citation,
    escaped,
    keyed,
    language_tag,
    locator,
    note,
    outlet,
    placed,
    title,
)
from indotrade.text.dates import parts
from indotrade.text.escape import json_safe
from indotrade.wording import references


def citations(items: Sequence[Citation], _language: str) -> Iterator[str]:
    """Yield the citations in their order; they do not depend on the language of the screen."""
    listed = [_item(key, item) for key, item in keyed(items)]
    yield json_safe(json.dumps(listed, ensure_ascii=False, indent=2)) + "\n"


def _item(key: str, item: Citation) -> dict[str, object]:
    """Return an item of CSL-JSON: the text as it is, for JSON can carry it all.

    The outlet of a web page is `container-title`, which most styles print, and not also `publisher`, which the others
    would print twice. What has no address is a `report`, whose `publisher` all but one print; `tests/interop/README.md`
    has the tables. An item has no locator: `custom` tells, for
    each claim, which one to cite it with. In the note `{:` is parted, for citeproc takes `{:name: value}` for a field.
    """
    source = item.source
    published, accessed = parts(source.published), parts(source.accessed)
    fields: dict[str, object] = {
        "id": key,
        "type": "webpage" if source.url else "report",
        "title": title(source),
        "author": [{"literal": name} for name in references.known(source.authors)],
        "container-title" if source.url else "publisher": outlet(source),
        "issued": {"date-parts": [published]} if published else None,
        "accessed": {"date-parts": [accessed]} if accessed else None,
        "URL": source.url,
        "language": language_tag(source),
        "note": note(item).replace("{:", "{ :"),
        "custom": {"citations": {claim.id: _cited(key, claim) for claim in item.places}}
        if item.places
        else None,
    }
    return {name: value for name, value in fields.items() if value and str(value).strip()}


def _cited(key: str, claim: Claim) -> dict[str, str]:
    """Return how a claim is cited: the locator as a citation processor takes it, and pandoc's Markdown."""
    found, where = locator(claim), escaped(placed(claim))
    label = {"label": found[0], "locator": found[1]} if found else {}
    return label | {"pandoc": f"[@{key}, {where}]" if where else f"[@{key}]"}
