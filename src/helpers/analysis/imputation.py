"""Filling in what is missing, with a flag on every filled cell.

Values known stay as they are. As in COINr 1.1 (`i_mean`, `i_median`, `i_mean_grp`, `i_median_grp`, and `Impute` by row with
`normalise_first`). A cell for which there is nothing to take (an empty column, group or row) stays missing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from helpers.analysis.ranking import Array
from helpers.data.definition import Group, Imputation, Indicator


@dataclass(frozen=True)
class Imputed:
    """Values with the gaps filled, and which cells were filled."""

    values: Array
    flags: NDArray[np.bool_]


def impute(
    values: Array,
    settings: Imputation,
    groups: NDArray[Any] | None = None,
    *,
    blocks: Sequence[str] | None = None,
    signs: Array | None = None,
) -> Imputed:
    """Fill the gaps of units x indicators (not yet oriented) by the method of `settings`.

    groups: the group of each unit for the methods by group; a unit without one ("" or None) is in none. blocks: the group
    of the tree that each indicator belongs to, and signs (+1, -1), for the method by row: the mean of the unit's min-max
    values in the same block is brought back to the scale of the indicator.
    """
    method = settings.method
    if method == "none" or not np.isnan(values).any():
        return Imputed(values.copy(), np.zeros(values.shape, dtype=bool))
    if method == "row":
        if blocks is None or signs is None:
            raise TypeError("imputation by row needs blocks and signs")
        guesses = _by_row(values, np.asarray(blocks), signs)
    else:
        centre = _median if method.endswith("median") else _mean
        guesses = np.full(values.shape, np.nan)
        if method.startswith("group_"):
            if groups is None:
                raise TypeError("imputation by group needs groups")
            for group in {label for label in groups.tolist() if label}:
                guesses[groups == group] = centre(values[groups == group])
        else:
            guesses[:] = centre(values)
    filled = np.where(np.isnan(values), guesses, values)
    return Imputed(filled, np.isnan(values) & ~np.isnan(filled))


def blocks_of(tree: Sequence[Group | Indicator], name: str = "index") -> list[str]:
    """The group that holds each indicator, in the order of the tree."""
    found: list[str] = []
    for node in tree:
        found += [name] if isinstance(node, Indicator) else blocks_of(node.children, node.id)
    return found


def _mean(values: Array) -> Array:
    return _of_present(values, np.mean)


def _median(values: Array) -> Array:
    return _of_present(values, np.median)


def _of_present(values: Array, centre: Callable[[Array], Any]) -> Array:
    """A centre of each column over the values present; NaN where there are none."""
    columns = [column[~np.isnan(column)] for column in values.T]
    return np.array([centre(column) if len(column) else np.nan for column in columns])


def _by_row(values: Array, blocks: NDArray[Any], signs: Array) -> Array:
    oriented = values * signs
    low, high = np.fmin.reduce(oriented, axis=0), np.fmax.reduce(oriented, axis=0)
    spread = high - low
    # A constant column tells units apart in nothing: it gives no share, and its gaps take the constant.
    shares = np.divide(oriented - low, spread, out=np.full(values.shape, np.nan), where=spread > 0)
    guesses = np.full(values.shape, np.nan)
    for block in sorted(set(blocks.tolist())):
        columns = blocks == block
        guesses[:, columns] = _mean(shares[:, columns].T)[:, None]
    guesses = np.where(spread == 0, 0.0, guesses)
    back: Array = (guesses * spread + low) * signs
    return back
