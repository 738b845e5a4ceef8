"""An index by a reader's choice: the same numbers as by hand, on a scale from 0 to 100, in the report's universe only."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from studies import facts, index_of

from helpers.analysis.certainty import report_assumptions
from helpers.analysis.drivers import drivers
from helpers.analysis.index import compute_index, gather, index_from
from helpers.analysis.simulation import model_of_index, monte_carlo
from helpers.analysis.study import build_study, domain_contributions
from helpers.choices import IndexChoice
from helpers.data.chosen import with_choice
from helpers.data.universe import load_universe
from helpers.parameters import Parameters, universe_places, universes

CHOICES = [
    IndexChoice(weights={"research": 3.0, "gigabit_firms": 0.5}),
    IndexChoice(normalisation="z_score"),
    IndexChoice(normalisation="percentile", aggregation="geometric"),
    IndexChoice(weights={"companies": 0.2}, aggregation="geometric"),
    IndexChoice(normalisation="z_score", aggregation="geometric"),
]


def chosen(universe: str, choice: IndexChoice) -> pd.Series:
    return compute_index(facts(), load_universe(universe), list(universe_places(universe)), choice).score


def test_without_a_choice_the_universe_is_itself() -> None:
    universe = load_universe("ruhr")
    assert with_choice(universe, IndexChoice()) is universe
    gathered = gather(facts(), universe, list(universe_places("ruhr")))
    pd.testing.assert_series_equal(index_from(gathered).score, index_of("ruhr").score)


def test_weights_are_those_of_a_weighted_mean() -> None:
    domains = index_of("ruhr").domains
    weights = pd.Series({"infrastructure": 1.0, "research": 3.0, "employment": 1.0, "companies": 1.0})
    by_hand = (domains * weights / weights.sum()).sum(axis=1)
    found = chosen("ruhr", IndexChoice(weights={"research": 3.0}))
    np.testing.assert_allclose(found, by_hand)


def test_a_geometric_index_is_the_mean_of_logarithms() -> None:
    one = compute_index(
        facts(), load_universe("ruhr"), list(universe_places("ruhr")), IndexChoice(aggregation="geometric")
    )
    assert one.normalised.min().min() == 1
    np.testing.assert_allclose(one.score, np.exp(np.log(one.domains).mean(axis=1)))


def test_z_scores_have_fifty_points_on_average() -> None:
    one = compute_index(
        facts(), load_universe("ruhr"), list(universe_places("ruhr")), IndexChoice(normalisation="z_score")
    )
    np.testing.assert_allclose(one.normalised.mean(), 50)
    np.testing.assert_allclose(one.normalised.std(), 5)


@pytest.mark.parametrize("choice", CHOICES, ids=str)
@pytest.mark.parametrize("universe", universes())
def test_every_choice_gives_points_from_0_to_100_and_five_classes(universe: str, choice: IndexChoice) -> None:
    one = compute_index(facts(), load_universe(universe), list(universe_places(universe)), choice)
    assert one.normalised.min(axis=None) >= 0 and one.normalised.max(axis=None) <= 100 + 1e-9
    assert one.rank.notna().sum() == index_of(universe).rank.notna().sum()
    breaks = one.universe.class_breaks
    assert len(breaks) == 4 and list(breaks) == sorted(set(breaks))
    rescaled = choice.normalisation is not None or choice.aggregation is not None
    assert (breaks != index_of(universe).universe.class_breaks) == rescaled


def test_a_study_has_the_choice_in_its_own_universe_alone() -> None:
    known = {universe: index_of(universe) for universe in universes()}
    study = build_study(Parameters.check(index={"weights": {"research": 5}}), facts(), known)
    assert study.index is not index_of("ruhr") and study.index.declared == index_of("ruhr").universe.index
    assert all(study.indices[other] is index_of(other) for other in ("cities", "districts"))
    assert known["ruhr"] is index_of("ruhr"), "an index by choice must not be given to the next report"


def test_the_weights_of_the_variants_do_not_depend_on_those_chosen() -> None:
    universe, places = load_universe("ruhr"), list(universe_places("ruhr"))
    one = compute_index(facts(), universe, places, IndexChoice(weights={"research": 50.0}))
    only_weights = report_assumptions(one).only("weights")
    found = monte_carlo(model_of_index(one), only_weights, 400, 1)
    default = monte_carlo(model_of_index(index_of("ruhr")), only_weights, 400, 1)
    np.testing.assert_array_equal(found.ranks, default.ranks)
    assert (found.reference != default.reference).any()
    unvaried = monte_carlo(model_of_index(one), replace(only_weights, weights=None, left_out=True), 400, 1)
    assert (unvaried.ranks == unvaried.reference[:, None]).any(axis=1).all()


@pytest.mark.parametrize("aggregation", ["arithmetic", "geometric"])
def test_drivers_and_domains_split_the_same_difference(aggregation: str) -> None:
    study = build_study(Parameters.check(index={"aggregation": aggregation, "weights": {"research": 2}}), facts())
    parts = {driver.ref.id: driver.points for driver in drivers(study)}
    by_domain = domain_contributions(study.index, study.place.ags)
    for domain in study.universe.domains:
        assert sum(parts[ref.id] for ref in domain.indicators) == pytest.approx(by_domain[domain.id])
    if aggregation == "arithmetic":
        assert by_domain.sum() == pytest.approx(study.index.score[study.place.ags] - study.index.score.mean())
    else:
        typical = study.index.normalised.mean()
        domains = [np.exp(np.log(typical[[r.id for r in d.indicators]]).mean()) for d in study.universe.domains]
        weights = np.array([d.weight for d in study.universe.domains])
        mean_place = np.exp((np.log(domains) * weights).sum() / weights.sum())
        assert by_domain.sum() == pytest.approx(study.index.score[study.place.ags] - mean_place)
