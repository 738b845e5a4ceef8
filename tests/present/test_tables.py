"""Tables: typed columns, cells that fit them, JSON for the publisher and HTML for Lab."""

import pandas as pd
import pytest

from helpers.present.tables import Cell, Column, Table

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
    plain_runs = [{"text": "1", "role": None}]
    assert content["rows"][0]["cells"][1] == {
        "text": "1",
        "runs": plain_runs,
        "sign": None,
        "url": None,
        "heat": 4,
        "small": False,
    }
    assert content["rows"][1]["cells"][1]["heat"] is None
    assert content["data_csv"] == "city,rank\nBochum,1\nEssen,2\n"


def test_html_is_escaped_and_marks_the_focus() -> None:
    html = table().to_html()
    assert html.count("<tr class=cr-focus>") == 1
    assert "Essen &lt;b&gt;" in html
    assert html.count("<th ") == 2 and html.count("<td ") == 4


def signed() -> Table:
    verdict, finding = Cell("[bestätigt]{.strong}", sign="check"), Cell("Befund <1>. [rvr.ruhr]{.small}")
    return Table(
        [Column("a"), Column("b"), Column("c")], [["[kein]{.strong}", verdict, finding]], pd.DataFrame({"a": [1]})
    )


def test_a_cell_may_have_a_sign_and_runs_while_plain_text_stays_plain() -> None:
    text, verdict, finding = signed().to_json()["rows"][0]["cells"]
    assert text["runs"] == [{"text": "[kein]{.strong}", "role": None}]
    assert (verdict["sign"], verdict["text"]) == ("check", "bestätigt")
    assert verdict["runs"] == [{"text": "bestätigt", "role": "strong"}]
    assert [run["role"] for run in finding["runs"]] == [None, "small"]
    assert finding["sign"] is None


def test_html_shows_the_sign_and_hides_it_from_screen_readers() -> None:
    html = signed().to_html()
    assert html.count("<svg ") == html.count('aria-hidden="true"') == 1
    assert '</svg> <span class="cr-strong">bestätigt</span></td>' in html
    assert 'Befund &lt;1&gt;. <span class="cr-small">rvr.ruhr</span>' in html
    assert "[kein]{.strong}" in html


def test_a_sign_must_be_drawn_and_have_its_word() -> None:
    with pytest.raises(ValueError, match="sign 'star' is not one of check, half"):
        Cell("gut", sign="star")
    with pytest.raises(ValueError, match="'check' stands without a word"):
        Cell(" ", sign="check")


def test_a_cell_may_lead_to_an_address_of_the_web() -> None:
    linked = Table([Column("Adresse")], [[Cell("rvr.ruhr", url="https://www.rvr.ruhr/?a=1&b=2")]], DATA)
    assert linked.to_json()["rows"][0]["cells"][0]["url"] == "https://www.rvr.ruhr/?a=1&b=2"
    assert '<a href="https://www.rvr.ruhr/?a=1&amp;b=2">rvr.ruhr</a></td>' in linked.to_html()
    with pytest.raises(ValueError, match=r"'javascript:alert\(1\)' does not begin with https://"):
        Cell("rvr.ruhr", url="javascript:alert(1)")
