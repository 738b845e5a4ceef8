"""Checking and sealing the data together with the verdicts that are computed from them."""

import shutil
from pathlib import Path

import pytest

from helpers.analysis.claims import audit
from helpers.data.claims import load_press
from helpers.data.facts import load_facts
from helpers.data.faults import DataError
from helpers.parameters import DATA_DIR
from helpers.run.package import check_data, seal_data

BOCHUM = "2023,05911000,total,76.2,11,81"


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A writable copy of data/."""
    return Path(shutil.copytree(DATA_DIR, tmp_path / "data"))


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8", newline="\n")


def test_the_committed_package_is_in_order() -> None:
    check_data()


def test_an_overtaken_verdict_fails_the_check_and_the_seal_but_not_the_report(package: Path) -> None:
    edit(package / "smart_city_index.csv", BOCHUM, BOCHUM.replace(",11,", ",12,"))
    sealed = (package / "datapackage.json").read_bytes()
    with pytest.raises(DataError) as caught:
        check_data(package)
    told = [(fault.file, fault.column, fault.value, fault.rule) for fault in caught.value.faults if fault.column]
    rule = "the verdict written down must be the computed one: contradicted"
    assert told == [("claims.yml", "C09", "outdated", rule), ("claims.yml", "C17", "confirmed", rule)]
    with pytest.raises(DataError, match=r"data/claims.yml, line \d+, C09: 'outdated' breaks the rule"):
        seal_data(package)
    assert (package / "datapackage.json").read_bytes() == sealed
    # A report is made all the same: it shows the computed verdict.
    facts = load_facts(package)
    (press,) = load_press(package)
    assert {item.claim.id for item in audit(facts, press) if item.verdict.id == "contradicted"} == {"C09", "C17"}


def test_a_verdict_brought_up_to_date_can_be_sealed(package: Path) -> None:
    edit(package / "smart_city_index.csv", BOCHUM, BOCHUM.replace(",11,", ",12,"))
    claims = package / "claims.yml"
    for id_, written in (("C09", "outdated"), ("C17", "confirmed")):
        before, after = claims.read_text(encoding="utf-8").split(f"id: {id_}")
        text = before + f"id: {id_}" + after.replace(f"verdict: {written}", "verdict: contradicted", 1)
        claims.write_text(text, encoding="utf-8", newline="\n")
    assert seal_data(package) == ["smart_city_index.csv", "claims.yml"]
    check_data(package)


def test_faults_of_the_data_come_first(package: Path) -> None:
    edit(package / "smart_city_index.csv", BOCHUM, BOCHUM.replace(",11,", ",eleven,"))
    with pytest.raises(DataError) as caught:
        check_data(package)
    assert {fault.file for fault in caught.value.faults} == {"smart_city_index.csv"}
    with pytest.raises(DataError, match="eleven"):
        seal_data(package)
