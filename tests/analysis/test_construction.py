"""The whole way from a table to ranks: properties that any index must have, every step in its place, every fault named."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from pandas.testing import assert_frame_equal, assert_series_equal

from helpers.analysis.construction import Construction, construct, leaf_shares
from helpers.analysis.faults import ConstructionError
from helpers.data.definition import IndexDefinition

NAN = np.nan
NAMES = ["a", "b", "c", "d"]
TREE: list[dict[str, Any]] = [
    {"id": "first", "weight": 2, "children": [{"indicator": "a"}, {"indicator": "b", "direction": "-"}]},
    {"id": "second", "children": [{"indicator": "c", "weight": 3}, {"indicator": "d"}]},
]
METHODS: list[dict[str, Any]] = [
    {},
    {"normalisation": {"method": "z_score"}},
    {"normalisation": {"method": "rank"}, "aggregation": "harmonic"},
    {"normalisation": {"range": [1, 100]}, "aggregation": ["arithmetic", "geometric"]},
    {"treatment": {"method": "winsorise_log"}, "imputation": {"method": "median"}},
    {"imputation": {"method": "row"}, "minimum_share": 0.5},
    {"normalisation": {"method": "none"}, "aggregation": "copeland"},
]


def definition(**method: Any) -> IndexDefinition:
    return IndexDefinition.model_validate({"tree": TREE, **method})


def with_spread(values: Any) -> bool:
    return all(len(set(column[~np.isnan(column)])) > 1 for column in values.T)


TABLES = (
    arrays(np.float64, (7, 4), elements=st.integers(-40, 40).map(lambda n: n / 4) | st.just(NAN))
    .filter(with_spread)
    .map(lambda values: pd.DataFrame(values, index=list("tuvwxyz"), columns=NAMES))
)


@given(TABLES, st.sampled_from(METHODS), st.permutations(range(7)), st.permutations(range(2)))
def test_the_order_of_places_and_indicators_changes_nothing(
    raw: pd.DataFrame, method: dict[str, Any], places: list[int], groups: list[int]
) -> None:
    plain = construct(raw, definition(**method))
    turned_tree = [{**TREE[i], "children": TREE[i]["children"][::-1]} for i in groups]
    turned = construct(raw.iloc[places, ::-1], IndexDefinition.model_validate({"tree": turned_tree, **method}))
    assert_series_equal(turned.score.reindex(raw.index), plain.score, rtol=1e-9, atol=1e-9)
    assert_series_equal(turned.rank.reindex(raw.index), plain.rank)


@given(
    TABLES,
    st.sampled_from([method for method in METHODS if method.get("normalisation", {}).get("method") != "none"]),
    st.lists(st.sampled_from([0.25, 0.5, 2.0, 1024.0]), min_size=4, max_size=4),
    st.lists(st.integers(-64, 64), min_size=4, max_size=4),
)
def test_the_unit_of_an_indicator_changes_nothing(
    raw: pd.DataFrame, method: dict[str, Any], factors: list[float], shifts: list[int]
) -> None:
    plain, rescaled = construct(raw, definition(**method)), construct(raw * factors + shifts, definition(**method))
    assert_series_equal(rescaled.score, plain.score, rtol=1e-6, atol=1e-6)


@given(TABLES, st.sampled_from("tuvwxyz"))
def test_a_copied_place_changes_ranks_only_by_its_tie(raw: pd.DataFrame, place: str) -> None:
    """Under min-max: a copy moves neither the lowest nor the highest value."""
    plain = construct(raw, definition())
    copied = construct(pd.concat([raw, raw.loc[[place]].set_axis(["copy"])]), definition())
    assert copied.rank["copy"] is pd.NA if plain.rank[place] is pd.NA else copied.rank["copy"] == copied.rank[place]
    assert_series_equal(copied.score[raw.index], plain.score)
    if plain.rank[place] is pd.NA:
        assert_series_equal(copied.rank[raw.index], plain.rank)
    else:
        behind = (plain.rank > plain.rank[place]).fillna(False).astype(int)
        assert_series_equal(copied.rank[raw.index], plain.rank + behind, check_names=False)


@given(
    TABLES,
    st.sampled_from([METHODS[i] for i in (0, 2, 3, 6)]),
    st.sampled_from(NAMES),
    st.sampled_from("tuvwxyz"),
    st.integers(1, 40),
)
def test_a_better_value_never_lowers_a_place(
    raw: pd.DataFrame, method: dict[str, Any], name: str, place: str, gain: int
) -> None:
    """With goalposts, so that the scale stays: the place's score does not fall, and no other score moves.

    Ranks and Copeland scores compare places: there the place is not outranked by more than before.
    """
    posts = [{**group, "children": [{**leaf, "goalposts": [-50, 50]} for leaf in group["children"]]} for group in TREE]
    relative = method.get("normalisation", {}).get("method") in ("rank", "none")
    settings = {**method} if relative else {**method, "normalisation": {"method": "goalposts", "range": [1, 100]}}
    fixed = IndexDefinition.model_validate({"tree": posts, **settings})
    if np.isnan(raw.at[place, name]):
        return
    better = raw.copy()
    better.loc[place, name] += -gain if name == "b" else gain
    before, after = construct(raw, fixed), construct(better, fixed)
    assert after.score[place] >= before.score[place] - 1e-9
    assert after.rank[place] <= before.rank[place]
    if not relative:
        assert_series_equal(after.score.drop(place), before.score.drop(place))


@given(TABLES, st.sampled_from(METHODS))
def test_a_missing_value_never_becomes_zero(raw: pd.DataFrame, method: dict[str, Any]) -> None:
    made = construct(raw, definition(**method))
    gone = made.imputed.isna()
    assert (made.treated.isna() == gone).all(axis=None)
    assert (made.normalised.isna() == gone).all(axis=None)
    assert (made.imputed.isna() == (raw.isna() & ~made.flags)).all(axis=None)
    if "minimum_share" not in method:
        assert (made.score.isna() == gone.all(axis=1)).all()
    assert (made.rank.isna() == made.score.isna()).all()


RAW = pd.DataFrame(
    {"a": [1.0, 2, 3, NAN], "b": [4.0, 3, NAN, NAN], "c": [10.0, 20, 40, NAN], "d": [5.0, 0, 2, 9]},
    index=["p", "q", "r", "s"],
)


def test_every_step_by_hand() -> None:
    made = construct(
        RAW,
        definition(screening={"units": 0.5}, imputation={"method": "mean"}, normalisation={"range": [0, 10]}),
        denominators=None,
    )
    assert made.screened_units == ["s"]
    assert made.unit_coverage.to_dict() == {"p": 1, "q": 1, "r": 0.75, "s": 0.25}
    assert made.indicator_coverage.to_dict() == {"a": 0.75, "b": 0.5, "c": 0.75, "d": 1}
    assert made.imputed.at["r", "b"] == 3.5
    assert made.flags.to_numpy().sum() == 1 and made.flags.at["r", "b"]
    assert made.normalised["b"].tolist() == [0, 10, 5]
    assert made.aggregated["first"].tolist() == [0, 7.5, 7.5]
    np.testing.assert_allclose(made.aggregated["second"], [2.5, 2.5, 8.5])
    np.testing.assert_allclose(made.score, [2.5 / 3, 17.5 / 3, 23.5 / 3])
    assert made.rank.to_dict() == {"p": 3, "q": 2, "r": 1}


def test_denominators_scale_and_directions_of_the_codebook() -> None:
    flat = IndexDefinition.model_validate(
        {"tree": [{"indicator": "a", "denominator": "people", "scale": 1000}, {"indicator": "d", "scale": 2}]}
    )
    people = pd.DataFrame({"people": [100.0, NAN, 200, 50]}, index=RAW.index)
    made = construct(RAW, flat, denominators=people, directions={"d": "-"})
    np.testing.assert_array_equal(made.values["a"], [10, NAN, 15, NAN])
    np.testing.assert_array_equal(made.values["d"], [10, 0, 4, 18])
    assert made.signs.to_dict() == {"a": 1, "d": -1}
    assert made.normalised["d"].tolist() == pytest.approx([100 * 8 / 18, 100, 100 * 14 / 18, 0])


def test_goalposts_targets_and_references_are_turned_with_the_indicator() -> None:
    def of(method: str, **leaf: Any) -> list[float]:
        tree = [{"indicator": "b", "direction": "-", **leaf}]
        normalisation = {"method": method, "range": [0, 1]}
        made = construct(RAW, IndexDefinition.model_validate({"tree": tree, "normalisation": normalisation}))
        return [float(value) for value in made.normalised["b"].dropna()]

    assert of("goalposts", goalposts=[2, 5]) == pytest.approx([1 / 3, 2 / 3])
    assert of("distance_to_target", target=2) == pytest.approx([0, 0.5])
    assert of("distance_to_reference", reference="q") == pytest.approx([0, 1])


def test_every_touched_point_is_listed_by_name() -> None:
    raw = pd.DataFrame({"a": [*range(30), 500.0], "b": [*range(31)]}, index=[f"u{i}" for i in range(31)])
    flat = IndexDefinition.model_validate(
        {"tree": [{"indicator": "a"}, {"indicator": "b"}], "treatment": {"method": "winsorise_log"}}
    )
    made = construct(raw, flat)
    assert made.touched.to_dict("records") == [
        {"unit": "u30", "indicator": "a", "before": 500.0, "after": 29.0, "how": "winsorised high"}
    ]
    assert made.treatments["action"].to_dict() == {"a": "winsorised", "b": "none"}


def faults_of(raw: pd.DataFrame, **method: Any) -> list[str]:
    with pytest.raises(ConstructionError) as caught:
        construct(raw, definition(**method))
    return caught.value.faults


def test_bad_tables_are_refused_with_all_faults() -> None:
    doubled = pd.concat([RAW, RAW.loc[["p"]]]).drop(columns="c")
    assert faults_of(doubled) == ["unit p occurs twice", "indicator c is not in the table"]
    infinite = RAW.replace({1.0: np.inf, 40.0: -np.inf})
    assert faults_of(infinite) == ["indicator a is infinite for p", "indicator c is infinite for r"]
    flat = RAW.assign(a=3.0, c=NAN)
    assert faults_of(flat) == [
        "indicator a is constant (3): min_max has no scale for it",
        "indicator c has no values at all",
    ]
    assert faults_of(RAW.loc[["p"]]) == ["min_max compares units with each other, and there is only one: p"]
    assert faults_of(RAW.loc[["r", "s"]], screening={"units": 1, "indicators": 1}) == [
        "no unit is left: each has less data than the screening of units asks for"
    ]
    assert faults_of(RAW[["a"]].assign(b=RAW["a"], c=RAW["a"], d=RAW["a"]), screening={"indicators": 1}) == [
        "no indicator is left: each is constant, empty or has less data than the screening asks for"
    ]
    assert faults_of(RAW[0:0]) == ["the table has no units"]


def test_zero_under_a_geometric_mean_is_refused_by_name() -> None:
    faults = faults_of(RAW, aggregation="geometric")
    assert len(faults) == 2
    assert "the geometric mean of first needs positive values; zero or negative are a (p); b (p)" in faults[0]
    assert "range [1, 100]" in faults[1]


def test_denominators_must_be_positive_numbers() -> None:
    flat = IndexDefinition.model_validate({"tree": [{"indicator": "a", "denominator": "people"}]})
    with pytest.raises(ConstructionError, match="denominator people is not in the table"):
        construct(RAW, flat)
    people = pd.DataFrame({"people": [0.0, 2, 300, -5]}, index=RAW.index)
    with pytest.raises(ConstructionError, match="denominator people of a is not a positive number for p, s"):
        construct(RAW, flat, denominators=people)


def test_goalposts_do_not_fit_a_logarithm() -> None:
    raw = pd.DataFrame({"a": 2.0 ** np.arange(60)})
    tree = [{"indicator": "a", "goalposts": [0, 10]}]
    logged = IndexDefinition.model_validate(
        {"tree": tree, "treatment": {"method": "winsorise_log"}, "normalisation": {"method": "goalposts"}}
    )
    with pytest.raises(ConstructionError, match="took the logarithm of a"):
        construct(raw, logged)


def test_an_unknown_reference_unit_is_named() -> None:
    tree = [{"indicator": "a", "reference": "Atlantis"}]
    rule = IndexDefinition.model_validate({"tree": tree, "normalisation": {"method": "distance_to_reference"}})
    with pytest.raises(ConstructionError, match="reference Atlantis of a is not among the units"):
        construct(RAW, rule)


def test_what_does_not_tell_units_apart_can_be_left_out_by_name() -> None:
    made = construct(RAW.assign(a=3.0, c=NAN), definition(), leave_out_constant=True)
    assert made.constant == ["a", "c"]
    assert made.normalised.columns.tolist() == ["b", "d"]
    assert_frame_equal(made.aggregated[["first"]], made.normalised[["b"]].set_axis(["first"], axis=1))
    # Under ranks a constant indicator has a scale: all share it.
    ranks = construct(RAW.assign(a=3.0), definition(normalisation={"method": "rank"}), leave_out_constant=True)
    assert ranks.constant == []
    assert set(ranks.normalised["a"]) == {1}


def test_effective_weights_are_products_along_the_tree() -> None:
    tree = definition().tree
    assert leaf_shares(tree, set(NAMES)) == pytest.approx({"a": 1 / 3, "b": 1 / 3, "c": 1 / 4, "d": 1 / 12})
    assert leaf_shares(tree, {"b", "c"}) == pytest.approx({"b": 2 / 3, "c": 1 / 3})


def complete() -> Construction:
    values = np.random.default_rng(3).normal(size=(12, 4))
    return construct(pd.DataFrame(values, columns=NAMES), definition())


def test_crosschecks_stand_beside_the_score_with_their_ranks() -> None:
    table = complete().crosschecks()
    assert table.columns.tolist()[:4] == ["score", "copeland", "mazziotta_pareto", "benefit_of_the_doubt"]
    assert not table.isna().any(axis=None)
    for name in table.columns[:4]:
        assert table[f"{name}_rank"].corr(table["score_rank"]) > 0.5


def test_crosschecks_that_need_every_value_are_missing_where_one_is() -> None:
    table = construct(RAW, definition()).crosschecks()
    assert table["mazziotta_pareto"].notna().tolist() == [True, True, False, False]
    assert table["benefit_of_the_doubt"].notna().tolist() == [True, True, False, False]
    assert table["copeland"].notna().all()


def test_a_value_that_its_denominator_makes_infinite_is_named() -> None:
    tree = [{"indicator": "a", "denominator": "n", "scale": 1e300}, {"indicator": "b"}]
    under = pd.DataFrame({"n": [1.0, 1e-10, 1.0, 1.0]}, index=RAW.index)
    with pytest.raises(ConstructionError) as caught:
        construct(RAW, IndexDefinition.model_validate({"tree": tree}), denominators=under)
    assert caught.value.faults == ["denominators: indicator a has no finite value for q"]


def test_a_score_too_large_for_the_machine_is_named() -> None:
    large = {"tree": [{"indicator": "a"}, {"indicator": "b"}], "normalisation": {"method": "none"}}
    raw = pd.DataFrame({"a": [1e308, 1.0], "b": [1e308, 1.0]}, index=["p", "q"])
    with pytest.raises(ConstructionError) as caught:
        construct(raw, IndexDefinition.model_validate(large))
    assert caught.value.faults == ["aggregation: the arithmetic mean of index has no finite value for p"]
