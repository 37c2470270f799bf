"""Converts an article into the forms in which people have articles, and asks `indotrade verify` of each.

    python tests/interop/conversions.py [--data DATASET] ARTICLE.txt...

An article is a plain text, a paragraph a line. Each conversion is printed with what became of the claims that
the article attests as it is, and a table counts them. Some conversions are made by other programs: pandoc,
pdftotext (Debian: poppler-utils), groff, fold, fmt, pr, nl; one that is not there is named, and its
conversions are skipped. PDFs are written here, in Courier, since no program that does is small.
"""

from __future__ import annotations

import argparse
import base64
import json
import quopri
import re
import shutil
import subprocess
import sys
import textwrap
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from html import escape
from pathlib import Path
from typing import NamedTuple

from indotrade.engine.open import open_engine
from indotrade.engine.protocol import Engine
from indotrade.errors import Refused
from indotrade.verify.files import readings
from indotrade.verify.match import attest

Paragraphs = Sequence[str]
Make = Callable[[Paragraphs], bytes]


class Missing(Exception):
    """A program that a conversion needs is not there."""


class Conversion(NamedTuple):
    """A way from the paragraphs of an article to a file."""

    name: str
    make: Make


class Outcome(NamedTuple):
    """What `verify` made of a file."""

    result: str
    """`attested`, `partly`, `not found`, `refused`; or `skipped`, where it could not be made."""
    told: str
    """How many claims are attested, or what was said of the file."""


# --- other programs --------------------------------------------------------------------------------


def ran(*command: str, data: bytes) -> bytes:
    """Return what a program makes of some bytes. Raises Missing where it is not there, or not with all its parts."""
    if shutil.which(command[0]) is None:
        raise Missing(f"{command[0]} is not there")
    done = subprocess.run(command, input=data, capture_output=True, check=False, timeout=120)
    if done.returncode:
        raise Missing(f"{command[0]}: {done.stderr.decode().strip()}")
    return done.stdout


def pandoc(to: str, *options: str) -> Make:
    """Return what converts by pandoc, from HTML to the format `to`."""

    def make(text: Paragraphs) -> bytes:
        return ran("pandoc", "-f", "html", "-t", to, *options, "-o", "-", data=page(text).encode())

    return make


def filtered(*command: str, first: Make | None = None) -> Make:
    """Return what passes the plain text, or another conversion, through a program."""

    def make(text: Paragraphs) -> bytes:
        return ran(*command, data=first(text) if first else spaced(text).encode())

    return make


# --- plain texts -----------------------------------------------------------------------------------


def spaced(text: Paragraphs) -> str:
    """Return a plain text with blank lines between its paragraphs."""
    return "\n\n".join(text) + "\n"


def in_lines(text: Paragraphs, change: Callable[[str], str] = str, encoding: str = "utf-8") -> bytes:
    """Return a plain text, changed, in an encoding; what that does not have is left out."""
    return change(spaced(text)).encode(encoding, "ignore")


def wrapped(paragraph: str, width: int, hyphen: str = "") -> list[str]:
    """Return the lines of a paragraph; with a hyphen, long words are broken at it where a line has room."""
    if not hyphen:
        return textwrap.wrap(paragraph, width, break_on_hyphens=False)
    lines = [""]
    for word in paragraph.split():
        room = max(0, width - len(lines[-1]) - 2)
        head = word[: max(0, min(room, len(word) - 3))]
        if len(lines[-1]) + 1 + len(word) <= width:
            lines[-1] = f"{lines[-1]} {word}".strip()
        elif "-" in word[2:room] and word.replace("-", "").isalpha():
            head, _, rest = word.partition("-")
            lines[-1] += f" {head}-"
            lines.append(rest)
        elif len(head) >= 3 and word.isalpha():
            lines[-1] += f" {head}{hyphen}"
            lines.append(word[len(head) :])
        else:
            lines.append(word)
    return lines


def broken(text: Paragraphs, width: int, hyphen: str = "") -> bytes:
    """Return a plain text in lines of a width, blank lines between its paragraphs."""
    return "\n\n".join("\n".join(wrapped(paragraph, width, hyphen)) for paragraph in text).encode()


