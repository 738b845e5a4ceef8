"""Ranks without one part, each recomputed by hand; the moves of Bochum that the report prints."""

import numpy as np
import pandas as pd
import pytest
from studies import index_of

from helpers.analysis.audit.leave_one_out import leave_one_out
from helpers.data.definition import Group, IndexDefinition, Indicator


def flat(*names: str) -> IndexDefinition:
    return IndexDefinition(tree=tuple(Indicator(indicator=name) for name in names))


@pytest.mark.parametrize("universe", ["ruhr", "cities", "districts"])
def test_every_variant_is_the_mean_of_what_is_left(universe: str) -> None:
    """All weights of our universes are equal, so that plain means of pandas recompute them."""
    index = index_of(universe)
    found = leave_one_out(index.universe.index, index.normalised)
    domains = {domain.id: [ref.id for ref in domain.indicators] for domain in index.universe.domains}
    assert list(found.parts.index) == [*index.normalised.columns, *domains]
    for part in found.parts.index:
        left = {name: [leaf for leaf in leaves if leaf != part] for name, leaves in domains.items() if name != part}
        means = pd.DataFrame({name: index.normalised[leaves].mean(axis=1) for name, leaves in left.items()})
        ranks = means.mean(axis=1).round(9).rank(ascending=False, method="min").astype(int)
        assert (found.ranks[part] == ranks).all()
        shift = (ranks - index.rank.astype(int)).abs()
        assert found.parts.loc[part, "mean_absolute_shift"] == pytest.approx(shift.mean())
        assert found.parts.loc[part, "largest_shift"] == shift.max()
    assert (index.rank == found.before.T).all(axis=None)


@pytest.mark.parametrize(
    ("universe", "ags", "rank", "moves"),
    [
        ("ruhr", "05911000", 1, {"research": 3, "employment": 3, "gigabit_firms": 2}),
        ("cities", "05911000", 35, {"employment": 25, "patents_rate": 29, "gigabit_firms": 40}),
        ("districts", "05911", 39, {"students_rate": 49, "patents_rate": 30, "employment": 32}),
    ],
)
def test_the_largest_moves_of_bochum(universe: str, ags: str, rank: int, moves: dict[str, int]) -> None:
    index = index_of(universe)
    table = leave_one_out(index.universe.index, index.normalised).of(ags)
    assert (table["rank"] == rank).all()
    assert table.loc[list(moves), "without"].to_dict() == moves
    assert (table["shift"] == table["without"] - table["rank"]).all()
    if universe == "ruhr":
        assert (table["shift"].drop(list(moves)) == 0).all()


def test_weights_of_the_others_keep_their_proportions() -> None:
    definition = IndexDefinition(
        tree=(
            Group(id="g", weight=2, children=(Indicator(indicator="a", weight=3), Indicator(indicator="b"))),
            Group(id="h", children=(Indicator(indicator="c"),)),
        )
    )
    values = pd.DataFrame({"a": [0.0, 10, 4], "b": [8.0, 0, 4], "c": [9.0, 3, 0]}, index=list("xyz"))
    groups = leave_one_out(definition, values).groups
    whole = (2 * (3 * values["a"] + values["b"]) / 4 + values["c"]) / 3
    assert groups["index"]["index"].tolist() == pytest.approx(whole.tolist())
    assert groups["index"]["a"].tolist() == pytest.approx(((2 * values["b"] + values["c"]) / 3).tolist())
    # The only indicator of a domain takes the domain with it.
    assert groups["index"]["c"].tolist() == groups["index"]["h"].tolist() == groups["g"]["c"].tolist()


def test_a_unit_with_nothing_else_drops_out_of_both_ranks() -> None:
    values = pd.DataFrame({"a": [9.0, 5, 1], "b": [np.nan, 1.0, 3]}, index=list("xyz"))
    found = leave_one_out(flat("a", "b"), values)
    assert found.ranks["a"].isna().tolist() == [True, False, False]
    assert found.before["a"].dropna().tolist() == [1, 2]  # y before z, among the two that are left
    assert found.ranks["a"].dropna().tolist() == [2, 1]
    assert found.parts.loc["a", ["units", "mean_absolute_shift"]].tolist() == [2, 1.0]


def test_one_indicator_leaves_nothing() -> None:
    found = leave_one_out(flat("a"), pd.DataFrame({"a": [1.0, 2]}))
    assert found.parts.loc["a", ["units", "reason"]].tolist() == [0, "nothing_left"]
    assert found.ranks["a"].isna().all()
    assert np.isnan(found.parts.loc["a", "mean_absolute_shift"])
