"""Does the same work on many batches in as many processes as there are processors.

Each process is a copy of this one, which has all that the work needs, and sends back what it made. Where that goes wrong (no
process to be had, no memory, killed by somebody) this process does the work itself.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from itertools import chain, cycle, islice
from typing import Any, Generic, TypeVar

_Batch = TypeVar("_Batch")
_Made = TypeVar("_Made")

FEW = 3
"""So many batches are no reason for a second process."""


def spread(work: Callable[[_Batch], _Made], every: Callable[[], Iterable[_Batch]]) -> Iterator[_Made]:
    """Yield what `work` makes of each batch of `every()`, in their order.

    Each process goes through all batches, and works on its share of them. What the work changes there is lost, and
    what it makes can be pickled. Raises what the two functions raise.
    """
    here = iter(every())
    yield from map(work, islice(here, FEW))
    rest = list(islice(here, 1))
    processors = _processors() if rest else 1
    with ExitStack() as stack:
        shares = [_Share(work, every, number, processors) for number in range(processors)]
        if processors > 1:
            for share in shares:
                stack.enter_context(share.begun())
        for batch, share in zip(chain(rest, here), cycle(shares), strict=False):
            yield share.made(batch)


def _processors() -> int:
    """Return how many processors there are for copies of this process; 1 where none should be made."""
    import multiprocessing
    import threading

    if threading.active_count() > 1 or not hasattr(os, "sched_getaffinity"):
        return 1  # what another thread holds at that moment a copy would wait for in vain
    return 1 if multiprocessing.current_process().daemon else len(os.sched_getaffinity(0))


class _Share(Generic[_Batch, _Made]):
    """Every so many batches, from one on that comes after the first few, and the copy of this process that works on them, if any."""

    def __init__(
        self, work: Callable[[_Batch], _Made], every: Callable[[], Iterable[_Batch]], number: int, shares: int
    ) -> None:
        self._work, self._every, self._number, self._shares = work, every, number, shares
        self._process: Any = None
        self._results: Any = None

    @contextmanager
    def begun(self) -> Iterator[None]:
        """Have a copy work on it, if one can be had, until the end of the `with`."""
        with suppress(OSError):
            self._begin()
        try:
            yield
        finally:
            self._end()

    def _begin(self) -> None:
        """Have a copy work on it. Raises OSError."""
        import multiprocessing

        context = multiprocessing.get_context("fork")
        self._results, results = context.Pipe(duplex=False)
        with results:
            process: Any = context.Process(target=self._send, args=(results,), daemon=True)
            process.start()
        self._process = process

    def _send(self, results: Any) -> None:
        """Do the work in the copy. What goes wrong there is met again in the process that waits for it."""
        import gc

        gc.disable()  # it would touch all that the two have in common, and so double it
        self._results.close()  # where nobody reads any more, writing fails
        with suppress(BaseException):
            for batch in islice(self._every(), FEW + self._number, None, self._shares):
                results.send(self._work(batch))

    def made(self, batch: _Batch) -> _Made:
        """Return what the work makes of the next batch of the share, which is given for where no copy works on it."""
        if self._process:
            try:
                made: _Made = self._results.recv()
            except (EOFError, OSError):
                self._end()
            else:
                return made
        return self._work(batch)

    def _end(self) -> None:
        """Have no copy any more."""
        if self._process:
            self._process.kill()
            self._process.join()
        if self._results:
            self._results.close()
        self._process = self._results = None
