"""Every sentence of the report, made for many places in both languages and looked through for what must not be in it."""

import re
from collections.abc import Callable
from functools import cache
from inspect import getmembers, isfunction, signature
from typing import Any

import pandas as pd
import pytest
from studies import index_of, study_of

from helpers.analysis.audit.influence import influence
from helpers.analysis.audit.leave_one_out import LeaveOneOut, leave_one_out
from helpers.analysis.drivers import drivers
from helpers.analysis.expectation import Expectation, expectation_of
from helpers.analysis.gaps import Gap, gap, gap_to_median, opponents
from helpers.analysis.levers import levers_of
from helpers.analysis.rankings import known_ranks, last_known
from helpers.analysis.selection import neighbours
from helpers.analysis.study import Study
from helpers.analysis.uncertainty import win_probabilities
from helpers.analysis.validity import agreement, agreements, attainable, hit_rate, paired_ranks
from helpers.data.claims import Picture, Press
from helpers.parameters import Language, universe_places
from helpers.present.inline import plain
from helpers.present.wording import (
    certainty,
    expectation,
    gaps,
    glance,
    levers,
    method,
    peer_standing,
    peers,
    phrases,
    press,
    ranking,
    rankings,
    validity,
)

# Names that must be among the districts: both Munichs, cities and districts of one name, each kind of district, and the
# two that lack a whole domain.
DISTRICTS = ["05911", "09162", "09184", "05170", "05117", "03241", "05334", "10041", "05962", "13072", "16063", "03159"]
PLACES = [
    *(("ruhr", ags) for ags in universe_places("ruhr")),
    *(("cities", ags) for ags in universe_places("cities")),
    *(("districts", ags) for ags in dict.fromkeys([*DISTRICTS, *list(universe_places("districts"))[::14]])),
]
# These speak about published ranks and are asked only where some are known (the notebook decides).
NEED_RANKS = {"rankings.lines_deck", "rankings.categories_title", "rankings.what_it_means", "rankings.how_certain"}
# These compare two rankings of the large cities.
COMPARED = {
    "validity.agreement_deck",
    "validity.differences_title",
    "validity.differences_subtitle",
    "validity.what_it_means",
    "validity.how_certain",
}
# These give the reason for an absence and are asked only there.
NEED_ABSENCE = {"rankings.not_rated", "rankings.ruhr_unnamed"}
# These speak about audited statements and are asked only where there are some; the last one where there are none.
NEED_CLAIMS = {"press.deck", "press.what_it_means", "press.how_certain", "press.rank_title", "press.rank_subtitle"}
NO_CLAIMS = "press.without_claims"
# A heading of the report's first page: three lines of 22 pt; of the other chapters and figures: two lines.
TITLE_SIGNS = {
    "certainty.finding": 130,
    "certainty.prior_title": 110,
    "certainty.wins_title": 130,
    "certainty.drivers_title": 100,
    "certainty.left_out_title": 130,
    "method.influence_title": 150,
    "expectation.title": 130,
    "gaps.finding": 130,
    "gaps.gap_title": 130,
    "gaps.gap_subtitle": 260,
    "gaps.parts_subtitle": 240,
    "glance.finding": 140,
    "glance.domains_title": 110,
    "glance.map_title": 110,
    "levers.levers_title": 130,
    "levers.levers_subtitle": 110,
    "levers.smallest_title": 110,
    "levers.smallest_subtitle": 200,
    "method.finding": 110,
    "method.coverage_title": 80,
    "peers.finding": 130,
    "peers.firmness_title": 60,
    "peers.structure_title": 130,
    "peers.peers_title": 110,
    "peer_standing.positions_title": 110,
    "peer_standing.pairs_title": 130,
    "press.finding": 110,
    "press.rank_title": 110,
    "ranking.finding": 130,
    "ranking.profile_title": 130,
    "ranking.domain_maps_title": 110,
    "ranking.hexagons_title": 90,
    "rankings.finding": 110,
    "rankings.categories_title": 100,
    "rankings.ruhr_title": 100,
    "rankings.pioneers_title": 100,
    "rankings.region_title": 110,
    "validity.finding": 130,
    "validity.differences_title": 110,
    "validity.differences_subtitle": 130,
    "validity.editions_title": 110,
    "validity.hits_title": 110,
    "validity.disagreement_title": 100,
}
Sentence = Callable[[Study], str]


