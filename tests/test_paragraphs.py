"""A text is read as a person would see it, whatever file it comes in; what is no text is refused with a reason."""

from __future__ import annotations

import base64
import gzip
import html
import json
import quopri
import textwrap
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indotrade.errors import Refused
from indotrade.verify.files import readings

MARKUP = (
    "<p>", "</p>", "<br>", "<b>", "<", ">", "<!--", "-->", "<!", "<?", "</", "<a ", "=", '"', "'", "&", "&#", "9" * 70,
    ";", "amp", "<script>", "</script>", "<title>", "<template>", "</template>", "<pre>", "</pre>", "<td>", "\n", " ",
    "word", "\u00ad", "\0", "<meta charset=", "latin-1", "utf-7", "iso-2022-jp", "\x1b", ">", "\ufeff",
)  # fmt: skip


def paragraphs(data: bytes) -> list[str]:
    """Return the paragraphs of a text as it is usually read."""
    return readings(data)[0].paragraphs


def forms(data: bytes) -> dict[str, list[str]]:
    """Return the paragraphs of a text by the form in which they stand."""
    return {str(form): found for form, found in readings(data)}


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


def test_how_signs_are_read_does_not_part_their_words() -> None:
    ruby = "<ruby>\u8f38<rp>(</rp><rt>\u3086</rt><rp>)</rp>\u51fa<rt>\u3057\u3085\u3064</ruby>"
    assert page(f"<p>\u8336\u306e{ruby}\u304c<rt>never closed<p>Tea") == [
        "\u8336\u306e\u8f38\u51fa\u304c",
        "Tea",
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


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_known_by_its_zeros(encoding: str) -> None:
    assert paragraphs("Caf\u00e9 \u8336, two\nlines".encode(encoding)) == ["Caf\u00e9 \u8336, two", "lines"]
    with pytest.raises(Refused, match="NUL"):
        paragraphs("Tea, two\0".encode(encoding))


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
            "it is a zip archive, not a text",
            "plain text or HTML",
        ),
        (b"{\\rtf1 text}", "it is an RTF document, not a text", "plain text or HTML"),
        (b"text\0", "it holds NUL characters: a binary file, not a text", "UTF-8"),
        (b"PK\x03\x04..word/document.xml", "it is a Word document (docx), not a text", "pandoc"),
        (b"PK\x03\x04..mimetypeapplication/epub+zip", "it is an EPUB, not a text", "pandoc"),
        (
            b"PK\x03\x04..mimetypeapplication/vnd.oasis.opendocument.text",
            "it is an OpenDocument file (odt), not",
            "pandoc",
        ),
        (
            b"From: a@b.example\nSubject: x\nContent-Type: image/png\n\nx",
            "it is an e-mail in which there is no text",
            "attached",
        ),
        (b"From: a@b.example\nSubject: x\n\nCaf\xe9", "line 1: byte 0xe9 is not UTF-8", "iconv"),
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


# --- where a page has its article, if not in its text -----------------------------------------------

STORY = "Growers of tea sold more than ever before, said the head of their union."
TOLD = "Buyers from \u201cthree towns\u201d came to see them & paid in coins."


def script(kind: str, data: str, **more: str) -> str:
    about = "".join(f' {name}="{value}"' for name, value in more.items())
    return f'<script type="{kind}"{about}>{data}</script>'


def linked_data(data: str) -> list[str] | None:
    return forms(f"<p>Menu</p>{script('application/ld+json', data)}".encode()).get("JSON-LD in HTML")


@pytest.mark.parametrize(
    "data",
    [
        {"@type": "NewsArticle", "articleBody": f"{STORY}\n\n{TOLD}"},
        {"@graph": [{"name": "Menu"}, {"articleBody": f"{STORY}\r\n{TOLD}"}]},
        [{"name": "Menu"}, [[{"articleBody": f"<p>{STORY}</p><div>{TOLD.replace('&', '&amp;')}</div>"}]]],
        {"articleBody": f"&lt;p&gt;{STORY}&lt;/p&gt;&lt;p&gt;{TOLD.replace('&', '&amp;amp;')}"},
        {"articleBody": [STORY, "short", TOLD]},
        {"articleBody": f"{STORY}\n{html.escape(html.escape(TOLD))}"},
    ],
)
def test_linked_data_are_read_however_deep_and_however_escaped(data: object) -> None:
    for made in (
        json.dumps(data),
        json.dumps(data, ensure_ascii=False, indent=1),
        json.dumps(data).replace("/", "\\/"),
    ):
        assert linked_data(made) == [STORY, TOLD]
    assert linked_data(html.escape(json.dumps(data))) == [STORY, TOLD]


