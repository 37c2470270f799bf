"""Claims as a table: grouped by the source in which they stand, each with its figure and its status, one after another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain, groupby, islice
from typing import NamedTuple

from msgspec.structs import replace

from indotrade.dataset.records import Claim, Source
from indotrade.dataset.words import STATUSES
from indotrade.engine.protocol import Engine
from indotrade.query.answer import Answer
from indotrade.query.names import label
from indotrade.screen.found import elsewhere
from indotrade.screen.layout import table as columns
from indotrade.screen.lines import GAP, LEAST, Cell, address, cell_len, fold, joined, marked, paragraph
from indotrade.screen.look import Look
from indotrade.text.escape import visible
from indotrade.wording import references
from indotrade.wording.figures import counted, figure_text, number, said_text
from indotrade.wording.labels import spoken, term
from indotrade.wording.sentences import word

AHEAD = 64
"""By so many claims of a source it is seen what they share, and how wide their columns are."""
INDENT = 5
"""Where a claim's statement begins: its place stands before it."""
SUMMED = 500
"""Of up to so many claims their sources and statuses are counted before the first is shown."""
STYLES = {"corroborated": "bold", "disputed": "alarm", "superseded": "alarm", "misprint": "alarm"}
"""How a status is written that says more than that an article says so."""
INFERRED = "~"
"""Marks a claim whose date is inferred, where others of its source have theirs in print."""

FOLLOWING = [0, INDENT, 0, 0]
"""Where the cells of a claim begin that follow each other."""

Read = Callable[[], Iterable[Claim]]
"""Reads the claims of a table, as often as it is asked to: none of them is kept."""


class Numbering:
    """Gives each source that is cited its number, in the order of first mention."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}

    def mark(self, source: str) -> str:
        """Return `[n]` for a source."""
        return f"[{self.numbers.setdefault(source, len(self.numbers) + 1)}]"


def status_text(claim: Claim, language: str) -> str:
    """Return a claim's status in a word, and how many independent voices stand for and against it, and in context."""
    return " · ".join(filter(None, (term(claim.status, language), voices_text(claim, language))))


def voices_text(claim: Claim, language: str) -> str:
    """Return how many voices there are: `2 voices for, 1 against, 4 in context`; "" where there is none."""
    told = [
        (count, word(stance, language))
        for count, stance in (
            (claim.supports, "for"),
            (claim.conflicts, "against"),
            (claim.context, "in context"),
        )
        if count
    ]
    if not told:
        return ""
    (first, stance), *others = told
    rest = (f"{number(str(count), language)} {stance}" for count, stance in others)
    return ", ".join((f"{counted(first, 'voice', language)} {stance}", *rest))


def claims(answer: Answer, look: Look, head: str = "") -> Iterator[str]:
    """Yield the table of an answer under its head line, and the dataset that it is from."""
    if head and look.terminal:
        yield from paragraph(head, look, "bold")
        yield ""
    sought = replace(look, sought=answer.words) if look.terminal else look
    yield from table(answer.engine, answer.claims, sought, grouped=answer.by_source)
    yield from _end(answer, look)


def _end(answer: Answer, look: Look) -> Iterator[str]:
    """Yield how many claims there are of how many, if those are not all, and the dataset."""
    if answer.count < answer.total:
        yield word("{} of {} claims", look.language).format(answer.count, answer.total)
    yield from dataset_line(answer.engine, look)


def parts(
    answer: Answer, sections: Mapping[str, tuple[int, Callable[[Claim], bool]]], look: Look
) -> Iterator[str]:
    """Yield the claims of an answer in parts, each under its head, with how many there are and which are of it."""
    for head, (count, belongs) in sections.items():
        if not count:
            continue
        yield from paragraph(
            f"{word(head, look.language)} ({number(str(count), look.language)})", look, "bold"
        )
        yield from table(answer.engine, partial(_chosen, answer, belongs), look, grouped=answer.by_source)
    yield from _end(answer, look)


def _chosen(answer: Answer, belongs: Callable[[Claim], bool]) -> Iterator[Claim]:
    return filter(belongs, answer.claims())


