"""Gaps: the parts sum to the difference, and are the ones that hand calculation or the textbook gives."""

from dataclasses import replace
from itertools import combinations, permutations
from math import log, sqrt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from studies import index_of

from helpers.analysis import gaps
from helpers.analysis.aggregation import aggregate, node_weights
from helpers.analysis.faults import ConstructionError
from helpers.analysis.gaps import Method, Opponents, gap, gap_to_median, opponents, split
from helpers.data.definition import Aggregation, Group, IndexDefinition, Indicator

EXACT = 1e-9


def leaf(name: str, weight: float = 1.0) -> Indicator:
    return Indicator(indicator=name, weight=weight)


def score(definition: IndexDefinition, values: pd.Series) -> float:
    leaves = {str(name): np.array([[value]]) for name, value in values.items()}
    found = aggregate(
        definition.tree,
        leaves,
        node_weights(definition.tree),
        definition.aggregation,
        exponent=definition.exponent,
        minimum_share=definition.minimum_share,
    )
    return float(found["index"][0, 0])


def two(aggregation: Aggregation, *weights: float) -> IndexDefinition:
    return IndexDefinition(tree=(leaf("a", weights[0]), leaf("b", weights[1])), aggregation=aggregation)


@pytest.mark.parametrize(("universe", "step"), [("ruhr", 1), ("cities", 1), ("districts", 331)])
def test_parts_and_domains_sum_to_the_gap_for_all_pairs(universe: str, step: int) -> None:
    index = index_of(universe)
    pairs = list(combinations(index.score.dropna().index, 2))[::step]
    assert len(pairs) in (1378, 3403) or len(pairs) > 200
    for ags, other in pairs:
        found = gap(index, ags, other)
        difference = index.score[ags] - index.score[other]
        assert abs(found.parts.sum() - difference) < EXACT
        assert abs(found.domains.sum() - difference) < EXACT
        assert abs(found.total - difference) < EXACT


def test_pairs_with_missing_values_sum_as_well() -> None:
    index = index_of("districts")
    lacking = index.raw.index[index.raw.isna().any(axis=1)]
    assert len(lacking) > 10
    for ags in lacking:
        for other in index.score.index[::40].drop(ags, errors="ignore"):
            found = gap(index, ags, other)
            assert abs(found.parts.sum() - (index.score[ags] - index.score[other])) < EXACT
            same = found.values.eq(found.other_values) | (found.values.isna() & found.other_values.isna())
            assert (found.parts[same].abs() < EXACT).all()


def test_direct_parts_are_weight_times_difference() -> None:
    found = gap(index_of("ruhr"), "05911000", "05113000")
    assert found.method == "direct"
    raw = found.values - found.other_values
    assert found.parts["gigabit_firms"] == pytest.approx(raw["gigabit_firms"] / 12)
    assert found.parts["university_sites"] == pytest.approx(raw["university_sites"] / 8)


@pytest.mark.parametrize("method", ["shapley", "groups"])
def test_the_shapley_split_of_an_arithmetic_index_is_the_direct_one(method: Method) -> None:
    index = index_of("ruhr")
    found = gap(index, "05911000", "05562016")
    parts = split(index.universe.index, found.values, found.other_values, method)
    pd.testing.assert_series_equal(parts, found.parts, check_exact=False, atol=EXACT, rtol=0)


def test_two_indicators_by_a_geometric_mean_by_hand() -> None:
    own, other = pd.Series({"a": 9.0, "b": 4.0}), pd.Series({"a": 1.0, "b": 16.0})
    parts = split(two("geometric", 1, 1), own, other)
    # Scores: sqrt(36) and sqrt(16). First a then b, and the other way round, averaged.
    first, second = sqrt(9 * 16) - sqrt(1 * 16), sqrt(9 * 4) - sqrt(1 * 4)
    assert parts["a"] == pytest.approx((first + second) / 2)
    assert parts.sum() == pytest.approx(6 - 4)


