"""The look: contrasts as claimed, classes at their edges, and the same bytes for the same figure."""

import hashlib
import io
import os
import subprocess
import sys
from itertools import combinations, pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from matplotlib import font_manager
from matplotlib.image import imread
from vision import MACHADO, distance, lab, linear

from helpers.present.drawing import Canvas
from helpers.present.style import (
    BOLD,
    BREAKS,
    COLOR,
    FAMILY,
    FONTS,
    ON_RAMP,
    PNG_DPI,
    RAMP,
    REGULAR,
    TOKENS,
    class_of,
    png,
    rank_class,
    register_fonts,
    svg,
    text_width_mm,
)


def luminance(color: str) -> float:
    """Relative luminance by WCAG 2.2."""
    return float(linear(color) @ [0.2126, 0.7152, 0.0722])


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_measure_of_contrast_knows_its_ends() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#777777") == 1


@pytest.mark.parametrize("token", ["ink", "ink2", "accent", "peer", "mark"])
def test_contrast_on_white_is_as_claimed(token: str) -> None:
    assert contrast(COLOR[token], COLOR["paper"]) == pytest.approx(TOKENS["contrast_on_white"][token], abs=0.01)


@pytest.mark.parametrize("ink", ["ink", "ink2", "accent", "peer"])
@pytest.mark.parametrize("ground", ["paper", "panel", "wash"])
def test_text_on_dark_grounds_can_be_read(ink: str, ground: str) -> None:
    dark = TOKENS["color_dark"]
    assert contrast(dark[ink], dark[ground]) >= 4.5


def test_the_dark_scheme_has_every_colour_but_the_ramp() -> None:
    assert set(TOKENS["color_dark"]) == {name for name, value in COLOR.items() if isinstance(value, str)}


def test_contrast_of_the_ramp_is_as_claimed() -> None:
    on_white = [contrast(color, COLOR["paper"]) for color in RAMP]
    assert on_white == pytest.approx(TOKENS["contrast_on_white"]["ramp5"], abs=0.01)
    claimed = TOKENS["contrast_other"]
    assert [contrast(a, b) for a, b in zip(RAMP, ON_RAMP, strict=True)] == pytest.approx(
        claimed["text_on_ramp5"], abs=0.01
    )


@pytest.mark.parametrize(
    ("text", "ground"), [("ink2", "panel"), ("accent", "panel"), ("accent", "wash"), ("ink", "wash")]
)
def test_contrast_on_other_grounds_is_as_claimed(text: str, ground: str) -> None:
    claimed = TOKENS["contrast_other"][f"{text}_on_{ground}"]
    assert contrast(COLOR[text], COLOR[ground]) == pytest.approx(claimed, abs=0.01)


def test_the_measure_of_distance_knows_the_reference_values() -> None:
    assert lab("#FFFFFF") == pytest.approx([100, 0, 0], abs=0.01)
    assert lab("#FF0000") == pytest.approx([53.24, 80.09, 67.20], abs=0.05)
    for vision in MACHADO:
        assert distance("#808080", "#909090", vision) == pytest.approx(distance("#808080", "#909090"), abs=0.01)
    # Red and green of one lightness: apart for most, nearly one colour for those without one kind of cone.
    red, green = "#C8502D", "#7C7C2B"
    assert distance(red, green) > 45 > 15 > distance(red, green, "deuteranopia")


def role_distances(vision: str) -> dict[str, float]:
    colors = {**COLOR, "ramp4": RAMP[3], "ramp5": RAMP[4]}
    pairs = [("accent", "peer"), ("accent", "mark"), ("peer", "mark"), ("accent", "ramp4"), ("accent", "ramp5")]
    return {f"{one}_{other}": distance(colors[one], colors[other], vision) for one, other in pairs}


def step_distances(vision: str) -> list[float]:
    return [distance(one, other, vision) for one, other in pairwise(RAMP)]


def test_the_roles_stay_apart_in_every_vision_as_claimed() -> None:
    claimed = dict(TOKENS["delta_e76_min_over_normal_deut_prot_trit"])
    least_step = min(step for vision in MACHADO for step in step_distances(vision))
    assert least_step == pytest.approx(claimed.pop("ramp_step"), abs=0.5)
    seen = [role_distances(vision) for vision in MACHADO]
    assert {pair: min(one[pair] for one in seen) for pair in claimed} == pytest.approx(claimed, abs=0.5)


def test_distances_for_the_most_frequent_colour_blindness_are_as_claimed() -> None:
    claimed = dict(TOKENS["delta_e76_deuteranopia"])
    assert step_distances("deuteranopia") == pytest.approx(claimed.pop("ramp_steps"), abs=0.5)
    assert role_distances("deuteranopia") == pytest.approx(claimed, abs=0.5)


@pytest.mark.parametrize("vision", MACHADO)
def test_the_roles_stay_apart_on_dark_paper(vision: str) -> None:
    dark = TOKENS["color_dark"]
    for one, other in combinations(("accent", "peer", "mark"), 2):
        assert distance(dark[one], dark[other], vision) >= 25, (one, other)


