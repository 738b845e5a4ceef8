"""The tables on validity: what is shown, marked and exported."""

import pytest
from studies import facts, index_of, study_of

from helpers.analysis.validity import agreements, paired_ranks
from helpers.present import listings
from helpers.present import validity_tables as tables

PANEL = facts().smart_city_index


def test_differences_show_five_each_way_and_mark_the_place() -> None:
    pairs = paired_ranks(PANEL, index_of("cities").rank, 2025)
    table = tables.differences(study_of("Bochum"), pairs)
    assert [row[0] for row in table.rows[:5]] == ["Lübeck", "Mönchengladbach", "Wuppertal", "Bochum", "Augsburg"]
    assert table.rows[3] == ["Bochum", "35", "5", "+30"]
    assert table.rows[-1] == ["Cottbus/Chóśebuz", "43", "81", "−38"]
    assert (len(table.rows), list(table.focus), len(table.data)) == (10, [3], 36)


def test_a_place_between_the_extremes_gets_a_row_of_its_own() -> None:
    pairs = paired_ranks(PANEL, index_of("cities").rank, 2025)
    table = tables.differences(study_of("Köln", "cities"), pairs)
    assert len(table.rows) == 11 and table.rows[5] == ["Köln", "4", "4", "0"]
    assert list(table.focus) == [5]
    assert list(tables.differences(study_of("Sonsbeck"), pairs).focus) == []


def test_few_pairs_are_shown_once() -> None:
    pairs = paired_ranks(PANEL, index_of("cities").rank, 2025).iloc[:7]
    assert len(tables.differences(study_of("Sonsbeck"), pairs).rows) == 7


def test_agreement_has_a_row_for_each_edition_with_its_cities_and_interval() -> None:
    editions = agreements(PANEL, index_of("cities").rank)
    table = tables.agreement(study_of("Bochum"), editions)
    assert table.rows[-1] == ["2025", "36 von 83", "0,75", "0,53–0,88"]
    assert [row[0] for row in table.rows] == [str(year) for year in range(2019, 2026)]


def test_disagreement_names_the_reasons_and_marks_values_of_the_district() -> None:
    table = tables.disagreement(study_of("Sonsbeck"))
    assert [(row[0], row[1], row[2]) for row in table.rows] == [
        ("Hünxe", "ja", "34"),
        ("Holzwickede", "ja", "21"),
        ("Mülheim an der Ruhr", "nein", "4"),
        ("Hagen", "nein", "5"),
        ("Sonsbeck", "nein", "7"),
    ]
    assert list(table.focus) == [4]
    assert "Gewerbestandorte mit Gigabit −4,0" in str(table.rows[0][3])
    assert "(Kreiswert)" in str(table.rows[1][3])
    assert "(mit Fernstudierenden)" in str(table.rows[3][3])
    assert table.data.query("name == 'Holzwickede'")["inherited"].tolist() == [False, True]


@pytest.mark.parametrize(("place", "universe"), [("Bochum", "ruhr"), ("05911", "districts"), ("Köln", "cities")])
def test_sources_are_known_ids(place: str, universe: str) -> None:
    study = study_of(place, universe)
    assert "eurostat-patents" in tables.city_sources(study) and "bitkom-sci" in tables.city_sources(study)
    structure = listings.context_sources(study, study.universe.covariates)
    assert set(structure) <= set(facts().sources.index)
    assert ("destatis-gvisys" if universe == "districts" else "destatis-gvisys-cities") in structure
