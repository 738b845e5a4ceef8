"""The map of a gallery: the shapes of the places of a universe as paths of an inline SVG, and names to find the way by.

Units of the drawing: 20 to the millimetre of a map as wide as in the report, so that whole numbers are exact enough.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from helpers.data.universe import Universe
from helpers.parameters import universe_places
from helpers.present.drawing import CAP_HEIGHT
from helpers.present.geometry import Points, Room, areas, border, equal_area, fit, outline, sheet, zoom
from helpers.present.maps.cities import CENTRE
from helpers.present.maps.districts import ANCHORS
from helpers.present.maps.labels import Block, fit_beside, fit_inside, settings, short_name
from helpers.present.style import MM_PER_PT, REGULAR, WIDTH_MM

UNITS = 20
LANDSCAPE_MM = (WIDTH_MM["map"], 93.6)
PORTRAIT_MM = (120.0, 163.0)
# The cities: the country on the left, the crowded part on the right.
COUNTRY_MM, INSET_MM = (90.0, 122.0), (92.0, 30.0, 165.0, 92.0)
INSET_TIMES = 4.7
DOT_MM, INSET_DOT_MM = 1.15, 1.8
NAME_PT = 9.0
NAMED = 14  # cities named outside of the crowded part, where all are

Point = tuple[float, float]


@dataclass(frozen=True)
class Shape:
    """A place on the map: its outline as path data, or a dot."""

    path: str = ""
    dot: tuple[int, int, int] | None = None


@dataclass(frozen=True)
class Name:
    """A name on the map, with the centre of its base line; `ags` is the place it stands on, if it stands on one."""

    words: str
    x: int
    y: int
    ags: str = ""


@dataclass(frozen=True)
class Map:
    """The drawing: size, shapes by AGS, and what is drawn under and over them."""

    width: int
    height: int
    shapes: dict[str, Shape]
    ground: str = ""
    lines: str = ""
    boxes: tuple[tuple[int, int, int, int], ...] = ()
    names: tuple[Name, ...] = ()
    name_size: int = round(NAME_PT * MM_PER_PT * UNITS)
    clip: tuple[int, int, int, int] | None = None
    clipped: str = ""
    beneath: tuple[tuple[int, int, int], ...] = ()

    @property
    def is_wide(self) -> bool:
        """True if it needs the width of the page; else the table stands beside it."""
        return self.width > self.height

    @property
    def is_areas(self) -> bool:
        """True if the places are areas, not dots."""
        return not self.ground


def gallery_map(universe: Universe, lonlat: Mapping[str, Point]) -> Map:
    """The map of a universe: areas where there are boundaries, else dots on the outlines of the Länder.

    `lonlat` by AGS, those first whose names matter most.
    """
    if universe.boundaries is None:
        return _dots(universe, lonlat)
    return _regional(universe.boundaries) if universe.boundaries != "districts" else _districts(universe.boundaries)


def _regional(name: str) -> Map:
    width, height = LANDSCAPE_MM
    frame = fit(name, 0.5, 0.5, width - 1, height - 1)
    names = []
    for ags, area in sheet(name, frame).items():
        setting = fit_inside(area, settings(area.name, [NAME_PT], REGULAR))
        if setting:
            names += _lines(setting.block.lines, setting.x, setting.y, setting.block.height, ags)
    shapes = {ags: Shape(path_data(area.rings)) for ags, area in sheet(name, frame).items()}
    return Map(_units(width), _units(height), shapes, lines=path_data(border(name, frame)), names=tuple(names))


def _districts(name: str) -> Map:
    width, height = PORTRAIT_MM
    frame = fit(name, 0.5, 0.5, width - 1, height - 1)
    shapes = {ags: Shape(path_data(area.rings)) for ags, area in sheet(name, frame).items()}
    lines = path_data(ring for area in sheet("states", frame).values() for ring in area.rings)
    names = [
        Name(area.name, _units(area.label[0]), _units(area.label[1] - 2.2))
        for ags, area in sheet(name, frame).items()
        if ags in ANCHORS
    ]
    return Map(_units(width), _units(height), shapes, lines=lines, names=tuple(names))


def _dots(universe: Universe, lonlat: Mapping[str, Point]) -> Map:
    frame = fit("states", 0.5, 0.5, COUNTRY_MM[0] - 1, COUNTRY_MM[1] - 1)
    left, top, right, bottom = INSET_MM
    x, y = equal_area(CENTRE)[0]
    inset = zoom((float(x), float(y)), INSET_TIMES * frame.mm_per_km, left, top, right - left, bottom - top)
    known = {ags: point for ags, point in lonlat.items() if ags in universe_places(universe.name)}
    plane = equal_area(np.array(list(known.values()), dtype=float).reshape(-1, 2))
    shapes, beneath = {}, []
    dots: dict[bool, dict[str, Point]] = {False: {}, True: {}}
    for ags, on_map, close in zip(known, frame.place(plane), inset.place(plane), strict=True):
        inside = left + 1 < close[0] < right - 1 and top + 1 < close[1] < bottom - 1
        place, radius = (close, INSET_DOT_MM) if inside else (on_map, DOT_MM)
        shapes[ags] = Shape(dot=(_units(place[0]), _units(place[1]), _units(radius)))
        if inside:
            beneath.append((_units(on_map[0]), _units(on_map[1]), _units(DOT_MM / 2)))
        dots[inside][ags] = (float(place[0]), float(place[1]))
    corners = (np.array([(left, top), (right, bottom)]) - (inset.left, inset.top)) / inset.mm_per_km
    (x0, y0), (x1, y1) = frame.place(corners)
    country, close = (
        Room(0, 0, left - 1, COUNTRY_MM[1], step=0.3),
        Room(left + 0.4, top + 0.4, right - 0.4, bottom - 0.4, step=0.3),
    )
    country.take(x0, y0, x1, y1)
    title = {ags: short_name(place.name) for ags, place in universe_places(universe.name).items()}
    names = _beside(country, dots[False], title, DOT_MM, NAMED) + _beside(
        close, dots[True], title, INSET_DOT_MM, len(title)
    )
    states = areas("states").values()
    return Map(
        _units(right + 0.5),
        _units(COUNTRY_MM[1]),
        shapes,
        ground=path_data(frame.place(ring) for area in states for ring in area.rings),
        lines=path_data(outline(frame.area(area) for area in states)),
        boxes=tuple(
            (_units(a), _units(b), _units(c - a), _units(d - b)) for a, b, c, d in ((x0, y0, x1, y1), INSET_MM)
        ),
        names=tuple(names),
        clip=(_units(left), _units(top), _units(right - left), _units(bottom - top)),
        clipped=path_data(inset.place(ring) for area in states for ring in area.rings),
        beneath=tuple(beneath),
    )


def _beside(room: Room, dots: Mapping[str, Point], title: Mapping[str, str], radius: float, most: int) -> list[Name]:
    """Names beside the first dots, where there is room for them."""
    for x, y in dots.values():
        room.take(x - radius, y - radius, x + radius, y + radius)
    names: list[Name] = []
    for ags, point in dots.items():
        setting = fit_beside([room], Block((title[ags],), NAME_PT, REGULAR), point, radius, lenient=False)
        if setting and len(names) < most:
            names += _lines(setting.block.lines, setting.x, setting.y, setting.block.height, "")
    return names


def path_data(rings: Iterable[Points]) -> str:
    """Closed rings (in millimetres) as SVG path data in whole units, each point relative to the one before."""
    parts = []
    for ring in rings:
        whole = np.rint(np.asarray(ring) * UNITS).astype(int)
        steps = np.diff(whole, axis=0)
        steps = steps[(steps != 0).any(axis=1)]
        # The last point of a ring is its first again, which `z` stands for.
        moves = " ".join(f"{dx} {dy}" for dx, dy in steps[:-1]).replace(" -", "-")
        parts.append(f"M{whole[0][0]} {whole[0][1]}l{moves}z" if moves else "")
    return "".join(parts)


def _lines(lines: Iterable[str], x: float, y: float, height: float, ags: str) -> list[Name]:
    """The lines of a name around its centre."""
    unit = NAME_PT * MM_PER_PT
    first = y - height / 2 + CAP_HEIGHT * unit
    return [Name(words, _units(x), _units(first + i * 1.12 * unit), ags) for i, words in enumerate(lines)]


def _units(mm: float) -> int:
    return round(float(mm) * UNITS)