def columns(text: Paragraphs, count: int, width: int, hyphen: str = "") -> list[list[str]]:
    """Return the lines of a text in columns, each of about as many lines."""
    lines = [line for paragraph in text for line in ["", *wrapped(paragraph, width, hyphen)]][1:]
    height = -(-len(lines) // count)
    return [lines[start : start + height] for start in range(0, len(lines), height)]


def side_by_side(text: Paragraphs, count: int, width: int, hyphen: str = "") -> bytes:
    """Return a plain text in columns."""
    sides = columns(text, count, width, hyphen)
    rows = [
        "   ".join((side[row] if row < len(side) else "").ljust(width) for side in sides).rstrip()
        for row in range(len(sides[0]))
    ]
    return "\n".join(rows).encode()


# --- pages -----------------------------------------------------------------------------------------

HEAD = '<meta charset="{charset}"><title>A title of the page</title><style>p {{ margin: 0 }}</style>'
CLUTTER = '<nav><a href="/">Home</a> <a href="/news">News</a></nav>', "<footer>About us</footer>"


def body(text: Paragraphs) -> str:
    """Return paragraphs as HTML."""
    return "\n".join(f"<p>{escape(paragraph, quote=False)}</p>" for paragraph in text)


def page(text: Paragraphs, inside: Callable[[Paragraphs], str] = body, charset: str = "utf-8") -> str:
    """Return a page with what makes a page of the paragraphs."""
    return (
        f"<!DOCTYPE html><html><head>{HEAD.format(charset=charset)}</head>"
        f"<body>{CLUTTER[0]}\n{inside(text)}\n{CLUTTER[1]}</body></html>"
    )


def paged(inside: Callable[[Paragraphs], str] = body, charset: str = "utf-8") -> Make:
    """Return what makes a page, with character references for what its charset does not have."""
    return lambda text: page(text, inside, charset).encode(charset, "xmlcharrefreplace")


def marked_up(text: Paragraphs) -> str:
    """Return paragraphs in which many words are within tags, or have them inside."""
    words = iter(range(10_000))
    tags = ("<b>{}</b>", "<a href='/x?a=1&amp;b=>'>{}</a>", "{}<!-- note -->", "<span\nclass=x>{}</span>")

    def tagged(match: re.Match[str]) -> str:
        number = next(words)
        word = match[0][:2] + "<wbr>" + match[0][2:] if number % 5 == 0 else match[0]
        return tags[number % len(tags)].format(word)

    marked = (re.sub(r"(?<!&)\b[a-z]{4,}\b", tagged, escape(each, quote=False)) for each in text)
    return "".join(f"<p>{each}</p>" for each in marked)


def in_table(text: Paragraphs) -> str:
    return "<table>" + "".join(f"<tr><td>{escape(each)}</td></tr>" for each in text) + "</table>"


def linked(*values: object) -> Callable[[Paragraphs], str]:
    """Return what makes a page whose text is in JSON-LD alone; "TEXT" and "HTML" stand for the article there."""

    def inside(text: Paragraphs) -> str:
        plain, markup = (
            json.dumps("\n\n".join(text))[1:-1],
            json.dumps(body(text))[1:-1].replace("</", "<\\/"),
        )
        escaped = escape(body(text))
        scripts = (json.dumps(value) for value in values)
        return "<div id=app></div>" + "".join(
            '<script type="application/ld+json">'
            + script.replace("ESCAPED", json.dumps(escaped)[1:-1])
            .replace("TEXT", plain)
            .replace("HTML", markup)
            + "</script>"
            for script in scripts
        )

    return inside


CRUMBS = {"@context": "https://schema.org", "@type": "BreadcrumbList", "itemListElement": [{"name": "News"}]}


def next_data(of: Callable[[Paragraphs], object]) -> Callable[[Paragraphs], str]:
    """Return what makes a page whose text is in `__NEXT_DATA__` alone."""

    def inside(text: Paragraphs) -> str:
        data = {"props": {"pageProps": {"article": {"id": 7, "content": of(text)}}}, "buildId": "x" * 50}
        script = json.dumps(data).replace("<", "\\u003c")
        return f'<div id="__next"></div><script id="__NEXT_DATA__" type="application/json">{script}</script>'

    return inside


def xhtml(text: Paragraphs) -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<html xmlns="http://www.w3.org/1999/xhtml"><head><title/>'
        f'<script src="a.js"/><style/></head><body><a id="top"/>{body(text)}</body></html>'
    ).encode()


def feed(text: Paragraphs) -> bytes:
    return (
        '<?xml version="1.0"?><rss version="2.0"><channel><title>News</title><item><title>One</title>'
        f"<description><![CDATA[{body(text)}]]></description></item></channel></rss>"
    ).encode()


