"""Making indicators comparable: each column is brought to a common scale.

Values arrive oriented (more is better): an indicator of which less is better was multiplied by -1 before, its goalposts
and target too. The formulas and names are those of the Handbook (OECD/JRC 2008, step 5) as COINr 1.1 has them
(`n_minmax`, `n_zscore`, `n_rank`, `n_borda`, `n_prank`, `n_dist2max`, `n_dist2ref`, `n_dist2targ`, `n_goalposts`). Where we
differ: goalposts map to `range` (COINr: from 0 to a factor), and a scale that does not exist (no spread, target at or
below the lowest value) is an error, where COINr gives NaN or turns the order round.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from helpers.analysis.faults import ConstructionError, few, named
from helpers.analysis.ranking import Array
from helpers.data.definition import Normalisation


def normalise(
    values: Array,
    settings: Normalisation,
    *,
    goalposts: Array | None = None,
    targets: Array | None = None,
    references: Array | None = None,
    names: Sequence[str] | None = None,
    units: Sequence[str] | None = None,
) -> Array:
    """Units x indicators on the scale of `settings`; missing values stay missing.

    goalposts: indicators x (lowest, highest); targets and references (the values of the reference units): one number an
    indicator, all oriented. Raises ConstructionError naming every column (by `names`) that has no such scale: infinite or
    no values, no spread, no reference above the lowest value; and every column with the units (by `units`) whose values
    the machine cannot bring to it.
    """
    # What overflows here is not silenced: it is found below, and an error names it.
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        if faults := _faults(values, settings, goalposts, targets, references, names):
            raise ConstructionError(faults)
        extras = {"goalposts": goalposts, "targets": targets, "references": references}
        found = _METHODS[settings.method](values, settings, extras)
    lost = np.isfinite(values) & ~np.isfinite(found)
    if lost.any():
        raise ConstructionError(
            [
                f"normalisation: indicator {named(names, column)} has no finite value by {settings.method} for"
                f" {few([named(units, row, 'unit') for row in np.flatnonzero(lost[:, column]).tolist()])}"
                for column in np.flatnonzero(lost.any(axis=0)).tolist()
            ]
        )
    return found


Extras = dict[str, Array | None]


def _min_max(values: Array, settings: Normalisation, extras: Extras) -> Array:
    low, high = settings.range
    return _share(values, _lowest(values), _highest(values)) * (high - low) + low


def _z_score(values: Array, settings: Normalisation, extras: Extras) -> Array:
    mean, sd = mean_and_sd(values)
    return (values - mean) / _finite(sd) * settings.sd + settings.mean


def _rank(values: Array, settings: Normalisation, extras: Extras) -> Array:
    return ascending_ranks(values)


def _borda(values: Array, settings: Normalisation, extras: Extras) -> Array:
    return ascending_ranks(values) - 1


def _percentile(values: Array, settings: Normalisation, extras: Extras) -> Array:
    low, high = settings.percentiles
    shares: Array = (ascending_ranks(values) - 1) / (np.isfinite(values).sum(axis=0) - 1)
    return shares * (high - low) + low


def _distance_to_maximum(values: Array, settings: Normalisation, extras: Extras) -> Array:
    return _share(values, _lowest(values), _highest(values))


def _distance_to_reference(values: Array, settings: Normalisation, extras: Extras) -> Array:
    return _share(values, _lowest(values), _given(extras, "references"))


def _distance_to_target(values: Array, settings: Normalisation, extras: Extras) -> Array:
    return _share(values, _lowest(values), _given(extras, "targets"))


def _goalposts(values: Array, settings: Normalisation, extras: Extras) -> Array:
    posts = _given(extras, "goalposts")
    low, high = settings.range
    return np.clip(_share(values, posts[:, 0], posts[:, 1]), 0, 1) * (high - low) + low


def _none(values: Array, settings: Normalisation, extras: Extras) -> Array:
    return values.copy()


_METHODS: dict[str, Callable[[Array, Normalisation, Extras], Array]] = {
    "min_max": _min_max,
    "z_score": _z_score,
    "rank": _rank,
    "borda": _borda,
    "percentile": _percentile,
    "distance_to_maximum": _distance_to_maximum,
    "distance_to_reference": _distance_to_reference,
    "distance_to_target": _distance_to_target,
    "goalposts": _goalposts,
    "none": _none,
}

NEEDS_SPREAD = ("min_max", "z_score", "distance_to_maximum")
"""The methods that have no scale for a column without spread."""

IN_UNITS = ("goalposts", "distance_to_target")
"""The methods whose scale is given in the unit of the data: with another one, or an outlier rule, it is another index."""

ROUNDING = 1e-12
"""A spread smaller than this part of the values is none: 0.1 + 0.2 and 0.3 are the same."""


def constant_columns(values: Array) -> list[int]:
    """The columns with values but without spread, but for rounding of the machine."""
    low, high = _lowest(values), _highest(values)
    # A difference too large for the machine is a spread: infinity compares as it should.
    with np.errstate(over="ignore", invalid="ignore"):
        spread = high - low
    return [int(column) for column in np.flatnonzero(spread <= ROUNDING * np.maximum(abs(low), abs(high)))]


def ascending_ranks(values: Array) -> Array:
    """Ranks in each column, 1 = lowest, ties share the lowest number; missing stays missing."""
    order = np.argsort(values, axis=0)  # missing values sort to the end
    ordered = np.take_along_axis(values, order, axis=0)
    positions = np.broadcast_to(np.arange(1.0, len(values) + 1)[:, None], values.shape).copy()
    positions[1:][ordered[1:] == ordered[:-1]] = 0
    np.maximum.accumulate(positions, axis=0, out=positions)
    ranks = np.empty(values.shape)
    np.put_along_axis(ranks, order, positions, axis=0)
    ranks[np.isnan(values)] = np.nan
    return ranks


def mean_and_sd(values: Array) -> tuple[Array, Array]:
    """Mean and standard deviation (n - 1) of each column over the values present; NaN where there are too few."""
    present = np.isfinite(values)
    count = present.sum(axis=0)
    total = np.where(present, values, 0.0).sum(axis=0)
    mean = np.divide(total, count, out=np.full(count.shape, np.nan), where=count > 0)
    squares = np.where(present, (values - mean) ** 2, 0.0).sum(axis=0)
    return mean, np.sqrt(np.divide(squares, count - 1, out=np.full(count.shape, np.nan), where=count > 1))


def _share(values: Array, low: Array, high: Array) -> Array:
    """The way from `low` to `high` that is covered; in this order `high` itself gives exactly 1."""
    return (values - low) / _finite(high - low)


def _finite(scale: Array) -> Array:
    """A scale, missing where it is infinite: dividing by infinity would give 0 without a word."""
    return np.where(np.isinf(scale), np.nan, scale)


def _lowest(values: Array) -> Array:
    return np.asarray(np.fmin.reduce(values, axis=0))


def _highest(values: Array) -> Array:
    return np.asarray(np.fmax.reduce(values, axis=0))


def _given(extras: Extras, name: str) -> Array:
    array = extras[name]
    if array is None:
        raise TypeError(f"this normalisation needs {name}")
    return array


def _faults(
    values: Array,
    settings: Normalisation,
    goalposts: Array | None,
    targets: Array | None,
    references: Array | None,
    names: Sequence[str] | None,
) -> list[str]:
    """Every column that has no scale, with the reason."""
    if not len(values):
        return ["there are no units to compare"]
    lowest = _lowest(values)
    constant = set(constant_columns(values))
    posts = targets if settings.method == "distance_to_target" else references
    faults = []
    for column in range(values.shape[1]):
        reason = ""
        if np.isinf(values[:, column]).any():
            reason = "has infinite values"
        elif np.isnan(lowest[column]):
            reason = "has no values at all"
        elif settings.method in NEEDS_SPREAD and column in constant:
            reason = f"is constant ({values[np.isfinite(values[:, column]), column][0]:g}): {settings.method} has no scale for it"
        elif settings.method == "percentile" and np.isfinite(values[:, column]).sum() < 2:
            reason = "has a single value: percentile ranks need two"
        elif (
            settings.method == "goalposts" and goalposts is not None and not goalposts[column, 0] < goalposts[column, 1]
        ):
            reason = "has goalposts that do not increase"
        elif (
            settings.method in ("distance_to_target", "distance_to_reference")
            and posts is not None
            and not lowest[column] < posts[column]
        ):
            kind = "target" if settings.method == "distance_to_target" else "value of the reference unit"
            reason = f"has no {kind} that is better than the worst value"
        if reason:
            faults.append(f"indicator {named(names, column)} {reason}")
    return faults
