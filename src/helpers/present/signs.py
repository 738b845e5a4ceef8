"""The signs before a verdict: drawn shapes, defined once and used by charts, Typst and HTML.

They are shapes and no characters of a font, because the font of the report has none of them, and they are told apart by
their form alone: all are in ink. Coordinates are shares of the diameter from the centre, y downwards.
"""

from dataclasses import dataclass
from math import cos, pi, sin

from matplotlib.patches import Polygon

from helpers.present.drawing import Canvas
from helpers.present.style import COLOR, MM_PER_PT

Point = tuple[float, float]

RADIUS = 0.5
LINE, BOLD_LINE = 0.09, 0.12
# A sign is a little larger than the type that it stands in (em).
SIZE_EM = 1.12
_SCALE = 100  # units of the SVG for one diameter


@dataclass(frozen=True)
class Disc:
    """A filled circle."""

    centre: Point
    radius: float


@dataclass(frozen=True)
class Area:
    """A filled polygon."""

    points: tuple[Point, ...]


@dataclass(frozen=True)
class Line:
    """A line with round ends through the points, in ink or in the colour of the paper."""

    points: tuple[Point, ...]
    width: float = LINE
    paper: bool = False


Shape = Disc | Area | Line


def _arc(start: float, end: float, radius: float, centre: Point = (0.0, 0.0)) -> tuple[Point, ...]:
    """Points on an arc; angles in degrees, 0 upwards, clockwise."""
    steps = max(2, round(abs(end - start) / 7.5))
    angles = [(start + (end - start) * i / steps) * pi / 180 for i in range(steps + 1)]
    return tuple((centre[0] + radius * sin(a), centre[1] - radius * cos(a)) for a in angles)


_EDGE = RADIUS - LINE / 2
_RING = Line(_arc(0, 360, _EDGE))
_QUESTION_CENTRE = (0.0, -0.095)

_SHAPES: dict[str, tuple[Shape, ...]] = {
    # A filled disc with a tick.
    "check": (Disc((0, 0), RADIUS), Line(((-0.22, 0.02), (-0.06, 0.18), (0.22, -0.16)), BOLD_LINE, paper=True)),
    # A disc whose left half is filled.
    "half": (_RING, Area(_arc(180, 360, _EDGE))),
    # A ring with the hands of a clock.
    "clock": (_RING, Line(((0, -0.25), (0, 0.04), (0.19, 0.04)))),
    # A dashed ring with a question mark.
    "question": (
        *(Line(_arc(angle, angle + 14, _EDGE)) for angle in range(0, 360, 30)),
        Line((*_arc(-70, 120, 0.13, _QUESTION_CENTRE), (0.0, 0.1)), 0.08),
        Disc((0, 0.22), 0.055),
    ),
    # A ring with a cross.
    "cross": (_RING, Line(((-0.17, -0.17), (0.17, 0.17))), Line(((0.17, -0.17), (-0.17, 0.17)))),
    # A short bar.
    "dash": (Line(((-0.4, 0), (0.4, 0))),),
}
SIGNS = tuple(_SHAPES)


def known(sign: str) -> str:
    """The sign itself. Raises ValueError for one that is not drawn."""
    if sign not in _SHAPES:
        raise ValueError(f"sign {sign!r} is not one of {', '.join(SIGNS)}")
    return sign


def svg(sign: str) -> str:
    """The sign as a square SVG without a text alternative: its word stands beside it. Raises ValueError if unknown."""
    box = f"{-_SCALE / 2:g} {-_SCALE / 2:g} {_SCALE} {_SCALE}"
    shapes = "".join(_element(shape) for shape in _SHAPES[known(sign)])
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="{_SCALE}" height="{_SCALE}" viewBox="{box}">{shapes}</svg>'


def inline_svg(sign: str) -> str:
    """The sign for HTML, as high as the type and hidden from screen readers."""
    style = f"height:{SIZE_EM}em;width:{SIZE_EM}em;vertical-align:-.2em"
    return svg(sign).replace("<svg ", f'<svg aria-hidden="true" style="{style}" ', 1)


def draw(canvas: Canvas, sign: str, x: float, y: float, diameter: float) -> None:
    """Draw the sign around (x, y); `diameter` in millimetres. Raises ValueError if the sign is unknown."""
    point = diameter / MM_PER_PT  # in points, as line widths and marks are given
    for shape in _SHAPES[known(sign)]:
        if isinstance(shape, Disc):
            centre = (x + diameter * shape.centre[0], y + diameter * shape.centre[1])
            canvas.dots(
                [centre[0]], [centre[1]], diameter=2 * shape.radius * point, fill=COLOR["ink"], edge_width=0, z=3
            )
            continue
        xs = [x + diameter * px for px, _ in shape.points]
        ys = [y + diameter * py for _, py in shape.points]
        if isinstance(shape, Area):
            points = list(zip(xs, ys, strict=True))
            canvas.axes.add_patch(Polygon(points, facecolor=COLOR["ink"], edgecolor="none", zorder=3))
        else:
            ink = COLOR["paper" if shape.paper else "ink"]
            canvas.line(xs, ys, color=ink, width=shape.width * point, cap="round", z=4)


def _element(shape: Shape) -> str:
    ink = COLOR["ink"]
    if isinstance(shape, Disc):
        x, y = shape.centre
        return f'<circle cx="{_unit(x)}" cy="{_unit(y)}" r="{_unit(shape.radius)}" fill="{ink}"/>'
    points = " ".join(f"{_unit(x)},{_unit(y)}" for x, y in shape.points)
    if isinstance(shape, Area):
        return f'<polygon points="{points}" fill="{ink}"/>'
    ink = COLOR["paper" if shape.paper else "ink"]
    return (
        f'<polyline points="{points}" fill="none" stroke="{ink}" stroke-width="{_unit(shape.width)}" '
        'stroke-linecap="round" stroke-linejoin="round"/>'
    )


def _unit(share: float) -> str:
    return f"{round(share * _SCALE, 2) + 0.0:g}"