def test_equal_ratios_get_the_logarithmic_mean_split() -> None:
    """Where both indicators change by the same factor, symmetry leaves one split, that of Ang (2004)."""
    own, other = pd.Series({"a": 8.0, "b": 8.0}), pd.Series({"a": 2.0, "b": 2.0})
    parts = split(two("geometric", 1, 1), own, other)
    mean = (8 - 2) / (log(8) - log(2))
    assert parts.to_numpy() == pytest.approx([mean * 0.5 * log(4)] * 2)


def test_shapley_values_by_counting_all_orders() -> None:
    tree = (
        Group(id="g", children=(leaf("a"), leaf("b", 2))),
        Group(id="h", aggregation="harmonic", children=(leaf("c"), leaf("d"))),
    )
    definition = IndexDefinition(tree=tree, aggregation="geometric")
    own = pd.Series({"a": 3.0, "b": 20.0, "c": 7.0, "d": 50.0})
    other = pd.Series({"a": 11.0, "b": 2.0, "c": 30.0, "d": 8.0})
    parts = dict.fromkeys(own.index, 0.0)
    orders = list(permutations(own.index))
    for order in orders:
        now = other.copy()
        for name in order:
            before = score(definition, now)
            now[name] = own[name]
            parts[name] += (score(definition, now) - before) / len(orders)
    assert split(definition, own, other).to_dict() == pytest.approx(parts)


def test_orders_that_keep_groups_together_by_counting_them() -> None:
    tree = (Group(id="g", children=(leaf("a"), leaf("b"))), Group(id="h", children=(leaf("c"), leaf("d"))))
    definition = IndexDefinition(tree=tree, aggregation="geometric")
    own, other = (
        pd.Series({"a": 3.0, "b": 20.0, "c": 7.0, "d": 50.0}),
        pd.Series({"a": 11.0, "b": 2.0, "c": 30.0, "d": 8.0}),
    )
    kept = [o for o in permutations(own.index) if {*o[:2]} in ({"a", "b"}, {"c", "d"})]
    assert len(kept) == 8
    parts = dict.fromkeys(own.index, 0.0)
    for order in kept:
        now = other.copy()
        for name in order:
            before = score(definition, now)
            now[name] = own[name]
            parts[name] += (score(definition, now) - before) / len(kept)
    assert split(definition, own, other, "groups").to_dict() == pytest.approx(parts)


def test_a_missing_indicator_bears_its_whole_effect() -> None:
    definition = IndexDefinition(tree=(leaf("a"), leaf("b"), leaf("c")))
    own, other = pd.Series({"a": 50.0, "b": 50.0, "c": np.nan}), pd.Series({"a": 50.0, "b": 50.0, "c": 80.0})
    assert split(definition, own, other).to_dict() == pytest.approx({"a": 0, "b": 0, "c": -10})


def test_nothing_in_common_still_sums() -> None:
    definition = IndexDefinition(tree=(leaf("a"), leaf("b")))
    own, other = pd.Series({"a": 30.0, "b": np.nan}), pd.Series({"a": np.nan, "b": 70.0})
    assert split(definition, own, other).to_dict() == pytest.approx({"a": -20, "b": -20})


values = st.one_of(st.none(), st.floats(1, 100))
MEANS: tuple[Aggregation, ...] = ("arithmetic", "geometric", "harmonic", "generalised")
rules = st.sampled_from(MEANS)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_tree_and_any_values_sum_to_the_gap(data: st.DataObject) -> None:
    groups = data.draw(st.lists(st.integers(1, 3), min_size=1, max_size=3))
    names = iter("abcdefghi")
    tree = tuple(
        Group(
            id=f"g{number}",
            weight=data.draw(st.floats(0.1, 5)),
            aggregation=data.draw(st.one_of(st.none(), rules)),
            children=tuple(leaf(next(names), data.draw(st.floats(0.1, 5))) for _ in range(size)),
        )
        for number, size in enumerate(groups)
    )
    exponent = data.draw(st.sampled_from([-1.5, 0.5, 1.0, 2.0]))
    definition = IndexDefinition(tree=tree, aggregation=data.draw(rules), exponent=exponent)
    labels = [indicator.id for indicator in definition.indicators]
    own, other = (
        pd.Series({name: data.draw(values) for name in labels}, dtype=float).fillna({labels[0]: 40.0}) for _ in range(2)
    )
    difference = score(definition, own) - score(definition, other)
    for method in ("shapley", "groups"):
        parts = split(definition, own, other, method)
        assert abs(parts.sum() - difference) < EXACT
    assert abs(split(definition, own, other).sum() - difference) < EXACT


