"""Mazziotta-Pareto and the bounded benefit of the doubt; the printed table of the latter is in test_oracles_tai."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from helpers.analysis.crosschecks import benefit_of_the_doubt, mazziotta_pareto
from helpers.analysis.faults import ConstructionError

NAN = np.nan
SHARES = arrays(np.float64, (6, 4), elements=st.integers(0, 20).map(lambda number: number / 20))


def test_mazziotta_pareto_by_hand() -> None:
    values = np.array([[1.0, 10.0], [2.0, 30.0], [3.0, 20.0]])
    # z-scores -1, 0, 1 and -1, 1, 0: the first place is balanced, the others are not.
    mean = np.array([90.0, 105.0, 105.0])
    variance = np.array([0.0, 50.0, 50.0])
    np.testing.assert_allclose(mazziotta_pareto(values), mean - variance / mean)
    np.testing.assert_allclose(mazziotta_pareto(values, penalty=1), mean + variance / mean)


def test_mazziotta_pareto_needs_every_value_and_a_spread() -> None:
    values = np.array([[1.0, 10.0], [2.0, NAN], [3.0, 20.0]])
    np.testing.assert_array_equal(np.isnan(mazziotta_pareto(values)), [False, True, False])
    assert np.isnan(mazziotta_pareto(np.array([[1.0, 2.0], [1.0, 3.0]]))).all()


@settings(max_examples=25)
@given(SHARES)
def test_benefit_of_the_doubt_is_between_equal_weights_and_one(values: NDArray[np.float64]) -> None:
    scores = benefit_of_the_doubt(values)
    assert (scores <= 1 + 1e-9).all()
    mean = values.mean(axis=1)
    # Equal weights are allowed, scaled so that the best of all has 1.
    if mean.max() > 0:
        assert (scores >= mean / mean.max() - 1e-9).all()
        assert scores.max() == pytest.approx(1)


def test_bounds_that_leave_one_set_of_weights_give_the_mean() -> None:
    values = np.array([[0.2, 0.4], [0.6, 1.0], [1.0, 0.0]])
    np.testing.assert_allclose(benefit_of_the_doubt(values, (0.5, 0.5)), values.mean(axis=1) / 0.8)


def test_benefit_of_the_doubt_refuses_negative_values_and_skips_missing_ones() -> None:
    with pytest.raises(ConstructionError, match="not negative"):
        benefit_of_the_doubt(np.array([[0.5, -0.1]]))
    scores = benefit_of_the_doubt(np.array([[0.5, NAN], [0.5, 1.0]]))
    assert np.isnan(scores[0]) and scores[1] == pytest.approx(1)
    assert np.isnan(benefit_of_the_doubt(np.array([[NAN, 1.0]]))).all()
