"""The anchor is a contract: these vectors, and what follows from how text is normalised."""

from __future__ import annotations

import hashlib
import re
import time
import unicodedata

import msgspec
import pytest
from anchoring import anchor, tokens, windows
from hypothesis import given
from hypothesis import strategies as st

from indotrade.dataset.records import Anchor
from indotrade.engine.protocol import bits
from indotrade.verify import anchors

# The text, its words, and the 16 digits of its windows: the vectors of anchor `v1`.
VECTORS = (
    (
        "One two three four five six seven eight nine.",
        "one two three four five six seven eight nine",
        "62d51a1fd36f8eb3 f936397ea992d3cf",
    ),
    (
        (
            "Exports of SMALL firms \u2014 \u201ccoffee\u201d, tea_and cocoa \u2014\n rose by 12,5%"
            " (US$ 1.2 mil\xadlion) in \uff34\uff4f\uff4b\uff59\uff4f."
        ),
        "exports of small firms coffee tea and cocoa rose by 12 5 us 1 2 million in tokyo",
        (
            "5c23c9449d98634b d7c17989f7dd64c9 ad7517d01a6e598f 18afd884956e3476 546855e9b91f05f9 c30d9a6e0276d2ee"
            " a7dff5112bb32c0a ed7633ed52d42e6f e3b132a864fbe513 dbe31f5743a84f88 f443879ae18d59ae"
        ),
    ),
    (
        (
            "\u798f\u5ca1\u770c\u306e\u30ce\u30ea\u7523\u696d\u306f\u30b3\u30fc\u30d2\u30fc\u309212\u30c8\u30f3"
            "\u8f38\u5165\u3057\u305f\u3002Stra\xdfe, na\xefve caf\xe9, \ufb01n\u200bal word here ok"
        ),
        (
            "\u798f \u5ca1 \u770c \u306e \u30ce \u30ea \u7523 \u696d \u306f \u30b3 \u30fc \u30d2 \u30fc \u3092 12"
            " \u30c8 \u30f3 \u8f38 \u5165 \u3057 \u305f strasse na\xefve caf\xe9 final word here ok"
        ),
        (
            "6b2b409edac860c6 f1b48dc567c03318 cd5650e0c1f58894 2fea4f4e031b2363 cf0e1e04bacfb72d b1517c75548373c4"
            " 545d3b7ed108ce41 2fc29a53563f800c f56bbb5c3278722b 51401621f52dae16 8da4d605ce81c9d0 1b9b38c224ebfeec"
            " 3c2075ecc37bebab 6e10e19c77b1cf2d b1950c5b0dff22e1 cba926a7b9ba5248 32ce7f78399f4cca 2f6cc60fd2288162"
            " b76b318804ba1682 5e6b8fdb6cccce78 d71c07bd8b76fef1"
        ),
    ),
    ("too short for a window of eight", "too short for a window of eight", ""),
)

ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()))


@pytest.mark.parametrize(("text", "words", "digits"), VECTORS)
def test_vectors_give_their_words_and_anchors(text: str, words: str, digits: str) -> None:
    assert tokens(text) == words.split(" ")
    assert windows(tokens(text)) == [f"v1:{sixteen}" for sixteen in digits.split()]


def test_anchor_of_eight_words_is_that_of_their_window() -> None:
    words = VECTORS[0][1].split()
    assert anchor(words[1:]) == "v1:f936397ea992d3cf"


@pytest.mark.parametrize(("count", "hashed"), [(0, 0), (7, 0), (8, 1), (9, 2), (20, 13)])
def test_only_eight_words_in_a_row_are_hashed(count: int, hashed: int) -> None:
    assert len(list(anchors.digests(["word"] * count))) == hashed
    assert all(len(digest) == 32 for digest in anchors.digests(["word"] * count))


# Hiragana, Katakana, the long vowel mark, repeat marks, U+3006, the Han zero, Han of several extensions and planes.
ALONE = "\u3042\u30a2\u31f0\u30fc\u309d\u30fd\u3005\u3006\u3007\u3400\u4e00\ufa0e\U00020000\U0002ebf0\U00031350\U0001b150"


