"""Waterfall and levers: labels free and inside, bars that end where the other place stands, ranks as computed."""

import pandas as pd
import pytest
from drawings import label_faults
from studies import study_of

from helpers.analysis.gaps import gap, gap_to_median, opponents
from helpers.analysis.levers import INFLUENCED, levers_of, ranges_after
from helpers.analysis.study import Study
from helpers.parameters import register
from helpers.present import fmt, wording
from helpers.present.charts.levers import levers
from helpers.present.charts.waterfall import waterfall
from helpers.present.lever_tables import gap_parts, smallest_changes
from helpers.present.names import indicator_label

PLACES = [
    ("ruhr", "Bochum"),
    ("ruhr", "Essen"),
    ("ruhr", "Haltern am See"),
    ("ruhr", "Sonsbeck"),
    ("cities", "Cottbus"),
    ("districts", "05170"),
    ("districts", "03159"),
    ("districts", "09162"),
]


def others(study: Study) -> list[str]:
    near = opponents(study.index, study.place.ags, study.peers)
    return list(dict.fromkeys(other for other in (near.better, near.best, near.behind) if other))


@pytest.mark.parametrize(("universe", "place"), PLACES)
@pytest.mark.parametrize("language", ["de", "en"])
def test_a_waterfall_has_free_labels_and_the_parts_of_the_gap(universe: str, place: str, language: str) -> None:
    study = study_of(place, universe, language)
    for other in others(study):
        found = gap(study.index, study.place.ags, other)
        drawing = waterfall(study, found)
        assert label_faults(drawing) == []
        assert drawing.data["points"].sum() == pytest.approx(found.total)
        assert 120 <= len(drawing.alt) <= 350, drawing.alt
        assert fmt.number(found.score) in drawing.alt
        assert fmt.number(found.other_score) in drawing.alt


def test_steps_go_from_the_largest_gain_to_the_largest_loss() -> None:
    study = study_of("Essen")
    drawing = waterfall(study, gap(study.index, "05113000", "05911000"))
    words = [label.words for label in drawing.labels if label.words[:1] in "+\u2212"]
    values = [float(word.replace("\u2212", "-").replace(",", ".")) for word in words]
    assert values == sorted(values, reverse=True)
    assert values[0] == 4.7
    assert values[-1] == -3.6


@pytest.mark.parametrize(("universe", "place"), PLACES)
def test_figure_and_table_have_the_same_signs(universe: str, place: str) -> None:
    study = study_of(place, universe)
    for other in others(study):
        found = gap(study.index, study.place.ags, other)
        table = {str(row[0]).split(" (")[0]: row[1] for row in gap_parts(study, [found]).rows}
        lines: dict[float, list[str]] = {}
        for label in waterfall(study, found).labels:
            lines.setdefault(round(label.bottom, 1), []).append(label.words)
        told = [
            (table[name], words)
            for line in lines.values()
            for name in table
            if any(word == name or word.startswith(f"{name}, ") for word in line)
            for words in line
            if words[:1] in "+\u2212"
        ]
        assert len(told) >= 3
        assert all(in_table == drawn for in_table, drawn in told)


def test_title_deck_and_figure_speak_of_the_same_place() -> None:
    """Sonsbeck leads its peers but not the Ruhr: the next rank of all is another question."""
    for place in ("Sonsbeck", "Essen", "Haltern am See"):
        study = study_of(place)
        other = opponents(study.index, study.place.ags, study.peers).chosen[0]
        found = gap(study.index, study.place.ags, other)
        name = register()[other].name
        assert name in wording.gaps.finding(study)
        assert name in wording.gaps.deck(study, found)
        assert name in [label.words for label in waterfall(study, found).labels]


def test_a_row_without_a_value_is_marked_and_explained() -> None:
    study = study_of("13075", "districts")
    found = gap(study.index, "13075", "03355")
    assert "ohne Wert" in [label.words for label in waterfall(study, found).labels]
    assert "„Ohne Wert“" in wording.gaps.deck(study, found)
    assert "„ohne Wert“" in wording.gaps.gap_subtitle(study, found)
    rows = [row[0] for row in gap_parts(study, [found]).rows if "ohne Wert" in str(row[0])]
    assert rows == ["Patentanmeldungen (ohne Wert: Landkreis Vorpommern-Greifswald)"]
    complete = study_of("Essen")
    assert "Wert" not in wording.gaps.deck(complete, gap(complete.index, "05113000", "05911000"))


