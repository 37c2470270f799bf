"""One page that can be handed to anybody: claims, evidence and sources as tables, charts as drawings, nothing fetched or run."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from indotrade.dataset.records import Claim, Evidence
from indotrade.dataset.words import RELATIONS
from indotrade.engine.protocol import Engine
from indotrade.output import citing, claimreview, page
from indotrade.output.formats import Card, How, Listing
from indotrade.query import columns
from indotrade.query.answer import Answer
from indotrade.query.names import label
from indotrade.query.question import FILTERS
from indotrade.screen.card import claim_facts, reason
from indotrade.screen.chart import comparable
from indotrade.screen.claims import Numbering, status_text
from indotrade.wording import references
from indotrade.wording.figures import counted, figure_text, unit_word
from indotrade.wording.labels import spoken, term
from indotrade.wording.sentences import word

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


def claims(answer: Answer, how: How) -> Iterator[bytes]:
    """Yield the answer as a page: the claims in a table, each in full, and the sources that they cite."""
    language = how.look.language
    dataset = answer.engine.dataset
    count = counted(answer.count, "claim", language)
    if answer.count < answer.total:
        count = word("{} of {} claims", language).format(answer.count, answer.total)
    frame = page.Frame(dataset.title or dataset.name, language)
    yield from frame.begun(" · ".join(filter(None, (_asked(answer.query, language, answer.engine), count))))
    if how.columns:
        header = how.columns
        rows = columns.rows(answer, header, language)
        yield from page.table(
            word("Claims", language), header, ([page.cell(it) for it in row] for row in rows)
        )
    elif answer.count:
        numbering = Numbering()
        yield from _overview(answer, numbering, language)
        for claim in answer.claims():
            yield from _claim(claim, answer.engine, numbering, language)
        yield from _sources(answer.engine, numbering, language)
    version = f"{dataset.name} {dataset.version}, {word('as of', language)} {dataset.as_of}"
    yield from frame.ended([version, dataset.licence or ""])


def records(listing: Listing, how: How) -> Iterator[bytes]:
    """Yield records of another noun as a page with one table, without the columns in which nothing stands."""
    language = how.look.language
    every = listing.records()
    header = how.columns or [
        name for name in listing.columns if any(it[name] not in (None, [], "") for it in every)
    ]
    title = word(TITLES[listing.noun], language)
    frame = page.Frame(title, language)
    count = ""
    if listing.total is not None and len(every) < listing.total:
        count = word("{} of {}", language).format(len(every), listing.total)
    yield from frame.begun(" · ".join(filter(None, (_asked(listing.query, language), count))))
    if every:
        rows = ([page.cell(record[name], language) for name in header] for record in every)
        yield from page.table(title, header, rows, level="")
    for unit, bars in listing.charts(language):
        yield page.drawn(bars, unit)
    about = listing.dataset or {}
    version = (
        f"{about['name']} {about['version']}, {word('as of', language)} {about['as_of']}" if about else ""
    )
    yield from frame.ended([version])


def card(card: Card, how: How) -> Iterator[bytes]:
    """Yield one record as a page: each thing that it says."""
    language = how.look.language
    frame = page.Frame(str(card.dataset.get("name") or "indotrade"), language)
    yield from frame.begun("")
    yield page.encoded("<dl>")
    for name, value in card.rows():
        if value not in (None, []):
            yield page.encoded(f"<dt>{page.plain(name)}</dt><dd>{page.cell(value, language)}</dd>\n")
    yield page.encoded("</dl>")
    yield from frame.ended([])


# --- what is said of claims --------------------------------------------------------------------------


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
                page.plain(figure_text(claim.figure, language)),
                page.plain(voice),
                _status(claim, language),
                f"{_mark(claim.source, numbering)} {page.plain(references.mark(claim, language))}",
            ]

    yield from page.table(word("Claims", language), heads, rows())


def _claim(claim: Claim, engine: Engine, numbering: Numbering, language: str) -> Iterator[bytes]:
    """Yield all that is known of a claim, for people and, in the words of schema.org, for programs."""
    shown = spoken(claim.statement, language)
    item = citing.of_claim(claim, engine)
    data = "".join(claimreview.citations([item], language)).replace("<", "\\u003c")
    yield page.encoded(
        f'<article id="claim-{claim.id}">\n<h2>{_spoken(claim.statement, language)}</h2>\n'
        f"<p>{_status(claim, language)}: {page.plain(reason(claim, language))}</p>\n"
    )
    for code, other in claim.statement.items():
        if other != shown:
            yield page.encoded(f'<p lang="{page.plain(code)}" class="faint">{page.plain(other)}</p>\n')
    yield page.encoded("<dl>\n")
    for fact in claim_facts(claim, engine, numbering, language):
        if fact.value:
            yield page.encoded(
                f"<dt>{page.plain(fact.name)}</dt><dd>{_leading(page.plain(fact.value))}</dd>\n"
            )
    yield page.encoded(f"<dt>ID</dt><dd><code>{page.plain(claim.id)}</code></dd>\n</dl>\n")
    yield from _evidence(claim, engine, numbering, language)
    yield from _chart(claim, numbering, language)
    yield page.encoded(f'<script type="application/ld+json">\n{data}</script>\n</article>\n')


def _evidence(claim: Claim, engine: Engine, numbering: Numbering, language: str) -> Iterator[bytes]:
    if not claim.evidence:
        yield page.encoded(
            f"<p>{page.plain(word('Evidence: none was found for or against.', language))}</p>\n"
        )
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
            page.plain(term(evidence.relation, language)),
            f"{_mark(evidence.source, numbering)} {page.plain(references.outlet(source)) if source else ''}",
            page.plain(references.published(source, language)) if source else "",
            _spoken(evidence.says, language),
            page.plain(figure_text(evidence.figure, language)),
            page.plain("; ".join(filter(None, told))),
        ]

    ordered = sorted(claim.evidence, key=lambda evidence: RELATIONS.index(evidence.relation))
    title = word("Evidence", language)
    yield from page.table(title, heads, map(row, ordered), level="h3")


def _chart(claim: Claim, numbering: Numbering, language: str) -> Iterator[bytes]:
    """Yield the figures that can be compared as bars, as the screen has them."""
    bars = comparable(claim, numbering, language)
    if not bars or claim.figure is None:
        return
    reading = claim.figure.reading
    unit = unit_word((reading and reading.unit) or claim.figure.unit, language)
    yield page.drawn(bars, f"{word('Comparable figures', language)} ({unit})")


def _sources(engine: Engine, numbering: Numbering, language: str) -> Iterator[bytes]:
    heads = [word("Number", language), word("Source", language)]

    def rows() -> Iterator[list[str]]:
        for name, number in numbering.numbers.items():
            source = engine.source(name)
            if source:
                reference = references.full(source, language, address=False)
                told = "<br>".join(filter(None, (page.plain(reference), page.cell(source.url))))
                yield [f'<span id="source-{number}">[{number}]</span>', told]

    yield page.encoded("<section>\n")
    yield from page.table(word("Sources", language), heads, rows())
    yield page.encoded("</section>\n")


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


def _spoken(text: Mapping[str, str] | None, language: str) -> str:
    """Return a text in a language, or in another, which is told."""
    shown = spoken(text, language)
    code = next((code for code, said in (text or {}).items() if said == shown), language)
    return (
        page.plain(shown)
        if code == language
        else f'<span lang="{page.plain(code)}">{page.plain(shown)}</span>'
    )


def _status(claim: Claim, language: str) -> str:
    return f'<span class="status {claim.status}">{page.plain(status_text(claim, language))}</span>'


def _mark(source: str, numbering: Numbering) -> str:
    """Return the number of a source, which leads to it."""
    return _leading(numbering.mark(source))


def _leading(text: str) -> str:
    """Return a text in which the number of a source at its beginning leads there."""
    return re.sub(r"^\[([0-9]+)\]", r'<a href="#source-\1">[\1]</a>', text)
