"""The room of a table as it is estimated, against what Typst makes of it (test_layout.py looks at the pages)."""

from typing import Any

import pandas as pd
import pytest

from helpers.present.tables import Column, Table
from helpers.publish.table_size import is_long, is_single_lined


def table(columns: list[str], rows: list[list[str]]) -> dict[str, Any]:
    """A table with columns of these widths, as its block carries it."""
    return Table([Column("Kopf", width=width) for width in columns], rows, pd.DataFrame()).to_json()


@pytest.mark.parametrize(("words", "one_line"), [("kurz", True), ("ein Ort mit Ring ○", True), ("lang " * 40, False)])
def test_a_table_is_single_lined_if_its_cells_fit_side_by_side(words: str, one_line: bool) -> None:
    assert is_single_lined(table(["1fr", "2fr"], [["a", "b"], ["a", words]])) is one_line


@pytest.mark.parametrize(
    ("rows", "words", "is_it"),
    [
        (10, "kurz", False),
        (40, "kurz", True),
        (10, "Satz " * 60, True),  # few rows of many lines
        (0, "", False),
    ],
)
def test_a_table_is_long_from_half_a_page_on(rows: int, words: str, is_it: bool) -> None:
    assert is_long(table(["20mm", "1fr"], [["a", words]] * rows)) is is_it


def test_a_narrow_column_makes_a_table_longer() -> None:
    rows = [["zwei Wörter " * 6, "b"]] * 12
    assert is_long(table(["20mm", "1fr"], rows)) and not is_long(table(["1fr", "20mm"], rows))
