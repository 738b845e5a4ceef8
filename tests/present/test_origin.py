"""Drawings and tables know who made them, without being told."""

import dataclasses
from inspect import getsourcelines
from pathlib import Path

import pandas as pd
import pytest
from studies import study_of

import helpers
from helpers.present import charts, listings, maps
from helpers.present.drawing import Canvas, Drawing
from helpers.present.maps.ruhr import regional_map
from helpers.present.origin import Origin
from helpers.present.tables import Column, Table


def origin(made: Drawing | Table) -> Origin:
    assert made.made_by is not None
    return made.made_by


def test_it_is_the_public_function_that_drew() -> None:
    """Not the map that was asked for but the one that was chosen; not the private page of the ranking but the ranking."""
    study = study_of("Bochum")
    assert origin(maps.index_map(study)).function == "helpers.present.maps.ruhr.regional_map"
    (page,) = charts.ranking(study, study.certainty().ranks)
    assert origin(page).function == "helpers.present.charts.ranking.ranking"
    assert origin(listings.priors(study)).function == "helpers.present.listings.priors"


def test_file_and_line_lead_to_its_definition() -> None:
    found = origin(maps.index_map(study_of("Bochum")))
    assert found.line == getsourcelines(regional_map)[1]
    lines = (Path(helpers.__file__).parents[1] / found.file).read_text(encoding="utf-8").splitlines()
    assert lines[found.line - 1].startswith("def regional_map(")


@pytest.mark.parametrize(
    "made", [Canvas(10, 10).finish("Ein Bild.", pd.DataFrame()), Table([Column("a")], [], pd.DataFrame())]
)
def test_what_is_made_outside_the_package_has_no_origin(made: Drawing | Table) -> None:
    assert made.made_by is None


def test_a_changed_drawing_keeps_its_origin() -> None:
    drawing = charts.domain_strips(study_of("Bochum"))
    assert dataclasses.replace(drawing, alt="Anders.").made_by == drawing.made_by
