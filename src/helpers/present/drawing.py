"""A drawing surface in millimetres, and the drawing with its text alternative and data that a chart returns."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from helpers.present.origin import Origin, made_by
from helpers.present.style import (
    COLOR,
    FAMILY,
    LINE_PT,
    MARK_PT,
    MM_PER_PT,
    REGULAR,
    SMALL_PT,
    new_figure,
    rc,
    text_width_mm,
)

# Share of the type size: how far capitals rise above the baseline and descenders fall below it (Source Sans Pro).
CAP_HEIGHT, DESCENT = 0.66, 0.21


@dataclass(frozen=True)
class Drawing:
    """A finished figure: its text alternative, the plain data behind it (exported as CSV), its size and who drew it."""

    figure: Figure
    alt: str
    data: pd.DataFrame
    width_mm: float
    height_mm: float
    labels: "tuple[Label, ...]" = ()
    made_by: Origin | None = field(default_factory=made_by)


@dataclass(frozen=True)
class Label:
    """The box of one line of drawn text in millimetres from the upper left corner: for tests of overlap."""

    words: str
    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: "Label") -> bool:
        """True if the two boxes share an area."""
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )


class Canvas:
    """A figure whose coordinates are millimetres from the upper left corner (y grows downwards)."""

    def __init__(self, width_mm: float, height_mm: float):
        self.width, self.height = width_mm, height_mm
        self.labels: list[Label] = []
        with rc():
            self.figure = new_figure(width_mm, height_mm)
            self.axes = self.figure.add_axes((0, 0, 1, 1))
            self.axes.set_axis_off()
            self.axes.set_xlim(0, width_mm)
            self.axes.set_ylim(height_mm, 0)

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        size: float = SMALL_PT,
        color: str = COLOR["ink2"],
        weight: int = REGULAR,
        align: str = "left",
    ) -> Label:
        """One line of text with its baseline at `y`; `align` is left, center or right of `x`. Returns its box."""
        # All that text takes from the settings is given here: to enter them for each label would cost more than the label.
        self.axes.text(
            x,
            y,
            words,
            size=size,
            weight=weight,
            family=FAMILY,
            color=color,
            ha=align,
            va="baseline",
            parse_math=False,
            zorder=10,
        )
        label = text_box(x, y, words, size, weight, align)
        self.labels.append(label)
        return label

    def line(
        self,
        xs: Sequence[float],
        ys: Sequence[float],
        *,
        color: str = COLOR["grid"],
        width: float = LINE_PT["grid"],
        dashes: Sequence[float] | None = None,
        cap: Literal["butt", "round"] = "butt",
        z: float = 1,
    ) -> None:
        """A line through the points; `width` and `dashes` in points."""
        line = Line2D(xs, ys, color=color, linewidth=width, solid_capstyle=cap, dash_capstyle=cap, zorder=z)
        if dashes:
            line.set_dashes(list(dashes))
        self.axes.add_line(line)

    def dots(
        self,
        xs: Sequence[float],
        ys: Sequence[float],
        *,
        diameter: float = MARK_PT["other"],
        fill: str = COLOR["mark"],
        edge: str = COLOR["paper"],
        edge_width: float = MARK_PT["white_edge"],
        marker: Literal["o", "D"] = "o",
        z: float = 3,
    ) -> None:
        """Round marks, or diamonds (`D`); `diameter` (outer, with the edge) and `edge_width` in points."""
        line = Line2D(
            xs,
            ys,
            linestyle="none",
            marker=marker,
            markersize=diameter - edge_width,
            markerfacecolor=fill,
            markeredgecolor=edge,
            markeredgewidth=edge_width,
            zorder=z,
        )
        self.axes.add_line(line)

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        fill: str = "none",
        edge: str = "none",
        line: float = 0.0,
        hatch: str | None = None,
        z: float = 1,
    ) -> None:
        """A rectangle with its upper left corner at (x, y)."""
        self.axes.add_patch(
            Rectangle((x, y), width, height, facecolor=fill, edgecolor=edge, linewidth=line, hatch=hatch, zorder=z)
        )

    def finish(self, alt: str, data: pd.DataFrame) -> Drawing:
        """The drawing, with its text alternative and the data behind it."""
        return Drawing(self.figure, alt, data, self.width, self.height, tuple(self.labels))


def text_box(x: float, y: float, words: str, size: float, weight: int = REGULAR, align: str = "left") -> Label:
    """The box that one line of text will take with its baseline at `y`."""
    width = text_width_mm(words, size, weight)
    left = {"left": x, "center": x - width / 2, "right": x - width}[align]
    height = size * MM_PER_PT
    return Label(words, left, y - CAP_HEIGHT * height, left + width, y + DESCENT * height)
