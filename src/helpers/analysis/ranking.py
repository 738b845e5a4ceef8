"""Ranks of many draws at once."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]

DECIMALS = 9
"""Scores that agree to so many decimals are ties: what differs behind is rounding of the machine."""


def rank(scores: Array) -> NDArray[np.int64]:
    """Ranks of units x draws: 1 for the largest score, ties share the lowest number, 0 where there is no score.

    One sort a draw and no loop over draws. Measured on two cores: 10 ms for 53 x 10,000, 90 ms for 400 x 10,000 and
    0.3 s for 10,786 x 1,000. Counting pairs takes ten times as long at 400 places; a sort of packed integers saves a
    third and limits the range of scores.
    """
    missing = np.isnan(scores)
    # A draw in a row: sorting runs along contiguous memory. Missing scores go to the end.
    with np.errstate(over="ignore"):
        keys = -np.rint(scores.T * 10.0**DECIMALS)
    if np.isinf(keys).any():  # numbers so large have no decimals: they are compared as they are
        keys = -scores.T
    keys[missing.T] = np.inf
    order = np.argsort(keys, axis=1)
    ordered = np.take_along_axis(keys, order, axis=1)
    positions = np.broadcast_to(np.arange(1, len(scores) + 1), keys.shape).copy()
    positions[:, 1:][ordered[:, 1:] == ordered[:, :-1]] = 0
    np.maximum.accumulate(positions, axis=1, out=positions)
    ranks = np.empty(keys.shape, dtype=np.int64)
    np.put_along_axis(ranks, order, positions, axis=1)
    ranks[missing.T] = 0
    return ranks.T
