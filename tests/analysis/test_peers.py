"""Nearest neighbours: an example by hand, and what must hold for any table."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.analysis.peers import nearest

# Mean 2 and standard deviation 1 (n - 1) of "a" for 1, 2, 3; "b" is the same for all.
SMALL = pd.DataFrame({"a": [1.0, 2.0, 3.0], "b": [5.0, 5.0, 5.0]}, index=["p", "q", "r"])


@st.composite
def tables(draw: st.DrawFn, missing: bool = False) -> pd.DataFrame:
    """Places x variables with spread, no two values of a variable too near each other to be told apart by rounding."""
    units, variables = draw(st.integers(4, 9)), draw(st.integers(2, 5))
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    values = rng.normal(size=(units, variables))
    if missing:
        values[rng.random(values.shape) < 0.25] = np.nan
    return pd.DataFrame(values, index=[f"{n:05}" for n in range(units)], columns=[f"v{n}" for n in range(variables)])


def ordered(table: pd.DataFrame, n: int = 3) -> list[str]:
    return list(nearest(table, "00000", n).peers.index)


def test_distances_by_hand() -> None:
    found = nearest(SMALL, "p", 2)
    assert found.constant == ["b"]
    assert found.variables == ["a"]
    assert found.peers["raw"].tolist() == [1.0, 2.0]
    assert found.peers["distance"].tolist() == [0.5, 1.0]
    assert found.peers["apart"].tolist() == ["a", "a"]
    assert found.differences["a"].tolist() == [1.0, 2.0]


def test_a_missing_value_counts_as_an_average_difference() -> None:
    table = pd.DataFrame({"a": [0.0, 1.0, 2.0], "b": [0.0, np.nan, 4.0]}, index=["p", "q", "r"])
    # a has sd 1, b (two values) 2.828; p and q share a only: root of 1 x 2 variables. p and r: root of 2² + 1.414².
    assert nearest(table, "p", 2).peers["raw"].tolist() == pytest.approx([2**0.5, 6**0.5])


def test_stays_by_hand() -> None:
    # q is like p in "a" and "b", r in "a" and "c", s in nothing: without "b" the nearest is r, without "c" q, without
    # "a" q and r are level and the smaller AGS goes first.
    table = pd.DataFrame(
        {"a": [0.0, 0.0, 0.0, 9.0], "b": [0.0, 0.0, 1.0, 9.0], "c": [0.0, 1.0, 0.0, 9.0]}, index=["p", "q", "r", "s"]
    )
    found = nearest(table, "p", 1)
    assert found.repeats == 3
    assert found.peers["stays"].to_dict() == {"q": 2}
    assert found.firm == []
    assert nearest(table, "p", 2).firm == ["q", "r"]


def test_places_with_too_few_variables_are_left_out_and_named() -> None:
    table = pd.DataFrame(
        {"a": [0.0, 1.0, 2.0], "b": [0.0, np.nan, 1.0], "c": [0.0, np.nan, 5.0]}, index=["p", "q", "r"]
    )
    found = nearest(table, "p", 2)
    assert found.left_out == ["q"]
    assert list(found.peers.index) == ["r"]
    assert list(found.distance.index) == ["r"]


def test_a_place_that_has_nothing_is_compared_with_none() -> None:
    table = SMALL.copy()
    table.loc["p"] = np.nan
    found = nearest(table, "p", 2)
    assert found.peers.empty
    assert found.left_out == ["q", "r"]


def test_a_table_without_variables_has_no_neighbours() -> None:
    found = nearest(SMALL[["b"]], "p", 2)
    assert found.peers.empty
    assert (found.variables, found.repeats) == ([], 0)


def test_ties_go_by_ags_and_identical_places_have_distance_0() -> None:
    table = pd.DataFrame({"a": [1.0, 1.0, 1.0, 2.0], "b": [3.0, 3.0, 3.0, 4.0]}, index=["c", "b", "a", "d"])
    found = nearest(table, "c", 3)
    assert list(found.peers.index) == ["a", "b", "d"]
    assert found.peers["distance"].tolist() == [0, 0, 1]


def test_what_cannot_be_asked() -> None:
    with pytest.raises(ValueError, match="n is 0"):
        nearest(SMALL, "p", 0)
    with pytest.raises(KeyError, match="x"):
        nearest(SMALL, "x", 1)
    with pytest.raises(ValueError, match="logarithm"):
        nearest(SMALL.replace(1.0, -np.inf), "p", 1)


@given(tables(missing=True), st.floats(0.1, 1000), st.floats(-100, 100), st.booleans())
@settings(max_examples=50, deadline=None)
def test_units_and_origin_of_a_variable_do_not_matter(
    table: pd.DataFrame, scale: float, shift: float, turn: bool
) -> None:
    other = table.copy()
    other["v0"] = other["v0"] * (-scale if turn else scale) + shift
    one, two = (nearest(t, "00000", 3) for t in (table, other))
    assert list(one.peers.index) == list(two.peers.index)
    assert one.peers["raw"].to_numpy() == pytest.approx(two.peers["raw"].to_numpy())
    assert one.peers["stays"].tolist() == two.peers["stays"].tolist()


@given(tables(missing=True), st.integers(0, 1000))
@settings(max_examples=50, deadline=None)
def test_the_order_of_rows_and_columns_does_not_matter(table: pd.DataFrame, seed: int) -> None:
    rng = np.random.default_rng(seed)
    mixed = table.iloc[rng.permutation(len(table)), rng.permutation(table.shape[1])]
    one, two = (nearest(t, "00000", 3) for t in (table, mixed))
    pd.testing.assert_frame_equal(one.peers, two.peers)
    assert one.left_out == two.left_out


@given(tables(missing=True))
@settings(max_examples=50, deadline=None)
def test_raw_distances_are_symmetric_and_rebased_ones_end_at_one(table: pd.DataFrame) -> None:
    for ags in nearest(table, "00000", len(table)).peers.index:
        there = nearest(table, "00000", len(table)).peers["raw"][ags]
        assert nearest(table, str(ags), len(table)).peers["raw"]["00000"] == pytest.approx(there)
    distance = nearest(table, "00000", 1).distance
    assert distance.is_monotonic_increasing
    assert distance.empty or distance.iloc[-1] == pytest.approx(1)


@given(tables())
@settings(max_examples=50, deadline=None)
def test_the_triangle_holds_where_nothing_is_missing(table: pd.DataFrame) -> None:
    raw = {ags: nearest(table, ags, len(table)).peers["raw"] for ags in table.index[:3]}
    a, b, c = table.index[:3]
    assert raw[a][c] <= raw[a][b] + raw[b][c] + 1e-9


@given(tables(missing=True))
@settings(max_examples=50, deadline=None)
def test_every_variable_twice_changes_no_rebased_distance(table: pd.DataFrame) -> None:
    twice = table.join(table.add_suffix("_again"))
    pd.testing.assert_series_equal(nearest(twice, "00000", 3).distance, nearest(table, "00000", 3).distance)


@given(tables())
@settings(max_examples=50, deadline=None)
def test_a_variable_without_spread_changes_nothing(table: pd.DataFrame) -> None:
    one, two = (nearest(t, "00000", 3) for t in (table, table.assign(same=7.3)))
    pd.testing.assert_frame_equal(one.peers, two.peers)
    assert two.constant == ["same"]


@given(tables(missing=True), st.integers(1, 8))
@settings(max_examples=50, deadline=None)
def test_more_neighbours_only_add_to_the_group(table: pd.DataFrame, n: int) -> None:
    assert ordered(table, n) == ordered(table, n + 1)[:n]
    found = nearest(table, "00000", n)
    assert len(found.peers) == min(n, len(table) - 1 - len(found.left_out))
    assert found.peers["stays"].between(0, found.repeats).all()


@given(tables(), st.integers(1, 3))
@settings(max_examples=50, deadline=None)
def test_stays_counts_groups_formed_anew(table: pd.DataFrame, n: int) -> None:
    found = nearest(table, "00000", n)
    groups = [ordered(table.drop(columns=name), n) for name in table]
    assert found.peers["stays"].to_dict() == {ags: sum(ags in group for group in groups) for ags in found.peers.index}


@given(tables())
@settings(max_examples=50, deadline=None)
def test_the_variable_of_the_largest_difference(table: pd.DataFrame) -> None:
    found = nearest(table, "00000", 2)
    for ags, name in found.peers["apart"].items():
        assert abs(found.differences.at[ags, name]) == found.differences.loc[ags].abs().max()
