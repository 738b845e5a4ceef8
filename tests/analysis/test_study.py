"""A study: which universes a place belongs to, its peers, and the decomposition of its score."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from studies import facts, index_of, study_of

from helpers.analysis.index import IndexResult
from helpers.analysis.study import build_study, coverage, domain_contributions, same_place, wholly_inherited
from helpers.parameters import Parameters, register, universe_places

UNIVERSES = ("ruhr", "cities", "districts")


def forms(ags: str) -> dict[str, list[str]]:
    return {universe: same_place(register()[ags], universe) for universe in UNIVERSES}


def test_a_kreisfreie_stadt_is_the_same_place_on_both_levels() -> None:
    expected = {"ruhr": ["05911000"], "cities": ["05911000"], "districts": ["05911"]}
    assert forms("05911000") == forms("05911") == expected


@pytest.mark.parametrize(
    ("ags", "district"),
    [
        ("05170040", "05170"),  # Sonsbeck in Kreis Wesel
        ("05170024", "05170"),  # Moers, a large city in Kreis Wesel
        ("05562032", "05562"),  # Recklinghausen, seat of the Kreis of its name
        ("03241001", "03241"),  # Hannover in Region Hannover
        ("05334002", "05334"),  # Aachen in Städteregion Aachen
        ("10041100", "10041"),  # Saarbrücken in Regionalverband Saarbrücken
        ("03159016", "03159"),  # Göttingen in Landkreis Göttingen
    ],
)
def test_a_municipality_inside_a_district_is_not_the_district(ags: str, district: str) -> None:
    assert forms(ags)["districts"] == []
    assert ags not in forms(district)["cities"] + forms(district)["ruhr"]
    universe = "ruhr" if register()[ags].in_ruhr else "cities"
    study = study_of(ags, universe)
    assert "districts" not in study.indices
    assert study_of(district, "districts").city_ags == district


@pytest.mark.parametrize("ags", ["11000000", "02000000", "04011000", "09162000", "08111000"])
def test_city_states_and_kreisfreie_cities_have_a_rank_among_districts(ags: str) -> None:
    study = study_of(ags, "cities")
    assert list(study.indices) == ["cities", "districts"]
    assert study.ags_in("districts") == ags[:5]
    assert study_of(ags[:5], "districts").city_ags == ags


def test_a_landkreis_is_not_the_city_of_its_name() -> None:
    assert forms("09184") == {"ruhr": [], "cities": [], "districts": ["09184"]}
    study = study_of("09184", "districts")
    assert list(study.indices) == ["districts"]
    assert study.smart_city.empty


def test_no_place_is_two_places_of_a_universe_and_all_are_members() -> None:
    for place in register().values():
        for universe in UNIVERSES:
            found = same_place(place, universe)
            assert len(found) <= 1
            assert set(found) <= set(universe_places(universe))


def test_the_study_of_bochum_holds_three_universes_its_own_first() -> None:
    study = study_of("Bochum", "cities")
    assert list(study.indices) == ["cities", "ruhr", "districts"]
    assert [study.rank_in(universe) for universe in UNIVERSES] == [(1, 53), (35, 83), (39, 400)]
    assert study.universe.name == "cities"
    assert study.names["05911000"] == "Bochum"


def test_a_built_study_is_that_of_the_tests() -> None:
    study = build_study(Parameters.check(place="Sonsbeck"), facts())
    assert list(study.indices) == ["ruhr"]
    assert study.index.score.equals(index_of("ruhr").score)
    assert study.smart_city.empty
    assert len(study_of("05911", "districts").smart_city) == len(study_of("Bochum").smart_city) > 0


# Peers.


def test_peers_are_nobody_where_all_others_are_meant() -> None:
    assert study_of("Bochum", peers="universe").peers == []
    assert study_of("Bochum", peers="region").peers == []


def test_peers_of_a_region_in_the_ruhr_are_its_other_cities_in_order_of_rank() -> None:
    study = study_of("Bochum", "cities", peers="region")
    assert len(study.peers) == 12
    assert "05911000" not in study.peers and "05315000" not in study.peers
    ranks = study.index.rank[study.peers]
    assert ranks.is_monotonic_increasing
    assert len(study_of("05911", "districts", peers="region").peers) == 14


def test_peers_of_a_land_include_its_part_of_the_ruhr() -> None:
    peers = study_of("Köln", "cities", peers="region").peers
    assert "05911000" in peers
    assert {register()[ags].state for ags in peers} == {"Nordrhein-Westfalen"}


def test_peers_of_a_city_alone_in_its_land_are_nobody() -> None:
    assert study_of("Berlin", "cities", peers="region").peers == []


def test_named_peers_stand_in_order_of_rank() -> None:
    assert study_of("Bochum", peers=["Sonsbeck", "Dortmund", "Essen"]).peers == ["05113000", "05913000", "05170040"]


# Decomposition and basis.


@given(st.sampled_from([(u, ags) for u in ("ruhr", "cities") for ags in universe_places(u)]))
def test_the_parts_of_the_domains_sum_to_the_distance_from_the_mean(where: tuple[str, str]) -> None:
    universe, ags = where
    index = index_of(universe)
    assert not index.domains.isna().any(axis=None)
    parts = domain_contributions(index, ags)
    assert parts.sum() == pytest.approx(index.score[ags] - index.score.mean(), abs=1e-9)


def test_two_districts_without_a_domain_keep_the_parts_from_summing_exactly() -> None:
    index = index_of("districts")
    assert index.domains.index[index.domains.isna().any(axis=1)].tolist() == ["03159", "16063"]
    gaps = [
        abs(domain_contributions(index, ags).sum() - (index.score[ags] - index.score.mean()))
        for ags in index.domains.dropna().index[::7]
    ]
    assert 0 < max(gaps) < 0.05  # below what is printed


def test_weights_of_domains_count_in_the_parts() -> None:
    index = index_of("ruhr")
    weighted = [
        d.model_copy(update={"weight": 3.0 if d.id == "infrastructure" else 1.0}) for d in index.universe.domains
    ]
    heavy = index.universe.model_copy(
        update={"index": index.universe.index.model_copy(update={"tree": tuple(weighted)})}
    )
    result = IndexResult(**{**vars(index), "universe": heavy})
    parts = domain_contributions(result, "05911000")
    distance = index.domains.loc["05911000"] - index.domains.mean()
    assert parts.tolist() == pytest.approx(
        (distance * pd.Series([0.5, 1 / 6, 1 / 6, 1 / 6], index=distance.index)).tolist()
    )


def test_a_domain_without_a_value_has_no_part() -> None:
    index = index_of("ruhr")
    domains = index.domains.copy()
    domains.loc["05911000", "research"] = float("nan")
    parts = domain_contributions(IndexResult(**{**vars(index), "domains": domains}), "05911000")
    assert parts.index.tolist() == ["infrastructure", "employment", "companies"]


def test_wholly_inherited_is_employment_of_towns_in_a_district() -> None:
    table = wholly_inherited(index_of("ruhr"))
    assert table.sum().to_dict() == {"infrastructure": 0, "research": 0, "employment": 42, "companies": 0}
    assert not table.loc["05911000"].any()
    assert table.loc["05170040", "employment"]
    cities = wholly_inherited(index_of("cities"))
    # Saarbrücken has no patents: the one value left in research is the district's.
    assert cities.loc["10041100", ["research", "employment"]].all()
    assert not wholly_inherited(index_of("districts")).any(axis=None)


@pytest.mark.parametrize("universe", UNIVERSES)
def test_coverage_counts_every_cell_once(universe: str) -> None:
    table = coverage(index_of(universe))
    assert table.columns.tolist() == ["own", "derived", "inherited", "missing"]
    assert (table.sum(axis=1) == len(universe_places(universe))).all()


def test_coverage_of_the_ruhr() -> None:
    table = coverage(index_of("ruhr"))
    assert table.loc["gigabit_households"].tolist() == [53, 0, 0, 0]
    assert table.loc["university_sites"].tolist() == [0, 53, 0, 0]
    assert table.loc["students_rate"].tolist() == [11, 0, 42, 0]
