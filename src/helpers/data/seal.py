"""Seals the Data Package: writes size and hash of every file into datapackage.json."""

from __future__ import annotations

import json
from pathlib import Path

from helpers.data.checks import check_package
from helpers.data.faults import DataError
from helpers.data.package import DESCRIPTOR, hash_file, read_descriptor, unlisted_resources
from helpers.parameters import DATA_DIR


def seal_package(data_dir: Path = DATA_DIR) -> list[str]:
    """Rewrite `bytes` and `hash` of every resource; list new universe and claims files. Returns the paths that changed.

    What is sealed is loaded without a further check, so faulty data is not sealed: raises DataError with all faults, and
    writes nothing. Deterministic: sealing twice changes nothing.
    """
    if faults := check_package(data_dir, sealed=False):
        raise DataError(faults)
    descriptor = read_descriptor(data_dir)
    descriptor["resources"] += unlisted_resources(data_dir, descriptor)
    changed = []
    for item in descriptor["resources"]:
        path = data_dir / item["path"]
        seal = {"bytes": path.stat().st_size, "hash": hash_file(path)}
        if {key: item.get(key) for key in seal} != seal:
            changed.append(item["path"])
            item.update(seal)
    if changed:
        text = json.dumps(descriptor, ensure_ascii=False, indent=2) + "\n"
        (data_dir / DESCRIPTOR).write_text(text, encoding="utf-8", newline="\n")
    return changed
