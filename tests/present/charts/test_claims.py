"""The pictures on the claims of the press: labels free and inside, marks where the facts put them."""

from itertools import combinations

import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.lines import Line2D
from studies import study_of

from helpers.analysis.rankings import known_ranks
from helpers.parameters import universe_places
from helpers.present.charts.claims import claimed_rank, tally
from helpers.present.drawing import Drawing
from helpers.present.names import CATEGORIES
from helpers.present.style import COLOR, svg
from helpers.present.wording.rankings import region_cities

EDITIONS = (2019, 2023, 2025)


def faults_of(drawing: Drawing) -> list[str]:
    """Labels that overlap another one or leave the figure."""
    found = [f"{a.words!r} on {b.words!r}" for a, b in combinations(drawing.labels, 2) if a.overlaps(b)]
    for label in drawing.labels:
        inside = label.left > -0.2 and label.right < drawing.width_mm + 0.2
        if not inside or label.top < 0 or label.bottom > drawing.height_mm:
            found.append(f"{label.words!r} leaves the figure")
    return found


def rank_of(place: str, claimed: int = 2023, newest: int = 2024, category: str = "total") -> Drawing:
    study = study_of(place, "cities", "de")
    return claimed_rank(
        study.facts.smart_city_index,
        study.names,
        study.city_ags,
        region_cities(study),
        claimed=claimed,
        newest=newest,
        published="frühestens Ende Mai 2019",
        category=category,
    )


def lines_of(drawing: Drawing, color: str) -> list[Line2D]:
    """The joined lines of a colour, without marks."""
    drawn = drawing.figure.axes[0].lines
    return [one for one in drawn if one.get_linestyle() != "None" and to_hex(str(one.get_color())).upper() == color]


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_tally_has_a_row_for_each_verdict_and_a_sign_for_each_claim(language: str) -> None:
    text, audit = study_of("Bochum", "ruhr", language).press[0]
    verdicts = text.vocabulary.verdicts
    drawing = tally(audit, verdicts)
    assert faults_of(drawing) == []
    assert drawing.data["verdict"].tolist() == [verdict.id for verdict in verdicts]
    assert drawing.data["count"].tolist() == [5, 10, 5, 3, 0, 3]
    for verdict, claims in zip(verdicts, drawing.data["claims"], strict=True):
        assert claims.split() == [item.claim.id for item in audit if item.verdict == verdict]
    words = [label.words for label in drawing.labels]
    for verdict in verdicts:
        assert verdict.word(language) in words and verdict.meaning(language) in words
        assert f"{verdict.word(language)} " in drawing.alt
    assert len(drawing.alt) <= 350


def test_signs_that_do_not_fit_into_a_row_take_another_line() -> None:
    text, audit = study_of("Bochum").press[0]
    verdicts = text.vocabulary.verdicts
    many = tally(audit * 6, verdicts)
    assert many.height_mm > tally(audit, verdicts).height_mm
    assert faults_of(many) == []


@pytest.mark.parametrize("category", CATEGORIES[:3])
@pytest.mark.parametrize("claimed", EDITIONS)
def test_labels_are_free_for_many_cities_and_editions(claimed: int, category: str) -> None:
    panel = study_of("Bochum").facts.smart_city_index
    faults = {
        ags: faults_of(rank_of(ags, claimed, newest, category))
        for ags in list(universe_places("cities"))[::4]
        for newest in (claimed, 2024)
        if claimed <= newest and not known_ranks(panel, ags, category).empty
    }
    assert {ags: found for ags, found in faults.items() if found} == {}


def test_the_data_tell_what_the_article_could_know() -> None:
    data = rank_of("Bochum").data.set_index("edition")
    assert data["rank"].to_dict() == {2019: 32, 2020: 18, 2021: 7, 2022: 8, 2023: 11, 2024: 4, 2025: 5}
    assert data.index[~data["known_to_article"]].tolist() == [2025]
    assert data.index[data["claimed"]].tolist() == [2023]


def test_a_gap_is_not_bridged() -> None:
    panel = study_of("Bochum").facts.smart_city_index
    for ags in list(universe_places("cities"))[::4]:
        ranks = known_ranks(panel, ags)
        if ranks.empty:
            continue
        neighbours = sum(edition + 1 in ranks.index for edition in ranks.index)
        assert len(lines_of(rank_of(ags), COLOR["accent"])) == neighbours, ags


def test_only_the_place_is_in_the_accent_and_its_later_ranks_are_rings() -> None:
    drawing = rank_of("Bochum")
    marks = [one for one in drawing.figure.axes[0].lines if one.get_marker() == "o"]
    filled = [one for one in marks if to_hex(str(one.get_markerfacecolor())).upper() == COLOR["accent"]]
    rings = [one for one in marks if to_hex(str(one.get_markeredgecolor())).upper() == COLOR["accent"]]
    assert (len(filled), len(rings)) == (6, 1)
    words = {label.words for label in drawing.labels}
    assert {"Dortmund 18", "Essen 27", "im Artikel", "genannt", "nach dem Artikel", "erschienen"} <= words


def test_heads_give_way_where_there_is_nothing_to_say() -> None:
    words = {label.words for label in rank_of("Bochum", claimed=2025, newest=2025).labels}
    assert "im Artikel" in words
    assert not {"die neueste", "erschienen"} & words


def test_the_alternative_names_the_ranks_the_claimed_and_the_newest_edition() -> None:
    alt = rank_of("Bochum").alt
    assert "2022 8, 2023 11, 2024 4 und 2025 5" in alt
    assert "Markiert ist die Ausgabe 2023, die ein Artikel (frühestens Ende Mai 2019) nennt" in alt
    assert alt.endswith("die neueste war damals 2024 mit Platz 4, später erschien 2025.")
    assert 150 <= len(alt) <= 350


def test_without_a_known_rank_there_is_no_picture() -> None:
    study = study_of("Bochum")
    empty: pd.DataFrame = study.facts.smart_city_index.iloc[:0]
    with pytest.raises(ValueError, match="no rank of 05911000 in the category 'total' is known"):
        claimed_rank(empty, study.names, study.city_ags, [], claimed=2023, newest=2024, published="2025-06")


def test_the_same_picture_twice_has_the_same_bytes() -> None:
    assert svg(rank_of("Bochum").figure) == svg(rank_of("Bochum").figure)
