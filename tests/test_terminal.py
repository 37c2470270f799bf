"""What a person sees in a terminal: at each width, in colour or without, through a pager, with links; of made-up data."""

from __future__ import annotations

import os
import re
import stat
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial
from itertools import islice
from pathlib import Path
from urllib.parse import unquote

import detailed
import pytest
import samples
from conftest import Ended
from inside import inside
from rich.cells import cell_len
from terminal import INDOTRADE, in_terminal, needs, plain

from indotrade.dataset.records import Claim

WIDTHS = (40, 60, 80, 100, 160)
SCREENS: tuple[list[str], ...] = (
    ["list"],
    ["list", "--sort", "-value"],
    ["sector"],
    ["sector", "spices"],
    ["country"],
    ["program"],
    ["program", "harbour-fair"],
    ["speaker"],
    ["measure", "clove-crates"],
    ["show", "crates-sent", "only-clove-port", "wages-paid"],
    ["show", "crates-sent", "only-clove-port", "wages-paid", "--full"],
    ["source"],
    ["source", "harbour-news"],
    ["info"],
    ["search", "cengkih"],
    ["list", "--fields", "id,statement_en,statement_id,publisher,url,anchors"],
)
BARS = re.compile("[█▏─:\\s]")
"""What a terminal's width decides: bars, rules, and the colons of blocks."""
ADDRESS = re.compile(r" *https?://\S+")
"""A line that is an address alone: the only one that may be wider than the terminal, for we never break it."""

Environment = dict[str, str]
Ask = Callable[..., Ended]


@pytest.fixture(scope="module")
def ask(detailed_data: Path) -> Ask:
    """Run a command line in a pipe: `ask("list", "-n", "1", LANG="id")`."""
    return partial(inside, INDOTRADE_DATA=str(detailed_data))


@pytest.fixture(scope="module")
def screen(made_up: Environment) -> Ask:
    """Draw a screen, once for all tests that look at it: `screen("list", columns=80)`."""

    @cache
    def screen(*arguments: str, columns: int = 80) -> Ended:
        kept_nowhere = made_up | {"XDG_CACHE_HOME": "/dev/null"}  # as in the pipe: `info` tells of an index
        return in_terminal(*arguments, "--no-pager", columns=columns, environment=kept_nowhere)

    return screen


def letters(text: str) -> Counter[str]:
    """Return how often each letter stands in a text, whatever its lines."""
    return Counter(BARS.sub("", text))


def too_wide(text: str, columns: int) -> list[str]:
    """Return the lines that are wider than a terminal, and no addresses."""
    return [line for line in text.split("\n") if cell_len(line) > columns and not ADDRESS.fullmatch(line)]


def squeezed(text: str) -> str:
    """Return a text without white space."""
    return re.sub(r"\s", "", text)


def rows_of(piped: str) -> list[list[str]]:
    """Return the cells of the table that a pipe gets."""
    lines = piped.split("\n")
    starts = [found.start() for found in re.finditer(r"\S+(?: \S+)*", lines[0])]
    return [
        [sliced(line, start, stop).strip() for start, stop in zip(starts, [*starts[1:], 10_000], strict=True)]
        for line in lines[2 : lines.index("")]
    ]


def sliced(line: str, start: int, stop: int) -> str:
    """Return the part of a line between two columns of a terminal, in which a kanji takes two."""
    kept, column = "", 0
    for letter in line:
        if start <= column < stop:
            kept += letter
        column += cell_len(letter)
    return kept


# --- widths -----------------------------------------------------------------------------------------------


def test_process_of_its_own_shows_what_a_fork_shows(made_up: Environment) -> None:
    shown = in_terminal("list", environment=made_up)
    assert "\x1b]8" in shown.out
    assert in_terminal("list", environment=made_up, command=INDOTRADE) == shown