# --- messages --------------------------------------------------------------------------------------


def message(content: bytes, kind: str, encoding: str, charset: str = "utf-8", **more: str) -> bytes:
    """Return a part of a message; with more fields, a message."""
    sent = {
        "quoted-printable": lambda: quopri.encodestring(content),
        "base64": lambda: base64.encodebytes(content),
        "8bit": lambda: content,
    }[encoding]()
    fields = {
        **{name.replace("_", "-"): value for name, value in more.items()},
        "Content-Type": f'{kind}; charset="{charset}"',
        "Content-Transfer-Encoding": encoding,
    }
    return "".join(f"{name}: {value}\n" for name, value in fields.items()).encode() + b"\n" + sent


SENT = {
    "From": "A Reader <a@reader.example>", "To": "b@reader.example", "Subject": "An article",
    "Date": "Tue, 3 Mar 2026 09:00:00 +0700", "MIME_Version": "1.0",
}  # fmt: skip


def mailed(of: Make, kind: str, encoding: str, charset: str = "utf-8") -> Make:
    """Return what sends a conversion as a message of one part."""
    return lambda text: message(of(text), kind, encoding, charset, **SENT)


def in_parts(kind: str, *parts: Make) -> Make:
    """Return what sends parts as one message."""

    def make(text: Paragraphs) -> bytes:
        made = b"".join(b"--=_b\n" + part(text) + b"\n" for part in parts)
        fields = "".join(f"{name.replace('_', '-')}: {value}\n" for name, value in SENT.items())
        return f'{fields}Content-Type: {kind};\n\tboundary="=_b"\n\n'.encode() + made + b"--=_b--\n"

    return make


def part(of: Make, kind: str, encoding: str) -> Make:
    return lambda text: message(of(text), kind, encoding)


TEXT_PART = part(in_lines, "text/plain", "quoted-printable")
PAGE_PART = part(paged(), "text/html", "base64")


# --- PDFs ------------------------------------------------------------------------------------------

PITCH, LEADING, ROWS = 6, 12, 58
"""Of Courier at 10 points: the width of a character, and between lines; and the lines of a page."""


def pdf(
    text: Paragraphs, count: int = 1, width: int = 84, hyphen: str = "", head: str = "", rows: int = ROWS
) -> bytes:
    """Return a PDF of a text in columns, with a running head and page numbers where there is a head."""
    lines = [line for paragraph in text for line in ["", *wrapped(paragraph, width, hyphen)]][1:]
    per_page = [lines[start : start + rows * count] for start in range(0, len(lines), rows * count)]
    pages = []
    for number, all_lines in enumerate(per_page, 1):
        height = rows if len(per_page) > 1 else -(-len(all_lines) // count)
        placed = [
            (40 + at // height * (width + 4) * PITCH, 780 - at % height * LEADING, line)
            for at, line in enumerate(all_lines)
            if line
        ]
        if head:
            placed = [(40, 810, head), *placed, (290, 40, str(number))]
        pages.append("\n".join(f"BT /F 10 Tf {x} {y} Td ({_shown(line)}) Tj ET" for x, y, line in placed))
    return _document(pages)


def _shown(line: str) -> str:
    return re.sub(r"([\\()])", r"\\\1", line)


def _document(pages: Sequence[str]) -> bytes:
    """Return a PDF of pages, each of them in the language of PDF."""
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding /WinAnsiEncoding >>",
    ]
    for number, content in enumerate(pages):
        stream = content.encode("cp1252", "replace")
        size = f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {60 * PITCH + 300} 842] /Contents {5 + 2 * number} 0 R"
        objects.append(f"{size} /Resources << /Font << /F 3 0 R >> >> >>".encode())
        objects.append(b"<< /Length %d >>\nstream\n%b\nendstream" % (len(stream), stream))
    made, places = b"%PDF-1.4\n", []
    for number, body_of in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%b\nendobj\n" % (number, body_of)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return made + b"xref\n0 %d\n0000000000 65535 f \n%btrailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1, table, len(objects) + 1, len(made),
    )  # fmt: skip


def extracted(*options: str, **layout: int | str) -> Make:
    """Return what lays a text out as a PDF, and extracts it by pdftotext."""

    def make(text: Paragraphs) -> bytes:
        return ran("pdftotext", *options, "-", "-", data=pdf(text, **layout))  # type: ignore[arg-type]

    return make


