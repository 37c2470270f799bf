"""Help: how a command is called, with examples that work and its options in groups, in the language of the screen."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from msgspec.structs import replace

from indotrade.cli.options import DATA, FIND, ORDER, OUTPUT
from indotrade.screen.lines import GAP, NARROW, cell_len, paragraph, styled
from indotrade.screen.look import look
from indotrade.stream import is_terminal
from indotrade.wording.sentences import word

WIDEST = 100
"""Longer lines are hard to read."""
PIPED = 80
"""The width where there is no terminal."""
COMMANDS = {
    "Look up": ("sector", "country", "program", "speaker", "organization", "measure", "list", "search"),
    "Read": ("show", "source", "open"),
    "Cite and verify": ("cite", "verify"),
    "Datasets": ("info", "check", "init", "import", "export"),
}
"""The commands by what they are for."""
GROUPS = ("Arguments", "Options", FIND, ORDER, OUTPUT, DATA)
"""The groups of a command's parameters, in their order; `Options` are its own."""


class Example(NamedTuple):
    """A command line, and what it is for."""

    line: str
    means: str


FIRST = (
    Example("batik", "what is claimed about batik"),
    Example("country jepang --kind figure", "names in any of three languages"),
    Example("show diaspora-over-70-thousand", "what speaks for and against a claim"),
    Example("list --status disputed -f csv", "for a spreadsheet or a script"),
)
"""The examples of the first screen."""
EXAMPLES: dict[str, tuple[Example, ...]] = {
    "name": (
        Example("batik", "what is claimed about batik"),
        Example("jepang --status disputed", "names in any of three languages"),
        Example("heri --since 2022", "a part of a name is enough where it fits one alone"),
    ),
    "sector": (
        Example("sector batik", "claims about batik"),
        Example("sector", "all sectors, and how many claims each has"),
    ),
    "country": (Example("country jepang --status disputed", "names in any of three languages"),),
    "program": (Example("program sme center", "what it is, and the claims about it and made at it"),),
    "speaker": (Example("speaker heri --since 2022-04-22 --until 2022-04-22", "what he said on that day"),),
    "organization": (Example("organization ministry-of-industry", "claims about the ministry"),),
    "measure": (
        Example("measure indonesians-in-japan", "every figure of it, the oldest first"),
        Example("measure", "all measures"),
    ),
    "list": (
        Example("list --status disputed -f csv", "for a spreadsheet or a script"),
        Example("list --since 2022 --has-figure --sort -value", "figures since 2022, the largest first"),
    ),
    "search": (
        Example("search japan seaweed", "claims with both words"),
        Example("search 'raw materials'", "claims with this phrase"),
    ),
    "show": (
        Example("show diaspora-over-70-thousand", "does it hold, and why"),
        Example("list --kind need -f csv --fields id | indotrade show -", "the claims of an answer, each on its card"),
    ),
    "source": (
        Example("source antara-2018", "a source, and the claims that stand in it"),
        Example("source katadata", "the pages of a publisher"),
    ),
    "open": (Example("open antara-2018 --print", "the address, without a browser"),),
    "cite": (
        Example("cite agro-imports-from-japan", "a reference to the paragraph"),
        Example("cite antara-2018 -f biblatex", "an entry for a bibliography"),
    ),
    "verify": (Example("verify article.txt", "which claims stand in this article"),),
    "info": (Example("info", "how many claims of each status, and what the status means"),),
    "check": (Example("check mine", "every fault of a dataset of your own"),),
    "init": (Example("init mine", "a folder with two claims to write over"),),
    "import": (Example("import claims.csv mine --lang en", "the claims of a spreadsheet, into a dataset"),),
    "export": (
        Example("export claims.csv", "the claims, for a spreadsheet"),
        Example("export batik.sqlite --sector batik", "a database of some claims"),
    ),
}  # fmt: skip
"""At least one for each command."""


