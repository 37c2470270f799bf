"""Lists of other things than claims: vocabularies as trees, sources, programs, findings, what the dataset is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from indotrade.dataset.faults import Fault, grouped
from indotrade.dataset.records import RELATIONS, Claim, Entry, Program, Source
from indotrade.engine.protocol import Engine
from indotrade.errors import Message
from indotrade.query.names import label
from indotrade.screen.claims import STYLES, dataset_line
from indotrade.screen.layout import NARROW, Grid, link, linked, pairs, rows, text, unbroken
from indotrade.screen.look import Look
from indotrade.text.choices import suggesting
from indotrade.verify.match import Finding
from indotrade.wording import references
from indotrade.wording.figures import number
from indotrade.wording.labels import spoken, term
from indotrade.wording.sentences import told, word

MOST_GROUPS = 25
"""How many groups of faults are told, and of each how many places: about a page."""
MOST_PLACES = 3
RESULT = {"attested": "attested", "partly": "partly ({} of {})", "not found": "not found"}
"""What became of a claim's anchors in a text, as a screen says it."""


def source_table(
    listed: Sequence[tuple[Source, int, int]], engine: Engine, look: Look
) -> Iterator[RenderableType]:
    """Yield the table of sources, each with how many claims stand in it or on how many it bears."""
    language = look.language
    heads = [word(name, language) for name in ("Source", "Type", "Claims")]
    if not look.terminal:
        heads = ["ID", *heads, "URL"]
    table = Grid(look, heads, leading=1 if look.terminal else 0, blocks=False)
    for source, stand, bear in listed:
        citation, address = text(references.short(source, language)), link(source.url, look)
        kind = text(term(source.type, language))
        counted = text(number(str(stand or bear), language))
        if look.terminal:
            citation.append("\n").append(address).append("\n").append(text(source.id, "dim"))
            table.add(citation, kind, counted)
        else:
            table.add(text(source.id), citation, kind, counted, address)
    yield table
    yield Text("")
    yield dataset_line(engine, look)


def tree(
    kind: str, entries: Sequence[Entry], counts: Mapping[str, int], total: int, engine: Engine, look: Look
) -> Iterator[RenderableType]:
    """Yield the entries of a list with their counts of claims, children under their parents."""
    language = look.language
    narrow = look.terminal and look.width < NARROW
    heads = [word(kind.capitalize(), language), *(() if narrow else ("ID",)), word("Claims", language)]
    table = Grid(look, heads, blocks=False)
    children: dict[str | None, list[Entry]] = {}
    known = {entry.id for entry in entries}
    for entry in entries:
        parent = getattr(entry, "parent", None)
        children.setdefault(parent if parent in known else None, []).append(entry)

    def add(parent: str | None, depth: int) -> None:
        for entry in children.get(parent, []):
            name, id = text(spoken(entry.label, language)), text(entry.id, "dim")
            claims = text(number(str(counts.get(entry.id, 0)), language))
            cells = (name.append("\n").append(id), claims) if narrow else (name, id, claims)
            table.add(*cells, indent=2 * depth)
            add(entry.id, depth + 1)

    add(None, 0)
    yield table
    yield Text("")
    if len(entries) < total:
        yield Text(word("{} of {}", language).format(len(entries), total))
    yield dataset_line(engine, look)


def program_card(program: Program, engine: Engine, look: Look) -> Iterator[RenderableType]:
    """Yield what a program is: its name, its sentence, who organizes it, when and where."""
    language = look.language
    yield text(spoken(program.label, language), "bold")
    if program.about:
        yield text(spoken(program.about, language))
    rows = []
    for name, kind, ids in (
        ("Organizers", "organizations", program.organizers),
        ("Where", "countries", program.where),
    ):
        shown = "; ".join(label(engine, kind, entry, language) for entry in ids)
        rows.append((word(name, language), text(shown or word("unknown", language))))
    rows.insert(1, (word("When", language), text(program.when or word("unknown", language))))
    yield from pairs(rows, look)
    yield Text("")


def source_card(
    source: Source, stand: list[Claim], bear: list[Claim], engine: Engine, look: Look
) -> Iterator[RenderableType]:
    """Yield a source in full, with the claims that stand in it and those on which it bears."""
    language = look.language
    yield Text(source.id, style="bold")
    cell = linked(references.full(source, language), source.url, look)
    yield unbroken(cell, look.width) if look.terminal else cell
    for head, listed in (("Claims that stand in it", stand), ("Claims on which it bears", bear)):
        if not listed:
            continue
        yield Text("")
        yield Text(f"{word(head, language)} ({len(listed)})", style="bold")
        for claim in listed:
            line = text(claim.id).append(": ").append(text(spoken(claim.statement, language)))
            line.append(" ").append(
                Text(f"[{_bearing(claim, source, language)}]", style=STYLES.get(claim.status or "", ""))
            )
            yield (
                Padding(unbroken(line, look.width - 2), (0, 0, 0, 2))
                if look.terminal
                else Text("  ").append(line)
            )
    yield Text("")
    yield dataset_line(engine, look)


