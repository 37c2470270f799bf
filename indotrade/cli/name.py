"""The shortest question: a name alone, whatever it is the name of."""

# No postponed annotations here: Typer evaluates those of every command at each start.

from collections.abc import Sequence
from typing import Annotated

import typer

from indotrade.cli import completion, look_up
from indotrade.cli.options import Finding, Output, completed
from indotrade.engine.protocol import Engine
from indotrade.errors import IndotradeError, Meant, Message, Misused, NotFound
from indotrade.output import formats
from indotrade.query import names as naming
from indotrade.query import records
from indotrade.text.choices import is_text, suggesting

_SHORTEST = 2
"""So few letters stand in the names of many publishers."""


def name(
    names: Annotated[
        list[str],
        completed(
            typer.Argument(
                metavar="NAME...",
                show_default=False,
                help="An id, a code, or a name in English, Indonesian or Japanese.",
            ),
            completion.names,
        ),
    ],
    *,
    finding: Finding,
    output: Output,
) -> None:
    """What there is of a sector, country, program, organization, speaker or measure, whichever has this name."""
    output.how()  # misuse is told before the dataset is read
    engine = output.engine()
    meaning = _meaning(engine, names)
    how = output.how("records" if meaning.kind == "measures" else "claims")
    if not formats.put_field_names(how, look_up.field_names(meaning.kind)):
        look_up.put_named(engine, meaning.kind, meaning.ids, finding, how)


def _meaning(engine: Engine, names: Sequence[str]) -> naming.Meaning:
    """Return the only thing that words name. Raises NotFound or Misused, with what may have been meant."""
    asked = " ".join(names)
    found = naming.meanings(engine, names)
    whole = any(it.whole for it in found)
    if not whole and (line := _mixed(engine, names)):
        told = Message("{name} holds names of different kinds", name=naming.quoted(asked))
        search = [["search", *names]] if naming.stands(engine, names) else []
        raise NotFound(told, None, Meant(asked, [line, *search]))
    if not found:
        raise _unknown(engine, names)
    lines = [[naming.NOUNS[it.kind].one, *(it.ids if it.clear else names)] for it in found]
    if not whole and records.publishes(engine, asked):
        lines.append(["source", *names])
    if len(lines) > 1:
        told = Message("{name} is the name of more than one thing", name=naming.quoted(asked))
        raise NotFound(told, None, Meant(asked, lines, Message("say which")))
    [meaning] = found
    if not meaning.clear:
        one = naming.NOUNS[meaning.kind].one
        error = naming.ambiguous(meaning.kind, asked, meaning.ids)
        assert error.meant
        near = [[one, *it] for it in error.meant.near]
        raise NotFound(error.message, None, Meant(asked, near, error.meant.said))
    return meaning


def _mixed(engine: Engine, names: Sequence[str]) -> list[str]:
    """Return the command line that asks for names of different kinds at once; none where one of them is none."""
    line = ["list"]
    for name in names:
        found = naming.meanings(engine, [name])
        if len(names) < 2 or len(found) != 1 or not found[0].clear:
            return []
        line += [f"--{naming.NOUNS[found[0].kind].one}", *found[0].ids]
    return line


def _unknown(engine: Engine, names: Sequence[str]) -> IndotradeError:
    """Return the error for words that name nothing: the nearest command or name, or who else would know them."""
    from indotrade.cli.app import COMMANDS

    asked, first = " ".join(names), names[0]
    quoted = naming.quoted(asked)
    alone = asked == first and is_text(asked)
    if alone and engine.claim(asked):
        return NotFound(
            Message("{name} is the id of a claim", name=quoted), None, Meant(asked, [["show", asked]])
        )
    if len(asked) > _SHORTEST and records.sources_of(engine, asked):
        told = Message("{name} is the name of a source", name=quoted)
        return NotFound(told, None, Meant(asked, [["source", *names]]))
    likely = naming.like(engine, first, [*COMMANDS])
    if likely and likely[0][0] in COMMANDS and len(likely[0]) == 1:
        return _misspelt(first, [line for line in likely if len(line) == 1])
    told = Message("nothing here is called {name}", name=quoted)
    if near := naming.like(engine, asked, []):
        return NotFound(suggesting(told, [line[-1] for line in near]), None, Meant(asked, near))
    if naming.stands(engine, names):
        return NotFound(told, None, Meant(asked, [["search", *names]]))
    return NotFound(told, Message("`indotrade --help` lists what can be asked"))


def _misspelt(asked: str, near: Sequence[Sequence[str]]) -> Misused:
    unknown = Message("no such command '{name}'", name=asked)
    return Misused(suggesting(unknown, [line[0] for line in near]), None, Meant(asked, near))
