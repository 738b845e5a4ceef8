"""Ranks of many draws at once."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from numpy.typing import NDArray

from helpers.analysis.ranking import rank

SCORES = arrays(
    np.float64,
    array_shapes(min_dims=2, max_dims=2, max_side=8),
    elements=st.integers(-5, 5).map(lambda number: number / 4) | st.just(np.nan),
)


@given(SCORES)
def test_a_rank_counts_the_better_ones_of_its_draw(scores: NDArray[np.float64]) -> None:
    ranks = rank(scores)
    for unit, draw in np.ndindex(scores.shape):
        own = scores[unit, draw]
        assert ranks[unit, draw] == (0 if np.isnan(own) else 1 + (scores[:, draw] > own).sum())


def test_ties_share_the_lowest_number_and_rounding_of_the_machine_is_a_tie() -> None:
    assert rank(np.array([[0.1 + 0.2, 0.3, 0.5, np.nan, 0.2]]).T)[:, 0].tolist() == [2, 2, 1, 0, 4]


def test_scores_that_differ_in_the_ninth_decimal_are_no_ties() -> None:
    assert rank(np.array([[1.0, 1.000000001, 1.0000000001]]).T)[:, 0].tolist() == [2, 1, 2]


def test_large_scores_keep_their_order() -> None:
    assert rank(np.array([[1e15, 3e15, 2e15]]).T)[:, 0].tolist() == [3, 1, 2]


def test_scores_too_large_for_decimals_are_ranked_as_they_are() -> None:
    assert rank(np.array([[1e305], [3e305], [np.nan], [-1e305], [1.0]]))[:, 0].tolist() == [2, 1, 0, 4, 3]
