"""The profile: one row for each indicator with all places as dots, the report's place and its peers in colour."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from helpers.analysis.drivers import extremes
from helpers.analysis.index import DERIVED, INHERITED
from helpers.analysis.study import Study
from helpers.data.definition import Group, Indicator
from helpers.present import fmt
from helpers.present.charts.strips import focus_dot
from helpers.present.drawing import Canvas, Drawing
from helpers.present.language import tr
from helpers.present.names import (
    domain_name,
    indicator_label,
    indicator_unit,
    place_title,
    remark,
    title_of,
    universe_in,
)
from helpers.present.style import (
    BASE_PT,
    BOLD,
    COLOR,
    HEIGHT_MM,
    LINE_PT,
    MARK_PT,
    SMALL_PT,
    TOKENS,
    WIDTH_MM,
    text_width_mm,
)

ROW = float(TOKENS["space_mm"]["profile_row"])
DOMAIN_HEAD = float(TOKENS["space_mm"]["domain_head"])
HEAD, FOOT = 6.0, 2.0
PAGE = max(HEIGHT_MM.values())
LEFT, RIGHT = 55.0, 137.0
VALUE_X = 157.8
NAME_WIDTH = 48.0
BIN = 1.45
STACK_HEIGHT = 14.6
COUNTED_STACK = 30
CROWDED = 100  # more places than this are drawn with smaller dots
LINE_STEP = 4.0
OUTLIER_GAP = 0.25  # share of the row's range between the largest value and the next


@dataclass(frozen=True)
class _Dot:
    ags: str
    x: float
    y: float
    role: str  # peer, inherited or other


def profile(study: Study) -> Drawing:
    """One row for each indicator of the index, by domain (170 mm wide): value and rank of the place, all others as dots.

    Each row has its own scale from the smallest to the largest value; where less is better the axis is reversed and the
    unit line says so. With more than ten indicators the rows are lower, so that all stand on one page.
    """
    universe = study.universe
    row = row_height(len(universe.domains), len(universe.indicators))
    height = HEAD + DOMAIN_HEAD * len(universe.domains) + row * len(universe.indicators) + FOOT
    canvas = Canvas(WIDTH_MM["full"], height)
    n = fmt.integer(len(study.index.score))
    canvas.text(LEFT, 3, tr(de="Kleinster Wert", en="Smallest value"))
    canvas.text(RIGHT, 3, tr(de=f"Größter Wert der {n}", en=f"Largest of the {n}"), align="right")
    name = place_title(study.place)
    name = name if text_width_mm(name, SMALL_PT, BOLD) < VALUE_X - RIGHT - 2 else ""
    canvas.text(VALUE_X, 3, name or tr(de="Wert", en="Value"), align="right", weight=BOLD, color=COLOR["accent"])
    canvas.text(canvas.width, 3, tr(de="Rang", en="Rank"), align="right")
    y = HEAD
    for domain in universe.domains:
        _domain_head(canvas, study, domain, y)
        y += DOMAIN_HEAD
        for ref in domain.indicators:
            _indicator_row(canvas, study, ref, y + row / 2 - 1, row / ROW)
            y += row
    return canvas.finish(_alt(study), _data(study))


def row_height(domains: int, indicators: int) -> float:
    """The height of a row in millimetres: that of the tokens, or less where so many would not fit on a page."""
    return min(ROW, (PAGE - HEAD - FOOT - DOMAIN_HEAD * domains) / indicators)


def _domain_head(canvas: Canvas, study: Study, domain: Group, y: float) -> None:
    index, ags = study.index, study.place.ags
    canvas.line([0, canvas.width], [y, y], color=COLOR["ink2"], width=LINE_PT["rule_light"])
    canvas.text(0, y + 4.4, domain_name(domain.id, start=True), size=BASE_PT, weight=BOLD, color=COLOR["ink"])
    value = index.domains.at[ags, domain.id]
    if pd.isna(value):
        canvas.text(LEFT, y + 4.4, tr(de="Bereich ohne Wert", en="Domain without a value"))
        return
    rank, n = fmt.integer(index.domain_rank.at[ags, domain.id]), fmt.integer(index.domains[domain.id].notna().sum())
    canvas.text(
        LEFT,
        y + 4.4,
        tr(
            de=f"Bereich: {fmt.number(value)} von 100 Punkten, Rang {rank} von {n}",
            en=f"Domain: {fmt.number(value)} of 100 points, rank {rank} of {n}",
        ),
    )


def _indicator_row(canvas: Canvas, study: Study, ref: Indicator, y: float, scale: float) -> None:
    index, ags, key = study.index, study.place.ags, ref.indicator
    values = index.raw[key].dropna()
    _name(canvas, study, ref, y)
    canvas.line([LEFT, RIGHT], [y, y], color=COLOR["track"], width=LINE_PT["axis"])
    low, high = values.min(), values.max()
    reverse = study.facts.indicators.at[ref.key, "direction"] == "-"
    at_left, at_right = (high, low) if reverse else (low, high)
    canvas.text(LEFT - 1.7, y + 0.9, _end(at_left), align="right")
    canvas.text(RIGHT + 1.7, y + 0.9, _end(at_right))
    span = high - low

    def position(value: float) -> float:
        share = (value - low) / span if span else 0.5
        return LEFT + (RIGHT - LEFT) * (1 - share if reverse else share)

    _dots(canvas, study, ref, values.map(position), y, STACK_HEIGHT * scale)
    if ags in values.index:
        focus_dot(canvas, position(values[ags]), y, ring=index.basis.at[ags, key] == INHERITED)
    _outlier(canvas, study, ref, values, (position(high), y))
    _own_value(canvas, study, ref, y)


def _name(canvas: Canvas, study: Study, ref: Indicator, y: float) -> None:
    lines = wrap(indicator_label(study, ref), NAME_WIDTH)
    top = y - 0.6 if len(lines) == 1 else y - 2.6
    for number, line in enumerate(lines):
        canvas.text(0, top + LINE_STEP * number, line, size=BASE_PT, color=COLOR["ink"])
    facts = study.facts.indicators.loc[ref.key]
    unit = indicator_unit(study, ref)
    derived = tr(de=", eigene Berechnung", en=", own calculation") if facts["derived"] else ""
    reversed_ = tr(de=", weniger ist besser", en=", less is better") if facts["direction"] == "-" else ""
    canvas.text(0, top + LINE_STEP * len(lines) - 0.3, f"{unit}, {fmt.period(ref.period)}{derived}{reversed_}")


def wrap(words: str, room_mm: float, size_pt: float = BASE_PT) -> list[str]:
    """`words` in lines of at most `room_mm`, broken at spaces."""
    lines = [""]
    for word in words.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and text_width_mm(longer, size_pt) > room_mm:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _end(value: float) -> str:
    """The number at an end of the scale: whole from ten upwards, else one decimal, zero without one."""
    return fmt.number(value, 0 if abs(value) >= 10 or value == 0 else 1)


def _dots(canvas: Canvas, study: Study, ref: Indicator, positions: pd.Series, y: float, high: float) -> None:
    dots = _stack(canvas, study, ref, positions, y, high)
    small = len(positions) > CROWDED
    groups: dict[str, list[_Dot]] = defaultdict(list)
    for dot in dots:
        groups[dot.role].append(dot)
    diameter = MARK_PT["other"] * (0.6 if small else 1.0)
    for role, members in groups.items():
        xs, ys = [d.x for d in members], [d.y for d in members]
        if role == "inherited":
            ring, stroke = MARK_PT["ring_inherited"], MARK_PT["ring_inherited_stroke"]
            canvas.dots(xs, ys, diameter=ring + stroke, fill=COLOR["paper"], edge=COLOR["mark"], edge_width=stroke, z=3)
        else:
            color = COLOR["peer"] if role == "peer" else COLOR["mark"]
            size = diameter + (0.8 if role == "peer" else 0)
            marker: Literal["o", "D"] = "D" if role == "derived" else "o"
            z = 4 if role == "peer" else 3
            canvas.dots(xs, ys, diameter=size, fill=color, edge=color, edge_width=0.0, marker=marker, z=z)


def _stack(canvas: Canvas, study: Study, ref: Indicator, positions: pd.Series, y: float, high: float) -> list[_Dot]:
    """Dots in columns of equal bins, piled around the line up to `high` millimetres, peers nearest to it; the report's place
    is drawn apart.

    A column too high to be counted by eye gets its number written beside it.
    """
    basis = study.index.basis[ref.indicator]
    roles = {INHERITED: "inherited"}
    # Where every value is our own calculation, the unit line says so.
    if not study.facts.indicators.at[ref.key, "derived"]:
        roles[DERIVED] = "derived"
    width = BIN * (0.6 if len(positions) > CROWDED else 1.0)
    columns: dict[int, list[str]] = defaultdict(list)
    for ags, x in positions.items():
        columns[round((x - LEFT) / width)].append(str(ags))
    dots = []
    for bin_, members in columns.items():
        if len(members) > COUNTED_STACK and len(positions) <= CROWDED:
            words = tr(de=f"{len(members)} Orte", en=f"{len(members)} places")
            canvas.text(LEFT + bin_ * width + 2, y - 5.4, words)
        members.sort(key=lambda a: (a != study.place.ags, a not in study.peers, basis[a] == INHERITED))
        pitch = min(width, high / max(len(members) - 1, 1))
        for number, ags in enumerate(members):
            side = 1 if number % 2 else -1
            offset = side * ((number + 1) // 2) * pitch
            role = "peer" if ags in study.peers else roles.get(basis[ags], "other")
            if ags != study.place.ags:
                x = float(positions[ags]) if len(members) == 1 else LEFT + bin_ * width
                dots.append(_Dot(ags, x, y + offset, role))
    return dots


def _outlier(canvas: Canvas, study: Study, ref: Indicator, values: pd.Series, at: tuple[float, float]) -> None:
    """Name the place with the largest value where it stands far off all others, with the reason if one is known."""
    ordered = values.sort_values(ascending=False)
    if len(ordered) < 3 or ordered.iloc[0] - ordered.iloc[1] <= OUTLIER_GAP * (ordered.iloc[0] - ordered.iloc[-1]):
        return
    ags = str(ordered.index[0])
    x, y = at
    words = remark(study, ref, ags)
    name = f"{title_of(ags)}, {words}" if words else title_of(ags)
    if ags != study.place.ags or words:
        canvas.text(x, y - 3.0, name, align="right" if x > (LEFT + RIGHT) / 2 else "left")


def _own_value(canvas: Canvas, study: Study, ref: Indicator, y: float) -> None:
    index, ags, key = study.index, study.place.ags, ref.indicator
    value = index.raw.at[ags, key]
    if pd.isna(value):
        canvas.text(VALUE_X, y + 1.2, tr(de="kein Wert", en="no value"), align="right")
        return
    decimals = max(int(study.facts.indicators.at[ref.key, "decimals"]), 1)
    words = fmt.number(value, decimals)
    canvas.text(VALUE_X, y + 1.2, words, size=BASE_PT, weight=BOLD, color=COLOR["accent"], align="right")
    ranks = index.indicator_rank[key]
    rank = fmt.integer(ranks[ags])
    canvas.text(canvas.width, y + 1.2, rank, size=BASE_PT, color=COLOR["ink"], align="right")
    shared = int((ranks == ranks[ags]).sum()) - 1
    if shared:
        more = tr(
            de="mit einem weiteren" if shared == 1 else f"mit {fmt.integer(shared)} weiteren",
            en="shared with one other" if shared == 1 else f"shared with {fmt.integer(shared)} others",
        )
        canvas.text(canvas.width, y + 4.6, more, align="right")


def _data(study: Study) -> pd.DataFrame:
    index = study.index
    table = pd.DataFrame({"name": study.names[index.raw.index]})
    for key in index.raw.columns:
        table[key] = index.raw[key]
        table[f"{key}_basis"] = index.basis[key]
        table[f"{key}_rank"] = index.indicator_rank[key]
    return table.reset_index(names="ags")


def _alt(study: Study) -> str:
    index, ags, name = study.index, study.place.ags, place_title(study.place)
    best, worst = extremes(study)
    absent = int(index.raw.loc[ags].isna().sum())
    without = tr(de=f" {absent} ohne Wert.", en=f" {absent} without a value.") if absent else ""
    head = tr(
        de=f"Punktwolken für {len(index.raw.columns)} Merkmale, je Zeile alle {len(index.score)} Orte",
        en=f"Dot strips for {len(index.raw.columns)} indicators, in each row all {len(index.score)} places",
    )
    return head + tr(
        de=f" {universe_in(index.universe)}. {name}: bester Rang {fmt.integer(best.rank)} bei {indicator_label(study, best.ref)}, "
        f"schlechtester Rang {fmt.integer(worst.rank)} bei {indicator_label(study, worst.ref)}.{without}",
        en=f" {universe_in(index.universe)}. {name}: best rank {fmt.integer(best.rank)} on "
        f"{indicator_label(study, best.ref)}, worst rank {fmt.integer(worst.rank)} on "
        f"{indicator_label(study, worst.ref)}.{without}",
    )
