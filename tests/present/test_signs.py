"""The signs: one definition, the same shapes in SVG and in charts, in ink, told apart without colour."""

from io import BytesIO
from itertools import combinations
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from matplotlib.image import imread

from helpers.present import signs
from helpers.present.drawing import Canvas
from helpers.present.style import COLOR, png, svg


def pixels(sign: str) -> Any:
    """The sign as a chart draws it, as an array of grey values, 0 black."""
    canvas = Canvas(10, 10)
    signs.draw(canvas, sign, 5, 5, 8)
    return imread(BytesIO(png(canvas.figure)))[..., :3].mean(axis=2)


@pytest.mark.parametrize("sign", signs.SIGNS)
def test_a_sign_is_a_valid_svg_in_ink_without_characters(sign: str) -> None:
    root = ElementTree.fromstring(signs.svg(sign))
    assert root.get("width") == root.get("height")
    elements = list(root)
    assert elements
    assert {element.tag.split("}")[1] for element in elements} <= {"circle", "polygon", "polyline"}
    colors = {element.get(key) for element in elements for key in ("fill", "stroke")} - {None, "none"}
    assert COLOR["ink"] in colors and colors <= {COLOR["ink"], COLOR["paper"]}


@pytest.mark.parametrize("sign", signs.SIGNS)
def test_no_point_of_a_sign_leaves_its_square(sign: str) -> None:
    root = ElementTree.fromstring(signs.svg(sign))
    half = float(root.get("width", "nan")) / 2
    for element in root:
        reach = float(element.get("stroke-width", 0)) / 2
        points = [float(number) for pair in element.get("points", "").split() for number in pair.split(",")]
        points += [abs(float(element.get(axis, 0))) + float(element.get("r", 0)) for axis in ("cx", "cy")]
        assert max(map(abs, points)) + reach <= half + 0.01


def test_the_signs_differ_in_form() -> None:
    drawn = {sign: pixels(sign) for sign in signs.SIGNS}
    for one, other in combinations(drawn, 2):
        share = (abs(drawn[one] - drawn[other]) > 0.5).mean()
        assert share > 0.02, (one, other)


def test_a_chart_draws_the_sign_around_its_point() -> None:
    dark = np.argwhere(pixels("check") < 0.5)
    size = pixels("check").shape[0]
    assert dark.min(axis=0) / size == pytest.approx([0.1, 0.1], abs=0.02)
    assert dark.max(axis=0) / size == pytest.approx([0.9, 0.9], abs=0.02)


def test_drawing_is_the_same_twice() -> None:
    def drawn() -> str:
        canvas = Canvas(10, 10)
        for sign in signs.SIGNS:
            signs.draw(canvas, sign, 5, 5, 4)
        return svg(canvas.finish("x", pd.DataFrame()).figure)

    assert drawn() == drawn()


def test_html_hides_the_sign_from_screen_readers() -> None:
    assert all('aria-hidden="true"' in signs.inline_svg(sign) for sign in signs.SIGNS)


def test_an_unknown_sign_is_refused() -> None:
    for call in (signs.svg, signs.inline_svg, signs.known):
        with pytest.raises(ValueError, match="sign 'star' is not one of check, half, clock"):
            call("star")
