"""Writes what a reader may want to reuse: each figure as SVG and PNG, each table and figure's data as CSV."""

from collections.abc import Sequence
from pathlib import Path

from helpers.publish.blocks import NUMBERED, PICTURES, PublishedBlock


def export_files(blocks: Sequence[PublishedBlock], folder: Path) -> list[Path]:
    """Write figures/<id>.svg, figures/<id>.png and tables/<id>.csv into `folder`; the paths written, in order."""
    written: list[Path] = []
    for block in blocks:
        if block.type in PICTURES:
            written.append(_write(folder / "figures" / f"{block.id}.svg", block.svg.encode("utf-8")))
            written.append(_write(folder / "figures" / f"{block.id}.png", block.png))
        if block.type in NUMBERED:
            data: str = block.content["data_csv"]
            written.append(_write(folder / "tables" / f"{block.id}.csv", data.encode("utf-8")))
    return written


def _write(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path