@pytest.mark.parametrize(
    "broken",
    ["{0}", "[[[{{{0}", '{0}"', '{{"a":"\\q' + "x" * 50 + '",{0}', "{0}\\", '"\ud800' + '\\ud800" {0},,,]'],
)
def test_broken_linked_data_are_read_as_far_as_they_go(broken: str) -> None:
    made = broken.replace("\ud800", "").format(json.dumps(STORY))
    assert STORY in (linked_data(made) or [])


def test_half_a_surrogate_pair_is_no_error() -> None:
    assert linked_data(json.dumps(f"{STORY} \ud800")) == [f"{STORY} \ufffd"]


def test_each_script_of_data_is_read_apart_and_after_the_page() -> None:
    first, second = json.dumps({"articleBody": STORY}), json.dumps({"articleBody": TOLD})
    data = (
        f"<p>Menu</p>{script('application/ld+json', first)}{script('Application/LD+JSON', second)}".encode()
    )
    assert [(str(form), found) for form, found in readings(data)] == [
        ("HTML", ["Menu"]),
        ("JSON-LD in HTML", [STORY]),
        ("JSON-LD in HTML", [TOLD]),
    ]


def test_a_script_that_is_no_data_is_not_read() -> None:
    text = json.dumps(STORY)
    for tag in (script("text/javascript", text), f"<script>x = {text}</script>", f"<style>{text}</style>"):
        assert forms(f"<p>Menu{tag}".encode()) == {"HTML": ["Menu"]}


@pytest.mark.parametrize("kind", ["application/json", "text/javascript"])
def test_next_data_are_read_for_their_long_strings(kind: str) -> None:
    data = {"props": {"blocks": [{"t": f"<p>{STORY}</p>"}, {"t": TOLD}, {"t": "short"}]}}
    made = script(kind, json.dumps(data).replace("<", "\\u003c"), id="__NEXT_DATA__")
    assert forms(f"<div id=__next></div>{made}".encode()) == {
        "HTML": [],
        "data of a script in HTML": [STORY, TOLD],
    }


def test_the_pieces_of_a_rich_text_are_put_together() -> None:
    pieces = [{"type": "text", "text": part} for part in ("Growers of", "tea", "sold more than ever before")]
    found = readings(f"<p>{script('application/json', json.dumps({'content': pieces}))}".encode())
    assert found[-1].paragraphs == ["Growers of tea sold more than ever before"]


def test_json_is_read_for_its_strings_and_a_list_of_lines_as_a_text() -> None:
    notebook = json.dumps({"cells": [{"source": [f"{STORY}\n", "\n", f"{TOLD}\n"]}]}, indent=1)
    assert forms(notebook.encode())["JSON"] == [STORY, TOLD]


@pytest.mark.parametrize(
    "hidden",
    [
        "<noscript>{}</noscript>",
        "<NoScript class=x>{}</NOSCRIPT >",
        "<template>{}</template>",
        "<template><template></template>{}</template>",
        "<noscript><template>{}</template></noscript>",
        "<template>" + STORY + "</template><template>" + TOLD.replace("&", "&amp;") + "</template>",
    ],
)
def test_hidden_parts_are_a_reading_of_their_own(hidden: str) -> None:
    made = f"<p>Seen{hidden.format(f'<p>{STORY}</p><p>{TOLD}')} and seen".encode()
    assert forms(made) == {"HTML": ["Seen and seen"], "hidden parts of HTML": [STORY, TOLD]}


def test_the_page_within_a_frame_is_read_three_deep() -> None:
    inner = f"<p>{STORY}</p>{script('application/ld+json', json.dumps(TOLD))}"
    for depth in range(1, 5):
        inner = f"<iframe title='a' srcdoc=\"{html.escape(inner)}\">no</iframe>"
        read = forms(f"<p>Menu{inner}".encode())
        expected = {"hidden parts of HTML": [STORY], "JSON-LD in HTML": [TOLD]} if depth < 4 else {}
        assert read == {"HTML": ["Menu"], **expected}


