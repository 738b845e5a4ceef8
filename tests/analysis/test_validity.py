"""Agreement of the open index with published rankings: references, bootstrap, brute force, scipy as oracles."""

from dataclasses import replace
from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import hypergeom, rankdata, spearmanr
from studies import facts, index_of, study_of

from helpers.analysis.drivers import drivers, drivers_of
from helpers.analysis.faults import ConstructionError
from helpers.analysis.validity import (
    agreement,
    agreements,
    attainable,
    cities_index,
    disagreements,
    hit_rate,
    interval,
    paired_ranks,
    weakest,
)

# Values handed over with the facts, by independent code (two decimals).
REFERENCE = {2019: 0.69, 2020: 0.67, 2021: 0.73, 2022: 0.59, 2023: 0.69, 2024: 0.70, 2025: 0.75}
HOLZWICKEDE, HUENXE = "05978016", "05170016"


def panel() -> pd.DataFrame:
    return facts().smart_city_index


def rank() -> pd.Series:
    return index_of("cities").rank


def pioneers() -> list[str]:
    return list(facts().digital_index_ruhr.query("topic == 'above_ruhr_average'")["ags"].drop_duplicates())


def panel_of(ranks: dict[str, int], edition: int = 2030) -> pd.DataFrame:
    return pd.DataFrame(
        {"edition": edition, "ags": list(ranks), "category": "total", "rank": list(ranks.values()), "n_places": 9}
    )


def test_correlations_by_edition_are_those_of_the_reference() -> None:
    table = agreements(panel(), rank())
    # 2022 is 0.5847, which the reference gives as 0.59.
    assert table["rho"].to_dict() == pytest.approx(REFERENCE, abs=0.006)
    assert table["n"].loc[[2019, 2025]].tolist() == [48, 36]
    assert table["n_places"].loc[[2019, 2024, 2025]].tolist() == [81, 82, 83]
    assert ((table["low"] < table["rho"]) & (table["rho"] < table["high"])).all()


@pytest.mark.parametrize("edition", [2019, 2022, 2025])
def test_correlation_is_spearmans(edition: int) -> None:
    pairs = paired_ranks(panel(), rank(), edition)
    expected = spearmanr(pairs["open"], pairs["smart_city"]).statistic
    assert agreement(panel(), rank(), edition).rho == pytest.approx(expected, abs=1e-12)


def test_ties_share_their_mean_rank() -> None:
    tied = panel_of({"a": 1, "b": 2, "c": 2, "d": 4, "e": 5})
    ours = pd.Series({"a": 2, "b": 1, "c": 3, "d": 3, "e": 5})
    expected = spearmanr([2, 1, 3, 3, 5], [1, 2, 2, 4, 5]).statistic
    assert agreement(tied, ours, 2030).rho == pytest.approx(expected)


@pytest.mark.parametrize("edition", [2022, 2025])
def test_the_interval_is_close_to_a_bootstrap(edition: int) -> None:
    pairs = paired_ranks(panel(), rank(), edition)[["open", "smart_city"]].to_numpy()
    rows = np.random.default_rng(1).integers(0, len(pairs), (4000, len(pairs)))
    x, y = (rankdata(pairs[rows, column], axis=1) for column in (0, 1))
    x, y = x - x.mean(axis=1, keepdims=True), y - y.mean(axis=1, keepdims=True)
    rho = (x * y).sum(axis=1) / np.sqrt((x**2).sum(axis=1) * (y**2).sum(axis=1))
    found = agreement(panel(), rank(), edition)
    assert [found.low, found.high] == pytest.approx(np.quantile(rho, [0.025, 0.975]), abs=0.06)


def test_the_interval_by_hand() -> None:
    # rho 0.5, n 28: z = 0.549306, error = sqrt(1.125 / 25) = 0.212132.
    assert interval(0.5, 28) == pytest.approx((np.tanh(0.549306 - 0.415771), np.tanh(0.549306 + 0.415771)), abs=1e-6)
    assert interval(1.0, 10) == (1.0, 1.0)


def test_the_partial_correlation_is_that_of_the_residuals_of_ranks() -> None:
    population = facts().places["population"]
    pairs = paired_ranks(panel(), rank(), 2025)
    x, y, z = (
        rankdata(values) for values in (pairs["open"], pairs["smart_city"], population[pairs.index].astype(float))
    )
    design = np.column_stack([np.ones(len(z)), z])
    left = [values - design @ np.linalg.lstsq(design, values, rcond=None)[0] for values in (x, y)]
    found = agreement(panel(), rank(), 2025, given=population)
    assert found.rho == pytest.approx(np.corrcoef(*left)[0, 1])
    whole = agreement(panel(), rank(), 2025)
    assert found.rho < whole.rho and found.high - found.low > whole.high - whole.low


