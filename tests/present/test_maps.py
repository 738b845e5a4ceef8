"""The maps for many places: names where they belong, free of others, the focus always found, alternatives true."""

import dataclasses
import re
from functools import cache
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import LineCollection
from studies import index_of, study_of

from helpers.analysis.study import Study, wholly_inherited
from helpers.parameters import register, universe_places
from helpers.present import style
from helpers.present.drawing import Drawing, Label
from helpers.present.geometry import fit, path_of, sheet
from helpers.present.language import use
from helpers.present.maps import domain_maps, index_map
from helpers.present.maps.alt import index_alt
from helpers.present.maps.cities import TIMES as CITY_TIMES
from helpers.present.maps.germany import INSET
from helpers.present.maps.key import Key, limits
from helpers.present.maps.labels import BROKEN, SHORT, broken, short_name
from helpers.present.maps.layers import classes
from helpers.present.names import place_title

RUHR = list(universe_places("ruhr"))
# The corners of the country, the smallest and the longest, one without patents, one that rings another.
DISTRICTS = ["05911", "09184", "07135", "01001", "14628", "13074", "09780", "09271", "03159", "16075"]
CITIES = ["05911000", "09162000", "12052000", "05113000", "05334002", "08311000", "01003000", "05315000"]
PLACES = [("districts", ags) for ags in DISTRICTS] + [("cities", ags) for ags in CITIES]


@cache
def bochum() -> Drawing:
    return index_map(study_of("Bochum"))


def faults_of(drawing: Drawing) -> list[str]:
    """Labels that overlap another one or leave the figure."""
    found = [f"{a.words!r} on {b.words!r}" for a, b in combinations(drawing.labels, 2) if a.overlaps(b)]
    for label in drawing.labels:
        if label.left < -1e-6 or label.right > drawing.width_mm + 1e-6:
            found.append(f"{label.words!r} leaves the figure")
        if label.top < 0 or label.bottom > drawing.height_mm:
            found.append(f"{label.words!r} leaves the figure")
    return found


def words_of(drawing: Drawing) -> list[str]:
    return [label.words for label in drawing.labels]


def first_lines(name: str) -> list[str]:
    """How a name may begin on a map: whole or up to its break."""
    name = short_name(name)
    return [name, *(broken(name) or ())[:1]]


def middle(label: Label) -> tuple[float, float]:
    return (label.left + label.right) / 2, (label.top + label.bottom) / 2


@pytest.mark.parametrize("ags", RUHR)
def test_in_the_ruhr_all_labels_are_free_and_the_focus_is_named(ags: str) -> None:
    drawing = index_map(study_of(ags))
    assert faults_of(drawing) == []
    assert set(first_lines(register()[ags].name)) & set(words_of(drawing))


def test_a_name_stands_inside_its_own_municipality() -> None:
    height = style.HEIGHT_MM["map"]
    shapes = sheet("ruhr", fit("ruhr", 0.7, 0.7, style.WIDTH_MM["map"] - 1.4, height - 1.4))
    owner = {line: area for area in shapes.values() for line in first_lines(area.name)}
    named = [label for label in bochum().labels if label.words in owner]
    assert len(named) >= 40
    for label in named:
        within = path_of(owner[label.words].rings)
        for corner in [(label.left, label.top), (label.right, label.top), middle(label)]:
            assert within.contains_point(corner), label.words


def test_a_focus_too_small_for_its_name_is_named_outside_with_a_leader() -> None:
    drawing = index_map(study_of("Breckerfeld"))
    (label,) = [label for label in drawing.labels if label.words == "Breckerfeld"]
    frame = fit("ruhr", 0.7, 0.7, style.WIDTH_MM["map"] - 1.4, style.HEIGHT_MM["map"] - 1.4)
    for area in sheet("ruhr", frame).values():
        assert not path_of(area.rings).contains_point(middle(label)), area.name
    accent = [line for line in drawing.figure.axes[0].lines if line.get_color() == style.COLOR["accent"]]
    assert len(accent) == 1