def summary(answer: Answer, title: str, language: str) -> str:
    """Return what was asked for and what was found: `Batik · 2 claims in 1 source · 2 single`.

    Of more than `SUMMED` claims, or where a limit leaves some out, only how many there are: it must not wait for them.
    """
    claims = counted(answer.total, "claim", language)
    if answer.count < answer.total or answer.total > SUMMED:
        return f"{title} · {claims}"
    found = [(claim.source, claim.status) for claim in answer.claims()]
    sources = counted(len({source for source, _ in found}), "source", language)
    statuses = Counter(status for _, status in found)
    told = (
        f"{number(str(statuses[name]), language)} {term(name, language)}"
        for name in STATUSES
        if statuses[name]
    )
    return " · ".join((title, word("{} in {}", language).format(claims, sources), ", ".join(told)))


def table(engine: Engine, read: Read, look: Look, *, grouped: bool = True) -> Iterator[str]:
    """Yield claims as a table with their numbered sources, and an empty line.

    On a terminal they stand under their source as long as they come in its order; in an order of their own each names
    its source, and all sources stand beneath. Elsewhere each is a line.
    """
    numbering = Numbering()
    if not look.terminal:
        yield from _rows(engine, read, numbering, look)
    elif grouped:
        for source, listed in groupby(read(), lambda claim: claim.source):
            yield from _group(engine, source, listed, numbering, look)
            yield ""
    else:
        for claim in read():
            cells = _cells(engine, claim, _Shared(), numbering, look.language)
            yield from joined(cells, FOLLOWING, INDENT, look)
            yield from _statement(claim, look)
            if look.sought:
                shown = [cell.text for cell in cells if cell.searched]
                shown += [visible(spoken(claim.statement, look.language)), claim.id]
                yield from elsewhere(claim, engine, shown, INDENT, look)
            yield ""
        yield from source_lines(engine, numbering, look)
        yield ""


class _Shared(NamedTuple):
    """What is said once of the claims of a source; what is None is said with each of them."""

    date: str | None = None
    inferred: bool | None = None
    """Whether the dates of all are inferred, or of none."""
    marked: bool = False
    """Whether a claim whose date is inferred is marked so."""
    grouped: bool = False
    """Whether the claims stand under their source."""


def _group(
    engine: Engine, source: str, listed: Iterator[Claim], numbering: Numbering, look: Look
) -> Iterator[str]:
    begun = list(islice(listed, AHEAD))
    shared = _shared(begun)
    rows = [(claim, _cells(engine, claim, shared, numbering, look.language)) for claim in begun]
    stops = _stops([cells for _, cells in rows], look)
    told = [_article(engine.source(source), source, look.language)]
    if shared.date:
        said = word("said {}", look.language).format(shared.date)
        if shared.inferred or shared.marked:
            mark = "" if shared.inferred else f"{INFERRED} "
            said += f" ({mark}{word('inferred', look.language)})"
        told.append(said)
    first = numbering.mark(source)
    indent = max(len(first) + 1, INDENT)
    yield from paragraph(" · ".join(told), look, "bold", indent=indent, first=first)
    if url := address(getattr(engine.source(source), "url", None), look):
        yield " " * indent + url
    later = ((claim, _cells(engine, claim, shared, numbering, look.language)) for claim in listed)
    for claim, cells in chain(rows, later):
        yield from joined(cells, stops, INDENT, look)
        yield from _statement(claim, look)


def _article(source: Source | None, name: str, language: str) -> str:
    """Return a source as the head of its claims: outlet, the one that it reposts, title, date."""
    return references.short(source, language) if source else name


def _shared(begun: Sequence[Claim]) -> _Shared:
    """Return what the first claims of a source share."""
    date = Counter(claim.date for claim in begun).most_common(1)[0][0]
    bases = {claim.said.basis for claim in begun if claim.said and claim.said.date == date}
    inferred = bases == {"inferred"}
    return _Shared(date, inferred, marked="inferred" in bases and not inferred, grouped=True)


