"""The parts of a report are all that it is made from: nothing that is not among them changes it."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from batches import batch, data_copy, edit

from helpers.parameters import REPOSITORY, Parameters, universe_places
from helpers.publish.inputs import code_inputs, lock_input
from helpers.run import report
from helpers.run.fingerprint import ROOTS, Parts, changes, imported, read_inputs, reasons

# Neither a large city nor named by the Digital-Index Ruhr: what it does not show is most of the data.
HALTERN = Parameters.check(place="Haltern am See", draws=200)


def parts(data: Path, place: str, universe: str = "ruhr") -> Parts:
    return read_inputs(data).parts(Parameters.check(place=place, universe=universe))


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return data_copy(tmp_path_factory.mktemp("data") / "data")


def falsify(data: Path) -> None:
    """Change all that is no part of the report on Haltern am See."""
    edit(
        data,
        "smart_city_index.csv",
        lambda text: re.sub(r"^(\d{4},\d{8},(?!total)\w+),[\d.]*,\d*,", r"\1,1.5,77,", text, flags=re.MULTILINE),
    )
    used = set(
        re.findall(
            r"\w+",
            "".join((data / "universes" / f"{name}.yml").read_text(encoding="utf-8") for name in ("ruhr", "cities")),
        )
    )
    edit(
        data,
        "observations.csv",
        lambda text: re.sub(
            r"^(\w+,\d+,(\w+),[\d-]+),[\d.-]+,",
            lambda row: row[0] if row[2] in used else f"{row[1]},0.123,",
            text,
            flags=re.MULTILINE,
        ),
    )
    edit(data, "universes/districts.yml", lambda text: text.replace("[15, 25, 35, 45]", "[1, 2, 3, 4]"))
    edit(data, "claims.yml", lambda text: text.replace("finding_de: ", "finding_de: Falsch. "))
    edit(data, "verdicts.yml", lambda text: text + "\n# changed\n")


def test_what_is_no_part_of_a_report_does_not_change_it(tmp_path: Path, data: Path) -> None:
    out, place = tmp_path / "out", "--only=Haltern am See"
    other = data_copy(tmp_path / "data")
    falsify(other)
    done = batch(report.NOTEBOOKS, out, place, CITYREPORT_DATA=str(data))
    assert done.returncode == 0, done.stderr
    [folder] = (path.parent for path in (out / "ruhr").glob("*/manifest.json"))
    assert reasons(folder, read_inputs(other).parts(HALTERN)) == []

    again = tmp_path / "again"
    done = batch(report.NOTEBOOKS, again, place, CITYREPORT_DATA=str(other))
    assert done.returncode == 0, done.stderr
    for one in sorted((folder / "notebooks").iterdir()):
        made, falsified = (path.read_text(encoding="utf-8") for path in (one, again / one.relative_to(out)))
        # The checksum of all the data is told as that of the day on which the report was made.
        marks = [
            json.loads((at / "manifest.json").read_text(encoding="utf-8"))["data"]["sha256"][:12]
            for at in (folder, again / folder.relative_to(out))
        ]
        assert made.replace(marks[0], "") == falsified.replace(marks[1], ""), one.name


def test_a_row_is_a_part_of_the_reports_that_show_it(tmp_path: Path) -> None:
    data = data_copy(tmp_path / "data")
    places = {
        "Essen": "ruhr",
        "Hagen": "ruhr",
        "Sonsbeck": "ruhr",
        "Köln": "cities",
        "05113": "districts",
        "09162": "districts",
    }

    def changed_by(file: str, old: str, new: str) -> list[str]:
        before = {place: parts(data, place, universe) for place, universe in places.items()}
        edit(data, file, lambda text: re.sub(old, new, text, count=1, flags=re.MULTILINE))
        return [place for place, universe in places.items() if changes(before[place], parts(data, place, universe))]

    every = list(places)
    assert changed_by("smart_city_index.csv", r"^(\d{4},05113000,administration),[\d.]*,", r"\1,1.0,") == [
        "Essen",
        "05113",
    ]
    assert changed_by("smart_city_index.csv", r"^(2024,05315000,total),[\d.]*,", r"\1,1.0,") == every
    assert changed_by("claims.yml", "finding_de: Tag", "finding_de: Der Tag") == []
    ruhr = ["Essen", "Hagen", "Sonsbeck", "05113"]
    assert changed_by("universes/ruhr.yml", "weight: 1", "weight: 2") == ruhr
    assert changed_by("observations.csv", r"^(municipality,05315000,fiveg_area,2024),[\d.]+", r"\1,1.0") == every
    # Only the districts have patents; Sonsbeck is no district, but compared in the cities.
    assert changed_by("observations.csv", r"^(district,09162,patents_rate,2012),[\d.]+", r"\1,1.0") == every
    assert changed_by("observations.csv", r"^(district,09162,productivity,2023),[\d.]+", r"\1,1.0") == []


def test_a_file_that_is_sealed_later_is_told(tmp_path: Path) -> None:
    data = data_copy(tmp_path / "sealed")
    edit(data, "claims.yml", lambda text: text + "\n# a remark\n")
    other = Path(shutil.copytree(data, tmp_path / "data"))
    edit(other, "claims.yml", lambda text: text + "\n# a remark\n", seal=False)
    sealed, unsealed = parts(data, "Hagen"), parts(other, "Hagen")
    assert changes(sealed, unsealed) == [], "the report of before does not show the file"
    assert changes(unsealed, sealed) == ["sealed since: claims.yml"], "it says that a file was not sealed"


def test_all_modules_of_a_report_are_parts_and_those_of_the_gallery_are_not(data: Path) -> None:
    found = parts(data, "Hagen")
    script = f"import sys, helpers.present.session, {', '.join(ROOTS)}\nfrom helpers.run.forkserver import ROOMS\n"
    script += "for room in ROOMS: __import__(room)\n"
    script += "print(*sorted(sys.modules[m].__file__ for m in sys.modules if m.split('.')[0] == 'helpers'), sep='\\n')"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    loaded = {Path(line).relative_to(REPOSITORY).as_posix() for line in done.stdout.splitlines()}
    assert len(loaded) > 60 and loaded - found.keys() == set()
    assert {"src/helpers/publish/report.typ", "src/helpers/present/tokens.json"} <= found.keys()
    outside = (
        "src/helpers/cli.py",
        "src/helpers/run/batch.py",
        "src/helpers/publish/gallery.py",
        "src/helpers/publish/gallery.js",
    )
    assert [path for path in outside if path in found] == []


def test_files_have_the_hash_that_the_manifest_gives_them(data: Path) -> None:
    inputs = {one["path"]: one["sha256"] for one in (*code_inputs(report.chapters()), *lock_input())}
    own = parts(data, "Hagen")
    assert len(inputs.keys() & own.keys()) > 80
    assert {path for path in inputs.keys() & own.keys() if inputs[path] != own[path]} == set()


def test_imports_are_followed_through_packages_names_and_brackets() -> None:
    texts = {
        "helpers": "",
        "helpers.a": "def f():\n    from helpers.b import (\n        c,\n        d,\n    )\n",
        "helpers.b": "from helpers import e",
        "helpers.b.c": "import_module('helpers.f.g')",
        "helpers.e": "",
        "helpers.f": "",
        "helpers.f.g": "import helpers.a",
        "helpers.h": "from helpers import a",
    }
    assert imported(["helpers.a"], texts) == set(texts) - {"helpers.h", "helpers"}


def test_every_universe_has_parts_for_every_place(data: Path) -> None:
    inputs = read_inputs(data)
    for universe in ("ruhr", "cities", "districts"):
        for place in universe_places(universe):
            found = inputs.parts(Parameters.check(place=place, universe=universe))
            assert all(re.fullmatch(r"[0-9a-f]{64}", found[part]) for part in found if part.startswith(("data", "src")))
