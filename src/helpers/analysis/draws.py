"""What may vary in an index, and the draws from it: choices among alternatives and weights, one replication a number.

Every replication comes from one row of uniform numbers, and row i depends on the seed and on i alone (a counter-based
generator): it can be rebuilt without the others. A source keeps its column whichever other sources vary, so that two
sets of assumptions are compared on the same numbers. Nothing here knows the data.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from helpers.analysis.aggregation import Rule
from helpers.analysis.normalisation import IN_UNITS
from helpers.analysis.ranking import Array
from helpers.data.definition import Group, Imputation, IndexDefinition, Indicator, Normalisation, Treatment

Tree: TypeAlias = tuple[Group | Indicator, ...]

DISCRETE = ("normalisation", "aggregation", "treatment", "imputation", "inherited", "left_out")
SOURCES = ("weights", *DISCRETE)

# One counter of the generator gives four numbers of 64 bits.
_PER_COUNTER = 4
_SMALLEST = 2.0**-53


@dataclass(frozen=True)
class Dirichlet:
    """The weights of m siblings come from Dirichlet(concentration · m · nominal shares): centred at the nominal ones.

    With equal nominal weights 1 is the flat distribution; the larger, the closer to the nominal weights.
    """

    concentration: float = 1.0

    def __post_init__(self) -> None:
        if not (0.05 <= self.concentration < np.inf):
            raise ValueError(f"concentration must be at least 0.05, not {self.concentration}")


@dataclass(frozen=True)
class PlusMinus:
    """Each nominal weight is multiplied by a uniform number between 1 - share and 1 + share; siblings then sum to 1."""

    share: float = 0.25

    def __post_init__(self) -> None:
        if not (0 < self.share < 1):
            raise ValueError(f"share must lie between 0 and 1, not {self.share}")


Prior: TypeAlias = Dirichlet | PlusMinus
DEFAULT_PRIOR = Dirichlet(1.0)


@dataclass(frozen=True)
class Assumptions:
    """What varies between replications; what is not named stays as the index definition has it.

    Alternatives of one source are equally probable; the definition's own is one of them only if it is named. `inherited`:
    with probability one half, values taken over from the district are missing. `left_out`: each of the Q indicators, or
    none, with probability 1/(Q + 1): all combinations are then equally probable and can be enumerated.
    """

    weights: Prior | None = None
    normalisation: tuple[Normalisation, ...] = ()
    aggregation: tuple[Rule, ...] = ()
    treatment: tuple[Treatment, ...] = ()
    imputation: tuple[Imputation, ...] = ()
    inherited: bool = False
    left_out: bool = False

    @property
    def sources(self) -> tuple[str, ...]:
        """The sources that vary."""
        return tuple(name for name in SOURCES if self._varies(name))

    def only(self, *sources: str) -> Assumptions:
        """These assumptions with the named sources alone varying."""
        if unknown := set(sources) - set(SOURCES):
            raise ValueError(f"{', '.join(sorted(unknown))} is none of {', '.join(SOURCES)}")
        return replace(Assumptions(), **{name: getattr(self, name) for name in sources})

    def without(self, *sources: str) -> Assumptions:
        """These assumptions with the named sources held at the index definition."""
        return self.only(*(name for name in SOURCES if name not in sources))

    def levels(self, source: str, tree: Tree) -> int:
        """The number of alternatives of a discrete source; 1 where it does not vary."""
        value = getattr(self, source)
        if source == "left_out":
            return 1 + len(list(leaves(tree))) if value else 1
        return 1 + int(value) if isinstance(value, bool) else max(1, len(value))

    def _varies(self, source: str) -> bool:
        value = getattr(self, source)
        return value is not None if source == "weights" else bool(value) if isinstance(value, bool) else len(value) > 1


@dataclass(frozen=True)
class Draws:
    """Replications: the number of the alternative chosen for each discrete source, and the weight of each node.

    Weights of siblings sum to 1. `left_out` counts the indicators from 1 in the order of the tree, 0 leaves out none;
    `inherited` 1 means that inherited values are missing.
    """

    choices: dict[str, NDArray[np.intp]]
    weights: dict[str, Array]

    def __len__(self) -> int:
        return len(self.choices["normalisation"])

    def choice(self, number: int) -> dict[str, int]:
        """The choices of one replication."""
        return {name: int(values[number]) for name, values in self.choices.items()}

    def take(self, rows: NDArray[np.intp] | slice) -> Draws:
        """Some of the replications."""
        return Draws(
            {name: values[rows] for name, values in self.choices.items()},
            {name: values[rows] for name, values in self.weights.items()},
        )


def draw(assumptions: Assumptions, tree: Tree, n: int, seed: int, *, start: int = 0) -> Draws:
    """Replications number `start` to `start + n - 1` of a seed."""
    return from_uniform(_uniform(n, width(tree), seed, start), assumptions, tree)


def rebuild(assumptions: Assumptions, tree: Tree, seed: int, number: int) -> Draws:
    """The one replication of this number, as the first, large draw had it."""
    return draw(assumptions, tree, 1, seed, start=number)


def enumerate_all(assumptions: Assumptions, tree: Tree) -> Draws:
    """Every combination of the alternatives once, the last source changing fastest; the weights must not vary."""
    if assumptions.weights is not None:
        raise ValueError("weights vary continuously: their combinations cannot be enumerated")
    shape = tuple(assumptions.levels(name, tree) for name in DISCRETE)
    numbers = np.unravel_index(np.arange(np.prod(shape)), shape)
    choices = {name: column.astype(np.intp) for name, column in zip(DISCRETE, numbers, strict=True)}
    nominal = nominal_weights(tree)
    return Draws(choices, {name: np.full(len(numbers[0]), weight) for name, weight in nominal.items()})


def nominal(tree: Tree) -> Draws:
    """The one replication in which nothing varies."""
    return enumerate_all(Assumptions(), tree)


def from_uniform(points: Array, assumptions: Assumptions, tree: Tree) -> Draws:
    """The replications that belong to points of the unit cube (replications x `width(tree)`)."""
    choices = {}
    for column, name in enumerate(DISCRETE):
        levels = assumptions.levels(name, tree)
        choices[name] = np.minimum((points[:, column] * levels).astype(np.intp), levels - 1)
    # An inverse distribution function is infinite at 1, and a weight of exactly 0 would take its node out.
    inner = np.clip(points[:, len(DISCRETE) :].T, _SMALLEST, 1 - _SMALLEST)
    weights: dict[str, Array] = {}
    column = 0
    for siblings in families(tree):
        numbers = inner[column : column + len(siblings)]
        column += len(siblings)
        nominal_shares = _shares(siblings)[:, None]
        drawn = _draw_weights(numbers, nominal_shares, assumptions.weights)
        weights.update(zip([node.id for node in siblings], drawn / drawn.sum(axis=0), strict=True))
    return Draws(choices, weights)


def width(tree: Tree) -> int:
    """Uniform numbers that one replication takes: one for each discrete source and one for each node."""
    return len(DISCRETE) + sum(len(siblings) for siblings in families(tree))


def columns(source: str, tree: Tree) -> slice:
    """The columns of the uniform numbers that belong to a source; the weights are one source of many columns."""
    if source == "weights":
        return slice(len(DISCRETE), width(tree))
    return slice(DISCRETE.index(source), DISCRETE.index(source) + 1)


def nominal_weights(tree: Tree) -> dict[str, float]:
    """The share of each node among its siblings."""
    return {
        node.id: float(share)
        for siblings in families(tree)
        for node, share in zip(siblings, _shares(siblings), strict=True)
    }


def families(tree: Tree) -> Iterator[Tree]:
    """The children of the index, then of each group below: the sets of nodes whose weights sum to 1."""
    yield tree
    for node in tree:
        if isinstance(node, Group):
            yield from families(node.children)


def leaves(tree: Tree) -> Iterator[Indicator]:
    """The indicators in order."""
    for node in tree:
        yield from node.indicators


def default_assumptions(definition: IndexDefinition, *, inherited: bool = False) -> Assumptions:
    """The assumptions of the report: every source for which a reader could defend an alternative to the index's own choice.

    inherited: whether any value is taken over from a district. For the prior see docs/decisions/0005-prior-of-weights.md.
    """
    own, fixed = definition.normalisation, definition.normalisation.method in IN_UNITS
    scales = (
        []
        if fixed
        else [Normalisation(method="min_max"), Normalisation(method="z_score"), Normalisation(method="percentile")]
    )
    rules: list[Rule] = [definition.aggregation, "arithmetic", "geometric"]
    treatments = [] if fixed else [Treatment(), Treatment(method="winsorise_log")]
    gaps = [Imputation(), Imputation(method="median")]
    return Assumptions(
        weights=DEFAULT_PRIOR,
        normalisation=(own, *(item for item in scales if item.method != own.method)),
        aggregation=tuple(rule for number, rule in enumerate(rules) if rule not in rules[:number]),
        treatment=(
            definition.treatment,
            *(item for item in treatments if item.method != definition.treatment.method),
        ),
        imputation=(definition.imputation, *(item for item in gaps if item.method != definition.imputation.method)),
        inherited=inherited,
        left_out=True,
    )


def _shares(siblings: Tree) -> Array:
    weights: Array = np.array([node.weight for node in siblings])
    shares: Array = weights / weights.sum()
    return shares


def _draw_weights(numbers: Array, nominal_shares: Array, prior: Prior | None) -> Array:
    """Weights of siblings (siblings x draws) before they are made to sum to 1."""
    if isinstance(prior, Dirichlet):
        from scipy.special import gammaincinv

        drawn: Array = gammaincinv(prior.concentration * len(nominal_shares) * nominal_shares, numbers)
        return drawn
    if isinstance(prior, PlusMinus):
        return nominal_shares * (1 + prior.share * (2 * numbers - 1))
    return np.broadcast_to(nominal_shares, numbers.shape).copy()


def _uniform(n: int, dimensions: int, seed: int, start: int) -> Array:
    """Rows `start` to `start + n - 1` of the seed's uniform numbers (n x dimensions)."""
    blocks = -(-dimensions // _PER_COUNTER)
    generator = np.random.Philox(seed)
    generator.advance(start * blocks)
    raw = np.asarray(generator.random_raw(n * blocks * _PER_COUNTER), dtype=np.uint64)
    unit: Array = (raw >> np.uint64(11)).astype(float) * _SMALLEST
    return unit.reshape(n, -1)[:, :dimensions]
