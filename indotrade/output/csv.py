"""CSV for spreadsheets and programs: UTF-8, LF, RFC 4180 quoting; a cell that they would change is guarded."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from indotrade.output.formats import How
from indotrade.query.columns import Value, text
from indotrade.text.cells import guarded
from indotrade.text.escape import visible


def lines(header: Sequence[str], rows: Iterable[Sequence[Value]], how: How) -> Iterator[str]:
    """Yield the lines of a table."""
    if how.bom:
        yield "\ufeff"
    buffer = io.StringIO()
    write = csv.writer(buffer, lineterminator="\n").writerow
    if how.header:
        write(header)
    for row in rows:
        write([_safe(text(value)) for value in row])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue()


def _safe(value: str) -> str:
    """Return a text as a cell: guarded, with its hidden characters shown."""
    cell = guarded(value)
    return "\n".join(map(visible, cell.split("\n"))) if "\n" in cell else visible(cell)
