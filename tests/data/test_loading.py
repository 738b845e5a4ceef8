"""Loading: types, missing values, dates, universes, and what happens to changed files."""

import csv
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from helpers.data.facts import latest_date, load_facts
from helpers.data.faults import DataError
from helpers.data.seal import seal_package
from helpers.data.universe import boundaries, load_universe
from helpers.parameters import DATA_DIR

Edit = Callable[[str, str, str], int]


def test_tables_have_their_types() -> None:
    facts = load_facts()
    assert facts.places.loc["05911000", "name"] == "Bochum"
    assert facts.places.loc["01002", "district_ags"] == "01002"
    assert facts.places["population"].dtype == "int64"
    assert facts.places["in_ruhr"].dtype == "bool"
    assert facts.places.query("in_ruhr and level == 'municipality'").shape[0] == 53
    assert facts.places.query("in_cities").shape[0] == 83
    assert facts.observations["value"].dtype == "float64"
    assert facts.indicators.loc[("municipality", "gigabit_households", "2023"), "source"] == "deutschlandatlas-2026"
    assert facts.sources.loc["breitbandatlas-2021", "short_de"] == "Breitbandatlas | Gigabit-Grundbuch"


def test_empty_numbers_are_missing_and_empty_texts_are_empty() -> None:
    facts = load_facts()
    panel = facts.smart_city_index
    assert panel["rank"].dtype == "Int64"
    assert panel["score"].isna().sum() == 553
    assert not (panel["score"] == 0).any()
    assert facts.digital_index_ruhr.query("topic == 'ruhr_rank'")["ags"].eq("").all()
    assert facts.digital_index_ruhr.query("topic == 'ruhr_rank'")["value"].isna().all()


def test_values_are_read_as_printed() -> None:
    observations = load_facts().observations
    with (DATA_DIR / "observations.csv").open(encoding="utf-8", newline="") as stream:
        assert observations["value"].tolist() == [float(row["value"]) for row in csv.DictReader(stream)]
    row = observations.query("ags == '05911000' and indicator == 'gigabit_households'")
    assert row["value"].tolist() == [91.89]


def test_data_date_is_the_latest_known_and_hash_is_stable() -> None:
    facts = load_facts()
    assert facts.data_date == "2026-04-22"
    assert len(facts.data_hash) == 64
    assert load_facts().data_hash == facts.data_hash


@pytest.mark.parametrize(
    ("dates", "latest"),
    [
        (["2026", "2026-04-22", ""], "2026-04-22"),
        (["2026-04", "2026-04-22"], "2026-04-22"),
        (["2026-05", "2026-04-22"], "2026-05"),
        (["2027", "2026-04-22"], "2027"),
    ],
)
def test_a_date_known_to_the_year_is_not_later_than_its_days(dates: list[str], latest: str) -> None:
    empty = pd.DataFrame({"source_date": [""]})
    frames = {"sources": pd.DataFrame({"date": dates}), "smart_city_index": empty, "digital_index_ruhr": empty}
    assert latest_date(frames) == latest


def test_loading_sealed_data_does_not_import_the_checks() -> None:
    code = "import sys; from helpers.data.facts import load_facts; load_facts(); print('pandera' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_changed_but_right_data_load_and_change_the_hash(package: Path, edit: Edit) -> None:
    edit(
        "observations.csv",
        "municipality,05911000,gigabit_households,2023,91.89",
        "municipality,05911000,gigabit_households,2023,92",
    )
    facts = load_facts(package)
    assert facts.data_hash != load_facts().data_hash
    assert facts.observations.query("ags == '05911000' and indicator == 'gigabit_households'")["value"].tolist() == [92]


def test_changed_and_wrong_data_are_refused_on_loading(package: Path, edit: Edit) -> None:
    line = edit("observations.csv", "gigabit_households,2023,91.89", "gigabit_households,2023,9191")
    with pytest.raises(DataError) as caught:
        load_facts(package)
    assert [(f.file, f.row, f.column, f.value) for f in caught.value.faults] == [
        ("observations.csv", line, "value", "9191")
    ]
    assert f"data/observations.csv, line {line}, value: '9191'" in str(caught.value)


def test_sealing_is_deterministic_and_lists_new_universes(package: Path, edit: Edit) -> None:
    edit("places.csv", "358676", "358677")
    (package / "universes" / "own.yml").write_text((package / "universes" / "ruhr.yml").read_text("utf-8"), "utf-8")
    assert seal_package(package) == ["places.csv", "universes/own.yml"]
    sealed = (package / "datapackage.json").read_bytes()
    assert seal_package(package) == []
    assert (package / "datapackage.json").read_bytes() == sealed


@pytest.mark.parametrize(
    ("name", "indicators", "level"),
    [("ruhr", 10, "municipality"), ("cities", 10, "municipality"), ("districts", 10, "district")],
)
def test_universes_are_read(name: str, indicators: int, level: str) -> None:
    universe = load_universe(name)
    assert universe.name == name
    assert universe.level == level
    assert [domain.id for domain in universe.domains] == ["infrastructure", "research", "employment", "companies"]
    assert len(universe.indicators) == indicators
    known = load_facts().indicators.index
    assert all(ref.key in known for ref in universe.indicators)
    assert {ref.weight for ref in universe.indicators} == {1.0}


def test_unknown_universe_names_the_known_ones() -> None:
    with pytest.raises(DataError, match="must be one of cities, districts, ruhr"):
        load_universe("rhur")


@pytest.mark.parametrize(("name", "count"), [("ruhr", 53), ("districts", 400), ("states", 16)])
def test_boundaries_cover_their_places(name: str, count: int) -> None:
    features = boundaries(name)["features"]
    assert len({feature["properties"]["ags"] for feature in features}) == count
    places = load_facts().places
    if name == "ruhr":
        expected = set(places.query("in_ruhr and level == 'municipality'").index)
    elif name == "districts":
        expected = set(places.query("level == 'district'").index)
    else:
        expected = set(places.index.str[:2])
    assert {feature["properties"]["ags"] for feature in features} == expected


def test_absent_boundaries_are_a_fault() -> None:
    with pytest.raises(DataError, match=r"boundaries/moon\.geojson"):
        boundaries("moon")
