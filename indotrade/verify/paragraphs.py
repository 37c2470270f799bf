"""Turns a plain text or an HTML page into paragraphs of text."""

from __future__ import annotations

import codecs
import re
from html import unescape
from itertools import groupby, pairwise

from indotrade.errors import Message, Refused

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


def _names(spaced: str) -> frozenset[str]:
    """Return the names in a string, between spaces."""
    return frozenset(spaced.split())


BLOCKS = _names(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption"
    " figure footer form frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html legend li listing main menu nav ol"
    " optgroup p plaintext pre search section summary table tbody tfoot thead tr ul xmp"
)
"""The tags that a browser begins a new line for; all others are inline, unknown ones too."""

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
}
"""The tags whose content is no text of the page, and no markup either: where it ends."""

PAGE = re.compile(
    rf"<!doctype\s+html|</?(?:{'|'.join(sorted(BLOCKS | SPACED | INLINE))})(?:\s[^<>]*+)?/?>",
    re.IGNORECASE | re.ASCII,
)
"""What a plain text does not hold: a tag of HTML, anywhere, so that a piece of a page is known, too."""

# `unescape` raises ValueError for a number of 4,301 digits. No character needs more than seven.
ENDLESS_REFERENCE = re.compile(r"&#x?[0-9a-f]{64,};?", re.IGNORECASE)

VISIBLE = re.compile("[^\\s\u00ad\u200b-\u200d\u2060\ufeff]")

NARROWEST = 30
"""Below how many characters the lines of a text are taken for short ones, not for wrapped ones."""

LONGEST_WORD = 24
"""What a line is taken to begin with at most, in characters: Japanese has no spaces between words."""

OPEN_AND_SAVE = Message("open it, and save its text as plain text or HTML")
FOREIGN = (
    (b"%PDF-", Message("a PDF"), Message("extract its text first: pdftotext FILE - | indotrade verify -")),
    (
        b"\x1f\x8b",
        Message("compressed with gzip"),
        Message("unpack it first: gunzip -c FILE | indotrade verify -"),
    ),
    (b"PK\x03\x04", Message("a zip archive (docx, odt and epub are, too)"), OPEN_AND_SAVE),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Message("an Office document"), OPEN_AND_SAVE),
    (b"{\\rtf", Message("an RTF document"), OPEN_AND_SAVE),
    (b"bplist0", Message("a web archive"), OPEN_AND_SAVE),
    (b"BZh9", Message("compressed with bzip2"), Message("unpack it first")),
    (b"\xfd7zXZ", Message("compressed with xz"), Message("unpack it first")),
    (b"\x28\xb5\x2f\xfd", Message("compressed with zstd"), Message("unpack it first")),
)
"""What a file of another kind begins with, what it is, and what to do with it."""

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

HEAD = 1 << 13
"""How many bytes of a page are searched for its charset; the standard's 1,024 are too few for some pages."""

CHARSET = re.compile(
    rb"""<(?:meta\b[^>]*?\bcharset|\?xml\b[^>]*?\bencoding)\s*=\s*["']?\s*([a-z0-9_.:-]{1,40})""",
    re.IGNORECASE,
)

# The charsets of the web by their names in Python, and the larger ones as which browsers read some of them:
# "iso-8859-1" with curly quotes is windows-1252. No others: Python's unicode_escape is a language, its punycode
# takes time that grows with the square of the input.
LARGER = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "tis-620": "cp874",
    "iso8859-11": "cp874",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
}
CHARSETS = frozenset(LARGER.values()) | _names(
    "big5 big5hkscs cp866 cp1250 cp1251 cp1253 cp1255 cp1256 cp1257 cp1258 euc_jp iso2022_jp iso8859-2"
    " iso8859-3 iso8859-4 iso8859-5 iso8859-6 iso8859-7 iso8859-8 iso8859-10 iso8859-13 iso8859-14 iso8859-15"
    " iso8859-16 koi8-r koi8-u mac-roman mac-cyrillic"
)


def paragraphs(data: bytes) -> list[str]:
    r"""Return the paragraphs of a plain text or an HTML page, each on one line, none of them blank.

    A page is known by its tags. Of a page, the paragraphs are what block tags and two line breaks (`<br>`)
    separate; inline tags join words. Of a plain text, they are its lines; or the blocks between blank lines,
    where the lines are wrapped (see `_wrapped`).

    Raises Refused, with a message to go behind the file's name, for what is no text or in no known charset.

    >>> paragraphs(b"One paragraph.\n\nAnother.\n")
    ['One paragraph.', 'Another.']
    >>> paragraphs(b"<p>We ex<b>por</b>t coffee<br>&amp; tea.<p>To Japan.")
    ['We export coffee & tea.', 'To Japan.']
    """
    text = decoded(data)
    return _page(text) if PAGE.search(text) else _plain(text)


def decoded(data: bytes) -> str:
    """Return the text of a file: by its byte order mark, else as UTF-8, else by the charset that a page names.

    UTF-8 goes before the charset named, which is often stale: nothing else is UTF-8 by chance, but for
    ISO-2022-JP, which is known by its escapes. No character is ever replaced: that would falsify the text.

    Raises Refused for a file of another kind, and for bytes that are in no known charset.
    """
    _refuse_foreign(data)
    text = _decoded_by_mark(data)
    if text is None:
        text = _decoded_by_name(data)
    if "\0" in text:
        raise Refused(
            Message("it holds NUL characters: a binary file, not a text"),
            Message("if it is UTF-16 without a byte order mark, save it as UTF-8"),
        )
    return text


