"""How a shell asks what can stand at the cursor: its variables are understood, and it is answered as it takes it."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence

from msgspec import Struct, structs

FILES = 9
"""The exit code by which a shell is told to offer files, and not what is printed."""

SHELLS = ("bash", "zsh", "fish")
POWERSHELLS = ("powershell", "pwsh")
"""Their scripts are Typer's."""


class Line(Struct, frozen=True):
    """A command line as far as the cursor."""

    args: list[str]
    """The words before the cursor's."""
    incomplete: str
    """The word at the cursor, as far as it is typed, without its quotation mark."""
    quote: str = ""
    """The quotation mark that is open at the cursor."""
    split: bool = False
    """Whether the shell takes what stands behind the sign of equality for a word of its own."""


Offer = tuple[str, str]
"""What can stand at the cursor, and what it means."""


def line_of(shell: str) -> Line:
    """Return the line that a shell asks about, from its variables. Raises KeyError and ValueError for those of none."""
    if shell in POWERSHELLS:
        raw = _words(os.environ["_TYPER_COMPLETE_ARGS"].rstrip())
        return _line([*raw[1:], *([] if os.environ.get("_TYPER_COMPLETE_WORD_TO_COMPLETE") else [""])])
    if shell != "bash":
        text = os.environ["_TYPER_COMPLETE_ARGS"]
        raw = text.split("\n") if "\n" in text else _words(text)
        return _line(raw[1:])
    text, place = os.environ["COMP_WORDS"], int(os.environ["COMP_CWORD"])
    if "\n" not in text:
        words = _words(text)
        return _line([*words, ""][1 : place + 1] if place < len(words) else [*words[1:], ""])
    joined: list[str] = []
    split = False
    for word in text.split("\n")[1 : place + 1]:
        split = word == "=" or (bool(joined) and joined[-1].endswith("=") and joined[-1].startswith("--"))
        if split:
            joined[-1] += word
        else:
            joined.append(word)
    return structs.replace(_line(joined), split=split)


def _words(text: str) -> list[str]:
    """Return the words of a line as they are typed, each with its quotation marks; the last may be empty."""
    words = re.findall(r"""(?:[^\s"'\\]|\\.?|"(?:[^"\\]|\\.)*(?:"|$)|'[^']*(?:'|$))+""", text, re.DOTALL)
    return (
        [*words, ""]
        if not text or (text[-1:].isspace() and not (words and text.endswith(words[-1])))
        else words
    )


def _line(raw: Sequence[str]) -> Line:
    *before, last = raw or [""]
    word, quote = _bare(last)
    return Line([_bare(each)[0] for each in before], word, quote)


def _bare(raw: str) -> tuple[str, str]:
    """Return a word without its quotation marks and backslashes, and the mark that is still open at its end."""
    bare, quote, place = "", "", 0
    while place < len(raw):
        letter = raw[place]
        if letter == "\\" and quote != "'":
            bare += raw[place + 1 : place + 2]
            place += 1
        elif letter == quote or (not quote and letter in "\"'"):
            quote = "" if quote else letter
        else:
            bare += letter
        place += 1
    return bare, quote


def answer(shell: str, line: Line, offers: Sequence[Offer]) -> str:
    """Return what a shell is told: an offer a line, in zsh and fish with what it means behind a tab."""
    option = re.match("--[^=]*=", line.incomplete)
    head = (
        option[0] if (option and shell == "fish") or (option and shell == "bash" and not line.split) else ""
    )
    if shell == "bash":
        return "".join(f"{head}{_escaped(value, line.quote)}\n" for value, _ in offers)
    if shell in POWERSHELLS:
        quoted = ((f"'{value}'" if " " in value else value, means) for value, means in offers)
        return "".join(f"{value}:::{means or ' '}\n" for value, means in quoted)
    return "".join(f"{head}{value}" + (f"\t{means}" if means else "") + "\n" for value, means in offers)


def _escaped(value: str, quote: str) -> str:
    """Return a value as bash takes it into its line; in quotation marks there is nothing to escape in what is offered."""
    return value if quote else re.sub(r"([^\w./=,-])", r"\\\1", value)


Ask = Callable[[Line], Sequence[Offer] | None]
"""Returns what can stand at the cursor; None where that is a file."""


def tell(ask: Ask, variable: str) -> int:
    """Answer a shell on standard output; return the exit code: `FILES` where a file is asked for."""
    from indotrade import stream

    shell = os.environ[variable].partition("_")[2]
    if shell not in (*SHELLS, *POWERSHELLS):
        return 1
    line = line_of(shell)
    offers = ask(line)
    if offers is None:
        return FILES
    stream.deliver([answer(shell, line, offers)])
    return 0
