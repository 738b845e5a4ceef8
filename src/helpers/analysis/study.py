"""A study: the facts and every result that the report of one place rests on."""

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from helpers.analysis.certainty import Certainty, certainty_of
from helpers.analysis.claims import Judged, audit
from helpers.analysis.context import comparable, context_table
from helpers.analysis.draws import Prior
from helpers.analysis.gaps import is_weighted_mean, parts_against_mean
from helpers.analysis.index import INHERITED, MISSING, IndexResult, compute_index
from helpers.analysis.peers import Neighbours, nearest
from helpers.data.claims import Press, press_for
from helpers.data.facts import Facts, load_facts
from helpers.data.universe import Universe, load_universe
from helpers.parameters import Parameters, Place, register, universe_places, universes


@dataclass(frozen=True)
class Study:
    """Everything known for one report. `indices` holds each universe that the place belongs to, its own first;
    the place may go by another AGS there (Bochum: 05911000 among cities, 05911 among districts): see `ags_in`.
    """

    parameters: Parameters
    facts: Facts
    indices: dict[str, IndexResult]

    @property
    def place(self) -> Place:
        """The place of the report."""
        return register()[self.parameters.place]

    @property
    def index(self) -> IndexResult:
        """The index of the report's universe."""
        return self.indices[self.parameters.universe]

    @property
    def universe(self) -> Universe:
        """The report's universe."""
        return self.index.universe

    @cached_property
    def names(self) -> pd.Series:
        """Display name by AGS, for all places."""
        return self.facts.places["name"]

    @cached_property
    def context(self) -> pd.DataFrame:
        """The structure of the places of the report's universe, in its own units (see `context_table`)."""
        return context_table(self.facts, self.universe, list(self.index.score.index))

    @cached_property
    def neighbours(self) -> Neighbours:
        """The places most alike in structure, however the peers of the report are chosen."""
        table = comparable(self.context, self.universe)[[variable.id for variable in self.universe.alike]]
        return nearest(table, self.place.ags, self.parameters.n_peers)

    @cached_property
    def peers(self) -> list[str]:
        """AGS of the places to compare with; empty where these are all others of the universe, or where it declares no
        structure by which the nearest could be found. `nearest` in order of distance, else in order of rank.
        """
        chosen = self.parameters.peers
        if chosen == "nearest":
            return list(self.neighbours.peers.index) if self.universe.alike else []
        others = self.index.rank.sort_values(kind="stable").index.drop(self.place.ags)
        if chosen == "universe":
            return []
        if chosen == "region":
            members = [ags for ags in others if self.place.region_includes(register()[ags])]
            return [] if len(members) == len(others) else members
        return [ags for ags in others if ags in chosen]

    def certainty(
        self, universe: str | None = None, *, prior: Prior | None = None, inherited_varies: bool = True
    ) -> Certainty:
        """How certain the ranks of one of the place's universes are, by default the report's and under its assumptions."""
        index, parameters = self.indices[universe or self.parameters.universe], self.parameters
        # All arguments by position: another spelling of the same call would be simulated again.
        return certainty_of(index, parameters.draws, parameters.seed, prior, inherited_varies)

    def ags_in(self, universe: str) -> str:
        """The AGS under which the place is known in `universe`."""
        return same_place(self.place, universe)[0]

    def rank_in(self, universe: str) -> tuple[int, int]:
        """(rank, number of ranked places) of the place in one of its universes."""
        rank = self.indices[universe].rank
        return int(rank[self.ags_in(universe)]), int(rank.notna().sum())

    @cached_property
    def smart_city(self) -> pd.DataFrame:
        """Rows of the Smart City Index about the place; empty where it is not covered."""
        panel = self.facts.smart_city_index
        return panel[panel["ags"] == self.city_ags]

    @cached_property
    def press(self) -> list[tuple[Press, tuple[Judged, ...]]]:
        """What the press says of the place, each text with its claims judged by the facts; empty where none is kept."""
        return [(press, audit(self.facts, press)) for press in press_for(self.city_ags)]

    @property
    def city_ags(self) -> str:
        """The AGS of the place as a municipality: a kreisfreie Stadt given as district has one; others keep theirs."""
        if self.place.level == "district" and self.place.ags + "000" in register():
            return self.place.ags + "000"
        return self.place.ags


def same_place(place: Place, universe: str) -> list[str]:
    """The AGS of `place` in `universe`: itself, or the other level of a kreisfreie Stadt; empty if not a member.

    A municipality inside a district is not the district: it is never given the district's rank.
    """
    forms = [place.ags]
    if place.is_own_district:
        forms.append(place.district_ags)
    elif place.level == "district":
        city = register().get(place.ags + "000")
        if city is not None and city.is_own_district:
            forms.append(city.ags)
    return [ags for ags in forms if ags in universe_places(universe)]


def build_study(
    parameters: Parameters, facts: Facts | None = None, known: dict[str, IndexResult] | None = None
) -> Study:
    """Load the facts (unless given) and compute the index of every universe that the place belongs to.

    `known` are indices of these facts by universe, as their files have them: they are not computed again, and new ones are
    added. What the reader has chosen otherwise holds in the universe of the report alone.
    """
    facts = facts or load_facts()
    known = {} if known is None else known
    place = register()[parameters.place]
    others = [name for name in universes() if name != parameters.universe and same_place(place, name)]
    indices: dict[str, IndexResult] = {}
    for name in (parameters.universe, *others):
        if name == parameters.universe and parameters.index:
            indices[name] = compute_index(facts, load_universe(name), list(universe_places(name)), parameters.index)
            continue
        if name not in known:
            known[name] = compute_index(facts, load_universe(name), list(universe_places(name)))
        indices[name] = known[name]
    return Study(parameters=parameters, facts=facts, indices=indices)


def domain_contributions(index: IndexResult, ags: str) -> pd.Series:
    """Points by which each domain lifts the place's score over the mean of the universe (domains with a value).

    The parts sum to score minus mean score where every place has a value in every domain (exact decomposition of a
    weighted mean). Under another mean they are those of `gaps.parts_against_mean`.
    """
    if not is_weighted_mean(index.universe.index):
        parts = parts_against_mean(index, ags)
        present = index.domains.loc[ags].dropna().index
        groups = {d.id: [ref.id for ref in d.indicators if ref.id in parts] for d in index.universe.domains}
        return pd.Series({domain: float(parts[groups[domain]].sum()) for domain in present})
    weights = pd.Series({domain.id: domain.weight for domain in index.universe.domains}, dtype=float)
    present = index.domains.loc[ags].dropna().index
    share = weights[present] / weights[present].sum()
    return (index.domains.loc[ags, present] - index.domains[present].mean()) * share


def wholly_inherited(index: IndexResult) -> pd.DataFrame:
    """True where every value of a domain is inherited from the district (places x domains)."""
    parts = {}
    for domain in index.universe.domains:
        basis = index.basis[[ref.indicator for ref in domain.indicators]]
        parts[domain.id] = (basis.isin([INHERITED, MISSING]).all(axis=1)) & (basis == INHERITED).any(axis=1)
    return pd.DataFrame(parts)


def coverage(index: IndexResult) -> pd.DataFrame:
    """Number of own, derived, inherited and missing values for each indicator (indicators x basis)."""
    counts = index.basis.apply(lambda column: column.value_counts())
    return counts.reindex(["own", "derived", "inherited", "missing"]).fillna(0).astype(int).T
