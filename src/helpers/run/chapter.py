"""One chapter: papermill executes its notebook in a kernel of its own, and what depends on the run is taken off.

papermill takes most of a second to import; this module is therefore imported while the fork server loads, not before.
"""

from __future__ import annotations

import asyncio
import logging
import math
import re
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import nbformat
import papermill
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, papermill_engines
from papermill.exceptions import PapermillExecutionError

from helpers.parameters import Parameters
from helpers.run.faults import FigureLost, KernelDied, LimitExceeded, Limits, ReportError
from helpers.run.forked import ended, environment, last_words
from helpers.run.kernels import Kernels, Manager

START_SECONDS = 60
# As in present/blocks.py, which would bring in pandas and matplotlib.
BLOCK_MIME = "application/vnd.cityreport.block+json"
# What papermill and nbclient log as an error they raise as well, and it is told once.
_LOG = logging.Logger("cityreport.chapter")
_LOG.addHandler(logging.NullHandler())
_PICTURE_MIMES = ("image/svg+xml", "image/png")
_PICTURES = ("figure", "map")
_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_LINE = re.compile(r"Cell In\[\d+\], line (\d+)")


@dataclass(frozen=True)
class Executed:
    """An executed chapter and the seconds it took: until its first cell ran (kernel start), and in all."""

    path: Path
    kernel_seconds: float
    seconds: float


@dataclass
class Run:
    """One execution of a notebook: where its kernel runs, until when, and how far it has come."""

    manager: Manager
    folder: Path
    limits: Limits
    deadline: float
    notebook: Any = None
    cell: int = 0

    @property
    def output(self) -> Path:
        """What the kernel writes to its own standard output and error, outside of cells."""
        return self.folder / "output"

    def seconds_for_cell(self, cell: Any) -> float:
        """The time that a cell may take: its limit, or what is left of the report's if that is less."""
        return max(0.1, min(self.limits.cell_seconds, self.deadline - time.monotonic()))

    def begins(self, cell: Any, cell_index: int) -> None:
        """Count the code cells that are run."""
        self.cell += 1


