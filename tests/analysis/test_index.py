"""The index: against the published reference, recomputed by hand, and by its properties."""

import csv
import math
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal, assert_series_equal
from studies import facts, index_of

from helpers.analysis.index import compute_index, normalise_min_max, rank_descending, weighted_mean
from helpers.data.universe import load_universe
from helpers.parameters import DATA_DIR, universe_places

UNIVERSES = ("ruhr", "cities", "districts")
NUMBERS = st.floats(-1e9, 1e9, allow_nan=False)
VALUES = st.lists(NUMBERS | st.just(math.nan), min_size=1, max_size=12).map(lambda v: pd.Series(v, dtype=float))


# The reference figures were computed elsewhere, from the same definitions, and handed over with the facts.


@pytest.mark.parametrize(
    ("universe", "ags", "score"),
    [
        ("ruhr", "05911000", 59.7),
        ("ruhr", "05113000", 56.4),
        ("ruhr", "05913000", 55.4),
        ("ruhr", "05117000", 47.8),
        ("ruhr", "05914000", 47.3),
        ("ruhr", "05513000", 46.2),
        ("cities", "09162000", 71.1),
        ("cities", "09562000", 67.2),
        ("cities", "02000000", 64.4),
        ("cities", "05315000", 61.5),
        ("cities", "06411000", 61.2),
        ("cities", "05111000", 55.1),
        ("cities", "05911000", 43.0),
        ("districts", "09162", 67.2),
        ("districts", "09562", 67.2),
        ("districts", "02000", 62.0),
        ("districts", "09184", 61.0),
        ("districts", "05911", 44.7),
    ],
)
def test_scores_are_those_of_the_reference(universe: str, ags: str, score: float) -> None:
    assert round(index_of(universe).score[ags], 1) == score


@pytest.mark.parametrize(
    ("universe", "ags", "rank", "of"),
    [("ruhr", "05911000", 1, 53), ("cities", "05911000", 35, 83), ("districts", "05911", 39, 400)],
)
def test_bochum_has_the_ranks_of_the_reference(universe: str, ags: str, rank: int, of: int) -> None:
    assert index_of(universe).rank[ags] == rank
    assert index_of(universe).rank.notna().sum() == of


def test_the_first_places_stand_in_the_order_of_the_reference() -> None:
    assert index_of("ruhr").rank.nsmallest(6).index.tolist() == [
        "05911000", "05113000", "05913000", "05117000", "05914000", "05513000",
    ]  # fmt: skip
    assert index_of("cities").rank.nsmallest(5).index.tolist() == [
        "09162000", "09562000", "02000000", "05315000", "06411000",
    ]  # fmt: skip


def test_the_mean_of_the_ruhr_is_that_of_the_reference() -> None:
    assert round(index_of("ruhr").score.mean(), 1) == 31.4


@pytest.mark.parametrize(("universe", "missing"), [("ruhr", 0), ("cities", 1), ("districts", 28)])
def test_the_number_of_missing_cells_is_that_of_the_reference(universe: str, missing: int) -> None:
    assert int(index_of(universe).raw.isna().to_numpy().sum()) == missing
    assert int((index_of(universe).basis == "missing").to_numpy().sum()) == missing


def test_five_of_the_seven_pioneers_are_among_the_first_nine() -> None:
    pioneers = facts().digital_index_ruhr.query("topic == 'above_ruhr_average'")["ags"].unique()
    assert len(pioneers) == 7
    assert int((index_of("ruhr").rank[pioneers] <= 9).sum()) == 5


# The same once more with nothing but lists and dictionaries.


def _rows(file: str) -> list[dict[str, str]]:
    with (DATA_DIR / file).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _by_hand(universe: str) -> dict[str, float]:
    """The score of each place, written down from the definition."""
    definition: dict[str, Any] = yaml.safe_load((DATA_DIR / f"universes/{universe}.yml").read_text(encoding="utf-8"))
    member = definition["member"]
    places = [
        row
        for row in _rows("places.csv")
        if row["level"] == definition["level"] and (member == "all" or row[member] == "true")
    ]
    values = {
        (row["level"], row["ags"], row["indicator"], row["period"]): float(row["value"])
        for row in _rows("observations.csv")
        if row["value"]
    }
    scores: dict[str, list[float]] = {row["ags"]: [] for row in places}
    for domain in definition["index"]["tree"]:
        parts: dict[str, list[float]] = {row["ags"]: [] for row in places}
        for ref in domain["children"]:
            column = {}
            for row in places:
                ags = row["district_ags"] if ref["level"] == "district" else row["ags"]
                value = values.get((ref["level"], ags, ref["indicator"], ref["period"]))
                if value is not None and "denominator" in ref:
                    value = value / float(row[ref["denominator"]]) * ref["scale"]
                if value is not None:
                    column[row["ags"]] = value
            low, high = min(column.values()), max(column.values())
            for ags, value in column.items():
                parts[ags].append(100 * (value - low) / (high - low))
        for ags, found in parts.items():
            if found:
                scores[ags].append(sum(found) / len(found))
    return {ags: sum(found) / len(found) for ags, found in scores.items()}