def _bearing(claim: Claim, source: Source, language: str) -> str:
    """Return a claim's status and, for evidence, how the source bears on it."""
    relations = {evidence.relation for evidence in claim.evidence if evidence.source == source.id}
    words = (term(relation, language) for relation in RELATIONS if relation in relations)
    return ", ".join([term(claim.status, language), *words])


def findings(found: Sequence[Finding], engine: Engine, look: Look) -> Iterator[RenderableType]:
    """Yield what became of each claim's anchors in a text."""
    language = look.language
    heads = [word(head, language) for head in ("Claim", "Source", "Result", "Found in paragraph")]
    cells = []
    for finding in found:
        result = word(RESULT[finding.result] if finding.of else "no anchor", language)
        cells.append(
            [
                finding.claim,
                finding.source,
                result.format(finding.found, finding.of),
                "" if finding.paragraph is None else str(finding.paragraph),
            ]
        )
    yield from rows(heads, cells, look)
    yield Text("")
    yield dataset_line(engine, look)


def faults(
    found: Sequence[Fault], near: Callable[[Fault], Sequence[str]], verdict: Message, look: Look
) -> Iterator[RenderableType]:
    """Yield what is wrong with a dataset, by rule and field: how often, and where first."""
    groups = grouped(found)
    for group in groups[:MOST_GROUPS]:
        level = Message(group.level)
        if len(group.faults) > 1:
            heading = Message(
                "{level}: {field}: {rule} ({count:,} times)",
                level=level,
                count=len(group.faults),
                rule=Message(group.rule),
                field=group.field or group.faults[0].file,
            )
            yield text(told(heading, look.language), "bold")
        for fault in group.faults[:MOST_PLACES]:
            line = suggesting(fault.told, near(fault))
            if len(group.faults) == 1:
                line = Message("{level}: {fault}", level=level, fault=line)
            yield _indented(told(line, look.language), look, 2 if len(group.faults) > 1 else 0)
        if (more := len(group.faults) - MOST_PLACES) > 0:
            yield _indented(told(Message("and {more:,} more", more=more), look.language), look, 2)
    if rest := groups[MOST_GROUPS:]:
        counted = sum(len(group.faults) for group in rest)
        message = Message("and {more:,} more, of {kinds:,} other kinds", more=counted, kinds=len(rest))
        yield text(told(message, look.language))
    yield text(told(verdict, look.language))


def _indented(line: str, look: Look, columns: int) -> RenderableType:
    cell = text(line)
    return (
        Padding(cell, (0, 0, 0, columns)) if look.terminal and columns else Text(" " * columns).append(cell)
    )


def info_card(content: Mapping[str, Any], engine: Engine, look: Look) -> Iterator[RenderableType]:
    """Yield what the program and the dataset are, and what each status means; `content` as `info --json` has it."""
    language = look.language
    described, index = engine.dataset, content["index"]

    def counted(counts: Mapping[str, int], name_of: Callable[[str], str]) -> Text:
        return text(", ".join(f"{name_of(name)} {count}" for name, count in counts.items()))

    as_of = f"{word('as of', language)} {described.as_of}"
    kept = (
        f"{index['path']}, {number(str(index['bytes']), language)} {word('bytes', language)}, {index['built']}"
        if index
        else word("none: small enough to be read at each start", language)
    )
    yield text(described.title or described.name, "bold")
    yield from pairs(
        [
            ("indotrade", text(content["program"])),
            (word("dataset", language), text(f"{described.name} {described.version}, {as_of}")),
            (word("Licence", language), text(described.licence or word("unstated", language))),
            (word("Languages", language), text(", ".join(described.languages))),
            (word("Claims", language), text(number(str(content["claims"]), language))),
            (word("Kind", language), counted(content["kinds"], lambda name: term(name, language))),
            (
                word("Speaker", language),
                counted(content["speakers"], lambda name: label(engine, "people", name, language)),
            ),
            (word("Sources", language), counted(content["sources"], lambda name: term(name, language))),
            (
                word("Date", language),
                text(" – ".join(filter(None, content["said"].values())) or word("unstated", language)),
            ),
            (word("Read from", language), text(content["read_from"])),
            (word("Index", language), text(kept)),
            ("sha256", text(engine.sha256)),
        ],
        look,
    )
    yield Text("")
    yield Text(word("Status", language), style="bold")
    yield from pairs(
        (
            (f"{term(entry['status'], language)} ({entry['claims']})", text(entry["definition"][language]))
            for entry in content["statuses"]
        ),
        look,
    )
