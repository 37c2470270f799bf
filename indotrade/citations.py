"""Writes sources and claims as citations: as text in two lengths, as BibTeX, CSL-JSON and RIS."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Literal, get_args

from msgspec import Struct

from indotrade.escape import json_safe, visible
from indotrade.models import Claim, Dataset, Person, Source

Format = Literal["text", "bibtex", "csl-json", "ris"]
FORMATS: tuple[Format, ...] = get_args(Format)

_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", re.ASCII)
_LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "id": "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember",
}
_WORDS = {
    "en": {
        "untitled": "no title seen",
        "undated": "n.d.",
        "inferred": "inferred",
        "authors": "by {}",
        "editor": "edited by {}",
        "and": " and ",
        "paragraph": "Paragraph {}",
        "statement": "Statement of {}, {}",
        "repost": "Repost crediting {}",
        "accessed": "accessed {}",
        "dataset": "Via {} dataset {} ({})",
    },
    "id": {
        "untitled": "judul tidak terlihat",
        "undated": "t.t.",
        "inferred": "disimpulkan",
        "authors": "oleh {}",
        "editor": "disunting oleh {}",
        "and": " dan ",
        "paragraph": "Paragraf {}",
        "statement": "Pernyataan {}, {}",
        "repost": "Unggahan ulang yang menyebut sumber {}",
        "accessed": "diakses {}",
        "dataset": "Melalui dataset {} {} ({})",
    },
}
# No command here holds a brace of its own that could stay open, for BibTeX counts braces behind a
# backslash too; and each is one that pandoc knows (it drops \textbraceleft, \textbar and \textasciigrave).
_LATEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        "<": r"\textless{}",
        ">": r"\textgreater{}",
        "`": r"\textquoteleft{}",
        **{character: "\\" + character for character in "{}$&#_%"},
    }
)


class Citation(Struct, frozen=True):
    """What one entry of a bibliography is written from."""

    key: str
    """The id of the claim or, where a source is cited, of the source."""
    source: Source
    claim: Claim | None
    """None where the source itself is cited."""
    speaker: Person | None
    """Who made the claim; None for the article's own narration."""
    dataset: Dataset
    """The means of access."""


def cite(items: Sequence[Citation], format: Format, language: str) -> str:
    """Return the citations in their order, with no line end after the last.

    `text` is in `language` (`en` or `id`), one citation a line; the other formats are for programs
    and do not depend on it.
    """
    if format == "text":
        return "\n".join(
            full(item.source, language, claim=item.claim, speaker=item.speaker, dataset=item.dataset)
            for item in items
        )
    keyed = list(zip(_unique_keys(item.key for item in items), items, strict=True))
    if format == "csl-json":
        import json  # here, for every table imports this module and few commands write JSON by it

        return json_safe(json.dumps([_csl(key, item) for key, item in keyed], ensure_ascii=False, indent=2))
    write: Callable[[str, Citation], str] = _bibtex if format == "bibtex" else _ris
    return "\n\n".join(write(key, item) for key, item in keyed)


def short(source: Source, language: str) -> str:
    """Return outlet, title and date in one line, for a table."""
    parts = [_outlet(source), _quoted_title(source, language), _published(source, language)]
    return visible(", ".join(_known(parts)))


def full(
    source: Source,
    language: str,
    *,
    claim: Claim | None = None,
    speaker: Person | None = None,
    dataset: Dataset | None = None,
) -> str:
    """Return all that is known of a source in one line, for a list.

    The article and its outlet come first, the dataset as the means of access last; without `dataset`
    that is left out, for lists that name it once at their end. `claim` and `speaker` add the place and
    the voice.
    """
    words = _WORDS[language]
    work = [_quoted_title(source, language), _outlet(source)]
    if authors := _known(source.authors):
        work.append(words["authors"].format(words["and"].join(authors)))
    if editor := _known([source.editor]):
        work.append(words["editor"].format(editor[0]))
    work.append(_published(source, language))
    access = _access(source, language)
    return visible(
        _sentences(
            [
                ", ".join(_known(work)),
                *_place(source, language, claim, speaker),
                " ".join(_known([web_address(source.url), f"({access})" if access else None])),
                source.access_note,
                _means(dataset, language) if dataset else None,
            ]
        )
    )


