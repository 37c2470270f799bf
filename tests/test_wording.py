"""Whatever the program says to a person, it says in both languages: nothing is missing, and nothing left over."""

from __future__ import annotations

import ast
import errno
import json
import os
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Annotated, Any, get_args, get_origin

import pytest
import samples
from conftest import ROOT
from inside import inside
from samples import changed
from typer.main import get_command

from indotrade.cli import help
from indotrade.cli.app import COMMANDS, HELP, app
from indotrade.cli.line import NAME
from indotrade.dataset import records, vocabulary, words
from indotrade.exchange.spreadsheets import sheets
from indotrade.output import formats
from indotrade.output.html import ASKED, TITLES
from indotrade.query.names import NOUNS
from indotrade.screen.tables import COUNTS
from indotrade.text.choices import either
from indotrade.wording.fields import MEANS
from indotrade.wording.figures import BOUND, CURRENCY
from indotrade.wording.indonesian import SENTENCES
from indotrade.wording.labels import RELATION, STATUS_MEANS, STATUS_REASON
from indotrade.wording.references import LOCATED, MONTHS
from indotrade.wording.sentences import FILLED, LANGUAGES, word

PACKAGE = ROOT / "indotrade"
ALIKE = {
    "sic", "Data", "Status", "Program", "dataset", "program", "gzip", "UTF-16", "HTML", "JSON", "ID", "indotrade: error: {message}",
}  # fmt: skip
"""What is written the same in Indonesian; a term of a trade, a name, or the beginning of a line that programs read."""
LITERALS = {
    name: get_args(getattr(words, name))
    for name in ("Kind", "Status", "Relation", "Strength", "Basis", "SourceType")
}
TERMS = {value.replace("-", " ") for values in LITERALS.values() for value in values}
TAGS = ("sectors", "countries", "programs", "organizations")
COUNTED = [
    f"{{number:,}} {noun}{end}" for noun in ("claim", "source", "fault", "warning") for end in ("", "s")
]


def rules() -> tuple[str, ...]:
    """Return the names of the rules that a dataset can break, wherever the code says that one is broken."""
    place = {"Broken": 1, "_Flaw": 0}
    found = set()
    for file in (PACKAGE / "dataset").glob("*.py"):
        for call in ast.walk(ast.parse(file.read_text("utf-8"))):
            name = getattr(call, "func", None)
            at = place.get(str(getattr(name, "id", "") or getattr(name, "attr", "")))
            if at is not None and isinstance(call, ast.Call) and len(call.args) > at:
                rule = call.args[at]
                found |= {str(rule.value)} if isinstance(rule, ast.Constant) else set()
    return tuple(sorted(found))


