"""Means and Copeland scores, for one index and for many draws, along trees of any depth."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from helpers.analysis.aggregation import aggregate, group_methods, mean, node_weights, undefined
from helpers.analysis.faults import ConstructionError
from helpers.data.definition import Group, Indicator

NAN = np.nan
METHODS = ["arithmetic", "geometric", "harmonic", "generalised"]
MATRIX = np.array([[1.0, 4.0, 16.0], [2.0, NAN, 8.0], [NAN, NAN, 5.0], [NAN, NAN, NAN]])
CELLS = arrays(np.float64, (5, 4), elements=st.integers(1, 50).map(float) | st.just(NAN))
WEIGHTS = arrays(np.float64, (4, 3), elements=st.integers(0, 4).map(float))


def columns(matrix: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    return [matrix[:, [number]] for number in range(matrix.shape[1])]


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("arithmetic", [37 / 4, 6.0, 5.0, NAN]),
        ("geometric", [2 ** (10 / 4), 2 ** (7 / 3), 5.0, NAN]),
        ("harmonic", [4 / (1 + 1 / 4 + 2 / 16), 4.0, 5.0, NAN]),
        ("generalised", [(529 / 4) ** 0.5, 44**0.5, 5.0, NAN]),
    ],
)
def test_means_skip_what_is_missing_and_rescale_the_weights(method: Any, expected: list[float]) -> None:
    weights = np.array([[1.0], [1.0], [2.0]])
    found = mean(columns(MATRIX), weights, method, exponent=2)[:, 0]
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_the_generalised_mean_holds_the_others() -> None:
    weights = np.array([[1.0], [2.0], [2.0]])
    for exponent, method in ((1, "arithmetic"), (0, "geometric"), (-1, "harmonic")):
        general = mean(columns(MATRIX), weights, "generalised", exponent=exponent)
        np.testing.assert_allclose(general, mean(columns(MATRIX), weights, method), rtol=1e-12)  # type: ignore[arg-type]


def test_too_few_children_give_no_mean() -> None:
    weights = np.array([[1.0, 1.0], [1.0, 1.0], [1.0, 0.0]])
    found = mean(columns(MATRIX), weights, "arithmetic", minimum_share=2 / 3)
    # All children count, whatever their weight: in the second draw the last one is present, but not in the mean.
    np.testing.assert_array_equal(found, [[7.0, 2.5], [5.0, 2.0], [NAN, NAN], [NAN, NAN]])


@pytest.mark.parametrize("method", ["arithmetic", "copeland"])
def test_the_share_of_children_present_does_not_depend_on_weights(method: Any) -> None:
    flat = tuple(Indicator(indicator=name) for name in "abc")
    values = {"a": [1.0, 2.0], "b": [4.0, 1.0], "c": [NAN, 3.0]}
    weights: dict[str, Any] = node_weights(flat) | {"b": np.array([1.0, 0.0])}
    leaves = {name: np.array([column]).T for name, column in values.items()}
    assert not np.isnan(aggregate(flat, leaves, weights, method, minimum_share=0.6)["index"]).any()
    above = aggregate(flat, leaves, weights, method, minimum_share=0.7)["index"]
    np.testing.assert_array_equal(np.isnan(above), [[True, True], [False, False]])


@given(CELLS, WEIGHTS, st.sampled_from([*METHODS, "copeland"]), st.sampled_from([0.0, 0.5, 1.0]))
def test_many_draws_are_many_single_ones(
    values: NDArray[np.float64], weights: NDArray[np.float64], method: Any, share: float
) -> None:
    together = mean(columns(values), weights, method, exponent=2, minimum_share=share)
    varying = [np.repeat(child, 3, axis=1) for child in columns(values)]
    also = mean(varying, weights, method, exponent=2, minimum_share=share)
    for draw in range(3):
        alone = mean(columns(values), weights[:, [draw]], method, exponent=2, minimum_share=share)[:, 0]
        np.testing.assert_allclose(together[:, draw], alone, rtol=1e-12)
        np.testing.assert_allclose(also[:, draw], alone, rtol=1e-12)


@given(CELLS, st.lists(st.integers(1, 5), min_size=4, max_size=4), st.sampled_from(METHODS))
def test_a_mean_lies_between_what_it_is_of(values: NDArray[np.float64], weights: list[int], method: Any) -> None:
    found = mean(columns(values), np.array([weights], dtype=float).T, method, exponent=3)[:, 0]
    for row, average in zip(values, found, strict=True):
        present = row[~np.isnan(row)]
        if not len(present):
            assert np.isnan(average)
        else:
            assert present.min() - 1e-9 <= average <= present.max() + 1e-9


def outranking(values: NDArray[np.float64], weights: NDArray[np.float64]) -> list[float]:
    """Copeland scores by the definition, pair by pair."""
    scores = []
    for one in values:
        score = 0.0
        for other in values:
            both = ~np.isnan(one) & ~np.isnan(other)
            ahead = weights[both & (one > other)].sum() + weights[both & (one == other)].sum() / 2
            score += np.sign(round(ahead - weights[both].sum() / 2, 9))
        scores.append(score if (~np.isnan(one) & (weights > 0)).any() else NAN)
    return scores


@given(CELLS, st.lists(st.integers(0, 5), min_size=4, max_size=4).filter(any))
def test_copeland_counts_units_outranked_less_those_that_outrank(
    values: NDArray[np.float64], weights: list[int]
) -> None:
    found = mean(columns(values), np.array([weights], dtype=float).T, "copeland")[:, 0]
    np.testing.assert_array_equal(found, outranking(values, np.array(weights, dtype=float)))


def test_copeland_knows_ties_of_the_weights_but_for_rounding() -> None:
    values = np.array([[2.0, 1.0, 1.0], [1.0, 2.0, 2.0]])
    weights = np.array([[0.3], [0.1], [0.2]])  # 0.1 + 0.2 is not 0.3 for the machine
    np.testing.assert_array_equal(mean(columns(values), weights, "copeland"), [[0.0], [0.0]])


def test_copeland_in_blocks_is_copeland(monkeypatch: pytest.MonkeyPatch) -> None:
    values = np.random.default_rng(1).normal(size=(1500, 3))
    found = mean(columns(values), np.ones((3, 1)), "copeland")[:, 0]
    better = (values[:, None, :] > values[None]).sum(axis=2)
    np.testing.assert_array_equal(found, (better > 1).sum(axis=1) - (better.T > 1).sum(axis=1))


TREE = (
    Group(
        id="a",
        weight=3,
        children=(
            Group(id="b", children=(Indicator(indicator="x", weight=2), Indicator(indicator="y"))),
            Indicator(indicator="z", weight=2),
        ),
    ),
    Group(id="c", aggregation="harmonic", children=(Indicator(indicator="w"),)),
)
LEAVES = {name: np.array([[value], [NAN]]) for name, value in {"x": 1.0, "y": 4.0, "z": 8.0, "w": 3.0}.items()}


def test_a_tree_of_three_levels_with_a_rule_for_each() -> None:
    found = aggregate(TREE, LEAVES, node_weights(TREE), ("arithmetic", "geometric", "arithmetic"))
    assert list(found) == ["b", "a", "c", "index"]
    assert found["b"][0, 0] == pytest.approx(2)
    assert found["a"][0, 0] == pytest.approx((2 * 8 * 8) ** (1 / 3))
    assert found["index"][0, 0] == pytest.approx((3 * found["a"][0, 0] + 3) / 4)
    assert all(np.isnan(values[1, 0]) for values in found.values())


def test_rules_of_groups_go_by_height_unless_they_have_their_own() -> None:
    levels = ("arithmetic", "geometric", "copeland")
    expected = {"b": "arithmetic", "a": "geometric", "c": "harmonic", "index": "copeland"}
    assert group_methods(TREE, levels) == expected  # type: ignore[arg-type]


def test_a_weight_of_nothing_leaves_a_node_out_and_a_group_without_children_too() -> None:
    weights: dict[str, Any] = node_weights(TREE) | {"w": np.array([1.0, 0.0]), "x": np.array([0.0, 2.0])}
    found = aggregate(TREE, LEAVES, weights, "arithmetic", minimum_share=1.0)
    assert found["b"][0].tolist() == [4.0, 2.0]
    assert np.isnan(found["c"][0, 1])
    # The group left out is a missing child of the index.
    assert np.isnan(found["index"][0, 1])
    half = aggregate(TREE, LEAVES, weights, "arithmetic", minimum_share=0.5)
    assert half["index"][0, 1] == half["a"][0, 1]


def test_an_indicator_without_values_in_the_leaves_is_left_out() -> None:
    found = aggregate(TREE, {"z": LEAVES["z"]}, node_weights(TREE), "arithmetic", minimum_share=1.0)
    assert list(found) == ["a", "index"]
    assert found["index"][0, 0] == 8


def test_all_means_that_are_not_defined_are_named_with_group_child_and_unit() -> None:
    leaves = LEAVES | {"x": np.array([[0.0], [2.0]]), "w": np.array([[1.0], [-2.0]])}
    with pytest.raises(ConstructionError) as caught:
        aggregate(TREE, leaves, node_weights(TREE), "geometric", units=["Bochum", "Witten"])
    assert caught.value.faults == [
        "the geometric mean of b needs positive values; zero or negative are x (Bochum):"
        " normalise by min_max to the range [1, 100]",
        "the harmonic mean of c needs positive values; zero or negative are w (Witten):"
        " normalise by min_max to the range [1, 100]",
    ]


def test_what_is_left_out_may_be_negative() -> None:
    leaves = LEAVES | {"x": np.array([[-1.0], [2.0]])}
    weights: dict[str, Any] = node_weights(TREE) | {"x": 0.0}
    assert aggregate(TREE, leaves, weights, "geometric")["b"][0, 0] == 4


def test_a_tree_with_nothing_left_is_refused() -> None:
    with pytest.raises(ConstructionError, match="no indicator of the tree is left"):
        aggregate(TREE, {}, node_weights(TREE), "arithmetic")


@pytest.mark.parametrize(
    ("method", "exponent", "values"),
    [
        ("arithmetic", 1, [1e308, 1e308]),
        ("generalised", 20, [1e20, 1.0]),
        ("generalised", -20, [1e-20, 1.0]),
        ("harmonic", 1, [1e-320, 1.0]),
        ("copeland", 1, [1e308, 1.0]),
    ],
)
def test_a_mean_too_large_for_the_machine_is_named(method: Any, exponent: float, values: list[float]) -> None:
    """And no warning is given: pytest turns each into an error."""
    low = -1e308 if method == "copeland" else 2.0
    leaves = {name: np.array([[value], [low]]) for name, value in zip("ab", values, strict=True)}
    flat = (Group(id="g", children=(Indicator(indicator="a"), Indicator(indicator="b"))),)
    with pytest.raises(ConstructionError) as caught:
        aggregate(
            flat, leaves, node_weights(flat), (method, "arithmetic"), exponent=exponent, units=["Bochum", "Witten"]
        )
    (fault,) = caught.value.faults
    units = "Bochum, Witten" if method == "copeland" else "Bochum"
    assert fault == f"aggregation: the {method} mean of g has no finite value for {units}"


def test_which_values_a_mean_cannot_take() -> None:
    values = np.array([-1.0, 0.0, 1.0, NAN])
    both, negative, none = [True, True, False, False], [True, False, False, False], [False] * 4
    assert undefined(values, "geometric", 1).tolist() == undefined(values, "harmonic", 1).tolist() == both
    assert undefined(values, "generalised", 2).tolist() == negative
    assert undefined(values, "generalised", 0).tolist() == both
    assert undefined(values, "generalised", 1).tolist() == undefined(values, "arithmetic", 1).tolist() == none
