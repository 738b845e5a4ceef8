"""Correlations against scipy and the printed ones of the Technology Achievement Index."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import pearsonr, spearmanr
from studies import facts, index_of

from helpers.analysis.audit import Audit, audit
from helpers.analysis.audit.correlation import pairs, size_bias
from helpers.analysis.index import INHERITED


def audit_of(universe: str) -> Audit:
    index = index_of(universe)
    population = facts().places["population"]
    return audit(
        index.universe.index, index.raw, index.normalised, inherited=index.basis == INHERITED, population=population
    )


def test_table_6_of_the_handbook(shared_dir: Path) -> None:
    """Table A.2 is printed with few decimals: three pairs can be met only nearly, one of them to 0.018 (0.56 against 0.542)."""
    printed = json.loads((shared_dir / "oracles/tai_handbook.json").read_text())["table_6_correlation"]
    data = pd.read_csv(shared_dir / "oracles/tai_input_table_A2.csv", index_col="country")
    found = pairs(data, dict.fromkeys(data.columns, "index")).set_index(["first", "second"])["pearson"]
    names = printed["indicators"]
    differences = {
        (first, second): abs(r - printed["matrix"][names.index(first)][names.index(second)])
        for (first, second), r in found.items()
    }
    beyond = {pair: round(difference, 3) for pair, difference in differences.items() if difference > 0.005 + 1e-9}
    assert beyond == {
        ("ROYALTIES", "TELEPHONES"): 0.018,
        ("ELECTRICITY", "SCHOOLING"): 0.007,
        ("ELECTRICITY", "UNIVERSITY"): 0.005,
    }


def test_every_pair_is_that_of_scipy_over_the_units_present_in_both() -> None:
    rng = np.random.default_rng(3)
    data = pd.DataFrame(rng.normal(size=(40, 4)).round(1), columns=list("abcd"))
    data = data.mask(rng.random(data.shape) < 0.2)
    found = pairs(data, {"a": "one", "b": "one", "c": "two", "d": "two"})
    assert len(found) == 6
    for row in found.itertuples():
        both = data[[row.first, row.second]].dropna()
        assert row.n == len(both) < 40
        assert row.pearson == pytest.approx(pearsonr(*both.to_numpy().T).statistic, abs=1e-12)
        assert row.spearman == pytest.approx(spearmanr(*both.to_numpy().T).statistic, abs=1e-12)
        assert row.same_domain == ({row.first, row.second} in ({"a", "b"}, {"c", "d"}))


def test_flags_and_reasons_of_pairs() -> None:
    x = np.arange(6.0)
    data = pd.DataFrame({"x": x, "twin": x**1.1, "against": -(x**2), "flat": 1.0, "empty": np.nan})
    found = pairs(data, {"x": "one", "twin": "two", "against": "one", "flat": "one", "empty": "two"})
    found = found.set_index(["first", "second"])
    assert found.loc[("x", "twin"), "flag"] == "redundant"
    assert found.loc[("x", "against"), "flag"] == "negative_within"
    assert found.loc[("twin", "against"), "flag"] == ""  # negative, but across domains
    assert found.loc[("x", "flat"), ["flag", "reason"]].tolist() == ["", "constant"]
    assert found.loc[("x", "empty"), "reason"] == "no_values"
    assert (found["pearson"].isna() == (found["reason"] != "")).all()
    two = pairs(data[["x", "twin"]].head(2), {"x": "one", "twin": "two"})
    assert two["reason"].tolist() == ["too_few_units"] and two["pearson"].isna().all()


@pytest.mark.parametrize("universe", ["ruhr", "cities", "districts"])
def test_belonging_is_recomputed_from_the_index(universe: str) -> None:
    index, table = index_of(universe), audit_of(universe).belonging
    for domain in index.universe.domains:
        for ref in domain.indicators:
            row, column = table.loc[ref.id], index.normalised[ref.id]
            both = column.notna() & index.domains[domain.id].notna()
            own = spearmanr(column[both], index.domains.loc[both, domain.id]).statistic
            assert row["domain_spearman"] == pytest.approx(own, abs=1e-9)
            r = {name: column.corr(index.domains[name]) for name in index.domains}
            assert row["domain_pearson"] == pytest.approx(r.pop(domain.id), abs=1e-9)
            assert row["other"] == max(r, key=lambda name: r[name])
            assert row["other_pearson"] == pytest.approx(max(r.values()), abs=1e-9)
            assert row["index_pearson"] == pytest.approx(column.corr(index.score), abs=1e-9)
            # All weights in a domain are 1: the domain without the indicator is the mean of the others.
            others = index.normalised[[other.id for other in domain.indicators if other is not ref]].mean(axis=1)
            assert row["domain_rest_pearson"] == pytest.approx(column.corr(others), abs=1e-9)


def test_what_the_correlations_say_about_our_indices() -> None:
    tables = {universe: audit_of(universe) for universe in ("ruhr", "cities", "districts")}
    flagged = {
        universe: {name: (row.other, row.flag) for name, row in found.belonging.iterrows() if row.flag}
        for universe, found in tables.items()
    }
    assert flagged == {
        "ruhr": {"business_services_share": ("employment", "higher_with_other_domain")},
        "cities": {},
        "districts": {"gigabit_firms": ("infrastructure", "higher_with_other_domain")},
    }
    for found in tables.values():
        assert not found.pairs["flag"].str.contains("negative_within").any()
        assert (found.belonging["domain_rest_pearson"] > 0).all()
    redundant = {
        universe: [(row.first, row.second) for row in found.pairs.itertuples() if "redundant" in row.flag]
        for universe, found in tables.items()
    }
    assert redundant == {"ruhr": [], "cities": [], "districts": [("gigabit_households_bba", "gigabit_firms")]}
    negative = {
        universe: [(row.first, row.second) for row in found.domain_pairs.itertuples() if row.flag]
        for universe, found in tables.items()
    }
    assert negative == {
        "ruhr": [("infrastructure", "research"), ("infrastructure", "employment")],
        "cities": [("infrastructure", "research")],
        "districts": [],
    }


@pytest.mark.parametrize("universe", ["ruhr", "cities", "districts"])
def test_size_bias_is_that_of_scipy(universe: str) -> None:
    index, table = index_of(universe), audit_of(universe).size
    assert table is not None
    people = facts().places.loc[index.score.index, "population"].astype(float)
    assert table.loc["index", "spearman"] == pytest.approx(spearmanr(people, index.score).statistic, abs=1e-9)
    assert table.loc["index", "pearson_log"] == pytest.approx(pearsonr(np.log(people), index.score).statistic, abs=1e-9)
    assert table["reason"].eq("").all()


def test_units_without_a_population_are_left_out() -> None:
    values = pd.DataFrame({"x": [1.0, 2, 3, 4, 9]}, index=list("abcde"))
    table = size_bias(values, pd.Series({"a": 10, "b": 20, "c": 30, "d": 0, "f": 7}))
    assert table.loc["x", "n"] == 3
    assert table.loc["x", "spearman"] == 1
    assert size_bias(values, pd.Series({"a": 10, "b": 20})).loc["x", "reason"] == "too_few_units"
    assert size_bias(values, pd.Series(5.0, values.index)).loc["x", "reason"] == "constant"
