"""What the sentences on validity say about known places, and in the cases that the universes do not have."""

from dataclasses import replace

import pytest
from studies import facts, index_of, study_of

from helpers.analysis.expectation import expectation_of
from helpers.analysis.validity import Agreement, HitRate, agreement, disagreements, paired_ranks
from helpers.present.inline import plain
from helpers.present.wording import expectation, validity
from helpers.present.wording.rankings import pioneers


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
    assert finding("Sonsbeck").startswith("Die Struktur sagt über Sonsbeck fast nichts voraus: erwartet ")
    assert "was die Struktur erwarten lässt" in finding("Jena", "cities")
    assert validity.edition_of(study_of("Sonsbeck")) == 2025


def test_above_expectation_is_said_only_outside_the_interval() -> None:
    bochum, sonsbeck = study_of("Bochum"), study_of("Sonsbeck")
    result = expectation_of(bochum)
    row = result.places.loc["05911000"]
    # Just outside: the figures are told, and the word says how close it is.
    assert 0 < row["score"] - row["high"] < 0.5
    ends = f"{row['score']:.1f}; erwartet {row['low']:.1f} bis {row['high']:.1f}".replace(".", ",")
    assert expectation.title(bochum, result) == f"Bochum liegt knapp über dem erwarteten Bereich ({ends})"
    assert "lägen von 53 Orten etwa drei schon durch Zufall außerhalb" in expectation.deck(bochum, result)
    assert "Zufall" not in expectation.outside(bochum, result), "the deck has said it"
    far = replace(result, places=result.places.assign(score=result.places["high"] + 15, outside=True))
    assert expectation.title(bochum, far).startswith("Bochum liegt über dem erwarteten Bereich (")
    result = expectation_of(sonsbeck)
    title = expectation.title(sonsbeck, result)
    assert title.startswith("Die Struktur sagt über Sonsbeck fast nichts voraus") and "erreicht 40,9 Punkte" in title
    assert "durch Zufall" not in expectation.deck(sonsbeck, result)
    assert expectation.title(sonsbeck, replace(result, predicted=0.2)).startswith(
        "Die Struktur sagt über Sonsbeck wenig"
    )
    assert expectation.title(sonsbeck, replace(result, predicted=0.6)).startswith("Sonsbeck liegt im Rahmen dessen")


def test_an_expected_range_ends_where_scores_end() -> None:
    study = study_of("Bochum")
    result = expectation_of(study)
    places = result.places.copy()
    places.loc["05911000", ["low", "high", "outside"]] = [-4.0, 120.0, False]
    assert "erwartet 0,0 bis 100,0" in expectation.title(study, replace(result, places=places))


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
    assert "Vergleichsort" not in words and words.endswith(" nach beiden Seiten, dazu [Bochum]{.focus}.")


@pytest.mark.parametrize(
    ("peers", "words"),
    [("nearest", "Bochum und die Vergleichsorte."), (["Essen"], "Bochum und der Vergleichsort.")],
)
def test_what_is_drawn_beside_the_extremes_is_told(peers: str | list[str], words: str) -> None:
    study = study_of("Bochum", peers=peers)
    told = plain(expectation.deck(study, expectation_of(study)))
    assert told.endswith(f"Gezeigt sind die größten Abstände nach beiden Seiten, dazu {words}")
    many = study_of("Bochum", "cities", peers="region")
    assert "dazu Bochum und zehn der Vergleichsorte" in plain(expectation.deck(many, expectation_of(many)))


def test_an_order_by_distance_is_told_in_words() -> None:
    study = study_of("Bochum")
    result = expectation_of(study)
    assert "Das ist der größte Abstand nach oben unter den 53 Orten." in expectation.limits(study, result)
    order = result.places["difference"].sort_values()
    third = study_of(str(study.names[order.index[2]]))
    assert "Weiter unter dem Erwarteten liegen zwei der 53 Orte." in expectation.limits(third, result)


def test_structure_that_explains_little_is_said_to() -> None:
    assert "erklärt hier wenig" in expectation.deck(study_of("Bochum"), expectation_of(study_of("Bochum")))
    cities = study_of("Bochum", "cities")
    assert "erklärt hier wenig" not in expectation.deck(cities, expectation_of(cities))


@pytest.mark.parametrize(
    ("rho", "words"),
    [
        (0.8, "und ordnen die 36 Städte mit bekanntem Platz doch ähnlich"),
        (0.5, "nur in Grundzügen gleich"),
        (0.1, "ordnen auch die 36 Städte mit bekanntem Platz verschieden"),
    ],
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
    words = validity.hits(study_of("Sonsbeck"), HitRate(7, 7, 0.9, 1e-9), HitRate(7, 4, 0.9, 1e-3))
    assert words.endswith("Die Reihenfolge nach Einwohnerzahl träfe nur vier.")
    assert "beträgt weniger als 0,1\u202f%" in words
    assert "Sonsbeck ist nicht genannt und hat im offenen Index Rang 7 von 53" in words


@pytest.mark.parametrize(
    ("by_size", "words"),
    [(0, "träfe keine"), (1, "träfe nur eine"), (4, "träfe ebenso viele"), (6, "träfe sogar sechs")],
)
def test_the_hits_are_held_against_a_list_by_population(by_size: int, words: str) -> None:
    found = HitRate(7, 4, 0.9, 0.001)
    assert f"Einwohnerzahl {words}." in validity.hits(study_of("Bochum"), found, HitRate(7, by_size, 0.9, 0.1))


def test_far_down_is_said_of_the_lower_half_only(monkeypatch: pytest.MonkeyPatch) -> None:
    study = study_of("Bochum")
    assert "Genannt, im offenen Index aber nicht unter den ersten 14: Hünxe (Rang 34)" in validity.disagreement_title(
        study
    )
    huenxe = disagreements(study.indices["ruhr"].rank, pioneers(study))[0][:1]
    monkeypatch.setattr(validity, "disagreements", lambda rank, named: (huenxe, []))
    assert validity.disagreement_title(study) == "Genannt, im offenen Index aber weit hinten: Hünxe (Rang 34)"


def test_what_the_study_says_of_huenxe_is_quoted() -> None:
    words = validity.disagreement(study_of("Bochum"))
    assert "digitalen Patenten" in words and "Womit Holzwickede in der Studie punktet" in words