@pytest.mark.parametrize("columns", WIDTHS)
@pytest.mark.parametrize("arguments", SCREENS, ids=" ".join)
def test_no_line_is_wider_than_the_terminal(arguments: list[str], columns: int, screen: Ask) -> None:
    done = screen(*arguments, columns=columns)
    assert done.status == 0
    lines = plain(done.out).split("\n")
    assert too_wide(plain(done.out), columns) == []
    assert [line for line in lines if line.endswith(" ")] == []
    assert "\n\n\n" not in plain(done.out) or arguments[0] == "show"


@pytest.mark.parametrize("columns", WIDTHS)
@pytest.mark.parametrize("language", ["en", "id"])
def test_table_of_claims_has_all_that_the_pipe_has_in_its_order(
    ask: Ask, columns: int, language: str, screen: Ask
) -> None:
    done = screen("list", "--lang", language, columns=columns)
    shown = squeezed(plain(done.out))
    place = 0
    for name, statement, figure, voice, status, mark in rows_of(ask("list", "--lang", language).out):
        number, where = mark.split(" ", 1) if " " in mark else (mark, "")
        said_by, _, date = voice.partition(", ")
        assert number in shown
        assert date.split(" ")[0] in shown
        claim = squeezed(f"{statement}{name}")
        end = shown.index(claim, place) + len(claim)
        head = shown[place:end]
        for cell in (where, said_by, figure, status):
            assert squeezed(cell) in head
        place = end


def test_what_the_claims_of_a_source_share_is_said_once(screen: Ask) -> None:
    lines = plain(screen("list").out).split("\n")
    for source in detailed.records()["sources"]:
        assert sum(source["url"] in line for line in lines) == (source["type"] == "article")
    dated = [line for line in lines if "2024-05-02" in line and not line.startswith("[1]")]
    assert [line for line in dated if "said" not in line] == []
    assert "\n¶3   A Buyer, 2024-04-30" in "\n".join(lines)


def test_an_order_of_ones_own_names_the_source_with_each_claim(ask: Ask, screen: Ask) -> None:
    shown = plain(screen("list", "--sort", "-value", columns=100).out)
    marks = re.findall(r"^(\[\d\] ?[¶\d]*) ", shown, re.MULTILINE)
    rows = rows_of(ask("list", "--sort", "-value").out)
    assert marks[: len(rows)] == [row[5] for row in rows]


def test_first_claim_is_drawn_before_the_last_is_read(detailed_data: Path) -> None:
    from indotrade.engine.open import open_engine
    from indotrade.query.answer import find
    from indotrade.screen.claims import AHEAD, table
    from indotrade.screen.look import Look

    engine = open_engine(str(detailed_data))
    (claim,) = list(find(engine, {"limit": 1}).claims())
    read = 0

    def many() -> Iterator[Claim]:
        nonlocal read
        for read in range(1, 5 * AHEAD):  # noqa: B007 - it is what is asserted
            yield claim

    look = Look("en", terminal=True, width=80, height=24, colour=False, links=False, pager=False)
    lines = table(engine, many, look)
    assert any("crates-sent" in line for line in lines)
    assert read <= AHEAD
    assert sum("crates-sent" in line for line in lines) == 5 * AHEAD - 2


@pytest.mark.parametrize("columns", WIDTHS)
@pytest.mark.parametrize(
    "arguments",
    [words for words in SCREENS if words[0] in ("show", "info", "source") and words != ["source"]],
    ids=" ".join,
)
def test_card_has_every_letter_that_the_pipe_has(
    ask: Ask, arguments: list[str], columns: int, screen: Ask
) -> None:
    done = screen(*arguments, columns=columns)
    assert letters(without_index(plain(done.out))) == letters(without_index(ask(*arguments).out))


def without_index(text: str) -> str:
    """Return what a command prints without where `info` finds an index: there is none until the files are a minute old."""
    return re.sub(r"(?s)\bIndex\b.*?(?=sha256)", "", text)


@pytest.mark.parametrize("columns", WIDTHS)
def test_list_of_sources_has_each_article_and_each_publisher_with_its_pages(
    columns: int, screen: Ask
) -> None:
    shown = squeezed(plain(screen("source", columns=columns).out))
    for source in detailed.records()["sources"]:
        assert squeezed(source["publisher"]["name"]) in shown
        assert (source["id"] in shown) == (source["type"] == "article")
    assert "Evidence:5pages,5publishers" in shown


