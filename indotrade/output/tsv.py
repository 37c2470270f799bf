"""TSV for programs, each of which reads the same with its defaults: a line a row, quoted only where that must be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from indotrade.output.formats import How
from indotrade.query.columns import Value, text
from indotrade.text.cells import guarded
from indotrade.text.escape import visible

_BLANK = str.maketrans("\t\n\r", "   ")


def lines(header: Sequence[str], rows: Iterable[Sequence[Value]], how: How) -> Iterator[str]:
    """Yield the lines of a table; a tab or a line feed within a cell is a blank."""
    if how.header:
        yield "\t".join(header) + "\n"
    for row in rows:
        yield "\t".join(_cell(text(value)) for value in row) + "\n"


def _cell(value: str) -> str:
    """Return a text as a cell: guarded as in CSV, and quoted as there if readers would take its quotes for that.

    Those at its beginning all do, and polars any that has no second; others stay, for Miller takes no quote away.
    """
    cell = visible(guarded(value if value.isprintable() else value.translate(_BLANK)))
    if cell.startswith('"') or cell.count('"') % 2:
        return '"' + cell.replace('"', '""') + '"'
    return cell
