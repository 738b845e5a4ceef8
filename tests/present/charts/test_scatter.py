"""The scatter of two rankings: names free for every city and edition, scales equal, alternatives true, data complete."""

from itertools import combinations

import pandas as pd
import pytest
from studies import facts, index_of, study_of

from helpers.analysis.rankings import known_ranks
from helpers.analysis.study import Study
from helpers.analysis.validity import paired_ranks
from helpers.parameters import universe_places
from helpers.present.charts import scatter
from helpers.present.charts.scatter import EXTREME, LEFT, SIDE, TOP
from helpers.present.drawing import Drawing
from helpers.present.maps.labels import short_name
from helpers.present.style import BASE_PT, HEIGHT_MM, WIDTH_MM

CITIES = list(universe_places("cities"))
EDITIONS = range(2019, 2026)


def pairs_of(edition: int) -> pd.DataFrame:
    return paired_ranks(facts().smart_city_index, index_of("cities").rank, edition)


def drawn(study: Study, edition: int) -> Drawing:
    pairs, rank = pairs_of(edition), index_of("cities").rank
    return scatter(study, pairs, rank.drop(pairs.index), edition, 83)


def faults_of(drawing: Drawing) -> list[str]:
    found = [f"{a.words!r} on {b.words!r}" for a, b in combinations(drawing.labels, 2) if a.overlaps(b)]
    for label in drawing.labels:
        inside = label.left > -0.2 and label.right < drawing.width_mm + 0.2
        if not inside or label.top < 0 or label.bottom > drawing.height_mm:
            found.append(f"{label.words!r} leaves the figure")
    return found


def named(drawing: Drawing) -> set[str]:
    return {label.words for label in drawing.labels}


@pytest.mark.parametrize("edition", EDITIONS)
def test_names_never_overlap_and_the_place_has_its_own(edition: int) -> None:
    faults, unnamed = {}, []
    for ags in CITIES[edition % 3 :: 3]:
        study = study_of(ags, "cities")
        drawing = drawn(study, edition)
        if found := faults_of(drawing):
            faults[ags] = found
        if ags in pairs_of(edition).index and short_name(study.place.name) not in named(drawing):
            unnamed.append(ags)
    assert faults == {}
    assert unnamed == []


@pytest.mark.parametrize("edition", EDITIONS)
def test_no_name_covers_a_mark(edition: int) -> None:
    drawing, pairs = drawn(study_of("Bochum", "cities"), edition), pairs_of(edition)
    names = facts().places["name"].map(short_name)
    for label in drawing.labels:
        for row in pairs.itertuples():
            x, y = LEFT + SIDE * (row.open - 1) / 82, TOP + SIDE * (row.smart_city - 1) / 82
            covered = label.left < x < label.right and label.top < y < label.bottom
            assert not covered, (label.words, names[row.Index])


def test_extremes_and_anchors_are_named_where_there_is_room() -> None:
    found = named(drawn(study_of("Bochum", "cities"), 2025))
    assert {"München", "Berlin", "Lübeck", "Cottbus", "Mönchengladbach", "Wuppertal"} <= found
    pairs = pairs_of(2025)
    extremes = pairs.index[pairs["difference"].abs() > EXTREME]
    assert {short_name(facts().places.at[ags, "name"]) for ags in extremes} <= found
    assert "Stuttgart" not in found


def test_both_axes_have_one_scale_with_rank_1_top_left() -> None:
    drawing = drawn(study_of("Bochum", "cities"), 2025)
    (_, first), (_, last) = (
        min(((label.left, label) for label in drawing.labels if label.words == rank), key=lambda item: item[0])
        for rank in ("1", "83")
    )
    assert first.top < last.top
    assert (drawing.width_mm, drawing.height_mm) == (WIDTH_MM["scatter"], HEIGHT_MM["scatter"])
    own = next(label for label in drawing.labels if label.words == "Bochum")
    # Rank 35 across, rank 5 down; the name is set level with its dot.
    assert own.left > LEFT + SIDE * 34 / 82 and (own.top + own.bottom) / 2 == pytest.approx(
        TOP + SIDE * 4 / 82, abs=BASE_PT * 0.1
    )


def test_a_place_without_a_rank_is_said_to_be_among_those_without() -> None:
    without = next(ags for ags in CITIES if known_ranks(facts().smart_city_index, ags).empty)
    study = study_of(without, "cities")
    assert f"darunter {study.place.name}" in named(drawn(study, 2025))
    assert "47 Städte ohne veröffentlichten Platz" in named(drawn(study, 2025))


def test_a_town_that_is_no_large_city_gets_the_picture_without_itself() -> None:
    drawing = drawn(study_of("Sonsbeck"), 2025)
    assert faults_of(drawing) == []
    assert "Sonsbeck" not in drawing.alt


def test_peers_of_a_district_are_found_as_cities() -> None:
    drawing = drawn(study_of("05911", "districts", peers=["05113", "05119"]), 2025)
    assert {"Essen", "Oberhausen"} <= named(drawing)


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("place", ["Bochum", "Hamm", "Cottbus/Chóśebuz", "Jena"])
def test_the_alternative_is_computed_and_of_the_right_length(place: str, language: str) -> None:
    drawing = drawn(study_of(place, "cities", language), 2025)
    study_of("Bochum")
    assert 150 <= len(drawing.alt) <= 350
    assert place in drawing.alt


def test_the_data_hold_all_cities() -> None:
    data = drawn(study_of("Bochum", "cities"), 2025).data
    assert len(data) == 83 and data["smart_city"].notna().sum() == 36
    row = data.set_index("name").loc["Bochum"]
    assert (row["open"], row["smart_city"], row["difference"]) == (35, 5, 30)
