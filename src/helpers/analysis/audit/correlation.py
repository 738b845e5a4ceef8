"""How the indicators hang together: within and across domains, with their domain and the index, and with size.

All values are oriented so that more is better, hence a negative correlation means that two indicators work against each
other. Correlations are pairwise complete. Method: OECD/JRC, Handbook (2008), step 4.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

import numpy as np
import pandas as pd

from helpers.analysis.audit.reasons import FEWEST_UNITS, NO_VALUES, pair_reason

REDUNDANT = 0.9
"""Indicators correlated above this measure one thing twice (the threshold of the JRC)."""

NEGATIVE_WITHIN, REDUNDANT_PAIR = "negative_within", "redundant"
NEGATIVE_DOMAIN, NEGATIVE_INDEX, ELSEWHERE = "negative_with_domain", "negative_with_index", "higher_with_other_domain"


def pairs(values: pd.DataFrame, domains: Mapping[str, str]) -> pd.DataFrame:
    """Every pair of columns once, with its correlations and flags; `domains` names the parent (group or index) of each.

    Flags: Pearson below 0 within a domain, Pearson above 0.9 anywhere.
    """
    finite = _finite(values)
    pearson = finite.corr(min_periods=FEWEST_UNITS).to_numpy()
    spearman = finite.corr(method="spearman", min_periods=FEWEST_UNITS).to_numpy()
    common = finite.notna().to_numpy().astype(int)
    counts = common.T @ common
    rows = []
    for i, j in combinations(range(len(finite.columns)), 2):
        first, second = finite.columns[i], finite.columns[j]
        within, r = domains[first] == domains[second], pearson[i, j]
        flags = [NEGATIVE_WITHIN] if within and r < 0 else []
        flags += [REDUNDANT_PAIR] if r > REDUNDANT else []
        reason = pair_reason(finite.iloc[:, i], finite.iloc[:, j]) if np.isnan(r) else ""
        rows.append((first, second, within, counts[i, j], r, spearman[i, j], "; ".join(flags), reason))
    names = ["first", "second", "same_domain", "n", "pearson", "spearman", "flag", "reason"]
    return pd.DataFrame(rows, columns=names)


def belonging(
    values: pd.DataFrame,
    domains: Mapping[str, str],
    scores: pd.DataFrame,
    index: pd.Series,
    domain_rests: pd.DataFrame,
    index_rests: pd.DataFrame,
) -> pd.DataFrame:
    """The correlation of each indicator with its domain, its best other domain and the index.

    scores: units x domains. An indicator is a part of its domain and lifts the correlation with it; the columns `*_rest`
    hold the domain or the index computed without it (`domain_rests`, `index_rests`: units x indicators; NaN for an
    indicator that is alone). Flags are by Pearson with the whole, as in the Handbook.
    """
    finite = _finite(values)
    rows = {name: _belonging(finite[name], domains[name], scores, index) for name in finite.columns}
    for name, row in rows.items():
        row["domain_rest_pearson"], row["domain_rest_spearman"] = _both(finite[name], domain_rests[name])
        row["index_rest_pearson"], row["index_rest_spearman"] = _both(finite[name], index_rests[name])
    frame = pd.DataFrame.from_dict(rows, orient="index").rename_axis("indicator")
    order = ["domain", "n", "domain_pearson", "domain_spearman", "domain_rest_pearson", "domain_rest_spearman"]
    order += ["other", "other_pearson", "index_pearson", "index_spearman", "index_rest_pearson", "index_rest_spearman"]
    return frame[[*order, "flag", "reason"]]


def size_bias(values: pd.DataFrame, population: pd.Series) -> pd.DataFrame:
    """The correlation of each column with the size of the units: Spearman, and Pearson with log population.

    Units without a positive population are left out.
    """
    size = np.log(population.reindex(values.index).astype(float).where(lambda people: people > 0))
    rows = {}
    for name in values.columns:
        column = _finite(values[[name]])[name]
        pearson, spearman = _both(column, size)
        n = int((column.notna() & size.notna()).sum())
        rows[name] = {"n": n, "spearman": spearman, "pearson_log": pearson, "reason": pair_reason(column, size)}
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("part")


def _belonging(column: pd.Series, domain: str, scores: pd.DataFrame, index: pd.Series) -> dict[str, object]:
    # An indicator at the top of the tree has the index for its domain, and no other domain to compare with.
    nested = domain in scores
    own, own_rank = _both(column, scores[domain] if nested else index)
    others = {name: _both(column, scores[name])[0] for name in scores.columns if nested and name != domain}
    known = {name: r for name, r in others.items() if not np.isnan(r)}
    other = max(known, key=lambda name: known[name], default="")
    with_index, rank_with_index = _both(column, index)
    highest = known.get(other, np.nan)
    flags = [NEGATIVE_DOMAIN] if own < 0 else []
    flags += [NEGATIVE_INDEX] if with_index < 0 else []
    flags += [ELSEWHERE] if highest > own else []
    return {
        "domain": domain,
        "n": int((column.notna() & index.notna()).sum()),
        "domain_pearson": own,
        "domain_spearman": own_rank,
        "other": other,
        "other_pearson": highest,
        "index_pearson": with_index,
        "index_spearman": rank_with_index,
        "flag": "; ".join(flags),
        "reason": pair_reason(column, index) if column.notna().any() else NO_VALUES,
    }


def _both(first: pd.Series, second: pd.Series) -> tuple[float, float]:
    """(Pearson, Spearman) over the units present in both; NaN where there is none."""
    if pair_reason(first, second):
        return np.nan, np.nan
    frame = pd.DataFrame({"first": first, "second": second}).dropna()
    return float(frame.corr().iat[0, 1]), float(frame.rank().corr().iat[0, 1])


def _finite(values: pd.DataFrame) -> pd.DataFrame:
    return values.where(np.isfinite(values))
