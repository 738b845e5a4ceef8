"""The ranking: every place (or a fair cut of many) with the range of its rank and its points in each domain."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from helpers.analysis.selection import CUT, MOST_ROWS, shown_places
from helpers.analysis.study import Study, wholly_inherited
from helpers.present import fmt
from helpers.present.drawing import Canvas, Drawing
from helpers.present.language import tr
from helpers.present.names import domain_short, place_title, title_of, universe_in
from helpers.present.style import (
    BOLD,
    BREAKS,
    COLOR,
    LINE_PT,
    MARK_PT,
    ON_RAMP,
    RAMP,
    REGULAR,
    SEMIBOLD,
    SMALL_PT,
    TOKENS,
    WIDTH_MM,
    class_of,
    text_width_mm,
)

ROW = float(TOKENS["space_mm"]["ranking_row"])
GAP = float(TOKENS["space_mm"]["heat_gap"])
HEAD = 11.0
BASELINE = 2.75  # of the text within a row
RANK_X, NAME_X, SCORE_X = 4.8, 6.2, 48.0
AXIS_LEFT, AXIS_RIGHT = 53.0, 112.0
CELLS_X = 118.0


@dataclass(frozen=True)
class _Row:
    ags: str
    role: str  # focus, peer or other
    color: str
    weight: int
    diameter: float


def ranking(study: Study, ranges: pd.DataFrame) -> list[Drawing]:
    """The ranking in pages of at most 53 rows (170 mm wide): rank, name, score, range of the rank, points by domain.

    `ranges` has `low` and `high` of each place (AGS): the 5-95 % interval of its rank over the draws.

    Up to 106 places are all shown; of more, the first ten, the surroundings of the place, its nearest peers and the
    last five, with marks where rows are left out. The CSV behind it always holds all places.
    """
    rows = shown_places(study)
    pages = [rows[start : start + MOST_ROWS] for start in range(0, len(rows), MOST_ROWS)]
    # Two pages share their rows, so that the second is not a stub.
    if len(pages) == 2:
        half = (len(rows) + 1) // 2
        pages = [rows[:half], rows[half:]]
    return [_page(study, ranges, page) for page in pages]


def _page(study: Study, ranges: pd.DataFrame, page: Sequence[str]) -> Drawing:
    canvas = Canvas(WIDTH_MM["full"], HEAD + ROW * len(page) + 1)
    index = study.index
    last = int(index.rank.notna().sum())

    def position(rank: float) -> float:
        return AXIS_LEFT + (AXIS_RIGHT - AXIS_LEFT) * (rank - 1) / max(last - 1, 1)

    ticks = rank_ticks(last)
    _head(canvas, study, [(rank, position(rank)) for rank in ticks])
    inherited = wholly_inherited(index)
    bottom = HEAD + ROW * len(page)
    for rank in ticks:
        canvas.line([position(rank)] * 2, [HEAD, bottom], width=LINE_PT["grid"])
    for number, ags in enumerate(page):
        y = HEAD + ROW * number
        if ags == CUT:
            canvas.text(RANK_X, y + BASELINE, "…", align="right", color=COLOR["ink2"])
            canvas.line([NAME_X, canvas.width], [y + ROW / 2] * 2, dashes=(1, 2), color=COLOR["mark"])
            continue
        row = _row(study, ags)
        if row.role == "focus":
            canvas.box(0, y, CELLS_X - 2, ROW, fill=COLOR["wash"], z=0)
        _label(canvas, study, row, y)
        low, high = position(ranges.at[ags, "low"]), position(ranges.at[ags, "high"])
        canvas.line([low, high], [y + ROW / 2] * 2, color=row.color, width=LINE_PT[f"interval_{row.role}"], z=3)
        # A white dot with a grey edge stays visible on its own line.
        fill, edge = (COLOR["paper"], row.color) if row.role == "other" else (row.color, COLOR["paper"])
        x = position(index.rank[ags])
        canvas.dots([x], [y + ROW / 2], diameter=row.diameter + 1, fill=fill, edge=edge, edge_width=0.8, z=4)
        _cells(canvas, study, row, y, inherited)
    return canvas.finish(_alt(study, ranges, page), _data(study, ranges))


def rank_ticks(last: int) -> list[int]:
    """Ranks at which an axis from 1 to `last` is marked: the ends and round numbers not too near them."""
    step = next(step for step in (10, 20, 50, 100, 200, 500, 1000, 2000, 5000) if last / step <= 8)
    return [1, *range(step, last - step // 3, step), last] if last > 1 else [1]


def _head(canvas: Canvas, study: Study, ticks: Sequence[tuple[int, float]]) -> None:
    canvas.text(0, 8.2, tr(de="Rang, Ort", en="Rank, place"))
    canvas.text(SCORE_X, 8.2, tr(de="Punkte", en="Points"), align="right")
    words = tr(de="Rang mit Spanne (5.–95. Perzentil)", en="Rank with range (5th–95th percentile)")
    canvas.text(AXIS_LEFT, 3.4, words)
    for rank, x in ticks:
        canvas.text(x, 8.2, fmt.integer(rank), align="center")
    canvas.text(CELLS_X, 3.4, tr(de="Punkte je Bereich (0–100)", en="Points by domain (0–100)"))
    domains = list(study.index.domains.columns)
    for number, domain in enumerate(domains):
        left, width = _cell(canvas, number, len(domains))
        canvas.text(left + width / 2, 8.2, domain_short(domain), align="center")


def _cell(canvas: Canvas, number: int, count: int) -> tuple[float, float]:
    """Left edge and width of a heat cell."""
    pitch = (canvas.width - CELLS_X + GAP) / count
    return CELLS_X + number * pitch, pitch - GAP


def _row(study: Study, ags: str) -> _Row:
    if ags == study.place.ags:
        return _Row(ags, "focus", COLOR["accent"], BOLD, MARK_PT["focus"])
    if ags in study.peers:
        return _Row(ags, "peer", COLOR["peer"], SEMIBOLD, MARK_PT["peer"])
    return _Row(ags, "other", COLOR["mark"], REGULAR, MARK_PT["other"] + 0.6)


def _label(canvas: Canvas, study: Study, row: _Row, y: float) -> None:
    index = study.index
    ink = COLOR["ink"] if row.role == "other" else row.color
    rank = fmt.integer(index.rank[row.ags])
    canvas.text(RANK_X, y + BASELINE, rank, align="right", weight=row.weight, color=ink)
    score = fmt.number(index.score[row.ags])
    canvas.text(SCORE_X, y + BASELINE, score, align="right", weight=row.weight, color=ink)
    room = SCORE_X - NAME_X - text_width_mm(score, SMALL_PT, row.weight) - 1.5
    canvas.text(NAME_X, y + BASELINE, fitting_name(study, row.ags, room, row.weight), weight=row.weight, color=ink)


def fitting_name(study: Study, ags: str, room_mm: float, weight: int = REGULAR) -> str:
    """The name of a place for a narrow row. Where the kind of district does not fit, the name alone says more than the
    beginning of both."""
    full = title_of(ags)
    name = full if text_width_mm(full, SMALL_PT, weight) <= room_mm else str(study.names[ags])
    return shorten(name, room_mm, weight)


def shorten(name: str, room_mm: float, weight: int = REGULAR, size_pt: float = SMALL_PT) -> str:
    """`name` if it fits, else cut before a word that does not, with an ellipsis."""
    if text_width_mm(name, size_pt, weight) <= room_mm:
        return name
    cut = name
    while cut and text_width_mm(cut + " …", size_pt, weight) > room_mm:
        cut = cut[:-1].rstrip(" -/(")
    whole_words = cut.rsplit(" ", 1)[0] if name[len(cut) : len(cut) + 1] not in ("", " ") and " " in cut else cut
    return whole_words + " …"


def _cells(canvas: Canvas, study: Study, row: _Row, y: float, inherited: pd.DataFrame) -> None:
    """Heat cells with the points printed; outlined and unfilled where every value is the district's."""
    domains = study.index.domains
    for number, domain in enumerate(domains.columns):
        left, width = _cell(canvas, number, len(domains.columns))
        value = domains.at[row.ags, domain]
        middle, height = left + width / 2, ROW - GAP / 2
        weight = BOLD if row.role == "focus" else REGULAR
        if pd.isna(value):
            canvas.text(middle, y + BASELINE, fmt.MISSING, align="center")
        elif inherited.at[row.ags, domain]:
            canvas.box(left + 0.15, y + 0.3, width - 0.3, height - 0.45, edge=COLOR["mark"], line=LINE_PT["axis"], z=2)
            canvas.text(middle, y + BASELINE, fmt.integer(value), align="center", color=COLOR["ink"], weight=weight)
        else:
            step = class_of(value, BREAKS["domain_score"])
            canvas.box(left, y + GAP / 4, width, height, fill=RAMP[step], z=2)
            canvas.text(middle, y + BASELINE, fmt.integer(value), align="center", color=ON_RAMP[step], weight=weight)


