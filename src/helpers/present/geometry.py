"""Geometry of the maps: projection to a plane, outlines, hatching, and the room for a label inside a shape.

Planes have x to the right and y down, in kilometres once projected and in millimetres once framed.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
from matplotlib.path import Path
from numpy.typing import NDArray

from helpers.data.universe import boundaries
from helpers.present.style import MM_PER_PT

Points = NDArray[np.float64]
Projection = Callable[[Points], Points]
Box = tuple[float, float, float]

EARTH_KM = 6371.0072  # sphere of the same area as the ellipsoid
LOCAL = "ruhr"  # the boundary file that has its own plane
RUHR_LATITUDE = 51.5
GERMANY_CENTRE = (10.0, 51.0)


@dataclass(frozen=True, eq=False)
class Area:
    """A place as polygons: outer rings and holes alike, closed; `label` is a point well inside."""

    ags: str
    name: str
    rings: tuple[Points, ...]
    label: tuple[float, float]

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom."""
        return bounds(self.rings)


@dataclass(frozen=True)
class Frame:
    """The step from projected kilometres to millimetres on the sheet.

    Placed points are rounded to `decimals` of a typographic point, far below what is seen, to keep the SVG small.
    """

    mm_per_km: float
    left: float
    top: float
    decimals: int = 2

    def place(self, points: Points) -> Points:
        """`points` on the sheet."""
        placed = points * self.mm_per_km + (self.left, self.top)
        rounded: Points = np.round(placed / MM_PER_PT, self.decimals) * MM_PER_PT
        return rounded

    def area(self, area: Area) -> Area:
        """An area on the sheet."""
        x, y = self.place(np.array([area.label]))[0]
        return Area(area.ags, area.name, tuple(self.place(ring) for ring in area.rings), (float(x), float(y)))


def local_plane(lonlat: Points) -> Points:
    """Longitude and latitude on a plane that is true to scale along 51.5 degrees north."""
    x = np.radians(lonlat[:, 0]) * math.cos(math.radians(RUHR_LATITUDE))
    return np.column_stack([x, -np.radians(lonlat[:, 1])]) * EARTH_KM


def equal_area(lonlat: Points) -> Points:
    """Lambert's azimuthal equal-area projection around 10 degrees east, 51 degrees north (Snyder 1987, 24-2 to 24-4)."""
    lon0, lat0 = np.radians(GERMANY_CENTRE)
    lon, lat = np.radians(lonlat[:, 0]) - lon0, np.radians(lonlat[:, 1])
    k = np.sqrt(2 / (1 + math.sin(lat0) * np.sin(lat) + math.cos(lat0) * np.cos(lat) * np.cos(lon)))
    x = k * np.cos(lat) * np.sin(lon)
    y = k * (math.cos(lat0) * np.sin(lat) - math.sin(lat0) * np.cos(lat) * np.cos(lon))
    return np.column_stack([x, -y]) * EARTH_KM


@cache
def areas(name: str) -> dict[str, Area]:
    """The projected areas of a boundary file by AGS; the Ruhr on its local plane, all else on that of Germany."""
    project = local_plane if name == LOCAL else equal_area
    return {area.ags: area for area in (_area(feature, project) for feature in boundaries(name)["features"])}


@cache
def bordering(name: str, ags: str) -> list[str]:
    """The areas of a boundary file that share a line (two points or more) with `ags`, in the order of the file."""
    points = {other: {tuple(point) for ring in area.rings for point in ring} for other, area in areas(name).items()}
    return [other for other in points if other != ags and len(points[other] & points[ags]) > 1]


def _area(feature: dict[str, Any], project: Projection) -> Area:
    properties, geometry = feature["properties"], feature["geometry"]
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    rings = tuple(project(np.array(ring, dtype=float)) for polygon in polygons for ring in polygon)
    lonlat = (properties.get("label_lon", properties["lon"]), properties.get("label_lat", properties["lat"]))
    x, y = project(np.array([lonlat]))[0]
    return Area(properties["ags"], properties["name"], rings, (float(x), float(y)))


def bounds(rings: Iterable[Points]) -> tuple[float, float, float, float]:
    """Left, top, right, bottom of all rings together."""
    points = np.concatenate(list(rings))
    (left, top), (right, bottom) = points.min(axis=0), points.max(axis=0)
    return float(left), float(top), float(right), float(bottom)


@cache
def fit(name: str, left: float, top: float, width: float, height: float, decimals: int = 2) -> Frame:
    """The frame that puts a boundary file as large as possible, and in the middle, into a box on the sheet."""
    x0, y0, x1, y1 = bounds(ring for area in areas(name).values() for ring in area.rings)
    scale = min(width / (x1 - x0), height / (y1 - y0))
    return Frame(
        scale,
        left + (width - scale * (x1 - x0)) / 2 - scale * x0,
        top + (height - scale * (y1 - y0)) / 2 - scale * y0,
        decimals,
    )


