"""A copy of the Data Package that a test may break."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from helpers.parameters import DATA_DIR


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A writable copy of data/."""
    return Path(shutil.copytree(DATA_DIR, tmp_path / "data"))


@pytest.fixture
def edit(package: Path) -> Callable[[str, str, str], int]:
    """`edit(file, old, new)` replaces the first `old` in a file of the copy and returns its line number."""

    def replace(file: str, old: str, new: str) -> int:
        path = package / file
        text = path.read_text(encoding="utf-8")
        before, found, after = text.partition(old)
        assert found, f"{old!r} is not in {file}"
        path.write_text(before + new + after, encoding="utf-8", newline="\n")
        return before.count("\n") + 1

    return replace