XHTML = '<html xmlns="http://www.w3.org/1999/xhtml">'


@pytest.mark.parametrize(
    "declared", ['<?xml version="1.0"?><html>', f"<!DOCTYPE html>\n{XHTML}", f"\n{XHTML}"]
)
def test_a_tag_of_xhtml_can_be_closed_by_itself(declared: str) -> None:
    for tag in ("title", "script src='a.js'", "style", "noscript", "iframe", "textarea"):
        assert paragraphs(f"{declared}<{tag} /><p>One <{tag}/>two".encode()) == ["One two"]


def test_a_tag_of_html_cannot() -> None:
    assert paragraphs(b"<html><title/><p>No</title><p>One<script/>no</script> two") == ["One two"]


def test_a_feed_is_read_for_the_page_in_it() -> None:
    feed = f"<?xml version='1.0'?><rss><title>x</title><description><![CDATA[Growers<p>{TOLD}</p>]]></description>"
    assert paragraphs(feed.replace("& ", "&amp; ").encode()) == ["Growers", TOLD, "]]>"]


# --- messages ----------------------------------------------------------------------------------------


def message(content: bytes, kind: str = "text/plain", encoding: str = "7bit") -> bytes:
    return (
        f"From: a@b.example\r\nSubject: On\r\n tea\r\nContent-Type: {kind}\r\n"
        f"Content-Transfer-Encoding: {encoding}\r\n\r\n"
    ).encode() + content


@pytest.mark.parametrize(
    ("sent", "form"),
    [
        (message(quopri.encodestring(TOLD.encode()), encoding="quoted-printable"), "plain text in an e-mail"),
        (message(base64.encodebytes(TOLD.encode()), encoding="BASE64"), "plain text in an e-mail"),
        (message(TOLD.encode("cp1252"), "text/plain; charset=iso-8859-1"), "plain text in an e-mail"),
        (message(TOLD.encode("utf-16"), "text/plain; charset=utf-16"), "plain text in an e-mail"),
        (message(f"<p>{TOLD}".encode(), "text/html; charset=utf-8"), "HTML in an e-mail"),
        (b"From a@b Tue Mar  3\n" + message(TOLD.encode()), "plain text in an e-mail"),
        (message(message(message(TOLD.encode()), "message/rfc822"), "message/rfc822"), "plain text in an e-mail"),
    ],
)  # fmt: skip
def test_a_message_is_read_in_the_encoding_in_which_it_was_sent(sent: bytes, form: str) -> None:
    assert forms(sent) == {form: [TOLD]}


def test_each_text_of_a_message_is_a_reading_and_what_cannot_be_read_is_passed_over() -> None:
    parts = (message(b"See the page."), message(b"\xff", "text/plain"), message(b"%PDF", "application/pdf"),
             message(message(TOLD.encode(), "text/html"), "message/rfc822"))  # fmt: skip
    body = (
        b"ignored\n" + b"".join(b"--=_x y\r\n" + part + b"\r\n" for part in parts) + b"--=_x y--\r\nignored"
    )
    assert forms(message(body, 'multipart/mixed; boundary="=_x y"')) == {
        "plain text in an e-mail": [TOLD]
    } | {"plain text in an e-mail": [TOLD]}
    assert [found for _, found in readings(message(body, 'multipart/mixed;\r\n boundary="=_x y"'))] == [
        ["See the page."],
        [TOLD],
    ]


def test_the_last_part_of_a_message_that_was_cut_short_is_read() -> None:
    cut = b"--x\n" + message(b"See the page.") + b"\n--x\n" + message(TOLD.encode())
    assert [found for _, found in readings(message(cut, "multipart/mixed; boundary=x"))] == [
        ["See the page."],
        [TOLD],
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Jakarta: tea\n\nSold.",
        "From: a\nSold: much\n\nSold.",
        "From: a\nSubject: b\nSold.",
        "Subject: a\n\nTo: b",
    ],
)
def test_a_text_with_fewer_fields_than_a_message_is_plain(text: str) -> None:
    assert list(forms(text.encode())) == ["plain text"]


# --- lines, pages and columns ------------------------------------------------------------------------