class ReportEngine(NBClientEngine):  # type: ignore[misc]  # papermill has no types
    """papermill's own engine with a kernel manager of ours, a folder of its own for the kernel, and limits."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, *, run: Run, **others: Any) -> None:
        """Execute the notebook; whatever happens, the kernel and all that it started are gone afterwards."""
        run.notebook = nb_man.nb
        work, profile = run.folder / "work", run.folder / "ipython"
        work.mkdir()
        profile.mkdir()
        client = PapermillNotebookClient(
            nb_man,
            km=run.manager,
            kernel_name=kernel_name,
            startup_timeout=min(START_SECONDS, max(1, math.ceil(run.deadline - time.monotonic()))),
            timeout_func=run.seconds_for_cell,
            shutdown_kernel="immediate",
            on_cell_execute=run.begins,
            on_notebook_start=lambda notebook: run.manager.limit_memory(run.limits.memory_mib),
            log=_LOG,
        )
        with run.output.open("wb") as output:
            try:
                client.execute(
                    cleanup_kc=True,
                    cwd=str(work),
                    # Startup files of the user would make reports that nobody else can make.
                    env=environment(IPYTHONDIR=str(profile)),
                    stdout=output,
                    stderr=output,
                )
            finally:
                run.notebook = nb_man.nb
                run.manager.end()


papermill_engines.register("cityreport", ReportEngine)


def execute_chapter(
    chapter: Path,
    parameters: Parameters,
    folder: Path,
    kernels: Kernels,
    limits: Limits | None = None,
    deadline: float | None = None,
    starting: Callable[[Manager], object] | None = None,
) -> Executed:
    """Execute `chapter` with `parameters` into `folder`, in a fresh kernel with a working directory of its own.

    `deadline` is the time (of `time.monotonic`) at which the report must be done; `starting` is told the manager of the kernel
    before it starts. Raises ReportError if the notebook does not declare a parameter, a cell fails or the run does not reach
    the last one; KernelDied, LimitExceeded and FigureLost are kinds of it.
    """
    limits = limits or Limits()
    values = notebook_parameters(parameters)
    unknown = set(values) - _declared(chapter, chapter.stat().st_mtime_ns)
    if unknown:
        raise ReportError(f"{chapter.name} does not declare the parameters {', '.join(sorted(unknown))}")
    with tempfile.TemporaryDirectory(dir=kernels.private) as private:
        deadline = time.monotonic() + limits.report_seconds if deadline is None else deadline
        run = Run(kernels.manager(Path(private)), Path(private), limits, deadline)
        if starting:
            starting(run.manager)
        try:
            notebook = papermill.execute_notebook(
                str(chapter),
                None,
                parameters=values,
                engine_name="cityreport",
                kernel_name="python3",
                progress_bar=False,
                run=run,
            )
            _check_complete(notebook)
            _check_pictures(notebook)
        except (PapermillExecutionError, CellTimeoutError, DeadKernelError, RuntimeError, OSError) as error:
            raise _fault(error, chapter.name, run) from None
    folder.mkdir(exist_ok=True)
    target = folder / chapter.name
    kernel_seconds, seconds = _strip_run(notebook)
    nbformat.write(notebook, target)
    return Executed(target, kernel_seconds, seconds)


def execute_in_thread(
    chapter: Path,
    parameters: Parameters,
    folder: Path,
    kernels: Kernels,
    limits: Limits,
    deadline: float,
    starting: Callable[[Manager], object],
) -> Executed:
    """`execute_chapter` in a thread of its own: the event loop that jupyter_client opens for the thread is closed."""
    try:
        return execute_chapter(chapter, parameters, folder, kernels, limits, deadline, starting)
    finally:
        with suppress(RuntimeError):  # none was opened
            asyncio.get_event_loop().close()


def notebook_parameters(parameters: Parameters) -> dict[str, Any]:
    """The parameters as plain values for the injected cell of a notebook."""
    values = parameters.model_dump()
    if isinstance(values["peers"], tuple):
        values["peers"] = list(values["peers"])
    return values


@lru_cache
def _declared(chapter: Path, changed: int) -> frozenset[str]:
    """The parameters that a notebook declares; `changed` is its time of modification."""
    return frozenset(papermill.inspect_notebook(str(chapter)))


def _check_complete(notebook: Any) -> None:
    """Raises ReportError if a code cell was not run: papermill takes `sys.exit(0)` for the regular end of a notebook."""
    ended_early = any(output.output_type == "error" for cell in notebook.cells for output in cell.get("outputs", ()))
    count = sum(cell.cell_type == "code" and cell.execution_count is None for cell in notebook.cells)
    if ended_early or count:
        raise ReportError(f"the cell ended the notebook (SystemExit); {count} code cells after it were not run")


def _check_pictures(notebook: Any) -> None:
    """Raises FigureLost unless each figure and map block came with its SVG and its PNG."""
    bundles = [output.get("data", {}) for cell in notebook.cells for output in cell.get("outputs", ())]
    shown = [bundle for bundle in bundles if bundle.get(BLOCK_MIME, {}).get("type") in _PICTURES]
    for mime in _PICTURE_MIMES:
        pictures = sum(bool(bundle.get(mime)) for bundle in shown)
        if pictures != len(shown):
            raise FigureLost(f"{len(shown)} figures and maps came with {pictures} pictures ({mime})")


def _fault(error: Exception, chapter: str, run: Run) -> ReportError:
    """What went wrong, as a ReportError with chapter, cell and cause."""
    kind: type[ReportError] = ReportError
    line = None
    if isinstance(error, PapermillExecutionError):
        found = _LINE.findall(_ANSI.sub("", "\n".join(error.traceback)))
        line = int(found[0]) if found else None
        cause = f"{error.ename}: {error.evalue}"
        if error.ename.endswith("MemoryError"):
            kind, cause = LimitExceeded, f"more memory than the limit of {run.limits.memory_mib} MiB ({cause})"
    elif isinstance(error, ReportError):
        kind, cause = type(error), error.cause
    elif time.monotonic() >= run.deadline:
        kind, cause = LimitExceeded, f"the report took longer than its limit of {run.limits.report_seconds:g} s"
    elif isinstance(error, CellTimeoutError):
        kind, cause = LimitExceeded, f"the cell took longer than its limit of {run.limits.cell_seconds:g} s"
    elif isinstance(error, DeadKernelError):
        kind = KernelDied
        obituary = run.manager.server and run.manager.server.obituary
        cause = obituary or f"the kernel {ended(run.manager.exit_status)}{last_words(run.output)}"
    else:
        cause = f"{type(error).__name__}: {error}{last_words(run.output)}"
    partial = None if run.notebook is None else nbformat.writes(run.notebook)
    cell = None if kind is FigureLost else run.cell or None  # the run was over then
    return kind(cause, chapter=chapter, cell=cell, line=line, partial=partial)


def _strip_run(notebook: Any) -> tuple[float, float]:
    """Take times, paths and random ids off an executed notebook, so that the same inputs give the same bytes.

    Returns the seconds until its first cell ran, and in all.
    """
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
    return kernel, float(run["duration"])
