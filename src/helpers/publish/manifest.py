"""manifest.json: what went into a report and what came out, by hash. No time stamps and no absolute paths."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from helpers.present.names import place_title
from helpers.publish.blocks import PICTURES, PublishedBlock, is_injected, notebook_cells
from helpers.publish.meta import ReportMeta
from helpers.publish.trace import traces

FORMAT = 1
MANIFEST = "manifest.json"

_PACKAGE = Path(__file__).resolve().parents[1]
_CODE = ("*.py", "*.typ", "*.j2", "*.css", "*.js", "*.json", "*.ttf")


def write_manifest(
    blocks: Sequence[PublishedBlock], meta: ReportMeta, code: str, outputs: Iterable[Path], folder: Path
) -> Path:
    """Write manifest.json into `folder`; `outputs` are the files of the report, `code` is its `code_hash`."""
    path = folder / MANIFEST
    content = manifest(blocks, meta, code, outputs, folder)
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8", newline="\n")
    return path


def manifest(
    blocks: Sequence[PublishedBlock], meta: ReportMeta, code: str, outputs: Iterable[Path], folder: Path
) -> dict[str, Any]:
    """The content of manifest.json."""
    missing = [str(block.content["missing"]) for block in blocks if block.content.get("missing")]
    return {
        "format": FORMAT,
        "cityreport": meta.version,
        "parameters": meta.parameters.model_dump(mode="json"),
        "place": place_title(meta.place),
        "data": {"date": meta.data_date, "sha256": meta.data_hash},
        "code": {"sha256": code},
        "counts": {
            "figures": sum(block.type in PICTURES for block in blocks),
            "tables": sum(block.type == "table" for block in blocks),
            "missing": len(missing),
        },
        "missing": missing,
        "sections": sections(blocks),
        **traces(blocks),
        "outputs": [_output(path, folder) for path in sorted(outputs)],
    }


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


def code_hash(notebooks: Sequence[Path]) -> str:
    """sha256 over the package (code, templates, tokens, fonts) and the sources of the notebooks.

    It is the same for every place: outputs, metadata and the cell with injected parameters do not count.
    """
    digest = hashlib.sha256()
    files = {path for pattern in _CODE for path in _PACKAGE.rglob(pattern)}
    for path in sorted(files):
        _feed(digest, path.relative_to(_PACKAGE).as_posix(), path.read_bytes())
    for path in notebooks:
        cells = [[cell["cell_type"], cell["source"]] for cell in notebook_cells(path) if not is_injected(cell)]
        _feed(digest, path.name, json.dumps(cells).encode("utf-8"))
    return digest.hexdigest()


def _feed(digest: "hashlib._Hash", name: str, content: bytes) -> None:
    """Names and lengths count too, so that no content can move unseen from one file to the next."""
    digest.update(f"{name}\0{len(content)}\0".encode())
    digest.update(content)


def _output(path: Path, folder: Path) -> dict[str, Any]:
    content = path.read_bytes()
    name = path.relative_to(folder).as_posix()
    return {"path": name, "sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
