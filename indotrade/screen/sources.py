"""The sources of claims: as a list by publisher, and each as a card with what stands in it and what it says of claims."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from indotrade.dataset.records import Claim, Evidence, Source
from indotrade.dataset.words import RELATIONS
from indotrade.engine.protocol import Engine
from indotrade.screen.claims import STYLES, dataset_line, ending, status_text
from indotrade.screen.layout import table
from indotrade.screen.lines import GAP, address, cell_len, fold, paragraph, styled
from indotrade.screen.look import Look
from indotrade.text.escape import visible
from indotrade.wording import references
from indotrade.wording.figures import counted, figure_text, number
from indotrade.wording.labels import spoken, term
from indotrade.wording.sentences import word

Bearing = Callable[[Sequence[str]], int]
"""Tells on how many claims some sources bear as evidence, each claim counted once."""


def by_publisher(
    listed: Sequence[Source],
    total: int,
    counts: Mapping[str, int],
    bearing: Bearing,
    engine: Engine,
    look: Look,
) -> Iterator[str]:
    """Yield the articles one by one, then the evidence by its publisher; elsewhere than on a terminal a line a source.

    They are some of `total` sources.
    """
    if not look.terminal:
        yield from _rows(listed, counts, look)
        yield ""
        yield from ending(len(listed), total, engine, look)
        return
    language = look.language
    articles = [source for source in listed if source.type == "article"]
    pages: dict[str, list[str]] = {}
    for source in listed:
        if source.type != "article":
            pages.setdefault(references.outlet(source), []).append(source.id)
    if articles:
        yield styled(f"{word('Articles', language)} ({number(str(len(articles)), language)})", "bold", look)
        yield from one_by_one(articles, counts, look)
        yield ""
    if pages:
        told = (
            counted(sum(map(len, pages.values())), "page", language),
            counted(len(pages), "publisher", language),
        )
        yield from paragraph(f"{word('Evidence', language)}: {', '.join(told)}", look, "bold")
        yield from _publishers(pages, counts, bearing, look)
        yield ""
    hint = word(
        "`indotrade source NAME` shows those of a publisher, `indotrade source ID` a source in full", language
    )
    yield from paragraph(hint, look)
    yield from ending(len(listed), total, engine, look)


def _publishers(
    pages: Mapping[str, Sequence[str]], counts: Mapping[str, int], bearing: Bearing, look: Look
) -> Iterator[str]:
    """Yield the publishers of several pages a line each, and those of one page together, with how many claims these bear on."""
    language = look.language
    several = sorted(
        (name for name in pages if len(pages[name]) > 1), key=lambda name: (-len(pages[name]), name)
    )
    width = min(max(map(cell_len, map(visible, several)), default=0), look.width // 2)
    for name in several:
        numbers = (
            counted(len(pages[name]), "page", language),
            counted(bearing(pages[name]), "claim", language),
        )
        shown = fold(visible(name), width)
        yield from shown[:-1]
        yield f"{shown[-1]}{' ' * (width - cell_len(shown[-1]) + GAP)}{', '.join(numbers)}"
    single = [name for name in pages if len(pages[name]) == 1]
    if single:
        each = (f"{name} {number(str(counts.get(pages[name][0], 0)), language)}" for name in sorted(single))
        head = word("One page each, and on how many claims it bears:", language)
        yield from paragraph(f"{head} {', '.join(each)}", look)


def one_by_one(listed: Sequence[Source], counts: Mapping[str, int], look: Look) -> Iterator[str]:
    """Yield sources in short: the reference, the id with how many claims rest on it, the address."""
    for source in listed:
        yield from paragraph(references.short(source, look.language), look)
        told = counted(counts.get(source.id, 0), "claim", look.language)
        yield from paragraph(f"{source.id} · {told}", look, indent=2, first="  ")
        if source.url:
            yield f"  {address(source.url, look)}"


def _rows(listed: Sequence[Source], counts: Mapping[str, int], look: Look) -> Iterator[str]:
    """Yield a line for each source."""
    language = look.language
    heads = [*(word(name, language) for name in ("ID", "Source", "Type", "Claims")), "URL"]
    rows = [
        [
            source.id,
            references.short(source, language),
            term(source.type, language),
            number(str(counts.get(source.id, 0)), language),
            references.web_address(source.url),
        ]
        for source in listed
    ]
    yield from table(heads, lambda: rows, look)


def source_card(
    source: Source, stand: Sequence[Claim], bear: Sequence[Claim], engine: Engine, look: Look
) -> Iterator[str]:
    """Yield what is known of a source, the claims that stand in it, and what it says of those on which it bears."""
    language = look.language
    yield styled(source.id, "bold", look)
    yield from paragraph(references.full(source, language, address=False), look)
    if source.url:
        yield address(source.url, look)
    if stand:
        yield ""
        yield from paragraph(f"{word('Claims that stand in it', language)} ({len(stand)})", look, "bold")
    for claim in stand:
        first = references.mark(claim, language)
        told = f"{spoken(claim.statement, language)} [{claim.id}, {status_text(claim, language)}]"
        yield from paragraph(told, look, indent=max(5, cell_len(first) + 1), first=first)
    if bear:
        yield ""
        yield from paragraph(f"{word('Claims on which it bears', language)} ({len(bear)})", look, "bold")
    for claim in bear:
        told = f"{claim.id} · {status_text(claim, language)}"
        yield from paragraph(told, look, STYLES.get(claim.status or "", ""))
        yield from paragraph(spoken(claim.statement, language), look, indent=2, first="  ")
        for relation in RELATIONS:
            for evidence in claim.evidence:
                if evidence.source == source.id and evidence.relation == relation:
                    yield from paragraph(_says(evidence, language), look, indent=4, first="  →")
    yield ""
    yield from dataset_line(engine, look)


def _says(evidence: Evidence, language: str) -> str:
    """Return how a source bears on a claim, what it says of it, and its figure."""
    figure = figure_text(evidence.figure, language)
    rating = f"{word('rating', language)}: {evidence.rating}" if evidence.rating else ""
    details = "; ".join(filter(None, (figure, rating, term(evidence.strength, language))))
    says = spoken(evidence.says, language)
    return " ".join(
        filter(None, (f"{term(evidence.relation, language)}:", says, f"({details})" if details else ""))
    )
