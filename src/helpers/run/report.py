"""One report: execute the chapters, print their blocks, publish the folder by a rename."""

import json
import re
import shutil
import tempfile
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

from helpers.data.facts import load_facts
from helpers.parameters import REPOSITORY, Parameters, register
from helpers.publish.blocks import PublishError
from helpers.publish.meta import ReportMeta
from helpers.publish.report import publish_report
from helpers.run.chapter import Executed, ReportError, execute_chapter

NOTEBOOKS = REPOSITORY / "notebooks"

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Rendered:
    """A published report: its folder and the seconds each stage took."""

    folder: Path
    seconds: dict[str, float] = field(default_factory=dict)


def slug(name: str) -> str:
    """A folder name from a place's name: `Mülheim an der Ruhr` gives `muelheim-an-der-ruhr`."""
    plain = unicodedata.normalize("NFKD", name.lower().translate(_UMLAUTS)).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def report_folder(parameters: Parameters, out: Path) -> Path:
    """`out/<universe>/<ags>-<slug>`; reports in another language than German carry its code at the end."""
    place = register()[parameters.place]
    suffix = "" if parameters.language == "de" else f"-{parameters.language}"
    return out / parameters.universe / f"{place.ags}-{slug(place.name)}{suffix}"


def chapters() -> list[Path]:
    """The chapter notebooks in reading order."""
    return sorted(NOTEBOOKS.glob("[0-9]*.ipynb"))


def render_report(parameters: Parameters, out: Path, progress: Progress) -> Rendered:
    """Execute all chapters for `parameters` and publish PDF, figures, tables and notebooks in one rename.

    `progress` is told each step. Raises ReportError if a chapter or the PDF fails; the report that stood there before is
    then left as it was.
    """
    facts = load_facts()
    meta = ReportMeta(parameters, register()[parameters.place], facts.data_date, facts.data_hash)
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
        _swap(staging, target)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return Rendered(target, seconds)


def _seconds(executed: list[Executed], publishing: float) -> dict[str, float]:
    """Seconds by stage: start of the kernels, cells of the notebooks, PDF and export."""
    kernels = sum(chapter.kernel_seconds for chapter in executed)
    cells = sum(chapter.seconds for chapter in executed) - kernels
    stages = {"kernel_start": kernels, "notebooks": cells, "publish": publishing}
    return {stage: round(value, 3) for stage, value in stages.items()}


def _swap(staging: Path, target: Path) -> None:
    """Put the finished folder in place; what stood there before is moved aside first and then removed."""
    staging.chmod(0o755)  # mkdtemp makes private folders; a report is to be read by others
    old = staging.with_name(staging.name + "-old")
    if target.exists():
        target.rename(old)
    staging.rename(target)
    shutil.rmtree(old, ignore_errors=True)
