"""Chapter 2: what the published rankings say about a place, and what their silence means."""

from collections.abc import Iterator

import pytest
from studies import facts, study_of

from helpers.analysis.rankings import known_ranks
from helpers.parameters import register, universe_places
from helpers.present.language import use
from helpers.present.wording import rankings


@pytest.fixture(autouse=True)
def begin_in_german() -> Iterator[None]:
    use("de")
    yield
    use("de")


def test_the_finding_names_both_ranks_with_their_years() -> None:
    assert (
        rankings.finding(study_of("Bochum"))
        == "Bochum stieg im Smart City Index von Platz 32 (2019) auf Platz 5 (2025)"
    )
    assert rankings.finding(study_of("Dortmund")) == (
        "Dortmund fiel im Smart City Index von Platz 9 (2019) auf Platz 22 (2024)"
    )
    assert rankings.finding(study_of("Sonsbeck")) == "Der Smart City Index bewertet Sonsbeck nicht"
    assert rankings.finding(study_of("05170", "districts")) == "Der Smart City Index bewertet den Kreis Wesel nicht"


def test_bochum_is_first_of_the_ruhr_because_every_better_rank_is_known() -> None:
    said = rankings.what_it_means(study_of("Bochum"))
    assert said == (
        "2025 ist Bochum die bestplatzierte Stadt im Ruhrgebiet: Alle besseren Plätze sind bekannt, keiner davon geht an eine "
        "Stadt im Ruhrgebiet. "
        "Es folgt Essen auf Platz 15."
    )
    assert rankings.what_it_means(study_of("05911", "districts")) == said


def test_a_city_outside_the_ruhr_is_compared_with_its_whole_land() -> None:
    cologne = rankings.what_it_means(study_of("Köln", "cities"))
    assert "Es folgt Bochum auf Platz 5." in cologne
    assert "davor stehen Köln (3) und Bochum (4)" in rankings.what_it_means(study_of("Aachen", "cities"))


def test_a_long_list_of_better_cities_is_not_called_complete() -> None:
    said = rankings.what_it_means(study_of("Hagen"))
    assert "an 9. Stelle; an der Spitze stehen Bochum (4), Essen (20) und Dortmund (22)." in said
    assert "davor steht Bochum (5)." in rankings.what_it_means(study_of("Essen"))


def test_a_city_alone_in_its_land_is_compared_with_all() -> None:
    said = rankings.what_it_means(study_of("Berlin", "cities"))
    panel = facts().smart_city_index.query("edition == 2025 and category == 'total'")["rank"].dropna()
    own = known_ranks(facts().smart_city_index, "11000000")[2025]
    assert said == (
        f"Berlin ist die einzige Großstadt in Berlin. 2025 steht sie unter den {len(panel)} Städten mit veröffentlichtem "
        f"Platz an {int((panel < own).sum()) + 1}. Stelle."
    )


def test_the_position_counts_better_ranks_only() -> None:
    """Against the panel itself, for every city with a rank."""
    panel = facts().smart_city_index
    for place in register().values():
        if not (place.in_cities and place.level == "municipality"):
            continue
        study = study_of(place.ags, "cities")
        ranks = known_ranks(panel, place.ags)
        if ranks.empty or not rankings.region_cities(study):
            continue
        edition, rank = ranks.index[-1], ranks.iloc[-1]
        rows = panel[(panel["edition"] == edition) & (panel["category"] == "total")]
        rows = rows[rows["ags"].isin([place.ags, *rankings.region_cities(study)])]
        better = int((rows["rank"].dropna() < rank).sum())
        said = rankings.what_it_means(study)
        assert said.startswith(str(edition))
        if better:
            assert f"an {better + 1}. Stelle" in said
        else:
            assert "bestplatziert" in said or "einzige" in said or "an 1. Stelle" in said


def test_the_lines_say_how_many_editions_are_known() -> None:
    assert "in allen sieben Ausgaben bekannt" in lines_deck("Bochum", "ruhr")


def test_the_lines_say_who_is_drawn_in_the_colour_of_peers() -> None:
    drawn = "[Bochum]{.focus} und zwölf weitere Städte im Ruhrgebiet, neun davon [Vergleichsorte]{.peer}."
    assert lines_deck("Bochum", "ruhr").startswith(drawn)
    assert lines_deck("Potsdam", "cities").startswith("[Potsdam]{.focus} und eine weitere Stadt in Brandenburg.")
    # The only large city of its Land is drawn with its peers, not alone.
    assert lines_deck("Berlin", "cities").startswith("[Berlin]{.focus} und zehn [Vergleichsorte]{.peer}.")


def lines_deck(place: str, universe: str) -> str:
    study = study_of(place, universe)
    return rankings.lines_deck(study, rankings.lines_others(study))