def _stops(rows: Sequence[Sequence[Cell]], look: Look) -> list[int]:
    """Return where place, speaker, figure and status begin: below each other where there is room for it."""
    stops = [0, INDENT]
    for place in (1, 2):
        sizes = (cell_len(row[place][0]) for row in rows)
        widest = max((size for size in sizes if size <= look.width // 4), default=0)
        stops.append(stops[-1] + (widest + GAP if widest else 0))
    return stops if look.width - stops[-1] >= look.width // 3 else FOLLOWING


def _cells(engine: Engine, claim: Claim, shared: _Shared, numbering: Numbering, language: str) -> list[Cell]:
    """Return place, speaker, figure and status of a claim, each with its style."""
    place = references.mark(claim, language)
    if not shared.grouped:
        place = f"{numbering.mark(claim.source)} {place}".rstrip()
    voice = label(engine, "people", claim.speaker, language)
    basis = claim.said.basis if claim.said else None
    if claim.date != shared.date:
        voice = ", ".join(filter(None, (voice, said_text(claim, language))))
    elif basis == "inferred" and not shared.inferred:
        voice += f" {INFERRED}" if shared.marked else f" ({word('inferred', language)})"
    style = STYLES.get(claim.status or "", "")
    return [
        Cell(visible(place)),
        Cell(visible(voice), searched=True),
        Cell(visible(figure_text(claim.figure, language)), "bold", searched=True),
        Cell(status_text(claim, language), style),
    ]


def _statement(claim: Claim, look: Look) -> Iterator[str]:
    """Yield a claim's statement, at its end the id."""
    indent = INDENT
    statement = visible(spoken(claim.statement, look.language))
    folded = fold(statement, max(look.width - indent, LEAST))
    *lines, last = marked(folded, statement, "", look)
    for line in lines:
        yield " " * indent + line
    used = indent + cell_len(folded[-1])
    parts = fold(claim.id, max(look.width - indent, LEAST))
    *begun, end = marked(parts, claim.id, "", look)
    if used + GAP + len(claim.id) > look.width:
        yield " " * indent + last
        yield from (" " * indent + part for part in begun)
        yield " " * max(look.width - len(parts[-1]), indent) + end
    else:
        yield " " * indent + last + " " * (look.width - used - len(claim.id)) + end


def _rows(engine: Engine, read: Read, numbering: Numbering, look: Look) -> Iterator[str]:
    """Yield a line for each claim, its sources beneath: for what is no terminal."""
    language = look.language
    voices: dict[str, dict[str, None]] = {}
    heads = [word(head, language) for head in ("ID", "Claim", "Figure", "Speaker, date", "Status", "Source")]

    def cells(claim: Claim) -> list[str]:
        mark = numbering.mark(claim.source)
        told = _voice(engine, claim, language)
        if claim.speaker:
            voices.setdefault(claim.source, {})[told] = None
        return [
            claim.id,
            spoken(claim.statement, language),
            figure_text(claim.figure, language),
            told,
            status_text(claim, language),
            f"{mark} {references.mark(claim, language)}".rstrip(),
        ]

    yield from columns(heads, lambda: map(cells, read()), look)
    yield ""
    yield from source_lines(engine, numbering, look, voices)


def _voice(engine: Engine, claim: Claim, language: str) -> str:
    voice = (label(engine, "people", claim.speaker, language), said_text(claim, language))
    return ", ".join(filter(None, voice))


def source_lines(
    engine: Engine, numbering: Numbering, look: Look, voices: dict[str, dict[str, None]] | None = None
) -> Iterator[str]:
    """Yield each numbered source: outlet, title, date, who is quoted, address."""
    indent = len(f"[{len(numbering.numbers)}]") + 1
    for name, place in numbering.numbers.items():
        source = engine.source(name)
        if source is None:
            continue
        told = [references.short(source, look.language), *(voices or {}).get(name, ())]
        line = references.sentences(told)
        url = address(source.url, look)
        first = f"[{place}]"
        if look.terminal:
            yield from paragraph(line, look, indent=indent, first=first)
            if url:
                yield " " * indent + url
        else:
            yield f"{first.ljust(indent)}{visible(line)} {url}".rstrip()


def ending(count: int, total: int, engine: Engine, look: Look) -> Iterator[str]:
    """Yield how many records there are of how many, if those are not all, and the dataset."""
    yield from some(count, total, look)
    yield from dataset_line(engine, look)


def some(count: int, total: int, look: Look) -> Iterator[str]:
    """Yield how many records there are of how many, if those are not all."""
    if count < total:
        told = (number(str(it), look.language) for it in (count, total))
        yield word("{} of {}", look.language).format(*told)


def dataset_line(engine: Engine, look: Look) -> Iterator[str]:
    """Yield what every answer ends with: the dataset, its version and its date."""
    dataset = engine.dataset
    told = f"{dataset.name} {dataset.version}, {word('as of', look.language)} {dataset.as_of}"
    return paragraph(told, look)
