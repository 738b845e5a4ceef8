"""The choropleth of the 53 municipalities of the Ruhr."""

from functools import cache

import pandas as pd

from helpers.analysis.study import Study
from helpers.present.charts.ranking import shorten
from helpers.present.drawing import Canvas, Drawing
from helpers.present.geometry import Area, Frame, Room, border, fit, sheet
from helpers.present.language import tr
from helpers.present.maps.alt import index_alt, index_data
from helpers.present.maps.key import Key, draw_key
from helpers.present.maps.labels import (
    FOCUS_MARGINS,
    MARGINS,
    Block,
    Segment,
    fit_inside,
    fit_outside,
    segments,
    settings,
)
from helpers.present.maps.layers import classes, fill, focus_outline, leader, line_around, on_class
from helpers.present.names import universe_places_word
from helpers.present.style import (
    BASE_PT,
    BOLD,
    COLOR,
    HEIGHT_MM,
    LINE_PT,
    MAP_PT,
    REGULAR,
    SEMIBOLD,
    SMALL_PT,
    WIDTH_MM,
)

EDGE_MM = 0.7  # half of the focus casing, so that no outline is cut off at the rim
_KEY_TOP_MM = 79.4
_SHORT_NAME_MM = 32.0


@cache
def _free(name: str, frame: Frame) -> Room:
    """The sheet outside the region and above the key."""
    room = Room(0, 0, WIDTH_MM["map"], HEIGHT_MM["map"], step=0.5)
    room.keep(border(name, frame), inside=False)
    room.take(0, _KEY_TOP_MM - 1, 74, HEIGHT_MM["map"])
    return room


def regional_map(study: Study, name: str) -> Drawing:
    """The index of a universe whose municipalities are large enough to be named on the map."""
    width, height = WIDTH_MM["map"], HEIGHT_MM["map"]
    canvas = Canvas(width, height)
    frame = fit(name, EDGE_MM, EDGE_MM, width - 2 * EDGE_MM, height - 2 * EDGE_MM)
    shapes, focus = sheet(name, frame), study.place.ags
    breaks = study.universe.class_breaks
    klass = classes(study.index.score, breaks)
    fill(canvas, shapes, klass)
    line_around(canvas, border(name, frame), width=LINE_PT["map_border"])
    focus_outline(canvas, shapes[focus])
    _name_places(canvas, study, shapes, klass, _free(name, frame))
    word = universe_places_word(study.universe)
    title = tr(de=f"Punkte; in den Feldern: Zahl der {word}", en=f"Points; in the fields: number of {word}")
    draw_key(canvas, 0, _KEY_TOP_MM, Key.of(klass, breaks), title)
    return canvas.finish(index_alt(study, klass), index_data(study, klass))


def _name_places(canvas: Canvas, study: Study, shapes: dict[str, Area], klass: pd.Series, free: Room) -> None:
    """Names where they fit: the focus and the peers first (outside with a leader if need be), then the others."""
    focus, free = shapes[study.place.ags], free.copy()
    lines = segments(focus)
    own = settings(study.place.name, [BASE_PT, SMALL_PT], BOLD)
    if not _name_inside(canvas, focus, own, [], on_class(klass[focus.ags]), FOCUS_MARGINS):
        lines += _name_outside(canvas, focus, [*own, *_shortened(study.place.name, BOLD)], free, COLOR["accent"])
    for ags in study.peers:
        blocks = settings(study.names[ags], [MAP_PT], SEMIBOLD)
        if not fit_inside(shapes[ags], blocks, lines):
            ways = [*blocks, *_shortened(study.names[ags], SEMIBOLD)]
            lines += _name_outside(canvas, shapes[ags], ways, free, COLOR["peer"])
    order = study.index.rank.sort_values(kind="stable").index
    for ags in [*study.peers, *(ags for ags in order if ags not in study.peers and ags != focus.ags)]:
        blocks = settings(study.names[ags], [MAP_PT], SEMIBOLD if ags in study.peers else REGULAR)
        _name_inside(canvas, shapes[ags], blocks, lines, on_class(klass[ags]), MARGINS)


def _name_inside(
    canvas: Canvas, area: Area, blocks: list[Block], lines: list[Segment], color: str, margins: tuple[float, ...]
) -> bool:
    """The name in its area, off the `lines`; False if it does not fit."""
    setting = fit_inside(area, blocks, lines, margins)
    if setting:
        setting.draw(canvas, color)
    return setting is not None


def _shortened(name: str, weight: int) -> list[Block]:
    """For a name that is too long for the free space around the region."""
    return settings(shorten(name, _SHORT_NAME_MM, weight), [SMALL_PT], weight)[:1]


def _name_outside(canvas: Canvas, area: Area, blocks: list[Block], free: Room, color: str) -> list[Segment]:
    """The name outside the region, set in the first way that finds room; returns its leader, which others must avoid."""
    setting = next((found for block in blocks if (found := fit_outside(free, [block], area.label))), None)
    if setting is None:
        return []
    line = setting.leader_from(area.label)
    leader(canvas, *line, color=color)
    for label in setting.draw(canvas, color):
        free.take(label.left, label.top, label.right, label.bottom)
    return [line]
