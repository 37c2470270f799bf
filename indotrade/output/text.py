"""Citations as text, one a line, in the language of the screen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from indotrade.output.citing import Citation
from indotrade.wording import references


def citations(items: Sequence[Citation], language: str) -> Iterator[str]:
    """Yield the citations in their order."""
    for item in items:
        text = references.full(
            item.source, language, claim=item.claim, speaker=item.speaker, dataset=item.dataset
        )
        yield f"{text}\n"
