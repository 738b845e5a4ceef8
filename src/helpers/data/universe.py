"""Universes: which places are compared, on which indicators, with which weights (data/universes/*.yml)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from helpers.data.faults import DataError, Fault
from helpers.parameters import DATA_DIR

Level = Literal["municipality", "district"]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]


class _Strict(BaseModel):
    # YAML reads an unquoted year as a number: it is taken as the text it was meant to be.
    model_config = ConfigDict(frozen=True, extra="forbid", coerce_numbers_to_str=True)


class IndicatorRef(_Strict):
    """One indicator of an index: a row of the codebook (level, indicator, period) with its weight in the domain.

    `per` divides by a column of places.csv and multiplies by `scale`. `level: district` in a universe of
    municipalities means the district's value: inherited unless the municipality is its own district.
    """

    indicator: str
    period: str
    level: Level
    weight: Positive = 1.0
    per: Literal["population"] | None = None
    scale: Positive = 1.0

    @property
    def key(self) -> tuple[str, str, str]:
        """The index of the codebook: level, indicator, period."""
        return self.level, self.indicator, self.period


class Domain(_Strict):
    """A domain of the index with its weight and its indicators."""

    id: Literal["infrastructure", "research", "employment", "companies", "context"]
    weight: Positive = 1.0
    indicators: tuple[IndicatorRef, ...] = Field(min_length=1)


class Universe(_Strict):
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
    domains: tuple[Domain, ...] = Field(min_length=1)

    @property
    def indicators(self) -> tuple[IndicatorRef, ...]:
        """All indicators in the order of the domains."""
        return tuple(ref for domain in self.domains for ref in domain.indicators)

    @model_validator(mode="after")
    def _consistent(self) -> Universe:
        named: dict[str, list[str]] = {
            "domain": [domain.id for domain in self.domains],
            "indicator": [ref.indicator for ref in self.indicators],
        }
        for kind, ids in named.items():
            twice = sorted({item for item in ids if ids.count(item) > 1})
            if twice:
                raise ValueError(f"{kind} named twice: {', '.join(twice)}")
        if any(low >= high for low, high in zip(self.class_breaks, self.class_breaks[1:], strict=False)):
            raise ValueError("class_breaks must increase")
        if self.level == "district" and any(ref.level != "district" for ref in self.indicators):
            raise ValueError("a universe of districts cannot use indicators of municipalities")
        return self


def load_universe(name: str, data_dir: Path = DATA_DIR) -> Universe:
    """The universe `name`. Raises DataError with all faults of its file (unreadable, unknown key, bad weight …)."""
    file = f"universes/{name}.yml"
    try:
        content = yaml.safe_load((data_dir / file).read_text(encoding="utf-8"))
    except FileNotFoundError:
        known = ", ".join(sorted(path.stem for path in (data_dir / "universes").glob("*.yml")))
        raise DataError([Fault(file, 0, "", name, f"must be one of {known}")]) from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or str(error)
        raise DataError([Fault(file, mark.line + 1 if mark else 0, "", str(problem), "must be YAML")]) from None
    if not isinstance(content, dict):
        raise DataError([Fault(file, 0, "", str(content), "must be a mapping of keys to values")])
    try:
        return Universe.model_validate({**content, "name": name})
    except ValidationError as error:
        raise DataError([_fault(file, item) for item in error.errors()]) from None


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


def _fault(file: str, item: Any) -> Fault:
    """One pydantic error as a fault: the key is the path within the file."""
    key = ".".join(str(part) for part in item["loc"])
    # The input of an error about a whole mapping is that mapping: no help to a reader.
    value = "" if isinstance(item["input"], (dict, BaseModel)) else str(item["input"])
    return Fault(file, 0, key, value, item["msg"])
