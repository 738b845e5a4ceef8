"""The Human Development Index of 1990 to 2022 as the index engine computes it from its definition (UNDP 2024)."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from helpers.analysis.construction import construct
from helpers.data.definition import IndexDefinition

HDI = IndexDefinition.model_validate(
    {
        "tree": [
            {"indicator": "life_expectancy", "goalposts": [20, 85]},
            {
                "id": "education",
                "children": [
                    {"indicator": "expected_schooling", "goalposts": [0, 18]},
                    {"indicator": "mean_schooling", "goalposts": [0, 15]},
                ],
            },
            # The logarithm of income is an indicator of its own: its goalposts are logarithms too.
            {"indicator": "log_income", "goalposts": [float(np.log(100)), float(np.log(75_000))]},
        ],
        "normalisation": {"method": "goalposts", "range": [0, 1]},
        "aggregation": ["arithmetic", "geometric"],
        "minimum_share": 1,
    }
)


@pytest.fixture(scope="module")
def published(shared_dir: Path) -> pd.DataFrame:
    table = pd.read_csv(shared_dir / "oracles" / "hdi_1990_2022.csv")
    table["log_income"] = np.log(table["gni_per_capita"])
    return table.set_index(table["country"] + " " + table["year"].astype(str))


def test_the_human_development_index_is_reproduced(published: pd.DataFrame) -> None:
    score = construct(published, HDI).score
    assert len(score) == 5_808
    assert not score.isna().any()
    assert (score - published["hdi_published"]).abs().max() < 0.0005 + 1e-6
    other = score.index[(score.round(3) - published["hdi_published"]).abs() > 1e-9]
    # 0.6775 but for the rounding of the inputs as they are published: the print is on the other side.
    assert other.tolist() == ["Colombia 1999"]


def test_goalposts_make_the_score_of_a_country_independent_of_the_others(published: pd.DataFrame) -> None:
    every = construct(published, HDI).score
    some = published.iloc[::50]
    np.testing.assert_array_equal(construct(some, HDI).score, every[some.index])


def test_ranks_of_2022_agree_where_the_printed_values_tell_countries_apart(
    shared_dir: Path, published: pd.DataFrame
) -> None:
    """UNDP ranks by unrounded values that it does not print; ties of the print share the lowest number here."""
    year = published[published["year"] == 2022].set_index("iso3")
    ranks = construct(year, HDI).rank
    printed = pd.read_csv(shared_dir / "oracles" / "hdi_2022_ranks.csv").dropna(subset="hdi_rank_2022")
    both = printed.set_index("iso3")["hdi_rank_2022"].astype(int)
    both = both[both.index.isin(ranks.index)]
    difference = (ranks.reindex(both.index) - both).abs()
    assert len(both) > 150
    assert difference.max() <= 2