@pytest.mark.parametrize("columns", WIDTHS)
def test_id_is_broken_at_its_hyphens_only(columns: int, screen: Ask) -> None:
    done = screen("sector", columns=columns)
    assert {"small-workshops", "hand-pottery"} <= set(plain(done.out).split())
    table = plain(screen("list", columns=columns).out)
    identifier = "workshops-look-abroad"
    pieces = r"-\s*(?:[^\n]*\n)?\s*".join(identifier.split("-"))
    assert re.search(pieces, table)


def test_kana_and_kanji_keep_the_columns_in_line(tmp_path: Path, made_up: Environment) -> None:
    changes = {
        "claims.0.statement.en": "香辛料の輸出が大きく伸びた。コーヒーも同じである。" * 3,
        "claims.1.statement.en": "ﾊﾝｶｸ and ｱ, wide and narrow by turns, 日本 and Nippon.",
        "vocabulary.people.0.label.en": "港長",
    }
    folder = samples.write(tmp_path, samples.changed(changes))
    done = in_terminal("list", "--no-pager", "--data", str(folder), columns=80, environment=made_up)
    assert done.status == 0
    lines = plain(done.out).split("\n")
    heads = [line for line in lines if line.startswith("¶1")]
    assert [heads[0].split()[1], heads[1].split()[1]] == ["港長", "narration"]
    assert len({cell_len(re.split("corroborated|disputed", line)[0]) for line in heads[:2]}) == 1
    assert "香辛料の輸出が大きく伸びた。コーヒーも同じである。" * 3 in squeezed(plain(done.out))
    assert too_wide(plain(done.out), 80) == []
    assert not [line for line in lines if re.match(" *[。、]", line)]


@pytest.mark.parametrize("stated", ["0", "-5", "x", "", "1e3", "٣", "0x50", " 80", "999999999999"])
def test_width_that_is_none_is_as_if_unset(stated: str, screen: Ask, made_up: Environment) -> None:
    done = in_terminal("sector", "clove", columns=72, environment=made_up | {"COLUMNS": stated})
    assert done == screen("sector", "clove", columns=72)


@pytest.mark.parametrize(("stated", "widest"), [("1", 20), ("5", 20), ("20", 20), ("99999", 500)])
def test_odd_width_still_shows_everything_in_bounded_space(
    stated: str, widest: int, made_up: Environment
) -> None:
    done = in_terminal("list", "--no-pager", environment=made_up | {"COLUMNS": stated})
    assert done.status == 0
    text = plain(done.out)
    assert too_wide(text, widest) == []
    assert len(text) < 60_000
    assert "crates-sent" in re.sub(r"\s", "", text)


def test_terminal_without_a_size_is_80_columns_wide(screen: Ask, made_up: Environment) -> None:
    nowhere = in_terminal("list", "--no-pager", columns=0, lines=0, environment=made_up)
    assert nowhere == screen("list")


def test_width_option_folds_in_a_pipe_and_columns_does_not(ask: Ask) -> None:
    folded = ask("list", "--width", "70")
    assert too_wide(folded.out, 70) == []
    assert ask("list", COLUMNS="70") == ask("list")
    assert max(map(cell_len, ask("list").out.split("\n"))) > 150


def test_bars_of_a_chart_are_in_proportion_in_a_pipe_and_in_ascii(ask: Ask) -> None:
    for bar, encoding in (("█", "utf-8"), ("#", "ascii")):
        lines = ask("show", "crates-sent", encoding=encoding).out.split("\n")
        drawn = [
            (found[1], len(found[2])) for line in lines if (found := re.search(rf"([\d,]+)  ({bar}+)$", line))
        ]
        assert drawn == [("1,210", 50), ("480", 20), ("641", 26), ("640", 26), ("320", 13)]


# --- colour and links -------------------------------------------------------------------------------------


