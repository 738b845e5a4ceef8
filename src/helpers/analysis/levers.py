"""What it would take: the score and the rank of a place with other values, and the smallest change that gains a rank.

Every number is that of the whole index computed anew with the changed value (see `whatif`): scales move where the place
was, or becomes, the best or the worst. A change goes no further than the threshold of the best tenth of the peers, the
90th percentile of their values (Hyndman & Fan 1996, type 7; the 10th where low is good). What nobody in town decides is
given other values too, but no smallest change is sought for it. What others do is held as it is, so this is arithmetic,
not a forecast.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from helpers.analysis.certainty import Certainty, report_assumptions
from helpers.analysis.draws import draw
from helpers.analysis.index import INHERITED, MISSING, IndexResult
from helpers.analysis.ranking import Array, rank
from helpers.analysis.simulation import Model, model_of_index, simulate
from helpers.analysis.study import Study
from helpers.analysis.whatif import scores_of
from helpers.data.definition import Indicator

TOP = 3
GRID = 32
REFINEMENTS = 3
CHANGES = ("at_median", "at_best", "next_rank", "top")

Change = Literal["next_rank", "top"]
Influence = Literal["direct", "shared", "outside"]
Status = Literal["direct", "shared", "outside", "inherited", "missing"]
INFLUENCED: tuple[Status, ...] = ("direct", "shared")


@dataclass(frozen=True)
class Outcome:
    """The place after a change: the new values by indicator, its score and its rank (1 = best, ties the lowest)."""

    values: dict[str, float]
    score: float
    rank: int


@dataclass(frozen=True)
class Lever:
    """An indicator and what a change of the place's value in it would do.

    status: the declared influence, or why there is no lever: the value is the district's, or there is none. value, median,
    best, limit: the place's, the peers', and the threshold of the best tenth of them, rounded to the printed decimals
    towards what is worse; NaN where missing. span: from the worst to the best place of the index. best_at: the AGS of the
    peer with the best value. room: whether the limit is better than the place's value. at_median, at_best: the place with
    the peers' median and best value; None where it is not behind. next_rank, top: with the least change that gains one rank,
    or a rank among the top three; None where that cannot be reached within the limit, or where nobody in town decides.
    """

    ref: Indicator
    status: Status
    value: float
    median: float
    best: float
    limit: float
    span: float
    best_at: str | None = None
    room: bool = False
    at_median: Outcome | None = None
    at_best: Outcome | None = None
    next_rank: Outcome | None = None
    top: Outcome | None = None

    @property
    def id(self) -> str:
        """The name of the indicator."""
        return self.ref.id


@dataclass(frozen=True)
class Together:
    """Several changes at once for a rank of `target` or better, in the indicators with a declared influence only.

    least: the smallest sum of changes, each measured by the span between the worst and the best place. even: every one goes
    the same `share` of its way to its limit. Both None where the target cannot be reached; furthest: all at their
    limits, None where there is no indicator to move.
    """

    target: int
    least: Outcome | None
    even: Outcome | None
    share: float
    furthest: Outcome | None


@dataclass(frozen=True, eq=False)
class Levers:
    """All of it for one place; `levers` in the order of the index. next_rank and top are None where there is no better."""

    ags: str
    peers: tuple[str, ...]
    score: float
    rank: int
    levers: tuple[Lever, ...]
    next_rank: Together | None
    top: Together | None

    def of(self, *status: Status) -> list[Lever]:
        """The indicators of this kind, from the largest gain at the peers' best value to the least."""
        found = [lever for lever in self.levers if lever.status in status]
        return sorted(found, key=lambda lever: -(lever.at_best.score if lever.at_best else -np.inf))

    def single(self, change: Change) -> Lever | None:
        """The indicator with a declared influence that reaches this by the least change, measured by its span."""

        def size(lever: Lever) -> float:
            outcome: Outcome | None = getattr(lever, change)
            return np.inf if outcome is None else abs(outcome.values[lever.id] - lever.value) / lever.span

        usable = [lever for lever in self.levers if lever.status in INFLUENCED and getattr(lever, change) is not None]
        return min(usable, key=size, default=None)

    @property
    def frame(self) -> pd.DataFrame:
        """A row for each indicator: status, values, and score and rank after each change (missing where none)."""
        rows = {}
        for lever in self.levers:
            row: dict[str, object] = {
                name: getattr(lever, name) for name in ("status", "value", "median", "best", "limit")
            }
            for name in CHANGES:
                after: Outcome | None = getattr(lever, name)
                row[f"{name}_value"] = after.values[lever.id] if after else np.nan
                row[f"{name}_gain"] = after.score - self.score if after else np.nan
                row[f"{name}_rank"] = after.rank if after else pd.NA
            rows[lever.id] = row
        return pd.DataFrame.from_dict(rows, orient="index").rename_axis("indicator").convert_dtypes()


