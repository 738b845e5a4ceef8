"""The open index of a universe: facts in, the construction of its definition out, with the basis of every value.

Method: see `construction`. Rows are places (AGS), columns are indicators or domains.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.analysis.construction import Construction, construct, rank_frame, sign_of
from helpers.choices import IndexChoice
from helpers.data.chosen import with_choice
from helpers.data.definition import Direction, IndexDefinition
from helpers.data.facts import Facts
from helpers.data.universe import Universe
from helpers.parameters import register

OWN, DERIVED, INHERITED, MISSING = "own", "derived", "inherited", "missing"


@dataclass(frozen=True, eq=False)
class IndexResult:
    """The index of one universe with its intermediate tables; all frames have one row for each place (AGS).

    raw: values in the unit of the codebook; basis: own, derived, inherited or missing; normalised: 0-100;
    domains: 0-100; score: 0-100; rank, domain_rank, indicator_rank: 1 = best, ties share the lowest number,
    missing where there is no value. construction: all tables on the way, and what was left out. declared: the definition
    of the universe's file, from which `universe.index` departs where a reader has chosen otherwise.
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
    declared: IndexDefinition


@dataclass(frozen=True, eq=False)
class Gathered:
    """What the indices of one universe are made from, whatever its weights, scale and mean; frames as in `IndexResult`."""

    universe: Universe
    raw: pd.DataFrame
    basis: pd.DataFrame
    places: pd.DataFrame
    directions: dict[str, Direction]


def compute_index(facts: Facts, universe: Universe, ags: list[str], choice: IndexChoice | None = None) -> IndexResult:
    """The index of `universe` over the places `ags`, with what a reader has chosen otherwise; see `index_from`."""
    return index_from(gather(facts, universe, ags), choice)


def gather(facts: Facts, universe: Universe, ags: list[str]) -> Gathered:
    """The values of the indicators of `universe` for the places `ags`."""
    columns = [indicator_values(facts, ref.key, ags) for ref in universe.indicators]
    names = [ref.indicator for ref in universe.indicators]
    return Gathered(
        universe=universe,
        raw=pd.concat([values for values, _ in columns], axis=1, keys=names),
        basis=pd.concat([basis for _, basis in columns], axis=1, keys=names),
        places=facts.places.loc[ags],
        directions={ref.indicator: facts.indicators.at[ref.key, "direction"] for ref in universe.indicators},
    )


def index_from(gathered: Gathered, choice: IndexChoice | None = None) -> IndexResult:
    """The index of what was gathered, with what a reader has chosen otherwise.

    A missing value stays missing unless the definition imputes it: a mean is taken over the values present and their
    weights are rescaled. An indicator that is the same everywhere is left out and named in the construction. The classes of
    the maps belong to the scale: with another scale or mean their limits are fifths of the places.
    """
    declared = gathered.universe
    universe = with_choice(declared, choice or IndexChoice())
    ags, names = list(gathered.raw.index), list(gathered.raw)
    group = universe.index.imputation.group
    made = construct(
        gathered.raw,
        universe.index,
        groups=None if group is None else gathered.places[group],
        denominators=gathered.places,
        directions=gathered.directions,
        leave_out_constant=True,
    )
    if universe.index.normalisation != declared.index.normalisation:
        universe = universe.model_copy(update={"class_breaks": _fifths(made.score)})
    basis = gathered.basis.mask(made.values.isna(), MISSING)
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
        declared=declared.index,
    )


def _fifths(score: pd.Series) -> tuple[float, ...]:
    """Limits between five classes of about equal size, in whole points where these differ."""
    limits = np.quantile(score.dropna(), [0.2, 0.4, 0.6, 0.8])
    found = next((rounded for n in (0, 1, 2) if len(set(rounded := np.round(limits, n))) == len(limits)), limits)
    return tuple(float(limit) for limit in sorted(set(found)))


def indicator_values(facts: Facts, key: tuple[str, str, str], ags: list[str]) -> tuple[pd.Series, pd.Series]:
    """Values of one row of the codebook (level, indicator, period) for places, before any denominator, and the basis of
    each: own, derived or inherited. A municipality takes the value of its district where the level is `district`."""
    level, indicator, period = key
    places = facts.places.loc[ags]
    table = facts.observations
    chosen = (table["level"] == level) & (table["indicator"] == indicator) & (table["period"] == period)
    rows = table[chosen].set_index("ags")
    keys = places["district_ags"] if level == "district" else places.index.to_series()
    values = keys.map(rows["value"]).astype(float)
    basis = keys.map(rows["basis"]).replace("published", OWN)
    of_district = pd.Series([not register()[place].is_own_district for place in ags], index=ags)
    inherited = of_district & (places["level"] == "municipality") & (level == "district")
    return values, basis.mask(inherited, INHERITED)
