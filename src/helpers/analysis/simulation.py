"""Many alternative indices at once: the ranks of all units in every replication.

Replications that share their discrete choices share one normalised matrix; within such a set all of them are aggregated
and ranked together, in chunks that bound the memory. There is no loop over replications.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from helpers.analysis.aggregation import POSITIVE_RANGE, ROOT, Rule, aggregate, group_methods, undefined
from helpers.analysis.construction import Construction, aims, sign_of
from helpers.analysis.draws import DISCRETE, Assumptions, Draws, Tree, draw, nominal
from helpers.analysis.faults import ConstructionError, few
from helpers.analysis.imputation import blocks_of, impute
from helpers.analysis.index import INHERITED, IndexResult
from helpers.analysis.normalisation import IN_UNITS, constant_columns, normalise
from helpers.analysis.ranking import Array, rank
from helpers.analysis.treatment import treat
from helpers.data.definition import Imputation, IndexDefinition, Indicator, Normalisation, Treatment

NO_SCORE = "a unit has too few values left for a score"
LOGARITHM = "the outlier rule took a logarithm, which does not fit {method}"

# Cells of units x draws worked on at once: some megabytes, which stay in the cache of the processor.
_CELLS = 2**18


@dataclass(frozen=True)
class Model:
    """An index before its calculation: raw values (units x indicators, NaN = missing) after denominators and screening,
    which of them are inherited, the sign of each indicator (-1 = less is better), and the group of each unit for
    imputation by group. `indicators` are the leaves of the columns; leaves of the tree without a column are left out.
    `declared` is the tree around whose weights those of the replications are drawn, where it is not the definition's own.
    """

    definition: IndexDefinition
    indicators: tuple[Indicator, ...]
    units: pd.Index
    values: Array
    signs: Array
    inherited: NDArray[np.bool_]
    groups: NDArray[Any] | None = None
    declared: Tree | None = None

    def tree_of(self, assumptions: Assumptions) -> Tree:
        """The tree whose weights the replications start from."""
        if assumptions.weights is None or self.declared is None:
            return self.definition.tree
        return self.declared

    def __post_init__(self) -> None:
        shape = (len(self.units), len(self.indicators))
        if self.values.shape != shape or self.inherited.shape != shape or self.signs.shape != shape[1:]:
            raise ValueError(f"values, inherited and signs must fit {shape[0]} units and {shape[1]} indicators")


@dataclass(frozen=True)
class Simulation:
    """Ranks of units in replications (units x replications; 0 = the replication could not be made), 1 = best.

    A replication counts only if every unit has a score in it, because ranks among different numbers of units cannot be
    compared. `failed` counts the others by reason. Units without a score in the index itself are not in `units`.
    """

    units: pd.Index
    ranks: NDArray[np.int16]
    reference: NDArray[np.int16]
    assumptions: Assumptions
    failed: dict[str, int]
    seed: int | None = None

    @property
    def valid(self) -> NDArray[np.bool_]:
        """Which replications could be made."""
        made: NDArray[np.bool_] = self.ranks[0] > 0
        return made

    @cached_property
    def made(self) -> NDArray[np.int16]:
        """The ranks in the replications that could be made."""
        return self.ranks if self.valid.all() else self.ranks[:, self.valid]


def model_of(
    construction: Construction, inherited: pd.DataFrame | None = None, groups: pd.Series | None = None
) -> Model:
    """The model behind a constructed index, for the units and indicators that stayed in it.

    inherited: True where a value is taken over from the district (units x indicators). groups: for imputation by group.
    """
    stayed = construction.treated
    flags = np.zeros(stayed.shape, dtype=bool)
    if inherited is not None:
        flags = inherited.loc[stayed.index, list(stayed)].to_numpy(dtype=bool)
    return Model(
        definition=construction.definition,
        indicators=tuple(leaf for leaf in construction.definition.indicators if leaf.id in stayed),
        units=stayed.index,
        values=construction.values.loc[stayed.index, list(stayed)].to_numpy(),
        signs=np.array([sign_of(construction.directions[name]) for name in stayed]),
        inherited=flags,
        groups=None if groups is None else groups.reindex(stayed.index).fillna("").astype(str).to_numpy(dtype=object),
    )


def simulate_index(index: IndexResult, assumptions: Assumptions, draws: int, seed: int) -> Simulation:
    """Ranks of the places of an index in replications 0 to `draws - 1` of a seed."""
    return monte_carlo(model_of_index(index), assumptions, draws, seed)


def model_of_index(index: IndexResult) -> Model:
    """The model behind the index of a universe, with the values taken over from districts marked.

    The replications ask what other weights would do, so they are drawn as the universe declares, whatever a reader chose.
    """
    return replace(model_of(index.construction, index.basis == INHERITED), declared=index.declared.tree)


def monte_carlo(model: Model, assumptions: Assumptions, draws: int, seed: int) -> Simulation:
    """Ranks in replications 0 to `draws - 1` of a seed."""
    replications = draw(assumptions, model.tree_of(assumptions), draws, seed)
    return replace(simulate(model, assumptions, replications), seed=seed)


def simulate(model: Model, assumptions: Assumptions, draws: Draws, cells: int = _CELLS) -> Simulation:
    """Ranks in the given replications. Raises ValueError if no unit has a score or no replication could be made."""
    plain = _Alternative.chosen(model, Assumptions(), {})
    reference = rank(plain.scores(model, plain.normalised(model, {}), nominal(model.definition.tree)))[:, 0]
    ranked = reference > 0
    if not ranked.any():
        raise ValueError("no unit has a score: every one lacks all values")
    kind = np.int16 if len(model.units) < 2**15 else np.int32
    found = np.zeros((len(draws), int(ranked.sum())), dtype=kind)
    failed: Counter[str] = Counter()
    treated: _Treated = {}
    size = max(1, cells // len(model.units))
    for rows in _sets(draws):
        alternative = _Alternative.chosen(model, assumptions, draws.choice(int(rows[0])))
        try:
            matrix = alternative.normalised(model, treated)
        except ConstructionError as error:
            failed[few(error.faults, 1)] += len(rows)
            continue
        for start in range(0, len(rows), size):
            chunk = rows[start : start + size]
            try:
                scores = alternative.scores(model, matrix, draws.take(chunk))[ranked]
            except ConstructionError as error:
                failed[few(error.faults, 1)] += len(chunk)
                continue
            lost = np.isnan(scores).any(axis=0)
            if lost.any():
                failed[NO_SCORE] += int(lost.sum())
            found[chunk[~lost]] = rank(scores[:, ~lost]).T
    if failed.total() == len(draws):
        raise ValueError(f"none of {len(draws)} replications could be made: {'; '.join(sorted(failed))}")
    ranks = np.ascontiguousarray(found.T)
    return Simulation(model.units[ranked], ranks, reference[ranked].astype(kind), assumptions, dict(failed))


_Treated: TypeAlias = dict[tuple[Treatment, Imputation, bool], tuple[Array, bool]]


def _sets(draws: Draws) -> Iterator[NDArray[np.intp]]:
    """Numbers of the replications that share every choice but the indicator left out."""
    shared = np.array([draws.choices[name] for name in DISCRETE if name != "left_out"])
    code = np.ravel_multi_index(tuple(shared), tuple(shared.max(axis=1) + 1))
    order = np.argsort(code, kind="stable")
    yield from np.split(order, np.flatnonzero(np.diff(code[order])) + 1)


@dataclass(frozen=True)
class _Alternative:
    """The choices that make one normalised matrix, and the rule by which it is aggregated."""

    normalisation: Normalisation
    aggregation: Rule
    treatment: Treatment
    imputation: Imputation
    inherited_missing: bool

    @classmethod
    def chosen(cls, model: Model, assumptions: Assumptions, choice: Mapping[str, int]) -> _Alternative:
        """The alternatives of these numbers; the index definition's own where a source has none."""

        def pick(source: str) -> Any:
            alternatives = getattr(assumptions, source)
            return alternatives[choice[source]] if alternatives else getattr(model.definition, source)

        return cls(
            normalisation=pick("normalisation"),
            aggregation=pick("aggregation"),
            treatment=pick("treatment"),
            imputation=pick("imputation"),
            inherited_missing=bool(choice.get("inherited", 0)),
        )

    def scores(self, model: Model, matrix: Array, draws: Draws) -> Array:
        """Scores (units x draws) of the normalised matrix by the weights of the draws, without the indicator left out."""
        definition = model.definition
        empty = np.flatnonzero(np.isnan(matrix).all(axis=0)).tolist()
        weights = dict(draws.weights)
        for number, leaf in enumerate(definition.indicators):
            out = draws.choices["left_out"] == number + 1
            if out.any():
                weights[leaf.id] = np.where(out, 0.0, weights[leaf.id])
        return aggregate(
            definition.tree,
            {leaf.id: matrix[:, [column]] for column, leaf in enumerate(model.indicators) if column not in empty},
            weights,
            self.aggregation,
            exponent=definition.exponent,
            minimum_share=definition.minimum_share,
            units=model.units,
        )[ROOT]

    def normalised(self, model: Model, treated: _Treated) -> Array:
        """The normalised values (units x indicators), positive where a mean needs it.

        An indicator that has lost its values or its spread under these choices tells nothing: it is missing throughout.
        `treated` keeps what alternatives that differ only later have in common.
        """
        common = (self.treatment, self.imputation, self.inherited_missing)
        if common not in treated:
            treated[common] = self._treated(model)
        oriented, logarithm = treated[common]
        if logarithm and self.normalisation.method in IN_UNITS:
            raise ConstructionError([LOGARITHM.format(method=self.normalisation.method)])
        told: NDArray[np.bool_] = np.asarray(~np.isnan(oriented).all(axis=0))
        told[constant_columns(oriented)] = False
        result = np.full(oriented.shape, np.nan)
        if told.any():
            result[:, told] = self._scaled(model, oriented, told)
        return result

    def _treated(self, model: Model) -> tuple[Array, bool]:
        """Values after imputation and outlier rule, oriented, and whether a logarithm was taken."""
        names = [leaf.id for leaf in model.indicators]
        tree = model.definition.tree
        block_of = dict(zip([leaf.id for leaf in model.definition.indicators], blocks_of(tree), strict=True))
        values = np.where(model.inherited & self.inherited_missing, np.nan, model.values)
        blocks = [block_of[name] for name in names]
        imputed = impute(values, self.imputation, model.groups, blocks=blocks, signs=model.signs)
        treated = treat(imputed.values, self.treatment, names=names)
        return treated.values * model.signs, any(check.action == "log" for check in treated.columns)

    def _scaled(self, model: Model, oriented: Array, told: NDArray[np.bool_]) -> Array:
        kept = [leaf for leaf, keep in zip(model.indicators, told, strict=True) if keep]
        values, names = oriented[:, told], [leaf.id for leaf in kept]
        scale = aims(kept, model.signs[told], values, model.units)
        normalised = normalise(values, self.normalisation, **scale, names=names, units=model.units)
        rules = set(group_methods(model.definition.tree, self.aggregation).values())
        if not any(undefined(normalised, rule, model.definition.exponent).any() for rule in rules):
            return normalised
        if self.normalisation.method in ("min_max", "goalposts"):
            wider = self.normalisation.model_copy(update={"range": POSITIVE_RANGE})
            return normalise(values, wider, **scale, names=names, units=model.units)
        # One straight line for the whole matrix: one for each column would turn z-scores into min-max values.
        low, high = np.nanmin(normalised), np.nanmax(normalised)
        return POSITIVE_RANGE[0] + (normalised - low) / (high - low) * (POSITIVE_RANGE[1] - POSITIVE_RANGE[0])