def levers_of(study: Study, ags: str | None = None) -> Levers:
    """The levers of the place of a study against its peers, or of another place of its universe against all others.

    Without peers, all others are compared.
    """
    refs, facts = study.universe.indicators, study.facts.indicators
    place = ags or study.place.ags
    peers = study.peers if place == study.place.ags else []
    return _kept(
        study.index,
        place,
        tuple(peers),
        tuple((ref.id, facts.at[ref.key, "influence"]) for ref in refs),
        tuple((ref.id, max(int(facts.at[ref.key, "decimals"]), 1)) for ref in refs),
    )


# Title, sentences, chart and table of a chapter ask for the same.
@lru_cache(maxsize=256)
def _kept(
    index: IndexResult,
    ags: str,
    peers: tuple[str, ...],
    influence: tuple[tuple[str, Influence], ...],
    decimals: tuple[tuple[str, int], ...],
) -> Levers:
    return levers(index, ags, peers, dict(influence), dict(decimals))


def levers(
    index: IndexResult,
    ags: str,
    peers: Sequence[str],
    influence: Mapping[str, Influence],
    decimals: Mapping[str, int],
) -> Levers:
    """What other values would do to the score and rank of a place.

    peers: those that have the median, the best value and the threshold of the best tenth; all others if empty. influence:
    as the codebook declares it. decimals: to which the values are printed: the least changes are rounded to them, away from
    the place's own value, so that what is printed is enough. Raises ValueError where the place has no score.
    """
    if np.isnan(index.score.get(ags, np.nan)):
        raise ValueError(f"{ags} has no score in this index")
    peers = peers or [str(other) for other in index.score.dropna().index if other != ags]
    search = _Search(model_of_index(index), ags, decimals)
    before = search.outcomes([{}])[0]
    found = [_bounds(index, ags, peers, ref, influence[ref.id], decimals[ref.id]) for ref in index.universe.indicators]
    moving = [lever for lever in found if lever.status not in ("inherited", "missing")]
    steps = [
        (lever, name) for lever in moving for name in ("median", "best") if search.ahead(lever, getattr(lever, name))
    ]
    after = search.outcomes([{lever.id: getattr(lever, name)} for lever, name in steps])
    placed = {(lever.id, f"at_{name}"): outcome for (lever, name), outcome in zip(steps, after, strict=True)}
    targets = {"next_rank": before.rank - 1, "top": TOP}
    for lever in (lever for lever in moving if lever.status in INFLUENCED):
        for name, target in targets.items():
            if target >= before.rank or target < 1 or not search.ahead(lever, lever.limit):
                continue
            if outcome := search.least({lever.id: lever.limit}, target)[0]:
                placed[lever.id, name] = outcome
    complete = [
        replace(
            lever,
            room=search.ahead(lever, lever.limit),
            at_median=placed.get((lever.id, "at_median")),
            at_best=placed.get((lever.id, "at_best")),
            next_rank=placed.get((lever.id, "next_rank")),
            top=placed.get((lever.id, "top")),
        )
        for lever in found
    ]
    usable = [lever for lever in complete if lever.status in INFLUENCED and lever.room]
    together = {name: search.together(usable, target) for name, target in targets.items() if 1 <= target < before.rank}
    return Levers(
        ags, tuple(peers), before.score, before.rank, tuple(complete), together.get("next_rank"), together.get("top")
    )


