"""The command that opens a source in the browser: `open`."""

# No postponed annotations here: Typer evaluates those of every command at each start.

from typing import Annotated

import typer

from indotrade import stream
from indotrade.cli import completion
from indotrade.cli.ids import id_argument
from indotrade.cli.options import Data, Output, Speech, language
from indotrade.engine.protocol import Engine
from indotrade.errors import Message, NotFound
from indotrade.query import records
from indotrade.text.choices import is_text
from indotrade.wording import references


def open_(
    name: Annotated[
        str,
        id_argument(
            "ID", "A source's id, address or publisher, or a claim's id.", completion.claims_and_sources
        ),
    ],
    *,
    address: Annotated[bool, typer.Option("--print", help="Print its address, and open nothing.")] = False,
    data: Data = None,
    speech: Annotated[Speech, language(Message("the message"))],
) -> None:
    """Open a source in the browser, or the article of a claim."""
    url = _address(Output(data=data, speech=speech).engine(), name)
    if address:
        stream.deliver([f"{url}\n"])
        return
    import webbrowser

    if not webbrowser.open(url):
        raise NotFound(
            Message("no browser could be opened"), Message("its address is {address}", address=url)
        )


def _address(engine: Engine, name: str) -> str:
    """Return the address of the source, or of the article of the claim, that a name means.

    Raises NotFound where it has none, and where the name means no source or several.
    """
    claim = engine.claim(name) if is_text(name) and not engine.source(name) else None
    if not claim and not records.sources_of(engine, name):
        raise records.no_such_ids(engine, "claims and sources", [name])[0]
    found = records.source(engine, claim.source) if claim else records.one_source(engine, name)
    url = references.web_address(found.url)
    if not url.startswith(("https://", "http://")):
        raise NotFound(Message("{source} has no address", source=found.id))
    return url
