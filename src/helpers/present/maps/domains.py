"""Four small maps, one for each domain of the index, on one scale with one key."""

from dataclasses import dataclass

import pandas as pd

from helpers.analysis.study import Study, wholly_inherited
from helpers.present import fmt
from helpers.present.charts.ranking import shorten
from helpers.present.drawing import Canvas, Drawing
from helpers.present.geometry import LOCAL, border, equal_area, fit, sheet
from helpers.present.language import tr
from helpers.present.maps.alt import domains_alt, domains_data
from helpers.present.maps.beside import leaders_list
from helpers.present.maps.cities import draw_dots, placed
from helpers.present.maps.key import CELL_HEIGHT_MM, Key, draw_cells, hatched_box, limits
from helpers.present.maps.layers import base_map, classes, fill, focus_outline, hatch, line_around, locator, states
from helpers.present.names import domain_name, title_of, universe_places_word
from helpers.present.style import (
    BASE_PT,
    BOLD,
    BREAKS,
    COLOR,
    LINE_PT,
    MARK_PT,
    MM_PER_PT,
    ON_RAMP,
    RAMP,
    REGULAR,
    SEMIBOLD,
    SMALL_PT,
    WIDTH_MM,
)

GUTTER_MM, HEAD_MM, LINE_MM, GAP_MM, KEY_MM = 4.0, 6.0, 3.7, 4.0, 11.0
PANEL_MM = WIDTH_MM["half"]
RUHR_MM, GERMANY_MM, COUNTRY_MM = 48.0, 54.0, 39.4
COUNT_CELL_MM, KEY_CELL_MM, SAMPLE_MM = 7.0, 15.0, 7.0
FIRST = 3
SMALL_SHARE = 0.7  # of the focus outline: these maps are half as wide as the large one
DOT_PT = MARK_PT["other"] + 0.6
# The hatch of inherited values on each class: grey shows on the light ones, white on the dark ones.
HATCH_ON = [COLOR["mark"]] * 3 + [COLOR["paper"]] * 2


@dataclass(frozen=True)
class Panel:
    """One domain: the class of each place, whether all its values are inherited, the upper left corner."""

    domain: str
    klass: pd.Series
    inherited: pd.Series
    left: float
    top: float


