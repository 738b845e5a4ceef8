"""The difference between two scores, split into indicators so that the parts sum to it exactly.

An arithmetic index of two places with values on the same indicators is a sum, and so is the difference: weight times
difference of the normalised values. Everything else (another mean, another mean in a group, an indicator that one place
has and the other lacks, so that their weights differ) is split by Shapley values over the indicators (Shorrocks 2013): each
indicator is changed from the other place's value to the place's own in every possible order, and its part is its mean
effect. An indicator on which both are alike, or that both lack, has the part 0; of a place that lacks a value, only that
indicator bears the effect. A combination without a score counts as the mean of the two scores. Where too many indicators
differ, the orders are limited to those that finish a group before they leave it (Owen 1977; Winter 1989 for trees).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from math import comb
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from helpers.analysis.aggregation import ROOT, Nodes, aggregate, group_methods, node_weights
from helpers.analysis.construction import leaf_shares
from helpers.analysis.faults import ConstructionError
from helpers.analysis.index import IndexResult
from helpers.analysis.ranking import DECIMALS, Array
from helpers.data.definition import Group, IndexDefinition

MOST_PLAYERS = 13
"""So many indicators may differ for an exact split over all orders: at most 2^12 combinations for each of them."""

MOST_COMBINATIONS = 2**14
"""So many combinations are made for one indicator where the orders keep groups together."""

Method = Literal["direct", "shapley", "groups"]
Mask = NDArray[np.bool_]
Worth = Callable[[Mask], Array]


@dataclass(frozen=True, eq=False)
class Gap:
    """The score of `ags` less that of `other`, in points, and its parts; a positive part means that `ags` is ahead.

    parts: by indicator of the index. domains: their sums by the nodes at the top of the tree. values, other_values: the
    normalised values compared. other is None for a fictitious place. method: how it was split (see the module).
    """

    ags: str
    other: str | None
    score: float
    other_score: float
    parts: pd.Series
    domains: pd.Series
    values: pd.Series
    other_values: pd.Series
    method: Method

    @property
    def total(self) -> float:
        """The difference of the two scores: the sum of the parts."""
        return self.score - self.other_score


def gap(index: IndexResult, ags: str, other: str) -> Gap:
    """The gap between two places of an index.

    Raises ValueError where one of them has no score, ConstructionError where the index has no such split (Copeland) or
    too many indicators in one group.
    """
    _scored(index, ags, other)
    normalised = index.construction.normalised
    scores = float(index.score[ags]), float(index.score[other])
    return _gap(index.universe.index, ags, other, normalised.loc[ags], normalised.loc[other], scores)


def gap_to_median(index: IndexResult, ags: str, peers: Sequence[str]) -> Gap:
    """The gap to a fictitious place that has, on each indicator, the median of the normalised values of `peers`.

    No such place exists, and its score is not the median of the scores. Under min-max and goalposts its values are the
    peers' medians in their units. Without peers it has the median of all others. Errors as for `gap`.
    """
    _scored(index, ags)
    normalised = index.construction.normalised
    chosen = [peer for peer in peers if peer in normalised.index] if len(peers) else normalised.index.drop(ags)
    own, typical = normalised.loc[ags], normalised.loc[chosen].median()
    worth = _worth(index.universe.index, own, typical)
    score = float(worth(np.zeros((1, len(own)), dtype=bool))[0])
    return _gap(index.universe.index, ags, None, own, typical, (float(index.score[ags]), score), worth)


def parts_against_mean(index: IndexResult, ags: str) -> pd.Series:
    """The parts by indicator of a place's score against a fictitious place with the mean of all on each indicator."""
    normalised = index.construction.normalised
    return split(index.universe.index, normalised.loc[ags], normalised.mean())


def is_weighted_mean(definition: IndexDefinition) -> bool:
    """True if every mean is arithmetic: a score is then a sum over the indicators."""
    return set(group_methods(definition.tree, definition.aggregation).values()) == {"arithmetic"}


