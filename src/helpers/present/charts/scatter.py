"""Two rankings of the same places against each other: ranks on both axes, the diagonal, and those without a second rank."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from helpers.analysis.study import Study
from helpers.present import fmt
from helpers.present.charts.ranking import rank_ticks
from helpers.present.charts.strips import focus_dot
from helpers.present.drawing import CAP_HEIGHT, Canvas, Drawing, Label, text_box
from helpers.present.language import tr
from helpers.present.maps.labels import short_name
from helpers.present.style import (
    BASE_PT,
    BOLD,
    COLOR,
    HEIGHT_MM,
    LINE_PT,
    MARK_PT,
    MM_PER_PT,
    REGULAR,
    SEMIBOLD,
    SMALL_PT,
    WIDTH_MM,
)

LEFT, TOP, SIDE = 9.0, 9.0, 76.0
LEADER_GAP = 0.6
CEILING = 4.4  # names stay below the title of the axis
RUG_TOP, RUG = 14.0, 3.2  # below the plot
NEAR = (0.0, 1.2)  # how much further from its mark than the nearest places a name may stand, in millimetres
# With a leader, further for the place itself than for its peers.
REACH = {"focus": (*NEAR, 3.0, 5.0, 7.0, 9.0, 12.0, 16.0, 20.0), "peer": (*NEAR, 3.0, 5.0, 7.0), "other": NEAR}
EXTREME = 25
"""A difference of more ranks than this is labelled."""


@dataclass(frozen=True)
class _City:
    ags: str
    x: float
    y: float
    role: str  # focus, peer or other

    @property
    def radius(self) -> float:
        """Half of the mark in millimetres."""
        return float(MARK_PT[self.role]) / 2 * MM_PER_PT


@dataclass(frozen=True)
class _Spot:
    x: float
    y: float  # baseline
    align: str
    box: Label
    leader: float  # its length beyond the nearest places; 0 where none is needed

    def leader_points(self, city: _City) -> list[tuple[float, float]]:
        """Points along the leader, from the mark to the point of the name's box that is nearest to it."""
        box = self.box
        x = min(max(city.x, box.left - LEADER_GAP), box.right + LEADER_GAP)
        y = min(max(city.y, box.top - LEADER_GAP), box.bottom + LEADER_GAP)
        return [(city.x + (x - city.x) * step / 20, city.y + (y - city.y) * step / 20) for step in range(21)]


def scatter(study: Study, pairs: pd.DataFrame, without: pd.Series, edition: int, n_places: int) -> Drawing:
    """Rank in the open index (across) against rank in the Smart City Index (down), 1 top left, equal scales (106 mm wide).

    `pairs`: index AGS of the cities, columns open, smart_city, difference (see `validity.paired_ranks`). `without`: rank
    in the open index of the cities without a known rank, drawn as ticks under the plot. `n_places`: how many cities the
    edition rated. Named are the place, its peers, differences of more than 25 ranks and three anchors, as far as names
    find room; the CSV has all.
    """
    last = max(n_places, int(max(pairs["open"].max(), without.max() if len(without) else 1)))
    canvas = Canvas(WIDTH_MM["scatter"], HEIGHT_MM["scatter"])

    def at(rank: float) -> float:
        return SIDE * (rank - 1) / (last - 1)

    ticks = [(rank, at(rank)) for rank in rank_ticks(last)]
    _frame(canvas, ticks, edition, last)
    peers = {_city(ags) for ags in study.peers}
    cities = []
    for row in pairs.itertuples():
        ags = str(row.Index)
        role = "focus" if ags == study.city_ags else "peer" if ags in peers else "other"
        cities.append(_City(ags, LEFT + at(row.open), TOP + at(row.smart_city), role))
    for city in cities:
        if city.role == "focus":
            focus_dot(canvas, city.x, city.y)
        else:
            color = COLOR["peer" if city.role == "peer" else "mark"]
            canvas.dots(
                [city.x], [city.y], diameter=MARK_PT[city.role] + 0.8, fill=color, z=4 if city.role == "peer" else 3
            )
    lines = [offset for _, offset in ticks]
    taken = _name_cities(canvas, study, cities, _by_importance(study, pairs, peers), lines)
    _name_diagonal(canvas, cities, taken)
    _rug(canvas, study, without, [LEFT + at(rank) for rank in without])
    return canvas.finish(_alt(study, pairs, without, edition), _data(study, pairs, without))


def _city(ags: str) -> str:
    """The AGS as a municipality of a kreisfreie Stadt that is given as a district."""
    return ags + "000" if len(ags) == 5 else ags


