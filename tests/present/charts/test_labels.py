"""Labels never lie on each other or outside the figure: every public chart and map, for all 53 places of the Ruhr."""

from collections.abc import Callable
from functools import cache
from inspect import isfunction

import pandas as pd
import pytest
from drawings import label_faults
from studies import study_of

from helpers.analysis.audit.leave_one_out import leave_one_out
from helpers.analysis.certainty import NARROW, sensitivity_of
from helpers.analysis.expectation import expectation_of
from helpers.analysis.gaps import gap, opponents
from helpers.analysis.levers import CHANGES, levers_of
from helpers.analysis.selection import neighbours
from helpers.analysis.study import Study
from helpers.analysis.uncertainty import win_probabilities
from helpers.analysis.validity import cities_index, paired_ranks
from helpers.parameters import Language, universe_places
from helpers.present import charts, maps
from helpers.present.drawing import Canvas, Drawing
from helpers.present.language import use
from helpers.present.wording import certainty as certainty_words
from helpers.present.wording import press as press_words
from helpers.present.wording import validity as validity_words
from helpers.present.wording.rankings import region_cities

RUHR = list(universe_places("ruhr"))
# Every seventh place of the Ruhr and the one with the longest name.
LONGEST = max(RUHR, key=lambda ags: len(universe_places("ruhr")[ags].name))
SAMPLE = [*RUHR[::7], LONGEST]


def rank_lines(study: Study) -> list[Drawing]:
    panel = study.facts.smart_city_index
    if panel[panel["ags"] == study.city_ags].dropna(subset="rank").query("category == 'total'").empty:
        return []
    return [charts.rank_lines(panel, study.names, study.city_ags, study.peers, region_cities(study))]


def rank_distribution(study: Study) -> list[Drawing]:
    ags = study.place.ags
    spreads = [
        charts.Spread(certainty_words.prior_name(prior), study.certainty(prior=prior).shares(ags))
        for prior in (None, NARROW)
    ]
    return [charts.rank_distribution(study, *spreads)]


def rank_drivers(study: Study) -> list[Drawing]:
    found = sensitivity_of(study.index, study.place.ags, 256, 1)
    panels = [("Rang dieses Ortes", found.focus), ("Ränge aller Orte", found.shift)]
    return [charts.rank_drivers([panel for panel in panels if not panel[1].empty], certainty_words.source_name)]


def win_chances(study: Study) -> list[Drawing]:
    near = neighbours(study.index, study.place.ags, 5)
    return [
        charts.win_probabilities(study, win_probabilities(study.certainty().simulation, study.place.ags)["win"][near])
    ]


def left_out(study: Study) -> list[Drawing]:
    parts = leave_one_out(study.universe.index, study.index.normalised).of(study.place.ags)
    return [charts.left_out(study, certainty_words.left_out_rows(parts, study))]


def waterfall(study: Study) -> list[Drawing]:
    near = opponents(study.index, study.place.ags, study.peers)
    others = dict.fromkeys(other for other in (near.better, near.best, near.behind) if other)
    return [charts.waterfall(study, gap(study.index, study.place.ags, other)) for other in others]


def levers(study: Study) -> list[Drawing]:
    """With the widest interval there can be: to simulate each change would take long."""
    found = levers_of(study)
    outcomes = {(lever.id, change): getattr(lever, change) for lever in found.levers for change in CHANGES}
    ranges = pd.DataFrame({key: {"rank": one.rank, "low": 10, "high": 53} for key, one in outcomes.items() if one}).T
    ranges.index.names = ["indicator", "change"]
    return [charts.levers(study, found, ranges)]


@cache
def city_ranks(edition: int) -> tuple[pd.DataFrame, pd.Series, int]:
    study = study_of("Bochum")
    panel, ranks = study.facts.smart_city_index, cities_index(study).rank
    pairs = paired_ranks(panel, ranks, edition)
    return pairs, ranks.drop(pairs.index), int(panel.loc[panel["edition"] == edition, "n_places"].max())


def scatter(study: Study) -> list[Drawing]:
    if not validity_words.is_ranked(study):
        return []
    edition = validity_words.edition_of(study)
    pairs, without, n_places = city_ranks(edition)
    return [charts.scatter(study, pairs, without, edition, n_places)]


