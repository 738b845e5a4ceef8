"""The chart of expected scores: rows chosen, labels free, alternatives true, data complete, in all three universes."""

from dataclasses import replace
from functools import cache
from itertools import combinations

import pytest
from studies import study_of

from helpers.analysis.expectation import Expectation, expectation_of
from helpers.parameters import universe_places
from helpers.present import fmt
from helpers.present.charts import expectation
from helpers.present.charts.expectation import shown
from helpers.present.names import place_title, title_of

PLACES = [
    *(("ruhr", ags) for ags in list(universe_places("ruhr"))[::5]),
    *(("cities", ags) for ags in list(universe_places("cities"))[::12]),
    *(("districts", ags) for ags in ["05911", "09184", "05170", "13073", "07135"]),
]


@cache
def expected(universe: str) -> Expectation:
    return expectation_of(study_of("05911" if universe == "districts" else "Bochum", universe))


@pytest.mark.parametrize("language", ["de", "en"])
def test_labels_are_free_and_the_alternative_is_true(language: str) -> None:
    for universe, ags in PLACES:
        study = study_of(ags, universe, language)
        drawing = expectation(study, expected(universe))
        assert [f"{a.words} on {b.words}" for a, b in combinations(drawing.labels, 2) if a.overlaps(b)] == []
        assert max(label.right for label in drawing.labels) <= drawing.width_mm + 0.2
        assert 150 <= len(drawing.alt) <= 350, drawing.alt
        assert place_title(study.place) in drawing.alt
        assert fmt.number(expected(universe).places.at[ags, "expected"]) in drawing.alt
        assert len(drawing.data) == expected(universe).n
        assert drawing.height_mm < 130
    study_of("Bochum")


def test_rows_are_the_place_its_peers_and_the_largest_differences_in_order() -> None:
    study, result = study_of("Bochum", "cities"), expected("cities")
    rows = shown(study, result)
    order = result.places["difference"].sort_values(ascending=False).index
    assert {study.place.ags, *study.peers[:10], *order[:5], *order[-5:]} == set(rows)
    assert result.places.loc[rows, "difference"].is_monotonic_decreasing
    assert title_of(rows[0]) == "Erlangen"


@pytest.mark.parametrize("peers", [["Essen"], "universe", "region"])
def test_one_peer_none_and_many_are_drawn(peers: str | list[str]) -> None:
    study, result = study_of("Bochum", "cities", peers=peers), expected("cities")
    assert 11 <= len(shown(study, result)) <= 21
    assert expectation(study, result).height_mm < 130


def test_a_place_without_an_expected_score_is_said_to_have_none() -> None:
    study, result = study_of("Bochum"), expected("ruhr")
    without = replace(result, places=result.places.drop("05911000"), missing={"05911000": ["tax_capacity"]})
    drawing = expectation(study, without)
    assert "Bochum ohne erwarteten Wert" in drawing.alt
    assert "Bochum" not in {label.words for label in drawing.labels}