@pytest.mark.parametrize("hyphen", "-\u2010\u00ad")
def test_a_line_that_ends_within_a_word_goes_on_in_the_next(hyphen: str) -> None:
    assert paragraphs(f"One kemen{hyphen} \n terian\ntwo -\nthree{hyphen}\n\nfour".encode()) == [
        f"One kemen{hyphen}\nterian",
        "two -",
        f"three{hyphen}",
        "four",
    ]
    assert page(f"<p>One kemen{hyphen}<br>terian<p>two{hyphen}<p>three") == [
        f"One kemen{hyphen}\nterian",
        f"two{hyphen}",
        "three",
    ]


def test_wrapped_lines_without_blank_ones_are_parted_where_a_sentence_leaves_room() -> None:
    long = [
        "Growers of tea sold more than ever before in the hills, said the head of their union, who keeps the books.",
        "Buyers came from three towns to see the looms and the scales, and to taste what had been dried in the shade.",
    ] * 3
    text = "\n".join(textwrap.fill(paragraph, 45) for paragraph in long)
    assert paragraphs(text.encode()) == long


def test_quoted_lines_are_read_without_their_marks() -> None:
    assert paragraphs(b"> One\n>> two\n> > three\n>\n> 4 > 3") == ["One", "two", "three", "4 > 3"]


LEFT = [
    "Growers of tea sold more",
    "than ever before, said the",
    "head of their union, who",
    "keeps the books. No fee is",
]
RIGHT = ["charged for the scales.", "", "Buyers from three towns", "came to see them."]


def side_by_side(*columns: list[str], gap: int = 3) -> list[str]:
    return [(" " * gap).join(f"{cell:26}" for cell in row).rstrip() for row in zip(*columns, strict=True)]


def test_two_columns_are_read_one_after_the_other() -> None:
    heading = "A heading that goes across both of the columns"
    text = "\n".join([heading, "", *side_by_side(LEFT, RIGHT)])
    along, across = readings(text.encode())
    assert along.paragraphs == [
        heading,
        " ".join([*LEFT, RIGHT[0]]),
        "Buyers from three towns came to see them.",
    ]
    assert across.paragraphs[1].startswith(f"{LEFT[0]} {RIGHT[0]}")


def test_three_columns_are_read_one_after_the_other() -> None:
    text = "\n".join(side_by_side(LEFT, RIGHT, LEFT, gap=2))
    assert " ".join(paragraphs(text.encode())) == " ".join(" ".join([*LEFT, *RIGHT, *LEFT]).split())


def test_a_blank_in_the_middle_column_leaves_the_third_where_it_is() -> None:
    middle, last = [LEFT[0], "", *LEFT[1:], "Then"], ["One two", "three", "four", "five.", "", ""]
    text = "\n".join(side_by_side([*LEFT, *LEFT[:2]], middle, last))
    whole = " ".join([*LEFT, *LEFT[:2], *LEFT, "Then", *last[:4]])
    assert " ".join(paragraphs(text.encode())) == whole


def test_a_word_broken_in_a_column_goes_on_below_a_line_of_the_other_column() -> None:
    left = ["Growers of tea sold more", "in the hills, said a kemen-", "", "terian that has the books."]
    right = [
        "charged for the scales of",
        "those who came from",
        "three towns by the sea to",
        "see the looms.",
    ]
    assert "a kemen-\nterian that" in paragraphs("\n".join(side_by_side(left, right)).encode())[0]


def test_text_with_a_wide_gap_here_and_there_has_no_columns() -> None:
    text = "One  two\nA  sentence.  Another  sentence.\nName:    tea\nand a last line that is long"
    assert len(readings(text.encode())) == 1


def test_pages_are_read_through_without_heads_and_numbers() -> None:
    pages = [
        f"The Tea News\n\n{LEFT[0]}\n{LEFT[1]}\n\n  1\n",
        f"The Tea News\n\n{LEFT[2]}\n{LEFT[3]}\n\n  2\n",
        "The Tea News\n\ncharged.\nThe end.\n\n  13\n",
    ]
    along, as_it_is = readings("\f".join([*pages, ""]).encode())
    assert along.paragraphs == [" ".join([*LEFT, "charged."]), "The end."]
    assert "The Tea News" in as_it_is.paragraphs


