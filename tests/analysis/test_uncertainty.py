"""Summaries of a simulation: against plain counting, and their sampling errors against many repetitions."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom, binomtest

from helpers.analysis.draws import Assumptions
from helpers.analysis.ranking import rank
from helpers.analysis.simulation import Simulation
from helpers.analysis.uncertainty import (
    not_separable,
    proportion_interval,
    quantile_position,
    quantile_positions,
    summary,
    win_matrix,
    win_probabilities,
)


def simulation(ranks: Any, reference: Any = None) -> Simulation:
    ranks = np.array(ranks, dtype=np.int16)
    reference = ranks[:, 0] if reference is None else np.array(reference, dtype=np.int16)
    return Simulation(pd.Index([f"u{i}" for i in range(len(ranks))]), ranks, reference, Assumptions(), {})


def of_scores(seed: int, units: int = 7, draws: int = 200, decimals: int = 1) -> Simulation:
    """Scores rounded so that ties occur."""
    rng = np.random.default_rng(seed)
    scores = np.round(rng.normal(size=(units, draws)) + np.linspace(1, 0, units)[:, None], decimals)
    return simulation(rank(scores))


SEEDS = st.integers(0, 10_000)


def test_summary_of_a_simulation_that_can_be_counted_by_hand() -> None:
    made = simulation([[1, 1, 2, 2, 1, 3, 1, 1, 1, 1], [2, 2, 1, 1, 2, 1, 2, 2, 2, 2], [3, 3, 3, 3, 3, 2, 3, 3, 3, 3]])
    frame = summary(made, top=(1, 2))
    assert frame["reference"].tolist() == [1, 2, 3]
    assert frame["low"].tolist() == [1, 1, 2]
    assert frame["median"].tolist() == [1, 2, 3]
    assert frame["high"].tolist() == [3, 2, 3]
    assert frame["top_1"].tolist() == [0.7, 0.3, 0.0]
    assert frame["top_2"].tolist() == [0.9, 1.0, 0.1]


@given(seed=SEEDS)
def test_the_interval_is_made_of_attained_ranks_and_holds_nine_tenths(seed: int) -> None:
    made = of_scores(seed)
    frame = summary(made)
    for number, row in enumerate(frame.itertuples()):
        ranks = made.ranks[number]
        assert {row.low, row.median, row.high} <= set(ranks.tolist())
        assert ((ranks >= row.low) & (ranks <= row.high)).mean() >= 0.9
        assert row.low == np.quantile(ranks, 0.05, method="inverted_cdf")
        assert row.high == np.quantile(ranks, 0.95, method="inverted_cdf")


@given(seed=SEEDS)
def test_every_number_lies_within_its_sampling_error(seed: int) -> None:
    frame = summary(of_scores(seed), top=(1, 3))
    for name in ("low", "median", "high", "top_1", "top_3"):
        assert (frame[f"{name}_from"] <= frame[name]).all() and (frame[name] <= frame[f"{name}_to"]).all()


@given(seed=SEEDS)
def test_probabilities_of_the_first_ranks_sum_to_their_number_without_ties(seed: int) -> None:
    without_ties = simulation(rank(np.random.default_rng(seed).random((6, 90))))
    assert summary(without_ties)["top_1"].sum() == pytest.approx(1)
    assert summary(without_ties, top=(3,))["top_3"].sum() == pytest.approx(3)


@given(seed=SEEDS)
def test_win_probabilities_are_the_plain_count_and_antisymmetric(seed: int) -> None:
    made = of_scores(seed)
    matrix = win_matrix(made)
    assert np.allclose(matrix + matrix.T, 1, rtol=0, atol=1e-12)
    for i, one in enumerate(made.units):
        for j, other in enumerate(made.units):
            a, b = made.ranks[i], made.ranks[j]
            assert matrix.at[one, other] == pytest.approx(((a < b) + 0.5 * (a == b)).mean())
    some = ["u4", "u1"]
    pd.testing.assert_frame_equal(win_matrix(made, some), matrix.loc[some, some])
    with pytest.raises(KeyError, match="not in the simulation: u99"):
        win_matrix(made, ["u1", "u99"])
    focus = win_probabilities(made, "u2")
    assert focus["win"].tolist() == pytest.approx(matrix.loc["u2"].drop("u2").tolist())


@given(seed=SEEDS, order=st.permutations(range(7)))
def test_the_order_of_units_makes_no_difference(seed: int, order: list[int]) -> None:
    made = of_scores(seed)
    mixed = Simulation(made.units[order], made.ranks[order], made.reference[order], made.assumptions, {})
    pd.testing.assert_frame_equal(summary(mixed).loc[made.units], summary(made))
    pd.testing.assert_frame_equal(win_matrix(mixed).loc[made.units, made.units], win_matrix(made))


def test_replications_that_could_not_be_made_are_left_out() -> None:
    whole = of_scores(1)
    ranks = np.insert(whole.ranks, [3, 50, 50], 0, axis=1)
    pd.testing.assert_frame_equal(summary(simulation(ranks, whole.reference)), summary(whole))


def test_units_that_neither_win_nor_lose_nearly_always_are_not_separable() -> None:
    made = simulation([[1] * 20, [2] * 10 + [3] * 10, [3] * 10 + [2] * 10, [4] * 19 + [5], [5] * 19 + [4]])
    assert not_separable(made, "u0") == []
    assert not_separable(made, "u1") == ["u2"]
    assert not_separable(made, "u3", level=0.96) == ["u4"]


def test_one_unit_and_units_always_tied_need_no_special_care() -> None:
    alone = simulation([[1, 1, 1]])
    assert summary(alone)[["low", "high", "top_1"]].iloc[0].tolist() == [1, 1, 1.0]
    assert win_matrix(alone).iloc[0, 0] == 0.5
    tied = simulation([[1, 1], [1, 1]])
    assert win_matrix(tied).to_numpy().tolist() == [[0.5, 0.5], [0.5, 0.5]]


@pytest.mark.parametrize("count", [0, 1, 30, 99, 100])
def test_the_interval_of_a_probability_is_wilsons(count: int) -> None:
    """Against scipy.stats.binomtest."""
    expected = binomtest(count, 100).proportion_ci(method="wilson")
    low, high = proportion_interval(np.array([count / 100]), 100)
    assert low[0] == pytest.approx(expected.low, abs=1e-12)
    assert high[0] == pytest.approx(expected.high, abs=1e-12)


@settings(deadline=None)
@given(n=st.integers(1, 5000), share=st.floats(0.01, 0.99))
def test_the_positions_of_a_quantile_hold_it_with_the_stated_confidence(n: int, share: float) -> None:
    """The number of draws below the true quantile is binomial; at the ends there are no further draws to take."""
    first, last = quantile_positions(n, share)
    assert 0 <= first <= quantile_position(n, share) <= last <= n - 1
    assert first == 0 or binom.cdf(first, n, share) <= 0.025 + 1e-12
    assert last == n - 1 or binom.sf(last, n, share) <= 0.025 + 1e-12
    assert binom.cdf(first + 1, n, share) > 0.025  # and it is no wider than it must be
    assert last == 0 or binom.sf(last - 1, n, share) > 0.025 - 1e-12


def test_sampling_errors_are_those_of_repeated_simulations() -> None:
    """Of 400 simulations, 95 % intervals hold the value of a very large one in about 95 %, never in less than 92 %."""
    rng = np.random.default_rng(7)

    def ranks(draws: int) -> Any:
        return rank(rng.normal(size=(20, draws)) + np.linspace(1.5, 0, 20)[:, None])

    truth = summary(simulation(ranks(200_000)), top=(3,)).iloc[4]
    frames = [summary(simulation(ranks(500)), top=(3,)).iloc[4] for _ in range(400)]
    for name in ("low", "median", "high", "top_3"):
        held = np.mean([frame[f"{name}_from"] <= truth[name] <= frame[f"{name}_to"] for frame in frames])
        assert held >= 0.92, name
