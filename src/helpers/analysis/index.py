"""The open index: min-max normalisation, weighted arithmetic means, every intermediate table kept.

Method: OECD/JRC, Handbook on Constructing Composite Indicators (2008), steps 5 to 7. Pure functions over frames:
rows are places (AGS), columns are indicators or domains.
"""

from dataclasses import dataclass

import pandas as pd

from helpers.data.definition import Indicator
from helpers.data.facts import Facts
from helpers.data.universe import Universe
from helpers.parameters import register

OWN, DERIVED, INHERITED, MISSING = "own", "derived", "inherited", "missing"


@dataclass(frozen=True)
class IndexResult:
    """The index of one universe with its intermediate tables; all frames have one row for each place (AGS).

    raw: values in the unit of the codebook; basis: own, derived, inherited or missing; normalised: 0-100;
    domains: 0-100; score: 0-100; rank, domain_rank, indicator_rank: 1 = best, ties share the lowest number,
    missing where there is no value.
    """

    universe: Universe
    raw: pd.DataFrame
    basis: pd.DataFrame
    normalised: pd.DataFrame
    domains: pd.DataFrame
    score: pd.Series
    rank: pd.Series
    domain_rank: pd.DataFrame
    indicator_rank: pd.DataFrame


def compute_index(facts: Facts, universe: Universe, ags: list[str]) -> IndexResult:
    """The index of `universe` over the places `ags`.

    A missing value stays missing: a mean is taken over the values present and their weights are rescaled.
    """
    columns = [_indicator_values(facts, ref, ags) for ref in universe.indicators]
    names = [ref.indicator for ref in universe.indicators]
    raw = pd.concat([values for values, _ in columns], axis=1, keys=names)
    basis = pd.concat([basis for _, basis in columns], axis=1, keys=names)
    signs = {ref.indicator: facts.indicators.at[ref.key, "direction"] for ref in universe.indicators}
    normalised = pd.concat([normalise_min_max(raw[name], signs[name]) for name in names], axis=1)
    domains = pd.DataFrame(
        {
            domain.id: weighted_mean(
                normalised[[ref.indicator for ref in domain.indicators]],
                {ref.indicator: ref.weight for ref in domain.indicators},
            )
            for domain in universe.domains
        }
    )
    score = weighted_mean(domains, {domain.id: domain.weight for domain in universe.domains})
    oriented = raw.mul(pd.Series({name: -1.0 if sign == "-" else 1.0 for name, sign in signs.items()}))
    return IndexResult(
        universe=universe,
        raw=raw,
        basis=basis,
        normalised=normalised,
        domains=domains,
        score=score,
        rank=rank_descending(score),
        domain_rank=domains.apply(rank_descending),
        indicator_rank=oriented.apply(rank_descending),
    )


def normalise_min_max(values: pd.Series, direction: str = "+") -> pd.Series:
    """`values` scaled to 0-100 over the places present; 100 is best. A column without spread becomes missing."""
    low, high = values.min(), values.max()
    if not high > low:
        return values * float("nan")
    scaled = (values - low) / (high - low) * 100  # in this order the largest gives 100 exactly
    return 100 - scaled if direction == "-" else scaled


def weighted_mean(frame: pd.DataFrame, weights: dict[str, float]) -> pd.Series:
    """Weighted mean along the columns over the values present; missing only where none is present."""
    weight = pd.Series(weights, dtype=float)
    present = frame.notna().mul(weight).sum(axis=1)
    return frame.mul(weight).sum(axis=1, min_count=1) / present.where(present > 0)


def rank_descending(values: pd.Series) -> pd.Series:
    """Rank 1 for the largest value; ties share the lowest number, missing values have no rank (Int64).

    Values that agree to nine decimals are ties: what differs behind is rounding of the machine.
    """
    return values.round(9).rank(ascending=False, method="min").astype("Int64")


def _indicator_values(facts: Facts, ref: Indicator, ags: list[str]) -> tuple[pd.Series, pd.Series]:
    """Values of one indicator for the places, and the basis of each: own, derived, inherited or missing."""
    places = facts.places.loc[ags]
    rows = facts.observations.query("level == @ref.level and indicator == @ref.indicator and period == @ref.period")
    rows = rows.set_index("ags")
    keys = places["district_ags"] if ref.level == "district" else places.index.to_series()
    values = keys.map(rows["value"]).astype(float)
    basis = keys.map(rows["basis"]).replace("published", OWN)
    of_district = pd.Series([not register()[place].is_own_district for place in ags], index=ags)
    inherited = of_district & (places["level"] == "municipality") & (ref.level == "district")
    if ref.denominator is not None:
        values = values / places[ref.denominator] * ref.scale
    basis = basis.mask(inherited, INHERITED).mask(values.isna(), MISSING)
    return values, basis