# --- all of them -----------------------------------------------------------------------------------

PANDOC = (
    "asciidoc asciidoctor commonmark commonmark_x context docbook4 docbook5 dokuwiki dzslides fb2 gfm haddock html4 html5"
    " icml ipynb jats jira json latex man markdown markdown_mmd markdown_phpextra markdown_strict markua mediawiki ms"
    " muse native opendocument org plain revealjs rst s5 slideous slidy tei texinfo textile xwiki zimwiki"
).split()
"""The formats of pandoc that are text, and keep a body; its opml keeps headings alone."""
BINARY = ("docx", "epub", "odt")
"""Those that are none: given as they are, and again as the refusal advises."""


def conversions() -> Iterator[Conversion]:
    """Yield all conversions."""
    yield from map(Conversion._make, PLAIN)
    yield from map(Conversion._make, PAGES)
    yield from map(Conversion._make, MESSAGES)
    yield from map(Conversion._make, LAID_OUT)
    yield from (Conversion(f"pandoc {name}", pandoc(name, "--standalone")) for name in PANDOC)
    for name in BINARY:
        made = pandoc(name, "--standalone")
        yield Conversion(f"{name} as it is", made)
        yield Conversion(f"{name} by pandoc", filtered("pandoc", "-f", name, "-t", "plain", first=made))
    yield Conversion("rtf as it is", pandoc("rtf", "--standalone"))
    yield Conversion("PDF as it is", pdf)


PLAIN: tuple[tuple[str, Make], ...] = (
    ("a paragraph a line", lambda text: "\n".join(text).encode()),
    ("blank lines between", in_lines),
    ("CRLF", lambda text: in_lines(text, lambda it: it.replace("\n", "\r\n"))),
    ("CR", lambda text: in_lines(text, lambda it: it.replace("\n", "\r"))),
    ("UTF-8 with a mark", lambda text: in_lines(text, encoding="utf-8-sig")),
    ("UTF-16 with a mark", lambda text: in_lines(text, encoding="utf-16")),
    ("UTF-16, little end first, no mark", lambda text: in_lines(text, encoding="utf-16-le")),
    ("UTF-16, big end first, no mark", lambda text: in_lines(text, encoding="utf-16-be")),
    ("UTF-32 with a mark", lambda text: in_lines(text, encoding="utf-32")),
    ("windows-1252, not named", lambda text: in_lines(text, encoding="cp1252")),
    ("Shift_JIS, not named", lambda text: in_lines(text, encoding="shift_jis")),
    ("ASCII, the rest left out", lambda text: in_lines(text, encoding="ascii")),
    ("NFD", lambda text: in_lines(text, lambda it: unicodedata.normalize("NFD", it))),
    ("upper case", lambda text: in_lines(text, str.upper)),
    ("full width", lambda text: in_lines(text, lambda it: it.translate({n: n + 0xFEE0 for n in range(33, 127)}))),
    ("straight quotes", lambda text: in_lines(text, lambda it: re.sub("[“”]", '"', it))),
    ("no-break spaces", lambda text: in_lines(text, lambda it: it.replace(" ", "\u00a0"))),
    ("soft hyphens within words", lambda text: in_lines(text, lambda it: re.sub(r"(\w{3})(?=\w{3})", "\\1\u00ad", it))),
    ("zero-width spaces within words", lambda text: in_lines(text, lambda it: re.sub(r"(\w{3})(?=\w{3})", "\\1\u200b", it))),
    ("lines of 72", lambda text: broken(text, 72)),
    ("lines of 40", lambda text: broken(text, 40)),
    ("lines of 72, words broken", lambda text: broken(text, 72, "-")),
    ("lines of 40, words broken", lambda text: broken(text, 40, "-")),
    ("lines of 26, words broken", lambda text: broken(text, 26, "-")),
    ("lines of 40, words broken by U+2010", lambda text: broken(text, 40, "\u2010")),
    ("lines of 40, words broken by soft hyphens", lambda text: broken(text, 40, "\u00ad")),
    ("fmt", filtered("fmt", "-w", "60")),
    ("fold at spaces", filtered("fold", "-s", "-w", "72")),
    ("fold anywhere", filtered("fold", "-w", "72")),
    ("lines numbered by nl", filtered("nl")),
    ("wrapped lines numbered by nl", filtered("nl", first=lambda text: broken(text, 72))),
    ("pages by pr", filtered("pr", "-l", "40", "-f", first=lambda text: broken(text, 72))),
    ("two columns", lambda text: side_by_side(text, 2, 38)),
    ("two columns, words broken", lambda text: side_by_side(text, 2, 38, "-")),
    ("three columns", lambda text: side_by_side(text, 3, 32)),
    ("quoted with >", lambda text: textwrap.indent(broken(text, 72).decode(), "> ", lambda _: True).encode()),
    ("a cell of CSV", lambda text: b'id,text\n1,"' + in_lines(text, lambda it: it.replace('"', '""')) + b'"\n'),
    ("JSON of an interface", lambda text: json.dumps({"id": 7, "content": {"rendered": body(text)}}).encode()),
    ("JSON, a string a paragraph", lambda text: json.dumps({"paragraphs": list(text)}).encode()),
)  # fmt: skip