def test_lightness_is_as_claimed() -> None:
    claimed = dict(TOKENS["lightness_L"])
    assert [lab(color)[0] for color in RAMP] == pytest.approx(claimed.pop("ramp5"), abs=0.5)
    assert {name: lab(COLOR[name])[0] for name in claimed} == pytest.approx(claimed, abs=0.6)


def test_more_classes_than_can_be_told_apart_are_refused() -> None:
    assert class_of(45, [10, 20, 30, 40]) == 4
    with pytest.raises(ValueError, match="6 classes cannot be told apart by colour; at most 5 can"):
        class_of(45, [10, 20, 30, 40, 50])


def test_text_can_be_read_on_everything_it_stands_on() -> None:
    assert min(contrast(a, b) for a, b in zip(RAMP, ON_RAMP, strict=True)) >= 4.5
    for text, ground in (
        ("ink", "paper"), ("ink2", "paper"), ("accent", "paper"), ("peer", "paper"), ("ink2", "panel"),
        ("accent", "panel"), ("accent", "wash"), ("ink", "wash"),
    ):  # fmt: skip
        assert contrast(COLOR[text], COLOR[ground]) >= 4.5, (text, ground)
    assert contrast(COLOR["mark"], COLOR["paper"]) >= 3  # marks, never text


def test_the_ramp_darkens_from_class_to_class() -> None:
    light = [luminance(color) for color in RAMP]
    assert light == sorted(light, reverse=True)
    assert len(RAMP) == len(ON_RAMP) == 5
    assert all(len(breaks) == 4 for breaks in BREAKS.values())


@pytest.mark.parametrize(
    ("value", "expected"), [(0, 0), (19.99, 0), (20, 1), (29.99, 1), (30, 2), (40, 3), (49.99, 3), (50, 4), (100, 4)]
)
def test_a_value_on_a_break_belongs_to_the_class_above(value: float, expected: int) -> None:
    assert class_of(value, BREAKS["ruhr_index"]) == expected


@pytest.mark.parametrize(
    ("rank", "expected"), [(1, 4), (5, 4), (6, 3), (10, 3), (11, 2), (20, 2), (21, 1), (40, 1), (41, 0), (400, 0)]
)
def test_the_first_ranks_are_the_darkest(rank: int, expected: int) -> None:
    assert rank_class(rank) == expected


def test_the_committed_fonts_are_used_in_three_weights_with_their_licence() -> None:
    register_fonts()
    entries = [e for e in font_manager.fontManager.ttflist if e.name == FAMILY and Path(e.fname).parent == FONTS]
    assert {entry.weight for entry in entries} >= {400, 600, 700}
    assert "SIL OPEN FONT LICENSE" in (FONTS / "LICENSE.txt").read_text(encoding="utf-8").upper()


def test_text_is_measured_in_millimetres_and_grows_with_size_and_weight() -> None:
    assert text_width_mm("Bochum", 19) == pytest.approx(2 * text_width_mm("Bochum", 9.5), rel=0.02)
    assert text_width_mm("Bochum", 9.5, BOLD) > text_width_mm("Bochum", 9.5, REGULAR)
    assert text_width_mm("", 9.5) == 0


DRAWING = """
import hashlib
from helpers.present.drawing import Canvas
from helpers.present.style import png, svg
canvas = Canvas(80, 40)
canvas.text(2, 10, "Mülheim – 59,7 %", size=9.5, weight=700)
canvas.line([0, 80], [20, 20], dashes=[1, 2])
canvas.dots([10, 20], [20, 20])
canvas.box(30, 25, 20, 10, fill="#E3ECF4", hatch="////")
print(hashlib.sha256(svg(canvas.figure).encode()).hexdigest(), hashlib.sha256(png(canvas.figure)).hexdigest())
"""


def draw(**environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", DRAWING], capture_output=True, text=True, check=True, env=os.environ | environment
    )
    return done.stdout.strip()


def test_a_figure_has_the_same_bytes_in_every_process() -> None:
    assert draw(PYTHONHASHSEED="1", TZ="UTC", LC_ALL="C") == draw(PYTHONHASHSEED="2", TZ="Asia/Tokyo", LC_ALL="C.UTF-8")


def test_a_figure_drawn_twice_is_the_same_and_keeps_text_as_text() -> None:
    canvas = Canvas(80, 40)
    canvas.text(2, 10, "Mülheim & Söhne $1$")
    first, second = svg(canvas.figure), svg(canvas.figure)
    assert hashlib.sha256(first.encode()).digest() == hashlib.sha256(second.encode()).digest()
    root = ElementTree.fromstring(first)
    texts = ["".join(element.itertext()).strip() for element in root.iter("{http://www.w3.org/2000/svg}text")]
    assert texts == ["Mülheim & Söhne $1$"]
    assert "date" not in first.lower()


def test_a_figure_is_as_large_as_it_is_placed() -> None:
    canvas = Canvas(80, 40)
    root = ElementTree.fromstring(svg(canvas.figure))
    size = [float(root.attrib[side].removesuffix("pt")) * 25.4 / 72 for side in ("width", "height")]
    assert size == pytest.approx([80, 40], abs=0.01)
    height, width, _ = imread(io.BytesIO(png(canvas.figure))).shape
    assert [width, height] == pytest.approx([80 / 25.4 * PNG_DPI, 40 / 25.4 * PNG_DPI], abs=1)
