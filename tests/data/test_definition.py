"""Definitions of an index that cannot be meant."""

from typing import Any

import pytest
from pydantic import ValidationError

from helpers.data.definition import MOST_WEIGHT, IndexDefinition


def definition(leaf: dict[str, Any], **method: Any) -> IndexDefinition:
    return IndexDefinition.model_validate({"tree": [{"indicator": "fibre", **leaf}], **method})


@pytest.mark.parametrize("posts", [[9, 1], [5, 5]])
def test_goalposts_must_increase(posts: list[float]) -> None:
    with pytest.raises(ValidationError, match="goalposts of fibre must increase"):
        definition({"goalposts": posts})


@pytest.mark.parametrize("exponent", [-20.5, 21, float("nan"), float("inf")])
def test_the_exponent_lies_between_minus_20_and_20(exponent: float) -> None:
    with pytest.raises(ValidationError, match="exponent"):
        definition({}, exponent=exponent)
    assert [definition({}, exponent=bound).exponent for bound in (-20, 20)] == [-20, 20]


def test_weights_have_a_limit() -> None:
    for wrong in ({"leaf": {"weight": 2e6}}, {"leaf": {}, "weight_sets": {"w": {"fibre": 2e6}}}):
        with pytest.raises(ValidationError, match="less than or equal to 1000000"):
            definition(**wrong)
    assert definition({"weight": MOST_WEIGHT}).tree[0].weight == MOST_WEIGHT
