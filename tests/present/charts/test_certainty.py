"""The figures on the certainty of a rank: labels free and inside, alternatives true to the data."""

import pandas as pd
import pytest
from drawings import label_faults
from studies import study_of

from helpers.analysis.audit.leave_one_out import leave_one_out
from helpers.analysis.certainty import NARROW
from helpers.analysis.selection import neighbours
from helpers.analysis.uncertainty import win_probabilities as wins_of
from helpers.present.charts.certainty import Spread, left_out, rank_distribution, rank_drivers, win_probabilities
from helpers.present.wording.certainty import left_out_rows

PLACES = [
    ("ruhr", "Bochum"),
    ("ruhr", "Breckerfeld"),
    ("cities", "Hagen"),
    ("districts", "09184"),
    ("districts", "16063"),
]


@pytest.mark.parametrize(("universe", "place"), PLACES)
@pytest.mark.parametrize("language", ["de", "en"])
def test_the_distribution_is_that_of_the_simulation(universe: str, place: str, language: str) -> None:
    study = study_of(place, universe, language)
    ags = study.place.ags
    shares = study.certainty().shares(ags)
    narrow = study.certainty(prior=NARROW).shares(ags)
    assert shares.sum() == pytest.approx(1)
    drawing = rank_distribution(study, Spread("A", shares), Spread("B", narrow))
    assert label_faults(drawing) == []
    assert drawing.data["A"].sum() == pytest.approx(1)
    assert f"{int(shares.idxmax())} in " in drawing.alt


@pytest.mark.parametrize(("universe", "place"), PLACES)
def test_chances_against_neighbours_are_those_of_the_simulation(universe: str, place: str) -> None:
    study = study_of(place, universe)
    near = neighbours(study.index, study.place.ags, 5)
    assert len(near) == 5
    assert study.place.ags not in near
    wins = wins_of(study.certainty().simulation, study.place.ags)["win"][near]
    drawing = win_probabilities(study, wins)
    assert label_faults(drawing) == []
    assert drawing.data["probability"].tolist() == wins.tolist()


def test_neighbours_surround_the_place_in_the_ranking() -> None:
    index = study_of("Bochum").index
    assert neighbours(index, "05911000", 2) == ["05113000", "05913000"]
    assert [index.rank[ags] for ags in neighbours(index, "05117000", 4)] == [2, 3, 5, 6]


@pytest.mark.parametrize(("universe", "place"), PLACES)
def test_each_part_left_out_has_its_row(universe: str, place: str) -> None:
    study = study_of(place, universe)
    parts = leave_one_out(study.universe.index, study.index.normalised).of(study.place.ags)
    ranks = left_out_rows(parts, study)
    drawing = left_out(study, ranks)
    assert label_faults(drawing) == []
    assert len(drawing.data) == len(parts.dropna()) >= 10
    assert ranks["domain"].is_monotonic_decreasing
    assert str(int(ranks["rank"].max())) in drawing.alt


def test_what_drives_the_rank_is_ordered_by_its_whole_effect() -> None:
    columns = ["first", "first_low", "first_high", "total", "total_low", "total_high"]
    frame = pd.DataFrame([[0.1] * 6, [0.4] * 6], columns=columns, index=["weights", "left_out"])
    drawing = rank_drivers([("A", frame), ("B", frame)], lambda source: source.upper())
    assert label_faults(drawing) == []
    words = [label.words for label in drawing.labels]
    assert words.index("LEFT_OUT") < words.index("WEIGHTS")
    assert "LEFT_OUT 40\u202f%" in drawing.alt
