"""Draws a terminal for README.md, light and dark: `cd tests && python -m picture` writes `screens/readme.svg`.

A test holds that it shows what the commands in it print.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

from inside import inside
from rich.cells import cell_len

FILE = Path(__file__).parent / "screens" / "readme.svg"
COMMANDS = ("seaweed", "show japan-has-no-seaweed")
COLUMN, LINE, EDGE = 8.0, 18, 16
"""How wide a letter and how high a line is, and what stays free around them."""
_STRETCH = re.compile(r" {2,}|[\u2e80-\uffff]+|(?:[^ \u2e80-\uffff]| (?! ))+")
"""Blanks, wide letters, or others: what has one width, and is therefore drawn to fit its columns by itself."""
STYLE = """
svg { color-scheme: light dark; --text: #1b1b1b; --page: #ffffff; --edge: #c8c8c8; --faint: #595959; }
@media (prefers-color-scheme: dark) { svg { --text: #e8e8e8; --page: #15171a; --edge: #44484d; --faint: #a8adb3; } }
rect { fill: var(--page); stroke: var(--edge); }
text { fill: var(--text); font: 13px ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; white-space: pre; }
.s1 { font-weight: bold; } .s2 { fill: var(--faint); } .s3 { font-style: italic; } .s4 { text-decoration: underline; }
"""


def drawn() -> str:
    """Return the picture."""
    lines: list[str] = []
    for command in COMMANDS:
        ended = inside(*command.split(), "--width", 80, "--color", "always", "--lang", "en")
        assert (ended.status, ended.err) == (0, "")
        lines += [f"\x1b[1m$ indotrade {command}\x1b[0m", *ended.out.splitlines(), ""]
    lines.pop()
    widest = max(cell_len(re.sub("\x1b.*?m", "", line)) for line in lines)
    width, height = widest * COLUMN + 2 * EDGE, len(lines) * LINE + 2 * EDGE
    told = " and ".join(f"indotrade {command}" for command in COMMANDS)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height}" width="{width:g}" height="{height}"'
        f' role="img">\n<title>What {told} print in a terminal</title>\n<style>{STYLE}</style>\n'
        f'<rect x="0.5" y="0.5" width="{width - 1:g}" height="{height - 1}" rx="6"/>\n'
        + "".join(_line(line, number) for number, line in enumerate(lines, 1))
        + "</svg>\n"
    )


def _line(line: str, number: int) -> str:
    parts = "".join(_piece(*piece) for piece in _pieces(line))
    return f'<text y="{EDGE + number * LINE - 5}">{parts}</text>\n' if parts else ""


def _piece(text: str, codes: Sequence[str], column: int) -> str:
    """Return a stretch of a line, which is as wide as its columns whatever the font is."""
    place = f'x="{EDGE + column * COLUMN:g}" textLength="{cell_len(text) * COLUMN:g}"'
    style = f' class="{" ".join(f"s{code}" for code in codes)}"' if codes else ""
    return f'<tspan {place} lengthAdjust="spacingAndGlyphs"{style}>{escape(text, quote=False)}</tspan>'


def _pieces(line: str) -> Iterator[tuple[str, Sequence[str], int]]:
    """Yield the words of a line with the codes of their style and their column; blanks are where nothing is drawn."""
    column, codes = 0, []
    for part in re.split("(\x1b\\[[0-9;]*m)", line):
        if part.startswith("\x1b"):
            codes = [code for code in part[2:-1].split(";") if code not in ("", "0")]
            continue
        for text in _STRETCH.findall(part):
            if text.strip(" "):
                yield text, codes, column
            column += cell_len(text)


if __name__ == "__main__":
    FILE.write_text(drawn(), encoding="utf-8")
