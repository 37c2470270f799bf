"""An article is attested in whatever form it comes: files in tests/texts, and conversions made on the spot.

The article is made up, and its dataset has an anchor for each eight words within a paragraph of it. The files
are conversions that `tests/interop/conversions.py` makes, kept so that they can be read.
"""

from __future__ import annotations

import json
import sys
from itertools import pairwise
from pathlib import Path

import pytest
import samples
from anchoring import reading
from hypothesis import given
from hypothesis import strategies as st
from inside import inside
from terminal import needs

from indotrade.engine.open import open_engine
from indotrade.engine.protocol import Engine
from indotrade.verify.files import readings
from indotrade.verify.match import attest, text_anchors

sys.path.insert(0, str(Path(__file__).parent / "interop"))
import conversions

TEXTS = Path(__file__).parent / "texts"
ARTICLE = (TEXTS / "article.txt").read_text("utf-8")
FORMS = {
    "article.txt": "plain text",
    "words-broken.txt": "plain text",
    "soft-hyphens.txt": "plain text",
    "pdftotext.txt": "plain text",
    "pdftotext-layout.txt": "plain text",
    "two-columns.txt": "plain text",
    "two-columns-pages.txt": "plain text",
    "three-columns.txt": "plain text",
    "soft-hyphens.html": "HTML",
    "self-closed.xhtml": "HTML",
    "noscript.html": "hidden parts of HTML",
    "template.html": "hidden parts of HTML",
    "srcdoc.html": "hidden parts of HTML",
    "json-ld.html": "JSON-LD in HTML",
    "json-ld-array.html": "JSON-LD in HTML",
    "json-ld-escaped.html": "JSON-LD in HTML",
    "json-ld-graph.html": "JSON-LD in HTML",
    "next-data.html": "data of a script in HTML",
    "next-data-markup.html": "data of a script in HTML",
    "alternative.eml": "HTML in an e-mail",
    "archive.mht": "HTML in an e-mail",
    "quoted-printable.eml": "HTML in an e-mail",
    "base64.eml": "plain text in an e-mail",
    "forwarded.eml": "plain text in an e-mail",
}
NOT_ATTESTED = {
    # neither the file nor a reader's guess tells the charset
    "windows-1252, not named": "refused",
    "Shift_JIS, not named": "refused",
    # cut in the midst of words, and of the bytes of a character
    "fold anywhere": "refused",
    # sources of a typesetter or of pandoc, in which signs have names, and each word stands by itself
    "pandoc man": "partly",
    "pandoc ms": "partly",
    "pandoc native": "not found",
    # no texts: what to do is said
    "docx as it is": "refused",
    "epub as it is": "refused",
    "odt as it is": "refused",
    "rtf as it is": "refused",
    "PDF as it is": "refused",
}
"""The conversions that are not attested in full, each for a reason that lies in the file."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    claims = []
    for number, paragraph in enumerate(ARTICLE.splitlines(), 1):
        anchors = [window.anchor for window in text_anchors(reading([paragraph]))]
        claims += [
            samples.claim(f"words-{number}-{start}", source="tea-news", paragraph=number, anchors=anchors[start : start + 3])
            for start in range(0, len(anchors), 3)
        ]  # fmt: skip
    records = {"sources": [samples.source("tea-news", "article", "Tea News")], "claims": claims}
    return samples.write(tmp_path_factory.mktemp("texts"), samples.sample() | records)


@pytest.fixture(scope="module")
def engine(folder: Path) -> Engine:
    return open_engine(str(folder))


@pytest.mark.parametrize("name", FORMS)
def test_article_is_attested_in_each_form(name: str, engine: Engine) -> None:
    report = attest(readings((TEXTS / name).read_bytes()), engine)
    assert [finding.claim for finding in report.findings if finding.result != "attested"] == []
    assert report.all_attested
    assert str(report.form) == FORMS[name]


@pytest.mark.parametrize("name", sorted(FORMS.keys() - {"pdftotext.txt"}))  # it tells no paragraphs
def test_paragraphs_of_each_form_are_those_of_the_article(name: str, engine: Engine) -> None:
    report = attest(readings((TEXTS / name).read_bytes()), engine)
    before = {(found.paragraph or 0) - int(found.claim.split("-")[1]) for found in report.findings}
    assert before in ({0}, {1})  # a menu before the article is a paragraph too


def test_no_file_of_a_text_is_left_over() -> None:
    assert {path.name for path in TEXTS.iterdir()} == set(FORMS)


def test_conversions_are_attested_but_for_those_that_cannot_be(engine: Engine) -> None:
    text = conversions.paragraphs_of(ARTICLE)
    outcomes = dict(conversions.campaign(text, engine))
    assert len(outcomes) > 100
    made = {name: outcome.result for name, outcome in outcomes.items() if outcome.result != "skipped"}
    failed = {name: result for name, result in made.items() if result != "attested"}
    assert failed == {name: NOT_ATTESTED[name] for name in made if name in NOT_ATTESTED}
    for program in ("pandoc", "pdftotext"):  # without them, their conversions were left out
        needs(program)


# --- words that are broken at a line's end -------------------------------------------------------------


def broken(word: str, mark: str) -> str:
    """Return a word broken at a line's end: at its hyphen, else in the middle, if that is between two letters."""
    at = word.find("-") + 1 or len(word) // 2
    head, tail = word[:at].rstrip("-"), word[at:]
    return head + mark + tail if mark and head[-1:].isalpha() and tail[:1].isalpha() else word


