"""Levers: every change is recomputed by the index itself, and the smallest one is really the smallest."""

from dataclasses import replace as changed
from functools import cache

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog
from studies import facts, index_of, study_of

from helpers.analysis.construction import construct
from helpers.analysis.levers import INFLUENCED, Influence, Lever, Levers, levers, levers_of, ranges_after, with_values
from helpers.analysis.simulation import model_of, model_of_index
from helpers.analysis.whatif import scores_of
from helpers.data.definition import Group, Imputation, IndexDefinition, Indicator, Normalisation, Treatment

PLACES = [
    ("05911000", "ruhr"),
    ("05113000", "ruhr"),
    ("05170044", "ruhr"),
    ("05911000", "cities"),
    ("05170", "districts"),
]


@cache
def found(ags: str, universe: str) -> Levers:
    return levers_of(study_of(ags, universe))


def recomputed(universe: str, ags: str, values: dict[str, float]) -> tuple[float, int]:
    """Score and rank by the construction of the report, from a table with other values."""
    index = index_of(universe)
    raw = index.raw.copy()
    for name, value in values.items():
        raw.loc[ags, name] = value
    definition = index.universe.index
    tree = tuple(
        group.model_copy(
            update={
                "children": tuple(c.model_copy(update={"denominator": None, "scale": 1.0}) for c in group.indicators)
            }
        )
        for group in definition.tree
    )
    made = construct(
        raw,
        definition.model_copy(update={"tree": tree}),
        directions=index.construction.directions,
        leave_out_constant=True,
    )
    return float(made.score[ags]), int(made.rank[ags])


@pytest.mark.parametrize(("ags", "universe"), PLACES)
def test_every_outcome_is_that_of_the_whole_index(ags: str, universe: str) -> None:
    result = found(ags, universe)
    outcomes = [
        getattr(lever, name) for lever in result.levers for name in ("at_median", "at_best", "next_rank", "top")
    ]
    for together in (result.next_rank, result.top):
        outcomes += [together.least, together.even, together.furthest] if together else []
    outcomes = [outcome for outcome in outcomes if outcome is not None]
    assert outcomes
    for outcome in outcomes:
        score, rank = recomputed(universe, ags, outcome.values)
        assert outcome.score == pytest.approx(score, abs=1e-9)
        assert outcome.rank == rank


@pytest.mark.parametrize(("ags", "universe"), PLACES)
def test_the_smallest_change_gains_the_rank_and_a_smaller_one_does_not(ags: str, universe: str) -> None:
    result = found(ags, universe)
    for lever in result.levers:
        if lever.next_rank is None:
            continue
        value = lever.next_rank.values[lever.id]
        assert lever.next_rank.rank < result.rank
        assert value <= lever.limit + 1e-12
        # One printed step less is not enough, unless the place itself lies within that step.
        less = max(value - 0.101, lever.value)
        if less > lever.value and value < lever.limit:
            assert recomputed(universe, ags, {lever.id: less})[1] == result.rank


def test_what_cannot_be_reached_is_not_reached_at_the_limit_either() -> None:
    result = found("05113000", "ruhr")
    stuck = [lever for lever in result.of(*INFLUENCED) if lever.next_rank is None]
    assert stuck
    for lever in stuck:
        furthest = max(lever.limit, lever.value)
        assert with_values(index_of("ruhr"), "05113000", {lever.id: furthest}).rank == result.rank


@pytest.mark.parametrize(("ags", "universe"), PLACES)
def test_the_limit_is_the_interpolated_90th_percentile_of_the_peers(ags: str, universe: str) -> None:
    index, peers = index_of(universe), study_of(ags, universe).peers
    assert len(peers) == 10
    for lever in found(ags, universe).levers:
        others = index.raw.loc[peers, lever.id].dropna()
        # Rounded down to the one printed decimal, so that the number as printed is not above it.
        assert 0 <= np.quantile(others, 0.9) - lever.limit < 0.1 + 1e-9
        assert lever.limit == pytest.approx(round(lever.limit, 1))
        assert lever.best == others.max()
        assert lever.best_at is not None
        assert index.raw.at[lever.best_at, lever.id] == lever.best
        # What the words say: no more than a tenth of the peers is beyond the threshold, but for ties and the rounding.
        assert (others > lever.limit + 0.1).sum() <= 1


