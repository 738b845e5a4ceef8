"""The audit as lines of text, in either language and for any place."""

import pytest

from helpers.parameters import Parameters
from helpers.run.claims import print_audit


def audit_of(place: str, universe: str = "ruhr", language: str = "de") -> tuple[int, list[str]]:
    said: list[str] = []
    parameters = Parameters.check(place=place, universe=universe, language=language)
    return print_audit(parameters, said.append), said


@pytest.mark.parametrize(("place", "universe"), [("Bochum", "ruhr"), ("Bochum", "cities"), ("05911", "districts")])
def test_the_audit_is_the_same_in_every_universe(place: str, universe: str) -> None:
    code, said = audit_of(place, universe)
    assert code == 0
    assert len([line for line in said if line.startswith("\nC")]) == 26
    assert "\nC09  überholt (nachgerechnet): Im Smart City Index 2023 belegt Bochum Platz 11." in said
    assert said[-1] == "26 Aussagen: 10 präzisiert, 5 überholt, 5 bestätigt, 3 nicht belegt, 3 Meinung."


def test_the_audit_speaks_english() -> None:
    code, said = audit_of("Bochum", language="en")
    assert code == 0
    at = said.index("\nC17  confirmed (computed): Bochum lost three places on the previous year.")
    assert said[at + 1].strip().startswith("Rank 8 in 2022, rank 11 in 2023.")
    assert said[-1].startswith("26 claims: 10 refined, ")


@pytest.mark.parametrize(
    ("place", "universe", "language", "sentence"),
    [
        ("Sonsbeck", "ruhr", "de", "Über Sonsbeck liegt kein Text mit geprüften Aussagen vor (data/claims*.yml)."),
        ("05170", "districts", "de", "Über den Kreis Wesel liegt kein Text mit geprüften Aussagen vor (data/claims*.yml)."),
        ("Kiel", "cities", "en", "No text with claims to check is held about Kiel (data/claims*.yml)."),
    ],
)  # fmt: skip
def test_a_place_without_claims_is_told_so(place: str, universe: str, language: str, sentence: str) -> None:
    assert audit_of(place, universe, language) == (0, [sentence])
