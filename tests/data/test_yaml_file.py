"""YAML files: what cannot be read or would be read otherwise than written is a fault with line and key."""

from pathlib import Path

import pytest

from helpers.data.definition import IndexDefinition
from helpers.data.faults import DataError
from helpers.data.yaml_file import read_yaml


def faults_of(path: Path) -> list[tuple[int, str, str]]:
    with pytest.raises(DataError) as caught:
        read_yaml(path, IndexDefinition, "index.yml")
    return [(fault.row, fault.column, fault.rule) for fault in caught.value.faults]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "index.yml"


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    assert faults_of(tmp_path) == [(0, "", "must be a file that can be read")]


def test_a_file_that_may_not_be_read_is_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> str:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_text", refuse)
    assert faults_of(path) == [(0, "", "must be a file that can be read")]


def test_anchors_and_aliases_are_refused(path: Path) -> None:
    path.write_text("tree:\n  - &one {indicator: a}\n  - *one\n", encoding="utf-8")
    rule = "must not use anchors (&) or aliases (*)"
    assert faults_of(path) == [(2, "", rule), (3, "", rule)]


def test_a_file_of_aliases_is_not_expanded(path: Path) -> None:
    lines = ["a0: &a0 [x, x]", *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30))]
    path.write_text("\n".join(lines), encoding="utf-8")
    assert len(faults_of(path)) == 30 + 29 * 9


def test_a_key_that_occurs_twice_is_told_with_line_and_key(path: Path) -> None:
    lines = ["tree:", "  - indicator: a", "    weight: 1", "    weight: 2", "exponent: 1", "exponent: 2"]
    path.write_text("\n".join(lines), encoding="utf-8")
    assert sorted(faults_of(path)) == [
        (4, "tree.0.weight", "each key must occur once; see line 3"),
        (6, "exponent", "each key must occur once; see line 5"),
    ]


def test_a_date_that_is_none_is_a_fault(path: Path) -> None:
    path.write_text("tree: 2024-13-45\n", encoding="utf-8")
    assert [rule for _, _, rule in faults_of(path)] == ["must be YAML"]
