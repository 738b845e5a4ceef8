"""Each indicator for itself: location, spread, shape, ties, and what of it should make a reader wary."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.analysis.audit.reasons import CONSTANT, NO_VALUES
from helpers.analysis.treatment import skewness_kurtosis
from helpers.data.definition import Treatment

TIED_SHARE = 0.15
"""More units than this share at the best or worst value: a ceiling or floor (McHorney & Tarlov 1995; Terwee et al. 2007)."""

SMALL_VARIATION = 0.05
"""Standard deviation below this part of the mean: min-max then stretches differences that hardly exist."""

TIED_AT_MIN, TIED_AT_MAX, NARROW = "tied_at_min", "tied_at_max", "small_relative_spread"


def statistics(raw: pd.DataFrame, rule: Treatment, inherited: pd.DataFrame | None = None) -> pd.DataFrame:
    """One row for each indicator (raw values, units x indicators).

    `outlier`: the indicator fails the outlier rule (|skewness| >= 2 and kurtosis >= 3.5 unless `rule` says otherwise).
    `little_variance` with its `reasons`: constant; more than 15 % of the units tied at an end of the scale; standard deviation
    under 5 % of the mean (values of one sign). Values that `inherited` marks count as one measurement of the district
    elsewhere and not as ties at an end. Conventions: sd with n - 1, G1 and G2, quartiles of type 7.
    """
    rows = {name: _column(raw[name], rule, None if inherited is None else inherited[name]) for name in raw.columns}
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("indicator")


def _column(column: pd.Series, rule: Treatment, inherited: pd.Series | None) -> dict[str, object]:
    present = np.isfinite(column.to_numpy(dtype=float))
    values = column.to_numpy(dtype=float)[present]
    own = present if inherited is None else present & ~inherited.to_numpy(dtype=bool)
    n = len(values)
    row: dict[str, object] = {"n": n, "missing": len(column) - n}
    names = ("min", "q1", "median", "q3", "max", "mean", "sd", "skewness", "kurtosis", "variation")
    if n == 0:
        return row | dict.fromkeys(names, np.nan) | _ties(values, values) | _judged(False, [NO_VALUES])
    numbers = [*np.quantile(values, [0, 0.25, 0.5, 0.75, 1]), values.mean(), values.std(ddof=1) if n > 1 else np.nan]
    constant = values.min() == values.max()
    one_sign = values.min() >= 0 or values.max() <= 0
    variation = numbers[6] / abs(numbers[5]) if one_sign and numbers[5] != 0 else np.nan
    skewness, kurtosis = skewness_kurtosis(values)
    row |= dict(zip(names, [*map(float, numbers), skewness, kurtosis, float(variation)], strict=True))
    ties = _ties(values, column.to_numpy(dtype=float)[own])
    reasons = [CONSTANT] if constant else []
    if not constant:
        reasons += [TIED_AT_MIN] if ties["share_at_min"] > TIED_SHARE and ties["at_min"] > 1 else []
        reasons += [TIED_AT_MAX] if ties["share_at_max"] > TIED_SHARE and ties["at_max"] > 1 else []
        reasons += [NARROW] if variation < SMALL_VARIATION else []
    # Comparisons with NaN are false: fewer than four values never fail the rule.
    outlier = abs(skewness) >= rule.skewness and kurtosis >= rule.kurtosis
    return row | ties | _judged(bool(outlier), reasons)


def _ties(values: np.ndarray, own: np.ndarray) -> dict[str, float]:
    """Distinct values, the most frequent one, and how many own values lie at the ends; shares of all values present."""
    if len(values) == 0:
        numbers = ("most_frequent", "share_at_most_frequent", "share_at_min", "share_at_max")
        return {"distinct": 0, "at_min": 0, "at_max": 0} | dict.fromkeys(numbers, np.nan)
    distinct, counts = np.unique(values, return_counts=True)
    at_min, at_max = int((own == values.min()).sum()), int((own == values.max()).sum())
    return {
        "distinct": len(distinct),
        "most_frequent": float(distinct[counts.argmax()]),
        "share_at_most_frequent": float(counts.max() / len(values)),
        "at_min": at_min,
        "at_max": at_max,
        "share_at_min": at_min / len(values),
        "share_at_max": at_max / len(values),
    }


def _judged(outlier: bool, reasons: list[str]) -> dict[str, object]:
    return {"outlier": outlier, "little_variance": bool(reasons), "reasons": "; ".join(reasons)}
