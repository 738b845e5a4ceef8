"""The drawing surface in millimetres and the boxes of its labels."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.present.drawing import CAP_HEIGHT, DESCENT, Canvas, Label, text_box
from helpers.present.style import MM_PER_PT, text_width_mm

BOX = Label("a", 10, 10, 20, 14)


@pytest.mark.parametrize(
    ("other", "overlaps"),
    [
        (Label("same", 10, 10, 20, 14), True),
        (Label("inside", 12, 11, 13, 12), True),
        (Label("corner", 19, 13, 30, 20), True),
        (Label("across", 0, 12, 30, 13), True),
        (Label("touches right", 20, 10, 30, 14), False),
        (Label("touches below", 10, 14, 20, 18), False),
        (Label("apart", 30, 10, 40, 14), False),
        (Label("above", 10, 0, 20, 9), False),
    ],
)
def test_boxes_overlap_if_they_share_an_area(other: Label, overlaps: bool) -> None:
    assert BOX.overlaps(other) is overlaps
    assert other.overlaps(BOX) is overlaps


sides = st.tuples(st.floats(0, 100), st.floats(0.1, 20))


@given(sides, sides, sides, sides)
def test_overlap_is_mutual(
    a: tuple[float, float], b: tuple[float, float], c: tuple[float, float], d: tuple[float, float]
) -> None:
    one = Label("1", a[0], b[0], a[0] + a[1], b[0] + b[1])
    two = Label("2", c[0], d[0], c[0] + c[1], d[0] + d[1])
    assert one.overlaps(two) == two.overlaps(one)
    assert one.overlaps(one)


@pytest.mark.parametrize(("align", "left"), [("left", 0.0), ("center", -0.5), ("right", -1.0)])
def test_a_box_stands_beside_its_anchor_as_it_is_aligned(align: str, left: float) -> None:
    width = text_width_mm("Bochum", 9.5)
    box = text_box(50, 20, "Bochum", 9.5, align=align)
    assert box.left == pytest.approx(50 + left * width)
    assert box.right - box.left == pytest.approx(width)
    height = 9.5 * MM_PER_PT
    assert (box.top, box.bottom) == pytest.approx((20 - CAP_HEIGHT * height, 20 + DESCENT * height))


def test_an_unknown_alignment_is_an_error() -> None:
    with pytest.raises(KeyError, match="middle"):
        text_box(0, 0, "a", 7, align="middle")


def test_the_box_is_where_the_renderer_draws_the_words() -> None:
    canvas = Canvas(100, 40)
    box = canvas.text(30, 20, "Mülheim", size=9.5)
    text = canvas.axes.texts[0]
    canvas.figure.set_dpi(720)  # the renderer rounds to pixels: make them small
    drawn = text.get_window_extent()
    pixel = 25.4 / canvas.figure.dpi
    assert drawn.x0 * pixel == pytest.approx(box.left, abs=0.2)
    assert drawn.x1 * pixel == pytest.approx(box.right, abs=0.2)


def test_a_canvas_counts_from_the_upper_left_and_keeps_its_labels() -> None:
    canvas = Canvas(100, 40)
    assert canvas.axes.get_xlim() == (0, 100)
    assert canvas.axes.get_ylim() == (40, 0)
    canvas.text(5, 5, "oben")
    canvas.text(5, 35, "unten", align="right")
    canvas.line([0, 100], [20, 20], dashes=[2, 2])
    canvas.dots([1, 2], [3, 4])
    canvas.box(0, 0, 10, 10, hatch="//")
    drawing = canvas.finish("Ein Bild.", pd.DataFrame({"x": [1]}))
    assert [label.words for label in drawing.labels] == ["oben", "unten"]
    assert (drawing.alt, drawing.width_mm, drawing.height_mm) == ("Ein Bild.", 100, 40)
    assert len(canvas.axes.lines) == 2 and len(canvas.axes.patches) == 1
