"""Waterfall and levers: labels free and inside, bars that end where the other place stands, ranks as computed."""

import pandas as pd
import pytest
from studies import study_of

from helpers.analysis.gaps import gap, gap_to_median, opponents
from helpers.analysis.levers import INFLUENCED, levers_of, ranges_after
from helpers.analysis.study import Study
from helpers.present import fmt
from helpers.present.charts.levers import levers
from helpers.present.charts.waterfall import waterfall
from helpers.present.drawing import Drawing
from helpers.present.lever_tables import gap_parts, smallest_changes

PLACES = [
    ("ruhr", "Bochum"),
    ("ruhr", "Essen"),
    ("ruhr", "Haltern am See"),
    ("ruhr", "Sonsbeck"),
    ("cities", "Cottbus"),
    ("districts", "05170"),
    ("districts", "03159"),
    ("districts", "09162"),
]


def overlaps(drawing: Drawing) -> list[str]:
    """Labels that lie on each other or outside the figure."""
    labels = drawing.labels
    found = [f"{a.words} on {b.words}" for i, a in enumerate(labels) for b in labels[i + 1 :] if a.overlaps(b)]
    outside = [
        a.words for a in labels if a.left < -0.2 or a.right > drawing.width_mm + 0.2 or a.bottom > drawing.height_mm
    ]
    return found + outside


def others(study: Study) -> list[str]:
    near = opponents(study.index, study.place.ags, study.peers)
    return list(dict.fromkeys(other for other in (near.better, near.best, near.behind) if other))


@pytest.mark.parametrize(("universe", "place"), PLACES)
@pytest.mark.parametrize("language", ["de", "en"])
def test_a_waterfall_has_free_labels_and_the_parts_of_the_gap(universe: str, place: str, language: str) -> None:
    study = study_of(place, universe, language)
    for other in others(study):
        found = gap(study.index, study.place.ags, other)
        drawing = waterfall(study, found)
        assert overlaps(drawing) == []
        assert drawing.data["points"].sum() == pytest.approx(found.total)
        assert 120 <= len(drawing.alt) <= 350, drawing.alt
        assert fmt.number(found.score) in drawing.alt
        assert fmt.number(found.other_score) in drawing.alt


def test_steps_go_from_the_largest_gain_to_the_largest_loss() -> None:
    study = study_of("Essen")
    drawing = waterfall(study, gap(study.index, "05113000", "05911000"))
    words = [label.words for label in drawing.labels if label.words[:1] in "+\u2212"]
    values = [float(word.replace("\u2212", "-").replace(",", ".")) for word in words]
    assert values == sorted(values, reverse=True)
    assert values[0] == 3.6


def test_a_fictitious_place_has_a_waterfall_too() -> None:
    study = study_of("Bochum")
    drawing = waterfall(study, gap_to_median(study.index, "05911000", study.peers))
    assert overlaps(drawing) == []
    assert "Median der Vergleichsorte" in drawing.alt


@pytest.mark.parametrize(("universe", "place"), PLACES)
@pytest.mark.parametrize("language", ["de", "en"])
def test_levers_have_free_labels_and_the_ranks_after(universe: str, place: str, language: str) -> None:
    study = study_of(place, universe, language)
    found = levers_of(study)
    ranges = ranges_after(study.index, found, 200, 1)
    drawing = levers(study, found, ranges)
    assert overlaps(drawing) == []
    words = [label.words for label in drawing.labels]
    for lever in found.of(*INFLUENCED, "outside"):
        if lever.at_best is not None:
            row = ranges.loc[(lever.id, "at_best")]
            assert f" ({fmt.integer(row['low'])}–{fmt.integer(row['high'])})" in words
    assert 100 <= len(drawing.alt) <= 350, drawing.alt


@pytest.mark.parametrize("peers", ["universe", "Essen"])
def test_one_peer_and_none_are_drawn_and_listed(peers: str) -> None:
    study = study_of("Herne", peers=peers)
    found = levers_of(study)
    assert overlaps(levers(study, found, ranges_after(study.index, found, 200, 1))) == []
    gaps = [gap(study.index, study.place.ags, other) for other in others(study)]
    table = gap_parts(study, [gap_to_median(study.index, study.place.ags, study.peers), *gaps])
    assert all(len(row) == len(gaps) + 2 for row in table.rows)
    assert all(overlaps(waterfall(study, one)) == [] for one in gaps)
    study_of("Bochum")


@pytest.mark.parametrize(("universe", "place"), PLACES)
def test_tables_print_the_smallest_changes_and_every_part(universe: str, place: str) -> None:
    study = study_of(place, universe)
    found = levers_of(study)
    table = smallest_changes(study, found)
    assert len(table.rows) == len(found.of(*INFLUENCED, "outside"))
    assert len(table.columns) == 5
    for row, lever in zip(table.rows, found.of(*INFLUENCED, "outside"), strict=True):
        if lever.next_rank is not None:
            assert row[1] != row[2]
    gaps = [gap(study.index, study.place.ags, other) for other in others(study)]
    parts = gap_parts(study, gaps)
    assert isinstance(parts.data, pd.DataFrame)
    assert list(parts.focus) == [len(parts.rows) - 1]
