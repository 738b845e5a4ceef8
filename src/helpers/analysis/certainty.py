"""How certain the ranks of an index are under the assumptions of the report, and under narrower ones beside them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import pandas as pd

from helpers.analysis.draws import Assumptions, Dirichlet, PlusMinus, Prior, default_assumptions
from helpers.analysis.index import INHERITED, IndexResult
from helpers.analysis.sensitivity import Evaluated, Sensitivity, evaluate
from helpers.analysis.simulation import Simulation, model_of_index, simulate_index
from helpers.analysis.uncertainty import summary

NARROW = Dirichlet(concentration=4.0)
QUARTER = PlusMinus(share=0.25)


@dataclass(frozen=True, eq=False)
class Certainty:
    """A simulation of the ranks of an index and what it says about each place."""

    simulation: Simulation

    @cached_property
    def ranks(self) -> pd.DataFrame:
        """Index AGS: reference, median, low, high (the 5-95 % interval), top_1, top_3, top_10, and their errors."""
        return summary(self.simulation)

    @property
    def draws(self) -> int:
        """The alternatives that could be made."""
        return int(self.simulation.valid.sum())

    def shares(self, ags: str) -> pd.Series:
        """The share of the draws in which the place takes each rank (index: rank)."""
        row = self.simulation.made[self.simulation.units.get_loc(ags)]
        return pd.Series(row).value_counts(normalize=True).sort_index()


def points_for(draws: int) -> int:
    """The points on which a report of so many draws looks for what moves a rank: the power of 2 from twice as many on."""
    return 1 << (2 * draws - 1).bit_length()


def sensitivity_of(index: IndexResult, ags: str, points: int, seed: int) -> Sensitivity:
    """What moves the rank of a place, and the ranks of all, under the assumptions of the report."""
    return _evaluated(index, points, seed).of(ags)


# The replications are the same for all places of an index.
@lru_cache(maxsize=4)
def _evaluated(index: IndexResult, points: int, seed: int) -> Evaluated:
    return evaluate(model_of_index(index), report_assumptions(index), points, seed)


@lru_cache(maxsize=16)
def certainty_of(
    index: IndexResult,
    draws: int,
    seed: int,
    prior: Prior | None,
    inherited_varies: bool,
) -> Certainty:
    """The certainty of the ranks of an index under `report_assumptions`; see `Study.certainty`."""
    return Certainty(simulate_index(index, report_assumptions(index, prior, inherited_varies), draws, seed))


def report_assumptions(index: IndexResult, prior: Prior | None = None, inherited_varies: bool = True) -> Assumptions:
    """The assumptions of the report for an index (docs/decisions/0005-prior-of-weights.md).

    `prior` replaces that of the weights; without `inherited_varies` the values of districts are always counted.
    """
    inherited = bool((index.basis == INHERITED).any(axis=None))
    assumptions = default_assumptions(index.universe.index, inherited=inherited)
    if prior is not None:
        assumptions = replace(assumptions, weights=prior)
    return assumptions if inherited_varies else assumptions.without("inherited")
