"""What each indicator would bring: the gain in points at the peers' median and best value, and the rank after it."""

import numpy as np
import pandas as pd

from helpers.analysis.levers import INFLUENCED, Lever, Levers, Outcome
from helpers.analysis.study import Study
from helpers.present import fmt
from helpers.present.drawing import Canvas, Drawing
from helpers.present.language import tr
from helpers.present.names import indicator_label, indicator_unit, place_title
from helpers.present.style import BOLD, COLOR, LINE_PT, MARK_PT, SEMIBOLD, SMALL_PT, WIDTH_MM, text_width_mm
from helpers.present.wording.changes import influence_word, signed

# Matplotlib drops a space at the head of a text.
SPACE = 0.6
ROW, HEAD, APART = 8.4, 10.0, 3.0
LEFT, RIGHT, MEDIAN_X, BEST_X = 78.0, 126.0, 147.0, 170.0


def levers(study: Study, found: Levers, ranges: pd.DataFrame) -> Drawing:
    """A row for each indicator with a value of its own, the largest gain first (170 mm wide): a small dot at the gain with
    the peers' median, a large one with their best value.

    Under the name stand the declared influence and the values; at the end the ranks after both, with their 5-95 %
    intervals from `ranges` (see `ranges_after`). Indicators that cannot be influenced stand apart, in grey.
    """
    usable, outside = found.of(*INFLUENCED), found.of("outside")
    gap = APART if usable and outside else 0.0
    canvas = Canvas(WIDTH_MM["full"], HEAD + ROW * (len(usable) + len(outside)) + gap + 6)
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
    for number, lever in enumerate([*usable, *outside]):
        apart = number >= len(usable)
        y = HEAD + ROW * number + (gap if apart else 0.0)
        color = COLOR["mark"] if apart else COLOR["peer"]
        _label(canvas, study, lever, y)
        middle = y + ROW / 2
        if lever.at_best is None and lever.at_median is None:
            _already(canvas, study, position(0), middle)
            continue
        ends = [o for o in (lever.at_median, lever.at_best) if o is not None]
        far = position(max(0.0, ends[-1].score - found.score))
        canvas.line([position(0), far], [middle, middle], color=color, width=LINE_PT["interval_focus"], z=3)
        if lever.at_median is not None and lever.at_best is not lever.at_median:
            x = position(max(0.0, lever.at_median.score - found.score))
            canvas.dots([x], [middle], diameter=MARK_PT["peer"], fill=color, z=4)
        canvas.dots([far], [middle], diameter=MARK_PT["focus"], fill=color, z=5)
        words = signed(ends[-1].score - found.score)
        canvas.text(far + 1.8, middle + 0.95, words, weight=BOLD, color=COLOR["ink"])
        _rank(canvas, MEDIAN_X, middle, lever, "at_median", ranges)
        _rank(canvas, BEST_X, middle, lever, "at_best", ranges)
    if gap:
        y = HEAD + ROW * len(usable) + gap / 2
        canvas.line([0, canvas.width], [y, y], color=COLOR["ink2"], width=LINE_PT["axis"])
    return canvas.finish(_alt(study, found), _data(study, found, ranges))


def _heads(canvas: Canvas, study: Study, found: Levers) -> None:
    best = tr(de="Bestwert", en="best value") + (
        tr(de=" der Vergleichsorte", en=" of the peers") if study.peers else ""
    )
    start = canvas.text(0, 7.4, tr(de="Merkmal; darunter: ", en="Indicator; below it: ")).right
    own = canvas.text(start, 7.4, tr(de="Wert", en="value"), color=COLOR["accent"], weight=SEMIBOLD).right
    canvas.text(own + SPACE, 7.4, tr(de=f"· Median · {best}", en=f"· median · {best}"))
    canvas.text(LEFT, 7.4, tr(de="Gewinn in Punkten", en="gain in points"))
    now = tr(de=f"Rang danach (heute {fmt.integer(found.rank)})", en=f"rank after it (now {fmt.integer(found.rank)})")
    canvas.text(BEST_X, 3.4, now, align="right")
    canvas.text(MEDIAN_X, 7.4, tr(de="mit Median", en="at median"), align="right")
    canvas.text(BEST_X, 7.4, tr(de="mit Bestwert", en="at the best"), align="right")


def _label(canvas: Canvas, study: Study, lever: Lever, y: float) -> None:
    """Two lines: the name; the influence and the values of the place, the median and the best of its peers."""
    apart = lever.status == "outside"
    ink = COLOR["ink2"] if apart else COLOR["ink"]
    canvas.text(0, y + 3.6, indicator_label(study, lever.ref), weight=SEMIBOLD, color=ink)
    decimals = max(int(study.facts.indicators.at[lever.ref.key, "decimals"]), 1)
    x = canvas.text(0, y + 6.9, f"{influence_word(lever.status)} · ").right
    own = canvas.text(x, y + 6.9, fmt.number(lever.value, decimals), color=COLOR["accent"], weight=SEMIBOLD)
    rest = f"· {fmt.number(lever.median, decimals)} · {fmt.number(lever.best, decimals)} {indicator_unit(study, lever.ref)}"
    canvas.text(own.right + SPACE, y + 6.9, rest)


def _already(canvas: Canvas, study: Study, x: float, y: float) -> None:
    who = tr(de="kein Vergleichsort ist besser", en="no peer is better")
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
        de=f"Punktreihe: Gewinn von {name} (heute Rang {fmt.integer(found.rank)}), wenn ein Merkmal den Bestwert der "
        f"Vergleichsorte erreicht. {'; '.join(told[:3]) or none}.",
        en=f"Dot rows: gain of {name} (now rank {fmt.integer(found.rank)}) if one indicator reaches the best value of the "
        f"peers. {'; '.join(told[:3]) or none}.",
    )
