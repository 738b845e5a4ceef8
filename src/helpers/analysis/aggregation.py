"""From indicators to one number: means and Copeland scores along a tree, for one index or for many draws at once.

Matrices are units x draws; a child that is the same in all draws has one column. A single index is the case of one draw.
Conventions: a mean skips missing values and rescales the weights of those present; a weight of 0 leaves a child out of
the mean, but not out of the children that are counted for the minimum share (as COINr `Aggregate` counts them).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from helpers.analysis.faults import ConstructionError, few, named
from helpers.analysis.ranking import Array
from helpers.data.definition import Aggregation, Group, Indicator

ROOT = "index"
TIE = 1e-9
"""Outranking shares nearer than this to one half are ties; values nearer than this part of a child's spread are too."""

POSITIVE_RANGE = (1.0, 100.0)
"""Where values go that a mean of positive numbers cannot take as they are."""

Nodes = tuple[Group | Indicator, ...]
Weights = Mapping[str, float | Array]
Rule = Aggregation | Sequence[Aggregation]


class NotPositiveError(ConstructionError):
    """A mean of positive numbers met others; `cells` are (child, unit) by their numbers."""

    def __init__(self, method: str, cells: list[tuple[int, int]]):
        self.method, self.cells = method, cells
        children = sorted({child + 1 for child, _ in cells})
        super().__init__([f"the {method} mean needs positive values; not so: child {few([str(c) for c in children])}"])


class NotFiniteError(ConstructionError):
    """A mean is beyond the numbers of the machine; `rows` are the units by their numbers."""

    def __init__(self, method: str, rows: list[int]):
        self.method, self.rows = method, rows
        super().__init__([f"the {method} mean has no finite value for {few([named(None, r, 'unit') for r in rows])}"])


def mean(
    children: Sequence[Array],
    weights: Array,
    method: Aggregation,
    *,
    exponent: float = 1.0,
    minimum_share: float = 0.0,
) -> Array:
    """The weighted mean of `children` (each units x draws or units x 1) by `weights` (children x draws): units x draws.

    Missing where no child with a weight is present, or where the share of children present, whatever their weight, is
    under `minimum_share`. `exponent` is that of the generalised mean. Raises NotPositiveError where the mean is not
    defined, NotFiniteError where it is too large to be computed.
    """
    values = _mean(children, weights, method, exponent)
    if minimum_share:
        present = sum((~np.isnan(child)).astype(int) for child in children)
        # A share that is the limit but for rounding is not under it.
        values = np.where(present >= minimum_share * len(children) - TIE, values, np.nan)
    return values


def _mean(children: Sequence[Array], weights: Array, method: Aggregation, exponent: float) -> Array:
    """The mean over the children that are present and have a weight."""
    used = [number for number in range(len(children)) if (weights[number] > 0).any()]
    if method == "copeland":
        return _copeland(children, used, weights)
    _check_positive(children, used, method, exponent)
    # What overflows here is not silenced: it is found below, and an error names it.
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        average, enough = _average(children, used, weights, method, exponent)
        found = _back(average, method, exponent)
    if (wrong := enough & ~(np.isfinite(average) & np.isfinite(found))).any():
        raise NotFiniteError(method, np.flatnonzero(wrong.any(axis=1)).tolist())
    return found


def _average(
    children: Sequence[Array], used: Sequence[int], weights: Array, method: Aggregation, exponent: float
) -> tuple[Array, NDArray[np.bool_]]:
    """The weighted average of the values as they enter the sum, and where there is one."""
    units, draws = len(children[0]), weights.shape[1]
    numerator = np.zeros((units, draws))
    # One row while no value is missing, one for each unit from the first child on that has a gap.
    total = np.zeros((1, draws))
    same = [k for k in used if children[k].shape[1] == 1] if draws > 1 else []
    if same:
        stacked = np.hstack([children[k] for k in same])
        present = ~np.isnan(stacked)
        numerator += _filled(stacked, present, method, exponent) @ weights[same]
        complete = present.all()
        total = weights[same].sum(axis=0)[None] if complete else present.astype(float) @ weights[same]
    for k in sorted(set(used) - set(same)):
        present = ~np.isnan(children[k])
        filled = _filled(children[k], present, method, exponent)
        weight = weights[k][None]
        numerator += filled * weight
        complete = present.all()
        total = total + (weight if complete else weight * present)
    enough = np.broadcast_to(total > 0, numerator.shape)
    return np.divide(numerator, total, out=np.full(numerator.shape, np.nan), where=enough), enough