def test_the_limit_of_what_should_be_low_is_the_10th_percentile() -> None:
    index = index_of("ruhr")
    turned = changed(
        index,
        construction=changed(index.construction, directions={**index.construction.directions, "fibre_households": "-"}),
    )
    peers = study_of("05911000").peers
    lever = next(x for x in levers(turned, "05911000", peers, *_declared("ruhr")).levers if x.id == "fibre_households")
    others = index.raw.loc[peers, "fibre_households"]
    assert 0 <= lever.limit - np.quantile(others, 0.1) < 0.1 + 1e-9
    assert lever.best == others.min()


@pytest.mark.parametrize(("ags", "universe"), PLACES)
def test_what_nobody_in_town_decides_is_not_solved_for(ags: str, universe: str) -> None:
    outside = found(ags, universe).of("outside")
    assert outside
    assert all(lever.next_rank is None and lever.top is None for lever in outside)
    assert all(ref.denominator is None for ref in (lever.ref for lever in found(ags, universe).of(*INFLUENCED)))


def test_the_shares_of_employees_are_judged_alike() -> None:
    book = facts().indicators.reset_index()
    chosen = book[book["indicator"].isin(["ict_employees_share", "academics_workplace", "business_services_share"])]
    assert set(chosen["influence"]) == {"outside"}


def _declared(universe: str) -> tuple[dict[str, Influence], dict[str, int]]:
    refs, book = index_of(universe).universe.indicators, facts().indicators
    return {ref.id: book.at[ref.key, "influence"] for ref in refs}, {ref.id: 1 for ref in refs}


def test_the_least_sum_is_that_of_the_linear_programme() -> None:
    """Essen needs several levers for rank 1, and none of them moves a scale."""
    result, index = found("05113000", "ruhr"), index_of("ruhr")
    assert result.next_rank is not None
    assert result.next_rank.least is not None
    assert result.single("next_rank") is None
    usable = [lever for lever in result.of(*INFLUENCED) if lever.limit > lever.value]
    weights = index.construction.effective_weights
    ways = np.array([(lever.limit - lever.value) / lever.span for lever in usable])
    gains = np.array([weights[lever.id] * 100 for lever in usable])
    missing = index.score.max() - result.score
    solved = linprog(
        np.ones(len(usable)), A_ub=[-gains], b_ub=[-missing], bounds=list(zip(0 * ways, ways, strict=True))
    )
    spans = {lever.id: lever for lever in usable}
    made = sum((v - spans[name].value) / spans[name].span for name, v in result.next_rank.least.values.items())
    # The last value is rounded up to a tenth of a per cent.
    assert solved.fun <= made < solved.fun + 0.002


def test_all_levers_go_the_same_share_of_their_way() -> None:
    result = found("05113000", "ruhr")
    assert result.next_rank is not None
    assert result.next_rank.even is not None
    for lever in result.of(*INFLUENCED):
        if lever.id in result.next_rank.even.values:
            way = (result.next_rank.even.values[lever.id] - lever.value) / (lever.limit - lever.value)
            assert result.next_rank.share <= way + 1e-9
    assert set(result.next_rank.even.values) <= {lever.id for lever in result.of(*INFLUENCED)}


def test_values_of_the_district_are_no_lever_and_outside_ones_stay_apart() -> None:
    result = found("05170044", "ruhr")
    of_district = {"students_rate", "ict_employees_share", "academics_workplace", "business_services_share"}
    assert {lever.id for lever in result.of("inherited")} == of_district
    assert all(lever.at_best is None and lever.next_rank is None for lever in result.of("inherited"))
    assert {lever.id for lever in result.of("outside")} == {"fiveg_area", "university_sites"}
    assert result.next_rank is not None
    assert result.next_rank.furthest is not None
    assert not {"fiveg_area", "university_sites"} & set(result.next_rank.furthest.values)


def test_a_missing_value_is_said_to_be_missing() -> None:
    index = index_of("districts")
    ags = index.raw.index[index.raw["patents_rate"].isna()][0]
    result = levers(index, ags, [], *_declared("districts"))
    lever = next(lever for lever in result.levers if lever.id == "patents_rate")
    assert lever.status == "missing"
    assert lever.at_best is None


def test_the_first_place_has_no_next_rank() -> None:
    result = found("05911000", "ruhr")
    assert result.rank == 1
    assert result.next_rank is None
    assert result.top is None
    assert all(lever.next_rank is None for lever in result.levers)


