"""What the uncertainty of ranks comes from: Sobol indices of each source, by scrambled Sobol' points or exactly.

The first-order index is the share of variance that would vanish if the source were known; the total index is the share
that would be left if all others were. What the total has over the first order is interaction. Estimators: Saltelli et
al. 2010 (first order) and Jansen 1999 (total); each source is one group of inputs, the weights a group of many.
"""

from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from helpers.analysis.draws import (
    DISCRETE,
    Assumptions,
    columns,
    enumerate_all,
    from_uniform,
    width,
)
from helpers.analysis.ranking import Array
from helpers.analysis.simulation import Model, Simulation, simulate

_SAMPLES = 1000


@dataclass(frozen=True)
class Sensitivity:
    """Sobol indices of two outputs: `shift`, the mean absolute change of ranks against the reference, and `focus`, the
    rank of one unit.

    Frames with one row a source and the columns first, first_low, first_high, total, total_low, total_high (95 %
    intervals by bootstrap; without width where `exact`). A frame is empty where its output never varies. `failed` counts
    the rows of the design left out because a replication in them could not be made.
    """

    shift: pd.DataFrame
    focus: pd.DataFrame
    exact: bool
    evaluations: int
    failed: int = 0


@dataclass(frozen=True, eq=False)
class Evaluated:
    """The ranks of all units at all replications of a design, from which the indices of any unit follow.

    `levels`: the number of alternatives of each source where all combinations were made; None for sampled points, of
    which `points` are the rows of each set.
    """

    simulation: Simulation
    sources: tuple[str, ...]
    levels: dict[str, int] | None
    points: int
    seed: int

    @cached_property
    def shift(self) -> pd.DataFrame:
        """The indices of the mean rank shift, which are the same whichever unit is looked at."""
        ranks, reference = self.simulation.ranks, self.simulation.reference
        return self._indices(np.abs(ranks - reference[:, None]).mean(axis=0))

    def of(self, focus: str) -> Sensitivity:
        """What moves the ranks, and the rank of `focus`."""
        own = self.simulation.ranks[self.simulation.units.get_loc(focus)].astype(float)
        evaluations = self.simulation.ranks.shape[1]
        exact = self.levels is not None
        failed = 0 if exact else int((~self._whole).sum())
        return Sensitivity(self.shift, self._indices(own), exact, evaluations, failed)

    @cached_property
    def _whole(self) -> NDArray[np.bool_]:
        """The rows of the design in which every replication could be made."""
        return np.asarray(self.simulation.valid.reshape(-1, self.points).all(axis=0))

    def _indices(self, output: Array) -> pd.DataFrame:
        sources = list(self.sources)
        if self.levels is not None:
            order = [name for name in DISCRETE if name in self.levels]
            return _from_parts(anova(output.reshape([self.levels[name] for name in order]), order), order)
        a, b, *mixed = output.reshape(-1, self.points)[:, self._whole]
        if not len(a) or np.ptp([a, b]) == 0:
            return pd.DataFrame()
        return sobol_indices(a, b, np.array(mixed), sources, self.seed)


def evaluate(model: Model, assumptions: Assumptions, points: int = 1024, seed: int = 0) -> Evaluated:
    """The ranks from which `Evaluated.of` tells what drives them: exactly where all sources are discrete and their
    combinations no more than the points would cost, else on `points` (a power of 2) scrambled Sobol' points.
    """
    sources = assumptions.sources
    if not sources:
        raise ValueError("nothing varies: there is nothing to attribute")
    tree = model.definition.tree
    if assumptions.weights is None:
        levels = {name: assumptions.levels(name, tree) for name in sources}
        if np.prod(list(levels.values())) <= points * (len(sources) + 2):
            everything = simulate(model, assumptions, enumerate_all(assumptions, tree))
            # The split needs every combination; where one cannot be made, points are sampled.
            if everything.valid.all():
                return Evaluated(everything, tuple(sources), levels, points, seed)
    tree = model.tree_of(assumptions)
    cube = design([columns(name, tree) for name in sources], width(tree), points, seed)
    found = simulate(model, assumptions, from_uniform(cube, assumptions, tree))
    return Evaluated(found, tuple(sources), None, points, seed)