def _wins(study: Study) -> pd.Series:
    near = neighbours(study.index, study.place.ags, 5)
    return win_probabilities(study.certainty().simulation, study.place.ags)["win"][near]


@cache
def _influence(universe: str) -> pd.DataFrame:
    index = index_of(universe)
    weights = index.construction.effective_weights.to_dict()
    return influence(index.normalised, index.score, weights)


@cache
def _variants(universe: str) -> LeaveOneOut:
    index = index_of(universe)
    return leave_one_out(index.universe.index, index.normalised)


def _quoted(study: Study) -> tuple[Press, Picture, list[str]]:
    """The text about the place, the first published rank that it quotes, and the statements on it."""
    text, audit = study.press[0]
    return (text, *press.pictures(study, text, audit)[0])


def _left_out(study: Study) -> pd.DataFrame:
    return certainty.left_out_rows(_variants(study.parameters.universe).of(study.place.ags), study)


def _drivers(study: Study) -> pd.DataFrame:
    return pd.DataFrame({"first": [0.42, 0.1], "total": [0.83, 0.4]}, index=["weights", "left_out"])


@cache
def _expected(universe: str) -> Expectation:
    return expectation_of(study_of("05911" if universe == "districts" else "Bochum", universe))


def _compared(study: Study, name: str) -> tuple[Any, ...]:
    """What the sentences on the two rankings of the cities take beside the study."""
    panel, rank, edition = study.facts.smart_city_index, index_of("cities").rank, validity.edition_of(study)
    found = agreement(panel, rank, edition)
    if name.startswith("validity.differences"):
        return (paired_ranks(panel, rank, edition),)
    if name == "validity.what_it_means":
        return found, agreement(panel, rank, edition, given=study.facts.places["population"])
    if name == "validity.how_certain":
        return found, attainable(panel, rank, edition) if edition == 2025 else None
    return (found,)


@cache
def _editions() -> pd.DataFrame:
    return agreements(study_of("Bochum").facts.smart_city_index, index_of("cities").rank)


def _validity(study: Study, name: str) -> tuple[Any, ...]:
    """The further arguments of a sentence on validity."""
    if name in COMPARED:
        return _compared(study, name)
    if name.startswith("validity.editions"):
        return (_editions(),)
    if name in ("validity.hits_title", "validity.hits"):
        rank, named = study.indices["ruhr"].rank, rankings.pioneers(study)
        found = hit_rate(rank, named)
        by_size = hit_rate(study.facts.places["population"][rank.index].rank(ascending=False, method="min"), named)
        return (found,) if name == "validity.hits_title" else (found, by_size)
    return ()


def _gap(study: Study) -> Gap:
    near = opponents(study.index, study.place.ags, study.peers)
    return gap(study.index, study.place.ags, near.better or str(near.behind))


# What these sentences speak of beside the study.
RESULTS: dict[str, Callable[[Study], Any]] = {
    **dict.fromkeys(("gaps.deck", "gaps.gap_title", "gaps.gap_subtitle"), _gap),
    **dict.fromkeys(("gaps.what_it_means", "gaps.how_certain"), _gap),
    "gaps.parts_subtitle": lambda study: [_gap(study)],
    "gaps.to_median": lambda study: gap_to_median(study.index, study.place.ags, study.peers),
    **dict.fromkeys(("levers.levers_title", "levers.levers_deck", "levers.smallest_title"), levers_of),
    **dict.fromkeys(("levers.smallest", "levers.top_three", "levers.not_levers", "levers.influences"), levers_of),
    "certainty.wins_title": _wins,
    "certainty.left_out_title": _left_out,
    "certainty.drivers_title": _drivers,
    "method.influence_title": lambda study: _influence(study.parameters.universe),
}


def _bound(name: str, function: Callable[..., str]) -> Sentence:
    if name == "rankings.lines_deck":
        return lambda study: function(study, rankings.lines_others(study))
    if name == "method.reproduce":
        return lambda study: function(study, "1.2.3")
    if name == "press.rank_title":
        return lambda study: function(study, *_quoted(study)[:2])
    if name == "press.rank_subtitle":
        return lambda study: function(study, *_quoted(study)[1:], True)
    if name.startswith("expectation."):
        return lambda study: function(study, _expected(study.parameters.universe))
    if name.startswith("validity."):
        return lambda study: function(study, *_validity(study, name))
    if name in RESULTS:
        return lambda study: function(study, RESULTS[name](study))
    return function