def test_ranges_are_those_of_a_simulation_of_the_changed_index() -> None:
    study, result = study_of("05113000", "ruhr"), found("05113000", "ruhr")
    ranges = ranges_after(study.index, result, 300, 1)
    assert set(ranges.index) == {
        (lever.id, name)
        for lever in result.levers
        for name in ("at_median", "at_best", "next_rank", "top")
        if getattr(lever, name) is not None
    }
    assert ((ranges["low"] <= ranges["high"]) & (ranges["low"] >= 1)).all()
    best = ranges.loc[("university_sites", "at_best")]
    assert best["rank"] == 1
    empty = changed(result, levers=tuple(lever for lever in result.levers if lever.status == "missing"))
    assert ranges_after(study.index, empty, 300, 1).empty


def test_of_orders_by_the_gain_at_the_best_value() -> None:
    gains = [lever.at_best.score for lever in found("05170", "districts").of("shared") if lever.at_best]
    assert gains == sorted(gains, reverse=True)


DEFINITIONS = {
    "z-scores": {"normalisation": Normalisation(method="z_score")},
    "ranks": {"normalisation": Normalisation(method="rank")},
    "outlier rule": {"treatment": Treatment(method="winsorise_log")},
    "imputation by row": {"imputation": Imputation(method="row")},
    "imputation by median": {"imputation": Imputation(method="median")},
    "geometric": {"normalisation": Normalisation(range=(1, 100)), "aggregation": "geometric"},
    "least share": {"minimum_share": 0.6},
}


@pytest.mark.parametrize("changes", DEFINITIONS.values(), ids=DEFINITIONS.keys())
def test_many_tables_at_once_are_each_by_itself(changes: dict[str, object]) -> None:
    """Random tables under other methods: `scores_of` against `construct`, table by table."""
    tree = (
        Group(id="g", children=(Indicator(indicator="a"), Indicator(indicator="b", weight=2, direction="-"))),
        Group(id="h", children=(Indicator(indicator="c"), Indicator(indicator="d"))),
    )
    definition = IndexDefinition(tree=tree, **changes)  # type: ignore[arg-type]
    rng = np.random.default_rng(3)
    raw = pd.DataFrame(rng.lognormal(0, 1.2, (12, 4)), columns=list("abcd"), index=[f"u{n}" for n in range(12)])
    raw.iloc[2, 1] = raw.iloc[5, 3] = np.nan
    model = model_of(construct(raw, definition))
    tables = np.stack([raw.to_numpy()] * 4)
    tables[1, 0, 0], tables[2, 3, 2], tables[3, 7, 1] = 50.0, 0.001, 0.5
    scores = scores_of(model, tables)
    for number, table in enumerate(tables):
        alone = construct(pd.DataFrame(table, index=raw.index, columns=raw.columns), definition)
        np.testing.assert_allclose(scores[:, number], alone.score.to_numpy(), atol=1e-9)


def test_an_indicator_that_becomes_constant_is_left_out() -> None:
    definition = IndexDefinition(tree=(Indicator(indicator="a"), Indicator(indicator="b")))
    raw = pd.DataFrame({"a": [1.0, 1.0, 2.0], "b": [3.0, 5.0, 4.0]}, index=["x", "y", "z"])
    same = raw.to_numpy().copy()
    same[2, 0] = 1.0
    scores = scores_of(model_of(construct(raw, definition)), same[None])
    assert scores[:, 0].tolist() == [0.0, 100.0, 50.0]


def test_the_scale_moves_where_the_place_was_the_best() -> None:
    """Hagen's students are the maximum of the 53: with a lower value, all others gain."""
    index = index_of("ruhr")
    model = model_of_index(index)
    table = model.values.copy()
    row, column = model.units.get_loc("05914000"), [leaf.id for leaf in model.indicators].index("students_rate")
    table[row, column] = table[np.arange(len(table)) != row, column].max()
    scores = pd.Series(scores_of(model, table[None])[:, 0], index=model.units)
    assert scores["05911000"] > index.score["05911000"]
    assert scores["05914000"] == pytest.approx(index.score["05914000"])


def test_an_unknown_indicator_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        with_values(index_of("ruhr"), "05911000", {"x": 1.0})


def test_the_least_single_change_is_measured_by_the_span() -> None:
    lever = found("05911000", "cities").single("next_rank")
    assert isinstance(lever, Lever)
    every = [x for x in found("05911000", "cities").of(*INFLUENCED) if x.next_rank]
    sizes = [(x.next_rank.values[x.id] - x.value) / x.span for x in every if x.next_rank]
    assert lever.next_rank is not None
    assert (lever.next_rank.values[lever.id] - lever.value) / lever.span == min(sizes)
