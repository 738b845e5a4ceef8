"""The expected score: refits by numpy, HC3 by hand, coverage of the interval, and what is refused."""

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from scipy.stats import t
from studies import study_of

from helpers.analysis.context import comparable
from helpers.analysis.expectation import expectation_of, expected_scores, least_squares, left_out_predictions
from helpers.analysis.faults import ConstructionError

Array = NDArray[np.float64]


def data(n: int = 40, p: int = 3, seed: int = 1) -> tuple[pd.Series, pd.DataFrame]:
    rng = np.random.default_rng(seed)
    names = [f"{i:08d}" for i in range(n)]
    table = pd.DataFrame(rng.normal(size=(n, p)), index=names, columns=list("abcde")[:p])
    # Errors that grow with the first covariate: what robust errors are for.
    score = 50 + table @ np.arange(1, p + 1) + rng.normal(size=n) * (1 + table["a"].abs())
    return score, table


def refit(design: Array, values: Array, row: int) -> tuple[float, float]:
    """Prediction and standard error of one row from a regression without it, step by step."""
    kept = np.arange(len(values)) != row
    x, y, at = design[kept], values[kept], design[row]
    beta = np.linalg.lstsq(x, y, rcond=None)[0]
    inverse = np.linalg.inv(x.T @ x)
    residuals = y - x @ beta
    meat = sum((e / (1 - one @ inverse @ one)) ** 2 * np.outer(one, one) for e, one in zip(residuals, x, strict=True))
    variance = residuals @ residuals / (len(y) - x.shape[1])
    return float(at @ beta), float(np.sqrt(variance + at @ inverse @ meat @ inverse @ at))


def test_hc3_of_two_groups_by_hand() -> None:
    # Two groups of two: leverage 1/2 each, residuals -1, 1, -2, 2, doubled by HC3; variances of the means 2 and 8.
    design = np.array([[1.0, 0.0], [1.0, 0.0], [1.0, 1.0], [1.0, 1.0]])
    beta, covariance, residuals = least_squares(design, np.array([0.0, 2.0, 3.0, 7.0]))
    assert beta == pytest.approx([1.0, 4.0])
    assert residuals == pytest.approx([-1.0, 1.0, -2.0, 2.0])
    assert covariance == pytest.approx(np.array([[2.0, -2.0], [-2.0, 10.0]]))


def test_each_prediction_is_that_of_the_regression_without_the_place() -> None:
    score, table = data()
    design = np.column_stack([np.ones(len(table)), table.to_numpy()])
    expected, error = left_out_predictions(design, score.to_numpy())
    refits = [refit(design, score.to_numpy(), row) for row in range(len(score))]
    assert expected == pytest.approx([prediction for prediction, _ in refits])
    assert error == pytest.approx([spread for _, spread in refits])


@pytest.mark.parametrize("universe", ["ruhr", "cities", "districts"])
def test_interval_and_shares_of_a_universe_agree_with_refits(universe: str) -> None:
    study = study_of("05911" if universe == "districts" else "Bochum", universe)
    result = expectation_of(study)
    table = comparable(study.context, study.universe)[result.covariates].loc[result.places.index]
    design = np.column_stack([np.ones(len(table)), table.to_numpy()])
    values = result.places["score"].to_numpy()
    number = result.places.index.get_loc(study.place.ags)
    prediction, error = refit(design, values, number)
    reach = t.ppf(0.975, len(values) - 1 - design.shape[1]) * error
    row = result.places.loc[study.place.ags]
    assert [row["expected"], row["low"], row["high"]] == pytest.approx(
        [prediction, prediction - reach, prediction + reach]
    )
    fitted = design @ np.linalg.lstsq(design, values, rcond=None)[0]
    assert result.r2 == pytest.approx(np.corrcoef(fitted, values)[0, 1] ** 2)
    assert result.predicted < result.adjusted < result.r2
    assert result.missing == {} and result.n == len(study.index.score)
    assert 1 <= len(result.covariates) <= 5
    assert result.by_chance == pytest.approx(result.n / 20)


def test_bochum_is_above_expectation_in_the_ruhr_but_not_among_the_cities() -> None:
    ruhr, cities = (
        expectation_of(study_of("Bochum", universe)).places.loc["05911000"] for universe in ("ruhr", "cities")
    )
    assert ruhr["outside"] and ruhr["difference"] == pytest.approx(20.48, abs=0.01)
    assert not cities["outside"]


def test_about_one_place_in_twenty_is_outside_by_chance() -> None:
    score, table = data(n=2000, p=5, seed=3)
    score = 50 + table.sum(axis=1) + np.random.default_rng(4).normal(size=len(table))
    assert expected_scores(score, table).places["outside"].mean() == pytest.approx(0.05, abs=0.015)


def test_the_scale_of_a_covariate_does_not_matter() -> None:
    score, table = data()
    moved = table.assign(a=1e6 * table["a"] + 5e6)
    one, other = expected_scores(score, table), expected_scores(score, moved)
    pd.testing.assert_frame_equal(one.places, other.places)
    pd.testing.assert_frame_equal(one.coefficients, other.coefficients)


def test_a_score_that_has_nothing_to_do_with_structure_is_not_predicted() -> None:
    _, table = data(n=60, p=5, seed=5)
    noise = pd.Series(np.random.default_rng(6).normal(size=60), index=table.index)
    result = expected_scores(noise, table)
    assert result.predicted < 0 < result.r2


def test_places_without_a_covariate_are_named_and_change_nothing_for_the_others() -> None:
    score, table = data()
    gaps = table.copy()
    gaps.iloc[3, 1] = np.nan
    result = expected_scores(score, gaps)
    assert result.missing == {"00000003": ["b"]}
    assert "00000003" not in result.places.index and result.n == 39
    without = table.index.drop("00000003")
    pd.testing.assert_frame_equal(result.places, expected_scores(score[without], table.loc[without]).places)


def test_a_place_without_a_score_takes_no_part_and_is_not_counted_as_missing() -> None:
    score, table = data()
    score.iloc[0] = np.nan
    result = expected_scores(score, table)
    assert result.n == 39 and result.missing == {}


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda s, x: (s, x.assign(d=1 / x["a"], e=x["b"] ** 2, f=x["c"] ** 2)), "6 covariates are declared, 1 to 5"),
        (lambda s, x: (s, x[[]]), "0 covariates are declared"),
        (lambda s, x: (s.iloc[:29], x), "29 places have a score and all 3 covariates, at least 30"),
        (lambda s, x: (s, x.assign(b=2.0)), "b is the same in all places"),
        (lambda s, x: (s, x.assign(c=x["a"] - 3 * x["b"])), "one of a, b, c follows from the others"),
        (lambda s, x: (s, x.assign(c=(x.index == "00000007") * 1.0)), "a coefficient rests on 00000007 alone"),
        (
            lambda s, x: (s, x.assign(c=x.index.isin(["00000007", "00000008"]) * 1.0)),
            "a coefficient rests on two places alone",
        ),
        (lambda s, x: (s * 0, x), "all places have the same score"),
    ],
)
def test_what_cannot_be_told_is_refused_by_name(change: object, fault: str) -> None:
    assert callable(change)
    score, table = change(*data())
    with pytest.raises(ConstructionError, match=fault):
        expected_scores(score, table)


def test_all_faults_are_told_at_once() -> None:
    score, table = data()
    with pytest.raises(ConstructionError) as caught:
        expected_scores(score.iloc[:20], table.assign(a=1.0))
    assert len(caught.value.faults) == 2
