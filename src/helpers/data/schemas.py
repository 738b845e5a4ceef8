"""pandera schemas made from the table schemas of datapackage.json, the single description of the tables.

They check the text of a file as it stands, before any conversion: so a value that cannot be read is a fault with its
place in the file, like any other.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
import pandera.pandas as pa

_TYPES = {
    "integer": (r"[+-]?\d+", "must be a whole number"),
    "number": (r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?", "must be a number with a decimal point"),
    "boolean": (r"true|false", "must be true or false"),
}


def text_schema(table_schema: dict[str, Any]) -> pa.DataFrameSchema:
    """The schema of a frame of texts as read from the file; an empty text is a missing value."""
    return pa.DataFrameSchema({field["name"]: pa.Column(str, _checks(field)) for field in table_schema["fields"]})


def to_numbers(texts: pd.Series) -> pd.Series:
    """Texts as numbers; what is empty or cannot be read is NaN."""
    return pd.to_numeric(texts, errors="coerce")


def _checks(field: dict[str, Any]) -> list[pa.Check]:
    """The checks of one column. Every rule but `required` lets the empty text pass."""
    constraints = field.get("constraints", {})
    checks = []
    if constraints.get("required"):
        checks.append(pa.Check(lambda texts: texts != "", error="must not be empty"))
    if field["type"] in _TYPES:
        pattern, rule = _TYPES[field["type"]]
        checks.append(_matches(pattern, rule))
    if "pattern" in constraints:
        pattern = constraints["pattern"]
        checks.append(_matches(pattern, f"must match the pattern {pattern}"))
    if "enum" in constraints:
        allowed = [str(item) for item in constraints["enum"]]
        rule = f"must be one of {', '.join(allowed)}"
        checks.append(pa.Check(lambda texts: texts.isin(allowed) | (texts == ""), error=rule))
    if "minimum" in constraints:
        low = constraints["minimum"]
        checks.append(pa.Check(lambda texts: ~(to_numbers(texts) < low), error=f"must be {low} or more"))
    if "maximum" in constraints:
        high = constraints["maximum"]
        checks.append(pa.Check(lambda texts: ~(to_numbers(texts) > high), error=f"must be {high} or less"))
    if constraints.get("unique"):
        checks.append(pa.Check(lambda texts: ~texts.duplicated() | (texts == ""), error="must be unique"))
    return checks


def _matches(pattern: str, rule: str) -> pa.Check:
    return pa.Check(lambda texts: texts.str.fullmatch(pattern) | (texts == ""), error=rule)
