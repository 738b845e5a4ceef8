"""Tables for the report: typed columns, locale digits, the focus row marked, rank classes as heat."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

import pandas as pd

from helpers.present.inline import Run, parse_runs, plain, to_html
from helpers.present.origin import Origin, made_by
from helpers.present.signs import inline_svg, known


@dataclass(frozen=True)
class Column:
    """A column: label, alignment (left, right, center), width (auto, or a fraction such as 1fr), small type or not."""

    label: str
    align: str = "left"
    width: str = "auto"
    small: bool = False
    heat: bool = False


@dataclass(frozen=True)
class Cell:
    """A cell with more than plain text: inline roles in its words (see `inline`), a drawn sign (see `signs`) before them.

    The words say what the sign means, so that it needs no text alternative. Raises ValueError for an unknown sign.
    """

    words: str
    sign: str | None = None

    def __post_init__(self) -> None:
        if self.sign is not None:
            known(self.sign)
            if not self.words.strip():
                raise ValueError(f"the sign {self.sign!r} stands without a word that says what it means")


@dataclass(frozen=True)
class Table:
    """Formatted rows under typed columns, and the plain data behind them that is exported as CSV.

    `focus` are the row numbers of the report's place; `heat` gives a class 0-4 for (row, column), None for no fill.
    """

    columns: Sequence[Column]
    rows: Sequence[Sequence[str | Cell]]
    data: pd.DataFrame
    focus: Sequence[int] = ()
    heat: dict[tuple[int, int], int] = field(default_factory=dict)
    made_by: Origin | None = field(default_factory=made_by)

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
                        {**_content(cell), "heat": self.heat.get((i, j)), "small": self.columns[j].small}
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
                f'<td style="text-align:{c.align}">{_html(x)}</td>' for c, x in zip(self.columns, row, strict=True)
            )
            + "</tr>"
            for i, row in enumerate(self.rows)
        )
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _runs(cell: str | Cell) -> list[Run]:
    return parse_runs(cell.words) if isinstance(cell, Cell) else [{"text": cell, "role": None}]


def _content(cell: str | Cell) -> dict[str, Any]:
    return {
        "text": plain(cell.words) if isinstance(cell, Cell) else cell,
        "runs": _runs(cell),
        "sign": cell.sign if isinstance(cell, Cell) else None,
    }


def _html(cell: str | Cell) -> str:
    sign = f"{inline_svg(cell.sign)} " if isinstance(cell, Cell) and cell.sign else ""
    return sign + to_html(_runs(cell))
