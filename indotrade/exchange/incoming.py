"""Takes in whatever holds claims: finds out what it is, adds it to a dataset, checks the whole, and puts it in place."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from indotrade.dataset.folder import Folder
from indotrade.dataset.reader import Reader
from indotrade.errors import Message, Refused
from indotrade.exchange import report
from indotrade.exchange.adding import files, others, swap
from indotrade.exchange.adding.holding import Holding
from indotrade.exchange.adding.merging import Conflicts, Merging
from indotrade.exchange.report import Taken
from indotrade.exchange.rows import drafts, factchecks
from indotrade.exchange.rows.claims import Rows
from indotrade.exchange.rows.made import Shared
from indotrade.exchange.spreadsheets import sheets


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
        swap.recover(Path(directory))
    holding = Holding(directory)
    said: list[Message] = []
    with TemporaryDirectory(prefix="indotrade-") as room:
        taken = _taken(source, Path(room), holding, shared, conflicts, encoding, said)
    said += report.of_sheets(taken)
    if taken.faults:
        hint = None
        if taken.counts["there already"]:
            hint = Message("--update takes what comes in, --keep what is there")
        return Report(said, taken.faults, hint)
    said += report.of_records(taken, holding)
    contents = files.contents(holding)
    faults: list[Message] = []
    if contents:
        with _room(holding, dry_run=dry_run) as place:
            swap.write(contents, place)
            faults = _checked(holding, place, contents, taken)
            if not holding.is_as_read():
                raise Refused(
                    Message("{directory} was changed while it was added to", directory=directory),
                    Message("try again when it is at rest"),
                )
            if not faults and not dry_run:
                swap.place(contents, place, holding.path, is_new=holding.is_new)
    return Report(said, faults)


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
            Message("sheets without a column of statements, left out: {names}", names=report.some(left_out))
        )
    for table in tables:
        rows.take(table)
    if not (rows.places or rows.faults or rows.made.counts["kept"]):
        raise _nothing(source, Message("no row stands below the names of its columns"))


# --- written and checked -----------------------------------------------------------------------------


@contextmanager
def _room(holding: Holding, *, dry_run: bool) -> Iterator[Path]:
    """Give a directory for the new files: beside the old ones, or far from them where none will be placed."""
    if dry_run:
        with TemporaryDirectory(prefix="indotrade-") as room:
            yield Path(room)
    else:
        with swap.prepared(holding.path, is_new=holding.is_new) as place:
            yield place


def _checked(holding: Holding, room: Path, contents: Iterable[str], taken: Taken) -> list[Message]:
    """Return what is wrong with the dataset as it would be, as `check` finds it; each row by its place."""
    for name in set(holding.folder.names()).difference(contents):
        os.symlink((holding.path / name).resolve(), room / name)
    reader = Reader(Folder(room, holding.folder.claims))
    reader.head()
    reader.judged()
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
