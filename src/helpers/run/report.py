"""One report: execute the chapters, print their blocks, publish the folder by a rename."""

import hashlib
import json
import re
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

from helpers.data.facts import load_facts
from helpers.parameters import REPOSITORY, ParameterError, Parameters, register, without_umlauts
from helpers.publish.blocks import PublishError
from helpers.publish.meta import ReportMeta
from helpers.publish.report import publish_report
from helpers.run.chapter import Executed, ReportError, execute_chapter
from helpers.run.staging import swap

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


def render_report(parameters: Parameters, out: Path, progress: Progress) -> Rendered:
    """Execute all chapters for `parameters` and publish PDF, figures, tables and notebooks in one rename.

    `progress` is told each step. Raises ReportError if a chapter or the PDF fails; the report that stood there before is
    then left as it was.
    """
    facts = load_facts()
    place = register()[parameters.place]
    meta = ReportMeta(parameters, place, facts.data_date, facts.data_hash, facts.changed)
    if facts.changed:
        progress(f"data differ from their seal: {', '.join(facts.changed)}")
    target = report_folder(parameters, out)
    target.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        executed = []
        for chapter in chapters():
            progress(chapter.stem)
            executed.append(execute_chapter(chapter, parameters, staging / "notebooks"))
        progress("PDF")
        started = perf_counter()
        try:
            publish_report([chapter.path for chapter in executed], meta, staging)
        except PublishError as error:
            raise ReportError(str(error)) from None
        seconds = _seconds(executed, perf_counter() - started)
        (staging / "timings.json").write_text(json.dumps(seconds, indent=2) + "\n", encoding="utf-8")
        swap(staging, target)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return Rendered(target, seconds)


def _seconds(executed: list[Executed], publishing: float) -> dict[str, float]:
    """Seconds by stage: start of the kernels, cells of the notebooks, PDF and export."""
    kernels = sum(chapter.kernel_seconds for chapter in executed)
    cells = sum(chapter.seconds for chapter in executed) - kernels
    stages = {"kernel_start": kernels, "notebooks": cells, "publish": publishing}
    return {stage: round(value, 3) for stage, value in stages.items()}
