"""How certain a rank is: its distribution, who is beaten how often, what drives it, what each part does to it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil

import pandas as pd

from helpers.analysis.study import Study
from helpers.present import fmt
from helpers.present.charts.ranking import rank_ticks
from helpers.present.drawing import Canvas, Drawing
from helpers.present.language import tr
from helpers.present.names import place_title, title_of
from helpers.present.style import BASE_PT, BOLD, COLOR, LINE_PT, MARK_PT, REGULAR, SEMIBOLD, WIDTH_MM

NAME_WIDTH = 62.0
ROW = 6.4
HEAD = 6.0
RARE = 0.002  # shares below this do not widen the axis
MOST_COLUMNS = 60


@dataclass(frozen=True)
class Spread:
    """Shares of the draws by rank (index: rank, values sum to 1) under a named set of assumptions."""

    name: str
    shares: pd.Series


def rank_distribution(study: Study, reference: Spread, other: Spread) -> Drawing:
    """Share of the draws in which the place takes each rank (170 x 52 mm): columns, and the other assumptions as marks.

    Where the ranks spread widely, a column stands for several of them.
    """
    canvas = Canvas(WIDTH_MM["full"], 52)
    last = int(study.index.rank.notna().sum())
    ranks = [int(r) for spread in (reference, other) for r in spread.shares.index[spread.shares >= RARE]]
    wide = max(ranks, default=last) - min(ranks, default=1) + 1
    size = 1 if wide <= MOST_COLUMNS else 5 if wide <= 5 * MOST_COLUMNS else 10
    columns, marks = (_by_column(spread.shares, size) for spread in (reference, other))
    low = max(0, (min(ranks, default=1) - 1) // size - 1)
    high = min((last - 1) // size, (max(ranks, default=last) - 1) // size + 1)
    ticks = _percent_ticks(float(max(columns.max(), marks.max())))
    top = ticks[-1]
    left, right, base, ceiling = 10.0, canvas.width - 1.0, 42.0, 8.0
    pitch = (right - left) / (high - low + 1)
    width = min(pitch * 0.8, 12.0)

    def level(share: float) -> float:
        return base - (base - ceiling) * share / top

    for share in ticks:
        canvas.line([left, right], [level(share)] * 2)
        canvas.text(left - 1.5, level(share) + 0.9, fmt.percent(100 * share, 0), align="right")
    step = size * max(1, -(-(high - low + 1) // (20 if size == 1 else 10)))
    for number in range(low, high + 1):
        middle = left + pitch * (number - low + 0.5)
        share, mark = float(columns.get(number, 0.0)), float(marks.get(number, 0.0))
        canvas.box(middle - width / 2, level(share), width, base - level(share), fill=COLOR["accent"], z=3)
        if mark:
            ends = [middle - width / 2 - 0.4, middle + width / 2 + 0.4]
            canvas.line(ends, [level(mark)] * 2, color=COLOR["ink"], z=5)
            canvas.dots([middle], [level(mark)], diameter=3.0, fill=COLOR["ink"], z=6)
        if (number * size) % step == 0:
            words = fmt.integer(number + 1) if size == 1 else f"{number * size + 1}–{min((number + 1) * size, last)}"
            canvas.text(middle, base + 4.0, words, align="center")
    canvas.text(left, base + 8.2, tr(de=f"Rang von {fmt.integer(last)}", en=f"Rank of {fmt.integer(last)}"))
    canvas.text(left, 3.4, tr(de="Anteil der Varianten", en="Share of the variants"))
    key = canvas.text(right, 3.4, other.name, align="right", color=COLOR["ink"])
    canvas.dots([key.left - 2.4], [2.5], diameter=3.0, fill=COLOR["ink"], z=6)
    key = canvas.text(key.left - 7, 3.4, reference.name, align="right", color=COLOR["accent"], weight=BOLD)
    canvas.box(key.left - 4, 1.2, 2.4, 2.4, fill=COLOR["accent"])
    data = pd.DataFrame({reference.name: reference.shares, other.name: other.shares}).fillna(0.0)
    return canvas.finish(_distribution_alt(study, reference, other), data.reset_index(names="rank"))


def _by_column(shares: pd.Series, size: int) -> pd.Series:
    """Shares of `size` neighbouring ranks together, numbered from 0."""
    return shares.groupby((shares.index.to_numpy() - 1) // size).sum()


def _percent_ticks(highest: float) -> list[float]:
    """Shares at round steps from 0 to the first that is not below the highest value."""
    step = next(step for step in (0.01, 0.02, 0.05, 0.1, 0.2, 0.5) if highest / step <= 5)
    return [step * number for number in range(ceil(highest / step - 1e-9) + 1)]


def _distribution_alt(study: Study, reference: Spread, other: Spread) -> str:
    name = place_title(study.place)

    def said(spread: Spread) -> str:
        top = spread.shares.sort_values(ascending=False, kind="stable").iloc[:3]
        parts = [
            tr(de=f"Rang {rank} in {fmt.percent(100 * share, 0)}", en=f"rank {rank} in {fmt.percent(100 * share, 0)}")
            for rank, share in top.items()
        ]
        return f"{spread.name}: {fmt.join(parts)}"

    return tr(
        de=f"Säulen: Anteil der Rechenvarianten, in denen {name} jeden Rang einnimmt. {said(reference)}. {said(other)}.",
        en=f"Columns: share of the variants in which {name} takes each rank. {said(reference)}. {said(other)}.",
    )


def win_probabilities(study: Study, wins: pd.Series) -> Drawing:
    """How often the place ranks before each of `wins` (index: AGS, values 0 to 1), a row each, 50 % marked (170 mm wide)."""
    canvas = Canvas(WIDTH_MM["full"], HEAD + ROW * len(wins) + 7)
    left, right = NAME_WIDTH, canvas.width - 16.0
    bottom = HEAD + ROW * len(wins)
    for share in (0, 0.25, 0.5, 0.75, 1):
        x = left + (right - left) * share
        strong = share == 0.5
        canvas.line(
            [x, x],
            [HEAD - 1, bottom],
            color=COLOR["ink2" if strong else "grid"],
            width=LINE_PT["axis" if strong else "grid"],
        )
        canvas.text(x, bottom + 4, fmt.percent(100 * share, 0), align="center")
    canvas.text(0, 3.4, tr(de="Rang, Ort", en="Rank, place"))
    for number, (ags, share) in enumerate(wins.items()):
        y = HEAD + ROW * (number + 0.5)
        peer = ags in study.peers
        color, ink = (COLOR["peer"], COLOR["peer"]) if peer else (COLOR["mark"], COLOR["ink"])
        weight = SEMIBOLD if peer else REGULAR
        canvas.text(5, y + 1.1, fmt.integer(study.index.rank[ags]), align="right", color=ink, weight=weight)
        canvas.text(6.4, y + 1.1, title_of(str(ags)), color=ink, weight=weight)
        x = left + (right - left) * share
        canvas.line([left + (right - left) / 2, x], [y, y], color=color, width=LINE_PT["interval_focus"], z=3)
        canvas.dots([x], [y], diameter=MARK_PT["focus"], fill=color, z=4)
        canvas.text(canvas.width, y + 1.1, fmt.percent(100 * share, 0), align="right", color=ink, weight=BOLD)
    data = pd.DataFrame({"name": study.names[wins.index], "probability": wins}).reset_index(names="ags")
    pairs = fmt.join([f"{title_of(str(ags))} {fmt.percent(100 * share, 0)}" for ags, share in wins.items()])
    name = place_title(study.place)
    alt = tr(
        de=f"Waagerechte Balken um 50 Prozent: so oft liegt {name} in den Rechenvarianten vor dem anderen Ort. {pairs}.",
        en=f"Horizontal bars around 50 per cent: how often {name} ranks before the other place in the variants. {pairs}.",
    )
    return canvas.finish(alt, data)


def rank_drivers(panels: Sequence[tuple[str, pd.DataFrame]], name_of: Callable[[str], str]) -> Drawing:
    """What moves the ranks: for each panel (title, frame) a row for each source of uncertainty (170 mm wide).

    Frames: index source; columns first, first_low, first_high, total, total_low, total_high (shares of the variance).
    A dot is the share of the source alone, a ring the share with all its interactions; lines are bootstrap intervals.
    """
    order = list(panels[0][1]["total"].sort_values(ascending=False, kind="stable").index)
    canvas = Canvas(WIDTH_MM["full"], HEAD + 6 + ROW * len(order) + 6)
    head = HEAD + 5
    gap, width = 6.0, (canvas.width - NAME_WIDTH + 14) / len(panels)
    for number, source in enumerate(order):
        canvas.text(
            0, head + ROW * (number + 0.5) + 1.1, _first_capital(name_of(str(source))), size=BASE_PT, color=COLOR["ink"]
        )
    bottom = head + ROW * len(order)
    for panel, (title, frame) in enumerate(panels):
        left = NAME_WIDTH - 14 + panel * width
        right = left + width - gap
        canvas.text(left, 3.4, title, weight=SEMIBOLD, color=COLOR["ink"])
        for share in (0, 0.5, 1):
            x = left + (right - left) * share
            canvas.line([x, x], [head - 1, bottom])
            canvas.text(x, bottom + 4, fmt.percent(100 * share, 0), align=("left", "center", "right")[int(share * 2)])
        for number, source in enumerate(order):
            y = head + ROW * (number + 0.5)
            row = frame.loc[source]

            def position(share: float, left: float = left, right: float = right) -> float:
                return left + (right - left) * min(max(share, 0.0), 1.0)

            for kind, dy in (("first", -0.9), ("total", 0.9)):
                ends = [position(row[f"{kind}_low"]), position(row[f"{kind}_high"])]
                canvas.line(ends, [y + dy] * 2, color=COLOR["mark"], width=LINE_PT["interval_other"], z=2)
                ring = kind == "total"
                canvas.dots(
                    [position(row[kind])],
                    [y + dy],
                    diameter=MARK_PT["peer"],
                    fill=COLOR["paper"] if ring else COLOR["ink2"],
                    edge=COLOR["ink2"],
                    edge_width=0.9,
                    z=4,
                )
    data = pd.concat(dict(panels), names=["panel", "source"]).reset_index()
    return canvas.finish(_drivers_alt(panels, name_of), data)


def _first_capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _drivers_alt(panels: Sequence[tuple[str, pd.DataFrame]], name_of: Callable[[str], str]) -> str:
    parts = []
    for title, frame in panels:
        ordered = frame["total"].sort_values(ascending=False, kind="stable")
        top = fmt.join([f"{name_of(str(s))} {fmt.percent(100 * v, 0)}" for s, v in ordered.iloc[:3].items()])
        parts.append(f"{title}: {top}")
    return tr(
        de=f"Punkte und Ringe: Anteil jeder Annahme an der Streuung der Ränge. Mit Wechselwirkungen – {'; '.join(parts)}.",
        en=f"Dots and rings: share of each assumption in the variance of the ranks. With interactions – {'; '.join(parts)}.",
    )


def left_out(study: Study, ranks: pd.DataFrame) -> Drawing:
    """The rank of the place when one part of the index is left out (170 mm wide).

    `ranks`: a row for each part, columns label (text), rank, domain (True for a whole domain).
    """
    canvas = Canvas(WIDTH_MM["full"], HEAD + 4 + ROW * len(ranks) + 2)
    head = HEAD + 4
    last = int(study.index.rank.notna().sum())
    own = int(study.index.rank[study.place.ags])
    left, right = NAME_WIDTH + 14, canvas.width - 10.0

    def position(rank: float) -> float:
        return left + (right - left) * (rank - 1) / max(last - 1, 1)

    bottom = head + ROW * len(ranks)
    canvas.text(0, 3.4, tr(de="Ohne …", en="Without …"))
    for rank in rank_ticks(last):
        canvas.line([position(rank)] * 2, [head - 1, bottom])
        canvas.text(position(rank), head - 2.4, fmt.integer(rank), align="center")
    canvas.line([position(own)] * 2, [head - 1, bottom], color=COLOR["accent"], width=LINE_PT["axis"], z=2)
    for number, row in enumerate(ranks.itertuples()):
        y = head + ROW * (number + 0.5)
        weight = SEMIBOLD if row.domain else REGULAR
        canvas.text(0, y + 1.1, str(row.label), color=COLOR["ink"], weight=weight)
        x = position(row.rank)
        canvas.line([position(own), x], [y, y], color=COLOR["accent"], width=LINE_PT["peer"], z=3)
        canvas.dots([x], [y], diameter=MARK_PT["focus"], fill=COLOR["accent"], z=4)
        canvas.text(canvas.width, y + 1.1, fmt.integer(row.rank), align="right", weight=BOLD, color=COLOR["accent"])
    return canvas.finish(_left_out_alt(study, ranks, own), ranks.reset_index(drop=True))


def _left_out_alt(study: Study, ranks: pd.DataFrame, own: int) -> str:
    best, worst = ranks.loc[ranks["rank"].idxmin()], ranks.loc[ranks["rank"].idxmax()]
    name = place_title(study.place)
    return tr(
        de=f"Punkte: Rang von {name}, wenn je ein Teil des Index fehlt; mit allen Teilen Rang {fmt.integer(own)}. Bester Rang "
        f"{fmt.integer(best['rank'])} ohne {best['label']}, schlechtester {fmt.integer(worst['rank'])} ohne {worst['label']}.",
        en=f"Dots: rank of {name} with one part of the index left out; rank {fmt.integer(own)} with all parts. Best rank "
        f"{fmt.integer(best['rank'])} without {best['label']}, worst {fmt.integer(worst['rank'])} without {worst['label']}.",
    )
