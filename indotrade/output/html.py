"""One page that can be handed to anybody: claims, evidence and sources as tables, charts as drawings, nothing fetched or run."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from typing import Any

from indotrade.dataset.records import Claim, Evidence
from indotrade.dataset.words import RELATIONS
from indotrade.engine.protocol import Engine
from indotrade.output import citing, claimreview
from indotrade.output.formats import Card, How, Listing
from indotrade.query import columns
from indotrade.query.answer import Answer
from indotrade.query.names import label
from indotrade.query.question import FILTERS
from indotrade.screen.card import claim_facts, reason
from indotrade.screen.chart import Bar, comparable
from indotrade.screen.claims import Numbering, status_text
from indotrade.text.escape import visible
from indotrade.wording import references
from indotrade.wording.figures import counted, figure_text, unit_word
from indotrade.wording.labels import spoken, term
from indotrade.wording.sentences import word

STYLE = """
:root { color-scheme: light dark; --text: #1b1b1b; --page: #fff; --faint: #595959; --line: #c8c8c8; --link: #0a4fb3;
  --bar: #6b7f99; --own: #a8420a; --head: #f2f2f2; }
@media (prefers-color-scheme: dark) { :root { --text: #e8e8e8; --page: #15171a; --faint: #a8adb3; --line: #44484d;
  --link: #8ab8ff; --bar: #74879f; --own: #ff9d5c; --head: #22262b; } }
body { margin: 0 auto; max-width: 62rem; padding: 1rem; color: var(--text); background: var(--page);
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; line-height: 1.25; } h2 { font-size: 1.25rem; line-height: 1.3; margin-top: 0; }
h3, caption { font-size: 1rem; font-weight: bold; text-align: left; margin: 1rem 0 .3rem; }
a { color: var(--link); } .faint, footer { color: var(--faint); }
section { margin-top: 2rem; } article { border-top: 2px solid var(--line); padding-top: 1rem; margin-top: 2rem; }
.status { font-weight: bold; } .disputed, .superseded, .misprint { text-decoration: underline; }
.wide { overflow-x: auto; } table { border-collapse: collapse; width: 100%; }
th, td { border: 1px solid var(--line); padding: .35rem .5rem; text-align: left; vertical-align: top;
  overflow-wrap: break-word; min-width: 3rem; } th { background: var(--head); }
td a[rel] { display: inline-block; min-width: 12rem; overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: minmax(6rem, max-content) 1fr; gap: .2rem 1rem; }
dt { font-weight: bold; } dd { margin: 0; }
figure { margin: 1rem 0; } figcaption { font-weight: bold; } svg { display: block; max-width: 40rem; width: 100%; }
svg text { fill: var(--text); font-size: 14px; } svg rect { fill: var(--bar); }
svg .own { font-weight: bold; } svg rect.own { fill: var(--own); }
@media (max-width: 40rem) { dl, table, tbody, tr, th, td { display: block; } dd { margin-bottom: .5rem; }
  thead { position: absolute; clip-path: inset(50%); } tr { border: 1px solid var(--line); margin-bottom: 1rem; }
  th, td { border: 0; } td:empty { display: none; } td::before { content: attr(data-name) ": "; font-weight: bold; } }
"""
POLICY = "default-src 'none'; style-src 'unsafe-inline'"
"""Even if a text became part of the page, it could neither run nor fetch anything."""
ASKED = {
    "sector": "Sector", "country": "Country", "program": "Program", "organization": "Organization", "speaker": "Speaker",
    "at": "Made at", "from": "Trade from", "to": "Trade to", "kind": "Kind", "status": "Status", "source": "Source",
    "measure": "Measure", "period": "Period", "has_figure": "With a figure", "since": "Said since", "until": "Said until",
    "words": "Searched for",
}  # fmt: skip
"""What a page calls the filters."""
TITLES = {
    "sectors": "Sectors", "countries": "Countries", "programs": "Programs", "organizations": "Organizations",
    "speakers": "Speakers", "measures": "Measures", "figures": "Figures", "sources": "Sources", "anchors": "Anchors",
    "faults": "Faults",
}  # fmt: skip
"""What a page of other records is called."""
LONG = 40
"""What stands over a bar has so many letters side by side, on the narrowest page; else two lines."""


def claims(answer: Answer, how: How) -> Iterator[bytes]:
    """Yield the answer as a page: the claims in a table, each in full, and the sources that they cite."""
    language = how.look.language
    dataset = answer.engine.dataset
    count = counted(answer.count, "claim", language)
    if answer.count < answer.total:
        count = word("{} of {} claims", language).format(answer.count, answer.total)
    page = _Page(dataset.title or dataset.name, language)
    yield from page.begun(" · ".join(filter(None, (_asked(answer.query, language, answer.engine), count))))
    if how.columns:
        header = how.columns
        rows = columns.rows(answer, header, language)
        yield from _table(word("Claims", language), header, ([_value(it) for it in row] for row in rows))
    elif answer.count:
        numbering = Numbering()
        yield from _overview(answer, numbering, language)
        for claim in answer.claims():
            yield from _claim(claim, answer.engine, numbering, language)
        yield from _sources(answer.engine, numbering, language)
    version = f"{dataset.name} {dataset.version}, {word('as of', language)} {dataset.as_of}"
    yield from page.ended([version, dataset.licence or ""])


def records(listing: Listing, how: How) -> Iterator[bytes]:
    """Yield records of another noun as a page with one table, without the columns in which nothing stands."""
    language = how.look.language
    every = listing.records()
    header = how.columns or [
        name for name in listing.columns if any(it[name] not in (None, [], "") for it in every)
    ]
    title = word(TITLES[listing.noun], language)
    page = _Page(title, language)
    count = ""
    if listing.total is not None and len(every) < listing.total:
        count = word("{} of {}", language).format(len(every), listing.total)
    yield from page.begun(" · ".join(filter(None, (_asked(listing.query, language), count))))
    if every:
        rows = ([_value(record[name], language) for name in header] for record in every)
        yield from _table(title, header, rows, level="")
    for unit, bars in listing.charts(language):
        yield _drawn(bars, unit)
    about = listing.dataset or {}
    version = (
        f"{about['name']} {about['version']}, {word('as of', language)} {about['as_of']}" if about else ""
    )
    yield from page.ended([version])


def card(card: Card, how: How) -> Iterator[bytes]:
    """Yield one record as a page: each thing that it says."""
    language = how.look.language
    page = _Page(str(card.dataset.get("name") or "indotrade"), language)
    yield from page.begun("")
    yield _bytes("<dl>")
    for name, value in card.rows():
        if value not in (None, []):
            yield _bytes(f"<dt>{_text(name)}</dt><dd>{_value(value, language)}</dd>\n")
    yield _bytes("</dl>")
    yield from page.ended([])


# --- the parts of a page ---------------------------------------------------------------------------


class _Page:
    """What stands around the contents of a page."""

    def __init__(self, title: str, language: str) -> None:
        self._title = title
        self._language = language

    def begun(self, told: str) -> Iterator[bytes]:
        """Yield all before the contents: the title, and under it what is told of them."""
        title = " · ".join(filter(None, (self._title, told)))
        yield _bytes(
            f'<!doctype html>\n<html lang="{self._language}">\n<head>\n<meta charset="utf-8">\n'
            f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            '<meta name="referrer" content="no-referrer">\n'
            f"<title>{_text(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
            f"<header>\n<h1>{_text(self._title)}</h1>\n"
        )
        yield _bytes(f"<p>{_text(told)}</p>\n</header>\n<main>\n" if told else "</header>\n<main>\n")

    def ended(self, told: Iterable[str]) -> Iterator[bytes]:
        """Yield all behind the contents: what is told of where they are from."""
        line = " · ".join(map(_text, filter(None, told)))
        yield _bytes(f"</main>\n<footer>\n<p>{line}</p>\n</footer>\n</body>\n</html>\n")


def _overview(answer: Answer, numbering: Numbering, language: str) -> Iterator[bytes]:
    """Yield the claims as a table; each leads to all that is known of it."""
    engine = answer.engine
    if answer.count < 2:
        return
    heads = [word(head, language) for head in ("Claim", "Figure", "Speaker, date", "Status", "Source")]

    def rows() -> Iterator[list[str]]:
        for claim in answer.claims():
            date = claim.said.date if claim.said else None
            voice = ", ".join(filter(None, (label(engine, "people", claim.speaker, language), date)))
            yield [
                f'<a href="#claim-{claim.id}">{_spoken(claim.statement, language)}</a>',
                _text(figure_text(claim.figure, language)),
                _text(voice),
                _status(claim, language),
                f"{_mark(claim.source, numbering)} {_text(references.mark(claim, language))}",
            ]

    yield from _table(word("Claims", language), heads, rows())


def _claim(claim: Claim, engine: Engine, numbering: Numbering, language: str) -> Iterator[bytes]:
    """Yield all that is known of a claim, for people and, in the words of schema.org, for programs."""
    shown = spoken(claim.statement, language)
    item = citing.of_claim(claim, engine)
    data = "".join(claimreview.citations([item], language)).replace("<", "\\u003c")
    yield _bytes(
        f'<article id="claim-{claim.id}">\n<h2>{_spoken(claim.statement, language)}</h2>\n'
        f"<p>{_status(claim, language)}: {_text(reason(claim, language))}</p>\n"
    )
    for code, other in claim.statement.items():
        if other != shown:
            yield _bytes(f'<p lang="{_text(code)}" class="faint">{_text(other)}</p>\n')
    yield _bytes("<dl>\n")
    for fact in claim_facts(claim, engine, numbering, language):
        if fact.value:
            yield _bytes(f"<dt>{_text(fact.name)}</dt><dd>{_leading(_text(fact.value))}</dd>\n")
    yield _bytes(f"<dt>ID</dt><dd><code>{_text(claim.id)}</code></dd>\n</dl>\n")
    yield from _evidence(claim, engine, numbering, language)
    yield from _chart(claim, numbering, language)
    yield _bytes(f'<script type="application/ld+json">\n{data}</script>\n</article>\n')


def _evidence(claim: Claim, engine: Engine, numbering: Numbering, language: str) -> Iterator[bytes]:
    if not claim.evidence:
        yield _bytes(f"<p>{_text(word('Evidence: none was found for or against.', language))}</p>\n")
        return
    heads = [
        word(head, language) for head in ("Evidence", "Source", "Date", "What it says", "Figure", "Strength")
    ]

    def row(evidence: Evidence) -> list[str]:
        source = engine.source(evidence.source)
        told = [term(evidence.strength, language)]
        if evidence.rating:
            told.append(f"{word('rating', language)}: {evidence.rating}")
        return [
            _text(term(evidence.relation, language)),
            f"{_mark(evidence.source, numbering)} {_text(references.outlet(source)) if source else ''}",
            _text(references.published(source, language)) if source else "",
            _spoken(evidence.says, language),
            _text(figure_text(evidence.figure, language)),
            _text("; ".join(filter(None, told))),
        ]

    ordered = sorted(claim.evidence, key=lambda evidence: RELATIONS.index(evidence.relation))
    title = word("Evidence", language)
    yield from _table(title, heads, map(row, ordered), level="h3")


def _chart(claim: Claim, numbering: Numbering, language: str) -> Iterator[bytes]:
    """Yield the figures that can be compared as bars, as the screen has them."""
    bars = comparable(claim, numbering, language)
    if not bars or claim.figure is None:
        return
    reading = claim.figure.reading
    unit = unit_word((reading and reading.unit) or claim.figure.unit, language)
    yield _drawn(bars, f"{word('Comparable figures', language)} ({unit})")


def _drawn(bars: Sequence[Bar], title: str) -> bytes:
    """Return bars as a drawing, over each its name and its quantity; it is as wide as there is room."""
    largest = max(abs(bar.value) for bar in bars) or 1.0
    parts, top = [], 0
    for bar in bars:
        own = ' class="own"' if bar.own else ""
        parts.append(f'<text x="0" y="{top + 16}"{own}>{_text(bar.name)}</text>')
        top += 18 if len(bar.name) + len(bar.quantity) > LONG else 0
        parts.append(f'<text x="100%" y="{top + 16}" text-anchor="end"{own}>{_text(bar.quantity)}</text>')
        share = max(abs(bar.value) / largest * 100, 0.3)
        parts.append(f'<rect x="0" y="{top + 22}" width="{share:.1f}%" height="12"{own}/>')
        top += 44
    drawn = f'<svg role="img" aria-label="{_text(title)}" height="{top}">\n' + "\n".join(parts) + "\n</svg>"
    return _bytes(f"<figure>\n<figcaption>{_text(title)}</figcaption>\n{drawn}\n</figure>\n")


def _sources(engine: Engine, numbering: Numbering, language: str) -> Iterator[bytes]:
    heads = [word("Number", language), word("Source", language)]

    def rows() -> Iterator[list[str]]:
        for name, number in numbering.numbers.items():
            source = engine.source(name)
            if source:
                reference = references.full(source, language, address=False)
                told = "<br>".join(filter(None, (_text(reference), _value(source.url))))
                yield [f'<span id="source-{number}">[{number}]</span>', told]

    yield _bytes("<section>\n")
    yield from _table(word("Sources", language), heads, rows())
    yield _bytes("</section>\n")


def _table(
    title: str, heads: Sequence[str], rows: Iterable[Sequence[str]], level: str = "h2"
) -> Iterator[bytes]:
    """Yield a table under its title; the first cell of a row names it."""
    head = "".join(f'<th scope="col">{_text(it)}</th>' for it in heads)
    yield _bytes(f"<{level}>{_text(title)}</{level}>\n" if level else "")
    yield _bytes(
        f'<div class="wide" role="group" aria-label="{_text(title)}" tabindex="0">\n'
        f'<table role="table">\n<thead><tr>{head}</tr></thead>\n<tbody>\n'
    )
    names = [f'<td role="cell" data-name="{_text(it)}">' for it in heads[1:]]
    for first, *rest in rows:
        cells = "".join(f"{name}{cell}</td>" for name, cell in zip(names, rest, strict=True))
        yield _bytes(f'<tr role="row"><th role="rowheader" scope="row">{first}</th>{cells}</tr>\n')
    yield _bytes("</tbody>\n</table>\n</div>\n")


def _asked(query: Mapping[str, Sequence[str]], language: str, engine: Engine | None = None) -> str:
    """Return what was asked for: `Sector: Batik · Status: single`; by its names where an engine knows them."""
    told = []
    for name, values in query.items():
        if name not in ASKED:
            continue
        by = FILTERS.get(name) or FILTERS.get(f"{name}_")
        kind = by.names if by else None
        known = engine if kind and kind != "sources" else None
        shown = [label(known, str(kind), it, language) if known else term(it, language) for it in values]
        head = word(ASKED[name], language)
        told.append(head if values == ["true"] else f"{head}: {', '.join(shown)}")
    return " · ".join(told)


# --- texts -----------------------------------------------------------------------------------------


def _bytes(page: str) -> bytes:
    return page.encode("utf-8", "backslashreplace")


def _text(text: str) -> str:
    """Return data as it stands in a page: hidden characters shown, and none that the page would act on."""
    return escape(visible(text))


def _spoken(text: Mapping[str, str] | None, language: str) -> str:
    """Return a text in a language, or in another, which is told."""
    shown = spoken(text, language)
    code = next((code for code, said in (text or {}).items() if said == shown), language)
    return _text(shown) if code == language else f'<span lang="{_text(code)}">{_text(shown)}</span>'


def _status(claim: Claim, language: str) -> str:
    return f'<span class="status {claim.status}">{_text(status_text(claim, language))}</span>'


def _mark(source: str, numbering: Numbering) -> str:
    """Return the number of a source, which leads to it."""
    return _leading(numbering.mark(source))


def _leading(text: str) -> str:
    """Return a text in which the number of a source at its beginning leads there."""
    return re.sub(r"^\[([0-9]+)\]", r'<a href="#source-\1">[\1]</a>', text)


def _value(value: Any, language: str = "en") -> str:
    """Return a value as the contents of a cell; a web address leads there, and any other is a text."""
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(_value(item, language) for item in value)
    if isinstance(value, Mapping) and not value.get("name"):
        value = spoken(value, language)
    text = columns.text(value)
    address = references.web_address(text)
    if isinstance(value, str) and address.startswith(("https://", "http://")):
        return f'<a href="{escape(address)}" rel="noreferrer">{_text(address)}</a>'
    return _text(text)
