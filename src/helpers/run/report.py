"""One report: execute the chapters, print their blocks, publish the folder by a rename.

What is slow to import (papermill, and with plain kernels pandas and matplotlib) is imported when the kernels have begun to
load: the two take place at the same time.
"""

import hashlib
import json
import re
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from helpers.parameters import REPOSITORY, ParameterError, Parameters, register, without_umlauts
from helpers.run.faults import Limits
from helpers.run.kernels import Kernels, Manager, cores, default_kernels, open_kernels
from helpers.run.staging import staged, swap

if TYPE_CHECKING:
    from helpers.run.chapter import Executed

NOTEBOOKS = REPOSITORY / "notebooks"

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Rendered:
    """A published report: its folder and the seconds each stage took."""

    folder: Path
    seconds: dict[str, float] = field(default_factory=dict)


def slug(name: str) -> str:
    """A folder name from a place's name: `Mülheim an der Ruhr` gives `muelheim-an-der-ruhr`."""
    return re.sub(r"[^a-z0-9]+", "-", without_umlauts(name.lower())).strip("-")


def report_folder(parameters: Parameters, out: Path) -> Path:
    """`out/<universe>/<ags>-<slug>`, with `-en` for English and a short mark for further parameters off their defaults."""
    place = register()[parameters.place]
    suffix = "" if parameters.language == "de" else f"-{parameters.language}"
    others = parameters.model_dump(exclude={"place", "universe", "language"}, exclude_defaults=True, mode="json")
    if others:
        suffix += "-" + hashlib.sha256(json.dumps(others, sort_keys=True).encode()).hexdigest()[:6]
    return out / parameters.universe / f"{place.ags}-{slug(place.name)}{suffix}"


def check_targets(parameter_sets: list[Parameters], out: Path) -> None:
    """See that each report can be put in its place: `out` can be written, and no folder there holds files of others.

    Raises ParameterError with all faults.
    """
    faults = []
    try:
        out.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=out).close()
    except OSError as error:
        faults.append(f"--out: cannot write in {str(out)!r}: {error.strerror}.")
    for parameters in parameter_sets:
        target = report_folder(parameters, out)
        if target.exists() and not target.is_dir():
            faults.append(f"--out: {str(target)!r} is a file; the folder of the report would stand there.")
        elif foreign := _foreign_files(target):
            faults.append(f"--out: {str(target)!r} would be replaced, but holds files of others: {', '.join(foreign)}.")
    if faults:
        raise ParameterError(faults)


def _foreign_files(target: Path) -> list[str]:
    """Files in a report's folder that its manifest does not name."""
    found = {path.relative_to(target).as_posix() for path in target.rglob("*") if path.is_file()}
    try:
        manifest = json.loads((target / "manifest.json").read_text(encoding="utf-8"))
        own = {item["path"] for item in manifest["outputs"]}
    except (OSError, ValueError, KeyError):
        own = set()
    return sorted(found - own - {"manifest.json", "timings.json"})


def chapters() -> list[Path]:
    """The chapter notebooks in reading order."""
    return sorted(NOTEBOOKS.glob("[0-9]*.ipynb"))


def render_report(
    parameters: Parameters,
    out: Path,
    progress: Progress,
    kernels: Kernels | None = None,
    limits: Limits | None = None,
    at_once: int | None = None,
) -> Rendered:
    """Execute all chapters for `parameters` and publish PDF, figures, tables and notebooks in one rename.

    `progress` is told each step. `kernels` may serve many reports; without them this report opens its own. `at_once` is the
    number of chapters that run side by side: one more than there are cores, because a kernel that starts mostly waits.
    Raises DataError for faulty data, ReportError if a chapter or the PDF fails or a limit is exceeded; the report that stood
    there before is then left as it was.
    """
    if kernels is None:
        with open_kernels(default_kernels()) as own:
            return render_report(parameters, out, progress, own, limits, at_once)
    started = time.monotonic()
    # Imports papermill, and is here for that: before the first question to the kernels, which are loading meanwhile.
    from helpers.run.chapter import execute_in_thread

    limits = limits or Limits()
    deadline = started + limits.report_seconds
    target = report_folder(parameters, out)
    with staged(target) as staging:
        with kernels.entrusted(staging):
            changed = kernels.prepare(parameters, limits.report_seconds)
            if changed:
                progress(f"data differ from their seal: {', '.join(changed)}")
            (staging / "notebooks").mkdir()

            managers: list[Manager] = []

            def execute(chapter: Path) -> "Executed":
                folder = staging / "notebooks"
                return execute_in_thread(chapter, parameters, folder, kernels, limits, deadline, managers.append)

            executed = _side_by_side(execute, progress, managers, at_once or cores() + 1)
            progress("PDF")
            publishing = time.monotonic()
            paths = [chapter.path for chapter in executed]
            kernels.print_report(parameters, paths, staging, deadline - publishing)
            ended = time.monotonic()
            seconds = _seconds(executed, ended - publishing, ended - started)
            (staging / "timings.json").write_text(json.dumps(seconds, indent=2) + "\n", encoding="utf-8")
        swap(staging, target)
    return Rendered(target, seconds)


def _side_by_side(
    execute: "Callable[[Path], Executed]", progress: Progress, managers: "list[Manager]", at_once: int
) -> "list[Executed]":
    """The chapters executed, in reading order. The first that fails ends the others, whose `managers` are known."""
    waiting = chapters()
    executed: dict[Path, Executed] = {}
    running: dict[Future[Executed], Path] = {}
    with ThreadPoolExecutor(at_once) as pool:
        try:
            while waiting or running:
                while waiting and len(running) < at_once:
                    chapter = waiting.pop(0)
                    progress(chapter.stem)
                    running[pool.submit(execute, chapter)] = chapter
                for task in wait(running, return_when=FIRST_COMPLETED).done:
                    executed[running.pop(task)] = task.result()
        except BaseException:
            unfinished = set(running)
            while unfinished:  # a kernel may have been about to start
                for manager in list(managers):
                    manager.end()
                unfinished = wait(unfinished, timeout=0.1).not_done
            raise
    return [executed[chapter] for chapter in sorted(executed)]


def _seconds(executed: "list[Executed]", publishing: float, total: float) -> dict[str, float]:
    """Seconds by stage, summed over the chapters although some run side by side: start of the kernels, cells of the
    notebooks, PDF and export; `total` is the time that passed.
    """
    kernels = sum(chapter.kernel_seconds for chapter in executed)
    cells = sum(chapter.seconds for chapter in executed) - kernels
    stages = {"kernel_start": kernels, "notebooks": cells, "publish": publishing, "total": total}
    return {stage: round(value, 3) for stage, value in stages.items()}
