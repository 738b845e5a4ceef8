"""The hexagon tile map of the 53: every municipality at the same size, roughly where it lies."""

import math

import numpy as np
import pandas as pd

from helpers.analysis.study import Study
from helpers.data.universe import Tile, tile_grid
from helpers.present import fmt
from helpers.present.drawing import CAP_HEIGHT, Canvas, Drawing
from helpers.present.geometry import Area, Points
from helpers.present.maps.alt import index_alt, index_data
from helpers.present.maps.layers import classes, fill, focus_outline, on_class
from helpers.present.style import BOLD, HEIGHT_MM, MAP_PT, MM_PER_PT, REGULAR, SEMIBOLD, WIDTH_MM

_LINE_MM = 1.35 * MAP_PT * MM_PER_PT
_CASING_MM = 0.8


def hexagon_map(study: Study) -> Drawing:
    """The index of the 53 municipalities on equal hexagons, with the rounded score in each."""
    grid = tile_grid()
    canvas = Canvas(WIDTH_MM["hexmap"], HEIGHT_MM["hexmap"])
    shapes = {ags: _hexagon(ags, tile, _side(grid, canvas)) for ags, tile in grid.items()}
    klass = classes(study.index.score.reindex(list(grid)), study.universe.class_breaks)
    fill(canvas, shapes, klass)
    focus_outline(canvas, shapes[study.place.ags])
    for ags, tile in grid.items():
        _write(canvas, study, shapes[ags], tile.label, on_class(klass[ags]))
    return canvas.finish(index_alt(study, klass, hexagons=True), index_data(study, klass))


def _side(grid: dict[str, Tile], canvas: Canvas) -> float:
    """Side of a hexagon in millimetres, so that the grid fills the canvas."""
    columns = max(tile.column + (tile.row % 2) / 2 for tile in grid.values()) + 1
    rows = max(tile.row for tile in grid.values())
    across = (canvas.width - 2 * _CASING_MM) / (columns * math.sqrt(3))
    return min(across, (canvas.height - 2 * _CASING_MM) / (1.5 * rows + 2))


def _hexagon(ags: str, tile: Tile, side: float) -> Area:
    x = _CASING_MM + (tile.column + (tile.row % 2) / 2 + 0.5) * math.sqrt(3) * side
    y = _CASING_MM + (1.5 * tile.row + 1) * side
    angles = np.radians(np.arange(-90, 271, 60))
    ring: Points = np.column_stack([x + side * np.cos(angles), y + side * np.sin(angles)])
    return Area(ags, tile.label, (ring,), (x, y))


def _write(canvas: Canvas, study: Study, hexagon: Area, label: str, color: str) -> None:
    """The name over the rounded score, both centred."""
    x, y = hexagon.label
    focus = hexagon.ags == study.place.ags
    weight = BOLD if focus else SEMIBOLD if hexagon.ags in study.peers else REGULAR
    score = study.index.score[hexagon.ags]
    half = CAP_HEIGHT * MAP_PT * MM_PER_PT / 2
    for words, line in ((label, y - _LINE_MM / 2), ("·" if pd.isna(score) else fmt.number(score, 0), y + _LINE_MM / 2)):
        canvas.text(x, line + half, words, size=MAP_PT, color=color, weight=weight, align="center")