def sobol_indices(a: Array, b: Array, mixed: Array, sources: list[str], seed: int = 0) -> pd.DataFrame:
    """Indices from the outputs at the points A and B (points) and at A with the columns of one source from B (sources x
    points), with 95 % bootstrap intervals: whole rows are drawn again, mean and variance computed anew each time.
    """
    n = len(a)
    once = np.ones((1, n))
    counts = np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=_SAMPLES).astype(float)
    (first,), (total,) = _estimates(once, a, b, mixed)
    firsts, totals = _estimates(counts, a, b, mixed)
    tails = [(1 - 0.95) / 2, (1 + 0.95) / 2]
    first_low, first_high = np.nanquantile(firsts, tails, axis=0)
    total_low, total_high = np.nanquantile(totals, tails, axis=0)
    parts = {"first": first, "first_low": first_low, "first_high": first_high}
    parts |= {"total": total, "total_low": total_low, "total_high": total_high}
    return pd.DataFrame(parts, index=pd.Index(sources, name="source"))


def design(blocks: list[slice], dimensions: int, points: int, seed: int) -> Array:
    """Points of the unit cube ((2 + blocks) * points x dimensions): A, B, and A with each block of columns from B."""
    from scipy.stats import qmc

    if points & (points - 1) or points < 2:
        raise ValueError(f"points must be a power of 2, not {points}")
    unit_cube = qmc.Sobol(2 * dimensions, scramble=True, rng=seed).random(points)
    a, b = unit_cube[:, :dimensions], unit_cube[:, dimensions:]
    sets = [a, b]
    for block in blocks:
        mixed = a.copy()
        mixed[:, block] = b[:, block]
        sets.append(mixed)
    return np.concatenate(sets)


def anova(outputs: Array, sources: list[str]) -> pd.Series:
    """The variance of an output over all combinations (one axis a source, equally probable), split exactly.

    One share for each set of sources, joined by " × "; the shares sum to 1. Empty where the output never varies.
    """
    axes = range(outputs.ndim)
    explained: dict[tuple[int, ...], float] = {(): 0.0}
    parts: dict[tuple[int, ...], float] = {}
    for size in range(1, outputs.ndim + 1):
        for kept in combinations(axes, size):
            others = tuple(axis for axis in axes if axis not in kept)
            explained[kept] = float(outputs.mean(axis=others).var())
            inner = (parts[subset] for k in range(1, size) for subset in combinations(kept, k))
            parts[kept] = explained[kept] - sum(inner)
    whole = explained[tuple(axes)]
    if whole <= 1e-12:
        return pd.Series(dtype=float)
    return pd.Series({" × ".join(sources[axis] for axis in kept): part / whole for kept, part in parts.items()})


def _from_parts(parts: pd.Series, sources: list[str]) -> pd.DataFrame:
    if parts.empty:
        return pd.DataFrame()
    of = {name: [key for key in parts.index if name in key.split(" × ")] for name in sources}
    first = pd.Series({name: parts[name] for name in sources})
    total = pd.Series({name: parts[of[name]].sum() for name in sources})
    frame = {
        f"{kind}{end}": values for kind, values in (("first", first), ("total", total)) for end in ("", "_low", "_high")
    }
    return pd.DataFrame(frame).rename_axis("source")


def _estimates(counts: Array, a: Array, b: Array, mixed: Array) -> tuple[Array, Array]:
    """First-order and total indices (samples x sources) of samples that hold row j `counts[sample, j]` times.

    All parts are means over rows, so that each is one product of matrices. The output is centred at the mean of each
    sample: the first-order estimator is unbiased anyway, but far less scattered.
    """
    n = counts.sum(axis=1, keepdims=True)
    mean = counts @ (a + b)[:, None] / (2 * n)
    variance = counts @ (a**2 + b**2)[:, None] / (2 * n) - mean**2
    difference = (mixed - a).T
    first = (counts @ (b[:, None] * difference) - mean * (counts @ difference)) / n
    total = counts @ difference**2 / (2 * n)
    varies = np.broadcast_to(variance > 1e-12, first.shape)
    undefined = np.full(first.shape, np.nan)
    return (
        np.divide(first, variance, out=undefined.copy(), where=varies),
        np.divide(total, variance, out=undefined.copy(), where=varies),
    )
