"""Citations as BibTeX: an entry each, for LaTeX with plain styles, and for reference managers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

from indotrade.dataset.records import Claim
from indotrade.output.citing import Citation, iso, keyed, language_tag, note, outlet, placed, title
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
    yield file(items, _entry, partial(cited, "cite"))


def file(
    items: Sequence[Citation], entry: Callable[[str, Citation], str], cited: Callable[[str, Claim], str]
) -> str:
    """Return a file of entries, before each the lines that say how the claims in its source are cited.

    What stands outside an entry is a comment, as long as it has no `@`: what cites writes one otherwise.
    """
    parted = []
    for key, item in keyed(items):
        lines = [f"% {claim.id}: {cited(key, claim)}" for claim in item.places]
        parted.append("\n".join([*lines, entry(key, item)]))
    return "\n\n".join(parted) + "\n"


def cited(command: str, key: str, claim: Claim) -> str:
    """Return a claim's citation in LaTeX: `\\cite[par.~3]{antara-2018}`; a bracket of its place must not end the option.

    Each bracket has braces of its own: those around a whole option are lost when plain LaTeX hands it on.
    """
    where = latex(placed(claim)).replace(" ", "~").replace("para.", "par.").replace("@", r"\symbol{64}")
    where = where.replace("]", "{]}")
    return f"\\{command}[{where}]{{{key}}}" if where else f"\\{command}{{{key}}}"


def _entry(key: str, item: Citation) -> str:
    """Return a `@misc` entry, the one type for web pages that plain BibTeX knows too.

    Plain styles print neither `publisher` nor `url` in a `@misc`, so the note has both. The address is
    not put into `howpublished`, which pandoc takes for the publisher.
    Every style prints the note, and none `annote`, where the remark on how a source was read stands.
    Without a year natbib gives up all years, so what is undated says so.
    """
    source = item.source
    published = parts(source.published)
    address = references.web_address(source.url)
    authors = references.known(source.authors)
    where = [
        latex(outlet(source)),
        _printed(address),
        latex(references.access(source, "en")),
    ]
    fields = {
        "author": " and ".join(map(guarded, authors)),
        # Without an author, plain styles sort by this and would warn if it were missing.
        "key": "" if authors else guarded(outlet(source)),
        "title": guarded(title(source)),
        "publisher": guarded(outlet(source)),
        "year": f"{published[0]:04}" if published else "n.d.",
        "month": references.month(published[1], "en")[:3].lower() if published[1:] else "",
        "day": f"{published[2]}" if published[2:] else "",
        "date": iso(source.published, "-"),
        "url": address,
        "urldate": iso(source.accessed, "-"),
        "langid": language_tag(source),  # as pandoc reads it; plain BibTeX does not
        "note": references.sentences([", ".join(references.known(where)), latex(note(item, remarks=False))]),
        "annote": latex(references.sentences([source.access_note])),
    }
    return written("misc", key, fields)


def _printed(address: str) -> str:
    r"""Return an address as the note prints it; "" for none.

    A bare `%` in the `\url{}` of a note begins a comment in biblatex and apacite, and of `\%` the package url prints
    the backslash too. So an address with a percent sign is no link, and lines may end before each letter in it.
    """
    if "%" not in address:
        return rf"\url{{{address}}}" if address else ""
    return rf"\texttt{{{re.sub(_ENCODED, _BREAKING, latex(address))}}}"


_ENCODED = r"(?:\\%[0-9A-Fa-f]{2}){1,3}"
"""Signs that are percent-encoded, as many as make a letter of Japanese."""
_BREAKING = r"\\allowbreak\g<0>"


def written(kind: str, key: str, fields: Mapping[str, str]) -> str:
    """Return an entry. A month is one of BibTeX's own macros and therefore stands without braces."""
    values = {name: value if name == "month" else f"{{{value}}}" for name, value in fields.items() if value}
    lines = [f"  {name} = {value}," for name, value in values.items()]
    return "\n".join([f"@{kind}{{{key},", *lines, "}"])


def latex(text: str) -> str:
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


def braced(text: str) -> str:
    """Return `text`, if there is any, in braces of its own.

    In them neither the case nor, in a name, the order of the parts is changed.
    """
    return f"{{{latex(text)}}}" if text.strip() else ""


def guarded(text: str) -> str:
    """Return `text` in braces of its own as BibTeX needs it, which takes a brace before a command for an accented letter.

    The empty group that parts them breaks a name in biber, which takes its brace for an initial.
    """
    text = braced(text)
    return f"{{{{}}{text[1:]}" if text.startswith("{\\") else text
