"""The command line that is meant by what is typed: options before the command, plural nouns, `help`, a name alone."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

NAME = ""
"""What stands for the command where a name stands alone."""
ALIASES = {
    "sectors": "sector",
    "countries": "country",
    "programs": "program",
    "programme": "program",
    "programmes": "program",
    "speakers": "speaker",
    "people": "speaker",
    "organizations": "organization",
    "organisation": "organization",
    "organisations": "organization",
    "measures": "measure",
    "claims": "list",
    "sources": "source",
}
"""What people type for a command: the plural of what it lists, and British spellings."""
OWN = ("--version", "--install-completion", "--show-completion")
"""The options of the program itself, which take no command."""
_HELP = ("--help", "-h")


def meant(
    typed: Sequence[str], commands: Collection[str], options: Callable[[], Mapping[str, bool]]
) -> list[str]:
    """Return a command line that begins with a command, or with `NAME` where a name stands in its place.

    `options` tells all options there are, and whether each takes a value. What cannot be understood stays as it is.

    >>> options = lambda: {"--json": False, "--sector": True}
    >>> meant(["--json", "sectors", "batik"], ["sector", "list"], options), meant(["--sector", "batik"], ["sector", "list"], options)
    (['sector', '--json', 'batik'], ['list', '--sector', 'batik'])
    >>> meant(["batik"], ["sector"], options), meant(["help", "sectors"], ["sector"], options)
    (['', 'batik'], ['sector', '--help'])
    """
    if not typed or typed[0] in commands:
        return list(typed)
    place = _first_word(typed, options) if typed[0].startswith("-") else 0
    before, rest = list(typed[:place]), list(typed[place:])
    for own in (*_HELP, *OWN):
        if own in before:
            return [own] if own in _HELP else list(typed)
    if not rest:
        known = options()
        return ["list", *before] if all(_name(option) in known for option in before[:1]) else before
    word, *after = rest
    if word == "help":
        return _helped(after, commands)
    command = word if word in commands else ALIASES.get(word)
    return [command, *before, *after] if command else [NAME, *before, *rest]


def _helped(asked: Sequence[str], commands: Collection[str]) -> list[str]:
    """Return the command line that shows the help of a command, or of the program."""
    words = [word for word in asked if not word.startswith("-")]
    if not words:
        return ["--help"]
    command = ALIASES.get(words[0], words[0])
    return [command, "--help"] if command in commands else [NAME, *words]


def _first_word(typed: Sequence[str], options: Callable[[], Mapping[str, bool]]) -> int:
    """Return the place of the first word that is neither an option nor the value of one."""
    known, place = options(), 0
    while place < len(typed):
        word = typed[place]
        if word == "--" or not word.startswith("-") or word == "-":
            return place
        joined = "=" in word if word.startswith("--") else len(word) > 2
        place += 2 if known.get(_name(word)) and not joined else 1
    return place


def needs_value(word: str, options: Callable[[], Mapping[str, bool]]) -> bool:
    """Return whether a word is an option whose value is the next word."""
    return word.startswith("-") and options().get(word, False)


def _name(option: str) -> str:
    return option.partition("=")[0] if option.startswith("--") else option[:2]