RULES = rules()
SPOKEN_OF: dict[str, tuple[str, ...]] = {
    # what a computed sentence can be, by its place in the code
    "cli/completion.py _words_of help": (),  # the help
    "cli/completion.py _words_of param.help or ''": (),
    "cli/completion.py statuses means": tuple(STATUS_MEANS.values()),
    "errors.py reason os.strerror(errno.ENOMEM)": (os.strerror(errno.ENOMEM),),
    "errors.py reason error.strerror": tuple(map(os.strerror, (
        errno.ENOENT, errno.EACCES, errno.EISDIR, errno.ENOTDIR, errno.ENOSPC, errno.EROFS, errno.ENAMETOOLONG, errno.ELOOP,
        errno.EBADF,
    ))),
    "cli/help.py say english": (),  # the help, which the tests below ask for
    "cli/datasets.py _content means": tuple(STATUS_MEANS.values()),
    "cli/datasets.py _put_faults fault.level": ("error", "warning"),
    "cli/datasets.py draw fault.level": ("error", "warning"),
    "cli/look_up.py _tags_by_command naming.NOUNS[kind].one": (),
    "exchange/spreadsheets/delimited.py sheet _WORDS[divider]": ("semicolons", "tabs"),
    "exchange/report.py of_records kind": (*TAGS, "people", "measures", "sources"),
    "exchange/spreadsheets/sheets.py sheets FOREIGN[ending]": tuple(sheets.FOREIGN.values()),
    "dataset/rules.py absent kind": (*TAGS, "people", "measures", "sources"),
    "output/html.py records TITLES[listing.noun]": tuple(TITLES.values()),
    "output/html.py _asked ASKED[name]": tuple(ASKED.values()),
    "screen/card.py claim_facts claim.said.basis or ''": LITERALS["Basis"],
    "screen/card.py claim_facts STATUS_MEANS[claim.status or 'single']": tuple(STATUS_MEANS.values()),
    "screen/card.py reason STATUS_REASON[claim.status or 'single']": tuple(STATUS_REASON.values()),
    "screen/card.py claim_facts kind.capitalize()": tuple(kind.capitalize() for kind in TAGS),
    "screen/card.py _evidence RELATION[relation]": tuple(RELATION.values()),
    "screen/card.py _all_evidence RELATION[relation]": tuple(RELATION.values()),
    "screen/claims.py parts head": ("Claims about it", "Other claims made at it"),
    "screen/tables.py tree noun.capitalize()": tuple(noun.capitalize() for noun in (*TAGS, "speakers", "measures")),
    "screen/tables.py tree COUNTS[name]": tuple(COUNTS.values()),
    "screen/tables.py findings RESULT[finding.result] if finding.of else 'no anchor'": (
        "attested", "partly ({} of {})", "not found", "no anchor",
    ),
    "screen/tables.py faults group.level": ("error", "warning"),
    "screen/tables.py faults group.rule": RULES,
    "wording/fields.py means MEANS[name]": tuple(MEANS.values()),
    "wording/figures.py counted noun if count == 1 else f'{noun}s'": (),  # each call has the noun
    "wording/figures.py bounded BOUND[bound or 'exact']": tuple(BOUND.values()),
    "wording/labels.py term value.replace('-', ' ')": tuple(TERMS),
    "wording/references.py located LOCATED[claim.locator.label]": tuple(LOCATED.values()),
    "wording/references.py located LOCATED['paragraph']": (LOCATED["paragraph"],),
    "wording/references.py month MONTHS": (MONTHS,),
    "wording/sentences.py told message.template": (),
    "wording/sentences.py number_of '{number:,} ' + (one if number == 1 else f'{one}s')": tuple(COUNTED),
}  # fmt: skip
KIND_OF_NAME = {"NOUNS[kind].one", "naming.NOUNS[kind].one", "noun.one"}


def descriptions() -> set[str]:
    """Return what each pattern of the records is called where a value does not fit it."""
    found = set()
    for hint in (vars(records) | vars(vocabulary)).values():
        if get_origin(hint) is Annotated:
            found |= {meta.description for meta in get_args(hint)[1:] if getattr(meta, "description", None)}
    return found


def units() -> set[str]:
    """Return the units of the bundled data's figures that are words."""
    text = (ROOT / "data" / "claims.json").read_text("utf-8")
    return set(re.findall(r'"unit": "([^"]+)"', text)) - set(CURRENCY)


def looped(function: ast.AST, name: str) -> set[str]:
    """Return the strings that a loop over what is written out there gives a name in a function."""
    found: set[str] = set()
    for node in ast.walk(function):
        if isinstance(node, (ast.For, ast.comprehension)) and isinstance(node.iter, (ast.Tuple, ast.List)):
            target, items = node.target, node.iter.elts
            names = target.elts if isinstance(target, ast.Tuple) else [target]
            for place, part in enumerate(names):
                if isinstance(part, ast.Name) and part.id == name:
                    values = [
                        item.elts[place]
                        if isinstance(item, ast.Tuple) and isinstance(target, ast.Tuple)
                        else item
                        for item in items
                    ]
                    found |= {str(value.value) for value in values if isinstance(value, ast.Constant)}
    return found


def own_calls(function: ast.AST) -> Iterator[ast.Call]:
    """Yield the calls in a function but not in one that is within it."""
    for node in ast.iter_child_nodes(function):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            continue
        if isinstance(node, ast.Call):
            yield node
        yield from own_calls(node)


