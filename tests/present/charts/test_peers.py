"""The figure of the place within its group: labels free and inside, data complete, alternatives true."""

import pytest
from studies import study_of

from helpers.analysis.peer_group import positions
from helpers.analysis.study import Study
from helpers.parameters import Parameters
from helpers.present.charts.peers import peer_positions
from helpers.present.drawing import Drawing

CASES = [
    ("ruhr", "Bochum", "nearest"),
    ("ruhr", "Sonsbeck", "nearest"),
    ("ruhr", "Haltern am See", ["Sonsbeck"]),
    ("ruhr", "Hagen", ["Bochum", "Essen"]),
    ("cities", "Erfurt", "nearest"),
    ("cities", "München", "region"),
    ("districts", "16063", "nearest"),
    ("districts", "09184", "region"),
    ("districts", "05170", ["03159"]),
]


def faults(drawing: Drawing) -> list[str]:
    """Labels that lie on each other or outside the figure."""
    labels = drawing.labels
    found = [f"{a.words} on {b.words}" for i, a in enumerate(labels) for b in labels[i + 1 :] if a.overlaps(b)]
    return found + [
        label.words
        for label in labels
        if label.left < -0.2 or label.right > drawing.width_mm + 0.2 or not 0 <= label.bottom <= drawing.height_mm
    ]


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize(("universe", "place", "peers"), CASES)
def test_labels_are_free(universe: str, place: str, peers: str | list[str], language: str) -> None:
    drawing = peer_positions(study_of(place, universe, language, peers))
    assert faults(drawing) == []
    assert 140 <= len(drawing.alt) <= 360


def with_peers(place: str, universe: str, n: int) -> Study:
    study = study_of(place, universe)
    return Study(Parameters.check(place=place, universe=universe, n_peers=n), study.facts, study.indices)


@pytest.mark.parametrize("n", [1, 2, 3, 30])
def test_it_works_for_few_and_for_many(n: int) -> None:
    study = with_peers("Bochum", "ruhr", n)
    assert len(study.peers) == n
    drawing = peer_positions(study)
    assert faults(drawing) == []
    assert len(drawing.data) == 10 * (n + 1)


def test_the_data_are_those_of_the_group() -> None:
    study = study_of("Bochum")
    data = peer_positions(study).data
    assert set(data["ags"]) == {study.place.ags, *study.peers}
    own = data[data["ags"] == study.place.ags].set_index("indicator")
    found = positions(study.index, study.place.ags, study.peers)
    assert own["rank"].tolist() == found["rank"].tolist()
    assert own["value"].tolist() == found["value"].tolist()


def test_the_row_names_who_is_at_its_ends() -> None:
    study = study_of("Bochum", peers=["Essen", "Dortmund", "Gelsenkirchen"])
    words = {label.words for label in peer_positions(study).labels}
    assert {"Bochum 89,7", "Essen 59,1", "Dortmund 4,9", "1 von 4"} <= words


def test_a_single_peer_is_shown_among_all_places() -> None:
    words = [label.words for label in peer_positions(study_of("Bochum", peers=["Essen"])).labels]
    assert "Stärkster Wert der 53 Kommunen" in words
    assert "Hagen, mit Fernstudierenden, 487,5" in words
    assert "Median" not in words


def test_without_peers_there_is_no_figure() -> None:
    with pytest.raises(ValueError, match="no peers"):
        peer_positions(study_of("Bochum", peers="universe"))


def test_the_alternative_names_ranks_that_hold() -> None:
    study = study_of("Bochum")
    found = positions(study.index, study.place.ags, study.peers)
    ahead = sum(better is True for better in found["better"])
    assert f"Bochum liegt in {ahead} Zeilen vor dem Median." in peer_positions(study).alt


def test_a_district_is_never_named_by_the_beginning_of_its_type() -> None:
    drawing = peer_positions(study_of("05170", "districts", peers=["13075"]))
    words = [label.words for label in drawing.labels]
    assert not [word for word in words if word.startswith(("Landkreis …", "Kreis …"))]
    assert "Wesel" in words or "Kreis Wesel" in words


def test_the_name_of_the_place_has_the_room_that_the_other_end_leaves() -> None:
    words = [label.words for label in peer_positions(study_of("13075", "districts", "en")).labels]
    study_of("Bochum")
    assert [word for word in words if word.startswith("Vorpommern-Greifswald 88.6")]
