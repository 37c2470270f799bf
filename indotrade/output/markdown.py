"""A Markdown table, for a text that people read."""

from __future__ import annotations

import re
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
        **{sign: "\\" + sign for sign in "~^$@"},
    }
)

_ADDRESS = str.maketrans({sign: f"%{ord(sign):02X}" for sign in "|< ~^$*`\\"})
_EMOJI = re.compile(":(?=[a-z0-9_+-]+:)")


def lines(header: Sequence[str], rows: Iterable[Sequence[Value]], _how: How) -> Iterator[str]:
    """Yield the lines of a table."""
    yield f"| {' | '.join(header)} |\n|{' --- |' * len(header)}\n"
    for row in rows:
        yield f"| {' | '.join(_cell(text(value)) for value in row)} |\n"


def _cell(cell: str) -> str:
    if cell.startswith(("https://", "http://")):
        return visible(cell).translate(_ADDRESS)
    lines = cell.replace("\r\n", "\n").replace("\t", " ").split("\n")
    return "<br>".join(_EMOJI.sub("\\:", visible(line).translate(_MARKDOWN)) for line in lines)
