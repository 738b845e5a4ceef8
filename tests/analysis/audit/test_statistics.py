"""Statistics of single indicators against scipy, and the flag of little variance."""

from random import Random

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import kurtosis, skew
from studies import index_of

from helpers.analysis.audit.statistics import statistics
from helpers.analysis.index import INHERITED
from helpers.data.definition import Treatment

RULE = Treatment()


def of(values: list[float], inherited: list[bool] | None = None) -> pd.Series:
    raw = pd.DataFrame({"x": values}, dtype=float)
    flags = None if inherited is None else pd.DataFrame({"x": inherited})
    return statistics(raw, RULE, flags).loc["x"]


def test_conventions_are_those_of_scipy_and_numpy() -> None:
    values = np.random.default_rng(7).lognormal(size=41)
    row = of([*values, np.nan, np.nan])
    assert (row["n"], row["missing"]) == (41, 2)
    assert row["sd"] == pytest.approx(np.std(values, ddof=1), rel=1e-12)
    assert row["skewness"] == pytest.approx(skew(values, bias=False), rel=1e-12)
    assert row["kurtosis"] == pytest.approx(kurtosis(values, bias=False), rel=1e-12)
    quartiles = np.quantile(values, [0, 0.25, 0.5, 0.75, 1], method="linear")
    assert row[["min", "q1", "median", "q3", "max"]].tolist() == pytest.approx(quartiles, rel=1e-12)


def test_the_outlier_rule_needs_both_skewness_and_kurtosis() -> None:
    far = [1.0, 2, 3, 4, 5, 6, 7, 8, 9, 100]
    assert of(far)["skewness"] >= 2 and of(far)["kurtosis"] >= 3.5
    assert of(far)["outlier"]
    assert not of([1.0, 2, 3, 4, 5, 6, 7, 8, 9, 10])["outlier"]
    # Fifteen of a hundred apart: skewed (1.99 < 2), but not peaked.
    assert not of([0.0] * 85 + [1.0] * 15)["outlier"]


@pytest.mark.parametrize(
    ("values", "reasons"),
    [
        ([1.0, 2, 3, 4, 5, 6], ""),
        ([7.0, 7, 7, 7], "constant"),
        ([0.0, 0, 3, 4, 5, 6], "tied_at_min"),
        ([1.0, 2, 3, 4, 9, 9], "tied_at_max"),
        ([1.0, 1, 3, 4, 9, 9], "tied_at_min; tied_at_max"),
        ([100.0, 101, 102, 103], "small_relative_spread"),
        # A mean near zero has no relative spread: values on both sides of it are not judged by it.
        ([-1.0, 1.001, 2, -2], ""),
        ([np.nan, np.nan], "no_values"),
        # One of three at each end is no tie.
        ([1.0, 5, 9], ""),
    ],
)
def test_little_variance_is_named_with_its_reason(values: list[float], reasons: str) -> None:
    row = of(values)
    assert row["reasons"] == reasons
    assert row["little_variance"] == bool(reasons)


def test_exactly_fifteen_percent_at_an_end_is_allowed() -> None:
    rising = [float(value) for value in range(10, 27)]
    assert of([0.0] * 3 + rising)["reasons"] == ""
    assert of([0.0] * 4 + rising)["reasons"] == "tied_at_min"


def test_a_value_inherited_by_many_is_one_measurement_and_no_floor() -> None:
    values, inherited = [1.0, 1, 1, 4, 5, 6], [True, True, True, False, False, False]
    assert of(values)["reasons"] == "tied_at_min"
    row = of(values, inherited)
    assert (row["at_min"], row["reasons"]) == (0, "")
    assert row["share_at_most_frequent"] == 0.5


@pytest.mark.parametrize("values", [[], [3.0], [3.0, 4.0], [3.0, 4.0, 6.0], [np.nan, np.inf, 2.0]])
def test_few_or_infinite_values_are_counted_and_never_an_error(values: list[float]) -> None:
    row = of(values)
    finite = [value for value in values if np.isfinite(value)]
    assert row["n"] + row["missing"] == len(values)
    assert row["n"] == len(finite)
    assert np.isnan(row["sd"]) == (len(finite) < 2)
    assert np.isnan(row["kurtosis"])
    assert not row["outlier"]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(-1e6, 1e6, allow_subnormal=False), min_size=1, max_size=20), st.randoms())
def test_the_order_of_units_does_not_matter(values: list[float], random: Random) -> None:
    shuffled = list(values)
    random.shuffle(shuffled)
    first, second = of(values), of(shuffled)
    numbers = [name for name in first.index if name not in ("most_frequent", "reasons")]
    assert first[numbers].astype(float).to_numpy() == pytest.approx(
        second[numbers].astype(float).to_numpy(), rel=1e-6, abs=1e-6, nan_ok=True
    )


def test_little_variance_in_our_universes() -> None:
    flagged = {}
    for universe in ("ruhr", "cities", "districts"):
        index = index_of(universe)
        table = statistics(index.raw, RULE, index.basis == INHERITED)
        flagged[universe] = table.loc[table["little_variance"], "reasons"].to_dict()
    assert flagged == {
        "ruhr": {"fiveg_area": "tied_at_max; small_relative_spread", "university_sites": "tied_at_min"},
        "cities": {"fiveg_area": "tied_at_max; small_relative_spread"},
        "districts": {"students_rate": "tied_at_min"},
    }
    fiveg = index_of("ruhr").raw["fiveg_area"]
    assert (fiveg == 100).sum() == 16 and len(fiveg) == 53
    assert (fiveg.min(), fiveg.max()) == (80.4, 100)
    assert fiveg.std() / fiveg.mean() == pytest.approx(0.038, abs=5e-4)
