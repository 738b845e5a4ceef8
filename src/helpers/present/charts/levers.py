"""What each indicator would bring: the gain in points at the peers' median and best value, and the rank after it."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from helpers.analysis.levers import INFLUENCED, Lever, Levers, Outcome
from helpers.analysis.study import Study
from helpers.present import fmt
from helpers.present.drawing import Canvas, Drawing
from helpers.present.language import tr
from helpers.present.names import indicator_label, indicator_unit, place_title, remark
from helpers.present.style import BOLD, COLOR, LINE_PT, MARK_PT, SEMIBOLD, SMALL_PT, WIDTH_MM, text_width_mm
from helpers.present.wording.changes import influence_word, one_peer, peers_word, signed
from helpers.present.wording.phrases import capital

# Matplotlib drops a space at the head of a text.
SPACE = 0.6
ROW, HEAD, GROUP = 8.4, 9.5, 5.2
LEFT, RIGHT, MEDIAN_X, BEST_X = 78.0, 126.0, 147.0, 170.0


def levers(study: Study, found: Levers, ranges: pd.DataFrame) -> Drawing:
    """A row for each indicator with a value of its own, the largest gain first (170 mm wide): a small dot at the gain with
    the peers' median, a large one with their best value.

    The rows stand under their declared influence. Beside the name stands the period, under it the values; at the end the
    ranks after both, with their 5-95 % intervals from `ranges` (see `ranges_after`). What cannot be influenced stands apart,
    in grey. A single peer has no median.
    """
    groups = {status: rows for status in (*INFLUENCED, "outside") if (rows := found.of(status))}
    canvas = Canvas(WIDTH_MM["full"], HEAD + sum(GROUP + ROW * len(rows) for rows in groups.values()) + 6)
    gains = [o.score - found.score for lever in found.levers for o in (lever.at_median, lever.at_best) if o]
    top = max([*gains, 0.1])
    bottom = canvas.height - 6

    def position(points: float) -> float:
        return LEFT + (RIGHT - LEFT - text_width_mm("+88,8", SMALL_PT, BOLD) - 2) * points / top

    _heads(canvas, study, found)
    for tick in _ticks(top):
        canvas.line([position(tick)] * 2, [HEAD, bottom])
        canvas.text(position(tick), bottom + 4, fmt.number(tick, 0 if top > 3 else 1), align="center")
    canvas.line([position(0)] * 2, [HEAD, bottom], color=COLOR["ink2"], width=LINE_PT["axis"], z=2)
    y = HEAD
    for status, rows in groups.items():
        apart = status not in INFLUENCED
        if apart and len(groups) > 1:
            canvas.line([0, canvas.width], [y + 0.6, y + 0.6], color=COLOR["ink2"], width=LINE_PT["axis"])
        canvas.text(0, y + 4.2, capital(influence_word(status)))
        y += GROUP
        for lever in rows:
            _row(canvas, study, found, lever, y, position, ranges, COLOR["mark"] if apart else COLOR["peer"])
            y += ROW
    return canvas.finish(_alt(study, found), _data(study, found, ranges))


def _heads(canvas: Canvas, study: Study, found: Levers) -> None:
    start = canvas.text(0, 7.4, tr(de="Merkmal; darunter: ", en="Indicator; below it: ")).right
    own = canvas.text(start, 7.4, tr(de="Wert", en="value"), color=COLOR["accent"], weight=SEMIBOLD).right
    best = tr(de="Median · Bestwert", en="median · best value")
    best += tr(de=" der Vergleichsorte", en=" of the peers") if study.peers else ""
    if one_peer(study):
        best = tr(de="Vergleichsort", en="peer")
    canvas.text(own + SPACE, 7.4, f"· {best}")
    canvas.text(LEFT, 7.4, tr(de="Gewinn in Punkten", en="gain in points"))
    rank = fmt.integer(found.rank)
    present = study.certainty().ranks.loc[study.place.ags]
    span = f"{fmt.integer(present['low'])}–{fmt.integer(present['high'])}"
    now = tr(
        de=f"Rang danach (im Index: {rank}, Spanne {span})", en=f"rank after it (in the index: {rank}, range {span})"
    )
    canvas.text(BEST_X, 3.4, now, align="right")
    if one_peer(study):
        canvas.text(BEST_X, 7.4, tr(de="wie der Vergleichsort", en="as the peer"), align="right")
        return
    canvas.text(MEDIAN_X, 7.4, tr(de="mit Median", en="at median"), align="right")
    canvas.text(BEST_X, 7.4, tr(de="mit Bestwert", en="at the best"), align="right")


def _row(
    canvas: Canvas,
    study: Study,
    found: Levers,
    lever: Lever,
    y: float,
    position: Callable[[float], float],
    ranges: pd.DataFrame,
    color: str,
) -> None:
    """One indicator: name and values, the gains, the ranks after."""
    _label(canvas, study, lever, y)
    middle = y + ROW / 2
    median = None if one_peer(study) else lever.at_median
    ends = [o for o in (median, lever.at_best) if o is not None]
    if not ends:
        _already(canvas, study, position(0), middle)
        return
    far = position(max(0.0, ends[-1].score - found.score))
    canvas.line([position(0), far], [middle, middle], color=color, width=LINE_PT["interval_focus"], z=3)
    if median is not None:
        x = position(max(0.0, median.score - found.score))
        canvas.dots([x], [middle], diameter=MARK_PT["peer"], fill=color, z=4)
    canvas.dots([far], [middle], diameter=MARK_PT["focus"], fill=color, z=5)
    canvas.text(far + 1.8, middle + 0.95, signed(ends[-1].score - found.score), weight=BOLD, color=COLOR["ink"])
    if not one_peer(study):
        _rank(canvas, MEDIAN_X, middle, lever, "at_median", ranges)
    _rank(canvas, BEST_X, middle, lever, "at_best", ranges)


def _label(canvas: Canvas, study: Study, lever: Lever, y: float) -> None:
    """Two lines: the name and the period; the values of the place, the median and the best of its peers, whose value a
    remark may explain."""
    ink = COLOR["ink2"] if lever.status == "outside" else COLOR["ink"]
    name = canvas.text(0, y + 3.6, indicator_label(study, lever.ref), weight=SEMIBOLD, color=ink)
    canvas.text(name.right + SPACE, y + 3.6, f"· {fmt.period(lever.ref.period)}")
    decimals = max(int(study.facts.indicators.at[lever.ref.key, "decimals"]), 1)
    own = canvas.text(0, y + 6.9, fmt.number(lever.value, decimals), color=COLOR["accent"], weight=SEMIBOLD)
    values = [lever.best] if one_peer(study) else [lever.median, lever.best]
    words = "".join(f"· {fmt.number(value, decimals)} " for value in values) + indicator_unit(study, lever.ref)
    if lever.best_at is not None and (reason := remark(study, lever.ref, lever.best_at)):
        words += f" {reason}"
    canvas.text(own.right + SPACE, y + 6.9, words)


def _already(canvas: Canvas, study: Study, x: float, y: float) -> None:
    who = tr(de="kein Vergleichsort ist besser", en="no peer is better")
    if one_peer(study):
        who = tr(de="der Vergleichsort ist nicht besser", en="the peer is not better")
    if not study.peers:
        who = tr(de="kein Ort ist besser", en="no place is better")
    label = canvas.text(x + 1.8, y + 0.95, who)
    # Grid lines do not run through the words.
    canvas.box(label.left - 0.6, label.top, label.right - label.left + 1.2, ROW / 3, fill=COLOR["paper"], z=1.5)


def _rank(canvas: Canvas, x: float, y: float, lever: Lever, change: str, ranges: pd.DataFrame) -> None:
    """The rank after a change, bold, with its interval."""
    outcome: Outcome | None = getattr(lever, change)
    if outcome is None:
        canvas.text(x, y + 0.95, "–", align="right")
        return
    row = ranges.loc[(lever.id, change)]
    low, high = fmt.integer(row["low"]), fmt.integer(row["high"])
    right = canvas.text(x, y + 0.95, f" ({low}–{high})", align="right")
    canvas.text(right.left, y + 0.95, fmt.integer(outcome.rank), align="right", weight=BOLD, color=COLOR["ink"])


def _ticks(top: float) -> list[float]:
    step = next(step for step in (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100) if top / step <= 5)
    return [float(tick) for tick in np.arange(0, top + 1e-9, step)]


def _data(study: Study, found: Levers, ranges: pd.DataFrame) -> pd.DataFrame:
    frame = found.frame
    if len(ranges):
        wide = ranges[["low", "high"]].unstack("change")
        wide.columns = [f"{change}_{end}" for end, change in wide.columns]
        frame = frame.join(wide)
    return frame.reset_index(names="indicator")


def _alt(study: Study, found: Levers) -> str:
    told = []
    for lever in found.of(*INFLUENCED, "outside"):
        if lever.at_best is not None:
            gain, rank = signed(lever.at_best.score - found.score), fmt.integer(lever.at_best.rank)
            told.append(
                tr(
                    de=f"{indicator_label(study, lever.ref)} {gain}, Rang {rank}",
                    en=f"{indicator_label(study, lever.ref)} {gain}, rank {rank}",
                )
            )
    name, none = place_title(study.place), tr(de="nichts", en="nothing")
    return tr(
        de=f"Punktreihe: Gewinn von {name} (im Index Rang {fmt.integer(found.rank)}), wenn ein Merkmal den Bestwert "
        f"{peers_word(study)} erreicht. {'; '.join(told[:3]) or none}.",
        en=f"Dot rows: gain of {name} (rank {fmt.integer(found.rank)} in the index) if one indicator reaches the best value "
        f"{peers_word(study)}. {'; '.join(told[:3]) or none}.",
    )
