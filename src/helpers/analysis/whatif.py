"""The whole index again with other values: gaps filled, outlier rule, scales and means, as `construct` would do it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from helpers.analysis.aggregation import ROOT, aggregate, node_weights
from helpers.analysis.construction import aims
from helpers.analysis.imputation import blocks_of, impute
from helpers.analysis.normalisation import IN_UNITS, constant_columns, normalise
from helpers.analysis.ranking import Array
from helpers.analysis.simulation import Model
from helpers.analysis.treatment import treat


def scores_of(model: Model, tables: Array) -> Array:
    """Scores (units x tables) of the index of `model` with the values of each table (tables x units x indicators).

    All tables are worked on as the columns of one matrix, so that many changes cost little more than one. An indicator
    that has lost its values or its spread in a table is left out of it, as a report does. A table has no scores (NaN) where
    the outlier rule takes a logarithm that does not fit the scale. Raises ConstructionError where a mean is not defined.
    """
    count, units, size = tables.shape
    definition = model.definition
    names = [leaf.id for leaf in model.indicators]
    signs = np.tile(model.signs, count)
    wide = tables.transpose(1, 0, 2).reshape(units, count * size)
    if np.isnan(wide).any():
        block_of = dict(zip([leaf.id for leaf in definition.indicators], blocks_of(definition.tree), strict=True))
        blocks = [f"{number} {block_of[name]}" for number in range(count) for name in names]
        wide = impute(wide, definition.imputation, model.groups, blocks=blocks, signs=signs).values
    impossible: NDArray[np.bool_] = np.zeros(count, dtype=bool)
    if definition.treatment.method != "none":
        treated = treat(wide, definition.treatment)
        wide = treated.values
        logged = np.array([check.action == "log" for check in treated.columns], dtype=bool)
        if definition.normalisation.method in IN_UNITS:
            impossible = np.asarray(logged.reshape(count, size).any(axis=1))
    oriented = wide * signs
    told: NDArray[np.bool_] = np.asarray(~np.isnan(oriented).all(axis=0))
    told[constant_columns(oriented)] = False
    leaves = [leaf for leaf, keep in zip(model.indicators * count, told, strict=True) if keep]
    scaled = np.full(oriented.shape, np.nan)
    if leaves:
        values = oriented[:, told]
        scale = aims(leaves, signs[told], values, model.units)
        scaled[:, told] = normalise(
            values,
            definition.normalisation,
            goalposts=scale["goalposts"],
            targets=scale["targets"],
            references=scale["references"],
        )
    by_table = scaled.reshape(units, count, size)
    scores = aggregate(
        definition.tree,
        {name: by_table[:, :, number] for number, name in enumerate(names)},
        {node: np.full(count, weight) for node, weight in node_weights(definition.tree).items()},
        definition.aggregation,
        exponent=definition.exponent,
        minimum_share=definition.minimum_share,
        units=[str(unit) for unit in model.units],
    )[ROOT]
    return np.where(impossible, np.nan, scores)
