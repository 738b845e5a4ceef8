"""The way from the score of another place to that of the report's, one step for each indicator."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.analysis.gaps import Gap
from helpers.analysis.index import INHERITED
from helpers.analysis.study import Study
from helpers.present import fmt
from helpers.present.drawing import Canvas, Drawing
from helpers.present.language import tr
from helpers.present.names import indicator_label, indicator_unit, place_title, title_of
from helpers.present.style import (
    BASE_PT,
    BOLD,
    COLOR,
    LINE_PT,
    MARK_PT,
    SMALL_PT,
    WIDTH_MM,
    text_width_mm,
)
from helpers.present.wording.changes import LEAST, no_value, other_name, signed

ROW, HEAD, BAR = 6.4, 7.5, 3.0
NAME_WIDTH, OWN_X, OTHER_X, LEFT = 70.0, 82.0, 98.0, 108.0
MOST_STEPS = 12


@dataclass(frozen=True)
class _Step:
    """A step of the way, in points: positive where the place of the report is ahead, as in the table of the parts."""

    name: str
    label: str
    points: float
    own: str
    other: str
    inherited: bool


def waterfall(study: Study, gap: Gap) -> Drawing:
    """From the other's score to that of the place (170 mm wide): a bar for each indicator, to the right where the place is
    ahead, from the largest lead to the largest lag, with the values of both; small ones, and what is beyond twelve, are put
    together.

    A bar is only outlined where the value of one of the two is inherited from its district.
    """
    steps = _steps(study, gap)
    canvas = Canvas(WIDTH_MM["full"], HEAD + ROW * (len(steps) + 2) + 1)
    totals = [gap.other_score]
    for step in steps:
        totals.append(totals[-1] + step.points)
    room = text_width_mm(signed(-88.8), SMALL_PT) + 1.6
    low, high = min(totals), max(totals)
    scale = (canvas.width - LEFT - 2 * room) / max(high - low, 1e-9)

    def position(points: float) -> float:
        return LEFT + room + (points - low) * scale

    _heads(canvas, gap)
    _end(canvas, HEAD, other_name(study, gap), gap.other_score, position(gap.other_score), COLOR["peer"])
    for number, step in enumerate(steps):
        y = HEAD + ROW * (number + 1.5)
        start, end = position(totals[number]), position(totals[number + 1])
        canvas.line([start, start], [y - ROW, y], color=COLOR["ink2"], width=LINE_PT["axis"], z=2)
        outlined = {"fill": COLOR["paper"], "edge": COLOR["mark"], "line": LINE_PT["interval_other"]}
        style = outlined if step.inherited else {"fill": COLOR["mark"]}
        canvas.box(min(start, end), y - BAR / 2, abs(end - start), BAR, z=3, **style)
        gains = step.points >= 0
        x = max(start, end) + 1.2 if gains else min(start, end) - 1.2
        canvas.text(x, y + 0.95, signed(step.points), align="left" if gains else "right", color=COLOR["ink"])
        canvas.text(0, y + 0.95, step.label, color=COLOR["ink"])
        for x, words, color in ((OWN_X, step.own, COLOR["accent"]), (OTHER_X, step.other, COLOR["peer"])):
            if words:
                canvas.text(x, y + 0.95, words, align="right", color=color)
    last = HEAD + ROW * (len(steps) + 1)
    canvas.line(
        [position(totals[-1])] * 2, [last - ROW / 2, last + ROW / 2], color=COLOR["ink2"], width=LINE_PT["axis"], z=2
    )
    _end(canvas, last, title_of(study.place.ags), gap.score, position(totals[-1]), COLOR["accent"])
    return canvas.finish(_alt(study, gap, steps), _data(study, gap))


def _heads(canvas: Canvas, gap: Gap) -> None:
    canvas.text(0, 3.4, tr(de="Merkmal", en="Indicator"))
    canvas.text(OTHER_X, 3.4, tr(de="Werte der beiden", en="values of both"), align="right")
    canvas.text(canvas.width, 3.4, tr(de="Punkte des Index", en="points of the index"), align="right")
    canvas.line([0, canvas.width], [5.0, 5.0])


def _end(canvas: Canvas, top: float, name: str, score: float, x: float, color: str) -> None:
    """The row of a place: its name, a dot at its score and the number beside it, on the side that has room."""
    y = top + ROW / 2
    canvas.text(0, y + 1.1, name, size=BASE_PT, weight=BOLD, color=color)
    canvas.dots([x], [y], diameter=MARK_PT["focus"], fill=color, z=6)
    words = fmt.number(score)
    right = x + 2.2 + text_width_mm(words, BASE_PT, BOLD) <= canvas.width
    canvas.text(
        x + 2.2 if right else x - 2.2,
        y + 1.1,
        words,
        size=BASE_PT,
        weight=BOLD,
        color=color,
        align="left" if right else "right",
    )


def _steps(study: Study, gap: Gap) -> list[_Step]:
    """The steps from the largest lead of the place to its largest lag; the small ones together at the end."""
    steps = gap.parts.sort_values(ascending=False, kind="stable")
    largest = steps.abs().sort_values(ascending=False, kind="stable")
    shown = set(largest.index[: MOST_STEPS if len(largest) <= MOST_STEPS else MOST_STEPS - 1])
    shown -= set(largest.index[largest < LEAST])
    refs = {ref.indicator: ref for ref in study.universe.indicators}
    found = []
    for name, points in steps.items():
        if name not in shown:
            continue
        ref = refs[str(name)]
        decimals = max(int(study.facts.indicators.at[ref.key, "decimals"]), 1)
        raw, basis = study.index.raw[name], study.index.basis[name]
        places = [place for place in (gap.ags, gap.other) if place is not None]
        found.append(
            _Step(
                indicator_label(study, ref),
                _label(indicator_label(study, ref), indicator_unit(study, ref)),
                float(points),
                no_value() if np.isnan(gap.values[name]) else fmt.number(raw[gap.ags], decimals),
                _other_value(gap, str(name), raw, decimals),
                bool((basis[places] == INHERITED).any()),
            )
        )
    rest = [float(points) for name, points in steps.items() if name not in shown]
    if rest:
        one = len(rest) == 1
        words = tr(
            de="ein weiteres Merkmal" if one else f"{fmt.count(len(rest))} weitere Merkmale",
            en="one other indicator" if one else f"{fmt.count(len(rest))} other indicators",
        )
        found.append(_Step("", words, sum(rest), "", "", False))
    return found


def _other_value(gap: Gap, name: str, raw: pd.Series, decimals: int) -> str:
    """The other's value; a fictitious place has none of its own."""
    if np.isnan(gap.other_values[name]):
        return no_value()
    return fmt.number(raw[gap.other], decimals) if gap.other is not None else ""