@pytest.mark.parametrize("universe", UNIVERSES)
def test_the_index_agrees_with_a_calculation_by_hand(universe: str) -> None:
    by_hand = pd.Series(_by_hand(universe))
    index = index_of(universe)
    assert_series_equal(index.score.sort_index(), by_hand.sort_index(), check_names=False, rtol=1e-12)
    ranks = {ags: 1 + int((by_hand.round(9) > round(score, 9)).sum()) for ags, score in by_hand.items()}
    assert index.rank.to_dict() == ranks


def test_no_default_indicator_is_better_when_it_is_lower() -> None:
    """The calculation by hand relies on it."""
    for universe in UNIVERSES:
        for ref in load_universe(universe).indicators:
            assert facts().indicators.at[ref.key, "direction"] == "+"


@pytest.mark.parametrize("universe", UNIVERSES)
def test_every_table_has_the_places_and_columns_of_its_universe(universe: str) -> None:
    index = index_of(universe)
    places = list(universe_places(universe))
    indicators = [ref.indicator for ref in index.universe.indicators]
    for table in (index.raw, index.basis, index.normalised, index.indicator_rank):
        assert table.index.tolist() == places
        assert table.columns.tolist() == indicators
    for table in (index.domains, index.domain_rank):
        assert table.index.tolist() == places
        assert table.columns.tolist() == [domain.id for domain in index.universe.domains]
    assert index.score.index.tolist() == index.rank.index.tolist() == places
    for table in (index.normalised, index.domains, index.score.to_frame()):
        assert table.min(axis=None) >= 0 and table.max(axis=None) <= 100 + 1e-9


def test_a_district_is_never_counted_twice_nor_dependent_on_the_order_of_places() -> None:
    places = list(universe_places("ruhr"))
    turned = compute_index(facts(), load_universe("ruhr"), places[::-1])
    assert_frame_equal(turned.normalised.loc[places], index_of("ruhr").normalised)
    assert_series_equal(turned.rank.loc[places], index_of("ruhr").rank)


# Where values come from.


@pytest.mark.parametrize(
    ("universe", "ags", "indicator", "basis"),
    [
        ("ruhr", "05911000", "students_rate", "own"),
        ("ruhr", "05911000", "gigabit_households", "own"),
        ("ruhr", "05170040", "gigabit_households", "own"),
        ("ruhr", "05170040", "students_rate", "inherited"),
        ("ruhr", "05170040", "ict_employees_share", "inherited"),
        ("ruhr", "05170040", "academics_workplace", "inherited"),
        ("ruhr", "05170040", "business_services_share", "inherited"),
        ("ruhr", "05170040", "university_sites", "derived"),
        ("ruhr", "05911000", "university_sites", "derived"),
        ("cities", "03241001", "students_rate", "inherited"),
        ("cities", "05334002", "ict_employees_share", "inherited"),
        ("cities", "10041100", "academics_workplace", "inherited"),
        ("cities", "10041100", "patents_rate", "missing"),
        ("cities", "11000000", "students_rate", "own"),
        ("cities", "02000000", "patents_rate", "own"),
        ("districts", "05170", "students_rate", "own"),
        ("districts", "10041", "patents_rate", "missing"),
        ("districts", "16063", "gigabit_firms", "missing"),
    ],
)
def test_each_value_says_where_it_comes_from(universe: str, ags: str, indicator: str, basis: str) -> None:
    assert index_of(universe).basis.at[ags, indicator] == basis


def test_inherited_are_the_values_of_the_district_and_only_those() -> None:
    ruhr, districts = index_of("ruhr"), index_of("districts")
    inherited = (ruhr.basis == "inherited").sum()
    assert inherited[inherited > 0].to_dict() == dict.fromkeys(
        ["students_rate", "ict_employees_share", "academics_workplace", "business_services_share"], 42
    )
    for ags, place in universe_places("ruhr").items():
        assert ruhr.raw.at[ags, "students_rate"] == districts.raw.at[place.district_ags, "students_rate"]
    assert not (districts.basis == "inherited").any(axis=None)