@given(st.lists(st.sampled_from(["", "-\n", "\u00ad\n", "\u2010\n", "- \n  "]), min_size=40, max_size=40))
def test_one_or_two_broken_words_in_eight_are_tried_both_ways(engine: Engine, marks: list[str]) -> None:
    waiting = iter(marks)
    text = "\n".join(
        " ".join(broken(word, next(waiting)) if n % 4 == 0 else word for n, word in enumerate(line.split()))
        for line in ARTICLE.splitlines()
    )
    assert attest(readings(text.encode()), engine).all_attested


def test_a_broken_word_is_whole_for_an_author_and_a_doubled_one_is_not() -> None:
    text = "satu dua\nmasing-\nmasing kemen-\nterian pada 2018-\n2019 buku-\nbukunya peng\u00ad\nemasan di sini juga"
    listed = [window.words for window in text_anchors(readings(text.encode()))]
    assert listed[0] == "satu dua masing masing kementerian pada 2018 2019"
    assert listed[-1] == "2018 2019 buku bukunya pengemasan di sini juga"


# --- what is said, and what an author sees -------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("", "0 words could be read, as plain text"),
        ("teh", "1 word could be read, as plain text"),
        ("<p>Menu<p>Tentang kami", "3 words could be read, as HTML"),
        (
            "From: a@b.example\nSubject: teh\n\nSatu dua tiga",
            "3 words could be read, as plain text in an e-mail",
        ),
    ],
)
def test_a_text_in_which_nothing_is_found_is_told_by_its_words_and_form(
    folder: Path, text: str, read: str
) -> None:
    ended = inside("verify", "-", stdin=text, INDOTRADE_DATA=str(folder))
    assert (ended.status, ended.out) == (1, "")
    assert ended.err.endswith(f"no anchor of any claim stands in it; {read}\n")


def test_a_text_that_is_not_attested_in_full_is_told_by_its_words_and_form(folder: Path) -> None:
    ended = inside(
        "verify", "-", "-f", "tsv", "--lang", "id", stdin=ARTICLE[:400], INDOTRADE_DATA=str(folder)
    )
    assert ended.status == 1
    assert (
        ended.err
        == "indotrade: error: hanya 15 dari 43 klaim terbukti penuh; 60 kata dapat dibaca, sebagai teks biasa\n"
    )


def test_the_words_of_each_window_are_listed(folder: Path) -> None:
    ended = inside("check", "--anchors", "-", "--json", stdin=ARTICLE)
    listed = json.loads(ended.out)["anchors"]
    assert listed[0] == {
        "anchor": text_anchors(reading([ARTICLE])).__next__().anchor,
        "paragraph": 1,
        "position": 1,
        "words": "petani teh di lereng gunung kumala menjual hasil",
    }
    assert all(one["words"].split()[1:] == two["words"].split()[:-1] for one, two in pairwise(listed))


def test_the_windows_over_some_words_are_those_that_cover_them() -> None:
    ended = inside(
        "check",
        "--anchors",
        "-",
        "--over",
        "13 RIBU dolar,",
        "-f",
        "tsv",
        "--fields",
        "position,words",
        stdin=ARTICLE,
    )
    header, *rows = ended.out.splitlines()
    assert (ended.status, header) == (0, "position\twords")
    assert len(rows) == 6
    assert rows[0].split("\t")[1].endswith(" 13 ribu dolar")
    assert rows[-1].split("\t")[1].startswith("13 ribu dolar ")


@pytest.mark.parametrize("name", ["two-columns.txt", "json-ld.html", "quoted-printable.eml"])
def test_the_windows_over_some_words_are_found_in_any_form(name: str) -> None:
    ended = inside(
        "check", "--anchors", str(TEXTS / name), "--over", "masing kelompok", "-f", "tsv", "--no-header"
    )
    assert (ended.status, ended.out.count("\n")) == (0, 7)


def test_windows_are_those_of_columns_and_not_across_them() -> None:
    left = [f"kiri{'abcdefghij'[n]} sampai di tepi yang" for n in range(9)]
    right = [f"kanan{'abcdefghij'[n]} sampai di sana juga" for n in range(9)]
    rows = [f"{one:34}   {other:30}" for one, other in zip(left, right, strict=True)]
    page = "\n".join(["Koran Teh", *rows, "", "hal. 1"])
    text = "\f".join([page, page.replace("kiri", "lalu").replace("hal. 1", "hal. 2")])
    listed = [window.words for window in text_anchors(readings(text.encode()))]
    assert any("tepi yang kirib" in words for words in listed)
    assert not any("yang kananb" in words for words in listed)


def test_a_text_too_short_for_an_anchor_is_told() -> None:
    for over in ((), ("--over", "tiga kata")):
        ended = inside("check", "--anchors", "-", *over, "--json", stdin="Hanya tiga kata")
        assert (ended.status, json.loads(ended.out)["anchors"]) == (1, [])
        assert ended.err == "indotrade: error: the text has fewer than 8 words, and so no anchor\n"


def test_words_that_stand_nowhere_are_told() -> None:
    ended = inside("check", "--anchors", "-", "--over", "13 juta dolar", "--json", stdin=ARTICLE)
    assert (ended.status, json.loads(ended.out)["anchors"]) == (1, [])
    assert ended.err == 'indotrade: error: "13 juta dolar" stands nowhere in the text\n'


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (["--over", "teh"], "--over goes with --anchors"),
        (["--anchors", "-", "--over", ""], "--over takes one word to 8"),
        (["--anchors", "-", "--over", "a b c d e f g h i"], "--over takes one word to 8"),
    ],
)
def test_misuse_of_over_is_told(line: list[str], told: str) -> None:
    ended = inside("check", *line, stdin=ARTICLE)
    assert (ended.status, ended.out, ended.err.splitlines()[0]) == (2, "", f"indotrade: error: {told}")
