"""Universes: which places are compared, on which indicators, with which weights (data/universes/*.yml)."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, model_validator

from helpers.data.definition import Group, IndexDefinition, Indicator, Level, Strict
from helpers.data.faults import DataError, Fault
from helpers.data.yaml_file import read_yaml
from helpers.parameters import DATA_DIR

DOMAINS = ("infrastructure", "research", "employment", "companies", "context")
MOST_COVARIATES = 5


class ContextVariable(Strict):
    """A structural variable, not part of the index: what makes places alike (peers) and explains a score (expectation).

    Either `column` of places.csv or a row of the codebook (`indicator`, `level`, `period`), divided by `per` (another column,
    or an indicator of the same level and period) and multiplied by `scale`. `log`: compared on its logarithm.
    `alike`: counts in the distance between places. `expectation`: a covariate of the expected score. Labels and units are those
    of the codebook unless given.
    """

    id: str
    column: Literal["population"] | None = None
    indicator: str | None = None
    level: Level | None = None
    period: str = ""
    per: str | None = None
    scale: float = Field(default=1.0, gt=0, allow_inf_nan=False)
    log: bool = False
    alike: bool = True
    expectation: bool = False
    label_de: str | None = None
    label_en: str | None = None
    unit_de: str | None = None
    unit_en: str | None = None
    decimals: int = Field(default=0, ge=0, le=6)

    @property
    def keys(self) -> tuple[tuple[str, str, str], ...]:
        """The rows of the codebook that the variable needs: (level, indicator, period)."""
        if self.indicator is None or self.level is None:
            return ()
        names = (self.indicator, self.per) if self.per else (self.indicator,)
        return tuple((self.level, name, self.period) for name in names)

    @model_validator(mode="after")
    def _one_origin(self) -> ContextVariable:
        if (self.column is None) == (self.indicator is None):
            raise ValueError(f"context variable {self.id}: give either column or indicator")
        if self.indicator is not None and (self.level is None or not self.period):
            raise ValueError(f"context variable {self.id}: level and period must be given")
        if self.column is not None and self.per not in (None, "area_km2"):
            raise ValueError(f"context variable {self.id}: a column can be divided by area_km2 only")
        named = [self.label_de, self.label_en, self.unit_de, self.unit_en]
        if (self.column is not None or self.per is not None) and None in named:
            raise ValueError(f"context variable {self.id}: label_de, label_en, unit_de and unit_en must be given")
        return self


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
    class_breaks: tuple[float, ...] = Field(min_length=1, max_length=4)
    index: IndexDefinition
    context: tuple[ContextVariable, ...] = ()

    @property
    def domains(self) -> tuple[Group, ...]:
        """The domains: the groups at the top of the index."""
        return tuple(node for node in self.index.tree if isinstance(node, Group))

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        """All indicators in the order of the domains."""
        return self.index.indicators

    @property
    def alike(self) -> tuple[ContextVariable, ...]:
        """The context variables by which the nearest places are found."""
        return tuple(variable for variable in self.context if variable.alike)

    @property
    def covariates(self) -> tuple[ContextVariable, ...]:
        """The context variables that explain the expected score."""
        return tuple(variable for variable in self.context if variable.expectation)

    @model_validator(mode="after")
    def _consistent(self) -> Universe:
        if len(self.domains) < len(self.index.tree):
            raise ValueError("the index of a universe must be made of domains: groups with an id and children")
        unknown = sorted({domain.id for domain in self.domains} - set(DOMAINS))
        if unknown:
            raise ValueError(f"domain {', '.join(unknown)} is none of {', '.join(DOMAINS)}")
        if lacking := [leaf.indicator for leaf in self.indicators if leaf.level is None or not leaf.period]:
            raise ValueError(f"level and period must be given for {', '.join(lacking)}")
        if computed := [leaf.indicator for leaf in self.indicators if leaf.formula is not None]:
            raise ValueError(f"a formula belongs to the index of a file, not to a universe: {', '.join(computed)}")
        if any(low >= high for low, high in zip(self.class_breaks, self.class_breaks[1:], strict=False)):
            raise ValueError("class_breaks must increase")
        ids = [variable.id for variable in self.context]
        if twice := sorted({name for name in ids if ids.count(name) > 1}):
            raise ValueError(f"context variables must differ in their id: {', '.join(twice)}")
        in_index = {ref.indicator for ref in self.indicators}
        if used := [variable.id for variable in self.context if variable.indicator in in_index]:
            raise ValueError(f"a context variable cannot be part of the index: {', '.join(used)}")
        if len(self.covariates) > MOST_COVARIATES:
            raise ValueError(f"at most {MOST_COVARIATES} context variables can be covariates of the expected score")
        if self.level == "district" and any(variable.level == "municipality" for variable in self.context):
            raise ValueError("a universe of districts cannot use context variables of municipalities")
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


@dataclass(frozen=True)
class Tile:
    """A municipality as a hexagon with its point up: column and row (0 = north; odd rows stand half a tile to the right)."""

    column: int
    row: int
    label: str


def tile_grid(data_dir: Path = DATA_DIR) -> dict[str, Tile]:
    """The tiles of the 53 municipalities of the Ruhr by AGS (data/boundaries/tilegrid.csv)."""
    with (data_dir / "boundaries/tilegrid.csv").open(encoding="utf-8", newline="") as stream:
        return {row["ags"]: Tile(int(row["col"]), int(row["row"]), row["label"]) for row in csv.DictReader(stream)}


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
