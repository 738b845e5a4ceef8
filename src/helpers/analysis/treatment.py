"""The outlier rule: winsorise, and where that does not help take the logarithm.

An indicator passes with |skewness| < 2 or kurtosis < 3.5 (sample-corrected G1 and excess G2, Joanes & Gill 1998). The rule
is that of the JRC's COIN Tool and of COINr 1.1 (`winsorise`, then `log_CT`). Where we differ: values that become constant by
winsorising do not hold the rule, so the logarithm is taken (COINr stops or leaves the column as it was); columns with
fewer than four values or without spread are left alone (COINr stops).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from helpers.analysis.faults import ConstructionError, named
from helpers.analysis.ranking import Array
from helpers.data.definition import Treatment

How = Literal["winsorised high", "winsorised low", "log"]

FEWEST = 4
"""G2 is not defined for fewer values."""


class Touch(NamedTuple):
    """A value that was changed: row and column of the matrix."""

    row: int
    column: int
    before: float
    after: float
    how: How


class Check(NamedTuple):
    """What was done to a column; skewness and kurtosis are NaN where they are not defined."""

    action: Literal["none", "winsorised", "log"]
    points: int
    skewness_before: float
    kurtosis_before: float
    skewness_after: float
    kurtosis_after: float


@dataclass(frozen=True)
class Treated:
    """Treated values, every touched point in order of column and row, and a line for each column."""

    values: Array
    touched: list[Touch]
    columns: list[Check]


def treat(values: Array, settings: Treatment, *, names: Sequence[str] | None = None) -> Treated:
    """Apply the outlier rule to each column of the values as they are (not yet oriented).

    The extreme value, all its ties at once, moves to the next one: at the high side if the skewness is >= 0, else at the
    low side, until the rule holds or `most` points have been moved. If it then does not hold, the winsorised values are
    dropped and log(x - min + 0.01 range) is taken of the original.
    """
    if np.isinf(values).any():
        columns = np.flatnonzero(np.isinf(values).any(axis=0))
        raise ConstructionError([f"indicator {named(names, int(column))} has infinite values" for column in columns])
    treated = values.copy()
    touched: list[Touch] = []
    checks: list[Check] = []
    for column in range(values.shape[1]):
        rows = np.flatnonzero(np.isfinite(values[:, column]))
        before = values[rows, column]
        action, after, sides = _treat_column(before, settings)
        treated[rows, column] = after
        touched += [
            Touch(int(row), column, float(old), float(new), how)
            for row, old, new, how in zip(rows, before, after, sides, strict=True)
            if how is not None
        ]
        points = sum(how is not None for how in sides) if action == "winsorised" else 0
        checks.append(Check(action, points, *skewness_kurtosis(before), *skewness_kurtosis(after)))
    return Treated(treated, touched, checks)


def skewness_kurtosis(values: Array) -> tuple[float, float]:
    """Sample-corrected skewness G1 and excess kurtosis G2; NaN for fewer than four values or without spread."""
    n = len(values)
    if n < FEWEST or values.min() == values.max():
        return np.nan, np.nan
    # In one order, so that rounding does not depend on that of the units; and moments of scaled deviations, because the
    # powers of large or tiny values would leave the range of numbers.
    ordered = np.sort(values) / np.abs(values).max()
    centred = ordered - ordered.mean()
    centred = centred / np.abs(centred).max()
    squares = np.sum(centred**2)
    g1 = np.sqrt(n) * np.sum(centred**3) / squares**1.5
    g2 = n * np.sum(centred**4) / squares**2 - 3
    skewness = g1 * np.sqrt(n * (n - 1)) / (n - 2)
    kurtosis = ((n + 1) * g2 + 6) * (n - 1) / ((n - 2) * (n - 3))
    return float(skewness), float(kurtosis)


def _holds(values: Array, settings: Treatment) -> bool:
    skewness, kurtosis = skewness_kurtosis(values)
    return abs(skewness) < settings.skewness or kurtosis < settings.kurtosis


def _treat_column(
    original: Array, settings: Treatment
) -> tuple[Literal["none", "winsorised", "log"], Array, list[How | None]]:
    """What was done to the values present, the values after it, and for each how it was touched."""
    untouched: list[How | None] = [None] * len(original)
    undefined = len(original) < FEWEST or original.min() == original.max()
    if settings.method == "none" or undefined or _holds(original, settings):
        return "none", original, untouched
    values = original.copy()
    high = low = np.zeros(len(values), dtype=bool)
    # Points moved before are ties of the extreme, so the last mask of a side holds all that were moved there.
    while not _holds(values, settings) and high.sum() + low.sum() < settings.most and values.min() < values.max():
        if skewness_kurtosis(values)[0] >= 0:
            high = values == values.max()
            values[high] = values[~high].max()
        else:
            low = values == values.min()
            values[low] = values[~low].min()
    if _holds(values, settings):
        sides: list[How | None] = [
            "winsorised high" if up else "winsorised low" if down else None for up, down in zip(high, low, strict=True)
        ]
        return "winsorised", values, sides
    logarithm = np.log(original - original.min() + 0.01 * (original.max() - original.min()))
    return "log", logarithm, ["log"] * len(original)