def calls(tree: ast.Module) -> Iterator[tuple[ast.AST, str, ast.Call]]:
    """Yield each call with the function in which it stands, and that one's name."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.Module)):
            for call in own_calls(node):
                yield node, getattr(node, "name", "module"), call


def said_at(path: str, function: ast.AST, name: str, argument: ast.expr) -> set[str]:
    """Return the sentences that a first argument of `Message` or `word` can be."""
    if isinstance(argument, ast.Constant):
        return {str(argument.value)}
    written = ast.unparse(argument)
    place = f"{path} {name} {written}"
    if place in SPOKEN_OF:
        return set(SPOKEN_OF[place])
    if written in KIND_OF_NAME and path.partition("/")[0] in ("cli", "query"):
        return {kind.one for kind in NOUNS.values()}
    if path == "wording/figures.py" and written == "unit":
        return units()
    if written == "description" and path == "dataset/shape.py":
        return descriptions()
    if isinstance(argument, ast.Name) and (found := looped(function, argument.id)):
        return found
    raise AssertionError(f"say in SPOKEN_OF what this can be: {place}")


@cache
def said() -> Mapping[str, str]:
    """Return every sentence that the code says, with the file that says it."""
    found: dict[str, str] = {}
    for file in sorted(PACKAGE.rglob("*.py")):
        path = file.relative_to(PACKAGE).as_posix()
        for function, name, call in calls(ast.parse(file.read_text("utf-8"))):
            if isinstance(call.func, ast.Name) and call.func.id in ("Message", "word") and call.args:
                for sentence in said_at(path, function, name, call.args[0]):
                    found.setdefault(sentence, path)
            if isinstance(call.func, ast.Name) and call.func.id == "counted":
                noun = call.args[1]
                assert isinstance(noun, ast.Constant)
                found |= dict.fromkeys((str(noun.value), str(noun.value) + "s"), path)
    return found


A_NAME = "batik"
"""What stands for a command where a name stands alone."""


def command_of(name: str) -> Any:
    group: Any = get_command(app)
    return group.commands[NAME if name == A_NAME else name] if name else group


def helped(name: str) -> list[str]:
    """Return every sentence of the help of a command, or of the program for ""."""
    command = command_of(name)
    parameters = [param.help for param in command.params if param.help]
    listed = [first_paragraph(command_of(each).help) for each in COMMANDS] if not name else []
    examples = (
        [it.means for it in help.EXAMPLES["name" if name == A_NAME else name]]
        if name
        else [it.means for it in help.FIRST]
    )
    return [clean(command.help), *parameters, *listed, *examples, "Show this message and exit."]


def clean(text: str) -> str:
    import inspect

    return inspect.cleandoc(text)


def first_paragraph(text: str) -> str:
    return clean(text).split("\n\n")[0]


HEADINGS = ("Usage", "Examples", *help.GROUPS, *help.COMMANDS)
ENDS = (
    "`indotrade --help` lists all commands.",
    "`indotrade COMMAND --help` shows the options of a command.",
    "[OPTIONS]",
    "default",
)


def every_sentence() -> dict[str, str]:
    of_help = {
        sentence: f"help of {name or 'the program'}"
        for name in ("", A_NAME, *COMMANDS)
        for sentence in helped(name)
        if sentence not in FILLED
    }
    return {**said(), **of_help, **dict.fromkeys((*HEADINGS, *ENDS), "help")}


def silent(template: str) -> bool:
    """Return whether a template has no letter outside its braces: there is nothing to translate."""
    return not any(character.isalpha() for text, *_ in Formatter().parse(template) for character in text)


# --- the catalogue -------------------------------------------------------------------------------------


def test_every_sentence_has_its_translation() -> None:
    missing = {
        sentence: place
        for sentence, place in every_sentence().items()
        if sentence not in SENTENCES and sentence not in ALIKE and not silent(sentence)
    }
    assert missing == {}


def test_every_sentence_of_the_labels_has_its_translation() -> None:
    labels = {*STATUS_MEANS.values(), *RELATION.values(), *(kind.one for kind in NOUNS.values()), *TERMS}
    labels |= {bound for bound in BOUND.values() if not silent(bound)} | descriptions()
    assert descriptions()
    assert labels - set(SENTENCES) - ALIKE == set()


def test_every_unit_of_the_bundled_data_has_its_translation() -> None:
    assert units() - set(SENTENCES) - ALIKE == set()


def test_nothing_in_the_catalogue_is_left_over() -> None:
    used = {*every_sentence(), *TERMS, *STATUS_MEANS.values(), *RELATION.values(), *descriptions(), *units()}
    assert set(SENTENCES) - used == set()


def test_no_catalogue_lists_all_formats_or_languages_so_that_a_new_one_needs_no_word_in_it() -> None:
    lists = [", ".join(formats.holding(kind)) for kind in get_args(formats.Holds)] + [
        str(either([*LANGUAGES]))
    ]
    assert [sentence for sentence in SENTENCES if any(listed in sentence for listed in lists)] == []


def test_nothing_that_is_listed_as_alike_is_translated_or_left_over() -> None:
    assert ALIKE & set(SENTENCES) == set()
    assert ALIKE - set(every_sentence()) - TERMS == set()


def placeholders(template: str) -> list[str]:
    """Return the fields of a template, each with how it is formatted; those without a name in their order."""
    fields = [
        f"{name}!{conversion}:{spec}"
        for _, name, spec, conversion in Formatter().parse(template)
        if name is not None
    ]
    return sorted(fields)


def test_a_translation_has_the_same_placeholders_and_says_something_else() -> None:
    assert SENTENCES
    for sentence, translation in SENTENCES.items():
        assert placeholders(translation) == placeholders(sentence)
        assert translation != sentence
        assert translation.strip()
        assert translation.endswith("\n") == sentence.endswith("\n")
        assert translation.count("\n") == sentence.count("\n")


# --- help ----------------------------------------------------------------------------------------------


def squeezed(text: str) -> str:
    """Return a text without the blanks that folding changes."""
    return re.sub(r"\s", "", text)


@pytest.mark.parametrize("name", ["", A_NAME, *COMMANDS])
def test_help_in_english_has_its_sentences_and_in_indonesian_none_of_them(name: str) -> None:
    asked = [name] if name else []
    english, indonesian = (
        squeezed(inside(*asked, "--help", "--lang", language).out) for language in ("en", "id")
    )
    for sentence in helped(name):
        assert squeezed(sentence) in english
        assert squeezed(word(sentence, "id")) in indonesian
        assert squeezed(sentence) not in indonesian
    headings = [heading for heading in HEADINGS if f"{squeezed(heading)}:" in english]
    assert {"Usage", "Examples"} < set(headings)
    for heading in set(headings) - ALIKE:
        assert f"{squeezed(SENTENCES[heading])}:" in indonesian
        assert f"{squeezed(heading)}:" not in indonesian


def test_no_word_in_brackets_of_the_help_is_english_in_indonesian() -> None:
    for name in COMMANDS:
        assert not re.findall(r"\[(?:required|default)", inside(name, "--help", "--lang", "id").out), name


def test_the_program_without_a_command_greets_in_either_language() -> None:
    for language, said in (("en", str), ("id", SENTENCES.__getitem__)):
        sentences = [HELP, "Examples", *(it.means for it in help.FIRST), ENDS[0]]
        greeting = squeezed(inside("--lang", language).out)
        for sentence in map(said, sentences):
            assert squeezed(sentence) in greeting


INDONESIAN = SENTENCES["Usage"] + ":"


@pytest.mark.parametrize(
    "line", ["--lang id list --help", "list --lang id --help", "list --help --lang id", "--lang=id list --help", "list --lang=id --help",
             "list --help --lang=id", "--help --lang id", "--lang=id --help", "--lang en list --help --lang id"],
)  # fmt: skip
def test_help_is_in_the_language_that_is_asked_for_wherever_the_option_stands(line: str) -> None:
    ended = inside(*line.split())
    assert (ended.status, ended.err) == (0, "")
    assert INDONESIAN in ended.out


@pytest.mark.parametrize(
    ("environment", "indonesian"),
    [
        ({"INDOTRADE_LANG": "id"}, True),
        ({"LANG": "id_ID.UTF-8"}, True),
        ({"LC_ALL": "id_ID.UTF-8", "LANG": "en_US.UTF-8"}, True),
        ({"LC_MESSAGES": "id_ID", "LANG": "en_US.UTF-8"}, True),
        ({"INDOTRADE_LANG": "en", "LANG": "id_ID.UTF-8"}, False),
        ({"INDOTRADE_LANG": "xx", "LANG": "id_ID.UTF-8"}, True),
        ({"LANG": "ja_JP.UTF-8"}, False),
        ({}, False),
    ],
)
def test_help_is_in_the_language_of_the_environment(environment: dict[str, str], indonesian: bool) -> None:
    for line in ("--help", "show --help"):
        assert (INDONESIAN in inside(*line.split(), **environment).out) == indonesian
    for line in ("--help --lang en", "show --help --lang=en"):
        assert INDONESIAN not in inside(*line.split(), **environment).out


@pytest.mark.parametrize("line", ["--lang xx", "list --lang xx", "list --help --lang=xx", "--lang xx --help", "list --lang=", "--lang id --lang xx"])  # fmt: skip
def test_a_language_that_there_is_not_is_misuse(line: str) -> None:
    ended = inside(*line.split())
    assert (ended.status, ended.out) == (2, "")
    asked = "" if line.endswith("=") else "xx"
    assert ended.err == f'indotrade: error: --lang cannot be "{asked}"; it takes {", ".join(LANGUAGES)}\n'


def test_two_dashes_end_the_search_for_the_language() -> None:
    ended = inside("search", "--", "--lang", "id")
    assert ended.status == 1
    assert '"--lang", "id"' in ended.err
    assert "none of the" in ended.err
    ended = inside("search", "--lang", "id", "--", "--lang", "xx")
    assert ended.status == 1
    assert '"--lang", "xx"' in ended.err
    assert "none of the" not in ended.err


def test_the_option_without_a_value_is_told_as_any_other() -> None:
    ended = inside("list", "--lang")
    assert (ended.status, ended.out) == (2, "")
    assert "--lang needs a value" in ended.err


# --- faults --------------------------------------------------------------------------------------------

FAULTY = changed(
    {
        "claims.0.sectors": ["cloves"],
        "claims.2.paragraph": 0,
        "claims.3.said": 7,
        "claims.4.said.date": "2999",
        "sources.1.basis": "printed",
        "sources.1.url": "ftp://x",
        "dataset.languages": [],
    }
)


def test_faults_of_a_dataset_are_told_in_indonesian(tmp_path: Path) -> None:
    samples.write(tmp_path, FAULTY)
    ended = inside("check", tmp_path, "--lang", "id")
    assert (ended.status, ended.err) == (1, "")
    assert ended.out.splitlines() == [
        'kesalahan: claims.json: crates-sent: sectors[0]: "cloves" tidak ada di daftar sektor; maksud Anda clove?',
        "kesalahan: claims.json: weavers-count: paragraph: 0 kurang dari 1",
        "kesalahan: claims.json: wages-paid: said: seharusnya objek, bukan 7",
        "kesalahan: dataset.json: languages: daftar ini kosong",
        'kesalahan: sources.json: orchard-paper: url: "ftp://x" bukan alamat http atau https',
        "kesalahan: sources.json: orchard-paper: basis: tidak ada tanggal yang diterangkannya",
        'peringatan: claims.json: needs-ferry: said.date: "2999" ada di masa depan',
        "9 klaim, 5 sumber: 6 kesalahan, 1 peringatan",
    ]


def test_faults_for_programs_are_in_the_language_that_is_asked_for_and_not_in_that_of_the_environment(
    tmp_path: Path,
) -> None:
    samples.write(tmp_path, FAULTY)

    def messages(*options: str, **environment: str) -> list[str]:
        answer = json.loads(inside("check", tmp_path, "--json", *options, **environment).out)
        return [fault["message"] for fault in answer["faults"]]

    assert '"cloves" tidak ada di daftar sektor' in messages("--lang", "id")
    assert messages(LANG="id_ID.UTF-8") == messages() != messages("--lang", "id")


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"[", "claims.json: baris 1, kolom 2: di sini seharusnya ada nilai"),
        (b"[] []", "claims.json: baris 1, kolom 4: masih ada isi di sini, sesudah nilainya berakhir"),
        (b"\x1f\x8b", "claims.json: baris 1: bita 0x8b bukan UTF-8 (tampaknya gzip)"),
        (b"<p>", "claims.json: baris 1, kolom 1: di sini seharusnya ada nilai (tampaknya HTML atau XML)"),
        (b"null", "claims.json: seharusnya daftar entri, bukan null"),
        (b"{}", "claims.json: seharusnya daftar entri, bukan objek"),
        (b"", "claims.json: berkas ini kosong"),
    ],
)
def test_a_look_up_refuses_a_faulty_dataset_in_indonesian(tmp_path: Path, data: bytes, told: str) -> None:
    samples.write(tmp_path, samples.sample() | {"claims": data})
    ended = inside("list", "--data", tmp_path, "--lang", "id")
    assert (ended.status, ended.out) == (3, "")
    assert ended.err.splitlines() == [
        f"indotrade: error: dataset {tmp_path} bermasalah: {told}",
        f"petunjuk: `indotrade check {tmp_path}` menampilkan semuanya",
    ]