def test_references_of_a_plain_text_are_read_both_ways() -> None:
    assert [found for _, found in readings(b"Tea &#38; caf&eacute;\nR&amp;D;")] == [
        ["Tea &#38; caf&eacute;", "R&amp;D;"],
        ["Tea & caf\u00e9", "R&D;"],
    ]


def test_a_page_whose_tags_are_escaped_is_read_as_a_page() -> None:
    feed = "<feed><content>&lt;p&gt;Tea is sold.&lt;/p&gt;&lt;p&gt;Caf&amp;eacute;&lt;/p&gt;</content></feed>"
    assert ["Tea is sold.", "Caf\u00e9"] in [found for _, found in readings(feed.encode())]


# --- anything at all ---------------------------------------------------------------------------------


def read(data: bytes) -> list[str]:
    """Return every paragraph of every reading of a text; of one that is refused, none."""
    try:
        return [paragraph for _, found in readings(data) for paragraph in found]
    except Refused:
        return []


@given(st.binary() | st.lists(st.sampled_from(MARKUP)).map(lambda parts: "".join(parts).encode()))
def test_any_bytes_are_paragraphs_or_refused(data: bytes) -> None:
    for paragraph in read(data):
        assert paragraph.strip()
        assert paragraph == "\n".join(" ".join(line.split()) for line in paragraph.split("\n"))
        assert all(line[-1:] in "-\u2010\u00ad" for line in paragraph.split("\n")[:-1])


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
        "<b>a</b>", " ", "=", "<noscript>", "</noscript>", "<iframe srcdoc='", "<iframe srcdoc=a>", "a-\n", "-\n", "\f", "a  b\n",
        "> ", "\t",
    ],
)  # fmt: skip
def test_unfinished_markup_takes_linear_time(piece: str, end: str) -> None:
    for start in ("", "<p>"):
        before = time.process_time()
        read((start + piece * 10_000 + end).encode())
        assert time.process_time() - before < 0.4


LINKED = '<p><script type="application/ld+json">'
SENT = "From: a\nSubject: b\n"
PARTS = f"{SENT}Content-Type: multipart/mixed; boundary=x\n\n"


@pytest.mark.parametrize(
    ("start", "piece"),
    [
        (LINKED + '"', '\\"'), (LINKED, '["'), (LINKED, '"\\"'), (LINKED, "["), (LINKED, '{"a":'), (LINKED, "&quot;"), (LINKED, "<script>"),
        (LINKED + '"' + "x" * 50, "\\"), (LINKED + '"' + "x" * 50, "&lt;p&gt;"), (LINKED + '"' + "x" * 50, "<iframe srcdoc='"),
        (LINKED, '"text":"'), (LINKED, '\\n",'), ('["', '\\n", "'), ("<p>", f"{LINKED}{{}}</script>"),
        ("<p>", "<noscript></noscript>"), ('<p><iframe srcdoc="', "&amp;"), ('<p><iframe srcdoc="', "<iframe srcdoc='"),
        ("<p><iframe ", "a"), ("<p><iframe ", "a='"), ("<p><iframe ", '"'), ("<?xml version='1.0'?>", "<![CDATA["),
        ("<?xml version='1.0'?>", "<p/>"), ("", '<html xmlns="'), ("a b\f", "a\f"), ("x", "\u00ad\n"), ("", "a" * 30 + "-\n"),
        (SENT, "Received: x\n"), (SENT, " x\n"), (SENT + "Content-Type: text/plain;", ' a="x;'), (SENT + "Content-Type: ", "x;\n "),
        (PARTS, "--x\n\n"), (PARTS, "--x\n" + PARTS), (PARTS, "\n--x--"), (f"{SENT}Content-Type: multipart/mixed; boundary=", "-"),
        (f"{SENT}Content-Type: message/rfc822\n\n", f"{SENT}Content-Type: message/rfc822\n\n"),
        (f"{SENT}Content-Transfer-Encoding: base64\n\n", "="), (f"{SENT}Content-Transfer-Encoding: quoted-printable\n\n", "=\n"),
    ],
)  # fmt: skip
def test_data_and_messages_without_end_take_linear_time(start: str, piece: str) -> None:
    before = time.process_time()
    read((start + piece * 20_000).encode())
    assert time.process_time() - before < 1.5
