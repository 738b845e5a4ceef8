"""What a simulation says about ranks: intervals, probabilities, who beats whom, and how exact each number is.

Each number `x` of a frame stands with `x_from` and `x_to`: the 95 % interval of its sampling error, which more draws make
narrower. It says nothing about the assumptions. Quantiles are ranks really attained (inverse of the empirical
distribution function), so that the 5-95 % interval holds at least 90 % of the replications.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from helpers.analysis.ranking import Array
from helpers.analysis.simulation import Simulation

CONFIDENCE = 0.95
_Z = 1.959963984540054  # normal quantile of 97.5 %


def summary(simulation: Simulation, top: Sequence[int] = (1, 3, 10), coverage: float = 0.9) -> pd.DataFrame:
    """Median rank, interval of ranks and the probability to be among the first k, for each unit.

    Columns: reference, median, low, high and top_k for each k of `top`, each but the reference with its `_from` and `_to`.
    """
    ordered = np.sort(simulation.made, axis=1)
    n = ordered.shape[1]
    columns: dict[str, NDArray[Any]] = {"reference": simulation.reference}
    for name, share in (("low", (1 - coverage) / 2), ("median", 0.5), ("high", (1 + coverage) / 2)):
        first, last = quantile_positions(n, share)
        columns |= {name: ordered[:, quantile_position(n, share)]}
        columns |= {f"{name}_from": ordered[:, first], f"{name}_to": ordered[:, last]}
    for k in top:
        share_in = (ordered <= k).mean(axis=1)
        columns[f"top_{k}"] = share_in
        columns[f"top_{k}_from"], columns[f"top_{k}_to"] = proportion_interval(share_in, n)
    return pd.DataFrame(columns, index=simulation.units)


def win_probabilities(simulation: Simulation, focus: str) -> pd.DataFrame:
    """The probability that `focus` stands before each other unit, ties counting half: win, win_from, win_to."""
    ranks = simulation.made
    own = ranks[simulation.units.get_loc(focus)]
    wins = _share_won(own, ranks)
    low, high = proportion_interval(wins, ranks.shape[1])
    frame = pd.DataFrame({"win": wins, "win_from": low, "win_to": high}, index=simulation.units)
    return frame.drop(index=focus)


def win_matrix(simulation: Simulation, units: Sequence[str] | None = None) -> pd.DataFrame:
    """The probability that the unit of the row stands before that of the column; ties, and the unit itself, count half.

    units: those to compare, all by default, which takes draws x units x units comparisons. Raises KeyError for an unknown one.
    """
    ranks, names = simulation.made, simulation.units
    if units is not None:
        if unknown := sorted(set(units) - set(names)):
            raise KeyError(f"not in the simulation: {', '.join(unknown)}")
        positions = names.get_indexer(list(units))
        ranks, names = ranks[positions], names[positions]
    matrix = np.full((len(ranks), len(ranks)), 0.5)
    for row in range(len(ranks) - 1):
        matrix[row, row + 1 :] = _share_won(ranks[row], ranks[row + 1 :])
        matrix[row + 1 :, row] = 1 - matrix[row, row + 1 :]
    return pd.DataFrame(matrix, index=names, columns=names)


def not_separable(simulation: Simulation, focus: str, level: float = 0.95) -> list[str]:
    """The units that `focus` neither beats nor loses to with at least probability `level`, by their mean rank."""
    wins = win_probabilities(simulation, focus)["win"]
    order = _by_mean_rank(simulation)
    return [unit for unit in order if unit != focus and 1 - level < wins[unit] < level]


def proportion_interval(share: Array, n: int) -> tuple[Array, Array]:
    """Wilson's 95 % interval of a probability estimated from n independent draws; never of width 0."""
    centre = (share + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
    half = _Z / (1 + _Z**2 / n) * np.sqrt(share * (1 - share) / n + _Z**2 / (4 * n**2))
    # Rounding may leave the estimate just outside at the ends.
    return np.clip(centre - half, 0.0, share), np.clip(centre + half, share, 1.0)


def quantile_position(n: int, share: float) -> int:
    """Where the quantile stands among n values in increasing order, counted from 0."""
    return int(np.clip(np.ceil(n * share - 1e-9) - 1, 0, n - 1))


def quantile_positions(n: int, share: float) -> tuple[int, int]:
    """Between which positions the true quantile lies with 95 % confidence, whatever the distribution (order statistics)."""
    from scipy.special import bdtr

    cumulated = bdtr(np.arange(n + 1), n, share)
    # Counted from 0, a position is the number of values below it.
    first = int(np.searchsorted(cumulated, (1 - CONFIDENCE) / 2, side="right")) - 1
    last = int(np.searchsorted(cumulated, (1 + CONFIDENCE) / 2))
    return max(first, 0), min(last, n - 1)


def _share_won(own: NDArray[np.int16], others: NDArray[np.int16]) -> Array:
    """Share of draws in which `own` (draws) has a better rank than each of the others (units x draws); ties are half."""
    balance = (others > own).view(np.int8) - (others < own).view(np.int8)
    won: Array = 0.5 + balance.sum(axis=1, dtype=np.int64) / (2 * len(own))
    return won


def _by_mean_rank(simulation: Simulation) -> list[str]:
    means = pd.Series(simulation.made.mean(axis=1), index=simulation.units)
    return list(means.sort_values(kind="stable").index)
