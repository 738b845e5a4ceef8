"""The score of places against what their structure lets one expect."""

import math
from collections.abc import Callable

import pandas as pd

from helpers.analysis.expectation import Expectation
from helpers.analysis.study import Study
from helpers.present import fmt
from helpers.present.charts.ranking import fitting_name
from helpers.present.charts.strips import focus_dot
from helpers.present.drawing import Canvas, Drawing
from helpers.present.language import tr
from helpers.present.names import place_title, title_of
from helpers.present.style import BOLD, COLOR, LINE_PT, MARK_PT, REGULAR, SEMIBOLD, WIDTH_MM

HEAD, ROW = 7.0, 5.0
BASELINE = 3.4  # of the text within a row
NAME_MM = 40.0
AXIS_LEFT, AXIS_RIGHT = 43.0, 128.0
SCORE_X, EXPECTED_X, DIFFERENCE_X = 139.0, 155.0, 170.0
MOST_PEERS, EXTREMES = 10, 5


def shown(study: Study, result: Expectation) -> list[str]:
    """AGS of the rows, largest difference first: the place, up to ten peers, the five largest differences each way."""
    order = result.places["difference"].sort_values(ascending=False, kind="stable").index
    wanted = {study.place.ags, *study.peers[:MOST_PEERS], *order[:EXTREMES], *order[-EXTREMES:]}
    return [str(ags) for ags in order if ags in wanted]


def expectation(study: Study, result: Expectation) -> Drawing:
    """A row for each of `shown`: the prediction interval as a line, the expected score as a tick, the score as a dot.

    170 mm wide, at most 21 rows. A dot beyond its line is what the structure does not let one expect; its difference is
    bold. The CSV has all places.
    """
    rows = shown(study, result)
    places = result.places
    canvas = Canvas(WIDTH_MM["full"], HEAD + ROW * len(rows) + 9.5)
    bottom = HEAD + ROW * len(rows)
    seen = places.loc[rows]
    low = max(0, 10 * math.floor(float(min(seen["low"].min(), seen["score"].min())) / 10))
    high = min(100, 10 * math.ceil(float(max(seen["high"].max(), seen["score"].max())) / 10))

    def at(points: float) -> float:
        return AXIS_LEFT + (AXIS_RIGHT - AXIS_LEFT) * float(min(max(points, low), high) - low) / (high - low)

    for tick in range(low, high + 1, 10 if high - low <= 60 else 20):
        canvas.line([at(tick)] * 2, [HEAD - 1, bottom])
        canvas.text(at(tick), bottom + 4, fmt.integer(tick), align="center")
    canvas.text(AXIS_LEFT, bottom + 8.2, tr(de="Punkte im offenen Index", en="Points in the open index"))
    _head(canvas)
    for number, ags in enumerate(rows):
        _row(canvas, study, ags, places.loc[ags], HEAD + ROW * number, at)
    return canvas.finish(_alt(study, result), _data(study, result))


def _head(canvas: Canvas) -> None:
    canvas.text(0, 3.4, tr(de="Ort, nach Abstand", en="Place, by difference"))
    words = tr(
        de="erwarteter Bereich, erwartet (Strich), erreicht (Punkt)",
        en="expected range, expected (tick), reached (dot)",
    )
    canvas.text(AXIS_LEFT, 3.4, words)
    canvas.text(SCORE_X, 3.4, tr(de="Punkte", en="Points"), align="right")
    canvas.text(EXPECTED_X, 3.4, tr(de="erwartet", en="expected"), align="right")
    canvas.text(DIFFERENCE_X, 3.4, tr(de="Abstand", en="difference"), align="right")


def _row(canvas: Canvas, study: Study, ags: str, row: pd.Series, top: float, at: Callable[[float], float]) -> None:
    focus, peer = ags == study.place.ags, ags in study.peers
    color = COLOR["accent"] if focus else COLOR["peer"] if peer else COLOR["mark"]
    ink = color if focus or peer else COLOR["ink"]
    weight = BOLD if focus else SEMIBOLD if peer else REGULAR
    role = "focus" if focus else "peer" if peer else "other"
    middle, base = top + ROW / 2, top + BASELINE
    if focus:
        canvas.box(0, top, canvas.width, ROW, fill=COLOR["wash"], z=0)
    canvas.text(0, base, fitting_name(study, ags, NAME_MM, weight), color=ink, weight=weight)
    width = LINE_PT["interval_focus" if focus else "interval_peer" if peer else "interval_other"]
    canvas.line([at(row["low"]), at(row["high"])], [middle] * 2, color=color, width=width, z=3)
    canvas.line([at(row["expected"])] * 2, [middle - 1.3, middle + 1.3], color=color, width=width, z=3)
    if focus:
        focus_dot(canvas, at(row["score"]), middle)
    else:
        canvas.dots([at(row["score"])], [middle], diameter=MARK_PT[role] + 1, fill=color, z=5)
    canvas.text(SCORE_X, base, fmt.number(row["score"]), align="right", color=ink, weight=weight)
    canvas.text(EXPECTED_X, base, fmt.number(row["expected"]), align="right", color=ink, weight=weight)
    strong = BOLD if row["outside"] else weight
    canvas.text(DIFFERENCE_X, base, fmt.signed(row["difference"]), align="right", color=ink, weight=strong)


def _data(study: Study, result: Expectation) -> pd.DataFrame:
    table = result.places.sort_values("difference", ascending=False, kind="stable")
    table.insert(0, "name", study.names[table.index])
    return table.reset_index(names="ags")


def _alt(study: Study, result: Expectation) -> str:
    places, ags, name = result.places, study.place.ags, place_title(study.place)
    order = places["difference"].sort_values(ascending=False, kind="stable")
    ends = [(title_of(str(a)), fmt.signed(order[a])) for a in order.index[[0, -1]]]
    outside, n = fmt.integer(places["outside"].sum()), fmt.integer(result.n)
    own = tr(de=f"{name} ohne erwarteten Wert.", en=f"{name} without an expected score.")
    if ags in places.index:
        row = places.loc[ags]
        score, expected, low, high = (fmt.number(row[key]) for key in ("score", "expected", "low", "high"))
        own = tr(
            de=f"{name}: {score} Punkte, erwartet {expected}, Bereich {low} bis {high}.",
            en=f"{name}: {score} points, expected {expected}, range {low} to {high}.",
        )
    return tr(
        de=f"Zeilen mit dem erwarteten Bereich als Linie und den erreichten Punkten als Punkt. {own} Am weitesten darüber: "
        f"{ends[0][0]} ({ends[0][1]}), darunter: {ends[1][0]} ({ends[1][1]}). Außerhalb des Bereichs: {outside} von {n} Orten.",
        en=f"Rows with the expected range as a line and the points reached as a dot. {own} Furthest above: "
        f"{ends[0][0]} ({ends[0][1]}), below: {ends[1][0]} ({ends[1][1]}). Outside their range: {outside} of {n} places.",
    )
