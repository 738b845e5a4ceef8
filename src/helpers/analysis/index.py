"""The open index of a universe: facts in, the construction of its definition out, with the basis of every value.

Method: see `construction`. Rows are places (AGS), columns are indicators or domains.
"""

from dataclasses import dataclass

import pandas as pd

from helpers.analysis.construction import Construction, construct, rank_frame, sign_of
from helpers.data.facts import Facts
from helpers.data.universe import Universe
from helpers.parameters import register

OWN, DERIVED, INHERITED, MISSING = "own", "derived", "inherited", "missing"


@dataclass(frozen=True, eq=False)
class IndexResult:
    """The index of one universe with its intermediate tables; all frames have one row for each place (AGS).

    raw: values in the unit of the codebook; basis: own, derived, inherited or missing; normalised: 0-100;
    domains: 0-100; score: 0-100; rank, domain_rank, indicator_rank: 1 = best, ties share the lowest number,
    missing where there is no value. construction: all tables on the way, and what was left out.
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
    construction: Construction


def compute_index(facts: Facts, universe: Universe, ags: list[str]) -> IndexResult:
    """The index of `universe` over the places `ags`.

    A missing value stays missing unless the definition imputes it: a mean is taken over the values present and their
    weights are rescaled. An indicator that is the same everywhere is left out and named in the construction.
    """
    columns = [indicator_values(facts, ref.key, ags) for ref in universe.indicators]
    names = [ref.indicator for ref in universe.indicators]
    places = facts.places.loc[ags]
    group = universe.index.imputation.group
    made = construct(
        pd.concat([values for values, _ in columns], axis=1, keys=names),
        universe.index,
        groups=None if group is None else places[group],
        denominators=places,
        directions={ref.indicator: facts.indicators.at[ref.key, "direction"] for ref in universe.indicators},
        leave_out_constant=True,
    )
    basis = pd.concat([basis for _, basis in columns], axis=1, keys=names).mask(made.values.isna(), MISSING)
    signs = pd.Series({name: sign_of(made.directions[name]) for name in names})
    domains = made.aggregated.reindex(index=ags, columns=[domain.id for domain in universe.domains])
    return IndexResult(
        universe=universe,
        raw=made.values,
        basis=basis,
        normalised=made.normalised.reindex(index=ags, columns=names),
        domains=domains,
        score=made.score.reindex(ags),
        rank=made.rank.reindex(ags),
        domain_rank=rank_frame(domains),
        indicator_rank=rank_frame(made.values * signs),
        construction=made,
    )


def indicator_values(facts: Facts, key: tuple[str, str, str], ags: list[str]) -> tuple[pd.Series, pd.Series]:
    """Values of one row of the codebook (level, indicator, period) for places, before any denominator, and the basis of
    each: own, derived or inherited. A municipality takes the value of its district where the level is `district`."""
    level, indicator, period = key
    places = facts.places.loc[ags]
    rows = facts.observations.query("level == @level and indicator == @indicator and period == @period")
    rows = rows.set_index("ags")
    keys = places["district_ags"] if level == "district" else places.index.to_series()
    values = keys.map(rows["value"]).astype(float)
    basis = keys.map(rows["basis"]).replace("published", OWN)
    of_district = pd.Series([not register()[place].is_own_district for place in ags], index=ags)
    inherited = of_district & (places["level"] == "municipality") & (level == "district")
    return values, basis.mask(inherited, INHERITED)
