"""The correlation ratio: analytic cases, scipy's spline as oracle, and what it says about our indices."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.interpolate import make_smoothing_spline
from scipy.stats import linregress
from studies import index_of

from helpers.analysis.audit.influence import influence, smooth
from helpers.analysis.construction import leaf_shares


def influence_in(universe: str) -> pd.DataFrame:
    index = index_of(universe)
    return influence(index.normalised, index.score, leaf_shares(index.universe.index.tree, set(index.normalised)))


def test_a_linear_index_of_independent_indicators() -> None:
    """S_i = w_i² var_i / sum of w² var, by definition of the first-order index (Saltelli et al. 2008)."""
    rng = np.random.default_rng(11)
    spread = np.array([1.0, 2.0, 0.5, 1.0])
    weights = np.array([0.4, 0.3, 0.2, 0.1])
    values = pd.DataFrame(rng.random((20_000, 4)) * spread, columns=list("abcd"))
    index = values @ weights
    exact = (weights * spread) ** 2 / ((weights * spread) ** 2).sum()
    found = influence(values, index, dict(zip("abcd", weights, strict=True)))
    assert found["linear"].to_numpy() == pytest.approx(exact, abs=0.01)
    assert found["smooth"].to_numpy() == pytest.approx(exact, abs=0.01)
    assert found["share"].sum() == pytest.approx(1)
    assert found["ratio"].to_numpy() == pytest.approx(found["share"].to_numpy() / weights)


def test_a_curve_that_no_line_sees() -> None:
    """y = (2x - 1)² + e with x and e uniform on 0-1: the line explains nothing, the curve 4/45 of 4/45 + 1/12."""
    rng = np.random.default_rng(12)
    x, noise = rng.random((2, 4000))
    found = influence(pd.DataFrame({"x": x}), pd.Series((2 * x - 1) ** 2 + noise), {"x": 1.0}).loc["x"]
    assert found["linear"] == pytest.approx(0, abs=0.005)
    assert found["smooth"] == pytest.approx((4 / 45) / (4 / 45 + 1 / 12), abs=0.03)


@pytest.mark.parametrize("penalty", [1e-5, 1e-3, 0.1])
def test_the_spline_is_that_of_scipy(penalty: float) -> None:
    rng = np.random.default_rng(13)
    x = rng.random(60).round(2)  # with ties
    y = np.sin(6 * x) + rng.normal(0, 0.2, 60)
    found = smooth(x, y, penalty)
    knots, counts = np.unique(x, return_counts=True)
    assert len(knots) < 60
    assert found.knots == pytest.approx(knots)
    means = np.array([y[x == knot].mean() for knot in knots])
    scaled = (knots - knots[0]) / (knots[-1] - knots[0])
    oracle = make_smoothing_spline(scaled, means, w=counts.astype(float), lam=penalty)(scaled)
    assert found.fitted == pytest.approx(oracle, abs=1e-8)


def test_a_straight_relation_gives_the_line() -> None:
    x = np.array([0.0, 1, 1, 2, 5, 9, 9, 10])
    curve = smooth(x, 3 * x + 1)
    assert curve.freedom == pytest.approx(2, abs=1e-6)
    assert curve.fitted == pytest.approx(3 * curve.knots + 1)
    found = influence(pd.DataFrame({"x": x}), pd.Series(3 * x + 1), {"x": 1.0}).loc["x"]
    assert found[["linear", "smooth"]].tolist() == pytest.approx([1, 1])


def test_the_difference_of_districts_does_not_pass_for_influence() -> None:
    """Fifteen districts hand down x, and have something else in common that has nothing to do with x."""
    rng = np.random.default_rng(14)
    found = []
    for _ in range(100):
        district = rng.integers(0, 15, 53)
        x, effect = rng.random((2, 15))
        y = pd.Series(effect[district] + rng.random(53))
        found.append(influence(pd.DataFrame({"x": x[district]}), y, {"x": 1.0}).loc["x", "smooth"])
    assert np.mean(found) < 0.12


@settings(max_examples=40, deadline=None)
@given(st.floats(1e-3, 1e3), st.floats(-100, 100), st.integers(0, 1000))
def test_the_unit_of_an_indicator_and_the_order_of_units_do_not_matter(scale: float, shift: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    x, y = rng.random((2, 30))
    order = rng.permutation(30)
    plain = influence(pd.DataFrame({"x": x}), pd.Series(y + x), {"x": 1.0})
    other = influence(pd.DataFrame({"x": scale * x[order] + shift}), pd.Series((y + x)[order]), {"x": 1.0})
    assert other.loc["x", ["linear", "smooth"]].tolist() == pytest.approx(
        plain.loc["x", ["linear", "smooth"]].tolist(), abs=1e-6
    )


@pytest.mark.parametrize(
    ("x", "reason"),
    [
        ([1.0, 1, 1, 1, 1, 1], "constant"),
        ([np.nan] * 6, "no_values"),
        ([1.0, 2, np.nan, np.nan, np.nan, np.nan], "too_few_units"),
        ([1.0, 2, np.inf, np.nan, np.nan, np.nan], "too_few_units"),
    ],
)
def test_what_cannot_be_computed_is_named(x: list[float], reason: str) -> None:
    index = pd.Series([1.0, 5, 2, 4, 3, 6])
    values = pd.DataFrame({"x": x, "ok": [1.0, 2, 3, 4, 5, 7]})
    found = influence(values, index, {"x": 0.0, "ok": 1.0})
    assert np.isnan(found.loc["x", "ratio"])
    assert found.loc["x", "reason"] == reason and np.isnan(found.loc["x", "smooth"])
    assert found.loc["ok", "share"] == 1


@pytest.mark.parametrize("x", [[0.0, 0, 0, 1, 1], [0.0, 1, 2, 2, 2], [0.0, 1, 2]])
def test_two_or_three_values_are_enough(x: list[float]) -> None:
    index = pd.Series(np.arange(len(x)) ** 2.0)
    found = influence(pd.DataFrame({"x": x}), index, {"x": 1.0}).loc["x"]
    assert 0 <= found["linear"] <= found["smooth"] + 1e-9 <= 1 + 1e-9


@pytest.mark.parametrize("universe", ["ruhr", "cities", "districts"])
def test_influence_in_our_indices(universe: str) -> None:
    """The linear part by scipy; the smooth one is at least nearly as large and no curve runs through its points."""
    index = index_of(universe)
    found = influence_in(universe)
    assert found["weight"].sum() == pytest.approx(1)
    for name, row in found.iterrows():
        both = index.normalised[name].notna()
        line = linregress(index.normalised.loc[both, name], index.score[both])
        assert row["linear"] == pytest.approx(line.rvalue**2, abs=1e-9)
        assert row["linear"] - 0.01 < row["smooth"] < 1
        assert 2 <= row["freedom"] < 7
    assert (
        found["smooth"].idxmax()
        == {
            "ruhr": "business_services_share",
            "cities": "academics_workplace",
            "districts": "academics_workplace",
        }[universe]
    )


def test_5g_hardly_counts_among_the_cities() -> None:
    """A weight of 8.3 %, an influence of 0.7 %: what is nearly the same everywhere decides nothing."""
    index = index_of("cities")
    found = influence_in("cities").loc["fiveg_area"]
    assert found["weight"] == pytest.approx(1 / 12)
    assert found["share"] == pytest.approx(0.007, abs=5e-4)
    assert found["linear"] == pytest.approx(index.normalised["fiveg_area"].corr(index.score) ** 2)
