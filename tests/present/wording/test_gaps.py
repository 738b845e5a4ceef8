"""What is said of a gap is about values that both have."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from studies import study_of

from helpers.analysis.gaps import Gap, gap, gap_to_median
from helpers.analysis.study import Study
from helpers.present.names import indicator_label
from helpers.present.wording import gaps

TOLD: dict[str, tuple[Callable[[Study], Gap], Callable[[Study, Gap], str]]] = {
    "title": (lambda study: gap(study.index, study.place.ags, "05113000"), gaps.gap_title),
    "median": (lambda study: gap_to_median(study.index, study.place.ags, study.peers), gaps.to_median),
}


@pytest.mark.parametrize("name", TOLD)
def test_an_indicator_without_a_value_is_neither_lead_nor_arrears(name: str) -> None:
    """Its part of the gap is real, but comes from its absence alone."""
    study = study_of("Bochum")
    compared, words = TOLD[name]
    found = compared(study)
    largest = str(found.parts.idxmax())
    label = indicator_label(study, next(ref for ref in study.universe.indicators if ref.indicator == largest))
    assert f"„{label}“" in words(study, found)
    lacking = found.values.index == largest
    for values in ("values", "other_values"):
        without = replace(found, **{values: getattr(found, values).mask(lacking)})
        assert f"„{label}“" not in words(study, without)
    nothing = replace(found, values=found.values * float("nan"))
    assert "„" not in words(study, nothing)
