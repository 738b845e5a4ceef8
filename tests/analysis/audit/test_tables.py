"""The audit as a whole: whatever comes in, every table comes out, and what is missing in it has a reason."""

import numpy as np
import pandas as pd
import pytest

from helpers.analysis.audit import audit
from helpers.data.definition import Group, IndexDefinition, Indicator

DEFINITION = IndexDefinition(
    tree=(
        Group(id="g", children=(Indicator(indicator="a"), Indicator(indicator="b"))),
        Group(id="h", children=(Indicator(indicator="c"), Indicator(indicator="d"))),
    )
)
GOOD = pd.DataFrame(np.random.default_rng(4).random((9, 4)), columns=list("abcd"))


@pytest.mark.parametrize(
    "values",
    [
        GOOD,
        GOOD.assign(b=1.0),
        GOOD.assign(b=np.nan),
        GOOD.assign(a=np.nan, b=np.nan),
        GOOD.assign(a=5.0, b=5.0, c=5.0, d=5.0),
        GOOD.assign(b=GOOD["a"]),
        GOOD.head(3),
        GOOD.head(2),
        GOOD.head(1),
        GOOD.head(0),
    ],
    ids=["good", "constant", "empty column", "empty domain", "all constant", "twins", "three", "two", "one", "none"],
)
def test_nothing_crashes_and_every_gap_has_a_reason(values: pd.DataFrame) -> None:
    found = audit(DEFINITION, values, values, population=pd.Series(range(1, 10)))
    tables = found.tables()
    assert len(tables) == 13
    keys = {
        "correlations": "pearson",
        "correlations_of_domains": "pearson",
        "belonging": "index_pearson",
        "consistency": "standardised",
        "consistency_after_deleting": "standardised",
        "influence": "smooth",
        "leave_one_out": "mean_absolute_shift",
        "size_bias": "spearman",
    }
    for name, column in keys.items():
        table = tables[name]
        assert (table[column].isna() == (table["reason"] != "")).all(), name
    assert found.components.eigenvalues.empty == (found.components.reason != "")
    assert not any(np.isinf(table.select_dtypes("number").astype(float)).any(axis=None) for table in tables.values())


def test_a_flat_index_has_no_domains() -> None:
    definition = IndexDefinition(tree=tuple(Indicator(indicator=name) for name in "abcd"))
    found = audit(definition, GOOD, GOOD)
    assert found.domain_pairs.empty
    assert set(found.belonging["domain"]) == {"index"} and set(found.belonging["other"]) == {""}
    assert found.pairs["same_domain"].all()
    assert list(found.consistency.index) == ["index"]
    assert found.size is None and "size_bias" not in found.tables()


def test_columns_are_taken_by_name_and_what_lacks_is_an_error() -> None:
    shuffled = GOOD[["d", "b", "a", "c"]].assign(more=1.0)
    assert audit(DEFINITION, shuffled, shuffled).influence.equals(audit(DEFINITION, GOOD, GOOD).influence)
    with pytest.raises(ValueError, match="raw values lack the indicators b, d"):
        audit(DEFINITION, GOOD[["a", "c"]], GOOD)
    with pytest.raises(ValueError, match="units of the raw values"):
        audit(DEFINITION, GOOD.head(5), GOOD)
    with pytest.raises(ValueError, match="each unit once"):
        audit(DEFINITION, GOOD.loc[[0, 0, 1]], GOOD.loc[[0, 1]])


def test_what_was_left_out_of_the_index_has_no_weight_and_the_others_share_it() -> None:
    found = audit(DEFINITION, GOOD, GOOD.drop(index=8, columns="b"))
    assert found.influence["weight"].to_dict() == {"a": 0.5, "b": 0.0, "c": 0.25, "d": 0.25}
    assert found.statistics.loc["b", "n"] == 9  # its raw values are described all the same
    assert list(found.leave_one_out.parts.index) == ["a", "c", "d", "g", "h"]
    assert found.leave_one_out.ranks.loc[8].isna().all()
    index = (GOOD["a"] + (GOOD["c"] + GOOD["d"]) / 2) / 2
    assert found.leave_one_out.groups["index"]["index"].drop(8).tolist() == pytest.approx(index.drop(8).tolist())


def test_a_minimum_share_counts_only_what_is_in_the_index() -> None:
    """Half of g is left out: what remains is all of it, not half of it."""
    strict = DEFINITION.model_copy(update={"minimum_share": 0.9})
    found = audit(strict, GOOD, GOOD.drop(columns="b"))
    assert found.leave_one_out.groups["index"]["index"].notna().all()
    # Without a, g is empty: a missing child of the index, which then has one of two.
    assert found.leave_one_out.parts["units"].to_dict() == {"a": 0, "c": 9, "d": 9, "g": 9, "h": 9}
