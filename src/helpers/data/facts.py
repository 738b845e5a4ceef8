"""The facts: every table of the Data Package as a typed frame.

Loading is done in every notebook kernel, so it must be quick. The full check (`checks.check_package`) imports pandera
and reads everything twice. What was sealed in datapackage.json has been checked by the tests, therefore loading only
compares hashes; files that differ from the seal are checked in full before anything is loaded.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from helpers.data.faults import DataError, Fault
from helpers.data.package import (
    DESCRIPTOR,
    REQUIRED_TABLES,
    current_hashes,
    hash_of,
    read_descriptor,
    sealed_hashes,
    tables,
)
from helpers.parameters import DATA_DIR


@dataclass(frozen=True)
class Facts:
    """The tables of the Data Package. AGS are text; empty numbers are missing (NaN, NA), empty texts are "".

    places: index ags. sources: index source. indicators: index (level, indicator, period). remarks: index (level, ags,
    indicator, period). The others keep the columns of their files. data_date: the latest date of a source, as precise as it
    is known. hashes: of each file, as datapackage.json writes them. data_hash: hexadecimal SHA-256 over them. changed: files
    that differ from their seal.
    """

    places: pd.DataFrame
    sources: pd.DataFrame
    indicators: pd.DataFrame
    observations: pd.DataFrame
    remarks: pd.DataFrame
    smart_city_index: pd.DataFrame
    smart_city_editions: pd.DataFrame
    digital_index_ruhr: pd.DataFrame
    data_date: str
    hashes: dict[str, str]
    data_hash: str
    changed: tuple[str, ...]


def load_facts(data_dir: Path = DATA_DIR) -> Facts:
    """Load all tables. Raises DataError with all faults if files were changed since they were sealed and are wrong."""
    descriptor = read_descriptor(data_dir)
    resources = tables(descriptor)
    if absent := [name for name in REQUIRED_TABLES if name not in resources]:
        raise DataError([Fault(DESCRIPTOR, 0, "resources", name, "must be listed") for name in absent])
    hashes, sealed = current_hashes(data_dir, descriptor), sealed_hashes(descriptor)
    changed = tuple(file for file, hash_ in hashes.items() if sealed.get(file) != hash_)
    if changed or len(hashes) < len(sealed):
        _check_changed(data_dir)
    frames = {name: _read_table(data_dir, resources[name]) for name in REQUIRED_TABLES}
    return Facts(
        places=frames["places"].set_index("ags"),
        sources=frames["sources"].set_index("source"),
        indicators=frames["indicators"].set_index(["level", "indicator", "period"]).sort_index(),
        observations=frames["observations"],
        remarks=frames["remarks"].set_index(["level", "ags", "indicator", "period"]),
        smart_city_index=frames["smart_city_index"],
        smart_city_editions=frames["smart_city_editions"],
        digital_index_ruhr=frames["digital_index_ruhr"],
        data_date=latest_date(frames),
        hashes=hashes,
        data_hash=hash_of(hashes),
        changed=changed,
    )


def latest_date(frames: dict[str, pd.DataFrame]) -> str:
    """The latest source date (ISO text: year, month or day) of sources, Smart City Index and Digital-Index Ruhr.

    A date known to the year is not held to be later than a day of that year: ISO texts compare just so, because a
    text sorts before its own continuation.
    """
    dates = [
        frames["sources"]["date"],
        frames["smart_city_index"]["source_date"],
        frames["digital_index_ruhr"]["source_date"],
    ]
    return str(pd.concat(dates).max())


def _check_changed(data_dir: Path) -> None:
    """Check the package in full; that it is not sealed again is no fault when loading."""
    from helpers.data.checks import check_package  # imports pandera: only where it is needed

    faults = check_package(data_dir, sealed=False)
    if faults:
        raise DataError(faults)


def _read_table(data_dir: Path, resource: dict[str, Any]) -> pd.DataFrame:
    """One CSV file with the types of its table schema."""
    kinds: dict[str, Any] = {}
    for field in resource["schema"]["fields"]:
        required = field.get("constraints", {}).get("required", False)
        integer = "int64" if required else "Int64"
        kinds[field["name"]] = {"integer": integer, "number": "float64", "boolean": "bool"}.get(field["type"], "str")
    numbers = {name: [""] for name, kind in kinds.items() if kind in ("int64", "Int64", "float64")}
    return pd.read_csv(
        data_dir / resource["path"],
        dtype=kinds,
        keep_default_na=False,
        na_values=numbers,
        encoding="utf-8",
    )
