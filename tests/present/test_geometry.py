"""Projection, outlines, hatching and the room for labels, against what geometry says must hold."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.present.geometry import (
    EARTH_KM,
    GERMANY_CENTRE,
    Area,
    Frame,
    Points,
    Room,
    areas,
    border,
    bounds,
    equal_area,
    fit,
    hatching,
    local_plane,
    outline,
    path_of,
    sheet,
)
from helpers.present.style import MM_PER_PT

BOCHUM, DORTMUND, XANTEN = (7.2162, 51.4818), (7.4653, 51.5136), (6.4539, 51.6621)


def ring(*points: tuple[float, float]) -> Points:
    return np.array([*points, points[0]], dtype=float)


def square(left: float, top: float, size: float = 10.0) -> Points:
    return ring((left, top), (left + size, top), (left + size, top + size), (left, top + size))


def area_of(points: Points) -> float:
    """Signed area of a closed ring (shoelace)."""
    x, y = points.T
    return float((x[:-1] * y[1:] - x[1:] * y[:-1]).sum() / 2)


def great_circle_km(a: tuple[float, float], b: tuple[float, float]) -> float:
    (lon0, lat0), (lon1, lat1) = np.radians(a), np.radians(b)
    h = math.sin((lat1 - lat0) / 2) ** 2 + math.cos(lat0) * math.cos(lat1) * math.sin((lon1 - lon0) / 2) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(h))


@pytest.mark.parametrize(("start", "end"), [(BOCHUM, DORTMUND), (BOCHUM, XANTEN), (XANTEN, DORTMUND)])
def test_distances_in_the_ruhr_are_true_to_half_a_percent(start: tuple[float, float], end: tuple[float, float]) -> None:
    a, b = local_plane(np.array([start, end]))
    assert math.dist(a, b) == pytest.approx(great_circle_km(start, end), rel=0.005)


def test_the_projection_of_germany_starts_at_its_centre_with_north_above() -> None:
    centre, north, east = equal_area(np.array([GERMANY_CENTRE, (10.0, 52.0), (11.0, 51.0)]))
    assert centre == pytest.approx((0, 0))
    assert north[0] == pytest.approx(0) and north[1] < 0
    assert east[0] > 0


@pytest.mark.parametrize(("lon", "lat"), [(6, 50), (14, 54), (10, 47), (8, 51)])
def test_the_projection_of_germany_keeps_areas(lon: float, lat: float) -> None:
    side = np.linspace(0, 1, 50)
    cell = np.concatenate(
        [
            np.column_stack([lon + side, np.full(50, lat)]),
            np.column_stack([np.full(50, lon + 1), lat + side]),
            np.column_stack([lon + side[::-1], np.full(50, lat + 1)]),
            np.column_stack([np.full(50, lon), lat + side[::-1]]),
        ]
    )
    true = EARTH_KM**2 * math.radians(1) * (math.sin(math.radians(lat + 1)) - math.sin(math.radians(lat)))
    assert abs(area_of(equal_area(cell))) == pytest.approx(true, rel=1e-4)


def test_germany_has_its_official_area() -> None:
    total = sum(area_of(points) for area in areas("states").values() for points in area.rings)
    assert abs(total) == pytest.approx(357_000, rel=0.02)  # km²; the boundaries leave out the sea and are simplified


@pytest.mark.parametrize(("name", "n"), [("ruhr", 53), ("districts", 400), ("states", 16)])
def test_every_area_has_closed_rings_and_its_label_inside(name: str, n: int) -> None:
    assert len(areas(name)) == n
    for area in areas(name).values():
        assert all((points[0] == points[-1]).all() for points in area.rings)
        within = sum(path_of([points]).contains_point(area.label) for points in area.rings)
        assert within % 2 == 1, area.name


def test_a_fitted_file_fills_its_box_and_stays_inside() -> None:
    frame = fit("ruhr", 5, 10, 100, 80)
    left, top, right, bottom = bounds(points for area in sheet("ruhr", frame).values() for points in area.rings)
    assert left == pytest.approx(5, abs=0.01) and right == pytest.approx(105, abs=0.01)
    assert top > 10 and bottom < 90
    assert top - 10 == pytest.approx(90 - bottom, abs=0.01)


def test_placed_points_are_rounded_in_points_of_type() -> None:
    placed = Frame(0.123, 1.0, 2.0, decimals=1).place(np.array([(3.21, 45.6)]))
    assert placed / MM_PER_PT == pytest.approx(np.round(placed / MM_PER_PT, 1))
    assert placed[0] == pytest.approx((0.123 * 3.21 + 1, 0.123 * 45.6 + 2), abs=0.05 * MM_PER_PT)


def test_the_outline_of_two_squares_leaves_out_their_common_side() -> None:
    shapes = [Area("1", "a", (square(0, 0),), (5, 5)), Area("2", "b", (square(10, 0),), (15, 5))]
    (line,) = outline(shapes)
    assert area_of(line) == pytest.approx(200)
    assert {(10.0, 0.0), (10.0, 10.0)} <= set(map(tuple, line.tolist()))
    assert len(line) == 7


def test_the_outline_keeps_a_hole_that_nobody_fills() -> None:
    hole = square(2, 2, 4)[::-1]
    rings = outline([Area("1", "a", (square(0, 0), hole), (8, 8))])
    assert sorted(area_of(points) for points in rings) == pytest.approx([-16, 100])
    filled = [Area("1", "a", (square(0, 0), hole), (8, 8)), Area("2", "b", (square(2, 2, 4),), (4, 4))]
    assert [area_of(points) for points in outline(filled)] == pytest.approx([100])


@pytest.mark.parametrize("name", ["ruhr", "states", "districts"])
def test_the_border_encloses_the_sum_of_the_areas(name: str) -> None:
    frame = fit(name, 0, 0, 160, 160)
    lines = border(name, frame)
    assert all((line[0] == line[-1]).all() for line in lines)
    total = sum(area_of(points) for area in sheet(name, frame).values() for points in area.rings)
    assert sum(area_of(line) for line in lines) == pytest.approx(total)


def test_hatching_covers_a_square_evenly_and_leaves_out_its_hole() -> None:
    lines = hatching([square(0, 0), square(3, 3, 4)[::-1]], 0.5)
    length = sum(math.dist(start, end) for start, end in lines)
    assert length * 0.5 == pytest.approx(100 - 16, rel=0.02)
    for start, end in lines:
        middle_x, middle_y = (start + end) / 2
        assert start[0] + start[1] == pytest.approx(end[0] + end[1])
        assert not (3 < middle_x < 7 and 3 < middle_y < 7)


def test_a_box_of_just_the_size_of_the_room_fits_in_its_middle() -> None:
    room = Room(0, 0, 10, 4, step=0.2)
    assert np.abs(room.spots([(9.8, 3.8, 0)]) - (5, 2)).max() == pytest.approx(0.1)
    assert len(room.spots([(10.5, 3, 0)])) == 0
    assert len(room.spots([(3, 4.5, 0)])) == 0


boxes = st.tuples(st.floats(0.5, 6), st.floats(0.5, 3), st.floats(-2, 2))


@given(st.lists(boxes, min_size=1, max_size=2), st.floats(0, 9), st.floats(0, 9), st.floats(0, 1))
def test_no_spot_covers_what_is_taken(found: list[tuple[float, float, float]], x: float, y: float, gap: float) -> None:
    room = Room(0, 0, 12, 12, step=0.3)
    room.take(x, y, x + 2, y + 2)
    for cx, cy in room.spots(found, gap):
        for width, height, below in found:
            # The shift of a box is rounded to whole cells, so it may be off by half of one.
            left, right = cx - width / 2 - gap, cx + width / 2 + gap
            top, bottom = cy + below - height / 2 - gap + 0.15, cy + below + height / 2 + gap - 0.15
            assert left >= -1e-9 and right <= 12 + 1e-9 and top >= -1e-9 and bottom <= 12 + 1e-9
            assert right <= x + 1e-9 or left >= x + 2 - 1e-9 or bottom <= y + 1e-9 or top >= y + 2 - 1e-9


def test_the_best_spot_takes_the_widest_margin_that_leaves_room() -> None:
    room = Room(0, 0, 20, 10)
    room.keep([square(0, 0)])
    assert room.best_spot([(4, 2, 0)], [3, 1]) == pytest.approx((5, 5), abs=0.3)
    assert room.best_spot([(9, 2, 0)], [3, 0.2]) is not None
    assert room.best_spot([(11, 2, 0)], [3, 0]) is None


def test_keeping_the_outside_is_the_opposite_of_keeping_the_inside() -> None:
    inside, outside = Room(0, 0, 20, 20), Room(0, 0, 20, 20)
    shape = [square(4, 4), square(6, 6, 3)]
    inside.keep(shape)
    outside.keep(shape, inside=False)
    assert (inside.free ^ outside.free).all()
    assert inside.free.mean() == pytest.approx((100 - 9) / 400, abs=0.005)


def test_a_line_that_is_taken_leaves_its_reach_free_of_names() -> None:
    room = Room(0, 0, 10, 10)
    room.take_line((0, 5), (10, 5), 1)
    assert room.is_free(0, 0, 10, 3.8) and room.is_free(0, 6.2, 10, 10)
    assert not room.is_free(0, 0, 10, 4.5)
    assert not room.is_free(-1, 0, 5, 3), "a box must lie on the raster"


def test_a_leader_is_clear_if_only_its_start_is_taken() -> None:
    room = Room(0, 0, 10, 10)
    room.take(0, 0, 2, 10)
    assert room.is_clear((1, 5), (9, 5), skip=1.2)
    assert not room.is_clear((1, 5), (9, 5), skip=0.5)
    room.take_path(np.array([(6.0, 0.0), (6.0, 10.0)]))
    assert not room.is_clear((1, 5), (9, 5), skip=1.2)


def test_a_copy_and_a_cut_leave_the_room_as_it_was() -> None:
    room = Room(0, 0, 10, 10)
    other, part = room.copy(), room.cut((2, 2, 8, 8))
    other.take(0, 0, 5, 5)
    assert room.free.all() and not other.free.all()
    assert part.is_free(2.2, 2.2, 7.8, 7.8) and not part.is_free(1, 3, 4, 4)