def _frame(canvas: Canvas, ticks: Sequence[tuple[int, float]], edition: int, last: int) -> None:
    for rank, offset in ticks:
        canvas.line([LEFT + offset] * 2, [TOP, TOP + SIDE])
        canvas.line([LEFT, LEFT + SIDE], [TOP + offset] * 2)
        canvas.text(LEFT - 2, TOP + offset + 0.9, fmt.integer(rank), align="right")
        canvas.text(LEFT + offset, TOP + SIDE + 4.2, fmt.integer(rank), align="center")
    canvas.line([LEFT, LEFT + SIDE], [TOP, TOP + SIDE], color=COLOR["ink2"], width=LINE_PT["axis"], dashes=(2, 2), z=2)
    canvas.text(0, 3.4, tr(de=f"Platz im Smart City Index {edition}", en=f"Rank in the Smart City Index {edition}"))
    words = tr(
        de=f"Rang im offenen Index (von {fmt.integer(last)})", en=f"Rank in the open index (of {fmt.integer(last)})"
    )
    canvas.text(LEFT, TOP + SIDE + 8.6, words)


def _by_importance(study: Study, pairs: pd.DataFrame, peers: set[str]) -> list[str]:
    """AGS in the order in which they get a name: the place, extremes, peers, anchors."""
    size = pairs["difference"].abs().sort_values(ascending=False, kind="stable")
    ranked = pairs["smart_city"].sort_values(kind="stable").index
    largest = study.facts.places.loc[pairs.index, "population"].astype(float).idxmax()
    wanted = [
        *(ags for ags in pairs.index if ags == study.city_ags),
        *size.index[size > EXTREME],
        *(ags for ags in pairs.index if ags in peers),
        ranked[0],
        largest,
        ranked[-1],
    ]
    return list(dict.fromkeys(str(ags) for ags in wanted))


def _name_cities(
    canvas: Canvas, study: Study, cities: list[_City], wanted: list[str], lines: Sequence[float]
) -> list[Label]:
    """Draw the names that find room, best where they cross neither the diagonal nor a grid line; returns their boxes."""
    marks = [
        Label(c.ags, c.x - c.radius - 0.2, c.y - c.radius - 0.2, c.x + c.radius + 0.2, c.y + c.radius + 0.2)
        for c in cities
    ]
    fixed = list(canvas.labels)
    taken: list[Label] = []
    by_ags = {city.ags: city for city in cities}
    for ags in wanted:
        city = by_ags[ags]
        size, weight = (
            (BASE_PT, BOLD) if city.role == "focus" else (SMALL_PT, SEMIBOLD if city.role == "peer" else REGULAR)
        )
        name = short_name(str(study.names[ags]))
        avoid = [*fixed, *taken, *(mark for mark in marks if mark.words != ags)]
        spots = [_spots(city, name, size, weight, further) for further in REACH[city.role]]
        free = [spot for ring in spots for spot in ring if _fits(spot, city, canvas, avoid)]
        if not free and city.role == "focus":
            # In a crowd its leader may run over other marks: the place itself is always named.
            free = [spot for ring in spots for spot in ring if _is_free(spot.box, canvas, avoid)]
        if not free:
            continue
        best = min(
            free, key=lambda spot: (spot.leader, 2 * _crosses_diagonal(spot.box) + _crosses_line(spot.box, lines))
        )
        color = {"focus": COLOR["accent"], "peer": COLOR["peer"], "other": COLOR["ink2"]}[city.role]
        if best.leader:
            (*_, (x, y)) = points = best.leader_points(city)
            canvas.line([city.x, x], [city.y, y], color=color, width=LINE_PT["leader"], z=2.5)
            fixed += [Label("", px - 0.3, py - 0.3, px + 0.3, py + 0.3) for px, py in points]
        taken.append(canvas.text(best.x, best.y, name, size=size, weight=weight, color=color, align=best.align))
    return taken


def _spots(city: _City, name: str, size: float, weight: int, further: float) -> list[_Spot]:
    """Eight places for a name around its mark, `further` millimetres away from it than the nearest."""
    half = CAP_HEIGHT * size * MM_PER_PT / 2
    near, slant = city.radius + 0.8 + further, 0.7 * (city.radius + 0.6 + further)
    level, above, below = city.y + half, city.y - near, city.y + near + 2 * half
    corner_above, corner_below = city.y - slant, city.y + slant + 2 * half
    return [
        _Spot(x, y, align, text_box(x, y, name, size, weight, align), further if further > NEAR[-1] else 0.0)
        for x, y, align in (
            (city.x + near, level, "left"),
            (city.x - near, level, "right"),
            (city.x, above, "center"),
            (city.x, below, "center"),
            (city.x + slant, corner_above, "left"),
            (city.x + slant, corner_below, "left"),
            (city.x - slant, corner_above, "right"),
            (city.x - slant, corner_below, "right"),
        )
    ]


def _fits(spot: _Spot, city: _City, canvas: Canvas, avoid: Sequence[Label]) -> bool:
    """True if the name, and its leader where it has one, stay inside and off all boxes to `avoid`."""
    if not _is_free(spot.box, canvas, avoid):
        return False
    if not spot.leader:
        return True
    points = spot.leader_points(city)
    return not any(b.left < x < b.right and b.top < y < b.bottom for b in avoid for x, y in points)


