"""The Technology Achievement Index as printed in the Handbook of OECD and JRC (2008): 23 countries, 8 indicators.

The tables are printed with two decimals, and so are the data (table A.2): where a table can only be met to its print,
the test says so.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from helpers.analysis.construction import Construction, construct
from helpers.analysis.crosschecks import benefit_of_the_doubt
from helpers.analysis.normalisation import normalise
from helpers.data.definition import IndexDefinition, Indicator, Normalisation


@pytest.fixture(scope="module")
def printed(shared_dir: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((shared_dir / "oracles" / "tai_handbook.json").read_text(encoding="utf-8"))
    return content


@pytest.fixture(scope="module")
def data(shared_dir: Path) -> pd.DataFrame:
    return pd.read_csv(shared_dir / "oracles" / "tai_input_table_A2.csv", index_col="country")


def tai(printed: dict[str, Any], data: pd.DataFrame, weights: dict[str, float] | None = None) -> Construction:
    posts = printed["goalposts_HDR2001"]["values"]
    tree = tuple(
        Indicator(indicator=name, goalposts=posts[name], weight=(weights or {}).get(name, 1.0)) for name in data
    )
    method = Normalisation(method="goalposts", range=(0, 1))
    return construct(data, IndexDefinition(tree=tree, normalisation=method))


def test_scores_and_ranks_with_the_goalposts_of_2001(
    printed: dict[str, Any], data: pd.DataFrame, shared_dir: Path
) -> None:
    made = tai(printed, data)
    normalised = pd.read_csv(shared_dir / "oracles" / "tai_normalised_goalposts.csv", index_col="country")
    np.testing.assert_allclose(made.normalised, normalised, atol=1e-6)
    np.testing.assert_allclose(made.score, pd.Series(printed["tai_recomputed"])[made.score.index], atol=1e-6)
    un = pd.Series(printed["tai_2001_two_decimals"], dtype=float).dropna()
    # Two decimals, and inputs of two decimals: to the print, and one unit of it.
    assert (made.score[un.index].round(2) - un).abs().max() < 0.0101
    assert made.rank.to_dict() == {country: ranks["EW"] for country, ranks in printed["table_23_ranks"].items()}


@pytest.mark.parametrize(("name", "moved"), [("FA", 4), ("BAP", 0), ("AHP", 3)])
def test_ranks_under_other_weights(printed: dict[str, Any], data: pd.DataFrame, name: str, moved: int) -> None:
    """Weights of table 22 have two decimals: the ranks of a few neighbours cannot be met by them."""
    table = printed["table_22_weights"]
    made = tai(printed, data, dict(zip(table["indicators"], table[name], strict=True)))
    difference = (made.rank - pd.Series({c: ranks[name] for c, ranks in printed["table_23_ranks"].items()})).abs()
    assert int((difference > 0).sum()) == moved
    assert difference.max() <= 2


def schooling(data: pd.DataFrame, printed: dict[str, Any], method: str) -> np.ndarray[Any, np.dtype[np.float64]]:
    column = data.loc[printed["table_15_schooling"]["countries"], ["SCHOOLING"]].to_numpy()
    return normalise(column, Normalisation.model_validate({"method": method, "range": [0, 1]}))[:, 0]


def test_normalised_years_of_schooling(printed: dict[str, Any], data: pd.DataFrame) -> None:
    """Table 15; ratios to mean, best and worst are not among the methods here. All to the print of two decimals."""
    table = printed["table_15_schooling"]
    assert np.abs(schooling(data, printed, "z_score") - table["zscore"]).max() < 0.005
    assert np.abs(schooling(data, printed, "min_max") - table["minmax"]).max() < 0.005
    assert np.abs(schooling(data, printed, "distance_to_maximum") - table["minmax"]).max() < 0.005
    assert schooling(data, printed, "rank").tolist() == table["rank_high_is_top"]
    assert (schooling(data, printed, "borda") + 1).tolist() == table["rank_high_is_top"]
    # The Handbook prints rank / n in per cent, we (as COINr) take (rank - 1) / (n - 1).
    percentile = (schooling(data, printed, "percentile") * 22 + 1) / 23 * 100
    assert np.abs(percentile - table["percentile"]).max() < 0.05


def test_benefit_of_the_doubt(printed: dict[str, Any], data: pd.DataFrame) -> None:
    scaled = normalise(data.to_numpy(), Normalisation(range=(0, 1)))
    bounded = pd.Series(benefit_of_the_doubt(scaled, (0.10, 0.15)), index=data.index)
    table = printed["table_19_bod"]
    np.testing.assert_allclose(bounded, pd.Series(table["recomputed_10_15"])[data.index], atol=1e-6)
    # Data of two decimals: the print of two decimals is met to 0.01.
    assert (bounded - pd.Series(table["CI"])).abs().max() < 0.01
    free = pd.Series(benefit_of_the_doubt(scaled, (0.0, 1.0)), index=data.index)
    np.testing.assert_allclose(free, pd.Series(table["recomputed_unrestricted"])[data.index], atol=1e-6)


def test_copeland_of_five_countries(printed: dict[str, Any], data: pd.DataFrame) -> None:
    """The outranking matrix of table 36 gives the scores; two columns of table 35 have three decimals."""
    table = printed["table_36_outranking_5"]
    five = data.loc[table["countries"]].copy()
    for name in ("TELEPHONES", "ELECTRICITY"):
        five[name] = printed["table_35_exact_5_countries"][name]
    tree = tuple(Indicator(indicator=name) for name in five)
    copeland = IndexDefinition(tree=tree, normalisation=Normalisation(method="none"), aggregation="copeland")
    matrix = np.array(table["matrix"])
    expected = np.sign(matrix - matrix.T).sum(axis=1)
    np.testing.assert_array_equal(construct(five, copeland).score, expected)


@pytest.mark.parametrize("name", ["table_25", "table_28", "table_31"])
def test_borda_and_copeland_of_votes(printed: dict[str, Any], name: str) -> None:
    """Profiles of preferences (social choice): each kind of ballot is an indicator, weighted by its voters."""
    case = printed["social_choice"][name]
    options = sorted(case["borda"])
    ballots = {f"v{i}": [-order.index(option) for option in options] for i, (_, order) in enumerate(case["profiles"])}
    raw = pd.DataFrame(ballots, index=options)
    voters = [count for count, _ in case["profiles"]]
    tree = tuple(Indicator(indicator=name, weight=count) for name, count in zip(raw, voters, strict=True))
    borda = construct(raw, IndexDefinition(tree=tree, normalisation=Normalisation(method="borda"))).score
    assert (borda * sum(voters)).round(9).to_dict() == case["borda"]
    if "outranking" in case:
        matrix = np.array(case["outranking"])
        rule = IndexDefinition(tree=tree, normalisation=Normalisation(method="none"), aggregation="copeland")
        np.testing.assert_array_equal(construct(raw, rule).score, np.sign(matrix - matrix.T).sum(axis=1))


def test_geometric_means_of_raw_values(printed: dict[str, Any], data: pd.DataFrame) -> None:
    """Table 38, column GME: the geometric mean of the data themselves."""
    tree = tuple(Indicator(indicator=name) for name in data)
    rule = IndexDefinition(tree=tree, normalisation=Normalisation(method="none"), aggregation="geometric")
    assert construct(data, rule).rank.to_dict() == {c: ranks["GME"] for c, ranks in printed["table_38_ranks"].items()}
