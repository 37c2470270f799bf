"""Lists of other things than claims: vocabularies as trees, programs, findings, what the dataset is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from heapq import nlargest
from typing import Any

from indotrade.dataset.faults import Fault, grouped
from indotrade.dataset.vocabulary import Entry, Program
from indotrade.engine.protocol import Engine
from indotrade.errors import Message
from indotrade.query.names import label
from indotrade.screen.claims import ending, some
from indotrade.screen.layout import table
from indotrade.screen.lines import NARROW, Fact, facts, paragraph, styled
from indotrade.screen.look import Look
from indotrade.text.choices import suggesting
from indotrade.verify.match import Finding
from indotrade.wording.figures import number
from indotrade.wording.labels import spoken, term
from indotrade.wording.sentences import told, word

MOST_GROUPS = 25
"""How many groups of faults are told, and of each how many places: about a page."""
MOST_PLACES = 3
COUNTS = {"claims": "Claims", "bears_on": "Bears on"}
"""What stands over the counts of an entry."""
MOST = 10
"""How many of a dataset's speakers `info` names."""
RESULT = {"attested": "attested", "partly": "partly ({} of {})", "not found": "not found"}
"""What became of a claim's anchors in a text, as a screen says it."""


def tree(
    noun: str,
    entries: Sequence[Entry],
    counts: Mapping[str, Mapping[str, int]],
    total: int,
    engine: Engine,
    look: Look,
) -> Iterator[str]:
    """Yield the entries of a list with their counts, each under its name; children stand under their parents."""
    language = look.language
    narrow = look.terminal and look.width < NARROW
    heads = [word(noun.capitalize(), language), *(() if narrow else ("ID",))]
    heads += (word(COUNTS[name], language) for name in counts)
    children: dict[str | None, list[Entry]] = {}
    known = {entry.id for entry in entries}
    for entry in entries:
        parent = getattr(entry, "parent", None)
        children.setdefault(parent if parent in known else None, []).append(entry)

    def rows(parent: str | None, depth: int) -> Iterator[list[str]]:
        for entry in children.get(parent, []):
            name = "  " * depth + spoken(entry.label, language)
            numbers = [number(str(of.get(entry.id, 0)), language) for of in counts.values()]
            if narrow:  # the id stands below the name
                yield [name, *numbers]
                yield ["  " * depth + entry.id, *("" for _ in numbers)]
            else:
                yield [name, entry.id, *numbers]
            yield from rows(entry.id, depth + 1)

    yield from table(heads, lambda: rows(None, 0), look, blocks=False)
    yield ""
    yield from ending(len(entries), total, engine, look)


def program_card(program: Program, engine: Engine, look: Look) -> Iterator[str]:
    """Yield what a program is: its name, its sentence, who organizes it, when and where."""
    language = look.language

    def named(kind: str, ids: Sequence[str]) -> str:
        return "; ".join(label(engine, kind, entry, language) for entry in ids) or word("unknown", language)

    yield from paragraph(spoken(program.label, language), look, "bold")
    if program.about:
        yield from paragraph(spoken(program.about, language), look)
    yield from facts(
        [
            Fact(word("Organizers", language), named("organizations", program.organizers)),
            Fact(word("When", language), program.when or word("unknown", language)),
            Fact(word("Where", language), named("countries", program.where)),
        ],
        look,
    )
    yield ""


def findings(found: Sequence[Finding], total: int, engine: Engine, look: Look) -> Iterator[str]:
    """Yield what became of each claim's anchors in a text: of some of `total` claims."""
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
    yield from table(heads, lambda: cells, look)
    yield ""
    yield from ending(len(found), total, engine, look)


def faults(
    found: Sequence[Fault], total: int, near: Callable[[Fault], Sequence[str]], verdict: Message, look: Look
) -> Iterator[str]:
    """Yield what is wrong with a dataset, by rule and field: how often, and where first; some of `total` faults."""
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
            yield from paragraph(told(heading, look.language), look, "bold")
        for fault in group.faults[:MOST_PLACES]:
            line = suggesting(fault.told, near(fault))
            if len(group.faults) == 1:
                line = Message("{level}: {fault}", level=level, fault=line)
            indent = 2 if len(group.faults) > 1 else 0
            yield from paragraph(told(line, look.language), look, indent=indent)
        if (more := len(group.faults) - MOST_PLACES) > 0:
            yield from paragraph(told(Message("and {more:,} more", more=more), look.language), look, indent=2)
    if rest := groups[MOST_GROUPS:]:
        counted = sum(len(group.faults) for group in rest)
        message = Message("and {more:,} more, of {kinds:,} other kinds", more=counted, kinds=len(rest))
        yield from paragraph(told(message, look.language), look)
    yield from some(len(found), total, look)
    yield from paragraph(told(verdict, look.language), look)


def info_card(content: Mapping[str, Any], engine: Engine, look: Look) -> Iterator[str]:
    """Yield what the program and the dataset are, and what each status means; `content` as `info --json` has it."""
    language = look.language
    described, index, published = engine.dataset, content["index"], content["published"]

    def named(counts: Mapping[str, int], name_of: Callable[[str], str]) -> str:
        """Return up to `MOST` names with their counts, those with most claims, and how many more there are."""
        every = counts.items()
        listed = nlargest(MOST, every, key=lambda item: item[1]) if len(counts) > MOST else every
        told = [f"{name_of(name)} {number(str(count), language)}" for name, count in listed]
        if more := len(counts) - len(told):
            told.append(word("and {} more", language).format(number(str(more), language)))
        return ", ".join(told)

    as_of = f"{word('as of', language)} {described.as_of}"
    kept = (
        f"{index['path']}, {number(str(index['bytes']), language)} {word('bytes', language)}, {index['built']}"
        if index
        else word("none is kept: the files were read for this answer", language)
    )
    said = " – ".join(filter(None, content["said"].values()))
    yield from paragraph(described.title or described.name, look, "bold")
    yield from facts(
        [
            Fact("indotrade", content["program"]),
            Fact(word("dataset", language), f"{described.name} {described.version}, {as_of}"),
            Fact(word("Licence", language), described.licence or word("unstated", language)),
            Fact(word("Languages", language), ", ".join(described.languages)),
            Fact(word("Claims", language), number(str(content["claims"]), language)),
            Fact(word("Kind", language), named(content["kinds"], lambda name: term(name, language))),
            Fact(
                word("Speaker", language),
                named(content["speakers"], lambda name: label(engine, "people", name, language)),
            ),
            Fact(word("Sources", language), named(content["sources"], lambda name: term(name, language))),
            Fact(word("Date", language), said or word("unstated", language)),
            Fact(word("Read from", language), content["read_from"]),
            Fact(word("Published", language), f"{published['at']}, {published['by']}")
            if published
            else Fact(word("Index", language), kept),
            Fact("sha256", engine.sha256),
        ],
        look,
    )
    yield ""
    yield styled(word("Status", language), "bold", look)
    yield from facts(
        [
            Fact(
                f"{term(entry['status'], language)} ({number(str(entry['claims']), language)})",
                entry["definition"][language],
            )
            for entry in content["statuses"]
        ],
        look,
    )