def tally(study: Study) -> list[Drawing]:
    return [charts.tally(judged, press.vocabulary.verdicts) for press, judged in study.press]


def claimed_rank(study: Study) -> list[Drawing]:
    return [
        charts.claimed_rank(
            study.facts.smart_city_index, study.names, study.city_ags, region_cities(study),
            claimed=picture.edition, newest=press.newest, published=press_words.date_of(press), category=picture.category,
        )
        for press, judged in study.press
        for picture, _ in press_words.pictures(study, press, judged)
    ]  # fmt: skip


Draw = Callable[[Study], list[Drawing]]

# How each is called as the chapters call it. All 53 places in German, whose words are longer; some of them in English.
CHEAP: dict[str, Draw] = {
    "domain_strips": lambda study: [charts.domain_strips(study)],
    "profile": lambda study: [charts.profile(study)],
    "peer_positions": lambda study: [charts.peer_positions(study)],
    "expectation": lambda study: [charts.expectation(study, expectation_of(study))],
    "waterfall": waterfall,
    "levers": levers,
    "win_probabilities": win_chances,
    "left_out": left_out,
    "rank_distribution": rank_distribution,
    "rank_lines": rank_lines,
    "scatter": scatter,
    "tally": tally,
    "claimed_rank": claimed_rank,
    "index_map": lambda study: [maps.index_map(study)],
    "domain_maps": lambda study: [maps.domain_maps(study)],
    "hexagon_map": lambda study: [maps.hexagon_map(study)],
}
# What takes long, or hardly depends on the place.
COSTLY: dict[str, Draw] = {
    "ranking": lambda study: charts.ranking(study, study.certainty().ranks),
    "rank_drivers": rank_drivers,
    "marks_key": lambda study: [charts.marks_key(study)],
}


@cache
def _study(ags: str) -> Study:
    return study_of(ags)


def in_language(ags: str, language: Language) -> Study:
    """The study of a place; what is computed of it once serves both languages."""
    study = _study(ags)
    use(language)
    return study


def faults(draw: Draw, places: list[str], language: Language) -> dict[str, list[str]]:
    found = {}
    for ags in places:
        drawings = draw(in_language(ags, language))
        if wrong := [fault for drawing in drawings for fault in label_faults(drawing)]:
            found[ags] = wrong
    use("de")
    return found


def test_every_public_chart_and_map_is_looked_at() -> None:
    public = {name for room in (charts, maps) for name in room.__all__ if isfunction(getattr(room, name))}
    assert {*CHEAP, *COSTLY} == public, "a new chart needs an entry: how to call it"


@pytest.mark.parametrize("name", CHEAP)
def test_labels_are_free_for_all_places(name: str) -> None:
    assert faults(CHEAP[name], RUHR, "de") == {}


@pytest.mark.parametrize("name", COSTLY)
def test_labels_are_free_for_a_sample(name: str) -> None:
    assert faults(COSTLY[name], SAMPLE, "de") == {}


@pytest.mark.parametrize(("number", "name"), list(enumerate([*CHEAP, *COSTLY])))
def test_labels_are_free_in_english(number: int, name: str) -> None:
    """Each figure for another seventh of the places: together they see all 53, and none takes long."""
    places = [LONGEST, *RUHR[number % 7 :: 7]] if name in CHEAP else [LONGEST, *SAMPLE[number % 3 :: 3]]
    assert faults((CHEAP | COSTLY)[name], places, "en") == {}


def test_the_measure_finds_what_overlaps_and_what_leaves() -> None:
    canvas = Canvas(40, 20)
    for x, y, words in ((2, 5, "Bochum"), (5, 5, "Essen"), (2, 12, "Hagen"), (38, 12, "Unna"), (20, 0.5, "Herne")):
        canvas.text(x, y, words)
    found = label_faults(canvas.finish("Ein Bild.", pd.DataFrame()))
    assert found == ["'Bochum' on 'Essen'", "'Unna' leaves the figure", "'Herne' leaves the figure"]
    assert label_faults(Canvas(40, 20).finish("Ein Bild.", pd.DataFrame())) == []
