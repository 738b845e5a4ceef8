"""Run as a script: all chapters executed in this process and published, for the data that CITYREPORT_DATA names.

`python chapters_by_hand.py '{"place": "Bochum"}' FOLDER` writes FOLDER/report.pdf and what belongs to it. Kernels are tested
elsewhere; here only the pages matter, and three reports are made quicker without them.
"""

import json
import sys
from pathlib import Path
from typing import Any

from helpers.data.facts import load_facts
from helpers.parameters import Parameters, register
from helpers.present import blocks
from helpers.present.blocks import Block
from helpers.publish.meta import ReportMeta
from helpers.publish.report import publish_report
from helpers.run.report import chapters


def run(chapter: Path, values: dict[str, Any], folder: Path) -> Path:
    """Execute the code cells of a chapter with other parameters and write it with its blocks as outputs."""
    notebook = json.loads(chapter.read_text(encoding="utf-8"))
    shown: list[Block] = []
    vars(blocks)["display"] = shown.append
    room: dict[str, Any] = {}
    for cell in notebook["cells"]:
        if cell["cell_type"] != "code":
            continue
        shown.clear()
        exec("".join(cell["source"]), room)
        if "parameters" in cell["metadata"].get("tags", ()):
            room.update(values)
        bundles = [block._repr_mimebundle_() for block in shown]
        cell["outputs"] = [{"output_type": "display_data", "metadata": {}, "data": bundle} for bundle in bundles]
    path = folder / chapter.name
    path.write_text(json.dumps(notebook, default=lambda number: number.item()), encoding="utf-8")
    return path


if __name__ == "__main__":
    asked, folder = json.loads(sys.argv[1]), Path(sys.argv[2])
    parameters, facts = Parameters.check(**asked), load_facts()
    folder.mkdir(parents=True)
    executed = [run(chapter, asked, folder) for chapter in chapters()]
    meta = ReportMeta(parameters, register()[parameters.place], facts.data_date, facts.data_hash)
    publish_report(executed, meta, folder)
