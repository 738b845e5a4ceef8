"""The description of the Data Package (datapackage.json) and the hashes it was sealed with."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from helpers.data.faults import DataError, Fault

DESCRIPTOR = "datapackage.json"
REQUIRED_TABLES = (
    "places",
    "sources",
    "indicators",
    "observations",
    "remarks",
    "smart_city_index",
    "smart_city_editions",
    "digital_index_ruhr",
)


def read_descriptor(data_dir: Path) -> dict[str, Any]:
    """The parsed datapackage.json. Raises DataError if it is absent, no JSON, or lists no resources."""
    path = data_dir / DESCRIPTOR
    try:
        descriptor = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DataError([Fault(DESCRIPTOR, 0, "", str(path), "the file must exist")]) from None
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise DataError([Fault(DESCRIPTOR, getattr(error, "lineno", 0), "", str(error), "must be JSON")]) from None
    if not isinstance(descriptor, dict) or not isinstance(descriptor.get("resources"), list):
        raise DataError([Fault(DESCRIPTOR, 0, "resources", "", "must be a list of resources")])
    faults = [
        Fault(DESCRIPTOR, 0, f"resources.{number}.{key}", str(resource), "must be given")
        for number, resource in enumerate(descriptor["resources"])
        for key in ("name", "path")
        if not isinstance(resource, dict) or not isinstance(resource.get(key), str)
    ]
    if faults:
        raise DataError(faults)
    return descriptor


def tables(descriptor: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The resources that have a table schema, by name."""
    return {item["name"]: item for item in descriptor["resources"] if "schema" in item}


def hash_file(path: Path) -> str:
    """`sha256:` and the hexadecimal digest of a file, as datapackage.json writes it."""
    return "sha256:" + hashlib.sha256(path.read_bytes()).hexdigest()


def universe_files(data_dir: Path) -> list[str]:
    """Paths of the universe definitions within the package, sorted."""
    return sorted(path.relative_to(data_dir).as_posix() for path in (data_dir / "universes").glob("*.yml"))


def claims_files(data_dir: Path) -> list[str]:
    """Paths of the claims files within the package, sorted."""
    return sorted(path.name for path in data_dir.glob("claims*.yml"))


def unlisted_resources(data_dir: Path, descriptor: dict[str, Any]) -> list[dict[str, Any]]:
    """A resource for each universe and claims file that datapackage.json does not list yet."""
    listed = {item["path"] for item in descriptor["resources"]}
    found = {file: f"universe-{Path(file).stem}" for file in universe_files(data_dir)}
    found |= {file: Path(file).stem.lower() for file in claims_files(data_dir)}
    return [
        {"name": name, "path": file, "format": "yaml", "encoding": "utf-8"}
        for file, name in found.items()
        if file not in listed
    ]


def current_hashes(data_dir: Path, descriptor: dict[str, Any]) -> dict[str, str]:
    """Hash of each file of the package as it is now (empty if absent), with universe and claims files not yet sealed."""
    resources = [*descriptor["resources"], *unlisted_resources(data_dir, descriptor)]
    files = sorted({item["path"] for item in resources})
    return {file: hash_file(data_dir / file) if (data_dir / file).is_file() else "" for file in files}


def hash_of(hashes: dict[str, str]) -> str:
    """One hexadecimal SHA-256 over the hashes of all files."""
    return hashlib.sha256("\n".join(f"{file} {hash_}" for file, hash_ in sorted(hashes.items())).encode()).hexdigest()


def sealed_hashes(descriptor: dict[str, Any]) -> dict[str, str]:
    """Hash of each file as it was sealed."""
    return {item["path"]: item.get("hash", "") for item in descriptor["resources"]}