@dataclass(frozen=True)
class Opponents:
    """With whom a place is compared: the next better of its peers and the best; where it leads them, the next behind."""

    better: str | None
    best: str | None
    behind: str | None

    @property
    def chosen(self) -> list[str]:
        """Those that the report compares: the next better and the best, or the next behind of a place that leads."""
        found = (self.better, self.best) if self.better else (self.behind,)
        return list(dict.fromkeys(other for other in found if other))


def opponents(index: IndexResult, ags: str, peers: Sequence[str]) -> Opponents:
    """The peers (all others if empty) whose scores are next above, highest and next below; ties count as behind."""
    others = index.score.drop(ags)
    scores = others[[peer for peer in peers if peer in others.index]] if len(peers) else others
    order = scores.dropna().round(DECIMALS).sort_values(ascending=False, kind="stable")
    above = order[order > round(index.score[ags], DECIMALS)]
    below = order.drop(above.index)
    return Opponents(
        better=str(above.index[-1]) if len(above) else None,
        best=str(above.index[0]) if len(above) else None,
        behind=str(below.index[0]) if len(below) else None,
    )


def split(definition: IndexDefinition, own: pd.Series, other: pd.Series, method: Method | None = None) -> pd.Series:
    """The parts by indicator of the difference between two places given by their normalised values (NaN = missing).

    `method` None takes the cheapest that is exact and treats all indicators alike. Raises ConstructionError, see `gap`.
    """
    return _parts(definition, own, other, method or _method(definition, own, other))


def _parts(
    definition: IndexDefinition, own: pd.Series, other: pd.Series, method: Method, worth: Worth | None = None
) -> pd.Series:
    """The parts by a method; `worth` is that of the two places, where it is known already."""
    tree, names = definition.tree, list(own.index)
    rules = group_methods(tree, definition.aggregation)
    if refused := sorted(group for group, rule in rules.items() if rule == "copeland"):
        raise ConstructionError(
            [
                f"gaps: {group} is a Copeland score, which depends on all other places: it has no parts by indicator"
                for group in refused
            ]
        )
    if method == "direct":
        shares = pd.Series(leaf_shares(tree, set(own.dropna().index)), dtype=float).reindex(names)
        return ((own - other) * shares).fillna(0.0)
    differ = [str(name) for name in own.index[_differ(own, other)]]
    blocks = _blocks(tree, set(differ)) if method == "groups" else [_Block((name,), ()) for name in differ]
    contexts = (np.zeros((1, len(names)), dtype=bool), np.ones(1))
    position = {name: number for number, name in enumerate(names)}
    found = dict.fromkeys(names, 0.0) | dict(_walk(blocks, contexts, position, worth or _worth(definition, own, other)))
    return pd.Series(found, dtype=float)


def _scored(index: IndexResult, *places: str) -> None:
    """Raises ValueError for a place without a score."""
    for place in places:
        if np.isnan(index.score.get(place, np.nan)):
            raise ValueError(f"{place} has no score in this index")


def _gap(
    definition: IndexDefinition,
    ags: str,
    other: str | None,
    own: pd.Series,
    others: pd.Series,
    scores: tuple[float, float],
    worth: Worth | None = None,
) -> Gap:
    method = _method(definition, own, others)
    parts = _parts(definition, own, others, method, worth)
    domains = {
        node.id: sum(float(parts[leaf.id]) for leaf in node.indicators if leaf.id in parts) for node in definition.tree
    }
    return Gap(ags, other, *scores, parts, pd.Series(domains, dtype=float), own, others, method)


def _method(definition: IndexDefinition, own: pd.Series, other: pd.Series) -> Method:
    rules = set(group_methods(definition.tree, definition.aggregation).values())
    alike = (own.isna() == other.isna()).all()
    # A group under the minimum share is missing for both, which the weights of the leaves do not know.
    complete = definition.minimum_share == 0 or own.notna().all()
    if rules == {"arithmetic"} and alike and complete:
        return "direct"
    differing = int(_differ(own, other).sum())
    return "shapley" if differing <= MOST_PLAYERS else "groups"


