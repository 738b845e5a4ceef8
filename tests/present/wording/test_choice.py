"""Nobody must take an index by choice for the default: what is said of it, and that nothing is said of the default."""

import pytest

from helpers.analysis.study import Study, build_study
from helpers.choices import IndexChoice
from helpers.parameters import Parameters, register
from helpers.present.language import use
from helpers.present.wording import choice, glance, method, ranking
from helpers.publish.meta import ReportMeta


def study(language: str = "de", **index: object) -> Study:
    parameters = Parameters.check(language=language, index=index)
    use(parameters.language)
    return build_study(parameters)


def test_nothing_is_said_of_the_default_index() -> None:
    default = study()
    assert choice.notice(default) == choice.brief(IndexChoice()) == ""
    assert choice.with_weights(default) == "bei gleichen Gewichten"
    assert "Standardindex" not in glance.deck(default)


def test_the_notice_names_what_was_chosen() -> None:
    one = study(weights={"research": 2, "students_rate": 3}, normalisation="z_score", aggregation="geometric")
    assert choice.notice(one) == (
        "[Nicht der Standardindex.]{.strong} Anders gewählt: Gewichte der Bereiche (Infrastruktur 20\u202f%, Forschung "
        "40\u202f%, Beschäftigung 20\u202f%, Unternehmen 20\u202f%); Gewichte in Forschung (Hochschulstandorte 25\u202f%, "
        "Studierende 75\u202f%); z-Werte; geometrisches Mittel. Das gilt nur im Ruhrgebiet."
    )
    assert glance.deck(one).startswith(choice.notice(one))
    assert "mit den gewählten Gewichten" in ranking.ranking_deck(one)


def test_the_notice_in_english() -> None:
    one = study("en", weights={"companies": 0.5})
    assert choice.notice(one) == (
        "[Not the default index.]{.strong} Chosen otherwise: weights of the domains (infrastructure 28.6%, research 28.6%, "
        "employment 28.6%, companies 14.3%). This holds in the Ruhr only."
    )


def test_foot_and_imprint_say_it_too() -> None:
    for index, said in (({}, False), ({"aggregation": "geometric"}, True)):
        parameters = Parameters.check(index=index)
        use("de")
        meta = ReportMeta(parameters, register()[parameters.place], "2026-04-22", "ab" * 32)
        assert ("nicht der Standardindex" in meta.running_foot) == said
        assert ("Nicht der Standardindex: geometrisches Mittel." in meta.imprint("cd" * 32)) == said


@pytest.mark.parametrize(
    ("index", "words"),
    [
        ({}, ["0 und der größte 100 Punkte", "zählen die Merkmale gleich", "arithmetisch"]),
        ({"aggregation": "geometric"}, ["1 und der größte 100 Punkte", "zählen die Merkmale gleich", "geometrisch"]),
        ({"normalisation": "z_score"}, ["Durchschnitt aller Orte 50 Punkte", "Standardabweichung 5 Punkte"]),
        ({"normalisation": "percentile"}, ["letzte Ort erhält 0 Punkte, der erste 100"]),
        ({"weights": {"research": 2}}, ["gewählten Gewichten"]),
    ],
)
def test_the_method_is_that_of_the_index(index: dict[str, object], words: list[str]) -> None:
    said = method.method(study("de", **index))
    assert all(word in said for word in words)
    assert ("zählen gleich" in said) == ("weights" not in index)


def test_the_report_tells_how_to_make_it_again() -> None:
    said = method.reproduce(study(weights={"research": 2}), "1.0")
    assert 'cityreport render --params DATEI mit {"place": "05911000", "index": {"weights": {"research": 2.0}}}' in said
