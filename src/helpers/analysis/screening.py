"""Coverage: which units and indicators have enough data to stay in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from helpers.analysis.ranking import Array
from helpers.data.definition import Screening


@dataclass(frozen=True)
class Screened:
    """Which units and indicators stay, and the share of data that each has."""

    units: NDArray[np.bool_]
    indicators: NDArray[np.bool_]
    unit_shares: Array
    indicator_shares: Array


def screen(values: Array, settings: Screening) -> Screened:
    """Units and indicators whose share of data is not under the limit.

    Both shares are of the whole table, so that it does not matter which is screened first. For units alone this is
    `Screen(unit_screen = "byNA")` of COINr.
    """
    present = ~np.isnan(values)
    units, indicators = present.mean(axis=1), present.mean(axis=0)
    return Screened(units >= settings.units, indicators >= settings.indicators, units, indicators)
