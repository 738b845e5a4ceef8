"""Principal components of the indicators: how many dimensions there are, and which indicators make each.

OECD/JRC, Handbook (2008), steps 4 and 6: components of the correlation matrix over complete units; those that explain more
than 10 % each are kept and rotated by varimax (Kaiser 1958, rows normalised).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from helpers.analysis.audit.reasons import complete_units

LEAST_SHARE = 0.10
"""A component is kept if it explains more than this share (Handbook, step 6)."""


@dataclass(frozen=True)
class Components:
    """eigenvalues: one row a component (eigenvalue, share, cumulative, kept, rotated = sum of squared loadings after the
    rotation); loadings: indicators x components; rotated: indicators x kept components, and the communality. All are
    empty where `reason` says why. `left_out` names columns without spread.
    """

    eigenvalues: pd.DataFrame
    loadings: pd.DataFrame
    rotated: pd.DataFrame
    n: int
    left_out: tuple[str, ...]
    reason: str


def components(values: pd.DataFrame) -> Components:
    """The principal components of the columns of `values` (units x indicators)."""
    complete = complete_units(values)
    if complete.reason:
        empty = pd.DataFrame()
        return Components(empty, empty, empty, len(complete.values), complete.left_out, complete.reason)
    correlation = np.corrcoef(complete.values.to_numpy(), rowvar=False)
    ascending, vectors = np.linalg.eigh(correlation)
    # Rounding can make an eigenvalue of zero slightly negative.
    eigenvalues = np.clip(ascending[::-1], 0, None)
    loadings = _positive(vectors[:, ::-1] * np.sqrt(eigenvalues))
    share = eigenvalues / eigenvalues.sum()
    # With ten and more indicators alike no component may pass: the first is kept all the same.
    kept = max(1, int((share > LEAST_SHARE).sum()))
    rotated = _positive(varimax(loadings[:, :kept]))
    names = [f"component_{number + 1}" for number in range(len(share))]
    indicators = complete.values.columns.rename("indicator")
    table = pd.DataFrame(
        {
            "eigenvalue": eigenvalues,
            "share": share,
            "cumulative": share.cumsum(),
            "kept": np.arange(len(share)) < kept,
            "rotated": np.pad((rotated**2).sum(axis=0), (0, len(share) - kept), constant_values=np.nan),
        },
        index=pd.Index(names, name="component"),
    )
    rotated_table = pd.DataFrame(rotated, index=indicators, columns=names[:kept])
    rotated_table["communality"] = (rotated**2).sum(axis=1)
    return Components(
        eigenvalues=table,
        loadings=pd.DataFrame(loadings, index=indicators, columns=names),
        rotated=rotated_table,
        n=len(complete.values),
        left_out=complete.left_out,
        reason="",
    )


def varimax(loadings: NDArray[np.float64], *, tolerance: float = 1e-10, most: int = 100) -> NDArray[np.float64]:
    """Loadings (indicators x components) rotated so that each indicator loads on few components.

    Kaiser (1958): plane by plane by the angle that is best for two components, rows of length one; communalities do not
    change. The usual iteration by singular values can go to and fro for ever between two rotations, this one cannot.
    """
    length = np.sqrt((loadings**2).sum(axis=1, keepdims=True))
    rotated = np.divide(loadings, length, out=np.zeros_like(loadings), where=length > 0)
    for _ in range(most):
        largest = 0.0
        for first, second in combinations(range(rotated.shape[1]), 2):
            x, y = rotated[:, first], rotated[:, second]
            u, v = x**2 - y**2, 2 * x * y
            sine = 2 * (u @ v - u.sum() * v.sum() / len(u))
            cosine = u @ u - v @ v - (u.sum() ** 2 - v.sum() ** 2) / len(u)
            angle = np.arctan2(sine, cosine) / 4
            rotated[:, first], rotated[:, second] = (
                x * np.cos(angle) + y * np.sin(angle),
                y * np.cos(angle) - x * np.sin(angle),
            )
            largest = max(largest, abs(angle))
        if largest < tolerance:
            break
    found: NDArray[np.float64] = rotated * length
    return found


def _positive(loadings: NDArray[np.float64]) -> NDArray[np.float64]:
    """The sign of a component is arbitrary: its loadings are made to sum to a positive number."""
    turned: NDArray[np.float64] = loadings * np.where(loadings.sum(axis=0) < 0, -1.0, 1.0)
    return turned