def _refuse_foreign(data: bytes) -> None:
    """Raise Refused for a file that is known to be of another kind."""
    for beginning, kind, hint in FOREIGN:
        if data.startswith(beginning):
            raise Refused(Message("it is {kind}, not a text", kind=kind), hint)
    head = data[:HEAD].lower()
    if b"mime-version:" in head and b"multipart/related" in head:
        raise Refused(
            Message("it is a web archive (MHTML), not a page"), Message('save the page as "HTML only"')
        )


def _decoded_by_mark(data: bytes) -> str | None:
    """Return the text of a file that begins with a byte order mark; None for another."""
    for mark, charset in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _decoded(
                data, charset, Message("it does not go on in the encoding of its byte order mark")
            )
    return None


def _decoded_by_name(data: bytes) -> str:
    """Return the text of a file without a byte order mark."""
    named = _charset_named(data)
    if named == "iso2022_jp" and b"\x1b" in data:
        return _decoded(data, named, Message("it is not in the charset that it names"))
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        byte = Message("byte 0x{byte:02x} is not UTF-8", byte=data[error.start])
        why = Message("line {line}: {why}", line=line, why=byte)
    if named in CHARSETS:
        return _decoded(data, named, Message("it is neither in UTF-8 nor in the charset that it names"))
    if named not in ("", "utf-8"):
        why = Message("{why}, and the charset that it names is not known", why=why)
    raise Refused(why, Message("save it as UTF-8, or as HTML that names its charset"))


def _decoded(data: bytes, charset: str, why: Message) -> str:
    """Return `data` in a charset; raises Refused, saying `why`, where it is not in that."""
    try:
        return data.decode(charset).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        place = Message("{charset}, byte {byte:,}", charset=charset, byte=error.start + 1)
        raise Refused(Message("{why} ({place})", why=why, place=place), Message("save it as UTF-8")) from None


def _charset_named(data: bytes) -> str:
    """Return Python's name of the charset that a page says it is in, as it stands there if unknown, "" for none."""
    match = CHARSET.search(data[:HEAD])
    if match is None:
        return ""
    named = match[1].decode("ascii").lower().removeprefix("x-")
    try:
        name = codecs.lookup(named).name
    except LookupError:
        return named
    return LARGER.get(name, name)


def _plain(text: str) -> list[str]:
    """Return the paragraphs of a plain text: its lines, or its blocks where their lines are wrapped."""
    lines = [" ".join(line.split()) for line in text.splitlines()]
    blocks = [list(block) for visible, block in groupby(lines, _is_visible) if visible]
    if len(blocks) > 1 and _wrapped(blocks):
        return [" ".join(block) for block in blocks]
    return [line for block in blocks for line in block]


def _is_visible(text: str) -> bool:
    return VISIBLE.search(text) is not None


def _wrapped(blocks: list[list[str]]) -> bool:
    """Return whether the lines of these blocks were broken to fit a width, and are no paragraphs.

    They were, if most lines that go on within their block could not have taken the first word of the next
    line without growing longer than the longest line of the text. Long addresses are left out of account.
    """
    lengths = [len(line) for block in blocks for line in block if "://" not in line]
    width = max(lengths, default=0)
    if width < NARROWEST:
        return False
    going_on = [pair for block in blocks for pair in pairwise(block)]
    first_words = [min(len(following.split(" ", 1)[0]), LONGEST_WORD) for _, following in going_on]
    full = sum(len(line) + 1 + first > width for (line, _), first in zip(going_on, first_words, strict=True))
    return 2 * full > len(going_on)


def _page(text: str) -> list[str]:
    """Return the paragraphs of an HTML page, as a browser would show them."""
    page = _Page()
    position = 0
    while match := MARKUP.search(text, position):
        page.add(text[position : match.start()])
        position = match.end()
        if match["name"]:
            name, closing = match["name"].lower(), bool(match["closing"])
            page.tag(name, closing=closing)
            if name in UNSEEN and not closing:
                end = UNSEEN[name].search(text, position)
                position = end.start() if end else len(text)
    page.add(text[position:])
    page.end_paragraph()
    return page.paragraphs


class _Page:
    """The paragraphs of a page, as text and tags come in."""

    def __init__(self) -> None:
        self.paragraphs: list[str] = []
        self._parts: list[str] = []
        self._templates = 0
        self._preformatted = False
        self._broken = False

    def add(self, text: str) -> None:
        """Take text that stood between two tags."""
        if not text or self._templates:
            return
        if "&" in text:
            text = unescape(ENDLESS_REFERENCE.sub("\ufffd", text))
        if self._broken and _is_visible(text):
            self._broken = False
        self._parts.append(text)

    def tag(self, name: str, *, closing: bool) -> None:
        """Take a tag: what it does to the words around it."""
        if name == "template":
            self._templates = max(0, self._templates + (-1 if closing else 1))
        elif self._templates:
            return
        elif name in BLOCKS:
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
            self.paragraphs += _plain(text)
        elif _is_visible(text):
            self.paragraphs.append(" ".join(text.split()))

    def _break(self) -> None:
        """Take a `<br>`: one separates words, two with nothing between them separate paragraphs."""
        if self._preformatted:
            self._parts.append("\n")
        elif self._broken:
            self.end_paragraph()
        else:
            self._parts.append(" ")
            self._broken = True
