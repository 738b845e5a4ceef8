"""The universe of a reader who chooses other weights, another scale or another mean (`helpers.choices`)."""

from __future__ import annotations

from helpers.choices import IndexChoice
from helpers.data.definition import Group, Indicator, Normalisation
from helpers.data.universe import Universe

# Every scale runs within 0 to 100 points, as the words and axes of the report have it; under a geometric mean, which has no
# value for zero, from 1. No z-score of the three universes lies further out than 9 standard deviations.
_FROM, _TO, _POSITIVE = 0.0, 100.0, 1.0
_MEAN, _SD = 50.0, 5.0


def with_choice(universe: Universe, choice: IndexChoice) -> Universe:
    """`universe` with the weights, scale and mean of `choice`; itself where nothing was chosen."""
    if not choice:
        return universe
    definition = universe.index
    aggregation = choice.aggregation or definition.aggregation
    method = choice.normalisation or definition.normalisation.method
    normalisation = definition.normalisation
    if choice.normalisation or choice.aggregation:
        low = _POSITIVE if aggregation == "geometric" else _FROM
        normalisation = Normalisation(method=method, range=(low, _TO), percentiles=(low, _TO), mean=_MEAN, sd=_SD)
    changed = definition.model_copy(
        update={
            "tree": tuple(_reweighted(node, choice.weights) for node in definition.tree),
            "normalisation": normalisation,
            "aggregation": aggregation,
        }
    )
    return universe.model_copy(update={"index": changed})


def _reweighted(node: Group | Indicator, weights: dict[str, float]) -> Group | Indicator:
    update: dict[str, object] = {"weight": weights.get(node.id, node.weight)}
    if isinstance(node, Group):
        update["children"] = tuple(_reweighted(child, weights) for child in node.children)
    return node.model_copy(update=update)
