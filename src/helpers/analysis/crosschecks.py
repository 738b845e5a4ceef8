"""Other ways to one number, to be read beside an index: they compensate less, or let each unit choose its weights."""

from __future__ import annotations

import numpy as np

from helpers.analysis.faults import ConstructionError
from helpers.analysis.normalisation import mean_and_sd
from helpers.analysis.ranking import Array

SHARES = (0.5, 1.5)
"""Default bounds of the benefit of the doubt: each weight between half and one and a half times its equal share."""


def mazziotta_pareto(values: Array, *, penalty: int = -1) -> Array:
    """The Mazziotta-Pareto index of units x indicators, oriented: the mean of the standardised values less a penalty.

    Each column is brought to mean 100 and standard deviation 10; the penalty is the unit's standard deviation times its
    coefficient of variation (standard deviations with n - 1, as in Compind `ci_mpi`). Unbalanced profiles lose by it
    (`penalty` -1) or, in an index of something bad, gain (+1). A unit with a missing value has no index; neither has any
    unit where a column is constant. Mazziotta & Pareto (2016), Social Indicators Research 127.
    """
    z = 100 + 10 * _standardised(values)
    mean, sd = mean_and_sd(z.T)
    return np.where(np.isnan(z).any(axis=1), np.nan, mean + penalty * sd * sd / mean)


def _standardised(values: Array) -> Array:
    mean, sd = mean_and_sd(values)
    z: Array = np.divide(values - mean, sd, out=np.full(values.shape, np.nan), where=sd > 0)
    return z


def benefit_of_the_doubt(values: Array, bounds: tuple[float, float] | None = None) -> Array:
    """The score of each unit under the weights that suit it best, from 0 to 1 (best); a linear programme a unit (HiGHS).

    No unit may exceed 1 under anyone's weights. `bounds` are the least and the largest share of one indicator in the sum
    of weights; by default half and one and a half times the equal share. Values must not be negative (min-max). A unit
    with a missing value has no score. Melyn & Moesen (1991); Cherchye et al. (2007); Handbook 6.3, where the bounds are
    10 and 15 % of eight indicators.
    """
    from scipy.optimize import linprog  # takes half a second to import

    complete = ~np.isnan(values).any(axis=1)
    known = values[complete]
    scores = np.full(len(values), np.nan)
    if not len(known):
        return scores
    if (known < 0).any():
        raise ConstructionError(["the benefit of the doubt needs values that are not negative: normalise by min_max"])
    count = known.shape[1]
    low, high = bounds or (SHARES[0] / count, min(1.0, SHARES[1] / count))
    # w_q - high * sum(w) <= 0 and low * sum(w) - w_q <= 0
    shares = np.vstack([np.eye(count) - high, low - np.eye(count)])
    limits = np.vstack([known, shares])
    right = np.r_[np.ones(len(known)), np.zeros(2 * count)]
    found = np.full(len(known), np.nan)
    for number, own in enumerate(known):
        solved = linprog(-own, A_ub=limits, b_ub=right, method="highs")
        if not solved.success:
            raise ConstructionError(
                [f"the benefit of the doubt cannot be found for row {number + 1}: {solved.message}"]
            )
        found[number] = max(0.0, -solved.fun)
    scores[complete] = found
    return scores
