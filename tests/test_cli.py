"""Each promise of the command line: what it exits with, what it prints, and on which stream."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import samples
from conftest import Ended, Run
from inside import inside

from indotrade import stream
from indotrade.engine.sqlite import SqliteEngine
from indotrade.output.formats import holding

Ask = Callable[..., Ended]


@pytest.fixture(scope="module")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return samples.write(tmp_path_factory.mktemp("harbour"), samples.sample())


@pytest.fixture(scope="module")
def ask(harbour: Path) -> Ask:
    """Run a command line over the sample: `ask("list --kind figure")`, or a list of arguments."""

    def ask(arguments: str | list[str], **more: str) -> Ended:
        given = arguments.split() if isinstance(arguments, str) else arguments
        return inside(*given, **{"INDOTRADE_DATA": str(harbour)} | more)

    return ask


def ids(ended: Ended) -> list[str]:
    """Return the ids of the claims of a JSON answer."""
    return [claim["id"] for claim in json.loads(ended.out)["claims"]]


def only_error(ended: Ended, status: int, *lines: str) -> None:
    """Assert that nothing was answered, and that standard error has these lines and no other."""
    assert (ended.status, ended.out, ended.err.splitlines()) == (status, "", list(lines))


# --- found ------------------------------------------------------------------------------------------

FOUND = {
    # names: an id, a code, any language, an alias, the only entry with the words
    "sector clove": ["crates-sent", "only-clove-port"],
    "sector cengkih": ["crates-sent", "only-clove-port"],
    "sector クローブ": ["crates-sent", "only-clove-port"],
    "sector spices": ["crates-sent", "only-clove-port", "nutmeg-plan"],
    "sector HAND-WEAVING": ["weavers-count", "looms-visited"],
    "sector hand weaving": ["weavers-count", "looms-visited"],
    "sector hand_weaving": ["weavers-count", "looms-visited"],
    "sector tenun tangan": ["weavers-count", "looms-visited"],
    "sector tangan": ["weavers-count", "looms-visited"],
    "sector clove nutmeg": ["crates-sent", "only-clove-port", "nutmeg-plan"],
    "sector clove weaving": ["crates-sent", "only-clove-port", "weavers-count", "looms-visited"],
    "country JP": ["crates-sent", "cold-store-forecast", "nutmeg-plan", "looms-visited"],
    "country jpn": ["crates-sent", "cold-store-forecast", "nutmeg-plan", "looms-visited"],
    "country nippon": ["crates-sent", "cold-store-forecast", "nutmeg-plan", "looms-visited"],
    "country ＪＡＰＡＮ": ["crates-sent", "cold-store-forecast", "nutmeg-plan", "looms-visited"],
    "country 日本": ["crates-sent", "cold-store-forecast", "nutmeg-plan", "looms-visited"],
    "country JP-25": ["cold-store-forecast"],
    "country ri": ["crates-sent", "only-clove-port", "needs-ferry", "nutmeg-plan"],
    "program harbour fair": ["crates-sent", "wages-paid"],
    "program fair": ["crates-sent", "wages-paid"],
    "program loom": ["nutmeg-plan", "looms-visited"],
    # filters, each by itself
    "list": samples.IDS,
    "list --sector weaving": ["weavers-count", "looms-visited"],
    "list --country nagahama": ["cold-store-forecast"],
    "list --program loom-visit": ["nutmeg-plan", "looms-visited"],
    "list --organization cooperative": ["crates-sent", "weavers-count", "wages-paid"],
    "list --organization younger": ["crates-sent", "wages-paid"],
    "list --speaker buyer": ["wages-paid", "nutmeg-plan", "more-buyers-hoped"],
    "list --speaker narration": ["only-clove-port", "weavers-count", "cold-store-forecast", "looms-visited"],
    "list --speaker Narasi": ["only-clove-port", "weavers-count", "cold-store-forecast", "looms-visited"],
    "list --source orchard-paper": [
        "cold-store-forecast",
        "nutmeg-plan",
        "looms-visited",
        "more-buyers-hoped",
    ],
    "list --kind need": ["needs-ferry"],
    "list --status disputed": ["only-clove-port"],
    "list --at harbour-fair": ["crates-sent", "wages-paid"],
    "list --from indonesia": ["crates-sent", "nutmeg-plan"],
    "list --from sukamaju": ["crates-sent"],
    "list --from world": ["needs-ferry"],
    "list --from dunia": ["needs-ferry"],
    "list --to japan": ["crates-sent", "nutmeg-plan"],
    "list --to RI": ["needs-ferry"],
    "list --has-figure": ["crates-sent", "weavers-count", "wages-paid", "cold-store-forecast"],
    # partial dates, by overlap: said in 2023, 2023-11, 2023-11-20 (two), 2024-04-30, 2024-05, 2024-05-02 (three)
    "list --until 2023": ["cold-store-forecast", "nutmeg-plan", "looms-visited", "more-buyers-hoped"],
    "list --until 2023-06": ["cold-store-forecast"],
    "list --until 2023-11-01": ["cold-store-forecast", "nutmeg-plan"],
    "list --since 2023-11-21 --until 2024-04-30": ["wages-paid", "cold-store-forecast", "nutmeg-plan"],
    "list --since 2024-05-03": ["weavers-count"],
    "list --until 9999-12": samples.IDS,
    "list --since 2024-05": ["crates-sent", "only-clove-port", "weavers-count", "needs-ferry"],
    "list --since 2024-05 --until 2024-05-01": ["weavers-count"],
    "list --since 2024-05-02 --until 2024-05": [
        "crates-sent",
        "only-clove-port",
        "weavers-count",
        "needs-ferry",
    ],
    # one repeated means or, different ones mean and; a command's name adds to its option
    "list --kind need --kind plan": ["needs-ferry", "nutmeg-plan"],
    "list --kind figure --speaker narration": ["weavers-count"],
    "list --kind figure --kind event --sector weaving": ["weavers-count", "looms-visited"],
    "sector clove --sector weaving": ["crates-sent", "only-clove-port", "weavers-count", "looms-visited"],
    "sector clove --country japan": ["crates-sent"],
    "sector weaving clove --since 2024 --has-figure": ["crates-sent", "weavers-count"],
    "program fair --speaker harbour-master --status corroborated": ["crates-sent"],
    # order: nulls last both ways, ties in the order of answers
    "list -n 2": samples.IDS[:2],
    "list -n 0": [],
    "list --limit 100": samples.IDS,
    "list --sort id -n 3": ["cold-store-forecast", "crates-sent", "looms-visited"],
    "list --sort -id -n 3": ["weavers-count", "wages-paid", "only-clove-port"],
    "list --sort value -n 5": [
        "wages-paid",
        "weavers-count",
        "crates-sent",
        "cold-store-forecast",
        "only-clove-port",
    ],
    "list --sort -value -n 5": [
        "cold-store-forecast",
        "crates-sent",
        "weavers-count",
        "wages-paid",
        "only-clove-port",
    ],
    "list --sort said -n 4": [
        "cold-store-forecast",
        "nutmeg-plan",
        "looms-visited",
        "more-buyers-hoped",
    ],
    "list --sort=-said -n 4": ["crates-sent", "only-clove-port", "needs-ferry", "weavers-count"],
    "list --sort paragraph": [
        "crates-sent",
        "only-clove-port",
        "cold-store-forecast",
        "weavers-count",
        "nutmeg-plan",
        "wages-paid",
        "looms-visited",
        "more-buyers-hoped",
        "needs-ferry",
    ],
    "list --sort -paragraph -n 2": ["needs-ferry", "wages-paid"],
    # search: all words, as substrings, in texts, names, notes and evidence; those in statements first
    "search crates": ["crates-sent"],
    "search PELABUHAN": ["crates-sent", "only-clove-port", "needs-ferry", "wages-paid"],
    "search PELABUHAN --sort paragraph": ["crates-sent", "only-clove-port", "wages-paid", "needs-ferry"],
    "search clov": ["crates-sent", "only-clove-port"],
    "search 日本": ["crates-sent", "cold-store-forecast", "nutmeg-plan", "looms-visited"],
    "search ナツ": ["nutmeg-plan"],
    "search buyer looms": ["looms-visited"],
    "search looms buyer": ["looms-visited"],
    "search hope 50%": ["more-buyers-hoped"],
    "search customs": ["crates-sent", "cold-store-forecast"],
    "search 641": ["crates-sent"],
    "search ferry --kind need": ["needs-ferry"],
    # several ids
    "show nutmeg-plan crates-sent": ["nutmeg-plan", "crates-sent"],
    "show wages-paid wages-paid": ["wages-paid"],
}


@pytest.mark.parametrize("line", FOUND)
def test_claims_are_found_in_their_order_with_status_0_and_a_silent_standard_error(
    ask: Ask, line: str
) -> None:
    ended = ask(f"{line} --json")
    assert (ended.status, ids(ended), ended.err) == (0, FOUND[line], "")


def test_a_quoted_argument_of_search_is_one_phrase(ask: Ask) -> None:
    assert ids(ask(["search", "visited the looms", "--json"])) == ["looms-visited"]
    only_error(
        ask(["search", "looms the visited"]),
        1,
        'indotrade: error: none of the 9 claims looked through matches "looms the visited"',
        "hint: these words stand in 1 claim, but not as one phrase: `indotrade search looms the visited`",
    )


@pytest.mark.parametrize(
    "word",
    [
        "non-existing",
        '"crates"',
        "*",
        "cra*",
        "crates AND sent",
        "crates OR ferry",
        "NEAR(crates sent)",
        "statement:crates",
        "^crates",
        "-crates",
        "((",
        "crates_sent",
        "%crates",
        "' OR 1=1 --",
        "]",
    ],
)
def test_an_operator_in_a_search_is_looked_for_as_it_stands(ask: Ask, word: str) -> None:
    only_error(
        ask(["search", "--", word]),
        1,
        f'indotrade: error: none of the 9 claims looked through matches "{word}"',
        "hint: that a claim is absent here is no evidence that it was never made",
    )


@pytest.mark.parametrize(
    ("word", "found"),
    [("50%", "more-buyers-hoped"), ("|buyers|", "more-buyers-hoped"), ('"2.5 dol', "wages-paid")],
)
def test_an_operator_that_a_text_holds_is_found(ask: Ask, word: str, found: str) -> None:
    assert ids(ask(["search", word, "--json"])) == [found]


def test_words_that_look_like_options_are_searched_for_behind_two_hyphens(ask: Ask) -> None:
    ended = ask(["search", "--", "--format"])
    assert (ended.status, ended.out) == (1, "")
    assert ended.err.startswith('indotrade: error: none of the 9 claims looked through matches "--format"\n')


# --- the answer is no -------------------------------------------------------------------------------

NO = {
    "sector clve": [
        'no sector is called "clve"; did you mean clove?',
        "hint: `indotrade sector clove`",
    ],
    "country japn": [
        'no country is called "japn"; did you mean japan?',
        "hint: `indotrade country japan`",
    ],
    "program zzz": [
        'no program is called "zzz"; there are harbour-fair, loom-visit',
        "hint: `indotrade program` lists what there is",
    ],
    "sector hand": [
        '"hand" may be more than one sector: hand-pottery, weaving',
        "hint: name one of them: `indotrade sector hand-pottery` or `indotrade sector weaving`",
    ],
    "list --organization koperas": [
        'no organization is called "koperas"; did you mean cooperative or younger-cooperative?',
        "hint: `indotrade list --organization cooperative` or `indotrade list --organization younger-cooperative`",
    ],
    "list --speaker nobody": [
        'no speaker is called "nobody"; there are harbour-master, buyer, narration',
        "hint: `indotrade speaker` lists what there is",
    ],
    "list --source harbour-nws": [
        'no source is called "harbour-nws"; did you mean harbour-news?',
        "hint: `indotrade list --source harbour-news`",
    ],
    "list --at lom-visit": [
        'no program is called "lom-visit"; did you mean loom-visit?',
        "hint: `indotrade list --at loom-visit`",
    ],
    "list --from mars": [
        'no country is called "mars"; did you mean morocco?',
        "hint: `indotrade list --from morocco`",
    ],
    "show crate-sent": [
        'no claim is called "crate-sent"; did you mean crates-sent?',
        "hint: `indotrade show crates-sent`",
    ],
    "show ../../etc/passwd": [
        'no claim is called "../../etc/passwd"',
        "hint: `indotrade list --fields id,statement` lists what there is",
    ],
    "cite @claims.json": [
        'no claim or source is called "@claims.json"',
        "hint: `indotrade list --fields id,source,statement` lists what there is",
    ],
    "source nowhere": [
        'no source is called "nowhere"',
        "hint: `indotrade source` lists what there is",
    ],
    "sector hand-pottery": [
        "none of the 9 claims looked through matches --sector hand-pottery",
        "hint: that a claim is absent here is no evidence that it was never made",
    ],
    "sector clove --kind plan --kind need --status single": [
        "none of the 9 claims looked through matches --sector clove, --kind plan or need, --status single",
        "hint: that a claim is absent here is no evidence that it was never made",
    ],
    "list --source customs-table": [
        "none of the 9 claims looked through matches --source customs-table",
        "hint: it is evidence: `indotrade source customs-table` shows on which claims it bears",
    ],
    "list --since 2025": [
        "none of the 9 claims looked through matches --since 2025",
        "hint: that a claim is absent here is no evidence that it was never made",
    ],
}


@pytest.mark.parametrize("line", NO)
def test_where_the_answer_is_no_the_status_is_1_and_standard_error_says_what_to_do(
    ask: Ask, line: str
) -> None:
    first, *rest = NO[line]
    only_error(ask(line), 1, f"indotrade: error: {first}", *rest)


@pytest.mark.parametrize("format", ["table", "json", "ndjson", "csv", "tsv", "markdown", "html"])
@pytest.mark.parametrize("line", ["sector clve", "show crate-sent", "source nowhere", "list --speaker zz"])
def test_an_unknown_name_leaves_standard_output_empty_in_every_format(
    ask: Ask, line: str, format: str
) -> None:
    ended = ask(f"{line} -f {format}")
    assert (ended.status, ended.out) == (1, "")
    assert ended.err.startswith("indotrade: error: no ")


NOTHING_FOUND = {
    "table": "",
    "ndjson": "",
    "csv": "id,kind\n",
    "csv --no-header": "",
    "tsv": "id\tkind\n",
    "markdown": "| id | kind |\n| --- | --- |\n",
}


@pytest.mark.parametrize("format", NOTHING_FOUND)
@pytest.mark.parametrize(("extra", "status"), [("", 1), ("--allow-empty", 0)])
def test_no_claim_prints_the_header_alone_and_allow_empty_makes_it_0(
    ask: Ask, format: str, extra: str, status: int
) -> None:
    ended = ask(f"sector hand-pottery --fields id,kind -f {format} {extra}")
    assert (ended.status, ended.out) == (status, NOTHING_FOUND[format])
    assert ended.err.startswith("indotrade: error: none of the 9 claims") is (status == 1)
    assert (ended.err == "") is (status == 0)


@pytest.mark.parametrize(("extra", "status"), [("", 1), ("--allow-empty", 0)])
def test_no_claim_prints_a_json_object_with_an_empty_list(ask: Ask, extra: str, status: int) -> None:
    ended = ask(f"sector hand-pottery --kind need --json {extra}")
    answer = json.loads(ended.out)
    assert ended.status == status
    assert answer["query"] == {"sector": ["hand-pottery"], "kind": ["need"]}
    assert (answer["count"], answer["total"], answer["claims"], answer["sources"]) == (0, 0, [], {})


def test_allow_empty_does_not_excuse_an_unknown_name(ask: Ask) -> None:
    ended = ask("sector clve --allow-empty")
    assert (ended.status, ended.out) == (1, "")
    assert 'no sector is called "clve"' in ended.err


@pytest.mark.parametrize("command", ["show", "cite", "source"])
def test_of_several_ids_the_known_ones_are_printed_the_unknown_ones_told_and_the_status_is_1(
    ask: Ask, command: str
) -> None:
    known = "harbour-news" if command == "source" else "needs-ferry"
    ended = ask(f"{command} nope {known} nada")
    alone = ask(f"{command} {known}")
    noun = {"source": "source", "show": "claim", "cite": "claim or source"}[command]
    assert ended.status == 1
    assert ended.out == alone.out != ""
    assert [line for line in ended.err.splitlines() if "error" in line] == [
        f'indotrade: error: no {noun} is called "nope"',
        f'indotrade: error: no {noun} is called "nada"',
    ]


def test_known_ids_among_unknown_ones_are_in_json_too(ask: Ask) -> None:
    ended = ask("show nope needs-ferry --json")
    assert (ended.status, ids(ended)) == (1, ["needs-ferry"])


# --- usage ------------------------------------------------------------------------------------------

USAGE = {
    "list --since 2024-13": '--since "2024-13" is no date; expected YYYY, YYYY-MM or YYYY-MM-DD',
    "list --since 2024-02-30": '--since "2024-02-30" is no date; expected YYYY, YYYY-MM or YYYY-MM-DD',
    "list --until yesterday": '--until "yesterday" is no date; expected YYYY, YYYY-MM or YYYY-MM-DD',
    "list --until 20240501": '--until "20240501" is no date; expected YYYY, YYYY-MM or YYYY-MM-DD',
    "list --since 2024-W07": '--since "2024-W07" is no date; expected YYYY, YYYY-MM or YYYY-MM-DD',
    "list --since ٢٠٢٤": '--since "٢٠٢٤" is no date; expected YYYY, YYYY-MM or YYYY-MM-DD',
    "list --since 0000": '--since "0000" is no date; expected YYYY, YYYY-MM or YYYY-MM-DD',
    "list --since 2024 --until 2023": "--since 2024 is after --until 2023",
    "list --since 2024-05-02 --until 2024-05-01": "--since 2024-05-02 is after --until 2024-05-01",
    "list --json -f csv": "--json and --format csv cannot both be",
    "list -f table --json": "--json and --format table cannot both be",
    "list -f xml": f'--format cannot be "xml"; it takes {", ".join(holding("claims"))}',
    "list -f jsn": '--format cannot be "jsn"; did you mean json?',
    "list --kind figures": '--kind cannot be "figures"; did you mean figure?',
    "list --kind xyz": (
        '--kind cannot be "xyz"; it takes figure, forecast, event, plan, need, opinion, description'
    ),
    "list --status dispute": '--status cannot be "dispute"; did you mean disputed?',
    "list --sort vale": '--sort cannot be "vale"; did you mean value?',
    "list --fields id,kin": 'no field is called "kin"; did you mean kind?',
    "list --fields ,": "--fields names no field",
    "list --json --fields publisher": 'no field is called "publisher"',
    "list --lang fr": '--lang cannot be "fr"; it takes en, id',
    "list --color sometimes": '--color cannot be "sometimes"; it takes auto, always, never',
    "list -n -1": "--limit takes a number from 0 on, not -1",
    "list -n two": "--limit takes a whole number, not two",
    "list --width 0": "--width takes a number from 1 on, not 0",
    "list --nonsense": "no such option: --nonsense",
    "list --kind need --version": "option --version goes with no command",
    "list more": "got unexpected extra arguments: more",
    "lst": "no such command 'lst'",
    "show": "missing argument 'ID...|-'",
    "search": "missing argument 'WORDS...'",
    "cite needs-ferry --format endnote": '--format cannot be "endnote"; it takes text, bibtex, biblatex, csl-json, ris',
    "info --json -f csv": "--json and --format csv cannot both be",
    "check --json -f csv": "--json and --format csv cannot both be",
    "source --json -f csv": "--json and --format csv cannot both be",
    "sector --json -f csv": "--json and --format csv cannot both be",
    "show needs-ferry -f cvs": f'--format cannot be "cvs"; it takes {", ".join(holding("claims"))}',
}


@pytest.mark.parametrize("line", USAGE)
def test_misuse_is_told_with_status_2_and_nothing_on_standard_output(ask: Ask, line: str) -> None:
    ended = ask(line)
    assert (ended.status, ended.out) == (2, "")
    first, *hints = ended.err.splitlines()
    assert first.rstrip(".").startswith(f"indotrade: error: {USAGE[line]}")
    assert len(hints) <= 1
    assert all(hint.startswith("hint: ") for hint in hints)


@pytest.mark.parametrize(
    "arguments",
    [
        ["sector", ""],
        ["sector", "  "],
        ["country", "japan", ""],
        ["list", "--sector", ""],
        ["list", "--speaker", " "],
        ["list", "--source", ""],
        ["list", "--kind", ""],
        ["list", "--since", ""],
        ["list", "--fields", ""],
        ["list", "--lang", ""],
        ["list", "--format", ""],
        ["list", "--sort", ""],
        ["list", "--data", ""],
        ["info", "--data", ""],
        ["check", ""],
        ["check", "--data", ""],
        ["init", ""],
        ["search", ""],
        ["search", "crates", " "],
        ["show", ""],
        ["source", ""],
        ["cite", ""],
        ["cite", "needs-ferry", "-f", ""],
        ["verify", ""],
    ],
)
def test_an_empty_word_is_never_everything(ask: Ask, arguments: list[str]) -> None:
    ended = ask(arguments)
    assert ended.status in (1, 2, 3)
    assert ended.out == ""
    assert ended.err.startswith("indotrade: error: ")


def test_an_empty_variable_counts_as_unset(ask: Ask) -> None:
    ended = ask("--version", INDOTRADE_DATA="")
    assert ended.status == 0
    assert "(indotrade data " in ended.out


def test_the_option_data_beats_the_variable(ask: Ask, harbour: Path) -> None:
    assert json.loads(ask("list --json").out)["dataset"]["name"] == "harbour"
    beaten = ask(["list", "--json", "--data", str(harbour)], INDOTRADE_DATA="/nowhere")
    assert (beaten.status, json.loads(beaten.out)["dataset"]["name"]) == (0, "harbour")
    assert ask("list", INDOTRADE_DATA="/nowhere").status == 3


# --- fields -----------------------------------------------------------------------------------------


def test_fields_help_lists_the_names_that_fields_takes(ask: Ask) -> None:
    for line in ("list --fields help", "sector clove --fields help", "search x --fields help"):
        ended = ask(line)
        names = ended.out.split()
        assert (ended.status, ended.err) == (0, "")
        assert len(names) > 25
        taken = ask(f"list -n 1 -f csv --fields {','.join(names)}")
        assert (taken.status, taken.out.splitlines()[0]) == (0, ",".join(names))


@pytest.mark.parametrize("lang", ["en", "id"])
def test_fields_help_says_on_a_terminal_what_each_field_means(ask: Ask, lang: str) -> None:
    for line in (*FIELDS_THAT_ARE_TAKEN, "measure clove-crates", "verify x", "info", "check --anchors x"):
        names = ask(f"{line} --fields help").out.splitlines()
        explained = ask(f"{line} --fields help --width 300 --lang {lang}").out.splitlines()
        assert [text.split()[0] for text in explained] == names
        assert all(len(text.split()) > 1 for text in explained)


def test_fields_help_of_json_lists_the_keys_of_a_record(ask: Ask) -> None:
    names = ask("list --json --fields help").out.split()
    assert names == list(samples.sample()["claims"][0])


def test_fields_choose_and_order_the_columns(ask: Ask) -> None:
    assert ask("list -n 2 -f csv --fields value,id").out == "value,id\n640,crates-sent\n,only-clove-port\n"
    assert ask("list -n 1 -f tsv --fields id,flow_to,flow_from,supports,conflicts --no-header").out == (
        "crates-sent\tjapan\tsukamaju\t1\t0\n"
    )
    kept = json.loads(ask("list -n 1 --json --fields status,id").out)["claims"]
    assert [list(claim.items()) for claim in kept] == [[("status", "corroborated"), ("id", "crates-sent")]]


# --- standard input ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "given",
    [
        "needs-ferry\nnutmeg-plan\n",
        "id\nneeds-ferry\nnutmeg-plan",
        "\n\nid\n\n  needs-ferry \n\nnutmeg-plan\n\n",
        "\ufeffid\r\nneeds-ferry\r\nnutmeg-plan\r\n",
        "needs-ferry\nneeds-ferry\nnutmeg-plan\n",
    ],
    ids=["plain", "header", "blank lines", "BOM and CRLF", "twice"],
)
def test_a_hyphen_reads_one_id_a_line(ask: Ask, given: str) -> None:
    ended = ask("show - --json", stdin=given)
    assert (ended.status, ids(ended)) == (0, ["needs-ferry", "nutmeg-plan"])
    assert ask("cite -", stdin=given) == ask("cite needs-ferry nutmeg-plan")


def test_unknown_lines_are_told_and_known_ones_printed(ask: Ask) -> None:
    ended = ask("show - --json", stdin="nope\nneeds-ferry\n")
    assert (ended.status, ids(ended)) == (1, ["needs-ferry"])
    assert 'no claim is called "nope"' in ended.err


def test_an_id_that_is_called_id_is_skipped_in_the_first_line_only(ask: Ask) -> None:
    ended = ask("show - --json", stdin="needs-ferry\nid\n")
    assert (ended.status, ids(ended)) == (1, ["needs-ferry"])
    assert 'no claim is called "id"' in ended.err


@pytest.mark.parametrize("command", ["show", "cite", "source"])
def test_standard_input_without_an_id_is_no_answer(ask: Ask, command: str) -> None:
    only_error(ask(f"{command} -", stdin="id\n\n"), 1, "indotrade: error: standard input holds no id")


def test_source_reads_its_ids_from_standard_input(ask: Ask) -> None:
    ended = ask("source - --json", stdin="id\nrival-gazette\n")
    assert (ended.status, [record["id"] for record in json.loads(ended.out)["sources"]]) == (
        0,
        ["rival-gazette"],
    )


# --- language ---------------------------------------------------------------------------------------

ENGLISH, INDONESIAN = "The harbour needs a ferry.", "Pelabuhan memerlukan feri."


@pytest.mark.parametrize(
    ("options", "environment", "expected"),
    [
        ("", {}, ENGLISH),
        ("", {"LANG": "id_ID.UTF-8"}, INDONESIAN),
        ("", {"LANG": "id"}, INDONESIAN),
        ("", {"LC_MESSAGES": "id_ID"}, INDONESIAN),
        ("", {"LC_ALL": "id_ID.UTF-8"}, INDONESIAN),
        ("", {"LC_ALL": "C", "LANG": "id_ID.UTF-8"}, ENGLISH),
        ("", {"LC_MESSAGES": "en_GB", "LANG": "id_ID.UTF-8"}, ENGLISH),
        ("", {"LC_ALL": "", "LANG": "id_ID.UTF-8"}, INDONESIAN),
        ("", {"INDOTRADE_LANG": "id"}, INDONESIAN),
        ("", {"INDOTRADE_LANG": "en", "LANG": "id_ID.UTF-8"}, ENGLISH),
        ("", {"INDOTRADE_LANG": "", "LANG": "id_ID.UTF-8"}, INDONESIAN),
        ("--lang id", {"INDOTRADE_LANG": "en"}, INDONESIAN),
        ("--lang en", {"INDOTRADE_LANG": "id", "LC_ALL": "id_ID"}, ENGLISH),
    ],
)
def test_the_language_of_tables_is_the_first_that_is_set(
    ask: Ask, options: str, environment: dict[str, str], expected: str
) -> None:
    ended = ask(f"list --kind need {options}", **environment)
    assert (ended.status, ended.err) == (0, "")
    assert expected in ended.out
    assert ({ENGLISH, INDONESIAN} - {expected}).pop() not in ended.out


def test_messages_are_in_the_language_of_the_tables(ask: Ask) -> None:
    for arguments in ("sector clve --lang id", "sector clve --lang=id"):
        assert ask(arguments).err.startswith("indotrade: error: tidak ada sektor bernama")
    ended = ask("sector hand-pottery", LANG="id_ID.UTF-8")
    assert ended.err.splitlines() == [
        "indotrade: error: dari 9 klaim yang diperiksa tidak ada yang cocok dengan --sector hand-pottery",
        "petunjuk: tidak adanya klaim di sini bukan bukti bahwa hal itu tidak pernah dinyatakan",
    ]


@pytest.mark.parametrize("format", ["json", "ndjson", "csv", "tsv", "markdown"])
@pytest.mark.parametrize("line", ["list", "sector", "source", "show needs-ferry crates-sent"])
def test_a_format_for_programs_never_depends_on_the_environment(ask: Ask, line: str, format: str) -> None:
    plain = ask(f"{line} -f {format}")
    other = ask(
        f"{line} -f {format}",
        LANG="id_ID.UTF-8",
        INDOTRADE_LANG="id",
        FORCE_COLOR="1",
        GITHUB_ACTIONS="true",
        TERM="dumb",
        COLUMNS="30",
    )
    assert plain == other
    assert plain.status == 0
    assert "\x1b" not in plain.out


def test_lang_changes_the_statement_of_csv_and_nothing_else(ask: Ask) -> None:
    english = ask("list --kind need -f csv")
    indonesian = ask("list --kind need -f csv --lang id")
    assert ENGLISH in english.out
    assert indonesian.out == english.out.replace(ENGLISH, INDONESIAN)


# --- how tables look --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "environment", "coloured"),
    [
        ("", {}, False),
        ("", {"FORCE_COLOR": "1"}, True),
        ("", {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ("--color always", {}, True),
        ("--color always", {"NO_COLOR": "1"}, True),
        ("--color never", {"FORCE_COLOR": "1"}, False),
        ("", {"GITHUB_ACTIONS": "true"}, False),
    ],
)
def test_colour_is_what_the_flag_says_then_no_color_then_force_color(
    ask: Ask, options: str, environment: dict[str, str], coloured: bool
) -> None:
    plain = ask("list --color never").out
    ended = ask(f"list {options}", **environment)
    assert ("\x1b[" in ended.out) is coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", ended.out) == plain


def test_columns_does_not_count_in_a_pipe_and_width_does(ask: Ask) -> None:
    natural = ask("list").out
    assert ask("list", COLUMNS="40").out == natural
    folded = ask("list --width 70").out
    assert folded != natural
    assert max(map(len, folded.splitlines())) <= 70
    assert ask("list --width 70", COLUMNS="100").out == folded


def test_in_a_pipe_each_record_has_one_line_and_nothing_is_cut(ask: Ask) -> None:
    lines = ask("list").out.splitlines()
    assert [line.split()[0] for line in lines[2:11]] == samples.IDS
    for record in samples.sample()["claims"]:
        assert sum(record["statement"]["en"] in line for line in lines) == 1
    assert "…" not in "".join(lines)


# --- vocabulary, sources, info ----------------------------------------------------------------------


def test_sectors_are_listed_with_the_counts_of_their_parts(ask: Ask) -> None:
    ended = ask("sector --json")
    answer = json.loads(ended.out)
    assert ended.status == 0
    assert list(answer) == ["schema_version", "dataset", "query", "count", "total", "sectors"]
    assert {entry["id"]: entry["claims"] for entry in answer["sectors"]} == {
        "spices": 3,
        "clove": 2,
        "nutmeg": 1,
        "weaving": 2,
        "hand-pottery": 0,
    }


def test_the_counts_of_a_vocabulary_are_of_the_claims_that_pass_the_filters(ask: Ask) -> None:
    answer = json.loads(ask("country --speaker buyer --json").out)
    assert {entry["id"]: entry["claims"] for entry in answer["countries"]} == {
        "indonesia": 1,
        "sukamaju": 0,
        "japan": 1,
        "nagahama": 0,
    }


def test_one_program_says_what_it_is_and_which_claims_were_made_at_it(ask: Ask) -> None:
    ended = ask("program fair")
    assert ended.status == 0
    assert "A fair at the pier." in ended.out
    assert "2024-05-01/2024-05-03" in ended.out
    about, at = ended.out.split("Claims about it (1)")[1].split("Other claims made at it (1)")
    assert ("crates-sent" in about, "wages-paid" in at) == (True, True)
    assert "A fair at the pier." not in ask("program fair loom").out


def test_sources_are_listed_with_the_claims_that_rest_on_each(ask: Ask) -> None:
    answer = json.loads(ask("source --json").out)
    assert {record["id"]: record["claim_ids"] for record in answer["sources"]} == {
        "harbour-news": ["crates-sent", "only-clove-port", "weavers-count", "wages-paid", "needs-ferry"],
        "orchard-paper": ["cold-store-forecast", "nutmeg-plan", "looms-visited", "more-buyers-hoped"],
        "customs-table": ["crates-sent", "cold-store-forecast"],
        "rival-gazette": ["only-clove-port"],
        "office-note": ["crates-sent"],
    }


def test_info_counts_and_defines(ask: Ask, harbour: Path) -> None:
    answer = json.loads(ask("info --json").out)
    assert answer["claims"] == 9
    assert {item["status"]: item["claims"] for item in answer["statuses"]} == {
        "misprint": 1,
        "superseded": 1,
        "disputed": 1,
        "corroborated": 1,
        "single": 5,
    }
    assert all(item["definition"]["en"] and item["definition"]["id"] for item in answer["statuses"])
    assert answer["kinds"] == {
        "figure": 3,
        "forecast": 1,
        "event": 1,
        "plan": 1,
        "need": 1,
        "opinion": 1,
        "description": 1,
    }
    assert answer["speakers"] == {"harbour-master": 2, "buyer": 3, "narration": 4}
    assert answer["read_from"] == str(harbour)
    assert answer["index"] is None
    table = ask("info").out
    for shown in ("0.3.0", "2024-06-01", "CC0-1.0", answer["dataset"]["sha256"], str(harbour)):
        assert shown in table


def test_csv_with_a_bom_is_the_same_csv_behind_a_bom(ask: Ask) -> None:
    plain, marked = ask("list -f csv"), ask("list -f csv --bom")
    assert marked.out == "\ufeff" + plain.out
    assert len(list(csv.reader(io.StringIO(plain.out)))) == 10


# --- the whole program ------------------------------------------------------------------------------


def test_without_arguments_four_examples_are_shown_that_work() -> None:
    ended = inside()
    examples = re.findall(r"^  indotrade (.*?)  ", ended.out, re.MULTILINE)
    assert (ended.status, ended.err, len(examples)) == (0, "", 4)
    for example in examples:
        assert inside(*example.split()).status == 0


@pytest.mark.parametrize("faulty", [False, True])
def test_the_version_is_of_the_program_and_of_the_data(ask: Ask, tmp_path: Path, faulty: bool) -> None:
    if not faulty:
        assert re.fullmatch(
            r"indotrade \d+\.\d+\.\d+ \(harbour data 0\.3\.0, as of 2024-06-01\)\nlicence: MIT; of the data: .*\n",
            ask("--version").out,
        )
    ended = ask("--version", INDOTRADE_DATA=str(tmp_path)) if faulty else ask("--version")
    assert (ended.status, ended.err) == (0, "")
    assert ended.out.startswith("indotrade ")


@pytest.mark.parametrize("line", ["--help", "list --help", "show --help", "check --help"])
def test_help_never_needs_a_dataset(ask: Ask, line: str) -> None:
    ended = ask(line, INDOTRADE_DATA="/nowhere")
    assert (ended.status, ended.err) == (0, "")
    assert ended.out.lstrip().lower().startswith("usage: indotrade")


@pytest.mark.parametrize(
    "line",
    ["list", "sector", "sector clove", "search x", "show a", "cite a", "source", "info", "program x"],
)
def test_a_dataset_that_is_not_there_is_status_3(ask: Ask, line: str) -> None:
    only_error(
        ask(line, INDOTRADE_DATA="/nowhere"),
        3,
        "indotrade: error: cannot read the dataset /nowhere: No such file or directory",
    )


def test_a_bug_is_one_line_and_status_70(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indotrade.cli.look_up.find", None)
    only_error(
        ask("list"),
        70,
        "indotrade: bug: TypeError: 'NoneType' object is not callable",
        "hint: please report it with the command line; INDOTRADE_DEBUG=1 shows the traceback",
    )
    shown = ask("list", INDOTRADE_DEBUG="1")
    assert (shown.status, shown.out) == (70, "")
    assert shown.err.startswith("Traceback (most recent call last):\n")


def test_a_process_of_its_own_ends_as_one_within_this_process(run: Run, ask: Ask, harbour: Path) -> None:
    for line in (
        "sector clove --json",
        "sector clve",
        "list --kind x",
        "list -f csv",
        "show nope needs-ferry",
    ):
        ended = run(*line.split(), INDOTRADE_DATA=str(harbour))
        assert ended == ask(line)


def test_answers_do_not_depend_on_the_hash_seed(run: Run, harbour: Path) -> None:
    answers = {
        run("list", "--sector", "spices", "--json", INDOTRADE_DATA=str(harbour), PYTHONHASHSEED=seed).out
        for seed in ("1", "2", "3")
    }
    assert len(answers) == 1


FIELDS_THAT_ARE_TAKEN = ["sector", "program", "source", "list", "check", "sector clove"]


@pytest.mark.parametrize("line", FIELDS_THAT_ARE_TAKEN)
def test_every_field_that_help_lists_is_taken(ask: Ask, line: str) -> None:
    names = ask(f"{line} --fields help").out.split()
    taken = ask([*line.split(), "-f", "csv", "--fields", ",".join(names)])
    assert (taken.status, taken.out.split("\n")[0]) == (0, ",".join(names))


def test_fields_are_listed_without_a_look_at_the_data(ask: Ask) -> None:
    for line in ("list", "source", "sector", "verify nowhere.txt", "check", "show x"):
        ended = ask(f"{line} --fields help --data /nonexistent")
        assert (ended.status, ended.err) == (0, ""), line


def test_an_article_that_is_evidence_on_its_own_claim_counts_it_once(tmp_path: Path) -> None:
    records = samples.sample()
    claim = next(claim for claim in records["claims"] if claim["id"] == "needs-ferry")
    claim["evidence"] = [samples.evidence(claim["source"], "context")]
    folder = samples.write(tmp_path / "data", records)
    [source] = json.loads(inside("source", claim["source"], "--json", "--data", folder).out)["sources"]
    assert source["claims"] == len(source["claim_ids"]) == len(set(source["claim_ids"]))
    assert "needs-ferry" in source["claim_ids"]


@pytest.mark.parametrize("line", ["check", "check --anchors x ."])
def test_check_refuses_what_it_cannot_honour(ask: Ask, line: str) -> None:
    ended = ask(["check", ""] if line == "check" else line)
    assert (ended.status, ended.out) == (2, "")


def test_a_program_without_a_claim_left_is_shown_all_the_same(ask: Ask) -> None:
    ended = ask("program harbour-fair --status misprint --allow-empty")
    assert ended.status == 0
    assert "Harbour" in ended.out


@pytest.mark.parametrize("command", ["show", "source", "cite"])
def test_ids_that_are_unknown_are_told_after_what_is_found_and_their_like_are_sought_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    done: list[str] = []

    def noted(what: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **more: Any) -> Any:
            done.append(what)
            return real(*arguments, **more)

        return call

    monkeypatch.setattr(SqliteEngine, "beginning", noted("sought", SqliteEngine.beginning))
    monkeypatch.setattr(stream, "deliver", noted("written", stream.deliver))
    folder = samples.write(tmp_path, samples.sample())
    id = "harbour-news" if command == "source" else "crates-sent"
    unknown = [f"{id}-{number}" for number in range(30)]
    ended = inside(command, *unknown, id, "--data", folder)
    lists = 2 if command == "cite" else 1  # it takes claims and sources
    assert (ended.status, done) == (1, ["written", *["sought"] * lists])
    assert ended.err.count(f"did you mean {id}") == 10
    assert ended.err.count(" is called ") == 30
