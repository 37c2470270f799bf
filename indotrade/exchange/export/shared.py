"""Takes datasets to a shared database, and back into a folder: with all that the claims of an answer need."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory

from indotrade.engine.open import open_engine
from indotrade.engine.protocol import Progress
from indotrade.engine.publishing import Done, publish
from indotrade.exchange.export import dataset_files
from indotrade.exchange.export.chosen import Chosen
from indotrade.exchange.export.place import stoppable
from indotrade.query.answer import Answer, find


def write(
    answer: Answer, address: str, *, program: str, keep: int, progress: Progress | None
) -> tuple[Done, int]:
    """Publish the claims of an answer; return what became of it, and how many sources are published with them.

    What filters leave of a dataset is a dataset of its own, as an export into a folder writes it. Raises as
    `engine.publishing.publish` does.
    """
    whole = answer.by_source and answer.count == answer.engine.size
    with stoppable(), nullcontext() if whole else _written(answer) as folder:
        engine = answer.engine if folder is None else open_engine(str(folder))
        return publish(engine, address, program=program, keep=keep, progress=progress), len(
            engine.source_ids()
        )


@contextmanager
def fetched(address: str | None) -> Iterator[Path]:
    """Give a folder with all of a dataset in a shared database, as an export writes it. Raises Refused."""
    with _written(find(open_engine(address), {})) as folder:
        yield folder


@contextmanager
def _written(answer: Answer) -> Iterator[Path]:
    with TemporaryDirectory(prefix="indotrade-") as room:
        folder = Path(room, "dataset")
        folder.mkdir()
        dataset_files.write(Chosen(answer), folder)
        yield folder
