"""The full check of the Data Package: all faults of all files at once, each with file, line, column, value and rule."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from pandera.errors import SchemaErrors

from helpers.data.claims import load_press
from helpers.data.faults import DataError, Fault
from helpers.data.package import (
    DESCRIPTOR,
    REQUIRED_TABLES,
    current_hashes,
    read_descriptor,
    sealed_hashes,
    tables,
    universe_files,
)
from helpers.data.schemas import text_schema, to_numbers
from helpers.data.universe import Universe, boundaries, load_universe
from helpers.parameters import DATA_DIR

__all__ = ["DataError", "Fault", "check_package"]

STALE = f"the hash must be that of {DESCRIPTOR} (seal with `make data`)"
AGS_DIGITS = {"municipality": 8, "district": 5}


@dataclass(frozen=True)
class Table:
    """A CSV file as text: `frame` is indexed by the line on which a row starts (2 = first row below the header)."""

    file: str
    schema: dict[str, Any]
    frame: pd.DataFrame

    def faults(self, wrong: pd.Series, column: str, rule: str, show: str | None = None) -> list[Fault]:
        """One fault for each row where `wrong` is true; the value shown is that of `column`, or of `show`."""
        values = self.frame.loc[wrong, show or column]
        return [Fault(self.file, int(row), column, str(value), rule) for row, value in values.items()]

    def has(self, *columns: str) -> bool:
        """True if no column is missing, so that a rule on them can be checked at all."""
        return set(columns) <= set(self.frame.columns)


def check_package(data_dir: Path = DATA_DIR, *, sealed: bool = True) -> list[Fault]:
    """All faults of the package, sorted by file and line; an empty list if there are none.

    `sealed` also demands that each file has the hash in datapackage.json.
    """
    try:
        descriptor = read_descriptor(data_dir)
    except DataError as error:
        return error.faults
    faults: list[Fault] = []
    for file, hash_ in current_hashes(data_dir, descriptor).items():
        if not hash_:
            faults.append(Fault(file, 0, "", "", "the file must exist"))
        elif sealed and sealed_hashes(descriptor).get(file) != hash_:
            faults.append(Fault(file, 0, "", hash_, STALE))
    read: dict[str, Table] = {}
    for name, resource in tables(descriptor).items():
        if (data_dir / resource["path"]).is_file():
            table, unreadable = _read(data_dir, resource)
            read[name] = table
            faults += unreadable + _check_schema(table) + _check_primary_key(table)
    listed = tables(descriptor)
    faults += [
        Fault(DESCRIPTOR, 0, "resources", name, "must be listed") for name in REQUIRED_TABLES if name not in listed
    ]
    for table in read.values():
        faults += _check_foreign_keys(table, read)
    faults += [*_check_ags(read), *_check_percentages(read), *_check_ranks(read), *_check_editions(read)]
    faults += [*_check_universes(data_dir, read), *_check_boundaries(data_dir, descriptor, read)]
    faults += _check_claims(data_dir, read)
    return sorted(set(faults))


def _read(data_dir: Path, resource: dict[str, Any]) -> tuple[Table, list[Fault]]:
    """A CSV file as text with line numbers, and the faults of its form."""
    file, schema = resource["path"], resource["schema"]
    expected = [field["name"] for field in schema["fields"]]
    faults: list[Fault] = []
    rows: dict[int, list[str]] = {}
    header: list[str] = []
    try:
        with (data_dir / file).open(encoding="utf-8", newline="") as stream:
            reader = csv.reader(stream, strict=True)
            header = next(reader, [])
            start = reader.line_num + 1
            for row in reader:
                if len(row) == len(header):
                    rows[start] = row
                else:
                    faults.append(
                        Fault(file, start, "", ",".join(row), f"must have {len(header)} fields, not {len(row)}")
                    )
                start = reader.line_num + 1
    except (csv.Error, UnicodeDecodeError) as error:
        rest = pd.DataFrame(columns=expected, dtype=str)
        return Table(file, schema, rest), [Fault(file, reader.line_num, "", str(error), "must be CSV in UTF-8")]
    if len(header) == 1 and ";" in header[0]:
        rest = pd.DataFrame(columns=expected, dtype=str)
        return Table(file, schema, rest), [Fault(file, 1, "", header[0], "fields must be separated by commas")]
    faults += [Fault(file, 1, name, "", "the column must exist") for name in expected if name not in header]
    faults += [Fault(file, 1, name, "", "the column is not described") for name in header if name not in expected]
    faults += [Fault(file, 1, name, "", "the column is there twice") for name in set(header) if header.count(name) > 1]
    frame = pd.DataFrame(list(rows.values()), index=list(rows), columns=header, dtype=str)
    return Table(file, schema, frame.loc[:, ~frame.columns.duplicated()]), faults


def _check_schema(table: Table) -> list[Fault]:
    """Types and constraints of each column that is there."""
    present = [field for field in table.schema["fields"] if table.has(field["name"])]
    try:
        text_schema({"fields": present}).validate(table.frame, lazy=True)
    except SchemaErrors as error:
        cases = error.failure_cases
        return [
            Fault(table.file, int(row), str(column), str(value), str(rule))
            for row, column, value, rule in zip(
                cases["index"], cases["column"], cases["failure_case"], cases["check"], strict=True
            )
        ]
    return []


def _check_primary_key(table: Table) -> list[Fault]:
    key = table.schema.get("primaryKey", [])
    if not key or not table.has(*key):
        return []
    repeated = table.frame.loc[table.frame.duplicated(key), key].itertuples(name=None)
    rule = "must be unique (duplicate key)"
    return [Fault(table.file, int(line), ", ".join(key), " ".join(values), rule) for line, *values in repeated]


def _check_foreign_keys(table: Table, read: dict[str, Table]) -> list[Fault]:
    faults = []
    for key in table.schema.get("foreignKeys", []):
        columns, reference = key["fields"], key["reference"]
        target = read.get(reference["resource"]) if "resource" in reference else table
        if target is None or not target.has(*reference["fields"]) or not table.has(*columns):
            continue
        known = set(target.frame[reference["fields"]].itertuples(index=False, name=None))
        rule = f"must be known in {target.file} ({', '.join(reference['fields'])})"
        for row in table.frame[columns].itertuples(name=None):
            line, values = row[0], row[1:]
            if any(values) and values not in known:
                faults.append(Fault(table.file, int(line), ", ".join(columns), " ".join(values), rule))
    return faults


def _check_ags(read: dict[str, Table]) -> Iterator[Fault]:
    """An AGS has the digits of its level, and a place lies in its district."""
    for name in ("places", "observations"):
        table = read.get(name)
        if table is not None and table.has("ags", "level"):
            for level, digits in AGS_DIGITS.items():
                wrong = (table.frame["level"] == level) & (table.frame["ags"].str.len() != digits)
                yield from table.faults(wrong, "ags", f"the AGS of a {level} must have {digits} digits")
    places = read.get("places")
    if places is not None and places.has("ags", "district_ags"):
        wrong = places.frame["ags"].str[:5] != places.frame["district_ags"]
        yield from places.faults(wrong, "district_ags", "must be the first five digits of the AGS")


def _check_percentages(read: dict[str, Table]) -> list[Fault]:
    """Values whose unit in the codebook is per cent lie between 0 and 100."""
    table, codebook = read.get("observations"), read.get("indicators")
    key = ["level", "indicator", "period"]
    if table is None or codebook is None or not table.has(*key, "value") or not codebook.has(*key, "unit_en"):
        return []
    shares = set(codebook.frame.loc[codebook.frame["unit_en"] == "%", key].itertuples(index=False, name=None))
    is_share = pd.Series(
        [row in shares for row in table.frame[key].itertuples(index=False, name=None)], table.frame.index
    )
    values = to_numbers(table.frame["value"])
    return table.faults(is_share & ~values.between(0, 100) & values.notna(), "value", "a percentage must be 0 to 100")


def _check_ranks(read: dict[str, Table]) -> Iterator[Fault]:
    """No rank is beyond the number of places; each row of the Smart City Index says something."""
    for name, limit in (("smart_city_index", "n_places"), ("digital_index_ruhr", "rank_of")):
        table = read.get(name)
        if table is not None and table.has("rank", limit):
            wrong = to_numbers(table.frame["rank"]) > to_numbers(table.frame[limit])
            yield from table.faults(wrong, "rank", f"must not be above {limit}")
    panel = read.get("smart_city_index")
    if panel is not None and panel.has("score", "rank"):
        empty = (panel.frame["score"] == "") & (panel.frame["rank"] == "")
        yield from panel.faults(empty, "score", "score or rank must be given")


def _check_editions(read: dict[str, Table]) -> list[Fault]:
    """The data points of an edition are its parameters x places, and each row has the number of places of its edition."""
    return [*_check_data_points(read), *_check_places_of_edition(read)]


def _check_data_points(read: dict[str, Table]) -> list[Fault]:
    editions = read.get("smart_city_editions")
    if editions is None or not editions.has("n_places", "n_parameters", "n_data_points"):
        return []
    points = to_numbers(editions.frame["n_data_points"])
    product = to_numbers(editions.frame["n_parameters"]) * to_numbers(editions.frame["n_places"])
    wrong = points.notna() & product.notna() & (points != product)
    return editions.faults(wrong, "n_data_points", "must be n_parameters x n_places")


def _check_places_of_edition(read: dict[str, Table]) -> list[Fault]:
    panel, editions = read.get("smart_city_index"), read.get("smart_city_editions")
    if (
        panel is None
        or editions is None
        or not panel.has("edition", "n_places")
        or not editions.has("edition", "n_places")
    ):
        return []
    of_edition = panel.frame["edition"].map(
        dict(zip(editions.frame["edition"], editions.frame["n_places"], strict=True))
    )
    wrong = of_edition.notna() & (of_edition != panel.frame["n_places"])
    return panel.faults(wrong, "n_places", f"must be that of the edition in {editions.file}")


def _check_universes(data_dir: Path, read: dict[str, Table]) -> Iterator[Fault]:
    """Each universe can be read, and its indicators and boundaries exist."""
    for file in universe_files(data_dir):
        try:
            universe = load_universe(Path(file).stem, data_dir)
        except DataError as error:
            yield from error.faults
            continue
        codebook = read.get("indicators")
        if codebook is not None and codebook.has("level", "indicator", "period"):
            yield from _check_references(data_dir / file, file, universe, codebook)
        if universe.boundaries and not (data_dir / f"boundaries/{universe.boundaries}.geojson").is_file():
            yield Fault(file, 0, "boundaries", universe.boundaries, "must be a file of boundaries/")


def _check_claims(data_dir: Path, read: dict[str, Table]) -> Iterator[Fault]:
    """Each claims file can be read, is about a known place, and names the newest edition of its day.

    Whether its verdicts are still true is not a matter of form: see `helpers.run.package`.
    """
    try:
        loaded = load_press(data_dir)
    except DataError as error:
        yield from error.faults
        return
    places, panel = read.get("places"), read.get("smart_city_index")
    for press in loaded:
        if places is not None and places.has("ags") and press.place not in set(places.frame["ags"]):
            yield Fault(press.file, 0, "place", press.place, "must be known in places.csv (ags)")
        if panel is not None and panel.has("edition", "source_date"):
            # A date known to the year or month stands for its last day; an edition is out with its earliest source.
            out = (panel.frame["source_date"].map(_last_day)).groupby(panel.frame["edition"]).min()
            newest = max(out.index[out <= _last_day(press.published)], default="")
            if newest != str(press.newest):
                rule = f"the newest edition in {panel.file} by {press.published} is {newest or 'none'}"
                yield Fault(press.file, 0, "newest", str(press.newest), rule)


def _last_day(date: str) -> str:
    return date + "-12-31"[len(date) - 4 :]


def _check_references(path: Path, file: str, universe: Universe, codebook: Table) -> Iterator[Fault]:
    known = set(codebook.frame[["level", "indicator", "period"]].itertuples(index=False, name=None))
    lines = path.read_text(encoding="utf-8").splitlines()
    keys = [ref.key for ref in universe.indicators] + [key for variable in universe.context for key in variable.keys]
    for key in dict.fromkeys(keys):
        if key not in known:
            row = next(
                (number for number, line in enumerate(lines, 1) if re.search(rf": {re.escape(key[1])}\b", line)), 0
            )
            offered = sorted(f"{row[2]} ({row[0]})" for row in known if row[1] == key[1])
            rule = f"must be known in {codebook.file}; periods there: {', '.join(offered) or 'none'}"
            yield Fault(file, row, "indicator", " ".join(key), rule)


def _check_boundaries(data_dir: Path, descriptor: dict[str, Any], read: dict[str, Table]) -> Iterator[Fault]:
    """Each GeoJSON file can be read, and each AGS of five or eight digits in it is a known place."""
    places = read.get("places")
    known = set(places.frame["ags"]) if places is not None and places.has("ags") else None
    for resource in descriptor["resources"]:
        file = resource["path"]
        if not file.endswith(".geojson") or not (data_dir / file).is_file():
            continue
        try:
            features = boundaries(Path(file).stem, data_dir)["features"]
        except DataError as error:
            yield from error.faults
            continue
        for number, feature in enumerate(features):
            properties = feature.get("properties") if isinstance(feature, dict) else None
            ags = str(properties.get("ags", "")) if isinstance(properties, dict) else ""
            if not ags:
                yield Fault(file, 0, f"features.{number}.properties.ags", "", "must be given")
            elif known is not None and len(ags) > 2 and ags not in known:
                yield Fault(file, 0, f"features.{number}.properties.ags", ags, "must be known in places.csv (ags)")
