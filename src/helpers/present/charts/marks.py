"""How to read the marks: the key that all figures of the report share."""

from collections.abc import Callable

import pandas as pd

from helpers.analysis.study import Study
from helpers.present.charts.profile import wrap
from helpers.present.charts.ranking import shorten
from helpers.present.charts.strips import focus_dot
from helpers.present.drawing import Canvas, Drawing
from helpers.present.language import tr
from helpers.present.maps.key import hatched_box
from helpers.present.names import place_title
from helpers.present.style import BASE_PT, COLOR, LINE_PT, MARK_PT, RAMP, SEMIBOLD, SMALL_PT, WIDTH_MM

_ROW, _TOP, _TEXT_X, _SIGN_X = 14.5, 5.0, 24.0, 10.0
_LINE_MM = 3.2

Sign = Callable[[Canvas, float, float], None]


def marks_key(study: Study) -> Drawing:
    """Each mark with its name and its meaning, in two columns (170 mm wide)."""
    entries = _entries(study)
    rows = (len(entries) + 1) // 2
    canvas = Canvas(WIDTH_MM["full"], _TOP + rows * _ROW - 4)
    half = canvas.width / 2
    for number, (draw, name, meaning) in enumerate(entries):
        x, y = (half if number % 2 else 0.0), _TOP + (number // 2) * _ROW
        draw(canvas, x + _SIGN_X, y)
        color = {0: COLOR["accent"], 1: COLOR["peer"]}.get(number, COLOR["ink"])
        words = shorten(name, half - _TEXT_X - 4, SEMIBOLD, BASE_PT)
        canvas.text(x + _TEXT_X, y, words, size=BASE_PT, weight=SEMIBOLD, color=color)
        for line, words in enumerate(wrap(meaning, half - _TEXT_X - 4, SMALL_PT), 1):
            canvas.text(x + _TEXT_X, y + 0.8 + line * _LINE_MM, words)
    listed = "; ".join(f"{name}: {meaning}" for _, name, meaning in entries)
    alt = tr(de=f"Zeichenerklärung. {listed}.", en=f"Key to the marks. {listed}.")
    return canvas.finish(alt, pd.DataFrame([entry[1:] for entry in entries], columns=["mark", "meaning"]))


def _entries(study: Study) -> list[tuple[Sign, str, str]]:
    return [
        (
            lambda canvas, x, y: focus_dot(canvas, x, y),
            place_title(study.place),
            tr(
                de="größter Punkt, fette Schrift, dickste Linie; sonst nirgends diese Farbe",
                en="largest dot, bold type, thickest line; this colour nowhere else",
            ),
        ),
        (
            lambda canvas, x, y: canvas.dots([x], [y], diameter=MARK_PT["peer"], fill=COLOR["peer"]),
            tr(de="Vergleichsorte", en="Peers"),
            tr(de="mittlerer Punkt, halbfette Schrift", en="medium dot, semibold type"),
        ),
        (
            lambda canvas, x, y: canvas.dots([x], [y]),
            tr(de="Übrige", en="Others"),
            tr(de="kleiner grauer Punkt, beschriftet nur, wo es hilft", en="small grey dot, labelled where it helps"),
        ),
        (
            _ring,
            tr(de="Vom Kreis übernommen", en="Taken from the district"),
            tr(
                de="offener Ring, auch in Tabellen; auf Karten Schraffur in Farbe, in Feldern nur ein Rahmen",
                en="open ring, in tables too; coloured hatching on maps, cells with a frame only",
            ),
        ),
        (
            lambda canvas, x, y: hatched_box(canvas, x - 6, y - 2.5, 12, 5),
            tr(de="Kein Wert", en="No value"),
            tr(
                de="Schraffur auf weißem Grund, Mittelpunkt „·“ in Tabellen, Lücke in Linien",
                en="hatched on white, a “·” in tables, a gap in lines",
            ),
        ),
        (
            lambda canvas, x, y: canvas.dots([x], [y], marker="D"),
            tr(de="Eigene Berechnung", en="Own calculation"),
            tr(
                de="Raute bei einzelnen Werten; gilt es für alle, steht es in der Zeile",
                en="a diamond for single values; where it holds for all, the row says so",
            ),
        ),
        (
            _range,
            tr(de="Rang mit Spanne", en="Rank with its range"),
            tr(
                de="Punkt: Rang im Index; Linie: 5. bis 95. Perzentil der Varianten",
                en="dot: rank in the index; line: 5th to 95th percentile of the variants",
            ),
        ),
        (
            _ramp,
            tr(de="Punkte im Index", en="Points in the index"),
            tr(
                de="dunkler: mehr Punkte; auch in Grau gedruckt der Reihe nach",
                en="darker: more points; in order even in greyscale",
            ),
        ),
    ]


def _ring(canvas: Canvas, x: float, y: float) -> None:
    stroke = MARK_PT["ring_inherited_stroke"]
    canvas.dots(
        [x],
        [y],
        diameter=MARK_PT["ring_inherited"] + stroke,
        fill=COLOR["paper"],
        edge=COLOR["mark"],
        edge_width=stroke,
    )


def _range(canvas: Canvas, x: float, y: float) -> None:
    canvas.line([x - 7, x + 7], [y, y], color=COLOR["accent"], width=LINE_PT["interval_focus"], z=2)
    focus_dot(canvas, x - 3, y)


def _ramp(canvas: Canvas, x: float, y: float) -> None:
    for number, color in enumerate(RAMP):
        canvas.box(x - 7.5 + 3 * number, y - 2.2, 3, 4.4, fill=color)
