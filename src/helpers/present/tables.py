"""Tables for the report: typed columns, locale digits, the focus row marked, rank classes as heat."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

import pandas as pd

from helpers.present.inline import Run, parse_runs, plain, to_html
from helpers.present.language import tr
from helpers.present.origin import Origin, made_by
from helpers.present.signs import inline_svg, known

# A click on the head of a column sorts by it, a second one the other way round; numbers by their value, gaps last. JupyterLab
# runs it where the notebook is trusted, and leaves a plain table where it is not.
_SORT = """\
const head = event.target.closest('th'), body = this.closest('table').tBodies[0], rows = [...body.rows];
const sign = head.dataset.sorted === '1' ? -1 : 1;
for (const other of this.children) delete other.dataset.sorted;
head.dataset.sorted = sign;
const text = row => row.cells[head.cellIndex].textContent.trim();
const number = row => {
  const found = text(row).replaceAll('GROUP', '').replace('POINT', '.').replace('\u2212', '-').match(/^[+]?(-?[0-9.]+)/);
  return found ? Number(found[1]) : NaN;
};
const numeric = 2 * rows.filter(row => !isNaN(number(row))).length >= rows.length;
const order = (a, b) => numeric ? (isNaN(number(a)) - isNaN(number(b)) || sign * (number(a) - number(b) || 0))
  : sign * text(a).localeCompare(text(b));
body.append(...rows.sort(order));"""


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
    """A cell with more than plain text: inline roles in its words (see `inline`), a drawn sign (see `signs`) before them, an
    address to which they lead.

    The words say what the sign means, so that it needs no text alternative. Raises ValueError for an unknown sign and for an
    address that is not one of the web.
    """

    words: str
    sign: str | None = None
    url: str | None = None

    def __post_init__(self) -> None:
        if self.sign is not None:
            known(self.sign)
            if not self.words.strip():
                raise ValueError(f"the sign {self.sign!r} stands without a word that says what it means")
        if self.url is not None and not self.url.startswith(("https://", "http://")):
            raise ValueError(f"the address {self.url!r} does not begin with https:// or http://")


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
        """The table for JupyterLab: long ones scroll under their head, and a click on a head sorts."""
        head = "".join(f'<th style="text-align:{c.align}">{escape(c.label)}</th>' for c in self.columns)
        body = "".join(
            f"<tr{' class=cr-focus' if i in self.focus else ''}>"
            + "".join(
                f'<td style="text-align:{c.align}">{_html(x)}</td>' for c, x in zip(self.columns, row, strict=True)
            )
            + "</tr>"
            for i, row in enumerate(self.rows)
        )
        point, group = tr(de=",", en="."), tr(de=".", en=",")
        sort = escape(_SORT.replace("POINT", point).replace("GROUP", group))
        return (
            f'<div class="cr-scroll"><table><thead><tr onclick="{sort}">{head}</tr></thead>'
            f"<tbody>{body}</tbody></table></div>"
        )


def _runs(cell: str | Cell) -> list[Run]:
    return parse_runs(cell.words) if isinstance(cell, Cell) else [{"text": cell, "role": None}]


def _content(cell: str | Cell) -> dict[str, Any]:
    return {
        "text": plain(cell.words) if isinstance(cell, Cell) else cell,
        "runs": _runs(cell),
        "sign": cell.sign if isinstance(cell, Cell) else None,
        "url": cell.url if isinstance(cell, Cell) else None,
    }


def _html(cell: str | Cell) -> str:
    sign = f"{inline_svg(cell.sign)} " if isinstance(cell, Cell) and cell.sign else ""
    words = to_html(_runs(cell))
    return sign + (f'<a href="{escape(cell.url)}">{words}</a>' if isinstance(cell, Cell) and cell.url else words)
