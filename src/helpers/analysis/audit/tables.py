"""All tables of the audit at once.

OECD/JRC, Handbook on Constructing Composite Indicators (2008), steps 4, 6 and 7. `audit` makes all tables; they are pure functions
of the data and the definition. What cannot be computed is NaN with a code in the column `reason` (`reasons.py`).
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from helpers.analysis.aggregation import ROOT
from helpers.analysis.audit.components import Components, components
from helpers.analysis.audit.consistency import after_deleting, consistency
from helpers.analysis.audit.correlation import belonging, pairs, size_bias
from helpers.analysis.audit.influence import influence
from helpers.analysis.audit.leave_one_out import LeaveOneOut, leave_one_out
from helpers.analysis.audit.statistics import statistics
from helpers.analysis.construction import leaf_shares
from helpers.data.definition import Group, IndexDefinition

AUDIT_TABLES = (
    "statistics",
    "correlations",
    "correlations_of_domains",
    "belonging",
    "consistency",
    "consistency_after_deleting",
    "eigenvalues",
    "loadings",
    "rotated_loadings",
    "influence",
    "leave_one_out",
    "leave_one_out_ranks",
    "size_bias",
)
"""The names of the tables of an audit; the last only where the size of the units is known."""


@dataclass(frozen=True)
class Audit:
    """All tables of the audit.

    statistics, belonging, influence: by indicator. pairs: every two indicators; domain_pairs: every two domains.
    consistency: Cronbach's alpha of each domain and of all ("index"); after_deleting: the same without each indicator.
    size: correlation of indicators, domains and index with population; None where it is not known.
    """

    statistics: pd.DataFrame
    pairs: pd.DataFrame
    domain_pairs: pd.DataFrame
    belonging: pd.DataFrame
    consistency: pd.DataFrame
    after_deleting: pd.DataFrame
    components: Components
    influence: pd.DataFrame
    leave_one_out: LeaveOneOut
    size: pd.DataFrame | None

    def tables(self) -> dict[str, pd.DataFrame]:
        """Every table by name, to be written as a file each; those that could not be made are empty."""
        frames = (
            self.statistics,
            self.pairs,
            self.domain_pairs,
            self.belonging,
            self.consistency,
            self.after_deleting,
            self.components.eigenvalues,
            self.components.loadings,
            self.components.rotated,
            self.influence,
            self.leave_one_out.parts,
            self.leave_one_out.ranks,
            self.size,
        )
        return {name: frame for name, frame in zip(AUDIT_TABLES, frames, strict=True) if frame is not None}


def audit(
    definition: IndexDefinition,
    raw: pd.DataFrame,
    normalised: pd.DataFrame,
    *,
    inherited: pd.DataFrame | None = None,
    population: pd.Series | None = None,
) -> Audit:
    """Audit an index from its raw and its normalised values (units x indicators, more is better after normalising).

    Units and indicators that the normalised values lack, or have no value of, were left out of the index. inherited: where
    a value was taken over from the district. population: the size of the units. Raises ValueError where the frames do not
    fit the definition and each other.
    """
    names = [leaf.id for leaf in definition.indicators]
    if lacking := [name for name in names if name not in raw.columns]:
        raise ValueError(f"the raw values lack the indicators {', '.join(lacking)}")
    if not normalised.index.isin(raw.index).all() or not raw.index.is_unique:
        raise ValueError("the normalised values must be those of units of the raw values, each unit once")
    raw, normalised = raw[names], normalised.reindex(index=raw.index, columns=names).astype(float)
    tops = [node for node in definition.tree if isinstance(node, Group)]
    members = {ROOT: names} | {node.id: [leaf.id for leaf in node.indicators] for node in tops}
    # An indicator at the top of the tree belongs to the index alone.
    domain_of = dict.fromkeys(names, ROOT) | {leaf.id: node.id for node in tops for leaf in node.indicators}
    variants = leave_one_out(definition, normalised)
    groups = variants.groups
    nothing = pd.DataFrame(index=raw.index, columns=groups[ROOT].columns, dtype=float)
    scores = pd.DataFrame({node.id: groups.get(node.id, nothing)[ROOT] for node in tops}, index=raw.index)
    index = groups[ROOT][ROOT]
    used = {name for name in names if normalised[name].notna().any()}
    domain_rests = pd.DataFrame(
        {name: groups[domain_of[name]][name] for name in names if name in used}, index=raw.index
    )
    index_rests = groups[ROOT].reindex(columns=names)
    return Audit(
        statistics=statistics(raw, definition.treatment, inherited),
        pairs=pairs(normalised, domain_of),
        domain_pairs=pairs(scores, dict.fromkeys(scores.columns, ROOT)),
        belonging=belonging(
            normalised,
            domain_of,
            scores,
            index,
            domain_rests.reindex(columns=names),
            index_rests,
        ),
        consistency=consistency(normalised, members),
        after_deleting=after_deleting(normalised, members),
        components=components(normalised),
        influence=influence(normalised, index, leaf_shares(definition.tree, used)),
        leave_one_out=variants,
        size=None
        if population is None
        else size_bias(pd.concat([normalised, scores, index.rename(ROOT)], axis=1), population),
    )
