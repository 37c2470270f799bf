"""Citations as BibTeX: an entry each, for LaTeX and reference managers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from indotrade.output.citing import Citation, iso, keyed, language_tag, note
from indotrade.text.dates import parts
from indotrade.text.escape import visible
from indotrade.wording import references

# No command here holds a brace of its own that could stay open, for BibTeX counts braces behind a
# backslash too; and each is one that pandoc knows (it drops \textbraceleft, \textbar and \textasciigrave).
_LATEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        "<": r"\textless{}",
        ">": r"\textgreater{}",
        "`": r"\textquoteleft{}",
        **{character: "\\" + character for character in "{}$&#_%"},
    }
)


def citations(items: Sequence[Citation], _language: str) -> Iterator[str]:
    """Yield the citations in their order; they do not depend on the language of the screen."""
    yield "\n\n".join(_entry(key, item) for key, item in keyed(items)) + "\n"


def _entry(key: str, item: Citation) -> str:
    """Return a `@misc` entry, the one type for web pages that plain BibTeX knows too.

    Plain styles print neither `publisher` nor `url` in a `@misc`, so the note has both. The address is
    not put into `howpublished`, which pandoc takes for the publisher.
    """
    source = item.source
    published = parts(source.published)
    address = references.web_address(source.url)
    authors = references.known(source.authors)
    where = [
        _latex(references.outlet(source)),
        rf"\url{{{address}}}" if address else None,
        _latex(references.access(source, "en")),
    ]
    fields = {
        "author": " and ".join(map(_braced, authors)),
        # Without an author, plain styles sort by this and would warn if it were missing.
        "key": "" if authors else _braced(references.outlet(source)),
        "editor": " and ".join(map(_braced, references.known([source.editor]))),
        "title": _braced(references.title(source, "en")),
        "publisher": _braced(references.outlet(source)),
        "year": f"{published[0]:04}" if published else "",
        "month": references.month(published[1], "en")[:3].lower() if published[1:] else "",
        "date": iso(source.published, "-"),
        "url": address,
        "urldate": iso(source.accessed, "-"),
        "langid": language_tag(source),
        "note": references.sentences([", ".join(references.known(where)), _latex(note(item))]),
    }
    # A month is one of BibTeX's own macros and therefore stands without braces.
    written = {name: value if name == "month" else f"{{{value}}}" for name, value in fields.items() if value}
    lines = [f"  {name} = {value}," for name, value in written.items()]
    return "\n".join([f"@misc{{{key},", *lines, "}"])


def _latex(text: str) -> str:
    """Return `text` for a BibTeX field: every character printed, braces in balance, no ligature made.

    Where the braces of the text itself are not in balance they are shown as `\\x7b` and `\\x7d`:
    BibTeX has no way to quote them.
    """
    text = visible(text)
    depth = 0
    for brace in re.findall("[{}]", text):
        depth += 1 if brace == "{" else -1
        if depth < 0:
            break
    if depth:
        text = text.replace("{", r"\x7b").replace("}", r"\x7d")
    return re.sub(r"([-'])(?=\1)", r"\1{}", text.translate(_LATEX))


def _braced(text: str) -> str:
    """Return `text`, if there is any, in braces of its own.

    In them neither the case nor, in a name, the order of the parts is changed. BibTeX takes a brace
    followed by a command for an accented letter, hence the empty group.
    """
    if not text.strip():
        return ""
    text = _latex(text)
    return f"{{{{}}{text}}}" if text.startswith("\\") else f"{{{text}}}"
