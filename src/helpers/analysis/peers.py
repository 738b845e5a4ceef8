"""Statistical nearest neighbours: the places most like one place in declared variables that are not part of the index.

After the Nearest Neighbours Model of CIPFA: z-scores over the universe, Euclidean distance, rebased so that 0 is an identical
place and 1 the place of the universe that is most different from this one. Rebased distances of two places cannot be compared.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from helpers.analysis.ranking import DECIMALS, Array

SHARE = 0.5
"""Places are compared only if both have a value in at least this share of the variables."""


@dataclass(frozen=True, eq=False)
class Neighbours:
    """The places most like `ags`, nearest first.

    peers: a row for each of the nearest (AGS): distance (rebased, 0-1), raw (in standard deviations), stays (in how many of
    the repeats with one variable dropped it is among the n nearest), apart (the variable on which it differs most).
    distance: rebased, of every place compared, nearest first. differences: z-score of each place compared less that of
    `ags` (NaN where one of them has no value). constant: variables without spread, dropped. left_out: AGS of the places
    that share too few variables with `ags`. repeats: number of variable-dropped repeats.
    """

    ags: str
    peers: pd.DataFrame
    distance: pd.Series
    differences: pd.DataFrame
    constant: list[str]
    left_out: list[str]

    @property
    def variables(self) -> list[str]:
        """The variables compared."""
        return list(self.differences.columns)

    @property
    def repeats(self) -> int:
        """How often the group was formed anew with one variable dropped; a single variable cannot be dropped."""
        return len(self.variables) if len(self.variables) > 1 else 0

    @property
    def firm(self) -> list[str]:
        """AGS of the peers that stay in every repeat."""
        return [str(ags) for ags in self.peers.index[self.peers["stays"] == self.repeats]]


def nearest(table: pd.DataFrame, ags: str, n: int) -> Neighbours:
    """The `n` places of `table` nearest to `ags`; fewer where there are not so many.

    table: places (AGS) x variables, already on the scale on which they are compared (logarithms taken). z-scores with n - 1
    over all its rows. Distance = root of (mean squared difference over the variables that both places have x number of
    variables), so that a missing value counts as an average difference. Ties (equal to nine decimals) go by AGS.
    Raises KeyError if `ags` is not in the table, ValueError for n < 1 or a value that is not finite.
    """
    if n < 1:
        raise ValueError(f"n is {n}: at least one neighbour must be asked for")
    if np.isinf(table.to_numpy(dtype=float)).any():
        raise ValueError("the table has infinite values: a logarithm of zero?")
    constant = [str(name) for name in table if not _spread(table[name])]
    kept = table.drop(columns=constant).astype(float)
    scores = (kept - kept.mean()) / kept.std(ddof=1)
    differences = (scores - scores.loc[ags]).drop(index=ags)
    shared = differences.notna().sum(axis=1)
    compared = (shared > 0) & (shared >= SHARE * kept.shape[1])
    left_out = sorted(str(place) for place in differences.index[~compared])
    differences = differences[compared].sort_index()
    squares = differences.to_numpy() ** 2
    raw = pd.Series(_distance(squares), index=differences.index)
    order = _nearest_first(raw)
    ranked = raw.iloc[order]
    peers = pd.DataFrame(
        {
            "distance": _rebased(ranked).iloc[:n],
            "raw": ranked.iloc[:n],
            "stays": _stays(squares, n)[order][:n],
            "apart": differences.iloc[order[:n]].abs().idxmax(axis=1).astype(str),
        }
    )
    return Neighbours(ags, peers, _rebased(ranked), differences.iloc[order], constant, left_out)


def _spread(column: pd.Series) -> bool:
    """False where all values are equal but for the rounding of the machine, or fewer than two are there."""
    values = column.dropna()
    return len(values) > 1 and bool(np.ptp(values) > 1e-12 * np.abs(values).max())


def _distance(squares: Array) -> Array:
    """Distance of each place from its squared differences (places x variables, NaN = missing); NaN without any."""
    shared = (~np.isnan(squares)).sum(axis=1)
    total = np.nansum(squares, axis=1)
    mean = np.divide(total, shared, out=np.full(len(squares), np.nan), where=shared > 0)
    distance: Array = np.sqrt(mean * squares.shape[1])
    return distance


def _nearest_first(distance: pd.Series | Array) -> NDArray[np.intp]:
    """Positions in order of distance; ties keep the order of the rows, places without a distance come last."""
    order: NDArray[np.intp] = np.argsort(np.round(np.asarray(distance), DECIMALS), kind="stable")
    return order


def _rebased(distance: pd.Series) -> pd.Series:
    """Distances divided by the largest; all 0 where all places are identical."""
    largest = distance.max()
    return distance / largest if largest > 0 else distance


def _stays(squares: Array, n: int) -> NDArray[np.int64]:
    """For each place in how many of the repeats with one variable dropped it is among the n nearest."""
    count = np.zeros(len(squares), dtype=np.int64)
    for dropped in range(squares.shape[1]) if squares.shape[1] > 1 else ():
        count[_nearest_first(_distance(np.delete(squares, dropped, axis=1)))[:n]] += 1
    return count