PAGES: tuple[tuple[str, Make], ...] = (
    ("page", paged()),
    ("page on one line", lambda text: page(text).replace("\n", "").encode()),
    ("piece of a page", lambda text: body(text).encode()),
    ("page with tags within words", paged(marked_up)),
    ("page, two <br> between paragraphs", paged(lambda text: "<br><br>\n".join(map(escape, text)))),
    ("page, lines with <br>, words broken", paged(lambda text: broken(text, 50, "-").decode().replace("\n", "<br>\n"))),
    ("page, a table", paged(in_table)),
    ("page, preformatted", paged(lambda text: f"<pre>{escape(broken(text, 72).decode())}</pre>")),
    ("page, all in references", lambda text: page(text, lambda it: "".join(f"<p>{''.join(f'&#{ord(c)};' for c in each)}" for each in it)).encode()),
    ("page with &shy; and <wbr>", paged(lambda text: re.sub(r"(?<=[a-z]{3})(?=[a-z]{3})", "&shy;<wbr>", "".join(f"<p>{each}" for each in text)))),
    ("page in UTF-16", lambda text: page(text).encode("utf-16")),
    ("page in windows-1252", paged(charset="windows-1252")),
    ("page in ISO-8859-1", paged(charset="iso-8859-1")),
    ("page in Shift_JIS", paged(charset="shift_jis")),
    ("page in EUC-JP", paged(charset="euc-jp")),
    ("page in ISO-2022-JP", paged(charset="iso-2022-jp")),
    ("XHTML with <title/> and <script/>", xhtml),
    ("feed with CDATA", feed),
    ("page, noscript alone", paged(lambda text: f"<noscript>{body(text)}</noscript>")),
    ("page, template alone", paged(lambda text: f"<template>{body(text)}</template>")),
    ("page, srcdoc alone", paged(lambda text: f'<iframe srcdoc="{escape(page(text))}"></iframe>')),
    ("page, JSON-LD alone", paged(linked({"@type": "NewsArticle", "articleBody": "TEXT"}))),
    ("page, JSON-LD with HTML", paged(linked({"@type": "NewsArticle", "articleBody": "HTML"}))),
    ("page, JSON-LD with escaped HTML", paged(linked({"@type": "NewsArticle", "articleBody": "ESCAPED"}))),
    ("page, JSON-LD in @graph", paged(linked({"@graph": [CRUMBS, {"@type": "Article", "articleBody": "TEXT"}]}))),
    ("page, JSON-LD in an array and other scripts", paged(linked(CRUMBS, [{"@type": "Article", "articleBody": "TEXT"}]))),
    ("page, __NEXT_DATA__ with HTML", paged(next_data(body))),
    ("page, __NEXT_DATA__ with strings", paged(next_data(lambda text: [{"type": "p", "text": each} for each in text]))),
)  # fmt: skip

