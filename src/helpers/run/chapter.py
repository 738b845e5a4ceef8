"""One chapter: papermill executes its notebook in a kernel of its own, and what depends on the run is taken off."""

import os
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import nbformat
import papermill
from papermill.exceptions import PapermillExecutionError
from traitlets.config import Config

from helpers.parameters import Parameters

CELL_SECONDS = 300


class ReportError(RuntimeError):
    """A report could not be made; the message says which chapter, where and why."""


@dataclass(frozen=True)
class Executed:
    """An executed chapter and the seconds it took: until its first cell ran (kernel start), and in all."""

    path: Path
    kernel_seconds: float
    seconds: float


def execute_chapter(chapter: Path, parameters: Parameters, folder: Path) -> Executed:
    """Execute `chapter` with `parameters` into `folder`, over IPC in a fresh kernel.

    Raises ReportError if the notebook does not declare a parameter or a cell fails.
    """
    values = notebook_parameters(parameters)
    unknown = set(values) - set(papermill.inspect_notebook(str(chapter)))
    if unknown:
        raise ReportError(f"{chapter.name} does not declare the parameters {', '.join(sorted(unknown))}")
    folder.mkdir(exist_ok=True)
    target = folder / chapter.name
    with tempfile.TemporaryDirectory(prefix="cityreport-") as sockets:
        config = Config()
        config.KernelManager.transport = "ipc"
        config.KernelManager.ip = str(Path(sockets) / "kernel")
        # One thread a kernel: the arrays are small, and reports may run side by side.
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        try:
            papermill.execute_notebook(
                str(chapter),
                str(target),
                parameters=values,
                kernel_name="python3",
                progress_bar=False,
                execution_timeout=CELL_SECONDS,
                config=config,
            )
        except PapermillExecutionError as error:
            raise ReportError(f"{chapter.name}, code cell {error.exec_count}: {error.ename}: {error.evalue}") from None
    return _strip_run(target)


def notebook_parameters(parameters: Parameters) -> dict[str, Any]:
    """The parameters as plain values for the injected cell of a notebook."""
    values = parameters.model_dump()
    if isinstance(values["peers"], tuple):
        values["peers"] = list(values["peers"])
    return values


def _strip_run(path: Path) -> Executed:
    """Take times, paths and random ids off an executed notebook, so that the same inputs give the same bytes."""
    notebook = nbformat.read(path, as_version=4)
    run = notebook.metadata.pop("papermill")
    began = datetime.fromisoformat(run["start_time"])
    starts = [cell.metadata["papermill"]["start_time"] for cell in notebook.cells if cell.cell_type == "code"]
    kernel = (datetime.fromisoformat(starts[0]) - began).total_seconds() if starts else run["duration"]
    notebook.metadata.pop("language_info", None)
    for number, cell in enumerate(notebook.cells):
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell["id"] = f"parameters-{number}"
    nbformat.write(notebook, path)
    return Executed(path, kernel, float(run["duration"]))