COLOURLESS: list[tuple[dict[str, str], list[str]]] = [
    ({"NO_COLOR": "1"}, []),
    ({"TERM": "dumb"}, []),
    ({}, ["--color", "never"]),
]
"""Each way to ask for no colour meets several screens, each screen one of them."""


@pytest.mark.parametrize("arguments", SCREENS, ids=" ".join)
def test_screen_means_the_same_without_colour(
    arguments: list[str], screen: Ask, made_up: Environment
) -> None:
    coloured = screen(*arguments)
    assert "\x1b[" in coloured.out
    more, options = COLOURLESS[SCREENS.index(arguments) % len(COLOURLESS)]
    bare = in_terminal(*arguments, "--no-pager", *options, environment=made_up | more)
    assert "\x1b" not in bare.out
    assert without_index(bare.out) == without_index(plain(coloured.out))


def test_every_letter_has_one_of_the_two_colours_that_the_terminals_owner_chose(screen: Ask) -> None:
    codes = set()
    for arguments in [*SCREENS, ("--help",), ("list", "--help")]:
        done = screen(*arguments)
        codes |= {code for found in re.findall(r"\x1b\[([0-9;]*)m", done.out) for code in found.split(";")}
    # reset, bold, italic, underlined, reversed; no colour, for none can be read on black and on white, and nothing faint
    assert codes <= {"0", "1", "3", "4", "7"}
    assert {"0", "1", "4"} <= codes


def test_links_are_the_same_at_each_run_and_lead_to_the_address_that_is_shown(
    made_up: Environment,
) -> None:
    asked = ("show", "crates-sent", "only-clove-port", "wages-paid", "--full", "--no-pager")
    first = in_terminal(*asked, environment=made_up)
    assert in_terminal(*asked, environment=made_up) == first
    found = re.findall(r"\x1b\]8;id=([0-9a-f]{8});(\S+?)\x1b\\(.*?)\x1b\]8;;\x1b\\", first.out)
    records = detailed.records()
    cited = {evidence["source"] for claim in records["claims"][:4] for evidence in claim["evidence"]}
    cited.add("harbour-news")
    addresses = {source["url"] for source in records["sources"] if source["id"] in cited}
    assert {target for _, target, _ in found} == addresses
    assert len({name for name, _, _ in found}) == len(addresses)
    for _, target, text in found:
        assert unquote(text) == unquote(target)


def test_link_is_made_on_a_terminal_with_colour_alone(ask: Ask, made_up: Environment) -> None:
    for options, more in ((["--color", "never"], {}), ([], {"NO_COLOR": "1"}), ([], {"TERM": "dumb"}),
                          (["--color", "always"], {"TERM": "dumb"})):  # fmt: skip
        done = in_terminal("source", "--no-pager", *options, environment=made_up | more)
        assert "\x1b]8" not in done.out
    assert "\x1b]8" not in ask("source", "--color", "always", FORCE_COLOR="1").out


# --- the pager --------------------------------------------------------------------------------------------


def pager(folder: Path, body: str) -> str:
    """Return the path of a program that stands in for a pager."""
    path = folder / "a pager"
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return f"'{path}'"


def test_pager_gets_an_answer_that_is_longer_than_the_screen(tmp_path: Path, made_up: Environment) -> None:
    command = pager(tmp_path, 'echo "paged: $*"; cat') + " --flag 'two words'"
    paged = in_terminal("list", lines=24, environment=made_up | {"PAGER": command})
    whole = in_terminal("list", "--no-pager", lines=24, environment=made_up)
    assert (paged.status, paged.out) == (0, "paged: --flag two words\n" + whole.out)


def test_an_answer_is_asked_for_no_further_than_the_pager_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from indotrade import stream
    from indotrade.output import formats
    from indotrade.screen.look import Look

    made = 0

    def write() -> Iterator[str]:
        nonlocal made
        for made in range(1, 1000):  # noqa: B007 - it is what is asserted
            yield "a line\n"

    def page(chunks: Iterable[str]) -> bool:
        assert made == 24
        assert "".join(islice(chunks, 30)) == "a line\n" * 30
        assert made == 30
        return True

    monkeypatch.setattr(stream, "page", page)
    look = Look("en", terminal=True, width=80, height=24, colour=False, links=False, pager=True)
    how = formats.How(formats.FORMATS["table"], None, language="en", look=look)
    formats._put(write, how)  # noqa: SLF001 - all answers go through it