class Page:
    """A page of help, line by line; it stands where Typer wants a formatter."""

    def __init__(self, language: str) -> None:
        given = look(language, None, "auto", False)
        terminal = is_terminal(sys.stdout)
        width = min(given.width, WIDEST) if terminal else PIPED
        self.look = replace(given, terminal=True, width=width, colour=given.colour and terminal)
        self.lines: list[str] = []

    def getvalue(self) -> str:
        """Return the page."""
        return "\n".join([*self.lines, ""])

    def say(self, english: str) -> str:
        """Return a sentence in the language of the page."""
        return word(english, self.look.language)

    def usage(self, ctx: Any) -> None:
        """Write how a command is called."""
        pieces = [
            param.make_metavar(ctx) for param in ctx.command.params if param.param_type_name == "argument"
        ]
        if not pieces and ctx.command.name != "list" and not ctx.parent:
            pieces = ["[NAME...|COMMAND]"]
        line = " ".join([ctx.command_path.strip(), *pieces, self.say("[OPTIONS]")])
        head = f"{self.say('Usage')}: "
        self.lines += paragraph(line, self.look, indent=len(head), first=head, first_style="bold")

    def text(self, english: str) -> None:
        """Write paragraphs."""
        for part in self.say(inspect.cleandoc(english)).split("\n\n"):
            self.lines += ["", *paragraph(" ".join(part.split()), self.look)]

    def section(self, title: str, rows: Sequence[tuple[str, str]], column: int) -> None:
        """Write names, each with what it means from a column on, under a heading; none under none."""
        if rows:
            self.lines += ["", styled(f"{self.say(title)}:", "heading", self.look)]
        for name, means in rows:
            head = f"{'':{GAP}}{name}"
            if column and cell_len(head) + GAP <= column:
                self.lines += paragraph(means, self.look, indent=column, first=head, first_style="bold")
            else:
                self.lines += [styled(head, "bold", self.look)]
                self.lines += paragraph(means, self.look, indent=column or 3 * GAP) if means else ()

    def column(self, names: Iterable[str], most: int) -> int:
        """Return where the meanings of names begin; 0 for below each, where a line has no room for both."""
        widest = max((size for name in names if (size := cell_len(name)) <= most), default=0)
        return 0 if self.look.width < NARROW else widest + 2 * GAP

    def examples(self, examples: Sequence[Example]) -> None:
        """Write command lines with what they are for."""
        rows = [(f"indotrade {it.line}", self.say(it.means)) for it in examples]
        self.section("Examples", rows, self.column((name for name, _ in rows), self.look.width // 2))

    def record(self, param: Any, ctx: Any) -> tuple[str, str]:
        """Return how an option or argument is typed, and what it means, with the default that Typer puts behind it."""
        name, means = param.get_help_record(ctx)
        sentence, _, added = means.partition("  [")
        _, colon, default = added.rstrip("]").partition("default: ")
        return name, self.say(sentence) + (f" [{self.say('default')}: {default}]" if colon else "")


def greeting(english: str, language: str) -> str:
    """Return the first screen: what the program answers, and four ways to ask."""
    page = Page(language)
    page.text(english)
    page.examples(FIRST)
    page.text("`indotrade --help` lists all commands.")
    return "\n".join([*page.lines[1:], ""])


def of_program(page: Page, ctx: Any, commands: Any) -> None:
    """Write the help of the program: its commands, in groups."""
    page.usage(ctx)
    page.text(ctx.command.help)
    page.examples(FIRST)
    column = page.column([*commands], page.look.width // 3)
    for title, names in COMMANDS.items():
        rows = [(name, page.say(inspect.cleandoc(commands[name].help).split("\n\n")[0])) for name in names]
        page.section(title, rows, column)
    rows = [page.record(param, ctx) for param in ctx.command.get_params(ctx)]
    page.section("Options", rows, page.column((name for name, _ in rows), page.look.width // 2))
    page.text("`indotrade COMMAND --help` shows the options of a command.")


def of_command(page: Page, ctx: Any) -> None:
    """Write the help of a command: its options, in groups."""
    page.usage(ctx)
    page.text(ctx.command.help)
    page.examples(EXAMPLES[ctx.command.name])
    groups: dict[str, list[tuple[str, str]]] = {title: [] for title in GROUPS}
    for param in ctx.command.get_params(ctx):
        own = "Arguments" if param.param_type_name == "argument" else "Options"
        group = OUTPUT if param.name == "help" and groups[OUTPUT] else getattr(param, "rich_help_panel", None)
        groups[group or own].append(page.record(param, ctx))
    column = page.column((name for rows in groups.values() for name, _ in rows), page.look.width // 3)
    for title, rows in groups.items():
        page.section(title, rows, column)
