"""The structure of places: the context variables of a universe, none of which is part of its index."""

import numpy as np
import pandas as pd

from helpers.analysis.index import indicator_values
from helpers.data.facts import Facts
from helpers.data.universe import ContextVariable, Universe


def context_table(facts: Facts, universe: Universe, ags: list[str]) -> pd.DataFrame:
    """The declared context variables of places in their own units (index ags, a column for each variable; NaN = missing).

    A municipality inside a district takes over the district's value of a variable of that level.
    """
    columns = {variable.id: _values(facts, variable, ags) for variable in universe.context}
    return pd.DataFrame(columns, index=pd.Index(ags), dtype=float)


def comparable(context: pd.DataFrame, universe: Universe) -> pd.DataFrame:
    """The table on the scales on which places are compared: the logarithm where a variable is declared so.

    A value that is not positive has no logarithm and is missing.
    """
    logged = [variable.id for variable in universe.context if variable.log]
    table = context.copy()
    table[logged] = np.log(table[logged].where(table[logged] > 0))
    return table


def _values(facts: Facts, variable: ContextVariable, ags: list[str]) -> pd.Series:
    places = facts.places.loc[ags]
    if variable.column is not None:
        values, per = places[variable.column], places[variable.per] if variable.per else None
    else:
        values, *rest = (indicator_values(facts, key, ags)[0] for key in variable.keys)
        per = rest[0] if rest else None
    values = values.astype(float) if per is None else values.astype(float) / per.astype(float).where(per > 0)
    return values * variable.scale
