"""The index without one indicator or one domain: what each place's rank owes to it.

All variants are draws of one aggregation in which the left-out part has a weight of 0; the others keep their proportions.
Normalised values do not change, because every indicator is scaled for itself.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.analysis.aggregation import ROOT, aggregate, node_weights
from helpers.analysis.audit.reasons import NOTHING_LEFT
from helpers.analysis.ranking import Array, rank
from helpers.data.definition import Group, IndexDefinition


@dataclass(frozen=True)
class LeaveOneOut:
    """Variants of the index, one a part left out.

    ranks: units x parts, the rank without the part; before: the rank with it among the same units (they differ only if a
    unit has no other data), both missing where there is no score. parts: kind (indicator or domain), units ranked, mean
    absolute and largest shift, and the reason where there is none. groups: scores of every group and of "index" (units
    x parts), for whoever needs a group without one of its parts.
    """

    ranks: pd.DataFrame
    before: pd.DataFrame
    parts: pd.DataFrame
    groups: dict[str, pd.DataFrame]

    def of(self, unit: str) -> pd.DataFrame:
        """The ranks of one unit: with and without each part, and the shift (negative = better without it)."""
        frame = pd.DataFrame(
            {"kind": self.parts["kind"], "rank": self.before.loc[unit], "without": self.ranks.loc[unit]}
        )
        return frame.assign(shift=frame["without"] - frame["rank"])


def leave_one_out(definition: IndexDefinition, normalised: pd.DataFrame) -> LeaveOneOut:
    """Leave out each indicator and each domain (a group at the top of the tree) in turn.

    Indicators without a single value are not in the index, and so neither are their domains.
    """
    indicators = [leaf.id for leaf in definition.indicators if normalised[leaf.id].notna().any()]
    domains = [
        node.id
        for node in definition.tree
        if isinstance(node, Group) and any(leaf.id in indicators for leaf in node.indicators)
    ]
    variants = [*indicators, *domains]
    # The last draw is the index itself.
    weights = {node: np.full(len(variants) + 1, weight) for node, weight in node_weights(definition.tree).items()}
    for number, part in enumerate(variants):
        weights[part][number] = 0.0
    found = {ROOT: np.full((len(normalised), len(variants) + 1), np.nan)}
    if indicators:
        found = aggregate(
            definition.tree,
            {name: normalised[[name]].to_numpy(dtype=float) for name in indicators},
            weights,
            definition.aggregation,
            exponent=definition.exponent,
            minimum_share=definition.minimum_share,
            units=[str(unit) for unit in normalised.index],
        )
    scores = found[ROOT]
    without, whole = scores[:, :-1], scores[:, -1:]
    parts = pd.Index(variants, name="part")
    ranks = _ranks(without, normalised.index, parts)
    before = _ranks(np.where(np.isnan(without), np.nan, whole), normalised.index, parts)
    shifts = (ranks - before).abs()
    ranked = ranks.notna().sum()
    table = pd.DataFrame(
        {
            "kind": ["indicator"] * len(indicators) + ["domain"] * len(domains),
            "units": ranked,
            "mean_absolute_shift": shifts.mean().astype(float),
            "largest_shift": shifts.max(),
            "reason": np.where(ranked > 0, "", NOTHING_LEFT),
        },
        index=parts,
    )
    groups = {name: pd.DataFrame(columns, normalised.index, [*variants, ROOT]) for name, columns in found.items()}
    return LeaveOneOut(ranks, before, table, groups)


def _ranks(scores: Array, units: pd.Index, parts: pd.Index) -> pd.DataFrame:
    numbers = pd.DataFrame(rank(scores), units, parts).astype("Int64")
    return numbers.mask(numbers == 0)
