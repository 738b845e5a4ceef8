"""Chapters 3 and 4: distances, parts, shared values and where the values come from."""

from collections.abc import Iterator

import pytest
from studies import index_of, study_of

from helpers.analysis.drivers import drivers, indicator_weights
from helpers.parameters import register
from helpers.present.language import use
from helpers.present.wording import method, phrases, ranking


@pytest.fixture(autouse=True)
def begin_in_german() -> Iterator[None]:
    use("de")
    yield
    use("de")


def test_the_finding_is_the_distance_to_the_neighbour() -> None:
    assert ranking.finding(study_of("Bochum")) == "Bochum liegt 3,3 Punkte vor Essen"
    assert ranking.finding(study_of("Essen")) == "Essen fehlen 3,3 Punkte auf Bochum, den Ort davor"
    assert ranking.finding(study_of("Kamen")) == "Kamen fehlen weniger als 0,1 Punkte auf Duisburg, den Ort davor"
    last = ranking.finding(study_of("Breckerfeld"))
    assert last.startswith("Breckerfeld fehlen") and last.endswith("den vorletzten Ort")
    wesel = ranking.finding(study_of("05170", "districts"))
    assert wesel.startswith("Dem Kreis Wesel fehlen")


def test_level_places_are_named() -> None:
    study = study_of("Bochum")
    score = study.index.score.copy()
    score["05113000"] = score["05911000"]
    study.indices["ruhr"] = type(study.index)(**{**vars(study.index), "score": score})
    assert ranking.finding(study) == "Bochum liegt gleichauf mit Essen"


def test_the_parts_are_those_of_the_decomposition() -> None:
    assert ranking.what_it_means(study_of("Bochum")) == (
        "Bochum liegt 28,3 Punkte über dem Mittel der 53 Kommunen. Dazu tragen bei: Beschäftigung +14,2, Forschung +7,6, "
        "Unternehmen +4,3 und Infrastruktur +2,2."
    )
    assert "Infrastruktur ±0,0" in ranking.what_it_means(study_of("Dortmund"))


def test_a_district_without_a_whole_domain_says_what_that_does() -> None:
    said = ranking.what_it_means(study_of("16063", "districts"))
    assert said.endswith("Bei Infrastruktur fehlt jeder Wert; das verschiebt den Stand um −6,4 Punkte.")
    assert "fehlt jeder Wert" not in ranking.what_it_means(study_of("05170", "districts"))


def test_shared_values_are_the_places_own() -> None:
    berlin = ranking.how_certain(study_of("Berlin", "cities"))
    assert berlin.endswith("Bei „Fläche mit 5G“ haben zwei weitere Großstädte denselben Wert (99,3\u202f%) wie Berlin.")
    assert "Kein anderer Ort hat" in ranking.how_certain(study_of("Wiesbaden", "cities"))
    assert "40" not in ranking.how_certain(study_of("05170", "districts")).split("Studierende")[0]


def test_an_end_of_the_scale_that_many_share_is_told_once() -> None:
    # Bochum is one of the 16, Sonsbeck one of the 37: that others share their value goes without saying.
    said = (
        "Bei „Fläche mit 5G“ teilen 16 von 53 den größten Wert (100,0; der kleinste ist 80,4). "
        "Bei „Hochschulstandorte“ teilen 37 von 53 den kleinsten Wert (0; der größte ist 5,6)."
    )
    assert ranking.how_certain(study_of("Bochum")) == ranking.how_certain(study_of("Sonsbeck")) == said


def test_outlines_and_rings_are_explained_only_where_they_are_drawn() -> None:
    assert "Umrandete Felder" in ranking.ranking_deck(study_of("Bochum"))
    assert "Umrandete Felder" not in ranking.ranking_deck(study_of("05170", "districts"))
    assert "bei Sonsbeck vier von zehn" in ranking.profile_deck(study_of("Sonsbeck"))
    assert "Ringe" not in ranking.profile_deck(study_of("05170", "districts"))


