"""Simulation: each replication is an index that the construction gives too, whatever the order of units and chunks."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from studies import index_of

from helpers.analysis.construction import construct
from helpers.analysis.draws import (
    Assumptions,
    Dirichlet,
    Draws,
    PlusMinus,
    default_assumptions,
    draw,
    enumerate_all,
    rebuild,
)
from helpers.analysis.simulation import (
    NO_SCORE,
    Model,
    model_of,
    model_of_index,
    monte_carlo,
    simulate,
    simulate_index,
)
from helpers.data.definition import Group, Imputation, IndexDefinition, Indicator, Normalisation, Treatment

TREE = (
    Group(id="net", weight=2, children=(Indicator(indicator="fibre"), Indicator(indicator="mobile", direction="-"))),
    Group(id="people", children=(Indicator(indicator="students"), Indicator(indicator="graduates", weight=3))),
    Indicator(indicator="patents"),
)
NAMES = [leaf.id for node in TREE for leaf in node.indicators]
DEFINITION = IndexDefinition(tree=TREE)
EVERY = Assumptions(
    weights=Dirichlet(),
    normalisation=(Normalisation(range=(1, 100)), Normalisation(method="rank")),
    aggregation=("arithmetic", "geometric", ("geometric", "harmonic")),
    treatment=(Treatment(), Treatment(method="winsorise_log")),
    imputation=(Imputation(), Imputation(method="median")),
    inherited=True,
    left_out=True,
)


def table(seed: int, units: int = 12, missing: float = 0.1) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    values = rng.lognormal(sigma=1.2, size=(units, len(NAMES)))
    values[rng.random(values.shape) < missing] = np.nan
    values[:, 0] = np.where(np.isnan(values[:, 0]), 1.5, values[:, 0])  # no unit without any value
    return pd.DataFrame(values, index=[f"u{number}" for number in range(units)], columns=NAMES)


def model(frame: pd.DataFrame, definition: IndexDefinition = DEFINITION, inherited: tuple[str, ...] = ()) -> Model:
    flags = pd.DataFrame(False, index=frame.index, columns=list(frame))
    flags.loc[frame.index[::2], list(inherited)] = True
    return model_of(construct(frame, definition), flags)


def definition_of(replication: Draws, assumptions: Assumptions) -> IndexDefinition:
    """A replication as an index definition of its own."""
    choice = replication.choice(0)
    names = NAMES[choice["left_out"] - 1 : choice["left_out"]] if choice["left_out"] else []

    def kept(nodes: tuple[Group | Indicator, ...]) -> Iterator[Group | Indicator]:
        for node in nodes:
            changed = node.model_copy(update={"weight": float(replication.weights[node.id][0])})
            if isinstance(node, Indicator) and node.id not in names:
                yield changed
            elif isinstance(node, Group) and (children := tuple(kept(node.children))):
                yield changed.model_copy(update={"children": children})

    return IndexDefinition(
        tree=tuple(kept(TREE)),
        normalisation=assumptions.normalisation[choice["normalisation"]],
        aggregation=assumptions.aggregation[choice["aggregation"]],  # type: ignore[arg-type]
        treatment=assumptions.treatment[choice["treatment"]],
        imputation=assumptions.imputation[choice["imputation"]],
    )


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 1000), number=st.integers(0, 99))
def test_a_replication_is_the_index_that_the_construction_gives(seed: int, number: int) -> None:
    frame = table(seed)
    made = monte_carlo(model(frame, inherited=("graduates", "mobile")), EVERY, 100, seed)
    replication = rebuild(EVERY, TREE, seed, number)
    raw = frame.copy()
    if replication.choices["inherited"][0]:
        raw.loc[frame.index[::2], ["graduates", "mobile"]] = np.nan
    expected = construct(raw, definition_of(replication, EVERY), leave_out_constant=True).rank
    if made.valid[number]:
        assert made.ranks[:, number].tolist() == expected.tolist()
    else:
        assert expected.isna().any()


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 1000), cells=st.integers(1, 400))
def test_chunks_make_no_difference(seed: int, cells: int) -> None:
    one, draws = model(table(seed), inherited=("graduates",)), draw(EVERY, TREE, 60, seed)
    assert np.array_equal(simulate(one, EVERY, draws, cells).ranks, simulate(one, EVERY, draws).ranks)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 1000), order=st.permutations(range(12)))
def test_the_order_of_units_makes_no_difference(seed: int, order: list[int]) -> None:
    frame = table(seed)
    straight = monte_carlo(model(frame), EVERY, 60, seed)
    mixed = monte_carlo(model(frame.iloc[order]), EVERY, 60, seed)
    assert np.array_equal(straight.ranks[order], mixed.ranks)
    assert list(mixed.units) == [f"u{number}" for number in order]


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 1000))
def test_the_order_of_indicators_makes_no_difference_without_weights_of_chance(seed: int) -> None:
    turned = IndexDefinition(
        tree=tuple(
            node.model_copy(update={"children": node.children[::-1]}) if isinstance(node, Group) else node
            for node in TREE[::-1]
        )
    )
    held, frame = EVERY.without("weights", "left_out"), table(seed)
    straight = monte_carlo(model(frame, inherited=("students",)), held, 60, seed)
    assert np.array_equal(
        straight.ranks, monte_carlo(model(frame, turned, inherited=("students",)), held, 60, seed).ranks
    )


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 1000), prior=st.sampled_from([Dirichlet(), Dirichlet(4), PlusMinus()]))
def test_a_dominated_unit_is_never_ahead(seed: int, prior: Dirichlet | PlusMinus) -> None:
    frame = table(seed, missing=0.0)
    frame.loc["u1"] = frame.loc["u0"] * 0.9
    frame.loc["u1", "mobile"] = frame.loc["u0", "mobile"] * 1.1  # less is better
    assumptions = EVERY.without("inherited")
    ranks = monte_carlo(model(frame), replace(assumptions, weights=prior), 80, seed).ranks
    assert (ranks[0] <= ranks[1]).all()


def test_a_copied_unit_shares_the_rank_of_the_original_in_every_replication() -> None:
    frame = table(3, missing=0.0)
    frame.loc["copy"] = frame.loc["u4"]
    simulation = monte_carlo(model(frame), EVERY, 200, 1)
    assert np.array_equal(simulation.ranks[4], simulation.ranks[-1])


@pytest.mark.parametrize("universe", ["ruhr", "cities", "districts"])
def test_the_reference_is_the_rank_of_the_index(universe: str) -> None:
    index = index_of(universe)
    simulation = simulate_index(index, Assumptions(weights=Dirichlet()), 10, 1)
    assert pd.Series(simulation.reference, index=simulation.units).tolist() == index.rank.tolist()


def test_values_taken_over_from_the_district_are_marked() -> None:
    marked = model_of_index(index_of("ruhr"))
    by_indicator = dict(zip([leaf.id for leaf in marked.indicators], marked.inherited.sum(axis=0), strict=True))
    assert by_indicator["students_rate"] == 42
    assert by_indicator["fibre_households"] == 0


def test_a_replication_in_which_a_unit_has_no_value_is_counted_and_named() -> None:
    frame = table(1, missing=0.0)
    frame.loc["u0", NAMES[1:]] = np.nan
    simulation = monte_carlo(model(frame), Assumptions(left_out=True), 600, 1)
    lost = simulation.failed[NO_SCORE]
    assert list(simulation.failed) == [NO_SCORE]
    assert 60 < lost < 140  # one of six
    assert (~simulation.valid).sum() == lost and (simulation.ranks[:, ~simulation.valid] == 0).all()
    assert simulation.made.shape == (12, 600 - lost)


def test_an_alternative_that_cannot_be_made_is_counted_and_named() -> None:
    tree = tuple(Indicator(indicator=name, goalposts=(0, 50)) for name in NAMES)
    alternatives = Assumptions(
        normalisation=(Normalisation(), Normalisation(method="goalposts")),
        treatment=(Treatment(), Treatment(method="winsorise_log", skewness=0.01, kurtosis=0.01, most=0)),
    )
    simulation = monte_carlo(model(table(1, missing=0.0), IndexDefinition(tree=tree)), alternatives, 400, 1)
    assert list(simulation.failed) == ["the outlier rule took a logarithm, which does not fit goalposts"]
    assert 60 < simulation.failed.popitem()[1] < 140  # one of four


def test_nothing_is_simulated_where_nothing_can_be() -> None:
    frame = table(1, missing=0.0)
    frame.loc["u0", NAMES[1:]] = np.nan
    definition = IndexDefinition(tree=TREE, minimum_share=0.9)
    simulation = monte_carlo(model(frame, definition), Assumptions(weights=Dirichlet()), 20, 1)
    assert "u0" not in simulation.units and len(simulation.units) == 11
    assumptions = Assumptions(inherited=True)
    inherited = model(table(1, missing=0.0), inherited=tuple(NAMES))
    off = enumerate_all(assumptions, TREE).take(slice(1, 2))
    with pytest.raises(ValueError, match=f"none of 1 replications could be made: {NO_SCORE}"):
        simulate(inherited, assumptions, off)


@pytest.mark.parametrize("method", ["z_score", "percentile", "borda", "distance_to_maximum"])
def test_a_geometric_mean_of_values_that_are_not_positive_takes_them_on_one_line_to_1_to_100(method: str) -> None:
    """Recomputed by hand: the same line for every indicator, then the weighted product."""
    frame = table(5, missing=0.0)
    flat = IndexDefinition(
        tree=tuple(Indicator(indicator=name, weight=w) for name, w in zip(NAMES, range(1, 6), strict=True))
    )
    own = Normalisation(method=method)  # type: ignore[arg-type]
    scaled = construct(frame, flat.model_copy(update={"normalisation": own})).normalised
    low, high = scaled.min().min(), scaled.max().max()
    positive = 1 + (scaled - low) / (high - low) * 99
    score = np.exp((np.log(positive) * np.arange(1, 6)).sum(axis=1) / 15)
    expected = score.rank(ascending=False, method="min").astype(int)
    simulation = monte_carlo(model(frame, flat), Assumptions(normalisation=(own,), aggregation=("geometric",)), 1, 1)
    assert simulation.ranks[:, 0].tolist() == expected.tolist()


def test_min_max_before_a_geometric_mean_takes_the_range_1_to_100() -> None:
    frame = table(6, missing=0.0)
    wider = DEFINITION.model_copy(update={"normalisation": Normalisation(range=(1, 100)), "aggregation": "geometric"})
    simulation = monte_carlo(model(frame), Assumptions(aggregation=("geometric",)), 1, 1)
    assert simulation.ranks[:, 0].tolist() == construct(frame, wider).rank.tolist()


def test_a_group_with_a_geometric_mean_of_its_own_takes_positive_values_too() -> None:
    frame = table(6, missing=0.0)
    tree = (TREE[0].model_copy(update={"aggregation": "geometric"}), *TREE[1:])
    own = IndexDefinition(tree=tree, normalisation=Normalisation(method="rank"))
    assumptions = Assumptions(normalisation=(Normalisation(), Normalisation(method="z_score")))
    simulation = monte_carlo(model(frame, own), assumptions, 40, 1)
    assert not simulation.failed
    wider = own.model_copy(update={"normalisation": Normalisation(range=(1, 100))})
    first = int(np.flatnonzero(draw(assumptions, tree, 40, 1).choices["normalisation"] == 0)[0])
    assert simulation.ranks[:, first].tolist() == construct(frame, wider).rank.tolist()


def test_a_generalised_mean_that_takes_zero_keeps_the_range_of_the_index() -> None:
    frame = table(6, missing=0.0)
    own = IndexDefinition(tree=TREE, aggregation="generalised", exponent=8)
    simulation = monte_carlo(model(frame, own), Assumptions(weights=PlusMinus()), 5, 1)
    assert simulation.reference.tolist() == construct(frame, own).rank.tolist()


def test_an_indicator_whose_remaining_values_differ_by_rounding_alone_is_left_out() -> None:
    frame = table(6, missing=0.0)
    frame["graduates"] = [5.0, 0.3, 7.0, 0.1 + 0.2] + [1.0, 0.3] * 4
    simulation = monte_carlo(model(frame, inherited=("graduates",)), Assumptions(inherited=True), 40, 1)
    assert not simulation.failed


def test_values_that_are_positive_already_stay_as_they_are() -> None:
    frame = table(6, missing=0.0)
    own = DEFINITION.model_copy(update={"normalisation": Normalisation(range=(7, 9)), "aggregation": "geometric"})
    simulation = monte_carlo(model(frame, own), Assumptions(weights=PlusMinus()), 5, 1)
    assert simulation.reference.tolist() == construct(frame, own).rank.tolist()


@pytest.mark.parametrize("universe", ["ruhr", "cities", "districts"])
def test_no_replication_of_the_report_fails(universe: str) -> None:
    index = index_of(universe)
    simulation = simulate_index(index, default_assumptions(index.universe.index, inherited=True), 2000, 1)
    assert not simulation.failed


# The reference figures: 2,000 draws of weights, min-max, z or rank, arithmetic or geometric mean.


@pytest.mark.parametrize(
    ("concentration", "universe", "ags", "low", "high"),
    [
        (1.0, "ruhr", "05911000", 1, 5),
        (1.0, "cities", "05911000", 11, 42),
        (1.0, "districts", "05911", 14, 65),
        (4.0, "ruhr", "05911000", 1, 2),
        (4.0, "cities", "05911000", 15, 37),
        (4.0, "districts", "05911", 19, 47),
    ],
)
def test_intervals_are_those_of_the_reference(
    concentration: float, universe: str, ags: str, low: int, high: int
) -> None:
    """Within one rank: the reference is itself a sample of 2,000 draws."""
    ranks = reference_draws(universe, concentration)[index_of(universe).rank.index.get_loc(ags)]
    found = np.quantile(ranks, [0.05, 0.95], method="inverted_cdf")
    assert np.abs(found - [low, high]).max() <= 1


@pytest.mark.parametrize(("concentration", "first"), [(1.0, 0.50), (4.0, 0.80)])
def test_the_share_of_first_ranks_is_that_of_the_reference(concentration: float, first: float) -> None:
    ranks = reference_draws("ruhr", concentration)[index_of("ruhr").rank.index.get_loc("05911000")]
    assert (ranks == 1).mean() == pytest.approx(first, abs=0.02)


def reference_draws(universe: str, concentration: float) -> np.ndarray[tuple[int, ...], np.dtype[np.int16]]:
    assumptions = Assumptions(
        weights=Dirichlet(concentration),
        normalisation=tuple(Normalisation(method=name) for name in ("min_max", "z_score", "rank")),
        aggregation=("arithmetic", "geometric"),
    )
    return simulate_index(index_of(universe), assumptions, 10_000, 1).ranks
