"""The outlier rule: what it moves, when it stops, and that every touched point is told."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.stats import kurtosis, skew

from helpers.analysis.faults import ConstructionError
from helpers.analysis.treatment import Treated, skewness_kurtosis, treat
from helpers.data.definition import Treatment

RULE = Treatment(method="winsorise_log")
SPREAD = list(range(1, 31))


def of(column: list[float], settings: Treatment = RULE) -> Treated:
    return treat(np.array([column], dtype=float).T, settings)


@given(st.lists(st.integers(-50, 50), min_size=4, max_size=30))
def test_skewness_and_kurtosis_are_those_of_scipy(numbers: list[int]) -> None:
    values = np.array(numbers, dtype=float)
    found = skewness_kurtosis(values)
    if len(set(numbers)) < 2:
        assert np.isnan(found).all()
        return
    np.testing.assert_allclose(found, (skew(values, bias=False), kurtosis(values, bias=False)), rtol=1e-9, atol=1e-9)


def test_a_column_that_holds_the_rule_stays() -> None:
    treated = of([*SPREAD, 40])
    assert treated.values[:, 0].tolist() == [*SPREAD, 40]
    assert treated.touched == []
    assert treated.columns[0].action == "none"


def test_outliers_move_to_the_next_value_one_after_the_other() -> None:
    treated = of([*SPREAD, 300, np.nan, 200])
    assert treated.values[:, 0].tolist()[30::2] == [30, 30]
    assert [(touch.row, touch.before, touch.after, touch.how) for touch in treated.touched] == [
        (30, 300, 30, "winsorised high"),
        (32, 200, 30, "winsorised high"),
    ]
    assert (treated.columns[0].action, treated.columns[0].points) == ("winsorised", 2)
    assert np.isnan(treated.values[31, 0])


def test_low_outliers_move_up() -> None:
    treated = of([*SPREAD, -300])
    assert treated.touched == [(30, 0, -300, 1, "winsorised low")]


def test_ties_of_the_extreme_move_at_once_and_may_pass_the_limit() -> None:
    treated = of([*SPREAD, *SPREAD, 900, 500, 500], Treatment(method="winsorise_log", most=2))
    assert treated.columns[0].action == "winsorised"
    assert treated.columns[0].points == 3
    assert set(treated.values[60:, 0]) == {30}


def test_at_the_limit_the_logarithm_of_the_original_is_taken() -> None:
    column = [2.0**k for k in range(60)]
    treated = of(column)
    shifted = np.array(column) - 1 + 0.01 * (column[-1] - 1)
    np.testing.assert_allclose(treated.values[:, 0], np.log(shifted), rtol=1e-14)
    assert treated.columns[0].action == "log"
    assert [touch.how for touch in treated.touched] == ["log"] * 60


def test_no_winsorising_allowed_means_the_logarithm() -> None:
    assert of([*SPREAD, 300], Treatment(method="winsorise_log", most=0)).columns[0].action == "log"


def test_values_that_winsorising_makes_constant_get_the_logarithm() -> None:
    treated = of([0.0] * 30 + [1.0, 50.0])
    assert treated.columns[0].action == "log"
    assert len(set(treated.values[:, 0])) == 3


@pytest.mark.parametrize("column", [[1.0, 2.0, 900.0], [5.0] * 9, [np.nan] * 5])
def test_columns_for_which_the_rule_is_not_defined_stay(column: list[float]) -> None:
    treated = of(column)
    np.testing.assert_array_equal(treated.values[:, 0], column)
    assert treated.columns[0].action == "none"


def test_method_none_touches_nothing() -> None:
    assert of([*SPREAD, 300], Treatment()).touched == []


def test_infinite_values_are_refused() -> None:
    with pytest.raises(ConstructionError, match="column 1 has infinite values"):
        of([1.0, np.inf, 2.0, 3.0])


@given(st.lists(st.floats(0, 1e6, allow_subnormal=False), min_size=2, max_size=40), st.integers(0, 6))
def test_treatment_keeps_the_order_and_every_change_is_listed(numbers: list[float], most: int) -> None:
    values: NDArray[np.float64] = np.array([numbers]).T
    treated = treat(values, Treatment(method="winsorise_log", most=most))
    order = np.argsort(values[:, 0])
    assert (np.diff(treated.values[order, 0]) >= 0).all()
    changed = set(np.flatnonzero(treated.values[:, 0] != values[:, 0]))
    assert changed <= {touch.row for touch in treated.touched}
    for touch in treated.touched:
        assert (touch.before, touch.after) == (values[touch.row, 0], treated.values[touch.row, 0])
