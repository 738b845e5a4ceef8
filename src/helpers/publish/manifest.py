"""manifest.json: what went into a report and what came out, by hash. No time stamps and no absolute paths.

Its form is told by manifest.schema.json beside this file.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from helpers.present.names import place_title
from helpers.publish.blocks import PICTURES, PublishedBlock
from helpers.publish.inputs import Input, code_hash, data_inputs, lock_input
from helpers.publish.meta import ReportMeta
from helpers.publish.trace import traces

FORMAT = 1
MANIFEST = "manifest.json"
# What differs between two runs of the same report: beside the manifest, and not named in it.
TIMINGS = "timings.json"

_RESULT = ("rank", "n", "low", "high", "score")


def write_manifest(
    blocks: Sequence[PublishedBlock], meta: ReportMeta, code: Sequence[Input], outputs: Iterable[Path], folder: Path
) -> Path:
    """Write manifest.json into `folder`; `code` are the inputs beside the data, `outputs` the files of the report."""
    path = folder / MANIFEST
    content = manifest(blocks, meta, code, outputs, folder)
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8", newline="\n")
    return path


def manifest(
    blocks: Sequence[PublishedBlock], meta: ReportMeta, code: Sequence[Input], outputs: Iterable[Path], folder: Path
) -> dict[str, Any]:
    """The content of manifest.json."""
    missing = missing_sections(blocks)
    return {
        "format": FORMAT,
        "cityreport": meta.version,
        "parameters": meta.parameters.model_dump(mode="json"),
        "place": place_title(meta.place),
        "result": result(blocks),
        "data": {"date": meta.data_date, "sha256": meta.data_hash, "changed": list(meta.changed)},
        "code": {"sha256": code_hash(code)},
        "counts": {
            "figures": sum(block.type in PICTURES for block in blocks),
            "tables": sum(block.type == "table" for block in blocks),
            "missing": len(missing),
        },
        "missing": missing,
        "sections": sections(blocks),
        **traces(blocks),
        "inputs": [*data_inputs(meta.data_files), *code, *lock_input()],
        "outputs": [_output(path, folder) for path in sorted(outputs)],
    }


def result(blocks: Sequence[PublishedBlock]) -> dict[str, dict[str, Any]]:
    """By universe, its own first: rank, number of places, range of the rank and score, as the key figures show them."""
    cards = [card for block in blocks if block.type == "key_figures" for card in block.content["cards"]]
    found: dict[str, dict[str, Any]] = {}
    for card in cards:
        if universe := card.get("universe"):
            found.setdefault(universe, {name: card[name] for name in _RESULT})
    return found


def missing_sections(blocks: Sequence[PublishedBlock]) -> list[dict[str, str]]:
    """What was left out: the section, the notebook, and the sentence that gives the reason."""
    return [
        {"section": str(block.content["missing"]), "notebook": block.notebook, "reason": block.words}
        for block in blocks
        if block.content.get("missing")
    ]


def sections(blocks: Sequence[PublishedBlock]) -> list[dict[str, Any]]:
    """The chapters with label, finding, notebook and the titles of their sections."""
    found: list[dict[str, Any]] = []
    for block in blocks:
        if block.opens_chapter:
            label = block.content["label"]
            found.append({"label": label, "title": block.words, "notebook": block.notebook, "sections": []})
        elif block.type == "heading":
            found[-1]["sections"].append(block.words)
    return found


def _output(path: Path, folder: Path) -> dict[str, Any]:
    content = path.read_bytes()
    name = path.relative_to(folder).as_posix()
    return {"path": name, "sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
