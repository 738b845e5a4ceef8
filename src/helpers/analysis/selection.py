"""Which places a long ranking shows."""

from itertools import pairwise

from helpers.analysis.index import IndexResult
from helpers.analysis.study import Study

MOST_ROWS = 53
FIRST, AROUND, LAST = 10, 10, 5
CUT = "cut"


def is_cut(study: Study) -> bool:
    """True if the places are too many for two pages, so that some are left out."""
    return int(study.index.score.notna().sum()) > 2 * MOST_ROWS


def shown_places(study: Study) -> list[str]:
    """AGS in the order of the ranking; `cut` stands where places are left out."""
    order = list(study.index.score.sort_values(ascending=False, kind="stable").dropna().index)
    if not is_cut(study):
        return order
    own = order.index(study.place.ags)
    kept = {*range(FIRST), *range(len(order) - LAST, len(order)), *range(max(0, own - AROUND), own + AROUND + 1)}
    kept = {position for position in kept if position < len(order)}
    by_distance = sorted((order.index(ags) for ags in study.peers), key=lambda p: (abs(p - own), p))
    for position in by_distance:
        if _length(kept | {position}) > MOST_ROWS:
            break
        kept.add(position)
    rows: list[str] = []
    previous = -1
    for position in sorted(kept):
        if position != previous + 1:
            rows.append(CUT)
        rows.append(order[position])
        previous = position
    return rows


def _length(kept: set[int]) -> int:
    """Number of rows with the marks between runs."""
    ordered = sorted(kept)
    return len(ordered) + sum(b != a + 1 for a, b in pairwise(ordered))


def neighbours(index: IndexResult, ags: str, count: int) -> list[str]:
    """AGS of the `count` places nearest in the ranking, in its order; fewer where there are not so many."""
    order = list(index.score.dropna().sort_values(ascending=False, kind="stable").index)
    own = order.index(ags)
    near = sorted((p for p in range(len(order)) if p != own), key=lambda p: (abs(p - own), p))[:count]
    return [order[p] for p in sorted(near)]
