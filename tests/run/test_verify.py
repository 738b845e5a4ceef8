"""`cityreport verify`: every way in which a report can differ from what was made is told, and nothing else."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from galleries import manifest, write_output, write_report

from helpers.data.package import current_hashes, hash_of, read_descriptor
from helpers.parameters import DATA_DIR, ParameterError
from helpers.publish.inputs import code_hash, code_inputs, data_inputs, lock_input
from helpers.run.report import chapters
from helpers.run.verify import verify

BOCHUM, DORTMUND, ESSEN = "05911000", "05913000", "05113000"
IN_ORDER = "1 of 1 reports are as they were made (2 files)."


def of_this_checkout(ags: str = BOCHUM) -> dict[str, Any]:
    """The manifest of a report made here and now."""
    hashes = current_hashes(DATA_DIR, read_descriptor(DATA_DIR))
    code = code_inputs(chapters())
    return manifest(
        ags,
        "ruhr",
        1,
        inputs=[*data_inputs(hashes), *code, *lock_input()],
        data={"date": "2026-04-22", "sha256": hash_of(hashes), "changed": []},
        code={"sha256": code_hash(code)},
    )


@pytest.fixture
def report(tmp_path: Path) -> Path:
    return write_report(tmp_path, of_this_checkout())


def told(output: Path) -> tuple[int, list[str]]:
    lines: list[str] = []
    return verify(output, lines.append), lines


def rewrite(report: Path, change: Callable[[dict[str, Any]], object]) -> None:
    path = report / "manifest.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    change(content)
    path.write_text(json.dumps(content), encoding="utf-8")


@pytest.mark.parametrize("depth", [0, 1, 2], ids=["report", "universe", "output"])
def test_an_untouched_report_is_in_order_at_every_depth(report: Path, depth: int) -> None:
    (report / "timings.json").write_text("{}", encoding="utf-8")
    (report.parent / ".05913000-dortmund-x8s").mkdir()
    (report.parent / "index.html").write_text("", encoding="utf-8")
    assert told([report, report.parent, report.parent.parent][depth]) == (0, [IN_ORDER])


def test_what_was_changed_is_missing_or_extra_is_named_for_each_report(report: Path) -> None:
    dortmund = write_report(report.parents[1], of_this_checkout(DORTMUND))
    (report / "report.pdf").write_text("%PDX", encoding="utf-8")
    (report / "report.html").unlink()
    (report / "figures").mkdir()
    (report / "figures" / "new.svg").write_text("", encoding="utf-8")
    code, lines = told(report.parents[1])
    assert code == 1
    assert lines == [
        "ruhr/05911000-bochum:",
        "  changed  report.pdf",
        "  missing  report.html",
        "  extra    figures/new.svg",
        "1 of 2 reports are as they were made (4 files).",
    ]
    assert told(dortmund)[0] == 0


@pytest.mark.parametrize("content", [None, "{", "[]", '{"format": 2}'])
def test_a_report_without_a_sound_manifest_beside_others_is_a_difference(report: Path, content: str | None) -> None:
    folder = report.parent / "05913000-dortmund"
    folder.mkdir()
    if content is not None:
        (folder / "manifest.json").write_text(content, encoding="utf-8")
    code, lines = told(report.parents[1])
    assert code == 1
    assert lines[0] == "ruhr/05913000-dortmund:" and lines[1].startswith("  broken   ") and "manifest.json" in lines[1]


def test_a_manifest_cannot_vouch_for_files_outside_of_its_report(report: Path) -> None:
    rewrite(report, lambda content: content["outputs"].append({"path": "../x", "sha256": "0" * 64}))
    (report.parent / "x").write_text("", encoding="utf-8")
    assert told(report)[1][1:2] == ["  broken   manifest.json names '../x', which is outside"]


@pytest.mark.parametrize(("kind", "words"), [("data", "hash of the data"), ("module", "hash of the code")])
def test_a_manifest_that_was_written_over_contradicts_itself(report: Path, kind: str, words: str) -> None:
    def change(content: dict[str, Any]) -> None:
        next(one for one in content["inputs"] if one["kind"] == kind)["sha256"] = "0" * 64

    rewrite(report, change)
    code, lines = told(report)
    assert code == 1 and words in lines[1]


def test_other_data_code_and_lock_file_are_notes_and_no_fault(report: Path) -> None:
    content = of_this_checkout(DORTMUND)
    for one in content["inputs"]:
        if one["path"] in ("data/places.csv", "src/helpers/cli.py", "requirements.lock"):
            one["sha256"] = "0" * 64
    data = {
        one["path"].removeprefix("data/"): f"sha256:{one['sha256']}"
        for one in content["inputs"]
        if one["kind"] == "data"
    }
    content["data"]["sha256"] = hash_of(data)
    content["code"]["sha256"] = code_hash([one for one in content["inputs"] if one["kind"] not in ("data", "lock")])
    write_report(report.parents[1], content)
    assert told(report.parents[1]) == (
        0,
        [
            "note: 1 of 2 reports: made from other data than this checkout has (data/places.csv)",
            "note: 1 of 2 reports: made with other code than this checkout has (src/helpers/cli.py)",
            "note: 1 of 2 reports: made with another lock file than this checkout has (requirements.lock)",
            "2 of 2 reports are as they were made (4 files).",
        ],
    )


def test_no_folder_and_no_report_are_refused(tmp_path: Path, report: Path) -> None:
    with pytest.raises(ParameterError, match="is no folder"):
        verify(tmp_path / "absent", print)
    shutil.rmtree(report)
    with pytest.raises(ParameterError, match=r"no manifest\.json"):
        verify(tmp_path, print)


def test_all_reports_of_a_universe_are_looked_at(tmp_path: Path) -> None:
    folder = write_output(tmp_path, "ruhr", [BOCHUM, DORTMUND, ESSEN])
    lines = told(folder)[1]
    # These manifests name no inputs, and say so against their own hashes.
    assert [line for line in lines if line.endswith(":")] == [
        "05113000-essen:",
        "05911000-bochum:",
        "05913000-dortmund:",
    ]