def _differ(own: pd.Series, other: pd.Series) -> pd.Series:
    """True where the two places differ: in the value, or in having one."""
    return ~((own == other) | (own.isna() & other.isna()))


def _worth(definition: IndexDefinition, own: pd.Series, other: pd.Series) -> Worth:
    """The score of combinations (combinations x indicators): the place's own value where True, else the other's."""
    weights = node_weights(definition.tree)

    def scores(masks: Mask) -> Array:
        mixed = np.where(masks, own.to_numpy(dtype=float), other.to_numpy(dtype=float))
        # The draws of `aggregate` stand for the combinations, its units for the one place that is put together.
        found: Array = aggregate(
            definition.tree,
            {name: mixed[None, :, number] for number, name in enumerate(own.index)},
            {node: np.full(len(masks), weight) for node, weight in weights.items()},
            definition.aggregation,
            exponent=definition.exponent,
            minimum_share=definition.minimum_share,
        )[ROOT][0]
        return found

    ends = scores(np.array([np.zeros(len(own), dtype=bool), np.ones(len(own), dtype=bool)]))

    def worth(masks: Mask) -> Array:
        found = scores(masks)
        return np.where(np.isnan(found), ends.mean(), found)

    return worth


@dataclass(frozen=True)
class _Block:
    """Indicators that change together: one alone, or a group with its blocks."""

    names: tuple[str, ...]
    children: tuple[_Block, ...]


def _blocks(nodes: Nodes, differ: set[str]) -> list[_Block]:
    """The tree without the indicators on which both places are alike; a group of one is that one."""
    found = []
    for node in nodes:
        names = tuple(leaf.id for leaf in node.indicators if leaf.id in differ)
        if len(names) == 1:
            found.append(_Block(names, ()))
        elif names and isinstance(node, Group):
            found.append(_Block(names, tuple(_blocks(node.children, differ))))
    return found


def _walk(
    blocks: Sequence[_Block], contexts: tuple[Mask, Array], position: dict[str, int], worth: Worth
) -> Iterable[tuple[str, float]]:
    """The mean effect of each indicator over the orders in which the blocks may change.

    contexts: the combinations of what has changed before outside of these blocks, and the probability of each.
    """
    for block in blocks:
        masks, probability = _before(block, blocks, contexts, position)
        if block.children:
            yield from _walk(block.children, (masks, probability), position, worth)
            continue
        with_it = masks.copy()
        with_it[:, position[block.names[0]]] = True
        yield block.names[0], float(probability @ (worth(with_it) - worth(masks)))


def _before(
    block: _Block, blocks: Sequence[_Block], contexts: tuple[Mask, Array], position: dict[str, int]
) -> tuple[Mask, Array]:
    """What may have changed before `block` does: any of its siblings, in each of the contexts."""
    siblings = [other for other in blocks if other is not block]
    masks, probability = contexts
    if len(masks) * 2 ** len(siblings) > MOST_COMBINATIONS:
        raise ConstructionError(
            [f"gaps: too many indicators beside {', '.join(block.names[:3])} for an exact split ({len(siblings)})"]
        )
    chosen = np.array(list(product((False, True), repeat=len(siblings))), dtype=bool).reshape(2 ** len(siblings), -1)
    members = np.zeros((len(siblings), masks.shape[1]), dtype=bool)
    for number, sibling in enumerate(siblings):
        members[number, [position[name] for name in sibling.names]] = True
    changed: Mask = np.asarray((chosen[:, :, None] & members[None]).any(axis=1))
    # A set of k siblings stands before with probability k! (m - k)! / (m + 1)!.
    m = len(siblings)
    shares = np.array([1 / ((m + 1) * comb(m, k)) for k in range(m + 1)])[chosen.sum(axis=1)]
    every = (masks[:, None, :] | changed[None]).reshape(-1, masks.shape[1])
    return every, (probability[:, None] * shares[None]).reshape(-1)
