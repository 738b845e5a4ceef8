"""The share of all weightings with a place among the first k, held against cases that can be worked out by hand."""

import numpy as np
import pandas as pd
import pytest
from studies import facts, index_of

from helpers.analysis.index import Gathered, IndexResult, index_from
from helpers.analysis.readers_weights import readers_weights
from helpers.choices import IndexChoice
from helpers.data.definition import Group, IndexDefinition, Indicator
from helpers.data.universe import load_universe

DRAWS = 4000


def two_domains(values: dict[str, tuple[float, float]]) -> IndexResult:
    """An index of two domains of one indicator each."""
    tree = tuple(
        Group(id=name, children=(Indicator(indicator=f"{name}_value", level="municipality", period="2024"),))
        for name in ("research", "companies")
    )
    universe = load_universe("ruhr").model_copy(update={"index": IndexDefinition(tree=tree)})
    raw = pd.DataFrame(values, index=["research_value", "companies_value"]).T
    basis = pd.DataFrame("own", index=raw.index, columns=raw.columns)
    return index_from(Gathered(universe, raw, basis, facts().places.iloc[: len(raw)], {}))


def test_a_place_ahead_in_one_of_two_domains_leads_in_half_of_the_weightings() -> None:
    index = two_domains({"a": (100.0, 0.0), "b": (0.0, 100.0)})
    share, low, high = readers_weights(index, DRAWS, 1).share("a", 1)
    assert low < 0.5 < high and share == pytest.approx(0.5, abs=0.03)


def test_the_share_is_the_measure_of_the_weightings() -> None:
    # a: 100 w; b: 100 (1 - w); c: 70 everywhere. c leads between w = 0.3 and w = 0.7: in 40 percent.
    found = readers_weights(two_domains({"a": (100.0, 0.0), "b": (0.0, 100.0), "c": (70.0, 70.0)}), 20_000, 2)
    for ags, share in (("a", 0.3), ("b", 0.3), ("c", 0.4)):
        assert found.share(ags, 1)[0] == pytest.approx(share, abs=0.01)
    assert found.share("c", 2)[0] == 1 and found.share("a", 3)[0] == 1


def test_the_weights_needed_are_the_means_on_either_side() -> None:
    found = readers_weights(two_domains({"a": (100.0, 0.0), "b": (0.0, 100.0)}), DRAWS, 1).needed("a", 1)
    assert found.loc["research", "inside"] == pytest.approx(0.75, abs=0.02)
    assert found.loc["research", "outside"] == pytest.approx(0.25, abs=0.02)
    np.testing.assert_allclose(found.sum(), 1)


def test_a_place_that_is_always_there_has_no_other_side() -> None:
    needed = readers_weights(index_of("ruhr"), 200, 1).needed("05911000", 53)
    assert needed["outside"].isna().all() and needed["inside"].notna().all()


def test_the_weights_chosen_do_not_matter_the_scale_does() -> None:
    universe = load_universe("ruhr")
    gathered = Gathered(
        universe,
        index_of("ruhr").raw.assign(university_sites=0.0),
        index_of("ruhr").basis,
        facts().places.loc[index_of("ruhr").raw.index].assign(population=100000),
        dict.fromkeys(index_of("ruhr").raw, "+"),
    )
    plain = readers_weights(index_from(gathered), 500, 3)
    weighted = readers_weights(index_from(gathered, IndexChoice(weights={"research": 9.0})), 500, 3)
    scaled = readers_weights(index_from(gathered, IndexChoice(normalisation="percentile")), 500, 3)
    np.testing.assert_array_equal(plain.simulation.ranks, weighted.simulation.ranks)
    assert (plain.simulation.ranks != scaled.simulation.ranks).any()
