"""The charts for many places: every label inside the figure and free of others, alternatives true, data complete."""

from collections.abc import Callable

import pytest
from drawings import label_faults
from studies import study_of

from helpers.analysis.selection import CUT, MOST_ROWS, shown_places
from helpers.analysis.study import Study
from helpers.parameters import universe_places
from helpers.present.charts import domain_strips, profile, rank_lines, ranking
from helpers.present.charts.profile import DOMAIN_HEAD, FOOT, HEAD, PAGE, row_height
from helpers.present.charts.rank_lines import spread
from helpers.present.charts.ranking import shorten
from helpers.present.drawing import Drawing
from helpers.present.style import SMALL_PT, text_width_mm
from helpers.present.wording.rankings import region_cities

SPREAD = [("districts", "09184"), ("districts", "13073"), ("districts", "07135"), ("cities", "09162000")]


def lines(study: Study) -> Drawing:
    panel = study.facts.smart_city_index
    return rank_lines(panel, study.names, study.city_ags, study.peers, region_cities(study))


def ranked(study: Study) -> list[Drawing]:
    return ranking(study, study.certainty().ranks)


@pytest.mark.parametrize("draw", [domain_strips, profile])
@pytest.mark.parametrize("language", ["de", "en"])
def test_labels_are_free_in_other_universes(draw: Callable[[Study], Drawing], language: str) -> None:
    """For the Ruhr see test_labels.py."""
    faults = {ags: label_faults(draw(study_of(ags, universe, language))) for universe, ags in SPREAD}
    assert {ags: found for ags, found in faults.items() if found} == {}


@pytest.mark.parametrize(("universe", "place"), [("ruhr", "Bochum"), ("cities", "Cottbus/Chóśebuz"), *SPREAD])
def test_labels_of_the_ranking_are_free(universe: str, place: str) -> None:
    for page in ranked(study_of(place, universe, "de")):
        assert label_faults(page) == []


def test_labels_of_rank_lines_are_free() -> None:
    cities = list(universe_places("cities").values())
    panel = study_of("Bochum", "ruhr", "de").facts.smart_city_index
    known = set(panel.dropna(subset="rank").query("category == 'total'")["ags"])
    faults = {
        place.name: label_faults(lines(study_of(place.ags, "cities", "de"))) for place in cities if place.ags in known
    }
    assert len(faults) > 70
    assert {name: found for name, found in faults.items() if found} == {}


def test_no_rank_lines_without_a_known_rank() -> None:
    with pytest.raises(ValueError, match="05170040"):
        lines(study_of("Sonsbeck", "ruhr", "de"))


def test_alternatives_name_the_place_its_figures_and_those_at_the_ends() -> None:
    study = study_of("Bochum", "ruhr", "de")
    assert "Infrastruktur 68,3 Punkte, Rang 14" in domain_strips(study).alt
    row = study.certainty().ranks.loc["05911000"]
    assert f"Bochum: 59,7 Punkte, Rang 1, Spanne {row.low:.0f} bis {row.high:.0f}. Oben: Bochum" in ranked(study)[0].alt
    assert ranked(study)[0].alt.endswith("Oben: Bochum 59,7, Essen 56,4 und Dortmund 55,4. Unten: Breckerfeld 14,1.")
    assert "2019 Platz 32, 2020 Platz 18, 2021 Platz 7," in lines(study).alt
    assert "Kein Platz bekannt für 2021, 2023, 2024 und 2025." in lines(study_of("Recklinghausen", "ruhr", "de")).alt


def test_the_data_behind_a_chart_holds_every_place() -> None:
    study = study_of("09184", "districts", "de")
    assert ranked(study)[0].data["ags"].nunique() == 400
    assert profile(study).data["ags"].nunique() == 400
    assert domain_strips(study).data["ags"].nunique() == 400


def test_a_long_ranking_is_cut_and_keeps_both_ends_and_the_surroundings() -> None:
    study = study_of("05911", "districts", "de")
    rows = shown_places(study)
    order = list(study.index.score.sort_values(ascending=False, kind="stable").index)
    assert len(rows) <= MOST_ROWS
    assert rows[:10] == order[:10]
    assert rows[-5:] == order[-5:]
    own = order.index("05911")
    assert set(order[own - 10 : own + 11]) <= set(rows)
    positions = [order.index(row) for row in rows if row != CUT]
    assert positions == sorted(positions)
    for before, mark, after in zip(rows, rows[1:], rows[2:], strict=False):
        if mark == CUT:
            assert order.index(after) > order.index(before) + 1


def test_a_ranking_of_83_fills_two_pages_with_all() -> None:
    pages = ranked(study_of("Bochum", "cities", "de"))
    assert len(pages) == 2
    assert abs(pages[0].height_mm - pages[1].height_mm) < 5


def test_names_are_shortened_at_a_word() -> None:
    assert shorten("Bochum", 30) == "Bochum"
    cut = shorten("Neustadt an der Aisch-Bad Windsheim", 30)
    assert cut.endswith(" …")
    assert text_width_mm(cut, SMALL_PT) <= 30


def test_labels_are_spread_and_stay_above_the_bottom() -> None:
    assert spread([1, 10, 20], [3, 3], 30) == [1, 10, 20]
    placed = spread([28, 29, 29.5], [3, 3], 30)
    assert placed == pytest.approx([24, 27, 30])


@pytest.mark.parametrize(("domains", "indicators", "height"), [(4, 10, 17.0), (4, 11, 15.9), (4, 14, 12.5)])
def test_the_rows_of_a_profile_fit_on_a_page(domains: int, indicators: int, height: float) -> None:
    row = row_height(domains, indicators)
    assert row == pytest.approx(height, abs=0.1)
    assert HEAD + DOMAIN_HEAD * domains + row * indicators + FOOT <= PAGE
