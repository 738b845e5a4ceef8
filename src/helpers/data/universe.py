"""Universes: which places are compared, on which indicators, with which weights (data/universes/*.yml)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, model_validator

from helpers.data.definition import Group, IndexDefinition, Indicator, Level, Strict
from helpers.data.faults import DataError, Fault
from helpers.data.yaml_file import read_yaml
from helpers.parameters import DATA_DIR

DOMAINS = ("infrastructure", "research", "employment", "companies", "context")


class Universe(Strict):
    """A universe and its default index. `in_*` reads after a rank (`im Ruhrgebiet`), `places_*` after a number."""

    name: str
    title_de: str
    title_en: str
    in_de: str
    in_en: str
    places_de: str
    places_en: str
    level: Level
    member: Literal["in_ruhr", "in_cities", "all"]
    boundaries: str | None = None
    class_breaks: tuple[float, ...] = Field(min_length=1)
    index: IndexDefinition

    @property
    def domains(self) -> tuple[Group, ...]:
        """The domains: the groups at the top of the index."""
        return tuple(node for node in self.index.tree if isinstance(node, Group))

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        """All indicators in the order of the domains."""
        return self.index.indicators

    @model_validator(mode="after")
    def _consistent(self) -> Universe:
        if len(self.domains) < len(self.index.tree):
            raise ValueError("the index of a universe must be made of domains: groups with an id and children")
        unknown = sorted({domain.id for domain in self.domains} - set(DOMAINS))
        if unknown:
            raise ValueError(f"domain {', '.join(unknown)} is none of {', '.join(DOMAINS)}")
        if lacking := [leaf.indicator for leaf in self.indicators if leaf.level is None or not leaf.period]:
            raise ValueError(f"level and period must be given for {', '.join(lacking)}")
        if any(low >= high for low, high in zip(self.class_breaks, self.class_breaks[1:], strict=False)):
            raise ValueError("class_breaks must increase")
        if self.level == "district" and any(ref.level != "district" for ref in self.indicators):
            raise ValueError("a universe of districts cannot use indicators of municipalities")
        return self


def load_universe(name: str, data_dir: Path = DATA_DIR) -> Universe:
    """The universe `name`. Raises DataError with all faults of its file (unreadable, unknown key, bad weight …)."""
    path = data_dir / "universes" / f"{name}.yml"
    file = f"universes/{name}.yml"
    if not path.is_file():
        known = ", ".join(sorted(other.stem for other in path.parent.glob("*.yml")))
        raise DataError([Fault(file, 0, "", name, f"must be one of {known}")])
    return read_yaml(path, Universe, file, name=name)


def boundaries(name: str, data_dir: Path = DATA_DIR) -> dict[str, Any]:
    """A GeoJSON feature collection of data/boundaries, WGS84; features carry `ags` and `name` in their properties.

    Raises DataError if the file is absent or no GeoJSON.
    """
    file = f"boundaries/{name}.geojson"
    try:
        content = json.loads((data_dir / file).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DataError([Fault(file, 0, "", name, "the file must exist")]) from None
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise DataError([Fault(file, getattr(error, "lineno", 0), "", str(error), "must be JSON")]) from None
    if not isinstance(content, dict) or not isinstance(content.get("features"), list):
        raise DataError([Fault(file, 0, "features", "", "must be a GeoJSON feature collection")])
    return content
