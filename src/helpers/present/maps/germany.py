"""The sheet that the maps of Germany share: the country, a magnified part, a short list and the key."""

import math
import re
from functools import cache

import numpy as np
import pandas as pd

from helpers.analysis.study import Study
from helpers.present import fmt
from helpers.present.charts.ranking import shorten
from helpers.present.drawing import Canvas
from helpers.present.geometry import Frame, Room, areas, border, bounds, fit, sheet, zoom
from helpers.present.language import tr
from helpers.present.maps.beside import leaders_list
from helpers.present.maps.key import CELL_MM, GAP_MM, Key, draw_key
from helpers.present.maps.labels import Block, fit_outside, settings, short_name
from helpers.present.maps.layers import Window, leader
from helpers.present.names import title_of, universe_places_word
from helpers.present.style import BASE_PT, BOLD, COLOR, LINE_PT, MAP_PT, REGULAR, SMALL_PT, WIDTH_MM, text_width_mm

WIDTH, HEIGHT = WIDTH_MM["map"], 105.0
COLUMN, COLUMN_WIDTH = 92.0, 72.0
INSET: Window = (COLUMN + 0.1, 3.8, COLUMN + COLUMN_WIDTH - 0.1, 55.8)
LONGEST_MM = 34.0  # of a leader
_TITLE_BASE, _LIST_TOP, _KEY_TOP, _SPACE_MM = 2.4, 60.0, 91.6, 1.1
# The country stands to the right of its half: most focus names go to the free sheet in the west.
_COUNTRY = (8.0, 0.7, 78.0, HEIGHT - 1.4)


@cache
def country() -> Frame:
    """The frame of Germany on the sheet."""
    return fit("states", *_COUNTRY)


@cache
def _around_country() -> Room:
    room = Room(0, 0, COLUMN - 2, HEIGHT, step=0.5)
    room.keep(border("states", country()), inside=False)
    return room


def around_country() -> Room:
    """The free sheet around Germany, left of the column, to be filled."""
    return _around_country().copy()


@cache
def state_lines(frame: Frame, window: Window) -> Room:
    """The box on the sheet without the lines of the Länder."""
    room = Room(*window, step=0.3)
    for area in sheet("states", frame).values():
        for ring in area.rings:
            room.take_path(ring)
    return room


def inset_frame(centre: tuple[float, float], times: int) -> Frame:
    """The frame of the inset: `times` as large as the map, around `centre` but not beyond the country's box."""
    left, top, right, bottom = INSET
    scale = times * country().mm_per_km
    x0, y0, x1, y1 = bounds(ring for area in areas("states").values() for ring in area.rings)
    half_x, half_y = (right - left) / scale / 2, (bottom - top) / scale / 2
    x = min(max(centre[0], x0 + half_x), x1 - half_x)
    y = min(max(centre[1], y0 + half_y), y1 - half_y)
    return zoom((x, y), scale, left, top, right - left, bottom - top)


def magnified(inset: Frame) -> Window:
    """What the inset shows, as a box on the map."""
    corners = (np.array([INSET[:2], INSET[2:]]) - (inset.left, inset.top)) / inset.mm_per_km
    (left, top), (right, bottom) = country().place(corners)
    return float(left), float(top), float(right), float(bottom)


def window_frame(canvas: Canvas, window: Window) -> None:
    """The line around the inset or around what it magnifies."""
    left, top, right, bottom = window
    canvas.box(left, top, right - left, bottom - top, edge=COLOR["mark"], line=LINE_PT["grid"], z=4)


def name_outside(
    canvas: Canvas, room: Room, study: Study, ags: str, anchor: tuple[float, float], *, focus: bool
) -> None:
    """The name, for the focus with its rank, outside the country at the end of a leader."""
    rank = study.index.rank[ags]
    size, weight, color = (BASE_PT, BOLD, COLOR["accent"]) if focus else (MAP_PT, REGULAR, COLOR["ink2"])
    below = () if not focus or pd.isna(rank) else (tr(de=f"Rang {fmt.integer(rank)}", en=f"Rank {fmt.integer(rank)}"),)
    for ways in _ways_to_write(title_of(ags), study.names[ags]):
        setting = fit_outside(room, [Block((*lines, *below), size, weight) for lines in ways if lines or below], anchor)
        if setting and math.dist(*setting.leader_from(anchor)) <= LONGEST_MM:
            break
    else:
        return
    line = setting.leader_from(anchor)
    leader(canvas, *line, color=color, width=LINE_PT["leader"] * (2 if focus else 1))
    for label in setting.draw(canvas, color):
        room.take(label.left, label.top, label.right, label.bottom)
    room.take_line(*line, 0.8)


def _ways_to_write(full: str, name: str) -> list[list[tuple[str, ...]]]:
    """Lines for a name, each group shorter than the one before.

    With its kind, without, broken wherever it may be, none at all: the rank alone, as the name stands over the inset.
    """
    groups = [[block.lines for block in settings(words, [MAP_PT], REGULAR)] for words in (full, name)]
    return [*groups, [tuple(part.strip() for part in re.findall(r"[^-/ ]+[-/ ]?", short_name(name)))], [()]]


def fill_column(canvas: Canvas, study: Study, klass: pd.Series) -> None:
    """The list and the key under the inset."""
    leaders_list(canvas, study, study.index.score, study.index.rank, COLUMN, _LIST_TOP, COLUMN_WIDTH)
    word = universe_places_word(study.universe)
    title = tr(de=f"Punkte; in den Feldern: Zahl der {word}", en=f"Points; in the fields: number of {word}")
    key = Key.of(klass, study.universe.class_breaks)
    cell = min(CELL_MM, (COLUMN_WIDTH - GAP_MM) / (len(key.counts) + 1)) if key.missing else CELL_MM
    draw_key(canvas, COLUMN, _KEY_TOP, key, title, cell)


def inset_title(canvas: Canvas, rest: str, *, names: tuple[str, ...] = ()) -> None:
    """The line above the inset; before the `rest` the first of `names` that fits, in the accent: the place itself."""
    x = COLUMN
    if names:
        room = COLUMN_WIDTH - 2 * _SPACE_MM - text_width_mm(rest, SMALL_PT)
        fitting = [name for name in names if text_width_mm(name, SMALL_PT, BOLD) <= room]
        name = fitting[0] if fitting else shorten(names[-1], room, BOLD)
        x = canvas.text(x, _TITLE_BASE, name, color=COLOR["accent"], weight=BOLD).right + _SPACE_MM
    canvas.text(x, _TITLE_BASE, rest)
