"""From a table of units x indicators to scores and ranks by an index definition, every table on the way kept.

Steps, in the order of the Handbook (OECD/JRC 2008): denominators, screening, imputation, treatment of outliers,
direction, normalisation, aggregation, ranks. Pure: frames in, frames out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from helpers.analysis.aggregation import ROOT, aggregate, node_weights
from helpers.analysis.crosschecks import benefit_of_the_doubt, mazziotta_pareto
from helpers.analysis.faults import ConstructionError, few
from helpers.analysis.imputation import blocks_of, impute
from helpers.analysis.normalisation import IN_UNITS, NEEDS_SPREAD, constant_columns, normalise
from helpers.analysis.ranking import Array, rank
from helpers.analysis.screening import screen
from helpers.analysis.treatment import treat
from helpers.data.definition import Direction, Group, IndexDefinition, Indicator, Normalisation

Mask = NDArray[np.bool_]

RELATIVE_TO_UNITS = ("min_max", "z_score", "rank", "borda", "percentile", "distance_to_maximum")
"""The normalisations that compare units with each other: they need two."""


@dataclass(frozen=True)
class Prepared:
    """The tables of an index up to its normalised indicators; frames have a row for each unit that stayed.

    values: after denominators, all units and indicators. unit_coverage, indicator_coverage: share of data of each, before
    screening. screened_units, screened_indicators: those with too little. constant: indicators left out because they do
    not tell the units apart. imputed, flags: after imputation and which cells were filled. treated, touched (unit,
    indicator, before, after, how), treatments (a row an indicator). normalised: more is better.
    """

    definition: IndexDefinition
    directions: dict[str, Direction]
    values: pd.DataFrame
    unit_coverage: pd.Series
    indicator_coverage: pd.Series
    screened_units: list[str]
    screened_indicators: list[str]
    constant: list[str]
    imputed: pd.DataFrame
    flags: pd.DataFrame
    treated: pd.DataFrame
    touched: pd.DataFrame
    treatments: pd.DataFrame
    normalised: pd.DataFrame

    @property
    def signs(self) -> pd.Series:
        """-1 for indicators of which less is better, else 1, for those that stayed."""
        return pd.Series({name: sign_of(self.directions[name]) for name in self.treated}, dtype=float)

    @property
    def leaves(self) -> dict[str, Array]:
        """The normalised columns as `aggregation.aggregate` takes them."""
        return {name: self.normalised[[name]].to_numpy() for name in self.normalised}

    @property
    def effective_weights(self) -> pd.Series:
        """The share of each indicator that stayed in the whole: the product of the shares along the tree."""
        return pd.Series(leaf_shares(self.definition.tree, set(self.normalised)), dtype=float)


@dataclass(frozen=True)
class Construction(Prepared):
    """An index with all its tables.

    aggregated: every group and "index". rank: 1 = best, ties share the lowest number, missing without a score.
    """

    aggregated: pd.DataFrame
    rank: pd.Series

    @property
    def score(self) -> pd.Series:
        """The index itself."""
        return self.aggregated[ROOT].rename("score")

    def crosschecks(self) -> pd.DataFrame:
        """Score beside Copeland, Mazziotta-Pareto and bounded benefit of the doubt of the same indicators, with ranks.

        Copeland takes the effective weights; Mazziotta-Pareto knows none; the benefit of the doubt chooses its own.
        """
        oriented = (self.treated * self.signs).to_numpy()
        scaled = (
            normalise(oriented, Normalisation()) if not constant_columns(oriented) else np.full_like(oriented, np.nan)
        )
        weights = self.effective_weights
        leaves = {name: oriented[:, [number]] for number, name in enumerate(self.normalised)}
        flat = tuple(Indicator(indicator=name) for name in self.normalised)
        columns = {
            "score": self.score.to_numpy(),
            "copeland": aggregate(flat, leaves, weights.to_dict(), "copeland")[ROOT][:, 0],
            "mazziotta_pareto": mazziotta_pareto(oriented),
            "benefit_of_the_doubt": benefit_of_the_doubt(scaled),
        }
        frame = pd.DataFrame(columns, index=self.normalised.index)
        for name in columns:
            frame[f"{name}_rank"] = rank_frame(frame[[name]])[name]
        return frame


def construct(
    raw: pd.DataFrame,
    definition: IndexDefinition,
    *,
    groups: pd.Series | None = None,
    denominators: pd.DataFrame | None = None,
    directions: Mapping[str, Direction] | None = None,
    leave_out_constant: bool = False,
) -> Construction:
    """The index of `definition` over the units (rows) of `raw`; see `prepare` for the arguments."""
    prepared = prepare(
        raw,
        definition,
        groups=groups,
        denominators=denominators,
        directions=directions,
        leave_out_constant=leave_out_constant,
    )
    units = prepared.normalised.index
    aggregated = aggregate(
        definition.tree,
        prepared.leaves,
        node_weights(definition.tree),
        definition.aggregation,
        exponent=definition.exponent,
        minimum_share=definition.minimum_share,
        units=[str(unit) for unit in units],
    )
    frame = pd.DataFrame({name: column[:, 0] for name, column in aggregated.items()}, index=units)
    return Construction(**vars(prepared), aggregated=frame, rank=rank_frame(frame[[ROOT]])[ROOT].rename("rank"))


def prepare(
    raw: pd.DataFrame,
    definition: IndexDefinition,
    *,
    groups: pd.Series | None = None,
    denominators: pd.DataFrame | None = None,
    directions: Mapping[str, Direction] | None = None,
    leave_out_constant: bool = False,
) -> Prepared:
    """All steps before aggregation, over the units (rows) of `raw` with one column for each indicator; NaN = missing.

    groups: the group of each unit, for imputation by group. denominators: their columns by name. directions: those of the
    codebook, taken where the definition gives none. leave_out_constant: an indicator without values, or without the spread
    that the normalisation needs, is left out and named in `constant`; otherwise it is an error. Raises ConstructionError
    with all faults found in a step.
    """
    leaves = definition.indicators
    names = [leaf.id for leaf in leaves]
    values = _values(raw, leaves, denominators)
    signs_of: dict[str, Direction] = {
        leaf.id: leaf.direction or (directions or {}).get(leaf.id, "+") for leaf in leaves
    }

    matrix = values.to_numpy()
    screened = screen(matrix, definition.screening)
    constant = np.zeros(len(names), dtype=bool)
    if leave_out_constant:
        constant = np.isnan(matrix[screened.units]).all(axis=0)
        if definition.normalisation.method in NEEDS_SPREAD:
            constant[constant_columns(matrix[screened.units])] = True
    kept = screened.indicators & ~constant
    _check_left(values, screened.units, kept, definition.normalisation.method)
    stayed = [leaf for leaf, keep in zip(leaves, kept, strict=True) if keep]
    columns = [leaf.id for leaf in stayed]
    signs = np.array([sign_of(signs_of[name]) for name in columns])
    units = values.index[screened.units]
    unit_groups = None if groups is None else groups.reindex(units).fillna("").astype(str).to_numpy(dtype=object)
    blocks = dict(zip(names, blocks_of(definition.tree), strict=True))
    imputed = impute(
        matrix[screened.units][:, kept],
        definition.imputation,
        unit_groups,
        blocks=[blocks[name] for name in columns],
        signs=signs,
    )
    treated = treat(imputed.values, definition.treatment, names=columns)
    _check_scale([check.action == "log" for check in treated.columns], stayed, definition.normalisation.method)
    oriented = treated.values * signs + 0.0  # no -0 in a table
    normalised = normalise(
        oriented,
        definition.normalisation,
        **aims(stayed, signs, oriented, units),
        names=columns,
        units=[str(unit) for unit in units],
    )
    return Prepared(
        definition=definition,
        directions=signs_of,
        values=values,
        unit_coverage=pd.Series(screened.unit_shares, index=values.index),
        indicator_coverage=pd.Series(screened.indicator_shares, index=names),
        screened_units=[str(unit) for unit in values.index[~screened.units]],
        screened_indicators=[name for name, keep in zip(names, screened.indicators, strict=True) if not keep],
        constant=[name for name, drop in zip(names, constant & screened.indicators, strict=True) if drop],
        imputed=pd.DataFrame(imputed.values, index=units, columns=columns),
        flags=pd.DataFrame(imputed.flags, index=units, columns=columns),
        treated=pd.DataFrame(treated.values, index=units, columns=columns),
        touched=pd.DataFrame(
            [(units[t.row], columns[t.column], t.before, t.after, t.how) for t in treated.touched],
            columns=["unit", "indicator", "before", "after", "how"],
        ),
        treatments=pd.DataFrame(treated.columns, index=pd.Index(columns, name="indicator")),
        normalised=pd.DataFrame(normalised, index=units, columns=columns),
    )


def rank_frame(scores: pd.DataFrame) -> pd.DataFrame:
    """Ranks of each column (Int64), missing where there is no score; see `ranking.rank`."""
    ranks = pd.DataFrame(rank(scores.to_numpy(dtype=float)), index=scores.index, columns=scores.columns)
    return ranks.astype("Int64").mask(ranks == 0)


def sign_of(direction: Direction) -> float:
    """-1 where less is better."""
    return -1.0 if direction == "-" else 1.0


def leaf_shares(nodes: tuple[Group | Indicator, ...], present: set[str], share: float = 1.0) -> dict[str, float]:
    """The share of each leaf in `present`: the product of its shares along the tree, without what is left out."""
    left = [node for node in nodes if any(leaf.id in present for leaf in node.indicators)]
    total = sum(node.weight for node in left)
    found: dict[str, float] = {}
    for node in left:
        part = share * node.weight / total
        found |= {node.id: part} if isinstance(node, Indicator) else leaf_shares(node.children, present, part)
    return found


def _values(raw: pd.DataFrame, leaves: tuple[Indicator, ...], denominators: pd.DataFrame | None) -> pd.DataFrame:
    """The indicators in the order of the tree, divided by their denominators; all faults of the table at once."""
    faults = [] if len(raw) else ["the table has no units"]
    faults += [f"unit {name} occurs twice" for name in raw.index[raw.index.duplicated()].unique()]
    faults += [f"indicator {leaf.id} is not in the table" for leaf in leaves if leaf.id not in raw]
    known = set(denominators) if denominators is not None else set[str]()
    needed = {leaf.denominator for leaf in leaves if leaf.denominator is not None}
    faults += [f"denominator {name} is not in the table" for name in sorted(needed - known)]
    if faults:
        raise ConstructionError(faults)
    columns = {}
    for leaf in leaves:
        column = raw[leaf.id].astype(float)
        if infinite := [str(unit) for unit in raw.index[np.isinf(column)]]:
            faults.append(f"indicator {leaf.id} is infinite for {few(infinite)}")
        if leaf.denominator is not None and denominators is not None:
            under = denominators[leaf.denominator].astype(float)
            if wrong := [str(unit) for unit in raw.index[(under <= 0) | np.isinf(under)]]:
                faults.append(f"denominator {leaf.denominator} of {leaf.id} is not a positive number for {few(wrong)}")
            column = column / under.where(under > 0) * leaf.scale
        elif leaf.scale != 1:
            column = column * leaf.scale
        if lost := [str(unit) for unit in raw.index[np.isinf(column) & ~np.isinf(raw[leaf.id].astype(float))]]:
            faults.append(f"denominators: indicator {leaf.id} has no finite value for {few(lost)}")
        columns[leaf.id] = column
    if faults:
        raise ConstructionError(list(dict.fromkeys(faults)))
    return pd.DataFrame(columns, index=raw.index)


def _check_left(values: pd.DataFrame, units: Mask, indicators: Mask, method: str) -> None:
    faults = []
    if not units.any():
        faults.append("no unit is left: each has less data than the screening of units asks for")
    elif units.sum() < 2 and method in RELATIVE_TO_UNITS:
        faults.append(f"{method} compares units with each other, and there is only one: {values.index[units][0]}")
    if not indicators.any():
        faults.append("no indicator is left: each is constant, empty or has less data than the screening asks for")
    if faults:
        raise ConstructionError(faults)


def _check_scale(logged: list[bool], leaves: list[Indicator], method: str) -> None:
    """Goalposts and targets are in the unit of the data: they do not fit an indicator of which the logarithm was taken."""
    if method not in IN_UNITS:
        return
    if names := [leaf.id for leaf, log in zip(leaves, logged, strict=True) if log]:
        raise ConstructionError(
            [
                f"the outlier rule took the logarithm of {name}; {method} is in the unit of the data: treatment none, or"
                " give the logarithm as the indicator"
                for name in names
            ]
        )


def aims(leaves: list[Indicator], signs: Array, oriented: Array, units: pd.Index) -> dict[str, Array]:
    """Goalposts, targets and reference values of the indicators, oriented, as `normalise` takes them; NaN where not given.

    oriented: units x indicators. Raises ConstructionError for a reference that is not among the units.
    """
    posts = np.array([leaf.goalposts or (np.nan, np.nan) for leaf in leaves])
    return {
        "goalposts": np.sort(posts * signs[:, None], axis=1),
        "targets": np.array([np.nan if leaf.target is None else leaf.target for leaf in leaves]) * signs,
        "references": _references(oriented, leaves, units),
    }


def _references(oriented: Array, leaves: list[Indicator], units: pd.Index) -> Array:
    """The value of each indicator's reference unit, oriented."""
    names = [str(unit) for unit in units]
    unknown = [leaf for leaf in leaves if leaf.reference is not None and leaf.reference not in names]
    if unknown:
        raise ConstructionError([f"reference {leaf.reference} of {leaf.id} is not among the units" for leaf in unknown])
    return np.array(
        [
            np.nan if leaf.reference is None else oriented[names.index(leaf.reference), number]
            for number, leaf in enumerate(leaves)
        ]
    )