def test_a_count_is_divided_by_the_inhabitants_of_the_place() -> None:
    index = index_of("ruhr")
    rows = facts().observations.query("indicator == 'university_sites' and ags == '05911000'")
    expected = rows["value"].iloc[0] / facts().places.at["05911000", "population"] * 100_000
    assert index.raw.at["05911000", "university_sites"] == pytest.approx(expected)
    assert int((index.raw["university_sites"] == 0).sum()) == 37


# Properties of the three steps.


@given(VALUES)
def test_min_max_lies_between_0_and_100_and_keeps_missing_values(values: pd.Series) -> None:
    scaled = normalise_min_max(values)
    present = values.dropna()
    if present.nunique() < 2:
        assert scaled.isna().all()
        return
    assert scaled.isna().equals(values.isna())
    assert scaled.min() == 0
    assert scaled.max() == 100
    assert scaled[values.idxmax()] == 100


@given(VALUES)
def test_min_max_keeps_the_order_and_a_direction_turns_it(values: pd.Series) -> None:
    up, down = normalise_min_max(values), normalise_min_max(values, "-")
    assert_series_equal(up + down, pd.Series(np.where(up.isna(), np.nan, 100.0)), check_names=False)
    ordered = up[values.sort_values().index].dropna()
    assert all(a <= b for a, b in pairwise(ordered))


@pytest.mark.parametrize("values", [[3.0, 3.0], [3.0], [math.nan, math.nan], [3.0, math.nan]])
def test_a_column_without_spread_says_nothing(values: list[float]) -> None:
    assert normalise_min_max(pd.Series(values)).isna().all()


@st.composite
def weighted_frames(draw: st.DrawFn) -> tuple[pd.DataFrame, dict[str, float]]:
    columns = [f"c{i}" for i in range(draw(st.integers(1, 5)))]
    cells = st.floats(0, 100) | st.just(math.nan)
    rows = draw(st.lists(st.lists(cells, min_size=len(columns), max_size=len(columns)), min_size=1, max_size=6))
    weights = draw(st.lists(st.floats(0.1, 10), min_size=len(columns), max_size=len(columns)))
    return pd.DataFrame(rows, columns=columns, dtype=float), dict(zip(columns, weights, strict=True))


def _present(frame: pd.DataFrame) -> Iterator[tuple[Any, pd.Series]]:
    for label, row in frame.iterrows():
        yield label, row.dropna()


@given(weighted_frames())
def test_a_mean_lies_between_what_it_is_of_and_a_missing_value_is_no_zero(
    given_frame: tuple[pd.DataFrame, dict[str, float]],
) -> None:
    frame, weights = given_frame
    mean = weighted_mean(frame, weights)
    for label, row in _present(frame):
        if row.empty:
            assert math.isnan(mean[label])
            continue
        assert row.min() - 1e-9 <= mean[label] <= row.max() + 1e-9
        total = sum(weights[column] for column in row.index)
        assert mean[label] == pytest.approx(sum(weights[c] * v for c, v in row.items()) / total)


@given(weighted_frames(), st.floats(0.01, 100))
def test_only_the_proportions_of_weights_count(
    given_frame: tuple[pd.DataFrame, dict[str, float]], factor: float
) -> None:
    frame, weights = given_frame
    scaled = {column: weight * factor for column, weight in weights.items()}
    assert_series_equal(weighted_mean(frame, weights), weighted_mean(frame, scaled))


def test_missing_values_are_left_out_of_a_mean() -> None:
    frame = pd.DataFrame({"a": [10.0, math.nan, math.nan], "b": [20.0, 40.0, math.nan]})
    assert weighted_mean(frame, {"a": 1, "b": 3}).tolist()[:2] == [17.5, 40.0]
    assert math.isnan(weighted_mean(frame, {"a": 1, "b": 3}).iloc[2])


@given(VALUES.map(lambda values: values.round(3)))
def test_a_rank_counts_the_better_ones(values: pd.Series) -> None:
    ranks = rank_descending(values)
    assert ranks.dtype == "Int64"
    assert ranks.isna().equals(values.isna())
    for label, value in values.dropna().items():
        assert ranks[label] == 1 + int((values > value).sum())


def test_ties_share_the_lowest_number_and_rounding_of_the_machine_is_a_tie() -> None:
    ranks = rank_descending(pd.Series([0.1 + 0.2, 0.3, 0.5, math.nan, 0.2]))
    assert ranks.tolist()[:3] == [2, 2, 1]
    assert ranks.iloc[3] is pd.NA
    assert ranks.iloc[4] == 4
