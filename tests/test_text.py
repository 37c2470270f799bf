"""What is true of any text: how it is folded, sorted as a number, and typed in a shell."""

from __future__ import annotations

import json
import subprocess
from decimal import Decimal
from pathlib import Path

import generated
import pytest
import samples
from hypothesis import given
from hypothesis import strategies as st
from inside import inside
from terminal import needs

from indotrade.engine.fill import sortable
from indotrade.text.command_line import path, quoted
from indotrade.text.fold import fold
from indotrade.text.sought import spans

DECIMALS = st.from_regex(r"-?(0|[1-9][0-9]{0,38})([.][0-9]{1,38})?", fullmatch=True)


@given(DECIMALS | generated.VALUES, DECIMALS | generated.VALUES)
def test_decimals_sort_as_numbers_do_however_many_digits_they_have(one: str, other: str) -> None:
    keys, numbers = (sortable(one), sortable(other)), (Decimal(one), Decimal(other))
    assert (keys[0] < keys[1], keys[0] == keys[1]) == (numbers[0] < numbers[1], numbers[0] == numbers[1])


def test_claims_are_sorted_by_values_beyond_what_a_float_holds(tmp_path: Path) -> None:
    values = {4: "12345678901234567890", 6: "12345678901234567891", 8: "-12345678901234567890"}
    figures = {f"claims.{place}.figure": samples.figure(value, "USD") for place, value in values.items()}
    samples.write(tmp_path, samples.changed(figures))
    done = inside("list", "--has-figure", "--sort", "-value", "--json", "--fields", "id", "--data", tmp_path)
    first, second, *_, last = [claim["id"] for claim in json.loads(done.out)["claims"]]
    assert (first, second, last) == ("nutmeg-plan", "needs-ferry", "more-buyers-hoped")


@pytest.mark.parametrize("word", ["ISPANAK", "ıspanak", "ispanak", "İspanak", "Ispanak", "ISPANAK".lower()])
def test_the_i_without_a_dot_is_found_by_any_i(tmp_path: Path, word: str) -> None:
    assert fold(word) == "ispanak"
    samples.write(tmp_path, samples.changed({"claims.0.note": samples.text("Taze ıspanak, 1 kg.")}))
    found = inside("search", word, "--json", "--fields", "id", "--data", tmp_path)
    assert json.loads(found.out)["claims"] == [{"id": "crates-sent"}]


@given(st.text(st.sampled_from("a -$`'\"\\\n\t\x1b!*~é日;&|<>()#"), min_size=1, max_size=12))
def test_argument_in_a_hint_can_be_typed_as_it_stands(argument: str) -> None:
    done = subprocess.run(
        [needs("bash"), "-c", f"printf '%s\\0%s' {quoted(argument)} {path(argument)}"],
        capture_output=True,
        check=True,
        timeout=20,
    )
    given = done.stdout.decode().split("\0")
    assert given == [argument, f"./{argument}" if argument.startswith("-") else argument]
    assert quoted(argument).isprintable()


def test_path_with_a_space_is_quoted_wherever_a_command_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "two words"
    assert inside("init", folder).err.endswith(f"`indotrade check '{folder}'`\n")
    done = inside("sector", "teaa", "--data", folder)
    assert done.err.endswith(f"did you mean tea?\nhint: `indotrade sector tea --data '{folder}'`\n")
    (folder / "claims.json").write_text("[{}]")
    (tmp_path / "more.csv").write_text("claim,media\nx,y\n")
    for line in (["list", "--data", folder], ["import", tmp_path / "more.csv", folder]):
        assert f"`indotrade check '{folder}'`" in inside(*line).err


@pytest.mark.parametrize(
    ("text", "word", "marked"),
    [
        ("Ispanak dan ıspanak.", "ISPANAK", ["Ispanak", "ıspanak"]),
        ("Un cafe\u0301 noir", "café", ["cafe\u0301"]),
        ("ｶﾞﾗｽと硝子", "ガラス", ["ｶﾞﾗｽ"]),
        ("ＢＡＴＩＫ, batik; rebatik", "batik", ["ＢＡＴＩＫ", "batik", "batik"]),
        ("the ﬁsh", "fis", ["ﬁs"]),
        ("two  words", "two words", ["two  words"]),
        ("aaaa", "aa", ["aaaa"]),
        ("none", "other", []),
    ],
)
def test_what_was_searched_for_is_marked_as_it_is_written(text: str, word: str, marked: list[str]) -> None:
    assert [text[start:end] for start, end in spans(text, [fold(word)])] == marked


@given(generated.TEXTS, st.lists(generated.WORDS, min_size=1, max_size=2))
def test_what_is_marked_has_a_word_and_no_mark_touches_another(text: str, words: list[str]) -> None:
    folded = [fold(word) for word in words if fold(word)]
    found = spans(text, folded)
    assert all(any(word in fold(text[start:end]) for word in folded) for start, end in found)
    places = [place for span in found for place in span]
    assert places == sorted(set(places))
