"""The figures of a measure on one time line, as table and as chart: each with its bar and the number of its source."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from indotrade.engine.protocol import Engine
from indotrade.query.figures import Measured
from indotrade.screen.chart import Bar
from indotrade.screen.claims import STYLES, Numbering, ending, source_lines, status_text
from indotrade.screen.lines import GAP, LEAST, cell_len, fold, paragraph, styled
from indotrade.screen.look import Look
from indotrade.text.escape import visible
from indotrade.wording import references
from indotrade.wording.figures import bounded, counted, number, unit_word
from indotrade.wording.sentences import word

MOST = 40
"""The columns of the longest bar."""
PLAIN = 100
"""The width by which bars are drawn where there is no terminal."""


def time_line(
    listed: Sequence[Measured], title: str, total: int, engine: Engine, look: Look
) -> Iterator[str]:
    """Yield figures, unit by unit, each in the order of time, some of `total`; then their numbered sources.

    What several sources give alike is one line. A claim's own figure is marked, with its id and status.
    """
    language = look.language
    own = sum(item.relation is None for item in listed)
    others = {
        (it.source, it.unit, it.value, it.figure.period, it.figure.bound) for it in listed if it.relation
    }
    told = [
        counted(own + len(others), "figure", language),
        word("{} of claims, {} of evidence", language).format(
            number(str(own), language), number(str(len(others)), language)
        ),
    ]
    yield from paragraph(f"{title} · {', '.join(told)}", look, "bold")
    numbering = Numbering()
    for unit, figures in groupby(listed, lambda item: item.unit):
        yield ""
        yield styled(visible(unit_word(unit, language)), "bold", look)
        yield from _rows(_merged(figures), numbering, look)
    yield ""
    yield from source_lines(engine, numbering, look)
    yield ""
    yield from ending(len(listed), total, engine, look)


def charts(listed: Sequence[Measured], language: str) -> Iterator[tuple[str, list[Bar]]]:
    """Yield the same figures as bars, unit by unit, each under its unit."""
    for unit, figures in groupby(listed, lambda item: item.unit):
        bars = []
        for row in _merged(figures):
            item = row[0]
            period = item.figure.period or word("no period given", language)
            name = f"{period} · {', '.join(it.source for it in row)}"
            until = (item.figure.period or "").rsplit("/", maxsplit=1)[-1]
            bars.append(Bar(until, name, float(item.value), _amount(item, language), item.relation is None))
        yield unit_word(unit, language), bars


def _merged(figures: Iterator[Measured]) -> list[list[Measured]]:
    """Return figures in their order, those together that give one value of one period; a claim's own alone."""
    merged: dict[tuple[object, ...], list[Measured]] = {}
    for item in figures:
        own = item.claim.id if item.relation is None else None
        alike = merged.setdefault((item.figure.period, item.value, item.figure.bound, own), [])
        if item.source not in (other.source for other in alike):
            alike.append(item)
    return list(merged.values())


def _rows(rows: Sequence[list[Measured]], numbering: Numbering, look: Look) -> Iterator[str]:
    language = look.language
    periods = [row[0].figure.period or word("no period given", language) for row in rows]
    amounts = [_amount(row[0], language) for row in rows]
    marks = [" ".join(numbering.mark(item.source) for item in row) for row in rows]
    left, right = (max(map(cell_len, cells)) for cells in (periods, amounts))
    width = look.width if look.terminal else PLAIN
    last = min(max(map(len, marks)), width // 4)
    narrow = width - left - right - last - 3 * GAP < LEAST  # then period and sources stand above the bar
    room = min(MOST, width - right - 2 * GAP - (0 if narrow else left + last + GAP))
    largest = max(abs(float(row[0].value)) for row in rows) or 1.0
    for place, (row, period, amount, mark) in enumerate(zip(rows, periods, amounts, marks, strict=True)):
        item = row[0]
        if place and not item.figure.period and rows[place - 1][0].figure.period:
            yield ""
        claimed = _claimed(item, language) if item.relation is None else ""
        style = "bold" if claimed else ""
        bar = "█" * round(abs(float(item.value)) / largest * room) or "▏"
        quantity = f"{' ' * (right - cell_len(amount))}{amount}{' ' * GAP}"
        if narrow:
            yield from paragraph(f"{period} {mark}", look, style)
            yield styled(f"{' ' * GAP}{quantity}{bar}", style, look)
        else:
            told = f"{period}{' ' * (left - cell_len(period) + GAP)}{quantity}{bar:{room}}{' ' * GAP}"
            first, *rest = fold(mark, max(last, 1)) if look.terminal else [mark]
            line = styled(f"{told}{first}", style, look)
            yield line if look.terminal or not claimed else f"{line}{' ' * GAP}{claimed}"
            yield from (f"{' ' * cell_len(told)}{line}" for line in rest)
        if claimed and look.terminal:
            yield from paragraph(
                claimed, look, STYLES.get(item.claim.status or "", "bold"), indent=2, first="  "
            )


def _amount(item: Measured, language: str) -> str:
    """Return a number as it is to be read, a misprint by its reading and marked so."""
    amount = bounded(number(item.value, language), item.figure.bound, language)
    return f"[{word('sic', language)}] {amount}" if item.figure.reading else amount


def _claimed(item: Measured, language: str) -> str:
    """Return which claim a figure is of, its place and its status."""
    claim = item.claim
    told = (
        f"{word('claim', language)} {claim.id}",
        references.mark(claim, language),
        status_text(claim, language),
    )
    return " · ".join(filter(None, told))
