"""Where a place stands within its group of peers: on the index, with certainty, and on each indicator."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.analysis.construction import sign_of
from helpers.analysis.index import INHERITED, IndexResult
from helpers.analysis.simulation import Simulation
from helpers.analysis.uncertainty import quantile_position


@dataclass(frozen=True)
class Standing:
    """The rank of a place among itself and its peers (`n` places), with the 5-95 % interval of its rank over the draws.

    `ahead`: probability to rank before the median of the peers' ranks; equal ranks count half.
    """

    rank: int
    n: int
    low: int
    high: int
    ahead: float


def standing(index: IndexResult, simulation: Simulation, ags: str, peers: Sequence[str]) -> Standing:
    """The standing of `ags` among `peers` on the index; peers without a score are not counted.

    Raises ValueError if none of the peers has a score, KeyError if the place has none.
    """
    scored = [peer for peer in peers if peer in simulation.units]
    if not scored:
        raise ValueError("no peer has a score")
    own = simulation.made[simulation.units.get_loc(ags)]
    others = simulation.made[simulation.units.get_indexer(scored)]
    ranks = np.sort(1 + (others < own).sum(axis=0))
    median = np.median(others, axis=0)
    return Standing(
        rank=1 + int((index.rank[scored] < index.rank[ags]).sum()),
        n=1 + len(scored),
        low=int(ranks[quantile_position(len(ranks), 0.05)]),
        high=int(ranks[quantile_position(len(ranks), 0.95)]),
        ahead=float((own < median).mean() + (own == median).mean() / 2),
    )


def positions(index: IndexResult, ags: str, peers: Sequence[str]) -> pd.DataFrame:
    """The place within its group on each indicator (rows: indicators in the order of the index).

    value: of the place, in the unit of the codebook. median: of the peers, without the place. rank: 1 = best of the
    place and its peers, ties share the lowest (NaN without a value). ties: others on the same rank. n: places of the
    group with a value. better: True, False or, where both are equal or one is missing, None against the median. own: True
    where the value is the place's own, not taken over from its district.
    """
    group = [ags, *peers]
    ranks = index.indicator_rank.loc[group].rank(method="min")
    values = index.raw.loc[group]
    frame = pd.DataFrame(
        {
            "value": values.loc[ags],
            "median": values.loc[list(peers)].median(),
            "rank": ranks.loc[ags],
            "ties": ((ranks == ranks.loc[ags]).sum() - 1).clip(lower=0),
            "n": ranks.notna().sum(),
            "own": index.basis.loc[ags] != INHERITED,
        }
    )
    # The rank of the universe knows the direction, the value does not.
    signs = pd.Series({name: sign_of(way) for name, way in index.construction.directions.items()})
    gap = (frame["value"] - frame["median"]) * signs
    frame["better"] = [None if pd.isna(g) or abs(g) < 1e-12 else bool(g > 0) for g in gap]
    return frame


def own_positions(index: IndexResult, ags: str, peers: Sequence[str]) -> pd.DataFrame:
    """The rows of `positions` in which the value is the place's own; all of them where none is."""
    found = positions(index, ags, peers)
    return found[found["own"]] if found["own"].any() else found


def pair_counts(index: IndexResult, ags: str, peers: Sequence[str]) -> pd.DataFrame:
    """For each peer on how many indicators the place is ahead of it (`ahead`), of how many (`of`).

    Counted are the indicators that both have, less those whose values are both taken over from a district.
    """
    ranks, own = index.indicator_rank.loc[list(peers)], index.indicator_rank.loc[ags]
    inherited = (index.basis.loc[list(peers)] == INHERITED) & (index.basis.loc[ags] == INHERITED)
    counted = ranks.notna() & own.notna() & ~inherited
    return pd.DataFrame({"ahead": (ranks.gt(own) & counted).sum(axis=1), "of": counted.sum(axis=1)})
