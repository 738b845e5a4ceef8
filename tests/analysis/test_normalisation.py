"""Each normalisation by hand, its properties, and the columns that have no scale."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from numpy.typing import NDArray

from helpers.analysis.faults import ConstructionError
from helpers.analysis.normalisation import normalise
from helpers.data.definition import Normalisation

NAN = np.nan
COLUMN = [2.0, 4.0, NAN, 10.0, 4.0]
NUMBERS = st.integers(-1000, 1000).map(lambda number: number / 8)
MATRICES = arrays(np.float64, array_shapes(min_dims=2, max_dims=2, min_side=2, max_side=6), elements=NUMBERS)


def of(column: list[float], method: str, **settings: Any) -> list[float]:
    extras = {name: settings.pop(name) for name in ("goalposts", "targets", "references") if name in settings}
    values = np.array([column]).T
    scaled = normalise(values, Normalisation.model_validate({"method": method, **settings}), **extras)
    return [float(value) for value in scaled[:, 0]]


@pytest.mark.parametrize(
    ("method", "settings", "expected"),
    [
        ("min_max", {}, [0, 25, NAN, 100, 25]),
        ("min_max", {"range": (1, 5)}, [1, 2, NAN, 5, 2]),
        ("z_score", {}, [-3 / 12**0.5, -1 / 12**0.5, NAN, 5 / 12**0.5, -1 / 12**0.5]),
        ("z_score", {"mean": 100, "sd": 12**0.5}, [97, 99, NAN, 105, 99]),
        ("rank", {}, [1, 2, NAN, 4, 2]),
        ("borda", {}, [0, 1, NAN, 3, 1]),
        ("percentile", {}, [0, 1 / 3, NAN, 1, 1 / 3]),
        ("distance_to_maximum", {}, [0, 0.25, NAN, 1, 0.25]),
        ("distance_to_reference", {"references": np.array([6.0])}, [0, 0.5, NAN, 2, 0.5]),
        ("distance_to_target", {"targets": np.array([12.0])}, [0, 0.2, NAN, 0.8, 0.2]),
        ("goalposts", {"goalposts": np.array([[3.0, 8.0]]), "range": (0, 1)}, [0, 0.2, NAN, 1, 0.2]),
        ("none", {}, COLUMN),
    ],
)
def test_by_hand(method: str, settings: dict[str, Any], expected: list[float]) -> None:
    np.testing.assert_allclose(of(COLUMN, method, **settings), expected, rtol=1e-12)


@given(MATRICES, st.sampled_from(["min_max", "z_score"]), st.floats(0.01, 100), st.floats(-100, 100))
def test_rescaling_an_indicator_changes_nothing(
    values: NDArray[np.float64], method: str, factor: float, shift: float
) -> None:
    values = np.unique(values, axis=0)
    if (values.max(axis=0) == values.min(axis=0)).any():
        return
    settings = Normalisation(method=method)  # type: ignore[arg-type]
    np.testing.assert_allclose(
        normalise(values * factor + shift, settings), normalise(values, settings), rtol=1e-6, atol=1e-6
    )


@given(MATRICES, st.sampled_from(["min_max", "z_score", "rank", "borda", "percentile", "distance_to_maximum"]))
def test_the_order_is_kept(values: NDArray[np.float64], method: str) -> None:
    if (values.max(axis=0) == values.min(axis=0)).any():
        return
    scaled = normalise(values, Normalisation(method=method))  # type: ignore[arg-type]
    order = np.argsort(values, axis=0)
    assert (np.diff(np.take_along_axis(scaled, order, axis=0), axis=0) >= 0).all()


def test_min_max_reaches_its_bounds_exactly() -> None:
    scaled = of([0.1, 0.2, 0.7], "min_max", range=(1, 100))
    assert (scaled[0], scaled[2]) == (1, 100)


def test_all_columns_without_a_scale_are_named() -> None:
    values = np.array([[1.0, 3.0, NAN, np.inf], [2.0, 3.0, NAN, 1.0]])
    with pytest.raises(ConstructionError) as caught:
        normalise(values, Normalisation(), names=["a", "b", "c", "d"])
    assert caught.value.faults == [
        "indicator b is constant (3): min_max has no scale for it",
        "indicator c has no values at all",
        "indicator d has infinite values",
    ]


def test_a_spread_that_is_only_rounding_is_none() -> None:
    with pytest.raises(ConstructionError, match="is constant"):
        of([0.1 + 0.2, 0.3], "min_max")
    assert of([1e9, 1e9 + 0.01], "min_max") == [0, 100]


@pytest.mark.parametrize(
    ("method", "extras", "fault"),
    [
        ("z_score", {}, "column 1 is constant (3)"),
        ("distance_to_target", {"targets": np.array([3.0])}, "no target that is better than the worst value"),
        ("distance_to_reference", {"references": np.array([NAN])}, "no value of the reference unit"),
        ("goalposts", {"goalposts": np.array([[2.0, 1.0]])}, "goalposts that do not increase"),
    ],
)
def test_a_scale_that_does_not_exist_is_refused(method: str, extras: dict[str, Any], fault: str) -> None:
    with pytest.raises(ConstructionError) as caught:
        of([3.0, 3.0], method, **extras)
    assert fault in caught.value.faults[0]


def test_a_constant_column_has_ranks_and_places_between_goalposts() -> None:
    assert of([3.0, 3.0], "rank") == [1, 1]
    assert of([3.0, 3.0], "goalposts", goalposts=np.array([[2.0, 4.0]])) == [50, 50]


@pytest.mark.parametrize("method", ["min_max", "z_score", "distance_to_maximum"])
def test_what_the_machine_cannot_bring_to_the_scale_is_named(method: Any) -> None:
    """And no warning is given: pytest turns each into an error."""
    values = np.array([[1.0, 1e308], [2.0, -1e308], [3.0, NAN]])
    with pytest.raises(ConstructionError) as caught:
        normalise(values, Normalisation(method=method), names=["small", "large"], units=["Bochum", "Witten", "Herne"])
    (fault,) = caught.value.faults
    assert fault.startswith(f"normalisation: indicator large has no finite value by {method} for ")
    assert "Herne" not in fault and "Bochum" in fault


def test_goalposts_too_far_apart_for_the_machine_are_named() -> None:
    with pytest.raises(ConstructionError, match="column 1 has no finite value by goalposts for unit 1, unit 2"):
        of([1.0, 2.0], "goalposts", goalposts=np.array([[-1e308, 1e308]]))
