"""What a reader may choose otherwise in an index: what is kept, what is dropped as no choice, what is refused."""

from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.analysis.draws import default_assumptions
from helpers.choices import IndexChoice, Mean, Scale, families, resolve
from helpers.data.universe import load_universe
from helpers.parameters import ParameterError, Parameters, universes

DEFINITION: dict[str, Any] = {
    "normalisation": {"method": "min_max"},
    "aggregation": "arithmetic",
    "tree": [
        {"id": "nets", "weight": 1, "children": [{"indicator": "fibre"}, {"indicator": "radio", "weight": 3}]},
        {"id": "skills", "weight": 1, "children": [{"indicator": "graduates"}]},
    ],
}


def test_nothing_chosen_is_nothing_kept() -> None:
    empty: tuple[Any, ...] = (None, {}, {"weights": {}}, IndexChoice())
    for value in empty:
        assert resolve(value, DEFINITION) == (IndexChoice(), [])
    assert not IndexChoice() and IndexChoice().model_dump() == {}


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ({"weights": {"nets": 2}}, {"weights": {"nets": 2.0}}),
        ({"weights": {"nets": 2, "skills": 2}}, {}),
        ({"weights": {"skills": 3, "nets": 2}}, {"weights": {"nets": 2.0, "skills": 3.0}}),
        ({"weights": {"fibre": 2, "radio": 6}}, {}),
        ({"weights": {"fibre": 3}}, {"weights": {"fibre": 3.0}}),
        ({"weights": {"graduates": 5}}, {}),
        ({"normalisation": "min_max", "aggregation": "arithmetic"}, {}),
        ({"normalisation": "z_score", "aggregation": None}, {"normalisation": "z_score"}),
        ({"aggregation": "geometric"}, {"aggregation": "geometric"}),
    ],
)
def test_what_the_universe_has_anyway_is_no_choice(value: dict[str, Any], kept: dict[str, Any]) -> None:
    choice, faults = resolve(value, DEFINITION)
    assert faults == [] and choice.model_dump() == kept
    assert resolve(choice, DEFINITION) == (choice, [])


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        (3, "index: 3 is not a mapping with weights, normalisation, aggregation."),
        ({"wieghts": {}}, "index.wieghts: no such name. Allowed: weights, normalisation, aggregation. Did you mean"),
        ({"normalisation": "rank"}, "index.normalisation: 'rank' is not one of min_max, z_score, percentile."),
        ({"aggregation": "copeland"}, "index.aggregation: 'copeland' is not one of arithmetic, geometric."),
        ({"weights": [1]}, "index.weights: [1] is not a mapping of names to weights."),
        (
            {"weights": {"net": 1}},
            "index.weights.net: no such name. Allowed: nets, skills, fibre, radio, graduates. Did",
        ),
        ({"weights": {"nets": 0}}, "index.weights.nets: 0 is not a number from 0.01 to 100."),
        ({"weights": {"nets": True}}, "index.weights.nets: True is not a number"),
        ({"weights": {"nets": float("nan")}}, "index.weights.nets: nan is not a number"),
    ],
)
def test_a_fault_names_key_value_and_what_is_allowed(value: Any, fault: str) -> None:
    choice, faults = resolve(value, DEFINITION)
    assert choice == IndexChoice() and len(faults) == 1 and faults[0].startswith(fault)


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(ParameterError) as caught:
        Parameters.check(place="Bochm", index={"weights": {"reserch": 1, "research": -1}, "aggregation": "sum"})
    assert [fault.split(":")[0] for fault in caught.value.faults] == [
        "place",
        "index.aggregation",
        "index.weights.reserch",
        "index.weights.research",
    ]


@given(st.dictionaries(st.sampled_from(["research", "companies", "gigabit_firms"]), st.floats(0.01, 100)))
def test_a_choice_survives_json_and_is_equal_and_hashed_alike(weights: dict[str, float]) -> None:
    chosen = Parameters.check(index={"weights": weights, "normalisation": "percentile"})
    again = Parameters.check(**chosen.model_dump(mode="json"))
    assert again == chosen and hash(again) == hash(chosen)


@pytest.mark.parametrize("universe", universes())
def test_scales_and_means_are_those_that_the_uncertainty_analysis_draws(universe: str) -> None:
    definition = load_universe(universe).index
    assumptions = default_assumptions(definition)
    assert {scale.method for scale in assumptions.normalisation} == set(get_args(Scale))
    assert set(assumptions.aggregation) == set(get_args(Mean))


def test_families_are_the_siblings_of_a_tree() -> None:
    assert list(families(DEFINITION["tree"])) == [
        {"nets": 1.0, "skills": 1.0},
        {"fibre": 1.0, "radio": 3.0},
        {"graduates": 1.0},
    ]
