"""What score the structure of a place lets one expect, and whether its own lies outside what is usual around that.

A linear regression of the score on at most five declared covariates. Each place is predicted by the regression on all
others, so that no place takes part in its own yardstick.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import stdtrit

from helpers.analysis.context import comparable
from helpers.analysis.faults import ConstructionError, few
from helpers.analysis.study import Study
from helpers.data.universe import MOST_COVARIATES

LEVEL = 0.95
PLACES_PER_COVARIATE = 10
"""With fewer places for each covariate a regression fits noise (Harrell 2015, section 4.4, asks for 10 to 20)."""
_ALONE = 1 - 1e-9  # the leverage from which a coefficient rests on one place alone

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Expectation:
    """The expected score of each place.

    places: index AGS (those with a score and all covariates); columns score, expected, low, high (95 % prediction
    interval), difference (score less expected, in points), outside (True beyond the interval). coefficients: index
    `constant` and the covariates; columns estimate (points for one standard deviation of the covariate), error, low,
    high. missing: AGS with a score but without expectation -> the covariates they lack. r2, adjusted, predicted: shares
    of the variance of the score; the last one by the predictions of left-out places, it may be negative.
    """

    places: pd.DataFrame
    coefficients: pd.DataFrame
    missing: dict[str, list[str]]
    r2: float
    adjusted: float
    predicted: float

    @property
    def n(self) -> int:
        """Number of places in the regression."""
        return len(self.places)

    @property
    def covariates(self) -> list[str]:
        """Ids of the covariates, in their order."""
        return [str(name) for name in self.coefficients.index[1:]]

    @property
    def by_chance(self) -> float:
        """How many places would lie outside their interval by chance alone: one in twenty."""
        return (1 - LEVEL) * self.n


def expectation_of(study: Study) -> Expectation:
    """The expected scores in the report's universe, by the covariates that it declares. Errors as `expected_scores`."""
    chosen = [variable.id for variable in study.universe.covariates]
    return expected_scores(study.index.score, comparable(study.context, study.universe)[chosen])


def expected_scores(score: pd.Series, covariates: pd.DataFrame) -> Expectation:
    """The expectation of each place from the regression of `score` on `covariates` (index AGS, on their final scales).

    A place's prediction and its interval come from the regression without it: x'b ± t · sqrt(s² + x'Vx), where V is the
    HC3 covariance of MacKinnon & White (1985) and s² the variance of the residuals. Raises ConstructionError with all
    reasons why it cannot be made: no or too many covariates, too few places, a covariate without spread, dependent on
    the others, or resting on one or two places alone.
    """
    table = covariates.reindex(score.dropna().index)
    gaps = table[table.isna().any(axis=1)]
    missing = {str(ags): [str(name) for name in row.index[row.isna()]] for ags, row in gaps.iterrows()}
    table = table.drop(gaps.index)
    values = score[table.index].to_numpy(dtype=float)
    _refuse(values, table)
    # Standardised covariates keep the arithmetic sound; the predictions are the same on any scale.
    standardised = (table - table.mean()) / table.std(ddof=1)
    design = np.column_stack([np.ones(len(table)), standardised.to_numpy()])
    n, p = design.shape
    beta, covariance, residuals = least_squares(design, values)
    expected, error = left_out_predictions(design, values)
    reach = float(stdtrit(n - 1 - p, (1 + LEVEL) / 2)) * error
    places = pd.DataFrame(
        {"score": values, "expected": expected, "low": expected - reach, "high": expected + reach}, index=table.index
    )
    places["difference"] = places["score"] - places["expected"]
    places["outside"] = places["difference"].abs() > reach
    total = float(((values - values.mean()) ** 2).sum())
    unexplained = float(residuals @ residuals) / total
    return Expectation(
        places=places,
        coefficients=_coefficients(["constant", *table.columns], beta, covariance, n - p),
        missing=missing,
        r2=1 - unexplained,
        adjusted=1 - unexplained * (n - 1) / (n - p),
        predicted=1 - float((places["difference"] ** 2).sum()) / total,
    )


