"""The commands on whole datasets: what one is, whether it is valid, and a first one of one's own."""

# No postponed annotations here: Typer evaluates those of every command at each start.

from collections.abc import Iterable, Iterator
from typing import Annotated, Any

import typer

from indotrade import LICENCE, VERSION
from indotrade.cli.failures import say
from indotrade.cli.options import Output, Speech, language, limit, option
from indotrade.cli.verify import readings_of
from indotrade.dataset.words import KINDS
from indotrade.engine.open import is_shared, open_engine
from indotrade.engine.protocol import Engine
from indotrade.errors import Message, Misused, NotFound
from indotrade.output import formats
from indotrade.output.formats import Card, How, Listing
from indotrade.text import command_line
from indotrade.wording.labels import STATUS_MEANS
from indotrade.wording.sentences import LANGUAGES, number_of, told, word

ANCHOR = ("anchor", "paragraph", "position", "words")


def info(*, output: Output) -> None:
    """Versions, counts, meaning of each status, licence, origin."""
    how = output.how("card")
    engine = output.engine()
    content = _content(engine)
    if formats.put_field_names(how, tuple(content)):
        return

    def draw(look: Any) -> Iterable[Any]:
        from indotrade.screen.tables import info_card

        return info_card(content, engine, look)

    formats.put_card(Card(content, draw, formats.dataset_of(engine)), how)


def check(
    path: Annotated[
        str | None, typer.Argument(metavar="[PATH]", show_default=False, help="The directory of a dataset.")
    ] = None,
    *,
    anchors: Annotated[
        str | None,
        option(
            "--anchors",
            metavar="FILE",
            help="Print the anchors of a text instead, with the words of each, for authors; - is standard input.",
        ),
    ] = None,
    over: Annotated[
        str | None,
        option(
            "--over", metavar="WORDS", help="With --anchors: those that cover these words, eight at most."
        ),
    ] = None,
    most: Annotated[int | None, limit("At most this many faults, or anchors.")] = None,
    output: Output,
) -> None:
    """Validate a dataset: every fault, with its place and rule."""
    from indotrade.dataset.faults import FIELDS

    how = output.how("records")
    if formats.put_field_names(how, FIELDS if anchors is None else ANCHOR):
        return
    if anchors is not None and path is not None:
        raise Misused(Message("--anchors looks at a text, and takes no PATH"))
    if over is not None and anchors is None:
        raise Misused(Message("--over goes with --anchors"))
    if "" in (path, output.data):
        raise Misused(Message("DIR or --data names no directory"))
    if anchors is not None:
        _put_anchors(anchors, over, most, how)
    elif not _put_faults(output.data if path is None else path, most, how):
        raise typer.Exit(NotFound.exit_code)


def init(
    directory: Annotated[
        str, typer.Argument(metavar="DIR", show_default=False, help="A directory that holds no dataset yet.")
    ],
    *,
    speech: Annotated[Speech, language(Message("the message"))],
) -> None:
    """Write a small valid dataset of one's own, to edit."""
    from indotrade.dataset import starter

    starter.write(directory)
    message = Message(
        "wrote a dataset; check it with `indotrade check {directory}`", directory=command_line.path(directory)
    )
    say(message, speech.language)


def versions() -> str:
    """Return the versions of the program and of the data in a line, and their licences; no claim is read."""
    import msgspec

    from indotrade.dataset.folder import locate, read
    from indotrade.dataset.records import Dataset
    from indotrade.errors import Refused

    try:
        if is_shared(None):
            described = open_engine().dataset
        else:
            described = msgspec.json.decode(read(locate().path / "dataset.json"), type=Dataset)
    except (Refused, msgspec.MsgspecError, UnicodeDecodeError):
        return f"indotrade {VERSION} (its data cannot be read: `indotrade check` says why)\n"
    licences = f"licence: {LICENCE}" + (f"; of the data: {described.licence}" if described.licence else "")
    return f"indotrade {VERSION} ({described.name} data {described.version}, as of {described.as_of})\n{licences}\n"