SENTENCES: dict[str, Sentence] = {
    f"{module.__name__.split('.')[-1]}.{name}": _bound(f"{module.__name__.split('.')[-1]}.{name}", function)
    for module in (
        certainty,
        expectation,
        gaps,
        glance,
        levers,
        method,
        peer_standing,
        peers,
        press,
        ranking,
        rankings,
        validity,
    )
    for name, function in getmembers(module, isfunction)
    if function.__module__ == module.__name__
    and not name.startswith("_")
    and signature(function).return_annotation is str
    and next(iter(signature(function).parameters)) == "study"
}


def _asked(name: str, study: Study, ranked: bool) -> bool:
    """True if the sentence is printed for the place; `ranked`: whether it has a known rank in the Smart City Index."""
    if name in NEED_RANKS:
        return ranked
    if name in NEED_CLAIMS:
        return bool(study.press)
    if name == NO_CLAIMS:
        return not study.press
    if name == "rankings.not_rated":
        return not ranked
    if name in COMPARED:
        return ranked and validity.is_ranked(study)
    if name == "validity.editions_deck":
        return not (ranked and validity.is_ranked(study))
    if name.startswith(("validity.hits", "validity.disagreement")):
        return "ruhr" in study.indices
    if name == "rankings.region_title":
        return not ranked and bool(len(last_known(study.facts.smart_city_index, rankings.region_cities(study))))
    if name in ("rankings.pioneers_title", "ranking.hexagons_title", "ranking.hexagons_deck"):
        return study.parameters.universe == "ruhr"
    if name == "method.left_out":
        return bool(study.index.construction.constant)
    return name != "rankings.ruhr_unnamed" or rankings.ruhr_statements(study).empty


@cache
def sentences(language: Language) -> dict[tuple[str, str, str], str]:
    """Universe, AGS and function -> the sentence, with cards and statements as further ones."""
    made = {}
    for universe, ags in PLACES:
        study = study_of(ags, universe, language)
        ranked = not known_ranks(study.facts.smart_city_index, study.city_ags).empty
        for name, function in SENTENCES.items():
            if _asked(name, study, ranked):
                made[universe, ags, name] = function(study)
        for number, card in enumerate(glance.cards(study)):
            made[universe, ags, f"card {number}"] = f"{card.label} {card.value} {card.of} {card.note}".replace(
                "  ", " "
            )
        for driver in drivers(study):
            made[universe, ags, f"driver {driver.ref.indicator}"] = phrases.driver_text(study, driver)
    study_of("Bochum")
    return made


def found(pattern: str, language: Language) -> list[str]:
    return [text for text in sentences(language).values() if re.search(pattern, text)][:5]


def test_all_sentences_are_looked_at() -> None:
    assert set(TITLE_SIGNS) | NEED_RANKS | NEED_ABSENCE < set(SENTENCES)
    assert len(SENTENCES) >= 20
    assert len(sentences("de")) == len(sentences("en")) > 3000


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize(
    "pattern",
    [
        r"\b(nan|NaN|None(?! of)|NA|inf)\b",
        r"  ",
        r" [,.;:!?)]",
        r"\( ",
        r"\.\.|,,|;;",
        r"^\s|\s$|\n",
        r"(?<![\w.])-\d",
        r"[±\u2212]0[.,]0\d",
        r"\u22120[.,]0\b",
        r"[<>_`*#$\\]",
        r"\bAGS\b",
    ],
)
def test_no_sentence_has_what_no_sentence_may_have(pattern: str, language: Language) -> None:
    assert found(pattern, language) == []


@pytest.mark.parametrize("language", ["de", "en"])
def test_roles_are_balanced_and_known(language: Language) -> None:
    for text in sentences(language).values():
        assert not set("[]{}") & set(plain(text)), text


