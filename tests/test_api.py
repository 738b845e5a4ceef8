"""docs/api.md is what the docstrings say, and these say what a writer of chapters must know."""

import inspect
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import helpers

DOCS = Path(__file__).resolve().parents[1] / "docs"


@pytest.fixture(scope="module")
def api() -> ModuleType:
    spec = spec_from_file_location("api", DOCS / "api.py")
    assert spec and spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_reference_is_up_to_date(api: ModuleType) -> None:
    assert (DOCS / "api.md").read_text(encoding="utf-8") == api.render(), "make docs renders it anew"


@pytest.mark.parametrize("name", helpers.__all__)
def test_each_public_name_has_a_section_with_words(name: str, api: ModuleType) -> None:
    page = api.render()
    section = page.split(f"## `{name}`\n", 1)[1].split("\n## ", 1)[0]
    assert len(section.split()) > 8


@pytest.mark.parametrize("name", helpers.__all__)
def test_the_reference_names_no_place_of_this_machine(name: str) -> None:
    thing: Any = getattr(helpers, name)
    assert inspect.getdoc(thing)
    assert str(DOCS.parent) not in (DOCS / "api.md").read_text(encoding="utf-8")
