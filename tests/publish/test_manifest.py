import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from helpers.publish.manifest import code_hash
from helpers.publish.meta import ReportMeta
from helpers.publish.report import publish_report


@pytest.fixture
def manifest(notebooks: list[Path], meta: ReportMeta, tmp_path: Path) -> dict[str, Any]:
    publish_report(notebooks, meta, tmp_path / "report")
    content: dict[str, Any] = json.loads((tmp_path / "report" / "manifest.json").read_text(encoding="utf-8"))
    return content


def test_it_names_what_went_in(manifest: dict[str, Any], meta: ReportMeta) -> None:
    assert manifest["parameters"] == {
        "place": "05911000",
        "universe": "ruhr",
        "peers": "region",
        "language": "de",
        "draws": 2000,
        "seed": 1,
    }
    assert manifest["place"] == "Bochum"
    assert manifest["data"] == {"date": "2026-04-22", "sha256": meta.data_hash}


def test_it_counts_figures_tables_and_missing_sections(manifest: dict[str, Any]) -> None:
    assert manifest["counts"] == {"figures": 3, "tables": 2, "missing": 1}
    assert manifest["missing"] == ["digital-index-ruhr"]
    assert [section["label"] for section in manifest["sections"]] == ["Blick", "Belege"]
    assert manifest["sections"][1]["sections"] == ["Alle Orte", "Wie gerechnet wird"]


def test_it_hashes_every_file_of_the_report(manifest: dict[str, Any], tmp_path: Path) -> None:
    folder = tmp_path / "report"
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    del files["manifest.json"]
    assert [output["path"] for output in manifest["outputs"]] == sorted(files)
    for output in manifest["outputs"]:
        content = files[output["path"]].read_bytes()
        assert (output["sha256"], output["bytes"]) == (hashlib.sha256(content).hexdigest(), len(content))


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
    before = code_hash(notebooks)
    injected = {"cell_type": "code", "source": 'place = "Sonsbeck"', "metadata": {"tags": ["injected-parameters"]}}
    _edit(notebooks[0], lambda cells: cells.insert(1, injected))
    _edit(notebooks[0], lambda cells: cells[2]["outputs"].clear())
    assert code_hash(notebooks) == before
    _edit(notebooks[0], lambda cells: cells[2].update(source="another()"))
    assert code_hash(notebooks) != before


def test_the_words_of_the_meta_follow_the_date_as_known(meta: ReportMeta) -> None:
    assert meta.running_foot == "Digitalstand Bochum · Datenstand 22. April 2026"
    assert replace(meta, data_date="2026-04").running_foot.endswith("Datenstand April 2026")
    assert replace(meta, data_date="2026").timestamp.isoformat() == "2026-01-01T00:00:00+00:00"