def test_the_digital_index_ruhr_has_a_heading_only_in_the_ruhr() -> None:
    inside = [study_of("Bochum"), study_of("Bochum", "cities"), study_of("05170", "districts")]
    assert all(rankings.is_in_ruhr(study) for study in inside)
    assert not any(
        rankings.is_in_ruhr(study) for study in (study_of("Berlin", "cities"), study_of("13075", "districts"))
    )


def test_the_change_of_method_is_told_between_the_known_editions() -> None:
    assert rankings.how_certain(study_of("Bochum")) == (
        "Für 2025 sind 36 von 83 Plätzen öffentlich. Zwischen 2019 und 2025 änderte sich auch das Verfahren: erst 96 "
        "Parameter, zuletzt 163."
    )
    single = [
        place.ags
        for place in register().values()
        if place.in_cities and len(known_ranks(facts().smart_city_index, place.ags)) == 1
    ]
    for ags in single:
        assert "Verfahren" not in rankings.how_certain(study_of(ags, "cities"))


def test_the_best_category_is_that_of_the_last_known_edition() -> None:
    assert rankings.categories_title(study_of("Bochum")) == "Bester bekannter Bereich 2025: Verwaltung, Platz 2"
    assert (
        rankings.categories_title(study_of("Berlin", "cities"))
        == "2024 ist nur für Mobilität ein Platz bekannt: Platz 1"
    )


@pytest.mark.parametrize(
    ("place", "universe", "said"),
    [
        ("Sonsbeck", "ruhr", "nur Städte ab 100.000 Einwohnern. Sonsbeck hat 8."),
        ("05170", "districts", "keine Kreise: Der Kreis Wesel kommt darin nicht vor."),
        ("09662", "districts", "nur Städte ab 100.000 Einwohnern. Schweinfurt hat 5"),
        ("09184", "districts", "keine Kreise: Der Landkreis München kommt darin nicht vor."),
    ],
)
def test_a_place_outside_the_smart_city_index_is_told_why(place: str, universe: str, said: str) -> None:
    assert said in rankings.not_rated(study_of(place, universe))


@pytest.mark.parametrize(
    ("place", "universe", "said"),
    [
        (
            "Sonsbeck",
            "ruhr",
            "Sonsbeck ist nicht darunter; Rang und Punkte sind für keine einzelne Kommune veröffentlicht.",
        ),
        ("05117", "districts", "Mülheim an der Ruhr ist nicht darunter;"),
        ("05170", "districts", "der Kreis Wesel als Ganzes kommt darin nicht vor."),
        ("09184", "districts", "der Landkreis München gehört nicht dazu."),
        ("Köln", "cities", "Köln gehört nicht dazu."),
    ],
)
def test_the_silence_of_the_digital_index_is_explained(place: str, universe: str, said: str) -> None:
    study = study_of(place, universe)
    assert rankings.ruhr_statements(study).empty
    assert rankings.ruhr_unnamed(study).endswith(said) or said in rankings.ruhr_unnamed(study)


def test_statements_of_the_digital_index_are_counted_once_each() -> None:
    assert rankings.ruhr_title(study_of("Bochum")) == "Vier bekannte Aussagen zum Digital-Index Ruhr nennen Bochum"
    statements = rankings.ruhr_statements(study_of("05911", "districts"))
    assert statements["topic"].is_unique
    assert len(statements) == 4
    german = [rankings.statement(row) for _, row in statements.iterrows()]
    use("en")
    assert not set(german) & {rankings.statement(row) for _, row in statements.iterrows()}


def test_the_pioneers_ahead_are_counted() -> None:
    assert rankings.pioneers_title(study_of("Bochum")) == (
        "Keine der sechs anderen genannten Kommunen liegt im offenen Index vor Bochum"
    )
    assert rankings.pioneers_title(study_of("Dortmund")).startswith("Zwei der sechs anderen genannten Kommunen liegen")
    breckerfeld = study_of("Breckerfeld", language="en")
    assert rankings.pioneers_title(breckerfeld) == (
        "Seven of the seven municipalities named are ahead of Breckerfeld in the open index"
    )


def test_the_best_city_of_the_region_is_called_best_only_for_the_edition_where_that_is_known() -> None:
    assert rankings.region_title(study_of("Sonsbeck")) == (
        "Von den Großstädten im Ruhrgebiet liegt Bochum vorn: Platz 5 (2025)"
    )
    panel = facts().smart_city_index.query("category == 'total'").dropna(subset="rank")
    for ags in universe_places("districts"):
        study = study_of(ags, "districts")
        cities = panel[panel["ags"].isin(rankings.region_cities(study))]
        if not study.smart_city.empty or cities.empty:
            continue
        newest = cities[cities["edition"] == cities["edition"].max()]
        said = rankings.region_title(study)
        assert str(newest["edition"].iloc[0]) in said
        assert f"Platz {newest['rank'].min()}" in said