def zoom(centre: tuple[float, float], mm_per_km: float, left: float, top: float, width: float, height: float) -> Frame:
    """The frame that puts the projected point `centre` into the middle of a box on the sheet, at a given scale."""
    x, y = centre
    return Frame(mm_per_km, left + width / 2 - mm_per_km * x, top + height / 2 - mm_per_km * y)


def outline(shapes: Iterable[Area]) -> list[Points]:
    """The outer border of areas that share their lines: the edges that occur only once, joined into rings."""
    edges: dict[tuple[tuple[float, float], tuple[float, float]], None] = {}
    for area in shapes:
        for ring in area.rings:
            ends = [(float(x), float(y)) for x, y in ring]
            for start, end in pairwise(ends):
                # Neighbours run along their common line in opposite directions.
                if (end, start) in edges:
                    del edges[end, start]
                elif start != end:  # rounding may have drawn two points together
                    edges[start, end] = None
    following: dict[tuple[float, float], list[tuple[float, float]]] = {}
    for start, end in edges:
        following.setdefault(start, []).append(end)
    rings = []
    while following:
        line = [next(iter(following))]
        while line[-1] in following:
            ends_here = following[line[-1]]
            point = ends_here.pop()
            if not ends_here:
                del following[line[-1]]
            line.append(point)
        rings.append(np.array(line))
    return rings


@lru_cache(maxsize=32)
def sheet(name: str, frame: Frame) -> dict[str, Area]:
    """The areas of a boundary file on the sheet."""
    return {ags: frame.area(area) for ags, area in areas(name).items()}


@lru_cache(maxsize=32)
def border(name: str, frame: Frame) -> tuple[Points, ...]:
    """The line around all areas of a boundary file on the sheet."""
    return tuple(outline(sheet(name, frame).values()))


def path_of(rings: Iterable[Points]) -> Path:
    """All rings as one compound path."""
    return Path.make_compound_path(*(Path(ring, closed=True) for ring in rings))


def hatching(rings: Sequence[Points], pitch: float) -> list[Points]:
    """Diagonal lines, `pitch` apart and rising to the right, cut to the inside of the rings (even-odd rule)."""
    starts = np.concatenate([ring[:-1] for ring in rings])
    ends = np.concatenate([ring[1:] for ring in rings])
    # Along a rising diagonal x + y is constant: in the turned plane (u along the line, v across) the lines are v = const.
    v0, v1 = starts.sum(axis=1), ends.sum(axis=1)
    step = pitch * math.sqrt(2)
    lines = []
    for number in range(math.ceil(min(v0) / step), math.floor(max(v0) / step) + 1):
        level = number * step
        cut = (v0 <= level) != (v1 <= level)
        share = (level - v0[cut]) / (v1[cut] - v0[cut])
        x = np.sort(starts[cut, 0] + share * (ends[cut, 0] - starts[cut, 0]))
        lines += [np.array([(a, level - a), (b, level - b)]) for a, b in zip(x[::2], x[1::2], strict=True)]
    return lines