def test_peers_are_always_named() -> None:
    peers = ["Schwelm", "Gevelsberg", "Oer-Erkenschwick", "Essen"]
    drawing = index_map(study_of("Bochum", peers=peers))
    assert faults_of(drawing) == []
    for peer in peers:
        assert set(first_lines(peer)) & set(words_of(drawing)), peer


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize(("universe", "ags"), PLACES)
def test_on_germany_all_labels_are_free_and_the_focus_is_named(universe: str, ags: str, language: str) -> None:
    study = study_of(ags, universe, language)
    drawing = index_map(study)
    assert faults_of(drawing) == []
    left = [label.words for label in drawing.labels if label.right < INSET[0]]
    rank = f"{'Rang' if language == 'de' else 'Rank'} {study.index.rank[ags]}"
    assert rank in left or (universe == "cities" and short_name(study.names[ags]) in left)


def test_every_city_of_rhine_ruhr_is_named_in_the_inset() -> None:
    study = study_of("Bochum", "cities")
    drawing = index_map(study)
    inset = {label.words for label in drawing.labels if label.left > INSET[0] and label.bottom < INSET[3]}
    ruhr = [short_name(place.name) for place in universe_places("cities").values() if place.in_ruhr]
    assert set(ruhr) - inset == {"Hamm"}, "Hamm lies east of the inset"
    assert {"Köln", "Düsseldorf", "Wuppertal", "Mönchengladbach"} <= inset
    assert f"Rhein-Ruhr, {CITY_TIMES}-fach vergrößert" in words_of(drawing)


def test_districts_of_one_name_are_told_apart_in_the_list() -> None:
    words = words_of(index_map(study_of("05911", "districts")))
    assert words.count("Landkreis München") == 1
    assert "München" in words


@pytest.mark.parametrize("universe", ["ruhr", "cities", "districts"])
@pytest.mark.parametrize("language", ["de", "en"])
def test_domain_maps_head_each_domain_with_score_and_rank(universe: str, language: str) -> None:
    study = study_of("05911" if universe == "districts" else "Bochum", universe, language)
    drawing = domain_maps(study)
    assert faults_of(drawing) == []
    assert drawing.width_mm == 170 and drawing.height_mm <= 150
    for domain, rank in study.index.domain_rank.loc[study.place.ags].items():
        head = f"{study.index.domains.at[study.place.ags, domain]:.1f}"
        head = head.replace(".", ",") + f" · Rang {rank}" if language == "de" else f"{head} · rank {rank}"
        assert head in words_of(drawing)


def test_inherited_domains_are_hatched_and_said_so() -> None:
    study = study_of("Sonsbeck")
    drawing = domain_maps(study)
    hatched = [c for c in drawing.figure.axes[0].collections if isinstance(c, LineCollection)]
    assert hatched
    assert "17,1 · Rang 29 · Wert vom Kreis" in words_of(drawing)
    assert "alle Werte vom Kreis übernommen" in words_of(drawing)
    inherited = int(wholly_inherited(study.index)["employment"].sum())
    assert f"schraffiert: Beschäftigung {inherited}" in drawing.alt
    assert drawing.data.query("domain == 'employment'")["inherited"].sum() == inherited


def without_value(study: Study, ags: str) -> Study:
    """The study in which one place has no score."""
    score = study.index.score.mask(study.index.score.index == ags)
    rank = study.index.rank.mask(study.index.rank.index == ags)
    index = dataclasses.replace(study.index, score=score, rank=rank)
    return dataclasses.replace(study, indices={study.parameters.universe: index})


def test_a_missing_value_is_hatched_counted_in_the_key_and_told() -> None:
    drawing = index_map(without_value(study_of("Bochum"), "05112000"))
    assert any(isinstance(c, LineCollection) for c in drawing.figure.axes[0].collections)
    assert "kein Wert" in words_of(drawing) and "kein Wert" not in words_of(bochum())
    assert "Ohne Wert, schraffiert: 1." in drawing.alt
    assert drawing.data["score"].isna().sum() == 1
    assert faults_of(drawing) == []


