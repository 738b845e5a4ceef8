"""Cronbach's alpha: do the indicators of a group measure one thing?

Cronbach (1951); OECD/JRC, Handbook (2008), step 4. Over the units with a value in every indicator of the group.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from helpers.analysis.audit.reasons import CANCEL_OUT, CONSTANT, NO_VALUES, ONE_INDICATOR, complete_units


def consistency(values: pd.DataFrame, groups: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """Alpha of each group of columns (`groups`: its indicators by name).

    `alpha` is that of the normalised values as they are added, `standardised` that of z-scores. Columns without spread are
    left out and named; where nothing can be computed `reason` says why.
    """
    rows = {}
    for group, names in groups.items():
        complete = complete_units(values[list(names)])
        alpha = (np.nan, np.nan) if complete.reason else _alpha(complete.values)
        rows[group] = {
            "indicators": complete.values.shape[1],
            "n": len(complete.values),
            "alpha": alpha[0],
            "standardised": alpha[1],
            "left_out": "; ".join(complete.left_out),
            "reason": complete.reason or (CANCEL_OUT if np.isnan(alpha).any() else ""),
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("group")


def after_deleting(values: pd.DataFrame, groups: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """Alpha of each group after deleting one indicator, and that indicator's correlation with the sum of the others.

    The correlation is between z-scores. The units are those of the whole group, so that a difference in alpha is due to
    the indicator and not to other units.
    """
    rows = []
    for group, names in groups.items():
        complete = complete_units(values[list(names)])
        for name in names:
            if complete.reason or name in complete.left_out:
                own = CONSTANT if values[name].notna().any() else NO_VALUES
                rows.append((group, name, np.nan, np.nan, np.nan, complete.reason or own))
                continue
            others = complete.values.drop(columns=name)
            total = _z(others).sum(axis=1)
            # Opposite indicators leave a sum without spread.
            with_rest = np.corrcoef(complete.values[name], total)[0, 1] if np.ptp(total) > 1e-9 else np.nan
            alone = others.shape[1] < 2
            alpha = (np.nan, np.nan) if alone else _alpha(others)
            reason = ONE_INDICATOR if alone else CANCEL_OUT if np.isnan(alpha).any() else ""
            rows.append((group, name, with_rest, *alpha, reason))
    return pd.DataFrame(rows, columns=["group", "indicator", "with_rest", "alpha", "standardised", "reason"])


def _alpha(values: pd.DataFrame) -> tuple[float, float]:
    """(alpha of the covariances, alpha of the correlations)."""
    covariance = np.cov(values.to_numpy(), rowvar=False)
    spread = np.sqrt(np.diag(covariance))
    return _of_matrix(covariance), _of_matrix(covariance / np.outer(spread, spread))


def _of_matrix(matrix: np.ndarray) -> float:
    k, total = len(matrix), matrix.sum()
    # Indicators that cancel each other out have a sum without variance: alpha is minus infinity in the limit, no number.
    return float(k / (k - 1) * (1 - np.trace(matrix) / total)) if total > 1e-12 * np.trace(matrix) else np.nan


def _z(values: pd.DataFrame) -> pd.DataFrame:
    return (values - values.mean()) / values.std()
