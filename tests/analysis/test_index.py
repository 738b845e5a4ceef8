"""The index of the universes: against the published reference and recomputed by hand."""

import csv
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
import yaml
from pandas.testing import assert_frame_equal, assert_series_equal
from studies import facts, index_of

from helpers.analysis.index import compute_index
from helpers.data.universe import load_universe
from helpers.parameters import DATA_DIR, universe_places

UNIVERSES = ("ruhr", "cities", "districts")


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


def test_an_indicator_that_is_the_same_everywhere_is_left_out_and_named() -> None:
    observations = facts().observations.copy()
    observations.loc[observations["indicator"] == "gigabit_households", "value"] = 90.0
    flat = compute_index(
        replace(facts(), observations=observations), load_universe("ruhr"), list(universe_places("ruhr"))
    )
    assert flat.construction.constant == ["gigabit_households"]
    assert flat.normalised["gigabit_households"].isna().all()
    others = index_of("ruhr").normalised[["fibre_households", "fiveg_area"]].mean(axis=1)
    assert_series_equal(flat.domains["infrastructure"], others, check_names=False)


def test_the_construction_keeps_what_stands_in_the_result() -> None:
    index = index_of("cities")
    made = index.construction
    assert made.constant == made.screened_units == made.screened_indicators == []
    assert int(made.flags.to_numpy().sum()) == len(made.touched) == 0
    assert_series_equal(made.score, index.score)
    assert made.effective_weights.sum() == pytest.approx(1)