def domain_maps(study: Study) -> Drawing:
    """The domains of the universe's index as small maps with the place of the report marked on each.

    Places whose values in a domain are all inherited from the district are hatched, as dots they are rings.
    """
    regional = study.universe.boundaries == LOCAL
    height = HEAD_MM + (LINE_MM + RUHR_MM if regional else GERMANY_MM)
    domains = list(study.index.domains.columns)
    klass = pd.DataFrame({domain: classes(study.index.domains[domain], BREAKS["domain_score"]) for domain in domains})
    inherited = wholly_inherited(study.index)
    rows = (len(domains) + 1) // 2
    canvas = Canvas(WIDTH_MM["full"], rows * (height + GAP_MM) + KEY_MM)
    for number, domain in enumerate(domains):
        left, top = (number % 2) * (PANEL_MM + GUTTER_MM), (number // 2) * (height + GAP_MM)
        panel = Panel(domain, klass[domain], inherited[domain], left, top)
        _head(canvas, study, panel)
        if regional:
            _ahead(canvas, study, panel)
            _regional(canvas, study, panel, top + HEAD_MM + LINE_MM)
        else:
            _national(canvas, study, panel, top + HEAD_MM)
    _shared_key(canvas, study, klass, inherited, rows * (height + GAP_MM))
    return canvas.finish(domains_alt(study, klass, inherited), domains_data(study, klass, inherited))


def _head(canvas: Canvas, study: Study, panel: Panel) -> None:
    """The domain's name, and score and rank of the place."""
    ags, y = study.place.ags, panel.top + BASE_PT * MM_PER_PT
    name = domain_name(panel.domain, start=True)
    canvas.text(panel.left, y, name, size=BASE_PT, color=COLOR["ink"], weight=SEMIBOLD)
    score, rank = study.index.domains.at[ags, panel.domain], study.index.domain_rank.at[ags, panel.domain]
    words = tr(de="kein Wert", en="no value")
    if not pd.isna(score):
        words = f"{fmt.number(score)} · " + tr(de=f"Rang {fmt.integer(rank)}", en=f"rank {fmt.integer(rank)}")
    if panel.inherited[ags]:
        words += tr(de=" · Wert vom Kreis", en=" · district value")
    canvas.text(panel.left + PANEL_MM, y, words, color=COLOR["accent"], weight=BOLD, align="right")


def _ahead(canvas: Canvas, study: Study, panel: Panel) -> None:
    """The first places of the domain in one line."""
    ahead = study.index.domains[panel.domain].dropna().sort_values(ascending=False, kind="stable")[:FIRST]
    named = "; ".join(f"{title_of(str(ags))} {fmt.number(value)}" for ags, value in ahead.items())
    words = shorten(tr(de=f"Vorn: {named}", en=f"Ahead: {named}"), PANEL_MM, REGULAR)
    canvas.text(panel.left, panel.top + BASE_PT * MM_PER_PT + LINE_MM, words)


def _regional(canvas: Canvas, study: Study, panel: Panel, top: float) -> None:
    """The 53 municipalities; the counts stand in the free lower left corner."""
    frame = fit(LOCAL, panel.left + 0.7, top + 0.7, PANEL_MM - 1.4, RUHR_MM - 1.4)
    shapes = sheet(LOCAL, frame)
    fill(canvas, shapes, panel.klass)
    for number, color in enumerate(HATCH_ON):
        members = [shapes[ags] for ags in shapes if panel.inherited[ags] and panel.klass[ags] == number]
        hatch(canvas, members, color=color)
    line_around(canvas, border(LOCAL, frame), width=LINE_PT["map_border"])
    focus_outline(canvas, shapes[study.place.ags], share=SMALL_SHARE)
    _counts(canvas, panel, panel.left, top + RUHR_MM)


def _national(canvas: Canvas, study: Study, panel: Panel, top: float) -> None:
    """Germany, the districts as areas or the large cities as dots; the first places and the counts to the right."""
    name, focus = study.universe.boundaries, study.place.ags
    frame = fit("states", panel.left + 0.2, top + 0.5, COUNTRY_MM, GERMANY_MM - 1, decimals=1)
    if name:
        shapes = sheet(name, frame)
        fill(canvas, shapes, panel.klass, border=LINE_PT["map_border_district"])
        states(canvas, frame)
        locator(canvas, shapes[focus])
    else:
        base_map(canvas, frame)
        order = list(study.index.rank.sort_values(kind="stable").index)
        where = equal_area(study.facts.places.loc[order, ["lon", "lat"]].to_numpy(dtype=float))
        rings = frozenset(panel.inherited.index[panel.inherited])
        draw_dots(canvas, placed(order, frame.place(where)), panel.klass, focus, DOT_PT, rings)
    left, right = panel.left + COUNTRY_MM + 2.6, panel.left + PANEL_MM
    score, rank = study.index.domains[panel.domain], study.index.domain_rank[panel.domain]
    leaders_list(canvas, study, score, rank, left, top, right - left, narrow=True)
    _counts(canvas, panel, right - Key.of(panel.klass, BREAKS["domain_score"]).width(COUNT_CELL_MM), top + GERMANY_MM)


def _counts(canvas: Canvas, panel: Panel, left: float, bottom: float) -> None:
    """The number of places in each class, without the limits: these stand in the shared key."""
    draw_cells(canvas, left, bottom - CELL_HEIGHT_MM, Key.of(panel.klass, BREAKS["domain_score"]), COUNT_CELL_MM)


def _shared_key(canvas: Canvas, study: Study, klass: pd.DataFrame, inherited: pd.DataFrame, top: float) -> None:
    """Colours and limits once for all maps, and what the hatches mean."""
    word = universe_places_word(study.universe)
    words = tr(
        de=f"Punkte je Bereich; in den Feldern bei den Karten: Zahl der {word}",
        en=f"Points by domain; in the fields beside the maps: number of {word}",
    )
    canvas.text(0, top + 0.8 * SMALL_PT * MM_PER_PT, words)
    y, x = top + 4.0, 0.0
    base = y + 3.0
    for number, limit in enumerate(limits(BREAKS["domain_score"])):
        canvas.box(x, y, KEY_CELL_MM - 0.3, CELL_HEIGHT_MM, fill=RAMP[number])
        canvas.text(x + KEY_CELL_MM / 2, base, limit, color=ON_RAMP[number], align="center")
        x += KEY_CELL_MM
    x += 4
    if inherited.to_numpy().any():
        _inherited_sample(canvas, x, y, as_area=study.universe.boundaries is not None)
        words = tr(de="alle Werte vom Kreis übernommen", en="all values taken over from the district")
        x = canvas.text(x + SAMPLE_MM + 1.2, base, words).right + 4
    if klass.isna().to_numpy().any():
        hatched_box(canvas, x, y, SAMPLE_MM, CELL_HEIGHT_MM)
        canvas.text(x + SAMPLE_MM + 1.2, base, tr(de="kein Wert", en="no value"))


def _inherited_sample(canvas: Canvas, x: float, y: float, *, as_area: bool) -> None:
    if as_area:
        hatched_box(canvas, x, y, SAMPLE_MM, CELL_HEIGHT_MM, fill=RAMP[1])
    else:
        dot = {"": (x + SAMPLE_MM - 2, y + CELL_HEIGHT_MM / 2)}
        draw_dots(canvas, dot, pd.Series({"": 2}), "none", DOT_PT + 1, frozenset([""]))
