"""The panels: for places of every kind in both languages, complete and without what no sentence may have."""

import re

import pytest

from helpers.parameters import Parameters
from helpers.present.explorer.panels import PANELS, View, head, weights_title
from helpers.present.explorer.workbench import Workbench
from helpers.present.language import use


@pytest.fixture(scope="module")
def workbench() -> Workbench:
    return Workbench()


def view(
    workbench: Workbench, place: str, universe: str = "ruhr", language: str = "de", top: int = 10, **more: object
) -> View:
    parameters = Parameters.check(place=place, universe=universe, language=language, draws=200, **more)
    use(parameters.language)
    return View(workbench.study(parameters), workbench.readers_weights(parameters), top)


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("panel", PANELS)
@pytest.mark.parametrize(
    ("place", "universe"), [("Bochum", "ruhr"), ("Sonsbeck", "ruhr"), ("Essen", "cities"), ("13075", "districts")]
)
def test_every_panel_can_be_shown(workbench: Workbench, place: str, universe: str, panel: str, language: str) -> None:
    shown = PANELS[panel](view(workbench, place, universe, language, index={"aggregation": "geometric"}))
    words = re.sub(r"<style>.*?</style>", "", shown, flags=re.DOTALL)
    assert "<h4>" in words and not re.search(r"\b(nan|None|NaN)\b", words)
    assert not re.search(r"\{\.[a-z]+\}", words)
    assert ("<svg" in words) == (panel not in ("ranking", "weights"))
    assert "<svg" not in words or 'role="img" aria-label="' in words


def test_the_ranking_marks_place_and_peers_and_shows_each_range(workbench: Workbench) -> None:
    one = view(workbench, "Bochum")
    table = PANELS["ranking"](one)
    assert table.count('<tr class="focus">') == 1 and table.count('<tr class="peer">') == 10
    ranges = one.study.certainty().ranks.loc["05911000"]
    assert f'title="{ranges.low:.0f}–{ranges.high:.0f}"' in table


def test_a_long_ranking_is_cut(workbench: Workbench) -> None:
    table = PANELS["ranking"](view(workbench, "05911", "districts"))
    assert table.count("<td>…</td>") == table.count("…") and 20 < table.count("<tr") < 70


def test_the_head_gives_rank_range_and_share(workbench: Workbench) -> None:
    one = view(workbench, "Bochum", top=3)
    share, low, high = one.readers.share("05911000", 3)
    assert "Unter den ersten 3 in" in head(one) and low < share < high
    assert '<span class="big">1</span>' in head(one)
    assert weights_title(one).endswith("aller Gewichtungen liegt Bochum im Ruhrgebiet unter den ersten 3")


@pytest.mark.parametrize(("place", "top", "words"), [("Bochum", 53, "in jeder"), ("Fröndenberg/Ruhr", 1, "in keiner")])
def test_always_and_never_are_said_as_such(workbench: Workbench, place: str, top: int, words: str) -> None:
    assert f"ist {words} dieser Gewichtungen unter den ersten {top}." in PANELS["weights"](
        view(workbench, place, top=top)
    )


def test_results_are_kept_for_the_same_choice(workbench: Workbench) -> None:
    one, two = (view(workbench, place, index={"weights": {"research": 2}}) for place in ("Bochum", "Essen"))
    assert one.study.index is two.study.index
    assert one.readers is view(workbench, "Bochum", index={"weights": {"research": 7}}).readers
