"""Where each figure and table of a report comes from: kept in its manifest, told by `cityreport where`."""

import csv
import io
from collections.abc import Sequence
from typing import Any

from helpers.data.package import read_descriptor
from helpers.parameters import DATA_DIR
from helpers.publish.blocks import NUMBERED, PICTURES, PublishedBlock, listing

OBSERVATIONS = "observations.csv"


def traces(blocks: Sequence[PublishedBlock]) -> dict[str, Any]:
    """For each figure, map and table: its cell, who drew it, its files, the rows behind it and their sources.

    `sources` holds what is known of each source once. A block made by hand, without an origin, has none of its own.
    """
    listed = listing(blocks)
    numbered = [block for block in blocks if block.type in NUMBERED]
    sources = {source["id"]: source for block in numbered for source in _origin(block)["sources"]}
    fed = _fed_files()
    return {
        "figures": [_trace(block, listed[block.id], fed) for block in numbered],
        "sources": {id_: {key: value for key, value in one.items() if key != "id"} for id_, one in sources.items()},
    }


def _trace(block: PublishedBlock, listed: dict[str, Any], fed: dict[str, list[str]]) -> dict[str, Any]:
    rows = list(csv.reader(io.StringIO(block.content["data_csv"])))
    origin = _origin(block)
    files = {file for source in origin["sources"] for file in fed.get(source["url"], ())}
    pictures = [f"figures/{block.id}.{kind}" for kind in ("svg", "png")] if block.type in PICTURES else []
    return {
        "id": block.id,
        "type": block.type,
        "number": listed["number"],
        "title": listed["listed"],
        "notebook": block.notebook,
        "code_cell": block.code_cell,
        "cell_id": block.cell_id,
        "made_by": origin["made_by"],
        "pictures": pictures,
        "data": {"path": f"tables/{block.id}.csv", "rows": len(rows) - 1, "columns": rows[0]},
        "files": sorted(files | ({OBSERVATIONS} if origin["indicators"] else set())),
        "indicators": origin["indicators"],
        "sources": [source["id"] for source in origin["sources"]],
    }


def _origin(block: PublishedBlock) -> dict[str, Any]:
    return {"made_by": None, "sources": [], "indicators": [], **block.content.get("origin", {})}


def _fed_files() -> dict[str, list[str]]:
    """The files of the Data Package that a source fed, by the address of the source."""
    fed: dict[str, list[str]] = {}
    for resource in read_descriptor(DATA_DIR)["resources"]:
        for source in resource.get("sources", ()):
            fed.setdefault(source.get("path", ""), []).append(resource["path"])
    return fed
