"""Sentences on the certainty of a rank, held against the simulation they speak of."""

import pandas as pd
import pytest
from studies import study_of

from helpers.analysis.certainty import NARROW, QUARTER, certainty_of
from helpers.analysis.draws import DEFAULT_PRIOR, Dirichlet
from helpers.present.wording import certainty, ranking


def test_the_finding_is_the_range_of_the_place() -> None:
    study = study_of("Bochum")
    row = study.certainty().ranks.loc["05911000"]
    assert certainty.finding(study) == (
        f"In mindestens neun von zehn Varianten liegt Bochum im Ruhrgebiet auf Rang {row.low:.0f} bis {row.high:.0f} von 53"
    )


def test_a_range_of_one_rank_is_one_rank() -> None:
    assert certainty.spread(1, 1) == "Rang 1"
    assert certainty.spread(1, 5) == "Rang 1 bis 5"


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0, "0\u202f%"),
        (0.001, "weniger als 1\u202f%"),
        (0.5, "50\u202f%"),
        (0.999, "mehr als 99\u202f%"),
        (1, "100\u202f%"),
    ],
)
def test_a_chance_near_the_ends_is_not_rounded_to_them(share: float, text: str) -> None:
    study_of("Bochum")
    assert certainty.share_text(share) == text


def test_the_prior_that_decks_name_is_that_of_the_draws() -> None:
    study = study_of("Bochum")
    assert Dirichlet(concentration=1.0) == DEFAULT_PRIOR
    assert "Dirichlet, α = 1)" in certainty.deck(study)
    assert "Dirichlet, α = 1)" in ranking.ranking_deck(study)


def test_the_same_certainty_is_simulated_once() -> None:
    study = study_of("Bochum")
    assert study.certainty() is study.certainty("ruhr", prior=None, inherited_varies=True)
    certainty.prior_rows(study)
    made = certainty_of.cache_info().misses
    certainty.finding(study), certainty.in_brief(study), certainty.prior_title(study), study.certainty()
    assert certainty_of.cache_info().misses == made


def test_each_way_to_draw_the_weights_has_a_name() -> None:
    study_of("Bochum", "ruhr", "en")
    names = [certainty.prior_name(prior) for prior in (None, NARROW, QUARTER)]
    assert names == ["any weights (α = 1)", "weights close to equal (α = 4)", "each weight ± 25%"]


def test_the_first_page_speaks_of_first_place_only_where_it_is_in_reach() -> None:
    assert "auf Rang 1, in" in certainty.in_brief(study_of("Bochum"))
    sonsbeck = study_of("Breckerfeld")
    row = sonsbeck.certainty().ranks.loc[sonsbeck.place.ags]
    assert f"auf Rang {row.low:.0f} bis {row.high:.0f}" in certainty.in_brief(sonsbeck)


@pytest.mark.parametrize("place", ["Bochum", "Breckerfeld"])
def test_the_first_page_says_what_the_range_on_its_cards_is(place: str) -> None:
    study = study_of(place)
    row = study.certainty().ranks.loc[study.place.ags]
    assert f"in mindestens neun von zehn auf {certainty.spread(row.low, row.high)}: Das ist die Spanne." in (
        certainty.in_brief(study)
    ) or certainty.in_brief(study).endswith(f"auf {certainty.spread(row.low, row.high)}: Das ist die Spanne.")


def test_a_rank_beside_the_middle_of_its_range_is_said_to_be_so() -> None:
    study = study_of("Bochum", "cities")
    row = study.certainty().ranks.loc["05911000"]
    assert row.reference == 35
    word = "schlechter" if row["median"] < 35 else "besser"
    assert f"Rang 35 bei gleichen Gewichten ist {word} als der Median" in certainty.what_it_means(study)


def test_the_part_that_moves_the_rank_most_is_named() -> None:
    study = study_of("Bochum")
    ranks = pd.DataFrame({"label": ["Forschung", "Beschäftigung"], "rank": [1, 3], "domain": [True, True]})
    assert certainty.left_out_title(study, ranks) == "Ohne „Beschäftigung“ fiele Bochum auf Rang 3"
    tied = ranks.assign(rank=3)
    assert certainty.left_out_title(study, tied) == "Ohne „Forschung“ oder „Beschäftigung“ fiele Bochum auf Rang 3"
    many = pd.concat([tied, tied]).reset_index(drop=True)
    assert certainty.left_out_title(study, many) == "Ohne einen von vier Teilen fiele Bochum auf Rang 3"
    same = ranks.assign(rank=1)
    assert certainty.left_out_title(study, same) == "Kein Teil des Index ändert Rang 1, wenn er fehlt"


def test_the_chances_against_the_neighbours_are_a_range() -> None:
    study = study_of("Bochum")
    wins = pd.Series({"05113000": 0.6, "05117000": 0.9})
    assert certainty.wins_title(study, wins) == (
        "In 60\u202f% bis 90\u202f% der Varianten liegt Bochum vor jedem einzelnen der zwei Nachbarn in der Rangliste"
    )
    assert certainty.wins_title(study, wins[:1]).endswith("liegt Bochum vor seinem Nachbarn in der Rangliste")