def aggregate(
    tree: Nodes,
    leaves: Mapping[str, Array],
    weights: Weights,
    rule: Rule,
    *,
    exponent: float = 1.0,
    minimum_share: float = 0.0,
    units: Sequence[str] | None = None,
) -> dict[str, Array]:
    """Every group of the tree from the bottom to the top, and "index": units x draws.

    leaves: values by indicator; an indicator without is left out. weights: a number or one for each draw by node, relative
    among siblings. rule: one, or one for each level, see `group_methods`. A group without any indicator in `leaves` is left
    out; one whose children all have weight 0 in a draw is a missing child in it. Raises ConstructionError naming group,
    child and unit (by `units`) wherever a mean is not defined or not finite.
    """
    methods = group_methods(tree, rule)
    draws = max(np.size(weight) for weight in weights.values())
    found: dict[str, Array] = {}
    faults: list[str] = []

    def visit(group: str, nodes: Nodes) -> Array | None:
        """Values of a group; None where nothing of it is left."""
        children, parts, names = [], [], []
        for node in nodes:
            weight = np.broadcast_to(np.asarray(weights[node.id], dtype=float), draws)
            values = leaves.get(node.id) if isinstance(node, Indicator) else visit(node.id, node.children)
            if values is not None:
                children.append(values)
                parts.append(weight)
                names.append(node.id)
        if not children:
            return None
        try:
            found[group] = mean(
                children, np.vstack(parts), methods[group], exponent=exponent, minimum_share=minimum_share
            )
        except (NotPositiveError, NotFiniteError) as error:
            faults.append(_undefined(error, group, names, units))
            found[group] = np.full((len(children[0]), draws), np.nan)
        return found[group]

    if visit(ROOT, tree) is None:
        faults.append("no indicator of the tree is left")
    if faults:
        raise ConstructionError(faults)
    return found


def group_methods(tree: Nodes, rule: Rule) -> dict[str, Aggregation]:
    """The rule of each group and of "index": its own, else that of its level.

    The level of a group is its height above the leaves: 1 where it holds indicators only.
    """
    methods: dict[str, Aggregation] = {}

    def of_level(height: int) -> Aggregation:
        return rule if isinstance(rule, str) else rule[height - 1]

    def visit(nodes: Nodes) -> int:
        height = 1
        for node in nodes:
            if isinstance(node, Group):
                below = visit(node.children)
                methods[node.id] = node.aggregation or of_level(below)
                height = max(height, below + 1)
        return height

    methods[ROOT] = of_level(visit(tree))
    return methods


def undefined(values: Array, method: Aggregation, exponent: float) -> NDArray[np.bool_]:
    """For which values a rule has no mean: zero and negative ones, or negative ones alone; for missing ones it has."""
    if method in ("arithmetic", "copeland") or (method == "generalised" and exponent == 1):
        return np.zeros(values.shape, dtype=bool)
    return values < 0 if method == "generalised" and exponent > 0 else values <= 0


def node_weights(tree: Nodes, changed: Mapping[str, float] | None = None) -> dict[str, float]:
    """The weight of each node as the definition has it, or as `changed` has it."""
    found: dict[str, float] = {}
    for node in tree:
        found[node.id] = float((changed or {}).get(node.id, node.weight))
        if isinstance(node, Group):
            found |= node_weights(node.children, changed)
    return found


