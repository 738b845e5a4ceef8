"""What stands beside a map of Germany: the first five places with the place of the report."""

import pandas as pd

from helpers.analysis.study import Study
from helpers.present import fmt
from helpers.present.charts.ranking import shorten
from helpers.present.drawing import Canvas
from helpers.present.language import tr
from helpers.present.maps.labels import short_name
from helpers.present.names import title_of, universe_places_word
from helpers.present.style import BOLD, COLOR, LINE_PT, MM_PER_PT, REGULAR, SEMIBOLD, SMALL_PT

ROW_MM, RANK_MM, POINTS_MM = 3.9, 8.6, 9.0
_CAP_MM = 0.66 * SMALL_PT * MM_PER_PT
_BASE_MM = (ROW_MM + _CAP_MM) / 2  # from the top of a row to the baseline


def leaders_list(
    canvas: Canvas,
    study: Study,
    score: pd.Series,
    rank: pd.Series,
    left: float,
    top: float,
    width: float,
    *,
    first: int = 5,
    narrow: bool = False,
) -> None:
    """The first places by rank and the place of the report (one more place if it is among them): rank, name, points.

    A `narrow` list has the first places only and a shorter head.
    """
    focus = study.place.ags
    order = rank.dropna().sort_values(kind="stable").index
    shown = list(order[: first + 1] if focus in order[:first] or narrow else order[:first])
    heads = (tr(de="Rang", en="Rank"), _heading(study, len(order), narrow), tr(de="Punkte", en="Points"))
    _row(canvas, left, top, width, heads, SEMIBOLD)
    y = top + ROW_MM
    canvas.line((left, left + width), (y, y), color=COLOR["ink"], width=LINE_PT["rule_strong"])
    for ags in [*shown, *([] if focus in shown or narrow else [focus])]:
        if ags == focus and rank[focus] is not pd.NA and rank[focus] > len(shown) + 1:
            y += 1.4  # the gap says that ranks are left out
        if ags == focus:
            canvas.box(left, y + 0.1, width, ROW_MM - 0.2, fill=COLOR["wash"])
        weight = BOLD if ags == focus else SEMIBOLD if ags in study.peers else REGULAR
        color = COLOR["accent"] if ags == focus else COLOR["peer"] if ags in study.peers else COLOR["ink"]
        name = shorten(short_name(title_of(ags)), width - RANK_MM - POINTS_MM, weight)
        position = fmt.MISSING if rank[ags] is pd.NA else fmt.integer(rank[ags])
        _row(canvas, left, y, width, (position, name, fmt.number(score[ags])), weight, color)
        y += ROW_MM
        canvas.line((left, left + width), (y, y))


def _heading(study: Study, ranked: int, narrow: bool) -> str:
    if narrow:
        return tr(de=f"von {fmt.integer(ranked)}", en=f"of {fmt.integer(ranked)}")
    word, n = universe_places_word(study.universe), fmt.integer(ranked)
    return tr(de=f"von {n} {word}" if word.endswith("n") else f"von {n} {word}n", en=f"of {n} {word}")


def _row(
    canvas: Canvas,
    left: float,
    top: float,
    width: float,
    cells: tuple[str, str, str],
    weight: int,
    color: str = COLOR["ink2"],
) -> None:
    y = top + _BASE_MM
    canvas.text(left + RANK_MM - 2.2, y, cells[0], weight=weight, color=color, align="right")
    canvas.text(left + RANK_MM, y, cells[1], weight=weight, color=color)
    canvas.text(left + width - 1, y, cells[2], weight=weight, color=color, align="right")