def _label(name: str, unit: str) -> str:
    """The name of an indicator with its unit as far as there is room."""
    both = f"{name}, {unit}"
    return both if text_width_mm(both, SMALL_PT) <= NAME_WIDTH else name


def _data(study: Study, gap: Gap) -> pd.DataFrame:
    frame = pd.DataFrame({"points": gap.parts, "normalised": gap.values, "normalised_other": gap.other_values})
    frame["value"] = study.index.raw.loc[gap.ags].reindex(frame.index)
    if gap.other is not None:
        frame["value_other"] = study.index.raw.loc[gap.other].reindex(frame.index)
    return frame.sort_values("points", ascending=False).reset_index(names="indicator")


def _alt(study: Study, gap: Gap, steps: list[_Step]) -> str:
    name, other = place_title(study.place), other_name(study, gap)
    told = [step for step in steps if step.name]
    gains = [f"{step.name} {signed(step.points)}" for step in told if step.points > 0][:2]
    losses = [f"{step.name} {signed(step.points)}" for step in told[::-1] if step.points < 0][:2]
    none = tr(de="nichts", en="nothing")
    return tr(
        de=f"Treppe aus waagerechten Balken von {other} ({fmt.number(gap.other_score)} Punkte) zu {name} "
        f"({fmt.number(gap.score)}). Vorsprung: {'; '.join(gains) or none}. Rückstand: {'; '.join(losses) or none}.",
        en=f"Waterfall of horizontal bars from {other} ({fmt.number(gap.other_score)} points) to {name} "
        f"({fmt.number(gap.score)}). Ahead: {'; '.join(gains) or none}. Behind: {'; '.join(losses) or none}.",
    )
