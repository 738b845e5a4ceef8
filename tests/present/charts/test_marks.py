"""The key of marks, and the diamond of a single derived value."""

from itertools import combinations

import numpy as np
import pytest
from studies import study_of

from helpers.parameters import Language
from helpers.present.charts import marks_key, profile
from helpers.present.drawing import Drawing


def diamonds(drawing: Drawing) -> int:
    lines = [line for line in drawing.figure.axes[0].lines if line.get_marker() == "D"]
    return sum(np.size(line.get_xdata()) for line in lines)


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize(("place", "universe"), [("Neukirchen-Vluyn", "ruhr"), ("03241", "districts")])
def test_the_key_fits_and_names_every_mark(place: str, universe: str, language: Language) -> None:
    drawing = marks_key(study_of(place, universe, language))
    assert [(a.words, b.words) for a, b in combinations(drawing.labels, 2) if a.overlaps(b)] == []
    assert all(label.right <= drawing.width_mm and label.bottom <= drawing.height_mm for label in drawing.labels)
    assert len(drawing.data) == 8
    assert all(mark in drawing.alt for mark in drawing.data["mark"])
    study_of("Bochum")


def test_a_single_derived_value_is_a_diamond_and_a_derived_row_is_not() -> None:
    study = study_of("05911", "districts")
    basis = study.index.basis
    single = [key for key in basis if "own" in set(basis[key]) and "derived" in set(basis[key])]
    assert single == ["patents_rate"]
    derived = basis.index[basis["patents_rate"] == "derived"]
    assert diamonds(profile(study)) == len(set(derived) - {study.place.ags, *study.peers}) > 0
    # In the Ruhr whole rows are our own calculation, which the row says.
    assert diamonds(profile(study_of("Bochum"))) == 0
