"""The structure of places: values of the declared variables, and what a universe may declare."""

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError
from studies import facts, index_of, study_of

from helpers.analysis.context import comparable, context_table
from helpers.data.universe import ContextVariable, Universe, load_universe


def test_values_are_those_of_the_facts() -> None:
    context = study_of("Bochum").context
    rows = facts().observations.query("ags == '05911000'").set_index(["indicator", "period"])["value"]
    assert context.at["05911000", "tax_capacity"] == rows["tax_capacity", "2023"]
    share = 100 * rows["unemployed", "2021"] / rows["population_15_64", "2021"]
    assert context.at["05911000", "unemployed_share"] == pytest.approx(share)
    assert context.at["05911000", "population"] == facts().places.at["05911000", "population"]


def test_density_of_a_district_is_people_by_area() -> None:
    place = facts().places.loc["05911"]
    density = study_of("05911", "districts").context.at["05911", "population_density"]
    assert density == pytest.approx(place["population"] / place["area_km2"])


def test_a_city_inside_a_kreis_takes_over_the_districts_value() -> None:
    context = context_table(facts(), load_universe("cities"), ["05562032"])
    kreis = facts().observations.query("ags == '05562' and indicator == 'unemployment_rate'")["value"].item()
    assert context.at["05562032", "unemployment_rate"] == kreis


def test_what_is_missing_stays_missing() -> None:
    context = study_of("05911", "districts").context
    assert context.isna().sum()[lambda n: n > 0].to_dict() == {"gross_wage": 1}
    assert np.isnan(context.at["16063", "gross_wage"])


def test_logarithms_are_taken_where_declared_and_possible() -> None:
    universe = load_universe("ruhr")
    context = study_of("Bochum").context.iloc[:2].copy()
    context.iloc[0, 0] = 0.0
    table = comparable(context, universe)
    assert np.isnan(table.iloc[0, 0])
    assert table.iloc[1, 0] == pytest.approx(np.log(context.iloc[1, 0]))
    pd.testing.assert_series_equal(table["tax_capacity"], context["tax_capacity"])


@pytest.mark.parametrize("name", ["ruhr", "cities", "districts"])
def test_no_variable_is_part_of_the_index(name: str) -> None:
    universe = index_of(name).universe
    assert len(universe.alike) >= 6
    assert not {variable.indicator for variable in universe.context} & {ref.indicator for ref in universe.indicators}
    assert 1 <= sum(variable.expectation for variable in universe.context) <= 5


@pytest.mark.parametrize(
    ("variable", "rule"),
    [
        ({"id": "a"}, "give either column or indicator"),
        ({"id": "a", "column": "population", "indicator": "b"}, "give either column or indicator"),
        ({"id": "a", "indicator": "b"}, "level and period must be given"),
        ({"id": "a", "column": "population"}, "label_de, label_en, unit_de and unit_en must be given"),
        ({"id": "a", "column": "population", "per": "b"}, "can be divided by area_km2 only"),
        ({"id": "a", "column": "area"}, "Input should be 'population'"),
    ],
)
def test_a_wrong_variable_is_refused(variable: dict[str, str], rule: str) -> None:
    with pytest.raises(ValidationError, match=rule):
        ContextVariable.model_validate(variable)


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"id": "population", "indicator": "area", "level": "municipality", "period": "2023"}, "must differ in their id"),
        ({"id": "x", "indicator": "fiveg_area", "level": "municipality", "period": "2024"}, "cannot be part of the index"),
        ({"id": "x", "indicator": "area", "level": "municipality", "period": "2023", "expectation": True}, "at most 5"),
    ],
)  # fmt: skip
def test_a_universe_with_wrong_context_is_refused(change: dict[str, object], rule: str) -> None:
    content = load_universe("ruhr").model_dump()
    content["context"] = [*content["context"], change]
    with pytest.raises(ValidationError, match=rule):
        Universe.model_validate(content)
