"""A page that `--format html` makes is whole by itself: well-formed, in one language, with nothing that runs or is fetched."""

from __future__ import annotations

import json
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import detailed
import pytest
import samples
from inside import inside
from test_hostile import poisoned

VOID = {"meta", "br"}
ELEMENTS = set(
    "html head meta title style body header h1 h2 h3 p main div table thead tbody tr th td a span article dl dt dd code"
    " section figure figcaption svg text rect script footer br".split()
)
ATTRIBUTES = set(
    "lang charset http-equiv content name class role aria-label tabindex scope data-name href rel id type height width"
    " x y text-anchor".split()
)
HARM = "</script><script>alert(1)</script><img src=x onerror=alert(1)><!-- --></style>\" ' onclick=alert(1) javascript:alert(1)"
COMMANDS = (
    "list", "show crates-sent wages-paid", "sector spices", "search crates --lang id", "program harbour-fair", "list --fields id,url",
    "sector", "program", "speaker", "measure", "measure clove-crates", "source", "source customs-table", "info", "check",
)  # fmt: skip


class Page(HTMLParser):
    """A page, read as a browser would: it fails where an element is not closed, or is none of those that are made."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.languages: list[str] = []
        self.texts: list[str] = []
        self.data: list[Any] = []
        self.count: Counter[str] = Counter()
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ELEMENTS
        self.count[tag] += 1
        for name, value in attrs:
            assert name in ATTRIBUTES
            if name == "id":
                self.ids.append(value or "")
            if name == "href":
                self.links.append(value or "")
            if name == "lang":
                self.languages.append(value or "")
        if tag == "script":
            assert attrs == [("type", "application/ld+json")]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag == "rect"
        self.count[tag] += 1

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "script":
            self.data.append(json.loads(data))
        elif self.open and self.open[-1] != "style":
            self.texts.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)


@pytest.fixture(scope="module", params=["detailed", "hostile"])
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    records = detailed.records()
    if request.param == "hostile":
        records = poisoned(records, poison=HARM)
    return samples.write(tmp_path_factory.mktemp(request.param), records)


def page(folder: Path, line: str, **environment: str) -> Page:
    ended = inside(*line.split(), "-f", "html", "--data", folder, **environment)
    assert (ended.status, ended.err) == (0, "")
    return Page(ended.out)


@pytest.mark.parametrize("line", COMMANDS)
def test_a_page_is_well_formed_and_nothing_in_it_runs_or_is_fetched(folder: Path, line: str) -> None:
    made = page(folder, line)
    assert made.languages[0] == ("id" if "--lang id" in line else "en")
    assert len(made.ids) == len(set(made.ids))
    for link in made.links:
        assert link[1:] in made.ids if link.startswith("#") else re.match("https?://", link)
    assert made.count["h1"] == made.count["main"] == made.count["title"] == 1


def test_a_page_has_every_claim_with_its_evidence_its_sources_and_its_chart(folder: Path) -> None:
    made = page(folder, "list")
    shown = " ".join(" ".join(made.texts).split())
    listed = json.loads(inside("list", "--json", "--data", folder).out)
    for claim in listed["claims"]:
        assert f"claim-{claim['id']}" in made.ids
        for text in (claim["statement"], *(item["says"] or {} for item in claim["evidence"])):
            assert not text or " ".join(text["en"].split()) in shown
    for source in listed["sources"].values():
        # An original name joins the brackets that a name ends in.
        assert " ".join(source["publisher"]["name"].removesuffix(")").split()) in shown
        assert source["url"] is None or source["url"] in made.links
    assert made.count["article"] == len(listed["claims"])
    if "hostile" not in str(folder):  # whose figures have as many units, and cannot be compared
        assert made.count["rect"] > made.count["svg"] > 0


def test_a_claim_is_there_in_the_words_of_schema_org_as_cite_has_it(folder: Path) -> None:
    (embedded,) = page(folder, "show crates-sent").data
    assert embedded == json.loads(inside("cite", "crates-sent", "-f", "claimreview", "--data", folder).out)


def test_a_statement_that_is_not_in_the_language_of_the_page_says_in_which_it_is(tmp_path: Path) -> None:
    samples.write(tmp_path, samples.changed({"claims.0.statement": {"id": "Satu peti dikirim."}}))
    shown = inside("show", "crates-sent", "-f", "html", "--data", tmp_path, "--lang", "en").out
    assert '<h2><span lang="id">Satu peti dikirim.</span></h2>' in shown


def test_a_page_is_utf_8_whatever_else_is_printed_in(folder: Path) -> None:
    ended = inside("source", "-f", "html", "--data", folder, PYTHONIOENCODING="ascii")
    assert "\\u" not in re.sub(r"\\u00[0-9a-f]{2}", "", ended.out)


def test_what_was_asked_for_stands_under_the_title_by_its_names(folder: Path) -> None:
    asked = "list --sector clove --status corroborated --has-figure -f html --lang id"
    told = inside(*asked.split(), "--data", folder).out
    assert "hostile" in str(folder) or "Sektor: Cengkih · Status: didukung · Dengan angka · 1 klaim" in told