def _data(study: Study, ranges: pd.DataFrame) -> pd.DataFrame:
    index = study.index
    table = pd.DataFrame({"name": study.names[index.score.index], "score": index.score, "rank": index.rank})
    table = table.join(ranges[["low", "high"]].add_prefix("rank_"))
    return table.join(index.domains).sort_values(["rank", "name"]).reset_index(names="ags")


def _alt(study: Study, ranges: pd.DataFrame, page: Sequence[str]) -> str:
    index, ags, name = study.index, study.place.ags, place_title(study.place)
    order = index.score.sort_values(ascending=False, kind="stable").dropna()
    top = fmt.join([f"{title_of(a)} {fmt.number(order[a])}" for a in order.index[:3]])
    last = order.index[-1]
    shown = sum(a != CUT for a in page)
    where = universe_in(study.universe)
    own, rank = fmt.number(index.score[ags]), fmt.integer(index.rank[ags])
    low, high = fmt.integer(ranges.at[ags, "low"]), fmt.integer(ranges.at[ags, "high"])
    return tr(
        de=f"Rangliste des offenen Index {where}, {shown} Zeilen mit Punkten, Spanne des Rangs und Punkten je Bereich. {name}: "
        f"{own} Punkte, Rang {rank}, Spanne {low} bis {high}. Oben: {top}. Unten: {title_of(str(last))} {fmt.number(order[last])}.",
        en=f"Ranking by the open index {where}, {shown} rows with points, range of the rank and points by domain. {name}: "
        f"{own} points, rank {rank}, range {low} to {high}. Top: {top}. Bottom: {title_of(str(last))} {fmt.number(order[last])}.",
    )
