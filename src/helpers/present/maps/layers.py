"""What a map is made of: class fills with white borders, hatches, outlines, the focus, leaders."""

from collections.abc import Iterable, Sequence

import pandas as pd
from matplotlib.collections import LineCollection
from matplotlib.patches import PathPatch, Rectangle

from helpers.present.drawing import Canvas
from helpers.present.geometry import Area, Frame, Points, border, hatching, path_of, sheet
from helpers.present.style import COLOR, LINE_PT, ON_RAMP, RAMP, class_of, rc

HATCH_MM = 1.4
Window = tuple[float, float, float, float]  # left, top, right, bottom


def classes(values: pd.Series, breaks: Sequence[float]) -> pd.Series:
    """The class of each value, missing where there is no value (Int64)."""
    known = values.dropna().map(lambda value: class_of(value, list(breaks)))
    return known.reindex(values.index).astype("Int64")


def fill(
    canvas: Canvas,
    shapes: dict[str, Area],
    klass: pd.Series,
    *,
    border: float = LINE_PT["map_border"],
    clip: Window | None = None,
) -> None:
    """Fill each area in the colour of its class with white borders; areas without a value are hatched on white."""
    for number, color in enumerate(RAMP):
        members = [shapes[ags] for ags in klass.index[(klass == number).fillna(False)] if ags in shapes]
        rings = [ring for area in members for ring in area.rings]
        if rings:
            _patch(canvas, rings, fill=color, edge=COLOR["paper"], width=border, z=1, clip=clip)
    unknown = [shapes[ags] for ags in klass.index[klass.isna()] if ags in shapes]
    hatch(canvas, unknown, color=COLOR["mark"], clip=clip)


def hatch(canvas: Canvas, shapes: Sequence[Area], *, color: str, clip: Window | None = None) -> None:
    """Diagonal lines over the areas, under their white borders."""
    lines = [line for area in shapes for line in hatching(area.rings, HATCH_MM)]
    if not lines:
        return
    with rc():
        drawn = LineCollection(lines, colors=color, linewidths=LINE_PT["grid"], capstyle="butt", zorder=1.5)
        canvas.axes.add_collection(drawn, autolim=False)
        _clip(canvas, drawn, clip)
    rings = [ring for area in shapes for ring in area.rings]
    _patch(canvas, rings, edge=COLOR["paper"], width=LINE_PT["map_border"], z=1.6, clip=clip)


def line_around(
    canvas: Canvas, rings: Iterable[Points], *, width: float, color: str = COLOR["ink2"], clip: Window | None = None
) -> None:
    """The thin line around a region or a state."""
    _patch(canvas, list(rings), edge=color, width=width, z=2, clip=clip)


def states(canvas: Canvas, frame: Frame, *, clip: Window | None = None) -> None:
    """The outlines of the 16 Länder over areas that are filled by class."""
    rings = [ring for area in sheet("states", frame).values() for ring in area.rings]
    _patch(canvas, rings, edge=COLOR["ink2"], width=LINE_PT["map_state"], z=2, clip=clip)


def base_map(canvas: Canvas, frame: Frame, *, clip: Window | None = None) -> None:
    """The 16 Länder as a quiet ground for dots and names: light lines inside, the thin outline around the country."""
    rings = [ring for area in sheet("states", frame).values() for ring in area.rings]
    _patch(canvas, rings, fill=COLOR["panel"], edge=COLOR["track"], width=LINE_PT["grid"], z=1, clip=clip)
    line_around(canvas, border("states", frame), width=LINE_PT["map_state"], clip=clip)


def focus_outline(canvas: Canvas, area: Area, *, share: float = 1.0, clip: Window | None = None) -> None:
    """The accent outline on its white casing; `share` thins both where a map is small."""
    _patch(canvas, area.rings, edge=COLOR["paper"], width=share * LINE_PT["focus_casing"], z=5, clip=clip)
    _patch(canvas, area.rings, edge=COLOR["accent"], width=share * LINE_PT["focus_outline"], z=6, clip=clip)


def locator(canvas: Canvas, area: Area) -> None:
    """An area that may be a few pixels: filled with the accent on a white casing, its class is shown elsewhere."""
    # Above its own leader, whose casing would cut through the fill.
    _patch(canvas, area.rings, edge=COLOR["paper"], width=LINE_PT["focus_outline"], z=5)
    _patch(canvas, area.rings, fill=COLOR["accent"], edge=COLOR["accent"], width=LINE_PT["axis"], z=9)


def leader(
    canvas: Canvas,
    start: tuple[float, float],
    end: tuple[float, float],
    *,
    color: str,
    width: float = 2 * LINE_PT["leader"],
) -> None:
    """A thin line on a white casing from a place to its name."""
    xs, ys = (start[0], end[0]), (start[1], end[1])
    canvas.line(xs, ys, color=COLOR["paper"], width=width + 2 * LINE_PT["leader"], z=7)
    canvas.line(xs, ys, color=color, width=width, z=8)


def _patch(
    canvas: Canvas,
    rings: Sequence[Points],
    *,
    edge: str,
    width: float,
    z: float,
    fill: str = "none",
    clip: Window | None = None,
) -> None:
    with rc():
        patch = PathPatch(
            path_of(rings), facecolor=fill, edgecolor=edge, linewidth=width, joinstyle="round", zorder=z, clip_on=False
        )
        # Unlike add_patch, add_artist does not compute data limits, which takes long for hundreds of shapes.
        canvas.axes.add_artist(patch)
        _clip(canvas, patch, clip)


def _clip(canvas: Canvas, artist: PathPatch | LineCollection, clip: Window | None) -> None:
    if clip is None:
        artist.set_clip_on(False)
        return
    left, top, right, bottom = clip
    artist.set_clip_on(True)
    artist.set_clip_path(Rectangle((left, top), right - left, bottom - top, transform=canvas.axes.transData))


def on_class(klass: object) -> str:
    """The colour of text on a class; ink on the hatch of a missing value."""
    return COLOR["ink"] if klass is pd.NA else ON_RAMP[int(str(klass))]
