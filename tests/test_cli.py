"""The command `cityreport` as a user meets it: exit codes and messages. What it renders is tested end to end elsewhere."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from galleries import manifest, write_report

from helpers.parameters import DATA_DIR

COMMAND = Path(sys.executable).with_name("cityreport")


def run(*words: str, data: Path | None = None, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"COLUMNS": "200", "NO_COLOR": "1"}
    if data:
        environment["CITYREPORT_DATA"] = str(data)
    return subprocess.run(
        [str(COMMAND), *words], capture_output=True, text=True, env=environment, cwd=cwd, check=False, timeout=60
    )


def refused(*words: str, data: Path | None = None, cwd: Path | None = None) -> list[str]:
    """The lines with which a command is refused: exit code 2, nothing on stdout, no traceback."""
    done = run(*words, data=data, cwd=cwd)
    assert done.returncode == 2, done
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    return done.stderr.splitlines()


def test_a_mistyped_place_is_refused_and_proposed() -> None:
    lines = refused("render", "Bochm")
    assert len(lines) == 1
    assert lines[0].startswith("cityreport: place: 'Bochm' is not in universe 'ruhr'. Did you mean Bochum?")


def test_an_ambiguous_place_lists_city_and_landkreis() -> None:
    lines = refused("render", "München", "--universe", "districts")
    assert len(lines) == 1
    assert "kreisfreie Stadt, Bayern, AGS 09162)" in lines[0] and "Landkreis, Bayern, AGS 09184)" in lines[0]


def test_all_wrong_places_are_told_and_nothing_is_made(tmp_path: Path) -> None:
    lines = refused(
        "render", "Bochm", "Essen", "Dortmnd", "Bochm", "--language", "fr", "--out", "reports", cwd=tmp_path
    )
    assert [line.split("'")[1] for line in lines] == ["fr", "Bochm", "Dortmnd"]
    assert list(tmp_path.iterdir()) == []


def test_a_folder_without_reports_is_neither_verified_nor_listed(tmp_path: Path) -> None:
    for words in (("verify", "absent"), ("verify", "."), ("gallery", "absent"), ("gallery", ".")):
        assert len(refused(*words, cwd=tmp_path)) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_report_that_was_changed_is_told_and_fails(tmp_path: Path) -> None:
    folder = write_report(tmp_path, manifest("05911000", "ruhr", 1))
    (folder / "report.pdf").unlink()
    done = run("verify", str(tmp_path))
    assert done.returncode == 1 and "  missing  report.pdf" in done.stdout.splitlines()


@pytest.mark.parametrize("out", ["taken", "taken/below"])
def test_a_file_in_the_way_of_the_output_is_refused(tmp_path: Path, out: str) -> None:
    (tmp_path / "taken").write_text("mine", encoding="utf-8")
    assert refused("render", "Bochum", "--out", out, cwd=tmp_path) == [
        "cityreport: --out: 'taken' is a file; a folder is expected."
    ]
    assert [path.read_text(encoding="utf-8") for path in tmp_path.iterdir()] == ["mine"]


def test_peers_language_and_universe_are_checked() -> None:
    assert "Essn" in refused("render", "Bochum", "--peers", "Dortmund,Essn")[0]
    assert refused("render", "Bochum", "--language", "fr") == ["cityreport: language: 'fr' is not one of de, en."]
    assert "Did you mean 'ruhr'?" in refused("render", "Bochum", "--universe", "rhur")[0]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["render"], "place: name one or more places, or give a file by --params."),
        (["render", "Bochum", "--nope"], "No such option: --nope"),
        (["rendr"], "No such command 'rendr'"),
    ],
)
def test_a_mistake_in_the_command_itself_exits_with_2(words: list[str], message: str) -> None:
    assert any(message in line for line in refused(*words))


def test_help_is_shown_without_words_and_documents_the_commands() -> None:
    for words in ([], ["data"]):
        assert "Usage: cityreport" in run(*words).stdout
    done = run("--help")
    assert done.returncode == 0
    assert all(name in done.stdout for name in ("render", "places", "data"))


def test_places_are_listed_with_ags_name_and_type() -> None:
    done = run("places")
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) == 53
    assert "05911000  Bochum  (kreisfreie Stadt, Nordrhein-Westfalen)" in done.stdout
    assert len(run("places", "--universe", "cities").stdout.splitlines()) == 83


def test_places_as_ags_can_be_given_to_render() -> None:
    lines = run("places", "--universe", "districts", "--ags").stdout.splitlines()
    assert len(set(lines)) == 400
    assert {len(line) for line in lines} == {5}


def test_where_without_a_report_tells_how_to_make_it(tmp_path: Path) -> None:
    assert refused("where", "rank-lines", "Essen", "--language", "en", cwd=tmp_path) == [
        "cityreport: report: there is none in 'output/ruhr/05113000-essen-en'. "
        "Make it: cityreport render 05113000 --universe ruhr --language en --out output"
    ]
    assert "place: 'Bochm'" in refused("where", "rank-lines", "Bochm", cwd=tmp_path)[0]
    assert "not both" in refused("where", "rank-lines", "Essen", "--report", "here", cwd=tmp_path)[0]


def test_places_of_an_unknown_universe_are_refused() -> None:
    assert refused("places", "--universe", "nonsense") == [
        "cityreport: universe: 'nonsense' is not one of ruhr, cities, districts."
    ]


def test_the_committed_data_are_in_order() -> None:
    done = run("data", "check")
    assert (done.returncode, done.stdout, done.stderr) == (0, "The Data Package is in order.\n", "")


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """A copy of the data with two wrong values in two files."""
    data = Path(shutil.copytree(DATA_DIR, tmp_path / "data"))
    for file, old, new in (
        ("places.csv", ",358676,", ",many,"),
        ("observations.csv", "gigabit_households,2023,91.89,", "gigabit_households,2023,9189,"),
    ):
        text = (data / file).read_text(encoding="utf-8")
        assert text.count(old) == 1
        (data / file).write_text(text.replace(old, new), encoding="utf-8", newline="\n")
    return data


def test_faulty_data_are_refused_with_all_faults(broken: Path) -> None:
    lines = refused("data", "check", data=broken)
    assert any("data/places.csv, line " in line and "population: 'many'" in line for line in lines)
    assert any("data/observations.csv, line " in line and "value: '9189'" in line for line in lines)
    assert all(line.startswith("cityreport: data/") for line in lines)


def test_data_that_cannot_be_read_are_refused(tmp_path: Path) -> None:
    assert "holds no universes" in refused("render", "Bochum", data=tmp_path / "absent")[0]
    assert "datapackage.json" in refused("data", "check", data=tmp_path / "absent")[0]
    assert "datapackage.json" in refused("data", "seal", data=tmp_path / "absent")[0]


def test_faulty_data_is_not_sealed(broken: Path) -> None:
    (broken / "boundaries" / "states.geojson").unlink()
    before = (broken / "datapackage.json").read_bytes()
    lines = refused("data", "seal", data=broken)
    assert "cityreport: data/boundaries/states.geojson: the file must exist" in lines
    assert any("population: 'many'" in line for line in lines)
    assert (broken / "datapackage.json").read_bytes() == before


def test_the_audit_of_claims_is_printed_and_in_order() -> None:
    done = run("claims", "Bochum", "--language", "en")
    assert (done.returncode, done.stderr) == (0, "")
    assert "C09  outdated (computed): Bochum ranks 11th in the Smart City Index 2023." in done.stdout


def test_an_overtaken_verdict_is_exit_code_1(tmp_path: Path) -> None:
    data = Path(shutil.copytree(DATA_DIR, tmp_path / "data"))
    table = data / "smart_city_index.csv"
    text = table.read_text(encoding="utf-8")
    table.write_text(text.replace("2023,05911000,total,76.2,11,", "2023,05911000,total,76.2,12,"), encoding="utf-8")
    done = run("claims", data=data)
    assert (done.returncode, done.stderr) == (1, "")
    assert "C09: In claims.yml steht „überholt“, die Daten ergeben „widerlegt“." in done.stdout
    lines = refused("data", "check", data=data)
    assert [line for line in lines if ", C17: 'confirmed' breaks the rule: the verdict written down must be" in line]


def test_a_report_whose_claims_cannot_be_judged_is_refused_before_its_first_chapter(tmp_path: Path) -> None:
    """Three definitions find more than one row; all are told, and nothing is made."""
    data = Path(shutil.copytree(DATA_DIR, tmp_path / "data"))
    claims, asked = data / "claims.yml", ', ags == place, category == "administration")'
    text = claims.read_text(encoding="utf-8")
    assert text.count(asked) == 3
    claims.write_text(text.replace(asked, ", ags == place)"), encoding="utf-8", newline="\n")
    lines = refused("render", "Bochum", "--out", str(tmp_path / "out"), data=data)
    told = [line for line in lines if "data/claims.yml, line " in line and "value must find one row" in line]
    assert [line.split("define.")[1].split(":")[0] for line in told] == [
        "rank",
        "administration_newest",
        "administration_latest",
    ]
    assert not list((tmp_path / "out").rglob("*.ipynb"))


def test_mistakes_in_the_question_for_claims_are_exit_code_2() -> None:
    lines = refused("claims", "Bochm", "--language", "fr")
    assert [line.split(":")[1] for line in lines] == [" language", " place"]


def test_a_place_without_claims_is_exit_code_0() -> None:
    done = run("claims", "Kiel", "--universe", "cities", "--language", "en")
    assert done.returncode == 0
    assert done.stdout == "No text with claims to check is held about Kiel (data/claims*.yml).\n"


def test_a_file_of_parameters_is_checked_before_anything_is_made(tmp_path: Path) -> None:
    (tmp_path / "mine.yml").write_text("place: Bochm\nindex:\n  weights: {reserch: 2}\n")
    lines = refused("render", "--params", "mine.yml", cwd=tmp_path)
    assert [line.split(": ")[1:3] for line in lines] == [
        ["mine.yml, line 1", "place"],
        ["mine.yml, line 3", "index.weights.reserch"],
    ]
    assert [path.name for path in tmp_path.iterdir()] == ["mine.yml"]


def test_what_the_file_says_cannot_be_said_twice(tmp_path: Path) -> None:
    (tmp_path / "mine.yml").write_text("place: Bochum\n")
    lines = refused("render", "--params", "mine.yml", "--seed", "2", "--n-peers", "4", cwd=tmp_path)
    assert lines == [
        "cityreport: --n-peers: with --params it stands in the file (n_peers: …).",
        "cityreport: --seed: with --params it stands in the file (seed: …).",
    ]


def test_a_place_instead_of_that_of_the_file_is_checked_too(tmp_path: Path) -> None:
    (tmp_path / "mine.yml").write_text("index: {aggregation: geometric}\n")
    lines = refused("render", "Essen", "Bochm", "--params", "mine.yml", cwd=tmp_path)
    assert len(lines) == 1 and "'Bochm'" in lines[0]
