"""The class key of a map: one field for each class with the number of places in it, its limits below."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from helpers.present import fmt
from helpers.present.drawing import Canvas
from helpers.present.geometry import hatching
from helpers.present.language import tr
from helpers.present.style import COLOR, LINE_PT, MM_PER_PT, ON_RAMP, RAMP, SMALL_PT

CELL_MM, CELL_HEIGHT_MM, GAP_MM = 14.0, 4.2, 2.0
_LINE_MM = SMALL_PT * MM_PER_PT


@dataclass(frozen=True)
class Key:
    """The limits of the classes and the number of places in each; `missing` have no value."""

    breaks: Sequence[float]
    counts: Sequence[int]
    missing: int

    @classmethod
    def of(cls, klass: pd.Series, breaks: Sequence[float]) -> "Key":
        """The key to a column of classes."""
        counts = [int((klass == number).sum()) for number in range(len(breaks) + 1)]
        return cls(breaks, counts, int(klass.isna().sum()))

    def width(self, cell: float = CELL_MM) -> float:
        """Width on the sheet."""
        return len(self.counts) * cell + (GAP_MM + cell if self.missing else 0)


def limits(breaks: Sequence[float]) -> list[str]:
    """`unter 20`, `20–30`, …, `ab 50`."""
    low, high = fmt.number(breaks[0], 0), fmt.number(breaks[-1], 0)
    between = [f"{fmt.number(a, 0)}–{fmt.number(b, 0)}" for a, b in pairwise(breaks)]
    return [tr(de=f"unter {low}", en=f"under {low}"), *between, tr(de=f"ab {high}", en=f"{high} or more")]


def draw_key(canvas: Canvas, x: float, y: float, key: Key, title: str, cell: float = CELL_MM) -> float:
    """Draw the key with its title, upper left corner at (x, y). Returns the y of its lower end."""
    canvas.text(x, y + 0.8 * _LINE_MM, title)
    top = y + 1.2 * _LINE_MM + 0.6
    draw_cells(canvas, x, top, key, cell)
    below = top + CELL_HEIGHT_MM + 1.15 * _LINE_MM
    for number, words in enumerate(limits(key.breaks)):
        canvas.text(x + (number + 0.5) * cell, below, words, align="center")
    if key.missing:
        canvas.text(x + key.width(cell) - cell / 2, below, tr(de="kein Wert", en="no value"), align="center")
    return below + 0.3 * _LINE_MM


def draw_cells(canvas: Canvas, x: float, top: float, key: Key, cell: float) -> None:
    """The coloured fields with their counts."""
    base = top + CELL_HEIGHT_MM / 2 + 0.33 * _LINE_MM
    for number, count in enumerate(key.counts):
        canvas.box(x + number * cell, top, cell - 0.3, CELL_HEIGHT_MM, fill=RAMP[number])
        canvas.text(x + (number + 0.5) * cell, base, fmt.integer(count), color=ON_RAMP[number], align="center")
    if key.missing:
        left = x + len(key.counts) * cell + GAP_MM
        hatched_box(canvas, left, top, cell - 0.3, CELL_HEIGHT_MM)
        # A white ground under the number keeps it legible on the hatch.
        canvas.box(left + cell / 2 - 2.2, top + 0.4, 4.4, CELL_HEIGHT_MM - 0.8, fill=COLOR["paper"], z=2)
        canvas.text(left + cell / 2, base, fmt.integer(key.missing), color=COLOR["ink"], align="center")


def hatched_box(
    canvas: Canvas,
    x: float,
    y: float,
    width: float,
    height: float,
    *,
    fill: str = "none",
    edge: str = COLOR["mark"],
    color: str = COLOR["mark"],
) -> None:
    """A field with the hatch of the map."""
    ring = np.array([(x, y), (x + width, y), (x + width, y + height), (x, y + height), (x, y)])
    canvas.box(x, y, width, height, fill=fill, edge=edge, line=LINE_PT["grid"])
    for (x0, y0), (x1, y1) in hatching([ring], 1.4):
        canvas.line((x0, x1), (y0, y1), color=color, width=LINE_PT["grid"], z=1.5)