def with_values(index: IndexResult, ags: str, values: Mapping[str, float]) -> Outcome:
    """The place with other values of some indicators, in the units of `index.raw`; no limit holds.

    Raises KeyError for an indicator that is not in the index.
    """
    return _Search(model_of_index(index), ags, {}).outcomes([dict(values)])[0]


def ranges_after(index: IndexResult, found: Levers, draws: int, seed: int) -> pd.DataFrame:
    """The rank after each change with its 5-95 % interval: index (indicator, change), columns rank, low, high.

    Every change is simulated under the assumptions of the report, on the same random numbers.
    """
    model, assumptions = model_of_index(index), report_assumptions(index)
    search = _Search(model, found.ags, {})
    replications = draw(assumptions, model.tree_of(assumptions), draws, seed)
    rows = {}
    for lever in found.levers:
        for change in CHANGES:
            outcome: Outcome | None = getattr(lever, change)
            if outcome is None:
                continue
            changed = replace(model, values=search.table(outcome.values))
            after = Certainty(simulate(changed, assumptions, replications)).ranks.loc[found.ags]
            rows[lever.id, change] = {"rank": outcome.rank, "low": int(after["low"]), "high": int(after["high"])}
    keys = pd.MultiIndex.from_tuples(list(rows), names=["indicator", "change"]) if rows else None
    return pd.DataFrame(list(rows.values()), index=keys, columns=["rank", "low", "high"])


def _bounds(
    index: IndexResult, ags: str, peers: Sequence[str], ref: Indicator, influence: Influence, decimals: int
) -> Lever:
    """An indicator with the values of the place and its peers, before any change."""
    basis = index.basis.at[ags, ref.id]
    status: Status = "missing" if basis == MISSING else "inherited" if basis == INHERITED else influence
    if ref.id not in index.construction.normalised:
        status = "missing"
    values = index.raw.loc[list(peers), ref.id].dropna()
    every = index.raw.loc[index.construction.normalised.index, ref.id]
    span = float(every.max() - every.min())
    if values.empty:
        return Lever(ref, status, float(index.raw.at[ags, ref.id]), np.nan, np.nan, np.nan, span)
    low_is_good = index.construction.directions[ref.id] == "-"
    ordered = values.sort_values(ascending=low_is_good)
    threshold = float(values.quantile(0.1 if low_is_good else 0.9, interpolation="linear"))
    return Lever(
        ref,
        status,
        float(index.raw.at[ags, ref.id]),
        float(ordered.median()),
        float(ordered.iloc[0]),
        _printed(threshold, decimals, up=low_is_good),
        span,
        best_at=str(ordered.index[0]),
    )


def _printed(value: float, decimals: int, *, up: bool) -> float:
    """A value rounded up or down to the decimals that are printed."""
    towards: Callable[[float], float] = np.ceil if up else np.floor
    factor = 10.0**decimals
    # What is a printed number but for rounding of the machine is not moved to the next one.
    return float(towards(np.round(value * factor, 6)) / factor)


