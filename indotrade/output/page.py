"""What a page in HTML is made of: the frame, tables, bars as drawings, and texts that can do nothing there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from typing import Any

from indotrade.query import columns
from indotrade.screen.chart import Bar
from indotrade.text.escape import visible
from indotrade.wording import references
from indotrade.wording.labels import spoken

STYLE = """
:root { color-scheme: light dark; --text: #1b1b1b; --page: #fff; --faint: #595959; --line: #c8c8c8; --link: #0a4fb3;
  --bar: #6b7f99; --own: #a8420a; --head: #f2f2f2; }
@media (prefers-color-scheme: dark) { :root { --text: #e8e8e8; --page: #15171a; --faint: #a8adb3; --line: #44484d;
  --link: #8ab8ff; --bar: #74879f; --own: #ff9d5c; --head: #22262b; } }
body { margin: 0 auto; max-width: 62rem; padding: 1rem; color: var(--text); background: var(--page);
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; line-height: 1.25; } h2 { font-size: 1.25rem; line-height: 1.3; margin-top: 0; }
h3, caption { font-size: 1rem; font-weight: bold; text-align: left; margin: 1rem 0 .3rem; }
a { color: var(--link); } .faint, footer { color: var(--faint); }
section { margin-top: 2rem; } article { border-top: 2px solid var(--line); padding-top: 1rem; margin-top: 2rem; }
.status { font-weight: bold; } .disputed, .superseded, .misprint { text-decoration: underline; }
.wide { overflow-x: auto; } table { border-collapse: collapse; width: 100%; }
th, td { border: 1px solid var(--line); padding: .35rem .5rem; text-align: left; vertical-align: top;
  overflow-wrap: break-word; min-width: 3rem; } th { background: var(--head); }
td a[rel] { display: inline-block; min-width: 12rem; overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: minmax(6rem, max-content) 1fr; gap: .2rem 1rem; }
dt { font-weight: bold; } dd { margin: 0; }
figure { margin: 1rem 0; } figcaption { font-weight: bold; } svg { display: block; max-width: 40rem; width: 100%; }
svg text { fill: var(--text); font-size: 14px; } svg rect { fill: var(--bar); }
svg .own { font-weight: bold; } svg rect.own { fill: var(--own); }
@media (max-width: 40rem) { dl, table, tbody, tr, th, td { display: block; } dd { margin-bottom: .5rem; }
  thead { position: absolute; clip-path: inset(50%); } tr { border: 1px solid var(--line); margin-bottom: 1rem; }
  th, td { border: 0; } td:empty { display: none; } td::before { content: attr(data-name) ": "; font-weight: bold; } }
"""
POLICY = "default-src 'none'; style-src 'unsafe-inline'"
"""Even if a text became part of the page, it could neither run nor fetch anything."""
LONG = 40
"""What stands over a bar has so many letters side by side, on the narrowest page; else two lines."""


class Frame:
    """What stands around the contents of a page."""

    def __init__(self, title: str, language: str) -> None:
        self._title = title
        self._language = language

    def begun(self, told: str) -> Iterator[bytes]:
        """Yield all before the contents: the title, and under it what is told of them."""
        title = " · ".join(filter(None, (self._title, told)))
        yield encoded(
            f'<!doctype html>\n<html lang="{self._language}">\n<head>\n<meta charset="utf-8">\n'
            f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            '<meta name="referrer" content="no-referrer">\n'
            f"<title>{plain(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
            f"<header>\n<h1>{plain(self._title)}</h1>\n"
        )
        yield encoded(f"<p>{plain(told)}</p>\n</header>\n<main>\n" if told else "</header>\n<main>\n")

    def ended(self, told: Iterable[str]) -> Iterator[bytes]:
        """Yield all behind the contents: what is told of where they are from."""
        line = " · ".join(map(plain, filter(None, told)))
        yield encoded(f"</main>\n<footer>\n<p>{line}</p>\n</footer>\n</body>\n</html>\n")


def table(
    title: str, heads: Sequence[str], rows: Iterable[Sequence[str]], level: str = "h2"
) -> Iterator[bytes]:
    """Yield a table under its title; the first cell of a row names it."""
    head = "".join(f'<th scope="col">{plain(it)}</th>' for it in heads)
    yield encoded(f"<{level}>{plain(title)}</{level}>\n" if level else "")
    yield encoded(
        f'<div class="wide" role="group" aria-label="{plain(title)}" tabindex="0">\n'
        f'<table role="table">\n<thead><tr>{head}</tr></thead>\n<tbody>\n'
    )
    names = [f'<td role="cell" data-name="{plain(it)}">' for it in heads[1:]]
    for first, *rest in rows:
        cells = "".join(f"{name}{cell}</td>" for name, cell in zip(names, rest, strict=True))
        yield encoded(f'<tr role="row"><th role="rowheader" scope="row">{first}</th>{cells}</tr>\n')
    yield encoded("</tbody>\n</table>\n</div>\n")


def drawn(bars: Sequence[Bar], title: str) -> bytes:
    """Return bars as a drawing, over each its name and its quantity; it is as wide as there is room."""
    largest = max(abs(bar.value) for bar in bars) or 1.0
    parts, top = [], 0
    for bar in bars:
        own = ' class="own"' if bar.own else ""
        parts.append(f'<text x="0" y="{top + 16}"{own}>{plain(bar.name)}</text>')
        top += 18 if len(bar.name) + len(bar.quantity) > LONG else 0
        parts.append(f'<text x="100%" y="{top + 16}" text-anchor="end"{own}>{plain(bar.quantity)}</text>')
        share = max(abs(bar.value) / largest * 100, 0.3)
        parts.append(f'<rect x="0" y="{top + 22}" width="{share:.1f}%" height="12"{own}/>')
        top += 44
    svg = f'<svg role="img" aria-label="{plain(title)}" height="{top}">\n' + "\n".join(parts) + "\n</svg>"
    return encoded(f"<figure>\n<figcaption>{plain(title)}</figcaption>\n{svg}\n</figure>\n")


def encoded(page: str) -> bytes:
    """Return a part of a page as it is put out."""
    return page.encode("utf-8", "backslashreplace")


def plain(text: str) -> str:
    """Return data as it stands in a page: hidden characters shown, and none that the page would act on."""
    return escape(visible(text))


def cell(value: Any, language: str = "en") -> str:
    """Return a value as the contents of a cell; a web address leads there, and any other is a text."""
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(cell(item, language) for item in value)
    if isinstance(value, Mapping) and not value.get("name"):
        value = spoken(value, language)
    text = columns.text(value)
    address = references.web_address(text)
    if isinstance(value, str) and address.startswith(("https://", "http://")):
        return f'<a href="{escape(address)}" rel="noreferrer">{plain(address)}</a>'
    return plain(text)
