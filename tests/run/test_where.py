"""`cityreport where`: from a figure back to its cell, its rows and its sources, by the folder of a report alone."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from studies import facts, study_of

from helpers.parameters import REPOSITORY, ParameterError
from helpers.present import blocks, charts
from helpers.present.blocks import Block
from helpers.present.sources import cite
from helpers.publish.meta import ReportMeta
from helpers.publish.report import publish_report
from helpers.run.where import tell_origin

COMMAND = "cityreport render 05911000"
CODE = 'figure(\n    "domains",\n    charts.domain_strips(study),\n)'


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report of one chapter: a heading, and a figure in its third code cell."""
    folder, study = tmp_path_factory.mktemp("report"), study_of("Bochum")
    shown: list[Block] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "display", shown.append)
        blocks.heading("Bochum führt", label="Auf einen Blick")
        blocks.figure("domains", charts.domain_strips(study), source=cite(study, own=True), title="Vier Bereiche")
    cells = [_cell("first", "study = 1"), _cell("second", "heading()", shown[0]), _cell("third", CODE, shown[1])]
    (folder / "notebooks").mkdir()
    notebook = folder / "notebooks" / "01-glance.ipynb"
    notebook.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}), "utf-8")
    meta = ReportMeta(study.parameters, study.place, facts().data_date, facts().data_hash)
    publish_report([notebook], meta, folder)
    return folder


def _cell(id_: str, source: str, block: Block | None = None) -> dict[str, Any]:
    data = [block._repr_mimebundle_()] if block else []
    outputs = [{"output_type": "display_data", "data": one, "metadata": {}} for one in data]
    return {"cell_type": "code", "id": id_, "source": source, "metadata": {}, "outputs": outputs, "execution_count": 1}


@pytest.fixture
def report(made: Path, tmp_path: Path) -> Path:
    """A copy of the report that a test may spoil."""
    return Path(shutil.copytree(made, tmp_path / "report"))


def told(folder: Path, figure: str = "domains") -> str:
    lines: list[str] = []
    tell_origin(figure, folder, COMMAND, lines.append)
    return "\n".join(lines)


def refused(folder: Path, figure: str = "domains") -> list[str]:
    with pytest.raises(ParameterError) as error:
        told(folder, figure)
    return list(error.value.faults)


def test_it_tells_cell_helper_rows_sources_and_hashes(report: Path) -> None:
    words = told(report)
    assert words.startswith("Figure 1 · domains: Vier Bereiche\n")
    assert "notebook    notebooks/01-glance.ipynb, code cell 3 (id third)" in words
    assert re.search(
        r"drawn by +src/helpers/present/charts/strips\.py:\d+, helpers\.present\.charts\.strips\.domain_strips", words
    )
    assert "rows        tables/domains.csv: 53 rows; ags, " in words
    assert "data files  data/observations.csv" in words
    assert "indicator   gigabit_households, municipality, 2023" in words
    source = facts().sources.loc["deutschlandatlas-2026"]
    assert f"source      deutschlandatlas-2026: {source['publisher']}: {source['title_de']}" in words
    assert f"edition of 2026-04-22; {source['licence_de']}; {source['url']}" in words
    assert "report      Bochum (05911000): universe ruhr, peers nearest" in words
    assert f"data        of {facts().data_date}, sha256 {facts().data_hash}" in words
    assert words.endswith('The cell:\n\n    figure(\n        "domains",\n        charts.domain_strips(study),\n    )')


def test_what_it_names_is_there(report: Path) -> None:
    words = told(report)
    helper, line = re.findall(r"drawn by +(\S+):(\d+),", words)[0]
    assert (REPOSITORY / helper).read_text(encoding="utf-8").splitlines()[int(line) - 1].startswith("def domain_strips")
    for file in re.findall(r"(?:tables|figures)/[a-z.]+", words):
        assert (report / file.rstrip(".")).is_file()
    for file in re.findall(r"data/[a-z_.]+", words):
        assert (REPOSITORY / file.rstrip(".")).is_file()


def test_it_says_whether_the_code_at_hand_is_that_of_the_report(report: Path) -> None:
    assert "the code at hand differs" in told(report), "the chapter of this test is not one of the notebooks"


def test_the_commit_is_the_one_beside_the_report_else_that_of_the_checkout(report: Path) -> None:
    at_hand = re.findall(r"commit +(.+)", told(report))[0]
    assert at_hand.startswith("not known") or re.match(r"[0-9a-f]{40}\b.* \(of the checkout at hand", at_hand)
    (report / "timings.json").write_text('{"commit": "abc123", "notebooks": 1.0}')
    assert re.findall(r"commit +(.+)", told(report)) == ["abc123"]


def test_without_its_notebook_all_but_the_code_is_told(report: Path) -> None:
    shutil.rmtree(report / "notebooks")
    assert "code cell 3" in told(report) and "The cell:" not in told(report)


def test_an_unknown_figure_is_refused_with_the_nearest_and_the_list(report: Path) -> None:
    assert refused(report, "domain") == [
        f"figure: 'domain' is not in {str(report)!r}. Did you mean domains?",
        "figure: it has domains.",
    ]
    assert refused(report, "xyz")[0].endswith(f"is not in {str(report)!r}.")


def test_without_a_report_the_command_that_makes_it_is_told(tmp_path: Path) -> None:
    assert refused(tmp_path / "none") == [f"report: there is none in {str(tmp_path / 'none')!r}. Make it: {COMMAND}"]


@pytest.mark.parametrize("content", ["not json", "[]", '{"figures": []}', '{"format": 1}'])
def test_a_manifest_that_does_not_tell_is_refused(report: Path, content: str) -> None:
    (report / "manifest.json").write_text(content)
    (fault,) = refused(report)
    assert "does not say where its figures come from" in fault and fault.endswith(COMMAND)


def test_the_manifest_holds_no_commit_and_no_place_of_the_disk(made: Path) -> None:
    manifest = (made / "manifest.json").read_text(encoding="utf-8")
    assert str(REPOSITORY) not in manifest and "commit" not in manifest