MESSAGES: tuple[tuple[str, Make], ...] = (
    ("message, plain, quoted-printable", mailed(in_lines, "text/plain", "quoted-printable")),
    ("message, plain, wrapped, quoted-printable", mailed(lambda text: broken(text, 72), "text/plain", "quoted-printable")),
    ("message, plain, base64", mailed(in_lines, "text/plain", "base64")),
    ("message, plain, 8bit", mailed(in_lines, "text/plain", "8bit")),
    ("message, plain, windows-1252", mailed(lambda text: in_lines(text, encoding="cp1252"), "text/plain", "quoted-printable", "windows-1252")),
    ("message, page, quoted-printable", mailed(paged(), "text/html", "quoted-printable")),
    ("message, page, base64", mailed(paged(), "text/html", "base64")),
    ("message, plain and page", in_parts("multipart/alternative", TEXT_PART, PAGE_PART)),
    ("message, page alone of two parts", in_parts("multipart/alternative", part(lambda _: b"See the page.", "text/plain", "8bit"), PAGE_PART)),
    ("message, forwarded", in_parts("multipart/mixed", part(lambda _: b"See below.", "text/plain", "8bit"), part(mailed(in_lines, "text/plain", "base64"), "message/rfc822", "8bit"))),
    ("web archive (MHTML)", in_parts("multipart/related", part(paged(), "text/html", "quoted-printable"), part(lambda _: b"p {}", "text/css", "8bit"))),
    ("message with CRLF", lambda text: mailed(in_lines, "text/plain", "base64")(text).replace(b"\n", b"\r\n")),
)  # fmt: skip

LAID_OUT: tuple[tuple[str, Make], ...] = (
    ("PDF", extracted()),
    ("PDF, -layout", extracted("-layout")),
    ("PDF, -raw", extracted("-raw")),
    ("PDF, -htmlmeta", extracted("-htmlmeta")),
    ("PDF, -bbox", extracted("-bbox")),
    ("PDF, words broken", extracted(width=60, hyphen="-")),
    ("PDF, words broken, -layout", extracted("-layout", width=60, hyphen="-")),
    ("PDF, pages", extracted(width=60, head="A running head", rows=12)),
    ("PDF, pages, -layout", extracted("-layout", width=60, head="A running head", rows=12)),
    ("PDF, two columns", extracted(count=2, width=42)),
    ("PDF, two columns, -layout", extracted("-layout", count=2, width=42)),
    ("PDF, two columns, words broken", extracted(count=2, width=42, hyphen="-")),
    ("PDF, two columns, words broken, -layout", extracted("-layout", count=2, width=42, hyphen="-")),
    ("PDF, two columns, pages, -layout", extracted("-layout", count=2, width=42, hyphen="-", head="A head", rows=10)),
    ("PDF, three columns, -layout", extracted("-layout", count=3, width=30, hyphen="-")),
    ("groff", filtered("groff", "-ms", "-Kutf8", "-Tutf8", "-P-c", first=pandoc("ms", "--standalone"))),
    ("groff, two columns", filtered("groff", "-ms", "-Kutf8", "-Tutf8", "-P-c", first=lambda text: b".2C\n" + pandoc("ms")(text))),
    ("groff, a manual page", filtered("groff", "-man", "-Kutf8", "-Tutf8", "-P-c", first=pandoc("man", "--standalone"))),
)  # fmt: skip


# --- the campaign ----------------------------------------------------------------------------------


def paragraphs_of(article: str) -> list[str]:
    """Return the paragraphs of a plain text, a line each."""
    return [" ".join(line.split()) for line in article.splitlines() if line.strip()]


def verified(data: bytes, engine: Engine) -> Outcome:
    """Return what `verify` makes of a file."""
    try:
        report = attest(readings(data), engine)
    except Refused as error:
        return Outcome("refused", f"{error.message} ({error.hint})")
    attested = sum(finding.result == "attested" for finding in report.findings)
    if not report.findings:
        return Outcome("not found", f"{report.words} words could be read, as {report.form}")
    told = f"{attested} of {len(report.findings)} claims, as {report.form}"
    return Outcome("attested" if report.all_attested else "partly", told)


def campaign(text: Paragraphs, engine: Engine) -> Iterator[tuple[str, Outcome]]:
    """Yield of each conversion its name and its outcome."""
    for name, make in conversions():
        try:
            yield name, verified(make(text), engine)
        except Missing as missing:
            yield name, Outcome("skipped", str(missing))


def main() -> int:
    """Run the campaign, and print it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", help="the dataset; the bundled one if none is given")
    parser.add_argument("articles", nargs="+", type=Path, metavar="ARTICLE.txt")
    given = parser.parse_args()
    engine = open_engine(given.data)
    counts: Counter[str] = Counter()
    for article in given.articles:
        text = paragraphs_of(article.read_text("utf-8"))
        for name, (result, told) in campaign(text, engine):
            counts[result] += 1
            print(f"{article.name[:12]:12}  {name:42}  {result:9}  {told}", flush=True)
    print(", ".join(f"{result} {count}" for result, count in counts.most_common()), f"of {counts.total()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
