"""Turns the bytes of a file into text: by its byte order mark, as UTF-8, or by the charset that it names."""

from __future__ import annotations

import codecs
import re
from html import unescape

from indotrade.errors import Message, Refused

OPEN_AND_SAVE = Message("open it, and save its text as plain text or HTML")
BY_PANDOC = Message("extract its text first: pandoc -t plain FILE | indotrade verify -")
FOREIGN = (
    (
        b"%PDF-",
        b"",
        Message("a PDF"),
        Message("extract its text first: pdftotext FILE - | indotrade verify -"),
    ),
    (b"PK\x03\x04", b"word/document.xml", Message("a Word document (docx)"), BY_PANDOC),
    (b"PK\x03\x04", b"mimetypeapplication/epub+zip", Message("an EPUB"), BY_PANDOC),
    (b"PK\x03\x04", b"mimetypeapplication/vnd.oasis.", Message("an OpenDocument file (odt)"), BY_PANDOC),
    (b"PK\x03\x04", b"", Message("a zip archive"), OPEN_AND_SAVE),
    (b"{\\rtf", b"", Message("an RTF document"), OPEN_AND_SAVE),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", Message("an Office document"), OPEN_AND_SAVE),
    (b"bplist0", b"", Message("a web archive"), OPEN_AND_SAVE),
    (
        b"\x1f\x8b",
        b"",
        Message("compressed with gzip"),
        Message("unpack it first: gunzip -c FILE | indotrade verify -"),
    ),
    (b"BZh9", b"", Message("compressed with bzip2"), Message("unpack it first")),
    (b"\xfd7zXZ", b"", Message("compressed with xz"), Message("unpack it first")),
    (b"\x28\xb5\x2f\xfd", b"", Message("compressed with zstd"), Message("unpack it first")),
)
"""What a file of another kind begins with, what else it holds, what it is, and what to do with it."""

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

# `unescape` raises ValueError for a number of 4,301 digits. No character needs more than seven.
ENDLESS_REFERENCE = re.compile(r"&#x?[0-9a-f]{64,};?", re.IGNORECASE)

HEAD = 1 << 13
"""How many bytes of a page are searched for its charset; the standard's 1,024 are too few for some pages."""

CHARSET = re.compile(
    rb"""<(?:meta\b[^>]*?\bcharset|\?xml\b[^>]*?\bencoding)\s*=\s*["']?\s*([a-z0-9_.:-]{1,40})""",
    re.IGNORECASE,
)
NAME = re.compile("[a-z0-9_.:-]{1,40}")
"""What the name of a charset looks like."""

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
CHARSETS = frozenset(LARGER.values()) | frozenset(
    [
        "big5",
        "big5hkscs",
        "cp866",
        "cp1250",
        "cp1251",
        "cp1253",
        "cp1255",
        "cp1256",
        "cp1257",
        "cp1258",
        "euc_jp",
        "iso2022_jp",
        "iso8859-2",
        "iso8859-3",
        "iso8859-4",
        "iso8859-5",
        "iso8859-6",
        "iso8859-7",
        "iso8859-8",
        "iso8859-10",
        "iso8859-13",
        "iso8859-14",
        "iso8859-15",
        "iso8859-16",
        "koi8-r",
        "koi8-u",
        "mac-roman",
        "mac-cyrillic",
    ]
)


def decoded(data: bytes, named: str = "") -> str:
    """Return the text of a file: by its byte order mark, else as UTF-8, else by the charset that it names.

    `named` is the charset by which another file, such as a message, calls this one; "" for none. UTF-8 goes
    before the charset named, which is often stale: nothing else is UTF-8 by chance, but for ISO-2022-JP, which
    is known by its escapes. No character is ever replaced: that would falsify the text.

    Raises Refused for a file of another kind, and for bytes that are in no known charset.
    """
    for beginning, within, kind, hint in FOREIGN:
        if data.startswith(beginning) and within in data:
            raise Refused(Message("it is {kind}, not a text", kind=kind), hint)
    text = _decoded_by_mark(data)
    if text is None:
        text = _decoded_by_zeros(data)
    if text is None:
        text = _decoded_by_name(data, _known(named) or _charset_named(data))
    if "\0" in text:
        raise Refused(
            Message("it holds NUL characters: a binary file, not a text"),
            Message("if it is UTF-16 without a byte order mark, save it as UTF-8"),
        )
    return text


def _decoded_by_mark(data: bytes) -> str | None:
    """Return the text of a file that begins with a byte order mark; None for another."""
    for mark, charset in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _decoded(
                data, charset, Message("it does not go on in the encoding of its byte order mark")
            )
    return None


def _decoded_by_zeros(data: bytes) -> str | None:
    """Return the text of a file in UTF-16 without a mark, known by its zeros; None for another.

    Of a text that is mostly in Latin letters, most characters have a zero, and always in the same half.
    """
    zeros = data.count(0)
    if 4 * zeros < len(data):
        return None
    for half, charset in ((data[1::2], "utf-16-le"), (data[::2], "utf-16-be")):
        if half.count(0) == zeros:
            try:
                return data.decode(charset)
            except UnicodeDecodeError:
                return None
    return None


def _decoded_by_name(data: bytes, named: str) -> str:
    """Return the text of a file in UTF-8, or in the charset `named`."""
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
    raise Refused(
        why,
        Message("name its charset: iconv -f WINDOWS-1252 -t UTF-8 FILE | indotrade verify -, for example"),
    )


def _decoded(data: bytes, charset: str, why: Message) -> str:
    """Return `data` in a charset; raises Refused, saying `why`, where it is not in that."""
    try:
        return data.decode(charset).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        place = Message("{charset}, byte {byte:,}", charset=charset, byte=error.start + 1)
        raise Refused(Message("{why} ({place})", why=why, place=place), Message("save it as UTF-8")) from None


def _charset_named(data: bytes) -> str:
    """Return the charset that a page says it is in, as `_known` does."""
    match = CHARSET.search(data[:HEAD])
    return _known(match[1].decode("ascii")) if match else ""


def _known(named: str) -> str:
    """Return Python's name of a charset, or the name itself where it is unknown; "" for none."""
    named = named.lower().removeprefix("x-")
    try:
        name = codecs.lookup(named).name if NAME.fullmatch(named) else named
    except LookupError:
        return named
    return LARGER.get(name, name)


def unescaped(text: str) -> str:
    """Return text with its character references resolved."""
    return unescape(ENDLESS_REFERENCE.sub("\ufffd", text)) if "&" in text else text