class Room:
    """Where a box fits: a raster of free and taken cells over a rectangle of the sheet."""

    def __init__(self, left: float, top: float, right: float, bottom: float, step: float = 0.2):
        self.step = step
        self.xs = np.arange(left, right, step) + step / 2
        self.ys = np.arange(top, bottom, step) + step / 2
        self.free = np.ones((len(self.ys), len(self.xs)), dtype=bool)

    def copy(self) -> "Room":
        """The same room, to be filled further without changing this one."""
        other = Room.__new__(Room)
        other.step, other.xs, other.ys, other.free = self.step, self.xs, self.ys, self.free.copy()
        return other

    def cut(self, window: tuple[float, float, float, float]) -> "Room":
        """The same room, free only within the box."""
        left, top, right, bottom = window
        half, other = self.step / 2, self.copy()
        other.free &= ((self.xs - half >= left) & (self.xs + half <= right))[None, :]
        other.free &= ((self.ys - half >= top) & (self.ys + half <= bottom))[:, None]
        return other

    def keep(self, rings: Sequence[Points], *, inside: bool = True) -> None:
        """Leave only the cells inside (or only those outside) the rings free."""
        cells = np.stack(np.meshgrid(self.xs, self.ys), axis=-1).reshape(-1, 2)
        within = np.zeros(len(cells), dtype=bool)
        for ring in rings:
            within ^= Path(ring).contains_points(cells)
        self.free &= within.reshape(self.free.shape) == inside

    def take(self, left: float, top: float, right: float, bottom: float) -> None:
        """Mark a box as taken."""
        self.free[self._cells(left, top, right, bottom)] = False

    def take_path(self, points: Points) -> None:
        """Mark the cells along a path as taken."""
        for start, end in pairwise(points):
            steps = np.linspace(start, end, 2 + int(np.hypot(*(end - start)) / self.step))
            rows, columns, on = self._rows_and_columns(steps)
            self.free[rows[on], columns[on]] = False

    def is_clear(self, start: tuple[float, float], end: tuple[float, float], skip: float) -> bool:
        """True if a line runs over free cells only, but for the distance `skip` from its start."""
        vector = np.subtract(end, start)
        length = float(np.hypot(*vector))
        if length <= skip:
            return True
        along = np.arange(skip + self.step, length, self.step / 2)[:, None] / length
        rows, columns, on = self._rows_and_columns(np.add(start, along * vector))
        return bool(on.all() and self.free[rows, columns].all())

    def _rows_and_columns(self, points: Points) -> tuple[NDArray[np.int_], NDArray[np.int_], NDArray[np.bool_]]:
        """The cells of points, and whether each lies on the raster."""
        half = self.step / 2
        columns = np.floor((points[:, 0] - self.xs[0] + half) / self.step).astype(int)
        rows = np.floor((points[:, 1] - self.ys[0] + half) / self.step).astype(int)
        on = (columns >= 0) & (columns < len(self.xs)) & (rows >= 0) & (rows < len(self.ys))
        return np.clip(rows, 0, len(self.ys) - 1), np.clip(columns, 0, len(self.xs) - 1), on

    def is_free(self, left: float, top: float, right: float, bottom: float) -> bool:
        """True if the box lies on the raster and covers free cells only."""
        half = self.step / 2
        inside = left >= self.xs[0] - half and right <= self.xs[-1] + half
        inside = inside and top >= self.ys[0] - half and bottom <= self.ys[-1] + half
        return bool(inside and self.free[self._cells(left, top, right, bottom)].all())

    def _cells(self, left: float, top: float, right: float, bottom: float) -> tuple[slice, slice]:
        """The rows and columns of the cells that share an area with the box."""
        half = self.step / 2
        columns = np.searchsorted(self.xs + half, left, "right"), np.searchsorted(self.xs - half, right)
        rows = np.searchsorted(self.ys + half, top, "right"), np.searchsorted(self.ys - half, bottom)
        return slice(int(rows[0]), int(rows[1])), slice(int(columns[0]), int(columns[1]))

    def take_line(self, start: tuple[float, float], end: tuple[float, float], reach: float) -> None:
        """Mark all within `reach` of a straight line as taken."""
        x, y = self.xs[None, :] - start[0], self.ys[:, None] - start[1]
        dx, dy = end[0] - start[0], end[1] - start[1]
        share = np.clip((x * dx + y * dy) / max(dx * dx + dy * dy, 1e-12), 0, 1)
        self.free &= np.hypot(x - share * dx, y - share * dy) > reach

    def spots(self, boxes: Sequence[Box], margin: float = 0.0) -> Points:
        """Points (n x 2) around which all `boxes`, with a margin, cover free cells only.

        A box is its width, its height and how far its centre lies below the point.
        """
        total = np.zeros((self.free.shape[0] + 1, self.free.shape[1] + 1), dtype=int)
        total[1:, 1:] = self.free.cumsum(axis=0).cumsum(axis=1)
        fits = np.ones_like(self.free)
        for width, height, below in boxes:
            fits &= self._centres(total, width + 2 * margin, height + 2 * margin, round(below / self.step))
        rows, columns = np.nonzero(fits)
        return np.column_stack([self.xs[columns], self.ys[rows]])

    def _centres(self, total: NDArray[np.int_], width: float, height: float, shift: int) -> NDArray[np.bool_]:
        """The cells `shift` rows above the centre of a box of free cells; `total` is the summed-area table."""
        rx, ry = (math.ceil(size / self.step / 2 - 0.5) for size in (width, height))  # cells on each side of the centre
        nx, ny = 2 * rx + 1, 2 * ry + 1
        rows, columns = self.free.shape
        fits = np.zeros_like(self.free)
        if nx > columns or ny > rows:
            return fits
        full = total[ny:, nx:] - total[:-ny, nx:] - total[ny:, :-nx] + total[:-ny, :-nx] == nx * ny
        top = ry - shift
        first, last = max(-top, 0), min(rows - top, len(full))
        if first < last:
            fits[top + first : top + last, rx : rx + full.shape[1]] = full[first:last]
        return fits

    def best_spot(self, boxes: Sequence[Box], margins: Sequence[float]) -> tuple[float, float] | None:
        """The point for `boxes` with the widest of `margins` (given from wide to narrow) that leaves any room."""
        for margin in margins:
            found = self.spots(boxes, margin)
            if len(found):
                distance = np.hypot(*(found - found.mean(axis=0)).T)
                x, y = found[int(distance.argmin())]
                return float(x), float(y)
        return None
