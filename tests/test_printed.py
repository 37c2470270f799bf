"""A figure's value is held to its printed words, and no figure is suspected for how its words are put."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st

from indotrade.dataset.printed import misread
from indotrade.dataset.records import Figure, Reading
from indotrade.wording.sentences import told


def figure(as_printed: str | None, value: str, unit: str = "people", **more: Any) -> Figure:
    """Return a figure with printed words."""
    return Figure(
        value=value, unit=unit, bound="exact", measure=None, period=None, as_printed=as_printed, **more
    )


@pytest.mark.parametrize(
    ("printed", "value", "unit", "language", "message"),
    [
        ("13 ribu", "13.000", "people", "id", '"13 ribu" reads as 13000, not 13.000'),
        ("13 ribu", "13", "people", None, '"13 ribu" reads as 13000, not 13'),
        ("80.000", "80.000", "people", "id", '"80.000" reads as 80000, not 80.000'),
        ("80.000", "8000", "people", None, '"80.000" reads as 80000 or 80, not 8000'),
        ("8億円", "80000000", "JPY", "ja", '"8億円" reads as 800000000 JPY, not 80000000'),
        ("2.5 percent", "25", "percent", "en", '"2.5 percent" reads as 2.5 percent, not 25'),
        ("0,5%", "5", "percent", "id", '"0,5%" reads as 0.5 percent, not 5'),
        ("3,14%", "14.3", "percent", "id", '"3,14%" reads as 3.14 percent, not 14.3'),
        (
            "Rp 5 miliar",
            "5000000000",
            "USD",
            "id",
            '"Rp 5 miliar" reads as 5000000000 IDR, not 5000000000 USD',
        ),
        (
            "naik 3 persen menjadi 45 juta dolar",
            "45",
            "USD",
            "id",
            '"naik 3 persen menjadi 45 juta dolar" reads as 3 percent or 45000000 USD, not 45',
        ),
    ],
)
def test_value_that_the_words_do_not_print_is_told(
    printed: str, value: str, unit: str, language: str | None, message: str
) -> None:
    assert str(misread(figure(printed, value, unit), language)) == message


@pytest.mark.parametrize(
    ("printed", "value", "unit", "language"),
    [
        (None, "13", "people", "id"),
        ("banyak", "13", "people", "id"),
        ("pada 2018", "13", "people", "id"),
        ("13 ribu", "13000", "people", "id"),
        ("80.000", "80000", "people", "id"),
        ("80.000", "80", "people", "en"),
        ("0,5%", "0.5", "percent", "id"),
        ("1,30 juta", "1300000", "people", "id"),
        ("turun 5 persen", "-5", "percent", "id"),
        ("20-30 persen", "30", "percent", "id"),
        ("2 juta 500 ribu", "2500000", "people", "id"),
        ("dua puluh lima", "25", "people", "id"),
    ],
)
def test_value_that_the_words_can_mean_is_not_told(
    printed: str | None, value: str, unit: str, language: str
) -> None:
    assert misread(figure(printed, value, unit), language) is None


def test_misprint_is_held_to_its_words_and_not_to_its_reading() -> None:
    reading = Reading(value="41000000", why="a word was dropped")
    assert misread(figure("41 dolar", "41", "USD", reading=reading), "id") is None
    assert misread(figure("41 dolar", "41000000", "USD", reading=reading), "id")


def test_message_is_told_in_indonesian() -> None:
    message = misread(figure("80.000", "8000"))
    assert message
    assert told(message, "id") == '"80.000" terbaca 80000 atau 80, bukan 8000'


@given(
    st.integers(min_value=0, max_value=10**9),
    st.integers(min_value=0, max_value=999),
    st.sampled_from(["{:,}", "{} ribu", "{:,}.{} million", "{}.{}%", "{},{} juta", "{}.{}", "0,{} juta", "{}億{}万円", "{} of {}"]),
    st.sampled_from([None, "id", "en"]),
)  # fmt: skip
def test_shape_of_the_words_never_hides_what_the_words_themselves_tell(
    number: int, other: int, form: str, language: str | None
) -> None:
    # The reading of a shape stands for that of all words that have it: both must come to one answer.
    from indotrade.text.numerals import says

    printed = form.format(number, other)
    for value in (
        str(number),
        f"{number}.{other}",
        str(number * 1000),
        str(number * 10**6),
        f"{number}000.{other}",
    ):
        answer = says(printed, value, "people", language)
        assert (misread(figure(printed, value), language) is None) is (answer is not False)


def _printed() -> Iterator[tuple[str, dict[str, Any], str]]:
    """Yield each figure of the bundled data that has printed words: its claim, the figure, the language."""
    read = {
        name: json.loads((ROOT / "data" / f"{name}.json").read_text("utf-8"))
        for name in ("claims", "sources")
    }
    languages = {source["id"]: source["language"] for source in read["sources"]}
    for claim in read["claims"]:
        for place in (claim, *claim["evidence"]):
            if place["figure"] and place["figure"]["as_printed"]:
                yield claim["id"], place["figure"], languages[place["source"]]


def test_every_printed_figure_of_the_bundled_data_is_read_as_its_value() -> None:
    from indotrade.text.numerals import says

    printed = list(_printed())
    assert printed
    for claim, stored, language in printed:
        for known in (language, None):  # even where the source's language is unknown
            assert says(stored["as_printed"], stored["value"], stored["unit"], known) is True, claim
