"""The real influence of each indicator on the index, beside the weight that it was given.

The first-order correlation ratio S = Var(E[index | indicator]) / Var(index) is the part of the index's variance that is
expected to vanish if the indicator could be fixed (Paruolo, Saisana & Saltelli 2013, JRSS A 176:609). It is given by a
straight line (R²) and by a smooth curve. Correlated indicators share their influence: the S need not sum to 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from helpers.analysis.audit.reasons import pair_reason

CAUTION = 1.4
"""Factor on the degrees of freedom in the cross-validation (Kim & Gu 2004, JRSS B 66:337): without it the curve runs through
every point in some of our own cases (83 cities, gigabit for firms)."""

MOST_KNOTS = 200
CLOSE = 1e-4
"""Values nearer than this part of the range share a knot."""

Array = NDArray[np.float64]


class Smooth(NamedTuple):
    """A natural cubic smoothing spline at its knots (the distinct values of x; `counts` units at each)."""

    knots: Array
    counts: Array
    fitted: Array
    freedom: float
    penalty: float


def influence(values: pd.DataFrame, index: pd.Series, weights: Mapping[str, float]) -> pd.DataFrame:
    """One row for each indicator: its nominal weight in the index (0 if it was left out) and its correlation ratio.

    `share` is the part of `smooth` in the sum over the indicators, to be held beside `weight`; `ratio` is the one over the
    other (1 = the indicator counts as much as it was meant to). `freedom` is that of the smooth (2 = a straight line).
    """
    rows = {}
    for name in values.columns:
        column = values[name].where(np.isfinite(values[name]))
        reason = pair_reason(column, index)
        both = column.notna() & index.notna()
        x, y = column[both].to_numpy(dtype=float), index[both].to_numpy(dtype=float)
        linear, smoothed, freedom = (np.nan,) * 3 if reason else _ratios(x, y)
        rows[name] = {
            "weight": weights.get(name, 0.0),
            "n": int(both.sum()),
            "linear": linear,
            "smooth": smoothed,
            "freedom": freedom,
            "reason": reason,
        }
    frame = pd.DataFrame.from_dict(rows, orient="index").rename_axis("indicator")
    share = frame["smooth"] / frame["smooth"].sum() if frame["smooth"].sum() > 0 else frame["smooth"] * np.nan
    frame.insert(5, "share", share)
    frame.insert(6, "ratio", share / frame["weight"].where(frame["weight"] > 0))
    return frame


def smooth(x: Array, y: Array, penalty: float | None = None) -> Smooth:
    """The natural cubic smoothing spline of y on x; `penalty` (for x scaled to 0-1) by generalised cross-validation.

    Written here because scipy's `make_smoothing_spline` takes no factor of caution and looks for the penalty in a range that
    depends on the unit of x; given a penalty, both give the same curve. Ties share a knot, as their mean weighted by their
    number. Cross-validation counts knots and not units: municipalities that inherit a value from one district have more in
    common than that value, and the spread among them would pass off the mere difference of districts as influence.
    """
    group, knots = _knots(x)
    counts = np.bincount(group).astype(float)
    means = np.bincount(group, y) / counts
    if len(knots) < 3:
        return Smooth(knots, counts, means, float(len(knots)), 0.0)
    singular, directions = _roughness((knots - knots[0]) / (knots[-1] - knots[0]), counts)
    roughness = singular**2
    coordinates = directions @ (np.sqrt(counts) * means)
    if penalty is None:
        penalties = np.append(np.geomspace(1e-2 / roughness.max(), 1e4 / roughness.min(), 300), np.inf)
        # Residuals below this are rounding: of curves that are all perfect the straight line is taken.
        rounding = 1e-20 * float(((y - y.mean()) ** 2).sum())
        penalty = _cross_validated(penalties, roughness, coordinates, len(knots), rounding)
    removed = _removed(np.array([penalty]), roughness)[0]
    fitted = means - directions.T @ (removed * coordinates) / np.sqrt(counts)
    return Smooth(knots, counts, fitted, float(len(knots) - removed.sum()), penalty)


def _ratios(x: Array, y: Array) -> tuple[float, float, float]:
    """(linear, smooth, degrees of freedom of the smooth); the straight line is the same in both."""
    linear = float(np.corrcoef(x, y)[0, 1] ** 2)
    curve = smooth(x, y)
    if np.isinf(curve.penalty):
        return linear, linear, curve.freedom
    explained = float((curve.counts * (curve.fitted - y.mean()) ** 2).sum())
    return linear, explained / float(((y - y.mean()) ** 2).sum()), curve.freedom


def _knots(x: Array) -> tuple[NDArray[np.intp], Array]:
    """The number of the knot of each value, and the knots: means of values that are nearly or, in large data, about equal."""
    order = np.argsort(x, kind="stable")
    ordered = x[order]
    apart = np.append(False, np.diff(ordered) > CLOSE * (ordered[-1] - ordered[0]))
    number = np.cumsum(apart)
    if number[-1] >= MOST_KNOTS:
        # Ties stay together: a knot takes whole runs of equal values.
        middle = np.bincount(number, np.arange(len(x))) / np.bincount(number)
        number = np.unique((middle * MOST_KNOTS / len(x)).astype(int), return_inverse=True)[1][number]
    group = np.empty(len(x), dtype=np.intp)
    group[order] = number
    return group, np.bincount(group, x) / np.bincount(group)


def _roughness(knots: Array, counts: Array) -> tuple[Array, Array]:
    """Singular values and directions of the curvature: in these coordinates the penalty is a sum of squares.

    The integral of the squared second derivative of a natural spline with values f is f'Q R⁻¹ Q'f with the banded
    matrices Q and R of Green & Silverman (1994, section 2.1.2).
    """
    gaps = np.diff(knots)
    inner = np.arange(len(knots) - 2)
    differences = np.zeros((len(inner), len(knots)))
    differences[inner, inner] = 1 / gaps[:-1]
    differences[inner, inner + 1] = -1 / gaps[:-1] - 1 / gaps[1:]
    differences[inner, inner + 2] = 1 / gaps[1:]
    band = np.diag((gaps[:-1] + gaps[1:]) / 3) + np.diag(gaps[1:-1] / 6, 1) + np.diag(gaps[1:-1] / 6, -1)
    curvature = np.linalg.solve(np.linalg.cholesky(band), differences) / np.sqrt(counts)
    _, singular, directions = np.linalg.svd(curvature, full_matrices=False)
    return singular, directions


def _removed(penalties: Array, roughness: Array) -> Array:
    """The part of each coordinate that each penalty takes away (penalties x coordinates)."""
    finite = np.isfinite(penalties)
    strength = np.where(finite, penalties, 0.0)[:, None] * roughness
    return np.where(finite[:, None], strength / (1 + strength), 1.0)


def _cross_validated(penalties: Array, roughness: Array, coordinates: Array, knots: int, rounding: float) -> float:
    """The penalty with the least generalised cross-validation score."""
    removed = _removed(penalties, roughness)
    residual = ((removed * coordinates) ** 2).sum(axis=1) + rounding
    left = knots - CAUTION * (knots - removed.sum(axis=1))
    score = np.divide(residual, left**2, out=np.full(len(left), np.inf), where=left > 0)
    return float(penalties[np.argmin(score)])
