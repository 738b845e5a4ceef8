"""The check tells all faults of all files at once, each with file, line, column, value and rule."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from helpers.data.checks import DataError, Fault, check_package
from helpers.data.seal import seal_package

Edit = Callable[[str, str, str], int]
BOCHUM = "municipality,05911000,gigabit_households,2023,91.89,published"


def places_of(faults: list[Fault]) -> set[tuple[str, int, str, str]]:
    return {(fault.file, fault.row, fault.column, fault.value) for fault in faults}


def test_many_faults_in_many_files_are_told_at_once(package: Path, edit: Edit) -> None:
    expected = {
        ("places.csv", edit("places.csv", "252668", "many"), "population", "many"),
        ("places.csv", edit("places.csv", "\n01003000,municipality", "\n1003000,municipality") + 1, "ags", "1003000"),
        ("sources.csv", edit("sources.csv", "2026-04-22,", "22.04.2026,"), "date", "22.04.2026"),
        ("indicators.csv", edit("indicators.csv", ",shared,", ",partly,"), "influence", "partly"),
        ("indicators.csv", edit("indicators.csv", ",research,", ",reserch,"), "domain", "reserch"),
        ("observations.csv", edit("observations.csv", BOCHUM, BOCHUM.replace("91.89", "-3")), "value", "-3"),
        ("smart_city_editions.csv", edit("smart_city_editions.csv", "7776", "7,776"), "", "2019,81,35,96,7,776"),
        ("smart_city_index.csv", edit("smart_city_index.csv", ",79.5,1,", ",79.5,99,"), "rank", "99"),
        ("digital_index_ruhr.csv", edit("digital_index_ruhr.csv", ",10,12,", ",0,12,"), "rank", "0"),
        ("universes/ruhr.yml", edit("universes/ruhr.yml", "weight: 1\n", "weight: -1\n"), "index.tree.0.weight", "-1"),
    }
    assert expected <= places_of(check_package(package, sealed=False))


@pytest.mark.parametrize(
    ("file", "old", "new", "column", "value", "rule"),
    [
        ("observations.csv", "2023,91.89,", "2023,191.89,", "value", "191.89", "a percentage must be 0 to 100"),
        ("observations.csv", "2023,91.89,", '2023,"91,94",', "value", "91,94", "number with a decimal point"),
        ("observations.csv", "2023,91.89,", "2023,,", "value", "", "must not be empty"),
        ("observations.csv", BOCHUM, BOCHUM.replace("05911000", "05911999"), "ags", "05911999", "known in places.csv"),
        (
            "observations.csv",
            BOCHUM,
            BOCHUM.replace("2023", "2022"),
            "level, indicator, period",
            "municipality gigabit_households 2022",
            "known in indicators.csv",
        ),
        (
            "observations.csv",
            BOCHUM,
            BOCHUM.replace("municipality", "district"),
            "ags",
            "05911000",
            "must have 5 digits",
        ),
        (
            "observations.csv",
            BOCHUM,
            f"{BOCHUM}\n{BOCHUM}",
            "level, ags, indicator, period",
            "duplicate",
            "duplicate key",
        ),
        ("indicators.csv", "deutschlandatlas-2026", "atlas", "source", "atlas", "known in sources.csv"),
        ("smart_city_index.csv", ",79.5,1,", ",79.5,82,", "rank", "82", "must not be above n_places"),
        ("smart_city_index.csv", ",79.5,1,", ",79.5,1.5,", "rank", "1.5", "whole number"),
        ("smart_city_index.csv", ",79.5,1,81", ",79.5,1,82", "n_places", "82", "that of the edition"),
        ("smart_city_index.csv", ",79.5,1,", ",,,", "score", "", "score or rank must be given"),
        ("digital_index_ruhr.csv", ",10,12,", ",13,12,", "rank", "13", "must not be above rank_of"),
        ("places.csv", ",01002,Kiel", ",01003,Kiel", "district_ags", "01003", "first five digits"),
        ("places.csv", ",false,true\n", ",no,true\n", "in_ruhr", "no", "true or false"),
        ("observations.csv", "value,basis", "wert,basis", "value", "", "the column must exist"),
        ("observations.csv", "value,basis", "wert,basis", "wert", "", "the column is not described"),
    ],
)
def test_each_rule_names_its_place(
    package: Path, edit: Edit, file: str, old: str, new: str, column: str, value: str, rule: str
) -> None:
    line = edit(file, old, new)
    if value == "duplicate":
        line, value = line + 1, "municipality 05911000 gigabit_households 2023"
    faults = [fault for fault in check_package(package, sealed=False) if rule in fault.rule]
    assert (file, line, column, value) in places_of(faults)


@pytest.mark.parametrize(
    ("old", "new", "key", "rule"),
    [
        (
            'period: "2024", level: municipality',
            'period: "2031", level: municipality',
            "indicator",
            "must be known",
        ),
        ("indicator: students_rate", "indicator: student_rate", "indicator", "periods there: none"),
        (
            "level: municipality\nmember",
            "level: county\nmember",
            "level",
            "Input should be 'municipality' or 'district'",
        ),
        ("weight: 1}", "weight: 0}", "index.tree.0.children.0.weight", "greater than 0"),
        ("weight: 1}", "wieght: 1}", "index.tree.0.children.0.wieght", "Extra inputs are not permitted"),
        (
            "indicator: fibre_households",
            "indicator: gigabit_households",
            "index",
            "named twice in the tree: gigabit_households",
        ),
        (
            "{indicator: fibre_households",
            "{formula: '1', indicator: fibre_households",
            "",
            "a formula belongs to the index of a file",
        ),
        ("id: research", "id: infrastructure", "index", "named twice in the tree: infrastructure"),
        ("[20, 30, 40, 50]", "[20, 30, 30, 50]", "", "class_breaks must increase"),
        ("boundaries: ruhr", "boundaries: moon", "boundaries", "must be a file of boundaries/"),
        ("title_de: Ruhrgebiet\n", "", "title_de", "Field required"),
    ],
)
def test_mistakes_in_a_universe_name_file_and_key(
    package: Path, edit: Edit, old: str, new: str, key: str, rule: str
) -> None:
    edit("universes/ruhr.yml", old, new)
    faults = check_package(package, sealed=False)
    assert faults
    assert all(fault.file == "universes/ruhr.yml" for fault in faults)
    assert [fault for fault in faults if fault.column == key and rule in fault.rule]


def test_unreadable_files_are_faults_not_crashes(package: Path, edit: Edit) -> None:
    line = edit("universes/cities.yml", "title_en: Large cities", "title_en: [Large cities")
    edit("boundaries/ruhr.geojson", '"features":', '"features"')
    (package / "sources.csv").write_bytes(b"source,publisher\nx,\xff\n")
    (package / "boundaries" / "states.geojson").unlink()
    faults = check_package(package, sealed=False)
    by_file = {fault.file: fault for fault in faults if fault.rule.startswith("must be ") or "must exist" in fault.rule}
    assert by_file["universes/cities.yml"].rule == "must be YAML"
    assert by_file["universes/cities.yml"].row >= line
    assert by_file["boundaries/ruhr.geojson"].rule == "must be JSON"
    assert by_file["boundaries/states.geojson"].rule == "the file must exist"
    assert ("sources.csv", "must be CSV in UTF-8") in {(fault.file, fault.rule) for fault in faults}


def test_a_stale_seal_is_a_fault_of_the_check(package: Path, edit: Edit) -> None:
    edit("places.csv", "358676", "358677")
    faults = check_package(package)
    assert [(fault.file, fault.row) for fault in faults] == [("places.csv", 0)]
    assert "make data" in faults[0].rule
    assert check_package(package, sealed=False) == []
    seal_package(package)
    assert check_package(package) == []


def test_faulty_data_is_not_sealed(package: Path, edit: Edit) -> None:
    line = edit("observations.csv", BOCHUM, BOCHUM.replace("91.89", "191.9"))
    with pytest.raises(DataError, match=f"observations.csv, line {line}, value: '191.9'"):
        seal_package(package)


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        ("source,publisher\nx,Köln\n".encode("latin-1"), "must be CSV in UTF-8"),
        (b"source;publisher\nx;y\n", "fields must be separated by commas"),
    ],
)
def test_a_file_of_another_form_is_one_fault(package: Path, content: bytes, rule: str) -> None:
    (package / "sources.csv").write_bytes(content)
    faults = [fault for fault in check_package(package, sealed=False) if fault.file == "sources.csv"]
    assert [fault.rule for fault in faults] == [rule]


@pytest.mark.parametrize("text", ["{", "[]", '{"resources": [{"name": "x"}]}'])
def test_a_broken_descriptor_is_a_fault(package: Path, text: str) -> None:
    (package / "datapackage.json").write_text(text, encoding="utf-8")
    faults = check_package(package, sealed=False)
    assert {fault.file for fault in faults} == {"datapackage.json"}


def test_a_table_left_out_of_the_descriptor_is_a_fault(package: Path) -> None:
    path = package / "datapackage.json"
    descriptor = json.loads(path.read_text("utf-8"))
    descriptor["resources"] = [item for item in descriptor["resources"] if item["name"] != "sources"]
    path.write_text(json.dumps(descriptor), encoding="utf-8")
    assert [(fault.column, fault.value) for fault in check_package(package, sealed=False)] == [("resources", "sources")]


def test_boundaries_of_unknown_places_are_faults(package: Path, edit: Edit) -> None:
    edit("boundaries/ruhr.geojson", '"ags":"05112000"', '"ags":"05112999"')
    fault = check_package(package, sealed=False)[0]
    assert (fault.file, fault.column, fault.value) == (
        "boundaries/ruhr.geojson",
        "features.0.properties.ags",
        "05112999",
    )


def test_an_error_reads_as_a_list_of_faults() -> None:
    faults = [Fault("places.csv", 3, "ags", "x", "must be known"), Fault("a.yml", 0, "", "", "the file must exist")]
    lines = str(DataError(faults)).split("\n")
    assert lines == [
        "data/places.csv, line 3, ags: 'x' breaks the rule: must be known",
        "data/a.yml: the file must exist",
    ]
