"""How a person is told something beside the answer: a failure in one line, its hint in a second, and its exit code."""

from __future__ import annotations

import re
from collections.abc import Sequence

from indotrade import stream
from indotrade.errors import IndotradeError, Meant, Message, NotFound
from indotrade.text.choices import either
from indotrade.text.command_line import command_line
from indotrade.text.escape import unsecret, visible
from indotrade.wording.sentences import told


def failed(error: IndotradeError, language: str, typed: Sequence[str] = ()) -> int:
    """Tell an error that the command line `typed` ended in, and how it is typed right; return its exit code."""
    say(Message("indotrade: error: {message}", message=error.message), language)
    if hint := _hint(error, typed):
        say(Message("hint: {hint}", hint=hint), language)
    return error.exit_code


def say(message: Message, language: str) -> None:
    """Write a message to standard error: one line, which is folded between words where a terminal is too narrow for it.

    A command line is not folded, so that it can be copied.
    """
    text = told(message, language)
    width = stream.columns()
    if not width or len(text) <= width:  # wider letters than one column are folded by the terminal itself
        stream.say(text)
        return
    from indotrade.screen.lines import cell_len

    words = re.findall("[^ `]*`[^`]+`[^ ]*|[^ ]+", visible(unsecret(text[: stream.LONGEST_MESSAGE])))
    line = words[0]
    for word in words[1:]:
        if cell_len(f"{line} {word}") > width:
            stream.say(line)
            line = word
        else:
            line += f" {word}"
    stream.say(line)


def tell(unknown: Sequence[NotFound], language: str) -> None:
    """Tell every id that is not there; then raise NotFound if any is not."""
    for error in unknown[:-1]:
        failed(NotFound(error.message), language)
    if unknown:
        last = unknown[-1]
        raise last if len(unknown) == 1 else NotFound(last.message, last.hint)


def _hint(error: IndotradeError, typed: Sequence[str]) -> Message | None:
    lines = instead(typed, error.meant) if error.meant else []
    if not lines:
        return error.hint
    told = Message("{lines}", lines=either([f"`{command_line(line)}`" for line in lines]))
    said = error.meant.said if error.meant else None
    return Message("{hint}: {lines}", hint=said, lines=told) if said else told


def instead(typed: Sequence[str], meant: Meant) -> list[list[str]]:
    """Return a command line with what was meant in the place of what was typed, a line for each; none where it is not found.

    >>> instead(["sector", "clve", "--json"], Meant("clve", [["clove"]]))
    [['sector', 'clove', '--json']]
    >>> instead(["list", "--sort=-vale"], Meant("vale", [["value"]])), instead(["rumput", "lau"], Meant("rumput lau", [["seaweed"]]))
    ([['list', '--sort=-value']], [['seaweed']])
    """
    words = [meant.asked] if meant.asked in typed else meant.asked.split(" ")
    joined = re.compile(f"(--[^=]+=-?|-[a-zA-Z]?){re.escape(meant.asked)}")
    for place in reversed(range(len(typed))):
        if list(typed[place : place + len(words)]) == words:
            before, after = typed[:place], typed[place + len(words) :]
            return [[*before, *near, *after] for near in meant.near]
        if option := joined.fullmatch(typed[place]):
            before, after = typed[:place], typed[place + 1 :]
            return [[*before, option[1] + near[0], *after] for near in meant.near]
    return []