def test_german_numbers_have_a_comma_and_a_narrow_space() -> None:
    thousands_and_abbreviations = r"\d\.\d(?!\d\d\b)"
    made = {key: text for key, text in sentences("de").items() if key[2] != "method.reproduce"}
    assert [text for text in made.values() if re.search(thousands_and_abbreviations, text)] == []
    assert found(r"\d%|\d %", "de") == []
    assert found(r"\d,\d", "de")


def test_english_numbers_have_a_point() -> None:
    assert found(r"\d,\d(?!\d\d\b)", "en") == []
    assert found(r"\d\s%|\u202f", "en") == []
    assert found(r"\d\.\d", "en")


@pytest.mark.parametrize(
    ("pattern", "language"),
    [
        (
            r"(?<![\d,.])\b(1|ein|eine|eins|einer) (Kommunen|Großstädte|Kreise|Orte|Punkte|Werte|Städte|Aussagen|Merkmale)\b",
            "de",
        ),
        (r"\b1 (andere|weitere)", "de"),
        (r"\beins\b", "de"),
        (r"\bunter (\d+ |den )?(Großstädte|Kreise)\b", "de"),
        (r"\b(für|in|von|zu|auf|bei|vor|über) (Kreis|Landkreis|Region|Regionalverband|Städteregion) ", "de"),
        (r"^(Kreis|Landkreis) \w+ (liegt|führt|gehört|fehlen)", "de"),
        (r"\b(der|dem|den) \w+ischer Kreis\b", "de"),
        (r"Regionalverband Regionalverband|Kreis Kreis|Region Region", "de"),
        (
            r"(?<![\d,.])\b(1|one) (municipalities|large cities|districts|places|points|values|cities|statements|others)\b",
            "en",
        ),
        (r"(?<!\d)\b1 of 1\b|Rang 1 von 1\b", "en"),
        (r"\bof the whole the\b|\bthe the\b|\bin in\b", "en"),
        (r"Kommune|Kreise\b|Großst|Punkte|Rang|Platz|unter den|gegen|bei\b|liegt", "en"),
    ],
)
def test_number_case_and_article_agree(pattern: str, language: Language) -> None:
    made = {key: text for key, text in sentences(language).items() if key[2] != "card 0" or language == "de"}
    assert [text for text in made.values() if re.search(pattern, text)][:5] == []


def test_every_sentence_is_there_and_translated() -> None:
    german, english = sentences("de"), sentences("en")
    for key, text in german.items():
        assert text.strip(), key
        assert english[key].strip(), key
        assert text != english[key], key


@pytest.mark.parametrize("language", ["de", "en"])
def test_sentences_end_with_a_full_stop_and_titles_do_not(language: Language) -> None:
    # The imprint ends with the command to copy.
    no_sentence = {"method.reproduce", "glance.domains_subtitle", "glance.map_subtitle", "press.rank_subtitle"}
    sentence_names = set(SENTENCES) - set(TITLE_SIGNS) - no_sentence
    for (_, _, name), text in sentences(language).items():
        if name in TITLE_SIGNS:
            assert not text.endswith("."), text
            assert len(text) <= TITLE_SIGNS[name], (len(text), text)
        if name in sentence_names:
            assert text.endswith("."), text
        if name in SENTENCES and name != "method.reproduce":
            first = plain(text).lstrip("±")[0]
            assert not first.isalpha() or first.isupper(), text


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("universe", ["ruhr", "cities", "districts"])
def test_the_first_page_says_something_else_for_each_place(universe: str, language: Language) -> None:
    for name in ("glance.finding", "glance.what_it_means", "ranking.finding", "ranking.what_it_means"):
        told = [text for (u, _, n), text in sentences(language).items() if (u, n) == (universe, name)]
        assert len(set(told)) == len(told)


@pytest.mark.parametrize("language", ["de", "en"])
def test_finding_reason_and_weakness_differ_between_four_known_places(language: Language) -> None:
    parts: list[list[str]] = [[], [], []]
    for name in ("Dortmund", "Sonsbeck", "Breckerfeld", "Mülheim an der Ruhr"):
        study = study_of(name, language=language)
        meaning = glance.what_it_means(study).replace(name, "")
        reason, _, weakness = meaning.rpartition(". ")
        for part, text in zip(parts, (glance.finding(study).replace(name, ""), reason, weakness), strict=True):
            part.append(text)
    study_of("Bochum")
    for part in parts:
        assert len(set(part)) == 4, part
