"""Printed words and the figures in them, in three languages; no number is read that the words do not print."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indotrade.text.figure_sums import MOST_DIGITS
from indotrade.text.figure_words import words
from indotrade.text.numerals import Printed, read, says, written

# The words, then what they say: values (several where they can mean several, the likeliest first), unit, bound;
# figures are apart by `;`, and `-` stands for what is unsaid.
INDONESIAN = """
    13 ribu                                | 13000 - -
    13 ribu dolar AS                       | 13000 USD -
    lebih dari 13 ribu dolar AS per tahun  | 13000 USD more-than
    13 ribu dolar                          | 13000 USD -
    13rb                                   | 13000 - -
    1,3 juta                               | 1300000 - -
    1.3 juta                               | 1300000 - -
    1,3 juta tenaga kerja                  | 1300000 people -
    1.300 juta                             | 1300000000/1300000 - -
    1,300 juta                             | 1300000/1300000000 - -
    3.000 ribu ton                         | 3000000/3000 tonnes -
    2 juta 500 ribu                        | 2500000 - -
    2,5 miliar                             | 2500000000 - -
    2,5 milyar rupiah                      | 2500000000 IDR -
    Rp 1 triliun                           | 1000000000000 IDR -
    1 ribu triliun                         | 1000000000000000 - -
    Rp. 1.000.000,-                        | 1000000 IDR -
    Rp1.000,50                             | 1000.5 IDR -
    Rp 2 M                                 | 2000000000/2000000 IDR -
    Rp 2 T                                 | 2000000000000 IDR -
    US$ 45 juta                            | 45000000 USD -
    US$ 45 juta dolar                      | 45000000 USD -
    USD17 juta                             | 17000000 USD -
    41 dolar Amerika Serikat               | 41 USD -
    5 dolar Singapura                      | 5 SGD -
    80.000 orang                           | 80000 people -
    3.000 UKM                              | 3000 firms -
    tujuh IKM agro                         | 7 firms -
    sekitar 14 IKM agro                    | 14 firms about
    80-an negara                           | 80 countries about
    hampir 80 negara                       | 80 countries about
    lebih dari 70 ribu                     | 70000 - more-than
    70 ribu lebih                          | 70000 - more-than
    70 ribuan                              | 70000 - about
    sedikitnya 70 ribu pekerja             | 70000 people at-least
    maksimal 30 persen                     | 30 percent up-to
    hingga 300 persen                      | 300 percent up-to
    300%                                   | 300 percent -
    naik 300 persen menjadi 45 juta dolar  | 300 percent -; 45000000 USD -
    20-30 persen                           | 20 percent at-least; 30 percent up-to
    antara 20 dan 30 persen                | 20 percent at-least; 30 percent up-to
    20 sampai 30 juta                      | 20000000/20 - at-least; 30000000 - up-to
    dari 20 hingga 30 persen               | 20 percent -; 30 percent -
    minus 5 persen                         | -5 percent -
    nol                                    | 0 - -
    satu                                   | 1 - -
    sebelas                                | 11 - -
    dua belas                              | 12 - -
    dua puluh lima                         | 25 - -
    tiga ratus                             | 300 - -
    tiga ratus lima puluh ribu             | 350000 - -
    seribu lima ratus                      | 1500 - -
    sejuta orang                           | 1000000 people -
    setengah                               | 0.5/50 - -
    setengah juta                          | 500000 - -
    satu setengah juta                     | 1500000 - -
    selusin                                | 12 - -
    tiga kali lipat                        | 3 times -
    10 tahun                               | 10 years -
    45 juta tahun 2018                     | 45000000 - -
    1950 eksportir                         | 1950 - -
    lebih dari 2000                        | 2000 - more-than
    2018 orang                             | 2018 people -
