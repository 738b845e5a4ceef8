"""Kernels of both kinds, opened once for each file of tests."""

from collections.abc import Iterator

import pytest

from helpers.parameters import Parameters
from helpers.run import identity
from helpers.run.kernels import ForkedKernels, Kernels, open_kernels

BOCHUM = Parameters.check(place="Bochum")


@pytest.fixture(autouse=True)
def newly_started() -> None:
    """A process compares itself with a batch as it was when first asked: for each test that is now."""
    identity._first.cache_clear()


@pytest.fixture(scope="module")
def forked() -> Iterator[ForkedKernels]:
    with open_kernels("fork") as kernels:
        assert isinstance(kernels, ForkedKernels)
        kernels.prepare(BOCHUM, 60)
        yield kernels


@pytest.fixture(scope="module")
def plain() -> Iterator[Kernels]:
    with open_kernels("plain") as kernels:
        yield kernels
