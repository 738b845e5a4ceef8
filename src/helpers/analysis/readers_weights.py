"""Readers' weights: under which share of all possible weightings a place is among the first k.

Domains, and the indicators within each domain, are weighted in any proportion, each proportion as likely as any other (flat
Dirichlet distributions); scale and mean stay as they are. The share is the measure of the set of weightings that put
the place there (the rank acceptability of Lahdelma and Salminen 2001), whatever weights the index itself has.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from helpers.analysis.draws import Assumptions, Dirichlet, Tree, draw
from helpers.analysis.index import IndexResult
from helpers.analysis.simulation import Simulation, model_of_index, simulate
from helpers.analysis.uncertainty import proportion_interval
from helpers.data.definition import Group, Indicator

WEIGHTS_ONLY = Assumptions(weights=Dirichlet(1.0))


@dataclass(frozen=True, eq=False)
class ReadersWeights:
    """The ranks of all places under `draws` random weightings, and the weight of each domain in them (domains x draws)."""

    simulation: Simulation
    domains: pd.DataFrame

    def share(self, ags: str, top: int) -> tuple[float, float, float]:
        """The share of the weightings with `ags` among the first `top`, and its 95 % sampling interval (Wilson).

        Raises KeyError for a place without a score.
        """
        inside = self._inside(ags, top)
        share = np.array([inside.mean()])
        low, high = proportion_interval(share, len(inside))
        return float(share[0]), float(low[0]), float(high[0])

    def needed(self, ags: str, top: int) -> pd.DataFrame:
        """The mean weight of each domain in the weightings with `ags` among the first `top`, and in the others.

        Index: domain; columns inside and outside, missing where there is no such weighting.
        """
        inside = self._inside(ags, top)
        weights = self.domains.to_numpy()

        def mean(which: NDArray[np.bool_]) -> NDArray[np.float64]:
            return weights[:, which].mean(axis=1) if which.any() else np.full(len(weights), np.nan)

        return pd.DataFrame({"inside": mean(inside), "outside": mean(~inside)}, index=self.domains.index)

    def _inside(self, ags: str, top: int) -> NDArray[np.bool_]:
        inside: NDArray[np.bool_] = self.simulation.made[self.simulation.units.get_loc(ags)] <= top
        return inside


def readers_weights(index: IndexResult, draws: int, seed: int) -> ReadersWeights:
    """The ranks under `draws` weightings drawn from all that are possible; the same seed gives the same ones."""
    model = model_of_index(index)
    tree = tuple(_even(node) for node in model.definition.tree)
    drawn = draw(WEIGHTS_ONLY, tree, draws, seed)
    simulation = replace(simulate(model, WEIGHTS_ONLY, drawn), seed=seed)
    names = _names(tree)
    weights = np.array([drawn.weights[name][simulation.valid] for name in names])
    return ReadersWeights(simulation, pd.DataFrame(weights, index=pd.Index(names, name="domain")))


def _even(node: Group | Indicator) -> Group | Indicator:
    update: dict[str, object] = {"weight": 1.0}
    if isinstance(node, Group):
        update["children"] = tuple(_even(child) for child in node.children)
    return node.model_copy(update=update)


def _names(tree: Tree) -> list[str]:
    return [node.id for node in tree]