def test_peers_are_counted_in_the_deck() -> None:
    assert "[Vergleichsorte]" not in ranking.ranking_deck(study_of("Bochum", peers="universe"))
    assert ", zehn [Vergleichsorte]{.peer}" in ranking.ranking_deck(study_of("Bochum"))
    assert ", ein [Vergleichsort]{.peer}" in ranking.ranking_deck(study_of("Bochum", peers=["Essen"]))
    assert ", zwei [Vergleichsorte]{.peer}" in ranking.ranking_deck(study_of("Bochum", peers=["Essen", "Herne"]))


def test_the_best_rank_is_not_one_that_many_share() -> None:
    assert ranking.profile_title(study_of("Bochum")) == "Bochum liegt je nach Merkmal auf Rang 1 bis 30"
    assert ranking.profile_deck(study_of("Bochum")).startswith(
        "Bester Rang: Gewerbestandorte mit Gigabit; schlechtester: Unternehmen in Gewerbegebieten mit Glasfaser."
    )


def test_drivers_weigh_what_is_there() -> None:
    for ags in ("05911", "16063", "03159"):
        weights = indicator_weights(index_of("districts"), ags)
        assert sum(weights.values()) == pytest.approx(1)
        assert all(index_of("districts").basis.at[ags, ref.indicator] != "missing" for ref in weights)


@pytest.mark.parametrize(
    ("rank", "n", "tier"),
    [
        (1, 53, "first"),
        (2, 53, "top3"),
        (3, 53, "top3"),
        (4, 53, "front"),
        (13, 53, "front"),
        (14, 53, "middle"),
        (39, 53, "middle"),
        (40, 53, "back"),
        (53, 53, "last"),
        (1, 1, "first"),
        (2, 2, "last"),
    ],
)
def test_tiers_are_quarters_with_the_ends_named(rank: int, n: int, tier: str) -> None:
    assert phrases.tier(rank, n) == tier
    assert phrases.position(rank, n)


def test_what_is_compared_is_named_with_its_number() -> None:
    assert phrases.places_word(study_of("Bochum")) == "53 Kommunen"
    assert phrases.places_word(study_of("Bochum", "cities")) == "83 Großstädte"
    assert phrases.places_word(study_of("Bochum", "districts", "en")) == "400 districts"


def test_an_inherited_value_names_the_whole_district() -> None:
    study = study_of("Sonsbeck")
    inherited = [driver for driver in drivers(study) if driver.inherited]
    assert len(inherited) == 4
    assert all("Wert für den ganzen Kreis Wesel" in phrases.value_text(study, driver) for driver in inherited)


def test_the_finding_of_the_data_counts_the_places_own_values() -> None:
    assert method.finding(study_of("Bochum")) == "Alle zehn Werte gelten für Bochum selbst"
    assert (
        method.finding(study_of("Sonsbeck"))
        == "Sechs von zehn Werten gelten für Sonsbeck selbst, vier für den Kreis Wesel"
    )
    assert method.finding(study_of("16063", "districts")) == "Fünf von zehn Werten liegen für den Wartburgkreis vor"
    assert method.coverage_title(study_of("Bochum")) == "Kein Wert fehlt, 168 von 530 sind vom Kreis übernommen"
    assert method.coverage_title(study_of("Bochum", "cities")) == "Einer von 830 Werten der Großstädte fehlt"
    assert (
        method.coverage_title(study_of("Bochum", "districts", "en"))
        == "28 of 4,000 values of the districts are missing"
    )


@pytest.mark.parametrize("peers", ["nearest", "region", ["Essen", "Herne"]])
def test_the_command_of_the_imprint_makes_the_same_report(peers: str | list[str]) -> None:
    said = method.reproduce(study_of("Bochum", peers=peers), "1.2.3")
    command = said.split(": ", 1)[1]
    assert command.startswith("cityreport render 05911000 --universe ruhr --language de")
    assert command.endswith({"nearest": "de", "region": "--peers region"}.get(str(peers), "--peers 05113000,05916000"))
    assert register()["05911000"].name not in command
