"""Sources as references that people read, in two lengths, and the parts that every citation is made of."""

from __future__ import annotations

from collections.abc import Iterable
from typing import get_args

from indotrade.dataset.records import Claim, Dataset, LocatorLabel, Source
from indotrade.dataset.vocabulary import Entry
from indotrade.text import fold
from indotrade.text.dates import parts
from indotrade.text.escape import visible
from indotrade.wording.labels import spoken
from indotrade.wording.sentences import word

MONTHS = "January February March April May June July August September October November December"


def short(source: Source, language: str) -> str:
    """Return outlet, title and date in one line, for a table."""
    told = [outlet(source), _quoted_title(source, language), published(source, language)]
    return visible(", ".join(known(told)))


LOCATED = {
    **{label: f"{label.capitalize()} {{}}" for label in get_args(LocatorLabel)},
    "article-locator": "Article {}",
    "elocation": "Location {}",
    "sub-verbo": "s.v. {}",
    "timestamp": "{}",
    "title-locator": "Title {}",
}
"""How a place is called, by the label of its locator."""


def full(
    source: Source,
    language: str,
    *,
    claim: Claim | None = None,
    speaker: Entry | None = None,
    dataset: Dataset | None = None,
    address: bool = True,
) -> str:
    """Return all that is known of a source in one line, for a list; without its `address` where that stands apart.

    The article and its outlet come first, the dataset as the means of access last; without `dataset`
    that is left out, for lists that name it once at their end. `claim` and `speaker` add the place and
    the voice.
    """
    work = [_quoted_title(source, language), outlet(source)]
    authors = [] if is_its_own_author(source) else known(source.authors)
    if authors:
        work.append(word("by {}", language).format(word(" and ", language).join(authors)))
    if editor := known([source.editor]):
        work.append(word("edited by {}", language).format(editor[0]))
    work.append(published(source, language))
    seen = access(source, language)
    if address:
        seen = " ".join(known([web_address(source.url), f"({seen})" if seen else None]))
    else:
        seen = seen[:1].upper() + seen[1:]
    return visible(
        sentences(
            [
                ", ".join(known(work)),
                *place(source, language, claim, speaker),
                seen,
                source.access_note,
                means(dataset, language) if dataset else None,
            ]
        )
    )


def place(source: Source, language: str, claim: Claim | None, speaker: Entry | None) -> list[str]:
    """Return where in the source a claim stands, who made it, and from where the source has it."""
    told = []
    if claim and (where := located(claim, language)):
        told.append(where)
    if claim and speaker:
        who = spoken(speaker.label, language)
        if claim.said and claim.said.date:
            said = _dated(claim.said.date, claim.said.basis, language)
            told.append(word("Statement of {}, {}", language).format(who, said))
        else:
            told.append(word("Statement of {}", language).format(who))
    if via := known([source.via]):
        told.append(word("Repost crediting {}", language).format(via[0]))
    return told


def access(source: Source, language: str) -> str:
    """Return when a source was read: `accessed 22 November 2026`; "" where that is unknown."""
    if not (source.accessed and source.accessed.strip()):
        return ""
    return word("accessed {}", language).format(_day(source.accessed, language))


def means(dataset: Dataset, language: str) -> str:
    """Return the dataset as the means of access."""
    return word("Via {} dataset {} ({})", language).format(dataset.name, dataset.version, dataset.as_of)


def outlet(source: Source) -> str:
    """Return the publisher of a source, with the name in its own script where that is not Latin."""
    name, original = source.publisher.name, known([source.publisher.original])
    if not original:
        return name
    # What stands in brackets already is joined by it: (METI, 経済産業省).
    return f"{name[:-1]}, {original[0]})" if name.endswith(")") else f"{name} ({original[0]})"


def is_its_own_author(source: Source) -> bool:
    """Return whether the publisher of a source is its only author: a reference names it once."""
    authors = known(source.authors)
    return len(authors) == 1 and is_publisher(authors[0], source.publisher.name, source.publisher.original)


def is_publisher(author: str, name: str, original: str | None) -> bool:
    """Return whether an author is the publisher of these names."""
    # A name of signs alone has no key.
    return (fold.key(author) or author) in {fold.key(it) or it for it in known([name, original])}


def published(source: Source, language: str) -> str:
    """Return when a source was published, as people write it; what stands for that where it is not known."""
    if not source.published:
        return word("n.d.", language)
    return _dated(source.published, source.basis, language)


def title(source: Source, language: str) -> str:
    """Return the title; in square brackets what stands in for one that was never seen."""
    if seen := known([source.title]):
        return seen[0]
    return f"[{known([source.title_from_url, word('No title seen', language)])[0]}]"


def month(number: int, language: str) -> str:
    """Return the name of a month, from 1."""
    return word(MONTHS, language).split()[number - 1]


def sentences(told: Iterable[str | None]) -> str:
    """Return what is known as sentences, each with its full stop."""
    return " ".join(part if part.endswith((".", "!", "?")) else f"{part}." for part in known(told))


def known(values: Iterable[str | None]) -> list[str]:
    """Return the values that say something."""
    return [value for value in values if value and value.strip()]


def located(claim: Claim, language: str) -> str:
    """Return where in its source a claim stands: `Paragraph 3`, `Table 2`; "" where that is not known."""
    if claim.locator:
        return word(LOCATED[claim.locator.label], language).format(claim.locator.value)
    return word(LOCATED["paragraph"], language).format(claim.paragraph) if claim.paragraph else ""


def mark(claim: Claim, language: str) -> str:
    """Return the same in short, for a table: `¶3`, `Table 2`."""
    return f"¶{claim.paragraph}" if claim.paragraph else located(claim, language)


def web_address(url: str | None) -> str:
    """Return `url` with the characters that no address may hold percent-encoded.

    After that it has no brace, backslash, blank or hidden character, and can stand unescaped in
    BibTeX's `url` and LaTeX's `\\url{}`, which take `%`, `_`, `&`, `#` and `~` as they are.
    """
    return "".join(
        "".join(f"%{byte:02X}" for byte in character.encode("utf-8", "surrogatepass"))
        if character in '{}\\^`|<>"' or character.isspace() or visible(character) != character
        else character
        for character in url or ""
    )


_WITHIN = str.maketrans('"“”', "'‘’")
"""Quotation marks, and what they are within others."""


def _quoted_title(source: Source, language: str) -> str:
    seen = title(source, language)
    return f'"{seen.translate(_WITHIN)}"' if known([source.title]) else seen


def _dated(date: str, basis: str | None, language: str) -> str:
    """Return a date as people write it, marked where it was inferred and not printed."""
    day = _day(date, language)
    return f"{day} ({word('inferred', language)})" if basis == "inferred" else day


def _day(date: str, language: str) -> str:
    """Return `22 February 2018` for `2018-02-22`, shorter for a partial date; what is no date as it is."""
    numbers = parts(date)
    if not numbers:
        return date
    year, months, days = f"{numbers[0]:04}", numbers[1:2], numbers[2:]
    return " ".join([*map(str, days), *(month(number, language) for number in months), year])
