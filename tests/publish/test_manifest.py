import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from studies import facts, study_of

from helpers.data.package import read_descriptor
from helpers.parameters import DATA_DIR, REPOSITORY
from helpers.present import blocks, charts, listings, wording
from helpers.present.sources import cite
from helpers.publish.blocks import read_blocks
from helpers.publish.inputs import code_hash, code_inputs
from helpers.publish.meta import ReportMeta
from helpers.publish.published import read_published
from helpers.publish.report import publish_report
from helpers.publish.trace import traces

Bundle = dict[str, Any]
Emit = Callable[[], None]
SCHEMA: dict[str, Any] = json.loads(
    (REPOSITORY / "src/helpers/publish/manifest.schema.json").read_text(encoding="utf-8")
)


def faults(manifest: dict[str, Any]) -> list[str]:
    return [f"{one.json_path}: {one.message}" for one in Draft202012Validator(SCHEMA).iter_errors(manifest)]


@pytest.fixture
def manifest(notebooks: list[Path], meta: ReportMeta, tmp_path: Path) -> dict[str, Any]:
    publish_report(notebooks, meta, tmp_path / "report")
    content: dict[str, Any] = json.loads((tmp_path / "report" / "manifest.json").read_text(encoding="utf-8"))
    return content


def test_it_names_what_went_in(manifest: dict[str, Any], meta: ReportMeta) -> None:
    assert manifest["parameters"] == {
        "place": "05911000",
        "universe": "ruhr",
        "peers": "nearest",
        "n_peers": 10,
        "index": {},
        "language": "de",
        "draws": 2000,
        "seed": 1,
    }
    assert manifest["place"] == "Bochum"
    assert manifest["data"] == {"date": "2026-04-22", "sha256": meta.data_hash, "changed": []}


def test_it_counts_figures_tables_and_missing_sections(manifest: dict[str, Any]) -> None:
    assert manifest["counts"] == {"figures": 3, "tables": 3, "missing": 1}
    assert manifest["missing"] == [
        {"section": "digital-index-ruhr", "notebook": "02-evidence.ipynb", "reason": "Köln wird nicht genannt."}
    ]
    assert [section["label"] for section in manifest["sections"]] == ["Blick", "Belege", "Presse"]
    assert manifest["sections"][1]["sections"] == ["Alle Orte", "Wie gerechnet wird"]


def test_it_hashes_every_file_of_the_report(manifest: dict[str, Any], tmp_path: Path) -> None:
    folder = tmp_path / "report"
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    del files["manifest.json"]
    assert [output["path"] for output in manifest["outputs"]] == sorted(files)
    for output in manifest["outputs"]:
        content = files[output["path"]].read_bytes()
        assert (output["sha256"], output["bytes"]) == (hashlib.sha256(content).hexdigest(), len(content))


def test_it_is_of_the_form_that_its_schema_tells(manifest: dict[str, Any]) -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert faults(manifest) == []


@pytest.mark.parametrize(
    ("keys", "value"),
    [
        (["parameters", "place"], "Bochum"),
        (["data", "date"], "today"),
        (["outputs", 0, "path"], "/report.pdf"),
        (["outputs", 0, "path"], "figures/../../report.pdf"),
        (["outputs", 0, "sha256"], "sha256:" + "0" * 64),
        (["inputs", 0, "kind"], "thing"),
        (["missing", 0, "reason"], ""),
        (["made_at"], "2026-11-24T12:00:00"),
    ],
)
def test_the_schema_refuses_what_a_manifest_must_not_hold(
    manifest: dict[str, Any], keys: list[Any], value: str
) -> None:
    part: Any = manifest
    for key in keys[:-1]:
        part = part[key]
    part[keys[-1]] = value
    assert len(faults(manifest)) == 1


def test_every_part_is_required(manifest: dict[str, Any]) -> None:
    assert set(manifest) == set(SCHEMA["required"]) == set(SCHEMA["properties"])


def test_it_names_every_input_with_its_hash(notebooks: list[Path], meta: ReportMeta, tmp_path: Path) -> None:
    hashes = facts().hashes
    publish_report(notebooks, replace(meta, data_files=hashes), tmp_path / "report")
    inputs = read_published(tmp_path / "report").inputs
    kinds = {one.path: one.kind for one in inputs}
    assert len(kinds) == len(inputs)
    assert {f"data/{file}" for file in hashes} == {path for path, kind in kinds.items() if kind == "data"}
    expected = {
        "notebooks/02-evidence.ipynb": "notebook",
        "src/helpers/publish/pdf.py": "module",
        "src/helpers/publish/report.typ": "template",
        "src/helpers/publish/report.css": "template",
        "src/helpers/present/fonts/SourceSansPro-Bold.ttf": "font",
        "src/helpers/present/tokens.json": "setting",
        "requirements.lock": "lock",
    }
    assert {path: kinds.get(path) for path in expected} == expected
    for one in inputs:
        if one.kind != "notebook":
            assert one.sha256 == hashlib.sha256((REPOSITORY / one.path).read_bytes()).hexdigest()


