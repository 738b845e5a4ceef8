"""Names of places, districts, universes and indicators in both languages and in the cases that sentences need."""

from collections.abc import Iterator
from typing import get_args

import pytest
from studies import facts, study_of

from helpers.data.universe import DOMAINS, load_universe
from helpers.parameters import register, universes
from helpers.present import names
from helpers.present.language import use


@pytest.fixture(autouse=True)
def begin_in_german() -> Iterator[None]:
    use("de")
    yield
    use("de")


def cases(ags: str) -> list[str]:
    return [names.place_name(register()[ags], case) for case in get_args(names.Case)]


@pytest.mark.parametrize(
    ("ags", "title", "sentences", "english"),
    [
        ("05911000", "Bochum", ["Bochum", "Bochum", "Bochum"], "Bochum"),
        ("05911", "Bochum", ["Bochum", "Bochum", "Bochum"], "Bochum"),
        ("08111", "Stuttgart", ["Stuttgart", "Stuttgart", "Stuttgart"], "Stuttgart"),
        ("05170", "Kreis Wesel", ["der Kreis Wesel", "dem Kreis Wesel", "den Kreis Wesel"], "the district of Wesel"),
        (
            "09184",
            "Landkreis München",
            ["der Landkreis München", "dem Landkreis München", "den Landkreis München"],
            "the district of München",
        ),
        (
            "05962",
            "Märkischer Kreis",
            ["der Märkische Kreis", "dem Märkischen Kreis", "den Märkischen Kreis"],
            "the Märkischer Kreis",
        ),
        (
            "05162",
            "Rhein-Kreis Neuss",
            ["der Rhein-Kreis Neuss", "dem Rhein-Kreis Neuss", "den Rhein-Kreis Neuss"],
            "the Rhein-Kreis Neuss",
        ),
        (
            "03241",
            "Region Hannover",
            ["die Region Hannover", "der Region Hannover", "die Region Hannover"],
            "the Region Hannover",
        ),
        (
            "05334",
            "Städteregion Aachen",
            ["die Städteregion Aachen", "der Städteregion Aachen", "die Städteregion Aachen"],
            "the Städteregion Aachen",
        ),
        (
            "10041",
            "Regionalverband Saarbrücken",
            ["der Regionalverband Saarbrücken", "dem Regionalverband Saarbrücken", "den Regionalverband Saarbrücken"],
            "the Regionalverband Saarbrücken",
        ),
        (
            "13072",
            "Landkreis Rostock",
            ["der Landkreis Rostock", "dem Landkreis Rostock", "den Landkreis Rostock"],
            "the Landkreis Rostock",
        ),
    ],
)
def test_a_district_has_its_kind_and_its_article(ags: str, title: str, sentences: list[str], english: str) -> None:
    assert names.place_title(register()[ags]) == title
    assert cases(ags) == sentences
    use("en")
    assert set(cases(ags)) == {english}


@pytest.mark.parametrize(
    ("ags", "whole", "inside", "english"),
    [
        ("05170040", "den ganzen Kreis Wesel", "im Kreis Wesel", "the whole district of Wesel"),
        ("03241001", "die ganze Region Hannover", "in der Region Hannover", "the whole Region Hannover"),
        (
            "05378004",
            "den ganzen Rheinisch-Bergischen Kreis",
            "im Rheinisch-Bergischen Kreis",
            "the whole Rheinisch-Bergischer Kreis",
        ),
        ("05954012", "den ganzen Ennepe-Ruhr-Kreis", "im Ennepe-Ruhr-Kreis", "the whole Ennepe-Ruhr-Kreis"),
        (
            "10041100",
            "den ganzen Regionalverband Saarbrücken",
            "im Regionalverband Saarbrücken",
            "the whole Regionalverband Saarbrücken",
        ),
    ],
)
def test_the_district_of_a_town(ags: str, whole: str, inside: str, english: str) -> None:
    place = register()[ags]
    district = names.district_of(place)
    assert district.ags == ags[:5]
    assert names.place_name(district, "accusative", whole=True) == whole
    assert names.district_in(place) == inside
    use("en")
    assert names.place_name(district, "accusative", whole=True) == english
    assert names.district_in(place) == "in " + english.replace("whole ", "")


def test_no_two_places_of_a_universe_have_the_same_title() -> None:
    for level in ("municipality", "district"):
        titles = [names.place_title(place) for place in register().values() if place.level == level]
        assert len(set(titles)) == len(titles)


def test_regions_are_named_after_a_preposition() -> None:
    place = register()
    german = {ags: names.region_in(place[ags]) for ags in ("05911000", "09162000", "10041100", "05315000", "02000000")}
    assert list(german.values()) == [
        "im Ruhrgebiet",
        "in Bayern",
        "im Saarland",
        "in Nordrhein-Westfalen",
        "in Hamburg",
    ]
    use("en")
    english = {names.region_in(place[ags]) for ags in german}
    assert english == {"in the Ruhr", "in Bavaria", "in Saarland", "in North Rhine-Westphalia", "in Hamburg"}


def test_every_land_is_known_in_english() -> None:
    use("en")
    same = {land for land in {place.state for place in register().values()} if names.land_name(land) == land}
    assert same == {"Baden-Württemberg", "Berlin", "Brandenburg", "Bremen", "Hamburg", "Saarland", "Schleswig-Holstein"}


def test_places_of_a_universe_have_a_word_after_a_number_and_one_after_a_rank() -> None:
    words = [(names.universe_places_word(u), names.universe_in(u)) for u in map(load_universe, universes())]
    assert words == [
        ("Kommunen", "im Ruhrgebiet"),
        ("Großstädte", "unter den Großstädten"),
        ("Kreise", "unter den Kreisen"),
    ]
    use("en")
    assert [names.universe_places_word(load_universe(u)) for u in universes()] == [
        "municipalities",
        "large cities",
        "districts",
    ]


def test_domains_and_categories_are_named_in_both_languages() -> None:
    domains = [domain for domain in DOMAINS if domain != "context"]
    german = [names.domain_name(domain) for domain in domains]
    assert german == ["Infrastruktur", "Forschung", "Beschäftigung", "Unternehmen"]
    assert set(names.CATEGORIES) == set(facts().smart_city_index["category"].unique())
    categories = [names.category_name(category) for category in names.CATEGORIES]
    use("en")
    assert [names.domain_name(domain, start=True) for domain in domains] == [
        "Infrastructure",
        "Research",
        "Employment",
        "Companies",
    ]
    assert not set(categories) & {names.category_name(category) for category in names.CATEGORIES}


@pytest.mark.parametrize("universe", universes())
def test_indicators_have_a_label_and_a_unit_in_both_languages(universe: str) -> None:
    place = "05911" if universe == "districts" else "05911000"
    seen = []
    for language in ("de", "en"):
        study = study_of(place, universe, language)
        seen.append([names.indicator_label(study, ref) for ref in study.universe.indicators])
        assert all(names.indicator_unit(study, ref) for ref in study.universe.indicators)
    assert not set(seen[0]) & set(seen[1])


def test_a_count_divided_by_inhabitants_says_so() -> None:
    study = study_of("Bochum")
    ref = next(ref for ref in study.universe.indicators if ref.denominator)
    assert names.indicator_unit(study, ref) == "je 100.000 Einw."