def test_many_indicators_are_split_by_groups_and_too_many_are_refused() -> None:
    names = [f"i{number}" for number in range(16)]
    children = [tuple(leaf(name) for name in names[start : start + 4]) for start in range(0, 16, 4)]
    own = pd.Series(np.linspace(10, 90, 16), index=names)
    other = pd.Series(np.linspace(70, 20, 16), index=names)
    tree = tuple(Group(id=f"g{number}", children=group) for number, group in enumerate(children))
    definition = IndexDefinition(tree=tree, aggregation="geometric")
    parts = split(definition, own, other)
    assert abs(parts.sum() - (score(definition, own) - score(definition, other))) < EXACT
    flat = IndexDefinition(tree=tuple(leaf(name) for name in names), aggregation="geometric")
    with pytest.raises(ConstructionError, match="too many indicators"):
        split(flat, own, other)


COPELAND_GROUP = IndexDefinition(tree=(Group(id="g", aggregation="copeland", children=(leaf("a"), leaf("b"))),))


@pytest.mark.parametrize("definition", [two("copeland", 1, 1), COPELAND_GROUP])
def test_copeland_is_refused_by_name(definition: IndexDefinition) -> None:
    values = pd.Series({"a": 1.0, "b": 2.0})
    with pytest.raises(ConstructionError, match="Copeland score, which depends on all other places"):
        split(definition, values, values + 1)


def test_the_median_place_has_the_medians_of_the_peers() -> None:
    index, peers = index_of("ruhr"), ["05113000", "05913000", "05914000"]
    found = gap_to_median(index, "05911000", peers)
    assert found.other is None
    assert found.other_values["gigabit_households"] == index.normalised.loc[peers, "gigabit_households"].median()
    assert abs(found.parts.sum() - found.total) < EXACT
    everyone = gap_to_median(index, "05911000", [])
    assert everyone.other_values["fibre_households"] == index.normalised["fibre_households"].drop("05911000").median()


def test_opponents_are_next_above_best_and_next_below() -> None:
    index = index_of("ruhr")
    essen = opponents(index, "05113000", [])
    assert (essen.better, essen.best, essen.behind) == ("05911000", "05911000", "05913000")
    bochum = opponents(index, "05911000", ["05913000", "05113000"])
    assert (bochum.better, bochum.best, bochum.behind) == (None, None, "05113000")


def test_the_report_compares_the_next_better_and_the_best_or_the_one_behind() -> None:
    assert Opponents("a", "b", "c").chosen == ["a", "b"]
    assert Opponents("a", "a", "c").chosen == ["a"]
    assert Opponents(None, None, "c").chosen == ["c"]
    assert Opponents(None, None, None).chosen == []


def test_a_place_without_a_score_has_no_gap() -> None:
    index = index_of("ruhr")
    with pytest.raises(ValueError, match="no score"):
        gap(index, "05911000", "99999999")
    unscored = replace(index, score=index.score.mask(index.score.index == "05911000"))
    with pytest.raises(ValueError, match="05911000 has no score"):
        gap_to_median(unscored, "05911000", [])


def test_the_worth_of_combinations_is_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []
    real = gaps._worth

    def counted(definition: IndexDefinition, own: pd.Series, other: pd.Series) -> gaps.Worth:
        made.append(1)
        return real(definition, own, other)

    monkeypatch.setattr(gaps, "_worth", counted)
    index = index_of("districts")
    lacking = str(index.raw.index[index.raw["patents_rate"].isna()][0])
    assert gap_to_median(index, lacking, []).method == "shapley"
    assert len(made) == 1
