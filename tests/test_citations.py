"""Each format is compared with what it should say, then read back with what people read it with."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import rispy  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from indotrade.dataset.records import Claim, Dataset, Locator, Publisher, Said, Source
from indotrade.dataset.vocabulary import Person
from indotrade.output.citing import Citation
from indotrade.output.formats import FORMATS, holding
from indotrade.text.escape import visible
from indotrade.wording.references import full, short

NAMES = holding("citations")


def cite(items: list[Citation], format: str, language: str) -> str:
    """Return citations in a format of the registry, less the line feed at their end."""
    text = "".join(FORMATS[format].writer.citations(items, language))
    assert text.endswith("\n")
    return text[:-1]


DATASET = Dataset(
    format=1,
    name="indotrade",
    title="Claims",
    version="1.0.0",
    as_of="2026-11-22",
    licence="CC0-1.0",
    languages=["en", "id"],
)
ANTARA = Source(
    id="antara-2018",
    type="article",
    publisher=Publisher("ANTARA News"),
    title=None,
    title_from_url="ikm agro fukuoka bidik peluang",
    url="https://otomotif.antaranews.com/berita/687757/ikm-agro-fukuoka",
    language="id",
    accessed="2026-11-22",
    authors=["Sella Gareta"],
    editor="Ade P Marboen",
    published="2018-02-22",
    basis="inferred",
    access_note="Read as an archived copy",
)
HALOJAPIN = Source(
    id="halojapin-2022",
    type="article",
    publisher=Publisher("Halo Japin"),
    title=None,
    title_from_url="wuih ekspor batik",
    url="https://halojapin.com/berita/wuih-ekspor-batik",
    language="id",
    accessed="2026-11-22",
    via="cnbcindonesia.com",
)
SHIMBUN = Source(
    id="shimbun-40371",
    type="evidence",
    publisher=Publisher("The Daily Jakarta Shimbun", "じゃかるた新聞"),
    title="愛媛県企業事業機会探る",
    url="https://example.jp/a_b%20c?x=1&y=~z#top",
    language="ja",
    accessed="2026-11-22",
    authors=["Sukarno", "O'Hara and Sons"],
    published="2018-02",
    basis="printed",
)
BARE = Source(
    id="bare",
    type="evidence",
    publisher=Publisher("Kontan"),
    title=None,
    url="https://example.id/x",
    language="id",
    accessed="2026-11-22",
)
HERI = Person("heri-akhmadi", {"en": "Heri Akhmadi", "id": "Heri Akhmadi", "ja": "ヘリ・アフマディ"})
PANGGAH = Person(
    "panggah-susanto", {"en": "Panggah Susanto", "id": "Panggah Susanto", "ja": "パンガ・スサント"}
)


def claim(name: str, source: Source, paragraph: int, speaker: Person | None, said: Said) -> Claim:
    return Claim(
        id=name,
        kind="event",
        statement={"en": "Own words.", "id": "Kata sendiri."},
        sectors=[],
        countries=[],
        programs=[],
        organizations=[],
        flow=None,
        figure=None,
        speaker=speaker.id if speaker else None,
        said=said,
        source=source.id,
        paragraph=paragraph,
        anchors=[],
        status="single",
        note=None,
        evidence=[],
    )


SEAWEED = Citation(
    key="no-seaweed",
    source=ANTARA,
    claim=claim("no-seaweed", ANTARA, 9, PANGGAH, Said("2018-02-22", "inferred")),
    speaker=PANGGAH,
    dataset=DATASET,
)
BATIK = Citation(
    key="batik-300",
    source=HALOJAPIN,
    claim=claim("batik-300", HALOJAPIN, 2, HERI, Said("2022-04-22", "printed")),
    speaker=HERI,
    dataset=DATASET,
)
NARRATION = Citation(
    key="seven-firms",
    source=ANTARA,
    claim=claim("seven-firms", ANTARA, 3, None, Said("2018-02-22", "inferred")),
    speaker=None,
    dataset=DATASET,
)


def of_source(source: Source) -> Citation:
    return Citation(key=source.id, source=source, dataset=DATASET)


# --- text


@pytest.mark.parametrize(
    ("item", "language", "text"),
    [
        (
            SEAWEED,
            "en",
            (
                "[ikm agro fukuoka bidik peluang], ANTARA News, by Sella Gareta, edited by Ade P Marboen, "
                "22 February 2018 (inferred). Paragraph 9. "
                "Statement of Panggah Susanto, 22 February 2018 (inferred). "
                "https://otomotif.antaranews.com/berita/687757/ikm-agro-fukuoka (accessed 22 November 2026). "
                "Read as an archived copy. Via indotrade dataset 1.0.0 (2026-11-22)."
            ),
        ),
        (
            BATIK,
            "id",
            (
                "[wuih ekspor batik], Halo Japin, t.t. Paragraf 2. Pernyataan Heri Akhmadi, 22 April 2022. "
                "Unggahan ulang yang menyebut sumber cnbcindonesia.com. "
                "https://halojapin.com/berita/wuih-ekspor-batik (diakses 22 November 2026). "
                "Melalui dataset indotrade 1.0.0 (2026-11-22)."
            ),
        ),
        (
            of_source(SHIMBUN),
            "en",
            (
                '"愛媛県企業事業機会探る", The Daily Jakarta Shimbun (じゃかるた新聞), '
                "by Sukarno and O'Hara and Sons, February 2018. "
                "https://example.jp/a_b%20c?x=1&y=~z#top (accessed 22 November 2026). "
                "Via indotrade dataset 1.0.0 (2026-11-22)."
            ),
        ),
        (
            of_source(BARE),
            "en",
            (
                "[No title seen], Kontan, n.d. https://example.id/x (accessed 22 November 2026). "
                "Via indotrade dataset 1.0.0 (2026-11-22)."
            ),
        ),
    ],
)
def test_text_names_the_article_first_and_the_dataset_last(item: Citation, language: str, text: str) -> None:
    assert cite([item], "text", language) == text


def test_text_of_narration_names_the_paragraph_and_no_speaker() -> None:
    text = cite([NARRATION], "text", "en")
    assert "Paragraph 3." in text
    assert "Statement" not in text


def test_text_of_a_source_in_a_list_needs_no_dataset() -> None:
    assert full(BARE, "id") == (
        "[Judul tidak terlihat], Kontan, t.t. https://example.id/x (diakses 22 November 2026)."
    )


@pytest.mark.parametrize(
    ("source", "language", "text"),
    [
        (ANTARA, "en", "ANTARA News, [ikm agro fukuoka bidik peluang], 22 February 2018 (inferred)"),
        (ANTARA, "id", "ANTARA News, [ikm agro fukuoka bidik peluang], 22 Februari 2018 (disimpulkan)"),
        (
            SHIMBUN,
            "en",
            'The Daily Jakarta Shimbun (じゃかるた新聞), "愛媛県企業事業機会探る", February 2018',
        ),
        (replace(BARE, published="2021"), "en", "Kontan, [No title seen], 2021"),
        (BARE, "id", "Kontan, [Judul tidak terlihat], t.t."),
    ],
)
def test_short_is_outlet_title_and_date(source: Source, language: str, text: str) -> None:
    assert short(source, language) == text


# --- formats for programs


def test_bibtex_of_a_claim() -> None:
    assert (
        cite([SEAWEED], "bibtex", "en") == r"""@misc{no-seaweed,
  author = {{Sella Gareta}},
  title = {{[ikm agro fukuoka bidik peluang]}},
  publisher = {{ANTARA News}},
  year = {2018},
  month = feb,
  day = {22},
  date = {2018-02-22},
  url = {https://otomotif.antaranews.com/berita/687757/ikm-agro-fukuoka},
  urldate = {2026-11-22},
  langid = {id},
  note = {ANTARA News, \url{https://otomotif.antaranews.com/berita/687757/ikm-agro-fukuoka}, """
        r"""accessed 22 November 2026. Paragraph 9. """
        r"""Statement of Panggah Susanto, 22 February 2018 (inferred). Edited by Ade P Marboen. """
        r"""Publication date inferred. Via indotrade dataset 1.0.0 (2026-11-22).},
  annote = {Read as an archived copy.},
}"""
    )


def test_bibtex_keeps_the_characters_of_an_address_but_begins_no_comment_in_the_note() -> None:
    """LaTeX prints the backslash of a `\\%` in `\\url{}` too, where hyperref is not loaded."""
    text = cite([of_source(SHIMBUN)], "bibtex", "en")
    assert "  url = {https://example.jp/a_b%20c?x=1&y=~z#top}," in text
    assert (
        r"(じゃかるた新聞), \texttt{https://example.jp/a\_b\allowbreak\%20c?x=1\&y=\textasciitilde{}z\#top}, "
        in text
    )
    assert "howpublished" not in text
    assert rf"\url{{{BARE.url}}}" in cite([of_source(BARE)], "bibtex", "en")


def test_biblatex_gives_a_language_by_a_name_that_pandoc_takes_for_one() -> None:
    """Of one that it does not take it writes titles in capitals, as it does in English."""
    for tag, name in ("id", "id"), ("id-ID", "id"), ("ja", "japanese"), ("en-GB", "english"), ("xx", None):
        text = cite([of_source(replace(BARE, language=tag))], "biblatex", "en")
        assert re.findall("langid = {(.*)}", text) == ([name] if name else [])


def test_csl_of_a_repost() -> None:
    assert json.loads(cite([BATIK], "csl-json", "id")) == [
        {
            "id": "batik-300",
            "type": "webpage",
            "title": "[wuih ekspor batik]",
            "container-title": "Halo Japin",
            "accessed": {"date-parts": [[2026, 11, 22]]},
            "URL": "https://halojapin.com/berita/wuih-ekspor-batik",
            "language": "id",
            "note": "Paragraph 2. Statement of Heri Akhmadi, 22 April 2022. "
            "Repost crediting cnbcindonesia.com. Via indotrade dataset 1.0.0 (2026-11-22).",
        }
    ]


def test_ris_of_a_claim() -> None:
    assert (
        cite([SEAWEED], "ris", "en") == """TY  - ELEC
ID  - no-seaweed
AU  - Sella Gareta
TI  - [ikm agro fukuoka bidik peluang]
PB  - ANTARA News
PY  - 2018
DA  - 2018/02/22
UR  - https://otomotif.antaranews.com/berita/687757/ikm-agro-fukuoka
Y2  - 2026/11/22
M1  - 2026/11/22
LA  - id
N1  - Paragraph 9. Statement of Panggah Susanto, 22 February 2018 (inferred). Edited by Ade P Marboen. """
        """Publication date inferred. Read as an archived copy. Via indotrade dataset 1.0.0 (2026-11-22). """
        """Accessed 22 November 2026.
ER  - """
    )


@pytest.mark.parametrize(
    ("published", "bibtex", "csl", "ris"),
    [
        ("2018", "  year = {2018},\n  date = {2018},\n", [[2018]], "PY  - 2018\nDA  - 2018\n"),
        (
            "2018-12",
            "  year = {2018},\n  month = dec,\n  date = {2018-12},\n",
            [[2018, 12]],
            "PY  - 2018\nDA  - 2018/12\n",
        ),
        (
            "2018-05-03",
            "  year = {2018},\n  month = may,\n  day = {3},\n  date = {2018-05-03},\n",
            [[2018, 5, 3]],
            "PY  - 2018\nDA  - 2018/05/03\n",
        ),
    ],
)
def test_a_partial_date_stays_partial(published: str, bibtex: str, csl: list[list[int]], ris: str) -> None:
    item = of_source(replace(BARE, published=published))
    assert bibtex in cite([item], "bibtex", "en")
    assert json.loads(cite([item], "csl-json", "en"))[0]["issued"] == {"date-parts": csl}
    assert ris in cite([item], "ris", "en")


@pytest.mark.parametrize("published", [None, "", "yesterday", "2018-13", "0000", "2018-1", "٢٠١٨", "2018\n"])
def test_what_is_no_date_gives_no_date_field(published: str | None) -> None:
    item = of_source(replace(BARE, published=published))
    assert re.findall(r"^ *(?:year|month|day|date) = (.*),", cite([item], "bibtex", "en"), re.MULTILINE) == [
        "{n.d.}"
    ]
    assert "issued" not in json.loads(cite([item], "csl-json", "en"))[0]
    assert not re.search(r"^(PY|DA)  - ", cite([item], "ris", "en"), re.MULTILINE)


def test_nothing_empty_is_written() -> None:
    empty = replace(BARE, authors=["", " "], editor="", via=" ", title="", title_from_url=" ", access_note="")
    for format in NAMES:
        assert cite([of_source(empty)], format, "en") == cite([of_source(BARE)], format, "en")
    nothing = replace(empty, publisher=Publisher(" ", ""), url="", language="", accessed="")
    item = of_source(nothing)
    assert cite([item], "text", "en") == "[No title seen], n.d. Via indotrade dataset 1.0.0 (2026-11-22)."
    assert cite([item], "bibtex", "en") == (
        "@misc{bare,\n  title = {{[No title seen; bare]}},\n  year = {n.d.},\n"
        "  note = {Via indotrade dataset 1.0.0 (2026-11-22).},\n}"
    )
    assert set(json.loads(cite([item], "csl-json", "en"))[0]) == {"id", "type", "title", "note"}
    assert re.findall(r"^(..)  -", cite([item], "ris", "en"), re.MULTILINE) == ["TY", "ID", "TI", "N1", "ER"]


def test_without_an_author_bibtex_sorts_by_the_outlet() -> None:
    assert "  key = {{Kontan}}," in cite([of_source(BARE)], "bibtex", "en")


def test_formats_for_programs_do_not_depend_on_the_language() -> None:
    for format in NAMES[1:]:
        assert cite([SEAWEED, BATIK], format, "en") == cite([SEAWEED, BATIK], format, "id")


def test_keys_are_plain_and_unique_in_every_format() -> None:
    names = ["a.b_c-1", "A.b_c-1", "../x{,%", "", "a.b_c-1"]
    items = [replace(of_source(BARE), key=name) for name in names]
    keys = ["a.b_c-1", "A.b_c-1-2", "..-x---", "citation", "a.b_c-1-3"]
    assert re.findall(r"^@misc\{(.*),$", cite(items, "bibtex", "en"), re.MULTILINE) == keys
    assert [entry["id"] for entry in json.loads(cite(items, "csl-json", "en"))] == keys
    assert re.findall(r"^ID  - (.*)$", cite(items, "ris", "en"), re.MULTILINE) == keys


def test_no_citations_give_no_record() -> None:
    assert [cite([], format, "en") for format in NAMES if not FORMATS[format].of_claims] == ["", "", "[]", ""]
    assert list(FORMATS["text"].writer.citations([], "en")) == []


# --- hostile text

NASTY = [*"{}\\$&#^_~%'`;,\"<>|-@=", "@misc{x,", "\nER  - \nTY  - ELEC\n", "\r", "\x00", "\x85", "\u2028"]
NASTY += [
    "\x1b[2J",
    "\u202e",
    "\ufeff",
    "\ud800",
    " and ",
    "''",
    "--",
    r"\}",
    r"\input{x}",
    "{:DOI: 1}",
    "日本",
]


@pytest.mark.parametrize(
    ("title", "written"),
    [
        (r"50% \ {a} $&#^_~", r"50\% \textbackslash{} \{a\} \$\&\#\textasciicircum{}\_\textasciitilde{}"),
        ("a { b", r"a \textbackslash{}x7b b"),
        ("} {", r"\textbackslash{}x7d \textbackslash{}x7b"),
        ("\x1b\u202e\n", r"\textbackslash{}x1b\textbackslash{}u202e\textbackslash{}n"),
        ("a--b ''c'' `d", r"a-{}-b '{}'c'{}' \textquoteleft{}d"),
        ("<b> | c", r"\textless{}b\textgreater{} | c"),
    ],
)
def test_bibtex_prints_each_character_of_a_title(title: str, written: str) -> None:
    line = next(
        line
        for line in cite([of_source(replace(BARE, title=title))], "bibtex", "en").split("\n")
        if "title =" in line
    )
    guard = "{}" if written.startswith("\\") else ""
    assert line == f"  title = {{{{{guard}{written}}}}},"


def test_an_address_cannot_leave_its_field() -> None:
    item = of_source(replace(BARE, url="https://x.id/a;b}\n{\\c d\ud800"))
    assert "  url = {https://x.id/a;b%7D%0A%7B%5Cc%20d%ED%A0%80}," in cite([item], "bibtex", "en")
    assert rispy.loads(cite([item], "ris", "en"))[0]["urls"] == [
        "https://x.id/a%3Bb%7D%0A%7B%5Cc%20d%ED%A0%80"
    ]
    assert json.loads(cite([item], "csl-json", "en"))[0]["URL"] == item.source.url


def test_a_note_cannot_set_a_field_of_csl() -> None:
    item = of_source(replace(BARE, via="{:DOI:10.1/2}"))
    assert "{:" not in json.loads(cite([item], "csl-json", "en"))[0]["note"]


any_text = st.lists(st.sampled_from(NASTY) | st.characters(), max_size=8).map("".join)
any_source = st.builds(
    Source,
    id=any_text,
    type=st.just("evidence"),
    publisher=st.builds(Publisher, any_text, st.none() | any_text),
    title=st.none() | any_text,
    url=any_text,
    language=any_text,
    accessed=st.just("2026-11-22") | any_text,
    title_from_url=st.none() | any_text,
    authors=st.lists(any_text, max_size=3),
    editor=st.none() | any_text,
    published=st.none() | st.just("2018-02") | any_text,
    basis=st.sampled_from([None, "printed", "inferred"]),
    via=st.none() | any_text,
    access_note=st.none() | any_text,
)
any_sources = st.lists(any_source, min_size=1, max_size=3)


@given(any_sources)
def test_text_is_one_safe_line_a_citation(sources: list[Source]) -> None:
    lines = cite([of_source(source) for source in sources], "text", "id").split("\n")
    assert len(lines) == len(sources)
    assert [visible(line) for line in lines] == lines


def balanced(text: str) -> bool:
    depth = 0
    for brace in re.findall("[{}]", text):
        depth += 1 if brace == "{" else -1
        if depth < 0:
            return False
    return depth == 0


@given(any_sources)
def test_bibtex_is_well_formed(sources: list[Source]) -> None:
    entries = cite([of_source(source) for source in sources], "bibtex", "en").split("\n\n")
    assert len(entries) == len(sources)
    for entry in entries:
        opening, *fields, closing = entry.split("\n")
        assert re.fullmatch(r"@misc\{[A-Za-z0-9._-]+,", opening)
        assert closing == "}"
        for field in fields:
            assert visible(field) == field
            match = re.fullmatch(r"  ([a-z]+) = (\{.*\}|[a-z]{3}),", field)
            assert match, field
            assert balanced(match[2])  # as BibTeX counts: a backslash hides no brace
            assert balanced(re.sub(r"\\[{}]", "", match[2]))  # as pandoc counts: it does
            if match[1] not in {"url", "note"}:
                rest = re.sub(r"\\(?:[{}$&#_%]|text[a-z]+\{\})", "", match[2])
                assert not re.search(r"[\\$&#^_~%]", rest), field


@given(any_sources)
def test_csl_is_json_that_gives_the_same_text_back(sources: list[Source]) -> None:
    text = cite([of_source(source) for source in sources], "csl-json", "en")
    assert visible(text.replace("\n", "")) == text.replace("\n", "")
    entries = json.loads(text)
    assert len(entries) == len(sources)
    for entry, source in zip(entries, sources, strict=True):
        if source.title and source.title.strip():
            assert entry["title"] == source.title
        names = [name for name in source.authors if name.strip()]
        assert entry.get("author", []) == [{"literal": name} for name in names]
        assert all(entry.values())


@given(any_sources)
def test_ris_is_one_record_a_citation(sources: list[Source]) -> None:
    records = rispy.loads(cite([of_source(source) for source in sources], "ris", "en"))
    assert len(records) == len(sources)
    for record, source in zip(records, sources, strict=True):
        if source.title and source.title.strip():
            assert record["title"] == visible(source.title).strip()
        names = [visible(name).strip() for name in source.authors if name.strip()]
        assert record.get("authors", []) == names
        assert len(record.get("urls", [])) <= 1


# --- read back by real readers

ALL = [SEAWEED, BATIK, NARRATION, of_source(SHIMBUN), of_source(BARE)]
HOSTILE = of_source(
    replace(
        BARE,
        id="hostile",
        title=r"{a} \input{x} $&#^_~% @misc{y, -- |<c>" + "\x1b[2J\u202e\nER  - \n",
        authors=["{A} and B", r"\C", "D, E"],
        editor="F and G",
        publisher=Publisher(r"H & \I {J} and K"),
        url="https://x.id/a%20b_c?d=1&e#f~g;h",
        via="L {M}",
    )
)


def straight(text: str) -> str:
    """Return `text` with straight quotation marks and single blanks: pandoc, like TeX, changes both."""
    return " ".join(text.split()).translate({0x2018: "'", 0x2019: "'", 0x201C: '"', 0x201D: '"'})


@pytest.fixture
def pandoc() -> Callable[..., str]:
    """Return a function that converts a text and fails when pandoc has anything to remark."""
    if shutil.which("pandoc") is None:
        if os.environ.get("CI"):
            pytest.fail("CI must have pandoc: apt-get install pandoc")
        pytest.skip("pandoc is not installed")

    def run(text: str, *options: str) -> str:
        done = subprocess.run(
            ["pandoc", *options], input=text, capture_output=True, encoding="utf-8", check=False
        )
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout

    return run


def assert_same(entry: dict[str, Any], item: Citation, shown: Callable[[str], str]) -> None:
    """Compare what a reader of `item` got with its source; `shown` is how the format shows a text."""
    source = item.source
    original = source.publisher.original
    title = source.title or f"[{source.title_from_url or f'No title seen; {source.id}'}]"
    assert straight(entry["title"]) == straight(shown(title))
    outlet = entry.get("container-title") or entry["publisher"]
    assert outlet == shown(source.publisher.name + (f" ({original})" if original else ""))
    assert [straight(name["literal"]) for name in entry.get("author", [])] == [*map(shown, source.authors)]
    assert "editor" not in entry  # of a web page most readers make one an author
    assert (
        straight(f"Edited by {shown(source.editor)}.") in straight(entry["note"]) if source.editor else True
    )
    issued = [[int(part) for part in source.published.split("-")]] if source.published else None
    assert (entry.get("issued", {}).get("date-parts") or None) == issued
    if "accessed" in entry:
        assert entry["accessed"]["date-parts"] == [[2026, 11, 22]]
    else:
        assert "Accessed 22 November 2026." in entry["note"]
    assert entry["URL"] == source.url
    babel = {"id": "id", "en": "english", "ja": "japanese"}
    assert entry["language"].partition("-")[0] in (source.language, babel[str(source.language)])
    assert "Via indotrade dataset 1.0.0 (2026-11-22)." in entry["note"]
    assert re.findall(r"Paragraph (\d+)\.", entry["note"]) == (
        [str(item.claim.paragraph)] if item.claim else []
    )
    speakers = [item.speaker.label["en"]] if item.speaker else []
    assert re.findall(r"Statement of (.+?),", entry["note"]) == speakers


def bibtex_shows(text: str) -> str:
    """Return `text` as BibTeX can carry it: hidden characters, and braces out of balance, as escapes."""
    text = visible(text)
    if not balanced(text):
        text = text.replace("{", r"\x7b").replace("}", r"\x7d")
    return text


def test_pandoc_reads_the_same_from_bibtex(pandoc: Callable[..., str]) -> None:
    items = [*ALL, HOSTILE]
    entries = json.loads(pandoc(cite(items, "bibtex", "en"), "-f", "bibtex", "-t", "csljson"))
    assert [entry["id"] for entry in entries] == [item.key for item in items]
    for entry, item in zip(entries, items, strict=True):
        assert_same(entry, item, bibtex_shows)


def test_pandoc_reads_the_same_from_biblatex(pandoc: Callable[..., str]) -> None:
    items = [*ALL, HOSTILE]
    entries = json.loads(pandoc(cite(items, "biblatex", "en"), "-f", "biblatex", "-t", "csljson"))
    assert [entry["id"] for entry in entries] == [item.key for item in items]
    for entry, item in zip(entries, items, strict=True):
        assert_same(entry, item, bibtex_shows)


@pytest.mark.parametrize("format", ["bibtex", "biblatex"])
def test_claims_of_one_source_are_one_entry_that_says_how_each_is_cited(format: str) -> None:
    places = [item.claim for item in (SEAWEED, NARRATION) if item.claim]
    source = replace(SEAWEED, key=ANTARA.id, claim=None, speaker=None, places=places)
    command = {"bibtex": "cite", "biblatex": "autocite"}[format]
    comments, entry = cite([source], format, "en").split("@", 1)
    told = [line.split("  ")[0] for line in comments.splitlines()]
    assert told == [
        f"% no-seaweed: \\{command}[par.~9]{{antara-2018}}",
        f"% seven-firms: \\{command}[par.~3]{{antara-2018}}",
    ]
    assert "Paragraph" not in entry
    assert "Statement" not in entry


def test_a_page_without_a_date_has_no_year_in_biblatex() -> None:
    text = cite([BATIK, SEAWEED], "biblatex", "en")
    undated, dated = text.split("\n\n")
    assert not re.search("^  (date|year|urldate) =", undated, re.MULTILINE)
    assert "addendum = {Accessed 22 November 2026." in undated
    assert "  date = {2018-02-22}," in dated
    assert "  urldate = {2026-11-22}," in dated


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ({"paragraph": 3}, "[@antara-2018, para. 3]"),
        ({"locator": Locator("page", "12")}, "[@antara-2018, p. 12]"),
        ({"locator": Locator("timestamp", "00:12:30")}, "[@antara-2018, at 00:12:30]"),
        ({"locator": Locator("sub-verbo", "nori")}, "[@antara-2018, s.v. nori]"),
        ({}, "[@antara-2018]"),
    ],
)
def test_csl_says_with_which_locator_each_claim_is_cited(place: dict[str, Any], told: str) -> None:
    assert SEAWEED.claim
    made = replace(SEAWEED.claim, **({"paragraph": None} | place))
    item = Citation(key=ANTARA.id, source=ANTARA, dataset=DATASET, places=[made])
    (entry,) = json.loads(cite([item], "csl-json", "en"))
    assert entry["custom"]["citations"]["no-seaweed"]["pandoc"] == told


ODD_PLACES = [
    "12-13",
    "II%_a",
    "00:12:30",
    "a; b",
    "3 [b]",
    "a]b",
    "4{b}",
    "x@y.z",
    "$5$",
    "*a*_b_",
    "`x`",
    "// 1",
    "第3段",
]


def placed_at(place: Locator) -> Citation:
    """Return the entry of a source in which a claim stands at a place."""
    assert SEAWEED.claim
    made = replace(SEAWEED.claim, id="made", paragraph=None, locator=place)
    return Citation(key=ANTARA.id, source=ANTARA, dataset=DATASET, places=[made])


def test_pandoc_prints_every_place_as_it_is(pandoc: Callable[..., str], tmp_path: Path) -> None:
    file = tmp_path / "cited.json"
    cited = [cite([placed_at(Locator("appendix", value))], "csl-json", "en") for value in ODD_PLACES]
    file.write_text(cited[0], encoding="utf-8")
    text = "\n\n".join(json.loads(it)[0]["custom"]["citations"]["made"]["pandoc"] for it in cited)
    printed = pandoc(text, "-t", "plain", "--citeproc", "--wrap=none", f"--bibliography={file}").split("\n\n")
    for value, line in zip(ODD_PLACES, printed, strict=False):
        assert line.replace("–", "-") == f"(Sella Gareta 2018, appendix {value})"


@pytest.mark.parametrize("format", ["bibtex", "biblatex"])
@pytest.mark.parametrize("value", ODD_PLACES)
def test_a_place_ends_neither_its_option_nor_the_comment_that_it_stands_in(format: str, value: str) -> None:
    comment, _ = cite([placed_at(Locator("appendix", value))], format, "en").split(
        "\n@misc" if format == "bibtex" else "\n@online"
    )
    assert "@" not in comment
    latex, _, typst = comment.partition("  #cite(<antara-2018>, supplement: ")
    inner = re.fullmatch(r"% made: \\(?:auto)?cite\[(.*)\]\{antara-2018\}", latex)
    assert inner, latex
    option = re.sub(r"\\[{}]", "", inner[1])
    assert balanced(option)
    assert (
        option[:1] != "{"
    )  # LaTeX takes away what is around all of an option, and then looks for its end again
    assert "]" not in re.sub(r"\{[^{}]*\}", "", option), latex
    if typst:
        bare = re.sub(r"\\u\{40\}|\\.", "", typst)
        assert re.fullmatch(r"\[[^\[\]{}$*_`#@<>~/]*\]\)", bare), typst


def test_biblatex_gets_no_name_that_begins_with_a_group() -> None:
    for name in NASTY:
        text = cite([of_source(replace(BARE, authors=[name + "x"]))], "biblatex", "en")
        assert "author = {{{}" not in text


@pytest.mark.parametrize("format", sorted({*NAMES} - {"text", "claimreview"}))
def test_pages_without_a_title_have_each_one_of_their_own(format: str) -> None:
    """Styles print a dash for an author like the last one, and take the title where there is no author."""
    text = cite([of_source(replace(BARE, id=name)) for name in ("one", "two")], format, "en")
    assert [len(re.findall(f"No title seen; {name}]", text)) for name in ("one", "two")] == [1, 1]
    hinted = cite([of_source(replace(BARE, title_from_url="from the address"))], format, "en")
    assert "[from the address]" in hinted


def test_what_has_no_address_is_a_report_with_its_publisher() -> None:
    book = of_source(replace(BARE, url=None, accessed=None))
    (entry,) = json.loads(cite([book], "csl-json", "en"))
    assert (entry["type"], entry["publisher"], "container-title" in entry) == ("report", "Kontan", False)
    assert re.findall("^(TY|M1|PB)  - (.*)", cite([book], "ris", "en"), re.MULTILINE) == [
        ("TY", "RPRT"),
        ("PB", "Kontan"),
    ]


def test_a_publisher_that_is_the_author_is_named_once() -> None:
    bureau = replace(
        BARE, title="T", publisher=Publisher("Bureau of Fish, Tea", "局"), authors=["bureau of fish, tea"]
    )
    assert '"Person"' not in cite([of_source(bureau)], "claimreview", "en")
    for format in sorted({*NAMES} - {"claimreview"}):
        text = cite([of_source(bureau)], format, "en")
        assert text.lower().count("bureau of fish, tea") == 1, format
        two = of_source(replace(bureau, authors=["Rini", "bureau of fish, tea"]))
        assert "Bureau of Fish, Tea (局)" in cite([two], format, "en")


def test_names_of_signs_alone_are_not_all_the_same() -> None:
    signs = of_source(replace(BARE, publisher=Publisher("$$$"), authors=["$"]))
    for format in sorted({*NAMES} - {"claimreview"}):
        assert cite([signs], format, "en").count("$") > 1, format


def test_an_author_that_is_called_like_a_body_is_no_person_in_the_words_of_schema_org() -> None:
    names = ["Ministry of Trade", "Tim Redaksi", "農林水産省", "Tim Berners-Lee", "Sella Gareta", "大房 剛"]
    (work,) = json.loads(cite([of_source(replace(BARE, authors=names))], "claimreview", "en"))["@graph"]
    assert [author["@type"] for author in work["author"]] == ["Organization"] * 3 + ["Person"] * 3


def test_quotation_marks_within_a_title_are_single_in_text() -> None:
    assert full(replace(BARE, title='On "tea" and “batik”'), "en").startswith(
        "\"On 'tea' and ‘batik’\", Kontan"
    )


def test_an_original_name_joins_the_brackets_of_an_outlet() -> None:
    office = replace(BARE, title="T", publisher=Publisher("Ministry of Trade (METI)", "経済産業省"))
    assert short(office, "en") == 'Ministry of Trade (METI, 経済産業省), "T", n.d.'


def test_pandoc_reads_the_same_from_csl(pandoc: Callable[..., str]) -> None:
    items = [*ALL, HOSTILE]
    entries = json.loads(pandoc(cite(items, "csl-json", "en"), "-f", "csljson", "-t", "csljson"))
    assert [entry["id"] for entry in entries] == [item.key for item in items]
    for entry, item in zip(entries, items, strict=True):
        assert_same(entry, item, str)


@pytest.mark.parametrize("format", ["bibtex", "csl-json"])
def test_pandoc_prints_a_bibliography_without_a_warning(pandoc: Callable[..., str], format: str) -> None:
    reader = format.replace("-", "")
    written = cite([*ALL, HOSTILE], format, "en")
    text = pandoc(written, "-f", reader, "-t", "plain", "--citeproc", "--wrap=none")
    assert "“[wuih ekspor batik].” n.d. Halo Japin. Accessed November 22, 2026. " + str(HALOJAPIN.url) in text
    assert "Sella Gareta. 2018" in text


def test_pandoc_turns_csl_into_bibtex_without_a_warning(pandoc: Callable[..., str]) -> None:
    text = pandoc(cite([*ALL, HOSTILE], "csl-json", "en"), "-f", "csljson", "-t", "bibtex")
    assert text.count("@misc{") == len(ALL) + 1


def test_rispy_reads_the_same_from_ris() -> None:
    items = [*ALL, HOSTILE]
    records = rispy.loads(cite(items, "ris", "en"))
    assert [record["id"] for record in records] == [item.key for item in items]
    for record, item in zip(records, items, strict=True):
        dates = {key: record[key].split("/") for key in ("date", "access_date") if key in record}
        parts = {key: [[int(part) for part in value]] for key, value in dates.items()}
        entry = {
            "title": record["title"],
            "publisher": record["publisher"],
            "author": [{"literal": name} for name in record.get("authors", [])],
            "issued": {"date-parts": parts["date"]} if "date" in parts else {},
            "accessed": {"date-parts": parts["access_date"]},
            "URL": record["urls"][0].replace("%3B", ";"),
            "language": record["language"],
            "note": record["notes"][0],
        }
        assert_same(entry, item, visible)
        assert record.get("year", "") == (item.source.published or "")[:4]
        assert list(record.values()).count(record["publisher"]) == 1  # styles would print it twice