"""
ENGLISH = """
    45 million                             | 45000000 - -
    1.3 million                            | 1300000 - -
    1,300 million people                   | 1300000000/1300000 people -
    US$45 million                          | 45000000 USD -
    U.S. $45 million                       | 45000000 USD -
    $13,000                                | 13000/13 USD -
    A$13                                   | 13 AUD -
    13,000 dollars                         | 13000 USD -
    1,300,000                              | 1300000 - -
    1,300.50                               | 1300.5 - -
    thirteen thousand                      | 13000 - -
    twelve hundred                         | 1200 - -
    twenty-five                            | 25 - -
    three hundred and twenty-five thousand | 325000 - -
    three hundred percent                  | 300 percent -
    5 per cent                             | 5 percent -
    .5 percent                             | 0.5 percent -
    2.5 percentage points                  | 2.5 percentage points -
    half a million                         | 500000 - -
    one and a half million                 | 1500000 - -
    two million and a half                 | 2500000 - -
    a dozen                                | 12 - -
    two dozen firms                        | 24 firms -
    three quarters                         | 0.75/75 - -
    45m                                    | 45000000/45 - -
    45bn                                   | 45000000000 - -
    $13k                                   | 13000 USD -
    45 m                                   | 45 - -
    3 t                                    | 3 tonnes -
    more than 1,500 SMEs                   | 1500 firms more-than
    70,000+ people                         | 70000 people more-than
    > 80                                   | 80 - more-than
    at least 80 countries                  | 80 countries at-least
    70 countries or more                   | 70 countries at-least
    up to 300 percent                      | 300 percent up-to
    less than 5 tonnes                     | 5 tonnes up-to
    nearly 80                              | 80 - about
    exactly 80                             | 80 - exact
    US$20-30 million                       | 20000000/20 USD at-least; 30000000 USD up-to
    between one hundred and two thousand   | 100 - at-least; 2000 - up-to
    2000-2500 firms                        | 2000 firms at-least; 2500 firms up-to
    three times                            | 3 times -
    threefold                              | 3 times -
    10-fold                                | 10 times -
    3x                                     | 3 times -
    twice                                  | 2 times -
    a 20-year plan                         | 20 years -
    rose from 20 to 30 million in 2018     | 20000000/20 - -; 30000000 - -
"""
JAPANESE = """
    8億                                    | 800000000 - -
    8億円                                  | 800000000 JPY -
    2.5億ドル                              | 250000000 USD -
    1兆2,000億円                           | 1200000000000 JPY -
    130万人                                | 1300000 people -
    3万5000人                              | 35000 people -
    5百万円                                | 5000000 JPY -
    ３００％                               | 300 percent -
    300パーセント                          | 300 percent -
    ▲3.2%                                  | -3.2 percent -
    ２・５％                               | 2.5 percent -
    三・五                                 | 3.5 - -
    三百                                   | 300 - -
    二百五十社                             | 250 firms -
    十三万                                 | 130000 - -
    一億二千万                             | 120000000 - -
    二〇二二                               | 2022 - -
    約70,000人                             | 70000 people about
    70,000人以上                           | 70000 people at-least
    70,000人超                             | 70000 people more-than
    7万人を超える                          | 70000 people more-than
    100社未満                              | 100 firms up-to
    最大100社                              | 100 firms up-to
    20～30％                               | 20 percent at-least; 30 percent up-to
    約8割                                  | 80 percent about
    3割5分                                 | 35 percent -
    半数                                   | 0.5/50 - -
    2倍                                    | 2 times -
    80カ国                                 | 80 countries -
    10年間                                 | 10 years -
"""
SIGNS = """
    1.3                                    | 1.3 - -
    1,3                                    | 1.3 - -
    13.000                                 | 13000/13 - -
    13,000                                 | 13000/13 - -
    0.300                                  | 0.3 - -
    1.3000                                 | 1.3 - -
    1.300.000                              | 1300000 - -
    1.300.000,5                            | 1300000.5 - -
    1 300 000                              | 1300000 - -
    1\u2009300\u202f000\u00a0people        | 1300000 people -
    1’300’000                              | 1300000 - -
    -5%                                    | -5 percent -
    −5                                     | -5 - -
    −US$5                                  | -5 USD -
    1½ juta                                | 1500000 - -
    13²                                    | 13 - -
    ①300人                                 | 300 people -
    2018                                   | 2018 - -
