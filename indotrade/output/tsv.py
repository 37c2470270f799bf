"""TSV for programs: no quotes; tab and newline become spaces."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from indotrade.output.formats import How
from indotrade.query.columns import Value, text
from indotrade.text.escape import visible

_BLANK = str.maketrans("\t\n\r", "   ")


def lines(header: Sequence[str], rows: Iterable[Sequence[Value]], how: How) -> Iterator[str]:
    """Yield the lines of a table."""
    if how.header:
        yield "\t".join(header) + "\n"
    for row in rows:
        yield "\t".join(visible(text(value).translate(_BLANK)) for value in row) + "\n"
