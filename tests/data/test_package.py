"""The Data Package as committed: valid, sealed, and the same figures as handed over."""

import csv
from pathlib import Path

import pytest
from frictionless import Package, Report

from helpers.data.checks import check_package
from helpers.data.facts import load_facts
from helpers.data.package import REQUIRED_TABLES
from helpers.data.seal import seal_package
from helpers.parameters import DATA_DIR

TABLES = sorted(REQUIRED_TABLES)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def report() -> Report:
    report: Report = Package(str(DATA_DIR / "datapackage.json")).validate()
    return report


def test_frictionless_finds_metadata_and_rows_valid(report: Report) -> None:
    assert report.valid, report.flatten(["name", "rowNumber", "fieldName", "type", "message"])[:10]
    counted = {task.name: task.stats["rows"] for task in report.tasks if task.name in TABLES}
    assert counted["observations"] == 14159
    assert sorted(counted) == TABLES


def test_own_check_finds_no_fault() -> None:
    assert check_package() == []


def test_sealing_the_committed_package_changes_nothing(package: Path) -> None:
    before = (package / "datapackage.json").read_bytes()
    assert seal_package(package) == []
    assert (package / "datapackage.json").read_bytes() == before


def test_files_are_utf8_with_unix_line_ends() -> None:
    for path in sorted(p for p in DATA_DIR.rglob("*") if p.is_file()):
        content = path.read_bytes()
        assert b"\r" not in content, path
        assert content.endswith(b"\n"), path
        content.decode("utf-8")


def test_observations_are_sorted_and_equal_those_handed_over(shared_dir: Path) -> None:
    ours = rows(DATA_DIR / "observations.csv")
    given = rows(shared_dir / "facts" / "observations.csv")
    key = ("level", "ags", "indicator", "period")
    assert ours == sorted(ours, key=lambda row: tuple(row[k] for k in key))
    by_key = {tuple(row[k] for k in key): row for row in given}
    assert len(ours) == len(given) == len(by_key)
    for row in ours:
        assert row == by_key[tuple(row[k] for k in key)]


def test_places_equal_those_handed_over(shared_dir: Path) -> None:
    given = {row["ags"]: row for row in rows(shared_dir / "facts" / "places.csv")}
    districts = {row["ags"]: row for row in rows(shared_dir / "facts" / "district_population.csv")}
    ours = rows(DATA_DIR / "places.csv")
    assert len(ours) == len(given)
    for row in ours:
        expected = given[row["ags"]]
        for column in ("level", "name", "type", "district_ags", "district", "state", "lat", "lon"):
            assert row[column] == expected[column]
        assert row["in_ruhr"] == ("true" if expected["in_ruhr"] == "1" else "false")
        assert row["in_cities"] == ("true" if expected["in_cities"] == "1" else "false")
        if row["level"] == "district":
            of_district = districts[row["ags"]]
            assert (row["population"], row["area_km2"]) == (of_district["population_2023"], of_district["area_km2"])
            assert (row["population_date"], row["census_base"]) == ("2023-12-31", "2011")
        else:
            for column in ("official_name", "population", "population_date", "population_basis", "area_km2"):
                assert row[column] == expected[column]
            assert row["census_base"] == "2022"


def test_codebook_equals_that_handed_over(shared_dir: Path) -> None:
    given = {(row["level"], row["id"], row["period"]): row for row in rows(shared_dir / "facts" / "indicators.csv")}
    ours = {(row["level"], row["indicator"], row["period"]): row for row in rows(DATA_DIR / "indicators.csv")}
    sources = {row["source"]: row for row in rows(DATA_DIR / "sources.csv")}
    observed = rows(DATA_DIR / "observations.csv")
    assert ours.keys() == given.keys() == {(row["level"], row["indicator"], row["period"]) for row in observed}
    for key, row in ours.items():
        for column in ("domain", "title_de", "title_en", "direction", "source_field"):
            assert row[column] == given[key][column]
        assert sources[row["source"]]["url"] == given[key]["source_url"]


def test_smart_city_index_equals_that_handed_over(shared_dir: Path) -> None:
    given = rows(shared_dir / "facts" / "smart_city_index.csv")
    ours = {(r["edition"], r["ags"], r["category"]): r for r in rows(DATA_DIR / "smart_city_index.csv")}
    assert len(ours) == len(given)
    for row in given:
        own = ours[row["edition"], row["ags"], row["category"]]
        for column in ("score", "rank", "n_places", "basis", "source_url", "source_date"):
            assert own[column] == row[column]


def test_statements_on_the_digital_index_equal_those_handed_over(shared_dir: Path) -> None:
    given = rows(shared_dir / "facts" / "digital_index_ruhr.csv")
    ours = rows(DATA_DIR / "digital_index_ruhr.csv")
    assert len(ours) == len(given)
    for own, row in zip(ours, given, strict=True):
        for column in ("entity", "entity_type", "ags", "value", "rank", "rank_of", "source_url", "source_date"):
            assert own[column] == row[column]


def test_numbers_in_statements_are_those_of_their_columns() -> None:
    statements = load_facts().digital_index_ruhr
    measured = statements[(statements["unit"] != "flag") & statements["value"].notna()]
    for value, statement in zip(measured["value"].tolist(), measured["statement_en"], strict=True):
        assert {3.0: "three", 7.0: "Seven", 12.0: "twelve"}.get(value, f"{value:g}") in statement


def test_labels_fit_a_chart_row() -> None:
    codebook = load_facts().indicators
    for language in ("de", "en"):
        words = [word for label in codebook[f"label_{language}"] for word in label.split()]
        assert max(map(len, words)) <= 24
        assert codebook[f"label_{language}"].str.len().max() <= 46
        both = (codebook["note_de"] == "") == (codebook["note_en"] == "")
        assert both.all()


def test_a_series_break_separates_the_gigabit_figures() -> None:
    series = load_facts().indicators["series"]
    old = series.xs("gigabit_households_bba", level="indicator")
    new = series.xs("gigabit_households", level="indicator")
    assert set(old) == {"gigabit-households-bba"}
    assert set(new) == {"gigabit-households-2023-method"}
