"""Citations as CSL-JSON: an array of items, for citation processors such as pandoc's."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from indotrade.output.citing import Citation, keyed, language_tag, note
from indotrade.text.dates import parts
from indotrade.text.escape import json_safe
from indotrade.wording import references


def citations(items: Sequence[Citation], _language: str) -> Iterator[str]:
    """Yield the citations in their order; they do not depend on the language of the screen."""
    listed = [_item(key, item) for key, item in keyed(items)]
    yield json_safe(json.dumps(listed, ensure_ascii=False, indent=2)) + "\n"


def _item(key: str, item: Citation) -> dict[str, object]:
    """Return an item of CSL-JSON: the text as it is, for JSON can carry it all.

    `container-title` would repeat the publisher in most styles. Items have no locator, so the
    paragraph is in the note. There `{:` is parted, for citeproc takes `{:name: value}` for a field.
    """
    source = item.source
    published, accessed = parts(source.published), parts(source.accessed)
    fields: dict[str, object] = {
        "id": key,
        "type": "webpage",
        "title": references.title(source, "en"),
        "author": [{"literal": name} for name in references.known(source.authors)],
        "editor": [{"literal": name} for name in references.known([source.editor])],
        "publisher": references.outlet(source),
        "issued": {"date-parts": [published]} if published else None,
        "accessed": {"date-parts": [accessed]} if accessed else None,
        "URL": source.url,
        "language": language_tag(source),
        "note": note(item).replace("{:", "{ :"),
    }
    return {name: value for name, value in fields.items() if value and str(value).strip()}
