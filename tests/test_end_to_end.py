"""The main job as a user runs it: real notebooks in real kernels, a real PDF, for places that differ."""

import hashlib
import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pikepdf
import pymupdf
import pytest
from jsonschema import Draft202012Validator
from nbclient import NotebookClient

from helpers.present.blocks import BLOCK_MIME
from helpers.run.report import NOTEBOOKS

SCHEMA = json.loads((NOTEBOOKS.parent / "src/helpers/publish/manifest.schema.json").read_text(encoding="utf-8"))
COMMAND = Path(sys.executable).with_name("cityreport")

NOT_RATED = {"de": "Der Smart City Index bewertet", "en": "The Smart City Index does not rate"}


@dataclass(frozen=True)
class Case:
    """Arguments of `cityreport render`, and what the report must say on its first page."""

    arguments: tuple[str, ...]
    folder: str
    language: str
    first_page: tuple[str, ...]
    rated: bool


CASES = [
    Case(
        ("Bochum",),
        "ruhr/05911000-bochum",
        "de",
        ("Bochum", "Rang 1 von 53", "Rang 35 von 83", "Rang 39 von 400"),
        True,
    ),
    Case(("Dortmund",), "ruhr/05913000-dortmund", "de", ("Dortmund", "Rang 3 von 53"), True),
    Case(("Haltern am See",), "ruhr/05562016-haltern-am-see", "de", ("Haltern am See", "Rang 9 von 53"), False),
    Case(("05978016",), "ruhr/05978016-holzwickede", "de", ("Holzwickede", "Rang 21 von 53"), False),
    Case(("Bochum", "--universe", "cities"), "cities/05911000-bochum", "de", ("Bochum", "Rang 35 von 83"), True),
    Case(("05911", "--universe", "districts"), "districts/05911-bochum", "de", ("Bochum", "Rang 39 von 400"), True),
    Case(("Bochum", "--language", "en"), "ruhr/05911000-bochum-en", "en", ("Bochum", "rank 1 of 53"), True),
]


def render(*arguments: str, out: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [str(COMMAND), "render", *arguments, "--out", str(out)]
    return subprocess.run(command, capture_output=True, text=True, env=os.environ | environment, cwd=out, check=False)


def page_texts(folder: Path) -> list[str]:
    """The text of each page, white space folded."""
    with pymupdf.open(folder / "report.pdf") as document:
        return [" ".join(page.get_text().replace("\u00ad", "").split()) for page in document]


def manifest_of(folder: Path) -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return manifest


def hashes(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module", params=CASES, ids=lambda case: " ".join(case.arguments))
def report(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Case, Path]:
    """One rendered report: what was asked and its folder."""
    case: Case = request.param
    out = tmp_path_factory.mktemp("out")
    done = render(*case.arguments, out=out)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    assert [path.name for path in out.iterdir()] == [case.folder.split("/")[0]], "nothing else may be left behind"
    assert [path.name for path in (out / case.folder).parent.iterdir()] == [case.folder.split("/")[1]]
    return case, out / case.folder


def test_the_first_page_states_the_ranks_of_this_place(report: tuple[Case, Path]) -> None:
    case, folder = report
    first = page_texts(folder)[0].replace("\u202f", " ")
    assert [words for words in case.first_page if words not in first] == []


def test_a_place_without_a_smart_city_rank_is_told_so(report: tuple[Case, Path]) -> None:
    case, folder = report
    text = " ".join(page_texts(folder))
    assert (NOT_RATED[case.language] in text) != case.rated
    assert (folder / "figures" / "rank-lines.svg").exists() == case.rated
    assert ("smart-city-index" in json.dumps(manifest_of(folder))) != case.rated


def test_language_and_text_alternatives_are_in_the_pdf(report: tuple[Case, Path]) -> None:
    case, folder = report
    with pikepdf.open(folder / "report.pdf") as pdf:
        assert str(pdf.Root.Lang).startswith(case.language)
        assert "/StructTreeRoot" in pdf.Root


def test_the_manifest_names_every_file_with_its_hash(report: tuple[Case, Path]) -> None:
    _, folder = report
    Draft202012Validator(SCHEMA).validate(manifest_of(folder))
    listed = {item["path"]: item["sha256"] for item in manifest_of(folder)["outputs"]}
    found = {path: digest for path, digest in hashes(folder).items() if path not in ("manifest.json", "timings.json")}
    assert listed == found
    pictures = [path for path in found if path.endswith((".svg", ".png"))]
    assert len(pictures) >= 10


def test_executed_notebooks_hold_outputs_but_no_times_or_paths(report: tuple[Case, Path]) -> None:
    case, folder = report
    notebooks = sorted((folder / "notebooks").glob("*.ipynb"))
    assert len(notebooks) == 9
    for path in notebooks:
        text = path.read_text(encoding="utf-8")
        assert "start_time" not in text
        assert str(folder.parent) not in text
        assert any(cell.get("outputs") for cell in nbformat.read(path, as_version=4).cells)
        assert f'language = \\"{case.language}\\"' in text


def test_no_sentence_prints_what_is_not_meant_to_be_read(report: tuple[Case, Path]) -> None:
    case, folder = report
    text = " ".join(page_texts(folder)).replace("\u202f", " ")
    assert re.findall(r"\bnan\b|\bNone\b(?!\s+of)|\bNaN\b|<NA>|\{\.|\(\)", text) == []
    decimals = r"\d\.\d %" if case.language == "de" else r"\d,\d%"
    assert re.findall(decimals, text) == []


def test_the_same_inputs_give_the_same_bytes(tmp_path: Path) -> None:
    """Whatever the path, the working directory, the time zone, the locale (Turkish: a trap for letters) and the hash seed."""
    first, second = tmp_path / "one", tmp_path / "another folder"
    here = {"TZ": "UTC", "LANG": "C", "LC_ALL": "C", "PYTHONHASHSEED": "0"}
    there = {"TZ": "Pacific/Auckland", "LANG": "tr_TR.UTF-8", "LC_ALL": "tr_TR.UTF-8", "PYTHONHASHSEED": "4711"}
    for out, settings in ((first, here), (second, there)):
        out.mkdir()
        assert render("Witten", out=out, **settings).returncode == 0
        for words in (("verify", out), ("gallery", out / "ruhr")):
            done = subprocess.run(
                [COMMAND, *words], env=os.environ | settings, cwd=out, capture_output=True, check=False
            )
            assert done.returncode == 0, done.stderr
    one, other = hashes(first), hashes(second)
    assert len(one) > 20 and "ruhr/index.html" in one
    differing = {path for path in one | other if one.get(path) != other.get(path)}
    assert {Path(path).name for path in differing} <= {"timings.json"}


@pytest.mark.parametrize("path", sorted(NOTEBOOKS.glob("[0-9]*.ipynb")), ids=lambda path: path.stem)
def test_a_chapter_runs_by_hand_with_its_defaults(path: Path) -> None:
    """As JupyterLab runs it: in the folder of the notebooks, top to bottom, without the command line."""
    notebook = nbformat.read(path, as_version=4)
    folder = {"metadata": {"path": str(NOTEBOOKS)}}
    NotebookClient(notebook, timeout=120, kernel_name="python3", resources=folder).execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    blocks = [output["data"][BLOCK_MIME] for output in outputs if BLOCK_MIME in output.get("data", {})]
    assert blocks[0]["type"] == "heading"
    assert "Bochum" in "".join(run["text"] for run in blocks[0]["runs"])
    assert [output for output in outputs if output.output_type in ("error", "stream")] == []
