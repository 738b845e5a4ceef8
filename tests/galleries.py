"""Outputs of many reports without making any: folders with manifests as `cityreport render` writes them."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from helpers.parameters import Parameters, register, universe_places
from helpers.present.names import place_title
from helpers.publish.published import Published
from helpers.run.report import report_folder

HOSTILE = "<script>alert('x')</script> & \"Ort\" </a>"


def manifest(ags: str, universe: str, rank: int, **changes: Any) -> dict[str, Any]:
    """The manifest of a report of `ags` that takes `rank`; `changes` replace parts of it, parameters or the data hash."""
    parameters = Parameters.check(place=ags, universe=universe).model_dump(mode="json")
    n = len(universe_places(universe))
    standing = {"rank": rank, "n": n, "low": max(1, rank - 4), "high": min(n, rank + 7), "score": 70 - 60 * rank / n}
    content = {
        "format": 1,
        "cityreport": "0.1.0",
        "parameters": {**parameters, **changes.pop("parameters", {})},
        "place": place_title(register()[ags]),
        "result": {universe: standing},
        "data": {"date": "2026-04-22", "sha256": "ab" * 32, "changed": []},
        "code": {"sha256": "cd" * 32},
        "inputs": [],
        "outputs": [],
    }
    return content | changes


def published(*args: Any, **changes: Any) -> Published:
    """The same as it is read."""
    return Published.model_validate_json(json.dumps(manifest(*args, **changes)))


def write_report(out: Path, content: dict[str, Any]) -> Path:
    """The folder of a report with two small files under its manifest; the folder."""
    parameters = Parameters.check(**content["parameters"])
    folder = report_folder(parameters, out)
    folder.mkdir(parents=True)
    title = f"<!DOCTYPE html><title>{parameters.place}</title><link rel=icon href=data:,>"
    for name, text in (("report.html", title), ("report.pdf", "%PDF")):
        (folder / name).write_text(text, encoding="utf-8")
    outputs = [
        {"path": path.name, "sha256": hashlib.sha256(path.read_bytes()).hexdigest(), "bytes": path.stat().st_size}
        for path in sorted(folder.iterdir())
    ]
    (folder / "manifest.json").write_text(json.dumps({**content, "outputs": outputs}), encoding="utf-8")
    return folder


def write_output(out: Path, universe: str, places: Sequence[str] | None = None) -> Path:
    """Reports of `places` (all by default), ranked in the order of their AGS; the folder of the universe."""
    for rank, ags in enumerate(places or universe_places(universe), 1):
        write_report(out, manifest(ags, universe, rank))
    return out / universe
