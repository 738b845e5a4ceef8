"""Numbers, lists and dates in both languages."""

import math
from collections.abc import Iterator

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.parameters import Language
from helpers.present import fmt
from helpers.present.language import use


@pytest.fixture(autouse=True)
def begin_in_german() -> Iterator[None]:
    use("de")
    yield
    use("de")


@pytest.mark.parametrize(
    ("value", "decimals", "german", "english"),
    [
        (59.7, 1, "59,7", "59.7"),
        (1234.5, 1, "1.234,5", "1,234.5"),
        (1_234_567, 0, "1.234.567", "1,234,567"),
        (0.25, 2, "0,25", "0.25"),
        (7, 2, "7,00", "7.00"),
        (99.95, 1, "100,0", "100.0"),
        (99.949, 1, "99,9", "99.9"),
        (999.96, 1, "1.000,0", "1,000.0"),
        (-3.25, 2, "\u22123,25", "\u22123.25"),
        (-0.0, 1, "0,0", "0.0"),
        (-0.04, 1, "0,0", "0.0"),
        (0.0, 0, "0", "0"),
    ],
)
def test_numbers_follow_the_language(value: float, decimals: int, german: str, english: str) -> None:
    assert fmt.number(value, decimals) == german
    use("en")
    assert fmt.number(value, decimals) == english


@pytest.mark.parametrize("value", [math.nan, None, pd.NA])
def test_a_missing_value_is_a_dot_whatever_the_format(value: float) -> None:
    assert fmt.number(value) == fmt.integer(value) == fmt.with_unit(value, "km") == "·"


@given(st.floats(-1e9, 1e9), st.integers(0, 3), st.sampled_from(["de", "en"]))
def test_a_number_can_be_read_back_and_never_shows_a_hyphen_or_minus_zero(
    value: float, decimals: int, language: Language
) -> None:
    use(language)
    text = fmt.number(value, decimals)
    thousands, point = (".", ",") if language == "de" else (",", ".")
    plain = text.replace(thousands, "").replace(point, ".").replace(fmt.MINUS, "-")
    assert float(plain) == pytest.approx(round(value, decimals), abs=1e-9)
    assert "-" not in text
    assert not (text.startswith(fmt.MINUS) and float(plain) == 0)
    assert len(plain.partition(".")[2]) == decimals


def test_percent_has_a_narrow_space_in_german_only() -> None:
    assert fmt.percent(12.1) == "12,1\u202f%"
    assert fmt.percent(12, 0) == "12\u202f%"
    use("en")
    assert fmt.percent(12.1) == "12.1%"


def test_units_follow_their_number() -> None:
    assert fmt.with_unit(12.1, "%") == "12,1\u202f%"
    assert fmt.with_unit(12.1, "% der Fläche") == "12,1\u202f% der Fläche"
    assert fmt.with_unit(1.234, "je 100.000 Einw.", 2) == "1,23 je 100.000 Einw."
    assert fmt.with_unit(3, "", 0) == "3"


def test_lists_are_joined_without_a_comma_before_the_last() -> None:
    assert fmt.join(["Bochum", "Essen", "Dortmund"]) == "Bochum, Essen und Dortmund"
    assert fmt.join(["Bochum", "Essen"]) == "Bochum und Essen"
    assert fmt.join(["Bochum"]) == "Bochum"
    assert fmt.join([]) == ""
    use("en")
    assert fmt.join(["Bochum", "Essen", "Dortmund"]) == "Bochum, Essen and Dortmund"


def test_numbers_up_to_twelve_are_words() -> None:
    assert [fmt.count(n) for n in (0, 2, 12, 13, 1000)] == ["null", "zwei", "zwölf", "13", "1.000"]
    use("en")
    assert [fmt.count(n) for n in (0, 2, 12, 13, 1000)] == ["zero", "two", "twelve", "13", "1,000"]


@pytest.mark.parametrize(
    ("text", "german", "english"),
    [
        ("2021", "2021", "2021"),
        ("2021-06", "Juni 2021", "June 2021"),
        ("2025-09", "September 2025", "September 2025"),
        ("2026-04-22", "22. April 2026", "22 April 2026"),
        ("2024-03-01", "1. März 2024", "1 March 2024"),
        ("", "", ""),
    ],
)
def test_periods_are_as_precise_as_they_are_known(text: str, german: str, english: str) -> None:
    assert fmt.period(text) == german
    use("en")
    assert fmt.period(text) == english
