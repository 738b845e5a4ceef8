"""The tables of the peers: rows, marks and shades true to the data, for every way to choose a group."""

import pytest
from studies import study_of

from helpers.analysis.index import INHERITED
from helpers.parameters import register
from helpers.present import fmt, listings, peer_tables
from helpers.present.names import indicator_short
from helpers.present.tables import Cell

CASES = [
    ("ruhr", "Bochum", "nearest"),
    ("ruhr", "Sonsbeck", ["Bochum"]),
    ("cities", "Aachen", "nearest"),
    ("cities", "Bochum", "region"),
    ("districts", "16063", "nearest"),
    ("districts", "09184", "region"),
]


def words(cell: str | Cell) -> str:
    return cell.words if isinstance(cell, Cell) else cell


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize(("universe", "place", "peers"), CASES)
def test_every_group_has_its_tables(universe: str, place: str, peers: str | list[str], language: str) -> None:
    study = study_of(place, universe, language, peers)
    shown = peer_tables.shown_peers(study)
    table = peer_tables.peers(study)
    assert list(table.data["ags"]) == [study.place.ags, *shown]
    assert list(table.focus) == [0]
    assert ("stays" in table.columns[2].label or "bleibt" in table.columns[2].label) == (peers == "nearest")
    heat = peer_tables.heat(study)
    assert set(heat.data["ags"]) == {study.place.ags, *shown}
    assert heat.data["ags"][heat.focus[0]] == study.place.ags
    structure = peer_tables.structure(study)
    assert len(structure.rows) == len(study.universe.alike)
    assert peer_tables.heat_subtitle(study).endswith(".")
    assert peer_tables.peers_subtitle(study).endswith(".")


def test_distances_and_repeats_are_those_of_the_neighbours() -> None:
    study = study_of("Bochum")
    table = peer_tables.peers(study)
    found = study.neighbours.peers
    assert [words(row[1]) for row in table.rows] == ["–", *(fmt.number(d, 2) for d in found["distance"])]
    assert [words(row[2]) for row in table.rows] == ["–", *(fmt.integer(n) for n in found["stays"])]
    assert [words(row[-1]) for row in table.rows[:2]] == ["1", fmt.integer(study.index.rank[study.peers[0]])]


def test_a_value_of_the_district_has_a_ring_and_no_shade() -> None:
    study = study_of("Sonsbeck")
    table = peer_tables.heat(study)
    for i, ags in enumerate(table.data["ags"]):
        for j, name in enumerate(study.index.raw.columns, 1):
            inherited = study.index.basis.at[ags, name] == INHERITED
            assert words(table.rows[i][j]).endswith("○") == inherited
            assert ((i, j) in table.heat) != inherited
    assert "○ = vom Kreis übernommen" in peer_tables.heat_subtitle(study)


def test_the_shade_is_the_class_of_the_points() -> None:
    study = study_of("Bochum")
    table = peer_tables.heat(study)
    row = list(table.data["ags"]).index(study.place.ags)
    shades = [table.heat[row, column] for column in range(1, 11)]
    points = study.index.normalised.loc[study.place.ags]
    assert shades == [min(int(value // 20), 4) for value in points]


def test_a_missing_value_is_a_dot_without_shade() -> None:
    study = study_of("16063", "districts")
    table = peer_tables.heat(study)
    row = list(table.data["ags"]).index("16063")
    missing = [column for column in range(1, 11) if words(table.rows[row][column]) == fmt.MISSING]
    assert len(missing) == int(study.index.raw.loc["16063"].isna().sum()) == 5
    assert not any((row, column) in table.heat for column in missing)
    assert f"{fmt.MISSING} = kein Wert" in peer_tables.heat_subtitle(study)


def test_of_many_peers_the_nearest_are_shown_and_it_is_said() -> None:
    study = study_of("09184", "districts", peers="region")
    assert len(study.peers) == 95
    shown = peer_tables.shown_peers(study)
    distance = study.neighbours.distance
    assert len(shown) == peer_tables.MOST
    assert max(distance[shown]) <= min(distance[[ags for ags in study.peers if ags not in shown]])
    assert "95 Vergleichsorten die 30 ähnlichsten" in peer_tables.cut_note(study)
    assert peer_tables.cut_note(study_of("Bochum")) == ""


def test_structural_values_of_the_district_have_a_ring() -> None:
    study = study_of("Aachen", "cities")
    assert not register()[study.place.ags].is_own_district
    rows = {words(row[0]): words(row[2]) for row in peer_tables.structure(study).rows}
    assert "○" in rows["Arbeitslosenquote"]
    assert "○" not in rows["Einwohner"]


def test_sources_are_those_of_the_declared_variables() -> None:
    study = study_of("Bochum")
    ids = listings.context_sources(study, study.universe.alike)
    assert "destatis-gvisys-cities" in ids
    assert set(ids) <= set(study.facts.sources.index)


@pytest.mark.parametrize("universe", ["ruhr", "cities", "districts"])
def test_every_indicator_has_a_name_for_a_narrow_column(universe: str) -> None:
    study = study_of({"districts": "05911"}.get(universe, "Bochum"), universe)
    names = [indicator_short(study, ref) for ref in study.universe.indicators]
    assert len(set(names)) == len(names)
    assert all(len(part) <= 10 for name in names for word in name.split() for part in word.split("\u00ad"))


@pytest.mark.parametrize(("universe", "place", "rings"), [("ruhr", "Sonsbeck", True), ("districts", "13075", False)])
def test_rings_are_explained_only_where_some_are_drawn(universe: str, place: str, rings: bool) -> None:
    assert ("Ring" in peer_tables.positions_subtitle(study_of(place, universe))) == rings
