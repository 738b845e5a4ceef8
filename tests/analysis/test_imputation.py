"""Filling in, flags, and that known values never change; and the screening that goes before."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from helpers.analysis.imputation import blocks_of, impute
from helpers.analysis.screening import screen
from helpers.data.definition import Group, Imputation, Indicator, Screening

NAN = np.nan
VALUES = np.array([[1.0, 10.0, NAN], [NAN, 20.0, NAN], [3.0, NAN, NAN], [8.0, 60.0, NAN]])
GROUPS = np.array(["a", "a", "b", ""], dtype=object)


@pytest.mark.parametrize(
    ("settings", "first", "second"),
    [
        (Imputation(method="mean"), 4.0, 30.0),
        (Imputation(method="median"), 3.0, 20.0),
        (Imputation(method="group_mean", group="g"), 1.0, NAN),
        (Imputation(method="group_median", group="g"), 1.0, NAN),
        (Imputation(), NAN, NAN),
    ],
)
def test_by_column(settings: Imputation, first: float, second: float) -> None:
    imputed = impute(VALUES, settings, GROUPS)
    np.testing.assert_array_equal([imputed.values[1, 0], imputed.values[2, 1]], [first, second])
    # Where there is nothing to take (empty column, empty group), the cell stays missing and is not flagged.
    assert np.isnan(imputed.values[:, 2]).all()
    np.testing.assert_array_equal(imputed.flags, np.isnan(VALUES) & ~np.isnan(imputed.values))


def test_by_row_within_a_group_of_the_tree() -> None:
    """COINr: min-max with direction, mean of the row within the group, back to the scale of the indicator."""
    values = np.array([[0.0, 30.0, 7.0], [10.0, 10.0, 5.0], [5.0, NAN, 9.0], [NAN, 20.0, 1.0]])
    imputed = impute(values, Imputation(method="row"), blocks=["x", "x", "y"], signs=np.array([1.0, -1.0, 1.0]))
    assert imputed.values[2, 1] == 20.0
    assert imputed.values[3, 0] == 5.0
    assert imputed.flags.sum() == 2


def test_by_row_a_constant_indicator_gives_no_share_and_takes_its_constant() -> None:
    values = np.array([[0.0, 3.0], [10.0, NAN], [NAN, 3.0]])
    imputed = impute(values, Imputation(method="row"), blocks=["x", "x"], signs=np.ones(2))
    assert imputed.values[1, 1] == 3.0
    assert np.isnan(imputed.values[2, 0])


@given(
    arrays(np.float64, (5, 4), elements=st.integers(0, 9).map(float) | st.just(NAN)),
    st.sampled_from(["none", "mean", "median", "group_mean", "group_median", "row"]),
)
def test_known_values_never_change(values: Any, method: Any) -> None:
    groups = np.array(["a", "a", "b", "b", ""], dtype=object)
    settings = Imputation(method=method, group="g")
    imputed = impute(values, settings, groups, blocks=["x", "x", "y", "y"], signs=np.array([1.0, -1, 1, 1]))
    known = ~np.isnan(values)
    np.testing.assert_array_equal(imputed.values[known], values[known])
    assert not imputed.flags[known].any()
    assert not np.isnan(imputed.values[imputed.flags]).any()


def test_what_a_method_needs_must_be_given() -> None:
    with pytest.raises(TypeError, match="groups"):
        impute(VALUES, Imputation(method="group_mean", group="g"))
    with pytest.raises(TypeError, match="blocks"):
        impute(VALUES, Imputation(method="row"))


def test_blocks_are_the_groups_that_hold_the_indicators() -> None:
    tree = (Group(id="g", children=(Indicator(indicator="a"), Group(id="h", children=(Indicator(indicator="b"),)))),)
    assert blocks_of((*tree, Indicator(indicator="c"))) == ["g", "h", "index"]


def test_screening_goes_by_the_share_in_the_whole_table() -> None:
    screened = screen(VALUES, Screening(units=0.5, indicators=0.75))
    assert screened.units.tolist() == [True, False, False, True]
    assert screened.indicators.tolist() == [True, True, False]
    assert screened.unit_shares.tolist() == [2 / 3, 1 / 3, 1 / 3, 2 / 3]
    assert screened.indicator_shares.tolist() == [0.75, 0.75, 0.0]
