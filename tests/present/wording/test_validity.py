"""What the sentences on validity say about known places, and in the cases that the universes do not have."""

from dataclasses import replace

import pytest
from studies import facts, index_of, study_of

from helpers.analysis.expectation import expectation_of
from helpers.analysis.validity import Agreement, HitRate, agreement, paired_ranks
from helpers.present.wording import expectation, validity


def finding(place: str, universe: str = "ruhr", language: str = "de") -> str:
    words = validity.finding(study_of(place, universe, language))
    study_of("Bochum")
    return words


def test_a_rank_outside_the_range_is_a_difference_inside_it_is_none() -> None:
    assert finding("Bochum") == "Im Smart City Index liegt Bochum 30 Ränge besser als im offenen Index"
    assert finding("05911", "districts") == finding("Bochum")
    # An edition that is not the newest is named.
    assert finding("Dortmund") == "Im Smart City Index 2024 liegt Dortmund 20 Ränge besser als im offenen Index"
    assert finding("Köln", "cities").startswith("Für Köln liegt Platz 4 im Smart City Index 2025 in der Spanne")
    assert "worse" not in finding("Cottbus/Chóśebuz", "cities", "en")
    assert "38 ranks lower" in finding("Cottbus/Chóśebuz", "cities", "en")


def test_without_a_rank_the_structure_leads() -> None:
    for place, universe in (("Sonsbeck", "ruhr"), ("05170", "districts"), ("Jena", "cities")):
        assert not validity.is_ranked(study_of(place, universe))
        assert "was die Struktur erwarten lässt" in finding(place, universe)
    assert validity.edition_of(study_of("Sonsbeck")) == 2025


def test_above_expectation_is_said_only_outside_the_interval() -> None:
    bochum, sonsbeck = study_of("Bochum"), study_of("Sonsbeck")
    assert expectation.title(bochum, expectation_of(bochum)).startswith("Bochum liegt 20,5 Punkte über dem, was")
    title = expectation.title(sonsbeck, expectation_of(sonsbeck))
    assert title.startswith("Sonsbeck liegt im Rahmen") and "40,9 Punkte" in title


def test_an_expected_range_ends_where_scores_end() -> None:
    study = study_of("Bochum")
    result = expectation_of(study)
    places = result.places.copy()
    places.loc["05911000", ["low", "high", "outside"]] = [-4.0, 120.0, False]
    assert expectation.title(study, replace(result, places=places)).endswith("erwartet 0,0 bis 100,0")


def test_chance_is_told_with_those_outside() -> None:
    study = study_of("Bochum", "cities")
    words = expectation.outside(study, expectation_of(study))
    assert "liegen fünf außerhalb" in words and "etwa vier schon durch Zufall" in words
    none = replace(expectation_of(study), places=expectation_of(study).places.assign(outside=False))
    assert expectation.outside(study, none).startswith("Keiner der 83 Orte liegt außerhalb seines Bereichs.")


def test_a_reason_in_the_data_is_told_with_the_name() -> None:
    study = study_of("05911", "districts")
    result = expectation_of(study)
    only = result.places.assign(outside=result.places.index == "05914")
    assert "darüber Hagen (mit Fernstudierenden)" in expectation.outside(study, replace(result, places=only))


def test_a_place_without_figures_on_structure_is_named_with_what_it_lacks() -> None:
    study = study_of("Bochum")
    result = expectation_of(study)
    without = replace(result, places=result.places.drop("05911000"), missing={"05911000": ["tax_capacity"]})
    assert expectation.title(study, without) == "Für Bochum lässt sich keine erwartete Punktzahl berechnen"
    assert "fehlt: Steuereinnahmekraft" in expectation.limits(study, without)
    assert "Ohne Angaben zur Struktur: Bochum." in expectation.outside(study, without)


def test_without_peers_none_are_announced() -> None:
    study = study_of("Bochum", peers="universe")
    words = expectation.deck(study, expectation_of(study))
    assert "Vergleichsorte" not in words and "[Bochum]{.focus} steht zwischen" in words


def test_structure_that_explains_little_is_said_to() -> None:
    assert "erklärt hier wenig" in expectation.deck(study_of("Bochum"), expectation_of(study_of("Bochum")))
    cities = study_of("Bochum", "cities")
    assert "erklärt hier wenig" not in expectation.deck(cities, expectation_of(cities))


@pytest.mark.parametrize(
    ("rho", "words"),
    [(0.8, "aber ähnlich"), (0.5, "nur in Grundzügen gleich"), (0.1, "auch die Großstädte verschieden")],
)
def test_the_deck_weighs_its_words_by_the_correlation(rho: float, words: str) -> None:
    assert words in validity.agreement_deck(study_of("Bochum"), Agreement(rho, -0.1, 0.9, 36))


def test_the_category_behind_the_difference_is_named() -> None:
    study, panel, rank = study_of("Bochum"), facts().smart_city_index, index_of("cities").rank
    found = agreement(panel, rank, 2025)
    words = validity.what_it_means(study, found, Agreement(0.5, 0.2, 0.7, 36))
    assert words.startswith("Der beste bekannte Bereich von Bochum ist dort Verwaltung (Platz 2)")
    assert "hängt also nicht an der Größe" in words
    assert "nicht gesichert" in validity.what_it_means(study, found, Agreement(0.2, -0.1, 0.5, 36))


def test_bounds_are_told_only_where_there_are_some() -> None:
    study, found = study_of("Bochum"), Agreement(0.7, 0.5, 0.9, 36)
    assert "zwischen 0,07 und 0,86" in validity.how_certain(study, found, (0.0701, 0.859))
    assert "verteilen" not in validity.how_certain(study, found, None)
    assert "keine Zufallsauswahl" in validity.how_certain(study, found, None)


def test_the_title_of_differences_counts_those_further_apart() -> None:
    pairs = paired_ranks(facts().smart_city_index, index_of("cities").rank, 2025)
    assert validity.differences_title(study_of("Bochum"), pairs).startswith(
        "Bochum gehört zu den Städten mit dem größten"
    )
    wider = (pairs["difference"].abs() > 0).sum()
    assert validity.differences_title(study_of("Köln", "cities"), pairs).startswith(f"Bei {wider} von 35 anderen")


@pytest.mark.parametrize(
    ("hits", "start"), [(0, "Keine der sieben"), (1, "Eine der sieben"), (4, "Vier der sieben im")]
)
def test_the_number_of_hits_agrees_with_its_noun(hits: int, start: str) -> None:
    title = validity.hits_title(study_of("Bochum"), HitRate(7, hits, 0.9, 0.5))
    assert title.startswith(start) and (" stehen " in title) == (hits > 1)


def test_a_tiny_probability_is_said_to_be_smaller() -> None:
    words = validity.hits(study_of("Sonsbeck"), HitRate(7, 7, 0.9, 1e-9), HitRate(9, 7, 1.2, 1e-9))
    assert "beträgt weniger als 0,1\u202f%" in words
    assert "Sonsbeck ist nicht genannt und hat im offenen Index Rang 7 von 53" in words


def test_what_the_study_says_of_huenxe_is_quoted() -> None:
    words = validity.disagreement(study_of("Bochum"))
    assert "digitalen Patenten" in words and "Womit Holzwickede in der Studie punktet" in words
