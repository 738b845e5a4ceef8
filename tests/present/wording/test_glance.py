"""Chapter 1: what is said of a place is what its tables say."""

import re
from collections.abc import Iterator

import pytest
from studies import study_of

from helpers.analysis.drivers import drivers
from helpers.analysis.study import build_study
from helpers.parameters import Parameters, register
from helpers.present.language import use
from helpers.present.wording import glance, phrases


@pytest.fixture(autouse=True)
def begin_in_german() -> Iterator[None]:
    use("de")
    yield
    use("de")


@pytest.mark.parametrize(
    ("place", "universe", "german", "english"),
    [
        (
            "Bochum",
            "ruhr",
            "Bochum führt im Ruhrgebiet bei gleichen Gewichten – unter den Großstädten im Mittelfeld",
            "Bochum leads in the Ruhr with equal weights – mid-table among the large cities",
        ),
        (
            "Dortmund",
            "ruhr",
            "Dortmund gehört im Ruhrgebiet bei gleichen Gewichten zu den ersten drei – unter den Großstädten im Mittelfeld",
            "Dortmund is among the top three in the Ruhr with equal weights – mid-table among the large cities",
        ),
        (
            "Sonsbeck",
            "ruhr",
            "Sonsbeck liegt im Ruhrgebiet bei gleichen Gewichten im vorderen Viertel – größter Vorsprung bei Infrastruktur",
            "Sonsbeck is in the top quarter in the Ruhr with equal weights – furthest ahead in infrastructure",
        ),
        (
            "Breckerfeld",
            "ruhr",
            "Breckerfeld liegt im Ruhrgebiet bei gleichen Gewichten auf dem letzten Rang – am weitesten zurück bei Infrastruktur",
            "Breckerfeld is in last place in the Ruhr with equal weights – furthest behind in infrastructure",
        ),
        (
            "09162",
            "districts",
            "München führt unter den Kreisen bei gleichen Gewichten – auch unter den Großstädten",
            "München leads among the districts with equal weights – also among the large cities",
        ),
    ],
)
def test_the_finding_places_the_place(place: str, universe: str, german: str, english: str) -> None:
    assert glance.finding(study_of(place, universe)) == german
    assert glance.finding(study_of(place, universe, "en")) == english


def test_a_title_that_most_variants_confirm_needs_no_reserve(monkeypatch: pytest.MonkeyPatch) -> None:
    assert study_of("Bochum").certainty().ranks.at["05911000", "top_1"] < glance.FIRM
    essen = study_of("05113", "districts")
    in_front = essen.certainty().shares("05113").loc[:100].sum()
    assert ("gleichen Gewichten" in glance.finding(essen)) is bool(in_front < glance.FIRM)
    monkeypatch.setattr(glance, "FIRM", 0.1)
    assert glance.finding(study_of("Bochum")).startswith("Bochum führt im Ruhrgebiet – unter")


def test_a_value_that_stands_out_is_explained() -> None:
    assert "487,5 je 100 Einw. v. 18–24 mit Fernstudierenden" in glance.what_it_means(study_of("Hagen"))


def test_a_landkreis_is_not_called_like_its_city() -> None:
    assert glance.finding(study_of("09184", "districts")).startswith("Der Landkreis München liegt unter den Kreisen")
    assert glance.finding(study_of("09184", "districts", "en")).startswith("The district of München is")


def test_the_deck_gives_the_rank_in_every_universe() -> None:
    assert glance.deck(study_of("Bochum")) == (
        "Offener Index aus zehn Merkmalen in vier gleich gewichteten Bereichen (2020–2024); Punkte nur innerhalb eines "
        "Vergleichs vergleichbar: Rang 1 von 53 im Ruhrgebiet, Rang 35 von 83 unter den Großstädten, Rang 39 von 400 unter den "
        "Kreisen. Im Smart City Index 2025, der fünf Felder von Verwaltung bis Mobilität bewertet: Platz 5 von 83."
    )
    assert "Kreisen" not in glance.deck(study_of("Moers")) and "vergleichbar" not in glance.deck(study_of("Sonsbeck"))


def test_chosen_weights_are_not_called_equal() -> None:
    parameters = Parameters.check(place="Bochum", index={"weights": {"research": 3}})
    assert "gleich gewichtet" not in glance.deck(build_study(parameters))


def test_domain_and_indicators_named_are_the_largest_and_smallest_parts() -> None:
    for name in ("Bochum", "Dortmund", "Sonsbeck", "Breckerfeld", "Hamm"):
        study = study_of(name)
        said = glance.what_it_means(study)
        parts = drivers(study)
        distance = study.index.score[study.place.ags] - study.index.score.mean()
        assert sum(driver.points for driver in parts) == pytest.approx(distance)
        if parts[0].points > 0:
            assert f"Am meisten hilft: {phrases.driver_text(study, parts[0])}." in said
        assert f"Am meisten bremst: {phrases.driver_text(study, parts[-1])}." in said


def test_a_place_below_the_mean_everywhere_is_told_so() -> None:
    said = glance.what_it_means(study_of("Breckerfeld"))
    assert said.startswith(
        "Breckerfeld liegt in keinem Bereich über dem Mittel der 53 Kommunen; am wenigsten fehlt bei"
    )