def _bibtex(key: str, item: Citation) -> str:
    """Return a `@misc` entry, the one type for web pages that plain BibTeX knows too.

    Plain styles print neither `publisher` nor `url` in a `@misc`, so the note has both. The address is
    not put into `howpublished`, which pandoc takes for the publisher.
    """
    source = item.source
    published = _date_parts(source.published)
    address = web_address(source.url)
    authors = _known(source.authors)
    where = [
        _latex(_outlet(source)),
        rf"\url{{{address}}}" if address else None,
        _latex(_access(source, "en")),
    ]
    fields = {
        "author": " and ".join(map(_braced, authors)),
        # Without an author, plain styles sort by this and would warn if it were missing.
        "key": "" if authors else _braced(_outlet(source)),
        "editor": " and ".join(map(_braced, _known([source.editor]))),
        "title": _braced(_title(source, "en")),
        "publisher": _braced(_outlet(source)),
        "year": f"{published[0]:04}" if published else "",
        "month": _month(published[1], "en")[:3].lower() if published[1:] else "",
        "date": _iso(published, "-"),
        "url": address,
        "urldate": _iso(_date_parts(source.accessed), "-"),
        "langid": _language_tag(source),
        "note": _sentences([", ".join(_known(where)), _latex(_note(item))]),
    }
    # A month is one of BibTeX's own macros and therefore stands without braces.
    written = {name: value if name == "month" else f"{{{value}}}" for name, value in fields.items() if value}
    lines = [f"  {name} = {value}," for name, value in written.items()]
    return "\n".join([f"@misc{{{key},", *lines, "}"])


def _csl(key: str, item: Citation) -> dict[str, object]:
    """Return an item of CSL-JSON: the text as it is, for JSON can carry it all.

    `container-title` would repeat the publisher in most styles. Items have no locator, so the
    paragraph is in the note. There `{:` is parted, for citeproc takes `{:name: value}` for a field.
    """
    source = item.source
    published, accessed = _date_parts(source.published), _date_parts(source.accessed)
    fields: dict[str, object] = {
        "id": key,
        "type": "webpage",
        "title": _title(source, "en"),
        "author": [{"literal": name} for name in _known(source.authors)],
        "editor": [{"literal": name} for name in _known([source.editor])],
        "publisher": _outlet(source),
        "issued": {"date-parts": [published]} if published else None,
        "accessed": {"date-parts": [accessed]} if accessed else None,
        "URL": source.url,
        "language": _language_tag(source),
        "note": _note(item).replace("{:", "{ :"),
    }
    return {name: value for name, value in fields.items() if value and str(value).strip()}


def _ris(key: str, item: Citation) -> str:
    """Return a RIS record of a web page (`ELEC`), one line a field.

    The outlet stands in `PB`, its place in the specification, and in `T2`, where Zotero looks for the
    name of a web site. A semicolon parts two addresses in `UR`, so one inside an address is encoded.
    """
    source = item.source
    published = _date_parts(source.published)
    fields = [
        ("TY", "ELEC"),
        ("ID", key),
        *(("AU", name) for name in _known(source.authors)),
        *(("ED", name) for name in _known([source.editor])),
        ("TI", _title(source, "en")),
        ("T2", _outlet(source)),
        ("PB", _outlet(source)),
        ("PY", f"{published[0]:04}" if published else ""),
        ("DA", _iso(published, "/")),
        ("UR", web_address(source.url).replace(";", "%3B")),
        ("Y2", _iso(_date_parts(source.accessed), "/")),
        ("LA", _language_tag(source)),
        ("N1", _note(item)),
    ]
    return "\n".join([*(f"{tag}  - {visible(value)}" for tag, value in fields if value.strip()), "ER  - "])


def _note(item: Citation) -> str:
    """Return what the formats for programs have no field for, in English."""
    source = item.source
    inferred = bool(_date_parts(source.published)) and source.basis == "inferred"
    return _sentences(
        [
            *_place(source, "en", item.claim, item.speaker),
            "Publication date inferred" if inferred else None,
            source.access_note,
            _means(item.dataset, "en"),
        ]
    )


def _place(source: Source, language: str, claim: Claim | None, speaker: Person | None) -> list[str]:
    """Return where in the source a claim stands, who made it, and from where the source has it."""
    words, place = _WORDS[language], []
    if claim:
        place.append(words["paragraph"].format(claim.paragraph))
    if claim and speaker:
        name = speaker.label.id if language == "id" else speaker.label.en
        said = _dated(claim.said.date, claim.said.basis, language)
        place.append(words["statement"].format(name, said))
    if via := _known([source.via]):
        place.append(words["repost"].format(via[0]))
    return place


def _access(source: Source, language: str) -> str:
    if not source.accessed.strip():
        return ""
    return _WORDS[language]["accessed"].format(_day(source.accessed, language))


