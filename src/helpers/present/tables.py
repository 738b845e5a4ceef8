"""Tables for the report: typed columns, locale digits, the focus row marked, rank classes as heat."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

import pandas as pd


@dataclass(frozen=True)
class Column:
    """A column: label, alignment (left, right, center), width (auto, or a fraction such as 1fr), small type or not."""

    label: str
    align: str = "left"
    width: str = "auto"
    small: bool = False
    heat: bool = False


@dataclass(frozen=True)
class Table:
    """Formatted rows under typed columns, and the plain data behind them that is exported as CSV.

    `focus` are the row numbers of the report's place; `heat` gives a class 0-4 for (row, column), None for no fill.
    """

    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    data: pd.DataFrame
    focus: Sequence[int] = ()
    heat: dict[tuple[int, int], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for number, row in enumerate(self.rows):
            if len(row) != len(self.columns):
                raise ValueError(f"row {number} has {len(row)} cells, the table has {len(self.columns)} columns")
        for number in self.focus:
            if number not in range(len(self.rows)):
                raise ValueError(f"focus on row {number}, the table has {len(self.rows)} rows")
        for row_number, column_number in self.heat:
            if row_number not in range(len(self.rows)) or column_number not in range(len(self.columns)):
                raise ValueError(f"heat for cell {(row_number, column_number)} lies outside the table")

    def to_json(self) -> dict[str, Any]:
        """Columns, rows and CSV as the block carries them."""
        return {
            "columns": [{"label": c.label, "align": c.align, "width": c.width, "heat": c.heat} for c in self.columns],
            "rows": [
                {
                    "focus": i in self.focus,
                    "cells": [
                        {"text": cell, "heat": self.heat.get((i, j)), "small": self.columns[j].small}
                        for j, cell in enumerate(row)
                    ],
                }
                for i, row in enumerate(self.rows)
            ],
            "data_csv": self.data.to_csv(index=False, lineterminator="\n"),
        }

    def to_html(self) -> str:
        """The table for JupyterLab."""
        head = "".join(f'<th style="text-align:{c.align}">{escape(c.label)}</th>' for c in self.columns)
        body = "".join(
            f"<tr{' class=cr-focus' if i in self.focus else ''}>"
            + "".join(
                f'<td style="text-align:{c.align}">{escape(x)}</td>' for c, x in zip(self.columns, row, strict=True)
            )
            + "</tr>"
            for i, row in enumerate(self.rows)
        )
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