def test_a_city_outside_the_universe_or_without_a_rank_is_not_paired() -> None:
    ours = pd.Series({"a": 1.0, "b": 2.0, "c": np.nan})
    pairs = paired_ranks(panel_of({"a": 3, "c": 1, "x": 2}), ours, 2030)
    assert pairs.to_dict("index") == {"a": {"open": 1, "smart_city": 3, "difference": -2}}


def test_too_few_cities_or_one_rank_for_all_are_refused() -> None:
    few, one = panel_of({"a": 1, "b": 2, "c": 3}), panel_of(dict.fromkeys("abcd", 1))
    ours = pd.Series({"a": 1, "b": 2, "c": 3, "d": 4})
    with pytest.raises(ConstructionError, match="3 cities have a known rank in 2030, too few"):
        agreement(few, ours, 2030)
    with pytest.raises(ConstructionError, match="smart_city is the same for all 4 cities"):
        agreement(one, ours, 2030)


def test_the_bounds_are_those_of_all_orders_of_the_unknown_ranks() -> None:
    ours = pd.Series(range(1, 8), index=list("abcdefg"))
    known = panel_of({"a": 2, "d": 1, "f": 6})
    found = []
    for order in permutations([3, 4, 5, 7]):
        theirs = {"a": 2, "d": 1, "f": 6, **dict(zip("bceg", order, strict=True))}
        found.append(spearmanr(ours, [theirs[ags] for ags in ours.index]).statistic)
    assert attainable(known, ours, 2030) == pytest.approx((min(found), max(found)))


def test_the_bounds_hold_the_known_part_and_need_a_rank_for_every_city() -> None:
    low, high = attainable(panel(), rank(), 2025)
    assert 0 < low < agreement(panel(), rank(), 2025).rho < high < 1
    with pytest.raises(ConstructionError, match="cities without a known rank for"):
        attainable(panel_of({"a": 9}), pd.Series({"a": 1, "b": 2}), 2030)


def test_four_of_the_seven_pioneers_are_among_the_first_seven_and_five_among_nine() -> None:
    ruhr = index_of("ruhr").rank
    seven, nine = hit_rate(ruhr, pioneers()), hit_rate(ruhr, pioneers(), 9)
    assert (seven.k, seven.hits, nine.hits) == (7, 4, 5)
    assert seven.expected == pytest.approx(49 / 53)
    for found in (seven, nine):
        assert found.probability == pytest.approx(hypergeom.sf(found.hits - 1, 53, 7, found.k), rel=1e-12)


def test_no_hit_is_certain_and_a_shared_last_rank_counts_for_all() -> None:
    ranks = pd.Series({"a": 1, "b": 2, "c": 2, "d": 4})
    assert hit_rate(ranks, ["d"]).probability == 1.0
    found = hit_rate(ranks, ["a", "c"])
    assert found.hits == 2 and found.expected == 1.5
    assert found.probability == pytest.approx(0.5)  # both named among three drawn of four


def test_hit_rate_needs_a_rank_for_each_named_place() -> None:
    with pytest.raises(KeyError):
        hit_rate(pd.Series({"a": 1.0, "b": np.nan}), ["b"])


def test_holzwickede_and_huenxe_are_named_but_far_down() -> None:
    far, unnamed = disagreements(index_of("ruhr").rank, pioneers())
    assert far == [HUENXE, HOLZWICKEDE]
    assert [facts().places.at[ags, "name"] for ags in unnamed] == ["Mülheim an der Ruhr", "Hagen", "Sonsbeck"]


def test_the_weakest_indicators_come_first_and_tell_what_is_inherited() -> None:
    found = weakest(index_of("ruhr"), HUENXE, 3)
    assert [driver.ref.indicator for driver in found][:1] == ["gigabit_firms"]
    assert [driver.points for driver in found] == sorted(driver.points for driver in found)
    assert [driver.inherited for driver in found] == [False, False, True]
    assert all(driver.points < 0 for driver in weakest(index_of("ruhr"), "05911000", 10))


def test_drivers_of_another_place_sum_to_its_distance_from_the_mean() -> None:
    index = index_of("ruhr")
    total = sum(driver.points for driver in drivers_of(index, HOLZWICKEDE))
    assert total == pytest.approx(index.score[HOLZWICKEDE] - index.score.mean())
    assert drivers(study_of("Holzwickede")) == drivers_of(index, HOLZWICKEDE)


def test_the_index_of_the_cities_is_there_for_a_place_that_is_none() -> None:
    assert cities_index(study_of("Bochum")) is index_of("cities")
    pd.testing.assert_series_equal(cities_index(study_of("Sonsbeck")).rank, rank())


def test_a_changed_rank_changes_the_agreement() -> None:
    changed = panel().copy()
    row = (changed["edition"] == 2025) & (changed["category"] == "total") & (changed["ags"] == "05911000")
    changed.loc[row, "rank"] = 60
    study = replace(study_of("Bochum"), facts=replace(facts(), smart_city_index=changed))
    before, after = (agreement(p, rank(), 2025).rho for p in (panel(), study.facts.smart_city_index))
    assert abs(before - after) > 0.01
