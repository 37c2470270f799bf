"""Takes in whatever holds claims: finds out what it is, adds it to a dataset, checks the whole, and puts it in place."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from indotrade.dataset.folder import Folder
from indotrade.dataset.reader import Reader
from indotrade.dataset.records import LISTS
from indotrade.errors import Message, Refused
from indotrade.exchange import drafts, factchecks, files, others, placing, sheets
from indotrade.exchange.holding import Holding
from indotrade.exchange.made import Conflicts, Shared
from indotrade.exchange.merging import Merging
from indotrade.exchange.rows import Rows

_NAMED = 5
"""How many of what was made are named."""


class Report(NamedTuple):
    """What became of an import."""

    said: Sequence[Message]
    """What was made up of what, a line a kind."""
    faults: Sequence[Message]
    """Why nothing was written."""
    hint: Message | None = None


def take_in(
    source: Path,
    directory: str,
    shared: Shared,
    conflicts: Conflicts,
    *,
    encoding: str | None = None,
    dry_run: bool = False,
) -> Report:
    """Add the claims that `source` holds to the dataset in a directory, all of them or none.

    Raises Refused where it cannot be read at all, or holds no claims; NotDelivered where the dataset cannot be
    written.
    """
    if not source.exists():
        raise Refused(Message("cannot read {path}: {why}", path=source, why=os.strerror(2)))
    if not dry_run:
        placing.recover(Path(directory))
    holding = Holding(directory)
    said: list[Message] = []
    with TemporaryDirectory(prefix="indotrade-") as room:
        taken = _taken(source, Path(room), holding, shared, conflicts, encoding, said)
    said += _of_sheets(taken)
    if taken.faults:
        hint = None
        if taken.counts["there already"]:
            hint = Message("--update takes what comes in, --keep what is there")
        return Report(said, taken.faults, hint)
    said += [*_of_records(taken, holding), *_of_words(taken)]
    contents = files.contents(holding)
    faults: list[Message] = []
    if contents:
        with _room(holding, dry_run=dry_run) as place:
            placing.write(contents, place)
            faults = _checked(holding, place, contents, taken)
            if not holding.is_as_read():
                raise Refused(
                    Message("{directory} was changed while it was added to", directory=directory),
                    Message("try again when it is at rest"),
                )
            if not faults and not dry_run:
                placing.place(contents, place, holding.path, is_new=holding.is_new)
    return Report(said, faults)


class Taken(NamedTuple):
    """What was taken in, whichever way."""

    rows: Rows
    merging: Merging

    @property
    def faults(self) -> list[Message]:
        """Why nothing can be kept."""
        return [*self.rows.faults, *self.merging.faults]

    @property
    def counts(self) -> Any:
        """How many of what there are."""
        return self.rows.made.counts + self.merging.counts


def _taken(
    source: Path,
    room: Path,
    holding: Holding,
    shared: Shared,
    conflicts: Conflicts,
    encoding: str | None,
    said: list[Message],
) -> Taken:
    """Add all that a source holds. Raises Refused where that is nothing."""
    taken = Taken(Rows(holding, shared, conflicts), Merging(holding, conflicts))
    language = shared.language or next(iter(holding.languages), "en")
    name = source.name or str(source)
    if folder := others.dataset(source) or others.exported(source, room):
        taken.merging.take(folder, name, described=True)
    elif name.lower().endswith(others.LINES):
        taken.merging.take(others.lines(source, room, holding, language), name, described=False)
    elif source.suffix.lower() in (".json", ".jsonld"):
        value = factchecks.parsed(source)
        records = others.records_in(value)
        if records is not None:
            taken.merging.take(others.claims(records, room, holding, language), name, described=False)
        elif table := factchecks.table(value, name):
            taken.rows.take(table)
        else:
            raise _nothing(source, Message("no Claim and no ClaimReview stands in it"))
    elif sheets.is_spreadsheet(source):
        _take_sheets(source, encoding, taken.rows, said)
    else:
        raise _nothing(source, Message("its name says nothing that is known"))
    taken.rows.end()
    return taken


def _nothing(source: Path, why: Message) -> Refused:
    return Refused(
        Message("{path} holds no claims that can be read: {why}", path=source, why=why),
        Message(
            "`indotrade import` takes .csv, .tsv, .xlsx, .jsonld, .json, .ndjson, .sqlite, a folder of CSV, a dataset"
        ),
    )


def _take_sheets(source: Path, encoding: str | None, rows: Rows, said: list[Message]) -> None:
    tables, left_out = [], []
    for sheet in sheets.sheets(source, encoding, said.append):
        table = drafts.table(sheet)
        if table:
            tables.append(table)
        else:
            left_out.append(sheet.name)
    if not tables:
        raise Refused(
            Message("{path}: no column is one of statements", path=source),
            Message("name one column statement (or statement_en, claim, klaim, pernyataan)"),
        )
    if left_out:
        said.append(
            Message("sheets without a column of statements, left out: {names}", names=_some(left_out))
        )
    for table in tables:
        rows.take(table)


# --- written and checked -----------------------------------------------------------------------------


@contextmanager
def _room(holding: Holding, *, dry_run: bool) -> Iterator[Path]:
    """Give a directory for the new files: beside the old ones, or far from them where none will be placed."""
    if dry_run:
        with TemporaryDirectory(prefix="indotrade-") as room:
            yield Path(room)
    else:
        with placing.prepared(holding.path, is_new=holding.is_new) as place:
            yield place


def _checked(holding: Holding, room: Path, contents: Iterable[str], taken: Taken) -> list[Message]:
    """Return what is wrong with the dataset as it would be, as `check` finds it; each row by its place."""
    for name in set(holding.folder.names()).difference(contents):
        os.symlink((holding.path / name).resolve(), room / name)
    reader = Reader(Folder(room, holding.folder.claims))
    reader.head()
    for _ in reader.claims():
        pass
    for name in set(holding.folder.names()).difference(contents):
        (room / name).unlink()
    told = []
    for fault in reader.errors():
        place = taken.rows.places.get(fault.record or "") if fault.file == holding.folder.claims else None
        if place:
            why = (
                Message("{place}: {told}", place=fault.field, told=fault.message)
                if fault.field
                else fault.message
            )
            told.append(place.told(why))
        else:
            told.append(fault.told)
    return told


# --- what is said ------------------------------------------------------------------------------------


def _of_sheets(taken: Taken) -> Iterator[Message]:
    made = taken.rows.made
    for sheet, code in made.languages.items():
        yield Message(
            "{sheet}: statements taken to be in {language}; --lang says otherwise", sheet=sheet, language=code
        )
    for sheet, names in made.left_out.items():
        yield Message("{sheet}: columns left out: {names}", sheet=sheet, names=_some(names, 20))


def _of_records(taken: Taken, holding: Holding) -> Iterator[Message]:
    counts = taken.counts
    yield from _where_any(
        Message("claims added: {number:,}", number=counts["claims"]),
        Message("claims replaced: {number:,}", number=counts["updated"]),
        Message("claims left as they are: {number:,}", number=counts["kept"]),
        Message("rows left out, since they repeat another: {number:,}", number=counts["repeated"]),
    )
    if sources := holding.added["sources"]:
        yield Message("sources added: {number:,} ({names})", number=len(sources), names=_some(sources))
    yield from _where_any(
        Message("sources named by the host of their address: {number:,}", number=counts["hosts"]),
        Message(
            "claims whose source is their speaker's own word, for none is named: {number:,}",
            number=counts["speakers"],
        ),
    )
    for kind in LISTS:
        brought = dict.fromkeys(holding.brought[kind])
        new = [name for name in holding.added[kind] if name not in brought]
        yield from _where_any(
            Message(
                "{list}, new: {number:,} ({names})", list=Message(kind), number=len(new), names=_some(new)
            ),
            Message(
                "{list}, of the program's own: {number:,} ({names})",
                list=Message(kind),
                number=len(brought),
                names=_some(brought),
            ),
        )
    for kind, names in taken.merging.other.items():
        yield Message(
            "{list}, left as they are here: {number:,} ({names}); --update takes what comes in",
            list=Message(kind),
            number=len(names),
            names=_some(names),
        )
    more = [code for code in holding.languages if code not in holding.described.get("languages", ())]
    if more and not holding.is_new:
        yield Message("languages added to the dataset: {names}", names=", ".join(more))


def _of_words(taken: Taken) -> Iterator[Message]:
    made, counts = taken.rows.made, taken.rows.made.counts

    def rows(kind: str) -> str:
        return ", ".join(made.rows[kind]) + (", …" if counts[kind] > len(made.rows[kind]) else "")

    yield from _where_any(
        Message("figures read from their words: {number:,}", number=counts["figures read"]),
        Message(
            "figures that can be read in two ways: {number:,} ({example}; rows {rows})",
            number=counts["figures"],
            example=made.examples.get("figures", ""),
            rows=rows("figures"),
        ),
        Message(
            "dates read with the day first: {number:,} (rows {rows})",
            number=counts["days"],
            rows=rows("days"),
        ),
        Message(
            "dates read with the month first: {number:,} (rows {rows})",
            number=counts["months"],
            rows=rows("months"),
        ),
        Message("claims found in the article, with anchors: {number:,}", number=counts["anchored"]),
        Message(
            "claims whose source no row names: {number:,}; it is called after the article's file, and sources.json can say more",
            number=counts["called after the file"],
        ),
        Message(
            "quotations that stand in the article more than once, the first place taken: {number:,} (rows {rows})",
            number=counts["quotes"],
            rows=rows("quotes"),
        ),
        Message("quotations of other articles, left out: {number:,}", number=counts["other articles"]),
        Message(
            "quotations left out: {number:,}; --article TEXT makes anchors of them",
            number=counts["quotes unused"],
        ),
    )


def _where_any(*said: Message) -> Iterator[Message]:
    """Yield the sentences whose number is not zero."""
    return (message for message in said if message.values["number"])


def _some(names: Iterable[str], most: int = _NAMED) -> str:
    listed = list(names)
    return ", ".join(listed[:most]) + (", …" if len(listed) > most else "")