def test_it_tells_where_the_place_stands(
    write_notebook: Callable[[str, list[Bundle]], Path],
    bundle_of: Callable[[Emit], Bundle],
    meta: ReportMeta,
    tmp_path: Path,
) -> None:
    study = study_of("Bochum")
    cells: list[Emit] = [
        lambda: blocks.heading("Befund", label="Kapitel"),
        lambda: blocks.key_figures(wording.glance.cards(study)),
    ]
    publish_report([write_notebook("01.ipynb", [bundle_of(emit) for emit in cells])], meta, tmp_path / "report")
    report = read_published(tmp_path / "report")
    assert list(report.result) == ["ruhr", "cities", "districts"]
    at, ranks = report.standing, study.certainty().ranks.loc["05911000"]
    assert at is not None
    assert (at.rank, at.n, at.low, at.high) == (1, 53, ranks["low"], ranks["high"])
    assert at.score == pytest.approx(study.index.score["05911000"], abs=1e-4)


def test_it_tells_for_each_figure_and_table_where_it_comes_from(manifest: dict[str, Any]) -> None:
    assert [(one["id"], one["type"], one["number"]) for one in manifest["figures"]] == [
        ("strips", "figure", 1), ("map", "map", 2), ("lines", "figure", 3),
        ("heat", "table", 1), ("long", "table", 2), ("signs", "table", 3),
    ]  # fmt: skip
    long = next(one for one in manifest["figures"] if one["id"] == "long")
    assert (long["notebook"], long["code_cell"], long["cell_id"]) == ("02-evidence.ipynb", 6, "c5")
    assert long["data"] == {"path": "tables/long.csv", "rows": 60, "columns": ["number", "place", "value"]}
    assert long["pictures"] == []


def test_the_cell_with_the_parameters_of_a_report_is_not_counted(notebooks: list[Path], meta: ReportMeta) -> None:
    injected = {
        "cell_type": "code",
        "source": "place = 1",
        "metadata": {"tags": ["injected-parameters"]},
        "outputs": [],
    }
    _edit(notebooks[0], lambda cells: cells.insert(1, injected))
    first = traces(read_blocks(notebooks))["figures"][0]
    assert (first["code_cell"], first["cell_id"]) == (6, "c5")


def test_origins_name_the_helper_the_sources_and_the_files_of_the_data(
    write_notebook: Callable[[str, list[Bundle]], Path], bundle_of: Callable[[Emit], Bundle]
) -> None:
    study = study_of("Bochum")
    source = cite(study, indicators=["fibre_households"], also=("bitkom-sci",))
    cells: list[Emit] = [
        lambda: blocks.heading("Befund", label="Kapitel"),
        lambda: blocks.figure("strips", charts.domain_strips(study), source=source),
        lambda: blocks.table("coverage", listings.coverage_table(study), source=source),
    ]
    made = traces(read_blocks([write_notebook("01.ipynb", [bundle_of(emit) for emit in cells])]))
    strips, coverage = made["figures"]
    assert strips["made_by"]["function"] == "helpers.present.charts.strips.domain_strips"
    assert coverage["made_by"]["function"] == "helpers.present.listings.coverage_table"
    assert strips["indicators"] == [["municipality", "fibre_households", "2021-06"]]
    assert strips["files"] == ["observations.csv", "smart_city_editions.csv", "smart_city_index.csv"]
    assert strips["sources"] == ["breitbandatlas-2021", "bitkom-sci"]
    assert set(made["sources"]) == set(strips["sources"])
    assert made["sources"]["bitkom-sci"]["url"] == "https://www.bitkom.org/Smart-City-Index"


def test_every_source_is_found_in_a_file_of_the_data() -> None:
    addresses = {
        one.get("path") for resource in read_descriptor(DATA_DIR)["resources"] for one in resource.get("sources", ())
    }
    assert set(facts().sources["url"]) <= addresses


def test_it_holds_no_place_of_the_disk(manifest: dict[str, Any], tmp_path: Path) -> None:
    assert str(tmp_path) not in json.dumps(manifest)


def test_notebooks_in_the_folder_are_part_of_the_report(
    notebooks: list[Path], meta: ReportMeta, tmp_path: Path
) -> None:
    publish_report(notebooks, meta, tmp_path)
    outputs = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))["outputs"]
    assert {"01-glance.ipynb", "02-evidence.ipynb"} <= {output["path"] for output in outputs}


def _edit(path: Path, change: Callable[[list[dict[str, Any]]], object]) -> None:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    change(notebook["cells"])
    path.write_text(json.dumps(notebook), encoding="utf-8")


def test_the_code_hash_sees_a_changed_cell_but_not_parameters_or_outputs(notebooks: list[Path]) -> None:
    before = code_hash(code_inputs(notebooks))
    injected = {"cell_type": "code", "source": 'place = "Sonsbeck"', "metadata": {"tags": ["injected-parameters"]}}
    _edit(notebooks[0], lambda cells: cells.insert(1, injected))
    _edit(notebooks[0], lambda cells: cells[2]["outputs"].clear())
    assert code_hash(code_inputs(notebooks)) == before
    _edit(notebooks[0], lambda cells: cells[2].update(source="another()"))
    assert code_hash(code_inputs(notebooks)) != before


def test_the_words_of_the_meta_follow_the_date_as_known(meta: ReportMeta) -> None:
    assert meta.running_foot == "Digitalstand Bochum · Datenstand 22. April 2026"
    assert replace(meta, data_date="2026-04").running_foot.endswith("Datenstand April 2026")
    assert replace(meta, data_date="2026").timestamp.isoformat() == "2026-01-01T00:00:00+00:00"
