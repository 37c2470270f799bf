"""A text is read as a person would see it, whatever file it comes in; what is no text is refused with a reason."""

from __future__ import annotations

import gzip
import textwrap
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indotrade.errors import Refused
from indotrade.verify.paragraphs import paragraphs

MARKUP = (
    "<p>", "</p>", "<br>", "<b>", "<", ">", "<!--", "-->", "<!", "<?", "</", "<a ", "=", '"', "'", "&", "&#", "9" * 70,
    ";", "amp", "<script>", "</script>", "<title>", "<template>", "</template>", "<pre>", "</pre>", "<td>", "\n", " ",
    "word", "\u00ad", "\0", "<meta charset=", "latin-1", "utf-7", "iso-2022-jp", "\x1b", ">", "\ufeff",
)  # fmt: skip


def page(body: str) -> list[str]:
    return paragraphs(
        f"<!doctype html><html><head><title>Not this</title></head><body>{body}</body></html>".encode()
    )


def test_lines_of_a_plain_text_are_its_paragraphs() -> None:
    text = "A title\n\u200b\nThe first paragraph, which is a long one.\r\n \u00a0\nThe second.\rThe third.\n"
    assert paragraphs(text.encode()) == [
        "A title",
        "The first paragraph, which is a long one.",
        "The second.",
        "The third.",
    ]


def test_wrapped_lines_are_joined_to_the_paragraphs_between_blank_lines() -> None:
    long = [
        "Growers of tea sold more than ever before. " * 6,
        "Buyers from three towns came to see them. " * 5,
    ]
    expected = [
        " ".join(paragraph.split()) for paragraph in ["A title", *long, "https://example.org/" + "a" * 90]
    ]
    for width in (40, 72, 100):
        text = "\n\n".join(textwrap.fill(paragraph, width, break_long_words=False) for paragraph in expected)
        assert paragraphs(text.encode()) == expected


def test_wrapped_japanese_is_joined_and_its_unwrapped_lines_are_not() -> None:
    first, second = "\u8336\u306e\u8f38\u51fa" * 30, "\u6d77\u82d4\u3092\u58f2\u308b" * 19
    wrapped = "\n\n".join(textwrap.fill(text, 40) for text in (first, second))
    assert [text.replace(" ", "") for text in paragraphs(wrapped.encode())] == [first, second]
    assert paragraphs(f"\u8336\n\n{first}\n{second}\n{first}".encode()) == ["\u8336", first, second, first]


def test_short_lines_in_a_block_of_their_own_stay_paragraphs() -> None:
    body = "A paragraph that is far longer than any of the lines at the end of the text, as they are. " * 2
    text = f"{body}\n\n{body}\n\nReporter: Somebody\nEditor: Another\nAll rights reserved\n"
    assert paragraphs(text.encode())[2:] == ["Reporter: Somebody", "Editor: Another", "All rights reserved"]


def test_inline_tags_join_words_and_block_tags_part_them() -> None:
    assert page("<p>We ex<b>por</b>t<wbr>ed<!-- --> tea.<p>To<div>Japan</div><my-tag>an</my-tag>d on") == [
        "We exported tea.",
        "To",
        "Japan",
        "and on",
    ]


def test_table_cells_part_words_and_rows_are_paragraphs() -> None:
    assert page("<table><tr><td>Tea<td>12<tr><th>Salt</th><td>7</td></table>") == ["Tea 12", "Salt 7"]


def test_one_break_parts_words_and_two_part_paragraphs() -> None:
    assert page("One<br>line<br/>\n&nbsp;<BR>Two<br>\n<b>lines</b><br>") == ["One line", "Two lines"]


@pytest.mark.parametrize("name", ["script", "style", "noscript", "textarea", "iframe", "title", "template"])
def test_what_a_reader_does_not_see_is_skipped(name: str) -> None:
    assert page(f"<p>Seen<{name.upper()} a='>'><p>un</p>seen, 1<2 </{name.title()} > and seen") == [
        "Seen and seen"
    ]


def test_the_end_of_a_template_that_was_never_begun_hides_nothing() -> None:
    assert page("<p>Seen</template> and seen<template>un</template>, too") == ["Seen and seen, too"]


@pytest.mark.parametrize(
    "unseen", ["<!-- <p>no -->", "<!-->", "<!--->", "<!-- a --!>", "<![if IE]>", "<?php no ?>"]
)
def test_comments_and_declarations_are_skipped(unseen: str) -> None:
    assert page(f"<p>ex{unseen}port") == ["export"]


def test_entities_are_decoded_once() -> None:
    assert page("<p>Tea &amp; caf&eacute;&nbsp;&lt;b&gt; &#8220;x&#x201d; &amp;lt; &copy") == [
        "Tea & caf\u00e9 <b> \u201cx\u201d &lt; \u00a9"
    ]


def test_a_reference_of_many_digits_is_no_error() -> None:
    assert page(f"<p>a&#{'9' * 5000};b &#x{'f' * 5000};") == ["a\ufffdb \ufffd"]


def test_an_attribute_with_angle_brackets_does_not_end_its_tag() -> None:
    assert page("<p title='a > b'>Tea<a href = \"x>y\" it's>!</a>") == ["Tea!"]


def test_an_angle_bracket_that_opens_no_tag_is_text() -> None:
    assert page("<p>1 < 2 <3 and 4 <> 5 <") == ["1 < 2 <3 and 4 <> 5 <"]


def test_preformatted_text_is_read_as_plain_text() -> None:
    assert page("<p>A\nparagraph<pre>One\nTwo<br>Three\n\nFour</pre>and\nmore") == [
        "A paragraph",
        "One",
        "Two",
        "Three",
        "Four",
        "and more",
    ]