@pytest.mark.parametrize(("place", "universe"), [("Bochum", "ruhr"), ("Bochum", "cities"), ("05911", "districts")])
def test_a_focus_without_a_value_still_has_its_maps(place: str, universe: str) -> None:
    study = study_of(place, universe)
    drawing = index_map(without_value(study, study.place.ags))
    assert "Bochum ohne Wert" in drawing.alt
    assert "Bochum" in words_of(drawing)
    assert faults_of(drawing) == []


def test_the_key_counts_every_place_once() -> None:
    klass = classes(index_of("ruhr").score, index_of("ruhr").universe.class_breaks)
    key = Key.of(klass, index_of("ruhr").universe.class_breaks)
    assert sum(key.counts) + key.missing == 53
    assert [str(count) for count in key.counts] == [
        label.words for label in bochum().labels if re.fullmatch(r"\d+", label.words)
    ]


def test_a_value_on_a_break_belongs_to_the_class_above() -> None:
    klass = classes(pd.Series([19.99, 20.0, 50.0, np.nan, 100.0]), [20, 30, 40, 50])
    assert klass.tolist() == [0, 1, 4, pd.NA, 4]


def test_limits_are_words_in_both_languages() -> None:
    use("de")
    assert limits([20, 30, 40, 50]) == ["unter 20", "20–30", "30–40", "40–50", "ab 50"]
    use("en")
    assert limits([20, 30]) == ["under 20", "20–30", "30 or more"]


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("universe", ["ruhr", "cities", "districts"])
def test_alternatives_have_a_fitting_length_and_name_the_place(universe: str, language: str) -> None:
    for ags in universe_places(universe):
        study = study_of(ags, universe, language)
        words = index_alt(study, classes(study.index.score, study.universe.class_breaks))
        assert 150 <= len(words) <= 350, words
        title = place_title(register()[ags])
        assert title[0].upper() + title[1:] in words


def test_the_alternative_tells_what_the_map_shows() -> None:
    words = bochum().alt
    assert words.startswith("Flächenkarte: offener Index, 53 Kommunen in fünf Klassen. Bochum 59,7 Punkte, Rang 1.")
    assert "Vorn Bochum 59,7, Essen 56,4 und Dortmund 55,4; zuletzt Breckerfeld 14,1." in words
    assert "Die meisten (23): 20–30 Punkte; ab 50: 3, unter 20: 4." in words
    assert words.endswith("Kein Wert fehlt.")


def test_the_data_are_the_ranking_with_the_class() -> None:
    data = bochum().data
    assert list(data.columns) == ["ags", "name", "score", "rank", "class"]
    assert data["name"].head(3).tolist() == ["Bochum", "Essen", "Dortmund"]
    assert data["class"].value_counts().sort_index().tolist() == [4, 23, 18, 5, 3]
    assert len(domain_maps(study_of("Bochum")).data) == 4 * 53


def test_the_text_of_the_svg_stays_text_and_the_bytes_stay_the_same() -> None:
    first, again = (style.svg(index_map(study_of("05911", "districts")).figure) for _ in range(2))
    assert first == again
    for words in ("Rang 39", "Landkreis München", "unter 15", "Märkischer Kreis"):
        assert f">{words}</text>" in first
    assert len(first) < 600_000


def test_curated_breaks_give_the_name_again() -> None:
    for name, (start, end) in BROKEN.items():
        joined = {start + end, start.removesuffix("-") + end, f"{start} {end}"}
        assert name in joined
    assert all(text in name for name, text in SHORT.items())


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("Märkischer Kreis", ("Märkischer", "Kreis")),
        ("Mayen-Koblenz", ("Mayen-", "Koblenz")),
        ("Rhein-Kreis Neuss", ("Rhein-", "Kreis Neuss")),
        ("Soest", None),
    ],
)
def test_other_names_break_after_a_hyphen_or_space(name: str, lines: tuple[str, str] | None) -> None:
    assert broken(name) == lines
