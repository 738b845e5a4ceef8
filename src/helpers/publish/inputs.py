"""What goes into a report, file by file with its hash: data, notebooks, the package, the lock file."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from helpers.parameters import REPOSITORY
from helpers.publish.blocks import is_injected, notebook_cells

LOCK = "requirements.lock"

_PACKAGE = Path(__file__).resolve().parents[1]
_KINDS = {".py": "module", ".ttf": "font", ".json": "setting"}
_TEMPLATES = (".typ", ".j2", ".css", ".js")
_KINDS |= dict.fromkeys(_TEMPLATES, "template")

Input = dict[str, Any]


def code_inputs(notebooks: Sequence[Path]) -> list[Input]:
    """The files of the package (modules, templates, fonts, settings) and the notebooks: path, kind and sha256.

    Of a notebook, the kind and the source of each cell count: outputs, metadata and the cell with injected parameters do not,
    so that an executed notebook has the hash of the one it was made from.
    """
    files = {path for suffix in _KINDS for path in _PACKAGE.rglob(f"*{suffix}")}
    package = [
        _input(f"src/helpers/{path.relative_to(_PACKAGE).as_posix()}", _KINDS[path.suffix], path.read_bytes())
        for path in sorted(files)
    ]
    return [*(_input(f"notebooks/{path.name}", "notebook", _cells(path)) for path in notebooks), *package]


def code_hash(code: Iterable[Input]) -> str:
    """sha256 over the paths and hashes of `code_inputs`: the same for every place."""
    return _digest("".join(f"{one['sha256']}  {one['path']}\n" for one in code).encode())


def data_inputs(hashes: Mapping[str, str]) -> list[Input]:
    """The files of the Data Package; `hashes` by path within it, as datapackage.json writes them."""
    return [
        {"path": f"data/{file}", "kind": "data", "sha256": hash_.removeprefix("sha256:")}
        for file, hash_ in sorted(hashes.items())
    ]


def lock_input() -> list[Input]:
    """The lock file of the checkout, which names the versions of all libraries; empty where there is none."""
    path = REPOSITORY / LOCK
    return [_input(LOCK, "lock", path.read_bytes())] if path.is_file() else []


def _cells(notebook: Path) -> bytes:
    cells = [[cell["cell_type"], cell["source"]] for cell in notebook_cells(notebook) if not is_injected(cell)]
    return json.dumps(cells, ensure_ascii=False).encode("utf-8")


def _input(path: str, kind: str, content: bytes) -> Input:
    return {"path": path, "kind": kind, "sha256": _digest(content)}


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
