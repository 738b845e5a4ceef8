"""The explorer without a browser: each control answers, faults are told, a view is kept and restored, nothing is shared."""

from pathlib import Path

import pytest

from helpers.analysis.study import build_study
from helpers.data.parameter_file import read_parameters
from helpers.parameters import Parameters
from helpers.present import language
from helpers.present.explorer import Explorer, Workbench


@pytest.fixture(scope="module")
def workbench() -> Workbench:
    return Workbench()


@pytest.fixture
def explorer(workbench: Workbench) -> Explorer:
    return Explorer(Parameters.check(draws=200), workbench)


def test_it_begins_with_the_default_index(explorer: Explorer) -> None:
    assert explorer.parameters == Parameters.check(draws=200)
    assert "Bochum" in explorer.head.value and "Standardindex" not in explorer.head.value
    assert explorer.panels["ranking"].value.count("<tr") == 54
    assert {slider.value for slider in explorer.weights.values()} == {1.0}


def test_a_slider_changes_the_ranking(explorer: Explorer) -> None:
    before = explorer.panels["ranking"].value
    explorer.weights["research"].value = 0.1
    assert explorer.parameters.index.weights == {"research": 0.1}
    assert explorer.panels["ranking"].value != before
    assert "Nicht der Standardindex" in explorer.head.value
    assert explorer.study.index.rank[explorer.study.place.ags] == 2


def test_what_is_shown_is_what_a_report_computes(explorer: Explorer) -> None:
    explorer.weights["students_rate"].value = 3.0
    explorer.normalisation.value, explorer.aggregation.value = "percentile", "geometric"
    report = build_study(explorer.parameters)
    shown = explorer.study
    assert (report.index.score == shown.index.score).all() and report.peers == shown.peers
    assert report.index.universe == shown.index.universe
    assert report.certainty().ranks.equals(shown.certainty().ranks)


def test_only_the_open_panel_is_drawn(explorer: Explorer) -> None:
    for number, name in enumerate(explorer.panels):
        explorer.tabs.selected_index = number
        assert explorer.panel == name
        assert [bool(panel.value) for panel in explorer.panels.values()] == [other == name for other in explorer.panels]


def test_another_universe_keeps_the_place_and_the_weights_it_knows(explorer: Explorer) -> None:
    explorer.weights["research"].value, explorer.weights["fiveg_area"].value = 2.0, 3.0
    explorer.universe.value = "districts"
    assert explorer.parameters.place == "05911"
    assert explorer.parameters.index.weights == {"research": 2.0}
    assert "patents_rate" in explorer.weights and "fiveg_area" not in explorer.weights
    explorer.place.value = "09184"
    explorer.universe.value = "ruhr"
    assert explorer.parameters.universe == "ruhr" and explorer.message.value == ""


def test_peers_by_a_list_begin_with_those_shown_and_a_fault_leaves_the_view(explorer: Explorer) -> None:
    shown = explorer.study.peers
    explorer.peers.value = "list"
    assert sorted(explorer.parameters.peers) == sorted(shown)
    before = explorer.head.value
    explorer.others.value = "Essen, Dortmnd"
    assert "'Dortmnd' is not in universe 'ruhr'. Did you mean Dortmund" in explorer.message.value
    assert explorer.head.value == before and sorted(explorer.parameters.peers) == sorted(shown)
    explorer.others.value = "Essen, Dortmund"
    assert explorer.message.value == "" and explorer.parameters.peers == ("05113000", "05913000")


def test_a_view_is_saved_and_restored(explorer: Explorer, tmp_path: Path) -> None:
    explorer.file.value = str(tmp_path / "view.yml")
    explorer.place.value, explorer.n_peers.value, explorer.aggregation.value = "05113000", 5, "geometric"
    explorer.weights["companies"].value = 2.5
    kept, head = explorer.parameters, explorer.head.value
    explorer.save.click()
    assert "cityreport render --params" in explorer.message.value
    assert read_parameters(tmp_path / "view.yml") == kept
    explorer.reset.click()
    assert not explorer.parameters.index and explorer.weights["companies"].value == 1
    explorer.place.value = "05911000"
    explorer.load.click()
    assert explorer.parameters == kept and explorer.head.value == head
    assert explorer.weights["companies"].value == 2.5 and explorer.message.value == ""


def test_weights_beyond_the_slider_are_kept_exactly(explorer: Explorer, tmp_path: Path) -> None:
    path = tmp_path / "far.yml"
    path.write_text("draws: 200\nindex: {weights: {research: 37.25, companies: 0.02}}\n")
    explorer.file.value = str(path)
    explorer.load.click()
    assert explorer.parameters == read_parameters(path)


def test_a_file_that_cannot_be_read_or_replaced_is_told(explorer: Explorer, tmp_path: Path) -> None:
    path = tmp_path / "other.yml"
    path.write_text("place: Bochm\n")
    explorer.file.value = str(path)
    before = explorer.parameters
    explorer.load.click()
    assert "line 1: place:" in explorer.message.value
    explorer.save.click()
    assert "holds something else" in explorer.message.value
    assert explorer.parameters == before and path.read_text() == "place: Bochm\n"


def test_two_explorers_share_no_state(explorer: Explorer, workbench: Workbench) -> None:
    other = Explorer(Parameters.check(place="Essen", language="en", draws=200), workbench)
    explorer.weights["research"].value = 4.0
    assert language.current() == "de" and "von 53" in explorer.head.value
    other.top.value = 3
    assert language.current() == "en" and "of 53" in other.head.value
    assert not other.parameters.index and other.parameters.place == "05113000"


def test_it_is_shown_as_widgets(explorer: Explorer) -> None:
    assert "application/vnd.jupyter.widget-view+json" in explorer._repr_mimebundle_()


def test_names_that_occur_twice_carry_their_ags(workbench: Workbench) -> None:
    explorer = Explorer(Parameters.check(place="05911", universe="districts", draws=200), workbench)
    labels = [label for label, _ in explorer.place.options]
    assert len(labels) == len(set(labels)) == 400
