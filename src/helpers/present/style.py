"""The look: tokens (tokens.json, shared with Typst), the fonts, and how a figure becomes SVG and PNG.

Figures are made with matplotlib's object interface, never with pyplot: no global state, no figure drawn twice in Lab.
The bytes depend on the data only: fixed hash salt, no date, text kept as text.
"""

import io
import json
import os
from functools import cache
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib import font_manager
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextToPath

HERE = Path(__file__).resolve().parent
FONTS = HERE / "fonts"
TOKENS: dict[str, Any] = json.loads((HERE / "tokens.json").read_text(encoding="utf-8"))

COLOR: dict[str, Any] = TOKENS["color"]
RAMP: list[str] = COLOR["ramp5"]
ON_RAMP: list[str] = COLOR["on_ramp5"]
FAMILY: str = TOKENS["font"]["family"]
BASE_PT: float = TOKENS["type_pt"]["base"]
SMALL_PT: float = TOKENS["type_pt"]["small"]
MAP_PT: float = TOKENS["type_pt"]["chart_map_label"]
LINE_PT: dict[str, float] = TOKENS["line_pt"]
MARK_PT: dict[str, float] = TOKENS["mark_diameter_pt"]
WIDTH_MM: dict[str, float] = TOKENS["figure_width_mm"]
HEIGHT_MM: dict[str, float] = TOKENS["figure_height_mm"]
BREAKS: dict[str, list[float]] = TOKENS["class_breaks"]

REGULAR, SEMIBOLD, BOLD = 400, 600, 700
MM_PER_PT = 25.4 / 72
PNG_DPI = 144

_RC: Any = {
    "font.family": FAMILY,
    "svg.fonttype": "none",
    "svg.hashsalt": "cityreport",
    "hatch.linewidth": LINE_PT["grid"],
    "axes.unicode_minus": True,
    "text.parse_math": False,
    # Hinting would widen the text of the PNG by up to two percent over what is measured and what the SVG shows.
    "text.hinting": "none",
}
_SVG_METADATA = {"Date": None, "Creator": None}
_PNG_METADATA = {"Software": None}


@cache
def register_fonts() -> None:
    """Make the committed fonts known to matplotlib (once a process)."""
    for path in sorted(FONTS.glob("*.ttf")):
        font_manager.fontManager.addfont(path)


def new_figure(width_mm: float, height_mm: float) -> Figure:
    """An empty figure of exactly this size: figures are placed at the size at which they are drawn."""
    register_fonts()
    return Figure(figsize=(width_mm / 25.4, height_mm / 25.4), dpi=72)


def rc() -> Any:
    """The settings under which everything is drawn, as a context manager."""
    return matplotlib.rc_context(_RC)


def svg(figure: Figure) -> str:
    """The figure as SVG, text as text, the same bytes for the same figure."""
    stream = io.StringIO()
    with rc():
        figure.savefig(stream, format="svg", transparent=True, metadata=_SVG_METADATA)
    return stream.getvalue().replace(os.linesep, "\n")


def png(figure: Figure) -> bytes:
    """The figure as PNG on white, the same bytes for the same figure."""
    stream = io.BytesIO()
    with rc():
        figure.savefig(stream, format="png", dpi=PNG_DPI, facecolor=COLOR["paper"], metadata=_PNG_METADATA)
    return stream.getvalue()


@cache
def text_width_mm(words: str, size_pt: float, weight: int = REGULAR) -> float:
    """Width of one line of text in millimetres, measured in the committed font."""
    register_fonts()
    font = FontProperties(family=FAMILY, size=size_pt, weight=weight)
    width, _, _ = TextToPath().get_text_width_height_descent(words, font, ismath=False)
    return float(width) * MM_PER_PT


def class_of(value: float, breaks: list[float] | tuple[float, ...]) -> int:
    """The class of a value: 0 below the first break, a value on a break belongs to the class above it.

    Raises ValueError for more classes than the ramp has colours: more could not be told apart.
    """
    if len(breaks) >= len(RAMP):
        raise ValueError(f"{len(breaks) + 1} classes cannot be told apart by colour; at most {len(RAMP)} can")
    return sum(value >= limit for limit in breaks)


def rank_class(rank: float) -> int:
    """The heat class of a rank, 4 (darkest) for the first places down to 0."""
    limits = BREAKS["rank_heat"]
    return len(limits) - sum(rank > limit for limit in limits)
