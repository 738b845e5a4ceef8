"""Domain strips: where the place lies among all places in each domain of the index."""

import pandas as pd

from helpers.analysis.index import IndexResult
from helpers.analysis.study import Study, wholly_inherited
from helpers.present import fmt
from helpers.present.drawing import Canvas, Drawing
from helpers.present.language import tr
from helpers.present.names import domain_name, place_title, universe_in
from helpers.present.style import (
    BASE_PT,
    BOLD,
    COLOR,
    HEIGHT_MM,
    LINE_PT,
    MARK_PT,
    SMALL_PT,
    WIDTH_MM,
    text_width_mm,
)

GUTTER = 4.0
NAME_Y, AXIS_Y, VALUE_Y = 3.4, 10.4, 17.4
TICK = 4.0
END_GAP = 1.5


def domain_strips(study: Study) -> Drawing:
    """One strip for each domain, 0 to 100: a tick for each place, the report's place as a dot (170 x 19 mm).

    A domain whose values are all inherited from the district shows a ring instead of the dot.
    """
    index, ags = study.index, study.place.ags
    canvas = Canvas(WIDTH_MM["full"], HEIGHT_MM["domains"])
    domains = list(index.domains.columns)
    width = (canvas.width - GUTTER * (len(domains) - 1)) / len(domains)
    inherited = wholly_inherited(index)
    for number, domain in enumerate(domains):
        _strip(canvas, number * (width + GUTTER), width, index, ags, domain, bool(inherited.at[ags, domain]))
    data = index.domains.add_suffix("_points").join(index.domain_rank.add_suffix("_rank"))
    data.insert(0, "name", study.names[data.index])
    return canvas.finish(_alt(study), data.reset_index(names="ags"))


def _strip(
    canvas: Canvas, left: float, width: float, index: IndexResult, ags: str, domain: str, inherited: bool
) -> None:
    low, high = left + 1.2, left + width - 1.2
    values = index.domains[domain]
    own = values[ags]

    def position(value: float) -> float:
        return low + (high - low) * value / 100

    canvas.text(left, NAME_Y, domain_name(domain, start=True), size=BASE_PT, color=COLOR["ink"])
    canvas.line([low, high], [AXIS_Y, AXIS_Y], color=COLOR["track"], width=LINE_PT["axis"])
    thin = LINE_PT["map_border_district"] if len(values) > 100 else LINE_PT["axis"]
    for value in values.dropna().drop(ags, errors="ignore"):
        x = position(value)
        canvas.line([x, x], [AXIS_Y - TICK / 2, AXIS_Y + TICK / 2], color=COLOR["mark"], width=thin, z=2)
    if pd.isna(own):
        canvas.text(left + width, NAME_Y, tr(de="kein Wert", en="no value"), align="right")
        return
    rank = fmt.integer(index.domain_rank.at[ags, domain])
    canvas.text(left + width, NAME_Y, tr(de=f"Rang {rank}", en=f"rank {rank}"), align="right")
    focus_dot(canvas, position(own), AXIS_Y, ring=inherited)
    words = fmt.number(own)
    half = text_width_mm(words, BASE_PT, BOLD) / 2
    x = min(max(position(own), left + half), left + width - half)
    canvas.text(x, VALUE_Y, words, size=BASE_PT, weight=BOLD, color=COLOR["accent"], align="center")
    # The ends of the scale give way where the value comes near.
    if x - half > left + text_width_mm("0", SMALL_PT) + END_GAP:
        canvas.text(left, VALUE_Y, "0")
    if x + half < left + width - text_width_mm("100", SMALL_PT) - END_GAP:
        canvas.text(left + width, VALUE_Y, "100", align="right")


def focus_dot(canvas: Canvas, x: float, y: float, *, ring: bool = False) -> None:
    """The mark of the report's place; a ring where the value is inherited from the district."""
    if ring:
        canvas.dots(
            [x],
            [y],
            diameter=MARK_PT["focus_inherited_ring"] + MARK_PT["focus_inherited_stroke"],
            fill=COLOR["paper"],
            edge=COLOR["accent"],
            edge_width=MARK_PT["focus_inherited_stroke"],
            z=6,
        )
        return
    canvas.dots([x], [y], diameter=MARK_PT["focus"] + 2 * MARK_PT["white_edge"], fill=COLOR["accent"], z=6)


def _alt(study: Study) -> str:
    index, ags = study.index, study.place.ags
    where = universe_in(index.universe)
    parts = []
    for domain in index.domains:
        value, rank = index.domains.at[ags, domain], index.domain_rank.at[ags, domain]
        name = domain_name(domain, start=True)
        if pd.isna(value):
            parts.append(tr(de=f"{name} ohne Wert", en=f"{name} without a value"))
        else:
            parts.append(
                tr(
                    de=f"{name} {fmt.number(value)} Punkte, Rang {fmt.integer(rank)}",
                    en=f"{name} {fmt.number(value)} points, rank {fmt.integer(rank)}",
                )
            )
    n = fmt.integer(len(index.score))
    return tr(
        de=f"Punktstreifen von 0 bis 100 für {fmt.count(len(parts))} Bereiche, je ein Strich für jeden der {n} Orte. "
        f"{place_title(study.place)} {where}: {'; '.join(parts)}.",
        en=f"Strips from 0 to 100 for {fmt.count(len(parts))} domains, one tick for each of the {n} places. "
        f"{place_title(study.place)} {where}: {'; '.join(parts)}.",
    )
