"""The place within its peers: against plain counting."""

import numpy as np
import pytest
from studies import study_of

from helpers.analysis.peer_group import own_positions, positions, standing
from helpers.analysis.uncertainty import win_probabilities

BOCHUM, ESSEN, DORTMUND, HERNE = "05911000", "05113000", "05913000", "05916000"
CASES = [("ruhr", "Bochum"), ("ruhr", "Sonsbeck"), ("cities", "Erfurt"), ("districts", "16063")]


def test_the_standing_is_counted_over_the_draws() -> None:
    study = study_of("Bochum")
    simulation = study.certainty().simulation
    peers = [ESSEN, DORTMUND, HERNE]
    found = standing(study.index, simulation, BOCHUM, peers)
    made = {ags: simulation.made[simulation.units.get_loc(ags)].astype(int) for ags in (BOCHUM, *peers)}
    ranks = [1 + sum(made[peer][i] < made[BOCHUM][i] for peer in peers) for i in range(simulation.made.shape[1])]
    assert (found.rank, found.n) == (1, 4)
    # The 5th of every 100 and the 95th, as attained.
    assert (found.low, found.high) == (sorted(ranks)[len(ranks) // 20 - 1], sorted(ranks)[len(ranks) * 19 // 20 - 1])
    second = np.sort([made[peer] for peer in peers], axis=0)[1]
    share = np.mean((made[BOCHUM] < second) + 0.5 * (made[BOCHUM] == second))
    assert found.ahead == pytest.approx(share)


def test_with_one_peer_the_probability_is_that_of_winning() -> None:
    study = study_of("Bochum")
    simulation = study.certainty().simulation
    found = standing(study.index, simulation, BOCHUM, [ESSEN])
    assert found.ahead == pytest.approx(win_probabilities(simulation, BOCHUM)["win"][ESSEN])
    with pytest.raises(ValueError, match="no peer"):
        standing(study.index, simulation, BOCHUM, ["00000000"])


@pytest.mark.parametrize(("universe", "place"), CASES)
def test_positions_are_counted(universe: str, place: str) -> None:
    study = study_of(place, universe, peers="nearest")
    ags, raw = study.place.ags, study.index.raw
    frame = positions(study.index, ags, study.peers)
    assert list(frame.index) == list(raw.columns)
    for name, row in frame.iterrows():
        own, others = raw.at[ags, name], raw.loc[study.peers, name].dropna()
        assert row["n"] == len(others) + (own == own)
        if own == own:
            # All indicators of the indices count upwards.
            assert row["rank"] == 1 + (others > own + 1e-9).sum()
            assert row["ties"] == ((others - own).abs() <= 1e-9).sum()
            assert row["better"] is (None if own == others.median() else bool(own > others.median()))
        else:
            assert row["rank"] != row["rank"]
            assert (row["ties"], row["better"]) == (0, None)


def test_bochum_among_its_neighbours_in_gigabit_for_firms() -> None:
    study = study_of("Bochum")
    row = positions(study.index, BOCHUM, [ESSEN, DORTMUND]).loc["gigabit_firms"]
    assert row["value"] == pytest.approx(89.7, abs=0.05)
    assert (row["rank"], row["n"], row["ties"], row["better"]) == (1, 3, 0, True)


def test_only_own_values_are_kept_where_there_are_some() -> None:
    study = study_of("Sonsbeck")
    basis = study.index.basis.loc[study.place.ags]
    found = own_positions(study.index, study.place.ags, study.peers)
    assert list(found.index) == list(basis.index[basis != "inherited"]) and len(found) == 6
    assert len(own_positions(study_of("Bochum").index, BOCHUM, [ESSEN])) == 10
