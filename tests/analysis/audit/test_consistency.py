"""Cronbach's alpha against the printed Table 11 of the Handbook and the analytic case of two indicators."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from studies import index_of

from helpers.analysis.audit.consistency import after_deleting, consistency


def test_table_11_of_the_handbook(shared_dir: Path) -> None:
    """Printed to three decimals from data of more decimals than Table A.2 has: alpha is met to 0.0015, the correlation
    with the sum of the others to 0.006; alpha of all is printed as 0.70.
    """
    printed = json.loads((shared_dir / "oracles/tai_handbook.json").read_text())["table_11_cronbach"]
    data = pd.read_csv(shared_dir / "oracles/tai_input_table_A2.csv", index_col="country")
    whole = consistency(data, {"index": list(data.columns)}).loc["index"]
    assert round(whole["standardised"], 2) == printed["overall_standardised"]
    assert (whole["n"], whole["indicators"]) == (23, 8)
    found = after_deleting(data, {"index": list(data.columns)}).set_index("indicator")
    table = pd.DataFrame(printed["after_deleting"]).T
    assert found["standardised"].to_numpy() == pytest.approx(table["alpha"].to_numpy(), abs=0.0015)
    assert found["with_rest"].to_numpy() == pytest.approx(table["corr_with_total"].to_numpy(), abs=0.006)


def test_two_indicators_follow_spearman_and_brown() -> None:
    data = pd.DataFrame(np.random.default_rng(5).normal(size=(30, 2)), columns=["a", "b"])
    data["b"] += data["a"]
    r = data["a"].corr(data["b"])
    assert consistency(data, {"g": ["a", "b"]}).loc["g", "standardised"] == pytest.approx(2 * r / (1 + r), abs=1e-12)
    alone = after_deleting(data, {"g": ["a", "b"]})
    assert alone["reason"].tolist() == ["one_indicator"] * 2
    assert alone["with_rest"].to_numpy() == pytest.approx([r, r], abs=1e-12)


@pytest.mark.parametrize("universe", ["ruhr", "cities", "districts"])
def test_alpha_of_our_domains_by_the_textbook_formula(universe: str) -> None:
    index = index_of(universe)
    groups = {domain.id: [ref.id for ref in domain.indicators] for domain in index.universe.domains}
    groups["index"] = list(index.normalised.columns)
    found = consistency(index.normalised, groups)
    for group, names in groups.items():
        rows = index.normalised[names].dropna()
        k = len(names)
        by_variances = k / (k - 1) * (1 - rows.var().sum() / rows.sum(axis=1).var())
        mean_r = (rows.corr().to_numpy().sum() - k) / (k * (k - 1))
        assert found.loc[group, "alpha"] == pytest.approx(by_variances, abs=1e-9)
        assert found.loc[group, "standardised"] == pytest.approx(k * mean_r / (1 + (k - 1) * mean_r), abs=1e-9)


def test_alpha_of_our_domains() -> None:
    """As printed in the report: only employment passes the 0.7 of Nunnally (1978)."""
    order = ["index", "infrastructure", "research", "employment", "companies"]
    expected = {
        "ruhr": [0.65, 0.44, 0.39, 0.80, 0.51],
        "cities": [0.75, 0.40, 0.33, 0.86, 0.60],
        "districts": [0.86, 0.66, 0.21, 0.90, 0.58],
    }
    for universe, alphas in expected.items():
        index = index_of(universe)
        groups = {domain.id: [ref.id for ref in domain.indicators] for domain in index.universe.domains}
        found = consistency(index.normalised, {"index": list(index.normalised.columns)} | groups)
        assert found.loc[order, "standardised"].round(2).tolist() == alphas


def test_what_cannot_be_computed_is_named() -> None:
    x = np.arange(8.0)
    data = pd.DataFrame({"x": x, "y": x**2, "against": -x, "flat": 1.0, "empty": np.nan})
    data["gaps"] = np.where(x < 6, np.nan, x)
    groups = {
        "with_flat": ["x", "y", "flat"],
        "one": ["x"],
        "one_left": ["x", "flat"],
        "nothing": ["empty"],
        "only_flat": ["flat"],
        "few": ["x", "gaps"],
        "cancel": ["x", "against"],
    }
    found = consistency(data, groups)
    assert found.loc["with_flat", ["indicators", "left_out", "reason"]].tolist() == [2, "flat", ""]
    assert found["reason"].to_dict() == {
        "with_flat": "",
        "one": "one_indicator",
        "one_left": "one_indicator",
        "nothing": "no_values",
        "only_flat": "constant",
        "few": "too_few_units",
        "cancel": "cancel_out",
    }
    assert (found["alpha"].isna() == (found["reason"] != "")).all()
    deleted = after_deleting(data, groups).set_index(["group", "indicator"])
    assert deleted.loc[("with_flat", "flat"), "reason"] == "constant"
    assert (deleted["alpha"].isna() <= (deleted["reason"] != "")).all()


def test_fewer_complete_units_than_indicators() -> None:
    data = pd.DataFrame(np.random.default_rng(1).normal(size=(4, 5)), columns=list("abcde"))
    assert consistency(data, {"g": list("abcde")}).loc["g", "reason"] == "fewer_complete_units_than_indicators"