def test_inherited_values_name_the_district_in_its_case() -> None:
    said = glance.how_certain(study_of("Sonsbeck"))
    assert "Vier der zehn Werte gelten für den ganzen Kreis Wesel, nicht für Sonsbeck allein." in said
    assert "für die ganze Region Hannover" in glance.how_certain(study_of("Hannover", "cities"))
    assert "Werte gelten" not in glance.how_certain(study_of("Bochum"))


def test_missing_values_are_counted() -> None:
    saarbrücken = glance.how_certain(study_of("Saarbrücken", "cities"))
    assert "Einer der zehn Werte fehlt; gerechnet ist mit den übrigen." in saarbrücken
    assert "Fünf der zehn Werte fehlen" in glance.how_certain(study_of("16063", "districts"))


def test_neighbours_are_those_within_a_point() -> None:
    study = study_of("Dortmund")
    assert [study.names[ags] for ags in glance.within_points(study)] == ["Essen"]
    assert "Höchstens einen Punkt entfernt liegt Essen:" in glance.how_certain(study)
    assert "am nächsten ist Essen mit 3,3 Punkten Abstand" in glance.how_certain(study_of("Bochum"))
    assert glance.within_points(study, 0.1) == []
    assert len(glance.within_points(study, 100)) == 52


def test_cards_show_each_rank_once_and_no_district_rank_for_a_town() -> None:
    assert [(card.rank, card.n) for card in glance.cards(study_of("Bochum"))] == [(1, 53), (35, 83), (39, 400), (5, 83)]
    sonsbeck = glance.cards(study_of("Sonsbeck"))
    assert [(card.label, card.rank, card.n) for card in sonsbeck] == [
        ("Rang im Ruhrgebiet", 7, 53),
        ("Rang im Kreis Wesel", 1, 13),
        ("Smart City Index", None, None),
    ]
    assert sonsbeck[1].note == "danach: Xanten"
    row = study_of("Sonsbeck").certainty().ranks.loc["05170040"]
    assert sonsbeck[0].note == f"Spanne {row.low:.0f} bis {row.high:.0f} · 40,9 Punkte"
    assert (sonsbeck[0].low, sonsbeck[0].high) == (row.low, row.high)
    assert sonsbeck[1].low is None
    assert [card.label for card in glance.cards(study_of("Hannover", "cities"))] == [
        "Rang unter den Großstädten",
        "Rang in Niedersachsen",
        "Platz im Smart City Index 2025",
    ]
    assert [card.n for card in glance.cards(study_of("Berlin", "cities"))] == [83, 400, 83]


def test_the_card_of_the_land_counts_its_part_of_the_ruhr() -> None:
    card = glance.cards(study_of("Aachen", "cities"))[1]
    large = [p for p in register().values() if p.in_cities and p.state == "Nordrhein-Westfalen"]
    assert card.n == len(large) == 30


@pytest.mark.parametrize(
    ("place", "universe"), [("Bochum", "ruhr"), ("Mülheim an der Ruhr", "ruhr"), ("Ulm", "cities")]
)
def test_the_best_and_weakest_domain_are_those_of_the_ranks(place: str, universe: str) -> None:
    study = study_of(place, universe)
    ranks = study.index.domain_rank.loc[study.place.ags]
    numbers = [int(n) for n in re.findall(r"\((\d+)\)", glance.domains_title(study))]
    assert numbers == [ranks.min(), ranks.max()]


def test_domains_of_one_rank_are_named_together() -> None:
    assert glance.domains_title(study_of("Bochum")).startswith("Bester Rang bei Forschung und Beschäftigung (3)")


def test_a_domain_of_district_values_alone_is_neither_best_nor_worst() -> None:
    study = study_of("Haltern am See")
    assert study.index.domain_rank.loc[study.place.ags].idxmax() == "employment"
    assert glance.domains_title(study).startswith("Mit eigenen Werten bester Rang bei ")
    assert "Beschäftigung" not in glance.domains_title(study)
    assert "Ring: nur Werte des Kreises" in glance.domains_subtitle(study)
    assert "Ring" not in glance.domains_subtitle(study_of("Bochum"))


def test_a_place_without_some_values_says_so_at_once() -> None:
    assert glance.deck(study_of("16063", "districts")).startswith(
        "Offener Index aus nur fünf der zehn Merkmale in vier "
    )


def test_the_map_names_the_top_class_and_the_place() -> None:
    assert glance.map_title(study_of("Bochum")) == "Nur Bochum, Essen und Dortmund kommen auf 50 Punkte oder mehr"
    assert glance.map_title(study_of("Hamm")).endswith("; Hamm auf 25,0")
    assert glance.map_title(study_of("München", "cities")) == (
        "Fünf Großstädte kommen auf 60 Punkte oder mehr, München gehört dazu"
    )
    assert glance.map_title(study_of("05170", "districts", "en")).endswith("; the district of Wesel has 25.1")
    assert glance.map_title(study_of("09184", "districts")).endswith(", der Landkreis München gehört dazu")
