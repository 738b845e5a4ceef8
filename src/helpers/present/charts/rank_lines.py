"""Rank lines: places of the Smart City Index over its editions, gaps drawn as gaps."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import pandas as pd

from helpers.analysis.rankings import known_ranks
from helpers.present import fmt
from helpers.present.charts.ranking import shorten
from helpers.present.drawing import Canvas, Drawing, Label, text_box
from helpers.present.language import tr
from helpers.present.style import (
    BASE_PT,
    BOLD,
    COLOR,
    HEIGHT_MM,
    LINE_PT,
    MARK_PT,
    REGULAR,
    SEMIBOLD,
    SMALL_PT,
    WIDTH_MM,
    text_width_mm,
)

LEFT, RIGHT = 9.0, 117.0
TOP, BOTTOM = 11.0, 114.0
RANK_X, NAME_X, EDITION_X = 131.0, 132.8, 168.0
LABEL_GAP = 3.3
FOCUS_GAP = 4.2
STEP = 20

Placing = Callable[[int, float], tuple[float, float]]  # edition and rank to millimetres


@dataclass(frozen=True)
class _Line:
    ags: str
    name: str
    ranks: pd.Series
    color: str
    weight: int
    width: float
    diameter: float
    focus: bool

    @property
    def last(self) -> int:
        return int(self.ranks.index[-1])


def rank_lines(
    panel: pd.DataFrame, names: pd.Series, city_ags: str, peers: Sequence[str], others: Sequence[str]
) -> Drawing:
    """Ranks of the city `city_ags` and of `others` (AGS) by edition, rank 1 on top (170 x 122 mm).

    A line joins two consecutive editions only. Cities whose last known rank is more than one edition old are labelled at
    their dot; those that find no room there are left to the CSV. Raises ValueError if no rank of the city is known.
    """
    lines = _lines(panel, names, city_ags, peers, others)
    if not lines or not lines[-1].focus:
        raise ValueError(f"no rank of {city_ags} in the Smart City Index is known")
    editions = [int(edition) for edition in sorted(panel["edition"].unique())]
    worst = max(int(line.ranks.max()) for line in lines)
    cities = int(panel["n_places"].max())
    bottom_rank = min(max(STEP, STEP * -(-worst // STEP)), max(cities, worst))
    ticks = [1, *range(STEP, bottom_rank - STEP // 4, STEP), bottom_rank]
    canvas = Canvas(WIDTH_MM["full"], HEIGHT_MM["rank_lines"])

    def place(edition: int, rank: float) -> tuple[float, float]:
        x = LEFT + (RIGHT - LEFT) * (edition - editions[0]) / (editions[-1] - editions[0])
        return x, TOP + (BOTTOM - TOP) * (rank - 1) / (bottom_rank - 1)

    canvas.text(0, 3.4, tr(de="Platz", en="Rank"))
    for rank in ticks:
        _, y = place(editions[0], rank)
        canvas.line([LEFT - 2, RIGHT + 2], [y, y])
        canvas.text(LEFT - 3.6, y + 0.9, fmt.integer(rank), align="right")
    for edition in editions:
        canvas.text(place(edition, 1)[0], canvas.height - 2.6, str(edition), align="center")
    recent = [line for line in lines if line.focus or line.last >= editions[-1] - 1]
    for line in recent:
        _draw(canvas, line, place)
    _labels_right(canvas, recent, editions[-1], place)
    named = _labels_at_dots(canvas, [line for line in lines if line not in recent], place, recent)
    # A city whose last dot finds no room for its name is not drawn: a mark without a name says nothing.
    for line in lines:
        if line.ags in named:
            _draw(canvas, line, place)
    drawn = [line for line in lines if line in recent or line.ags in named]
    return canvas.finish(_alt(drawn, editions), _data(lines, editions))


def _lines(
    panel: pd.DataFrame, names: pd.Series, city_ags: str, peers: Sequence[str], others: Sequence[str]
) -> list[_Line]:
    """The lines in the order of drawing: others, peers, the city last."""
    made = []
    for ags in [*(a for a in others if a not in peers), *(a for a in others if a in peers), city_ags]:
        ranks = known_ranks(panel, ags)
        if ranks.empty:
            continue
        name = str(names[ags])
        if ags == city_ags:
            line = _Line(ags, name, ranks, COLOR["accent"], BOLD, LINE_PT["focus"], MARK_PT["focus"] - 1.6, True)
        elif ags in peers:
            line = _Line(ags, name, ranks, COLOR["peer"], SEMIBOLD, LINE_PT["peer"], MARK_PT["peer"] - 1, False)
        else:
            line = _Line(ags, name, ranks, COLOR["mark"], REGULAR, LINE_PT["other"], MARK_PT["other"] - 0.6, False)
        made.append(line)
    return made


def _draw(canvas: Canvas, line: _Line, place: Placing) -> None:
    points = {edition: place(edition, rank) for edition, rank in line.ranks.items()}
    z = 5 if line.focus else 3
    for edition, (x, y) in points.items():
        after = points.get(edition + 1)
        if after:
            canvas.line([x, after[0]], [y, after[1]], color=line.color, width=line.width, cap="round", z=z)
    xs, ys = [p[0] for p in points.values()], [p[1] for p in points.values()]
    canvas.dots(xs, ys, diameter=line.diameter + 1.0, fill=line.color, edge_width=0.5, z=z + 1)
    if not line.focus:
        return
    for edition, rank in line.ranks.items():
        x, y = points[edition]
        words = fmt.integer(rank)
        label = canvas.text(x, y - 2.0, words, size=BASE_PT, weight=BOLD, color=line.color, align="center")
        # Other lines pass behind the number, the focus line before its ground.
        width, height = label.right - label.left, label.bottom - label.top
        canvas.box(label.left - 0.3, label.top, width + 0.6, height - 0.6, fill=COLOR["paper"], z=4.5)


def _labels_right(canvas: Canvas, lines: list[_Line], newest: int, place: Placing) -> None:
    """Rank and name in a column, pushed apart, with a dotted leader to the last dot."""
    ordered = sorted(lines, key=lambda line: (line.ranks.iloc[-1], line.name))
    wanted = [place(newest, line.ranks.iloc[-1])[1] for line in ordered]
    gaps = [FOCUS_GAP if a.focus or b.focus else LABEL_GAP for a, b in pairwise(ordered)]
    older = False
    for line, y, at in zip(ordered, spread(wanted, gaps, canvas.height - 4.0), wanted, strict=True):
        fits = text_width_mm(line.name, BASE_PT, BOLD) < EDITION_X - 8 - NAME_X
        size = BASE_PT if line.focus and fits else SMALL_PT
        ink = line.color if line.weight != REGULAR else COLOR["ink2"]
        x, _ = place(line.last, 1)
        canvas.line(
            [x + 1.8, RIGHT + 4, RANK_X - 5], [at, at, y], color=line.color, width=LINE_PT["leader"], dashes=(1, 1.5)
        )
        rank = fmt.integer(line.ranks.iloc[-1])
        baseline = y + (1.1 if line.focus else 0.9)
        canvas.text(RANK_X, baseline, rank, size=size, weight=line.weight, color=ink, align="right")
        room = (canvas.width if line.last == newest else EDITION_X - 8) - NAME_X
        name = shorten(line.name, room, line.weight) if size == SMALL_PT else line.name
        canvas.text(NAME_X, baseline, name, size=size, weight=line.weight, color=ink)
        if line.last != newest:
            older = True
            canvas.text(EDITION_X, baseline, str(line.last), align="right")
    if older:
        canvas.text(EDITION_X, 3.4, tr(de="zuletzt bekannt,", en="last known,"), align="right")
        canvas.text(EDITION_X, 6.6, tr(de=f"wenn nicht {newest}", en=f"if not {newest}"), align="right")


def spread(wanted: Sequence[float], gaps: Sequence[float], bottom: float) -> list[float]:
    """Positions near the wanted ones (ascending), at least `gaps` apart, none below `bottom` if they fit above it."""
    placed = list(wanted)
    for i, gap in enumerate(gaps):
        placed[i + 1] = max(placed[i + 1], placed[i] + gap)
    limit = bottom
    for i in range(len(placed) - 1, -1, -1):
        placed[i] = min(placed[i], limit)
        limit = placed[i] - (gaps[i - 1] if i else 0)
    return placed


def _labels_at_dots(canvas: Canvas, lines: list[_Line], place: Placing, recent: list[_Line]) -> set[str]:
    """Name and rank beside the last dot where a free position is found. Returns the AGS of those named."""
    dots = [place(edition, rank) for line in [*recent, *lines] for edition, rank in line.ranks.items()]
    on_lines = [point for line in [*recent, *lines] for point in _points_between(line, place)]
    named = set()
    for line in sorted(lines, key=lambda one: (one.last, one.ranks.iloc[-1])):
        x, y = place(line.last, line.ranks.iloc[-1])
        words = f"{line.name} {fmt.integer(line.ranks.iloc[-1])}"
        ways = [(x + dx, y + dy, align) for dx, align in ((1.6, "left"), (-1.6, "right")) for dy in (0.9, 3.4, -1.6)]
        boxes = [text_box(*way[:2], words, SMALL_PT, line.weight, way[2]) for way in ways]
        free = [number for number, box in enumerate(boxes) if _free(canvas, box, dots)]
        if not free:
            continue
        # A position that no line crosses, else the first one, on a ground before which the lines end.
        at = min(free, key=lambda number: (_crossed(boxes[number], on_lines), number))
        color = line.color if line.weight != REGULAR else COLOR["ink2"]
        label = canvas.text(*ways[at][:2], words, weight=line.weight, color=color, align=ways[at][2])
        width, height = label.right - label.left, label.bottom - label.top
        canvas.box(label.left - 0.3, label.top, width + 0.6, height, fill=COLOR["paper"], z=4.5)
        named.add(line.ags)
    return named


def _points_between(line: _Line, place: Placing) -> list[tuple[float, float]]:
    """Points along the drawn parts of a line, close enough to each other that no label fits between two."""
    points = []
    for edition, rank in line.ranks.items():
        if edition + 1 in line.ranks.index:
            (x, y), (end_x, end_y) = place(edition, rank), place(edition + 1, line.ranks[edition + 1])
            points += [(x + (end_x - x) * step / 40, y + (end_y - y) * step / 40) for step in range(41)]
    return points


def _crossed(box: Label, points: list[tuple[float, float]]) -> bool:
    return any(box.left < x < box.right and box.top < y < box.bottom for x, y in points)


def _free(canvas: Canvas, box: Label, dots: list[tuple[float, float]]) -> bool:
    inside = box.left > LEFT - 2 and box.right < RANK_X - 6 and box.top > TOP - 4 and box.bottom < BOTTOM + 2
    on_dot = any(box.left - 0.4 < x < box.right + 0.4 and box.top - 0.4 < y < box.bottom + 0.4 for x, y in dots)
    return inside and not on_dot and not any(box.overlaps(label) for label in canvas.labels)


def _data(lines: list[_Line], editions: list[int]) -> pd.DataFrame:
    table = pd.DataFrame({line.ags: line.ranks for line in lines}, index=pd.Index(editions)).T.astype("Int64")
    table.insert(0, "name", [line.name for line in lines])
    return table.reset_index(names="ags")


def _alt(lines: list[_Line], editions: list[int]) -> str:
    focus = lines[-1]
    places = [(str(edition), fmt.integer(rank)) for edition, rank in focus.ranks.items()]
    own = fmt.join([tr(de=f"{edition} Platz {rank}", en=f"rank {rank} in {edition}") for edition, rank in places])
    gone = [str(edition) for edition in editions if edition not in focus.ranks.index]
    without = tr(de=f" Kein Platz bekannt für {fmt.join(gone)}.", en=f" No rank is known for {fmt.join(gone)}.")
    latest = sorted(
        (line for line in lines[:-1] if line.last == focus.last), key=lambda line: (line.ranks.iloc[-1], line.name)
    )[:3]
    near = fmt.join([f"{line.name} ({fmt.integer(line.ranks.iloc[-1])})" for line in latest])
    beside = (
        tr(de=f" Zum Vergleich {focus.last}: {near}.", en=f" For comparison, {focus.last}: {near}.") if near else ""
    )
    return (
        tr(
            de=f"Linien der Plätze im Smart City Index {editions[0]} bis {editions[-1]}, Platz 1 oben, "
            f"{len(lines)} Städte. {focus.name}: {own}.",
            en=f"Lines of ranks in the Smart City Index {editions[0]} to {editions[-1]}, rank 1 on top, "
            f"{len(lines)} cities. {focus.name}: {own}.",
        )
        + beside
        + (without if gone else "")
    )
