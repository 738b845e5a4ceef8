"""Principal components against the printed Tables 7 to 9 of the Handbook and a singular value decomposition."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from studies import index_of

from helpers.analysis.audit.components import Components, components, varimax


@pytest.fixture
def tai(shared_dir: Path) -> tuple[Components, dict[str, Any]]:
    data = pd.read_csv(shared_dir / "oracles/tai_input_table_A2.csv", index_col="country")
    return components(data), json.loads((shared_dir / "oracles/tai_handbook.json").read_text())


def up_to_sign(found: NDArray[np.float64], printed: NDArray[np.float64]) -> NDArray[np.float64]:
    """The sign of a component is arbitrary."""
    signed: NDArray[np.float64] = found * np.sign((found * printed).sum(axis=0))
    return signed


def test_table_7_eigenvalues(tai: tuple[Components, dict[str, Any]]) -> None:
    """Printed to one decimal. Met to 0.06 and to 0.11 points: table A.2 is itself rounded (3.35 is printed as 3.3)."""
    table, printed = tai[0].eigenvalues, tai[1]["table_7_eigenvalues"]
    assert table["eigenvalue"].to_numpy() == pytest.approx(np.array(printed["eigenvalue"]), abs=0.06)
    assert table["share"].to_numpy() * 100 == pytest.approx(np.array(printed["pct"]), abs=0.111)
    assert table["cumulative"].to_numpy() * 100 == pytest.approx(np.array(printed["cumulative"]), abs=0.111)
    assert table["kept"].sum() == 4  # as in the Handbook


def test_table_8_loadings(tai: tuple[Components, dict[str, Any]]) -> None:
    """Printed to two decimals, met to 0.0125."""
    printed = pd.DataFrame(tai[1]["table_8_loadings"]).T
    assert list(printed.index) == list(tai[0].loadings.index)
    found = up_to_sign(tai[0].loadings.to_numpy(), printed.to_numpy())
    assert found == pytest.approx(printed.to_numpy(), abs=0.0125)


def test_table_9_varimax(tai: tuple[Components, dict[str, Any]]) -> None:
    """Printed to two decimals: loadings are met to 0.0135, communalities to 0.009, the explained variance to 0.024."""
    printed = pd.DataFrame(tai[1]["table_9_varimax_loadings"]).T
    rotated = tai[0].rotated
    found = up_to_sign(rotated.drop(columns="communality").to_numpy(), printed.to_numpy())
    assert found == pytest.approx(printed.to_numpy(), abs=0.0135)
    assert rotated["communality"].to_numpy() == pytest.approx(np.array(tai[1]["table_9_communality"]), abs=0.009)
    explained = tai[0].eigenvalues["rotated"].dropna().to_numpy()
    assert explained == pytest.approx(np.array(tai[1]["table_9_explained_variance"]), abs=0.024)


@pytest.mark.parametrize("universe", ["ruhr", "cities", "districts"])
def test_eigenvalues_are_squared_singular_values_of_the_z_scores(universe: str) -> None:
    data = index_of(universe).normalised
    found, rows = components(data), data.dropna()
    z = (rows - rows.mean()) / rows.std()
    singular = np.linalg.svd(z.to_numpy(), compute_uv=False)
    assert found.n == len(rows)
    assert found.eigenvalues["eigenvalue"].to_numpy() == pytest.approx(singular**2 / (len(rows) - 1), abs=1e-9)
    # All components together give back the correlations.
    loadings = found.loadings.to_numpy()
    assert loadings @ loadings.T == pytest.approx(rows.corr().to_numpy(), abs=1e-9)


def test_dimensions_of_our_indices() -> None:
    found = {
        universe: components(index_of(universe).normalised).eigenvalues for universe in ("ruhr", "cities", "districts")
    }
    assert {universe: int(table["kept"].sum()) for universe, table in found.items()} == {
        "ruhr": 4,
        "cities": 3,
        "districts": 2,
    }
    first = {universe: round(float(table["share"].iloc[0]), 2) for universe, table in found.items()}
    assert first == {"ruhr": 0.26, "cities": 0.34, "districts": 0.47}


@pytest.mark.parametrize("angle", [0.1, 0.6, np.pi / 4, 1.0, 3.0])
def test_varimax_finds_a_simple_structure_and_keeps_communalities(angle: float) -> None:
    simple = np.array([[0.9, 0], [0.8, 0], [0.7, 0], [0, 0.9], [0, 0.6]])
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    found = varimax(simple @ turn)
    assert np.abs(found).max(axis=1) == pytest.approx(simple.max(axis=1), abs=1e-6)
    assert (found**2).sum(axis=1) == pytest.approx((simple**2).sum(axis=1), abs=1e-12)


def test_what_cannot_be_computed_is_named() -> None:
    rng = np.random.default_rng(2)
    good = pd.DataFrame(rng.normal(size=(6, 3)), columns=list("abc"))
    with_flat = components(good.assign(flat=2.0))
    assert with_flat.left_out == ("flat",) and with_flat.reason == "" and len(with_flat.eigenvalues) == 3
    few = components(pd.DataFrame(rng.normal(size=(4, 5))))
    assert few.reason == "fewer_complete_units_than_indicators"
    assert few.eigenvalues.empty and few.loadings.empty and few.rotated.empty
    assert components(good.head(2)).reason == "too_few_units"
    assert components(good * np.nan).reason == "no_values"
    assert components(good[["a"]]).reason == "one_indicator"
