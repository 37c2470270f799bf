"""Reads an HTML page as a browser would show it, and beside that what the page has for programs or keeps hidden."""

from __future__ import annotations

import re
from collections.abc import Iterator

from indotrade.errors import Message
from indotrade.verify.decoding import unescaped
from indotrade.verify.plain import is_visible, one_line, plain
from indotrade.verify.reading import Reading
from indotrade.verify.strings import long_strings, pieces

HTML = Message("HTML")
HIDDEN = Message("hidden parts of HTML")
LINKED_DATA = Message("JSON-LD in HTML")
DATA = Message("data of a script in HTML")

# A scanner of our own, not html.parser: that takes 22 s for "<a " 20,000 times, and four times as long for twice as
# many, raises AssertionError on "<![<![" (all Python 3.11.7), and reads pages differently in each Python. This one
# follows the tokens of the HTML standard as far as they decide what a reader sees, in time linear in the input:
# an alternative gives nothing back (possessive quantifiers) and ends at the end of the text at the latest.
MARKUP = re.compile(
    r"""
    <!--(?: -?> | .*?(?: --!?> | \Z ))
  | <(?P<closing>/?)(?P<name>[a-z][^\s/>]*+)
        (?: [^>=]++ | =\s*+(?: "[^"]*+(?:"|\Z) | '[^']*+(?:'|\Z) )?+ )*+ (?: > | \Z )
  | <(?: [!?] | /(?!\Z) )[^>]*+(?: > | \Z )
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE | re.ASCII,
)
ATTRIBUTE = re.compile(
    r"""(?<=[\s/])(?P<name>[^\s/>=]++)\s*+=\s*+(?:"(?P<double>[^"]*+)|'(?P<single>[^']*+)|(?P<bare>[^\s>]*+))""",
)


def _names(spaced: str) -> frozenset[str]:
    """Return the names in a string, between spaces."""
    return frozenset(spaced.split())


BLOCKS = _names(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption"
    " figure footer form frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html legend li listing main menu nav ol"
    " optgroup p plaintext pre search section summary table tbody tfoot thead tr ul xmp"
    " para simpara text:h text:p"
)
"""The tags that a browser begins a new line for, and DocBook's and OpenDocument's for paragraphs; all others are
inline, unknown ones too."""

SPACED = _names("br button input option select td th")
"""The tags that stand between words without beginning a paragraph."""

INLINE = _names(
    "a abbr b big cite code del dfn em font i img ins kbd label link mark meta q s samp script small span strike"
    " strong style sub sup time title tt u var wbr"
)
"""Further tags by which a page is recognised."""

UNSEEN = {
    name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE | re.ASCII)
    for name in _names("iframe noembed noframes noscript script style textarea title")
} | dict.fromkeys(("rt", "rp"), re.compile(r"</?(?:r[bpt]c?|ruby|p)(?=[\s/>])", re.IGNORECASE | re.ASCII))
"""The tags whose content is no text of the page, and no markup either: where it ends. How a sign is read (`rt`) stands
above the text that a browser shows."""

PAGE = re.compile(
    rf"<!doctype\s+html|</?(?:{'|'.join(sorted(BLOCKS | SPACED | INLINE))})(?:\s[^<>]*+)?/?>",
    re.IGNORECASE | re.ASCII,
)
"""What a plain text does not hold: a tag of HTML, anywhere, so that a piece of a page is known, too."""

XHTML = re.compile(r"\A\s*<\?xml\s|<html\s[^<>]*\bxmlns\s*=", re.IGNORECASE)
"""How a page begins that is XHTML, in which a tag such as `<title/>` is closed by itself."""

HEAD = 1 << 13
"""How many characters of a page are searched for that."""

DEEPEST = 3
"""How many pages within pages are read: those that an `iframe` or a script has as a string."""


def is_page(text: str) -> bool:
    """Return whether a text is a page or a piece of one: whether it has a tag of HTML."""
    return PAGE.search(text) is not None


def page_readings(text: str) -> Iterator[Reading]:
    """Yield a page as a browser shows it; then, where there are any, its hidden parts and the data of its scripts.

    Hidden are `noscript` and `template`, which a browser shows in some cases only, and the page in the `srcdoc` of
    an `iframe`. Of data, the long strings are read, in which a page without any text has its article.
    """
    page = Page()
    xml = XHTML.search(text[:HEAD]) is not None
    page.read(text.replace("<![CDATA[", "") if xml else text, xml=xml)
    yield Reading(HTML, page.shown.ended())
    if hidden := page.hidden.ended():
        yield Reading(HIDDEN, hidden)
    yield from page.data


def data_readings(data: str, form: Message, depth: int = 0) -> Iterator[Reading]:
    """Yield the long strings of JSON as a text, and the pieces of which an editor makes one, where there are any."""
    strings = [each for string in long_strings(data) for each in _string_paragraphs(string, depth)]
    joined = [one_line(pieces(data))]
    yield from (Reading(form, found) for found in (strings, joined) if any(map(is_visible, found)))


def _string_paragraphs(string: str, depth: int) -> list[str]:
    """Return the paragraphs of a string of data: a plain text, or a piece of a page, escaped or not."""
    for _ in range(2):
        string = unescaped(string)
    if depth >= DEEPEST or not is_page(string):
        return plain(string)
    page = Page(depth + 1)
    page.read(string)
    return page.shown.ended()


class Page:
    """The paragraphs of a page, by where in the page they stand."""

    def __init__(self, depth: int = 0) -> None:
        self.shown = Flow()
        self.hidden = Flow()
        self.data: list[Reading] = []
        """Of its scripts, those in the pages that are within this one too."""
        self._depth = depth
        self._templates = 0

    def read(self, text: str, *, xml: bool = False, hidden: bool = False) -> None:
        """Read the markup of a page, or of a part of it: as XHTML, or as something that is hidden."""
        position = 0
        while match := MARKUP.search(text, position):
            self._flow(hidden).add(text[position : match.start()])
            position = match.end()
            if not match["name"]:
                continue
            name, closing = match["name"].lower(), bool(match["closing"])
            self._tag(name, closing=closing, hidden=hidden)
            if closing or (xml and text[position - 2] == "/") or name not in UNSEEN:
                continue
            if name == "noscript" and hidden:
                continue  # it can hold no other: to look for the end of each would take quadratic time
            end = UNSEEN[name].search(text, position)
            content = text[position : end.start() if end else len(text)]
            position += len(content)
            self._unseen(name, match[0], content)
        self._flow(hidden).add(text[position:])

    def _flow(self, hidden: bool) -> Flow:
        """Return the paragraphs to which text belongs that now comes in."""
        return self.hidden if hidden or self._templates else self.shown

    def _tag(self, name: str, *, closing: bool, hidden: bool) -> None:
        """Take a tag: what it does to the words around it."""
        if name == "template":
            self.hidden.end_paragraph()
            self._templates = max(0, self._templates + (-1 if closing else 1))
        else:
            self._flow(hidden).tag(name, closing=closing)

    def _unseen(self, name: str, tag: str, content: str) -> None:
        """Take what a browser does not show of a page: of all of it, what an article can stand in."""
        if name == "noscript":
            self.hidden.end_paragraph()
            self.read(content, hidden=True)
            self.hidden.end_paragraph()
        elif name == "script":
            about = _attributes(tag)
            kind = about.get("type", "").lower()
            if "json" in kind or about.get("id") == "__NEXT_DATA__":
                form = LINKED_DATA if "ld+json" in kind else DATA
                self.data += data_readings(content, form, self._depth)
        elif name == "iframe" and self._depth < DEEPEST:
            inner = Page(self._depth + 1)
            inner.read(unescaped(_attributes(tag).get("srcdoc", "")))
            for paragraphs in (inner.shown.ended(), inner.hidden.ended()):
                self.hidden.extend(paragraphs)
            self.data += inner.data


class Flow:
    """Paragraphs, as the text and the tags between them come in."""

    def __init__(self) -> None:
        self._paragraphs: list[str] = []
        self._parts: list[str] = []
        self._preformatted = False
        self._broken = False

    def add(self, text: str) -> None:
        """Take text that stood between two tags."""
        if not text:
            return
        text = unescaped(text)
        if self._broken and is_visible(text):
            self._broken = False
        self._parts.append(text)

    def tag(self, name: str, *, closing: bool) -> None:
        """Take a tag: what it does to the words around it."""
        if name in BLOCKS:
            self.end_paragraph()
            if name == "pre":
                self._preformatted = not closing
        elif name == "br":
            self._break()
        elif name in SPACED:
            self._parts.append(" ")

    def end_paragraph(self) -> None:
        """Keep the text since the last paragraph as one, or, if it was preformatted, as a plain text's."""
        text = "".join(self._parts)
        self._parts.clear()
        self._broken = False
        if self._preformatted:
            self._paragraphs += plain(text)
        elif is_visible(text):
            self._paragraphs.append(one_line(text))

    def extend(self, paragraphs: list[str]) -> None:
        """Take whole paragraphs."""
        self.end_paragraph()
        self._paragraphs += paragraphs

    def ended(self) -> list[str]:
        """Return the paragraphs, with what came in last as one of them."""
        self.end_paragraph()
        return self._paragraphs

    def _break(self) -> None:
        """Take a `<br>`: one separates words, two with nothing between them separate paragraphs."""
        if self._preformatted or not self._broken:
            self._parts.append("\n")
            self._broken = not self._preformatted
        else:
            self.end_paragraph()


def _attributes(tag: str) -> dict[str, str]:
    """Return the attributes of a tag that have a value, by their names in lower case."""
    found: dict[str, str] = {}
    for match in ATTRIBUTE.finditer(tag):
        value = match["double"] or match["single"] or match["bare"] or ""
        found.setdefault(match["name"].lower(), value)
    return found