def test_levers_show_period_present_range_and_the_remark_on_a_best_value() -> None:
    study = study_of("Bochum")
    found = levers_of(study)
    words = [label.words for label in levers(study, found, ranges_after(study.index, found, 200, 1)).labels]
    low, high = study.certainty().ranks.loc["05911000", ["low", "high"]].astype(int)
    assert f"Rang danach (im Index: 1, Spanne {low}–{high})" in words
    assert any(word.endswith("mit Fernstudierenden") for word in words)
    assert sum(word.startswith("· ") and word[-4:].isdigit() and len(word) < 16 for word in words) == len(
        found.of(*INFLUENCED, "outside")
    )
    assert not any("heute" in word for word in words)


@pytest.mark.parametrize(("universe", "place"), PLACES)
@pytest.mark.parametrize("language", ["de", "en"])
def test_the_title_of_levers_is_true_of_the_chart(universe: str, place: str, language: str) -> None:
    study = study_of(place, universe, language)
    found = levers_of(study)
    title = wording.levers.levers_title(study, found)
    best = next((lever for lever in found.of(*INFLUENCED) if lever.at_best is not None), None)
    if best is None or best.at_best is None:
        assert place == "03159"
        assert study.names[study.place.ags] in title
        return
    assert title.startswith("Von den beeinflussbaren" if language == "de" else "Of what can be influenced")
    assert indicator_label(study, best.ref) in title
    present = study.certainty().ranks.loc[study.place.ags]
    if present["low"] <= best.at_best.rank <= present["high"]:
        assert "Rang" not in title
        assert "rank" not in title


def test_the_pursuer_would_have_to_pass_every_peer() -> None:
    study = study_of("Bochum")
    words = wording.levers.smallest(study, levers_of(study))
    assert "Dafür müsste Essen bei „" in words
    assert "mehr als Bochum und jeder Vergleichsort haben" in words
    assert "fehlen Essen" in wording.levers.smallest(study_of("Essen"), levers_of(study_of("Essen")))


def test_a_fictitious_place_has_a_waterfall_too() -> None:
    study = study_of("Bochum")
    drawing = waterfall(study, gap_to_median(study.index, "05911000", study.peers))
    assert label_faults(drawing) == []
    assert "Median der Vergleichsorte" in drawing.alt


@pytest.mark.parametrize(("universe", "place"), PLACES)
@pytest.mark.parametrize("language", ["de", "en"])
def test_levers_have_free_labels_and_the_ranks_after(universe: str, place: str, language: str) -> None:
    study = study_of(place, universe, language)
    found = levers_of(study)
    ranges = ranges_after(study.index, found, 200, 1)
    drawing = levers(study, found, ranges)
    assert label_faults(drawing) == []
    words = [label.words for label in drawing.labels]
    for lever in found.of(*INFLUENCED, "outside"):
        if lever.at_best is not None:
            row = ranges.loc[(lever.id, "at_best")]
            assert f" ({fmt.integer(row['low'])}–{fmt.integer(row['high'])})" in words
    assert 100 <= len(drawing.alt) <= 350, drawing.alt


@pytest.mark.parametrize("peers", ["universe", "Essen"])
def test_one_peer_and_none_are_drawn_and_listed(peers: str) -> None:
    study = study_of("Herne", peers=peers)
    found = levers_of(study)
    assert label_faults(levers(study, found, ranges_after(study.index, found, 200, 1))) == []
    gaps = [gap(study.index, study.place.ags, other) for other in others(study)]
    table = gap_parts(study, [gap_to_median(study.index, study.place.ags, study.peers), *gaps])
    # A single peer is its own median.
    assert all(len(row) == len(gaps) + (1 if peers == "Essen" else 2) for row in table.rows)
    words = [label.words for label in levers(study, found, ranges_after(study.index, found, 200, 1)).labels]
    assert ("mit Median" in words) == (peers == "universe")
    assert ("den Vergleichsort" in wording.levers.levers_deck(study, found)) == (peers == "Essen")
    assert all(label_faults(waterfall(study, one)) == [] for one in gaps)
    study_of("Bochum")


@pytest.mark.parametrize(("universe", "place"), PLACES)
def test_tables_print_the_smallest_changes_and_every_part(universe: str, place: str) -> None:
    study = study_of(place, universe)
    found = levers_of(study)
    table = smallest_changes(study, found)
    assert len(table.rows) == len(found.of(*INFLUENCED, "outside"))
    assert len(table.columns) == 5
    for row, lever in zip(table.rows, [*found.of(*INFLUENCED), *found.of("outside")], strict=True):
        if lever.next_rank is not None:
            assert row[1] != row[2]
        assert (row[2] == row[3] == "–") == (lever.status == "outside")
        assert fmt.period(lever.ref.period) in str(row[0])
    gaps = [gap(study.index, study.place.ags, other) for other in others(study)]
    parts = gap_parts(study, gaps)
    assert isinstance(parts.data, pd.DataFrame)
    assert list(parts.focus) == [len(parts.rows) - 1]
