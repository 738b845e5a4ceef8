"""One report: what is published, what is left as it was when a chapter fails, and how folders are named."""

from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from chapters import printed, write_chapter

from helpers.data.parameter_file import read_parameters
from helpers.parameters import ParameterError, Parameters
from helpers.present.explorer import Explorer
from helpers.run import report
from helpers.run.chapter import execute_chapter, notebook_parameters
from helpers.run.faults import ReportError
from helpers.run.kernels import Kernels, open_kernels
from helpers.run.report import check_targets, render_report, report_folder, slug


@pytest.fixture
def kernels() -> Iterator[Kernels]:
    """Plain kernels; tests/run/test_isolation.py tries the same with forked ones, and more."""
    with open_kernels("plain") as plain:
        yield plain


def test_a_failing_chapter_leaves_the_last_good_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kernels: Kernels
) -> None:
    parameters = Parameters.check(place="Bochum")
    monkeypatch.setattr(report, "NOTEBOOKS", tmp_path)
    write_chapter(tmp_path, "text = 'before'", "1 / 0")
    out = tmp_path / "out"
    good = report_folder(parameters, out)
    good.mkdir(parents=True)
    (good / "report.pdf").write_text("the last good one")
    with pytest.raises(
        ReportError, match=r"01-chapter\.ipynb, code cell 4, line 1: ZeroDivisionError: division by zero"
    ):
        render_report(parameters, out, lambda step: None, kernels)
    assert (good / "report.pdf").read_text() == "the last good one"
    assert [path.name for path in good.parent.iterdir()] == [good.name]


def test_a_chapter_without_blocks_is_not_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kernels: Kernels
) -> None:
    monkeypatch.setattr(report, "NOTEBOOKS", tmp_path)
    write_chapter(tmp_path, "1 + 1")
    with pytest.raises(ReportError, match=r"01-chapter\.ipynb: no block"):
        render_report(Parameters.check(place="Bochum"), tmp_path / "out", lambda step: None, kernels)
    assert list((tmp_path / "out" / "ruhr").iterdir()) == []


def test_a_chapter_must_declare_each_parameter(tmp_path: Path, kernels: Kernels) -> None:
    chapter = write_chapter(tmp_path, "1", defaults='place = "Bochum"')
    others = ", ".join(sorted(set(Parameters.model_fields) - {"place"}))
    with pytest.raises(ReportError, match=f"does not declare the parameters {others}"):
        execute_chapter(chapter, Parameters.check(place="Bochum"), tmp_path / "run", kernels)


def test_a_chapter_gets_its_parameters_and_keeps_no_trace_of_the_run(tmp_path: Path, kernels: Kernels) -> None:
    chapter = write_chapter(tmp_path, "print(place, peers)")
    parameters = Parameters.check(place="Bochum", peers="Essen,Dortmund")
    first = execute_chapter(chapter, parameters, tmp_path / "first", kernels)
    second = execute_chapter(chapter, parameters, tmp_path / "second", kernels)
    assert first.path.read_bytes() == second.path.read_bytes()
    outputs = nbformat.read(first.path, as_version=4).cells[-1].outputs
    assert outputs[0].text == "05911000 ['05113000', '05913000']\n"
    assert 0 < first.kernel_seconds <= first.seconds


def test_an_explored_view_is_reproduced_from_its_file(tmp_path: Path, kernels: Kernels) -> None:
    explorer = Explorer(Parameters.check(draws=200))
    explorer.weights["research"].value, explorer.normalisation.value = 0.3, "z_score"
    explorer.file.value = str(tmp_path / "view.yml")
    explorer.save.click()
    parameters = read_parameters(tmp_path / "view.yml")
    ask = "from helpers import Parameters, load_study\nstudy = load_study(Parameters.check(place=place, index=index, draws=draws))"
    told = "row = study.certainty().ranks.loc[place]\nprint(study.rank_in('ruhr'), study.index.score[place], *row)"
    executed = execute_chapter(write_chapter(tmp_path, ask, told), parameters, tmp_path / "run", kernels)
    study = explorer.study
    row = study.certainty().ranks.loc["05911000"]
    said = " ".join(map(str, (study.rank_in("ruhr"), study.index.score["05911000"], *row)))
    assert printed(executed.path) == f"{said}\n"


def test_parameters_reach_the_notebook_as_plain_values() -> None:
    values = notebook_parameters(Parameters.check(place="Bochum", peers=["Essen"], language="en"))
    assert values == {
        "place": "05911000",
        "universe": "ruhr",
        "peers": ["05113000"],
        "n_peers": 10,
        "index": {},
        "language": "en",
        "draws": 2000,
        "seed": 1,
    }


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("Mülheim an der Ruhr", "muelheim-an-der-ruhr"),
        ("Fröndenberg/Ruhr", "froendenberg-ruhr"),
        ("Voerde (Niederrhein)", "voerde-niederrhein"),
        ("Groß-Gerau", "gross-gerau"),
        ("Cottbus/Chóśebuz", "cottbus-chosebuz"),
    ],
)
def test_folder_names_are_plain(name: str, folder: str) -> None:
    assert slug(name) == folder


def test_other_parameters_have_a_folder_of_their_own(tmp_path: Path) -> None:
    folders = {
        report_folder(Parameters.check(place="Bochum", **more), tmp_path)
        for more in ({}, {"peers": "universe"}, {"seed": 2}, {"index": {"weights": {"research": 2}}})
    }
    assert len(folders) == 4
    assert tmp_path / "ruhr" / "05911000-bochum" in folders


def test_files_of_others_are_never_replaced(tmp_path: Path) -> None:
    parameters = Parameters.check(place="Bochum")
    folder = report_folder(parameters, tmp_path)
    folder.mkdir(parents=True)
    check_targets([parameters], tmp_path)
    (folder / "manifest.json").write_text('{"outputs": [{"path": "report.pdf"}]}')
    (folder / "report.pdf").touch()
    check_targets([parameters], tmp_path)
    (folder / "my-notes.txt").touch()
    with pytest.raises(ParameterError, match=r"holds files of others: my-notes\.txt"):
        check_targets([parameters], tmp_path)


def test_a_file_where_the_report_would_stand_is_refused(tmp_path: Path) -> None:
    parameters = Parameters.check(place="Bochum")
    (tmp_path / "ruhr").mkdir()
    report_folder(parameters, tmp_path).touch()
    with pytest.raises(ParameterError, match="is a file"):
        check_targets([parameters], tmp_path)


def test_an_output_folder_that_cannot_be_made_is_refused() -> None:
    with pytest.raises(ParameterError, match=r"--out: cannot write in"):
        check_targets([Parameters.check(place="Bochum")], Path("/proc/reports"))


def test_a_report_in_english_has_a_folder_of_its_own(tmp_path: Path) -> None:
    german, english = (Parameters.check(place="Bochum", language=language) for language in ("de", "en"))
    assert report_folder(german, tmp_path) == tmp_path / "ruhr" / "05911000-bochum"
    assert report_folder(english, tmp_path) == tmp_path / "ruhr" / "05911000-bochum-en"
