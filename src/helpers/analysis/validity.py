"""Does the open index measure what others measure? Its ranks against two published rankings.

Ranks of the Smart City Index are known for some cities only, and those are no random sample: the first and the last
places are published more often than those between.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.analysis.drivers import Driver, drivers_of
from helpers.analysis.faults import ConstructionError, few
from helpers.analysis.index import IndexResult, compute_index
from helpers.analysis.study import Study
from helpers.data.universe import load_universe
from helpers.parameters import universe_places

CITIES = "cities"
LEAST = 4
"""So many pairs at least: the standard error of Fisher's z divides by n - 3."""
_NORMAL = 1.959963984540054  # the 97.5 % quantile of the normal distribution


@dataclass(frozen=True)
class Agreement:
    """Spearman's rank correlation rho with its 95 % interval, over the n cities with a known rank."""

    rho: float
    low: float
    high: float
    n: int


@dataclass(frozen=True)
class HitRate:
    """How many of the named places are among the first k, how many one would expect by chance, and how likely at least
    so many would be by chance."""

    k: int
    hits: int
    expected: float
    probability: float


def cities_index(study: Study) -> IndexResult:
    """The index of the large cities: that of the study, computed here where the place is not among them."""
    if CITIES in study.indices:
        return study.indices[CITIES]
    return compute_index(study.facts, load_universe(CITIES), list(universe_places(CITIES)))


def paired_ranks(panel: pd.DataFrame, rank: pd.Series, edition: int) -> pd.DataFrame:
    """The cities whose total rank in `edition` is known: index AGS, columns open, smart_city, difference; by difference.

    `rank` is that of the open index among all cities. The difference is open less smart_city: positive where the Smart
    City Index ranks the city better.
    """
    rows = panel[(panel["edition"] == edition) & (panel["category"] == "total")].dropna(subset="rank").set_index("ags")
    ranked = rank.dropna().astype(int)
    known = rows["rank"].astype(int).reindex(rows.index.intersection(ranked.index))
    pairs = pd.DataFrame({"open": ranked[known.index], "smart_city": known})
    pairs["difference"] = pairs["open"] - pairs["smart_city"]
    return pairs.sort_values(["difference", "smart_city"], ascending=[False, True], kind="stable")


def agreement(panel: pd.DataFrame, rank: pd.Series, edition: int, given: pd.Series | None = None) -> Agreement:
    """Spearman's correlation of the open index with the Smart City Index over the cities with a known rank in `edition`.

    `rank` (index AGS) is that of the open index; ranks are taken anew among the n cities, ties share their mean. With
    `given` (a value for each city, such as its population) it is the partial correlation: of what that leaves open. The
    interval is that of Fisher's z with the standard error sqrt((1 + rho²/2) / (n - 3)) of Bonett & Wright (2000), one
    degree of freedom less for `given`; it treats the cities as a random sample, which they are not. Raises
    ConstructionError where there are too few cities or one of the columns is the same for all.
    """
    pairs = paired_ranks(panel, rank, edition)[["open", "smart_city"]]
    if given is not None:
        pairs["given"] = given[pairs.index].astype(float)
    n, used = len(pairs), len(pairs) - pairs.shape[1] + 2
    if used < LEAST:
        raise ConstructionError([f"agreement: {n} cities have a known rank in {edition}, too few for an interval"])
    if constant := [str(name) for name in pairs.columns if pairs[name].nunique() < 2]:
        raise ConstructionError([f"agreement: {few(constant)} is the same for all {n} cities of {edition}"])
    correlations = np.corrcoef(pairs.rank().to_numpy(), rowvar=False)
    rho = float(correlations[0, 1])
    if given is not None:
        of_open, of_city = float(correlations[0, 2]), float(correlations[1, 2])
        rho = (rho - of_open * of_city) / math.sqrt((1 - of_open**2) * (1 - of_city**2))
    low, high = interval(rho, used)
    return Agreement(rho, low, high, n)


def interval(rho: float, n: int) -> tuple[float, float]:
    """The 95 % interval of a rank correlation of n pairs (Bonett & Wright 2000); a perfect one has no width."""
    if abs(rho) > 1 - 1e-12:
        return rho, rho
    reach = _NORMAL * math.sqrt((1 + rho**2 / 2) / (n - 3))
    return math.tanh(math.atanh(rho) - reach), math.tanh(math.atanh(rho) + reach)


def agreements(panel: pd.DataFrame, rank: pd.Series) -> pd.DataFrame:
    """`agreement` for each edition: index edition, columns rho, low, high, n, n_places (how many cities were rated)."""
    editions = sorted(int(edition) for edition in panel["edition"].unique())
    table = pd.DataFrame([vars(agreement(panel, rank, edition)) for edition in editions], index=editions)
    table.insert(len(table.columns), "n_places", panel.groupby("edition")["n_places"].max()[editions])
    return table.rename_axis("edition")


def attainable(panel: pd.DataFrame, rank: pd.Series, edition: int) -> tuple[float, float]:
    """The least and the largest Spearman correlation over all cities, whatever the unpublished ranks are.

    The ranks that no known city holds belong to the others; their best and their worst order bound the sum of products
    (rearrangement inequality). Raises ConstructionError where cities and ranks differ in number.
    """
    pairs, ranked = paired_ranks(panel, rank, edition), rank.dropna().sort_values(kind="stable")
    others = ranked.index.difference(pairs.index, sort=False)
    free = sorted(set(range(1, len(ranked) + 1)) - set(pairs["smart_city"]))
    if len(free) != len(others):
        raise ConstructionError([f"attainable: {len(others)} cities without a known rank for {len(free)} free ranks"])
    found = []
    for order in (free[::-1], free):
        complete = pd.concat([pairs["smart_city"], pd.Series(order, index=others, dtype=int)])[ranked.index]
        found.append(float(np.corrcoef(ranked.rank(), complete.rank())[0, 1]))
    return found[0], found[1]


def hit_rate(rank: pd.Series, named: list[str], first: int | None = None) -> HitRate:
    """How many of the places `named` (AGS) are among the `first` by `rank`, by default among as many as are named.

    The probability is hypergeometric: at least so many hits if the first places were drawn at random. Places that share
    the last rank all count as first. Raises KeyError for a named place that has no rank.
    """
    ranked = rank.dropna()
    k = len(named) if first is None else first
    hits = int((ranked.loc[named] <= k).sum())
    n, drawn = len(ranked), int((ranked <= k).sum())
    ways = sum(math.comb(len(named), i) * math.comb(n - len(named), drawn - i) for i in range(hits, len(named) + 1))
    return HitRate(k, hits, drawn * len(named) / n, ways / math.comb(n, drawn))


def disagreements(rank: pd.Series, named: list[str]) -> tuple[list[str], list[str]]:
    """Named places that are far down (worst first), and places among the first that are not named (best first).

    First means as many as are named; far down is a rank beyond twice that number, as a near miss is no disagreement.
    """
    k, ranked = len(named), rank.dropna().sort_values(kind="stable")
    far = [str(ags) for ags in ranked.index[::-1] if ags in named and ranked[ags] > 2 * k]
    unnamed = [str(ags) for ags in ranked.index if ags not in named and ranked[ags] <= k]
    return far, unnamed


def weakest(index: IndexResult, ags: str, count: int = 3) -> list[Driver]:
    """The indicators that lower the score of a place most against the mean of all, the heaviest first."""
    return [driver for driver in reversed(drivers_of(index, ags)) if driver.points < 0][:count]
