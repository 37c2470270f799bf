"""CSV for spreadsheets and programs: UTF-8, LF, RFC 4180 quoting; a cell that would run as a formula is guarded."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from indotrade.output.formats import How
from indotrade.query.columns import Value, text
from indotrade.text.escape import FORMULA, visible

_NUMERAL = frozenset("0123456789.,%")


def lines(header: Sequence[str], rows: Iterable[Sequence[Value]], how: How) -> Iterator[str]:
    """Yield the lines of a table."""
    if how.bom:
        yield "\ufeff"
    buffer = io.StringIO()
    write = csv.writer(buffer, lineterminator="\n").writerow
    if how.header:
        write(header)
    for row in rows:
        write([_guarded(text(value)) for value in row])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue()


def _guarded(cell: str) -> str:
    """Return a cell with `'` before what a spreadsheet would run, hidden characters shown."""
    guarded = "'" + cell if cell.startswith(FORMULA) and not _is_number(cell) else cell
    return guarded if guarded.isprintable() else "\n".join(visible(line) for line in guarded.split("\n"))


def _is_number(cell: str) -> bool:
    """Return whether a cell is a number with a sign, which no spreadsheet takes for a formula."""
    return cell[0] in "+-" and cell[1:2].isdigit() and _NUMERAL.issuperset(cell[1:])