def _means(dataset: Dataset, language: str) -> str:
    return _WORDS[language]["dataset"].format(dataset.name, dataset.version, dataset.as_of)


def _outlet(source: Source) -> str:
    original = _known([source.publisher.original])
    return f"{source.publisher.name} ({original[0]})" if original else source.publisher.name


def _title(source: Source, language: str) -> str:
    """Return the title; in square brackets what stands in for one that was never seen."""
    if title := _known([source.title]):
        return title[0]
    stand_in = _known([source.title_from_url, _WORDS[language]["untitled"]])
    return f"[{stand_in[0]}]"


def _quoted_title(source: Source, language: str) -> str:
    title = _title(source, language)
    return f'"{title}"' if _known([source.title]) else title


def _published(source: Source, language: str) -> str:
    if not source.published:
        return _WORDS[language]["undated"]
    return _dated(source.published, source.basis, language)


def _dated(date: str, basis: str | None, language: str) -> str:
    """Return a date as people write it, marked where it was inferred and not printed."""
    day = _day(date, language)
    return f"{day} ({_WORDS[language]['inferred']})" if basis == "inferred" else day


def _day(date: str, language: str) -> str:
    """Return `22 February 2018` for `2018-02-22`, shorter for a partial date; what is no date as it is."""
    parts = _date_parts(date)
    if not parts:
        return date
    year, month, day = f"{parts[0]:04}", parts[1:2], parts[2:]
    return " ".join([*map(str, day), *(_month(number, language) for number in month), year])


def _month(number: int, language: str) -> str:
    return _MONTHS[language].split()[number - 1]


def _date_parts(date: str | None) -> list[int]:
    """Return year, month and day, as many as are known; none where `date` is none."""
    match = _DATE.fullmatch(date or "")
    parts = [int(part) for part in match.groups() if part] if match else []
    in_range = all(1 <= part <= most for part, most in zip(parts, (9999, 12, 31), strict=False))
    return parts if in_range else []


def _iso(parts: Iterable[int], separator: str) -> str:
    return separator.join(f"{part:04}" if place == 0 else f"{part:02}" for place, part in enumerate(parts))


def _known(values: Iterable[str | None]) -> list[str]:
    """Return the values that say something."""
    return [value for value in values if value and value.strip()]


def _language_tag(source: Source) -> str:
    return source.language if _LANGUAGE_TAG.fullmatch(source.language) else ""


def _sentences(parts: Iterable[str | None]) -> str:
    return " ".join(part if part.endswith((".", "!", "?")) else f"{part}." for part in _known(parts))


def web_address(url: str) -> str:
    """Return `url` with the characters that no address may hold percent-encoded.

    After that it has no brace, backslash, blank or hidden character, and can stand unescaped in
    BibTeX's `url` and LaTeX's `\\url{}`, which take `%`, `_`, `&`, `#` and `~` as they are.
    """
    return "".join(
        "".join(f"%{byte:02X}" for byte in character.encode("utf-8", "surrogatepass"))
        if character in '{}\\^`|<>"' or character.isspace() or visible(character) != character
        else character
        for character in url
    )


def _latex(text: str) -> str:
    """Return `text` for a BibTeX field: every character printed, braces in balance, no ligature made.

    Where the braces of the text itself are not in balance they are shown as `\\x7b` and `\\x7d`:
    BibTeX has no way to quote them.
    """
    text = visible(text)
    depth = 0
    for brace in re.findall("[{}]", text):
        depth += 1 if brace == "{" else -1
        if depth < 0:
            break
    if depth:
        text = text.replace("{", r"\x7b").replace("}", r"\x7d")
    return re.sub(r"([-'])(?=\1)", r"\1{}", text.translate(_LATEX))


def _braced(text: str) -> str:
    """Return `text`, if there is any, in braces of its own.

    In them neither the case nor, in a name, the order of the parts is changed. BibTeX takes a brace
    followed by a command for an accented letter, hence the empty group.
    """
    if not text.strip():
        return ""
    text = _latex(text)
    return f"{{{{}}{text}}}" if text.startswith("\\") else f"{{{text}}}"


def _unique_keys(keys: Iterable[str]) -> list[str]:
    """Return the keys as every format can hold them, each once: BibTeX takes `A` and `a` for the same."""
    taken: set[str] = set()
    unique = []
    for key in keys:
        plain = re.sub(r"[^A-Za-z0-9._-]", "-", key) or "citation"
        candidate, number = plain, 1
        while candidate.lower() in taken:
            number += 1
            candidate = f"{plain}-{number}"
        taken.add(candidate.lower())
        unique.append(candidate)
    return unique
