"""The definition of an index: a tree of indicators and the method by which they become one number.

The same schema serves the universes of the Data Package and the definition files of `cityreport index`. A key left out
takes the default that is written here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, model_validator

Level = Literal["municipality", "district"]
Direction = Literal["+", "-"]
Aggregation = Literal["arithmetic", "geometric", "harmonic", "generalised", "copeland"]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Finite = Annotated[float, Field(allow_inf_nan=False)]
MOST_WEIGHT = 1e6
Weight = Annotated[float, Field(gt=0, le=MOST_WEIGHT, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=1)]


class Strict(BaseModel):
    """A part of a definition: frozen, no unknown keys."""

    # YAML reads an unquoted year as a number: it is taken as the text it was meant to be.
    model_config = ConfigDict(frozen=True, extra="forbid", coerce_numbers_to_str=True)


class Indicator(Strict):
    """A leaf: a column of the data (`indicator`), or a row of the codebook where `level` and `period` are given.

        `direction` "-" means less is better; left out, the codebook decides, else "+". The values are divided by the column
        `denominator` and multiplied by `scale`. `goalposts`, `target` and `reference` (a unit) belong to the normalisations
    of those names. `formula` makes the values from other columns (`helpers.data.expressions`). `level: district` in a
        universe of municipalities takes the district's value: inherited unless the municipality is its own district.
    """

    indicator: str
    weight: Weight = 1.0
    direction: Direction | None = None
    period: str = ""
    level: Level | None = None
    formula: str | None = None
    denominator: str | None = None
    scale: Positive = 1.0
    goalposts: tuple[Finite, Finite] | None = None
    target: Finite | None = None
    reference: str | None = None

    @model_validator(mode="after")
    def _increasing(self) -> Indicator:
        if self.goalposts is not None and not self.goalposts[0] < self.goalposts[1]:
            raise ValueError(f"goalposts of {self.indicator} must increase")
        return self

    @property
    def id(self) -> str:
        """The name of the leaf in the tree."""
        return self.indicator

    @property
    def key(self) -> tuple[str, str, str]:
        """The index of the codebook: level, indicator, period."""
        return self.level or "", self.indicator, self.period

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        """The leaf itself, so that leaves and groups can be asked alike."""
        return (self,)


class Group(Strict):
    """A node above the leaves, with its weight among its siblings; `aggregation` overrides that of its level."""

    id: str
    weight: Weight = 1.0
    aggregation: Aggregation | None = None
    children: tuple[Node, ...] = Field(min_length=1)

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        """All leaves below, in order."""
        return tuple(leaf for child in self.children for leaf in child.indicators)


def _kind(value: Any) -> str:
    has = value.__contains__ if isinstance(value, dict) else lambda name: hasattr(value, name)
    return "group" if has("children") or (has("id") and not has("indicator")) else "indicator"


Node = Annotated[Annotated[Group, Tag("group")] | Annotated[Indicator, Tag("indicator")], Discriminator(_kind)]


class Screening(Strict):
    """The least share of data that a unit, and an indicator, must have to stay in."""

    units: Share = 0.0
    indicators: Share = 0.0


class Imputation(Strict):
    """How a missing value is replaced; `group` names the column of groups. `row` takes the mean of the unit's normalised
    values in the same group of the tree."""

    method: Literal["none", "mean", "median", "group_mean", "group_median", "row"] = "none"
    group: str | None = None

    @model_validator(mode="after")
    def _grouped(self) -> Imputation:
        if self.method.startswith("group_") and self.group is None:
            raise ValueError(f"imputation {self.method} needs the column of groups: group: NAME")
        return self


class Treatment(Strict):
    """The outlier rule: an indicator passes with |skewness| < `skewness` or kurtosis < `kurtosis`; else it is winsorised until
    it does or `most` points have been moved, and if that does not help the logarithm is taken."""

    method: Literal["none", "winsorise_log"] = "none"
    skewness: Positive = 2.0
    kurtosis: Positive = 3.5
    most: Annotated[int, Field(ge=0)] = 5


class Normalisation(Strict):
    """How values become comparable; `range` is that of min-max and goalposts, `mean` and `sd` those of the z-score,
    `percentiles` the ends of percentile ranks."""

    method: Literal[
        "min_max",
        "z_score",
        "rank",
        "borda",
        "percentile",
        "distance_to_maximum",
        "distance_to_reference",
        "distance_to_target",
        "goalposts",
        "none",
    ] = "min_max"
    range: tuple[Finite, Finite] = (0.0, 100.0)
    mean: Finite = 0.0
    sd: Positive = 1.0
    percentiles: tuple[Finite, Finite] = (0.0, 1.0)

    @model_validator(mode="after")
    def _ordered(self) -> Normalisation:
        if not self.range[0] < self.range[1]:
            raise ValueError("range must increase")
        if not self.percentiles[0] < self.percentiles[1]:
            raise ValueError("percentiles must increase")
        return self


class IndexDefinition(Strict):
    """An index: the tree and its method.

    `aggregation` is one rule, or one for each level of groups from the lowest to the top. `minimum_share` is the least share
    of children with a value, whatever their weight, before a group gets one. `exponent` belongs to the generalised mean.
    `weight_sets` are further sets of weights by node id, for replays and comparisons.
    """

    tree: tuple[Node, ...] = Field(min_length=1)
    screening: Screening = Screening()
    imputation: Imputation = Imputation()
    treatment: Treatment = Treatment()
    normalisation: Normalisation = Normalisation()
    aggregation: Aggregation | tuple[Aggregation, ...] = "arithmetic"
    exponent: Annotated[float, Field(ge=-20, le=20)] = 1.0
    minimum_share: Share = 0.0
    weight_sets: dict[str, dict[str, Weight]] = Field(default_factory=dict)

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        """All leaves in order."""
        return tuple(leaf for node in self.tree for leaf in node.indicators)

    @property
    def depth(self) -> int:
        """Levels of groups, the index itself included: 1 for a flat list of indicators."""
        return 1 + max(_depth(node) for node in self.tree)

    @model_validator(mode="after")
    def _consistent(self) -> IndexDefinition:
        ids = list(_ids(self.tree))
        if twice := sorted({name for name in ids if ids.count(name) > 1}):
            raise ValueError(f"named twice in the tree: {', '.join(twice)}")
        if "index" in ids:
            raise ValueError("index is the name of the whole: no node of the tree can have it")
        if isinstance(self.aggregation, tuple) and len(self.aggregation) != self.depth:
            raise ValueError(f"aggregation must be one rule or one for each of the {self.depth} levels")
        unknown = sorted({name for weights in self.weight_sets.values() for name in weights} - set(ids))
        if unknown:
            raise ValueError(f"weight_sets name nodes that are not in the tree: {', '.join(unknown)}")
        needs = {"goalposts": "goalposts", "distance_to_target": "target", "distance_to_reference": "reference"}
        if needed := needs.get(self.normalisation.method):
            lacking = [leaf.indicator for leaf in self.indicators if getattr(leaf, needed) is None]
            if lacking:
                raise ValueError(f"normalisation {self.normalisation.method} needs {needed} of: {', '.join(lacking)}")
        return self


def _depth(node: Group | Indicator) -> int:
    return 0 if isinstance(node, Indicator) else 1 + max(_depth(child) for child in node.children)


def _ids(nodes: tuple[Group | Indicator, ...]) -> Iterator[str]:
    for node in nodes:
        yield node.id
        if isinstance(node, Group):
            yield from _ids(node.children)
