"""Reading the Smart City Index panel: only what is known, and when "first of" may be said."""

import pandas as pd
import pytest
from studies import facts

from helpers.analysis.rankings import known_ranks, last_known, members_in_order, only_better_known

BOCHUM, ESSEN, DORTMUND = "05911000", "05113000", "05913000"


def panel(ranks: dict[str, int | None], edition: int = 2025, category: str = "total") -> pd.DataFrame:
    frame = pd.DataFrame({"ags": list(ranks), "rank": pd.array(list(ranks.values()), dtype="Int64")})
    return frame.assign(edition=edition, category=category)


def test_ranks_of_bochum_are_those_published() -> None:
    ranks = known_ranks(facts().smart_city_index, BOCHUM)
    assert ranks.index.tolist() == list(range(2019, 2026))
    assert (ranks[2019], ranks[2024], ranks[2025]) == (32, 4, 5)
    assert ranks.dtype == int


def test_an_edition_without_a_rank_is_left_out_and_not_filled() -> None:
    ranks = known_ranks(facts().smart_city_index, DORTMUND)
    assert 2025 not in ranks.index
    assert ranks[2024] == 22
    given = pd.concat([panel({"a": 7}, 2023), panel({"a": None}, 2024), panel({"a": 3}, 2019)])
    assert known_ranks(given, "a").to_dict() == {2019: 3, 2023: 7}


def test_a_city_outside_the_panel_has_no_ranks() -> None:
    assert known_ranks(facts().smart_city_index, "05170040").empty
    assert known_ranks(facts().smart_city_index, BOCHUM, "administration").notna().all()


def test_members_stand_in_the_order_of_their_known_ranks() -> None:
    order = members_in_order(facts().smart_city_index, 2025, [DORTMUND, ESSEN, BOCHUM])
    assert order.to_dict() == {BOCHUM: 5, ESSEN: 15}
    assert list(order.index) == [BOCHUM, ESSEN]
    assert members_in_order(facts().smart_city_index, 2025, []).empty


@pytest.mark.parametrize(
    ("ranks", "rank", "known"),
    [
        ({"a": 1}, 1, True),
        ({"a": 1, "b": 2, "c": 3}, 3, True),
        ({"a": 1, "c": 3}, 3, False),
        ({"a": 1, "b": None, "c": 3}, 3, False),
        ({"a": 1, "b": 1, "c": 3}, 3, True),
        ({"a": 1, "b": 2, "c": 2, "d": 4}, 4, True),
        ({"a": 1, "b": 2, "d": 4}, 4, False),
        ({"a": 2, "b": 2}, 2, False),
    ],
)
def test_first_of_may_be_said_only_where_every_better_rank_is_known(
    ranks: dict[str, int | None], rank: int, known: bool
) -> None:
    assert only_better_known(panel(ranks), 2025, rank) is known


def test_other_editions_and_categories_prove_nothing() -> None:
    given = pd.concat([panel({"a": 1}, 2024), panel({"b": 1}, 2025, "mobility"), panel({"c": 2}, 2025)])
    assert not only_better_known(given, 2025, 2)


def test_every_rank_better_than_bochums_is_known_since_2022() -> None:
    ranks = known_ranks(facts().smart_city_index, BOCHUM)
    known = {year for year, rank in ranks.items() if only_better_known(facts().smart_city_index, int(str(year)), rank)}
    assert {2022, 2023, 2024, 2025} <= known


def test_the_last_known_rank_of_each_city_stands_newest_edition_first() -> None:
    table = last_known(facts().smart_city_index, [DORTMUND, "05170040", ESSEN, BOCHUM])
    assert table.index.tolist() == [BOCHUM, ESSEN, DORTMUND]
    assert table.loc[DORTMUND].to_dict() == {"edition": 2024, "rank": 22, "n_places": 82}
    assert last_known(facts().smart_city_index, []).empty
