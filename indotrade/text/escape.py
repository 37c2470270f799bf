"""Makes any text safe to show: what a terminal may act on becomes a visible escape.

Nothing is stripped, for a stripped quotation is a misquotation. Text formats show the backslash
escape; JSON carries the same character as a `\\uXXXX` escape, which is lossless.
"""

from __future__ import annotations

import re
from functools import cache

# Controls (C0, DEL, C1), soft hyphen, Arabic letter mark, invisible fillers, zero-width space and
# direction marks, line and paragraph separators, bidirectional embeddings and isolates, invisible
# operators, BOM and interlinear marks, surrogates, noncharacters, tags. The joiners U+200C and U+200D
# stay: Persian and emoji need them.
_HIDDEN = (
    "\x00-\x1f\x7f-\x9f\xad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164"
    "\ud800-\udfff\ufdd0-\ufdef\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0x110000, 0x10000))
    + "\U000e0000-\U000e0fff"
)


@cache
def _hidden() -> re.Pattern[str]:
    return re.compile(f"[{_HIDDEN}]")


_SHORT = {"\t": "\\t", "\n": "\\n", "\r": "\\r"}


def visible(text: str) -> str:
    """Return `text` in one line, with each hidden character as a backslash escape.

    >>> visible("batik\\x1b[2J\\u202e")
    'batik\\\\x1b[2J\\\\u202e'
    """
    return text if _is_plain(text) else _hidden().sub(_backslash, text)


def unsecret(text: str) -> str:
    """Return `text` without the passwords in the addresses of databases that stand in it.

    >>> unsecret("no such option: --postgresql://me:pa/ss@host/db?sslpassword=x")
    'no such option: --postgresql://me:***@host/db?sslpassword=***'
    """
    if "postgres" not in text:
        return text
    text = re.sub(r"(postgres(?:ql)?://[^\s:/@]*:)\S*@", r"\1***@", text)
    return re.sub(r"(password=)[^\s&]+", r"\1***", text)


def encodable(text: str) -> str:
    r"""Return `text` with each half of a surrogate pair, which no encoding has, as a backslash escape.

    Such halves stand for the bytes of a path that is not UTF-8, and in broken JSON.

    >>> encodable("caf\udce9")
    'caf\\xe9'
    """
    return text if text.isascii() else re.sub("[\ud800-\udfff]", _backslash, text)


def json_safe(text: str) -> str:
    """Return the JSON document `text` with each hidden character as a `\\uXXXX` escape: the same value.

    A line feed stands between tokens only, for inside strings JSON has escaped it already.
    """
    if _is_plain(text.replace("\n", "")):
        return text
    return _hidden().sub(lambda match: match[0] if match[0] == "\n" else _utf16(match), text)


def _is_plain(text: str) -> bool:
    """Return whether `text` certainly has nothing hidden, by a test that costs next to nothing.

    Four of what is hidden Python takes for printable: letters without a shape.
    """
    if text.isascii() or not text.isprintable():
        return text.isprintable()
    return not ("\u115f" in text or "\u1160" in text or "\u3164" in text or "\uffa0" in text)


def json_ascii(text: str) -> str:
    """Return the JSON document `text` with each character beyond ASCII escaped: the same value."""
    return re.sub("[^\x00-\x7e]", _utf16, text)


def _backslash(match: re.Match[str]) -> str:
    character = match[0]
    if character in _SHORT:
        return _SHORT[character]
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:  # a byte of an argument that is not UTF-8, as Python carries it
        code -= 0xDC00
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _utf16(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x10000:
        return f"\\u{code:04x}"
    code -= 0x10000
    return f"\\u{0xD800 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"