class _Search:
    """Changes of one place's values and what follows from them."""

    def __init__(self, model: Model, ags: str, decimals: Mapping[str, int]):
        self.model, self.decimals = model, decimals
        self.row = int(model.units.get_loc(ags))
        self.column = {leaf.id: number for number, leaf in enumerate(model.indicators)}
        self.sign = {name: float(model.signs[number]) for name, number in self.column.items()}
        self.own = {name: float(model.values[self.row, number]) for name, number in self.column.items()}

    def ahead(self, lever: Lever, value: float) -> bool:
        """True if a value is better than the place's own."""
        return bool((value - lever.value) * self.sign.get(lever.id, np.nan) > 0)

    def table(self, changes: Mapping[str, float]) -> Array:
        """The values of all places with those of this one changed."""
        values = self.model.values.copy()
        for name, value in changes.items():
            values[self.row, self.column[name]] = value
        return values

    def outcomes(self, changes: Sequence[dict[str, float]]) -> list[Outcome]:
        """The place after each of several changes."""
        if not changes:
            return []
        scores = scores_of(self.model, np.stack([self.table(change) for change in changes]))
        ranks = rank(scores)[self.row]
        return [
            Outcome(change, float(score), int(place))
            for change, score, place in zip(changes, scores[self.row], ranks, strict=True)
        ]

    def least(
        self, limits: Mapping[str, float], target: int, base: Mapping[str, float] | None = None
    ) -> tuple[Outcome | None, float]:
        """The place after the least common share of the ways from its values to `limits` that gives rank `target`.

        `base` are changes that are made before. The first share of an even grid that reaches the rank, then made finer
        between it and the one before: scores need not rise evenly where scales move. None where no share of the grid does.
        """
        low, high = 0.0, 1.0
        for _ in range(REFINEMENTS):
            shares = np.linspace(low, high, GRID + 1)
            after = self.outcomes([{**(base or {}), **self._along(limits, float(share))} for share in shares])
            reached: NDArray[np.intp] = np.flatnonzero([0 < outcome.rank <= target for outcome in after])
            if not len(reached):
                return None, np.nan
            first = int(reached[0])
            low, high = float(shares[max(first - 1, 0)]), float(shares[first])
        exact = {**(base or {}), **self._along(limits, high)}
        rounded = self.outcomes([self._rounded(exact, {**(base or {}), **limits}), exact])
        return next(outcome for outcome in rounded if 0 < outcome.rank <= target), high

    def together(self, usable: Sequence[Lever], target: int) -> Together:
        """The least sum of changes, and the least share of all ways, that give rank `target`."""
        limits = {lever.id: lever.limit for lever in usable}
        if not limits:
            return Together(target, None, None, np.nan, None)
        furthest = self.outcomes([limits])[0]
        even, share = self.least(limits, target)
        return Together(target, self._least_sum(usable, target), even, share, furthest)

    def _least_sum(self, usable: Sequence[Lever], target: int) -> Outcome | None:
        """One indicator after the other up to its limit, that with the largest gain by its change first, the last one
        only as far as is needed.

        Where gains add up and scales stand still this solves the linear programme: least sum of changes, each within
        its limit, gaining what is missing (the fractional knapsack, Dantzig 1957).
        """
        start = self.outcomes([{}])[0].score
        alone = self.outcomes([{lever.id: lever.limit} for lever in usable])
        gain = {
            lever.id: (outcome.score - start) * lever.span / abs(lever.limit - lever.value)
            for lever, outcome in zip(usable, alone, strict=True)
        }
        limits = {lever.id: lever.limit for lever in usable}
        base: dict[str, float] = {}
        for name in sorted(limits, key=lambda name: -gain[name]):
            if found := self.least({name: limits[name]}, target, base)[0]:
                return found
            base[name] = limits[name]
        return None

    def _along(self, limits: Mapping[str, float], share: float) -> dict[str, float]:
        return {name: self.own[name] + share * (limit - self.own[name]) for name, limit in limits.items()}

    def _rounded(self, values: Mapping[str, float], limits: Mapping[str, float]) -> dict[str, float]:
        """Values as they are printed, rounded away from the place's own; those that would pass their limit as they are."""
        found = {}
        for name, value in values.items():
            shown = _printed(value, self.decimals[name], up=limits[name] > self.own[name])
            beyond = (shown - limits[name]) * np.sign(limits[name] - self.own[name]) > 0
            found[name] = value if beyond else shown
        return found