def test_a_page_is_known_by_its_content_and_a_plain_text_too() -> None:
    assert paragraphs(b"a<p>b") == ["a", "b"]
    assert paragraphs(b"a<BR />\nb") == ["a b"]
    assert paragraphs(b"1 < 2 & 3 > 2; see <a@b.example> &amp; <nothing>\n") == [
        "1 < 2 & 3 > 2; see <a@b.example> &amp; <nothing>"
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_text_in_unicode_is_read_by_its_mark(encoding: str) -> None:
    assert paragraphs("Caf\u00e9 \u8336".encode(encoding)) == ["Caf\u00e9 \u8336"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_mark_alone_is_an_empty_text(encoding: str) -> None:
    assert paragraphs("".encode(encoding)) == []


@pytest.mark.parametrize(
    ("named", "encoding", "text"),
    [
        ("iso-8859-1", "cp1252", "\u201cCaf\u00e9\u201d"),
        ("Windows-1252", "cp1252", "\u201cCaf\u00e9\u201d"),
        ("Shift_JIS", "cp932", "\u8336\u2460"),
        ("x-euc-jp", "euc_jp", "\u8336"),
        ("ISO-2022-JP", "iso2022_jp", "\u8336"),
        ("koi8-r", "utf-8", "\u8336"),  # stale: the bytes are UTF-8
    ],
)
def test_the_charset_that_a_page_names_is_honoured(named: str, encoding: str, text: str) -> None:
    for head in (f"<meta charset='{named}'>", f'<meta content="text/html; charset={named}" name="x">'):
        assert paragraphs(f"<html><head>{head}</head><p>{text}".encode(encoding)) == [text]
    assert paragraphs(f"<?xml version='1.0' encoding='{named}'?><html><p>{text}".encode(encoding)) == [text]


@pytest.mark.parametrize(
    "named", ["unicode_escape", "zip", "punycode", "idna", "utf-7", "nonsense", "__init__", ".."]
)
def test_a_charset_that_is_none_of_the_web_is_refused(named: str) -> None:
    with pytest.raises(
        Refused, match=r"line 2: byte 0xe9 is not UTF-8, and the charset that it names is not known"
    ):
        paragraphs(f"<meta charset={named}>\n<p>Caf\u00e9".encode("latin-1"))


@pytest.mark.parametrize(
    ("data", "message", "hint"),
    [
        (b"%PDF-1.7\n", "it is a PDF, not a text", "pdftotext"),
        (gzip.compress(b"text", mtime=0), "it is compressed with gzip, not a text", "gunzip"),
        (
            b"PK\x03\x04....",
            "it is a zip archive (docx, odt and epub are, too), not a text",
            "plain text or HTML",
        ),
        (b"{\\rtf1 text}", "it is an RTF document, not a text", "plain text or HTML"),
        (
            b"MIME-Version: 1.0\nContent-Type: multipart/related;",
            "it is a web archive (MHTML), not a page",
            "HTML",
        ),
        (b"text\0", "it holds NUL characters: a binary file, not a text", "UTF-8"),
        ("text".encode("utf-16-le"), "it holds NUL characters: a binary file, not a text", "UTF-16"),
        (b"one\ntwo \xe9\n", "line 2: byte 0xe9 is not UTF-8", "UTF-8"),
        (b"\xff\xfe\x00\xd8a\0", "it does not go on in the encoding of its byte order mark", "UTF-8"),
        (b"<meta charset=euc-jp>\xff", "it is neither in UTF-8 nor in the charset that it names", "UTF-8"),
    ],
)
def test_what_is_no_text_is_refused_with_a_reason_and_a_hint(data: bytes, message: str, hint: str) -> None:
    with pytest.raises(Refused) as refused:
        paragraphs(data)
    assert str(refused.value).startswith(message)
    assert hint in str(refused.value.hint)


def read(data: bytes) -> list[str] | None:
    try:
        return paragraphs(data)
    except Refused:
        return None


@given(st.binary() | st.lists(st.sampled_from(MARKUP)).map(lambda parts: "".join(parts).encode()))
def test_any_bytes_are_paragraphs_or_refused(data: bytes) -> None:
    for paragraph in read(data) or ():
        assert paragraph.strip()
        assert paragraph == " ".join(paragraph.split())


@given(
    st.lists(st.text("abc\u8336", min_size=1), min_size=1),
    st.sampled_from(["b", "a href='x>y'", "my-tag", "i\n"]),
)
def test_inline_tags_anywhere_change_nothing(words: list[str], tag: str) -> None:
    name = tag.split(maxsplit=1)[0]
    marked = "".join(f"{word[:1]}<{tag}>{word[1:]}</{name}> " for word in words)
    assert page(f"<p>{marked}</p>") == [" ".join(words)]


@pytest.mark.parametrize("end", ["", ">", "\"'"])
@pytest.mark.parametrize(
    "piece",
    [
        "<", "<!--", "<!--x>", "<!-- --", "<a ", '<a b="', "<a b='\">", "<a=", "<p", "&", "&#", "&amp", "&#9", "<!", "<![",
        "</", "</a ", "<?", "<script>", "<script", "<title>", "<template>", "<meta ", "<br>", "<p>", "<pre>\n", "x\n\n",
        "<b>a</b>", " ", "=",
    ],
)  # fmt: skip
def test_unfinished_markup_takes_linear_time(piece: str, end: str) -> None:
    for start in ("", "<p>"):
        before = time.process_time()
        read((start + piece * 20_000 + end).encode())
        assert time.process_time() - before < 0.8
