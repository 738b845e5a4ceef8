"""What a reader may choose differently in the index of a universe: weights, scale and mean.

The ground floor of the parameters: no pandas, and no file is read here. The scales and means offered are those among
which the uncertainty analysis draws, so that an index chosen here is one of the variants behind every range.
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from math import isclose, isfinite
from typing import Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, model_serializer

Scale = Literal["min_max", "z_score", "percentile"]
Mean = Literal["arithmetic", "geometric"]
LEAST_WEIGHT, MOST_WEIGHT = 0.01, 100.0

_ALLOWED = {"normalisation": get_args(Scale), "aggregation": get_args(Mean)}


class IndexChoice(BaseModel):
    """How an index departs from that of its universe; empty where it does not.

    weights: of domains and indicators by their name, relative to their siblings; those not named keep their own.
    normalisation, aggregation: None keeps that of the universe. Build it with `resolve`, which checks it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    weights: dict[str, float] = Field(default_factory=dict)
    normalisation: Scale | None = None
    aggregation: Mean | None = None

    def __bool__(self) -> bool:
        return bool(self.weights or self.normalisation or self.aggregation)

    def __hash__(self) -> int:
        return hash((tuple(self.weights.items()), self.normalisation, self.aggregation))

    @model_serializer
    def _chosen(self) -> dict[str, Any]:
        """What was chosen, and nothing else: an empty mapping by default."""
        every = {"weights": dict(self.weights), "normalisation": self.normalisation, "aggregation": self.aggregation}
        return {name: value for name, value in every.items() if value}


def resolve(value: Any, definition: dict[str, Any]) -> tuple[IndexChoice, list[str]]:
    """The choice that `value` (a mapping, or nothing) means for an index definition as its YAML file has it.

    What is chosen as the universe has it anyway is left out. Returns the faults, a sentence each, beside it.
    """
    if isinstance(value, IndexChoice):
        value = value.model_dump()
    if not isinstance(value, dict):
        keys = ", ".join(IndexChoice.model_fields)
        return IndexChoice(), [] if value is None else [f"index: {value!r} is not a mapping with {keys}."]
    faults = [_unknown("index", name, list(IndexChoice.model_fields)) for name in value if name not in _fields()]
    own = {
        "normalisation": _method(definition, "normalisation", "min_max"),
        "aggregation": definition.get("aggregation"),
    }
    chosen: dict[str, Any] = {}
    for name, allowed in _ALLOWED.items():
        wanted = value.get(name)
        if wanted is not None and wanted not in allowed:
            faults.append(f"index.{name}: {wanted!r} is not one of {', '.join(allowed)}.")
        elif wanted != (own[name] or "arithmetic"):
            chosen[name] = wanted
    weights = value.get("weights") or {}
    if not isinstance(weights, dict):
        return IndexChoice(), [*faults, f"index.weights: {weights!r} is not a mapping of names to weights."]
    faults += _weight_faults(weights, [name for family in families(definition["tree"]) for name in family])
    if faults:
        return IndexChoice(), faults
    return IndexChoice(weights=_departing(weights, definition), **chosen), []


def families(nodes: list[dict[str, Any]]) -> Iterator[dict[str, float]]:
    """The weights of each set of siblings by name, from the top of a tree of a YAML file."""
    yield {str(node.get("id", node.get("indicator"))): float(node.get("weight", 1)) for node in nodes}
    for node in nodes:
        if "children" in node:
            yield from families(node["children"])


def _fields() -> set[str]:
    return set(IndexChoice.model_fields)


def _method(definition: dict[str, Any], key: str, default: str) -> str:
    return str((definition.get(key) or {}).get("method", default))


def _weight_faults(weights: dict[Any, Any], known: list[str]) -> list[str]:
    faults = []
    for name, weight in weights.items():
        if name not in known:
            faults.append(_unknown("index.weights", str(name), known))
        elif isinstance(weight, bool) or not isinstance(weight, (int, float)) or not _in_range(weight):
            faults.append(f"index.weights.{name}: {weight!r} is not a number from {LEAST_WEIGHT:g} to {MOST_WEIGHT:g}.")
    return faults


def _in_range(weight: float) -> bool:
    return isfinite(weight) and LEAST_WEIGHT <= weight <= MOST_WEIGHT


def _departing(weights: dict[str, Any], definition: dict[str, Any]) -> dict[str, float]:
    """The weights, in the order of the tree, of the families whose shares differ from those of the universe."""
    found: dict[str, float] = {}
    for family in families(definition["tree"]):
        mixed = {name: float(weights.get(name, own)) for name, own in family.items()}
        before, after = sum(family.values()), sum(mixed.values())
        if not all(isclose(mixed[name] / after, own / before) for name, own in family.items()):
            found |= {name: weight for name, weight in mixed.items() if weight != family[name]}
    return found


def _unknown(where: str, name: str, known: list[str]) -> str:
    near = get_close_matches(name, known, n=1)
    meant = f" Did you mean {near[0]!r}?" if near else ""
    return f"{where}.{name}: no such name. Allowed: {', '.join(known)}.{meant}"