"""
NO_FIGURE = (
    "", " ", "banyak", "puluhan", "ratusan ribu", "ribuan orang", "jutaan", "several hundred", "a few million",
    "hundreds of thousands", "数十人", "十数人", "数百万人", "何百社", "二三人", "salah satu", "satu-satunya", "one of the largest",
    "dua pertiga", "sembilan persepuluhnya", "two-thirds", "nine tenths", "3分の1", "第3回", "ke-14", "2nd", "Pasal 5",
    "pukul 10.30", "10:30", "1/2", "tahun 2018", "pada 2018", "in 2018", "since 2018", "hingga 2018", "2018-2022",
    "dari 2016 ke 2017", "tahun 80-an", "22 Februari 2018", "20-22 Februari 2018", "Januari-April 2020", "February 22, 2018",
    "2018-02-22", "22/2/2018", "22.2.2018", "2008/09", "2018年", "2022年4月22日", "平成30年", "二〇二二年", "COVID-19", "G20", "5G",
    "B2B", "0x10", "1e6", "三菱", "千葉", "一部", "統一", "十分", "the 45-member group", "1.00.000", "1,30,0", "1'3",
    "dua juta lima juta", "٣٠٠", "Ⅳ", "²", "%", "-", "US$", "lebih dari", "juta", "9" * (MOST_DIGITS + 1),
    "1." + "0" * MOST_DIGITS, "\ud800", "\x00",
)  # fmt: skip


def table(text: str) -> list[tuple[str, list[Printed]]]:
    """Return the cases of a table: the words, and the figures that they hold."""
    cases = []
    for line in text.strip().splitlines():
        printed, _, said = line.partition("|")
        figures = []
        for figure in said.split(";"):
            values, *unit, bound = figure.split()
            name = " ".join(unit)
            figures.append(
                Printed(
                    tuple(map(Decimal, values.split("/"))),
                    None if name == "-" else name,
                    None if bound == "-" else bound,
                )
            )
        cases.append((printed.strip(), figures))
    return cases


CASES = [case for text in (INDONESIAN, ENGLISH, JAPANESE, SIGNS) for case in table(text)]


def test_words_are_read_as_the_figures_that_they_print() -> None:
    assert CASES
    assert [(printed, read(printed)) for printed, _ in CASES] == CASES


def test_words_without_an_exact_number_and_dates_are_no_figure() -> None:
    assert [printed for printed in NO_FIGURE if read(printed) or says(printed, "1") is not None] == []


def test_case_width_and_spaces_at_the_ends_do_not_count() -> None:
    for printed, _ in CASES:
        wide = "".join(chr(ord(letter) + 0xFEE0) if letter in "0123456789%" else letter for letter in printed)
        assert read(f"  {printed.upper()}\n") == read(printed) == read(wide)


@pytest.mark.parametrize(
    ("printed", "language", "values"),
    [
        ("13.000", "id", "13000"),
        ("13.000", "en", "13 13000"),
        ("13.000", "ja", "13 13000"),
        ("13.000", "de", "13000 13"),
        ("13,000", "id", "13 13000"),
        ("13,000", "en", "13000"),
        ("13,000人", "id", "13000"),  # the words' own language counts before that of the source
        ("13.000 orang", "en", "13000"),
        ("12.345%", "id", "12345 12.345"),  # papers mix the customs there
        ("$2m", "id", "2000000000 2000000"),
        ("$2m", "en", "2000000 2000000000"),
    ],
)
def test_language_decides_what_a_point_and_a_comma_are(printed: str, language: str, values: str) -> None:
    (figure,) = read(printed, language)
    assert [written(value) for value in figure.values] == values.split()


# --- what the words say of a value -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("printed", "value", "unit", "answer"),
    [
        ("13 ribu", "13000", None, True),
        ("13 ribu", "13.000", None, False),
        ("13 ribu", "13", None, False),
        ("1,3 juta", "1300000.0", "people", True),
        ("naik 300 persen menjadi 45 juta dolar", "300", "percent", True),
        ("naik 300 persen menjadi 45 juta dolar", "45000000", "USD", True),
        ("naik 300 persen menjadi 45 juta dolar", "300", "USD", False),
        ("Rp 236 miliar", "236000000000", "USD", False),
        ("45 juta dolar", "45000000", "AUD", True),  # whose dollars is unsaid
        ("80 negara", "80", "markets", True),  # units of one's own may be called otherwise
        ("turun 5 persen", "-5", "percent", True),  # the fall stands in the verb
        ("minus 5 persen", "5", "percent", False),
        ("banyak", "5", None, None),
        ("5", "many", None, None),
        ("5", "sNaN", None, None),
        ("5", "Infinity", None, None),
        ("5", "1e999999999999999999999", None, None),
    ],
)
def test_words_say_a_value_or_do_not(printed: str, value: str, unit: str | None, answer: bool | None) -> None:
    assert says(printed, value, unit) is answer


# --- every number, in every notation ---------------------------------------------------------------------

NUMBERS = st.integers(min_value=0, max_value=10**15 - 1)
INDONESIAN_ONES = "nol satu dua tiga empat lima enam tujuh delapan sembilan sepuluh sebelas".split()
ENGLISH_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
    " seventeen eighteen nineteen"
).split()
ENGLISH_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()


def in_indonesian(number: int) -> str:
    """Return a number in Indonesian words."""
    if number < 12:
        return INDONESIAN_ONES[number]
    if number < 20:
        return f"{INDONESIAN_ONES[number - 10]} belas"
    for factor, name in (
        (10**12, "triliun"), (10**9, "miliar"), (10**6, "juta"), (1000, "ribu"), (100, "ratus"), (10, "puluh"),
    ):  # fmt: skip
        if number >= factor:
            times, rest = divmod(number, factor)
            once = times == 1 and factor in (100, 1000)
            head = f"se{name}" if once else f"{in_indonesian(times)} {name}"
            return f"{head} {in_indonesian(rest)}" if rest else head
    raise AssertionError


def in_english(number: int) -> str:
    """Return a number in English words."""
    if number < 20:
        return ENGLISH_ONES[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        return ENGLISH_TENS[tens - 2] + (f"-{ENGLISH_ONES[ones]}" if ones else "")
    for factor, name in (
        (10**12, "trillion"), (10**9, "billion"), (10**6, "million"), (1000, "thousand"), (100, "hundred"),
    ):  # fmt: skip
        if number >= factor:
            times, rest = divmod(number, factor)
            link = " and " if factor == 100 else " "
            head = f"{in_english(times)} {name}"
            return head + (link + in_english(rest) if rest else "")
    raise AssertionError


def in_kanji(number: int) -> str:
    """Return a number in kanji."""
    digits = "〇一二三四五六七八九"
    if number < 10:
        return digits[number]
    for factor, name in ((10**12, "兆"), (10**8, "億"), (10**4, "万"), (1000, "千"), (100, "百"), (10, "十")):
        if number >= factor:
            times, rest = divmod(number, factor)
            once = times == 1 and factor <= 1000
            return ("" if once else in_kanji(times)) + name + (in_kanji(rest) if rest else "")
    raise AssertionError


def in_mixed_japanese(number: int) -> str:
    """Return a number as Japanese papers print it: 1兆2,000億."""
    parts = []
    for factor, name in ((10**12, "兆"), (10**8, "億"), (10**4, "万"), (1, "")):
        times, number = divmod(number, factor)
        if times:
            parts.append(f"{times:,}{name}")
    return "".join(parts) or "0"


@given(NUMBERS)
def test_number_written_out_is_read_back(number: int) -> None:
    for printed in (in_indonesian(number), in_english(number), in_kanji(number), in_mixed_japanese(number)):
        assert says(printed, str(number)) is True, printed
        assert len(read(printed)) == 1, printed


@given(NUMBERS, st.integers(min_value=1, max_value=99))
def test_number_in_digits_is_read_back(number: int, hundredths: int) -> None:
    grouped = f"{number:,}"
    for group, point in ((",", "."), (".", ","), (" ", ","), ("\u202f", ","), ("’", ".")):
        with_fraction = f"{grouped.replace(',', group)}{point}{hundredths:02}"
        assert says(grouped.replace(",", group), str(number)) is True
        assert says(with_fraction, f"{number}.{hundredths:02}") is True, with_fraction
        assert says(f"Rp {with_fraction}", f"{number}.{hundredths:02}", "IDR") is True


@given(st.decimals(min_value=1, max_value=999, places=1))
def test_number_with_a_factor_is_read_back(number: Decimal) -> None:
    for printed, factor in (
        (f"{number} million", 6), (f"US${number}bn", 9), (f"{number} juta".replace(".", ","), 6), (f"{number}億円", 8),
    ):  # fmt: skip
        assert says(printed, written(number.scaleb(factor))) is True


# --- whatever the text -----------------------------------------------------------------------------------


@given(
    st.lists(
        st.sampled_from([*words(), *"0123456789.,- '()½²", "12", "1.000", "2018", "other"]), max_size=12
    ).map("".join)
    | st.lists(st.sampled_from([*words(), "12", "1.000", "2018", "other"]), max_size=9).map(" ".join)
    | st.text(),
    st.sampled_from([None, "id", "en", "ja", "de"]),
)
def test_no_text_is_too_much(text: str, language: str | None) -> None:
    for figure in read(text, language):
        assert figure.values
        assert all(value.is_finite() for value in figure.values)


REPEATED = (
    "1", "1.000", "1 000 ", "1/", "-", "- ", "a-", "2018-", "juta ", "satu juta ", "dua-", "千", "一二", "no ", "u.s.",
    "lebih dari ",
)  # fmt: skip


def test_half_a_megabyte_of_what_repeats_is_read() -> None:
    # Each takes half a second at most; were the time quadratic in one of them, it would take minutes.
    for part in REPEATED:
        read(part * (500_000 // len(REPEATED) // len(part.encode())))