def _filled(values: Array, present: NDArray[np.bool_], method: Aggregation, exponent: float) -> Array:
    """The values as they enter the sum; those missing enter as 0 and their weight is not counted."""
    kept = np.where(present, values, 1.0)
    if method == "geometric" or (method == "generalised" and exponent == 0):
        kept = np.log(kept)
    elif method == "harmonic":
        kept = 1 / kept
    elif method == "generalised":
        kept = kept**exponent
    return np.where(present, kept, 0.0)


def _back(average: Array, method: Aggregation, exponent: float) -> Array:
    if method == "geometric" or (method == "generalised" and exponent == 0):
        return np.exp(average)
    if method == "harmonic":
        return 1 / average
    return average ** (1 / exponent) if method == "generalised" else average


def _check_positive(children: Sequence[Array], used: Sequence[int], method: Aggregation, exponent: float) -> None:
    cells = []
    for number in used:
        wrong = undefined(children[number], method, exponent).any(axis=1)
        cells += [(number, int(unit)) for unit in np.flatnonzero(wrong)]
    if cells:
        raise NotPositiveError(method, cells)


def _undefined(
    error: NotPositiveError | NotFiniteError, group: str, names: Sequence[str], units: Sequence[str] | None
) -> str:
    """The group, the units (of each child with such values), and what would help."""
    if isinstance(error, NotFiniteError):
        rows = [named(units, unit, "unit") for unit in error.rows]
        return f"aggregation: the {error.method} mean of {group} has no finite value for {few(rows)}"
    where = []
    for child in sorted({child for child, _ in error.cells}):
        rows = [named(units, unit, "unit") for number, unit in error.cells if number == child]
        where.append(f"{names[child]} ({few(rows, 3)})")
    return (
        f"the {error.method} mean of {group} needs positive values; zero or negative are {'; '.join(where)}:"
        " normalise by min_max to the range [1, 100]"
    )


def _copeland(children: Sequence[Array], used: Sequence[int], weights: Array) -> Array:
    """Copeland scores: units outranked minus units that outrank (Handbook 6.4; COINr `a_copeland`).

    A unit outranks another if the children on which it is better hold more than half of the weight of those that both
    have, ties counted half. COINr counts a comparison with a missing value for the unit that comes later; here it is
    left out, so that the order of the units does not matter.
    """
    units, draws = len(children[0]), weights.shape[1]
    children, weights = [children[number] for number in used], weights[used]
    scores = np.zeros((units, draws))
    # A spread that overflows is found in the next lines, and an error names it.
    with np.errstate(over="ignore", invalid="ignore"):
        spreads = [np.fmax.reduce(child, axis=None) - np.fmin.reduce(child, axis=None) for child in children]
    for child, spread in zip(children, spreads, strict=True):
        if np.isinf(spread):
            large = np.abs(child) > np.finfo(float).max / 2
            raise NotFiniteError("copeland", np.flatnonzero(large.any(axis=1)).tolist())
    block = max(1, 2_000_000 // (units * draws))
    for start in range(0, units, block):
        rows = slice(start, start + block)
        won = np.zeros((len(scores[rows]), units, draws))
        common = np.zeros_like(won)
        for child, weight, spread in zip(children, weights, spreads, strict=True):
            difference = child[rows, None, :] - child[None]
            both = np.isfinite(difference)
            better = np.where(difference > TIE * spread, 1.0, np.where(difference < -TIE * spread, 0.0, 0.5))
            won += np.where(both, better, 0.0) * weight
            common += both * weight
        share = np.divide(won, common, out=np.full(won.shape, 0.5), where=common > 0)
        scores[rows] = ((share > 0.5 + TIE).astype(float) - (share < 0.5 - TIE)).sum(axis=1)
    some = np.zeros((units, draws), dtype=bool)
    for child, weight in zip(children, weights, strict=True):
        some |= np.isfinite(child) & (weight > 0)
    return np.where(some, scores, np.nan)
