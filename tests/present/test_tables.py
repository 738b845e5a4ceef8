"""Tables: typed columns, cells that fit them, JSON for the publisher and HTML for Lab."""

import pandas as pd
import pytest

from helpers.present.tables import Column, Table

COLUMNS = [Column("Stadt", width="1fr"), Column("Rang", align="right", heat=True)]
DATA = pd.DataFrame({"city": ["Bochum", "Essen"], "rank": [1, 2]})


def table() -> Table:
    return Table(COLUMNS, [["Bochum", "1"], ["Essen <b>", "2"]], DATA, focus=[0], heat={(0, 1): 4})


@pytest.mark.parametrize("row", [["Essen"], ["Essen", "2", "3"], []])
def test_a_row_must_have_a_cell_for_each_column(row: list[str]) -> None:
    with pytest.raises(ValueError, match=f"row 1 has {len(row)} cells, the table has 2 columns"):
        Table(COLUMNS, [["Bochum", "1"], row], DATA)


@pytest.mark.parametrize(
    ("focus", "heat", "message"),
    [
        ([2], {}, "row 2"),
        ([], {(0, 2): 1}, r"cell \(0, 2\)"),
        ([], {(5, 0): 1}, r"cell \(5, 0\)"),
    ],
)
def test_focus_and_heat_must_lie_within_the_table(
    focus: list[int], heat: dict[tuple[int, int], int], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        Table(COLUMNS, [["Bochum", "1"]], DATA, focus=focus, heat=heat)


def test_json_holds_columns_rows_marks_and_the_plain_data() -> None:
    content = table().to_json()
    assert [column["align"] for column in content["columns"]] == ["left", "right"]
    assert [column["heat"] for column in content["columns"]] == [False, True]
    assert [row["focus"] for row in content["rows"]] == [True, False]
    assert content["rows"][0]["cells"][1] == {"text": "1", "heat": 4, "small": False}
    assert content["rows"][1]["cells"][1]["heat"] is None
    assert content["data_csv"] == "city,rank\nBochum,1\nEssen,2\n"


def test_html_is_escaped_and_marks_the_focus() -> None:
    html = table().to_html()
    assert html.count("<tr class=cr-focus>") == 1
    assert "Essen &lt;b&gt;" in html
    assert html.count("<th ") == 2 and html.count("<td ") == 4
