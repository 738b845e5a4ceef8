"""Why a number of the audit is missing: codes, put into words by whoever prints them.

Places are compared as a whole population, not as a sample: the audit gives no intervals or tests for its correlations.
"""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

NO_VALUES = "no_values"
CONSTANT = "constant"
FEW_UNITS = "too_few_units"
FEW_COMPLETE = "fewer_complete_units_than_indicators"
ONE_INDICATOR = "one_indicator"
NOTHING_LEFT = "nothing_left"
CANCEL_OUT = "cancel_out"
"""The sum of the indicators does not vary although they do."""

FEWEST_UNITS = 3
"""Two units always lie on a line: a correlation says nothing below three."""


class Complete(NamedTuple):
    """The units with a value in every usable column; columns without values or spread are left out and named.

    `reason` says why nothing can be computed from them; empty where it can.
    """

    values: pd.DataFrame
    left_out: tuple[str, ...]
    reason: str


def complete_units(values: pd.DataFrame) -> Complete:
    """The complete part of a matrix of units x indicators."""
    usable = spread_columns(values)
    rows = values[usable].dropna()
    # A column can be constant among the complete units alone.
    kept = spread_columns(rows)
    left_out = tuple(name for name in values.columns if name not in kept)
    rows = values[kept].dropna()
    reason = ""
    if not usable:
        reason = NO_VALUES if values.notna().sum().eq(0).all() else CONSTANT
    elif len(values[usable].dropna()) < FEWEST_UNITS:
        reason = FEW_UNITS
    elif len(kept) < 2:
        reason = ONE_INDICATOR if len(usable) < 2 else CONSTANT
    elif len(rows) < len(kept):
        reason = FEW_COMPLETE
    return Complete(rows, left_out, reason)


def spread_columns(values: pd.DataFrame) -> list[str]:
    """The columns with at least two different values."""
    return [name for name in values.columns if values[name].min() < values[name].max()]


def pair_reason(first: pd.Series, second: pd.Series) -> str:
    """Why two columns have no correlation; empty where they have one."""
    both = first.notna() & second.notna()
    if not both.any():
        return NO_VALUES
    if both.sum() < FEWEST_UNITS:
        return FEW_UNITS
    flat = any(not column[both].min() < column[both].max() for column in (first, second))
    return CONSTANT if flat else ""
