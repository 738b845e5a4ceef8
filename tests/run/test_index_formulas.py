"""Indicators made by a formula from the columns of the data: from files to files."""

import csv
from pathlib import Path

import pytest

from helpers.data.faults import DataError
from helpers.run.index_files import run_index

DATA = """\
unit,ict_employees,employees,fibre,population
Adorf,120,4000,31.5,9000
Bestadt,900,20000,64,41000
Cehausen,,7000,18,15000
Deburg,30,1000,50,2000
"""
INDEX = """\
tree:
  - id: work
    children:
      - {indicator: ict_share, formula: 100 * ict_employees / employees}
      - {indicator: twice, formula: 2 * ict_share, direction: "-", scale: 10}
  - id: network
    children:
      - {indicator: fibre}
      - indicator: reached
        formula: round(fibre / 100 * population)
        denominator: population
        scale: 1000
"""


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "index.yml").write_text(INDEX, encoding="utf-8")
    (tmp_path / "data.csv").write_text(DATA, encoding="utf-8")
    return tmp_path


def run(folder: Path) -> list[str]:
    said: list[str] = []
    run_index(folder / "index.yml", folder / "data.csv", folder / "out", None, said.append)
    return said


def faults_of(folder: Path, old: str, new: str, file: str = "index.yml") -> list[str]:
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataError) as caught:
        run(folder)
    assert not (folder / "out").exists()
    return [str(fault).replace(str(folder) + "/", "") for fault in caught.value.faults]


def test_a_formula_makes_an_indicator_like_any_other(files: Path) -> None:
    said = run(files)
    with (files / "out" / "imputed.csv").open(encoding="utf-8", newline="") as stream:
        rows = {row["unit"]: row for row in csv.DictReader(stream)}
    assert rows["Adorf"]["ict_share"] == "3.0"
    assert rows["Adorf"]["twice"] == "60.0"
    assert rows["Bestadt"]["reached"] == "640.0"
    assert rows["Cehausen"]["ict_share"] == rows["Cehausen"]["twice"] == ""
    assert "4 units, 4 indicators" in said
    assert "values missing: 2" in said
    assert not [line for line in said if line.startswith("columns not used")]


@pytest.mark.parametrize(
    ("old", "new", "faults"),
    [
        (
            "100 * ict_employees",
            "100 * ict_employes",
            [("4, ict_share", "'ict_employes'", "ict_employes is not known; perhaps ict_employees (at 1:7)")],
        ),
        (
            "100 * ict_employees",
            "__import__('os').system('x') * ict_employees",
            [("4, ict_share", "__import__('os').system('x')", "the functions are min, max, sum, abs, round (at 1:1)")],
        ),
        (
            "100 * ict_employees",
            "twice * ict_employees",
            [
                ("4, ict_share", "twice * ict_employees", "defines itself in a circle: ict_share > twice > ict_share"),
            ],
        ),
        (
            "round(fibre / 100 * population)",
            "fibre < 100",
            [("10, reached", "'fibre < 100'", "a formula has no Compare (at 1:1)")],
        ),
        (
            "indicator: reached",
            "indicator: employees",
            [("10, employees", "round(", "an indicator with a formula needs a name of its own")],
        ),
        ("2 * ict_share", "2 * unit", [("5, twice", "'unit'", "unit is not known (at 1:5)")]),
    ],
)
def test_a_mistake_in_a_formula_names_indicator_and_position(
    files: Path, old: str, new: str, faults: list[tuple[str, str, str]]
) -> None:
    found = faults_of(files, old, new)
    assert len(found) == len(faults)
    for text, (where, what, rule) in zip(found, faults, strict=True):
        assert text.startswith(f"index.yml, line {where}: ")
        assert what in text
        assert text.endswith(rule)


def test_mistakes_in_several_formulas_and_the_data_are_told_at_once(files: Path) -> None:
    text = (files / "index.yml").read_text(encoding="utf-8").replace("2 * ict_share", "2 * open(1)")
    (files / "index.yml").write_text(text.replace("round(", "sqrt("), encoding="utf-8")
    faults = faults_of(files, "Bestadt,900", "Adorf,900", "data.csv")
    assert [fault.split(":")[0] for fault in faults] == [
        "index.yml, line 5, twice",
        "index.yml, line 10, reached",
        "data.csv, line 3, unit",
    ]


def test_a_formula_without_a_result_names_the_unit(files: Path) -> None:
    faults = faults_of(files, "900,20000", "900,0", "data.csv")
    assert faults == [
        "data.csv, line 3, ict_share: has no finite result of ict_share: 100 * ict_employees / employees",
        "data.csv, line 3, twice: has no finite result of twice: 2 * ict_share",
    ]


def test_a_column_of_a_formula_must_hold_numbers(files: Path) -> None:
    faults = faults_of(files, "900,20000", "900,many", "data.csv")
    assert faults == [
        "data.csv, line 3, employees: 'many' breaks the rule: must be a finite number with a point, or empty"
    ]
