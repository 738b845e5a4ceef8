"""One report of a batch, made in whatever process an executor has: a function that can be sent there and a small result.

In the process of the batch itself the kernels are opened once and serve all its threads; in any other process they are opened
at the first report and serve those that follow.
"""

from __future__ import annotations

import shutil
import threading
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from helpers.data.faults import DataError
from helpers.parameters import Parameters
from helpers.run.faults import KernelDied, Limits, ReportError
from helpers.run.kernels import ForkedKernels, KernelKind, Kernels, PlainKernels
from helpers.run.report import render_report, report_folder

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Job:
    """What a report needs; all of it can be pickled. `out` must mean the same folder wherever it is made."""

    parameters: Parameters
    out: Path
    kernels: KernelKind
    limits: Limits = field(default_factory=Limits)
    at_once: int = 1

    @property
    def folder(self) -> Path:
        """Where the report is published."""
        return report_folder(self.parameters, self.out)

    @property
    def failed(self) -> Path:
        """Where the traces of a failed attempt are kept: the chapter as far as it came, and the error."""
        return self.folder.parent / ".batch" / "failed" / self.folder.name


@dataclass(frozen=True)
class Failed:
    """Why a report was not made: chapter, code cell and line as far as they are known, and the error."""

    error: str
    chapter: str | None = None
    cell: int | None = None
    line: int | None = None

    @property
    def where(self) -> str:
        """`code cell 3, line 2`; empty if it is not known."""
        parts = (("code cell", self.cell), ("line", self.line))
        return ", ".join(f"{word} {value}" for word, value in parts if value is not None)


@dataclass(frozen=True)
class Outcome:
    """What became of a job: the seconds of each stage, or why it failed."""

    seconds: dict[str, float] = field(default_factory=dict)
    failed: Failed | None = None


class SharedKernels:
    """The kernels of this process, by kind, for all its reports."""

    def __init__(self) -> None:
        self._open: dict[KernelKind, Kernels] = {}
        self._lock = threading.Lock()
        self._closed = False

    def get(self, kind: KernelKind) -> Kernels:
        """The kernels, opened at the first call, and anew if their fork server has ended. ReportError after `close`."""
        with self._lock:
            if self._closed:
                raise ReportError("the batch was stopped")
            kernels = self._open.get(kind)
            if kernels is not None and not is_alive(kernels):
                kernels.close()
                kernels = None
            if kernels is None:
                kernels = self._open[kind] = ForkedKernels() if kind == "fork" else PlainKernels()
            return kernels

    def close(self) -> None:
        """End all kernels, also of reports that are being made; no new ones are opened."""
        with self._lock:
            self._closed = True
            for kernels in self._open.values():
                kernels.close()
            self._open = {}

    def allow(self) -> None:
        """Open kernels again when they are asked for."""
        self._closed = False


SHARED = SharedKernels()


def is_alive(kernels: Kernels) -> bool:
    """False if the fork server behind the kernels has ended."""
    return not isinstance(kernels, ForkedKernels) or kernels.server.obituary is None


def make_report(job: Job, tell: Tell | None = None) -> Outcome:
    """Make one report; whatever goes wrong is told in the outcome. `tell` is told each step, in this process only.

    A report whose fork server died is tried once more: another one may have been the cause.
    """
    try:
        kernels = SHARED.get(job.kernels)
        try:
            rendered = _render(job, tell, kernels)
        except KernelDied:
            if is_alive(kernels):
                raise
            rendered = _render(job, tell, SHARED.get(job.kernels))
    except ReportError as error:
        failed = Failed(error.cause, error.chapter, error.cell, error.line)
        return Outcome(failed=_keep_traces(job, failed, error.partial))
    except DataError as error:
        return Outcome(failed=_keep_traces(job, Failed("; ".join(map(str, error.faults)))))
    except OSError as error:
        return Outcome(failed=_keep_traces(job, Failed(f"{type(error).__name__}: {error}")))
    except Exception as error:  # noqa: BLE001  (an error of ours in one report must not stop the others; the trace is kept)
        failed = Failed(f"{type(error).__name__}: {error}")
        return Outcome(failed=_keep_traces(job, failed, trace=traceback.format_exc()))
    shutil.rmtree(job.failed, ignore_errors=True)
    return Outcome(seconds=rendered)


def _render(job: Job, tell: Tell | None, kernels: Kernels) -> dict[str, float]:
    def silent(step: str) -> None: ...

    rendered = render_report(job.parameters, job.out, tell or silent, kernels, job.limits, job.at_once)
    return rendered.seconds


def _keep_traces(job: Job, failed: Failed, partial: str | None = None, trace: str = "") -> Failed:
    """Keep the chapter as far as it came, and the error, beside the reports; the last good report is not touched."""
    shutil.rmtree(job.failed, ignore_errors=True)
    with suppress(OSError):  # the disk may be full, which is then the error itself
        job.failed.mkdir(parents=True)
        words = "\n".join(word for word in (failed.chapter, failed.where, failed.error, trace) if word)
        (job.failed / "error.txt").write_text(words + "\n", encoding="utf-8")
        if partial and failed.chapter:
            (job.failed / failed.chapter).write_text(partial, encoding="utf-8")
    return failed
