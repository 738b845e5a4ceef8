"""Findings in both languages, with their figures as a reader expects them."""

import re
from dataclasses import replace

import pytest
from studies import facts

from helpers.analysis.claims import Judged, audit
from helpers.data.claims import load_press
from helpers.data.evaluation import Value
from helpers.parameters import Language
from helpers.present.language import use
from helpers.present.press import claim_text, finding_text, since_text, verdict_word


def judged() -> dict[str, Judged]:
    return {item.claim.id: item for item in audit(facts(), load_press()[0])}


@pytest.mark.parametrize(
    ("language", "id_", "finding", "since"),
    [
        ("de", "C15", "12.717 waren es 2023, aus 157 Parametern für 81 Städte.", "Ausgabe 2025: 13.529 Datenpunkte."),
        ("en", "C15", "There were 12,717 in 2023, from 157 parameters", "2025 edition: 13,529 data points."),
        (
            "de",
            "C10",
            "2023 lagen Köln und Aachen davor, das ist Platz 3 in Nordrhein-Westfalen.",
            "Ausgabe 2025: Platz 2 in Nordrhein-Westfalen.",
        ),
        ("en", "C12", "Up to 2023 it was four editions, after rank 32 in 2019;", "With the 2025 edition it is six."),
        ("de", "C03", "Es sind 53 Kommunen, unter ihnen Gemeinden wie", ""),
    ],
)
def test_figures_stand_in_the_sentences(language: Language, id_: str, finding: str, since: str) -> None:
    use(language)
    item = judged()[id_]
    assert finding_text(item).startswith(finding)
    assert since_text(item) == since


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_text_is_a_sentence_without_a_placeholder(language: Language) -> None:
    use(language)
    for item in judged().values():
        assert verdict_word(item)
        for text in filter(None, (claim_text(item), finding_text(item), since_text(item))):
            assert re.fullmatch(r"[^{}]*\.", text), text
            assert "unbekannt" not in text and "unknown" not in text


@pytest.mark.parametrize(
    ("value", "placeholder", "german", "english"),
    [
        (None, "{x:1}", "unbekannt", "unknown"),
        (98.3, "{x:1%}", "98,3\u202f%", "98.3%"),
        (98.3, "{x:0%}", "98\u202f%", "98%"),
        (2024, "{x:year}", "2024", "2024"),
        (12717, "{x}", "12.717", "12,717"),
        (5, "{x:word}", "fünf", "five"),
        (76.25, "{x:1}", "76,2", "76.2"),
        (True, "{x}", "ja", "yes"),
        (False, "{x}", "nein", "no"),
        (("Köln", "Aachen"), "{x}", "Köln und Aachen", "Köln and Aachen"),
        ((), "{x}", "keine", "none"),
    ],
)
def test_a_placeholder_takes_the_form_of_the_language(
    value: Value, placeholder: str, german: str, english: str
) -> None:
    item = judged()["C09"]
    claim = item.claim.model_copy(update={"finding_de": placeholder, "finding_en": placeholder})
    changed = replace(item, claim=claim, values={"x": value})
    use("de")
    assert finding_text(changed) == german
    use("en")
    assert finding_text(changed) == english
