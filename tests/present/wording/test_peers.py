"""Sentences on peers for every way to choose a group, held against the results they speak of."""

import re
from dataclasses import replace

import pytest
from studies import study_of

from helpers.analysis.context import comparable
from helpers.analysis.peer_group import own_positions, pair_counts, standing
from helpers.analysis.peers import nearest
from helpers.analysis.study import Study
from helpers.analysis.uncertainty import win_probabilities
from helpers.parameters import Parameters
from helpers.present.inline import plain
from helpers.present.names import indicator_label
from helpers.present.wording import peer_standing, peers

GROUP = (peers.finding, peers.deck, peers.why, peers.firmness, peers.structure_title, peers.peers_title)
STANDING = (
    peer_standing.positions_title,
    peer_standing.pairs_title,
    peer_standing.what_it_means,
    peer_standing.how_certain,
)
WORDS = ["keinem", "einem", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn"]
CASES = [
    ("ruhr", "Bochum", ["Essen"]),
    ("ruhr", "Hagen", ["Bochum", "Essen", "Herne"]),
    ("ruhr", "Sonsbeck", ["Bochum", "Essen", "Herne", "Xanten", "Alpen", "Hünxe"]),
    ("cities", "Bochum", "region"),
    ("cities", "Rostock", ["Lübeck"]),
    ("districts", "05170", "region"),
    ("districts", "10041", "region"),
    ("districts", "05170", ["05166"]),
]


def with_n(place: str, universe: str, n: int) -> Study:
    study = study_of(place, universe)
    return Study(Parameters.check(place=place, universe=universe, n_peers=n), study.facts, study.indices)


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize(("universe", "place", "chosen"), CASES)
def test_every_group_has_sound_sentences(universe: str, place: str, chosen: str | list[str], language: str) -> None:
    study = study_of(place, universe, language, chosen)
    for function in (*GROUP, *STANDING):
        text = plain(function(study))
        assert text, function.__name__
        assert not re.search(
            r"\bnan\b|None(?! of)|  | [,.;:!?)]|\.\.|\beins\b|\b(1|ein|one) (Orte|Merkmale|places|indicators)\b", text
        ), text
        assert not set("[]{}") & set(text), text
        assert text.endswith(".") != ("title" in function.__name__ or function is peers.finding), text
        if language == "en":
            assert not re.search(r"Merkmal|Rang|gegen|liegt|Gruppe", text), text
        else:
            assert not re.search(
                r"\b(für|in|von|zu|auf|bei|vor|hinter|mit|aus) (Kreis|Landkreis|Städteregion) ", text
            ), text
    study_of("Bochum")


def test_the_finding_is_rank_and_range_in_the_group() -> None:
    study = study_of("Bochum")
    own = standing(study.index, study.certainty().simulation, study.place.ags, study.peers)
    text = f"liegt Bochum auf Rang {own.rank} (Spanne\u00a0{own.low}\u00a0bis\u00a0{own.high})"
    assert peers.finding(study) == f"Unter elf Kommunen ähnlicher Struktur {text}"
    assert peers.finding(study_of("Bochum", "cities", peers="region")).startswith(
        "Unter den 13 Großstädten im Ruhrgebiet liegt Bochum auf Rang 1 (Spanne"
    )
    assert peers.finding(study_of("Bochum", peers=["Essen", "Herne"])).startswith(
        "Im Vergleich mit Essen und Herne liegt Bochum auf Rang 1 von 3 (Spanne"
    )


def test_one_to_one_it_says_who_is_ahead_and_how_often() -> None:
    assert re.fullmatch(
        "Im direkten Vergleich liegt Bochum vor Essen, in \\d\\d\u202f% der Varianten",
        peers.finding(study_of("Bochum", peers=["Essen"])),
    )
    assert re.fullmatch(
        "Im direkten Vergleich liegt Essen hinter Bochum, vorn nur in \\d\\d\u202f% der Varianten",
        peers.finding(study_of("Essen", peers=["Bochum"])),
    )


def test_without_a_group_the_chapter_says_so() -> None:
    study = study_of("Bochum", peers="universe")
    nearest = study.neighbours.peers.index[0]
    assert peers.finding(study) == f"Bochum ähnelt in der Struktur am stärksten {study.names[nearest]}"
    assert peers.structure_title(study).endswith(f"bei {study.names[nearest]}")
    assert peers.no_peers(study).startswith("Dieser Bericht misst Bochum an allen 53 Kommunen")
    assert peers.no_peers(study_of("Bochum", peers="region")).startswith("Alle 53 Kommunen liegen im Ruhrgebiet. ")
    alone = study_of("Saarbrücken", "cities", peers="region")
    assert peers.no_peers(alone).startswith("Von den 83 Großstädten liegt keine weitere im Saarland. ")
    assert peers.no_peers(study_of("11000", "districts", peers="region")).startswith(
        "Von den 400 Kreisen liegt kein weiterer"
    )


def test_why_names_the_nearest_and_the_farthest() -> None:
    study = study_of("Sonsbeck")
    distance = study.neighbours.distance
    first, last = study.names[distance.index[0]], study.names[distance.index[-1]]
    shown = f"{distance.iloc[0]:.2f}".replace(".", ",")
    assert peers.why(study).startswith(
        f"Am ähnlichsten ist {first} ({shown} auf der Skala von 0 = gleich bis 1 = {last}, am unähnlichsten)."
    )


@pytest.mark.parametrize("n", [1, 2, 5, 30])
def test_firmness_counts_who_stays(n: int) -> None:
    study = with_n("Haltern am See", "ruhr", n)
    text, found = peers.firmness(study), study.neighbours
    assert len(found.peers) == n
    if n > 1 and len(found.firm) == n:
        assert "bleiben alle" in text
    else:
        least = str(study.names[found.peers["stays"].sort_values(kind="stable").index[0]])
        assert least in text


def test_a_given_group_is_told_who_would_be_nearer() -> None:
    study = study_of("Bochum", peers=["Sonsbeck"])
    assert peers.firmness(study).startswith(
        f"Ähnlich, aber nicht in der Gruppe: {study.names[study.neighbours.peers.index[0]]}"
    )
    given = study_of("Bochum", peers=[str(study.names[ags]) for ags in study.neighbours.peers.index])
    assert peers.firmness(given).startswith("Die zehn Orte, die Bochum am nächsten kommen, sind alle in der Gruppe.")


def test_counts_of_indicators_are_those_of_the_data() -> None:
    study = study_of("Bochum")
    found = own_positions(study.index, study.place.ags, study.peers)
    assert len(found) == 10  # a kreisfreie Stadt takes no value over
    ahead = sum(better is True for better in found["better"])
    words = dict(zip(range(11), WORDS, strict=True))
    assert (
        peer_standing.positions_title(study)
        == f"Bei {words[ahead]} von zehn Merkmalen liegt Bochum vor dem Median der Gruppe"
    )
    counts = pair_counts(study.index, study.place.ags, study.peers)
    share = (counts["ahead"] / counts["of"]).sort_values(kind="stable")
    title = peer_standing.pairs_title(study)
    assert f"vor {study.names[share.index[0]]} bei nur {words[int(counts.loc[share.index[0], 'ahead'])]}" in title


def test_values_of_the_district_are_no_achievement() -> None:
    """Sonsbeck takes four of ten values over from its district: they neither count in the title nor are best or worst."""
    study = study_of("Sonsbeck")
    own = own_positions(study.index, study.place.ags, study.peers)
    assert len(own) == 6
    ahead = sum(better is True for better in own["better"])
    title = f"Bei {WORDS[ahead]} von sechs Merkmalen mit eigenen Werten liegt Sonsbeck vor dem Median der Gruppe"
    assert peer_standing.positions_title(study) == title
    labels = {ref.indicator: indicator_label(study, ref) for ref in study.universe.indicators}
    told = peer_standing.what_it_means(study)
    assert not [name for name, label in labels.items() if f"„{label}“" in told and name not in own.index]


def standing_with(ahead: int) -> tuple[str, str]:
    """What is said of Bochum if it shares a zero on one indicator, on which so many peers are ahead, and the label of that
    indicator; on the others it is ahead of all.
    """
    study = study_of("Bochum")
    group, index = [study.place.ags, *study.peers], study.index
    key = str(index.raw.columns[0])
    raw, ranks, normalised = index.raw.copy(), index.indicator_rank.copy(), index.normalised.copy()
    raw.loc[group] = normalised.loc[group] = 0.0
    ranks.loc[group] = 6.0
    ranks.loc[group[0]] = 5.0
    ranks.loc[group, key] = 8.0
    first = group[1 : 1 + ahead]
    raw.loc[first, key], normalised.loc[first, key], ranks.loc[first, key] = 1.0, 1.0, 1.0
    changed = {"ruhr": replace(index, raw=raw, indicator_rank=ranks, normalised=normalised)}
    label = next(indicator_label(study, ref) for ref in study.universe.indicators if ref.indicator == key)
    return peer_standing.what_it_means(Study(study.parameters, study.facts, changed)), label


def test_a_shared_rank_says_with_how_many() -> None:
    told, label = standing_with(ahead=6)
    assert f"Am schlechtesten bei „{label}“: " in told and "Rang 7 von 11 mit vier weiteren (Median" in told


def test_a_zero_that_the_median_shares_is_neither_success_nor_failure() -> None:
    told, label = standing_with(ahead=1)
    assert label not in told
    assert told.endswith("Bei keinem Merkmal mit eigenem Wert liegt Bochum hinter dem Median der anderen.")


def test_the_place_that_just_misses_the_group_is_named() -> None:
    study = study_of("Bochum")
    distance = study.neighbours.distance
    outside = next(ags for ags in distance.index if ags not in study.peers and ags != study.place.ags)
    shown = f"{distance[outside]:.2f}".replace(".", ",")
    assert f"Als Nächstes käme {study.names[outside]} (Abstand {shown}" in peers.firmness(study)


@pytest.mark.parametrize(
    ("rank", "word"), [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (112, "112th"), (23, "23rd")]
)
def test_ranks_in_english(rank: int, word: str) -> None:
    assert peers._ordinal(rank) == word
    assert "is on rank" not in peers.finding(study_of("Bochum", "ruhr", "en"))
    study_of("Bochum")


def test_values_that_both_take_from_a_district_are_not_counted() -> None:
    study = study_of("Sonsbeck", peers=["Alpen", "Bochum"])
    counts = pair_counts(study.index, study.place.ags, study.peers)
    assert counts.loc["05170004", "of"] == 6
    assert counts.loc["05911000", "of"] == 10


def test_who_is_clearly_behind_is_so_in_the_simulation() -> None:
    study = study_of("Bochum", peers=["Breckerfeld", "Essen", "Dortmund"])
    wins = win_probabilities(study.certainty().simulation, study.place.ags)["win"][study.peers]
    assert list(study.names[wins.index[wins >= 0.95]]) == ["Breckerfeld"]
    assert peer_standing.how_certain(study) == (
        "Klar hinter Bochum liegt Breckerfeld, in mindestens 95\u202f% der Varianten. "
        "Offen ist die Reihenfolge bei zwei Orten."
    )
    assert peer_standing.how_certain(study_of("Breckerfeld", peers=["Bochum", "Essen"])).startswith(
        "Klar vor Breckerfeld liegen"
    )


def test_places_and_variables_that_cannot_be_compared_are_named() -> None:
    study = study_of("Bochum")
    table = comparable(study.context, study.universe).assign(commuting_distance=1.0)
    table.loc["05113000", ["population", "population_density", "tax_capacity", "employment_rate"]] = float("nan")
    found = nearest(table, study.place.ags, 10)
    assert found.left_out == ["05113000"]
    study.__dict__["neighbours"] = found  # what the cached property would hold for such a table
    assert peers.firmness(study).endswith(
        "Zu wenige Merkmale für einen Vergleich: Essen. Überall gleich und darum ohne Wirkung: Pendeldistanz."
    )