@pytest.mark.parametrize("character", ALONE)
def test_each_kana_and_han_character_is_a_word_of_its_own(character: str) -> None:
    assert tokens(f"x{character}1{character * 2}y") == [
        "x",
        character,
        "1",
        character,
        character,
        "y",
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("\uff76\uff9e\uff70\u30a2", "\u30ac \u30fc \u30a2"),  # halfwidth, with a voicing mark
        ("\u304b\u3099", "\u304c"),  # a voicing mark that composes
        ("\u2f08\uf9d8", "\u4eba \u5f8b"),  # a radical and a compatibility ideograph
        (
            "\u30a2\u30fb\u30a2\u30a0\u30a2\uff3f\u30a2",
            "\u30a2 \u30a2 \u30a2 \u30a2",
        ),  # what is no letter between
        ("\ud55c\uad6d\uc5b4 \u3105\u3106", "\ud55c\uad6d\uc5b4 \u3105\u3106"),  # Hangul and Bopomofo
        ("\u2122" * 200, "tm" * 200),  # a long run of signs that spell a word
    ],
)
def test_words_of_other_kinds_are_runs_of_letters_and_digits(text: str, words: str) -> None:
    assert tokens(text) == words.split(" ")


@pytest.mark.parametrize("invisible", "\u00ad\u200b\u200c\u200d\u2060\ufeff")
def test_invisible_characters_do_not_part_words(invisible: str) -> None:
    assert tokens(f"ex{invisible}port") == ["export"]


def test_quotes_dashes_case_and_width_do_not_count() -> None:
    assert tokens("\u201cTea\u201d\u2013US$\u00a01,5") == tokens("'tea' - us$ \uff11.5")


def test_a_long_text_gives_the_same_words_in_lists_as_at_once() -> None:
    text = " ".join(f"word{number}" for number in range(30_000)) + "\u30fc" * 70_000 + "x" * 70_000
    lists = list(anchors.token_lists(text))
    assert len(lists) > 3
    assert [word for words in lists for word in words] == anchors.WORD.findall(text)


@given(ANY_TEXT)
def test_words_are_those_of_the_definition_for_any_text(text: str) -> None:
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    folded = re.sub("[\u00ad\u200b-\u200d\u2060\ufeff]", "", folded)
    alone = f"[{anchors.KANA}{anchors.HAN}]"
    spaced = re.sub(alone, lambda match: f" {match[0]} ", folded)
    assert tokens(text) == re.findall(rf"{alone}|[^\W_]+", spaced)


@given(st.lists(st.text(min_size=1, alphabet="ab\u00e9\u30fc\u4eba"), max_size=20))
def test_windows_are_hashes_of_eight_words_joined_for_any_words(words: list[str]) -> None:
    expected = [" ".join(words[start : start + 8]).encode() for start in range(len(words) - 7)]
    assert windows(words) == [f"v1:{hashlib.sha256(text).hexdigest()[:16]}" for text in expected]


@pytest.mark.parametrize("marks", ["\u0300\u0316", "\uff9e\u0301", "a\u0300\u0316", "\u00ad", "\u30fc", "a"])
def test_long_runs_of_one_thing_take_linear_time(marks: str) -> None:
    before = time.process_time()
    tokens("a" + marks * 200_000)
    assert time.process_time() - before < 3


def is_anchor(text: str) -> bool:
    """Return whether the records of a dataset take a text for an anchor."""
    try:
        return msgspec.convert(text, type=Anchor) == text
    except msgspec.ValidationError:
        return False


def test_form_of_an_anchor_is_recognised() -> None:
    assert is_anchor("v1:0123456789abcdef")
    for other in (
        "",
        "v1:",
        "v1:zz",
        "0123456789abcdef",
        "v1:0123456789ABCDEF",
        "v2:0123456789abcdef",
        "v1:0123456789abcde",
        "v1:0123456789abcdef0",
        "v1:0123456789abcdef\n",
    ):
        assert not is_anchor(other)


@given(st.binary(min_size=32, max_size=32))
def test_an_anchor_is_the_first_half_of_a_digest_and_its_bits_the_same_as_a_signed_number(
    digest: bytes,
) -> None:
    spelled = anchors.spelled(digest)
    assert is_anchor(spelled)
    assert -(1 << 63) <= bits(spelled) < 1 << 63
    assert bits(spelled).to_bytes(8, "big", signed=True) == digest[:8]
