"""What lifts or lowers the score of a place: its indicators against the mean of all places."""

from dataclasses import dataclass

from helpers.analysis.construction import leaf_shares
from helpers.analysis.gaps import is_weighted_mean, parts_against_mean
from helpers.analysis.index import INHERITED, IndexResult
from helpers.analysis.study import Study
from helpers.data.definition import Indicator


@dataclass(frozen=True)
class Driver:
    """An indicator that lifts or lowers the place against the mean of its universe, by `points` of the score."""

    ref: Indicator
    points: float
    value: float
    rank: int
    ties: int
    inherited: bool


def drivers(study: Study) -> list[Driver]:
    """The indicators of the report's place: see `drivers_of`."""
    return drivers_of(study.index, study.place.ags)


def drivers_of(index: IndexResult, ags: str) -> list[Driver]:
    """A place's indicators from the largest gain to the largest loss against the mean (those with a value).

    Where every mean is arithmetic and no value is missing, the parts sum to score minus mean score; under another mean they
    are those of `gaps.parts_against_mean`.
    """
    found = []
    parts = None if is_weighted_mean(index.universe.index) else parts_against_mean(index, ags)
    for ref, weight in indicator_weights(index, ags).items():
        name = ref.indicator
        gain = (
            weight * (index.normalised.at[ags, name] - index.normalised[name].mean()) if parts is None else parts[name]
        )
        ranks = index.indicator_rank[name]
        ties = int((ranks == ranks[ags]).sum()) - 1
        basis = index.basis.at[ags, name]
        found.append(Driver(ref, gain, index.raw.at[ags, name], int(ranks[ags]), ties, basis == INHERITED))
    return sorted(found, key=lambda driver: -driver.points)


def extremes(study: Study) -> tuple[Driver, Driver]:
    """The indicators on which the place ranks best and worst; a rank shared with many is less than one held alone."""
    ranked = sorted(drivers(study), key=lambda driver: (driver.rank + driver.ties, driver.rank))
    return ranked[0], max(ranked, key=lambda driver: (driver.rank, driver.rank + driver.ties))


def indicator_weights(index: IndexResult, ags: str) -> dict[Indicator, float]:
    """The weight of each indicator with a value in the place's score, missing ones redistributed; they sum to 1."""
    present = set(index.normalised.loc[ags].dropna().index)
    shares = leaf_shares(index.universe.index.tree, present)
    return {ref: shares[ref.indicator] for ref in index.universe.indicators if ref.indicator in present}
