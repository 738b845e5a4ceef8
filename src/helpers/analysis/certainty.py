"""How certain the ranks of an index are under the assumptions of the report, and under narrower ones beside them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import pandas as pd

from helpers.analysis.draws import Assumptions, Dirichlet, PlusMinus, default_assumptions
from helpers.analysis.index import INHERITED, IndexResult
from helpers.analysis.simulation import Simulation, simulate_index
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


@lru_cache(maxsize=16)
def certainty_of(index: IndexResult, draws: int, seed: int, prior: Dirichlet | PlusMinus | None = None) -> Certainty:
    """The certainty of the ranks of an index; `prior` replaces that of the weights in the assumptions of the report."""
    return Certainty(simulate_index(index, report_assumptions(index, prior), draws, seed))


def report_assumptions(index: IndexResult, prior: Dirichlet | PlusMinus | None = None) -> Assumptions:
    """The assumptions of the report for an index (docs/decisions/0005-prior-of-weights.md)."""
    inherited = bool((index.basis == INHERITED).any(axis=None))
    assumptions = default_assumptions(index.universe.index, inherited=inherited)
    return assumptions if prior is None else replace(assumptions, weights=prior)
