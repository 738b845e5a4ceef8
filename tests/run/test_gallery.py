"""`cityreport gallery`: from a folder of reports to the page in it."""

import json
from pathlib import Path

import pytest
from galleries import manifest, write_output, write_report

from helpers.parameters import ParameterError
from helpers.publish.gallery_rows import Failure
from helpers.run.gallery import FAILURES, read_failures, write_failures, write_gallery

BOCHUM, DORTMUND = "05911000", "05913000"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_output(tmp_path / "now", "ruhr", [BOCHUM, DORTMUND])


def test_the_page_lies_beside_the_reports_and_its_links_lead_to_them(folder: Path) -> None:
    path = write_gallery(folder, "de")
    assert path == folder / "index.html"
    text = path.read_text(encoding="utf-8")
    for name in ("05911000-bochum", "05913000-dortmund"):
        assert f'href="{name}/report.html"' in text and f'href="{name}/report.pdf"' in text
        assert (folder / name / "report.html").exists()
    assert sorted(one.name for one in folder.iterdir() if one.name.startswith(".")) == []
    assert path.stat().st_mode & 0o777 == 0o644


def test_english_has_a_page_of_its_own(folder: Path) -> None:
    assert write_gallery(folder, "en") == folder / "index-en.html"
    with pytest.raises(ParameterError, match="language: 'fr'"):
        write_gallery(folder, "fr")


def test_an_earlier_output_is_named_after_its_folder_wherever_it_lies(folder: Path, tmp_path: Path) -> None:
    write_report(tmp_path / "2025-10", manifest(BOCHUM, "ruhr", 5))
    text = write_gallery(folder, "de", tmp_path / "2025-10" / "ruhr").read_text(encoding="utf-8")
    assert "„2025-10“" in text and "4 Ränge besser" in text
    assert str(tmp_path) not in text


def test_a_broken_manifest_is_a_failure_on_the_page(folder: Path) -> None:
    (folder / "05913000-dortmund" / "manifest.json").write_text("{", encoding="utf-8")
    text = write_gallery(folder, "de").read_text(encoding="utf-8")
    assert "fehlgeschlagen: 1" in text and "manifest.json is not one of this version" in text


def test_failures_of_a_batch_are_shown_and_forgotten(folder: Path) -> None:
    failures = [Failure("05562016-haltern-am-see", "04-how-certain.ipynb: KernelDied", "de")]
    write_failures(folder, failures)
    assert read_failures(folder) == failures
    assert "04-how-certain.ipynb: KernelDied" in write_gallery(folder, "de").read_text(encoding="utf-8")
    write_failures(folder, [])
    assert read_failures(folder) == [] and not (folder / FAILURES).exists()
    (folder / FAILURES).write_text(json.dumps({"failures": [{"folder": 1}]}), encoding="utf-8")
    with pytest.raises(ParameterError, match=FAILURES):
        write_gallery(folder, "de")


def test_a_folder_without_reports_or_of_two_universes_is_refused(folder: Path, tmp_path: Path) -> None:
    for wrong in (tmp_path / "absent", tmp_path):
        with pytest.raises(ParameterError, match="folder: "):
            write_gallery(wrong, "de")
    with pytest.raises(ParameterError, match="--compare: "):
        write_gallery(folder, "de", tmp_path / "absent")
    mixed = tmp_path / "mixed"
    for universe in ("ruhr", "cities"):
        made = write_report(tmp_path / "of", manifest(BOCHUM, universe, 1))
        mixed.mkdir(exist_ok=True)
        made.rename(mixed / universe)
    with pytest.raises(ParameterError, match="reports of cities, ruhr"):
        write_gallery(mixed, "de")