def least_squares(design: Array, values: Array) -> tuple[Array, Array, Array]:
    """Coefficients (p), their HC3 covariance (p x p) and the residuals (n) of `values` on `design` (n x p, full rank).

    HC3 as in MacKinnon & White (1985), in the usual form: each residual divided by one less its leverage.
    """
    inverse = np.linalg.inv(design.T @ design)
    beta = inverse @ design.T @ values
    residuals = values - design @ beta
    leverage = np.einsum("ij,jk,ik->i", design, inverse, design)
    scaled = (design @ inverse) * (residuals / (1 - leverage))[:, None]
    return beta, scaled.T @ scaled, residuals


def left_out_predictions(design: Array, values: Array) -> tuple[Array, Array]:
    """The prediction of each row by the regression without it, and the standard error of a new observation there.

    The n regressions follow from the one on all rows (downdating, Cook & Weisberg 1982, section 2.2): with the hat
    matrix H, row i left out changes residual j by H_ij e_i / (1 - H_ii) and leverage j by H_ij² / (1 - H_ii).
    """
    n, p = design.shape
    hat = design @ np.linalg.inv(design.T @ design) @ design.T
    leverage = hat.diagonal()
    residuals = values - hat @ values
    others = ~np.eye(n, dtype=bool)
    # Row i: the regression without place i; column j: place j in it.
    left_residuals = residuals + hat * (residuals / (1 - leverage))[:, None]
    left_leverage = leverage + hat**2 / (1 - leverage)[:, None]
    if (left_leverage[others] > _ALONE).any():
        raise ConstructionError(["expectation: a coefficient rests on two places alone"])
    variance = ((left_residuals**2) * others).sum(axis=1) / (n - 1 - p)
    scaled = np.divide(left_residuals, 1 - left_leverage, where=others, out=np.zeros_like(hat))
    of_mean = ((hat / (1 - leverage)[:, None] * scaled) ** 2).sum(axis=1)
    return values - residuals / (1 - leverage), np.sqrt(variance + of_mean)


def _coefficients(names: list[str], beta: Array, covariance: Array, freedom: int) -> pd.DataFrame:
    error = np.sqrt(covariance.diagonal())
    reach = float(stdtrit(freedom, (1 + LEVEL) / 2)) * error
    table = {"estimate": beta, "error": error, "low": beta - reach, "high": beta + reach}
    return pd.DataFrame(table, index=pd.Index(names, name="covariate"))


def _refuse(values: Array, table: pd.DataFrame) -> None:
    """Raise ConstructionError with all reasons why no regression can be made of these places and covariates."""
    n, count = table.shape
    faults = []
    if not 1 <= count <= MOST_COVARIATES:
        faults.append(f"expectation: {count} covariates are declared, 1 to {MOST_COVARIATES} are allowed")
    if n < max(1, count) * PLACES_PER_COVARIATE:
        faults.append(
            f"expectation: {n} places have a score and all {count} covariates, at least "
            f"{max(1, count) * PLACES_PER_COVARIATE} are needed"
        )
    constant = [str(name) for name in table.columns if table[name].nunique() < 2]
    if constant:
        faults.append(f"expectation: {few(constant)} is the same in all places")
    if len(values) and np.ptp(values) == 0:
        faults.append("expectation: all places have the same score")
    if not faults:
        faults += _dependent(table)
    if faults:
        raise ConstructionError(faults)


def _dependent(table: pd.DataFrame) -> list[str]:
    """What is wrong with covariates that each have spread: one follows from the others, or rests on one place."""
    design = np.column_stack([np.ones(len(table)), (table - table.mean()) / table.std(ddof=1)])
    if np.linalg.matrix_rank(design) < design.shape[1]:
        return [f"expectation: one of {few([str(c) for c in table.columns])} follows from the others"]
    leverage = (np.linalg.qr(design)[0] ** 2).sum(axis=1)
    alone = [str(ags) for ags in table.index[leverage > _ALONE]]
    return [f"expectation: a coefficient rests on {few(alone)} alone"] if alone else []
