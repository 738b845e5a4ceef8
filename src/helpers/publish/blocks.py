"""Reads the blocks out of executed notebooks and refuses what must not be printed."""

import base64
import binascii
import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from helpers.present.blocks import BLOCK_MIME
from helpers.present.style import HEIGHT_MM, WIDTH_MM

SVG_MIME, PNG_MIME = "image/svg+xml", "image/png"
PICTURES = ("figure", "map")
NUMBERED = (*PICTURES, "table")
TYPES = ("heading", "text", "note", "key_figures", *NUMBERED)

MAX_WIDTH_MM, MAX_HEIGHT_MM = WIDTH_MM["full"], max(HEIGHT_MM.values())

_INJECTED = "injected-parameters"

# Ids become file names and anchors.
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class PublishError(RuntimeError):
    """The report cannot be published; the message says which notebook and cell, or which check, and why."""


@dataclass(frozen=True)
class PublishedBlock:
    """One block of a notebook (content as in present/blocks.py); a figure or map also has its two pictures.

    cell: the number of its cell in the executed notebook. code_cell, cell_id: where to find it in the notebook itself: the
    number among the code cells, which is `In [n]` after all cells were run in order, and the lasting id.
    """

    content: dict[str, Any]
    notebook: str
    cell: int
    svg: str = ""
    png: bytes = b""
    code_cell: int = 0
    cell_id: str = ""

    @property
    def type(self) -> str:
        """heading, text, note, key_figures, figure, map or table."""
        return str(self.content["type"])

    @property
    def id(self) -> str:
        """The id of a figure, map or table; empty for others."""
        return str(self.content.get("id") or "")

    @property
    def opens_chapter(self) -> bool:
        """True for a level-1 heading."""
        return self.type == "heading" and self.content["level"] == 1

    @property
    def words(self) -> str:
        """The plain text of a heading, text or note."""
        return "".join(run["text"] for run in self.content.get("runs", ()))


def read_blocks(notebooks: list[Path]) -> list[PublishedBlock]:
    """All blocks of the notebooks in order.

    Raises PublishError, naming notebook and cell, for a figure without pictures, text alternative or source, an id
    used twice, and a notebook that does not open with a chapter heading.
    """
    blocks: list[PublishedBlock] = []
    for path in notebooks:
        found = _blocks_of(path)
        if not found:
            raise PublishError(f"{path.name}: no block was found; was the notebook executed?")
        if not found[0].opens_chapter:
            raise PublishError(f"{_where(found[0])}: the first block is not a level-1 heading")
        blocks += found
    first_use: dict[str, PublishedBlock] = {}
    for block in blocks:
        _check(block)
        if block.id and first_use.setdefault(block.id, block) is not block:
            raise PublishError(f"{_where(block)}: id {block.id!r} was used before, in {_where(first_use[block.id])}")
    return blocks


def listing(blocks: Sequence[PublishedBlock]) -> dict[str, dict[str, Any]]:
    """By id, the number of each figure (with maps) and table, and the words under which the contents list it."""
    found: dict[str, dict[str, Any]] = {}
    heading = ""
    count: Counter[str] = Counter()
    for block in blocks:
        if block.type == "heading":
            heading = block.words
        if block.type in NUMBERED:
            # A picture without a title of its own stands under the heading that says what it shows.
            words = block.content["title"] or heading
            count[words] += 1
            count[kind := "figure" if block.type in PICTURES else "table"] += 1
            part = f" ({count[words]})" if count[words] > 1 else ""
            found[block.id] = {"number": count[kind], "listed": words + part}
    return found


def notebook_cells(path: Path) -> list[dict[str, Any]]:
    """The cells of a notebook file (nbformat 4), with the source of each as one string."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    if notebook["nbformat"] != 4:
        raise PublishError(f"{path.name}: notebook format {notebook['nbformat']} is not 4")
    return [{**cell, "source": _joined(cell["source"])} for cell in notebook["cells"]]


def _blocks_of(path: Path) -> list[PublishedBlock]:
    blocks: list[PublishedBlock] = []
    code_cell = 0
    for number, cell in enumerate(notebook_cells(path), 1):
        code_cell += cell["cell_type"] == "code" and not is_injected(cell)
        found = [output["data"] for output in cell.get("outputs", ()) if BLOCK_MIME in output.get("data", ())]
        place = {"code_cell": code_cell, "cell_id": cell.get("id", "")}
        blocks += [replace(_block(data, path.name, number), **place) for data in found]
    return blocks


def is_injected(cell: dict[str, Any]) -> bool:
    """True for the cell with the parameters of one report that papermill adds: an input, not part of the notebook."""
    return _INJECTED in cell["metadata"].get("tags", ())


def _block(data: dict[str, Any], notebook: str, cell: int) -> PublishedBlock:
    try:
        png = base64.b64decode(_joined(data.get(PNG_MIME)))
    except binascii.Error:
        raise PublishError(f"{notebook}, cell {cell}: the PNG is not valid base64") from None
    return PublishedBlock(dict(data[BLOCK_MIME]), notebook, cell, svg=_joined(data.get(SVG_MIME)), png=png)


def _joined(text: str | list[str] | None) -> str:
    """Text as one string: nbformat stores it as one or as a list of lines."""
    return "".join(text or "")


def _check(block: PublishedBlock) -> None:
    content = block.content
    if block.type not in TYPES:
        raise PublishError(f"{_where(block)}: block type {block.type!r} is unknown")
    if block.opens_chapter and not content["label"]:
        raise PublishError(f"{_where(block)}: the chapter heading has no label")
    if block.type in NUMBERED:
        if not _ID.fullmatch(block.id):
            raise PublishError(f"{_where(block)}: id {block.id!r} is not made of a-z, 0-9 and single hyphens")
        if not (content.get("source") or "").strip():
            raise PublishError(f"{_where(block)}: {block.type} {block.id!r} has no source")
    if block.type in PICTURES:
        _check_picture(block)


def _check_picture(block: PublishedBlock) -> None:
    name = f"{_where(block)}: {block.type} {block.id!r}"
    if not (block.content.get("alt") or "").strip():
        raise PublishError(f"{name} has no text alternative")
    for mime, picture in ((SVG_MIME, block.svg), (PNG_MIME, block.png)):
        if not picture:
            raise PublishError(f"{name} has no {mime}")
    width, height = block.content["width_mm"], block.content["height_mm"]
    if not (0 < width <= MAX_WIDTH_MM and 0 < height <= MAX_HEIGHT_MM):
        raise PublishError(
            f"{name} is {width} × {height} mm; at most {MAX_WIDTH_MM} × {MAX_HEIGHT_MM} mm fit on a page"
        )


def _where(block: PublishedBlock) -> str:
    return f"{block.notebook}, cell {block.cell}"
