"""The index of the large cities as dots on the outlines of the Länder, with the crowded Rhine-Ruhr area magnified."""

import numpy as np
import pandas as pd

from helpers.analysis.study import Study
from helpers.present.drawing import Canvas, Drawing
from helpers.present.geometry import Points, Room, equal_area
from helpers.present.language import tr
from helpers.present.maps.alt import index_alt, index_data
from helpers.present.maps.germany import (
    COLUMN,
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
    state_lines,
    window_frame,
)
from helpers.present.maps.labels import Block, fit_beside, fit_outside, short_name
from helpers.present.maps.layers import base_map, classes
from helpers.present.style import (
    BASE_PT,
    BOLD,
    COLOR,
    LINE_PT,
    MAP_PT,
    MARK_PT,
    MM_PER_PT,
    RAMP,
    REGULAR,
    SEMIBOLD,
)

TIMES = 5
CENTRE = np.array([(7.13, 51.285)])  # between Köln and Recklinghausen, Mönchengladbach and Hamm
RING_MIDDLE = 0.45
FIRM = 9  # the first names may cross a line
NAMED = 18  # names on the map itself; the inset names all
DOT_PT, INSET_DOT_PT, FOCUS_MORE_PT = MARK_PT["other"] + 0.6, MARK_PT["peer"] + 0.8, 3.2
Dots = dict[str, tuple[float, float]]


def city_map(study: Study) -> Drawing:
    """The index of the large cities: the country, Rhine-Ruhr, the first five, the key."""
    canvas, focus = Canvas(WIDTH, HEIGHT), study.place.ags
    klass = classes(study.index.score, study.universe.class_breaks)
    x, y = equal_area(CENTRE)[0]
    inset = inset_frame((float(x), float(y)), TIMES)
    order = _by_importance(study)
    where = equal_area(study.facts.places.loc[order, ["lon", "lat"]].to_numpy(dtype=float))
    dots, close = placed(order, country().place(where)), placed(order, inset.place(where))
    close = {ags: point for ags, point in close.items() if _within(point)}

    base_map(canvas, country())
    base_map(canvas, inset, clip=INSET)
    window_frame(canvas, magnified(inset))
    window_frame(canvas, INSET)
    draw_dots(canvas, dots, klass, focus, DOT_PT)
    draw_dots(canvas, close, klass, focus, INSET_DOT_PT)

    room, strict = Room(0, 0, COLUMN - 2, HEIGHT, step=0.3), state_lines(country(), (0, 0, COLUMN - 2, HEIGHT)).copy()
    for rest in (room, strict):
        rest.take(*magnified(inset))
    apart = {ags: point for ags, point in dots.items() if ags not in close}
    named = _name_dots(canvas, study, [strict, room], apart, dots, DOT_PT, NAMED)
    if focus not in named:
        name_outside(canvas, around_country(), study, focus, dots[focus], focus=True)
    left, top, right, bottom = INSET
    inside = Room(left + 0.4, top + 0.4, right - 0.4, bottom - 0.4, step=0.3)
    _name_dots(canvas, study, [inside], close, close, INSET_DOT_PT, len(close))
    inset_title(canvas, tr(de=f"Rhein-Ruhr, {TIMES}-fach vergrößert", en=f"Rhine-Ruhr, magnified {TIMES} times"))
    fill_column(canvas, study, klass)
    return canvas.finish(index_alt(study, klass), index_data(study, klass))


def placed(order: list[str], points: Points) -> Dots:
    """The points of places by AGS."""
    return {ags: (float(x), float(y)) for ags, (x, y) in zip(order, points, strict=True)}


def _within(point: tuple[float, float]) -> bool:
    left, top, right, bottom = INSET
    return left + 1 < point[0] < right - 1 and top + 1 < point[1] < bottom - 1


def _by_importance(study: Study) -> list[str]:
    """The focus, the first five by rank, the ten largest, the peers, then all others by rank."""
    ranked = list(study.index.rank.sort_values(kind="stable").index)
    largest = study.facts.places.loc[ranked, "population"].sort_values(ascending=False, kind="stable").index[:10]
    return list(dict.fromkeys([study.place.ags, *ranked[:5], *largest, *study.peers, *ranked]))


def draw_dots(
    canvas: Canvas, dots: Dots, klass: pd.Series, focus: str, diameter: float, rings: frozenset[str] = frozenset()
) -> None:
    """Dots in the colour of their class, edged so that light classes are seen; the focus larger, on top.

    `rings` are the places with inherited values only: their dots have a white middle.
    """
    for ags, (x, y) in dots.items():
        color = COLOR["paper"] if pd.isna(klass[ags]) else RAMP[int(klass[ags])]
        if ags != focus:
            canvas.dots([x], [y], diameter=diameter, fill=color, edge=COLOR["ink2"], edge_width=LINE_PT["grid"], z=4.5)
            if ags in rings:
                canvas.dots([x], [y], diameter=RING_MIDDLE * diameter, fill=COLOR["paper"], edge_width=0, z=4.6)
            continue
        outer, casing = diameter + FOCUS_MORE_PT, LINE_PT["focus_casing"] - LINE_PT["focus_outline"]
        canvas.dots([x], [y], diameter=outer + casing, fill=COLOR["paper"], z=5)
        canvas.dots(
            [x], [y], diameter=outer, fill=color, edge=COLOR["accent"], edge_width=LINE_PT["focus_outline"], z=6
        )


def _name_dots(
    canvas: Canvas, study: Study, rooms: list[Room], dots: Dots, taken: Dots, diameter: float, limit: int
) -> list[str]:
    """Names beside the dots, in the order given; `rooms` are the strict one and, for the first names, a lenient one.

    All dots are named if `limit` allows it: one in a crowd then gets a leader. Returns who is named.
    """
    focus = study.place.ags
    radius = {ags: (diameter + (FOCUS_MORE_PT + 1.6 if ags == focus else 0)) / 2 * MM_PER_PT for ags in taken}
    for room in rooms:
        for ags, (x, y) in taken.items():
            room.take(x - radius[ags], y - radius[ags], x + radius[ags], y + radius[ags])
    named: list[str] = []
    waiting = []
    for number, (ags, point) in enumerate(dots.items()):
        if len(named) == limit:
            return named
        setting = fit_beside(rooms, _block(study, ags), point, radius[ags], lenient=number < FIRM)
        if setting:
            setting.draw(canvas, _color(study, ags))
            named.append(ags)
        else:
            waiting.append(ags)
    for ags in waiting if limit == len(dots) else []:
        setting = fit_outside(rooms[0], [_block(study, ags)], dots[ags], margin=0.3, clear=radius[ags])
        if setting:
            line = setting.leader_from(dots[ags], gap=0.3)
            canvas.line(*zip(*line, strict=True), color=COLOR["ink2"], width=LINE_PT["leader"], z=4)
            for label in setting.draw(canvas, _color(study, ags)):
                rooms[0].take(label.left, label.top, label.right, label.bottom)
            rooms[0].take_line(*line, 0.4)
            named.append(ags)
    return named


def _block(study: Study, ags: str) -> Block:
    name = (short_name(study.names[ags]),)
    if ags == study.place.ags:
        return Block(name, BASE_PT, BOLD)
    return Block(name, MAP_PT, SEMIBOLD if ags in study.peers else REGULAR)


def _color(study: Study, ags: str) -> str:
    if ags == study.place.ags:
        return str(COLOR["accent"])
    return str(COLOR["peer"] if ags in study.peers else COLOR["ink2"])
