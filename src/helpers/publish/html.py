"""The HTML edition: the blocks of a report as one self-contained page that loads nothing and works from a file.

The template is report.html.j2, with report.css, sorting.js and report.js; what it shares with other pages stands in page.py.
"""

import json
import string
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from helpers.present import fmt, signs
from helpers.present.language import tr
from helpers.present.style import COLOR
from helpers.publish.blocks import NUMBERED, PICTURES, PublishedBlock
from helpers.publish.drawings import inline_drawing
from helpers.publish.meta import ReportMeta
from helpers.publish.page import read, script_hash, style, template
from helpers.publish.pdf import report_data
from helpers.publish.sort_keys import column_keys

# A table of fewer rows is read at a glance; sorting it would only add controls.
_LEAST_ROWS_TO_SORT = 3
# Signs from which the head of a narrow column is given room to break into few lines.
_LONG_HEAD = 14
# Signs a cell, on average, from which a column holds sentences, which a narrow column would make endless.
_LONG_CELL = 50
# What a URL may carry unescaped, so that numbers and commas stay as short as they are.
_PLAIN_IN_URL = ",;:/._-()"


def make_html(blocks: Sequence[PublishedBlock], meta: ReportMeta, code: str) -> str:
    """The report as one HTML page; `code` is the code hash for the imprint.

    Raises PublishError for a drawing that holds more than a drawing needs.
    """
    data = report_data(blocks, meta, code)
    numbers = {block["id"]: block for chapter in data["chapters"] for block in chapter["blocks"] if "id" in block}
    own = {
        block.id: {
            "word": data["words"]["figure" if block.type in PICTURES else "table"],
            "csv": "data:text/csv;charset=utf-8," + quote(block.content["data_csv"], safe=_PLAIN_IN_URL),
            "drawing": inline_drawing(block) if block.type in PICTURES else None,
            "table": None if block.type in PICTURES else _table(block, numbers[block.id]["listed"], meta),
        }
        for block in blocks
        if block.type in NUMBERED
    }
    words = {**data["words"], **_words(meta)}
    characters = json.dumps([data, words], ensure_ascii=False) + string.printable
    script = read("sorting.js") + read("report.js")
    return template("report.html.j2").render(
        report=data,
        own=own,
        words=words,
        signs={sign: Markup(_symbol(sign)) for sign in signs.SIGNS},
        style=style(frozenset(characters), "report.css"),
        script=Markup(script),
        script_hash=script_hash(script),
    )


def _words(meta: ReportMeta) -> dict[str, str]:
    date = fmt.period(meta.data_date)
    return {
        "skip": tr(de="Zum Inhalt springen", en="Skip to content"),
        "date": tr(de=f"Datenstand {date}", en=f"Data of {date}"),
        "listing": tr(de="Abbildungen und Tabellen", en="Figures and tables"),
        "about": tr(de="Zu diesem Bericht", en="About this report"),
        "top": tr(de="Zum Anfang", en="Back to top"),
        "as_svg": tr(de="Bild als SVG", en="Image as SVG"),
        "as_png": tr(de="Bild als PNG", en="Image as PNG"),
        "as_csv": tr(de="Daten als CSV", en="Data as CSV"),
        "scroll": tr(de="Seitlich verschieben, um alles zu sehen.", en="Scroll sideways to see all of it."),
        "move": tr(de="Seitlich verschieben oder", en="Scroll sideways or"),
        "whole": tr(de="ganz zeigen", en="show all of it"),
        "enlarge": tr(de="Wieder groß zeigen", en="Show it large again"),
    }


# Tables -------------------------------------------------------------------------------------------------------------


def _table(block: PublishedBlock, listed: str, meta: ReportMeta) -> dict[str, Any]:
    """The table of `block` as the template needs it: columns with their widths, cells with sort keys and repeats."""
    columns, rows = block.content["columns"], block.content["rows"]
    texts = [[cell["text"] for cell in row["cells"]] for row in rows]
    down = [list(column) for column in zip(*texts, strict=True)]
    keys = [column_keys(column, meta.parameters.language) for column in down]
    repeats = _repeats(down[0]) if down else []
    head = _head_column(columns, down)
    return {
        "columns": [
            {
                **column,
                **_width(column["width"]),
                "numeric": any(key is not None for key in keys[number]),
                "long": len(column["label"]) >= _LONG_HEAD and not column["width"].endswith("fr"),
            }
            for number, column in enumerate(columns)
        ],
        "rows": [
            {
                "focus": row["focus"],
                "cells": [
                    {
                        **cell,
                        "head": j == head,
                        "key": keys[j][i],
                        "repeat": repeats[i] if j == 0 else "",
                    }
                    for j, cell in enumerate(row["cells"])
                ],
            }
            for i, row in enumerate(rows)
        ],
        "heat": any(column["heat"] for column in columns),
        "wordy": any(column and sum(map(len, column)) / len(column) >= _LONG_CELL for column in down),
        "listed": listed,
        "sortable": len(rows) >= _LEAST_ROWS_TO_SORT,
    }


def _repeats(cells: Sequence[str]) -> list[str]:
    """For a first column that names a group only in its first row: the name, where a cell leaves it out."""
    repeats, last = [], ""
    for cell in cells:
        repeats.append("" if cell else last)
        last = cell or last
    return repeats


def _head_column(columns: Sequence[Mapping[str, Any]], down: Sequence[Sequence[str]]) -> int:
    """The number of the column that names the rows: the first of words that is filled and says something else in each."""
    words = [number for number, column in enumerate(columns) if column["align"] == "left"]
    naming = [number for number in words if all(down[number]) and len(set(down[number])) == len(down[number])]
    return (naming or words or [0])[0]


def _width(width: str) -> dict[str, Any]:
    """A share of the space (`2fr`), millimetres, or as wide as the content."""
    if width.endswith("fr"):
        return {"share": float(width[:-2]), "mm": None}
    return {"share": None, "mm": float(width[:-2]) if width.endswith("mm") else None}


# Look ---------------------------------------------------------------------------------------------------------------


def _symbol(sign: str) -> str:
    """A sign as a symbol that takes the colours of the text around it."""
    drawn = signs.svg(sign).replace(COLOR["ink"], "currentColor").replace(COLOR["paper"], "var(--paper)")
    start, end = drawn.index(">") + 1, drawn.rindex("</svg>")
    view = drawn[:start].split('viewBox="')[1].split('"')[0]
    return f'<symbol id="sign-{sign}" viewBox="{view}">{drawn[start:end]}</symbol>'
