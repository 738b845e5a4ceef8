import pytest

from helpers.parameters import Language
from helpers.publish.sort_keys import column_keys


@pytest.mark.parametrize(
    ("language", "cells", "keys"),
    [
        ("de", ["12,1\u202f%", "1.234,5", "\u22120,4", "+3"], [12.1, 1234.5, -0.4, 3]),
        ("en", ["12.1%", "1,234.5", "\u22120.4", "+3"], [12.1, 1234.5, -0.4, 3]),
        ("de", ["1–13", "4,5 ○", "7°"], [1, 4.5, 7]),
        ("de", ["5", "·", "–", ""], [5, None, None, None]),
        ("de", ["5", "12", "nicht bewertet"], [5, 12, None]),
        ("de", ["Juni 2021", "22. April 2026", "2023", "unbekannt"], [20210600, 20260422, 20230000, None]),
        ("en", ["June 2021", "22 April 2026", "2023", "unknown"], [20210600, 20260422, 20230000, None]),
        ("de", ["2021", "2019"], [2021, 2019]),
    ],
)
def test_numbers_and_dates_are_read_as_the_language_writes_them(
    language: Language, cells: list[str], keys: list[float | None]
) -> None:
    assert column_keys(cells, language) == keys


@pytest.mark.parametrize(
    "cells", [["Köln", "Essen"], ["5 Orte", "keiner"], ["·", ""], [], ["1,2,3"], ["Juni 2021", "im Mai", "nie"]]
)
def test_a_column_of_words_has_no_keys(cells: list[str]) -> None:
    assert column_keys(cells, "de") == [None] * len(cells)
