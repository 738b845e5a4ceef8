"""What the press says, in pictures: the verdicts counted, and the published rank that a claim speaks of."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import pandas as pd

from helpers.analysis.claims import Judged
from helpers.analysis.rankings import known_ranks, members_in_order
from helpers.data.claims import Verdict
from helpers.present import fmt
from helpers.present.charts.rank_lines import spread
from helpers.present.drawing import Canvas, Drawing, text_box
from helpers.present.language import current, tr
from helpers.present.names import category_name
from helpers.present.signs import draw
from helpers.present.style import (
    BASE_PT,
    BOLD,
    COLOR,
    LINE_PT,
    MARK_PT,
    REGULAR,
    SMALL_PT,
    WIDTH_MM,
    text_width_mm,
)

LEFT, RIGHT = 11.0, 152.0
HEIGHT, TOP, BOTTOM = 50.0, 13.0, 42.0
HEAD_Y, HEAD_STEP = 3.2, 3.2
STEP = 10
MOST_NAMED, NAME_GAP, NAME_X = 3, 3.3, 2.6
LIFT, CLAIMED_LIFT = 2.6, 3.4
RING = MARK_PT["focus"] + 5


COUNT_X, SIGNS_X, SIGN, SIGN_STEP = 36.0, 41.0, 3.9, 5.2
ROW, MEANING_GAP = 5.6, 4.0


@dataclass(frozen=True)
class _Ranks:
    """The ranks of one city in one category, and what of it an article could know."""

    name: str
    category: str
    ranks: pd.Series
    editions: list[int]
    claimed: int
    newest: int
    bottom: int

    @property
    def later(self) -> list[int]:
        """Editions that came out after the article."""
        return [edition for edition in self.editions if edition > self.newest]

    @property
    def newest_known(self) -> int | None:
        """The newest edition with a rank of the city when the article came out, unless it is the claimed one."""
        known = [edition for edition in self.ranks.index if edition <= self.newest]
        return known[-1] if known and known[-1] != self.claimed else None

    def place(self, edition: float, rank: float) -> tuple[float, float]:
        """Millimetres of an edition and a rank."""
        x = LEFT + (RIGHT - LEFT) * (edition - self.editions[0]) / max(self.editions[-1] - self.editions[0], 1)
        return x, TOP + (BOTTOM - TOP) * (rank - 1) / (self.bottom - 1)


def tally(audit: Sequence[Judged], verdicts: Sequence[Verdict]) -> Drawing:
    """A row for each verdict: its count, a drawn sign for each claim, its meaning (170 mm wide); the key to the table.

    Verdicts come in the given order; one that no claim has gets a row without a sign.
    """
    found = {verdict.id: [item.claim.id for item in audit if item.verdict.id == verdict.id] for verdict in verdicts}
    meanings = {verdict.id: verdict.meaning(current()) for verdict in verdicts}
    width = WIDTH_MM["full"]
    room = width - SIGNS_X - MEANING_GAP - max(text_width_mm(words, SMALL_PT) for words in meanings.values())
    a_line = max(1, int(room / SIGN_STEP))
    lines = {id_: max(1, -(-len(claims) // a_line)) for id_, claims in found.items()}
    meaning_x = SIGNS_X + MEANING_GAP + SIGN_STEP * min(a_line, max(map(len, found.values())))
    canvas = Canvas(width, ROW * sum(lines.values()))
    top = 0.0
    for verdict in verdicts:
        claims, middle = found[verdict.id], top + ROW / 2
        weight, ink = (BOLD, COLOR["ink"]) if claims else (REGULAR, COLOR["ink2"])
        canvas.text(0, middle + 1.1, verdict.word(current()), size=BASE_PT, color=ink)
        canvas.text(
            COUNT_X, middle + 1.1, fmt.integer(len(claims)), size=BASE_PT, weight=weight, color=ink, align="right"
        )
        canvas.text(meaning_x, middle + 0.9, meanings[verdict.id])
        for number in range(len(claims)):
            line, column = divmod(number, a_line)
            draw(canvas, verdict.sign, SIGNS_X + SIGN / 2 + SIGN_STEP * column, middle + ROW * line, SIGN)
        top += ROW * lines[verdict.id]
    data = pd.DataFrame(
        [
            (verdict.id, verdict.word(current()), len(found[verdict.id]), " ".join(found[verdict.id]))
            for verdict in verdicts
        ],
        columns=["verdict", "word", "count", "claims"],
    )
    return canvas.finish(_tally_alt(len(audit), data), data)


def _tally_alt(n: int, data: pd.DataFrame) -> str:
    rows = [
        f"{row.word} {row.count_}" + (f" ({row.claims.replace(' ', ', ')})" if row.claims else "")
        for row in data.rename(columns={"count": "count_"}).itertuples()
    ]
    return tr(
        de=f"Auszählung von {fmt.integer(n)} Aussagen nach Urteil, ein Zeichen für jede Aussage: {'; '.join(rows)}.",
        en=f"Tally of {fmt.integer(n)} statements by verdict, one sign for each statement: {'; '.join(rows)}.",
    )


def claimed_rank(
    panel: pd.DataFrame,
    names: pd.Series,
    city_ags: str,
    others: Sequence[str],
    *,
    claimed: int,
    newest: int,
    published: str,
    category: str = "total",
) -> Drawing:
    """Ranks of a city by edition, marked: the edition `claimed` in an article, and what came out later (170 x 50 mm).

    `published` is the date of the article in words, `newest` the newest edition at that time. Editions that came out
    after it stand on a ground of their own, with rings for dots. Of `others` (AGS) the best few of the claimed edition are
    named. Gaps are gaps. Raises ValueError if no rank of the city is known in the category.
    """
    ranks = known_ranks(panel, city_ags, category)
    if ranks.empty:
        raise ValueError(f"no rank of {city_ags} in the category {category!r} is known")
    near = members_in_order(panel, claimed, [ags for ags in others if ags != city_ags], category).head(MOST_NAMED)
    worst = max([*ranks, *near])
    made = _Ranks(
        str(names[city_ags]),
        category,
        ranks,
        sorted({*panel["edition"].astype(int), claimed}),
        claimed,
        newest,
        STEP * -(-int(worst) // STEP),
    )
    canvas = Canvas(WIDTH_MM["full"], HEIGHT)
    _scale(canvas, made)
    _heads(canvas, made)
    _line(canvas, made)
    _others(canvas, made, near.rename(names))
    data = pd.DataFrame({"edition": ranks.index, "category": category, "rank": ranks.to_numpy()})
    data["known_to_article"], data["claimed"] = data["edition"] <= newest, data["edition"] == claimed
    return canvas.finish(_rank_alt(made, published), data)


def _scale(canvas: Canvas, made: _Ranks) -> None:
    if made.later:
        left = made.place(made.later[0] - 0.5, 1)[0]
        canvas.box(left, 0, canvas.width - left, HEIGHT, fill=COLOR["panel"], z=0)
    canvas.text(0, TOP - NAME_GAP, tr(de="Platz", en="Rank"))
    end = made.place(made.editions[-1], 1)[0]
    for rank in [1, *range(STEP, made.bottom + 1, STEP)]:
        y = made.place(made.editions[0], rank)[1]
        canvas.line([LEFT - 2, end + 2], [y, y])
        canvas.text(LEFT - 3.6, y + 0.9, fmt.integer(rank), align="right")
    for edition in made.editions:
        marked = edition == made.claimed
        weight, ink = (BOLD, COLOR["ink"]) if marked else (REGULAR, COLOR["ink2"])
        x = made.place(edition, 1)[0]
        canvas.text(x, HEIGHT - 2.6, str(edition), align="center", weight=weight, color=ink)


def _heads(canvas: Canvas, made: _Ranks) -> None:
    """Words over the editions that matter, and a thin line from the claimed one down to its rank."""
    heads = [(float(made.claimed), tr(de="im Artikel\ngenannt", en="named in\nthe article"))]
    if made.newest_known is not None:
        words = tr(de="beim Erscheinen\ndie neueste", en="newest when it\nwas published")
        heads.append((made.newest_known, words))
    if made.later:
        words = tr(de="nach dem Artikel\nerschienen", en="published after\nthe article")
        heads.append(((made.later[0] + made.later[-1]) / 2, words))
    for edition, words in heads:
        x = made.place(edition, 1)[0]
        ink = COLOR["ink" if edition == made.claimed else "ink2"]
        for number, line in enumerate(words.split("\n")):
            canvas.text(x, HEAD_Y + HEAD_STEP * number, line, align="center", color=ink)
    x, y = made.place(made.claimed, made.ranks.get(made.claimed, made.bottom))
    end = y - CLAIMED_LIFT - NAME_GAP if made.claimed in made.ranks.index else y
    canvas.line(
        [x, x], [HEAD_Y + HEAD_STEP + 1, max(end, HEAD_Y + HEAD_STEP + 1)], color=COLOR["mark"], width=LINE_PT["leader"]
    )


def _others(canvas: Canvas, made: _Ranks, near: pd.Series) -> None:
    """Dots with names on the side that is free; one that finds no room is left out: a mark without a name says nothing."""
    wanted = [made.place(made.claimed, rank)[1] for rank in near]
    placed = spread(wanted, [NAME_GAP] * max(len(wanted) - 1, 0), BOTTOM + 2)
    x = made.place(made.claimed, 1)[0]
    for (name, rank), at, y in zip(near.items(), wanted, placed, strict=True):
        words = f"{name} {fmt.integer(rank)}"
        for offset, align in ((NAME_X, "left"), (-NAME_X, "right")):
            box = text_box(x + offset, y + 0.9, words, SMALL_PT, REGULAR, align)
            inside = box.left > 0 and box.right < canvas.width
            if inside and not any(box.overlaps(label) for label in canvas.labels):
                canvas.dots([x], [at])
                canvas.text(x + offset, y + 0.9, words, align=align)
                break


def _line(canvas: Canvas, made: _Ranks) -> None:
    accent, width = COLOR["accent"], MARK_PT["white_edge"]
    points = {edition: made.place(edition, rank) for edition, rank in made.ranks.items()}
    for (a, start), (b, end) in pairwise(points.items()):
        if b == a + 1:
            line = LINE_PT["peer"] if b in made.later else LINE_PT["focus"]
            canvas.line([start[0], end[0]], [start[1], end[1]], color=accent, width=line, cap="round", z=5)
    for edition, (x, y) in points.items():
        later = edition in made.later
        fill, edge = (COLOR["paper"], accent) if later else (accent, COLOR["paper"])
        canvas.dots([x], [y], diameter=MARK_PT["focus"], fill=fill, edge=edge, edge_width=2.5 * width, z=6)
        weight = REGULAR if later else BOLD
        words = fmt.integer(made.ranks[edition])
        lift = CLAIMED_LIFT if edition == made.claimed else LIFT
        label = canvas.text(x, y - lift, words, size=BASE_PT, weight=weight, color=accent, align="center")
        ground = COLOR["panel" if later else "paper"]
        canvas.box(label.left - 0.3, label.top, label.right - label.left + 0.6, 2.6, fill=ground, z=4.5)
        if edition == made.claimed:
            canvas.dots([x], [y], diameter=RING, fill="none", edge=COLOR["ink"], edge_width=LINE_PT["rule_strong"], z=7)


def _rank_alt(made: _Ranks, published: str) -> str:
    what = category_name(made.category)
    places = fmt.join([f"{edition} {fmt.integer(rank)}" for edition, rank in made.ranks.items()])
    return tr(
        de=f"Linie der Plätze von {made.name} im Smart City Index ({what}) nach Ausgaben, Platz 1 oben: {places}. "
        f"Markiert ist die Ausgabe {made.claimed}, die ein Artikel ({published}) nennt",
        en=f"Line of the ranks of {made.name} in the Smart City Index ({what}) by edition, rank 1 on top: {places}. "
        f"Marked is the edition of {made.claimed}, which an article ({published}) names",
    ) + _alt_end(made)


def _alt_end(made: _Ranks) -> str:
    end = ""
    if made.newest_known is not None:
        edition, rank = made.newest_known, fmt.integer(made.ranks[made.newest_known])
        end += tr(
            de=f"; die neueste war damals {edition} mit Platz {rank}",
            en=f"; the newest was then {edition} with rank {rank}",
        )
    if made.later:
        years = fmt.join([str(edition) for edition in made.later])
        end += tr(de=f", später erschien {years}", en=f", {years} came later")
    return end + "."
