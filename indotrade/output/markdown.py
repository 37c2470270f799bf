"""A Markdown table, for a text that people read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from indotrade.output.formats import How
from indotrade.query.columns import Value, text
from indotrade.text.escape import visible

_MARKDOWN = str.maketrans(
    {
        "\\": "\\\\",
        "|": "\\|",
        "`": "\\`",
        "*": "\\*",
        "_": "\\_",
        "[": "\\[",
        "]": "\\]",
        "<": "&lt;",
        "&": "&amp;",
    }
)


def lines(header: Sequence[str], rows: Iterable[Sequence[Value]], _how: How) -> Iterator[str]:
    """Yield the lines of a table."""
    yield f"| {' | '.join(header)} |\n|{' --- |' * len(header)}\n"
    for row in rows:
        yield f"| {' | '.join(_cell(text(value)) for value in row)} |\n"


def _cell(cell: str) -> str:
    if cell.startswith(("https://", "http://")):
        return visible(cell).replace("|", "%7C").replace("<", "%3C").replace(" ", "%20")
    lines = cell.replace("\r\n", "\n").replace("\t", " ").split("\n")
    return "<br>".join(visible(line).translate(_MARKDOWN) for line in lines)