def test_pager_is_left_out(tmp_path: Path, ask: Ask, made_up: Environment) -> None:
    paging = made_up | {"PAGER": pager(tmp_path, "echo paged; cat")}
    for arguments, lines, more in (
        (["sector", "nutmeg"], 24, {}),
        (["list", "--no-pager"], 24, {}),
        (["list"], 24, {"TERM": "dumb"}),
        (["list"], 24, {"TERM": ""}),
        (["list"], 5000, {}),
        (["list", "-f", "json"], 24, {}),
        (["--help"], 5, {}),
    ):
        done = in_terminal(*arguments, lines=lines, environment=paging | more)
        assert done.status == 0
        assert "paged" not in done.out
    assert "paged" not in ask("list", PAGER=paging["PAGER"]).out


def test_pager_is_left_out_where_nobody_knows_how_high_the_terminal_is(
    tmp_path: Path, made_up: Environment
) -> None:
    paging = made_up | {"PAGER": pager(tmp_path, "echo paged; cat")}
    for stated, paged in (
        ({}, False),
        ({"COLUMNS": "80"}, False),
        ({"LINES": "0"}, False),
        ({"LINES": "9"}, True),
    ):
        done = in_terminal("list", columns=0, lines=0, environment=paging | stated)
        assert done.status == 0
        assert ("paged" in done.out) == paged, stated


@pytest.mark.parametrize("command", ["/nonexistent/pager", "no-such-pager -x", "'", "false", "/"])
def test_pager_that_does_not_work_hides_no_answer(command: str, screen: Ask, made_up: Environment) -> None:
    assert in_terminal("list", lines=24, environment=made_up | {"PAGER": command}) == screen("list")


def test_pager_that_is_left_early_changes_no_status(tmp_path: Path, made_up: Environment) -> None:
    ids = samples.IDS[:3]
    long = samples.text("word " * 8000)  # more than a pipe holds
    folder = samples.write(tmp_path, samples.changed({f"claims.{place}.note": long for place in range(3)}))
    environment = made_up | {"INDOTRADE_DATA": str(folder)}
    for command in ("true", "head -n 1", "head -c 1"):
        done = in_terminal("show", *ids, lines=24, environment=environment | {"PAGER": command})
        assert done.status == 0
        assert len(done.out.split("\n")) <= 2
    unknown = in_terminal(
        "show",
        *ids,
        "nope",
        lines=24,
        environment=environment | {"PAGER": "cat"},
    )
    assert unknown.status == 1
    assert 'no claim is called "nope"' in unknown.out


def test_pager_is_no_shell_command(tmp_path: Path, made_up: Environment) -> None:
    planted = tmp_path / "planted"
    for command in (f"cat; touch {planted}", f"cat $(touch {planted})", f"cat | tee {planted}"):
        in_terminal("list", lines=24, environment=made_up | {"PAGER": command})
        assert not planted.exists()


def test_less_shows_colours_and_kana_and_survives_an_interrupt(made_up: Environment) -> None:
    needs("less")
    for environment in (made_up, made_up | {"PAGER": "less", "LC_ALL": "C"}):
        done = in_terminal("country", lines=3, keys=(b"\x03", b"q"), environment=environment)
        assert done.status == 0
    done = in_terminal("source", lines=12, keys=(b"\x03", b"G", b"q"), environment=made_up | {"LC_ALL": "C"})
    assert done.status == 0
    assert "<E" not in done.out
    assert "ESC" not in done.out


def test_less_is_gone_at_once_where_all_fits(made_up: Environment) -> None:
    needs("less")
    done = in_terminal("list", lines=400, columns=160, environment=made_up)
    assert done.status == 0
    assert os.environ.get("CI") is None or done.out
