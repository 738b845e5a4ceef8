"""How much room a table takes on a page, estimated from the widths of its words: laying it out to measure it would cost as
much as printing it.
"""

import math
from typing import Any

from helpers.present import signs
from helpers.present.style import BOLD, MM_PER_PT, REGULAR, TOKENS, text_width_mm

_TYPE, _SPACE, _PAGE = TOKENS["type_pt"], TOKENS["space_mm"], TOKENS["page_mm"]
# Left and right of the words of a cell.
_CELL_X = _SPACE["card_inset"] / 2
# Between a sign and its word, and between two lines from baseline to baseline, in em.
_SIGN_GAP = 0.35
_LINE = TOKENS["leading_em"]["body"] + 0.66
# What Typst and this estimate may differ by before a table counts as one that needs no second line.
_TOLERANCE = 0.5


def is_single_lined(table: dict[str, Any]) -> bool:
    """True if no cell needs a second line; `table` as its block carries it."""
    return sum(_natural_widths(table)) <= float(_PAGE["text_width"]) - _TOLERANCE


def is_long(table: dict[str, Any]) -> bool:
    """True if the table takes half a page or more, so that it may break between rows."""
    widths = _widths(table)
    cell_y = _SPACE["table_cell_y_compact" if is_single_lined(table) else "table_cell_y"]
    line = _LINE * _TYPE["base"] * MM_PER_PT
    height: float = line + 2 * cell_y  # the head
    for row in table["rows"]:
        lines = max(
            math.ceil(_width(cell, row["focus"]) / (width - 2 * _CELL_X))
            for cell, width in zip(row["cells"], widths, strict=True)
        )
        height += max(lines, 1) * line + 2 * cell_y
    text_height: float = _PAGE["height"] - _PAGE["top"] - _PAGE["bottom"]
    return height >= text_height / 2


def _width(cell: dict[str, Any], focus: bool) -> float:
    size = _TYPE["small" if cell["small"] else "base"]
    sign = (signs.SIZE_EM + _SIGN_GAP) * size * MM_PER_PT if cell["sign"] else 0.0
    # The ring is drawn, since the font lacks it, and about as wide as an o.
    return sign + text_width_mm(cell["text"].replace("○", "o"), size, BOLD if focus else REGULAR)


def _natural_widths(table: dict[str, Any]) -> list[float]:
    """The width that each column needs to hold its cells on one line each, in mm."""
    return [
        2 * _CELL_X + max((_width(row["cells"][i], row["focus"]) for row in table["rows"]), default=0.0)
        for i in range(len(table["columns"]))
    ]


def _widths(table: dict[str, Any]) -> list[float]:
    """The width of each column in mm: its own, or its share of what the others leave."""
    tracks = [column["width"] for column in table["columns"]]
    fixed = [
        0.0 if track.endswith("fr") else float(track[:-2]) if track.endswith("mm") else natural
        for track, natural in zip(tracks, _natural_widths(table), strict=True)
    ]
    shares = [float(track[:-2]) if track.endswith("fr") else 0.0 for track in tracks]
    left = max(_PAGE["text_width"] - sum(fixed), 0.0)
    return [
        max(own or left * share / sum(shares), 2 * _CELL_X + _TYPE["base"] * MM_PER_PT)
        for own, share in zip(fixed, shares, strict=True)
    ]
