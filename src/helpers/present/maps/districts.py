"""The index of the districts as areas, with a magnified part around the place of the report."""

import math

import pandas as pd

from helpers.analysis.study import Study
from helpers.parameters import register
from helpers.present.drawing import Canvas, Drawing
from helpers.present.geometry import Area, Frame, areas, sheet
from helpers.present.language import tr
from helpers.present.maps.alt import index_alt, index_data
from helpers.present.maps.germany import (
    HEIGHT,
    INSET,
    WIDTH,
    around_country,
    country,
    fill_column,
    inset_frame,
    inset_title,
    magnified,
    name_outside,
    window_frame,
)
from helpers.present.maps.labels import FOCUS_MARGINS, fit_inside, segments, settings
from helpers.present.maps.layers import classes, fill, focus_outline, locator, on_class, states
from helpers.present.names import title_of
from helpers.present.style import BASE_PT, BOLD, LINE_PT, MAP_PT, REGULAR, SEMIBOLD, SMALL_PT

TIMES = 5
INSIDE = (INSET[0] + 0.6, INSET[1] + 0.6, INSET[2] - 0.6, INSET[3] - 0.6)
NEAR_MM = 8.0
# Cities by which a reader finds the way, by AGS: Berlin, Hamburg, München, Köln.
ANCHORS = ("11000", "02000", "09162", "05315")


def district_map(study: Study, name: str) -> Drawing:
    """The index of the districts: the country, the surroundings of the place, the first five, the key."""
    canvas, shapes, focus = Canvas(WIDTH, HEIGHT), sheet(name, country()), study.place.ags
    klass = classes(study.index.score, study.universe.class_breaks)
    inset = inset_frame(areas(name)[focus].label, TIMES)
    fill(canvas, shapes, klass, border=LINE_PT["map_border_district"])
    states(canvas, country())
    locator(canvas, shapes[focus])
    window_frame(canvas, magnified(inset))
    room = around_country()
    name_outside(canvas, room, study, focus, shapes[focus].label, focus=True)
    for ags in ANCHORS:
        # An anchor beside the focus would only cross its leader.
        if ags in shapes and math.dist(shapes[ags].label, shapes[focus].label) > NEAR_MM:
            name_outside(canvas, room, study, ags, shapes[ags].label, focus=False)
    _draw_inset(canvas, study, _part(name, inset), inset, klass)
    around = tr(de=f"und Umgebung, {TIMES}-fach vergrößert", en=f"and surroundings, magnified {TIMES} times")
    inset_title(canvas, around, names=(title_of(focus), study.place.name))
    fill_column(canvas, study, klass)
    return canvas.finish(index_alt(study, klass), index_data(study, klass))


def _part(name: str, frame: Frame) -> dict[str, Area]:
    """The areas that reach into the inset."""
    left, top, right, bottom = INSET
    placed = {ags: frame.area(area) for ags, area in areas(name).items()}
    return {
        ags: area
        for ags, area in placed.items()
        if area.bounds[0] < right and area.bounds[2] > left and area.bounds[1] < bottom and area.bounds[3] > top
    }


def _draw_inset(canvas: Canvas, study: Study, shapes: dict[str, Area], frame: Frame, klass: pd.Series) -> None:
    """The magnified part: neighbours are named where their name fits into what is seen of them."""
    focus = shapes[study.place.ags]
    fill(canvas, shapes, klass, clip=INSET)
    states(canvas, frame, clip=INSET)
    focus_outline(canvas, focus, clip=INSET)
    window_frame(canvas, INSET)
    own = fit_inside(focus, settings(title_of(focus.ags), [BASE_PT, SMALL_PT], BOLD), (), FOCUS_MARGINS, INSIDE)
    if own:
        own.draw(canvas, on_class(klass[focus.ags]))
    rim = segments(focus)
    for ags, area in shapes.items():
        weight = SEMIBOLD if ags in study.peers else REGULAR
        blocks = settings(register()[ags].name, [MAP_PT], weight)
        setting = fit_inside(area, blocks, rim, window=INSIDE) if ags != focus.ags else None
        if setting:
            setting.draw(canvas, on_class(klass[ags]))