def _is_free(box: Label, canvas: Canvas, avoid: Sequence[Label]) -> bool:
    inside = box.left >= LEFT + 0.3 and box.right <= canvas.width and box.top >= CEILING and box.bottom <= TOP + SIDE
    return inside and not any(box.overlaps(other) for other in avoid)


def _crosses_diagonal(box: Label) -> bool:
    """True if corners of the box lie on both sides of the line of equal ranks."""
    return (box.right - LEFT > box.top - TOP - 0.4) and (box.left - LEFT < box.bottom - TOP + 0.4)


def _crosses_line(box: Label, offsets: Sequence[float]) -> bool:
    """True if a grid line runs level through the words; an upright one disturbs less."""
    return any(box.top - 0.2 < TOP + offset < box.bottom + 0.2 for offset in offsets)


def _name_diagonal(canvas: Canvas, cities: list[_City], taken: list[Label]) -> None:
    """Say what the diagonal is, at the first free spot beside it; the words may be left out."""
    words = tr(de="gleicher Rang", en="same rank")
    marks = [Label(c.ags, c.x - c.radius, c.y - c.radius, c.x + c.radius, c.y + c.radius) for c in cities]
    for share in (0.6, 0.65, 0.7, 0.55, 0.5, 0.75, 0.45, 0.8, 0.4, 0.85, 0.35, 0.9):
        x, y = LEFT + SIDE * share, TOP + SIDE * share
        for left, base, align in ((x + 1.6, y + 0.2, "left"), (x - 1.6, y + 1.4, "right")):
            box = text_box(left, base, words, SMALL_PT, REGULAR, align)
            if not any(box.overlaps(other) for other in [*marks, *taken]) and not _crosses_diagonal(box):
                canvas.text(left, base, words, align=align)
                return


def _rug(canvas: Canvas, study: Study, without: pd.Series, xs: list[float]) -> None:
    """A tick for each city without a known rank, the place's own longer and in its colour, and how many there are."""
    if without.empty:
        return
    top = TOP + SIDE + RUG_TOP - 2.4
    for ags, x in zip(without.index, xs, strict=True):
        own = ags == study.city_ags
        canvas.line(
            [x, x],
            [top - (0.8 if own else 0), top + RUG],
            color=COLOR["accent" if own else "mark"],
            width=LINE_PT["focus" if own else "other"],
            z=5 if own else 3,
        )
    n = fmt.integer(len(without))
    words = tr(de=f"{n} Städte ohne veröffentlichten Platz", en=f"{n} cities without a published rank")
    if len(without) == 1:
        words = tr(de="1 Stadt ohne veröffentlichten Platz", en="1 city without a published rank")
    label = canvas.text(LEFT, top + RUG + 3.6, words)
    if study.city_ags in without.index:
        own = tr(de=f"darunter {study.place.name}", en=f"{study.place.name} among them")
        canvas.text(label.right + 1.2, top + RUG + 3.6, own, color=COLOR["accent"], weight=BOLD)


def _data(study: Study, pairs: pd.DataFrame, without: pd.Series) -> pd.DataFrame:
    table = pd.concat([pairs, without.to_frame("open")])
    table.insert(0, "name", study.names[table.index])
    return table.astype({"open": "int64", "smart_city": "Int64", "difference": "Int64"}).reset_index(names="ags")


def _alt(study: Study, pairs: pd.DataFrame, without: pd.Series, edition: int) -> str:
    name, city = study.place.name, study.city_ags
    own = tr(de=f"{name}: kein Platz veröffentlicht. ", en=f"{name}: no rank published. ")
    if city in pairs.index:
        x, y = fmt.integer(pairs.at[city, "open"]), fmt.integer(pairs.at[city, "smart_city"])
        own = tr(
            de=f"{name}: Rang {x} im offenen Index, Platz {y}. ",
            en=f"{name}: rank {x} in the open index, rank {y} there. ",
        )
    elif city not in without.index:
        own = ""
    ends = [(str(study.names[ags]), fmt.integer(abs(pairs.at[ags, "difference"]))) for ags in pairs.index[[0, -1]]]
    (up, more), (down, less) = ends
    near = fmt.integer((pairs["difference"].abs() <= 10).sum())
    n, rest = fmt.integer(len(pairs)), fmt.integer(len(without))
    return tr(
        de=f"Punktwolke: Rang im offenen Index gegen Platz im Smart City Index {edition}, {n} Städte. {own}"
        f"{near} Städte liegen höchstens zehn Ränge von der Diagonale. Im Smart City Index am weitesten voraus: {up} ({more}), "
        f"zurück: {down} ({less}). {rest} Städte ohne Platz.",
        en=f"Scatter plot: rank in the open index against rank in the Smart City Index {edition}, {n} cities. {own}"
        f"{near} cities lie at most ten ranks from the diagonal. Furthest ahead in the Smart City Index: {up} ({more}), "
        f"behind: {down} ({less}). {rest} cities without a rank.",
    )