def _content(engine: Engine) -> dict[str, Any]:
    """Return what the program and the dataset are, as JSON has it."""
    described, contents, origin = engine.dataset, engine.contents(), engine.origin
    kinds, statuses = engine.counts("kind"), engine.counts("status")
    return {
        "program": VERSION,
        "title": described.title,
        "licence": described.licence,
        "languages": described.languages,
        "claims": engine.size,
        "sources": contents.sources,
        "kinds": {kind: kinds.get(kind, 0) for kind in KINDS},
        "statuses": [
            {
                "status": name,
                "claims": statuses.get(name, 0),
                "definition": {code: word(means, code) for code in LANGUAGES},
            }
            for name, means in STATUS_MEANS.items()
        ],
        "speakers": engine.counts("speaker"),
        "said": {"first": contents.first, "last": contents.last},
        "read_from": origin.address,
        "index": None
        if origin.index is None
        else {"path": origin.index, "bytes": origin.bytes, "built": origin.built},
        "published": None
        if origin.published is None
        else {"by": origin.published.by, "at": origin.published.at},
    }


def _put_anchors(file: str, over: str | None, most: int | None, how: How) -> None:
    """Put the anchors of a text out, the first `most` of them, each with its place and its words: for authors.

    With the words `over`, those that cover them; raises NotFound where they stand nowhere in the text,
    or where it is too short for an anchor.
    """
    from indotrade.verify.anchors import WIDTH, words_of
    from indotrade.verify.match import text_anchors

    covered = words_of(over or "")
    if over is not None and not 0 < len(covered) <= WIDTH:
        raise Misused(Message("--over takes one word to {most}", most=WIDTH))
    read = readings_of(file)
    found = [anchor._asdict() for anchor in text_anchors(read, covered)]
    listed = found[:most]

    def draw(look: Any) -> Iterator[Any]:
        from indotrade.screen.claims import some
        from indotrade.screen.layout import table

        yield from table(ANCHOR, lambda: (list(map(str, anchor.values())) for anchor in listed), look)
        yield from some(len(listed), len(found), look)

    formats.put_records(Listing("anchors", lambda: listed, ANCHOR, draw, total=len(found)), how)
    if not found:
        if next(text_anchors(read), None) is None:
            raise NotFound(Message("the text has fewer than {most} words, and so no anchor", most=WIDTH))
        raise NotFound(Message('"{over}" stands nowhere in the text', over=over))


def _put_faults(path: str | None, most: int | None, how: How) -> bool:
    """Put the faults of a dataset out, the first `most` of them; return whether it has none that makes it invalid.

    Raises Refused where it cannot be read at all.
    """
    from indotrade.dataset.faults import FIELDS, in_order
    from indotrade.dataset.folder import locate
    from indotrade.dataset.reader import Reader

    if is_shared(path):
        from indotrade.exchange.export.shared import fetched

        with fetched(path) as folder:
            return _put_faults(str(folder), most, how)
    reader = Reader(locate(path), thorough=True)
    described, _, sources = reader.head()
    claims = reader.judged()
    faults, errors = reader.faults, len(reader.errors())
    listed = faults if most is None else in_order(faults)[:most]
    verdict = Message(
        "{claims}, {sources}: {faults}, {warnings}",
        claims=number_of(claims, "claim"),
        sources=number_of(len(sources), "source"),
        faults=number_of(errors, "fault"),
        warnings=number_of(len(faults) - errors, "warning"),
    )

    def draw(look: Any) -> Iterator[Any]:
        from indotrade.screen.tables import faults as drawn

        return drawn(listed, len(faults), reader.near, verdict, look)

    def records() -> list[dict[str, Any]]:
        return [
            {name: getattr(fault, name) for name in FIELDS} | {"message": told(fault.message, how.language)}
            for fault in in_order(listed)
        ]

    known = {key: getattr(described, key, None) for key in ("name", "version", "as_of")}
    dataset = known | {"sha256": reader.sha256()}
    formats.put_records(Listing("faults", records, FIELDS, draw, dataset=dataset, total=len(faults)), how)
    return not errors
