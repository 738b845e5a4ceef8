"""The hexagon map: every name inside its hexagon, in the order of the compass, for every place of the Ruhr."""

import csv
from itertools import combinations
from pathlib import Path

import pytest
from studies import study_of

from helpers.data.universe import tile_grid
from helpers.parameters import universe_places
from helpers.present.geometry import LOCAL, areas, bordering
from helpers.present.maps import hexagon_map
from helpers.present.wording import ranking


def test_the_grid_has_each_municipality_once() -> None:
    grid = tile_grid()
    assert set(grid) == set(universe_places("ruhr"))
    assert len({(tile.column, tile.row) for tile in grid.values()}) == 53


def test_tiles_lie_roughly_where_the_places_do() -> None:
    grid, shapes = tile_grid(), areas(LOCAL)
    pairs = list(combinations(grid, 2))
    eastward = [
        (grid[a].column + grid[a].row % 2 / 2 - grid[b].column - grid[b].row % 2 / 2)
        * (shapes[a].label[0] - shapes[b].label[0])
        for a, b in pairs
    ]
    southward = [(grid[a].row - grid[b].row) * (shapes[a].label[1] - shapes[b].label[1]) for a, b in pairs]
    for agreement in (eastward, southward):
        assert sum(value >= 0 for value in agreement) > 0.85 * len(pairs)


@pytest.mark.parametrize("ags", list(universe_places("ruhr")))
def test_names_stay_in_their_hexagons(ags: str) -> None:
    drawing = hexagon_map(study_of(ags))
    assert [(a.words, b.words) for a, b in combinations(drawing.labels, 2) if a.overlaps(b)] == []
    grid = tile_grid()
    names = {label.words: label for label in drawing.labels}
    across = (names["Bochum"].left + names["Bochum"].right - names["Essen"].left - names["Essen"].right) / 2
    assert across == pytest.approx((drawing.width_mm - 1.6) / 11, rel=0.2)
    for tile in grid.values():
        label = names[tile.label]
        assert label.right - label.left < across - 0.8, tile.label
        assert label.left > 0
        assert label.right < drawing.width_mm
    assert 150 <= len(drawing.alt) <= 350


def test_the_neighbours_are_those_with_a_common_border(shared_dir: Path) -> None:
    with (shared_dir / "facts/boundaries/adjacency53.csv").open(encoding="utf-8") as stream:
        published = {frozenset((row["ags_a"], row["ags_b"])) for row in csv.DictReader(stream)}
    found = {frozenset((ags, other)) for ags in universe_places("ruhr") for other in bordering(LOCAL, ags)}
    assert found == published


def test_the_title_counts_the_neighbours_ahead() -> None:
    assert ranking.hexagons_title(study_of("Bochum")) == "Keine der sieben Nachbarkommunen liegt vor Bochum"
    study = study_of("Witten")
    rank = study.index.rank
    ahead = sum(rank[other] < rank[study.place.ags] for other in bordering(LOCAL, study.place.ags))
    assert ahead == 3
    assert ranking.hexagons_title(study) == "Drei der sechs Nachbarkommunen liegen vor Witten"
